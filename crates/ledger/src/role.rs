//! Roles, scopes and the pairs of roles nobody may hold together.
//!
//! Who may ask what is decided here and in [`crate::apply`], whatever the door. Absent on purpose: sign-in; the server
//! proves who somebody is, the ledger decides what they may do.

use crate::ids::{AuthorityId, ParticipantId};
use crate::wire::wire_enum;

/// For whom an actor acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The operator of the arrangement.
    Operator,
    /// One authority.
    Authority(AuthorityId),
    /// One participant.
    Participant(ParticipantId),
}
wire_enum!(Scope { 0 => Operator, 1 => Authority(v), 2 => Participant(v) });

/// A set of roles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Roles(pub u32);

impl crate::wire::Wire for Roles {
    fn put(&self, out: &mut impl crate::wire::Sink) {
        self.0.put(out);
    }
    fn take(source: &mut crate::wire::Source<'_>) -> Result<Self, crate::wire::Malformed> {
        Ok(Self(u32::take(source)?))
    }
}

impl Roles {
    /// The node's own timer: due phases, scheduled runs, the passing of time.
    pub const SYSTEM: Self = Self(1);
    /// A bank's straight-through channel: payments and queue control for its own accounts.
    pub const CHANNEL: Self = Self(1 << 1);
    /// Runs the day.
    pub const OPERATOR: Self = Self(1 << 2);
    /// Approves what the operator proposes.
    pub const OPERATIONS_MANAGER: Self = Self(1 << 3);
    /// Proposes limits, credit and participants.
    pub const FINANCE_MAKER: Self = Self(1 << 4);
    /// Approves what the finance maker proposes.
    pub const FINANCE_CHECKER: Self = Self(1 << 5);
    /// Gives roles; has no right over money.
    pub const SECURITY_ADMIN: Self = Self(1 << 6);
    /// Reads and verifies; writes nothing.
    pub const AUDITOR: Self = Self(1 << 7);
    /// Enters a bank's payments by hand, proposes its limits.
    pub const BANK_MAKER: Self = Self(1 << 8);
    /// Approves what the bank maker proposes.
    pub const BANK_CHECKER: Self = Self(1 << 9);
    /// Funding, rates and suspensions of an authority.
    pub const AUTHORITY_MAKER: Self = Self(1 << 10);
    /// Approves what the authority maker proposes.
    pub const AUTHORITY_CHECKER: Self = Self(1 << 11);

    const ALL: u32 = (1 << 12) - 1;

    /// Both sets together.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether any role of `other` is held.
    #[must_use]
    pub const fn any(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// The first excluded pair the set contains, if any.
    #[must_use]
    pub fn excluded(self) -> Option<(Self, Self)> {
        EXCLUSIONS.into_iter().find(|(a, b)| self.any(*a) && self.any(*b))
    }

    /// Whether only known roles are in the set.
    #[must_use]
    pub const fn known(self) -> bool {
        self.0 & !Self::ALL == 0
    }

    /// Names, for messages and files.
    pub const NAMES: [(&'static str, Self); 12] = [
        ("system", Self::SYSTEM),
        ("channel", Self::CHANNEL),
        ("operator", Self::OPERATOR),
        ("operations-manager", Self::OPERATIONS_MANAGER),
        ("finance-maker", Self::FINANCE_MAKER),
        ("finance-checker", Self::FINANCE_CHECKER),
        ("security-admin", Self::SECURITY_ADMIN),
        ("auditor", Self::AUDITOR),
        ("bank-maker", Self::BANK_MAKER),
        ("bank-checker", Self::BANK_CHECKER),
        ("authority-maker", Self::AUTHORITY_MAKER),
        ("authority-checker", Self::AUTHORITY_CHECKER),
    ];

    /// Every role that may touch money.
    const MONEY: Self = Self(Self::ALL & !Self::SECURITY_ADMIN.0 & !Self::AUDITOR.0);
    /// Every role that may write.
    const WRITE: Self = Self(Self::ALL & !Self::AUDITOR.0);
}

/// Pairs nobody may hold together, checked when roles are given and when they are used.
const EXCLUSIONS: [(Roles, Roles); 6] = [
    (Roles::OPERATOR, Roles::OPERATIONS_MANAGER),
    (Roles::FINANCE_MAKER, Roles::FINANCE_CHECKER),
    (Roles::BANK_MAKER, Roles::BANK_CHECKER),
    (Roles::AUTHORITY_MAKER, Roles::AUTHORITY_CHECKER),
    (Roles::AUDITOR, Roles::WRITE),
    (Roles::SECURITY_ADMIN, Roles::MONEY),
];
