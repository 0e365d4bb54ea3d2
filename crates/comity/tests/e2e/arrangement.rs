//! A small arrangement made for these tests: three countries, five banks, all clocks in UTC.
//!
//! 00:00 rates, 00:30 funding, 01:00 exchange, 09:00 cut-off, 09:15 net positions, then to the close at 11:05.

use std::path::Path;

use crate::world::{comity, write};

pub(crate) const CN1: &str = "XXXXCNB1";
pub(crate) const CN2: &str = "XXXXCNB2";
pub(crate) const RU1: &str = "XXXXRUB1";
pub(crate) const KZ1: &str = "XXXXKZB1";

pub(crate) const ARRANGEMENT: &str = r#"name = "Small Arrangement"
version = 1
effective = 2026-01-01

[options]
return_days = 1
offset_every = "1h"

[day]
date = 2026-11-24
opens = "00:00"
zone = "UTC"
days = 1

[[phase]]
name = "Rates"
allows = ["rates", "approve-rates"]
lasts = "30m"

[[phase]]
name = "Funding"
allows = ["fund", "entry"]
lasts = "30m"

[[phase]]
name = "Exchange"
allows = ["entry", "settle", "return", "fund", "on-offset"]
lasts = "8h"

[[phase]]
name = "Cut-off"
allows = ["settle", "return", "on-offset"]
lasts = "15m"

[[phase]]
name = "Net positions"
allows = ["confirm", "on-unsettled", "on-cut"]
lasts = "1h"

[[phase]]
name = "Sweep"
allows = ["defund", "on-sweep"]
lasts = "45m"

[[phase]]
name = "Close"
allows = ["on-close"]
lasts = "5m"

[[authority]]
name = "Example Authority of China"
country = "CN"

[[authority]]
name = "Example Authority of Russia"
country = "RU"

[[authority]]
name = "Example Authority of Kazakhstan"
country = "KZ"

[[currency]]
code = "CNY"
exponent = 2
authority = "CN"
unsettled = "carry"

[[currency]]
code = "RUB"
exponent = 2
authority = "RU"
unsettled = "reject"
cutoff = { local = "08:00" }

[[currency]]
code = "KZT"
exponent = 2
authority = "KZ"
unsettled = "cancel"

[[pair]]
base = "CNY"
quote = "RUB"
gate_bps = 300
provider = "XXXXCNB9"

[defaults]
per_payment = { CNY = "1000000.00", RUB = "10000000.00" }
"#;

const PARTICIPANTS: &str = "bic,name,country,kind,sponsor,currencies
XXXXCNB1,Example Bank of Beijing 1,CN,direct,,CNY RUB
XXXXCNB2,Example Bank of Shanghai 2,CN,direct,,CNY
XXXXCNB9,Example Bank of Tianjin 9,CN,direct,,CNY RUB
XXXXRUB1,Example Bank of Moscow 1,RU,direct,,CNY RUB
XXXXKZB1,Example Bank of Astana 1,KZ,direct,,CNY KZT
";

const FUNDING: &str = "bic,currency,amount,at,reference,date
XXXXCNB1,CNY,5000.00,,EXAMPLE-1,
XXXXCNB9,RUB,20000.00,,EXAMPLE-2,
XXXXRUB1,RUB,3000.00,,EXAMPLE-3,
";

const RATES: &str = "base,quote,rate,source,kind,approvals\nCNY,RUB,12.5,Example official rate,official,both\n";

/// Writes the arrangement with keys that are the same every time, and the messages by file name.
pub(crate) fn prepare(dir: &Path, inbox: &[(&str, String)]) {
    write(dir.join("arrangement.toml"), ARRANGEMENT);
    write(dir.join("participants.csv"), PARTICIPANTS);
    write(dir.join("funding.csv"), FUNDING);
    write(dir.join("rates.csv"), RATES);
    for (at, country) in ["CN", "RU", "KZ"].iter().enumerate() {
        write(dir.join(format!("keys/{country}.key")), format!("{:064x}\n", at + 1));
    }
    std::fs::create_dir_all(dir.join("inbox")).expect("a folder");
    for (name, text) in inbox {
        write(dir.join("inbox").join(name), text);
    }
}

/// Prepares and runs a day that must end well, and gives back the summary it left.
pub(crate) fn run(dir: &Path, inbox: &[(&str, String)]) -> serde_json::Value {
    prepare(dir, inbox);
    comity(dir, &["day", "."]).ends(0);
    crate::world::summary(dir)
}
