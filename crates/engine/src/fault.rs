//! What can go wrong in the world around the engine. Refusals by the rules are events, never faults.

use comity_journal as journal;

/// The world failed, or what was read is not what was written.
#[derive(Debug, Clone)]
pub enum Fault {
    /// The journal could not be written, read, or is damaged.
    Journal(journal::Fault),
    /// A record of the journal cannot be understood.
    Malformed {
        /// The frame it is in.
        frame: u64,
        /// What is wrong.
        what: String,
    },
    /// Replaying the journal does not give what a record of it says.
    Mismatch {
        /// The frame that says so.
        frame: u64,
        /// The first entry after the last place that was proven, and the entry it was noticed at.
        entries: (u64, u64),
        /// What differs.
        what: String,
    },
    /// A request proposes a proposal.
    Nested,
    /// The batch is larger than a batch may be.
    BatchFull {
        /// Most entries of a batch.
        limit: usize,
    },
}

impl From<journal::Fault> for Fault {
    fn from(fault: journal::Fault) -> Self {
        Self::Journal(fault)
    }
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Journal(fault) => fault.fmt(f),
            Self::Malformed { frame, what } => {
                write!(f, "frame {frame} cannot be understood: {what}")
            }
            Self::Mismatch { frame, entries: (from, to), what } => {
                write!(f, "frame {frame}: {what} (entries {from} to {to})")
            }
            Self::Nested => f.write_str("a proposal cannot propose another"),
            Self::BatchFull { limit } => write!(f, "a batch holds at most {limit} entries"),
        }
    }
}

impl std::error::Error for Fault {}
