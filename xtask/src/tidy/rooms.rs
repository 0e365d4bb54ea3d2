//! The rooms of the house: which crate may depend on which, and on what from outside.
//!
//! A new crate, edge or outside dependency is a decision: it starts as an ADR and ends as a word in this table. The table
//! is printed in `ARCHITECTURE.md`. Absent on purpose: versions (`Cargo.toml`) and licences (`deny.toml`).

use super::{Finding, Package};

/// One crate and what it may depend on.
#[derive(Debug)]
pub(crate) struct Room {
    /// The crate's name without `comity-`.
    pub(crate) name: &'static str,
    /// What it is for, in a few words.
    pub(crate) purpose: &'static str,
    /// Which of ours it may use.
    pub(crate) ours: &'static [&'static str],
    /// Which of ours only its tests may use besides.
    pub(crate) tests: &'static [&'static str],
    /// Which outside crates it may use.
    pub(crate) outside: &'static [&'static str],
}

/// Every room, the outermost first.
pub(crate) const ROOMS: &[Room] = &[
    Room {
        name: "comity",
        purpose: "the program: commands, output, exit codes",
        ours: &[
            "arrangement",
            "clearing",
            "engine",
            "gateway",
            "iso20022",
            "journal",
            "lab",
            "ledger",
            "market",
            "stats",
            "union",
            "viz",
        ],
        tests: &[],
        outside: &[
            "blake3",
            "clap",
            "clap_complete",
            "csv",
            "ed25519-dalek",
            "getrandom",
            "indicatif",
            "jiff",
            "parquet",
            "quick-xml",
            "rustix",
            "serde",
            "serde_json",
            "toml",
        ],
    },
    Room {
        name: "lab",
        purpose: "traffic of example days, from a seed",
        ours: &["arrangement", "iso20022", "ledger"],
        tests: &[],
        outside: &["blake3"],
    },
    Room {
        name: "gateway",
        purpose: "messages to commands, events to messages",
        ours: &["iso20022", "ledger"],
        tests: &["arrangement"],
        outside: &["blake3", "csv"],
    },
    Room {
        name: "engine",
        purpose: "one node without the network",
        ours: &["clearing", "journal", "ledger"],
        tests: &[],
        outside: &["blake3", "ed25519-dalek", "lz4_flex"],
    },
    Room {
        name: "arrangement",
        purpose: "the agreed rulebook of a group as data",
        ours: &["ledger", "union"],
        tests: &[],
        outside: &["blake3", "csv", "jiff", "toml"],
    },
    Room {
        name: "ledger",
        purpose: "the settlement rules: one state, one order, one apply",
        ours: &["clearing", "market", "union"],
        tests: &[],
        outside: &["blake3"],
    },
    Room { name: "clearing", purpose: "algorithms over indices and integers", ours: &[], tests: &[], outside: &[] },
    Room {
        name: "union",
        purpose: "rules by which members carry what netting leaves",
        ours: &[],
        tests: &[],
        outside: &[],
    },
    Room {
        name: "market",
        purpose: "prices: exact rates, and what forms or compares them",
        ours: &[],
        tests: &[],
        outside: &[],
    },
    Room { name: "stats", purpose: "figures with definition and source", ours: &[], tests: &[], outside: &[] },
    Room {
        name: "journal",
        purpose: "durable hash-chained log of opaque bytes",
        ours: &[],
        tests: &[],
        outside: &["blake3", "crc32c", "rustix"],
    },
    Room { name: "iso20022", purpose: "bytes to typed messages and back", ours: &[], tests: &[], outside: &[] },
    Room { name: "viz", purpose: "pictures and reports as plain SVG and HTML", ours: &[], tests: &[], outside: &[] },
    Room {
        name: "sim",
        purpose: "tests only: the production engine on simulated disk and clock",
        ours: &["clearing", "engine", "journal", "ledger"],
        tests: &[],
        outside: &["blake3"],
    },
    Room {
        name: "xtask",
        purpose: "project tasks; its tests replay the fuzz corpora",
        ours: &[],
        tests: &["arrangement", "engine", "gateway", "iso20022", "journal", "ledger"],
        outside: &["serde_json"],
    },
];

/// Outside crates that the tests of any room may use.
pub(crate) const TEST_TOOLS: &[&str] = &["expect-test", "proptest", "quick-xml", "serde_json", "tempfile"];

/// Every edge must be in the table, and every room a package.
pub(crate) fn check(packages: &[Package]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for package in packages {
        let Some(room) = ROOMS.iter().find(|room| room.name == package.room) else {
            findings.push(Finding::wrong(
                &package.manifest,
                0,
                format!(
                    "crate {} is not in the table of rooms: write an ADR, then add it in xtask/src/tidy/rooms.rs",
                    package.room
                ),
            ));
            continue;
        };
        for need in &package.needs {
            let name = need.name.as_str();
            let allowed = match (need.ours, need.tests_only) {
                (true, false) => room.ours.contains(&name),
                (true, true) => name == room.name || reaches(room, name),
                (false, false) => room.outside.contains(&name),
                (false, true) => room.outside.contains(&name) || TEST_TOOLS.contains(&name),
            };
            if !allowed {
                let edge = match need.tests_only {
                    true => format!("{} -> {name} (tests)", room.name),
                    false => format!("{} -> {name}", room.name),
                };
                findings.push(Finding::wrong(
                    &package.manifest,
                    0,
                    format!(
                        "edge {edge} is not in the table of rooms: write an ADR, then add it in xtask/src/tidy/rooms.rs"
                    ),
                ));
            }
        }
    }
    for room in ROOMS {
        if !packages.iter().any(|package| package.room == room.name) {
            findings.push(Finding::wrong(
                "xtask/src/tidy/rooms.rs",
                0,
                format!("room {} is no crate of the workspace", room.name),
            ));
        }
    }
    findings
}

/// Tests may use what their room uses, near or far, and what the table grants them.
fn reaches(room: &Room, name: &str) -> bool {
    room.ours.iter().chain(room.tests).any(|next| *next == name || below(next, name))
}

/// Whether `name` is somewhere below the room called `from`.
fn below(from: &str, name: &str) -> bool {
    ROOMS
        .iter()
        .filter(|room| room.name == from)
        .flat_map(|room| room.ours)
        .any(|next| *next == name || below(next, name))
}
