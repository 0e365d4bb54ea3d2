//! pacs.008, pacs.009, pain.001 and pacs.004: money on its way and on its way back.

use super::xml::Xml;
use crate::amount::{Amount, Decimal};
use crate::model::*;

fn sum(amounts: impl Iterator<Item = Amount>) -> Option<Decimal> {
    amounts.map(Amount::to_decimal).try_fold(Decimal::ZERO, Decimal::checked_add)
}

fn settlement(x: &mut Xml<'_>, method: SettlementMethod, clearing_system: Option<&str>) {
    x.open("SttlmInf");
    x.text("SttlmMtd", method.code(), 4);
    x.choice("ClrSys", clearing_system.map(Choice::Proprietary));
    x.close("SttlmInf");
}

pub(super) fn interbank(x: &mut Xml<'_>, message: &CreditTransferMessage<'_>) {
    let institutions = message.kind == TransferKind::Institution;
    let root = if institutions { "FICdtTrf" } else { "FIToFICstmrCdtTrf" };
    x.open(root);
    x.open("GrpHdr");
    x.text("MsgId", message.message_id, 35);
    x.timestamp("CreDtTm", message.created);
    if let Some(batch) = message.batch_booking {
        x.truth("BtchBookg", batch);
    }
    x.number("NbOfTxs", message.transactions.len() as u64);
    control_sum(x, message);
    settlement(x, message.settlement_method, message.clearing_system);
    x.close("GrpHdr");
    for transfer in message.transactions {
        x.open("CdtTrfTxInf");
        identification(x, transfer);
        payment_type(x, transfer);
        x.amount("IntrBkSttlmAmt", transfer.amount);
        x.optional_date("IntrBkSttlmDt", transfer.settlement_date);
        x.optional("SttlmPrty", transfer.settlement_priority.map(SettlementPriority::code), 4);
        x.times(&transfer.times);
        if !institutions {
            customer_amounts(x, transfer);
        }
        x.agent("InstgAgt", &Agent { account: None, ..transfer.instructing_agent });
        x.agent("InstdAgt", &Agent { account: None, ..transfer.instructed_agent });
        x.agent("IntrmyAgt1", &transfer.intermediary_agent);
        if institutions {
            x.party_as_agent("UltmtDbtr", &Party { account: None, ..transfer.ultimate_debtor });
            x.party_as_agent("Dbtr", &transfer.debtor);
            x.agent("DbtrAgt", &transfer.debtor_agent);
            x.agent("CdtrAgt", &transfer.creditor_agent);
            x.party_as_agent("Cdtr", &transfer.creditor);
            x.party_as_agent("UltmtCdtr", &Party { account: None, ..transfer.ultimate_creditor });
        } else {
            x.optional_party("UltmtDbtr", &transfer.ultimate_debtor);
            x.party("Dbtr", &transfer.debtor);
            x.account("DbtrAcct", transfer.debtor.account);
            x.agent("DbtrAgt", &transfer.debtor_agent);
            x.agent("CdtrAgt", &transfer.creditor_agent);
            x.party("Cdtr", &transfer.creditor);
            x.account("CdtrAcct", transfer.creditor.account);
            x.optional_party("UltmtCdtr", &transfer.ultimate_creditor);
        }
        x.choice("Purp", transfer.purpose);
        x.remittance(transfer.remittance);
        x.close("CdtTrfTxInf");
    }
    x.close(root);
}

fn control_sum(x: &mut Xml<'_>, message: &CreditTransferMessage<'_>) {
    if message.control_sum
        && let Some(sum) = sum(message.transactions.iter().map(|transfer| transfer.amount))
    {
        x.decimal("CtrlSum", sum);
    }
}

fn identification(x: &mut Xml<'_>, transfer: &CreditTransfer<'_>) {
    x.open("PmtId");
    x.optional("InstrId", transfer.instruction_id, 35);
    x.text("EndToEndId", transfer.end_to_end_id, 35);
    if transfer.kind != TransferKind::Initiation {
        x.optional("TxId", transfer.transaction_id, 35);
    }
    x.uetr("UETR", transfer.uetr);
    if transfer.kind != TransferKind::Initiation {
        x.optional("ClrSysRef", transfer.clearing_reference, 35);
    }
    x.close("PmtId");
}

fn payment_type(x: &mut Xml<'_>, transfer: &CreditTransfer<'_>) {
    let CreditTransfer { service_level, local_instrument, category_purpose, .. } = *transfer;
    let priority = transfer.instruction_priority.map(InstructionPriority::code);
    let parts = [service_level, local_instrument, category_purpose];
    if priority.is_none() && parts.iter().all(Option::is_none) {
        return;
    }
    x.open("PmtTpInf");
    x.optional("InstrPrty", priority, 4);
    x.choice("SvcLvl", service_level);
    x.choice("LclInstrm", local_instrument);
    x.choice("CtgyPurp", category_purpose);
    x.close("PmtTpInf");
}

fn customer_amounts(x: &mut Xml<'_>, transfer: &CreditTransfer<'_>) {
    x.optional_timestamp("AccptncDtTm", transfer.accepted);
    x.optional_amount("InstdAmt", transfer.instructed_amount);
    if let Some(rate) = transfer.exchange_rate {
        x.rate("XchgRate", rate);
    }
    let bearer = transfer.charge_bearer.unwrap_or(ChargeBearer::Shared);
    x.text("ChrgBr", bearer.code(), 4);
    x.charges(&transfer.charges);
}

pub(super) fn initiation(x: &mut Xml<'_>, message: &CreditTransferMessage<'_>) {
    x.open("CstmrCdtTrfInitn");
    x.open("GrpHdr");
    x.text("MsgId", message.message_id, 35);
    x.timestamp("CreDtTm", message.created);
    x.number("NbOfTxs", message.transactions.len() as u64);
    control_sum(x, message);
    x.party("InitgPty", &message.initiating_party);
    x.close("GrpHdr");
    for transfer in message.transactions {
        order(x, message, transfer);
    }
    x.close("CstmrCdtTrfInitn");
}

fn order(x: &mut Xml<'_>, message: &CreditTransferMessage<'_>, transfer: &CreditTransfer<'_>) {
    x.open("PmtInf");
    let id = transfer.payment_information_id.or(transfer.instruction_id);
    x.text("PmtInfId", id.unwrap_or(transfer.end_to_end_id), 35);
    x.text("PmtMtd", "TRF", 3);
    if let Some(batch) = transfer.batch_booking {
        x.truth("BtchBookg", batch);
    }
    payment_type(x, transfer);
    x.open("ReqdExctnDt");
    x.date("Dt", transfer.settlement_date.unwrap_or_else(|| message.created.local_date()));
    x.close("ReqdExctnDt");
    x.party("Dbtr", &transfer.debtor);
    x.account("DbtrAcct", transfer.debtor.account);
    x.agent("DbtrAgt", &transfer.debtor_agent);
    x.optional_party("UltmtDbtr", &transfer.ultimate_debtor);
    x.optional("ChrgBr", transfer.charge_bearer.map(ChargeBearer::code), 4);
    x.open("CdtTrfTxInf");
    identification(x, transfer);
    x.open("Amt");
    x.amount("InstdAmt", transfer.amount);
    x.close("Amt");
    if let Some(rate) = transfer.exchange_rate {
        x.open("XchgRateInf");
        x.rate("XchgRate", rate);
        x.close("XchgRateInf");
    }
    x.agent("IntrmyAgt1", &transfer.intermediary_agent);
    x.agent("CdtrAgt", &transfer.creditor_agent);
    x.optional_party("Cdtr", &transfer.creditor);
    x.account("CdtrAcct", transfer.creditor.account);
    x.optional_party("UltmtCdtr", &transfer.ultimate_creditor);
    x.choice("Purp", transfer.purpose);
    x.remittance(transfer.remittance);
    x.close("CdtTrfTxInf");
    x.close("PmtInf");
}

pub(super) fn returns(x: &mut Xml<'_>, message: &ReturnMessage<'_>) {
    x.open("PmtRtr");
    x.open("GrpHdr");
    x.text("MsgId", message.message_id, 35);
    x.timestamp("CreDtTm", message.created);
    x.number("NbOfTxs", message.returns.len() as u64);
    if let Some(sum) = sum(message.returns.iter().map(|back| back.amount)) {
        x.decimal("CtrlSum", sum);
    }
    settlement(x, message.settlement_method, None);
    x.close("GrpHdr");
    for back in message.returns {
        x.open("TxInf");
        payment_return(x, back);
        x.close("TxInf");
    }
    x.close("PmtRtr");
}

fn payment_return(x: &mut Xml<'_>, back: &PaymentReturn<'_>) {
    x.optional("RtrId", back.return_id, 35);
    x.original_message("OrgnlGrpInf", back.original_message);
    x.optional("OrgnlInstrId", back.original.instruction_id, 35);
    x.optional("OrgnlEndToEndId", back.original.end_to_end_id, 35);
    x.optional("OrgnlTxId", back.original.transaction_id, 35);
    x.uetr("OrgnlUETR", back.original_uetr);
    x.optional("OrgnlClrSysRef", back.original.clearing_reference, 35);
    x.optional_amount("OrgnlIntrBkSttlmAmt", back.original_amount);
    x.optional_date("OrgnlIntrBkSttlmDt", back.original_settlement_date);
    x.amount("RtrdIntrBkSttlmAmt", back.amount);
    x.optional_date("IntrBkSttlmDt", back.settlement_date);
    x.optional("SttlmPrty", back.settlement_priority.map(SettlementPriority::code), 4);
    x.optional_amount("RtrdInstdAmt", back.instructed_amount);
    if let Some(rate) = back.exchange_rate {
        x.rate("XchgRate", rate);
    }
    x.optional("ChrgBr", back.charge_bearer.map(ChargeBearer::code), 4);
    x.charges(&back.charges);
    x.agent("InstgAgt", &Agent { account: None, ..back.instructing_agent });
    x.agent("InstdAgt", &Agent { account: None, ..back.instructed_agent });
    if back.reason.is_some() || back.information.is_some() {
        x.open("RtrRsnInf");
        x.choice("Rsn", back.reason);
        x.optional_pieces("AddtlInf", back.information, 105);
        x.close("RtrRsnInf");
    }
}
