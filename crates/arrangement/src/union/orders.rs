//! `union-orders.csv`: one line, one thing an authority does about its position or about what is due: when, who, how much.
//!
//! Absent on purpose: whether it will do. The ledger decides when the line is due, and its answer is in the journal.

use comity_ledger::book::AMOUNT_MAX;
use comity_ledger::ids::{AuthorityId, CurrencyId, Key};
use comity_ledger::union::order::{Method, TermRule, UnitRule};

use super::{Deed, Kind, Part, Union, UnionOrder, reference_key};
use crate::amount::parse_amount;
use crate::check::not_run;
use crate::directory::index;
use crate::lines::Known;
use crate::load::ARRANGEMENT;
use crate::mistake::{Notes, Spot};
use crate::model::Arrangement;
use crate::read_csv::{Row, rows};
use crate::read_toml::{At, Need};
use crate::sections::{DATE_EXPECTED, KNOWN_AUTHORITY, amount_expected, known};
use crate::time::{LocalTime, parse_day};

/// Name of the file.
pub(crate) const ORDERS: &str = "union-orders.csv";

/// What a line may say.
const DEEDS: [&str; 13] = [
    "prove",
    "accept",
    "decline",
    "roll-over",
    "instalments",
    "swap",
    "use",
    "pay",
    "offer",
    "take",
    "withdraw",
    "auction",
    "leave",
];
const REFERENCE_EXPECTED: &str = "a reference of 1 to 16 letters, digits and signs, without spaces";
/// Legs that the runner computes when the line is due.
const BASKET: &str = "basket";
/// How the union itself is written where a member could stand.
const UNION: &str = "union";

/// Reads the file, each line with where it stands.
pub(crate) fn orders(text: &str, unions: &[Union], at: Known<'_>) -> Vec<(UnionOrder, Spot)> {
    const COLUMNS: [(&str, Need); 12] = [
        ("date", Need::Must),
        ("at", Need::May),
        ("union", Need::May),
        ("member", Need::Must),
        ("what", Need::Must),
        ("other", Need::May),
        ("of", Need::May),
        ("amount", Need::May),
        ("purpose", Need::May),
        ("count", Need::May),
        ("legs", Need::May),
        ("reference", Need::May),
    ];
    let mut out = Vec::new();
    if at.notes.lost(ARRANGEMENT, "union[") {
        // Who is a member, and what is permitted, is not known.
        return out;
    }
    for row in rows(ORDERS, text, &COLUMNS, at.notes) {
        let date = row.text("date", Need::Must, DATE_EXPECTED, parse_day);
        let time = row.text("at", Need::May, "a local time such as 07:30", LocalTime::parse);
        let found = union_of(&row, unions, at);
        let what = row.text("what", Need::Must, &format!("one of {}", DEEDS.join(", ")), |text| {
            DEEDS.into_iter().find(|word| *word == text)
        });
        let (Some(date), Some(number), Some(what)) = (date, found, what) else { continue };
        let Some(union) = unions.get(number as usize) else { continue };
        let member = party(&row, "member", Need::Must, union, at);
        let other = party(&row, "other", Need::May, union, at);
        let reader = Reader { row: &row, union, at };
        let of = reader.of(what.value);
        let Some(deed) = reader.deed(what.value, other.is_some()) else { continue };
        let Some(member) = member else { continue };
        if other.as_ref().is_some_and(|other| other.value == member.value) {
            at.notes.wrong(&row.spot("other"), "the member itself", "another member");
            continue;
        }
        let order = UnionOrder {
            date: date.value,
            at: time.map(|time| time.value),
            union: number,
            member: member.value,
            other: other.and_then(|other| other.value),
            of,
            deed,
        };
        out.push((order, row.spot("at")));
    }
    out
}

/// The union a line is about: the one it names, or the only one.
fn union_of(row: &Row<'_>, unions: &[Union], at: Known<'_>) -> Option<u32> {
    let names = unions.iter().map(|union| union.rules.name.as_str());
    let expected = known("a union of the arrangement", names);
    let need = if unions.len() == 1 { Need::May } else { Need::Must };
    let named = row.text("union", need, &expected, |text| unions.iter().position(|union| union.rules.name == text));
    if unions.is_empty() {
        at.notes.wrong(&row.spot("union"), "a line", "a [[union]] in arrangement.toml");
        return None;
    }
    match named {
        Some(named) => Some(index(named.value)),
        None if unions.len() == 1 => Some(0),
        None => None,
    }
}

/// A member by its country; or the union itself, for which the operator acts.
fn party(
    row: &Row<'_>,
    column: &'static str,
    need: Need,
    union: &Union,
    at: Known<'_>,
) -> Option<At<Option<AuthorityId>>> {
    let countries = union.rules.members.iter().filter_map(|member| at.authorities.get(member.authority.at()));
    let countries: Vec<String> = countries.map(|authority| authority.country.to_string()).collect();
    let expected = format!("{} that is a member of {:?}", known(KNOWN_AUTHORITY, &countries), union.rules.name);
    row.text(column, need, &expected, |text| {
        if text == UNION {
            return Some(None);
        }
        let place = at.authorities.iter().position(|known| known.country.as_str() == text)?;
        let id = AuthorityId(index(place));
        union.rules.members.iter().any(|member| member.authority == id).then_some(Some(id))
    })
}

/// One row whose union is known.
struct Reader<'a> {
    row: &'a Row<'a>,
    union: &'a Union,
    at: Known<'a>,
}

impl Reader<'_> {
    /// What the row asks; `other` says whether it names a member on the other side.
    fn deed(&self, what: &str, other: bool) -> Option<Deed> {
        let needs_other = matches!(what, "use" | "pay" | "offer" | "take" | "withdraw");
        if needs_other && !other {
            self.at.notes.wrong(&self.row.spot("other"), "nothing", format!("a member, as the line says {what}"));
            return None;
        }
        let deed = match what {
            "prove" => self.prove()?,
            "accept" => Deed::Answer { accept: true },
            "decline" => Deed::Answer { accept: false },
            "roll-over" => Deed::RollOver { amount: self.amount()? },
            "instalments" => Deed::Instalments { count: self.count(Need::Must)? },
            "swap" => Deed::Swap { amount: self.amount()? },
            "use" => {
                Deed::Use { amount: self.amount()?, purpose: self.purpose(Need::Must)??, reference: self.reference()? }
            }
            "pay" => {
                Deed::Pay { amount: self.amount()?, purpose: self.purpose(Need::May)?, reference: self.reference()? }
            }
            "offer" => Deed::Offer { amount: self.amount()?, terms: self.terms()? },
            "take" => Deed::Take,
            "auction" => Deed::Auction,
            "leave" => Deed::Leave,
            _ => Deed::Withdraw,
        };
        self.idle(what);
        Some(deed)
    }

    /// Which kind of residual is meant.
    fn of(&self, what: &str) -> Option<Kind> {
        let residual = matches!(what, "prove" | "accept" | "decline" | "roll-over" | "instalments" | "swap" | "use");
        let words = Kind::ALL.map(Kind::word).join(", ");
        let expected = if residual { format!("one of {words}") } else { format!("nothing, as the line says {what}") };
        let read = self.row.text("of", Need::May, &expected, |text| {
            Kind::ALL.into_iter().find(|kind| residual && kind.word() == text)
        });
        read.map(|at| at.value)
    }

    /// Columns the line fills though it does not use them.
    fn idle(&self, what: &str) {
        let used: &[&str] = match what {
            "prove" => &["amount", "legs", "reference"],
            "roll-over" | "swap" => &["amount"],
            "instalments" => &["count"],
            "use" | "pay" => &["amount", "purpose", "reference"],
            "offer" => &["amount", "count"],
            _ => &[],
        };
        for column in ["amount", "purpose", "count", "legs", "reference"] {
            if used.contains(&column) {
                continue;
            }
            self.row.text(column, Need::May, &format!("nothing, as the line says {what}"), |_| None::<()>);
        }
    }

    fn amount(&self) -> Option<Part> {
        let exponent = self.union.rules.exponent;
        let expected = format!("all, or {}", amount_expected(1, AMOUNT_MAX, exponent));
        let read = self.row.text("amount", Need::Must, &expected, |text| match text {
            "all" => Some(Part::All),
            _ => parse_amount(text, exponent).filter(|minor| (1..=AMOUNT_MAX).contains(minor)).map(Part::Minor),
        });
        read.map(|at| at.value)
    }

    fn count(&self, need: Need) -> Option<u16> {
        let read = self.row.text("count", need, "a whole number from 1 to 1200", |text| {
            text.parse::<u16>().ok().filter(|count| (1..=1_200).contains(count))
        });
        read.map(|at| at.value)
    }

    fn reference(&self) -> Option<Key> {
        self.row.text("reference", Need::Must, REFERENCE_EXPECTED, reference_key).map(|at| at.value)
    }

    /// The purpose, if the row names one; the outer `None` when it names one that is not permitted.
    #[expect(clippy::option_option, reason = "a mistake is not the same as nothing said")]
    fn purpose(&self, need: Need) -> Option<Option<u32>> {
        let purposes = &self.union.rules.purposes;
        let expected = known("a permitted purpose", purposes);
        let before = self.at.notes.count();
        let read = self
            .row
            .text("purpose", need, &expected, |text| purposes.iter().position(|purpose| purpose == text).map(index));
        (self.at.notes.count() == before).then(|| read.map(|at| at.value))
    }

    fn terms(&self) -> Option<TermRule> {
        let count = self.count(Need::May);
        let Some(terms) = self.union.lending else {
            let spot = self.row.spot("what");
            self.at.notes.wrong(&spot, "\"offer\"", "a table [union.lending] in arrangement.toml with the terms");
            return None;
        };
        Some(TermRule { instalments: count.unwrap_or(terms.instalments), ..terms })
    }

    /// A transfer: in the designated asset, or with `legs` in the currencies of the basket.
    fn prove(&self) -> Option<Deed> {
        let amount = self.amount()?;
        let reference = self.reference()?;
        let codes: Vec<&str> = self.basket().into_iter().map(|currency| self.at.code(currency)).collect();
        let expected = if codes.is_empty() {
            "nothing, as the union has no basket".to_owned()
        } else {
            let sample: Vec<String> = codes.iter().map(|code| format!("{code} 100.00")).collect();
            format!("{BASKET}, or an amount in each currency of it, such as \"{}\"", sample.join(" "))
        };
        let before = self.at.notes.count();
        // The word alone stands for whatever the rates of the moment ask for.
        let legs = self.row.text("legs", Need::May, &expected, |text| match text {
            BASKET => Some(Vec::new()),
            _ => self.legs(text),
        });
        if self.at.notes.count() != before {
            return None;
        }
        let method = if legs.is_some() { Method::Basket } else { Method::Asset };
        Some(Deed::Prove { method, amount, legs: legs.map(|legs| legs.value).unwrap_or_default(), reference })
    }

    /// Minor units in the order of the basket.
    fn legs(&self, text: &str) -> Option<Vec<i64>> {
        let words: Vec<&str> = text.split_ascii_whitespace().collect();
        let basket = self.basket();
        if basket.is_empty() || words.len() != 2 * basket.len() {
            return None;
        }
        let leg = |currency: CurrencyId| {
            let code = self.at.code(currency);
            let exponent = self.at.currencies.get(currency.at())?.exponent;
            let pair = words.chunks(2).find(|pair| pair.first() == Some(&code))?;
            parse_amount(pair.last()?, exponent).filter(|minor| (1..=AMOUNT_MAX).contains(minor))
        };
        basket.into_iter().map(leg).collect()
    }

    /// Currencies in which a payment in several is made: those of the rule, otherwise those of the unit.
    fn basket(&self) -> Vec<CurrencyId> {
        let rules = &self.union.rules;
        match &rules.unit {
            UnitRule::Basket(parts) if rules.basket.is_empty() => parts.iter().map(|part| part.currency).collect(),
            UnitRule::Currency(_) | UnitRule::Basket(_) => rules.basket.iter().map(|part| part.currency).collect(),
        }
    }
}

/// Lines for dates that are not run, or on which the ledger is closed.
pub(super) fn dates(arrangement: &Arrangement, spots: &[Spot], notes: Notes<'_>) {
    let dates = arrangement.dates();
    for (order, spot) in arrangement.union_orders.iter().zip(spots) {
        not_run(Some(order.date), &dates, spot, notes);
    }
}
