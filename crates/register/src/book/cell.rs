//! Cells: what a file says at a place, and how it is read as a value.

use std::fmt;

use jiff::civil::Date;

use crate::ledger::{Fallible, Refusal};

/// What stands in a cell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Cell {
    /// Nothing, or blanks alone.
    #[default]
    Empty,
    /// Text, as typed.
    Text(String),
    /// A number of a workbook, exactly as its shortest decimal form: `1250000.5`.
    Number(String),
    /// A date of a workbook.
    Date(Date),
    /// What is no value: a boolean, a formula's error.
    Other(String),
}

impl Cell {
    /// Text, or empty where it is blank.
    pub fn text(text: impl Into<String>) -> Cell {
        let text = text.into();
        if text.trim().is_empty() { Cell::Empty } else { Cell::Text(text) }
    }

    /// Whether nothing stands in it.
    pub fn is_empty(&self) -> bool {
        matches!(self, Cell::Empty)
    }
}

impl fmt::Display for Cell {
    /// As a report quotes it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Cell::Empty => Ok(()),
            Cell::Text(text) | Cell::Number(text) | Cell::Other(text) => f.write_str(text),
            Cell::Date(date) => write!(f, "{date}"),
        }
    }
}

/// Characters that group digits in threes: comma, blank, thin and no-break blanks, apostrophes.
const GROUPING: [char; 8] = [',', ' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '\u{2019}', '_'];

/// A date: of a workbook, or `2012-09-30`.
///
/// # Errors
/// `date.malformed`
pub fn date(field: &str, cell: &Cell) -> Fallible<Date> {
    let malformed = |message: String| {
        Refusal::new("date.malformed", message)
            .field(field)
            .missing("a date that the calendar has, written 2012-09-30, or a date of the spreadsheet")
    };
    match cell {
        Cell::Date(date) => Ok(*date),
        Cell::Text(text) => {
            let text = text.trim();
            // Nothing but year, month and day: a time of day would be lost without a word.
            let iso = text.len() == 10
                && text.bytes().enumerate().all(|(at, b)| match at {
                    4 | 7 => b == b'-',
                    _ => b.is_ascii_digit(),
                });
            match text.parse() {
                Ok(date) if iso => Ok(date),
                _ if iso => Err(malformed(format!("{text} is not a day of the calendar."))),
                _ => Err(malformed(format!("{text:?} is not written as a date."))),
            }
        }
        other => Err(malformed(format!("{:?} is not a date.", other.to_string()))),
    }
}

/// A number as plain decimal text, without grouping: `1,250,000.50` gives `1250000.50`.
///
/// The decimal mark is the point. Digits may stand in groups of three, by commas, blanks or apostrophes,
/// of one sort; a comma as decimal mark is refused, because `1,250` would be two numbers.
///
/// # Errors
/// `number.malformed`
pub fn number(field: &str, cell: &Cell) -> Fallible<String> {
    let text = match cell {
        Cell::Number(text) | Cell::Text(text) => text.trim(),
        other => return Err(malformed(field, &other.to_string())),
    };
    let (sign, digits) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", text),
    };
    let (whole, decimals) = match digits.split_once('.') {
        Some((whole, decimals)) => (whole, Some(decimals)),
        None => (digits, None),
    };
    let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let whole = match whole.chars().find(|c| GROUPING.contains(c)) {
        None => whole.to_owned(),
        Some(mark) => {
            let mut groups = whole.split(mark);
            let first = groups.next().unwrap_or_default();
            if !(1..=3).contains(&first.len()) || !groups.all(|group| group.len() == 3 && plain(group)) {
                return Err(malformed(field, text));
            }
            whole.replace(mark, "")
        }
    };
    if !plain(&whole) || !decimals.is_none_or(plain) {
        return Err(malformed(field, text));
    }
    Ok(match decimals {
        Some(decimals) => format!("{sign}{whole}.{decimals}"),
        None => format!("{sign}{whole}"),
    })
}

fn malformed(field: &str, text: &str) -> Refusal {
    Refusal::new("number.malformed", format!("{text:?} is not a number."))
        .field(field)
        .missing("a number such as 1250000.50 or 1,250,000.50, with a point before its decimals")
}

/// A whole number.
///
/// # Errors
/// `number.malformed`
pub fn whole<T: std::str::FromStr>(field: &str, cell: &Cell) -> Fallible<T> {
    let text = number(field, cell)?;
    text.parse().map_err(|_| {
        Refusal::new("number.malformed", format!("{text} is not a whole number of the size that is needed."))
            .field(field)
            .missing("a whole number")
    })
}

/// A text on one line, without blanks around it. A number of a workbook is taken as it reads.
///
/// # Errors
/// `text.malformed`
pub fn text(field: &str, cell: &Cell) -> Fallible<String> {
    match cell {
        Cell::Text(text) | Cell::Number(text) => Ok(text.trim().to_owned()),
        Cell::Date(date) => Ok(date.to_string()),
        other => Err(Refusal::new("text.malformed", format!("{:?} is not a text.", other.to_string()))
            .field(field)
            .missing("a text")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Result<String, &'static str> {
        number("amount", &Cell::text(text)).map_err(|refusal| refusal.code)
    }

    #[test]
    fn numbers_are_read_with_and_without_grouping() {
        for (text, expected) in [
            ("12", "12"),
            (" 1250000.50 ", "1250000.50"),
            ("1,250,000.50", "1250000.50"),
            ("1 250 000.5", "1250000.5"),
            ("1\u{a0}250\u{a0}000", "1250000"),
            ("1'250'000", "1250000"),
            ("1,250", "1250"),
            ("-3", "-3"),
        ] {
            assert_eq!(read(text), Ok(expected.to_owned()), "{text}");
        }
        for text in [
            "",
            "1,25",
            "1.250.000",
            "1.250,50",
            "1 250,50",
            "1,2500",
            ",250",
            "1e6",
            "12 pieces",
            "1,250 000",
            "٣",
        ] {
            assert_eq!(read(text), Err("number.malformed"), "{text}");
        }
    }

    #[test]
    fn dates_are_those_of_the_calendar() {
        let read = |text: &str| date("on", &Cell::text(text)).map_err(|refusal| refusal.message);
        assert_eq!(read("2012-02-29"), Ok(jiff::civil::date(2012, 2, 29)));
        assert_eq!(read("2011-02-29"), Err("2011-02-29 is not a day of the calendar.".to_owned()));
        for text in ["30.09.2012", "2012-9-30", "20120930", "2012-09-30T10:00:00", "9/30/2012", "-2012-09-3"]
        {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_grouped_number_is_the_same_number(whole in 0u64..1_000_000_000_000, cents in 0u8..100) {
            let plain = format!("{whole}.{cents:02}");
            prop_assert_eq!(read(&crate::money::group(&plain)), Ok(plain));
        }

        #[test]
        fn no_text_makes_reading_fail_otherwise(text in ".{0,40}") {
            let cell = Cell::text(text);
            let _ = (number("x", &cell), date("x", &cell), super::text("x", &cell), whole::<u32>("x", &cell));
        }
    }
}
