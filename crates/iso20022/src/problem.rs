//! Why something is refused: the rules of this crate, in order of precedence, and the report about one value.
//!
//! Reasons are codes of the external status reason code set. Refusals that need more than the message itself (balances, participants,
//! cut-offs) are deliberately absent.

use std::fmt;

macro_rules! rules {
    ($($(#[doc = $doc:literal])+ $variant:ident = ($id:literal, $reason:literal, $help:literal),)+) => {
        /// A rule of this crate. The order of the variants is the order of precedence: the first problem of a list gives its ISO reason.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Rule { $($(#[doc = $doc])+ $variant,)+ }

        impl Rule {
            /// All rules in order of precedence.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)+];

            /// Short identifier that never changes, such as `uetr-v4`.
            #[must_use]
            pub const fn id(self) -> &'static str {
                match self { $(Self::$variant => $id,)+ }
            }

            /// External status reason code this rule answers with. [`Problem::reason`] is more specific where the party matters.
            #[must_use]
            pub const fn reason(self) -> &'static str {
                match self { $(Self::$variant => $reason,)+ }
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
    /// A limit of the reader is crossed.
    Limit = ("limit", "FF01", "send less in one message, or ask the operator to raise the limit named"),
    /// The input is not UTF-8.
    Encoding = ("xml-encoding", "FF01", "write the file as UTF-8"),
    /// A document type declaration.
    Doctype = ("xml-doctype", "FF01", "remove the document type declaration; messages have none"),
    /// An entity other than the five predefined ones.
    Entity = ("xml-entity", "FF01", "write the character itself or a numeric reference"),
    /// The input is not well-formed XML.
    Malformed = ("xml-malformed", "FF01", "check the file with an XML tool; it is cut off or damaged"),
    /// The message, or this version of it, is not supported.
    Unsupported = ("message-unsupported", "FF01", "send one of the messages and versions of the message guide"),
    /// The application header does not belong to the document.
    HeaderMismatch = ("header-mismatch", "FF01", "put the name of the document's own message into MsgDefIdr, and a document after each header"),
    /// An element the schema does not have here.
    Element = ("schema-element", "FF01", "remove the element or put it where the schema has it"),
    /// A mandatory element is missing.
    Missing = ("schema-missing", "FF01", "add the element"),
    /// Text where the schema has elements only.
    StrayText = ("schema-text", "FF01", "remove the text between the elements"),
    /// An attribute the schema does not have, or a mandatory one missing.
    Attribute = ("schema-attribute", "FF01", "give exactly the attributes of the schema"),
    /// A value outside its data type: length, code set, pattern, number.
    Value = ("schema-value", "FF01", "write the value as the data type says"),
    /// A date or time that does not exist or is not in the form of the standard.
    DateValue = ("date", "DT01", "write dates as YYYY-MM-DD and times as YYYY-MM-DDThh:mm:ss with an offset"),
    /// A character outside the restricted set in an identifier.
    Charset = ("charset", "FF01", "use only a-z A-Z 0-9 / - ? : ( ) . , ' + and space in identifiers, no / at either end, no //"),
    /// The settlement method is not the union's.
    SettlementMethod = ("settlement-method", "FF01", "payments of the union settle in its clearing system: write CLRG"),
    /// A currency that is not active.
    Currency = ("currency", "AM03", "use an active ISO 4217 code"),
    /// An amount that is zero or negative.
    AmountPositive = ("amount-positive", "AM12", "write an amount above zero"),
    /// More decimals than the currency has.
    AmountDecimals = ("amount-decimals", "AM12", "write as many decimals as ISO 4217 gives the currency, or fewer"),
    /// More digits than can be kept.
    AmountDigits = ("amount-digits", "AM12", "write at most 18 digits"),
    /// A BIC that is not in the form of ISO 9362.
    Bic = ("bic", "RC05", "write 8 or 11 characters: four for the institution, two for the country, two for the location, three for the branch"),
    /// An LEI with a wrong form or wrong check digits.
    Lei = ("lei", "RC02", "check the 20 characters against the register of the issuer"),
    /// An IBAN with a wrong form, length or check digits.
    Iban = ("iban", "AC01", "check the account number with its bank"),
    /// A country code that is not assigned.
    Country = ("country", "BE09", "use a code of ISO 3166"),
    /// A UETR that is not a version 4 UUID.
    Uetr = ("uetr-v4", "FF01", "generate a version 4 UUID in lower case and keep it for the life of the payment"),
    /// No UETR.
    UetrMissing = ("uetr-missing", "FF01", "add PmtId/UETR"),
    /// No settlement date, neither in the transaction nor in the group.
    SettlementDate = ("settlement-date", "DT01", "add IntrBkSttlmDt"),
    /// A message about an earlier payment does not identify it.
    Original = ("original-missing", "FF01", "give the UETR or another reference of the original payment"),
    /// An address that is neither structured nor hybrid.
    Address = ("address-form", "RR02", "give town and country in their own elements, and at most two address lines beside them"),
    /// Instructed amount, rate and settlement amount do not agree.
    AmountsAgree = ("amounts-agree", "AM12", "instructed amount x rate must be the settlement amount, within one minor unit"),
    /// The second transaction with the same UETR in one message.
    DuplicateUetr = ("duplicate-uetr", "AM05", "give each payment its own UETR"),
    /// The second transaction with the same end-to-end identification in one message.
    DuplicateEndToEnd = ("duplicate-end-to-end", "AM05", "give each payment its own end-to-end identification, or NOTPROVIDED"),
    /// The number of transactions stated is not the number found.
    Count = ("count-agrees", "AM18", "state the number of transactions in the message"),
    /// The control sum stated is not the sum found.
    ControlSum = ("control-sum-agrees", "AM10", "state the sum of all settlement amounts, whatever their currency"),
    /// The total amount stated is not the sum found, or the transactions have another currency.
    Total = ("total-agrees", "AM10", "state the sum of the settlement amounts in their one currency"),
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// One thing that is wrong, said so that the sender can mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The rule that refuses.
    pub rule: Rule,
    /// Path of the element below the message's root, such as `CdtTrfTxInf/PmtId/UETR`. Empty when it concerns the input as a whole.
    pub field: String,
    /// The value refused, at most 80 characters of it.
    pub value: String,
    /// External status reason code.
    pub reason: &'static str,
    /// What is wrong, naming thing, value and limit.
    pub message: String,
    /// Byte in the input where it stands.
    pub offset: u64,
}

impl Problem {
    /// What the sender can do.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        self.rule.help()
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} [{}] ", self.rule, self.reason)?;
        if !self.field.is_empty() {
            write!(f, "{}: ", self.field)?;
        }
        write!(f, "{} (byte {})", self.message, self.offset)
    }
}

/// At most 80 characters of a value, on one line, for a report.
pub fn excerpt(value: &str) -> String {
    const LIMIT: usize = 80;
    let value = value.replace(char::is_control, " ");
    match value.char_indices().nth(LIMIT) {
        None => value,
        Some((cut, _)) => format!("{}...", value.get(..cut).unwrap_or_default()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_reasons_are_four_characters() {
        let mut ids: Vec<_> = Rule::ALL.iter().map(|r| r.id()).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Rule::ALL.len());
        assert!(Rule::ALL.iter().all(|r| r.reason().len() == 4));
    }

    #[test]
    fn an_excerpt_is_cut_between_characters() {
        assert_eq!(excerpt("short"), "short");
        assert_eq!(excerpt(&"人".repeat(90)), format!("{}...", "人".repeat(80)));
    }
}
