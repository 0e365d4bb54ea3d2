//! The command line: what can be asked, with examples.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::output::Output;

const AFTER: &str = "\
Examples:
  comity demo                                    write an example day, run it, show it
  comity new my-day --preset multilateral        begin a folder of your own
  comity day my-day                              run the day in it
  comity verify my-day                           prove its journal with public keys alone
  comity explain my-day UETR                     the life of one payment

Exit codes:
  0 done   1 the world failed (disk, permissions)   2 wrong command line   3 refused by a rule or a mistake in a file
  4 the folder does not fit its journal   5 a journal is not sound

Data is printed to standard output, diagnostics to standard error. NO_COLOR is respected.";

/// Settle payments between countries in their own currencies.
#[derive(Debug, Parser)]
#[command(name = "comity", version, about, after_help = AFTER, max_term_width = 110)]
pub(crate) struct Cli {
    /// How results are printed [default: table; of offset: json]
    #[arg(long, value_enum, global = true)]
    pub(crate) output: Option<Output>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Demo(Demo),
    New(New),
    Day(Day),
    Verify(Verify),
    Explain(Explain),
    Export(Export),
    Offset(Offset),
    Bench(Bench),
    Completions(Completions),
}

/// Write an example day of nine countries, run it, and show it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity demo\n  comity demo --dir trial --seed 7 --payments 100000\n\n\
    The same seed gives the same files and the same final digest on any machine.")]
pub(crate) struct Demo {
    /// Folder to write.
    #[arg(long, default_value = "comity-demo")]
    pub(crate) dir: PathBuf,
    /// Seed of the generated traffic.
    #[arg(long, default_value_t = 1)]
    pub(crate) seed: u64,
    /// How many lines of traffic to generate.
    #[arg(long, default_value_t = 24_000, value_parser = clap::value_parser!(u64).range(100..=10_000_000))]
    pub(crate) payments: u64,
}

/// Begin a folder from a preset arrangement.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity new --list\n  comity new my-day --preset union-1+5\n\n\
    Then put messages into my-day/inbox/ (.xml or .csv) and run: comity day my-day")]
pub(crate) struct New {
    /// Folder to write; must not exist or be empty.
    #[arg(required_unless_present = "list")]
    pub(crate) dir: Option<PathBuf>,
    /// Which arrangement to begin with.
    #[arg(long, required_unless_present = "list")]
    pub(crate) preset: Option<String>,
    /// List the presets.
    #[arg(long)]
    pub(crate) list: bool,
}

/// Run the business day (or days) of a folder.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity day my-day\n  comity day my-day --output json\n\n\
    Reads arrangement.toml, participants.csv, limits.csv, funding.csv, rates.csv and inbox/*.xml, inbox/*.csv;\n\
    writes journal/, outbox/, statements/, summary.json and report.html. A run that was interrupted goes on where it\n\
    stopped when the command is given again.")]
pub(crate) struct Day {
    /// The folder.
    pub(crate) dir: PathBuf,
    /// Do not write report.html.
    #[arg(long)]
    pub(crate) no_report: bool,
}

/// Prove a journal: chain, replay, conservation, checkpoints and signatures, with public keys alone.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity verify comity-demo\n  comity verify comity-demo/journal --output json\n\n\
    Exits with 5 and names the first bad record if the journal is not sound.")]
pub(crate) struct Verify {
    /// The folder of a day, or a journal folder.
    pub(crate) dir: PathBuf,
}

/// Tell the life of one payment: each state, time, actor, rule, why it waited, what would have released it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity explain comity-demo 6f1a0e0c-5c1c-4a8e-9d3f-2b7f0e6d1c11\n  \
    comity explain comity-demo UETR --original     also print the original message line's file")]
pub(crate) struct Explain {
    /// The folder of a day, or a journal folder.
    pub(crate) dir: PathBuf,
    /// The payment's unique end-to-end transaction reference.
    pub(crate) uetr: String,
    /// Also print the original document as it was received.
    #[arg(long)]
    pub(crate) original: bool,
}

/// Export payments, postings and positions.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity export comity-demo --format csv\n  \
    comity export comity-demo --format parquet --out tables")]
pub(crate) struct Export {
    /// The folder of a day, or a journal folder.
    pub(crate) dir: PathBuf,
    /// File format.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub(crate) format: Format,
    /// Folder to write to.
    #[arg(long, default_value = "export")]
    pub(crate) out: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Comma-separated values, RFC 4180, UTF-8.
    Csv,
    /// Apache Parquet.
    Parquet,
}

/// Which queued payments can settle together, with the proof.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity offset case.json --policy fifo-prefix\n  \
    comity offset case.json --policy free-subset --split --output table\n  \
    echo '{\"balances\":{\"A/CNY\":7,\"B/CNY\":0},\"payments\":[{\"id\":\"P1\",\"from\":\"A\",\"to\":\"B\",\
    \"ccy\":\"CNY\",\"amount\":5}]}' | comity offset -\n\n\
    Amounts are whole minor units; payments stand in queue order, urgent before normal. Also known: bilateral_limits,\n\
    multilateral_limits, reserves, pvp. A list of cases gives a list of answers.")]
pub(crate) struct Offset {
    /// A file with a case or a list of cases, or - for standard input.
    pub(crate) case: PathBuf,
    /// Whether the head of a queue may be passed over.
    #[arg(long, value_enum, default_value_t = Policy::FifoPrefix)]
    pub(crate) policy: Policy,
    /// Settle parts of payments where that settles more (free-subset only).
    #[arg(long)]
    pub(crate) split: bool,
    /// Smallest part and smallest rest of a payment that is split, in minor units.
    #[arg(long, default_value_t = 1, requires = "split", value_parser = clap::value_parser!(i64).range(1..))]
    pub(crate) slice_min: i64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Policy {
    /// A prefix of each queue: one greatest set, nobody preferred.
    FifoPrefix,
    /// Any payments: the most value found, with a bound.
    FreeSubset,
}

/// Measure this machine: engine, journal, iso, day, verify, memory.
#[derive(Debug, Args)]
#[command(
    after_help = "Examples:\n  comity bench engine\n  comity bench journal --output json\n  comity bench all --quick"
)]
pub(crate) struct Bench {
    /// What to measure.
    #[arg(value_enum, default_value_t = Subject::All)]
    pub(crate) subject: Subject,
    /// Smaller sizes, for a first look.
    #[arg(long)]
    pub(crate) quick: bool,
    /// Folder for files that are written while measuring.
    #[arg(long, default_value = "target/bench")]
    pub(crate) dir: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Subject {
    /// All of them.
    All,
    /// Settled instructions a second in memory, one core.
    Engine,
    /// Durable settled instructions a second, and latency of one in flight.
    Journal,
    /// Parsing and validating pacs.008 against a bare tokenising pass.
    Iso,
    /// Inbox files to settled, journalled and answered.
    Day,
    /// Replaying and proving a journal.
    Verify,
    /// Bytes per settled payment.
    Memory,
    /// Offsetting a million queued payments, and on every change of a day.
    Offset,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  comity completions bash > /etc/bash_completion.d/comity")]
pub(crate) struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}
