//! `comity explain` and `comity export`, on one small day with a payment of every kind.

use std::path::Path;
use std::process::Stdio;

use expect_test::expect;
use serde_json::Value;

use crate::arrangement::{CN1, CN2, KZ1, RU1, run};
use crate::messages::{Line, instructed, line, pacs004, pacs008, uetr};
use crate::world::{comity, command, folder};

fn pvp(number: u32, from: &'static str, to: &'static str, money: &'static str) -> Line {
    let kind = "<PmtTpInf><LclInstrm><Prtry>PVP</Prtry></LclInstrm></PmtTpInf>".to_owned();
    Line { kind, ..line(number, from, to, money) }
}

/// 1 settles, 2 waits and is released by 3, 4 is refused, 5 is returned, 6 and 7 are a group, 8 converts, 9 waits to the end.
fn day(dir: &Path) -> Value {
    let at = |time: &str| format!("2026-11-24T{time}Z");
    let convert = Line { more: instructed("10.00 CNY", "12.5"), ..line(8, CN1, RU1, "125.00 RUB") };
    let legs = [pvp(6, CN1, RU1, "40.00 CNY"), pvp(7, RU1, CN1, "500.00 RUB")];
    run(
        dir,
        &[
            ("1.xml", pacs008("M1", &at("02:00:00"), CN1, &[line(1, CN1, RU1, "100.00 CNY")])),
            ("2.xml", pacs008("M2", &at("02:10:00"), CN2, &[line(2, CN2, KZ1, "30.00 CNY")])),
            ("3.xml", pacs008("M3", &at("02:20:00"), CN1, &[line(3, CN1, CN2, "50.00 CNY")])),
            ("4.xml", pacs008("M4", &at("02:30:00"), CN1, &[line(4, CN1, RU1, "1000000.01 CNY")])),
            ("5.xml", pacs008("M5", &at("02:40:00"), CN1, &[line(5, CN1, RU1, "20.00 CNY")])),
            ("6.xml", pacs008("M6", &at("02:50:00"), CN1, &legs)),
            ("7.xml", pacs008("M7", &at("02:51:00"), RU1, &legs)),
            ("8.xml", pacs008("M8", &at("03:00:00"), CN1, &[convert])),
            ("9.xml", pacs008("M9", &at("03:10:00"), KZ1, &[line(9, KZ1, CN1, "7.00 KZT")])),
            ("10.xml", pacs008("M10", &at("03:20:00"), KZ1, &[line(10, KZ1, RU1, "900.00 CNY")])),
            ("99.xml", pacs004("R5", &at("04:00:00"), RU1, 5, "20.00 CNY")),
        ],
    )
}

#[test]
fn the_life_of_every_kind_of_payment() {
    let home = folder();
    day(home.path());
    let mut told = String::new();
    for (what, number) in [
        ("settled", 1),
        ("queued, then released", 2),
        ("refused", 4),
        ("returned", 5),
        ("group", 6),
        ("converted", 8),
        ("carried", 10),
    ] {
        let ran = comity(home.path(), &["explain", ".", &uetr(number)]).ends(0);
        assert_eq!(ran.err, "");
        told.push_str(&format!("== {what}\n{}\n", ran.out));
        let json = comity(home.path(), &["explain", ".", &uetr(number), "--output", "json"]).ends(0).json();
        assert_eq!(json["payments"][0]["uetr"], uetr(number));
        assert!(!json["steps"].as_array().expect("steps").is_empty());
    }
    expect![[r#"
        == settled
        payment 00000001-0000-4000-8000-000000000000
        100.00 CNY  from XXXXCNB1XXX (Example Bank of Beijing 1)  to XXXXRUB1XXX (Example Bank of Moscow 1)
        entry 70, settlement date 2026-11-24, Normal priority, document 1 line 0
        state: settled at 2026-11-24T02:00:00.000Z, final

        time                      entry  actor                asked    rule          what happened
        ────────────────────────  ─────  ───────────────────  ───────  ────────────  ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T02:00:00.000Z     70  XXXXCNB1XXX-channel  payment  settle:gross  payment 00000001-0000-4000-8000-000000000000 of 100.00 CNY from XXXXCNB1XXX to XXXXRUB1XXX settled at once: final

        == queued, then released
        payment 00000002-0000-4000-8000-000000000000
        30.00 CNY  from XXXXCNB2XXX (Example Bank of Shanghai 2)  to XXXXKZB1XXX (Example Bank of Astana 1)
        entry 71, settlement date 2026-11-24, Normal priority, document 2 line 0
        state: settled at 2026-11-24T02:20:00.000Z, final

        time                      entry  actor                asked    rule             what happened
        ────────────────────────  ─────  ───────────────────  ───────  ───────────────  ──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T02:10:00.000Z     71  XXXXCNB2XXX-channel  payment  wait:funds       payment 00000002-0000-4000-8000-000000000000 of 30.00 CNY from XXXXCNB2XXX to XXXXKZB1XXX waits: 30.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short, or an offsetting run
        2026-11-24T02:20:00.000Z     72  XXXXCNB1XXX-channel  payment  settle:released  payment 00000002-0000-4000-8000-000000000000 of 30.00 CNY from XXXXCNB2XXX to XXXXKZB1XXX settled from the queue: final

        at entry 71 it would have been released by incoming payments or funding of the amount short, or an offsetting run

        == refused
        payment 00000004-0000-4000-8000-000000000000
        1,000,000.01 CNY  from XXXXCNB1XXX (Example Bank of Beijing 1)  to XXXXRUB1XXX (Example Bank of Moscow 1)
        entry 73, settlement date 2026-11-24, Normal priority, document 4 line 0
        state: refused at 2026-11-24T02:30:00.000Z: the amount is over the limit for one payment (AM02)

        time                      entry  actor                asked    rule                      what happened
        ────────────────────────  ─────  ───────────────────  ───────  ────────────────────────  ───────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T02:30:00.000Z     73  XXXXCNB1XXX-channel  payment  limit-per-payment (AM02)  payment 00000004-0000-4000-8000-000000000000 of 1,000,000.01 CNY from XXXXCNB1XXX to XXXXRUB1XXX refused: the amount is over the limit for one payment: 1,000,000.01 CNY, the limit is 1,000,000.00 CNY; send smaller payments or have the limit raised

        == returned
        payment 00000005-0000-4000-8000-000000000000
        20.00 CNY  from XXXXCNB1XXX (Example Bank of Beijing 1)  to XXXXRUB1XXX (Example Bank of Moscow 1)
        entry 74, settlement date 2026-11-24, Normal priority, document 5 line 0
        state: settled at 2026-11-24T02:40:00.000Z, final; given back at 2026-11-24T04:00:00.000Z

        time                      entry  actor                asked    rule          what happened
        ────────────────────────  ─────  ───────────────────  ───────  ────────────  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T02:40:00.000Z     74  XXXXCNB1XXX-channel  payment  settle:gross  payment 00000005-0000-4000-8000-000000000000 of 20.00 CNY from XXXXCNB1XXX to XXXXRUB1XXX settled at once: final
        2026-11-24T04:00:00.000Z     81  XXXXRUB1XXX-channel  return   settle:gross  payment 8c147722-f662-49ba-a414-dddcf110164d of 20.00 CNY from XXXXRUB1XXX to XXXXCNB1XXX settled at once: final

        == group
        payment 00000006-0000-4000-8000-000000000000
        40.00 CNY  from XXXXCNB1XXX (Example Bank of Beijing 1)  to XXXXRUB1XXX (Example Bank of Moscow 1)
        500.00 RUB  from XXXXRUB1XXX (Example Bank of Moscow 1)  to XXXXCNB1XXX (Example Bank of Beijing 1)
        entry 75, settlement date 2026-11-24, Normal priority, document 6 line 0
        state: settled at 2026-11-24T02:50:00.000Z, final

        time                      entry  actor   asked                   rule          what happened
        ────────────────────────  ─────  ──────  ──────────────────────  ────────────  ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T02:50:00.000Z     75  system  payment versus payment  settle:gross  payment 00000006-0000-4000-8000-000000000000 of 40.00 CNY from XXXXCNB1XXX to XXXXRUB1XXX settled at once: final
        2026-11-24T02:50:00.000Z     75  system  payment versus payment  settle:gross  payment 00000007-0000-4000-8000-000000000000 of 500.00 RUB from XXXXRUB1XXX to XXXXCNB1XXX settled at once: final
        2026-11-24T02:51:00.000Z     76  system  payment versus payment  idempotency   repeats entry 75; the answer is the same
        2026-11-24T02:51:00.000Z     76  system  payment versus payment  idempotency   repeats entry 75; the answer is the same

        == converted
        payment 00000008-0000-4000-8000-000000000000
        10.00 CNY  from XXXXCNB1XXX (Example Bank of Beijing 1)  to XXXXCNB9XXX (Example Bank of Tianjin 9)
        125.00 RUB  from XXXXCNB9XXX (Example Bank of Tianjin 9)  to XXXXRUB1XXX (Example Bank of Moscow 1)
        entry 78, settlement date 2026-11-24, Normal priority, document 8 line 0
        state: settled at 2026-11-24T03:00:00.000Z, final

        time                      entry  actor                asked       rule          what happened
        ────────────────────────  ─────  ───────────────────  ──────────  ────────────  ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T03:00:00.000Z     78  XXXXCNB1XXX-channel  conversion  settle:gross  payment 00000008-0000-4000-8000-000000000000 of 10.00 CNY from XXXXCNB1XXX to XXXXCNB9XXX settled at once: final
        2026-11-24T03:00:00.000Z     78  XXXXCNB1XXX-channel  conversion  settle:gross  payment 00000008-0000-4000-8000-000000000000 of 125.00 RUB from XXXXCNB9XXX to XXXXRUB1XXX settled at once: final

        == carried
        payment 0000000a-0000-4000-8000-000000000000
        900.00 CNY  from XXXXKZB1XXX (Example Bank of Astana 1)  to XXXXRUB1XXX (Example Bank of Moscow 1)
        entry 79, settlement date 2026-11-24, Normal priority, document 10 line 0
        state: waits

        time                      entry  actor                asked    rule        what happened
        ────────────────────────  ─────  ───────────────────  ───────  ──────────  ────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────────
        2026-11-24T03:20:00.000Z     79  XXXXKZB1XXX-channel  payment  wait:funds  payment 0000000a-0000-4000-8000-000000000000 of 900.00 CNY from XXXXKZB1XXX to XXXXRUB1XXX waits: 870.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short, or an offsetting run

        at entry 79 it would have been released by incoming payments or funding of the amount short, or an offsetting run

        it waits now (phase); it would be released by the next phase that settles

    "#]].assert_eq(&told);
}

#[test]
fn the_original_is_given_back_byte_by_byte() {
    let home = folder();
    day(home.path());
    let original = std::fs::read(home.path().join("inbox/1.xml")).expect("a file");
    let mut asked = command(home.path(), &["explain", ".", &uetr(1), "--original"]);
    let output = asked.stdout(Stdio::piped()).output().expect("the binary starts");
    let found = output.stdout.windows(original.len()).any(|window| window == original);
    assert!(found, "{}", String::from_utf8_lossy(&output.stdout));
}
