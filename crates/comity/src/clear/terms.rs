//! On which terms is cleared: from options and small files to numbers of the input.

use std::path::Path;

use comity_clearing::setoff::{Allocation, Fund, Goal, Line, Options, PartyCap, Problem};

use super::book::{Book, Side};
use crate::cli::{Clear, ClearGoal, Share};
use crate::exit::{Exit, Failure};

/// What lending is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lending {
    None,
    /// A run with so much money.
    Limit,
    /// No money in the run, and the curve beside it.
    Curve,
}

/// Terms of one currency.
#[derive(Debug, Default)]
pub(crate) struct SideTerms {
    caps: Vec<PartyCap>,
    lines: Vec<Line>,
    limit: Option<i64>,
    lot: i64,
    minimum: i64,
}

/// All terms of a run.
#[derive(Debug)]
pub(crate) struct Terms {
    sides: Vec<SideTerms>,
    pub(crate) goals: Vec<Goal>,
    pub(crate) allocation: Allocation,
    pub(crate) lending: Lending,
    /// The terms in words, as far as they change what may be cleared.
    pub(crate) said: Vec<String>,
}

impl Terms {
    /// The problem of one currency.
    pub(crate) fn problem<'a>(&'a self, book: &'a Book, place: usize) -> Problem<'a> {
        let (side, terms) = (&book.sides[place], &self.sides[place]);
        Problem {
            due: &side.due,
            consent: &side.consent,
            party_caps: &terms.caps,
            fund: terms.limit.map(|limit| Fund { limit, lines: &terms.lines }),
            lot: terms.lot,
            minimum: terms.minimum,
            ..Problem::of(side.parties(book), &side.obligations)
        }
    }

    /// The problem whose curve is asked for: the same, with the lines of those who may draw.
    pub(crate) fn problem_of_curve<'a>(&'a self, book: &'a Book, place: usize) -> Problem<'a> {
        Problem { fund: Some(Fund { limit: 0, lines: &self.sides[place].lines }), ..self.problem(book, place) }
    }

    pub(crate) fn options(&self) -> Options<'_> {
        Options { goals: &self.goals, allocation: self.allocation }
    }
}

/// Reads the terms and marks what is excluded in the book.
pub(crate) fn read(arguments: &Clear, book: &mut Book) -> Result<Terms, Failure> {
    let mut said = Vec::new();
    let mut sides: Vec<SideTerms> = book.sides.iter().map(|_| SideTerms { lot: 1, ..SideTerms::default() }).collect();
    let lending = match arguments.liquidity.as_deref() {
        None => Lending::None,
        Some("curve") => Lending::Curve,
        Some(_) => Lending::Limit,
    };
    let amount = |option: &str, written: &str, side: &Side| {
        let wrong = |wrong: String| Failure::new(Exit::Usage, format!("--{option}: {written:?} {wrong}"));
        let minor = side.minor(written).map_err(wrong)?;
        if minor < 0 { Err(wrong("is below 0".into())) } else { Ok(minor) }
    };
    for (side, terms) in book.sides.iter().zip(&mut sides) {
        if let Some(written) = &arguments.lot {
            terms.lot = amount("lot", written, side)?;
            if terms.lot == 0 {
                return Err(Failure::new(Exit::Usage, "--lot: a lot of 0 is no lot"));
            }
        }
        if let Some(written) = &arguments.minimum {
            terms.minimum = amount("minimum", written, side)?;
        }
        if let (Lending::Limit, Some(written)) = (lending, &arguments.liquidity) {
            terms.limit = Some(amount("liquidity", written, side)?);
        }
    }
    for (option, written) in [("lot", &arguments.lot), ("minimum", &arguments.minimum)] {
        said.extend(written.as_ref().map(|written| format!("{option} {written}")));
    }
    if lending == Lending::Limit {
        said.extend(arguments.liquidity.as_ref().map(|written| format!("liquidity {written}")));
    }
    if let Some(path) = &arguments.consent {
        for (side, party, cap) in limits(book, path, "cap")? {
            sides[side].caps.push(PartyCap { party, cap });
        }
        said.push(format!("consent of {} parties", sides.iter().map(|side| side.caps.len()).sum::<usize>()));
    }
    if let Some(path) = &arguments.lines {
        if lending == Lending::None {
            return Err(Failure::new(Exit::Usage, "--lines says who may draw money; give --liquidity too"));
        }
        for (side, party, limit) in limits(book, path, "limit")? {
            sides[side].lines.push(Line { party, limit });
        }
        said.push(format!("credit lines of {} parties", sides.iter().map(|side| side.lines.len()).sum::<usize>()));
        // No lines at all would mean that everybody may draw; where the file names nobody, nobody may.
        for side in sides.iter_mut().filter(|side| side.lines.is_empty()) {
            side.lines.push(Line { party: 0, limit: 0 });
        }
    }
    for written in &arguments.exclude {
        exclude(book, written)?;
        said.push(format!("without {written}"));
    }
    let goals = arguments.goal.iter().filter_map(|goal| match goal {
        ClearGoal::Most => None,
        ClearGoal::Oldest => Some(Goal::Oldest),
        ClearGoal::Fairest => Some(Goal::Fairest),
        ClearGoal::Fewest => Some(Goal::Fewest),
    });
    let allocation = match arguments.allocation {
        Share::Oldest => Allocation::Oldest,
        Share::ProRata => Allocation::ProRata,
    };
    Ok(Terms { sides, goals: goals.collect(), allocation, lending, said })
}

/// Takes a party, or the debts of one party to another (`A>B`), out of the clearing.
fn exclude(book: &mut Book, written: &str) -> Result<(), Failure> {
    let unknown = |name: &str| {
        Failure::new(Exit::Usage, format!("--exclude: {name:?} is no party of the input; give NAME or DEBTOR>CREDITOR"))
    };
    let pair = written.split_once('>').map(|(from, to)| (from.trim(), to.trim()));
    let named: Vec<&str> = match pair {
        Some((from, to)) if book.names.find(written).is_none() => vec![from, to],
        Some(_) | None => vec![written],
    };
    if let Some(name) = named.iter().find(|name| book.names.find(name).is_none()) {
        return Err(unknown(name));
    }
    let parties: Vec<Vec<Option<u32>>> =
        book.sides.iter().map(|side| named.iter().map(|name| side.find(book, name)).collect()).collect();
    for (side, parties) in book.sides.iter_mut().zip(parties) {
        if side.consent.is_empty() {
            side.consent = side.obligations.iter().map(|owed| owed.amount).collect();
        }
        for (owed, consent) in side.obligations.iter().zip(&mut side.consent) {
            let out = match parties[..] {
                [party] => party == Some(owed.debtor) || party == Some(owed.creditor),
                [from, to, ..] => from == Some(owed.debtor) && to == Some(owed.creditor),
                [] => false,
            };
            if out {
                *consent = 0;
            }
        }
    }
    Ok(())
}

/// A small file of `party,WHAT[,currency]`: (side, party, amount), each party once per currency.
fn limits(book: &Book, path: &Path, what: &'static str) -> Result<Vec<(usize, u32, i64)>, Failure> {
    let source = path.display().to_string();
    let wrong = |row: usize, text: String| Failure::refused(format!("{source}: row {row}: {text}"));
    let mut reader = ::csv::ReaderBuilder::new()
        .trim(::csv::Trim::All)
        .from_path(path)
        .map_err(|error| Failure::new(Exit::Fault, format!("{source}: {error}")))?;
    let heading = reader.headers().map_err(|error| Failure::refused(format!("{source}: {error}")))?.clone();
    let column =
        |name: &str| heading.iter().position(|known| known.trim_start_matches('\u{feff}').eq_ignore_ascii_case(name));
    let (Some(party), Some(amount)) = (column("party"), column(what)) else {
        return Err(Failure::refused(format!(
            "{source}: expected the columns party, {what} and, with several currencies, currency"
        )));
    };
    let currency = column("currency");
    if currency.is_none() && book.sides.len() > 1 {
        return Err(Failure::refused(format!(
            "{source}: the input has several currencies, so a column currency is needed"
        )));
    }
    let mut found = Vec::new();
    for (row, record) in (1..).zip(reader.records()) {
        let record = record.map_err(|error| wrong(row, error.to_string()))?;
        let cell = |column: usize| record.get(column).unwrap_or_default();
        let side = match currency.map(cell) {
            None => 0,
            Some(code) => book
                .sides
                .iter()
                .position(|side| side.code.as_deref().unwrap_or_default() == code)
                .ok_or_else(|| wrong(row, format!("currency: {code:?} is no currency of the input")))?,
        };
        let name = cell(party);
        let number = book.sides[side]
            .find(book, name)
            .ok_or_else(|| wrong(row, format!("party: {name:?} is no party of the input")))?;
        let written = cell(amount);
        let minor = book.sides[side]
            .minor(written)
            .and_then(|minor| if minor < 0 { Err("is below 0".into()) } else { Ok(minor) })
            .map_err(|text| wrong(row, format!("{what}: {written:?} {text}")))?;
        if found.iter().any(|known: &(usize, u32, i64)| (known.0, known.1) == (side, number)) {
            return Err(wrong(row, format!("party: {name:?} stands here twice")));
        }
        found.push((side, number, minor));
    }
    Ok(found)
}
