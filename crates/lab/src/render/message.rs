//! One message of each kind from its lines: the group part, then line after line.
//!
//! Element order is the schema's. What is wrong on purpose in a line is written here; what is wrong with a whole file is done afterwards, see
//! [`spoil`](super::spoil).

use super::line;
use super::text;
use super::xml::Xml;
use crate::traffic::{Bank, BankIndex, FlawKind, Kind, Options, Planned};

/// Messages that the generator writes. A batch holds lines of one family.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// pacs.008: customer credit transfers.
    Pacs008,
    /// pacs.009: institutions for themselves.
    Pacs009,
    /// pacs.004: returns.
    Pacs004,
    /// camt.056: requests to give back.
    Camt056,
    /// pain.001: customers' orders.
    Pain001,
    /// acmt.023: questions about accounts.
    Acmt023,
}

impl Family {
    /// The family in which a line travels.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        match kind {
            Kind::Customer | Kind::Conversion(_) => Self::Pacs008,
            Kind::Institution | Kind::Pvp { .. } => Self::Pacs009,
            Kind::Return(_) => Self::Pacs004,
            Kind::Recall(_) => Self::Camt056,
            Kind::Initiation => Self::Pain001,
            Kind::Verification => Self::Acmt023,
        }
    }

    /// Name with version, such as `pacs.008.001.08`.
    #[must_use]
    pub const fn definition(self) -> &'static str {
        match self {
            Self::Pacs008 => "pacs.008.001.08",
            Self::Pacs009 => "pacs.009.001.08",
            Self::Pacs004 => "pacs.004.001.09",
            Self::Camt056 => "camt.056.001.08",
            Self::Pain001 => "pain.001.001.09",
            Self::Acmt023 => "acmt.023.001.02",
        }
    }

    const fn root(self) -> &'static str {
        match self {
            Self::Pacs008 => "FIToFICstmrCdtTrf",
            Self::Pacs009 => "FICdtTrf",
            Self::Pacs004 => "PmtRtr",
            Self::Camt056 => "FIToFIPmtCxlReq",
            Self::Pain001 => "CstmrCdtTrfInitn",
            Self::Acmt023 => "IdVrfctnReq",
        }
    }
}

/// How a message is dressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Dress {
    /// One element a line.
    pub(super) indented: bool,
    /// Namespace prefix such as `p:`, or nothing.
    pub(super) prefix: &'static str,
    /// With a business application header in front, both inside an envelope.
    pub(super) header: bool,
    /// With a control sum, and a total where all amounts have one currency.
    pub(super) sums: bool,
}

/// A message to write.
pub(super) struct Batch<'a> {
    pub(super) options: &'a Options,
    pub(super) family: Family,
    pub(super) id: String,
    /// When the message is created.
    pub(super) at: i64,
    pub(super) from: BankIndex,
    pub(super) lines: &'a [Planned],
    pub(super) dress: Dress,
}

const NAMESPACE: &str = "urn:iso:std:iso:20022:tech:xsd:";

impl Batch<'_> {
    /// The message as a file.
    pub(super) fn render(&self) -> Vec<u8> {
        let mut xml = Xml::new(self.dress.indented);
        if self.dress.header {
            xml.open("Envelope");
            self.application_header(&mut xml);
        }
        xml.set_prefix(self.dress.prefix);
        let definition =
            if self.has_flaw(FlawKind::UnsupportedVersion) { "pacs.008.001.99" } else { self.family.definition() };
        let outside = xml.depth();
        xml.open_root("Document", &format!("{NAMESPACE}{definition}"));
        xml.open(self.family.root());
        match self.family {
            Family::Pacs008 | Family::Pacs009 | Family::Pacs004 => self.interbank(&mut xml),
            Family::Camt056 => self.cancellations(&mut xml),
            Family::Pain001 => self.orders(&mut xml),
            Family::Acmt023 => self.verifications(&mut xml),
        }
        xml.close_to(outside);
        xml.set_prefix("");
        xml.finish()
    }

    fn application_header(&self, xml: &mut Xml) {
        let outside = xml.depth();
        xml.set_prefix("h:");
        xml.open_root("AppHdr", &format!("{NAMESPACE}head.001.001.02"));
        xml.path(&["Fr", "FIId", "FinInstnId", "BICFI"], self.sender().bic.as_str());
        // The file goes to whoever runs the clearing; a message has one receiver, so the first line's bank stands for it.
        let receiver = self.lines.first().and_then(|line| self.bank(line.to));
        xml.path(&["To", "FIId", "FinInstnId", "BICFI"], receiver.map_or("", |bank| bank.bic.as_str()));
        xml.leaf("BizMsgIdr", &self.id);
        xml.leaf("MsgDefIdr", self.family.definition());
        xml.leaf("CreDt", &self.created());
        xml.close_to(outside);
    }

    fn interbank(&self, xml: &mut Xml) {
        xml.open("GrpHdr");
        xml.leaf("MsgId", &self.id);
        xml.leaf("CreDtTm", &self.created());
        self.count_and_sums(xml);
        let total = match self.family {
            Family::Pacs008 | Family::Pacs009 => "TtlIntrBkSttlmAmt",
            Family::Pacs004 => "TtlRtrdIntrBkSttlmAmt",
            Family::Camt056 | Family::Pain001 | Family::Acmt023 => "",
        };
        if self.dress.sums
            && let Some((currency, amount)) = self.total()
        {
            xml.amount(total, &currency, &amount);
        }
        xml.open("SttlmInf");
        xml.leaf("SttlmMtd", "CLRG");
        xml.close();
        let is_pvp = matches!(self.lines.first().map(|line| line.kind), Some(Kind::Pvp { .. }));
        if is_pvp {
            xml.path(&["PmtTpInf", "LclInstrm", "Prtry"], "PVP");
        }
        line::agent(xml, "InstgAgt", self.sender(), true);
        xml.close();
        for planned in self.lines {
            match self.family {
                Family::Pacs008 => line::customer_transfer(xml, self.options, planned),
                Family::Pacs009 => line::institution_transfer(xml, self.options, planned),
                Family::Pacs004 => line::payment_return(xml, self.options, planned),
                Family::Camt056 | Family::Pain001 | Family::Acmt023 => {}
            }
        }
    }

    fn count_and_sums(&self, xml: &mut Xml) {
        let count = self.lines.len() + usize::from(self.has_flaw(FlawKind::CountMismatch));
        xml.leaf("NbOfTxs", &count.to_string());
        let wrong_sum = self.has_flaw(FlawKind::ControlSumMismatch);
        if (self.dress.sums || wrong_sum)
            && let Some(sum) = self.control_sum(wrong_sum)
        {
            xml.leaf("CtrlSum", &sum);
        }
    }

    fn cancellations(&self, xml: &mut Xml) {
        let receiver = self.lines.first().and_then(|line| self.bank(line.to));
        xml.open("Assgnmt");
        xml.leaf("Id", &self.id);
        xml.path(&["Assgnr", "Agt", "FinInstnId", "BICFI"], &self.sender().bic);
        xml.path(&["Assgne", "Agt", "FinInstnId", "BICFI"], receiver.map_or("", |bank| bank.bic.as_str()));
        xml.leaf("CreDtTm", &self.created());
        xml.close();
        xml.path(&["CtrlData", "NbOfTxs"], &self.lines.len().to_string());
        xml.open("Undrlyg");
        for planned in self.lines {
            line::cancellation(xml, self.options, planned);
        }
        xml.close();
    }

    fn orders(&self, xml: &mut Xml) {
        xml.open("GrpHdr");
        xml.leaf("MsgId", &self.id);
        xml.leaf("CreDtTm", &self.created());
        self.count_and_sums(xml);
        if let Some(planned) = self.lines.first() {
            line::initiating_party(xml, self.options, planned);
        }
        xml.close();
        for planned in self.lines {
            line::order(xml, self.options, planned);
        }
    }

    fn verifications(&self, xml: &mut Xml) {
        let receiver = self.lines.first().and_then(|line| self.bank(line.to));
        xml.open("Assgnmt");
        xml.leaf("MsgId", &self.id);
        xml.leaf("CreDtTm", &self.created());
        xml.path(&["Assgnr", "Agt", "FinInstnId", "BICFI"], &self.sender().bic);
        xml.path(&["Assgne", "Agt", "FinInstnId", "BICFI"], receiver.map_or("", |bank| bank.bic.as_str()));
        xml.close();
        for planned in self.lines {
            line::verification(xml, self.options, planned);
        }
    }

    fn bank(&self, index: BankIndex) -> Option<&Bank> {
        self.options.banks.get(index.at())
    }

    fn sender(&self) -> &Bank {
        &self.options.banks[self.from.at()]
    }

    /// Creation time on the sender's clock.
    fn created(&self) -> String {
        text::date_time(self.at, line::offset_of(self.options, self.from))
    }

    fn has_flaw(&self, kind: FlawKind) -> bool {
        self.lines.iter().any(|line| line.flaw.is_some_and(|flaw| flaw.kind == kind))
    }

    /// Whether a line's amount is not what the plan says, so that no sum can be stated.
    fn has_odd_amount(&self) -> bool {
        self.has_flaw(FlawKind::WrongDecimals) || self.has_flaw(FlawKind::ZeroAmount)
    }

    /// The sum of all amounts whatever their currency, as the standard defines it.
    fn control_sum(&self, wrong: bool) -> Option<String> {
        const EXPONENT_MAX: u8 = 4;
        if self.has_odd_amount() {
            return None;
        }
        let mut sum = 0_u128;
        for line in self.lines {
            let exponent = self.options.currencies.get(line.money.currency.at())?.exponent;
            let scale = 10_u128.pow(u32::from(EXPONENT_MAX.saturating_sub(exponent)));
            sum += u128::from(line.money.minor) * scale;
        }
        sum += if wrong { 10_000 } else { 0 };
        let text = text::decimal(sum, EXPONENT_MAX);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        // The data type has eighteen digits at most.
        (text.len() <= 18).then(|| text.to_owned())
    }

    fn total(&self) -> Option<(String, String)> {
        let currency = self.lines.first()?.money.currency;
        let same = self.lines.iter().all(|line| line.money.currency == currency);
        if !same || self.has_odd_amount() {
            return None;
        }
        let sum = self.lines.iter().map(|line| u128::from(line.money.minor)).sum();
        let currency = self.options.currencies.get(currency.at())?;
        let text = text::decimal(sum, currency.exponent);
        (text.len() <= 18).then(|| (currency.code.as_str().to_owned(), text))
    }
}
