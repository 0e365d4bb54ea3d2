//! Names computed from other names: fingerprints, derived references, case keys.
//!
//! All are BLAKE3 over length-prefixed parts with a purpose in front, so that no two purposes and no two splits of the
//! same text can meet. They never depend on the time of processing: the same message gives the same names for ever.

use comity_ledger::ids::{Key, Uetr};

/// Collects the parts of a name.
pub(crate) struct Name {
    hasher: blake3::Hasher,
}

impl Name {
    /// A name for one purpose.
    pub(crate) fn of(purpose: &str) -> Self {
        let mut name = Self { hasher: blake3::Hasher::new() };
        name.add(purpose);
        name
    }

    fn add(&mut self, part: &str) {
        self.add_bytes(part.as_bytes());
    }

    fn add_bytes(&mut self, part: &[u8]) {
        self.hasher.update(&(part.len() as u64).to_le_bytes());
        self.hasher.update(part);
    }

    /// A text.
    pub(crate) fn text(mut self, part: &str) -> Self {
        self.add(part);
        self
    }

    /// A text that may be absent; absent and empty differ.
    pub(crate) fn maybe(mut self, part: Option<&str>) -> Self {
        match part {
            Some(part) => self.add(part),
            None => {
                self.hasher.update(&u64::MAX.to_le_bytes());
            }
        }
        self
    }

    /// Bytes.
    pub(crate) fn bytes(mut self, part: &[u8]) -> Self {
        self.add_bytes(part);
        self
    }

    /// A number.
    pub(crate) fn number(mut self, part: i128) -> Self {
        self.hasher.update(&part.to_le_bytes());
        self
    }

    fn first<const N: usize>(&self) -> [u8; N] {
        let mut out = [0; N];
        self.hasher.finalize_xof().fill(&mut out);
        out
    }

    /// 64 bits: tells the identical message from another.
    pub(crate) fn fingerprint(self) -> u64 {
        u64::from_le_bytes(self.first())
    }

    /// 128 bits, never zero: zero means "no key".
    pub(crate) fn key(self) -> Key {
        Key(u128::from_le_bytes(self.first()).max(1))
    }

    /// 128 bits in the form of a version 4 UUID.
    pub(crate) fn uetr(self) -> Uetr {
        let value = u128::from_be_bytes(self.first());
        let version = value & !(0xf << 76) | 0x4 << 76;
        Uetr(version & !(0x3 << 62) | 0x2 << 62)
    }
}

/// A key as 32 hexadecimal digits: how a case is called in messages that go out.
#[must_use]
pub fn key_text(key: Key) -> String {
    format!("{:032X}", key.0)
}

/// The way back from [`key_text`].
#[must_use]
pub fn key_of_text(text: &str) -> Option<Key> {
    let form = text.len() == 32 && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'A'..=b'F'));
    if !form {
        return None;
    }
    u128::from_str_radix(text, 16).ok().map(Key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_depend_on_every_part_and_on_the_split() {
        let a = Name::of("x").text("ab").text("c").fingerprint();
        let b = Name::of("x").text("a").text("bc").fingerprint();
        let c = Name::of("y").text("ab").text("c").fingerprint();
        let d = Name::of("x").maybe(None).text("c").fingerprint();
        let e = Name::of("x").maybe(Some("")).text("c").fingerprint();
        let mut all = vec![a, b, c, d, e];
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 5);
        assert_eq!(a, Name::of("x").text("ab").text("c").fingerprint());
    }

    #[test]
    fn derived_references_are_version_4_uuids() {
        let uetr = Name::of("x").uetr();
        assert!(comity_iso20022::ident::Uetr::from_u128(uetr.0).is_some());
    }

    #[test]
    fn a_case_key_survives_the_message() {
        let key = Name::of("case").key();
        assert_eq!(key_of_text(&key_text(key)), Some(key));
        assert_eq!(key_of_text("CASE-1"), None);
        assert_eq!(key_of_text(&"g".repeat(32)), None);
    }
}
