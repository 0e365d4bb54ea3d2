//! One run: the table read, the rule set made, every cycle of every year closed.
//!
//! Absent on purpose: output.

use comity_union::dates::Length;
use comity_union::position::Flow;
use comity_union::preset::{NAMES, RuleSet, preset};
use comity_union::run::{Book, Run, Scope, Total, spread};
use comity_union::{Ratio, Refusal, Share};

use super::show::million;
use crate::cli::{CycleLength, UnionRun};
use crate::exit::{Exit, Failure};
use crate::trade::{self, Trade};

/// A finished run, with what is needed to tell it.
pub(super) struct Study {
    pub(super) run: Run,
    pub(super) group: String,
    pub(super) members: Vec<String>,
    pub(super) base: Vec<i32>,
    /// Each year's sums.
    pub(super) years: Vec<(i32, Total)>,
    pub(super) lines: Vec<Carried>,
    /// The cycle that the rules refused, and why; nothing was run after it.
    pub(super) stopped: Option<String>,
}

/// One member of one book.
pub(super) struct Carried {
    pub(super) who: String,
    pub(super) scope: &'static str,
    pub(super) limit: Option<i64>,
    /// Months until the limit was reached, in hundredths, and on which side.
    pub(super) months: Option<(i128, &'static str)>,
    /// Net of all cycles, paid or not.
    pub(super) net: i128,
    /// What is carried as credit at the end.
    pub(super) credit: i128,
    pub(super) charge: Option<i128>,
    /// Action items that are open and those that are late.
    pub(super) actions: (usize, usize),
}

pub(super) fn study(arguments: &UnionRun) -> Result<Study, Failure> {
    let rules = rules(arguments)?;
    let trade = trade::read(&arguments.data, trade::members(&arguments.group)?)?;
    let hub = match &arguments.hub {
        None => None,
        Some(code) => Some(place(&trade, code)?),
    };
    let (base, flows) = base(&rules, &trade, arguments.base_year)?;
    let codes: Vec<&str> = trade.members.iter().map(String::as_str).collect();
    let refused = |refusal: Refusal| Failure::refused(told(&refusal, &trade.members));
    let mut run = Run::new(&rules, &codes, hub, &flows).map_err(refused)?;
    let (mut years, mut stopped) = (Vec::new(), None);
    'years: for (&year, flows) in &trade.years {
        let mut sums = Total::default();
        for cycle in 0..rules.cycle.a_year() {
            match run.close(&part(flows, cycle, rules.cycle)) {
                Ok(report) => sums.add(&report),
                Err(refusal @ Refusal::BeyondQuota { .. }) => {
                    let of = format!("cycle {} of {year}: {}", cycle + 1, told(&refusal, &trade.members));
                    stopped = Some(of);
                    years.push((year, sums));
                    break 'years;
                }
                Err(other) => return Err(refused(other)),
            }
        }
        years.push((year, sums));
    }
    let lines = carried(&run, &trade.members).map_err(refused)?;
    Ok(Study { run, group: arguments.group.clone(), members: trade.members, base, years, lines, stopped })
}

fn rules(arguments: &UnionRun) -> Result<RuleSet, Failure> {
    let usage = |message: String| Failure::new(Exit::Usage, message);
    let mut rules = preset(&arguments.preset).map_err(|refusal| {
        usage(format!("--preset {}: {refusal}; there are {}", arguments.preset, NAMES.join(", ")))
    })?;
    if let Some(text) = &arguments.quota {
        let wrong = || usage(format!("--quota {text:?} is no share in percent, such as 15%"));
        let share = Share::new("--quota", trade::percent(text).ok_or_else(wrong)?);
        rules.quota.share = share.map_err(|refusal| usage(refusal.to_string()))?;
        if rules.quota.share == Share::ZERO {
            return Err(usage("--quota 0 is not above 0".into()));
        }
    }
    rules.cycle = match arguments.cycle {
        None => rules.cycle,
        Some(CycleLength::Daily) => Length::Daily,
        Some(CycleLength::Monthly) => Length::Monthly,
        Some(CycleLength::TwoMonthly) => Length::TwoMonthly,
        Some(CycleLength::FourMonthly) => Length::FourMonthly,
        Some(CycleLength::Yearly) => Length::Yearly,
    };
    Ok(rules)
}

fn place(trade: &Trade, code: &str) -> Result<u32, Failure> {
    let found = trade.members.iter().position(|member| member.eq_ignore_ascii_case(code));
    let found = found.and_then(|at| u32::try_from(at).ok());
    found.ok_or_else(|| Failure::new(Exit::Usage, format!("--hub {code} is no member of the group")))
}

/// The years that quotas follow, and their flows.
fn base(rules: &RuleSet, trade: &Trade, first: Option<i32>) -> Result<(Vec<i32>, Vec<Vec<Flow>>), Failure> {
    let count = usize::from(rules.quota.years);
    let from = trade.years.iter().filter(|(year, _)| first.is_none_or(|first| **year >= first));
    let (base, flows): (Vec<i32>, Vec<Vec<Flow>>) =
        from.take(count).map(|(year, flows)| (*year, flows.clone())).unzip();
    if base.len() < count || first.is_some_and(|first| base.first() != Some(&first)) {
        let from = first.map_or(String::new(), |first| format!(" from {first} on"));
        return Err(Failure::refused(format!("the table has no base period of {count} years{from}")));
    }
    Ok((base, flows))
}

/// A cycle's part of a year.
fn part(flows: &[Flow], cycle: u16, length: Length) -> Vec<Flow> {
    let part = |flow: &Flow| Flow { amount: spread(flow.amount, cycle, length.a_year()), ..*flow };
    flows.iter().map(part).filter(|flow| flow.amount > 0).collect()
}

fn carried(run: &Run, members: &[String]) -> Result<Vec<Carried>, Refusal> {
    let mut lines = Vec::new();
    for book in run.books() {
        for (at, member) in book.members.iter().enumerate() {
            let name = |member: u32| usize::try_from(member).map_or("", |at| members[at].as_str());
            let (who, scope) = match book.scope {
                // Both sides of a pair have the same quota and the same position, so one line tells both.
                Scope::Pair { low, .. } if low != *member => continue,
                Scope::Pair { low, high } => (format!("{} with {}", name(low), name(high)), "pair"),
                Scope::Union => (name(*member).to_string(), "union"),
                Scope::Inner => (name(*member).to_string(), "inner"),
                Scope::Outer => (name(*member).to_string(), "outer"),
            };
            let months = run.exhausted(book, at)?.map(|found| {
                let hundredths = Ratio::new(1200, run.rules().cycle.a_year().into());
                let months = hundredths.and_then(|each| found.cycles.times(each)).map_or(i128::MAX, Ratio::toward_zero);
                (months, found.side.word())
            });
            lines.push(Carried {
                who,
                scope,
                limit: book.limits[at].map(|quota| quota.value()),
                months,
                net: book.nets[at].iter().map(|net| i128::from(*net)).sum(),
                credit: i128::from(book.live.stocks[at].credit) + i128::from(book.live.stocks[at].special_credit),
                charge: run.rules().charge.as_ref().map(|_| book.live.charges[at].toward_zero()),
                actions: actions(book, at),
            });
        }
    }
    Ok(lines)
}

fn actions(book: &Book, at: usize) -> (usize, usize) {
    use comity_union::action::Status;
    let own = || book.actions.items().iter().filter(|item| usize::try_from(item.owner) == Ok(at));
    let count = |status| own().filter(|item| item.status == status).count();
    (count(Status::Open), count(Status::Late))
}

/// A refusal, with the member's code in front where it has one.
pub(super) fn told(refusal: &Refusal, members: &[String]) -> String {
    match refusal {
        Refusal::BeyondQuota { member: Some(member), side, position, quota } => {
            let who = usize::try_from(*member).ok().and_then(|at| members.get(at)).map_or("", String::as_str);
            format!(
                "{who} would be at {}, beyond its quota of {}: the rule {}.beyond refuses it",
                million((*position).into()),
                million((*quota).into()),
                side.word()
            )
        }
        Refusal::QuotaOf { member, refusal } => {
            let who = usize::try_from(*member).ok().and_then(|at| members.get(at)).map_or("", String::as_str);
            format!("{who}: {refusal}")
        }
        other => other.to_string(),
    }
}
