//! `comity targets`: the example measured on a demo day, history, and mistakes.

use expect_test::expect;
use serde_json::Value;

use crate::world::{comity, folder, read, write};

const EXAMPLE: &str = include_str!("../../../../examples/targets/targets.toml");

#[test]
fn the_example_is_measured_and_what_is_late_comes_first() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "1000"]).ends(0);
    write(home.path().join("targets.toml"), EXAMPLE);
    let base = ["targets", "d", "--targets", "targets.toml"];
    let json = comity(home.path(), &[&base[..], &["--output", "json", "--picture", "r.svg"]].concat()).ends(0).json();
    let targets = json["targets"].as_array().expect("targets");
    assert_eq!(targets.len(), 6);
    let order = ["late", "behind", "not measurable", "on course", "reached"];
    let places: Vec<usize> = targets
        .iter()
        .map(|target| order.iter().position(|word| target["status"] == *word).expect("a known status"))
        .collect();
    assert!(places.is_sorted(), "{places:?}");
    // The measure is the figure: the same share comes out of the statistics.
    let stats = ["stats", "journal", "d", "--part", "national", "--output", "json"];
    let stats = comity(home.path(), &stats).ends(0).json();
    let figures = stats["tables"][0]["figures"].as_array().expect("figures");
    let national = figures.iter().find(|figure| figure["figure"] == "pay.national").expect("the share");
    let named = |name: &str| -> &Value {
        targets.iter().find(|target| target["measure"] == name).expect("the target is there")
    };
    assert_eq!(named("national-currency-share")["now"], national["value"]);
    let svg = read(home.path().join("r.svg"));
    assert!(svg.starts_with("<svg") && svg.contains("Council of governors"));
    let shown = comity(home.path(), &base).ends(0);
    assert!(shown.out.starts_with("6 targets as of 2026-11-"), "{}", shown.out);
}

#[test]
fn history_keeps_what_was_measured_and_notices_what_differs() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "300"]).ends(0);
    write(home.path().join("targets.toml"), EXAMPLE);
    let base = ["targets", "d", "--targets", "targets.toml", "--history", "h.jsonl"];
    assert!(comity(home.path(), &base).ends(0).out.contains("6 measurements added"));
    assert!(comity(home.path(), &base).ends(0).out.contains("0 measurements added"));
    // An earlier month, as another journal would have measured it, gives a pace.
    let text = read(home.path().join("h.jsonl"));
    let line = text.lines().find(|line| line.contains("\"target\":\"no currency dominates\"")).expect("a line");
    let mut earlier: Value = serde_json::from_str(line).expect("JSON");
    earlier["until"] = "2026-10-31".into();
    earlier["value"] = 9_999.0.into();
    earlier["journals"][0]["hash"] = "00".into();
    write(home.path().join("h.jsonl"), format!("{earlier}\n{text}"));
    let json = comity(home.path(), &[&base[..], &["--output", "json"]].concat()).ends(0).json();
    let target = json["targets"].as_array().expect("targets").iter().find(|t| t["measure"] == "hhi-currency");
    let target = target.expect("the target is there");
    assert_eq!(target["measurements"][0]["period"], "2026-10");
    assert!(
        target["status"] == "reached" || target["actual_a_month"].as_f64().is_some_and(|pace| pace < 0.0),
        "{target}"
    );
    write(home.path().join("h.jsonl"), text.replacen("\"value\":", "\"value\":1", 1));
    assert!(comity(home.path(), &base).ends(4).err.contains("from the same journals"));
    write(home.path().join("h.jsonl"), "nonsense\n");
    assert!(comity(home.path(), &base).ends(3).err.contains("h.jsonl:1: it is no measurement"));
}

#[test]
fn all_mistakes_of_the_file_are_told() {
    let home = folder();
    comity(home.path(), &["demo", "--dir", "d", "--payments", "200"]).ends(0);
    write(home.path().join("t.toml"), EXAMPLE.replace("\"90%\"", "\"190%\"").replace("hhi-currency", "hhi"));
    let told = comity(home.path(), &["targets", "d", "--targets", "t.toml"]).ends(3).err;
    assert!(told.contains("t.toml:8: target[1].value: \"190%\" is no number from 0 to 100 (%)"), "{told}");
    assert!(told.contains("target[3].measure: \"hhi\" is not known; expected national-currency-share"), "{told}");
}

const GOOD: &str = r#"
[[target]]
name = "own currencies"
measure = "national-currency-share"
comparison = "at-least"
value = "90%"
by = "2027-12"
owner = "Council"
milestones = [{ by = "2026-12", value = 60 }, { by = "2027-06", value = "75 %" }]
"#;

#[test]
fn each_mistake_is_named_by_line_and_field() {
    let home = folder();
    let mut told = String::new();
    let mut run = |text: String| {
        write(home.path().join("t.toml"), text);
        told.push_str(&comity(home.path(), &["targets", "d", "--targets", "t.toml"]).ends(3).err);
    };
    for (from, to) in [
        ("value = \"90%\"", "value = \"110%\""),
        ("value = \"90%\"", "value = true"),
        ("measure = \"national", "measure = \"notional"),
        ("by = \"2027-12\"\n", "by = \"12/2027\"\n"),
        ("owner = \"Council\"\n", ""),
        ("owner", "ownr"),
        ("\"2026-12\"", "\"2027-06\""),
        ("\"2027-06\"", "\"2027-12\""),
        ("[[target]]", "[target]"),
        ("[[target]]", "[[goal]]"),
        ("name =", "name"),
        ("owner = ", "members = [\"RUS\"]\nowner = "),
        ("national-currency-share", "currency-share"),
    ] {
        run(GOOD.replacen(from, to, 1));
    }
    run(format!("{GOOD}{GOOD}"));
    expect![[r#"
        error: t.toml:6: target[1].value: "110%" is no number from 0 to 100 (%)
        error: t.toml:6: target[1].value: expected a number, or a text such as "90%"
        error: t.toml:4: target[1].measure: "notional-currency-share" is not known; expected national-currency-share, national-currency-payments, currency-share, settled-share, failed-share, timely-share, offset-share, time-to-settle-p50, time-to-settle-p90, time-to-settle-p99, netting-efficiency, hhi-currency, hhi-participant, hhi-pair, participants, payments, value
        error: t.toml:7: target[1].by: "12/2027" is not known; expected a month such as 2027-12
        error: t.toml:2: target[1].owner: missing
        error: t.toml:8: target[1].ownr: no such field; there are name, measure, comparison, value, by, owner, members, currencies, milestones
        t.toml:2: target[1].owner: missing
        error: t.toml:9: target[1].milestones[2].by: is not after the milestone before
        error: t.toml:9: target[1].milestones[2].by: is not before the target's own month
        error: t.toml:2: target: is no list; a target begins with [[target]]
        error: t.toml:2: goal: is no field of the file; a target begins with [[target]]
        t.toml:1: the file has no [[target]]
        error: t.toml:3: key with no value, expected `=`
        error: t.toml:8: target[1].members: expected an ISO 3166 code of two letters
        error: t.toml:2: target[1].currencies: missing: currency-share is the share of these currencies
        error: t.toml:11: target[2].name: "own currencies" is the name of an earlier target
    "#]]
    .assert_eq(&told);
}
