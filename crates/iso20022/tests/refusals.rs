//! The rules beyond well-formed XML, in order of precedence: what is changed in a good message, and what the reader answers.

mod common;

use comity_iso20022::*;
use common::*;
use expect_test::{Expect, expect};

fn message(kind: &str) -> String {
    let found = inbound_samples().into_iter().find(|(name, _)| name.starts_with(kind));
    found.expect("a sample of this kind").1
}

/// Replaces `from` by `to` once in a good message, and compares what is told.
fn rule(kind: &str, from: &str, to: &str, expect: &Expect) {
    let good = message(kind);
    assert!(good.contains(from), "{from} is not in {good}");
    expect.assert_eq(&told(good.replacen(from, to, 1).as_bytes()));
}

#[test]
fn a_good_message_is_accepted() {
    for (name, sample) in inbound_samples() {
        let told = told(sample.as_bytes());
        assert!(told.starts_with(name) && told.contains("  0 accepted"), "{told}");
        assert!(told.ends_with(", 0 refused\n"), "{told}");
    }
}

#[test]
fn message_unsupported() {
    rule(
        "pacs.008",
        "pacs.008.001.08\"",
        "pacs.008.001.99\"",
        &expect![[r#"
        refused: FF01 message-unsupported : "pacs.008.001.99" the message pacs.008.001.99 is not supported
    "#]],
    );
    rule(
        "pacs.008",
        "urn:iso:std:iso:20022:tech:xsd:pacs.008.001.08\"",
        "urn:other\"",
        &expect![[r#"
        refused: FF01 message-unsupported : the document is not in a namespace of ISO 20022
    "#]],
    );
    expect![[r#"
        refused: FF01 message-unsupported : the input holds no ISO 20022 document
    "#]]
    .assert_eq(&told(b"<hello>world</hello>"));
}

#[test]
fn header_mismatch() {
    let list = [transfer(TransferKind::Customer)];
    let batch = transfers(TransferKind::Customer, &list);
    let good = written(Some(&envelope()), Message::CreditTransfers(&batch));
    expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
        end of 1, 0 refused
    "#]]
    .assert_eq(&told(good.as_bytes()));
    let other = good.replacen("<MsgDefIdr>pacs.008.001.08", "<MsgDefIdr>pacs.009.001.08", 1);
    expect![[r#"
        refused: FF01 header-mismatch AppHdr/MsgDefIdr: "pacs.009.001.08" names another message than the document, pacs.008.001.08
    "#]].assert_eq(&told(other.as_bytes()));
    let start = good.find("<Document").expect("a document");
    let alone = format!("{}</Envelope>", &good[..start]);
    expect![[r#"
        refused: FF01 header-mismatch : no document follows this application header
    "#]]
    .assert_eq(&told(alone.as_bytes()));
    let bad = good.replacen("<BizMsgIdr>ALFA-20261121-000001</BizMsgIdr>", "", 1);
    expect![[r#"
        refused: FF01 schema-missing AppHdr/BizMsgIdr: is missing
    "#]]
    .assert_eq(&told(bad.as_bytes()));
}

#[test]
fn schema_element() {
    rule(
        "pacs.008",
        "<EndToEndId>",
        "<Invented/><EndToEndId>",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-element CdtTrfTxInf/PmtId/Invented: the schema has no such element here
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<TxId>ALFA-T-1</TxId>",
        "<TxId>ALFA-T-1</TxId><TxId>ALFA-T-1</TxId>",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 FF01 schema-element CdtTrfTxInf/PmtId/TxId: occurs more than once
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "pacs.008",
        "<PmtId><InstrId>ALFA-I-1</InstrId>",
        "<PmtId><TxId>X</TxId><InstrId>ALFA-I-1</InstrId>",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 FF01 schema-element CdtTrfTxInf/PmtId/InstrId: must stand before TxId
              0 FF01 schema-element CdtTrfTxInf/PmtId/EndToEndId: must stand before TxId
              0 FF01 schema-element CdtTrfTxInf/PmtId/TxId: occurs more than once
              0 FF01 schema-missing CdtTrfTxInf/PmtId/EndToEndId: is missing
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "pacs.008",
        "<LclInstrm>",
        "<LclInstrm><Cd>TRF</Cd>",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-element CdtTrfTxInf/PmtTpInf/LclInstrm/Prtry: stands beside Cd, and only one of them may
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<EndToEndId>CONTRACT-1",
        "<EndToEndId><b/>CONTRACT-1",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-element CdtTrfTxInf/PmtId/EndToEndId/b: stands inside a value
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<EndToEndId>",
        "<x:Foreign xmlns:x=\"urn:x\"/><EndToEndId>",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-element CdtTrfTxInf/PmtId/Foreign: stands in another namespace than its message
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<MsgId>",
        "<Invented/><MsgId>",
        &expect![[r#"
        refused: FF01 schema-element GrpHdr/Invented: the schema has no such element here
    "#]],
    );
}

#[test]
fn schema_missing() {
    rule(
        "pacs.008",
        "<EndToEndId>CONTRACT-1</EndToEndId>",
        "",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-missing CdtTrfTxInf/PmtId/EndToEndId: is missing
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<ChrgBr>SHAR</ChrgBr>",
        "",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-missing CdtTrfTxInf/ChrgBr: is missing
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<Id><Othr><Id>6222000000000000001</Id></Othr></Id>",
        "<Id/>",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-missing CdtTrfTxInf/DbtrAcct/Id: holds none of IBAN, Othr
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<MsgId>ALFA-20261121-000001</MsgId>",
        "",
        &expect![[r#"
        refused: FF01 schema-missing GrpHdr/MsgId: is missing
    "#]],
    );
}

#[test]
fn schema_text_and_attribute() {
    rule(
        "pacs.008",
        "<PmtId>",
        "<PmtId>stray",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-text CdtTrfTxInf/PmtId: "stray" holds text beside its elements
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<EndToEndId>",
        "<EndToEndId lang=\"ru\">",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-attribute CdtTrfTxInf/PmtId/EndToEndId: has the attribute lang, which the schema does not have
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<IntrBkSttlmAmt Ccy=\"RUB\">",
        "<IntrBkSttlmAmt>",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 FF01 schema-attribute CdtTrfTxInf/IntrBkSttlmAmt: has no attribute Ccy
              1 accepted
            end of 2, 1 refused
        "#]],
    );
}

#[test]
fn schema_value() {
    rule(
        "pacs.008",
        "CONTRACT-1<",
        "CONTRACT-1-WITH-A-NUMBER-LONGER-THAN-35-CHARACTERS<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-value CdtTrfTxInf/PmtId/EndToEndId: "CONTRACT-1-WITH-A-NUMBER-LONGER-THAN-35-CHARACTERS" has 50 characters, the limit is 35
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        ">CONTRACT-1<",
        "><",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-value CdtTrfTxInf/PmtId/EndToEndId: is empty
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        ">SHAR<",
        ">ALLE<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-value CdtTrfTxInf/ChrgBr: "ALLE" is none of DEBT, CRED, SHAR, SLEV
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<NbOfTxs>2",
        "<NbOfTxs>two",
        &expect![[r#"
        refused: FF01 schema-value GrpHdr/NbOfTxs: "two" is not 1 to 15 digits
    "#]],
    );
    rule(
        "pacs.008",
        ">125000.00</IntrBk",
        ">12,50</IntrBk",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 FF01 schema-value CdtTrfTxInf/IntrBkSttlmAmt: "12,50" is not a decimal number
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "pacs.008",
        ">12.5<",
        ">12.500000000001<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 schema-value CdtTrfTxInf/XchgRate: "12.500000000001" has more than 11 digits, or more than 10 of them after the point
          1 accepted
        end of 2, 1 refused
    "#]],
    );
}

#[test]
fn date() {
    rule(
        "pacs.008",
        "<IntrBkSttlmDt>2026-11-23",
        "<IntrBkSttlmDt>2026-11-31",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 DT01 date CdtTrfTxInf/IntrBkSttlmDt: "2026-11-31" is not a date
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<TillTm>15:00:00+03:00",
        "<TillTm>25:00:00",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 DT01 date CdtTrfTxInf/SttlmTmReq/TillTm: "25:00:00" is not a time
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<CreDtTm>2026-11-21T09:30:47Z",
        "<CreDtTm>yesterday",
        &expect![[r#"
        refused: DT01 date GrpHdr/CreDtTm: "yesterday" is not a date and time
    "#]],
    );
}

#[test]
fn charset() {
    rule(
        "pacs.008",
        ">CONTRACT-1<",
        ">ДОГОВОР-1<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 charset CdtTrfTxInf/PmtId/EndToEndId: "ДОГОВОР-1" holds characters that identifiers may not hold
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        ">CONTRACT-1<",
        ">/CONTRACT-1<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 charset CdtTrfTxInf/PmtId/EndToEndId: "/CONTRACT-1" holds characters that identifiers may not hold
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        ">CONTRACT-1<",
        ">CONTRACT//1<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 FF01 charset CdtTrfTxInf/PmtId/EndToEndId: "CONTRACT//1" holds characters that identifiers may not hold
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    let free = Options { restricted_identifiers: false, ..Options::default() };
    let message = message("pacs.008").replacen(">CONTRACT-1<", ">ДОГОВОР-1<", 1);
    expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]]
    .assert_eq(&told_with(message.as_bytes(), &free));
}

#[test]
fn settlement_method() {
    rule(
        "pacs.008",
        "<SttlmMtd>CLRG",
        "<SttlmMtd>INDA",
        &expect![[r#"
        refused: FF01 settlement-method GrpHdr/SttlmInf/SttlmMtd: "INDA" is not CLRG
    "#]],
    );
}

#[test]
fn amounts() {
    rule(
        "pacs.008",
        "<IntrBkSttlmAmt Ccy=\"RUB\">",
        "<IntrBkSttlmAmt Ccy=\"DEM\">",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 AM03 currency CdtTrfTxInf/IntrBkSttlmAmt: "DEM" is not an active currency code of ISO 4217
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "pacs.009",
        ">125000.00</IntrBk",
        ">0.00</IntrBk",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 AM12 amount-positive CdtTrfTxInf/IntrBkSttlmAmt: "0.00" is not above zero
              1 accepted
            end of 2, 1 refused
              AM10 control-sum-agrees GrpHdr/CtrlSum: "250000.00" is not the sum of the amounts found, 125000
        "#]],
    );
    rule(
        "pacs.009",
        ">125000.00</IntrBk",
        ">-1.00</IntrBk",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 AM12 amount-positive CdtTrfTxInf/IntrBkSttlmAmt: "-1.00" is below zero
              1 accepted
            end of 2, 1 refused
              AM10 control-sum-agrees GrpHdr/CtrlSum: "250000.00" is not the sum of the amounts found, 124999
        "#]],
    );
    rule(
        "pacs.009",
        ">125000.00</IntrBk",
        ">125000.001</IntrBk",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 AM12 amount-decimals CdtTrfTxInf/IntrBkSttlmAmt: "125000.001" has more decimals than the 2 of RUB
              1 accepted
            end of 2, 1 refused
              AM10 control-sum-agrees GrpHdr/CtrlSum: "250000.00" is not the sum of the amounts found, 250000.001
        "#]],
    );
    rule(
        "pacs.009",
        ">125000.00</IntrBk",
        ">999999999999999999</IntrBk",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 AM12 amount-digits CdtTrfTxInf/IntrBkSttlmAmt: "999999999999999999" has more than 18 digits in minor units
              1 accepted
            end of 2, 1 refused
              AM10 control-sum-agrees GrpHdr/CtrlSum: "250000.00" is not the sum of the amounts found, 1000000000000124999
        "#]],
    );
}

#[test]
fn identifiers() {
    rule(
        "pacs.008",
        ">XXXXCNBA<",
        ">XXXXZZBA<",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 RC05 bic CdtTrfTxInf/InstgAgt/FinInstnId/BICFI: "XXXXZZBA" is not in the form of ISO 9362
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<Nm>Invented Machine Works Co</Nm>",
        "<Nm>Invented Machine Works Co</Nm><Id><OrgId><LEI>XXXX00INVENTED00X000</LEI></OrgId></Id>",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 FF01 schema-element CdtTrfTxInf/Dbtr/PstlAdr: must stand before Id
              0 RC02 lei CdtTrfTxInf/Dbtr/Id/OrgId/LEI: "XXXX00INVENTED00X000" is not an LEI with right check digits
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "acmt.023",
        "KZ86125KZT5004100100",
        "KZ87125KZT5004100100",
        &expect![[r#"
        acmt.023.001.03 ALFA-V-1
          0 AC01 iban Vrfctn/PtyAndAcctId/Acct/Id/IBAN: "KZ87125KZT5004100100" has wrong check digits
        end of 1, 1 refused
    "#]],
    );
    rule(
        "acmt.023",
        "KZ86125KZT5004100100",
        "KZ86125KZT50041001",
        &expect![[r#"
        acmt.023.001.03 ALFA-V-1
          0 AC01 iban Vrfctn/PtyAndAcctId/Acct/Id/IBAN: "KZ86125KZT50041001" has 18 characters, an IBAN of this country has 20
        end of 1, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<Ctry>CN",
        "<Ctry>ZZ",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 BE09 country CdtTrfTxInf/Dbtr/PstlAdr/Ctry: "ZZ" is not a country code of ISO 3166
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "pacs.009",
        "-4",
        "-1",
        &expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 FF01 uetr-v4 CdtTrfTxInf/PmtId/UETR: "9e3779b9-7f4a-1c15-8000-000000000001" is not a version 4 UUID in lower case
          1 accepted
        end of 2, 1 refused
    "#]],
    );
}

#[test]
fn missing_beyond_the_schema() {
    let start = "<UETR>";
    let good = message("pacs.009");
    let at = good.find(start).expect("a UETR");
    let uetr = &good[at..at + "<UETR></UETR>".len() + 36];
    rule(
        "pacs.009",
        uetr,
        "",
        &expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 FF01 uetr-missing CdtTrfTxInf/PmtId/UETR: is missing
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.009",
        "<IntrBkSttlmDt>2026-11-23</IntrBkSttlmDt>",
        "",
        &expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 DT01 settlement-date CdtTrfTxInf/IntrBkSttlmDt: is missing here and in the group header
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    let nothing = message("camt.056");
    let from = nothing.find("<OrgnlInstrId>").expect("references");
    let to = nothing.find("<OrgnlIntrBkSttlmAmt").expect("an amount");
    let nothing = format!("{}{}", &nothing[..from], &nothing[to..]);
    expect![[r#"
        camt.056.001.08 ALFA-C-1
          0 FF01 original-missing Undrlyg/TxInf: names no reference of the original payment
        end of 1, 1 refused
    "#]]
    .assert_eq(&told(nothing.as_bytes()));
}

#[test]
fn address_form() {
    let lines = "<PstlAdr><AdrLine>Example Road 18</AdrLine><AdrLine>Beijing</AdrLine></PstlAdr>";
    let hybrid = "<PstlAdr><TwnNm>Beijing</TwnNm><Ctry>CN</Ctry><AdrLine>Example Road 18</AdrLine></PstlAdr>";
    let structured =
        "<PstlAdr><StrtNm>Example Road</StrtNm><BldgNb>18</BldgNb><TwnNm>Beijing</TwnNm><Ctry>CN</Ctry></PstlAdr>";
    rule(
        "pacs.008",
        structured,
        lines,
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 RR02 address-form CdtTrfTxInf/Dbtr/PstlAdr/AdrLine: "Example Road 18 Beijing" is part of an address that is neither structured nor hybrid, as it must be from 2026-11-15
              1 accepted
            end of 2, 1 refused
        "#]],
    );
    rule(
        "pacs.008",
        structured,
        hybrid,
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<TwnNm>Moskva</TwnNm>",
        "",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 RR03 address-form CdtTrfTxInf/Cdtr/PstlAdr/StrtNm: "Example Road" is part of an address that is neither structured nor hybrid, as it must be from 2026-11-15
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    // Before the date of the rule any form will do.
    let early = message("pacs.008").replace("2026-11-23", "2026-11-13").replacen(structured, lines, 1);
    expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
    "#]]
    .assert_eq(&told(early.as_bytes()));
}

#[test]
fn amounts_agree() {
    rule(
        "pacs.008",
        "<InstdAmt Ccy=\"CNY\">10000.00",
        "<InstdAmt Ccy=\"CNY\">10000.01",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 AM12 amounts-agree CdtTrfTxInf/InstdAmt: "10000.01" times the exchange rate is not the settlement amount 125000.00 RUB
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<XchgRate>12.5</XchgRate>",
        "",
        &expect![[r#"
        pacs.008.001.08 ALFA-20261121-000001
          0 AM12 amounts-agree CdtTrfTxInf/InstdAmt: "10000.00" needs an exchange rate to become RUB
          1 accepted
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.008",
        "<InstdAmt Ccy=\"CNY\">10000.00</InstdAmt><XchgRate>12.5</XchgRate>",
        "<InstdAmt Ccy=\"RUB\">125010.00</InstdAmt>",
        &expect![[r#"
            pacs.008.001.08 ALFA-20261121-000001
              0 AM12 amounts-agree CdtTrfTxInf/InstdAmt: "125010.00" is not the settlement amount 125000.00 RUB, and no rate is given
              1 accepted
            end of 2, 1 refused
        "#]],
    );
}

#[test]
fn duplicates() {
    rule(
        "pacs.009",
        &uetr(2).to_string(),
        &uetr(1).to_string(),
        &expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 accepted
          1 AM05 duplicate-uetr CdtTrfTxInf/PmtId/UETR: "9e3779b9-7f4a-4c15-8000-000000000001" stands in this message already
        end of 2, 1 refused
    "#]],
    );
    rule(
        "pacs.009",
        ">CONTRACT-2<",
        ">CONTRACT-1<",
        &expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 accepted
          1 AM05 duplicate-end-to-end CdtTrfTxInf/PmtId/EndToEndId: "CONTRACT-1" stands in this message already
        end of 2, 1 refused
    "#]],
    );
}

#[test]
fn totals() {
    rule(
        "pacs.009",
        "<NbOfTxs>2",
        "<NbOfTxs>3",
        &expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 accepted
          1 accepted
        end of 2, 0 refused
          AM18 count-agrees GrpHdr/NbOfTxs: "3" is not the number of transactions found, 2
    "#]],
    );
    rule(
        "pacs.009",
        "<CtrlSum>250000",
        "<CtrlSum>250001",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 accepted
              1 accepted
            end of 2, 0 refused
              AM10 control-sum-agrees GrpHdr/CtrlSum: "250001.00" is not the sum of the amounts found, 250000
        "#]],
    );
    rule(
        "pacs.009",
        "<SttlmInf>",
        "<TtlIntrBkSttlmAmt Ccy=\"CNY\">250000</TtlIntrBkSttlmAmt><SttlmInf>",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 accepted
              1 accepted
            end of 2, 0 refused
              AM10 total-agrees GrpHdr/TtlIntrBkSttlmAmt: "250000" is not the sum of the amounts found, 250000 RUB
        "#]],
    );
    rule(
        "pacs.009",
        "<SttlmInf>",
        "<TtlIntrBkSttlmAmt Ccy=\"RUB\">250000</TtlIntrBkSttlmAmt><SttlmInf>",
        &expect![[r#"
            pacs.009.001.08 ALFA-20261121-000001
              0 accepted
              1 accepted
            end of 2, 0 refused
        "#]],
    );
}

#[test]
fn the_first_problem_by_precedence_gives_the_reason() {
    let bad = message("pacs.009").replacen("-4", "-1", 1).replacen(">125000.00</IntrBk", ">0.00</IntrBk", 1).replacen(
        "<EndToEndId>",
        "<Invented/><EndToEndId>",
        1,
    );
    expect![[r#"
        pacs.009.001.08 ALFA-20261121-000001
          0 FF01 schema-element CdtTrfTxInf/PmtId/Invented: the schema has no such element here
          0 AM12 amount-positive CdtTrfTxInf/IntrBkSttlmAmt: "0.00" is not above zero
          0 FF01 uetr-v4 CdtTrfTxInf/PmtId/UETR: "9e3779b9-7f4a-1c15-8000-000000000001" is not a version 4 UUID in lower case
          1 accepted
        end of 2, 1 refused
          AM10 control-sum-agrees GrpHdr/CtrlSum: "250000.00" is not the sum of the amounts found, 125000
    "#]].assert_eq(&told(bad.as_bytes()));
}

#[test]
fn every_rule_is_shown_by_a_story() {
    let stories = [include_str!("refusals.rs"), include_str!("hardening.rs")].concat();
    for rule in Rule::ALL {
        assert!(stories.contains(&format!(" {} ", rule.id())), "no story shows {}", rule.id());
    }
}
