//! Building up the arrangement: authorities, currencies, participants, accounts, actors.

use crate::account::{Account, AccountSide, IS_INTERNAL, IS_OUTSIDE, IS_REMAINDER, MAY_BYPASS};
use crate::command::{
    AddActor, AddAuthority, AddCurrency, AddParticipant, Genesis, Offsetting, OnChange, OpenAccount, Options, Policy,
    RotateKey, SetBypass, SetCalendarDay, SetOffsetting, SetRoles,
};
use crate::event::{Event, Events};
use crate::ids::{AccountId, ActorId, AuthorityId, CurrencyId, ParticipantId};
use crate::payment::UetrTable;
use crate::reject::{Reason, Reject};
use crate::role::Scope;
use crate::state::{Actor, Authority, Currency, Participant, State};

/// Most currencies; ISO 4217 lists fewer.
const CURRENCIES_MAX: usize = 256;
/// Longest name of anything, bytes.
const NAME_MAX: usize = 140;
/// Largest ISO 4217 exponent.
const EXPONENT_MAX: u8 = 4;

pub(crate) fn genesis(state: &mut State, order: &Genesis) -> Result<(), Reject> {
    if state.genesis.is_some() {
        return Err(Reject::because(Reason::Exists));
    }
    name(&order.name)?;
    state.uetrs = UetrTable::new(order.seed, state.payments.capacity());
    state.genesis = Some(alloc::boxed::Box::new(order.clone()));
    Ok(())
}

pub(crate) fn add_authority(state: &mut State, order: &AddAuthority) -> Result<(), Reject> {
    name(&order.name)?;
    if !order.country.iter().all(u8::is_ascii_uppercase) {
        return Err(Reject::because(Reason::OutOfRange));
    }
    state.authorities.push(Authority {
        name: order.name.clone(),
        country: order.country,
        public_key: order.public_key,
    });
    Ok(())
}

pub(crate) fn rotate_key(state: &mut State, order: &RotateKey) -> Result<(), Reject> {
    let authority = state.authorities.get_mut(order.authority.at()).ok_or(Reject::because(Reason::Unknown))?;
    authority.public_key = order.public_key;
    Ok(())
}

pub(crate) fn add_currency(state: &mut State, order: &AddCurrency) -> Result<(), Reject> {
    if !order.code.iter().all(u8::is_ascii_uppercase) {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if order.exponent > EXPONENT_MAX {
        return Err(Reject::limit(Reason::OutOfRange, i64::from(EXPONENT_MAX), i64::from(order.exponent)));
    }
    if order.authority.at() >= state.authorities.len() {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.authority.0)));
    }
    if state.currency_by_code(&order.code).is_some() {
        return Err(Reject::because(Reason::Exists));
    }
    if state.currencies.len() >= CURRENCIES_MAX {
        return Err(Reject::limit(Reason::OutOfRange, CURRENCIES_MAX as i64, state.currencies.len() as i64));
    }
    let id = CurrencyId(u32::try_from(state.currencies.len()).expect("checked above"));
    let outside = open(state, ParticipantId::NONE, id, IS_OUTSIDE);
    let remainder = open(state, ParticipantId::NONE, id, IS_REMAINDER);
    state.currencies.push(Currency {
        code: order.code,
        exponent: order.exponent,
        authority: order.authority,
        calendar: order.calendar.clone(),
        unsettled: order.unsettled,
        stopped: false,
        cover: 0,
        issued: 0,
        credit: 0,
        outside,
        remainder,
    });
    Ok(())
}

pub(crate) fn set_calendar_day(state: &mut State, order: &SetCalendarDay) -> Result<(), Reject> {
    let date = state.day.date;
    let currency = state.currencies.get_mut(order.currency.at()).ok_or(Reject::because(Reason::Unknown))?;
    if order.day > crate::ids::Day::LAST {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if order.day < date {
        // Deadlines and settlement dates already given rest on the past.
        return Err(Reject::limit(Reason::ValueDate, i64::from(date.0), i64::from(order.day.0)));
    }
    currency.calendar.exceptions.insert(order.day, order.open);
    if order.day == date
        && let Some(closed) = state.day.closed.get_mut(order.currency.at())
    {
        *closed = !order.open;
        state.all_queues_may_go();
    }
    Ok(())
}

pub(crate) fn add_participant(state: &mut State, order: &AddParticipant) -> Result<(), Reject> {
    name(&order.name)?;
    if !order.bic.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if order.authority.at() >= state.authorities.len() {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.authority.0)));
    }
    if order.sponsor.is_some() {
        // A sponsor is itself direct: no chains.
        let sponsor = state.participants.get(order.sponsor.at());
        if sponsor.is_none_or(|sponsor| sponsor.sponsor.is_some()) {
            return Err(Reject::refers(Reason::Unknown, u64::from(order.sponsor.0)));
        }
    }
    if state.participant_by_bic(&order.bic).is_some() {
        return Err(Reject::because(Reason::Exists));
    }
    state.participants.push(Participant {
        bic: order.bic,
        name: order.name.clone(),
        authority: order.authority,
        sponsor: order.sponsor,
        stopped_out: false,
        stopped_in: false,
    });
    Ok(())
}

pub(crate) fn open_account(state: &mut State, order: &OpenAccount) -> Result<(), Reject> {
    let participant = state.participants.get(order.participant.at());
    if participant.is_none_or(|participant| participant.sponsor.is_some()) {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.participant.0)));
    }
    if order.currency.at() >= state.currencies.len() {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.currency.0)));
    }
    if state.account_of.contains_key(&(order.participant, order.currency)) {
        return Err(Reject::because(Reason::Exists));
    }
    let id = open(state, order.participant, order.currency, 0);
    state.account_of.insert((order.participant, order.currency), id);
    Ok(())
}

fn open(state: &mut State, participant: ParticipantId, currency: CurrencyId, flags: u32) -> AccountId {
    let id = AccountId(u32::try_from(state.accounts.len()).expect("fewer than 2^32 accounts"));
    state.accounts.push(Account::new(participant, currency, flags));
    state.sides.push(AccountSide::new(state.at));
    id
}

pub(crate) fn add_actor(state: &mut State, events: &mut Events, order: &AddActor) -> Result<(), Reject> {
    name(&order.name)?;
    let known = match order.scope {
        Scope::Operator => true,
        Scope::Authority(authority) => authority.at() < state.authorities.len(),
        Scope::Participant(participant) => participant.at() < state.participants.len(),
    };
    if !known || !order.roles.known() {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if order.roles.excluded().is_some() {
        return Err(Reject::because(Reason::RolesExcluded));
    }
    if state.actors.iter().any(|actor| actor.name == order.name) {
        return Err(Reject::because(Reason::Exists));
    }
    let actor = ActorId(u32::try_from(state.actors.len()).expect("fewer than 2^32 actors"));
    state.actors.push(Actor { name: order.name.clone(), scope: order.scope, roles: order.roles });
    events.push(Event::ActorAdded { actor });
    Ok(())
}

pub(crate) fn set_roles(state: &mut State, order: &SetRoles) -> Result<(), Reject> {
    if order.actor == State::SYSTEM || !order.roles.known() {
        return Err(Reject::because(Reason::OutOfRange));
    }
    if order.roles.excluded().is_some() {
        return Err(Reject::because(Reason::RolesExcluded));
    }
    let actor = state.actors.get_mut(order.actor.at()).ok_or(Reject::because(Reason::UnknownActor))?;
    actor.roles = order.roles;
    Ok(())
}

pub(crate) fn set_offsetting(state: &mut State, order: &SetOffsetting) -> Result<(), Reject> {
    if order.currency.at() >= state.currencies.len() {
        return Err(Reject::refers(Reason::Unknown, u64::from(order.currency.0)));
    }
    match order.rule {
        Some(rule) => state.offsetting.insert(order.currency, rule),
        None => state.offsetting.remove(&order.currency),
    };
    state.stirred = true;
    Ok(())
}

pub(crate) fn set_bypass(state: &mut State, order: &SetBypass) -> Result<(), Reject> {
    let account = state.accounts.get_mut(order.account.at()).filter(|account| !account.is(IS_INTERNAL));
    let account = account.ok_or(Reject::refers(Reason::UnknownDebtor, u64::from(order.account.0)))?;
    account.mark(MAY_BYPASS, order.allowed);
    Ok(())
}

pub(crate) fn activate(state: &mut State, version: u32) -> Result<(), Reject> {
    if state.genesis.is_none() || state.phases.is_empty() || state.currencies.is_empty() {
        return Err(Reject::because(Reason::NotActive));
    }
    if state.version.is_some_and(|current| version <= current) {
        let current = state.version.unwrap_or(0);
        return Err(Reject::limit(Reason::OutOfRange, i64::from(current), i64::from(version)));
    }
    state.version = Some(version);
    Ok(())
}

fn name(text: &str) -> Result<(), Reject> {
    if text.is_empty() || text.len() > NAME_MAX {
        return Err(Reject::limit(Reason::OutOfRange, NAME_MAX as i64, text.len() as i64));
    }
    Ok(())
}

/// The general rules before a journal's first entry says others.
const NO_OPTIONS: Options = Options {
    proposal_ttl_s: 3600,
    return_days: 2,
    recall_ttl_s: 86_400,
    value_days_max: 0,
    offset_on_arrival: false,
    require_confirmation: false,
};

impl State {
    /// The general rules in force.
    #[inline]
    #[must_use]
    pub fn options(&self) -> Options {
        match &self.genesis {
            Some(genesis) => genesis.options,
            None => NO_OPTIONS,
        }
    }

    /// How what waits in a currency is offset: its own rule, or the arrangement's general one.
    #[inline]
    #[must_use]
    pub fn offsetting(&self, currency: CurrencyId) -> Offsetting {
        let own = if self.offsetting.is_empty() { None } else { self.offsetting.get(&currency) };
        own.copied().unwrap_or(Offsetting {
            on_change: if self.options().offset_on_arrival { OnChange::Pair } else { OnChange::Nothing },
            policy: Policy::FifoPrefix,
        })
    }

    /// The currency issued by a participant's home authority, if any.
    #[must_use]
    pub fn home_currency(&self, participant: ParticipantId) -> Option<CurrencyId> {
        let home: AuthorityId = self.participants.get(participant.at())?.authority;
        let at = self.currencies.iter().position(|currency| currency.authority == home)?;
        u32::try_from(at).ok().map(CurrencyId)
    }
}
