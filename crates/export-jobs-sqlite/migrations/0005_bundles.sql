-- Sealed bundles are found by their id. The document is the one place where it stands.
CREATE UNIQUE INDEX job_bundle ON job (doc ->> '$.state.outcome.bundle.bundle_id')
    WHERE doc ->> '$.state.outcome.bundle.bundle_id' IS NOT NULL;
