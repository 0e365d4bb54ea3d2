//! Offsetting rules of a currency, from the folder to the answers: runs, every change, plans that pass over a queue's head.

use std::path::Path;

use crate::arrangement::{CN1, CN2, KZ1, RU1, prepare};
use crate::messages::{line, pacs008, uetr};
use crate::world::{comity, folder, read, write};

/// A day of the small arrangement with another rule for CNY, and the participants that consent to be passed over.
fn run(dir: &Path, rule: &str, consents: &[&str], inbox: &[(&str, String)]) {
    prepare(dir, inbox);
    let toml = dir.join("arrangement.toml");
    let changed = read(&toml).replacen("unsettled = \"carry\"", &format!("unsettled = \"carry\"\noffset = {rule}"), 1);
    write(&toml, changed);
    let csv = dir.join("participants.csv");
    let before = read(&csv);
    let rows = before.lines().map(|row| match row {
        head if head.starts_with("bic") => format!("{head},bypass\n"),
        row if consents.iter().any(|bic| row.starts_with(bic)) => format!("{row},CNY\n"),
        row => format!("{row},\n"),
    });
    let rows: String = rows.collect();
    write(&csv, rows);
    comity(dir, &["day", "."]).ends(0);
}

/// When and how a payment settled, or that it waits: the last step of its life.
fn end(dir: &Path, number: u32) -> String {
    let told = comity(dir, &["explain", ".", &uetr(number), "--output", "json"]).ends(0).json();
    let last = told["steps"].as_array().and_then(|steps| steps.last()).expect("a step");
    format!("{} {}", &last["time"].as_str().expect("a time")[11..16], last["rule"].as_str().expect("a rule"))
}

fn circle() -> [(&'static str, String); 3] {
    [
        ("1.xml", pacs008("M1", "2026-11-24T02:10:00Z", CN2, &[line(1, CN2, RU1, "70.00 CNY")])),
        ("2.xml", pacs008("M2", "2026-11-24T02:20:00Z", RU1, &[line(2, RU1, KZ1, "70.00 CNY")])),
        ("3.xml", pacs008("M3", "2026-11-24T02:30:00Z", KZ1, &[line(3, KZ1, CN2, "70.00 CNY")])),
    ]
}

#[test]
fn a_circle_waits_for_the_next_run_or_closes_with_its_last_payment() {
    for (rule, expected) in [
        ("{ on_change = \"nothing\" }", "03:00 settle:multilateral"),
        ("{ on_change = \"nothing\", every = \"50m\" }", "02:40 settle:multilateral"),
        ("{ on_change = \"every\" }", "02:30 settle:multilateral"),
    ] {
        let home = folder();
        run(home.path(), rule, &[], &circle());
        for number in 1..=3 {
            assert_eq!(end(home.path(), number), expected, "payment {number} under {rule}");
        }
        comity(home.path(), &["verify", "."]).ends(0);
    }
}

/// KZ1's first payment can never go; its second and CN2's would cover each other.
fn blocked() -> [(&'static str, String); 3] {
    [
        ("1.xml", pacs008("M1", "2026-11-24T02:10:00Z", KZ1, &[line(1, KZ1, CN1, "500.00 CNY")])),
        ("2.xml", pacs008("M2", "2026-11-24T02:20:00Z", KZ1, &[line(2, KZ1, CN2, "70.00 CNY")])),
        ("3.xml", pacs008("M3", "2026-11-24T02:30:00Z", CN2, &[line(3, CN2, KZ1, "70.00 CNY")])),
    ]
}

#[test]
fn a_plan_passes_over_a_queue_only_where_rule_and_bank_allow_it() {
    let free = "{ policy = \"free-subset\" }";
    for (rule, consents, settles) in [
        (free, &[KZ1][..], true),
        (free, &[CN2], false),
        (free, &[], false),
        ("{ policy = \"fifo-prefix\" }", &[KZ1], false),
    ] {
        let home = folder();
        run(home.path(), rule, consents, &blocked());
        let planned = end(home.path(), 2) == "03:00 settle:planned" && end(home.path(), 3) == "03:00 settle:planned";
        assert_eq!(planned, settles, "{rule} with the consent of {consents:?}: {}", end(home.path(), 2));
        assert!(!end(home.path(), 1).contains("settle"), "the head waits on");
        comity(home.path(), &["verify", "."]).ends(0);
    }
}

/// A day that is run again takes its plans from its journal.
#[test]
fn a_day_run_again_follows_its_plans() {
    let home = folder();
    // More files around the plan, so that documents are kept right before and after it.
    let more = [("4.xml", "02:50", 4), ("5.xml", "03:01", 5), ("6.xml", "03:02", 6)].map(|(name, at, number)| {
        let at = format!("2026-11-24T{at}:00Z");
        (name, pacs008(&format!("M{number}"), &at, CN1, &[line(number, CN1, RU1, "1.00 CNY")]))
    });
    let inbox: Vec<_> = blocked().into_iter().chain(more).collect();
    run(home.path(), "{ policy = \"free-subset\" }", &[KZ1], &inbox);
    assert_eq!(end(home.path(), 2), "03:00 settle:planned");
    let summary = read(home.path().join("summary.json"));
    comity(home.path(), &["day", "."]).ends(0);
    assert_eq!(read(home.path().join("summary.json")), summary);
}
#[test]
fn the_reserve_of_an_account_is_for_urgent_payments() {
    let home = folder();
    let message = |name, minute, number, money| {
        pacs008(name, &format!("2026-11-24T02:{minute}:00Z"), CN1, &[line(number, CN1, RU1, money)])
    };
    let inbox = [("1.xml", message("M1", 10, 1, "4000.00 CNY")), ("2.xml", message("M2", 20, 2, "300.00 CNY"))];
    write(home.path().join("limits.csv"), "bic,currency,kind,counterparty,value\nXXXXCNB1,CNY,reserve,,800.00\n");
    run(home.path(), "{ on_change = \"pair\" }", &[], &inbox);
    assert_eq!(end(home.path(), 1), "02:10 settle:gross");
    assert_eq!(end(home.path(), 2), "02:20 wait:urgent-reserve");
    let told = comity(home.path(), &["explain", ".", &uetr(2)]).ends(0).out;
    assert!(told.contains("100.00 CNY short beside the 800.00 CNY kept for urgent payments"), "{told}");
}
