//! A rule set as text that [`super::parse_rules`] reads back to the same one.
//!
//! Absent on purpose: a serialiser. The order and the remarks are for people who edit the file.

use core::fmt::Write;

use comity_union::charge::{DayCount, RateRule};
use comity_union::dates::Due;
use comity_union::preset::{RuleSet, Settlement};
use comity_union::tranche::{Beyond, Ladder, Rounding, Schedule};
use comity_union::{Share, Side};

/// The rule set as a file.
#[must_use]
pub fn write_rules(rules: &RuleSet) -> String {
    let mut out = Out(String::new());
    out.line(
        "# A rule set for `comity union run --rules FILE`. All shares are in percent, all rates in percent a year.",
    );
    out.text("name", &rules.name);
    out.text("title", &rules.title);
    out.line(&format!("cycle = \"{}\"  # daily, monthly, two-monthly, four-monthly, yearly", rules.cycle.word()));
    out.line(&format!("compensation = \"{}\"  # union, pairs, hub", rules.compensation.word()));
    if !rules.members.is_empty() {
        out.line(&format!("members = [{}]", list(rules.members.iter().map(AsRef::as_ref))));
    }
    let settlement = match &rules.settlement {
        Settlement::Tranches(_) => "tranches",
        Settlement::Paid => "paid",
    };
    out.line(&format!("settlement = \"{settlement}\"  # tranches, paid"));
    if let Settlement::Tranches(schedule) = &rules.settlement {
        out.rounding(schedule);
    }
    if !rules.basket.is_empty() {
        out.table("unit");
        let parts: Vec<String> = rules.basket.iter().map(|(code, weight)| format!("{code} = \"{weight}\"")).collect();
        out.line(&format!("basket = {{ {} }}", parts.join(", ")));
    }
    out.table("quota");
    out.share("share", rules.quota.share);
    out.line(&format!("years = {}", rules.quota.years));
    if !rules.fixed_quotas.is_empty() {
        let parts = rules.fixed_quotas.iter();
        let parts: Vec<String> =
            parts.map(|(code, value)| format!("{code} = \"{}.{:03}\"", value / 1000, value % 1000)).collect();
        out.line(&format!("fixed = {{ {} }}", parts.join(", ")));
    }
    out.table("due");
    match rules.due {
        Due::BusinessDays(days) => out.line(&format!("business_days = {days}")),
        Due::DaysThenOpen(days) => out.line(&format!("days_then_open = {days}")),
    }
    if let Settlement::Tranches(schedule) = &rules.settlement {
        out.sides("", schedule);
    }
    // Members with equal schedules that stand together are one exception.
    for same in rules.exceptions.chunk_by(|a, b| a.1 == b.1) {
        out.tables("exception");
        out.line(&format!("members = [{}]", list(same.iter().map(|(code, _)| code.as_ref()))));
        out.rounding(&same[0].1);
        out.sides("exception.", &same[0].1);
    }
    costs(&mut out, rules);
    persistent(&mut out, rules);
    for method in &rules.residual {
        out.tables("residual");
        out.line(&format!("method = \"{}\"", method.kind.word()));
        out.share("share", method.share);
        method.limit.into_iter().for_each(|limit| out.share("limit", limit));
    }
    for fact in &rules.facts {
        out.tables("fact");
        out.text("rule", &fact.rule);
        out.text("says", &fact.says);
        out.text("source", fact.source.word());
    }
    out.0
}

fn costs(out: &mut Out, rules: &RuleSet) {
    for step in rules.charge.iter().flat_map(|charge| charge.steps()) {
        out.tables("charge");
        out.share("above", step.above);
        out.line(&format!("rate = \"{}\"", step.rate));
    }
    for source in &rules.interest {
        out.tables("interest");
        out.text("side", side(source.side));
        out.text("source", &source.source);
        out.text("day_count", count(source.count));
        out.line(&format!("notice_days = {}", source.notice_days));
        match &source.rate {
            RateRule::Published => {}
            RateRule::Fixed(rate) => out.line(&format!("rate = \"{rate}\"")),
            RateRule::Aged(rates) => {
                let ages: Vec<String> = rates
                    .steps()
                    .iter()
                    .map(|(months, rate)| format!("{{ months = {months}, rate = \"{rate}\" }}"))
                    .collect();
                out.line(&format!("ages = [{}]", ages.join(", ")));
                out.line(&format!("after = \"{}\"", rates.after()));
            }
        }
    }
    for rule in &rules.actions {
        out.tables("action");
        out.text("side", rule.side.word());
        out.share("from", rule.from);
        out.text("action", &rule.action);
        out.line(&format!("cycles = {}", rule.cycles));
    }
}

fn persistent(out: &mut Out, rules: &RuleSet) {
    if let Some(rule) = rules.growth {
        out.table("growth");
        out.share("share", rule.share);
        out.text("excess", rule.excess.word());
    }
    if let Some(rule) = rules.swap {
        out.table("swap");
        out.share("share", rule.share);
        out.line(&format!("cycles = {}", rule.cycles));
    }
    if let Some(rule) = rules.refinancing {
        out.table("refinancing");
        out.line(&format!("instalments = {}", rule.instalments));
        out.share("share", rule.share);
    }
    if let Some(rule) = rules.rising {
        out.table("rising");
        out.text("side", side(rule.side));
        out.share("above", rule.above);
        out.line(&format!("after = {}", rule.after));
        out.share("step", rule.step);
        out.share("most", rule.most);
    }
    if let Some(rule) = rules.recycling {
        out.table("recycling");
        out.share("above", rule.above);
        out.share("share", rule.share);
        out.text("key", rule.key.word());
        out.line(&format!("instalments = {}", rule.instalments));
        out.line(&format!("rate = \"{}\"", rule.rate));
        out.text("day_count", count(rule.count));
        out.text(
            "remainder",
            match rule.remainder {
                comity_union::schedule::RemainderIn::First => "first",
                comity_union::schedule::RemainderIn::Last => "last",
            },
        );
        out.text("unable", rule.unable.word());
    }
    for rule in &rules.uses {
        out.tables("use");
        out.text("kind", rule.kind.word());
        out.share("above", rule.above);
        out.share("share", rule.share);
        rule.limit.into_iter().for_each(|limit| out.share("limit", limit));
        out.line(&format!("returns_after = {}", rule.returns_after));
    }
}

fn side(side: Option<Side>) -> &'static str {
    side.map_or("both", Side::word)
}

const fn count(count: DayCount) -> &'static str {
    match count {
        DayCount::Act360 => "act/360",
        DayCount::Act365 => "act/365",
    }
}

fn list<'a>(words: impl Iterator<Item = &'a str>) -> String {
    words.map(|word| format!("\"{word}\"")).collect::<Vec<_>>().join(", ")
}

/// The text so far.
struct Out(String);

impl Out {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn table(&mut self, name: &str) {
        self.line(&format!("\n[{name}]"));
    }

    fn tables(&mut self, name: &str) {
        self.line(&format!("\n[[{name}]]"));
    }

    /// Text with what TOML needs escaped; control characters do not occur in rule sets that were read.
    fn text(&mut self, key: &str, text: &str) {
        let mut quoted = String::new();
        for letter in text.chars() {
            match letter {
                '"' | '\\' => quoted.extend(['\\', letter]),
                letter if letter.is_control() => {
                    let written = write!(quoted, "\\u{:04X}", u32::from(letter));
                    debug_assert!(written.is_ok(), "writing to a string cannot fail");
                }
                letter => quoted.push(letter),
            }
        }
        self.line(&format!("{key} = \"{quoted}\""));
    }

    fn share(&mut self, key: &str, share: Share) {
        self.line(&format!("{key} = \"{share}\""));
    }

    fn rounding(&mut self, schedule: &Schedule) {
        let word = match schedule.rounding() {
            Rounding::CreditCarries => "credit",
            Rounding::AssetCarries => "asset",
        };
        self.line(&format!("rounding = \"{word}\"  # who carries fractions: credit, asset"));
    }

    fn sides(&mut self, prefix: &str, schedule: &Schedule) {
        for side in [Side::Debtor, Side::Creditor] {
            self.ladder(&format!("{prefix}{}", side.word()), schedule.ladder(side));
        }
    }

    fn ladder(&mut self, name: &str, ladder: &Ladder) {
        self.table(name);
        let beyond = match ladder.beyond() {
            Beyond::Asset => "asset",
            Beyond::Credit => "credit",
            Beyond::Special { .. } => "special",
            Beyond::Refuse => "refuse",
        };
        self.line(&format!("beyond = \"{beyond}\"  # beyond the quota: asset, credit, special, refuse"));
        if let Beyond::Special { asset } = ladder.beyond() {
            self.share("special_asset", asset);
        }
        self.line("tranche = [");
        for row in ladder.tranches() {
            let (from, to, asset) = (row.from, row.to, row.asset);
            self.line(&format!("  {{ from = \"{from}\", to = \"{to}\", asset = \"{asset}\" }},"));
        }
        self.line("]");
    }
}
