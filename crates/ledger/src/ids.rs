//! Identifiers, time and dates: each its own type, so that an account can never be taken for a participant.
//!
//! Identifiers are indices given in the order things are created, so tables are flat arrays. Absent on purpose: clocks
//! and time zones; instants arrive in the entries.

use crate::wire::{Malformed, Sink, Source, Wire};

macro_rules! id {
    ($(#[$doc:meta])* $name:ident($int:ty)) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
        pub struct $name(pub $int);

        impl Wire for $name {
            #[inline]
            fn put(&self, out: &mut impl Sink) {
                self.0.put(out);
            }
            #[inline]
            fn take(source: &mut Source<'_>) -> Result<Self, Malformed> {
                Ok(Self(<$int>::take(source)?))
            }
        }
    };
}

macro_rules! index {
    ($name:ident) => {
        impl $name {
            /// Stands for "none" where an optional identifier is stored flat.
            pub const NONE: Self = Self(u32::MAX);

            /// The place in a flat table.
            #[inline]
            #[must_use]
            pub const fn at(self) -> usize {
                self.0 as usize
            }

            /// Whether this names something.
            #[inline]
            #[must_use]
            pub const fn is_some(self) -> bool {
                self.0 != u32::MAX
            }
        }
    };
}

id!(/** A currency of the arrangement, in the order added. */ CurrencyId(u32));
id!(/** The issuer of a currency: a central bank or its like. */ AuthorityId(u32));
id!(/** A bank that takes part, directly or through a sponsor. */ ParticipantId(u32));
id!(/** A settlement account: one per participant and currency, plus the authority's own two per currency. */ AccountId(u32));
id!(/** Somebody or something that may send commands: a person, a bank's channel, the operator's timer. */ ActorId(u32));
id!(/** A payment the ledger has recorded, settled or not, in the order accepted. */ PaymentId(u32));
id!(/** A group of payments decided together (payment versus payment). */ GroupId(u32));
id!(/** The unique end-to-end transaction reference (UUID version 4, ISO 20022 `UETR`). */ Uetr(u128));
id!(/** A client's idempotency key. */ Key(u128));
id!(/** An instant: microseconds since 1970-01-01T00:00:00Z. Zero means "not set". */ Time(u64));
id!(/** A date: days since 1970-01-01. Zero means "not set". */ Day(u32));

index!(CurrencyId);
index!(AuthorityId);
index!(ParticipantId);
index!(AccountId);
index!(ActorId);
index!(PaymentId);
index!(GroupId);

impl Time {
    /// Microseconds in a second.
    pub const SECOND: u64 = 1_000_000;

    /// Whether an instant is given.
    #[must_use]
    pub const fn is_set(self) -> bool {
        self.0 != 0
    }

    /// This instant moved forward; the end of time stays the end of time.
    #[must_use]
    pub const fn plus_seconds(self, seconds: u32) -> Self {
        Self(self.0.saturating_add(seconds as u64 * Self::SECOND))
    }
}

impl Day {
    /// The last business date a ledger knows: 9999-12-31, the last date of ISO 8601 with four digits.
    pub const LAST: Self = Self(2_932_896);

    /// Whether a date is given.
    #[must_use]
    pub const fn is_set(self) -> bool {
        self.0 != 0
    }

    /// The day of the week, Monday = 0. 1970-01-01 was a Thursday.
    #[must_use]
    pub const fn weekday(self) -> u32 {
        (self.0 % 7 + 3) % 7
    }

    /// The following date.
    #[must_use]
    pub const fn next(self) -> Self {
        Self(self.0.saturating_add(1))
    }
}

impl core::fmt::Display for Day {
    /// ISO 8601 date; the civil-from-days formula of H. Hinnant.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let z = u64::from(self.0) + 719_468;
        let era = z / 146_097;
        let doe = z % 146_097;
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let day = doy - (153 * mp + 2) / 5 + 1;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + u64::from(month <= 2);
        write!(f, "{year:04}-{month:02}-{day:02}")
    }
}

impl core::fmt::Display for Time {
    /// ISO 8601 instant in UTC, to the millisecond.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let seconds = self.0 / Self::SECOND;
        let day = Day(u32::try_from(seconds / 86_400).unwrap_or(u32::MAX));
        let rest = seconds % 86_400;
        let millis = self.0 % Self::SECOND / 1_000;
        write!(f, "{day}T{:02}:{:02}:{:02}.{millis:03}Z", rest / 3_600, rest / 60 % 60, rest % 60)
    }
}

impl core::fmt::Display for Uetr {
    /// The 8-4-4-4-12 form of RFC 9562.
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let u = self.0;
        write!(
            f,
            "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
            u >> 96,
            u >> 80 & 0xffff,
            u >> 64 & 0xffff,
            u >> 48 & 0xffff,
            u & 0xffff_ffff_ffff
        )
    }
}
