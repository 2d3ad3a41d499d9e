//! Report templates: the minijinja environment, the design tokens, the built-in templates.
//!
//! A renderer fills a [`ReportView`], asks [`Templates`] for the page, and prints it on A4 with
//! [`header_html`] and [`footer_html`] in the margins of [`mod@print`]. What a report says and in which order is
//! in the templates; what its numbers are is in the view; how both look is in the tokens.
//!
//! Templates that tenants write are [`CustomTemplate`]s and are rendered by a [`sandbox`] in a process of their own.

mod bounded;
mod custom;
mod environment;
pub mod format;
mod includes;
mod margins;
pub mod sandbox;
mod style;
mod templates;
mod tidy;
pub mod view;

mod error;

pub use custom::CustomTemplate;
pub use error::{TemplateError, TemplateErrorKind};
pub use export_render_kit::brand::{Accent, BadColour};
pub use margins::{footer_html, header_html, print};
pub use templates::{BUILT_IN, Limits, Templates};
pub use view::ReportView;
