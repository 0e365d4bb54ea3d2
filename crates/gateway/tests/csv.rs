//! The CSV inbox: what lines become, and how precisely they are refused.

mod common;

use common::*;
use expect_test::{Expect, expect};

fn rule(lines: &[&str], expected: Expect) {
    let mut world = World::new();
    expected.assert_eq(&show(&world.read_csv(lines)));
}

const UETR: &str = "00000000-0000-4000-8000-000000000001";

#[test]
fn a_line_is_a_payment() {
    rule(
        &[
            &format!(
                "2026-11-25T09:15:00+08:00,{UETR},INV-1,XXXXCNBA,XXXXRUMM,CNY,1250.00,urgent,2026-11-26,02:00:00Z,2026-11-26T05:00:00Z,customer,GDDS,\"goods, \"\"fine\"\" ones\""
            ),
            "",
            "2026-11-25T01:16:00Z,,INV-2,XXXXCNBAXXX,XXXXKZKA,CNY,7,,,,,institution,,",
            "2026-11-25T01:16:00Z,,,XXXXCNSPXXX,XXXXRUMM,CNY,0.5,normal,,,,,,\r",
        ],
        expect![[r#"
            0: actor 1: pay 6 -> 8 125000 Customer Urgent value 20783 earliest 2026-11-26T02:00:00.000Z latest 2026-11-26T05:00:00.000Z
            1: actor 1: pay 6 -> 10 700 Institution Normal value 0
            2: actor 4: pay 6 -> 8 50 Customer Normal value 0 debtor for 4
        "#]],
    );
}

#[test]
fn a_wrong_line_is_refused_with_line_and_column_and_the_others_go_on() {
    let with = |at: usize, value: &str| {
        let mut fields =
            ["2026-11-25T01:16:00Z", UETR, "E", "XXXXCNBA", "XXXXRUMM", "CNY", "1.00", "", "", "", "", "", "", ""];
        fields[at] = value;
        fields.join(",")
    };
    let long = "x".repeat(200);
    let lines = [
        with(0, "25.11.2026"),
        with(1, "00000000-0000-1000-8000-000000000001"),
        with(2, &long),
        with(3, "nobody"),
        with(4, "XXXXZZMM"),
        with(5, "XYZ"),
        with(6, "1.005"),
        with(6, "1 000"),
        with(6, "\"1,000.00\""),
        with(6, "-5"),
        with(7, "fast"),
        with(8, "2026-02-30"),
        with(9, "noon"),
        with(10, "25:00:00"),
        with(11, "refund"),
        with(12, "TOOLONG"),
        with(13, &long),
        with(4, "XXXXINBB"),
        with(5, "USD"),
        "one,two".to_owned(),
        format!("{},", with(2, "E")),
        with(13, "\"never closed"),
        with(13, "\"closed\" too early"),
        with(2, "E"),
    ];
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    rule(
        &lines,
        expect![[r#"
        0: refused: csv-value [DT01] at: line 2, column 1 (at): "25.11.2026" is not an instant; write YYYY-MM-DDThh:mm:ss with an offset or Z
        1: refused: csv-value [FF01] uetr: line 3, column 2 (uetr): "00000000-0000-1000-8000-000000000001" is not a version 4 UUID in lower case; write the value as documented for its column
        2: refused: csv-value [FF01] end_to_end_id: line 4, column 3 (end_to_end_id): "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." is longer than 35 characters; write the value as documented for its column
        3: refused: csv-value [RC05] from: line 5, column 4 (from): "nobody" is not a BIC; write the BIC with 8 or 11 characters
        4: refused: csv-value [RC05] to: line 6, column 5 (to): "XXXXZZMM" is not a BIC; write the BIC with 8 or 11 characters
        5: refused: csv-value [AM03] currency: line 7, column 6 (currency): "XYZ" is not an active currency; use an active ISO 4217 code
        6: refused: csv-value [AM12] amount: line 8, column 7 (amount): "1.005" has more decimals than CNY; write digits with at most one point, no groups, above zero
        7: refused: csv-value [AM12] amount: line 9, column 7 (amount): "1 000" is not a decimal number; write digits with at most one point, no groups, above zero
        8: refused: csv-value [AM12] amount: line 10, column 7 (amount): "1,000.00" is not a decimal number; write digits with at most one point, no groups, above zero
        9: refused: csv-value [AM12] amount: line 11, column 7 (amount): "-5" is not above zero; write digits with at most one point, no groups, above zero
        10: refused: csv-value [FF01] priority: line 12, column 8 (priority): "fast" is neither urgent nor normal; write the value as documented for its column
        11: refused: csv-value [DT01] value_date: line 13, column 9 (value_date): "2026-02-30" is not a date; write YYYY-MM-DD
        12: refused: csv-value [DT01] earliest: line 14, column 10 (earliest): "noon" is neither an instant nor a time of day; write YYYY-MM-DDThh:mm:ssZ, or hh:mm:ssZ on the value date
        13: refused: csv-value [DT01] latest: line 15, column 11 (latest): "25:00:00" is neither an instant nor a time of day; write YYYY-MM-DDThh:mm:ssZ, or hh:mm:ssZ on the value date
        14: refused: csv-value [FF01] kind: line 16, column 12 (kind): "refund" is neither a kind of payment nor a request; write customer, institution, cancel, park, activate, raise, lower, first, last, hold, void, quote, quote-for, accept, settle, sell, buy or withdraw
        15: refused: csv-value [FF07] purpose: line 17, column 13 (purpose): "TOOLONG" is not a purpose code of 1 to 4 characters; use an external purpose code such as GDDS
        16: refused: csv-value [FF01] remittance: line 18, column 14 (remittance): "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx..." is longer than 140 characters; write the value as documented for its column
        17: refused: creditor-agent-unknown [AGNT] CdtrAgt: line 19: XXXXINBB does not take part in this arrangement; use the BIC under which the creditor's agent takes part
        18: refused: currency-unknown [AM03] IntrBkSttlmAmt: line 20: USD is not a currency of this arrangement; use a currency of the arrangement
        19: refused: csv-line [FF01] line 21: 2 columns, expected 14; write the line as the documented header says
        20: refused: csv-line [FF01] line 22: more than 14 columns; write the line as the documented header says
        21: refused: csv-line [FF01] line 23: column 14: the quote is not closed; write the line as the documented header says
        22: refused: csv-line [FF01] line 24: column 14: text after the closing quote; write the line as the documented header says
        23: actor 1: pay 6 -> 8 100 Customer Normal value 0
    "#]],
    );
}

#[test]
fn a_file_without_the_header_is_refused_as_a_whole() {
    let world = World::new();
    let mut out = Vec::new();
    let options = comity_gateway::inbound::Options { name: "inbox.csv".into(), ..Default::default() };
    for text in ["", "uetr,amount\n1,2\n", "\u{feff}at,uetr\n"] {
        comity_gateway::translate_csv(&world.directory, &options, 1, text.as_bytes(), |inbound| out.push(inbound));
    }
    expect![[r#"
        0: unreadable: csv-header [FF01] line 1: line 1 is "", expected "at,uetr,end_to_end_id,from,to,currency,amount,priority,value_date,earliest,latest,kind,purpose,remittance"; begin the file with the documented header line
        0: unreadable: csv-header [FF01] line 1: line 1 is "uetr,amount", expected "at,uetr,end_to_end_id,from,to,currency,amount,priority,value_date,earliest,latest,kind,purpose,remittance"; begin the file with the documented header line
        0: unreadable: csv-header [FF01] line 1: line 1 is "at,uetr", expected "at,uetr,end_to_end_id,from,to,currency,amount,priority,value_date,earliest,latest,kind,purpose,remittance"; begin the file with the documented header line
    "#]].assert_eq(&show(&out));
}

#[test]
fn bytes_that_are_not_utf_8_refuse_their_line_alone() {
    let world = World::new();
    let options = comity_gateway::inbound::Options { name: "inbox.csv".into(), ..Default::default() };
    let good = format!("2026-11-25T01:16:00Z,{UETR},E,XXXXCNBA,XXXXRUMM,CNY,1.00,,,,,,,");
    let mut bytes = format!("\u{feff}{}\n", comity_gateway::inbound::CSV_HEADER).into_bytes();
    bytes.extend_from_slice(b"2026-11-25T01:16:00Z,\xff\xfe,E\n");
    bytes.extend_from_slice(good.as_bytes());
    let mut out = Vec::new();
    let tally = comity_gateway::translate_csv(&world.directory, &options, 1, &bytes, |inbound| out.push(inbound));
    expect![[r#"
        0: refused: csv-line [FF01] line 2: byte 22 is not UTF-8; write the line as the documented header says
        1: actor 1: pay 6 -> 8 100 Customer Normal value 0
    "#]]
    .assert_eq(&show(&out));
    assert_eq!((tally.transactions, tally.commands, tally.refused), (2, 1, 1));
}

#[test]
fn a_payment_written_down_twice_without_a_reference_is_paid_once() {
    let mut world = World::new();
    world.fund(CN, "CNY", 10_000);
    let line = "2026-11-25T01:16:00Z,,INV-2,XXXXCNBAXXX,XXXXKZKA,CNY,7,,,,,institution,,";
    let lines = world.read_csv(&[line, line]);
    world.delivered.clear();
    world.submit(lines);
    assert_eq!(world.state.payments.len(), 1);
    expect![[r#"
        pacs.002 to XXXXCNBAXXX [S37-0]
            OrgnlMsgId: inbox.csv
            OrgnlEndToEndId: INV-2
            OrgnlUETR: 9b9ce590-4a7f-4834-9c66-54461c361345
            TxSts: ACCC
            OrgnlEndToEndId: INV-2
            OrgnlUETR: 9b9ce590-4a7f-4834-9c66-54461c361345
            TxSts: ACCC
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
        camt.054 to XXXXKZKAXXX [N37-0]
            Id: N37-0
            Id: XXXXKZKAXXXCNY
            NtryRef: 37-0
            Amt Ccy="CNY": 7.00
            CdtDbtInd: CRDT
            Cd: BOOK
            Cd: PMNT
            Cd: RCDT
            EndToEndId: INV-2
            Amt Ccy="CNY": 7.00
            CdtDbtInd: CRDT
    "#]]
    .assert_eq(&world.told());
}
