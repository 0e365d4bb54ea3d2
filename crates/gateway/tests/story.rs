//! Whole days in small: messages in, the ledger between, messages out.

mod common;

use comity_gateway::OutKind;
use comity_iso20022::model::*;
use common::*;
use expect_test::{Expect, expect};

/// What has been told since the last step.
fn told(world: &mut World, expected: Expect) {
    expected.assert_eq(&world.told());
}

#[test]
fn one_settled_one_queued_then_released_one_rejected() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    told(&mut world, expect![[""]]);
    let lines =
        [transfer(1, CN, RU, "60 CNY", "A"), transfer(2, CN, KZ, "55 CNY", "B"), transfer(3, CN, RU, "1 KZT", "C")];
    world.send(&message("MSG-CN-1", &lines));
    told(
        &mut world,
        expect![[r#"
            pacs.002 to XXXXCNBAXXX [S37-0]
                OrgnlMsgId: MSG-CN-1
                OrgnlInstrId: A
                OrgnlEndToEndId: A
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: ACSC
                OrgnlInstrId: B
                OrgnlEndToEndId: B
                OrgnlUETR: 00000000-0000-4000-8000-000000000002
                TxSts: PDNG
                Cd: AM04
                AddtlInf: waits: 15.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short,
                AddtlInf: or an offsetting run
                OrgnlInstrId: C
                OrgnlEndToEndId: C
                OrgnlUETR: 00000000-0000-4000-8000-000000000003
                TxSts: RJCT
                Cd: AM03
                AddtlInf: debtor-account [AM03] IntrBkSttlmAmt: XXXXCNBAXXX has no account in KZT; open an account in this
                AddtlInf: currency, or pay in one you have
            camt.054 to XXXXCNBAXXX [N36-A6]
                Id: N36-A6
                Id: XXXXCNBAXXXCNY
                NtryRef: 36-A0
                Amt Ccy="CNY": 100.00
                CdtDbtInd: CRDT
                Cd: BOOK
                Cd: CAMT
                Cd: ACCB
                Amt Ccy="CNY": 100.00
                CdtDbtInd: CRDT
                AddtlTxInf: funding by the authority
            camt.054 to XXXXRUMMXXX [N37-0]
                Id: N37-0
                Id: XXXXRUMMXXXCNY
                NtryRef: 37-0
                Amt Ccy="CNY": 60.00
                CdtDbtInd: CRDT
                Cd: BOOK
                Cd: PMNT
                Cd: RCDT
                EndToEndId: A
                Amt Ccy="CNY": 60.00
                CdtDbtInd: CRDT
        "#]],
    );
    // Money comes in and releases what waited: its sender and its receiver are told.
    world.send(&message("MSG-RU-1", &[institution(4, RU, CN, "20 CNY", "D")]));
    told(
        &mut world,
        expect![[r#"
        pacs.002 to XXXXCNBAXXX [S39-1]
            OrgnlMsgId: MSG-CN-1
            OrgnlInstrId: B
            OrgnlEndToEndId: B
            OrgnlUETR: 00000000-0000-4000-8000-000000000002
            TxSts: ACSC
        pacs.002 to XXXXRUMMXXX [S39-2]
            OrgnlMsgId: MSG-RU-1
            OrgnlInstrId: D
            OrgnlEndToEndId: D
            OrgnlUETR: 00000000-0000-4000-8000-000000000004
            TxSts: ACCC
        camt.054 to XXXXCNBAXXX [N39-2]
            Id: N39-2
            Id: XXXXCNBAXXXCNY
            NtryRef: 39-2
            Amt Ccy="CNY": 20.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: D
            Amt Ccy="CNY": 20.00
            CdtDbtInd: CRDT
        camt.054 to XXXXKZKAXXX [N39-1]
            Id: N39-1
            Id: XXXXKZKAXXXCNY
            NtryRef: 39-1
            Amt Ccy="CNY": 55.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: B
            Amt Ccy="CNY": 55.00
            CdtDbtInd: CRDT
    "#]],
    );
    // The identical message again is a question for the status; the same reference in another message is refused.
    world.send(&message("MSG-CN-1", &lines));
    world.send(&message("MSG-CN-2", &[transfer(1, CN, RU, "60 CNY", "A")]));
    told(
        &mut world,
        expect![[r#"
            pacs.002 to XXXXCNBAXXX [S40-0]
                OrgnlMsgId: MSG-CN-1
                OrgnlInstrId: A
                OrgnlEndToEndId: A
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: ACSC
                OrgnlInstrId: B
                OrgnlEndToEndId: B
                OrgnlUETR: 00000000-0000-4000-8000-000000000002
                TxSts: ACSC
                OrgnlInstrId: C
                OrgnlEndToEndId: C
                OrgnlUETR: 00000000-0000-4000-8000-000000000003
                TxSts: RJCT
                Cd: AM03
                AddtlInf: debtor-account [AM03] IntrBkSttlmAmt: XXXXCNBAXXX has no account in KZT; open an account in this
                AddtlInf: currency, or pay in one you have
            pacs.002 to XXXXCNBAXXX [S42-R]
                OrgnlMsgId: MSG-CN-2
                OrgnlInstrId: A
                OrgnlEndToEndId: A
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: RJCT
                Cd: AM05
                AddtlInf: the same UETR was used by another message (entry 37); use a new UETR; the original is named
        "#]],
    );
}

#[test]
fn the_ledger_refuses_with_limit_and_value() {
    let mut world = World::new();
    world.fund(CN, "CNY", 100_000_000);
    let mut past = transfer(2, CN, RU, "1 CNY", "B");
    past.settlement_date = Some(comity_iso20022::Date { days: DATE as i32 - 1 });
    world.delivered.clear();
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "500000.01 CNY", "A"), past]));
    told(
        &mut world,
        expect![[r#"
            pacs.002 to XXXXCNBAXXX [S37-0]
                OrgnlMsgId: MSG-1
                OrgnlInstrId: A
                OrgnlEndToEndId: A
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: RJCT
                Cd: AM02
                AddtlInf: the amount is over the limit for one payment: 500,000.01 CNY, the limit is 500,000.00 CNY; send smaller
                AddtlInf: payments or have the limit raised
                OrgnlInstrId: B
                OrgnlEndToEndId: B
                OrgnlUETR: 00000000-0000-4000-8000-000000000002
                TxSts: RJCT
                Cd: DT01
                AddtlInf: the settlement date is past, not a business day, or too far ahead: 2026-11-24, the bound is 2026-11-25;
                AddtlInf: use today's business date or a later business day
            camt.054 to XXXXCNBAXXX [N36-A6]
                Id: N36-A6
                Id: XXXXCNBAXXXCNY
                NtryRef: 36-A0
                Amt Ccy="CNY": 1000000.00
                CdtDbtInd: CRDT
                Cd: BOOK
                Cd: CAMT
                Cd: ACCB
                Amt Ccy="CNY": 1000000.00
                CdtDbtInd: CRDT
                AddtlTxInf: funding by the authority
        "#]],
    );
}

#[test]
fn a_payment_is_given_back_once() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "60 CNY", "A")]));
    world.delivered.clear();
    world.send(&give_back("RETURN-1", RU, 1, "60.00 CNY"));
    told(
        &mut world,
        expect![[r#"
        pacs.002 to XXXXRUMMXXX [S38-1]
            OrgnlMsgId: RETURN-1
            OrgnlInstrId: RETURN-1
            OrgnlEndToEndId: ORIGINAL
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            TxSts: ACSC
        camt.054 to XXXXCNBAXXX [N38-1]
            Id: N38-1
            Id: XXXXCNBAXXXCNY
            NtryRef: 38-1
            Amt Ccy="CNY": 60.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: ORIGINAL
            Amt Ccy="CNY": 60.00
            CdtDbtInd: CRDT
            Cd: AC04
    "#]],
    );
    world.send(&give_back("RETURN-2", RU, 1, "60.00 CNY"));
    world.send(&give_back("RETURN-3", RU, 9, "60.00 CNY"));
    told(
        &mut world,
        expect![[r#"
            pacs.002 to XXXXRUMMXXX [S39-R]
                OrgnlMsgId: RETURN-2
                OrgnlInstrId: RETURN-2
                OrgnlEndToEndId: ORIGINAL
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: RJCT
                Cd: FF12
                AddtlInf: the original payment was already returned, or its return is under way (entry 38); nothing is left to
                AddtlInf: return
            pacs.002 to XXXXRUMMXXX [S40-R]
                OrgnlMsgId: RETURN-3
                OrgnlInstrId: RETURN-3
                OrgnlEndToEndId: ORIGINAL
                OrgnlUETR: 00000000-0000-4000-8000-000000000009
                TxSts: RJCT
                Cd: AG09
                AddtlInf: the original payment is not known; correct the original's reference
        "#]],
    );
}

#[test]
fn a_return_in_another_currency_is_turned_down_before_the_ledger_sees_it() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "60 CNY", "A")]));
    let right = world.read(&give_back("RETURN-1", RU, 1, "60.00 CNY"));
    let wrong = world.read(&give_back("RETURN-2", RU, 1, "60.00 RUB"));
    let unknown = world.read(&give_back("RETURN-3", RU, 9, "60.00 RUB"));
    let check = |inbound: &[comity_gateway::Inbound]| {
        comity_gateway::inbound::check_return(&world.state, &inbound[0]).map(|refusal| refusal.to_string())
    };
    assert_eq!((check(&right), check(&unknown)), (None, None));
    expect!["return-currency [CURR] TxInf/RtrdIntrBkSttlmAmt: 60.00 RUB returned of a payment in CNY; return in the currency the creditor received"].assert_eq(&check(&wrong).expect("a refusal"));
}

#[test]
fn an_answer_to_no_case_is_rejected_as_a_message() {
    let mut world = World::new();
    world.send(&resolution("ANSWER-1", "CASE-1", RU, 1, "CNCL"));
    let case = comity_gateway::key::key_text(comity_ledger::ids::Key(77));
    world.send(&resolution("ANSWER-2", &case, RU, 1, "CNCL"));
    told(
        &mut world,
        expect![[r#"
        admi.002 to XXXXRUMMXXX [X1-L0]
            Ref: ANSWER-1
            RjctgPtyRsn: FF01
            ErrLctn: RslvdCase/Id
            RsnDesc: case-missing [FF01] RslvdCase/Id: case "CASE-1" is none that was put to you; repeat the identification of the case from the request you answer
        admi.002 to XXXXRUMMXXX [X36-E]
            Ref: ANSWER-2
            RjctgPtyRsn: AG09
            RsnDesc: there is no such thing; correct the reference
    "#]],
    );
}

#[test]
fn what_happened_is_told_in_plain_words() {
    let mut world = World::new();
    world.words.clear();
    world.rate("12.5");
    world.fund(CN, "CNY", 10_000);
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "60 CNY", "A"), transfer(2, CN, KZ, "70 CNY", "B")]));
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "60 CNY", "A")]));
    world.send(&message("MSG-2", &[transfer(3, SP, RU, "9999999 CNY", "C")]));
    world.send(&recall("RECALL-1", "CASE-1", CN, 1));
    world.send(&recall("RECALL-2", "CASE-2", CN, 2));
    world.send(&message("MSG-3", &[transfer(4, CN, RU, "41 CNY", "D")]));
    world.advance();
    world.advance();
    expect![[r#"
        36: rate of CNY/RUB is in and waits for approval
        37: done
        38: CNY/RUB is open: both authorities approved its rate
        38: done
        39: 100.00 CNY issued to XXXXCNBAXXX
        40: payment 00000000-0000-4000-8000-000000000001 of 60.00 CNY from XXXXCNBAXXX to XXXXRUMMXXX settled at once: final
        41: payment 00000000-0000-4000-8000-000000000002 of 70.00 CNY from XXXXCNBAXXX to XXXXKZKAXXX waits: 30.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short, or an offsetting run
        42: repeats entry 40; the answer is the same
        43: payment 00000000-0000-4000-8000-000000000003 of 9,999,999.00 CNY from XXXXCNSPXXX to XXXXRUMMXXX refused: the amount is over the limit for one payment: 9,999,999.00 CNY, the limit is 500,000.00 CNY; send smaller payments or have the limit raised
        44: payment 00000000-0000-4000-8000-000000000001 of 60.00 CNY from XXXXCNBAXXX to XXXXRUMMXXX is asked back; the creditor's side is to answer
        45: payment 00000000-0000-4000-8000-000000000002 of 70.00 CNY from XXXXCNBAXXX to XXXXKZKAXXX ended without settlement: recalled while it waited; send a new payment if needed
        45: recall of payment 00000000-0000-4000-8000-000000000002 of 70.00 CNY from XXXXCNBAXXX to XXXXKZKAXXX: it still waited and was cancelled
        46: payment 00000000-0000-4000-8000-000000000004 of 41.00 CNY from XXXXCNBAXXX to XXXXRUMMXXX waits: 1.00 CNY short (credit 0.00 CNY); released by incoming payments or funding of the amount short, or an offsetting run
        47: recall of payment 00000000-0000-4000-8000-000000000001 of 60.00 CNY from XXXXCNBAXXX to XXXXRUMMXXX: nobody answered in time
        47: phase cut-off began
        47: payment 00000000-0000-4000-8000-000000000004 of 41.00 CNY from XXXXCNBAXXX to XXXXRUMMXXX ended without settlement: not enough money by the end of the day: 1.00 CNY short; fund the account before the cut-off
        47: cycle 1 cut: entries 1 to 47
        48: phase close began
        48: business day 2026-11-25 closed
    "#]].assert_eq(&world.words);
}

#[test]
fn a_recall_goes_to_the_creditors_side_and_its_answer_comes_back() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "60 CNY", "A"), transfer(2, CN, KZ, "70 CNY", "B")]));
    world.delivered.clear();
    // One that waits is cancelled at once.
    world.send(&recall("RECALL-1", "CASE-1", CN, 2));
    told(
        &mut world,
        expect![[r#"
        camt.029 to XXXXCNBAXXX [A39-1]
            Id: A39-1
            Id: CASE-1
            Conf: CNCL
            CxlStsId: RECALL-1
            OrgnlMsgId: MSG-1
            OrgnlInstrId: B
            OrgnlEndToEndId: B
            OrgnlUETR: 00000000-0000-4000-8000-000000000002
            TxCxlSts: ACCR
            AddtlInf: the payment still waited
        pacs.002 to XXXXCNBAXXX [S39-1]
            OrgnlMsgId: MSG-1
            OrgnlInstrId: B
            OrgnlEndToEndId: B
            OrgnlUETR: 00000000-0000-4000-8000-000000000002
            TxSts: CANC
            Cd: CUST
            AddtlInf: recalled while it waited; send a new payment if needed
    "#]],
    );
    // One that settled is for the creditor's bank to decide.
    world.send(&recall("RECALL-2", "CASE-2", CN, 1));
    let (to, kind, _, text) = world.delivered[0].clone();
    assert_eq!((to.as_str(), kind), (RU, OutKind::Recall));
    told(
        &mut world,
        expect![[r#"
        camt.056 to XXXXRUMMXXX [C40-0]
            Id: C40-0
            Id: 31D0BB35DA8621B9D3F85ECA9EA182D4
            OrgnlMsgId: MSG-1
            OrgnlInstrId: A
            OrgnlEndToEndId: A
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            OrgnlIntrBkSttlmAmt Ccy="CNY": 60.00
            Cd: DUPL
            AddtlInf: sent by mistake
    "#]],
    );
    let case = text.split("<Id>").filter_map(|part| part.split('<').next()).find(|id| id.len() == 32).expect("a case");
    world.send(&resolution("ANSWER-1", case, RU, 1, "PDCR"));
    assert_eq!(world.told(), "", "nothing is decided yet");
    world.send(&resolution("ANSWER-2", case, RU, 1, "RJCR"));
    told(
        &mut world,
        expect![[r#"
        camt.029 to XXXXCNBAXXX [A41-0]
            Id: A41-0
            Id: CASE-2
            Conf: RJCR
            CxlStsId: RECALL-2
            OrgnlMsgId: MSG-1
            OrgnlInstrId: A
            OrgnlEndToEndId: A
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            TxCxlSts: RJCR
            Cd: CUST
            AddtlInf: refused by the creditor's side
    "#]],
    );
    // Asked for again in a new case, and accepted.
    world.send(&recall("RECALL-3", "CASE-3", CN, 1));
    let text = world.delivered[0].3.clone();
    let case = text.split("<Id>").filter_map(|part| part.split('<').next()).find(|id| id.len() == 32).expect("a case");
    world.delivered.clear();
    world.send(&resolution("ANSWER-3", case, RU, 1, "CNCL"));
    told(
        &mut world,
        expect![[r#"
        camt.029 to XXXXCNBAXXX [A43-0]
            Id: A43-0
            Id: CASE-3
            Conf: CNCL
            CxlStsId: RECALL-3
            OrgnlMsgId: MSG-1
            OrgnlInstrId: A
            OrgnlEndToEndId: A
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            TxCxlSts: ACCR
            AddtlInf: a return follows
    "#]],
    );
    // Nobody knows the payment.
    world.send(&recall("RECALL-4", "CASE-4", CN, 99));
    told(
        &mut world,
        expect![[r#"
        camt.029 to XXXXCNBAXXX [A44-R]
            Id: A44-R
            Id: CASE-4
            Conf: RJCR
            CxlStsId: RECALL-4
            OrgnlUETR: 00000000-0000-4000-8000-000000000063
            TxCxlSts: RJCR
            Cd: NOOR
            AddtlInf: the original payment is not known; correct the original's reference
    "#]],
    );
}

fn leg<'a>(number: u128, from: &str, to: &str, money: &str, id: &'a str, sender: &str) -> CreditTransfer<'a> {
    let mut leg = institution(number, from, to, money, id);
    leg.local_instrument = Some(Choice::Proprietary("PVP"));
    leg.instructing_agent = Agent::of(bic(sender));
    leg
}

#[test]
fn a_group_that_is_not_matched_is_refused_in_the_end_and_the_ledger_takes_no_ones_word() {
    let mut world = World::new();
    let deal = [leg(1, CN, RU, "10 CNY", "A", CN), leg(2, RU, CN, "125 RUB", "B", CN)];
    let other = [leg(1, CN, RU, "10 CNY", "A", RU), leg(2, RU, CN, "124 RUB", "B", RU)];
    world.send(&message("PVP-1", &deal));
    // Other amounts are another deal.
    world.send(&message("PVP-2", &other));
    assert_eq!(world.told(), "");
    let late = world.matcher.expire(comity_ledger::ids::Time(OPENS + 80_000_000_000));
    world.submit(late);
    told(
        &mut world,
        expect![[r#"
            pacs.002 to XXXXCNBAXXX [R1-0]
                OrgnlMsgId: PVP-1
                OrgnlInstrId: A
                OrgnlEndToEndId: A
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: RJCT
                Cd: NARR
                AddtlInf: group-unmatched [NARR] not every payer of the group has sent it; have every payer of the group send the
                AddtlInf: same legs
                OrgnlInstrId: B
                OrgnlEndToEndId: B
                OrgnlUETR: 00000000-0000-4000-8000-000000000002
                TxSts: RJCT
                Cd: NARR
                AddtlInf: group-unmatched [NARR] not every payer of the group has sent it; have every payer of the group send the
                AddtlInf: same legs
            pacs.002 to XXXXRUMMXXX [R2-0]
                OrgnlMsgId: PVP-2
                OrgnlInstrId: A
                OrgnlEndToEndId: A
                OrgnlUETR: 00000000-0000-4000-8000-000000000001
                TxSts: RJCT
                Cd: NARR
                AddtlInf: group-unmatched [NARR] not every payer of the group has sent it; have every payer of the group send the
                AddtlInf: same legs
                OrgnlInstrId: B
                OrgnlEndToEndId: B
                OrgnlUETR: 00000000-0000-4000-8000-000000000002
                TxSts: RJCT
                Cd: NARR
                AddtlInf: group-unmatched [NARR] not every payer of the group has sent it; have every payer of the group send the
                AddtlInf: same legs
        "#]],
    );
    // Put before the ledger all the same.
    let inbound = world.read(&message("PVP-3", &deal));
    let comity_gateway::Outcome::Command(order) = &inbound[0].outcome else { panic!("a command") };
    world.order(order.actor.0, order.command.clone());
    assert!(
        world
            .words
            .ends_with("the actor's roles do not allow this; ask somebody who holds the role, in the right scope\n")
    );
}

#[test]
fn a_group_and_a_conversion_tell_each_side_once() {
    let mut world = World::new();
    world.rate("12.5");
    world.fund(CN, "CNY", 10_000);
    world.fund(RU, "RUB", 100_000);
    world.fund(FX, "RUB", 100_000);
    world.flush();
    world.delivered.clear();
    let deal = |id: &str, sender| {
        message(id, &[leg(1, CN, RU, "10 CNY", "A", sender), leg(2, RU, CN, "125 RUB", "B", sender)])
    };
    // One payer alone cannot bring it.
    world.send(&deal("PVP-1", CN));
    assert_eq!(world.told(), "", "the other payer has not sent it");
    world.send(&deal("PVP-2", RU));
    told(
        &mut world,
        expect![[r#"
        pacs.002 to XXXXCNBAXXX [S42-0]
            OrgnlMsgId: PVP-1
            OrgnlInstrId: A
            OrgnlEndToEndId: A
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            TxSts: ACCC
            OrgnlInstrId: B
            OrgnlEndToEndId: B
            OrgnlUETR: 00000000-0000-4000-8000-000000000002
            TxSts: ACCC
        pacs.002 to XXXXRUMMXXX [S43-0]
            OrgnlMsgId: PVP-2
            OrgnlInstrId: A
            OrgnlEndToEndId: A
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            TxSts: ACCC
            OrgnlInstrId: B
            OrgnlEndToEndId: B
            OrgnlUETR: 00000000-0000-4000-8000-000000000002
            TxSts: ACCC
        camt.054 to XXXXCNBAXXX [N42-1]
            Id: N42-1
            Id: XXXXCNBAXXXRUB
            NtryRef: 42-1
            Amt Ccy="RUB": 125.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: B
            Amt Ccy="RUB": 125.00
            CdtDbtInd: CRDT
        camt.054 to XXXXRUMMXXX [N42-0]
            Id: N42-0
            Id: XXXXRUMMXXXCNY
            NtryRef: 42-0
            Amt Ccy="CNY": 10.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: A
            Amt Ccy="CNY": 10.00
            CdtDbtInd: CRDT
        camt.054 to XXXXRUMMXXX [N42-1]
            Id: N42-1
            Id: XXXXRUMMXXXRUB
            NtryRef: 42-1
            Amt Ccy="RUB": 125.00
            CdtDbtInd: DBIT
            Cd: BOOK
            Cd: PMNT
            Cd: ICDT
            EndToEndId: B
            Amt Ccy="RUB": 125.00
            CdtDbtInd: DBIT
    "#]],
    );
    let mut convert = transfer(3, CN, RU, "125 RUB", "C");
    convert.instructed_amount = Some(amount("10 CNY"));
    convert.exchange_rate = Some(rate("12.5"));
    world.send(&message("FX-1", &[convert]));
    told(
        &mut world,
        expect![[r#"
            pacs.002 to XXXXCNBAXXX [S44-2]
                OrgnlMsgId: FX-1
                OrgnlInstrId: C
                OrgnlEndToEndId: C
                OrgnlUETR: 00000000-0000-4000-8000-000000000003
                TxSts: ACSC
            camt.054 to XXXXRUMMXXX [N44-3]
                Id: N44-3
                Id: XXXXRUMMXXXRUB
                NtryRef: 44-3
                Amt Ccy="RUB": 125.00
                CdtDbtInd: CRDT
                Cd: BOOK
                Cd: PMNT
                Cd: RCDT
                EndToEndId: C
                Amt Ccy="RUB": 125.00
                CdtDbtInd: CRDT
            camt.054 to XXXXRUFXXXX [N44-2]
                Id: N44-2
                Id: XXXXRUFXXXXCNY
                NtryRef: 44-2
                Amt Ccy="CNY": 10.00
                CdtDbtInd: CRDT
                Cd: BOOK
                Cd: PMNT
                Cd: RCDT
                EndToEndId: C
                Amt Ccy="CNY": 10.00
                CdtDbtInd: CRDT
            camt.054 to XXXXRUFXXXX [N44-3]
                Id: N44-3
                Id: XXXXRUFXXXXRUB
                NtryRef: 44-3
                Amt Ccy="RUB": 125.00
                CdtDbtInd: DBIT
                Cd: BOOK
                Cd: PMNT
                Cd: ICDT
                EndToEndId: C
                Amt Ccy="RUB": 125.00
                CdtDbtInd: DBIT
        "#]],
    );
}

#[test]
fn what_cannot_be_read_and_what_needs_no_ledger_is_answered_directly() {
    let mut world = World::new();
    world.send(b"<Document xmlns=\"urn:iso:std:iso:20022:tech:xsd:pacs.008.001.99\"/>");
    world.send(&verification("VERIFY-1", CN, KZ, "KZ86125KZT5004100100"));
    world.send(&verification("VERIFY-2", CN, "XXXXINBBXXX", "KZ86125KZT5004100100"));
    told(
        &mut world,
        expect![[r#"
        admi.002 to XXXXXKXX [X1-0]
            Ref: inbox/test.xml
            RjctgPtyRsn: FF01
            ErrLctn: byte 0
            RsnDesc: message-unsupported [FF01] the message pacs.008.001.99 is not supported; send one of the messages and versions of the message guide
        acmt.024 to XXXXCNBAXXX [V2-0]
            OrgnlId: VERIFY1
            Vrfctn: true
            Prtry: NAME NOT CHECKED
        acmt.024 to XXXXCNBAXXX [V3-0]
            OrgnlId: VERIFY1
            Vrfctn: false
            Cd: AGNT
    "#]],
    );
}

#[test]
fn the_close_tells_everybody_and_statements_agree_with_the_ledger() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    world.send(&message("MSG-1", &[transfer(1, CN, RU, "60 CNY", "A"), transfer(2, CN, KZ, "70 CNY", "B")]));
    world.delivered.clear();
    let account = world.account(CN, "CNY");
    world.report(account);
    told(
        &mut world,
        expect![[r#"
        camt.052 to XXXXCNBAXXX [I38-6-1]
            Id: I38-6-1
            Id: XXXXCNBAXXXCNY
            Cd: OPBD
            Amt Ccy="CNY": 0.00
            CdtDbtInd: CRDT
            Cd: ITBD
            Amt Ccy="CNY": 40.00
            CdtDbtInd: CRDT
            Cd: ITAV
            Amt Ccy="CNY": 40.00
            CdtDbtInd: CRDT
            NtryRef: 36-A0
            Amt Ccy="CNY": 100.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: CAMT
            Cd: ACCB
            Amt Ccy="CNY": 100.00
            CdtDbtInd: CRDT
            AddtlTxInf: funding by the authority
            NtryRef: 37-0
            Amt Ccy="CNY": 60.00
            CdtDbtInd: DBIT
            Cd: BOOK
            Cd: PMNT
            Cd: ICDT
            EndToEndId: A
            Amt Ccy="CNY": 60.00
            CdtDbtInd: DBIT
    "#]],
    );
    world.advance();
    world.flush();
    world.advance();
    world.delivered.retain(|(to, kind, ..)| *kind != OutKind::SystemEvent || to == KZ);
    told(
        &mut world,
        expect![[r#"
        admi.004 to XXXXKZKAXXX [E39-PHAS-cutoff]
            EvtCd: PHAS
            EvtDesc: phase cut-off began
        pacs.002 to XXXXCNBAXXX [S39-1]
            OrgnlMsgId: MSG-1
            OrgnlInstrId: B
            OrgnlEndToEndId: B
            OrgnlUETR: 00000000-0000-4000-8000-000000000002
            TxSts: RJCT
            Cd: AM04
            AddtlInf: not enough money by the end of the day: 30.00 CNY short; fund the account before the cut-off
        admi.004 to XXXXKZKAXXX [E40-PHAS-close]
            EvtCd: PHAS
            EvtDesc: phase close began
        admi.004 to XXXXKZKAXXX [E40-CLOS-20261125]
            EvtCd: CLOS
            EvtDesc: business day 2026-11-25 closed
    "#]],
    );
    let totals = world.statements().expect("bookings agree");
    world.delivered.retain(|(_, _, id, _)| id.contains("-6-") || id.contains("-8-"));
    told(
        &mut world,
        expect![[r#"
        camt.053 to XXXXCNBAXXX [B20261125-6-1]
            Id: B20261125-6-1
            Id: XXXXCNBAXXXCNY
            Cd: OPBD
            Amt Ccy="CNY": 0.00
            CdtDbtInd: CRDT
            Cd: CLBD
            Amt Ccy="CNY": 40.00
            CdtDbtInd: CRDT
            Cd: CLAV
            Amt Ccy="CNY": 40.00
            CdtDbtInd: CRDT
            NtryRef: 36-A0
            Amt Ccy="CNY": 100.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: CAMT
            Cd: ACCB
            Amt Ccy="CNY": 100.00
            CdtDbtInd: CRDT
            AddtlTxInf: funding by the authority
            NtryRef: 37-0
            Amt Ccy="CNY": 60.00
            CdtDbtInd: DBIT
            Cd: BOOK
            Cd: PMNT
            Cd: ICDT
            EndToEndId: A
            Amt Ccy="CNY": 60.00
            CdtDbtInd: DBIT
        camt.053 to XXXXRUMMXXX [B20261125-8-1]
            Id: B20261125-8-1
            Id: XXXXRUMMXXXCNY
            Cd: OPBD
            Amt Ccy="CNY": 0.00
            CdtDbtInd: CRDT
            Cd: CLBD
            Amt Ccy="CNY": 60.00
            CdtDbtInd: CRDT
            Cd: CLAV
            Amt Ccy="CNY": 60.00
            CdtDbtInd: CRDT
            NtryRef: 37-0
            Amt Ccy="CNY": 60.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: A
            Amt Ccy="CNY": 60.00
            CdtDbtInd: CRDT
    "#]],
    );
    expect![[r#"
        Totals {
            accounts: 8,
            pages: 8,
            entries: 3,
        }
    "#]]
    .assert_debug_eq(&totals);
}

#[test]
fn an_outbox_that_missed_an_event_says_so_instead_of_writing_a_wrong_statement() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    world.outbox = comity_gateway::Outbox::new(comity_gateway::OutboxOptions::new(bic(SYSTEM)));
    let mismatch = world.statements().expect_err("the funding was not seen");
    expect!["account 6: bookings lead to 0 minor units, the ledger has 10000"].assert_eq(&mismatch.to_string());
    // One that goes on from the state opens with its balances.
    world.outbox = comity_gateway::Outbox::resume(comity_gateway::OutboxOptions::new(bic(SYSTEM)), &world.state);
    assert_eq!(world.statements().expect("bookings agree").entries, 0);
}
