//! The report of a business day: finished figures in, one self-contained HTML page out.
//!
//! Written for the people who answer for the day. They see first whether the books hold, then what
//! was settled, then what was not and why, and at the end how every figure is defined.
//! Absent: computing figures. A caller that hands over contradictory ones gets them shown.

mod definitions;
mod marks;
mod render;
mod section;

use crate::amount::{Amount, Unit};
use crate::day::{Day, WaitReason};
use crate::flows::Flows;
use crate::liquidity::Liquidity;
use crate::obligations::Obligations;
use crate::share::Share;

pub use section::{Figure, Part, Section};

/// A whole report.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Title, for example `Settlement day`.
    pub title: String,
    /// Name of the arrangement.
    pub arrangement: String,
    /// Business date as shown, for example `2026-11-20`.
    pub business_date: String,
    /// Seed of a generated day; `None` for a day of real messages.
    pub seed: Option<String>,
    /// Final digest of the state, in hexadecimal.
    pub final_digest: String,
    /// Program and version that wrote the report.
    pub generated_by: String,
    /// One or two sentences in plain words that open the page.
    pub lead: String,
    /// Common unit of the pictures and of the tables by authority.
    pub unit: Unit,
    /// How values reached the common unit, for example `valued at the day's approved rates`.
    pub unit_note: String,
    /// Headline figures, the most important first; four to eight read best.
    pub headlines: Vec<Headline>,
    /// A row per currency.
    pub currencies: Vec<CurrencyRow>,
    /// A row per authority or country, in the common unit.
    pub authorities: Vec<AuthorityRow>,
    /// Refusals by reason code.
    pub refusals: Vec<RefusalRow>,
    /// Payments that waited longest, the longest first.
    pub waits: Vec<WaitRow>,
    /// Queue and value over the day.
    pub day: Option<Day>,
    /// Obligations before and after netting.
    pub obligations: Option<Obligations>,
    /// Net-position flows: all in the common unit first, then single currencies.
    pub flows: Vec<Flows>,
    /// Liquidity use by currency and by participant.
    pub liquidity: Vec<Liquidity>,
    /// Shares by currency.
    pub share: Option<Share>,
    /// Sections of subjects that not every arrangement has.
    pub sections: Vec<Section>,
    /// Proof that the books hold.
    pub verification: Verification,
}

/// A headline figure.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Headline {
    /// What it is, in two or three words.
    pub label: String,
    /// The figure, short: `48.2 bn` or `98.7 %`.
    pub value: String,
    /// Unit beside the figure, for example `CNY`; may be empty.
    pub unit: String,
    /// One short line below, for example the exact value or a comparison; may be empty.
    pub note: String,
    /// Definition: what is counted and how. Shown on pointing and in the list at the end.
    pub meaning: String,
}

/// The day in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CurrencyRow {
    /// ISO 4217 code.
    pub code: String,
    /// Name of the currency; may be empty.
    pub name: String,
    /// Payments submitted.
    pub submitted: u64,
    /// Payments settled.
    pub settled: u64,
    /// Payments still queued at close.
    pub queued_at_close: u64,
    /// Payments returned after settlement.
    pub returned: u64,
    /// Payments rejected.
    pub rejected: u64,
    /// Gross value settled, in this currency.
    pub gross: Amount,
    /// Liquidity used: greatest net debit, summed over accounts, in this currency.
    pub liquidity: Amount,
    /// Share of the value settled by offsetting, in basis points (0 to 10,000).
    pub offset_share_bp: u32,
}

/// The day of one country.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorityRow {
    /// Country or authority code, for example `KZ`.
    pub code: String,
    /// Name of the country or authority.
    pub name: String,
    /// Gross value sent by its banks across the border, in the common unit.
    pub gross_out: Amount,
    /// Gross value received.
    pub gross_in: Amount,
    /// Received minus sent.
    pub net: Amount,
}

/// Refusals of one reason.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RefusalRow {
    /// ISO 20022 external status-reason code, for example `AM04`.
    pub code: String,
    /// Plain meaning.
    pub meaning: String,
    /// What the sender can do about it; may be empty.
    pub remedy: String,
    /// Number of refusals.
    pub count: u64,
}

/// A payment that waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitRow {
    /// UETR or another reference.
    pub reference: String,
    /// Debtor.
    pub from: String,
    /// Creditor.
    pub to: String,
    /// Exact amount.
    pub amount: Amount,
    /// Currency code.
    pub currency: String,
    /// Time of entry as shown.
    pub entered: String,
    /// Seconds waited until settled, or until close.
    pub waited_s: u64,
    /// Why it waited longest.
    pub reason: WaitReason,
    /// What released it, or what would have; with the amount or limit.
    pub release: String,
    /// State at close in one word, for example `settled` or `queued`.
    pub state: String,
}

/// Outcome of a check.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Outcome {
    /// It holds.
    Passed,
    /// It does not hold.
    Failed,
    /// It was not carried out.
    #[default]
    NotRun,
}

/// A named invariant or other check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// Name, for example `hash chain`.
    pub name: String,
    /// Outcome.
    pub outcome: Outcome,
    /// What was checked, with figures.
    pub detail: String,
}

/// Conservation of money in one currency.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Conservation {
    /// ISO 4217 code.
    pub currency: String,
    /// Sum over all accounts; exactly zero when it holds.
    pub sum: Amount,
    /// Outcome.
    pub outcome: Outcome,
}

/// A signature under the end-of-day checkpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Signature {
    /// Who signed.
    pub signer: String,
    /// Fingerprint of the key.
    pub key: String,
    /// Outcome of checking it.
    pub outcome: Outcome,
}

/// Everything that proves the result.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Chain, replay, invariants and other checks.
    pub checks: Vec<Check>,
    /// Conservation per currency.
    pub conservation: Vec<Conservation>,
    /// Signatures under the checkpoint.
    pub signatures: Vec<Signature>,
    /// Command with which a reader repeats the verification; may be empty.
    pub repeat_with: String,
}

impl Verification {
    fn outcomes(&self) -> impl Iterator<Item = Outcome> + '_ {
        let checks = self.checks.iter().map(|check| check.outcome);
        let sums = self.conservation.iter().map(|row| row.outcome);
        checks.chain(sums).chain(self.signatures.iter().map(|signature| signature.outcome))
    }

    /// One outcome for all: failed if one failed, not run if one is open or none exists.
    #[must_use]
    pub fn overall(&self) -> Outcome {
        let mut overall = None;
        for outcome in self.outcomes() {
            overall = Some(match (overall.unwrap_or(Outcome::Passed), outcome) {
                (Outcome::Failed, _) | (_, Outcome::Failed) => Outcome::Failed,
                (Outcome::NotRun, _) | (_, Outcome::NotRun) => Outcome::NotRun,
                (Outcome::Passed, Outcome::Passed) => Outcome::Passed,
            });
        }
        overall.unwrap_or(Outcome::NotRun)
    }
}
