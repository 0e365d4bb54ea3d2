//! Residual settlement: by which methods what is neither set off nor carried is settled.
//!
//! Behind one list stand five methods. They are tried in the order of the rule set; each takes a share of what the ones before left,
//! within its limit, and says why. What no method takes stays open and is asked for again in the next cycle. No currency has a
//! place of its own here: the designated asset is whatever the members designate. Sources: practice of payments unions
//! (designated asset, credit), regional proposals (baskets, auctions, permitted use); shares and limits are data. Deliberately
//! absent: prices of an auction and deliveries; this says who settles how much by which method.

use alloc::vec::Vec;

use crate::apportion::apportion;
use crate::position::add;
use crate::quota::Quota;
use crate::{Refusal, Share};

/// Most methods of one rule set.
pub const METHOD_COUNT_MAX: usize = 20;

/// A method of settling residuals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// Paid in the asset that the members designated.
    DesignatedAsset,
    /// Rolled over into credit; goes back when the residual turns.
    RollOver,
    /// Paid in a basket of members' currencies.
    Basket,
    /// Matched with opposite residuals in a call auction.
    Auction,
    /// The one who is owed takes a permitted use of its claim instead.
    PermittedUse,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::DesignatedAsset, Self::RollOver, Self::Basket, Self::Auction, Self::PermittedUse];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::DesignatedAsset => "designated-asset",
            Self::RollOver => "roll-over",
            Self::Basket => "basket",
            Self::Auction => "auction",
            Self::PermittedUse => "permitted-use",
        }
    }

    /// Its place in [`Kind::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        match self {
            Self::DesignatedAsset => 0,
            Self::RollOver => 1,
            Self::Basket => 2,
            Self::Auction => 3,
            Self::PermittedUse => 4,
        }
    }
}

/// A method with its terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Method {
    /// Which one.
    pub kind: Kind,
    /// The share of what is left that it takes.
    pub share: Share,
    /// Most it takes, as a share of quota: of all that is rolled over for a roll-over, of a cycle for the others. None for no limit;
    /// a member without a quota has no room under a limit.
    pub limit: Option<Share>,
}

/// What one member has to settle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Residual {
    /// Below zero, the member pays; above, it receives.
    pub amount: i64,
    /// Its quota, where it has one.
    pub quota: Option<Quota>,
    /// What is rolled over already, signed like `amount`.
    pub rolled: i64,
}

/// Why a method took what it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Why {
    /// Opposite residuals of this size stood against each other.
    Opposite {
        /// What could be matched.
        matched: i64,
    },
    /// There was this much room under the limit.
    Room {
        /// Minor units.
        room: i64,
    },
    /// The residual turned, and what had been rolled over went back.
    TurnedBack,
    /// The rule gives the method this share of what was left.
    ShareOf {
        /// The share.
        share: Share,
    },
    /// No method of the list was left for it.
    NoMethod,
}

/// A part of a residual, and how it is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Settled {
    /// Whose, an index.
    pub member: u32,
    /// By which method; none if it stays open.
    pub kind: Option<Kind>,
    /// Signed like the residual.
    pub amount: i64,
    /// Why.
    pub why: Why,
}

/// Settles residuals by `methods`, in order. For every member the parts sum to its residual.
///
/// # Errors
/// [`Refusal::Exceeds`] for too many methods or members, [`Refusal::Overflow`] for sums that do not fit.
pub fn settle(methods: &[Method], residuals: &[Residual]) -> Result<Vec<Settled>, Refusal> {
    if methods.len() > METHOD_COUNT_MAX {
        let value = i64::try_from(methods.len()).unwrap_or(i64::MAX);
        return Err(Refusal::Exceeds { field: "residual methods", value, limit: 20 });
    }
    // Sums of either side must fit, because shares are parted by them.
    for side in [-1, 1] {
        let sum: i128 =
            residuals.iter().filter(|r| r.amount.signum() == side).map(|r| i128::from(r.amount).abs()).sum();
        if sum >= i128::from(i64::MAX) {
            return Err(Refusal::Overflow { field: "residuals" });
        }
    }
    let mut left: Vec<i64> = residuals.iter().map(|residual| residual.amount).collect();
    let mut rolled: Vec<i64> = residuals.iter().map(|residual| residual.rolled).collect();
    let mut settled = Vec::new();
    for method in methods {
        let takes: Vec<Take> = match method.kind {
            Kind::Auction => auction(method, residuals, &left),
            Kind::RollOver => roll(method, residuals, &left, &rolled),
            Kind::DesignatedAsset | Kind::Basket => each(method, residuals, &left),
            Kind::PermittedUse => {
                let claims: Vec<i64> = left.iter().map(|left| (*left).max(0)).collect();
                each(method, residuals, &claims)
            }
        };
        for (member, take) in (0u32..).zip(takes) {
            let place = crate::at(member);
            for (amount, why) in take.into_iter().flatten().filter(|(amount, _)| *amount != 0) {
                left[place] -= amount;
                if method.kind == Kind::RollOver {
                    rolled[place] = add(rolled[place], amount)?;
                }
                settled.push(Settled { member, kind: Some(method.kind), amount, why });
            }
        }
    }
    for (member, amount) in (0u32..).zip(left).filter(|(_, left)| *left != 0) {
        settled.push(Settled { member, kind: None, amount, why: Why::NoMethod });
    }
    Ok(settled)
}

/// What a method takes of one residual: at most two parts with their reasons.
type Take = [Option<(i64, Why)>; 2];

/// The share of what is left, within a limit of the cycle.
fn each(method: &Method, residuals: &[Residual], left: &[i64]) -> Vec<Take> {
    let take = |(residual, left): (&Residual, &i64)| {
        let share = part(method.share, *left);
        let take = match room(method, residual) {
            Some(room) if room < share.abs() => (room * left.signum(), Why::Room { room }),
            Some(_) | None => (share, Why::ShareOf { share: method.share }),
        };
        [Some(take), None]
    };
    residuals.iter().zip(left).map(take).collect()
}

/// The smaller side is matched in full, the larger one in proportion to what it offers.
fn auction(method: &Method, residuals: &[Residual], left: &[i64]) -> Vec<Take> {
    let offer = |side: i64| -> Vec<i64> {
        let offer = |(residual, left): (&Residual, &i64)| {
            let share = if left.signum() == side { part(method.share, *left).abs() } else { 0 };
            room(method, residual).map_or(share, |room| share.min(room))
        };
        residuals.iter().zip(left).map(offer).collect()
    };
    let (pay, get) = (offer(-1), offer(1));
    let matched = pay.iter().sum::<i64>().min(get.iter().sum());
    let (pay, get) = (apportion(matched, &pay), apportion(matched, &get));
    pay.iter().zip(get).map(|(pay, get)| [Some((get - pay, Why::Opposite { matched })), None]).collect()
}

fn roll(method: &Method, residuals: &[Residual], left: &[i64], rolled: &[i64]) -> Vec<Take> {
    let take = |(place, residual): (usize, &Residual)| {
        let (left, rolled) = (left[place], rolled[place]);
        let opposite = left.signum() * rolled.signum() < 0;
        let back = if opposite { left.abs().min(rolled.abs()) * left.signum() } else { 0 };
        let more = part(method.share, left - back);
        let held = if opposite { rolled.abs() - back.abs() } else { rolled.abs() };
        let room = room(method, residual).map_or(i64::MAX, |room| (room - held).max(0));
        let new = more.abs().min(room) * left.signum();
        [Some((back, Why::TurnedBack)), Some((new, Why::Room { room }))]
    };
    residuals.iter().enumerate().map(take).collect()
}

/// The limit in minor units; none where there is none.
fn room(method: &Method, residual: &Residual) -> Option<i64> {
    let share = method.limit?;
    let floor = residual.quota.map_or(0, |quota| share.of(quota.value()).floor());
    Some(i64::try_from(floor).unwrap_or(i64::MAX))
}

fn part(share: Share, amount: i64) -> i64 {
    i64::try_from(share.of(amount).toward_zero()).unwrap_or(0)
}
