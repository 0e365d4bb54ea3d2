//! Unions as people read them: positions, closings, what is due and what became of it, from the state a journal gives.
//!
//! One view for the summary, the report, statements, tables and `comity union show`, so that they cannot disagree. Absent on
//! purpose: any figure that the ledger or its union does not give; shares and months are only written out.

mod json;
mod section;
pub(crate) mod shown;
mod statement;
mod tables;

use comity_arrangement::{Arrangement, Kind, reference_text};
use comity_ledger::State;
use comity_ledger::ids::AuthorityId;
use comity_ledger::union::order::{Method, UnitRule};
use comity_ledger::union::{ItemStatus, Member, Party, Purpose, Residual, UnionState, Way};

use crate::day::{decimal, grouped};

pub(crate) use json::{all, one};
pub(crate) use section::section;
pub(crate) use statement::statements;
pub(crate) use tables::tables;

/// Where bands of a quota begin, in tenths of a percent, and what they are called.
pub(crate) const BANDS: [(u32, &str); 5] = [
    (0, "first quarter"),
    (250, "second quarter"),
    (500, "third quarter"),
    (750, "last quarter"),
    (1000, "at the quota or beyond"),
];

/// A union of a state, with the name of its unit.
#[derive(Clone, Copy)]
pub(crate) struct View<'a> {
    pub(crate) state: &'a State,
    pub(crate) number: usize,
    pub(crate) union: &'a UnionState,
    unit: &'a str,
}

/// Names of the units of account by union: those of the folder, otherwise the currency's code.
pub(crate) fn units(state: &State, arrangement: Option<&Arrangement>) -> Vec<String> {
    let named = |at: usize| arrangement.and_then(|known| known.unions.get(at)).map(|union| union.unit.clone());
    let own = |union: &UnionState| match &union.rules.unit {
        UnitRule::Currency(currency) => state.currencies[currency.at()].code().to_string(),
        UnitRule::Basket(_) => "units".to_string(),
    };
    state.unions.list.iter().enumerate().map(|(at, union)| named(at).unwrap_or_else(|| own(union))).collect()
}

/// Every union of a state.
pub(crate) fn views<'a>(state: &'a State, units: &'a [String]) -> Vec<View<'a>> {
    let list = state.unions.list.iter().zip(units).enumerate();
    list.map(|(number, (union, unit))| View { state, number, union, unit }).collect()
}

impl<'a> View<'a> {
    /// Code of the unit of account.
    pub(crate) const fn unit(&self) -> &'a str {
        self.unit
    }

    pub(crate) fn exponent(&self) -> u8 {
        self.union.rules.exponent
    }

    /// Minor units of the unit of account as exact decimal text.
    pub(crate) fn money(&self, minor: impl Into<i128>) -> String {
        decimal(minor.into(), self.exponent())
    }

    /// The same for people.
    pub(crate) fn grouped(&self, minor: impl Into<i128>) -> String {
        grouped(minor.into(), self.exponent())
    }

    pub(crate) fn country(&self, authority: AuthorityId) -> String {
        let known = self.state.authorities.get(authority.at());
        known.map_or_else(String::new, |known| String::from_utf8_lossy(&known.country).into_owned())
    }

    pub(crate) fn name(&self, authority: AuthorityId) -> &'a str {
        self.state.authorities.get(authority.at()).map_or("", |known| known.name.as_str())
    }

    pub(crate) fn party(&self, party: Party) -> String {
        match party {
            Party::Union => "union".to_string(),
            Party::Member(authority) => self.country(authority),
        }
    }

    /// A member's quota.
    pub(crate) fn quota(&self, member: &Member) -> i64 {
        let terms = self.union.rules.members.iter().find(|terms| terms.authority == member.authority);
        terms.map_or(1, |terms| terms.quota)
    }

    /// Its position in tenths of a percent of quota, toward zero.
    pub(crate) fn permille(&self, member: &Member) -> i128 {
        i128::from(member.position) * 1000 / i128::from(self.quota(member).max(1))
    }

    /// The same as text: `-62.5 %`.
    pub(crate) fn share(&self, member: &Member) -> String {
        format!("{} %", decimal(self.permille(member), 1))
    }

    /// In which band it stands.
    pub(crate) fn band(&self, member: &Member) -> &'static str {
        let size = self.permille(member).unsigned_abs();
        let reached = BANDS.iter().rev().find(|(from, _)| size >= u128::from(*from));
        reached.map_or("", |(_, word)| word)
    }

    /// As which side, in words.
    pub(crate) fn side(&self, member: &Member) -> &'static str {
        match (member.left, member.position.signum()) {
            (true, _) => "has left",
            (false, -1) => "debtor",
            (false, 1) => "creditor",
            (false, _) => "even",
        }
    }

    /// When its quota is used up if it goes on as before: closings, months where two closings give a pace, and the side.
    pub(crate) fn exhaustion(&self, member: &Member) -> Option<(String, Option<String>, &'static str)> {
        let found = self.union.exhaustion(member.authority)?;
        let tenths = |ratio: comity_union::Ratio| {
            let ten = ratio.times(comity_union::Ratio::whole(10));
            ten.map_or_else(String::new, |ten| decimal(ten.floor(), 1))
        };
        Some((tenths(found.closings), found.months.map(tenths), found.side.word()))
    }

    /// What of its position is paid in asset, carried as credit, and special.
    pub(crate) fn parts(&self, member: &Member) -> [i128; 3] {
        let (stock, excess) = (&member.stock, i128::from(member.excess));
        [i128::from(stock.asset) + excess, i128::from(stock.credit) - excess, stock.special()]
    }

    /// What a residual came from.
    pub(crate) fn kind(&self, residual: &Residual) -> &'static str {
        Kind::of(residual.origin).word()
    }

    /// Where a residual stands.
    pub(crate) fn status(&self, residual: &Residual) -> &'static str {
        match (residual.open, &residual.proof, residual.late) {
            (0, _, _) => "settled",
            (_, Some(_), _) => "reported",
            (_, None, true) => "late",
            (_, None, false) => "open",
        }
    }

    /// How parts of a residual were settled: each way and reference with its sum, in the order of their first part.
    pub(crate) fn ways(&self, residual: &Residual) -> Vec<String> {
        let mut sums: Vec<(String, i128)> = Vec::new();
        for part in &residual.settled {
            let reference = match part.reference.0 {
                0 => String::new(),
                _ => format!(" [{}]", reference_text(part.reference)),
            };
            let way = way_word(part.way) + &reference;
            match sums.iter_mut().find(|(known, _)| *known == way) {
                Some((_, sum)) => *sum += i128::from(part.amount),
                None => sums.push((way, part.amount.into())),
            }
        }
        sums.into_iter().map(|(way, sum)| format!("{way} {}", self.grouped(sum))).collect()
    }

    /// What an action item asks.
    pub(crate) fn action(&self, band: u32) -> &'a str {
        self.union.rules.bands.get(band as usize).map_or("", |band| band.action.as_str())
    }

    /// The date of a closing, counted from 1; the number itself for one that is still to come.
    pub(crate) fn closing(&self, number: u32) -> String {
        let done = (number as usize).checked_sub(1).and_then(|at| self.union.closings.get(at));
        done.map_or_else(|| format!("closing {number}"), |closing| closing.date.to_string())
    }

    pub(crate) fn item_status(&self, status: ItemStatus) -> String {
        match status {
            ItemStatus::Open => "open".to_string(),
            ItemStatus::Late => "late".to_string(),
            ItemStatus::Closed(closing) => format!("closed {}", self.closing(closing)),
        }
    }

    /// What a claim was used for.
    pub(crate) fn purpose(&self, purpose: u32) -> &'a str {
        self.union.rules.purposes.get(purpose as usize).map_or("payment", String::as_str)
    }
}

/// How a part of a residual was settled, in a word.
pub(crate) fn way_word(way: Way) -> String {
    match way {
        Way::By(method) => method.word().to_string(),
        Way::Instalments(loan) => format!("instalments (loan {})", loan + 1),
        Way::Swap(loan) => format!("swap (loan {})", loan + 1),
        Way::Unrolled => "unrolled".to_string(),
    }
}

/// Why there is a loan, in a word.
pub(crate) const fn loan_word(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Recycled => "lent out of a claim",
        Purpose::Refinanced(_) => "residual in instalments",
        Purpose::Swap(_) => "swap facility",
        Purpose::Leaving => "leaving",
    }
}

/// Words of the methods, in the ledger's order.
pub(crate) fn methods() -> [&'static str; 5] {
    Method::ALL.map(Method::word)
}
