//! Dates and numbered enumerations as lists write them.

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// A date in words as FollowTheMoney writes it: `17 Oct 1967`, `Nov. 1973`, `circa 1967`, `1965 to 1967`. What is
/// approximate keeps `circa` before it. Empty where no year stands at its end.
pub(super) fn date(text: &str) -> String {
    let lower = text.to_lowercase();
    let (from, to) = lower.split_once(" to ").unwrap_or((&lower, ""));
    let year_of = |text: &str| -> Option<String> {
        let last = text.split_whitespace().last()?;
        let year = last.trim_matches(|c: char| !c.is_ascii_digit());
        (year.len() == 4 && last.len() <= 6).then(|| year.to_owned())
    };
    let about =
        if ["circa", "approximately"].iter().any(|word| lower.contains(word)) { "circa " } else { "" };
    let Some(year) = year_of(from) else { return String::new() };
    if let Some(last) = year_of(to) {
        return if last == year { format!("{about}{year}") } else { format!("{about}{year}-{last}") };
    }
    let words: Vec<&str> =
        from.split_whitespace().filter(|word| !matches!(*word, "circa" | "approximately")).collect();
    let month = words.iter().find_map(|word| MONTHS.iter().position(|month| word.starts_with(month)));
    let day = words.first().and_then(|word| word.parse::<u8>().ok()).filter(|day| (1..=31).contains(day));
    match (month, day) {
        (Some(month), Some(day)) if words.len() == 3 => format!("{about}{year}-{:02}-{day:02}", month + 1),
        (Some(month), _) if words.len() == 2 => format!("{about}{year}-{:02}", month + 1),
        _ => format!("{about}{year}"),
    }
}

/// A date `dd/mm/yyyy` as `yyyy-mm-dd`; what is `00` or `dd` is not known and left out. Empty where there is no year.
pub(super) fn slashed(text: &str) -> String {
    let mut parts = text.trim().split('/');
    let (day, month, year) = (parts.next(), parts.next(), parts.next());
    let number = |part: Option<&str>, most: u8| {
        part.and_then(|p| p.parse::<u8>().ok()).filter(|n| (1..=most).contains(n))
    };
    let plain = |year: &str| year.len() == 4 && year.bytes().all(|b| b.is_ascii_digit());
    let Some(year) = year.or(if month.is_none() { day } else { None }).filter(|year| plain(year)) else {
        return String::new();
    };
    match (number(month, 12), number(day, 31)) {
        (Some(month), Some(day)) => format!("{year}-{month:02}-{day:02}"),
        (Some(month), None) => format!("{year}-{month:02}"),
        _ => year.to_owned(),
    }
}

/// The parts of `(1) one (2) two`, or the text itself.
pub(super) fn numbered(text: &str) -> Vec<&str> {
    let mut rest = text.trim();
    let mut parts = Vec::new();
    for number in 1..=99_u8 {
        let Some((before, after)) = rest.split_once(&format!("({number})")) else { break };
        parts.push(before.trim());
        rest = after;
    }
    parts.push(rest.trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_lists_are_read() {
        for (text, expected) in [
            ("17 Oct 1967", "1967-10-17"),
            ("Oct 1967", "1967-10"),
            ("Nov. 1973 ", "1973-11"),
            ("circa 1967", "circa 1967"),
            ("1965 to 1967", "1965-1967"),
            ("circa 1965 to circa 1967", "circa 1965-1967"),
            ("01 Jan 1967 to 31 Dec 1967", "1967"),
            ("Between Aug. and Sep. 1977", "1977"),
            ("30-35 years old", ""),
            ("24/06/1402 (Hijri Calendar)", ""),
            ("", ""),
        ] {
            assert_eq!(date(text), expected, "{text}");
        }
        for (text, expected) in [
            ("01/03/1958", "1958-03-01"),
            ("dd/mm/1945", "1945"),
            ("00/00/1975", "1975"),
            ("00/07/1975", "1975-07"),
            ("1975", "1975"),
            ("n/a", ""),
        ] {
            assert_eq!(slashed(text), expected, "{text}");
        }
        assert_eq!(numbered("(1) Iraq (2) Iran"), ["Iraq", "Iran"]);
        assert_eq!(numbered("Iraq (north)"), ["Iraq (north)"]);
    }
}
