//! camt.056 and camt.029: requests to cancel, and their answers.

use super::xml::Xml;
use crate::ident::{Bic, Uetr};
use crate::model::*;
use crate::time::Timestamp;

fn assignment(x: &mut Xml<'_>, id: &str, assigner: Bic, assignee: Bic, created: Timestamp) {
    x.open("Assgnmt");
    x.text("Id", id, 35);
    for (tag, bic) in [("Assgnr", assigner), ("Assgne", assignee)] {
        x.open(tag);
        x.institution("Agt", bic);
        x.close(tag);
    }
    x.timestamp("CreDtTm", created);
    x.close("Assgnmt");
}

fn case(x: &mut Xml<'_>, tag: &str, id: &str, creator: Bic) {
    x.open(tag);
    x.text("Id", id, 35);
    x.open("Cretr");
    x.institution("Agt", creator);
    x.close("Cretr");
    x.close(tag);
}

pub(super) fn cancellations(x: &mut Xml<'_>, message: &CancellationMessage<'_>) {
    x.open("FIToFIPmtCxlReq");
    let CancellationMessage { assigner, assignee, .. } = *message;
    assignment(x, message.message_id, assigner, assignee, message.created);
    x.open("CtrlData");
    x.number("NbOfTxs", message.requests.len() as u64);
    x.close("CtrlData");
    x.open("Undrlyg");
    for request in message.requests {
        x.open("TxInf");
        x.optional("CxlId", request.cancellation_id, 35);
        if let Some(id) = request.case_id {
            case(x, "Case", id, assigner);
        }
        x.original_message("OrgnlGrpInf", request.original_message);
        original(x, &request.original, request.original_uetr);
        x.optional_amount("OrgnlIntrBkSttlmAmt", request.original_amount);
        x.optional_date("OrgnlIntrBkSttlmDt", request.original_settlement_date);
        reason(x, "CxlRsnInf", request.reason, request.information);
        x.close("TxInf");
    }
    x.close("Undrlyg");
    x.close("FIToFIPmtCxlReq");
}

fn original(x: &mut Xml<'_>, original: &References<'_>, uetr: Option<Uetr>) {
    x.optional("OrgnlInstrId", original.instruction_id, 35);
    x.optional("OrgnlEndToEndId", original.end_to_end_id, 35);
    x.optional("OrgnlTxId", original.transaction_id, 35);
    x.uetr("OrgnlUETR", uetr);
    x.optional("OrgnlClrSysRef", original.clearing_reference, 35);
}

fn reason(x: &mut Xml<'_>, tag: &str, reason: Option<Choice<'_>>, information: Option<&str>) {
    if reason.is_some() || information.is_some() {
        x.open(tag);
        x.choice("Rsn", reason);
        x.optional_pieces("AddtlInf", information, 105);
        x.close(tag);
    }
}

pub(super) fn resolutions(x: &mut Xml<'_>, message: &ResolutionMessage<'_>) {
    x.open("RsltnOfInvstgtn");
    assignment(x, message.message_id, message.assigner, message.assignee, message.created);
    if let Some((id, creator)) = message.case {
        case(x, "RslvdCase", id, creator);
    }
    x.open("Sts");
    x.text("Conf", message.confirmation, 4);
    x.close("Sts");
    if !message.resolutions.is_empty() {
        x.open("CxlDtls");
        for resolution in message.resolutions {
            self::resolution(x, message, resolution);
        }
        x.close("CxlDtls");
    }
    x.close("RsltnOfInvstgtn");
}

fn resolution(x: &mut Xml<'_>, message: &ResolutionMessage<'_>, resolution: &Resolution<'_>) {
    x.open("TxInfAndSts");
    x.optional("CxlStsId", resolution.status_id, 35);
    let of_message = message.case.map(|(id, _)| id);
    if let Some(id) = resolution.case_id.filter(|id| Some(*id) != of_message) {
        case(x, "RslvdCase", id, message.assignee);
    }
    x.original_message("OrgnlGrpInf", resolution.original_message);
    // Here the clearing reference comes before the UETR.
    let References { instruction_id, end_to_end_id, transaction_id, clearing_reference, .. } = resolution.original;
    x.optional("OrgnlInstrId", instruction_id, 35);
    x.optional("OrgnlEndToEndId", end_to_end_id, 35);
    x.optional("OrgnlTxId", transaction_id, 35);
    x.optional("OrgnlClrSysRef", clearing_reference, 35);
    x.uetr("OrgnlUETR", resolution.original_uetr);
    // ACCR, RJCR and PDCR are the schema's codes for a transaction; a partial acceptance is told as accepted, with its reason.
    if let Some(status) = resolution.status {
        let status = match status {
            CancellationStatus::Accepted | CancellationStatus::PartiallyAccepted => "ACCR",
            CancellationStatus::Pending => "PDCR",
            CancellationStatus::Refused => "RJCR",
        };
        x.text("TxCxlSts", status, 4);
    }
    reason(x, "CxlStsRsnInf", resolution.reason, resolution.information);
    x.close("TxInfAndSts");
}
