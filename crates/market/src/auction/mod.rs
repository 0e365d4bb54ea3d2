//! A call auction of one pair: everybody trades at one price.
//!
//! Orders buy or sell an amount of the base currency, at a limit or at any price. At a price `p`, demand `D(p)` is what market
//! orders and limits of at least `p` want to buy, supply `S(p)` what market orders and limits of at most `p` want to sell, and
//! `min(D, S)` trades. **The price** is found in this order:
//!
//! 1. prices considered: multiples of the tick from the lowest to the highest limit of the book, the reference price included;
//! 2. of these the ones with the greatest volume;
//! 3. of these the ones with the smallest imbalance `|D - S|`;
//! 4. if buyers are left over at all of them, the highest; if sellers, the lowest (pressure of the market);
//! 5. otherwise the one closest to the reference price, and without a reference the middle, rounded down to the tick.
//!
//! **Who trades.** On the side that is left over, market orders go first, then the better limits; at the level where the volume
//! runs out ([`Margin`]) orders share in proportion or go in order of entry. Orders stand in the order of their entry.
//!
//! **Amounts.** Each fill is converted at the one price by [`crate::rate::convert`] with the base amount fixed: the buyer pays
//! rounded up, the seller receives rounded down, and what is left goes to the pair's remainder account, whole and exact.
//!
//! No crossing is an answer ([`NoCross`]), not an error. Deliberately absent: who the orders belong to, funds and limits (the
//! caller admits orders), hidden amounts.

mod check;
mod fill;
mod price;
#[cfg(test)]
mod tests;

use alloc::vec::Vec;

pub use check::{Flaw, check};

use crate::rate::{RATE_SCALE_MAX, Rate};

/// Most orders of one auction.
pub const ORDER_COUNT_MAX: usize = 10_000_000;

/// Which way an order goes through the pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// Wants the base currency and pays in the quote currency.
    Buy,
    /// Gives the base currency and is paid in the quote currency.
    Sell,
}

impl Side {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Buy => "buy",
            Self::Sell => "sell",
        }
    }
}

/// One order. Its place in the list is its time of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    /// Buys or sells the base currency.
    pub side: Side,
    /// The worst price it accepts, quote units for one base unit; `None` accepts any price.
    pub limit: Option<Rate>,
    /// Minor units of the base currency, more than zero.
    pub amount: i64,
}

/// How orders share at the level where the volume runs out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum Margin {
    /// In proportion to amounts, rounded down; single minor units that are left go to the largest fractions, ties to the earlier.
    #[default]
    ProRata,
    /// In order of entry.
    Time,
}

/// What the auction of a pair is told besides the orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rules {
    /// Digits after the point of prices: the tick is `10^-scale`. At most [`RATE_SCALE_MAX`].
    pub scale: u8,
    /// The price that ties lean to, such as the official rate of the day.
    pub reference: Option<Rate>,
    /// How orders share at the margin.
    pub margin: Margin,
    /// Digits after the point of the base currency.
    pub base_exponent: u8,
    /// Digits after the point of the quote currency.
    pub quote_exponent: u8,
}

/// Why the auction cannot be held as asked. Nothing is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Refused {
    /// More orders than [`ORDER_COUNT_MAX`].
    TooMany {
        /// How many there are.
        count: usize,
    },
    /// The tick is finer than rates can be.
    Scale {
        /// Digits after the point asked for.
        scale: u8,
    },
    /// An amount that is not more than zero.
    Amount {
        /// Which order.
        order: usize,
        /// Its amount.
        amount: i64,
    },
    /// A limit that is no rate, is not a multiple of the tick, or too large for it.
    Limit {
        /// Which order.
        order: usize,
        /// Its limit.
        limit: Rate,
    },
    /// A reference price that is no rate, is not a multiple of the tick, or too large for it.
    Reference {
        /// The price.
        reference: Rate,
    },
    /// The quote amount of a fill at the clearing price leaves the range of 64 bits.
    Range {
        /// Which order.
        order: usize,
    },
}

impl core::fmt::Display for Refused {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::TooMany { count } => write!(f, "{count} orders exceed the limit of {ORDER_COUNT_MAX}"),
            Self::Scale { scale } => {
                write!(f, "a tick of {scale} digits after the point exceeds the limit of {RATE_SCALE_MAX}")
            }
            Self::Amount { order, amount } => write!(f, "order {order}: amount {amount} is not more than zero"),
            Self::Limit { order, limit } => write!(f, "order {order}: limit {limit} is not a multiple of the tick"),
            Self::Reference { reference } => write!(f, "reference price {reference} is not a multiple of the tick"),
            Self::Range { order } => write!(f, "order {order}: its amount in the quote currency leaves the range"),
        }
    }
}

/// Why a price was chosen among those of greatest volume and smallest imbalance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Choice {
    /// There was only one.
    Only,
    /// Buyers were left over at all of them: the highest.
    Highest,
    /// Sellers were left over at all of them: the lowest.
    Lowest,
    /// The closest to the reference price.
    Reference,
    /// Without a reference price, the middle.
    Middle,
}

/// The prices that were equally good before the last rule, and where the surplus turns from buyers to sellers within them.
/// Together with one pass over the orders this proves that no price has more volume, or as much and a smaller imbalance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Proof {
    /// The lowest of them.
    pub low: Rate,
    /// The highest of them.
    pub high: Rate,
    /// The last of them with buyers left over, if at the next price as many sellers are left over.
    pub turn: Option<Rate>,
}

/// A price at which the auction clears.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Price {
    /// Quote units for one base unit.
    pub rate: Rate,
    /// What trades, in minor units of the base currency.
    pub volume: i128,
    /// What buyers want at this price.
    pub demand: i128,
    /// What sellers offer at this price.
    pub supply: i128,
    /// Why it is this one among the equally good.
    pub choice: Choice,
    /// What proves it.
    pub proof: Proof,
}

impl Price {
    /// The side that is left over and by how much; `None` when demand and supply are equal.
    #[must_use]
    pub const fn surplus(&self) -> Option<(Side, i128)> {
        if self.demand > self.supply {
            return Some((Side::Buy, self.demand - self.supply));
        }
        if self.supply > self.demand {
            return Some((Side::Sell, self.supply - self.demand));
        }
        None
    }
}

/// Why nothing trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nobody buys.
    NoBuyers,
    /// Nobody sells.
    NoSellers,
    /// The best bid is below the best ask.
    Apart,
    /// Only market orders and no reference price: there is nothing to take a price from.
    NoPrice,
}

/// The book when nothing trades: an answer, not an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct NoCross {
    /// Why.
    pub reason: Reason,
    /// The highest limit of a buyer.
    pub best_bid: Option<Rate>,
    /// The lowest limit of a seller.
    pub best_ask: Option<Rate>,
    /// All that buyers want at their own limits.
    pub demand: i128,
    /// All that sellers offer at their own limits.
    pub supply: i128,
}

impl core::fmt::Display for NoCross {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match (self.reason, self.best_bid, self.best_ask) {
            (Reason::Apart, Some(bid), Some(ask)) => {
                write!(f, "no crossing: the best bid {bid} is below the best ask {ask}")
            }
            (Reason::Apart, _, _) => write!(f, "no crossing: bids are below asks"),
            (Reason::NoBuyers, _, Some(ask)) => write!(f, "no crossing: nobody buys; the best ask is {ask}"),
            (Reason::NoBuyers, _, None) => write!(f, "no crossing: nobody buys"),
            (Reason::NoSellers, Some(bid), _) => write!(f, "no crossing: nobody sells; the best bid is {bid}"),
            (Reason::NoSellers, None, _) => write!(f, "no crossing: nobody sells"),
            (Reason::NoPrice, _, _) => {
                write!(f, "no price: there are only market orders and no reference price to take one from")
            }
        }
    }
}

/// What the book would do if the auction were held now: published before it runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Indication {
    /// It would clear at this price.
    Price(Price),
    /// Nothing would trade.
    NoCross(NoCross),
}

/// What one order trades.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fill {
    /// Which order.
    pub order: usize,
    /// Minor units of the base currency it buys or sells, more than zero.
    pub base: i64,
    /// Minor units of the quote currency: paid by a buyer, rounded up; received by a seller, rounded down. A seller of a part
    /// so small that it is worth less than one minor unit receives zero.
    pub quote: i64,
}

/// A cleared auction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auction {
    /// The one price.
    pub price: Price,
    /// Who trades how much, in order of entry; orders that do not trade are absent.
    pub fills: Vec<Fill>,
    /// Minor units of the quote currency that buyers pay and sellers do not receive: less than one per fill, for the pair's
    /// remainder account.
    pub remainder: i128,
}

/// What came of an auction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// It cleared.
    Cleared(Auction),
    /// Nothing trades.
    NoCross(NoCross),
}

/// Demand and supply over a range of prices where neither changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Step {
    /// The lowest price.
    pub from: Rate,
    /// The highest price.
    pub to: Rate,
    /// What buyers want.
    pub demand: i128,
    /// What sellers offer.
    pub supply: i128,
}

/// Price, volume and surplus if the auction were held now.
///
/// # Errors
/// The first order or rule that is not valid.
pub fn indication(orders: &[Order], rules: &Rules) -> Result<Indication, Refused> {
    price::Book::new(orders, rules)?.indication()
}

/// Demand and supply at all prices considered, from the lowest, for a picture of the book.
///
/// # Errors
/// The first order or rule that is not valid.
pub fn steps(orders: &[Order], rules: &Rules) -> Result<Vec<Step>, Refused> {
    Ok(price::Book::new(orders, rules)?.steps())
}

/// Holds the auction.
///
/// # Errors
/// The first order or rule that is not valid.
pub fn run(orders: &[Order], rules: &Rules) -> Result<Outcome, Refused> {
    match indication(orders, rules)? {
        Indication::NoCross(none) => Ok(Outcome::NoCross(none)),
        Indication::Price(price) => {
            let fills = fill::fills(orders, rules, &price)?;
            let mut remainder = 0_i128;
            for fill in &fills {
                match orders[fill.order].side {
                    Side::Buy => remainder += i128::from(fill.quote),
                    Side::Sell => remainder -= i128::from(fill.quote),
                }
            }
            Ok(Outcome::Cleared(Auction { price, fills, remainder }))
        }
    }
}
