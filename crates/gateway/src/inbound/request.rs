//! Messages about earlier payments, and about accounts: pacs.004, camt.056, camt.029, acmt.023.

use super::message::Context;
use super::{Answer, Case, Inbound, Order, Outcome, Verification};
use crate::key::{Name, key_of_text};
use crate::refusal::{Refusal, Rule};
use comity_iso20022::ident;
use comity_iso20022::model::{
    AccountId, CancellationRequest, CancellationStatus, Choice, Confirmation, Identification, PaymentReturn,
    Resolution, SettlementMethod,
};
use comity_ledger::State;
use comity_ledger::command::{AnswerRecall, Command, PaymentKind, Recall, ReturnOrder};
use comity_ledger::ids::{Key, PaymentId, Time, Uetr};

/// pacs.004: give a settled payment back.
pub(super) fn give_back(context: &Context<'_>, back: &PaymentReturn<'_>) -> Result<Outcome, Refusal> {
    let (_, actor) = context.channel()?;
    if let Some(method) = back.settlement_method
        && method != SettlementMethod::Clearing
    {
        let message = format!("settlement method {}", method.code());
        let field = "GrpHdr/SttlmInf/SttlmMtd";
        return Err(Refusal::of(Rule::SettlementMethod, field, method.code(), message));
    }
    let original = original(back.original_uetr, "TxInf/OrgnlUETR")?;
    if let Some(of) = back.original_amount
        && of.currency != back.amount.currency
    {
        let message = format!("{} returned of a payment of {of}", back.amount);
        let field = "TxInf/RtrdIntrBkSttlmAmt";
        let value = back.amount.currency;
        return Err(Refusal::of(Rule::ReturnCurrency, field, value.as_str(), message));
    }
    // The message keeps the original's UETR, so the return gets a reference of its own: always the same for this return.
    let name = || Name::of("return").number(original.0.cast_signed()).maybe(back.return_id).text(back.message_id);
    let message = name()
        .text(context.name)
        .number(back.created.micros.into())
        .number(back.amount.minor.into())
        .bytes(&back.amount.currency.0)
        .fingerprint();
    Ok(command(
        actor,
        Key(0),
        Command::Return(Box::new(ReturnOrder {
            original,
            uetr: name().uetr(),
            amount: back.amount.minor,
            reason: code(back.reason),
            message,
            document: context.document,
            line: context.line,
        })),
        None,
    ))
}

/// Whether a return is in the currency in which its original arrived: the one thing about a return that needs both the
/// message and the ledger. To be asked just before the command is put before the ledger; anything but a return passes.
#[must_use]
pub fn check_return(state: &State, inbound: &Inbound) -> Option<Refusal> {
    let Outcome::Command(Order { command: Command::Return(order), .. }) = &inbound.outcome else {
        return None;
    };
    let stated = inbound.references.first.amount?;
    let original = state.find(order.original)?;
    let received = match state.payment(original).kind {
        // The second leg, which follows the first, is the one that reached the creditor.
        PaymentKind::ConversionSource => PaymentId(original.0 + 1),
        PaymentKind::Customer | PaymentKind::Institution | PaymentKind::Return | PaymentKind::ConversionTarget => {
            original
        }
    };
    let received = state.payments.get(received.at())?;
    let currency = state.currencies.get(state.account(received.creditor)?.currency.at())?;
    if currency.code == stated.currency.0 {
        return None;
    }
    let message = format!("{stated} returned of a payment in {}", currency.code());
    Some(Refusal::of(Rule::ReturnCurrency, "TxInf/RtrdIntrBkSttlmAmt", stated.currency.as_str(), message))
}

/// camt.056: ask for a payment back.
pub(super) fn recall(context: &Context<'_>, asked: &CancellationRequest<'_>) -> Result<Outcome, Refusal> {
    let (_, actor) = context.channel()?;
    let original = original(asked.original_uetr, "Undrlyg/TxInf/OrgnlUETR")?;
    let assigner = asked.assigner.bic.or(context.sender);
    let assigner = assigner.ok_or_else(|| {
        let message = "the request names no assigner".to_owned();
        Refusal::of(Rule::SenderUnknown, "Assgnmt/Assgnr", "", message)
    })?;
    // The case as its creator numbers it; requests without a case are told apart by their own identification.
    let id = asked.case_id.or(asked.cancellation_id).unwrap_or(asked.message_id);
    let case = Name::of("case").text(assigner.institution()).text(id).number(original.0.cast_signed()).key();
    let key = Name::of("recall")
        .text(context.name)
        .text(asked.message_id)
        .number(asked.created.micros.into())
        .number(context.line.into())
        .number(case.0.cast_signed())
        .key();
    Ok(command(
        actor,
        key,
        Command::Recall(Box::new(Recall { case, original, reason: code(asked.reason), expires: Time(0) })),
        Some(Box::new(Case {
            id: id.into(),
            assigner,
            cancellation_id: asked.cancellation_id.map(Into::into),
            information: asked.information.map(Into::into),
        })),
    ))
}

/// camt.029: answer a recall. The case is called as in the request that was handed on.
pub(super) fn resolution(context: &Context<'_>, answer: &Resolution<'_>) -> Result<Outcome, Refusal> {
    let (_, actor) = context.channel()?;
    let case = answer.case_id.and_then(key_of_text).ok_or_else(|| {
        let value = answer.case_id.unwrap_or_default();
        let message = format!("case {value:?} is none that was put to you");
        Refusal::of(Rule::CaseMissing, "RslvdCase/Id", value, message)
    })?;
    let word = answer.confirmation.and_then(Confirmation::from_code);
    let accept = match (answer.status, word) {
        (Some(CancellationStatus::Accepted | CancellationStatus::PartiallyAccepted), _)
        | (None, Some(Confirmation::Cancelled)) => true,
        (Some(CancellationStatus::Refused), _) | (None, Some(Confirmation::Refused)) => false,
        (Some(CancellationStatus::Pending), _) | (None, Some(Confirmation::Pending)) => {
            return Ok(Outcome::Answer(Box::new(Answer::Noted)));
        }
        (None, None) => {
            let value = answer.confirmation.unwrap_or_default();
            let message = format!("the answer {value:?} neither accepts nor refuses");
            return Err(Refusal::of(Rule::AnswerUnknown, "Sts/Conf", value, message));
        }
    };
    let key = Name::of("resolution")
        .text(context.name)
        .text(answer.message_id)
        .number(answer.created.micros.into())
        .number(context.line.into())
        .number(case.0.cast_signed())
        .key();
    Ok(command(
        actor,
        key,
        Command::AnswerRecall(Box::new(AnswerRecall {
            case,
            accept,
            reason: if accept { [0; 4] } else { code(answer.reason) },
        })),
        None,
    ))
}

/// acmt.023: what can be said about an account without asking its bank.
pub(super) fn verification(context: &Context<'_>, asked: &Identification<'_>) -> Outcome {
    let member = asked.agent.bic.and_then(|bic| context.directory.participant(&bic));
    // The reader has verified check digits; that the account exists and whose it is, only its bank can say.
    let reason = match (asked.agent.bic, member, asked.party.account) {
        (Some(_), None, _) => Err("AGNT"),
        (_, _, None) => Err("AC01"),
        (None | Some(_), _, Some(_)) => Ok("NAME NOT CHECKED"),
    };
    Outcome::Answer(Box::new(Answer::Verification(Verification {
        id: asked.verification_id.into(),
        name: asked.party.name.map(Into::into),
        account: asked.party.account.map(|account| match account.id {
            AccountId::Iban(number) => (number.into(), true),
            AccountId::Other(number) => (number.into(), false),
        }),
        verified: reason.is_ok(),
        reason,
    })))
}

fn command(actor: comity_ledger::ids::ActorId, key: Key, command: Command, case: Option<Box<Case>>) -> Outcome {
    Outcome::Command(Order { actor, key, command, case })
}

fn original(uetr: Option<ident::Uetr>, field: &str) -> Result<Uetr, Refusal> {
    uetr.map(|uetr| Uetr(uetr.0)).ok_or_else(|| {
        let message = "the original payment is not named by its UETR".to_owned();
        Refusal::of(Rule::OriginalUetr, field, "", message)
    })
}

/// A reason code of four characters; a proprietary word or none becomes `NARR`.
fn code(reason: Option<Choice<'_>>) -> [u8; 4] {
    match reason {
        Some(Choice::Code(text)) => text.as_bytes().try_into().unwrap_or(*b"NARR"),
        Some(Choice::Proprietary(_)) | None => *b"NARR",
    }
}
