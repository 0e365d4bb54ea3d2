//! Arrangements to begin with, compiled into the program as the data they are.
//!
//! Absent on purpose: code about any of them. A preset is a folder like any other; `presets/NAME/` holds it.

use core::fmt;
use std::path::Path;

use crate::load::Files;
use crate::union;

/// An arrangement to begin with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Preset {
    /// Its name, such as `multilateral`.
    pub name: &'static str,
    /// What it is, in one line.
    pub description: &'static str,
    files: [&'static str; 5],
    /// Other files by their path in the folder: of unions, and messages for the inbox.
    more: &'static [(&'static str, &'static str)],
}

macro_rules! preset {
    ($name:literal, $description:literal $(, $more:literal)*) => {
        Preset {
            name: $name,
            description: $description,
            files: [
                include_str!(concat!("../presets/", $name, "/arrangement.toml")),
                include_str!(concat!("../presets/", $name, "/participants.csv")),
                include_str!(concat!("../presets/", $name, "/limits.csv")),
                include_str!(concat!("../presets/", $name, "/funding.csv")),
                include_str!(concat!("../presets/", $name, "/rates.csv")),
            ],
            more: &[$(($more, include_str!(concat!("../presets/", $name, "/", $more)))),*],
        }
    };
}

const PRESETS: [Preset; 6] = [
    preset!("bilateral-1+1", "two authorities, swing credit up to a cap, daily net positions confirmed"),
    preset!("union-1+5", "five members who net among themselves, and one partner"),
    preset!("framework-2+1", "two anchors that grant credit lines, and a neutral agent that keeps the accounts"),
    preset!("multilateral", "nine countries, 45 banks, quotas as net debit caps, offsetting every 15 minutes"),
    preset!(
        "afaq-day",
        "a prefunded day with AFAQ's phases, rates approved by both authorities, balances swept at the end"
    ),
    preset!(
        "clearing-union",
        "five members whose imbalances are carried by quota and rule, with four days of payments to run at once",
        "union-rates.csv",
        "union-orders.csv",
        "inbox/2026-11-24.csv",
        "inbox/2026-11-25.csv",
        "inbox/2026-11-26.csv",
        "inbox/2026-11-27.csv"
    ),
];

/// All presets.
#[must_use]
pub fn presets() -> &'static [Preset] {
    &PRESETS
}

/// The files of a preset; none when there is no such preset.
#[must_use]
pub fn preset_files(name: &str) -> Option<Files> {
    let preset = PRESETS.iter().find(|preset| preset.name == name)?;
    let [arrangement, participants, limits, funding, rates] = preset.files.map(str::to_owned);
    let more = |name: &str| {
        let found = preset.more.iter().find(|(known, _)| *known == name);
        found.map(|(_, text)| (*text).to_owned()).unwrap_or_default()
    };
    let [union_rules, union_rates, union_orders] = union::FILES.map(more);
    Some(Files {
        arrangement,
        participants,
        limits,
        funding,
        rates,
        union_rules,
        union_rates,
        union_orders,
        commitments: String::new(),
    })
}

/// Why a preset was not written.
#[derive(Debug)]
pub enum WriteError {
    /// There is no preset of this name.
    UnknownPreset(String),
    /// The folder holds something already.
    NotEmpty(String),
    /// The folder or a file could not be written.
    Io(String, std::io::Error),
}

impl fmt::Display for WriteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownPreset(name) => {
                let names = PRESETS.map(|preset| preset.name).join(", ");
                write!(f, "no preset {name:?}, expected one of {names}")
            }
            Self::NotEmpty(path) => write!(f, "folder {path} is not empty"),
            Self::Io(path, error) => write!(f, "cannot write {path}: {error}"),
        }
    }
}

impl std::error::Error for WriteError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(_, error) => Some(error),
            Self::UnknownPreset(_) | Self::NotEmpty(_) => None,
        }
    }
}

/// Writes the files of a preset into a new or empty folder, with the messages it has for the inbox.
///
/// # Errors
/// An unknown preset, a folder that is not empty, or a failing disk.
pub fn write_preset(dir: &Path, name: &str) -> Result<(), WriteError> {
    let files = preset_files(name).ok_or_else(|| WriteError::UnknownPreset(name.to_owned()))?;
    files.write(dir)?;
    let messages = PRESETS.iter().filter(|preset| preset.name == name).flat_map(|preset| preset.more);
    for (name, text) in messages.filter(|(name, _)| name.contains('/')) {
        let path = dir.join(name);
        let failed = |error| WriteError::Io(path.display().to_string(), error);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).map_err(failed)?;
        }
        let failed = |error| WriteError::Io(path.display().to_string(), error);
        std::fs::write(&path, text).map_err(failed)?;
    }
    Ok(())
}

impl Files {
    /// Writes the files into a new or empty folder; those of unions and of commitments only where there is something in them.
    ///
    /// # Errors
    /// A folder that is not empty, or a failing disk.
    pub fn write(&self, dir: &Path) -> Result<(), WriteError> {
        let failed = |path: &Path| {
            let path = path.display().to_string();
            move |error| WriteError::Io(path, error)
        };
        std::fs::create_dir_all(dir).map_err(failed(dir))?;
        let mut present = std::fs::read_dir(dir).map_err(failed(dir))?;
        if present.next().is_some() {
            return Err(WriteError::NotEmpty(dir.display().to_string()));
        }
        for (name, content) in self.named() {
            if content.is_empty() && (name == crate::commitments::FILE || union::FILES.contains(&name)) {
                continue;
            }
            let path = dir.join(name);
            std::fs::write(&path, content).map_err(failed(&path))?;
        }
        Ok(())
    }
}
