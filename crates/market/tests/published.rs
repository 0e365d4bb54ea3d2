//! Worked examples that schemes have published, from the shared data where they are present.
//!
//! Deliberately absent: our own cases; they stand beside the code.

use std::path::{Path, PathBuf};

use comity_market::dealer::Ask;
use comity_market::quote::{FeeRule, quote};
use comity_market::rate::{Fixed, Rate, Way, convert};
use serde_json::Value;

/// The examples, or nothing if the shared data are not there.
fn examples(section: &str) -> Option<Value> {
    let named = std::env::var_os("COMITY_SHARED").map(PathBuf::from);
    let beside = || {
        let mut folders = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
        folders.find_map(|folder| Some(folder.join("shared")).filter(|shared| shared.is_dir()))
    };
    let found = named.or_else(beside).map(|shared| shared.join("oracles/unions.json")).filter(|path| path.is_file());
    let Some(path) = found else {
        eprintln!("skipped: shared data not present");
        return None;
    };
    let text = std::fs::read_to_string(path).expect("readable");
    let all: Value = serde_json::from_str(&text).expect("JSON");
    Some(all[section].clone())
}

/// A number of the file, written as text or as number, in hundredths.
fn minor(value: &Value) -> i64 {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if whole.starts_with('-') { -1 } else { 1 };
    let part: i64 = format!("{part:0<2}").parse().expect("digits");
    whole.parse::<i64>().expect("digits") * 100 + sign * part
}

fn rate(value: &Value) -> Rate {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    Rate::parse(&text).expect("a rate")
}

#[test]
fn papss_nets_are_converted_exactly() {
    let Some(papss) = examples("papss") else {
        return;
    };
    for (net, per_dollar, member) in [("GHS_net", "GHS_per_USD", "GH"), ("NGN_net", "NGN_per_USD", "NG")] {
        let (net, dollars) = (minor(&papss[net]), minor(&papss["usd"][member]));
        // The dollar is the base currency of both pairs: a debtor's net is paid out of its own currency, a creditor's into it.
        let (way, fixed) = if net < 0 { (Way::QuoteToBase, Fixed::Source) } else { (Way::BaseToQuote, Fixed::Target) };
        let converted = convert(rate(&papss[per_dollar]), way, fixed, net.abs(), 2, 2).expect("in range");
        let found = if net < 0 { -converted.target } else { converted.source };
        assert_eq!((found, converted.left_minor, converted.left_fraction), (dollars, 0, 0), "{member}");
    }
    let sum: i64 = ["GH", "NG"].iter().map(|member| minor(&papss["usd"][*member])).sum();
    assert_eq!(sum, 0);
}

#[test]
fn nexus_amounts_and_fees_are_exact() {
    let Some(nexus) = examples("nexus") else {
        return;
    };
    let scheme = &nexus["scheme_fee"];
    // A ratio of .001 is 10 basis points.
    let ratio = rate(&scheme["ratio"]);
    let bps = ratio.mantissa * 10_000 / 10_u64.pow(u32::from(ratio.scale));
    let fees = FeeRule {
        departure: 0,
        arrival: minor(&nexus["dest_fee_thb"]),
        scheme: minor(&scheme["nominal"]),
        scheme_bps: u32::try_from(bps).expect("small"),
    };
    let ask =
        |fixed: Fixed, amount: i64| Ask { way: Way::BaseToQuote, fixed, amount, base_exponent: 2, quote_exponent: 2 };
    let (paid, received) = (minor(&nexus["amount_sgd"]), minor(&nexus["creditor_amount_thb"]));
    for asked in [ask(Fixed::Source, paid), ask(Fixed::Target, received)] {
        let found = quote(rate(&nexus["rate"]), asked, &fees).expect("in range");
        assert_eq!((found.paid, found.received), (paid, received));
        assert_eq!(found.target, minor(&nexus["dest_interbank_thb"]));
        assert_eq!(found.scheme, minor(&scheme["total_sgd"]));
        assert_eq!((found.left_minor, found.left_fraction), (0, 0));
    }
}
