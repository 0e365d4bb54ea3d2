//! The network before and after: the largest parties by name, the rest as one.

use std::path::{Path, PathBuf};

use comity_viz::{Head, Node, Obligation, Obligations, Picture, Unit, Width};

use super::book::{Book, Side};
use super::names::index;
use super::run::Outcome;
use crate::exit::{Failure, at};

/// Parties drawn by name; more would be a ball of wool.
const PARTIES_MAX: usize = 28;

/// Draws one file per currency: `FILE`, or with several currencies `FILE-CODE`.
pub(crate) fn write(file: &Path, book: &Book, outcomes: &[Outcome]) -> Result<(), Failure> {
    for (side, outcome) in book.sides.iter().zip(outcomes) {
        let path = if book.sides.len() > 1 { with_code(file, side.label()) } else { file.to_owned() };
        std::fs::write(&path, network(book, side, outcome).svg(Width::Wide)).map_err(at(&path))?;
    }
    Ok(())
}

fn with_code(file: &Path, code: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let end = file.extension().map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
    file.with_file_name(format!("{stem}-{code}{end}"))
}

fn network(book: &Book, side: &Side, outcome: &Outcome) -> Obligations {
    let parties = index(side.parties(book));
    let mut turnover = vec![0_i128; parties];
    for owed in &side.obligations {
        turnover[index(owed.debtor)] += i128::from(owed.amount);
        turnover[index(owed.creditor)] += i128::from(owed.amount);
    }
    let mut largest: Vec<usize> = (0..parties).filter(|party| turnover[*party] > 0).collect();
    largest.sort_by_key(|party| (std::cmp::Reverse(turnover[*party]), *party));
    let rest = largest.len() > PARTIES_MAX;
    let named = if rest { PARTIES_MAX - 1 } else { largest.len() };
    let mut place = vec![named; parties];
    let mut nodes = Vec::new();
    for (node, party) in largest.iter().take(named).enumerate() {
        place[*party] = node;
        let name = side.name(book, u32::try_from(*party).expect("parties are counted in 32 bits")).to_owned();
        nodes.push(Node { label: name.clone(), name });
    }
    if rest {
        let name = format!("{} others", largest.len() - named);
        nodes.push(Node { label: name.clone(), name });
    }
    let mut before = std::collections::BTreeMap::new();
    let mut after = std::collections::BTreeMap::new();
    for (owed, cleared) in side.obligations.iter().zip(&outcome.cleared.amounts) {
        let ends = (place[index(owed.debtor)], place[index(owed.creditor)]);
        *before.entry(ends).or_insert(0_i128) += i128::from(owed.amount);
        *after.entry(ends).or_insert(0_i128) += i128::from(owed.amount - cleared);
    }
    let list = |sums: std::collections::BTreeMap<(usize, usize), i128>| {
        sums.into_iter().map(|((from, to), minor)| Obligation { from, to, minor }).collect()
    };
    Obligations {
        head: Head::new(
            "clear",
            "Obligations before and after set-off",
            "Width of a line is value, on one scale for both circles.",
        ),
        unit: Unit::new(side.code.clone().unwrap_or_default(), side.exponent),
        nodes,
        before: list(before),
        after: list(after),
    }
}
