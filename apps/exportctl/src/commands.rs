//! One file for each command.

mod audit;
mod cancel;
mod convert;
mod demo;
mod download;
mod get;
mod inspect;
mod keys;
mod list;
mod sealing;
mod server;
mod shape;
mod submit;
mod template;
mod token;
mod trusted;
mod verify;
mod watch;

use clap::Subcommand;

pub(crate) use self::server::Connection;
use crate::failure::Failure;
use crate::output::Output;

/// What `exportctl` can do.
#[derive(Subcommand)]
pub(crate) enum Command {
    Convert(convert::Convert),
    Inspect(inspect::Inspect),
    Submit(submit::Submit),
    Watch(watch::Watch),
    Download(download::Download),
    Get(get::Get),
    List(list::List),
    Cancel(cancel::Cancel),
    Template(template::Template),
    Keys(keys::Keys),
    Verify(verify::Verify),
    Audit(audit::Audit),
    Token(token::Token),
    Demo(demo::Demo),
}

impl Command {
    pub(crate) async fn run(self, output: Output, connection: &Connection) -> Result<(), Failure> {
        match self {
            Self::Convert(convert) => convert.run(output).await,
            Self::Inspect(inspect) => inspect.run(output),
            Self::Submit(submit) => submit.run(output, connection).await,
            Self::Watch(watch) => watch.run(output, connection).await,
            Self::Download(download) => download.run(output, connection).await,
            Self::Get(get) => get.run(output, connection).await,
            Self::List(list) => list.run(output, connection).await,
            Self::Cancel(cancel) => cancel.run(output, connection).await,
            Self::Template(template) => template.run(output, connection).await,
            Self::Keys(keys) => keys.run(output),
            Self::Verify(verify) => verify.run(output),
            Self::Audit(audit) => audit.run(output, connection).await,
            Self::Token(token) => token.run(output),
            Self::Demo(demo) => demo.run(output, connection).await,
        }
    }
}
