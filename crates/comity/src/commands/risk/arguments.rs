//! The arguments of `comity risk`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Test accounts, let a member default on paper, wind one up, watch a day.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity risk tests positions.csv --rates rates.csv\n  \
    comity risk drill case.json --default DELTA\n  comity risk watch comity-demo")]
pub(crate) struct Risk {
    #[command(subcommand)]
    pub(crate) ask: RiskAsk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RiskAsk {
    Tests(Tests),
    Drill(Drill),
    Exit(Exit),
    Watch(Watch),
}

/// Hold accounts against the three tests: value after haircuts, each short position, all short positions together.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity risk tests examples/risk/positions.csv --rates examples/risk/rates.csv \
    --aggregate 500000\n  comity risk tests examples/risk/case.json --output json\n\n\
    Positions: columns member, currency, amount (below zero is short). Rates: columns currency, rate (units of the base for\n\
    one of the currency), and optionally haircut (`10 %`), cost, limit (largest short position) and decimals.\n\
    A case in JSON holds the same and more: see docs/risk.md.")]
pub(crate) struct Tests {
    /// A case (.json), or positions (.csv).
    pub(crate) positions: PathBuf,
    /// Rates, haircuts and limits; needed with positions.
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// The largest sum of short positions after haircut, in the base currency.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) aggregate: Option<String>,
    /// What amounts in the base currency are called.
    #[arg(long, value_name = "CODE", default_value = "base")]
    pub(crate) base: String,
}

/// Let a member default on paper: unwind what is open, close out what is settled, allocate the loss.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity risk drill examples/risk/case.json --default DELTA --picture loss.svg\n  \
    comity risk drill comity-demo --default XXXXRUB1 --base CNY --entry 20000 --members members.csv\n\n\
    Of a day's folder the journal is replayed to its end or to an entry: settled payments of the last business day stay,\n\
    waiting ones with the defaulter are unwound, its balances are closed out at the rates last approved, or at --rates.\n\
    Members: columns member, collateral, fund, key; all but the first may be left out.")]
pub(crate) struct Drill {
    /// A case (.json), the folder of a day, or a journal folder.
    pub(crate) case: PathBuf,
    /// The member that fails: its name, or the beginning of it.
    #[arg(long, value_name = "MEMBER")]
    pub(crate) default: String,
    /// The base currency, of a folder [default: its first currency].
    #[arg(long, value_name = "CODE")]
    pub(crate) base: Option<String>,
    /// The last entry to look at, of a folder.
    #[arg(long, value_name = "ENTRY")]
    pub(crate) entry: Option<u64>,
    /// Rates and costs of closing out instead of the approved rates, of a folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// Collateral, contributions and keys, of a folder.
    #[arg(long, value_name = "FILE")]
    pub(crate) members: Option<PathBuf>,
    /// Also draw who bears the loss, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = crate::cli::svg)]
    pub(crate) picture: Option<PathBuf>,
}

/// Wind up a member that leaves: claims netted, the rest by key and instalments, nothing open at the end.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  comity risk exit examples/risk/exit.json --member KG")]
pub(crate) struct Exit {
    /// A case (.json).
    pub(crate) case: PathBuf,
    /// The member that leaves: its name, or the beginning of it.
    #[arg(long)]
    pub(crate) member: String,
}

/// Replay a day and say for every participant when it came closest to its limits.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity risk watch comity-demo\n  \
    comity risk watch comity-demo --base CNY --haircut \"8 %\" --alarm \"30 %\" --output json\n\n\
    After every entry each account of a participant is held against the three tests, at the rates last approved in the\n\
    journal (or --rates); a short position's limit is its net debit cap. The worst moment of each test is told with its\n\
    entry and time.")]
pub(crate) struct Watch {
    /// The folder of a day, or a journal folder.
    pub(crate) dir: PathBuf,
    /// The base currency [default: the journal's first currency].
    #[arg(long, value_name = "CODE")]
    pub(crate) base: Option<String>,
    /// Rates, haircuts and limits instead of the approved rates.
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// Haircut of every currency but the base that has none in --rates.
    #[arg(long, value_name = "PERCENT", default_value = "10 %")]
    pub(crate) haircut: String,
    /// The largest sum of short positions after haircut, of each participant, in the base currency.
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) aggregate: Option<String>,
    /// The share of a day's settlement above which one currency, participant or pair is an alarm.
    #[arg(long, value_name = "PERCENT", default_value = "40 %")]
    pub(crate) alarm: String,
}
