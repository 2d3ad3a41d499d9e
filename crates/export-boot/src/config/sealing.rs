//! Who signs seals, and who says what time it is.

use std::path::PathBuf;
use std::time::Duration;

use export_keys::{FileKeyRing, Pin, Pkcs11Settings, read_history};
use export_timestamp::{Anchors, read_anchors};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Config, Secret};

/// Who signs seals, and who says what time it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct SealingConfig {
    /// A folder with a ring of keys; `keys/sealing` in the data folder if absent.
    pub keys: Option<PathBuf>,
    /// A key in a hardware module instead.
    pub pkcs11: Pkcs11Config,
    /// A time-stamp authority.
    pub timestamp: TimestampConfig,
}

/// A key in a hardware module (PKCS #11); none without a module.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Pkcs11Config {
    /// The module's library.
    pub module: Option<PathBuf>,
    /// The label of the token.
    pub token: Option<String>,
    /// The label of the key pair.
    pub key: Option<String>,
    /// The file of the PIN, mode 0600.
    pub pin_file: Option<PathBuf>,
    /// The PIN itself, which belongs into the environment.
    pub pin: Option<Secret>,
    /// The history of keys, a JWKS.
    pub history: Option<PathBuf>,
}

/// A time-stamp authority (RFC 3161); none without a URL.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TimestampConfig {
    /// Where it answers.
    pub url: Option<Url>,
    /// Certificates (PEM or DER) that vouch for authorities.
    pub anchors: Option<PathBuf>,
    /// Whether a seal without a token is none.
    pub required: bool,
    /// How long one answer may take.
    #[serde(with = "humantime_serde")]
    pub timeout: Duration,
}

impl Default for TimestampConfig {
    fn default() -> Self {
        Self { url: None, anchors: None, required: false, timeout: Duration::from_secs(10) }
    }
}

impl Pkcs11Config {
    /// The module's settings, if there is one.
    ///
    /// # Errors
    /// What is wrong, without the section's name.
    pub(crate) fn settings(&self) -> Result<Option<Pkcs11Settings>, String> {
        let Some(module) = self.module.clone() else {
            return if *self == Self::default() { Ok(None) } else { Err("module is missing".to_owned()) };
        };
        if !module.is_file() {
            return Err(format!("module {}: there is no such file", module.display()));
        }
        let text = |name: &str, value: &Option<String>| {
            value.clone().filter(|value| !value.is_empty()).ok_or_else(|| format!("{name} is missing"))
        };
        let pin = match (&self.pin_file, &self.pin) {
            (Some(file), None) => Pin::File(file.clone()),
            (None, Some(pin)) => Pin::Given(pin.expose().to_owned().into()),
            (None, None) => return Err("pin_file is missing".to_owned()),
            (Some(_), Some(_)) => return Err("pin and pin_file exclude each other".to_owned()),
        };
        pin.check().map_err(|error| format!("pin_file {error}"))?;
        if let Some(history) = &self.history {
            if !history.is_file() {
                return Err(format!("history {}: there is no such file", history.display()));
            }
            read_history(history).map_err(|error| format!("history {error}"))?;
        }
        let (token, key) = (text("token", &self.token)?, text("key", &self.key)?);
        Ok(Some(Pkcs11Settings { module, token, key, pin, history: self.history.clone() }))
    }
}

impl TimestampConfig {
    /// The certificates that vouch for authorities.
    ///
    /// # Errors
    /// What is wrong, with the key's name.
    pub(crate) fn load_anchors(&self) -> Result<Anchors, String> {
        let Some(file) = &self.anchors else { return Ok(Anchors::default()) };
        let told = |why: String| format!("anchors {}: {why}", file.display());
        let bytes = std::fs::read(file).map_err(|error| told(error.to_string()))?;
        read_anchors(&bytes).map_err(|error| told(error.to_string()))
    }
}

impl Config {
    /// The folder of the key ring.
    #[must_use]
    pub fn key_folder(&self) -> PathBuf {
        self.sealing.keys.clone().unwrap_or_else(|| self.data_dir.join("keys").join("sealing"))
    }

    /// What is wrong with the section, a line each.
    pub(super) fn sealing_faults(&self) -> Vec<String> {
        let SealingConfig { keys, pkcs11, timestamp } = &self.sealing;
        let mut faults = Vec::new();
        match pkcs11.settings() {
            Err(error) => faults.push(format!("sealing.pkcs11.{error}")),
            Ok(Some(_)) if keys.is_some() => {
                faults.push("sealing.keys and sealing.pkcs11 exclude each other".to_owned());
            }
            Ok(Some(_)) => {}
            Ok(None) => {
                if let Err(error) = self.key_ring() {
                    faults.push(format!("sealing.keys {error}"));
                }
            }
        }
        if let Err(error) = timestamp.load_anchors() {
            faults.push(format!("sealing.timestamp.{error}"));
        }
        if timestamp.url.as_ref().is_some_and(|url| !matches!(url.scheme(), "http" | "https")) {
            faults.push("sealing.timestamp.url must be http://... or https://...".to_owned());
        }
        if timestamp.url.is_none() && timestamp.required {
            faults.push("sealing.timestamp.required is set, but no url".to_owned());
        }
        if timestamp.timeout < Duration::from_millis(10) {
            faults.push("sealing.timestamp.timeout must be at least 10ms".to_owned());
        }
        faults
    }

    /// The key ring. A folder that was named must be there, the one in the data folder need not.
    pub(crate) fn key_ring(&self) -> Result<FileKeyRing, String> {
        if let Some(folder) = self.sealing.keys.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(format!(
                "{}: there is no such folder; `exportctl keys generate --keys {}` makes it",
                folder.display(),
                folder.display()
            ));
        }
        FileKeyRing::open(self.key_folder()).map_err(|error| error.to_string())
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;
    use std::path::Path;

    use super::*;

    fn told(folder: &Path, text: &str) -> String {
        let file = folder.join("export.toml");
        std::fs::write(&file, text.replace("HERE", folder.to_str().unwrap())).unwrap();
        match Config::load(Some(&file), Some(folder)) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let here = folder.path();
        std::fs::write(here.join("pin"), "4711").unwrap();
        std::fs::write(here.join("module.so"), "").unwrap();
        std::fs::set_permissions(here.join("pin"), std::fs::Permissions::from_mode(0o644)).unwrap();
        std::fs::create_dir(here.join("open")).unwrap();
        std::fs::set_permissions(here.join("open"), std::fs::Permissions::from_mode(0o777)).unwrap();
        for (text, part) in [
            ("[sealing]\nkeys = \"HERE/none\"\n", "there is no such folder; `exportctl keys generate"),
            ("[sealing]\nkeys = \"HERE/open\"\n", "chmod 700"),
            ("[sealing.pkcs11]\ntoken = \"t\"\n", "sealing.pkcs11.module is missing"),
            ("[sealing.pkcs11]\nmodule = \"HERE/no.so\"\n", "no.so: there is no such file"),
            ("[sealing.pkcs11]\nmodule = \"HERE/module.so\"\n", "pin_file is missing"),
            ("[sealing.pkcs11]\nmodule = \"HERE/module.so\"\npin_file = \"HERE/pin\"\n", "chmod 600"),
            ("[sealing.pkcs11]\nmodule = \"HERE/module.so\"\npin = \"1\"\n", "token is missing"),
            ("[sealing.timestamp]\nrequired = true\n", "sealing.timestamp.required is set, but no url"),
            ("[sealing.timestamp]\nurl = \"ftp://tsa\"\n", "must be http://... or https://..."),
            ("[sealing.timestamp]\nanchors = \"HERE/pin\"\n", "it has no certificate (PEM or DER)"),
            ("[sealing]\nkey = 1\n", "key"),
        ] {
            let told = told(here, text);
            assert!(told.contains(part) && !told.contains("4711"), "{part} in {told}");
        }
        assert_eq!(told(here, "[sealing]\n"), "");
    }
}
