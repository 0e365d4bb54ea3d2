//! Lines of the CSV inbox that are no payments: what a bank asks about its own queue, its own holds, and prices.
//!
//! Whether the bank may ask it, and whether the payment still waits, the ledger decides. Absent on purpose: payments out of
//! a hold, limits and recalls.

use super::{Column, Row, Values};
use crate::inbound::message::{Context, time};
use crate::inbound::{Order, Outcome};
use crate::key::Name;
use crate::refusal::{Refusal, Rule};
use comity_iso20022::ident::{Bic, Uetr as Reference};
use comity_iso20022::time::Timestamp;
use comity_ledger::command::{Command, Place, PlaceHold, Priority, Reorder, Reprioritise};
use comity_ledger::ids::{AccountId, CurrencyId, Key, ParticipantId, Uetr};

/// What a line asks that is no payment, by the word in the column `kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Request {
    Cancel,
    Park,
    Activate,
    Raise,
    Lower,
    First,
    Last,
    Hold,
    Void,
    Quote,
    QuoteFor,
    Accept,
    Settle,
    Sell,
    Buy,
    Withdraw,
}

/// Longest purpose of a hold, bytes: the ledger's limit.
const PURPOSE_BYTES_MAX: usize = 140;

impl Request {
    const ALL: [Self; 16] = [
        Self::Cancel,
        Self::Park,
        Self::Activate,
        Self::Raise,
        Self::Lower,
        Self::First,
        Self::Last,
        Self::Hold,
        Self::Void,
        Self::Quote,
        Self::QuoteFor,
        Self::Accept,
        Self::Settle,
        Self::Sell,
        Self::Buy,
        Self::Withdraw,
    ];

    /// The request a kind names; none for the kinds of payments and for unknown words.
    pub(super) fn of(kind: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|request| request.name() == kind)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::Park => "park",
            Self::Activate => "activate",
            Self::Raise => "raise",
            Self::Lower => "lower",
            Self::First => "first",
            Self::Last => "last",
            Self::Hold => "hold",
            Self::Void => "void",
            Self::Quote => "quote",
            Self::QuoteFor => "quote-for",
            Self::Accept => "accept",
            Self::Settle => "settle",
            Self::Sell => "sell",
            Self::Buy => "buy",
            Self::Withdraw => "withdraw",
        }
    }

    /// Whether a line of this kind may fill the column.
    fn takes(self, column: Column) -> bool {
        match column {
            Column::At | Column::Uetr | Column::From | Column::Kind => true,
            Column::To => matches!(self, Self::Hold | Self::Quote | Self::QuoteFor | Self::Settle),
            Column::Currency | Column::Amount | Column::Purpose => {
                matches!(self, Self::Hold | Self::Quote | Self::QuoteFor | Self::Settle | Self::Sell | Self::Buy)
            }
            Column::Latest => self == Self::Hold,
            Column::Remittance => matches!(self, Self::Settle | Self::Sell | Self::Buy),
            Column::EndToEndId | Column::Priority | Column::ValueDate | Column::Earliest => false,
        }
    }
}

impl Row<'_> {
    /// The command of a line that is no payment.
    pub(super) fn request(
        &self,
        request: Request,
        context: &Context<'_>,
        values: &Values,
        at: Timestamp,
    ) -> Result<Outcome, Refusal> {
        self.bic(Column::From, values.from)?;
        self.nothing_else(request)?;
        let why = "is not a version 4 UUID in lower case";
        let reference = values.uetr.ok_or_else(|| self.format(Column::Uetr, why))?;
        let (bank, actor) = context.channel().map_err(|refusal| self.placed(Column::From, refusal))?;
        let uetr = Uetr(reference.0);
        let command = match request {
            Request::Cancel => Command::Cancel(uetr),
            Request::Park => Command::Park(uetr),
            Request::Activate => Command::Activate(uetr),
            Request::Raise => Command::Reprioritise(Reprioritise { uetr, priority: Priority::Urgent }),
            Request::Lower => Command::Reprioritise(Reprioritise { uetr, priority: Priority::Normal }),
            Request::First => Command::Reorder(Reorder { uetr, place: Place::Front }),
            Request::Last => Command::Reorder(Reorder { uetr, place: Place::Back }),
            Request::Hold => Command::PlaceHold(Box::new(self.hold(context, values, bank, reference, at)?)),
            Request::Void => Command::VoidHold(Key(reference.0)),
            Request::Quote | Request::QuoteFor => self.quote(request, context, values, bank, reference)?,
            Request::Accept => Command::AcceptQuote(Key(reference.0)),
            Request::Settle => {
                // A payment is known by its own reference, not by a key.
                let command = self.settle(context, values, bank, reference)?;
                return Ok(Outcome::Command(Order { actor, key: Key(0), command, case: None }));
            }
            Request::Sell | Request::Buy => self.auction_order(request, context, bank, reference)?,
            Request::Withdraw => Command::WithdrawOrder(Key(reference.0)),
        };
        // Not part of the key: file and line. The same line never acts twice, wherever it is written.
        let key = Name::of("csv request")
            .text(request.name())
            .number(reference.0.cast_signed())
            .number(at.micros.into())
            .key();
        Ok(Outcome::Command(Order { actor, key, command, case: None }))
    }

    /// A filled column that the kind has no use for may be a mistake about the kind: it is never passed over.
    fn nothing_else(&self, request: Request) -> Result<(), Refusal> {
        let filled = |column: &Column| !request.takes(*column) && !self.get(*column).is_empty();
        match Column::ALL.into_iter().find(filled) {
            Some(column) => {
                let why = format!("has no place in a line of kind {}", request.name());
                Err(self.wrong(column, ("FF01", "leave the column empty"), &why))
            }
            None => Ok(()),
        }
    }

    fn hold(
        &self,
        context: &Context<'_>,
        values: &Values,
        bank: ParticipantId,
        reference: Reference,
        at: Timestamp,
    ) -> Result<PlaceHold, Refusal> {
        let named = self.get(Column::To);
        if !named.is_empty() {
            self.bic(Column::To, values.to)?;
        }
        let amount = self.amount()?;
        let expires = self.instant(Column::Latest, at.local_date())?;
        let expires = expires.ok_or_else(|| self.format(Column::Latest, "is empty, and a hold must expire"))?;
        let purpose = self.hold_purpose()?;
        let currency = context.directory.currency(amount.currency).ok_or_else(|| {
            let message = format!("{} is not a currency of this arrangement", amount.currency);
            self.ruled(Column::Currency, Rule::CurrencyUnknown, &message)
        })?;
        let account = self.own_account(context, bank, currency, Rule::DebtorAccount, Column::From)?;
        let beneficiary = match values.to {
            Some(bic) => self.beneficiary(context, &bic, currency)?,
            None => AccountId::NONE,
        };
        if beneficiary == account {
            let message = format!("{named} cannot hold money for itself");
            return Err(self.ruled(Column::To, Rule::SameAccount, &message));
        }
        Ok(PlaceHold {
            hold: Key(reference.0),
            account,
            amount: amount.minor,
            purpose: purpose.to_owned(),
            beneficiary,
            expires: time(expires),
        })
    }

    fn hold_purpose(&self) -> Result<&str, Refusal> {
        let text = self.get(Column::Purpose);
        match text.len() {
            0 => Err(self.format(Column::Purpose, "is empty, and a hold must name its purpose")),
            1..=PURPOSE_BYTES_MAX if text.chars().any(char::is_control) => {
                Err(self.format(Column::Purpose, "has a control character"))
            }
            1..=PURPOSE_BYTES_MAX => Ok(text),
            len => {
                let why = format!("has {len} bytes, the limit is {PURPOSE_BYTES_MAX}");
                Err(self.format(Column::Purpose, &why))
            }
        }
    }

    fn beneficiary(&self, context: &Context<'_>, bic: &Bic, currency: CurrencyId) -> Result<AccountId, Refusal> {
        let who = context.directory.participant(bic).ok_or_else(|| {
            let message = format!("{bic} does not take part in this arrangement");
            self.ruled(Column::To, Rule::CreditorAgentUnknown, &message)
        })?;
        self.own_account(context, who, currency, Rule::CreditorAccount, Column::To)
    }

    /// Holds stand on a bank's own account: a sponsored bank's money is its sponsor's to set aside.
    fn own_account(
        &self,
        context: &Context<'_>,
        who: ParticipantId,
        currency: CurrencyId,
        rule: Rule,
        column: Column,
    ) -> Result<AccountId, Refusal> {
        context.directory.account(who, currency).ok_or_else(|| {
            let (bic, code) = (self.get(column), self.get(Column::Currency));
            self.ruled(column, rule, &format!("{bic} has no account of its own in {code}"))
        })
    }

    pub(super) fn ruled(&self, column: Column, rule: Rule, message: &str) -> Refusal {
        self.placed(column, Refusal::of(rule, column.name(), self.get(column), message.to_owned()))
    }

    /// A refusal that does not know of lines and columns, put into its place.
    fn placed(&self, column: Column, mut refusal: Refusal) -> Refusal {
        refusal.field = column.name().to_owned();
        refusal.message =
            format!("line {}, column {} ({}): {}", self.number, column as usize + 1, column.name(), refusal.message);
        refusal
    }
}
