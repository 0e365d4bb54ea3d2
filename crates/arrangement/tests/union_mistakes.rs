//! One change to the files of the preset `clearing-union`, and what is said about it: the whole message, for every kind.

use core::fmt::Write as _;

use comity_arrangement::{parse, preset_files};
use expect_test::{Expect, expect};

/// Replaces `from` by `to` in whichever file has it, and tells what is then wrong, or else what is warned of.
fn said(from: &str, to: &str) -> String {
    let mut files = preset_files("clearing-union").expect("a preset");
    let mut changed = 0;
    for file in [&mut files.arrangement, &mut files.union_rates, &mut files.union_orders] {
        if file.contains(from) {
            *file = file.replacen(from, to, 1);
            changed += 1;
        }
    }
    assert_eq!(changed, 1, "{from:?} is in one file");
    match parse(&files) {
        Err(mistakes) => mistakes.to_string(),
        Ok(arrangement) => {
            // The preset's own rate over its gate is warned of always.
            let own = "union-rates.csv:13: rate: found a change of 432";
            let warnings = arrangement.warnings.iter().map(ToString::to_string);
            let new: Vec<String> = warnings.filter(|text| !text.starts_with(own)).collect();
            new.iter().map(|text| format!("warning: {text}")).collect::<Vec<_>>().join("\n")
        }
    }
}

fn check(changes: &[(&str, &str)], expected: Expect) {
    let mut out = String::new();
    for (from, to) in changes {
        let said = said(from, to);
        assert!(!said.is_empty(), "{from:?} => {to:?} is not noticed");
        writeln!(out, "{from:?} => {to:?}").expect("text");
        for line in said.lines() {
            writeln!(out, "    {line}").expect("text");
        }
    }
    expected.assert_eq(&out);
}

#[test]
fn members_and_quotas() {
    check(
        &[
            ("quota = \"5000000.00\"", "quota = \"0\""),
            ("quota = \"5000000.00\"", "quota = \"-5000000.00\""),
            ("quota = \"5000000.00\"", "quota = \"5000000.001\""),
            ("quota = \"5000000.00\"\n", ""),
            ("country = \"KG\"\nquota", "country = \"KZ\"\nquota"),
            ("country = \"KG\"\nquota", "country = \"MN\"\nquota"),
            (
                "[union.interest]",
                "[[union]]\nname = \"Second\"\nrules = \"acu\"\ngate_bps = 1\nunit = \"CNY\"\ncycle = \"daily\"\n\
                 member = [{ country = \"CN\", quota = \"1\" }, { country = \"RU\", quota = \"1\" }]\n\n[union.interest]",
            ),
        ],
        expect![[r#"
            "quota = \"5000000.00\"" => "quota = \"0\""
                arrangement.toml:200: union[1].member[4].quota: found "0", expected a quota from 0.01 to 1000000000000000.00
            "quota = \"5000000.00\"" => "quota = \"-5000000.00\""
                arrangement.toml:200: union[1].member[4].quota: found "-5000000.00", expected a quota from 0.01 to 1000000000000000.00
            "quota = \"5000000.00\"" => "quota = \"5000000.001\""
                arrangement.toml:200: union[1].member[4].quota: found "5000000.001", expected a quota from 0.01 to 1000000000000000.00
            "quota = \"5000000.00\"\n" => ""
                arrangement.toml:198: union[1].member[4].quota: found nothing, expected a quota from 0.01 to 1000000000000000.00
            "country = \"KG\"\nquota" => "country = \"KZ\"\nquota"
                arrangement.toml:199: union[1].member[4].country: found "KZ", expected each member once; it is a member already, on line 195
            "country = \"KG\"\nquota" => "country = \"MN\"\nquota"
                arrangement.toml:199: union[1].member[4].country: found "MN", expected the country of an authority (CN, RU, KZ, KG, UZ)
            "[union.interest]" => "[[union]]\nname = \"Second\"\nrules = \"acu\"\ngate_bps = 1\nunit = \"CNY\"\ncycle = \"daily\"\nmember = [{ country = \"CN\", quota = \"1\" }, { country = \"RU\", quota = \"1\" }]\n\n[union.interest]"
                arrangement.toml:222: union[2].member[1].country: found "CN", expected a country that is in one union only; it is a member already, on line 187
                arrangement.toml:222: union[2].member[2].country: found "RU", expected a country that is in one union only; it is a member already, on line 191
                arrangement.toml:248: union[2].residual.basket: found nothing, expected at least one [[union.residual.basket]], as the unit is a single currency
        "#]],
    );
}

#[test]
fn unit_of_account_and_basket() {
    check(
        &[
            ("weight = \"40 %\"", "weight = \"41 %\""),
            ("weight = \"40 %\"", "weight = \"0 %\""),
            ("weight = \"40 %\"", "weight = \"0.4\""),
            ("currency = \"KGS\"\nweight", "currency = \"UZS\"\nweight"),
            ("currency = \"KGS\"\nweight", "currency = \"INR\"\nweight"),
            ("unit = \"XCU\"", "unit = \"xcu\""),
            ("base = \"0.0875\"", "base = \"0\""),
        ],
        expect![[r#"
            "weight = \"40 %\"" => "weight = \"41 %\""
                arrangement.toml:160: union[1].weight: found weights that sum to 101 %, expected weights that sum to 100 %
            "weight = \"40 %\"" => "weight = \"0 %\""
                arrangement.toml:162: union[1].weight[1].weight: found "0 %", expected a share above 0 %, such as "40 %"
            "weight = \"40 %\"" => "weight = \"0.4\""
                arrangement.toml:162: union[1].weight[1].weight: found "0.4", expected a share above 0 %, such as "40 %"
            "currency = \"KGS\"\nweight" => "currency = \"UZS\"\nweight"
                arrangement.toml:181: union[1].weight[5].currency: found the same currency again, expected each currency once
            "currency = \"KGS\"\nweight" => "currency = \"INR\"\nweight"
                arrangement.toml:176: union[1].weight[4].currency: found "INR", expected a currency of the arrangement (CNY, RUB, KZT, KGS, UZS)
            "unit = \"XCU\"" => "unit = \"xcu\""
                arrangement.toml:157: union[1].unit: found "xcu", expected a name of 3 to 12 capitals and digits
            "base = \"0.0875\"" => "base = \"0\""
                arrangement.toml:168: union[1].weight[2].base: found "0", expected a rate more than zero
        "#]],
    );
}

#[test]
fn ladders() {
    let own =
        |tranches: &str| format!("[union.debtor]\nbeyond = \"asset\"\ntranche = [{tranches}]\n\n[union.interest]");
    let changes = [
        own("{ to = \"20 %\", asset = \"0 %\" }, { from = \"10 %\", to = \"100 %\", asset = \"40 %\" }"),
        own("{ to = \"20 %\", asset = \"0 %\" }, { from = \"30 %\", to = \"100 %\", asset = \"40 %\" }"),
        own("{ to = \"20 %\", asset = \"0 %\" }, { to = \"20 %\", asset = \"40 %\" }"),
        own("{ to = \"20 %\", asset = \"0 %\" }, { to = \"90 %\", asset = \"40 %\" }"),
        own("{ to = \"100 %\", asset = \"140 %\" }"),
        own(""),
        "[union.debtor]\nbeyond = \"special\"\ntranche = [{ to = \"100 %\", asset = \"0 %\" }]\n\n[union.interest]"
            .into(),
        "[union.debtor]\nbeyond = \"gold\"\ntranche = [{ to = \"100 %\", asset = \"0 %\" }]\n\n[union.interest]".into(),
    ];
    let changes: Vec<(&str, &str)> = changes.iter().map(|to| ("[union.interest]", to.as_str())).collect();
    check(
        &changes,
        expect![[r#"
            "[union.interest]" => "[union.debtor]\nbeyond = \"asset\"\ntranche = [{ to = \"20 %\", asset = \"0 %\" }, { from = \"10 %\", to = \"100 %\", asset = \"40 %\" }]\n\n[union.interest]"
                arrangement.toml:218: union[1].debtor.tranche[2].from: found 10 %, expected 20 %, where the one before ends; the tranches overlap
            "[union.interest]" => "[union.debtor]\nbeyond = \"asset\"\ntranche = [{ to = \"20 %\", asset = \"0 %\" }, { from = \"30 %\", to = \"100 %\", asset = \"40 %\" }]\n\n[union.interest]"
                arrangement.toml:218: union[1].debtor.tranche[2].from: found 30 %, expected 20 %, where the one before ends; there is a gap between them
            "[union.interest]" => "[union.debtor]\nbeyond = \"asset\"\ntranche = [{ to = \"20 %\", asset = \"0 %\" }, { to = \"20 %\", asset = \"40 %\" }]\n\n[union.interest]"
                arrangement.toml:218: union[1].debtor.tranche[2].to: found 20 %, expected more than 20 %, where it begins
            "[union.interest]" => "[union.debtor]\nbeyond = \"asset\"\ntranche = [{ to = \"20 %\", asset = \"0 %\" }, { to = \"90 %\", asset = \"40 %\" }]\n\n[union.interest]"
                arrangement.toml:218: union[1].debtor.tranche: found a last tranche that ends at 90 %, expected one that ends at 100 %
            "[union.interest]" => "[union.debtor]\nbeyond = \"asset\"\ntranche = [{ to = \"100 %\", asset = \"140 %\" }]\n\n[union.interest]"
                arrangement.toml:218: union[1].debtor.tranche[1].asset: found "140 %", expected a share from 0 % to 100 % with at most four decimals, such as "12.5 %"
            "[union.interest]" => "[union.debtor]\nbeyond = \"asset\"\ntranche = []\n\n[union.interest]"
                arrangement.toml:218: union[1].debtor.tranche: found no tranche, expected at least one, up to 100 %
            "[union.interest]" => "[union.debtor]\nbeyond = \"special\"\ntranche = [{ to = \"100 %\", asset = \"0 %\" }]\n\n[union.interest]"
                arrangement.toml:216: union[1].debtor.special_asset: found nothing, expected a share from 0 % to 100 % with at most four decimals, such as "12.5 %"
            "[union.interest]" => "[union.debtor]\nbeyond = \"gold\"\ntranche = [{ to = \"100 %\", asset = \"0 %\" }]\n\n[union.interest]"
                arrangement.toml:217: union[1].debtor.beyond: found "gold", expected asset, credit, special or refuse
        "#]],
    );
}

#[test]
fn other_rules() {
    check(
        &[
            ("rules = \"epu-1950\"", "rules = \"epu-1949\""),
            ("rules = \"epu-1950\"\n", ""),
            ("rules = \"epu-1950\"", "rules = \"union.toml\""),
            ("cycle = \"daily\"", "cycle = \"weekly\""),
            ("cycle = \"daily\"", "closes = [2026-11-25, 2026-11-24]"),
            ("cycle = \"daily\"", "closes_every = 0"),
            ("gate_bps = 300\n", ""),
            ("above = \"50 %\"", "above = \"20 %\""),
            ("debtor = \"2.00 %\"", "debtor = \"2.001 %\""),
            ("side = \"creditor\"", "side = \"both\""),
            ("closings = 1\n", "closings = 0\n"),
            ("\"auction\", \"roll-over\"", "\"auction\", \"rollover\""),
            ("\"auction\", \"roll-over\"", "\"auction\", \"auction\""),
            ("roll_over = \"10 %\"\n", ""),
            ("purposes = [\"investment\", \"trade advance\"]\n", ""),
            ("business_days = 2", "business_days = 2, days_then_open = 8"),
            ("every_days = 30\nrate = \"2.50 %\"", "every_days = 0\nrate = \"2.50 %\""),
            ("[union.refinancing]", "[union.refinance]"),
            ("allows = [\"on-carry\"]", "allows = []"),
        ],
        expect![[r#"
            "rules = \"epu-1950\"" => "rules = \"epu-1949\""
                arrangement.toml:150: union[1].rules: found "epu-1949", expected union.toml, or one of epu-1950, epu-1952, epu-1954, epu-1955, icu-1943, acu, aladi, sml, bilateral-1+1, union-1+5, framework-2+1, multilateral
            "rules = \"epu-1950\"\n" => ""
                arrangement.toml:148: union[1].debtor: found nothing, expected a table [union.debtor]
                arrangement.toml:148: union[1].creditor: found nothing, expected a table [union.creditor]
            "rules = \"epu-1950\"" => "rules = \"union.toml\""
                arrangement.toml:150: union[1].rules: found "union.toml", which is missing or empty, expected the file in the folder
            "cycle = \"daily\"" => "cycle = \"weekly\""
                arrangement.toml:152: union[1].cycle: found "weekly", expected one of daily, monthly, two-monthly, four-monthly, yearly
            "cycle = \"daily\"" => "closes = [2026-11-25, 2026-11-24]"
                arrangement.toml:152: union[1].closes: found 2026-11-24, expected a date after 2026-11-25
            "cycle = \"daily\"" => "closes_every = 0"
                arrangement.toml:152: union[1].closes_every: found 0, expected a whole number from 1 to 1000
            "gate_bps = 300\n" => ""
                arrangement.toml:148: union[1].gate_bps: found nothing, expected a whole number of basis points from 0 to 1000000
            "above = \"50 %\"" => "above = \"20 %\""
                arrangement.toml:212: union[1].charge[2].above: found 20 %, expected more than 25 %, where the one before begins
            "debtor = \"2.00 %\"" => "debtor = \"2.001 %\""
                arrangement.toml:217: union[1].interest.debtor: found "2.001 %", expected a yearly rate from 0 % to 400 % with at most two decimals, such as "2.25 %"
            "side = \"creditor\"" => "side = \"both\""
                arrangement.toml:234: union[1].action[3].side: found "both", expected debtor or creditor
            "closings = 1\n" => "closings = 0\n"
                arrangement.toml:231: union[1].action[2].closings: found 0, expected a whole number from 1 to 1000
            "\"auction\", \"roll-over\"" => "\"auction\", \"rollover\""
                arrangement.toml:241: union[1].residual.methods: found "rollover", expected one of asset, roll-over, basket, auction, use
            "\"auction\", \"roll-over\"" => "\"auction\", \"auction\""
                arrangement.toml:241: union[1].residual.methods: found "auction" twice, expected each method once
            "roll_over = \"10 %\"\n" => ""
                arrangement.toml:240: union[1].residual.roll_over: found nothing, expected a share from 0 % to 100 % with at most four decimals, such as "12.5 %"
            "purposes = [\"investment\", \"trade advance\"]\n" => ""
                arrangement.toml:240: union[1].residual.purposes: found nothing, expected a list, each item text of 1 to 140 bytes on one line
            "business_days = 2" => "business_days = 2, days_then_open = 8"
                arrangement.toml:248: union[1].residual.due: found business_days and days_then_open, expected one of them
            "every_days = 30\nrate = \"2.50 %\"" => "every_days = 0\nrate = \"2.50 %\""
                arrangement.toml:253: union[1].lending.every_days: found 0, expected a whole number from 1 to 1200
            "[union.refinancing]" => "[union.refinance]"
                arrangement.toml:257: union[1].refinance: found an unknown key, expected one of name, rules, weight, unit, exponent, carries, debtor, creditor, rounding, member, residual, charge, interest, day_count, growth, action, swap, refinancing, leaving, gate_bps, cycle, closes_every, closes, lending; did you mean refinancing
            "allows = [\"on-carry\"]" => "allows = []"
                arrangement.toml: phase: found no such phase, expected a phase with on-carry after one that allows confirm, as there is a union
        "#]],
    );
}

#[test]
fn rates_in_the_unit() {
    check(
        &[
            ("KZT,0.0135,", "KZT,0,"),
            ("KZT,0.0135,", "KZT,-0.0135,"),
            ("KZT,0.0135,Example official rate,official,,\n", ""),
            ("KZT,0.0135,", "INR,0.0135,"),
            (
                "UZS,0.000580,Example official rate,official,,2026-11-25",
                "UZS,0.000197,Example official rate,official,,2026-11-25",
            ),
            ("official,,2026-11-27", "official,,2026-11-26"),
            ("official,,2026-11-27", "official,,2026-11-28"),
            ("RUB,0.0876,Example official rate,official", "RUB,0.0876,Example official rate,rumour"),
        ],
        expect![[r#"
            "KZT,0.0135," => "KZT,0,"
                union-rates.csv:9: rate: found "0", expected a rate more than zero, with at most 12 digits after the point
            "KZT,0.0135," => "KZT,-0.0135,"
                union-rates.csv:9: rate: found "-0.0135", expected a rate more than zero, with at most 12 digits after the point
            "KZT,0.0135,Example official rate,official,,\n" => ""
                union-rates.csv: KZT: found no rate on 2026-11-24, expected one in XCU, as Clearing Union closes on that date
            "KZT,0.0135," => "INR,0.0135,"
                union-rates.csv:9: currency: found "INR", expected a currency of the arrangement (CNY, RUB, KZT, KGS, UZS)
            "UZS,0.000580,Example official rate,official,,2026-11-25" => "UZS,0.000197,Example official rate,official,,2026-11-25"
                warning: union-rates.csv:12: rate: found a change of 6604 basis points on 2026-11-25, expected at most 300; it will be held until two people release it
            "official,,2026-11-27" => "official,,2026-11-26"
                union-rates.csv:8: currency: found the same currency and date again, expected each once; the first is on line 7
            "official,,2026-11-27" => "official,,2026-11-28"
                union-rates.csv: RUB: found no rate on 2026-11-27, expected one in XCU, as Clearing Union closes on that date
            "RUB,0.0876,Example official rate,official" => "RUB,0.0876,Example official rate,rumour"
                union-rates.csv:8: kind: found "rumour", expected official, market or fixed
        "#]],
    );
}

#[test]
fn orders_of_authorities() {
    check(
        &[
            ("KG,roll-over,union,asset,all", "KG,rollover,union,asset,all"),
            ("KG,roll-over,union,asset,all", "MN,roll-over,union,asset,all"),
            ("KG,roll-over,union,asset,all", "KG,roll-over,union,assets,all"),
            ("KG,roll-over,union,asset,all", "KG,roll-over,union,asset,0.00"),
            ("KG,roll-over,union,asset,all", "KG,roll-over,union,asset,"),
            ("KG,roll-over,union,asset,all", "KG,roll-over,KG,asset,all"),
            ("2026-11-24,18:00,,KG", "2026-11-28,18:00,,KG"),
            ("2026-11-24,18:00,,KG", "2026-11-24,18:00,Other Union,KG"),
            ("2026-11-24,18:00,,KG", "2026-11-24,6 pm,,KG"),
            ("600000.00,investment", "600000.00,arms"),
            ("basket,TRANSFER-201", "CNY 1.00,TRANSFER-201"),
            ("basket,TRANSFER-201", "basket,transfer number 201"),
            ("UZ,instalments,CN,crossed,,,4", "UZ,instalments,CN,crossed,100.00,,4"),
            ("UZ,take,CN", "UZ,take,"),
            ("[union.lending]\ninstalments = 12\nevery_days = 30\nrate = \"2.50 %\"\n", ""),
        ],
        expect![[r#"
            "KG,roll-over,union,asset,all" => "KG,rollover,union,asset,all"
                union-orders.csv:5: what: found "rollover", expected one of prove, accept, decline, roll-over, instalments, swap, use, pay, offer, take, withdraw, auction, leave
            "KG,roll-over,union,asset,all" => "MN,roll-over,union,asset,all"
                union-orders.csv:5: member: found "MN", expected the country of an authority (CN, RU, KZ, KG, UZ) that is a member of "Clearing Union"
            "KG,roll-over,union,asset,all" => "KG,roll-over,union,assets,all"
                union-orders.csv:5: of: found "assets", expected one of asset, charge, interest, instalment, crossed, used, leaving
            "KG,roll-over,union,asset,all" => "KG,roll-over,union,asset,0.00"
                union-orders.csv:5: amount: found "0.00", expected all, or an amount from 0.01 to 1000000000000000.00
            "KG,roll-over,union,asset,all" => "KG,roll-over,union,asset,"
                union-orders.csv:5: amount: found nothing, expected all, or an amount from 0.01 to 1000000000000000.00
            "KG,roll-over,union,asset,all" => "KG,roll-over,KG,asset,all"
                union-orders.csv:5: other: found the member itself, expected another member
            "2026-11-24,18:00,,KG" => "2026-11-28,18:00,,KG"
                warning: union-orders.csv:5: date: found 2026-11-28, expected one of the business dates that are run; the line does nothing
            "2026-11-24,18:00,,KG" => "2026-11-24,18:00,Other Union,KG"
                union-orders.csv:5: union: found "Other Union", expected a union of the arrangement (Clearing Union)
            "2026-11-24,18:00,,KG" => "2026-11-24,6 pm,,KG"
                union-orders.csv:5: at: found "6 pm", expected a local time such as 07:30
            "600000.00,investment" => "600000.00,arms"
                union-orders.csv:6: purpose: found "arms", expected a permitted purpose (investment, trade advance)
            "basket,TRANSFER-201" => "CNY 1.00,TRANSFER-201"
                union-orders.csv:7: legs: found "CNY 1.00", expected basket, or an amount in each currency of it, such as "CNY 100.00 RUB 100.00 KZT 100.00 KGS 100.00 UZS 100.00"
            "basket,TRANSFER-201" => "basket,transfer number 201"
                union-orders.csv:7: reference: found "transfer number 201", expected a reference of 1 to 16 letters, digits and signs, without spaces
            "UZ,instalments,CN,crossed,,,4" => "UZ,instalments,CN,crossed,100.00,,4"
                union-orders.csv:13: amount: found "100.00", expected nothing, as the line says instalments
            "UZ,take,CN" => "UZ,take,"
                union-orders.csv:18: other: found nothing, expected a member, as the line says take
            "[union.lending]\ninstalments = 12\nevery_days = 30\nrate = \"2.50 %\"\n" => ""
                union-orders.csv:17: what: found "offer", expected a table [union.lending] in arrangement.toml with the terms
        "#]],
    );
}

/// The reader names every key it knows when it meets one it does not; each of them is documented.
#[test]
fn every_key_of_a_union_is_on_the_page() {
    let page = include_str!("../../../docs/arrangement.md");
    let (_, page) = page.split_once("## Unions").expect("the page has it");
    let text = said("gate_bps = 300", "gate_bps = 300\nzzz = 1");
    let (_, keys) = text.split_once("found an unknown key, expected one of ").expect("the keys");
    let keys: Vec<&str> = keys.lines().next().expect("a line").split(", ").collect();
    assert!(keys.len() > 20, "{keys:?}");
    for key in keys {
        let named = page.contains(&format!("`{key}`")) || page.contains(&format!("`{key}."));
        assert!(named, "{key} is not documented");
    }
}

#[test]
fn a_rule_set_of_ones_own_is_a_file() {
    let mut files = preset_files("clearing-union").expect("a preset");
    let known = comity_union::preset::preset("epu-1950").expect("a rule set");
    files.arrangement = files.arrangement.replace("rules = \"epu-1950\"", "rules = \"union.toml\"");
    files.union_rules = comity_arrangement::rules::write_rules(&known);
    let own = parse(&files).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let named = parse(&preset_files("clearing-union").expect("a preset")).expect("no mistakes");
    assert_eq!(own.unions[0].rules, named.unions[0].rules, "the same rules, whichever way they are given");
    assert_ne!(own.rules, named.rules, "but not the same files");
    files.union_rules = files.union_rules.replacen("to = \"20 %\"", "to = \"30 %\"", 1);
    let mistakes = parse(&files).expect_err("ladders do not fit").to_string();
    assert!(mistakes.lines().all(|line| line.starts_with("union.toml:")), "{mistakes}");
}
