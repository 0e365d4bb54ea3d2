//! Messages in: what each becomes, and what each refusal says.

mod common;

use comity_iso20022::TimeOfDay;
use comity_iso20022::model::*;
use common::*;
use expect_test::{Expect, expect};

/// What the messages become in a world with an approved rate of 12.5 roubles a yuan.
fn rule(messages: &[Vec<u8>], expected: Expect) {
    let mut world = World::new();
    world.rate("12.5");
    let mut out = String::new();
    for message in messages {
        out.push_str(&show(&world.read(message)));
    }
    expected.assert_eq(&out);
}

#[test]
fn customer_and_institution_payments_become_pay() {
    let mut urgent = transfer(2, CN, RU, "5 RUB", "B");
    urgent.settlement_priority = Some(SettlementPriority::Urgent);
    urgent.times = SettlementTimes {
        from: TimeOfDay::parse("03:00:00Z"),
        till: TimeOfDay::parse("05:00:00Z"),
        reject: TimeOfDay::parse("04:30:00Z"),
        cls: None,
    };
    rule(
        &[
            message("M1", &[transfer(1, CN, RU, "12.50 CNY", "A"), urgent]),
            message("M2", &[institution(3, KZ, CN, "7 CNY", "C")]),
        ],
        expect![[r#"
            0: actor 1: pay 6 -> 8 1250 Customer Normal value 20782
            1: actor 1: pay 7 -> 9 500 Customer Urgent value 20782 earliest 2026-11-25T03:00:00.000Z latest 2026-11-25T04:30:00.000Z
            0: actor 3: pay 10 -> 6 700 Institution Normal value 20782
        "#]],
    );
}

#[test]
fn eight_characters_mean_the_head_office_and_a_branch_is_its_bank() {
    rule(
        &[
            message("M1", &[transfer(1, "XXXXCNBA", "XXXXRUMM", "1 CNY", "A")]),
            message("M2", &[transfer(2, "XXXXCNBA123", "XXXXRUMMABC", "1 CNY", "A")]),
        ],
        expect![[r#"
            0: actor 1: pay 6 -> 8 100 Customer Normal value 20782
            0: actor 1: pay 6 -> 8 100 Customer Normal value 20782
        "#]],
    );
}

#[test]
fn a_sponsored_bank_pays_and_is_paid_through_its_sponsor() {
    let mut by_sponsor = transfer(2, SP, RU, "1 CNY", "B");
    by_sponsor.instructing_agent = Agent::of(bic(CN));
    rule(
        &[
            message("M1", &[transfer(1, SP, RU, "1 CNY", "A")]),
            message("M2", &[by_sponsor]),
            message("M3", &[transfer(3, RU, SP, "1 CNY", "C")]),
            message("M4", &[transfer(4, CN, SP, "1 CNY", "D")]),
        ],
        expect![[r#"
            0: actor 4: pay 6 -> 8 100 Customer Normal value 20782 debtor for 4
            0: actor 1: pay 6 -> 8 100 Customer Normal value 20782 debtor for 4
            0: actor 2: pay 8 -> 6 100 Customer Normal value 20782 creditor for 4
            0: refused: same-account [AG12] CdtrAgt: both agents settle on the same account; no settlement is needed between an account and itself
        "#]],
    );
}

#[test]
fn a_customers_order_without_a_reference_gets_one_that_is_always_the_same() {
    let order = || {
        let mut order = transfer(1, CN, RU, "1 CNY", "A");
        order.kind = TransferKind::Initiation;
        order.uetr = None;
        message("M1", &[order])
    };
    let mut world = World::new();
    let (first, second) = (world.read(&order()), world.read(&order()));
    assert_eq!(show(&first), show(&second));
    let uetr = |inbound: &[comity_gateway::Inbound]| match &inbound[0].outcome {
        comity_gateway::Outcome::Command(order) => match &order.command {
            comity_ledger::Command::Pay(order) => (order.uetr, order.message),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(uetr(&first), uetr(&second));
}

#[test]
fn the_same_message_has_the_same_fingerprint_and_another_has_not() {
    let mut world = World::new();
    let mut fingerprint = |xml: Vec<u8>| match &world.read(&xml)[0].outcome {
        comity_gateway::Outcome::Command(order) => match &order.command {
            comity_ledger::Command::Pay(order) => order.message,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let one = fingerprint(message("M1", &[transfer(1, CN, RU, "1 CNY", "A")]));
    assert_eq!(one, fingerprint(message("M1", &[transfer(1, CN, RU, "1 CNY", "A")])));
    for other in [
        message("M2", &[transfer(1, CN, RU, "1 CNY", "A")]),
        message("M1", &[transfer(1, CN, RU, "2 CNY", "A")]),
        message("M1", &[transfer(1, CN, RU, "1 CNY", "B")]),
        message("M1", &[transfer(1, CN, KZ, "1 CNY", "A")]),
    ] {
        assert_ne!(one, fingerprint(other));
    }
}

/// A leg of a group brought by one of the two.
fn leg<'a>(number: u128, from: &str, to: &str, money: &str, id: &'a str) -> CreditTransfer<'a> {
    let mut leg = institution(number, from, to, money, id);
    leg.local_instrument = Some(Choice::Proprietary("PVP"));
    leg.instructing_agent = Agent::of(bic(CN));
    leg
}

#[test]
fn payment_versus_payment_becomes_one_group() {
    let bring = |number, id: &str, to: &'static str| {
        message(id, &[leg(number, CN, RU, "1 CNY", "A"), leg(number + 1, RU, to, "12.50 RUB", "B")])
    };
    let mut mixed = [leg(5, CN, RU, "1 CNY", "A"), leg(6, RU, CN, "12.50 RUB", "B")];
    mixed[1].local_instrument = None;
    rule(
        &[
            bring(1, "M1", CN),
            bring(3, "M2", "XXXXINBBXXX"),
            message("M3", &mixed),
            message("M4", &[leg(7, CN, RU, "1 CNY", "A")]),
            message("M5", &[leg(8, RU, KZ, "1 CNY", "A"), leg(9, KZ, RU, "1 CNY", "B")]),
        ],
        expect![[r#"
            0: actor 1: pay together 6 -> 8 100 Institution Normal value 20782 & 9 -> 7 1250 Institution Normal value 20782
            0: refused: group-failed [NARR] transaction 1 of the group is refused: creditor-agent-unknown [AGNT] CdtrAgt: XXXXINBBXXX does not take part in this arrangement; use the BIC under which the creditor's agent takes part; mend the transaction that is named and send the message again
            1: refused: creditor-agent-unknown [AGNT] CdtrAgt: XXXXINBBXXX does not take part in this arrangement; use the BIC under which the creditor's agent takes part
            0: refused: group-failed [NARR] transaction 1 of the group is refused: debtor-agent-not-sender [AG08] DbtrAgt: XXXXRUMMXXX does not send through XXXXCNBAXXX; only the debtor's agent or its sponsor may send this payment; mend the transaction that is named and send the message again
            1: refused: debtor-agent-not-sender [AG08] DbtrAgt: XXXXRUMMXXX does not send through XXXXCNBAXXX; only the debtor's agent or its sponsor may send this payment
            0: refused: group-size [FF05] a group of 1 legs; the limits are 2 and 16; send 2 to 16 legs
            0: refused: debtor-agent-not-sender [AG08] DbtrAgt: the sender pays no leg of the group; only the debtor's agent or its sponsor may send this payment
            1: refused: debtor-agent-not-sender [AG08] DbtrAgt: the sender pays no leg of the group; only the debtor's agent or its sponsor may send this payment
        "#]],
    );
}

#[test]
fn a_payer_may_vouch_for_the_others_only_where_the_arrangement_says_so() {
    let world = World::new();
    let deal = message("M1", &[leg(1, CN, RU, "1 CNY", "A"), leg(2, RU, CN, "12.50 RUB", "B")]);
    let actor = |groups| {
        let options = comity_gateway::inbound::Options { groups, ..Default::default() };
        let mut actor = None;
        comity_gateway::translate(&world.directory, &options, 1, &deal, |inbound| {
            let comity_gateway::Outcome::Command(order) = &inbound.outcome else { panic!("a command") };
            actor = Some(order.actor);
        });
        actor
    };
    assert_eq!(actor(comity_gateway::inbound::Groups::Matched), Some(world.actor("channel 0")));
    assert_eq!(actor(comity_gateway::inbound::Groups::Vouched), Some(comity_ledger::State::SYSTEM));
}

#[test]
fn another_instructed_currency_with_a_rate_asks_for_a_conversion() {
    let convert = |number, from, to, gives: &str, gets: &str, at: &str| {
        let mut transfer = transfer(number, from, to, gets, "A");
        transfer.instructed_amount = Some(amount(gives));
        transfer.exchange_rate = Some(rate(at));
        message(&format!("M{number}"), &[transfer])
    };
    let mut own = transfer(9, CN, RU, "125 RUB", "A");
    own.instructed_amount = Some(amount("10 CNY"));
    own.exchange_rate = Some(rate("12.5"));
    own.local_instrument = Some(Choice::Proprietary("CONVERTED"));
    rule(
        &[
            // In the order of the pair: both amounts come out exactly.
            convert(1, CN, RU, "10 CNY", "125 RUB", "12.5"),
            // The creditor gets less than the rate gives: its amount is fixed, and the difference is a remainder.
            convert(2, CN, RU, "10 CNY", "124.99 RUB", "12.5"),
            // Another rate is for the ledger to refuse, which knows the approved one.
            convert(3, CN, RU, "10 CNY", "123.75 RUB", "12.375"),
            // Amounts that do not follow from the rate stated.
            convert(4, CN, RU, "10 CNY", "125.01 RUB", "12.5"),
            // Against the order of the pair: the message states the inverse.
            convert(5, RU, CN, "125 RUB", "10 CNY", "0.08"),
            convert(6, RU, CN, "125 RUB", "10.10 CNY", "0.0808"),
            // No such pair.
            convert(7, KZ, CN, "100 KZT", "1.50 CNY", "0.015"),
            message("M9", &[own]),
        ],
        expect![[r#"
            0: actor 1: convert 6 -> 9 1000 Customer Normal value 20782 fixed Source at 12.5
            0: actor 1: convert 6 -> 9 12499 Customer Normal value 20782 fixed Target at 12.5
            0: actor 1: convert 6 -> 9 1000 Customer Normal value 20782 fixed Source at 12.375
            0: refused: rate-mismatch [AB04] XchgRate: 10.00 CNY at 12.5 gives 125.00 RUB, the message says 125.01 RUB; use the approved rate, and round as documented
            0: actor 2: convert 9 -> 6 12500 Customer Normal value 20782 fixed Source at 12.5
            0: refused: rate-mismatch [AB04] XchgRate: 125.00 RUB at 12.5 gives 10.00 CNY, the message says 10.10 CNY; use the approved rate, and round as documented
            0: refused: pair-unknown [AM03] XchgRate: KZT/CNY is not converted in this arrangement; use a pair of the arrangement
            0: actor 1: pay 7 -> 9 12500 Customer Normal value 20782
        "#]],
    );
}

#[test]
fn who_does_not_take_part_is_refused_with_the_reason() {
    let mut foreign = transfer(1, CN, RU, "1 CNY", "A");
    foreign.instructing_agent = Agent::of(bic("XXXXINBBXXX"));
    let mut others = transfer(2, RU, KZ, "1 CNY", "A");
    others.instructing_agent = Agent::of(bic(CN));
    let mut usd = transfer(3, CN, RU, "1 USD", "A");
    usd.end_to_end_id = "E";
    rule(
        &[
            message("M1", &[foreign]),
            message("M2", &[others]),
            message("M3", &[usd]),
            message("M4", &[transfer(4, CN, "XXXXINBBXXX", "1 CNY", "A")]),
            message("M5", &[transfer(5, CN, KZ, "1 RUB", "A")]),
            message("M6", &[transfer(6, CN, RU, "1 KZT", "A")]),
            message("M7", &[transfer(7, FX, RU, "1 CNY", "A")]),
        ],
        expect![[r#"
            0: refused: sender-unknown [AGNT] XXXXINBBXXX does not take part in this arrangement; send through a participant, and name it as sender
            0: refused: debtor-agent-not-sender [AG08] DbtrAgt: XXXXRUMMXXX does not send through XXXXCNBAXXX; only the debtor's agent or its sponsor may send this payment
            0: refused: currency-unknown [AM03] IntrBkSttlmAmt: USD is not a currency of this arrangement; use a currency of the arrangement
            0: refused: creditor-agent-unknown [AGNT] CdtrAgt: XXXXINBBXXX does not take part in this arrangement; use the BIC under which the creditor's agent takes part
            0: refused: creditor-account [AC11] IntrBkSttlmAmt: XXXXKZKAXXX has no account in RUB; pay in a currency in which the creditor's agent has an account, or ask for a conversion
            0: refused: debtor-account [AM03] IntrBkSttlmAmt: XXXXCNBAXXX has no account in KZT; open an account in this currency, or pay in one you have
            0: refused: sender-channel [AG08] XXXXRUFXXXX has no straight-through channel; have the operator add an actor with the role channel
        "#]],
    );
}

#[test]
fn one_bad_line_never_blocks_the_others_but_wrong_totals_refuse_all() {
    let lines = || {
        [
            transfer(1, CN, RU, "1 CNY", "A"),
            transfer(2, CN, "XXXXINBBXXX", "2 CNY", "B"),
            transfer(3, CN, KZ, "3 CNY", "C"),
        ]
    };
    let text = |from: &str, to: &str| {
        let text = String::from_utf8(message("M1", &lines())).expect("text");
        assert!(text.contains(from), "{from}");
        text.replacen(from, to, 1).into_bytes()
    };
    rule(
        &[message("M1", &lines()), text("<NbOfTxs>3<", "<NbOfTxs>4<"), text("<CtrlSum>6", "<CtrlSum>7")],
        expect![[r#"
            0: actor 1: pay 6 -> 8 100 Customer Normal value 20782
            1: refused: creditor-agent-unknown [AGNT] CdtrAgt: XXXXINBBXXX does not take part in this arrangement; use the BIC under which the creditor's agent takes part
            2: actor 1: pay 6 -> 10 300 Customer Normal value 20782
            0: refused: count-agrees [AM18] GrpHdr/NbOfTxs: "4" is not the number of transactions found, 3; state the number of transactions in the message
            1: refused: count-agrees [AM18] GrpHdr/NbOfTxs: "4" is not the number of transactions found, 3; state the number of transactions in the message
            2: refused: count-agrees [AM18] GrpHdr/NbOfTxs: "4" is not the number of transactions found, 3; state the number of transactions in the message
            0: refused: control-sum-agrees [AM10] GrpHdr/CtrlSum: "7.00" is not the sum of the amounts found, 6; state the sum of all settlement amounts, whatever their currency
            1: refused: control-sum-agrees [AM10] GrpHdr/CtrlSum: "7.00" is not the sum of the amounts found, 6; state the sum of all settlement amounts, whatever their currency
            2: refused: control-sum-agrees [AM10] GrpHdr/CtrlSum: "7.00" is not the sum of the amounts found, 6; state the sum of all settlement amounts, whatever their currency
        "#]],
    );
}

#[test]
fn a_message_that_breaks_off_is_refused_as_a_whole() {
    let whole = message("M1", &[transfer(1, CN, RU, "1 CNY", "A"), transfer(2, CN, RU, "2 CNY", "B")]);
    let second = whole.windows(4).rposition(|window| window == b"UETR").expect("a second transaction");
    rule(
        &[
            whole[..second].to_vec(),
            b"<!DOCTYPE x [<!ENTITY a \"b\">]><Document/>".to_vec(),
            b"not xml at all".to_vec(),
            Vec::new(),
        ],
        expect![[r#"
            0: refused: xml-malformed [FF01] CdtTrfTxInf/PmtId/UETR: the input ends within markup; check the file with an XML tool; it is cut off or damaged
            0: unreadable: xml-malformed [FF01] CdtTrfTxInf/PmtId/UETR: the input ends within markup; check the file with an XML tool; it is cut off or damaged
            0: unreadable: xml-doctype [FF01] a document type declaration is not accepted; remove the document type declaration; messages have none
            0: unreadable: xml-malformed [FF01] text stands outside of the root element; check the file with an XML tool; it is cut off or damaged
            0: unreadable: xml-malformed [FF01] the input holds no element; check the file with an XML tool; it is cut off or damaged
        "#]],
    );
}

#[test]
fn returns_recalls_and_their_answers() {
    let case = comity_gateway::key::key_text(comity_ledger::ids::Key(77));
    rule(
        &[
            give_back("R1", RU, 1, "1.00 CNY"),
            recall("C1", "CASE-1", CN, 1),
            resolution("A1", &case, RU, 1, "CNCL"),
            resolution("A2", &case, RU, 1, "RJCR"),
            resolution("A3", &case, RU, 1, "PDCR"),
            resolution("A4", "CASE-1", RU, 1, "CNCL"),
            verification("V1", CN, KZ, "KZ86125KZT5004100100"),
            verification("V2", CN, "XXXXINBBXXX", "KZ86125KZT5004100100"),
        ],
        expect![[r#"
            0: actor 2: return 100 of 00000000-0000-4000-8000-000000000001 for AC04
            0: actor 1: recall 00000000-0000-4000-8000-000000000001 for DUPL
            0: actor 2: answer true 77
            0: actor 2: answer false 77
            0: noted
            0: refused: case-missing [FF01] RslvdCase/Id: case "CASE-1" is none that was put to you; repeat the identification of the case from the request you answer
            0: verification true: Ok("NAME NOT CHECKED")
            0: verification false: Err("AGNT")
        "#]],
    );
}

#[test]
fn two_returns_of_one_payment_have_two_references_and_the_same_return_one() {
    let mut world = World::new();
    let mut reference = |xml: Vec<u8>| match &world.read(&xml)[0].outcome {
        comity_gateway::Outcome::Command(order) => match &order.command {
            comity_ledger::Command::Return(order) => (order.uetr, order.message),
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    let first = reference(give_back("R1", RU, 1, "1 CNY"));
    assert_eq!(first, reference(give_back("R1", RU, 1, "1 CNY")));
    assert_ne!(first.0, reference(give_back("R2", RU, 1, "1 CNY")).0);
    assert_ne!(first.0, reference(give_back("R1", RU, 2, "1 CNY")).0);
    // Another amount under the same identification is another message, not the same return once more.
    assert_ne!(first.1, reference(give_back("R1", RU, 1, "2 CNY")).1);
}
