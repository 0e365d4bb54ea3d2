//! The right side of a story line: events, refusals and waits in words a lawyer can check.

use comity_ledger::command::PairRef;
use comity_ledger::commitment::{Ask, Party};
use comity_ledger::event::{How, ProposalOutcome, RecallOutcome};
use comity_ledger::ids::{AccountId, CurrencyId, Key, PaymentId};
use comity_ledger::payment::Standing;
use comity_ledger::reject::{Wait, Why};
use comity_ledger::{Event, Reason, Reject};

use crate::text::{self, Words, money};
use crate::world::World;

/// What the entries of a line led to.
pub(crate) fn events(world: &mut World) -> Vec<String> {
    let list: Vec<Event> = world.events.list().iter().map(|(_, event)| *event).collect();
    let said: Vec<Event> = list.iter().copied().filter(|event| !matches!(event, Event::Grouped { .. })).collect();
    // `Done` and an approved proposal say nothing when something else does.
    let quiet = |event: &Event| matches!(event, Event::Done) || crate::story::is_done(event);
    let proposed = said.iter().filter(|event| matches!(event, Event::Proposed { .. })).count();
    let ended = said.iter().any(|event| matches!(event, Event::ProposalEnded { .. }));
    let mut answers = Vec::new();
    for event in &said {
        if matches!(event, Event::Proposed { .. }) && proposed == 1 && ended {
            continue;
        }
        if !quiet(event) {
            answers.push(tell(world, event));
        }
    }
    if answers.is_empty() && said.iter().any(quiet) {
        answers.push("done".into());
    }
    answers
}

fn tell(world: &mut World, event: &Event) -> String {
    if let Some(said) = crate::union_words::tell(world, event) {
        return said;
    }
    match *event {
        Event::Done => "done".into(),
        Event::Refused(reject) => format!("refused: {}", refusal(world, &reject, None)),
        Event::Repeated { original, payment } => {
            let answer = if (payment.at()) < world.state.payments.len() {
                standing(world, payment)
            } else {
                let receipt = world.state.receipts.values().find(|receipt| receipt.seq == original);
                let reject = receipt.and_then(|receipt| receipt.reject);
                reject.map_or("done".into(), |reject| format!("refused: {}", refusal(world, &reject, None)))
            };
            format!("as before: {answer}")
        }
        Event::PaymentRefused { payment, reject } => {
            let account = world.state.payment(payment).debtor;
            let told = refusal(world, &reject, Some(account));
            format!("{} refused: {told}", name(world, payment))
        }
        Event::Queued { payment, wait } => {
            format!("{} queued: {}", name(world, payment), waits(world, payment, &wait))
        }
        Event::Settled { payment, how } => {
            let how = match how {
                How::Gross => "",
                How::Released => " from the queue",
                How::Bilateral => " by bilateral offset",
                How::Multilateral => " by offset",
                How::Planned => " by plan",
            };
            format!("{} settled{how}", name(world, payment))
        }
        Event::Cancelled { payment, reject } => {
            let account = world.state.payment(payment).debtor;
            let told = refusal(world, &reject, Some(account));
            format!("{} ended: {told}", name(world, payment))
        }
        Event::QueueChanged { payment } => {
            let waiting = &world.state.waiting;
            let kept = waiting.get(&payment).map(|waiting| waiting.kept);
            use comity_ledger::queue::Kept;
            let what = match kept {
                Some(Kept::Active) => "in the queue",
                Some(Kept::Parked) => "parked",
                Some(Kept::Blocked) => "set aside",
                Some(Kept::Scheduled) => "scheduled",
                None => "moved",
            };
            format!("{} {what}", name(world, payment))
        }
        Event::Grouped { legs, .. } => format!("{legs} legs together"),
        Event::Remainder { from, amount, .. } => {
            format!("remainder {} from {}", of(world, from, amount), world.owner(from))
        }
        Event::Funded { account, amount, sweep } => {
            let what = match (amount > 0, sweep) {
                (true, _) => "issued to",
                (false, false) => "redeemed from",
                (false, true) => "swept from",
            };
            format!("{} {what} {}", of(world, account, amount.abs()), world.owner(account))
        }
        Event::HoldPlaced { hold, account, amount } => {
            format!("{} holds {} of {}", key(hold), of(world, account, amount), world.owner(account))
        }
        Event::HoldPosted { hold, creditor, amount, .. } => {
            format!("{} pays {} to {}", key(hold), of(world, creditor, amount), world.owner(creditor))
        }
        Event::HoldReleased { hold, account, amount, expired } => {
            let how = if expired { "expired" } else { "closed" };
            let amount = of(world, account, amount);
            format!("{} {how}: {amount} back to {}", key(hold), world.owner(account))
        }
        Event::RecallOpened { case, payment } => {
            format!("{} put to {}", key(case), world.owner(world.state.payment(payment).creditor))
        }
        Event::RecallClosed { case, payment, outcome } => {
            let outcome = match outcome {
                RecallOutcome::Cancelled => "cancelled in time",
                RecallOutcome::Accepted => "will be returned",
                RecallOutcome::Refused => "will not be returned",
                RecallOutcome::Expired => "was not answered in time",
            };
            format!("{}: {} {outcome}", key(case), name(world, payment))
        }
        Event::RateSet { pair, gated } => {
            let gate = if gated { ", held by the gate" } else { "" };
            format!("{} waits for approval{gate}", pair_name(world, pair))
        }
        Event::PairOpen { pair } => format!("{} open", pair_name(world, pair)),
        Event::PairBlocked { pair } => format!("{} blocked", pair_name(world, pair)),
        Event::PhaseBegan { phase } => format!("{} begins", world.state.phases[phase as usize].name),
        Event::PhaseExtended { phase, seconds } => {
            format!("{} extended by {} minutes", world.state.phases[phase as usize].name, seconds / 60)
        }
        Event::CycleCut { cycle, .. } => format!("cycle {cycle} cut"),
        Event::PositionsAnswered { cycle, authority, agree } => {
            let who = &world.state.authorities[authority.at()].name;
            let what = if agree { "confirms" } else { "objects to" };
            format!("{who} {what} cycle {cycle}")
        }
        Event::CycleFinal { cycle } => format!("cycle {cycle} final"),
        Event::DayClosed => "the day is closed".into(),
        Event::OffsetRun { looked, settled } => format!("{settled} of {looked} settled"),
        Event::Offset { currency, before, after } => {
            let amount = |value| money(value, world.exponent(currency));
            format!("{} waiting {}, now {}", world.code(currency), amount(before), amount(after))
        }
        Event::Proposed { .. } => "waits for approval".into(),
        Event::ProposalEnded { outcome, .. } => match outcome {
            ProposalOutcome::Done => "done".into(),
            ProposalOutcome::Refused(reject) => {
                format!("approved, but refused: {}", refusal(world, &reject, None))
            }
            ProposalOutcome::Declined => "declined".into(),
            ProposalOutcome::Expired => "the proposal lapsed".into(),
        },
        Event::Suspension { participant, currency, direction, suspended } => {
            let what = if suspended { "suspended" } else { "reactivated" };
            let way = match direction {
                comity_ledger::command::Direction::Out => " sending",
                comity_ledger::command::Direction::In => " receiving",
                comity_ledger::command::Direction::Both => "",
            };
            let who = &world.names[participant.at()];
            format!("{who} {what}{way} in {}", world.code(currency))
        }
        Event::CurrencyStopped { currency, stopped } => {
            format!("{} {}", world.code(currency), if stopped { "stopped" } else { "started" })
        }
        Event::ActorAdded { .. } => "added".into(),
        Event::DealerRateSet { .. }
        | Event::Quoted { .. }
        | Event::QuoteAccepted { .. }
        | Event::QuoteExpired { .. }
        | Event::Dealt { .. }
        | Event::OrderPlaced { .. }
        | Event::OrderEnded { .. }
        | Event::AuctionRun { .. } => crate::tell_deal::tell(world, event),
        _ => unreachable!("told among the words of unions"),
    }
}

pub(crate) fn key(key: Key) -> String {
    text::name_of(key.0)
}

pub(crate) fn name(world: &World, id: PaymentId) -> String {
    let payment = world.state.payment(id);
    let name = match payment.uetr.0 {
        0 => "the payment".into(),
        uetr if uetr >> 127 == 1 || !text::name_of(uetr).is_ascii() => crate::tell_deal::fill(world, id),
        uetr => text::name_of(uetr),
    };
    match payment.kind {
        comity_ledger::command::PaymentKind::ConversionTarget => format!("{name}'s other leg"),
        _ => name,
    }
}

pub(crate) fn pair_name(world: &World, pair: PairRef) -> String {
    format!("{}/{}", world.code(pair.base), world.code(pair.quote))
}

pub(crate) fn of(world: &World, account: AccountId, amount: i64) -> String {
    let currency = world.state.accounts[account.at()].currency;
    format!("{} {}", in_currency(world, currency, amount), world.code(currency))
}

pub(crate) fn in_currency(world: &World, currency: CurrencyId, amount: i64) -> String {
    money(i128::from(amount), world.exponent(currency))
}

fn standing(world: &World, id: PaymentId) -> String {
    let payment = world.state.payment(id);
    let what = match payment.standing {
        Standing::Waiting => "waits",
        Standing::Settled => "settled",
        Standing::Refused => "refused",
        Standing::Cancelled => "ended",
    };
    format!("{} {what}", name(world, id))
}

/// A refusal: ISO code, rule, and the numbers behind it in their own unit.
pub(crate) fn refusal(world: &mut World, reject: &Reject, account: Option<AccountId>) -> String {
    world.reasons.insert(reject.reason);
    let today = world.state.day.date;
    let exponent = account.and_then(|id| world.state.account(id)).map_or(2, |account| world.exponent(account.currency));
    let amount = |value: i64| money(i128::from(value), exponent);
    let detail = match reject.reason {
        Reason::PerPaymentLimit | Reason::ReturnAmount | Reason::CoverExceeded | Reason::HoldUse
            if reject.limit != 0 || reject.value != 0 =>
        {
            format!(" (limit {}, asked {})", amount(reject.limit), amount(reject.value))
        }
        Reason::QuoteMismatch if reject.limit != 0 => {
            format!(" (quoted {}, sent {})", amount(reject.limit), amount(reject.value))
        }
        Reason::DealerFunds | Reason::InsufficientFunds | Reason::DealWaits
            if reject.limit != 0 || reject.value != 0 =>
        {
            format!(" (limit {}, asked {})", amount(reject.limit), amount(reject.value))
        }
        Reason::DealerLimit => {
            let currency = CurrencyId(u32::try_from(reject.refers).expect("a currency"));
            let of = |value: i64| in_currency(world, currency, value);
            format!(" (position in {} would be {}, limit {})", world.code(currency), of(reject.value), of(reject.limit))
        }
        Reason::QuoteExpired => format!(" (at {})", text::clock(reject.limit, today)),
        Reason::UnfundedAtClose | Reason::CancelledAtClose if reject.value != 0 => {
            format!(" ({} short)", amount(reject.value))
        }
        Reason::ValueDate if reject.value != 0 => {
            format!(" ({} on {})", text::date(reject.value), text::date(reject.limit))
        }
        Reason::ReturnDeadline => format!(" (until {}, today {})", text::date(reject.limit), text::date(reject.value)),
        Reason::CutoffPassed | Reason::TooEarly if reject.limit != 0 => {
            format!(" (at {})", text::clock(reject.limit, today))
        }
        Reason::RateGate => format!(" (gate {} bp, change {} bp)", reject.limit, reject.value),
        Reason::GroupSize | Reason::OutOfRange if reject.limit != 0 => {
            format!(" (limit {}, value {})", reject.limit, reject.value)
        }
        Reason::KeyReused
        | Reason::UetrReused
        | Reason::AlreadyReturned
        | Reason::OriginalNotSettled
        | Reason::NotWaiting
        | Reason::InGroup
        | Reason::OutOfTurn
        | Reason::NotFeasible => match world.labels.get(&reject.refers) {
            Some(label) => format!(" (see {label})"),
            None => String::new(),
        },
        Reason::MemberTwice | Reason::NotMember => {
            let name = crate::union_words::name(world, comity_ledger::ids::AuthorityId(small(reject.refers)));
            format!(" ({name})")
        }
        Reason::UnionRule => {
            let field = comity_ledger::union::rules::FIELDS[small(reject.refers) as usize];
            format!(" ({field} {}, bound {})", reject.value, reject.limit)
        }
        Reason::UnitRateMissing => {
            format!(" ({})", world.code(comity_ledger::ids::CurrencyId(small(reject.refers))))
        }
        Reason::UnionQuota => {
            let name = crate::union_words::name(world, comity_ledger::ids::AuthorityId(small(reject.refers)));
            format!(" ({name} {})", amount(reject.value))
        }
        Reason::UnionTranches | Reason::UnionWeights => {
            format!(" ({} millionths, needed {})", reject.value, reject.limit)
        }
        Reason::BeyondQuota | Reason::GrowthLimit => {
            let name = crate::union_words::name(world, comity_ledger::ids::AuthorityId(small(reject.refers)));
            format!(" ({name} {}, limit {})", amount(reject.value), amount(reject.limit))
        }
        Reason::ResidualOpen | Reason::ClaimExceeded => {
            format!(" (limit {}, asked {})", amount(reject.limit), amount(reject.value))
        }
        _ => String::new(),
    };
    format!("{} {}{detail}", reject.reason.iso(), reject.reason.rule())
}

fn small(number: u64) -> u32 {
    u32::try_from(number).expect("an index")
}

/// Why a payment waits.
pub(crate) fn waits(world: &mut World, id: PaymentId, wait: &Wait) -> String {
    world.whys.insert(wait.why);
    let account = world.state.payment(id).debtor;
    let currency = world.state.accounts[account.at()].currency;
    let amount = |value: i64| in_currency(world, currency, value);
    let limit = |name: &str| format!("{name} limit {} passed by {}", amount(wait.limit), amount(wait.value));
    match wait.why {
        Why::Funds => format!("{} short", amount(wait.value)),
        Why::Bilateral => limit("bilateral"),
        Why::Multilateral => limit("multilateral"),
        Why::PerDay => limit("day"),
        Why::Behind => {
            let seq = u64::try_from(wait.value).expect("an entry");
            let front = world.labels.get(&seq).cloned();
            format!("behind {}", front.unwrap_or("another".into()))
        }
        Why::Group => "another leg first".into(),
        Why::ValueDate => format!("until {}", text::date(wait.limit)),
        Why::Earliest => format!("not before {}", text::clock(wait.limit, world.state.day.date)),
        Why::Parked => "parked".into(),
        Why::Phase => format!("not in phase {}", world.phase_name()),
        Why::Stopped => "the currency is stopped".into(),
        Why::Suspended => "a party is suspended".into(),
        Why::Reserve => format!("{} short beside {} kept for urgent payments", amount(wait.value), amount(wait.limit)),
    }
}

/// `show balances [CODE]`, `show queue [CODE]`, `show nets`, `show PAYMENT`, …
pub(crate) fn show(world: &mut World, words: &mut Words<'_>) -> Vec<String> {
    let what = words.next();
    let answers = match what {
        "balances" => balances(world),
        "queue" => queue(world),
        "deals" => crate::tell_deal::deals(world),
        "dealers" => crate::tell_deal::dealers(world),
        "nets" => nets(world),
        "commitment" => commitment(world, words.next()),
        "cut-offs" => (0..world.state.currencies.len())
            .map(|at| CurrencyId(u32::try_from(at).expect("few")))
            .filter(|currency| world.state.day.cutoff(*currency).is_set())
            .map(|currency| {
                let at = i64::try_from(world.state.day.cutoff(currency).0).expect("an instant");
                format!("{} {}", world.code(currency), text::clock(at, world.state.day.date))
            })
            .collect(),
        "phases" => (0..world.state.phases.len())
            .map(|at| {
                let begins = world.state.phase_begin(u32::try_from(at).expect("few"));
                let begins = i64::try_from(begins.0).expect("an instant");
                let begins = text::clock(begins, world.state.day.date);
                format!("{} at {begins}", world.state.phases[at].name)
            })
            .collect(),
        "remainders" => world
            .state
            .sides
            .iter()
            .enumerate()
            .filter(|(_, side)| side.remainder > 0)
            .map(|(at, side)| {
                let id = AccountId(u32::try_from(at).expect("few"));
                let currency = world.state.accounts[at].currency;
                let parts = comity_ledger::rate::FRACTION;
                format!(
                    "{} owes {}/{} of a minor unit of {}",
                    world.owner(id),
                    side.remainder / u128::from(parts / 10_000),
                    10_000,
                    world.code(currency)
                )
            })
            .collect(),
        "cover" => world
            .state
            .currencies
            .iter()
            .filter(|currency| currency.cover > 0)
            .map(|currency| {
                let amount = |value| money(i128::from(value), currency.exponent);
                format!("{} cover {}, issued {}", currency.code(), amount(currency.cover), amount(currency.issued))
            })
            .collect(),
        "positions" | "residuals" | "exhaustion" => crate::union_words::show(world, what).unwrap_or_default(),
        other => {
            let uetr = comity_ledger::ids::Uetr(text::id_of(other));
            let id = world.state.find(uetr).expect("a payment of the story");
            match world.state.why(id) {
                Some(wait) => vec![format!("{other} waits: {}", waits(world, id, &wait))],
                None => vec![standing(world, id)],
            }
        }
    };
    words.end();
    if answers.is_empty() { vec!["nothing".into()] } else { answers }
}

fn balances(world: &World) -> Vec<String> {
    let mut answers = Vec::new();
    for (at, account) in world.state.accounts.iter().enumerate() {
        let id = AccountId(u32::try_from(at).expect("few"));
        let internal = account.is(comity_ledger::account::IS_INTERNAL);
        let outside = account.is(comity_ledger::account::IS_OUTSIDE);
        if outside || (account.balance == 0 && (internal || account.held == 0)) {
            continue;
        }
        let held = match account.held {
            0 => String::new(),
            held => format!(", {} held", in_currency(world, account.currency, held)),
        };
        answers.push(format!("{} {}{held}", world.owner(id), of(world, id, account.balance)));
    }
    answers.sort();
    answers
}

fn queue(world: &mut World) -> Vec<String> {
    let mut answers = Vec::new();
    for at in 0..world.state.accounts.len() {
        let id = AccountId(u32::try_from(at).expect("few"));
        let Some(queue) = world.state.queue(id) else { continue };
        let spots: Vec<_> = queue.active.iter().chain(queue.parked.iter()).copied().collect();
        for (_, _, payment) in spots {
            let wait = world.state.why(payment).expect("it waits");
            let position = world.state.queue_position(payment);
            let currency = world.state.accounts[at].currency;
            let position = position
                .map_or(String::new(), |position| format!(", position {}", money(position, world.exponent(currency))));
            let why = waits(world, payment, &wait);
            let amount = world.state.payment(payment).amount;
            answers.push(format!(
                "{} {} {}{position}: {why}",
                world.owner(id),
                name(world, payment),
                of(world, id, amount)
            ));
        }
    }
    answers
}

fn commitment(world: &World, name: &str) -> Vec<String> {
    let Some(commitment) = world.state.commitments.get(&comity_ledger::ids::Key(text::id_of(name))) else {
        return Vec::new();
    };
    let exponent = world.exponent(commitment.currency);
    let dates = |schedule: &[comity_ledger::commitment::Due]| {
        let due = schedule.iter().map(|due| format!("{} {}", due.day, money(due.amount.into(), exponent)));
        due.collect::<Vec<_>>().join(", ")
    };
    let counts = if commitment.in_force { "in force" } else { "not in force" };
    let bank = |participant: comity_ledger::ids::ParticipantId| world.names[participant.at()].clone();
    let code = world.code(commitment.currency);
    let mut answers = vec![format!(
        "{} to {} {code}, {counts}: {}",
        bank(commitment.debtor),
        bank(commitment.creditor),
        if commitment.schedule.is_empty() { "nothing".into() } else { dates(&commitment.schedule) }
    )];
    if let Some(asked) = &commitment.asked {
        let by = match asked.by {
            Party::Debtor => bank(commitment.debtor),
            Party::Creditor => bank(commitment.creditor),
        };
        answers.push(match &asked.ask {
            Ask::Begin => format!("{by} asks to begin"),
            Ask::Change(schedule) => format!("{by} asks for {}", dates(schedule)),
            Ask::End => format!("{by} asks to end"),
        });
    }
    answers
}

fn nets(world: &World) -> Vec<String> {
    let Some(cycle) = world.state.cycles.last() else {
        return Vec::new();
    };
    cycle.nets.iter().map(|(account, net)| format!("{} {}", world.owner(*account), of(world, *account, *net))).collect()
}
