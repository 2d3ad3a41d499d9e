//! Writes the built-in reports of the sample data sets, with their headers and footers, as HTML files:
//! `cargo run -p export-templates --example preview -- FOLDER`. Print them to look at a change of design.

#[path = "../tests/samples/mod.rs"]
mod samples;

use std::error::Error;
use std::path::PathBuf;

use export_templates::{BUILT_IN, Templates, footer_html, header_html};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args_os().nth(1).ok_or("usage: preview FOLDER")?);
    std::fs::create_dir_all(&folder)?;
    let templates = Templates::built_in();
    for (sample, view) in samples::all().into_iter().chain([("long", samples::long())]) {
        for name in BUILT_IN {
            let path = folder.join(format!("{sample}.{name}.html"));
            let mut out = std::io::BufWriter::new(std::fs::File::create(&path)?);
            templates.render(name, &view, &mut out)?;
        }
        std::fs::write(folder.join(format!("{sample}.header.html")), header_html(&view))?;
        std::fs::write(folder.join(format!("{sample}.footer.html")), footer_html(&view))?;
    }
    Ok(())
}
