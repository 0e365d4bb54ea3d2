//! `comity union show`: where a union stands, from the journal of a folder.

use std::path::{Path, PathBuf};

use clap::Args;
use comity_ledger::State;
use comity_ledger::ids::AuthorityId;
use comity_ledger::union::Party;
use serde_json::json;

use crate::exit::{Exit, Failure};
use crate::output::{Align, Column, Output, bold, print, print_json, table};
use crate::unions::{self, View, shown};

/// Show where the unions of a folder stand: positions, what is due, who has to act.
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  comity union show my-union\n  comity union show my-union --member KZ --all\n  \
    comity union show my-union --output json\n\n\
    The state is computed from the journal, also while a day has stopped half-way. Begin a folder with a union:\n  \
    comity new my-union --preset clearing-union && comity day my-union")]
pub(crate) struct Show {
    /// The folder of a day, or a journal folder.
    pub(crate) dir: PathBuf,
    /// Only what concerns this member, by its country.
    #[arg(long, value_name = "COUNTRY")]
    pub(crate) member: Option<String>,
    /// Also residuals that are settled, with how.
    #[arg(long)]
    pub(crate) all: bool,
}

pub(crate) fn run(arguments: &Show, output: Output) -> Result<(), Failure> {
    let journal = super::super::journal(&arguments.dir)?;
    let state = super::super::replayed(&journal)?;
    if state.unions.is_empty() {
        return Err(Failure::refused(format!("{}: its arrangement has no union", arguments.dir.display())));
    }
    let units = units(&arguments.dir, &state);
    let views = unions::views(&state, &units);
    let member = match &arguments.member {
        None => None,
        Some(code) => Some(member(&views, code)?),
    };
    let views: Vec<View<'_>> = views
        .into_iter()
        .filter(|view| member.is_none_or(|member| view.union.members.iter().any(|known| known.authority == member)))
        .collect();
    match output {
        Output::Json => {
            let list: Vec<_> = views.iter().map(|view| unions::one(view, member)).collect();
            print_json(&json!({ "business_date": state.day.date.to_string(), "unions": list }));
        }
        Output::Table => {
            for (at, view) in views.iter().enumerate() {
                if at > 0 {
                    print("");
                }
                show(view, member, arguments.all);
            }
        }
    }
    Ok(())
}

/// Names of units, where the folder has its files; a journal alone does not know the name of a basket.
fn units(dir: &Path, state: &State) -> Vec<String> {
    let arrangement = comity_arrangement::load(dir).ok();
    unions::units(state, arrangement.as_ref())
}

fn member(views: &[View<'_>], code: &str) -> Result<AuthorityId, Failure> {
    let members = || views.iter().flat_map(|view| view.union.members.iter().map(move |known| (view, known.authority)));
    let found = members().find(|(view, authority)| view.country(*authority) == code);
    found.map(|(_, authority)| authority).ok_or_else(|| {
        let known: Vec<String> = members().map(|(view, authority)| view.country(authority)).collect();
        Failure::new(Exit::Usage, format!("no member {code:?}, expected one of {}", known.join(", ")))
    })
}

/// Columns of the tables for people: as in the report, `#` marks figures.
fn columns(heads: &'static [&'static str]) -> Vec<Column> {
    let column = |head: &'static str| match head.strip_prefix('#') {
        Some(figure) => Column(figure, Align::Right),
        None => Column(head, Align::Left),
    };
    heads.iter().map(|head| column(head)).collect()
}

fn show(view: &View<'_>, member: Option<AuthorityId>, all: bool) {
    let union = view.union;
    let last = union
        .closings
        .last()
        .map_or_else(|| "not closed yet".to_string(), |last| format!("closed last on {}", last.date));
    print(&bold(&format!("{} in {}, {last}", union.rules.name, view.unit())));
    print("");
    let wanted = |authority: AuthorityId| member.is_none_or(|member| member == authority);
    let concerns = |parties: [Party; 2]| member.is_none_or(|member| parties.contains(&Party::Member(member)));
    let keep = |rows: Vec<Vec<String>>, which: &mut dyn Iterator<Item = bool>| -> Vec<Vec<String>> {
        rows.into_iter().zip(which).filter(|(_, keep)| *keep).map(|(row, _)| row).collect()
    };
    let members = keep(shown::member_rows(view), &mut union.members.iter().map(|known| wanted(known.authority)));
    print(&table(&columns(&shown::MEMBER_COLUMNS), &members));
    let which =
        &mut union.residuals.iter().map(|known| concerns([known.payer, known.payee]) && (all || known.open > 0));
    let rows = keep(shown::residual_rows(view), which);
    part(if all { "what fell due" } else { "what is open" }, &shown::RESIDUAL_COLUMNS, rows);
    let which = &mut union.items.iter().map(|item| wanted(item.owner));
    part("who has to act", &shown::ACTION_COLUMNS, keep(shown::action_rows(view), which));
    let which = &mut union.uses.iter().map(|used| wanted(used.from) || wanted(used.to));
    part("claims used", &shown::USE_COLUMNS, keep(shown::use_rows(view), which));
    let which = &mut union.loans.iter().map(|loan| concerns([loan.payer, loan.payee]));
    part("loans and instalments", &shown::LOAN_COLUMNS, keep(shown::loan_rows(view), which));
}

/// A table under its heading, if it has rows.
fn part(heading: &str, heads: &'static [&'static str], rows: Vec<Vec<String>>) {
    if !rows.is_empty() {
        print("");
        print(&bold(heading));
        print(&table(&columns(heads), &rows));
    }
}
