//! The unit of account: one currency, or a weighted basket with its own fixing.
//!
//! A basket's unit is worth `sum(weight_i x rate_i now / rate_i at its base)`, so it is worth exactly one on its base day, and
//! rates are the worth of one minor unit of a currency in any common measure. Everything is exact; only the conversion of an
//! amount rounds, toward zero, and says what is left. Sources: the weighted units of clearing unions; weights and base are data.
//! Deliberately absent: where rates come from, their approval and their gate (the ledger has those).

use alloc::vec::Vec;

use crate::{Ratio, Refusal, Share};

/// Most currencies of one basket.
pub const COMPONENT_COUNT_MAX: usize = 100;

/// A currency's part in a basket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Component {
    /// The currency, as the caller numbers them.
    pub currency: u32,
    /// Its weight; all sum to exactly one.
    pub weight: Share,
    /// What one minor unit of it was worth on the base day.
    pub base: Ratio,
}

/// What positions are counted in.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// One currency.
    Currency(u32),
    /// A weighted basket.
    Basket(Basket),
}

/// A weighted basket.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Basket(Vec<Component>);

/// An amount in the unit of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Whole minor units of the unit of account, rounded toward zero.
    pub amount: i64,
    /// What rounding left, below one minor unit, with the sign of the amount; stays with the one who delivers the amount.
    pub rest: Ratio,
}

impl Basket {
    /// A basket of `components`.
    ///
    /// # Errors
    /// No component or too many, a weight of zero, a currency named twice, a base rate that is not above zero, or weights that
    /// do not sum to exactly one.
    pub fn new(components: &[Component]) -> Result<Self, Refusal> {
        if components.is_empty() {
            return Err(Refusal::NoComponent);
        }
        if components.len() > COMPONENT_COUNT_MAX {
            let value = i64::try_from(components.len()).unwrap_or(i64::MAX);
            return Err(Refusal::Exceeds { field: "components of a basket", value, limit: 100 });
        }
        for (index, component) in components.iter().enumerate() {
            if component.weight == Share::ZERO {
                return Err(Refusal::Weight { index });
            }
            if components[..index].iter().any(|other| other.currency == component.currency) {
                return Err(Refusal::ComponentTwice { currency: component.currency });
            }
            positive(component.currency, component.base)?;
        }
        let sum_millionths: u64 = components.iter().map(|component| u64::from(component.weight.raw())).sum();
        if sum_millionths != u64::from(Share::SCALE) {
            return Err(Refusal::Weights { sum_millionths });
        }
        Ok(Self(components.into()))
    }

    /// The components, as given.
    #[must_use]
    pub fn components(&self) -> &[Component] {
        &self.0
    }
}

impl Unit {
    /// What one unit is worth, in the measure of the rates; `rate` gives a currency's worth, if it is known.
    ///
    /// # Errors
    /// [`Refusal::FixingMissing`] for a rate that is missing, [`Refusal::Fixing`] for one that is not above zero,
    /// [`Refusal::Overflow`] if the exact value does not fit.
    pub fn fixing(&self, rate: impl Fn(u32) -> Option<Ratio>) -> Result<Ratio, Refusal> {
        match self {
            Self::Currency(currency) => known(*currency, &rate),
            Self::Basket(basket) => basket.0.iter().try_fold(Ratio::ZERO, |sum, component| {
                let now = known(component.currency, &rate)?;
                let weight = component.weight.of(1);
                let part = weight.times(now).and_then(|part| part.over(component.base));
                part.and_then(|part| sum.plus(part)).ok_or(Refusal::Overflow { field: "fixing" })
            }),
        }
    }

    /// `amount` minor units of `currency` in minor units of this unit.
    ///
    /// # Errors
    /// As [`Unit::fixing`].
    pub fn count(&self, amount: i64, currency: u32, rate: impl Fn(u32) -> Option<Ratio>) -> Result<Counted, Refusal> {
        let overflow = Refusal::Overflow { field: "amount in the unit of account" };
        let (worth, unit) = (known(currency, &rate)?, self.fixing(&rate)?);
        let exact = worth.over(unit).and_then(|each| each.times(Ratio::whole(amount.into())));
        let exact = exact.ok_or(overflow.clone())?;
        let whole = exact.toward_zero();
        let rest = exact.minus(Ratio::whole(whole)).ok_or(overflow.clone())?;
        Ok(Counted { amount: i64::try_from(whole).map_err(|_| overflow)?, rest })
    }
}

fn known(currency: u32, rate: &impl Fn(u32) -> Option<Ratio>) -> Result<Ratio, Refusal> {
    let found = rate(currency).ok_or(Refusal::FixingMissing { currency })?;
    positive(currency, found)
}

fn positive(currency: u32, rate: Ratio) -> Result<Ratio, Refusal> {
    if rate > Ratio::ZERO { Ok(rate) } else { Err(Refusal::Fixing { currency }) }
}
