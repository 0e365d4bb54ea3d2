//! What is written is valid against the official schemas, as xmllint sees it.

mod common;

use comity_iso20022::*;
use common::*;

/// Messages of every outbound kind, small and full.
fn outbound_samples() -> Vec<(&'static str, String)> {
    let mut samples = Vec::new();
    let mut add = |message: Message<'_>| samples.push((message.name(), written(None, message)));
    let long = "what is wrong, told at such a length that one line of one hundred and five characters cannot hold it all at once";
    let reasons = [
        Reason { reason: Choice::Code("AM04"), information: &["insufficient funds at close", long] },
        Reason { reason: Choice::Proprietary("LIMIT-BILATERAL"), information: &[] },
    ];
    let one = |status, reasons| TransactionStatus {
        status_id: Some("S-1"),
        original: original(),
        uetr: None,
        status,
        reasons,
        accepted: Some(at("2026-11-21T09:30:48.123456Z")),
        effective_settlement: Some(day("2026-11-23")),
        clearing_reference: Some("J-42"),
    };
    let all = [
        PaymentStatus::SettledCreditor,
        PaymentStatus::Settled,
        PaymentStatus::InProcess,
        PaymentStatus::WithoutPosting,
        PaymentStatus::Pending,
        PaymentStatus::Rejected,
        PaymentStatus::Blocked,
        PaymentStatus::TechnicallyAccepted,
        PaymentStatus::Received,
        PaymentStatus::Partly,
        PaymentStatus::Cancelled,
    ];
    let transactions = all.map(|status| one(status, &reasons));
    for (transactions, group_status, group_reasons) in
        [(&transactions[..], None, &[][..]), (&[][..], Some(PaymentStatus::Rejected), &reasons[..])]
    {
        add(Message::StatusReport(&StatusReport {
            message_id: "COMITY-S-1",
            created: at("2026-11-21T09:30:49Z"),
            instructing_agent: Some(bic("XXXXCNBA")),
            instructed_agent: None,
            original: original_message(),
            original_transactions: Some(11),
            group_status,
            group_reasons,
            transactions,
        }));
    }

    let entry = ReportEntry {
        reference: "J-42",
        amount: amount("125000.00", "RUB"),
        direction: CreditDebit::Credit,
        reversal: false,
        status: EntryStatus::Booked,
        booked: at("2026-11-23T09:00:00Z"),
        value_date: day("2026-11-23"),
        code: ("PMNT", "RCDT", "ESCT"),
        original_message_id: Some("ALFA-20261121-000001"),
        references: original(),
        uetr: original_uetr(),
        debtor_agent: Some(bic("XXXXCNBA")),
        creditor_agent: Some(bic("XXXXRUMM")),
        debtor: Some("Invented Machine Works Co"),
        creditor: Some("Вымышленный Завод"),
        remittance: Some("Contract 1\ninvoice 15"),
        return_reason: None,
        information: Some("settled by offsetting"),
    };
    let entries = [
        entry,
        ReportEntry {
            direction: CreditDebit::Debit,
            reversal: true,
            status: EntryStatus::Pending,
            references: References::default(),
            original_message_id: None,
            uetr: None,
            debtor: None,
            creditor: None,
            debtor_agent: None,
            creditor_agent: None,
            remittance: None,
            return_reason: Some(Choice::Code("AC04")),
            information: None,
            ..entry
        },
    ];
    let rub = CurrencyCode::parse("RUB").expect("active");
    let zero = Amount::new(0, rub).expect("active");
    let balances = [
        BalanceType::OpeningBooked,
        BalanceType::ClosingBooked,
        BalanceType::InterimBooked,
        BalanceType::InterimAvailable,
        BalanceType::ClosingAvailable,
        BalanceType::OpeningAvailable,
    ]
    .map(|kind| Balance { kind, amount: zero, direction: CreditDebit::Credit, date: day("2026-11-23") });
    let full = Statement {
        id: "STMT-1",
        sequence: Some(327),
        created: at("2026-11-23T18:00:00Z"),
        period: Some((at("2026-11-23T00:00:00Z"), at("2026-11-23T18:00:00Z"))),
        account: Account { id: AccountId::Other("XXXXRUMM-RUB"), currency: Some(rub) },
        owner: Some(bic("XXXXRUMM")),
        servicer: Some(bic("XXXXRUCB")),
        balances: &balances,
        entries: &entries,
    };
    let bare = Statement {
        sequence: None,
        period: None,
        owner: None,
        servicer: None,
        entries: &[],
        account: Account { id: AccountId::Iban("KZ86125KZT5004100100"), currency: None },
        ..full
    };
    let report = AccountReport {
        message_id: "COMITY-ST-1",
        created: at("2026-11-23T18:00:00Z"),
        recipient: Some(bic("XXXXRUMM")),
        statements: &[full, bare],
    };
    add(Message::Statement(&report));
    add(Message::IntradayReport(&report));
    add(Message::Notification(&report));

    let whole = ResolutionMessage {
        message_id: "BRAVO-A-2",
        created: at("2026-11-21T12:00:00Z"),
        assigner: bic("XXXXRUMM"),
        assignee: bic("XXXXCNBA"),
        case: None,
        confirmation: "PDCR",
        resolutions: &[],
    };
    add(Message::Resolution(&whole));
    let states = [
        CancellationStatus::Accepted,
        CancellationStatus::PartiallyAccepted,
        CancellationStatus::Pending,
        CancellationStatus::Refused,
    ]
    .map(|status| Resolution { status: Some(status), case_id: Some("CASE-7"), ..resolution() });
    add(Message::Resolution(&ResolutionMessage {
        case: Some(("CASE-1", bic("XXXXCNBA"))),
        confirmation: "CNCL",
        resolutions: &states,
        ..whole
    }));

    let answers = [
        VerificationAnswer {
            original_id: "V-1",
            verified: true,
            reason: None,
            original_party: identification().party,
            updated_party: None,
        },
        VerificationAnswer {
            original_id: "V-2",
            verified: false,
            reason: Some(Choice::Code("AC01")),
            original_party: Party::default(),
            updated_party: Some(Party { account: None, ..identification().party }),
        },
    ];
    let report = VerificationReport {
        message_id: "KZ-V-1",
        created: at("2026-11-21T08:00:05Z"),
        assigner: bic("XXXXKZKA"),
        assignee: bic("XXXXCNBA"),
        original: Some(("ALFA-V-1", at("2026-11-21T08:00:00Z"))),
        answers: &answers,
    };
    add(Message::VerificationReport(&report));
    add(Message::VerificationReportV02(&report));

    add(Message::MessageReject(&MessageReject {
        reference: "ALFA-20261121-000001",
        reason: "FF01",
        at: Some(at("2026-11-21T09:30:49Z")),
        location: Some("GrpHdr/MsgId"),
        description: Some("is missing"),
        additional: Some("<&>"),
    }));
    add(Message::SystemEvent(&SystemEvent {
        code: "CUTO",
        parameters: &["RUB", "exchange"],
        description: Some("cut-off reached"),
        at: Some(at("2026-11-21T15:00:00Z")),
    }));
    samples
}

#[test]
fn every_message_written_is_valid() {
    let Some(folder) = xmllint_at_hand() else {
        return;
    };
    let mut samples = outbound_samples();
    samples.extend(inbound_samples());
    let mut by_name = std::collections::BTreeMap::<_, Vec<String>>::new();
    for (name, document) in samples {
        by_name.entry(name).or_default().push(document);
    }
    assert_eq!(by_name.len(), 15, "each message kind has a sample");
    for (name, documents) in by_name {
        let verdicts = xmllint(&folder.join(format!("{name}.xsd")), &documents);
        for (document, verdict) in documents.iter().zip(verdicts) {
            assert_eq!(verdict, None, "{name}: {document}");
        }
    }
}

#[test]
fn indented_and_compact_writing_mean_the_same() {
    let list = [transfer(TransferKind::Customer)];
    let message = transfers(TransferKind::Customer, &list);
    let message = Message::CreditTransfers(&message);
    let mut out = Vec::new();
    write_indented(&mut out, Some(&envelope()), message);
    let indented = String::from_utf8(out).expect("UTF-8");
    assert!(indented.lines().count() > 50);
    let compact: String = indented.lines().map(str::trim_start).collect();
    let mut expected = written(Some(&envelope()), message);
    expected.retain(|c| c != '\n');
    // The one line feed inside a value has become two lines of remittance information.
    assert_eq!(compact, expected);
}

#[test]
fn the_application_header_is_valid() {
    let Some(folder) = xmllint_at_hand() else {
        return;
    };
    let list = [transfer(TransferKind::Customer)];
    let message = transfers(TransferKind::Customer, &list);
    let whole = written(Some(&envelope()), Message::CreditTransfers(&message));
    let start = whole.find("<AppHdr").expect("a header");
    let end = whole.find("</AppHdr>").expect("a header") + "</AppHdr>".len();
    let header = whole[start..end].to_owned();
    let verdict = xmllint(&folder.join("head.001.001.02.xsd"), &[header]);
    assert_eq!(verdict, [None]);
}
