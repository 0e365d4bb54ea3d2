//! `RULEBOOK.md`: rendered from the stories, for a legal reader; and whether the stories show everything.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use comity_ledger::Reason;
use comity_ledger::reject::Why;
use expect_test::expect_file;

use crate::story;

/// The files of the chapters, in order.
const CHAPTERS: [&str; 17] = [
    "r01_queue",
    "r02_offset",
    "r03_day",
    "r04_limit",
    "r05_hold",
    "r06_issue",
    "r07_convert",
    "r08_return",
    "r09_eyes",
    "r10_again",
    "r11_stop",
    "r12_cycle",
    "r13_order",
    "r14_plan",
    "r15_union",
    "r16_price",
    "r18_commit",
];

struct Chapter {
    title: String,
    rules: Vec<Rule>,
}

struct Rule {
    number: String,
    says: String,
    source: String,
    story: String,
}

/// Reads the rules from the test files: doc comment, name, story.
fn chapters() -> Vec<Chapter> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rulebook");
    CHAPTERS
        .iter()
        .map(|name| {
            let path = folder.join(format!("{name}.rs"));
            let text = std::fs::read_to_string(&path).expect("a chapter's file");
            let title = text.lines().next().expect("a title").trim_start_matches("//! ");
            Chapter { title: title.trim_end_matches('.').into(), rules: rules(&text) }
        })
        .collect()
}

fn rules(text: &str) -> Vec<Rule> {
    let (mut rules, mut doc, mut story) = (Vec::new(), Vec::new(), None::<Vec<String>>);
    let mut number = String::new();
    for line in text.lines() {
        let trimmed = line.trim();
        match &mut story {
            Some(lines) if trimmed.starts_with("\"#") => {
                let doc: String = std::mem::take(&mut doc).join(" ");
                let (says, source) = doc.split_once("Source: ").expect("a rule names its source");
                rules.push(Rule {
                    number: number.clone(),
                    says: says.trim().into(),
                    source: source.trim().into(),
                    story: lines.join("\n"),
                });
                story = None;
            }
            Some(lines) => lines.push(line.strip_prefix("        ").unwrap_or(trimmed).to_string()),
            None => {
                if let Some(says) = trimmed.strip_prefix("/// ") {
                    doc.push(says.to_string());
                } else if let Some(name) = trimmed.strip_prefix("fn r") {
                    let mut parts = name.splitn(3, '_');
                    let (chapter, rule) = (parts.next(), parts.next());
                    number = format!("{}.{}", chapter.expect("a chapter"), rule.expect("a rule"));
                } else if trimmed.ends_with("r#\"") {
                    story = Some(Vec::new());
                }
            }
        }
    }
    rules
}

const INTRODUCTION: &str = "\
# Rulebook

This is what the ledger does, rule by rule. Each rule is a test: the story under it is run against the program, line by
line, and the answers on the right are what the program gave. After every line all invariants are checked; at the end of
every story the state is written and read back, and the journal is replayed to the same state. The page is rendered from
the tests and a test keeps it fresh: nobody edits it by hand.

## How to read a story

The order is on the left, the answer on the right of `=>`; further answers of the same order follow below. Every story is
told in the same arrangement, unless it begins with `with`: the authorities CN, RU and KZ issue CNY, RUB and KZT; ALFA and
BRAVO are at home in CN, CHARLIE and DELTA in RU, ECHO and FOXTROT in KZ; GOLF takes part through ALFA; FOXTROT provides
conversion. It is Monday, 23 November 2026, half past nine, in the phase `exchange`, and all accounts are empty. The day has
the phases `rates` 09:00, `exchange` 09:30, `offset` 17:00, `positions` 17:30, `sweep` 18:30, `close` 19:00.

Without `by`, an order is given by whoever usually gives it, and what needs four eyes is proposed and approved by the two
people who usually do so. A bank's own name is its channel for straight-through payments; `.maker` and `.checker` are two
people of a bank or an authority; `operator` and `manager`, `finance.maker` and `finance.checker`, `security` and `auditor`
work for the operator; `system` is the node's own timer; `somebody` is not known at all.

| word | what it means |
|---|---|
| `fund`, `defund` | outside money comes in and is issued, or is redeemed and leaves |
| `pay` | one payment; `urgent`, `on` a date, not before `from`, not after `until` |
| `pvp … with …` | payments decided together, all or none |
| `convert … to`, `convert exactly … from` | debit one currency and credit another; the amount debited, or exactly the amount credited, is given |
| `park`, `activate` | take a waiting payment out of consideration, and put it back |
| `first`, `last`, `raise`, `lower`, `cancel` | move a waiting payment, change its priority, withdraw it |
| `hold`, `post`, `void` | set money aside, pay out of it, give it back |
| `clear` | an offsetting run |
| `offset`, `bypass` | a currency's offsetting rule; a bank's consent that its queue is settled out of order |
| `plan` | settle these waiting payments in one step, if they can |
| `commit`, `confirm-commitment`, `decline-commitment` | one side enters a future commitment; the other confirms it, or what was asked of it, or declines |
| `amend`, `withdraw` | ask for another schedule of a commitment; ask that what is ahead falls away |
| `rate`, `agree`, `disagree`, `release` | a rate comes in, an authority approves or declines it, two people release it from the gate |
| `union` | found a union or change its rules: members with quotas, unit of account, tranches, charges, methods |
| `unit-rate`, `close` | an authority states its currency's rate in the unit; every final cycle is carried |
| `settle`, `accept`, `turn-down`, `cross` | settle a residual by one of the methods; the other side's word on a transfer; the auction of residuals |
| `claim`, `lend`, `leave` | use a position, lend it on, leave the union |
| `cycle`, `next` | the day goes on to its positions and every authority confirms them; the next business day's exchange |
| `time`, `run to`, `phase`, `day` | time passes; the phases follow each other up to one; the next phase; the next business day |
| `settled`, `queued`, `refused`, `ended` | final; waits, and why; not taken in; waited and was ended without settlement |

A refusal shows the ISO 20022 reason code, the rule's short name, and the limit and the value where there are any.
";

fn render() -> String {
    let mut out = String::from(INTRODUCTION);
    let chapters = chapters();
    let put = "writing to memory";
    writeln!(out, "\n## Chapters\n").expect(put);
    for chapter in &chapters {
        let anchor: String = chapter
            .title
            .to_lowercase()
            .chars()
            .filter_map(|c| match c {
                ' ' => Some('-'),
                c if c.is_alphanumeric() => Some(c),
                _ => None,
            })
            .collect();
        writeln!(out, "- [{}](#{anchor}): {} rules", chapter.title, chapter.rules.len()).expect(put);
    }
    writeln!(out, "- [Who may make and who may check](#who-may-make-and-who-may-check)").expect(put);
    writeln!(out, "- [Reasons to refuse](#reasons-to-refuse)").expect(put);
    writeln!(out, "- [Reasons to wait](#reasons-to-wait)").expect(put);
    for chapter in &chapters {
        writeln!(out, "\n## {}", chapter.title).expect(put);
        for rule in &chapter.rules {
            writeln!(out, "\n### {} {}\n", rule.number, rule.says).expect(put);
            writeln!(out, "*{}*\n", rule.source).expect(put);
            writeln!(out, "```text\n{}\n```", rule.story).expect(put);
        }
    }
    writeln!(out, "\n## Who may make and who may check\n").expect(put);
    writeln!(out, "{}", crate::rights::TABLE_NOTE).expect(put);
    out.push_str(&crate::rights::table());
    writeln!(out, "\n## Reasons to refuse\n").expect(put);
    writeln!(out, "In order of precedence: when several hold, the first is given.\n").expect(put);
    writeln!(out, "| rule | ISO code | meaning | what helps |\n|---|---|---|---|").expect(put);
    for reason in Reason::ALL {
        let (rule, iso) = (reason.rule(), reason.iso());
        writeln!(out, "| `{rule}` | {iso} | {} | {} |", reason.meaning(), reason.help()).expect(put);
    }
    writeln!(out, "\n## Reasons to wait\n").expect(put);
    writeln!(out, "In the order they are looked at.\n").expect(put);
    writeln!(out, "| cause | what releases it |\n|---|---|").expect(put);
    for why in Why::ALL {
        writeln!(out, "| `{}` | {} |", why.rule(), why.release()).expect(put);
    }
    out
}

#[test]
fn the_rulebook_in_the_repository_is_fresh() {
    expect_file!["../../../../RULEBOOK.md"].assert_eq(&render());
}

#[test]
fn every_reason_to_refuse_and_to_wait_is_shown_by_a_story() {
    let (mut reasons, mut whys) = (BTreeSet::new(), BTreeSet::new());
    for rule in chapters().iter().flat_map(|chapter| &chapter.rules) {
        let told = story::tell(&rule.story);
        reasons.extend(told.reasons);
        whys.extend(told.whys);
    }
    let missing: Vec<_> = Reason::ALL.iter().filter(|reason| !reasons.contains(reason)).collect();
    assert!(missing.is_empty(), "no story is refused for {missing:?}");
    let missing: Vec<_> = Why::ALL.iter().filter(|why| !whys.contains(why)).collect();
    assert!(missing.is_empty(), "no story waits for {missing:?}");
}

#[test]
fn rules_are_numbered_in_order() {
    assert!(CHAPTERS.is_sorted(), "chapters are numbered by their files");
    for (file, chapter) in CHAPTERS.iter().zip(chapters()) {
        let number: u32 = file[1..3].parse().expect("a chapter's number");
        for (rule_at, rule) in chapter.rules.iter().enumerate() {
            assert_eq!(rule.number, format!("{number}.{}", rule_at + 1), "{}", rule.says);
        }
    }
}

#[test]
fn reasons_have_their_own_names_and_known_codes() {
    let names: BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.rule()).collect();
    assert_eq!(names.len(), Reason::ALL.len(), "a short name means one reason");
    for reason in Reason::ALL {
        assert_eq!(reason.iso().len(), 4, "{reason:?}");
        assert!(!reason.meaning().is_empty() && !reason.help().is_empty(), "{reason:?}");
    }
    assert!(Reason::ALL.is_sorted(), "precedence is the order of declaration");
}
