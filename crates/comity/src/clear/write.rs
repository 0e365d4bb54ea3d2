//! The folder of a result: what is cleared, what is left, notices, the certificate. Whole or not at all.
//!
//! Tables are written to a folder beside it, which is renamed when everything is on disk. Times are left out, so the
//! same input gives the same bytes.

use std::path::{Path, PathBuf};

use comity_clearing::setoff::cycles::{decompose, legs};
use comity_clearing::setoff::{Goal, Potentials};

use super::book::Book;
use super::run::Outcome;
use super::terms::Terms;
use crate::cli::Format;
use crate::exit::{Failure, at};
use crate::tables::{Cell, Kind, create};

pub(super) const CLEARED: &[(&str, Kind)] = &[
    ("row", Kind::Integer),
    ("debtor", Kind::Text),
    ("creditor", Kind::Text),
    ("currency", Kind::Text),
    ("due", Kind::Text),
    ("amount", Kind::Text),
    ("cleared", Kind::Text),
    ("left", Kind::Text),
];

pub(super) const RESIDUAL: &[(&str, Kind)] = &[
    ("row", Kind::Integer),
    ("debtor", Kind::Text),
    ("creditor", Kind::Text),
    ("amount", Kind::Text),
    ("currency", Kind::Text),
    ("due", Kind::Text),
];

pub(super) const CYCLES: &[(&str, Kind)] = &[
    ("notice", Kind::Integer),
    ("step", Kind::Integer),
    ("debtor", Kind::Text),
    ("creditor", Kind::Text),
    ("amount", Kind::Text),
    ("currency", Kind::Text),
];

pub(super) const CERTIFICATE: &[(&str, Kind)] = &[
    ("currency", Kind::Text),
    ("objective", Kind::Text),
    ("role", Kind::Text),
    ("party", Kind::Text),
    ("potential", Kind::Integer),
];

const LENDING: &[(&str, Kind)] =
    &[("currency", Kind::Text), ("party", Kind::Text), ("draws", Kind::Text), ("keeps", Kind::Text)];

/// What the fund is called in notices.
pub(super) const FUND: &str = "(fund)";
/// The summary's file name.
pub(super) const RESULT: &str = "result.json";

/// How many rows were written.
#[derive(Debug, Default)]
pub(crate) struct Written {
    pub(crate) residual: u64,
    pub(crate) notices: u64,
}

/// A folder in the making; what is left of it when something fails is removed.
struct Unfinished(PathBuf);

impl Drop for Unfinished {
    fn drop(&mut self) {
        // Nothing to remove after the rename, and nobody to tell if it cannot be removed.
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

/// Refuses a folder that holds something.
pub(crate) fn check_free(dir: &Path) -> Result<(), Failure> {
    match std::fs::read_dir(dir).map(|mut entries| entries.next().is_some()) {
        Ok(true) => Err(Failure::refused(format!("{} exists and is not empty; name a new folder", dir.display()))),
        Ok(false) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(at(dir)(error)),
    }
}

/// Writes the whole folder; `summary` is the text of `result.json`, given how much was written.
pub(crate) fn write(
    dir: &Path,
    format: Format,
    (book, terms, outcomes): (&Book, &Terms, &[Outcome]),
    summary: impl FnOnce(&Written) -> String,
) -> Result<Written, Failure> {
    let mut written = Written::default();
    whole(dir, |folder| {
        written.residual = write_amounts(folder, format, book, outcomes)?;
        written.notices = write_notices(folder, format, book, terms, outcomes)?;
        write_certificate(folder, format, book, terms, outcomes)?;
        if outcomes.iter().any(|outcome| outcome.cleared.proof.drawn > 0) {
            write_lending(folder, format, book, outcomes)?;
        }
        let path = folder.join(RESULT);
        std::fs::write(&path, summary(&written) + "\n").map_err(at(&path))
    })?;
    Ok(written)
}

/// Writes a folder as a whole or not at all.
pub(super) fn whole(dir: &Path, fill: impl FnOnce(&Path) -> Result<(), Failure>) -> Result<(), Failure> {
    check_free(dir)?;
    let name = dir.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let made = Unfinished(dir.with_file_name(format!(".{name}.unfinished")));
    let folder = made.0.as_path();
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(at(folder))?;
    }
    std::fs::create_dir_all(folder).map_err(at(folder))?;
    fill(folder)?;
    if dir.exists() {
        std::fs::remove_dir(dir).map_err(at(dir))?;
    }
    std::fs::rename(folder, dir).map_err(at(dir))
}

fn optional(text: Option<String>) -> Cell {
    text.map_or(Cell::Absent, Cell::Text)
}

fn write_amounts(folder: &Path, format: Format, book: &Book, outcomes: &[Outcome]) -> Result<u64, Failure> {
    let mut cleared = create(folder, "cleared", format, CLEARED)?;
    let mut residual = create(folder, "residual", format, RESIDUAL)?;
    for (row, (place, own)) in (1_u64..).zip(book.in_order()) {
        let (side, owed, amount) =
            (&book.sides[place], book.sides[place].obligations[own], outcomes[place].cleared.amounts[own]);
        let (debtor, creditor) = (side.name(book, owed.debtor), side.name(book, owed.creditor));
        let left = owed.amount - amount;
        cleared.row(vec![
            row.into(),
            debtor.into(),
            creditor.into(),
            optional(side.code.clone()),
            optional(book.due(side, own)),
            side.text(owed.amount).into(),
            side.text(amount).into(),
            side.text(left).into(),
        ])?;
        if left > 0 {
            residual.row(vec![
                row.into(),
                debtor.into(),
                creditor.into(),
                side.text(left).into(),
                optional(side.code.clone()),
                optional(book.due(side, own)),
            ])?;
        }
    }
    cleared.finish()?;
    residual.finish()
}

fn write_notices(
    folder: &Path,
    format: Format,
    book: &Book,
    terms: &Terms,
    outcomes: &[Outcome],
) -> Result<u64, Failure> {
    let mut table = create(folder, "cycles", format, CYCLES)?;
    let mut notice = 0_u64;
    for (place, (side, outcome)) in book.sides.iter().zip(outcomes).enumerate() {
        let problem = terms.problem(book, place);
        let legs = legs(&problem, &outcome.cleared.amounts, &outcome.cleared.proof);
        let cycles = decompose(problem.parties + 1, &legs).expect("a proved clearing is a circulation");
        let name = |party: u32| if party == problem.parties { FUND } else { side.name(book, party) };
        for (amount, parties) in cycles.iter() {
            notice += 1;
            let next = parties.iter().cycle().skip(1);
            for (step, (debtor, creditor)) in (1_i64..).zip(parties.iter().zip(next)) {
                table.row(vec![
                    notice.into(),
                    step.into(),
                    name(*debtor).into(),
                    name(*creditor).into(),
                    side.text(amount).into(),
                    optional(side.code.clone()),
                ])?;
            }
        }
    }
    table.finish()?;
    Ok(notice)
}

/// What a certificate proves.
pub(super) fn objectives(terms: &Terms, count: usize) -> Vec<&'static str> {
    let goals = terms.goals.iter().filter_map(|goal| match goal {
        Goal::Oldest => Some("oldest"),
        Goal::Fairest => Some("fairest"),
        Goal::Fewest => None,
    });
    std::iter::once("value").chain(goals).take(count).collect()
}

fn write_certificate(
    folder: &Path,
    format: Format,
    book: &Book,
    terms: &Terms,
    outcomes: &[Outcome],
) -> Result<(), Failure> {
    let mut table = create(folder, "certificate", format, CERTIFICATE)?;
    for (side, outcome) in book.sides.iter().zip(outcomes) {
        let certificates = &outcome.cleared.certificates;
        for (objective, Potentials { party, paying, fund }) in
            objectives(terms, certificates.len()).into_iter().zip(certificates)
        {
            let mut row = |role: &str, name: Option<&str>, potential: i64| {
                table.row(vec![
                    optional(side.code.clone()),
                    objective.into(),
                    role.into(),
                    name.map_or(Cell::Absent, Cell::from),
                    potential.into(),
                ])
            };
            for (role, potentials) in [("party", party), ("paying", paying)] {
                for (number, potential) in (0_u32..).zip(potentials) {
                    row(role, Some(side.name(book, number)), *potential)?;
                }
            }
            row("fund taking", None, fund[0])?;
            row("fund lending", None, fund[1])?;
        }
    }
    table.finish()?;
    Ok(())
}

fn write_lending(folder: &Path, format: Format, book: &Book, outcomes: &[Outcome]) -> Result<(), Failure> {
    let mut table = create(folder, "lending", format, LENDING)?;
    for (side, outcome) in book.sides.iter().zip(outcomes) {
        let proof = &outcome.cleared.proof;
        let draws = proof.draws.iter().map(|own| (own.party, own.amount, 0));
        let mut shares: Vec<(u32, i64, i64)> =
            draws.chain(proof.deposits.iter().map(|own| (own.party, 0, own.amount))).collect();
        shares.sort_unstable();
        for (party, draws, keeps) in shares {
            table.row(vec![
                optional(side.code.clone()),
                side.name(book, party).into(),
                side.text(draws).into(),
                side.text(keeps).into(),
            ])?;
        }
    }
    table.finish()?;
    Ok(())
}
