//! What reports wear: names, colours and logos, for everybody and for single tenants.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use export_core::id::TenantId;
use export_render_kit::brand::{Accent, Brand, Branding, Logo, MOST_PNG_BYTES};
use serde::{Deserialize, Serialize};

/// Characters of a name.
const LONGEST_NAME: usize = 100;

/// What reports wear.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandingConfig {
    /// The name printed in place of a tenant's id.
    pub name: Option<String>,
    /// The colour of links and of what is good, `#RRGGBB`.
    pub accent: Option<String>,
    /// The logo's file, PNG or SVG.
    pub logo: Option<PathBuf>,
    /// What single tenants have instead, by their ids.
    #[serde(default)]
    pub tenants: BTreeMap<String, BrandConfig>,
}

/// What one tenant's reports wear; what is absent is everybody's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BrandConfig {
    /// The name printed in place of the tenant's id.
    pub name: Option<String>,
    /// The colour of links and of what is good, `#RRGGBB`.
    pub accent: Option<String>,
    /// The logo's file, PNG or SVG.
    pub logo: Option<PathBuf>,
}

impl BrandingConfig {
    /// Reads the logos and checks all of it.
    ///
    /// # Errors
    /// A line for each key that is wrong, with the reason.
    pub(crate) fn load(&self) -> Result<Branding, Vec<String>> {
        let mut wrong = Vec::new();
        let everybody =
            BrandConfig { name: self.name.clone(), accent: self.accent.clone(), logo: self.logo.clone() };
        let everybody = everybody.load("branding", &mut wrong);
        let mut tenants = BTreeMap::new();
        for (id, brand) in &self.tenants {
            let key = format!("branding.tenants.{id}");
            let brand = brand.load(&key, &mut wrong);
            match id.parse::<TenantId>() {
                Ok(id) => drop(tenants.insert(id, brand)),
                Err(error) => wrong.push(format!("{key}: {error}")),
            }
        }
        if wrong.is_empty() { Ok(Branding::new(everybody, tenants)) } else { Err(wrong) }
    }
}

impl BrandConfig {
    /// The brand of the section `key`; what is wrong is noted and left out.
    fn load(&self, key: &str, wrong: &mut Vec<String>) -> Brand {
        let mut fault = |part: &str, error: String| wrong.push(format!("{key}.{part} {error}"));
        if let Some(name) = &self.name
            && !is_name(name)
        {
            fault("name", format!("must be 1 to {LONGEST_NAME} characters on one line"));
        }
        let accent = self.accent.as_deref().and_then(|colour| {
            Accent::parse(colour).map_err(|error| fault("accent", format!("`{colour}`: {error}"))).ok()
        });
        let logo = self.logo.as_deref().and_then(|file| {
            read(file).map_err(|error| fault("logo", format!("{}: {error}", file.display()))).ok()
        });
        Brand { name: self.name.clone(), accent, logo: logo.map(Arc::new) }
    }
}

fn is_name(name: &str) -> bool {
    let length = name.chars().count();
    !name.trim().is_empty() && length <= LONGEST_NAME && !name.chars().any(char::is_control)
}

/// The logo in a file, of which no more is read than a logo may have.
fn read(file: &Path) -> Result<Logo, String> {
    if !file.is_file() {
        return Err("there is no such file".to_owned());
    }
    let mut bytes = Vec::new();
    let most = MOST_PNG_BYTES as u64 + 1;
    let read = File::open(file).and_then(|file| file.take(most).read_to_end(&mut bytes));
    read.map_err(|error| error.to_string())?;
    Logo::check(&bytes).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Config;

    const SQUARE: &str =
        r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/><filter/></svg>"#;

    fn config(text: &str) -> Result<Config, String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("export.toml");
        std::fs::write(folder.path().join("good.svg"), SQUARE).unwrap();
        std::fs::write(folder.path().join("bad.svg"), format!("<!DOCTYPE svg>{SQUARE}")).unwrap();
        std::fs::write(folder.path().join("large.png"), vec![0x89; MOST_PNG_BYTES * 2]).unwrap();
        std::fs::write(&file, text.replace("HERE", folder.path().to_str().unwrap())).unwrap();
        Config::load(Some(&file), None)
            .inspect(|config| {
                let branding = config.branding.load().unwrap();
                let tenant: TenantId = "aurora".parse().unwrap();
                assert!(branding.of(&tenant).logo.is_some());
            })
            .map_err(|error| error.to_string())
    }

    #[test]
    fn a_brand_is_read_with_the_configuration() {
        let text = "[branding]\nname = \"Group\"\nlogo = \"HERE/good.svg\"\n\
                    [branding.tenants.aurora]\nname = \"Aurora Bank\"\naccent = \"#4c1d95\"\n";
        let config = config(text).unwrap();
        assert_eq!(config.branding.tenants["aurora"].name.as_deref(), Some("Aurora Bank"));
    }

    #[test]
    fn what_is_wrong_is_named_with_its_reason() {
        let text = "[branding]\naccent = \"#FACC15\"\nlogo = \"HERE/bad.svg\"\n\
                    [branding.tenants.aurora]\nname = \"\"\naccent = \"teal\"\nlogo = \"HERE/none.png\"\n\
                    [branding.tenants.\"Not An Id\"]\nlogo = \"HERE/large.png\"\n";
        let error = config(text).unwrap_err();
        for part in [
            "- branding.accent `#FACC15`: the colour is too light",
            "bad.svg: the logo has a document type (dtd_forbidden)",
            "- branding.tenants.aurora.name must be 1 to 100 characters",
            "- branding.tenants.aurora.accent `teal`: a colour has the form #RRGGBB",
            "none.png: there is no such file",
            "- branding.tenants.Not An Id: ",
            "large.png: the logo is neither a PNG nor an SVG",
        ] {
            assert!(error.contains(part), "{part} in {error}");
        }
        assert!(config("[branding]\ncolour = \"#000000\"\n").unwrap_err().contains("colour"));
    }
}
