//! What the tests share: invented traffic, a compact way to tell what a reader said, and xmllint.

#![expect(dead_code, reason = "a module of several test binaries, each of which uses a part of it")]

use comity_iso20022::*;
use std::path::PathBuf;
use std::process::{Command, Stdio};

pub(crate) fn bic(text: &str) -> Bic {
    Bic::parse(text).expect("a test BIC is well-formed")
}

pub(crate) fn at(text: &str) -> Timestamp {
    Timestamp::parse(text).expect("a test instant is well-formed")
}

pub(crate) fn day(text: &str) -> Date {
    Date::parse(text).expect("a test date is well-formed")
}

pub(crate) fn amount(text: &str, currency: &str) -> Amount {
    Amount::parse(text, currency).expect("a test amount is well-formed")
}

pub(crate) fn uetr(number: u64) -> Uetr {
    let value = (u128::from(number) << 64).wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(u128::from(number));
    let value = value & !(0xF << 76) & !(0x3 << 62) | (4 << 76) | (2 << 62);
    Uetr::from_u128(value).expect("version and variant are set")
}

pub(crate) fn party<'a>(name: &'a str, town: &'a str, country: &'a str) -> Party<'a> {
    Party {
        name: Some(name),
        address: Address {
            street: Some("Example Road"),
            building: Some("18"),
            town: Some(town),
            country: Some(country),
            ..Address::default()
        },
        account: Some(Account { id: AccountId::Other("6222000000000000001"), currency: None }),
        ..Party::default()
    }
}

/// A transfer as it looks when it has been read.
pub(crate) fn transfer(kind: TransferKind) -> CreditTransfer<'static> {
    let interbank = kind != TransferKind::Initiation;
    let customer = kind != TransferKind::Institution;
    let agent = |code| Agent::of(bic(code));
    CreditTransfer {
        kind,
        message_id: "ALFA-20261121-000001",
        created: at("2026-11-21T09:30:47Z"),
        batch_booking: None,
        settlement_method: interbank.then_some(SettlementMethod::Clearing),
        payment_information_id: (!interbank).then_some("BLOCK-1"),
        instruction_id: Some("ALFA-I-1"),
        end_to_end_id: "CONTRACT-1",
        transaction_id: interbank.then_some("ALFA-T-1"),
        uetr: Some(uetr(1)),
        clearing_reference: None,
        instruction_priority: Some(InstructionPriority::Normal),
        service_level: Some(Choice::Code("G001")),
        local_instrument: Some(Choice::Proprietary("PVP")),
        category_purpose: Some(Choice::Code("TRAD")),
        amount: amount("125000.00", "RUB"),
        settlement_date: Some(day("2026-11-23")),
        settlement_priority: interbank.then_some(SettlementPriority::Urgent),
        times: if interbank {
            SettlementTimes { till: TimeOfDay::parse("15:00:00+03:00"), ..SettlementTimes::default() }
        } else {
            SettlementTimes::default()
        },
        accepted: None,
        instructed_amount: (kind == TransferKind::Customer).then(|| amount("10000.00", "CNY")),
        exchange_rate: (kind == TransferKind::Customer).then(|| Rate::parse("12.5").expect("a rate")),
        charge_bearer: customer.then_some(ChargeBearer::Shared),
        charges: Vec::new(),
        instructing_agent: if interbank { agent("XXXXCNBA") } else { Agent::default() },
        instructed_agent: if interbank { agent("XXXXRUMM") } else { Agent::default() },
        intermediary_agent: Agent::default(),
        ultimate_debtor: Party::default(),
        debtor: if customer {
            party("Invented Machine Works Co", "Beijing", "CN")
        } else {
            Party { bic: Some(bic("XXXXCNBA")), ..Party::default() }
        },
        debtor_agent: if customer { agent("XXXXCNBA") } else { Agent::default() },
        creditor_agent: if customer { agent("XXXXRUMM") } else { Agent::default() },
        creditor: if customer {
            party("Вымышленный Завод", "Moskva", "RU")
        } else {
            Party { bic: Some(bic("XXXXRUMM")), ..Party::default() }
        },
        ultimate_creditor: Party::default(),
        purpose: Some(Choice::Code("GDDS")),
        regulatory_reporting: false,
        remittance: Some("Contract 1, invoice 15\nmachine parts"),
        structured_remittance: false,
    }
}

pub(crate) fn transfers<'a>(kind: TransferKind, transactions: &'a [CreditTransfer<'a>]) -> CreditTransferMessage<'a> {
    CreditTransferMessage {
        kind,
        message_id: "ALFA-20261121-000001",
        created: at("2026-11-21T09:30:47Z"),
        batch_booking: None,
        clearing_system: Some("COMITY"),
        settlement_method: SettlementMethod::Clearing,
        control_sum: true,
        initiating_party: Party { name: Some("Invented Machine Works Co"), ..Party::default() },
        transactions,
    }
}

pub(crate) fn original() -> References<'static> {
    References {
        instruction_id: Some("ALFA-I-1"),
        end_to_end_id: Some("CONTRACT-1"),
        transaction_id: Some("ALFA-T-1"),
        clearing_reference: None,
        uetr: Some("00000000-0000-4000-8000-000000000001"),
    }
}

pub(crate) fn original_uetr() -> Option<Uetr> {
    original().uetr.and_then(Uetr::parse)
}

pub(crate) fn original_message() -> OriginalMessage<'static> {
    OriginalMessage {
        message_id: "ALFA-20261121-000001",
        name: "pacs.008.001.08",
        created: Some(at("2026-11-21T09:30:47Z")),
    }
}

pub(crate) fn payment_return() -> PaymentReturn<'static> {
    PaymentReturn {
        message_id: "BRAVO-R-1",
        created: at("2026-11-23T10:00:00Z"),
        settlement_method: Some(SettlementMethod::Clearing),
        return_id: Some("BRAVO-R-1-1"),
        original_message: Some(original_message()),
        original: original(),
        original_uetr: original_uetr(),
        original_amount: Some(amount("125000.00", "RUB")),
        original_settlement_date: Some(day("2026-11-23")),
        amount: amount("125000.00", "RUB"),
        settlement_date: Some(day("2026-11-24")),
        settlement_priority: Some(SettlementPriority::Normal),
        times: SettlementTimes::default(),
        instructed_amount: None,
        exchange_rate: None,
        charge_bearer: Some(ChargeBearer::Shared),
        charges: Vec::new(),
        instructing_agent: Agent::of(bic("XXXXRUMM")),
        instructed_agent: Agent::of(bic("XXXXCNBA")),
        reason: Some(Choice::Code("AC04")),
        information: Some("account closed in October"),
    }
}

pub(crate) fn cancellation() -> CancellationRequest<'static> {
    CancellationRequest {
        message_id: "ALFA-C-1",
        created: at("2026-11-21T11:00:00Z"),
        assigner: Agent::of(bic("XXXXCNBA")),
        assignee: Agent::of(bic("XXXXRUMM")),
        case_id: Some("CASE-1"),
        cancellation_id: Some("ALFA-C-1-1"),
        original_message: Some(original_message()),
        original: original(),
        original_uetr: original_uetr(),
        original_amount: Some(amount("125000.00", "RUB")),
        original_settlement_date: Some(day("2026-11-23")),
        reason: Some(Choice::Code("DUPL")),
        information: Some("sent twice"),
    }
}

pub(crate) fn resolution() -> Resolution<'static> {
    Resolution {
        message_id: "BRAVO-A-1",
        created: at("2026-11-21T12:00:00Z"),
        assigner: Agent::of(bic("XXXXRUMM")),
        assignee: Agent::of(bic("XXXXCNBA")),
        case_id: Some("CASE-1"),
        confirmation: Some("RJCR"),
        status_id: Some("BRAVO-A-1-1"),
        original_message: Some(original_message()),
        original: original(),
        original_uetr: original_uetr(),
        status: Some(CancellationStatus::Refused),
        reason: Some(Choice::Code("ARDT")),
        information: Some("returned already"),
    }
}

pub(crate) fn identification() -> Identification<'static> {
    Identification {
        message_id: "ALFA-V-1",
        created: at("2026-11-21T08:00:00Z"),
        assigner: Agent::of(bic("XXXXCNBA")),
        assignee: Agent::of(bic("XXXXKZKA")),
        verification_id: "V-1",
        party: Party {
            account: Some(Account { id: AccountId::Iban("KZ86125KZT5004100100"), currency: None }),
            ..party("Invented Trading House", "Almaty", "KZ")
        },
        agent: Agent::of(bic("XXXXKZKA")),
    }
}

/// Writes with `write`, and hands the text back.
pub(crate) fn written(envelope: Option<&Envelope<'_>>, message: Message<'_>) -> String {
    let mut out = Vec::new();
    write(&mut out, envelope, message);
    String::from_utf8(out).expect("the writer writes UTF-8")
}

pub(crate) fn envelope() -> Envelope<'static> {
    Envelope {
        from: bic("XXXXCNBA"),
        to: bic("XXXXRUMM"),
        message_id: "ALFA-20261121-000001",
        service: Some("comity.union.01"),
        created: at("2026-11-21T09:30:47Z"),
        possible_duplicate: true,
    }
}

/// One message of each inbound kind.
pub(crate) fn inbound_samples() -> Vec<(&'static str, String)> {
    let mut samples = Vec::new();
    for kind in [TransferKind::Customer, TransferKind::Institution, TransferKind::Initiation] {
        let second = CreditTransfer {
            uetr: Some(uetr(2)),
            end_to_end_id: "CONTRACT-2",
            remittance: Some("short & <sharp>"),
            ..transfer(kind)
        };
        let list = [transfer(kind), second];
        let message = transfers(kind, &list);
        let message = Message::CreditTransfers(&message);
        samples.push((message.name(), written(None, message)));
    }
    let returns = [payment_return()];
    let message = ReturnMessage {
        message_id: "BRAVO-R-1",
        created: at("2026-11-23T10:00:00Z"),
        settlement_method: SettlementMethod::Clearing,
        returns: &returns,
    };
    samples.push(("pacs.004.001.09", written(None, Message::Returns(&message))));
    let requests = [cancellation()];
    let message = CancellationMessage {
        message_id: "ALFA-C-1",
        created: at("2026-11-21T11:00:00Z"),
        assigner: bic("XXXXCNBA"),
        assignee: bic("XXXXRUMM"),
        requests: &requests,
    };
    samples.push(("camt.056.001.08", written(None, Message::CancellationRequests(&message))));
    let resolutions = [resolution()];
    let message = ResolutionMessage {
        message_id: "BRAVO-A-1",
        created: at("2026-11-21T12:00:00Z"),
        assigner: bic("XXXXRUMM"),
        assignee: bic("XXXXCNBA"),
        case: Some(("CASE-1", bic("XXXXCNBA"))),
        confirmation: "RJCR",
        resolutions: &resolutions,
    };
    samples.push(("camt.029.001.09", written(None, Message::Resolution(&message))));
    let verifications = [identification()];
    let message = VerificationMessage {
        message_id: "ALFA-V-1",
        created: at("2026-11-21T08:00:00Z"),
        assigner: bic("XXXXCNBA"),
        assignee: bic("XXXXKZKA"),
        verifications: &verifications,
    };
    samples.push(("acmt.023.001.03", written(None, Message::Verifications(&message))));
    samples
}

/// What the reader says about an input: one line for each good line or problem.
pub(crate) fn told(input: &[u8]) -> String {
    told_with(input, &Options::default())
}

pub(crate) fn told_with(input: &[u8], options: &Options) -> String {
    let mut told = String::new();
    let mut say = |line: String| {
        told.push_str(&line);
        told.push('\n');
    };
    read(input, options, |part| match part {
        Part::Header(header) => say(format!("{} {}", header.name, header.message_id)),
        Part::Transaction(line) => match line.outcome {
            Ok(_) => say(format!("  {} accepted", line.index)),
            Err(problems) => {
                for problem in problems {
                    say(format!("  {} {}", line.index, short(problem)));
                }
            }
        },
        Part::End(end) => {
            say(format!("end of {}, {} refused", end.transactions, end.refused));
            for problem in end.problems {
                say(format!("  {}", short(problem)));
            }
        }
        Part::Refused(refused) => {
            for problem in refused.problems {
                say(format!("refused: {}", short(problem)));
            }
        }
    });
    told
}

fn short(problem: &Problem) -> String {
    let value = if problem.value.is_empty() { String::new() } else { format!(" \"{}\"", problem.value) };
    format!("{} {} {}:{value} {}", problem.reason, problem.rule, problem.field, problem.message)
}

/// The official schemas, where they are at hand.
pub(crate) fn schemas() -> Option<PathBuf> {
    let shared = match std::env::var_os("COMITY_SHARED") {
        Some(folder) => PathBuf::from(folder),
        None => PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .map(|folder| folder.join("shared"))
            .find(|folder| folder.join("xsd").is_dir())?,
    };
    let folder = shared.join("xsd");
    folder.is_dir().then_some(folder)
}

/// Schemas and xmllint, or a word on the way out.
pub(crate) fn xmllint_at_hand() -> Option<PathBuf> {
    let Some(folder) = schemas() else {
        eprintln!("skipped: shared data not present");
        return None;
    };
    let lint = Command::new("xmllint").arg("--version").stderr(Stdio::null()).status();
    if lint.is_err() {
        eprintln!("skipped: xmllint is not installed");
        return None;
    }
    Some(folder)
}

/// Asks xmllint about documents of one schema. For each: `None` when it is valid, else the complaint.
pub(crate) fn xmllint(schema: &std::path::Path, documents: &[String]) -> Vec<Option<String>> {
    let folder =
        std::env::temp_dir().join(format!("comity-iso20022-{}-{:?}", std::process::id(), std::thread::current().id()));
    std::fs::create_dir_all(&folder).expect("a folder for documents");
    let mut command = Command::new("xmllint");
    command.args(["--noout", "--nonet", "--schema"]).arg(schema);
    let paths: Vec<PathBuf> = (0..documents.len()).map(|n| folder.join(format!("{n}.xml"))).collect();
    for (path, document) in paths.iter().zip(documents) {
        std::fs::write(path, document).expect("a document is written");
        command.arg(path);
    }
    let output = command.output().expect("xmllint runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let verdicts = paths
        .iter()
        .map(|path| {
            let name = path.display().to_string();
            if said.lines().any(|line| line == format!("{name} validates")) {
                return None;
            }
            let complaints: Vec<_> = said.lines().filter(|line| line.starts_with(&name)).collect();
            Some(complaints.join("\n"))
        })
        .collect();
    std::fs::remove_dir_all(&folder).expect("the folder is ours");
    verdicts
}
