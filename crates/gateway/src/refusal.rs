//! Refusals made before the ledger is asked: the rules of the gateway in order of precedence.
//!
//! A refusal is answered and counted, never journalled. Absent on purpose: the rules of the messages themselves (they
//! are [`comity_iso20022::problem::Rule`]) and the rules of settlement (they are [`comity_ledger::Reason`]).

use comity_iso20022::problem::{Problem, excerpt};

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = ($id:literal, $iso:literal, $help:literal),)+) => {
        /// A rule of the gateway. The order of the variants is the order of precedence.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $variant,)+ }

        impl Rule {
            /// All rules in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Short name that never changes.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// External status reason code.
            #[must_use]
            pub const fn iso(self) -> &'static str {
                match self { $(Self::$variant => $iso,)+ }
            }

            /// What the sender can do.
            #[must_use]
            pub const fn help(self) -> &'static str {
                match self { $(Self::$variant => $help,)+ }
            }
        }
    };
}

rules! {
    /// The file has no readable header line.
    CsvHeader = ("csv-header", "FF01", "begin the file with the documented header line"),
    /// A line of a CSV file has a wrong form.
    CsvLine = ("csv-line", "FF01", "write the line as the documented header says"),
    /// A value of a CSV file is outside its data type.
    CsvValue = ("csv-value", "FF01", "write the value as documented for its column"),
    /// The message came from nobody who takes part.
    SenderUnknown = ("sender-unknown", "AGNT", "send through a participant, and name it as sender"),
    /// The sender has no straight-through channel.
    SenderChannel = ("sender-channel", "AG08", "have the operator add an actor with the role channel"),
    /// Another leg of the group, or another transaction of the message, is refused.
    GroupFailed = ("group-failed", "NARR", "mend the transaction that is named and send the message again"),
    /// Some transactions of a message are marked PVP and some are not.
    GroupMixed = ("group-mixed", "FF05", "mark every transaction of the message PVP, or none"),
    /// A group has too few or too many legs.
    GroupSize = ("group-size", "FF05", "send 2 to 16 legs"),
    /// Not every payer of a group has sent it.
    GroupUnmatched = ("group-unmatched", "NARR", "have every payer of the group send the same legs"),
    /// The settlement method is not that of a clearing system.
    SettlementMethod = ("settlement-method", "FF01", "payments of the union settle in its clearing system: write CLRG"),
    /// The debtor's agent does not take part.
    DebtorAgentUnknown = ("debtor-agent-unknown", "DNOR", "use the BIC under which the debtor's agent takes part"),
    /// The creditor's agent does not take part.
    CreditorAgentUnknown = ("creditor-agent-unknown", "AGNT", "use the BIC under which the creditor's agent takes part"),
    /// The debtor's agent is neither the sender nor sponsored by it.
    NotYourDebtor = ("debtor-agent-not-sender", "AG08", "only the debtor's agent or its sponsor may send this payment"),
    /// The arrangement does not have the currency.
    CurrencyUnknown = ("currency-unknown", "AM03", "use a currency of the arrangement"),
    /// The debtor's side has no account in the currency.
    DebtorAccount = ("debtor-account", "AM03", "open an account in this currency, or pay in one you have"),
    /// The creditor's side has no account in the currency.
    CreditorAccount = ("creditor-account", "AC11", "pay in a currency in which the creditor's agent has an account, or ask for a conversion"),
    /// Debtor's and creditor's agent settle on the same account.
    SameAccount = ("same-account", "AG12", "no settlement is needed between an account and itself"),
    /// No conversion between these currencies.
    PairUnknown = ("pair-unknown", "AM03", "use a pair of the arrangement"),
    /// A conversion against the order of its pair, and no approved rate is known.
    RateUnknown = ("rate-unknown", "AM03", "wait until both authorities have approved the pair's rate"),
    /// Settlement amount and instructed amount do not follow from the rate.
    RateMismatch = ("rate-mismatch", "AB04", "use the approved rate, and round as documented"),
    /// The original is not named by a UETR.
    OriginalUetr = ("original-uetr", "FF01", "give the UETR of the original payment"),
    /// The amount returned is in another currency than the original.
    ReturnCurrency = ("return-currency", "CURR", "return in the currency the creditor received"),
    /// The answer does not say which case it answers.
    CaseMissing = ("case-missing", "FF01", "repeat the identification of the case from the request you answer"),
    /// The answer neither accepts nor refuses.
    AnswerUnknown = ("answer-unknown", "FF01", "answer with CNCL or ACCR to accept, RJCR to refuse, PDCR while you look into it"),
}

/// A refusal that explains itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Code of the external status reason code set.
    pub iso: &'static str,
    /// The rule's stable short name.
    pub rule: &'static str,
    /// The element or column, empty when it concerns the whole.
    pub field: String,
    /// The value refused, shortened.
    pub value: String,
    /// What is wrong, naming the thing, the value and the limit.
    pub message: String,
    /// What helps.
    pub help: &'static str,
}

impl Refusal {
    /// A refusal by a rule of the gateway.
    #[must_use]
    pub fn of(rule: Rule, field: &str, value: &str, message: String) -> Self {
        Self {
            iso: rule.iso(),
            rule: rule.id(),
            field: field.to_owned(),
            value: excerpt(value),
            message,
            help: rule.help(),
        }
    }
}

impl From<&Problem> for Refusal {
    fn from(problem: &Problem) -> Self {
        Self {
            iso: problem.reason,
            rule: problem.rule.id(),
            field: problem.field.clone(),
            value: problem.value.clone(),
            message: sentence(&problem.value, &problem.message),
            help: problem.help(),
        }
    }
}

/// The reader says what is wrong with a value without repeating it: `is not a date`. Here it becomes a sentence.
fn sentence(value: &str, message: &str) -> String {
    const PREDICATES: [&str; 10] =
        ["is", "has", "stands", "occurs", "must", "exceeds", "names", "holds", "times", "needs"];
    let first = message.split(' ').next().unwrap_or_default();
    match (PREDICATES.contains(&first), value) {
        (true, "") => format!("it {message}"),
        (true, value) => format!("{value:?} {message}"),
        (false, _) => message.to_owned(),
    }
}

impl core::fmt::Display for Refusal {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "{} [{}] ", self.rule, self.iso)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{}; {}", self.message, self.help)
    }
}
