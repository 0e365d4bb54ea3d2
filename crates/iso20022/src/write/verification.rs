//! acmt.023 and acmt.024: requests to verify an account, and their answers.

use super::parts::Edition;
use super::xml::Xml;
use crate::ident::Bic;
use crate::model::*;
use crate::time::Timestamp;

fn assignment(x: &mut Xml<'_>, id: &str, created: Timestamp, assigner: Bic, assignee: Bic) {
    x.open("Assgnmt");
    x.text("MsgId", id, 35);
    x.timestamp("CreDtTm", created);
    for (tag, bic) in [("Assgnr", assigner), ("Assgne", assignee)] {
        x.open(tag);
        x.institution("Agt", bic);
        x.close(tag);
    }
    x.close("Assgnmt");
}

fn party_and_account(x: &mut Xml<'_>, tag: &str, party: &Party<'_>, agent: Option<Bic>, edition: Edition) {
    x.open(tag);
    if !(Party { account: None, ..*party }).is_absent() {
        x.party_of("Pty", party, edition);
    }
    match edition {
        Edition::Current => x.account("Acct", party.account),
        Edition::Early => {
            if let Some(account) = party.account {
                x.account_number("Acct", account.id);
            }
        }
    }
    x.optional_institution("Agt", agent);
    x.close(tag);
}

pub(super) fn verifications(x: &mut Xml<'_>, message: &VerificationMessage<'_>) {
    x.open("IdVrfctnReq");
    assignment(x, message.message_id, message.created, message.assigner, message.assignee);
    for verification in message.verifications {
        x.open("Vrfctn");
        x.text("Id", verification.verification_id, 35);
        let agent = verification.agent.bic;
        party_and_account(x, "PtyAndAcctId", &verification.party, agent, Edition::Current);
        x.close("Vrfctn");
    }
    x.close("IdVrfctnReq");
}

pub(super) fn report(x: &mut Xml<'_>, report: &VerificationReport<'_>, edition: Edition) {
    x.open("IdVrfctnRpt");
    assignment(x, report.message_id, report.created, report.assigner, report.assignee);
    if let Some((id, created)) = report.original {
        x.open("OrgnlAssgnmt");
        x.text("MsgId", id, 35);
        x.timestamp("CreDtTm", created);
        x.close("OrgnlAssgnmt");
    }
    for answer in report.answers {
        x.open("Rpt");
        x.text("OrgnlId", answer.original_id, 35);
        x.truth("Vrfctn", answer.verified);
        x.choice("Rsn", answer.reason);
        if !answer.original_party.is_absent() {
            party_and_account(x, "OrgnlPtyAndAcctId", &answer.original_party, None, edition);
        }
        if let Some(party) = &answer.updated_party {
            party_and_account(x, "UpdtdPtyAndAcctId", party, None, edition);
        }
        x.close("Rpt");
    }
    x.close("IdVrfctnRpt");
}
