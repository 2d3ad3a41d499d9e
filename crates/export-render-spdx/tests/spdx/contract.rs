//! The renderers' suite. An SBOM lists components, so the cases about lists of findings are in `findings`.

use std::sync::Arc;

use export_contract::renderers::Subject;
use export_render_spdx::SpdxRenderer;

export_contract::renderers_suite!(open);

fn open() -> (Subject, ()) {
    (Subject { renderer: Arc::new(SpdxRenderer), listing: &[], check: |_, _| Ok(()), streams: true }, ())
}
