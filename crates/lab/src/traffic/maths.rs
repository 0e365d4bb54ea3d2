//! Logarithm, exponential and normal numbers that are the same to the last bit on every machine.
//!
//! The functions of the system's mathematical library may differ in the last bit between platforms, and a different last bit is a
//! different file. Here only `+ - * /` and the square root are used, which IEEE 754 defines exactly, in a fixed order.

use super::rng::Rng;

const LN_2: f64 = std::f64::consts::LN_2;

/// 1/23, 1/21 ... 1/3, 1: the series of the inverse hyperbolic tangent, highest power first.
const ODD_RECIPROCALS: [f64; 12] = {
    let mut values = [0.0; 12];
    let mut odd = 23.0;
    let mut at = 0;
    while at < values.len() {
        values[at] = 1.0 / odd;
        odd -= 2.0;
        at += 1;
    }
    values
};

/// 1/17!, 1/16! ... 1/1!, 1/0!: the series of the exponential, highest power first.
const FACTORIAL_RECIPROCALS: [f64; 18] = {
    let mut values = [1.0; 18];
    let mut factorial = 1.0;
    let mut n = 1.0;
    let mut at = values.len() - 1;
    while at > 0 {
        factorial *= n;
        n += 1.0;
        at -= 1;
        values[at] = 1.0 / factorial;
    }
    values
};

/// Natural logarithm of a positive, normal number; relative error below 1e-15.
///
/// The number is split into `m * 2^k` with `m` near 1, and `ln m = 2 artanh((m - 1) / (m + 1))` is summed as a series.
#[must_use]
#[expect(clippy::cast_possible_wrap, clippy::cast_precision_loss, reason = "an exponent has eleven bits")]
pub(super) fn ln(x: f64) -> f64 {
    debug_assert!(x >= f64::MIN_POSITIVE && x.is_finite(), "ln of {x}");
    let bits = x.to_bits();
    let mut exponent = (bits >> 52) as i64 - 1_023;
    let mut mantissa = f64::from_bits((bits & 0x000f_ffff_ffff_ffff) | (1_023_u64 << 52));
    if mantissa > std::f64::consts::SQRT_2 {
        mantissa /= 2.0;
        exponent += 1;
    }
    let s = (mantissa - 1.0) / (mantissa + 1.0);
    let square = s * s;
    let mut sum = 0.0;
    for coefficient in ODD_RECIPROCALS {
        sum = sum * square + coefficient;
    }
    exponent as f64 * LN_2 + 2.0 * s * sum
}

/// Exponential; relative error below 1e-14 for |x| up to 100. Larger magnitudes are cut there: no amount is that large.
///
/// `x = k ln 2 + r` with |r| at most half of ln 2; `e^r` is summed as a series and `2^k` is written into the exponent.
#[must_use]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "the argument is cut to a range where k has eight bits"
)]
pub(super) fn exp(x: f64) -> f64 {
    let x = x.clamp(-100.0, 100.0);
    let half = if x < 0.0 { -0.5 } else { 0.5 };
    let k = (x / LN_2 + half) as i64;
    let r = x - k as f64 * LN_2;
    let mut sum = 0.0;
    for coefficient in FACTORIAL_RECIPROCALS {
        sum = sum * r + coefficient;
    }
    sum * f64::from_bits(((k + 1_023) as u64) << 52)
}

/// A standard normal number by the polar method (Marsaglia 1964). It makes two at a time; the second is thrown away so that each call
/// stands alone.
pub(super) fn normal(rng: &mut Rng) -> f64 {
    loop {
        let x = 2.0 * rng.unit() - 1.0;
        let y = 2.0 * rng.unit() - 1.0;
        let square = x * x + y * y;
        if square > 1e-300 && square < 1.0 {
            return x * (-2.0 * ln(square) / square).sqrt();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agree_with_the_system_library() {
        let mut rng = Rng::new(1);
        for _ in 0..100_000 {
            let x = (rng.unit() - 0.5) * 60.0;
            let y = x.exp();
            assert!((exp(x) / y - 1.0).abs() < 1e-14, "exp {x}");
            assert!((ln(y) - x).abs() < 1e-14 * (1.0 + x.abs()), "ln {y}");
        }
        assert!(ln(1.0).abs() < 1e-18);
    }

    /// The bits themselves: another machine must give these.
    #[test]
    fn give_these_bits() {
        assert_eq!(ln(10.0).to_bits(), 0x4002_6bb1_bbb5_5515, "ln 10");
        assert_eq!(exp(1.0).to_bits(), 0x4005_bf0a_8b14_576a, "e");
    }

    #[test]
    fn normal_has_mean_zero_and_variance_one() {
        let mut rng = Rng::new(3);
        let (mut sum, mut squares) = (0.0, 0.0);
        let n = 200_000;
        for _ in 0..n {
            let z = normal(&mut rng);
            sum += z;
            squares += z * z;
        }
        let n = f64::from(n);
        assert!((sum / n).abs() < 0.01, "mean {}", sum / n);
        assert!((squares / n - 1.0).abs() < 0.02, "variance {}", squares / n);
    }
}
