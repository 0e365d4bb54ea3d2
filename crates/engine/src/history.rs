//! The life of one payment, told from the journal: every entry that touched it, with the time and the actor.

use std::path::Path;

use comity_journal::{Kind, OsDisk, Reader, Start};
use comity_ledger::command::{Command, Entry};
use comity_ledger::event::Event;
use comity_ledger::ids::{ActorId, PaymentId, Time, Uetr};
use comity_ledger::{Events, State, apply};

use crate::document::{self, Document};
use crate::fault::Fault;
use crate::node::expect_next;
use crate::replay::{Piece, Pieces, read_ahead};

/// One thing that happened to a payment.
#[derive(Debug, Clone)]
pub struct Step {
    /// The entry.
    pub seq: u64,
    /// When.
    pub at: Time,
    /// Who asked for what caused it.
    pub actor: ActorId,
    /// What was asked: the name of the command.
    pub command: &'static str,
    /// What happened.
    pub event: Event,
}

/// The life of one payment.
#[derive(Debug)]
pub struct History {
    /// Its records: one, or the legs of its group.
    pub payments: Vec<PaymentId>,
    /// What happened to them, in order.
    pub steps: Vec<Step>,
    /// The state at the end of the journal.
    pub state: State,
}

/// Replays the journal in `dir` and gathers what happened to the payment with this UETR, its group, its return and its
/// recalls. `None` when no entry brought it.
///
/// # Errors
/// When the journal is damaged.
pub fn history(dir: &Path, uetr: Uetr) -> Result<Option<History>, Fault> {
    let mut pieces = read_ahead(dir)?;
    let mut state = State::new(0);
    let mut events = Events::default();
    let mut payments: Vec<PaymentId> = Vec::new();
    let mut steps = Vec::new();
    while let Some(piece) = pieces.next()? {
        let Piece::Entries { frame, first, entries } = piece else {
            continue;
        };
        expect_next(&state, frame, first, &entries)?;
        for entry in &entries {
            apply(&mut state, entry, &mut events);
            if payments.is_empty()
                && let Some(id) = state.find(uetr)
            {
                let group = state.payment(id).group;
                payments = if group.is_some() {
                    let group = state.group(group);
                    (group.first.0..group.first.0 + group.legs).map(PaymentId).collect()
                } else {
                    vec![id]
                };
            }
            gather(&state, entry, &events, &payments, &mut steps);
            events.clear();
        }
        pieces.recycle(entries);
    }
    Ok(if payments.is_empty() { None } else { Some(History { payments, steps, state }) })
}

fn gather(state: &State, entry: &Entry, events: &Events, payments: &[PaymentId], steps: &mut Vec<Step>) {
    let touches =
        |id: PaymentId| payments.contains(&id) || (id.is_some() && payments.contains(&state.payment(id).link));
    for (seq, event) in events.list() {
        if payment_of(event).is_some_and(touches) {
            let step =
                Step { seq: *seq, at: entry.at, actor: entry.actor, command: name(&entry.command), event: *event };
            steps.push(step);
        }
    }
}

/// The payment an event is about, if any.
#[must_use]
pub fn payment_of(event: &Event) -> Option<PaymentId> {
    match event {
        Event::Repeated { payment, .. }
        | Event::PaymentRefused { payment, .. }
        | Event::Queued { payment, .. }
        | Event::Settled { payment, .. }
        | Event::Cancelled { payment, .. }
        | Event::QueueChanged { payment }
        | Event::Dealt { payment, .. }
        | Event::RecallOpened { payment, .. }
        | Event::RecallClosed { payment, .. } => Some(*payment),
        Event::Done
        | Event::Refused(_)
        | Event::Grouped { .. }
        | Event::Remainder { .. }
        | Event::Funded { .. }
        | Event::HoldPlaced { .. }
        | Event::HoldPosted { .. }
        | Event::HoldReleased { .. }
        | Event::RateSet { .. }
        | Event::PairOpen { .. }
        | Event::PairBlocked { .. }
        | Event::PhaseBegan { .. }
        | Event::PhaseExtended { .. }
        | Event::CycleCut { .. }
        | Event::PositionsAnswered { .. }
        | Event::CycleFinal { .. }
        | Event::DayClosed
        | Event::OffsetRun { .. }
        | Event::Offset { .. }
        | Event::Proposed { .. }
        | Event::ProposalEnded { .. }
        | Event::Suspension { .. }
        | Event::CurrencyStopped { .. }
        | Event::DealerRateSet { .. }
        | Event::Quoted { .. }
        | Event::QuoteAccepted { .. }
        | Event::QuoteExpired { .. }
        | Event::OrderPlaced { .. }
        | Event::OrderEnded { .. }
        | Event::AuctionRun { .. }
        | Event::ActorAdded { .. }
        | Event::UnionSet { .. }
        | Event::UnitRateSet { .. }
        | Event::UnionClosed { .. }
        | Event::MemberCarried { .. }
        | Event::UnionNotClosed { .. }
        | Event::ActionItem { .. }
        | Event::ResidualOpened { .. }
        | Event::ResidualSettled { .. }
        | Event::ResidualLate { .. }
        | Event::ProofReported { .. }
        | Event::ProofAnswered { .. }
        | Event::ClaimUsed { .. }
        | Event::LoanOffered { .. }
        | Event::OfferEnded { .. }
        | Event::LoanBegan { .. }
        | Event::MemberLeft { .. } => None,
    }
}

/// The name of a command, as people say it.
#[must_use]
pub const fn name(command: &Command) -> &'static str {
    match command {
        Command::Pay(_) => "payment",
        Command::PayGroup(_) => "payment versus payment",
        Command::Convert(_) => "conversion",
        Command::Return(_) => "return",
        Command::Cancel(_) => "cancellation",
        Command::Reprioritise(_) => "change of priority",
        Command::Reorder(_) => "re-ordering",
        Command::Park(_) => "parking",
        Command::Activate(_) => "activation",
        Command::Recall(_) => "recall",
        Command::AnswerRecall(_) => "answer to a recall",
        Command::PlaceHold(_) => "hold",
        Command::PostHold(_) => "posting of a hold",
        Command::VoidHold(_) => "voiding of a hold",
        Command::FundIn(_) => "funding",
        Command::Defund(_) => "defunding",
        Command::AdjustCover(_) => "adjustment of the cover",
        Command::Issue(_) => "issuance",
        Command::SetLimit(_) => "limit",
        Command::Suspend(_) => "suspension",
        Command::StopCurrency(_) => "stop of a currency",
        Command::SetRate(_) => "rate",
        Command::ApproveRate(_) => "approval of a rate",
        Command::ReleaseRate(_) => "release of a rate",
        Command::StartDay(_) => "start of the day",
        Command::Advance(_) => "next phase",
        Command::ExtendPhase(_) => "extension of a phase",
        Command::Tick => "passing of time",
        Command::Offset(_) => "offsetting run",
        Command::ConfirmPositions(_) => "confirmation of positions",
        Command::Propose(_) => "proposal",
        Command::Approve(_) => "approval",
        Command::Decline(_) => "decline",
        Command::Genesis(_) => "beginning of the journal",
        Command::AddAuthority(_) => "new authority",
        Command::AddCurrency(_) => "new currency",
        Command::AddParticipant(_) => "new participant",
        Command::OpenAccount(_) => "new account",
        Command::AddActor(_) => "new actor",
        Command::SetRoles(_) => "change of roles",
        Command::SetPair(_) => "currency pair",
        Command::SetPhases(_) => "phases of the day",
        Command::SetCalendarDay(_) => "calendar",
        Command::ActivateArrangement(_) => "activation of the arrangement",
        Command::RotateKey(_) => "new key",
        Command::SetOffsetting(_) => "offsetting rule",
        Command::SetBypass(_) => "consent to settlement out of order",
        Command::SettlePlan(_) => "offsetting plan",
        Command::SetUnion(_) => "rules of a union",
        Command::SetUnitRate(_) => "rate in the unit of account",
        Command::ReleaseUnitRate(_) => "release of a rate in the unit of account",
        Command::CloseUnion(_) => "closing of a union",
        Command::SettleResidual(_) => "settlement of a residual",
        Command::AnswerProof(_) => "answer to a reported transfer",
        Command::CrossResiduals(_) => "auction of residuals",
        Command::UseClaim(_) => "use of a claim",
        Command::Lend(_) => "loan out of a claim",
        Command::LeaveUnion(_) => "leaving a union",
        Command::SetPricing(_) => "pricing terms",
        Command::SetDealer(_) => "dealer",
        Command::Agree(_) => "word on prices",
        Command::SetDealerRate(_) => "standing rates",
        Command::RequestQuote(_) => "request for a quote",
        Command::AcceptQuote(_) => "acceptance of a quote",
        Command::PayQuoted(_) => "payment under a quote",
        Command::PlaceOrder(_) => "auction order",
        Command::WithdrawOrder(_) => "withdrawal of an auction order",
        Command::RunAuction(_) => "auction",
        Command::RegisterCommitment(_) => "future commitment",
        Command::AnswerCommitment(_) => "answer about a commitment",
        Command::ChangeCommitment(_) => "change of a commitment",
        Command::WithdrawCommitment(_) => "end of a commitment",
    }
}

/// An original document by its number, all its pieces together.
///
/// # Errors
/// When the journal is damaged.
pub fn original(dir: &Path, number: u64) -> Result<Option<Document<'static>>, Fault> {
    let mut reader = Reader::open(OsDisk::shared(), dir, Start::BEGINNING)?;
    let mut found: Option<Document<'static>> = None;
    while let Some(frame) = reader.next()? {
        if frame.kind() != Kind::Document {
            continue;
        }
        let malformed =
            |what: comity_ledger::wire::Malformed| Fault::Malformed { frame: frame.number().0, what: what.to_string() };
        let this = document::decode_packed(frame.payload).map_err(malformed)?.number;
        if this > number {
            break;
        }
        if this == number {
            let piece = document::decode(frame.payload).map_err(malformed)?;
            match &mut found {
                Some(document) => document.bytes.extend_from_slice(&piece.bytes),
                None => {
                    found = Some(Document {
                        number,
                        at: piece.at,
                        name: piece.name.into_owned().into(),
                        bytes: piece.bytes,
                    });
                }
            }
        }
    }
    Ok(found)
}
