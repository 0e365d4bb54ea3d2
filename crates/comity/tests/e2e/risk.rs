//! `comity risk`: the tables of docs/risk.md cell by cell, a day watched and drilled, and mistakes.

use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::world::{comity, folder, read, write};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn example(name: &str) -> String {
    root().join("examples/risk").join(name).display().to_string()
}

/// The rows of the tables of a page whose heading begins with these cells.
fn tables(page: &str, heading: &str) -> Vec<Vec<Vec<String>>> {
    let mut tables = Vec::new();
    let mut rows: Option<Vec<Vec<String>>> = None;
    for line in page.lines().chain([""]) {
        let is_row = line.starts_with('|');
        match &mut rows {
            None if is_row && line.starts_with(heading) => rows = Some(Vec::new()),
            Some(found) if is_row => {
                let cells = line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
                if !cells[0].starts_with("---") {
                    found.push(cells);
                }
            }
            Some(_) => tables.extend(rows.take()),
            None => {}
        }
    }
    tables
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value[key].as_str().unwrap_or_else(|| panic!("{key} of {value}"))
}

#[test]
fn the_tables_of_the_page_are_what_the_program_prints() {
    let page = read(root().join("docs/risk.md"));
    let dir = folder();
    let drill = |case: &str| {
        comity(dir.path(), &["risk", "drill", &example(case), "--default", "DELTA", "--output", "json"]).ends(0).json()
    };
    let found = drill("case.json");
    let mut cells = 0;
    for row in &tables(&page, "| member | currency | before")[0] {
        for (at, place) in [(2, "before"), (4, "after")] {
            assert_eq!(row[at], text(&found[place][&row[0]], &row[1]), "{row:?}");
            cells += 1;
        }
    }
    assert_eq!(cells, 20, "every member and currency with anything");
    for row in &tables(&page, "| currency | position")[0] {
        let closed = found["closed_out"].as_array().expect("a list");
        let closed = closed.iter().find(|closed| text(closed, "currency") == row[0]).expect("the currency");
        assert_eq!((row[1].as_str(), row[3].as_str()), (text(closed, "position"), text(closed, "brings")));
    }
    let steps = tables(&page, "| step |");
    assert_eq!(steps[0].len(), 4);
    for (row, step) in steps[0].iter().zip(found["steps"].as_array().expect("a list")) {
        assert_eq!(
            [&row[0], &row[2], &row[3]].map(String::as_str),
            [text(step, "step"), text(step, "bears"), text(step, "left")]
        );
    }
    let members = tables(&page, "| member | sum with DELTA");
    assert_eq!(members.len(), 2);
    for (rows, found) in members.iter().zip([&found, &drill("worse.json")]) {
        let members = found["members"].as_array().expect("a list");
        assert_eq!((rows.len(), members.len()), (3, 3));
        for (row, member) in rows.iter().zip(members) {
            let told = ["member", "sum_with_defaulter", "as_counterparty", "by_key", "from_fund", "to_bring"];
            let told = told.map(|key| text(member, key));
            assert_eq!([&row[0], &row[1], &row[3], &row[4], &row[5], &row[6]].map(String::as_str), told);
        }
    }
    assert_eq!((text(&found, "result"), text(&found, "loss")), ("-4007.00", "4007.00"));
}

#[test]
fn the_three_tests_give_the_published_verdicts() {
    let dir = folder();
    let (positions, rates) = (example("positions.csv"), example("rates.csv"));
    let asked = ["risk", "tests", &positions, "--rates", &rates, "--aggregate", "500000", "--output", "json"];
    let found = comity(dir.path(), &asked).ends(0).json();
    let rows: Vec<_> = found["accounts"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|account| {
            let tests = ["positive_account_value", "short_position_limits", "aggregate_short_position"];
            let tests = tests.map(|test| account[test].as_bool().expect("a verdict"));
            (text(account, "value").to_owned(), text(account, "aggregate_short").to_owned(), tests)
        })
        .collect();
    let row = |value: &str, aggregate: &str, tests| (value.to_owned(), aggregate.to_owned(), tests);
    assert_eq!(
        rows,
        [
            row("10000.00", "242000.00", [true, true, true]),
            row("-27800.00", "242000.00", [false, true, true]),
            row("408000.00", "726000.00", [true, false, false]),
            row("209300.00", "546700.00", [true, true, false]),
        ]
    );
    let shown = comity(dir.path(), &asked[..7]).ends(0).out;
    assert!(shown.contains("RUB short 60,000,000.00, limit 50,000,000.00"), "{shown}");
    assert!(shown.ends_with("3 of 4 accounts fail a test\n"), "{shown}");
}

#[test]
fn a_leaver_ends_with_nothing_open() {
    let dir = folder();
    let case = example("exit.json");
    let found = comity(dir.path(), &["risk", "exit", &case, "--member", "KG", "--output", "json"]).ends(0).json();
    for one in found["settled"].as_array().expect("a list") {
        let schedule = one["schedule"].as_array().expect("a list");
        assert_eq!(schedule.last().map(|last| text(last, "left")), Some("0.00"));
    }
    assert_eq!(text(&found["positions"][0], "after"), "0.00");
    let shown = comity(dir.path(), &["risk", "exit", &case, "--member", "KG"]).ends(0).out;
    assert!(shown.ends_with("After the last instalment KG owes nobody and is owed nothing.\n"), "{shown}");
}

#[test]
fn a_day_is_watched_and_drilled() {
    let dir = folder();
    comity(dir.path(), &["demo", "--payments", "1500", "--seed", "5"]).ends(0);
    let watched =
        comity(dir.path(), &["risk", "watch", "comity-demo", "--alarm", "5 %", "--output", "json"]).ends(0).json();
    let tests = watched["tests"].as_array().expect("a list");
    assert!(!tests.is_empty());
    let caps = watched["net_debit_caps"].as_array().expect("a list");
    for cap in caps {
        let [used, limit] =
            ["used", "cap"].map(|key| text(cap, key).replace('.', "").parse::<i64>().expect("a number"));
        assert!(used <= limit, "the ledger lets nobody pass a cap: {cap}");
    }
    let used = caps.iter().find(|cap| text(cap, "used") != "0.00").expect("somebody uses credit");
    let alarms = watched["concentration"][0]["alarms"].as_array().expect("a list");
    assert!(alarms.iter().any(|alarm| text(alarm, "what") == "currency"), "{alarms:?}");
    assert!(watched["overnight"].as_array().expect("a list").iter().all(|night| text(night, "above") == "0.00"));
    assert!(comity(dir.path(), &["risk", "watch", "comity-demo"]).ends(0).out.contains("Net debit caps"));
    // At the moment of the greatest use the member fails.
    let entry = used["when"]["entry"].to_string();
    let who = text(used, "participant");
    let asked = ["risk", "drill", "comity-demo", "--default", who, "--entry", &entry, "--picture", "loss.svg"];
    let found = comity(dir.path(), &[&asked[..], &["--output", "json"]].concat()).ends(0).json();
    assert_eq!(text(&found, "defaulter"), who);
    let closed = found["closed_out"].as_array().expect("a list");
    let closed = closed.iter().find(|closed| closed["currency"] == used["currency"]).expect("its currency");
    assert_eq!(text(closed, "position"), format!("-{}", text(used, "used")), "what is closed out is the balance");
    assert!(read(dir.path().join("loss.svg")).starts_with("<svg"));
}

#[test]
fn mistakes_name_their_place() {
    let dir = folder();
    let told = |case: &str, from: &str, to: &str, arguments: &[&str]| {
        let text = read(example(case));
        assert!(text.contains(from), "{from}");
        let name = format!("wrong-{case}");
        write(dir.path().join(&name), text.replacen(from, to, 1));
        let all: Vec<String> = arguments.iter().map(|argument| argument.replace("CASE", &name)).collect();
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        comity(dir.path(), &all).ends(3).err
    };
    let drill = ["risk", "drill", "CASE", "--default", "DELTA"];
    for (from, to, says) in [
        ("\"to\": \"ALFA\"", "\"to\": \"ALPHA\"", "dealings[0]: \"ALPHA\" is not among the members"),
        ("\"to\": \"ALFA\"", "\"to\": \"DELTA\"", "dealings[0]: DELTA would pay itself"),
        ("\"amount\": \"1000.00\"", "\"amount\": \"-1000.00\"", "dealings[1].amount: -1000.00 is not above 0"),
        ("\"0.08\"", "0.08", "expected a number in quotes"),
        ("\"0.08\"", "\"0\"", "rate of RUB: \"0\" is no rate above 0"),
        ("\"cost\": \"2 %\"", "\"cost\": \"200 %\"", "cost of RUB: \"200 %\" is no share from 0 % to 100 %"),
        ("\"bound\": \"none\"", "\"bound\": \"some\"", "bound: \"some\" is neither \"none\" nor \"sum\""),
        ("\"key\": 50", "\"kee\": 50", "unknown field `kee`"),
        ("\"amount\": \"50000.00\", \"settled\"", "\"amount\": \"50000.001\", \"settled\"", "with up to 2 decimals"),
    ] {
        let said = told("case.json", from, to, &drill);
        assert!(said.contains(says), "{says}: {said}");
    }
    let said = told("case.json", "CNY", "CNY", &["risk", "drill", "CASE", "--default", "ECHO"]);
    assert!(said.contains("no one member is meant by \"ECHO\"; members are ALFA, BRAVO, CHARLIE, DELTA"), "{said}");
    let exit = ["risk", "exit", "CASE", "--member", "KG"];
    let said = told("exit.json", "-1200.00", "-1200.01", &exit);
    assert!(said.contains("sum"), "{said}");
    let said = told("exit.json", "2027-06-30", "2027-03-31", &exit);
    assert!(said.contains("due[1] is not above the one before"), "{said}");
    let rates = example("rates.csv");
    let said = told("positions.csv", "RUB", "EUR", &["risk", "tests", "CASE", "--rates", &rates]);
    assert!(said.contains("positions[0]: \"EUR\" is not among the currencies"), "{said}");
    let positions = example("positions.csv");
    comity(dir.path(), &["risk", "tests", &positions]).ends(2);
    let said = told("rates.csv", "0.14", "-0.14", &["risk", "tests", &positions, "--rates", "CASE"]);
    assert!(said.contains("rate of CNY: \"-0.14\" is no rate above 0"), "{said}");
    comity(dir.path(), &["risk", "watch", "nowhere"]).ends(2);
}
