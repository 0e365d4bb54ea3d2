//! The report: one page that stands alone, says the truth about its checks and defines its figures.

use crate::markup;
use comity_viz::{
    AuthorityRow, Check, Conservation, CurrencyRow, Figure, Headline, Outcome, Part, RefusalRow, Report, Section,
    Segment, Share, ShareBar, Signature, Unit, WaitReason, WaitRow,
};

const HOSTILE: &str = "\"><script>alert('x')</script> & <b>";

fn report(name: &str) -> Report {
    let unit = Unit::new("CNY", 2);
    let text = || name.to_owned();
    let mut report = Report {
        title: text(),
        arrangement: text(),
        business_date: text(),
        seed: Some(text()),
        final_digest: "00112233445566778899aabbccddeeff".into(),
        generated_by: text(),
        lead: text(),
        unit: unit.clone(),
        unit_note: text(),
        ..Report::default()
    };
    report.headlines.push(Headline { label: text(), value: text(), unit: text(), note: text(), meaning: text() });
    for code in ["CNY", "KZT"] {
        report.currencies.push(CurrencyRow {
            code: code.into(),
            name: text(),
            submitted: 1_100,
            settled: 1_000,
            queued_at_close: 60,
            returned: 3,
            rejected: 40,
            gross: unit.amount(1_000_000_00),
            liquidity: unit.amount(125_000_00),
            offset_share_bp: 6_420,
        });
    }
    for (code, net) in [("CN", -250_00), ("KZ", 250_00)] {
        report.authorities.push(AuthorityRow {
            code: code.into(),
            name: text(),
            gross_out: unit.amount(1_000_00 - net / 2),
            gross_in: unit.amount(1_000_00 + net / 2),
            net: unit.amount(net),
        });
    }
    report.refusals.push(RefusalRow { code: text(), meaning: text(), remedy: text(), count: 40 });
    report.waits.push(WaitRow {
        reference: text(),
        from: text(),
        to: text(),
        amount: unit.amount(12_345_67),
        currency: "CNY".into(),
        entered: text(),
        waited_s: 7_384,
        reason: WaitReason::BilateralLimit,
        release: text(),
        state: text(),
    });
    report.share = Some(Share {
        head: comity_viz::Head::new("share", name, name),
        unit: unit.clone(),
        bars: vec![ShareBar { label: text(), segments: vec![Segment { label: "CNY".into(), value: unit.amount(5) }] }],
    });
    let share = report.share.as_ref().expect("just set");
    let mut table = comity_viz::Table::with(&["Member", "#Position"]);
    table.rows.push(vec![text(), text()]);
    let other = Share { head: comity_viz::Head::new("parts", name, name), ..share.clone() };
    report.sections.push(Section {
        id: "union".into(),
        name: text(),
        parts: vec![
            Part::Text(text()),
            Part::Note(text()),
            Part::Heading(text()),
            Part::Table { caption: text(), table },
            Part::Figure(Figure::of(&other)),
        ],
        terms: vec![(text(), text())],
    });
    let proof = &mut report.verification;
    proof.checks.push(Check { name: text(), outcome: Outcome::Passed, detail: text() });
    proof.conservation.push(Conservation { currency: "CNY".into(), sum: unit.amount(0), outcome: Outcome::Passed });
    proof.signatures.push(Signature { signer: text(), key: text(), outcome: Outcome::Passed });
    proof.repeat_with = text();
    report
}

fn sound(report: &Report) -> String {
    let html = report.html();
    assert_eq!(html, report.html(), "the same input gives the same bytes");
    markup::check(&html);
    markup::references(&html);
    for foreign in ["<script", "<link", "<img", "<iframe", " src=", "@import", "https:", " style=\""] {
        assert!(!html.contains(foreign), "{foreign}: the page stands alone");
    }
    let namespace = "http://www.w3.org/2000/svg";
    assert!(!html.replace(namespace, "").contains("http:"), "nothing is fetched");
    html
}

#[test]
fn an_empty_report_claims_nothing() {
    let html = sound(&Report::default());
    assert!(html.contains("Not verified: no check was carried out"));
    assert!(html.contains("No payment waited.") && html.contains("Nothing was refused."));
}

#[test]
fn a_full_report_shows_exact_amounts_totals_and_definitions() {
    let html = sound(&report("plain"));
    assert!(html.contains("The books hold: all 3 checks passed"));
    for shown in ["1,000,000.00", "\u{2212}250.00", "12.5 % of gross", "64.2 %", "2 h 03 min", "bilateral limit"] {
        assert!(html.contains(shown), "{shown}");
    }
    assert!(html.contains(">2,200</td>"), "submitted in all");
    assert!(html.contains(">0.00</td>"), "net positions add up to zero");
    assert!(html.contains("values in different currencies are not added"));
    assert!(html.contains("00112233 44556677 8899aabb ccddeeff"));
}

#[test]
fn one_failed_check_fails_the_page_in_words() {
    let mut report = report("plain");
    report.verification.conservation[0].outcome = Outcome::Failed;
    assert_eq!(report.verification.overall(), Outcome::Failed);
    let html = sound(&report);
    assert!(html.contains("The books do not hold: 1 of 3 checks failed"));
    assert!(html.contains("FAILED") && !html.contains("The books hold:"));
}

#[test]
fn a_check_left_out_is_not_a_check_passed() {
    let mut report = report("plain");
    report.verification.signatures[0].outcome = Outcome::NotRun;
    assert_eq!(report.verification.overall(), Outcome::NotRun);
    let html = sound(&report);
    assert!(html.contains("Not fully verified: 1 of 3 checks open"));
    report.verification.checks[0].outcome = Outcome::Failed;
    assert_eq!(report.verification.overall(), Outcome::Failed, "failed outweighs open");
}

#[test]
fn hostile_text_stays_text() {
    let html = sound(&report(HOSTILE));
    assert!(html.contains("&lt;script&gt;"));
}

#[test]
fn the_page_has_light_dark_paper_and_phone() {
    let html = sound(&report("plain"));
    for rule in
        ["prefers-color-scheme:dark", "@media print", "max-width:640px", "prefers-reduced-motion", "tabular-nums"]
    {
        assert!(html.contains(rule), "{rule}");
    }
}

#[test]
fn headlines_of_the_same_name_keep_their_own_definition() {
    let mut report = report("plain");
    let twin = report.headlines[0].clone();
    report.headlines.push(twin);
    sound(&report);
}
