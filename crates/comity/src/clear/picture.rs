//! The network before and after: the largest parties by name, the rest as one.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use comity_clearing::setoff::liquidity::Point;
use comity_viz::{Corner, Curve, Head, Node, Obligation, Others, Picture, SetOff, Unit, Width};

use super::book::{Book, Side};
use super::names::index;
use super::run::Outcome;
use crate::exit::{Failure, at};

/// Parties drawn by name; more would be a ball of wool.
const PARTIES_MAX: usize = 28;

/// Draws one file per currency: `FILE`, or with several currencies `FILE-CODE`.
pub(crate) fn write(file: &Path, book: &Book, outcomes: &[Outcome]) -> Result<(), Failure> {
    each(file, book, outcomes, |side, outcome| Some(network(book, side, outcome)))
}

/// Draws the curves of money lent in the same way.
pub(crate) fn write_curves(file: &Path, book: &Book, outcomes: &[Outcome]) -> Result<(), Failure> {
    each(file, book, outcomes, |side, outcome| outcome.curve.as_ref().map(|corners| curve(side, outcome, corners)))
}

fn each<P: Picture>(
    file: &Path,
    book: &Book,
    outcomes: &[Outcome],
    draw: impl Fn(&Side, &Outcome) -> Option<P>,
) -> Result<(), Failure> {
    for (side, outcome) in book.sides.iter().zip(outcomes) {
        let path = if book.sides.len() > 1 { with_code(file, side.label()) } else { file.to_owned() };
        if let Some(picture) = draw(side, outcome) {
            std::fs::write(&path, picture.svg(Width::Wide)).map_err(at(&path))?;
        }
    }
    Ok(())
}

fn curve(side: &Side, outcome: &Outcome, corners: &[Point]) -> Curve {
    Curve {
        head: Head::new("curve", "Cleared by money lent", "Every corner of the greatest value cleared by money lent."),
        unit: unit(side),
        gross: outcome.cleared.proof.gross.into(),
        corners: corners
            .iter()
            .map(|point| Corner { lent: point.lent.into(), cleared: point.cleared.into() })
            .collect(),
    }
}

fn unit(side: &Side) -> Unit {
    Unit::new(side.code.clone().unwrap_or_default(), side.exponent)
}

fn with_code(file: &Path, code: &str) -> PathBuf {
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let end = file.extension().map_or_else(String::new, |end| format!(".{}", end.to_string_lossy()));
    file.with_file_name(format!("{stem}-{code}{end}"))
}

fn network(book: &Book, side: &Side, outcome: &Outcome) -> SetOff {
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
        let name = format!("{} others", crate::output::count(u64::try_from(largest.len() - named).unwrap_or(u64::MAX)));
        nodes.push(Node { label: name.clone(), name });
    }
    let mut before = BTreeMap::new();
    let mut after = BTreeMap::new();
    for (owed, cleared) in side.obligations.iter().zip(&outcome.cleared.amounts) {
        let ends = (place[index(owed.debtor)], place[index(owed.creditor)]);
        *before.entry(ends).or_insert(0_i128) += i128::from(owed.amount);
        *after.entry(ends).or_insert(0_i128) += i128::from(owed.amount - cleared);
    }
    let mut others = None;
    if rest {
        let own = (named, named);
        others = Some(Others {
            parties: u64::try_from(largest.len() - named).unwrap_or(u64::MAX),
            before: before.remove(&own).unwrap_or(0),
            after: after.remove(&own).unwrap_or(0),
        });
    }
    let list = |sums: BTreeMap<(usize, usize), i128>| {
        sums.into_iter().map(|((from, to), minor)| Obligation { from, to, minor }).collect()
    };
    SetOff {
        head: Head::new(
            "clear",
            "Obligations before and after set-off",
            "Width of a line is value, on one scale for both circles.",
        ),
        unit: unit(side),
        gross: outcome.cleared.proof.gross.into(),
        cleared: outcome.cleared.proof.cleared.into(),
        nodes,
        before: list(before),
        after: list(after),
        others,
    }
}
