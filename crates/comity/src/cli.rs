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
  comity clear invoices.csv                      set off what parties owe each other
  comity union list                              rules by which imbalances are carried
  comity fx route rates.csv --from KZT --to BYN --amount 1000000
                                                 the best way between two currencies, explained
  comity stats define                            what each figure means
  comity risk watch my-day                       when each participant came closest to its limits

Exit codes:
  0 done   1 the world failed (disk, permissions)   2 wrong command line   3 refused by a rule or a mistake in a file
  4 the folder does not fit its journal   5 a journal or a result is not sound

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
    Clear(Box<Clear>),
    Offset(Offset),
    Union(Union),
    Fx(Box<crate::commands::fx::Fx>),
    Stats(crate::commands::stats::Stats),
    Risk(crate::commands::risk::arguments::Risk),
    Targets(crate::commands::targets::Targets),
    Commitments(crate::commands::commitments::Commitments),
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

/// Export payments, postings, positions, and what unions did.
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

/// Set off obligations: the most that can be cleared without money, proved, with notices.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity clear invoices.csv\n  comity clear invoices.csv --output json\n  \
    comity clear invoices.csv --out result --picture before-after.svg\n  \
    comity clear invoices.csv --verify result               prove the folder from the input alone\n  \
    comity clear invoices.csv --liquidity                   what money lent would add\n  \
    comity clear invoices.csv --liquidity=50000 --lines lines.csv\n  \
    comity clear invoices.csv --goal oldest --goal fewest --lot 100 --exclude \"ALFA>BRAVO\"\n  \
    comity clear invoices.csv --rates rates.csv --convert-cap 5%\n  \
    zcat invoices.csv.gz | comity clear -\n\n\
    Columns by name, in any order: debtor, creditor, amount, and optionally currency (ISO 4217), due (date or number),\n\
    consent (most of the row that may be set off). CSV, or Parquet with the same columns. With a currency, amounts have at\n\
    most its decimals; without one they are whole numbers, or hundredths once a row has decimals. Each currency is cleared\n\
    for itself. JSON amounts are exact decimal numbers. `seconds` is processor time of merging, solving and proving,\n\
    without reading and writing; `seconds_are` says so, or wall time where the system does not tell.")]
pub(crate) struct Clear {
    /// File of obligations; `-` reads CSV from standard input.
    pub(crate) obligations: PathBuf,
    /// Wish among clearings of the greatest value; give several in order, `fewest` last.
    #[arg(long, value_enum, value_delimiter = ',')]
    pub(crate) goal: Vec<ClearGoal>,
    /// How what is cleared between two parties falls on single rows.
    #[arg(long, value_enum, default_value_t = Share::Oldest)]
    pub(crate) allocation: Share,
    /// CSV `party,cap[,currency]`: most of what a party owes that may be set off.
    #[arg(long, value_name = "FILE")]
    pub(crate) consent: Option<PathBuf>,
    /// Leave out a party, or with `DEBTOR>CREDITOR` what one owes another; may be repeated.
    #[arg(long, value_name = "NAME")]
    pub(crate) exclude: Vec<String>,
    /// Set off rows in multiples of this amount only (exact).
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) lot: Option<String>,
    /// Set off at least this much of a row, or nothing (a heuristic; the gap says what it may have lost).
    #[arg(long, value_name = "AMOUNT")]
    pub(crate) minimum: Option<String>,
    /// Alone: the curve of value cleared by money lent. With an amount: a run with so much money.
    #[arg(long, value_name = "AMOUNT", num_args = 0..=1, require_equals = true, default_missing_value = "curve")]
    pub(crate) liquidity: Option<String>,
    /// CSV `party,limit[,currency]`: who may draw money and how much; without it everybody.
    #[arg(long, value_name = "FILE")]
    pub(crate) lines: Option<PathBuf>,
    /// CSV `currency,rate`: clear across currencies at these rates (one unit of each in a common unit).
    #[arg(long, value_name = "FILE", conflicts_with_all = ["goal", "consent", "exclude", "lot", "minimum", "liquidity",
        "lines", "picture", "verify"])]
    pub(crate) rates: Option<PathBuf>,
    /// Most each party converts: a share of its own turnover such as 5%, or `unlimited`.
    #[arg(long, value_name = "SHARE", requires = "rates")]
    pub(crate) convert_cap: Option<String>,
    /// Folder to write: cleared, residual, cycles (set-off notices), certificate, result.json.
    #[arg(long, value_name = "DIR", conflicts_with = "verify")]
    pub(crate) out: Option<PathBuf>,
    /// File format of the tables in that folder.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    pub(crate) format: Format,
    /// SVG of the network before and after; with several currencies one file each.
    #[arg(long, value_name = "FILE", conflicts_with = "verify", value_parser = svg)]
    pub(crate) picture: Option<PathBuf>,
    /// SVG of the curve; with `--liquidity` alone.
    #[arg(long, value_name = "FILE", requires = "liquidity", conflicts_with = "verify", value_parser = svg)]
    pub(crate) curve_picture: Option<PathBuf>,
    /// Prove a folder written by `--out` from the input alone, on the terms given now.
    #[arg(long, value_name = "DIR")]
    pub(crate) verify: Option<PathBuf>,
}

/// A wish beyond the greatest value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ClearGoal {
    /// Most value: always first, whether given or not.
    Most,
    /// Greatest sum of amount x age; needs the column due.
    Oldest,
    /// Cleared shares of parties as even as can be.
    Fairest,
    /// Few rows touched (a heuristic).
    Fewest,
}

/// How single rows share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Share {
    /// Earliest due first, ties by order of the file; without due dates by order of the file.
    Oldest,
    /// In proportion to amounts.
    ProRata,
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

/// Put trade between countries through the rules of a payments union: who carries what, and for how long.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity union list\n  \
    comity union run --data trade.csv --group EAEU5 --preset epu-1950")]
pub(crate) struct Union {
    #[command(subcommand)]
    pub(crate) ask: UnionAsk,
}

#[derive(Debug, Subcommand)]
pub(crate) enum UnionAsk {
    /// List rule sets, what they say and how that is known, and named groups.
    #[command(after_help = "Example:\n  comity union list --output json")]
    List,
    Run(Box<UnionRun>),
    Compare(Box<UnionCompare>),
    /// Print a rule set as a file, to be edited and given to --rules.
    #[command(after_help = "Examples:\n  comity union rules epu-1950 > my-rules.toml\n  \
        comity union run --data trade.csv --group EAEU5 --rules my-rules.toml\n\n\
        docs/union.md has every field.")]
    Rules {
        /// A rule set (comity union list).
        preset: String,
    },
    /// Check rule-set files: every mistake with its line and field, and members that two of them name.
    #[command(after_help = "Example:\n  comity union check my-rules.toml other-rules.toml")]
    Check {
        /// The files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    Show(crate::commands::union::Show),
}

/// Run a yearly trade table through a rule set.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity union run --data trade.csv --group EAEU5 --preset epu-1950\n  \
    comity union run --data trade.csv --group RUS,KAZ,CHN --preset multilateral --quota 25% --cycle yearly\n  \
    comity union run --data trade.csv --group EAEU5+CHN --preset union-1+5 --hub CHN --output json\n  \
    comity union run --data trade.csv --group EAEU5 --rules my-rules.toml --interest 3% --pairs --why\n  \
    comity union run --data trade.csv --group EAEU5+CHN --preset epu-1950 --fx fx.csv --unit CNY=60%,RUB=40%\n\n\
    The table has the columns year, exporter, importer and amount (or usd_million_fob), in millions with up to three\n\
    decimals. The importer owes the exporter. A year comes evenly over its cycles. Quotas follow the turnover within\n\
    the group in the first years of the table, unless --base-year says otherwise.")]
pub(crate) struct UnionRun {
    /// The trade table, a CSV file.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// A named group (comity union list), or members' codes separated by commas.
    #[arg(long)]
    pub(crate) group: String,
    /// The rule set.
    #[arg(long, required_unless_present = "rules", conflicts_with = "rules")]
    pub(crate) preset: Option<String>,
    /// The rule set, from a file (comity union rules).
    #[arg(long, value_name = "FILE")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) terms: UnionTerms,
    /// Also show what each pair owes at the end.
    #[arg(long)]
    pub(crate) pairs: bool,
    /// Also show, cycle by cycle and member by member, how residuals were settled and why.
    #[arg(long)]
    pub(crate) why: bool,
    /// Quota as a share of yearly turnover, instead of the rule set's.
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub(crate) quota: Option<String>,
    /// How often cycles close, instead of the rule set's.
    #[arg(long, value_enum)]
    pub(crate) cycle: Option<CycleLength>,
    /// The first year of the base period for quotas.
    #[arg(long, value_name = "YEAR")]
    pub(crate) base_year: Option<i32>,
    /// The member outside, where the rule set nets the others first.
    #[arg(long, value_name = "CODE")]
    pub(crate) hub: Option<String>,
    /// Also write a picture of the years, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = svg)]
    pub(crate) picture: Option<PathBuf>,
}

/// Interest and the unit of account.
#[derive(Debug, Clone, Default, Args)]
pub(crate) struct UnionTerms {
    /// Interest a year for debtors and creditors alike, instead of what the rule set says.
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true, conflicts_with = "rates")]
    pub(crate) interest: Option<String>,
    /// Interest rates by month, a CSV file: month (2010-01), debtor, creditor (percent a year). Each holds until the next.
    #[arg(long, value_name = "FILE")]
    pub(crate) rates: Option<PathBuf>,
    /// Keep positions in a basket of currencies, such as CNY=40%,RUB=60%; worth one of the table's currency on the first day.
    #[arg(long, value_name = "BASKET", requires = "fx", allow_hyphen_values = true)]
    pub(crate) unit: Option<String>,
    /// Exchange rates, a CSV file: date, and a column a currency with what one unit of it is worth that day in a common measure.
    #[arg(long, value_name = "FILE")]
    pub(crate) fx: Option<PathBuf>,
    /// The common measure of the exchange rates.
    #[arg(long, value_name = "CODE", default_value = "RUB")]
    pub(crate) fx_measure: String,
    /// The currency of the trade table.
    #[arg(long, value_name = "CODE", default_value = "USD")]
    pub(crate) currency: String,
}

/// Run the same trade table through every rule set, side by side.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity union compare --data trade.csv --group EAEU5\n  \
    comity union compare --data trade.csv --group EAEU5+CHN --hub CHN --quota 15% --picture rules.svg\n  \
    comity union compare --data trade.csv --group EAEU5+CHN --creditor-rules --picture creditors.svg\n\n\
    The table is that of comity union run. Each rule set keeps its own cycle. The rule set with a hub is left out\n\
    unless --hub names one. --creditor-rules compares one rule set with itself plus one rule for persistent creditors.")]
pub(crate) struct UnionCompare {
    /// Compare rules for persistent creditors: rising asset share, charges, recycling, permitted use, third members.
    #[arg(long)]
    pub(crate) creditor_rules: bool,
    /// The rule set that rules for creditors are added to; epu-1950 if none is named.
    #[arg(long, requires = "creditor_rules")]
    pub(crate) preset: Option<String>,
    /// The same, from a file.
    #[arg(long, value_name = "FILE", requires = "creditor_rules", conflicts_with = "preset")]
    pub(crate) rules: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) terms: UnionTerms,
    /// The trade table, a CSV file.
    #[arg(long)]
    pub(crate) data: PathBuf,
    /// A named group (comity union list), or members' codes separated by commas.
    #[arg(long)]
    pub(crate) group: String,
    /// Quota as a share of yearly turnover, instead of each rule set's.
    #[arg(long, value_name = "PERCENT", allow_hyphen_values = true)]
    pub(crate) quota: Option<String>,
    /// The first year of the base period for quotas.
    #[arg(long, value_name = "YEAR")]
    pub(crate) base_year: Option<i32>,
    /// The member outside, where the rule set nets the others first.
    #[arg(long, value_name = "CODE")]
    pub(crate) hub: Option<String>,
    /// Also write a picture, an SVG file.
    #[arg(long, value_name = "FILE", value_parser = svg)]
    pub(crate) picture: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CycleLength {
    /// 365 a year.
    Daily,
    /// 12 a year.
    Monthly,
    /// 6 a year.
    TwoMonthly,
    /// 3 a year.
    FourMonthly,
    /// One a year.
    Yearly,
}

/// Measure this machine: engine, journal, iso, day, verify, memory, clearing, exchange.
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
    /// Setting off networks of obligations, beside other solvers where they are installed.
    Clear,
    /// Offsetting a million queued payments, and on every change of a day.
    Offset,
    /// Closing one cycle of a union of 10,000 members from a journal, against reading the journal.
    Union,
    /// A call auction of a million orders, and routes among thirty currencies.
    Fx,
}

/// Print a completion script for a shell.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  comity completions bash > /etc/bash_completion.d/comity")]
pub(crate) struct Completions {
    /// Which shell.
    #[arg(value_enum)]
    pub(crate) shell: clap_complete::Shell,
}

/// A file to draw into: its name ends in `.svg`, so that no input is overwritten by a slip.
pub(crate) fn svg(written: &str) -> Result<PathBuf, String> {
    let path = PathBuf::from(written);
    match path.extension() {
        Some(end) if end.eq_ignore_ascii_case("svg") => Ok(path),
        Some(_) | None => Err("a picture's name ends in .svg".into()),
    }
}
