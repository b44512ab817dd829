//! How alike a word of another script is to one in Latin letters.
//!
//! A letter may be written in several ways ([`tables`] has them with their sources), and which one was chosen nobody
//! knows: so the word is not brought to Latin letters and then compared, but laid beside the other one, each letter
//! by that of its writings which fits, at the least cost altogether. What no writing explains costs as much as a
//! slip.

mod alignment;
mod alphabet;
mod beside;
mod charges;
mod latin;
mod readings;
mod rules;
mod tables;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use pinyin::ToPinyin as _;
use rustc_hash::FxHashMap as HashMap;
use unicode_normalization::UnicodeNormalization as _;

pub(crate) use alignment::{Sums, like};
pub(crate) use alphabet::Alphabet;
pub(crate) use beside::UnitsBeside;
pub(crate) use charges::{Rest, Written};
pub(crate) use latin::LatinBeside;
pub(crate) use readings::{LANGUAGES, Language, Reading, readings};

use rules::{Rule, WRITING, Writing, Writings, rule, window};

/// A letter of another script, or letters that sound together: its place in the tables.
pub type Unit = u16;

/// Units of a word at most.
const MOST_UNITS: usize = 48;

/// Costs are in hundredths of a slip.
pub(crate) type Cost = u16;

/// What a writing costs by its grade.
const GRADES: [Cost; 3] = [0, 14, 34];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Cyrillic = 0,
    Greek,
    Arabic,
    Hebrew,
    Hangul,
    Devanagari,
    Han,
    /// Names of other languages in Han.
    ForeignHan,
    /// Han as Cantonese and Japanese read it.
    Read,
}

impl Script {
    /// Whether letters at the end of a word may be silent beside it: what Chinese, Korean and Japanese are romanised as
    /// has none.
    fn has_silent_ends(self) -> bool {
        !matches!(self, Script::Han | Script::Hangul | Script::Read)
    }
}

/// All kinds of scripts, in their order.
const SCRIPTS: [Script; 9] = [
    Script::Cyrillic,
    Script::Greek,
    Script::Arabic,
    Script::Hebrew,
    Script::Hangul,
    Script::Devanagari,
    Script::Han,
    Script::ForeignHan,
    Script::Read,
];

struct Tables {
    rules: Vec<Rule>,
    /// By the script's own letters.
    by_letters: HashMap<&'static str, Unit>,
    /// The most letters of a line.
    longest: usize,
    /// By the sounds of Han that writes a name of another language, and where these lines begin.
    by_sound: HashMap<&'static str, Unit>,
    foreign_han: Option<Unit>,
    /// By the sounds of languages that read Han in their own way.
    cantonese: HashMap<&'static str, Unit>,
    korean: HashMap<&'static str, Unit>,
    japanese: HashMap<&'static str, Unit>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        rules: Vec::new(),
        by_letters: HashMap::default(),
        longest: 1,
        by_sound: HashMap::default(),
        foreign_han: None,
        cantonese: HashMap::default(),
        korean: HashMap::default(),
        japanese: HashMap::default(),
    };
    for (script, text) in [
        (Script::Cyrillic, tables::CYRILLIC),
        (Script::Greek, tables::GREEK),
        (Script::Arabic, tables::ARABIC),
        (Script::Hebrew, tables::HEBREW),
        (Script::Hangul, tables::HANGUL),
        (Script::Devanagari, tables::DEVANAGARI),
        (Script::Han, tables::HAN),
        (Script::ForeignHan, tables::FOREIGN_HAN),
        (Script::Read, tables::CANTONESE),
        (Script::Hangul, tables::HANGUL),
        (Script::Read, tables::JAPANESE),
    ] {
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let lines: Vec<(&str, Writings)> = lines
            .map(|line| line.split_once(' ').unwrap_or((line, "")))
            .map(|(letters, writings)| (letters, Writings::of(writings)))
            .collect();
        for (letters, own) in &lines {
            let rule = rule(script, &own.with_those_of_its_letters(script, letters, &lines));
            let place = Unit::try_from(tables.rules.len()).unwrap_or(Unit::MAX);
            tables.rules.push(rule);
            if script == Script::ForeignHan {
                tables.foreign_han.get_or_insert(place);
            }
            let by_letters = match script {
                Script::ForeignHan => &mut tables.by_sound,
                Script::Read if std::ptr::eq(text, tables::CANTONESE) => &mut tables.cantonese,
                Script::Read => &mut tables.japanese,
                // The same letters as they read Han stand behind.
                Script::Hangul if tables.foreign_han.is_some() => &mut tables.korean,
                _ => {
                    tables.longest = tables.longest.max(letters.chars().count());
                    &mut tables.by_letters
                }
            };
            by_letters.insert(letters, place);
        }
    }
    tables
});

/// The rule of a unit.
fn rule_of(unit: Unit) -> &'static Rule {
    &TABLES.rules[usize::from(unit)]
}

/// The letters of a word as the tables have them; nothing where they do not have all.
pub(crate) fn units(word: &[char]) -> Vec<Unit> {
    let tables = &*TABLES;
    let mut found = Vec::with_capacity(word.len());
    // Marks that stand upon a letter of Arabic or Hebrew say a short vowel: they fall away.
    // So does a sign that joins letters: `d’Arc`.
    let lower: String =
        word.iter().filter(|c| !crate::text::may_join(**c)).flat_map(|c| c.to_lowercase()).collect();
    let composed: Vec<char> = if lower.chars().any(|c| matches!(c as u32, 0xac00..=0xd7a3)) {
        lower.nfd().collect()
    } else if lower.chars().any(|c| matches!(c as u32, 0x370..=0x3ff)) {
        lower.nfd().filter(|c| !matches!(*c as u32, 0x300..=0x36f)).collect()
    } else {
        lower.nfc().filter(|c| !matches!(*c as u32, 0x591..=0x5c7 | 0x64b..=0x65f | 0x670)).collect()
    };
    let mut place = 0;
    // The article stands before its noun without a space, in Latin letters with one or without.
    if composed.len() > 4 && composed.starts_with(&['ا', 'ل']) {
        found.extend(tables.by_letters.get("article"));
        place = 2;
    }
    // The Gaelic `Mac` before a name: `McKay`.
    if let ['м', 'а', 'к', next, ..] = composed.as_slice()
        && !"аеёиоуыэюясьъ".contains(*next)
    {
        found.extend(tables.by_letters.get("mac"));
        place = 3;
    }
    while place < composed.len() && found.len() < MOST_UNITS {
        if let Some(pinyin) = composed[place].to_pinyin() {
            if !syllable(pinyin.plain(), &tables.by_letters, &mut found) {
                return Vec::new();
            }
            place += 1;
            continue;
        }
        let most = tables.longest.min(composed.len() - place);
        // At the end of a word Persian writes a vowel with it.
        if place > 0 && place + 1 == composed.len() && composed[place] == 'ه' {
            found.extend(tables.by_letters.get("ه."));
            break;
        }
        let fits = (1..=most).rev().find_map(|length| {
            let letters: String = composed[place..place + length].iter().collect();
            tables.by_letters.get(letters.as_str()).map(|unit| (length, *unit))
        });
        let Some((length, unit)) = fits else { return Vec::new() };
        found.push(unit);
        place += length;
    }
    found.truncate(MOST_UNITS);
    found
}

/// The letters of a word of Han as those of a name of another language that it writes by its sound; nothing for other
/// words.
pub(crate) fn foreign_han(word: &[char]) -> Vec<Unit> {
    let by_sound = &TABLES.by_sound;
    let mut found = Vec::with_capacity(word.len() * 3);
    // The Gaelic `Mac` before a name, which has one character or two.
    let rest = match word {
        // `Michael`, `Mike`.
        ['麥' | '麦', '克' | '可'] => word,
        ['麥' | '麦', '克' | '可', rest @ ..] | ['麥' | '麦', rest @ ..] if !rest.is_empty() => {
            found.extend(by_sound.get("mac"));
            rest
        }
        whole => whole,
    };
    let mut passed = false;
    for (place, own) in rest.iter().enumerate() {
        if std::mem::take(&mut passed) {
            continue;
        }
        // The one letter that is two syllables.
        if let ['克', '斯' | '絲' | '丝' | '西', ..] = &rest[place..]
            && let Some(unit) = by_sound.get("x")
        {
            found.push(*unit);
            passed = true;
            continue;
        }
        let plain = match tables::SOUNDS_OF_FOREIGN_HAN.iter().find(|(all, _)| all.contains(*own)) {
            Some((_, plain)) => plain,
            None => match own.to_pinyin() {
                Some(pinyin) => pinyin.plain(),
                None => return Vec::new(),
            },
        };
        if !plain.split(' ').all(|plain| syllable(plain, by_sound, &mut found)) {
            return Vec::new();
        }
    }
    found.truncate(MOST_UNITS);
    found
}

/// Whether units are those of a name of another language in Han.
pub(crate) fn is_foreign_han(units: &[Unit]) -> bool {
    units.first().is_some_and(|unit| TABLES.foreign_han.is_some_and(|from| *unit >= from))
}

/// Takes a syllable of pinyin apart: its first consonant, its vowels, its last consonant.
fn syllable(plain: &str, lines: &HashMap<&'static str, Unit>, found: &mut Vec<Unit>) -> bool {
    let mut add = |letters: &str| match lines.get(letters) {
        Some(unit) => {
            found.push(*unit);
            true
        }
        None => false,
    };
    if matches!(plain, "er" | "burg") {
        return add(plain);
    }
    let first = plain.bytes().take_while(|b| !b"aeiouv".contains(b)).count().min(2);
    let (first, last) = plain.split_at(if plain.is_char_boundary(first) { first } else { 0 });
    let (vowels, coda) = match last.strip_suffix("ng") {
        Some(vowels) => (vowels, "-ng"),
        None => last.strip_suffix('n').map_or((last, ""), |vowels| (vowels, "-n")),
    };
    if !first.is_empty() && !add(&format!("{first}-")) {
        return false;
    }
    // After a lip’s sound Mandarin has `o` where it has `e` after others.
    if vowels == "o" && matches!(first, "b" | "p" | "m" | "f" | "w") && add("o.") {
        return coda.is_empty() || add(coda);
    }
    // A consonant that no vowel follows is not written by these.
    if vowels == "i" && matches!(first, "b" | "p" | "m" | "d" | "t" | "n" | "l") && add("i.") {
        return coda.is_empty() || add(coda);
    }
    if last == "u" && matches!(first, "l" | "g" | "k" | "d" | "t" | "n" | "r" | "z" | "c" | "s") && add("u.")
    {
        return true;
    }
    // Alone it begins names with any of `a`, `e` and `i`.
    if vowels == "ai" && first.is_empty() && add("ai.") {
        return true;
    }
    // Of `ei` one is spoken at least.
    if vowels == "ei" && add("ei") {
        return add("i") && (coda.is_empty() || add(coda));
    }
    // Vowels that sound as one have a line of their own.
    (vowels.len() > 1 && add(vowels)
        || vowels
            .char_indices()
            .all(|(at, vowel)| add(if vowel == 'ü' { "v" } else { &vowels[at..at + vowel.len_utf8()] })))
        && (coda.is_empty() || add(coda))
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}
