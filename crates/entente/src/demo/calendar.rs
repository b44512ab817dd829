//! The demonstration's calendar: working days, and when an act comes into the register.

use jiff::civil::{Date, Weekday, date};
use jiff::{Span, Timestamp};

use super::draw::Draw;

/// The day as of which a demonstration is shown.
pub const SHOWN_ON: Date = date(2012, 9, 30);

/// The last day that the register knows of.
pub(super) const END: Date = date(2013, 12, 31);

/// A moment, in seconds from 1970.
pub(super) type Second = i64;

/// `days` later, or earlier.
pub(super) fn add(day: Date, days: i64) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// Days from one to another.
pub(super) fn days_between(from: Date, to: Date) -> i64 {
    i64::from((to - from).get_days())
}

/// The day itself, or the Friday before it.
pub(super) fn workday_before(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => add(day, -1),
        Weekday::Sunday => add(day, -2),
        _ => day,
    }
}

/// The day itself, or the Monday after it.
pub(super) fn workday_from(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => add(day, 2),
        Weekday::Sunday => add(day, 1),
        _ => day,
    }
}

/// A second of the day, UTC.
pub(super) fn at(day: Date, second: i64) -> Second {
    days_between(date(1970, 1, 1), day) * 86_400 + second
}

/// As an instant.
pub(super) fn instant(second: Second) -> Timestamp {
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// When an act of that day comes into the register: one to twelve days later, in
/// working hours. What was done by the day that is shown is recorded by its
/// evening, so that the figures of that day do not move with the seed.
pub(super) fn recorded(draw: &mut Draw, on: Date) -> Second {
    let mut day = add(on, draw.between(1, 12));
    if on < SHOWN_ON {
        day = if day > SHOWN_ON { SHOWN_ON } else { day };
    }
    at(day, draw.between(8 * 3_600, 17 * 3_600))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn acts_of_the_shown_day_are_recorded_by_its_evening() {
        let mut draw = Draw::new(1);
        for days in 0..40 {
            let on = workday_before(add(date(2012, 9, 1), days));
            let second = recorded(&mut draw, on);
            assert!(second > at(on, 86_399));
            assert_eq!(on < SHOWN_ON, second < at(date(2012, 10, 1), 0), "{on}");
        }
        assert_eq!(workday_before(SHOWN_ON), date(2012, 9, 28));
        assert_eq!(workday_from(SHOWN_ON), date(2012, 10, 1));
    }

    #[test]
    fn seconds_are_those_of_the_day() {
        assert_eq!(instant(at(date(2012, 10, 1), 0)).to_string(), "2012-10-01T00:00:00Z");
    }
}
