//! An installation on clean folders: a server, and workers if a test wants them apart.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
use tokio::time::sleep;

use crate::{Program, binary, exportctl};

/// What a test changes of the defaults.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// `EXPORT_...` variables.
    pub variables: Vec<(String, String)>,
    /// Leave the jobs to workers of their own.
    pub no_worker: bool,
}

impl Settings {
    /// One more variable.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.variables.push((name.to_owned(), value.into()));
        self
    }
}

/// A running installation. Its data outlives the programs, until the site is dropped.
pub struct Site {
    /// The folder that holds everything of the site.
    pub folder: TempDir,
    /// The server.
    pub server: Option<Program>,
    /// The server's address, `http://127.0.0.1:PORT`.
    pub url: String,
    /// A token for tenant `demo`.
    pub token: String,
    settings: Settings,
    http: reqwest::Client,
}

impl Site {
    /// Starts a server on clean folders.
    ///
    /// # Panics
    /// If it does not start; the message has its log.
    pub async fn start(settings: Settings) -> Self {
        // The scratch folder lies inside; the browser runs as another user and must be able to pass.
        let folder = tempfile::Builder::new().prefix("export-site-").tempdir().expect("a folder can be made");
        open_to_others(folder.path());
        let mut site =
            Self { folder, server: None, url: String::new(), token: String::new(), settings, http: client() };
        site.start_server().await;
        site.token = site.token_for("demo");
        site
    }

    /// The data folder.
    #[must_use]
    pub fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the server, again after it was killed.
    ///
    /// # Panics
    /// If it does not start; the message has its log.
    pub async fn start_server(&mut self) {
        let log = self.folder.path().join("server.log");
        let seen = std::fs::read_to_string(&log).unwrap_or_default().len();
        let mut command = self.command("export-server");
        command.args(["--listen", "127.0.0.1:0"]);
        if self.settings.no_worker {
            command.arg("--no-worker");
        }
        let mut server = Program::start(command, &log);
        let deadline = Instant::now() + Duration::from_secs(30);
        while Instant::now() < deadline && server.is_running() {
            let text = server.log();
            let greeting =
                text[seen..].lines().find_map(|line| line.strip_prefix("Export Center ")?.split_once(" on "));
            if let Some((_, rest)) = greeting {
                self.url = rest.split(',').next().expect("a split has a first part").to_owned();
                self.server = Some(server);
                return;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("the server did not start:\n{}", server.log());
    }

    /// Starts a worker of its own.
    #[must_use]
    pub fn start_worker(&self, name: &str) -> Program {
        Program::start(self.command("export-worker"), &self.folder.path().join(format!("{name}.log")))
    }

    /// A development token for `tenant`.
    #[must_use]
    pub fn token_for(&self, tenant: &str) -> String {
        let data = self.data();
        let run = exportctl(["token", "--tenant", tenant, "--data", &data.display().to_string()]);
        assert_eq!(run.code, 0, "{}", run.stderr);
        run.stdout.trim().to_owned()
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(binary(program));
        command.env("EXPORT_DATA_DIR", self.data());
        command.env("EXPORT_WORKER__SCRATCH_DIR", self.folder.path().join("scratch"));
        command.envs(self.settings.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Sends a request as tenant `demo`; the status and the JSON body, null if it is not JSON.
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub async fn send(
        &self,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> Result<(u16, Value), reqwest::Error> {
        let method = method.parse().expect("tests use real methods");
        let request = self.http.request(method, format!("{}{path}", self.url));
        let request = request.bearer_auth(&self.token).header("X-Tenant-Id", "demo");
        let response = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        let response = response.send().await?;
        let status = response.status().as_u16();
        let bytes = response.bytes().await?;
        Ok((status, serde_json::from_slice(&bytes).unwrap_or(Value::Null)))
    }

    /// Submits a request that must be accepted; the export's id.
    ///
    /// # Panics
    /// If it is not accepted.
    pub async fn submit(&self, body: Value) -> String {
        let (status, export) =
            self.send("POST", "/api/v1/exports", Some(body)).await.expect("the server answers");
        assert_eq!(status, 202, "{export:#}");
        export["export_id"].as_str().expect("an export has an id").to_owned()
    }

    /// The export as it stands now.
    ///
    /// # Panics
    /// If there is none.
    pub async fn get(&self, id: &str) -> Value {
        let (status, export) =
            self.send("GET", &format!("/api/v1/exports/{id}"), None).await.expect("the server answers");
        assert_eq!(status, 200, "{export:#}");
        export
    }

    /// Waits until the export has ended.
    ///
    /// # Panics
    /// If it takes longer than two minutes.
    pub async fn ended(&self, id: &str) -> Value {
        let deadline = Instant::now() + Duration::from_secs(120);
        loop {
            let export = self.get(id).await;
            if matches!(export["status"].as_str(), Some("completed" | "failed")) {
                return export;
            }
            assert!(Instant::now() < deadline, "{id} does not end: {export:#}\n{}", self.log());
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// Downloads an artifact through its signed link.
    ///
    /// # Panics
    /// If it cannot be downloaded.
    pub async fn download(&self, id: &str, artifact: &str) -> Vec<u8> {
        let path = format!("/api/v1/exports/{id}/download?artifact={artifact}");
        let (status, link) = self.send("GET", &path, None).await.expect("the server answers");
        assert_eq!(status, 200, "{link:#}");
        let url = link["download_url"].as_str().expect("a link has a URL");
        let response = self.http.get(url).send().await.expect("the server answers");
        assert_eq!(response.status().as_u16(), 200);
        response.bytes().await.expect("the artifact arrives").to_vec()
    }

    /// What the server has logged.
    #[must_use]
    pub fn log(&self) -> String {
        self.server.as_ref().map(Program::log).unwrap_or_default()
    }
}

fn client() -> reqwest::Client {
    let _installed_before = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(60))
        .build()
        .expect("a client can be built")
}

fn open_to_others(folder: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o711)).expect("the folder is ours");
}
