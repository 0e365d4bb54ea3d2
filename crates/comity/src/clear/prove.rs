//! Proves a result folder from the input alone: nothing in the folder is believed, everything is recomputed or checked.
//!
//! Shares with the writer only the names of the columns. The terms are those given now, not those the folder speaks of.

use std::collections::HashMap;
use std::path::Path;

use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use comity_clearing::setoff::{Flaw, Goal, Potentials, Proof, verify};

use super::book::{Book, Side};
use super::terms::Terms;
use super::write::{CERTIFICATE, CLEARED, CYCLES, FUND, RESIDUAL, RESULT, objectives};
use crate::exit::{Exit, Failure, at};
use crate::tables::Kind;

fn not_sound(text: impl std::fmt::Display) -> Failure {
    Failure::new(Exit::NotSound, format!("the result is not sound: {text}"))
}

/// What was proved.
pub(crate) struct Proved {
    /// Of each currency, in the order of the book.
    pub(crate) sides: Vec<Proof>,
    pub(crate) notices: u64,
}

/// Proves the folder.
pub(crate) fn prove(dir: &Path, book: &Book, terms: &Terms) -> Result<Proved, Failure> {
    let result = dir.join(RESULT);
    let said = std::fs::read_to_string(&result).map_err(|error| {
        Failure::new(Exit::Usage, format!("{} holds no result of `comity clear --out`: {error}", dir.display()))
    })?;
    if ["csv", "parquet"].iter().any(|end| dir.join("conversions").with_extension(end).exists()) {
        return Err(Failure::new(
            Exit::Usage,
            format!("{} was made with --rates; such a folder cannot be proved from outside yet", dir.display()),
        ));
    }
    let amounts = read_amounts(dir, book)?;
    check_residual(dir, book, &amounts)?;
    let mut proofs = Vec::with_capacity(book.sides.len());
    let certificates = read_certificates(dir, book, terms)?;
    for (place, (side, amounts)) in book.sides.iter().zip(&amounts).enumerate() {
        let problem = terms.problem(book, place);
        let certificates = &certificates[place];
        let goals: &[Goal] = if certificates.len() > 1 { &terms.goals } else { &[] };
        let proof = verify(&problem, amounts, certificates, goals)
            .map_err(|flaw| not_sound(format!("{}{}", explain(book, place, &flaw), terms_differ(&said, terms))))?;
        for goal in &proof.goals {
            if goal.value != goal.bound {
                let (value, bound) = (goal.value, goal.bound);
                return Err(not_sound(format!(
                    "goal {:?} reaches {value}, its certificate permits {bound}",
                    goal.goal
                )));
            }
        }
        check_said(&said, book, side, &proof, terms)?;
        proofs.push(proof);
    }
    let notices = check_notices(dir, book, &amounts, &proofs)?;
    Ok(Proved { sides: proofs, notices })
}

/// A hint when the folder was made on other terms.
fn terms_differ(said: &str, terms: &Terms) -> String {
    let written = |text: &String| said.contains(&serde_json::to_string(text).expect("text is JSON text"));
    let same = terms.said.iter().all(written) && (!terms.said.is_empty() || said.contains("\"terms\": []"));
    if same { String::new() } else { format!(" ({RESULT} says it was made on other terms than those given now)") }
}

/// Calls `take` with every row of a table as text; the heading must be as written by us.
fn each(
    dir: &Path,
    name: &str,
    columns: &[(&str, Kind)],
    mut take: impl FnMut(u64, &[String]) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let (csv, parquet) = (dir.join(format!("{name}.csv")), dir.join(format!("{name}.parquet")));
    let expected = || columns.iter().map(|column| column.0);
    let wrong_heading =
        |path: &Path| not_sound(format!("{}: the heading is not {:?}", path.display(), expected().collect::<Vec<_>>()));
    let mut cells = vec![String::new(); columns.len()];
    if csv.exists() {
        let wrong = |error: ::csv::Error| not_sound(format!("{}: {error}", csv.display()));
        let mut reader = ::csv::Reader::from_path(&csv).map_err(wrong)?;
        if !reader.headers().map_err(wrong)?.iter().eq(expected()) {
            return Err(wrong_heading(&csv));
        }
        let mut record = ::csv::StringRecord::new();
        for row in 1.. {
            if !reader.read_record(&mut record).map_err(wrong)? {
                break;
            }
            for (cell, text) in cells.iter_mut().zip(&record) {
                cell.clear();
                cell.push_str(text);
            }
            take(row, &cells)?;
        }
        return Ok(());
    }
    let file = std::fs::File::open(&parquet)
        .map_err(|_| not_sound(format!("neither {name}.csv nor {name}.parquet is there")))?;
    let wrong = |error: ::parquet::errors::ParquetError| not_sound(format!("{}: {error}", parquet.display()));
    let reader = SerializedFileReader::new(file).map_err(wrong)?;
    let schema = reader.metadata().file_metadata().schema();
    if !schema.get_fields().iter().map(|field| field.name()).eq(expected()) {
        return Err(wrong_heading(&parquet));
    }
    for (row, read) in (1..).zip(reader.get_row_iter(None).map_err(wrong)?) {
        for (cell, (_, field)) in cells.iter_mut().zip(read.map_err(wrong)?.get_column_iter()) {
            *cell = match field {
                Field::Null => String::new(),
                Field::Str(text) => text.clone(),
                other => other.to_string(),
            };
        }
        take(row, &cells)?;
    }
    Ok(())
}

/// What is claimed to be cleared, after everything else of the table was compared with the input.
fn read_amounts(dir: &Path, book: &Book) -> Result<Vec<Vec<i64>>, Failure> {
    let mut amounts: Vec<Vec<i64>> = book.sides.iter().map(|side| Vec::with_capacity(side.obligations.len())).collect();
    let mut order = book.in_order();
    each(dir, "cleared", CLEARED, |row, cells| {
        let wrong = |text: String| not_sound(format!("cleared, row {row}: {text}"));
        let (place, own) = order.next().ok_or_else(|| wrong("the input has no such row".into()))?;
        let (side, owed) = (&book.sides[place], &book.sides[place].obligations[own]);
        let input = [
            row.to_string(),
            side.name(book, owed.debtor).to_owned(),
            side.name(book, owed.creditor).to_owned(),
            side.code.clone().unwrap_or_default(),
            book.due(side, own).unwrap_or_default(),
            side.text(owed.amount),
        ];
        for ((cell, input), (column, _)) in cells.iter().zip(&input).zip(CLEARED) {
            if cell != input {
                return Err(wrong(format!("{column} is {cell:?}, in the input {input:?}")));
            }
        }
        let cleared = side.minor(&cells[6]).map_err(|text| wrong(format!("cleared {:?} {text}", cells[6])))?;
        let left = side.text(owed.amount.saturating_sub(cleared));
        if cells[7] != left {
            return Err(wrong(format!("left is {:?}, amount less cleared is {left}", cells[7])));
        }
        amounts[place].push(cleared);
        Ok(())
    })?;
    if order.next().is_some() {
        return Err(not_sound("cleared has fewer rows than the input"));
    }
    Ok(amounts)
}

/// The residual is what the cleared amounts leave, row by row.
fn check_residual(dir: &Path, book: &Book, amounts: &[Vec<i64>]) -> Result<(), Failure> {
    let left =
        |(place, own): (usize, usize)| book.sides[place].obligations[own].amount.saturating_sub(amounts[place][own]);
    let mut order = (1_u64..).zip(book.in_order()).filter(|(_, at)| left(*at) > 0);
    each(dir, "residual", RESIDUAL, |row, cells| {
        let wrong = |text: String| not_sound(format!("residual, row {row}: {text}"));
        let Some((input_row, (place, own))) = order.next() else { return Err(wrong("nothing is left here".into())) };
        let (side, owed) = (&book.sides[place], &book.sides[place].obligations[own]);
        let expected = [
            input_row.to_string(),
            side.name(book, owed.debtor).to_owned(),
            side.name(book, owed.creditor).to_owned(),
            side.text(left((place, own))),
            side.code.clone().unwrap_or_default(),
            book.due(side, own).unwrap_or_default(),
        ];
        match cells.iter().zip(&expected).zip(RESIDUAL).find(|((cell, expected), _)| cell != expected) {
            Some(((cell, expected), (column, _))) => Err(wrong(format!("{column} is {cell:?}, expected {expected:?}"))),
            None => Ok(()),
        }
    })?;
    if order.next().is_some() { Err(not_sound("residual has fewer rows than are left")) } else { Ok(()) }
}

/// Certificates by currency; potentials that are not given are 0, which is as good a claim as any other.
fn read_certificates(dir: &Path, book: &Book, terms: &Terms) -> Result<Vec<Vec<Potentials>>, Failure> {
    let known = objectives(terms, usize::MAX);
    let mut found: Vec<Vec<Potentials>> = vec![Vec::new(); book.sides.len()];
    each(dir, "certificate", CERTIFICATE, |row, cells| {
        let wrong = |text: String| not_sound(format!("certificate, row {row}: {text}"));
        let [currency, objective, role, party, potential] = cells else {
            return Err(wrong("has not five cells".into()));
        };
        let place = book.sides.iter().position(|side| side.code.as_deref().unwrap_or_default() == currency);
        let place = place.ok_or_else(|| wrong(format!("currency {currency:?} is not in the input")))?;
        let stage = known.iter().position(|known| known == objective);
        let stage = stage.ok_or_else(|| wrong(format!("objective {objective:?} is not asked for now")))?;
        let side = &book.sides[place];
        let parties = usize::try_from(side.parties(book)).expect("32 bits fit a position");
        if found[place].len() <= stage {
            found[place].resize_with(stage + 1, || Potentials { party: vec![0; parties], ..Potentials::default() });
        }
        let claim = &mut found[place][stage];
        let potential: i64 =
            potential.parse().map_err(|_| wrong(format!("potential {potential:?} is not a whole number")))?;
        let number = || -> Result<usize, Failure> {
            let number = side.find(book, party).ok_or_else(|| wrong(format!("party {party:?} is not in the input")))?;
            Ok(usize::try_from(number).expect("32 bits fit a position"))
        };
        match role.as_str() {
            "party" => claim.party[number()?] = potential,
            "paying" => {
                claim.paying.resize(parties, 0);
                claim.paying[number()?] = potential;
            }
            "fund taking" => claim.fund[0] = potential,
            "fund lending" => claim.fund[1] = potential,
            _ => return Err(wrong(format!("role {role:?} does not exist"))),
        }
        Ok(())
    })?;
    for (place, side) in book.sides.iter().enumerate() {
        let parties = usize::try_from(side.parties(book)).expect("32 bits fit a position");
        // Every objective asked for now must be proved, by what is written or by zeros.
        let zeros = || Potentials { party: vec![0; parties], ..Potentials::default() };
        found[place].resize_with(known.len(), zeros);
    }
    Ok(found)
}

/// Every notice is a closed cycle of one amount, and their sums are what was cleared per pair.
fn check_notices(dir: &Path, book: &Book, amounts: &[Vec<i64>], proofs: &[Proof]) -> Result<u64, Failure> {
    let mut open: HashMap<(usize, u32, u32), i128> = HashMap::new();
    for (place, (side, amounts)) in book.sides.iter().zip(amounts).enumerate() {
        for (owed, amount) in side.obligations.iter().zip(amounts).filter(|(_, amount)| **amount > 0) {
            *open.entry((place, owed.debtor, owed.creditor)).or_default() += i128::from(*amount);
        }
        for own in &proofs[place].deposits {
            *open.entry((place, own.party, u32::MAX)).or_default() += i128::from(own.amount);
        }
        for own in &proofs[place].draws {
            *open.entry((place, u32::MAX, own.party)).or_default() += i128::from(own.amount);
        }
    }
    // The notice being read: its first debtor and last creditor, amount and currency.
    let mut notice: Option<(u64, u32, u32, i64, usize)> = None;
    let mut count = 0;
    let closes = |notice: Option<(u64, u32, u32, i64, usize)>| match notice {
        Some((number, first, last, ..)) if first != last => Err(not_sound(format!("notice {number} is not closed"))),
        Some(_) | None => Ok(()),
    };
    each(dir, "cycles", CYCLES, |row, cells| {
        let wrong = |text: String| not_sound(format!("cycles, row {row}: {text}"));
        let place = book.sides.iter().position(|side| side.code.as_deref().unwrap_or_default() == cells[5]);
        let place = place.ok_or_else(|| wrong(format!("currency {:?} is not in the input", cells[5])))?;
        let side = &book.sides[place];
        let party = |name: &str| match name {
            FUND if proofs[place].drawn > 0 => Ok(u32::MAX),
            _ => side.find(book, name).ok_or_else(|| wrong(format!("party {name:?} is not in the input"))),
        };
        let (debtor, creditor) = (party(&cells[2])?, party(&cells[3])?);
        let amount = side.minor(&cells[4]).map_err(|text| wrong(format!("amount {:?} {text}", cells[4])))?;
        if amount <= 0 {
            return Err(wrong(format!("amount {:?} is not above 0", cells[4])));
        }
        let number: u64 = cells[0].parse().map_err(|_| wrong(format!("notice {:?} is not a number", cells[0])))?;
        match notice {
            Some((same, first, last, of, currency)) if same == number => {
                if last != debtor || of != amount || currency != place {
                    return Err(wrong(format!("does not go on where step before it of notice {number} ended")));
                }
                notice = Some((number, first, creditor, amount, place));
            }
            before => {
                closes(before)?;
                count += 1;
                notice = Some((number, debtor, creditor, amount, place));
            }
        }
        let left = open.entry((place, debtor, creditor)).or_default();
        *left -= i128::from(amount);
        if *left < 0 {
            return Err(wrong(format!(
                "notices set off more than is cleared of what {:?} owes {:?}",
                cells[2], cells[3]
            )));
        }
        Ok(())
    })?;
    closes(notice)?;
    if open.values().any(|left| *left != 0) {
        return Err(not_sound("notices set off less than is cleared"));
    }
    Ok(count)
}

/// The figures the folder tells are those that were proved.
fn check_said(said: &str, book: &Book, side: &Side, proof: &Proof, terms: &Terms) -> Result<(), Failure> {
    let figures = [
        ("gross", proof.gross),
        ("cleared", proof.cleared),
        ("residual", proof.residual),
        ("bound", proof.bound),
        ("gap", proof.gap),
    ];
    let mut told = said;
    if book.sides.len() > 1 {
        let label = format!("\"currency\": \"{}\"", side.label());
        told = told.split_once(&label).ok_or_else(|| not_sound(format!("{RESULT} lacks {}", side.label())))?.1;
    }
    for (key, figure) in figures {
        let found = told.split_once(&format!("\"{key}\": ")).map(|(_, rest)| rest);
        let found = found.and_then(|rest| rest.split([',', '\n', '}']).next()).unwrap_or_default();
        if found != side.text(figure) {
            let text = side.text(figure);
            return Err(not_sound(format!(
                "{RESULT} says {key} {found}, proved is {text}{}",
                terms_differ(said, terms)
            )));
        }
    }
    Ok(())
}

/// A flaw with the names and rows of the input.
fn explain(book: &Book, place: usize, flaw: &Flaw) -> String {
    let side = &book.sides[place];
    let row = |own: usize| {
        let found = (1_u64..).zip(book.in_order()).find(|(_, at)| *at == (place, own));
        found.map_or_else(|| "a row".to_owned(), |(row, _)| format!("row {row}"))
    };
    let name = |party: u32| side.name(book, party);
    let text = |minor: i64| side.text(minor);
    match *flaw {
        Flaw::Amount { obligation, amount, limit } => {
            format!("{}: {} set off is outside 0 to {}", row(obligation), text(amount), text(limit))
        }
        Flaw::Lot { obligation, amount, lot } => {
            format!("{}: {} set off is no multiple of the lot {}", row(obligation), text(amount), text(lot))
        }
        Flaw::Minimum { obligation, amount, least } => {
            format!("{}: {} set off is below the minimum {}", row(obligation), text(amount), text(least))
        }
        Flaw::Unbalanced { party, paid, received } => format!(
            "{:?} is relieved of {} and gives up {}: its net position would change",
            name(party),
            text(paid),
            text(received)
        ),
        Flaw::PartyCap { party, paid, cap } => {
            format!("{} set off of what {:?} owes exceeds its cap {}", text(paid), name(party), text(cap))
        }
        Flaw::Line { party, drawn, limit } => {
            format!("{:?} draws {}, above its line {}", name(party), text(drawn), text(limit))
        }
        Flaw::Fund { drawn, limit } => format!("{} drawn exceed the limit {}", text(drawn), text(limit)),
        Flaw::Problem(_) | Flaw::Length { .. } | Flaw::Potential { .. } => format!("{}: {flaw}", side.label()),
    }
}

/// Refuses a path that is no folder before anything is read.
pub(crate) fn check_folder(dir: &Path) -> Result<(), Failure> {
    if dir.is_dir() { Ok(()) } else { std::fs::read_dir(dir).map(|_| ()).map_err(at(dir)) }
}
