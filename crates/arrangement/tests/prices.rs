//! Prices in arrangement files: what they become, and every mistake named.

use comity_arrangement::{Files, preset_files};
use comity_ledger::Command;
use comity_ledger::dealing::{Basis, Modes};

/// The preset of two countries with terms for its pair and a dealer.
fn files(terms: &str, dealer: &str) -> Files {
    let mut files = preset_files("bilateral-1+1").expect("a preset");
    let pair = "provider = \"XXXXCNB1\"\n";
    assert!(files.arrangement.contains(pair), "the preset's pair");
    files.arrangement = files.arrangement.replacen(pair, &format!("{pair}{terms}\n"), 1);
    files.arrangement.push_str(dealer);
    files
}

const DEALER: &str = r#"
[[dealer]]
base = "CNY"
quote = "RUB"
bank = "XXXXRUB1"
base_limit = "5000.00"
quote_limit = "60000.00"
bid = "11.40"
ask = "11.60"
tiers = ["1000.00:5"]
clients = ["XXXXCNB2:10"]
"#;

fn mistakes(terms: &str, dealer: &str) -> String {
    let mistakes = comity_arrangement::parse(&files(terms, dealer)).expect_err("a mistake");
    mistakes.0.iter().map(|mistake| format!("{mistake}\n")).collect()
}

#[test]
fn terms_and_dealers_become_commands_before_the_arrangement_is_in_force() {
    let terms = "modes = [\"official\", \"quotes\", \"auction\"]\nauction_at = \"12:00\"\n\
                 fees_selling = { arrival = \"100.00\", scheme = \"0.50\", scheme_bps = 10 }";
    let mut arrangement = comity_arrangement::parse(&files(terms, DEALER)).expect("no mistakes");
    for country in arrangement.keys_missing() {
        arrangement.set_public_key(country, [7; 32]);
    }
    let setup: Vec<Command> =
        arrangement.setup().expect("keys are there").into_iter().map(|order| order.command).collect();
    let pricing = setup.iter().find_map(|command| match command {
        Command::SetPricing(order) => Some(&order.terms),
        _ => None,
    });
    let pricing = pricing.expect("pricing terms");
    assert_eq!(pricing.modes, Modes::OFFICIAL.and(Modes::QUOTES).and(Modes::AUCTION));
    assert_eq!((pricing.quote_seconds, pricing.selling.arrival, pricing.selling.scheme), (600, 10_000, 50));
    let rate = setup.iter().find_map(|command| match command {
        Command::SetDealerRate(order) => Some(order),
        _ => None,
    });
    let rate = rate.expect("standing rates");
    assert!(matches!(rate.terms.as_ref().map(|terms| terms.basis), Some(Basis::Own(_))));
    assert_eq!(rate.clients.len(), 1);
    assert!(matches!(setup.last(), Some(Command::ActivateArrangement(_))));
    let day = arrangement.daily(arrangement.day.date);
    let auctions = day.iter().filter(|timed| {
        matches!(&timed.step, comity_arrangement::Step::Order(order) if matches!(order.command, Command::RunAuction(_)))
    });
    assert_eq!(auctions.count(), 1, "one auction on the day");
}

#[test]
fn a_pair_without_terms_gives_no_command_about_prices() {
    let arrangement = comity_arrangement::parse(&files("", "")).expect("no mistakes");
    assert_eq!(arrangement.prices, comity_arrangement::Prices::default());
}

#[test]
fn every_mistake_is_named() {
    for (terms, dealer, said) in [
        ("modes = [\"official\", \"haggling\"]", "", "haggling"),
        ("modes = [\"fixed\"]", "", "fixed"),
        ("modes = [\"official\"]\nfixed = \"11.5\"", "", "no fixed rate without the mode"),
        ("modes = [\"official\"]\nauction_at = \"12:00\"", "", "no auction without the mode"),
        ("modes = [\"auction\"]\nauction_at = \"03:00\"", "", "a time within a phase"),
        ("modes = [\"quotes\"]\nquote_seconds = 0", "", "seconds from 1 to 3600"),
        ("choose = \"best\"", "", "choose"),
        ("", &DEALER.replace("XXXXRUB1", "XXXXRUB9"), "XXXXRUB9"),
        ("", &DEALER.replace("quote = \"RUB\"", "quote = \"CNY\""), "no such pair"),
        ("", &DEALER.replace("ask = \"11.60\"", ""), "bid and ask together"),
        ("", &DEALER.replace("11.40", "11.70"), "a bid not above the ask"),
        ("", &DEALER.replace("1000.00:5", "1000.00"), "a tier such as"),
        ("", &DEALER.replace("5000.00", "5000.001"), "5000.001"),
        ("", &DEALER.replace("XXXXCNB2:10", "XXXXCNB2"), "a client such as"),
        ("", &format!("{DEALER}{DEALER}"), "each dealer of a pair once"),
    ] {
        let told = mistakes(terms, dealer);
        assert!(told.contains(said), "{terms:?} {dealer:?}: {told}");
    }
}
