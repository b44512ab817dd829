//! How sure a forecast is: the error of its method in earlier years, and an 80 % interval.
//!
//! The error is the mean absolute percentage error of the back-tests: the mean
//! of |actual − forecast| ÷ actual.
//!
//! The interval is a prediction interval for one further observation of a normal
//! sample with unknown mean and variance (Hahn and Meeker, *Statistical
//! Intervals*, section 4.7): the observations are the ratios actual ÷ forecast of
//! the back-tests; with their mean r and standard deviation s over n years, the
//! next ratio lies in r ± t(0.90; n − 1) · s · √(1 + 1/n) four times in five. That
//! range, times the forecast, is the interval. It is then widened to hold the
//! forecast itself, where every earlier year erred to one side, and its low bound
//! is raised to what is delivered already, because title does not pass back.
//!
//! All of it is integer arithmetic on billionths, so that every machine prints
//! the same figures.

use super::Known;
use super::compute::narrow;
use super::forecast::BackTest;
use crate::money::{Decimal, divide_rounded};

/// Years that an interval needs.
pub const INTERVAL_YEARS: usize = 3;

/// Up to as many years are few: the 10 % point of Student's t is then more than a tenth above the normal one.
const FEW_YEARS: usize = 7;

/// One, in billionths.
pub(crate) const ONE: i128 = 1_000_000_000;

/// A ratio beyond this says that the method is worthless; it is counted as this,
/// so that squares stay within 128 bits.
const MAX_RATIO: i128 = 1_000 * ONE;

/// Upper 10 % points of Student's t by degrees of freedom from 1, in thousandths
/// (NIST/SEMATECH e-Handbook of Statistical Methods, section 1.3.6.7.2). Beyond
/// the table its last value serves, which is a little too wide.
const T_90: [i128; 30] = [
    3078, 1886, 1638, 1533, 1476, 1440, 1415, 1397, 1383, 1372, 1363, 1356, 1350, 1345, 1341, 1337, 1333,
    1330, 1328, 1325, 1323, 1321, 1319, 1318, 1316, 1315, 1314, 1313, 1311, 1310,
];

/// Mean absolute percentage error of the back-tests, in per cent with one decimal.
pub(super) fn mean_error(tests: &[BackTest]) -> Known<Decimal> {
    let errors: Vec<i128> = tests
        .iter()
        .filter(|t| t.actual > 0)
        .map(|t| {
            let miss = (i128::from(t.actual) - i128::from(t.forecast)).abs();
            divide_rounded(miss * ONE, i128::from(t.actual))
        })
        .collect();
    mean(&errors, "no earlier year can be tested")
}

/// The mean of shares in billionths, in per cent with one decimal; unknown of none, for the reason given.
pub(crate) fn mean(shares: &[i128], none: &str) -> Known<Decimal> {
    if shares.is_empty() {
        return Known::Unknown(none.to_owned());
    }
    // Billionths to tenths of a per cent, and the mean, in one division.
    let tenths = divide_rounded(shares.iter().sum(), shares.len() as i128 * (ONE / 1_000));
    Known::Value(Decimal { scaled: narrow(tenths), digits: 1 })
}

/// An 80 % interval, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Interval {
    /// Low and high bound.
    pub(super) bounds: (i64, i64),
    /// From how many years it is, and why a bound is where it is, in words.
    pub(super) note: String,
}

/// The 80 % interval of a forecast; `delivered` is what is delivered already.
pub(super) fn interval(mid: i64, delivered: i64, tests: &[BackTest]) -> Known<Interval> {
    let ratios: Vec<i128> = tests.iter().filter_map(ratio).collect();
    if ratios.len() < INTERVAL_YEARS {
        return Known::Unknown(format!(
            "{} can be tested; an interval needs {INTERVAL_YEARS}",
            match ratios.len() {
                0 => "no earlier year".to_owned(),
                1 => "one earlier year".to_owned(),
                years => format!("{years} earlier years"),
            }
        ));
    }
    let n = ratios.len() as i128;
    let sum: i128 = ratios.iter().sum();
    let mean = divide_rounded(sum, n);
    // Sum of squares about the mean; n·Σr² − (Σr)² is exact and not below zero.
    let about_mean = (n * ratios.iter().map(|r| r * r).sum::<i128>() - sum * sum) / n;
    // s²·(1 + 1/n), in billionths squared.
    let variance = about_mean * (n + 1) / (n * (n - 1));
    let deviation = i128::try_from(variance.unsigned_abs().isqrt()).unwrap_or(0);
    let t = T_90[(ratios.len() - 2).min(T_90.len() - 1)];
    let reach = divide_rounded(deviation * t, 1_000);
    let bound = |ratio: i128| narrow(divide_rounded(i128::from(mid) * ratio, ONE));
    let (from, to) = (bound(mean - reach), bound(mean + reach));
    let low = from.min(mid).max(delivered);
    let high = to.max(mid).max(low);
    Known::Value(Interval { bounds: (low, high), note: note(ratios.len(), (from, to), mid, delivered) })
}

/// What the interval rests on. `from` and `to` are the bounds that the back-tests alone give.
fn note(years: usize, (from, to): (i64, i64), mid: i64, delivered: i64) -> String {
    let mut text = format!(
        "The interval is from {years} earlier years: if this year errs as they did, it holds four times in five"
    );
    if years <= FEW_YEARS {
        text.push_str("; so few years say little about the rare year, and for that it is wide");
    }
    text.push('.');
    if from > mid {
        text.push_str(" They came out above what the method had said, so far and so alike that the interval from them alone begins above the forecast: its low bound is the forecast itself.");
    } else if to < mid {
        text.push_str(" They came out below what the method had said, so far and so alike that the interval from them alone ends below the forecast: its high bound is the forecast itself.");
    }
    if from.min(mid) < delivered {
        text.push_str(" Its low bound is what is delivered already.");
    }
    text
}

/// Actual ÷ forecast in billionths; none where the forecast is not above zero.
fn ratio(test: &BackTest) -> Option<i128> {
    (test.forecast > 0).then(|| {
        divide_rounded(i128::from(test.actual) * ONE, i128::from(test.forecast)).clamp(-MAX_RATIO, MAX_RATIO)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn tests(pairs: &[(i64, i64)]) -> Vec<BackTest> {
        pairs
            .iter()
            .enumerate()
            .map(|(i, (forecast, actual))| BackTest {
                year: 2000 + i as i16,
                forecast: *forecast,
                actual: *actual,
            })
            .collect()
    }

    fn bounds(mid: i64, delivered: i64, tests: &[BackTest]) -> Option<(i64, i64)> {
        interval(mid, delivered, tests).value().map(|interval| interval.bounds)
    }

    #[test]
    fn worked_by_hand() {
        // Ratios 1.1, 1.2, 1.3: mean 1.2, s = 0.1, √(1 + 1/3) = 1.154700538, t(2) = 1.886:
        // reach 0.217776522, so 0.982223478 to 1.417776522 of 1,000.00.
        let three = tests(&[(100, 110), (100, 120), (100, 130)]);
        assert_eq!(bounds(100_000, 0, &three), Some((98_222, 141_778)));
        // What is delivered bounds it from below.
        assert_eq!(bounds(100_000, 99_000, &three), Some((99_000, 141_778)));
        // Errors 10/110, 20/120, 30/130: 9.0909, 16.6667 and 23.0769 %, on average 16.3 %.
        assert_eq!(mean_error(&three).value().unwrap().to_string(), "16.3");
        // Every year erred upward by the same: the interval is widened to hold the forecast.
        let same = tests(&[(100, 110), (100, 110), (100, 110)]);
        assert_eq!(bounds(100_000, 0, &same), Some((100_000, 110_000)));
    }

    #[test]
    fn the_note_says_why_a_bound_is_where_it_is() {
        let said = |delivered, pairs: &[(i64, i64)]| {
            interval(100_000, delivered, &tests(pairs)).value().unwrap().note.clone()
        };
        let above = said(0, &[(100, 110), (100, 110), (100, 111)]);
        assert!(above.contains("from 3 earlier years") && above.contains("four times in five"), "{above}");
        assert!(above.contains("low bound is the forecast itself"), "{above}");
        let below = said(0, &[(100, 90), (100, 90), (100, 91)]);
        assert!(below.contains("high bound is the forecast itself"), "{below}");
        let both = said(0, &[(100, 90), (100, 110), (100, 100)]);
        assert!(!both.contains("forecast itself") && !both.contains("delivered already"), "{both}");
        assert!(said(99_000, &[(100, 90), (100, 110), (100, 100)]).contains("delivered already"));
        assert!(!said(0, &[(100, 90); 8]).contains("few"));
    }

    #[test]
    fn fewer_than_three_years_give_a_reason() {
        let two = tests(&[(100, 110), (100, 120)]);
        assert_eq!(
            interval(100, 0, &two).reason(),
            Some("2 earlier years can be tested; an interval needs 3")
        );
        assert_eq!(
            interval(100, 0, &[]).reason(),
            Some("no earlier year can be tested; an interval needs 3")
        );
        assert!(mean_error(&[]).reason().is_some());
    }

    /// The table against the distribution itself, integrated by Simpson's rule.
    #[test]
    fn the_table_is_that_of_students_t() {
        for (position, thousandths) in T_90.iter().enumerate() {
            let freedom = (position + 1) as f64;
            let density = |x: f64| (1.0 + x * x / freedom).powf(-(freedom + 1.0) / 2.0);
            // ∫ from −∞ to ∞ by x = tan θ, which brings the line into (−π/2, π/2).
            let simpson = |from: f64, to: f64, f: &dyn Fn(f64) -> f64| {
                let steps = 2_000;
                let width = (to - from) / f64::from(steps);
                let sum: f64 = (0..=steps)
                    .map(|i| {
                        let weight = if i == 0 || i == steps {
                            1.0
                        } else if i % 2 == 1 {
                            4.0
                        } else {
                            2.0
                        };
                        weight * f(from + width * f64::from(i))
                    })
                    .sum();
                sum * width / 3.0
            };
            let folded = |theta: f64| density(theta.tan()) / theta.cos().powi(2);
            let half_pi = std::f64::consts::FRAC_PI_2 - 1e-9;
            let whole = 2.0 * simpson(0.0, half_pi, &folded);
            let part = |t: f64| 0.5 + simpson(0.0, t.atan(), &folded) / whole;
            let t = *thousandths as f64 / 1_000.0;
            assert!(part(t - 0.0006) < 0.9 && part(t + 0.0006) > 0.9, "{freedom} degrees: {t}");
        }
    }

    proptest! {
        #[test]
        fn no_value_breaks_it(
            mid in any::<i64>(),
            delivered in any::<i64>(),
            pairs in prop::collection::vec((any::<i64>(), any::<i64>()), 0..200),
        ) {
            let tests = tests(&pairs);
            let _ = mean_error(&tests);
            if let Some((low, high)) = bounds(mid, delivered, &tests) {
                prop_assert!(low <= high);
                prop_assert!(low >= delivered);
                if mid >= delivered {
                    prop_assert!((low..=high).contains(&mid));
                }
            }
        }

        #[test]
        fn an_interval_covers_what_the_earlier_years_show(
            pairs in prop::collection::vec((1_000_i64..1_000_000, 1_000_i64..1_000_000), 3..12),
        ) {
            // The mean of the ratios, times the forecast, is always inside.
            let tests = tests(&pairs);
            let mean: f64 =
                pairs.iter().map(|(f, a)| *a as f64 / *f as f64).sum::<f64>() / pairs.len() as f64;
            if let Some((low, high)) = bounds(1_000_000, 0, &tests) {
                let centre = (mean * 1_000_000.0) as i64;
                prop_assert!(low - 1 <= centre && centre <= high + 1);
            }
        }
    }
}
