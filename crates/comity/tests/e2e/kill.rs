//! `kill -9` while a day runs, at moments chosen by a seed: at once, anywhere, near the end, several times in a row.
//!
//! Nothing that was told is taken back, nothing happens twice, and what comes out in the end is what an undisturbed run
//! gives, byte by byte. `COMITY_KILLS` raises the number of kills; a failure names its seed.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use crate::world::{Chance, comity, command, copy_prepared, digest, files, folder_in_memory, read};

/// Kills, all chains together, when `COMITY_KILLS` does not say more.
const KILLS: u64 = 300;
/// Kills in a row before a chain is left to end.
const CHAIN: u64 = 12;

/// What an undisturbed run left.
struct Undisturbed {
    dir: tempfile::TempDir,
    outbox: BTreeMap<String, Vec<u8>>,
    statements: BTreeMap<String, Vec<u8>>,
    summary: String,
    digest: String,
    lasts: Duration,
}

fn undisturbed(seed: u64) -> Undisturbed {
    let home = folder_in_memory();
    comity(home.path(), &["demo", "--dir", "made", "--seed", &seed.to_string(), "--payments", "1000"]).ends(0);
    let dir = folder_in_memory();
    copy_prepared(&home.path().join("made"), dir.path());
    let timed = || {
        let started = Instant::now();
        comity(dir.path(), &["day", ".", "--no-report"]).ends(0);
        started.elapsed()
    };
    // The first run settles, the second one goes through what is there: a run after a kill does a part of both.
    let lasts = timed().min(timed());
    Undisturbed {
        outbox: files(&dir.path().join("outbox")),
        statements: files(&dir.path().join("statements")),
        summary: read(dir.path().join("summary.json")),
        digest: digest(dir.path()),
        lasts,
        dir,
    }
}

/// The answers a bank could have taken from the folder at this moment.
fn told(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut told = files(&dir.join("outbox"));
    told.append(&mut files(&dir.join("statements")));
    told.retain(|name, _| name.ends_with(".xml"));
    told
}

/// Kills runs of one folder until `budget` kills or a run that ended before its kill; then lets it end and compares.
/// Returns the number of kills.
fn chain(expected: &Undisturbed, seed: u64, budget: u64) -> u64 {
    let mut chance = Chance(seed);
    let dir = folder_in_memory();
    let dir = dir.path();
    copy_prepared(expected.dir.path(), dir);
    let mut heard: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut kills = 0;
    while kills < budget.min(CHAIN) {
        let lasts = u64::try_from(expected.lasts.as_micros()).expect("a short run");
        let delay = match chance.below(8) {
            0 => chance.below(3_000),
            1 => lasts * 9 / 10 + chance.below(lasts / 5),
            _ => chance.below(lasts * 3 / 4),
        };
        let mut child = command(dir, &["day", ".", "--no-report"])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("the binary starts");
        std::thread::sleep(Duration::from_micros(delay));
        // On Unix this is SIGKILL.
        child.kill().expect("a child can be killed");
        let ended = child.wait().expect("a child ends");
        if let Some(code) = ended.code() {
            assert_eq!(code, 0, "seed {seed}: a run after {kills} kills failed by itself");
            break;
        }
        kills += 1;
        let now = told(dir);
        for (name, bytes) in &heard {
            assert!(
                now.get(name) == Some(bytes),
                "seed {seed}: {name} was told before kill {kills} and is not there now"
            );
        }
        heard = now;
    }
    let last = comity(dir, &["day", ".", "--no-report"]).ends(0);
    assert_eq!(digest(dir), expected.digest, "seed {seed}: {}", last.err);
    assert_eq!(read(dir.join("summary.json")), expected.summary, "seed {seed}");
    let (outbox, statements) = (files(&dir.join("outbox")), files(&dir.join("statements")));
    let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&outbox), names(&expected.outbox), "seed {seed}");
    assert!(outbox == expected.outbox, "seed {seed}: an answer has other bytes");
    assert!(statements == expected.statements, "seed {seed}: a statement has other bytes");
    for (name, bytes) in &heard {
        let kept = outbox.get(name).or_else(|| statements.get(name));
        assert!(kept == Some(bytes), "seed {seed}: {name} was told before a kill and is not in the end");
    }
    comity(dir, &["verify", "."]).ends(0);
    kills
}

/// A share of all kills, so that two cores can work on them.
fn share(seed: u64) {
    let all = std::env::var("COMITY_KILLS").map_or(KILLS, |text| text.parse().expect("COMITY_KILLS is a number"));
    let expected = undisturbed(seed);
    let (mut kills, mut chains) = (0, 0_u64);
    while kills < all.div_ceil(2) {
        kills += chain(&expected, seed * 1_000_000 + chains, all.div_ceil(2) - kills);
        chains += 1;
        assert!(chains < 4 * all, "runs end before they can be killed");
    }
    eprintln!("{kills} kills in {chains} chains; an undisturbed run lasts {:?}", expected.lasts);
}

#[test]
fn a_killed_day_goes_on_and_ends_the_same() {
    share(1);
}

#[test]
fn a_killed_day_of_other_traffic_goes_on_and_ends_the_same() {
    share(2);
}
