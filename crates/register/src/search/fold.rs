//! Folding: a text as the words by which it is found.

use std::collections::BTreeSet;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// Letters of a word beyond which none are kept: no word is longer, and no row may be.
pub const MOST_LETTERS: usize = 64;

/// Parts of one number with separators beyond which no more tails of it are kept.
const MOST_TAILS: usize = 8;

/// A part of a text between separators: a stretch of letters and digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it stands in the text, in bytes.
    pub(super) span: Range<usize>,
    /// Itself, folded; never empty.
    pub(super) word: String,
    /// The sign that ties it to the part before it, as in `K-2012/17`; none where a word begins.
    pub(super) tie: Option<char>,
}

/// A text with all that does not tell words apart taken away: lower case, no accents, one shape of each letter.
///
/// Cyrillic letters are kept: й is not и, and ё is not е. Folding once more changes nothing.
pub fn fold(text: &str) -> String {
    let folded = once(text);
    // What was taken apart may be in another order than the marks of a word are kept in: a second time puts them right.
    if folded.is_ascii() { folded } else { once(&folded) }
}

fn once(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.nfc() {
        if is_cyrillic(c) {
            lower(c, &mut folded);
        } else {
            for part in c.nfkd().filter(|part| !is_accent(*part)) {
                lower(part, &mut folded);
            }
        }
    }
    folded
}

/// The parts of a text in their order.
pub(super) fn parts(text: &str) -> Vec<Part> {
    let mut found: Vec<Part> = Vec::new();
    let mut characters = text.char_indices().peekable();
    // What stands between the part before and this one: a tie, if it is one sign and nothing else.
    let mut tie = None;
    while let Some((start, c)) = characters.next() {
        if !is_of_word(c) {
            tie = match (tied(c), characters.peek()) {
                (Some(sign), Some((_, next))) if is_of_word(*next) => {
                    found.last().filter(|part| part.span.end == start).map(|_| sign)
                }
                _ => None,
            };
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some((at, next)) = characters.next_if(|(_, next)| is_of_word(*next)) {
            end = at + next.len_utf8();
        }
        let word: String =
            fold(&text[start..end]).chars().filter(|c| is_of_word(*c)).take(MOST_LETTERS).collect();
        // Marks without a letter are no word.
        if !word.is_empty() {
            found.push(Part { span: start..end, word, tie: tie.take() });
        }
        tie = None;
    }
    found
}

/// The parts of a text, those that are tied together in one group.
pub(super) fn groups(parts: &[Part]) -> impl Iterator<Item = &[Part]> {
    parts.chunk_by(|_, next| next.tie.is_some())
}

/// Tied parts as one word.
pub(super) fn joined(parts: &[Part]) -> String {
    let mut whole = String::new();
    for (place, part) in parts.iter().enumerate() {
        whole.extend(part.tie.filter(|_| place > 0));
        whole.push_str(&part.word);
    }
    match whole.char_indices().nth(MOST_LETTERS) {
        Some((end, _)) => {
            whole.truncate(end);
            whole
        }
        None => whole,
    }
}

/// The words by which a text is found, each once, in their order: its parts, and of parts that are tied together
/// the whole and every tail: `K-2012/17` is found by `k-2012/17`, `2012/17`, `k`, `2012` and `17`.
pub fn words(text: &str) -> BTreeSet<String> {
    let parts = parts(text);
    let mut words = BTreeSet::new();
    for group in groups(&parts) {
        words.extend((0..group.len().min(MOST_TAILS)).map(|from| joined(&group[from..])));
        words.extend(group.iter().map(|part| part.word.clone()));
    }
    words
}

/// Letters, digits, and marks upon them.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_combining_mark(c)
}

/// The sign that a separator within a number stands for; none where it ends a word.
fn tied(c: char) -> Option<char> {
    match c {
        '-' | '\u{2010}'..='\u{2013}' | '\u{2212}' => Some('-'),
        '/' | '\\' | '\u{2044}' => Some('/'),
        '.' | '_' => Some(c),
        '\'' | '\u{2019}' => Some('\''),
        _ => None,
    }
}

fn is_cyrillic(c: char) -> bool {
    matches!(c as u32, 0x400..=0x52f | 0x1c80..=0x1c8f | 0xa640..=0xa69f)
}

/// Marks that write the same word with more care: accents, and the vowel signs of Arabic and Hebrew. Those of other
/// scripts are letters.
fn is_accent(c: char) -> bool {
    matches!(c as u32,
        0x300..=0x36f | 0x1ab0..=0x1aff | 0x1dc0..=0x1dff | 0x20d0..=0x20ff
        | 0x591..=0x5bd | 0x5bf | 0x5c1..=0x5c2 | 0x5c4..=0x5c5 | 0x5c7
        | 0x64b..=0x65f | 0x670)
}

/// Adds a character in lower case; letters that no mark makes of others, as those who have not got them type them.
fn lower(c: char, into: &mut String) {
    for c in c.to_lowercase().filter(|c| !is_accent(*c)) {
        match c {
            'ß' => into.push_str("ss"),
            'æ' => into.push_str("ae"),
            'œ' => into.push_str("oe"),
            'þ' => into.push_str("th"),
            'ø' => into.push('o'),
            'ł' => into.push('l'),
            'đ' | 'ð' => into.push('d'),
            'ħ' => into.push('h'),
            'ı' => into.push('i'),
            'ς' => into.push('σ'),
            _ => into.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn list(text: &str) -> Vec<String> {
        words(text).into_iter().collect()
    }

    #[test]
    fn case_and_accents_do_not_matter_and_cyrillic_letters_stay() {
        for (text, folded) in [
            ("Électronique", "electronique"),
            ("STRASSE Straße", "strasse strasse"),
            ("Łódź", "lodz"),
            ("İstanbul ILGIN ılgın", "istanbul ilgin ilgin"),
            ("Việt Nam", "viet nam"),
            ("Ёлка и Йод", "ёлка и йод"),
            // Written with marks of their own, and with an accent that tells how to speak.
            ("Е\u{308}лка за\u{301}мок", "ёлка замок"),
            ("ΣΟΦΟΣ Σοφός", "σοφοσ σοφοσ"),
            ("ﬁne Ｋ２", "fine k2"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn a_number_is_found_whole_and_from_each_of_its_parts() {
        assert_eq!(list("K-2012/17"), ["17", "2012", "2012/17", "k", "k-2012/17"]);
        assert_eq!(list("К–2012/17"), ["17", "2012", "2012/17", "к", "к-2012/17"]);
        assert_eq!(
            list("O-2012-0015.2"),
            ["0015", "0015.2", "2", "2012", "2012-0015.2", "o", "o-2012-0015.2"]
        );
        // What ends a sentence ties nothing, nor do two signs or a space.
        assert_eq!(list("Boats. Spares, (radars) -- 2 / 3."), ["2", "3", "boats", "radars", "spares"]);
        assert_eq!(list("d’Or"), ["d", "d'or", "or"]);
        assert!(list(" -./… \u{301} \0").is_empty());
    }

    #[test]
    fn a_word_has_its_most_letters() {
        let long = "x".repeat(500);
        assert_eq!(list(&long), ["x".repeat(MOST_LETTERS)]);
        assert_eq!(list(&format!("{long}-{long}")), ["x".repeat(MOST_LETTERS)]);
        let parts = vec!["ab"; 60].join("-");
        assert!(words(&parts).iter().all(|word| word.chars().count() <= MOST_LETTERS));
    }

    #[test]
    fn marks_that_were_taken_apart_stand_in_their_order() {
        let text = "\u{8ca}\u{ff9e}";
        assert_eq!(fold(text), "\u{3099}\u{8ca}");
        assert_eq!(fold(&fold(text)), fold(text));
    }

    proptest! {
        #[test]
        fn folding_once_more_changes_nothing(text in any::<String>()) {
            let folded = fold(&text);
            prop_assert_eq!(fold(&folded), folded);
        }

        #[test]
        fn neither_case_nor_the_form_of_accents_matters(text in "[A-Za-zÀ-ÖØ-öø-ÿĀ-žА-яЁё0-9 ./-]{0,40}") {
            let decomposed: String = text.nfd().collect();
            prop_assert_eq!(words(&decomposed), words(&text));
            prop_assert_eq!(words(&text.to_uppercase()), words(&text));
            prop_assert_eq!(words(&text.to_lowercase()), words(&text));
        }

        #[test]
        fn every_part_stands_where_it_says(text in any::<String>()) {
            let mut end = 0;
            for part in parts(&text) {
                prop_assert!(part.span.start >= end && part.span.end > part.span.start);
                prop_assert!(text.get(part.span.clone()).is_some());
                prop_assert!(!part.word.is_empty());
                end = part.span.end;
            }
        }
    }
}
