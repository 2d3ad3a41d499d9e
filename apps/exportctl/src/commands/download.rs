//! `exportctl download`: get what an export made, checked against its digests.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use clap::Args;
use export_client::Client;
use export_core::export::{Artifact, Export};
use export_core::id::ExportId;
use serde_json::json;

use super::server::{Connection, Server, check_completed};
use crate::bytes;
use crate::failure::Failure;
use crate::output::Output;

/// Download what an export made, checked against its digests
#[derive(Args)]
pub(crate) struct Download {
    /// The export's id
    id: ExportId,
    /// Only this artifact; may be given several times [default: all]
    #[arg(long = "artifact", value_name = "NAME")]
    artifacts: Vec<String>,
    /// Folder for the files
    #[arg(long, default_value = ".", value_name = "DIR")]
    out: PathBuf,
    #[command(flatten)]
    server: Server,
}

impl Download {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let client = self.server.client(connection)?;
        let export = client.get(self.id).await?;
        check_completed(&export)?;
        let all: Vec<&Artifact> = export.artifacts.iter().flatten().collect();
        if let Some(unknown) = self.artifacts.iter().find(|name| all.iter().all(|it| it.name != **name)) {
            let names: Vec<&str> = all.iter().map(|it| it.name.as_str()).collect();
            return Err(Failure::usage(format!(
                "there is no {unknown}; the export has {}",
                names.join(", ")
            )));
        }
        let wanted = |it: &&&Artifact| self.artifacts.is_empty() || self.artifacts.contains(&it.name);
        let mut files = Vec::new();
        for artifact in all.iter().filter(wanted) {
            let path = one(&client, &export, artifact, &self.out, output).await?;
            files.push(json!({ "name": artifact.name, "path": path, "size": artifact.size, "sha256": artifact.sha256 }));
        }
        let text = || {
            let line = |it: &&&Artifact| {
                format!(
                    "{}  {}  sha256 {}",
                    self.out.join(&it.name).display(),
                    bytes::size(it.size),
                    it.sha256
                )
            };
            all.iter().filter(wanted).map(|it| line(&it)).collect::<Vec<_>>().join("\n")
        };
        output.result(&json!({ "export_id": self.id, "files": files }), text);
        Ok(())
    }
}

/// Downloads one artifact into `folder`; the path it got.
pub(crate) async fn one(
    client: &Client,
    export: &Export,
    artifact: &Artifact,
    folder: &Path,
    output: Output,
) -> Result<PathBuf, Failure> {
    // Names come from the server: only a plain file name may become a path.
    let plain = Path::new(&artifact.name).file_name().is_some_and(|name| name == artifact.name.as_str());
    if !plain {
        return Err(Failure::new(format!(
            "the server names an artifact `{}`, which is no file name",
            artifact.name
        )));
    }
    let path = folder.join(&artifact.name);
    write(client, export.export_id, artifact, &path, output).await?;
    Ok(path)
}

/// The file appears under its name once it is whole and its digest is right.
async fn write(
    client: &Client,
    id: ExportId,
    artifact: &Artifact,
    path: &Path,
    output: Output,
) -> Result<(), Failure> {
    let failed = |error| Failure::new(format!("{} cannot be written: {error}", path.display()));
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder).map_err(failed)?;
    let staged = tempfile::Builder::new().prefix(".download-").tempfile_in(folder).map_err(failed)?;
    let bar = crate::meter::bytes(output, artifact.name.clone(), artifact.size);
    client.download(id, artifact, &mut bar.wrap_write(staged.as_file())).await?;
    bar.finish_and_clear();
    staged.as_file().set_permissions(Permissions::from_mode(0o644)).map_err(failed)?;
    staged.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}
