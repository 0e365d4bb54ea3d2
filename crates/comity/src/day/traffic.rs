//! Example traffic for a folder, from the laboratory's generator.

use std::path::Path;

use comity_arrangement::{Arrangement, Bic, CurrencyCode, Owner};
use comity_lab::folder::options_for;
use comity_lab::render::{Files, Style};
use comity_lab::traffic::{CurrencyIndex, Kind, Mix, Traffic};

use crate::exit::{Failure, at};

/// How traffic is packed into files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// As banks send it over a day: every kind of message, urgent payments one by one, small batches, bad ones among them.
    Mixed,
    /// Plain payments in batches of up to 500.
    Batches,
}

/// Writes `payments` lines of traffic for the arrangement's first business day into the inbox of `dir`, and replaces its
/// funding by what this traffic needs to settle in good part.
pub(crate) fn write(
    dir: &Path,
    arrangement: &Arrangement,
    shape: Shape,
    seed: u64,
    payments: u64,
    bar: &indicatif::ProgressBar,
) -> Result<(), Failure> {
    let inbox = dir.join(super::INBOX);
    std::fs::create_dir_all(&inbox).map_err(at(&inbox))?;
    let day = *arrangement.dates().first().ok_or_else(|| Failure::refused("the arrangement has no business day"))?;
    let mut options = options_for(arrangement, day, seed, payments);
    let mut style = Style::default();
    if shape == Shape::Batches {
        options.mix = Mix { institution: options.mix.institution, ..NO_SPECIALS };
        options.flaws = 0;
        style.batch_minutes = 60;
        style.batch_max = 500;
    }
    let mut files = Files::new(&options, &style).map_err(|unusable| Failure::refused(unusable.to_string()))?;
    for file in files.by_ref() {
        let path = inbox.join(&file.name);
        std::fs::write(&path, &file.bytes).map_err(at(&path))?;
        bar.inc(file.lines.len() as u64);
    }
    let mut funding = files.into_check().suggested_funding(FUNDED_PER_MILLE);
    // Whoever gives one currency for another brings what it will give.
    for line in Traffic::new(&options).map_err(|unusable| Failure::refused(unusable.to_string()))? {
        if let Kind::Conversion(conversion) = line.kind {
            let code = |currency: CurrencyIndex| options.currencies[currency.at()].code;
            let (source, target) = (code(conversion.source.currency), code(line.money.currency));
            let rate = options.rates.iter().find(|rate| rate.source == source && rate.target == target);
            funding.extend(rate.and_then(|rate| rate.provider).map(|provider| (provider, line.money)));
        }
    }
    // A sponsored bank's payments go through its sponsor's account.
    let mut by_account = std::collections::BTreeMap::new();
    for (bank, money) in funding {
        let currency = &options.currencies[money.currency.at()];
        let known = Bic::parse(&options.banks[bank.at()].bic)
            .and_then(|bic| arrangement.directory.participant(bic))
            .zip(CurrencyCode::parse(currency.code.as_str()).and_then(|code| arrangement.directory.currency(code)));
        let settles = known.and_then(|(participant, currency)| arrangement.directory.settles(participant, currency));
        if let Some(settles) = settles {
            *by_account.entry(settles.account).or_insert(0_i128) += i128::from(money.minor);
        }
    }
    let mut text = String::from(
        "# Money brought in from outside in the funding phase: for each bank most of what it pays more than it is paid.\n\
         bic,currency,amount,at,reference\n",
    );
    for (number, (account, minor)) in by_account.into_iter().enumerate() {
        if let Some((Owner::Participant(id), currency)) = arrangement.directory.owner(account) {
            let currency = &arrangement.currencies[currency.at()];
            let bic = &arrangement.participants[id.at()].bic;
            let amount = super::decimal(minor, currency.exponent);
            text.push_str(&format!("{bic},{},{amount},,EXAMPLE-{:04}\n", currency.code, number + 1));
        }
    }
    let path = dir.join("funding.csv");
    std::fs::write(&path, text).map_err(at(&path))
}

/// No kind of message but plain payments.
const NO_SPECIALS: Mix = Mix {
    institution: 0,
    pvp: 0,
    conversion: 0,
    initiation: 0,
    returned: 0,
    recall: 0,
    verification: 0,
    urgent: 0,
    future: 0,
    timed: 0,
};

/// How much of what a bank pays more than it is paid it brings as money. It pays some of it before it is paid, so the
/// queue shows all the same.
const FUNDED_PER_MILLE: u32 = 1_250;
