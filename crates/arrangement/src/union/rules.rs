//! `[[union]]`: a rule set by name or written out, members with their quotas, the unit of account, and when it closes.
//!
//! What is written replaces what the named rule set says, part by part. Absent on purpose: rates and orders, which change from
//! day to day and have files of their own.

use comity_ledger::book::AMOUNT_MAX;
use comity_ledger::ids::{AuthorityId, CurrencyId};
use comity_ledger::rate::Rate;
use comity_ledger::union::order::{
    BandRule, BasketPart, BeyondRule, ChargeStep, Closes as LedgerCloses, DueRule, Excess, GrowthRule, InterestRule,
    LadderRule, LadderStep, MemberRule, Method, PaymentPart, ScheduleRule, SetUnion, SideRule, SwapRule, UnitRule,
    YearDays,
};
use comity_union::Side;
use comity_union::charge::RateRule;
use comity_union::dates::{Due, Length};
use comity_union::preset::{NAMES, RuleSet, Settlement, preset};
use comity_union::residual::Kind;
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule};

use super::parts::{self, ONE, RATE_EXPECTED, SHARE_EXPECTED, count, share, some_share, yearly};
use super::{Closes, Union};
use crate::amount::{format_amount, parse_amount};
use crate::code::Country;
use crate::directory::index;
use crate::mistake::{Notes, Spot};
use crate::model::{Authority, Currency};
use crate::read_toml::{At, Need, Table, date_text, whole};
use crate::rules::parse_rules;
use crate::sections::{
    DATE_EXPECTED, KNOWN_AUTHORITY, KNOWN_CURRENCY, NAME_EXPECTED, bounded_text, currency_id, known, name_text,
};
use crate::time::parse_day;

/// What is known when unions are read.
#[derive(Clone, Copy)]
struct Known<'a> {
    own: &'a str,
    authorities: &'a [Authority],
    currencies: &'a [Currency],
    notes: Notes<'a>,
}

/// Name of the file with a rule set of one's own; its format is in `docs/union.md`.
pub(crate) const RULES: &str = "union.toml";

/// ISO 3166 codes of three letters of members that a named rule set treats apart.
const APART: [(&str, &str); 2] = [("GR", "GRC"), ("TR", "TUR")];
/// Longest text of an action or a purpose in bytes.
const WORDS_LEN_MAX: usize = 140;
const WORDS_EXPECTED: &str = "text of 1 to 140 bytes on one line";
const GATE_MAX: u32 = 1_000_000;

/// Reads every `[[union]]`.
pub(crate) fn read(
    root: &Table<'_>,
    own: &str,
    authorities: &[Authority],
    currencies: &[Currency],
    notes: Notes<'_>,
) -> Vec<Union> {
    let at = Known { own, authorities, currencies, notes };
    let mut out: Vec<Union> = Vec::new();
    let mut members: Vec<(AuthorityId, Spot)> = Vec::new();
    for table in root.tables("union", Need::May) {
        let Some((union, names)) = one(table, index(out.len()), at, &mut members) else { continue };
        if out.iter().any(|known| known.rules.name == union.rules.name) {
            notes.wrong(&names, format!("{:?}", union.rules.name), "a name no other union has");
        }
        out.push(union);
    }
    out
}

/// One union, and where its name stands.
fn one(table: Table<'_>, number: u32, at: Known<'_>, taken: &mut Vec<(AuthorityId, Spot)>) -> Option<(Union, Spot)> {
    let name = table.text("name", Need::Must, NAME_EXPECTED, name_text);
    let base = base(&table, at);
    let (unit, code, exponent) = unit(&table, at);
    let carries = table.field("carries", Need::May, "true or false", |value| value.as_bool()).map_or_else(
        || base.as_ref().is_none_or(|rules| rules.settlement != Settlement::Paid),
        |carries| carries.value,
    );
    let common = base.as_ref().and_then(|rules| match &rules.settlement {
        Settlement::Tranches(schedule) => Some(schedule_rule(schedule)),
        Settlement::Paid => None,
    });
    let schedule = schedule(&table, common.or_else(|| (!carries).then(all_asset)), at.notes);
    let members = members(&table, &schedule, base.as_ref(), exponent, at, taken);
    let residual = residual(table.table("residual", Need::May), base.as_ref(), at);
    if residual.methods.contains(&Method::Basket) && residual.basket.is_empty() && matches!(unit, UnitRule::Currency(_))
    {
        let spot = Spot { field: format!("{}.basket", table.spot("residual").field), ..table.spot("residual") };
        at.notes.wrong(&spot, "nothing", "at least one [[union.residual.basket]], as the unit is a single currency");
    }
    let union = SetUnion {
        union: number,
        name: name.as_ref().map(|name| name.value.clone()).unwrap_or_default(),
        unit,
        exponent,
        members,
        carries,
        schedule,
        charge: charge(&table, base.as_ref(), at.notes),
        interest: interest(&table, base.as_ref()),
        year: year(&table),
        growth: growth(&table, base.as_ref()),
        bands: bands(&table, base.as_ref()),
        methods: residual.methods,
        asset: residual.asset,
        basket: residual.basket,
        roll_share: residual.roll_share,
        purposes: residual.purposes,
        swap: swap(&table),
        refinance: parts::terms(&table, "refinancing"),
        leaving: parts::terms(&table, "leaving"),
        due: residual
            .due
            .or_else(|| base.as_ref().map(|rules| due_rule(rules.due)))
            .unwrap_or(DueRule::BusinessDays(1)),
        closes: LedgerCloses::OnCommand,
        gate_bps: table
            .field("gate_bps", Need::Must, "a whole number of basis points from 0 to 1000000", |value| {
                u32::try_from(whole(value, u64::from(GATE_MAX))?).ok()
            })
            .map_or(0, |gate| gate.value),
    };
    let closes = closes(&table, base.as_ref(), at.notes);
    let lending = parts::terms(&table, "lending");
    table.finish();
    let name = name?;
    let rules = match closes {
        Closes::Cycles(count) => SetUnion { closes: LedgerCloses::EveryCycles(count), ..union },
        Closes::Length(_) | Closes::Dates(_) => union,
    };
    let preset = base.map(|rules| rules.name.to_string());
    Some((Union { rules, unit: code, preset, closes, lending }, name.spot))
}

/// The rule set it begins with, if one is named: one that is known, or the folder's own.
fn base(table: &Table<'_>, at: Known<'_>) -> Option<RuleSet> {
    let expected = format!("{RULES}, or one of {}", NAMES.join(", "));
    let named = table.text("rules", Need::May, &expected, |text| match text {
        RULES => Some(None),
        _ => preset(text).ok().map(Some),
    })?;
    match named.value {
        Some(rules) => Some(rules),
        None if at.own.is_empty() => {
            at.notes.wrong(&named.spot, format!("{RULES:?}, which is missing or empty"), "the file in the folder");
            None
        }
        None => match parse_rules(RULES, at.own) {
            Ok(rules) => Some(rules),
            Err(mistakes) => {
                mistakes.0.into_iter().for_each(|mistake| at.notes.add(mistake));
                None
            }
        },
    }
}

/// The unit of account: a currency, or a basket with its name and weights.
fn unit(table: &Table<'_>, at: Known<'_>) -> (UnitRule, String, u8) {
    let weights = table.tables("weight", Need::May);
    if weights.is_empty() {
        let expected = format!(
            "{}, or the name of a basket with [[union.weight]]",
            known(KNOWN_CURRENCY, at.currencies.iter().map(|c| c.code))
        );
        let unit = table.text("unit", Need::Must, &expected, |text| currency_id(at.currencies, text));
        let own = unit.as_ref().and_then(|unit| at.currencies.get(unit.value.at()));
        let exponent = own.map_or(2, |currency| currency.exponent);
        table.field("exponent", Need::May, "the currency's own exponent", |value| {
            whole(value, 4).filter(|written| *written == u64::from(exponent))
        });
        let code = own.map(|currency| currency.code.to_string()).unwrap_or_default();
        return (UnitRule::Currency(unit.map_or(CurrencyId(0), |unit| unit.value)), code, exponent);
    }
    let code = table.text("unit", Need::Must, "a name of 3 to 12 capitals and digits", |text| {
        let fits = (3..=12).contains(&text.len());
        (fits && text.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())).then(|| text.to_owned())
    });
    let exponent =
        table.field("exponent", Need::Must, "a whole number from 0 to 4", |value| u8::try_from(whole(value, 4)?).ok());
    let parts = basket(weights, table.spot("weight"), at);
    (UnitRule::Basket(parts), code.map(|code| code.value).unwrap_or_default(), exponent.map_or(2, |e| e.value))
}

/// Weights of a basket that sum to one.
fn basket(weights: Vec<Table<'_>>, spot: Spot, at: Known<'_>) -> Vec<BasketPart> {
    let expected = known(KNOWN_CURRENCY, at.currencies.iter().map(|c| c.code));
    let mut parts: Vec<BasketPart> = Vec::new();
    let mut whole = true;
    for table in weights {
        let currency = table.text("currency", Need::Must, &expected, |text| currency_id(at.currencies, text));
        let weight = table.text("weight", Need::Must, "a share above 0 %, such as \"40 %\"", some_share);
        let base = table.text("base", Need::Must, "a rate more than zero", Rate::parse);
        table.finish();
        let (Some(currency), Some(weight), Some(base)) = (currency, weight, base) else {
            whole = false;
            continue;
        };
        if parts.iter().any(|part| part.currency == currency.value) {
            at.notes.wrong(&currency.spot, "the same currency again", "each currency once");
        }
        parts.push(BasketPart { currency: currency.value, weight: weight.value, base: base.value });
    }
    if whole {
        sums_to_one(&spot, parts.iter().map(|part| part.weight), at.notes);
    }
    parts
}

fn sums_to_one(spot: &Spot, weights: impl Iterator<Item = u32>, notes: Notes<'_>) {
    let sum: u64 = weights.map(u64::from).sum();
    if sum != u64::from(ONE) {
        let found = u32::try_from(sum).map_or_else(|_| "far more than 100 %".to_owned(), parts::share_text);
        notes.wrong(spot, format!("weights that sum to {found}"), "weights that sum to 100 %");
    }
}

/// The union's own ladders, or those of the rule set it began with.
fn schedule(table: &Table<'_>, base: Option<ScheduleRule>, notes: Notes<'_>) -> ScheduleRule {
    // A rule set whose name is wrong has been reported, and may have had them.
    let need = if base.is_none() && !table.has("rules") { Need::Must } else { Need::May };
    let debtor = parts::ladder(table, Side::Debtor, need, notes);
    let creditor = parts::ladder(table, Side::Creditor, need, notes);
    let rounding = table.text("rounding", Need::May, "credit or asset: who carries fractions", |text| match text {
        "credit" => Some(false),
        "asset" => Some(true),
        _ => None,
    });
    let base = base.unwrap_or_else(all_asset);
    ScheduleRule {
        debtor: debtor.unwrap_or(base.debtor),
        creditor: creditor.unwrap_or(base.creditor),
        asset_carries: rounding.map_or(base.asset_carries, |rounding| rounding.value),
    }
}

/// All is paid: what a union without positions says of them.
fn all_asset() -> ScheduleRule {
    let ladder = LadderRule { steps: vec![LadderStep { from: 0, to: ONE, asset: ONE }], beyond: BeyondRule::Asset };
    ScheduleRule { debtor: ladder.clone(), creditor: ladder, asset_carries: false }
}

fn millionths(share: comity_union::Share) -> u32 {
    u32::try_from(share.millionths()).unwrap_or(ONE)
}

/// Basis points of a rate that has no finer part.
fn points(rate: comity_union::Rate) -> u32 {
    u32::try_from(rate.billionths() / 100_000).unwrap_or(0)
}

fn ladder_rule(ladder: &Ladder) -> LadderRule {
    let steps = ladder.tranches().iter().map(|tranche| LadderStep {
        from: millionths(tranche.from),
        to: millionths(tranche.to),
        asset: millionths(tranche.asset),
    });
    let beyond = match ladder.beyond() {
        Beyond::Asset => BeyondRule::Asset,
        Beyond::Credit => BeyondRule::Credit,
        Beyond::Special { asset } => BeyondRule::Special(millionths(asset)),
        Beyond::Refuse => BeyondRule::Refuse,
    };
    LadderRule { steps: steps.collect(), beyond }
}

fn schedule_rule(schedule: &Schedule) -> ScheduleRule {
    ScheduleRule {
        debtor: ladder_rule(schedule.ladder(Side::Debtor)),
        creditor: ladder_rule(schedule.ladder(Side::Creditor)),
        asset_carries: schedule.rounding() == Rounding::AssetCarries,
    }
}

const fn due_rule(due: Due) -> DueRule {
    match due {
        Due::BusinessDays(days) => DueRule::BusinessDays(days),
        Due::DaysThenOpen(days) => DueRule::DaysThenOpen(days),
    }
}

/// Members in the order of the file; each country in one union only.
fn members(
    table: &Table<'_>,
    common: &ScheduleRule,
    base: Option<&RuleSet>,
    exponent: u8,
    at: Known<'_>,
    taken: &mut Vec<(AuthorityId, Spot)>,
) -> Vec<MemberRule> {
    let expected = known(KNOWN_AUTHORITY, at.authorities.iter().map(|a| a.country));
    let quota_expected =
        format!("a quota from {} to {}", format_amount(1, exponent), format_amount(AMOUNT_MAX, exponent));
    let mut out: Vec<MemberRule> = Vec::new();
    let tables = table.tables("member", Need::Must);
    let few = tables.len() < 2 && table.has("member");
    for table in tables {
        let country = table.text("country", Need::Must, &expected, |text| {
            let place = at.authorities.iter().position(|known| known.country.as_str() == text)?;
            Some((Country::parse(text)?, AuthorityId(index(place))))
        });
        let quota = table.text("quota", Need::Must, &quota_expected, |text| {
            parse_amount(text, exponent).filter(|quota| (1..=AMOUNT_MAX).contains(quota))
        });
        let own = table.has("debtor") || table.has("creditor");
        let own = if own {
            Some(schedule(&table, Some(common.clone()), at.notes))
        } else {
            schedule(&table, Some(common.clone()), at.notes);
            country.as_ref().and_then(|country| apart(country.value.0, base))
        };
        let spot = table.spot("country");
        table.finish();
        let Some(country) = country else { continue };
        let authority = country.value.1;
        if let Some((_, first)) = taken.iter().find(|(known, _)| *known == authority) {
            let same = out.iter().any(|member| member.authority == authority);
            let expected = if same { "each member once" } else { "a country that is in one union only" };
            let mistake = spot.mistake(format!("{:?}", country.value.0.as_str()), expected);
            at.notes.add(mistake.help(format!("it is a member already, on line {}", first.line)));
            continue;
        }
        taken.push((authority, spot));
        out.push(MemberRule { authority, quota: quota.map_or(1, |quota| quota.value), schedule: own });
    }
    if few {
        at.notes.wrong(&table.spot("member"), "fewer than two members", "at least two");
    }
    out
}

/// The schedule a named rule set has for this member alone.
fn apart(country: Country, base: Option<&RuleSet>) -> Option<ScheduleRule> {
    let (_, long) = APART.iter().find(|(short, _)| *short == country.as_str())?;
    let (_, own) = base?.exceptions.iter().find(|(code, _)| code == long)?;
    Some(schedule_rule(own))
}

fn charge(table: &Table<'_>, base: Option<&RuleSet>, notes: Notes<'_>) -> Vec<ChargeStep> {
    let mut out: Vec<ChargeStep> = Vec::new();
    let tables = table.tables("charge", Need::May);
    if tables.is_empty() && !table.has("charge") {
        let steps = base.and_then(|rules| rules.charge.as_ref()).map(|charge| charge.steps().to_vec());
        let step = |step: &comity_union::charge::Step| ChargeStep {
            above: millionths(step.above),
            rate_bps: points(step.rate),
        };
        return steps.unwrap_or_default().iter().map(step).collect();
    }
    for table in tables {
        let above = table.text("above", Need::Must, SHARE_EXPECTED, share);
        let rate = table.text("rate", Need::Must, RATE_EXPECTED, yearly);
        table.finish();
        let (Some(above), Some(rate)) = (above, rate) else { continue };
        if let Some(before) = out.last().filter(|before| above.value <= before.above) {
            let expected = format!("more than {}, where the one before begins", parts::share_text(before.above));
            notes.wrong(&above.spot, parts::share_text(above.value), expected);
        }
        out.push(ChargeStep { above: above.value, rate_bps: rate.value });
    }
    out
}

fn interest(table: &Table<'_>, base: Option<&RuleSet>) -> Option<InterestRule> {
    let there = table.has("interest");
    let inner = table.table("interest", Need::May);
    if !there || inner.is_absent() {
        inner.finish();
        return if there { None } else { fixed_interest(base?) };
    }
    let debtor = inner.text("debtor", Need::Must, RATE_EXPECTED, yearly);
    let creditor = inner.text("creditor", Need::Must, RATE_EXPECTED, yearly);
    inner.finish();
    Some(InterestRule { debtor_bps: debtor?.value, creditor_bps: creditor?.value })
}

/// Interest of a rule set that fixes it; one that is published or depends on age has to be written out.
fn fixed_interest(base: &RuleSet) -> Option<InterestRule> {
    let of = |side: Side| {
        let source = base.interest.iter().find(|source| source.side.is_none_or(|known| known == side))?;
        match &source.rate {
            RateRule::Fixed(rate) => Some(points(*rate)),
            RateRule::Published | RateRule::Aged(_) => None,
        }
    };
    Some(InterestRule { debtor_bps: of(Side::Debtor)?, creditor_bps: of(Side::Creditor)? })
}

fn year(table: &Table<'_>) -> YearDays {
    let read = table.text("day_count", Need::May, "act/360 or act/365", |text| match text {
        "act/360" => Some(YearDays::Act360),
        "act/365" => Some(YearDays::Act365),
        _ => None,
    });
    read.map_or(YearDays::Act360, |read| read.value)
}

fn growth(table: &Table<'_>, base: Option<&RuleSet>) -> Option<GrowthRule> {
    let there = table.has("growth");
    let inner = table.table("growth", Need::May);
    if !there || inner.is_absent() {
        inner.finish();
        let rule = base.filter(|_| !there)?.growth.as_ref()?;
        let excess = match rule.excess {
            comity_union::preset::Excess::Report => return None,
            comity_union::preset::Excess::Asset => Excess::Asset,
            comity_union::preset::Excess::Refuse => Excess::Refuse,
        };
        return Some(GrowthRule { share: millionths(rule.share), excess });
    }
    let share = inner.text("share", Need::Must, SHARE_EXPECTED, share);
    let excess = inner.text("excess", Need::Must, "asset or refuse", |text| match text {
        "asset" => Some(Excess::Asset),
        "refuse" => Some(Excess::Refuse),
        _ => None,
    });
    inner.finish();
    Some(GrowthRule { share: share?.value, excess: excess?.value })
}

fn side(table: &Table<'_>) -> Option<At<SideRule>> {
    table.text("side", Need::Must, "debtor or creditor", |text| match text {
        "debtor" => Some(SideRule::Debtor),
        "creditor" => Some(SideRule::Creditor),
        _ => None,
    })
}

fn bands(table: &Table<'_>, base: Option<&RuleSet>) -> Vec<BandRule> {
    let tables = table.tables("action", Need::May);
    if tables.is_empty() && !table.has("action") {
        let rules = base.map(|rules| rules.actions.as_slice()).unwrap_or_default();
        let band = |rule: &comity_union::action::ActionRule| BandRule {
            side: match rule.side {
                Side::Debtor => SideRule::Debtor,
                Side::Creditor => SideRule::Creditor,
            },
            from: millionths(rule.from),
            action: rule.action.to_string(),
            closings: rule.cycles,
        };
        return rules.iter().map(band).collect();
    }
    let mut out = Vec::new();
    for table in tables {
        let side = side(&table);
        let from = table.text("from", Need::Must, "a share above 0 %, such as \"40 %\"", some_share);
        let action = table.text("action", Need::Must, WORDS_EXPECTED, |text| bounded_text(text, WORDS_LEN_MAX));
        let closings = count(&table, "closings", Need::Must, 1_000);
        table.finish();
        if let (Some(side), Some(from), Some(action), Some(closings)) = (side, from, action, closings) {
            out.push(BandRule { side: side.value, from: from.value, action: action.value, closings });
        }
    }
    out
}

/// How what is due is settled.
struct ResidualRules {
    methods: Vec<Method>,
    asset: String,
    basket: Vec<PaymentPart>,
    roll_share: u32,
    purposes: Vec<String>,
    due: Option<DueRule>,
}

/// The ledger's word for a method of a rule set.
const fn method(kind: Kind) -> Method {
    match kind {
        Kind::DesignatedAsset => Method::Asset,
        Kind::RollOver => Method::RollOver,
        Kind::Basket => Method::Basket,
        Kind::Auction => Method::Auction,
        Kind::PermittedUse => Method::Use,
    }
}

fn residual(table: Table<'_>, base: Option<&RuleSet>, at: Known<'_>) -> ResidualRules {
    let words = Method::ALL.map(Method::word).join(", ");
    let expected = format!("one of {words}");
    let spot = table.spot("methods");
    let mut methods = Vec::new();
    let listed = table.list("methods", Need::May, &expected, |value| {
        let text = value.as_str()?;
        Method::ALL.into_iter().find(|method| method.word() == text)
    });
    for method in listed {
        if methods.contains(&method.value) {
            at.notes.wrong(&method.spot, format!("{:?} twice", method.value.word()), "each method once");
        } else {
            methods.push(method.value);
        }
    }
    if !table.has("methods") {
        methods.extend(base.iter().flat_map(|rules| &rules.residual).map(|known| method(known.kind)));
        if methods.is_empty() {
            methods.push(Method::Asset);
        }
    }
    let uses = |method| if methods.contains(&method) { Need::Must } else { Need::May };
    let rolled = base.iter().flat_map(|rules| &rules.residual).find(|known| known.kind == Kind::RollOver);
    let rolled = rolled.and_then(|known| known.limit).map(millionths);
    let named = if table.has("methods") { uses(Method::Asset) } else { Need::May };
    let asset = table.text("asset", named, NAME_EXPECTED, name_text);
    let roll_needed = if rolled.is_none() { uses(Method::RollOver) } else { Need::May };
    let roll = table.text("roll_over", roll_needed, SHARE_EXPECTED, share);
    let purposes =
        table.list("purposes", uses(Method::Use), WORDS_EXPECTED, |value| bounded_text(value.as_str()?, WORDS_LEN_MAX));
    // Without one, the basket of the unit is meant; whether there is one is checked where both are known.
    let basket = payment_basket(&table, at);
    let due = parts::due(&table, at.notes);
    if methods.is_empty() && table.has("methods") {
        at.notes.wrong(&spot, "no method", "at least one");
    }
    table.finish();
    ResidualRules {
        methods,
        asset: asset.map_or_else(|| "the designated asset".to_owned(), |asset| asset.value),
        basket,
        roll_share: roll.map(|roll| roll.value).or(rolled).unwrap_or(0),
        purposes: purposes.into_iter().map(|purpose| purpose.value).collect(),
        due,
    }
}

fn payment_basket(table: &Table<'_>, at: Known<'_>) -> Vec<PaymentPart> {
    let expected = known(KNOWN_CURRENCY, at.currencies.iter().map(|c| c.code));
    let spot = table.spot("basket");
    let mut out: Vec<PaymentPart> = Vec::new();
    let tables = table.tables("basket", Need::May);
    let mut whole = !tables.is_empty();
    for table in tables {
        let currency = table.text("currency", Need::Must, &expected, |text| currency_id(at.currencies, text));
        let weight = table.text("weight", Need::Must, "a share above 0 %, such as \"40 %\"", some_share);
        table.finish();
        let (Some(currency), Some(weight)) = (currency, weight) else {
            whole = false;
            continue;
        };
        if out.iter().any(|part| part.currency == currency.value) {
            at.notes.wrong(&currency.spot, "the same currency again", "each currency once");
        }
        out.push(PaymentPart { currency: currency.value, weight: weight.value });
    }
    if whole {
        sums_to_one(&spot, out.iter().map(|part| part.weight), at.notes);
    }
    out
}

fn swap(table: &Table<'_>) -> Option<SwapRule> {
    let there = table.has("swap");
    let inner = table.table("swap", Need::May);
    if !there || inner.is_absent() {
        inner.finish();
        return None;
    }
    let share = inner.text("share", Need::Must, SHARE_EXPECTED, share);
    let closings = count(&inner, "closings", Need::Must, 1_000);
    let days = count(&inner, "days", Need::Must, 1_200);
    let rate = inner.text("rate", Need::Must, RATE_EXPECTED, yearly);
    inner.finish();
    let small = |count: u32| u16::try_from(count).ok();
    Some(SwapRule { share: share?.value, closings: small(closings?)?, days: small(days?)?, rate_bps: rate?.value })
}

/// When it closes: `closes` says after how many cycles or on which dates; otherwise the cycle does.
fn closes(table: &Table<'_>, base: Option<&RuleSet>, notes: Notes<'_>) -> Closes {
    let words: Vec<&str> = Length::ALL.iter().map(|length| length.word()).collect();
    let expected = format!("one of {}", words.join(", "));
    let said = ["rules", "closes", "closes_every"].iter().any(|key| table.has(key));
    let need = if said { Need::May } else { Need::Must };
    let length =
        table.text("cycle", need, &expected, |text| Length::ALL.into_iter().find(|length| length.word() == text));
    let every = count(table, "closes_every", Need::May, 1_000);
    let dates = table.list("closes", Need::May, DATE_EXPECTED, |value| parse_day(&date_text(value)?));
    if every.is_some() && table.has("closes") {
        notes.wrong(&table.spot("closes_every"), "closes and closes_every", "one of them");
    }
    if let Some(every) = every {
        return Closes::Cycles(every);
    }
    if table.has("closes") {
        for pair in dates.windows(2) {
            if let [before, next] = pair
                && next.value <= before.value
            {
                notes.wrong(&next.spot, next.value.to_string(), format!("a date after {}", before.value));
            }
        }
        return Closes::Dates(dates.into_iter().map(|date| date.value).collect());
    }
    let length = length.map(|length| length.value).or_else(|| base.map(|rules| rules.cycle));
    Closes::Length(length.unwrap_or(Length::Daily))
}
