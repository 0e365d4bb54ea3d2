//! `comity stats trade`, `index`, `mirror`, `define`: the made-up examples, files, pictures, mistakes, and real data where
//! they are at hand.

use std::path::{Path, PathBuf};

use expect_test::expect;
use serde_json::Value;

use crate::world::{comity, folder, read, shared, write};

fn example(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "examples", "stats", name].iter().collect();
    read(path)
}

/// A folder with the examples.
fn home() -> tempfile::TempDir {
    let home = folder();
    for name in ["prices.csv", "rates.csv", "trade.csv", "reports.csv", "shares.csv"] {
        write(home.path().join(name), example(name));
    }
    home
}

fn stats(home: &Path, arguments: &[&str]) -> crate::world::Ran {
    comity(home, &[&["stats"], arguments].concat())
}

/// Figures of one definition in a JSON answer, in order.
fn of<'a>(json: &'a Value, figure: &str) -> Vec<&'a Value> {
    let tables = json["tables"].as_array().expect("tables").iter();
    tables.flat_map(|table| table["figures"].as_array().expect("figures")).filter(|f| f["figure"] == figure).collect()
}

/// An amount in thousandths.
fn thousandths(value: &Value) -> i64 {
    let text = value.as_str().expect("an amount is text");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<3}").parse().expect("a number")
}

#[test]
fn a_change_of_value_is_price_and_quantity() {
    let home = home();
    let told = stats(home.path(), &["index", "--data", "prices.csv", "--picture", "bridge.svg"]).ends(0);
    assert_eq!(told.err, "");
    expect![[]].assert_eq(&told.out);
    assert!(read(home.path().join("bridge.svg")).contains("new items"));
}

/// The example of the documentation is what the program prints.
#[test]
fn the_documentation_shows_this_output() {
    let page: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "trade-statistics.md"].iter().collect();
    let told = stats(home().path(), &["index", "--data", "prices.csv"]).ends(0).out;
    let tables = told.split("2019 to 2021 by item").next().unwrap_or("").trim_end();
    let shown: String =
        tables.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect();
    assert!(read(page).contains(&shown), "the page does not show:\n{shown}");
}

#[test]
fn every_way_to_part_a_change_adds_up() {
    let home = home();
    let all: [(&[&str], &[&str]); 3] = [
        (&[], &["price.effect", "price.quantity"]),
        (&["--split", "three"], &["price.effect_base", "price.quantity_base", "price.interaction"]),
        (&["--rates", "rates.csv", "--rate", "AAD"], &["price.effect", "price.currency", "price.quantity"]),
    ];
    for (more, parts) in all {
        let arguments = [&["index", "--data", "prices.csv", "--output", "json"], more].concat();
        let json = stats(home.path(), &arguments).ends(0).json();
        let changes = of(&json, "price.change");
        assert_eq!(changes.len(), 3 + 5, "three ways and five items");
        for (at, change) in changes.into_iter().enumerate() {
            let parts = parts.iter().chain(&["price.new", "price.gone", "price.unpriced"]);
            let sum: i64 = parts.map(|part| thousandths(&of(&json, part)[at]["value"])).sum();
            assert_eq!(sum, thousandths(&change["value"]), "{more:?} {change}");
        }
    }
    // Fisher's price index times its quantity index is the value index of what can be compared.
    let json = stats(home.path(), &["index", "--data", "prices.csv", "--output", "json"]).ends(0).json();
    let number = |figure: &str, at: usize| of(&json, figure)[at]["value"].as_f64().expect("a number");
    let product = number("price.fisher", 1) * number("price.fisher_quantity", 1) / 100.0;
    // 540 + 270 + 100 over 600 + 200 + 90.
    assert!((product - 100.0 * 910.0 / 890.0).abs() < 1e-9, "{product}");
}

#[test]
fn members_pairs_sections_and_regions() {
    let home = home();
    let run = |more: &[&str]| stats(home.path(), &[&["trade", "--data", "trade.csv"], more].concat()).ends(0).out;
    let mut told = run(&["--by", "member", "--picture", "members.svg"]);
    told += "\n";
    told +=
        &run(&["--by", "section", "--top", "3", "--without-energy", "--picture", "sections.svg", "--period", "all"]);
    expect![[]].assert_eq(&told);
    assert!(read(home.path().join("members.svg")).contains("without energy"));
    assert!(read(home.path().join("sections.svg")).contains("others"));
    write(home.path().join("regions.csv"), "country,region\nAAA,north\nBBB,north\nCCC,south\nDDD,south\n");
    let region = run(&["--by", "region", "--group", "AAA", "--regions", "regions.csv", "--period", "2019..2020"]);
    assert!(region.contains("north") && region.contains("south") && !region.contains("elsewhere"), "{region}");
    let pair = run(&["--by", "pair", "--group", "AAA,BBB,CCC"]);
    assert!(pair.contains("AAA-BBB") && pair.contains("BBB-CCC") && !pair.contains("DDD"), "{pair}");
    let partner = run(&["--by", "partner", "--group", "AAA", "--top", "1"]);
    assert!(partner.contains("others"), "{partner}");
    let chapter = run(&["--by", "chapter", "--pool"]);
    assert!(chapter.contains("2019 to 2021"), "{chapter}");
    let reports = ["trade", "--data", "reports.csv", "--reporter", "AAA", "--by", "partner"];
    let reports = stats(home.path(), &reports).ends(0).out;
    assert!(reports.contains("AAA") && reports.contains("DDD"), "{reports}");
}

#[test]
fn balances_of_all_members_cancel_and_contributions_add_up() {
    let home = home();
    let run = |by: &str| {
        let arguments = ["trade", "--data", "trade.csv", "--by", by, "--period", "all", "--output", "json"];
        stats(home.path(), &arguments).ends(0).json()
    };
    let members = run("member");
    for figure in ["trade.balance", "trade.balance_without_energy"] {
        let balances = of(&members, figure);
        assert_eq!(balances.len(), 12);
        for year in ["2019", "2020", "2021"] {
            let of_year = balances.iter().filter(|balance| balance["of"]["period"] == year);
            assert_eq!(of_year.map(|balance| thousandths(&balance["value"])).sum::<i64>(), 0, "{figure} {year}");
        }
    }
    let (years, sections) = (run("year"), run("section"));
    let growth = of(&years, "trade.growth")[0]["value"].as_f64().expect("a number");
    let given = of(&sections, "trade.contribution").into_iter().filter(|figure| figure["of"]["period"] == "2020");
    let given: f64 = given.map(|figure| figure["value"].as_f64().expect("a number")).sum();
    assert!((growth - given).abs() < 1e-9, "{growth} {given}");
}

#[test]
fn two_reports_of_the_same_trade() {
    let home = home();
    let told = stats(home.path(), &["mirror", "--data", "reports.csv", "--top", "2", "--picture", "m.svg"]).ends(0);
    expect![[]].assert_eq(&told.out);
    assert!(read(home.path().join("m.svg")).contains("DDD-AAA"));
    // A factor of its own for the worst pair, other methods, a group.
    write(home.path().join("factors.csv"), "exporter,importer,factor\nDDD,AAA,1.9\n");
    let own =
        stats(home.path(), &["mirror", "--data", "reports.csv", "--factors", "factors.csv", "--top", "1"]).ends(0);
    assert!(own.out.contains("1 pairs have a factor of their own") && own.out != told.out, "{}", own.out);
    for method in ["mean", "exporter", "importer", "greater"] {
        let arguments = ["mirror", "--data", "reports.csv", "--method", method, "--group", "AAA,BBB"];
        let told = stats(home.path(), &arguments).ends(0).out;
        assert!(told.contains(&format!("Reconciled by {method}")) && !told.contains("CCC"), "{told}");
    }
}

#[test]
fn published_shares_are_told_and_not_joined() {
    let home = home();
    let told = stats(home.path(), &["currencies", "--data", "shares.csv"]).ends(0);
    expect![[]].assert_eq(&told.out);
    let arguments = ["currencies", "--data", "shares.csv", "--flow", "exports", "--picture", "shares.svg"];
    stats(home.path(), &arguments).ends(0);
    assert!(read(home.path().join("shares.svg")).contains("not told"));
    let both = stats(home.path(), &["currencies", "--data", "shares.csv", "--picture", "shares.svg"]).ends(3);
    assert!(both.err.contains("AAA and BBB, exports; AAA and BBB, imports"), "{}", both.err);
    write(home.path().join("shares.csv"), example("shares.csv").replace(",70,", ",90,"));
    let overlap = stats(home.path(), &arguments).ends(3);
    assert!(overlap.err.contains("shares of AAD, USD in 2019 overlap"), "{}", overlap.err);
    write(home.path().join("shares.csv"), example("shares.csv").replace(",52,", ",152,"));
    let wrong = stats(home.path(), &["currencies", "--data", "shares.csv"]).ends(3);
    assert_eq!(wrong.err, "error: shares.csv:10: share_pct \"152\" is more than 100 percent\n");
}

#[test]
fn files_carry_value_unit_source_revision_and_rows() {
    let home = home();
    let arguments = ["mirror", "--data", "reports.csv", "--out", "tables"];
    stats(home.path(), &arguments).ends(0);
    let figures = read(home.path().join("tables/figures.csv"));
    let head = figures.lines().next().unwrap_or("");
    assert_eq!(head, "table,period,whose,reporter,flow,figure,value,number,unit,row_count,rows,source,revision");
    let line = figures.lines().find(|line| line.contains("Every flow,") && line.contains("mirror.gap")).unwrap_or("");
    assert!(line.contains("USD million") && line.contains("reports.csv"), "{line}");
    assert!(read(home.path().join("tables/definitions.csv")).contains("mirror.gap"));
    stats(home.path(), &[&arguments[..], &["--format", "parquet"]].concat()).ends(0);
    let parquet = std::fs::read(home.path().join("tables/figures.parquet")).expect("a file");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn definitions_are_listed() {
    let home = folder();
    let json = stats(home.path(), &["define", "--output", "json"]).ends(0).json();
    let all = json.as_array().expect("a list");
    let mut keys: Vec<&str> = all.iter().map(|definition| definition["figure"].as_str().expect("a name")).collect();
    for definition in all {
        for field in ["name", "measure", "says", "formula", "after"] {
            assert!(definition[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {definition}");
        }
    }
    keys.sort_unstable();
    let count = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), count, "no two figures have the same name");
    expect![[r#"
        price.fisher  Fisher, index, base 100
          prices against the base, the geometric mean of Laspeyres and Paasche
          = sqrt(Laspeyres x Paasche)
          after: Export and Import Price Index Manual (IMF and others 2009), chapters on index number theory

        price.fisher_quantity  Fisher quantity, index, base 100
          quantities against the base; price index times quantity index is the value index of the items compared
          = sqrt(Laspeyres quantity x Paasche quantity)
          after: Export and Import Price Index Manual (IMF and others 2009), chapters on index number theory
    "#]]
    .assert_eq(&stats(home.path(), &["define", "price.fisher"]).ends(0).out);
    let none = stats(home.path(), &["define", "nothing"]).ends(2);
    assert!(none.err.contains("no figure's name begins with"), "{}", none.err);
}

#[test]
fn mistakes_are_named() {
    let home = home();
    let mut told = String::new();
    let mut fails = |arguments: &[&str], code: i32| {
        let ran = stats(home.path(), arguments).ends(code);
        assert_eq!(ran.out, "");
        told.push_str(&ran.err);
    };
    fails(&["trade", "--data", "none.csv"], 2);
    fails(&["trade", "--data", "trade.csv", "--period", "1999"], 2);
    fails(&["trade", "--data", "trade.csv", "--period", "2020..2019"], 2);
    fails(&["trade", "--data", "trade.csv", "--group", "AAA,ZZZ"], 3);
    fails(&["trade", "--data", "reports.csv"], 3);
    fails(&["trade", "--data", "reports.csv", "--reporter", "ZZZ"], 3);
    fails(&["trade", "--data", "prices.csv"], 3);
    fails(&["index", "--data", "prices.csv", "--base", "1999"], 2);
    fails(&["index", "--data", "prices.csv", "--rates", "rates.csv", "--rate", "ZZD"], 3);
    fails(&["mirror", "--data", "reports.csv", "--factor", "-1"], 2);
    fails(&["mirror", "--data", "trade.csv"], 3);
    for (file, from, to, arguments) in [
        ("trade.csv", "2019,AAA,BBB,27", "2019,AAA,BBB,0", &["trade"][..]),
        ("trade.csv", "2019,AAA,BBB,27,", "2019,AAA,BBB,27,-", &["trade"]),
        ("trade.csv", "2019,AAA,BBB,27", "2019,AAA,AAA,27", &["trade"]),
        ("trade.csv", "hs2,", "kind,", &["trade", "--without-energy"]),
        ("reports.csv", ",X,", ",Y,", &["mirror"]),
        ("reports.csv", "2021,BBB,AAA,M", "2021,AAA,BBB,X", &["mirror"]),
        ("prices.csv", "600.00,10.0", "600.00,0", &["index"]),
        ("prices.csv", "600.00,10.0", "0,10", &["index"]),
        ("prices.csv", "600.00", "600.1234567", &["index"]),
        ("prices.csv", "600.00", "", &["index"]),
        ("prices.csv", "quantity", "weight", &["index"]),
    ] {
        let changed = example(file).replacen(from, to, 1);
        assert_ne!(changed, example(file), "{from}");
        write(home.path().join(file), changed);
        fails(&[&arguments[..1], &["--data", file], &arguments[1..]].concat(), 3);
        write(home.path().join(file), example(file));
    }
    expect![[]].assert_eq(&told);
}

/// Export and import reports of 33 economies, 2010 to 2020: how they spread, and the same reconciled values as the table has.
#[test]
fn real_reports_are_reconciled_as_the_table_says() {
    let Some(data) = shared().map(|shared| shared.join("data/trade_matrix_best_2010_2020.csv")).filter(|p| p.is_file())
    else {
        eprintln!("skipped: no shared data");
        return;
    };
    let home = folder();
    let path = data.display().to_string();
    let arguments = ["mirror", "--data", &path, "--out", "tables", "--output", "json"];
    let shown: String = [&[][..], &["--floor", "50"]]
        .iter()
        .map(|more| {
            let json = stats(home.path(), &[&arguments[..], more].concat()).ends(0).json();
            let spread = |figure: &str| of(&json, figure)[0]["value"].as_f64().expect("a number");
            let (p10, median, p90) = (spread("mirror.p10"), spread("mirror.median"), spread("mirror.p90"));
            let flows = &of(&json, "mirror.pairs")[0]["value"];
            format!("{flows} flows: p10 {p10:.2}, median {median:.2}, p90 {p90:.2}\n")
        })
        .collect();
    expect![[r#"
        9624 flows: p10 0.43, median 1.06, p90 3.18
        6488 flows: p10 0.50, median 1.06, p90 1.63
    "#]]
    .assert_eq(&shown);
    let mut theirs = std::collections::BTreeMap::new();
    for line in read(&data).lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        theirs.insert((cells[0].to_owned(), format!("{} to {}", cells[1], cells[2])), cells[3].to_owned());
    }
    let figures = read(home.path().join("tables/figures.csv"));
    let mut compared = 0;
    for line in figures.lines().filter(|line| line.starts_with("Every flow,") && line.contains(",mirror.reconciled,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let value = |text: &str| -> f64 { text.parse().expect("a number") };
        let (ours, theirs) = (value(cells[6]), value(&theirs[&(cells[1].to_owned(), cells[4].to_owned())]));
        assert!((ours - theirs).abs() < 0.0015, "{line}: {theirs}");
        compared += 1;
    }
    assert_eq!(compared, 11_212);
}

/// Imports of 25 economies by chapter, from 33: sections and energy.
#[test]
fn real_imports_by_section() {
    let Some(data) = shared().map(|shared| shared.join("data/trade_hs2_imports_wto.csv")).filter(|p| p.is_file())
    else {
        eprintln!("skipped: no shared data");
        return;
    };
    let home = folder();
    let path = data.display().to_string();
    let arguments = ["trade", "--data", &path, "--by", "section", "--pool", "--top", "5"];
    let told = stats(home.path(), &arguments).ends(0).out;
    let table: String =
        told.lines().take_while(|line| !line.starts_with("Definitions")).map(|l| format!("{l}\n")).collect();
    expect![[]].assert_eq(&table);
}
