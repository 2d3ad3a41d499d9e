//! The child of the sandbox's tests, and a parent of one that is to be killed.

use std::process::ExitCode;

use export_templates::sandbox::{CHILD_ARGUMENT, Sandbox, serve_child};
use export_templates::{CustomTemplate, ReportView};

/// Runs until something ends it: the engine pays nothing for a comparison of lists that hold each other.
const ENDLESS: &str = "{% set ns = namespace(a=[1], b=[1]) %}\
    {% for i in range(40) %}{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% endfor %}\
    {{ ns.a == ns.b }}";

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some(CHILD_ARGUMENT) => serve_child(),
        Some("render-forever") => {
            let sandbox = Sandbox::of_this_program().expect("/proc is there");
            let template = CustomTemplate::new("custom-endless", ENDLESS).expect("it parses");
            let page = sandbox.render(&template, &ReportView::sample(), &|| false, &mut Vec::new());
            if page.is_ok() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        }
        _ => ExitCode::FAILURE,
    }
}
