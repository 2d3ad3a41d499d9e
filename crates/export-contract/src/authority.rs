//! A time-stamp authority for tests: the real `openssl ts`, with certificates of its own, good ones and bad ones.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// What keys an authority has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keys {
    /// ECDSA over P-256.
    P256,
    /// ECDSA over P-384.
    P384,
    /// RSA with 2048 bits.
    Rsa,
    /// Ed25519, which `openssl ts` itself cannot use.
    Ed25519,
}

impl Keys {
    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::P256 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
            Self::P384 => &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
            Self::Rsa => &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"],
            Self::Ed25519 => &["-algorithm", "ED25519"],
        }
    }
}

/// The extension that a certificate for time-stamps has.
pub const TIME_STAMPING: &str = "extendedKeyUsage=critical,timeStamping";
/// From when to when most certificates are valid.
pub const VALID: (&str, &str) = ("20200101000000Z", "20600101000000Z");

const CONFIGURATION: &str = "
[req]
distinguished_name = name
prompt = no
[name]
CN = none
[ca]
default_ca = root
[root]
database = index.txt
new_certs_dir = .
rand_serial = yes
default_md = sha256
policy = any
copy_extensions = none
unique_subject = no
[any]
commonName = supplied
[tsa]
default_tsa = authority
[authority]
serial = tsa.serial
signer_digest = HASH
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256
accuracy = secs:1
clock_precision_digits = PRECISION
ess_cert_id_alg = sha256
";

/// A time-stamp authority with a root above it. Its files live as long as it does.
pub struct Authority {
    folder: TempDir,
    keys: Keys,
}

impl Authority {
    /// An authority whose certificate is as it must be. Its hash is that of its keys' strength.
    #[must_use]
    pub fn new(keys: Keys) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (hash, precision) = if keys == Keys::P384 { ("sha384", "3") } else { ("sha256", "0") };
        let configuration = CONFIGURATION.replace("HASH", hash).replace("PRECISION", precision);
        fs::write(folder.path().join("openssl.cnf"), configuration).unwrap();
        fs::write(folder.path().join("index.txt"), "").unwrap();
        let authority = Self { folder, keys };
        authority.key("root");
        let root = "req -x509 -new -config openssl.cnf -key root.key -out root.pem -days 20000 -subj /CN=Root \
                    -addext basicConstraints=critical,CA:TRUE -addext keyUsage=critical,keyCertSign";
        authority.openssl(root);
        authority.certificate("tsa", "root", TIME_STAMPING, VALID);
        authority
    }

    /// Makes `NAME.pem` with a key of its own, signed by `issuer`, with these extensions (separated by `;`), valid between these times.
    pub fn certificate(&self, name: &str, issuer: &str, extensions: &str, (from, until): (&str, &str)) {
        self.key(name);
        fs::write(self.path("extensions.cnf"), extensions.replace(';', "\n")).unwrap();
        self.openssl(&format!(
            "req -new -config openssl.cnf -key {name}.key -out {name}.csr -subj /CN=Authority-{name}"
        ));
        self.openssl(&format!(
            "ca -batch -notext -config openssl.cnf -in {name}.csr -out {name}.pem -cert {issuer}.pem -keyfile {issuer}.key \
             -startdate {from} -enddate {until} -extfile extensions.cnf"
        ));
    }

    fn key(&self, name: &str) {
        let file = format!("{name}.key");
        self.run(&[&["genpkey", "-out", &file], self.keys.arguments()].concat());
    }

    /// One of its files: `root.pem`, `tsa.pem`.
    #[must_use]
    pub fn file(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Puts a file beside its own.
    pub fn put(&self, name: &str, bytes: &[u8]) {
        fs::write(self.path(name), bytes).unwrap();
    }

    /// Its answer to a request, signed with `tsa.pem`.
    #[must_use]
    pub fn reply(&self, request: &[u8]) -> Vec<u8> {
        self.reply_with(request, "tsa", "")
    }

    /// Its answer to a request, signed with `NAME.pem`, with more arguments for `openssl ts`.
    #[must_use]
    pub fn reply_with(&self, request: &[u8], name: &str, more: &str) -> Vec<u8> {
        self.put("request.tsq", request);
        self.openssl(&format!(
            "ts -reply -config openssl.cnf -queryfile request.tsq -signer {name}.pem -inkey {name}.key -out reply.tsr {more}"
        ));
        self.file("reply.tsr")
    }

    /// The time-stamp of `answer`, signed anew with `NAME.pem`, which `openssl ts` might refuse to use.
    #[must_use]
    pub fn sign_again(&self, answer: &[u8], name: &str) -> Vec<u8> {
        self.put("answer.tsr", answer);
        self.openssl("ts -reply -in answer.tsr -token_out -out token.der");
        self.openssl("cms -verify -noverify -inform DER -in token.der -out content.der");
        self.openssl(&format!(
            "cms -sign -cades -nosmimecap -binary -nodetach -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 \
             -in content.der -signer {name}.pem -inkey {name}.key -outform DER -out token.der"
        ));
        granted(&self.file("token.der"))
    }

    /// Whether `openssl ts -verify` accepts an answer to `request`.
    #[must_use]
    pub fn verifies(&self, answer: &[u8], request: &[u8]) -> bool {
        self.put("answer.tsr", answer);
        self.put("request.tsq", request);
        let arguments = "ts -verify -in answer.tsr -queryfile request.tsq -CAfile root.pem";
        let output =
            Command::new("openssl").args(arguments.split(' ')).current_dir(self.folder.path()).output();
        output.expect("openssl is installed").status.success()
    }

    /// Runs `openssl` among its files.
    ///
    /// # Panics
    /// If it fails.
    pub fn openssl(&self, arguments: &str) {
        self.run(&arguments.split_whitespace().collect::<Vec<_>>());
    }

    fn run(&self, arguments: &[&str]) {
        let output = Command::new("openssl").args(arguments).current_dir(self.folder.path()).output();
        let output = output.expect("openssl is installed (scripts/setup.sh test)");
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "openssl {}: {told}", arguments.join(" "));
    }

    fn path(&self, name: &str) -> PathBuf {
        Path::new(self.folder.path()).join(name)
    }
}

/// A token in an answer that says it was granted.
#[must_use]
pub fn granted(token: &[u8]) -> Vec<u8> {
    let length = u16::try_from(token.len() + 5).unwrap().to_be_bytes();
    [&[0x30, 0x82, length[0], length[1], 0x30, 3, 2, 1, 0], token].concat()
}
