//! `report.html`: the day as pictures and tables, for people who would rather look than read.
//!
//! Everything shown is computed here from the day's figures; drawing is [`comity_viz`]'s. Amounts of several currencies
//! are added up in the arrangement's first currency at the day's approved rates, for comparison only.

use std::path::Path;

use comity_arrangement::Arrangement;
use comity_clearing::netting;
use comity_engine::checkpoint::Signatory;
use comity_ledger::State;
use comity_ledger::command::PairRef;
use comity_ledger::ids::{CurrencyId, Time};
use comity_ledger::reject::Why;
use comity_viz::{
    Amount, AuthorityRow, Check, Conservation, CurrencyRow, CutOff, Day, DayPoint, FlowMember, Flows, Head, Headline,
    Liquidity, LiquidityRow, Node, Obligation, Obligations, Outcome, Phase, RefusalRow, Report, Section, Segment,
    Share, ShareBar, Signature, Unit, Verification, WaitReason, WaitRow,
};

use super::stats::Stats;
use super::summary::{grouped, percent, share_bp};
use crate::exit::Failure;
use crate::output::{count, hex};

/// Digits kept of a rate between a currency and the common unit.
const RATE_DIGITS: u32 = 12;

/// What each currency is worth in the common unit: the first currency.
struct Common {
    unit: Unit,
    /// Minor units of the common unit per minor unit of each currency, in parts of 10^12; `None` without a rate.
    worth: Vec<Option<i128>>,
}

impl Common {
    fn new(arrangement: &Arrangement, state: &State) -> Self {
        let scale = 10_i128.pow(RATE_DIGITS);
        let mut worth: Vec<Option<i128>> = vec![None; state.currencies.len()];
        worth[0] = Some(scale);
        // The day's rates as the arrangement's folder gives them, directly or through another currency.
        for _ in 0..state.currencies.len() {
            for line in &arrangement.rates {
                let PairRef { base, quote } = line.pair;
                let shift = |currency: CurrencyId| 10_i128.pow(u32::from(state.currencies[currency.at()].exponent));
                let mantissa = i128::from(line.rate.mantissa);
                let unit = 10_i128.pow(u32::from(line.rate.scale));
                // One minor unit of quote = unit * shift(base) / (mantissa * shift(quote)) minor units of base.
                match (worth[base.at()], worth[quote.at()]) {
                    (Some(known), None) => {
                        worth[quote.at()] = Some(known * unit / mantissa * shift(base) / shift(quote));
                    }
                    (None, Some(known)) => {
                        worth[base.at()] = Some(known * mantissa / unit * shift(quote) / shift(base));
                    }
                    (Some(_), Some(_)) | (None, None) => {}
                }
            }
        }
        let first = &state.currencies[0];
        Self { unit: Unit::new(first.code(), first.exponent), worth }
    }

    fn of(&self, currency: usize, minor: i128) -> i128 {
        self.worth[currency].map_or(0, |worth| minor * worth / 10_i128.pow(RATE_DIGITS))
    }

    fn all(&self, amounts: impl Iterator<Item = i128>) -> i128 {
        amounts.enumerate().map(|(at, minor)| self.of(at, minor)).sum()
    }
}

pub(super) fn write(
    dir: &Path,
    arrangement: &Arrangement,
    state: &State,
    stats: &Stats,
    signatories: &[Signatory],
    (seed, lines): (Option<u64>, u64),
    sections: Vec<Section>,
) -> Result<(), Failure> {
    let common = Common::new(arrangement, state);
    let proof = comity_engine::verify::verify(&dir.join(super::JOURNAL), |_| ());
    let netting = national_netting(&common, state, stats);
    let gross = common.all(stats.currencies.iter().map(|figures| figures.gross));
    let offset = common.all(stats.currencies.iter().map(|figures| figures.offset));
    let liquidity = common.all(stats.currencies.iter().map(|figures| figures.liquidity));
    let total = |pick: fn(&super::stats::CurrencyFigures) -> u64| stats.currencies.iter().map(pick).sum::<u64>();
    let (submitted, settled) = (total(|f| f.submitted), total(|f| f.settled));
    let date = state.day.date.to_string();
    let report = Report {
        title: format!("Settlement day {date}"),
        arrangement: arrangement.name.clone(),
        business_date: date,
        seed: seed.map(|seed| seed.to_string()),
        final_digest: hex(&state.digest()),
        generated_by: format!("comity {}", env!("CARGO_PKG_VERSION")),
        lead: format!(
            "{} banks of {} authorities sent {} payments in {} currencies; {} settled, each in the currency it was sent in.",
            state.participants.len(),
            state.authorities.len(),
            count(submitted),
            state.currencies.len(),
            count(settled),
        ),
        unit: common.unit.clone(),
        unit_note: format!(
            "Amounts of several currencies are added up in {} at the day's rates, for comparison only; nothing settled in it that was not sent in it.",
            common.unit.code
        ),
        headlines: vec![
            headline(
                "Settled",
                count(settled),
                "payments",
                format!("of {} submitted", count(submitted)),
                "Payments that became final in the day, both legs of a conversion counted once.",
            ),
            headline(
                "Gross value",
                common.unit.short(gross),
                "",
                "all currencies".into(),
                "Value of all settled payments.",
            ),
            headline(
                "Liquidity used",
                common.unit.short(liquidity),
                "",
                percent(share_bp(liquidity, gross)) + " of gross value",
                "Greatest net debit of each account within the day, summed.",
            ),
            headline(
                "By offsetting",
                percent(share_bp(offset, gross)),
                "of value",
                format!("{} runs", count(stats.offset_runs)),
                "Share of settled value that no account could have paid alone at that moment.",
            ),
        ],
        currencies: currency_rows(state, stats),
        authorities: authority_rows(&common, state, &netting),
        refusals: refusal_rows(stats),
        waits: wait_rows(state, stats),
        day: Some(day_picture(arrangement, &common, state, stats)),
        obligations: Some(obligation_picture(&common, state, &netting)),
        flows: vec![flow_picture(&common, state, &netting)],
        liquidity: vec![liquidity_picture(state, stats)],
        share: Some(share_picture(&common, state, stats)),
        sections,
        verification: verification(dir, state, signatories, proof, lines),
    };
    super::files::write_report(dir, &report.html())
}

fn headline(label: &str, value: String, unit: &str, note: String, meaning: &str) -> Headline {
    Headline { label: label.into(), value, unit: unit.into(), note, meaning: meaning.into() }
}

/// Settled value between countries in the common unit, and what netting leaves of it.
struct NationalNetting {
    gross: Vec<netting::Obligation>,
    net: netting::Netting,
}

fn national_netting(common: &Common, state: &State, stats: &Stats) -> NationalNetting {
    let mut sums: std::collections::BTreeMap<(u32, u32), i128> = std::collections::BTreeMap::new();
    for ((from, to, currency), minor) in &stats.flows {
        if from != to {
            *sums.entry((*from, *to)).or_insert(0) += common.of(*currency as usize, *minor);
        }
    }
    let gross: Vec<netting::Obligation> = sums
        .into_iter()
        .filter_map(|((from, to), minor)| {
            let amount = i64::try_from(minor).ok().filter(|amount| *amount > 0)?;
            Some(netting::Obligation { from, to, amount })
        })
        .collect();
    let members = u32::try_from(state.authorities.len()).expect("few authorities");
    let net = netting::net(members, &gross).expect("flows lie between known authorities");
    NationalNetting { gross, net }
}

fn currency_rows(state: &State, stats: &Stats) -> Vec<CurrencyRow> {
    state
        .currencies
        .iter()
        .zip(&stats.currencies)
        .map(|(currency, figures)| {
            let amount = |minor: i128| Amount::new(minor, grouped(minor, currency.exponent));
            CurrencyRow {
                code: currency.code().into(),
                name: state.authorities[currency.authority.at()].name.clone(),
                submitted: figures.submitted,
                settled: figures.settled,
                queued_at_close: figures.queued_at_close,
                returned: figures.returned,
                rejected: figures.rejected + figures.ended,
                gross: amount(figures.gross),
                liquidity: amount(figures.liquidity),
                offset_share_bp: share_bp(figures.offset, figures.gross),
            }
        })
        .collect()
}

fn country(state: &State, at: usize) -> String {
    String::from_utf8_lossy(&state.authorities[at].country).into_owned()
}

fn authority_rows(common: &Common, state: &State, netting: &NationalNetting) -> Vec<AuthorityRow> {
    netting
        .net
        .positions
        .iter()
        .enumerate()
        .map(|(at, position)| AuthorityRow {
            code: country(state, at),
            name: state.authorities[at].name.clone(),
            gross_out: common.unit.amount(position.payable),
            gross_in: common.unit.amount(position.receivable),
            net: common.unit.amount(position.net()),
        })
        .collect()
}

fn refusal_rows(stats: &Stats) -> Vec<RefusalRow> {
    let mut rows: Vec<RefusalRow> = stats
        .refusals
        .iter()
        .map(|(code, figures)| RefusalRow {
            code: code.clone(),
            meaning: figures.meaning.clone(),
            remedy: figures.help.clone(),
            count: figures.count,
        })
        .collect();
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| a.code.cmp(&b.code)));
    rows
}

fn reason(why: Why) -> WaitReason {
    match why {
        Why::Funds | Why::Reserve | Why::Behind => WaitReason::NoFunds,
        Why::Bilateral => WaitReason::BilateralLimit,
        Why::Multilateral => WaitReason::MultilateralLimit,
        Why::Group => WaitReason::PvpPartner,
        Why::ValueDate | Why::Earliest => WaitReason::NotYetDue,
        Why::PerDay | Why::Parked | Why::Phase | Why::Stopped | Why::Suspended => WaitReason::Other,
    }
}

fn wait_rows(state: &State, stats: &Stats) -> Vec<WaitRow> {
    stats
        .waits
        .iter()
        .map(|waited| {
            let payment = state.payment(waited.payment);
            let currency = &state.currencies[state.accounts[payment.debtor.at()].currency.at()];
            let bank = |account: comity_ledger::ids::AccountId| {
                state.participants[state.accounts[account.at()].participant.at()].bic()[..8].to_string()
            };
            let amount = i128::from(payment.amount);
            WaitRow {
                reference: payment.uetr.to_string(),
                from: bank(payment.debtor),
                to: bank(payment.creditor),
                amount: Amount::new(amount, grouped(amount, currency.exponent)),
                currency: currency.code().into(),
                entered: waited.from.to_string()[11..19].to_string(),
                waited_s: (waited.until.0 - waited.from.0) / Time::SECOND,
                reason: reason(waited.why),
                release: waited.why.release().into(),
                state: match payment.reason {
                    None => "settled".into(),
                    Some(reason) => reason.meaning().into(),
                },
            }
        })
        .collect()
}

/// Seconds from the start of the business date in UTC; a day may begin before it.
fn seconds_of(state: &State, at: Time) -> i64 {
    let midnight = i64::from(state.day.date.0) * 86_400;
    i64::try_from(at.0 / Time::SECOND).unwrap_or(i64::MAX) - midnight
}

fn day_picture(arrangement: &Arrangement, common: &Common, state: &State, stats: &Stats) -> Day {
    let clamp = |at: Time| u32::try_from(seconds_of(state, at).clamp(0, 2 * 86_400)).unwrap_or(0);
    let mut points: Vec<DayPoint> = Vec::new();
    for sample in stats.samples.iter().filter(|sample| seconds_of(state, sample.at) >= 0) {
        let mut waiting = [0; 6];
        for (why, number) in Why::ALL.into_iter().zip(sample.waiting) {
            let at = WaitReason::ALL.iter().position(|known| *known == reason(why)).unwrap_or(5);
            waiting[at] += number;
        }
        let settled = sample.settled.iter().enumerate().map(|(at, minor)| common.of(at, *minor)).sum();
        points.push(DayPoint { at_s: clamp(sample.at), waiting, settled_minor: settled });
    }
    let planned = arrangement.planned(state.day.date);
    let from = planned.first().map_or(0, |phase| clamp(phase.begins));
    let to = points.last().map_or(from, |point| point.at_s).max(from + 1);
    let phases = planned
        .iter()
        .map(|phase| Phase { name: phase.name.clone(), from_s: clamp(phase.begins), to_s: clamp(phase.ends) })
        .filter(|phase| phase.to_s > phase.from_s)
        .collect();
    let mut cut_offs: Vec<CutOff> = Vec::new();
    for (currency, at) in state.currencies.iter().zip(&state.day.cutoffs).filter(|(_, at)| at.is_set()) {
        let at_s = clamp(*at);
        match cut_offs.iter_mut().find(|known| known.at_s == at_s) {
            Some(known) => known.label = format!("{} {}", known.label, currency.code()),
            None => cut_offs.push(CutOff { label: currency.code().into(), at_s }),
        }
    }
    Day {
        head: Head::new(
            "day",
            "Queue and value settled over the day",
            "Payments waiting by reason, and the value settled so far, with the phases and cut-offs of the day.",
        ),
        unit: common.unit.clone(),
        zone: "UTC".into(),
        from_s: from,
        to_s: to,
        points,
        phases,
        cut_offs,
    }
}

fn nodes(state: &State) -> Vec<Node> {
    (0..state.authorities.len())
        .map(|at| Node { label: country(state, at), name: state.authorities[at].name.clone() })
        .collect()
}

fn obligation_picture(common: &Common, state: &State, netting: &NationalNetting) -> Obligations {
    let before = netting
        .gross
        .iter()
        .map(|o| Obligation { from: o.from as usize, to: o.to as usize, minor: i128::from(o.amount) })
        .collect();
    Obligations {
        head: Head::new(
            "obligations",
            "Obligations before and after netting",
            "What banks of each country paid banks of the others, and what would remain if it were netted multilaterally.",
        ),
        unit: common.unit.clone(),
        nodes: nodes(state),
        before,
        after: remaining(&netting.net),
    }
}

/// What remains after multilateral netting, as payments from net debtors to net creditors in order.
fn remaining(net: &netting::Netting) -> Vec<Obligation> {
    let mut debtors: Vec<(usize, i128)> = Vec::new();
    let mut creditors: Vec<(usize, i128)> = Vec::new();
    for (at, position) in net.positions.iter().enumerate() {
        match position.net() {
            0 => {}
            due if due < 0 => debtors.push((at, -due)),
            due => creditors.push((at, due)),
        }
    }
    let mut out = Vec::new();
    let (mut debtor, mut creditor) = (0, 0);
    while debtor < debtors.len() && creditor < creditors.len() {
        let minor = debtors[debtor].1.min(creditors[creditor].1);
        out.push(Obligation { from: debtors[debtor].0, to: creditors[creditor].0, minor });
        debtors[debtor].1 -= minor;
        creditors[creditor].1 -= minor;
        if debtors[debtor].1 == 0 {
            debtor += 1;
        }
        if creditors[creditor].1 == 0 {
            creditor += 1;
        }
    }
    out
}

fn flow_picture(common: &Common, state: &State, netting: &NationalNetting) -> Flows {
    let members = netting
        .net
        .positions
        .iter()
        .enumerate()
        .map(|(at, position)| FlowMember {
            label: country(state, at),
            name: state.authorities[at].name.clone(),
            gross_out: common.unit.amount(position.payable),
            gross_in: common.unit.amount(position.receivable),
            net: common.unit.amount(position.net()),
        })
        .collect();
    Flows {
        head: Head::new(
            "flows",
            "Net positions of the day",
            "Countries that paid more than they received, on the left; those that received more, on the right.",
        ),
        unit: common.unit.clone(),
        members,
        flows: Vec::new(),
    }
}

fn liquidity_picture(state: &State, stats: &Stats) -> Liquidity {
    let rows = state
        .currencies
        .iter()
        .zip(&stats.currencies)
        .map(|(currency, figures)| {
            let unit = Unit::new(currency.code(), currency.exponent);
            LiquidityRow {
                label: currency.code().into(),
                name: state.authorities[currency.authority.at()].name.clone(),
                turnover: unit.amount(figures.gross),
                liquidity: unit.amount(figures.liquidity),
                unit,
                offset_share_bp: share_bp(figures.offset, figures.gross),
            }
        })
        .collect();
    Liquidity {
        head: Head::new(
            "liquidity",
            "Liquidity used against value settled",
            "For each currency: how much money the accounts needed at most, against the value they settled.",
        ),
        rows,
    }
}

fn share_picture(common: &Common, state: &State, stats: &Stats) -> Share {
    let segments = |pick: fn(&super::stats::CurrencyFigures) -> i128| -> Vec<Segment> {
        state
            .currencies
            .iter()
            .zip(&stats.currencies)
            .enumerate()
            .map(|(at, (currency, figures))| Segment {
                label: currency.code().into(),
                value: common.unit.amount(common.of(at, pick(figures))),
            })
            .collect()
    };
    Share {
        head: Head::new(
            "share",
            "Currencies of settlement",
            "Share of each currency in the value settled and in the liquidity used.",
        ),
        unit: common.unit.clone(),
        bars: vec![
            ShareBar { label: "Value settled".into(), segments: segments(|figures| figures.gross) },
            ShareBar { label: "Liquidity used".into(), segments: segments(|figures| figures.liquidity) },
        ],
    }
}

fn verification(
    dir: &Path,
    state: &State,
    signatories: &[Signatory],
    proof: Result<comity_engine::verify::Proof, comity_engine::Fault>,
    lines: u64,
) -> Verification {
    let check = |name: &str, passed: bool, detail: String| Check {
        name: name.into(),
        outcome: if passed { Outcome::Passed } else { Outcome::Failed },
        detail,
    };
    let checks = match &proof {
        Ok(proof) => vec![
            check(
                "Hash chain",
                proof.journal.is_sound(),
                format!("{} frames, every hash and checksum fits", count(proof.journal.frames)),
            ),
            check(
                "Replay",
                proof.digest == state.digest(),
                format!("{} entries of {} message lines give the same state", count(proof.entries), count(lines)),
            ),
            check("Invariants", true, "all named invariants hold at the checkpoint and at the end".into()),
            check(
                "Checkpoint",
                proof.unsigned == 0,
                format!("{} entries not covered by a signed checkpoint", count(proof.unsigned)),
            ),
        ],
        Err(fault) => vec![check("Journal", false, fault.to_string())],
    };
    let conservation = (0..state.currencies.len())
        .map(|at| {
            let id = CurrencyId(u32::try_from(at).expect("few currencies"));
            let sum = comity_ledger::invariant::sum(state, id);
            Conservation {
                currency: state.currencies[at].code().into(),
                sum: Amount::new(sum, grouped(sum, state.currencies[at].exponent)),
                outcome: if sum == 0 { Outcome::Passed } else { Outcome::Failed },
            }
        })
        .collect();
    let signed =
        proof.as_ref().ok().and_then(|proof| proof.checkpoints.last()).is_some_and(|last| last.2 == signatories.len());
    let signatures = signatories
        .iter()
        .map(|signatory| Signature {
            signer: state.authorities[signatory.authority.at()].name.clone(),
            key: hex(&signatory.public_key()),
            outcome: if signed { Outcome::Passed } else { Outcome::Failed },
        })
        .collect();
    Verification { checks, conservation, signatures, repeat_with: format!("comity verify {}", dir.display()) }
}
