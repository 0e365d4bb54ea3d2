//! Each command as a user meets it: help, lists, presets, mistakes and their exit codes, what goes to which stream.

use expect_test::expect;

use crate::answers::settled;
use crate::arrangement::{ARRANGEMENT, CN1, CN2, RU1, prepare};
use crate::messages::{CSV, line, pacs008, uetr};
use crate::world::{comity, command, files, finish, folder, read, summary, write};

const COMMANDS: [&str; 11] =
    ["demo", "new", "day", "verify", "explain", "export", "clear", "offset", "union", "bench", "completions"];
const PRESETS: [(&str, &str, &str); 5] = [
    ("bilateral-1+1", "XXXXCNB1 XXXXRUB1 CNY", "2026-11-24"),
    ("union-1+5", "XXXXRUB1 XXXXBYB1 RUB", "2026-11-24"),
    ("framework-2+1", "XXXXCNB1 XXXXKZB1 CNY", "2026-11-24"),
    ("multilateral", "XXXXCNB1 XXXXRUB1 CNY", "2026-11-25"),
    ("afaq-day", "XXXXSAB1 XXXXAEB1 SAR", "2026-11-24"),
];

#[test]
fn every_command_has_help_with_examples() {
    let home = folder();
    let overview = comity(home.path(), &["--help"]).ends(0);
    for name in COMMANDS {
        assert!(overview.out.contains(&format!("\n  {name} ")), "{name} is listed: {}", overview.out);
        let help = comity(home.path(), &[name, "--help"]).ends(0);
        assert!(help.out.contains("Example"), "{name}: {}", help.out);
        assert!(help.out.contains(&format!("comity {name}")), "{name}: {}", help.out);
        assert_eq!(help.err, "");
    }
    assert!(overview.out.contains("Exit codes"));
}

#[test]
fn completions_for_the_common_shells() {
    let home = folder();
    for shell in ["bash", "zsh", "fish"] {
        let ran = comity(home.path(), &["completions", shell]).ends(0);
        assert!(ran.out.len() > 1000 && ran.out.contains("explain"), "{shell}");
        assert_eq!(ran.err, "");
    }
    comity(home.path(), &["completions", "cobol"]).ends(2);
}

#[test]
fn the_presets_are_listed() {
    let home = folder();
    let table = comity(home.path(), &["new", "--list"]).ends(0);
    let list = comity(home.path(), &["new", "--list", "--output", "json"]).ends(0).json();
    let names: Vec<&str> =
        list.as_array().expect("a list").iter().filter_map(|preset| preset["name"].as_str()).collect();
    // One brings its own messages; its tests are in `union_day`.
    assert!(names.contains(&"clearing-union"), "{names:?}");
    assert_eq!(names.len(), PRESETS.len() + 1);
    for (name, ..) in PRESETS {
        assert!(names.contains(&name), "{names:?}");
        assert!(table.out.contains(name), "{}", table.out);
    }
}

#[test]
fn every_preset_runs_with_messages_made_by_hand() {
    for (preset, payment, date) in PRESETS {
        let home = folder();
        let ran = comity(home.path(), &["new", "my-day", "--preset", preset]).ends(0);
        assert!(ran.out.contains("comity day my-day") && ran.err.is_empty(), "{} {}", ran.out, ran.err);
        let dir = home.path().join("my-day");
        let [from, to, currency] = payment.split(' ').collect::<Vec<_>>()[..] else { panic!("three words") };
        // Around noon in Moscow every preset exchanges.
        let at = format!("{date}T08:00:00Z");
        let pay = |number: u32| {
            let mut line = line(number, from, to, "1.00 XXX");
            line.date = date;
            line
        };
        let one = pacs008("ONE", &at, from, &[pay(1)]).replace("XXX\">", &format!("{currency}\">"));
        let many = pacs008("MANY", &at, from, &[pay(2), pay(3), pay(4)]).replace("XXX\">", &format!("{currency}\">"));
        write(dir.join("inbox/one.xml"), &one);
        write(dir.join("inbox/many.xml"), &many);
        write(dir.join("inbox/lines.csv"), format!("{CSV}{at},,C-1,{from},{to},{currency},2.50,,,,,,,by hand\n"));
        let day = comity(home.path(), &["day", "my-day"]).ends(0);
        assert!(day.out.contains("final digest ") && day.out.contains("business date"), "{}", day.out);
        let json = comity(home.path(), &["--output", "json", "day", "my-day"]).ends(0).json();
        assert_eq!(json, summary(&dir), "{preset}: standard output is the summary");
        for (message, reference) in
            [("ONE", "E1"), ("MANY", "E2"), ("MANY", "E3"), ("MANY", "E4"), ("lines.csv", "C-1")]
        {
            assert!(settled(&dir, message, reference), "{preset}: {message} {reference}\n{}", day.out);
        }
        let row = json["currencies"].as_array().expect("rows").iter().find(|row| row["currency"] == currency);
        let row = row.expect("the currency's row");
        assert_eq!((&row["submitted"], &row["settled"], &row["rejected"]), (&5.into(), &5.into(), &0.into()));
        comity(home.path(), &["verify", "my-day"]).ends(0);
    }
}

/// Runs and shows exit code and standard error; standard output must be empty.
fn mistake(home: &std::path::Path, arguments: &[&str]) -> String {
    let ran = comity(home, arguments);
    assert_eq!(ran.out, "", "a mistake gives no data");
    let code = ran.code.map_or("killed".to_owned(), |code| code.to_string());
    format!("$ comity {}\n{}exit {code}\n", arguments.join(" "), ran.err)
}

#[test]
fn every_mistake_has_its_exit_code_and_says_what_to_do() {
    let home = folder();
    write(home.path().join("full/letter.txt"), "mine");
    prepare(
        &home.path().join("d"),
        &[("a.xml", pacs008("A", "2026-11-24T02:00:00Z", CN1, &[line(1, CN1, RU1, "1.00 CNY")]))],
    );
    comity(home.path(), &["day", "d"]).ends(0);
    let unknown = uetr(99);
    let tries: [&[&str]; 11] = [
        &["new", "x", "--preset", "nonsense"],
        &["new", "full", "--preset", "multilateral"],
        &["day", "nowhere"],
        &["verify", "nowhere"],
        &["verify", "full"],
        &["export", "full"],
        &["explain", "nowhere", &unknown],
        &["explain", "d", "not-a-uetr"],
        &["explain", "d", &unknown],
        &["export", "nowhere"],
        &["demo", "--payments", "7"],
    ];
    let all: String = tries.iter().map(|arguments| mistake(home.path(), arguments)).collect();
    expect![[r#"
        $ comity new x --preset nonsense
        error: no preset "nonsense", expected one of bilateral-1+1, union-1+5, framework-2+1, multilateral, afaq-day, clearing-union
        exit 3
        $ comity new full --preset multilateral
        error: folder full is not empty
        exit 3
        $ comity day nowhere
        error: nowhere is not a folder; begin one with: comity new nowhere --preset multilateral
        exit 2
        $ comity verify nowhere
        error: nowhere holds no journal; `comity day nowhere` writes one
        exit 2
        $ comity verify full
        error: full holds no journal; `comity day full` writes one
        exit 2
        $ comity export full
        error: full holds no journal; `comity day full` writes one
        exit 2
        $ comity explain nowhere 00000063-0000-4000-8000-000000000000
        error: nowhere holds no journal; `comity day nowhere` writes one
        exit 2
        $ comity explain d not-a-uetr
        error: not-a-uetr is not a UETR; expected a UUID such as 6f1a0e0c-5c1c-4a8e-9d3f-2b7f0e6d1c11
        exit 2
        $ comity explain d 00000063-0000-4000-8000-000000000000
        error: no entry of d/journal brought a payment with UETR 00000063-0000-4000-8000-000000000000; if the message was refused at the gateway, its pacs.002 in outbox/ says why
        exit 3
        $ comity export nowhere
        error: nowhere holds no journal; `comity day nowhere` writes one
        exit 2
        $ comity demo --payments 7
        error: invalid value '7' for '--payments <PAYMENTS>': 7 is not in 100..=10000000

        For more information, try '--help'.
        exit 2
    "#]].assert_eq(&all);
    assert!(!home.path().join("x").exists(), "an unknown preset writes nothing");
    assert!(!home.path().join("export").exists(), "an export of nothing writes nothing");
}

#[test]
fn a_mistake_in_the_arrangement_is_named_by_file_line_and_field() {
    let home = folder();
    prepare(&home.path().join("d"), &[]);
    let wrong =
        ARRANGEMENT.replacen("exponent = 2", "exponent = 3", 1).replace("lasts = \"8h\"", "lasts = \"8 hours\"");
    write(home.path().join("d/arrangement.toml"), wrong);
    let participants = read(home.path().join("d/participants.csv")).replace("XXXXKZB1", "XXXXKZB");
    write(home.path().join("d/participants.csv"), participants);
    expect![[r#"
        $ comity day d
        error: arrangement.toml:28: phase[3].lasts: found "8 hours", expected a length of time of at most 24h, such as 2h30m
        arrangement.toml:64: currency[1].exponent: found 3, expected 2 (ISO 4217 exponent of CNY)
        participants.csv:6: bic: found "XXXXKZB", expected a BIC of 8 or 11 characters (ISO 9362)
        exit 3
    "#]].assert_eq(&mistake(home.path(), &["day", "d"]));
    assert!(!home.path().join("d/journal").exists(), "nothing is begun");
}

#[test]
fn a_folder_that_changed_does_not_fit_its_journal() {
    let home = folder();
    let dir = home.path().join("d");
    let first = pacs008("A", "2026-11-24T02:00:00Z", CN1, &[line(1, CN1, RU1, "1.00 CNY")]);
    prepare(&dir, &[("a.xml", first.clone())]);
    comity(home.path(), &["day", "d"]).ends(0);
    let before = (files(&dir.join("outbox")), read(dir.join("summary.json")));

    write(dir.join("inbox/a.xml"), first.replace("1.00", "2.00"));
    let message = mistake(home.path(), &["day", "d"]);
    write(dir.join("inbox/a.xml"), &first);
    write(dir.join("funding.csv"), read(dir.join("funding.csv")).replace("5000.00", "6000.00"));
    let funding = mistake(home.path(), &["day", "d"]);
    expect![[r#"
        $ comity day d
        the journal exists: what it holds is checked against the folder, the run goes on where it stopped
        error: frame 4: the journal holds another entry here: the folder has changed since (entries 70 to 70)
        exit 4
        $ comity day d
        the journal exists: what it holds is checked against the folder, the run goes on where it stopped
        error: frame 1: the journal holds another entry here: the folder has changed since (entries 1 to 1)
        exit 4
    "#]]
    .assert_eq(&(message + &funding));
    assert!(before == (files(&dir.join("outbox")), read(dir.join("summary.json"))), "nothing was written");
}

#[test]
fn colour_is_for_terminals_that_want_it() {
    let home = folder();
    let plain = comity(home.path(), &["new", "--list"]).ends(0);
    let asked = finish(command(home.path(), &["new", "--list"]).env("NO_COLOR", "1")).ends(0);
    assert_eq!(plain.out, asked.out);
    assert!(!plain.out.contains('\x1b'));
    let error = comity(home.path(), &["day", "nowhere"]);
    assert!(!error.err.contains('\x1b'), "{:?}", error.err);
}

#[test]
fn a_reader_that_stops_reading_ends_the_program_quietly() {
    use std::process::Stdio;
    let home = folder();
    prepare(&home.path().join("d"), &[]);
    let mut child = command(home.path(), &["day", "d"]);
    let mut child = child.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the binary starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn an_arrangement_may_not_be_run_without_its_keys() {
    let home = folder();
    let dir = home.path().join("d");
    prepare(&dir, &[("a.xml", pacs008("A", "2026-11-24T02:00:00Z", CN2, &[line(1, CN2, RU1, "1.00 CNY")]))]);
    std::fs::remove_file(dir.join("keys/KZ.key")).expect("a file");
    let said = mistake(home.path(), &["day", "d"]);
    assert!(said.contains("KZ has no public_key") && said.ends_with("exit 3\n"), "{said}");
    write(dir.join("keys/KZ.key"), "not hexadecimal");
    let said = mistake(home.path(), &["day", "d"]);
    assert!(said.contains("expected 64 hexadecimal digits") && said.ends_with("exit 3\n"), "{said}");
}
