//! The sources in memory pass the suites of their ports, also behind a wrapper that injects nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use export_contract::sources::{Annotations, Held, Open, Scans};
use export_contract::{Faulty, MemorySources, corpus};
use export_core::digest::Digest;
use export_core::finding::Finding;
use export_core::id::TenantId;
use export_core::ports::{IntelligenceSource as _, VerdictSource as _, VexSource as _};
use export_core::record::FindingRecord;
use export_core::request::OnSourceError;
use export_core::scan::ScanRef;
use serde::Serialize;

fn acme() -> TenantId {
    corpus::job::tenant("acme")
}

fn digest(items: &impl Serialize) -> Digest {
    Digest::of(&serde_json::to_vec(items).unwrap())
}

mod scans {
    use super::*;

    /// Scans 0 and 3 are of one image name, scan 7 has no time, and scan 5 is cut off.
    async fn open() -> (Scans, ()) {
        let mut sources = MemorySources::new();
        let mut held = Vec::new();
        for index in [3, 0, 7, 1, 5] {
            let mut scan = ScanRef { image: format!("app-{}", index % 3), ..corpus::scan(index) };
            if index == 7 {
                scan.created_at = None;
            }
            let findings: Vec<Finding<'static>> =
                (0..u64::from(index)).map(|seed| corpus::finding(&scan, seed)).collect();
            let documents = if findings.is_empty() { vec![] } else { vec![digest(&findings)] };
            sources = sources.with_scan(&acme(), scan.clone(), findings);
            held.push(Held { scan, findings: u64::from(index), documents });
        }
        let cut_off = held.pop().map(|held| held.scan);
        let source = Arc::new(Faulty::new(Arc::new(sources.cut_off(&acme()))));
        let stranger = Some(corpus::job::tenant("globex"));
        (Scans { source, tenant: acme(), held, cut_off, stranger }, ())
    }

    export_contract::scans_suite!(open);
}

/// Streams of `records` taken apart, of an empty scan and of a cut off one, opened by `$open`.
macro_rules! streams_of {
    ($items:expr, $method:ident) => {{
        let items = $items;
        let stream = |sources: MemorySources| -> Open<_> {
            let sources = Arc::new(Faulty::new(Arc::new(sources)));
            Box::new(move || {
                let sources = Arc::clone(&sources);
                Box::pin(async move { sources.$method(&acme(), &corpus::scan(0), OnSourceError::Fail).await })
            })
        };
        let sources = MemorySources::of(&acme(), &of_one_scan());
        let cut = MemorySources::new().with_scan(&acme(), corpus::scan(0), vec![]).cut_off(&acme());
        let documents = vec![digest(&items)];
        let without = stream(MemorySources::new());
        Annotations { with: stream(sources), expected: items, documents, without, cut_off: Some(stream(cut)) }
    }};
}

fn of_one_scan() -> Vec<FindingRecord<'static>> {
    corpus::records(60).into_iter().filter(|record| record.finding.scan_id == "scan-0").collect()
}

mod verdicts {
    use super::*;

    async fn open() -> (Annotations<export_core::finding::Verdict<'static>>, ()) {
        let verdicts: Vec<_> = of_one_scan().into_iter().flat_map(|record| record.verdicts).collect();
        (streams_of!(verdicts, verdicts), ())
    }

    export_contract::annotations_suite!(open);
}

mod statements {
    use super::*;

    async fn open() -> (Annotations<export_core::finding::VexStatement<'static>>, ()) {
        let said = |record: FindingRecord<'static>| {
            record.vex.map(|vex| corpus::statement_about(&record.finding, vex))
        };
        let statements: Vec<_> = of_one_scan().into_iter().filter_map(said).collect();
        (streams_of!(statements, statements), ())
    }

    export_contract::annotations_suite!(open);
}

mod intelligence {
    use super::*;

    async fn open() -> (Annotations<export_core::finding::Intelligence<'static>>, ()) {
        let known: Vec<_> = (0..5).map(corpus::intelligence).collect();
        let stream = |sources: MemorySources| -> Open<_> {
            Box::new(move || {
                let sources = sources.clone();
                Box::pin(async move { sources.intelligence(&acme(), OnSourceError::Fail).await })
            })
        };
        let with = stream(MemorySources::new().with_intelligence(&acme(), known.clone()));
        let without = stream(MemorySources::new());
        let documents = vec![digest(&known)];
        (Annotations { with, expected: known, documents, without, cut_off: None }, ())
    }

    export_contract::annotations_suite!(open);
}
