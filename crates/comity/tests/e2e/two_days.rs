//! Two business days: what is carried over the night, what was sent ahead, and returns in time and too late.

use crate::answers::story;
use crate::arrangement::{ARRANGEMENT, CN1, CN2, KZ1, RU1, prepare};
use crate::messages::{Line, line, pacs004, pacs008};
use crate::world::{comity, folder, summary, write};

fn on(date: &'static str, line: Line) -> Line {
    Line { date, ..line }
}

/// Runs `days` days with the given files and gives back the folder.
fn run(days: u32, inbox: &[(&str, String)]) -> tempfile::TempDir {
    let home = folder();
    prepare(home.path(), inbox);
    let text = ARRANGEMENT.replace("days = 1\n\n[[phase]]", &format!("days = {days}\n\n[[phase]]"));
    write(home.path().join("arrangement.toml"), text);
    // Brought in on the first day; day two brings it again, to the bank whose payment waits over the night.
    let funding = "bic,currency,amount,at,reference,date\n\
                   XXXXCNB1,CNY,5000.00,,EXAMPLE-1,2026-11-24\n\
                   XXXXCNB2,CNY,100.00,,EXAMPLE-2,2026-11-25\n\
                   XXXXRUB1,RUB,100.00,,EXAMPLE-3,2026-11-24\n";
    write(home.path().join("funding.csv"), funding);
    comity(home.path(), &["day", "."]).ends(0);
    comity(home.path(), &["verify", "."]).ends(0);
    home
}

#[test]
fn what_waits_is_carried_or_not_as_its_currency_says() {
    let first = "2026-11-24T02:00:00Z";
    let home = run(
        2,
        &[
            ("1.xml", pacs008("CARRIED", first, CN2, &[line(1, CN2, KZ1, "60.00 CNY")])),
            ("2.xml", pacs008("REJECTED", first, RU1, &[line(2, RU1, CN1, "200.00 RUB")])),
            (
                "3.xml",
                pacs008("AHEAD", "2026-11-24T03:00:00Z", CN1, &[on("2026-11-25", line(3, CN1, RU1, "5.00 CNY"))]),
            ),
            ("4.xml", pacs008("NEXT", "2026-11-25T02:00:00Z", CN1, &[on("2026-11-25", line(4, CN1, RU1, "6.00 CNY"))])),
        ],
    );
    let told = |message: &str, reference: &str| story(home.path(), message, reference).join(", ");
    assert_eq!(told("CARRIED", "E1"), "PDNG AM04, ACSC");
    assert_eq!(told("REJECTED", "E2"), "PDNG AM04, RJCT AM04");
    assert_eq!(told("AHEAD", "E3"), "PDNG NARR, ACSC");
    assert_eq!(told("NEXT", "E4"), "ACSC");
    let total = summary(home.path());
    assert_eq!(total["business_date"], "2026-11-25");
    assert_eq!(total["waiting_at_close"], 0);
    let proof = comity(home.path(), &["verify", ".", "--output", "json"]).ends(0).json();
    assert_eq!(proof["checkpoints"].as_array().map(Vec::len), Some(2), "one for each day: {proof}");

    // A day alone leaves it waiting.
    let home = run(1, &[("1.xml", pacs008("CARRIED", first, CN2, &[line(1, CN2, KZ1, "60.00 CNY")]))]);
    assert_eq!(summary(home.path())["waiting_at_close"], 1);
    assert_eq!(story(home.path(), "CARRIED", "E1"), ["PDNG AM04"]);
}

#[test]
fn a_return_is_taken_until_its_deadline_and_only_once() {
    // `return_days` is 1: the joint business day after settlement is the last.
    let pay =
        pacs008("PAID", "2026-11-24T02:00:00Z", CN1, &[line(1, CN1, RU1, "20.00 CNY"), line(2, CN1, RU1, "30.00 CNY")]);
    let home = run(
        3,
        &[
            ("1.xml", pay),
            ("2.xml", pacs004("IN-TIME", "2026-11-25T02:00:00Z", RU1, 1, "20.00 CNY")),
            ("3.xml", pacs004("AGAIN", "2026-11-25T03:00:00Z", RU1, 1, "20.00 CNY")),
            ("4.xml", pacs004("TOO-LATE", "2026-11-26T02:00:00Z", RU1, 2, "30.00 CNY")),
        ],
    );
    let told = |message: &str| story(home.path(), message, "").join(", ");
    assert_eq!(told("IN-TIME"), "ACSC");
    assert_eq!(told("AGAIN"), "RJCT FF12");
    assert_eq!(told("TOO-LATE"), "RJCT TM01");
    let total = summary(home.path());
    assert_eq!((&total["business_date"], &total["returns"]), (&"2026-11-26".into(), &1.into()));
}
