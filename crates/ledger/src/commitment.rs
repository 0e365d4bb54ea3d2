//! The register of future commitments: letters of credit, instalments, standing orders.
//!
//! A commitment is what one participant will owe another on dates to come. One side enters it and the other confirms it; a change
//! or an end is asked by one side and takes effect when the other agrees. Nothing here moves or holds money: the register says
//! what claims are to be expected. Absent on purpose: forecasts, which are read from here, and payments, which are not bound to a
//! commitment. Source: the register of future commitments of ALADI's payment agreement.

use alloc::vec::Vec;

use crate::book::CURRENCY_MAX;
use crate::ids::{ActorId, CurrencyId, Day, Key, ParticipantId};
use crate::reject::{Reason, Reject};
use crate::role::Scope;
use crate::state::State;
use crate::wire::{wire_enum, wire_struct};

/// Most dates of one commitment.
pub const DUE_COUNT_MAX: usize = 1_200;

/// What a commitment comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CommitmentKind {
    /// A bank's promise to pay against documents.
    LetterOfCredit,
    /// A debt paid down on agreed dates.
    Instalments,
    /// The same amount again and again.
    StandingOrder,
}
wire_enum!(CommitmentKind { 0 => LetterOfCredit, 1 => Instalments, 2 => StandingOrder });

/// One date of a commitment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Due {
    /// When.
    pub day: Day,
    /// Minor units, more than zero.
    pub amount: i64,
}
wire_struct!(Due { day, amount });

/// Enter a commitment. While an arrangement is set up it is in force at once: both sides signed the arrangement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RegisterCommitment {
    /// Its own reference, unique.
    pub commitment: Key,
    /// Who will owe.
    pub debtor: ParticipantId,
    /// Who will be owed.
    pub creditor: ParticipantId,
    /// In which currency.
    pub currency: CurrencyId,
    /// What it comes from.
    pub kind: CommitmentKind,
    /// Dates, ascending.
    pub schedule: Vec<Due>,
}
wire_struct!(RegisterCommitment { commitment, debtor, creditor, currency, kind, schedule });

/// Agree to what the other side asked, or decline it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerCommitment {
    /// Which.
    pub commitment: Key,
    /// The entry that asked: so that nobody agrees to what has been asked anew since.
    pub asked: u64,
    /// Agree or decline.
    pub agree: bool,
}
wire_struct!(AnswerCommitment { commitment, asked, agree });

/// Ask for other dates and amounts from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeCommitment {
    /// Which.
    pub commitment: Key,
    /// The dates that take the place of all that are ahead; those behind stay as they were.
    pub schedule: Vec<Due>,
}
wire_struct!(ChangeCommitment { commitment, schedule });

/// One of the two sides.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Party {
    /// Who will owe.
    Debtor,
    /// Who will be owed.
    Creditor,
}
wire_enum!(Party { 0 => Debtor, 1 => Creditor });

/// What is asked of the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ask {
    /// That it begins, with the schedule it has.
    Begin,
    /// Another schedule for what is ahead.
    Change(Vec<Due>),
    /// That what is ahead falls away.
    End,
}
wire_enum!(Ask { 0 => Begin, 1 => Change(v), 2 => End });

/// Something that waits for the other side.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub by: Party,
    /// The entry that asked.
    pub seq: u64,
    /// What.
    pub ask: Ask,
}
wire_struct!(Asked { by, seq, ask });

/// A commitment in the register.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commitment {
    /// Who will owe.
    pub debtor: ParticipantId,
    /// Who will be owed.
    pub creditor: ParticipantId,
    /// In which currency.
    pub currency: CurrencyId,
    /// What it comes from.
    pub kind: CommitmentKind,
    /// Dates, ascending.
    pub schedule: Vec<Due>,
    /// Confirmed by both sides: it counts.
    pub in_force: bool,
    /// What waits for the other side's answer.
    pub asked: Option<Asked>,
}
wire_struct!(Commitment { debtor, creditor, currency, kind, schedule, in_force, asked });

impl Commitment {
    /// The side a participant is on, if any.
    #[must_use]
    pub fn party(&self, participant: ParticipantId) -> Option<Party> {
        match participant {
            own if own == self.debtor => Some(Party::Debtor),
            own if own == self.creditor => Some(Party::Creditor),
            _ => None,
        }
    }

    /// What must hold of every commitment between entries.
    pub(crate) fn is_sound(&self) -> bool {
        let begun = match &self.asked {
            Some(Asked { ask: Ask::Begin, .. }) => !self.in_force,
            Some(Asked { ask: Ask::Change(_) | Ask::End, .. }) => self.in_force,
            None => true,
        };
        let ascends = self.schedule.windows(2).all(|pair| pair[0].day < pair[1].day);
        begun && ascends && self.debtor != self.creditor && self.schedule.iter().all(|due| due.amount > 0)
    }
}

/// Enters a commitment.
pub(crate) fn register(state: &mut State, actor: ActorId, order: &RegisterCommitment) -> Result<(), Reject> {
    if state.commitments.contains_key(&order.commitment) {
        return Err(Reject::because(Reason::Exists));
    }
    for participant in [order.debtor, order.creditor] {
        if participant.at() >= state.participants.len() {
            return Err(Reject::refers(Reason::Unknown, u64::from(participant.0)));
        }
    }
    if order.debtor == order.creditor {
        return Err(Reject::because(Reason::SameAccount));
    }
    if order.currency.at() >= state.currencies.len() {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.currency.0)));
    }
    check_schedule(state, &order.schedule)?;
    let mut commitment = Commitment {
        debtor: order.debtor,
        creditor: order.creditor,
        currency: order.currency,
        kind: order.kind,
        schedule: order.schedule.clone(),
        in_force: state.version.is_none(),
        asked: None,
    };
    if !commitment.in_force {
        let by = party(state, actor, &commitment)?;
        commitment.asked = Some(Asked { by, seq: state.seq, ask: Ask::Begin });
    }
    state.commitments.insert(order.commitment, commitment);
    Ok(())
}

/// Agrees or declines.
pub(crate) fn answer(state: &mut State, actor: ActorId, order: &AnswerCommitment) -> Result<(), Reject> {
    let commitment = known(state, order.commitment)?;
    let Some(asked) = &commitment.asked else {
        return Err(Reject::because(Reason::NothingAsked));
    };
    if asked.seq != order.asked {
        return Err(Reject::refers(Reason::AskedAnew, asked.seq));
    }
    if party(state, actor, commitment)? == asked.by {
        return Err(Reject::refers(Reason::OwnRequest, asked.seq));
    }
    if let (true, Ask::Begin) | (true, Ask::Change(_)) = (order.agree, &asked.ask) {
        // Days have passed since it was asked: what is agreed must still be ahead.
        let schedule = match &asked.ask {
            Ask::Change(schedule) => schedule,
            Ask::Begin | Ask::End => &commitment.schedule,
        };
        check_schedule(state, schedule)?;
    }
    // Nothing below this line can refuse.
    let today = state.day.date;
    let commitment = state.commitments.get_mut(&order.commitment).expect("found above");
    let ask = commitment.asked.take().expect("found above").ask;
    match (order.agree, ask) {
        (true, Ask::Begin) => commitment.in_force = true,
        (true, Ask::Change(schedule)) => {
            commitment.schedule.retain(|due| due.day < today);
            commitment.schedule.extend(schedule);
        }
        (true, Ask::End) => {
            commitment.schedule.retain(|due| due.day < today);
            commitment.in_force = false;
        }
        (false, Ask::Begin) => commitment.schedule.clear(),
        (false, Ask::Change(_) | Ask::End) => {}
    }
    Ok(())
}

/// Asks for another schedule. Asking again replaces what was asked.
pub(crate) fn change(state: &mut State, actor: ActorId, order: &ChangeCommitment) -> Result<(), Reject> {
    check_schedule(state, &order.schedule)?;
    ask(state, actor, order.commitment, Ask::Change(order.schedule.clone()))
}

/// Asks that what is ahead falls away. Who entered a commitment that is not confirmed yet takes it back alone.
pub(crate) fn withdraw(state: &mut State, actor: ActorId, key: Key) -> Result<(), Reject> {
    let commitment = known(state, key)?;
    if let Some(Asked { ask: Ask::Begin, by, .. }) = &commitment.asked {
        if party(state, actor, commitment)? != *by {
            // The other side declines instead.
            return Err(Reject::because(Reason::NotInForce));
        }
        let commitment = state.commitments.get_mut(&key).expect("found above");
        commitment.asked = None;
        commitment.schedule.clear();
        return Ok(());
    }
    ask(state, actor, key, Ask::End)
}

fn ask(state: &mut State, actor: ActorId, key: Key, ask: Ask) -> Result<(), Reject> {
    let commitment = known(state, key)?;
    let by = party(state, actor, commitment)?;
    if !commitment.in_force {
        return Err(Reject::because(Reason::NotInForce));
    }
    if let Some(other) = commitment.asked.as_ref().filter(|asked| asked.by != by) {
        return Err(Reject::refers(Reason::AskedAnew, other.seq));
    }
    let asked = Asked { by, seq: state.seq, ask };
    state.commitments.get_mut(&key).expect("found above").asked = Some(asked);
    Ok(())
}

fn known(state: &State, key: Key) -> Result<&Commitment, Reject> {
    state.commitments.get(&key).ok_or(Reject::because(Reason::Unknown))
}

/// The side the actor is on.
fn party(state: &State, actor: ActorId, commitment: &Commitment) -> Result<Party, Reject> {
    let scope = state.actors.get(actor.at()).map(|actor| actor.scope);
    let party = match scope {
        Some(Scope::Participant(own)) => commitment.party(own),
        Some(Scope::Operator | Scope::Authority(_)) | None => None,
    };
    party.ok_or(Reject::because(Reason::NotAuthorised))
}

/// Dates ascend from today, amounts are more than zero.
fn check_schedule(state: &State, schedule: &[Due]) -> Result<(), Reject> {
    if schedule.is_empty() || schedule.len() > DUE_COUNT_MAX {
        let whole = |count| i64::try_from(count).unwrap_or(i64::MAX);
        return Err(Reject::limit(Reason::OutOfRange, whole(DUE_COUNT_MAX), whole(schedule.len())));
    }
    let mut before = Day(state.day.date.0.saturating_sub(1));
    for due in schedule {
        if due.amount <= 0 {
            return Err(Reject::because(Reason::ZeroAmount));
        }
        if due.amount > CURRENCY_MAX {
            return Err(Reject::limit(Reason::OutOfRange, CURRENCY_MAX, due.amount));
        }
        if due.day <= before {
            return Err(Reject::limit(Reason::ValueDate, i64::from(before.0) + 1, i64::from(due.day.0)));
        }
        before = due.day;
    }
    Ok(())
}
