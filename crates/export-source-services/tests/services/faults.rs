//! A service that misbehaves: never a short answer, never a hang.

use export_core::request::OnSourceError::Fail;
use std::time::{Duration, Instant};

use export_contract::services::{Fault, Stub, Style};
use export_core::error::ErrorKind;
use export_core::ports::VerdictSource as _;
use export_source_services::Limits;

use crate::common::{CHECKOUT, GATEWAY, findings, limits, policy, read, scan, scanner, scanner_with, tenant};

const SCAN: &str = "/internal/scans/checkout-2026-11-20";
/// Bytes of the example, of which the head takes 263.
const SIZE: usize = 4382;

/// What becomes of a request: so many findings after so many attempts, or an error whose text has these words.
type Becomes = Result<(usize, usize), (ErrorKind, &'static str)>;

fn head_and(rest: &str) -> Vec<u8> {
    format!("{{\"type\":\"head\",\"id\":\"{CHECKOUT}\",\"image\":\"a:1\"}}\n{rest}").into_bytes()
}

fn lines(rest: &str) -> Fault {
    Fault::Instead("application/x-ndjson", head_and(rest))
}

/// The worst that any of these may take: the deadline, and something for a busy machine.
const PATIENCE: Duration = Duration::from_secs(8);

async fn assert_becomes(name: &str, faults: Vec<Fault>, becomes: Becomes) {
    let stub = Stub::start(Style::Lines).await;
    let (last, first) = faults.split_last().expect("a fault at least");
    stub.fail(SCAN, first.to_vec());
    stub.fail_always(SCAN, last.clone());
    let got = tokio::time::timeout(PATIENCE, findings(&scanner(&stub), CHECKOUT)).await;
    let got = got.unwrap_or_else(|_| panic!("{name}: hangs"));
    let attempts = stub.asked(SCAN).len();
    match (got, becomes) {
        (Ok(read), Ok((items, expected))) => {
            assert_eq!((read.items.len(), attempts), (items, expected), "{name}");
        }
        (Err(error), Err((kind, words))) => {
            let text = error.to_string();
            assert_eq!(error.kind, kind, "{name}: {text}");
            assert!(text.contains(words), "{name}: {text}");
            assert!(error.place.is_some_and(|place| place.contains(SCAN)), "{name}: {text}");
        }
        (Ok(read), Err(_)) => panic!("{name}: {} findings and no error", read.items.len()),
        (Err(error), Ok(_)) => panic!("{name}: {error}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_passes_is_waited_for() {
    let status = |code| Fault::Status(code, None);
    for (name, faults, attempts) in [
        ("nothing", vec![Fault::Right], 1),
        ("500 twice", vec![status(500), status(500), Fault::Right], 3),
        ("502, 503, 504", vec![status(502), status(503), status(504), Fault::Right], 4),
        ("429 with a time", vec![Fault::Status(429, Some("0")), Fault::Right], 2),
        ("429 with a date", vec![Fault::Status(429, Some("Mon, 23 Nov 2026 14:04:00 GMT")), Fault::Right], 2),
        ("slow once", vec![Fault::SlowStart(Duration::from_secs(2)), Fault::Right], 2),
        ("slow to its first byte, once", vec![Fault::SlowFirstByte(Duration::from_secs(2)), Fault::Right], 2),
        ("cut before its first byte, once", vec![Fault::CutAfter(0), Fault::Right], 2),
        ("empty, once", vec![Fault::StopAfter(0), Fault::Right], 2),
        ("a page of a proxy, once", vec![Fault::Instead("text/html", b"<html>".to_vec()), Fault::Right], 2),
        ("a pause that is short enough", vec![Fault::Pause(2000, Duration::from_millis(200))], 1),
        ("gzip", vec![Fault::Gzip], 1),
    ] {
        assert_becomes(name, faults, Ok((6, attempts))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_does_not_pass_is_an_error() {
    use ErrorKind::{Denied, Invalid, NotFound, Timeout, Unavailable};
    let status = |code| Fault::Status(code, None);
    let long = Duration::from_secs(20);
    for (name, fault, kind, words) in [
        ("always 500", status(500), Unavailable, "status 500), in 4 attempts"),
        ("always 429", Fault::Status(429, Some("1")), Unavailable, "status 429), in 4 attempts"),
        ("501", status(501), Unavailable, "status 501"),
        ("400", status(400), Invalid, "status 400"),
        ("401", status(401), Denied, "token"),
        ("403", status(403), Denied, "tenant"),
        ("404", status(404), NotFound, "no scan"),
        ("always silent", Fault::SlowStart(long), Timeout, "no answer within"),
        ("silent behind the headers", Fault::SlowFirstByte(long), Timeout, "within"),
        ("silent in the middle", Fault::Pause(2000, long), Timeout, "within"),
        ("a byte now and then", Fault::Trickle(Duration::from_millis(30)), Timeout, "did not end"),
        ("always a page", Fault::Instead("text/html", b"<html>".to_vec()), ErrorKind::Corrupt, "text/html"),
    ] {
        assert_becomes(name, vec![fault], Err((kind, words))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_not_whole_is_an_error_wherever_it_stops() {
    let step = 397;
    for count in (1..SIZE - 1).step_by(step).chain([263, SIZE - 28, SIZE - 2]) {
        assert_becomes("cut", vec![Fault::CutAfter(count)], Err((ErrorKind::Unavailable, "cut off"))).await;
        assert_becomes("stopped", vec![Fault::StopAfter(count)], Err((ErrorKind::Unavailable, "cut off")))
            .await;
    }
    // The last line break alone is not missed.
    assert_becomes("whole", vec![Fault::StopAfter(SIZE - 1)], Ok((6, 1))).await;
    for count in [100, 900, 1200] {
        let fault = Fault::GzipStopAfter(count);
        assert_becomes("packed and stopped", vec![fault], Err((ErrorKind::Unavailable, "cut off"))).await;
    }
}

#[tokio::test]
async fn no_byte_of_an_answer_can_be_missed() {
    let stub = Stub::start(Style::Lines).await;
    let size =
        std::fs::read(export_contract::services::examples().join("scans/gateway-2026-11-10.ndjson")).unwrap();
    for count in 1..size.len() - 1 {
        stub.fail("/internal/scans/", [Fault::StopAfter(count)]);
        let error = findings(&scanner(&stub), GATEWAY).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable, "{count} bytes: {error}");
    }
    assert_eq!(findings(&scanner(&stub), GATEWAY).await.unwrap().items, []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_not_right_is_an_error_at_its_place() {
    use ErrorKind::{Corrupt, Unavailable};
    let finding = r#"{"type":"finding","severity":"high","code":{"rule_id":"r"}}"#;
    let end = r#"{"type":"end","count":1}"#;
    let with = |text: &str| lines(&format!("{text}\n{end}\n"));
    for (name, fault, kind, words) in [
        ("fewer than told", lines(end), Unavailable, "tells of 1 records and has 0"),
        (
            "more than told",
            with(&format!("{finding}\n{finding}")),
            Unavailable,
            "tells of 1 records and has 2",
        ),
        ("no JSON", with("{\"type\":\"finding\",,}"), Corrupt, "#L2"),
        ("a line in two", with("{\"type\":\"finding\",\n\"severity\":\"high\"}"), Corrupt, "#L2"),
        ("no object", with("[1]"), Corrupt, "#L2"),
        ("no type", with("{}"), Corrupt, "#L2"),
        ("another type", with("{\"type\":\"verdict\"}"), Corrupt, "#L2/type"),
        ("two heads", with("{\"type\":\"head\"}"), Corrupt, "#L2/type"),
        ("no head", Fault::Instead("application/x-ndjson", end.into()), Corrupt, "#L1/type"),
        ("a member of a wrong type", with(&finding.replace("\"r\"", "7")), Corrupt, "#L2/code/rule_id"),
        ("an unknown word", with(&finding.replace("high", "huge")), Corrupt, "#L2/severity"),
        ("no kind", with(r#"{"type":"finding","severity":"high"}"#), Corrupt, "must have one of"),
        (
            "another scan's",
            with(&finding.replace("\"code\"", "\"scan_id\":\"x\",\"code\"")),
            Corrupt,
            "#L2/scan_id",
        ),
        ("text behind the end", lines(&format!("{finding}\n{end}\n{finding}\n")), Corrupt, "#L4"),
        (
            "no UTF-8",
            Fault::Instead("application/x-ndjson", head_and("\u{0}").into_iter().chain([0xFF, 10]).collect()),
            Corrupt,
            "#L2",
        ),
    ] {
        assert_becomes(name, vec![fault], Err((kind, words))).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_too_large_is_an_error() {
    use ErrorKind::{Limit, Unavailable};
    let finding = r#"{"type":"finding","severity":"high","code":{"rule_id":"r"}}"#;
    let long = lines(&format!("{{\"type\":\"finding\",\"title\":\"{}\"}}\n", "x".repeat(20_000)));
    for (name, fault, kind, words) in [
        ("a record too large", long, Limit, "larger than 16384 bytes"),
        (
            "a line without end",
            Fault::Endless(head_and(""), vec![b'x'; 1000]),
            Limit,
            "larger than 16384 bytes",
        ),
        (
            "records without end",
            Fault::Endless(head_and(""), format!("{finding}\n").into()),
            Limit,
            "1048576 bytes",
        ),
        (
            "empty lines without end",
            Fault::Endless(head_and(""), b"\n\n\n\n\n\n\n\n".repeat(64)),
            Limit,
            "1048576 bytes",
        ),
        (
            "nothing at all",
            Fault::Instead("application/x-ndjson; charset=utf-8", vec![]),
            Unavailable,
            "empty",
        ),
    ] {
        assert_becomes(name, vec![fault], Err((kind, words))).await;
    }
}

#[tokio::test]
async fn a_long_wait_that_the_service_asks_for_is_kept_up_to_the_longest_pause_and_told() {
    let stub = Stub::start(Style::Lines).await;
    stub.fail_always(SCAN, Fault::Status(429, Some("3600")));
    let started = Instant::now();
    let error = findings(&scanner(&stub), CHECKOUT).await.unwrap_err();
    assert_eq!(error.retry_after, Some(Duration::from_secs(3600)));
    let (least, took) = (3 * limits().longest_pause, started.elapsed());
    assert!(least <= took && took < PATIENCE, "{took:?}");
}

#[tokio::test]
async fn an_endless_answer_ends_by_its_deadline_where_its_size_is_not_limited() {
    let stub = Stub::start(Style::Lines).await;
    stub.fail_always(SCAN, Fault::Endless(head_and(""), b"\n".to_vec()));
    let limits = Limits { max_answer_bytes: u64::MAX, deadline: Duration::from_millis(800), ..limits() };
    let error = findings(&scanner_with(&stub, limits), CHECKOUT).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Timeout, "{error}");
}

#[tokio::test]
async fn nobody_there_is_unavailable() {
    let stub = Stub::start(Style::Lines).await;
    let policy = policy(&stub);
    drop(stub);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let error = read(policy.verdicts(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
    assert!(error.message.contains("in 4 attempts"), "{error}");
}
