//! What must be caught. A canary that lives means that the simulation has gone blind.

use comity_sim::{Config, Sabotage, run};

const SEEDS: u64 = 100;

/// How many of the seeds catch a flaw.
fn caught(flaw: Sabotage) -> u64 {
    let config = Config { faults: false, harm: false, sabotage: Some(flaw), ..Config::default() };
    (0..SEEDS).map(|seed| u64::from(run(seed, &config).failure.is_some())).sum()
}

#[test]
fn answers_before_durability_are_caught() {
    let caught = caught(Sabotage::EagerAnswers);
    assert!(caught >= 80, "{caught} of {SEEDS}");
}

#[test]
fn a_write_that_was_swallowed_is_caught() {
    let caught = caught(Sabotage::DroppedWrite);
    assert!(caught >= 50, "{caught} of {SEEDS}");
}

#[test]
fn an_entry_journalled_otherwise_than_applied_is_caught() {
    let caught = caught(Sabotage::TwistedEntry);
    assert!(caught >= 80, "{caught} of {SEEDS}");
}

#[test]
fn names_that_were_not_made_durable_are_caught() {
    let caught = caught(Sabotage::LostNames);
    assert!(caught >= 50, "{caught} of {SEEDS}");
}

/// A disk that lies about syncing loses what was acknowledged. No program can prevent that; what it can do is never to
/// show anything else instead: the rest is a beginning of the same history, and the model knows what is missing.
#[test]
fn a_lying_disk_is_found_out_and_never_gives_another_state() {
    let config = Config { faults: false, lies: true, ..Config::default() };
    let (mut by_node, mut by_model) = (0, 0);
    for seed in 0..SEEDS {
        let outcome = run(seed, &config);
        assert!(outcome.failure.is_none(), "{outcome}");
        by_node += u64::from(outcome.losses_found_by_node > 0);
        by_model += u64::from(outcome.losses_found_by_node == 0 && outcome.losses_found_by_model > 0);
    }
    assert!(by_node + by_model >= 70, "{by_node} by the node, {by_model} by the model, of {SEEDS}");
    assert!(by_node >= 5, "the node itself notices at times: {by_node}");
}
