//! Answers read back: values by element name, and each message in a few words. Enough for tests, no XML reader.

use std::collections::BTreeMap;
use std::path::Path;

use crate::world::files;

/// The texts of all elements of this name, in order.
pub(crate) fn all<'a>(text: &'a str, tag: &str) -> Vec<&'a str> {
    let (open, close) = (format!("<{tag}>"), format!("</{tag}>"));
    text.split(&open).skip(1).filter_map(|rest| rest.split(&close).next()).collect()
}

/// The text of the first element of this name, or nothing.
pub(crate) fn first<'a>(text: &'a str, tag: &str) -> &'a str {
    all(text, tag).first().copied().unwrap_or_default()
}

/// What a bank was told about one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) message: String,
    pub(crate) reference: String,
    pub(crate) status: String,
    pub(crate) code: String,
    pub(crate) text: String,
}

/// Every status in every pacs.002 of an outbox, in the order of the answers' own numbers.
pub(crate) fn statuses(dir: &Path) -> Vec<Told> {
    let mut found = Vec::new();
    for (name, bytes) in outbox(dir, "pacs.002") {
        let text = String::from_utf8(bytes).expect("answers are UTF-8");
        let message = first(&text, "OrgnlMsgId").to_owned();
        let mut parts: Vec<&str> = all(&text, "TxInfAndSts");
        if parts.is_empty() {
            parts = vec![text.as_str()];
        }
        for part in parts {
            let status = if first(part, "TxSts").is_empty() { first(part, "GrpSts") } else { first(part, "TxSts") };
            let told = Told {
                message: message.clone(),
                reference: first(part, "OrgnlEndToEndId").to_owned(),
                status: status.to_owned(),
                code: first(part, "Cd").to_owned(),
                text: all(part, "AddtlInf").join(" "),
            };
            found.push((number(&name), told));
        }
    }
    found.sort_by_key(|(at, _)| *at);
    found.into_iter().map(|(_, told)| told).collect()
}

/// The statuses of one message's transaction, in the order in which they were told.
pub(crate) fn story(dir: &Path, message: &str, reference: &str) -> Vec<String> {
    statuses(dir)
        .into_iter()
        .filter(|told| told.message == message && told.reference == reference)
        .map(|told| if told.code.is_empty() { told.status } else { format!("{} {}", told.status, told.code) })
        .collect()
}

/// The number an answer's identification begins with after its letter: the entry it tells of.
fn number(name: &str) -> u64 {
    let id = name.split("pacs.002-").nth(1).unwrap_or_default();
    let digits: String = id.chars().skip(1).take_while(char::is_ascii_digit).collect();
    digits.parse().unwrap_or(0)
}

/// The files of an outbox of one kind of message.
pub(crate) fn outbox(dir: &Path, kind: &str) -> BTreeMap<String, Vec<u8>> {
    files(&dir.join("outbox")).into_iter().filter(|(name, _)| name.contains(&format!("-{kind}-"))).collect()
}

/// Whether some answer settled this transaction.
pub(crate) fn settled(dir: &Path, message: &str, reference: &str) -> bool {
    story(dir, message, reference).iter().any(|status| status == "ACSC" || status == "ACCC")
}
