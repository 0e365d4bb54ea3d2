//! From texts in slots to typed messages, with the rules beyond the schema.

use super::message::ChargeSpans;
use super::slots::{Source, Span, Values};
use crate::amount::{Amount, AmountError, Decimal, Rate};
use crate::currency::CurrencyCode;
use crate::ident::{Bic, Lei, Uetr};
use crate::model::*;
use crate::options::Options;
use crate::problem::{Problem, Rule, excerpt};
use crate::schema::plan::{Plan, Role, Slot, field, slot};
use crate::time::{Date, TimeOfDay, Timestamp};

/// Where problems found here go.
pub(super) struct Checks<'c> {
    pub(super) problems: &'c mut Vec<Problem>,
    pub(super) plan: &'static Plan,
    pub(super) options: &'c Options,
    /// Where the document begins.
    pub(super) offset: u64,
}

impl Checks<'_> {
    /// Reports the value of a slot.
    #[cold]
    pub(super) fn add(&mut self, rule: Rule, values: Values<'_>, slot: Slot, message: &str) {
        let span = values.span(slot);
        self.push(rule, rule.reason(), values, span, message.to_owned());
    }

    #[cold]
    fn push(&mut self, rule: Rule, reason: &'static str, values: Values<'_>, span: Span, message: String) {
        if self.problems.len() >= usize::from(self.options.limits.problems) {
            return;
        }
        self.problems.push(Problem {
            rule,
            field: if span.node == 0 { String::new() } else { self.plan.path(span.node) },
            value: excerpt(values.quote(span).unwrap_or_default()),
            reason,
            message,
            offset: self.offset + u64::from(span.at),
        });
    }

    /// Reports that something is not there; `near` is a slot whose place shows where.
    #[cold]
    fn absent(&mut self, rule: Rule, field: &str, values: Values<'_>, near: Slot, message: &str) {
        if self.problems.len() >= usize::from(self.options.limits.problems) {
            return;
        }
        self.problems.push(Problem {
            rule,
            field: field.to_owned(),
            value: String::new(),
            reason: rule.reason(),
            message: message.to_owned(),
            offset: self.offset + u64::from(values.span(near).at),
        });
    }

    /// Reads an amount above zero.
    fn amount(&mut self, values: Values<'_>, slot: Slot) -> Option<Amount> {
        let amount = self.amount_of(values, values.span(slot), values.span(slot + 1))?;
        if amount.minor == 0 {
            self.add(Rule::AmountPositive, values, slot, "is not above zero");
            return None;
        }
        Some(amount)
    }

    fn amount_of(&mut self, values: Values<'_>, span: Span, currency: Span) -> Option<Amount> {
        let (text, code) = (values.text(span)?, values.text(currency)?);
        match Amount::parse_or_zero(text, code) {
            Ok(amount) => Some(amount),
            // An unknown currency has been reported with the attribute.
            Err(AmountError::UnknownCurrency | AmountError::NotANumber) => None,
            Err(AmountError::NotPositive) => {
                self.push(
                    Rule::AmountPositive,
                    Rule::AmountPositive.reason(),
                    values,
                    span,
                    "is not above zero".to_owned(),
                );
                None
            }
            Err(AmountError::TooManyDecimals) => {
                let exponent = CurrencyCode::parse(code).and_then(CurrencyCode::exponent);
                let limit = exponent.unwrap_or(0);
                let message = format!("has more decimals than the {limit} of {code}");
                self.push(Rule::AmountDecimals, Rule::AmountDecimals.reason(), values, span, message);
                None
            }
            Err(AmountError::TooManyDigits) => {
                let message = "has more than 18 digits in minor units".to_owned();
                self.push(Rule::AmountDigits, Rule::AmountDigits.reason(), values, span, message);
                None
            }
        }
    }

    /// From the date of the rule on, an address must be structured or hybrid.
    fn address(&mut self, values: Values<'_>, role: Role, reason: &'static str, day: Date) {
        let Some(from) = self.options.structured_address_from else {
            return;
        };
        if day < from || address(values, role).form() != AddressForm::Unstructured {
            return;
        }
        let first = slot::of(role);
        // A part that is wrong in itself has been reported; the form of the rest says nothing.
        if (field::NAME..field::ACCOUNT).any(|f| values.span(first + f).bad) {
            return;
        }
        let fields = [field::LINES, field::TOWN, field::COUNTRY, field::STREET, field::POST_CODE];
        let shown = fields.iter().map(|f| values.span(first + f));
        let span = shown.filter(|span| span.source != Source::Absent).min_by_key(|span| span.at);
        if let Some(span) = span {
            let message =
                format!("is part of an address that is neither structured nor hybrid, as it must be from {from}");
            self.push(Rule::Address, reason, values, span, message);
        }
    }
}

/// The header of a message; `application`, `document` and `offset` are the caller's.
pub(super) fn header<'a>(
    kind: MessageKind,
    name: &'static str,
    values: Values<'a>,
    checks: &mut Checks<'_>,
) -> Option<Header<'a>> {
    let settlement_method = values.get(slot::SETTLEMENT_METHOD).and_then(SettlementMethod::from_code);
    if checks.options.clearing_only && settlement_method.is_some_and(|method| method != SettlementMethod::Clearing) {
        checks.add(Rule::SettlementMethod, values, slot::SETTLEMENT_METHOD, "is not CLRG");
    }
    let total = if values.has(slot::TOTAL_AMOUNT) { checks.amount(values, slot::TOTAL_AMOUNT) } else { None };
    Some(Header {
        kind,
        name,
        document: 0,
        offset: 0,
        application: None,
        message_id: values.get(slot::MESSAGE_ID)?,
        created: Timestamp::parse(values.get(slot::CREATED)?)?,
        stated_transactions: values.get(slot::COUNT).and_then(count),
        control_sum: values.get(slot::CONTROL_SUM).and_then(|text| Decimal::parse(text).ok()),
        total,
        batch_booking: values.get(slot::BATCH_BOOKING).map(truth),
        settlement_method,
        clearing_system: values.get(slot::CLEARING_CODE).or_else(|| values.get(slot::CLEARING_WORD)),
        settlement_date: values.get(slot::SETTLEMENT_DATE).and_then(Date::parse),
        instructing_agent: agent(values, Role::Instructing),
        instructed_agent: agent(values, Role::Instructed),
        initiating_party: party(values, Role::Initiating),
    })
}

/// An application header that was read without problems.
pub(super) fn application(values: Values<'_>) -> Option<ApplicationHeader<'_>> {
    Some(ApplicationHeader {
        from: bic(values, Role::Instructing),
        to: bic(values, Role::Instructed),
        message_id: values.get(slot::SENDER_ID)?,
        definition: values.get(slot::DEFINITION)?,
        service: values.get(slot::SERVICE),
        created: Timestamp::parse(values.get(slot::CREATED)?)?,
        possible_duplicate: values.get(slot::DUPLICATE).is_some_and(truth),
        priority: values.get(slot::PRIORITY),
    })
}

/// The number that counts for the control sum, whatever else may be wrong with the amount, and its currency. `Err` when it is no number.
pub(super) fn counted(values: Values<'_>) -> Result<Option<(Decimal, Option<CurrencyCode>)>, AmountError> {
    let amount = if values.has(slot::EQUIVALENT_AMOUNT) { slot::EQUIVALENT_AMOUNT } else { slot::MAIN_AMOUNT };
    let Some(text) = values.quote(values.span(amount)) else {
        return Ok(None);
    };
    let currency = values.quote(values.span(amount + 1)).and_then(CurrencyCode::parse);
    Ok(Some((Decimal::parse(text)?, currency)))
}

/// The references of a transaction, as written.
pub(super) fn references(values: Values<'_>) -> References<'_> {
    let quote = |slot| values.quote(values.span(slot));
    References {
        instruction_id: quote(slot::INSTRUCTION_ID),
        end_to_end_id: quote(slot::END_TO_END_ID),
        transaction_id: quote(slot::TRANSACTION_ID),
        clearing_reference: quote(slot::CLEARING_REFERENCE),
        uetr: quote(slot::UETR),
    }
}

/// What was found in a message, to be compared with what it states.
pub(super) struct Totals {
    pub(super) transactions: u32,
    /// `None` when an amount is no number, or the sum is beyond what can be added.
    pub(super) sum: Option<Decimal>,
    /// The one currency of all transactions.
    pub(super) currency: Option<CurrencyCode>,
}

/// Compares the totals a message states with those found.
pub(super) fn totals(kind: MessageKind, values: Values<'_>, found: &Totals, checks: &mut Checks<'_>) {
    let stated = values.get(slot::COUNT);
    if stated.is_some_and(|stated| count(stated) != Some(found.transactions)) {
        let message = format!("is not the number of transactions found, {}", found.transactions);
        checks.add(Rule::Count, values, slot::COUNT, &message);
    }
    // What a cancellation request sums up is the original amounts, which need not be given.
    if kind == MessageKind::Camt056 {
        return;
    }
    // Where an amount is no number, its line says so, and there is no sum to compare.
    let Some(sum) = found.sum else {
        return;
    };
    let control = values.get(slot::CONTROL_SUM).map(Decimal::parse);
    if let Some(Ok(control)) = control
        && sum != control
    {
        let message = format!("is not the sum of the amounts found, {sum}");
        checks.add(Rule::ControlSum, values, slot::CONTROL_SUM, &message);
    }
    let total = values
        .get(slot::TOTAL_AMOUNT)
        .zip(values.get(slot::TOTAL_CURRENCY))
        .and_then(|(text, code)| Amount::parse(text, code).ok());
    if let Some(total) = total
        && (found.currency != Some(total.currency) || sum != total.to_decimal())
    {
        let message = match found.currency {
            Some(currency) => format!("is not the sum of the amounts found, {sum} {currency}"),
            None => "is stated for amounts of several currencies".to_owned(),
        };
        checks.add(Rule::Total, values, slot::TOTAL_AMOUNT, &message);
    }
}

/// The transaction in the slots. `None`, and at least one problem, when something it needs is missing or wrong.
pub(super) fn transaction<'a>(
    kind: MessageKind,
    values: Values<'a>,
    charges: &[ChargeSpans],
    checks: &mut Checks<'_>,
) -> Option<Transaction<'a>> {
    Some(match kind {
        MessageKind::Pacs008 => {
            Transaction::CreditTransfer(credit_transfer(TransferKind::Customer, values, charges, checks)?)
        }
        MessageKind::Pacs009 => {
            Transaction::CreditTransfer(credit_transfer(TransferKind::Institution, values, charges, checks)?)
        }
        MessageKind::Pain001 => {
            Transaction::CreditTransfer(credit_transfer(TransferKind::Initiation, values, charges, checks)?)
        }
        MessageKind::Pacs004 => Transaction::Return(payment_return(values, charges, checks)?),
        MessageKind::Camt056 => Transaction::CancellationRequest(cancellation(values, checks)?),
        MessageKind::Camt029 => Transaction::Resolution(resolution(values)?),
        MessageKind::Acmt023 => Transaction::Identification(identification(values, checks)?),
    })
}

fn credit_transfer<'a>(
    kind: TransferKind,
    values: Values<'a>,
    charges: &[ChargeSpans],
    checks: &mut Checks<'_>,
) -> Option<CreditTransfer<'a>> {
    let created = Timestamp::parse(values.get(slot::CREATED)?)?;
    let interbank = kind != TransferKind::Initiation;
    let settlement_date = values.get(slot::SETTLEMENT_DATE).and_then(Date::parse).or_else(|| {
        let instant = values.get(slot::SETTLEMENT_DATE_TIME)?;
        Timestamp::parse(instant).map(Timestamp::local_date)
    });
    if interbank && !values.has(slot::UETR) && checks.options.uetr_required {
        let path = "CdtTrfTxInf/PmtId/UETR";
        checks.absent(Rule::UetrMissing, path, values, slot::END_TO_END_ID, "is missing");
    }
    if interbank && !values.has(slot::SETTLEMENT_DATE) {
        let path = "CdtTrfTxInf/IntrBkSttlmDt";
        let message = "is missing here and in the group header";
        checks.absent(Rule::SettlementDate, path, values, slot::MAIN_AMOUNT, message);
    }
    let day = settlement_date.unwrap_or_else(|| created.local_date());
    for (role, reason) in [
        (Role::UltimateDebtor, "RR02"),
        (Role::Debtor, "RR02"),
        (Role::Creditor, "RR03"),
        (Role::UltimateCreditor, "RR03"),
    ] {
        checks.address(values, role, reason, day);
    }
    let amount = if values.has(slot::EQUIVALENT_AMOUNT) {
        checks.amount(values, slot::EQUIVALENT_AMOUNT)
    } else {
        checks.amount(values, slot::MAIN_AMOUNT)
    };
    let (instructed_amount, exchange_rate) = instructed(values, amount, checks);
    let charges = self::charges(values, charges, checks);
    Some(CreditTransfer {
        kind,
        message_id: values.get(slot::MESSAGE_ID)?,
        created,
        batch_booking: values.get(slot::BATCH_BOOKING).map(truth),
        settlement_method: values.get(slot::SETTLEMENT_METHOD).and_then(SettlementMethod::from_code),
        payment_information_id: values.get(slot::PAYMENT_INFORMATION_ID),
        instruction_id: values.get(slot::INSTRUCTION_ID),
        end_to_end_id: values.get(slot::END_TO_END_ID)?,
        transaction_id: values.get(slot::TRANSACTION_ID),
        uetr: values.get(slot::UETR).and_then(Uetr::parse),
        clearing_reference: values.get(slot::CLEARING_REFERENCE),
        instruction_priority: values.get(slot::INSTRUCTION_PRIORITY).and_then(InstructionPriority::from_code),
        service_level: choice(values, slot::SERVICE_CODE),
        local_instrument: choice(values, slot::INSTRUMENT_CODE),
        category_purpose: choice(values, slot::CATEGORY_CODE),
        amount: amount?,
        settlement_date,
        settlement_priority: values.get(slot::SETTLEMENT_PRIORITY).and_then(SettlementPriority::from_code),
        times: times(values),
        accepted: values.get(slot::ACCEPTED).and_then(Timestamp::parse),
        instructed_amount,
        exchange_rate,
        charge_bearer: values.get(slot::CHARGE_BEARER).and_then(ChargeBearer::from_code),
        charges,
        instructing_agent: agent(values, Role::Instructing),
        instructed_agent: agent(values, Role::Instructed),
        intermediary_agent: agent(values, Role::Intermediary),
        ultimate_debtor: party(values, Role::UltimateDebtor),
        debtor: party(values, Role::Debtor),
        debtor_agent: agent(values, Role::DebtorAgent),
        creditor_agent: agent(values, Role::CreditorAgent),
        creditor: party(values, Role::Creditor),
        ultimate_creditor: party(values, Role::UltimateCreditor),
        purpose: choice(values, slot::PURPOSE_CODE),
        regulatory_reporting: values.has(slot::REGULATORY),
        remittance: values.get(slot::REMITTANCE),
        structured_remittance: values.has(slot::STRUCTURED_REMITTANCE),
    })
}

/// Instructed amount and rate, compared with the settlement amount.
fn instructed(values: Values<'_>, amount: Option<Amount>, checks: &mut Checks<'_>) -> (Option<Amount>, Option<Rate>) {
    let instructed =
        if values.has(slot::INSTRUCTED_AMOUNT) { checks.amount(values, slot::INSTRUCTED_AMOUNT) } else { None };
    let rate = values.get(slot::EXCHANGE_RATE).and_then(Rate::parse);
    if values.has(slot::EXCHANGE_RATE) && rate.is_none() && values.get(slot::EXCHANGE_RATE).is_some() {
        checks.add(Rule::AmountsAgree, values, slot::EXCHANGE_RATE, "is not above zero");
    }
    if let (true, Some(from), Some(to)) = (checks.options.amounts_agree, instructed, amount) {
        match rate {
            Some(rate) if !rate.agrees(from, to) => {
                let message = format!("times the exchange rate is not the settlement amount {to}");
                checks.add(Rule::AmountsAgree, values, slot::INSTRUCTED_AMOUNT, &message);
            }
            None if !values.has(slot::EXCHANGE_RATE) && from.currency != to.currency => {
                let message = format!("needs an exchange rate to become {}", to.currency);
                checks.add(Rule::AmountsAgree, values, slot::INSTRUCTED_AMOUNT, &message);
            }
            // Charges never reduce the principal.
            None if !values.has(slot::EXCHANGE_RATE) && from != to => {
                let message = format!("is not the settlement amount {to}, and no rate is given");
                checks.add(Rule::AmountsAgree, values, slot::INSTRUCTED_AMOUNT, &message);
            }
            _ => {}
        }
    }
    (instructed, rate)
}

fn charges<'a>(values: Values<'a>, charges: &[ChargeSpans], checks: &mut Checks<'_>) -> Vec<Charge<'a>> {
    let mut found = Vec::new();
    for spans in charges {
        let [amount, currency, fields @ ..] = spans;
        if let Some(amount) = checks.amount_of(values, *amount, *currency) {
            let read = |field: Slot| fields.get(usize::from(field)).and_then(|span| values.text(*span));
            found.push(Charge { amount, agent: agent_of(&read) });
        }
    }
    found
}

fn payment_return<'a>(
    values: Values<'a>,
    charges: &[ChargeSpans],
    checks: &mut Checks<'_>,
) -> Option<PaymentReturn<'a>> {
    identifies_original(values, checks, "TxInf");
    if !values.has(slot::SETTLEMENT_DATE) {
        let message = "is missing here and in the group header";
        checks.absent(Rule::SettlementDate, "TxInf/IntrBkSttlmDt", values, slot::MAIN_AMOUNT, message);
    }
    let amount = checks.amount(values, slot::MAIN_AMOUNT);
    let (instructed_amount, exchange_rate) = instructed(values, amount, checks);
    Some(PaymentReturn {
        message_id: values.get(slot::MESSAGE_ID)?,
        created: Timestamp::parse(values.get(slot::CREATED)?)?,
        settlement_method: values.get(slot::SETTLEMENT_METHOD).and_then(SettlementMethod::from_code),
        return_id: values.get(slot::OWN_ID),
        original_message: original_message(values),
        original: references(values),
        original_uetr: values.get(slot::UETR).and_then(Uetr::parse),
        original_amount: optional_amount(values, slot::ORIGINAL_AMOUNT, checks),
        original_settlement_date: values.get(slot::ORIGINAL_DATE).and_then(Date::parse),
        amount: amount?,
        settlement_date: values.get(slot::SETTLEMENT_DATE).and_then(Date::parse),
        settlement_priority: values.get(slot::SETTLEMENT_PRIORITY).and_then(SettlementPriority::from_code),
        times: times(values),
        instructed_amount,
        exchange_rate,
        charge_bearer: values.get(slot::CHARGE_BEARER).and_then(ChargeBearer::from_code),
        charges: self::charges(values, charges, checks),
        instructing_agent: agent(values, Role::Instructing),
        instructed_agent: agent(values, Role::Instructed),
        reason: choice(values, slot::REASON_CODE),
        information: values.get(slot::INFORMATION),
    })
}

fn cancellation<'a>(values: Values<'a>, checks: &mut Checks<'_>) -> Option<CancellationRequest<'a>> {
    identifies_original(values, checks, "Undrlyg/TxInf");
    Some(CancellationRequest {
        message_id: values.get(slot::MESSAGE_ID)?,
        created: Timestamp::parse(values.get(slot::CREATED)?)?,
        assigner: agent(values, Role::Instructing),
        assignee: agent(values, Role::Instructed),
        case_id: values.get(slot::CASE_ID),
        cancellation_id: values.get(slot::OWN_ID),
        original_message: original_message(values),
        original: references(values),
        original_uetr: values.get(slot::UETR).and_then(Uetr::parse),
        original_amount: optional_amount(values, slot::ORIGINAL_AMOUNT, checks),
        original_settlement_date: values.get(slot::ORIGINAL_DATE).and_then(Date::parse),
        reason: choice(values, slot::REASON_CODE),
        information: values.get(slot::INFORMATION),
    })
}

fn resolution(values: Values<'_>) -> Option<Resolution<'_>> {
    Some(Resolution {
        message_id: values.get(slot::MESSAGE_ID)?,
        created: Timestamp::parse(values.get(slot::CREATED)?)?,
        assigner: agent(values, Role::Instructing),
        assignee: agent(values, Role::Instructed),
        case_id: values.get(slot::CASE_ID),
        confirmation: values.get(slot::CONFIRMATION),
        status_id: values.get(slot::OWN_ID),
        original_message: original_message(values),
        original: references(values),
        original_uetr: values.get(slot::UETR).and_then(Uetr::parse),
        status: values.get(slot::STATUS).and_then(CancellationStatus::from_code),
        reason: choice(values, slot::REASON_CODE),
        information: values.get(slot::INFORMATION),
    })
}

fn identification<'a>(values: Values<'a>, checks: &mut Checks<'_>) -> Option<Identification<'a>> {
    let created = Timestamp::parse(values.get(slot::CREATED)?)?;
    checks.address(values, Role::Debtor, Rule::Address.reason(), created.local_date());
    Some(Identification {
        message_id: values.get(slot::MESSAGE_ID)?,
        created,
        assigner: agent(values, Role::Instructing),
        assignee: agent(values, Role::Instructed),
        verification_id: values.get(slot::OWN_ID)?,
        party: party(values, Role::Debtor),
        agent: agent(values, Role::DebtorAgent),
    })
}

/// A message about an earlier payment must say which.
fn identifies_original(values: Values<'_>, checks: &mut Checks<'_>, field: &str) {
    let slots = [slot::UETR, slot::TRANSACTION_ID, slot::INSTRUCTION_ID, slot::END_TO_END_ID, slot::CLEARING_REFERENCE];
    if !slots.iter().any(|slot| values.has(*slot)) {
        let message = "names no reference of the original payment";
        checks.absent(Rule::Original, field, values, slot::OWN_ID, message);
    }
}

fn original_message(values: Values<'_>) -> Option<OriginalMessage<'_>> {
    Some(OriginalMessage {
        message_id: values.get(slot::ORIGINAL_MESSAGE_ID)?,
        name: values.get(slot::ORIGINAL_NAME)?,
        created: values.get(slot::ORIGINAL_CREATED).and_then(Timestamp::parse),
    })
}

fn optional_amount(values: Values<'_>, slot: Slot, checks: &mut Checks<'_>) -> Option<Amount> {
    if values.has(slot) { checks.amount(values, slot) } else { None }
}

fn times(values: Values<'_>) -> SettlementTimes {
    let time = |slot| values.get(slot).and_then(TimeOfDay::parse);
    SettlementTimes {
        cls: time(slot::CLS_TIME),
        till: time(slot::TILL_TIME),
        from: time(slot::FROM_TIME),
        reject: time(slot::REJECT_TIME),
    }
}

/// The choice in `code` and the slot after it: the inner of two levels, the first of two in one.
fn choice(values: Values<'_>, code: Slot) -> Option<Choice<'_>> {
    let (first, second) = (values.span(code), values.span(code + 1));
    let word = values.text(second).map(Choice::Proprietary);
    let Some(code) = values.text(first).map(Choice::Code) else {
        return word;
    };
    let inner = (second.level, std::cmp::Reverse(second.at)) > (first.level, std::cmp::Reverse(first.at));
    match word {
        Some(word) if inner => Some(word),
        _ => Some(code),
    }
}

fn bic(values: Values<'_>, role: Role) -> Option<Bic> {
    values.get(slot::of(role) + field::BIC).and_then(Bic::parse)
}

fn agent(values: Values<'_>, role: Role) -> Agent<'_> {
    let first = slot::of(role);
    agent_of(&|field| values.get(first + field))
}

fn agent_of<'a>(read: &impl Fn(Slot) -> Option<&'a str>) -> Agent<'a> {
    Agent {
        bic: read(field::BIC).and_then(Bic::parse),
        lei: read(field::LEI).and_then(Lei::parse),
        clearing_system: read(field::SYSTEM_CODE).or_else(|| read(field::SYSTEM_WORD)),
        member_id: read(field::MEMBER),
        name: read(field::NAME),
        other_id: read(field::OTHER),
        address: address_of(read),
        account: account_of(read),
    }
}

fn party(values: Values<'_>, role: Role) -> Party<'_> {
    let first = slot::of(role);
    let read = |field| values.get(first + field);
    Party {
        name: read(field::NAME),
        address: address_of(&read),
        bic: read(field::BIC).and_then(Bic::parse),
        lei: read(field::LEI).and_then(Lei::parse),
        member_id: read(field::MEMBER),
        other_id: read(field::OTHER),
        birth_date: read(field::BIRTH).and_then(Date::parse),
        account: account_of(&read),
    }
}

fn address(values: Values<'_>, role: Role) -> Address<'_> {
    let first = slot::of(role);
    address_of(&|field| values.get(first + field))
}

fn address_of<'a>(read: &impl Fn(Slot) -> Option<&'a str>) -> Address<'a> {
    Address {
        street: read(field::STREET),
        building: read(field::BUILDING),
        post_code: read(field::POST_CODE),
        town: read(field::TOWN),
        subdivision: read(field::SUBDIVISION),
        country: read(field::COUNTRY),
        lines: read(field::LINES),
    }
}

fn account_of<'a>(read: &impl Fn(Slot) -> Option<&'a str>) -> Option<Account<'a>> {
    let id = match read(field::IBAN) {
        Some(iban) => AccountId::Iban(iban),
        None => AccountId::Other(read(field::ACCOUNT_OTHER)?),
    };
    Some(Account { id, currency: read(field::ACCOUNT_CURRENCY).and_then(CurrencyCode::parse) })
}

fn truth(text: &str) -> bool {
    matches!(text, "true" | "1")
}

fn count(text: &str) -> Option<u32> {
    text.parse().ok()
}
