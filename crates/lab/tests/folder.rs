//! A day's traffic for each arrangement that ships with the project.

use comity_arrangement::{parse, preset_files, presets};
use comity_lab::folder::options_for;
use comity_lab::render::{Files, Style};
use comity_lab::traffic::{FlawKind, Kind, Options, plan};
use comity_ledger::command::LimitKind;

fn options(name: &str) -> (comity_arrangement::Arrangement, Options) {
    let files = preset_files(name).expect("a preset");
    let arrangement = parse(&files).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let day = arrangement.dates()[0];
    let options = options_for(&arrangement, day, 1, 3_000);
    (arrangement, options)
}

#[test]
fn every_preset_has_traffic_inside_its_rules() {
    for preset in presets() {
        let (arrangement, options) = options(preset.name);
        let lines = plan(&options).expect("usable");
        assert!(lines.len() > 2_900, "{}: {}", preset.name, lines.len());
        for line in lines.iter().filter(|line| line.flaw.is_none()) {
            let currency = options.currencies[line.money.currency.at()];
            let bank = &options.banks[line.from.at()];
            let participant = arrangement
                .participants
                .iter()
                .find(|participant| participant.bic.as_str() == bank.bic)
                .expect("a participant");
            assert!(!participant.currencies.is_empty());
            if !matches!(line.kind, Kind::Recall(_) | Kind::Verification) {
                assert!(currency.cut_off.is_none_or(|cut_off| line.at < cut_off));
            }
        }
    }
}

#[test]
fn good_payments_are_below_every_limit_for_one_payment() {
    let (arrangement, options) = options("multilateral");
    let smallest = |code: usize| {
        arrangement
            .limits
            .iter()
            .filter(|limit| limit.kind == LimitKind::PerPayment)
            .filter(|limit| {
                let owner = arrangement.directory.owner(limit.account);
                owner.is_some_and(|(_, currency)| currency.at() == code)
            })
            .filter_map(|limit| limit.value)
            .min()
    };
    let limits: Vec<_> = (0..options.currencies.len()).map(smallest).collect();
    assert!(limits.iter().all(Option::is_some));
    for line in plan(&options).expect("usable") {
        let limit = limits[line.money.currency.at()].expect("a limit").unsigned_abs();
        let over = line.flaw.map(|flaw| flaw.kind) == Some(FlawKind::OverLimit);
        assert_eq!(line.money.minor > limit, over, "{line:?}");
    }
}

#[test]
fn conversions_use_the_rates_of_the_folder() {
    let (arrangement, options) = options("multilateral");
    assert_eq!(options.banks.len(), 45);
    assert_eq!(options.countries.len(), 9);
    assert_eq!(options.rates.len(), arrangement.rates.len());
    let converted =
        plan(&options).expect("usable").iter().filter(|line| matches!(line.kind, Kind::Conversion(_))).count();
    assert!(converted > 5, "{converted} conversions");
}

#[test]
fn a_file_is_never_later_than_the_cut_off_of_its_lines() {
    let (_, options) = options("multilateral");
    let lines = plan(&options).expect("usable");
    for file in Files::new(&options, &Style::default()).expect("usable") {
        for carried in file.lines.iter().filter(|line| line.flaw.is_none()) {
            let line = &lines[usize::try_from(carried.sequence).expect("fits")];
            if matches!(line.kind, Kind::Recall(_) | Kind::Verification) {
                continue;
            }
            let currency = options.currencies[line.money.currency.at()];
            assert!(currency.cut_off.is_none_or(|cut_off| file.at < cut_off));
        }
    }
}
