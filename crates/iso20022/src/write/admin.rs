//! admi.002 and admi.004: what cannot be said about a payment.

use super::xml::Xml;
use crate::model::*;

pub(super) fn message_reject(x: &mut Xml<'_>, reject: &MessageReject<'_>) {
    x.open("admi.002.001.01");
    x.open("RltdRef");
    x.text("Ref", reject.reference, 35);
    x.close("RltdRef");
    x.open("Rsn");
    x.text("RjctgPtyRsn", reject.reason, 35);
    x.optional_timestamp("RjctnDtTm", reject.at);
    x.optional("ErrLctn", reject.location, 350);
    x.optional("RsnDesc", reject.description, 350);
    x.optional("AddtlData", reject.additional, 20_000);
    x.close("Rsn");
    x.close("admi.002.001.01");
}

pub(super) fn system_event(x: &mut Xml<'_>, event: &SystemEvent<'_>) {
    x.open("SysEvtNtfctn");
    x.open("EvtInf");
    x.text("EvtCd", event.code, 4);
    for parameter in event.parameters {
        x.text("EvtParam", parameter, 35);
    }
    x.optional("EvtDesc", event.description, 1_000);
    x.optional_timestamp("EvtTm", event.at);
    x.close("EvtInf");
    x.close("SysEvtNtfctn");
}
