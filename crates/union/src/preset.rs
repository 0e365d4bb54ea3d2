//! Rule sets as data: those of history, those of today, and the four arrangements.
//!
//! A rule set is a table, no code: [`run`](crate::run) and the functions of this crate do the rest. Each fact has its source; what
//! is only remembered stands in one line, so that one line corrects it. Deliberately absent: members and currencies. A rule set
//! of one's own is made like these, from the same public parts.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use crate::action::ActionRule;
use crate::charge::{AgedRates, DayCount, RateRule, RateSource, Step, SymmetricCharge};
use crate::dates::{Due, Length};
use crate::quota::TurnoverRule;
use crate::residual::{Kind, Method};
pub use crate::ruleset::{
    Compensation, Excess, Fact, GrowthRule, Key, RecyclingRule, Refinancing, Rising, RuleSet, Settlement, Source,
    SwapRule, Text, Unable, Use, UseRule,
};
use crate::tranche::{Beyond, Ladder, Rounding, Schedule, Tranche};
use crate::{Rate, Refusal, Share, Side};

/// Names of all rule sets.
pub const NAMES: [&str; 12] = [
    "epu-1950",
    "epu-1952",
    "epu-1954",
    "epu-1955",
    "icu-1943",
    "acu",
    "aladi",
    "sml",
    "bilateral-1+1",
    "union-1+5",
    "framework-2+1",
    "multilateral",
];

/// The rule set of this name.
///
/// # Errors
/// [`Refusal::Preset`] if there is none.
pub fn preset(name: &str) -> Result<RuleSet, Refusal> {
    match name {
        "epu-1950" => epu("epu-1950", "European Payments Union, July 1950 to June 1952", &EPU_1950),
        "epu-1952" => epu("epu-1952", "European Payments Union, July 1952 to June 1954", &EPU_1952),
        "epu-1954" => epu("epu-1954", "European Payments Union, July 1954 to July 1955", &EPU_1954),
        "epu-1955" => epu("epu-1955", "European Payments Union, August 1955 to December 1958", &EPU_1955),
        "icu-1943" => icu(),
        "acu" => acu(),
        "aladi" => aladi(),
        "sml" => {
            Ok(paid("sml", "Argentina and Brazil: payments in local currency", Length::Daily, Compensation::Pairs)
                .with(Due::BusinessDays(1), SML_FACTS))
        }
        "bilateral-1+1" => bilateral(),
        "union-1+5" => union(),
        "framework-2+1" => framework(),
        "multilateral" => multilateral(),
        _ => Err(Refusal::Preset),
    }
}

/// One side of a table: (end of tranche, asset share), both in percent.
type Steps = &'static [(u32, u32)];

/// What the European Payments Union changed from time to time.
struct Epu {
    debtor: Steps,
    creditor: Steps,
    creditor_beyond: Beyond,
    asset_only: &'static [&'static str],
    facts: &'static [Fact],
}

const fn read(rule: &'static str, says: &'static str) -> Fact {
    Fact { rule: Cow::Borrowed(rule), says: Cow::Borrowed(says), source: Source::Read }
}

const fn remembered(rule: &'static str, says: &'static str) -> Fact {
    Fact { rule: Cow::Borrowed(rule), says: Cow::Borrowed(says), source: Source::Remembered }
}

const fn ours(rule: &'static str, says: &'static str) -> Fact {
    Fact { rule: Cow::Borrowed(rule), says: Cow::Borrowed(says), source: Source::Ours }
}

const HALF: Beyond = Beyond::Special { asset: Share::percent(50) };

static EPU_1950: Epu = Epu {
    debtor: &[(20, 0), (40, 20), (60, 40), (80, 60), (100, 80)],
    creditor: &[(20, 0), (100, 50)],
    creditor_beyond: HALF,
    asset_only: &[],
    facts: &[
        read("cycle", "calendar month"),
        read("position", "cumulative net against the union"),
        read("quota", "15 % of turnover with the area in goods and services in the base year"),
        remembered(
            "debtor.tranches",
            "fifths of quota with 0, 20, 40, 60, 80 % in gold; 40 in gold and 60 in credit at the quota",
        ),
        remembered("creditor.tranches", "first fifth as credit, then half in gold; 40 and 60 at the quota"),
        remembered("debtor.beyond", "all in gold"),
        read("creditor.beyond", "special arrangements, such as half and half for Belgium in 1952"),
        remembered(
            "interest",
            "debtors 2.00, 2.25, 2.50 % by age of up to 12, up to 24, more months; creditors 2.00 %",
        ),
    ],
};

static EPU_1952: Epu = Epu {
    debtor: &[(10, 0), (20, 20), (40, 30), (60, 40), (80, 50), (100, 70)],
    creditor: &[(10, 0), (100, 50)],
    creditor_beyond: HALF,
    asset_only: &[],
    facts: &[
        remembered("debtor.tranches", "0, 20, 30, 40, 50, 70 % in gold; 40 in gold and 60 in credit at the quota"),
        remembered("creditor.tranches", "first tenth as credit, then half in gold; 45 and 55 at the quota; not sure"),
        read("creditor.beyond", "special arrangements, such as half and half for Belgium in 1952"),
    ],
};

static EPU_1954: Epu = Epu {
    debtor: &[(100, 50)],
    creditor: &[(100, 50)],
    creditor_beyond: Beyond::Asset,
    asset_only: &["GRC", "TUR"],
    facts: &[
        read("tranches", "half in gold, half in credit, on both sides"),
        read("exceptions", "Greece and Turkey settle all in gold"),
    ],
};

static EPU_1955: Epu = Epu {
    debtor: &[(100, 75)],
    creditor: &[(100, 75)],
    creditor_beyond: Beyond::Asset,
    asset_only: &[],
    facts: &[remembered("tranches", "three quarters in gold, on both sides")],
};

const SML_FACTS: &[Fact] = &[
    read("cycle", "daily; the net debtor pays the next day that is open in both countries, in a convertible currency"),
    read("returns", "within 15 days, as a new operation at that day's rate"),
    read("tenor", "at most 360 days"),
];

const ICU_FACTS: &[Fact] = &[
    remembered("quota", "75 % of the average of imports and exports of three years"),
    remembered("tranches", "no settlement in gold: all is credit in the union's own unit"),
    remembered("debtor.beyond", "no debt beyond the quota"),
    remembered("charge", "1 % a year of what is above a quarter of quota, 1 % more above a half, both sides alike"),
    remembered("growth", "a debtor's balance grows by at most a quarter of quota a year"),
    remembered("actions", "at a quarter, a half and three quarters of quota for debtors, at a half for creditors"),
    ours("cycle", "monthly"),
];

const ACU_FACTS: &[Fact] = &[
    read("cycle", "two months; net debtors pay within four working days"),
    read("interest", "on daily outstandings, from net debtor to net creditor, at a rate fixed before the month"),
    ours("day count", "act/360"),
    read("swap", "up to 20 % of average gross payments"),
    remembered("swap window", "average of three years"),
    ours("swap term", "a drawing is paid back with the next settlement"),
];

const ALADI_FACTS: &[Fact] = &[
    read("cycle", "four months, ending 30 April, 31 August, 31 December (dates remembered)"),
    read("rate", "announced at least five days before the end"),
    read("due", "on the eighth day after the end, or the next business day"),
    read("refinancing", "in instalments (exists)"),
    remembered("instalments", "over the next four months"),
    read("register", "future commitments are registered"),
];

const BILATERAL_FACTS: &[Fact] = &[
    ours("cycle", "daily net"),
    ours("quota", "15 % of what the pair turned over in the base year"),
    ours("tranches", "first half of the swing as credit, then half in asset, on both sides"),
];

const UNION_FACTS: &[Fact] = &[
    ours("cycle", "monthly: first the members among themselves, then their pool against the hub"),
    ours("carrier", "each member carries of the pool what it contributed to it"),
    ours("tranches", "half in asset, half in credit, on both sides and in both steps"),
];

const FRAMEWORK_FACTS: &[Fact] = &[
    ours("credit", "the anchors grant each other credit up to the quota; beyond it all is paid"),
    ours("agent", "keeps accounts and carries no position"),
];

const MULTILATERAL_FACTS: &[Fact] = &[
    ours("cycle", "two months"),
    ours("tranches", "rising asset share by fifths of quota, the same for debtors and creditors"),
    ours("beyond", "what is beyond the quota goes to the residual settlement (call auction) and counts as special"),
    ours("residual", "call auction between opposite residuals, then the designated asset"),
    ours("charge", "symmetric, as proposed by Keynes"),
];

fn ladder(side: Side, steps: Steps, beyond: Beyond) -> Result<Ladder, Refusal> {
    let mut from = Share::ZERO;
    let tranches: Vec<Tranche> = steps
        .iter()
        .map(|(to, asset)| {
            let tranche = Tranche { from, to: Share::percent(*to), asset: Share::percent(*asset) };
            from = tranche.to;
            tranche
        })
        .collect();
    Ladder::new(side, &tranches, beyond)
}

fn schedule(debtor: (Steps, Beyond), creditor: (Steps, Beyond)) -> Result<Schedule, Refusal> {
    Ok(Schedule::new(
        ladder(Side::Debtor, debtor.0, debtor.1)?,
        ladder(Side::Creditor, creditor.0, creditor.1)?,
        Rounding::CreditCarries,
    ))
}

const fn turnover(percent: u32, years: u16) -> TurnoverRule {
    TurnoverRule { share: Share::percent(percent), years }
}

/// A method that takes all of what is left.
const fn method(kind: Kind) -> Method {
    Method { kind, share: Share::ONE, limit: None }
}

/// A rule set that pays each cycle, without anything else.
fn paid(name: &'static str, title: &'static str, cycle: Length, compensation: Compensation) -> RuleSet {
    RuleSet {
        name: name.into(),
        title: title.into(),
        cycle,
        compensation,
        members: Vec::new(),
        basket: Vec::new(),
        settlement: Settlement::Paid,
        quota: turnover(15, 1),
        fixed_quotas: Vec::new(),
        exceptions: Vec::new(),
        charge: None,
        interest: Vec::new(),
        growth: None,
        actions: Vec::new(),
        swap: None,
        due: Due::BusinessDays(1),
        refinancing: None,
        rising: None,
        recycling: None,
        uses: Vec::new(),
        residual: [method(Kind::DesignatedAsset)].into(),
        facts: Vec::new(),
    }
}

impl RuleSet {
    fn with(self, due: Due, facts: &'static [Fact]) -> Self {
        Self { due, facts: facts.into(), ..self }
    }

    fn carrying(self, schedule: Schedule) -> Self {
        Self { settlement: Settlement::Tranches(schedule), ..self }
    }
}

fn epu(name: &'static str, title: &'static str, rules: &Epu) -> Result<RuleSet, Refusal> {
    let common = schedule((rules.debtor, Beyond::Asset), (rules.creditor, rules.creditor_beyond))?;
    let all = schedule((&[(100, 100)], Beyond::Asset), (&[(100, 100)], Beyond::Asset))?;
    let by = |side, source: &'static str, rate| {
        let count = DayCount::Act360;
        RateSource { side: Some(side), source: source.into(), rate, count, notice_days: 0 }
    };
    let rate = Rate::basis_points;
    let aged = AgedRates::new(&[(12, rate(200)), (24, rate(225))], rate(250))?;
    Ok(RuleSet {
        exceptions: rules.asset_only.iter().map(|code| (Text::Borrowed(*code), all.clone())).collect(),
        interest: [
            by(Side::Debtor, "fixed by the agreement, by age", RateRule::Aged(aged)),
            by(Side::Creditor, "fixed by the agreement", RateRule::Fixed(rate(200))),
        ]
        .into(),
        due: Due::BusinessDays(10),
        facts: rules.facts.into(),
        ..paid(name, title, Length::Monthly, Compensation::Union).carrying(common)
    })
}

pub(crate) fn symmetric() -> Result<SymmetricCharge, Refusal> {
    let step = |above| Step { above: Share::percent(above), rate: Rate::basis_points(100) };
    SymmetricCharge::new(&[step(25), step(50)])
}

fn icu() -> Result<RuleSet, Refusal> {
    let act = |side, from, action: &'static str, cycles| ActionRule {
        side,
        from: Share::percent(from),
        action: action.into(),
        cycles,
    };
    let credit: Steps = &[(100, 0)];
    let common = schedule((credit, Beyond::Refuse), (credit, Beyond::Credit))?;
    Ok(RuleSet {
        quota: turnover(75, 3),
        charge: Some(symmetric()?),
        growth: Some(GrowthRule { share: Share::percent(25), excess: Excess::Report }),
        actions: [
            act(Side::Debtor, 25, "may lower its rate by up to 5 % if the average of two years is beyond", 24),
            act(Side::Debtor, 50, "gives collateral, controls outward capital, or lowers its rate as required", 12),
            act(Side::Debtor, 75, "takes the measures asked of it, or is declared in default", 24),
            act(Side::Creditor, 50, "discusses expansion, a higher rate, lower tariffs or lending", 12),
        ]
        .into(),
        facts: ICU_FACTS.into(),
        ..paid("icu-1943", "Keynes' Clearing Union, proposals of 1943", Length::Monthly, Compensation::Union)
            .carrying(common)
    })
}

fn acu() -> Result<RuleSet, Refusal> {
    Ok(RuleSet {
        swap: Some(SwapRule { share: Share::percent(20), cycles: 1 }),
        interest: [RateSource {
            side: None,
            source: "one-month deposit rate of the first working day of the last week of the month before".into(),
            rate: RateRule::Published,
            count: DayCount::Act360,
            notice_days: 0,
        }]
        .into(),
        due: Due::BusinessDays(4),
        facts: ACU_FACTS.into(),
        ..paid("acu", "Asian Clearing Union", Length::TwoMonthly, Compensation::Union)
    })
}

fn aladi() -> Result<RuleSet, Refusal> {
    Ok(RuleSet {
        interest: [RateSource {
            side: None,
            source: "mean of the first 105 days of the four-month reference rate, plus 1 %".into(),
            rate: RateRule::Published,
            count: DayCount::Act360,
            notice_days: 5,
        }]
        .into(),
        due: Due::DaysThenOpen(8),
        refinancing: Some(Refinancing { instalments: 4, share: Share::ONE }),
        facts: ALADI_FACTS.into(),
        ..paid("aladi", "ALADI: reciprocal payments and credits", Length::FourMonthly, Compensation::Union)
    })
}

fn bilateral() -> Result<RuleSet, Refusal> {
    let swing: (Steps, Beyond) = (&[(50, 0), (100, 50)], Beyond::Asset);
    Ok(paid("bilateral-1+1", "Two authorities with a swing account", Length::Daily, Compensation::Pairs)
        .carrying(schedule(swing, swing)?)
        .with(Due::BusinessDays(1), BILATERAL_FACTS))
}

fn union() -> Result<RuleSet, Refusal> {
    let half: (Steps, Beyond) = (&[(100, 50)], Beyond::Asset);
    Ok(paid("union-1+5", "Members net among themselves, then against a hub", Length::Monthly, Compensation::Hub)
        .carrying(schedule(half, half)?)
        .with(Due::BusinessDays(4), UNION_FACTS))
}

fn framework() -> Result<RuleSet, Refusal> {
    let credit: (Steps, Beyond) = (&[(100, 0)], Beyond::Asset);
    Ok(paid(
        "framework-2+1",
        "Two anchors and a neutral agent that keeps accounts",
        Length::Monthly,
        Compensation::Pairs,
    )
    .carrying(schedule(credit, credit)?)
    .with(Due::BusinessDays(4), FRAMEWORK_FACTS))
}

fn multilateral() -> Result<RuleSet, Refusal> {
    let rising: (Steps, Beyond) =
        (&[(20, 0), (40, 20), (60, 40), (80, 60), (100, 80)], Beyond::Special { asset: Share::ONE });
    Ok(RuleSet {
        charge: Some(symmetric()?),
        residual: [method(Kind::Auction), method(Kind::DesignatedAsset)].into(),
        ..paid("multilateral", "Members against the union, two-month cycle", Length::TwoMonthly, Compensation::Union)
            .carrying(schedule(rising, rising)?)
            .with(Due::BusinessDays(4), MULTILATERAL_FACTS)
    })
}
