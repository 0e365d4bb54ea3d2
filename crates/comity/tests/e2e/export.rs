//! `comity export`: tables in both formats that agree with each other, with the summary, and with the positions.

use std::collections::BTreeMap;
use std::path::Path;

use parquet::file::reader::{FileReader, SerializedFileReader};

use crate::world::{comity, folder, summary};

const TABLES: [&str; 3] = ["payments", "postings", "positions"];

/// The rows of a CSV table, each by column name.
fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let heading = reader.headers().expect("a heading").clone();
    let row =
        |record: csv::StringRecord| heading.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

#[test]
fn both_formats_hold_the_same_and_postings_make_the_positions() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "800"]).ends(0);
    let csv = comity(home.path(), &["export", "d", "--out", "c", "--output", "json"]).ends(0).json();
    let shown = comity(home.path(), &["export", "d", "--format", "parquet", "--out", "p"]).ends(0);
    assert!(shown.out.contains("written to p"), "{}", shown.out);
    let total = summary(&home.path().join("d"));
    assert_eq!(csv["payments"], total["payments"]);
    for name in TABLES {
        let count = rows(&home.path().join(format!("c/{name}.csv"))).len();
        assert_eq!(csv[name], count, "{name}");
        let path = home.path().join(format!("p/{name}.parquet"));
        let bytes = std::fs::read(&path).expect("a file");
        assert!(bytes.starts_with(b"PAR1") && bytes.ends_with(b"PAR1"), "{name}");
        let file = SerializedFileReader::new(std::fs::File::open(&path).expect("a file")).expect("a Parquet file");
        let read = file.get_row_iter(None).expect("rows").filter(Result::is_ok).count();
        assert_eq!(read, count, "{name}");
    }

    let settled = |row: &&BTreeMap<String, String>| row["standing"] == "settled" && row["kind"] != "conversiontarget";
    let payments = rows(&home.path().join("c/payments.csv"));
    let said: u64 =
        total["currencies"].as_array().expect("rows").iter().filter_map(|row| row["settled"].as_u64()).sum();
    assert_eq!(payments.iter().filter(settled).count() as u64, said);

    let mut balances: BTreeMap<String, i128> = BTreeMap::new();
    let mut sums: BTreeMap<String, i128> = BTreeMap::new();
    for row in rows(&home.path().join("c/postings.csv")) {
        let amount: i128 = row["amount_minor"].parse().expect("an amount");
        *balances.entry(row["debtor_account"].clone()).or_default() -= amount;
        *balances.entry(row["creditor_account"].clone()).or_default() += amount;
    }
    for row in rows(&home.path().join("c/positions.csv")) {
        let balance: i128 = row["balance_minor"].parse().expect("a balance");
        let posted = balances.get(&row["account"]).copied().unwrap_or(0);
        assert_eq!(balance, posted, "account {} of {}", row["account"], row["owner"]);
        *sums.entry(row["currency"].clone()).or_default() += balance;
    }
    assert!(sums.len() == 9 && sums.values().all(|sum| *sum == 0), "{sums:?}");
}
