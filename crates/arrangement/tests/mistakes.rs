//! One change to the example of `docs/arrangement.md`, and what is said about it: the whole message, for every kind.

mod common;

use core::fmt::Write as _;

use comity_arrangement::{Files, parse};
use expect_test::{Expect, expect};

/// Replaces `from` by `to` in whichever file has it, and tells what is then wrong, or else what is warned of.
fn said(from: &str, to: &str) -> String {
    let mut files: Files = common::example();
    let mut changed = 0;
    for file in
        [&mut files.arrangement, &mut files.participants, &mut files.limits, &mut files.funding, &mut files.rates]
    {
        if file.contains(from) {
            *file = file.replacen(from, to, 1);
            changed += 1;
        }
    }
    assert_eq!(changed, 1, "{from:?} is in one file");
    match parse(&files) {
        Err(mistakes) => mistakes.to_string(),
        Ok(arrangement) => {
            // The example's own rate over its gate is warned of always.
            let own = "rates.csv:4: rate:";
            let warnings: Vec<String> = arrangement.warnings.iter().map(ToString::to_string).collect();
            let new: Vec<String> = warnings.into_iter().filter(|text| !text.starts_with(own)).collect();
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
fn the_file_itself() {
    check(
        &[
            ("version = 1", "version = = 1"),
            ("[day]", "[dya]"),
            ("[options]", "[options]\nreturn_dasy = 3"),
            ("seed = 7", "seed = -7"),
            ("name = \"Example Arrangement\"", "name = \"\""),
            ("version = 1", "version = 0"),
            ("effective = 2026-01-01", "effective = 2026-12-01"),
            ("effective = 2026-01-01", "effective = \"1 January 2026\""),
        ],
        expect![[r#"
            "version = 1" => "version = = 1"
                arrangement.toml:1: version: found 0, expected a whole number from 1
                arrangement.toml:2: found "version = = 1", expected valid TOML; extra `=`, expected nothing
                arrangement.toml:2: found "version = = 1", expected valid TOML; unexpected key or value, expected newline, `#`
            "[day]" => "[dya]"
                arrangement.toml: day: found nothing, expected a table [day]
                arrangement.toml:15: dya: found an unknown key, expected one of name, version, effective, seed, options, day, phase, authority, currency, pair, dealer, defaults, actor, union
            "[options]" => "[options]\nreturn_dasy = 3"
                arrangement.toml:7: options.return_dasy: found an unknown key, expected one of proposal_ttl, return_days, recall_ttl, value_days_max, offset_on_arrival, require_confirmation, offset_every; did you mean return_days
            "seed = 7" => "seed = -7"
                arrangement.toml:4: seed: found -7, expected a whole number from 0
            "name = \"Example Arrangement\"" => "name = \"\""
                arrangement.toml:1: name: found "", expected text of 1 to 140 bytes on one line
            "version = 1" => "version = 0"
                arrangement.toml:2: version: found 0, expected a whole number from 1
            "effective = 2026-01-01" => "effective = 2026-12-01"
                arrangement.toml:3: effective: found 2026-12-01, expected a date not after the business date 2026-11-24
            "effective = 2026-01-01" => "effective = \"1 January 2026\""
                arrangement.toml:3: effective: found "1 January 2026", expected a date such as 2026-11-24
        "#]],
    );
}

#[test]
fn options_and_day() {
    check(
        &[
            ("proposal_ttl = \"1h\"", "proposal_ttl = \"one hour\""),
            ("return_days = 2", "return_days = -2"),
            ("offset_on_arrival = true", "offset_on_arrival = \"yes\""),
            ("date = 2026-11-24", "date = 2026-11-31"),
            ("date = 2026-11-24", "date = 2027-01-01"),
            ("date = 2026-11-24\nopens", "date = 2026-11-28\nopens"),
            ("opens = \"06:00\"", "opens = \"6 am\""),
            ("zone = \"Asia/Almaty\"", "zone = \"Asia/Alma-Ata\""),
            ("zone = \"Asia/Almaty\"\n", ""),
            ("days = 3", "days = 0"),
            ("days = 3", "days = 2"),
        ],
        expect![[r#"
            "proposal_ttl = \"1h\"" => "proposal_ttl = \"one hour\""
                arrangement.toml:7: options.proposal_ttl: found "one hour", expected a length of time such as 30m or 2h30m
            "return_days = 2" => "return_days = -2"
                arrangement.toml:8: options.return_days: found -2, expected a whole number from 0 to 400
            "offset_on_arrival = true" => "offset_on_arrival = \"yes\""
                arrangement.toml:11: options.offset_on_arrival: found "yes", expected true or false
            "date = 2026-11-24" => "date = 2026-11-31"
                arrangement.toml:16: found "date = 2026-11-31", expected valid TOML; invalid date, expected day between 01 and 30
            "date = 2026-11-24" => "date = 2027-01-01"
                arrangement.toml:16: day.date: found 2027-01-01, expected a date on which at least one currency is open
            "date = 2026-11-24\nopens" => "date = 2026-11-28\nopens"
                arrangement.toml:16: day.date: found 2026-11-28, expected a date on which at least one currency is open
            "opens = \"06:00\"" => "opens = \"6 am\""
                arrangement.toml:17: day.opens: found "6 am", expected a local time such as "06:00"
            "zone = \"Asia/Almaty\"" => "zone = \"Asia/Alma-Ata\""
                arrangement.toml:18: day.zone: found "Asia/Alma-Ata", expected an IANA zone such as "Asia/Almaty"
            "zone = \"Asia/Almaty\"\n" => ""
                arrangement.toml:15: day.zone: found nothing, expected an IANA zone such as "Asia/Almaty"
            "days = 3" => "days = 0"
                arrangement.toml:19: day.days: found 0, expected a whole number from 1 to 400
            "days = 3" => "days = 2"
                warning: rates.csv:4: date: found 2026-11-26, expected one of the business dates that are run; the line does nothing
        "#]],
    );
}

#[test]
fn phases() {
    check(
        &[
            ("allows = [\"fund\", \"entry\"]", "allows = [\"fund\", \"entri\"]"),
            ("allows = [\"fund\", \"entry\"]", "allows = \"fund\""),
            ("lasts = \"9h\"", "lasts = \"0h\""),
            ("lasts = \"9h\"", "lasts = \"23h\""),
            ("name = \"Sweep\"", "name = \"Close\""),
            ("\"settle\", ", ""),
            ("\"defund\", \"on-sweep\"", "\"defund\", \"on-sweep\", \"on-close\""),
            ("[\"on-close\"]", "[]"),
            ("\"on-unsettled\", ", ""),
            ("\"defund\", \"on-sweep\"", "\"defund\", \"entry\", \"on-sweep\""),
            ("[\"confirm\", \"on-unsettled\"", "[\"on-unsettled\""),
            ("\"on-cut\"]", "\"on-cut\", \"on-sweep\"]"),
            ("\"approve-rates\"", "\"fund\""),
            (
                "allows = [\"fund\", \"entry\"]\nlasts = \"1h\"\n\n[[phase]]\nname = \"Exchange\"\nallows = [\"entry\", \"settle\", \"return\", \"fund\", ",
                "allows = [\"entry\"]\nlasts = \"1h\"\n\n[[phase]]\nname = \"Exchange\"\nallows = [\"entry\", \"settle\", \"return\", ",
            ),
        ],
        expect![[r#"
            "allows = [\"fund\", \"entry\"]" => "allows = [\"fund\", \"entri\"]"
                arrangement.toml:28: phase[2].allows: found "entri", expected one of rates, approve-rates, fund, entry, settle, return, confirm, defund, on-offset, on-unsettled, on-cut, on-sweep, on-close, on-carry
            "allows = [\"fund\", \"entry\"]" => "allows = \"fund\""
                arrangement.toml:28: phase[2].allows: found "fund", expected a list, each item one of rates, approve-rates, fund, entry, settle, return, confirm, defund, on-offset, on-unsettled, on-cut, on-sweep, on-close, on-carry
            "lasts = \"9h\"" => "lasts = \"0h\""
                arrangement.toml:34: phase[3].lasts: found "0h", expected a length of time of at most 24h, such as 2h30m
            "lasts = \"9h\"" => "lasts = \"23h\""
                arrangement.toml: phase: found 93900 seconds in all, expected at most 86400, or days overlap
                arrangement.toml:16: day.date: found 2026-11-24, which closes at 2026-11-25T03:00:00.000Z, expected a day that closes before 2026-11-25 opens at 2026-11-25T01:00:00.000Z
            "name = \"Sweep\"" => "name = \"Close\""
                arrangement.toml:47: phase[6].name: found "Close", expected a name no other phase has
            "\"settle\", " => ""
                arrangement.toml: phase: found no such phase, expected a phase that allows settle
            "\"defund\", \"on-sweep\"" => "\"defund\", \"on-sweep\", \"on-close\""
                arrangement.toml:43: phase[5].allows: found on-close, expected on-close in the last phase alone
            "[\"on-close\"]" => "[]"
                arrangement.toml: phase: found no such phase, expected a last phase with on-close
            "\"on-unsettled\", " => ""
                arrangement.toml: phase: found no such phase, expected a phase with on-unsettled, for payments still waiting
            "\"defund\", \"on-sweep\"" => "\"defund\", \"entry\", \"on-sweep\""
                arrangement.toml:43: phase[5].allows: found entry, expected no entry once on-unsettled has been applied
            "[\"confirm\", \"on-unsettled\"" => "[\"on-unsettled\""
                arrangement.toml:12: options.require_confirmation: found true, expected false, or a phase with on-cut and one that allows confirm, in this order
            "\"on-cut\"]" => "\"on-cut\", \"on-sweep\"]"
                arrangement.toml:38: phase[4].allows: found on-sweep, expected on-sweep in a phase after the one that allows confirm
            "\"approve-rates\"" => "\"fund\""
                rates.csv:2: rate: found a rate, expected no line, or a phase that allows rates and one that allows approve-rates, in this order
            "allows = [\"fund\", \"entry\"]\nlasts = \"1h\"\n\n[[phase]]\nname = \"Exchange\"\nallows = [\"entry\", \"settle\", \"return\", \"fund\", " => "allows = [\"entry\"]\nlasts = \"1h\"\n\n[[phase]]\nname = \"Exchange\"\nallows = [\"entry\", \"settle\", \"return\", "
                funding.csv:2: at: found a transfer, expected no line, or a phase that allows fund
                funding.csv:3: at: found 06:45, expected a time within a phase that allows fund
        "#]],
    );
}

#[test]
fn authorities_and_currencies() {
    check(
        &[
            ("country = \"KZ\"", "country = \"Kazakhstan\""),
            ("country = \"CN\"", "country = \"KZ\""),
            ("d75a98", "d75a9"),
            ("code = \"CNY\"\nexponent = 2", "code = \"CNY\"\nexponent = 3"),
            ("code = \"KWD\"\nexponent = 3", "code = \"KWD\"\nexponent = 5"),
            ("code = \"CNY\"", "code = \"yuan\""),
            ("code = \"KWD\"", "code = \"CNY\""),
            ("code = \"KWD\"\nexponent = 3", "code = \"KWZ\"\nexponent = 3"),
            ("authority = \"KW\"", "authority = \"KU\""),
            ("[\"fri\", \"sat\"]", "[\"friday\", \"sat\"]"),
            ("[\"fri\", \"sat\"]", "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]"),
            ("holidays = [2026-12-16", "holidays = [2026-13-16"),
            ("workdays = [2026-10-10]", "workdays = [2026-10-01]"),
            ("workdays = [2026-10-10]", "workdays = [2026-10-09]"),
            ("holidays = [2026-12-16", "holidays = [2026-11-24"),
            ("unsettled = \"carry\"", "unsettled = \"keep\""),
            ("local = \"16:00\"", "local = \"17:00\""),
            ("local = \"19:00\"", "local = \"09:00\""),
            ("local = \"19:00\"", "at = \"19:00\""),
            ("zone = \"Asia/Shanghai\"", "zone = \"Shanghai\""),
        ],
        expect![[r#"
            "country = \"KZ\"" => "country = \"Kazakhstan\""
                arrangement.toml:53: authority[1].country: found "Kazakhstan", expected a country of two capitals (ISO 3166)
            "country = \"CN\"" => "country = \"KZ\""
                arrangement.toml:58: authority[2].country: found "KZ", expected one authority a country
            "d75a98" => "d75a9"
                arrangement.toml:54: authority[1].public_key: found "d75a90182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f7075"..., expected 64 hexadecimal digits (an Ed25519 public key)
            "code = \"CNY\"\nexponent = 2" => "code = \"CNY\"\nexponent = 3"
                arrangement.toml:74: currency[2].exponent: found 3, expected 2 (ISO 4217 exponent of CNY)
            "code = \"KWD\"\nexponent = 3" => "code = \"KWD\"\nexponent = 5"
                arrangement.toml:85: currency[3].exponent: found 5, expected a whole number from 0 to 4
            "code = \"CNY\"" => "code = \"yuan\""
                arrangement.toml:73: currency[2].code: found "yuan", expected a currency code of three capitals (ISO 4217)
            "code = \"KWD\"" => "code = \"CNY\""
                arrangement.toml:84: currency[3].code: found "CNY", expected a currency no other entry has
            "code = \"KWD\"\nexponent = 3" => "code = \"KWZ\"\nexponent = 3"
                arrangement.toml:97: defaults.per_payment.KWD: found "KWD", expected a currency of the arrangement (KZT, CNY, KWZ)
                arrangement.toml:99: defaults.overnight_foreign.KWD: found "KWD", expected a currency of the arrangement (KZT, CNY, KWZ)
                participants.csv:5: currencies: found "KWD", expected currencies of the arrangement, or * (KZT, CNY, KWZ)
                funding.csv:4: currency: found "KWD", expected a currency of the arrangement (KZT, CNY, KWZ)
            "authority = \"KW\"" => "authority = \"KU\""
                arrangement.toml:86: currency[3].authority: found "KU", expected the country of an authority (KZ, CN, KW)
            "[\"fri\", \"sat\"]" => "[\"friday\", \"sat\"]"
                arrangement.toml:87: currency[3].weekend: found "friday", expected one of mon, tue, wed, thu, fri, sat, sun
            "[\"fri\", \"sat\"]" => "[\"mon\", \"tue\", \"wed\", \"thu\", \"fri\", \"sat\", \"sun\"]"
                arrangement.toml:87: currency[3].weekend: found all seven days, expected at least one open weekday
            "holidays = [2026-12-16" => "holidays = [2026-13-16"
                arrangement.toml:68: found "holidays = [2026-13-16, 2027-01-01]", expected valid TOML; invalid date, expected month between 01 and 12
            "workdays = [2026-10-10]" => "workdays = [2026-10-01]"
                arrangement.toml:78: currency[2].workdays: found 2026-10-01, expected each date once in holidays and workdays
            "workdays = [2026-10-10]" => "workdays = [2026-10-09]"
                warning: arrangement.toml:78: currency[2].workdays: found 2026-10-09, expected a date of a weekend, to be opened
            "holidays = [2026-12-16" => "holidays = [2026-11-24"
                warning: arrangement.toml:16: day.date: found 2026-11-24, closed for KZT, expected a date open for every currency
            "unsettled = \"carry\"" => "unsettled = \"keep\""
                arrangement.toml:69: currency[1].unsettled: found "keep", expected "carry", "reject" or "cancel"
            "local = \"16:00\"" => "local = \"17:00\""
                arrangement.toml:70: currency[1].cutoff: found 17:00 Asia/Almaty (2026-11-24T12:00:00.000Z on 2026-11-24), expected a time in a phase that allows entry: 2026-11-24T01:30:00.000Z to 2026-11-24T11:30:00.000Z
            "local = \"19:00\"" => "local = \"09:00\""
                arrangement.toml:80: currency[2].cutoff: found 09:00 Asia/Shanghai (2026-11-24T01:00:00.000Z on 2026-11-24), expected a time in a phase that allows entry: 2026-11-24T01:30:00.000Z to 2026-11-24T11:30:00.000Z
            "local = \"19:00\"" => "at = \"19:00\""
                arrangement.toml:80: currency[2].cutoff.local: found nothing, expected a local time such as "17:00"
                arrangement.toml:80: currency[2].cutoff.at: found an unknown key, expected one of local, zone
            "zone = \"Asia/Shanghai\"" => "zone = \"Shanghai\""
                arrangement.toml:80: currency[2].cutoff.zone: found "Shanghai", expected an IANA zone such as "Asia/Shanghai"
        "#]],
    );
}

#[test]
fn pairs_defaults_and_people() {
    check(
        &[
            ("quote = \"KZT\"", "quote = \"KTZ\""),
            ("quote = \"KZT\"", "quote = \"CNY\""),
            ("gate_bps = 200", "gate_bps = 2.5"),
            ("provider = \"XXXXKZB1\"", "provider = \"XXXXKZ\""),
            ("provider = \"XXXXKZB1\"", "provider = \"XXXXKZB3\""),
            ("provider = \"XXXXKZB1\"", "provider = \"XXXXKWB1\""),
            (
                "[defaults]",
                "[[pair]]\nbase = \"KZT\"\nquote = \"CNY\"\ngate_bps = 1\nprovider = \"XXXXKZB1\"\n\n[defaults]",
            ),
            ("per_payment = { KZT", "per_payment = { KTZ"),
            ("KWD = \"3000000.000\"", "KWD = \"3000000.0005\""),
            ("KWD = \"3000000.000\"", "KWD = 3000000"),
            ("per_payment = {", "per_paiment = {"),
            ("roles = [\"authority-checker\"]", "roles = [\"authority-maker\", \"authority-checker\"]"),
            ("roles = [\"authority-checker\"]", "roles = [\"auditor\"]"),
            ("roles = [\"authority-checker\"]", "roles = [\"checker\"]"),
            ("name = \"second-auditor\"", "name = \"auditor\""),
            ("authority = \"KZ\"\nroles", "authority = \"KZ\"\nbic = \"XXXXKZB1\"\nroles"),
        ],
        expect![[r#"
            "quote = \"KZT\"" => "quote = \"KTZ\""
                arrangement.toml:92: pair[1].quote: found "KTZ", expected a currency of the arrangement (KZT, CNY, KWD)
            "quote = \"KZT\"" => "quote = \"CNY\""
                arrangement.toml:92: pair[1].quote: found "CNY", expected another currency than the base
            "gate_bps = 200" => "gate_bps = 2.5"
                arrangement.toml:93: pair[1].gate_bps: found 2.5, expected a whole number of basis points from 0 to 1000000
            "provider = \"XXXXKZB1\"" => "provider = \"XXXXKZ\""
                arrangement.toml:94: pair[1].provider: found "XXXXKZ", expected a BIC of 8 or 11 characters (ISO 9362)
            "provider = \"XXXXKZB1\"" => "provider = \"XXXXKZB3\""
                arrangement.toml:94: pair[1].provider: found XXXXKZB3XXX, expected the BIC of a participant in participants.csv; did you mean XXXXKZB1XXX
            "provider = \"XXXXKZB1\"" => "provider = \"XXXXKWB1\""
                arrangement.toml:94: pair[1].provider: found XXXXKWB1XXX, expected a direct participant with an account in both currencies of the pair
            "[defaults]" => "[[pair]]\nbase = \"KZT\"\nquote = \"CNY\"\ngate_bps = 1\nprovider = \"XXXXKZB1\"\n\n[defaults]"
                arrangement.toml:97: pair[2].base: found KZT/CNY, expected each pair once, in one order
            "per_payment = { KZT" => "per_payment = { KTZ"
                arrangement.toml:97: defaults.per_payment.KTZ: found "KTZ", expected a currency of the arrangement (KZT, CNY, KWD)
            "KWD = \"3000000.000\"" => "KWD = \"3000000.0005\""
                arrangement.toml:97: defaults.per_payment.KWD: found "3000000.0005", expected an amount from 0.000 to 1000000000000000.000
            "KWD = \"3000000.000\"" => "KWD = 3000000"
                arrangement.toml:97: defaults.per_payment.KWD: found 3000000, expected text in quotes
            "per_payment = {" => "per_paiment = {"
                arrangement.toml:97: defaults.per_paiment: found an unknown key, expected one of per_payment, per_day, multilateral, net_debit, net_debit_foreign, overnight_foreign; did you mean per_payment
            "roles = [\"authority-checker\"]" => "roles = [\"authority-maker\", \"authority-checker\"]"
                arrangement.toml:104: actor[1].roles: found authority-maker together with authority-checker, expected roles one person may hold
            "roles = [\"authority-checker\"]" => "roles = [\"auditor\"]"
                arrangement.toml:104: actor[1].roles: found auditor, expected authority-maker or authority-checker
            "roles = [\"authority-checker\"]" => "roles = [\"checker\"]"
                arrangement.toml:104: actor[1].roles: found "checker", expected one of channel, operator, operations-manager, finance-maker, finance-checker, security-admin, auditor, bank-maker, bank-checker, authority-maker, authority-checker
                arrangement.toml:104: actor[1].roles: found no role, expected authority-maker or authority-checker
            "name = \"second-auditor\"" => "name = \"auditor\""
                arrangement.toml:102: actor[1].name: found "auditor", expected a name no other actor has
            "authority = \"KZ\"\nroles" => "authority = \"KZ\"\nbic = \"XXXXKZB1\"\nroles"
                arrangement.toml:102: actor[1].name: found both authority and bic, expected at most one of them
        "#]],
    );
}

#[test]
fn participants() {
    check(
        &[
            ("bic,name,country", "bic,nmae,country"),
            ("XXXXKZB1,Example", "XXXXKZB,Example"),
            ("XXXXKWB1,Example Bank of Kuwait", "XXXXCNB1XXX,Example Bank of Kuwait"),
            ("XXXXKWB1,Example Bank of Kuwait 1,KW", "XXXXKWB1,Example Bank of Kuwait 1,UZ"),
            ("XXXXKWB1,Example Bank of Kuwait 1,KW", "XXXXKWB1,Example Bank of Kuwait 1,CN"),
            ("KW,direct,,KWD CNY", "KW,indirect,,KWD CNY"),
            ("KW,direct,,KWD CNY", "KW,direct,XXXXKZB1,KWD CNY"),
            ("KW,direct,,KWD CNY", "KW,direct,,KWD USD CNY"),
            ("KW,direct,,KWD CNY", "KW,direct,,CNY"),
            ("sponsored,XXXXKZB1,KZT", "sponsored,,KZT"),
            ("sponsored,XXXXKZB1,KZT", "sponsored,XXXXKZB9,KZT"),
            ("sponsored,XXXXKZB1,KZT", "sponsored,XXXXKZB2,KZT"),
            ("sponsored,XXXXKZB1,KZT", "sponsored,XXXXKZB1,KZT KWD"),
            ("KW,direct,,KWD CNY", "KW,sponsored,XXXXKZB2,CNY"),
            ("KZ,direct,,KZT CNY", "KZ,direct,,KZT CNY,extra"),
        ],
        expect![[r#"
            "bic,name,country" => "bic,nmae,country"
                participants.csv:1: column 2: found "nmae", expected one of bic, name, country, kind, sponsor, currencies, bypass; did you mean name
                participants.csv:1: name: found no such column, expected the column
            "XXXXKZB1,Example" => "XXXXKZB,Example"
                participants.csv:2: bic: found "XXXXKZB", expected a BIC of 8 or 11 characters (ISO 9362)
            "XXXXKWB1,Example Bank of Kuwait" => "XXXXCNB1XXX,Example Bank of Kuwait"
                participants.csv:5: bic: found XXXXCNB1XXX, expected a BIC no other row has; the first is on line 4
            "XXXXKWB1,Example Bank of Kuwait 1,KW" => "XXXXKWB1,Example Bank of Kuwait 1,UZ"
                participants.csv:5: country: found "UZ", expected the country of an authority (KZ, CN, KW)
            "XXXXKWB1,Example Bank of Kuwait 1,KW" => "XXXXKWB1,Example Bank of Kuwait 1,CN"
                warning: participants.csv:5: bic: found XXXXKWB1XXX, expected the country letters CN in the BIC
            "KW,direct,,KWD CNY" => "KW,indirect,,KWD CNY"
                participants.csv:5: kind: found "indirect", expected direct or sponsored
            "KW,direct,,KWD CNY" => "KW,direct,XXXXKZB1,KWD CNY"
                participants.csv:5: sponsor: found XXXXKZB1XXX, expected nothing, as the participant is direct
            "KW,direct,,KWD CNY" => "KW,direct,,KWD USD CNY"
                participants.csv:5: currencies: found "USD", expected currencies of the arrangement, or * (KZT, CNY, KWD)
            "KW,direct,,KWD CNY" => "KW,direct,,CNY"
                funding.csv:4: bic: found XXXXKWB1XXX, expected a participant with an account in KWD
            "sponsored,XXXXKZB1,KZT" => "sponsored,,KZT"
                participants.csv:3: sponsor: found nothing, expected a BIC of 8 or 11 characters (ISO 9362)
            "sponsored,XXXXKZB1,KZT" => "sponsored,XXXXKZB9,KZT"
                participants.csv:3: sponsor: found XXXXKZB9XXX, expected the BIC of a direct participant; did you mean XXXXKZB1XXX
            "sponsored,XXXXKZB1,KZT" => "sponsored,XXXXKZB2,KZT"
                participants.csv:3: sponsor: found XXXXKZB2XXX, expected another participant than itself
            "sponsored,XXXXKZB1,KZT" => "sponsored,XXXXKZB1,KZT KWD"
                participants.csv:3: currencies: found KWD, expected a currency in which the sponsor XXXXKZB1XXX has an account
            "KW,direct,,KWD CNY" => "KW,sponsored,XXXXKZB2,CNY"
                participants.csv:5: bypass: found currencies, expected nothing, as the queue is its sponsor's
                participants.csv:5: sponsor: found XXXXKZB2XXX, expected a direct participant; a sponsor that has a sponsor itself makes a chain
                funding.csv:4: bic: found XXXXKWB1XXX, expected a participant with an account in KWD
            "KZ,direct,,KZT CNY" => "KZ,direct,,KZT CNY,extra"
                arrangement.toml:94: pair[1].provider: found XXXXKZB1XXX, expected the BIC of a participant in participants.csv; did you mean XXXXKWB1XXX
                participants.csv:2: found 8 fields, expected 7, as in the first row
                participants.csv:3: sponsor: found XXXXKZB1XXX, expected the BIC of a direct participant; did you mean XXXXKWB1XXX
                limits.csv:2: bic: found XXXXKZB1XXX, expected the BIC of a participant in participants.csv; did you mean XXXXKWB1XXX
                funding.csv:2: bic: found XXXXKZB1XXX, expected the BIC of a participant in participants.csv; did you mean XXXXKWB1XXX
        "#]],
    );
}

#[test]
fn limits_funding_and_rates() {
    check(
        &[
            ("net-debit,,2000000.00", "net-debit,,-5"),
            ("net-debit,,2000000.00", "net-credit,,5"),
            ("net-debit,,2000000.00", "net-debit,,1000000000000000000.00"),
            ("net-debit,,2000000.00", "net-debit,XXXXCNB1,5"),
            ("bilateral,XXXXKWB1,500000.00", "bilateral,,500000.00"),
            ("bilateral,XXXXKWB1,500000.00", "bilateral,XXXXCNB1,500000.00"),
            ("bilateral,XXXXKWB1,500000.00", "bilateral,XXXXKWB2,500000.00"),
            ("XXXXKZB1,CNY,net-debit", "XXXXKZB1,KWD,net-debit"),
            ("XXXXKZB1,CNY,net-debit", "XXXXKZB2,KZT,net-debit"),
            ("XXXXCNB1,CNY,bilateral,XXXXKWB1", "XXXXKZB1,CNY,net-debit,,1\nXXXXCNB1,CNY,bilateral,XXXXKWB1"),
            ("900000000.00,,EXAMPLE-1", "0.00,,EXAMPLE-1"),
            ("900000000.00,,EXAMPLE-1", "900.005,,EXAMPLE-1"),
            ("12000000.00,06:45", "12000000.00,06:15"),
            ("12000000.00,06:45", "12000000.00,6:45"),
            ("XXXXCNB1,CNY,12000000.00,06:45,EXAMPLE-2", "XXXXCNB1,KZT,1.00,,EXAMPLE-1"),
            ("EXAMPLE-3,2026-11-24", "EXAMPLE-3,24.11.2026"),
            ("CNY,KZT,74.30", "KZT,CNY,0.0134"),
            ("CNY,KZT,74.30", "CNY,KWD,0.043"),
            ("CNY,KZT,74.30", "CNY,KZT,0"),
            ("CNY,KZT,74.30", "CNY,KZT,-74.30"),
            ("74.30,Example official rate,official,both", "74.30,Example official rate,guess,both"),
            ("74.30,Example official rate,official,both", "74.30,Example official rate,official,KW"),
            ("74.30,Example official rate,official,both", "74.30,Example official rate,official,CN"),
            ("both,yes", "both,perhaps"),
            ("base,quote,rate,source,kind,approvals", "base,quote,rate,source,kind,kind"),
        ],
        expect![[r#"
            "net-debit,,2000000.00" => "net-debit,,-5"
                limits.csv:2: value: found "-5", expected an amount from 0.00 to 10000000000000000.00
            "net-debit,,2000000.00" => "net-credit,,5"
                limits.csv:2: kind: found "net-credit", expected one of per-payment, net-debit, bilateral, multilateral, per-day, overnight, reserve
            "net-debit,,2000000.00" => "net-debit,,1000000000000000000.00"
                limits.csv:2: value: found "1000000000000000000.00", expected an amount from 0.00 to 10000000000000000.00
            "net-debit,,2000000.00" => "net-debit,XXXXCNB1,5"
                limits.csv:2: counterparty: found XXXXCNB1XXX, expected nothing, as the limit is not bilateral
            "bilateral,XXXXKWB1,500000.00" => "bilateral,,500000.00"
                limits.csv:3: counterparty: found nothing, expected a BIC, as the limit is bilateral
            "bilateral,XXXXKWB1,500000.00" => "bilateral,XXXXCNB1,500000.00"
                limits.csv:3: counterparty: found XXXXCNB1XXX, expected another participant than the limited one
            "bilateral,XXXXKWB1,500000.00" => "bilateral,XXXXKWB2,500000.00"
                limits.csv:3: counterparty: found XXXXKWB2XXX, expected the BIC of a participant in participants.csv; did you mean XXXXKWB1XXX
            "XXXXKZB1,CNY,net-debit" => "XXXXKZB1,KWD,net-debit"
                limits.csv:2: bic: found XXXXKZB1XXX, expected a participant with an account in KWD
            "XXXXKZB1,CNY,net-debit" => "XXXXKZB2,KZT,net-debit"
                limits.csv:2: bic: found XXXXKZB2XXX, expected a participant with an account in KZT; it is sponsored and settles through its sponsor's account
            "XXXXCNB1,CNY,bilateral,XXXXKWB1" => "XXXXKZB1,CNY,net-debit,,1\nXXXXCNB1,CNY,bilateral,XXXXKWB1"
                limits.csv:3: kind: found the same limit again, expected each limit once; the first is on line 2
            "900000000.00,,EXAMPLE-1" => "0.00,,EXAMPLE-1"
                funding.csv:2: amount: found "0.00", expected an amount from 0.01 to 1000000000000000.00
            "900000000.00,,EXAMPLE-1" => "900.005,,EXAMPLE-1"
                funding.csv:2: amount: found "900.005", expected an amount from 0.01 to 1000000000000000.00
            "12000000.00,06:45" => "12000000.00,06:15"
                funding.csv:3: at: found 06:15, expected a time within a phase that allows fund
            "12000000.00,06:45" => "12000000.00,6:45"
                funding.csv:3: at: found "6:45", expected a local time such as 07:30
            "XXXXCNB1,CNY,12000000.00,06:45,EXAMPLE-2" => "XXXXCNB1,KZT,1.00,,EXAMPLE-1"
                funding.csv:3: reference: found "EXAMPLE-1", expected a reference used once in its currency; the first is on line 2
            "EXAMPLE-3,2026-11-24" => "EXAMPLE-3,24.11.2026"
                funding.csv:4: date: found "24.11.2026", expected a date such as 2026-11-24
            "CNY,KZT,74.30" => "KZT,CNY,0.0134"
                rates.csv:2: base: found KZT/CNY, expected a pair of the arrangement; the pair is CNY/KZT; give units of KZT for one CNY
            "CNY,KZT,74.30" => "CNY,KWD,0.043"
                rates.csv:2: base: found CNY/KWD, expected a pair of the arrangement
            "CNY,KZT,74.30" => "CNY,KZT,0"
                rates.csv:2: rate: found "0", expected a rate more than zero, with at most 12 digits after the point
            "CNY,KZT,74.30" => "CNY,KZT,-74.30"
                rates.csv:2: rate: found "-74.30", expected a rate more than zero, with at most 12 digits after the point
            "74.30,Example official rate,official,both" => "74.30,Example official rate,guess,both"
                rates.csv:2: kind: found "guess", expected official, market or fixed
            "74.30,Example official rate,official,both" => "74.30,Example official rate,official,KW"
                rates.csv:2: approvals: found "KW", expected both, none, or countries among CN KZ
            "74.30,Example official rate,official,both" => "74.30,Example official rate,official,CN"
                warning: rates.csv:2: approvals: found silence of KZ, expected the approval of both authorities; the pair stays blocked
            "both,yes" => "both,perhaps"
                rates.csv:4: release: found "perhaps", expected yes or no
            "base,quote,rate,source,kind,approvals" => "base,quote,rate,source,kind,kind"
                rates.csv:1: column 6: found "kind", expected each column once
                rates.csv:1: approvals: found no such column, expected the column
        "#]],
    );
}

#[test]
fn offsetting() {
    check(
        &[
            ("on_change = \"every\"", "on_change = \"always\""),
            ("policy = \"free-subset\"", "policy = \"free\""),
            ("every = \"1h\"", "every = \"0m\""),
            ("every = \"1h\"", "evry = \"1h\""),
            ("direct,,*,CNY", "direct,,KZT,CNY"),
            ("direct,,*,CNY", "direct,,*,XXX"),
            ("sponsored,XXXXKZB1,KZT,", "sponsored,XXXXKZB1,KZT,KZT"),
            ("XXXXKZB1,CNY,net-debit", "XXXXKZB1,CNY,reserved"),
        ],
        expect![[r#"
            "on_change = \"every\"" => "on_change = \"always\""
                arrangement.toml:81: currency[2].offset.on_change: found "always", expected "nothing", "pair" or "every"
            "policy = \"free-subset\"" => "policy = \"free\""
                arrangement.toml:81: currency[2].offset.policy: found "free", expected "fifo-prefix" or "free-subset"
            "every = \"1h\"" => "every = \"0m\""
                arrangement.toml:81: currency[2].offset.every: found "0m", expected a length of time such as 30m or 2h30m
            "every = \"1h\"" => "evry = \"1h\""
                arrangement.toml:81: currency[2].offset.evry: found an unknown key, expected one of on_change, policy, every; did you mean every
            "direct,,*,CNY" => "direct,,KZT,CNY"
                participants.csv:4: bypass: found CNY, expected currencies the participant takes part in
                limits.csv:3: bic: found XXXXCNB1XXX, expected a participant with an account in CNY
                funding.csv:3: bic: found XXXXCNB1XXX, expected a participant with an account in CNY
            "direct,,*,CNY" => "direct,,*,XXX"
                participants.csv:4: bypass: found "XXX", expected currencies of the arrangement, or * (KZT, CNY, KWD)
            "sponsored,XXXXKZB1,KZT," => "sponsored,XXXXKZB1,KZT,KZT"
                participants.csv:3: bypass: found currencies, expected nothing, as the queue is its sponsor's
            "XXXXKZB1,CNY,net-debit" => "XXXXKZB1,CNY,reserved"
                limits.csv:2: kind: found "reserved", expected one of per-payment, net-debit, bilateral, multilateral, per-day, overnight, reserve
        "#]],
    );
}

#[test]
fn all_mistakes_are_told_at_once_in_the_order_of_the_files() {
    let mut files = common::example();
    files.arrangement = files.arrangement.replace("exponent = 2", "exponent = 1");
    files.participants = files.participants.replace("direct", "straight");
    files.rates = files.rates.replace("both", "neither");
    let Err(mistakes) = parse(&files) else {
        panic!("there are mistakes");
    };
    expect![[r#"
        arrangement.toml:66: currency[1].exponent: found 1, expected 2 (ISO 4217 exponent of KZT)
        arrangement.toml:74: currency[2].exponent: found 1, expected 2 (ISO 4217 exponent of CNY)
        participants.csv:2: kind: found "straight", expected direct or sponsored
        participants.csv:4: kind: found "straight", expected direct or sponsored
        participants.csv:5: kind: found "straight", expected direct or sponsored
        rates.csv:2: approvals: found "neither", expected both, none, or countries among CN KZ
        rates.csv:3: approvals: found "neither", expected both, none, or countries among CN KZ
        rates.csv:4: approvals: found "neither", expected both, none, or countries among CN KZ"#]]
    .assert_eq(&mistakes.to_string());
}
