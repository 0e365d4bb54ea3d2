//! What a problem must look like, and how a wrong one is refused.

use alloc::vec;
use core::fmt;

use super::{DUE_SPAN_MAX, Goal, OBLIGATION_COUNT_MAX, Options, PARTY_COUNT_MAX, Problem, TOTAL_MAX};
use crate::at;

/// Why a problem is refused, in order of precedence. Indices are positions in the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are explained by the error texts")]
pub enum Invalid {
    /// More parties or obligations than the limit.
    TooMany { what: &'static str, count: usize, limit: usize },
    /// A list that goes with the obligations has another length.
    Length { what: &'static str, found: usize, expected: usize },
    /// The lot is below 1, or the minimum below 0.
    Term { what: &'static str, value: i64, least: i64 },
    /// An obligation names a party that does not exist.
    Party { obligation: usize, party: u32 },
    /// A party owes itself.
    ToSelf { obligation: usize, party: u32 },
    /// An amount is zero or negative.
    Amount { obligation: usize, amount: i64 },
    /// More consented than owed, or less than nothing.
    Consent { obligation: usize, consent: i64, amount: i64 },
    /// With this obligation the amounts together exceed the limit.
    Total { obligation: usize },
    /// A cap or credit line names a party that does not exist, or one twice, or is below 0.
    Cap { what: &'static str, index: usize, party: u32 },
    /// A cap or credit line is below 0.
    CapAmount { what: &'static str, index: usize, amount: i64 },
    /// The fund's limit is below 0.
    FundLimit { limit: i64 },
    /// Oldest first without ages.
    NoDue,
    /// Ages too far apart to be weighed against each other.
    DueSpan { span: i64 },
    /// A goal is given twice, or one follows the goal that must be last.
    GoalOrder { index: usize },
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooMany { what, count, limit } => write!(f, "{count} {what} exceed the limit of {limit}"),
            Self::Length { what, found, expected } => {
                write!(f, "{found} {what} are given for {expected} obligations")
            }
            Self::Term { what, value, least } => write!(f, "{what} {value} is below {least}"),
            Self::Party { obligation, party } => {
                write!(f, "obligation {obligation} names party {party}, which does not exist")
            }
            Self::ToSelf { obligation, party } => {
                write!(f, "obligation {obligation} is owed by party {party} to itself")
            }
            Self::Amount { obligation, amount } => {
                write!(f, "amount {amount} of obligation {obligation} is not above 0")
            }
            Self::Consent { obligation, consent, amount } => {
                write!(f, "consent {consent} of obligation {obligation} is outside 0 to its amount {amount}")
            }
            Self::Total { obligation } => {
                write!(f, "with obligation {obligation} the amounts together exceed the limit of {TOTAL_MAX}")
            }
            Self::Cap { what, index, party } => {
                write!(f, "{what} {index} names party {party}, which does not exist or has one already")
            }
            Self::CapAmount { what, index, amount } => write!(f, "amount {amount} of {what} {index} is below 0"),
            Self::FundLimit { limit } => write!(f, "limit {limit} of the fund is below 0"),
            Self::NoDue => write!(f, "the goal oldest first needs a due rank per obligation"),
            Self::DueSpan { span } => write!(f, "due ranks span {span}, above the limit of {DUE_SPAN_MAX}"),
            Self::GoalOrder { index } => {
                write!(f, "goal {index} is given twice or follows fewest touched, which must be last")
            }
        }
    }
}

impl core::error::Error for Invalid {}

impl Problem<'_> {
    /// Checks everything about the problem that does not depend on goals.
    ///
    /// # Errors
    /// The first [`Invalid`] in order: counts, terms, obligations in input order, caps, fund.
    pub fn validate(&self) -> Result<(), Invalid> {
        for (what, count, limit) in [
            ("parties", at(self.parties), PARTY_COUNT_MAX),
            ("obligations", self.obligations.len(), OBLIGATION_COUNT_MAX),
        ] {
            if count > limit {
                return Err(Invalid::TooMany { what, count, limit });
            }
        }
        for (what, found) in [("due ranks", self.due.len()), ("consents", self.consent.len())] {
            if found != 0 && found != self.obligations.len() {
                return Err(Invalid::Length { what, found, expected: self.obligations.len() });
            }
        }
        for (what, value, least) in [("lot", self.lot, 1), ("minimum", self.minimum, 0)] {
            if value < least {
                return Err(Invalid::Term { what, value, least });
            }
        }
        self.validate_obligations()?;
        let caps = self.party_caps.iter().map(|cap| (cap.party, cap.cap));
        self.validate_caps("party cap", caps)?;
        if let Some(fund) = self.fund {
            if fund.limit < 0 {
                return Err(Invalid::FundLimit { limit: fund.limit });
            }
            self.validate_caps("credit line", fund.lines.iter().map(|line| (line.party, line.limit)))?;
        }
        Ok(())
    }

    fn validate_obligations(&self) -> Result<(), Invalid> {
        let mut total: i64 = 0;
        for (obligation, owed) in self.obligations.iter().enumerate() {
            if let Some(party) = [owed.debtor, owed.creditor].into_iter().find(|party| *party >= self.parties) {
                return Err(Invalid::Party { obligation, party });
            }
            if owed.debtor == owed.creditor {
                return Err(Invalid::ToSelf { obligation, party: owed.debtor });
            }
            if owed.amount <= 0 {
                return Err(Invalid::Amount { obligation, amount: owed.amount });
            }
            let consent = self.consent_of(obligation);
            if !(0..=owed.amount).contains(&consent) {
                return Err(Invalid::Consent { obligation, consent, amount: owed.amount });
            }
            match total.checked_add(owed.amount) {
                Some(sum) if sum <= TOTAL_MAX => total = sum,
                _ => return Err(Invalid::Total { obligation }),
            }
        }
        Ok(())
    }

    fn validate_caps(&self, what: &'static str, caps: impl Iterator<Item = (u32, i64)>) -> Result<(), Invalid> {
        let mut seen = vec![];
        for (index, (party, amount)) in caps.enumerate() {
            if seen.is_empty() {
                seen = vec![false; at(self.parties)];
            }
            match seen.get_mut(at(party)) {
                Some(seen) if !*seen => *seen = true,
                _ => return Err(Invalid::Cap { what, index, party }),
            }
            if amount < 0 {
                return Err(Invalid::CapAmount { what, index, amount });
            }
        }
        Ok(())
    }

    /// Checks the goals against the problem.
    pub(super) fn validate_goals(&self, options: &Options<'_>) -> Result<(), Invalid> {
        for (index, goal) in options.goals.iter().enumerate() {
            let before = &options.goals[..index];
            if before.contains(goal) || before.contains(&Goal::Fewest) {
                return Err(Invalid::GoalOrder { index });
            }
            if *goal == Goal::Oldest {
                let (Some(oldest), Some(youngest)) = (self.due.iter().min(), self.due.iter().max()) else {
                    if self.obligations.is_empty() {
                        continue;
                    }
                    return Err(Invalid::NoDue);
                };
                let span = i64::from(*youngest) - i64::from(*oldest);
                if span > DUE_SPAN_MAX {
                    return Err(Invalid::DueSpan { span });
                }
            }
        }
        Ok(())
    }
}
