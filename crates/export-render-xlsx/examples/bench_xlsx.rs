//! Renders generated findings to a file, to measure: `bench_xlsx FINDINGS SCRATCH_FOLDER OUTPUT`.

use std::path::Path;

use export_contract::renderers::{self, WitnessPulse};
use export_contract::{GeneratedSnapshot, corpus};
use export_core::catalogue::{ExportType, Format};
use export_core::error::PortError;
use export_core::id::ExportId;
use export_core::ports::{Brief, Outlet, Renderer as _};
use export_render_xlsx::XlsxRenderer;

struct ToFile(std::fs::File);

impl std::io::Write for ToFile {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.0.flush()
    }
}

impl Outlet for ToFile {
    fn next_file(&mut self, _name: &str, _media_type: &str) -> Result<(), PortError> {
        Ok(())
    }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let mut next = || arguments.next().ok_or("bench_xlsx FINDINGS SCRATCH_FOLDER OUTPUT");
    let (findings, scratch, output) = (next()?.parse()?, next()?, next()?);
    let request = renderers::request(ExportType::VulnerabilityReport, Format::Xlsx);
    let brief = Brief {
        export_id: ExportId::new(corpus::AT, &[5; 10]),
        tenant: &"acme".parse()?,
        request: &request,
        created_at: corpus::AT,
        template: None,
        seal: None,
        pulse: &WitnessPulse::default(),
    };
    let mut out = ToFile(std::fs::File::create(output)?);
    XlsxRenderer::new(Path::new(&scratch)).render(&brief, &GeneratedSnapshot::new(findings), &mut out)?;
    Ok(())
}
