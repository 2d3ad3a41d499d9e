//! An open session with a token.

use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::error::{Error, RvError};
use cryptoki::mechanism::Mechanism;
use cryptoki::mechanism::eddsa::{EddsaParams, EddsaSignatureScheme};
use cryptoki::object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle};
use cryptoki::session::{Session, UserType};
use cryptoki::slot::Slot;
use export_core::error::{ErrorKind, PortError};
use export_core::seal::{PublicKey, SignatureBytes};

use super::Pkcs11Settings;

/// An open session, logged in.
pub(super) struct Token {
    session: Session,
}

fn failed(operation: &'static str) -> impl Fn(Error) -> PortError {
    move |error| PortError::new(ErrorKind::Unavailable, operation, error.to_string())
}

fn missing(operation: &'static str, message: String) -> PortError {
    PortError::new(ErrorKind::NotFound, operation, message)
}

impl Token {
    pub(super) fn open(settings: &Pkcs11Settings) -> Result<Self, PortError> {
        const OPERATION: &str = "hardware module: open";
        let unavailable = |message| PortError::new(ErrorKind::Unavailable, OPERATION, message);
        let module = Pkcs11::new(&settings.module)
            .map_err(|error| unavailable(format!("{}: {error}", settings.module.display())))?;
        match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
            // A module is initialised once in a process.
            Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
            Err(error) => return Err(failed(OPERATION)(error)),
        }
        let slot = slot(&module, &settings.token)?;
        let session = module.open_ro_session(slot).map_err(failed(OPERATION))?;
        let pin = settings.pin.read().map_err(unavailable)?;
        match session.login(UserType::User, Some(&pin)) {
            // So is a login: it holds for all sessions of a process.
            Ok(()) | Err(Error::Pkcs11(RvError::UserAlreadyLoggedIn, _)) => Ok(Self { session }),
            Err(error) => Err(failed("hardware module: log in")(error)),
        }
    }

    /// The Ed25519 public key that is called `label`.
    pub(super) fn public_key(&self, label: &str) -> Result<PublicKey, PortError> {
        const OPERATION: &str = "hardware module: public key";
        let key = self.object(ObjectClass::PUBLIC_KEY, label, OPERATION)?;
        let attributes =
            self.session.get_attributes(key, &[AttributeType::EcPoint]).map_err(failed(OPERATION))?;
        let point = attributes.into_iter().find_map(|attribute| match attribute {
            Attribute::EcPoint(point) => Some(point),
            _ => None,
        });
        let bytes = point.as_deref().and_then(unwrap).ok_or_else(|| {
            PortError::new(ErrorKind::Unavailable, OPERATION, format!("the key `{label}` is no Ed25519 key"))
        })?;
        Ok(PublicKey::from_bytes(bytes))
    }

    /// The signature of the private key that is called `label`.
    pub(super) fn sign(&self, label: &str, message: &[u8]) -> Result<SignatureBytes, PortError> {
        const OPERATION: &str = "hardware module: sign";
        let key = self.object(ObjectClass::PRIVATE_KEY, label, OPERATION)?;
        let mechanism = Mechanism::Eddsa(EddsaParams::new(EddsaSignatureScheme::Pure));
        let signature = self.session.sign(&mechanism, key, message).map_err(failed(OPERATION))?;
        signature.try_into().map_err(|signature: Vec<u8>| {
            let message = format!("the signature has {} bytes, not 64", signature.len());
            PortError::new(ErrorKind::Unavailable, OPERATION, message)
        })
    }

    fn object(
        &self,
        class: ObjectClass,
        label: &str,
        operation: &'static str,
    ) -> Result<ObjectHandle, PortError> {
        let wanted = [
            Attribute::Class(class),
            Attribute::KeyType(KeyType::EC_EDWARDS),
            Attribute::Label(label.as_bytes().to_vec()),
        ];
        let found = self.session.find_objects(&wanted).map_err(failed(operation))?;
        match found.as_slice() {
            [key] => Ok(*key),
            [] => Err(missing(operation, format!("the token has no Ed25519 key with the label `{label}`"))),
            _ => {
                let message = format!(
                    "the token has several keys with the label `{label}`; give them names of their own"
                );
                Err(PortError::new(ErrorKind::Unavailable, operation, message))
            }
        }
    }
}

fn slot(module: &Pkcs11, label: &str) -> Result<Slot, PortError> {
    const OPERATION: &str = "hardware module: find token";
    for slot in module.get_slots_with_token().map_err(failed(OPERATION))? {
        let info = module.get_token_info(slot).map_err(failed(OPERATION))?;
        if info.label() == label {
            return Ok(slot);
        }
    }
    let message = format!("there is no token with the label `{label}`");
    Err(PortError::new(ErrorKind::Unavailable, OPERATION, message))
}

/// The 32 bytes of a point: in an OCTET STRING (PKCS #11, 2.40 and 3.0), or as they are (some modules).
fn unwrap(point: &[u8]) -> Option<[u8; 32]> {
    match point {
        [0x04, 32, bytes @ ..] if bytes.len() == 32 => bytes.try_into().ok(),
        bytes => bytes.try_into().ok(),
    }
}
