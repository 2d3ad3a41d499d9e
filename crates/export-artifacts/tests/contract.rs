//! The suites of the ports: artifacts in a folder, in a bucket and below a bucket's prefix; and links.

#![expect(clippy::unwrap_used, reason = "a test fails by it")]

mod in_a_folder {
    use std::sync::Arc;

    use export_artifacts::ObjectArtifacts;
    use export_core::ports::ArtifactStore;

    async fn open() -> (Arc<dyn ArtifactStore>, tempfile::TempDir) {
        let root = tempfile::tempdir().unwrap();
        (Arc::new(ObjectArtifacts::files(root.path()).unwrap()), root)
    }

    export_contract::artifacts_suite!(open);
}

mod in_a_bucket {
    use std::sync::Arc;

    use export_artifacts::ObjectArtifacts;
    use export_core::ports::ArtifactStore;
    use object_store::memory::InMemory;

    async fn open() -> (Arc<dyn ArtifactStore>, ()) {
        (Arc::new(ObjectArtifacts::over(Arc::new(InMemory::new()), "").unwrap()), ())
    }

    export_contract::artifacts_suite!(open);
}

mod below_a_prefix {
    use std::sync::Arc;

    use export_artifacts::ObjectArtifacts;
    use export_core::ports::ArtifactStore;
    use object_store::memory::InMemory;

    async fn open() -> (Arc<dyn ArtifactStore>, ()) {
        (Arc::new(ObjectArtifacts::over(Arc::new(InMemory::new()), "blobs/prod").unwrap()), ())
    }

    export_contract::artifacts_suite!(open);
}

mod signed_links {
    use std::sync::Arc;

    use export_artifacts::{HmacLinks, LinkKey};
    use export_contract::corpus::AT;
    use export_contract::links::Subject;
    use export_core::time::{Clock, Now};

    struct Stopped;

    impl Clock for Stopped {
        fn now(&self) -> Now {
            Now::at(AT)
        }
    }

    async fn open() -> (Subject, ()) {
        let key = LinkKey { kid: "k1".to_owned(), secret: [7; 32] };
        let url = "https://exports.example/".parse().unwrap();
        let links = HmacLinks::new(vec![key], url, Arc::new(Stopped)).unwrap();
        let token = |url: &url::Url| url.path().rsplit('/').next().unwrap().to_owned();
        (Subject { links: Arc::new(links), token }, ())
    }

    export_contract::links_suite!(open);
}
