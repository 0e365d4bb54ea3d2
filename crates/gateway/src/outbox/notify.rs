//! camt.054: what came to an account, told to its owner, and to the sponsored participant it came for.

use super::book::{Booking, What, Why};
use super::{Deliver, Moment, OutKind, Outbox, amount, bic, date, instant, side};
use crate::text;
use comity_iso20022::currency::CurrencyCode;
use comity_iso20022::ident::{Bic, Uetr};
use comity_iso20022::model::{
    Account, AccountId as Number, AccountReport, Choice, CreditDebit, EntryStatus, Message, References, ReportEntry,
    Statement,
};
use comity_ledger::State;
use comity_ledger::command::PaymentKind;
use comity_ledger::ids::{AccountId, ParticipantId, PaymentId};

/// A credit to be told.
#[derive(Debug, Clone, Copy)]
pub(super) struct Credit {
    recipient: ParticipantId,
    account: AccountId,
    order: u32,
    booking: Noted,
    moment: Moment,
}

/// Which booking.
#[derive(Debug, Clone, Copy)]
pub(super) enum Noted {
    Payment(PaymentId),
    Aside(u32),
}

/// Texts of entries that the message borrows.
pub(super) struct Words {
    reference: String,
    information: Option<String>,
    reason: Option<String>,
}

impl Outbox {
    /// Notes the credit of a settled payment.
    pub(super) fn credited(&mut self, state: &State, moment: Moment, payment: PaymentId) {
        if !self.options.notify_credits {
            return;
        }
        let known = state.payment(payment);
        let Some(account) = state.account(known.creditor) else {
            return;
        };
        let noted = Noted::Payment(payment);
        self.note(account.participant, known.creditor, noted, moment);
        if known.creditor_for.is_some() {
            self.note(known.creditor_for, known.creditor, noted, moment);
        }
        if self.debit_is_news(state, payment)
            && let Some(debtor) = state.account(known.debtor)
        {
            self.note(debtor.participant, known.debtor, noted, moment);
        }
    }

    /// Whether the debtor's side did not order the payment itself: the provider of a conversion, or the other leg of a
    /// group that somebody else brought. Everybody else has a status report.
    fn debit_is_news(&self, state: &State, payment: PaymentId) -> bool {
        let known = state.payment(payment);
        if !known.group.is_some() {
            return false;
        }
        let line = self.arena.kept_line(self.place_of(payment));
        let sender = line.message.is_some().then(|| self.arena.kept_message(line.message)).and_then(|kept| kept.sender);
        let is_sender = |bic: Option<Bic>| match (sender, bic) {
            (Some(sender), Some(bic)) => sender.institution() == bic.institution(),
            (None | Some(_), _) => false,
        };
        !is_sender(side(state, known.debtor, known.debtor_for))
            && !is_sender(side(state, known.debtor, ParticipantId::NONE))
    }

    /// Notes a booking that is no payment.
    pub(super) fn booked(&mut self, state: &State, moment: Moment, account: AccountId, aside: u32) {
        if let Some(known) = state.account(account)
            && self.options.notify_credits
        {
            self.note(known.participant, account, Noted::Aside(aside), moment);
        }
    }

    fn note(&mut self, recipient: ParticipantId, account: AccountId, booking: Noted, moment: Moment) {
        if recipient.is_some() {
            self.order = self.order.wrapping_add(1);
            self.credits.push(Credit { recipient, account, order: self.order, booking, moment });
        }
    }

    pub(super) fn flush_credits(&mut self, state: &State, deliver: &mut impl Deliver) {
        let mut credits = core::mem::take(&mut self.credits);
        credits.sort_unstable_by_key(|credit| (credit.recipient, credit.account, credit.order));
        let most = self.options.notification_entries_max.max(1);
        for group in credits.chunk_by(|a, b| (a.recipient, a.account) == (b.recipient, b.account)) {
            for page in group.chunks(most) {
                self.notification(state, page, deliver);
            }
        }
        credits.clear();
        self.credits = credits;
    }

    fn notification(&mut self, state: &State, page: &[Credit], deliver: &mut impl Deliver) {
        let (Some(first), Some(last)) = (page.first(), page.last()) else {
            return;
        };
        let Some(to) = bic(state, first.recipient) else {
            return;
        };
        let what = |credit: &Credit| match credit.booking {
            Noted::Payment(payment) => What::Payment(payment),
            Noted::Aside(aside) => What::Aside(aside),
        };
        let mut out = core::mem::take(&mut self.out);
        let account = first.account;
        let words: Vec<Words> =
            page.iter().map(|credit| self.words(state, account, credit.moment.seq, what(credit))).collect();
        let entries: Vec<ReportEntry<'_>> = page
            .iter()
            .zip(&words)
            .filter_map(|(credit, words)| self.entry(state, account, what(credit), words))
            .collect();
        let owner = state.account(account).map_or(ParticipantId::NONE, |account| account.participant);
        let copy = if owner == first.recipient { "" } else { "-S" };
        let id = match first.booking {
            Noted::Payment(payment) => format!("N{}-{}{copy}", first.moment.seq, payment.0),
            Noted::Aside(_) => format!("N{}-A{}", first.moment.seq, account.0),
        };
        let number = account_number(state, account);
        let created = instant(last.moment.at);
        let statement = Statement {
            id: &id,
            sequence: None,
            created,
            period: None,
            account: Account { id: Number::Other(&number), currency: currency(state, account) },
            owner: bic(state, owner),
            servicer: Some(self.options.system),
            balances: &[],
            entries: &entries,
        };
        let report = AccountReport { message_id: &id, created, recipient: Some(to), statements: &[statement] };
        super::write(&self.options, &mut out, to, &id, created, Message::Notification(&report));
        self.written.credits += page.len() as u64;
        self.hand_over(to, OutKind::Notification, &id, &out, deliver);
        self.out = out;
    }

    /// The texts of one entry, seen from one account.
    pub(super) fn words(&self, state: &State, account: AccountId, seq: u64, what: What) -> Words {
        match what {
            What::Payment(payment) => {
                let known = state.payment(payment);
                let behind = if known.debtor == account { known.debtor_for } else { known.creditor_for };
                let reason = self.return_reasons.get(&payment);
                Words {
                    reference: format!("{seq}-{}", payment.0),
                    information: bic(state, behind).map(|bic| format!("for {bic}")),
                    reason: reason.and_then(|code| core::str::from_utf8(code).ok()).map(ToOwned::to_owned),
                }
            }
            What::Aside(aside) => Words {
                reference: format!("{seq}-A{aside}"),
                information: self.book.asides.get(aside as usize).map(|aside| match aside.why {
                    Why::Funding => "funding by the authority".to_owned(),
                    Why::Sweep => "redeemed by the end-of-day rule".to_owned(),
                    Why::Remainder => "rounding remainders of conversions".to_owned(),
                    Why::Hold(other) => format!("out of a hold, other side {}", text::owner(state, other)),
                }),
                reason: None,
            },
        }
    }

    /// One entry, seen from one account.
    pub(super) fn entry<'a>(
        &'a self,
        state: &State,
        account: AccountId,
        what: What,
        words: &'a Words,
    ) -> Option<ReportEntry<'a>> {
        let information = words.information.as_deref();
        match what {
            What::Payment(payment) => {
                let known = state.payment(payment);
                let credit = known.creditor == account;
                let line = self.arena.kept_line(self.place_of(payment));
                let message = line.message.is_some().then(|| self.arena.kept_message(line.message));
                Some(ReportEntry {
                    reference: &words.reference,
                    amount: amount(state, account, known.amount),
                    direction: direction(credit),
                    reversal: false,
                    status: EntryStatus::Booked,
                    booked: instant(known.done),
                    value_date: date(known.value_date),
                    code: payment_code(known.kind, credit),
                    original_message_id: message.map(|message| message.id),
                    references: line.references,
                    uetr: line.uetr.or(Uetr::from_u128(known.uetr.0)),
                    debtor_agent: side(state, known.debtor, known.debtor_for),
                    creditor_agent: side(state, known.creditor, known.creditor_for),
                    debtor: None,
                    creditor: None,
                    remittance: None,
                    return_reason: words.reason.as_deref().map(Choice::Code),
                    information,
                })
            }
            What::Aside(aside) => {
                let aside = self.book.asides.get(aside as usize)?;
                Some(ReportEntry {
                    reference: &words.reference,
                    amount: amount(state, account, aside.amount),
                    direction: direction(aside.amount >= 0),
                    reversal: false,
                    status: EntryStatus::Booked,
                    booked: instant(aside.at),
                    value_date: date(state.day.date),
                    code: match aside.why {
                        Why::Funding | Why::Sweep => ("CAMT", "ACCB", "OTHR"),
                        Why::Remainder => ("PMNT", "MDOP", "OTHR"),
                        Why::Hold(_) => ("PMNT", if aside.amount >= 0 { "RCDT" } else { "ICDT" }, "OTHR"),
                    },
                    original_message_id: None,
                    references: References::default(),
                    uetr: None,
                    debtor_agent: None,
                    creditor_agent: None,
                    debtor: None,
                    creditor: None,
                    remittance: None,
                    return_reason: None,
                    information,
                })
            }
        }
    }

    /// The texts of a booking.
    pub(super) fn booking_words(&self, state: &State, account: AccountId, booking: Booking) -> Words {
        self.words(state, account, booking.seq, booking.what())
    }
}

pub(super) fn direction(credit: bool) -> CreditDebit {
    if credit { CreditDebit::Credit } else { CreditDebit::Debit }
}

/// Bank transaction code: issued or received credit transfer, and which kind.
fn payment_code(kind: PaymentKind, credit: bool) -> (&'static str, &'static str, &'static str) {
    let family = if credit { "RCDT" } else { "ICDT" };
    let sub_family = match kind {
        PaymentKind::Customer | PaymentKind::ConversionSource | PaymentKind::ConversionTarget => "XBCT",
        PaymentKind::Institution => "FICT",
        PaymentKind::Return => "RRTN",
    };
    ("PMNT", family, sub_family)
}

/// How a settlement account is called: the owner's BIC and the currency.
pub(super) fn account_number(state: &State, account: AccountId) -> String {
    let code = currency(state, account).map_or_else(String::new, |code| code.to_string());
    format!("{}{code}", text::owner(state, account))
}

pub(super) fn currency(state: &State, account: AccountId) -> Option<CurrencyCode> {
    let currency = state.account(account)?.currency;
    state.currencies.get(currency.at()).map(|currency| CurrencyCode(currency.code))
}
