//! Trade added up by what is asked for: exact sums, with the rows behind each.
//!
//! Partner and region count a flow twice, once for each side that is a member: as an export of one and an import of the
//! other. Pair, section and year count it once. Deliberately absent: shares and other quotients; see [`super::tell`].

use std::collections::{BTreeMap, BTreeSet};

use super::region;
use super::section;
use super::table::{Refusal, Row, Table};

/// What to add up by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Each member's exports and imports.
    Member,
    /// Each member and each of its partners.
    Partner,
    /// Two countries, both directions.
    Pair,
    /// The region of the partner.
    Region,
    /// Sections of the Harmonized System.
    Section,
    /// Chapters of the Harmonized System.
    Chapter,
    /// Periods alone.
    Period,
}

/// Which trade of the members counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partners {
    /// With other members.
    Inside,
    /// With everybody else.
    Outside,
    /// With all.
    All,
}

/// What is asked.
#[derive(Debug, Clone)]
pub struct Question {
    /// What to add up by.
    pub by: By,
    /// Codes of the members; none means everybody.
    pub members: Option<BTreeSet<String>>,
    /// Which of their trade.
    pub partners: Partners,
    /// Leave out chapter 27.
    pub without_energy: bool,
    /// Take all periods as one, named so.
    pub pooled: Option<String>,
    /// Regions by code, instead of the table of the United Nations.
    pub regions: Option<BTreeMap<String, String>>,
}

/// What was added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sum {
    /// Exports; of a pair, what the first sold to the second; where there is one direction only, all of it.
    pub exports: i128,
    /// Imports; of a pair, what the second sold to the first.
    pub imports: i128,
    /// Of the exports, chapter 27.
    pub energy_exports: i128,
    /// Of the imports, chapter 27.
    pub energy_imports: i128,
    /// The rows.
    pub rows: Vec<u64>,
}

impl Sum {
    /// Both directions.
    #[must_use]
    pub fn turnover(&self) -> i128 {
        self.exports + self.imports
    }

    /// Exports less imports.
    #[must_use]
    pub fn balance(&self) -> i128 {
        self.exports - self.imports
    }

    /// Exports less imports, without chapter 27.
    #[must_use]
    pub fn balance_without_energy(&self) -> i128 {
        self.balance() - (self.energy_exports - self.energy_imports)
    }

    /// Adds another sum to this one.
    pub fn add(&mut self, other: &Self) {
        self.exports += other.exports;
        self.imports += other.imports;
        self.energy_exports += other.energy_exports;
        self.energy_imports += other.energy_imports;
        self.rows.extend_from_slice(&other.rows);
    }

    fn export(&mut self, row: &Row) {
        self.exports += i128::from(row.value);
        if row.chapter == Some(section::ENERGY) {
            self.energy_exports += i128::from(row.value);
        }
        self.rows.push(row.row);
    }

    fn import(&mut self, row: &Row) {
        self.imports += i128::from(row.value);
        if row.chapter == Some(section::ENERGY) {
            self.energy_imports += i128::from(row.value);
        }
        self.rows.push(row.row);
    }
}

/// What a sum is about: whose whole it is part of (a member, or nothing) and which part.
pub type Key = (String, String);

/// Sums by period and key.
#[derive(Debug, Clone)]
pub struct Sums {
    /// What was asked.
    pub by: By,
    /// Names of periods.
    pub periods: Vec<String>,
    /// For each period its sums.
    pub of: Vec<BTreeMap<Key, Sum>>,
    /// Whether energy is known, and is in the sums.
    pub energy: bool,
}

/// Adds up a table.
///
/// # Errors
/// When a row is not sound, or energy or sections are asked of a table without products.
pub fn sums(table: &Table, question: &Question) -> Result<Sums, Refusal> {
    table.check()?;
    let products = table.has_products();
    if !products && (question.without_energy || matches!(question.by, By::Section | By::Chapter)) {
        return Err(Refusal::NoProducts);
    }
    let periods = match &question.pooled {
        Some(name) => vec![name.clone()],
        None => table.periods.clone(),
    };
    let member: Vec<bool> =
        table.codes.iter().map(|code| question.members.as_ref().is_none_or(|members| members.contains(code))).collect();
    let mut of = vec![BTreeMap::new(); periods.len()];
    for row in &table.rows {
        let sides = [member[row.exporter], member[row.importer]];
        let counts = match question.partners {
            Partners::Inside => sides == [true, true],
            Partners::Outside => sides[0] != sides[1],
            Partners::All => sides[0] || sides[1],
        };
        if !counts || (question.without_energy && row.chapter == Some(section::ENERGY)) {
            continue;
        }
        let period = if question.pooled.is_some() { 0 } else { row.period };
        add(&mut of[period], table, question, row, sides);
    }
    Ok(Sums { by: question.by, periods, of, energy: products && !question.without_energy })
}

/// Adds a row to every sum it is part of.
fn add(of: &mut BTreeMap<Key, Sum>, table: &Table, question: &Question, row: &Row, [sells, buys]: [bool; 2]) {
    let (exporter, importer) = (&table.codes[row.exporter], &table.codes[row.importer]);
    let region = |code: &String| match &question.regions {
        Some(regions) => regions.get(code).cloned().unwrap_or_else(|| "elsewhere".into()),
        None => region::of(code).to_owned(),
    };
    let none = String::new;
    match question.by {
        By::Member | By::Partner | By::Region => {
            let key = |own: &String, partner: &String| match question.by {
                By::Partner => (own.clone(), partner.clone()),
                By::Region => (none(), region(partner)),
                _ => (none(), own.clone()),
            };
            if sells {
                of.entry(key(exporter, importer)).or_default().export(row);
            }
            if buys {
                of.entry(key(importer, exporter)).or_default().import(row);
            }
        }
        By::Pair if exporter < importer => {
            of.entry((none(), format!("{exporter}-{importer}"))).or_default().export(row);
        }
        By::Pair => of.entry((none(), format!("{importer}-{exporter}"))).or_default().import(row),
        By::Section => {
            of.entry((none(), section::name(row.chapter.unwrap_or(0)))).or_default().export(row);
        }
        By::Chapter => {
            of.entry((none(), format!("{:02}", row.chapter.unwrap_or(0)))).or_default().export(row);
        }
        By::Period => of.entry((none(), none())).or_default().export(row),
    }
}

/// The name of what is too small to be told apart.
pub const OTHERS: &str = "others";

/// Keeps the `top` greatest parts of a period by turnover, and adds up the rest as `others` under the same whole.
#[must_use]
pub fn fold(sums: Sums, top: usize, period: usize) -> Sums {
    let Some(last) = sums.of.get(period) else { return sums };
    let mut sizes: BTreeMap<&str, i128> = BTreeMap::new();
    for ((_, part), sum) in last {
        *sizes.entry(part).or_default() += sum.turnover();
    }
    let mut order: Vec<(&str, i128)> = sizes.into_iter().collect();
    order.sort_by_key(|(part, size)| (std::cmp::Reverse(*size), *part));
    let kept: BTreeSet<String> = order.into_iter().take(top).map(|(part, _)| part.to_owned()).collect();
    let folded = |of: BTreeMap<Key, Sum>| {
        let mut out: BTreeMap<Key, Sum> = BTreeMap::new();
        for ((whole, part), sum) in of {
            let part = if kept.contains(&part) { part } else { OTHERS.into() };
            out.entry((whole, part)).or_default().add(&sum);
        }
        out
    };
    Sums { of: sums.of.into_iter().map(folded).collect(), ..sums }
}
