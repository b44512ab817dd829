//! From any text to words in Latin letters: cleaned, cut, and transliterated.
//!
//! Characters that are not seen (zero width, direction, variation) are taken out, look-alikes are brought to one
//! letter, apostrophes join what they stand between, and every other sign cuts. Each word keeps how it was
//! written, so that an officer reads his own spelling in an explanation.

use any_ascii::any_ascii_char;

use crate::letters::{self, Unit};
use unicode_normalization::UnicodeNormalization as _;

/// Characters of a name beyond which nothing is read: no name is longer, and no query may cost more.
pub const LONGEST: usize = 400;

/// Words of a name beyond which nothing is read.
pub const MOST_WORDS: usize = 24;

/// How the script of a word writes vowels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Vowels {
    /// All are written, in Latin letters.
    Written,
    /// All are written, in another alphabet.
    Foreign,
    /// Few or none are: Arabic, Hebrew, Thai, the scripts of India as they are romanised here.
    Hidden,
    /// Syllables stand for foreign sounds as well as they can: Han, Kana.
    Syllables,
}

/// A word of a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// As it was written, in its own script.
    pub written: String,
    /// In lower-case Latin letters and digits only; never empty.
    pub latin: String,
    /// How its script writes vowels.
    pub vowels: Vowels,
    /// Its letters as the tables of other scripts have them; none of a Latin word.
    pub units: Vec<Unit>,
    /// Of Han that may write a foreign name by its sound, the letters of that; if a name was cut into family and given
    /// name, the first word has those of the whole.
    pub by_sound: Vec<Unit>,
    /// Whether it was written as letters with points, each its own: `J.-C.`
    pub pointed: bool,
}

/// Cuts a text into words.
pub fn words(text: &str) -> Vec<Word> {
    let clean: Vec<char> = if text.is_ascii() {
        // Nothing of it is composed, unseen, or of two scripts.
        text.chars().take(LONGEST).collect()
    } else {
        let clean: Vec<char> = text.nfkc().filter(|c| !is_unseen(*c)).take(LONGEST).collect();
        one_script(&clean)
    };
    let mut found = Vec::new();
    let mut start = None;
    for place in 0..=clean.len() {
        let here = clean.get(place).copied();
        let inside = here.is_some_and(|c| is_of_word(c) || (start.is_some() && joins(&clean, place)));
        match (start, inside) {
            (None, true) => start = Some(place),
            (Some(from), false) => {
                let pointed = here == Some('.') && place - from == 1;
                add(&mut found, &clean[from..place], pointed);
                start = None;
            }
            _ => {}
        }
    }
    // A name of Han or Hangul without a space has its family name first.
    // Han has no sign between the words of a name of another language but the middle dot, and none between family
    // and given name: a name of one piece, or with that dot, may be a foreign one that is written by its sound.
    let dotted = text.contains(['·', '・', '‧', '•']);
    let one = found.len() == 1;
    if dotted || one {
        for word in &mut found {
            let written: Vec<char> = word.written.chars().collect();
            word.by_sound = letters::foreign_han(&written);
        }
    }
    if let [only] = found.as_slice()
        && let Some((family, given)) = eastern(&only.written)
    {
        let by_sound = only.by_sound.clone();
        let (family, given): (Vec<char>, Vec<char>) = (family.chars().collect(), given.chars().collect());
        found.clear();
        add(&mut found, &family, false);
        add(&mut found, &given, false);
        if let Some(word) = found.first_mut() {
            word.by_sound = by_sound;
        }
    }
    found.truncate(MOST_WORDS);
    found
}

/// Family and given name of a name of Han or Hangul alone that is written as one word.
fn eastern(text: &str) -> Option<(&str, &str)> {
    let own = |c: char| matches!(c as u32, 0x3400..=0x9fff | 0xac00..=0xd7a3 | 0x20000..=0x323af);
    let count = text.chars().count();
    if !(2..=4).contains(&count) || !text.chars().all(own) {
        return None;
    }
    let family = if count == 4 { 2 } else { 1 };
    text.char_indices().nth(family).map(|(at, _)| text.split_at(at))
}

/// Letters, marks upon them, and digits.
fn is_of_word(c: char) -> bool {
    c.is_alphanumeric() || is_mark(c)
}

/// Marks that stand upon or beside letters.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Characters without a width or a meaning of their own: format, direction, variation, control.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{e0000}'..='\u{e0fff}')
        || c == '\u{640}'
}

/// Whether a sign joins the letters between which it stands.
pub(crate) fn may_join(sign: char) -> bool {
    matches!(
        sign,
        '\'' | '’' | '‘' | '`' | '´' | 'ʼ' | 'ʻ' | 'ʿ' | 'ʾ' | 'ʹ' | '′' | '＇' | '?' | '"' | '״' | '׳'
    )
}

/// Whether a sign stands between letters and joins them: an apostrophe in any of its shapes, or the question
/// mark that a lost one leaves.
fn joins(text: &[char], place: usize) -> bool {
    let sign = may_join(text[place]);
    let mut rest = text[place + 1..].iter();
    sign && rest.find(|c| **c != text[place]).is_some_and(|c| c.is_alphabetic())
}

/// Letters of one script that look like those of another, within a word of the other, are read as the other's.
fn one_script(text: &[char]) -> Vec<char> {
    const PAIRS: [(char, char); 34] = [
        ('а', 'a'),
        ('е', 'e'),
        ('о', 'o'),
        ('р', 'p'),
        ('с', 'c'),
        ('у', 'y'),
        ('х', 'x'),
        ('і', 'i'),
        ('ѕ', 's'),
        ('ј', 'j'),
        ('к', 'k'),
        ('м', 'm'),
        ('т', 't'),
        ('А', 'A'),
        ('В', 'B'),
        ('Е', 'E'),
        ('К', 'K'),
        ('М', 'M'),
        ('Н', 'H'),
        ('О', 'O'),
        ('Р', 'P'),
        ('С', 'C'),
        ('Т', 'T'),
        ('У', 'Y'),
        ('Х', 'X'),
        ('І', 'I'),
        ('Ѕ', 'S'),
        ('Ј', 'J'),
        ('ο', 'o'),
        ('Ο', 'O'),
        ('α', 'a'),
        ('ν', 'v'),
        ('Α', 'A'),
        ('Ε', 'E'),
    ];
    let mut out = text.to_vec();
    let mut from = 0;
    while from < text.len() {
        let until = text[from..].iter().position(|c| !is_of_word(*c)).map_or(text.len(), |n| from + n);
        let word = &mut out[from..until];
        let latin = word.iter().filter(|c| c.is_alphabetic() && (**c as u32) < 0x250).count();
        let cyrillic = word.iter().filter(|c| matches!(**c as u32, 0x400..=0x52f)).count();
        let greek = word.iter().filter(|c| matches!(**c as u32, 0x370..=0x3ff)).count();
        if latin > 0 && cyrillic + greek > 0 {
            // Into the script in which every letter has a form; if both do or neither does, into that of most.
            let all = |to_latin: bool| {
                word.iter().filter(|c| c.is_alphabetic()).all(|c| {
                    let own = (*c as u32) < 0x250;
                    own == to_latin
                        || PAIRS.iter().any(|(other, latin)| if to_latin { other == c } else { latin == c })
                })
            };
            let to_latin = match (all(true), all(false)) {
                (true, false) => true,
                (false, true) => false,
                _ => latin >= cyrillic + greek,
            };
            for letter in word.iter_mut() {
                let pair =
                    PAIRS.iter().find(|(other, own)| if to_latin { other == letter } else { own == letter });
                if let Some((other, own)) = pair {
                    *letter = if to_latin { *own } else { *other };
                }
            }
        }
        from = until + 1;
    }
    out
}

fn add(found: &mut Vec<Word>, text: &[char], pointed: bool) {
    if found.len() >= MOST_WORDS {
        return;
    }
    for part in cut(text) {
        let written: String = part.iter().collect();
        let (latin, vowels) = romanised(part);
        if !latin.is_empty() {
            let units = match vowels {
                Vowels::Written => Vec::new(),
                _ => letters::units(part),
            };
            found.push(Word { written, latin, vowels, units, by_sound: Vec::new(), pointed });
        }
    }
}

/// Cuts a word where a capital follows a small letter: `SiemensAG`.
fn cut(text: &[char]) -> Vec<&[char]> {
    let mut parts = Vec::new();
    let mut from = 0;
    for place in 1..text.len() {
        let (before, here) = (text[place - 1], text[place]);
        let case = before.is_lowercase() && here.is_uppercase();
        let long = place - from > 2 && text.len() - place > 1;
        if case && long {
            parts.push(&text[from..place]);
            from = place;
        }
    }
    parts.push(&text[from..]);
    parts
}

/// The word in Latin letters.
fn romanised(text: &[char]) -> (String, Vowels) {
    let mut latin = String::with_capacity(text.len() * 2);
    let mut vowels = Vowels::Written;
    let mut hangul = false;
    let arabic = text
        .iter()
        .any(|c| matches!(*c as u32, 0x600..=0x6ff | 0x750..=0x77f | 0xfb50..=0xfdff | 0xfe70..=0xfeff));
    // The article stands before its noun without a space.
    let article = arabic && text.len() > 4 && text[0] == 'ا' && text[1] == 'ل';
    for c in text.iter().skip(if article { 2 } else { 0 }) {
        vowels = vowels.max(match *c as u32 {
            0x590..=0x7ff
            | 0x900..=0xdff
            | 0xe00..=0xeff
            | 0x1000..=0x109f
            | 0x1780..=0x17ff
            | 0xfb1d..=0xfdff
            | 0xfe70..=0xfefc => Vowels::Hidden,
            0x3040..=0x30ff | 0x3400..=0x9fff | 0x20000..=0x323af => Vowels::Syllables,
            // The turned e of Azerbaijani is a letter of Latin; modifiers and marks are of the letters beside them.
            0x259 | 0x2b0..=0x36f => Vowels::Written,
            0x250..=0x58f
            | 0x10a0..=0x10ff
            | 0x1100..=0x11ff
            | 0x1c80..=0x1cbf
            | 0x1f00..=0x1fff
            | 0xac00..=0xd7a3 => Vowels::Foreign,
            _ => Vowels::Written,
        });
        hangul |= matches!(*c as u32, 0xac00..=0xd7a3);
        if is_mark(*c) {
            // Marks of Latin fall away; vowel signs of other scripts sound.
            if (*c as u32) < 0x370 {
                continue;
            }
        }
        match own_letter(*c) {
            Some(letters) => latin.push_str(letters),
            None => latin.push_str(any_ascii_char(*c)),
        }
    }
    latin.retain(|c| c.is_ascii_alphanumeric());
    latin.make_ascii_lowercase();
    if hangul {
        latin = latin.replace("yeo", "yo").replace("eo", "o").replace("eu", "u");
    }
    (latin, vowels)
}

/// Letters whose usual romanisation in papers of the field differs from that of the table in use.
fn own_letter(c: char) -> Option<&'static str> {
    Some(match c {
        'й' | 'Й' | 'ї' | 'Ї' => "i",
        'є' | 'Є' => "ye",
        'ь' | 'Ь' | 'ъ' | 'Ъ' => "",
        'ё' | 'Ё' => "e",
        'ш' | 'Ш' => "sh",
        'ж' | 'Ж' => "zh",
        'х' | 'Х' => "kh",
        'щ' | 'Щ' => "shch",
        'ع' => "a",
        'ء' | 'ئ' | 'ؤ' => "",
        'च' | 'छ' => "ch",
        'ة' => "a",
        'ى' => "a",
        'ا' | 'أ' | 'إ' | 'آ' => "a",
        'چ' => "ch",
        'پ' => "p",
        'ژ' => "zh",
        'گ' => "g",
        'ş' | 'Ş' | 'ș' | 'Ș' | 'š' | 'Š' => "sh",
        'č' | 'Č' | 'ç' | 'Ç' => "ch",
        'ž' | 'Ž' => "zh",
        'ð' | 'Ð' => "d",
        'þ' | 'Þ' => "th",
        // As ICAO Doc 9303 writes it.
        'ə' | 'Ə' => "e",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latin(text: &str) -> Vec<String> {
        words(text).into_iter().map(|word| word.latin).collect()
    }

    #[test]
    fn words_are_cut_joined_and_romanised() {
        for (text, expected) in [
            ("SALEK, Abdulhai", "salek abdulhai"),
            ("Al Qa'ida / Mus?ab", "al qaida musab"),
            ("MY’’ONG", "myong"),
            ("SiemensAG", "siemens ag"),
            ("A.B.C. Company", "a b c company"),
            ("Щукин Юрий", "shchukin yurii"),
            ("习近平", "xi jinping"),
            ("김정은", "gim jongun"),
            ("バラク・オバマ", "baraku obama"),
            ("Erdoğan", "erdogan"),
            ("Əliyev Məmməd", "eliyev memmed"),
            ("عبد الرحمن", "abd rhmn"),
            ("zero\u{200b}width \u{202e}turned", "zerowidth turned"),
            // Two letters of a Latin word that are Cyrillic.
            ("Vladimir Рutin", "vladimir putin"),
            ("🙂 ---", ""),
        ] {
            assert_eq!(latin(text).join(" "), expected, "{text}");
        }
        assert!(words("J.-C. Juncker")[0].pointed && !words("Mr. Li")[0].pointed);
    }

    #[test]
    fn no_text_is_too_long() {
        assert!(words(&"а ".repeat(10_000)).len() <= MOST_WORDS);
        assert_eq!(words(&"x".repeat(10_000))[0].latin.len(), LONGEST);
    }
}
