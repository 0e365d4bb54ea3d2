//! Canonical bytes: the one way a ledger value becomes bytes and comes back.
//!
//! The same bytes serve the journal's entries, the snapshot of a state, the payload hash that an approver signs and the
//! state digest, so they cannot drift apart. Little-endian, fixed width, no padding; lengths are `u32`; enums carry an
//! explicit tag byte that is never reused; keys ascend, so a value has one form only. Absent on purpose: names of fields, self-description, versions (the record
//! around the bytes carries the version).

use alloc::boxed::Box;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

/// Where canonical bytes go: a buffer, or a hash that never keeps them.
pub trait Sink {
    /// Takes the next bytes.
    fn bytes(&mut self, bytes: &[u8]);
}

impl Sink for Vec<u8> {
    #[inline]
    fn bytes(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }
}

/// A sink that hashes what it is given, in blocks, and keeps nothing.
#[derive(Default)]
pub struct DigestSink {
    hasher: blake3::Hasher,
    block: Vec<u8>,
}

/// Bytes gathered before they are hashed: large enough for BLAKE3's widest lanes.
const DIGEST_BLOCK: usize = 64 * 1024;

impl DigestSink {
    /// The BLAKE3 hash of everything taken so far.
    #[must_use]
    pub fn finish(mut self) -> [u8; 32] {
        self.hasher.update(&self.block);
        *self.hasher.finalize().as_bytes()
    }
}

impl Sink for DigestSink {
    fn bytes(&mut self, bytes: &[u8]) {
        self.block.extend_from_slice(bytes);
        if self.block.len() >= DIGEST_BLOCK {
            self.hasher.update(&self.block);
            self.block.clear();
        }
    }
}

/// Bytes that are not a value of the expected type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed {
    /// What was expected at the place.
    pub expected: &'static str,
    /// How many bytes were left there.
    pub left: usize,
}

impl core::fmt::Display for Malformed {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "expected {} with {} bytes left", self.expected, self.left)
    }
}

/// Canonical bytes still to be read.
pub struct Source<'a> {
    rest: &'a [u8],
    depth: u8,
}

/// How deep boxed values may nest in bytes from outside; a proposal holds one command and no proposal.
const DEPTH_MAX: u8 = 4;

impl<'a> Source<'a> {
    /// Reads from the start of `bytes`.
    #[must_use]
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, depth: 0 }
    }

    /// Bytes not yet read.
    #[must_use]
    pub fn left(&self) -> usize {
        self.rest.len()
    }

    /// The next `N` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    #[inline]
    pub fn array<const N: usize>(&mut self, expected: &'static str) -> Result<[u8; N], Malformed> {
        match self.rest.split_first_chunk::<N>() {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(*head)
            }
            None => Err(self.malformed(expected)),
        }
    }

    /// The next `len` bytes.
    ///
    /// # Errors
    /// When fewer are left.
    pub fn slice(&mut self, len: usize, expected: &'static str) -> Result<&'a [u8], Malformed> {
        match self.rest.split_at_checked(len) {
            Some((head, rest)) => {
                self.rest = rest;
                Ok(head)
            }
            None => Err(self.malformed(expected)),
        }
    }

    /// The error that says what was expected here.
    #[must_use]
    pub fn malformed(&self, expected: &'static str) -> Malformed {
        Malformed { expected, left: self.rest.len() }
    }
}

/// A value with canonical bytes.
pub trait Wire: Sized {
    /// Writes the value.
    fn put(&self, out: &mut impl Sink);
    /// Reads the value.
    ///
    /// # Errors
    /// When the bytes are not such a value; nothing is guessed.
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed>;
}

/// The canonical bytes of a value.
#[must_use]
pub fn to_bytes(value: &impl Wire) -> Vec<u8> {
    let mut out = Vec::new();
    value.put(&mut out);
    out
}

/// The value whose canonical bytes are exactly `bytes`.
///
/// # Errors
/// When the bytes are not such a value or some are left over.
pub fn from_bytes<T: Wire>(bytes: &[u8]) -> Result<T, Malformed> {
    let mut source = Source::new(bytes);
    let value = T::take(&mut source)?;
    if source.left() == 0 { Ok(value) } else { Err(source.malformed("the end of the value")) }
}

macro_rules! wire_int {
    ($($int:ty),*) => {$(
        impl Wire for $int {
            #[inline]
            fn put(&self, out: &mut impl Sink) {
                out.bytes(&self.to_le_bytes());
            }
            #[inline]
            fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
                Ok(<$int>::from_le_bytes(source.array(stringify!($int))?))
            }
        }
    )*};
}
wire_int!(u8, u16, u32, u64, u128, i32, i64, i128);

impl Wire for bool {
    fn put(&self, out: &mut impl Sink) {
        u8::from(*self).put(out);
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        match u8::take(source)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(source.malformed("0 or 1")),
        }
    }
}

impl<const N: usize> Wire for [u8; N] {
    fn put(&self, out: &mut impl Sink) {
        out.bytes(self);
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        source.array("bytes")
    }
}

fn put_len(len: usize, out: &mut impl Sink) {
    let len = u32::try_from(len).expect("a collection of the ledger has fewer than 2^32 items");
    len.put(out);
}

fn take_len(source: &mut Source<'_>) -> Result<usize, Malformed> {
    let len = u32::take(source)?;
    // Every item takes at least one byte: a length beyond the bytes left is a lie that must not allocate.
    match usize::try_from(len) {
        Ok(len) if len <= source.left() => Ok(len),
        _ => Err(source.malformed("as many items as the length says")),
    }
}

impl Wire for String {
    fn put(&self, out: &mut impl Sink) {
        put_len(self.len(), out);
        out.bytes(self.as_bytes());
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        let len = take_len(source)?;
        let bytes = source.slice(len, "text")?;
        match core::str::from_utf8(bytes) {
            Ok(text) => Ok(text.into()),
            Err(_) => Err(source.malformed("UTF-8 text")),
        }
    }
}

impl<T: Wire> Wire for Vec<T> {
    fn put(&self, out: &mut impl Sink) {
        put_len(self.len(), out);
        for item in self {
            item.put(out);
        }
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        let len = take_len(source)?;
        let mut items = Vec::with_capacity(len.min(4096));
        for _ in 0..len {
            items.push(T::take(source)?);
        }
        Ok(items)
    }
}

impl<T: Wire> Wire for Option<T> {
    fn put(&self, out: &mut impl Sink) {
        self.is_some().put(out);
        if let Some(value) = self {
            value.put(out);
        }
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        Ok(if bool::take(source)? { Some(T::take(source)?) } else { None })
    }
}

impl<T: Wire> Wire for Box<T> {
    fn put(&self, out: &mut impl Sink) {
        (**self).put(out);
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        if source.depth >= DEPTH_MAX {
            return Err(source.malformed("no deeper nesting"));
        }
        source.depth += 1;
        let value = T::take(source)?;
        source.depth -= 1;
        Ok(Box::new(value))
    }
}

impl<K: Wire + Ord, V: Wire> Wire for BTreeMap<K, V> {
    fn put(&self, out: &mut impl Sink) {
        put_len(self.len(), out);
        for (key, value) in self {
            key.put(out);
            value.put(out);
        }
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        let len = take_len(source)?;
        let mut map = BTreeMap::new();
        for _ in 0..len {
            let key = K::take(source)?;
            if map.last_key_value().is_some_and(|(last, _)| *last >= key) {
                return Err(source.malformed("keys in ascending order"));
            }
            map.insert(key, V::take(source)?);
        }
        Ok(map)
    }
}

impl<T: Wire + Ord> Wire for BTreeSet<T> {
    fn put(&self, out: &mut impl Sink) {
        put_len(self.len(), out);
        for item in self {
            item.put(out);
        }
    }
    fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
        let len = take_len(source)?;
        let mut set = BTreeSet::new();
        for _ in 0..len {
            let item = T::take(source)?;
            if set.last().is_some_and(|last| *last >= item) {
                return Err(source.malformed("items in ascending order"));
            }
            set.insert(item);
        }
        Ok(set)
    }
}

macro_rules! wire_tuple {
    ($($name:ident),*) => {
        impl<$($name: Wire),*> Wire for ($($name,)*) {
            fn put(&self, out: &mut impl Sink) {
                #[expect(non_snake_case, reason = "the type names double as bindings")]
                let ($($name,)*) = self;
                $($name.put(out);)*
            }
            fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
                Ok(($($name::take(source)?,)*))
            }
        }
    };
}
wire_tuple!(A, B);
wire_tuple!(A, B, C);

/// Implements [`Wire`] for a struct, fields in the order written; a forgotten field does not compile.
macro_rules! wire_struct {
    ($type:ident { $($field:ident),* $(,)? }) => {
        impl $crate::wire::Wire for $type {
            fn put(&self, out: &mut impl $crate::wire::Sink) {
                let Self { $($field),* } = self;
                $($crate::wire::Wire::put($field, out);)*
            }
            fn take(source: &mut $crate::wire::Source<'_>) -> Result<Self, $crate::wire::Malformed> {
                Ok(Self { $($field: $crate::wire::Wire::take(source)?),* })
            }
        }
    };
}

/// Implements [`Wire`] for an enum of unit and one-field variants, each with its tag for ever.
macro_rules! wire_enum {
    ($type:ident { $($tag:literal => $variant:ident $(($inner:ident))?),* $(,)? }) => {
        impl $crate::wire::Wire for $type {
            #[inline]
            fn put(&self, out: &mut impl $crate::wire::Sink) {
                match self {
                    $(Self::$variant $(($inner))? => {
                        $crate::wire::Wire::put(&($tag as u8), out);
                        $($crate::wire::Wire::put($inner, out);)?
                    })*
                }
            }
            #[inline]
            fn take(source: &mut $crate::wire::Source<'_>) -> Result<Self, $crate::wire::Malformed> {
                match <u8 as $crate::wire::Wire>::take(source)? {
                    $($tag => Ok(Self::$variant $(({
                        let $inner = $crate::wire::Wire::take(source)?;
                        $inner
                    }))?),)*
                    _ => Err(source.malformed(concat!("a ", stringify!($type)))),
                }
            }
        }
    };
}

pub(crate) use {wire_enum, wire_struct};
