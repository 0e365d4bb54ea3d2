//! Tranches: how much of a position is paid in the settlement asset, and how much is carried as credit.
//!
//! A ladder is a list of tranches, each a range of shares of the quota with the share of it that is paid in asset; together they
//! make `asset(p)`, which is piecewise linear in the position `p`. Only the **change** `asset(p_new) - asset(p_old)` is ever
//! settled. So a later surplus unwinds the last tranche first, and what has been paid depends on where a member stands, not on
//! how it got there. Source: European Payments Union agreement of 1950.
//!
//! **Rounding.** `asset(p)` itself is rounded to whole minor units, toward zero or away from it, and differences are taken of the
//! rounded stocks: they telescope, so nothing is lost however often it is settled, and the stock is never one minor unit or more
//! from the exact one. [`Rounding`] names who carries the fraction.
//!
//! Deliberately absent: what the asset is, and when it is paid.

use alloc::vec::Vec;

use crate::quota::Quota;
use crate::{Ratio, Refusal, Share, Side};

/// Most tranches of one ladder.
pub const TRANCHE_COUNT_MAX: usize = 100;

/// One step of a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Tranche {
    /// Where it begins, as a share of quota: the end of the one before, 0 for the first.
    pub from: Share,
    /// Where it ends; the last one ends at the full quota.
    pub to: Share,
    /// The share of this tranche that is paid in asset; the rest is credit.
    pub asset: Share,
}

/// What happens to the part of a position beyond the quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Beyond {
    /// All of it is paid in asset.
    Asset,
    /// All of it is carried as credit, without limit.
    Credit,
    /// A special arrangement: this share is paid in asset, the rest is special credit. Both are counted apart.
    Special {
        /// The share that is paid in asset.
        asset: Share,
    },
    /// No position beyond the quota.
    Refuse,
}

/// One side's tranches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ladder {
    tranches: Vec<Tranche>,
    beyond: Beyond,
}

/// Who carries the fraction of a minor unit that the exact asset share may have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// The asset stock is rounded toward zero: the fraction stays in the member's credit with the union.
    #[default]
    CreditCarries,
    /// The asset stock is rounded away from zero: the fraction is paid in asset.
    AssetCarries,
}

/// Both sides' ladders.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    debtor: Ladder,
    creditor: Ladder,
    rounding: Rounding,
}

/// What a position consists of, or by how much that changed. Signed like the position: below zero, the member paid the asset and
/// received the credit; above zero, it received the asset and granted the credit. The four sum to the position, or its change.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stock {
    /// Paid or received in asset within the quota, or beyond it by [`Beyond::Asset`].
    pub asset: i64,
    /// Received or granted as credit.
    pub credit: i64,
    /// The part of a special arrangement that is paid in asset.
    pub special_asset: i64,
    /// The part of a special arrangement that is carried as credit.
    pub special_credit: i64,
}

impl Stock {
    /// The sum of all parts: the position.
    #[must_use]
    pub fn total(&self) -> i128 {
        i128::from(self.asset) + i128::from(self.credit) + self.special()
    }

    /// The special arrangement's part, both kinds.
    #[must_use]
    pub fn special(&self) -> i128 {
        i128::from(self.special_asset) + i128::from(self.special_credit)
    }

    /// All that is paid in asset, by whichever rule.
    #[must_use]
    pub fn paid(&self) -> i128 {
        i128::from(self.asset) + i128::from(self.special_asset)
    }

    /// The change from `old` to `self`.
    ///
    /// # Errors
    /// [`Refusal::Overflow`] if a part of it does not fit into 64 bits.
    pub fn since(&self, old: &Self) -> Result<Self, Refusal> {
        let difference =
            |new: i64, old: i64| new.checked_sub(old).ok_or(Refusal::Overflow { field: "change of a position" });
        Ok(Self {
            asset: difference(self.asset, old.asset)?,
            credit: difference(self.credit, old.credit)?,
            special_asset: difference(self.special_asset, old.special_asset)?,
            special_credit: difference(self.special_credit, old.special_credit)?,
        })
    }
}

impl Ladder {
    /// A ladder of tranches from zero to the full quota.
    ///
    /// # Errors
    /// The first tranche that is empty, overlaps the one before or leaves a gap, or a ladder that ends below the full quota.
    pub fn new(side: Side, tranches: &[Tranche], beyond: Beyond) -> Result<Self, Refusal> {
        if tranches.len() > TRANCHE_COUNT_MAX {
            return Err(exceeds("tranches of a ladder", tranches.len(), TRANCHE_COUNT_MAX));
        }
        let mut before = Share::ZERO;
        for (index, tranche) in tranches.iter().enumerate() {
            let (from, to) = (tranche.from.raw(), tranche.to.raw());
            if tranche.from < before {
                return Err(Refusal::TrancheOverlap { side, index, from, before: before.raw() });
            }
            if tranche.from > before {
                return Err(Refusal::TrancheGap { side, index, from, before: before.raw() });
            }
            if tranche.to <= tranche.from {
                return Err(Refusal::TrancheOrder { side, index, from, to });
            }
            before = tranche.to;
        }
        match tranches.last() {
            None => Err(Refusal::NoTranche { side }),
            Some(last) if last.to != Share::ONE => Err(Refusal::TrancheEnd { side, to: last.to.raw() }),
            Some(_) => Ok(Self { tranches: tranches.into(), beyond }),
        }
    }

    /// The tranches, in order.
    #[must_use]
    pub fn tranches(&self) -> &[Tranche] {
        &self.tranches
    }

    /// The rule beyond the quota.
    #[must_use]
    pub const fn beyond(&self) -> Beyond {
        self.beyond
    }

    /// What is paid in asset of `size` minor units within the quota, in 10^-12 minor units.
    fn asset(&self, quota: i64, size: i64) -> i128 {
        let scale = i128::from(Share::SCALE);
        let (quota, size) = (i128::from(quota), i128::from(size) * scale);
        self.tranches
            .iter()
            // Size and bounds are below 2^63 x 10^6 each, and a share is at most 10^6: all below 2^103.
            .map(|tranche| {
                let (from, to) = (quota * tranche.from.millionths(), quota * tranche.to.millionths());
                (size.min(to) - from).max(0) * tranche.asset.millionths()
            })
            .sum()
    }
}

/// 10^12: shares of asset times shares of quota.
const FINE: i128 = 1_000_000_000_000;

impl Schedule {
    /// Two ladders and a rounding rule.
    #[must_use]
    pub const fn new(debtor: Ladder, creditor: Ladder, rounding: Rounding) -> Self {
        Self { debtor, creditor, rounding }
    }

    /// The ladder of one side.
    #[must_use]
    pub const fn ladder(&self, side: Side) -> &Ladder {
        match side {
            Side::Debtor => &self.debtor,
            Side::Creditor => &self.creditor,
        }
    }

    /// Who carries fractions.
    #[must_use]
    pub const fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// `asset(position)` without rounding, signed like the position; special asset included.
    ///
    /// # Errors
    /// [`Refusal::BeyondQuota`] where the rule refuses, [`Refusal::Overflow`] for the one position without an opposite.
    pub fn asset_exact(&self, quota: Quota, position: i64) -> Result<Ratio, Refusal> {
        let Some(parts) = self.parts(quota, position)? else { return Ok(Ratio::ZERO) };
        let beyond = i128::from(parts.beyond) * parts.beyond_asset.millionths() * i128::from(Share::SCALE);
        let exact = parts.asset.checked_add(beyond).and_then(|sum| Ratio::new(sum * sign(position), FINE));
        exact.ok_or(Refusal::Overflow { field: "asset" })
    }

    /// What `position` consists of, in whole minor units.
    ///
    /// # Errors
    /// As [`Schedule::asset_exact`].
    pub fn stock(&self, quota: Quota, position: i64) -> Result<Stock, Refusal> {
        let Some(parts) = self.parts(quota, position)? else { return Ok(Stock::default()) };
        let within = self.round(parts.asset, FINE);
        let special = self.round(i128::from(parts.beyond) * parts.beyond_asset.millionths(), i128::from(Share::SCALE));
        let (asset, credit) = (within, i128::from(parts.within) - within);
        let beyond = i128::from(parts.beyond);
        let (asset, credit, special_asset, special_credit) = match parts.rule {
            Beyond::Asset => (asset + beyond, credit, 0, 0),
            Beyond::Credit | Beyond::Refuse => (asset, credit + beyond, 0, 0),
            Beyond::Special { .. } => (asset, credit, special, beyond - special),
        };
        let signed = |size: i128| {
            i64::try_from(size * sign(position)).map_err(|_| Refusal::Overflow { field: "part of a position" })
        };
        Ok(Stock {
            asset: signed(asset)?,
            credit: signed(credit)?,
            special_asset: signed(special_asset)?,
            special_credit: signed(special_credit)?,
        })
    }

    /// What is settled when a position goes from `old` to `new`: the change of the stock, and nothing else.
    ///
    /// # Errors
    /// As [`Schedule::asset_exact`].
    pub fn settle(&self, quota: Quota, old: i64, new: i64) -> Result<Stock, Refusal> {
        self.stock(quota, new)?.since(&self.stock(quota, old)?)
    }

    fn parts(&self, quota: Quota, position: i64) -> Result<Option<Parts>, Refusal> {
        let Some(side) = Side::of(position) else { return Ok(None) };
        let ladder = self.ladder(side);
        let size = position.checked_abs().ok_or(Refusal::Overflow { field: "position" })?;
        let within = size.min(quota.value());
        let beyond = size - within;
        let beyond_asset = match ladder.beyond {
            Beyond::Asset => Share::ONE,
            Beyond::Credit => Share::ZERO,
            Beyond::Special { asset } => asset,
            Beyond::Refuse if beyond > 0 => {
                return Err(Refusal::BeyondQuota { member: None, side, position, quota: quota.value() });
            }
            Beyond::Refuse => Share::ZERO,
        };
        let asset = ladder.asset(quota.value(), within);
        Ok(Some(Parts { within, beyond, asset, beyond_asset, rule: ladder.beyond }))
    }

    fn round(&self, numerator: i128, denominator: i128) -> i128 {
        match self.rounding {
            Rounding::CreditCarries => numerator.div_euclid(denominator),
            Rounding::AssetCarries => {
                numerator.div_euclid(denominator) + i128::from(numerator.rem_euclid(denominator) != 0)
            }
        }
    }
}

/// A position's size, cut at the quota.
struct Parts {
    within: i64,
    beyond: i64,
    /// Of `within`, in 10^-12 minor units.
    asset: i128,
    beyond_asset: Share,
    rule: Beyond,
}

fn sign(position: i64) -> i128 {
    i128::from(position.signum())
}

fn exceeds(field: &'static str, value: usize, limit: usize) -> Refusal {
    let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
    Refusal::Exceeds { field, value: whole(value), limit: whole(limit) }
}
