//! `comity clear`: what is set off, how a mistake in a file is told, and that a result folder proves itself.

use std::io::Write as _;
use std::path::Path;
use std::process::Stdio;

use expect_test::expect;
use serde_json::{Value, json};

use crate::world::{Chance, Ran, comity, command, files, folder, read, write};

const CIRCLE: &str =
    "debtor,creditor,amount\nALFA,BRAVO,10\nBRAVO,CHARLIE,7\nCHARLIE,ALFA,9\nALFA,BRAVO,3\nALFA,DELTA,50\n";

const MONEY: &str = "currency,due,amount,creditor,debtor\nCNY,2026-11-01,10.50,BRAVO,ALFA\n\
                     CNY,2026-11-02,7,CHARLIE,BRAVO\nJPY,2026-10-01,500,ALFA,BRAVO\nCNY,2026-11-03,9.00,ALFA,CHARLIE\n\
                     CNY,2026-10-01,3,BRAVO,ALFA\nJPY,2026-10-02,300,BRAVO,ALFA\n";

/// A folder with one file of obligations.
fn with(text: &str) -> tempfile::TempDir {
    let home = folder();
    write(home.path().join("o.csv"), text);
    home
}

fn clear(home: &Path, more: &[&str]) -> Ran {
    comity(home, &[&["clear", "o.csv"], more].concat())
}

/// The result as JSON without what differs from run to run.
fn result(home: &Path, more: &[&str]) -> Value {
    let mut value = clear(home, &[&["--output", "json"], more].concat()).ends(0).json();
    let fields = value.as_object_mut().expect("an object");
    for key in ["seconds", "seconds_are", "check_seconds"] {
        fields.remove(key).expect("times are told");
    }
    value
}

/// A made-up network, the same for the same seed.
fn network(seed: u64, parties: u64, rows: u64) -> String {
    let mut chance = Chance(seed);
    let mut text = String::from("debtor,creditor,amount\n");
    for _ in 0..rows {
        let debtor = chance.below(parties);
        let creditor = (debtor + 1 + chance.below(parties - 1)) % parties;
        text.push_str(&format!("F{debtor},F{creditor},{}\n", 1 + chance.below(10_000)));
    }
    text
}

#[test]
fn the_figures_of_the_contract_come_first_and_in_order() {
    let home = with(CIRCLE);
    let out = clear(home.path(), &["--output", "json"]).ends(0).out;
    let places: Vec<usize> = ["gross", "cleared", "share", "residual", "bound", "certificate_checked", "seconds"]
        .iter()
        .map(|key| out.find(&format!("\"{key}\": ")).unwrap_or_else(|| panic!("{key} is told: {out}")))
        .collect();
    assert!(places.is_sorted(), "{out}");
    let result = result(home.path(), &[]);
    let figures = json!({ "gross": 79, "cleared": 21, "share": 0.265_822, "residual": 58, "bound": 21, "gap": 0,
        "bilateral": 79, "net_internal_debt": 56,
        "certificate_checked": true, "parties": 4, "obligations": 5, "arcs": 4, "arcs_on_cycles": 3, "components": 1,
        "touched": 3, "partly": 2, "terms": [], "currency": null });
    assert_eq!(result, figures);
}

#[test]
fn a_table_for_people_says_what_is_proved() {
    let home = with(CIRCLE);
    let out = clear(home.path(), &[]).ends(0).out;
    let (told, time) = out.rsplit_once("solved in ").expect("the time is told");
    assert!(time.contains("time)"), "{time}");
    expect![[r#"
        4 parties, 5 obligations between 4 pairs; 3 of the pairs (75.0 %) can lie on a cycle.

                 gross  cleared   share  residual  bound  gap
        ───────  ─────  ───────  ──────  ────────  ─────  ───
        amounts     79       21  26.5 %        58     21    0

        Proved: on these terms nothing more can be set off, and no net position changes.
        left 79 when each pair nets for itself, 58 after set-off; 56 if counterparties were replaced
    "#]]
    .assert_eq(told);
}

#[test]
fn each_currency_is_cleared_for_itself() {
    let home = with(MONEY);
    let result = result(home.path(), &[]);
    let of = |code: &str| {
        let sides = result["currencies"].as_array().expect("a list");
        sides.iter().find(|side| side["currency"] == code).expect("the currency is told").clone()
    };
    assert_eq!((&of("CNY")["gross"], &of("CNY")["cleared"]), (&json!(29.5), &json!(21.0)));
    assert_eq!((&of("JPY")["gross"], &of("JPY")["cleared"], &of("JPY")["gap"]), (&json!(800), &json!(600), &json!(0)));
    assert_eq!((&result["gross"], &result["parties"]), (&json!(829.5), &json!(3)));
    clear(home.path(), &["--out", "r"]).ends(0);
    expect![[r#"
        row,debtor,creditor,currency,due,amount,cleared,left
        1,ALFA,BRAVO,CNY,2026-11-01,10.50,4.00,6.50
        2,BRAVO,CHARLIE,CNY,2026-11-02,7.00,7.00,0.00
        3,BRAVO,ALFA,JPY,2026-10-01,500,300,200
        4,CHARLIE,ALFA,CNY,2026-11-03,9.00,7.00,2.00
        5,ALFA,BRAVO,CNY,2026-10-01,3.00,3.00,0.00
        6,ALFA,BRAVO,JPY,2026-10-02,300,300,0
    "#]]
    .assert_eq(&read(home.path().join("r/cleared.csv")));
    expect![[r#"
        row,debtor,creditor,amount,currency,due
        1,ALFA,BRAVO,6.50,CNY,2026-11-01
        3,BRAVO,ALFA,200,JPY,2026-10-01
        4,CHARLIE,ALFA,2.00,CNY,2026-11-03
    "#]]
    .assert_eq(&read(home.path().join("r/residual.csv")));
    expect![[r#"
        notice,step,debtor,creditor,amount,currency
        1,1,ALFA,BRAVO,7.00,CNY
        1,2,BRAVO,CHARLIE,7.00,CNY
        1,3,CHARLIE,ALFA,7.00,CNY
        2,1,ALFA,BRAVO,300,JPY
        2,2,BRAVO,ALFA,300,JPY
    "#]]
    .assert_eq(&read(home.path().join("r/cycles.csv")));
    clear(home.path(), &["--verify", "r"]).ends(0);
}

#[test]
fn the_same_from_standard_input_and_with_marks_of_a_spreadsheet() {
    let home = with(CIRCLE);
    let expected = result(home.path(), &[]);
    let marked = CIRCLE.replace("debtor,", "\u{feff}\"Debtor\", ").replace('\n', "\r\n").replace("ALFA", "\"ALFA\"");
    let mut child = command(home.path(), &["clear", "-", "--output", "json"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    child.stdin.take().expect("a pipe").write_all(marked.as_bytes()).expect("the input is taken");
    let output = child.wait_with_output().expect("the binary ends");
    assert!(output.status.success());
    let value: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    for key in ["gross", "cleared", "residual", "bound", "parties"] {
        assert_eq!(value[key], expected[key], "{key}");
    }
}

#[test]
fn every_bad_row_is_refused_with_its_number_and_nothing_is_written() {
    let row = |row: &str| format!("debtor,creditor,amount\nALFA,BRAVO,10\n{row}\nBRAVO,ALFA,4\n");
    let money = |row: &str| format!("debtor,creditor,amount,currency,due,consent\nA,B,1,CNY,2026-01-01,1\n{row}\n");
    let cases: Vec<(&str, String)> = vec![
        ("negative", row("BRAVO,ALFA,-5")),
        ("zero", row("BRAVO,ALFA,0")),
        ("zero with decimals", row("BRAVO,ALFA,0.00")),
        ("larger than 64 bits", row("BRAVO,ALFA,9223372036854775808")),
        ("sum too large", row("BRAVO,ALFA,9223372036854775807")),
        ("not a number", row("BRAVO,ALFA,12abc")),
        ("exponent", row("BRAVO,ALFA,1e3")),
        ("no amount", row("BRAVO,ALFA,")),
        ("too many decimals", row("BRAVO,ALFA,1.505")),
        ("owes itself", row("BRAVO,BRAVO,5")),
        ("no debtor", row(",ALFA,5")),
        ("no creditor", row("BRAVO,,5")),
        ("a field too few", row("BRAVO,ALFA")),
        ("a field too many", row("BRAVO,ALFA,5,6")),
        ("decimals of the currency", money("B,A,1.505,CNY,2026-01-01,1")),
        ("decimals of yen", money("B,A,1.5,JPY,2026-01-01,1")),
        ("unknown currency", money("B,A,1,XXQ,2026-01-01,1")),
        ("no currency", money("B,A,1,,2026-01-01,1")),
        ("no such day", money("B,A,1,CNY,2026-02-29,1")),
        ("dates and numbers", money("B,A,1,CNY,17,1")),
        ("consent above the amount", money("B,A,1,CNY,2026-01-01,2")),
        ("consent below nothing", money("B,A,1,CNY,2026-01-01,-1")),
        ("column missing", "debtor,amount\nA,1\n".into()),
        ("column twice", "debtor,creditor,amount,amount\nA,B,1,1\n".into()),
        ("nothing at all", String::new()),
    ];
    let mut told = String::new();
    for (case, text) in cases {
        let home = with(&text);
        let ran = clear(home.path(), &["--out", "r", "--picture", "p.svg"]).ends(3);
        assert_eq!(ran.out, "", "{case}");
        assert_eq!(files_in(home.path()), ["o.csv"], "{case}");
        told.push_str(&format!("{case}\n    {}", ran.err));
    }
    expect![[r#"
        negative
            error: o.csv: row 2 (line 3): amount: "-5" is not above 0
        zero
            error: o.csv: row 2 (line 3): amount: "0" is not above 0
        zero with decimals
            error: o.csv: row 2 (line 3): amount: "0.00" is not above 0
        larger than 64 bits
            error: o.csv: row 2 (line 3): amount: "9223372036854775808" exceeds the largest amount of 9223372036854775807
        sum too large
            error: o.csv: row 2 (line 3): amount: "9223372036854775807" brings the sum of all amounts above the limit of 576460752303423487
        not a number
            error: o.csv: row 2 (line 3): amount: "12abc" is not a decimal number such as 1500.00
        exponent
            error: o.csv: row 2 (line 3): amount: "1e3" is not a decimal number such as 1500.00
        no amount
            error: o.csv: row 2 (line 3): amount: "" is not a decimal number such as 1500.00
        too many decimals
            error: o.csv: row 2 (line 3): amount: "1.505" has more than 2 decimals
        owes itself
            error: o.csv: row 2 (line 3): creditor: "BRAVO" is also the debtor: nobody owes itself
        no debtor
            error: o.csv: row 2 (line 3): debtor: "" is empty
        no creditor
            error: o.csv: row 2 (line 3): creditor: "" is empty
        a field too few
            error: o.csv: row 2 (line 3): row: has 2 fields where the heading has 3
        a field too many
            error: o.csv: row 2 (line 3): row: has 4 fields where the heading has 3
        decimals of the currency
            error: o.csv: row 2 (line 3): amount: "1.505" has more than 2 decimals
        decimals of yen
            error: o.csv: row 2 (line 3): amount: "1.5" has decimals where none are possible
        unknown currency
            error: o.csv: row 2 (line 3): currency: "XXQ" is not a currency code of ISO 4217
        no currency
            error: o.csv: row 2 (line 3): currency: "" is not a currency code of ISO 4217
        no such day
            error: o.csv: row 2 (line 3): due: "2026-02-29" is not a day of the calendar
        dates and numbers
            error: o.csv: row 2 (line 3): due: "17" mixes dates and numbers
        consent above the amount
            error: o.csv: row 2 (line 3): consent: "2" is outside 0 to the amount 1
        consent below nothing
            error: o.csv: row 2 (line 3): consent: "-1" is outside 0 to the amount 1
        column missing
            error: o.csv: the heading lacks the column creditor; expected debtor, creditor, amount, and optionally currency, due, consent
        column twice
            error: o.csv: the heading has the column amount twice
        nothing at all
            error: o.csv: the heading lacks the column debtor; expected debtor, creditor, amount, and optionally currency, due, consent
    "#]].assert_eq(&told);
}

fn files_in(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[test]
fn one_bad_row_among_many_is_found() {
    let mut text = network(5, 200, 30_000);
    text.push_str("F1,F2,-1\n");
    text.push_str(&network(6, 200, 10)["debtor,creditor,amount\n".len()..]);
    let ran = clear(with(&text).path(), &[]).ends(3);
    assert_eq!(ran.err, "error: o.csv: row 30001 (line 30002): amount: \"-1\" is not above 0\n");
}

#[test]
fn a_result_proves_itself_and_every_change_of_it_is_caught() {
    let home = with(&network(1, 40, 400));
    clear(home.path(), &["--out", "r", "--goal", "fairest"]).ends(0);
    let proved = clear(home.path(), &["--verify", "r", "--goal", "fairest"]).ends(0);
    assert!(proved.out.ends_with("sound, and the most that can be set off\n"), "{}", proved.out);
    let json = clear(home.path(), &["--verify", "r", "--goal", "fairest", "--output", "json"]).ends(0).json();
    assert_eq!((&json["sound"], &json["gap"]), (&json!(true), &json!(0)));

    let good: Vec<(String, Vec<u8>)> = files(&home.path().join("r")).into_iter().collect();
    let change = |name: &str, change: &dyn Fn(&str) -> String| {
        let dir = home.path().join("changed");
        for (known, bytes) in &good {
            write(dir.join(known), bytes);
        }
        let before = read(dir.join(name));
        let after = change(&before);
        assert!(before != after, "{name} is changed");
        write(dir.join(name), after);
        let ran = clear(home.path(), &["--verify", "changed", "--goal", "fairest"]).ends(5);
        assert!(ran.err.starts_with("error: the result is not sound: "), "{}", ran.err);
        ran.err
    };
    let row = |text: &str, row: usize| text.lines().nth(row).expect("a row").to_owned();
    let last_cell = |line: &str, to: &str| format!("{},{to}", line.rsplit_once(',').expect("cells").0);
    // A cleared amount one higher, the rest of its row to match.
    let err = change("cleared.csv", &|text| {
        let line = text.lines().skip(1).find(|line| !line.ends_with(",0") && line.split(',').nth(6) != Some("0"));
        let line = line.expect("a row that is cleared in part");
        let mut cells: Vec<String> = line.split(',').map(str::to_owned).collect();
        for (cell, by) in [(6, 1), (7, -1)] {
            cells[cell] = (cells[cell].parse::<i64>().expect("a number") + by).to_string();
        }
        text.replace(line, &cells.join(","))
    });
    assert!(err.contains("residual"), "{err}");
    change("cleared.csv", &|text| text.replacen(",F1,", ",F2,", 1));
    change("cleared.csv", &|text| text.lines().take(300).map(|line| format!("{line}\n")).collect());
    change("cleared.csv", &|text| text.replacen("left", "rest", 1));
    change("residual.csv", &|text| text.replace(&row(text, 5), &row(text, 6)));
    change("residual.csv", &|text| text.lines().take(3).map(|line| format!("{line}\n")).collect());
    change("cycles.csv", &|text| text.replace(&format!("{}\n", row(text, 1)), ""));
    change("cycles.csv", &|text| format!("{text}999999,1,F1,F2,1,\n999999,2,F2,F1,1,\n"));
    change("cycles.csv", &|text| text.replacen(",F", ",X", 1));
    let err = change("certificate.csv", &|text| text.replace(&row(text, 3), &last_cell(&row(text, 3), "1000")));
    assert!(err.contains("bound"), "{err}");
    change("certificate.csv", &|text| text.replacen("value", "wish", 1));
    change("result.json", &|text| text.replacen("\"cleared\": ", "\"cleared\": 1", 1));
    change("result.json", &|text| text.replacen("\"bound\": ", "\"bound\": 1", 1));
    std::fs::remove_file(home.path().join("changed/cycles.csv")).expect("it is there");
    clear(home.path(), &["--verify", "changed", "--goal", "fairest"]).ends(5);

    // Another input, other terms, no result at all.
    write(home.path().join("p.csv"), network(2, 40, 400));
    comity(home.path(), &["clear", "p.csv", "--verify", "r", "--goal", "fairest"]).ends(5);
    let terms = clear(home.path(), &["--verify", "r", "--goal", "fairest", "--lot", "1000"]).ends(5);
    assert!(terms.err.contains("other terms"), "{}", terms.err);
    clear(home.path(), &["--verify", "nowhere"]).ends(1);
    std::fs::create_dir(home.path().join("empty")).expect("a folder");
    clear(home.path(), &["--verify", "empty"]).ends(2);
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    let home = with(&network(3, 60, 900));
    for dir in ["a", "b"] {
        clear(home.path(), &["--out", dir, "--picture", &format!("{dir}.svg"), "--goal", "fairest,fewest"]).ends(0);
    }
    assert_eq!(files(&home.path().join("a")), files(&home.path().join("b")));
    assert_eq!(read(home.path().join("a.svg")), read(home.path().join("b.svg")));
    let again = clear(home.path(), &["--out", "a"]).ends(3);
    assert!(again.err.contains("a exists and is not empty"), "{}", again.err);
}

#[test]
fn parquet_in_and_out_is_the_same_as_csv() {
    let home = with(MONEY);
    clear(home.path(), &["--out", "c"]).ends(0);
    clear(home.path(), &["--out", "p", "--format", "parquet"]).ends(0);
    clear(home.path(), &["--verify", "p"]).ends(0);
    // What is left goes into the next clearing, in either format.
    std::fs::copy(home.path().join("p/residual.parquet"), home.path().join("next.parquet")).expect("a file");
    std::fs::copy(home.path().join("c/residual.csv"), home.path().join("next.csv")).expect("a file");
    let run = |file: &str| comity(home.path(), &["clear", file, "--output", "json", "--liquidity"]).ends(0);
    let (parquet, csv) = (run("next.parquet"), run("next.csv"));
    assert!(parquet.err.contains("note: column \"row\" of next.parquet is not used"), "{}", parquet.err);
    let without_times = |ran: &Ran| {
        let mut value = ran.json();
        value.as_object_mut().expect("an object").retain(|key, _| !key.contains("seconds"));
        value
    };
    assert_eq!(without_times(&parquet), without_times(&csv));
    assert_eq!((&csv.json()["gross"], &csv.json()["cleared"]), (&json!(208.5), &json!(0.0)));
    write(home.path().join("cut.parquet"), &files(&home.path().join("p"))["residual.parquet"][..40]);
    let cut = comity(home.path(), &["clear", "cut.parquet"]).ends(3);
    assert!(cut.err.contains("not a sound Parquet file"), "{}", cut.err);
}

#[test]
fn terms_are_kept_and_a_wrong_one_is_refused() {
    let home = with(CIRCLE);
    let cleared = |more: &[&str]| result(home.path(), more)["cleared"].clone();
    assert_eq!(cleared(&["--lot", "5"]), 15);
    assert_eq!(cleared(&["--minimum", "8"]), 0);
    assert_eq!(cleared(&["--exclude", "CHARLIE"]), 0);
    assert_eq!(cleared(&["--exclude", "ALFA>BRAVO"]), 0);
    assert_eq!(cleared(&["--exclude", "ALFA>DELTA"]), 21);
    write(home.path().join("consent.csv"), "party,cap\nBRAVO,2\n");
    assert_eq!(cleared(&["--consent", "consent.csv"]), 6);
    clear(home.path(), &["--consent", "consent.csv", "--lot", "2", "--out", "r"]).ends(0);
    clear(home.path(), &["--consent", "consent.csv", "--lot", "2", "--verify", "r"]).ends(0);
    let wrong: [(&[&str], i32, &str); 10] = [
        (&["--lot", "0"], 2, "error: --lot: a lot of 0 is no lot\n"),
        (&["--lot", "0.5"], 2, "error: --lot: \"0.5\" has decimals where none are possible\n"),
        (&["--minimum=-5"], 2, "error: --minimum: \"-5\" is below 0\n"),
        (&["--liquidity=x"], 2, "error: --liquidity: \"x\" is not a decimal number such as 1500.00\n"),
        (
            &["--exclude", "ECHO"],
            2,
            "error: --exclude: \"ECHO\" is no party of the input; give NAME or DEBTOR>CREDITOR\n",
        ),
        (&["--goal", "oldest"], 2, "error: --goal oldest needs a column due in the input\n"),
        (&["--goal", "fewest,fairest"], 2, "error: --goal: each goal once, and fewest last\n"),
        (&["--lines", "consent.csv"], 2, "error: --lines says who may draw money; give --liquidity too\n"),
        (&["--consent", "twice.csv"], 3, "error: twice.csv: row 2: party: \"BRAVO\" stands here twice\n"),
        (&["--consent", "other.csv"], 3, "error: other.csv: row 1: party: \"ECHO\" is no party of the input\n"),
    ];
    write(home.path().join("twice.csv"), "party,cap\nBRAVO,2\nBRAVO,3\n");
    write(home.path().join("other.csv"), "party,cap\nECHO,2\n");
    for (more, code, expected) in wrong {
        assert_eq!(clear(home.path(), more).ends(code).err, expected);
    }
    assert_eq!(comity(home.path(), &["clear", "nowhere.csv"]).ends(1).out, "");
    comity(home.path(), &["clear", "."]).ends(2);
}

#[test]
fn consent_of_a_row_is_kept() {
    let home = with("debtor,creditor,amount,consent\nA,B,10,4\nB,A,10,\n");
    assert_eq!(result(home.path(), &[])["cleared"], 8);
}

#[test]
fn decimals_without_a_currency_count_in_hundredths() {
    let home = with("debtor,creditor,amount\nA,B,10\nB,A,4.05\n");
    let result = result(home.path(), &[]);
    assert_eq!((&result["gross"], &result["cleared"]), (&json!(14.05), &json!(8.1)));
}

#[test]
fn money_lent_clears_chains_along_a_curve() {
    let home = with("debtor,creditor,amount\nA,B,10\nB,C,10\nC,D,6\nX,Y,5\n");
    let curve = &result(home.path(), &["--liquidity"])["liquidity"];
    let point =
        |lent: i64, cleared: i64, next: i64| json!({ "lent": lent, "cleared": cleared, "next_unit_clears": next });
    assert_eq!(curve, &json!([point(0, 0, 3), point(6, 18, 2), point(10, 26, 1), point(15, 31, 0)]));
    let run = result(home.path(), &["--liquidity=8", "--out", "r"]);
    assert_eq!((&run["cleared"], &run["lent"]), (&json!(22), &json!(8)));
    assert_eq!(run["draws"], json!([{ "party": "A", "draws": 8 }]));
    clear(home.path(), &["--liquidity=8", "--verify", "r"]).ends(0);
    clear(home.path(), &["--liquidity=7", "--verify", "r"]).ends(5);
    assert_eq!(read(home.path().join("r/lending.csv")), "currency,party,draws,keeps\n,A,8,0\n,C,0,2\n,D,0,6\n");
    write(home.path().join("lines.csv"), "party,limit\nB,3\nX,1\n");
    let lines = result(home.path(), &["--liquidity=8", "--lines", "lines.csv"]);
    assert_eq!((&lines["cleared"], &lines["lent"]), (&json!(7), &json!(4)));
    let table = clear(home.path(), &["--liquidity"]).ends(0).out;
    assert!(table.contains("next unit clears"), "{table}");
}

#[test]
fn the_picture_shows_the_largest_and_the_rest_as_one() {
    let home = with(&network(8, 90, 700));
    clear(home.path(), &["--picture", "p.svg"]).ends(0);
    let svg = read(home.path().join("p.svg"));
    assert!(svg.starts_with("<svg") && svg.contains("63 others"), "{svg}");
    let home = with(MONEY);
    clear(home.path(), &["--picture", "p.svg"]).ends(0);
    assert_eq!(files_in(home.path()), ["o.csv", "p-CNY.svg", "p-JPY.svg"]);
}

#[test]
fn across_currencies_more_clears_and_a_cap_on_conversion_is_kept() {
    // A owes B in CNY, B owes A in RUB: nothing clears per currency, everything at the rates.
    let home = with("debtor,creditor,amount,currency\nA,B,100.00,CNY\nB,A,1200.00,RUB\nB,C,50.00,CNY\nC,B,10.00,CNY\n");
    write(home.path().join("rates.csv"), "currency,rate\nCNY,1\nRUB,0.08\nKZT,0.015\n");
    let run = |more: &[&str]| {
        clear(home.path(), &[&["--rates", "rates.csv", "--output", "json"], more].concat()).ends(0).json()
    };
    let free = run(&[]);
    assert_eq!((&free["gross"], &free["cleared"], &free["gap"]), (&json!(256.0), &json!(212.0), &json!(0.0)));
    assert_eq!(free["table"][0]["cleared"], json!(20.0));
    assert_eq!(free["table"][1]["cleared"], free["cleared"]);
    let capped = run(&["--convert-cap", "5%", "--out", "r"]);
    let value = capped["cleared"].as_f64().expect("a number");
    assert!((20.0..212.0).contains(&value) && capped["gap"] == json!(0.0), "{capped}");
    assert_eq!(capped["table"][2]["cleared"], capped["cleared"]);
    assert_eq!(run(&["--convert-cap", "0%"])["cleared"], json!(20.0));
    assert!(
        read(home.path().join("r/conversions.csv"))
            .starts_with("party,gives,gives_currency,receives,receives_currency\n")
    );
    let table = clear(home.path(), &["--rates", "rates.csv"]).ends(0).out;
    assert!(table.contains("across currencies") && table.contains("at most 5.00 % each"), "{table}");

    let wrong: [(&str, &str); 5] = [
        ("currency,rate\nCNY,1\n", "no rate for RUB, which the input owes"),
        ("currency,rate\nCNY,1\nRUB,0\n", "row 2: rate: \"0\" is not a decimal number above 0"),
        ("currency,rate\nCNY,1\nRUB,-2\n", "row 2: rate: \"-2\" is not a decimal number above 0"),
        (
            "currency,rate\nCNY,1\nCNY,2\n",
            "row 2: currency: \"CNY\" has a rate already: rates must be one consistent vector",
        ),
        ("code,rate\nCNY,1\n", "expected the columns currency, rate"),
    ];
    for (text, expected) in wrong {
        write(home.path().join("wrong.csv"), text);
        let ran = clear(home.path(), &["--rates", "wrong.csv"]).ends(3);
        assert_eq!(ran.err, format!("error: wrong.csv: {expected}\n"));
    }
    clear(home.path(), &["--rates", "rates.csv", "--convert-cap", "101%"]).ends(2);
    clear(home.path(), &["--rates", "rates.csv", "--goal", "fewest"]).ends(2);
    clear(with(CIRCLE).path(), &["--rates", "/dev/null"]).ends(2);
}
