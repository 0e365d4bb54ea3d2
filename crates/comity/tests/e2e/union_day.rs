//! A union run from a folder: positions through days, residuals settled in every way, tables, statements, and the page about it.

use std::path::Path;

use serde_json::Value;

use crate::world::{comity, copy_prepared, digest, files, folder, read, summary, write};

/// A folder of the preset, run.
fn ran() -> tempfile::TempDir {
    let home = folder();
    comity(home.path(), &["new", "u", "--preset", "clearing-union"]).ends(0);
    comity(home.path(), &["day", "u"]).ends(0);
    home
}

/// Hundredths of exact decimal text.
fn minor(value: &Value) -> i64 {
    let text = value.as_str().unwrap_or_else(|| panic!("{value} is text"));
    text.replace('.', "").parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn list<'a>(union: &'a Value, key: &str) -> &'a [Value] {
    union[key].as_array().unwrap_or_else(|| panic!("{key} of {union}"))
}

#[test]
fn positions_are_carried_from_day_to_day_and_add_up() {
    let home = ran();
    let total = summary(&home.path().join("u"));
    let union = &total["unions"][0];
    let closings = list(union, "closings");
    let dates: Vec<&str> = closings.iter().filter_map(|closing| closing["date"].as_str()).collect();
    assert_eq!(dates, ["2026-11-24", "2026-11-25", "2026-11-26", "2026-11-27"]);
    let mut gross = 0;
    for closing in closings {
        let members = list(closing, "members");
        assert_eq!(members.iter().map(|line| minor(&line["after"])).sum::<i64>(), 0, "positions sum to zero");
        for line in members {
            assert_eq!(minor(&line["before"]) + minor(&line["net"]), minor(&line["after"]), "{line}");
        }
        let parts = &closing["decomposition"];
        let sum: i64 = ["multilateral", "through_time", "asset", "credit", "special"]
            .iter()
            .map(|part| minor(&parts[*part]))
            .sum();
        assert_eq!(minor(&parts["gross"]), sum, "{parts}");
        gross += minor(&parts["gross"]);
    }
    assert_eq!(minor(&union["all_closings"]["gross"]), gross);
    for member in list(union, "members") {
        let parts = minor(&member["asset"]) + minor(&member["credit"]) + minor(&member["special"]);
        assert_eq!(minor(&member["position"]), parts, "{member}");
    }
    comity(home.path(), &["verify", "u"]).ends(0);
}

#[test]
fn every_way_to_settle_is_seen() {
    let home = ran();
    let told = comity(home.path(), &["union", "show", "u", "--output", "json"]).ends(0).json();
    let union = &told["unions"][0];
    assert_eq!(union, &summary(&home.path().join("u"))["unions"][0], "one view of it");
    for method in ["asset", "roll-over", "basket", "auction", "use"] {
        assert!(minor(&union["settled_by"][method]) > 0, "{method}: {}", union["settled_by"]);
    }
    let residuals = list(union, "residuals");
    for residual in residuals {
        let settled = list(residual, "settled");
        assert_eq!(minor(&residual["open"]) == minor(&residual["amount"]), settled.is_empty(), "{residual}");
    }
    let has = |text: &str| residuals.iter().any(|residual| residual["settled"].to_string().contains(text));
    assert!(has("asset [DELIVERY-88] 448,661.46"), "an outside transfer, by its reference");
    assert!(has("instalments (loan 1)") && has("[CONTRACT-0117]") && has("unrolled"));
    assert!(!has("DELIVERY-91"), "what was declined does not count");
    let late = list(union, "actions").iter().filter(|item| item["status"] == "late").count();
    assert_eq!(late, 1, "{}", union["actions"]);
    assert_eq!(list(union, "uses").len(), 2);
    assert_eq!(list(union, "loans").len(), 2);
    assert_eq!(summary(&home.path().join("u"))["refusals"], serde_json::json!({}), "nothing was refused");

    let one = comity(home.path(), &["union", "show", "u", "--member", "KZ", "--output", "json"]).ends(0).json();
    assert_eq!(list(&one["unions"][0], "members").len(), 1);
    let table = comity(home.path(), &["union", "show", "u", "--member", "KZ", "--all"]).ends(0).out;
    assert!(table.contains("Clearing Union in XCU") && table.contains("[DELIVERY-88]"), "{table}");
    comity(home.path(), &["union", "show", "u", "--member", "XX"]).ends(2);
    let none = folder();
    comity(none.path(), &["new", "b", "--preset", "bilateral-1+1"]).ends(0);
    comity(none.path(), &["day", "b"]).ends(0);
    let refused = comity(none.path(), &["union", "show", "b"]).ends(3);
    assert!(refused.err.contains("has no union"), "{}", refused.err);
}

#[test]
fn run_again_it_follows_its_journal_and_anywhere_gives_the_same() {
    let home = ran();
    let first = digest(&home.path().join("u"));
    let written = files(&home.path().join("u/statements"));
    comity(home.path(), &["day", "u"]).ends(0);
    assert_eq!(digest(&home.path().join("u")), first);
    assert_eq!(files(&home.path().join("u/statements")), written);
    copy_prepared(&home.path().join("u"), &home.path().join("copy"));
    comity(home.path(), &["day", "copy"]).ends(0);
    assert_eq!(digest(&home.path().join("copy")), first);
    // A folder that was changed is found.
    let orders = read(home.path().join("u/union-orders.csv")).replace("600000.00", "600000.01");
    write(home.path().join("u/union-orders.csv"), orders);
    comity(home.path(), &["day", "u"]).ends(4);
}

#[test]
fn statements_and_tables_agree_with_it() {
    let home = ran();
    let statement = read(home.path().join("u/statements/KG-union-1.csv"));
    let mut lines = statement.lines();
    assert_eq!(lines.next(), Some("line,date,what,other,amount,open,status,reference"));
    let member = &summary(&home.path().join("u"))["unions"][0]["members"][3];
    assert_eq!(member["member"], "KG");
    let position =
        format!("position,2026-11-27,position,Clearing Union,{}", member["position"].as_str().expect("text"));
    assert!(lines.any(|line| line.starts_with(&position)), "{statement}");
    assert!(statement.contains("\nsettled,2026-11-24,roll-over,union,-319631.33,,,\n"), "{statement}");

    let told = comity(home.path(), &["export", "u", "--out", "t", "--output", "json"]).ends(0).json();
    assert_eq!((&told["union_positions"], &told["union_uses"]), (&20.into(), &2.into()));
    let positions = read(home.path().join("t/union_positions.csv"));
    assert!(
        positions.starts_with("union,name,exponent,closing,date,entry,member,quota_minor,net_minor,"),
        "{positions}"
    );
    let residuals = read(home.path().join("t/union_residuals.csv"));
    assert!(residuals.contains(",asset,44866146,2026-11-26,DELIVERY-88"), "{residuals}");
    let report = read(home.path().join("u/report.html"));
    for shown in
        ["id=\"union-1\"", "Positions against quotas", "Where it went", "at the quota or beyond", "DELIVERY-88"]
    {
        assert!(report.contains(shown), "{shown}");
    }
}

#[test]
fn a_line_that_may_not_be_is_refused_when_it_is_due_and_the_run_goes_on() {
    let home = folder();
    comity(home.path(), &["new", "u", "--preset", "clearing-union"]).ends(0);
    let path = home.path().join("u/union-orders.csv");
    let orders = read(&path)
        + "2026-11-24,18:30,,KZ,roll-over,union,asset,all,,,,\n2026-11-27,18:55,,UZ,pay,RU,,1.00,,,,DEBTOR-1\n";
    write(&path, orders);
    comity(home.path(), &["day", "u"]).ends(0);
    let refusals = summary(&home.path().join("u"))["refusals"].clone();
    let count: i64 = refusals.as_object().expect("codes").values().filter_map(Value::as_i64).sum();
    assert_eq!(count, 2, "{refusals}");
    comity(home.path(), &["verify", "u"]).ends(0);
}

#[test]
fn a_rate_far_off_holds_the_closing_until_two_people_release_it() {
    let home = folder();
    comity(home.path(), &["new", "u", "--preset", "clearing-union"]).ends(0);
    let path = home.path().join("u/union-rates.csv");
    let rates = read(&path);
    let off = rates
        .replace("UZS,0.000555,Example official rate,official,yes", "UZS,0.000197,Example official rate,official,")
        .replace("UZS,0.000556", "UZS,0.000575");
    write(&path, off);
    let run = comity(home.path(), &["day", "u"]).ends(0);
    assert!(run.err.contains("a change of 6604 basis points on 2026-11-26"), "{}", run.err);
    let union = summary(&home.path().join("u"))["unions"][0].clone();
    let dates: Vec<&str> = list(&union, "closings").iter().filter_map(|closing| closing["date"].as_str()).collect();
    assert!(!dates.contains(&"2026-11-26"), "{dates:?}");
    assert_eq!(list(list(&union, "closings").last().expect("one"), "cycles").len(), 2, "carried with the next closing");
}

/// The example on the page is what the program prints.
#[test]
fn the_page_shows_what_is_printed() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/union-day.md");
    let home = ran();
    let mut text = read(&page);
    for (mark, arguments) in
        [("show", &["union", "show", "u"][..]), ("member", &["union", "show", "u", "--member", "UZ", "--all"])]
    {
        let out = comity(home.path(), arguments).ends(0).out;
        let start = format!("<!-- printed: {mark} -->\n```text\n");
        let (before, rest) = text.split_once(&start).unwrap_or_else(|| panic!("the page has {mark}"));
        let (_, after) = rest.split_once("```\n").expect("the end of the fence");
        text = format!("{before}{start}{out}```\n{after}");
    }
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        write(&page, &text);
    }
    assert!(
        read(&page) == text,
        "docs/union-day.md is stale: UPDATE_EXPECT=1 cargo test -p comity --test e2e union_day"
    );
}
