//! Days and hours as pages print them.

use jiff::civil::{Date, Time};

/// Months by the beginnings of their names, English and Russian (in the genitive, as dates have it).
const MONTHS: [(&str, &str); 12] = [
    ("january", "января"),
    ("february", "февраля"),
    ("march", "марта"),
    ("april", "апреля"),
    ("may", "мая"),
    ("june", "июня"),
    ("july", "июля"),
    ("august", "августа"),
    ("september", "сентября"),
    ("october", "октября"),
    ("november", "ноября"),
    ("december", "декабря"),
];

/// A day as printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed {
    /// The day.
    pub date: Date,
    /// The hour, where it stands beside.
    pub time: Option<Time>,
    /// The language of the month’s name (BCP 47).
    pub language: Option<&'static str>,
}

/// A text that is a day and nothing else, with or without an hour: `October 17, 2012, 17:30`, `17 October 2012`,
/// `17 октября 2012 года`, `17.10.2012`, `2012-10-17`, `2012-10-17T17:30:00+04:00` (the offset is not looked at: the
/// hour is that of the place).
pub fn date(text: &str) -> Option<Printed> {
    if text.len() > 80 {
        return None;
    }
    let text = text.to_lowercase();
    let mut words: Vec<&str> = text
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter(|w| !w.is_empty() && *w != "at" && *w != "в")
        .collect();
    let mut hour = None;
    if let Some(found) = words.last().and_then(|word| time(word)).filter(|_| words.len() > 1) {
        hour = Some(found);
        words.pop();
    }
    if words.last().is_some_and(|word| matches!(*word, "года" | "г.")) {
        words.pop();
    }
    let (date, language) = match words.as_slice() {
        [word] => {
            if let Some((day, clock)) = word.split_once('t') {
                hour = hour.or_else(|| time(clock.get(..5)?));
                (numeric(day)?, None)
            } else {
                (numeric(word)?, None)
            }
        }
        [a, b, year] => {
            let (month, language, day) = month(a)
                .map(|(month, language)| (month, language, *b))
                .or_else(|| month(b).map(|(month, language)| (month, language, *a)))?;
            (civil(year, month, day)?, Some(language))
        }
        _ => return None,
    };
    Some(Printed { date, time: hour, language })
}

/// An hour of the day, `HH:MM` or `H:MM`, and nothing else.
pub fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.trim().split_once(':')?;
    if !(1..=2).contains(&hour.len()) || minute.len() != 2 {
        return None;
    }
    Time::new(number(hour)?.try_into().ok()?, number(minute)?.try_into().ok()?, 0, 0).ok()
}

fn month(word: &str) -> Option<(i8, &'static str)> {
    let word = word.trim_end_matches('.');
    (1..).zip(MONTHS).find_map(|(number, (english, russian))| {
        let is = |name: &str| name == word || (word.chars().count() >= 3 && name.starts_with(word));
        if is(english) { Some((number, "en")) } else { is(russian).then_some((number, "ru")) }
    })
}

fn numeric(word: &str) -> Option<Date> {
    let parts = |sign: char| {
        let mut parts = word.split(sign);
        Some((parts.next()?, parts.next()?, parts.next()?)).filter(|_| parts.next().is_none())
    };
    if let Some((year, month, day)) = parts('-') {
        return civil(year, number(month)?.try_into().ok()?, day);
    }
    let (day, month, year) = parts('.')?;
    civil(year, number(month)?.try_into().ok()?, day)
}

fn civil(year: &str, month: i8, day: &str) -> Option<Date> {
    let year = Some(year).filter(|y| y.len() == 4)?;
    Date::new(number(year)?.try_into().ok()?, month, number(day)?.try_into().ok()?).ok()
}

/// A number of at most four digits.
fn number(digits: &str) -> Option<u16> {
    let sound = (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    sound.then(|| digits.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_in_every_writing() {
        let day = Date::constant(2012, 10, 17);
        for text in [
            "October 17, 2012",
            "17 October 2012",
            "Oct 17, 2012",
            "17 октября 2012 года",
            "17 октября 2012 г.",
            "17.10.2012",
            "2012-10-17",
        ] {
            assert_eq!(date(text).map(|p| (p.date, p.time)), Some((day, None)), "{text}");
        }
        for text in ["October 17, 2012, 17:30", "2012-10-17T17:30:00+04:00", "17 октября 2012 года, 17:30"]
        {
            assert_eq!(
                date(text).map(|p| (p.date, p.time)),
                Some((day, Some(Time::constant(17, 30, 0, 0)))),
                "{text}"
            );
        }
        for text in [
            "",
            "17:30",
            "February 30, 2012",
            "October 2012",
            "In October 17, 2012",
            "Ma 3, 2012",
            "17.10.12",
        ] {
            assert_eq!(date(text), None, "{text}");
        }
        assert_eq!(time("24:00"), None);
        assert_eq!(time("9:05"), Some(Time::constant(9, 5, 0, 0)));
    }
}
