//! What may be asked about prices: the commands of pricing terms, dealers, quotes and auctions, with their units.
//!
//! Absent on purpose: carrying them out; one file beside this does each.

use alloc::vec::Vec;

use super::{DealerTerms, PricingTerms, Way};
use crate::command::{Conversion, Fixed, Instruction, PairRef};
use crate::ids::{AccountId, Key, ParticipantId, Time};
use crate::rate::Rate;
use crate::wire::{wire_enum, wire_struct};

/// Ask for other pricing terms of a pair. In force when both authorities agree; at once while setting up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetPricing {
    /// Which pair.
    pub pair: PairRef,
    /// The terms.
    pub terms: PricingTerms,
}
wire_struct!(SetPricing { pair, terms });

/// Name a dealer of a pair, or change its limits. It may deal when both authorities approve; at once while setting up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SetDealer {
    /// Which pair.
    pub pair: PairRef,
    /// Who; needs an account in both currencies.
    pub dealer: ParticipantId,
    /// Largest net position in the base currency in a business day, minor units.
    pub base_limit: i64,
    /// The same in the quote currency.
    pub quote_limit: i64,
}
wire_struct!(SetDealer { pair, dealer, base_limit, quote_limit });

/// What an authority gives its word on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// The pricing terms asked for.
    Pricing,
    /// A dealer and its limits.
    Dealer(ParticipantId),
    /// A dealer's rates held by the deviation gate (four eyes).
    Rate(ParticipantId),
    /// An auction price held by the deviation gate (four eyes).
    Auction,
}
wire_enum!(Subject { 0 => Pricing, 1 => Dealer(v), 2 => Rate(v), 3 => Auction });

/// An authority's word about a pair's prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agree {
    /// Which pair.
    pub pair: PairRef,
    /// About what.
    pub subject: Subject,
    /// Agreed or released; otherwise turned down or withdrawn.
    pub agree: bool,
}
wire_struct!(Agree { pair, subject, agree });

/// A dealer sets its standing rates in a pair, or takes them back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetDealerRate {
    /// Which pair.
    pub pair: PairRef,
    /// Whose.
    pub dealer: ParticipantId,
    /// The rates; `None` takes them back.
    pub terms: Option<DealerTerms>,
    /// Improvements for named clients, basis points; each client once, ascending.
    pub clients: Vec<(ParticipantId, u32)>,
    /// Valid before this instant.
    pub until: Time,
}
wire_struct!(SetDealerRate { pair, dealer, terms, clients, until });

/// Ask dealers for a price that is promised for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestQuote {
    /// The quote's id: used once.
    pub quote: Key,
    /// Account to debit.
    pub debtor: AccountId,
    /// Account to credit.
    pub creditor: AccountId,
    /// The sponsored participant the debtor account's owner asks for; `NONE` when for itself.
    pub debtor_for: ParticipantId,
    /// Which side the amount is on: what leaves the payer, or what reaches the payee.
    pub fixed: Fixed,
    /// Minor units.
    pub amount: i64,
    /// The dealer asked; `NONE` asks all and takes the best.
    pub dealer: ParticipantId,
}
wire_struct!(RequestQuote { quote, debtor, creditor, debtor_for, fixed, amount, dealer });

/// A conversion under a quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuotedLeg {
    /// The quote's id.
    pub quote: Key,
    /// The payment: accounts, the amount of either side, and the rate when the sender states it. All must be the quote's.
    pub order: Conversion,
}
wire_struct!(QuotedLeg { quote, order });

/// Settle conversions under quotes in one decision, with plain payments beside them if wanted: all legs or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayQuoted {
    /// The conversions.
    pub quoted: Vec<QuotedLeg>,
    /// Payments of the same group.
    pub plain: Vec<Instruction>,
}
wire_struct!(PayQuoted { quoted, plain });

/// An order for the next call auction of a pair; its money is set aside until then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlaceOrder {
    /// The order's id: used once.
    pub order: Key,
    /// Whose: an account of one currency of the pair pays, one of the other is paid.
    pub owner: ParticipantId,
    /// Which pair.
    pub pair: PairRef,
    /// Base to quote sells the base currency, quote to base buys it.
    pub way: Way,
    /// Minor units of the base currency, more than zero.
    pub amount: i64,
    /// Not below this rate when selling, not above it when buying; a buyer states one, so that its money can be set
    /// aside.
    pub limit: Option<Rate>,
}
wire_struct!(PlaceOrder { order, owner, pair, way, amount, limit });
