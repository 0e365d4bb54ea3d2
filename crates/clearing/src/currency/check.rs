//! The proof of an answer from the obligations, rates and consents alone, in one pass.
//!
//! Feasible: nobody clears more than is owed, per currency what parties give up is what others receive, conversions stay
//! within consents, residues below the natural limit. Best: the potentials give a bound that no set-off exceeds. Nothing
//! here is shared with the solver but the definitions. Absent on purpose: repairing an answer.

use alloc::vec;
use alloc::vec::Vec;
use core::fmt;

use super::{Clearing, CurrencyConsent, Hub, Invalid, Leg, Node, Problem, Residue, shift, turnover};
use crate::at;

/// Largest absolute potential accepted: sums of potentials times amounts stay within 128 bits.
const POTENTIAL_MAX: i64 = 1 << 31;

/// What was proved, in units of account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proof {
    /// Sum of all obligations.
    pub gross: i128,
    /// Sum cleared.
    pub value: i128,
    /// No set-off within the consents clears more.
    pub bound: i128,
    /// What passes through the residue account.
    pub residue: i128,
}

/// Why an answer proves nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Flaw {
    /// The problem itself is refused.
    Invalid(Invalid),
    /// The answer belongs to another problem.
    Shape { what: &'static str, expected: usize, found: usize },
    /// Less than nothing or more than owed is cleared.
    Cleared { obligation: usize, cleared: i64, amount: i64 },
    /// The certificate's nodes are not in order, name nobody, or have a potential out of range.
    Node { position: usize },
    /// The certificate's hub has a potential out of range.
    Hub { party: u32 },
    /// A (party, currency) of an obligation is not in the certificate.
    Missing { party: u32, currency: u32 },
    /// A conversion is not the one that follows from what is cleared.
    Leg { party: u32, currency: u32, stated: i64, found: i128 },
    /// A residue is not the one that follows from what is cleared.
    Residue { party: u32, stated: i128, found: i128 },
    /// A residue is more than rounding explains.
    ResidueLimit { party: u32, residue: i128, limit: i128 },
    /// More is converted than the party consents to.
    Consent { party: u32, converted: i128, limit: i128 },
    /// More of one currency is converted than the party consents to.
    CurrencyConsent { party: u32, currency: u32, converted: i128, limit: i64 },
    /// Conversions of one currency do not sum to zero.
    Open { currency: usize, position: i128 },
    /// A stated sum is not the one found.
    Sum { what: &'static str, stated: i128, found: i128 },
    /// The residue account carries more than it may.
    ResidueAccount { residue: i128, limit: i64 },
}

impl fmt::Display for Flaw {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Invalid(invalid) => invalid.fmt(f),
            Self::Shape { what, expected, found } => write!(f, "{found} {what} given where {expected} are expected"),
            Self::Cleared { obligation, cleared, amount } => {
                write!(f, "{cleared} cleared of obligation {obligation}, which is {amount}")
            }
            Self::Node { position } => write!(f, "node {position} of the certificate is out of order or out of range"),
            Self::Hub { party } => write!(f, "hub of party {party} in the certificate is out of range"),
            Self::Missing { party, currency } => {
                write!(f, "party {party} in currency {currency} is missing in the certificate")
            }
            Self::Leg { party, currency, stated, found } => {
                write!(f, "party {party} converts {found} of currency {currency}, {stated} is stated")
            }
            Self::Residue { party, stated, found } => {
                write!(f, "residue of party {party} is {found}, {stated} is stated")
            }
            Self::ResidueLimit { party, residue, limit } => {
                write!(f, "residue {residue} of party {party} exceeds the limit of {limit}")
            }
            Self::Consent { party, converted, limit } => {
                write!(f, "party {party} converts {converted} units of account, its consent ends at {limit}")
            }
            Self::CurrencyConsent { party, currency, converted, limit } => {
                write!(f, "party {party} converts {converted} of currency {currency}, its consent ends at {limit}")
            }
            Self::Open { currency, position } => {
                write!(f, "position of {position} remains open in currency {currency}")
            }
            Self::Sum { what, stated, found } => write!(f, "{what} is {found}, {stated} is stated"),
            Self::ResidueAccount { residue, limit } => {
                write!(f, "residue account carries {residue} units of account, the limit is {limit}")
            }
        }
    }
}

impl core::error::Error for Flaw {}

/// What the obligations say of one (party, currency).
#[derive(Clone, Copy, Default)]
struct Side {
    /// Units of account owed.
    payable: i128,
    /// Units of account owed to it.
    receivable: i128,
    /// Minor units: cleared claims less cleared debts.
    net: i128,
    /// Obligations owed and owed to it.
    count: i128,
    /// Most units of account by conversion in this currency.
    limit: Option<i64>,
}

/// Proves an answer from the problem alone, in one pass over obligations and nodes.
///
/// The answer is feasible if this returns `Ok`, and no set-off within the consents exceeds `bound`; what whole minor units
/// cost is `bound - value`.
///
/// # Errors
/// The first [`Flaw`] found.
pub fn check(problem: &Problem<'_>, clearing: &Clearing) -> Result<Proof, Flaw> {
    problem.validate().map_err(Flaw::Invalid)?;
    let shape =
        |what, expected, found| if expected == found { Ok(()) } else { Err(Flaw::Shape { what, expected, found }) };
    shape("cleared amounts", problem.obligations.len(), clearing.cleared.len())?;
    shape("hubs", at(problem.parties), clearing.certificate.hubs.len())?;
    let nodes = &clearing.certificate.nodes;
    let first = index(problem, nodes)?;
    let mut proof = Proof { gross: 0, value: 0, bound: 0, residue: 0 };
    let mut sides = sides(problem, clearing, &first, &mut proof)?;
    for &CurrencyConsent { party, currency, amount } in problem.currency_consent {
        if let Some(node) = find(nodes, &first, party, currency) {
            sides[node].limit = Some(amount);
        }
    }
    parties(problem, clearing, &first, &sides, &mut proof)?;
    compare(problem, clearing, &sides, &proof)?;
    Ok(proof)
}

/// Where each party's nodes begin in the certificate.
fn index(problem: &Problem<'_>, nodes: &[Node]) -> Result<Vec<usize>, Flaw> {
    let mut first = Vec::with_capacity(at(problem.parties) + 1);
    let mut last = None;
    for (position, node) in nodes.iter().enumerate() {
        let fits = node.party < problem.parties
            && at(node.currency) < problem.rates.count()
            && (-POTENTIAL_MAX..=POTENTIAL_MAX).contains(&node.potential);
        if !fits || last >= Some((node.party, node.currency)) {
            return Err(Flaw::Node { position });
        }
        last = Some((node.party, node.currency));
        while first.len() <= at(node.party) {
            first.push(position);
        }
    }
    first.resize(at(problem.parties) + 1, nodes.len());
    Ok(first)
}

fn find(nodes: &[Node], first: &[usize], party: u32, currency: u32) -> Option<usize> {
    let (start, end) = (first[at(party)], first[at(party) + 1]);
    nodes[start..end].binary_search_by_key(&currency, |node| node.currency).ok().map(|place| start + place)
}

/// Adds up the obligations, what is cleared, and their part of the bound.
fn sides(problem: &Problem<'_>, clearing: &Clearing, first: &[usize], proof: &mut Proof) -> Result<Vec<Side>, Flaw> {
    let nodes = &clearing.certificate.nodes;
    let mut sides = vec![Side::default(); nodes.len()];
    for (index, (obligation, &cleared)) in problem.obligations.iter().zip(&clearing.cleared).enumerate() {
        let (amount, currency) = (obligation.amount, obligation.currency);
        if !(0..=amount).contains(&cleared) {
            return Err(Flaw::Cleared { obligation: index, cleared, amount });
        }
        let node = |party| find(nodes, first, party, currency).ok_or(Flaw::Missing { party, currency });
        let (debtor, creditor) = (node(obligation.debtor)?, node(obligation.creditor)?);
        let worth = i128::from(problem.rates.worth()[at(currency)]);
        let owed = i128::from(amount) * worth;
        proof.gross += owed;
        proof.value += i128::from(cleared) * worth;
        let reduced = 1 + i128::from(nodes[debtor].potential) - i128::from(nodes[creditor].potential);
        proof.bound += owed * reduced.max(0);
        sides[debtor].count += 1;
        sides[creditor].count += 1;
        sides[debtor].payable += owed;
        sides[debtor].net -= i128::from(cleared);
        sides[creditor].receivable += owed;
        sides[creditor].net += i128::from(cleared);
    }
    Ok(sides)
}

/// Consents and residues of each party, and its conversions' part of the bound.
fn parties(
    problem: &Problem<'_>,
    clearing: &Clearing,
    first: &[usize],
    sides: &[Side],
    proof: &mut Proof,
) -> Result<(), Flaw> {
    let mut consents = vec![problem.consent; at(problem.parties)];
    for own in problem.party_consent {
        consents[at(own.party)] = own.consent;
    }
    // What the last unit of flow of an obligation may hide, beside its whole minor units.
    let unit = (1i128 << shift(proof.gross)) - 1;
    let mut stated = clearing.residues.iter();
    for (party, consent) in (0u32..).zip(consents) {
        let own = first[at(party)]..first[at(party) + 1];
        let Hub { enter, leave } = clearing.certificate.hubs[at(party)];
        if [enter, leave].iter().any(|potential| !(-POTENTIAL_MAX..=POTENTIAL_MAX).contains(potential)) {
            return Err(Flaw::Hub { party });
        }
        let (mut payable, mut receivable, mut sell_room, mut buy_room) = (0, 0, 0, 0);
        let (mut sold, mut bought, mut rounding) = (0, 0, 0);
        for (node, side) in clearing.certificate.nodes[own.clone()].iter().zip(&sides[own.clone()]) {
            let worth = i128::from(problem.rates.worth()[at(node.currency)]);
            let limit = side.limit.map_or(i128::MAX, |limit| i128::from(limit) * worth);
            let (sell, buy) = (side.receivable.min(limit), side.payable.min(limit));
            if let Some(limit) = side.limit.filter(|limit| side.net.abs() > i128::from(*limit)) {
                let (currency, converted) = (node.currency, side.net.abs());
                return Err(Flaw::CurrencyConsent { party, currency, converted, limit });
            }
            let potential = i128::from(node.potential);
            proof.bound += sell * (potential - i128::from(enter)).max(0);
            proof.bound += buy * (i128::from(leave) - potential).max(0);
            (payable, receivable) = (payable + side.payable, receivable + side.receivable);
            (sell_room, buy_room) = (sell_room + sell, buy_room + buy);
            sold += side.net.max(0) * worth;
            bought += (-side.net).max(0) * worth;
            rounding += worth - 1 + side.count * unit;
        }
        let consented = consent.cap(turnover(payable, receivable));
        let cap = consented.min(sell_room).min(buy_room);
        proof.bound += cap * (i128::from(enter) - i128::from(leave)).max(0);
        // A whole minor unit may be started where the consent ends within it; where there is none, nothing is.
        let limit = consented + if consented == 0 { 0 } else { rounding };
        if sold.max(bought) > limit {
            return Err(Flaw::Consent { party, converted: sold.max(bought), limit });
        }
        let residue: i128 = sold - bought;
        if residue.abs() > rounding {
            return Err(Flaw::ResidueLimit { party, residue, limit: rounding });
        }
        let claim = if residue == 0 { None } else { stated.next() };
        if residue != 0 && claim.is_none_or(|claim| claim.party != party || claim.value != residue) {
            return Err(Flaw::Residue { party, stated: claim.map_or(0, |claim| claim.value), found: residue });
        }
        proof.residue += residue.max(0);
    }
    match stated.next() {
        Some(&Residue { party, value }) => Err(Flaw::Residue { party, stated: value, found: 0 }),
        None => Ok(()),
    }
}

/// Compares what is stated with what was found.
fn compare(problem: &Problem<'_>, clearing: &Clearing, sides: &[Side], proof: &Proof) -> Result<(), Flaw> {
    let mut open = vec![0i128; problem.rates.count()];
    let mut stated = clearing.legs.iter().peekable();
    for (&Node { party, currency, .. }, side) in clearing.certificate.nodes.iter().zip(sides) {
        open[at(currency)] += side.net;
        let claim = stated.next_if(|leg| (leg.party, leg.currency) == (party, currency)).map_or(0, |leg| leg.amount);
        if i128::from(claim) != side.net {
            return Err(Flaw::Leg { party, currency, stated: claim, found: side.net });
        }
    }
    if let Some(&Leg { party, currency, amount }) = stated.next() {
        return Err(Flaw::Leg { party, currency, stated: amount, found: 0 });
    }
    if let Some((currency, &position)) = open.iter().enumerate().find(|(_, position)| **position != 0) {
        return Err(Flaw::Open { currency, position });
    }
    let sums = [
        ("gross", clearing.gross, proof.gross),
        ("cleared value", clearing.value, proof.value),
        ("bound", clearing.bound, proof.bound),
    ];
    for (what, stated, found) in sums {
        if stated != found {
            return Err(Flaw::Sum { what, stated, found });
        }
    }
    match problem.residue_limit {
        Some(limit) if proof.residue > i128::from(limit) => Err(Flaw::ResidueAccount { residue: proof.residue, limit }),
        Some(_) | None => Ok(()),
    }
}
