//! Report templates: the minijinja environment, the design tokens, the built-in templates.
//!
//! A renderer fills a [`ReportView`], asks [`Templates`] for the page, and prints it on A4 with
//! [`header_html`] and [`footer_html`] in the margins of [`mod@print`]. What a report says and in which order is
//! in the templates; what its numbers are is in the view; how both look is in the tokens.

pub mod format;
mod includes;
mod margins;
mod style;
mod templates;
mod tidy;
pub mod view;

mod error;

pub use export_render_kit::brand::{Accent, BadColour};

pub use error::{TemplateError, TemplateErrorKind};
pub use margins::{footer_html, header_html, print};
pub use templates::{BUILT_IN, Limits, Templates};
pub use view::ReportView;
