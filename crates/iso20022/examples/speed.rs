//! Reads one payment of about 3 KB again and again, and compares with quick-xml walking over the same bytes without looking at them.
//!
//! Run with `cargo run --release -p comity-iso20022 --example speed`.

use comity_iso20022::{Options, Part, read};
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
    let lines = [
        format!("message           {:>9} bytes", MESSAGE.len()),
        format!("quick-xml tokens  {tokens:>9.0} ns"),
        format!("read and validate {messages:>9.0} ns, {:.2} x", messages / tokens),
    ];
    report(&lines.join("\n"));
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
