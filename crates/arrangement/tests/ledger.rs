//! Whatever loads, the ledger takes. Set-up and every step of the days go through without one refusal.

mod common;

use comity_arrangement::{Arrangement, Ask, By, Order, Owner, Step, parse, preset_files, presets};
use comity_ledger::command::{Approve, ConfirmPositions, OnChange, Policy, Propose};
use comity_ledger::ids::{CurrencyId, Day, Key, Time};
use comity_ledger::{Command, Entry, Event, Events, State, apply};
use proptest::prelude::*;
use proptest::sample::Index;

/// A ledger, and the entries and refusals so far.
struct Run {
    state: State,
    refusals: Vec<String>,
}

impl Run {
    fn open(arrangement: &mut Arrangement) -> Self {
        for (at, country) in arrangement.keys_missing().into_iter().enumerate() {
            let byte = u8::try_from(at + 1).expect("few authorities");
            arrangement.set_public_key(country, [byte; 32]);
        }
        let mut run = Self { state: State::default(), refusals: Vec::new() };
        for order in arrangement.setup().expect("keys are there") {
            run.append(Time(Time::SECOND), order);
        }
        run
    }

    fn append(&mut self, at: Time, order: Order) {
        let mut events = Events::default();
        let entry = Entry { at, actor: order.actor, key: order.key, command: order.command };
        apply(&mut self.state, &entry, &mut events);
        for (_, event) in events.list() {
            if let Event::Refused(reject) = event {
                self.refusals.push(format!("{:?}: {reject:?}", entry.command));
            }
        }
    }

    /// Does what the runner of a day does with its steps.
    fn day(&mut self, arrangement: &Arrangement, day: Day) {
        for timed in arrangement.daily(day) {
            match timed.step {
                Step::Order(order) => self.append(timed.at, order),
                Step::FourEyes { maker, checker, keys: [first, second], command } => {
                    let hash = command.hash();
                    let expires = timed.at.plus_seconds(arrangement.options.proposal_ttl_s);
                    let propose = Command::Propose(Box::new(Propose { command, expires }));
                    self.append(timed.at, Order { actor: maker, key: first, command: propose });
                    let approve = Command::Approve(Approve { proposal: self.state.seq, hash });
                    self.append(timed.at, Order { actor: checker, key: second, command: approve });
                }
                Step::Plan { currency, key } => {
                    // The best plan without a solver: what a run would settle, which is nothing right after a run.
                    let queues = self.state.queue_problem(currency);
                    assert!(queues.payments.is_empty(), "nobody pays in these days: {key:?}");
                }
                Step::Union(step) => {
                    let command = step.ask.command(&self.state);
                    match step.by {
                        // Nobody pays in these days, so nothing is due and no line finds anything.
                        _ if matches!(step.ask, Ask::Order(_)) => {}
                        By::One(actor) => self.append(timed.at, Order { actor, key: step.key, command }),
                        By::Two(maker, checker) => {
                            let hash = command.hash();
                            let expires = timed.at.plus_seconds(arrangement.options.proposal_ttl_s);
                            let propose = Command::Propose(Box::new(Propose { command, expires }));
                            self.append(timed.at, Order { actor: maker, key: step.key, command: propose });
                            let approve = Command::Approve(Approve { proposal: self.state.seq, hash });
                            self.append(timed.at, Order { actor: checker, key: Key(step.key.0 ^ 1), command: approve });
                        }
                    }
                }
                Step::Confirm { actor, key, .. } => {
                    let cycle = u32::try_from(self.state.cycles.len()).expect("few cycles");
                    let command = Command::ConfirmPositions(ConfirmPositions { cycle, agree: true });
                    self.append(timed.at, Order { actor, key, command });
                }
            }
        }
        assert!(!self.state.day.open, "the day is closed");
    }
}

fn preset(name: &str, days: u32) -> Arrangement {
    let mut files = preset_files(name).expect("a preset");
    files.arrangement = files.arrangement.replace("days = 1", &format!("days = {days}"));
    parse(&files).unwrap_or_else(|mistakes| panic!("{name}:\n{mistakes}"))
}

#[test]
fn every_preset_runs_a_week_of_days() {
    for known in presets() {
        let mut arrangement = preset(known.name, 7);
        let mut run = Run::open(&mut arrangement);
        let dates = arrangement.dates();
        // The union's rates are those of its four days.
        assert_eq!(dates.len(), if known.name == "clearing-union" { 4 } else { 7 });
        for day in dates {
            run.day(&arrangement, day);
        }
        assert_eq!(run.refusals, Vec::<String>::new(), "{}", known.name);
    }
}

#[test]
fn the_directory_agrees_with_the_ledger() {
    for known in presets() {
        let mut arrangement = preset(known.name, 1);
        let run = Run::open(&mut arrangement);
        let directory = &arrangement.directory;
        assert_eq!(run.state.accounts.len(), directory.accounts_len());
        assert_eq!(run.state.actors.len(), directory.actors().len());
        for (account, owner, currency) in directory.participant_accounts() {
            let there = run.state.account(account).expect("an account");
            assert_eq!((there.participant, there.currency), (owner, currency));
            assert_eq!(directory.owner(account), Some((Owner::Participant(owner), currency)));
        }
        for (at, actor) in directory.actors().iter().enumerate() {
            let there = &run.state.actors[at];
            assert_eq!((there.scope, there.roles), (actor.scope, actor.roles));
        }
        for (at, currency) in run.state.currencies.iter().enumerate() {
            let id = comity_ledger::ids::CurrencyId(u32::try_from(at).expect("few"));
            let internal = directory.internal(id).expect("a currency");
            assert_eq!((internal.outside, internal.remainder), (currency.outside, currency.remainder));
        }
    }
}

#[test]
fn a_rate_over_the_gate_needs_two_people_on_the_second_day() {
    let changed = |release: &str| {
        let mut files = preset_files("bilateral-1+1").expect("a preset");
        files.arrangement = files.arrangement.replace("days = 1", "days = 2");
        files.rates = format!(
            "base,quote,rate,source,kind,approvals,release,date\n\
             CNY,RUB,11.40,Example,official,both,,2026-11-24\n\
             CNY,RUB,12.40,Example,official,both,{release},2026-11-25\n"
        );
        let mut arrangement = parse(&files).expect("no mistakes");
        let warnings: Vec<String> = arrangement.warnings.iter().map(ToString::to_string).collect();
        let mut run = Run::open(&mut arrangement);
        let pair = arrangement.pairs.first().expect("a pair").pair;
        let mut rates = Vec::new();
        for day in arrangement.dates() {
            run.day(&arrangement, day);
            let rate = run.state.pairs.get(&pair).and_then(|pair| pair.previous);
            rates.push(rate.map_or(String::new(), |rate| rate.to_string()));
        }
        assert_eq!(run.refusals, Vec::<String>::new());
        (warnings, rates)
    };
    let (warnings, rates) = changed("yes");
    assert_eq!(rates, ["11.40", "12.40"]);
    assert_eq!(
        warnings,
        [
            "rates.csv:3: rate: found a change of 878 basis points on 2026-11-25, expected at most 300; it will be released by two people"
        ]
    );
    let (warnings, rates) = changed("no");
    assert_eq!(rates, ["11.40", "11.40"], "the new rate stays held");
    assert_eq!(
        warnings,
        [
            "rates.csv:3: rate: found a change of 878 basis points on 2026-11-25, expected at most 300; it will be held until two people release it"
        ]
    );
}

/// A careless edit: a line lost, doubled, swapped with another, or a word of one put into another.
fn edited(text: &str, kind: u8, one: Index, other: Index) -> String {
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    if lines.is_empty() {
        return String::new();
    }
    let (one, other) = (one.index(lines.len()), other.index(lines.len()));
    match kind {
        0 => {
            lines.remove(one);
        }
        1 => lines.insert(other, lines[one].clone()),
        2 => lines.swap(one, other),
        _ => {
            let words = |line: &str| -> Vec<String> {
                line.split_inclusive([',', ' ', '"', '[', ']']).map(str::to_owned).collect()
            };
            let (from, mut to) = (words(&lines[one]), words(&lines[other]));
            if let (Some(word), Some(place)) = (from.last(), to.len().checked_sub(1)) {
                to[place].clone_from(word);
            }
            lines[other] = to.concat();
        }
    }
    lines.join("\n") + "\n"
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn careless_edits_are_told_or_taken(
        edits in prop::collection::vec((0..5_usize, 0..4_u8, any::<Index>(), any::<Index>()), 1..4),
    ) {
        let mut files = common::example();
        for (file, kind, one, other) in edits {
            let text = [
                &mut files.arrangement,
                &mut files.participants,
                &mut files.limits,
                &mut files.funding,
                &mut files.rates,
            ]
            .into_iter()
            .nth(file)
            .expect("five files");
            *text = edited(text, kind, one, other);
        }
        match parse(&files) {
            Err(mistakes) => prop_assert!(!mistakes.0.is_empty()),
            Ok(mut arrangement) => {
                let mut run = Run::open(&mut arrangement);
                for day in arrangement.dates() {
                    run.day(&arrangement, day);
                }
                prop_assert_eq!(run.refusals, Vec::<String>::new());
            }
        }
    }
}

#[test]
fn a_currency_has_its_own_offsetting_rule_and_schedule() {
    let mut arrangement = parse(&common::example()).expect("the example has no mistakes");
    let run = Run::open(&mut arrangement);
    let cny = run.state.currency_by_code(b"CNY").expect("a currency of the example");
    let rule = run.state.offsetting(cny);
    assert_eq!((rule.on_change, rule.policy), (OnChange::Every, Policy::FreeSubset));
    let kzt = run.state.currency_by_code(b"KZT").expect("a currency of the example");
    assert_eq!(run.state.offsetting(kzt).on_change, OnChange::Pair, "the general rule");
    let consents = |account: &comity_ledger::account::Account| account.is(comity_ledger::account::MAY_BYPASS);
    assert_eq!(run.state.accounts.iter().filter(|account| consents(account)).count(), 3, "CNY of one, both of another");
    // Every quarter of an hour over all currencies, every hour over CNY; a plan for CNY after each of both.
    let day = arrangement.daily(arrangement.day.date);
    let runs = |wanted| {
        let is_run = |timed: &&comity_arrangement::Timed| match &timed.step {
            Step::Order(order) => order.command == Command::Offset(wanted),
            Step::FourEyes { .. } | Step::Plan { .. } | Step::Union(_) | Step::Confirm { .. } => false,
        };
        day.iter().filter(is_run).count()
    };
    let plans = day.iter().filter(|timed| matches!(timed.step, Step::Plan { currency, .. } if currency == cny)).count();
    assert_eq!((runs(CurrencyId::NONE), runs(cny), plans), (35, 8, 43));
}
