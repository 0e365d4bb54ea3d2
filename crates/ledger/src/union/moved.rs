//! A position moves: what it consists of afterwards, and what that makes due in asset.
//!
//! The one place where positions change, whether a closing, an agreement or new rules move them: so what a position consists of
//! depends on where it stands alone. Absent on purpose: who agreed.

use comity_union::Refusal;
use comity_union::cycle::Terms;
use comity_union::tranche::Stock;

use super::Member;

/// Where a position goes and what it will consist of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Move {
    /// The position afterwards.
    pub(super) position: i64,
    /// What it consists of by its schedule.
    pub(super) stock: Stock,
    /// The part of the credit that is paid in asset all the same.
    pub(super) excess: i64,
    /// What falls due in asset: below zero, the member pays.
    pub(super) asset: i64,
    /// What unwinding gives back of the excess, without sign.
    pub(super) returned: i64,
}

/// Moves a member to a position. `from` is what its position consists of now.
///
/// What had been paid because the position grew too fast comes back first when the position goes back.
pub(super) fn moved(terms: Terms<'_>, member: &Member, position: i64, from: &Stock) -> Result<Move, Refusal> {
    let overflow = Refusal::Overflow { field: "change of a position" };
    let before = member.position;
    let turn = if before.signum() * position.signum() < 0 {
        0
    } else if before.unsigned_abs() > position.unsigned_abs() {
        position
    } else {
        before
    };
    let least = terms.schedule.stock(terms.quota, turn)?;
    let stock = terms.schedule.stock(terms.quota, position)?;
    let unwound = from.credit.saturating_sub(least.credit);
    let returned = member.excess.unsigned_abs().min(unwound.unsigned_abs());
    let mut returned = i64::try_from(returned).map_err(|_| overflow.clone())?;
    let mut excess = member.excess - returned * member.excess.signum();
    // New rules may leave less credit than the excess; then the rest of it is part of the stock already.
    let most = if stock.credit.signum() == excess.signum() { stock.credit.unsigned_abs() } else { 0 };
    let over = excess.unsigned_abs().saturating_sub(most);
    let over = i64::try_from(over).map_err(|_| overflow.clone())?;
    returned += over;
    excess -= over * excess.signum();
    let asset = stock.paid() - from.paid() + i128::from(excess) - i128::from(member.excess);
    let asset = i64::try_from(asset).map_err(|_| overflow)?;
    Ok(Move { position, stock, excess, asset, returned })
}

impl Move {
    /// Makes this part of what stays credit payable in asset too, away from zero.
    pub(super) fn pay_more(&mut self, amount: i64) {
        let signed = amount * self.stock.credit.signum();
        self.excess += signed;
        self.asset += signed;
    }

    /// Carries it out; tells what falls due in asset.
    pub(super) fn put(self, member: &mut Member) -> i64 {
        member.position = self.position;
        member.stock = self.stock;
        member.excess = self.excess;
        self.asset
    }
}
