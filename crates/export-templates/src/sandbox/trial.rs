//! Trying a template before anybody's data is in it.

use export_core::ports::{TemplateFault, TemplateTrial};
use export_core::template::NewTemplate;

use super::{Sandbox, SandboxError};
use crate::custom::CustomTemplate;
use crate::templates::{BUILT_IN, text_of};
use crate::view::ReportView;

impl TemplateTrial for Sandbox {
    fn built_in(&self, name: &str) -> Option<&'static str> {
        BUILT_IN.contains(&name).then(|| text_of(name)).flatten()
    }

    fn check(&self, template: &NewTemplate) -> Result<(), TemplateFault> {
        Self::check(self, &custom(template)?).map_err(|error| fault(&error))
    }

    fn preview(&self, template: &NewTemplate) -> Result<String, TemplateFault> {
        let mut page = Vec::new();
        self.render(&custom(template)?, &ReportView::sample(), &|| false, &mut page)
            .map_err(|error| fault(&error))?;
        Ok(String::from_utf8_lossy(&page).into_owned())
    }
}

fn custom(template: &NewTemplate) -> Result<CustomTemplate, TemplateFault> {
    let custom = CustomTemplate::new(&*template.name, &*template.text);
    custom.map_err(|error| TemplateFault { message: error.to_string(), is_mistake: true })
}

fn fault(error: &SandboxError) -> TemplateFault {
    TemplateFault { is_mistake: matches!(error, SandboxError::Template(_)), message: error.to_string() }
}
