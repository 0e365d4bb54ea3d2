//! What the generator writes, read by the project's reader: good lines have no problem, bad ones give the reason on their label.

use comity_iso20022 as iso;
use comity_lab::render::{File, Files, Format, Style};
use comity_lab::traffic::{FlawKind, Kind, NoticedBy, Options, Planned, Priority, plan};
use iso::{Part, Transaction};

/// What a reader said about one file.
#[derive(Default, Debug)]
struct Said {
    /// By line: the problems' rules and reasons, the worst first.
    lines: Vec<Vec<(&'static str, &'static str)>>,
    totals: Vec<(&'static str, &'static str)>,
    refused: Vec<(&'static str, &'static str)>,
}

fn options() -> Options {
    let mut options = Options { payments: 4_000, ..Options::default() };
    options.banks[44].suspended = true;
    options
}

fn words(problems: &[iso::Problem]) -> Vec<(&'static str, &'static str)> {
    problems.iter().map(|problem| (problem.rule.id(), problem.reason)).collect()
}

fn read(file: &File) -> Said {
    let mut said = Said::default();
    iso::read(&file.bytes, &iso::Options::default(), |part| match part {
        Part::Header(header) => assert_eq!(header.created.micros, file.at, "{}", file.name),
        Part::Transaction(line) => said.lines.push(match line.outcome {
            Ok(_) => Vec::new(),
            Err(problems) => words(problems),
        }),
        Part::End(end) => said.totals.extend(words(end.problems)),
        Part::Refused(refused) => said.refused.extend(words(refused.problems)),
    });
    said
}

fn messages(options: &Options) -> Vec<File> {
    Files::new(options, &Style::default()).expect("usable").filter(|file| file.format != Format::Csv).collect()
}

#[test]
fn good_lines_have_no_problem_and_bad_ones_the_reason_on_their_label() {
    let options = options();
    let mut seen = std::collections::HashSet::new();
    for file in messages(&options) {
        let said = read(&file);
        let flaw = file.lines.iter().find_map(|line| line.flaw);
        if let Some(flaw) = flaw {
            seen.insert(flaw);
        }
        let expected = flaw.map(FlawKind::expected);
        let by = expected.map(|expected| expected.noticed_by);
        if let Some(NoticedBy::ReaderMessage(rule)) = by {
            let reason = expected.and_then(|expected| expected.reason);
            assert_eq!(said.refused.first().map(|first| first.0), Some(rule), "{flaw:?} {said:?}");
            assert_eq!(said.refused.first().map(|first| first.1), reason);
            continue;
        }
        assert!(said.refused.is_empty(), "{}: {said:?}", file.name);
        assert_eq!(said.lines.len(), file.lines.len(), "{}: {said:?}", file.name);
        if let Some(NoticedBy::ReaderTotals(rule)) = by {
            let reason = expected.and_then(|expected| expected.reason);
            assert_eq!(said.totals.first().map(|first| first.0), Some(rule), "{flaw:?} {said:?}");
            assert_eq!(said.totals.first().map(|first| first.1), reason);
        } else {
            assert!(said.totals.is_empty(), "{}: {said:?}", file.name);
        }
        for (carried, problems) in file.lines.iter().zip(&said.lines) {
            let expected = carried.flaw.map(FlawKind::expected);
            match expected.map(|expected| (expected.noticed_by, expected.reason)) {
                Some((NoticedBy::ReaderLine(rule), Some(reason))) => {
                    assert_eq!(problems.first(), Some(&(rule, reason)), "{carried:?}");
                }
                _ => assert!(problems.is_empty(), "{}: {carried:?} {problems:?}", file.name),
            }
        }
    }
    assert_eq!(seen.len(), FlawKind::ALL.len(), "{seen:?}");
}

#[test]
fn what_is_read_is_what_was_planned() {
    let options = options();
    let planned: Vec<Planned> = plan(&options).expect("usable");
    let mut compared = 0;
    for file in messages(&options) {
        if file.lines.iter().any(|line| line.flaw.is_some()) {
            continue;
        }
        let mut carried = file.lines.iter();
        iso::read(&file.bytes, &iso::Options::default(), |part| {
            let Part::Transaction(line) = part else {
                return;
            };
            let number = carried.next().expect("as many lines as planned").sequence;
            let planned = &planned[usize::try_from(number).expect("fits")];
            compare(&options, planned, line.outcome.expect("no problem"));
            compared += 1;
        });
    }
    assert!(compared > 3_500, "{compared} lines compared");
}

fn compare(options: &Options, planned: &Planned, read: &Transaction<'_>) {
    let currency = |money: comity_lab::traffic::Money| options.currencies[money.currency.at()].code.as_str();
    let same = |amount: &iso::Amount, money: comity_lab::traffic::Money| {
        assert_eq!(amount.currency.as_str(), currency(money));
        assert_eq!(amount.minor.unsigned_abs(), money.minor);
    };
    let bic = |agent: &iso::Agent<'_>| agent.bic.map(|bic| bic.as_str().to_owned());
    let bank = |index: comity_lab::traffic::BankIndex| Some(options.banks[index.at()].bic.clone());
    match (read, planned.kind) {
        (Transaction::CreditTransfer(transfer), kind) => {
            assert_eq!(transfer.uetr.map(|uetr| uetr.0), Some(planned.uetr));
            same(&transfer.amount, planned.money);
            assert_eq!(transfer.settlement_date.map(|date| date.days), Some(planned.value_date));
            if let Kind::Conversion(conversion) = kind {
                let instructed = transfer.instructed_amount.expect("an instructed amount");
                same(&instructed, conversion.source);
                assert!(transfer.exchange_rate.is_some());
            }
            let is_pvp = transfer.local_instrument == Some(iso::Choice::Proprietary("PVP"));
            assert_eq!(is_pvp, matches!(kind, Kind::Pvp { .. }));
            if !matches!(kind, Kind::Initiation) {
                let urgent = transfer.settlement_priority == Some(iso::SettlementPriority::Urgent);
                assert_eq!(urgent, planned.priority == Priority::Urgent);
                assert_eq!(transfer.times.till.is_some(), planned.latest.is_some());
                assert_eq!(transfer.times.from.is_some(), planned.earliest.is_some());
            }
            if matches!(kind, Kind::Customer | Kind::Conversion(_) | Kind::Initiation) {
                assert_eq!(bic(&transfer.debtor_agent), bank(planned.from));
                assert_eq!(bic(&transfer.creditor_agent), bank(planned.to));
            } else {
                let debtor = transfer.debtor.bic.map(|bic| bic.as_str().to_owned());
                assert_eq!(debtor, bank(planned.from));
            }
        }
        (Transaction::Return(back), Kind::Return(original)) => {
            assert_eq!(back.original_uetr.map(|uetr| uetr.0), Some(original.uetr));
            same(&back.amount, planned.money);
        }
        (Transaction::CancellationRequest(request), Kind::Recall(original)) => {
            assert_eq!(request.original_uetr.map(|uetr| uetr.0), Some(original.uetr));
        }
        (Transaction::Identification(question), Kind::Verification) => {
            assert!(question.party.name.is_some() && question.party.account.is_some());
        }
        (other, kind) => panic!("{other:?} for a planned {kind:?}"),
    }
}
