//! The suites of the ports, on SQLite, and random walks of all operations.

mod support;

use std::sync::Arc;

use export_contract::audit::Trail;
use export_contract::jobs::{Jobs, Step, walk};
use export_contract::ledger::Ledger;
use export_contract::{templates, trails};
use proptest::prelude::*;
use tempfile::TempDir;

async fn open() -> (Arc<dyn Jobs>, TempDir) {
    let (dir, path) = support::place();
    (Arc::new(support::open(&path).await), dir)
}

export_contract::jobs_suite!(open);

mod audit {
    use super::*;

    async fn open() -> (Arc<dyn Trail>, TempDir) {
        let (dir, path) = support::place();
        (Arc::new(support::open(&path).await), dir)
    }

    export_contract::audit_suite!(open);
}

mod ledger {
    use super::*;

    async fn open() -> (Arc<dyn Ledger>, TempDir) {
        let (dir, path) = support::place();
        (Arc::new(support::open(&path).await), dir)
    }

    export_contract::ledger_suite!(open);
}

mod trail_of_jobs {
    use super::*;

    async fn open() -> (trails::Subject, TempDir) {
        let (dir, path) = support::place();
        let jobs = Arc::new(support::open(&path).await);
        let trail = Arc::clone(&jobs);
        (trails::Subject { jobs, trail }, dir)
    }

    export_contract::trails_suite!(open);
}

mod kept_templates {
    use super::*;

    async fn open() -> (templates::Subject, TempDir) {
        let (dir, path) = support::place();
        let store = Arc::new(support::open(&path).await);
        let trail = Arc::clone(&store);
        (templates::Subject { store, trail }, dir)
    }

    export_contract::templates_suite!(open);
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = any::<(u8, u8, u8)>().prop_map(|(choice, a, b)| Step::of(choice, a, b));
    proptest::collection::vec(step, 1..200)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_walk_agrees_with_the_pure_job_and_leaves_a_sound_file(steps in steps()) {
        export_contract::run(async {
            let (_dir, path) = support::place();
            let jobs = support::open(&path).await;
            walk(&jobs, &steps).await;
            support::assert_sound(&jobs).await;
        });
    }
}
