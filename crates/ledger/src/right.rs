//! Who may ask what: one table, whatever the door.
//!
//! A command is done directly, needs a second pair of eyes, or is not this actor's to ask. The second pair of eyes has the
//! same scope as the first and a role that excludes the maker's.

use crate::command::{Command, LimitKind, Subject};
use crate::ids::{AccountId, ActorId, AuthorityId, CurrencyId, Key, ParticipantId};
use crate::reject::{Reason, Reject};
use crate::role::{Roles, Scope};
use crate::state::{Actor, State};
use crate::union::order::Settlement;
use crate::union::{Party, Residual};

/// What an actor may do about a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Right {
    /// Have it done at once.
    Direct,
    /// Propose it; somebody of the same scope with one of these roles must approve.
    FourEyes(Roles),
}

const NO: Result<Right, Reject> = Err(Reject::because(Reason::NotAuthorised));
const DIRECT: Result<Right, Reject> = Ok(Right::Direct);

/// The actor, if known and sound.
pub(crate) fn actor(state: &State, id: ActorId) -> Result<&Actor, Reject> {
    let actor = state.actors.get(id.at()).ok_or(Reject::refers(Reason::UnknownActor, u64::from(id.0)))?;
    if actor.roles.excluded().is_some() {
        return Err(Reject::because(Reason::RolesExcluded));
    }
    Ok(actor)
}

/// What the actor may do about the command.
pub(crate) fn right(state: &State, id: ActorId, command: &Command) -> Result<Right, Reject> {
    let actor = actor(state, id)?;
    let is = |roles: Roles| actor.roles.any(roles);
    let operator = matches!(actor.scope, Scope::Operator);
    let owns = |account: AccountId| {
        let participant = state.account(account).map(|account| account.participant);
        matches!(actor.scope, Scope::Participant(own) if participant == Some(own))
    };
    let is_bank = |participant: ParticipantId| matches!(actor.scope, Scope::Participant(own) if own == participant);
    let issues = |currency: Option<CurrencyId>| {
        let issuer =
            currency.and_then(|currency| state.currencies.get(currency.at())).map(|currency| currency.authority);
        matches!(actor.scope, Scope::Authority(own) if issuer == Some(own))
    };
    let issues_for = |account: AccountId| issues(state.account(account).map(|account| account.currency));
    let two_of = |maker: Roles, checker: Roles| {
        if is(maker) { Ok(Right::FourEyes(checker)) } else { NO }
    };
    let by_authority = || two_of(Roles::AUTHORITY_MAKER, Roles::AUTHORITY_CHECKER);
    let by_finance = || {
        if operator { two_of(Roles::FINANCE_MAKER, Roles::FINANCE_CHECKER) } else { NO }
    };
    let by_operations = || {
        if operator { two_of(Roles::OPERATOR, Roles::OPERATIONS_MANAGER) } else { NO }
    };
    let by_system_or_operations = || {
        if operator && is(Roles::SYSTEM) { DIRECT } else { by_operations() }
    };
    // A bank's channel acts at once; a person at the bank needs a colleague.
    let by_bank = |own: bool| match own {
        true if is(Roles::CHANNEL) => DIRECT,
        true => two_of(Roles::BANK_MAKER, Roles::BANK_CHECKER),
        false => NO,
    };
    let payer = |account: AccountId, behind: ParticipantId| {
        matches!(actor.scope, Scope::Participant(own)
            if behind == own || state.account(account).is_some_and(|account| account.participant == own))
    };
    let is_one_of = |debtor: ParticipantId, creditor: ParticipantId| matches!(actor.scope, Scope::Participant(own) if own == debtor || own == creditor);
    // What is not known is not hidden from a bank: it is told that there is no such thing.
    let party_to = |key: Key| match state.commitments.get(&key) {
        Some(commitment) => is_one_of(commitment.debtor, commitment.creditor),
        None => matches!(actor.scope, Scope::Participant(_)),
    };
    let queue_control = |uetr| match state.find(uetr).map(|id| state.payment(id)) {
        Some(payment) if payer(payment.debtor, payment.debtor_for) => {
            if is(Roles::CHANNEL.and(Roles::BANK_MAKER)) {
                DIRECT
            } else {
                NO
            }
        }
        Some(_) => by_operations(),
        None if is(Roles::CHANNEL.and(Roles::BANK_MAKER)) || (operator && is(Roles::OPERATOR)) => {
            Err(Reject::because(Reason::UnknownOriginal))
        }
        None => NO,
    };

    match command {
        Command::Pay(order) => by_bank(payer(order.debtor, order.debtor_for)),
        // A bank may bring a group of which it pays every leg. Legs of several payers were sent by each of them and
        // matched by the node: nobody can debit another by naming it in a group.
        Command::PayGroup(_) if operator && is(Roles::SYSTEM) => DIRECT,
        Command::PayGroup(orders) => by_bank(orders.iter().all(|order| payer(order.debtor, order.debtor_for))),
        Command::Convert(order) => by_bank(payer(order.instruction.debtor, order.instruction.debtor_for)),
        Command::Return(order) => by_bank(state.find(order.original).is_none_or(|id| {
            let payment = state.payment(state.credited_leg(id));
            payer(payment.creditor, payment.creditor_for)
        })),
        Command::Cancel(uetr) | Command::Park(uetr) | Command::Activate(uetr) => queue_control(*uetr),
        Command::Reprioritise(order) => queue_control(order.uetr),
        Command::Reorder(order) => queue_control(order.uetr),
        Command::Recall(order) => by_bank(state.find(order.original).is_none_or(|id| {
            let payment = state.payment(id);
            payer(payment.debtor, payment.debtor_for)
        })),
        Command::AnswerRecall(order) => by_bank(state.recalls.get(&order.case).is_none_or(|case| {
            let payment = state.payment(state.credited_leg(case.payment));
            payer(payment.creditor, payment.creditor_for)
        })),
        Command::PlaceHold(order) => by_bank(owns(order.account)),
        Command::PostHold(order) => by_bank(state.holds.get(&order.hold).is_none_or(|hold| owns(hold.account))),
        Command::VoidHold(key) => by_bank(
            state
                .holds
                .get(key)
                .is_none_or(|hold| owns(if hold.beneficiary.is_some() { hold.beneficiary } else { hold.account })),
        ),
        Command::FundIn(order) | Command::Defund(order) => {
            if issues_for(order.account) && is(Roles::AUTHORITY_MAKER) {
                DIRECT
            } else {
                NO
            }
        }
        Command::AdjustCover(order) => {
            if issues(Some(order.currency)) {
                by_authority()
            } else {
                NO
            }
        }
        Command::Issue(order) => {
            if issues_for(order.account) {
                by_authority()
            } else {
                NO
            }
        }
        Command::SetLimit(order) => match order.kind {
            LimitKind::PerPayment
            | LimitKind::Bilateral
            | LimitKind::Multilateral
            | LimitKind::PerDay
            | LimitKind::Reserve
                if owns(order.account) =>
            {
                two_of(Roles::BANK_MAKER, Roles::BANK_CHECKER)
            }
            LimitKind::NetDebit | LimitKind::Overnight if issues_for(order.account) => by_authority(),
            LimitKind::PerPayment
            | LimitKind::NetDebit
            | LimitKind::Bilateral
            | LimitKind::Multilateral
            | LimitKind::PerDay
            | LimitKind::Overnight
            | LimitKind::Reserve => by_finance(),
        },
        Command::Suspend(order) => {
            if issues(Some(order.currency)) {
                by_authority()
            } else {
                by_operations()
            }
        }
        Command::StopCurrency(order) => match issues(Some(order.currency)) {
            // Stopping is an emergency brake, starting again is a decision.
            true if order.stopped && is(Roles::AUTHORITY_MAKER.and(Roles::AUTHORITY_CHECKER)) => DIRECT,
            true => by_authority(),
            false => NO,
        },
        Command::SetRate(order) => {
            let party = issues(Some(order.pair.base)) || issues(Some(order.pair.quote));
            let maker = party && is(Roles::AUTHORITY_MAKER);
            if maker || (operator && is(Roles::SYSTEM.and(Roles::OPERATOR))) { DIRECT } else { NO }
        }
        Command::ApproveRate(_) | Command::ConfirmPositions(_) => match actor.scope {
            Scope::Authority(_) if is(Roles::AUTHORITY_CHECKER) => DIRECT,
            Scope::Authority(_) | Scope::Operator | Scope::Participant(_) => NO,
        },
        Command::ReleaseRate(pair) => {
            if issues(Some(pair.base)) || issues(Some(pair.quote)) {
                by_authority()
            } else {
                NO
            }
        }
        Command::StartDay(_) => {
            if operator && is(Roles::SYSTEM.and(Roles::OPERATOR)) {
                DIRECT
            } else {
                NO
            }
        }
        Command::Advance(_) | Command::Offset(_) | Command::SettlePlan(_) => by_system_or_operations(),
        // Only the bank itself can agree that its payments pass each other.
        Command::SetBypass(order) if owns(order.account) => two_of(Roles::BANK_MAKER, Roles::BANK_CHECKER),
        Command::SetBypass(_) => NO,
        Command::SetPricing(_) | Command::SetDealer(_) => by_finance(),
        Command::Agree(order) => {
            let party = issues(Some(order.pair.base)) || issues(Some(order.pair.quote));
            match (order.subject, actor.scope) {
                (Subject::Rate(_) | Subject::Auction, _) if party => by_authority(),
                (Subject::Pricing | Subject::Dealer(_), Scope::Authority(_)) if is(Roles::AUTHORITY_CHECKER) => DIRECT,
                (Subject::Pricing | Subject::Dealer(_) | Subject::Rate(_) | Subject::Auction, _) => NO,
            }
        }
        Command::SetDealerRate(order) => by_bank(is_bank(order.dealer)),
        Command::RequestQuote(order) => by_bank(payer(order.debtor, order.debtor_for)),
        Command::AcceptQuote(quote) => by_bank(state.dealing.quotes.get(quote).is_none_or(|quote| owns(quote.debtor))),
        Command::PayQuoted(order) => by_bank(
            order
                .quoted
                .iter()
                .map(|leg| &leg.order.instruction)
                .chain(&order.plain)
                .all(|order| payer(order.debtor, order.debtor_for)),
        ),
        Command::PlaceOrder(order) => by_bank(is_bank(order.owner)),
        Command::WithdrawOrder(order) => {
            by_bank(state.dealing.orders.get(order).is_none_or(|order| owns(order.debtor)))
        }
        Command::RunAuction(_) => by_system_or_operations(),
        // Either side may enter, answer, change and end what is between the two; which one may answer is a rule of the register.
        Command::RegisterCommitment(order) => by_bank(is_one_of(order.debtor, order.creditor)),
        Command::AnswerCommitment(order) => by_bank(party_to(order.commitment)),
        Command::ChangeCommitment(order) => by_bank(party_to(order.commitment)),
        Command::WithdrawCommitment(key) => by_bank(party_to(*key)),
        Command::ExtendPhase(_) => by_operations(),
        Command::Tick => {
            if operator && is(Roles::SYSTEM) {
                DIRECT
            } else {
                NO
            }
        }
        Command::Propose(_) | Command::Approve(_) | Command::Decline(_) => DIRECT,
        Command::AddAuthority(_)
        | Command::AddCurrency(_)
        | Command::AddParticipant(_)
        | Command::OpenAccount(_)
        | Command::SetPair(_) => by_finance(),
        Command::AddActor(_) | Command::SetRoles(_) => {
            if operator {
                two_of(Roles::SECURITY_ADMIN, Roles::OPERATIONS_MANAGER)
            } else {
                NO
            }
        }
        Command::SetPhases(_) | Command::SetOffsetting(_) | Command::ActivateArrangement(_) => by_operations(),
        Command::SetCalendarDay(order) => {
            if issues(Some(order.currency)) {
                by_authority()
            } else {
                by_operations()
            }
        }
        Command::RotateKey(order) => match actor.scope {
            Scope::Authority(own) if own == order.authority => by_authority(),
            Scope::Authority(_) | Scope::Operator | Scope::Participant(_) => NO,
        },
        Command::SetUnion(_) => by_finance(),
        Command::SetUnitRate(order) if issues(Some(order.currency)) && is(Roles::AUTHORITY_MAKER) => DIRECT,
        Command::SetUnitRate(_) => NO,
        Command::ReleaseUnitRate(currency) if issues(Some(*currency)) => by_authority(),
        Command::ReleaseUnitRate(_) => NO,
        Command::CloseUnion(_) | Command::CrossResiduals(_) => by_system_or_operations(),
        Command::SettleResidual(order) => {
            let residual = residual(state, order.union, order.residual);
            // A claim is used by the one who has it, anything else is done by the one who owes; either side of a residual
            // with the union may let it run on, because both times it is the member's credit.
            let acts = |who: &Residual| match &order.how {
                Settlement::Use(_) => acts_for(actor.scope, who.payee),
                Settlement::RollOver(_) if who.payer == Party::Union => acts_for(actor.scope, who.payee),
                Settlement::RollOver(_) | Settlement::Proof(_) | Settlement::Instalments(_) | Settlement::Swap(_) => {
                    acts_for(actor.scope, who.payer)
                }
            };
            let transfer = matches!(order.how, Settlement::Proof(_));
            match actor.scope {
                Scope::Participant(_) => NO,
                Scope::Operator | Scope::Authority(_) if !residual.is_none_or(acts) => NO,
                // A report binds nobody before it is accepted.
                Scope::Authority(_) if transfer && is(Roles::AUTHORITY_MAKER) => DIRECT,
                Scope::Authority(_) => by_authority(),
                Scope::Operator if transfer && is(Roles::FINANCE_MAKER) => DIRECT,
                Scope::Operator => by_finance(),
            }
        }
        Command::AnswerProof(order) => {
            let receives =
                residual(state, order.union, order.residual).is_none_or(|who| acts_for(actor.scope, who.payee));
            let checker = match actor.scope {
                Scope::Authority(_) => is(Roles::AUTHORITY_CHECKER),
                Scope::Operator => is(Roles::FINANCE_CHECKER),
                Scope::Participant(_) => false,
            };
            if receives && checker { DIRECT } else { NO }
        }
        Command::UseClaim(_) | Command::Lend(_) | Command::LeaveUnion(_) => match actor.scope {
            Scope::Authority(_) => by_authority(),
            Scope::Operator | Scope::Participant(_) => NO,
        },
        Command::Genesis(_) => Err(Reject::because(Reason::AlreadyActive)),
    }
}

/// A residual of a union, if there is one.
fn residual(state: &State, union: u32, number: u32) -> Option<&Residual> {
    state.unions.list.get(union as usize)?.residuals.get(number as usize)
}

/// Whether somebody of this scope acts for a side of a residual.
fn acts_for(scope: Scope, side: Party) -> bool {
    match side {
        Party::Union => scope == Scope::Operator,
        Party::Member(authority) => scope == Scope::Authority(authority),
    }
}

/// The authority an actor acts for.
pub(crate) fn authority_of(state: &State, id: ActorId) -> Result<AuthorityId, Reject> {
    match actor(state, id)?.scope {
        Scope::Authority(authority) => Ok(authority),
        Scope::Operator | Scope::Participant(_) => Err(Reject::because(Reason::NotAuthorised)),
    }
}

/// Whether a command builds up an arrangement: what may be done without four eyes before it is in force.
pub(crate) const fn is_setup(command: &Command) -> bool {
    matches!(
        command,
        Command::Genesis(_)
            | Command::AddAuthority(_)
            | Command::AddCurrency(_)
            | Command::AddParticipant(_)
            | Command::OpenAccount(_)
            | Command::AddActor(_)
            | Command::SetRoles(_)
            | Command::SetPair(_)
            | Command::SetPhases(_)
            | Command::SetCalendarDay(_)
            | Command::SetLimit(_)
            | Command::SetOffsetting(_)
            | Command::SetBypass(_)
            | Command::RegisterCommitment(_)
            | Command::RotateKey(_)
            | Command::SetUnion(_)
            | Command::SetPricing(_)
            | Command::SetDealer(_)
            | Command::SetDealerRate(_)
            | Command::ActivateArrangement(_)
    )
}
