//! openpyxl, in one Python process for all files of a test binary.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::Value;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/reader/read.py");
const VENV: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../.venv/bin/python3");

struct Reader {
    _process: Child,
    paths: ChildStdin,
    answers: BufReader<ChildStdout>,
}

/// What openpyxl sees in a workbook, as `read.py` tells it.
pub(crate) fn read(bytes: &[u8]) -> Result<Value, String> {
    static READER: OnceLock<Mutex<Reader>> = OnceLock::new();
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("report.xlsx");
    std::fs::write(&path, bytes).unwrap();
    let reader = READER.get_or_init(|| Mutex::new(Reader::start()));
    let answer = reader.lock().unwrap_or_else(PoisonError::into_inner).ask(&path);
    match answer.get("error") {
        Some(error) => Err(format!("openpyxl does not open it: {error}")),
        None => Ok(answer),
    }
}

impl Reader {
    fn start() -> Self {
        let venv = PathBuf::from(VENV);
        let python = if venv.exists() { venv } else { PathBuf::from("python3") };
        let mut command = Command::new(python);
        // Its standard error would outlive the test.
        command.arg(SCRIPT).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut process = command.spawn().expect("python3 is missing: run scripts/setup.sh test");
        let paths = process.stdin.take().unwrap();
        let answers = BufReader::new(process.stdout.take().unwrap());
        Self { _process: process, paths, answers }
    }

    fn ask(&mut self, path: &Path) -> Value {
        let mut answer = String::new();
        let asked = writeln!(self.paths, "{}", path.display());
        let answered = asked.and_then(|()| self.answers.read_line(&mut answer));
        assert!(answered.is_ok_and(|bytes| bytes > 0), "openpyxl is missing: run scripts/setup.sh test");
        serde_json::from_str(&answer).unwrap()
    }
}
