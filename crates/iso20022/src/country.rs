//! ISO 3166 country codes and the account-number lengths of the IBAN registry.
//!
//! Deliberately absent: names, and which country may do what.

/// Assigned ISO 3166-1 alpha-2 codes, and `XK`, which banks use for Kosovo.
const CODES: &[u8] = b"AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK YE YT ZA ZM ZW";

/// Lengths in the IBAN registry.
const IBAN_LENGTHS: &[u8] = b"AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30";

const KNOWN: u8 = 0x80;

/// One byte for each pair of letters: the top bit when the code is assigned, the rest the IBAN length (0 when not registered).
static COUNTRIES: [u8; 676] = table();

const fn table() -> [u8; 676] {
    let mut table = [0; 676];
    let mut at = 0;
    while at + 2 <= CODES.len() {
        table[pair(CODES[at], CODES[at + 1])] = KNOWN;
        at += 3;
    }
    at = 0;
    while at + 4 <= IBAN_LENGTHS.len() {
        let length = (IBAN_LENGTHS[at + 2] - b'0') * 10 + (IBAN_LENGTHS[at + 3] - b'0');
        table[pair(IBAN_LENGTHS[at], IBAN_LENGTHS[at + 1])] |= length;
        at += 5;
    }
    table
}

const fn pair(a: u8, b: u8) -> usize {
    (a - b'A') as usize * 26 + (b - b'A') as usize
}

fn entry(code: &[u8]) -> u8 {
    match *code {
        [a @ b'A'..=b'Z', b @ b'A'..=b'Z'] => COUNTRIES.get(pair(a, b)).copied().unwrap_or(0),
        _ => 0,
    }
}

/// Whether the two letters are a country code in use.
pub(crate) fn is_known(code: &[u8]) -> bool {
    entry(code) & KNOWN != 0
}

/// The length of an IBAN of this country, where the registry has one.
pub(crate) fn iban_length(code: &[u8]) -> Option<u8> {
    let length = entry(code) & !KNOWN;
    (length != 0).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_are_read_whole() {
        assert_eq!(COUNTRIES.iter().filter(|c| **c & KNOWN != 0).count(), 250, "249 of ISO 3166 and XK");
        assert!(is_known(b"CN") && is_known(b"ZW") && !is_known(b"ZZ") && !is_known(b"cn"));
        assert_eq!(iban_length(b"KZ"), Some(20));
        assert_eq!(iban_length(b"YE"), Some(30));
        assert_eq!(iban_length(b"CN"), None);
    }
}
