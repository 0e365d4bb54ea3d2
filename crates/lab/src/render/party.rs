//! Plainly invented companies: names in three scripts, addresses, account numbers, LEIs.
//!
//! Everything follows from a number, so that the same company has the same texts. No name here belongs to anybody; towns are real, streets are
//! not. Persons are absent on purpose.

use crate::traffic::{CountryCode, Rng, uses_iban};

/// A company as a message shows it.
pub(super) struct Company {
    pub(super) name: String,
    pub(super) country: CountryCode,
    pub(super) street: String,
    pub(super) building: String,
    pub(super) post_code: String,
    pub(super) town: &'static str,
    /// Further address lines beside town and country: a hybrid address.
    pub(super) hybrid: bool,
    pub(super) lei: Option<String>,
    pub(super) account: Account,
}

/// An account number.
pub(super) enum Account {
    Iban(String),
    Other(String),
}

/// Companies of one country.
struct Place {
    country: &'static str,
    towns: [&'static str; 3],
    /// Digits of an account number.
    digits: usize,
    script: Script,
}

#[derive(Clone, Copy)]
enum Script {
    Latin,
    Cyrillic,
    Chinese,
}

/// Lengths of account numbers are those in use in each country where known, else our choice.
const PLACES: [Place; 9] = [
    place("CN", ["Beijing", "Shanghai", "Urumqi"], 19, Script::Chinese),
    place("RU", ["Moskva", "Omsk", "Vladivostok"], 20, Script::Cyrillic),
    place("KZ", ["Almaty", "Astana", "Shymkent"], 13, Script::Cyrillic),
    place("BY", ["Minsk", "Brest", "Gomel"], 16, Script::Cyrillic),
    place("AM", ["Yerevan", "Gyumri", "Vanadzor"], 16, Script::Latin),
    place("KG", ["Bishkek", "Osh", "Karakol"], 16, Script::Cyrillic),
    place("MN", ["Ulaanbaatar", "Darkhan", "Erdenet"], 12, Script::Cyrillic),
    place("UZ", ["Tashkent", "Samarkand", "Bukhara"], 20, Script::Latin),
    place("IN", ["Mumbai", "Delhi", "Chennai"], 15, Script::Latin),
];

const ELSEWHERE: Place = place("", ["Exampletown", "Sampleville", "Demoford"], 14, Script::Latin);

const fn place(country: &'static str, towns: [&'static str; 3], digits: usize, script: Script) -> Place {
    Place { country, towns, digits, script }
}

const LATIN: [&str; 4] = ["Example", "Specimen", "Sample", "Demo"];
const LATIN_TRADES: [&str; 8] = [
    "Copper Works",
    "Grain & Oil",
    "Textile Mill",
    "Machine Tools",
    "Fruit Export",
    "Rail Freight",
    "Chemicals",
    "Electronics",
];
const LATIN_FORMS: [&str; 4] = ["LLC", "JSC", "Co., Ltd.", "Trading House"];
const CYRILLIC: [&str; 4] = ["Пример", "Образец", "Макет", "Проба"];
const CYRILLIC_TRADES: [&str; 8] = ["Медь", "Зерно", "Текстиль", "Станки", "Фрукты", "Вагон", "Химия", "Прибор"];
const CHINESE: [&str; 4] = ["示例", "样本", "演示", "范例"];
const CHINESE_TRADES: [&str; 8] = ["铜业", "粮油", "纺织", "机床", "果品", "货运", "化工", "电子"];
const STREETS: [&str; 6] =
    ["Example Street", "Specimen Avenue", "Sample Lane", "Model Road", "Pattern Square", "Test Embankment"];

/// The company that belongs to a number in a country.
pub(super) fn company(number: u64, country: CountryCode) -> Company {
    let rng = &mut Rng::new(number);
    let place = PLACES.iter().find(|place| place.country == country.as_str()).unwrap_or(&ELSEWHERE);
    let name = name(rng, place.script);
    let lei = rng.per_mille(600).then(|| lei(rng));
    Company {
        name,
        country,
        street: pick(rng, &STREETS).to_owned(),
        building: (1 + rng.below(240)).to_string(),
        post_code: format!("{:06}", 100_000 + rng.below(800_000)),
        town: pick(rng, &place.towns),
        hybrid: rng.per_mille(350),
        lei,
        account: account(rng, country, place.digits),
    }
}

fn pick(rng: &mut Rng, from: &[&'static str]) -> &'static str {
    rng.pick(from).copied().unwrap_or("")
}

fn name(rng: &mut Rng, script: Script) -> String {
    let number = 1 + rng.below(9_999);
    let own_script = rng.per_mille(450);
    match script {
        Script::Cyrillic if own_script => {
            format!("ООО \"{} {} {number}\"", pick(rng, &CYRILLIC), pick(rng, &CYRILLIC_TRADES))
        }
        Script::Chinese if own_script => {
            format!("{}{}第{number}有限公司", pick(rng, &CHINESE), pick(rng, &CHINESE_TRADES))
        }
        Script::Latin | Script::Cyrillic | Script::Chinese => {
            format!("{} {} {number} {}", pick(rng, &LATIN), pick(rng, &LATIN_TRADES), pick(rng, &LATIN_FORMS))
        }
    }
}

/// An LEI with valid check digits (ISO 17442): prefix `XXXX`, which no issuer has, `00`, twelve characters, two check digits.
pub(super) fn lei(rng: &mut Rng) -> String {
    const SIGNS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let mut code = String::from("XXXX00");
    for _ in 0..12 {
        code.push(char::from(rng.pick(SIGNS).copied().unwrap_or(b'0')));
    }
    let check = check_digits(&code);
    format!("{code}{check:02}")
}

fn account(rng: &mut Rng, country: CountryCode, digits: usize) -> Account {
    let number: String = (0..digits).map(|_| char::from(b'0' + u8::try_from(rng.below(10)).unwrap_or(0))).collect();
    if !uses_iban(country) {
        return Account::Other(number);
    }
    // Kazakhstan: bank of three digits, account of thirteen. Belarus: bank of four letters, balance account of four digits, account of
    // sixteen (IBAN registry).
    let body = match country.as_str() {
        "KZ" => format!("999{number}"),
        _ => format!("XXXX3012{number}"),
    };
    let code = country.as_str();
    let check = check_digits(&format!("{body}{code}"));
    Account::Iban(format!("{code}{check:02}{body}"))
}

/// ISO 7064 MOD 97-10: the digits that make the whole leave 1, with letters counted from 10.
fn check_digits(text: &str) -> u64 {
    let remainder = text
        .chars()
        .chain("00".chars())
        .filter_map(|sign| sign.to_digit(36).map(u64::from))
        .fold(0, |sum, value| (if value < 10 { sum * 10 } else { sum * 100 } + value) % 97);
    98 - remainder
}

/// The same text with another last digit: its check digits are wrong.
pub(super) fn spoil_last_digit(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(last) = text.pop() {
        let digit = last.to_digit(10).map_or(0, |digit| (digit + 1) % 10);
        text.push(char::from_digit(digit, 10).unwrap_or('0'));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Example numbers of the IBAN registry and of ISO 17442.
    #[test]
    fn check_digits_agree_with_published_examples() {
        assert_eq!(check_digits("125KZT5004100100KZ"), 86);
        assert_eq!(check_digits("NBRB3600900000002Z00AB00BY"), 13);
        assert_eq!(check_digits("5493001KJTIIGC8Y1R"), 12);
    }

    #[test]
    fn companies_are_the_same_for_the_same_number() {
        let country = CountryCode::new("KZ");
        let (first, second) = (company(7, country), company(7, country));
        assert_eq!(first.name, second.name);
        let Account::Iban(iban) = first.account else {
            panic!("Kazakhstan has IBANs");
        };
        assert_eq!(iban.len(), 20);
        assert_ne!(spoil_last_digit(&iban), iban);
    }
}
