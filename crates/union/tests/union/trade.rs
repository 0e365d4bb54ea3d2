//! Real goods trade put through rule sets: who exhausts its quota when, and what is saved.
//!
//! The importer owes the exporter, in thousands of USD; a year comes evenly over its cycles. The table is optional. Known from an
//! independent calculation: with quotas of 15 % every member of EAEU5 is at its quota within the first year, and the saved shares
//! of 2019.

use comity_union::position::Flow;
use comity_union::preset::preset;
use comity_union::run::{Run, spread};
use comity_union::{Ratio, Side};

use crate::shared;

const EAEU5: [&str; 5] = ["RUS", "KAZ", "BLR", "ARM", "KGZ"];

/// Members, and the shares of 2019 that pairs and all together save, in tenths of a percent.
const GROUPS: [(&str, i128, i128); 5] = [
    ("RUS KAZ BLR ARM KGZ", 673, 689),
    ("RUS KAZ BLR ARM KGZ CHN", 840, 875),
    ("CHN IND IRN KAZ KGZ PAK RUS TJK UZB", 666, 720),
    ("BRA RUS IND CHN ZAF EGY IRN ARE IDN SAU", 703, 824),
    ("ARE ARM BLR BRA CHN EGY IDN IND IRN KAZ KGZ LAO MNG MYS PAK RUS SAU SGP THA TJK TUR UZB VNM ZAF", 723, 835),
];

/// The flows of one year among `members`.
fn year(table: &str, members: &[&str], year: &str) -> Vec<Flow> {
    let place = |code: &str| members.iter().position(|member| *member == code).and_then(|at| u32::try_from(at).ok());
    table
        .lines()
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|row| row[0] == year)
        .filter_map(|row| Some(Flow { from: place(row[2])?, to: place(row[1])?, amount: thousands(row[3]) }))
        .filter(|flow| flow.amount > 0)
        .collect()
}

fn thousands(text: &str) -> i64 {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let three: String = decimals.chars().chain("000".chars()).take(3).collect();
    format!("{whole}{three}").parse().expect("a decimal number")
}

fn table() -> Option<String> {
    let path = shared("data/trade_matrix_best_2010_2020.csv")?;
    Some(std::fs::read_to_string(path).expect("readable"))
}

/// All years of the table through a rule set, month by month or as the rule set says.
fn run(table: &str, members: &[&str], name: &str) -> Run {
    let rules = preset(name).expect("exists");
    let base = [year(table, members, "2010")];
    let mut run = Run::new(&rules, members, None, &base).expect("well formed");
    for of in 2010..=2020 {
        let flows = year(table, members, &of.to_string());
        for cycle in 0..rules.cycle.a_year() {
            let part = |flow: &Flow| Flow { amount: spread(flow.amount, cycle, rules.cycle.a_year()), ..*flow };
            let part: Vec<Flow> = flows.iter().map(part).filter(|flow| flow.amount > 0).collect();
            assert!(run.close(&part).expect("within the rules").parts.holds());
        }
    }
    run
}

#[test]
fn every_member_of_eaeu5_is_at_its_quota_within_a_year() {
    let Some(table) = table() else { return };
    let run = run(&table, &EAEU5, "epu-1950");
    let book = &run.books()[0];
    let mut told = Vec::new();
    for (place, name) in EAEU5.iter().enumerate() {
        let exhausted = run.exhausted(book, place).expect("small").expect("at its quota");
        assert!(exhausted.cycles < Ratio::whole(12), "{name}: {}", exhausted.cycles);
        let tenths = exhausted.cycles.times(Ratio::whole(10)).expect("small").toward_zero();
        told.push((*name, exhausted.side, tenths));
    }
    let (debtor, creditor) = (Side::Debtor, Side::Creditor);
    // Months, in tenths, rounded down.
    let expected =
        [("RUS", creditor, 64), ("KAZ", debtor, 72), ("BLR", debtor, 72), ("ARM", debtor, 31), ("KGZ", debtor, 35)];
    assert_eq!(told, expected);
}

#[test]
fn the_decomposition_holds_over_eleven_years() {
    let Some(table) = table() else { return };
    for name in ["epu-1950", "acu", "multilateral"] {
        for (members, ..) in GROUPS {
            let members: Vec<&str> = members.split(' ').collect();
            let run = run(&table, &members, name);
            let total = run.total();
            assert!(total.parts.holds() && total.parts.outstanding(&total.unwound).holds());
            assert_eq!(total.parts.gross, 2 * total.bilateral);
            assert_eq!(total.parts.gross - total.parts.multilateral, 2 * total.need);
        }
    }
}

#[test]
fn what_netting_saved_in_2019() {
    let Some(table) = table() else { return };
    for (members, bilateral, multilateral) in GROUPS {
        let members: Vec<&str> = members.split(' ').collect();
        let rules = preset("acu").expect("exists");
        let flows = year(&table, &members, "2019");
        let mut run = Run::new(&rules, &members, None, std::slice::from_ref(&flows)).expect("well formed");
        let report = run.close(&flows).expect("closes");
        let saved = |left: i128| ((report.payments - left) * 1000 + report.payments / 2) / report.payments;
        assert_eq!((saved(report.bilateral), saved(report.need)), (bilateral, multilateral));
    }
}
