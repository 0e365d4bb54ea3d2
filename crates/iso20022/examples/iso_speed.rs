//! Reads one payment of about 3 KB again and again, and compares with quick-xml walking over the same bytes without looking at them.
//!
//! Run with `cargo run --release -p comity-iso20022 --example iso_speed`.

use comity_iso20022::{
    Choice, Date, Message, Options, OriginalMessage, Part, PaymentStatus, Reason, References, StatusReport, Timestamp,
    TransactionStatus, Uetr, read, write,
};
use std::hint::black_box;
use std::time::Instant;

const MESSAGE: &[u8] = include_bytes!("pacs008.xml");
const ROUNDS: u32 = 20_000;

fn main() {
    let tokens = best(|| {
        let mut reader = quick_xml::Reader::from_reader(MESSAGE);
        let mut count = 0_u32;
        loop {
            match reader.read_event() {
                Ok(quick_xml::events::Event::Eof) => break,
                Ok(event) => {
                    black_box(&event);
                    count += 1;
                }
                Err(error) => panic!("the example is well-formed: {error}"),
            }
        }
        count
    });
    let options = Options::default();
    let messages = best(|| {
        let mut good = 0;
        read(MESSAGE, &options, |part| {
            if let Part::Transaction(line) = part {
                good += u32::from(line.outcome.is_ok());
            }
        });
        assert_eq!(good, 1, "the example is valid");
        good
    });
    let reports = status_reports();
    let lines = [
        format!("message           {:>9} bytes", MESSAGE.len()),
        format!("quick-xml tokens  {tokens:>9.0} ns"),
        format!("read and validate {messages:>9.0} ns, {:.2} x", messages / tokens),
        format!("write pacs.002    {reports:>9.0} ns a transaction, {:.0} a second", 1e9 / reports),
    ];
    report(&lines.join("\n"));
}

/// Nanoseconds for one transaction of a status report with a thousand.
fn status_reports() -> f64 {
    const TRANSACTIONS: u32 = 1_000;
    let reasons = [Reason { reason: Choice::Code("AM04"), information: &["insufficient funds at close"] }];
    let transactions: Vec<_> = (0..TRANSACTIONS)
        .map(|number| TransactionStatus {
            status_id: Some("STATUS-1"),
            original: References {
                instruction_id: Some("ALFA-I-000001"),
                end_to_end_id: Some("CONTRACT-7731/2026"),
                transaction_id: Some("ALFA-T-000001"),
                clearing_reference: None,
                uetr: None,
            },
            uetr: Uetr::from_u128((4 << 76) | (2 << 62) | u128::from(number)),
            status: if number % 10 == 0 { PaymentStatus::Rejected } else { PaymentStatus::Settled },
            reasons: if number % 10 == 0 { &reasons } else { &[] },
            accepted: Some(Timestamp::from_micros(1_795_253_447_123_456)),
            effective_settlement: Some(Date { days: 20_780 }),
            clearing_reference: Some("J-000001"),
        })
        .collect();
    let report = StatusReport {
        message_id: "COMITY-S-1",
        created: Timestamp::from_micros(1_795_253_447_000_000),
        instructing_agent: None,
        instructed_agent: None,
        original: OriginalMessage { message_id: "ALFA-1", name: "pacs.008.001.08", created: None },
        original_transactions: Some(TRANSACTIONS),
        group_status: None,
        group_reasons: &[],
        transactions: &transactions,
    };
    let mut out = Vec::new();
    let start = Instant::now();
    const REPORTS: u32 = 500;
    for _ in 0..REPORTS {
        out.clear();
        write(&mut out, None, Message::StatusReport(&report));
        black_box(&out);
    }
    start.elapsed().as_secs_f64() * 1e9 / f64::from(REPORTS * TRANSACTIONS)
}

/// Nanoseconds of one call, the best of nine series.
fn best(mut work: impl FnMut() -> u32) -> f64 {
    (0..9)
        .map(|_| {
            let start = Instant::now();
            for _ in 0..ROUNDS {
                black_box(work());
            }
            start.elapsed().as_secs_f64() * 1e9 / f64::from(ROUNDS)
        })
        .fold(f64::INFINITY, f64::min)
}

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn report(text: &str) {
    println!("{text}");
}
