//! The greatest feasible set kept current while the queues change.
//!
//! [`Standing`] holds every queue and, for each queue, the prefixes that survive the first rounds of removal:
//! `P(0)` is everything that waits and `P(t+1)` is what can be met if only `P(t)` is paid. The rounds shrink, and the
//! greatest feasible set lies in all of them. A change moves only the prefixes it reaches, round by round; what comes
//! through the last round is solved exactly. Settling the greatest set moves no round at all. The mathematics is in
//! `docs/clearing/gridlock.md`.
//!
//! The state after a change depends on the queues and terms alone, not on how they came about. Deliberately absent:
//! names, clocks, priorities beyond the two classes a reserve needs, and any memory of what settled.

mod change;
mod direct;
mod edit;
mod proof;
mod round;
mod top;

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::fmt;

use super::Account;
use crate::at;

pub use proof::Proof;

/// No entry; place 0 of the entries is a sentinel that fits nowhere.
const NONE: u32 = 0;

/// No row, limit or group.
const NO_ROW: u32 = u32::MAX;

/// Most minor units that may wait at once, over all accounts.
pub const WAITING_MAX: i64 = 1 << 60;

/// The amount of the sentinel: more than any account can have.
const BEYOND: i64 = 1 << 61;

/// Rounds kept unless told otherwise.
pub const ROUNDS: u8 = 64;

/// Most rounds that can be kept.
pub const ROUNDS_MAX: u8 = 250;

const NOT_MOVING: u8 = u8::MAX;

const LIVE: u8 = 1;
const URGENT: u8 = 2;
const GROUPED: u8 = 4;
const USES: u8 = 8;
const RELIEVES: u8 = 16;
/// One of the entries that a new feasible set must contain at least one of.
const TRIGGER: u8 = 32;
/// A trigger that was counted.
const COUNTED: u8 = 64;
/// Alone in its queue and not in any round yet: it may well go at once.
const FRESH: u8 = 128;
/// Entries that stand in more sums than those of their two accounts.
const LINKED: u8 = GROUPED | USES | RELIEVES;

/// A payment that begins to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Account that pays.
    pub debtor: u32,
    /// Account that receives; must differ from `debtor`.
    pub creditor: u32,
    /// Minor units; above zero.
    pub amount: i64,
    /// Group from [`Standing::open_group`], or [`super::NO_GROUP`].
    pub group: u32,
    /// May use the reserve of its account. Within a queue urgent entries stand before all others.
    pub urgent: bool,
}

/// The queues of all accounts with their standing rounds.
#[derive(Clone, Debug)]
pub struct Standing {
    /// Rounds kept; `P(rounds)` is what comes through the last one.
    rounds: usize,
    accounts: Vec<Hot>,
    terms: Vec<Terms>,
    nodes: Vec<Node>,
    /// Of entries with a `LINKED` flag: group and limits.
    links: Vec<Links>,
    free_nodes: Vec<u32>,
    /// For each of `rounds + 1` rounds a cell of each account that ever had waiting traffic: a sweep works in one round.
    cells: Vec<Vec<Cell>>,
    limits: Vec<Limit>,
    /// `rounds + 1` flows for each limit.
    flows: Vec<Flow>,
    limit_of: BTreeMap<(u32, u32), u32>,
    groups: Vec<Group>,
    /// `rounds + 1` counts for each group: members in `P(t)`.
    counts: Vec<u32>,
    free_groups: Vec<u32>,
    /// For each round the accounts whose prefix may have to move.
    dirty: Vec<Vec<u32>>,
    /// For each round the limits and entries that no longer hold.
    broken: Vec<Vec<Broken>>,
    /// A prefix may have to shrink: all rounds are brought up to date at once.
    eager: bool,
    /// What every new feasible set must contain at least one of.
    triggers: Vec<Trigger>,
    /// There is a feasible set that was not booked: it needs no trigger.
    unbooked: bool,
    /// Accounts that had entries come through the last round.
    through: Vec<u32>,
    top: top::Top,
    found: Vec<u32>,
    /// Entries flagged `FRESH`, and some that no longer are.
    fresh: Vec<u32>,
    /// Entries settled one by one, before the set.
    direct: Vec<u32>,
    /// Accounts whose first entry may go alone.
    credited: Vec<u32>,
    /// `found` has been booked and only tells what was.
    booked: bool,
    waiting: i64,
    count: u32,
    /// Prefix moves made so far, for measuring.
    steps: u64,
}

/// What an account's checks need, together in memory.
#[derive(Clone, Copy, Debug)]
struct Hot {
    /// Net outflow permitted, plus all net outflow ever settled here: settling leaves it as it is.
    cap: i64,
    /// The same for entries that may not touch the reserve.
    normal_cap: i64,
    /// Gross outflow permitted, plus all that ever went out here.
    gross: i64,
    head: u32,
    tail: u32,
    row: u32,
    has_gross: bool,
    /// Listed in `through`.
    listed: bool,
    has_limits: bool,
}

/// The terms of an account as they stand, exact.
#[derive(Clone, Copy, Debug)]
struct Terms {
    available: i128,
    multilateral: Option<i128>,
    gross_out: Option<i128>,
    reserve: i64,
    /// Settled net outflow and gross outflow since the beginning, wrapping.
    net: i64,
    sent: i64,
    /// Some value was beyond what fits the sums and was cut.
    cut: bool,
}

/// A waiting payment. Its level is the greatest t with the entry in `P(t)`.
#[derive(Clone, Copy, Debug)]
struct Node {
    amount: i64,
    debtor: u32,
    creditor: u32,
    next: u32,
    prev: u32,
    level: u8,
    /// Within a sweep: the lowest and the last round whose prefix it was taken out of, or [`NOT_MOVING`].
    lowest: u8,
    latest: u8,
    flags: u8,
}

const SENTINEL: Node = Node {
    amount: BEYOND,
    debtor: 0,
    creditor: 0,
    next: NONE,
    prev: NONE,
    level: 0,
    lowest: NOT_MOVING,
    latest: NOT_MOVING,
    flags: 0,
};

#[derive(Clone, Copy, Debug)]
struct Links {
    group: u32,
    /// The next member of the group.
    sibling: u32,
    uses: u32,
    relieves: u32,
}

const NO_LINKS: Links = Links { group: NO_ROW, sibling: NONE, uses: NO_ROW, relieves: NO_ROW };

/// Round t of an account: where the prefix `P(t+1)` ends.
#[derive(Clone, Copy, Debug)]
struct Cell {
    /// Out of `P(t+1)`, plus the first entry after it, less in of `P(t)`; settled amounts count on both sides.
    /// The first entry after the prefix fits when this is within the cap. In the last cell: less in alone.
    need: i64,
    /// Out of `P(t+1)` and all that ever went out.
    out: i64,
    /// The first entry after the prefix.
    first: u32,
    dirty: bool,
    /// Looked at for a reason that holds in the next round too.
    carry: bool,
}

#[derive(Clone, Copy, Debug)]
struct Limit {
    from: u32,
    to: u32,
    headroom: i128,
    /// Headroom plus net flow ever settled, as the flows count it.
    cap: i64,
    /// Settled flow from -> to and to -> from, wrapping.
    sent: i64,
    back: i64,
}

/// Round t of a limit.
#[derive(Clone, Copy, Debug)]
struct Flow {
    /// From -> to within `P(t+1)`, and settled.
    used: i64,
    /// To -> from within `P(t)`, and settled.
    relief: i64,
}

#[derive(Clone, Copy, Debug)]
struct Group {
    legs: u32,
    present: u32,
    first: u32,
    open: bool,
}

/// An entry that came, or an account of which the first entry may go.
#[derive(Clone, Copy, Debug)]
enum Trigger {
    Entry(u32),
    Head(u32),
}

#[derive(Clone, Copy, Debug)]
enum Broken {
    Limit(u32),
    Entry(u32),
}

/// Why a change is refused; nothing has changed then. Declared in order of precedence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Refusal {
    /// An account that was not added.
    UnknownAccount { account: u32 },
    /// An entry or limit from an account to itself.
    SameAccount { account: u32 },
    /// An amount of zero or below.
    Amount { amount: i64 },
    /// A reserve below zero.
    Reserve { account: u32, reserve: i64 },
    /// A group that is not open.
    UnknownGroup { group: u32 },
    /// A group that has all its legs.
    GroupFull { group: u32, legs: u32 },
    /// A handle that no waiting entry has.
    UnknownEntry { entry: u32 },
    /// The place named is in another account's queue.
    OtherQueue { entry: u32, account: u32 },
    /// An urgent entry behind one that is not, or the other way round.
    Order { entry: u32 },
    /// More would wait than sums can hold.
    TooMuch { amount: i64, waiting: i64 },
    /// More accounts, entries, limits or groups than indices.
    TooMany { what: &'static str },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::UnknownAccount { account } => write!(f, "account {account} does not exist"),
            Self::SameAccount { account } => write!(f, "account {account} pays itself"),
            Self::Amount { amount } => write!(f, "amount {amount} is not above 0"),
            Self::Reserve { account, reserve } => write!(f, "reserve {reserve} of account {account} is below 0"),
            Self::UnknownGroup { group } => write!(f, "group {group} is not open"),
            Self::GroupFull { group, legs } => write!(f, "group {group} has all its {legs} legs"),
            Self::UnknownEntry { entry } => write!(f, "entry {entry} does not wait"),
            Self::OtherQueue { entry, account } => write!(f, "entry {entry} is not in the queue of account {account}"),
            Self::Order { entry } => write!(f, "beside entry {entry} an urgent entry would stand behind a normal one"),
            Self::TooMuch { amount, waiting } => {
                write!(f, "amount {amount} on top of {waiting} waiting exceeds the limit of {WAITING_MAX}")
            }
            Self::TooMany { what } => write!(f, "too many {what} for 32-bit indices"),
        }
    }
}

impl core::error::Error for Refusal {}

impl Default for Standing {
    fn default() -> Self {
        Self::new()
    }
}

impl Standing {
    /// No accounts, [`ROUNDS`] rounds.
    #[must_use]
    pub fn new() -> Self {
        Self::with_rounds(ROUNDS)
    }

    /// No accounts. More rounds mean more memory for each account and less that has to be solved at the end; the
    /// answers are the same. Brought into 1..=[`ROUNDS_MAX`].
    #[must_use]
    pub fn with_rounds(rounds: u8) -> Self {
        let rounds = usize::from(rounds.clamp(1, ROUNDS_MAX));
        Self {
            rounds,
            accounts: Vec::new(),
            terms: Vec::new(),
            nodes: alloc::vec![SENTINEL],
            links: alloc::vec![NO_LINKS],
            free_nodes: Vec::new(),
            cells: alloc::vec![Vec::new(); rounds + 1],
            limits: Vec::new(),
            flows: Vec::new(),
            limit_of: BTreeMap::new(),
            groups: Vec::new(),
            counts: Vec::new(),
            free_groups: Vec::new(),
            dirty: alloc::vec![Vec::new(); rounds],
            broken: alloc::vec![Vec::new(); rounds],
            eager: false,
            triggers: Vec::new(),
            unbooked: false,
            through: Vec::new(),
            top: top::Top::default(),
            found: Vec::new(),
            fresh: Vec::new(),
            direct: Vec::new(),
            credited: Vec::new(),
            booked: false,
            waiting: 0,
            count: 0,
            steps: 0,
        }
    }

    /// Finds the greatest feasible set, books it here, and returns its entries: first what could go one by one, in that
    /// order, then what could only go together, account by account, each in queue order. Their handles are free again with the next arrival. Empty when nothing can settle.
    pub fn settle(&mut self) -> &[u32] {
        if !self.unbooked {
            self.settle_heads();
        }
        self.find();
        self.book_found();
        if self.direct.is_empty() {
            return &self.found;
        }
        self.direct.extend_from_slice(&self.found);
        core::mem::swap(&mut self.direct, &mut self.found);
        self.direct.clear();
        &self.found
    }

    /// The greatest feasible set without booking it: account by account, each in queue order.
    pub fn find(&mut self) -> &[u32] {
        self.lay_fresh();
        if core::mem::take(&mut self.booked) {
            self.found.clear();
        }
        if self.triggers.is_empty() && !self.eager {
            return &self.found;
        }
        let all = self.unbooked;
        self.found.clear();
        self.unbooked = false;
        if self.run_rounds(all) {
            self.solve_top(all);
            self.unbooked = !self.found.is_empty();
        }
        self.forget_triggers();
        &self.found
    }

    /// As [`Self::find`], with every round and the whole last step.
    fn find_all(&mut self) {
        self.lay_fresh();
        if core::mem::take(&mut self.booked) {
            self.found.clear();
        }
        self.found.clear();
        self.run_rounds(true);
        self.solve_top(true);
        self.unbooked = !self.found.is_empty();
        self.forget_triggers();
    }

    /// Entries that wait.
    #[must_use]
    pub const fn len(&self) -> u32 {
        self.count
    }

    /// Whether nothing waits.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Minor units that wait, over all accounts.
    #[must_use]
    pub const fn waiting(&self) -> i64 {
        self.waiting
    }

    /// Prefix moves made so far: the work done, for measuring.
    #[must_use]
    pub const fn steps(&self) -> u64 {
        self.steps
    }

    /// The terms of an account as booked here; a value beyond 64 bits is cut to them.
    #[must_use]
    pub fn account(&self, account: u32) -> Option<Account> {
        let terms = self.terms.get(at(account))?;
        let cut = |value: i128| i64::try_from(value).unwrap_or(if value < 0 { i64::MIN } else { i64::MAX });
        Some(Account {
            available: cut(terms.available),
            multilateral: terms.multilateral.map(cut),
            gross_out: terms.gross_out.map(cut),
        })
    }

    /// The waiting entries of an account in queue order.
    pub fn queue(&self, account: u32) -> impl Iterator<Item = u32> + '_ {
        let head = self.accounts.get(at(account)).map_or(NONE, |account| account.head);
        let live = |entry: u32| Some(entry).filter(|entry| *entry != NONE);
        core::iter::successors(live(head), move |entry| live(self.nodes[at(*entry)].next))
    }

    /// A waiting entry.
    #[must_use]
    pub fn entry(&self, entry: u32) -> Option<Entry> {
        let node = self.live(entry).ok()?;
        let group = if node.flags & GROUPED != 0 { self.links[at(entry)].group } else { super::NO_GROUP };
        let Node { debtor, creditor, amount, flags, .. } = *node;
        Some(Entry { debtor, creditor, amount, group, urgent: flags & URGENT != 0 })
    }

    fn live(&self, entry: u32) -> Result<&Node, Refusal> {
        self.nodes.get(at(entry)).filter(|node| node.flags & LIVE != 0).ok_or(Refusal::UnknownEntry { entry })
    }

    fn known(&self, account: u32) -> Result<(), Refusal> {
        if at(account) < self.accounts.len() { Ok(()) } else { Err(Refusal::UnknownAccount { account }) }
    }
}

/// Whether a need is within a cap; both count the same settled amounts, which may have wrapped around.
const fn within(need: i64, cap: i64) -> bool {
    cap.wrapping_sub(need) >= 0
}
