//! CSV files of the inbox: from bytes to the ledger.

use comity_gateway::inbound::{self, Options};

use super::day;

/// Each line becomes a command or a refusal, and the ledger survives the commands.
pub fn run(data: &[u8]) -> bool {
    let options = Options { name: "input.csv".into(), ..Options::default() };
    let mut arrived = Vec::new();
    let tally = inbound::translate_csv(day::directory(), &options, 1, data, |inbound| arrived.push(inbound));
    assert!(tally.commands + tally.refused == tally.transactions, "a line has one outcome: {tally:?}");
    let told = u64::try_from(arrived.len()).unwrap_or(u64::MAX);
    assert!(told == tally.transactions + u64::from(tally.unreadable), "every outcome is told: {tally:?}");
    day::put_before_ledger(arrived)
}
