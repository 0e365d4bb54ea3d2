//! Who may ask what: a table found by asking, for every command and every kind of person.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use comity_ledger::command::{Approve, Propose};
use comity_ledger::ids::Key;
use comity_ledger::{Command, Event, Reason, apply};

use crate::read;
use crate::text::Words;
use crate::world::{Setting, World};

pub(crate) const TABLE_NOTE: &str = "\
Found by asking: each order is given by everybody in turn, then proposed by everybody, then approved by everybody. `CN` is
the authority of the currency concerned, `ALFA` the bank concerned; nobody else may do it, and no maker may approve his own
proposal.
";

/// What each line shows, and an order for it.
const ORDERS: [(&str, &str); 59] = [
    ("payment", "pay p9 ALFA BRAVO 1.00 CNY"),
    ("conversion", "convert c9 ALFA CHARLIE 1.00 CNY to RUB"),
    ("group with several payers", "pvp a9 ALFA BRAVO 1.00 CNY with a8 BRAVO ALFA 1.00 CNY"),
    ("return", "return r9 of p1 1.00 CNY"),
    ("recall of a payment", "recall k9 of p1"),
    ("answer to a recall", "answer k1 no"),
    ("withdrawing a payment", "cancel p2"),
    ("moving a payment in its queue", "first p2"),
    ("changing a priority", "raise p2"),
    ("parking a payment", "park p2"),
    ("placing a hold", "hold h9 ALFA 1.00 CNY"),
    ("paying out of a hold", "post h1 BRAVO 1.00 CNY"),
    ("giving a hold back", "void h1"),
    ("funding", "fund ALFA 1.00 CNY"),
    ("redemption", "defund ALFA 1.00 CNY"),
    ("issuance against cover", "issue ALFA 1.00 CNY"),
    ("change of the cover", "cover 1.00 CNY"),
    ("a bank's payment, bilateral, multilateral or day limit", "limit ALFA day 1.00 CNY"),
    ("credit (net debit cap)", "limit ALFA net-debit 1.00 CNY"),
    ("overnight limit", "limit ALFA overnight 1.00 CNY"),
    ("suspension in one currency", "suspend DELTA CNY"),
    ("suspension in all currencies", "suspend DELTA"),
    ("stopping a currency", "stop CNY"),
    ("starting a currency", "start CNY"),
    ("rate in", "rate CNY/RUB 12.00"),
    ("approval of a rate", "agree CNY/RUB 11.50"),
    ("release of a rate from the gate", "release CNY/RUB"),
    ("start of the day", "day 2026-11-24"),
    ("next phase; before its time only by approval", "phase offset"),
    ("extension of a phase", "extend exchange 5 minutes"),
    ("offsetting run", "clear"),
    ("settlement of a plan", "plan p2"),
    ("offsetting rule of a currency", "offset CNY every"),
    ("consent that an account's queue is settled out of order", "bypass ALFA CNY yes"),
    ("confirmation of positions", "confirm 1"),
    ("rules of a union", "union ACU of KZ:100.00,RU:100.00 in RUB"),
    ("rate in the unit of account", "unit-rate CNY 1.00"),
    ("release of a rate in the unit of account", "unit-release CNY"),
    ("closing of a union, auction of residuals", "close EPU"),
    ("use of a claim, loan out of it, leaving a union", "claim CN pays RU 1.00"),
    ("future commitment", "commit c9 ALFA to BRAVO CNY instalments 2026-12-01 1.00"),
    ("answer about a commitment", "confirm-commitment c1"),
    ("change of a commitment", "amend c1 2026-12-01 2.00"),
    ("end of a commitment", "withdraw-commitment c1"),
    ("participant, account, authority, currency, pair", "add-participant HOTEL"),
    ("people and their roles", "add-actor eve operator"),
    ("calendar", "calendar CNY 2026-12-24 closed"),
    ("authority's key", "rotate-key CN"),
    ("pricing terms of a pair", "pricing CNY/KZT dealers"),
    ("dealer of a pair and its limits", "dealer CNY/KZT ALFA 1.00 1.00"),
    ("word on pricing terms", "word CNY/KZT pricing yes"),
    ("word on a dealer", "word CNY/KZT dealer BRAVO no"),
    ("release of a dealer's rate from the gate", "word CNY/KZT rate BRAVO yes"),
    ("release of an auction price from the gate", "word CNY/KZT auction yes"),
    ("standing rates of a dealer", "offer CNY/KZT ALFA 70 71"),
    ("request for a quote", "quote q9 ALFA CHARLIE 1.00 CNY to KZT"),
    ("payment under a quote", "deal c9 under q9 ALFA CHARLIE 1.00 CNY to KZT"),
    ("order for an auction", "order o9 ALFA sells 1.00 CNY/KZT"),
    ("auction", "auction CNY/KZT"),
];

/// The people who are asked; others stand for houses that are not concerned.
const PEOPLE: [&str; 17] = [
    "system",
    "operator",
    "manager",
    "finance.maker",
    "finance.checker",
    "security",
    "auditor",
    "CN.maker",
    "CN.checker",
    "ALFA",
    "ALFA.maker",
    "ALFA.checker",
    "BRAVO",
    "BRAVO.maker",
    "BRAVO.checker",
    "KZ.maker",
    "KZ.checker",
];

fn prepared() -> World {
    let mut world = World::new(&Setting::default());
    for line in [
        "fund ALFA 100.00 CNY",
        "hold h1 ALFA 5.00 CNY",
        "pay p1 ALFA BRAVO 10.00 CNY",
        "pay p2 ALFA BRAVO 500.00 CNY",
        "recall k1 of p1",
        "rate CNY/RUB 11.50",
        "commit c1 ALFA to BRAVO CNY instalments 2026-12-01 1.00",
    ] {
        let order = read::order(&world, &mut Words::new(line), line);
        let actor = world.actors[&order.maker];
        world.enter(actor, Key(0), order.command);
    }
    crate::story::plain(&mut world, "union EPU of CN:100.00,RU:100.00 in RUB");
    world
}

/// The first refusal an entry meets, if any.
fn refused(world: &World, name: &str, command: Command) -> (Option<Reason>, World) {
    let mut copy = World::new(&Setting { start: "nothing".into(), ..Setting::default() });
    copy.state = world.state.clone();
    copy.at = world.at;
    let entry = comity_ledger::Entry { at: world.at, actor: world.actors[name], key: Key(0), command };
    apply(&mut copy.state, &entry, &mut copy.events);
    let reason = copy.events.list().iter().find_map(|(_, event)| match event {
        Event::Refused(reject) => Some(reject.reason),
        _ => None,
    });
    (reason, copy)
}

fn may(reason: Option<Reason>) -> bool {
    !matches!(reason, Some(Reason::NotAuthorised | Reason::NeedsApproval | Reason::NotYours))
}

/// One line per order: who does it alone, who proposes it, who approves it.
pub(crate) fn table() -> String {
    let mut out = String::from("| order | alone | proposed by | approved by |\n|---|---|---|---|\n");
    let world = prepared();
    for (what, line) in ORDERS {
        let command = read::order(&world, &mut Words::new(line), line).command;
        let (mut alone, mut makers, mut checkers) = (Vec::new(), Vec::new(), BTreeSet::new());
        for name in PEOPLE {
            if may(refused(&world, name, command.clone()).0) {
                alone.push(name);
            }
            let proposed = Propose { command: command.clone(), expires: world.at.plus_seconds(60) };
            let (reason, after) = refused(&world, name, Command::Propose(Box::new(proposed)));
            if reason.is_none() {
                makers.push(name);
                let approval = Approve { proposal: after.state.seq, hash: command.hash() };
                for other in PEOPLE {
                    let mut asked = world_with(&after, &world);
                    asked.at = world.at;
                    let (reason, _) = refused(&asked, other, Command::Approve(approval));
                    assert_ne!((other, reason), (name, None), "nobody approves his own proposal");
                    if reason.is_none() {
                        checkers.insert(other);
                    }
                }
            }
        }
        let list = |names: Vec<&str>| if names.is_empty() { "-".into() } else { names.join(", ") };
        let checkers = list(checkers.into_iter().collect());
        writeln!(out, "| {what} | {} | {} | {checkers} |", list(alone), list(makers)).expect("writing to memory");
    }
    out
}

fn world_with(after: &World, named: &World) -> World {
    let mut world = World::new(&Setting { start: "nothing".into(), ..Setting::default() });
    world.state = after.state.clone();
    world.actors = named.actors.clone();
    world
}
