//! Exact decimal numbers: figures are kept and summed as they were published, and rounded once, when shown.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ledger::Refusal;
use crate::money::{Decimal, divide_rounded};

/// Digits before the point at most.
const MOST_WHOLE: usize = 18;

/// Digits after the point at most.
const MOST_AFTER: usize = 15;

/// A decimal number: `digits` × 10^−`scale`, without zeros at its end after the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Exact {
    digits: i128,
    scale: u32,
}

impl Exact {
    /// Nothing at all.
    pub const ZERO: Exact = Exact { digits: 0, scale: 0 };

    /// A whole number.
    pub fn whole(number: i64) -> Exact {
        Exact { digits: i128::from(number), scale: 0 }
    }

    /// A plain decimal, `-12.50`, or one with a power of ten, `1.5E+13`; none for anything else, and for more than 18
    /// digits before the point or 15 after it.
    pub fn parse(text: &str) -> Option<Exact> {
        let (mantissa, power) = match text.split_once(['e', 'E']) {
            Some((mantissa, power)) => (mantissa, power.parse::<i32>().ok().filter(|p| p.abs() <= 40)?),
            None => (text, 0),
        };
        let (negative, unsigned) = match mantissa.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, mantissa),
        };
        let (whole, after) = match unsigned.split_once('.') {
            Some((whole, after)) if !after.is_empty() => (whole, after),
            Some(_) => return None,
            None => (unsigned, ""),
        };
        let all_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.is_empty() || whole.len() + after.len() > 40 || !all_digits(whole) || !all_digits(after) {
            return None;
        }
        let mut written = format!("{whole}{after}");
        let mut scale = i32::try_from(after.len()).ok()? - power;
        while scale > 0 && written.ends_with('0') {
            written.pop();
            scale -= 1;
        }
        while scale < 0 {
            written.push('0');
            scale += 1;
        }
        let significant = written.trim_start_matches('0');
        let after = usize::try_from(scale).ok()?;
        if after > MOST_AFTER || significant.len().saturating_sub(after) > MOST_WHOLE {
            return None;
        }
        let digits: i128 = if significant.is_empty() { 0 } else { significant.parse().ok()? };
        let scale = if digits == 0 { 0 } else { u32::try_from(scale).ok()? };
        Some(Exact { digits: if negative { -digits } else { digits }, scale })
    }

    /// Both with the same number of digits after the point.
    fn aligned(self, other: Exact) -> Option<(i128, i128, u32)> {
        let scale = self.scale.max(other.scale);
        let raised = |one: Exact| one.digits.checked_mul(10_i128.checked_pow(scale - one.scale)?);
        Some((raised(self)?, raised(other)?, scale))
    }

    /// The sum; none where it is beyond what a number here can hold.
    pub fn plus(self, other: Exact) -> Option<Exact> {
        let (left, right, scale) = self.aligned(other)?;
        Some(Exact { digits: left.checked_add(right)?, scale }.shortest())
    }

    fn shortest(mut self) -> Exact {
        while self.scale > 0 && self.digits % 10 == 0 {
            self.digits /= 10;
            self.scale -= 1;
        }
        self
    }

    /// The sum of all; none where it is beyond what a number here can hold.
    pub fn sum(all: impl IntoIterator<Item = Exact>) -> Option<Exact> {
        all.into_iter().try_fold(Exact::ZERO, Exact::plus)
    }

    /// Whether it is above zero.
    pub fn is_positive(self) -> bool {
        self.digits > 0
    }

    /// Divided by a count, and rounded to so many digits after the point, half away from zero; none by nothing.
    pub fn divided(self, by: u32, after: u32) -> Option<Exact> {
        if by == 0 {
            return None;
        }
        let numerator = self.digits.checked_mul(10_i128.checked_pow(after)?)?;
        let divisor = i128::from(by).checked_mul(10_i128.checked_pow(self.scale)?)?;
        Some(Exact { digits: divide_rounded(numerator, divisor), scale: after }.shortest())
    }

    /// How many per cent it is of a whole above zero, rounded once to one digit after the point, half away from zero.
    pub fn percent_of(self, whole: Exact) -> Option<Decimal> {
        let (part, whole, _) = self.aligned(whole)?;
        if whole <= 0 {
            return None;
        }
        let scaled = divide_rounded(part.checked_mul(1_000)?, whole);
        Some(Decimal { scaled: i64::try_from(scaled).ok()?, digits: 1 })
    }

    /// Rounded to so many digits after the point, half away from zero.
    #[must_use]
    pub fn rounded(self, after: u32) -> Exact {
        if self.scale <= after { self } else { self.divided(1, after).unwrap_or(self) }
    }

    /// As a whole number, where it is one that fits.
    pub fn as_whole(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.digits).ok() } else { None }
    }

    /// Whether it lies within so many per cent of another number.
    pub fn is_within(self, per_cent: u32, of: Exact) -> bool {
        let Some((own, other, _)) = self.aligned(of) else { return false };
        let (Some(apart), Some(most)) = (own.checked_sub(other), other.checked_mul(i128::from(per_cent)))
        else {
            return false;
        };
        apart.checked_mul(100).is_some_and(|apart| apart.unsigned_abs() <= most.unsigned_abs())
    }
}

impl PartialOrd for Exact {
    fn partial_cmp(&self, other: &Exact) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Exact {
    fn cmp(&self, other: &Exact) -> Ordering {
        match self.aligned(*other) {
            Some((left, right, _)) => left.cmp(&right),
            // Only a whole that is far beyond the other cannot be raised.
            None => (self.digits / 10_i128.pow(self.scale)).cmp(&(other.digits / 10_i128.pow(other.scale))),
        }
    }
}

impl fmt::Display for Exact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.digits < 0 { "-" } else { "" };
        let written = self.digits.unsigned_abs().to_string();
        if self.scale == 0 {
            return write!(f, "{sign}{written}");
        }
        let after = self.scale as usize;
        let padded = format!("{written:0>width$}", width = after + 1);
        let (whole, rest) = padded.split_at(padded.len() - after);
        write!(f, "{sign}{whole}.{rest}")
    }
}

impl FromStr for Exact {
    type Err = Refusal;

    fn from_str(text: &str) -> Result<Exact, Refusal> {
        Exact::parse(text).ok_or_else(|| {
            Refusal::new("number.malformed", format!("{text:?} is no decimal number."))
                .missing("digits with a point before the decimals, at most 18 before it and 15 after it")
        })
    }
}

impl Serialize for Exact {
    /// As its text, which no reader rounds.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Exact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Exact, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|refusal: Refusal| serde::de::Error::custom(refusal.message))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_are_read_as_they_are_published() {
        for (text, shown) in [
            ("0", "0"),
            ("-0", "0"),
            ("0.0", "0"),
            ("007", "7"),
            ("10250952000000.0", "10250952000000"),
            ("2813571753.8725324", "2813571753.8725324"),
            ("1.5E+13", "15000000000000"),
            ("25e-2", "0.25"),
            ("-0.050", "-0.05"),
        ] {
            assert_eq!(Exact::parse(text).map(|one| one.to_string()).as_deref(), Some(shown), "{text}");
        }
        for text in ["", ".", "1.", ".5", "1,5", "+1", "1e", "1e99", "١", "NaN", "9999999999999999999", "0x1"]
        {
            assert_eq!(Exact::parse(text), None, "{text}");
        }
    }

    #[test]
    fn a_share_is_rounded_once_half_away_from_zero() {
        let percent = |part: i64, whole: i64| {
            Exact::whole(part).percent_of(Exact::whole(whole)).map(|share| share.to_string())
        };
        assert_eq!(percent(40_710, 132_592).as_deref(), Some("30.7"));
        assert_eq!(percent(5, 10_000).as_deref(), Some("0.1"));
        assert_eq!(percent(4, 10_000).as_deref(), Some("0.0"));
        assert_eq!(percent(-5, 10_000).as_deref(), Some("-0.1"));
        assert_eq!(percent(1, 0), None);
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(whole in -1_000_000_000_000_000_i64..1_000_000_000_000_000, after in 0_u32..1_000_000) {
            let sign = if whole < 0 { "-" } else { "" };
            let one = Exact::parse(&format!("{sign}{}.{after:06}", whole.unsigned_abs())).unwrap();
            prop_assert_eq!(one.to_string().parse::<Exact>().unwrap(), one);
        }

        #[test]
        fn sums_do_not_depend_on_the_order(mut numbers in prop::collection::vec((-1_000_000_i64..1_000_000, 0_u32..6), 1..40)) {
            let exact = |all: &[(i64, u32)]| {
                Exact::sum(all.iter().map(|(digits, after)| Exact { digits: i128::from(*digits), scale: *after }.shortest()))
            };
            let forward = exact(&numbers);
            numbers.reverse();
            prop_assert_eq!(forward, exact(&numbers));
        }

        #[test]
        fn order_is_that_of_the_numbers(left in (-1_000_000_i64..1_000_000, 0_u32..6), right in (-1_000_000_i64..1_000_000, 0_u32..6)) {
            let of = |(digits, scale): (i64, u32)| Exact { digits: i128::from(digits), scale }.shortest();
            let raised = |(digits, scale): (i64, u32)| i128::from(digits) * 10_i128.pow(6 - scale);
            prop_assert_eq!(of(left).cmp(&of(right)), raised(left).cmp(&raised(right)));
        }
    }
}
