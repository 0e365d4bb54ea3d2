//! When banks send: the shape of a working day in local time.
//!
//! The shape is our assumption: gross settlement systems publish a morning wave, a lull around lunch and a wave before the cut-off. Weekly
//! and monthly seasons are absent here.

const MINUTES_PER_DAY: i64 = 24 * 60;

/// Relative intensity at a minute of local time (0 to 1,439), and with `to_close` minutes left before the common cut-off.
///
/// Never zero inside the opening hours: somebody always sends.
#[must_use]
pub(super) fn intensity(local_minute: i64, to_close: i64) -> u64 {
    let minute = local_minute.rem_euclid(MINUTES_PER_DAY);
    let base = match minute {
        0..=419 => 1,
        420..=479 => 3,
        480..=539 => 8,
        540..=599 => 24,
        600..=659 => 34,
        660..=719 => 28,
        720..=839 => 14,
        840..=929 => 22,
        930..=1_019 => 32,
        1_020..=1_079 => 16,
        1_080..=1_199 => 5,
        _ => 2,
    };
    let awake = (480..1_260).contains(&minute);
    let rush = if awake && (15..75).contains(&to_close) { 10 } else { 0 };
    base + rush
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_two_peaks_and_a_rush() {
        let at = |hour: i64| intensity(hour * 60, 600);
        assert!(at(10) > at(13) && at(16) > at(13), "lunch is a lull");
        assert!(at(3) < at(9), "nights are quiet");
        assert!(intensity(19 * 60, 30) > intensity(19 * 60, 600), "rush before the cut-off");
        assert!((0..MINUTES_PER_DAY).all(|minute| intensity(minute, 600) > 0));
    }
}
