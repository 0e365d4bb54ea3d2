//! Prices of conversions on the platform: what a pair allows, its dealers, quotes, auctions, and what was dealt.
//!
//! A pair without pricing terms converts at its official rate, as it always did. With terms, up to five sources stand
//! beside each other: the official rate, a fixed one, dealers' standing rates, quotes, and the price of the last call
//! auction. What was chosen, and what the others would have given, is recorded with every deal. A deal at a dealer's
//! price settles at once or is refused: nobody keeps a dealer waiting on a price. Absent on purpose: arithmetic of rates,
//! which is [`comity_market`]'s, and messages.

mod agree;
mod auction;
pub(crate) mod check;
mod locked;
mod order;
mod price;
mod quoted;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

pub use comity_market::dealer::{Basis, Terms as DealerTerms, Tier, TwoWay};
pub use comity_market::quote::FeeRule;
pub use comity_market::rate::Way;

pub use self::order::{
    Agree, PayQuoted, PlaceOrder, QuotedLeg, RequestQuote, SetDealer, SetDealerRate, SetPricing, Subject,
};
use crate::command::{Fixed, PairRef};
use crate::ids::{AccountId, CurrencyId, Day, Key, ParticipantId, PaymentId, Time};
use crate::rate::Rate;
use crate::reject::Reason;
use crate::wire::{wire_enum, wire_struct};

pub(crate) use self::agree::{agree, compare, set_dealer, set_dealer_rate, set_pricing};
pub(crate) use self::auction::{end_orders, place_order, run_auction, withdraw_order};
pub(crate) use self::price::{Priced, price};
pub(crate) use self::quoted::{accept, add_position, lapse, new_day, pay_quoted, request};

wire_enum!(Way { 0 => BaseToQuote, 1 => QuoteToBase });
wire_enum!(Basis { 0 => Own(v), 1 => Spread(v) });
wire_struct!(TwoWay { bid, ask });
wire_struct!(Tier { from, bps });
wire_struct!(DealerTerms { basis, tiers });
wire_struct!(FeeRule { departure, arrival, scheme, scheme_bps });

/// What prices a pair allows: a set of the bits below.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Modes(pub u8);

impl crate::wire::Wire for Modes {
    fn put(&self, out: &mut impl crate::wire::Sink) {
        self.0.put(out);
    }
    fn take(source: &mut crate::wire::Source<'_>) -> Result<Self, crate::wire::Malformed> {
        Ok(Self(u8::take(source)?))
    }
}

impl Modes {
    /// The rate of the day that both authorities approved.
    pub const OFFICIAL: Self = Self(1);
    /// A rate agreed once and constant.
    pub const FIXED: Self = Self(1 << 1);
    /// Dealers' standing rates, taken by a conversion without a quote.
    pub const DEALERS: Self = Self(1 << 2);
    /// Quotes of dealers, asked for before the payment.
    pub const QUOTES: Self = Self(1 << 3);
    /// A call auction at one price.
    pub const AUCTION: Self = Self(1 << 4);

    /// Names, for files and messages.
    pub const NAMES: [(&'static str, Self); 5] = [
        ("official", Self::OFFICIAL),
        ("fixed", Self::FIXED),
        ("dealers", Self::DEALERS),
        ("quotes", Self::QUOTES),
        ("auction", Self::AUCTION),
    ];

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any mode of `other` is in the set.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether the set has something in it, and only known modes.
    #[must_use]
    pub const fn known(self) -> bool {
        self.0 != 0 && self.0 < 1 << 5
    }
}

/// How one price is chosen among those a pair allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Choice {
    /// The best for the payer; of equal ones the first in the order of [`Modes::NAMES`], then of the dealers' numbers.
    Best,
    /// The first that can be had, in that order.
    InOrder,
}
wire_enum!(Choice { 0 => Best, 1 => InOrder });

/// The pricing terms of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PricingTerms {
    /// What is allowed.
    pub modes: Modes,
    /// How one is chosen.
    pub choice: Choice,
    /// The agreed rate, if [`Modes::FIXED`] is allowed; `None` otherwise.
    pub fixed: Option<Rate>,
    /// How long a quote is valid, seconds.
    pub quote_seconds: u32,
    /// Digits after the point of auction prices.
    pub tick: u8,
    /// Fees when the base currency is debited.
    pub selling: FeeRule,
    /// Fees when the quote currency is debited.
    pub buying: FeeRule,
}
wire_struct!(PricingTerms { modes, choice, fixed, quote_seconds, tick, selling, buying });

/// A pair's pricing: the terms in force, and those that wait for the word of both authorities.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Pricing {
    /// In force; `None` until the first terms are agreed.
    pub terms: Option<PricingTerms>,
    /// Asked for, and not yet agreed by both.
    pub asked: Option<PricingTerms>,
    /// The base currency's authority agreed to what is asked for.
    pub base_agreed: bool,
    /// The quote currency's authority did.
    pub quote_agreed: bool,
}
wire_struct!(Pricing { terms, asked, base_agreed, quote_agreed });

/// A dealer of a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealer {
    /// Largest net position in the base currency, long or short, minor units.
    pub base_limit: i64,
    /// Largest net position in the quote currency.
    pub quote_limit: i64,
    /// Approved by the base currency's authority.
    pub base_agreed: bool,
    /// Approved by the quote currency's authority.
    pub quote_agreed: bool,
    /// Its standing rates, if it has any.
    pub rate: Option<DealerRate>,
}
wire_struct!(Dealer { base_limit, quote_limit, base_agreed, quote_agreed, rate });

/// A dealer's standing rates as they stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DealerRate {
    /// Rates and tiers.
    pub terms: DealerTerms,
    /// Improvement for named clients, basis points.
    pub clients: BTreeMap<ParticipantId, u32>,
    /// Valid before this instant.
    pub until: Time,
    /// Held by the deviation gate.
    pub gated: bool,
}
wire_struct!(DealerRate { terms, clients, until, gated });

/// What a dealer has taken in less what it has given, in deals of the business day and quotes accepted; minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Position {
    /// In the base currency.
    pub base: i128,
    /// In the quote currency.
    pub quote: i128,
}
wire_struct!(Position { base, quote });

impl Position {
    /// The position after a deal in which the dealer takes `source` and gives `target`.
    #[must_use]
    pub fn after(self, way: Way, source: i64, target: i64) -> Self {
        let (source, target) = (i128::from(source), i128::from(target));
        match way {
            Way::BaseToQuote => Self { base: self.base + source, quote: self.quote - target },
            Way::QuoteToBase => Self { base: self.base - target, quote: self.quote + source },
        }
    }
}

/// Where the price of a deal came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PriceSource {
    /// The official rate of the day.
    Official,
    /// The agreed constant rate.
    Fixed,
    /// A dealer's standing rate.
    Dealer,
    /// A dealer's quote.
    Quote,
    /// The price of the last auction of the day.
    Auction,
}
wire_enum!(PriceSource { 0 => Official, 1 => Fixed, 2 => Dealer, 3 => Quote, 4 => Auction });

impl PriceSource {
    /// The name, for files and messages.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Fixed => "fixed",
            Self::Dealer => "dealer",
            Self::Quote => "quote",
            Self::Auction => "auction",
        }
    }
}

/// A price that stood beside the one chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// From where.
    pub source: PriceSource,
    /// Whose, for a dealer; else `NONE`.
    pub dealer: ParticipantId,
    /// The rate, if there was one.
    pub rate: Option<Rate>,
    /// What it would have given: minor units on the side that is not fixed; zero when it came to nothing.
    pub gives: i64,
    /// Why it could not be had, if so.
    pub refused: Option<Reason>,
}
wire_struct!(Offer { source, dealer, rate, gives, refused });

/// A conversion on a pair with pricing terms, or a fill of an auction: at which price and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deal {
    /// The source leg; the target leg is the next payment.
    pub payment: PaymentId,
    /// Through which pair.
    pub pair: PairRef,
    /// Which way.
    pub way: Way,
    /// Which side's amount was given; what the others would have given is on the other one.
    pub fixed: Fixed,
    /// Where the price came from.
    pub source: PriceSource,
    /// The dealer; `NONE` for the pair's provider, and in an auction.
    pub dealer: ParticipantId,
    /// Units of quote for one unit of base.
    pub rate: Rate,
    /// Debited, minor units.
    pub debited: i64,
    /// Credited, minor units.
    pub credited: i64,
    /// The quote it settled; zero otherwise.
    pub quote: Key,
    /// The business day.
    pub day: Day,
    /// What else could have been had.
    pub others: Vec<Offer>,
}
wire_struct!(Deal { payment, pair, way, fixed, source, dealer, rate, debited, credited, quote, day, others });

/// Where a quote stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum QuoteStanding {
    /// It can be accepted or paid.
    Open,
    /// Accepted: the dealer's money is set aside for it.
    Accepted,
    /// Settled.
    Used,
    /// Its time ran out.
    Expired,
}
wire_enum!(QuoteStanding { 0 => Open, 1 => Accepted, 2 => Used, 3 => Expired });

/// A price promised for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Through which pair.
    pub pair: PairRef,
    /// Which way.
    pub way: Way,
    /// The dealer that gives it.
    pub dealer: ParticipantId,
    /// Account to debit.
    pub debtor: AccountId,
    /// Account to credit.
    pub creditor: AccountId,
    /// Which side was given.
    pub fixed: Fixed,
    /// Units of quote for one unit of base.
    pub rate: Rate,
    /// Both amounts and the fees.
    pub amounts: Amounts,
    /// Valid before this instant.
    pub until: Time,
    /// Where it stands.
    pub standing: QuoteStanding,
    /// What else could have been had.
    pub others: Vec<Offer>,
}
wire_struct!(Quote { pair, way, dealer, debtor, creditor, fixed, rate, amounts, until, standing, others });

/// Both amounts of an exchange with its fees: see [`comity_market::quote::Quote`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Amounts {
    /// Leaves the payer.
    pub paid: i64,
    /// Debited between the banks.
    pub source: i64,
    /// Credited between the banks.
    pub target: i64,
    /// Reaches the payee.
    pub received: i64,
    /// The scheme's fee, in the source currency, on top.
    pub scheme: i64,
    /// What rounding leaves with the dealer, parts of [`crate::rate::FRACTION`] of a minor unit of the quote currency.
    pub remainder: u128,
}
wire_struct!(Amounts { paid, source, target, received, scheme, remainder });

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OrderStanding {
    /// It waits for the auction, its money set aside.
    Open,
    /// It was looked at by an auction; what was not filled went back.
    Done,
    /// Withdrawn, or the day ended before an auction.
    Ended,
}
wire_enum!(OrderStanding { 0 => Open, 1 => Done, 2 => Ended });

/// An order of a call auction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuctionOrder {
    /// Through which pair.
    pub pair: PairRef,
    /// Base to quote sells the base currency, quote to base buys it.
    pub way: Way,
    /// Account that pays.
    pub debtor: AccountId,
    /// Account of the same bank that is paid.
    pub creditor: AccountId,
    /// Minor units of the base currency.
    pub amount: i64,
    /// Not below this rate when selling, not above it when buying; `None` at any price.
    pub limit: Option<Rate>,
    /// Minor units set aside, in the currency paid.
    pub locked: i64,
    /// Filled, minor units of the base currency.
    pub filled: i64,
    /// The entry that brought it: earlier ones go first.
    pub seq: u64,
    /// Where it stands.
    pub standing: OrderStanding,
}
wire_struct!(AuctionOrder { pair, way, debtor, creditor, amount, limit, locked, filled, seq, standing });

/// A call auction that was run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Auction {
    /// Of which pair.
    pub pair: PairRef,
    /// On which business day.
    pub day: Day,
    /// When.
    pub at: Time,
    /// The one price; `None` when nothing crossed.
    pub price: Option<Rate>,
    /// Base currency that changed hands, minor units.
    pub volume: i64,
    /// What was for sale at the price and not sold, less what was wanted and not bought; minor units of base.
    pub imbalance: i64,
    /// Fills that settled.
    pub fills: u32,
    /// The price is held by the deviation gate: nothing has settled yet.
    pub held: bool,
}
wire_struct!(Auction { pair, day, at, price, volume, imbalance, fills, held });

/// Everything about prices: one part of the state.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dealing {
    /// Pricing by pair.
    pub pricing: BTreeMap<PairRef, Pricing>,
    /// Dealers by pair.
    pub dealers: BTreeMap<(PairRef, ParticipantId), Dealer>,
    /// Their positions today.
    pub positions: BTreeMap<(PairRef, ParticipantId), Position>,
    /// Every quote ever given: an id names one quote for ever.
    pub quotes: BTreeMap<Key, Quote>,
    /// What was dealt, in order.
    pub deals: Vec<Deal>,
    /// Every auction order ever placed.
    pub orders: BTreeMap<Key, AuctionOrder>,
    /// Auctions, in order.
    pub auctions: Vec<Auction>,
}
wire_struct!(Dealing { pricing, dealers, positions, quotes, deals, orders, auctions });

impl Dealing {
    /// Whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let Self { pricing, dealers, positions, quotes, deals, orders, auctions } = self;
        pricing.is_empty()
            && dealers.is_empty()
            && positions.is_empty()
            && quotes.is_empty()
            && deals.is_empty()
            && orders.is_empty()
            && auctions.is_empty()
    }

    /// The pricing terms in force for a pair, if it has any.
    #[must_use]
    pub fn terms(&self, pair: PairRef) -> Option<&PricingTerms> {
        self.pricing.get(&pair)?.terms.as_ref()
    }

    /// Whether a hold belongs to a quote or an order: its owner and beneficiary cannot dispose of it.
    pub(crate) fn owns_hold(&self, key: Key) -> bool {
        self.quotes.contains_key(&key) || self.orders.contains_key(&key)
    }

    /// What is debited and what is credited, going this way through a pair.
    #[must_use]
    pub fn currencies(pair: PairRef, way: Way) -> (CurrencyId, CurrencyId) {
        match way {
            Way::BaseToQuote => (pair.base, pair.quote),
            Way::QuoteToBase => (pair.quote, pair.base),
        }
    }
}
