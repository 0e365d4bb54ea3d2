//! `kill -9`, for real: a child process writes a journal and says what was acknowledged; it is killed in the middle of it,
//! over and over on the same journal. Whatever it had said is there, nothing else than what it sent, and all in order.
//!
//! Deliberately absent: sleeps. The moment of the kill is chosen by counting the child's acknowledgements.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use comity_journal::{FileLog, Kind, Log, Micros, Mode, Options, OsDisk, Reader, Record, Start, verify_dir};

const KILLS: u64 = 60;

fn main() {
    let args: Vec<String> = std::env::args().collect();
    match &args[1..] {
        [word, dir, mode] if word == "child" => child(Path::new(dir), mode == "threads"),
        _ => parent(),
    }
}

fn record(n: u64) -> Record {
    let len = (n * 977 % 9_000) as usize;
    Record::of(Kind::Entries, Micros(n), 1, &vec![(n % 253) as u8; len])
}

fn options(threads: bool) -> Options {
    Options { segment_bytes: 1 << 20, mode: if threads { Mode::Threads } else { Mode::Inline }, ..Options::default() }
}

/// Appends for ever; prints the number of each entry once it is durable.
fn child(dir: &Path, threads: bool) {
    let (mut log, _) = FileLog::open(OsDisk::shared(), dir, options(threads)).expect("the journal opens");
    let mut out = std::io::stdout().lock();
    let mut n = log.next_entry().0;
    loop {
        for _ in 0..n % 7 {
            log.append(record(n)).expect("the record is taken");
            n += 1;
        }
        log.append_durable(record(n)).expect("becomes durable");
        writeln!(out, "{n}").expect("the parent listens");
        n += 1;
    }
}

fn parent() {
    let root = tempfile::tempdir().expect("a folder for the test");
    let dir = root.path().join("journal");
    let me = std::env::current_exe().expect("this program");
    let mut acknowledged = 0;
    for kill in 0..KILLS {
        let mode = if kill % 2 == 0 { "threads" } else { "inline" };
        let mut child = Command::new(&me)
            .arg("child")
            .arg(&dir)
            .arg(mode)
            .stdout(Stdio::piped())
            .spawn()
            .expect("the child starts");
        let mut lines = BufReader::new(child.stdout.take().expect("its output")).lines();
        for _ in 0..1 + kill * 7 % 40 {
            if let Some(Ok(line)) = lines.next() {
                acknowledged = line.parse().expect("a number");
            }
        }
        child.kill().expect("the child is killed");
        child.wait().expect("the child is gone");
        // What it said between the last line read and its end counts as well.
        for line in lines.map_while(Result::ok) {
            acknowledged = line.parse().unwrap_or(acknowledged);
        }
        check(&dir, acknowledged, kill);
    }
    let (mut log, _) = FileLog::open(OsDisk::shared(), &dir, options(false)).expect("opens");
    log.close().expect("closes");
    let report = verify_dir(&dir).expect("is whole");
    assert!(report.is_sound() && report.closed, "{report:?}");
    assert!(report.entries >= acknowledged && report.segments > 1);
}

/// Reads the journal as the killed child left it.
fn check(dir: &Path, acknowledged: u64, kill: u64) {
    let mut reader = Reader::open(OsDisk::shared(), dir, Start::BEGINNING).expect("the journal can be read");
    let mut n = 0;
    while let Some(frame) = reader.next().expect("every frame is whole") {
        n += 1;
        let sent = record(n);
        assert_eq!(frame.first_entry().0, n, "kill {kill}");
        assert_eq!(frame.payload, sent.payload(), "kill {kill}, entry {n}");
    }
    assert!(n >= acknowledged, "kill {kill}: {n} found, {acknowledged} acknowledged");
}
