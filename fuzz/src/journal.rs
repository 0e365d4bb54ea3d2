//! A journal whose files are damaged: damage is found or cut, and nothing is ever read that was not written.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use comity_journal::{Disk, FileLog, Kind, Log, Micros, Options, Reader, Record, Start, verify};

use super::ram::Ram;

/// Folder of the journal on the disk in memory.
const DIR: &str = "journal";
/// Frames of the sound journal; with segments of 4 KiB they fill several.
const FRAMES: u64 = 48;
/// Most edits an input makes.
const EDITS_MAX: usize = 64;

/// A file with its content.
type Content = Vec<(PathBuf, Vec<u8>)>;

/// A sound journal, closed and as a crash would leave it, with what was written to both.
static SOUND: LazyLock<[Content; 2]> = LazyLock::new(|| [written(true), written(false)]);

/// The first byte chooses the journal (even: closed in good order; odd: left open). Then each six bytes are an edit:
/// file, place (three bytes), what to do, with which value.
pub fn run(data: &[u8]) -> bool {
    let Some((which, edits)) = data.split_first() else { return false };
    let mut content = SOUND[usize::from(which % 2)].clone();
    for edit in edits.chunks_exact(6).take(EDITS_MAX) {
        damage(&mut content, edit);
    }
    let disk: Arc<dyn Disk> = Arc::new(Ram::holding(content));
    let dir = Path::new(DIR);
    let verdict = verify(&disk, dir, &[]);
    let before = read(&disk);
    let Ok((log, _)) = FileLog::open(Arc::clone(&disk), dir, Options::small()) else { return false };
    drop(log);
    let after = read(&disk);
    assert!(after >= before, "opening kept {after} of {before} frames");
    let again = verify(&disk, dir, &[]);
    // Opening looks at the end of the journal only, so older damage may still be there; but it adds none.
    assert!(again.is_ok() || verdict.is_err(), "what verified before verifies after: {:?}", again.err());
    if again.is_ok() && edits.len() < 12 {
        assert!(after == FRAMES, "one fault was taken for the end of the journal: {after} of {FRAMES} frames");
    }
    after == FRAMES
}

/// Reads until the end or the first damage; every frame must be the one that was written in its place.
fn read(disk: &Arc<dyn Disk>) -> u64 {
    let Ok(mut reader) = Reader::open(Arc::clone(disk), Path::new(DIR), Start::BEGINNING) else { return 0 };
    let mut count = 0;
    while let Ok(Some(frame)) = reader.next() {
        assert_eq!(frame.payload, payload(count), "frame {count} is the one that was written");
        count += 1;
    }
    count
}

fn payload(number: u64) -> Vec<u8> {
    let len = usize::try_from(number * 37 % 400).unwrap_or_default();
    number.to_le_bytes().into_iter().cycle().take(len).collect()
}

fn written(closed: bool) -> Content {
    let ram = Arc::new(Ram::default());
    let disk: Arc<dyn Disk> = Arc::clone(&ram) as Arc<dyn Disk>;
    let (mut log, _) = FileLog::open(disk, Path::new(DIR), Options::small()).expect("a disk without faults");
    for number in 0..FRAMES {
        let record = Record::of(Kind::Entries, Micros(number), 1, &payload(number));
        log.append_durable(record).expect("a disk without faults");
    }
    if closed {
        log.close().expect("a disk without faults");
    }
    drop(log);
    ram.content()
}

fn damage(content: &mut Content, edit: &[u8]) {
    let [file, a, b, c, what, value] = edit else { return };
    if content.is_empty() {
        return;
    }
    let file = usize::from(*file) % content.len();
    let bytes = &mut content[file].1;
    let place = usize::try_from(u32::from_le_bytes([*a, *b, *c, 0])).unwrap_or_default() % (bytes.len() + 1);
    match what % 8 {
        0..=2 => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte ^= 1 << (value % 8);
            }
        }
        3 => {
            if let Some(byte) = bytes.get_mut(place) {
                *byte = *value;
            }
        }
        4 => bytes.truncate(place),
        5 => bytes.insert(place, *value),
        6 => {
            let end = bytes.len().min(place + usize::from(*value));
            bytes[place..end].fill(0);
        }
        _ => {
            if *value < 128 {
                let copy = content[usize::from(*value) % content.len()].1.clone();
                content[file].1 = copy;
            } else {
                content.remove(file);
            }
        }
    }
}
