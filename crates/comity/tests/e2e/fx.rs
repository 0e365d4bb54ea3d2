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
    expect![[]].assert_eq(&told(&["auction", "orders.csv", "--reference", "11.42"]));
    expect![[]].assert_eq(&told(&["auction", "orders.csv", "--reference", "11.42", "--indicative"]));
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
    expect![[]].assert_eq(&told.out);
    let json = comity(home.path(), &[&arguments[..], &["--output", "json"]].concat()).ends(0).json();
    assert_eq!(
        (&json["crosses"], &json["best_bid"], &json["best_ask"]),
        (&false.into(), &"11.30".into(), &"11.50".into())
    );
}

#[test]
fn a_route_explains_every_hop() {
    expect![[]].assert_eq(&told(&ROUTE));
    let destination =
        ["route", "rates.csv", "--from", "KGS", "--to", "BYN", "--amount", "500", "--fixed", "destination"];
    expect![[]].assert_eq(&told(&destination));
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
    expect![[]].assert_eq(&told(&[&arguments[..], &fees].concat()));
}

#[test]
fn swaps_cut_funding() {
    expect![[]].assert_eq(&told(&SWAPS));
    expect![[]].assert_eq(&told(&[&SWAPS[..], &["--helpers"]].concat()));
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
    expect![[]].assert_eq(&all.concat());
}

#[test]
fn a_dealer_without_funds_is_told() {
    let home = home();
    let arguments = ["fx", "route", "rates.csv", "--from", "BYN", "--to", "KZT", "--amount", "900000", "--hops", "1"];
    expect![[]].assert_eq(&comity(home.path(), &arguments).ends(3).err);
    let arguments = ["fx", "quote", "rates.csv", "--from", "CNY", "--to", "BYN", "--amount", "2500000"];
    expect![[]].assert_eq(&comity(home.path(), &arguments).ends(3).err);
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
    expect![[]].assert_eq(&all.concat());
}
