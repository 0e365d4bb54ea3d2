//! Purposes and reasons as classes: what a payment is for, and on whose side it failed.
//!
//! Purpose codes are those of ISO 20022's external code set `ExternalPurpose1Code`; the class is our reading of each
//! code's name. Codes that do not tell goods from services have a class of their own; a code that is not in the table is
//! unknown. Absent on purpose: remittance texts, which nobody can classify reliably.

use super::facts::Kind;

/// What a payment is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Flow {
    /// Goods.
    Goods,
    /// Services.
    Services,
    /// Goods or services: the code does not tell which.
    Trade,
    /// Investment, loans and their income.
    Investment,
    /// Wages, pensions, transfers and expenses of households.
    Households,
    /// Institutions' own money without a purpose that says more.
    Institutions,
    /// A payment given back.
    Returns,
    /// No purpose known.
    Unknown,
}

impl Flow {
    /// Every class, in the order of tables.
    pub const ALL: [Self; 8] = [
        Self::Goods,
        Self::Services,
        Self::Trade,
        Self::Investment,
        Self::Households,
        Self::Institutions,
        Self::Returns,
        Self::Unknown,
    ];

    /// The word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Services => "services",
            Self::Trade => "goods or services",
            Self::Investment => "investment",
            Self::Households => "households",
            Self::Institutions => "institutions",
            Self::Returns => "returns",
            Self::Unknown => "unknown",
        }
    }
}

/// Purpose codes with the class we read in their names.
pub const PURPOSES: &[(Flow, &str, &str)] = &[
    (Flow::Goods, "GDDS", "purchase or sale of goods"),
    (Flow::Goods, "CMDT", "commodity transfer"),
    (Flow::Goods, "ELEC", "electricity bill"),
    (Flow::Goods, "GASB", "gas bill"),
    (Flow::Services, "SCVE", "purchase or sale of services"),
    (Flow::Services, "ROYA", "royalties"),
    (Flow::Services, "LICF", "licence fee"),
    (Flow::Services, "CPYR", "copyright"),
    (Flow::Services, "INSU", "insurance premium"),
    (Flow::Services, "AIRB", "air"),
    (Flow::Services, "BUSB", "bus"),
    (Flow::Services, "FERB", "ferry"),
    (Flow::Services, "RLWY", "railway"),
    (Flow::Services, "MDCS", "medical services"),
    (Flow::Services, "PHON", "telephone bill"),
    (Flow::Services, "NWCM", "network communication"),
    (Flow::Services, "SUBS", "subscription"),
    (Flow::Services, "STDY", "study"),
    (Flow::Trade, "SUPP", "supplier payment"),
    (Flow::Trade, "GDSV", "goods and services"),
    (Flow::Trade, "IVPT", "invoice payment"),
    (Flow::Trade, "COMC", "commercial payment"),
    (Flow::Trade, "TRAD", "trade services operation"),
    (Flow::Investment, "SECU", "securities"),
    (Flow::Investment, "INVS", "investment and securities"),
    (Flow::Investment, "DIVD", "dividend"),
    (Flow::Investment, "INTE", "interest"),
    (Flow::Investment, "LOAN", "loan"),
    (Flow::Investment, "LOAR", "loan repayment"),
    (Flow::Investment, "DERI", "derivatives"),
    (Flow::Investment, "HEDG", "hedging"),
    (Flow::Investment, "FREX", "foreign exchange"),
    (Flow::Households, "SALA", "salary"),
    (Flow::Households, "PAYR", "payroll"),
    (Flow::Households, "PENS", "pension"),
    (Flow::Households, "SSBE", "social security benefit"),
    (Flow::Households, "BECH", "child benefit"),
    (Flow::Households, "BENE", "unemployment or disability benefit"),
    (Flow::Households, "ALMY", "alimony"),
    (Flow::Households, "GIFT", "gift"),
    (Flow::Households, "CHAR", "charity"),
    (Flow::Households, "RENT", "rent"),
    (Flow::Households, "SAVG", "savings"),
];

/// The class of a payment: a return is a return; a code of the table says what it says; institutions' money without one is
/// the institutions' own; anything else is unknown.
#[must_use]
pub fn flow(kind: Kind, purpose: [u8; 4]) -> Flow {
    if kind == Kind::Return {
        return Flow::Returns;
    }
    let known = PURPOSES.iter().find(|(_, code, _)| code.as_bytes() == purpose);
    match (known, kind) {
        (Some((flow, _, _)), _) => *flow,
        (None, Kind::Institution) => Flow::Institutions,
        (None, Kind::Customer | Kind::Return) => Flow::Unknown,
    }
}

/// On whose side a payment failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Side {
    /// The payer's bank: what it sent, or the money it did not have.
    Debtor,
    /// The payee's bank.
    Creditor,
    /// The operator or an authority: rates, phases, suspensions, stops.
    Operator,
    /// Not told by the reason.
    NotTold,
}

impl Side {
    /// The words.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Debtor => "debtor side",
            Self::Creditor => "creditor side",
            Self::Operator => "operator",
            Self::NotTold => "not told",
        }
    }
}

/// Reasons by the side that could have prevented them. A suspension is its authority's decision, so the operator's side.
const SIDES: &[(Side, &[&str])] = &[
    (
        Side::Debtor,
        &[
            "actor-not-authorised",
            "uetr-reused",
            "out-of-range",
            "debtor-unknown",
            "same-account",
            "amount-zero",
            "currency-mismatch",
            "cut-off",
            "value-date",
            "time-window",
            "limit-per-payment",
            "rate-mismatch",
            "group-size",
            "original-unknown",
            "original-not-settled",
            "already-returned",
            "return-amount",
            "return-deadline",
            "insufficient-funds",
            "latest-time",
            "unfunded-at-close",
            "cancelled-at-close",
            "withdrawn",
            "recalled",
        ],
    ),
    (Side::Creditor, &["creditor-unknown"]),
    (
        Side::Operator,
        &[
            "arrangement-not-active",
            "currency-stopped",
            "debtor-suspended",
            "creditor-suspended",
            "phase-closed",
            "rate-not-approved",
            "pair-unknown",
            "rate-gate",
            "cover",
        ],
    ),
    (Side::NotTold, &["group-failed"]),
];

/// The side of a reason by its short name; a name not in the table is not told.
#[must_use]
pub fn side(reason: &str) -> Side {
    SIDES.iter().find(|(_, names)| names.contains(&reason)).map_or(Side::NotTold, |(side, _)| *side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_one_class_and_the_kind_fills_in() {
        for (at, (_, code, _)) in PURPOSES.iter().enumerate() {
            assert!(PURPOSES[at + 1..].iter().all(|(_, other, _)| other != code), "{code} twice");
            assert_eq!(code.len(), 4);
        }
        assert_eq!(flow(Kind::Customer, *b"GDDS"), Flow::Goods);
        assert_eq!(flow(Kind::Customer, *b"XXXX"), Flow::Unknown);
        assert_eq!(flow(Kind::Institution, *b"INTC"), Flow::Institutions);
        assert_eq!(flow(Kind::Institution, *b"LOAN"), Flow::Investment);
        assert_eq!(flow(Kind::Return, *b"GDDS"), Flow::Returns);
        assert_eq!((side("withdrawn"), side("something new")), (Side::Debtor, Side::NotTold));
    }
}
