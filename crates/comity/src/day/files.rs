//! What a run writes: `outbox/*.xml`, `statements/*.xml`, those of unions as `.csv`, `summary.json`, `report.html`.

use std::path::{Path, PathBuf};

use comity_gateway::outbox::{Deliver, OutKind};
use comity_iso20022::ident::Bic;

use crate::exit::{Exit, Failure, at};
use crate::unions::{self, View};

const OUTBOX: &str = "outbox";
const STATEMENTS: &str = "statements";
/// The summary's file name.
pub(crate) const SUMMARY: &str = "summary.json";
/// The report's file name.
pub(crate) const REPORT: &str = "report.html";

/// Writes messages as files, one each, named by receiver and message.
pub(crate) struct Writer {
    dir: PathBuf,
    fault: Option<String>,
    pub(crate) outbox: u64,
    pub(crate) statements: u64,
    path: String,
}

impl Writer {
    pub(crate) fn new(dir: &Path) -> Result<Self, Failure> {
        for name in [OUTBOX, STATEMENTS] {
            let path = dir.join(name);
            std::fs::create_dir_all(&path).map_err(at(&path))?;
        }
        Ok(Self { dir: dir.to_path_buf(), fault: None, outbox: 0, statements: 0, path: String::new() })
    }

    /// The first failure to write, if any: answers are derived and are written again when the run is repeated.
    pub(crate) fn check(&mut self) -> Result<(), Failure> {
        match self.fault.take() {
            Some(fault) => Err(Failure::new(Exit::Fault, fault)),
            None => Ok(()),
        }
    }
}

impl Deliver for Writer {
    fn deliver(&mut self, to: Bic, kind: OutKind, id: &str, bytes: &[u8]) {
        use std::fmt::Write as _;
        let statement = matches!(kind, OutKind::Statement);
        let folder = if statement { STATEMENTS } else { OUTBOX };
        if statement {
            self.statements += 1;
        } else {
            self.outbox += 1;
        }
        self.path.clear();
        write!(self.path, "{}/{folder}/{to}-{}-{id}.xml", self.dir.display(), kind.name()).expect("text grows");
        if let Err(error) = put(Path::new(&self.path), bytes) {
            self.fault.get_or_insert(format!("{}: {error}", self.path));
        }
    }
}

/// Removes what an earlier run with another journal wrote.
pub(crate) fn clear(dir: &Path) -> Result<(), Failure> {
    for name in [OUTBOX, STATEMENTS] {
        let folder = dir.join(name);
        if !folder.exists() {
            continue;
        }
        for entry in std::fs::read_dir(&folder).map_err(at(&folder))? {
            let path = entry.map_err(at(&folder))?.path();
            if path.extension().is_some_and(|end| end == "xml" || end == "csv") {
                std::fs::remove_file(&path).map_err(at(&path))?;
            }
        }
    }
    Ok(())
}

pub(crate) fn write_summary(dir: &Path, summary: &serde_json::Value) -> Result<(), Failure> {
    let path = dir.join(SUMMARY);
    let text = serde_json::to_string_pretty(summary).expect("a JSON value is text");
    put(&path, (text + "\n").as_bytes()).map_err(at(&path))
}

/// Writes the statements of members' positions; how many there are.
pub(crate) fn write_union_statements(dir: &Path, views: &[View<'_>]) -> Result<usize, Failure> {
    let statements = unions::statements(views);
    for (name, text) in &statements {
        let path = dir.join(STATEMENTS).join(name);
        put(&path, text.as_bytes()).map_err(at(&path))?;
    }
    Ok(statements.len())
}

pub(crate) fn write_report(dir: &Path, html: &str) -> Result<(), Failure> {
    let path = dir.join(REPORT);
    put(&path, html.as_bytes()).map_err(at(&path))
}

/// A file that is not whole yet; a run that goes on writes over it.
const UNFINISHED: &str = ".unfinished";

/// Writes a file as a whole or not at all: whoever looks while a run is killed, or goes on and writes the same again,
/// never sees a part of an answer. What is there already stays untouched, which also makes going on faster.
fn put(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    if std::fs::read(path).is_ok_and(|there| there == bytes) {
        return Ok(());
    }
    let unfinished = path.with_file_name(UNFINISHED);
    std::fs::write(&unfinished, bytes)?;
    std::fs::rename(&unfinished, path)
}
