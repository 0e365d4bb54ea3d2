//! Which elements of each message this crate gives a meaning to, and in which slot their text is kept.
//!
//! A plan is a tree that follows the content models only along interpreted paths. Whatever the schema allows beside it is valid and
//! reported as uninterpreted.

use super::{Content, MessageEntry, Schema, TypeId, schema};
use crate::model::MessageKind;
use std::sync::LazyLock;

/// Number of a node in its plan. 0 is no node: the element is not interpreted.
pub(crate) type NodeId = u16;

/// Number of a slot.
pub(crate) type Slot = u16;

macro_rules! slots {
    ($($name:ident)+) => {
        slots!(@count 1; $($name)+);
    };
    (@count $at:expr; $name:ident $($rest:ident)*) => {
        pub(crate) const $name: Slot = $at;
        slots!(@count $name + 1; $($rest)*);
    };
    (@count $at:expr;) => {
        const BLOCKS: Slot = $at;
    };
}

/// The slots of a message. `_CODE` is followed by the slot of the proprietary word, `_AMOUNT` by that of its currency.
pub(crate) mod slot {
    use super::Slot;
    slots! {
        MESSAGE_ID CREATED BATCH_BOOKING COUNT CONTROL_SUM TOTAL_AMOUNT TOTAL_CURRENCY SETTLEMENT_METHOD
        CLEARING_CODE CLEARING_WORD SETTLEMENT_DATE SETTLEMENT_DATE_TIME CASE_ID CONFIRMATION
        PAYMENT_INFORMATION_ID
        INSTRUCTION_PRIORITY SERVICE_CODE SERVICE_WORD INSTRUMENT_CODE INSTRUMENT_WORD CATEGORY_CODE CATEGORY_WORD
        OWN_ID INSTRUCTION_ID END_TO_END_ID TRANSACTION_ID UETR CLEARING_REFERENCE
        MAIN_AMOUNT MAIN_CURRENCY SETTLEMENT_PRIORITY CLS_TIME TILL_TIME FROM_TIME REJECT_TIME ACCEPTED
        INSTRUCTED_AMOUNT INSTRUCTED_CURRENCY EQUIVALENT_AMOUNT EQUIVALENT_CURRENCY TRANSFER_CURRENCY EXCHANGE_RATE CHARGE_BEARER
        PURPOSE_CODE PURPOSE_WORD REGULATORY REMITTANCE STRUCTURED_REMITTANCE
        ORIGINAL_MESSAGE_ID ORIGINAL_NAME ORIGINAL_CREATED ORIGINAL_AMOUNT ORIGINAL_CURRENCY ORIGINAL_DATE
        REASON_CODE REASON_WORD INFORMATION STATUS
        CHARGE_AMOUNT CHARGE_CURRENCY
        SENDER_ID DEFINITION SERVICE DUPLICATE PRIORITY
    }

    /// Slots of one party or agent.
    pub(crate) const FIELDS: Slot = 18;
    /// Number of slots.
    pub(crate) const ALL: usize = (BLOCKS + FIELDS * super::ROLES) as usize;

    /// First slot of a role.
    pub(crate) const fn of(role: super::Role) -> Slot {
        BLOCKS + role as Slot * FIELDS
    }
}

/// Offsets of the fields of a party or agent from the first slot of its role. The account comes last: it has an element of its own.
pub(crate) mod field {
    use super::Slot;
    pub(crate) const NAME: Slot = 0;
    pub(crate) const STREET: Slot = 1;
    pub(crate) const BUILDING: Slot = 2;
    pub(crate) const POST_CODE: Slot = 3;
    pub(crate) const TOWN: Slot = 4;
    pub(crate) const SUBDIVISION: Slot = 5;
    pub(crate) const COUNTRY: Slot = 6;
    pub(crate) const LINES: Slot = 7;
    pub(crate) const BIC: Slot = 8;
    pub(crate) const LEI: Slot = 9;
    pub(crate) const SYSTEM_CODE: Slot = 10;
    pub(crate) const SYSTEM_WORD: Slot = 11;
    pub(crate) const MEMBER: Slot = 12;
    pub(crate) const OTHER: Slot = 13;
    pub(crate) const BIRTH: Slot = 14;
    pub(crate) const ACCOUNT: Slot = 15;
    pub(crate) const IBAN: Slot = ACCOUNT;
    pub(crate) const ACCOUNT_OTHER: Slot = 16;
    pub(crate) const ACCOUNT_CURRENCY: Slot = 17;
}

/// Parties and agents that this crate knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Instructing,
    Instructed,
    Intermediary,
    UltimateDebtor,
    Debtor,
    DebtorAgent,
    CreditorAgent,
    Creditor,
    UltimateCreditor,
    Initiating,
    ChargeAgent,
}

const ROLES: Slot = 11;

/// What is done with the text of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Take {
    /// Nothing: the element holds others.
    Nothing,
    /// Keep the first.
    First(Slot),
    /// Keep the first; its characters are restricted.
    Identifier(Slot),
    /// Keep all, joined by line feeds.
    Join(Slot),
    /// Keep the first, and its currency in the next slot.
    Amount(Slot),
    /// Only note that it is there; what is inside is not interpreted.
    Presence(Slot),
}

/// What part of the message begins with an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    None,
    /// A part whose values hold for the transactions inside.
    Block,
    Transaction,
    Charge,
}

/// An interpreted element.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) parent: NodeId,
    pub(crate) name: &'static str,
    pub(crate) content: TypeId,
    /// First of its children's nodes in [`Plan::links`], one for each child of the content model.
    links: u32,
    pub(crate) take: Take,
    pub(crate) scope: Scope,
    /// Slots emptied when the element begins, so that values of the group never mix with those of the transaction.
    pub(crate) clears: (Slot, Slot),
}

/// What a plan reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    Message(MessageKind),
    ApplicationHeader,
}

/// The plan of one message version.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) subject: Subject,
    pub(crate) entry: &'static MessageEntry,
    pub(crate) nodes: Vec<Node>,
    links: Vec<NodeId>,
}

/// The node of a message's root element.
pub(crate) const ROOT: NodeId = 1;

static PLANS: LazyLock<Vec<Plan>> = LazyLock::new(|| {
    schema()
        .messages
        .iter()
        .map(|entry| {
            let (subject, lines) = SUBJECTS
                .iter()
                .find(|(family, ..)| entry.name.starts_with(family))
                .map(|(_, subject, lines)| (*subject, *lines))
                .unwrap_or_else(|| panic!("no plan for {}", entry.name));
            Plan::build(schema(), entry, subject, lines).0
        })
        .collect()
});

/// The plan of a message by its full name, such as `pacs.008.001.08`.
pub(crate) fn find(name: &[u8]) -> Option<&'static Plan> {
    PLANS.iter().find(|plan| plan.entry.name.as_bytes() == name)
}

/// Names of all versions accepted, application headers left out.
pub(crate) fn versions() -> impl Iterator<Item = &'static str> {
    PLANS.iter().filter(|plan| plan.subject != Subject::ApplicationHeader).map(|plan| plan.entry.name)
}

impl Plan {
    pub(crate) fn node(&self, id: NodeId) -> &Node {
        &self.nodes[usize::from(id)]
    }

    /// The node of the child at `position` of the content model, 0 when it is not interpreted.
    #[inline]
    pub(crate) fn child(&self, parent: NodeId, position: usize) -> NodeId {
        if parent == 0 {
            return 0;
        }
        self.links[self.node(parent).links as usize + position]
    }

    /// The path of a node below the root element.
    pub(crate) fn path(&self, id: NodeId) -> String {
        let node = self.node(id);
        if id <= ROOT || node.parent <= ROOT {
            return node.name.to_owned();
        }
        format!("{}/{}", self.path(node.parent), node.name)
    }

    /// The path of a child that has no node.
    pub(crate) fn child_path(&self, parent: NodeId, position: u16) -> String {
        let content = schema().contents[usize::from(self.node(parent).content)];
        let name = schema().children(content)[usize::from(position)].name;
        if parent == ROOT { name.to_owned() } else { format!("{}/{name}", self.path(parent)) }
    }

    fn build(
        schema: &'static Schema,
        entry: &'static MessageEntry,
        subject: Subject,
        lines: &[(&'static str, Spec)],
    ) -> (Self, Vec<&'static str>) {
        let mut plan = Self { subject, entry, nodes: Vec::new(), links: Vec::new() };
        plan.add(schema, 0, "", entry.content);
        plan.add(schema, 0, entry.root, entry.content);
        let missed = lines
            .iter()
            .filter(|(path, spec)| !plan.insert(schema, ROOT, path, *spec))
            .map(|(path, _)| *path)
            .collect();
        (plan, missed)
    }

    fn add(&mut self, schema: &Schema, parent: NodeId, name: &'static str, content: TypeId) -> NodeId {
        let children = schema.children(schema.contents[usize::from(content)]).len();
        let links = self.links.len() as u32;
        self.links.resize(self.links.len() + children, 0);
        self.nodes.push(Node { parent, name, content, links, take: Take::Nothing, scope: Scope::None, clears: (0, 0) });
        (self.nodes.len() - 1) as NodeId
    }

    /// The node at `path` below `from`, made where it is missing. `None` when this version has no such element.
    fn reach(&mut self, schema: &'static Schema, from: NodeId, path: &str) -> Option<NodeId> {
        let mut at = from;
        for name in path.split('/').filter(|name| !name.is_empty()) {
            let content = schema.contents[usize::from(self.node(at).content)];
            let children = schema.children(content);
            let position = children.iter().position(|child| child.name == name)?;
            let known = self.child(at, position);
            at = if known == 0 {
                let child = &children[position];
                let new = self.add(schema, at, child.name, child.content);
                let link = self.node(at).links as usize + position;
                self.links[link] = new;
                new
            } else {
                known
            };
        }
        Some(at)
    }

    fn insert(&mut self, schema: &'static Schema, from: NodeId, path: &str, spec: Spec) -> bool {
        let Some(id) = self.reach(schema, from, path) else {
            return false;
        };
        let at = usize::from(id);
        match spec {
            Spec::Value(slot) => self.nodes[at].take = Take::First(slot),
            Spec::Identifier(slot) => self.nodes[at].take = Take::Identifier(slot),
            Spec::Join(slot) => self.nodes[at].take = Take::Join(slot),
            Spec::Presence(slot) => self.nodes[at].take = Take::Presence(slot),
            Spec::Amount(slot) => {
                assert!(matches!(schema.contents[usize::from(self.nodes[at].content)], Content::Amount));
                self.nodes[at].take = Take::Amount(slot);
            }
            Spec::Block => self.nodes[at].scope = Scope::Block,
            Spec::Transaction => self.nodes[at].scope = Scope::Transaction,
            Spec::Clears(first, count) => self.nodes[at].clears = (first, count),
            Spec::Choice(slot) => {
                self.insert(schema, id, "Cd", Spec::Value(slot));
                self.insert(schema, id, "Prtry", Spec::Value(slot + 1));
            }
            Spec::Charges => {
                self.nodes[at].scope = Scope::Charge;
                self.insert(schema, id, "Amt", Spec::Amount(slot::CHARGE_AMOUNT));
                self.insert(schema, id, "Agt", Spec::Agent(Role::ChargeAgent));
            }
            Spec::Agent(role) => self.block(schema, id, role, AGENT_FIELDS),
            Spec::Party(role) => self.block(schema, id, role, PARTY_FIELDS),
            Spec::PartyOrAgent(role) => {
                self.block(schema, id, role, &[]);
                for (element, fields) in
                    [("Pty", PARTY_FIELDS), ("OrgId", PARTY_FIELDS), ("Agt", AGENT_FIELDS), ("FIId", AGENT_FIELDS)]
                {
                    if let Some(id) = self.reach(schema, id, element) {
                        self.block(schema, id, role, fields);
                    }
                }
            }
            Spec::Account(role) => {
                self.nodes[at].clears = (slot::of(role) + field::ACCOUNT, slot::FIELDS - field::ACCOUNT);
                for (path, field) in ACCOUNT_FIELDS {
                    self.insert(schema, id, path, field.at(role));
                }
            }
        }
        true
    }

    fn block(&mut self, schema: &'static Schema, id: NodeId, role: Role, fields: &'static [(&'static str, Field)]) {
        self.nodes[usize::from(id)].clears = (slot::of(role), field::ACCOUNT);
        for (path, field) in fields {
            self.insert(schema, id, path, field.at(role));
        }
    }
}

/// A line of a plan: what the element at a path means.
#[derive(Debug, Clone, Copy)]
enum Spec {
    Value(Slot),
    Identifier(Slot),
    Join(Slot),
    Amount(Slot),
    Presence(Slot),
    Choice(Slot),
    Agent(Role),
    Party(Role),
    PartyOrAgent(Role),
    Account(Role),
    Charges,
    Block,
    Transaction,
    Clears(Slot, Slot),
}

/// A line of a party, agent or account, relative to its role.
#[derive(Debug, Clone, Copy)]
enum Field {
    Value(Slot),
    Identifier(Slot),
    Join(Slot),
}

impl Field {
    fn at(self, role: Role) -> Spec {
        match self {
            Self::Value(field) => Spec::Value(slot::of(role) + field),
            Self::Identifier(field) => Spec::Identifier(slot::of(role) + field),
            Self::Join(field) => Spec::Join(slot::of(role) + field),
        }
    }
}

const AGENT_FIELDS: &[(&str, Field)] = &[
    ("FinInstnId/BICFI", Field::Value(field::BIC)),
    ("FinInstnId/LEI", Field::Value(field::LEI)),
    ("FinInstnId/ClrSysMmbId/ClrSysId/Cd", Field::Value(field::SYSTEM_CODE)),
    ("FinInstnId/ClrSysMmbId/ClrSysId/Prtry", Field::Value(field::SYSTEM_WORD)),
    ("FinInstnId/ClrSysMmbId/MmbId", Field::Identifier(field::MEMBER)),
    ("FinInstnId/Othr/Id", Field::Value(field::OTHER)),
    ("FinInstnId/Nm", Field::Value(field::NAME)),
    ("FinInstnId/PstlAdr/StrtNm", Field::Value(field::STREET)),
    ("FinInstnId/PstlAdr/BldgNb", Field::Value(field::BUILDING)),
    ("FinInstnId/PstlAdr/PstCd", Field::Value(field::POST_CODE)),
    ("FinInstnId/PstlAdr/TwnNm", Field::Value(field::TOWN)),
    ("FinInstnId/PstlAdr/CtrySubDvsn", Field::Value(field::SUBDIVISION)),
    ("FinInstnId/PstlAdr/Ctry", Field::Value(field::COUNTRY)),
    ("FinInstnId/PstlAdr/AdrLine", Field::Join(field::LINES)),
];

const PARTY_FIELDS: &[(&str, Field)] = &[
    ("Nm", Field::Value(field::NAME)),
    ("PstlAdr/StrtNm", Field::Value(field::STREET)),
    ("PstlAdr/BldgNb", Field::Value(field::BUILDING)),
    ("PstlAdr/PstCd", Field::Value(field::POST_CODE)),
    ("PstlAdr/TwnNm", Field::Value(field::TOWN)),
    ("PstlAdr/CtrySubDvsn", Field::Value(field::SUBDIVISION)),
    ("PstlAdr/Ctry", Field::Value(field::COUNTRY)),
    ("PstlAdr/AdrLine", Field::Join(field::LINES)),
    ("Id/OrgId/AnyBIC", Field::Value(field::BIC)),
    ("Id/OrgId/LEI", Field::Value(field::LEI)),
    ("Id/OrgId/Othr/Id", Field::Value(field::OTHER)),
    ("Id/PrvtId/Othr/Id", Field::Value(field::OTHER)),
    ("Id/PrvtId/DtAndPlcOfBirth/BirthDt", Field::Value(field::BIRTH)),
];

const ACCOUNT_FIELDS: &[(&str, Field)] = &[
    ("Id/IBAN", Field::Value(field::IBAN)),
    ("Id/Othr/Id", Field::Identifier(field::ACCOUNT_OTHER)),
    // The account of acmt.023.001.02 has no element of its own around the choice.
    ("IBAN", Field::Value(field::IBAN)),
    ("Othr/Id", Field::Identifier(field::ACCOUNT_OTHER)),
    ("Ccy", Field::Value(field::ACCOUNT_CURRENCY)),
];

type Lines = &'static [(&'static str, Spec)];

const SUBJECTS: &[(&str, Subject, Lines)] = &[
    ("pacs.008.001.", Subject::Message(MessageKind::Pacs008), INTERBANK_TRANSFER),
    ("pacs.009.001.", Subject::Message(MessageKind::Pacs009), INTERBANK_TRANSFER),
    ("pacs.004.001.", Subject::Message(MessageKind::Pacs004), RETURN),
    ("camt.056.001.", Subject::Message(MessageKind::Camt056), CANCELLATION),
    ("camt.029.001.", Subject::Message(MessageKind::Camt029), RESOLUTION),
    ("pain.001.001.", Subject::Message(MessageKind::Pain001), INITIATION),
    ("acmt.023.001.", Subject::Message(MessageKind::Acmt023), VERIFICATION),
    ("head.001.001.", Subject::ApplicationHeader, HEADER),
];

const HEADER: Lines = &[
    ("Fr", Spec::PartyOrAgent(Role::Instructing)),
    ("To", Spec::PartyOrAgent(Role::Instructed)),
    ("BizMsgIdr", Spec::Identifier(slot::SENDER_ID)),
    ("MsgDefIdr", Spec::Value(slot::DEFINITION)),
    ("BizSvc", Spec::Value(slot::SERVICE)),
    ("CreDt", Spec::Value(slot::CREATED)),
    ("PssblDplct", Spec::Value(slot::DUPLICATE)),
    ("Prty", Spec::Value(slot::PRIORITY)),
];

/// pacs.008 and pacs.009: the same paths, and in pacs.009 debtor and creditor are institutions.
const INTERBANK_TRANSFER: Lines = &[
    ("GrpHdr/MsgId", Spec::Identifier(slot::MESSAGE_ID)),
    ("GrpHdr/CreDtTm", Spec::Value(slot::CREATED)),
    ("GrpHdr/BtchBookg", Spec::Value(slot::BATCH_BOOKING)),
    ("GrpHdr/NbOfTxs", Spec::Value(slot::COUNT)),
    ("GrpHdr/CtrlSum", Spec::Value(slot::CONTROL_SUM)),
    ("GrpHdr/TtlIntrBkSttlmAmt", Spec::Amount(slot::TOTAL_AMOUNT)),
    ("GrpHdr/IntrBkSttlmDt", Spec::Value(slot::SETTLEMENT_DATE)),
    ("GrpHdr/SttlmInf/SttlmMtd", Spec::Value(slot::SETTLEMENT_METHOD)),
    ("GrpHdr/SttlmInf/ClrSys", Spec::Choice(slot::CLEARING_CODE)),
    ("GrpHdr/PmtTpInf/InstrPrty", Spec::Value(slot::INSTRUCTION_PRIORITY)),
    ("GrpHdr/PmtTpInf/SvcLvl", Spec::Choice(slot::SERVICE_CODE)),
    ("GrpHdr/PmtTpInf/LclInstrm", Spec::Choice(slot::INSTRUMENT_CODE)),
    ("GrpHdr/PmtTpInf/CtgyPurp", Spec::Choice(slot::CATEGORY_CODE)),
    ("GrpHdr/InstgAgt", Spec::Agent(Role::Instructing)),
    ("GrpHdr/InstdAgt", Spec::Agent(Role::Instructed)),
    ("CdtTrfTxInf", Spec::Transaction),
    ("CdtTrfTxInf/PmtId/InstrId", Spec::Identifier(slot::INSTRUCTION_ID)),
    ("CdtTrfTxInf/PmtId/EndToEndId", Spec::Identifier(slot::END_TO_END_ID)),
    ("CdtTrfTxInf/PmtId/TxId", Spec::Identifier(slot::TRANSACTION_ID)),
    ("CdtTrfTxInf/PmtId/UETR", Spec::Value(slot::UETR)),
    ("CdtTrfTxInf/PmtId/ClrSysRef", Spec::Identifier(slot::CLEARING_REFERENCE)),
    ("CdtTrfTxInf/PmtTpInf", Spec::Clears(slot::INSTRUCTION_PRIORITY, 7)),
    ("CdtTrfTxInf/PmtTpInf/InstrPrty", Spec::Value(slot::INSTRUCTION_PRIORITY)),
    ("CdtTrfTxInf/PmtTpInf/SvcLvl", Spec::Choice(slot::SERVICE_CODE)),
    ("CdtTrfTxInf/PmtTpInf/LclInstrm", Spec::Choice(slot::INSTRUMENT_CODE)),
    ("CdtTrfTxInf/PmtTpInf/CtgyPurp", Spec::Choice(slot::CATEGORY_CODE)),
    ("CdtTrfTxInf/IntrBkSttlmAmt", Spec::Amount(slot::MAIN_AMOUNT)),
    ("CdtTrfTxInf/IntrBkSttlmDt", Spec::Value(slot::SETTLEMENT_DATE)),
    ("CdtTrfTxInf/SttlmPrty", Spec::Value(slot::SETTLEMENT_PRIORITY)),
    ("CdtTrfTxInf/SttlmTmReq/CLSTm", Spec::Value(slot::CLS_TIME)),
    ("CdtTrfTxInf/SttlmTmReq/TillTm", Spec::Value(slot::TILL_TIME)),
    ("CdtTrfTxInf/SttlmTmReq/FrTm", Spec::Value(slot::FROM_TIME)),
    ("CdtTrfTxInf/SttlmTmReq/RjctTm", Spec::Value(slot::REJECT_TIME)),
    ("CdtTrfTxInf/AccptncDtTm", Spec::Value(slot::ACCEPTED)),
    ("CdtTrfTxInf/AddtlDtTm/AccptncDtTm", Spec::Value(slot::ACCEPTED)),
    ("CdtTrfTxInf/InstdAmt", Spec::Amount(slot::INSTRUCTED_AMOUNT)),
    ("CdtTrfTxInf/XchgRate", Spec::Value(slot::EXCHANGE_RATE)),
    ("CdtTrfTxInf/ChrgBr", Spec::Value(slot::CHARGE_BEARER)),
    ("CdtTrfTxInf/ChrgsInf", Spec::Charges),
    ("CdtTrfTxInf/InstgAgt", Spec::Agent(Role::Instructing)),
    ("CdtTrfTxInf/InstdAgt", Spec::Agent(Role::Instructed)),
    ("CdtTrfTxInf/IntrmyAgt1", Spec::Agent(Role::Intermediary)),
    ("CdtTrfTxInf/IntrmyAgt1Acct", Spec::Account(Role::Intermediary)),
    // Debtors and creditors are parties in one message and institutions in the other: of both readings only one finds its children.
    ("CdtTrfTxInf/UltmtDbtr", Spec::Party(Role::UltimateDebtor)),
    ("CdtTrfTxInf/UltmtDbtr", Spec::Agent(Role::UltimateDebtor)),
    ("CdtTrfTxInf/Dbtr", Spec::Party(Role::Debtor)),
    ("CdtTrfTxInf/Dbtr", Spec::Agent(Role::Debtor)),
    ("CdtTrfTxInf/DbtrAcct", Spec::Account(Role::Debtor)),
    ("CdtTrfTxInf/DbtrAgt", Spec::Agent(Role::DebtorAgent)),
    ("CdtTrfTxInf/DbtrAgtAcct", Spec::Account(Role::DebtorAgent)),
    ("CdtTrfTxInf/CdtrAgt", Spec::Agent(Role::CreditorAgent)),
    ("CdtTrfTxInf/CdtrAgtAcct", Spec::Account(Role::CreditorAgent)),
    ("CdtTrfTxInf/Cdtr", Spec::Party(Role::Creditor)),
    ("CdtTrfTxInf/Cdtr", Spec::Agent(Role::Creditor)),
    ("CdtTrfTxInf/CdtrAcct", Spec::Account(Role::Creditor)),
    ("CdtTrfTxInf/UltmtCdtr", Spec::Party(Role::UltimateCreditor)),
    ("CdtTrfTxInf/UltmtCdtr", Spec::Agent(Role::UltimateCreditor)),
    ("CdtTrfTxInf/Purp", Spec::Choice(slot::PURPOSE_CODE)),
    ("CdtTrfTxInf/RgltryRptg", Spec::Presence(slot::REGULATORY)),
    ("CdtTrfTxInf/RmtInf/Ustrd", Spec::Join(slot::REMITTANCE)),
    ("CdtTrfTxInf/RmtInf/Strd", Spec::Presence(slot::STRUCTURED_REMITTANCE)),
];

const RETURN: Lines = &[
    ("GrpHdr/MsgId", Spec::Identifier(slot::MESSAGE_ID)),
    ("GrpHdr/CreDtTm", Spec::Value(slot::CREATED)),
    ("GrpHdr/BtchBookg", Spec::Value(slot::BATCH_BOOKING)),
    ("GrpHdr/NbOfTxs", Spec::Value(slot::COUNT)),
    ("GrpHdr/CtrlSum", Spec::Value(slot::CONTROL_SUM)),
    ("GrpHdr/TtlRtrdIntrBkSttlmAmt", Spec::Amount(slot::TOTAL_AMOUNT)),
    ("GrpHdr/IntrBkSttlmDt", Spec::Value(slot::SETTLEMENT_DATE)),
    ("GrpHdr/SttlmInf/SttlmMtd", Spec::Value(slot::SETTLEMENT_METHOD)),
    ("GrpHdr/SttlmInf/ClrSys", Spec::Choice(slot::CLEARING_CODE)),
    ("GrpHdr/InstgAgt", Spec::Agent(Role::Instructing)),
    ("GrpHdr/InstdAgt", Spec::Agent(Role::Instructed)),
    ("OrgnlGrpInf/OrgnlMsgId", Spec::Identifier(slot::ORIGINAL_MESSAGE_ID)),
    ("OrgnlGrpInf/OrgnlMsgNmId", Spec::Value(slot::ORIGINAL_NAME)),
    ("OrgnlGrpInf/OrgnlCreDtTm", Spec::Value(slot::ORIGINAL_CREATED)),
    ("OrgnlGrpInf/RtrRsnInf/Rsn", Spec::Choice(slot::REASON_CODE)),
    ("OrgnlGrpInf/RtrRsnInf/AddtlInf", Spec::Join(slot::INFORMATION)),
    ("TxInf", Spec::Transaction),
    ("TxInf/RtrId", Spec::Identifier(slot::OWN_ID)),
    ("TxInf/OrgnlGrpInf", Spec::Clears(slot::ORIGINAL_MESSAGE_ID, 3)),
    ("TxInf/OrgnlGrpInf/OrgnlMsgId", Spec::Identifier(slot::ORIGINAL_MESSAGE_ID)),
    ("TxInf/OrgnlGrpInf/OrgnlMsgNmId", Spec::Value(slot::ORIGINAL_NAME)),
    ("TxInf/OrgnlGrpInf/OrgnlCreDtTm", Spec::Value(slot::ORIGINAL_CREATED)),
    ("TxInf/OrgnlInstrId", Spec::Identifier(slot::INSTRUCTION_ID)),
    ("TxInf/OrgnlEndToEndId", Spec::Identifier(slot::END_TO_END_ID)),
    ("TxInf/OrgnlTxId", Spec::Identifier(slot::TRANSACTION_ID)),
    ("TxInf/OrgnlUETR", Spec::Value(slot::UETR)),
    ("TxInf/OrgnlClrSysRef", Spec::Identifier(slot::CLEARING_REFERENCE)),
    ("TxInf/OrgnlIntrBkSttlmAmt", Spec::Amount(slot::ORIGINAL_AMOUNT)),
    ("TxInf/OrgnlIntrBkSttlmDt", Spec::Value(slot::ORIGINAL_DATE)),
    ("TxInf/RtrdIntrBkSttlmAmt", Spec::Amount(slot::MAIN_AMOUNT)),
    ("TxInf/IntrBkSttlmDt", Spec::Value(slot::SETTLEMENT_DATE)),
    ("TxInf/SttlmPrty", Spec::Value(slot::SETTLEMENT_PRIORITY)),
    ("TxInf/SttlmTmReq/CLSTm", Spec::Value(slot::CLS_TIME)),
    ("TxInf/SttlmTmReq/TillTm", Spec::Value(slot::TILL_TIME)),
    ("TxInf/SttlmTmReq/FrTm", Spec::Value(slot::FROM_TIME)),
    ("TxInf/SttlmTmReq/RjctTm", Spec::Value(slot::REJECT_TIME)),
    ("TxInf/RtrdInstdAmt", Spec::Amount(slot::INSTRUCTED_AMOUNT)),
    ("TxInf/XchgRate", Spec::Value(slot::EXCHANGE_RATE)),
    ("TxInf/ChrgBr", Spec::Value(slot::CHARGE_BEARER)),
    ("TxInf/ChrgsInf", Spec::Charges),
    ("TxInf/InstgAgt", Spec::Agent(Role::Instructing)),
    ("TxInf/InstdAgt", Spec::Agent(Role::Instructed)),
    ("TxInf/RtrRsnInf/Rsn", Spec::Choice(slot::REASON_CODE)),
    ("TxInf/RtrRsnInf/AddtlInf", Spec::Join(slot::INFORMATION)),
];

const CANCELLATION: Lines = &[
    ("Assgnmt/Id", Spec::Identifier(slot::MESSAGE_ID)),
    ("Assgnmt/CreDtTm", Spec::Value(slot::CREATED)),
    ("Assgnmt/Assgnr", Spec::PartyOrAgent(Role::Instructing)),
    ("Assgnmt/Assgne", Spec::PartyOrAgent(Role::Instructed)),
    ("Case/Id", Spec::Identifier(slot::CASE_ID)),
    ("CtrlData/NbOfTxs", Spec::Value(slot::COUNT)),
    ("CtrlData/CtrlSum", Spec::Value(slot::CONTROL_SUM)),
    ("Undrlyg", Spec::Block),
    ("Undrlyg/OrgnlGrpInfAndCxl/Case", Spec::Clears(slot::CASE_ID, 1)),
    ("Undrlyg/OrgnlGrpInfAndCxl/Case/Id", Spec::Identifier(slot::CASE_ID)),
    ("Undrlyg/OrgnlGrpInfAndCxl/OrgnlMsgId", Spec::Identifier(slot::ORIGINAL_MESSAGE_ID)),
    ("Undrlyg/OrgnlGrpInfAndCxl/OrgnlMsgNmId", Spec::Value(slot::ORIGINAL_NAME)),
    ("Undrlyg/OrgnlGrpInfAndCxl/OrgnlCreDtTm", Spec::Value(slot::ORIGINAL_CREATED)),
    ("Undrlyg/OrgnlGrpInfAndCxl/CxlRsnInf/Rsn", Spec::Choice(slot::REASON_CODE)),
    ("Undrlyg/OrgnlGrpInfAndCxl/CxlRsnInf/AddtlInf", Spec::Join(slot::INFORMATION)),
    ("Undrlyg/TxInf", Spec::Transaction),
    ("Undrlyg/TxInf/CxlId", Spec::Identifier(slot::OWN_ID)),
    ("Undrlyg/TxInf/Case", Spec::Clears(slot::CASE_ID, 1)),
    ("Undrlyg/TxInf/Case/Id", Spec::Identifier(slot::CASE_ID)),
    ("Undrlyg/TxInf/OrgnlGrpInf", Spec::Clears(slot::ORIGINAL_MESSAGE_ID, 3)),
    ("Undrlyg/TxInf/OrgnlGrpInf/OrgnlMsgId", Spec::Identifier(slot::ORIGINAL_MESSAGE_ID)),
    ("Undrlyg/TxInf/OrgnlGrpInf/OrgnlMsgNmId", Spec::Value(slot::ORIGINAL_NAME)),
    ("Undrlyg/TxInf/OrgnlGrpInf/OrgnlCreDtTm", Spec::Value(slot::ORIGINAL_CREATED)),
    ("Undrlyg/TxInf/OrgnlInstrId", Spec::Identifier(slot::INSTRUCTION_ID)),
    ("Undrlyg/TxInf/OrgnlEndToEndId", Spec::Identifier(slot::END_TO_END_ID)),
    ("Undrlyg/TxInf/OrgnlTxId", Spec::Identifier(slot::TRANSACTION_ID)),
    ("Undrlyg/TxInf/OrgnlUETR", Spec::Value(slot::UETR)),
    ("Undrlyg/TxInf/OrgnlClrSysRef", Spec::Identifier(slot::CLEARING_REFERENCE)),
    ("Undrlyg/TxInf/OrgnlIntrBkSttlmAmt", Spec::Amount(slot::ORIGINAL_AMOUNT)),
    ("Undrlyg/TxInf/OrgnlIntrBkSttlmDt", Spec::Value(slot::ORIGINAL_DATE)),
    ("Undrlyg/TxInf/Assgnr", Spec::Agent(Role::Instructing)),
    ("Undrlyg/TxInf/Assgne", Spec::Agent(Role::Instructed)),
    ("Undrlyg/TxInf/CxlRsnInf/Rsn", Spec::Choice(slot::REASON_CODE)),
    ("Undrlyg/TxInf/CxlRsnInf/AddtlInf", Spec::Join(slot::INFORMATION)),
];

const RESOLUTION: Lines = &[
    ("Assgnmt/Id", Spec::Identifier(slot::MESSAGE_ID)),
    ("Assgnmt/CreDtTm", Spec::Value(slot::CREATED)),
    ("Assgnmt/Assgnr", Spec::PartyOrAgent(Role::Instructing)),
    ("Assgnmt/Assgne", Spec::PartyOrAgent(Role::Instructed)),
    ("RslvdCase/Id", Spec::Identifier(slot::CASE_ID)),
    ("Sts/Conf", Spec::Value(slot::CONFIRMATION)),
    ("CxlDtls", Spec::Block),
    ("CxlDtls/OrgnlGrpInfAndSts/OrgnlMsgId", Spec::Identifier(slot::ORIGINAL_MESSAGE_ID)),
    ("CxlDtls/OrgnlGrpInfAndSts/OrgnlMsgNmId", Spec::Value(slot::ORIGINAL_NAME)),
    ("CxlDtls/OrgnlGrpInfAndSts/OrgnlCreDtTm", Spec::Value(slot::ORIGINAL_CREATED)),
    ("CxlDtls/OrgnlGrpInfAndSts/CxlStsRsnInf/Rsn", Spec::Choice(slot::REASON_CODE)),
    ("CxlDtls/OrgnlGrpInfAndSts/CxlStsRsnInf/AddtlInf", Spec::Join(slot::INFORMATION)),
    ("CxlDtls/TxInfAndSts", Spec::Transaction),
    ("CxlDtls/TxInfAndSts/CxlStsId", Spec::Identifier(slot::OWN_ID)),
    ("CxlDtls/TxInfAndSts/RslvdCase", Spec::Clears(slot::CASE_ID, 1)),
    ("CxlDtls/TxInfAndSts/RslvdCase/Id", Spec::Identifier(slot::CASE_ID)),
    ("CxlDtls/TxInfAndSts/OrgnlGrpInf", Spec::Clears(slot::ORIGINAL_MESSAGE_ID, 3)),
    ("CxlDtls/TxInfAndSts/OrgnlGrpInf/OrgnlMsgId", Spec::Identifier(slot::ORIGINAL_MESSAGE_ID)),
    ("CxlDtls/TxInfAndSts/OrgnlGrpInf/OrgnlMsgNmId", Spec::Value(slot::ORIGINAL_NAME)),
    ("CxlDtls/TxInfAndSts/OrgnlGrpInf/OrgnlCreDtTm", Spec::Value(slot::ORIGINAL_CREATED)),
    ("CxlDtls/TxInfAndSts/OrgnlInstrId", Spec::Identifier(slot::INSTRUCTION_ID)),
    ("CxlDtls/TxInfAndSts/OrgnlEndToEndId", Spec::Identifier(slot::END_TO_END_ID)),
    ("CxlDtls/TxInfAndSts/OrgnlTxId", Spec::Identifier(slot::TRANSACTION_ID)),
    ("CxlDtls/TxInfAndSts/OrgnlUETR", Spec::Value(slot::UETR)),
    ("CxlDtls/TxInfAndSts/OrgnlClrSysRef", Spec::Identifier(slot::CLEARING_REFERENCE)),
    ("CxlDtls/TxInfAndSts/TxCxlSts", Spec::Value(slot::STATUS)),
    ("CxlDtls/TxInfAndSts/CxlStsRsnInf/Rsn", Spec::Choice(slot::REASON_CODE)),
    ("CxlDtls/TxInfAndSts/CxlStsRsnInf/AddtlInf", Spec::Join(slot::INFORMATION)),
    ("CxlDtls/TxInfAndSts/Assgnr", Spec::PartyOrAgent(Role::Instructing)),
    ("CxlDtls/TxInfAndSts/Assgne", Spec::PartyOrAgent(Role::Instructed)),
];

const INITIATION: Lines = &[
    ("GrpHdr/MsgId", Spec::Identifier(slot::MESSAGE_ID)),
    ("GrpHdr/CreDtTm", Spec::Value(slot::CREATED)),
    ("GrpHdr/NbOfTxs", Spec::Value(slot::COUNT)),
    ("GrpHdr/CtrlSum", Spec::Value(slot::CONTROL_SUM)),
    ("GrpHdr/InitgPty", Spec::Party(Role::Initiating)),
    ("PmtInf", Spec::Block),
    ("PmtInf/PmtInfId", Spec::Identifier(slot::PAYMENT_INFORMATION_ID)),
    ("PmtInf/BtchBookg", Spec::Value(slot::BATCH_BOOKING)),
    ("PmtInf/PmtTpInf", Spec::Clears(slot::INSTRUCTION_PRIORITY, 7)),
    ("PmtInf/PmtTpInf/InstrPrty", Spec::Value(slot::INSTRUCTION_PRIORITY)),
    ("PmtInf/PmtTpInf/SvcLvl", Spec::Choice(slot::SERVICE_CODE)),
    ("PmtInf/PmtTpInf/LclInstrm", Spec::Choice(slot::INSTRUMENT_CODE)),
    ("PmtInf/PmtTpInf/CtgyPurp", Spec::Choice(slot::CATEGORY_CODE)),
    ("PmtInf/ReqdExctnDt/Dt", Spec::Value(slot::SETTLEMENT_DATE)),
    ("PmtInf/ReqdExctnDt/DtTm", Spec::Value(slot::SETTLEMENT_DATE_TIME)),
    ("PmtInf/Dbtr", Spec::Party(Role::Debtor)),
    ("PmtInf/DbtrAcct", Spec::Account(Role::Debtor)),
    ("PmtInf/DbtrAgt", Spec::Agent(Role::DebtorAgent)),
    ("PmtInf/DbtrAgtAcct", Spec::Account(Role::DebtorAgent)),
    ("PmtInf/UltmtDbtr", Spec::Party(Role::UltimateDebtor)),
    ("PmtInf/ChrgBr", Spec::Value(slot::CHARGE_BEARER)),
    ("PmtInf/CdtTrfTxInf", Spec::Transaction),
    ("PmtInf/CdtTrfTxInf/PmtId/InstrId", Spec::Identifier(slot::INSTRUCTION_ID)),
    ("PmtInf/CdtTrfTxInf/PmtId/EndToEndId", Spec::Identifier(slot::END_TO_END_ID)),
    ("PmtInf/CdtTrfTxInf/PmtId/UETR", Spec::Value(slot::UETR)),
    ("PmtInf/CdtTrfTxInf/PmtTpInf", Spec::Clears(slot::INSTRUCTION_PRIORITY, 7)),
    ("PmtInf/CdtTrfTxInf/PmtTpInf/InstrPrty", Spec::Value(slot::INSTRUCTION_PRIORITY)),
    ("PmtInf/CdtTrfTxInf/PmtTpInf/SvcLvl", Spec::Choice(slot::SERVICE_CODE)),
    ("PmtInf/CdtTrfTxInf/PmtTpInf/LclInstrm", Spec::Choice(slot::INSTRUMENT_CODE)),
    ("PmtInf/CdtTrfTxInf/PmtTpInf/CtgyPurp", Spec::Choice(slot::CATEGORY_CODE)),
    ("PmtInf/CdtTrfTxInf/Amt/InstdAmt", Spec::Amount(slot::MAIN_AMOUNT)),
    ("PmtInf/CdtTrfTxInf/Amt/EqvtAmt/Amt", Spec::Amount(slot::EQUIVALENT_AMOUNT)),
    ("PmtInf/CdtTrfTxInf/Amt/EqvtAmt/CcyOfTrf", Spec::Value(slot::TRANSFER_CURRENCY)),
    ("PmtInf/CdtTrfTxInf/XchgRateInf/XchgRate", Spec::Value(slot::EXCHANGE_RATE)),
    ("PmtInf/CdtTrfTxInf/ChrgBr", Spec::Value(slot::CHARGE_BEARER)),
    ("PmtInf/CdtTrfTxInf/UltmtDbtr", Spec::Party(Role::UltimateDebtor)),
    ("PmtInf/CdtTrfTxInf/IntrmyAgt1", Spec::Agent(Role::Intermediary)),
    ("PmtInf/CdtTrfTxInf/IntrmyAgt1Acct", Spec::Account(Role::Intermediary)),
    ("PmtInf/CdtTrfTxInf/CdtrAgt", Spec::Agent(Role::CreditorAgent)),
    ("PmtInf/CdtTrfTxInf/CdtrAgtAcct", Spec::Account(Role::CreditorAgent)),
    ("PmtInf/CdtTrfTxInf/Cdtr", Spec::Party(Role::Creditor)),
    ("PmtInf/CdtTrfTxInf/CdtrAcct", Spec::Account(Role::Creditor)),
    ("PmtInf/CdtTrfTxInf/UltmtCdtr", Spec::Party(Role::UltimateCreditor)),
    ("PmtInf/CdtTrfTxInf/Purp", Spec::Choice(slot::PURPOSE_CODE)),
    ("PmtInf/CdtTrfTxInf/RgltryRptg", Spec::Presence(slot::REGULATORY)),
    ("PmtInf/CdtTrfTxInf/RmtInf/Ustrd", Spec::Join(slot::REMITTANCE)),
    ("PmtInf/CdtTrfTxInf/RmtInf/Strd", Spec::Presence(slot::STRUCTURED_REMITTANCE)),
];

const VERIFICATION: Lines = &[
    ("Assgnmt/MsgId", Spec::Identifier(slot::MESSAGE_ID)),
    ("Assgnmt/CreDtTm", Spec::Value(slot::CREATED)),
    ("Assgnmt/Assgnr", Spec::PartyOrAgent(Role::Instructing)),
    ("Assgnmt/Assgne", Spec::PartyOrAgent(Role::Instructed)),
    ("Vrfctn", Spec::Transaction),
    ("Vrfctn/Id", Spec::Identifier(slot::OWN_ID)),
    ("Vrfctn/PtyAndAcctId/Pty", Spec::Party(Role::Debtor)),
    ("Vrfctn/PtyAndAcctId/Acct", Spec::Account(Role::Debtor)),
    ("Vrfctn/PtyAndAcctId/Agt", Spec::Agent(Role::DebtorAgent)),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_of_a_plan_meets_an_element_of_some_version() {
        for (family, subject, lines) in SUBJECTS {
            let mut missed: Option<BTreeSet<&str>> = None;
            for entry in schema().messages.iter() {
                if entry.name.starts_with(family) {
                    let (_, these) = Plan::build(schema(), entry, *subject, lines);
                    let these: BTreeSet<_> = these.into_iter().collect();
                    missed = Some(match missed {
                        None => these,
                        Some(before) => before.intersection(&these).copied().collect(),
                    });
                }
            }
            let missed = missed.expect("each family has a version");
            // pacs.009 has no charges, no customers' addresses and no regulatory part; pacs.004 has a time request from .10 on.
            let known: BTreeSet<_> = [
                "CdtTrfTxInf/AccptncDtTm",
                "CdtTrfTxInf/AddtlDtTm/AccptncDtTm",
                "CdtTrfTxInf/InstdAmt",
                "CdtTrfTxInf/XchgRate",
                "CdtTrfTxInf/ChrgBr",
                "CdtTrfTxInf/ChrgsInf",
                "CdtTrfTxInf/RgltryRptg",
                "CdtTrfTxInf/RmtInf/Strd",
                "TxInf/SttlmTmReq/CLSTm",
                "TxInf/SttlmTmReq/TillTm",
                "TxInf/SttlmTmReq/FrTm",
                "TxInf/SttlmTmReq/RjctTm",
            ]
            .into();
            assert!(missed.is_subset(&known), "{family} {missed:?}");
        }
    }

    #[test]
    fn paths_are_told_below_the_root() {
        let plan = find(b"pacs.008.001.08").expect("a supported version");
        let paths: Vec<_> = (2..plan.nodes.len()).map(|id| plan.path(id as NodeId)).collect();
        assert!(paths.iter().any(|path| path == "CdtTrfTxInf/PmtId/UETR"));
        assert!(paths.iter().any(|path| path == "GrpHdr"));
    }
}
