//! Rates in the unit of account: stated by each currency's own authority, gated, and counted with.
//!
//! An authority speaks about its own currency alone, in the unit of the one union it is a member of. A rate far from the
//! one before waits until two people release it; a close that would need it is refused and names the currency. Absent on
//! purpose: rates between currencies; positions need none.

use comity_union::unit::{Basket, Component, Unit};
use comity_union::{Ratio, Refusal, Share};

use super::order::{PaymentPart, SetUnion, SetUnitRate, UnitRule};
use super::{UnionState, UnitRate};
use crate::event::{Event, Events};
use crate::ids::{AuthorityId, CurrencyId};
use crate::rate::Rate;
use crate::reject::{Reason, Reject};
use crate::state::State;

/// Longest name of a rate's source, bytes.
const SOURCE_MAX: usize = 70;

/// An authority states its currency's rate in the unit.
pub(crate) fn set_rate(state: &mut State, events: &mut Events, order: &SetUnitRate) -> Result<(), Reject> {
    let currency = order.currency;
    let issuer = state.currencies.get(currency.at()).map(|known| known.authority);
    let issuer = issuer.ok_or(Reject::refers(Reason::Unknown, currency.0.into()))?;
    let union = state.union_of(issuer).ok_or(Reject::refers(Reason::NotMember, issuer.0.into()))?;
    let rules = &state.unions.list[union as usize].rules;
    // The unit of account is worth one of itself, whatever anybody says.
    let itself = rules.unit == UnitRule::Currency(currency);
    if itself || !order.rate.is_valid() || order.source.is_empty() || order.source.len() > SOURCE_MAX {
        return Err(Reject::refers(Reason::OutOfRange, currency.0.into()));
    }
    if order.until <= order.from || order.until <= state.at {
        return Err(Reject::because(Reason::TimeWindow));
    }
    let gate = u64::from(rules.gate_bps);
    let previous =
        state.unions.rates.get(&currency).and_then(|old| if old.gated { old.previous } else { Some(old.rate) });
    let gated = previous.is_some_and(|previous| order.rate.change_bps(previous) > gate);
    state.unions.rates.insert(
        currency,
        UnitRate {
            rate: order.rate,
            source: order.source.clone(),
            kind: order.kind,
            from: order.from,
            until: order.until,
            gated,
            previous,
        },
    );
    events.push(Event::UnitRateSet { currency, gated });
    Ok(())
}

/// Two people release a rate held by the gate.
pub(crate) fn release(state: &mut State, events: &mut Events, currency: CurrencyId) -> Result<(), Reject> {
    match state.unions.rates.get_mut(&currency) {
        Some(rate) if rate.gated => {
            rate.gated = false;
            events.push(Event::UnitRateSet { currency, gated: false });
            Ok(())
        }
        Some(_) => Err(Reject::refers(Reason::NotWaiting, currency.0.into())),
        None => Err(Reject::refers(Reason::UnitRateMissing, currency.0.into())),
    }
}

/// `10^exponent` as a ratio.
fn power(exponent: u8) -> Ratio {
    Ratio::whole(10_i128.pow(exponent.into()))
}

/// What one minor unit of a currency is worth, in minor units of the measure.
fn minor(rate: Rate, of: u8, unit: u8) -> Option<Ratio> {
    Ratio::new(rate.mantissa.into(), 10_i128.pow(rate.scale.into()))?.times(power(unit))?.over(power(of))
}

impl State {
    /// The union an authority is a member of and has not left.
    #[must_use]
    pub fn union_of(&self, authority: AuthorityId) -> Option<u32> {
        let at = self.unions.list.iter().position(|union| union.member(authority).is_some())?;
        u32::try_from(at).ok()
    }

    /// Minor units of the unit of account for one minor unit of a currency, at the rates stated now.
    ///
    /// # Errors
    /// [`Reason::UnitRateMissing`] for a rate that was never stated or is not valid now, [`Reason::RateGate`] for one that
    /// waits for its release; both name the currency.
    pub fn unit_worth(&self, union: u32, currency: CurrencyId) -> Result<Ratio, Reject> {
        let known = self.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
        self.worth(&known.rules, currency)
    }

    pub(super) fn worth(&self, rules: &SetUnion, currency: CurrencyId) -> Result<Ratio, Reject> {
        let range = Reject::refers(Reason::OutOfRange, currency.0.into());
        let own = self.stated(rules, currency)?;
        let UnitRule::Basket(parts) = &rules.unit else { return Ok(own) };
        let components = parts.iter().map(|part| {
            let exponent = self.currencies[part.currency.at()].exponent;
            let base = minor(part.base, exponent, rules.exponent).ok_or(range)?;
            let weight = Share::new("weight", part.weight.into()).map_err(|_| range)?;
            Ok(Component { currency: part.currency.0, weight, base })
        });
        let components = components.collect::<Result<alloc::vec::Vec<_>, Reject>>()?;
        for part in parts {
            self.stated(rules, part.currency)?;
        }
        let basket = Basket::new(&components).map_err(|_| range)?;
        let fixing = Unit::Basket(basket).fixing(|other| self.stated(rules, CurrencyId(other)).ok());
        let fixing = fixing.map_err(|refusal| match refusal {
            Refusal::FixingMissing { currency } => Reject::refers(Reason::UnitRateMissing, currency.into()),
            _ => range,
        })?;
        own.over(fixing).ok_or(range)
    }

    /// A currency's stated rate, for one minor unit.
    fn stated(&self, rules: &SetUnion, currency: CurrencyId) -> Result<Ratio, Reject> {
        let name = u64::from(currency.0);
        let exponent = self.currencies.get(currency.at()).ok_or(Reject::refers(Reason::Unknown, name))?.exponent;
        if rules.unit == UnitRule::Currency(currency) {
            return Ok(Ratio::ONE);
        }
        let missing = Reject::refers(Reason::UnitRateMissing, name);
        let rate = self.unions.rates.get(&currency).ok_or(missing)?;
        if rate.gated {
            let change = rate.previous.map_or(0, |previous| rate.rate.change_bps(previous));
            let change = i64::try_from(change).unwrap_or(i64::MAX);
            return Err(Reject { reason: Reason::RateGate, limit: rules.gate_bps.into(), value: change, refers: name });
        }
        if self.at < rate.from || rate.until <= self.at {
            let until = i64::try_from(rate.until.0).unwrap_or(i64::MAX);
            return Err(Reject { reason: Reason::UnitRateMissing, limit: until, value: 0, refers: name });
        }
        minor(rate.rate, exponent, rules.exponent).ok_or(Reject::refers(Reason::OutOfRange, name))
    }

    /// What has to be paid in each currency of the basket for an amount of the unit, at the rates stated now, rounded up:
    /// currency and minor units, in the order of the rule.
    ///
    /// # Errors
    /// As [`State::unit_worth`]; [`Reason::MethodNotPermitted`] where the rules name no basket.
    pub fn basket_legs(&self, union: u32, amount: i64) -> Result<alloc::vec::Vec<(CurrencyId, i64)>, Reject> {
        let known = self.unions.list.get(union as usize).ok_or(Reject::refers(Reason::Unknown, union.into()))?;
        let parts: alloc::vec::Vec<PaymentPart> = match &known.rules.unit {
            UnitRule::Basket(parts) if known.rules.basket.is_empty() => {
                parts.iter().map(|part| PaymentPart { currency: part.currency, weight: part.weight }).collect()
            }
            UnitRule::Currency(_) | UnitRule::Basket(_) => known.rules.basket.clone(),
        };
        if parts.is_empty() {
            return Err(Reject::refers(Reason::MethodNotPermitted, super::order::Method::Basket as u64));
        }
        let legs = parts.iter().map(|part| {
            let range = Reject::refers(Reason::OutOfRange, part.currency.0.into());
            let worth = self.worth(&known.rules, part.currency)?;
            let share = Ratio::new(i128::from(amount) * i128::from(part.weight), Share::SCALE.into()).ok_or(range)?;
            let exact = share.over(worth).ok_or(range)?.ceil();
            Ok((part.currency, i64::try_from(exact).map_err(|_| range)?))
        });
        legs.collect()
    }
}

impl UnionState {
    /// A member's place, if the authority is a member and has not left.
    #[must_use]
    pub fn member(&self, authority: AuthorityId) -> Option<usize> {
        self.members.iter().position(|member| member.authority == authority && !member.left)
    }
}
