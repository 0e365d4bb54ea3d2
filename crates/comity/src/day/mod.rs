//! Running the business day of a folder: set-up, the day's own steps and the inbox in one order of time, through the
//! engine, out to the outbox.
//!
//! The run is a function of the folder: what happens when is taken from the files, never from the machine's clock, so the
//! same folder gives the same journal and the same digest anywhere, and an interrupted run goes on where it stopped.

mod files;
mod inbox;
mod report;
pub(crate) mod stats;
mod summary;
pub(crate) mod traffic;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use comity_arrangement::{Arrangement, By, RateLine, Step, Timed};
use comity_engine::checkpoint::Signatory;
use comity_engine::{Batch, Node};
use comity_gateway::inbound::{Matched, Matcher, check_return};
use comity_gateway::outbox::{Outbox, OutboxOptions};
use comity_gateway::{Directory, Inbound, Outcome};
use comity_iso20022::ident::Bic;
use comity_journal::Options;
use comity_ledger::State;
use comity_ledger::command::{Command, ConfirmPositions};
use comity_ledger::ids::{ActorId, Day, Key, Time};

use crate::exit::{Failure, at};
use crate::{keys, output, unions};
use stats::Stats;

pub(crate) use summary::{decimal, grouped, summary_table};

/// Folder of the journal within a day's folder.
pub(crate) const JOURNAL: &str = "journal";
/// Folder of messages to be taken in.
pub(crate) const INBOX: &str = "inbox";
/// Batches that may be under way to the disk.
const IN_FLIGHT: usize = 4;
/// Answers are written out at least this often, in the day's own time.
const ANSWER_EVERY: u64 = 15 * 60 * Time::SECOND;
/// Answers are written out after this many payments, whatever the time.
const ANSWER_COUNT: u64 = 100_000;

/// What a run needs to know besides the folder.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wishes {
    /// Seed of generated traffic, shown in the report.
    pub(crate) seed: Option<u64>,
    /// Write report.html.
    pub(crate) report: bool,
    /// Say nothing on standard error.
    pub(crate) quiet: bool,
}

/// What a run gave.
pub(crate) struct Ran {
    pub(crate) summary: serde_json::Value,
    /// Payments that became entries, and wall-clock seconds from the first file to the last answer.
    pub(crate) payments: u64,
    pub(crate) seconds: f64,
}

/// Reads the arrangement of a folder, with its keys.
pub(crate) fn load(dir: &Path) -> Result<(Arrangement, Vec<Signatory>), Failure> {
    let mut arrangement =
        comity_arrangement::load(dir).map_err(|mistakes| Failure::refused(mistakes.to_string().trim_end()))?;
    let signatories = keys::load(dir, &mut arrangement)?;
    for warning in &arrangement.warnings {
        eprintln!("warning: {warning}");
    }
    Ok((arrangement, signatories))
}

/// The journal folder meant by a path: the folder of a day, or the journal itself.
pub(crate) fn journal_of(dir: &Path) -> PathBuf {
    let inner = dir.join(JOURNAL);
    if inner.is_dir() { inner } else { dir.to_path_buf() }
}

/// Runs every business day of the folder.
pub(crate) fn run(dir: &Path, wishes: &Wishes) -> Result<Ran, Failure> {
    let (arrangement, signatories) = load(dir)?;
    let files = inbox::list(&dir.join(INBOX))?;
    let journal = dir.join(JOURNAL);
    std::fs::create_dir_all(&journal).map_err(at(&journal))?;
    let bytes: u64 = files.iter().map(|file| file.len).sum();
    let expected = usize::try_from(bytes / 1500).unwrap_or(usize::MAX);
    let (node, recovery) = Node::open_following(&journal, Options::default(), expected)?;
    if let Some(torn) = &recovery.torn {
        eprintln!("recovered: an unfinished write was cut off at the end of the journal: {torn:?}");
    }
    if recovery.created {
        files::clear(dir)?;
    } else if !wishes.quiet {
        eprintln!("the journal exists: what it holds is checked against the folder, the run goes on where it stopped");
    }
    let bar = if wishes.quiet { indicatif::ProgressBar::hidden() } else { output::progress(bytes, "inbox bytes") };
    let mut run = Run {
        node,
        outbox: Outbox::new(OutboxOptions::new(system_bic(&arrangement))),
        deliver: files::Writer::new(dir)?,
        matcher: Matcher::default(),
        stats: Stats::default(),
        signatories,
        answered: Time(0),
        since_answer: 0,
        payments: 0,
    };
    let started = std::time::Instant::now();
    run.set_up(&arrangement)?;
    let days = arrangement.dates();
    let mut rest = &files[..];
    for (index, day) in days.iter().enumerate() {
        let steps = arrangement.daily(*day);
        let next = days.get(index + 1).and_then(|next| arrangement.daily(*next).first().map(|step| step.at));
        let split = next.map_or(rest.len(), |next| rest.partition_point(|file| file.start < next));
        let (today, later) = rest.split_at(split);
        rest = later;
        run.day(*day, &steps, today, &arrangement.rates, &bar)?;
    }
    bar.finish_and_clear();
    let seconds = started.elapsed().as_secs_f64();
    let Run { node, stats, deliver, signatories, payments, .. } = run;
    let state = node.close()?;
    let mut summary = summary::summary(&arrangement, &state, &stats, &signatories);
    summary["files"] = serde_json::json!({
        "inbox": files.len(), "outbox": deliver.outbox, "statements": deliver.statements,
    });
    let units = unions::units(&state, Some(&arrangement));
    let views = unions::views(&state, &units);
    if !views.is_empty() {
        summary["unions"] = unions::all(&views).into();
        summary["files"]["union_statements"] = files::write_union_statements(dir, &views)?.into();
    }
    files::write_summary(dir, &summary)?;
    if wishes.report {
        let sections = views.iter().map(unions::section).collect();
        report::write(dir, &arrangement, &state, &stats, &signatories, (wishes.seed, payments), sections)?;
    }
    Ok(Ran { summary, payments, seconds })
}

/// The name the system answers under: no institution, in the country of the first authority.
fn system_bic(arrangement: &Arrangement) -> Bic {
    let country = arrangement.authorities[0].country;
    Bic::parse(&format!("XXXX{country}C0XXX")).expect("an arrangement's countries are countries")
}

struct Run {
    node: Node,
    outbox: Outbox,
    deliver: files::Writer,
    matcher: Matcher,
    stats: Stats,
    signatories: Vec<Signatory>,
    answered: Time,
    since_answer: u64,
    payments: u64,
}

impl Run {
    /// The arrangement's set-up, as the journal's first batch.
    fn set_up(&mut self, arrangement: &Arrangement) -> Result<(), Failure> {
        let orders = arrangement.setup().map_err(|missing| Failure::refused(missing.to_string()))?;
        let at = arrangement.dates().first().and_then(|day| arrangement.daily(*day).first().map(|step| step.at));
        let at = at.ok_or_else(|| Failure::refused("the arrangement has no business day"))?;
        for order in orders {
            self.gather(at, order.actor, order.key, order.command)?;
        }
        self.commit()?;
        self.flush()
    }

    /// One business day: its own steps and the messages of its files, in one order of time.
    fn day(
        &mut self,
        day: Day,
        steps: &[Timed],
        files: &[inbox::File],
        rates: &[RateLine],
        bar: &indicatif::ProgressBar,
    ) -> Result<(), Failure> {
        let mut steps = steps.iter().peekable();
        // What comes before the first message, so that the directory knows the day's rates.
        let first = files.first().map_or(Time(u64::MAX), |file| file.start);
        self.steps_until(&mut steps, first)?;
        self.commit()?;
        self.flush()?;
        let mut directory = Directory::from_state(self.node.state());
        directory.expect_rates(rates.iter().map(|line| (line.pair, line.rate)));
        let directory = Arc::new(directory);
        let reading = inbox::Reading::start(files, &directory, self.node.next_document());
        let mut merge = inbox::Merge::new(reading, files);
        let mut ready = Vec::new();
        while let Some(file) = merge.next(&mut ready)? {
            if let Some(document) = &file {
                self.node.keep_packed(document.at, document.number, &document.packed)?;
                bar.inc(document.len);
            }
            for inbound in ready.drain(..) {
                self.steps_until(&mut steps, inbound.at)?;
                match self.matcher.offer(&directory, inbound) {
                    Matched::Pass(inbound) => self.take(*inbound)?,
                    Matched::Waits => {}
                    Matched::Complete(group) => {
                        for inbound in group {
                            self.take(inbound)?;
                        }
                    }
                }
            }
        }
        for inbound in self.matcher.expire(Time(u64::MAX)) {
            self.take(inbound)?;
        }
        self.steps_until(&mut steps, Time(u64::MAX))?;
        self.commit()?;
        self.flush()?;
        self.answer()?;
        let totals = self.outbox.statements(self.node.state(), &mut self.deliver);
        totals.map_err(|mismatch| Failure::new(crate::exit::Exit::Fault, format!("statements: {mismatch}")))?;
        self.deliver.check()?;
        self.stats.day_ends(day, self.node.state());
        self.node.checkpoint(&self.signatories)?;
        Ok(())
    }

    /// The day's own steps that come no later than `until`.
    fn steps_until<'a>(
        &mut self,
        steps: &mut std::iter::Peekable<impl Iterator<Item = &'a Timed>>,
        until: Time,
    ) -> Result<(), Failure> {
        while let Some(step) = steps.next_if(|step| step.at <= until) {
            match &step.step {
                Step::Order(order) => self.gather(step.at, order.actor, order.key, order.command.clone())?,
                Step::FourEyes { maker, checker, command, .. } => {
                    let expires = step.at.plus_seconds(self.node.state().options().proposal_ttl_s);
                    self.commit()?;
                    self.node.gather_four_eyes(step.at, *maker, *checker, command.clone(), expires)?;
                }
                Step::Plan { currency, key } => {
                    self.commit()?;
                    let plan = self.node.plan(*key, |state| comity_engine::plan::plan(state, *currency))?;
                    if !plan.is_empty() {
                        self.gather(step.at, State::SYSTEM, *key, Command::SettlePlan(plan))?;
                        // Nothing may come between a plan and the state it was made from: a run done again looks for it next.
                        self.commit()?;
                    }
                }
                Step::Union(step_of) => {
                    // Which residual or offer is meant is only known once everything before it is in.
                    self.commit()?;
                    let command = step_of.ask.command(self.node.state());
                    match step_of.by {
                        By::One(actor) => self.gather(step.at, actor, step_of.key, command)?,
                        By::Two(maker, checker) => {
                            let expires = step.at.plus_seconds(self.node.state().options().proposal_ttl_s);
                            self.node.gather_four_eyes(step.at, maker, checker, command, expires)?;
                        }
                    }
                    self.commit()?;
                }
                Step::Confirm { actor, key, .. } => {
                    // The cycle's number is only known once the phase that cut it has begun.
                    self.commit()?;
                    let cycle = u32::try_from(self.node.state().cycles.len()).unwrap_or(u32::MAX);
                    let command = Command::ConfirmPositions(ConfirmPositions { cycle, agree: true });
                    self.gather(step.at, *actor, *key, command)?;
                }
            }
        }
        Ok(())
    }

    /// One message line.
    fn take(&mut self, mut inbound: Inbound) -> Result<(), Failure> {
        if inbound.at.0 >= self.answered.0 + ANSWER_EVERY || self.since_answer >= ANSWER_COUNT {
            self.commit()?;
            self.flush()?;
            self.answer()?;
            self.answered = inbound.at;
            self.since_answer = 0;
        }
        self.since_answer += 1;
        if matches!(&inbound.outcome, Outcome::Command(order) if matches!(order.command, Command::Return(_))) {
            // A return's currency can only be compared with an original the state already knows.
            self.commit()?;
            if let Some(refusal) = check_return(self.node.state(), &inbound) {
                inbound.outcome = Outcome::Refused(Box::new(refusal));
            }
        }
        match &mut inbound.outcome {
            Outcome::Command(order) => {
                // The command goes to the ledger; its references stay with the outbox.
                let command = std::mem::replace(&mut order.command, Command::Tick);
                let (actor, key) = (order.actor, order.key);
                if self.node.gathered() >= comity_engine::node::BATCH_MAX {
                    self.commit()?;
                }
                let seq = self.node.gather(inbound.at, actor, key, command)?;
                self.payments += 1;
                self.outbox.submitted(seq, &inbound);
            }
            Outcome::Refused(refusal) => {
                self.stats.refused_at_gate(refusal, &inbound.references);
                self.outbox.direct(&inbound, &mut self.deliver);
            }
            Outcome::Answer(_) => {
                self.stats.answered_at_gate();
                self.outbox.direct(&inbound, &mut self.deliver);
            }
        }
        Ok(())
    }

    fn gather(&mut self, at: Time, actor: ActorId, key: Key, command: Command) -> Result<(), Failure> {
        if self.node.gathered() >= comity_engine::node::BATCH_MAX {
            self.commit()?;
        }
        self.node.gather(at, actor, key, command)?;
        Ok(())
    }

    fn commit(&mut self) -> Result<(), Failure> {
        self.node.commit()?;
        let (outbox, stats, deliver) = (&mut self.outbox, &mut self.stats, &mut self.deliver);
        self.node.settle_down(IN_FLIGHT, |state, batch| durable(outbox, stats, deliver, state, batch))?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Failure> {
        let (outbox, stats, deliver) = (&mut self.outbox, &mut self.stats, &mut self.deliver);
        self.node.flush(|state, batch| durable(outbox, stats, deliver, state, batch))?;
        Ok(())
    }

    /// Writes out the answers gathered so far.
    fn answer(&mut self) -> Result<(), Failure> {
        self.outbox.flush(self.node.state(), &mut self.deliver);
        self.deliver.check()
    }
}

/// What has become durable may be told.
fn durable(outbox: &mut Outbox, stats: &mut Stats, deliver: &mut files::Writer, state: &State, batch: &Batch) {
    stats.take(state, &batch.entries, batch.first, batch.events.list());
    outbox.take(state, batch.first, &batch.entries, batch.events.list(), deliver);
}
