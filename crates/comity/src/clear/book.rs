//! Obligations as they are read: names interned, amounts in minor units, one side per currency.
//!
//! A row costs 16 bytes, 4 more with due dates, 8 with consents, 2 with currencies. Everything about a row is checked when it
//! is read, so the first bad row ends the reading with its number and column, and nothing has been written.

use std::collections::HashMap;
use std::io::{BufReader, Read};
use std::path::Path;

use comity_clearing::setoff::{OBLIGATION_COUNT_MAX, Obligation, TOTAL_MAX};

use super::amount::{Decimal, due, due_text, text};
use super::names::{Names, index};
use crate::exit::{Failure, at};

/// Decimals of amounts that have no currency, once a row has decimals at all.
const DECIMALS_WITHOUT_CURRENCY: u8 = 2;

/// The columns, in the order they are asked for.
pub(super) const COLUMNS: [&str; 6] = ["debtor", "creditor", "amount", "currency", "due", "consent"];

/// One row as text.
pub(super) struct Row<'a> {
    pub(super) debtor: &'a str,
    pub(super) creditor: &'a str,
    pub(super) amount: &'a str,
    pub(super) currency: Option<&'a str>,
    pub(super) due: Option<&'a str>,
    pub(super) consent: Option<&'a str>,
}

/// What is wrong with a row: the column, and a sentence about it.
pub(super) type Mistake = (&'static str, String);

/// All obligations of one currency.
#[derive(Debug, Default)]
pub(crate) struct Side {
    /// The currency; `None` when the input has no such column.
    pub(crate) code: Option<String>,
    /// Decimals of its minor unit.
    pub(crate) exponent: u8,
    /// Parties by their number here; empty when that is their number in [`Book::names`].
    parties: Vec<u32>,
    pub(crate) obligations: Vec<Obligation>,
    pub(crate) due: Vec<i32>,
    pub(crate) consent: Vec<i64>,
    total: i64,
}

/// The input.
#[derive(Debug, Default)]
pub(crate) struct Book {
    pub(crate) names: Names,
    /// By currency code.
    pub(crate) sides: Vec<Side>,
    /// Which side each row belongs to; empty when there is one side.
    of_row: Vec<u16>,
    pub(crate) rows: u64,
    due_is_date: Option<bool>,
    by_code: HashMap<String, u16>,
    last: Option<u16>,
}

impl Side {
    /// How many parties there are; `Book::names` when they are shared.
    pub(crate) fn parties(&self, book: &Book) -> u32 {
        let count = if self.parties.is_empty() { book.names.len() } else { self.parties.len() };
        u32::try_from(count).expect("names are counted in 32 bits")
    }

    /// The name of a party of this side.
    pub(crate) fn name<'a>(&self, book: &'a Book, party: u32) -> &'a str {
        book.names.of(self.number(party))
    }

    /// The number in [`Book::names`] of a party of this side.
    pub(super) fn number(&self, party: u32) -> u32 {
        self.parties.get(index(party)).copied().unwrap_or(party)
    }

    /// The party of this side with a name.
    pub(crate) fn find(&self, book: &Book, name: &str) -> Option<u32> {
        let number = book.names.find(name)?;
        if self.parties.is_empty() {
            return Some(number);
        }
        // Parties are numbered in the order of their numbers in the book.
        self.parties.binary_search(&number).ok().map(|place| u32::try_from(place).expect("counted in 32 bits"))
    }

    /// An amount of this side as text.
    pub(crate) fn text(&self, minor: i64) -> String {
        text(i128::from(minor), self.exponent)
    }

    /// An amount of this side from text.
    pub(crate) fn minor(&self, written: &str) -> Result<i64, String> {
        Decimal::parse(written).and_then(|decimal| decimal.minor(self.exponent))
    }

    /// The currency, or a word for amounts without one.
    pub(crate) fn label(&self) -> &str {
        self.code.as_deref().unwrap_or("amounts")
    }
}

impl Book {
    /// Takes one row.
    pub(super) fn push(&mut self, row: &Row<'_>) -> Result<(), Mistake> {
        let party = |names: &mut Names, column, name: &str| {
            names.intern(name).map_err(|wrong| (column, format!("{name:?} {wrong}")))
        };
        let debtor = party(&mut self.names, "debtor", row.debtor)?;
        let creditor = party(&mut self.names, "creditor", row.creditor)?;
        if debtor == creditor {
            return Err(("creditor", format!("{:?} is also the debtor: nobody owes itself", row.creditor)));
        }
        let place = self.side(row.currency)?;
        let told = |column, written: &str, wrong: String| (column, format!("{written:?} {wrong}"));
        let decimal = Decimal::parse(row.amount).map_err(|wrong| told("amount", row.amount, wrong))?;
        if !decimal.is_positive() {
            return Err(told("amount", row.amount, "is not above 0".into()));
        }
        self.widen(place, decimal)?;
        let side = &mut self.sides[usize::from(place)];
        let amount = decimal.minor(side.exponent).map_err(|wrong| told("amount", row.amount, wrong))?;
        side.total = side.total.checked_add(amount).filter(|total| *total <= TOTAL_MAX).ok_or_else(|| {
            let limit = text(i128::from(TOTAL_MAX), side.exponent);
            told("amount", row.amount, format!("brings the sum of all amounts above the limit of {limit}"))
        })?;
        if let Some(written) = row.consent {
            let consent = match written {
                "" => amount,
                _ => side.minor(written).map_err(|wrong| told("consent", written, wrong))?,
            };
            if !(0..=amount).contains(&consent) {
                return Err(told("consent", written, format!("is outside 0 to the amount {}", row.amount)));
            }
            side.consent.push(consent);
        }
        if let Some(written) = row.due {
            let (value, is_date) = due(written).map_err(|wrong| told("due", written, wrong))?;
            if *self.due_is_date.get_or_insert(is_date) != is_date {
                return Err(told("due", written, "mixes dates and numbers".into()));
            }
            side.due.push(value);
        }
        side.obligations.push(Obligation { debtor, creditor, amount });
        if row.currency.is_some() {
            self.of_row.push(place);
        }
        self.rows += 1;
        if self.rows > u64::try_from(OBLIGATION_COUNT_MAX).unwrap_or(u64::MAX) {
            return Err(("amount", format!("one row too many: the limit is {OBLIGATION_COUNT_MAX}")));
        }
        Ok(())
    }

    /// The side of a currency.
    fn side(&mut self, code: Option<&str>) -> Result<u16, Mistake> {
        if let Some(last) = self.last
            && self.sides[usize::from(last)].code.as_deref() == code
        {
            return Ok(last);
        }
        let place = match self.by_code.get(code.unwrap_or_default()) {
            Some(place) => *place,
            None => {
                let exponent = match code {
                    None => 0,
                    Some(code) => comity_arrangement::iso4217::exponent(code)
                        .ok_or_else(|| ("currency", format!("{code:?} is not a currency code of ISO 4217")))?,
                };
                let place = u16::try_from(self.sides.len()).expect("fewer currencies than ISO 4217 has codes");
                self.sides.push(Side { code: code.map(str::to_owned), exponent, ..Side::default() });
                self.by_code.insert(code.unwrap_or_default().to_owned(), place);
                place
            }
        };
        self.last = Some(place);
        Ok(place)
    }

    /// Amounts without a currency are whole until one has decimals; from then on all are counted in hundredths.
    fn widen(&mut self, place: u16, decimal: Decimal) -> Result<(), Mistake> {
        let side = &mut self.sides[usize::from(place)];
        if side.code.is_some() || decimal.decimals() <= side.exponent || side.exponent > 0 {
            return Ok(());
        }
        let by = 10_i64.pow(u32::from(DECIMALS_WITHOUT_CURRENCY));
        side.total = side.total.checked_mul(by).filter(|total| *total <= TOTAL_MAX).ok_or_else(|| {
            ("amount", "has decimals, and counted in hundredths the amounts before it exceed the limit".to_string())
        })?;
        // No single amount or consent exceeds the total.
        side.obligations.iter_mut().for_each(|owed| owed.amount *= by);
        side.consent.iter_mut().for_each(|consent| *consent *= by);
        side.exponent = DECIMALS_WITHOUT_CURRENCY;
        Ok(())
    }

    /// Sorts the sides by code and numbers the parties of each densely.
    fn finish(&mut self) {
        if self.sides.is_empty() {
            self.sides.push(Side::default());
        }
        let mut order: Vec<usize> = (0..self.sides.len()).collect();
        order.sort_by(|a, b| self.sides[*a].code.cmp(&self.sides[*b].code));
        let mut sides: Vec<Option<Side>> = std::mem::take(&mut self.sides).into_iter().map(Some).collect();
        let mut moved = vec![0_u16; order.len()];
        for (new, old) in order.into_iter().enumerate() {
            moved[old] = u16::try_from(new).expect("few currencies");
            self.sides.extend(sides[old].take());
        }
        self.by_code.clear();
        self.last = None;
        if self.sides.len() == 1 {
            self.of_row = Vec::new();
            return;
        }
        self.of_row.iter_mut().for_each(|side| *side = moved[usize::from(*side)]);
        let mut number = vec![u32::MAX; self.names.len()];
        for side in &mut self.sides {
            let mut parties: Vec<u32> = side.obligations.iter().flat_map(|owed| [owed.debtor, owed.creditor]).collect();
            parties.sort_unstable();
            parties.dedup();
            for (local, party) in (0_u32..).zip(&parties) {
                number[index(*party)] = local;
            }
            for owed in &mut side.obligations {
                owed.debtor = number[index(owed.debtor)];
                owed.creditor = number[index(owed.creditor)];
            }
            parties.shrink_to_fit();
            side.parties = parties;
        }
    }

    /// Every row in the order of the input: its side, and its position there.
    pub(crate) fn in_order(&self) -> impl Iterator<Item = (usize, usize)> {
        let mut next = vec![0_usize; self.sides.len()];
        (0..self.rows).map(move |row| {
            let side =
                usize::try_from(row).ok().and_then(|row| self.of_row.get(row)).map_or(0, |side| usize::from(*side));
            next[side] += 1;
            (side, next[side] - 1)
        })
    }

    /// The due date of an obligation as it is written; `None` without such a column.
    pub(crate) fn due(&self, side: &Side, obligation: usize) -> Option<String> {
        side.due.get(obligation).map(|due| due_text(*due, self.due_is_date == Some(true)))
    }
}

/// What a row is called in a message.
pub(super) fn refuse(source: &str, row: u64, line: Option<u64>, (column, wrong): Mistake) -> Failure {
    let line = line.map_or_else(String::new, |line| format!(" (line {line})"));
    Failure::refused(format!("{source}: row {row}{line}: {column}: {wrong}"))
}

/// Reads a file, or standard input when the path is `-`. Parquet is known by its first bytes, everything else is CSV.
pub(crate) fn read(path: &Path) -> Result<Book, Failure> {
    let mut book = Book::default();
    if path == Path::new("-") {
        let bar = crate::output::progress(0, "rows");
        super::csv::read(&mut book, "standard input", std::io::stdin().lock(), &bar)?;
        bar.finish_and_clear();
    } else {
        let source = path.display().to_string();
        let mut file = std::fs::File::open(path).map_err(at(path))?;
        let length = file.metadata().map_err(at(path))?;
        if length.is_dir() {
            return Err(Failure::new(
                crate::exit::Exit::Usage,
                format!("{source} is a folder, not a file of obligations"),
            ));
        }
        let mut magic = [0_u8; 4];
        let got = file.read(&mut magic).map_err(at(path))?;
        std::io::Seek::rewind(&mut file).map_err(at(path))?;
        if got == 4 && &magic == b"PAR1" {
            super::parquet::read(&mut book, &source, file)?;
        } else {
            let bar = crate::output::progress(length.len(), "bytes read");
            super::csv::read(&mut book, &source, bar.wrap_read(BufReader::with_capacity(1 << 16, file)), &bar)?;
            bar.finish_and_clear();
        }
    }
    book.finish();
    Ok(book)
}
