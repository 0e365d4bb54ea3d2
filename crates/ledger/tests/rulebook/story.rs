//! Telling a story: line by line, orders on the left, generated answers on the right.

use std::collections::BTreeSet;

use comity_ledger::command::{Approve, Options, Propose, Unsettled};
use comity_ledger::event::{Event, ProposalOutcome};
use comity_ledger::ids::{ActorId, Key};
use comity_ledger::reject::Why;
use comity_ledger::{Command, Reason, State};
use expect_test::Expect;

use crate::read::{self, Order};
use crate::text::{self, Words};
use crate::world::{Setting, World};

/// The whole of a rule: its story must be answered as written.
pub(crate) fn rule(story: Expect) {
    let told = tell(story.data());
    story.assert_eq(&told.text);
}

/// A story with its answers, and the reasons it gave.
pub(crate) struct Told {
    pub(crate) text: String,
    pub(crate) reasons: BTreeSet<Reason>,
    pub(crate) whys: BTreeSet<Why>,
}

/// Answers begin here.
const COLUMN: usize = 52;

/// Runs the orders of a story and writes it down again with the answers.
pub(crate) fn tell(story: &str) -> Told {
    let lines: Vec<&str> = story.lines().map(|line| line.split("=>").next().unwrap_or("").trim()).collect();
    let mut setting = Setting::default();
    for line in lines.iter().filter(|line| line.starts_with("with ")) {
        set(&mut setting, line);
    }
    let mut world = World::new(&setting);
    let mut text = String::new();
    for line in lines.iter().filter(|line| !line.is_empty()) {
        if line.starts_with("with ") || line.starts_with("--") {
            text.push_str(line);
            text.push('\n');
            continue;
        }
        let answers = answer(&mut world, line);
        text.push_str(line);
        for (at, answer) in answers.iter().enumerate() {
            let written = if at == 0 { line.chars().count() } else { 0 };
            let pad = COLUMN.saturating_sub(written).max(1);
            text.push_str(&" ".repeat(pad));
            text.push_str("=> ");
            text.push_str(answer);
            text.push('\n');
        }
    }
    world.check_end();
    Told { text, reasons: world.reasons, whys: world.whys }
}

/// A `with` line changes the arrangement before the story begins.
fn set(setting: &mut Setting, line: &str) {
    let mut words = Words::new(line);
    words.next();
    let options: &mut Options = &mut setting.options;
    match words.next() {
        "start" => setting.start = words.next().into(),
        "offset-on-arrival" => options.offset_on_arrival = true,
        "confirmation" => options.require_confirmation = true,
        "return-days" => options.return_days = words.next().parse().expect("days"),
        "currency" => {
            let code = words.next().to_string();
            setting.currencies.push((code, words.next().parse().expect("digits")));
        }
        "pair" => {
            let (base, quote) = words.next().split_once('/').expect("a pair");
            let gate = words.option("gate").map_or(1_000, |gate| gate.parse().expect("bp"));
            setting.pairs.push((base.into(), quote.into(), gate));
        }
        // with given ORDER: part of the arrangement as it was signed
        "given" => {
            setting.given.push(line.strip_prefix("with given ").expect("an order").into());
            return;
        }
        "unsettled" => {
            let code = words.next().to_string();
            let rule = match words.next() {
                "reject" => Unsettled::Reject,
                "cancel" => Unsettled::Cancel,
                _ => Unsettled::Carry,
            };
            setting.unsettled.insert(code, rule);
        }
        "cut-off" => {
            let code = words.next().to_string();
            setting.cutoffs.insert(code, words.next().into());
        }
        "calendar" => {
            let code = words.next().to_string();
            let calendar = setting.calendars.entry(code).or_default();
            calendar.weekend = comity_ledger::calendar::WEEKEND_SAT_SUN;
            let open = words.next() == "open";
            calendar.exceptions.insert(text::day(words.next()), open);
        }
        "phase" => {
            // with phase NAME also|without WORD…
            let name = words.next();
            let also = words.next() == "also";
            let at = setting.phases.iter().position(|phase| phase.0 == name).expect("a phase");
            while words.peek().is_some() {
                let what = words.next();
                let bit = comity_ledger::phase::NAMES
                    .iter()
                    .find(|(known, _)| *known == what)
                    .expect("what a phase allows")
                    .1;
                let allows = &mut setting.phases[at].1;
                *allows = if also { *allows | bit } else { *allows & !bit };
            }
        }
        other => panic!("`with {other}` is not known"),
    }
    words.end();
}

/// Carries out one line and gives what is written on its right side.
fn answer(world: &mut World, line: &str) -> Vec<String> {
    world.events.clear();
    let mut words = Words::new(line);
    match words.peek() {
        Some("show") => {
            words.next();
            return crate::tell::show(world, &mut words);
        }
        Some("time") => {
            words.next();
            world.at = text::time(words.next(), world.state.day.date);
            words.end();
            world.enter(State::SYSTEM, Key(0), Command::Tick);
        }
        Some("run") => {
            words.next();
            assert!(words.flag("to"), "run to a phase");
            let phase = words.next();
            world.run_to(phase);
        }
        // `next DATE`: the day ends, and the named one goes on to its exchange. Only what unions do is told.
        Some("next") => {
            world.run_to("close");
            plain(world, &line.replace("next", "day"));
            world.run_to("exchange");
            return crate::union_words::told(world);
        }
        // `cycle N`: the day goes on to its positions, and every authority confirms them.
        Some("cycle") => {
            let cycle = line.split_whitespace().last().and_then(|word| word.parse().ok()).expect("a cycle");
            world.run_to("positions");
            world.events.clear();
            for at in 0..world.state.authorities.len() {
                let checker = actor(world, &format!("{}.checker", world.state.authorities[at].name));
                let order = comity_ledger::command::ConfirmPositions { cycle, agree: true };
                world.enter(checker, Key(0), Command::ConfirmPositions(order));
            }
            return crate::tell::events(world).split_off(world.state.authorities.len());
        }
        Some("propose") => propose(world, line),
        Some("approve" | "decline") => decide(world, &mut words, line),
        Some(_) | None => plain(world, line),
    }
    let answers = crate::tell::events(world);
    if answers.is_empty() { vec!["nothing".into()] } else { answers }
}

/// Takes `by NAME` and `key NAME` from a line; what is left is the body.
fn signature(world: &World, line: &str) -> (String, Option<ActorId>, Key) {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (mut body, mut actor, mut key, mut at) = (Vec::new(), None, Key(0), 0);
    while at < words.len() {
        match words[at] {
            "by" => {
                let name = words[at + 1];
                let known = world.actors.get(name).copied();
                actor = Some(known.unwrap_or_else(|| {
                    assert_eq!(name, "somebody", "nobody is called `{name}`");
                    ActorId(7_777)
                }));
                at += 2;
            }
            "key" => {
                key = Key(text::id_of(words[at + 1]));
                at += 2;
            }
            word => {
                body.push(word);
                at += 1;
            }
        }
    }
    (body.join(" "), actor, key)
}

fn actor(world: &World, name: &str) -> ActorId {
    *world.actors.get(name).unwrap_or_else(|| panic!("nobody is called `{name}`"))
}

fn label(world: &mut World, body: &str) {
    let words: Vec<&str> = body.split_whitespace().take(2).collect();
    let name = match words[..] {
        ["pay" | "pvp" | "convert" | "return" | "deal", name] => name.to_string(),
        _ => words.join(" "),
    };
    world.labels.insert(world.state.seq + 1, name);
}

pub(crate) fn plain(world: &mut World, line: &str) {
    let (body, by, key) = signature(world, line);
    if let Some(date) = body.strip_prefix("day ").filter(|rest| !rest.ends_with("early")) {
        let date = text::day(date.split_whitespace().next().expect("a date"));
        world.at = world.at.max(text::time("09:00", date));
    }
    let Order { command, maker, checker } = read::order(world, &mut Words::new(&body), &body);
    label(world, &body);
    let setting_up = world.state.version.is_none();
    match (by, checker) {
        (Some(by), _) => world.enter(by, key, command),
        (None, _) if setting_up => world.enter(State::SYSTEM, key, command),
        (None, None) => {
            let maker = actor(world, &maker);
            world.enter(maker, key, command);
        }
        (None, Some(checker)) => {
            let (maker, checker) = (actor(world, &maker), actor(world, &checker));
            let hash = command.hash();
            let proposed = Propose { command: command.clone(), expires: world.at.plus_seconds(60) };
            world.enter(maker, Key(0), Command::Propose(Box::new(proposed)));
            let proposal = world.state.seq;
            world.enter(checker, key, Command::Approve(Approve { proposal, hash }));
        }
    }
    note_new_actor(world, &body);
    note_new_bank(world, &body);
}

/// People added by a story are known by their names from then on.
fn note_new_actor(world: &mut World, body: &str) {
    if let Some(rest) = body.strip_prefix("add-actor ") {
        let name = rest.split_whitespace().next().expect("a name").to_string();
        let at = world.state.actors.iter().position(|actor| actor.name == name);
        if let Some(at) = at {
            world.actors.insert(name, ActorId(u32::try_from(at).expect("few")));
        }
    }
}

fn note_new_bank(world: &mut World, body: &str) {
    if let Some(rest) = body.strip_prefix("add-participant ") {
        let name = rest.split_whitespace().next().expect("a name").to_string();
        if world.state.participants.len() > world.names.len() {
            world.names.push(name);
        }
    }
}

/// `propose NAME: ORDER by MAKER [lapsing TIME]`
fn propose(world: &mut World, line: &str) {
    let (head, rest) = line.split_once(':').expect("propose NAME: ORDER");
    let name = head.split_whitespace().nth(1).expect("a name").to_string();
    let (rest, lapses) = match rest.split_once(" lapsing ") {
        Some((rest, at)) => (rest, text::time(at.trim(), world.state.day.date)),
        None => (rest, world.at.plus_seconds(1_800)),
    };
    let (body, by, key) = signature(world, rest.trim());
    let order = if let Some(inner) = body.strip_prefix("propose ") {
        // A proposal about a proposal, to show that it is refused.
        let inner = read::order(world, &mut Words::new(inner), inner);
        let proposed = Propose { command: inner.command, expires: lapses };
        Order { command: Command::Propose(Box::new(proposed)), maker: inner.maker, checker: None }
    } else {
        read::order(world, &mut Words::new(&body), &body)
    };
    let maker = by.unwrap_or_else(|| actor(world, &order.maker));
    label(world, &format!("proposal {name}"));
    world.proposals.insert(name, world.state.seq + 1);
    let proposed = Propose { command: order.command, expires: lapses };
    world.enter(maker, key, Command::Propose(Box::new(proposed)));
}

/// `approve NAME by CHECKER [seeing-something-else]`; `decline NAME by CHECKER`
fn decide(world: &mut World, words: &mut Words<'_>, line: &str) {
    let approve = words.next() == "approve";
    let name = words.next();
    let proposal = world.proposals.get(name).copied().unwrap_or(9_999);
    let other = words.flag("seeing-something-else");
    let (_, by, key) = signature(world, line);
    let by = by.expect("somebody decides");
    let hash = world.state.proposals.get(&proposal).map_or([0; 32], |known| known.hash);
    let hash = if other { [1; 32] } else { hash };
    let command = if approve { Command::Approve(Approve { proposal, hash }) } else { Command::Decline(proposal) };
    label(world, line);
    world.enter(by, key, command);
}

/// Whether a proposal ended well: then its own effects say the rest.
pub(crate) fn is_done(event: &Event) -> bool {
    matches!(event, Event::ProposalEnded { outcome: ProposalOutcome::Done, .. })
}
