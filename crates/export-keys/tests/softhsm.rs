//! Keys in SoftHSM: what the port promises, with a real PKCS #11 module.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use cryptoki::context::{CInitializeArgs, CInitializeFlags, Pkcs11};
use cryptoki::mechanism::Mechanism;
use cryptoki::object::Attribute;
use cryptoki::session::{Session, UserType};
use cryptoki::types::AuthPin;
use export_contract::signer::{self as cases, Custody};
use export_core::error::ErrorKind;
use export_core::ports::Signer;
use export_core::seal::{KeyRecord, KeyStatus};
use export_core::time::Timestamp;
use export_keys::{Pin, Pkcs11Settings, Pkcs11Signer};
use export_seal::jwks::Jwks;
use tempfile::TempDir;
use zeroize::Zeroizing;

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "canary-4711";
const KEY: &str = "sealing";
/// PrintableString `edwards25519`: SoftHSM takes no other name of the curve.
const CURVE: &[u8] = b"\x13\x0cedwards25519";

/// SoftHSM finds its configuration in the environment, which no test may change for others: it runs in a process of its own.
#[test]
fn softhsm_keeps_the_contract() {
    let folder = tempfile::tempdir().unwrap();
    let configuration = folder.path().join("softhsm2.conf");
    let tokens = folder.path().join("tokens");
    fs::create_dir(&tokens).unwrap();
    fs::write(&configuration, format!("directories.tokendir = {}\nlog.level = ERROR\n", tokens.display()))
        .unwrap();
    let run = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "inside"])
        .env("SOFTHSM2_CONF", &configuration)
        .output()
        .unwrap();
    let told = [run.stdout, run.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
    assert!(run.status.success() && told.contains("1 passed"), "{told}");
    assert!(!told.contains(PIN), "{told}");
}

#[test]
#[ignore = "run by `softhsm_keeps_the_contract`, with tokens of its own"]
fn inside() {
    // A configuration that is not ours has tokens that are not ours.
    assert!(std::env::var_os("SOFTHSM2_CONF").is_some());
    export_contract::run(async {
        cases::a_signature_is_of_the_active_key(keeper("1")).await;
        cases::the_same_message_has_the_same_signature(keeper("2")).await;
        cases::many_sign_at_the_same_time(keeper("3")).await;
        cases::a_key_that_is_not_there_does_not_sign(keeper("4")).await;
        cases::a_rotation_needs_no_restart(keeper("5")).await;
        cases::a_retired_key_signs_no_more(keeper("6")).await;
        cases::every_key_stays_known_the_newest_first(keeper("7")).await;
        cases::a_revoked_key_signs_no_more(keeper("8")).await;
        what_is_wrong_is_told(&keeper("9")).await;
        a_lost_login_is_made_again(&keeper("10")).await;
    });
}

async fn what_is_wrong_is_told(keeper: &Keeper) {
    let failure = async |change: &dyn Fn(&mut Pkcs11Settings)| {
        let mut settings = keeper.settings.clone();
        change(&mut settings);
        Pkcs11Signer::new(settings).active().await.unwrap_err()
    };
    let told = failure(&|it| it.module = "/nowhere/module.so".into()).await;
    assert!(told.kind == ErrorKind::Unavailable && told.message.contains("/nowhere/module.so"), "{told}");
    let told = failure(&|it| it.token = "other".to_owned()).await;
    assert!(told.message.contains("no token with the label `other`"), "{told}");
    let told = failure(&|it| it.key = "other".to_owned()).await;
    assert!(told.kind == ErrorKind::NotFound && told.message.contains("`other`"), "{told}");
    let pin = keeper.folder.path().join("pin");
    fs::set_permissions(&pin, fs::Permissions::from_mode(0o644)).unwrap();
    let told = failure(&|it| it.pin = Pin::File(pin.clone())).await;
    assert!(told.message.contains("chmod 600"), "{told}");
    fs::set_permissions(&pin, fs::Permissions::from_mode(0o600)).unwrap();
    key_pair(&keeper.session.lock().unwrap(), KEY);
    let told = failure(&|_| ()).await;
    assert!(told.message.contains("several keys"), "{told}");
    let shown = format!("{:?}", Pkcs11Settings { pin: given(PIN), ..keeper.settings.clone() });
    assert!(!shown.contains(PIN), "{shown}");
}

/// A login holds for all sessions of a process: when it ends, an open session sees no private key any more.
async fn a_lost_login_is_made_again(keeper: &Keeper) {
    let key = keeper.signer.active().await.unwrap();
    keeper.signer.sign(&key, b"message").await.unwrap();
    keeper.session.lock().unwrap().logout().unwrap();
    keeper.signer.sign(&key, b"message").await.unwrap();
    keeper.session.lock().unwrap().logout().unwrap();
    let wrong = Pkcs11Signer::new(Pkcs11Settings { pin: given("wrong-4711"), ..keeper.settings.clone() });
    let told = wrong.active().await.unwrap_err().to_string();
    assert!(told.contains("log in") && !told.contains("4711"), "{told}");
}

fn given(pin: &str) -> Pin {
    Pin::Given(Zeroizing::new(pin.to_owned()))
}

/// A token of its own, and the operator who changes its keys.
struct Keeper {
    session: Mutex<Session>,
    signer: Arc<Pkcs11Signer>,
    settings: Pkcs11Settings,
    history: PathBuf,
    time: AtomicI64,
    folder: TempDir,
}

fn keeper(name: &str) -> Arc<Keeper> {
    let session = token(name);
    key_pair(&session, KEY);
    let folder = tempfile::tempdir().unwrap();
    let pin = folder.path().join("pin");
    fs::write(&pin, format!("{PIN}\n")).unwrap();
    fs::set_permissions(&pin, fs::Permissions::from_mode(0o600)).unwrap();
    let history = folder.path().join("history.json");
    let settings = Pkcs11Settings {
        module: MODULE.into(),
        token: name.to_owned(),
        key: KEY.to_owned(),
        pin: Pin::File(pin),
        history: Some(history.clone()),
    };
    let signer = Arc::new(Pkcs11Signer::new(settings.clone()));
    let time = AtomicI64::new(1);
    Arc::new(Keeper { session: Mutex::new(session), signer, settings, history, time, folder })
}

/// An open session with a new token that is called `name`.
fn token(name: &str) -> Session {
    let module = Pkcs11::new(MODULE).expect("SoftHSM is installed (scripts/setup.sh test)");
    let _initialised_before = module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK));
    let slots = module.get_slots_with_token().unwrap();
    let is_new = |slot: &&_| !module.get_token_info(**slot).unwrap().token_initialized();
    let officer = AuthPin::new("officer".into());
    module.init_token(*slots.iter().find(is_new).unwrap(), &officer, name).unwrap();
    let slots = module.get_slots_with_token().unwrap();
    let slot = slots.into_iter().find(|slot| module.get_token_info(*slot).unwrap().label() == name).unwrap();
    let session = module.open_rw_session(slot).unwrap();
    session.login(UserType::So, Some(&officer)).unwrap();
    session.init_pin(&AuthPin::new(PIN.into())).unwrap();
    session.logout().unwrap();
    session.login(UserType::User, Some(&AuthPin::new(PIN.into()))).unwrap();
    session
}

fn key_pair(session: &Session, label: &str) {
    let label = || Attribute::Label(label.as_bytes().to_vec());
    let curve = Attribute::EcParams(CURVE.to_vec());
    let public = [Attribute::Token(true), Attribute::Private(false), Attribute::Verify(true), curve, label()];
    let private = [
        Attribute::Token(true),
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
        label(),
    ];
    session.generate_key_pair(&Mechanism::EccEdwardsKeyPairGen, &public, &private).unwrap();
}

impl Keeper {
    /// Notes how the present key ended.
    async fn note(&self, change: impl FnOnce(&mut KeyRecord, Timestamp)) {
        let mut records = self.signer.keys().await.unwrap();
        let now = Timestamp::from_millis(self.time.fetch_add(1, Ordering::Relaxed) * 1_000);
        change(&mut records[0], now);
        fs::write(&self.history, serde_json::to_vec(&Jwks::of(&records)).unwrap()).unwrap();
    }
}

#[async_trait]
impl Custody for Keeper {
    fn signer(&self) -> Arc<dyn Signer> {
        Arc::clone(&self.signer) as _
    }

    async fn rotate(&self) {
        self.note(|record, now| {
            record.status = KeyStatus::Retired;
            record.retired_at = Some(now);
        })
        .await;
        let session = self.session.lock().unwrap();
        let label = Attribute::Label(KEY.as_bytes().to_vec());
        for object in session.find_objects(&[label]).unwrap() {
            session.update_attributes(object, &[Attribute::Label(b"old".to_vec())]).unwrap();
        }
        key_pair(&session, KEY);
    }

    async fn revoke(&self) {
        self.note(|record, now| {
            record.status = KeyStatus::Revoked;
            record.revoked_at = Some(now);
        })
        .await;
    }
}
