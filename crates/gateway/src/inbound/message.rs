//! One message from its header to its end: its transactions are kept until its totals are known, then handed on.

use super::matching;
use super::{Answer, Groups, Inbound, Options, Order, Outcome, Tally, Unreadable, credit, request};
use crate::directory::Directory;
use crate::references::{Ids, LineReferences, MessageReferences, References};
use crate::refusal::{Refusal, Rule};
use comity_iso20022::ident::{Bic, Uetr};
use comity_iso20022::model::{End, Header, Line, Part, Refused, Transaction};
use comity_iso20022::time::Timestamp;
use comity_ledger::command::Command;
use comity_ledger::group::LEGS;
use comity_ledger::ids::{ActorId, Key, ParticipantId, Time};
use std::sync::Arc;

/// Translates the parts a reader hands out.
pub(super) struct Translator<'d, S> {
    directory: &'d Directory,
    options: &'d Options,
    document: u64,
    sink: S,
    open: Option<Open>,
    tally: Tally,
}

/// A message that has begun.
struct Open {
    name: &'static str,
    id: Box<str>,
    created: Timestamp,
    stated: Option<u32>,
    /// Whom the message names as its sender: application header, else instructing agent or assigner.
    sender: Option<Bic>,
    /// Set with the first transaction, because the debtor's agent stands in for a sender nobody named.
    shared: Option<Arc<MessageReferences>>,
    lines: Vec<Kept>,
    is_group: bool,
}

/// A transaction kept until its message has ended.
struct Kept {
    inbound: Inbound,
    /// Marked as a leg of a group.
    leg: bool,
}

/// What the translation of one transaction may look at.
pub(super) struct Context<'a> {
    /// Who is who.
    pub(super) directory: &'a Directory,
    /// Number of the document.
    pub(super) document: u64,
    /// Number of the transaction.
    pub(super) line: u32,
    /// Message name with version.
    pub(super) name: &'a str,
    /// Whom the message names as its sender.
    pub(super) sender: Option<Bic>,
    /// The sender, if it takes part.
    pub(super) participant: Option<ParticipantId>,
}

impl Context<'_> {
    /// The sender and its channel.
    pub(super) fn channel(&self) -> Result<(ParticipantId, ActorId), Refusal> {
        let named = self.sender.map(|bic| bic.to_string()).unwrap_or_default();
        let who = self.participant.ok_or_else(|| {
            let message = if named.is_empty() {
                "the message names no sender".to_owned()
            } else {
                format!("{named} does not take part in this arrangement")
            };
            Refusal::of(Rule::SenderUnknown, "", &named, message)
        })?;
        let channel = self.directory.member(who).and_then(|member| member.channel);
        let channel = channel.ok_or_else(|| {
            let message = format!("{named} has no straight-through channel");
            Refusal::of(Rule::SenderChannel, "", &named, message)
        })?;
        Ok((who, channel))
    }
}

impl<'d, S: FnMut(Inbound)> Translator<'d, S> {
    pub(super) fn new(directory: &'d Directory, options: &'d Options, document: u64, sink: S) -> Self {
        Self { directory, options, document, sink, open: None, tally: Tally::default() }
    }

    /// One part, in the order of the input.
    pub(super) fn part(&mut self, part: Part<'_>) {
        match part {
            Part::Header(header) => self.header(header),
            Part::Transaction(line) => self.line(&line),
            Part::End(end) => self.end(&end),
            Part::Refused(refused) => self.refused(&refused),
        }
    }

    /// The input has been read.
    pub(super) fn finish(mut self, bytes: u64) -> Tally {
        self.tally.bytes = bytes;
        self.tally
    }

    fn header(&mut self, header: &Header<'_>) {
        self.tally.messages += 1;
        let from = header.application.and_then(|application| application.from);
        self.open = Some(Open {
            name: header.name,
            id: header.message_id.into(),
            created: header.created,
            stated: header.stated_transactions,
            sender: from.or(header.instructing_agent.bic),
            shared: None,
            lines: Vec::new(),
            is_group: false,
        });
    }

    fn line(&mut self, line: &Line<'_>) {
        self.tally.transactions += 1;
        let Some(open) = &mut self.open else {
            return;
        };
        let mut references = LineReferences {
            index: line.index,
            ids: Ids::pack(
                line.references.instruction_id,
                line.references.end_to_end_id,
                line.references.transaction_id,
            ),
            uetr: line.references.uetr.and_then(Uetr::parse).map(|uetr| uetr.0),
            amount: None,
            debtor_agent: None,
            creditor_agent: None,
        };
        let mut stands_in = None;
        match line.outcome {
            Ok(Transaction::CreditTransfer(transfer)) => {
                references.amount = Some(transfer.amount);
                references.debtor_agent = credit::payer(transfer);
                references.creditor_agent = credit::payee(transfer);
                stands_in = transfer.instructing_agent.bic.or(references.debtor_agent);
            }
            Ok(Transaction::Return(back)) => {
                references.amount = Some(back.amount);
                stands_in = back.instructing_agent.bic;
                if back.return_id.is_some() {
                    references.ids =
                        Ids::pack(back.return_id, back.original.end_to_end_id, back.original.transaction_id);
                }
            }
            Ok(Transaction::CancellationRequest(request)) => {
                references.amount = request.original_amount;
            }
            Ok(Transaction::Resolution(_) | Transaction::Identification(_)) | Err(_) => {}
        }
        if open.sender.is_none() && open.shared.is_none() {
            open.sender = stands_in;
        }
        let shared = open.shared.get_or_insert_with(|| {
            Arc::new(MessageReferences {
                id: open.id.clone(),
                name: open.name.into(),
                created: open.created,
                transactions: open.stated,
                sender: open.sender,
            })
        });
        let participant = open.sender.and_then(|bic| self.directory.participant(&bic));
        let context = Context {
            directory: self.directory,
            document: self.document,
            line: line.index,
            name: open.name,
            sender: open.sender,
            participant,
        };
        let leg = matches!(line.outcome, Ok(Transaction::CreditTransfer(transfer)) if credit::is_leg(transfer));
        open.is_group |= leg;
        let outcome = match line.outcome {
            Err(problems) => Err(problems.first().map_or_else(unreadable, Refusal::from)),
            Ok(Transaction::CreditTransfer(transfer)) => credit::order(&context, transfer),
            Ok(Transaction::Return(back)) => request::give_back(&context, back),
            Ok(Transaction::CancellationRequest(asked)) => request::recall(&context, asked),
            Ok(Transaction::Resolution(answer)) => request::resolution(&context, answer),
            Ok(Transaction::Identification(asked)) => Ok(request::verification(&context, asked)),
        };
        open.lines.push(Kept {
            inbound: Inbound {
                document: self.document,
                at: time(open.created),
                participant,
                references: References { message: Arc::clone(shared), first: references, others: Vec::new() },
                outcome: outcome.unwrap_or_else(|refusal| Outcome::Refused(Box::new(refusal))),
            },
            leg,
        });
    }

    fn end(&mut self, end: &End<'_>) {
        let Some(open) = self.open.take() else {
            return;
        };
        match end.problems.first() {
            // Its integrity is in doubt: a line may be missing, or one may be too many.
            Some(problem) => self.refuse_all(open, &Refusal::from(problem)),
            None if open.is_group => self.group(open),
            None => {
                for kept in open.lines {
                    self.hand_on(kept.inbound);
                }
            }
        }
    }

    fn refused(&mut self, refused: &Refused<'_>) {
        let refusal = refused.problems.first().map_or_else(unreadable, Refusal::from);
        let offset = refused.problems.first().map_or(refused.offset, |problem| problem.offset);
        let open = self.open.take();
        if open.is_none() {
            self.tally.messages += 1;
        }
        self.tally.unreadable += 1;
        let application = refused.application.as_ref();
        let sender =
            open.as_ref().and_then(|open| open.sender).or(application.and_then(|application| application.from));
        let created = open.as_ref().map(|open| open.created).or(application.map(|application| application.created));
        let message = MessageReferences {
            id: refused
                .message_id
                .or(application.map(|application| application.message_id))
                .unwrap_or(&self.options.name)
                .into(),
            name: refused.name.unwrap_or_default().into(),
            created: created.unwrap_or_default(),
            transactions: None,
            sender,
        };
        // What was read of a message that breaks off is not carried out: nobody knows what else it would have said.
        if let Some(open) = open {
            self.refuse_all(open, &refusal);
        }
        self.hand_on(Inbound {
            document: self.document,
            at: created.map_or(Time(0), time),
            participant: sender.and_then(|bic| self.directory.participant(&bic)),
            references: References {
                message: Arc::new(message),
                first: LineReferences {
                    index: 0,
                    ids: Ids::pack(None, None, None),
                    uetr: None,
                    amount: None,
                    debtor_agent: None,
                    creditor_agent: None,
                },
                others: Vec::new(),
            },
            outcome: Outcome::Answer(Box::new(Answer::Unreadable(Unreadable { refusal, offset }))),
        });
    }

    /// All transactions of the message are decided together, or all are refused.
    fn group(&mut self, open: Open) {
        if let Some(kept) = open.lines.iter().find(|kept| !kept.leg) {
            let line = kept.inbound.references.first.index;
            if !matches!(kept.inbound.outcome, Outcome::Refused(_)) {
                let message = format!("transaction {line} is not marked PVP, others of the message are");
                let refusal = Refusal::of(Rule::GroupMixed, "PmtTpInf/LclInstrm/Prtry", "", message);
                self.refuse_all(open, &refusal);
                return;
            }
        }
        let bad = open.lines.iter().find_map(|kept| match &kept.inbound.outcome {
            Outcome::Refused(refusal) => Some((kept.inbound.references.first.index, refusal)),
            Outcome::Command(_) | Outcome::Answer(_) => None,
        });
        if let Some((line, refusal)) = bad {
            let message = format!("transaction {line} of the group is refused: {refusal}");
            let refusal = Refusal::of(Rule::GroupFailed, "", "", message);
            // Each bad leg keeps its own reason; the good ones are told which one spoiled the group.
            self.refuse_rest(open, &refusal);
            return;
        }
        if !LEGS.contains(&open.lines.len()) {
            let legs = open.lines.len();
            let message = format!("a group of {legs} legs; the limits are {} and {}", LEGS.start(), LEGS.end());
            let refusal = Refusal::of(Rule::GroupSize, "", &legs.to_string(), message);
            self.refuse_all(open, &refusal);
            return;
        }
        if !pays_a_leg(self.directory, &open.lines) {
            let message = "the sender pays no leg of the group".to_owned();
            let refusal = Refusal::of(Rule::NotYourDebtor, "DbtrAgt", "", message);
            self.refuse_all(open, &refusal);
            return;
        }
        let mut group = join(open.lines);
        if self.options.groups == Groups::Vouched && matching::has_other_payers(self.directory, &group) {
            matching::vouch(&mut group);
        }
        self.hand_on(group);
    }

    fn refuse_all(&mut self, open: Open, refusal: &Refusal) {
        for kept in open.lines {
            self.refuse(kept.inbound, refusal.clone());
        }
    }

    fn refuse_rest(&mut self, open: Open, refusal: &Refusal) {
        for kept in open.lines {
            if matches!(kept.inbound.outcome, Outcome::Refused(_)) {
                self.hand_on(kept.inbound);
            } else {
                self.refuse(kept.inbound, refusal.clone());
            }
        }
    }

    fn refuse(&mut self, mut inbound: Inbound, refusal: Refusal) {
        inbound.outcome = Outcome::Refused(Box::new(refusal));
        self.hand_on(inbound);
    }

    fn hand_on(&mut self, inbound: Inbound) {
        match &inbound.outcome {
            Outcome::Command(_) => {
                self.tally.commands += 1 + inbound.references.others.len() as u64;
            }
            Outcome::Refused(_) => self.tally.refused += 1,
            Outcome::Answer(_) => {}
        }
        (self.sink)(inbound);
    }
}

/// Whether the sender pays at least one leg; the others were matched with their payers before the message was sent.
fn pays_a_leg(directory: &Directory, lines: &[Kept]) -> bool {
    lines.iter().any(|kept| {
        let debtor = kept.inbound.references.first.debtor_agent;
        let debtor = debtor.and_then(|bic| directory.participant(&bic));
        matches!((kept.inbound.participant, debtor), (Some(who), Some(debtor)) if sends_for(directory, who, debtor))
    })
}

/// Makes one group of the legs, in order.
fn join(lines: Vec<Kept>) -> Inbound {
    let mut actor = ActorId(0);
    let mut legs = Vec::with_capacity(lines.len());
    let mut whole: Option<Inbound> = None;
    for kept in lines {
        let Inbound { outcome, references, document, at, participant } = kept.inbound;
        let Outcome::Command(order) = outcome else {
            continue;
        };
        if let Command::Pay(instruction) = order.command {
            actor = order.actor;
            legs.push(instruction);
        }
        match &mut whole {
            Some(whole) => whole.references.others.push(references.first),
            None => {
                whole = Some(Inbound {
                    document,
                    at,
                    participant,
                    references,
                    outcome: Outcome::Answer(Box::new(Answer::Noted)),
                });
            }
        }
    }
    let mut whole = whole.expect("a group has at least two legs");
    matching::name_deal(&mut legs);
    whole.outcome = Outcome::Command(Order { actor, key: Key(0), command: Command::PayGroup(legs), case: None });
    whole
}

/// Whether `who` may send payments of `debtor`: it is the debtor, or its sponsor.
pub(super) fn sends_for(directory: &Directory, who: ParticipantId, debtor: ParticipantId) -> bool {
    who == debtor || directory.member(debtor).is_some_and(|member| member.sponsor == who)
}

pub(super) fn time(at: Timestamp) -> Time {
    Time(u64::try_from(at.micros).unwrap_or(0))
}

fn unreadable() -> Refusal {
    Refusal {
        iso: "FF01",
        rule: "unreadable",
        field: String::new(),
        value: String::new(),
        message: "the message cannot be read".to_owned(),
        help: "check the message against its schema",
    }
}
