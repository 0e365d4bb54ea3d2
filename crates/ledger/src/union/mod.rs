//! Unions: positions carried by agreed rules, what is to be settled of them, and what became of it.
//!
//! Positions are a register beside the money (ADR 9): no account's balance is changed here, and nothing here can be
//! spent. [`order`] is what may be asked, [`rules`] reads a rule set, [`fixing`] knows rates in the unit, [`close`] carries
//! cycles, [`residual`] settles what is due, [`claim`] moves positions by agreement, [`term`] has instalments,
//! [`figures`] is for reports, [`check`] has the invariants. Absent on purpose: the arithmetic, which is [`comity_union`]'s.

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use comity_union::Ratio;
use comity_union::cycle::{Decomposition, Unwound};
use comity_union::tranche::Stock;

use crate::command::RateKind;
use crate::ids::{AuthorityId, CurrencyId, Day, Key, Time};
use crate::rate::Rate;
use crate::wire::{Malformed, Sink, Source, Wire, wire_enum, wire_struct};

mod accrue;
mod band;
pub(crate) mod check;
pub(crate) mod claim;
pub(crate) mod close;
pub mod figures;
pub(crate) mod fixing;
pub(crate) mod found;
mod moved;
pub mod order;
pub(crate) mod residual;
pub mod rules;
pub(crate) mod term;

use order::{LoanOffer, Method, SetUnion};

wire_struct!(Stock { asset, credit, special_asset, special_credit });
wire_struct!(Decomposition { gross, multilateral, through_time, asset, credit, special });
wire_struct!(Unwound { asset, credit, special });

impl Wire for Ratio {
    fn put(&self, out: &mut impl Sink) {
        self.num().put(out);
        self.den().put(out);
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        let (num, den) = (i128::take(source)?, i128::take(source)?);
        // One form only: reduced, with a denominator above zero.
        Self::new(num, den)
            .filter(|ratio| ratio.num() == num && ratio.den() == den)
            .ok_or(source.malformed("a reduced fraction"))
    }
}

/// All unions of an arrangement, and the rates in their units.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Unions {
    /// By number.
    pub list: Vec<UnionState>,
    /// Each member currency's rate in the unit of its union.
    pub rates: BTreeMap<CurrencyId, UnitRate>,
    /// What happens by itself when a business date comes: the date, the union, and what.
    pub agenda: BTreeSet<(Day, u32, Agenda)>,
}
wire_struct!(Unions { list, rates, agenda });

impl Unions {
    /// Whether there is no union.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
}

/// What happens on a business date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agenda {
    /// A residual is late if it is still open.
    Late(u32),
    /// A loan's next instalment falls due.
    Instalment(u32),
}
wire_enum!(Agenda { 0 => Late(v), 1 => Instalment(v) });

/// A currency's rate in the unit of account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnitRate {
    /// Units of account for one of it; with a basket, its worth in the common measure.
    pub rate: Rate,
    /// Who published it.
    pub source: String,
    /// What kind.
    pub kind: RateKind,
    /// Valid from.
    pub from: Time,
    /// Valid before.
    pub until: Time,
    /// Held by the deviation gate.
    pub gated: bool,
    /// The last rate that was not held, or was released: what a new one is compared with.
    pub previous: Option<Rate>,
}
wire_struct!(UnitRate { rate, source, kind, from, until, gated, previous });

/// One union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnionState {
    /// Its rules.
    pub rules: Box<SetUnion>,
    /// Members, in the order of the rules.
    pub members: Vec<Member>,
    /// What those who left took from the sum of positions: the union's own position.
    pub own: i64,
    /// Cycles up to this number are carried or were never final; the next closing begins after it.
    pub carried: u32,
    /// The business date up to which charges and interest are counted.
    pub counted: Day,
    /// Closings, in order.
    pub closings: Vec<Closing>,
    /// Everything that ever fell due between a member and the union, or two members.
    pub residuals: Vec<Residual>,
    /// References of outside transfers already reported.
    pub references: BTreeSet<Key>,
    /// Loans and instalment plans.
    pub loans: Vec<Loan>,
    /// Offers of loans that wait, by number.
    pub offers: BTreeMap<u32, Offer>,
    /// Number of the next offer.
    pub next_offer: u32,
    /// Uses of claims.
    pub uses: Vec<ClaimUse>,
    /// Action items.
    pub items: Vec<ActionItem>,
}
wire_struct!(UnionState {
    rules,
    members,
    own,
    carried,
    counted,
    closings,
    residuals,
    references,
    loans,
    offers,
    next_offer,
    uses,
    items,
});

/// A member's standing. Signed amounts: above zero the others owe it, below zero it owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// Which country.
    pub authority: AuthorityId,
    /// Its position.
    pub position: i64,
    /// What the position consists of by its schedule.
    pub stock: Stock,
    /// The part of the stock's credit that is paid in asset because the position grew too fast.
    pub excess: i64,
    /// Residuals carried on as further credit.
    pub rolled: i64,
    /// All asset that ever fell due: below zero to be paid, above to be received.
    pub asset_due: i64,
    /// Where its gross amounts went, over all closings.
    pub parts: Decomposition,
    /// What unwinding gave back, over all closings.
    pub unwound: Unwound,
    /// Position times days since the last closing.
    pub position_days: i128,
    /// Interest since the first day, exactly: below zero to be paid.
    pub interest: Ratio,
    /// Whole minor units of it that were booked.
    pub interest_booked: i64,
    /// Symmetric charges booked, all to be paid.
    pub charged: i64,
    /// Whether it has left.
    pub left: bool,
}
wire_struct!(Member {
    authority,
    position,
    stock,
    excess,
    rolled,
    asset_due,
    parts,
    unwound,
    position_days,
    interest,
    interest_booked,
    charged,
    left,
});

/// One closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// The entry that did it.
    pub seq: u64,
    /// Its business date.
    pub date: Day,
    /// The cycles carried, by number.
    pub cycles: Vec<u32>,
    /// The rates it used, as units of account for one minor unit of each currency.
    pub fixing: Vec<(CurrencyId, Ratio)>,
    /// Bilateral balances by member index: the claim of the first on the second.
    pub balances: Vec<(u32, u32, i64)>,
    /// One line a member.
    pub lines: Vec<Line>,
    /// Where the gross amount went: the sum of all members.
    pub parts: Decomposition,
    /// What the union itself received in asset, or paid if below zero.
    pub union_asset: i128,
}
wire_struct!(Closing { seq, date, cycles, fixing, balances, lines, parts, union_asset });

/// A member's line of a closing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its net over the cycles.
    pub net: i64,
    /// Its position before.
    pub before: i64,
    /// Its position after.
    pub after: i64,
    /// What fell due in asset: below zero the member pays.
    pub asset: i64,
    /// Charge booked for the time since the closing before.
    pub charge: i64,
    /// Interest booked: below zero the member pays.
    pub interest: i64,
    /// Where its gross amount went.
    pub parts: Decomposition,
}
wire_struct!(Line { net, before, after, asset, charge, interest, parts });

/// One side of a residual or loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Party {
    /// The union itself; the operator acts for it.
    Union,
    /// A member.
    Member(AuthorityId),
}
wire_enum!(Party { 0 => Union, 1 => Member(v) });

/// Why something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The change of the asset stock at a closing, by number, or by an agreed move of positions (0).
    Asset(u32),
    /// A symmetric charge of a closing.
    Charge(u32),
    /// Interest of a closing.
    Interest(u32),
    /// An instalment of a loan, by number.
    Instalment(u32),
    /// What a member that left owed or was owed.
    Leaving,
    /// Set against an opposite residual: what two members now settle directly.
    Crossed(u32),
    /// A residual used for a permitted purpose: what the other member now owes, by the number of the use.
    Used(u32),
    /// A change of the rules changed what a position consists of.
    Rules,
}
wire_enum!(Origin {
    0 => Asset(v), 1 => Charge(v), 2 => Interest(v), 3 => Instalment(v), 4 => Leaving, 5 => Crossed(v), 6 => Used(v),
    7 => Rules,
});

/// Something to be settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Residual {
    /// Who pays.
    pub payer: Party,
    /// Who receives.
    pub payee: Party,
    /// How much fell due, more than zero.
    pub amount: i64,
    /// How much of it is still open.
    pub open: i64,
    /// When it is due.
    pub due: Day,
    /// Why.
    pub origin: Origin,
    /// Whether it was open after its date.
    pub late: bool,
    /// A transfer reported and not yet answered.
    pub proof: Option<Proof>,
    /// How parts of it were settled, in order; with what is open they sum to the amount.
    pub settled: Vec<Settled>,
}
wire_struct!(Residual { payer, payee, amount, open, due, origin, late, proof, settled });

/// A reported transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// Designated asset or basket.
    pub method: Method,
    /// Reference in the outside system.
    pub reference: Key,
    /// How much of the residual it settles.
    pub amount: i64,
    /// Amounts per currency of the basket.
    pub legs: Vec<(CurrencyId, i64)>,
}
wire_struct!(Proof { method, reference, amount, legs });

/// A part of a residual that was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// How.
    pub way: Way,
    /// How much.
    pub amount: i64,
    /// On which business date.
    pub date: Day,
    /// Outside reference; zero where there is none.
    pub reference: Key,
}
wire_struct!(Settled { way, amount, date, reference });

/// How a part of a residual was settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Way {
    /// By one of the five methods.
    By(Method),
    /// Replaced by instalments: number of the loan.
    Instalments(u32),
    /// Paid by a draw on the swap facility: number of the loan.
    Swap(u32),
    /// Set against what had been rolled over the other way.
    Unrolled,
}
wire_enum!(Way { 0 => By(v), 1 => Instalments(v), 2 => Swap(v), 3 => Unrolled });

/// Why there is a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Purpose {
    /// A creditor's claim became a loan to a debtor.
    Recycled,
    /// A residual is paid by instalments, by number.
    Refinanced(u32),
    /// A draw on the swap facility for a residual, by number.
    Swap(u32),
    /// A member that left pays, or is paid, by instalments.
    Leaving,
}
wire_enum!(Purpose { 0 => Recycled, 1 => Refinanced(v), 2 => Swap(v), 3 => Leaving });

/// A loan, or instalments of a residual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loan {
    /// Who pays.
    pub payer: Party,
    /// Who receives.
    pub payee: Party,
    /// Minor units of the unit of account.
    pub principal: i64,
    /// Why.
    pub purpose: Purpose,
    /// The business date it began.
    pub start: Day,
    /// Its payments: due date, principal, interest.
    pub instalments: Vec<(Day, i64, i64)>,
    /// How many of them have fallen due and become residuals.
    pub fallen: u32,
}
wire_struct!(Loan { payer, payee, principal, purpose, start, instalments, fallen });

/// An offer of a loan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Offer {
    /// The creditor.
    pub creditor: AuthorityId,
    /// What it offers.
    pub terms: LoanOffer,
}
wire_struct!(Offer { creditor, terms });

/// A use of a claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimUse {
    /// Whose claim.
    pub from: AuthorityId,
    /// Which member's country it was used in, or paid.
    pub to: AuthorityId,
    /// How much.
    pub amount: i64,
    /// Index in the list of permitted purposes; `u32::MAX` when it simply paid that member.
    pub purpose: u32,
    /// The residual used; `u32::MAX` when the position was used.
    pub residual: u32,
    /// Reference, for the record.
    pub reference: Key,
    /// On which business date.
    pub date: Day,
}
wire_struct!(ClaimUse { from, to, amount, purpose, residual, reference, date });

/// A duty that a position opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ActionItem {
    /// Who has to act.
    pub owner: AuthorityId,
    /// Which band rule, an index.
    pub band: u32,
    /// The closing at which it began, counted from 1.
    pub opened: u32,
    /// The last closing at which it is not late.
    pub deadline: u32,
    /// What became of it.
    pub status: ItemStatus,
}
wire_struct!(ActionItem { owner, band, opened, deadline, status });

/// What became of an action item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum ItemStatus {
    /// The position is still in the band, and there is time.
    Open,
    /// The position is still in the band, and time is up.
    Late,
    /// The position went back, at this closing.
    Closed(u32),
}
wire_enum!(ItemStatus { 0 => Open, 1 => Late, 2 => Closed(v) });
