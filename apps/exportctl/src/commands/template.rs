//! `exportctl template`: the report templates of a tenant.

use std::io::Read as _;
use std::path::PathBuf;

use clap::{Args, Subcommand};
use export_client::TemplateInfo;
use export_core::template::MAX_TEMPLATE_BYTES;
use serde_json::json;

use super::server::{Connection, Server};
use crate::failure::Failure;
use crate::output::Output;

/// List, read, store, try and remove report templates
///
/// A template of one's own is a minijinja text over the same data that the built-in ones show. It starts well as a copy of one:
/// `show` gives its text, `preview` tries a changed file without storing it, and `put` stores it as custom-{tenant}, or
/// custom-{tenant}- and more. Reports that name it (`submit --template`) are printed by it.
#[derive(Args)]
#[command(after_help = "\
Examples:
  exportctl template list
  exportctl template show compliance-detailed > ours.html
  exportctl template preview custom-demo --file ours.html --out page.html
  exportctl template put custom-demo --file ours.html --description 'With our terms'
  exportctl submit --since -90d --format pdf --template custom-demo --out .
  exportctl template delete custom-demo")]
pub(crate) struct Template {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    server: Server,
}

#[derive(Subcommand)]
enum Action {
    /// List the built-in templates and the tenant's own
    List,
    /// Print a template's text
    Show {
        /// Its name
        name: String,
        /// An older version [default: the newest]
        #[arg(long, value_name = "NUMBER")]
        version: Option<u32>,
    },
    /// Store a template, or a new version of it
    Put {
        /// custom-{tenant}, or custom-{tenant}- and more
        name: String,
        /// The file with its text; - reads standard input
        #[arg(long, value_name = "FILE")]
        file: PathBuf,
        /// What it is for
        #[arg(long, value_name = "TEXT")]
        description: Option<String>,
    },
    /// Make a page of an invented report
    Preview {
        /// Its name
        name: String,
        /// A file to try instead of the stored text; - reads standard input
        #[arg(long, value_name = "FILE")]
        file: Option<PathBuf>,
        /// Write the page (HTML) into this file instead of printing it
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Remove a template with all its versions
    Delete {
        /// Its name
        name: String,
    },
}

impl Template {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        let client = self.server.client(connection)?;
        match self.action {
            Action::List => {
                let mut templates = Vec::new();
                let mut cursor = None;
                loop {
                    let page = client.templates(cursor.as_deref()).await?;
                    templates.extend(page.templates);
                    cursor = page.next_cursor;
                    if cursor.is_none() {
                        break;
                    }
                }
                output.result(&json!({ "templates": templates }), || table(&templates));
            }
            Action::Show { name, version } => {
                let template = client.template(&name, version).await?;
                let text = template.text.clone();
                let none = || format!("{name} has no text: its report is not made of a page");
                let text = text.ok_or_else(|| Failure::new(none()))?;
                output.result(&template, || text);
            }
            Action::Put { name, file, description } => {
                let (template, is_new) =
                    client.put_template(&name, &text_of(&file)?, description.as_deref()).await?;
                let version = template.version.unwrap_or(1);
                let told = if is_new { "stored as" } else { "is stored already as" };
                output.result(&template, || format!("{name} {told} version {version}"));
            }
            Action::Preview { name, file, out } => {
                let text = file.as_ref().map(text_of).transpose()?;
                let page = client.preview_template(&name, text.as_deref()).await?;
                match out {
                    None => output.result(&json!({ "html": page }), || page.clone()),
                    Some(path) => {
                        let failed = |error| Failure::new(format!("{}: {error}", path.display()));
                        std::fs::write(&path, &page).map_err(failed)?;
                        let shown = path.display().to_string();
                        output.result(&json!({ "file": shown }), || format!("{shown}; open it in a browser"));
                    }
                }
            }
            Action::Delete { name } => {
                client.delete_template(&name).await?;
                output
                    .result(&json!({ "deleted": name }), || format!("{name} is gone, with all its versions"));
            }
        }
        Ok(())
    }
}

/// The text in a file, or of standard input. What is longer than a template may be is for the server to refuse, but not read whole.
fn text_of(path: &PathBuf) -> Result<String, Failure> {
    let failed = |error: std::io::Error| Failure::new(format!("{}: {error}", path.display()));
    let most = MAX_TEMPLATE_BYTES as u64 + 1;
    let mut text = String::new();
    if path.as_os_str() == "-" {
        std::io::stdin().take(most).read_to_string(&mut text).map_err(failed)?;
    } else {
        let file = std::fs::File::open(path).map_err(failed)?;
        file.take(most).read_to_string(&mut text).map_err(failed)?;
    }
    Ok(text)
}

fn table(templates: &[TemplateInfo]) -> String {
    let wide = templates.iter().map(|template| template.name.len()).max().unwrap_or(4).max(4);
    let mut text = format!("{:wide$}  {:8}  {:6}  DESCRIPTION\n", "NAME", "VERSION", "FORMAT");
    for template in templates {
        let version = template.version.map_or_else(|| "built-in".to_owned(), |version| version.to_string());
        let (name, format) = (&template.name, template.format.to_string());
        text += &format!("{name:wide$}  {version:8}  {format:6}  {}\n", template.description);
    }
    text
}
