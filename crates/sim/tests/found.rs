//! Seeds that once broke a promise, each with what it found. A change of the traffic gives a seed another history, so the
//! mistake itself is also tested where it was made.

use comity_sim::{Config, run};

fn unbroken(seeds: &[u64], config: &Config) {
    for seed in seeds {
        let outcome = run(*seed, config);
        assert!(outcome.failure.is_none(), "{outcome}");
    }
}

/// The name of the journal's folder was never made durable.
#[test]
fn power_lost_early_took_the_whole_journal_along() {
    unbroken(&[9, 11, 13, 16, 20, 22, 28], &Config::default());
}

/// A journal that ends with a seal after a crash.
#[test]
fn a_checkpoint_named_the_journals_own_seal() {
    unbroken(&[0, 3, 6, 9, 102, 113], &Config::default());
}

/// With credit in use an account holds more than ever came in (F-1).
#[test]
fn more_was_redeemed_than_had_come_in() {
    unbroken(&[133, 348, 512, 565, 597], &Config::default());
}

/// The node began at a snapshot; an earlier segment was lost to a disk that had lied, and the model must not call that a
/// broken promise of the node: whoever reads that far is told.
#[test]
fn a_lie_that_lost_what_a_snapshot_covers() {
    unbroken(&[706], &Config { lies: true, ..Config::default() });
}

/// A snapshot whose temporary file could not be created, and was there all the same, in a journal closed in good order.
#[test]
fn a_failed_snapshot_left_its_name_behind() {
    unbroken(&[6213, 8821, 13968], &Config::default());
}
