//! Cases of `resolve`.

use std::time::Duration;

use export_core::id::ScanId;
use export_core::ports::{Missing, Resolution};
use export_core::request::OnSourceError;
use export_core::request::{DateRange, Scope};
use export_core::scan::ScanRef;
use export_core::time::{DateBound, Timestamp};

use super::Scans;

impl Scans {
    async fn resolve(&self, scope: &Scope) -> Resolution {
        self.source.resolve(&self.tenant, scope, OnSourceError::Fail).await.unwrap()
    }

    async fn assert_found(&self, scope: Scope, expected: &[ScanRef]) {
        let resolution = self.resolve(&scope).await;
        assert_eq!(resolution.scans, expected, "{scope:?}");
        assert!(resolution.missing.is_empty(), "{scope:?}: {:?}", resolution.missing);
    }

    /// The scans of the image that has the most of them, newest first.
    fn of_one_image(&self) -> Vec<ScanRef> {
        let all = self.all();
        let of = |image: &str| -> Vec<ScanRef> {
            all.iter().filter(|scan| scan.image == image && scan.created_at.is_some()).cloned().collect()
        };
        let scans = all.iter().map(|scan| of(&scan.image)).max_by_key(Vec::len).unwrap_or_default();
        assert!(scans.len() >= 2, "the suite needs an image with two scans that have a time");
        scans
    }
}

fn images(refs: &[&str]) -> Scope {
    Scope { image_refs: refs.iter().map(|text| (*text).to_owned()).collect(), ..Scope::default() }
}

fn range(start: Timestamp, end: Timestamp) -> Option<DateRange> {
    Some(DateRange { start: DateBound::At(start), end: DateBound::At(end) })
}

/// Scans named by id are all in the result, whatever their date; newest first.
pub async fn scans_named_by_id_are_all_there_whatever_their_date(subject: Scans) {
    let all = subject.all();
    let mut scan_ids: Vec<ScanId> = all.iter().map(|scan| scan.id.clone()).collect();
    scan_ids.sort();
    let long_ago = range(Timestamp::from_millis(0), Timestamp::from_millis(1));
    for date_range in [None, long_ago] {
        let scope = Scope { scan_ids: scan_ids.clone(), date_range, ..Scope::default() };
        subject.assert_found(scope, &all).await;
    }
    for scan in &all {
        let scope = Scope { scan_ids: vec![scan.id.clone()], ..Scope::default() };
        subject.assert_found(scope, std::slice::from_ref(scan)).await;
    }
}

/// An image reference stands for the newest scan of that image; it matches the image's name with tag.
pub async fn an_image_stands_for_its_newest_scan(subject: Scans) {
    let scans = subject.of_one_image();
    subject.assert_found(images(&[&scans[0].image]), &scans[..1]).await;
}

/// The newest scan of that image within the date range.
pub async fn an_image_stands_for_its_newest_scan_within_the_range(subject: Scans) {
    let scans = subject.of_one_image();
    let (newest, older) = (&scans[0], &scans[1]);
    let time = older.created_at.expect("these scans have a time");
    assert_ne!(newest.created_at, older.created_at, "the suite needs two scans with different times");
    let within = Scope { date_range: range(Timestamp::from_millis(0), time), ..images(&[&newest.image]) };
    subject.assert_found(within, std::slice::from_ref(older)).await;

    let never = range(Timestamp::from_millis(0), Timestamp::from_millis(1));
    let outside = subject.resolve(&Scope { date_range: never, ..images(&[&newest.image]) }).await;
    let missing = Missing { image_refs: vec![newest.image.clone()], ..Missing::default() };
    assert_eq!(outside, Resolution { scans: vec![], missing, warnings: vec![] });
}

/// It matches its digest.
pub async fn an_image_is_found_by_its_digest(subject: Scans) {
    for scan in subject.all() {
        let Some(digest) = &scan.image_digest else { continue };
        let of_digest = |other: &&ScanRef| other.image_digest.as_ref() == Some(digest);
        let newest = subject.all().iter().find(of_digest).cloned().expect("this one at least");
        subject.assert_found(images(&[digest]), &[newest]).await;
    }
}

/// A date range alone stands for every scan made in it, both ends included.
pub async fn a_range_alone_stands_for_the_scans_in_it(subject: Scans) {
    let all = subject.all();
    let times: Vec<Timestamp> = all.iter().filter_map(|scan| scan.created_at).collect();
    let (newest, oldest) = (times[0], times[times.len() - 1]);
    let behind = newest.plus(Duration::from_millis(1));
    let ranges =
        [(oldest, newest), (newest, newest), (oldest, oldest), (behind, behind.plus(Duration::from_secs(1)))];
    for (start, end) in ranges {
        let within = |scan: &&ScanRef| scan.created_at.is_some_and(|at| start <= at && at <= end);
        let expected: Vec<_> = all.iter().filter(within).cloned().collect();
        subject.assert_found(Scope { date_range: range(start, end), ..Scope::default() }, &expected).await;
    }
}

/// A scope that names neither scans nor images nor a range stands for every scan; those without a time come last.
pub async fn a_scope_without_names_or_range_stands_for_every_scan(subject: Scans) {
    let all = subject.all();
    let policies = Scope { policy_sets: vec!["production".to_owned()], ..Scope::default() };
    for scope in [Scope::default(), policies] {
        subject.assert_found(scope, &all).await;
    }
}

/// The scans that exist, each once.
pub async fn a_scan_that_is_named_twice_is_there_once(subject: Scans) {
    let newest = subject.of_one_image().remove(0);
    let mut refs = vec![newest.image.as_str()];
    refs.extend(newest.image_digest.as_deref());
    let scope = Scope { scan_ids: vec![newest.id.clone(), newest.id.clone()], ..images(&refs) };
    subject.assert_found(scope, std::slice::from_ref(&newest)).await;
}

/// A name that matches nothing is in `missing`, in the order of the scope; nothing is an error because it is missing.
pub async fn what_matches_nothing_is_missing_in_the_order_of_the_scope(subject: Scans) {
    let there = subject.held[0].scan.clone();
    let ids = |names: [&str; 2]| names.map(|name| name.parse::<ScanId>().unwrap());
    let [z, a] = ids(["zz-never", "aa-never"]);
    let nowhere = ["z.example/never:1", "a.example/../never:1", "sha256:00"];
    let scope = Scope { scan_ids: vec![z.clone(), there.id.clone(), a.clone()], ..images(&nowhere) };
    let resolution = subject.resolve(&scope).await;
    let missing = Missing {
        scan_ids: vec![z, a],
        image_refs: nowhere.map(str::to_owned).to_vec(),
        policy_sets: vec![],
    };
    assert_eq!(resolution, Resolution { scans: vec![there], missing, warnings: vec![] });
}
