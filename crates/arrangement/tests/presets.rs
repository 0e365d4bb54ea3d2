//! Every preset is an arrangement that loads, sets up and plans a day; what it says of itself is true.

use core::fmt::Write as _;

use comity_arrangement::{
    Arrangement, Ask, Bic, Country, CurrencyCode, SYSTEM, Step, load, parse, preset_files, presets, write_preset,
};
use comity_ledger::command::Command;
use comity_ledger::phase;
use comity_ledger::wire::Wire;
use expect_test::expect;

fn preset(name: &str) -> Arrangement {
    let files = preset_files(name).expect("a preset");
    parse(&files).unwrap_or_else(|mistakes| panic!("{name}:\n{mistakes}"))
}

fn with_keys(mut arrangement: Arrangement) -> Arrangement {
    for (at, country) in arrangement.keys_missing().into_iter().enumerate() {
        let byte = u8::try_from(at + 1).expect("few authorities");
        assert!(arrangement.set_public_key(country, [byte; 32]));
    }
    arrangement
}

#[test]
fn every_preset_loads_and_is_open_for_every_currency() {
    for known in presets() {
        let arrangement = preset(known.name);
        let days = if known.name == "clearing-union" { 4 } else { 1 };
        assert_eq!(arrangement.dates().len(), days, "{}", known.name);
        for currency in &arrangement.currencies {
            assert!(
                currency.calendar.is_open(arrangement.day.date),
                "{}: {} is closed on {}",
                known.name,
                currency.code,
                arrangement.day.date
            );
        }
        let warnings: Vec<String> = arrangement.warnings.iter().map(ToString::to_string).collect();
        // One preset shows on purpose what silence does, one what a rate over its gate does.
        let expected = usize::from(["afaq-day", "clearing-union"].contains(&known.name));
        assert_eq!(warnings.len(), expected, "{}: {warnings:#?}", known.name);
    }
}

#[test]
fn invented_banks_are_plainly_invented() {
    for known in presets() {
        for participant in preset(known.name).participants {
            assert!(participant.bic.as_str().starts_with("XXXX"), "{}", participant.bic);
            assert!(participant.name.starts_with("Example Bank of "), "{}", participant.name);
        }
    }
}

#[test]
fn the_multilateral_preset_has_nine_countries_and_45_banks() {
    let arrangement = preset("multilateral");
    let countries: Vec<String> = arrangement.authorities.iter().map(|a| a.country.to_string()).collect();
    assert_eq!(countries, ["CN", "RU", "KZ", "BY", "AM", "KG", "MN", "UZ", "IN"]);
    assert_eq!(arrangement.participants.len(), 45);
    assert_eq!(arrangement.participants.iter().filter(|p| p.sponsor.is_some()).count(), 3);
}

#[test]
fn the_afaq_day_has_its_phases_and_one_silent_authority() {
    let arrangement = preset("afaq-day");
    let names: Vec<&str> = arrangement.phases.iter().map(|phase| phase.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Zero balance check",
            "Rate adjustment",
            "Rate authorisation",
            "Housekeeping",
            "Start of day funding",
            "Exchange",
            "Cut-off",
            "Statements and net positions",
            "Confirm net positions",
            "Net settlement",
            "Close",
        ]
    );
    assert_eq!((arrangement.options.return_days, arrangement.options.value_days_max), (2, 0));
    let approvals: Vec<usize> = arrangement.rates.iter().map(|rate| rate.approvals.len()).collect();
    assert_eq!(approvals, [2, 2, 2, 2, 2, 2, 1]);
}

#[test]
fn set_up_is_the_same_every_time_and_refers_only_to_what_was_added() {
    for known in presets() {
        let one = with_keys(preset(known.name)).setup().expect("keys are there");
        let two = with_keys(preset(known.name)).setup().expect("keys are there");
        assert_eq!(one, two);
        let mut keys: Vec<_> = one.iter().map(|order| order.key).collect();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), one.len(), "{}: a key is used twice", known.name);
        assert!(one.iter().all(|order| order.actor == SYSTEM));
        assert!(matches!(one.first().map(|o| &o.command), Some(Command::Genesis(_))));
        assert!(matches!(one.last().map(|o| &o.command), Some(Command::ActivateArrangement(1))));
        follow(&one.into_iter().map(|order| order.command).collect::<Vec<_>>());
    }
}

/// Counts identifiers as the ledger gives them and checks that nothing is named before it exists.
fn follow(commands: &[Command]) {
    let (mut authorities, mut currencies, mut participants, mut accounts, mut actors) = (0, 0, 0, 0, 1);
    for command in commands {
        match command {
            Command::AddAuthority(_) => authorities += 1,
            Command::AddCurrency(c) => {
                assert!(c.authority.0 < authorities);
                currencies += 1;
                accounts += 2;
            }
            Command::AddParticipant(p) => {
                assert!(p.authority.0 < authorities);
                assert!(!p.sponsor.is_some() || p.sponsor.0 < participants);
                participants += 1;
            }
            Command::OpenAccount(a) => {
                assert!(a.participant.0 < participants && a.currency.0 < currencies);
                accounts += 1;
            }
            Command::AddActor(a) => {
                assert_eq!(a.roles.excluded(), None);
                actors += 1;
            }
            Command::SetPair(p) => assert!(p.provider.0 < participants),
            Command::SetLimit(l) => {
                assert!(l.account.0 < accounts && l.account.0 >= 2 * currencies)
            }
            Command::SetUnion(u) => assert!(u.members.iter().all(|member| member.authority.0 < authorities)),
            Command::Genesis(_) | Command::SetPhases(_) | Command::ActivateArrangement(_) => {}
            other => panic!("not a set-up command: {other:?}"),
        }
    }
    assert!(actors > 6);
}

#[test]
fn the_directory_says_what_set_up_does() {
    let arrangement = with_keys(preset("multilateral"));
    let directory = &arrangement.directory;
    let mut account = 2 * u32::try_from(arrangement.currencies.len()).expect("few");
    let mut actor = 1;
    for order in arrangement.setup().expect("keys are there") {
        match order.command {
            Command::OpenAccount(open) => {
                assert_eq!(directory.account(open.participant, open.currency).map(|a| a.0), Some(account));
                account += 1;
            }
            Command::AddActor(add) => {
                assert_eq!(directory.actor(&add.name).map(|a| a.0), Some(actor));
                actor += 1;
            }
            _ => {}
        }
    }
    let country = Country::parse("KZ").expect("a country");
    let authority = directory.authority(country).expect("a member");
    let people = directory.authority_actors(authority).expect("a member");
    assert_eq!(directory.actor("KZ-maker"), Some(people.maker));
    assert_eq!(directory.actor("KZ-checker"), Some(people.checker));
    for participant in &arrangement.participants {
        let id = directory.participant(participant.bic).expect("a participant");
        let people = directory.bank_actors(id).expect("a participant");
        for (actor, what) in [(people.channel, "channel"), (people.maker, "maker"), (people.checker, "checker")] {
            assert_eq!(directory.actor(&format!("{}-{what}", participant.bic)), Some(actor));
        }
    }
}

#[test]
fn a_sponsored_bank_settles_through_its_sponsor() {
    let arrangement = preset("multilateral");
    let directory = &arrangement.directory;
    let id = |bic| directory.participant(Bic::parse(bic).expect("a BIC")).expect("a participant");
    let amd = directory.currency(CurrencyCode::parse("AMD").expect("a code")).expect("a currency");
    let (sponsor, sponsored) = (id("XXXXAMB1"), id("XXXXAMB3"));
    let through = directory.settles(sponsored, amd).expect("it takes part");
    assert_eq!(Some(through.account), directory.account(sponsor, amd));
    assert_eq!(through.acts_for, sponsored);
    assert_eq!(directory.account(sponsored, amd), None);
    assert!(!directory.settles(sponsor, amd).expect("direct").acts_for.is_some());
}

#[test]
fn every_step_of_a_day_falls_in_a_phase_that_allows_it() {
    for known in presets() {
        let arrangement = preset(known.name);
        let day = arrangement.day.date;
        let mut current = 0_u32;
        let mut seen = arrangement.planned(day).first().map(|p| p.begins).expect("a phase");
        for timed in arrangement.daily(day) {
            assert!(timed.at >= seen, "{}: time goes back", known.name);
            seen = timed.at;
            let allows = arrangement.phases[current as usize].allows;
            let needs = match &timed.step {
                Step::Confirm { .. } => phase::CONFIRM,
                Step::FourEyes { .. } => phase::RATES,
                Step::Plan { .. } => phase::SETTLE,
                Step::Union(step) => match &step.ask {
                    Ask::Rate(_) | Ask::Release(_) => phase::RATES,
                    Ask::Close(_) => phase::ON_CARRY,
                    Ask::Order(_) => 0,
                },
                Step::Order(order) => match &order.command {
                    Command::StartDay(start) => {
                        assert_eq!((start.date, start.opens), (day, timed.at));
                        0
                    }
                    Command::Advance(to) => {
                        assert_eq!(to.phase, current + 1);
                        current = to.phase;
                        0
                    }
                    Command::SetRate(_) => phase::RATES,
                    Command::ApproveRate(_) => phase::APPROVE_RATES,
                    Command::FundIn(_) => phase::FUND,
                    Command::Offset(_) => phase::SETTLE,
                    other => panic!("{}: not a step of a day: {other:?}", known.name),
                },
            };
            assert_eq!(allows & needs, needs, "{}: {:?}", known.name, timed.step);
        }
        assert_eq!(current as usize + 1, arrangement.phases.len());
    }
}

/// Set-up as bytes must not change by accident: a journal opened with it would have another digest.
#[test]
fn set_up_is_the_same_on_every_machine() {
    let mut out = String::new();
    for known in presets() {
        let orders = with_keys(preset(known.name)).setup().expect("keys are there");
        let mut bytes: Vec<u8> = Vec::new();
        for order in &orders {
            order.actor.put(&mut bytes);
            order.key.put(&mut bytes);
            order.command.put(&mut bytes);
        }
        let digest = blake3::hash(&bytes).to_hex();
        let start: String = digest.chars().take(16).collect();
        writeln!(out, "{}: {} entries, {start}", known.name, orders.len()).expect("text");
    }
    expect![[r#"
        bilateral-1+1: 118 entries, 8ce1d8e8fbe3aaf6
        union-1+5: 467 entries, 511efbc1e331526b
        framework-2+1: 137 entries, 2dcb6a8051eca8ee
        multilateral: 1673 entries, d65fd38d35cce0c2
        afaq-day: 334 entries, 29a3a6536dc68317
        clearing-union: 124 entries, cf754dc7d49dea10
    "#]]
    .assert_eq(&out);
}

#[test]
fn every_preset_is_on_the_page() {
    let page = include_str!("../../../docs/arrangement.md");
    for known in presets() {
        let row = format!("| `{}` | {}", known.name, known.description);
        assert!(page.contains(&row), "{row}");
    }
}

#[test]
fn presets_are_written_into_empty_folders_only() {
    for known in presets() {
        let dir = tempfile::tempdir().expect("a folder");
        let inside = dir.path().join("day");
        write_preset(&inside, known.name).expect("written");
        assert_eq!(load(&inside).expect("it loads").name, preset(known.name).name);
        let again = write_preset(&inside, known.name).expect_err("not twice").to_string();
        assert_eq!(again, format!("folder {} is not empty", inside.display()));
    }
    let dir = tempfile::tempdir().expect("a folder");
    let unknown = write_preset(dir.path(), "bilateral").expect_err("no such preset").to_string();
    assert!(unknown.starts_with("no preset \"bilateral\", expected one of bilateral-1+1"), "{unknown}");
}
