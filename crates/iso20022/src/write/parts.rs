//! Parts that several messages share, in the order of their content models.

use super::xml::{Xml, cut};
use crate::ident::Bic;
use crate::model::*;

/// The components of the year 2019 on have LEI and an account around its number; those before do not.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Edition {
    Current,
    /// The components of acmt.023.001.02 and acmt.024.001.02.
    Early,
}

impl Xml<'_> {
    pub(super) fn choice(&mut self, tag: &str, choice: Option<Choice<'_>>) {
        if let Some(choice) = choice {
            self.open(tag);
            match choice {
                Choice::Code(code) => self.text("Cd", code, 35),
                Choice::Proprietary(word) => self.text("Prtry", word, 35),
            }
            self.close(tag);
        }
    }

    /// An institution named by its BIC.
    pub(super) fn institution(&mut self, tag: &str, bic: Bic) {
        self.open(tag);
        self.open("FinInstnId");
        self.text("BICFI", bic.as_str(), 11);
        self.close("FinInstnId");
        self.close(tag);
    }

    pub(super) fn optional_institution(&mut self, tag: &str, bic: Option<Bic>) {
        if let Some(bic) = bic {
            self.institution(tag, bic);
        }
    }

    pub(super) fn agent(&mut self, tag: &str, agent: &Agent<'_>) {
        let account = agent.account;
        if (Agent { account: None, ..*agent }).is_absent() {
            return;
        }
        self.open(tag);
        self.open("FinInstnId");
        self.optional("BICFI", agent.bic.as_ref().map(Bic::as_str), 11);
        self.member(agent.clearing_system, agent.member_id);
        self.optional("LEI", agent.lei.as_ref().map(|lei| lei.as_str()), 20);
        self.optional("Nm", agent.name, 140);
        self.address(&agent.address);
        if let Some(id) = agent.other_id {
            self.open("Othr");
            self.text("Id", id, 35);
            self.close("Othr");
        }
        self.close("FinInstnId");
        self.close(tag);
        if let Some(account) = account {
            let tag = format!("{tag}Acct");
            self.account(&tag, Some(account));
        }
    }

    fn member(&mut self, system: Option<&str>, member: Option<&str>) {
        if let Some(member) = member {
            self.open("ClrSysMmbId");
            if let Some(system) = system {
                let choice = if system.len() <= 5 { Choice::Code(system) } else { Choice::Proprietary(system) };
                self.choice("ClrSysId", Some(choice));
            }
            self.text("MmbId", member, 35);
            self.close("ClrSysMmbId");
        }
    }

    /// A party as an institution: debtor and creditor of pacs.009.
    pub(super) fn party_as_agent(&mut self, tag: &str, party: &Party<'_>) {
        let agent = Agent {
            bic: party.bic,
            lei: party.lei,
            clearing_system: None,
            member_id: party.member_id,
            name: party.name,
            other_id: party.other_id,
            address: party.address,
            account: party.account,
        };
        self.agent(tag, &agent);
    }

    pub(super) fn party(&mut self, tag: &str, party: &Party<'_>) {
        self.party_of(tag, party, Edition::Current);
    }

    /// A party, without its account.
    pub(super) fn party_of(&mut self, tag: &str, party: &Party<'_>, edition: Edition) {
        self.open(tag);
        self.optional("Nm", party.name, 140);
        self.address(&party.address);
        let lei = party.lei.filter(|_| edition == Edition::Current);
        if let Some(birth) = party.birth_date {
            self.open("Id");
            self.open("PrvtId");
            self.open("DtAndPlcOfBirth");
            self.date("BirthDt", birth);
            self.text("CityOfBirth", "NOTPROVIDED", 35);
            self.text("CtryOfBirth", party.address.country.unwrap_or("XX"), 2);
            self.close("DtAndPlcOfBirth");
            self.other(party.other_id);
            self.close("PrvtId");
            self.close("Id");
        } else if party.bic.is_some() || lei.is_some() || party.other_id.is_some() {
            self.open("Id");
            self.open("OrgId");
            self.optional("AnyBIC", party.bic.as_ref().map(Bic::as_str), 11);
            self.optional("LEI", lei.as_ref().map(|lei| lei.as_str()), 20);
            self.other(party.other_id);
            self.close("OrgId");
            self.close("Id");
        }
        self.close(tag);
    }

    pub(super) fn optional_party(&mut self, tag: &str, party: &Party<'_>) {
        if !party.is_absent() {
            self.party(tag, party);
        }
    }

    fn other(&mut self, id: Option<&str>) {
        if let Some(id) = id {
            self.open("Othr");
            self.text("Id", id, 35);
            self.close("Othr");
        }
    }

    fn address(&mut self, address: &Address<'_>) {
        if *address == Address::default() {
            return;
        }
        self.open("PstlAdr");
        self.optional("StrtNm", address.street, 70);
        self.optional("BldgNb", address.building, 16);
        self.optional("PstCd", address.post_code, 16);
        self.optional("TwnNm", address.town, 35);
        self.optional("CtrySubDvsn", address.subdivision, 35);
        self.optional("Ctry", address.country, 2);
        for line in address.lines.into_iter().flat_map(|lines| lines.split('\n')).take(7) {
            self.text("AdrLine", line, 70);
        }
        self.close("PstlAdr");
    }

    pub(super) fn account(&mut self, tag: &str, account: Option<Account<'_>>) {
        if let Some(account) = account {
            self.open(tag);
            self.account_number("Id", account.id);
            self.optional("Ccy", account.currency.as_ref().map(|code| code.as_str()), 3);
            self.close(tag);
        }
    }

    pub(super) fn account_number(&mut self, tag: &str, id: AccountId<'_>) {
        self.open(tag);
        match id {
            AccountId::Iban(iban) => self.text("IBAN", iban, 34),
            AccountId::Other(id) => {
                self.open("Othr");
                self.text("Id", id, 34);
                self.close("Othr");
            }
        }
        self.close(tag);
    }

    pub(super) fn charges(&mut self, charges: &[Charge<'_>]) {
        for charge in charges {
            self.open("ChrgsInf");
            self.amount("Amt", charge.amount);
            self.agent("Agt", &Agent { account: None, ..charge.agent });
            self.close("ChrgsInf");
        }
    }

    pub(super) fn original_message(&mut self, tag: &str, original: Option<OriginalMessage<'_>>) {
        if let Some(original) = original {
            self.open(tag);
            self.original_message_parts(original);
            self.close(tag);
        }
    }

    pub(super) fn original_message_parts(&mut self, original: OriginalMessage<'_>) {
        self.text("OrgnlMsgId", original.message_id, 35);
        self.text("OrgnlMsgNmId", original.name, 35);
        self.optional_timestamp("OrgnlCreDtTm", original.created);
    }

    /// Lines of text, each in pieces of at most `max` characters.
    pub(super) fn pieces(&mut self, tag: &str, text: &str, max: usize) {
        for line in text.split('\n') {
            let mut rest = line;
            while !rest.is_empty() {
                let piece = cut(rest, max);
                self.text(tag, piece, max);
                rest = &rest[piece.len()..];
            }
        }
    }

    pub(super) fn optional_pieces(&mut self, tag: &str, text: Option<&str>, max: usize) {
        if let Some(text) = text {
            self.pieces(tag, text, max);
        }
    }

    pub(super) fn times(&mut self, times: &SettlementTimes) {
        if *times != SettlementTimes::default() {
            self.open("SttlmTmReq");
            self.optional_time("CLSTm", times.cls);
            self.optional_time("TillTm", times.till);
            self.optional_time("FrTm", times.from);
            self.optional_time("RjctTm", times.reject);
            self.close("SttlmTmReq");
        }
    }

    pub(super) fn remittance(&mut self, text: Option<&str>) {
        if let Some(text) = text
            && !text.is_empty()
        {
            self.open("RmtInf");
            self.pieces("Ustrd", text, 140);
            self.close("RmtInf");
        }
    }
}
