//! What a rule set is: the rules of a union as data.
//!
//! Every field is a table or a number; [`run`](crate::run) and the functions of this crate do the rest. Texts are owned or static,
//! so that a rule set may come from a file as well as from [`preset`](crate::preset). Deliberately absent: members' flows, and
//! any rule set in particular.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::action::ActionRule;
use crate::charge::{DayCount, RateSource, SymmetricCharge};
use crate::dates::{Due, Length};
use crate::quota::TurnoverRule;
use crate::residual::Method;
use crate::schedule::RemainderIn;
use crate::tranche::Schedule;
use crate::{Rate, Refusal, Share, Side};

/// Text of a rule set: static in a preset, owned when read from a file.
pub type Text = Cow<'static, str>;

/// Most permitted uses of one rule set.
pub const USE_COUNT_MAX: usize = 20;
/// Most cycles that a loan, a term or a waiting time may have.
pub const CYCLE_COUNT_MAX: u16 = 1_000;

/// How much is known about a fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Found in a public text.
    Read,
    /// Remembered, not read again.
    Remembered,
    /// Our choice where sources are silent.
    Ours,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Read, Self::Remembered, Self::Ours];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Remembered => "remembered",
            Self::Ours => "ours",
        }
    }
}

/// Something a rule set says, in words.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Fact {
    /// Which rule.
    pub rule: Text,
    /// What it says.
    pub says: Text,
    /// How it is known.
    pub source: Source,
}

/// Who is set off against whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compensation {
    /// Each member against all others.
    Union,
    /// Each pair by itself.
    Pairs,
    /// All members but the hub among themselves; then the pool of their balances with the hub against the hub. Each member
    /// carries of the pool what it contributed to it, apart from its position among the members.
    Hub,
}

impl Compensation {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Union, Self::Pairs, Self::Hub];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Union => "union",
            Self::Pairs => "pairs",
            Self::Hub => "hub",
        }
    }
}

/// What becomes of nets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// Carried as positions with quotas and tranches.
    Tranches(Schedule),
    /// Paid in asset each cycle.
    Paid,
}

/// What happens to growth beyond the limit of a year.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Excess {
    /// It is reported: permission has to be asked.
    Report,
    /// The credit that exceeds it is paid in asset.
    Asset,
    /// The cycle is refused.
    Refuse,
}

impl Excess {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Report, Self::Asset, Self::Refuse];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Report => "report",
            Self::Asset => "asset",
            Self::Refuse => "refuse",
        }
    }
}

/// How fast a debtor's position may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GrowthRule {
    /// Most growth in a year, as a share of quota.
    pub share: Share,
    /// What happens beyond.
    pub excess: Excess,
}

/// A facility on which a debtor draws when it must pay in asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SwapRule {
    /// Most that may be drawn: a share of average gross payments of a year of the base period.
    pub share: Share,
    /// After how many cycles a drawing is paid back; above 0. What is received in asset pays back earlier.
    pub cycles: u16,
}

/// A debtor may pay a settlement in instalments.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Refinancing {
    /// Into how many monthly instalments; above 0.
    pub instalments: u16,
    /// Which share of the settlement.
    pub share: Share,
}

/// By which key a loan or a use is spread over debtors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// In proportion to debts.
    Debt,
    /// In equal parts, each at most the debt.
    Even,
}

impl Key {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Debt, Self::Even];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debt => "debt",
            Self::Even => "even",
        }
    }
}

/// What happens to an instalment that would take its debtor beyond its quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unable {
    /// The debtor pays it to the creditor in asset, outside of positions.
    Asset,
    /// It is paid a cycle after the last one; its interest is added to what is owed then.
    Prolong,
    /// The rest of the loan becomes a position again: the creditor's claim is restored.
    Restore,
}

impl Unable {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Asset, Self::Prolong, Self::Restore];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Asset => "asset",
            Self::Prolong => "prolong",
            Self::Restore => "restore",
        }
    }
}

/// Recycling of persistent creditors' claims into term loans to debtors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RecyclingRule {
    /// From which share of quota on a claim is recycled.
    pub above: Share,
    /// Which share of the claim above it becomes a loan each cycle.
    pub share: Share,
    /// Which debtors get it.
    pub key: Key,
    /// In how many instalments it is paid back, one a cycle; above 0.
    pub instalments: u16,
    /// Interest a year.
    pub rate: Rate,
    /// How days are counted.
    pub count: DayCount,
    /// Which instalment pays what does not divide.
    pub remainder: RemainderIn,
    /// What happens when the debtor cannot pay.
    pub unable: Unable,
}

/// The longer a position stays beyond a band, the more of its credit is paid in asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Rising {
    /// Whose positions; none for both sides.
    pub side: Option<Side>,
    /// From which share of quota on time is counted.
    pub above: Share,
    /// After how many cycles the share begins to rise.
    pub after: u16,
    /// The share of credit that becomes asset with each further cycle.
    pub step: Share,
    /// The greatest such share.
    pub most: Share,
}

impl Rising {
    /// The share of credit that is paid in asset after `cycles` cycles in a row beyond the band.
    #[must_use]
    pub fn extra(&self, cycles: u32) -> Share {
        let risen = i128::from(cycles.saturating_sub(self.after.into())) * self.step.millionths();
        let share = i64::try_from(risen.min(self.most.millionths())).unwrap_or(0);
        Share::new("rising", share).unwrap_or(self.most)
    }
}

/// What a claim may be used for. Each is a payment by the creditor that a member in debt receives, so both positions shrink.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Use {
    /// An investment in the debtor's economy.
    Investment,
    /// An advance on later deliveries of the debtor; it is used up when they come.
    TradeAdvance,
    /// The debtor pays a third country in the creditor's stead.
    ThirdCountry,
    /// The claim pays a third member that the creditor owes. Where all members are set off together that has happened in netting;
    /// it adds something only where pairs are settled by themselves.
    ThirdMember,
}

impl Use {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Investment, Self::TradeAdvance, Self::ThirdCountry, Self::ThirdMember];

    /// The word for it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Investment => "investment",
            Self::TradeAdvance => "trade-advance",
            Self::ThirdCountry => "third-country",
            Self::ThirdMember => "third-member",
        }
    }

    /// Its place in [`Use::ALL`].
    #[must_use]
    pub const fn place(self) -> usize {
        match self {
            Self::Investment => 0,
            Self::TradeAdvance => 1,
            Self::ThirdCountry => 2,
            Self::ThirdMember => 3,
        }
    }
}

/// A permitted use of claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct UseRule {
    /// For what.
    pub kind: Use,
    /// From which share of quota on a claim may be used.
    pub above: Share,
    /// Which share of the claim above it is used each cycle.
    pub share: Share,
    /// Most uses in a year, as a share of quota; none for no limit.
    pub limit: Option<Share>,
    /// After how many cycles it comes back (deliveries against an advance); 0 if never.
    pub returns_after: u16,
}

/// A rule set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSet {
    /// Its name.
    pub name: Text,
    /// What it was or is, in a line.
    pub title: Text,
    /// How often it closes.
    pub cycle: Length,
    /// Who is set off against whom.
    pub compensation: Compensation,
    /// Its members by code, where the rules name them; else empty.
    pub members: Vec<Text>,
    /// The unit of account as a basket of currencies with weights; empty for the currency of the flows.
    pub basket: Vec<(Text, Share)>,
    /// What becomes of nets.
    pub settlement: Settlement,
    /// How large quotas are; without a part in rule sets that pay each cycle.
    pub quota: TurnoverRule,
    /// Members with a fixed quota in minor units, by code.
    pub fixed_quotas: Vec<(Text, i64)>,
    /// Members with a schedule of their own, by ISO 3166 code of three letters.
    pub exceptions: Vec<(Text, Schedule)>,
    /// Charges on both sides.
    pub charge: Option<SymmetricCharge>,
    /// Where interest rates come from.
    pub interest: Vec<RateSource>,
    /// Most growth of a debtor's position in a year.
    pub growth: Option<GrowthRule>,
    /// What has to be done at which share of quota.
    pub actions: Vec<ActionRule>,
    /// Swap facility of debtors that must pay.
    pub swap: Option<SwapRule>,
    /// When a settlement is due after a cycle ends.
    pub due: Due,
    /// Whether a debtor may pay its settlement in instalments.
    pub refinancing: Option<Refinancing>,
    /// Asset share that rises with time.
    pub rising: Option<Rising>,
    /// Loans out of claims.
    pub recycling: Option<RecyclingRule>,
    /// What claims may be used for.
    pub uses: Vec<UseRule>,
    /// By which methods residuals are settled, in order.
    pub residual: Vec<Method>,
    /// What is said in words, and how it is known.
    pub facts: Vec<Fact>,
}

impl RuleSet {
    /// The schedule of a member, by its ISO 3166 code of three letters; none where all is paid.
    #[must_use]
    pub fn schedule_of(&self, country: &str) -> Option<&Schedule> {
        match &self.settlement {
            Settlement::Paid => None,
            Settlement::Tranches(common) => {
                Some(self.exceptions.iter().find(|(code, _)| *code == country).map_or(common, |(_, own)| own))
            }
        }
    }

    /// Checks what no type says: numbers that must be above zero, lists that must not be too long, a basket that sums to one.
    ///
    /// # Errors
    /// The first rule that cannot be applied.
    pub fn check(&self) -> Result<(), Refusal> {
        let positive = |field, value: i64| {
            if value > 0 { Ok(()) } else { Err(Refusal::NotPositive { field, value }) }
        };
        let most = |field, value: usize, limit: usize| {
            let whole = |value| i64::try_from(value).unwrap_or(i64::MAX);
            if value <= limit {
                Ok(())
            } else {
                Err(Refusal::Exceeds { field, value: whole(value), limit: whole(limit) })
            }
        };
        positive("quota.share", self.quota.share.raw().into())?;
        positive("quota.years", self.quota.years.into())?;
        most("quota.years", self.quota.years.into(), crate::quota::BASE_YEARS_MAX)?;
        self.fixed_quotas.iter().try_for_each(|(_, value)| crate::quota::Quota::fixed(*value).map(|_| ()))?;
        most("actions", self.actions.len(), crate::action::RULE_COUNT_MAX)?;
        most("uses", self.uses.len(), USE_COUNT_MAX)?;
        most("residual methods", self.residual.len(), crate::residual::METHOD_COUNT_MAX)?;
        if let Some(swap) = self.swap {
            positive("swap.cycles", swap.cycles.into())?;
        }
        if let Some(rule) = self.refinancing {
            positive("refinancing.instalments", rule.instalments.into())?;
            most("refinancing.instalments", rule.instalments.into(), CYCLE_COUNT_MAX.into())?;
        }
        if let Some(rule) = self.recycling {
            positive("recycling.instalments", rule.instalments.into())?;
            most("recycling.instalments", rule.instalments.into(), CYCLE_COUNT_MAX.into())?;
        }
        let sum_millionths: u64 = self.basket.iter().map(|(_, weight)| u64::from(weight.raw())).sum();
        if !self.basket.is_empty() && sum_millionths != u64::from(Share::SCALE) {
            return Err(Refusal::Weights { sum_millionths });
        }
        Ok(())
    }
}
