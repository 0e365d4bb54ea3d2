//! One transaction of each message, with what is wrong in it on purpose.

use super::party::{self, Account, Company};
use super::text;
use super::xml::Xml;
use crate::traffic::{Bank, BankIndex, FlawKind, Kind, Money, Options, Original, Planned, Priority, Rng, split_mix};

const GOODS: [&str; 10] = [
    "copper cathodes",
    "winter wheat",
    "cotton yarn",
    "lathe spindles",
    "dried apricots",
    "freight wagons",
    "potash",
    "circuit boards",
    "polymer granulate",
    "tea",
];
const PURPOSES: [&str; 5] = ["GDDS", "SUPP", "SCVE", "TRAD", "COMC"];
const RETURN_REASONS: [(&str, &str); 4] = [
    ("AC04", "account is closed"),
    ("AC01", "account number is not known"),
    ("BE04", "creditor address is missing"),
    ("MS03", "no reason given"),
];
const RECALL_REASONS: [(&str, &str); 3] = [
    ("DUPL", "sent twice by mistake"),
    ("CUST", "asked for by the customer"),
    ("TECH", "technical problem at the sender"),
];

/// Local time minus UTC at a bank, minutes.
pub(super) fn offset_of(options: &Options, bank: BankIndex) -> i16 {
    options
        .banks
        .get(bank.at())
        .and_then(|bank| options.countries.iter().find(|c| c.code == bank.country))
        .map_or(0, |country| country.utc_offset_minutes)
}

/// References that follow from the number of the line, so that a later message can name them.
fn reference(options: &Options, letter: char, sequence: u64) -> String {
    format!("{letter}{}-{sequence:08}", text::compact_date(options.business_date))
}

/// End-to-end identification of a line.
pub(super) fn end_to_end_id(options: &Options, sequence: u64) -> String {
    reference(options, 'E', sequence)
}

/// Purpose code of a line.
pub(super) fn purpose(planned: &Planned) -> &'static str {
    Rng::new(planned.detail ^ 1).pick(&PURPOSES).copied().unwrap_or("GDDS")
}

/// Remittance text of a line.
pub(super) fn remittance(planned: &Planned) -> String {
    let rng = &mut Rng::new(planned.detail ^ 2);
    let goods = rng.pick(&GOODS).copied().unwrap_or("goods");
    let (invoice, contract, lots) = (rng.below(90_000), rng.below(9_000), 1 + rng.below(40));
    format!("Invoice {} of contract {}: {goods}, {lots} lots, delivered as agreed", 10_000 + invoice, 1_000 + contract)
}

fn flaw(planned: &Planned, kind: FlawKind) -> bool {
    planned.flaw.is_some_and(|flaw| flaw.kind == kind)
}

fn side(planned: &Planned, salt: u64) -> u64 {
    let mut state = planned.detail ^ (salt << 32);
    split_mix(&mut state)
}

fn company_of(options: &Options, planned: &Planned, bank: BankIndex, salt: u64) -> Option<Company> {
    let country = options.banks.get(bank.at())?.country;
    Some(party::company(side(planned, salt), country))
}

fn debtor(options: &Options, planned: &Planned) -> Option<Company> {
    company_of(options, planned, planned.from, 1)
}

fn creditor(options: &Options, planned: &Planned) -> Option<Company> {
    company_of(options, planned, planned.to, 2)
}

/// An agent by BIC, with its LEI and name where wanted.
pub(super) fn agent(xml: &mut Xml, element: &'static str, bank: &Bank, full: bool) {
    xml.open(element);
    xml.open("FinInstnId");
    xml.leaf("BICFI", &bank.bic);
    if full {
        let number = bank.bic.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(257).wrapping_add(u64::from(byte)));
        xml.leaf("LEI", &party::lei(&mut Rng::new(number)));
        xml.leaf("Nm", &bank.name);
    }
    xml.close();
    xml.close();
}

fn agent_at(xml: &mut Xml, element: &'static str, options: &Options, bank: BankIndex, full: bool) {
    if let Some(bank) = options.banks.get(bank.at()) {
        agent(xml, element, bank, full);
    }
}

/// The creditor's agent, which may be unknown or impossible on purpose.
fn creditor_agent(xml: &mut Xml, element: &'static str, options: &Options, planned: &Planned, full: bool) {
    let Some(bank) = options.banks.get(planned.to.at()) else {
        return;
    };
    let bic = if flaw(planned, FlawKind::UnknownAgent) {
        unknown_bic(options, bank)
    } else if flaw(planned, FlawKind::BicCountry) && element == "CdtrAgt" {
        format!("XXXXQQ{}", bank.bic.get(6..8).unwrap_or("B1"))
    } else {
        return agent(xml, element, bank, full);
    };
    xml.path(&[element, "FinInstnId", "BICFI"], &bic);
}

/// A well-formed BIC of the bank's country that no bank of the options has.
fn unknown_bic(options: &Options, bank: &Bank) -> String {
    let free = |bic: &String| options.banks.iter().all(|other| other.bic.get(..8) != bic.get(..8));
    ('A'..='Z')
        .map(|last| format!("XXXX{}Z{last}", bank.country.as_str()))
        .find(free)
        .unwrap_or_else(|| format!("XXXX{}Z0", bank.country.as_str()))
}

/// Name, address and LEI.
fn company(xml: &mut Xml, element: &'static str, company: &Company, planned: &Planned) {
    let is_debtor = element == "Dbtr";
    xml.open(element);
    xml.leaf("Nm", &company.name);
    xml.open("PstlAdr");
    if is_debtor && flaw(planned, FlawKind::UnstructuredAddress) {
        xml.leaf("AdrLine", &format!("{} {}", company.street, company.building));
        xml.leaf("AdrLine", &format!("{} {}", company.post_code, company.town));
        xml.leaf("AdrLine", company.country.as_str());
    } else if company.hybrid {
        xml.leaf("PstCd", &company.post_code);
        xml.leaf("TwnNm", company.town);
        xml.leaf("Ctry", company.country.as_str());
        xml.leaf("AdrLine", &format!("{} {}, second floor", company.street, company.building));
    } else {
        xml.leaf("StrtNm", &company.street);
        xml.leaf("BldgNb", &company.building);
        xml.leaf("PstCd", &company.post_code);
        xml.leaf("TwnNm", company.town);
        xml.leaf("Ctry", company.country.as_str());
    }
    xml.close();
    let wrong_lei = is_debtor && flaw(planned, FlawKind::LeiCheckDigits);
    if wrong_lei {
        let lei = party::lei(&mut Rng::new(planned.detail));
        xml.path(&["Id", "OrgId", "LEI"], &party::spoil_last_digit(&lei));
    } else if let Some(lei) = &company.lei {
        xml.path(&["Id", "OrgId", "LEI"], lei);
    }
    xml.close();
}

fn account(xml: &mut Xml, element: &'static str, account: &Account, planned: &Planned) {
    xml.open(element);
    xml.open("Id");
    match account {
        Account::Iban(iban) => {
            let wrong = element == "CdtrAcct" && flaw(planned, FlawKind::IbanCheckDigits);
            if wrong {
                xml.leaf("IBAN", &party::spoil_last_digit(iban));
            } else {
                xml.leaf("IBAN", iban);
            }
        }
        Account::Other(number) => {
            xml.open("Othr");
            xml.leaf("Id", number);
            xml.path(&["SchmeNm", "Cd"], "BBAN");
            xml.close();
        }
    }
    xml.close();
    xml.close();
}

fn identification(xml: &mut Xml, options: &Options, planned: &Planned) {
    let mut uetr = text::uetr(planned.uetr);
    if flaw(planned, FlawKind::UetrVersion) {
        // The version is the fifteenth character.
        uetr.replace_range(14..15, "1");
    }
    xml.open("PmtId");
    xml.leaf("InstrId", &reference(options, 'I', planned.sequence));
    xml.leaf("EndToEndId", &end_to_end_id(options, planned.sequence));
    xml.leaf("TxId", &reference(options, 'T', planned.sequence));
    xml.leaf("UETR", &uetr);
    xml.close();
}

fn type_information(xml: &mut Xml, planned: &Planned) {
    xml.open("PmtTpInf");
    let priority = match planned.priority {
        Priority::Urgent => "HIGH",
        Priority::Normal => "NORM",
    };
    xml.leaf("InstrPrty", priority);
    match planned.kind {
        Kind::Pvp { .. } => xml.path(&["LclInstrm", "Prtry"], "PVP"),
        Kind::Customer | Kind::Conversion(_) => xml.path(&["CtgyPurp", "Cd"], "SUPP"),
        Kind::Institution | Kind::Initiation | Kind::Return(_) | Kind::Recall(_) | Kind::Verification => {}
    }
    xml.close();
}

fn amount(xml: &mut Xml, element: &str, options: &Options, money: Money) {
    let (currency, amount) = text::money(&options.currencies, money);
    xml.amount(element, &currency, &amount);
}

/// Amount, date, priority and requested times.
fn settlement(xml: &mut Xml, options: &Options, planned: &Planned) {
    let (currency, mut digits) = text::money(&options.currencies, planned.money);
    if flaw(planned, FlawKind::WrongDecimals) {
        // A digit that is not zero after the last decimal the currency has.
        if !digits.contains('.') {
            digits.push('.');
        }
        digits.push('5');
    }
    xml.amount("IntrBkSttlmAmt", &currency, &digits);
    xml.leaf("IntrBkSttlmDt", &text::date(planned.value_date));
    let priority = match planned.priority {
        Priority::Urgent => "URGT",
        Priority::Normal => "NORM",
    };
    xml.leaf("SttlmPrty", priority);
    if planned.earliest.is_some() || planned.latest.is_some() {
        xml.open("SttlmTmReq");
        if let Some(latest) = planned.latest {
            xml.leaf("TillTm", &text::time_utc(latest));
        }
        if let Some(earliest) = planned.earliest {
            xml.leaf("FrTm", &text::time_utc(earliest));
        }
        xml.close();
    }
}

/// A transaction of pacs.008.
pub(super) fn customer_transfer(xml: &mut Xml, options: &Options, planned: &Planned) {
    let (Some(debtor), Some(creditor)) = (debtor(options, planned), creditor(options, planned)) else {
        return;
    };
    xml.open("CdtTrfTxInf");
    identification(xml, options, planned);
    type_information(xml, planned);
    settlement(xml, options, planned);
    xml.leaf("AccptncDtTm", &text::date_time(planned.at, offset_of(options, planned.from)));
    if let Kind::Conversion(conversion) = planned.kind {
        amount(xml, "InstdAmt", options, conversion.source);
        let rate = text::decimal(u128::from(conversion.rate), conversion.rate_decimals);
        xml.leaf("XchgRate", &rate);
    }
    xml.leaf("ChrgBr", "SHAR");
    creditor_agent(xml, "InstdAgt", options, planned, false);
    company(xml, "Dbtr", &debtor, planned);
    account(xml, "DbtrAcct", &debtor.account, planned);
    agent_at(xml, "DbtrAgt", options, planned.from, true);
    creditor_agent(xml, "CdtrAgt", options, planned, true);
    if !flaw(planned, FlawKind::MissingElement) {
        company(xml, "Cdtr", &creditor, planned);
    }
    account(xml, "CdtrAcct", &creditor.account, planned);
    xml.path(&["Purp", "Cd"], purpose(planned));
    if debtor.country.as_str() == "CN" || creditor.country.as_str() == "CN" {
        regulatory_report(xml, planned, debtor.country.as_str());
    }
    xml.path(&["RmtInf", "Ustrd"], &remittance(planned));
    xml.close();
}

/// A balance-of-payments code as several authorities ask for; the codes are made up.
fn regulatory_report(xml: &mut Xml, planned: &Planned, country: &str) {
    xml.open("RgltryRptg");
    xml.leaf("DbtCdtRptgInd", "BOTH");
    xml.open("Dtls");
    xml.leaf("Tp", "BOP");
    xml.leaf("Ctry", country);
    xml.leaf("Cd", &format!("{}", 121_000 + planned.detail % 90));
    xml.leaf("Inf", "Goods trade, example code");
    xml.close();
    xml.close();
}

/// A transaction of pacs.009.
pub(super) fn institution_transfer(xml: &mut Xml, options: &Options, planned: &Planned) {
    xml.open("CdtTrfTxInf");
    identification(xml, options, planned);
    type_information(xml, planned);
    settlement(xml, options, planned);
    agent_at(xml, "InstdAgt", options, planned.to, false);
    agent_at(xml, "Dbtr", options, planned.from, true);
    agent_at(xml, "Cdtr", options, planned.to, true);
    xml.path(&["Purp", "Cd"], "INTC");
    let text = match planned.kind {
        Kind::Pvp { group } => format!("Exchange of currencies, deal {}", reference(options, 'D', group)),
        Kind::Institution
        | Kind::Customer
        | Kind::Conversion(_)
        | Kind::Initiation
        | Kind::Return(_)
        | Kind::Recall(_)
        | Kind::Verification => "Transfer between institutions".to_owned(),
    };
    xml.path(&["RmtInf", "Ustrd"], &text);
    xml.close();
}

fn original_references(xml: &mut Xml, options: &Options, original: &Original) {
    xml.leaf("OrgnlInstrId", &reference(options, 'I', original.sequence));
    xml.leaf("OrgnlEndToEndId", &end_to_end_id(options, original.sequence));
    xml.leaf("OrgnlTxId", &reference(options, 'T', original.sequence));
    xml.leaf("OrgnlUETR", &text::uetr(original.uetr));
    amount(xml, "OrgnlIntrBkSttlmAmt", options, original.money);
    xml.leaf("OrgnlIntrBkSttlmDt", &text::date(original.value_date));
}

/// A transaction of pacs.004.
pub(super) fn payment_return(xml: &mut Xml, options: &Options, planned: &Planned) {
    let Kind::Return(original) = planned.kind else {
        return;
    };
    xml.open("TxInf");
    xml.leaf("RtrId", &reference(options, 'R', planned.sequence));
    original_references(xml, options, &original);
    amount(xml, "RtrdIntrBkSttlmAmt", options, planned.money);
    xml.leaf("IntrBkSttlmDt", &text::date(planned.value_date));
    xml.leaf("ChrgBr", "SLEV");
    agent_at(xml, "InstgAgt", options, planned.from, false);
    agent_at(xml, "InstdAgt", options, planned.to, false);
    let (code, information) = Rng::new(planned.detail).pick(&RETURN_REASONS).copied().unwrap_or(("MS03", ""));
    xml.open("RtrRsnInf");
    xml.path(&["Rsn", "Cd"], code);
    xml.leaf("AddtlInf", information);
    xml.close();
    xml.close();
}

/// A transaction of camt.056.
pub(super) fn cancellation(xml: &mut Xml, options: &Options, planned: &Planned) {
    let Kind::Recall(original) = planned.kind else {
        return;
    };
    xml.open("TxInf");
    xml.leaf("CxlId", &reference(options, 'C', planned.sequence));
    xml.open("Case");
    xml.leaf("Id", &reference(options, 'C', planned.sequence));
    xml.open("Cretr");
    agent_at(xml, "Agt", options, planned.from, false);
    xml.close();
    xml.close();
    original_references(xml, options, &original);
    let (code, information) = Rng::new(planned.detail).pick(&RECALL_REASONS).copied().unwrap_or(("CUST", ""));
    xml.open("CxlRsnInf");
    xml.path(&["Rsn", "Cd"], code);
    xml.leaf("AddtlInf", information);
    xml.close();
    xml.close();
}

/// The party that orders, in the group part of pain.001.
pub(super) fn initiating_party(xml: &mut Xml, options: &Options, planned: &Planned) {
    if let Some(debtor) = debtor(options, planned) {
        company(xml, "InitgPty", &debtor, planned);
    }
}

/// A payment block of pain.001 with one transaction.
pub(super) fn order(xml: &mut Xml, options: &Options, planned: &Planned) {
    let (Some(debtor), Some(creditor)) = (debtor(options, planned), creditor(options, planned)) else {
        return;
    };
    xml.open("PmtInf");
    xml.leaf("PmtInfId", &reference(options, 'P', planned.sequence));
    xml.leaf("PmtMtd", "TRF");
    xml.leaf("NbOfTxs", "1");
    xml.path(&["ReqdExctnDt", "Dt"], &text::date(planned.value_date));
    company(xml, "Dbtr", &debtor, planned);
    account(xml, "DbtrAcct", &debtor.account, planned);
    agent_at(xml, "DbtrAgt", options, planned.from, true);
    xml.open("CdtTrfTxInf");
    xml.open("PmtId");
    xml.leaf("InstrId", &reference(options, 'I', planned.sequence));
    xml.leaf("EndToEndId", &end_to_end_id(options, planned.sequence));
    xml.leaf("UETR", &text::uetr(planned.uetr));
    xml.close();
    xml.open("Amt");
    amount(xml, "InstdAmt", options, planned.money);
    xml.close();
    xml.leaf("ChrgBr", "SHAR");
    agent_at(xml, "CdtrAgt", options, planned.to, true);
    company(xml, "Cdtr", &creditor, planned);
    account(xml, "CdtrAcct", &creditor.account, planned);
    xml.path(&["Purp", "Cd"], purpose(planned));
    xml.path(&["RmtInf", "Ustrd"], &remittance(planned));
    xml.close();
    xml.close();
}

/// A question of acmt.023.
pub(super) fn verification(xml: &mut Xml, options: &Options, planned: &Planned) {
    let Some(creditor) = creditor(options, planned) else {
        return;
    };
    xml.open("Vrfctn");
    xml.leaf("Id", &reference(options, 'V', planned.sequence));
    xml.open("PtyAndAcctId");
    xml.path(&["Pty", "Nm"], &creditor.name);
    xml.open("Acct");
    match &creditor.account {
        Account::Iban(iban) => xml.leaf("IBAN", iban),
        Account::Other(number) => xml.path(&["Othr", "Id"], number),
    }
    xml.close();
    agent_at(xml, "Agt", options, planned.to, false);
    xml.close();
    xml.close();
}
