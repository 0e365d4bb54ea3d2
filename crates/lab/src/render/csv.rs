//! A batch as comma-separated values, for banks that have no ISO 20022 yet.
//!
//! Header and meaning: `at` and the two times are RFC 3339 in UTC, empty when not set; `from` and `to` are BICs; `amount` has the decimals of
//! its currency; `priority` is `urgent` or `normal`; `kind` is `customer` or `institution`.

use super::line;
use super::text;
use crate::traffic::{Options, Planned, Priority};

/// The columns.
pub const HEADER: &str =
    "at,uetr,end_to_end_id,from,to,currency,amount,priority,value_date,earliest,latest,kind,purpose,remittance";

/// The lines under the header, each ended by a line feed.
pub(super) fn render(options: &Options, lines: &[Planned]) -> Vec<u8> {
    let mut out = String::from(HEADER);
    out.push('\n');
    for planned in lines {
        let bic = |bank: crate::traffic::BankIndex| options.banks.get(bank.at()).map_or("", |bank| bank.bic.as_str());
        let (currency, amount) = text::money(&options.currencies, planned.money);
        let priority = match planned.priority {
            Priority::Urgent => "urgent",
            Priority::Normal => "normal",
        };
        let time = |instant: Option<i64>| instant.map_or_else(String::new, |micros| text::date_time(micros, 0));
        let fields = [
            text::date_time(planned.at, 0),
            text::uetr(planned.uetr),
            line::end_to_end_id(options, planned.sequence),
            bic(planned.from).to_owned(),
            bic(planned.to).to_owned(),
            currency,
            amount,
            priority.to_owned(),
            text::date(planned.value_date),
            time(planned.earliest),
            time(planned.latest),
            planned.kind.name().to_owned(),
            line::purpose(planned).to_owned(),
            line::remittance(planned),
        ];
        for (at, field) in fields.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            push_field(&mut out, field);
        }
        out.push('\n');
    }
    out.into_bytes()
}

/// Quotes a field where RFC 4180 asks for it.
fn push_field(out: &mut String, field: &str) {
    if field.contains([',', '"', '\n', '\r']) {
        out.push('"');
        out.push_str(&field.replace('"', "\"\""));
        out.push('"');
    } else {
        out.push_str(field);
    }
}
