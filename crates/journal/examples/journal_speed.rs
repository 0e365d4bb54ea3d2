//! How fast the journal is here: `cargo run --release -p comity-journal --example journal_speed -- [FOLDER] [SECONDS]`.
//!
//! Batches of 8,190 entries of 96 bytes, pipelined; then one small batch in flight against the disk's own write and
//! `fdatasync` of the same size in the same run; then reading back with every check. Figures depend on the disk.

use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use comity_journal::{FileLog, Kind, Log, Micros, Options, OsDisk, Reader, Start, verify_dir};

const ENTRIES: u32 = 8_190;
const ENTRY_LEN: usize = 96;

#[expect(clippy::print_stdout, reason = "an example prints its figures")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let root = args.next().map_or_else(|| PathBuf::from("target/journal-speed"), PathBuf::from);
    let seconds = args.next().map_or(Ok(3.0), |text| text.parse::<f64>())?;
    let length = Duration::from_secs_f64(seconds);
    std::fs::create_dir_all(&root)?;
    let dir = root.join("journal");
    if dir.exists() {
        std::fs::remove_dir_all(&dir)?;
    }
    let (mut log, _) = FileLog::open(OsDisk::shared(), &dir, Options::default())?;
    let batch = vec![0x5a_u8; ENTRIES as usize * ENTRY_LEN];

    let raw = raw_stream(&root.join("raw"), &batch, length)?;
    println!("raw write + fdatasync   {raw:7.1} MB/s, one batch at a time");

    let began = Instant::now();
    let mut batches = 0u64;
    while began.elapsed() < length {
        let mut record = log.record(Kind::Entries, Micros(batches));
        record.entries = ENTRIES;
        record.extend(&batch);
        log.append(record)?;
        batches += 1;
    }
    log.wait(log.next_frame())?;
    let took = began.elapsed().as_secs_f64();
    let bytes = batches as f64 * batch.len() as f64;
    println!(
        "journal, pipelined      {:7.1} MB/s, {:.2} M entries/s ({batches} batches)",
        bytes / took / 1e6,
        batches as f64 * f64::from(ENTRIES) / took / 1e6
    );

    // Once more: disks behind a quota are faster at first.
    let raw = raw_stream(&root.join("raw"), &batch, length)?;
    println!("raw once more           {raw:7.1} MB/s");

    for payload in [300usize, 3_976] {
        let (mut ours, mut disks) = (Vec::new(), Vec::new());
        let mut raw = Raw::open(&root.join("raw"))?;
        for round in 0..2_000u64 {
            // In turns first: whoever syncs first also pays for what other programs have left to be committed.
            for ours_now in [round % 2 == 0, round % 2 == 1] {
                let began = Instant::now();
                if ours_now {
                    let mut record = log.record(Kind::Entries, Micros(round));
                    record.entries = 1;
                    record.extend(&batch[..payload]);
                    log.append_durable(record)?;
                    ours.push(began.elapsed());
                } else {
                    raw.write(&batch[..payload + comity_journal::OVERHEAD_LEN])?;
                    disks.push(began.elapsed());
                }
            }
        }
        let (ours, disks) = (median(ours), median(disks));
        println!(
            "one in flight, {payload:5} B  {ours:?} median; disk alone {disks:?}; {:.2} times",
            ours.as_secs_f64() / disks.as_secs_f64()
        );
    }
    log.close()?;

    let began = Instant::now();
    let mut reader = Reader::open(OsDisk::shared(), &dir, Start::BEGINNING)?;
    let mut read = 0u64;
    while let Some(frame) = reader.next()? {
        read += frame.payload.len() as u64;
    }
    println!("reading, fully checked  {:7.1} MB/s", read as f64 / began.elapsed().as_secs_f64() / 1e6);
    let report = verify_dir(&dir)?;
    println!(
        "verified                {} frames, {} entries, {} segments, sound: {}",
        report.frames,
        report.entries,
        report.segments,
        report.is_sound()
    );
    std::fs::remove_dir_all(&root)?;
    Ok(())
}

/// A bare file that is appended to and synced.
struct Raw {
    file: std::fs::File,
}

impl Raw {
    fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = options.create(true).truncate(true).write(true).open(path)?;
        Ok(Self { file })
    }

    fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        use std::io::Write as _;
        self.file.write_all(bytes)?;
        self.file.sync_data()
    }
}

fn raw_stream(path: &Path, batch: &[u8], length: Duration) -> io::Result<f64> {
    let mut raw = Raw::open(path)?;
    let began = Instant::now();
    let mut bytes = 0.0;
    while began.elapsed() < length {
        raw.write(batch)?;
        bytes += batch.len() as f64;
    }
    Ok(bytes / began.elapsed().as_secs_f64() / 1e6)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}
