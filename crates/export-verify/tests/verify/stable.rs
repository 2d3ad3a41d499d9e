//! Bundles that were sealed once are whole for ever: what stands in `fixtures/evidence` is never made anew.

use std::ops::ControlFlow;
use std::path::Path;

use export_seal::jwks::Jwks;
use export_seal::verify::Verdict;
use export_verify::{Trusted, Verifier};

#[test]
fn the_first_version_of_the_format() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures/evidence");
    let keys = Jwks::read(&std::fs::read(folder.join("keys.jwks")).unwrap()).unwrap();
    // As our packer wrote it, and as another one packed the same files again.
    for name in ["v1.zip", "v1-repacked.tar.gz"] {
        let trusted = Trusted::Keys(keys.clone());
        let report =
            Verifier::default().verify(&folder.join(name), &trusted, &|_| ControlFlow::Continue(())).unwrap();
        assert_eq!(report.verdict, Verdict::Whole, "{name}: {report:?}");
        let root = "sha256:c9d6328f16bd75e68c64836c8db3071b435f456af8977528eee12817893ddd8b";
        assert_eq!(report.seal.unwrap().merkle_root, root);
    }
}
