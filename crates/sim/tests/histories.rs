//! Two hundred histories on each push, the same seed twice, and the seeds that once found something.

use comity_sim::{Config, Outcome, run, run_to_disk};

/// Seeds of each push.
const SEEDS: u64 = 200;

fn unbroken(seed: u64, config: &Config) -> Outcome {
    let outcome = run(seed, config);
    assert!(outcome.failure.is_none(), "{outcome}");
    outcome
}

#[test]
fn two_hundred_histories_break_no_promise() {
    let config = Config::default();
    let mut carried = 0;
    let mut total = [0_u64; 10];
    for seed in 0..SEEDS {
        let o = unbroken(seed, &config);
        let met = [
            o.crashes,
            o.faults,
            o.torn,
            o.beyond_mark,
            o.snapshots_used,
            o.checkpoints,
            o.archived,
            o.harms,
            o.closings,
            o.documents,
        ];
        carried += o.carried;
        for (sum, count) in total.iter_mut().zip(met) {
            *sum += count;
        }
    }
    // A simulation that no longer meets what it is for has stopped proving anything.
    assert!(total.iter().all(|count| *count > 20), "something is hardly met any more: {total:?}");
    // Few histories are long enough for a cycle that everybody confirms.
    assert!(carried > 5, "unions carried {carried} times");
}

#[test]
fn the_same_seed_gives_the_same_history_byte_for_byte() {
    let config = Config::default();
    let mut traces = std::collections::BTreeSet::new();
    for seed in 1_000..1_010 {
        let ((one, disk), (two, other)) = (run_to_disk(seed, &config), run_to_disk(seed, &config));
        assert_eq!(one, two);
        assert!(disk.files() == other.files(), "seed {seed} leaves other files the second time");
        traces.insert(one.trace);
    }
    assert_eq!(traces.len(), 10, "different seeds give different histories");
}

/// Closed journals as files of the real disk, proven by what a user runs.
#[test]
fn what_a_history_leaves_is_proven_by_the_verifier_on_real_files() {
    let mut proven = 0;
    for seed in 2_000..2_030 {
        let (outcome, disk) = run_to_disk(seed, &Config::default());
        assert!(outcome.failure.is_none(), "{outcome}");
        if disk.files().keys().any(|path| path.starts_with("/node/archive/")) {
            // Its beginning is elsewhere: the journal's own verifier took both together.
            continue;
        }
        let folder = tempfile::tempdir().expect("a folder");
        for (path, bytes) in disk.files() {
            let path = folder.path().join(path.trim_start_matches('/'));
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(path, bytes).expect("a file");
        }
        let proof = comity_engine::verify::verify(&folder.path().join("node/journal"), |_| ());
        let proof = proof.unwrap_or_else(|fault| panic!("seed {seed}: {fault}"));
        assert_eq!(proof.digest, outcome.digest, "seed {seed}");
        assert!(proof.journal.is_sound() && proof.unsigned == 0, "seed {seed}: the last thing was a checkpoint");
        proven += 1;
    }
    assert!(proven >= 10, "{proven} proven");
}
