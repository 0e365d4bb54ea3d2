//! Durable settled instructions a second: fdatasync before any is acknowledged; and the latency of one in flight.

use std::io::Write;
use std::path::Path;
use std::time::Instant;

use comity_engine::Node;
use comity_journal::Options;
use comity_ledger::command::Entry;

use super::{Figure, world};
use crate::exit::{Failure, at};

const BATCH: usize = 8_190;

pub(crate) fn run(dir: &Path, quick: bool) -> Result<Vec<Figure>, Failure> {
    let (payments, runs, singles) = if quick { (400_000, 3, 300) } else { (3_000_000, 5, 2_000) };
    let participants = 1_000;
    let mut draw = world::Draw::new(11);
    let traffic: Vec<Entry> = (0..payments).map(|at| world::payment(&mut draw, participants, at)).collect();
    let mut rates = Vec::new();
    let mut disk = Vec::new();
    for _ in 0..runs {
        rates.push(pipelined(dir, participants, &traffic)?);
        disk.push(raw_bandwidth(dir)?);
    }
    let mut ours = Vec::new();
    let mut raw = Vec::new();
    for _ in 0..runs {
        ours.push(one_in_flight(dir, participants, &traffic[..singles])?);
        raw.push(raw_sync(dir, singles)?);
    }
    let ours = Figure::of(
        "journal: one in flight, median latency",
        "us",
        ours,
        "one payment a batch, append to durable answer",
    );
    let raw = Figure::of("reference: write 4 KiB and fdatasync", "us", raw, "the disk's own, same file system");
    let ratio = Figure::of("journal: latency against the disk's own", "x", vec![ours.median / raw.median], "");
    Ok(vec![
        Figure::of(
            "journal: durable settled instructions",
            "/s",
            rates,
            format!("batches of {BATCH}, pipelined, {payments} payments"),
        ),
        Figure::of(
            "reference: sequential write with fdatasync every 8 MiB",
            "MB/s",
            disk,
            "what the disk allows at most",
        ),
        ours,
        raw,
        ratio,
    ])
}

fn fresh(dir: &Path) -> Result<std::path::PathBuf, Failure> {
    let journal = dir.join("journal-bench");
    if journal.exists() {
        std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    }
    std::fs::create_dir_all(&journal).map_err(at(&journal))?;
    Ok(journal)
}

fn open(dir: &Path, participants: u32, expected: usize) -> Result<(Node, std::path::PathBuf), Failure> {
    let journal = fresh(dir)?;
    let (mut node, _) = Node::open(&journal, Options::default(), expected)?;
    for batch in world::set_up(participants).chunks(BATCH) {
        node.commit_entries(batch.iter().cloned())?;
    }
    node.flush(|_, _| ())?;
    Ok((node, journal))
}

fn pipelined(dir: &Path, participants: u32, traffic: &[Entry]) -> Result<f64, Failure> {
    let (mut node, journal) = open(dir, participants, traffic.len())?;
    let mut settled = 0;
    let count = |settled: &mut usize, batch: &comity_engine::Batch| {
        let list = batch.events.list();
        *settled += list.iter().filter(|(_, event)| matches!(event, comity_ledger::Event::Settled { .. })).count();
    };
    let started = Instant::now();
    for batch in traffic.chunks(BATCH) {
        node.commit_entries(batch.iter().cloned())?;
        node.settle_down(8, |_, batch| count(&mut settled, batch))?;
    }
    node.flush(|_, batch| count(&mut settled, batch))?;
    let seconds = started.elapsed().as_secs_f64();
    assert!(settled == traffic.len(), "every payment of the measurement settles durably");
    drop(node);
    std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    Ok(settled as f64 / seconds)
}

/// Median microseconds from handing in one payment to its durable answer.
fn one_in_flight(dir: &Path, participants: u32, traffic: &[Entry]) -> Result<f64, Failure> {
    let (mut node, journal) = open(dir, participants, traffic.len())?;
    let mut times = Vec::with_capacity(traffic.len());
    for entry in traffic {
        let started = Instant::now();
        node.commit_entries([entry.clone()])?;
        node.flush(|_, _| ())?;
        times.push(started.elapsed().as_secs_f64() * 1e6);
    }
    drop(node);
    std::fs::remove_dir_all(&journal).map_err(at(&journal))?;
    times.sort_by(f64::total_cmp);
    Ok(times[times.len() / 2])
}

/// Median microseconds of writing 4 KiB and fdatasync.
fn raw_sync(dir: &Path, times: usize) -> Result<f64, Failure> {
    let path = dir.join("raw-bench");
    let mut file = std::fs::File::create(&path).map_err(at(&path))?;
    let block = [0x5a_u8; 4096];
    let mut samples = Vec::with_capacity(times);
    for _ in 0..times {
        let started = Instant::now();
        file.write_all(&block).and_then(|()| file.sync_data()).map_err(at(&path))?;
        samples.push(started.elapsed().as_secs_f64() * 1e6);
    }
    drop(file);
    std::fs::remove_file(&path).map_err(at(&path))?;
    samples.sort_by(f64::total_cmp);
    Ok(samples[samples.len() / 2])
}

/// Megabytes a second of sequential writing, synced every 8 MiB.
fn raw_bandwidth(dir: &Path) -> Result<f64, Failure> {
    let path = dir.join("raw-bench");
    let mut file = std::fs::File::create(&path).map_err(at(&path))?;
    let block = vec![0x5a_u8; 8 << 20];
    let started = Instant::now();
    for _ in 0..24 {
        file.write_all(&block).and_then(|()| file.sync_data()).map_err(at(&path))?;
    }
    let rate = 24.0 * block.len() as f64 / 1e6 / started.elapsed().as_secs_f64();
    drop(file);
    std::fs::remove_file(&path).map_err(at(&path))?;
    Ok(rate)
}
