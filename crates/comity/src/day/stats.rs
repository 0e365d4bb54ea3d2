//! Figures of a day, gathered from what happened. Derived: they decide nothing.
//!
//! Definitions are in `docs/figures.md` and in the report. Amounts are minor units of the currency concerned.

use std::collections::BTreeMap;

use comity_gateway::references::References;
use comity_gateway::refusal::Refusal;
use comity_ledger::State;
use comity_ledger::command::{Command, Entry, PaymentKind};
use comity_ledger::event::{Event, How, ProposalOutcome};
use comity_ledger::ids::{AccountId, Day, PaymentId, Time};
use comity_ledger::payment::Payment;
use comity_ledger::reject::Why;

/// Figures of one currency.
#[derive(Debug, Clone, Default)]
pub(crate) struct CurrencyFigures {
    /// Payments submitted, accepted or refused.
    pub(crate) submitted: u64,
    pub(crate) settled: u64,
    /// Waiting when the last day closed.
    pub(crate) queued_at_close: u64,
    /// Returns settled.
    pub(crate) returned: u64,
    /// Refused on arrival, at the gateway or by the ledger.
    pub(crate) rejected: u64,
    /// Waited and ended without settlement: withdrawn, out of time, or not funded by the close.
    pub(crate) ended: u64,
    /// Value settled.
    pub(crate) gross: i128,
    /// Of it, settled by offsetting.
    pub(crate) offset: i128,
    /// Of it, settled at once.
    pub(crate) at_once: i128,
    /// Greatest net debit of each account in the day, summed.
    pub(crate) liquidity: i128,
    /// Issued to accounts less redeemed, before the end-of-day sweep.
    pub(crate) funded: i128,
}

/// Figures of one account.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountFigures {
    pub(crate) sent: i128,
    pub(crate) received: i128,
    /// Received less sent when the day began.
    base: i128,
    /// Lowest of received less sent within the day, never above zero.
    low: i128,
}

/// What was refused, by ISO code.
#[derive(Debug, Clone, Default)]
pub(crate) struct RefusalFigures {
    pub(crate) count: u64,
    pub(crate) meaning: String,
    pub(crate) help: String,
}

/// A moment of the day.
#[derive(Debug, Clone)]
pub(crate) struct Sample {
    pub(crate) at: Time,
    /// Payments waiting, by cause, in the order of [`Why::ALL`].
    pub(crate) waiting: [u64; Why::ALL.len()],
    /// Value settled so far, by currency.
    pub(crate) settled: Vec<i128>,
}

/// A payment that waited.
#[derive(Debug, Clone)]
pub(crate) struct Waited {
    pub(crate) payment: PaymentId,
    pub(crate) why: Why,
    pub(crate) from: Time,
    pub(crate) until: Time,
}

/// All figures.
#[derive(Debug, Clone, Default)]
pub(crate) struct Stats {
    pub(crate) currencies: Vec<CurrencyFigures>,
    pub(crate) accounts: Vec<AccountFigures>,
    pub(crate) refusals: BTreeMap<String, RefusalFigures>,
    pub(crate) samples: Vec<Sample>,
    /// Value settled between home authorities, per currency: (from, to, currency).
    pub(crate) flows: BTreeMap<(u32, u32, u32), i128>,
    /// Longest waits that ended in settlement or not, longest first.
    pub(crate) waits: Vec<Waited>,
    /// Entries that were not payments and were refused.
    pub(crate) other_refusals: u64,
    /// Messages the gateway answered alone.
    pub(crate) answered: u64,
    /// Refusals at the gateway whose currency is not known.
    pub(crate) refused_without_currency: u64,
    /// Messages seen before and answered again.
    pub(crate) repeated: u64,
    pub(crate) returns: u64,
    pub(crate) recalls: u64,
    pub(crate) groups: u64,
    pub(crate) conversions: u64,
    pub(crate) offset_runs: u64,
    pub(crate) remainders: u64,
    gate: Vec<([u8; 3], u64)>,
    waiting: BTreeMap<PaymentId, (Why, Time)>,
    counts: [u64; Why::ALL.len()],
}

/// How many of the longest waits are kept.
const WAITS_KEPT: usize = 12;
/// Time between two samples of the queue.
const SAMPLE_EVERY: u64 = 60 * Time::SECOND;

impl Stats {
    /// A line the gateway refused before the ledger saw it.
    pub(crate) fn refused_at_gate(&mut self, refusal: &Refusal, references: &References) {
        for line in references.lines() {
            let figures = self.refusals.entry(refusal.iso.to_string()).or_default();
            figures.count += 1;
            if figures.meaning.is_empty() {
                figures.meaning = refusal.message.clone();
                figures.help = refusal.help.to_string();
            }
            match &line.amount {
                Some(amount) => {
                    let code = amount.currency.0;
                    match self.gate.iter_mut().find(|(known, _)| *known == code) {
                        Some((_, count)) => *count += 1,
                        None => self.gate.push((code, 1)),
                    }
                }
                None => self.refused_without_currency += 1,
            }
        }
    }

    pub(crate) fn answered_at_gate(&mut self) {
        self.answered += 1;
    }

    /// A durable batch.
    pub(crate) fn take(&mut self, state: &State, entries: &[Entry], first: u64, events: &[(u64, Event)]) {
        self.currencies.resize(state.currencies.len(), CurrencyFigures::default());
        self.accounts.resize(state.accounts.len(), AccountFigures::default());
        for (seq, event) in events {
            let entry = &entries[usize::try_from(seq - first).expect("events belong to the batch's entries")];
            self.event(state, entry, event);
        }
        if let Some(last) = entries.last() {
            self.sample(last.at, false);
        }
    }

    fn currency(&mut self, state: &State, account: AccountId) -> &mut CurrencyFigures {
        &mut self.currencies[state.accounts[account.at()].currency.at()]
    }

    fn event(&mut self, state: &State, entry: &Entry, event: &Event) {
        self.sample(entry.at, false);
        match event {
            Event::Queued { payment, wait } => {
                self.submitted(state, *payment);
                self.counts[why_index(wait.why)] += 1;
                self.waiting.insert(*payment, (wait.why, entry.at));
            }
            Event::Settled { payment, how } => {
                if self.waiting.contains_key(payment) {
                    self.stop_waiting(*payment, entry.at);
                } else {
                    self.submitted(state, *payment);
                }
                self.settled(state, state.payment(*payment), *how);
            }
            Event::PaymentRefused { payment, reject } => {
                self.submitted(state, *payment);
                let refused = state.payment(*payment);
                // A conversion is one payment, counted in the currency it was sent in.
                if refused.kind != PaymentKind::ConversionTarget && state.account(refused.debtor).is_some() {
                    self.currency(state, refused.debtor).rejected += 1;
                    self.refused(reject.reason);
                }
            }
            Event::Cancelled { payment, reject } => {
                self.stop_waiting(*payment, entry.at);
                let ended = state.payment(*payment);
                if ended.kind != PaymentKind::ConversionTarget {
                    self.currency(state, ended.debtor).ended += 1;
                }
                self.refused(reject.reason);
            }
            Event::Refused(reject) => {
                self.refused(reject.reason);
                match &entry.command {
                    Command::Pay(order) if state.account(order.debtor).is_some() => {
                        let figures = self.currency(state, order.debtor);
                        figures.submitted += 1;
                        figures.rejected += 1;
                    }
                    _ => self.other_refusals += 1,
                }
            }
            // Two people asked, and the rules said no when it was carried out.
            Event::ProposalEnded { outcome: ProposalOutcome::Refused(reject), .. } => {
                self.refused(reject.reason);
                self.other_refusals += 1;
            }
            Event::Repeated { .. } => self.repeated += 1,
            Event::Funded { account, amount, sweep } => {
                if !sweep {
                    self.currency(state, *account).funded += i128::from(*amount);
                }
            }
            Event::Grouped { .. } => match entry.command {
                Command::PayGroup(_) => self.groups += 1,
                _ => self.conversions += 1,
            },
            Event::HoldPosted { account, creditor, amount, .. } => {
                self.moved(*account, *creditor, *amount);
            }
            Event::Remainder { .. } => self.remainders += 1,
            Event::RecallOpened { .. } | Event::RecallClosed { .. } => self.recalls += 1,
            Event::OffsetRun { .. } => self.offset_runs += 1,
            Event::PhaseBegan { .. } => {
                self.look_again(state);
                self.sample(entry.at, true);
            }
            Event::Done
            | Event::ProposalEnded {
                outcome: ProposalOutcome::Done | ProposalOutcome::Declined | ProposalOutcome::Expired,
                ..
            }
            | Event::Offset { .. }
            | Event::QueueChanged { .. }
            | Event::HoldPlaced { .. }
            | Event::HoldReleased { .. }
            | Event::RateSet { .. }
            | Event::PairOpen { .. }
            | Event::PairBlocked { .. }
            | Event::PhaseExtended { .. }
            | Event::CycleCut { .. }
            | Event::PositionsAnswered { .. }
            | Event::CycleFinal { .. }
            | Event::DayClosed
            | Event::Proposed { .. }
            | Event::Suspension { .. }
            | Event::CurrencyStopped { .. }
            | Event::DealerRateSet { .. }
            | Event::Quoted { .. }
            | Event::QuoteAccepted { .. }
            | Event::QuoteExpired { .. }
            | Event::Dealt { .. }
            | Event::OrderPlaced { .. }
            | Event::OrderEnded { .. }
            | Event::AuctionRun { .. }
            | Event::ActorAdded { .. }
            | Event::UnionSet { .. }
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
            | Event::MemberLeft { .. } => {}
        }
    }

    /// What waited for the phase and still waits does so for a reason of its own.
    fn look_again(&mut self, state: &State) {
        for (payment, (why, _)) in &mut self.waiting {
            if *why == Why::Phase
                && let Some(wait) = state.why(*payment)
            {
                self.counts[why_index(*why)] -= 1;
                self.counts[why_index(wait.why)] += 1;
                *why = wait.why;
            }
        }
    }

    fn submitted(&mut self, state: &State, id: PaymentId) {
        let payment = state.payment(id);
        // The second leg of a conversion is not another payment, but it settles and counts in its own currency.
        if payment.kind != PaymentKind::ConversionTarget && state.account(payment.debtor).is_some() {
            self.currency(state, payment.debtor).submitted += 1;
        }
    }

    fn settled(&mut self, state: &State, payment: &Payment, how: How) {
        let amount = i128::from(payment.amount);
        let figures = self.currency(state, payment.debtor);
        figures.gross += amount;
        match how {
            How::Gross => figures.at_once += amount,
            How::Released => {}
            How::Bilateral | How::Multilateral | How::Planned => figures.offset += amount,
        }
        if payment.kind != PaymentKind::ConversionTarget {
            figures.settled += 1;
        }
        if payment.kind == PaymentKind::Return {
            figures.returned += 1;
            self.returns += 1;
        }
        self.moved(payment.debtor, payment.creditor, payment.amount);
        let home = |account: AccountId| {
            let participant = state.accounts[account.at()].participant;
            state.participants[participant.at()].authority.0
        };
        let currency = state.accounts[payment.debtor.at()].currency.0;
        *self.flows.entry((home(payment.debtor), home(payment.creditor), currency)).or_insert(0) += amount;
    }

    fn moved(&mut self, debtor: AccountId, creditor: AccountId, amount: i64) {
        let from = &mut self.accounts[debtor.at()];
        from.sent += i128::from(amount);
        from.low = from.low.min(from.received - from.sent - from.base);
        self.accounts[creditor.at()].received += i128::from(amount);
    }

    fn refused(&mut self, reason: comity_ledger::Reason) {
        let figures = self.refusals.entry(reason.iso().to_string()).or_default();
        figures.count += 1;
        if figures.meaning.is_empty() {
            figures.meaning = reason.meaning().to_string();
            figures.help = reason.help().to_string();
        }
    }

    fn stop_waiting(&mut self, payment: PaymentId, until: Time) {
        let Some((why, from)) = self.waiting.remove(&payment) else { return };
        self.counts[why_index(why)] -= 1;
        self.keep_wait(Waited { payment, why, from, until });
    }

    fn keep_wait(&mut self, waited: Waited) {
        let length = |waited: &Waited| waited.until.0 - waited.from.0;
        let place = self.waits.partition_point(|other| length(other) >= length(&waited));
        if place < WAITS_KEPT {
            self.waits.insert(place, waited);
            self.waits.truncate(WAITS_KEPT);
        }
    }

    /// Samples the queue, at most once a minute unless `always`.
    fn sample(&mut self, at: Time, always: bool) {
        let due = self.samples.last().is_none_or(|last| at.0 >= last.at.0 + SAMPLE_EVERY);
        if due || always {
            let settled = self.currencies.iter().map(|figures| figures.gross).collect();
            self.samples.push(Sample { at, waiting: self.counts, settled });
        }
    }

    /// A business day has closed.
    pub(crate) fn day_ends(&mut self, _day: Day, state: &State) {
        for figures in &mut self.currencies {
            figures.queued_at_close = 0;
        }
        for id in state.waiting.keys() {
            let payment = state.payment(*id);
            if payment.kind != PaymentKind::ConversionTarget {
                self.currency(state, payment.debtor).queued_at_close += 1;
            }
        }
        for (account, figures) in state.accounts.iter().zip(&mut self.accounts) {
            // Each day's greatest net debit counts; the next day begins anew.
            self.currencies[account.currency.at()].liquidity -= figures.low;
            figures.low = 0;
            figures.base = figures.received - figures.sent;
        }
        for (code, count) in std::mem::take(&mut self.gate) {
            match state.currency_by_code(&code) {
                Some(currency) => {
                    self.currencies[currency.at()].submitted += count;
                    self.currencies[currency.at()].rejected += count;
                }
                None => self.refused_without_currency += count,
            }
        }
        self.sample(state.at, true);
    }
}

fn why_index(why: Why) -> usize {
    Why::ALL.iter().position(|known| *known == why).expect("all causes are listed")
}
