//! pacs.002: the status of payments.

use super::xml::Xml;
use crate::ident::Uetr;
use crate::model::*;

pub(super) fn status_report(x: &mut Xml<'_>, report: &StatusReport<'_>) {
    x.open("FIToFIPmtStsRpt");
    x.open("GrpHdr");
    x.text("MsgId", report.message_id, 35);
    x.timestamp("CreDtTm", report.created);
    x.optional_institution("InstgAgt", report.instructing_agent);
    x.optional_institution("InstdAgt", report.instructed_agent);
    x.close("GrpHdr");
    x.open("OrgnlGrpInfAndSts");
    x.original_message_parts(report.original);
    if let Some(count) = report.original_transactions {
        x.number("OrgnlNbOfTxs", u64::from(count));
    }
    if let Some(status) = report.group_status {
        x.text("GrpSts", status.code(), 4);
    }
    reasons(x, report.group_reasons);
    x.close("OrgnlGrpInfAndSts");
    for transaction in report.transactions {
        transaction_status(x, transaction);
    }
    x.close("FIToFIPmtStsRpt");
}

fn transaction_status(x: &mut Xml<'_>, status: &TransactionStatus<'_>) {
    x.open("TxInfAndSts");
    x.optional("StsId", status.status_id, 35);
    x.optional("OrgnlInstrId", status.original.instruction_id, 35);
    x.optional("OrgnlEndToEndId", status.original.end_to_end_id, 35);
    x.optional("OrgnlTxId", status.original.transaction_id, 35);
    // The UETR of a refused line may be anything; only a good one can be quoted.
    let written = || status.original.uetr.and_then(Uetr::parse);
    x.uetr("OrgnlUETR", status.uetr.or_else(written));
    x.text("TxSts", status.status.code(), 4);
    reasons(x, status.reasons);
    x.optional_timestamp("AccptncDtTm", status.accepted);
    if let Some(date) = status.effective_settlement {
        x.open("FctvIntrBkSttlmDt");
        x.date("Dt", date);
        x.close("FctvIntrBkSttlmDt");
    }
    x.optional("ClrSysRef", status.clearing_reference, 35);
    x.close("TxInfAndSts");
}

fn reasons(x: &mut Xml<'_>, reasons: &[Reason<'_>]) {
    for reason in reasons {
        x.open("StsRsnInf");
        x.choice("Rsn", Some(reason.reason));
        for line in reason.information {
            x.pieces("AddtlInf", line, 105);
        }
        x.close("StsRsnInf");
    }
}
