//! Example traffic for a folder, from the laboratory's generator.

use std::path::Path;

use comity_arrangement::{Arrangement, Bic, CurrencyCode, Owner};
use comity_lab::folder::options_for;
use comity_lab::render::{Files, Style};

use crate::exit::{Failure, at};

/// Writes `payments` lines of traffic for the arrangement's first business day into an inbox.
pub(crate) fn write(
    inbox: &Path,
    arrangement: &Arrangement,
    seed: u64,
    payments: u64,
    bar: &indicatif::ProgressBar,
) -> Result<Vec<Suggested>, Failure> {
    let day = *arrangement.dates().first().ok_or_else(|| Failure::refused("the arrangement has no business day"))?;
    let options = options_for(arrangement, day, seed, payments);
    let mut files =
        Files::new(&options, &Style::default()).map_err(|unusable| Failure::refused(unusable.to_string()))?;
    for file in files.by_ref() {
        let path = inbox.join(&file.name);
        std::fs::write(&path, &file.bytes).map_err(at(&path))?;
        bar.inc(file.lines.len() as u64);
    }
    let funding = files.into_check().suggested_funding(FUNDED_PER_MILLE);
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
    Ok(by_account
        .into_iter()
        .filter_map(|(account, minor)| match arrangement.directory.owner(account)? {
            (Owner::Participant(id), currency) => {
                let currency = &arrangement.currencies[currency.at()];
                Some(Suggested {
                    bic: arrangement.participants[id.at()].bic.to_string(),
                    currency: currency.code.to_string(),
                    amount: super::decimal(minor, currency.exponent),
                })
            }
            (Owner::Internal, _) => None,
        })
        .collect())
}

/// Money a bank should bring so that most of the day settles.
pub(crate) struct Suggested {
    pub(crate) bic: String,
    pub(crate) currency: String,
    /// Decimal text in units of the currency.
    pub(crate) amount: String,
}

/// How much of what a bank pays more than it is paid it brings as money: enough for most of it, so that the queue shows.
const FUNDED_PER_MILLE: u32 = 980;
