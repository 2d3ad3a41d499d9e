//! The brands of an installation, for the renderers.

use std::sync::Arc;

use export_render_kit::brand::{Brand, Branding};

use crate::{BootError, Config};

/// Reads and checks the names, colours and logos that `config` names.
///
/// # Errors
/// Every key that is wrong, with the reason.
pub fn branding(config: &Config) -> Result<Arc<Branding>, BootError> {
    let loaded = config.branding.load();
    loaded
        .map(Arc::new)
        .map_err(|wrong| BootError::new(format!("the branding is not valid: {}", wrong.join("; "))))
}

impl Config {
    /// What works, but may not be as it was meant: a line each, for whoever set it up.
    #[must_use]
    pub fn notes(&self) -> Vec<String> {
        let Ok(branding) = self.branding.load() else { return Vec::new() };
        let note = |(whose, brand): (String, &Brand)| {
            let left_out =
                brand.logo.as_ref().map(|logo| logo.left_out()).filter(|names| !names.is_empty())?;
            Some(format!(
                "{whose}: the logo is used without {}, which are not drawn; convert them to paths if they are missed",
                left_out.join(", ")
            ))
        };
        branding.named().filter_map(note).collect()
    }
}
