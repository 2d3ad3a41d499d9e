//! The suites of the ports, run on a stub, whichever way it answers.

use export_contract::services::{Stub, Style, examples};
use export_contract::sources::{Annotations, Held, Open, Scans};
use export_core::digest::Digest;
use export_core::finding::{Verdict, VexStatement};
use export_core::ports::{VerdictSource as _, VexSource as _};
use export_core::request::OnSourceError::Fail;
use futures::FutureExt as _;
use std::sync::Arc;

use crate::common::{CHECKOUT, GATEWAY, OLDER, policy, read, scan, scanner, tenant, vexlens};

/// The digest of all bytes of an answer.
fn digest(files: &[String]) -> Digest {
    let bytes: Vec<u8> =
        files.iter().flat_map(|file| std::fs::read(examples().join(file)).unwrap()).collect();
    Digest::of(&bytes)
}

/// Data that ends too early is on its way here and may be whole the next time: `Unavailable`, see `faults`. So the suites are given none.
async fn scans(style: Style) -> (Scans, Stub) {
    let stub = Stub::start(style).await;
    let held = [(CHECKOUT, 6), (OLDER, 1), (GATEWAY, 0)].map(|(id, findings)| {
        let mut files = match style {
            Style::Lines => vec![format!("scans/{id}.ndjson")],
            Style::Pages => vec![format!("scans/{id}.json")],
        };
        if style == Style::Pages && id == CHECKOUT {
            files.push(format!("scans/{id}.page-2.json"));
        }
        Held { scan: scan(id), findings, documents: vec![digest(&files)] }
    });
    let scans = Scans {
        source: Arc::new(scanner(&stub)),
        tenant: tenant(),
        held: held.to_vec(),
        cut_off: None,
        stranger: Some("umbrella".parse().unwrap()),
    };
    (scans, stub)
}

mod scans_of_lines {
    use super::*;

    async fn open() -> (Scans, Stub) {
        scans(Style::Lines).await
    }

    export_contract::scans_suite!(open);
}

mod scans_of_pages {
    use super::*;

    async fn open() -> (Scans, Stub) {
        scans(Style::Pages).await
    }

    export_contract::scans_suite!(open);
}

mod verdicts {
    use super::*;

    async fn open() -> (Annotations<Verdict<'static>>, Stub) {
        let stub = Stub::start(Style::Lines).await;
        let source = policy(&stub);
        let expected = read(source.verdicts(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap().items;
        assert_eq!(expected.len(), 3);
        let open = |id: &'static str| -> Open<_> {
            let source = source.clone();
            Box::new(move || {
                let source = source.clone();
                async move { source.verdicts(&tenant(), &scan(id), Fail).await }.boxed()
            })
        };
        let documents = vec![digest(&[format!("verdicts/{CHECKOUT}.ndjson")])];
        (
            Annotations { with: open(CHECKOUT), expected, documents, without: open(GATEWAY), cut_off: None },
            stub,
        )
    }

    export_contract::annotations_suite!(open);
}

mod statements {
    use super::*;

    async fn open() -> (Annotations<VexStatement<'static>>, Stub) {
        let stub = Stub::start(Style::Pages).await;
        let source = vexlens(&stub);
        let expected = read(source.statements(&tenant(), &scan(CHECKOUT), Fail).await).await.unwrap().items;
        assert_eq!(expected.len(), 2);
        let open = |id: &'static str| -> Open<_> {
            let source = source.clone();
            Box::new(move || {
                let source = source.clone();
                async move { source.statements(&tenant(), &scan(id), Fail).await }.boxed()
            })
        };
        let documents = vec![digest(&[format!("vex/{CHECKOUT}.json")])];
        (
            Annotations { with: open(CHECKOUT), expected, documents, without: open(GATEWAY), cut_off: None },
            stub,
        )
    }

    export_contract::annotations_suite!(open);
}
