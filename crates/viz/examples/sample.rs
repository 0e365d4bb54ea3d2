//! Writes a report of an invented day to standard output: `cargo run -p comity-viz --example sample > sample.html`.
//!
//! Every bank and every figure is made up. Figures come from a small fixed generator, so the page has
//! the same bytes each time. With `failed` as argument the proof shows a failed check.

use comity_viz::{
    Amount, AuthorityRow, Check, Conservation, CurrencyRow, CutOff, Day, DayPoint, Flow, FlowMember, Flows, Head,
    Headline, Liquidity, LiquidityRow, Node, Obligation, Obligations, Outcome, Phase, RefusalRow, Report, Segment,
    Share, ShareBar, Signature, Unit, Verification, WaitReason, WaitRow,
};
use std::io::Write;

/// Code, country, currency, its name, decimals, weight in the traffic, units of currency per CNY in thousandths.
const COUNTRIES: [(&str, &str, &str, &str, u8, i128, i128); 9] = [
    ("CN", "China", "CNY", "Chinese yuan", 2, 420, 1_000),
    ("RU", "Russia", "RUB", "Russian rouble", 2, 260, 11_400),
    ("KZ", "Kazakhstan", "KZT", "Kazakhstani tenge", 2, 95, 74_200),
    ("BY", "Belarus", "BYN", "Belarusian rouble", 2, 70, 480),
    ("AM", "Armenia", "AMD", "Armenian dram", 2, 22, 54_000),
    ("KG", "Kyrgyzstan", "KGS", "Kyrgyz som", 2, 24, 12_300),
    ("MN", "Mongolia", "MNT", "Mongolian t\u{f6}gr\u{f6}g", 2, 30, 499_000),
    ("UZ", "Uzbekistan", "UZS", "Uzbekistani sum", 2, 44, 1_690_000),
    ("IN", "India", "INR", "Indian rupee", 2, 160, 12_500),
];

/// Sum of all weights.
const WEIGHT: i128 = 1_125;

struct Draw(u64);

impl Draw {
    /// A number from 0 to 999 (xorshift).
    fn next(&mut self) -> i128 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        i128::from(self.0 % 1000)
    }
}

fn main() -> std::io::Result<()> {
    let failed = std::env::args().any(|argument| argument == "failed");
    std::io::stdout().write_all(report(failed).html().as_bytes())
}

fn report(failed: bool) -> Report {
    let mut draw = Draw(0x9E37_79B9_7F4A_7C15);
    let unit = Unit::new("CNY", 2);
    let before = obligations_between_countries(&mut draw);
    let (gross_out, gross_in) = sums(&before);
    let gross: i128 = gross_out.iter().sum();
    let members: Vec<FlowMember> = COUNTRIES
        .iter()
        .enumerate()
        .map(|(index, country)| FlowMember {
            label: country.1.to_owned(),
            name: format!("{} ({})", country.1, country.0),
            gross_out: unit.amount(gross_out[index]),
            gross_in: unit.amount(gross_in[index]),
            net: unit.amount(gross_in[index] - gross_out[index]),
        })
        .collect();
    let after = settle(&members);
    let net: i128 = after.iter().map(|edge| edge.minor).sum();
    let banks = banks();
    let rows = currencies(&mut draw, gross);
    Report {
        title: "Report of the settlement day".into(),
        arrangement: "Nine-country arrangement (example)".into(),
        business_date: "2026-11-20".into(),
        seed: Some("42".into()),
        final_digest: "b3f19a0c6d5e48217f90cc3a51e2d4780e6a9b1c2f3d4a5b6c7d8e9f00112233".into(),
        generated_by: "comity 0.1.0".into(),
        lead: format!(
            "45 banks of nine countries settled 20,318 payments worth {} CNY in their own currencies. \
             Netting left {} CNY to move; 61 payments were still waiting at the close.",
            unit.short(gross),
            unit.short(net)
        ),
        unit: unit.clone(),
        unit_note: "Values across currencies are stated in CNY at the rates both authorities approved for the day. \
                    They serve comparison only: every payment settled in its own currency."
            .into(),
        headlines: headlines(&unit, gross, net, &rows),
        currencies: rows.clone(),
        authorities: members
            .iter()
            .zip(COUNTRIES)
            .map(|(member, country)| AuthorityRow {
                code: country.0.into(),
                name: country.1.into(),
                gross_out: member.gross_out.clone(),
                gross_in: member.gross_in.clone(),
                net: member.net.clone(),
            })
            .collect(),
        refusals: refusals(),
        waits: waits(),
        day: Some(day(&unit, gross)),
        obligations: Some(Obligations {
            head: Head::new(
                "obligations",
                "What nine countries owed each other, before and after netting",
                "Obligations between countries in CNY. Width of a line is value, on one scale for both circles.",
            ),
            unit: unit.clone(),
            nodes: COUNTRIES.iter().map(|country| Node { label: country.1.into(), name: country.1.into() }).collect(),
            before,
            after,
        }),
        flows: vec![
            Flows {
                head: Head::new(
                    "flows-all",
                    "Net positions, all currencies",
                    "Who paid in and who was paid out once everything was netted, in CNY.",
                ),
                unit: unit.clone(),
                members,
                flows: vec![],
            },
            banks_in_cny(&unit, &banks, &mut draw),
        ],
        liquidity: liquidity(&unit, &banks, &gross_out, &rows, &mut draw),
        share: Some(share(&unit, gross)),
        sections: Vec::new(),
        verification: verification(failed),
    }
}

fn obligations_between_countries(draw: &mut Draw) -> Vec<Obligation> {
    let mut edges = Vec::new();
    for (from, a) in COUNTRIES.iter().enumerate() {
        for (to, b) in COUNTRIES.iter().enumerate() {
            if from != to {
                let minor = a.5 * b.5 * (400 + draw.next()) * 7_300 + draw.next() * 1_013;
                edges.push(Obligation { from, to, minor });
            }
        }
    }
    edges
}

fn sums(edges: &[Obligation]) -> (Vec<i128>, Vec<i128>) {
    let (mut out, mut into) = (vec![0; COUNTRIES.len()], vec![0; COUNTRIES.len()]);
    for edge in edges {
        out[edge.from] += edge.minor;
        into[edge.to] += edge.minor;
    }
    (out, into)
}

/// Net payers pay net receivers, the largest first.
fn settle(members: &[FlowMember]) -> Vec<Obligation> {
    let mut net: Vec<i128> = members.iter().map(|member| member.net.minor).collect();
    let mut edges = Vec::new();
    loop {
        let from = (0..net.len()).min_by_key(|index| net[*index]).unwrap_or(0);
        let to = (0..net.len()).max_by_key(|index| net[*index]).unwrap_or(0);
        let minor = net[to].min(-net[from]);
        if minor <= 0 {
            return edges;
        }
        net[from] += minor;
        net[to] -= minor;
        edges.push(Obligation { from, to, minor });
    }
}

fn headlines(unit: &Unit, gross: i128, net: i128, rows: &[CurrencyRow]) -> Vec<Headline> {
    let row = |label: &str, value: String, unit: &str, note: String, meaning: &str| Headline {
        label: label.into(),
        value,
        unit: unit.into(),
        note,
        meaning: meaning.into(),
    };
    let saved = ((gross - net) * 2000 / gross + 1) / 2;
    let tenths = |value: i128| format!("{}.{}", value / 10, value % 10);
    // Shares of all currencies together: each currency counts with its weight in the value.
    let weighted = |pick: fn(&CurrencyRow) -> i128| {
        let sum: i128 = rows.iter().zip(COUNTRIES).map(|(row, country)| pick(row) * country.5).sum();
        tenths(sum / WEIGHT)
    };
    let used = weighted(|row| row.liquidity.minor * 1000 / row.gross.minor.max(1));
    let offset = weighted(|row| i128::from(row.offset_share_bp / 10));
    vec![
        row(
            "Value settled",
            unit.short(gross),
            "CNY",
            unit.text(gross),
            "Gross value of all settled payments, each valued in the common unit at the approved rates of the day.",
        ),
        row(
            "Payments settled",
            "20,318".into(),
            "",
            "of 20,500 submitted".into(),
            "Number of payments whose value was posted to the creditor's account before the close.",
        ),
        row(
            "Settled by value",
            "99.4".into(),
            "%",
            "by number 99.1 %".into(),
            "Settled value divided by the value of all accepted payments, in the common unit.",
        ),
        row(
            "Left after netting",
            unit.short(net),
            "CNY",
            format!("{} % less to pay", tenths(saved)),
            "What net payers owe once all obligations of the day are offset against each other, in the common unit.",
        ),
        row(
            "Liquidity used",
            used,
            "%",
            "of the value settled".into(),
            "Greatest net debit of each account, summed in the common unit, divided by the value settled.",
        ),
        row(
            "Settled by offsetting",
            offset,
            "%",
            "of the value settled".into(),
            "Share of value that settled in bilateral or multilateral offsetting.",
        ),
        row(
            "Waiting at close",
            "61".into(),
            "payments",
            "0.6 % of value; carried to Monday".into(),
            "Payments accepted but not settled at the close.",
        ),
        row(
            "Median wait",
            "0".into(),
            "s",
            "95 of 100 below 4 min 10 s".into(),
            "Time from acceptance to settlement; half of all settled payments waited no longer.",
        ),
    ]
}

/// Rejected, queued at close, and a few more submitted than the weight says, by country.
const COUNTS: [(u64, u64, u64); 9] =
    [(31, 14, 40), (28, 12, 35), (9, 7, 30), (8, 5, 25), (5, 3, 20), (7, 4, 20), (6, 6, 25), (9, 4, 25), (18, 6, 30)];

fn currencies(draw: &mut Draw, gross: i128) -> Vec<CurrencyRow> {
    COUNTRIES
        .iter()
        .zip(COUNTS)
        .map(|(country, (rejected, queued, more))| {
            let unit = Unit::new(country.2, country.4);
            let submitted = u64::try_from(country.5).unwrap_or(0) * 18 + more;
            let value = gross * country.5 / WEIGHT * country.6 / 1000;
            CurrencyRow {
                code: country.2.into(),
                name: country.3.into(),
                submitted,
                settled: submitted - queued - rejected,
                queued_at_close: queued,
                returned: u64::try_from(draw.next() / 250).unwrap_or(0),
                rejected,
                gross: unit.amount(value),
                liquidity: unit.amount(value * (60 + draw.next() / 7) / 1000),
                offset_share_bp: u32::try_from(4_200 + draw.next() * 4).unwrap_or(0),
            }
        })
        .collect()
}

/// Short name, full name, country index.
fn banks() -> Vec<(String, String, usize)> {
    let names = [
        "Trade Bank",
        "Agricultural and Development Bank",
        "Savings Bank",
        "Export-Import Bank",
        "Merchants' & Builders' Bank",
    ];
    let mut banks = Vec::new();
    for (index, country) in COUNTRIES.iter().enumerate() {
        for name in names {
            banks.push((format!("{} {name}", country.0), format!("Invented {name} of {}", country.1), index));
        }
    }
    banks
}

fn banks_in_cny(unit: &Unit, banks: &[(String, String, usize)], draw: &mut Draw) -> Flows {
    let mut out = vec![0; banks.len()];
    let mut into = vec![0; banks.len()];
    let mut flows = Vec::new();
    // Half of the banks are made payers and half receivers, so that pairwise flows are the net ones.
    for from in (0..banks.len()).step_by(2) {
        for to in [(from * 7 + 1) % banks.len(), (from * 3 + 11) % banks.len()] {
            if to % 2 == 1 {
                let weight = COUNTRIES[banks[from].2].5 * COUNTRIES[banks[to].2].5;
                let minor = weight * (100 + draw.next()) * 2_113;
                out[from] += minor;
                into[to] += minor;
                flows.push(Flow { from, to, minor });
            }
        }
    }
    let members = banks
        .iter()
        .enumerate()
        .map(|(index, bank)| {
            let both = (out[index] + into[index]) * (100 + draw.next()) / 400;
            FlowMember {
                label: bank.0.clone(),
                name: bank.1.clone(),
                gross_out: unit.amount(out[index] + both),
                gross_in: unit.amount(into[index] + both),
                net: unit.amount(into[index] - out[index]),
            }
        })
        .collect();
    Flows {
        head: Head::new(
            "flows-cny",
            "Net positions between banks in CNY",
            "The same for payments in Chinese yuan alone, bank by bank, with the transfers that settled them.",
        ),
        unit: unit.clone(),
        members,
        flows,
    }
}

fn liquidity(
    unit: &Unit,
    banks: &[(String, String, usize)],
    gross_out: &[i128],
    rows: &[CurrencyRow],
    draw: &mut Draw,
) -> Vec<Liquidity> {
    let mut row = |label: &str, name: &str, unit: &Unit, turnover: i128| LiquidityRow {
        label: label.into(),
        name: name.into(),
        unit: unit.clone(),
        turnover: unit.amount(turnover),
        liquidity: unit.amount(turnover * (30 + draw.next() / 4) / 1000),
        offset_share_bp: u32::try_from(2_500 + draw.next() * 6).unwrap_or(0),
    };
    let by_currency = rows
        .iter()
        .map(|row| LiquidityRow {
            label: row.code.clone(),
            name: row.name.clone(),
            unit: Unit::new(row.code.clone(), 2),
            turnover: row.gross.clone(),
            liquidity: row.liquidity.clone(),
            offset_share_bp: row.offset_share_bp,
        })
        .collect();
    let by_bank = banks.iter().step_by(5).map(|bank| row(&bank.0, &bank.1, unit, gross_out[bank.2] * 2 / 5)).collect();
    vec![
        Liquidity {
            head: Head::new(
                "liquidity-currency",
                "Liquidity used, by currency",
                "Greatest net debit as a share of the value settled, and the share that settled by offsetting. Each currency against its own turnover.",
            ),
            rows: by_currency,
        },
        Liquidity {
            head: Head::new(
                "liquidity-bank",
                "Liquidity used, largest bank of each country",
                "The same for one bank of each country, all currencies valued in CNY.",
            ),
            rows: by_bank,
        },
    ]
}

fn share(unit: &Unit, gross: i128) -> Share {
    let weight: i128 = COUNTRIES.iter().map(|country| country.5).sum();
    let bar = |label: &str, tilt: i128| ShareBar {
        label: label.into(),
        segments: COUNTRIES
            .iter()
            .enumerate()
            .map(|(index, country)| {
                let tilt = tilt * i128::try_from(index % 3).unwrap_or(0);
                Segment { label: country.2.into(), value: unit.amount(gross * (country.5 + tilt) / weight) }
            })
            .collect(),
    };
    Share {
        head: Head::new("share", "Value settled by currency", "Share of each currency in the value settled, in CNY."),
        unit: unit.clone(),
        bars: vec![bar("Friday 20 November", 0), bar("Thursday 19 November", 9)],
    }
}

fn day(unit: &Unit, gross: i128) -> Day {
    let (from_s, to_s) = (7 * 3600, 19 * 3600);
    let mut draw = Draw(77);
    let mut settled = 0;
    let mut waiting = [40_i128, 12, 9, 20, 160, 4];
    let mut shape: Vec<i128> = Vec::new();
    for minute in 0..=720_i128 {
        let morning = 900 - (minute - 220).abs() * 4;
        let afternoon = 780 - (minute - 470).abs() * 4;
        shape.push(if minute < 90 { 0 } else { morning.max(0) + afternoon.max(0) + 40 });
    }
    let whole: i128 = shape.iter().take(621).sum();
    let points = shape
        .iter()
        .enumerate()
        .map(|(index, weight)| {
            let minute = i128::try_from(index).unwrap_or(0);
            if minute <= 620 {
                settled += gross * weight / whole;
            }
            let scale = [34, 11, 9, 14, 0, 3];
            for (reason, depth) in waiting.iter_mut().enumerate() {
                *depth += weight * scale[reason] * (draw.next() - 430) / 1_400_000;
                if minute % 60 == 0 && minute > 90 && reason < 3 {
                    *depth = *depth * 4 / 10;
                }
                *depth = (*depth).max(0);
            }
            waiting[4] = (170 - minute / 4).max(0);
            if minute > 600 {
                for depth in &mut waiting {
                    *depth = *depth * 95 / 100;
                }
            }
            if minute == 720 {
                waiting = [41, 9, 6, 4, 0, 1];
                settled = gross;
            }
            DayPoint {
                at_s: from_s + u32::try_from(index).unwrap_or(0) * 60,
                waiting: waiting.map(|depth| u64::try_from(depth).unwrap_or(0)),
                settled_minor: settled,
            }
        })
        .collect();
    let phase = |name: &str, from: u32, to: u32| Phase { name: name.into(), from_s: from * 60, to_s: to * 60 };
    let cut = |label: &str, minute: u32| CutOff { label: label.into(), at_s: minute * 60 };
    Day {
        head: Head::new(
            "day-picture",
            "Payments waiting and value settled",
            "Above: payments waiting, by reason. Below: value settled since the opening, in CNY. Dashed lines are cut-offs.",
        ),
        unit: unit.clone(),
        zone: "time of the operator, UTC+05:00".into(),
        from_s,
        to_s,
        points,
        phases: vec![
            phase("rates", 420, 470),
            phase("funding", 470, 510),
            phase("exchange", 510, 960),
            phase("final cycle", 960, 1040),
            phase("residual", 1040, 1090),
            phase("close", 1090, 1140),
        ],
        cut_offs: vec![
            cut("CNY", 840),
            cut("MNT", 855),
            cut("INR", 930),
            cut("KZT", 960),
            cut("KGS", 960),
            cut("UZS", 960),
            cut("AMD", 1010),
            cut("RUB", 1040),
            cut("BYN", 1040),
        ],
    }
}

fn refusals() -> Vec<RefusalRow> {
    [
        ("AC04", "Account closed", "Ask the creditor for the new account; do not repeat.", 9),
        ("AM05", "Duplicate: this UETR was received before", "Nothing: the first one stands.", 38),
        ("AM12", "Amount has more decimals than its currency", "Send the amount with the decimals of ISO 4217.", 14),
        ("AM14", "Amount above the limit of a single payment", "Split it, or ask the authority to raise the limit.", 6),
        ("BE04", "Creditor address neither structured nor hybrid", "Give town and country in their own elements.", 27),
        ("DT01", "Value date outside the allowed range", "Use a value date within ten business days.", 11),
        ("RC01", "BIC not found in the directory", "Check the BIC against the directory of the day.", 12),
        ("TM01", "Received after the cut-off", "Send again for the next business day.", 4),
    ]
    .into_iter()
    .map(|(code, meaning, remedy, count)| RefusalRow {
        code: code.into(),
        meaning: meaning.into(),
        remedy: remedy.into(),
        count,
    })
    .collect()
}

fn waits() -> Vec<WaitRow> {
    let row = |end: &str,
               from: &str,
               to: &str,
               minor: i128,
               currency: &str,
               entered: &str,
               waited_s,
               reason,
               release: &str,
               state: &str| WaitRow {
        reference: format!("7d1f0c62-83ab-4e57-9b0d-{end}"),
        from: from.into(),
        to: to.into(),
        amount: Unit::new(currency, 2).amount(minor),
        currency: currency.into(),
        entered: entered.into(),
        waited_s,
        reason,
        release: release.into(),
        state: state.into(),
    };
    vec![
        row(
            "5f2ce1a90b11",
            "MN Trade Bank",
            "CN Savings Bank",
            1_284_500_000,
            "CNY",
            "08:31:07",
            37_733,
            WaitReason::NoFunds,
            "short of 4,120,338.20 CNY at close; carried to Monday",
            "queued",
        ),
        row(
            "0a77b3d4e9c2",
            "UZ Agricultural and Development Bank",
            "KZ Trade Bank",
            92_004_418_750,
            "KZT",
            "09:02:44",
            35_836,
            WaitReason::MultilateralLimit,
            "would exceed the limit of 4,000,000,000.00 KZT by 312,044,187.50",
            "queued",
        ),
        row(
            "c91e5560aa03",
            "RU Export-Import Bank",
            "IN Merchants' & Builders' Bank",
            48_112_730_015,
            "INR",
            "08:47:12",
            21_408,
            WaitReason::PvpPartner,
            "settled with its RUB leg in the multilateral run of 14:44",
            "settled",
        ),
        row(
            "93bd20f7714e",
            "KG Trade Bank",
            "RU Savings Bank",
            3_310_070_000,
            "RUB",
            "10:15:30",
            14_670,
            WaitReason::BilateralLimit,
            "released when RU Savings Bank paid 41,000,000.00 RUB",
            "settled",
        ),
        row(
            "1be6e8c2d05a",
            "AM Savings Bank",
            "BY Trade Bank",
            77_500_000,
            "BYN",
            "11:20:02",
            9_118,
            WaitReason::NoFunds,
            "settled by bilateral offset against 812,400.00 BYN",
            "settled",
        ),
        row(
            "e4407ac1f9d8",
            "IN Trade Bank",
            "CN Trade Bank",
            560_000_000,
            "CNY",
            "07:58:59",
            1_861,
            WaitReason::NotYetDue,
            "earliest time 08:30 reached",
            "settled",
        ),
    ]
}

fn verification(failed: bool) -> Verification {
    let check = |name: &str, detail: &str| Check { name: name.into(), outcome: Outcome::Passed, detail: detail.into() };
    let mut checks = vec![
        check("Hash chain unbroken", "61,842 records in 3 segments, each bound to the one before it"),
        check("Replay gives the same digest", "61,842 records applied again from the empty state"),
        check("No balance below its limit", "405 accounts, after every record"),
        check("Each UETR settled at most once", "20,318 settled, none twice"),
        check("All legs or none", "412 payment-versus-payment groups"),
        check("Nothing settled outside its phase", "20,318 settlements against 6 phases and 9 cut-offs"),
        check("Maker is never approver", "37 approvals"),
    ];
    if failed && let Some(check) = checks.get_mut(1) {
        check.outcome = Outcome::Failed;
        check.detail = "digest differs from record 48,112 on".into();
    }
    Verification {
        checks,
        conservation: COUNTRIES
            .iter()
            .map(|country| Conservation {
                currency: country.2.into(),
                sum: Amount::new(0, "0.00"),
                outcome: Outcome::Passed,
            })
            .collect(),
        signatures: COUNTRIES
            .iter()
            .enumerate()
            .map(|(index, country)| Signature {
                signer: format!("Authority of {}", country.1),
                key: format!(
                    "ed25519:{:08x}\u{2026}",
                    0x1f3a_77c1_u32.wrapping_mul(u32::try_from(index).unwrap_or(0) + 3)
                ),
                outcome: Outcome::Passed,
            })
            .collect(),
        repeat_with: "comity verify comity-demo".into(),
    }
}
