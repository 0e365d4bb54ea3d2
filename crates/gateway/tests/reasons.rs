//! Every reason of the ledger and of the gateway: a code of the right external code set, and a sentence.

mod common;

use comity_gateway::code::{cancellation_reason, status_reason, wait_reason};
use comity_gateway::refusal::Rule;
use comity_gateway::text;
use comity_ledger::reject::{Wait, Why};
use comity_ledger::{Reason, Reject};
use common::World;
use expect_test::expect;

/// Codes of `ExternalStatusReason1Code` that this project uses, of a set published quarterly by the registration authority.
const STATUS_REASONS: &str = "AB04 AC01 AC03 AC06 AC11 AG01 AG03 AG08 AG09 AG10 AG12 AGNT AM01 AM02 AM03 AM04 AM05 AM09 AM10 AM12 \
    AM18 AM23 BE09 CURR CUST DNOR DT01 FF01 FF05 FF07 FF12 NARR RC02 RC05 RR02 TM01";
/// Codes of `ExternalPaymentCancellationRejection1Code` that this project uses.
const CANCELLATION_REASONS: &str = "AM04 ARDT CUST NARR NOAS NOOR";

fn is_of(set: &str, code: &str) -> bool {
    set.split_ascii_whitespace().any(|known| known == code)
}

#[test]
fn every_code_belongs_to_its_external_code_set() {
    for reason in Reason::ALL {
        assert!(is_of(STATUS_REASONS, status_reason(*reason)), "{reason:?}: {}", status_reason(*reason));
        let code = cancellation_reason(*reason);
        assert!(is_of(CANCELLATION_REASONS, code), "{reason:?}: {code}");
    }
    for rule in Rule::ALL {
        assert!(is_of(STATUS_REASONS, rule.iso()), "{rule:?}: {}", rule.iso());
    }
    for rule in comity_iso20022::Rule::ALL {
        assert!(is_of(STATUS_REASONS, rule.reason()), "{rule:?}: {}", rule.reason());
    }
    for why in Why::ALL {
        assert!(is_of(STATUS_REASONS, wait_reason(why)), "{why:?}: {}", wait_reason(why));
    }
}

#[test]
fn rules_of_the_gateway_have_names_of_their_own() {
    let mut names: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), Rule::ALL.len());
    assert!(Rule::ALL.iter().all(|rule| !rule.help().is_empty()));
}

#[test]
fn every_reason_is_a_sentence_with_its_numbers() {
    let world = World::new();
    let currency = world.currency("CNY");
    let mut out = String::new();
    for reason in Reason::ALL {
        let (limit, value) = match reason {
            Reason::CutoffPassed | Reason::TimeWindow | Reason::TooEarly => {
                (common::OPENS as i64, common::OPENS as i64 + 1_000_000)
            }
            Reason::ValueDate | Reason::ReturnDeadline => (i64::from(common::DATE), i64::from(common::DATE) - 1),
            _ => (100_000, 125_000),
        };
        let reject = Reject { reason: *reason, limit, value, refers: 0 };
        let sentence = text::reject(&world.state, &reject, currency);
        let numbers = sentence.strip_prefix(reason.meaning()).and_then(|rest| rest.strip_suffix(reason.help()));
        let numbers = numbers.expect("a sentence begins with what is wrong and ends with what helps");
        if numbers != "; " {
            out.push_str(&format!("{}{numbers}\n", reason.rule()));
        }
    }
    expect![[r#"
        out-of-range: 125000, the limit is 100000; 
        amount-zero: 1,250.00 CNY, the limit is 1,000.00 CNY; 
        phase-closed: exchange; 
        cut-off: 2026-11-25T01:00:01.000Z, the bound is 2026-11-25T01:00:00.000Z; 
        value-date: 2026-11-24, the bound is 2026-11-25; 
        time-window: 2026-11-25T01:00:01.000Z, the bound is 2026-11-25T01:00:00.000Z; 
        limit-per-payment: 1,250.00 CNY, the limit is 1,000.00 CNY; 
        group-size: 125000, the limit is 100000; 
        return-amount: 1,250.00 CNY, the limit is 1,000.00 CNY; 
        return-deadline: 2026-11-24, the bound is 2026-11-25; 
        insufficient-funds: 1,250.00 CNY, the limit is 1,000.00 CNY; 
        cover: 1,250.00 CNY, the limit is 1,000.00 CNY; 
        hold-use: 1,250.00 CNY, the limit is 1,000.00 CNY; 
        rate-gate: 125000 basis points, the gate is 100000; 
        too-early: 2026-11-25T01:00:01.000Z, the bound is 2026-11-25T01:00:00.000Z; 
        unfunded-at-close: 1,250.00 CNY short; 
        union-member-twice: CN; 
        union-rule: name is 125000, the bound is 100000; 
        union-quota: quota 125000 of CN; 
        union-tranches: 125000 millionths where 100000 are needed; 
        union-weights: they sum to 125000 millionths, not 100000; 
        union-not-member: CN; 
        unit-rate-missing: CNY; 
        union-beyond-quota: CN at 125000, the quota is 100000; 
        union-growth: CN by 125000, the limit is 100000; 
        union-method: asset; 
        residual-open: 125000, the limit is 100000; 
        residual-proof-waits: residual 0; 
        residual-reference: residual 0; 
        union-claim: 125000, the limit is 100000; 
        quote-expired at 1970-01-01T00:00:00.100Z; 
        quote-mismatch: 1,250.00 CNY was sent, 1,000.00 CNY was quoted; 
        dealer-limit: its position would be 1,250.00 CNY, the limit is 1,000.00 CNY; 
        dealer-funds: 1,250.00 CNY is needed, 1,000.00 CNY is there; 
        deal-cannot-wait: 1,250.00 CNY is needed, 1,000.00 CNY is there; 
    "#]]
    .assert_eq(&out);
}

#[test]
fn every_wait_says_what_would_release_it() {
    let world = World::new();
    let currency = world.currency("CNY");
    let mut out = String::new();
    for why in Why::ALL {
        let (limit, value) = match why {
            Why::ValueDate => (i64::from(common::DATE) + 1, 0),
            Why::Earliest => (common::OPENS as i64, 0),
            Why::Phase => (0, 0),
            Why::Behind => (0, 17),
            _ => (0, 125_000),
        };
        let wait = Wait { why, limit, value };
        out.push_str(&format!("{} {}\n", wait_reason(why), text::wait(&world.state, &wait, currency)));
    }
    expect![[r#"
        AM04 waits: 1,250.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short, or an offsetting run
        AM04 waits: 1,250.00 CNY short beside the 0.00 CNY kept for urgent payments; released by incoming payments or funding of the amount short, a smaller reserve, or urgent priority
        AM23 waits: 1,250.00 CNY over the bilateral limit of 0.00 CNY to this counterparty; released by payments from that counterparty, or a higher bilateral limit
        AM23 waits: 1,250.00 CNY over the multilateral limit of 0.00 CNY; released by incoming payments, or a higher multilateral limit
        AM23 waits: 1,250.00 CNY over the day limit of 0.00 CNY; released by a higher day limit, or the next business day
        NARR waits behind the payment of entry 17; released by settlement of the payment in front, or a higher priority
        NARR waits: another leg of its group cannot go yet; released by funds for every leg of the group
        NARR waits for its settlement date 2026-11-26; released by the settlement date
        NARR waits for its earliest time 2026-11-25T01:00:00.000Z; released by the earliest time
        NARR waits: taken out of consideration by its sender or the operator; released by activation by its sender
        NARR waits: no payments settle in phase exchange; released by the next phase that settles
        NARR waits: the currency is stopped by its authority; released by the authority starting its currency again
        AG10 waits: the debtor or the creditor is suspended; released by reactivation of the suspended participant
    "#]].assert_eq(&out);
}
