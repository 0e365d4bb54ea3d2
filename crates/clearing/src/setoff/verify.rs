//! Proves a clearing from the obligations alone, in one pass over obligations and parties per certificate.
//!
//! Shares only definitions with the solver: nothing is merged here and no network is built. Potentials are claims like
//! everything else: whatever they are, the bound computed from them holds, because in a circulation potentials cancel.
//! A clearing that is permitted but not the greatest is no flaw; its gap says so.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::network::tranche;
use super::solve::is_exact;
use super::{Goal, Invalid, Potentials, Problem, Share, TRANCHES};
use crate::at;

/// Largest absolute potential: keeps the sums of a bound within 128 bits.
pub const POTENTIAL_MAX: i64 = 1 << 60;

/// What was proved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Sum of all obligations, minor units.
    pub gross: i64,
    /// Sum of what is set off.
    pub cleared: i64,
    /// What is left: gross - cleared.
    pub residual: i64,
    /// No clearing on these terms (the minimum left aside) exceeds this.
    pub bound: i64,
    /// bound - cleared; 0 proves the greatest value.
    pub gap: i64,
    /// What each party draws from the fund, by party.
    pub draws: Vec<Share>,
    /// What each party ends up holding at the fund, by party.
    pub deposits: Vec<Share>,
    /// Sum of the draws, and of the deposits.
    pub drawn: i64,
    /// What was proved of each exact goal; empty if there is a gap.
    pub goals: Vec<GoalProof>,
}

/// The value of a goal and a bound among clearings that are best for everything before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GoalProof {
    /// Which goal.
    pub goal: Goal,
    /// Sum of worth x units (of the lot).
    pub value: i128,
    /// No clearing that is best so far exceeds this.
    pub bound: i128,
}

/// Why a claimed clearing is not one, in order of precedence. Obligations and parties are positions in the problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// The problem itself is refused.
    Problem(Invalid),
    /// A list has another length than the problem asks for.
    Length { what: &'static str, found: usize, expected: usize },
    /// Less than nothing or more than may be set off.
    Amount { obligation: usize, amount: i64, limit: i64 },
    /// Not a multiple of the lot.
    Lot { obligation: usize, amount: i64, lot: i64 },
    /// Above nothing and below the minimum.
    Minimum { obligation: usize, amount: i64, least: i64 },
    /// A party's net position would change.
    Unbalanced { party: u32, paid: i64, received: i64 },
    /// More of a party's debts is set off than it permits.
    PartyCap { party: u32, paid: i64, cap: i64 },
    /// A party draws more than its line.
    Line { party: u32, drawn: i64, limit: i64 },
    /// All draw more than the fund lends.
    Fund { drawn: i64, limit: i64 },
    /// A potential is beyond what sums are safe with.
    Potential { certificate: usize, value: i64 },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Problem(invalid) => invalid.fmt(f),
            Self::Length { what, found, expected } => {
                write!(f, "{found} {what} are given where {expected} are expected")
            }
            Self::Amount { obligation, amount, limit } => {
                write!(f, "{amount} set off of obligation {obligation} is outside 0 to {limit}")
            }
            Self::Lot { obligation, amount, lot } => {
                write!(f, "{amount} set off of obligation {obligation} is no multiple of the lot {lot}")
            }
            Self::Minimum { obligation, amount, least } => {
                write!(f, "{amount} set off of obligation {obligation} is below the minimum {least}")
            }
            Self::Unbalanced { party, paid, received } => {
                write!(f, "party {party} is relieved of {paid} and gives up {received}: its net position would change")
            }
            Self::PartyCap { party, paid, cap } => {
                write!(f, "{paid} set off of what party {party} owes exceeds its cap {cap}")
            }
            Self::Line { party, drawn, limit } => write!(f, "party {party} draws {drawn}, above its line {limit}"),
            Self::Fund { drawn, limit } => write!(f, "{drawn} drawn from the fund exceed its limit {limit}"),
            Self::Potential { certificate, value } => {
                write!(f, "potential {value} of certificate {certificate} exceeds the limit of {POTENTIAL_MAX}")
            }
        }
    }
}

impl core::error::Error for Flaw {}

/// Proves that `amounts` is a clearing of `problem`, and with `certificates` how far it is from the greatest value and,
/// if there is no gap, from the best for each of `goals`.
///
/// # Errors
/// The first [`Flaw`] in order.
pub fn verify(
    problem: &Problem<'_>,
    amounts: &[i64],
    certificates: &[Potentials],
    goals: &[Goal],
) -> Result<Proof, Flaw> {
    problem.validate().map_err(Flaw::Problem)?;
    let exact: Vec<Goal> = goals.iter().copied().filter(|goal| is_exact(*goal)).collect();
    let shape =
        |what, found, expected| if found == expected { Ok(()) } else { Err(Flaw::Length { what, found, expected }) };
    shape("cleared amounts", amounts.len(), problem.obligations.len())?;
    shape("certificates", certificates.len(), exact.len() + 1)?;
    let mut sides = Sides::new(problem);
    let mut proof = Proof::default();
    for (row, (owed, &amount)) in problem.obligations.iter().zip(amounts).enumerate() {
        check_amount(problem, row, amount)?;
        proof.gross += owed.amount;
        proof.cleared += amount;
        sides.add(problem, row, amount);
    }
    proof.residual = proof.gross - proof.cleared;
    balance(problem, &sides, &mut proof)?;
    for (index, certificate) in certificates.iter().enumerate() {
        check_potentials(problem, index, certificate)?;
    }
    // No certificate can promise more than all that may be cleared, and a bound need not say more than that.
    let consented = sides.may_pay.iter().sum::<i64>();
    let tally = tally(problem, amounts, &sides, &proof, (certificates, &exact));
    let bound = tally[0].1.min(i128::from(consented) * i128::from(problem.lot));
    proof.bound = i64::try_from(bound).unwrap_or(i64::MAX);
    proof.gap = proof.bound - proof.cleared;
    if proof.gap == 0 {
        proof.goals =
            exact.iter().zip(&tally[1..]).map(|(&goal, &(value, bound))| GoalProof { goal, value, bound }).collect();
    }
    Ok(proof)
}

fn check_amount(problem: &Problem<'_>, obligation: usize, amount: i64) -> Result<(), Flaw> {
    let limit = problem.lots_of(obligation) * problem.lot;
    if amount < 0 || amount > problem.consent_of(obligation) {
        return Err(Flaw::Amount { obligation, amount, limit });
    }
    if problem.lot == 1 && problem.minimum <= 1 {
        return Ok(());
    }
    if amount % problem.lot != 0 {
        return Err(Flaw::Lot { obligation, amount, lot: problem.lot });
    }
    let least = problem.least();
    if amount != 0 && amount < least {
        return Err(Flaw::Minimum { obligation, amount, least });
    }
    if amount > limit { Err(Flaw::Amount { obligation, amount, limit }) } else { Ok(()) }
}

fn check_potentials(problem: &Problem<'_>, certificate: usize, claim: &Potentials) -> Result<(), Flaw> {
    let (found, expected) = (claim.party.len(), at(problem.parties));
    if found != expected {
        return Err(Flaw::Length { what: "potentials", found, expected });
    }
    let found = claim.paying.len();
    if found != 0 && found != expected {
        return Err(Flaw::Length { what: "potentials of paying sides", found, expected });
    }
    let mut all = claim.party.iter().chain(&claim.paying).chain(&claim.fund);
    match all.find(|value| !(-POTENTIAL_MAX..=POTENTIAL_MAX).contains(*value)) {
        Some(&value) => Err(Flaw::Potential { certificate, value }),
        None => Ok(()),
    }
}

/// Sums by party, in lots.
struct Sides {
    pays: Vec<i64>,
    receives: Vec<i64>,
    /// Most the party may pay and receive, by consent.
    may_pay: Vec<i64>,
    may_receive: Vec<i64>,
    /// Most it may pay by its own cap.
    cap: Vec<i64>,
}

impl Sides {
    fn new(problem: &Problem<'_>) -> Self {
        let zeros = vec![0; at(problem.parties)];
        let mut cap = vec![i64::MAX; at(problem.parties)];
        for own in problem.party_caps {
            cap[at(own.party)] = own.cap / problem.lot;
        }
        Self { pays: zeros.clone(), receives: zeros.clone(), may_pay: zeros.clone(), may_receive: zeros, cap }
    }

    fn add(&mut self, problem: &Problem<'_>, row: usize, amount: i64) {
        let (debtor, creditor) = (at(problem.obligations[row].debtor), at(problem.obligations[row].creditor));
        let (units, lots) = (problem.in_lots(amount), problem.lots_of(row));
        self.pays[debtor] += units;
        self.receives[creditor] += units;
        self.may_pay[debtor] += lots;
        self.may_receive[creditor] += lots;
    }
}

/// Net positions, caps, and what the fund lends.
fn balance(problem: &Problem<'_>, sides: &Sides, proof: &mut Proof) -> Result<(), Flaw> {
    let lot = problem.lot;
    for party in 0..problem.parties {
        let (paid, received) = (sides.pays[at(party)] * lot, sides.receives[at(party)] * lot);
        if problem.fund.is_none() && paid != received {
            return Err(Flaw::Unbalanced { party, paid, received });
        }
        if paid > received {
            proof.draws.push(Share { party, amount: paid - received });
            proof.drawn += paid - received;
        } else if received > paid {
            proof.deposits.push(Share { party, amount: received - paid });
        }
    }
    for own in problem.party_caps {
        let paid = sides.pays[at(own.party)] * lot;
        if paid > own.cap {
            return Err(Flaw::PartyCap { party: own.party, paid, cap: own.cap });
        }
    }
    let Some(fund) = problem.fund else { return Ok(()) };
    let line = lines(problem);
    for draw in &proof.draws {
        let limit = line[at(draw.party)];
        if draw.amount > limit {
            return Err(Flaw::Line { party: draw.party, drawn: draw.amount, limit });
        }
    }
    if proof.drawn > fund.limit { Err(Flaw::Fund { drawn: proof.drawn, limit: fund.limit }) } else { Ok(()) }
}

/// What each party may draw, minor units; the fund's own limit is for all together.
fn lines(problem: &Problem<'_>) -> Vec<i64> {
    let Some(fund) = problem.fund else { return vec![0; at(problem.parties)] };
    let mut line = vec![if fund.lines.is_empty() { i64::MAX } else { 0 }; at(problem.parties)];
    for own in fund.lines {
        line[at(own.party)] = own.limit;
    }
    line
}

/// Everything that can carry units, one after the other; sums (value, bound) per certificate.
struct Tally<'a> {
    certificates: &'a [Potentials],
    sums: Vec<(i128, i128)>,
}

/// An end of an arc.
#[derive(Clone, Copy)]
enum End {
    Party(u32),
    Paying(u32),
    Taking,
    Lending,
}

impl Tally<'_> {
    fn potential(certificate: &Potentials, end: End) -> i128 {
        let potential = match end {
            End::Party(party) => certificate.party[at(party)],
            End::Paying(party) => {
                let own = if certificate.paying.is_empty() { &certificate.party } else { &certificate.paying };
                own[at(party)]
            }
            End::Taking => certificate.fund[0],
            End::Lending => certificate.fund[1],
        };
        i128::from(potential)
    }

    /// `units` of at most `cap` flow `from` -> `to`, each worth `worth[k]` by certificate k. For the first certificate the
    /// bound is cap x positive reduced value. For a later one an arc counts only if all reduced values before are zero,
    /// and then as what it can still gain.
    fn add(&mut self, (from, to): (End, End), (units, cap): (i64, i64), worth: &[i64]) {
        for (index, certificate) in self.certificates.iter().enumerate() {
            let reduced =
                i128::from(worth[index]) + Self::potential(certificate, from) - Self::potential(certificate, to);
            let value = i128::from(worth[index]) * i128::from(units);
            let (units, cap) = (i128::from(units), i128::from(cap));
            let sums = &mut self.sums[index];
            sums.0 += value;
            sums.1 += match index {
                0 => cap * reduced.max(0),
                _ => value + (cap - units) * reduced.max(0) + units * (-reduced).max(0),
            };
            if reduced != 0 {
                // Fixed from here on: whatever is best so far has the same units here.
                for (sums, worth) in self.sums[index + 1..].iter_mut().zip(&worth[index + 1..]) {
                    let value = i128::from(*worth) * units;
                    *sums = (sums.0 + value, sums.1 + value);
                }
                break;
            }
        }
    }
}

/// (value, bound) by certificate, in units of the first: minor units; of goals: worth x lots.
fn tally(
    problem: &Problem<'_>,
    amounts: &[i64],
    sides: &Sides,
    proof: &Proof,
    (certificates, goals): (&[Potentials], &[Goal]),
) -> Vec<(i128, i128)> {
    let mut tally = Tally { certificates, sums: vec![(0, 0); certificates.len()] };
    let youngest = problem.youngest();
    let mut worth = vec![0i64; certificates.len()];
    for (row, (owed, &amount)) in problem.obligations.iter().zip(amounts).enumerate() {
        worth[0] = 1;
        for (worth, goal) in worth[1..].iter_mut().zip(goals) {
            *worth = if *goal == Goal::Oldest { problem.age_of(row, youngest) } else { 0 };
        }
        let ends = (End::Paying(owed.debtor), End::Party(owed.creditor));
        tally.add(ends, (problem.in_lots(amount), problem.lots_of(row)), &worth);
    }
    worth.fill(0);
    let steps = if goals.contains(&Goal::Fairest) { usize::try_from(TRANCHES).unwrap_or(1) } else { 1 };
    for party in 0..problem.parties {
        let owed = sides.may_pay[at(party)];
        let cap = owed.min(sides.cap[at(party)]);
        let mut left = sides.pays[at(party)];
        for (step, rank) in (0..steps).zip((1..=TRANCHES).rev()) {
            for (worth, goal) in worth[1..].iter_mut().zip(goals) {
                *worth = if *goal == Goal::Fairest { rank } else { 0 };
            }
            let room = if steps == 1 { cap } else { tranche(owed, cap, step) };
            let units = left.min(room);
            left -= units;
            tally.add((End::Party(party), End::Paying(party)), (units, room), &worth);
        }
    }
    worth.fill(0);
    if let Some(fund) = problem.fund {
        add_fund(problem, fund.limit, sides, proof, &mut tally, &worth);
    }
    for (place, sums) in tally.sums.iter_mut().enumerate() {
        if place == 0 {
            *sums = (sums.0 * i128::from(problem.lot), sums.1 * i128::from(problem.lot));
        }
    }
    tally.sums
}

fn add_fund(problem: &Problem<'_>, limit: i64, sides: &Sides, proof: &Proof, tally: &mut Tally<'_>, worth: &[i64]) {
    let lot = problem.lot;
    let all: i64 = sides.may_pay.iter().sum();
    tally.add((End::Taking, End::Lending), (proof.drawn / lot, (limit / lot).min(all)), worth);
    let line = lines(problem);
    for party in 0..problem.parties {
        let net = sides.pays[at(party)] - sides.receives[at(party)];
        let draw = (line[at(party)] / lot).min(sides.may_pay[at(party)]);
        tally.add((End::Lending, End::Party(party)), (net.max(0), draw), worth);
        tally.add((End::Party(party), End::Taking), ((-net).max(0), sides.may_receive[at(party)]), worth);
    }
}
