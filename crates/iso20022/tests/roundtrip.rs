//! What is written is read back equal.

mod common;

use comity_iso20022::*;
use common::*;
use proptest::prelude::*;

/// Reads an input and gives each transaction to `look`; every line must be good.
fn transactions(input: &str, mut look: impl FnMut(usize, &Transaction<'_>)) {
    let mut seen = 0;
    read(input.as_bytes(), &Options::default(), |part| match part {
        Part::Transaction(line) => {
            let transaction = line.outcome.unwrap_or_else(|p| panic!("{p:?} in {input}"));
            let mut paths = line.uninterpreted.paths();
            // The creator of a case is the only part the writers write and the reader does not interpret.
            assert!(paths.all(|path| path.ends_with("/Cretr")), "{:?}", line.uninterpreted);
            look(seen, transaction);
            seen += 1;
        }
        Part::End(end) => assert!(end.problems.is_empty(), "{:?}", end.problems),
        Part::Refused(refused) => panic!("{refused:?} in {input}"),
        Part::Header(_) => {}
    });
    assert!(seen > 0);
}

#[test]
fn samples_of_every_kind_come_back() {
    let samples = inbound_samples();
    let sample = |name: &str| {
        let found = samples.iter().find(|(n, _)| n.starts_with(name));
        found.expect("a sample").1.as_str()
    };
    for (name, kind) in [
        ("pacs.008", TransferKind::Customer),
        ("pacs.009", TransferKind::Institution),
        ("pain.001", TransferKind::Initiation),
    ] {
        transactions(sample(name), |index, read| {
            let Transaction::CreditTransfer(read) = read else { panic!("a transfer") };
            if index == 0 {
                assert_eq!(read, &transfer(kind));
            } else {
                assert_eq!(read.remittance, Some("short & <sharp>"));
            }
        });
    }
    transactions(sample("pacs.004"), |_, read| {
        let Transaction::Return(read) = read else { panic!("a return") };
        let expected = payment_return();
        assert_eq!(read.original.uetr, expected.original.uetr);
        assert_eq!(read, &expected);
    });
    transactions(sample("camt.056"), |_, read| {
        assert_eq!(read, &Transaction::CancellationRequest(cancellation()));
    });
    transactions(sample("camt.029"), |_, read| {
        assert_eq!(read, &Transaction::Resolution(resolution()));
    });
    transactions(sample("acmt.023"), |_, read| {
        assert_eq!(read, &Transaction::Identification(identification()));
    });
}

#[test]
fn the_application_header_comes_back() {
    let list = [transfer(TransferKind::Customer)];
    let message = transfers(TransferKind::Customer, &list);
    let input = written(Some(&envelope()), Message::CreditTransfers(&message));
    let mut seen = false;
    read(input.as_bytes(), &Options::default(), |part| {
        if let Part::Header(header) = part {
            let application = header.application.expect("a header");
            assert_eq!(application.from, Some(bic("XXXXCNBA")));
            assert_eq!(application.to, Some(bic("XXXXRUMM")));
            assert_eq!(application.definition, "pacs.008.001.08");
            assert_eq!(application.service, Some("comity.union.01"));
            assert!(application.possible_duplicate);
            assert_eq!(header.clearing_system, Some("COMITY"));
            assert_eq!(header.stated_transactions, Some(1));
            seen = true;
        }
    });
    assert!(seen);
}

#[test]
fn newer_versions_are_read_by_their_own_content_models() {
    let list = [transfer(TransferKind::Customer)];
    let message = transfers(TransferKind::Customer, &list);
    let old = written(None, Message::CreditTransfers(&message));
    let accepts = |input: &str| {
        let mut refused = Vec::new();
        read(input.as_bytes(), &Options::default(), |part| match part {
            Part::Transaction(line) => match line.outcome {
                Ok(Transaction::CreditTransfer(read)) => {
                    assert_eq!(read.debtor, list[0].debtor);
                    assert_eq!(read.accepted.is_some(), input.contains("AccptncDtTm"));
                }
                Ok(other) => panic!("{other:?}"),
                Err(problems) => refused.extend(problems.iter().map(|p| p.field.clone())),
            },
            Part::Refused(message) => refused.extend(message.problems.iter().map(|p| p.field.clone())),
            Part::Header(_) | Part::End(_) => {}
        });
        refused
    };
    let care_of = old.replacen("<StrtNm>", "<CareOf>Invented Agents</CareOf><StrtNm>", 1);
    let accepted = "<AccptncDtTm>2026-11-21T09:30:00Z</AccptncDtTm>";
    let in_line = care_of.replacen("<InstdAmt", &format!("{accepted}<InstdAmt"), 1);
    let in_part = care_of.replacen("<InstdAmt", &format!("<AddtlDtTm>{accepted}</AddtlDtTm><InstdAmt"), 1).replacen(
        "<NbOfTxs>",
        "<XpryDtTm>2026-11-24T00:00:00Z</XpryDtTm><NbOfTxs>",
        1,
    );
    let version = |input: &str, version: &str| input.replace("pacs.008.001.08", version);
    assert_eq!(accepts(&old), [""; 0]);
    assert_eq!(accepts(&care_of), ["CdtTrfTxInf/Dbtr/PstlAdr/CareOf"]);
    assert_eq!(accepts(&version(&in_line, "pacs.008.001.12")), [""; 0]);
    assert_eq!(accepts(&version(&in_line, "pacs.008.001.13")), ["CdtTrfTxInf/AccptncDtTm"]);
    assert_eq!(accepts(&version(&in_part, "pacs.008.001.13")), [""; 0]);
    assert_eq!(accepts(&version(&in_part, "pacs.008.001.12")), ["GrpHdr/XpryDtTm"]);
    assert!(supported_versions().any(|version| version == "pacs.008.001.13"));
}

#[test]
fn a_case_answered_as_a_whole_is_one_line() {
    let message = ResolutionMessage {
        message_id: "BRAVO-A-2",
        created: at("2026-11-21T12:00:00Z"),
        assigner: bic("XXXXRUMM"),
        assignee: bic("XXXXCNBA"),
        case: Some(("CASE-1", bic("XXXXCNBA"))),
        confirmation: "CNCL",
        resolutions: &[],
    };
    transactions(&written(None, Message::Resolution(&message)), |_, read| {
        let Transaction::Resolution(read) = read else { panic!("a resolution") };
        assert_eq!(read.confirmation.and_then(Confirmation::from_code), Some(Confirmation::Cancelled));
        assert_eq!(read.case_id, Some("CASE-1"));
    });
}

/// Text as banks write it, and as nobody expects it.
fn text(max: usize) -> impl Strategy<Value = String> {
    let any = "[a-zA-Z0-9 <>&\"'/.,;\u{400}-\u{44f}\u{4e00}-\u{4eff}\u{ff01}-\u{ff0f}\u{1f600}-\u{1f610}]";
    proptest::string::string_regex(&format!("{any}{{1,{max}}}")).expect("a pattern")
}

fn identifier() -> impl Strategy<Value = String> {
    "[A-Za-z0-9][A-Za-z0-9.:()+?,'-]{0,33}"
}

prop_compose! {
    fn strings()(
        ids in proptest::collection::vec(identifier(), 6),
        texts in proptest::collection::vec(text(35), 8),
        lines in proptest::collection::vec(text(70), 0..=2),
        remittance in proptest::collection::vec(text(140), 0..4),
    ) -> (Vec<String>, Vec<String>, String, String) {
        (ids, texts, lines.join("\n"), remittance.join("\n"))
    }
}

fn some(text: &str) -> Option<&str> {
    (!text.is_empty()).then_some(text)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn any_transfer_comes_back(
        (ids, texts, lines, remittance) in strings(),
        minor in 1..=999_999_999_999_i64,
        currency in prop::sample::select(vec!["CNY", "RUB", "JPY", "KWD", "CLF", "UYW", "KZT"]),
        number in 1..u64::MAX,
        micros in 0..4_102_444_800_000_000_i64,
        kind in prop::sample::select(vec![TransferKind::Customer, TransferKind::Institution, TransferKind::Initiation]),
        flags in prop::collection::vec(any::<bool>(), 8),
    ) {
        let base = transfer(kind);
        let code = CurrencyCode::parse(currency).expect("active");
        let amount = Amount::new(minor, code).expect("active");
        let created = Timestamp::from_micros(micros);
        let customer = kind == TransferKind::Customer;
        let charge = Charge { amount: Amount::new(0, code).expect("active"), agent: Agent { name: Some(&texts[4]), ..Agent::of(bic("XXXXKZKA")) } };
        let party = |base: Party<'static>, name| {
            let mut party = Party { name: Some(name), ..base };
            if base.address.town.is_some() && flags[0] {
                party.address = Address { town: Some(&texts[5]), lines: some(&lines), ..party.address };
            }
            party
        };
        let one = CreditTransfer {
            message_id: &ids[0],
            created,
            instruction_id: flags[1].then_some(ids[1].as_str()),
            end_to_end_id: &ids[2],
            transaction_id: base.transaction_id.map(|_| ids[3].as_str()),
            uetr: Some(uetr(number)),
            amount,
            instructed_amount: None,
            exchange_rate: None,
            accepted: (customer && flags[2]).then_some(created),
            charges: if customer && flags[3] { vec![charge, charge] } else { Vec::new() },
            local_instrument: flags[4].then_some(Choice::Proprietary(&texts[3])),
            instruction_priority: flags[5].then_some(InstructionPriority::High),
            debtor: party(base.debtor, &texts[0]),
            creditor: party(base.creditor, &texts[1]),
            ultimate_debtor: if customer && flags[6] { Party { name: Some(&texts[2]), ..Party::default() } } else { Party::default() },
            remittance: some(&remittance),
            ..base
        };
        let list = [one];
        let message = CreditTransferMessage { message_id: &ids[0], created, ..transfers(kind, &list) };
        for indented in [false, true] {
            let mut out = Vec::new();
            if indented {
                write_indented(&mut out, None, Message::CreditTransfers(&message));
            } else {
                write(&mut out, Some(&envelope()), Message::CreditTransfers(&message));
            }
            let input = String::from_utf8(out).expect("UTF-8");
            transactions(&input, |_, read| {
                assert_eq!(read, &Transaction::CreditTransfer(list[0].clone()));
            });
        }
    }

    #[test]
    fn any_return_comes_back(
        (ids, texts, _, _) in strings(),
        minor in 1..=999_999_999_999_i64,
        number in 1..u64::MAX,
    ) {
        let code = CurrencyCode::parse("CNY").expect("active");
        let original_uetr = uetr(number);
        let written_uetr = original_uetr.to_string();
        let back = PaymentReturn {
            message_id: &ids[0],
            return_id: Some(&ids[1]),
            original: References { instruction_id: Some(&ids[2]), end_to_end_id: Some(&ids[3]), uetr: Some(&written_uetr), clearing_reference: Some(&ids[4]), transaction_id: None },
            original_uetr: Some(original_uetr),
            amount: Amount::new(minor, code).expect("active"),
            reason: Some(Choice::Proprietary(&texts[0])),
            information: Some(&texts[1]),
            ..payment_return()
        };
        let returns = [back];
        let message = ReturnMessage { message_id: &ids[0], created: returns[0].created, settlement_method: SettlementMethod::Clearing, returns: &returns };
        transactions(&written(None, Message::Returns(&message)), |_, read| {
            assert_eq!(read, &Transaction::Return(returns[0].clone()));
        });
    }
}
