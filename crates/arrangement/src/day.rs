//! One business day as planned by the files: phases with their instants, and every command besides payments.
//!
//! Local times become instants here and nowhere else. Absent on purpose: a clock, payments, and what people decide
//! during the day, such as extending a phase; the plan then no longer holds, and whoever runs the day plans again.

use comity_ledger::command::{Advance, ApproveRate, Command, Cutoff, Funding, Policy, SetRate, StartDay};
use comity_ledger::ids::{ActorId, AuthorityId, CurrencyId, Day, Key, Time};
use comity_ledger::phase;

use crate::directory::{SYSTEM, index};
use crate::gate::Held;
use crate::model::Arrangement;
use crate::setup::Order;
use crate::union::UnionStep;

/// A phase of a date, as planned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedPhase {
    /// Its index, as in [`Advance`].
    pub phase: u32,
    /// Its name.
    pub name: String,
    /// What it allows; see [`comity_ledger::phase`].
    pub allows: u32,
    /// First instant.
    pub begins: Time,
    /// First instant no longer in it.
    pub ends: Time,
}

/// A command of the day and when it is due.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    /// When; equal instants keep the order of the list.
    pub at: Time,
    /// What.
    pub step: Step,
}

/// Something to be done. The sequence number of a proposal and the number of a cycle are the ledger's, so the runner
/// fills them in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Append this.
    Order(Order),
    /// Append `Propose` by the maker, then `Approve` of its sequence number by the checker.
    FourEyes {
        /// Who proposes.
        maker: ActorId,
        /// Who approves.
        checker: ActorId,
        /// Keys of the proposal and of the approval.
        keys: [Key; 2],
        /// What is proposed.
        command: Command,
    },
    /// Make a plan for the queues of a currency whose policy is a free choice, and append it if it settles anything.
    Plan {
        /// Which currency.
        currency: CurrencyId,
        /// Key of the plan.
        key: Key,
    },
    /// Something about a union; which residual or offer it means is looked up when it is due.
    Union(UnionStep),
    /// Append `ConfirmPositions` that agrees to the cycle cut last.
    Confirm {
        /// Who confirms.
        actor: ActorId,
        /// For which authority.
        authority: AuthorityId,
        /// Its key.
        key: Key,
    },
}

/// Collects steps and numbers their keys.
struct Plan<'a> {
    arrangement: &'a Arrangement,
    day: Day,
    /// Rates the gate holds on this date.
    held: Vec<Held>,
    steps: Vec<Timed>,
    keys: usize,
}

impl Arrangement {
    /// The phases of a date with their instants.
    #[must_use]
    pub fn planned(&self, day: Day) -> Vec<PlannedPhase> {
        let mut begins = self.day.zone.instant(day, self.day.opens);
        let mut out = Vec::new();
        for (at, rule) in self.phases.iter().enumerate() {
            let ends = begins.plus_seconds(rule.seconds);
            out.push(PlannedPhase { phase: index(at), name: rule.name.clone(), allows: rule.allows, begins, ends });
            begins = ends;
        }
        out
    }

    /// The command that begins a date: its opening, and the cut-offs of the currencies open on it.
    #[must_use]
    pub fn start_day(&self, day: Day) -> StartDay {
        let cutoffs = self.currencies.iter().enumerate().filter_map(|(at, currency)| {
            let (local, zone) = currency.cutoff.as_ref()?;
            currency
                .calendar
                .is_open(day)
                .then(|| Cutoff { currency: CurrencyId(index(at)), at: zone.instant(day, *local) })
        });
        StartDay { date: day, opens: self.day.zone.instant(day, self.day.opens), cutoffs: cutoffs.collect() }
    }

    /// Everything the files say happens on a date, in order, payments aside.
    #[must_use]
    pub fn daily(&self, day: Day) -> Vec<Timed> {
        let mut plan = Plan {
            arrangement: self,
            day,
            held: self.held_rates().into_iter().filter(|held| held.day == day).collect(),
            steps: Vec::new(),
            keys: 0,
        };
        let phases = self.planned(day);
        for phase in &phases {
            plan.phase(phase);
        }
        plan.fund(&phases);
        let unions = self.union_steps(day, &phases);
        plan.steps.extend(unions.into_iter().map(|(at, step)| Timed { at, step: Step::Union(step) }));
        // Stable: what is due at the same instant keeps its order, and a phase begins before anything in it.
        plan.steps.sort_by_key(|timed| timed.at);
        plan.steps
    }

    pub(crate) fn open(&self, day: Day, currency: CurrencyId) -> bool {
        self.currencies.get(currency.at()).is_some_and(|currency| currency.calendar.is_open(day))
    }

    fn issuer(&self, currency: CurrencyId) -> Option<AuthorityId> {
        self.currencies.get(currency.at()).map(|c| c.authority)
    }
}

impl Plan<'_> {
    fn key(&mut self) -> Key {
        self.keys += 1;
        self.arrangement.key("day", self.keys, self.day.0)
    }

    fn order(&mut self, at: Time, actor: ActorId, command: Command) {
        let key = self.key();
        let step = Step::Order(Order { actor, key, command });
        self.steps.push(Timed { at, step });
    }

    fn phase(&mut self, planned: &PlannedPhase) {
        let at = planned.begins;
        if planned.phase == 0 {
            let start = self.arrangement.start_day(self.day);
            self.order(at, SYSTEM, Command::StartDay(Box::new(start)));
        } else {
            self.order(at, SYSTEM, Command::Advance(Advance { phase: planned.phase }));
        }
        let first = |bit: u32| {
            let rules = &self.arrangement.phases;
            planned.allows & bit != 0
                && rules.iter().position(|rule| rule.allows & bit != 0) == Some(planned.phase as usize)
        };
        let last = |bit: u32| {
            let rules = &self.arrangement.phases;
            planned.allows & bit != 0
                && rules.iter().rposition(|rule| rule.allows & bit != 0) == Some(planned.phase as usize)
        };
        let (set, approve) = (first(phase::RATES), last(phase::APPROVE_RATES));
        let confirm = first(phase::CONFIRM);
        if set {
            self.set_rates(at);
        }
        if approve {
            self.approve_rates(at);
        }
        if planned.allows & phase::SETTLE != 0 {
            self.offsets(planned);
            self.auctions(planned);
        }
        if confirm {
            self.confirm(at);
        }
    }

    fn set_rates(&mut self, at: Time) {
        let arrangement = self.arrangement;
        let until = arrangement.day.zone.instant(self.day.next(), arrangement.day.opens);
        for (place, line) in arrangement.rates_on(self.day) {
            let issuer = arrangement.issuer(line.pair.base);
            let people = issuer.and_then(|id| arrangement.directory.authority_actors(id));
            let Some(people) = people else { continue };
            let set = SetRate {
                pair: line.pair,
                rate: line.rate,
                source: line.source.clone(),
                kind: line.kind,
                from: at,
                until,
            };
            self.order(at, people.maker, Command::SetRate(Box::new(set)));
            if self.gate(place) == Some(true) {
                let keys = [self.key(), self.key()];
                let step = Step::FourEyes {
                    maker: people.maker,
                    checker: people.checker,
                    keys,
                    command: Command::ReleaseRate(line.pair),
                };
                self.steps.push(Timed { at, step });
            }
        }
    }

    /// Whether the gate holds a line on this date, and if so whether two people release it.
    fn gate(&self, place: usize) -> Option<bool> {
        let held = self.held.iter().find(|held| held.place == place)?;
        Some(held.released)
    }

    /// The last rate of each pair, approved by those who do, unless the gate holds it.
    fn approve_rates(&mut self, at: Time) {
        let arrangement = self.arrangement;
        for (place, line) in arrangement.standing_on(self.day) {
            if self.gate(place) == Some(false) {
                continue;
            }
            for authority in &line.approvals {
                let Some(people) = arrangement.directory.authority_actors(*authority) else {
                    continue;
                };
                let approve = ApproveRate { pair: line.pair, rate: line.rate, approve: true };
                self.order(at, people.checker, Command::ApproveRate(approve));
            }
        }
    }

    /// Offsetting runs within a phase, each schedule's first after one interval: the general one over all currencies, and
    /// those of single currencies. Where a currency's policy is a free choice, a plan follows each of its runs.
    fn offsets(&mut self, planned: &PlannedPhase) {
        let arrangement = self.arrangement;
        self.runs(planned, arrangement.offset_every_s, CurrencyId::NONE);
        for (at, currency) in arrangement.currencies.iter().enumerate() {
            self.runs(planned, currency.offset_every_s, CurrencyId(index(at)));
        }
    }

    /// The auctions of pairs whose currencies are both open on the date.
    fn auctions(&mut self, planned: &PlannedPhase) {
        let arrangement = self.arrangement;
        for (pair, time) in &arrangement.prices.auctions {
            let at = arrangement.day.zone.instant(self.day, *time);
            let open = |currency: CurrencyId| {
                arrangement.currencies.get(currency.at()).is_some_and(|known| known.calendar.is_open(self.day))
            };
            if planned.begins <= at && at < planned.ends && open(pair.base) && open(pair.quote) {
                self.order(at, SYSTEM, Command::RunAuction(*pair));
            }
        }
    }

    fn runs(&mut self, planned: &PlannedPhase, every: Option<u32>, currency: CurrencyId) {
        let Some(every) = every else {
            return;
        };
        let mut at = planned.begins.plus_seconds(every);
        while at < planned.ends {
            self.order(at, SYSTEM, Command::Offset(currency));
            for (place, known) in self.arrangement.currencies.iter().enumerate() {
                let own = CurrencyId(index(place));
                let free = known.offsetting.is_some_and(|rule| rule.policy == Policy::FreeSubset);
                if free && (!currency.is_some() || currency == own) {
                    let key = self.key();
                    self.steps.push(Timed { at, step: Step::Plan { currency: own, key } });
                }
            }
            at = at.plus_seconds(every);
        }
    }

    fn confirm(&mut self, at: Time) {
        for place in 0..self.arrangement.authorities.len() {
            let authority = AuthorityId(index(place));
            let Some(people) = self.arrangement.directory.authority_actors(authority) else {
                continue;
            };
            let key = self.key();
            let step = Step::Confirm { actor: people.checker, authority, key };
            self.steps.push(Timed { at, step });
        }
    }

    fn fund(&mut self, phases: &[PlannedPhase]) {
        let begins = phases.iter().find(|planned| planned.allows & phase::FUND != 0).map(|planned| planned.begins);
        let Some(begins) = begins else { return };
        let arrangement = self.arrangement;
        for line in &arrangement.funding {
            let due = line.date.is_none_or(|date| date == self.day) && arrangement.open(self.day, line.currency);
            let issuer = arrangement.issuer(line.currency);
            let people = issuer.and_then(|id| arrangement.directory.authority_actors(id));
            let (true, Some(people)) = (due, people) else {
                continue;
            };
            let at = line.at.map_or(begins, |local| arrangement.day.zone.instant(self.day, local));
            let funding = Funding {
                account: line.account,
                amount: line.amount,
                // The same line is another transfer on another date.
                outside_ref: arrangement.key(&line.reference, line.currency.at(), self.day.0),
            };
            self.order(at, people.maker, Command::FundIn(funding));
        }
    }
}
