//! A business day in the middle of its exchange, for inputs that reach as far as the ledger.

use std::sync::LazyLock;

use comity_arrangement::Step;
use comity_gateway::Directory;
use comity_gateway::inbound::{Inbound, Outcome};
use comity_ledger::command::{Approve, Command, Entry, Propose};
use comity_ledger::ids::{ActorId, Key, Time};
use comity_ledger::payment::Standing;
use comity_ledger::{Events, State, apply, invariant};

/// The preset whose banks the corpus names.
const PRESET: &str = "bilateral-1+1";

/// State and look-up tables, computed once; every input starts from a copy.
static DAY: LazyLock<(State, Directory)> = LazyLock::new(|| {
    let state = open();
    let directory = Directory::from_state(&state);
    (state, directory)
});

/// A state in which payments settle.
pub(crate) fn state() -> State {
    DAY.0.clone()
}

/// Who is who in that state.
pub(crate) fn directory() -> &'static Directory {
    &DAY.1
}

/// Puts what the gateway made of an input before the ledger; says whether a payment settled.
pub(crate) fn put_before_ledger(arrived: Vec<Inbound>) -> bool {
    let mut state = state();
    let at = state.at;
    for inbound in arrived {
        if let Outcome::Command(order) = inbound.outcome {
            give(&mut state, at, order.actor, order.key, order.command);
        }
    }
    check(&state);
    state.payments.iter().any(|payment| payment.standing == Standing::Settled)
}

/// Applies one command; returns its entry's number.
pub(crate) fn give(state: &mut State, at: Time, actor: ActorId, key: Key, command: Command) -> u64 {
    let mut events = Events::default();
    let at = at.max(state.at);
    // A tick lets due things happen, and often nothing is due.
    let silent = command == Command::Tick;
    apply(state, &Entry { at, actor, key, command }, &mut events);
    assert!(silent || !events.list().is_empty(), "every entry is answered");
    state.seq
}

/// Every invariant, in full.
pub(crate) fn check(state: &State) {
    if let Err(broken) = invariant::check(state) {
        panic!("{broken}");
    }
}

fn open() -> State {
    let files = comity_arrangement::preset_files(PRESET).expect("a preset");
    let mut arrangement = comity_arrangement::parse(&files).expect("presets have no mistakes");
    for country in arrangement.keys_missing() {
        arrangement.set_public_key(country, [7; 32]);
    }
    let mut state = State::new(16);
    for order in arrangement.setup().expect("every authority has its key") {
        give(&mut state, Time(0), order.actor, order.key, order.command);
    }
    let date = arrangement.day.date;
    // The first phase that takes payments and settles them, a minute after it began.
    let wanted = comity_ledger::phase::ENTRY | comity_ledger::phase::SETTLE;
    let phases = arrangement.planned(date);
    let exchange = phases.iter().find(|phase| phase.allows & wanted == wanted).expect("a day settles payments");
    let until = exchange.begins.plus_seconds(60);
    for timed in arrangement.daily(date).into_iter().take_while(|timed| timed.at <= until) {
        match timed.step {
            Step::Order(order) => {
                give(&mut state, timed.at, order.actor, order.key, order.command);
            }
            Step::FourEyes { maker, checker, keys: [first, second], command } => {
                let hash = command.hash();
                let propose = Propose { command, expires: timed.at.plus_seconds(60) };
                let proposal = give(&mut state, timed.at, maker, first, Command::Propose(Box::new(propose)));
                give(&mut state, timed.at, checker, second, Command::Approve(Approve { proposal, hash }));
            }
            // Positions are confirmed and carried after the exchange, and plans are made while payments wait.
            Step::Confirm { .. } | Step::Plan { .. } | Step::Union(_) => {}
        }
    }
    check(&state);
    assert!(state.allows(wanted), "the day is open");
    state
}
