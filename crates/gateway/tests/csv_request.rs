//! The CSV inbox: what a bank asks about its own queue and its own holds, and how it is answered.

mod common;

use comity_gateway::Outcome;
use comity_ledger::command::Priority;
use comity_ledger::ids::{Key, PaymentId};
use comity_ledger::queue::Kept;
use common::*;
use expect_test::{Expect, expect};

const UETR: &str = "00000000-0000-4000-8000-000000000001";
const HOLD: &str = "00000000-0000-4000-8000-0000000000aa";

const KINDS: [&str; 7] = ["cancel", "park", "activate", "raise", "lower", "first", "last"];

/// A line in the order of the header; what is not named is empty.
fn line(fields: &[(&str, &str)]) -> String {
    let value = |name: &str| fields.iter().rev().find(|(of, _)| *of == name).map_or("", |(_, value)| value);
    comity_gateway::inbound::CSV_HEADER.split(',').map(value).collect::<Vec<_>>().join(",")
}

fn request<'a>(kind: &'a str, more: &[(&'a str, &'a str)]) -> String {
    let mut fields = vec![("at", "2026-11-25T01:16:00Z"), ("uetr", UETR), ("from", "XXXXCNBA"), ("kind", kind)];
    fields.extend_from_slice(more);
    line(&fields)
}

fn hold(more: &[(&str, &str)]) -> String {
    let mut fields = vec![
        ("uetr", HOLD),
        ("currency", "CNY"),
        ("amount", "25.00"),
        ("latest", "05:00:00Z"),
        ("purpose", "margin of the week"),
    ];
    fields.extend_from_slice(more);
    request("hold", &fields)
}

fn rule(lines: &[String], expected: Expect) {
    let mut world = World::new();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    expected.assert_eq(&show(&world.read_csv(&lines)));
}

#[test]
fn each_kind_is_a_command_of_the_banks_channel() {
    let mut lines: Vec<String> = KINDS.iter().map(|kind| request(kind, &[])).collect();
    lines.push(request("cancel", &[("from", "XXXXCNSPXXX")]));
    lines.push(hold(&[]));
    lines.push(hold(&[("to", "XXXXRUMM"), ("latest", "2026-11-26T05:00:00+08:00")]));
    lines.push(request("void", &[("uetr", HOLD)]));
    rule(
        &lines,
        expect![[r#"
        0: actor 1: Cancel(Uetr(302240678275694148452353))
        1: actor 1: Park(Uetr(302240678275694148452353))
        2: actor 1: Activate(Uetr(302240678275694148452353))
        3: actor 1: Reprioritise(Reprioritise { uetr: Uetr(302240678275694148452353), priority: Urgent })
        4: actor 1: Reprioritise(Reprioritise { uetr: Uetr(302240678275694148452353), priority: Normal })
        5: actor 1: Reorder(Reorder { uetr: Uetr(302240678275694148452353), place: Front })
        6: actor 1: Reorder(Reorder { uetr: Uetr(302240678275694148452353), place: Back })
        7: actor 4: Cancel(Uetr(302240678275694148452353))
        8: actor 1: PlaceHold(PlaceHold { hold: Key(302240678275694148452522), account: AccountId(6), amount: 2500, purpose: "margin of the week", beneficiary: AccountId(4294967295), expires: Time(1795582800000000) })
        9: actor 1: PlaceHold(PlaceHold { hold: Key(302240678275694148452522), account: AccountId(6), amount: 2500, purpose: "margin of the week", beneficiary: AccountId(8), expires: Time(1795640400000000) })
        10: actor 1: VoidHold(Key(302240678275694148452522))
    "#]],
    );
}

/// A line about a price: an amount of CNY against RUB.
fn price(kind: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("currency", "CNY"), ("amount", "100.00"), ("purpose", "RUB")];
    if !matches!(kind, "sell" | "buy") {
        fields.push(("to", "XXXXRUMM"));
    }
    fields.extend_from_slice(more);
    request(kind, &fields)
}

#[test]
fn lines_about_prices_are_commands_of_the_banks_channel() {
    rule(
        &[
            price("quote", &[]),
            price("quote-for", &[("currency", "RUB"), ("purpose", "CNY")]),
            request("accept", &[]),
            price("settle", &[("remittance", HOLD)]),
            price("sell", &[]),
            price("buy", &[("remittance", "11.50")]),
            request("withdraw", &[]),
        ],
        expect![[r#"
            0: actor 1: RequestQuote(RequestQuote { quote: Key(302240678275694148452353), debtor: AccountId(6), creditor: AccountId(9), debtor_for: ParticipantId(4294967295), fixed: Source, amount: 10000, dealer: ParticipantId(4294967295) })
            1: actor 1: RequestQuote(RequestQuote { quote: Key(302240678275694148452353), debtor: AccountId(6), creditor: AccountId(9), debtor_for: ParticipantId(4294967295), fixed: Target, amount: 10000, dealer: ParticipantId(4294967295) })
            2: actor 1: AcceptQuote(Key(302240678275694148452353))
            3: actor 1: PayQuoted(PayQuoted { quoted: [QuotedLeg { quote: Key(302240678275694148452522), order: Conversion { instruction: Instruction { uetr: Uetr(302240678275694148452353), debtor: AccountId(6), creditor: AccountId(9), debtor_for: ParticipantId(4294967295), creditor_for: ParticipantId(4294967295), amount: 10000, priority: Normal, kind: Customer, value_date: Day(0), earliest: Time(0), latest: Time(0), message: 3498974766166031865, document: 1, line: 3 }, fixed: Source, expected: None } }], plain: [] })
            4: actor 1: PlaceOrder(PlaceOrder { order: Key(302240678275694148452353), owner: ParticipantId(0), pair: PairRef { base: CurrencyId(0), quote: CurrencyId(1) }, way: BaseToQuote, amount: 10000, limit: None })
            5: actor 1: PlaceOrder(PlaceOrder { order: Key(302240678275694148452353), owner: ParticipantId(0), pair: PairRef { base: CurrencyId(0), quote: CurrencyId(1) }, way: QuoteToBase, amount: 10000, limit: Some(Rate { mantissa: 1150, scale: 2 }) })
            6: actor 1: WithdrawOrder(Key(302240678275694148452353))
        "#]],
    );
}

#[test]
fn a_mistake_in_a_line_about_a_price_is_refused_with_its_column() {
    rule(
        &[
            price("quote", &[("purpose", "")]),
            price("quote", &[("purpose", "XXX")]),
            price("quote", &[("to", "")]),
            price("quote", &[("to", "XXXXINBB")]),
            price("quote", &[("amount", "0.00")]),
            price("quote", &[("remittance", "why")]),
            price("settle", &[]),
            price("settle", &[("remittance", "q1")]),
            price("sell", &[("currency", "RUB"), ("purpose", "CNY")]),
            price("buy", &[("remittance", "much")]),
            price("buy", &[("to", "XXXXRUMM")]),
            request("accept", &[("amount", "1.00")]),
        ],
        expect![[r#"
            0: refused: currency-unknown [AM03] purpose: line 2, column 13 (purpose): "" is not a currency of this arrangement; use a currency of the arrangement
            1: refused: currency-unknown [AM03] purpose: line 3, column 13 (purpose): "XXX" is not a currency of this arrangement; use a currency of the arrangement
            2: refused: csv-value [RC05] to: line 4, column 5 (to): "" is not a BIC; write the BIC with 8 or 11 characters
            3: refused: creditor-agent-unknown [AGNT] to: line 5, column 5 (to): XXXXINBB does not take part in this arrangement; use the BIC under which the creditor's agent takes part
            4: refused: csv-value [AM12] amount: line 6, column 7 (amount): "0.00" is not above zero; write digits with at most one point, no groups, above zero
            5: refused: csv-value [FF01] remittance: line 7, column 14 (remittance): "why" has no place in a line of kind quote; leave the column empty
            6: refused: csv-value [FF01] remittance: line 8, column 14 (remittance): "" is not the id of a quote; write the value as documented for its column
            7: refused: csv-value [FF01] remittance: line 9, column 14 (remittance): "q1" is not the id of a quote; write the value as documented for its column
            8: refused: currency-unknown [AM03] currency: line 10, column 6 (currency): RUB/CNY is not a pair of this arrangement; an order is in its base currency; use a currency of the arrangement
            9: refused: csv-value [FF01] remittance: line 11, column 14 (remittance): "much" is not a rate; write the value as documented for its column
            10: refused: csv-value [FF01] to: line 12, column 5 (to): "XXXXRUMM" has no place in a line of kind buy; leave the column empty
            11: refused: csv-value [FF01] amount: line 13, column 7 (amount): "1.00" has no place in a line of kind accept; leave the column empty
        "#]],
    );
}

#[test]
fn a_mistake_is_refused_with_line_and_column() {
    rule(
        &[
            request("cancel", &[("at", "noon")]),
            request("cancel", &[("from", "")]),
            request("cancel", &[("from", "XXXXINBB")]),
            request("cancel", &[("from", "XXXXRUFX")]),
            request("cancel", &[("uetr", "")]),
            request("cancel", &[("uetr", "7")]),
            request("void", &[("uetr", "")]),
            request("Cancel", &[("to", "XXXXRUMM")]),
        ],
        expect![[r#"
            0: refused: csv-value [DT01] at: line 2, column 1 (at): "noon" is not an instant; write YYYY-MM-DDThh:mm:ss with an offset or Z
            1: refused: csv-value [RC05] from: line 3, column 4 (from): "" is not a BIC; write the BIC with 8 or 11 characters
            2: refused: sender-unknown [AGNT] from: line 4, column 4 (from): XXXXINBB does not take part in this arrangement; send through a participant, and name it as sender
            3: refused: sender-channel [AG08] from: line 5, column 4 (from): XXXXRUFX has no straight-through channel; have the operator add an actor with the role channel
            4: refused: csv-value [FF01] uetr: line 6, column 2 (uetr): "" is not a version 4 UUID in lower case; write the value as documented for its column
            5: refused: csv-value [FF01] uetr: line 7, column 2 (uetr): "7" is not a version 4 UUID in lower case; write the value as documented for its column
            6: refused: csv-value [FF01] uetr: line 8, column 2 (uetr): "" is not a version 4 UUID in lower case; write the value as documented for its column
            7: refused: csv-value [FF01] kind: line 9, column 12 (kind): "Cancel" is neither a kind of payment nor a request; write customer, institution, cancel, park, activate, raise, lower, first, last, hold, void, quote, quote-for, accept, settle, sell, buy or withdraw
        "#]],
    );
}

#[test]
fn a_column_the_kind_has_no_use_for_must_be_empty() {
    rule(
        &[
            request("cancel", &[("end_to_end_id", "E")]),
            request("park", &[("to", "XXXXRUMM")]),
            request("activate", &[("currency", "CNY")]),
            request("raise", &[("amount", "1.00")]),
            request("lower", &[("priority", "normal")]),
            request("first", &[("value_date", "2026-11-25")]),
            request("last", &[("earliest", "10:00:00Z")]),
            request("cancel", &[("latest", "10:00:00Z")]),
            request("park", &[("purpose", "GDDS")]),
            request("activate", &[("remittance", "why")]),
            request("void", &[("amount", "1.00")]),
            hold(&[("end_to_end_id", "E")]),
            hold(&[("priority", "urgent")]),
            hold(&[("value_date", "2026-11-25")]),
            hold(&[("earliest", "10:00:00Z")]),
            hold(&[("remittance", "why")]),
        ],
        expect![[r#"
            0: refused: csv-value [FF01] end_to_end_id: line 2, column 3 (end_to_end_id): "E" has no place in a line of kind cancel; leave the column empty
            1: refused: csv-value [FF01] to: line 3, column 5 (to): "XXXXRUMM" has no place in a line of kind park; leave the column empty
            2: refused: csv-value [FF01] currency: line 4, column 6 (currency): "CNY" has no place in a line of kind activate; leave the column empty
            3: refused: csv-value [FF01] amount: line 5, column 7 (amount): "1.00" has no place in a line of kind raise; leave the column empty
            4: refused: csv-value [FF01] priority: line 6, column 8 (priority): "normal" has no place in a line of kind lower; leave the column empty
            5: refused: csv-value [FF01] value_date: line 7, column 9 (value_date): "2026-11-25" has no place in a line of kind first; leave the column empty
            6: refused: csv-value [FF01] earliest: line 8, column 10 (earliest): "10:00:00Z" has no place in a line of kind last; leave the column empty
            7: refused: csv-value [FF01] latest: line 9, column 11 (latest): "10:00:00Z" has no place in a line of kind cancel; leave the column empty
            8: refused: csv-value [FF01] purpose: line 10, column 13 (purpose): "GDDS" has no place in a line of kind park; leave the column empty
            9: refused: csv-value [FF01] remittance: line 11, column 14 (remittance): "why" has no place in a line of kind activate; leave the column empty
            10: refused: csv-value [FF01] amount: line 12, column 7 (amount): "1.00" has no place in a line of kind void; leave the column empty
            11: refused: csv-value [FF01] end_to_end_id: line 13, column 3 (end_to_end_id): "E" has no place in a line of kind hold; leave the column empty
            12: refused: csv-value [FF01] priority: line 14, column 8 (priority): "urgent" has no place in a line of kind hold; leave the column empty
            13: refused: csv-value [FF01] value_date: line 15, column 9 (value_date): "2026-11-25" has no place in a line of kind hold; leave the column empty
            14: refused: csv-value [FF01] earliest: line 16, column 10 (earliest): "10:00:00Z" has no place in a line of kind hold; leave the column empty
            15: refused: csv-value [FF01] remittance: line 17, column 14 (remittance): "why" has no place in a line of kind hold; leave the column empty
        "#]],
    );
}

#[test]
fn a_hold_names_amount_purpose_and_expiry() {
    rule(
        &[
            hold(&[("uetr", "")]),
            hold(&[("to", "nobody")]),
            hold(&[("to", "XXXXINBB")]),
            hold(&[("to", "XXXXKZKA"), ("currency", "RUB")]),
            hold(&[("to", "XXXXCNBA")]),
            hold(&[("currency", "")]),
            hold(&[("currency", "USD")]),
            hold(&[("currency", "KZT")]),
            hold(&[("from", "XXXXCNSP")]),
            hold(&[("amount", "")]),
            hold(&[("amount", "0")]),
            hold(&[("latest", "")]),
            hold(&[("latest", "soon")]),
            hold(&[("purpose", "")]),
            hold(&[("purpose", "a\tb")]),
            hold(&[("purpose", &"x".repeat(140))]),
            hold(&[("purpose", &"x".repeat(141))]),
        ],
        expect![[r#"
            0: refused: csv-value [FF01] uetr: line 2, column 2 (uetr): "" is not a version 4 UUID in lower case; write the value as documented for its column
            1: refused: csv-value [RC05] to: line 3, column 5 (to): "nobody" is not a BIC; write the BIC with 8 or 11 characters
            2: refused: creditor-agent-unknown [AGNT] to: line 4, column 5 (to): XXXXINBB does not take part in this arrangement; use the BIC under which the creditor's agent takes part
            3: refused: creditor-account [AC11] to: line 5, column 5 (to): XXXXKZKA has no account of its own in RUB; pay in a currency in which the creditor's agent has an account, or ask for a conversion
            4: refused: same-account [AG12] to: line 6, column 5 (to): XXXXCNBA cannot hold money for itself; no settlement is needed between an account and itself
            5: refused: csv-value [AM03] currency: line 7, column 6 (currency): "" is not an active currency; use an active ISO 4217 code
            6: refused: currency-unknown [AM03] currency: line 8, column 6 (currency): USD is not a currency of this arrangement; use a currency of the arrangement
            7: refused: debtor-account [AM03] from: line 9, column 4 (from): XXXXCNBA has no account of its own in KZT; open an account in this currency, or pay in one you have
            8: refused: debtor-account [AM03] from: line 10, column 4 (from): XXXXCNSP has no account of its own in CNY; open an account in this currency, or pay in one you have
            9: refused: csv-value [AM12] amount: line 11, column 7 (amount): "" is not a decimal number; write digits with at most one point, no groups, above zero
            10: refused: csv-value [AM12] amount: line 12, column 7 (amount): "0" is not above zero; write digits with at most one point, no groups, above zero
            11: refused: csv-value [FF01] latest: line 13, column 11 (latest): "" is empty, and a hold must expire; write the value as documented for its column
            12: refused: csv-value [DT01] latest: line 14, column 11 (latest): "soon" is neither an instant nor a time of day; write YYYY-MM-DDThh:mm:ssZ, or hh:mm:ssZ on the value date
            13: refused: csv-value [FF01] purpose: line 15, column 13 (purpose): "" is empty, and a hold must name its purpose; write the value as documented for its column
            14: refused: csv-value [FF01] purpose: line 16, column 13 (purpose): "a b" has a control character; write the value as documented for its column
            15: actor 1: PlaceHold(PlaceHold { hold: Key(302240678275694148452522), account: AccountId(6), amount: 2500, purpose: "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", beneficiary: AccountId(4294967295), expires: Time(1795582800000000) })
            16: refused: csv-value [FF01] purpose: line 18, column 13 (purpose): "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." has 141 bytes, the limit is 140; write the value as documented for its column
        "#]],
    );
}

#[test]
fn a_line_written_twice_acts_once() {
    let mut world = World::new();
    let key = |world: &mut World, line: &str| match &world.read_csv(&[line])[0].outcome {
        Outcome::Command(order) => order.key,
        other => panic!("{other:?}"),
    };
    let once = key(&mut world, &request("park", &[]));
    assert_ne!(once, Key(0));
    assert_eq!(
        once,
        key(&mut world, &request("park", &[("from", "XXXXCNBAXXX"), ("at", "2026-11-25T09:16:00+08:00")]))
    );
    let others = [
        request("activate", &[]),
        request("park", &[("uetr", HOLD)]),
        request("park", &[("at", "2026-11-25T01:16:01Z")]),
    ];
    for other in others {
        assert_ne!(once, key(&mut world, &other), "{other}");
    }
}

impl World {
    fn ask(&mut self, line: &str) {
        let inbound = self.read_csv(&[line]);
        self.submit(inbound);
    }
}

#[test]
fn a_payment_is_queued_parked_activated_raised_and_cancelled() {
    let mut world = World::new();
    world.fund(CN, "CNY", 1_000);
    world.ask(&line(&[
        ("at", "2026-11-25T01:15:00Z"),
        ("uetr", UETR),
        ("end_to_end_id", "INV-1"),
        ("from", "XXXXCNBA"),
        ("to", "XXXXRUMM"),
        ("currency", "CNY"),
        ("amount", "70.00"),
    ]));
    world.flush();
    let payment = PaymentId(0);
    let stands = |world: &World| (world.state.waiting[&payment].kept, world.state.payment(payment).priority);
    assert_eq!(stands(&world), (Kept::Active, Priority::Normal));
    world.delivered.clear();

    world.ask(&request("park", &[("at", "2026-11-25T01:16:00Z")]));
    assert_eq!(stands(&world), (Kept::Parked, Priority::Normal));
    // Money comes, and what is parked does not move.
    world.fund(CN, "CNY", 6_500);
    assert_eq!(stands(&world), (Kept::Parked, Priority::Normal));
    // The money is set aside for something else, so that the payment waits on when it is active again.
    world.ask(&hold(&[("amount", "65.00")]));
    world.ask(&request("activate", &[("at", "2026-11-25T01:17:00Z")]));
    assert_eq!(stands(&world), (Kept::Active, Priority::Normal));
    world.ask(&request("raise", &[("at", "2026-11-25T01:18:00Z")]));
    assert_eq!(stands(&world), (Kept::Active, Priority::Urgent));
    world.ask(&request("first", &[("at", "2026-11-25T01:18:10Z")]));
    world.ask(&request("lower", &[("at", "2026-11-25T01:18:20Z")]));
    assert_eq!(stands(&world), (Kept::Active, Priority::Normal));
    // The same line again does nothing.
    world.ask(&request("raise", &[("at", "2026-11-25T01:18:00Z")]));
    assert_eq!(stands(&world), (Kept::Active, Priority::Normal));
    world.delivered.retain(|(_, kind, _, _)| *kind == comity_gateway::OutKind::Status);
    expect![[""]].assert_eq(&world.told());

    // Somebody else's payment is nobody else's to stop, and the answer cannot be taken for the payment's end.
    world.ask(&request("cancel", &[("from", "XXXXRUMM"), ("at", "2026-11-25T01:19:00Z")]));
    let (_, _, _, refused) = world.delivered.last().expect("an answer").clone();
    assert!(refused.contains("<OrgnlTxId>00000000000040008000000000000001</OrgnlTxId>"), "{refused}");
    assert!(!refused.contains("OrgnlUETR"), "{refused}");
    expect![[r#"
        pacs.002 to XXXXRUMM [S46-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 cancel
            TxSts: RJCT
            Cd: AG01
            AddtlInf: the actor's roles do not allow this; ask somebody who holds the role, in the right scope
    "#]]
    .assert_eq(&world.told());
    assert!(world.state.waiting.contains_key(&payment));

    world.ask(&request("cancel", &[("at", "2026-11-25T01:20:00Z")]));
    assert!(!world.state.waiting.contains_key(&payment));
    world.ask(&request("cancel", &[("at", "2026-11-25T01:21:00Z")]));
    world.ask(&request("park", &[("uetr", HOLD), ("at", "2026-11-25T01:22:00Z")]));
    expect![[r#"
        pacs.002 to XXXXCNBA [S47-0]
            OrgnlMsgId: inbox.csv
            OrgnlEndToEndId: INV-1
            OrgnlUETR: 00000000-0000-4000-8000-000000000001
            TxSts: CANC
            Cd: CUST
            AddtlInf: withdrawn by its sender; send a new payment if needed
        pacs.002 to XXXXCNBA [S48-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 cancel
            TxSts: RJCT
            Cd: FF12
            AddtlInf: the payment, recall or cycle does not wait, or not in the way this needs (entry 37); look up where it
            AddtlInf: stands; a settled payment can be recalled or returned
        pacs.002 to XXXXCNBA [S49-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 park
            TxSts: RJCT
            Cd: AG09
            AddtlInf: the original payment is not known; correct the original's reference
    "#]].assert_eq(&world.told());
}

#[test]
fn a_hold_is_placed_and_voided_and_a_refusal_is_answered() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    let account = world.account(CN, "CNY");
    world.flush();
    world.delivered.clear();
    let held = |world: &World| world.state.account(account).expect("an account").held;
    world.ask(&hold(&[]));
    assert_eq!(held(&world), 2_500);
    // More than there is; the same reference for another, later and at the same instant; a hold of somebody else.
    world.ask(&hold(&[("uetr", UETR), ("amount", "75.01")]));
    world.ask(&hold(&[("amount", "26.00"), ("at", "2026-11-25T01:17:00Z")]));
    world.ask(&hold(&[("amount", "26.00")]));
    world.ask(&request("void", &[("uetr", HOLD), ("from", "XXXXRUMM")]));
    assert_eq!(held(&world), 2_500);
    world.ask(&request("void", &[("uetr", HOLD)]));
    assert_eq!(held(&world), 0);
    expect![[r#"
        pacs.002 to XXXXCNBA [S38-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 hold
            TxSts: RJCT
            Cd: AM04
            AddtlInf: not enough money for this: 7,501 ?, the limit is 7,500 ?; fund the account
        pacs.002 to XXXXCNBA [S39-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 hold
            TxSts: RJCT
            Cd: AM05
            AddtlInf: this exists already; use the one that exists
        pacs.002 to XXXXCNBA [S40-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 hold
            TxSts: RJCT
            Cd: AM05
            AddtlInf: the same key was used for another body (entry 37); use a new key for a new request; the original is named
        pacs.002 to XXXXRUMM [S41-R]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 void
            TxSts: RJCT
            Cd: AG01
            AddtlInf: the actor's roles do not allow this; ask somebody who holds the role, in the right scope
    "#]]
    .assert_eq(&world.told());
}

#[test]
fn a_refusal_of_the_gateway_names_line_and_request() {
    let mut world = World::new();
    world.ask(&request("raise", &[("amount", "1.00")]));
    expect![[r#"
        pacs.002 to XXXXCNBA [R1-0]
            OrgnlMsgId: inbox.csv
            OrgnlInstrId: line 2 raise
            TxSts: RJCT
            Cd: FF01
            AddtlInf: csv-value [FF01] amount: line 2, column 7 (amount): "1.00" has no place in a line of kind raise; leave
            AddtlInf: the column empty
    "#]].assert_eq(&world.told());
}

#[test]
fn the_documented_example_is_understood() {
    let mut world = World::new();
    let page = include_str!("../../../docs/csv.md");
    let (_, example) = page.split_once("```csv\n").expect("an example");
    let (example, _) = example.split_once("```").expect("its end");
    let (header, lines) = example.split_once('\n').expect("a header");
    assert_eq!(header, comity_gateway::inbound::CSV_HEADER);
    let lines: Vec<&str> = lines.lines().collect();
    expect![[r#"
        0: actor 1: pay 6 -> 8 125000 Customer Normal value 0
        1: actor 1: Park(Uetr(141346911819384502905599702731330278723))
        2: actor 1: Activate(Uetr(141346911819384502905599702731330278723))
        3: actor 1: Reprioritise(Reprioritise { uetr: Uetr(141346911819384502905599702731330278723), priority: Urgent })
        4: actor 1: Cancel(Uetr(141346911819384502905599702731330278723))
        5: actor 1: PlaceHold(PlaceHold { hold: Key(20655531346751653340562662596994244112), account: AccountId(6), amount: 50000, purpose: "margin of the week", beneficiary: AccountId(8), expires: Time(1795600800000000) })
        6: actor 2: VoidHold(Key(20655531346751653340562662596994244112))
    "#]].assert_eq(&show(&world.read_csv(&lines)));
}
