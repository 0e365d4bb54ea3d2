//! One run: the table read, the rule set made, every cycle of every year closed.
//!
//! Absent on purpose: output.

use std::collections::BTreeMap;
use std::path::Path;

use comity_arrangement::rules::parse_rules;
use comity_union::dates::{Day, Length, day};
use comity_union::exhaustion::Exhausted;
use comity_union::position::Flow;
use comity_union::preset::{NAMES, RuleSet, preset};
use comity_union::residual::Settled;
use comity_union::run::{Book, Period, Report, Run, Scope, Total, spread};
use comity_union::unit::{Basket, Component, Unit};
use comity_union::{Ratio, Refusal, Share};

use super::rates::{self, Exchange, Interest};
use super::show::million;
use crate::cli::{CycleLength, UnionRun, UnionTerms};
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
    /// How residuals were settled, where it was asked for.
    pub(super) whys: Vec<Reason>,
    /// The unit of account, where it is a basket.
    pub(super) moving: Option<Moving>,
    /// Net of all trade by member, in the unit of account.
    pub(super) traded: Vec<i128>,
    /// No rates were given from outside.
    pub(super) no_rate: bool,
}

/// A part of a residual of a cycle.
pub(super) struct Reason {
    pub(super) year: i32,
    pub(super) cycle: u16,
    pub(super) member: u32,
    pub(super) settled: Settled,
}

/// What the unit was worth, and what the same flows come to in the table's currency.
pub(super) struct Moving {
    pub(super) name: String,
    pub(super) currency: String,
    pub(super) base: Ratio,
    pub(super) end: Ratio,
    /// Net of all trade by member.
    pub(super) plain: Vec<i128>,
}

/// One member of one book.
pub(super) struct Carried {
    pub(super) who: String,
    pub(super) scope: &'static str,
    pub(super) limit: Option<i64>,
    /// Months until the limit was reached, in hundredths, and on which side.
    pub(super) months: Option<(i128, &'static str)>,
    /// Months from the end until the limit is reached at the pace of the last year, in hundredths, and on which side.
    pub(super) ahead: Option<(i128, &'static str)>,
    /// Net of all cycles, paid or not.
    pub(super) net: i128,
    /// What is carried as credit at the end.
    pub(super) credit: i128,
    pub(super) charge: Option<i128>,
    /// Action items that are open and those that are late.
    pub(super) actions: (usize, usize),
}

pub(super) fn study(arguments: &UnionRun) -> Result<Study, Failure> {
    let mut rules = rules(arguments)?;
    if let Some(text) = &arguments.terms.unit {
        rules.basket = rates::basket(text)?.into_iter().map(|(code, share)| (code.into(), share)).collect();
        rules.check().map_err(|refusal| Failure::new(Exit::Usage, format!("--unit: {refusal}")))?;
    }
    study_of(arguments, rules)
}

/// Runs the trade of `arguments` through `rules`.
pub(super) fn study_of(arguments: &UnionRun, rules: RuleSet) -> Result<Study, Failure> {
    let trade = trade::read(&arguments.data, trade::members(&arguments.group)?)?;
    let hub = match &arguments.hub {
        None => None,
        Some(code) => Some(place(&trade, code)?),
    };
    let unit = Counting::of(&arguments.terms, &rules, &trade)?;
    let known = match &arguments.terms {
        UnionTerms { interest: Some(text), .. } => {
            let rate = rates::flat(text)?;
            Interest::from([(i32::MIN, (rate, rate))])
        }
        UnionTerms { rates: Some(path), .. } => rates::interest(path)?,
        _ => Interest::new(),
    };
    let (base, flows) = base(&rules, &trade, arguments.base_year)?;
    let flows = match &unit {
        None => flows,
        Some(unit) => base
            .iter()
            .zip(&flows)
            .map(|(year, flows)| unit.year(*year, flows, rules.cycle))
            .collect::<Result<_, _>>()?,
    };
    let codes: Vec<&str> = trade.members.iter().map(String::as_str).collect();
    let refused = |refusal: Refusal| Failure::refused(told(&refusal, &trade.members));
    let mut run = Run::new(&rules, &codes, hub, &flows).map_err(refused)?;
    let (mut years, mut stopped, mut whys) = (Vec::new(), None, Vec::new());
    let mut plain = vec![0i128; trade.members.len()];
    let mut traded = plain.clone();
    'years: for (&year, flows) in &trade.years {
        let mut sums = Total::default();
        for cycle in 0..rules.cycle.a_year() {
            let part = part(flows, cycle, rules.cycle);
            for flow in &part {
                plain[index(flow.from)] -= i128::from(flow.amount);
                plain[index(flow.to)] += i128::from(flow.amount);
            }
            let (begin, end) = days(year, cycle, rules.cycle);
            let part = match &unit {
                None => part,
                Some(unit) => unit.count(begin, &part)?,
            };
            for flow in &part {
                traded[index(flow.from)] -= i128::from(flow.amount);
                traded[index(flow.to)] += i128::from(flow.amount);
            }
            let rate = known.range(..=begin).next_back().map(|(_, rates)| *rates);
            let days = u32::try_from(end + 1 - begin).unwrap_or(0);
            let period = Period { days, debtor: rate.map(|rate| rate.0), creditor: rate.map(|rate| rate.1) };
            match run.close_in(&part, &period) {
                Ok(report) => {
                    sums.add(&report);
                    if arguments.why {
                        whys.extend(why(&run, &report, year, cycle));
                    }
                }
                Err(refusal @ (Refusal::BeyondQuota { .. } | Refusal::GrowthOf { .. })) => {
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
    let moving = match &unit {
        None => None,
        Some(unit) => {
            let last = trade.years.keys().next_back().copied().unwrap_or(1);
            let (_, end) = days(last, rules.cycle.a_year() - 1, rules.cycle);
            Some(Moving {
                name: unit.name.clone(),
                currency: unit.currency().into(),
                base: unit.worth(unit.base)?,
                end: unit.worth(end)?,
                plain,
            })
        }
    };
    let no_rate = known.is_empty();
    let members = trade.members;
    Ok(Study {
        run,
        group: arguments.group.clone(),
        members,
        base,
        years,
        lines,
        stopped,
        whys,
        moving,
        traded,
        no_rate,
    })
}

/// First and last day of a cycle.
fn days(year: i32, cycle: u16, length: Length) -> (Day, Day) {
    // Years of a table are checked to be years.
    let end = length.end(year, cycle).unwrap_or(0);
    let begin = match cycle.checked_sub(1) {
        None => day(year, 1, 1),
        Some(before) => length.end(year, before).map(|end| end + 1),
    };
    (begin.unwrap_or(end), end)
}

pub(super) fn index(member: u32) -> usize {
    usize::try_from(member).unwrap_or(usize::MAX)
}

fn why(run: &Run, report: &Report, year: i32, cycle: u16) -> Vec<Reason> {
    let books = run.books().iter().zip(&report.settled);
    let of = |book: &Book, settled: &Settled| {
        let member = book.members[index(settled.member)];
        Reason { year, cycle: cycle + 1, member, settled: *settled }
    };
    books.flat_map(|(book, settled)| settled.iter().map(move |settled| of(book, settled))).collect()
}

/// How amounts of the table become amounts of the unit of account.
struct Counting {
    name: String,
    unit: Unit,
    /// The table's currency comes first.
    codes: Vec<String>,
    exchange: Exchange,
    base: Day,
    /// What the table's currency was worth on the first day: the measure of all rates.
    measure: Ratio,
}

impl Counting {
    fn of(terms: &UnionTerms, rules: &RuleSet, trade: &Trade) -> Result<Option<Self>, Failure> {
        if rules.basket.is_empty() {
            return Ok(None);
        }
        let Some(path) = &terms.fx else {
            let message = "the unit of account is a basket: --fx must name a file of exchange rates";
            return Err(Failure::new(Exit::Usage, message));
        };
        let mut codes = vec![terms.currency.to_uppercase()];
        let others = rules.basket.iter().map(|(code, _)| code.to_string()).filter(|code| *code != codes[0]);
        codes.extend(others.collect::<Vec<_>>());
        let exchange = Exchange::read(path, &codes, &terms.fx_measure.to_uppercase())?;
        let first = trade.years.keys().next().copied().unwrap_or(1);
        let base = day(first, 1, 1).ok_or_else(|| Failure::refused(format!("year {first} is not from 1 to 9999")))?;
        let measure = exchange.worth(0, &codes[0], base)?;
        let components = rules.basket.iter().map(|(code, weight)| {
            let currency = codes.iter().position(|known| known == code).unwrap_or(0);
            let base = exchange.worth(currency, code, base)?.over(measure).ok_or_else(overflow)?;
            Ok(Component { currency: u32::try_from(currency).unwrap_or(0), weight: *weight, base })
        });
        let components: Vec<Component> = components.collect::<Result<_, Failure>>()?;
        let basket = Basket::new(&components).map_err(|refusal| Failure::refused(refusal.to_string()))?;
        let parts: Vec<String> = rules.basket.iter().map(|(code, weight)| format!("{weight} {code}")).collect();
        Ok(Some(Self { name: parts.join(", "), unit: Unit::Basket(basket), codes, exchange, base, measure }))
    }

    fn currency(&self) -> &str {
        &self.codes[0]
    }

    /// Rates of a day; a missing one is named.
    fn rates(&self, day: Day) -> Result<Vec<Ratio>, Failure> {
        let rate =
            |(at, code): (usize, &String)| self.exchange.worth(at, code, day)?.over(self.measure).ok_or_else(overflow);
        self.codes.iter().enumerate().map(rate).collect()
    }

    /// What the unit is worth in the table's currency.
    fn worth(&self, day: Day) -> Result<Ratio, Failure> {
        let rates = self.rates(day)?;
        let fixing = self.unit.fixing(|currency| rates.get(index(currency)).copied());
        let fixing = fixing.map_err(|refusal| Failure::refused(refusal.to_string()))?;
        fixing.over(rates[0]).ok_or_else(overflow)
    }

    /// Flows in the unit, at the rates of a day; each rounded toward zero.
    fn count(&self, day: Day, flows: &[Flow]) -> Result<Vec<Flow>, Failure> {
        let worth = self.worth(day)?;
        let mut out = Vec::with_capacity(flows.len());
        for flow in flows {
            let exact = Ratio::whole(flow.amount.into()).over(worth).ok_or_else(overflow)?;
            let amount = i64::try_from(exact.toward_zero()).map_err(|_| overflow())?;
            if amount > 0 {
                out.push(Flow { amount, ..*flow });
            }
        }
        Ok(out)
    }

    /// A year's flows in the unit: the sums of its cycles.
    fn year(&self, year: i32, flows: &[Flow], length: Length) -> Result<Vec<Flow>, Failure> {
        let mut sums: BTreeMap<(u32, u32), i64> = BTreeMap::new();
        for cycle in 0..length.a_year() {
            for flow in self.count(days(year, cycle, length).0, &part(flows, cycle, length))? {
                *sums.entry((flow.from, flow.to)).or_default() += flow.amount;
            }
        }
        Ok(sums.into_iter().map(|((from, to), amount)| Flow { from, to, amount }).collect())
    }
}

fn overflow() -> Failure {
    Failure::refused("an amount in the unit of account does not fit into 64 bits")
}

/// The rule set that a command names, by name or file.
pub(super) fn named(preset_name: Option<&str>, file: Option<&Path>) -> Result<RuleSet, Failure> {
    match (preset_name, file) {
        (_, Some(path)) => read_rules(path),
        (name, None) => {
            let name = name.unwrap_or("epu-1950");
            let wrong = |refusal| format!("--preset {name}: {refusal}; there are {}", NAMES.join(", "));
            preset(name).map_err(|refusal| Failure::new(Exit::Usage, wrong(refusal)))
        }
    }
}

/// A rule-set file; mistakes carry its name.
pub(super) fn read_rules(path: &Path) -> Result<RuleSet, Failure> {
    const FILE: &str = "rules";
    let shown = path.display().to_string();
    let text = std::fs::read_to_string(path).map_err(crate::exit::at(path))?;
    parse_rules(FILE, &text).map_err(|mistakes| {
        let told: Vec<String> =
            mistakes.0.iter().map(|mistake| mistake.to_string().replacen(FILE, &shown, 1)).collect();
        Failure::refused(told.join("\n"))
    })
}

fn rules(arguments: &UnionRun) -> Result<RuleSet, Failure> {
    let usage = |message: String| Failure::new(Exit::Usage, message);
    let mut rules = named(arguments.preset.as_deref(), arguments.rules.as_deref())?;
    adjust(&mut rules, arguments.quota.as_deref(), arguments.cycle)?;
    if arguments.terms.unit.is_some() && !rules.basket.is_empty() {
        return Err(usage("--unit: the rule set has a basket of its own".to_string()));
    }
    Ok(rules)
}

/// `--quota` and `--cycle` instead of what the rules say.
pub(super) fn adjust(rules: &mut RuleSet, quota: Option<&str>, cycle: Option<CycleLength>) -> Result<(), Failure> {
    let usage = |message: String| Failure::new(Exit::Usage, message);
    if let Some(text) = quota {
        let wrong = || usage(format!("--quota {text:?} is no share in percent, such as 15%"));
        let share = Share::new("--quota", trade::percent(text).ok_or_else(wrong)?);
        rules.quota.share = share.map_err(|refusal| usage(refusal.to_string()))?;
        rules.fixed_quotas.clear();
        if rules.quota.share == Share::ZERO {
            return Err(usage("--quota 0 is not above 0".into()));
        }
    }
    rules.cycle = match cycle {
        None => rules.cycle,
        Some(CycleLength::Daily) => Length::Daily,
        Some(CycleLength::Monthly) => Length::Monthly,
        Some(CycleLength::TwoMonthly) => Length::TwoMonthly,
        Some(CycleLength::FourMonthly) => Length::FourMonthly,
        Some(CycleLength::Yearly) => Length::Yearly,
    };
    Ok(())
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
        let years = if count == 1 { "1 year".into() } else { format!("{count} years") };
        return Err(Failure::refused(format!("the table has no base period of {years}{from}")));
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
            let months = |found: Exhausted| {
                let hundredths = Ratio::new(1200, run.rules().cycle.a_year().into());
                let months = hundredths.and_then(|each| found.cycles.times(each)).map_or(i128::MAX, Ratio::toward_zero);
                (months, found.side.word())
            };
            lines.push(Carried {
                who,
                scope,
                limit: book.limits[at].map(|quota| quota.value()),
                months: run.exhausted(book, at)?.map(months),
                ahead: run.ahead(book, at)?.map(months),
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
        Refusal::GrowthOf { member, grown, limit } => format!(
            "{} would grow by {} in a year, the rule growth allows {}",
            members.get(index(*member)).map_or("", String::as_str),
            million((*grown).into()),
            million((*limit).into())
        ),
        Refusal::QuotaOf { member, refusal } => {
            let who = usize::try_from(*member).ok().and_then(|at| members.get(at)).map_or("", String::as_str);
            format!("{who}: {refusal}")
        }
        other => other.to_string(),
    }
}
