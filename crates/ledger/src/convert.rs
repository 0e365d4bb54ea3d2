//! A conversion as two legs: the sender pays the pair's provider in one currency, the provider pays the receiver in the
//! other. Both settle or neither does; the rate is the one both authorities approved, or the best price that the pair's terms
//! allow.

use alloc::boxed::Box;

use crate::command::{Conversion, Instruction, PairRef, PaymentKind};
use crate::dealing::{Deal, Priced, price};
use crate::ids::{AccountId, CurrencyId, ParticipantId};
use crate::rate::{self, FRACTION, Way};
use crate::reject::{Reason, Reject};
use crate::state::State;

/// The two legs of a conversion.
pub(crate) struct Legs {
    /// Sender to provider.
    pub(crate) source: Instruction,
    /// Provider to receiver.
    pub(crate) target: Instruction,
    /// The provider's account in the quote currency.
    pub(crate) provider: AccountId,
    /// What rounding left over there, parts of [`FRACTION`] of a minor unit.
    pub(crate) remainder: u128,
    /// What is recorded of the price, where the pair has pricing terms.
    pub(crate) deal: Option<Box<Deal>>,
}

/// Works out both legs at the approved rate. Both accounts are known.
pub(crate) fn legs(state: &State, order: &Conversion) -> Result<Legs, Reject> {
    let instruction = &order.instruction;
    let from = state.accounts[instruction.debtor.at()].currency;
    let to = state.accounts[instruction.creditor.at()].currency;
    let (pair_ref, way) = state.pair_of(from, to).ok_or(Reject::because(Reason::UnknownPair))?;
    if state.dealing.terms(pair_ref).is_some() {
        let Priced { legs: [source, target], keeper, remainder, deal } = price(state, order, pair_ref, way)?;
        return Ok(Legs { source, target, provider: keeper, remainder, deal: Some(Box::new(deal)) });
    }
    let pair = &state.pairs[&pair_ref];
    let rate = state.approved_rate(pair_ref).ok_or(Reject::because(Reason::RateNotApproved))?;
    if order.expected.is_some_and(|expected| expected != rate) {
        return Err(Reject::because(Reason::RateMismatch));
    }
    let exponent = |currency: CurrencyId| state.currencies[currency.at()].exponent;
    let amounts =
        rate::convert(rate, way, order.fixed, instruction.amount, exponent(pair_ref.base), exponent(pair_ref.quote))
            .ok_or(Reject::limit(Reason::ZeroAmount, crate::book::AMOUNT_MAX, instruction.amount))?;
    let account = |currency| {
        state
            .account_of
            .get(&(pair.provider, currency))
            .copied()
            .ok_or(Reject::refers(Reason::UnknownPair, u64::from(pair.provider.0)))
    };
    let (source_account, target_account) = (account(from)?, account(to)?);
    Ok(Legs {
        source: Instruction {
            creditor: source_account,
            creditor_for: ParticipantId::NONE,
            amount: amounts.source,
            kind: PaymentKind::ConversionSource,
            ..instruction.clone()
        },
        target: Instruction {
            debtor: target_account,
            debtor_for: ParticipantId::NONE,
            amount: amounts.target,
            kind: PaymentKind::ConversionTarget,
            ..instruction.clone()
        },
        provider: account(pair_ref.quote)?,
        remainder: amounts.left_minor as u128 * u128::from(FRACTION) + u128::from(amounts.left_fraction),
        deal: None,
    })
}

impl State {
    /// The pair between two currencies and which way through it, if there is one.
    pub(crate) fn pair_of(&self, from: CurrencyId, to: CurrencyId) -> Option<(PairRef, Way)> {
        let ways = [(from, to, Way::BaseToQuote), (to, from, Way::QuoteToBase)];
        let pairs = ways.map(|(base, quote, way)| (PairRef { base, quote }, way));
        pairs.into_iter().find(|(pair, _)| self.pairs.contains_key(pair))
    }
}
