//! Numbers for drawing: rounding to text, axis steps, shares, angles.
//!
//! Only the four operations and comparisons of IEEE 754 are used, and sine and cosine are computed
//! here: the library of the system may round them differently from machine to machine, and a picture
//! must have the same bytes everywhere.

/// An integer as a real, for drawing only.
#[expect(clippy::cast_precision_loss, reason = "a drawing needs three digits, not thirty-eight")]
pub(crate) fn real(value: i128) -> f64 {
    value as f64
}

/// A count as a real, for drawing only.
pub(crate) fn count(value: usize) -> f64 {
    real(i128::try_from(value).unwrap_or(i128::MAX))
}

/// `part / whole` kept within 0 and 1; 0 when there is no whole.
pub(crate) fn fraction(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { (part / whole).clamp(0.0, 1.0) } else { 0.0 }
}

/// A coordinate with at most one decimal; anything not finite becomes 0.
pub(crate) fn coordinate(value: f64) -> String {
    let value = if value.is_finite() { value } else { 0.0 };
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// Groups a string of decimal digits by thousands.
pub(crate) fn thousands(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A count with thousands separated.
pub(crate) fn number(value: u64) -> String {
    thousands(&value.to_string())
}

/// A rounded number of three digits or so: `950`, `1.2 k`, `48.2 m`, `9.81 bn`, `1.7e38`.
pub(crate) fn compact(value: f64) -> String {
    let size = value.abs();
    let sign = if value < 0.0 { "\u{2212}" } else { "" };
    if !size.is_finite() {
        return "0".to_owned();
    }
    if size >= 999_950_000_000_000.0 {
        let (mut mantissa, mut exponent) = (size, 0);
        while mantissa >= 9.995 {
            mantissa /= 10.0;
            exponent += 1;
        }
        return format!("{sign}{mantissa:.1}e{exponent}");
    }
    let steps = [(1e12, " tn"), (1e9, " bn"), (1e6, " m"), (1e3, " k")];
    for (step, name) in steps {
        if size >= step * 0.999_5 {
            return format!("{sign}{}{name}", three_digits(size / step));
        }
    }
    if size == 0.0 { "0".to_owned() } else { format!("{sign}{}", three_digits(size)) }
}

fn three_digits(value: f64) -> String {
    let text = match value {
        v if v >= 99.95 => format!("{v:.0}"),
        v if v >= 9.995 => format!("{v:.1}"),
        v => format!("{v:.2}"),
    };
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// Round axis steps: the positions from 0 up to the first that covers `max`, about `wanted` of them.
pub(crate) fn ticks(max: f64, wanted: usize) -> Vec<f64> {
    if !(max > 0.0 && max.is_finite()) {
        return vec![0.0, 1.0];
    }
    let raw = max / count(wanted.max(1));
    let mut power = 1.0;
    while power * 10.0 <= raw {
        power *= 10.0;
    }
    while power > raw {
        power /= 10.0;
    }
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * power)
        .find(|step| *step >= raw * 0.999)
        .unwrap_or(power * 10.0);
    let mut marks = vec![0.0];
    let mut index = 1;
    while marks[marks.len() - 1] < max * 0.999 && index < 32 {
        marks.push(step * count(index));
        index += 1;
    }
    marks
}

/// Shares in tenths of a percent that add up to exactly 1000 (largest remainder; ties to the first).
///
/// Negative values count as nothing. All zero when the total is zero.
pub(crate) fn permille(values: &[i128]) -> Vec<u32> {
    let values: Vec<u128> = values.iter().map(|value| u128::try_from(*value).unwrap_or(0)).collect();
    // Large values are shifted down so that the product with 1000 cannot overflow; shares do not feel it.
    let bits = 128 - values.iter().max().map_or(128, |largest| largest.leading_zeros());
    let values: Vec<u128> = values.iter().map(|value| value >> bits.saturating_sub(100)).collect();
    let total: u128 = values.iter().sum();
    if total == 0 {
        return vec![0; values.len()];
    }
    let mut shares: Vec<u32> = values.iter().map(|value| u32::try_from(value * 1000 / total).unwrap_or(0)).collect();
    let missing = 1000 - shares.iter().sum::<u32>();
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|index| (std::cmp::Reverse(values[*index] * 1000 % total), *index));
    for index in order.into_iter().take(usize::try_from(missing).unwrap_or(0)) {
        shares[index] += 1;
    }
    shares
}

/// Tenths of a percent as text: `12.5 %`.
pub(crate) fn percent(permille: u32) -> String {
    format!("{}.{} %", permille / 10, permille % 10)
}

/// Basis points as text with one decimal, rounded half up: `87.4 %`.
pub(crate) fn percent_bp(basis_points: u32) -> String {
    percent((basis_points.saturating_add(5)) / 10)
}

/// Seconds after midnight as `HH:MM`; hours run on past 24 for a day that crosses midnight.
pub(crate) fn clock(seconds: u32) -> String {
    format!("{:02}:{:02}", seconds / 3600, seconds % 3600 / 60)
}

/// Cosine and sine of a part of a full turn (0 to 1), by power series.
pub(crate) fn turn(part: f64) -> (f64, f64) {
    let angle = part * std::f64::consts::TAU;
    (sine(angle + std::f64::consts::FRAC_PI_2), sine(angle))
}

fn sine(angle: f64) -> f64 {
    let mut x = angle;
    while x > std::f64::consts::PI {
        x -= std::f64::consts::TAU;
    }
    while x < -std::f64::consts::PI {
        x += std::f64::consts::TAU;
    }
    let (mut term, mut total, mut index) = (x, x, 1.0);
    while index < 14.0 {
        term = -term * x * x / ((2.0 * index) * (2.0 * index + 1.0));
        total += term;
        index += 1.0;
    }
    total
}
