//! The one way in: an entry of the journal changes the state and says what happened.
//!
//! First whatever is due by the entry's time, then the entry itself, then whatever its effects release; then the
//! invariants are asserted. No clock, no chance, no I/O, no floating point, no order of a hash table: the same entries
//! give the same state on every machine.

use crate::command::{Approve, Command, Entry, Propose};
use crate::event::{Event, Events, ProposalOutcome};
use crate::ids::{ActorId, PaymentId, Time};
use crate::queue::Kept;
use crate::reject::{Reason, Reject};
use crate::right::{Right, is_setup, right};
use crate::state::{Proposal, Receipt, State, Timer};
use crate::union::{claim, close, fixing, found, residual, term};
use crate::watch::keeps_watch;
use crate::{commitment, cycle, day, dealing, fund, fx, give_back, hold, limit, offset, pay, plan, setup};

/// Applies one entry.
///
/// # Panics
/// When the entry's time lies before the last one's, or an invariant is broken: then the process must stop, because a
/// wrong balance is worse than no service.
pub fn apply(state: &mut State, entry: &Entry, events: &mut Events) {
    assert!(state.at <= entry.at, "T-1: journal time never goes back");
    state.seq += 1;
    state.at = entry.at;
    events.begin(state.seq);
    if state.timers.first().is_some_and(|(due, _)| *due <= entry.at) {
        fire_timers(state, events);
    }
    match &entry.command {
        // The way of almost every entry, kept short.
        Command::Pay(order) => {
            let allowed = match direct(state, entry.actor, &entry.command) {
                Ok(()) => pay::pay(state, events, order, PaymentId::NONE),
                Err(reject) => Err(reject),
            };
            if let Err(reject) = allowed {
                events.push(Event::Refused(reject));
            }
        }
        command => with_receipt(state, events, entry, command),
    }
    if !state.credited.is_empty() || state.stirred {
        pay::release(state, events);
    }
    crate::invariant::assert_constant(state);
}

/// Reads the memory the entries will need, so that applying them finds it in the cache.
pub fn warm(state: &State, entries: &[Entry]) {
    let mut sum = 0_u64;
    for entry in entries {
        if let Command::Pay(order) = &entry.command {
            sum ^= state.uetrs.peek(order.uetr);
            for account in [order.debtor, order.creditor] {
                sum ^= state.accounts.get(account.at()).map_or(0, |account| account.balance as u64);
            }
        }
    }
    core::hint::black_box(sum);
}

impl State {
    /// Reads the table slots of these payments, so that looking them up finds them in the cache.
    pub(crate) fn warm_uetrs(&self, payments: &[crate::payment::Payment]) {
        let sum = payments.iter().fold(0, |sum, payment| sum ^ self.uetrs.peek(payment.uetr));
        core::hint::black_box(sum);
    }
}

/// Whether the actor may have this done at once.
#[inline]
fn direct(state: &State, actor: ActorId, command: &Command) -> Result<(), Reject> {
    if state.version.is_none() {
        return if is_setup(command) && actor == State::SYSTEM {
            Ok(())
        } else {
            Err(Reject::because(Reason::NotActive))
        };
    }
    match right(state, actor, command)? {
        Right::Direct => Ok(()),
        Right::FourEyes(_) => Err(Reject::because(Reason::NeedsApproval)),
    }
}

/// Answers a repeated request as before, refuses another body under the same key, and remembers new answers.
fn with_receipt(state: &mut State, events: &mut Events, entry: &Entry, command: &Command) {
    if entry.key.0 == 0 {
        if let Err(reject) = attempt(state, events, entry.actor, command) {
            events.push(Event::Refused(reject));
        }
        return;
    }
    if let Err(reject) = crate::right::actor(state, entry.actor) {
        // Nobody we know: the key is kept for whoever is given this number later.
        events.push(Event::Refused(reject));
        return;
    }
    let at = (entry.actor, entry.key);
    let hash = command.hash();
    if let Some(receipt) = state.receipts.get(&at) {
        let event = if receipt.hash == hash {
            Event::Repeated { original: receipt.seq, payment: PaymentId::NONE }
        } else {
            Event::Refused(Reject::refers(Reason::KeyReused, receipt.seq))
        };
        events.push(event);
        return;
    }
    let result = attempt(state, events, entry.actor, command);
    let reject = result.err();
    if let Some(reject) = reject {
        events.push(Event::Refused(reject));
    }
    state.receipts.insert(at, Receipt { seq: state.seq, hash, reject });
}

fn attempt(state: &mut State, events: &mut Events, actor: ActorId, command: &Command) -> Result<(), Reject> {
    direct(state, actor, command)?;
    perform(state, events, actor, command, false)
}

/// Carries out a command somebody had the right to ask for.
fn perform(
    state: &mut State,
    events: &mut Events,
    actor: ActorId,
    command: &Command,
    approved: bool,
) -> Result<(), Reject> {
    if !keeps_watch(command) {
        state.watch.forget();
    }
    let done = |events: &mut Events, result: Result<(), Reject>| {
        if result.is_ok() {
            events.push(Event::Done);
        }
        result
    };
    match command {
        Command::Pay(order) => pay::pay(state, events, order, PaymentId::NONE),
        Command::PayGroup(orders) => pay::pay_group(state, events, orders),
        Command::Convert(order) => pay::pay_converted(state, events, order, PaymentId::NONE),
        Command::Return(order) => give_back::give_back(state, events, order),
        Command::Cancel(uetr) => {
            let id = waiting(state, *uetr)?;
            state.end_waiting(events, id, Reject::because(Reason::Withdrawn));
            Ok(())
        }
        Command::Reprioritise(order) => {
            let id = waiting_alone(state, order.uetr)?;
            state.change_priority(events, id, order.priority);
            Ok(())
        }
        Command::Reorder(order) => {
            let id = waiting_alone(state, order.uetr)?;
            state.move_to(events, id, order.place);
            Ok(())
        }
        Command::Park(uetr) => keep(state, events, *uetr, Kept::Active, Kept::Parked),
        Command::Activate(uetr) => keep(state, events, *uetr, Kept::Parked, Kept::Active),
        Command::Recall(order) => give_back::recall(state, events, order),
        Command::AnswerRecall(order) => give_back::answer(state, events, order),
        Command::PlaceHold(order) => hold::place(state, events, order),
        Command::PostHold(order) => hold::post(state, events, order),
        Command::VoidHold(key) => hold::void(state, events, *key),
        Command::FundIn(order) => fund::fund_in(state, events, order),
        Command::Defund(order) => fund::defund(state, events, order),
        Command::AdjustCover(order) => done(events, fund::adjust_cover(state, order)),
        Command::Issue(order) => fund::issue(state, events, order),
        Command::SetLimit(order) => done(events, limit::set(state, order)),
        Command::Suspend(order) => limit::suspend(state, events, order),
        Command::StopCurrency(order) => limit::stop_currency(state, events, order),
        Command::SetRate(order) => fx::set_rate(state, events, order),
        Command::ApproveRate(order) => {
            let authority = crate::right::authority_of(state, actor)?;
            done_approval(state, events, authority, order)
        }
        Command::ReleaseRate(pair) => done(events, fx::release(state, *pair)),
        Command::StartDay(order) => day::start(state, events, order),
        Command::Advance(order) => day::advance(state, events, order, approved),
        Command::ExtendPhase(order) => day::extend(state, events, order),
        Command::Tick => Ok(()),
        Command::Offset(currency) => {
            if currency.is_some() && currency.at() >= state.currencies.len() {
                return Err(Reject::refers(Reason::Unknown, u64::from(currency.0)));
            }
            if !state.allows(crate::phase::SETTLE) {
                return Err(Reject::refers(Reason::PhaseClosed, u64::from(state.day.phase)));
            }
            offset::multilateral(state, events, *currency);
            Ok(())
        }
        Command::SettlePlan(payments) => plan::settle(state, events, payments),
        Command::ConfirmPositions(order) => {
            let authority = crate::right::authority_of(state, actor)?;
            cycle::confirm(state, events, authority, order)
        }
        Command::SetUnion(order) => found::set(state, events, order),
        Command::SetUnitRate(order) => fixing::set_rate(state, events, order),
        Command::ReleaseUnitRate(currency) => fixing::release(state, events, *currency),
        Command::CloseUnion(union) => close::close(state, events, *union),
        Command::SettleResidual(order) => residual::settle(state, events, order),
        Command::AnswerProof(order) => residual::answer(state, events, order),
        Command::CrossResiduals(union) => residual::cross(state, events, *union),
        Command::UseClaim(order) => claim::spend(state, events, crate::right::authority_of(state, actor)?, order),
        Command::Lend(order) => term::lend(state, events, crate::right::authority_of(state, actor)?, order),
        Command::LeaveUnion(union) => claim::leave(state, events, crate::right::authority_of(state, actor)?, *union),
        Command::Propose(order) => propose(state, events, actor, order),
        Command::Approve(order) => approve(state, events, actor, order),
        Command::Decline(proposal) => decline(state, events, actor, *proposal),
        Command::Genesis(order) => done(events, setup::genesis(state, order)),
        Command::AddAuthority(order) => done(events, setup::add_authority(state, order)),
        Command::AddCurrency(order) => done(events, setup::add_currency(state, order)),
        Command::AddParticipant(order) => done(events, setup::add_participant(state, order)),
        Command::OpenAccount(order) => done(events, setup::open_account(state, order)),
        Command::AddActor(order) => setup::add_actor(state, events, order),
        Command::SetRoles(order) => done(events, setup::set_roles(state, order)),
        Command::SetPair(order) => done(events, fx::set_pair(state, order)),
        Command::SetPhases(phases) => done(events, day::set_phases(state, phases)),
        Command::SetCalendarDay(order) => done(events, setup::set_calendar_day(state, order)),
        Command::ActivateArrangement(version) => done(events, setup::activate(state, *version)),
        Command::RotateKey(order) => done(events, setup::rotate_key(state, order)),
        Command::SetOffsetting(order) => done(events, setup::set_offsetting(state, order)),
        Command::SetBypass(order) => done(events, setup::set_bypass(state, order)),
        Command::SetPricing(order) => done(events, dealing::set_pricing(state, order)),
        Command::SetDealer(order) => done(events, dealing::set_dealer(state, order)),
        Command::Agree(order) => {
            let authority = crate::right::authority_of(state, actor)?;
            dealing::agree(state, events, authority, order)
        }
        Command::SetDealerRate(order) => dealing::set_dealer_rate(state, events, order),
        Command::RequestQuote(order) => dealing::request(state, events, order),
        Command::AcceptQuote(quote) => dealing::accept(state, events, *quote),
        Command::PayQuoted(order) => dealing::pay_quoted(state, events, order),
        Command::PlaceOrder(order) => dealing::place_order(state, events, order),
        Command::WithdrawOrder(order) => dealing::withdraw_order(state, events, *order),
        Command::RunAuction(pair) => dealing::run_auction(state, events, *pair),
        Command::RegisterCommitment(order) => done(events, commitment::register(state, actor, order)),
        Command::AnswerCommitment(order) => done(events, commitment::answer(state, actor, order)),
        Command::ChangeCommitment(order) => done(events, commitment::change(state, actor, order)),
        Command::WithdrawCommitment(key) => done(events, commitment::withdraw(state, actor, *key)),
    }
}

fn done_approval(
    state: &mut State,
    events: &mut Events,
    authority: crate::ids::AuthorityId,
    order: &crate::command::ApproveRate,
) -> Result<(), Reject> {
    fx::approve(state, events, authority, order)?;
    events.push(Event::Done);
    Ok(())
}

/// The waiting payment with this UETR.
fn waiting(state: &State, uetr: crate::ids::Uetr) -> Result<PaymentId, Reject> {
    let id = state.find(uetr).ok_or(Reject::because(Reason::UnknownOriginal))?;
    if !state.waiting.contains_key(&id) {
        return Err(Reject::refers(Reason::NotWaiting, state.payment(id).seq));
    }
    Ok(id)
}

/// The same, if it is not part of a group.
fn waiting_alone(state: &State, uetr: crate::ids::Uetr) -> Result<PaymentId, Reject> {
    let id = waiting(state, uetr)?;
    if state.payment(id).group.is_some() {
        return Err(Reject::refers(Reason::InGroup, state.payment(id).seq));
    }
    Ok(id)
}

fn keep(state: &mut State, events: &mut Events, uetr: crate::ids::Uetr, from: Kept, to: Kept) -> Result<(), Reject> {
    let id = waiting_alone(state, uetr)?;
    if state.waiting[&id].kept != from {
        return Err(Reject::refers(Reason::NotWaiting, state.payment(id).seq));
    }
    // Somebody may have been suspended while it was parked.
    let blocked = to == Kept::Active && state.is_blocked(state.payment(id));
    state.set_kept(events, id, if blocked { Kept::Blocked } else { to });
    Ok(())
}

fn propose(state: &mut State, events: &mut Events, maker: ActorId, order: &Propose) -> Result<(), Reject> {
    match right(state, maker, &order.command)? {
        Right::FourEyes(_) => {}
        // What may be done at once needs no proposal, and a proposal about a proposal means nothing.
        Right::Direct => return Err(Reject::because(Reason::OutOfRange)),
    }
    let latest = state.at.plus_seconds(state.options().proposal_ttl_s);
    if order.expires <= state.at || order.expires > latest {
        let bound = i64::try_from(latest.0).unwrap_or(i64::MAX);
        return Err(Reject::limit(Reason::TimeWindow, bound, i64::try_from(order.expires.0).unwrap_or(i64::MAX)));
    }
    let proposal = state.seq;
    let hash = order.command.hash();
    state.proposals.insert(proposal, Proposal { maker, proposed: order.clone(), hash });
    state.timers.insert((order.expires, Timer::Proposal(proposal)));
    events.push(Event::Proposed { proposal });
    Ok(())
}

fn approve(state: &mut State, events: &mut Events, checker: ActorId, order: &Approve) -> Result<(), Reject> {
    let proposal = known(state, order.proposal)?;
    let maker = proposal.maker;
    if maker == checker {
        return Err(Reject::refers(Reason::SamePerson, order.proposal));
    }
    if proposal.hash != order.hash {
        return Err(Reject::refers(Reason::ProposalChanged, order.proposal));
    }
    may_decide(state, checker, maker, order.proposal)?;
    let proposal = close_proposal(state, order.proposal);
    // Validated again now: the maker's right, and everything the command depends on.
    let command = &proposal.proposed.command;
    let outcome = right(state, maker, command).and_then(|_| perform(state, events, maker, command, true));
    let outcome = match outcome {
        Ok(()) => ProposalOutcome::Done,
        Err(reject) => ProposalOutcome::Refused(reject),
    };
    events.push(Event::ProposalEnded { proposal: order.proposal, outcome });
    Ok(())
}

fn decline(state: &mut State, events: &mut Events, by: ActorId, proposal: u64) -> Result<(), Reject> {
    let known = known(state, proposal)?;
    // The maker may take its own proposal back.
    if known.maker != by {
        may_decide(state, by, known.maker, proposal)?;
    }
    close_proposal(state, proposal);
    events.push(Event::ProposalEnded { proposal, outcome: ProposalOutcome::Declined });
    Ok(())
}

/// The proposal with this number, if it waits.
fn known(state: &State, proposal: u64) -> Result<&Proposal, Reject> {
    let reason = if state.lapsed.contains(&proposal) { Reason::ProposalExpired } else { Reason::UnknownProposal };
    let refuse = Reject::refers(reason, proposal);
    state.proposals.get(&proposal).ok_or(refuse)
}

/// Whether the actor is the second pair of eyes for this maker's proposal: same scope, a checking role.
fn may_decide(state: &State, checker: ActorId, maker: ActorId, proposal: u64) -> Result<(), Reject> {
    let command = &state.proposals[&proposal].proposed.command;
    let Right::FourEyes(roles) = right(state, maker, command)? else {
        return Err(Reject::because(Reason::NotAuthorised));
    };
    let checker = crate::right::actor(state, checker)?;
    let maker = crate::right::actor(state, maker)?;
    if checker.scope != maker.scope || !checker.roles.any(roles) {
        return Err(Reject::because(Reason::NotAuthorised));
    }
    Ok(())
}

fn close_proposal(state: &mut State, number: u64) -> Proposal {
    let proposal = state.proposals.remove(&number).expect("the caller found it");
    state.timers.remove(&(proposal.proposed.expires, Timer::Proposal(number)));
    proposal
}

/// Everything due by now, in order of time.
fn fire_timers(state: &mut State, events: &mut Events) {
    while let Some((due, timer)) = state.timers.first().copied() {
        if due > state.at {
            return;
        }
        state.timers.remove(&(due, timer));
        match timer {
            Timer::Earliest(id) => {
                // A settlement date still ahead keeps it waiting; it joins the queue when the day starts.
                if state.payment(id).value_date <= state.day.date && state.waiting[&id].kept == Kept::Scheduled {
                    state.join_queue(id);
                }
            }
            Timer::Latest(id) => {
                let reject = Reject {
                    reason: Reason::LatestPassed,
                    limit: i64::try_from(due.0).unwrap_or(i64::MAX),
                    value: state.why(id).map_or(0, |wait| wait.value),
                    refers: 0,
                };
                state.end_waiting(events, id, reject);
            }
            Timer::Hold(key) => hold::release(state, events, key, true),
            Timer::Recall(key) => give_back::lapse(state, events, key),
            Timer::Proposal(proposal) => {
                state.proposals.remove(&proposal);
                state.lapsed.insert(proposal);
                events.push(Event::ProposalEnded { proposal, outcome: ProposalOutcome::Expired });
            }
            Timer::Rate(pair) => fx::lapse(state, events, pair),
            Timer::Quote(quote) => dealing::lapse(state, events, quote),
        }
        pay::release(state, events);
    }
}

impl State {
    /// When the next thing happens by itself: a timer, or the end of the current phase.
    #[must_use]
    pub fn next_due(&self) -> Option<Time> {
        self.timers.first().map(|(due, _)| *due)
    }
}
