//! A yearly trade table from a file, and the groups that have a name.
//!
//! Amounts are thousandths of the table's million. Absent on purpose: currencies and prices; the table is taken as it is.

use std::collections::BTreeMap;
use std::path::Path;

use comity_union::position::Flow;

use crate::exit::{Exit, Failure};
use crate::heading;

/// Most rows of a table.
const ROW_COUNT_MAX: u64 = 10_000_000;
/// Years that a table may have.
const YEARS: std::ops::RangeInclusive<i32> = 1..=9999;
/// Most members of a group.
const MEMBER_COUNT_MAX: usize = 500;

/// Groups of countries, by ISO 3166 codes of three letters, and a remark.
pub(crate) const GROUPS: [(&str, &str, &str); 7] = [
    ("EAEU5", "RUS KAZ BLR ARM KGZ", "Eurasian Economic Union"),
    ("EAEU5+CHN", "RUS KAZ BLR ARM KGZ CHN", "and China"),
    ("CHN-RUS", "CHN RUS", "two neighbours"),
    ("CHN+5", "CHN KAZ KGZ TJK TKM UZB", "China and five countries of Central Asia"),
    ("SCO9", "CHN IND IRN KAZ KGZ PAK RUS TJK UZB", "Shanghai Cooperation Organisation, nine members"),
    ("BRICS10", "BRA RUS IND CHN ZAF EGY IRN ARE IDN SAU", "BRICS with guests, without Ethiopia"),
    (
        "ALL24",
        "ARE ARM BLR BRA CHN EGY IDN IND IRN KAZ KGZ LAO MNG MYS PAK RUS SAU SGP THA TJK TUR UZB VNM ZAF",
        "24 economies of Eurasia, Africa and South America",
    ),
];

/// The flows of a group, year by year.
#[derive(Debug)]
pub(crate) struct Trade {
    /// Members' codes, in the order of the group.
    pub(crate) members: Vec<String>,
    /// Who owed whom, in thousandths of a million, without zeros.
    pub(crate) years: BTreeMap<i32, Vec<Flow>>,
}

/// The members of a named group, or of a list of codes.
pub(crate) fn members(group: &str) -> Result<Vec<String>, Failure> {
    let named = GROUPS.iter().find(|(name, ..)| name.eq_ignore_ascii_case(group));
    let members: Vec<String> = match named {
        Some((_, codes, _)) => codes.split(' ').map(String::from).collect(),
        None => group.split(',').map(|code| code.trim().to_uppercase()).collect(),
    };
    let wrong = |message: String| Err(Failure::new(Exit::Usage, message));
    let names: Vec<&str> = GROUPS.iter().map(|(name, ..)| *name).collect();
    if members.len() < 2 {
        return wrong(format!("group {group:?} is neither one of {} nor a list of codes", names.join(", ")));
    }
    if let Some(code) = members.iter().find(|code| code.is_empty() || !code.bytes().all(|b| b.is_ascii_alphanumeric()))
    {
        return wrong(format!("group {group:?}: {code:?} is no code; named groups are {}", names.join(", ")));
    }
    if members.len() > MEMBER_COUNT_MAX {
        return wrong(format!("group of {} members exceeds the limit of {MEMBER_COUNT_MAX}", members.len()));
    }
    if let Some((_, twice)) = members.iter().enumerate().find(|(at, code)| members[..*at].contains(code)) {
        return wrong(format!("group {group:?} names {twice} twice"));
    }
    Ok(members)
}

/// Reads the rows of a table that lie inside a group.
pub(crate) fn read(path: &Path, members: Vec<String>) -> Result<Trade, Failure> {
    let shown = path.display();
    if path.is_dir() {
        return Err(Failure::new(Exit::Usage, format!("{shown} is a folder, not a table")));
    }
    let mut reader =
        csv::Reader::from_path(path).map_err(|error| Failure::new(Exit::Usage, format!("{shown}: {error}")))?;
    let header = reader.headers().map_err(|error| Failure::refused(format!("{shown}: {error}")))?;
    let header = heading::names(&shown.to_string(), header)?;
    let column = |names: &[&str]| {
        let found = header.iter().position(|name| names.contains(&name.as_str()));
        found.ok_or_else(|| Failure::refused(format!("{shown}: no column {}", names.join(" or "))))
    };
    let (year, exporter, importer) = (column(&["year"])?, column(&["exporter"])?, column(&["importer"])?);
    let amount = column(&["amount", "usd_million_fob"])?;
    let mut sums: BTreeMap<(i32, u32, u32), i64> = BTreeMap::new();
    let mut rows = 0;
    for row in reader.records() {
        let row = row.map_err(|error| Failure::refused(format!("{shown}: {error}")))?;
        rows += 1;
        if rows > ROW_COUNT_MAX {
            return Err(Failure::refused(format!("{shown}: more rows than the limit of {ROW_COUNT_MAX}")));
        }
        let line = row.position().map_or(0, csv::Position::line);
        let cell = |column: usize| row.get(column).unwrap_or("").trim();
        let place = |code: &str| members.iter().position(|member| member == code).and_then(|at| u32::try_from(at).ok());
        let (Some(from), Some(to)) = (place(cell(importer)), place(cell(exporter))) else { continue };
        let wrong = |what: String| Failure::refused(format!("{shown}:{line}: {what}"));
        let of = cell(year).parse().ok().filter(|year| YEARS.contains(year));
        let of: i32 = of.ok_or_else(|| wrong(format!("year {:?} is no year", cell(year))))?;
        let value = thousandths(cell(amount))
            .ok_or_else(|| wrong(format!("amount {:?} is no number from 0 with up to 3 decimals", cell(amount))))?;
        if from == to {
            return Err(wrong(format!("{} trades with itself", cell(exporter))));
        }
        if sums.insert((of, from, to), value).is_some() {
            return Err(wrong(format!("{} to {} in {of} was given before", cell(exporter), cell(importer))));
        }
    }
    let mut years: BTreeMap<i32, Vec<Flow>> = BTreeMap::new();
    for ((of, from, to), amount) in sums {
        let flows = years.entry(of).or_default();
        if amount > 0 {
            flows.push(Flow { from, to, amount });
        }
    }
    for (before, after) in years.keys().zip(years.keys().skip(1)) {
        if after - before > 1 {
            let message = format!("{shown}: no row of the group for the year {}, after {before}", before + 1);
            return Err(Failure::refused(format!("{message}; where nothing was traded, a row says 0")));
        }
    }
    let trades = |at: usize| {
        let trades = |flow: &Flow| [flow.from, flow.to].iter().any(|member| usize::try_from(*member) == Ok(at));
        years.values().flatten().any(trades)
    };
    let alone = members.iter().enumerate().filter(|(at, _)| !trades(*at)).map(|(_, member)| member.as_str());
    let alone: Vec<&str> = alone.collect();
    if !alone.is_empty() {
        let message = format!("{shown}: no trade with any other member of the group: {}", alone.join(", "));
        return Err(Failure::refused(message));
    }
    Ok(Trade { members, years })
}

/// `12.5` as 12,500; none unless it is zero or above, with up to three decimals.
fn thousandths(text: &str) -> Option<i64> {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 3 || !digits(whole) || !digits(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<3}").parse().ok()
}

/// A share in percent, such as `15%`, `15` or `12.5 %`, in millionths.
pub(crate) fn percent(text: &str) -> Option<i64> {
    let number = text.trim().trim_end_matches('%').trim_end();
    let (whole, decimals) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || decimals.len() > 4 || !digits(whole) || !digits(decimals) {
        return None;
    }
    format!("{whole}{decimals:0<4}").parse().ok()
}
