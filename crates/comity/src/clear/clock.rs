//! Processor time of the calling thread: what a run costs, whoever else works on the machine.

use std::time::{Duration, Instant};

/// Measures from its making on.
pub(crate) struct Clock {
    started: Instant,
    used: Option<u64>,
}

/// A duration, and whether it is processor time; wall time where the system does not tell.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    pub(crate) time: Duration,
    pub(crate) is_cpu: bool,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { started: Instant::now(), used: used() }
    }

    pub(crate) fn took(&self) -> Took {
        match (self.used, used()) {
            // The scheduler's books are brought up to date a few times a second only; a short run may not show yet.
            (Some(before), Some(now)) if now > before => {
                Took { time: Duration::from_nanos(now - before), is_cpu: true }
            }
            _ => Took { time: self.started.elapsed(), is_cpu: false },
        }
    }
}

/// Nanoseconds this thread has run; Linux says so in `/proc`.
fn used() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
