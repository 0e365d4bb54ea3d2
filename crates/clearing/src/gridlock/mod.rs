//! Gridlock resolution, policy `fifo-prefix`: the greatest set of queued items that can settle at once.
//!
//! Each debtor account settles a *prefix* of its queue, every account and every bilateral limit holds
//! after the set is booked as one, and a PvP group is in with all its items or not at all. Feasible sets
//! are closed under union, so one set contains all others; [`Workspace::solve`] finds it in linear time and
//! [`check`] proves the answer again from the removal trace without trusting the solver.
//! [`standing`] keeps the answer current while queues change. The mathematics is in `docs/clearing/gridlock.md`.
//!
//! Deliberately absent: limits on *incoming* net flow (more incoming can then hurt, feasible sets are no
//! longer closed under union and no greatest set need exist), passing over the head of a queue, splitting
//! an item, and any clock or priority: the caller sorts by (priority, entry sequence) and leaves out what
//! is on hold.

mod check;
mod solve;
pub mod standing;

use core::fmt;

pub use check::{Checker, Flaw, check, feasible};
pub use solve::Workspace;

/// The `group` of an item that settles on its own.
pub const NO_GROUP: u32 = u32::MAX;

/// Most accounts, items, bilateral limits or groups in one problem; the index above it is a sentinel.
pub const INDEX_COUNT_MAX: u32 = u32::MAX - 1;

/// A queued payment: moves `amount` from `debtor` to `creditor`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Item {
    /// Account that pays; an index into [`Problem::accounts`].
    pub debtor: u32,
    /// Account that receives; must differ from `debtor`.
    pub creditor: u32,
    /// Minor units of the accounts' currency; above zero.
    pub amount: i64,
    /// PvP group (below [`Problem::groups`]) or [`NO_GROUP`].
    pub group: u32,
}

/// One settlement account: a (participant, currency). Different currencies are simply different accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Account {
    /// Largest permitted net outflow in minor units: balance + credit - held. Negative when the account is
    /// already below its limit; then it pays only if its incoming repairs that in the same step.
    pub available: i64,
    /// Headroom under a multilateral limit: the largest net outflow it still permits.
    pub multilateral: Option<i64>,
    /// What a gross limit (for example per day) still permits to go out, whatever comes in.
    pub gross_out: Option<i64>,
}

impl Account {
    /// An account bound by its funds alone.
    #[must_use]
    pub const fn funded(available: i64) -> Self {
        Self { available, multilateral: None, gross_out: None }
    }
}

/// A limit on the net flow `from` -> `to`: sum(from -> to) - sum(to -> from) <= `headroom`.
///
/// Asked only while some selected item goes `from` -> `to`, so a headroom that is already negative (the
/// limit was lowered) blocks such items unless the opposite flow repairs it, and nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Bilateral {
    /// Paying account.
    pub from: u32,
    /// Receiving account; must differ from `from`.
    pub to: u32,
    /// Minor units; may be negative.
    pub headroom: i64,
}

/// Part of what an account has available that only the urgent entries of its queue may use.
///
/// A selection whose last item of this queue is not urgent must keep the net outflow within available - `amount`;
/// one that ends among the urgent items may use everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Reserve {
    /// The account.
    pub account: u32,
    /// Minor units kept back; not below zero.
    pub amount: i64,
    /// How many items of this account are urgent: the first ones of its queue.
    pub urgent: u32,
}

/// A gridlock problem. Borrowed, so that a caller can keep its own buffers between runs.
#[derive(Clone, Copy, Debug)]
pub struct Problem<'a> {
    /// All accounts; items and limits name them by position.
    pub accounts: &'a [Account],
    /// Queued items. Among items of one debtor the order here is the order of its queue; the order
    /// between different debtors has no meaning.
    pub items: &'a [Item],
    /// At most one limit per ordered pair.
    pub bilateral: &'a [Bilateral],
    /// At most one reserve per account.
    pub reserves: &'a [Reserve],
    /// Number of PvP groups; item groups are below it.
    pub groups: u32,
}

/// What forced an item out of the greatest set. Declared in order of precedence: where several constraints
/// of an account are violated at once, the first is named.
///
/// The first item of a queue that is not selected blocks that queue; whatever the trace says of the items
/// after it, they wait behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Cause {
    /// The debtor's net outflow exceeds what is available.
    Account,
    /// The debtor's net outflow exceeds its multilateral headroom.
    Multilateral,
    /// The debtor's outgoing total exceeds its gross limit.
    Gross,
    /// The debtor's net outflow exceeds what is available less the reserve for urgent items.
    Reserve,
    /// The net flow debtor -> creditor exceeds the bilateral headroom.
    Pair,
    /// Another item of its PvP group was removed.
    Group,
    /// An item ahead of it in the same queue was removed.
    Behind,
}

/// One step of the removal trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Removal {
    /// Index into [`Problem::items`].
    pub item: u32,
    /// The constraint that was violated by everything not yet removed.
    pub cause: Cause,
}

/// The greatest feasible set with its certificate. Borrowed from a [`Workspace`] or built from parts by
/// whoever received a plan and wants it checked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Solution<'a> {
    /// For each item: does it settle?
    pub selected: &'a [bool],
    /// Every item that does not settle, in an order in which each removal was forced.
    pub trace: &'a [Removal],
    /// Net outflow of each account in minor units: outgoing minus incoming over selected items.
    pub net_out: &'a [i128],
}

/// Why a problem is refused. Counts come first, then bilateral limits, reserves, items, then limits given twice;
/// of several of one kind the lowest index is reported.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// Too many accounts, items, limits or groups for 32-bit indices.
    TooMany { what: &'static str, count: usize },
    /// A bilateral limit names an account that does not exist.
    BilateralAccount { limit: u32, account: u32 },
    /// A bilateral limit goes from an account to itself.
    BilateralSelf { limit: u32, account: u32 },
    /// A reserve names an account that does not exist.
    ReserveAccount { reserve: u32, account: u32 },
    /// A reserve is below zero.
    ReserveAmount { reserve: u32, amount: i64 },
    /// Two reserves for one account.
    ReserveTwice { account: u32 },
    /// An item names an account that does not exist.
    ItemAccount { item: u32, account: u32 },
    /// An item pays its own account.
    ItemSelf { item: u32, account: u32 },
    /// An item's amount is zero or negative.
    ItemAmount { item: u32, amount: i64 },
    /// An item names a group that does not exist.
    ItemGroup { item: u32, group: u32 },
    /// Two bilateral limits for the same ordered pair.
    BilateralTwice { from: u32, to: u32 },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { what, count } => {
                write!(f, "{count} {what} exceed the limit of {INDEX_COUNT_MAX}")
            }
            Self::ItemAccount { item, account } => {
                write!(f, "item {item} names account {account}, which does not exist")
            }
            Self::ItemSelf { item, account } => {
                write!(f, "item {item} pays from account {account} to itself")
            }
            Self::ItemAmount { item, amount } => {
                write!(f, "amount {amount} of item {item} is not above 0")
            }
            Self::ItemGroup { item, group } => {
                write!(f, "item {item} names group {group}, which does not exist")
            }
            Self::BilateralAccount { limit, account } => {
                write!(f, "bilateral limit {limit} names account {account}, which does not exist")
            }
            Self::BilateralSelf { limit, account } => {
                write!(f, "bilateral limit {limit} goes from account {account} to itself")
            }
            Self::ReserveAccount { reserve, account } => {
                write!(f, "reserve {reserve} names account {account}, which does not exist")
            }
            Self::ReserveAmount { reserve, amount } => write!(f, "amount {amount} of reserve {reserve} is below 0"),
            Self::ReserveTwice { account } => write!(f, "more than one reserve of account {account}"),
            Self::BilateralTwice { from, to } => {
                write!(f, "more than one bilateral limit from account {from} to account {to}")
            }
        }
    }
}

impl core::error::Error for Invalid {}

impl Problem<'_> {
    /// Checks every index, amount and count except for duplicate bilateral limits, which show up while
    /// limits are linked to items.
    ///
    /// # Errors
    /// The first [`Invalid`] in the order: counts, bilateral limits, items.
    pub(crate) fn validate(&self) -> Result<(), Invalid> {
        self.validate_counts_and_limits()?;
        (0u32..).zip(self.items).try_for_each(|(item, entry)| self.validate_item(item, entry))
    }

    fn validate_counts_and_limits(&self) -> Result<(), Invalid> {
        let count = |what, count: usize| match u32::try_from(count) {
            Ok(n) if n <= INDEX_COUNT_MAX => Ok(()),
            Ok(_) | Err(_) => Err(Invalid::TooMany { what, count }),
        };
        count("accounts", self.accounts.len())?;
        count("items", self.items.len())?;
        count("bilateral limits", self.bilateral.len())?;
        count("reserves", self.reserves.len())?;
        count("groups", crate::at(self.groups))?;
        for (limit, entry) in (0u32..).zip(self.bilateral) {
            let Bilateral { from, to, .. } = *entry;
            if let Some(account) = self.unknown(from, to) {
                return Err(Invalid::BilateralAccount { limit, account });
            }
            if from == to {
                return Err(Invalid::BilateralSelf { limit, account: from });
            }
        }
        for (reserve, &Reserve { account, amount, .. }) in (0u32..).zip(self.reserves) {
            if crate::at(account) >= self.accounts.len() {
                return Err(Invalid::ReserveAccount { reserve, account });
            }
            if amount < 0 {
                return Err(Invalid::ReserveAmount { reserve, amount });
            }
        }
        Ok(())
    }

    #[inline]
    fn validate_item(&self, item: u32, entry: &Item) -> Result<(), Invalid> {
        let Item { debtor, creditor, amount, group } = *entry;
        if let Some(account) = self.unknown(debtor, creditor) {
            return Err(Invalid::ItemAccount { item, account });
        }
        if debtor == creditor {
            return Err(Invalid::ItemSelf { item, account: debtor });
        }
        if amount <= 0 {
            return Err(Invalid::ItemAmount { item, amount });
        }
        if group >= self.groups && group != NO_GROUP {
            return Err(Invalid::ItemGroup { item, group });
        }
        Ok(())
    }

    /// The first of two accounts that does not exist.
    #[inline]
    fn unknown(&self, first: u32, second: u32) -> Option<u32> {
        let missing = |account: &u32| crate::at(*account) >= self.accounts.len();
        Some(first).filter(missing).or(Some(second).filter(missing))
    }
}
