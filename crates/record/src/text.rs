//! Text as it is read: white space single, nothing that cannot be seen; and quotation marks.

/// Where a line is broken within a paragraph (`<br>`).
pub(crate) const BREAK: char = '\u{2028}';

/// A character with how it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Letter {
    /// The character.
    pub(crate) c: char,
    /// Set in bold.
    pub(crate) bold: bool,
    /// Set in italics.
    pub(crate) italic: bool,
}

/// Whether a character says nothing: marks of width zero or of direction, and controls.
fn is_silent(c: char) -> bool {
    matches!(c, '\u{AD}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
        || (c.is_control() && !c.is_whitespace())
}

/// Letters with single spaces, none at either end; breaks stay, without spaces around.
pub(crate) fn clean(letters: impl IntoIterator<Item = Letter>) -> Vec<Letter> {
    let mut cleaned: Vec<Letter> = Vec::new();
    let mut space: Option<Letter> = None;
    for letter in letters {
        if is_silent(letter.c) {
            continue;
        }
        if letter.c == BREAK {
            space = None;
            cleaned.push(letter);
        } else if letter.c.is_whitespace() {
            space.get_or_insert(Letter { c: ' ', ..letter });
        } else {
            if let Some(space) = space.take().filter(|_| cleaned.last().is_some_and(|l| l.c != BREAK)) {
                cleaned.push(space);
            }
            cleaned.push(letter);
        }
    }
    let end = cleaned.iter().rposition(|l| l.c != BREAK).map_or(0, |at| at + 1);
    cleaned.truncate(end);
    let start = cleaned.iter().position(|l| l.c != BREAK).unwrap_or(0);
    cleaned.drain(..start);
    cleaned
}

/// A text with single spaces, none at either end; breaks are spaces.
pub(crate) fn single(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !is_silent(*c)) {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.is_empty() && !out.ends_with(' ') {
            out.push(' ');
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// The characters of letters.
pub(crate) fn string(letters: &[Letter]) -> String {
    letters.iter().map(|l| l.c).collect()
}

/// A text that is not empty.
pub(crate) fn some(text: String) -> Option<String> {
    Some(text).filter(|t| !t.is_empty())
}

/// What stands between the quotation marks around a whole text, in either order of the marks.
pub(crate) fn unquoted(text: &str) -> Option<&str> {
    const MARKS: [(char, char); 7] =
        [('”', '“'), ('“', '”'), ('„', '“'), ('„', '”'), ('«', '»'), ('"', '"'), ('”', '”')];
    MARKS.iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(*open)?.strip_suffix(*close)?;
        (!inside.contains(*open) && !inside.contains(*close)).then(|| inside.trim())
    })
}

/// What stands between marks that are set the wrong way round, as text versions set pull quotes: `”…“`.
pub(crate) fn pulled(text: &str) -> Option<&str> {
    text.starts_with('”').then(|| unquoted(text)).flatten()
}

/// Whether a line divides and says nothing: `* * *`, `***`, `———`.
pub(crate) fn is_divider(text: &str) -> bool {
    let marks = text.chars().filter(|c| !c.is_whitespace());
    let count = marks.clone().count();
    (count >= 3
        && marks
            .clone()
            .all(|c| matches!(c, '*' | '∗' | '⁎' | '-' | '–' | '—' | '_' | '=' | '·' | '•' | '~' | '#')))
        || text.trim() == "⁂"
}
