//! Parts that several messages share: parties, agents, accounts, addresses, charges, and the small code sets.

use crate::amount::Amount;
use crate::currency::CurrencyCode;
use crate::ident::{Bic, Lei};
use crate::time::{Date, TimeOfDay, Timestamp};

/// Defines a closed ISO code set: the enum, its four-letter codes, and the way back.
macro_rules! codes {
    ($(#[$meta:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $variant,)+ }

        impl $name {
            /// The code of the standard.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// The variant of a code, `None` when the code set does not have it.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}
pub(crate) use codes;

codes! {
    /// How settlement takes place (`SttlmMtd`).
    SettlementMethod {
        /// Through a clearing system.
        Clearing = "CLRG",
        /// Through a cover payment.
        Cover = "COVE",
        /// By the agent instructed.
        InstructedAgent = "INDA",
        /// By the agent instructing.
        InstructingAgent = "INGA",
    }
}

codes! {
    /// Urgency of settlement (`SttlmPrty`).
    SettlementPriority {
        /// The highest.
        Urgent = "URGT",
        /// High.
        High = "HIGH",
        /// Normal.
        Normal = "NORM",
    }
}

codes! {
    /// Urgency of processing (`InstrPrty`).
    InstructionPriority {
        /// High: the answer is expected at once.
        High = "HIGH",
        /// Normal.
        Normal = "NORM",
    }
}

codes! {
    /// Who bears charges (`ChrgBr`).
    ChargeBearer {
        /// The debtor bears all.
        Debtor = "DEBT",
        /// The creditor bears all.
        Creditor = "CRED",
        /// Each side bears its own.
        Shared = "SHAR",
        /// As the service level says.
        ServiceLevel = "SLEV",
    }
}

/// A choice between a code of an external list and a proprietary word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Choice<'a> {
    /// A code of the standard's external code sets.
    Code(&'a str),
    /// A word agreed between the parties.
    Proprietary(&'a str),
}

impl<'a> Choice<'a> {
    /// The word itself, whichever kind it is.
    #[must_use]
    pub const fn text(self) -> &'a str {
        match self {
            Self::Code(text) | Self::Proprietary(text) => text,
        }
    }
}

/// The form of a postal address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum AddressForm {
    /// No address at all.
    #[default]
    Absent,
    /// Town and country in their own elements, no address lines.
    Structured,
    /// Town and country in their own elements, and at most two address lines.
    Hybrid,
    /// Anything else: address lines without town or country, more than two lines beside them, or a part of the structured elements.
    Unstructured,
}

/// A postal address. Elements not listed here are accepted and reported as uninterpreted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Address<'a> {
    /// Department, street and so on are optional; town and country decide the form.
    pub street: Option<&'a str>,
    /// Building number.
    pub building: Option<&'a str>,
    /// Post code.
    pub post_code: Option<&'a str>,
    /// Town name.
    pub town: Option<&'a str>,
    /// Country subdivision.
    pub subdivision: Option<&'a str>,
    /// ISO 3166 country code.
    pub country: Option<&'a str>,
    /// Address lines, separated by line feeds.
    pub lines: Option<&'a str>,
}

impl Address<'_> {
    /// Which form this address has.
    #[must_use]
    pub fn form(&self) -> AddressForm {
        let elements = [self.street, self.building, self.post_code, self.subdivision];
        match (self.town, self.country, self.lines) {
            (Some(_), Some(_), None) => AddressForm::Structured,
            (Some(_), Some(_), Some(lines)) if lines.split('\n').count() <= 2 => AddressForm::Hybrid,
            (None, None, None) if elements.iter().all(Option::is_none) => AddressForm::Absent,
            _ => AddressForm::Unstructured,
        }
    }
}

/// The identification of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountId<'a> {
    /// An international bank account number, check digits verified.
    Iban(&'a str),
    /// A number in the scheme of the bank that keeps the account.
    Other(&'a str),
}

impl<'a> AccountId<'a> {
    /// The number itself, whichever kind it is.
    #[must_use]
    pub const fn text(self) -> &'a str {
        match self {
            Self::Iban(text) | Self::Other(text) => text,
        }
    }
}

/// A cash account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Account<'a> {
    /// Number of the account.
    pub id: AccountId<'a>,
    /// Currency of the account, where stated.
    pub currency: Option<CurrencyCode>,
}

/// A financial institution. All absent means that the message does not name one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Agent<'a> {
    /// Business identifier code.
    pub bic: Option<Bic>,
    /// Legal entity identifier.
    pub lei: Option<Lei>,
    /// Code or proprietary name of the clearing system in which `member_id` counts.
    pub clearing_system: Option<&'a str>,
    /// Member number in a clearing system.
    pub member_id: Option<&'a str>,
    /// Name.
    pub name: Option<&'a str>,
    /// Other identification.
    pub other_id: Option<&'a str>,
    /// Postal address.
    pub address: Address<'a>,
    /// Account of this agent, where the message names one.
    pub account: Option<Account<'a>>,
}

impl Agent<'_> {
    /// An agent named by its BIC alone.
    #[must_use]
    pub fn of(bic: Bic) -> Self {
        Self { bic: Some(bic), ..Self::default() }
    }

    /// Whether the message names no agent here.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        *self == Self::default()
    }
}

/// A party: a person or organisation, or in pacs.009 a financial institution, which then also has a member number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Party<'a> {
    /// Name.
    pub name: Option<&'a str>,
    /// Postal address.
    pub address: Address<'a>,
    /// BIC of an organisation (`AnyBIC`) or institution (`BICFI`).
    pub bic: Option<Bic>,
    /// Legal entity identifier.
    pub lei: Option<Lei>,
    /// Clearing-system member number, for a financial institution.
    pub member_id: Option<&'a str>,
    /// First other identification: of an organisation, of a person, or of an institution.
    pub other_id: Option<&'a str>,
    /// Birth date of a person.
    pub birth_date: Option<Date>,
    /// Account of the party, where the message names one.
    pub account: Option<Account<'a>>,
}

impl Party<'_> {
    /// Whether the message names no party here.
    #[must_use]
    pub fn is_absent(&self) -> bool {
        *self == Self::default()
    }
}

/// One line of charges information.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Charge<'a> {
    /// Amount of the charge, in minor units. Zero is allowed here.
    pub amount: Amount,
    /// The agent that takes or is due the charge.
    pub agent: Agent<'a>,
}

/// Requested times of settlement (`SttlmTmReq`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct SettlementTimes {
    /// Time by which the amount must be credited in the settlement member's account (`CLSTm`).
    pub cls: Option<TimeOfDay>,
    /// Latest time (`TillTm`).
    pub till: Option<TimeOfDay>,
    /// Earliest time (`FrTm`).
    pub from: Option<TimeOfDay>,
    /// Time after which the payment must be rejected (`RjctTm`).
    pub reject: Option<TimeOfDay>,
}

/// A reference to an earlier message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OriginalMessage<'a> {
    /// Its message identification.
    pub message_id: &'a str,
    /// Its message name, such as `pacs.008.001.08`.
    pub name: &'a str,
    /// When it was created, where stated.
    pub created: Option<Timestamp>,
}

/// The references of an earlier transaction, as far as the message gives them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct References<'a> {
    /// Instruction identification.
    pub instruction_id: Option<&'a str>,
    /// End-to-end identification.
    pub end_to_end_id: Option<&'a str>,
    /// Transaction identification.
    pub transaction_id: Option<&'a str>,
    /// Clearing-system reference.
    pub clearing_reference: Option<&'a str>,
    /// UETR as written: in a refused line it may be malformed.
    pub uetr: Option<&'a str>,
}
