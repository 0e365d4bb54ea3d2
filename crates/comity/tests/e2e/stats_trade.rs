//! `comity stats trade`, `index`, `mirror`, `define`: the made-up examples, files, pictures, mistakes, and real data where
//! they are at hand.

use std::path::{Path, PathBuf};

use expect_test::expect;
use serde_json::Value;

use crate::world::{comity, folder, read, shared, write};

fn example(name: &str) -> String {
    let path: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "examples", "stats", name].iter().collect();
    read(path)
}

/// A folder with the examples.
fn home() -> tempfile::TempDir {
    let home = folder();
    for name in ["prices.csv", "rates.csv", "trade.csv", "reports.csv", "shares.csv"] {
        write(home.path().join(name), example(name));
    }
    home
}

fn stats(home: &Path, arguments: &[&str]) -> crate::world::Ran {
    comity(home, &[&["stats"], arguments].concat())
}

/// Figures of one definition in a JSON answer, in order.
fn of<'a>(json: &'a Value, figure: &str) -> Vec<&'a Value> {
    let tables = json["tables"].as_array().expect("tables").iter();
    tables.flat_map(|table| table["figures"].as_array().expect("figures")).filter(|f| f["figure"] == figure).collect()
}

/// An amount in thousandths.
fn thousandths(value: &Value) -> i64 {
    let text = value.as_str().expect("an amount is text");
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    format!("{whole}{decimals:0<3}").parse().expect("a number")
}

#[test]
fn a_change_of_value_is_price_and_quantity() {
    let home = home();
    let told = stats(home.path(), &["index", "--data", "prices.csv", "--picture", "bridge.svg"]).ends(0);
    assert_eq!(told.err, "");
    expect![[r#"
        Change of value, and what made it, amounts in USD million
        from  to    before     after  change   price  quantity    new     gone  unpriced  compared
        ────  ────  ──────  ────────  ──────  ──────  ────────  ─────  ───────  ────────  ────────
        2019  2020  910.00    945.00   35.00  -66.12     86.12   0.00     0.00     15.00      97.0
        2020  2021  945.00  1,270.00  325.00  485.00   -115.00  40.00  -100.00     15.00      89.8
        2019  2021  910.00  1,270.00  360.00  385.00     -5.00  40.00   -90.00     30.00      90.8

        Index numbers, 2019 = 100
        period  value index  Fisher  Fisher quantity
        ──────  ───────────  ──────  ───────────────
        2019         100.00  100.00           100.00
        2020         103.85   93.07           109.86
        2021         139.56  147.82            99.78

        Chained from period to period, 2019 = 100
        period  formula  chained prices  chained quantities  chain drift
        ──────  ───────  ──────────────  ──────────────────  ───────────
        2019    fisher           100.00              100.00         0.00
        2020    fisher            93.07              109.86         0.00
        2021    fisher           152.10               97.93         2.89

        2019 to 2021 by item, amounts in USD million
        item       before   after  change   price  quantity    new    gone  unpriced
        ─────────  ──────  ──────  ──────  ──────  ────────  ─────  ──────  ────────
        crude oil  600.00  880.00  280.00  210.00     70.00   0.00    0.00      0.00
        grain      200.00  300.00  100.00  175.00    -75.00   0.00    0.00      0.00
        lathes      90.00    0.00  -90.00    0.00      0.00   0.00  -90.00      0.00
        drones       0.00   40.00   40.00    0.00      0.00  40.00    0.00      0.00
        software    20.00   50.00   30.00    0.00      0.00   0.00    0.00     30.00

        Definitions
          before: value in the first period
              = sum v0
          after: value in the second period
              = sum v1
          change: change of value
              = sum v1 - sum v0 = price + quantity + new + gone + unpriced
          price: part of the change that prices made, at mean quantities [1]
              = sum ((a - v0) + (v1 - b)) / 2, with a = v1 q0 / q1, b = v0 q1 / q0, over items with quantities in both periods
          quantity: part of the change that quantities made, at mean prices [1]
              = sum ((b - v0) + (v1 - a)) / 2, as the rest of the matched change
          new: value of items that were not traded in the first period; counts as volume
              = sum v1 where v0 = 0
          gone: value of items that are not traded any more, below zero; counts as volume
              = - sum v0 where v1 = 0
          unpriced: change of items of which a quantity is not known
              = sum (v1 - v0) where q0 or q1 is missing
          compared: share of both periods' value whose prices can be compared
              = (sum v0 + sum v1 over items with quantities in both) / (sum v0 + sum v1)
          value index: value of all items against the base [2]
              = 100 sum v1 / sum v0
          Fisher: prices against the base, the geometric mean of Laspeyres and Paasche [2]
              = sqrt(Laspeyres x Paasche)
          Fisher quantity: quantities against the base; price index times quantity index is the value index of the items compared [2]
              = sqrt(Laspeyres quantity x Paasche quantity)
          chained prices: prices by the same formula, linked from neighbour to neighbour [2]
              = product of the links
          chained quantities: quantities by the same formula, linked from neighbour to neighbour [2]
              = product of the links
          chain drift: how far the chained price index went from the direct one [2]
              = 100 (chained / direct - 1)
        [1] T. L. Bennet 1920; the manual's chapter on indicators as differences
        [2] Export and Import Price Index Manual (IMF and others 2009), chapters on index number theory
        Source: prices.csv, revision f71fda56a9160af2, amounts in USD million
    "#]].assert_eq(&told.out);
    assert!(read(home.path().join("bridge.svg")).contains("new items"));
}

/// The example of the documentation is what the program prints.
#[test]
fn the_documentation_shows_this_output() {
    let page: PathBuf = [env!("CARGO_MANIFEST_DIR"), "..", "..", "docs", "trade-statistics.md"].iter().collect();
    let told = stats(home().path(), &["index", "--data", "prices.csv"]).ends(0).out;
    let tables = told.split("2019 to 2021 by item").next().unwrap_or("").trim_end();
    let shown: String =
        tables.lines().map(|line| if line.is_empty() { "\n".to_owned() } else { format!("    {line}\n") }).collect();
    assert!(read(page).contains(&shown), "the page does not show:\n{shown}");
}

#[test]
fn every_way_to_part_a_change_adds_up() {
    let home = home();
    let all: [(&[&str], &[&str]); 3] = [
        (&[], &["price.effect", "price.quantity"]),
        (&["--split", "three"], &["price.effect_base", "price.quantity_base", "price.interaction"]),
        (&["--rates", "rates.csv", "--rate", "AAD"], &["price.effect", "price.currency", "price.quantity"]),
    ];
    for (more, parts) in all {
        let arguments = [&["index", "--data", "prices.csv", "--output", "json"], more].concat();
        let json = stats(home.path(), &arguments).ends(0).json();
        let changes = of(&json, "price.change");
        assert_eq!(changes.len(), 3 + 5, "three ways and five items");
        for (at, change) in changes.into_iter().enumerate() {
            let parts = parts.iter().chain(&["price.new", "price.gone", "price.unpriced"]);
            let sum: i64 = parts.map(|part| thousandths(&of(&json, part)[at]["value"])).sum();
            assert_eq!(sum, thousandths(&change["value"]), "{more:?} {change}");
        }
    }
    // Fisher's price index times its quantity index is the value index of what can be compared.
    let json = stats(home.path(), &["index", "--data", "prices.csv", "--output", "json"]).ends(0).json();
    let number = |figure: &str, at: usize| of(&json, figure)[at]["value"].as_f64().expect("a number");
    let product = number("price.fisher", 1) * number("price.fisher_quantity", 1) / 100.0;
    // 540 + 270 + 100 over 600 + 200 + 90.
    assert!((product - 100.0 * 910.0 / 890.0).abs() < 1e-9, "{product}");
}

#[test]
fn members_pairs_sections_and_regions() {
    let home = home();
    let run = |more: &[&str]| stats(home.path(), &[&["trade", "--data", "trade.csv"], more].concat()).ends(0).out;
    let mut told = run(&["--by", "member", "--picture", "members.svg"]);
    told += "\n";
    told +=
        &run(&["--by", "section", "--top", "3", "--without-energy", "--picture", "sections.svg", "--period", "all"]);
    expect![[r#"
        Trade by member, amounts in USD million
        period  member    exports    imports   turnover  share   balance  imbalance  without energy  imbalance w/o energy  energy  growth  contribution
        ──────  ──────  ─────────  ─────────  ─────────  ─────  ────────  ─────────  ──────────────  ────────────────────  ──────  ──────  ────────────
        2021    AAA     2,360.060  1,795.815  4,155.875   40.9   564.245       13.6      -1,229.755                 -52.1    43.2    27.3         10.37
        2021    BBB     1,230.405  1,812.790  3,043.195   29.9  -582.385      -19.1         452.615                  22.5    34.0    20.2          5.94
        2021    DDD       978.840    652.080  1,630.920   16.0   326.760       20.0         786.760                  67.2    28.2     6.5          1.16
        2021    CCC       515.205    823.825  1,339.030   13.2  -308.620      -23.0          -9.620                  -0.9    22.3     5.4          0.80

        Concentration of shares in turnover
        period  across   parts  concentration  as if so many
        ──────  ───────  ─────  ─────────────  ─────────────
        2021    members      4          2,996            3.3

        A flow between two of those counted is an export of one and an import of the other.

        Definitions
          exports: what was sold, by the value of the table [1]
              = sum of rows with it as exporter
          imports: what was bought, by the value of the table [1]
              = sum of rows with it as importer
          turnover: both directions together [1]
              = exports + imports
          share: share of the whole: of the member's turnover where there is a member, else of the period's [1]
              = 100 x / sum x
          balance: surplus, or below zero deficit [1]
              = exports - imports
          imbalance: how uneven trade is: 0 is even, 100 is one direction only [2]
              = 100 (exports - imports) / (exports + imports)
          without energy: balance without chapter 27 of the Harmonized System
              = exports - imports, rows of HS 27 left out
          imbalance w/o energy: the same without chapter 27 of the Harmonized System
              = 100 (exports - imports) / (exports + imports), rows of HS 27 left out
          energy: share of chapter 27 of the Harmonized System, mineral fuels and oils [1]
              = 100 HS 27 / all
          growth: change against the period before
              = 100 (x1 / x0 - 1)
          contribution: what the part gave to the growth of its whole; parts add up to it
              = 100 (x1 - x0) / sum x0
          parts: how many parts there are
              = count of x above 0
          concentration: Herfindahl-Hirschman index of the shares: 10,000 is a single part [3]
              = sum (100 x / sum x)^2
          as if so many: how many equal parts would be as concentrated [3]
              = 10,000 / concentration
        [1] International Merchandise Trade Statistics: Concepts and Definitions 2010 (United Nations)
        [2] normalised trade balance, in common use
        [3] O. C. Herfindahl 1950, A. O. Hirschman 1945; number equivalent after M. A. Adelman 1969
        Source: trade.csv, revision 9237538260120318, amounts in USD million

        Trade by section of the Harmonized System, without energy, amounts in USD million
        period  section                                  value  share  growth  contribution
        ──────  ───────────────────────────────────  ─────────  ─────  ──────  ────────────
        2019    XVI machinery, electrical equipment  1,552.535   44.9
        2019    XVII vehicles, aircraft, vessels       468.220   13.5
        2019    XI textiles                            363.820   10.5
        2019    others                               1,074.185   31.1
        2020    XVI machinery, electrical equipment  1,449.905   43.9    -6.6         -2.97
        2020    XVII vehicles, aircraft, vessels       427.590   13.0    -8.7         -1.17
        2020    XI textiles                            351.590   10.7    -3.4         -0.35
        2020    others                               1,071.805   32.5    -0.2         -0.07
        2021    XVI machinery, electrical equipment  1,537.625   46.7     6.1          2.66
        2021    XVII vehicles, aircraft, vessels       406.760   12.4    -4.9         -0.63
        2021    XI textiles                            333.030   10.1    -5.3         -0.56
        2021    others                               1,013.095   30.8    -5.5         -1.78

        Concentration of shares in turnover
        period  across    parts  concentration  as if so many
        ──────  ────────  ─────  ─────────────  ─────────────
        2019    sections     11          2,480            4.0
        2020    sections     11          2,403            4.2
        2021    sections     11          2,613            3.8

        Definitions
          value: what was traded, each flow once [1]
              = sum of rows
          share: share of the whole: of the member's turnover where there is a member, else of the period's [1]
              = 100 x / sum x
          growth: change against the period before
              = 100 (x1 / x0 - 1)
          contribution: what the part gave to the growth of its whole; parts add up to it
              = 100 (x1 - x0) / sum x0
          parts: how many parts there are
              = count of x above 0
          concentration: Herfindahl-Hirschman index of the shares: 10,000 is a single part [2]
              = sum (100 x / sum x)^2
          as if so many: how many equal parts would be as concentrated [2]
              = 10,000 / concentration
        [1] International Merchandise Trade Statistics: Concepts and Definitions 2010 (United Nations)
        [2] O. C. Herfindahl 1950, A. O. Hirschman 1945; number equivalent after M. A. Adelman 1969
        Source: trade.csv, revision 9237538260120318, amounts in USD million
    "#]].assert_eq(&told);
    assert!(read(home.path().join("members.svg")).contains("without energy"));
    assert!(read(home.path().join("sections.svg")).contains("others"));
    write(home.path().join("regions.csv"), "country,region\nAAA,north\nBBB,north\nCCC,south\nDDD,south\n");
    let region = run(&["--by", "region", "--group", "AAA", "--regions", "regions.csv", "--period", "2019..2020"]);
    assert!(region.contains("north") && region.contains("south") && !region.contains("elsewhere"), "{region}");
    let pair = run(&["--by", "pair", "--group", "AAA,BBB,CCC"]);
    assert!(pair.contains("AAA-BBB") && pair.contains("BBB-CCC") && !pair.contains("DDD"), "{pair}");
    let partner = run(&["--by", "partner", "--group", "AAA", "--top", "1"]);
    assert!(partner.contains("others"), "{partner}");
    let chapter = run(&["--by", "chapter", "--pool"]);
    assert!(chapter.contains("2019 to 2021"), "{chapter}");
    let reports = ["trade", "--data", "reports.csv", "--reporter", "AAA", "--by", "partner"];
    let reports = stats(home.path(), &reports).ends(0).out;
    assert!(reports.contains("AAA") && reports.contains("DDD"), "{reports}");
}

#[test]
fn balances_of_all_members_cancel_and_contributions_add_up() {
    let home = home();
    let run = |by: &str| {
        let arguments = ["trade", "--data", "trade.csv", "--by", by, "--period", "all", "--output", "json"];
        stats(home.path(), &arguments).ends(0).json()
    };
    let members = run("member");
    for figure in ["trade.balance", "trade.balance_without_energy"] {
        let balances = of(&members, figure);
        assert_eq!(balances.len(), 12);
        for year in ["2019", "2020", "2021"] {
            let of_year = balances.iter().filter(|balance| balance["of"]["period"] == year);
            assert_eq!(of_year.map(|balance| thousandths(&balance["value"])).sum::<i64>(), 0, "{figure} {year}");
        }
    }
    let (years, sections) = (run("year"), run("section"));
    let growth = of(&years, "trade.growth")[0]["value"].as_f64().expect("a number");
    let given = of(&sections, "trade.contribution").into_iter().filter(|figure| figure["of"]["period"] == "2020");
    let given: f64 = given.map(|figure| figure["value"].as_f64().expect("a number")).sum();
    assert!((growth - given).abs() < 1e-9, "{growth} {given}");
}

#[test]
fn two_reports_of_the_same_trade() {
    let home = home();
    let told = stats(home.path(), &["mirror", "--data", "reports.csv", "--top", "2", "--picture", "m.svg"]).ends(0);
    expect![[r#"
        Import over export, where both sides reported
        period  both reported   p10  median   p90  all value
        ──────  ─────────────  ────  ──────  ────  ─────────
        all                10  1.11    1.14  1.37      1.237

        Reconciled by geometric, by whose value it is, amounts in USD million
        whose     flows  reconciled  share
        ────────  ─────  ──────────  ─────
        both         10   5,335.965   95.6
        exporter      1      70.985    1.3
        importer      1     172.511    3.1

        Median ratio by reporter
        reporter  as exporter  as importer
        ────────  ───────────  ───────────
        AAA              1.13         1.16
        BBB              1.16         1.12
        CCC              1.07         1.13
        DDD              1.49         1.31

        Furthest apart, amounts in USD million
        period  flow        exporter says  importer says  ratio      gap  reconciled  whose
        ──────  ──────────  ─────────────  ─────────────  ─────  ───────  ──────────  ─────
        2021    DDD to AAA        600.069      1,111.240   1.85  448.271     793.143  both
        2021    AAA to DDD        504.200        660.562   1.31  118.972     560.538  both

        Freight and insurance: imports are expected at 1.06 times exports.

        Definitions
          both reported: how many flows both sides reported
              = count of flows with X > 0 and M > 0
          p10: a tenth of the flows has a lower ratio of import to export [1]
              = tenth percentile of M / X, interpolated
          median: half of the flows has a lower ratio of import to export [1]
              = median of M / X
          p90: nine tenths of the flows have a lower ratio of import to export [1]
              = ninetieth percentile of M / X, interpolated
          all value: all imports over all exports, of flows that both sides reported [1]
              = sum M / sum X
          flows: how many flows have a value
              = count
          reconciled: one value, free on board; beside it whose it is [2]
              = geometric: sqrt(X M / f); mean: (X + M / f) / 2; exporter: X; importer: M / f; greater: max(X, M / f); with one report only, X or M / f
          share: share of the reconciled value
              = 100 x / sum x
          as exporter: median ratio of partners' imports to its exports [1]
              = median of M / X over flows it sells
          as importer: median ratio of its imports to partners' exports [1]
              = median of M / X over flows it buys
          exporter says: what the exporter reported, free on board [1]
              = X
          importer says: what the importer reported, with cost, insurance and freight [1]
              = M
          ratio: import over export, where both were reported [1]
              = M / X
          gap: what the importer reported beyond freight and insurance [2]
              = M / f - X, with f the factor of freight and insurance
          whose: of whose reports the reconciled value is made
              = both, exporter, or importer without freight and insurance
        [1] International Merchandise Trade Statistics: Compilers Manual (United Nations 2013), bilateral asymmetries
        [2] Direction of Trade Statistics (International Monetary Fund): freight and insurance of 6 % where nothing better is known
        Source: reports.csv, revision c88068e7724c80c0, amounts in USD million
    "#]].assert_eq(&told.out);
    assert!(read(home.path().join("m.svg")).contains("DDD-AAA"));
    // A factor of its own for the worst pair, other methods, a group.
    write(home.path().join("factors.csv"), "exporter,importer,factor\nDDD,AAA,1.9\n");
    let own =
        stats(home.path(), &["mirror", "--data", "reports.csv", "--factors", "factors.csv", "--top", "1"]).ends(0);
    assert!(own.out.contains("1 pairs have a factor of their own") && own.out != told.out, "{}", own.out);
    for method in ["mean", "exporter", "importer", "greater"] {
        let arguments = ["mirror", "--data", "reports.csv", "--method", method, "--group", "AAA,BBB"];
        let told = stats(home.path(), &arguments).ends(0).out;
        assert!(told.contains(&format!("Reconciled by {method}")) && !told.contains("CCC"), "{told}");
    }
}

#[test]
fn published_shares_are_told_and_not_joined() {
    let home = home();
    let told = stats(home.path(), &["currencies", "--data", "shares.csv"]).ends(0);
    expect![[r#"
        Shares of currencies, as published
        area         flow     currency  period   share  change  told
        ───────────  ───────  ────────  ───────  ─────  ──────  ────
        AAA and BBB  exports  AAD       2019      12.5       -  82.5
        AAA and BBB  exports  AAD       2021      31.0    18.5  90.5
        AAA and BBB  exports  AAD       2023-06   44.0    13.0  92.0
        AAA and BBB  exports  BBF       2021      18.5       -  90.5
        AAA and BBB  exports  BBF       2023-06   39.0    20.5  92.0
        AAA and BBB  exports  USD       2019      70.0       -  82.5
        AAA and BBB  exports  USD       2021      41.0   -29.0  90.5
        AAA and BBB  exports  USD       2023-06    9.0   -32.0  92.0
        AAA and BBB  imports  BBF       2023-06   52.0       -  52.0

        Areas, flows and methods differ: compare within one area and flow only.

        Definitions
          share: share of a currency as it was published for an area, a flow and a period [1]
              = as published
          change: change against the point before of the same area, flow and currency, whenever that was
              = share - share before
          told: how much of the whole all published shares of the area, flow and period are together; above 100 where they overlap
              = sum of shares
        [1] the row's own source; methods differ from area to area
        Source: shares.csv, revision d994badb91d74726
    "#]].assert_eq(&told.out);
    let arguments = ["currencies", "--data", "shares.csv", "--flow", "exports", "--picture", "shares.svg"];
    stats(home.path(), &arguments).ends(0);
    assert!(read(home.path().join("shares.svg")).contains("not told"));
    let both = stats(home.path(), &["currencies", "--data", "shares.csv", "--picture", "shares.svg"]).ends(3);
    assert!(both.err.contains("AAA and BBB, exports; AAA and BBB, imports"), "{}", both.err);
    write(home.path().join("shares.csv"), example("shares.csv").replace(",70,", ",90,"));
    let overlap = stats(home.path(), &arguments).ends(3);
    assert!(overlap.err.contains("shares of AAD, USD in 2019 overlap"), "{}", overlap.err);
    write(home.path().join("shares.csv"), example("shares.csv").replace(",52,", ",152,"));
    let wrong = stats(home.path(), &["currencies", "--data", "shares.csv"]).ends(3);
    assert_eq!(wrong.err, "error: shares.csv:10: share_pct \"152\" is more than 100 percent\n");
}

#[test]
fn files_carry_value_unit_source_revision_and_rows() {
    let home = home();
    let arguments = ["mirror", "--data", "reports.csv", "--out", "tables"];
    stats(home.path(), &arguments).ends(0);
    let figures = read(home.path().join("tables/figures.csv"));
    let head = figures.lines().next().unwrap_or("");
    assert_eq!(head, "table,period,whose,reporter,flow,figure,value,number,unit,row_count,rows,source,revision");
    let line = figures.lines().find(|line| line.contains("Every flow,") && line.contains("mirror.gap")).unwrap_or("");
    assert!(line.contains("USD million") && line.contains("reports.csv"), "{line}");
    assert!(read(home.path().join("tables/definitions.csv")).contains("mirror.gap"));
    stats(home.path(), &[&arguments[..], &["--format", "parquet"]].concat()).ends(0);
    let parquet = std::fs::read(home.path().join("tables/figures.parquet")).expect("a file");
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
}

#[test]
fn definitions_are_listed() {
    let home = folder();
    let json = stats(home.path(), &["define", "--output", "json"]).ends(0).json();
    let all = json.as_array().expect("a list");
    let mut keys: Vec<&str> = all.iter().map(|definition| definition["figure"].as_str().expect("a name")).collect();
    for definition in all {
        for field in ["name", "measure", "says", "formula", "after"] {
            assert!(definition[field].as_str().is_some_and(|text| !text.is_empty()), "{field} of {definition}");
        }
    }
    keys.sort_unstable();
    let count = keys.len();
    keys.dedup();
    assert_eq!(keys.len(), count, "no two figures have the same name");
    expect![[r#"
        price.fisher  Fisher, index, base 100
          prices against the base, the geometric mean of Laspeyres and Paasche
          = sqrt(Laspeyres x Paasche)
          after: Export and Import Price Index Manual (IMF and others 2009), chapters on index number theory

        price.fisher_quantity  Fisher quantity, index, base 100
          quantities against the base; price index times quantity index is the value index of the items compared
          = sqrt(Laspeyres quantity x Paasche quantity)
          after: Export and Import Price Index Manual (IMF and others 2009), chapters on index number theory
    "#]]
    .assert_eq(&stats(home.path(), &["define", "price.fisher"]).ends(0).out);
    let none = stats(home.path(), &["define", "nothing"]).ends(2);
    assert!(none.err.contains("no figure's name begins with"), "{}", none.err);
}

#[test]
fn mistakes_are_named() {
    let home = home();
    let mut told = String::new();
    let mut fails = |arguments: &[&str], code: i32| {
        let ran = stats(home.path(), arguments).ends(code);
        assert_eq!(ran.out, "");
        told.push_str(&ran.err);
    };
    fails(&["trade", "--data", "none.csv"], 2);
    fails(&["trade", "--data", "trade.csv", "--period", "1999"], 2);
    fails(&["trade", "--data", "trade.csv", "--period", "2020..2019"], 2);
    fails(&["trade", "--data", "trade.csv", "--group", "AAA,ZZZ"], 3);
    fails(&["trade", "--data", "reports.csv"], 3);
    fails(&["trade", "--data", "reports.csv", "--reporter", "ZZZ"], 3);
    fails(&["trade", "--data", "prices.csv"], 3);
    fails(&["index", "--data", "prices.csv", "--base", "1999"], 2);
    fails(&["index", "--data", "prices.csv", "--rates", "rates.csv", "--rate", "ZZD"], 3);
    fails(&["mirror", "--data", "reports.csv", "--factor", "-1"], 2);
    fails(&["mirror", "--data", "trade.csv"], 3);
    for (file, from, to, arguments) in [
        ("trade.csv", "2019,AAA,BBB,27", "2019,AAA,BBB,0", &["trade"][..]),
        ("trade.csv", "2019,AAA,BBB,27,", "2019,AAA,BBB,27,-", &["trade"]),
        ("trade.csv", "2019,AAA,BBB,27", "2019,AAA,AAA,27", &["trade"]),
        ("trade.csv", "hs2,", "kind,", &["trade", "--without-energy"]),
        ("reports.csv", ",X,", ",Y,", &["mirror"]),
        ("reports.csv", "2021,BBB,AAA,M", "2021,AAA,BBB,X", &["mirror"]),
        ("prices.csv", "600.00,10.0", "600.00,0", &["index"]),
        ("prices.csv", "600.00,10.0", "0,10", &["index"]),
        ("prices.csv", "600.00", "600.1234567", &["index"]),
        ("prices.csv", "600.00", "", &["index"]),
        ("prices.csv", "quantity", "weight", &["index"]),
    ] {
        let changed = example(file).replacen(from, to, 1);
        assert_ne!(changed, example(file), "{from}");
        write(home.path().join(file), changed);
        fails(&[&arguments[..1], &["--data", file], &arguments[1..]].concat(), 3);
        write(home.path().join(file), example(file));
    }
    expect![[r#"
        error: none.csv: No such file or directory (os error 2)
        error: --period "1999" is not in the table, which has 2019 to 2021
        error: --period "2020..2019" ends before it begins
        error: trade.csv: no trade of ZZZ
        error: reports.csv: is a table of reports, two for each flow: choose one side with --reporter, or reconcile both with comity stats mirror
        error: reports.csv: no reports of this reporter
        error: prices.csv: no column exporter
        error: --base "1999" is not in the table, which has 2019 to 2021
        error: rates.csv: no column zzd
        error: --factor "-1" is no factor from 0.5 to 2 with up to 4 decimals, such as 1.06
        error: trade.csv: no column export_report or export or export_fob
        error: trade.csv:2: hs2 "0" is no chapter from 01 to 99
        error: trade.csv:2: usd_million "-900.000" is no number from 0 with up to 3 decimals
        error: trade.csv:2: exporter and importer are the same
        error: trade.csv: the table has no products, so energy and sections are not known; add a column hs2
        error: reports.csv:2: flow "Y" is neither X nor M
        error: reports.csv:3: AAA to BBB in 2021 was reported by this side before
        error: prices.csv: row 2: value 60000 at quantity 0 has no price; leave the quantity empty if it is unknown
        error: prices.csv: row 2: quantity 100 at value 0: a price of zero cannot be compared
        error: prices.csv:2: usd_million "600.1234567" has more than 6 decimals
        error: prices.csv:2: usd_million "" is empty
        error: prices.csv: no column quantity or volume
    "#]].assert_eq(&told);
}

/// Export and import reports of 33 economies, 2010 to 2020: how they spread, and the same reconciled values as the table has.
#[test]
fn real_reports_are_reconciled_as_the_table_says() {
    let Some(data) = shared().map(|shared| shared.join("data/trade_matrix_best_2010_2020.csv")).filter(|p| p.is_file())
    else {
        eprintln!("skipped: no shared data");
        return;
    };
    let home = folder();
    let path = data.display().to_string();
    let arguments = ["mirror", "--data", &path, "--out", "tables", "--output", "json"];
    let shown: String = [&[][..], &["--floor", "50"]]
        .iter()
        .map(|more| {
            let json = stats(home.path(), &[&arguments[..], more].concat()).ends(0).json();
            let spread = |figure: &str| of(&json, figure)[0]["value"].as_f64().expect("a number");
            let (p10, median, p90) = (spread("mirror.p10"), spread("mirror.median"), spread("mirror.p90"));
            let flows = &of(&json, "mirror.pairs")[0]["value"];
            format!("{flows} flows: p10 {p10:.2}, median {median:.2}, p90 {p90:.2}\n")
        })
        .collect();
    expect![[r#"
        9624 flows: p10 0.43, median 1.06, p90 3.18
        6488 flows: p10 0.50, median 1.06, p90 1.63
    "#]]
    .assert_eq(&shown);
    let mut theirs = std::collections::BTreeMap::new();
    for line in read(&data).lines().skip(1) {
        let cells: Vec<&str> = line.split(',').collect();
        theirs.insert((cells[0].to_owned(), format!("{} to {}", cells[1], cells[2])), cells[3].to_owned());
    }
    let figures = read(home.path().join("tables/figures.csv"));
    let mut compared = 0;
    for line in figures.lines().filter(|line| line.starts_with("Every flow,") && line.contains(",mirror.reconciled,")) {
        let cells: Vec<&str> = line.split(',').collect();
        let value = |text: &str| -> f64 { text.parse().expect("a number") };
        let (ours, theirs) = (value(cells[6]), value(&theirs[&(cells[1].to_owned(), cells[4].to_owned())]));
        assert!((ours - theirs).abs() < 0.0015, "{line}: {theirs}");
        compared += 1;
    }
    assert_eq!(compared, 11_212);
}

/// Imports of 25 economies by chapter, from 33: sections and energy.
#[test]
fn real_imports_by_section() {
    let Some(data) = shared().map(|shared| shared.join("data/trade_hs2_imports_wto.csv")).filter(|p| p.is_file())
    else {
        eprintln!("skipped: no shared data");
        return;
    };
    let home = folder();
    let path = data.display().to_string();
    let arguments = ["trade", "--data", &path, "--by", "section", "--pool", "--top", "5"];
    let told = stats(home.path(), &arguments).ends(0).out;
    let table: String =
        told.lines().take_while(|line| !line.starts_with("Definitions")).map(|l| format!("{l}\n")).collect();
    expect![[r#"
        Trade by section of the Harmonized System, amounts in USD thousand
        period        section                                      value  share
        ────────────  ───────────────────────────────────  ─────────────  ─────
        2015 to 2020  XVI machinery, electrical equipment  2,528,255,335   33.3
        2015 to 2020  V mineral products and fuels         1,004,644,991   13.2
        2015 to 2020  VI chemicals                           753,686,670    9.9
        2015 to 2020  XVII vehicles, aircraft, vessels       609,429,529    8.0
        2015 to 2020  XV base metals                         461,966,277    6.1
        2015 to 2020  others                               2,240,528,324   29.5

        Concentration of shares in turnover
        period        across    parts  concentration  as if so many
        ────────────  ────────  ─────  ─────────────  ─────────────
        2015 to 2020  sections     21          1,568            6.4

        All periods as one, 2015 to 2020; not every reporter need have the same.

    "#]]
    .assert_eq(&table);
}
