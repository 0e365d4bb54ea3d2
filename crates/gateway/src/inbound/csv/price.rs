//! Lines of the CSV inbox about prices: asking for a quote, accepting it, paying under it, orders of an auction.
//!
//! The other currency stands in the column `purpose`; the quote's id, or an order's limit, in `remittance`. Absent on
//! purpose: dealers' rates, and groups of several quotes.

use super::request::Request;
use super::{Column, Row, Values};
use crate::inbound::message::Context;
use crate::key::Name;
use crate::refusal::{Refusal, Rule};
use comity_iso20022::currency::CurrencyCode;
use comity_iso20022::ident::Uetr as Reference;
use comity_ledger::command::{
    Command, Conversion, Fixed, Instruction, PayQuoted, PaymentKind, PlaceOrder, Priority, QuotedLeg, RequestQuote,
};
use comity_ledger::dealing::Way;
use comity_ledger::ids::{CurrencyId, Day, Key, ParticipantId, Time, Uetr};
use comity_ledger::rate::Rate;

impl Row<'_> {
    /// The currency of the column `currency`, and the one of `purpose`.
    fn both(&self, context: &Context<'_>) -> Result<(CurrencyId, CurrencyId), Refusal> {
        let of = |column: Column| {
            let text = self.get(column);
            CurrencyCode::parse(text).and_then(|code| context.directory.currency(code)).ok_or_else(|| {
                let message = format!("{text:?} is not a currency of this arrangement");
                self.ruled(column, Rule::CurrencyUnknown, &message)
            })
        };
        Ok((of(Column::Currency)?, of(Column::Purpose)?))
    }

    /// `quote`: the amount leaves the payer, `purpose` is credited. `quote-for`: the amount reaches the payee, `purpose`
    /// is debited.
    pub(super) fn quote(
        &self,
        request: Request,
        context: &Context<'_>,
        values: &Values,
        bank: ParticipantId,
        quote: Reference,
    ) -> Result<Command, Refusal> {
        let amount = self.amount()?;
        let (currency, other) = self.both(context)?;
        let target = request == Request::QuoteFor;
        let (from, to) = if target { (other, currency) } else { (currency, other) };
        self.bic(Column::To, values.to)?;
        let debtor = self.settles(context, bank, from, Column::From)?;
        let payee = values.to.and_then(|bic| context.directory.participant(&bic));
        let payee = payee.ok_or_else(|| self.stranger())?;
        let creditor = self.settles(context, payee, to, Column::To)?;
        Ok(Command::RequestQuote(Box::new(RequestQuote {
            quote: Key(quote.0),
            debtor: debtor.0,
            creditor: creditor.0,
            debtor_for: debtor.1,
            fixed: if target { Fixed::Target } else { Fixed::Source },
            amount: amount.minor,
            dealer: ParticipantId::NONE,
        })))
    }

    fn stranger(&self) -> Refusal {
        let message = format!("{} does not take part in this arrangement", self.get(Column::To));
        self.ruled(Column::To, Rule::CreditorAgentUnknown, &message)
    }

    fn settles(
        &self,
        context: &Context<'_>,
        who: ParticipantId,
        currency: CurrencyId,
        column: Column,
    ) -> Result<(comity_ledger::ids::AccountId, ParticipantId), Refusal> {
        let rule = if column == Column::To { Rule::CreditorAccount } else { Rule::DebtorAccount };
        let found = context.directory.settles(who, currency).ok_or_else(|| {
            let code = context.directory.money_of(currency).map_or_else(String::new, |(code, _)| code.to_string());
            self.ruled(column, rule, &format!("{} has no account in {code}", self.get(column)))
        })?;
        Ok((found.account, found.acts_for))
    }

    /// `settle`: pays the amount debited under the quote named in `remittance`.
    pub(super) fn settle(
        &self,
        context: &Context<'_>,
        values: &Values,
        bank: ParticipantId,
        reference: Reference,
    ) -> Result<Command, Refusal> {
        let amount = self.amount()?;
        let (from, to) = self.both(context)?;
        self.bic(Column::To, values.to)?;
        let (debtor, debtor_for) = self.settles(context, bank, from, Column::From)?;
        let payee = values.to.and_then(|bic| context.directory.participant(&bic));
        let payee = payee.ok_or_else(|| self.stranger())?;
        let (creditor, creditor_for) = self.settles(context, payee, to, Column::To)?;
        let quote = Reference::parse(self.get(Column::Remittance));
        let quote = quote.ok_or_else(|| self.format(Column::Remittance, "is not the id of a quote"))?;
        let message = Name::of("csv settle").number(reference.0.cast_signed()).number(quote.0.cast_signed());
        let instruction = Instruction {
            uetr: Uetr(reference.0),
            debtor,
            creditor,
            debtor_for,
            creditor_for,
            amount: amount.minor,
            priority: Priority::Normal,
            kind: PaymentKind::Customer,
            value_date: Day(0),
            earliest: Time(0),
            latest: Time(0),
            message: message.number(amount.minor.into()).fingerprint(),
            document: context.document,
            line: context.line,
        };
        let order = Conversion { instruction, fixed: Fixed::Source, expected: None };
        let quoted = vec![QuotedLeg { quote: Key(quote.0), order }];
        Ok(Command::PayQuoted(Box::new(PayQuoted { quoted, plain: Vec::new() })))
    }

    /// `sell` and `buy`: an amount of the pair's base currency against the one in `purpose`, at the limit in `remittance`.
    pub(super) fn auction_order(
        &self,
        request: Request,
        context: &Context<'_>,
        bank: ParticipantId,
        order: Reference,
    ) -> Result<Command, Refusal> {
        let amount = self.amount()?;
        let (currency, other) = self.both(context)?;
        let pair = context.directory.pair(currency, other).map(|known| known.pair);
        let pair = pair.filter(|pair| pair.base == currency).ok_or_else(|| {
            let (base, quote) = (self.get(Column::Currency), self.get(Column::Purpose));
            let message = format!("{base}/{quote} is not a pair of this arrangement; an order is in its base currency");
            self.ruled(Column::Currency, Rule::CurrencyUnknown, &message)
        })?;
        let limit = match self.get(Column::Remittance) {
            "" => None,
            text => Some(Rate::parse(text).ok_or_else(|| self.format(Column::Remittance, "is not a rate"))?),
        };
        let way = if request == Request::Sell { Way::BaseToQuote } else { Way::QuoteToBase };
        let amount = amount.minor;
        Ok(Command::PlaceOrder(Box::new(PlaceOrder { order: Key(order.0), owner: bank, pair, way, amount, limit })))
    }
}
