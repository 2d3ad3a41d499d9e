//! The suite of [`DownloadLinks`]: one case for each sentence of its documentation.

use std::sync::Arc;
use std::time::Duration;

use export_core::id::ExportId;
use export_core::ports::{DownloadGrant, DownloadLinks, LinkRefused};
use url::Url;

use crate::corpus::AT;

/// Makes one test of each case. `open` is an async function that gives a [`Subject`], and what must live as long:
/// `async fn open() -> (links::Subject, impl Sized)`.
#[macro_export]
macro_rules! links_suite {
    ($open:expr) => {
        $crate::cases! { $open => links:
            a_link_gives_back_its_grant
            any_changed_character_is_refused
            shortened_and_lengthened_tokens_are_refused
            a_token_with_parts_of_another_is_refused
            a_link_ends_at_its_time
            what_was_never_a_token_is_refused
        }
    };
}

/// What the suite needs.
pub struct Subject {
    /// The links.
    pub links: Arc<dyn DownloadLinks>,
    /// Finds the token in a link, as the server's route does.
    pub token: fn(&Url) -> String,
}

impl Subject {
    async fn token_of(&self, grant: &DownloadGrant) -> String {
        let url = self.links.link(grant, "exports/acme/2026/11/x/report.pdf").await.unwrap();
        (self.token)(&url)
    }
}

fn grant() -> DownloadGrant {
    DownloadGrant {
        tenant: "acme".parse().unwrap(),
        export_id: ExportId::new(AT, &[9; 10]),
        artifact: "report.pdf".to_owned(),
        expires_at: AT.plus(Duration::from_secs(900)),
    }
}

/// What the token of a link allows.
pub async fn a_link_gives_back_its_grant(subject: Subject) {
    for artifact in ["report.pdf", "a b/ü&c=%2F?#.tar.gz", "漢字\u{202e}.csv", &"x".repeat(200)] {
        let grant = DownloadGrant { artifact: artifact.to_owned(), ..grant() };
        let token = subject.token_of(&grant).await;
        assert_eq!(subject.links.open(&token, AT).as_ref(), Ok(&grant), "{artifact}");
    }
}

/// Any character changed makes it refused: each one, to every other character that may stand in a URL.
pub async fn any_changed_character_is_refused(subject: Subject) {
    let token = subject.token_of(&grant()).await;
    assert!(token.is_ascii(), "a token stands in a URL as it is: {token}");
    for at in 0..token.len() {
        for other in (b'!'..=b'~').filter(|other| *other != token.as_bytes()[at]) {
            let mut changed = token.clone().into_bytes();
            changed[at] = other;
            let changed = String::from_utf8(changed).unwrap();
            let opened = subject.links.open(&changed, AT);
            assert_eq!(opened, Err(LinkRefused::Changed), "character {at} as {:?}", char::from(other));
        }
    }
}

/// Any character changed makes it refused: also one too few or too many.
pub async fn shortened_and_lengthened_tokens_are_refused(subject: Subject) {
    let token = subject.token_of(&grant()).await;
    for at in 0..token.len() {
        let without = format!("{}{}", &token[..at], &token[at + 1..]);
        assert_eq!(subject.links.open(&without, AT), Err(LinkRefused::Changed), "without character {at}");
        assert_eq!(subject.links.open(&token[..at], AT), Err(LinkRefused::Changed), "cut at {at}");
    }
    for end in ["A", "=", "==", ".", "%00", "\0", " ", "\n", "?x", "/", "é"] {
        for changed in [format!("{token}{end}"), format!("{end}{token}")] {
            assert_eq!(subject.links.open(&changed, AT), Err(LinkRefused::Changed), "{end:?} added");
        }
    }
}

/// It is not as we gave it: parts of two tokens make no third.
pub async fn a_token_with_parts_of_another_is_refused(subject: Subject) {
    let token = subject.token_of(&grant()).await;
    let others = [
        DownloadGrant { tenant: "acmf".parse().unwrap(), ..grant() },
        DownloadGrant { export_id: ExportId::new(AT, &[8; 10]), ..grant() },
        DownloadGrant { artifact: "report.csv".to_owned(), ..grant() },
        DownloadGrant { expires_at: AT.plus(Duration::from_secs(9_000)), ..grant() },
    ];
    for other in others {
        let other_token = subject.token_of(&other).await;
        assert_ne!(other_token, token, "two grants have one token");
        for at in 1..token.len().min(other_token.len()) {
            let mixed = format!("{}{}", &token[..at], &other_token[at..]);
            if mixed != token && mixed != other_token {
                assert_eq!(subject.links.open(&mixed, AT), Err(LinkRefused::Changed), "{other:?} from {at}");
            }
        }
    }
}

/// Its time is over: the link ends when the grant says.
pub async fn a_link_ends_at_its_time(subject: Subject) {
    let grant = grant();
    let token = subject.token_of(&grant).await;
    let second = Duration::from_secs(1);
    assert_eq!(subject.links.open(&token, AT.plus(Duration::from_secs(899))).as_ref(), Ok(&grant));
    for late in [grant.expires_at.plus(second), grant.expires_at.plus(Duration::from_secs(1 << 40))] {
        assert_eq!(subject.links.open(&token, late), Err(LinkRefused::Expired), "{late}");
    }
}

/// It is not one of ours.
pub async fn what_was_never_a_token_is_refused(subject: Subject) {
    let long = "A".repeat(1 << 20);
    for text in ["", ".", "..", "a.b", "a.b.c", "null", "漢字", "\0", "%2e%2e%2f", &long] {
        let shown: String = text.chars().take(20).collect();
        assert_eq!(subject.links.open(text, AT), Err(LinkRefused::Changed), "{shown:?}");
    }
}
