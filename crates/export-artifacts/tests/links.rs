//! Signed links: what is given out is honoured, everything else is refused.
#![expect(clippy::unwrap_used, reason = "a test fails by it")]

use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use export_artifacts::{HmacLinks, LinkKey, MAX_LINK_TTL};
use export_core::error::ErrorKind;
use export_core::id::ExportId;
use export_core::ports::{DownloadGrant, DownloadLinks, LinkRefused};
use export_core::time::{Clock, Now, Timestamp};
use hmac::{Hmac, KeyInit as _, Mac as _};

const NOW: Timestamp = Timestamp::from_millis(1_795_529_100_000);
const SECRET: [u8; 32] = [7; 32];

struct Stopped;

impl Clock for Stopped {
    fn now(&self) -> Now {
        Now::at(NOW)
    }
}

fn links(keys: &[(&str, [u8; 32])], url: &str) -> HmacLinks {
    let keys = keys.iter().map(|(kid, secret)| LinkKey { kid: (*kid).to_owned(), secret: *secret }).collect();
    HmacLinks::new(keys, url.parse().unwrap(), Arc::new(Stopped)).unwrap()
}

fn ours() -> HmacLinks {
    links(&[("k1", SECRET)], "http://127.0.0.1:8080")
}

fn grant(ttl: Duration) -> DownloadGrant {
    DownloadGrant {
        tenant: "acme".parse().unwrap(),
        export_id: ExportId::new(NOW, &[1; 10]),
        artifact: "report.pdf".to_owned(),
        expires_at: NOW.plus(ttl),
    }
}

async fn token(links: &HmacLinks, grant: &DownloadGrant) -> String {
    let url = links.link(grant, "any/key").await.unwrap();
    url.path().rsplit('/').next().unwrap().to_owned()
}

/// A token that is signed with our secret, whatever it says.
fn signed(claims: &str) -> String {
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(&SECRET).unwrap();
    mac.update(b"dl-v1\0");
    mac.update(claims.as_bytes());
    let tag = URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes());
    format!("v1.k1.{}.{tag}", URL_SAFE_NO_PAD.encode(claims))
}

#[tokio::test]
async fn a_link_opens_until_its_time_is_over() {
    let links = ours();
    let grant = grant(Duration::from_secs(900));
    let token = token(&links, &grant).await;
    assert_eq!(links.open(&token, NOW), Ok(grant.clone()));
    assert_eq!(links.open(&token, NOW.plus(Duration::from_millis(899_999))), Ok(grant));
    assert_eq!(links.open(&token, NOW.plus(Duration::from_secs(900))), Err(LinkRefused::Expired));
}

#[tokio::test]
async fn a_part_of_a_second_is_not_given_on_top() {
    let links = ours();
    let token = token(&links, &grant(Duration::from_millis(1_900))).await;
    assert_eq!(links.open(&token, NOW.plus(Duration::from_millis(1_000))), Err(LinkRefused::Expired));
}

#[tokio::test]
async fn every_changed_character_is_refused() {
    let links = ours();
    let token = token(&links, &grant(Duration::from_secs(900))).await;
    let alphabet: Vec<char> = ('!'..='~').chain(['\0', ' ', 'é']).collect();
    for at in 0..token.len() {
        let (head, tail) = (&token[..at], &token[at + 1..]);
        assert_eq!(links.open(&format!("{head}{tail}"), NOW), Err(LinkRefused::Changed), "without {at}");
        for &other in alphabet.iter().filter(|other| !token[at..].starts_with(**other)) {
            let changed = format!("{head}{other}{tail}");
            assert_eq!(links.open(&changed, NOW), Err(LinkRefused::Changed), "{at} {other}");
            let grown = format!("{head}{other}{}", &token[at..]);
            assert_eq!(links.open(&grown, NOW), Err(LinkRefused::Changed), "{at} {other}");
        }
    }
    for changed in
        [String::new(), format!("{token}="), format!("{token}."), format!("{token}.x"), "a".repeat(5000)]
    {
        assert_eq!(links.open(&changed, NOW), Err(LinkRefused::Changed));
    }
}

#[tokio::test]
async fn expiry_is_told_only_to_who_holds_a_true_link() {
    let links = ours();
    let mut token = token(&links, &grant(Duration::from_secs(1))).await;
    let last = token.pop().unwrap();
    token.push(if last == 'A' { 'E' } else { 'A' });
    assert_eq!(links.open(&token, NOW.plus(MAX_LINK_TTL)), Err(LinkRefused::Changed));
}

#[test]
fn only_the_canonical_claims_are_read() {
    let export = ExportId::new(NOW, &[1; 10]);
    let canonical = format!(r#"{{"a":"r.pdf","e":"{export}","exp":1795529200,"m":"GET","t":"acme"}}"#);
    assert!(ours().open(&signed(&canonical), NOW).is_ok());
    for changed in [
        canonical.replace("\"GET\"", "\"PUT\""),
        canonical.replace("\"m\":\"GET\",", ""),
        canonical.replace("\"exp\":1795529200,", ""),
        canonical.replace("1795529200", "-1"),
        canonical.replace("1795529200", "1795529200.0"),
        canonical.replace("1795529200", "\"1795529200\""),
        canonical.replace("{\"a\"", "{ \"a\""),
        canonical.replace("\"a\":\"r.pdf\",", "") + " ",
        canonical.replace("{\"a\":\"r.pdf\",", "{\"a\":\"x\",\"a\":\"r.pdf\","),
        canonical.replace("}", ",\"u\":1}"),
        canonical.replace("r.pdf", "\\u0072.pdf"),
        canonical.replace("acme", "../b"),
        canonical.replace("exp-", "job-"),
    ] {
        assert_ne!(changed, canonical);
        assert_eq!(ours().open(&signed(&changed), NOW), Err(LinkRefused::Changed), "{changed}");
    }
}

#[tokio::test]
async fn a_new_key_signs_and_a_retired_one_still_opens() {
    let (old, new) = (("old", [1; 32]), ("new", [2; 32]));
    let grant = grant(Duration::from_secs(60));
    let before = token(&links(&[old], "https://e.example"), &grant).await;
    let rotated = links(&[new, old], "https://e.example");
    assert_eq!(rotated.open(&before, NOW), Ok(grant.clone()));
    let after = token(&rotated, &grant).await;
    assert!(after.starts_with("v1.new."));
    let only_new = links(&[new], "https://e.example");
    assert_eq!(only_new.open(&after, NOW), Ok(grant));
    assert_eq!(only_new.open(&before, NOW), Err(LinkRefused::Changed), "a removed key opens nothing");
    let renamed = before.replace("v1.old.", "v1.new.");
    assert_eq!(rotated.open(&renamed, NOW), Err(LinkRefused::Changed));
}

#[tokio::test]
async fn links_stand_below_the_public_url() {
    for (url, start) in [
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080/d/v1.k1."),
        ("https://example.com/exports/", "https://example.com/exports/d/v1.k1."),
        ("https://example.com/exports", "https://example.com/exports/d/v1.k1."),
    ] {
        let link = links(&[("k1", SECRET)], url).link(&grant(Duration::from_secs(1)), "k").await.unwrap();
        assert!(link.as_str().starts_with(start), "{link}");
    }
}

#[tokio::test]
async fn more_than_seven_days_and_bad_keys_are_refused() {
    let links = ours();
    assert!(links.link(&grant(MAX_LINK_TTL), "k").await.is_ok());
    let error = links.link(&grant(MAX_LINK_TTL + Duration::from_secs(1)), "k").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Invalid);

    let key = |kid: &str| LinkKey { kid: kid.to_owned(), secret: SECRET };
    for keys in
        [vec![], vec![key("a"), key("a")], vec![key("")], vec![key("a.b")], vec![key(&"a".repeat(33))]]
    {
        let refused = HmacLinks::new(keys, "http://x/".parse().unwrap(), Arc::new(Stopped));
        assert_eq!(refused.map(drop).unwrap_err().kind, ErrorKind::Invalid);
    }
    assert!(HmacLinks::new(vec![key("a")], "mailto:x".parse().unwrap(), Arc::new(Stopped)).is_err());
    assert!(!format!("{:?}", key("a")).contains('7'), "secrets are not printed");
}
