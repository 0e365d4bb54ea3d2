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
        out.push_str(&format!("{} {}\n", status_reason(*reason), text::reject(&world.state, &reject, currency)));
    }
    expect![[r#"
        NARR the arrangement is not in force yet; wait for the arrangement to be activated
        NARR the arrangement is already in force; propose the change and have it approved
        AG01 the actor is not known; have the actor added
        AG01 the actor's roles do not allow this; ask somebody who holds the role, in the right scope
        AG01 the actor holds two roles that exclude each other; give the roles to two people
        AG01 this needs a second pair of eyes; propose it and have another person approve it
        AG01 maker and approver are the same person; another person must approve
        AG09 there is no such proposal waiting; look up the proposal's number
        TM01 the proposal has lapsed; propose it again
        NARR the hash is not the hash of what was proposed; read the proposal again and approve what it says now
        AM05 the same key was used for another body; use a new key for a new request; the original is named
        AM05 the same UETR was used by another message; use a new UETR; the original is named
        FF01 a value is outside its range: 125000, the limit is 100000; correct the value
        AG09 there is no such thing; correct the reference
        AM05 this exists already; use the one that exists
        AC01 the debtor account is not known; correct the debtor account
        AC03 the creditor account is not known; correct the creditor account
        AC03 debtor and creditor account are the same; no settlement is needed between an account and itself
        AM01 the amount must be more than zero: 1,250.00 CNY, the limit is 1,000.00 CNY; correct the amount
        AM03 the accounts are in different currencies; send it as a conversion, or choose the account of the right currency
        AM03 the currency is stopped by its authority; wait until the authority starts it again
        AC06 the debtor may not send in this currency; ask the authority that suspended it
        AC06 the creditor may not receive in this currency; ask the authority that suspended it
        TM01 this is not done in the present phase of the day: exchange; send it in a phase that takes it
        TM01 the currency's cut-off has passed: 2026-11-25T01:00:01.000Z, the bound is 2026-11-25T01:00:00.000Z; send it tomorrow, or ask the operator for an extension
        DT01 the settlement date is past, not a business day, or too far ahead: 2026-11-24, the bound is 2026-11-25; use today's business date or a later business day
        DT01 the latest time is not after the earliest, or has passed: 2026-11-25T01:00:01.000Z, the bound is 2026-11-25T01:00:00.000Z; correct the times
        AM02 the amount is over the limit for one payment: 1,250.00 CNY, the limit is 1,000.00 CNY; send smaller payments or have the limit raised
        AM03 there is no approved rate for this pair; wait until both authorities have approved the pair's rate
        AB04 the rate differs from the approved one; use the approved rate
        AM03 the pair may not be converted; use a pair of the arrangement
        FF01 a group must have 2 to 16 legs: 125000, the limit is 100000; correct the number of legs
        AG09 the original payment is not known; correct the original's reference
        FF12 the original payment is not settled; cancel it instead
        FF12 the original payment was already returned, or its return is under way; nothing is left to return
        AM09 more than the original amount cannot be returned: 1,250.00 CNY, the limit is 1,000.00 CNY; return at most the original amount
        TM01 the time to return it has passed: 2026-11-24, the bound is 2026-11-25; agree a new payment with the other side
        FF12 the payment no longer waits; ask for a return instead
        NARR part of a group: only the whole group may be changed; cancel the whole group
        AM04 not enough money for this: 1,250.00 CNY, the limit is 1,000.00 CNY; fund the account
        AM02 in-system money would exceed the outside cover: 1,250.00 CNY, the limit is 1,000.00 CNY; bring outside money first
        AM02 the hold cannot be used this way: 1,250.00 CNY, the limit is 1,000.00 CNY; stay within the hold's amount, beneficiary and expiry
        AM02 the change from the previous rate is over the gate: 125000 basis points, the gate is 100000; have the rate released by two people
        AG01 approved already, or not waiting for this authority; only the authorities of the pair decide
        TM01 it is too early for this without approval: 2026-11-25T01:00:01.000Z, the bound is 2026-11-25T01:00:00.000Z; wait, or propose it and have it approved
        NARR positions wait for confirmation; have every authority confirm its positions
        TM01 the payment was not settled by its latest time; send it again with a later time
        AM04 not enough money by the end of the day: 1,250.00 CNY short; fund the account before the cut-off
        TM01 cancelled at the end of the day; send it on the next business day
        CUST withdrawn by its sender; send a new payment if needed
        NARR another leg of its group could not go; see the other legs of the group
        CUST recalled while it waited; send a new payment if needed
    "#]].assert_eq(&out);
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
