//! camt.052, camt.053 and camt.054: what happened on accounts. The three share nearly everything.

use super::xml::Xml;
use crate::model::*;

/// Which of the three.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Intraday,
    Statement,
    Notification,
}

pub(super) fn account_report(x: &mut Xml<'_>, kind: Kind, report: &AccountReport<'_>) {
    let (root, part) = match kind {
        Kind::Intraday => ("BkToCstmrAcctRpt", "Rpt"),
        Kind::Statement => ("BkToCstmrStmt", "Stmt"),
        Kind::Notification => ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
    };
    x.open(root);
    x.open("GrpHdr");
    x.text("MsgId", report.message_id, 35);
    x.timestamp("CreDtTm", report.created);
    if let Some(bic) = report.recipient {
        x.party("MsgRcpt", &Party { bic: Some(bic), ..Party::default() });
    }
    x.close("GrpHdr");
    for statement in report.statements {
        x.open(part);
        self::statement(x, kind, statement);
        x.close(part);
    }
    x.close(root);
}

fn statement(x: &mut Xml<'_>, kind: Kind, statement: &Statement<'_>) {
    x.text("Id", statement.id, 35);
    if let Some(sequence) = statement.sequence {
        x.number("ElctrncSeqNb", sequence);
    }
    x.timestamp("CreDtTm", statement.created);
    if let Some((from, to)) = statement.period {
        x.open("FrToDt");
        x.timestamp("FrDtTm", from);
        x.timestamp("ToDtTm", to);
        x.close("FrToDt");
    }
    x.open("Acct");
    x.account_number("Id", statement.account.id);
    let currency = statement.account.currency;
    x.optional("Ccy", currency.as_ref().map(|code| code.as_str()), 3);
    if let Some(bic) = statement.owner {
        x.party("Ownr", &Party { bic: Some(bic), ..Party::default() });
    }
    x.optional_institution("Svcr", statement.servicer);
    x.close("Acct");
    if kind != Kind::Notification {
        for balance in statement.balances {
            self::balance(x, balance);
        }
    }
    for entry in statement.entries {
        self::entry(x, entry);
    }
}

fn balance(x: &mut Xml<'_>, balance: &Balance) {
    x.open("Bal");
    x.open("Tp");
    x.choice("CdOrPrtry", Some(Choice::Code(balance.kind.code())));
    x.close("Tp");
    x.amount("Amt", balance.amount);
    x.text("CdtDbtInd", balance.direction.code(), 4);
    x.open("Dt");
    x.date("Dt", balance.date);
    x.close("Dt");
    x.close("Bal");
}

fn entry(x: &mut Xml<'_>, entry: &ReportEntry<'_>) {
    x.open("Ntry");
    x.text("NtryRef", entry.reference, 35);
    x.amount("Amt", entry.amount);
    x.text("CdtDbtInd", entry.direction.code(), 4);
    if entry.reversal {
        x.truth("RvslInd", true);
    }
    x.choice("Sts", Some(Choice::Code(entry.status.code())));
    x.open("BookgDt");
    x.timestamp("DtTm", entry.booked);
    x.close("BookgDt");
    x.open("ValDt");
    x.date("Dt", entry.value_date);
    x.close("ValDt");
    let (domain, family, sub_family) = entry.code;
    x.open("BkTxCd");
    x.open("Domn");
    x.text("Cd", domain, 4);
    x.open("Fmly");
    x.text("Cd", family, 4);
    x.text("SubFmlyCd", sub_family, 4);
    x.close("Fmly");
    x.close("Domn");
    x.close("BkTxCd");
    x.open("NtryDtls");
    details(x, entry);
    x.close("NtryDtls");
    x.close("Ntry");
}

fn details(x: &mut Xml<'_>, entry: &ReportEntry<'_>) {
    x.open("TxDtls");
    let references = entry.references;
    let none = References { uetr: None, ..references } == References::default();
    if !none || entry.uetr.is_some() || entry.original_message_id.is_some() {
        x.open("Refs");
        x.optional("MsgId", entry.original_message_id, 35);
        x.optional("InstrId", references.instruction_id, 35);
        x.optional("EndToEndId", references.end_to_end_id, 35);
        x.uetr("UETR", entry.uetr);
        x.optional("TxId", references.transaction_id, 35);
        x.optional("ClrSysRef", references.clearing_reference, 35);
        x.close("Refs");
    }
    x.amount("Amt", entry.amount);
    x.text("CdtDbtInd", entry.direction.code(), 4);
    if entry.debtor.is_some() || entry.creditor.is_some() {
        x.open("RltdPties");
        named(x, "Dbtr", entry.debtor);
        named(x, "Cdtr", entry.creditor);
        x.close("RltdPties");
    }
    if entry.debtor_agent.is_some() || entry.creditor_agent.is_some() {
        x.open("RltdAgts");
        x.optional_institution("DbtrAgt", entry.debtor_agent);
        x.optional_institution("CdtrAgt", entry.creditor_agent);
        x.close("RltdAgts");
    }
    x.remittance(entry.remittance);
    if entry.return_reason.is_some() {
        x.open("RtrInf");
        x.choice("Rsn", entry.return_reason);
        x.close("RtrInf");
    }
    x.optional("AddtlTxInf", entry.information, 500);
    x.close("TxDtls");
}

fn named(x: &mut Xml<'_>, tag: &str, name: Option<&str>) {
    if name.is_some() {
        x.open(tag);
        x.party("Pty", &Party { name, ..Party::default() });
        x.close(tag);
    }
}
