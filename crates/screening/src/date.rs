//! Dates as lists know them: a year, a month, a day, or a span of years.

use std::str::FromStr;

/// A date, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartialDate {
    /// The first year that it may be.
    pub year: i16,
    /// The last year that it may be.
    pub last_year: i16,
    /// The month, 1 to 12.
    pub month: Option<i8>,
    /// The day, 1 to 31.
    pub day: Option<i8>,
}

/// How two dates stand to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// The same day.
    Day,
    /// The same as far as both are known.
    Near,
    /// One slip of the pen apart: a year, swapped day and month, one digit.
    Slip,
    /// Some years apart.
    Years,
    /// Far apart.
    Far,
}

impl FromStr for PartialDate {
    type Err = ();

    /// `1965`, `1965-03`, `1965-03-24`, `1961-1963`, with `circa`, `c.` or `~` before.
    fn from_str(text: &str) -> Result<PartialDate, ()> {
        let text = text.trim().trim_start_matches(|c: char| !c.is_ascii_digit());
        let text = text.split(['T', ' ']).next().unwrap_or_default();
        let mut parts = text.split('-');
        let number = |part: Option<&str>| part.map(|p| p.parse::<i16>().map_err(|_| ())).transpose();
        let year = number(parts.next())?.filter(|y| (1800..2200).contains(y)).ok_or(())?;
        let second = parts.next();
        if let Some(last) = second.filter(|part| part.len() == 4) {
            let last_year = last.parse::<i16>().map_err(|_| ())?.max(year);
            return Ok(PartialDate { year, last_year, month: None, day: None });
        }
        let month = number(second)?.filter(|m| (1..=12).contains(m)).map(|m| m as i8);
        let day = number(parts.next())?.filter(|d| (1..=31).contains(d)).map(|d| d as i8);
        Ok(PartialDate { year, last_year: year, month, day: month.and(day) })
    }
}

impl PartialDate {
    /// How two dates stand to each other.
    pub fn agrees(self, other: PartialDate) -> Agreement {
        let gap = (self.year - other.last_year).max(other.year - self.last_year).max(0);
        let (own, others) = ((self.month, self.day), (other.month, other.day));
        if gap == 0 {
            let same = own.0.zip(others.0).is_none_or(|(a, b)| a == b)
                && own.1.zip(others.1).is_none_or(|(a, b)| a == b);
            return match same {
                true if own.1.is_some() && others.1.is_some() => Agreement::Day,
                true => Agreement::Near,
                // The same year: day or month were mistaken.
                false => Agreement::Slip,
            };
        }
        let digits = |year: i16| [year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
        let (a, b) = (digits(self.year), digits(other.year));
        let wrong = a.iter().zip(&b).filter(|(x, y)| x != y).count();
        let swapped = wrong == 2 && a[2] == b[3] && a[3] == b[2];
        let same_day = own.1.is_some() && own == others;
        match gap {
            1 => Agreement::Slip,
            _ if wrong == 1 || swapped || same_day => Agreement::Slip,
            2..=5 => Agreement::Years,
            _ => Agreement::Far,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_agree_slip_or_differ() {
        let agrees = |a: &str, b: &str| a.parse::<PartialDate>().unwrap().agrees(b.parse().unwrap());
        for (a, b, expected) in [
            ("1965-03-24", "1965-03-24", Agreement::Day),
            ("1965", "1965-03-24", Agreement::Near),
            ("1961-1963", "circa 1962", Agreement::Near),
            ("1965-03-24", "1965-24-03", Agreement::Near),
            ("1965-03-04", "1965-04-03", Agreement::Slip),
            ("1965", "1966", Agreement::Slip),
            ("1965", "1985", Agreement::Slip),
            ("1957", "1975", Agreement::Slip),
            ("1965", "1968", Agreement::Slip),
            ("1979", "1982", Agreement::Years),
            ("1949", "1982", Agreement::Far),
        ] {
            assert_eq!(agrees(a, b), expected, "{a} {b}");
        }
        assert!("x".parse::<PartialDate>().is_err() && "12".parse::<PartialDate>().is_err());
    }
}
