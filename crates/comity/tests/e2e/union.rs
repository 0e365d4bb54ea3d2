//! `comity union`: a made-up trade table through rule sets, lists, and mistakes.

use expect_test::expect;

use crate::world::{comity, folder, read, write};

/// Three members over two years; AAA sells most.
const TABLE: &str = "\
year,exporter,importer,amount
2019,AAA,BBB,600
2019,BBB,AAA,400
2019,BBB,CCC,200.5
2019,CCC,AAA,100
2019,XXX,AAA,999
2020,AAA,BBB,700
2020,BBB,AAA,400
2020,CCC,BBB,60.125
";

#[test]
fn a_table_through_the_rules_of_1950() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    let arguments = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--preset", "epu-1950"];
    let told = comity(home.path(), &arguments).ends(0);
    assert_eq!(told.err, "");
    expect![[r#"
        epu-1950: European Payments Union, July 1950 to June 1952
        group AAA,BBB,CCC, 3 members, 2019 to 2020, 24 monthly cycles; quota 15 % of the turnover of 2019; amounts in millions

        How long each member can go on like this
        member  book     limit  used up after  years  as        months left  net of all cycles  of it credit
        ──────  ─────  ───────  ─────────────  ─────  ────────  ───────────  ─────────────────  ────────────
        AAA     union  165.000   14.60 months   1.21  creditor         0.00            400.000       216.500
        BBB     union  180.075   18.01 months   1.50  debtor           0.00           -359.625      -108.045
        CCC     union   45.075    5.38 months   0.44  debtor          17.05            -40.375       -26.105

        What compensation saves: payments that need not be made
        year   payments  pairs netted  saved  left by the rules  saved
        ────  ─────────  ────────────  ─────  ─────────────────  ─────
        2019  1,300.500       500.500   61.5            100.500   92.3
        2020  1,160.125       360.125   69.0            360.125   69.0
        all   2,460.625       860.625   65.0            460.625   81.3

        Where bilateral surpluses and deficits went (each bilateral balance counts twice)
        year             gross  multilateral  through time    asset   credit  special
        ───────────  ─────────  ────────────  ────────────  ───────  ───────  ───────
        2019         1,001.000       800.000         0.000  106.955   94.045    0.000
        2020           720.250         0.000        60.625  284.080  140.545  235.000
        all cycles   1,721.250       800.000        60.625  391.035  234.590  235.000
        outstanding  1,721.250       800.000       121.250  331.850  233.150  235.000

        The union had to advance up to 1.580 in asset itself.

        How residuals were settled, over all cycles (below zero: paid)
        member  designated-asset
        ──────  ────────────────
        AAA              183.500
        BBB             -251.580
        CCC              -14.270

        What carrying cost (below zero: paid)
        member  interest
        ──────  ────────
        AAA        3.669
        BBB       -1.783
        CCC       -1.067
    "#]].assert_eq(&told.out);
}

#[test]
fn the_same_in_json_adds_up() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    for preset in ["epu-1950", "acu", "multilateral", "bilateral-1+1"] {
        for cycle in ["monthly", "yearly"] {
            let arguments = ["union", "run", "--data", "trade.csv", "--group", "aaa,bbb,ccc", "--preset", preset];
            let arguments = [&arguments[..], &["--cycle", cycle, "--quota", "12.5%", "--output", "json"]].concat();
            let json = comity(home.path(), &arguments).ends(0).json();
            let number = |value: &serde_json::Value| -> i64 {
                value.as_str().expect("a text").replace('.', "").parse().expect("a number")
            };
            for parts in [&json["all"]["parts"], &json["all"]["outstanding"], &json["years"][1]["parts"]] {
                let sum: i64 = ["multilateral", "through_time", "asset", "credit", "special"]
                    .iter()
                    .map(|name| number(&parts[*name]))
                    .sum();
                assert_eq!(sum, number(&parts["gross"]), "{preset} {cycle}");
            }
            assert_eq!(json["all"]["payments"], "2460.625");
            let cycles = if cycle == "monthly" { 24 } else { 2 };
            assert_eq!((&json["cycles"], &json["cycle"]), (&cycles.into(), &cycle.into()));
        }
    }
}

#[test]
fn rule_sets_side_by_side_with_a_picture() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE.replace("2020,", "2021,") + "2020,AAA,BBB,1\n");
    let arguments = ["union", "compare", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--picture", "rules.svg"];
    let told = comity(home.path(), &arguments).ends(0);
    expect![[r#"
        preset         saved      gross  multilateral  through time      asset   credit  special  at limit in a year
        ─────────────  ─────  ─────────  ────────────  ────────────  ─────────  ───────  ───────  ──────────────────
        epu-1950        81.2  1,723.250       800.000        60.625    392.035  234.590  236.000              1 of 3
        epu-1952        81.2  1,723.250       800.000        60.625    400.285  226.340  236.000              1 of 3
        epu-1954        81.2  1,723.250       800.000        60.625    667.299  195.326    0.000              1 of 3
        epu-1955        81.2  1,723.250       800.000        60.625    764.962   97.663    0.000              1 of 3
        icu-1943        92.3    834.166       666.666         0.000      0.000  167.500    0.000              0 of 3
        acu             81.2  1,723.250       800.000         0.000    923.250    0.000    0.000              1 of 3
        aladi           81.2  1,723.250       800.000         0.000    923.250    0.000    0.000            no limit
        sml             65.0  1,723.250         0.000         0.000  1,723.250    0.000    0.000            no limit
        bilateral-1+1   65.0  1,723.250         0.000       120.250  1,310.386  292.614    0.000              3 of 3
        framework-2+1   65.0  1,723.250         0.000       120.250  1,212.850  390.150    0.000              3 of 3
        multilateral    81.2  1,723.250       800.000        60.625    156.060  234.590  471.975              1 of 3

        icu-1943 refuses cycle 11 of 2019: CCC would be at -92.125, beyond its quota of 90.156: the rule debtor.beyond refuses it. Its row ends there.
    "#]].assert_eq(&told.out);
    let picture = read(home.path().join("rules.svg"));
    assert!(picture.starts_with("<svg") && picture.contains("epu-1955") && picture.contains("paid in asset"));
    let all = [&arguments[..6], &["--hub", "CCC", "--output", "json"]].concat();
    let json = comity(home.path(), &all).ends(0).json();
    assert_eq!(json.as_array().map(Vec::len), Some(12));
    let years = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB", "--preset", "acu", "--picture", "y.svg"];
    comity(home.path(), &years).ends(0);
    assert!(read(home.path().join("y.svg")).contains("2021"));
}

#[test]
fn a_rule_that_refuses_stops_the_run() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE.replace("2019,AAA", "2018,AAA"));
    let arguments =
        ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB", "--preset", "icu-1943", "--quota", "5"];
    let told = comity(home.path(), &arguments).ends(0);
    assert!(told.out.contains("The rules refuse cycle 1 of 2018: BBB would be at -50.000"), "{}", told.out);
    assert!(told.out.contains("the rule debtor.beyond refuses it"), "{}", told.out);
}

#[test]
fn rule_sets_and_groups_are_listed() {
    let home = folder();
    let table = comity(home.path(), &["union", "list"]).ends(0);
    let json = comity(home.path(), &["union", "list", "--output", "json"]).ends(0).json();
    let presets = json["presets"].as_array().expect("a list");
    assert_eq!(presets.len(), 12);
    for preset in presets {
        assert!(table.out.contains(preset["name"].as_str().expect("a name")), "{}", table.out);
        assert!(preset["facts"].as_array().is_some_and(|facts| !facts.is_empty()), "{preset}");
    }
    assert!(table.out.contains("EAEU5+CHN") && json["groups"].as_array().is_some_and(|groups| groups.len() == 7));
}

#[test]
fn mistakes_are_named() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    let run = |more: &[&str], code: i32| {
        let mut arguments = vec!["union", "run"];
        for (name, usual) in [("--data", "trade.csv"), ("--group", "AAA,BBB"), ("--preset", "acu")] {
            if !more.contains(&name) {
                arguments.extend([name, usual]);
            }
        }
        arguments.extend(more);
        let told = comity(home.path(), &arguments).ends(code);
        assert_eq!(told.out, "");
        told.err
    };
    let mut told = String::new();
    for more in [
        &["--group", "NONE"][..],
        &["--group", "AAA,AAA"],
        &["--group", "AAA,B B"],
        &["--preset", "epu-1951"],
        &["--quota", "-5"],
        &["--quota", "0"],
        &["--quota", "101%"],
        &["--hub", "CCC"],
    ] {
        told.push_str(&run(more, 2));
    }
    for more in [
        &["--group", "AAA,ZZZ"][..],
        &["--base-year", "2021"],
        &["--hub", "AAA"],
        &["--preset", "union-1+5"],
        &["--preset", "icu-1943"],
    ] {
        told.push_str(&run(more, 3));
    }
    for (from, to) in [
        ("2019,AAA,BBB,600", "2019,AAA,BBB,-600"),
        ("2019,AAA,BBB,600", "2019,AAA,BBB,0.0005"),
        ("2019,AAA,BBB,600", "MMXIX,AAA,BBB,600"),
        ("2019,AAA,BBB,600", "-1,AAA,BBB,600"),
        ("2019,AAA,BBB,600", "2016,AAA,BBB,600"),
        ("year,exporter", "year,year,exporter"),
        ("2019,AAA,BBB,600", "2019,AAA,AAA,600"),
        ("2019,BBB,AAA,400", "2019,AAA,BBB,400"),
        ("2019,BBB,AAA,400", "2019,BBB,AAA"),
        ("amount", "value"),
    ] {
        write(home.path().join("trade.csv"), TABLE.replace(from, to));
        told.push_str(&run(&[], 3));
    }
    expect![[r#"
        error: group "NONE" is neither one of EAEU5, EAEU5+CHN, CHN-RUS, CHN+5, SCO9, BRICS10, ALL24 nor a list of codes
        error: group "AAA,AAA" names AAA twice
        error: group "AAA,B B": "B B" is no code; named groups are EAEU5, EAEU5+CHN, CHN-RUS, CHN+5, SCO9, BRICS10, ALL24
        error: --preset epu-1951: no rule set has this name; there are epu-1950, epu-1952, epu-1954, epu-1955, icu-1943, acu, aladi, sml, bilateral-1+1, union-1+5, framework-2+1, multilateral
        error: --quota "-5" is no share in percent, such as 15%
        error: --quota 0 is not above 0
        error: --quota: share of 101 % is not from 0 % to 100 %
        error: --hub CCC is no member of the group
        error: trade.csv: no trade with any other member of the group: AAA, ZZZ
        error: the table has no base period of 1 year from 2021 on
        error: the rule set has no hub
        error: the rule set needs a hub, a member of the group
        error: the table has no base period of 3 years
        error: trade.csv:2: amount "-600" is no number from 0 with up to 3 decimals
        error: trade.csv:2: amount "0.0005" is no number from 0 with up to 3 decimals
        error: trade.csv:2: year "MMXIX" is no year
        error: trade.csv:2: year "-1" is no year
        error: trade.csv: no row of the group for the year 2017, after 2016; where nothing was traded, a row says 0
        error: trade.csv:1: the heading has the column year twice
        error: trade.csv:2: AAA trades with itself
        error: trade.csv:3: AAA to BBB in 2019 was given before
        error: trade.csv: CSV error: record 2 (line: 3, byte: 47): found record with 3 fields, but the previous record has 4 fields
        error: trade.csv: no column amount or usd_million_fob
    "#]].assert_eq(&told);
}
