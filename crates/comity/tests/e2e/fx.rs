//! `comity fx`: the examples of the source, and mistakes in their files.

use std::path::{Path, PathBuf};

use expect_test::expect;

use crate::world::{comity, folder, read, write};

fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/fx")
}

/// A folder with the examples.
fn home() -> tempfile::TempDir {
    let home = folder();
    for name in ["orders.csv", "rates.csv", "positions.csv", "worth.csv"] {
        write(home.path().join(name), read(examples().join(name)));
    }
    home
}

/// What a command prints.
fn told(arguments: &[&str]) -> String {
    let home = home();
    let told = comity(home.path(), &[&["fx"], arguments].concat()).ends(0);
    assert_eq!(told.err, "");
    told.out
}

/// The refusal of a command in a folder with one file changed.
fn refused(file: &str, change: (&str, &str), arguments: &[&str]) -> String {
    let home = home();
    let path = home.path().join(file);
    let before = read(&path);
    assert!(before.contains(change.0), "{file} holds {:?}", change.0);
    write(&path, before.replacen(change.0, change.1, 1));
    let told = comity(home.path(), &[&["fx"], arguments].concat()).ends(3);
    assert_eq!(told.out, "");
    told.err
}

const ROUTE: [&str; 8] = ["route", "rates.csv", "--from", "KZT", "--to", "BYN", "--amount", "1000000"];
const SWAPS: [&str; 4] = ["swaps", "positions.csv", "--rates", "worth.csv"];

#[test]
fn an_auction_clears_at_one_price() {
    expect![[r#"
        Call auction CNY/RUB: 10 orders, reference 11.42

        price 11.43, volume 5,900,000.00 CNY
        left over: buyers of 1,800,000.00 CNY
        why: no other price has as much volume with as small an imbalance

        order  bank    side  limit        amount        trades                         for
        ─────  ──────  ────  ─────  ────────────  ────────────  ──────────────────────────
        o1     ALFA    buy   11.46  3,000,000.00  3,000,000.00      pays 34,290,000.00 RUB
        o2     BRAVO   sell  11.38  2,500,000.00  2,500,000.00  receives 28,575,000.00 RUB
        o3     CEDAR   buy     any  1,200,000.00  1,200,000.00      pays 13,716,000.00 RUB
        o4     DELTA   sell  11.41  1,800,000.00  1,800,000.00  receives 20,574,000.00 RUB
        o5     EMBER   buy   11.43  2,000,000.00    971,428.57      pays 11,103,428.56 RUB
        o6     FALCON  sell  11.43    900,000.00    900,000.00  receives 10,287,000.00 RUB
        o7     GROVE   buy   11.43  1,500,000.00    728,571.43       pays 8,327,571.45 RUB
        o8     HARBOR  sell  11.47  2,200,000.00             -
        o9     IRIS    buy   11.39    800,000.00             -
        o10    JUNO    sell    any    700,000.00    700,000.00   receives 8,001,000.00 RUB

        buyers pay 67,437,000.01 RUB, sellers receive 67,437,000.00 RUB, rounding leaves 0.01 RUB for the pair's remainder account
    "#]].assert_eq(&told(&["auction", "orders.csv", "--reference", "11.42"]));
    expect![[r#"
        Indication CNY/RUB: 10 orders, reference 11.42

        price 11.43, volume 5,900,000.00 CNY
        left over: buyers of 1,800,000.00 CNY
        why: no other price has as much volume with as small an imbalance
    "#]]
    .assert_eq(&told(&["auction", "orders.csv", "--reference", "11.42", "--indicative"]));
}

#[test]
fn an_auction_in_json_conserves() {
    let home = home();
    for margin in ["pro-rata", "time"] {
        let arguments = ["fx", "auction", "orders.csv", "--margin", margin, "--output", "json"];
        let json = comity(home.path(), &arguments).ends(0).json();
        let minor = |value: &serde_json::Value| -> i64 {
            value.as_str().expect("a text").replace('.', "").parse().expect("a number")
        };
        let fills = json["fills"].as_array().expect("fills");
        let sum = |side: &str, of: &str| -> i64 {
            fills.iter().filter(|fill| fill["side"] == side).map(|fill| minor(&fill[of])).sum()
        };
        assert_eq!(sum("buy", "base"), sum("sell", "base"));
        assert_eq!(sum("buy", "base"), minor(&json["volume"]));
        assert_eq!(sum("buy", "quote"), sum("sell", "quote") + minor(&json["remainder"]));
        assert_eq!(
            (sum("buy", "quote"), sum("sell", "quote")),
            (minor(&json["buyers_pay"]), minor(&json["sellers_receive"]))
        );
        assert_eq!(json["checked"], true);
    }
}

#[test]
fn no_crossing_is_an_answer() {
    let home = folder();
    write(home.path().join("orders.csv"), "id,side,amount,limit\na,buy,10.00,11.30\nb,sell,5.00,11.50\n");
    let arguments = ["fx", "auction", "orders.csv", "--pair", "CNY/RUB"];
    let told = comity(home.path(), &arguments).ends(0);
    expect![[r#"
        Call auction CNY/RUB: 2 orders, no reference price

        No crossing: the best bid 11.30 is below the best ask 11.50
        wanted 10.00 CNY, offered 5.00 CNY
    "#]]
    .assert_eq(&told.out);
    let json = comity(home.path(), &[&arguments[..], &["--output", "json"]].concat()).ends(0).json();
    assert_eq!(
        (&json["crosses"], &json["best_bid"], &json["best_ask"]),
        (&false.into(), &"11.30".into(), &"11.50".into())
    );
}

#[test]
fn a_route_explains_every_hop() {
    expect![[r#"
        5,731.52 BYN for 1,000,000.00 KZT
        KZT > CNY > RUB > BYN; cost against the official cross rate: -5.01 BYN = -9 bps

        pair     offer                   rate              from              to  cost against official  left by rounding
        ───────  ────────  ─────────  ───────  ────────────────  ──────────────  ─────────────────────  ────────────────
        CNY/KZT  official  bought at  71.3500  1,000,000.00 KZT   14,015.41 CNY       0.50 KZT = 1 bps        0.4965 KZT
        CNY/RUB  auction   sold at    11.4300     14,015.41 CNY  160,196.13 RUB   -140.15 RUB = -9 bps        0.0063 RUB
        BYN/RUB  official  bought at  27.9500    160,196.13 RUB    5,731.52 BYN       0.15 RUB = 1 bps         0.146 RUB

        not chosen
          CNY/KZT dealer BRAVO: worse by 68.41 CNY
          CNY/RUB official: worse by 140.15 RUB
          CNY/RUB dealer ALFA: worse by 540.29 RUB
          BYN/RUB dealer DELTA: worse by 34.65 BYN

        11 deals tried; no other chain of at most 3 is better
    "#]]
    .assert_eq(&told(&ROUTE));
    let destination =
        ["route", "rates.csv", "--from", "KGS", "--to", "BYN", "--amount", "500", "--fixed", "destination"];
    expect![[r#"
        500.00 BYN for 14,718.54 KGS
        KGS > KZT > CNY > BYN; no official rate to compare with

        pair     offer                        rate           from             to  cost against official  left by rounding
        ───────  ─────────────  ─────────  ───────  ─────────────  ─────────────  ─────────────────────  ────────────────
        KGS/KZT  official       sold at     5.9700  14,718.54 KGS  87,869.67 KZT       0.01 KZT = 1 bps        0.0138 KZT
        CNY/KZT  official       bought at  71.3500  87,869.67 KZT   1,231.53 CNY       0.01 KZT = 1 bps        0.0045 KZT
        CNY/BYN  dealer FALCON  sold at     0.4060   1,231.53 CNY     500.00 BYN       no official rate       0.00118 BYN

        not chosen
          CNY/KZT dealer BRAVO: worse by 431.04 KZT

        9 deals tried; no other chain of at most 3 is better
    "#]].assert_eq(&told(&destination));
}

#[test]
fn any_currency_can_be_switched_off() {
    let home = home();
    let all = ["CNY", "RUB", "KZT", "BYN"];
    for off in all {
        for from in all.into_iter().filter(|code| *code != off) {
            for to in all.into_iter().filter(|code| *code != off && *code != from) {
                let arguments =
                    ["fx", "route", "rates.csv", "--from", from, "--to", to, "--amount", "1000", "--without", off];
                let json = comity(home.path(), &[&arguments[..], &["--output", "json"]].concat()).ends(0).json();
                for hop in json["hops"].as_array().expect("hops") {
                    assert!(hop["from"] != off && hop["to"] != off, "{from} to {to} without {off}");
                }
            }
        }
    }
}

#[test]
fn a_quote_has_both_amounts_and_all_fees() {
    let arguments = ["quote", "rates.csv", "--from", "CNY", "--to", "RUB", "--amount", "5000", "--departure-fee", "5"];
    let fees = ["--arrival-fee", "100", "--scheme-fee", "0.50", "--scheme-bps", "10", "--at", "1795341600"];
    expect![[r#"
        56,992.85 RUB for 5,000.00 CNY
        CNY/RUB at 11.4300, auction; valid until 2026-11-22T10:10:00Z (600 s)

        what                                amount
        ───────────────────────────  ─────────────  ───────────────────────────────────
        paid by the payer             5,000.00 CNY
        departure fee                    -5.00 CNY  kept by the payer's bank
        between the banks, debited    4,995.00 CNY
        between the banks, credited  57,092.85 RUB
        arrival fee                    -100.00 RUB  kept by the payee's bank
        received by the payee        56,992.85 RUB
        scheme fee                        5.49 CNY  charged to the payer's bank, on top

        not chosen
          CNY/RUB official: worse by 49.95 RUB
          CNY/RUB dealer ALFA: worse by 192.56 RUB
    "#]]
    .assert_eq(&told(&[&arguments[..], &fees].concat()));
}

#[test]
fn swaps_cut_funding() {
    expect![[r#"
        4 swaps cut funding from 230,214,000.00 to 22,942,000.14: 90.0 % less
        values in the common unit; no swaps of equal value can go below 706,000.00

        participant   funds before         after    less    at least
        ───────────  ─────────────  ────────────  ──────  ──────────
        ALFA         91,600,000.00  7,378,000.07  91.9 %        0.00
        BRAVO        87,200,000.00  7,786,000.07  91.0 %  408,000.00
        CEDAR        31,000,000.00  6,778,000.00  78.1 %  298,000.00
        DELTA        20,414,000.00  1,000,000.00  95.1 %        0.00

        In legs, settled inside; each out leg is the same amounts back, settled outside on the same day
        participant          receives               gives  with
        ───────────  ────────────────  ──────────────────  ─────
        ALFA         5,253,940.45 CNY   59,999,999.93 RUB  BRAVO
        ALFA         2,100,000.00 CNY   23,982,000.00 RUB  CEDAR
        DELTA        1,700,000.00 CNY  121,337,500.00 KZT  BRAVO
        CEDAR          240,000.00 RUB    1,500,000.00 KZT  ALFA
    "#]]
    .assert_eq(&told(&SWAPS));
    expect![[r#"
        8 swaps cut funding from 230,214,000.00 to 706,000.02: 99.6 % less
        values in the common unit; no swaps of equal value can go below 706,000.00

        participant   funds before       after     less    at least
        ───────────  ─────────────  ──────────  ───────  ──────────
        ALFA         91,600,000.00        0.00  100.0 %        0.00
        BRAVO        87,200,000.00  408,000.02   99.5 %  408,000.00
        CEDAR        31,000,000.00  298,000.00   99.0 %  298,000.00
        DELTA        20,414,000.00        0.00  100.0 %        0.00

        In legs, settled inside; each out leg is the same amounts back, settled outside on the same day
        participant          receives               gives  with
        ───────────  ────────────────  ──────────────────  ─────
        ALFA         5,253,940.45 CNY   59,999,999.93 RUB  BRAVO
        ALFA         2,100,000.00 CNY   23,982,000.00 RUB  CEDAR
        DELTA        1,700,000.00 CNY  121,337,500.00 KZT  BRAVO
        CEDAR          240,000.00 RUB    1,500,000.00 KZT  ALFA
        ALFA           646,059.55 CNY    7,378,000.06 RUB  BRAVO
        CEDAR        6,480,000.00 RUB   40,500,000.00 KZT  BRAVO
        DELTA          897,999.99 RUB    5,612,499.93 KZT  BRAVO
        DELTA          102,000.01 RUB      637,500.06 KZT  ALFA
    "#]]
    .assert_eq(&told(&[&SWAPS[..], &["--helpers"]].concat()));
}

#[test]
fn trades_are_netted_before_swaps() {
    let home = home();
    let trades =
        "debtor,creditor,currency,amount\nALFA,BRAVO,CNY,150.00\nBRAVO,ALFA,CNY,50.00\nBRAVO,ALFA,RUB,1142.00\n";
    write(home.path().join("trades.csv"), trades);
    let arguments = ["fx", "swaps", "trades.csv", "--rates", "worth.csv", "--output", "json"];
    let json = comity(home.path(), &arguments).ends(0).json();
    assert_eq!((&json["before"], &json["after"]), (&"2284.00".into(), &"0.00".into()));
    assert_eq!(json["in_legs"].as_array().map(Vec::len), Some(1));
}

#[test]
fn pictures_are_written() {
    let home = home();
    let auction = ["fx", "auction", "orders.csv", "--picture", "auction.svg"];
    comity(home.path(), &auction).ends(0);
    comity(home.path(), &[&["fx"], &SWAPS[..], &["--picture", "funding.svg"]].concat()).ends(0);
    for name in ["auction.svg", "funding.svg"] {
        assert!(read(home.path().join(name)).starts_with("<svg"), "{name}");
    }
}

#[test]
fn mistakes_name_file_line_and_field() {
    let auction = ["auction", "orders.csv"];
    let orders = |from: &str, to: &str| refused("orders.csv", (from, to), &auction);
    let rates = |from: &str, to: &str| refused("rates.csv", (from, to), &ROUTE);
    let worth = |from: &str, to: &str| refused("worth.csv", (from, to), &SWAPS);
    let positions = |from: &str, to: &str| refused("positions.csv", (from, to), &SWAPS);
    let all = [
        orders("o4,", "o1,"),
        orders("sell,2500000.00", "short,2500000.00"),
        orders("2500000.00", "-5"),
        orders("2500000.00", "2500000.001"),
        orders("11.38", "-11.38"),
        orders("11.38", "0"),
        orders("11.38", "cheap"),
        orders("11.38,CNY/RUB", "11.38,CNY/XQQ"),
        orders("11.38,CNY/RUB", "11.38,CNY/KZT"),
        orders("id,bank,side,amount,limit", "id,bank,side,amount,price"),
        rates("11.4200", "18.9600"),
        rates("11.4200", ""),
        rates("11.4200", "-11.42"),
        rates("CNY/RUB,official", "CNY/RUB,guessed"),
        rates("CNY/RUB,official,,11.4200", "CNY/EUR,official,,11.4200"),
        rates("71.05,71.70", "72.05,71.70"),
        rates("1000000:5 5000000:12", "1000000:12 5000000:5"),
        rates("CNY/KZT,official", "CNY/RUB,official"),
        rates("yes,both authorities", "perhaps,both authorities"),
        worth("0.1600", "0.2700"),
        worth("0.1600", "0"),
        worth("KZT,", "KGS,"),
        positions("-8000000.00", "-8000001.00"),
        positions("BRAVO,CNY", "ALFA,CNY"),
    ];
    expect![[r#"
        error: orders.csv:5: id: "o1" was given before on line 2
        error: orders.csv:3: side: "short" is neither buy nor sell
        error: orders.csv:3: amount: "-5" is not more than zero
        error: orders.csv:3: amount: "2500000.001" has more than 2 decimals
        error: orders.csv:3: limit: "-11.38" is not more than zero; a rate has at most 12 decimals and 19 digits
        error: orders.csv:3: limit: "0" is not more than zero; a rate has at most 12 decimals and 19 digits
        error: orders.csv:3: limit: "cheap" is not a decimal number such as 11.42; a rate has at most 12 decimals and 19 digits
        error: orders.csv:3: pair: "XQQ" is not a currency code of ISO 4217
        error: orders.csv:3: pair: CNY/KZT after CNY/RUB; choose one with --pair
        error: orders.csv:1: the heading lacks the column limit; expected id, side, amount, limit, and optionally bank, pair
        error: rates.csv:2: rate: 18.9600 is 66.39 % off the previous 11.3950, the gate is 20 %; correct it, or confirm it with --gate
        error: rates.csv:2: rate: is missing; give rate, or bid and ask, or for a dealer spread_bps
        error: rates.csv:2: rate: "-11.42" is not more than zero; a rate has at most 12 decimals and 19 digits
        error: rates.csv:2: kind: "guessed" is none of official, fixed, dealer, auction
        error: rates.csv:3: spread_bps: there is no official rate of this pair to stand around
        error: rates.csv:6: bid: 72.05 is above the ask 71.70
        error: rates.csv:3: tiers: from-amounts and improvements must rise from tier to tier, improvements up to 5,000
        error: rates.csv:5: pair: CNY/RUB has a rate of kind official on line 2 already
        error: rates.csv:2: allowed: "perhaps" is neither yes nor no
        error: worth.csv:4: rate: 0.2700 is 68.65 % off the previous 0.1601, the gate is 20 %; correct it, or confirm it with --gate
        error: worth.csv:4: rate: "0" is not more than zero; a rate has at most 12 decimals and 19 digits
        error: positions.csv:4: currency: KZT has no rate in worth.csv
        error: positions.csv: position: positions in CNY sum to -1.00, must be zero
        error: positions.csv:5: participant: "ALFA" has a position in CNY already
    "#]].assert_eq(&all.concat());
}

#[test]
fn a_dealer_without_funds_is_told() {
    let home = home();
    let arguments = ["fx", "route", "rates.csv", "--from", "BYN", "--to", "KZT", "--amount", "900000", "--hops", "1"];
    expect![[r#"
        error: no offer from BYN to KZT takes this amount:
          BYN/KZT dealer EMBER: no funds: it has 90,000,000.00 KZT of 151,200,000.00 KZT
    "#]]
    .assert_eq(&comity(home.path(), &arguments).ends(3).err);
    let arguments = ["fx", "quote", "rates.csv", "--from", "CNY", "--to", "BYN", "--amount", "2500000"];
    expect![[r#"
        error: no offer from CNY to BYN takes this amount:
          CNY/BYN dealer FALCON: no funds: it has 900,000.00 BYN of 1,015,000.00 BYN
    "#]]
    .assert_eq(&comity(home.path(), &arguments).ends(3).err);
}

#[test]
fn wrong_arguments_are_told() {
    let home = home();
    let usage = |arguments: &[&str], code: i32| comity(home.path(), &[&["fx"], arguments].concat()).ends(code).err;
    let all = [
        usage(&["route", "rates.csv", "--from", "KZT", "--to", "XQQ", "--amount", "1"], 2),
        usage(&["route", "rates.csv", "--from", "KZT", "--to", "EUR", "--amount", "1"], 3),
        usage(&["route", "rates.csv", "--from", "KZT", "--to", "KZT", "--amount", "1"], 3),
        usage(&["route", "rates.csv", "--from", "KZT", "--to", "BYN", "--amount", "-1"], 2),
        usage(&["route", "rates.csv", "--from", "KZT", "--to", "BYN", "--amount", "1", "--without", "KZT"], 3),
        usage(&["auction", "orders.csv", "--pair", "CNY"], 2),
        usage(&["auction", "orders.csv", "--reference", "0"], 2),
        usage(&["auction", "missing.csv"], 2),
        usage(&["quote", "rates.csv", "--from", "KGS", "--to", "BYN", "--amount", "1"], 3),
    ];
    expect![[r#"
        error: --to: "XQQ" is not a currency code of ISO 4217
        error: --to: rates.csv has no offer in EUR; it has CNY, RUB, KZT, BYN, KGS
        error: from KZT to KZT there is nothing to exchange
        error: --amount: "-1" is not more than zero
        error: --without KZT: it is one end of the route
        error: --pair: "CNY" is not a pair such as CNY/RUB
        error: --reference: "0" is not more than zero; a rate has at most 12 decimals and 19 digits
        error: missing.csv: No such file or directory (os error 2)
        error: rates.csv offers no pair of KGS and BYN; `comity fx route` goes over others
    "#]]
    .assert_eq(&all.concat());
}
