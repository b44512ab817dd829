//! How values are written for people: amounts, percentages, dates, instants.
//!
//! A value that is not known is written as its reason, never as zero.

use entente_register::brief::Known;
use entente_register::money::{Currency, Decimal, Money, decimal, divide_rounded, group};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Between a number and its unit: narrow, and no place to break the line.
pub(crate) const THIN: char = '\u{202f}';

/// A minus that is as wide as a plus.
const MINUS: char = '\u{2212}';

/// An amount exact to the minor unit, grouped, without its currency: `10,700,000,000.00`.
pub(crate) fn exact(minor: i64, currency: Currency) -> String {
    signed(&Money::new(minor, currency).grouped())
}

/// Minor units in a million.
pub(crate) fn million(currency: Currency) -> i64 {
    10_i64.saturating_pow(currency.digits() + 6)
}

/// An amount for a headline, with its unit: (`10,700.0`, `million USD`). Below a tenth of a million it is exact.
pub(crate) fn headline(minor: i64, currency: Currency) -> (String, String) {
    let unit = million(currency);
    if minor != 0 && minor.unsigned_abs() < unit.unsigned_abs() / 10 {
        return (exact(minor, currency), currency.code().to_owned());
    }
    (millions(minor, currency), format!("million {currency}"))
}

/// In millions with one decimal, rounded half away from zero: `10,700.0`.
pub(crate) fn millions(minor: i64, currency: Currency) -> String {
    signed(&group(&decimal(tenths(minor, currency), 1)))
}

/// In what the amounts of a chart are written, so that none of them loses what it says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ChartUnit {
    /// Minor units in one.
    pub(crate) minor: i64,
    /// `million` or `thousand`.
    pub(crate) word: &'static str,
    /// Decimals of an amount beside the chart.
    digits: u32,
}

impl ChartUnit {
    /// For a chart whose largest amount is this one: three digits of it are seen.
    pub(crate) fn of(most: i64, currency: Currency) -> ChartUnit {
        let million = million(currency);
        let (minor, word) = if most < million { (million / 1_000, "thousand") } else { (million, "million") };
        let whole = most / minor;
        let digits = if whole >= 100 {
            0
        } else if whole >= 10 {
            1
        } else {
            2
        };
        ChartUnit { minor, word, digits }
    }

    /// An amount in it, rounded half away from zero: `10,700`.
    pub(crate) fn write(self, minor: i64) -> String {
        let scaled = i128::from(minor) * i128::from(10_i64.pow(self.digits));
        let scaled = i64::try_from(divide_rounded(scaled, i128::from(self.minor))).unwrap_or(i64::MAX);
        signed(&group(&decimal(scaled, self.digits)))
    }
}

fn tenths(minor: i64, currency: Currency) -> i64 {
    let tenth = i128::from(million(currency)) / 10;
    i64::try_from(divide_rounded(i128::from(minor), tenth)).unwrap_or(i64::MAX)
}

/// A number with its true minus.
fn signed(text: &str) -> String {
    text.replace('-', &MINUS.to_string())
}

/// A percentage: `78.9 %`.
pub(crate) fn percent(value: Decimal) -> String {
    format!("{}{THIN}%", signed(&group(&value.to_string())))
}

/// A change in per cent, always with its sign: `+2.7 %`.
pub(crate) fn change(value: Decimal) -> String {
    let sign = if value.scaled > 0 { "+" } else { "" };
    format!("{sign}{}", percent(value))
}

/// A ratio: `1.05`.
pub(crate) fn ratio(value: Decimal) -> String {
    signed(&group(&value.to_string()))
}

/// A count: `5,000`.
pub(crate) fn count(value: i64) -> String {
    signed(&group(&value.to_string()))
}

/// A day in a table: `30 Sep 2012`.
pub(crate) fn day(date: Date) -> String {
    date.strftime("%-d %b %Y").to_string()
}

/// A day where it matters: `Sunday 30 September 2012`.
pub(crate) fn full_day(date: Date) -> String {
    date.strftime("%A %-d %B %Y").to_string()
}

/// A day in a sentence: `30 September 2012`.
pub(crate) fn long_day(date: Date) -> String {
    date.strftime("%-d %B %Y").to_string()
}

/// An instant in a table: `1 Oct 2012, 00:00 UTC`.
pub(crate) fn instant(at: Timestamp) -> String {
    TimeZone::UTC.to_datetime(at).strftime("%-d %b %Y, %H:%M UTC").to_string()
}

/// An instant in a sentence: `1 October 2012 00:00 UTC`; with seconds where there are some.
pub(crate) fn long_instant(at: Timestamp) -> String {
    let there = TimeZone::UTC.to_datetime(at);
    let clock = if there.second() == 0 && there.subsec_nanosecond() == 0 { "%H:%M" } else { "%H:%M:%S" };
    format!("{} {} UTC", there.strftime("%-d %B %Y"), there.strftime(clock))
}

/// The last day that is known, where the day as of which is read lies past it.
pub(crate) fn known_until(as_of: Date, known_at: Timestamp) -> Option<Date> {
    let day = TimeZone::UTC.to_datetime(known_at).date();
    (as_of > day).then_some(day)
}

/// A word of data for people: `in_force` is `in force`.
pub(crate) fn word(text: &str) -> String {
    text.replace('_', " ")
}

/// The first letter large: a word of data that begins a cell.
pub(crate) fn capital(text: &str) -> String {
    let text = word(text);
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// A plural: `1 line`, `2 lines`.
pub(crate) fn counted(number: i64, one: &str, many: &str) -> String {
    format!("{}{}{}", count(number), '\u{a0}', if number == 1 { one } else { many })
}

/// A value or why there is none, ready to print.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Cell {
    /// The value; empty where it is unknown.
    pub(crate) text: String,
    /// Why there is none.
    pub(crate) reason: Option<String>,
}

impl Cell {
    /// A value that is known.
    pub(crate) fn of(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), reason: None }
    }

    /// A value that may be unknown.
    pub(crate) fn known<T: Copy>(value: &Known<T>, write: impl FnOnce(T) -> String) -> Cell {
        match value {
            Known::Value(value) => Cell::of(write(*value)),
            Known::Unknown(reason) => Cell { text: String::new(), reason: Some(reason.clone()) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const USD: Currency = Currency::USD;

    #[test]
    fn amounts_are_rounded_once_and_never_lose_their_unit() {
        assert_eq!(headline(1_070_000_000_000, USD), ("10,700.0".into(), "million USD".into()));
        assert_eq!(headline(1_070_005_000_000, USD).0, "10,700.1");
        assert_eq!(headline(-1_070_005_000_000, USD).0, "−10,700.1");
        assert_eq!(headline(123_456, USD), ("1,234.56".into(), "USD".into()));
        assert_eq!(headline(0, USD), ("0.0".into(), "million USD".into()));
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(headline(2_500_000, yen), ("2.5".into(), "million JPY".into()));
        assert_eq!(exact(1_070_000_000_000, USD), "10,700,000,000.00");
    }

    #[test]
    fn amounts_beside_a_chart_keep_three_digits() {
        let written = |most, minor| {
            let unit = ChartUnit::of(most, USD);
            (unit.write(minor), unit.word)
        };
        assert_eq!(written(1_500_000_000_000, 1_429_270_072_993), ("14,293".into(), "million"));
        assert_eq!(written(1_070_000_000, 1_070_000_000), ("10.7".into(), "million"));
        assert_eq!(written(150_000_000, 45_000_000), ("0.45".into(), "million"));
        assert_eq!(written(45_000_000, 45_000_000), ("450".into(), "thousand"));
        assert_eq!(written(0, 0), ("0.00".into(), "thousand"));
        let yen: Currency = "JPY".parse().unwrap();
        assert_eq!(ChartUnit::of(2_500_000, yen).write(2_500_000), "2.50");
    }

    #[test]
    fn shares_and_changes() {
        assert_eq!(percent(Decimal { scaled: 789, digits: 1 }), "78.9\u{202f}%");
        assert_eq!(change(Decimal { scaled: 27, digits: 1 }), "+2.7\u{202f}%");
        assert_eq!(change(Decimal { scaled: -27, digits: 1 }), "−2.7\u{202f}%");
        assert_eq!(change(Decimal { scaled: 0, digits: 1 }), "0.0\u{202f}%");
    }

    #[test]
    fn days_and_instants() {
        let date: Date = "2012-09-30".parse().unwrap();
        assert_eq!(full_day(date), "Sunday 30 September 2012");
        assert_eq!(day(date), "30 Sep 2012");
        let at: Timestamp = "2012-10-01T00:00:00Z".parse().unwrap();
        assert_eq!(long_instant(at), "1 October 2012 00:00 UTC");
        assert_eq!(long_instant("2012-10-01T00:00:07Z".parse().unwrap()), "1 October 2012 00:00:07 UTC");
        assert_eq!(capital("in_force"), "In force");
        assert_eq!(counted(1, "line", "lines"), "1\u{a0}line");
    }
}
