//! The inbox: files in the order of their first message, read and translated on threads of their own, merged by time.
//!
//! Files are taken in the order of their first creation time (then name). A line is handed on once no later file can hold
//! an earlier one, so memory is bounded by how far files overlap in time. Absent on purpose: rules about messages.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};

use comity_gateway::inbound::Options as InboundOptions;
use comity_gateway::{Directory, Inbound, translate, translate_csv};
use comity_ledger::ids::Time;

use crate::exit::{Exit, Failure, at};

/// A file of the inbox.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) name: String,
    pub(crate) len: u64,
    /// Creation time of its first message, or the time of its first line; zero when none can be read.
    pub(crate) start: Time,
}

/// Bytes looked at to find a file's first time.
const PEEK: u64 = 16 * 1024;
/// Largest file.
const FILE_MAX: u64 = 1 << 30;
/// Files each thread translates ahead of their use.
const AHEAD: usize = 4;

/// Lists the files of an inbox in the order they are taken.
pub(crate) fn list(dir: &Path) -> Result<Vec<File>, Failure> {
    let mut files = Vec::new();
    if !dir.exists() {
        return Ok(files);
    }
    for entry in std::fs::read_dir(dir).map_err(at(dir))? {
        let path = entry.map_err(at(dir))?.path();
        let is_message = path.extension().is_some_and(|end| end == "xml" || end == "csv");
        if !is_message {
            continue;
        }
        let len = std::fs::metadata(&path).map_err(at(&path))?.len();
        if len > FILE_MAX {
            let message = format!("{}: {len} bytes exceed the limit of {FILE_MAX} for one file", path.display());
            return Err(Failure::refused(message));
        }
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let start = peek(&path).map_err(at(&path))?;
        files.push(File { path, name, len, start });
    }
    files.sort_by(|a, b| (a.start, &a.name).cmp(&(b.start, &b.name)));
    Ok(files)
}

/// The first time in a file: of the first `CreDtTm` of an XML file, of the first line of a CSV file.
fn peek(path: &Path) -> std::io::Result<Time> {
    let mut head = Vec::new();
    std::fs::File::open(path)?.take(PEEK).read_to_end(&mut head)?;
    let text = String::from_utf8_lossy(&head);
    let text = if path.extension().is_some_and(|end| end == "csv") {
        text.lines().nth(1).and_then(|line| line.split(',').next()).map(|field| field.trim_matches('"').to_string())
    } else {
        text.split_once("CreDtTm>").and_then(|(_, rest)| rest.split('<').next()).map(|text| text.trim().to_string())
    };
    let time = text.and_then(|text| comity_iso20022::Timestamp::parse(&text));
    Ok(time.and_then(|time| u64::try_from(time.micros).ok()).map_or(Time(0), Time))
}

/// A file, translated.
pub(crate) struct Translated {
    pub(crate) document: Document,
    pub(crate) lines: Vec<Inbound>,
}

/// The original, packed for the journal.
pub(crate) struct Document {
    pub(crate) number: u64,
    pub(crate) at: Time,
    pub(crate) len: u64,
    pub(crate) packed: Vec<Vec<u8>>,
}

/// The reading threads: file `n` comes from thread `n` modulo their number, so the order of files stays.
pub(crate) struct Reading {
    threads: Vec<Receiver<Result<Translated, Failure>>>,
    next: usize,
}

/// Most reading threads.
const THREADS_MAX: usize = 8;

impl Reading {
    /// Starts to read; documents are numbered from `first`.
    pub(crate) fn start(files: &[File], directory: &Arc<Directory>, first: u64) -> Self {
        let count = std::thread::available_parallelism().map_or(1, usize::from).min(THREADS_MAX);
        let threads = (0..count)
            .map(|thread| {
                let own: Vec<(u64, File)> = (first..).zip(files.iter().cloned()).skip(thread).step_by(count).collect();
                let directory = Arc::clone(directory);
                let (sender, receiver) = sync_channel(AHEAD);
                std::thread::spawn(move || {
                    for (number, file) in &own {
                        let translated = read(&directory, file, *number);
                        let failed = translated.is_err();
                        if sender.send(translated).is_err() || failed {
                            return;
                        }
                    }
                });
                receiver
            })
            .collect();
        Self { threads, next: 0 }
    }

    /// The next file, in order.
    fn next(&mut self) -> Result<Translated, Failure> {
        let thread = &self.threads[self.next];
        self.next = (self.next + 1) % self.threads.len();
        thread.recv().map_err(|_| Failure::new(Exit::Fault, "a reading thread ended early"))?
    }
}

fn read(directory: &Directory, file: &File, number: u64) -> Result<Translated, Failure> {
    let bytes = std::fs::read(&file.path).map_err(at(&file.path))?;
    let mut lines = Vec::new();
    let options = InboundOptions { name: file.name.clone(), ..InboundOptions::default() };
    if file.name.ends_with(".csv") {
        translate_csv(directory, &options, number, &bytes, |line| lines.push(line));
    } else {
        translate(directory, &options, number, &bytes, |line| lines.push(line));
    }
    let packed = comity_engine::node::pack(number, file.start, &file.name, &bytes);
    let document = Document { number, at: file.start, len: file.len, packed };
    Ok(Translated { document, lines })
}

/// Lines of all files in one order of time.
pub(crate) struct Merge<'a> {
    reading: Reading,
    files: std::slice::Iter<'a, File>,
    /// Lines not handed on yet, by time, then file, then line.
    held: BTreeMap<(Time, u64, usize), Inbound>,
    ended: bool,
}

impl<'a> Merge<'a> {
    pub(crate) fn new(reading: Reading, files: &'a [File]) -> Self {
        Self { reading, files: files.iter(), held: BTreeMap::new(), ended: false }
    }

    /// The next file's original, if a file was read, and in `ready` the lines that come before anything still unread.
    /// `None` when everything was handed on.
    pub(crate) fn next(&mut self, ready: &mut Vec<Inbound>) -> Result<Option<Option<Document>>, Failure> {
        let Some(file) = self.files.next() else {
            if std::mem::replace(&mut self.ended, true) {
                return Ok(None);
            }
            ready.extend(std::mem::take(&mut self.held).into_values());
            return Ok(Some(None));
        };
        let translated = self.reading.next()?;
        for (at, mut line) in translated.lines.into_iter().enumerate() {
            // A message cannot arrive before its file's first message.
            line.at = line.at.max(file.start);
            self.held.insert((line.at, translated.document.number, at), line);
        }
        if let Some(next) = self.files.as_slice().first() {
            let later = self.held.split_off(&(next.start, 0, 0));
            ready.extend(std::mem::replace(&mut self.held, later).into_values());
        }
        Ok(Some(Some(translated.document)))
    }
}
