//! Writes the demo day's inbox: `cargo run -p comity-lab --example inbox -- DIR [PAYMENTS] [SEED]`.

use comity_lab::render::{Style, write_inbox};
use comity_lab::traffic::Options;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let dir = PathBuf::from(arguments.next().ok_or("usage: inbox DIR [PAYMENTS] [SEED]")?);
    let mut options = Options::default();
    if let Some(payments) = arguments.next() {
        options.payments = payments.parse()?;
    }
    if let Some(seed) = arguments.next() {
        options.seed = seed.parse()?;
    }
    let summary = write_inbox(&dir, &options, &Style::default())?;
    let mut report = format!(
        "{} files, {} lines, {} bytes, {} bytes a line\n",
        summary.files,
        summary.lines,
        summary.bytes,
        summary.bytes / summary.lines.max(1)
    );
    report.push_str("digest ");
    for byte in summary.digest {
        report.push_str(&format!("{byte:02x}"));
    }
    std::io::Write::write_all(&mut std::io::stdout(), format!("{report}\n\n{}", summary.check).as_bytes())?;
    Ok(())
}
