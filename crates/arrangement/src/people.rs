//! `participants.csv`, and the people of `arrangement.toml` who act for a bank.
//!
//! Direct participants come before sponsored ones, so that a sponsor is known before whoever settles through it.

use std::collections::BTreeMap;

use comity_ledger::ids::{AuthorityId, CurrencyId, ParticipantId};
use comity_ledger::role::{Roles, Scope};

use crate::code::{Bic, Country};
use crate::directory::index;
use crate::lines::Known;
use crate::mistake::{Mistake, Notes, Spot, nearest};
use crate::model::{Actor, Authority, Currency, Participant};
use crate::read_csv::{Row, rows};
use crate::read_toml::{At, Need};
use crate::sections::{
    ActorDraft, BIC_EXPECTED, KNOWN_AUTHORITY, KNOWN_CURRENCIES, NAME_EXPECTED, currency_id, known, name_text,
};

pub(crate) const FILE: &str = "participants.csv";

/// A row before its sponsor is looked up.
struct Draft {
    participant: Participant,
    bic: Spot,
    sponsor: Option<At<Bic>>,
    sponsored: bool,
    all_currencies: bool,
    currencies: Spot,
}

/// Reads the file.
pub(crate) fn read(
    text: &str,
    authorities: &[Authority],
    currencies: &[Currency],
    notes: Notes<'_>,
) -> Vec<Participant> {
    const COLUMNS: [(&str, Need); 7] = [
        ("bic", Need::Must),
        ("name", Need::Must),
        ("country", Need::Must),
        ("kind", Need::Must),
        ("sponsor", Need::May),
        ("currencies", Need::Must),
        ("bypass", Need::May),
    ];
    let mut direct: Vec<Draft> = Vec::new();
    let mut sponsored: Vec<Draft> = Vec::new();
    let mut lines: BTreeMap<Bic, usize> = BTreeMap::new();
    let rows = rows(FILE, text, &COLUMNS, notes);
    if rows.is_empty() {
        let spot = Spot { file: FILE, line: 0, field: String::new() };
        notes.wrong(&spot, "no participant", "at least one");
    }
    for row in rows {
        let Some(draft) = draft(&row, authorities, currencies, notes) else {
            notes.0.borrow_mut().participant_lost = true;
            continue;
        };
        let line = draft.bic.line;
        if let Some(first) = lines.insert(draft.participant.bic, line) {
            notes.0.borrow_mut().participant_lost = true;
            notes.add(
                draft
                    .bic
                    .mistake(draft.participant.bic.to_string(), "a BIC no other row has")
                    .help(format!("the first is on line {first}")),
            );
            continue;
        }
        if draft.sponsored { &mut sponsored } else { &mut direct }.push(draft);
    }
    place(direct, sponsored, currencies, notes)
}

fn draft(row: &Row<'_>, authorities: &[Authority], currencies: &[Currency], notes: Notes<'_>) -> Option<Draft> {
    let bic = row.text("bic", Need::Must, BIC_EXPECTED, Bic::parse);
    let name = row.text("name", Need::Must, NAME_EXPECTED, name_text);
    let expected = known(KNOWN_AUTHORITY, authorities.iter().map(|a| a.country));
    let home = row.text("country", Need::Must, &expected, |text| {
        let at = authorities.iter().position(|known| known.country.as_str() == text)?;
        Some((Country::parse(text)?, AuthorityId(index(at))))
    });
    let sponsored = row.text("kind", Need::Must, "direct or sponsored", |text| match text {
        "direct" => Some(false),
        "sponsored" => Some(true),
        _ => None,
    });
    let sponsored = sponsored.is_some_and(|sponsored| sponsored.value);
    let sponsor = row.text("sponsor", if sponsored { Need::Must } else { Need::May }, BIC_EXPECTED, Bic::parse);
    if let Some(sponsor) = sponsor.as_ref().filter(|_| !sponsored) {
        notes.wrong(&sponsor.spot, sponsor.value.to_string(), "nothing, as the participant is direct");
    }
    let (ids, all_currencies) = currency_list(row, "currencies", Need::Must, currencies, notes);
    let (mut bypass, all) = currency_list(row, "bypass", Need::May, currencies, notes);
    if let Some(code) = (!sponsored && !all)
        .then(|| bypass.iter().find(|id| !ids.contains(id)).and_then(|id| currencies.get(id.at())))
        .flatten()
    {
        notes.wrong(&row.spot("bypass"), code.code.to_string(), "currencies the participant takes part in");
    }
    if sponsored && !bypass.is_empty() {
        notes.wrong(&row.spot("bypass"), "currencies", "nothing, as the queue is its sponsor's");
    }
    bypass.retain(|id| ids.contains(id));
    let bic = bic?;
    if let Some(home) = &home
        && bic.value.country() != home.value.0
    {
        notes.warn(&bic.spot, bic.value.to_string(), format!("the country letters {} in the BIC", home.value.0));
    }
    Some(Draft {
        participant: Participant {
            bic: bic.value,
            name: name.map(|name| name.value).unwrap_or_default(),
            home: home.map_or(AuthorityId::NONE, |home| home.value.1),
            sponsor: None,
            currencies: ids,
            bypass,
        },
        bic: bic.spot,
        sponsor,
        sponsored,
        all_currencies,
        currencies: row.spot("currencies"),
    })
}

fn currency_list(
    row: &Row<'_>,
    column: &'static str,
    need: Need,
    currencies: &[Currency],
    notes: Notes<'_>,
) -> (Vec<CurrencyId>, bool) {
    let expected = known(KNOWN_CURRENCIES, currencies.iter().map(|c| c.code));
    let Some(list) = row.text(column, need, &expected, |text| Some(text.to_owned())) else {
        return (Vec::new(), false);
    };
    if list.value == "*" {
        return ((0..index(currencies.len())).map(CurrencyId).collect(), true);
    }
    let mut out = Vec::new();
    for code in list.value.split_ascii_whitespace() {
        match currency_id(currencies, code) {
            None => notes.wrong(&list.spot, format!("{code:?}"), expected.clone()),
            Some(id) if out.contains(&id) => {
                notes.wrong(&list.spot, format!("{code:?} twice"), "each currency once");
            }
            Some(id) => out.push(id),
        }
    }
    out.sort_unstable();
    (out, false)
}

/// Puts direct ones first and finds the sponsors of the others.
fn place(direct: Vec<Draft>, sponsored: Vec<Draft>, currencies: &[Currency], notes: Notes<'_>) -> Vec<Participant> {
    let through: Vec<Bic> = sponsored.iter().map(|draft| draft.participant.bic).collect();
    let mut out: Vec<Participant> = direct.into_iter().map(|draft| draft.participant).collect();
    let direct_len = out.len();
    for mut draft in sponsored {
        let sponsor = draft.sponsor.as_ref().and_then(|sponsor| {
            let found = out.iter().take(direct_len).position(|known| known.bic == sponsor.value);
            if found.is_none() && !notes.0.borrow().participant_lost {
                notes.add(unknown_sponsor(sponsor, &draft, &through, out.iter().take(direct_len)));
            }
            found
        });
        if let Some((at, sponsor)) = sponsor.and_then(|at| Some((at, out.get(at)?))) {
            draft.participant.sponsor = Some(ParticipantId(index(at)));
            let offered = &sponsor.currencies;
            if draft.all_currencies {
                draft.participant.currencies.clone_from(offered);
            }
            for missing in draft.participant.currencies.iter().filter(|id| !offered.contains(id)) {
                let code = currencies.get(missing.at()).map_or("", |c| c.code.as_str());
                notes.wrong(
                    &draft.currencies,
                    code,
                    format!("a currency in which the sponsor {} has an account", sponsor.bic),
                );
            }
        }
        out.push(draft.participant);
    }
    out
}

fn unknown_sponsor<'a>(
    sponsor: &At<Bic>,
    draft: &Draft,
    through: &[Bic],
    direct: impl Iterator<Item = &'a Participant>,
) -> Mistake {
    let found = sponsor.value.to_string();
    if sponsor.value == draft.participant.bic {
        return sponsor.spot.mistake(found, "another participant than itself");
    }
    if through.contains(&sponsor.value) {
        return sponsor
            .spot
            .mistake(found, "a direct participant")
            .help("a sponsor that has a sponsor itself makes a chain");
    }
    let names: Vec<String> = direct.map(|known| known.bic.to_string()).collect();
    let near = nearest(&found, names.iter().map(String::as_str)).map(|near| format!("did you mean {near}"));
    let mut mistake = sponsor.spot.mistake(found, "the BIC of a direct participant");
    mistake.help = near;
    mistake
}

/// Finds a participant by BIC, or reports that there is none.
pub(crate) fn find(bic: &At<Bic>, at: Known<'_>) -> Option<ParticipantId> {
    let found = at.directory.participant(bic.value);
    // Where a row could not be read, it may be the one that is missed; that is one mistake, not two.
    if found.is_none() && !at.notes.0.borrow().participant_lost {
        let text = bic.value.to_string();
        let names: Vec<String> = at.participants.iter().map(|known| known.bic.to_string()).collect();
        let near = nearest(&text, names.iter().map(String::as_str));
        let mut mistake = bic.spot.mistake(text.clone(), format!("the BIC of a participant in {FILE}"));
        mistake.help = near.map(|near| format!("did you mean {near}"));
        at.notes.add(mistake);
    }
    found
}

/// Gives the people of the file their scope, and checks that their roles fit it and each other.
pub(crate) fn actors(drafts: Vec<ActorDraft>, at: Known<'_>) -> Vec<Actor> {
    let notes = at.notes;
    const BANK: Roles = Roles::CHANNEL.and(Roles::BANK_MAKER).and(Roles::BANK_CHECKER);
    const AUTHORITY: Roles = Roles::AUTHORITY_MAKER.and(Roles::AUTHORITY_CHECKER);
    let mut out: Vec<Actor> = Vec::new();
    for draft in drafts {
        let bank = draft.bic.as_ref().map(|bic| find(bic, at));
        let (scope, fits) = match (draft.authority, bank) {
            (None, None) => (
                Scope::Operator,
                !draft.roles.any(BANK) && !draft.roles.any(AUTHORITY) && !draft.roles.any(Roles::SYSTEM),
            ),
            (Some(authority), None) => {
                (Scope::Authority(authority), draft.roles.any(AUTHORITY) && draft.roles.0 & !AUTHORITY.0 == 0)
            }
            (None, Some(Some(id))) => (Scope::Participant(id), draft.roles.any(BANK) && draft.roles.0 & !BANK.0 == 0),
            (None, Some(None)) => continue,
            (Some(_), Some(_)) => {
                notes.wrong(&draft.name.spot, "both authority and bic", "at most one of them");
                continue;
            }
        };
        if let Some((one, other)) = draft.roles.excluded() {
            let found = format!("{} together with {}", names(one, draft.roles), names(other, draft.roles));
            notes.wrong(&draft.roles_spot, found, "roles one person may hold");
        } else if !fits {
            let expected = match scope {
                Scope::Operator => "roles of the operator, or an authority or bic to act for",
                Scope::Authority(_) => "authority-maker or authority-checker",
                Scope::Participant(_) => "channel, bank-maker or bank-checker",
            };
            notes.wrong(&draft.roles_spot, names(draft.roles, draft.roles), expected);
        }
        let taken = at.directory.actor(&draft.name.value).is_some();
        if taken || out.iter().any(|known| known.name == draft.name.value) {
            notes.wrong(&draft.name.spot, format!("{:?}", draft.name.value), "a name no other actor has");
            continue;
        }
        out.push(Actor { name: draft.name.value, scope, roles: draft.roles });
    }
    out
}

/// The names of the roles in both sets.
fn names(set: Roles, within: Roles) -> String {
    let held: Vec<&str> =
        Roles::NAMES.iter().filter(|(_, role)| set.any(*role) && within.any(*role)).map(|(name, _)| *name).collect();
    if held.is_empty() { "no role".to_owned() } else { held.join(", ") }
}
