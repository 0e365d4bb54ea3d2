//! The left side of a story line: words become a command, with the people who would usually give it.

use comity_ledger::Command;
use comity_ledger::command::*;
use comity_ledger::commitment::Party;
use comity_ledger::ids::*;
use comity_ledger::rate::Rate;
use comity_ledger::role::{Roles, Scope};

use crate::text::{self, Words};
use crate::world::{BANKS, World};

/// A command and who usually asks for it; with a second name, who usually approves it.
pub(crate) struct Order {
    pub(crate) command: Command,
    pub(crate) maker: String,
    pub(crate) checker: Option<String>,
}

pub(crate) fn direct(command: Command, maker: impl Into<String>) -> Order {
    Order { command, maker: maker.into(), checker: None }
}

pub(crate) fn two(command: Command, maker: impl Into<String>, checker: impl Into<String>) -> Order {
    Order { command, maker: maker.into(), checker: Some(checker.into()) }
}

/// Reads an order. `body` is the line without its actor, for the fingerprint of the message.
pub(crate) fn order(world: &World, words: &mut Words<'_>, body: &str) -> Order {
    let verb = words.next();
    let order = match verb {
        "pay" => {
            let order = instruction(world, words, body);
            let maker = payer(world, &order);
            direct(Command::Pay(order), maker)
        }
        "pvp" => {
            while words.peek().is_some() {
                words.next();
            }
            group(world, body)
        }
        "convert" => convert(world, words, body),
        "return" => give_back(world, words, body),
        "cancel" | "park" | "activate" | "first" | "last" | "raise" | "lower" => queue(world, verb, words),
        "recall" | "answer" => recall(world, verb, words),
        "hold" | "post" | "void" => hold(world, verb, words),
        "fund" | "defund" | "cover" | "issue" => money(world, verb, words),
        "limit" => limit(world, words),
        "suspend" | "reactivate" => suspend(world, verb, words),
        "stop" | "start" => {
            let code = words.next();
            let order = StopCurrency { currency: world.currency(code), stopped: verb == "stop" };
            let authority = authority(world, code);
            if verb == "stop" {
                direct(Command::StopCurrency(order), format!("{authority}.maker"))
            } else {
                by_authority(Command::StopCurrency(order), &authority)
            }
        }
        "rate" | "agree" | "disagree" | "release" | "pair" => rate(world, verb, words),
        "clear" => {
            let currency = match words.peek() {
                Some(code) if code.len() == 3 => world.currency(words.next()),
                Some(_) | None => CurrencyId::NONE,
            };
            direct(Command::Offset(currency), "system")
        }
        // `plan PAYMENT…`
        "plan" => {
            let mut payments = Vec::new();
            while words.peek().is_some() {
                let found = world.state.find(uetr(words.next()));
                payments.push(found.unwrap_or(PaymentId(7_777)));
            }
            direct(Command::SettlePlan(payments), "system")
        }
        "commit" | "confirm-commitment" | "decline-commitment" | "amend" | "withdraw-commitment" => {
            commitment(world, verb, words)
        }
        "day" | "phase" | "extend" | "confirm" | "object" => day(world, verb, words),
        "pricing" | "dealer" | "word" | "offer" | "quote" | "take" | "order" | "withdraw" | "auction" => {
            crate::read_deal::order(world, verb, words)
        }
        "deal" => crate::read_deal::deal(world, words, body),
        _ => match crate::union_words::order(world, verb, words) {
            Some(order) => order,
            None => setup(world, verb, words),
        },
    };
    words.end();
    order
}

pub(crate) fn by_authority(command: Command, name: &str) -> Order {
    two(command, format!("{name}.maker"), format!("{name}.checker"))
}

pub(crate) fn authority(world: &World, code: &str) -> String {
    world
        .state
        .currencies
        .get(world.currency(code).at())
        .map_or("CN".into(), |currency| world.state.authorities[currency.authority.at()].name.clone())
}

pub(crate) fn payer(world: &World, order: &Instruction) -> String {
    let behind = order.debtor_for;
    if behind.is_some() && behind.at() < world.names.len() {
        return world.names[behind.at()].clone();
    }
    world.state.account(order.debtor).map_or("ALFA".into(), |_| {
        let name = world.owner(order.debtor);
        if world.actors.contains_key(&name) { name } else { "ALFA".into() }
    })
}

fn uetr(name: &str) -> Uetr {
    // `none` stands for a message without a reference.
    Uetr(if name == "none" { 0 } else { text::id_of(name) })
}

/// `ID DEBTOR CREDITOR AMOUNT CODE [to CODE] [urgent] [on DATE] [from TIME] [until TIME]`
pub(crate) fn instruction(world: &World, words: &mut Words<'_>, body: &str) -> Instruction {
    let id = words.next();
    let (debtor, creditor) = (words.next(), words.next());
    let (amount, code) = (words.next(), words.next());
    let credited = words.option("to").unwrap_or(code);
    let (debtor, debtor_for) = world.account(debtor, code);
    let (creditor, creditor_for) = world.account(creditor, credited);
    let debtor = words.option("via").map_or(debtor, |bank| world.account(bank, code).0);
    let today = world.state.day.date;
    let when = |text: Option<&str>| text.map_or(Time(0), |text| text::time(text, today));
    Instruction {
        uetr: uetr(id),
        debtor,
        creditor,
        debtor_for,
        creditor_for,
        amount: text::amount(amount, world.exponent(world.currency(code))),
        priority: if words.flag("urgent") { Priority::Urgent } else { Priority::Normal },
        kind: match words.option("as") {
            Some("return") => PaymentKind::Return,
            Some("target") => PaymentKind::ConversionTarget,
            Some(_) | None => PaymentKind::Institution,
        },
        value_date: words.option("on").map_or(Day(0), text::day),
        earliest: when(words.option("from")),
        latest: when(words.option("until")),
        message: text::fingerprint(body),
        document: 0,
        line: 0,
    }
}

/// `pvp LEG with LEG [with LEG …]`, each leg as in `pay`
fn group(world: &World, body: &str) -> Order {
    let rest = body.strip_prefix("pvp").expect("a group").trim();
    let legs: Vec<Instruction> = rest
        .split(" with ")
        .map(|leg| {
            let mut words = Words::new(leg);
            let order = instruction(world, &mut words, body);
            words.end();
            order
        })
        .collect();
    direct(Command::PayGroup(legs), "system")
}

/// `ID DEBTOR CREDITOR AMOUNT CODE to CODE` debits the amount; `… CODE for AMOUNT CODE` credits it.
pub(crate) fn convert(world: &World, words: &mut Words<'_>, body: &str) -> Order {
    let expected = words.option("at").map(|rate| Rate::parse(rate).expect("a rate"));
    let mut order = if words.flag("exactly") {
        // convert exactly ID DEBTOR CREDITOR AMOUNT CODE from CODE
        let (id, debtor, creditor) = (words.next(), words.next(), words.next());
        let (amount, code) = (words.next(), words.next());
        let from = words.option("from").expect("the currency debited");
        let text = format!("{id} {debtor} {creditor} {amount} {code}");
        let mut order = instruction(world, &mut Words::new(&text), body);
        (order.debtor, order.debtor_for) = world.account(debtor, from);
        (order, Fixed::Target)
    } else {
        (instruction(world, words, body), Fixed::Source)
    };
    if words.flag("urgent") {
        order.0.priority = Priority::Urgent;
    }
    let maker = payer(world, &order.0);
    direct(Command::Convert(Box::new(Conversion { instruction: order.0, fixed: order.1, expected })), maker)
}

/// `commit NAME DEBTOR to CREDITOR CODE KIND DATE AMOUNT…`, `confirm-commitment NAME [stale]`, `decline-commitment NAME`,
/// `amend NAME DATE AMOUNT…`, `withdraw-commitment NAME`
fn commitment(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let key = Key(text::id_of(words.next()));
    let known = world.state.commitments.get(&key);
    let name = |participant: ParticipantId| world.names[participant.at()].clone();
    let schedule = |words: &mut Words<'_>, exponent: u8| {
        let mut schedule = Vec::new();
        while words.peek().is_some() {
            let day = text::day(words.next());
            schedule.push(Due { day, amount: text::amount(words.next(), exponent) });
        }
        schedule
    };
    match verb {
        "commit" => {
            let debtor = words.next();
            assert!(words.flag("to"), "a commitment is to somebody");
            let (creditor, currency) = (world.bank(words.next()), world.currency(words.next()));
            let kind = match words.next() {
                "letter-of-credit" => CommitmentKind::LetterOfCredit,
                "instalments" => CommitmentKind::Instalments,
                _ => CommitmentKind::StandingOrder,
            };
            let schedule = schedule(words, world.exponent(currency));
            let order =
                RegisterCommitment { commitment: key, debtor: world.bank(debtor), creditor, currency, kind, schedule };
            direct(Command::RegisterCommitment(Box::new(order)), debtor)
        }
        "confirm-commitment" | "decline-commitment" => {
            let asked = known.and_then(|known| known.asked.as_ref());
            let other = asked.map_or("BRAVO".into(), |asked| match asked.by {
                Party::Debtor => name(known.expect("asked").creditor),
                Party::Creditor => name(known.expect("asked").debtor),
            });
            let seq = asked.map_or(0, |asked| asked.seq);
            let asked = if words.flag("stale") { seq - 1 } else { seq };
            let order = AnswerCommitment { commitment: key, asked, agree: verb == "confirm-commitment" };
            direct(Command::AnswerCommitment(order), other)
        }
        "amend" => {
            let exponent = known.map_or(2, |known| world.exponent(known.currency));
            let order = ChangeCommitment { commitment: key, schedule: schedule(words, exponent) };
            direct(Command::ChangeCommitment(Box::new(order)), known.map_or("ALFA".into(), |known| name(known.debtor)))
        }
        _ => direct(Command::WithdrawCommitment(key), known.map_or("ALFA".into(), |known| name(known.debtor))),
    }
}

/// `return ID of ORIGINAL AMOUNT CODE`
fn give_back(world: &World, words: &mut Words<'_>, body: &str) -> Order {
    let id = words.next();
    assert!(words.flag("of"), "a return names its original");
    let original = uetr(words.next());
    let (amount, code) = (words.next(), words.next());
    let maker = world.state.find(original).map_or("ALFA".into(), |id| {
        let payment = world.state.payment(id);
        if payment.kind == PaymentKind::ConversionSource {
            let last = world.state.group(payment.group).first.0 + 1;
            let target = world.state.payment(PaymentId(last));
            return world.owner(target.creditor);
        }
        let behind = payment.creditor_for;
        if behind.is_some() {
            world.names[behind.at()].clone()
        } else if world.state.account(payment.creditor).is_some() {
            world.owner(payment.creditor)
        } else {
            "ALFA".into()
        }
    });
    direct(
        Command::Return(Box::new(ReturnOrder {
            original,
            uetr: uetr(id),
            amount: text::amount(amount, world.exponent(world.currency(code))),
            reason: *b"AC04",
            message: text::fingerprint(body),
            document: 0,
            line: 0,
        })),
        maker,
    )
}

fn queue(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let uetr = uetr(words.next());
    let place = |place| Command::Reorder(Reorder { uetr, place });
    let change = |priority| Command::Reprioritise(Reprioritise { uetr, priority });
    let command = match verb {
        "cancel" => Command::Cancel(uetr),
        "park" => Command::Park(uetr),
        "activate" => Command::Activate(uetr),
        "first" => place(Place::Front),
        "last" => place(Place::Back),
        "raise" => change(Priority::Urgent),
        _ => change(Priority::Normal),
    };
    let maker = world.state.find(uetr).map_or("ALFA".into(), |id| {
        let payment = world.state.payment(id);
        let behind = payment.debtor_for;
        if behind.is_some() { world.names[behind.at()].clone() } else { world.owner(payment.debtor) }
    });
    direct(command, maker)
}

/// `recall CASE of PAYMENT [until TIME]`; `answer CASE yes|no`
fn recall(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let case = Key(text::id_of(words.next()));
    if verb == "recall" {
        assert!(words.flag("of"), "a recall names its payment");
        let original = uetr(words.next());
        let today = world.state.day.date;
        let maker = world.state.find(original).map_or("ALFA".into(), |id| world.owner(world.state.payment(id).debtor));
        let order = Recall {
            case,
            original,
            reason: *b"DUPL",
            expires: words.option("until").map_or(Time(0), |text| text::time(text, today)),
        };
        return direct(Command::Recall(Box::new(order)), maker);
    }
    let accept = words.next() == "yes";
    let maker = world
        .state
        .recalls
        .get(&case)
        .map_or("BRAVO".into(), |case| world.owner(world.state.payment(case.payment).creditor));
    let order = AnswerRecall { case, accept, reason: if accept { [0; 4] } else { *b"LEGL" } };
    direct(Command::AnswerRecall(Box::new(order)), maker)
}

/// `hold ID BANK AMOUNT CODE until TIME [to BANK] [purpose WORD]`; `post ID BANK AMOUNT CODE [keep]`; `void ID`
fn hold(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let hold = Key(text::id_of(words.next()));
    let known = world.state.holds.get(&hold);
    let owner = known.map_or("ALFA".into(), |hold| world.owner(hold.account));
    match verb {
        "hold" => {
            let bank = words.next();
            let (amount, code) = (words.next(), words.next());
            let beneficiary = words.option("to");
            let order = PlaceHold {
                hold,
                account: world.account(bank, code).0,
                amount: text::amount(amount, world.exponent(world.currency(code))),
                purpose: words.option("purpose").unwrap_or("rent").replace("nothing", ""),
                beneficiary: beneficiary
                    .map_or(AccountId::NONE, |bank| world.account(bank, words.option("in").unwrap_or(code)).0),
                expires: text::time(words.option("until").unwrap_or("16:00"), world.state.day.date),
            };
            direct(Command::PlaceHold(Box::new(order)), bank)
        }
        "post" => {
            let bank = words.next();
            let (amount, code) = (words.next(), words.next());
            let order = PostHold {
                hold,
                creditor: world.account(bank, code).0,
                amount: text::amount(amount, world.exponent(world.currency(code))),
                keep_rest: words.flag("keep"),
            };
            direct(Command::PostHold(order), owner)
        }
        _ => {
            let maker = match known {
                Some(hold) if hold.beneficiary.is_some() => world.owner(hold.beneficiary),
                Some(_) | None => owner,
            };
            direct(Command::VoidHold(hold), maker)
        }
    }
}

/// `fund BANK AMOUNT CODE [ref NAME]`; `defund …`; `cover AMOUNT CODE [ref NAME]`; `issue BANK AMOUNT CODE`
fn money(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let reference = words
        .option("ref")
        .map_or_else(|| u128::try_from(world.journal.len()).expect("small") + (1 << 100), text::id_of);
    let bank = if verb == "cover" { "ALFA" } else { words.next() };
    let (amount, code) = (words.next(), words.next());
    let name = authority(world, code);
    let account = world.account(bank, code).0;
    let amount = text::amount(amount, world.exponent(world.currency(code)));
    let funding = Funding { account, amount, outside_ref: Key(reference) };
    match verb {
        "fund" => direct(Command::FundIn(funding), format!("{name}.maker")),
        "defund" => direct(Command::Defund(funding), format!("{name}.maker")),
        "cover" => {
            let order = AdjustCover { currency: world.currency(code), change: amount, outside_ref: Key(reference) };
            by_authority(Command::AdjustCover(order), &name)
        }
        _ => by_authority(Command::Issue(Issue { account, amount }), &name),
    }
}

/// `limit BANK KIND [COUNTERPARTY] AMOUNT|none CODE`
fn limit(world: &World, words: &mut Words<'_>) -> Order {
    let bank = words.next();
    let kind = match words.next() {
        "payment" => LimitKind::PerPayment,
        "net-debit" => LimitKind::NetDebit,
        "bilateral" => LimitKind::Bilateral,
        "multilateral" => LimitKind::Multilateral,
        "day" => LimitKind::PerDay,
        "overnight" => LimitKind::Overnight,
        "reserve" => LimitKind::Reserve,
        other => panic!("no limit is called `{other}`"),
    };
    let counterparty = (kind == LimitKind::Bilateral).then(|| words.next());
    let (amount, code) = (words.next(), words.next());
    let other = words.option("in").unwrap_or(code);
    let order = SetLimit {
        account: world.account(bank, code).0,
        kind,
        counterparty: counterparty.map_or(AccountId::NONE, |bank| world.account(bank, other).0),
        value: (amount != "none").then(|| text::amount(amount, world.exponent(world.currency(code)))),
    };
    let command = Command::SetLimit(order);
    match kind {
        LimitKind::NetDebit | LimitKind::Overnight => by_authority(command, &authority(world, code)),
        _ if BANKS.iter().any(|(name, _)| *name == bank) => {
            two(command, format!("{bank}.maker"), format!("{bank}.checker"))
        }
        _ => two(command, "finance.maker", "finance.checker"),
    }
}

/// `suspend BANK [CODE] [sending|receiving]`
fn suspend(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let participant = world.bank(words.next());
    let direction = if words.flag("sending") {
        Direction::Out
    } else if words.flag("receiving") {
        Direction::In
    } else {
        Direction::Both
    };
    let code = words.peek();
    let currency = code.map_or(CurrencyId::NONE, |code| world.currency(code));
    let command = Command::Suspend(Suspend { participant, currency, direction, suspended: verb == "suspend" });
    match code {
        Some(code) => {
            words.next();
            by_authority(command, &authority(world, code))
        }
        None => two(command, "operator", "manager"),
    }
}

pub(crate) fn pair(world: &World, text: &str) -> PairRef {
    let (base, quote) = text.split_once('/').expect("a pair such as CNY/RUB");
    PairRef { base: world.currency(base), quote: world.currency(quote) }
}

/// `rate PAIR RATE [from TIME] [until TIME] [source WORD]`; `agree|disagree PAIR RATE`; `release PAIR`; `pair PAIR gate N [by BANK]`
fn rate(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let name = words.next();
    let pair = pair(world, name);
    let base = authority(world, &name[..3]);
    let today = world.state.day.date;
    match verb {
        "rate" => {
            let order = SetRate {
                pair,
                rate: Rate::parse(words.next()).unwrap_or(Rate { mantissa: 0, scale: 0 }),
                source: words.option("source").unwrap_or("fixing").replace("nobody", ""),
                kind: RateKind::Official,
                from: words.option("from").map_or(world.at, |text| text::time(text, today)),
                until: text::time(words.option("until").unwrap_or("23:00"), today),
            };
            direct(Command::SetRate(Box::new(order)), format!("{base}.maker"))
        }
        "agree" | "disagree" => {
            let order =
                ApproveRate { pair, rate: Rate::parse(words.next()).expect("a rate"), approve: verb == "agree" };
            direct(Command::ApproveRate(order), format!("{base}.checker"))
        }
        "release" => by_authority(Command::ReleaseRate(pair), &base),
        _ => {
            let gate_bps = words.option("gate").expect("a gate").parse().expect("basis points");
            let provider = world.bank(words.option("through").unwrap_or("FOXTROT"));
            let order = SetPair { pair, gate_bps, provider };
            two(Command::SetPair(order), "finance.maker", "finance.checker")
        }
    }
}

fn phase_index(world: &World, name: &str) -> u32 {
    let at = world.state.phases.iter().position(|rule| rule.name == name);
    at.map_or(99, |at| u32::try_from(at).expect("few"))
}

/// `day DATE`; `phase NAME`; `extend NAME N minutes`; `confirm|object CYCLE`
fn day(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    match verb {
        "day" => {
            let mut order = world.start_day_order(text::day(words.next()));
            // Asked on the day before, while another day runs.
            words.flag("early");
            if words.flag("unknown-cutoff") {
                order.cutoffs.push(Cutoff { currency: CurrencyId(99), at: Time(1) });
            }
            direct(Command::StartDay(Box::new(order)), "system")
        }
        "phase" => {
            let phase = phase_index(world, words.next());
            direct(Command::Advance(Advance { phase }), "system")
        }
        "extend" => {
            let phase = phase_index(world, words.next());
            let minutes: u32 = words.next().parse().expect("minutes");
            assert!(words.flag("minutes"), "minutes");
            let order = ExtendPhase { phase, seconds: minutes * 60 };
            two(Command::ExtendPhase(order), "operator", "manager")
        }
        _ => {
            let cycle = words.next().parse().expect("a cycle");
            let order = ConfirmPositions { cycle, agree: verb == "confirm" };
            direct(Command::ConfirmPositions(order), "CN.checker")
        }
    }
}

fn roles(text: &str) -> Roles {
    text.split('+').fold(Roles(0), |roles, name| {
        let found = Roles::NAMES.iter().find(|(known, _)| *known == name);
        roles.and(found.map_or(Roles(1 << 30), |(_, role)| *role))
    })
}

fn scope(world: &World, text: &str) -> Scope {
    let country = world.state.authorities.iter().position(|known| known.name == text);
    match (text, country) {
        ("operator", _) => Scope::Operator,
        (_, Some(at)) => Scope::Authority(AuthorityId(u32::try_from(at).expect("few"))),
        (_, None) => Scope::Participant(world.bank(text)),
    }
}

/// Orders that change the arrangement.
fn setup(world: &World, verb: &str, words: &mut Words<'_>) -> Order {
    let finance = |command| two(command, "finance.maker", "finance.checker");
    match verb {
        "genesis" => {
            let order = Genesis {
                name: words.next().replace("nameless", ""),
                rules: [7; 32],
                seed: 11,
                options: crate::world::Setting::default().options,
            };
            direct(Command::Genesis(Box::new(order)), "system")
        }
        "add-authority" => {
            let name = words.next();
            let order = AddAuthority {
                name: name.into(),
                country: name.as_bytes().try_into().expect("two letters"),
                public_key: [0; 32],
            };
            finance(Command::AddAuthority(Box::new(order)))
        }
        "add-currency" => {
            let (code, exponent) = (words.next(), words.next().parse().expect("digits"));
            let order = AddCurrency {
                code: code.as_bytes().try_into().expect("three letters"),
                exponent,
                authority: words.option("of").map_or(AuthorityId(0), |name| match scope(world, name) {
                    Scope::Authority(authority) => authority,
                    Scope::Operator | Scope::Participant(_) => AuthorityId(99),
                }),
                calendar: Default::default(),
                unsettled: Unsettled::Carry,
            };
            finance(Command::AddCurrency(Box::new(order)))
        }
        "add-participant" => {
            let name = words.next();
            let order = AddParticipant {
                bic: World::bic(name),
                name: name.into(),
                authority: AuthorityId(0),
                sponsor: words.option("through").map_or(ParticipantId::NONE, |name| world.bank(name)),
            };
            finance(Command::AddParticipant(Box::new(order)))
        }
        "open-account" => {
            let order = OpenAccount { participant: world.bank(words.next()), currency: world.currency(words.next()) };
            finance(Command::OpenAccount(order))
        }
        "add-actor" => {
            let name = words.next();
            let order = AddActor {
                name: name.into(),
                scope: scope(world, words.option("for").unwrap_or("operator")),
                roles: roles(words.next()),
            };
            two(Command::AddActor(Box::new(order)), "security", "manager")
        }
        "set-roles" => {
            let name = words.next();
            let order =
                SetRoles { actor: world.actors.get(name).copied().unwrap_or(ActorId(999)), roles: roles(words.next()) };
            two(Command::SetRoles(order), "security", "manager")
        }
        "set-phases" => {
            let rules = words.next().split(',').map(|rule| {
                let (name, seconds) = rule.split_once(':').expect("name:seconds");
                let allows = world.state.phases.iter().find(|known| known.name == name);
                PhaseRule {
                    name: name.into(),
                    allows: allows.map_or(1 << 12, |known| known.allows),
                    seconds: seconds.parse().expect("seconds"),
                }
            });
            two(Command::SetPhases(rules.collect()), "operator", "manager")
        }
        "calendar" => {
            let (code, date, open) = (words.next(), words.next(), words.next() == "open");
            let order = SetCalendarDay { currency: world.currency(code), day: text::day(date), open };
            by_authority(Command::SetCalendarDay(order), &authority(world, code))
        }
        "activate-version" => {
            let version = words.next().parse().expect("a number");
            two(Command::ActivateArrangement(version), "operator", "manager")
        }
        // `offset CODE nothing|pair|every|general [free]`
        "offset" => {
            let currency = world.currency(words.next());
            let on_change = match words.next() {
                "nothing" => Some(OnChange::Nothing),
                "pair" => Some(OnChange::Pair),
                "every" => Some(OnChange::Every),
                _ => None,
            };
            let policy = if words.flag("free") { Policy::FreeSubset } else { Policy::FifoPrefix };
            let rule = on_change.map(|on_change| Offsetting { on_change, policy });
            two(Command::SetOffsetting(SetOffsetting { currency, rule }), "operator", "manager")
        }
        // `bypass BANK CODE yes|no`
        "bypass" => {
            let (bank, code) = (words.next(), words.next());
            let order = SetBypass { account: world.account(bank, code).0, allowed: words.next() == "yes" };
            two(Command::SetBypass(order), format!("{bank}.maker"), format!("{bank}.checker"))
        }
        "rotate-key" => {
            let name = words.next();
            let order = RotateKey {
                authority: match scope(world, name) {
                    Scope::Authority(authority) => authority,
                    Scope::Operator | Scope::Participant(_) => AuthorityId(99),
                },
                public_key: [9; 32],
            };
            by_authority(Command::RotateKey(order), name)
        }
        _ => panic!("no order begins with `{verb}`"),
    }
}
