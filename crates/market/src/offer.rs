//! An offer to exchange one pair: by the official rate, a dealer or an auction, with what it is limited to.
//!
//! [`take`] says what an amount comes to under one offer, or the first reason why it cannot be taken. Deliberately absent: who
//! offers (the caller's number for it is its place in the list), holding the money, and time.

use crate::dealer::{Ask, Terms, TwoWay};
use crate::rate::{Converted, Fixed, Rate, Way, convert};

/// Most digits after the point of a currency.
pub const EXPONENT_MAX: u8 = 4;

/// Where a price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// The rate that authorities agreed for the day.
    Official,
    /// A rate fixed by the arrangement.
    Fixed,
    /// A dealer's standing rate.
    Dealer,
    /// The price of the last call auction.
    Auction,
}

impl Kind {
    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Fixed => "fixed",
            Self::Dealer => "dealer",
            Self::Auction => "auction",
        }
    }
}

/// What an offer asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Price {
    /// The same rate both ways.
    One(Rate),
    /// A bid and an ask.
    Two(TwoWay),
    /// A dealer's terms, better for larger amounts.
    Terms {
        /// The terms.
        terms: Terms,
        /// The official rate they may stand around.
        official: Option<Rate>,
        /// Improvement for this client, basis points.
        client: u32,
    },
}

/// Somebody's offer in one pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// Index of the base currency.
    pub base: u32,
    /// Index of the quote currency.
    pub quote: u32,
    /// Where the price comes from.
    pub kind: Kind,
    /// What it asks.
    pub price: Price,
    /// Whether the arrangement allows this kind in this pair today.
    pub allowed: bool,
    /// The largest amount it takes, minor units of the base currency; `None` takes any.
    pub most: Option<i64>,
    /// What its owner can deliver in the base currency, minor units; `None` without limit.
    pub funds_base: Option<i64>,
    /// What its owner can deliver in the quote currency, minor units; `None` without limit.
    pub funds_quote: Option<i64>,
    /// What its owner may still buy of the base currency under its position limit, minor units; `None` without limit.
    pub room_buy: Option<i64>,
    /// What its owner may still sell of the base currency under its position limit, minor units; `None` without limit.
    pub room_sell: Option<i64>,
}

impl Offer {
    /// An offer without limits.
    #[must_use]
    pub const fn new(base: u32, quote: u32, kind: Kind, price: Price) -> Self {
        Self {
            base,
            quote,
            kind,
            price,
            allowed: true,
            most: None,
            funds_base: None,
            funds_quote: None,
            room_buy: None,
            room_sell: None,
        }
    }

    /// Which way `from` to `to` goes through this pair; none if it is another pair.
    #[must_use]
    pub const fn way(&self, from: u32, to: u32) -> Option<Way> {
        if self.base == from && self.quote == to {
            return Some(Way::BaseToQuote);
        }
        if self.base == to && self.quote == from {
            return Some(Way::QuoteToBase);
        }
        None
    }
}

/// Why an offer cannot be taken, or was not chosen. In order of precedence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// The arrangement does not allow it in this pair today.
    NotAllowed,
    /// It names no rate for this way or amount.
    NoRate,
    /// The amount comes to nothing, or leaves the range of 64 bits.
    Range,
    /// More than the largest amount it takes, minor units of the base currency.
    Over {
        /// The amount.
        base: i64,
        /// The largest.
        most: i64,
    },
    /// Its owner has not the money to deliver, minor units of what is credited.
    NoFunds {
        /// Index of the currency it would deliver.
        currency: u32,
        /// What is needed.
        needed: i64,
        /// What is there.
        has: i64,
    },
    /// Its owner's position limit leaves less room, minor units of the base currency.
    NoRoom {
        /// What is needed.
        needed: i64,
        /// What is left.
        room: i64,
    },
    /// Another gives more, or asks less, by this many minor units of the side that is not fixed; zero is a tie that the earlier
    /// offer wins.
    Worse {
        /// By how much.
        by: i64,
    },
    /// It gives more here, but what it gives cannot go on from here as well as the chosen one.
    NotOnward,
}

impl core::fmt::Display for Why {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::NotAllowed => write!(f, "not allowed in this pair today"),
            Self::NoRate => write!(f, "no rate for this way or amount"),
            Self::Range => write!(f, "the amount comes to nothing or leaves the range"),
            Self::Over { base, most } => write!(f, "{base} exceed its largest amount {most}"),
            Self::NoFunds { needed, has, .. } => write!(f, "its funds {has} do not reach {needed}"),
            Self::NoRoom { needed, room } => write!(f, "its position limit leaves {room} of {needed}"),
            Self::Worse { by } => write!(f, "worse by {by}"),
            Self::NotOnward => write!(f, "better here, but worse or impossible from there"),
        }
    }
}

/// The rate of an offer for one deal, and whether the amount reaches it.
///
/// # Errors
/// The first reason against it, in the order of [`Why`].
pub fn take(offer: &Offer, way: Way, fixed: Fixed, amount: i64, exponents: (u8, u8)) -> Result<(Rate, Converted), Why> {
    let (base_exponent, quote_exponent) = exponents;
    if !offer.allowed {
        return Err(Why::NotAllowed);
    }
    let rate = rate(offer, Ask { way, fixed, amount, base_exponent, quote_exponent }).ok_or(Why::NoRate)?;
    if base_exponent > EXPONENT_MAX || quote_exponent > EXPONENT_MAX {
        return Err(Why::Range);
    }
    let converted = convert(rate, way, fixed, amount, base_exponent, quote_exponent).ok_or(Why::Range)?;
    let (base, funds, room) = match way {
        Way::BaseToQuote => (converted.source, offer.funds_quote, offer.room_buy),
        Way::QuoteToBase => (converted.target, offer.funds_base, offer.room_sell),
    };
    if let Some(most) = offer.most.filter(|&most| base > most) {
        return Err(Why::Over { base, most });
    }
    if let Some(has) = funds.filter(|&has| converted.target > has) {
        let currency = if way == Way::BaseToQuote { offer.quote } else { offer.base };
        return Err(Why::NoFunds { currency, needed: converted.target, has });
    }
    if let Some(room) = room.filter(|&room| base > room) {
        return Err(Why::NoRoom { needed: base, room });
    }
    Ok((rate, converted))
}

/// The best rate that any amount could get: no deal of this way is ever better.
pub(crate) fn best_rate(offer: &Offer, way: Way, exponents: (u8, u8)) -> Option<Rate> {
    let fixed = match way {
        Way::BaseToQuote => Fixed::Source,
        Way::QuoteToBase => Fixed::Target,
    };
    let (base_exponent, quote_exponent) = exponents;
    rate(offer, Ask { way, fixed, amount: i64::MAX, base_exponent, quote_exponent })
}

fn rate(offer: &Offer, ask: Ask) -> Option<Rate> {
    let two = |two: TwoWay| match ask.way {
        Way::BaseToQuote => two.bid,
        Way::QuoteToBase => two.ask,
    };
    let rate = match &offer.price {
        Price::One(rate) => Some(*rate),
        Price::Two(rates) => Some(two(*rates)),
        Price::Terms { terms, official, client } => terms.rate(*official, ask, *client),
    };
    rate.filter(|rate| rate.is_valid())
}
