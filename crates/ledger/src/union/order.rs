//! What may be asked about a union: its rules as data, rates in its unit, closings, residuals, claims and leaving.
//!
//! Shares are in millionths, yearly rates in basis points, amounts in minor units of the union's unit of account unless said
//! otherwise. Absent on purpose: what the rules mean; [`super::rules`] reads them once and [`comity_union`] computes.

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec::Vec;

use crate::command::RateKind;
use crate::ids::{AuthorityId, CurrencyId, Key, Time};
use crate::rate::Rate;
use crate::wire::{wire_enum, wire_struct};

/// What positions are counted in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnitRule {
    /// One currency of the arrangement; its own rate is one.
    Currency(CurrencyId),
    /// A basket; every rate is stated in the common measure its base rates are in.
    Basket(Vec<BasketPart>),
}
wire_enum!(UnitRule { 0 => Currency(v), 1 => Basket(v) });

/// A currency's part in the unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BasketPart {
    /// The currency.
    pub currency: CurrencyId,
    /// Its weight, millionths; all sum to exactly 1,000,000.
    pub weight: u32,
    /// What one of it was worth on the base day, in the common measure.
    pub base: Rate,
}
wire_struct!(BasketPart { currency, weight, base });

/// A currency's part in a payment made in several currencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PaymentPart {
    /// The currency.
    pub currency: CurrencyId,
    /// Its weight, millionths; all sum to exactly 1,000,000.
    pub weight: u32,
}
wire_struct!(PaymentPart { currency, weight });

/// One step of a ladder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LadderStep {
    /// Where it begins, millionths of the quota.
    pub from: u32,
    /// Where it ends, millionths of the quota.
    pub to: u32,
    /// What is paid of it in asset, millionths.
    pub asset: u32,
}
wire_struct!(LadderStep { from, to, asset });

/// What happens to the part of a position beyond the quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BeyondRule {
    /// All of it is paid in asset.
    Asset,
    /// All of it is carried as credit.
    Credit,
    /// This share, millionths, is paid in asset, the rest is special credit.
    Special(u32),
    /// There is no position beyond the quota: the close is refused.
    Refuse,
}
wire_enum!(BeyondRule { 0 => Asset, 1 => Credit, 2 => Special(v), 3 => Refuse });

/// One side's tranches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LadderRule {
    /// From zero to the full quota, without gap or overlap.
    pub steps: Vec<LadderStep>,
    /// Beyond it.
    pub beyond: BeyondRule,
}
wire_struct!(LadderRule { steps, beyond });

/// Both sides' tranches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScheduleRule {
    /// For positions below zero.
    pub debtor: LadderRule,
    /// For positions above zero.
    pub creditor: LadderRule,
    /// Whether the fraction of a minor unit is paid in asset; otherwise it stays in credit.
    pub asset_carries: bool,
}
wire_struct!(ScheduleRule { debtor, creditor, asset_carries });

/// A member and its terms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MemberRule {
    /// Which country.
    pub authority: AuthorityId,
    /// Its quota, more than zero.
    pub quota: i64,
    /// Tranches of its own; `None` for those of the union.
    pub schedule: Option<ScheduleRule>,
}
wire_struct!(MemberRule { authority, quota, schedule });

/// A yearly charge on the part of a position above a share of quota, debtor and creditor alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ChargeStep {
    /// Millionths of the quota above which it is charged.
    pub above: u32,
    /// Basis points a year.
    pub rate_bps: u32,
}
wire_struct!(ChargeStep { above, rate_bps });

/// How days become parts of a year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum YearDays {
    /// A year of 360 days.
    Act360,
    /// A year of 365 days.
    Act365,
}
wire_enum!(YearDays { 0 => Act360, 1 => Act365 });

/// Interest on what is carried as credit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InterestRule {
    /// What a debtor pays, basis points a year.
    pub debtor_bps: u32,
    /// What a creditor receives, basis points a year.
    pub creditor_bps: u32,
}
wire_struct!(InterestRule { debtor_bps, creditor_bps });

/// What becomes of growth beyond the limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Excess {
    /// It is paid in asset instead of being carried.
    Asset,
    /// The close is refused.
    Refuse,
}
wire_enum!(Excess { 0 => Asset, 1 => Refuse });

/// How fast a position may grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthRule {
    /// At most this share of quota further from zero than a year ago, millionths.
    pub share: u32,
    /// What becomes of the rest.
    pub excess: Excess,
}
wire_struct!(GrowthRule { share, excess });

/// Which side of zero a rule watches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SideRule {
    /// Positions below zero.
    Debtor,
    /// Positions above zero.
    Creditor,
}
wire_enum!(SideRule { 0 => Debtor, 1 => Creditor });

/// Who has to do something about its position, and how soon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BandRule {
    /// Whose positions it watches; that member owns the item.
    pub side: SideRule,
    /// From which share of quota on, millionths.
    pub from: u32,
    /// What is to be done.
    pub action: String,
    /// Within how many closings.
    pub closings: u32,
}
wire_struct!(BandRule { side, from, action, closings });

/// How a residual may be settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Method {
    /// An outside transfer of the designated asset, with proof.
    Asset,
    /// Carried as further credit, up to a limit.
    RollOver,
    /// Outside transfers in several member currencies, with proof.
    Basket,
    /// Set against opposite residuals of other members in a call auction.
    Auction,
    /// The receiving side uses it for a permitted purpose.
    Use,
}
wire_enum!(Method { 0 => Asset, 1 => RollOver, 2 => Basket, 3 => Auction, 4 => Use });

impl Method {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Asset, Self::RollOver, Self::Basket, Self::Auction, Self::Use];

    /// The word for it, in files and messages.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::RollOver => "roll-over",
            Self::Basket => "basket",
            Self::Auction => "auction",
            Self::Use => "use",
        }
    }
}

/// When a residual is due after its closing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DueRule {
    /// This many business days of the payer's currency later.
    BusinessDays(u8),
    /// This many days later, or the next business day.
    DaysThenOpen(u8),
}
wire_enum!(DueRule { 0 => BusinessDays(v), 1 => DaysThenOpen(v) });

/// When a union closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closes {
    /// Only when it is told to.
    OnCommand,
    /// In a phase that carries, once this many final cycles wait.
    EveryCycles(u32),
}
wire_enum!(Closes { 0 => OnCommand, 1 => EveryCycles(v) });

/// Terms of instalments.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TermRule {
    /// Most instalments.
    pub instalments: u16,
    /// Days between two of them, more than zero.
    pub every_days: u16,
    /// Interest on what is outstanding, basis points a year.
    pub rate_bps: u32,
    /// Whether the first instalment pays what does not divide; otherwise the last one does.
    pub remainder_first: bool,
}
wire_struct!(TermRule { instalments, every_days, rate_bps, remainder_first });

/// A swap facility: a debtor draws on it to pay a residual, and pays it back in one sum.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SwapRule {
    /// Most that may be drawn, millionths of the average gross amount of recent closings.
    pub share: u32,
    /// How many closings the average is of.
    pub closings: u16,
    /// Days until it is paid back.
    pub days: u16,
    /// Interest, basis points a year.
    pub rate_bps: u32,
}
wire_struct!(SwapRule { share, closings, days, rate_bps });

/// Found a union, or change its rules (four eyes).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUnion {
    /// Its number; the next free one founds a union.
    pub union: u32,
    /// Name, for people.
    pub name: String,
    /// What positions are counted in; cannot be changed later.
    pub unit: UnitRule,
    /// Digits after the point of the unit; for a currency its own.
    pub exponent: u8,
    /// Members in order; later only added at the end.
    pub members: Vec<MemberRule>,
    /// Whether nets are added to positions; otherwise all is paid at each closing.
    pub carries: bool,
    /// Tranches of members without their own.
    pub schedule: ScheduleRule,
    /// Symmetric charge.
    pub charge: Vec<ChargeStep>,
    /// Interest on credit.
    pub interest: Option<InterestRule>,
    /// Day count of charges, interest and instalments.
    pub year: YearDays,
    /// Limit of growth.
    pub growth: Option<GrowthRule>,
    /// Action rules.
    pub bands: Vec<BandRule>,
    /// How residuals may be settled, in the order in which they are to be tried.
    pub methods: Vec<Method>,
    /// Name of the designated asset.
    pub asset: String,
    /// Currencies of [`Method::Basket`].
    pub basket: Vec<PaymentPart>,
    /// Limit of [`Method::RollOver`], millionths of the quota.
    pub roll_share: u32,
    /// What claims may be used for.
    pub purposes: Vec<String>,
    /// Swap facility.
    pub swap: Option<SwapRule>,
    /// Refinancing of residuals by instalments.
    pub refinance: Option<TermRule>,
    /// How what a leaving member owes or is owed is paid; `None` in one sum.
    pub leaving: Option<TermRule>,
    /// When residuals are due.
    pub due: DueRule,
    /// When it closes.
    pub closes: Closes,
    /// Largest change of a rate in the unit that needs no release, basis points.
    pub gate_bps: u32,
}
wire_struct!(SetUnion {
    union,
    name,
    unit,
    exponent,
    members,
    carries,
    schedule,
    charge,
    interest,
    year,
    growth,
    bands,
    methods,
    asset,
    basket,
    roll_share,
    purposes,
    swap,
    refinance,
    leaving,
    due,
    closes,
    gate_bps,
});

/// An authority states what its own currency is worth in the unit of its union.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SetUnitRate {
    /// Its currency.
    pub currency: CurrencyId,
    /// Units of account for one of it; with a basket, its worth in the common measure.
    pub rate: Rate,
    /// Who published it.
    pub source: String,
    /// What kind of rate.
    pub kind: RateKind,
    /// Valid from this instant.
    pub from: Time,
    /// Valid before this instant.
    pub until: Time,
}
wire_struct!(SetUnitRate { currency, rate, source, kind, from, until });

/// How a residual is settled, or part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settlement {
    /// The payer reports an outside transfer; it counts when the other side accepts it.
    Proof(ProofOrder),
    /// The payer carries this amount on as credit.
    RollOver(i64),
    /// The payer pays the open amount in this many instalments.
    Instalments(u16),
    /// The payer draws this amount from the swap facility.
    Swap(i64),
    /// The payee uses its claim for a permitted purpose.
    Use(ResidualUse),
}
wire_enum!(Settlement { 0 => Proof(v), 1 => RollOver(v), 2 => Instalments(v), 3 => Swap(v), 4 => Use(v) });

/// An outside transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProofOrder {
    /// [`Method::Asset`] or [`Method::Basket`].
    pub method: Method,
    /// Reference in the outside system, unique in the union.
    pub reference: Key,
    /// How much of the residual it settles.
    pub amount: i64,
    /// For a basket: the amounts transferred, in the order of the rule, minor units of each currency.
    pub legs: Vec<i64>,
}
wire_struct!(ProofOrder { method, reference, amount, legs });

/// Use of a residual for a permitted purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ResidualUse {
    /// Index in the list of permitted purposes.
    pub purpose: u32,
    /// The member in whose country it is used.
    pub to: AuthorityId,
    /// How much.
    pub amount: i64,
    /// Reference of the contract, for the record.
    pub reference: Key,
}
wire_struct!(ResidualUse { purpose, to, amount, reference });

/// Settle a residual or part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SettleResidual {
    /// Which union.
    pub union: u32,
    /// Which residual of it.
    pub residual: u32,
    /// How.
    pub how: Settlement,
}
wire_struct!(SettleResidual { union, residual, how });

/// The receiving side's word on a reported transfer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AnswerProof {
    /// Which union.
    pub union: u32,
    /// Which residual of it.
    pub residual: u32,
    /// Accepted or declined.
    pub accept: bool,
}
wire_struct!(AnswerProof { union, residual, accept });

/// A creditor uses its position: to pay another member, or there for a permitted purpose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UseClaim {
    /// Which union.
    pub union: u32,
    /// The member whose position grows.
    pub to: AuthorityId,
    /// How much.
    pub amount: i64,
    /// Index in the list of permitted purposes; `u32::MAX` when it simply pays that member.
    pub purpose: u32,
    /// Reference, for the record.
    pub reference: Key,
}
wire_struct!(UseClaim { union, to, amount, purpose, reference });

/// Recycling a claim into a loan: one side offers, the other accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lend {
    /// The creditor offers.
    Offer(Box<LoanOffer>),
    /// The debtor accepts.
    Accept(OfferRef),
    /// Either side turns it down.
    Withdraw(OfferRef),
}
wire_enum!(Lend { 0 => Offer(v), 1 => Accept(v), 2 => Withdraw(v) });

/// A loan out of the creditor's claim.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LoanOffer {
    /// Which union.
    pub union: u32,
    /// To which debtor.
    pub debtor: AuthorityId,
    /// How much of the claim.
    pub principal: i64,
    /// Instalments, interest and rounding.
    pub terms: TermRule,
}
wire_struct!(LoanOffer { union, debtor, principal, terms });

/// An offer of a union.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OfferRef {
    /// Which union.
    pub union: u32,
    /// Which offer of it.
    pub offer: u32,
}
wire_struct!(OfferRef { union, offer });
