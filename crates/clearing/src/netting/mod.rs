//! Netting of a cycle: positions of pairs, members and groups, which instructions a net consists of, and the checks
//! before a cycle is final.
//!
//! One currency (or one unit of account) at a time, except for the checks. [`net`] says what remains, [`groups`] what
//! remains in stages, [`instructions`] which parts of which instructions are paid in money, [`finality`] whether a cycle
//! may become final. Deliberately absent: who is liable for a net. A multilateral total is the net internal debt, the floor
//! if counterparties may be replaced (novation); set-off between existing ones leaves more ([`crate::setoff::Floors`]).

pub mod finality;
pub mod groups;
pub mod instructions;

use alloc::vec::Vec;
use core::fmt;

use crate::at;

/// Most members of one netting; positions and reports are dense in members.
pub const MEMBER_COUNT_MAX: u32 = 1 << 24;

/// `from` owes `to` an amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Obligation {
    /// Debtor, an index below the number of members.
    pub from: u32,
    /// Creditor, an index below the number of members; must differ from `from`.
    pub to: u32,
    /// Minor units, above zero. Parallel obligations are normal.
    pub amount: i64,
}

/// What one member owes and is owed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Position {
    /// Sum owed by the member, minor units.
    pub payable: i128,
    /// Sum owed to the member, minor units.
    pub receivable: i128,
}

impl Position {
    /// Receivable minus payable: positive for a net creditor.
    #[must_use]
    pub const fn net(&self) -> i128 {
        self.receivable - self.payable
    }
}

/// What remains between two members after bilateral netting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BilateralNet {
    /// Net debtor of the pair.
    pub debtor: u32,
    /// Net creditor of the pair.
    pub creditor: u32,
    /// Minor units, above zero. Pairs that cancel exactly are left out.
    pub amount: i128,
}

/// Positions of a set of obligations under no, bilateral and multilateral netting.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Netting {
    /// Sum of all obligations.
    pub gross: i128,
    /// One position per member; their nets sum to zero.
    pub positions: Vec<Position>,
    /// What remains per pair, ordered by (lower member, higher member).
    pub bilateral: Vec<BilateralNet>,
    /// Sum of `bilateral`: what moves when each pair nets for itself.
    pub bilateral_total: i128,
    /// Sum of the positive nets, which equals that of the negative ones: what moves when all net together.
    pub multilateral_total: i128,
}

/// Why a set of obligations is refused; indices are positions in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// More members than [`MEMBER_COUNT_MAX`].
    TooManyMembers { count: u32 },
    /// An obligation names a member that does not exist.
    Member { obligation: usize, member: u32 },
    /// A member owes itself.
    ToSelf { obligation: usize, member: u32 },
    /// An amount is zero or negative.
    Amount { obligation: usize, amount: i64 },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooManyMembers { count } => {
                write!(f, "{count} members exceed the limit of {MEMBER_COUNT_MAX}")
            }
            Self::Member { obligation, member } => {
                write!(f, "obligation {obligation} names member {member}, which does not exist")
            }
            Self::ToSelf { obligation, member } => {
                write!(f, "obligation {obligation} is owed by member {member} to itself")
            }
            Self::Amount { obligation, amount } => {
                write!(f, "amount {amount} of obligation {obligation} is not above 0")
            }
        }
    }
}

impl core::error::Error for Invalid {}

/// Nets `obligations` among `members` members.
///
/// # Errors
/// The first [`Invalid`] in input order; nothing is computed then.
pub fn net(members: u32, obligations: &[Obligation]) -> Result<Netting, Invalid> {
    validate(members, obligations)?;
    // No sum below can overflow: memory holds fewer than 2^59 obligations of 24 bytes, each below 2^63.
    let mut netting = Netting { positions: alloc::vec![Position::default(); at(members)], ..Netting::default() };
    // Each obligation as (lower member, higher member, signed amount): positive when the lower one owes.
    let mut pairs: Vec<(u32, u32, i64)> = Vec::with_capacity(obligations.len());
    for &Obligation { from, to, amount } in obligations {
        netting.gross += i128::from(amount);
        netting.positions[at(from)].payable += i128::from(amount);
        netting.positions[at(to)].receivable += i128::from(amount);
        pairs.push(if from < to { (from, to, amount) } else { (to, from, -amount) });
    }
    pairs.sort_unstable_by_key(|&(low, high, _)| (low, high));
    for pair in pairs.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
        let owed: i128 = pair.iter().map(|&(_, _, amount)| i128::from(amount)).sum();
        let (low, high, _) = pair[0];
        let (debtor, creditor) = if owed > 0 { (low, high) } else { (high, low) };
        if owed != 0 {
            netting.bilateral.push(BilateralNet { debtor, creditor, amount: owed.abs() });
            netting.bilateral_total += owed.abs();
        }
    }
    let nets = netting.positions.iter().map(Position::net);
    assert_eq!(nets.clone().sum::<i128>(), 0, "what is owed by members is owed to members");
    netting.multilateral_total = nets.filter(|&net| net > 0).sum();
    Ok(netting)
}

fn validate(members: u32, obligations: &[Obligation]) -> Result<(), Invalid> {
    if members > MEMBER_COUNT_MAX {
        return Err(Invalid::TooManyMembers { count: members });
    }
    for (obligation, &Obligation { from, to, amount }) in obligations.iter().enumerate() {
        if from >= members || to >= members {
            let member = if from >= members { from } else { to };
            return Err(Invalid::Member { obligation, member });
        }
        if from == to {
            return Err(Invalid::ToSelf { obligation, member: from });
        }
        if amount <= 0 {
            return Err(Invalid::Amount { obligation, amount });
        }
    }
    Ok(())
}

impl Netting {
    /// Share of gross that bilateral netting saves, in basis points: see [`saved_bp`].
    #[must_use]
    pub fn saved_bilateral_bp(&self) -> u16 {
        saved_bp(self.gross, self.bilateral_total)
    }

    /// Share of gross that multilateral netting saves, in basis points: see [`saved_bp`].
    #[must_use]
    pub fn saved_multilateral_bp(&self) -> u16 {
        saved_bp(self.gross, self.multilateral_total)
    }
}

/// `(gross - left) / gross` in basis points, 0 to 10,000, rounded down so that a saving is never overstated;
/// 0 when there was nothing to save or nothing was saved.
#[must_use]
pub fn saved_bp(gross: i128, left: i128) -> u16 {
    if gross <= 0 || left >= gross {
        return 0;
    }
    let saved = gross - left.max(0);
    // Divide first when the product would overflow; the error is then below one part in 10^30.
    let bp = saved.checked_mul(10_000).map_or_else(|| saved / (gross / 10_000), |product| product / gross);
    u16::try_from(bp.min(10_000)).unwrap_or(10_000)
}
