//! One history: an arrangement, its traffic, a disk with bad days, and the model watching.
//!
//! A history is a row of sessions. Each opens the node on whatever the last one left, is checked against every promise,
//! works for a while, and ends: closed in good order, killed, without power, or at a fault. Absent on purpose: anything
//! that is not a function of the seed.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use comity_engine::{Fault, Node};
use comity_journal::{FileLog, JournalId, Log, Marking, Micros, Options, Reader, Start};
use comity_ledger::State;
use comity_ledger::command::{Command, Entry};
use comity_ledger::ids::{Key, Time};

use crate::disk::{Plan, SimDisk};
use crate::model::{Broken, Model, broken};
use crate::rng::Rng;
use crate::sabotage::{Flawed, Sabotage};
use crate::traffic::{Request, Traffic, with_times};
use crate::world::{World, signatory};
use crate::{Config, Outcome};

/// The journal's folder.
pub(crate) const DIR: &str = "/node/journal";
/// Where its sealed segments go.
pub(crate) const ARCHIVE: &str = "/node/archive";
/// Nine o'clock on the first day.
const BEGIN: Time = Time(1_780_304_400_000_000);
/// Openings in a row that may fail while the disk is made to misbehave.
const OPENINGS_MAX: u32 = 20;

/// How a session ended.
enum End {
    /// Its work was done.
    Done,
    /// The node or its disk failed: the process ends.
    Fault,
}

pub(crate) struct History<'a> {
    config: &'a Config,
    rng: Rng,
    pub(crate) disk: SimDisk,
    world: World,
    traffic: Traffic,
    model: Model,
    now: Time,
    options: Options,
    /// Sent and not answered when the node went down: to be sent again.
    again: VecDeque<Request>,
    /// Sent and not yet answered, by entry.
    asked: VecDeque<(u64, Request)>,
    /// Entries of the batch being gathered, as they will be journalled.
    gathered: Vec<Entry>,
    /// Archiving was begun at least once.
    archived: bool,
    pub(crate) outcome: Outcome,
}

impl<'a> History<'a> {
    pub(crate) fn new(seed: u64, config: &'a Config) -> Self {
        let mut rng = Rng::new(seed, 0);
        let world = World::draw(&mut rng);
        let traffic = Traffic::new(&mut rng);
        let options = Options {
            id: Some(JournalId(u128::from(rng.next()).to_le_bytes())),
            segment_bytes: rng.pick(&[700, 2 << 10, 4 << 10, 16 << 10]),
            window_frames: rng.pick(&[1, 3, 16]),
            ahead_bytes: rng.pick(&[0, 300, 2 << 10]),
            marking: rng.pick(&[Marking::Written, Marking::Synced]),
            ..Options::small()
        };
        Self {
            config,
            rng,
            disk: SimDisk::new(seed),
            world,
            traffic,
            model: Model::default(),
            now: BEGIN,
            options,
            again: VecDeque::new(),
            asked: VecDeque::new(),
            gathered: Vec::new(),
            archived: false,
            outcome: Outcome::new(seed),
        }
    }

    /// Lives through the whole history.
    pub(crate) fn run(&mut self) -> Result<(), Broken> {
        for session in 0..self.config.sessions {
            let plan = self.draw_plan();
            self.disk.set_plan(plan);
            let Some(node) = self.open(session)? else {
                return Ok(());
            };
            self.session(node)?;
        }
        self.finish()
    }

    // --- opening ---------------------------------------------------------------------------------------------------

    /// Opens the node; a stop or a fault on the way is gone through as often as it comes. `None` when a lying disk was
    /// found out so loudly that there is nothing left to open.
    fn open(&mut self, session: u32) -> Result<Option<Node>, Broken> {
        for _ in 0..OPENINGS_MAX {
            let troubled = self.disk.plan_is_harmful();
            match self.try_open() {
                Ok(node) if self.may_lose() && self.is_unreadable() => {
                    // It began at a snapshot; whoever reads or verifies the journal is told that an earlier part is lost.
                    self.outcome.losses_found_by_node += 1;
                    drop(node);
                    return Ok(None);
                }
                Ok(node) => return self.opened(node).map(Some),
                Err(fault) if self.disk.is_stopped() => {
                    self.disk.note("opening stopped", &fault.to_string(), u64::from(session), 0);
                    self.stop();
                }
                Err(fault) if troubled => {
                    self.disk.note("opening failed", &fault.to_string(), u64::from(session), 0);
                    self.disk.restart();
                }
                Err(fault) if self.may_lose() => {
                    // Said aloud that something acknowledged is missing: that is how a liar is to be met.
                    self.disk.note("loss found", &fault.to_string(), u64::from(session), 0);
                    self.outcome.losses_found_by_node += 1;
                    return Ok(None);
                }
                Err(fault) => return Err(broken("a node opens after a crash", fault.to_string())),
            }
        }
        Err(broken("a node opens after a crash", "it never did"))
    }

    fn try_open(&mut self) -> Result<Node, Fault> {
        match self.config.sabotage {
            Some(flaw @ (Sabotage::EagerAnswers | Sabotage::TwistedEntry)) => {
                let (log, _) = FileLog::open(self.disk.shared(), Path::new(DIR), self.options)?;
                let countdown = 2 + self.rng.below(12) as u32;
                Node::on(Box::new(Flawed::new(log, flaw, countdown)), 0)
            }
            Some(Sabotage::DroppedWrite | Sabotage::LostNames) | None => {
                let (node, opened) = Node::open_on(self.disk.shared(), Path::new(DIR), self.options, 0)?;
                if let Some(recovery) = opened.recovery {
                    self.disk.note("opened", "", opened.replayed, opened.snapshot.unwrap_or(0));
                    self.outcome.torn += u64::from(recovery.torn.is_some());
                    self.outcome.beyond_mark += recovery.beyond_mark;
                }
                self.outcome.snapshots_used += u64::from(opened.snapshot.is_some());
                Ok(node)
            }
        }
    }

    fn is_unreadable(&self) -> bool {
        let disk = self.disk.quiet().shared();
        let whole =
            Reader::open_with(disk, Path::new(DIR), &self.archives(), Start::BEGINNING).and_then(|mut reader| {
                while reader.next()?.is_some() {}
                Ok(())
            });
        whole.is_err()
    }

    fn may_lose(&self) -> bool {
        self.config.lies
    }

    fn opened(&mut self, node: Node) -> Result<Node, Broken> {
        let archives = self.archives();
        let liar = self.may_lose();
        let lost = self.model.reopened(&self.disk, Path::new(DIR), &archives, node.state(), liar)?;
        if lost.is_some() {
            self.outcome.losses_found_by_model += 1;
        }
        if self.model.last_document() + 1 != node.next_document() {
            let what = format!("{} follows {}", node.next_document(), self.model.last_document());
            return Err(broken("documents are numbered without gaps", what));
        }
        self.outcome.reopenings += 1;
        let digest = node.state().digest();
        self.disk.note("state", "", node.state().seq, u64::from_le_bytes(digest[..8].try_into().expect("eight bytes")));
        // Whoever got no answer asks again, not knowing what became of it.
        self.gathered.clear();
        let mut unanswered: VecDeque<Request> = self.asked.drain(..).map(|(_, request)| request).collect();
        unanswered.append(&mut self.again);
        unanswered.retain(Request::may_repeat);
        self.again = unanswered;
        Ok(node)
    }

    fn archives(&self) -> Vec<PathBuf> {
        let manifest = Path::new(ARCHIVE).join(comity_journal::MANIFEST_NAME);
        if self.disk.exists(&manifest) { vec![PathBuf::from(ARCHIVE)] } else { Vec::new() }
    }

    fn draw_plan(&mut self) -> Plan {
        let rng = &mut self.rng;
        let mut plan = Plan::default();
        if rng.chance(3, 4) {
            // Often soon: recovery itself must survive being interrupted.
            let span = rng.pick(&[20, 120, 400]);
            let at = Some(1 + rng.below(span));
            if rng.chance(1, 2) {
                plan.stop_at = at;
            } else {
                plan.stop_at_change = at;
            }
        }
        if self.config.faults {
            match rng.below(10) {
                0 => plan.fail_at = Some((1 + rng.below(200), false)),
                1 => plan.fail_at = Some((1 + rng.below(200), true)),
                2 => plan.space = Some(rng.below(12_000)),
                3 => plan.short_every = 2 + rng.below(6),
                4 => plan.read_only = rng.chance(1, 2),
                _ => {}
            }
        }
        if self.config.lies {
            // Lies in turn with honesty: what a lie lost must not come back when the journal has grown past it.
            plan.lies = rng.chance(1, 2);
            plan.stop_at = plan.stop_at.map(|at| at + 40);
            plan.stop_at_change = plan.stop_at_change.map(|at| at + 10);
        }
        match self.config.sabotage {
            Some(Sabotage::DroppedWrite) => plan.drop_write = Some(1 + rng.below(6)),
            Some(Sabotage::LostNames) => plan.lies_about_names = true,
            Some(Sabotage::EagerAnswers | Sabotage::TwistedEntry) | None => {}
        }
        plan
    }

    // --- working ---------------------------------------------------------------------------------------------------

    fn session(&mut self, mut node: Node) -> Result<(), Broken> {
        let steps = 1 + self.rng.below(u64::from(self.config.steps));
        let mut end = End::Done;
        for _ in 0..steps {
            if let End::Fault = self.step(&mut node)? {
                end = End::Fault;
                break;
            }
        }
        match end {
            End::Fault => {
                drop(node);
                self.stop();
                Ok(())
            }
            End::Done => self.end_well(node),
        }
    }

    /// The machine stopped, or the process gives up: it is killed, or the power goes.
    fn stop(&mut self) {
        self.outcome.crashes += 1;
        if self.rng.chance(1, if self.may_lose() { 12 } else { 3 }) {
            self.disk.restart();
        } else {
            self.disk.lose_power();
        }
    }

    /// A session that met nothing bad: closed, killed, or cut off all the same.
    fn end_well(&mut self, node: Node) -> Result<(), Broken> {
        match self.rng.below(4) {
            0 | 1 => {
                let mut node = node;
                if let End::Fault = self.flush(&mut node)? {
                    drop(node);
                    self.stop();
                    return Ok(());
                }
                self.model.at_rest(node.state())?;
                if node.close().is_err() {
                    self.stop();
                    return Ok(());
                }
                self.outcome.closings += 1;
                self.after_closing()
            }
            _ => {
                drop(node);
                self.stop();
                Ok(())
            }
        }
    }

    fn step(&mut self, node: &mut Node) -> Result<End, Broken> {
        self.tick();
        if let End::Fault = self.ask(node)? {
            return Ok(End::Fault);
        }
        match self.rng.below(24) {
            0 => self.keep_document(node),
            1 => self.snapshot(node),
            2 if self.rng.chance(1, 3) => self.checkpoint(node),
            3..9 => self.flush(node),
            9..14 => {
                let taken = self.answers(|node, answer| node.take_durable(answer), node)?;
                Ok(if taken { End::Done } else { End::Fault })
            }
            14..16 => {
                let in_flight = self.rng.index(4);
                let taken = self.answers(|node, answer| node.settle_down(in_flight, answer), node)?;
                Ok(if taken { End::Done } else { End::Fault })
            }
            _ => Ok(End::Done),
        }
    }

    /// Time passes, mostly forwards.
    fn tick(&mut self) {
        let rng = &mut self.rng;
        self.now = match rng.below(20) {
            0 => Time(self.now.0 - rng.below(3_600 * Time::SECOND)),
            1 => self.now.plus_seconds(rng.below(1_200) as u32),
            2 => self.now,
            _ => Time(self.now.0 + rng.below(30 * Time::SECOND)),
        };
    }

    /// Gathers and commits a batch.
    fn ask(&mut self, node: &mut Node) -> Result<End, Broken> {
        // Setting up is done in larger strides: what follows is of more interest.
        let setting_up = (node.state().seq as usize) < self.world.setup.len();
        let most = if setting_up { 24 } else { self.rng.pick(&[1, 3, 8]) };
        for _ in 0..1 + self.rng.below(most) {
            self.ask_one(node)?;
        }
        if node.gathered() != self.gathered.len() {
            return Err(broken("what was gathered is committed", format!("{} gathered", node.gathered())));
        }
        let batch = std::mem::take(&mut self.gathered);
        match node.commit() {
            Ok(()) => {
                self.model.committed(&batch);
                self.outcome.entries += batch.len() as u64;
                if node.state().seq != self.model.accepted() {
                    let what = format!("{} accepted, the state is at {}", self.model.accepted(), node.state().seq);
                    return Err(broken("each accepted entry is applied once", what));
                }
                Ok(End::Done)
            }
            Err(fault) => {
                self.refused(batch.len() as u64);
                Ok(if self.is_refusal(&fault) { End::Done } else { End::Fault })
            }
        }
    }

    /// The last requests were not taken: they were never asked.
    fn refused(&mut self, count: u64) {
        for _ in 0..count {
            if let Some((_, request)) = self.asked.pop_back()
                && request.may_repeat()
            {
                self.again.push_front(request);
            }
        }
        self.outcome.refused_batches += 1;
    }

    fn is_refusal(&self, fault: &Fault) -> bool {
        matches!(fault, Fault::Journal(fault) if fault.is_refusal())
    }

    fn ask_one(&mut self, node: &mut Node) -> Result<(), Broken> {
        let state = node.state();
        let done = state.seq as usize + self.gathered.len();
        if let Some(command) = self.world.setup.get(done) {
            let request = Request { actor: State::SYSTEM, key: Key(0), command: command.clone() };
            return self.gather(node, request);
        }
        if let Some(request) = self.again.pop_front() {
            return self.gather(node, request);
        }
        if self.rng.chance(1, 4)
            && let Some(request) = self.traffic.day(&mut self.rng, &self.world, state, self.now.max(state.at))
        {
            return self.gather(node, request);
        }
        if self.rng.chance(1, 40) {
            return self.gather_four_eyes(node);
        }
        let now = self.now.max(state.at);
        let mut request = self.traffic.draw(&mut self.rng, &self.world, state, now);
        with_times(&mut self.rng, &mut request, now);
        self.gather(node, request)
    }

    /// The instant the sequencer stamps: never before the last one.
    fn stamp(&self, node: &Node) -> Time {
        self.now.max(self.gathered.last().map_or(node.state().at, |entry| entry.at))
    }

    fn gather(&mut self, node: &mut Node, request: Request) -> Result<(), Broken> {
        let entry = request.at(self.stamp(node));
        let seq = node
            .gather(self.now, request.actor, request.key, request.command.clone())
            .map_err(|fault| broken("a batch has room", fault.to_string()))?;
        self.gathered.push(entry);
        let wanted = node.state().seq + self.gathered.len() as u64;
        if seq != wanted {
            return Err(broken("entries are numbered without gaps", format!("{seq} where {wanted} comes next")));
        }
        self.asked.push_back((seq, request));
        Ok(())
    }

    fn gather_four_eyes(&mut self, node: &mut Node) -> Result<(), Broken> {
        let (pen, command) = self.traffic.proposable(&mut self.rng, &self.world, node.state());
        let at = self.stamp(node);
        let proposal = node.state().seq + self.gathered.len() as u64 + 1;
        let expires = at.plus_seconds(60);
        let hash = command.hash();
        node.gather_four_eyes(self.now, pen.maker, pen.checker, command.clone(), expires)
            .map_err(|fault| broken("a batch has room", fault.to_string()))?;
        let propose = Command::Propose(Box::new(comity_ledger::command::Propose { command, expires }));
        let approve = Command::Approve(comity_ledger::command::Approve { proposal, hash });
        for (actor, command) in [(pen.maker, propose), (pen.checker, approve)] {
            let request = Request { actor, key: Key(0), command };
            self.gathered.push(request.at(at));
            self.asked.push_back((proposal, request));
        }
        Ok(())
    }

    // --- answers ---------------------------------------------------------------------------------------------------

    fn flush(&mut self, node: &mut Node) -> Result<End, Broken> {
        let whole = self.answers(|node, answer| node.flush(answer), node)?;
        if !whole {
            return Ok(End::Fault);
        }
        self.model.all_promised();
        self.model.at_rest(node.state())?;
        Ok(End::Done)
    }

    /// Takes answers in; `false` when the node failed.
    fn answers(
        &mut self,
        take: impl FnOnce(&mut Node, &mut dyn FnMut(&State, &comity_engine::Batch)) -> Result<(), Fault>,
        node: &mut Node,
    ) -> Result<bool, Broken> {
        let mut first_broken = None;
        let Self { model, asked, disk, outcome, .. } = self;
        let taken = take(node, &mut |state, batch| {
            if first_broken.is_some() {
                return;
            }
            if let Err(broken) = model.answered(state, batch) {
                first_broken = Some(broken);
                return;
            }
            while asked.front().is_some_and(|(seq, _)| *seq <= model.promised()) {
                asked.pop_front();
            }
            outcome.events += batch.events.list().len() as u64;
            disk.note("answered", "", batch.first, batch.events.list().len() as u64);
            disk.mix_events(batch.events.list());
        });
        match (first_broken, taken) {
            (Some(broken), _) => Err(broken),
            (None, Ok(())) => Ok(true),
            (None, Err(fault)) => {
                self.disk.note("fault", &fault.to_string(), 0, 0);
                Ok(false)
            }
        }
    }

    // --- documents, snapshots, checkpoints ---------------------------------------------------------------------------

    fn keep_document(&mut self, node: &mut Node) -> Result<End, Broken> {
        let len = self.rng.index(900);
        let mut bytes = vec![b'x'; len];
        for byte in bytes.iter_mut().step_by(3) {
            *byte = self.rng.next() as u8;
        }
        let at = self.now.max(node.state().at);
        match node.keep_document(at, "example.xml", &bytes) {
            Ok(number) => {
                self.model.kept(number, &bytes)?;
                self.outcome.documents += 1;
                Ok(End::Done)
            }
            Err(fault) => Ok(if self.is_refusal(&fault) { End::Done } else { End::Fault }),
        }
    }

    fn snapshot(&mut self, node: &mut Node) -> Result<End, Broken> {
        match node.snapshot_on(self.disk.shared(), Path::new(DIR)) {
            Ok(()) => {
                self.outcome.snapshots += 1;
                self.model.all_promised();
                Ok(End::Done)
            }
            // A snapshot is a shortcut: a disk that does not take one does not end the day.
            Err(fault) if !self.disk.is_stopped() => {
                self.disk.note("no snapshot", &fault.to_string(), 0, 0);
                Ok(End::Done)
            }
            Err(_) => Ok(End::Fault),
        }
    }

    fn checkpoint(&mut self, node: &mut Node) -> Result<End, Broken> {
        if node.state().authorities.len() < self.world.pens.len() {
            return Ok(End::Done);
        }
        let key = signatory(self.rng.index(self.world.pens.len()));
        self.model.signing();
        match node.checkpoint(&[key]) {
            Ok(_) => {
                self.outcome.checkpoints += 1;
                self.model.all_promised();
                Ok(End::Done)
            }
            Err(fault) if self.is_refusal(&fault) => {
                self.model.not_signed();
                Ok(End::Done)
            }
            Err(_) => Ok(End::Fault),
        }
    }

    // --- between sessions -------------------------------------------------------------------------------------------

    /// The journal is closed in good order: it is verified, damaged (a copy of it), and perhaps archived.
    fn after_closing(&mut self) -> Result<(), Broken> {
        self.disk.set_plan(Plan::default());
        if !self.may_lose() {
            self.verify_closed()?;
        }
        if self.config.harm && self.rng.chance(1, 2) {
            self.harm_a_copy()?;
        }
        if self.rng.chance(1, 3) {
            self.archive();
        }
        Ok(())
    }

    fn verify_closed(&mut self) -> Result<(), Broken> {
        const SOUND: &str = "a journal closed in good order verifies";
        let archives = self.archives();
        let report = comity_journal::verify(&self.disk.quiet().shared(), Path::new(DIR), &archives)
            .map_err(|fault| broken(SOUND, fault.to_string()))?;
        self.outcome.verified += 1;
        if !report.is_sound() || !report.closed {
            let findings: Vec<String> = report.findings.iter().map(ToString::to_string).collect();
            return Err(broken(SOUND, format!("torn {:?}, findings {findings:?}", report.torn)));
        }
        if report.entries != self.model.accepted() {
            return Err(broken(SOUND, format!("{} entries where {} are", report.entries, self.model.accepted())));
        }
        Ok(())
    }

    /// Damage at rest is found by whoever verifies, and never makes a node open in another state.
    fn harm_a_copy(&mut self) -> Result<(), Broken> {
        let copy = self.disk.fork();
        let mut files: Vec<String> = copy.files().into_keys().filter(|path| path.starts_with("/node/")).collect();
        let harm = if self.rng.chance(3, 4) {
            copy.flip(&mut self.rng, &files)
        } else {
            // A lost snapshot is no damage, and an empty lock file says nothing.
            files.retain(|path| !path.contains("/snapshots/") && !path.ends_with("LOCK") && path.starts_with(DIR));
            copy.disorder(&mut self.rng, &files)
        };
        let Some(harm) = harm else {
            return Ok(());
        };
        self.outcome.harms += 1;
        let report = comity_journal::verify(&copy.shared(), Path::new(DIR), &self.archives());
        if report.is_ok_and(|report| report.is_sound()) {
            return Err(broken("damage at rest is found", format!("{harm}, and nothing was found")));
        }
        let seq = self.model.accepted();
        if let Ok((node, _)) = Node::open_on(copy.shared(), Path::new(DIR), self.options, 0) {
            if node.state().seq != seq || Some(node.state().digest()) != self.model.digest_at(seq) {
                let what = format!("{harm}; opened at entry {} instead of {seq}", node.state().seq);
                return Err(broken("damage at rest never gives another state", what));
            }
            self.outcome.harms_passed_by += 1;
        }
        Ok(())
    }

    /// Seals the journal and archives what a snapshot covers; perhaps the machine stops on the way.
    fn archive(&mut self) {
        if self.config.sabotage.is_some() {
            return;
        }
        let mut plan = Plan::default();
        if self.rng.chance(1, 2) {
            plan.stop_at = Some(1 + self.rng.below(60));
        }
        self.disk.set_plan(plan);
        if self.try_archive().is_err() {
            self.stop();
        }
    }

    fn try_archive(&mut self) -> Result<(), comity_journal::Fault> {
        let (mut log, _) = FileLog::open(self.disk.shared(), Path::new(DIR), self.options)?;
        log.seal(Micros(self.now.0))?;
        if self.rng.chance(1, 4) {
            return Err(comity_journal::Fault::Closed);
        }
        let snapshots = comity_journal::Snapshots::new(self.disk.shared(), Path::new(DIR), log.id());
        log.wait(comity_journal::FrameNo(u64::MAX))?;
        if let (Some(snapshot), _) = snapshots.newest(log.next_entry())? {
            self.archived = true;
            let archived = log.archive(snapshot.info.frame, Path::new(ARCHIVE))?;
            self.outcome.archived += archived.segments.len() as u64;
        }
        log.close()
    }

    /// The last session, on a healthy disk: everything unanswered is asked again, the day is signed, the books are closed.
    fn finish(&mut self) -> Result<(), Broken> {
        self.disk.set_plan(Plan::default());
        let Some(mut node) = self.open(u32::MAX)? else {
            return Ok(());
        };
        while !self.again.is_empty() || (node.state().seq as usize) < self.world.setup.len() {
            self.ask(&mut node)?;
        }
        const HEALTHY: &str = "a healthy disk gives no fault";
        let fault = |fault: Fault| broken(HEALTHY, fault.to_string());
        if let End::Fault = self.flush(&mut node)? {
            return Err(broken(HEALTHY, "flush"));
        }
        self.model.signing();
        node.checkpoint(&[signatory(0)]).map_err(fault)?;
        self.model.all_promised();
        let digest = node.state().digest();
        let state = node.close().map_err(fault)?;
        if !self.may_lose() {
            self.finish_archive().map_err(|fault| broken(HEALTHY, fault.to_string()))?;
            self.verify_closed()?;
        }
        let archives = self.archives();
        let liar = self.may_lose();
        self.model.reopened(&self.disk, Path::new(DIR), &archives, &state, liar)?;
        self.disk.note("final", "", state.seq, u64::from_le_bytes(digest[..8].try_into().expect("eight bytes")));
        self.outcome.carried = crate::union::carried(&state);
        self.outcome.digest = digest;
        Ok(())
    }

    /// An archiving that was interrupted is called again, which finishes it.
    fn finish_archive(&mut self) -> Result<(), comity_journal::Fault> {
        if !self.archived {
            return Ok(());
        }
        let (mut log, _) = FileLog::open(self.disk.shared(), Path::new(DIR), self.options)?;
        let snapshots = comity_journal::Snapshots::new(self.disk.shared(), Path::new(DIR), log.id());
        if let (Some(snapshot), _) = snapshots.newest(log.next_entry())? {
            log.archive(snapshot.info.frame, Path::new(ARCHIVE))?;
        }
        log.close()
    }
}
