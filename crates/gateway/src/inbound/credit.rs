//! Credit transfers: pacs.008, pacs.009, pain.001.
//!
//! The payer is the debtor's agent (in pacs.009 without one, the debtor itself), the payee likewise. A transfer whose
//! instructed amount is in another currency, with a rate, asks the union to convert: the debtor's side is debited the
//! instructed amount, the creditor's side credited the settlement amount, and both must follow exactly from the rate.

use super::message::{Context, sends_for, time};
use super::{Order, Outcome};
use crate::directory::Settles;
use crate::key::Name;
use crate::refusal::{Refusal, Rule};
use comity_iso20022::amount::Amount;
use comity_iso20022::ident::Bic;
use comity_iso20022::model::{
    Choice, CreditTransfer, InstructionPriority, Party, SettlementMethod, SettlementPriority, SettlementTimes,
    TransferKind,
};
use comity_iso20022::time::{Date, TimeOfDay};
use comity_ledger::command::{Command, Conversion, Fixed, Instruction, PaymentKind, Priority};
use comity_ledger::ids::{CurrencyId, Day, Key, ParticipantId, Time, Uetr};
use comity_ledger::rate::{self, Rate, Way};

/// Proprietary local instrument: all transactions of the message settle together or not at all.
pub(crate) const PVP: &str = "PVP";
/// Proprietary local instrument: the sender has converted by itself, instructed amount and rate are for information.
pub(crate) const CONVERTED: &str = "CONVERTED";

/// Whether the transfer is a leg of a group.
pub(super) fn is_leg(transfer: &CreditTransfer<'_>) -> bool {
    transfer.local_instrument == Some(Choice::Proprietary(PVP))
}

/// Who pays, as the message names it.
pub(super) fn payer(transfer: &CreditTransfer<'_>) -> Option<Bic> {
    side(transfer, transfer.debtor_agent.bic, &transfer.debtor)
}

/// Who is paid, as the message names it.
pub(super) fn payee(transfer: &CreditTransfer<'_>) -> Option<Bic> {
    side(transfer, transfer.creditor_agent.bic, &transfer.creditor)
}

fn side(transfer: &CreditTransfer<'_>, agent: Option<Bic>, party: &Party<'_>) -> Option<Bic> {
    match transfer.kind {
        TransferKind::Institution => agent.or(party.bic),
        TransferKind::Customer | TransferKind::Initiation => agent,
    }
}

/// The command of one credit transfer.
pub(super) fn order(context: &Context<'_>, transfer: &CreditTransfer<'_>) -> Result<Outcome, Refusal> {
    let (sender, actor) = context.channel()?;
    if let Some(method) = transfer.settlement_method
        && method != SettlementMethod::Clearing
    {
        let message = format!("settlement method {}", method.code());
        return Err(Refusal::of(Rule::SettlementMethod, "GrpHdr/SttlmInf/SttlmMtd", method.code(), message));
    }
    let debtor = agent(context, payer(transfer), Rule::DebtorAgentUnknown, "DbtrAgt")?;
    let creditor = agent(context, payee(transfer), Rule::CreditorAgentUnknown, "CdtrAgt")?;
    // The sender of a group need not pay every leg: whether the other payers agree is asked when it is matched.
    if !is_leg(transfer) && !sends_for(context.directory, sender, debtor) {
        let named = name(payer(transfer));
        let message = format!("{named} does not send through {}", name(context.sender));
        return Err(Refusal::of(Rule::NotYourDebtor, "DbtrAgt", &named, message));
    }
    let command = match converts(transfer) {
        Some((instructed, rate)) => {
            let conversion = convert(context, transfer, (debtor, creditor), instructed, rate)?;
            Command::Convert(Box::new(conversion))
        }
        None => {
            let currency = currency(context, transfer.amount, "IntrBkSttlmAmt")?;
            let from = account(context, debtor, currency, Rule::DebtorAccount, transfer.amount)?;
            let to = account(context, creditor, currency, Rule::CreditorAccount, transfer.amount)?;
            Command::Pay(instruction(context, transfer, from, to, transfer.amount.minor)?)
        }
    };
    Ok(Outcome::Command(Order { actor, key: Key(0), command, case: None }))
}

fn agent(context: &Context<'_>, bic: Option<Bic>, rule: Rule, field: &str) -> Result<ParticipantId, Refusal> {
    bic.and_then(|bic| context.directory.participant(&bic)).ok_or_else(|| {
        let named = name(bic);
        let message = if named.is_empty() {
            "no BIC is given".to_owned()
        } else {
            format!("{named} does not take part in this arrangement")
        };
        Refusal::of(rule, field, &named, message)
    })
}

fn currency(context: &Context<'_>, amount: Amount, field: &str) -> Result<CurrencyId, Refusal> {
    context.directory.currency(amount.currency).ok_or_else(|| {
        let message = format!("{} is not a currency of this arrangement", amount.currency);
        Refusal::of(Rule::CurrencyUnknown, field, amount.currency.as_str(), message)
    })
}

fn account(
    context: &Context<'_>,
    who: ParticipantId,
    currency: CurrencyId,
    rule: Rule,
    amount: Amount,
) -> Result<Settles, Refusal> {
    context.directory.settles(who, currency).ok_or_else(|| {
        let member = context.directory.member(who);
        let bic = name(member.map(|member| member.bic));
        let message = format!("{bic} has no account in {}", amount.currency);
        Refusal::of(rule, "IntrBkSttlmAmt", amount.currency.as_str(), message)
    })
}

fn name(bic: Option<Bic>) -> String {
    bic.map(|bic| bic.to_string()).unwrap_or_default()
}

fn instruction(
    context: &Context<'_>,
    transfer: &CreditTransfer<'_>,
    from: Settles,
    to: Settles,
    amount: i64,
) -> Result<Instruction, Refusal> {
    if from.account == to.account {
        let message = "both agents settle on the same account".to_owned();
        return Err(Refusal::of(Rule::SameAccount, "CdtrAgt", &name(payee(transfer)), message));
    }
    let date = transfer.settlement_date.unwrap_or_else(|| transfer.created.local_date());
    let (earliest, latest) = window(&transfer.times, date);
    Ok(Instruction {
        uetr: uetr(transfer),
        debtor: from.account,
        creditor: to.account,
        debtor_for: from.acts_for,
        creditor_for: to.acts_for,
        amount,
        priority: priority(transfer),
        kind: match transfer.kind {
            TransferKind::Customer | TransferKind::Initiation => PaymentKind::Customer,
            TransferKind::Institution => PaymentKind::Institution,
        },
        value_date: day(transfer.settlement_date),
        earliest,
        latest,
        message: fingerprint(context, transfer),
        document: context.document,
        line: context.line,
    })
}

/// The reference of a transfer. A customer's order may come without one and then gets one that is always the same.
fn uetr(transfer: &CreditTransfer<'_>) -> Uetr {
    match transfer.uetr {
        Some(uetr) => Uetr(uetr.0),
        None => Name::of("order")
            .text(transfer.message_id)
            .maybe(transfer.payment_information_id)
            .text(transfer.end_to_end_id)
            .maybe(transfer.instruction_id)
            .text(&name(payer(transfer)))
            .uetr(),
    }
}

/// The same message sent again has the same fingerprint; any other identification, amount or party gives another.
fn fingerprint(context: &Context<'_>, transfer: &CreditTransfer<'_>) -> u64 {
    Name::of("payment")
        .text(context.name)
        .text(transfer.message_id)
        .number(transfer.created.micros.into())
        .maybe(transfer.payment_information_id)
        .maybe(transfer.instruction_id)
        .text(transfer.end_to_end_id)
        .maybe(transfer.transaction_id)
        .number(transfer.amount.minor.into())
        .bytes(&transfer.amount.currency.0)
        .text(payer(transfer).as_ref().map_or("", Bic::as_str))
        .text(payee(transfer).as_ref().map_or("", Bic::as_str))
        .fingerprint()
}

fn priority(transfer: &CreditTransfer<'_>) -> Priority {
    match (transfer.settlement_priority, transfer.instruction_priority) {
        (Some(SettlementPriority::Urgent | SettlementPriority::High), _) | (None, Some(InstructionPriority::High)) => {
            Priority::Urgent
        }
        (Some(SettlementPriority::Normal), _) | (None, Some(InstructionPriority::Normal) | None) => Priority::Normal,
    }
}

/// Earliest and latest instant. `TillTm` says until when to settle, `RjctTm` when to reject, `CLSTm` by when the money
/// must be there: the first of them ends the wait.
pub(super) fn window(times: &SettlementTimes, date: Date) -> (Time, Time) {
    let on = |clock: TimeOfDay| time(clock.on(date));
    let latest = [times.till, times.reject, times.cls].into_iter().flatten().map(on).min();
    (times.from.map(on).unwrap_or_default(), latest.unwrap_or_default())
}

pub(super) fn day(date: Option<Date>) -> Day {
    let days = date.and_then(|date| u32::try_from(date.days).ok());
    Day(days.unwrap_or_default())
}

/// The amount to be debited and the rate, if the union is to convert.
fn converts(transfer: &CreditTransfer<'_>) -> Option<(Amount, comity_iso20022::amount::Rate)> {
    let instructed = transfer.instructed_amount?;
    let rate = transfer.exchange_rate?;
    let own = transfer.local_instrument == Some(Choice::Proprietary(CONVERTED));
    let asked = !own && instructed.currency != transfer.amount.currency && transfer.kind != TransferKind::Initiation;
    asked.then_some((instructed, rate))
}

fn convert(
    context: &Context<'_>,
    transfer: &CreditTransfer<'_>,
    (debtor, creditor): (ParticipantId, ParticipantId),
    instructed: Amount,
    stated: comity_iso20022::amount::Rate,
) -> Result<Conversion, Refusal> {
    let source = currency(context, instructed, "InstdAmt")?;
    let target = currency(context, transfer.amount, "IntrBkSttlmAmt")?;
    let from = account(context, debtor, source, Rule::DebtorAccount, instructed)?;
    let to = account(context, creditor, target, Rule::CreditorAccount, transfer.amount)?;
    let codes = format!("{}/{}", instructed.currency, transfer.amount.currency);
    let known = context.directory.pair(source, target).ok_or_else(|| {
        let message = format!("{codes} is not converted in this arrangement");
        Refusal::of(Rule::PairUnknown, "XchgRate", &codes, message)
    })?;
    let way = if known.pair.base == source { Way::BaseToQuote } else { Way::QuoteToBase };
    let said = Rate { mantissa: stated.mantissa, scale: stated.scale };
    let expected = match (way, known.approved) {
        // The approved rate may be written with more zeros than the message has; the value decides.
        (Way::BaseToQuote, Some(approved)) if same_rate(said, approved) => approved,
        (Way::BaseToQuote, _) => said,
        (Way::QuoteToBase, Some(approved)) => approved,
        (Way::QuoteToBase, None) => {
            let message = format!("no approved rate is known for {codes}");
            return Err(Refusal::of(Rule::RateUnknown, "XchgRate", &codes, message));
        }
    };
    let (base, quote) = match way {
        Way::BaseToQuote => (instructed.exponent, transfer.amount.exponent),
        Way::QuoteToBase => (transfer.amount.exponent, instructed.exponent),
    };
    let calculate = |fixed, amount| rate::convert(expected, way, fixed, amount, base, quote);
    let by_source = calculate(Fixed::Source, instructed.minor);
    let by_target = calculate(Fixed::Target, transfer.amount.minor);
    let fixed = if by_source.is_some_and(|found| found.target == transfer.amount.minor) {
        Fixed::Source
    } else if by_target.is_some_and(|found| found.source == instructed.minor) {
        Fixed::Target
    } else if way == Way::QuoteToBase && is_inverse(said, expected) {
        // The message can only round the inverse of the approved rate. What is debited stays as stated.
        Fixed::Source
    } else {
        let message = format!(
            "{instructed} at {} gives {}, the message says {}",
            expected,
            by_source.map_or_else(
                || "nothing".to_owned(),
                |found| Amount { minor: found.target, ..transfer.amount }.to_string()
            ),
            transfer.amount
        );
        return Err(Refusal::of(Rule::RateMismatch, "XchgRate", &said.to_string(), message));
    };
    let amount = match fixed {
        Fixed::Source => instructed.minor,
        Fixed::Target => transfer.amount.minor,
    };
    Ok(Conversion { instruction: instruction(context, transfer, from, to, amount)?, fixed, expected: Some(expected) })
}

fn same_rate(a: Rate, b: Rate) -> bool {
    let scale = a.scale.max(b.scale);
    let at = |rate: Rate| u128::from(rate.mantissa) * 10_u128.pow(u32::from(scale - rate.scale));
    at(a) == at(b)
}

/// Whether `said` is the inverse of `rate` within one unit of its last digit.
fn is_inverse(said: Rate, rate: Rate) -> bool {
    let one = 10_u128.pow(u32::from(said.scale) + u32::from(rate.scale));
    let product = u128::from(said.mantissa) * u128::from(rate.mantissa);
    product.abs_diff(one) <= u128::from(rate.mantissa)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_inverse_may_be_rounded_in_its_last_digit_only() {
        let rate = |text| Rate::parse(text).expect("a rate");
        // 1 / 12.5 = 0.08; 1 / 7 = 0.142857142857...
        assert!(is_inverse(rate("0.08"), rate("12.5")));
        assert!(is_inverse(rate("0.1428571429"), rate("7")));
        assert!(is_inverse(rate("0.1428571428"), rate("7")));
        assert!(!is_inverse(rate("0.1428571427"), rate("7")));
        assert!(!is_inverse(rate("0.1429"), rate("6.9")));
        assert!(same_rate(rate("12.50"), rate("12.5")));
        assert!(!same_rate(rate("12.51"), rate("12.5")));
    }
}
