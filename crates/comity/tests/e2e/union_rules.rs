//! `comity union` with rule sets from files: interest, loans, uses, residuals, baskets, and rules for creditors compared.

use expect_test::expect;

use crate::world::{comity, folder, read, write};

/// Three members over two years; AAA sells most.
const TABLE: &str = "\
year,exporter,importer,amount
2019,AAA,BBB,600
2019,BBB,AAA,400
2019,BBB,CCC,200.5
2019,CCC,AAA,100
2020,AAA,BBB,700
2020,BBB,AAA,400
2020,CCC,BBB,60.125
";

/// What one unit of each was worth in XAM.
const FX: &str = "\
date,USD,XBM
2019-01-01,50,10
2019-07-01,60,10
2020-01-01,60,
2020-12-01,50,12.5
";

fn rules(home: &std::path::Path, preset: &str) -> String {
    comity(home, &["union", "rules", preset]).ends(0).out
}

#[test]
fn a_preset_as_a_file_runs_like_the_preset() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    let group = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB,CCC"];
    for preset in ["epu-1950", "icu-1943", "acu", "aladi", "multilateral", "bilateral-1+1"] {
        write(home.path().join("rules.toml"), rules(home.path(), preset));
        let years = if preset == "icu-1943" { "3" } else { "1" };
        if years == "3" {
            // Needs three years of base period; the file may say otherwise.
            let text = rules(home.path(), preset).replace("years = 3", "years = 1");
            write(home.path().join("rules.toml"), text);
            let told = comity(home.path(), &[&group[..], &["--rules", "rules.toml"]].concat()).ends(0).out;
            assert!(
                told.contains("Cycles in which debtors grew by more than 25 % of quota in a year (report)"),
                "{told}"
            );
            continue;
        }
        let by_name = comity(home.path(), &[&group[..], &["--preset", preset]].concat()).ends(0).out;
        let by_file = comity(home.path(), &[&group[..], &["--rules", "rules.toml"]].concat()).ends(0).out;
        assert_eq!(by_name, by_file);
    }
    let json = comity(home.path(), &["union", "rules", "acu", "--output", "json"]).ends(0).json();
    assert_eq!(json["toml"].as_str().map(str::trim_end), Some(rules(home.path(), "acu").trim_end()));
}

#[test]
fn files_are_checked_all_at_once() {
    let home = folder();
    let text = rules(home.path(), "epu-1950");
    let named = |members: &str| text.replace("compensation", &format!("members = {members}\ncompensation"));
    write(home.path().join("one.toml"), named("[\"AAA\", \"BBB\"]"));
    write(home.path().join("two.toml"), named("[\"CCC\", \"BBB\"]"));
    let bad = text.replace("share = \"15 %\"", "share = \"0 %\"").replace("from = \"20 %\"", "from = \"10 %\"");
    write(home.path().join("bad.toml"), bad.replace("rate = \"2 %\"", "rate = \"-2 %\""));
    let told = comity(home.path(), &["union", "check", "one.toml", "two.toml", "bad.toml"]).ends(3);
    assert_eq!(told.out, "");
    expect![[r#"
        error: bad.toml:10: quota.share: found "0 %", expected a share of yearly turnover above 0 %, at most 100 %, such as "15 %"
        bad.toml:20: debtor.tranche[2].from: found 10 %, which overlaps the tranche before, expected 20 %, where the tranche before ends
        bad.toml:31: creditor.tranche[2].from: found 10 %, which overlaps the tranche before, expected 20 %, where the tranche before ends
        bad.toml:39: interest[1].ages[1].rate: found "-2 %", expected a yearly rate from 0 % to 400 % with at most seven decimals, such as "2.25 %"
        bad.toml:47: interest[2].rate: found "-2 %", expected a yearly rate from 0 % to 400 % with at most seven decimals, such as "2.25 %"
        two.toml: members: found "BBB", expected a member of one union only; one.toml names it too
    "#]].assert_eq(&told.err);
    let told = comity(home.path(), &["union", "check", "one.toml"]).ends(0);
    assert_eq!(told.out, "one.toml: epu-1950, European Payments Union, July 1950 to June 1952\n");
    let json = comity(home.path(), &["union", "check", "one.toml", "--output", "json"]).ends(0).json();
    assert_eq!(json[0]["name"], "epu-1950");
    comity(home.path(), &["union", "check", "none.toml"]).ends(3);
}

#[test]
fn everything_a_rule_set_can_say_is_applied_and_shown() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    let text = rules(home.path(), "multilateral")
        .replace("\n[[residual]]\nmethod = \"designated-asset\"\nshare = \"100 %\"\n", "")
        .replace("cycle = \"two-monthly\"", "cycle = \"four-monthly\"");
    let more = r#"
[[residual]]
method = "roll-over"
limit = "5 %"
[[residual]]
method = "basket"
share = "25 %"
[[residual]]
method = "designated-asset"
[swap]
share = "10 %"
cycles = 2
[refinancing]
instalments = 6
share = "20 %"
[recycling]
above = "40 %"
share = "50 %"
key = "debt"
instalments = 4
rate = "3 %"
day_count = "act/360"
remainder = "last"
unable = "prolong"
[rising]
side = "creditor"
above = "20 %"
after = 1
step = "10 %"
most = "50 %"
[growth]
share = "50 %"
excess = "asset"
[[use]]
kind = "investment"
above = "20 %"
share = "10 %"
[[use]]
kind = "trade-advance"
above = "20 %"
share = "10 %"
limit = "20 %"
returns_after = 2
"#;
    write(home.path().join("rules.toml"), text + more);
    let arguments = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--rules", "rules.toml"];
    let arguments = [&arguments[..], &["--interest", "3%", "--pairs", "--why"]].concat();
    let told = comity(home.path(), &arguments).ends(0);
    expect![[r#"
        multilateral: Members against the union, two-month cycle
        group AAA,BBB,CCC, 3 members, 2019 to 2020, 6 four-monthly cycles; quota 15 % of the turnover of 2019; amounts in millions

        How long each member can go on like this
        member  book     limit  used up after  years  as        months left  net of all cycles  of it credit  charges
        ──────  ─────  ───────  ─────────────  ─────  ────────  ───────────  ─────────────────  ────────────  ───────
        AAA     union  165.000   15.55 months   1.29  creditor         0.00            233.331        59.400    0.388
        BBB     union  180.075   19.28 months   1.60  debtor           0.00           -231.867       -90.037    0.300
        CCC     union   45.075    5.38 months   0.44  debtor           6.03             -1.464        -1.464    0.162

        What compensation saves: payments that need not be made
        year   payments  pairs netted  saved  left by the rules  saved
        ────  ─────────  ────────────  ─────  ─────────────────  ─────
        2019  1,300.500       506.947   61.0             94.053   92.8
        2020  1,160.125       270.919   76.6            232.367   80.0
        all   2,460.625       777.866   68.4            326.420   86.7

        Where bilateral surpluses and deficits went (each bilateral balance counts twice)
        year             gross  multilateral  through time    asset   credit  special
        ───────────  ─────────  ────────────  ────────────  ───────  ───────  ───────
        2019         1,013.894       825.788         0.000   41.776   97.352   48.978
        2020           541.838        77.104        93.089  143.031  108.491  120.123
        all cycles   1,555.732       902.892        93.089  184.807  205.843  169.101
        outstanding  1,555.732       902.892       186.178  195.638  150.901  120.123

        The union had to advance up to 37.882 in asset itself.

        How residuals were settled, over all cycles (below zero: paid)
        member  designated-asset  roll-over  basket   auction  rolled over now
        ──────  ────────────────  ─────────  ──────  ────────  ───────────────
        AAA               32.489      8.250  10.829   122.363            8.250
        BBB                0.000     -5.781   0.000  -136.049           -5.781
        CCC              -11.954      2.253  -3.985    13.686            2.253

        What carrying cost (below zero: paid)
        member  interest  charges  interest on swap and instalments
        ──────  ────────  ───────  ────────────────────────────────
        AAA        3.453   -0.388                             0.000
        BBB       -2.282   -0.300                             0.000
        CCC       -1.137   -0.162                            -0.516

        Where the designated asset came from
        member  drawn on swap  most at a time  put into instalments  paid of own  received
        ──────  ─────────────  ──────────────  ────────────────────  ───────────  ────────
        AAA             0.000           0.000                 0.000        0.000    32.489
        BBB             0.000           0.000                 0.000        0.000     0.000
        CCC            25.237          20.050                 6.606       33.037    21.083

        Loans out of claims
        member     lent  owed to it now  borrowed  owes now  loan interest
        ──────  ───────  ──────────────  ────────  ────────  ─────────────
        AAA     105.155          97.962     0.000     0.000          0.270
        BBB       0.000           0.000    79.479    79.479          0.000
        CCC       0.000           0.000    25.676    18.483         -0.270

        Claims used, by what for
        member  investment  trade-advance  used on it
        ──────  ──────────  ─────────────  ──────────
        AAA         41.426         36.054       0.000
        BBB          0.000          0.000      48.279
        CCC          0.000          0.000      29.201

        Older credit made asset by the rising share
        member  made asset
        ──────  ──────────
        AAA         33.369
        BBB          0.000
        CCC         -4.508

        Instalments that their debtors could not serve (prolong): BBB 1.

        Cycles in which debtors grew by more than 50 % of quota in a year (asset): BBB 3, CCC 3.

        What pairs owe each other from all cycles
        creditor  debtor    claim
        ────────  ──────  ───────
        AAA       BBB     372.242
        CCC       AAA     138.911
        BBB       CCC     140.375

        How each residual was settled, and why
        year, cycle  member  method             amount  why
        ───────────  ──────  ────────────────  ───────  ─────────────────────────────────────────────────────
        2019, 1      AAA     auction             0.066  opposite residuals of 0.066 stood against each other
        2019, 1      CCC     auction            -0.066  opposite residuals of 0.066 stood against each other
        2019, 1      CCC     roll-over          -2.253  room of 2.253 under the limit
        2019, 1      CCC     basket             -2.161  25 % of what the methods before left
        2019, 1      CCC     designated-asset   -6.483  all that the methods before left
        2019, 2      AAA     auction             6.776  opposite residuals of 6.776 stood against each other
        2019, 2      CCC     auction            -6.776  opposite residuals of 6.776 stood against each other
        2019, 2      CCC     basket             -6.665  25 % of what the methods before left
        2019, 2      CCC     designated-asset  -19.996  all that the methods before left
        2019, 3      AAA     auction            18.372  opposite residuals of 18.372 stood against each other
        2019, 3      CCC     auction           -18.372  opposite residuals of 18.372 stood against each other
        2019, 3      CCC     basket             -2.186  25 % of what the methods before left
        2019, 3      CCC     designated-asset   -6.558  all that the methods before left
        2020, 1      AAA     auction            18.073  opposite residuals of 29.504 stood against each other
        2020, 1      BBB     auction           -29.504  opposite residuals of 29.504 stood against each other
        2020, 1      CCC     auction            11.431  opposite residuals of 29.504 stood against each other
        2020, 1      AAA     roll-over           8.250  room of 8.250 under the limit
        2020, 1      CCC     roll-over           2.253  the residual turned, what was rolled over goes back
        2020, 1      CCC     roll-over           2.253  room of 2.253 under the limit
        2020, 1      AAA     basket             10.829  25 % of what the methods before left
        2020, 1      CCC     basket              7.027  25 % of what the methods before left
        2020, 1      AAA     designated-asset   32.489  all that the methods before left
        2020, 1      CCC     designated-asset   21.083  all that the methods before left
        2020, 2      AAA     auction            47.583  opposite residuals of 73.077 stood against each other
        2020, 2      BBB     auction           -73.077  opposite residuals of 73.077 stood against each other
        2020, 2      CCC     auction            25.494  opposite residuals of 73.077 stood against each other
        2020, 2      BBB     roll-over          -0.658  room of 9.003 under the limit
        2020, 3      AAA     auction            31.493  opposite residuals of 33.468 stood against each other
        2020, 3      BBB     auction           -33.468  opposite residuals of 33.468 stood against each other
        2020, 3      CCC     auction             1.975  opposite residuals of 33.468 stood against each other
        2020, 3      BBB     roll-over          -5.123  room of 8.345 under the limit
    "#]].assert_eq(&told.out);
    let json = comity(home.path(), &[&arguments[..], &["--output", "json"]].concat()).ends(0).json();
    assert!(json["loans"].as_array().is_some_and(|loans| !loans.is_empty()));
    assert_eq!(json["residuals"][0]["year"], 2019);
    let number = |value: &serde_json::Value| -> i64 {
        value.as_str().expect("a text").replace('.', "").parse().expect("a number")
    };
    for parts in [&json["all"]["parts"], &json["all"]["outstanding"], &json["years"][1]["parts"]] {
        let names = ["multilateral", "through_time", "asset", "credit", "special"];
        assert_eq!(names.iter().map(|name| number(&parts[*name])).sum::<i64>(), number(&parts["gross"]));
    }
}

#[test]
fn rates_come_from_a_file_or_are_said_to_be_missing() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    let run = |more: &[&str]| {
        let run = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--preset", "acu"];
        comity(home.path(), &[&run[..], more].concat())
    };
    let told = run(&[]).ends(0).out;
    assert!(told.contains("No rates given: --interest or --rates would. Cycles without interest: AAA "), "{told}");
    write(home.path().join("rates.csv"), "month,debtor,creditor\n2019-07,4,2.5\n2020-01,5,3\n");
    let told = run(&["--rates", "rates.csv"]).ends(0).out;
    let part = told.split("What carrying cost").nth(1).unwrap_or("").split("\n\n").next().unwrap_or("").to_owned();
    expect![[r#"
         (below zero: paid)
        member  interest  interest on swap and instalments
        ──────  ────────  ────────────────────────────────
        AAA        0.868                             0.000
        BBB       -1.524                            -2.550
        CCC       -0.018                            -0.482"#]]
    .assert_eq(&part);
    // The first three cycles of two months have no rate; a drawing that stands then has none either.
    let remark = told.lines().find(|line| line.contains("Cycles without interest")).unwrap_or("").to_owned();
    expect!["No rates given: --interest or --rates would. Cycles without interest: AAA 3, BBB 3, CCC 5."]
        .assert_eq(&remark);
    let mut wrong = String::new();
    for rates in ["2019-07,-4,2", "2019-07,4,", "July,4,2", "2019-07,4,2\n2019-07,4,2", "2019-13,4,2"] {
        write(home.path().join("rates.csv"), format!("month,debtor,creditor\n{rates}\n"));
        wrong.push_str(&run(&["--rates", "rates.csv"]).ends(3).err);
    }
    write(home.path().join("rates.csv"), "month,debtor\n");
    wrong.push_str(&run(&["--rates", "rates.csv"]).ends(3).err);
    wrong.push_str(&run(&["--interest", "-3%"]).ends(2).err);
    expect![[r#"
        error: rates.csv:2: debtor "-4" is no rate from 0 to 400 percent, such as 2.25
        error: rates.csv:2: creditor "" is no rate from 0 to 400 percent, such as 2.25
        error: rates.csv:2: month "July" is no month such as 2010-01
        error: rates.csv:3: month 2019-07 was given before
        error: rates.csv:2: month "2019-13" is no month such as 2010-01
        error: rates.csv: no column creditor
        error: --interest "-3%" is no rate from 0% to 400%, such as 3%
    "#]]
    .assert_eq(&wrong);
}

#[test]
fn positions_in_a_basket_move_with_it() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    write(home.path().join("fx.csv"), FX);
    let run = |more: &[&str]| {
        let run = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--preset", "epu-1950"];
        comity(home.path(), &[&run[..], &["--fx", "fx.csv", "--fx-measure", "XAM"], more].concat())
    };
    let told = run(&["--unit", "XAM=50%,XBM=50%"]).ends(0).out;
    let part = told.split("The unit of account").nth(1).unwrap_or("").to_owned();
    expect![[r#"
         is 50 % XAM, 50 % XBM: worth 1.0000 USD on the first day and 1.1250 on the last. All amounts above are in it.
        member  net in the currency  net in the unit  worth of it at the end  gained or lost
        ──────  ───────────────────  ───────────────  ──────────────────────  ──────────────
        AAA                 400.000          462.230                 520.008         120.008
        BBB                -359.625         -422.270                -475.053        -115.428
        CCC                 -40.375          -39.960                 -44.955          -4.580
    "#]]
    .assert_eq(&part);
    // In the currency of the table itself nothing moves.
    let told = run(&["--unit", "USD=100%"]).ends(0).out;
    assert!(told.contains("worth 1.0000 USD on the first day and 1.0000 on the last"), "{told}");
    let mut wrong = String::new();
    for unit in ["XAM=50%,XBM=40%", "XAM=0%,XBM=100%", "XAM", "XAM=50%,XAM=50%"] {
        wrong.push_str(&run(&["--unit", unit]).ends(2).err);
    }
    wrong.push_str(&run(&["--unit", "XCM=100%"]).ends(3).err);
    write(home.path().join("fx.csv"), FX.replace("2019-01-01", "2019-01-02"));
    wrong.push_str(&run(&["--unit", "XAM=100%"]).ends(3).err);
    write(home.path().join("fx.csv"), FX.replace("50,10", "50,-10"));
    wrong.push_str(&run(&["--unit", "XBM=100%"]).ends(3).err);
    let text = rules(home.path(), "epu-1950").replace("[quota]", "[unit]\nbasket = { XAM = \"100 %\" }\n[quota]");
    write(home.path().join("rules.toml"), text);
    let without = ["union", "run", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--rules", "rules.toml"];
    wrong.push_str(&comity(home.path(), &without).ends(2).err);
    expect![[r#"
        error: --unit: basket: weights sum to 90 % instead of 100 %
        error: --unit: "0%" is no weight above 0%, at most 100%
        error: --unit: "XAM" is no weight such as CNY=40%
        error: --unit: XAM is named twice
        error: fx.csv: no column XCM
        error: fx.csv: no rate of USD on or before 2019-01-01
        error: fx.csv:2: XBM "-10" is no rate above 0 with up to 9 decimals
        error: the unit of account is a basket: --fx must name a file of exchange rates
    "#]]
    .assert_eq(&wrong);
}

#[test]
fn rules_for_creditors_side_by_side() {
    let home = folder();
    write(home.path().join("trade.csv"), TABLE);
    let arguments = ["union", "compare", "--data", "trade.csv", "--group", "AAA,BBB,CCC", "--creditor-rules"];
    let told = comity(home.path(), &[&arguments[..], &["--picture", "creditors.svg"]].concat()).ends(0);
    expect![[r#"
        epu-1950, and the same with one rule for persistent creditors; amounts in millions, at the end
        Above zero: received, held, lent, used. Below zero: paid, owed, borrowed, received from a user.

        rule           member  paid or received in asset  held as credit  term loans  invested or advanced  charges
        ─────────────  ──────  ─────────────────────────  ──────────────  ──────────  ────────────────────  ───────
        as it is       AAA                       183.500         216.500       0.000                 0.000    0.000
                       BBB                      -251.580        -108.045       0.000                 0.000    0.000
                       CCC                       -14.270         -26.105       0.000                 0.000    0.000
        rising share   AAA                       356.700          43.300       0.000                 0.000    0.000
                       BBB                      -251.580        -108.045       0.000                 0.000    0.000
                       CCC                       -14.270         -26.105       0.000                 0.000    0.000
        charges        AAA                       183.500         216.500       0.000                 0.000   -3.405
                       BBB                      -251.580        -108.045       0.000                 0.000   -0.672
                       CCC                       -14.270         -26.105       0.000                 0.000   -0.422
        recycling      AAA                        39.978          72.978     290.907                 0.000    0.000
                       BBB                       -34.875         -95.280    -231.891                 0.000    0.000
                       CCC                         4.092          13.107     -59.016                 0.000    0.000
        permitted use  AAA                        25.441          58.442       0.000               316.117    0.000
                       BBB                       -18.583         -81.898       0.000              -259.144    0.000
                       CCC                         3.791          12.807       0.000               -56.973    0.000
        pairs alone    AAA                       298.750         101.250       0.000                 0.000    0.000
                       BBB                      -269.682         -89.943       0.000                 0.000    0.000
                       CCC                       -29.068         -11.307       0.000                 0.000    0.000
        third members  AAA                       276.250         123.750       0.000                 0.000    0.000
                       BBB                      -246.960        -112.665       0.000                 0.000    0.000
                       CCC                       -29.290         -11.085       0.000                 0.000    0.000

        creditors together  in asset  as credit  in loans     used  union advanced  the rule
        ──────────────────  ────────  ─────────  ────────  ───────  ──────────────  ───────────────────────────────────────────────────────────────────────────────────────────────────────────────
        as it is             183.500    216.500     0.000    0.000           1.580  no rule for persistent creditors
        rising share         356.700     43.300     0.000    0.000          90.850  a claim above 25 % of quota for more than 3 cycles is paid out, 5 % more of it each cycle
        charges              183.500    216.500     0.000    0.000           1.580  1, 2 and 4 % a year more above 25, 50 and 75 % of quota, debtors and creditors alike
        recycling             44.070     86.085   290.907    0.000          21.397  claims above 50 % of quota become loans of 60 cycles at 3 % to debtors
        permitted use         29.232     71.249     0.000  316.117          16.460  each cycle half of a claim above 25 % of quota is invested, a quarter of the rest is paid in advance for a year
        pairs alone          298.750    101.250     0.000    0.000           0.000  bilateral-1+1: each pair by itself
        third members        276.250    123.750     0.000    0.000           0.000  bilateral-1+1, and a claim on one partner pays what is owed to another
    "#]].assert_eq(&told.out);
    let picture = read(home.path().join("creditors.svg"));
    assert!(picture.starts_with("<svg") && picture.contains("permitted use") && picture.contains("third members"));
    let json = comity(home.path(), &[&arguments[..], &["--preset", "multilateral", "--output", "json"]].concat());
    let json = json.ends(0).json();
    assert_eq!(json.as_array().map(Vec::len), Some(7));
    comity(home.path(), &[&arguments[..], &["--hub", "AAA"]].concat()).ends(2);
}

#[test]
fn a_small_union_is_measured() {
    let home = folder();
    let json = comity(home.path(), &["bench", "union", "--quick", "--dir", "b", "--output", "json"]).ends(0).json();
    let names: Vec<&str> = json["figures"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|figure| figure["unit"].as_str().expect("a unit"))
        .collect();
    assert_eq!(names, ["s", "s", "x"]);
}
