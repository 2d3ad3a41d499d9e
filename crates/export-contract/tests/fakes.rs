//! The fakes pass the suites of their ports.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;

use export_contract::audit::Trail;
use export_contract::jobs::{Jobs, MAX_QUEUED, MAX_RUNNING, POLICY};
use export_contract::ledger::Ledger;
use export_contract::{MemoryArtifacts, MemoryAudit, MemoryJobs, MemorySnapshot, MemoryTemplates};
use export_contract::{links, renderers, trails};
use export_core::catalogue::{ExportType, Format};
use export_core::digest::Digest;
use export_core::error::PortError;
use export_core::ports::{
    ArtifactStore, Brief, DownloadGrant, DownloadLinks, LinkRefused, Outlet, RenderError, Rendered, Renderer,
    Snapshot,
};
use export_core::record::FindingRecord;
use export_core::time::Timestamp;
use url::Url;

mod jobs {
    use super::*;

    async fn open() -> (Arc<dyn Jobs>, ()) {
        (Arc::new(MemoryJobs::new(MAX_RUNNING, MAX_QUEUED, POLICY)), ())
    }

    export_contract::jobs_suite!(open);
}

mod audit {
    use super::*;

    async fn open() -> (Arc<dyn Trail>, ()) {
        (Arc::new(MemoryAudit::default()), ())
    }

    export_contract::audit_suite!(open);
}

mod ledger {
    use super::*;

    async fn open() -> (Arc<dyn Ledger>, ()) {
        (Arc::new(MemoryAudit::default()), ())
    }

    export_contract::ledger_suite!(open);
}

mod trail_of_jobs {
    use super::*;

    async fn open() -> (trails::Subject, ()) {
        let jobs = Arc::new(MemoryJobs::new(MAX_RUNNING, MAX_QUEUED, POLICY));
        let trail = jobs.trail();
        (trails::Subject { jobs, trail }, ())
    }

    export_contract::trails_suite!(open);
}

mod templates {
    use super::*;

    async fn open() -> (export_contract::templates::Subject, ()) {
        let trail = Arc::new(MemoryAudit::default());
        let store = Arc::new(MemoryTemplates::new(Arc::clone(&trail)));
        (export_contract::templates::Subject { store, trail }, ())
    }

    export_contract::templates_suite!(open);
}

mod signer {
    use super::*;
    use export_contract::MemorySigner;
    use export_contract::signer::Custody;
    use export_core::ports::Signer;

    struct Keys(Arc<MemorySigner>);

    #[async_trait]
    impl Custody for Keys {
        fn signer(&self) -> Arc<dyn Signer> {
            Arc::clone(&self.0) as _
        }

        async fn rotate(&self) {
            self.0.rotate(Timestamp::from_millis(1));
        }

        async fn revoke(&self) {
            let key = self.0.active().await.unwrap();
            self.0.revoke(&key, Timestamp::from_millis(2));
        }
    }

    async fn open() -> (Arc<dyn Custody>, ()) {
        (Arc::new(Keys(Arc::default())), ())
    }

    export_contract::signer_suite!(open);
}

mod artifacts {
    use super::*;

    async fn open() -> (Arc<dyn ArtifactStore>, ()) {
        (Arc::new(MemoryArtifacts::default()), ())
    }

    export_contract::artifacts_suite!(open);
}

mod snapshots {
    use super::*;

    async fn build(records: Vec<FindingRecord<'static>>) -> (Arc<dyn Snapshot>, ()) {
        (Arc::new(MemorySnapshot::new(records)), ())
    }

    export_contract::snapshots_suite!(build);
}

mod links_of_a_table {
    use super::*;

    async fn open() -> (links::Subject, ()) {
        let links = Arc::new(TableLinks::default());
        (links::Subject { links, token: |url| url.path()[1..].to_owned() }, ())
    }

    export_contract::links_suite!(open);

    /// Links that are looked up: the shortest correct ones.
    #[derive(Default)]
    struct TableLinks {
        grants: Mutex<HashMap<String, DownloadGrant>>,
    }

    #[async_trait]
    impl DownloadLinks for TableLinks {
        async fn link(&self, grant: &DownloadGrant, _key: &str) -> Result<Url, PortError> {
            let token = Digest::of(format!("{grant:?}").as_bytes()).to_string();
            self.grants.lock().unwrap().insert(token.clone(), grant.clone());
            Ok(format!("http://localhost/{token}").parse().unwrap())
        }

        fn open(&self, token: &str, now: Timestamp) -> Result<DownloadGrant, LinkRefused> {
            let grant = self.grants.lock().unwrap().get(token).cloned().ok_or(LinkRefused::Changed)?;
            if now < grant.expires_at { Ok(grant) } else { Err(LinkRefused::Expired) }
        }
    }
}

mod renderer_of_lines {
    use super::*;

    fn open() -> (renderers::Subject, ()) {
        let listing = &[ExportType::ScanReport];
        let renderer = Arc::new(LineRenderer);
        (renderers::Subject { renderer, listing, check: is_lines_of, streams: true }, ())
    }

    export_contract::renderers_suite!(open);

    fn is_lines_of(bytes: &[u8], records: &[FindingRecord<'static>]) -> Result<(), String> {
        let text = std::str::from_utf8(bytes).map_err(|error| error.to_string())?;
        let lines: Vec<&str> = text.lines().skip(1).collect();
        if lines.len() != records.len() {
            return Err(format!("{} lines for {} records", lines.len(), records.len()));
        }
        for (line, record) in lines.iter().zip(records) {
            let read: FindingRecord<'_> = serde_json::from_str(line).map_err(|error| error.to_string())?;
            if read != *record {
                return Err(format!("{line} is not {record:?}"));
            }
        }
        Ok(())
    }

    /// One record a line behind a line of totals.
    struct LineRenderer;

    impl Renderer for LineRenderer {
        fn format(&self) -> Format {
            Format::Json
        }

        fn types(&self) -> &[ExportType] {
            &[ExportType::ScanReport]
        }

        fn render(
            &self,
            brief: &Brief<'_>,
            from: &dyn Snapshot,
            out: &mut dyn Outlet,
        ) -> Result<Rendered, RenderError> {
            writeln!(out, "{:?}", from.facts().totals)?;
            let (mut cursor, mut rows) = (from.findings()?, 0);
            brief.pulse.beat(rows)?;
            while let Some(record) = cursor.next()? {
                serde_json::to_writer(&mut *out, &record).map_err(std::io::Error::from)?;
                out.write_all(b"\n")?;
                rows += 1;
                if rows % 500 == 0 {
                    brief.pulse.beat(rows)?;
                }
            }
            Ok(Rendered::of_findings(rows))
        }
    }
}
