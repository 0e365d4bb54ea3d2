//! The documented example is complete: it loads, and it shows every key there is.

mod common;

use comity_arrangement::{Arrangement, Files, load, parse};
use comity_ledger::ids::Day;
use expect_test::expect;

fn example() -> Arrangement {
    parse(&common::example()).unwrap_or_else(|mistakes| panic!("{mistakes}"))
}

fn cutoffs(files: &Files) -> String {
    let arrangement = parse(files).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let mut out = String::new();
    for day in arrangement.dates() {
        let start = arrangement.start_day(day);
        out.push_str(&format!("{} opens {}", start.date, start.opens));
        for cutoff in start.cutoffs {
            let code = arrangement.currencies[cutoff.currency.at()].code;
            out.push_str(&format!(", {code} until {}", cutoff.at));
        }
        out.push('\n');
    }
    out
}

#[test]
fn the_example_loads_from_a_folder_as_from_text() {
    let dir = tempfile::tempdir().expect("a folder");
    common::example().write(dir.path()).expect("written");
    let loaded = load(dir.path()).expect("it loads");
    assert_eq!(loaded.rules, example().rules);
    assert_eq!(loaded.seed, 7);
}

#[test]
fn the_seed_comes_from_the_files_when_none_is_given() {
    let mut files = common::example();
    files.arrangement = files.arrangement.replace("seed = 7\n", "");
    let arrangement = parse(&files).expect("it loads");
    let [a, b, c, d, e, f, g, h, ..] = arrangement.rules;
    assert_eq!(arrangement.seed, u64::from_le_bytes([a, b, c, d, e, f, g, h]));
}

#[test]
fn every_file_counts_for_the_hash_and_no_two_may_trade_bytes() {
    let base = common::example();
    let mut hashes = vec![base.rules()];
    for at in 0..5 {
        let mut files = base.clone();
        let file =
            [&mut files.arrangement, &mut files.participants, &mut files.limits, &mut files.funding, &mut files.rates];
        file.into_iter().nth(at).expect("five files").push('\n');
        hashes.push(files.rules());
    }
    let mut moved = base.clone();
    let last = moved.limits.pop().expect("not empty");
    moved.funding.insert(0, last);
    hashes.push(moved.rules());
    hashes.sort_unstable();
    hashes.dedup();
    assert_eq!(hashes.len(), 7);
}

#[test]
fn cut_offs_are_instants_of_their_own_zones_on_open_dates_only() {
    // 27 November is a Friday: closed for the Kuwaiti dinar, which has no cut-off anyway.
    expect![[r#"
        2026-11-24 opens 2026-11-24T01:00:00.000Z, KZT until 2026-11-24T11:00:00.000Z, CNY until 2026-11-24T11:00:00.000Z
        2026-11-25 opens 2026-11-25T01:00:00.000Z, KZT until 2026-11-25T11:00:00.000Z, CNY until 2026-11-25T11:00:00.000Z
        2026-11-26 opens 2026-11-26T01:00:00.000Z, KZT until 2026-11-26T11:00:00.000Z, CNY until 2026-11-26T11:00:00.000Z
    "#]].assert_eq(&cutoffs(&common::example()));
}

#[test]
fn cut_offs_follow_the_clocks_of_their_zone() {
    // Clocks in Berlin go back on 25 October 2026, those in Almaty stay.
    let mut files = common::example();
    files.arrangement = files
        .arrangement
        .replace("date = 2026-11-24", "date = 2026-10-23")
        .replace("zone = \"Asia/Shanghai\"", "zone = \"Europe/Berlin\"")
        .replace("local = \"19:00\"", "local = \"11:30\"");
    files.funding = files.funding.replace("2026-11-24", "");
    expect![[r#"
        2026-10-23 opens 2026-10-23T01:00:00.000Z, KZT until 2026-10-23T11:00:00.000Z, CNY until 2026-10-23T09:30:00.000Z
        2026-10-25 opens 2026-10-25T01:00:00.000Z
        2026-10-26 opens 2026-10-26T01:00:00.000Z, KZT until 2026-10-26T11:00:00.000Z, CNY until 2026-10-26T10:30:00.000Z
    "#]].assert_eq(&cutoffs(&files));
}

#[test]
fn a_day_opens_on_the_clock_of_its_zone() {
    let mut files = common::example();
    files.arrangement = files
        .arrangement
        .replace("date = 2026-11-24", "date = 2026-03-27")
        .replace("zone = \"Asia/Almaty\"", "zone = \"Europe/Berlin\"")
        .replace("zone = \"Asia/Shanghai\"", "zone = \"Europe/Berlin\"")
        .replace("local = \"19:00\"", "local = \"16:00\"");
    expect![[r#"
        2026-03-27 opens 2026-03-27T05:00:00.000Z, KZT until 2026-03-27T15:00:00.000Z, CNY until 2026-03-27T15:00:00.000Z
        2026-03-29 opens 2026-03-29T04:00:00.000Z
        2026-03-30 opens 2026-03-30T04:00:00.000Z, KZT until 2026-03-30T14:00:00.000Z, CNY until 2026-03-30T14:00:00.000Z
    "#]].assert_eq(&cutoffs(&files));
}

#[test]
fn make_up_workdays_are_business_dates() {
    let mut files = common::example();
    files.arrangement = files.arrangement.replace("date = 2026-11-24", "date = 2026-10-09").replace(
        "code = \"KWD\"\nexponent = 3\nauthority = \"KW\"\nweekend = [\"fri\", \"sat\"]",
        "code = \"KWD\"\nexponent = 3\nauthority = \"KW\"",
    );
    // Saturday the 10th is worked in China; Sunday nobody works.
    expect![[r#"
        2026-10-09 opens 2026-10-09T01:00:00.000Z, KZT until 2026-10-09T11:00:00.000Z, CNY until 2026-10-09T11:00:00.000Z
        2026-10-10 opens 2026-10-10T01:00:00.000Z, CNY until 2026-10-10T11:00:00.000Z
        2026-10-12 opens 2026-10-12T01:00:00.000Z, KZT until 2026-10-12T11:00:00.000Z, CNY until 2026-10-12T11:00:00.000Z
    "#]].assert_eq(&cutoffs(&files));
}

#[test]
fn a_closed_currency_is_neither_funded_nor_rated() {
    let arrangement = {
        let mut files = common::example();
        files.arrangement = files.arrangement.replace("holidays = [2026-10-01", "holidays = [2026-11-25");
        parse(&files).expect("it loads")
    };
    let count = |day: Day| arrangement.daily(day).len();
    let dates = arrangement.dates();
    // One date less of: a rate, two approvals, one transfer in yuan; and of the dated transfer in dinar.
    assert_eq!(count(dates[0]) - count(dates[1]), 5);
}

#[test]
fn sponsored_banks_come_after_direct_ones() {
    let arrangement = example();
    let order: Vec<String> = arrangement.participants.iter().map(|p| p.bic.to_string()).collect();
    assert_eq!(order, ["XXXXKZB1XXX", "XXXXCNB1XXX", "XXXXKWB1XXX", "XXXXKZB2XXX"]);
}

#[test]
fn missing_files_and_broken_text_are_told_by_name() {
    let dir = tempfile::tempdir().expect("a folder");
    std::fs::write(dir.path().join("arrangement.toml"), b"name = \"x\"\n\xff\n").expect("written");
    let Err(mistakes) = load(dir.path()) else {
        panic!("there are mistakes");
    };
    let text = mistakes.to_string().replace(&dir.path().display().to_string(), "DIR");
    expect![[r#"
        arrangement.toml:2: found bytes that are not UTF-8, expected text in UTF-8
        participants.csv: found no such file, expected the file in DIR"#]]
    .assert_eq(&text);
}

#[test]
fn spreadsheets_may_write_their_mark_and_line_ends() {
    let mut files = common::example();
    files.participants = format!("\u{feff}{}", files.participants.replace('\n', "\r\n"));
    files.arrangement = files.arrangement.replace('\n', "\r\n");
    assert!(parse(&files).is_ok());
}

#[test]
fn every_key_of_the_example_is_in_the_table_of_keys() {
    let page = include_str!("../../../docs/arrangement.md");
    let (table, _) = page.split_once("A complete example:").expect("the page has it");
    let mut section = String::new();
    for line in common::example().arrangement.lines() {
        if let Some(name) = line.strip_prefix('[') {
            section = format!("{}.", name.trim_matches(['[', ']']));
        } else if let Some((key, _)) = line.split_once(" = ") {
            let key = format!("`{section}{key}`");
            assert!(table.contains(&key), "{key} is not documented");
        }
    }
}

/// The reader names every key it knows when it meets one it does not; each of them is documented.
#[test]
fn every_key_the_reader_knows_is_in_the_table_of_keys() {
    let page = include_str!("../../../docs/arrangement.md");
    let (table, _) = page.split_once("A complete example:").expect("the page has it");
    let base = common::example();
    let mut seen = 0;
    for section in ["", "options", "day", "phase", "authority", "currency", "pair", "defaults", "actor"] {
        let mut files = base.clone();
        let heading = ["[[", "["].iter().find_map(|open| {
            let heading = format!("{open}{section}{}", open.replace('[', "]"));
            base.arrangement.contains(&format!("{heading}\n")).then_some(heading)
        });
        files.arrangement = match heading {
            Some(heading) => base.arrangement.replacen(&heading, &format!("{heading}\nzzz = 1"), 1),
            None => format!("zzz = 1\n{}", base.arrangement),
        };
        let Err(mistakes) = parse(&files) else {
            panic!("zzz is not known in [{section}]");
        };
        let text = mistakes.to_string();
        let (_, keys) = text.split_once("found an unknown key, expected one of ").expect("the keys");
        for key in keys.lines().next().expect("a line").split(", ") {
            let whole = if section.is_empty() { key.to_owned() } else { format!("{section}.{key}") };
            // The page names sections by their keys.
            let named = table.contains(&format!("`{whole}`")) || table.contains(&format!("`{whole}."));
            assert!(named, "{whole} is not documented");
            seen += 1;
        }
    }
    assert!(seen > 45, "{seen} keys");
}
