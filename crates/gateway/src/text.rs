//! What happened, in plain words: the one place where reasons, waits and events become sentences.
//!
//! Used by status reports, by the life of one payment and by the console. Every sentence names the thing, the value and
//! the limit, and what would help. Absent on purpose: decisions; the numbers come from the ledger as they are.

mod price;

use crate::key::key_text;
use crate::money::Money;
use comity_ledger::State;
use comity_ledger::command::{Direction, PairRef};
use comity_ledger::event::{How, ProposalOutcome, RecallOutcome};
use comity_ledger::ids::{AccountId, CurrencyId, Day, ParticipantId, PaymentId, Time};
use comity_ledger::reject::{Wait, Why};
use comity_ledger::{Event, Reason, Reject};
use core::fmt::Write;

/// Why a payment waits, and what would release it: `waits: 1,250.00 CNY short (credit 0.00 CNY); released by ...`.
#[must_use]
pub fn wait(state: &State, wait: &Wait, currency: CurrencyId) -> String {
    let mut out = String::with_capacity(160);
    put(&mut out, |out| write_wait(out, state, wait, currency));
    out
}

/// Why something was refused, and what would help.
#[must_use]
pub fn reject(state: &State, reject: &Reject, currency: CurrencyId) -> String {
    let mut out = String::with_capacity(160);
    put(&mut out, |out| write_reject(out, state, reject, currency));
    out
}

/// What happened, as one sentence.
#[must_use]
pub fn event(state: &State, event: &Event) -> String {
    let mut out = String::with_capacity(160);
    put(&mut out, |out| write_event(out, state, event));
    out
}

/// Writing to a string cannot fail.
fn put(out: &mut String, work: impl FnOnce(&mut String) -> core::fmt::Result) {
    work(out).expect("a string takes every text");
}

/// The currency in which a payment's amount is.
#[must_use]
pub fn currency_of(state: &State, payment: PaymentId) -> CurrencyId {
    state
        .payments
        .get(payment.at())
        .and_then(|payment| state.account(payment.debtor).or_else(|| state.account(payment.creditor)))
        .map_or(CurrencyId::NONE, |account| account.currency)
}

/// The currency of the account that a reject refers to, if it does.
fn currency_of_account(state: &State, refers: u64) -> Option<CurrencyId> {
    let account = u32::try_from(refers).ok().and_then(|at| state.account(AccountId(at)));
    account.map(|account| account.currency)
}

/// The owner of an account: its BIC, or what the account is for.
#[must_use]
pub fn owner(state: &State, account: AccountId) -> &str {
    let owner = state.account(account).map(|account| account.participant);
    owner.map_or("an unknown account", |owner| bic(state, owner))
}

fn bic(state: &State, participant: ParticipantId) -> &str {
    match state.participants.get(participant.at()) {
        Some(participant) => participant.bic(),
        None => "the authority",
    }
}

fn write_wait(out: &mut String, state: &State, wait: &Wait, currency: CurrencyId) -> core::fmt::Result {
    let money = |minor: i64| Money::of(state, currency, minor);
    let Wait { why, limit, value } = *wait;
    match why {
        Why::Funds => write!(out, "waits: {} short (credit {})", money(value), money(limit))?,
        Why::Bilateral => {
            write!(out, "waits: {} over the bilateral limit of {} to this counterparty", money(value), money(limit))?
        }
        Why::Multilateral => {
            write!(out, "waits: {} over the multilateral limit of {}", money(value), money(limit))?;
        }
        Why::Reserve => {
            write!(out, "waits: {} short beside the {} kept for urgent payments", money(value), money(limit))?;
        }
        Why::PerDay => write!(out, "waits: {} over the day limit of {}", money(value), money(limit))?,
        Why::Behind => write!(out, "waits behind the payment of entry {value}")?,
        Why::Group => write!(out, "waits: another leg of its group cannot go yet")?,
        Why::ValueDate => write!(out, "waits for its settlement date {}", day(limit))?,
        Why::Earliest => write!(out, "waits for its earliest time {}", time(limit))?,
        Why::Parked => write!(out, "waits: taken out of consideration by its sender or the operator")?,
        Why::Phase => write!(out, "waits: no payments settle in phase {}", phase(state, value))?,
        Why::Stopped => write!(out, "waits: the currency is stopped by its authority")?,
        Why::Suspended => write!(out, "waits: the debtor or the creditor is suspended")?,
    }
    write!(out, "; released by {}", why.release())
}

pub(crate) fn write_reject(
    out: &mut String,
    state: &State,
    reject: &Reject,
    currency: CurrencyId,
) -> core::fmt::Result {
    let money = |minor: i64| Money::of(state, currency, minor);
    let Reject { reason, limit, value, refers } = *reject;
    out.push_str(reason.meaning());
    match reason {
        Reason::ZeroAmount
        | Reason::PerPaymentLimit
        | Reason::ReturnAmount
        | Reason::InsufficientFunds
        | Reason::CoverExceeded
        | Reason::HoldUse => {
            if limit != 0 || value != 0 {
                write!(out, ": {}, the limit is {}", money(value), money(limit))?;
            }
        }
        Reason::DealerFunds | Reason::DealWaits => {
            let currency = currency_of_account(state, refers).unwrap_or(currency);
            let money = |minor: i64| Money::of(state, currency, minor);
            if limit != 0 || value != 0 {
                write!(out, ": {} is needed, {} is there", money(value), money(limit))?;
            }
        }
        Reason::DealerLimit => {
            let currency = CurrencyId(u32::try_from(refers).unwrap_or(u32::MAX));
            let money = |minor: i64| Money::of(state, currency, minor);
            write!(out, ": its position would be {}, the limit is {}", money(value), money(limit))?;
        }
        Reason::QuoteMismatch => {
            if limit != 0 || value != 0 {
                write!(out, ": {} was sent, {} was quoted", money(value), money(limit))?;
            }
        }
        Reason::QuoteExpired => write!(out, " at {}", time(limit))?,
        Reason::UnfundedAtClose => {
            if value != 0 {
                write!(out, ": {} short", money(value))?;
            }
        }
        Reason::CutoffPassed | Reason::TimeWindow | Reason::TooEarly => {
            if limit != 0 {
                write!(out, ": {}, the bound is {}", time(value), time(limit))?;
            }
        }
        Reason::ValueDate | Reason::ReturnDeadline => {
            if value != 0 {
                write!(out, ": {}, the bound is {}", day(value), day(limit))?;
            }
        }
        Reason::RateGate => write!(out, ": {value} basis points, the gate is {limit}")?,
        Reason::GroupSize | Reason::OutOfRange => {
            if limit != 0 || value != 0 {
                write!(out, ": {value}, the limit is {limit}")?;
            }
        }
        Reason::PhaseClosed => {
            write!(out, ": {}", phase(state, i64::try_from(refers).unwrap_or(-1)))?;
        }
        Reason::KeyReused
        | Reason::UetrReused
        | Reason::OriginalNotSettled
        | Reason::AlreadyReturned
        | Reason::OutOfTurn
        | Reason::NotFeasible
        | Reason::AskedAnew
        | Reason::OwnRequest
        | Reason::NotWaiting => {
            if refers != 0 {
                write!(out, " (entry {refers})")?;
            }
        }
        Reason::MemberTwice
        | Reason::UnionRule
        | Reason::UnionQuota
        | Reason::UnionTranches
        | Reason::UnionWeights
        | Reason::NotMember
        | Reason::UnitRateMissing
        | Reason::NothingToCarry
        | Reason::BeyondQuota
        | Reason::GrowthLimit
        | Reason::MethodNotPermitted
        | Reason::ResidualOpen
        | Reason::ProofWaits
        | Reason::ReferenceUsed
        | Reason::ClaimExceeded => crate::union_text::write_reject(out, state, reject)?,
        Reason::NotActive
        | Reason::AlreadyActive
        | Reason::UnknownActor
        | Reason::NotAuthorised
        | Reason::RolesExcluded
        | Reason::NeedsApproval
        | Reason::SamePerson
        | Reason::UnknownProposal
        | Reason::ProposalExpired
        | Reason::ProposalChanged
        | Reason::Unknown
        | Reason::Exists
        | Reason::UnknownDebtor
        | Reason::UnknownCreditor
        | Reason::SameAccount
        | Reason::WrongCurrency
        | Reason::CurrencyStopped
        | Reason::DebtorSuspended
        | Reason::CreditorSuspended
        | Reason::RateNotApproved
        | Reason::RateMismatch
        | Reason::UnknownPair
        | Reason::UnknownOriginal
        | Reason::InGroup
        | Reason::NotYours
        | Reason::Unconfirmed
        | Reason::LatestPassed
        | Reason::CancelledAtClose
        | Reason::Withdrawn
        | Reason::GroupFailed
        | Reason::Recalled
        | Reason::ModeNotAllowed
        | Reason::UnknownDealer
        | Reason::NoPrice
        | Reason::UnknownQuote
        | Reason::QuoteUsed
        | Reason::NotHeld
        | Reason::HoldOfDeal
        | Reason::AuctionHeld
        | Reason::NeedsLimit
        | Reason::NotInForce
        | Reason::NothingAsked => {}
    }
    write!(out, "; {}", reason.help())
}

#[expect(clippy::too_many_lines, reason = "one arm for each event, and no two belong together")]
fn write_event(out: &mut String, state: &State, event: &Event) -> core::fmt::Result {
    match *event {
        Event::Done => write!(out, "done"),
        Event::Refused(reject) => {
            out.push_str("refused: ");
            write_reject(out, state, &reject, CurrencyId::NONE)
        }
        Event::Repeated { original, .. } => {
            write!(out, "repeats entry {original}; the answer is the same")
        }
        Event::PaymentRefused { payment, reject } => {
            write_payment(out, state, payment)?;
            out.push_str(" refused: ");
            write_reject(out, state, &reject, currency_of(state, payment))
        }
        Event::Queued { payment, wait } => {
            write_payment(out, state, payment)?;
            out.push(' ');
            write_wait(out, state, &wait, currency_of(state, payment))
        }
        Event::Settled { payment, how } => {
            write_payment(out, state, payment)?;
            let how = match how {
                How::Gross => "at once",
                How::Released => "from the queue",
                How::Bilateral => "against payments the other way",
                How::Multilateral => "in an offsetting run",
                How::Planned => "in an offsetting plan",
            };
            write!(out, " settled {how}: final")
        }
        Event::Cancelled { payment, reject } => {
            write_payment(out, state, payment)?;
            out.push_str(" ended without settlement: ");
            write_reject(out, state, &reject, currency_of(state, payment))
        }
        Event::QueueChanged { payment } => {
            write_payment(out, state, payment)?;
            write!(out, " changed its place in the queue")
        }
        Event::Grouped { legs, .. } => write!(out, "{legs} payments are decided together"),
        Event::Remainder { currency, from, amount } => write!(
            out,
            "rounding remainders of {} go from {} to their owner",
            Money::of(state, currency, amount),
            owner(state, from)
        ),
        Event::Funded { account, amount, sweep } => {
            let money = in_account(state, account, amount.saturating_abs());
            let why = if sweep { " by the end-of-day rule" } else { "" };
            if amount < 0 {
                write!(out, "{money} redeemed from {}{why}", owner(state, account))
            } else {
                write!(out, "{money} issued to {}{why}", owner(state, account))
            }
        }
        Event::HoldPlaced { hold, account, amount } => {
            let money = in_account(state, account, amount);
            write!(out, "{money} of {} set aside in hold {}", owner(state, account), key_text(hold))
        }
        Event::HoldPosted { hold, account, creditor, amount } => write!(
            out,
            "{} of {} paid out of hold {} to {}",
            in_account(state, account, amount),
            owner(state, account),
            key_text(hold),
            owner(state, creditor)
        ),
        Event::HoldReleased { hold, account, amount, expired } => {
            let how = if expired { "expired" } else { "ended" };
            let money = in_account(state, account, amount);
            write!(out, "hold {} {how}: {money} back to {}", key_text(hold), owner(state, account))
        }
        Event::RecallOpened { payment, .. } => {
            write_payment(out, state, payment)?;
            write!(out, " is asked back; the creditor's side is to answer")
        }
        Event::RecallClosed { payment, outcome, .. } => {
            let how = match outcome {
                RecallOutcome::Cancelled => "it still waited and was cancelled",
                RecallOutcome::Accepted => "accepted, a return follows",
                RecallOutcome::Refused => "refused by the creditor's side",
                RecallOutcome::Expired => "nobody answered in time",
            };
            out.push_str("recall of ");
            write_payment(out, state, payment)?;
            write!(out, ": {how}")
        }
        Event::RateSet { pair, gated } => {
            let gate = if gated { "; held by the deviation gate" } else { "" };
            write!(out, "rate of {} is in and waits for approval{gate}", pair_name(state, pair))
        }
        Event::PairOpen { pair } => {
            write!(out, "{} is open: both authorities approved its rate", pair_name(state, pair))
        }
        Event::PairBlocked { pair } => write!(out, "{} is blocked: it has no approved rate", pair_name(state, pair)),
        Event::PhaseBegan { phase: at } => write!(out, "phase {} began", phase(state, at.into())),
        Event::PhaseExtended { phase: at, seconds } => {
            write!(out, "phase {} extended by {seconds} s", phase(state, at.into()))
        }
        Event::CycleCut { cycle, from, to } => write!(out, "cycle {cycle} cut: entries {from} to {to}"),
        Event::PositionsAnswered { cycle, authority, agree } => {
            let name = state.authorities.get(authority.at()).map_or("?", |authority| &authority.name);
            let how = if agree { "confirmed" } else { "objected to" };
            write!(out, "{name} {how} its positions of cycle {cycle}")
        }
        Event::CycleFinal { cycle } => write!(out, "cycle {cycle} is final: every authority confirmed"),
        Event::DayClosed => write!(out, "business day {} closed", state.day.date),
        Event::OffsetRun { looked, settled } => {
            write!(out, "offsetting run: {settled} of {looked} waiting payments settled")
        }
        Event::Offset { currency, before, after } => {
            let money = |minor: i128| Money::of(state, currency, minor);
            write!(out, "offset: {} waited before, {} after", money(before), money(after))
        }
        Event::Proposed { proposal } => write!(out, "proposal {proposal} waits for a second pair of eyes"),
        Event::ProposalEnded { proposal, outcome } => {
            write!(out, "proposal {proposal} ")?;
            match outcome {
                ProposalOutcome::Done => write!(out, "approved and carried out"),
                ProposalOutcome::Declined => write!(out, "turned down"),
                ProposalOutcome::Expired => write!(out, "lapsed"),
                ProposalOutcome::Refused(reject) => {
                    out.push_str("approved but refused: ");
                    write_reject(out, state, &reject, CurrencyId::NONE)
                }
            }
        }
        Event::Suspension { participant, currency, direction, suspended } => {
            let how = if suspended { "suspended" } else { "reactivated" };
            let way = match direction {
                Direction::Out => "sending",
                Direction::In => "receiving",
                Direction::Both => "sending and receiving",
            };
            write!(out, "{} {how} for {way} in {}", bic(state, participant), code(state, currency))
        }
        Event::CurrencyStopped { currency, stopped } => {
            let how = if stopped { "stopped" } else { "started" };
            write!(out, "{} {how} by its authority", code(state, currency))
        }
        Event::DealerRateSet { pair, dealer, gated } => price::rate_set(out, state, pair, dealer, gated),
        Event::Quoted { quote } => price::quoted(out, state, quote),
        Event::QuoteAccepted { quote } => price::quote_named(out, quote, "accepted: the dealer's money is set aside"),
        Event::QuoteExpired { quote } => price::quote_named(out, quote, "expired"),
        Event::Dealt { payment, deal } => price::dealt(out, state, payment, deal),
        Event::OrderPlaced { order, price, volume, imbalance } => {
            price::order_placed(out, state, order, price, volume, imbalance)
        }
        Event::OrderEnded { order, filled } => price::order_ended(out, state, order, filled),
        Event::AuctionRun { auction } => price::auction_run(out, state, auction),
        Event::ActorAdded { actor } => {
            let name = state.actors.get(actor.at()).map_or("?", |actor| &actor.name);
            write!(out, "actor {name} added")
        }
        Event::UnionSet { .. }
        | Event::UnitRateSet { .. }
        | Event::UnionClosed { .. }
        | Event::MemberCarried { .. }
        | Event::UnionNotClosed { .. }
        | Event::ActionItem { .. }
        | Event::ResidualOpened { .. }
        | Event::ResidualSettled { .. }
        | Event::ResidualLate { .. }
        | Event::ProofReported { .. }
        | Event::ProofAnswered { .. }
        | Event::ClaimUsed { .. }
        | Event::LoanOffered { .. }
        | Event::OfferEnded { .. }
        | Event::LoanBegan { .. }
        | Event::MemberLeft { .. } => crate::union_text::write_event(out, state, event),
    }
}

/// `payment 0b6f... of 1,250.00 CNY from XXXXCNBAXXX to XXXXRUMMXXX`.
fn write_payment(out: &mut String, state: &State, id: PaymentId) -> core::fmt::Result {
    let Some(payment) = state.payments.get(id.at()) else {
        return write!(out, "payment {}", id.0);
    };
    write!(
        out,
        "payment {} of {} from {} to {}",
        payment.uetr,
        Money::of(state, currency_of(state, id), payment.amount),
        party(state, payment.debtor, payment.debtor_for),
        party(state, payment.creditor, payment.creditor_for)
    )
}

fn party(state: &State, account: AccountId, behind: ParticipantId) -> &str {
    if behind.is_some() { bic(state, behind) } else { owner(state, account) }
}

fn in_account(state: &State, account: AccountId, minor: i64) -> Money<'_> {
    let currency = state.account(account).map_or(CurrencyId::NONE, |account| account.currency);
    Money::of(state, currency, minor)
}

pub(crate) fn code(state: &State, currency: CurrencyId) -> &str {
    match state.currencies.get(currency.at()) {
        Some(currency) => currency.code(),
        None => "every currency",
    }
}

fn pair_name(state: &State, pair: PairRef) -> String {
    format!("{}/{}", code(state, pair.base), code(state, pair.quote))
}

/// The name of a phase.
pub(crate) fn phase(state: &State, index: i64) -> &str {
    let rule = usize::try_from(index).ok().and_then(|index| state.phases.get(index));
    rule.map_or("(none: no business day is open)", |rule| &rule.name)
}

fn day(days: i64) -> Day {
    Day(u32::try_from(days).unwrap_or_default())
}

fn time(micros: i64) -> Time {
    Time(u64::try_from(micros).unwrap_or_default())
}
