//! `comity stats journal`: figures against an independent count over exported tables, records behind them, revisions, the
//! published set, pictures, and mistakes.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::world::{comity, folder, read, write};

type Row = BTreeMap<String, String>;

fn rows(path: &Path) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    let heading = reader.headers().expect("a heading").clone();
    let row =
        |record: csv::StringRecord| heading.iter().map(str::to_owned).zip(record.iter().map(str::to_owned)).collect();
    reader.records().map(|record| row(record.expect("a row"))).collect()
}

/// Figures by key: what they are about, and the value as text.
fn told(json: &Value, key: &str) -> Vec<(BTreeMap<String, String>, String)> {
    let tables = json["tables"].as_array().expect("tables");
    let figures = tables.iter().flat_map(|table| table["figures"].as_array().expect("figures"));
    figures
        .filter(|figure| figure["figure"] == key)
        .map(|figure| {
            let of = figure["of"].as_object().expect("dimensions").iter();
            let of = of.map(|(name, value)| (name.clone(), value.as_str().expect("a text").to_owned())).collect();
            (of, figure["value"].as_str().map_or_else(|| figure["value"].to_string(), str::to_owned))
        })
        .collect()
}

fn by(json: &Value, key: &str, dimension: &str) -> BTreeMap<String, String> {
    let told = told(json, key).into_iter();
    told.filter_map(|(mut of, value)| Some((of.remove(dimension).filter(|_| of.is_empty())?, value))).collect()
}

fn minor(decimal: &str) -> i128 {
    decimal.replace('.', "").parse().expect("an amount")
}

/// Milliseconds of an instant of one month.
fn millis(instant: &str) -> i64 {
    let part = |from: usize, to: usize| instant[from..to].parse::<i64>().expect("digits");
    (((part(8, 10) * 24 + part(11, 13)) * 60 + part(14, 16)) * 60 + part(17, 19)) * 1_000 + part(20, 23)
}

#[test]
fn figures_agree_with_a_count_over_the_exported_tables() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "1500"]).ends(0);
    comity(home.path(), &["export", "d", "--out", "t"]).ends(0);
    let payments = rows(&home.path().join("t/payments.csv"));
    let json = comity(home.path(), &["stats", "journal", "d", "--output", "json"]).ends(0).json();
    let settled: Vec<&Row> = payments.iter().filter(|row| row["standing"] == "settled").collect();

    // What was credited, per currency: every settled payment but the first leg of a conversion.
    let mut value: BTreeMap<String, (u64, i128)> = BTreeMap::new();
    for row in settled.iter().filter(|row| row["kind"] != "conversionsource") {
        let sum = value.entry(row["currency"].clone()).or_default();
        *sum = (sum.0 + 1, sum.1 + row["amount_minor"].parse::<i128>().expect("an amount"));
    }
    let (said, counted) =
        (by(&json, "pay.value", "settlement_currency"), by(&json, "pay.payments", "settlement_currency"));
    assert_eq!(value.len(), said.len());
    for (currency, (count, sum)) in &value {
        assert_eq!((minor(&said[currency]), counted[currency].clone()), (*sum, count.to_string()), "{currency}");
    }

    // Netting between owners of accounts, every leg in its own currency.
    let mut nets: BTreeMap<String, BTreeMap<(String, String), i128>> = BTreeMap::new();
    let mut gross: BTreeMap<String, i128> = BTreeMap::new();
    for row in &settled {
        let amount: i128 = row["amount_minor"].parse().expect("an amount");
        *gross.entry(row["currency"].clone()).or_default() += amount;
        let of = nets.entry(row["currency"].clone()).or_default();
        *of.entry((row["debtor"].clone(), row["creditor"].clone())).or_default() += amount;
    }
    for (currency, pairs) in &nets {
        let back = |a: &String, b: &String| pairs.get(&(b.clone(), a.clone())).copied().unwrap_or(0);
        // Each pair with both directions is met twice, with opposite signs: the sum of the positive parts is the pair's net.
        let left: i128 = pairs.iter().map(|((a, b), amount)| (amount - back(a, b)).max(0)).sum();
        let mut banks: BTreeMap<&String, i128> = BTreeMap::new();
        for ((a, b), amount) in pairs {
            *banks.entry(a).or_default() -= amount;
            *banks.entry(b).or_default() += amount;
        }
        let all: i128 = banks.values().map(|net| (*net).max(0)).sum();
        let figure = |key: &str| minor(&by(&json, key, "currency")[currency]);
        assert_eq!(figure("pay.gross"), gross[currency], "{currency}");
        assert_eq!((figure("pay.net_bilateral"), figure("pay.net_multilateral")), (left, all), "{currency}");
    }

    // Times, to the millisecond in which instants are exported.
    let mut times: Vec<i64> = settled
        .iter()
        .filter(|row| row["kind"] != "conversiontarget")
        .map(|row| millis(&row["done_at"]) - millis(&row["accepted_at"]))
        .collect();
    times.sort_unstable();
    for (key, percent) in [("pay.time_p50", 50), ("pay.time_p90", 90), ("pay.time_p99", 99), ("pay.time_max", 100)] {
        let expected = times[(times.len() * percent).div_ceil(100) - 1] as f64 / 1_000.0;
        let said: f64 = by(&json, key, "all")["all"].parse().expect("a number");
        assert!((said - expected).abs() <= 0.0021, "{key}: {said}, expected {expected}");
    }

    // Failures by reason, and the histogram, add up.
    let mut failed: BTreeMap<String, u64> = BTreeMap::new();
    let ended = |row: &&Row| ["refused", "cancelled"].contains(&row["standing"].as_str());
    for row in payments.iter().filter(ended).filter(|row| row["kind"] != "conversiontarget") {
        *failed.entry(row["reason_rule"].clone()).or_default() += 1;
    }
    let mut reasons: BTreeMap<String, u64> = BTreeMap::new();
    for (of, value) in told(&json, "pay.failed").into_iter().filter(|(of, _)| of.contains_key("reason")) {
        *reasons.entry(of["reason"].clone()).or_default() += value.parse::<u64>().expect("a count");
    }
    assert!(!failed.is_empty() && failed == reasons, "{failed:?} {reasons:?}");
    let bins: usize =
        told(&json, "pay.time_bin").iter().map(|(_, value)| value.parse::<usize>().expect("a count")).sum();
    assert_eq!(bins, times.len());

    // Shares of each basis sum to 100 (to the rounding of one decimal), unknown instructed currencies are a row.
    for basis in ["settlement_currency", "account_currency", "invoice_currency"] {
        let shares = by(&json, "pay.share", basis);
        let sum: f64 = shares.values().map(|share| share.parse::<f64>().expect("a share")).sum();
        assert!((sum - 100.0).abs() < 1e-6 * shares.len() as f64, "{basis}: {sum}");
    }
    assert!(by(&json, "pay.payments", "invoice_currency").contains_key("unknown"));
    let nets: i128 = by(&json, "pay.net", "country").values().map(|net| minor(net)).sum();
    assert_eq!(nets, 0, "what countries are left with sums to nothing");
}

#[test]
fn records_behind_a_cell_sum_to_the_cell() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "600"]).ends(0);
    let ask = ["stats", "journal", "d", "--records", "pay.value", "--output", "json"];
    let cells = comity(home.path(), &ask).ends(0).json();
    let cells = cells.as_array().expect("cells");
    assert!(cells.len() > 3);
    for cell in cells {
        let records = cell["records"].as_array().expect("records");
        let sum: i128 = records
            .iter()
            .map(|row| row["amount_minor"].as_str().expect("a text").parse::<i128>().expect("minor"))
            .sum();
        assert_eq!(sum, minor(cell["value"].as_str().expect("a value")), "{}", cell["of"]);
    }
    let one = &cells[0]["records"][0];
    let uetr = one["uetr"].as_str().expect("a UETR");
    let life = comity(home.path(), &["explain", "d", uetr]).ends(0);
    assert!(life.out.contains(&format!("entry {}", one["entry"])), "{}", life.out);
    let shown = comity(home.path(), &["stats", "journal", "d", "--records", "pay.timely_due"]).ends(0);
    assert!(shown.out.contains("payments; comity explain"), "{}", shown.out);
    let no =
        comity(home.path(), &["stats", "journal", "d", "--records", "pay.value", "--of", "settlement_currency=XXX"]);
    assert!(no.ends(2).err.contains("no cell is settlement_currency=XXX; there are: settlement_currency="));
    let no = comity(home.path(), &["stats", "journal", "d", "--records", "pay.nothing"]).ends(2);
    assert!(no.err.contains("no such figure"), "{}", no.err);
}

#[test]
fn files_pictures_and_the_next_revision() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "1500"]).ends(0);
    comity(home.path(), &["stats", "journal", "d", "--out", "f"]).ends(0);
    let payments = rows(&home.path().join("f/payments.csv"));
    comity(home.path(), &["export", "d", "--out", "t"]).ends(0);
    let exported = rows(&home.path().join("t/payments.csv"));
    assert_eq!(payments.len(), exported.iter().filter(|row| row["kind"] != "conversiontarget").count());
    // Purposes of the originals are read: the generated traffic carries them in messages and in CSV files.
    assert!(payments.iter().filter(|row| !row["purpose"].is_empty()).count() * 10 > payments.len() * 9);
    assert!(
        payments.iter().any(|row| row["flow"] == "goods")
            && payments.iter().any(|row| row["price"].starts_with("official "))
    );
    let again = comity(home.path(), &["stats", "journal", "d", "--out", "f"]).ends(0);
    assert!(again.out.contains("0 figures changed, 0 are new, 0 are no longer told"), "{}", again.out);
    comity(home.path(), &["demo", "--dir", "e", "--payments", "300", "--seed", "2"]).ends(0);
    let other = comity(home.path(), &["stats", "journal", "e", "--out", "f"]).ends(0);
    assert!(other.out.contains("of other journals"), "{}", other.out);
    comity(home.path(), &["stats", "journal", "d", "--out", "p", "--format", "parquet"]).ends(0);
    assert!(std::fs::read(home.path().join("p/payments.parquet")).expect("a file").starts_with(b"PAR1"));
    for (draw, has) in [("shares", "by settlement currency"), ("times", "half within"), ("lights", "green")] {
        let picture = format!("{draw}.svg");
        comity(home.path(), &["stats", "journal", "d", "--picture", &picture, "--draw", draw, "--part", "flows"])
            .ends(0);
        let svg = read(home.path().join(&picture));
        assert!(svg.starts_with("<svg") && svg.contains(has), "{draw}");
    }
    // Two journals are one set of payments.
    let json = |dirs: &[&str]| {
        let arguments = [&["stats", "journal"], dirs, &["--part", "flows", "--output", "json"]].concat();
        comity(home.path(), &arguments).ends(0).json()
    };
    let count = |json: &Value| -> u64 {
        told(json, "pay.payments").iter().map(|(_, value)| value.parse::<u64>().expect("a count")).sum()
    };
    assert_eq!(count(&json(&["d", "e"])), count(&json(&["d"])) + count(&json(&["e"])));
}

#[test]
fn a_published_set_is_published_once() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "1000"]).ends(0);
    write(home.path().join("seed"), "5a".repeat(32));
    let base = ["stats", "journal", "d", "--publish", "public", "--seed-file", "seed", "--period", "day"];
    let run = |more: &[&str], code| comity(home.path(), &[&base[..], more].concat()).ends(code);
    run(&["--epsilon", "2"], 0);
    let first = read(home.path().join("public/published.csv"));
    run(&["--epsilon", "2"], 0);
    assert_eq!(first, read(home.path().join("public/published.csv")), "the same set has the same noise");
    // Cells sum to the total, and none is the exact figure by accident of missing noise.
    let cells = rows(&home.path().join("public/published.csv"));
    let number = |row: &Row| row["payments"].parse::<i128>().ok();
    let shown: i128 = cells.iter().filter(|row| row["cell"] != "all").filter_map(number).sum();
    let hidden = cells.iter().filter(|row| number(row).is_none()).count();
    let total = cells.iter().find(|row| row["cell"] == "all").and_then(number);
    assert!(hidden != 0 || total == Some(shown), "{first}");
    assert!(hidden != 1, "one hidden cell would show by difference: {first}");
    let refused = run(&["--epsilon", "1"], 3);
    assert!(refused.err.contains("was published before and it was published on other terms"), "{}", refused.err);
    run(&["--epsilon", "1", "--spend-again"], 0);
    let month =
        comity(home.path(), &["stats", "journal", "d", "--publish", "m", "--epsilon", "1", "--seed-file", "seed"]);
    assert!(month.ends(3).err.contains("no month is over (2026-11 still runs)"));
    write(home.path().join("short"), "5a");
    let short = ["stats", "journal", "d", "--publish", "m", "--epsilon", "1", "--seed-file", "short"];
    assert!(comity(home.path(), &short).ends(3).err.contains("64 or more hexadecimal digits"));
    run(&["--epsilon", "0"], 2);
    run(&["--epsilon", "1.0001"], 2);
    assert!(!read(home.path().join("public/published.json")).contains("5a5a"), "the seed stays secret");
}

#[test]
fn mistakes_are_named() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "200"]).ends(0);
    let err = |arguments: &[&str], code| comity(home.path(), arguments).ends(code).err;
    assert!(err(&["stats", "journal", "d", "d"], 3).contains("begin with the same frame"));
    assert!(err(&["stats", "journal", "nowhere"], 2).contains("holds no journal"));
    assert!(err(&["stats", "journal", "d", "--unit", "XXX"], 3).contains("--unit XXX: the journals have "));
    assert!(err(&["stats", "journal", "d", "--part", "flow"], 2).contains("--part flow: there are currencies, flows"));
}
