//! Everything a bank can send wrongly: the right reason code in the answer, and the good payment beside it settles.

use std::fmt::Write as _;

use expect_test::expect;

use crate::answers::{all, first, outbox, settled, statuses};
use crate::arrangement::{CN1, KZ1, RU1, run};
use crate::messages::{Line, line, pacs008, uetr};
use crate::world::{comity, folder};

const AT: &str = "2026-11-24T02:00:00Z";

/// Case, files to send, in the order of their times.
struct Case(&'static str, Vec<(&'static str, String)>);

fn bad() -> Line {
    line(7, CN1, RU1, "100.00 CNY")
}

/// The bad line between two good ones, in one message.
fn among(id: &str, line: Line) -> String {
    pacs008(
        id,
        AT,
        CN1,
        &[crate::messages::line(8, CN1, RU1, "1.00 CNY"), line, crate::messages::line(9, CN1, RU1, "2.00 CNY")],
    )
}

fn changed(case: &'static str, from: &str, to: &str) -> Case {
    let good = among("BAD", bad());
    let wrong = good.replace(from, to);
    assert!(wrong != good, "{case} changes the message");
    Case(case, vec![("bad.xml", wrong)])
}

/// Changes the bad line alone, where the others hold the same text.
fn within(case: &'static str, from: &str, to: &str) -> Case {
    let mut text = among("BAD", bad());
    let (at, _) = text.match_indices(from).nth(1).expect("the bad line is the second");
    text.replace_range(at..at + from.len(), to);
    Case(case, vec![("bad.xml", text)])
}

fn with(case: &'static str, change: impl FnOnce(&mut Line)) -> Case {
    let mut line = bad();
    change(&mut line);
    Case(case, vec![("bad.xml", among("BAD", line))])
}

fn cases() -> Vec<Case> {
    let text = among("BAD", bad());
    let bad_amount = "CNY\">100.00<";
    let iban = |number: &str| format!("<DbtrAcct><Id><IBAN>{number}</IBAN></Id></DbtrAcct><DbtrAgt>");
    let seventh = uetr(7);
    vec![
        Case("malformed: cut off", vec![("bad.xml", text[..text.len() / 2].to_owned())]),
        changed("malformed: a tag not closed", "<UETR>00000007", "<UETR><x>00000007"),
        changed("document type", "<Document ", "<!DOCTYPE d [<!ENTITY e \"x\">]><Document "),
        changed("entity", "<EndToEndId>E7", "<EndToEndId>&e;E7"),
        changed("oversized element", "<EndToEndId>E7", &format!("<EndToEndId>{}", "E7".repeat(20_000))),
        changed("too long a value", "<EndToEndId>E7", "<EndToEndId>E7-which-is-longer-than-35-characters"),
        changed("unknown element", "<IntrBkSttlmAmt Ccy=\"CNY\">100.00", "<Extra/><IntrBkSttlmAmt Ccy=\"CNY\">100.00"),
        changed("wrong version", "pacs.008.001.08", "pacs.008.001.02"),
        changed("not a payment message", "pacs.008.001.08", "pain.999.001.01"),
        changed("NbOfTxs does not agree", "<NbOfTxs>3", "<NbOfTxs>4"),
        changed("CtrlSum does not agree", "<NbOfTxs>3</NbOfTxs>", "<NbOfTxs>3</NbOfTxs><CtrlSum>104.00</CtrlSum>"),
        changed("settlement method", "CLRG", "INDA"),
        changed("wrong decimals", bad_amount, "CNY\">100.005<"),
        changed("amount zero", bad_amount, "CNY\">0.00<"),
        changed("currency that does not exist", bad_amount, "ZZZ\">100.00<"),
        changed("currency not in the arrangement", bad_amount, "EUR\">100.00<"),
        with("wrong currency for the account", |line| line.money = "100.00 KZT"),
        with("creditor without an account in it", |line| {
            line.money = "100.00 RUB";
            line.to = KZ1;
        }),
        changed("UETR not of version 4", &seventh, "00000007-0000-1000-8000-000000000000"),
        within("bad BIC", "<CdtrAgt><FinInstnId><BICFI>XXXXRUB1", "<CdtrAgt><FinInstnId><BICFI>XXXXR"),
        with("unknown agent", |line| line.to = "XXXXUZB9"),
        with("payer is not the sender", |line| {
            line.from = RU1;
            line.to = KZ1;
        }),
        within("bad LEI", "<BICFI>XXXXRUB1</BICFI>", "<BICFI>XXXXRUB1</BICFI><LEI>XXXX00W84GGAD4G6W409</LEI>"),
        within("bad IBAN", "<DbtrAgt>", &iban("KZ86125KZT5004100101")),
        within(
            "address not structured",
            "<TwnNm>Example</TwnNm><Ctry>RU</Ctry>",
            "<AdrLine>Example Street 1, Moscow</AdrLine>",
        ),
        with("value date past", |line| line.date = "2026-11-23"),
        with("value date too far ahead", |line| line.date = "2027-01-11"),
        with("value date on a Saturday", |line| line.date = "2026-11-28"),
        with("expired on arrival", |line| line.more = "<SttlmTmReq><RjctTm>01:30:00Z</RjctTm></SttlmTmReq>".into()),
        with("over the limit for one payment", |line| line.money = "1000000.01 CNY"),
        with("latest time passes while it waits", |line| {
            line.money = "9000.00 CNY";
            line.more = "<SttlmTmReq><TillTm>05:00:00Z</TillTm></SttlmTmReq>".into();
        }),
        Case("phase closed: before funding", vec![("bad.xml", pacs008("BAD", "2026-11-24T00:10:00Z", CN1, &[bad()]))]),
        Case(
            "phase closed: after the cut-off",
            vec![("bad.xml", pacs008("BAD", "2026-11-24T10:00:00Z", CN1, &[bad()]))],
        ),
        Case("currency's cut-off passed", {
            let late = line(7, CN1, RU1, "100.00 RUB");
            vec![("bad.xml", pacs008("BAD", "2026-11-24T08:30:00Z", CN1, &[late]))]
        }),
        Case("UETR used by another message", {
            vec![("1.xml", pacs008("FIRST", AT, CN1, &[bad()])), ("2.xml", among("BAD", bad()))]
        }),
        Case("UETR twice in one message", vec![("bad.xml", pacs008("BAD", AT, CN1, &[bad(), bad()]))]),
        Case("identical message twice", {
            let text = pacs008("BAD", AT, CN1, &[bad()]);
            vec![("1.xml", text.clone()), ("2.xml", text)]
        }),
        Case("nothing at all", vec![("bad.xml", String::new())]),
        Case("not XML", vec![("bad.xml", "PK\u{3}\u{4} this is something else".to_owned())]),
        Case("CSV with another header", vec![("bad.csv", "from,to,amount\nXXXXCNB1,XXXXRUB1,1\n".to_owned())]),
        Case("CSV line with wrong decimals", {
            vec![("bad.csv", format!("{}{AT},,E7,{CN1},{RU1},CNY,1.005,,,,,,,\n", crate::messages::CSV))]
        }),
    ]
}

/// What was answered to the bad message: each status with its code, whole messages by their kind.
fn answered(dir: &std::path::Path) -> (String, String) {
    let mut codes = Vec::new();
    let mut said = String::new();
    for bytes in outbox(dir, "admi.002").into_values() {
        let text = String::from_utf8(bytes).expect("answers are UTF-8");
        codes.push(format!("admi.002 {}", first(&text, "RjctgPtyRsn")));
        if said.is_empty() {
            said = all(&text, "RsnDesc").join(" ");
        }
    }
    for told in statuses(dir) {
        let about_bad = ["BAD", "bad.csv"].contains(&told.message.as_str());
        if !about_bad || told.reference == "E8" || told.reference == "E9" {
            continue;
        }
        codes.push(if told.code.is_empty() { told.status } else { format!("{} {}", told.status, told.code) });
        if !told.text.is_empty() && (said.is_empty() || codes.len() > 1) {
            said = told.text;
        }
    }
    (codes.join(", "), said)
}

/// The beginning of a text, for a table.
fn short(text: &str) -> String {
    let cut: String = text.chars().take(110).collect();
    if cut.len() < text.len() { format!("{}...", cut.trim_end()) } else { cut }
}

#[test]
fn every_bad_message_gets_its_reason_and_the_good_one_beside_it_settles() {
    let mut table = String::new();
    for Case(case, inbox) in cases() {
        let home = folder();
        let mut files: Vec<(&str, String)> = inbox;
        files.push(("good.xml", pacs008("GOOD", "2026-11-24T03:00:00Z", CN1, &[line(1, CN1, RU1, "5.00 CNY")])));
        run(home.path(), &files);
        assert!(settled(home.path(), "GOOD", "E1"), "{case}: the good payment settles");
        comity(home.path(), &["verify", "."]).ends(0);
        let (codes, said) = answered(home.path());
        assert!(!codes.is_empty(), "{case}: there is an answer");
        let beside = ["E8", "E9"].map(|reference| if settled(home.path(), "BAD", reference) { "settled" } else { "-" });
        writeln!(table, "{case}\n    {codes}; lines beside it: {}, {}", beside[0], beside[1]).expect("text grows");
        if !said.is_empty() {
            writeln!(table, "    {}", short(&said)).expect("text grows");
        }
    }
    expect![[r#"
        malformed: cut off
            admi.002 FF01; lines beside it: -, -
            xml-malformed [FF01] CdtTrfTxInf: the input ends within markup; check the file with an XML tool; it is cut off...
        malformed: a tag not closed
            admi.002 FF01; lines beside it: -, -
            xml-malformed [FF01] CdtTrfTxInf/PmtId/UETR/x: &lt;/UETR&gt; stands where &lt;/x&gt; belongs; check the file w...
        document type
            admi.002 FF01; lines beside it: -, -
            xml-doctype [FF01] a document type declaration is not accepted; remove the document type declaration; messages...
        entity
            admi.002 FF01; lines beside it: -, -
            xml-entity [FF01] CdtTrfTxInf/PmtId/EndToEndId: the entity e is not predefined; write the character itself or...
        oversized element
            RJCT FF01; lines beside it: settled, settled
            limit [FF01] CdtTrfTxInf/PmtId/EndToEndId: it exceeds the limit of 16384 bytes; send less in one message, or a...
        too long a value
            RJCT FF01; lines beside it: settled, settled
            schema-value [FF01] CdtTrfTxInf/PmtId/EndToEndId: "E7-which-is-longer-than-35-characters" has 37 characters, t...
        unknown element
            RJCT FF01; lines beside it: settled, settled
            schema-element [FF01] CdtTrfTxInf/Extra: the schema has no such element here; remove the element or put it whe...
        wrong version
            admi.002 FF01; lines beside it: -, -
            message-unsupported [FF01] the message pacs.008.001.02 is not supported; send one of the messages and versions...
        not a payment message
            admi.002 FF01; lines beside it: -, -
            message-unsupported [FF01] the message pain.999.001.01 is not supported; send one of the messages and versions...
        NbOfTxs does not agree
            RJCT AM18; lines beside it: -, -
            count-agrees [AM18] GrpHdr/NbOfTxs: "4" is not the number of transactions found, 3; state the number of transa...
        CtrlSum does not agree
            RJCT AM10; lines beside it: -, -
            control-sum-agrees [AM10] GrpHdr/CtrlSum: "104.00" is not the sum of the amounts found, 103; state the sum of...
        settlement method
            admi.002 FF01; lines beside it: -, -
            settlement-method [FF01] GrpHdr/SttlmInf/SttlmMtd: "INDA" is not CLRG; payments of the union settle in its cle...
        wrong decimals
            RJCT AM12; lines beside it: settled, settled
            amount-decimals [AM12] CdtTrfTxInf/IntrBkSttlmAmt: "100.005" has more decimals than the 2 of CNY; write as man...
        amount zero
            RJCT AM12; lines beside it: settled, settled
            amount-positive [AM12] CdtTrfTxInf/IntrBkSttlmAmt: "0.00" is not above zero; write an amount above zero
        currency that does not exist
            RJCT AM03; lines beside it: settled, settled
            currency [AM03] CdtTrfTxInf/IntrBkSttlmAmt: "ZZZ" is not an active currency code of ISO 4217; use an active IS...
        currency not in the arrangement
            RJCT AM03; lines beside it: settled, settled
            currency-unknown [AM03] IntrBkSttlmAmt: EUR is not a currency of this arrangement; use a currency of the arran...
        wrong currency for the account
            RJCT AM03; lines beside it: settled, settled
            debtor-account [AM03] IntrBkSttlmAmt: XXXXCNB1XXX has no account in KZT; open an account in this currency, or...
        creditor without an account in it
            RJCT AC11; lines beside it: settled, settled
            creditor-account [AC11] IntrBkSttlmAmt: XXXXKZB1XXX has no account in RUB; pay in a currency in which the cred...
        UETR not of version 4
            RJCT FF01; lines beside it: settled, settled
            uetr-v4 [FF01] CdtTrfTxInf/PmtId/UETR: "00000007-0000-1000-8000-000000000000" is not a version 4 UUID in lower...
        bad BIC
            RJCT RC05; lines beside it: settled, settled
            bic [RC05] CdtTrfTxInf/CdtrAgt/FinInstnId/BICFI: "XXXXR" is not in the form of ISO 9362; write 8 or 11 charact...
        unknown agent
            RJCT AGNT; lines beside it: settled, settled
            creditor-agent-unknown [AGNT] CdtrAgt: XXXXUZB9 does not take part in this arrangement; use the BIC under whic...
        payer is not the sender
            RJCT AG08; lines beside it: settled, settled
            debtor-agent-not-sender [AG08] DbtrAgt: XXXXRUB1 does not send through XXXXCNB1; only the debtor's agent or it...
        bad LEI
            RJCT RC02; lines beside it: settled, settled
            lei [RC02] CdtTrfTxInf/CdtrAgt/FinInstnId/LEI: "XXXX00W84GGAD4G6W409" is not an LEI with right check digits; c...
        bad IBAN
            RJCT AC01; lines beside it: settled, settled
            iban [AC01] CdtTrfTxInf/DbtrAcct/Id/IBAN: "KZ86125KZT5004100101" has wrong check digits; check the account num...
        address not structured
            RJCT RR03; lines beside it: settled, settled
            address-form [RR03] CdtTrfTxInf/Cdtr/PstlAdr/AdrLine: "Example Street 1, Moscow" is part of an address that is...
        value date past
            RJCT DT01; lines beside it: settled, settled
            the settlement date is past, not a business day, or too far ahead: 2026-11-23, the bound is 2026-11-24; use to...
        value date too far ahead
            RJCT DT01; lines beside it: settled, settled
            the settlement date is past, not a business day, or too far ahead: 2027-01-11, the bound is 2026-11-24; use to...
        value date on a Saturday
            RJCT DT01; lines beside it: settled, settled
            the settlement date is past, not a business day, or too far ahead: 2026-11-28, the bound is 2026-11-24; use to...
        expired on arrival
            RJCT DT01; lines beside it: settled, settled
            the latest time is not after the earliest, or has passed: 2026-11-24T01:30:00.000Z, the bound is 2026-11-24T02...
        over the limit for one payment
            RJCT AM02; lines beside it: settled, settled
            the amount is over the limit for one payment: 1,000,000.01 CNY, the limit is 1,000,000.00 CNY; send smaller pa...
        latest time passes while it waits
            PDNG AM04, RJCT TM01; lines beside it: settled, settled
            the payment was not settled by its latest time; send it again with a later time
        phase closed: before funding
            RJCT TM01; lines beside it: -, -
            this is not done in the present phase of the day: Rates; send it in a phase that takes it
        phase closed: after the cut-off
            RJCT TM01; lines beside it: -, -
            this is not done in the present phase of the day: Net positions; send it in a phase that takes it
        currency's cut-off passed
            RJCT TM01; lines beside it: -, -
            the currency's cut-off has passed: 2026-11-24T08:30:00.000Z, the bound is 2026-11-24T08:00:00.000Z; send it to...
        UETR used by another message
            RJCT AM05; lines beside it: settled, settled
            the same UETR was used by another message (entry 70); use a new UETR; the original is named
        UETR twice in one message
            ACSC, RJCT AM05; lines beside it: -, -
            duplicate-uetr [AM05] CdtTrfTxInf/PmtId/UETR: "00000007-0000-4000-8000-000000000000" stands in this message al...
        identical message twice
            ACSC, ACSC; lines beside it: -, -
        nothing at all
            admi.002 FF01; lines beside it: -, -
            xml-malformed [FF01] the input holds no element; check the file with an XML tool; it is cut off or damaged
        not XML
            admi.002 FF01; lines beside it: -, -
            xml-malformed [FF01] the byte 0x03 begins a character that XML does not allow; check the file with an XML tool...
        CSV with another header
            admi.002 FF01; lines beside it: -, -
            csv-header [FF01] line 1: line 1 is "from,to,amount", expected "at,uetr,end_to_end_id,from,to,currency,amount,...
        CSV line with wrong decimals
            RJCT AM12; lines beside it: -, -
            csv-value [AM12] amount: line 2, column 7 (amount): "1.005" has more decimals than CNY; write digits with at m...
    "#]].assert_eq(&table);
}
