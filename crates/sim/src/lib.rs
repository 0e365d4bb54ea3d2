//! Deterministic simulation of the production engine: one seed, one history.
//!
//! The engine, the journal and the ledger run as they are, on a simulated disk and clock; a model that trusts none of them
//! keeps the promises they make. Read [`run`], then `history.rs` (what happens), `model.rs` (what is promised) and
//! `disk.rs` (what a disk may do). Absent on purpose: threads, real time, real files, and a network.

pub mod books;
pub mod disk;
mod history;
pub mod model;
pub mod rng;
pub mod sabotage;
pub mod trace;
pub mod traffic;
mod union;
pub mod world;

use std::panic::{AssertUnwindSafe, catch_unwind};

pub use sabotage::Sabotage;

use history::History;

/// What a history is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// Sessions: from one opening of the node to the next.
    pub sessions: u32,
    /// Most batches of a session.
    pub steps: u32,
    /// Whether the disk fails, fills up, writes short and is read-only at times.
    pub faults: bool,
    /// Whether copies of the closed journal are damaged.
    pub harm: bool,
    /// Whether the disk lies about syncing. Losses are then counted instead of failing the history.
    pub lies: bool,
    /// A flaw built in on purpose.
    pub sabotage: Option<Sabotage>,
}

impl Default for Config {
    fn default() -> Self {
        Self { sessions: 5, steps: 24, faults: true, harm: true, lies: false, sabotage: None }
    }
}

/// What came of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The seed.
    pub seed: u64,
    /// Hash of every operation, event and digest, in order.
    pub trace: u64,
    /// How many operations the disk was asked for.
    pub operations: u64,
    /// Crashes: processes killed and power lost.
    pub crashes: u64,
    /// Faults of the disk: errors, short writes, full, read-only, lies.
    pub faults: u64,
    /// Entries accepted.
    pub entries: u64,
    /// Events handed out.
    pub events: u64,
    /// Times the node opened and was compared with the model.
    pub reopenings: u64,
    /// Sessions closed in good order.
    pub closings: u64,
    /// Closed journals verified.
    pub verified: u64,
    /// Torn appends met at opening.
    pub torn: u64,
    /// Whole frames met beyond the durable mark.
    pub beyond_mark: u64,
    /// Documents kept.
    pub documents: u64,
    /// Lines of unions' closings on which something was carried, and residuals that were settled, or part of them.
    pub carried: u64,
    /// Snapshots written.
    pub snapshots: u64,
    /// Openings that began at a snapshot.
    pub snapshots_used: u64,
    /// Checkpoints signed.
    pub checkpoints: u64,
    /// Segments archived.
    pub archived: u64,
    /// Batches the node refused to take.
    pub refused_batches: u64,
    /// Copies damaged at rest.
    pub harms: u64,
    /// Damaged copies that nevertheless opened, in the right state.
    pub harms_passed_by: u64,
    /// Losses of a lying disk that the node itself reported.
    pub losses_found_by_node: u64,
    /// Losses of a lying disk that only the model could know of.
    pub losses_found_by_model: u64,
    /// Digest of the last state.
    pub digest: [u8; 32],
    /// The broken promise, if one was.
    pub failure: Option<Failure>,
}

impl Outcome {
    fn new(seed: u64) -> Self {
        Self {
            seed,
            trace: 0,
            operations: 0,
            crashes: 0,
            faults: 0,
            entries: 0,
            events: 0,
            reopenings: 0,
            closings: 0,
            verified: 0,
            torn: 0,
            beyond_mark: 0,
            documents: 0,
            carried: 0,
            snapshots: 0,
            snapshots_used: 0,
            checkpoints: 0,
            archived: 0,
            refused_batches: 0,
            harms: 0,
            harms_passed_by: 0,
            losses_found_by_node: 0,
            losses_found_by_model: 0,
            digest: [0; 32],
            failure: None,
        }
    }
}

/// A broken promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The promise.
    pub promise: &'static str,
    /// What was found instead.
    pub what: String,
    /// The last operations before it was noticed, oldest first.
    pub last: Vec<String>,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(failure) = &self.failure else {
            return write!(
                f,
                "seed {}: {} entries, {} crashes, no promise broken",
                self.seed, self.entries, self.crashes
            );
        };
        writeln!(f, "seed {}: broken promise: {}", self.seed, failure.promise)?;
        writeln!(f, "  found: {}", failure.what)?;
        writeln!(
            f,
            "  after {} entries, {} crashes, {} operations; the last ones:",
            self.entries, self.crashes, self.operations
        )?;
        failure.last.iter().try_for_each(|line| writeln!(f, "    {line}"))
    }
}

/// Lives through the history of a seed.
#[must_use]
pub fn run(seed: u64, config: &Config) -> Outcome {
    run_to_disk(seed, config).0
}

/// The same, and the disk it left.
#[must_use]
pub fn run_to_disk(seed: u64, config: &Config) -> (Outcome, disk::SimDisk) {
    let mut history = History::new(seed, config);
    let disk = history.disk.clone();
    // A broken invariant stops the process in earnest; here it ends the history and names the seed.
    let ended = catch_unwind(AssertUnwindSafe(|| history.run()));
    let failure = match ended {
        Ok(Ok(())) => None,
        Ok(Err(broken)) => Some((broken.promise, broken.what)),
        Err(panic) => {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without words");
            Some(("nothing a user or a disk does makes the node panic", text.to_owned()))
        }
    };
    let mut outcome = history.outcome.clone();
    (outcome.trace, outcome.operations) = disk.trace();
    outcome.faults = disk.faults();
    outcome.failure = failure.map(|(promise, what)| Failure { promise, what, last: disk.last_ops() });
    (outcome, disk)
}
