//! Reads files and tells what is in them: one line a part.
//!
//! Run with `cargo run -p comity-iso20022 --example show -- FILE...`.

use comity_iso20022::{Options, Part, read_stream};

fn main() -> std::io::Result<()> {
    for path in std::env::args().skip(1) {
        let file = std::fs::File::open(&path)?;
        let summary = read_stream(file, &Options::default(), |part| match part {
            Part::Header(header) => report(&format!("header {header:#?}")),
            Part::Transaction(line) => {
                report(&format!("line {} at {:?}: {:#?}", line.index, line.bytes, line.outcome));
                for path in line.uninterpreted.paths() {
                    report(&format!("  not interpreted: {path}"));
                }
            }
            Part::End(end) => report(&format!("{end:?}")),
            Part::Refused(refused) => report(&format!("{refused:#?}")),
        })?;
        report(&format!("{path}: {summary:?}"));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "an example shows its result")]
fn report(text: &str) {
    println!("{text}");
}
