//! How Han is read in Cantonese, Korean and Japanese.
//!
//! A name of Han is read by its bearer's language: 陳 is Chen, Chan and Chin. Which one that is nobody knows, so each is
//! tried for a whole name. The readings of characters are those of Unicode's Unihan database (`data/han-readings.tsv`,
//! which has its licence); how they are written in Latin letters say [`super::tables`].

use std::sync::LazyLock;

use rustc_hash::FxHashMap as HashMap;

use super::{MOST_UNITS, TABLES, Unit};

/// A language in which Han is read otherwise than in Mandarin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Cantonese,
    Korean,
    Japanese,
}

/// All of them.
pub(crate) const LANGUAGES: [Language; 3] = [Language::Cantonese, Language::Korean, Language::Japanese];

/// How a word of Han may be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reading {
    /// The whole word.
    pub(crate) units: Vec<Unit>,
    /// Each character, where each may stand as a word: `Tak Wah`.
    pub(crate) each: Vec<Vec<Unit>>,
}

/// Characters of a word at most.
const LONGEST: usize = 3;

/// Readings of a word in Japanese at most: each character has several, and nothing says which.
const MOST: usize = 10;

/// What is known of each character: its readings in Cantonese, Korean, Japanese after the Chinese, Japanese proper.
static CHARACTERS: LazyLock<HashMap<char, [&'static str; 4]>> = LazyLock::new(|| {
    let lines = include_str!("../../data/han-readings.tsv").lines().filter(|line| !line.starts_with('#'));
    lines
        .filter_map(|line| {
            let mut cells = line.split('\t');
            let character = cells.next()?.chars().next()?;
            Some((character, std::array::from_fn(|_| cells.next().unwrap_or(""))))
        })
        .collect()
});

/// How a word of Han may be read in a language; nothing of other words.
pub(crate) fn readings(word: &str, language: Language) -> Vec<Reading> {
    let characters: Vec<char> = word.chars().take(LONGEST + 1).collect();
    if characters.is_empty() || characters.len() > LONGEST {
        return Vec::new();
    }
    let Some(known) = characters.iter().map(|own| CHARACTERS.get(own)).collect::<Option<Vec<_>>>() else {
        return Vec::new();
    };
    let syllables = |each: Option<Vec<Vec<Vec<Unit>>>>| -> Vec<Reading> {
        let Some(each) = each else { return Vec::new() };
        // Each syllable as it is read first, and one after the other as it may be read otherwise.
        let first: Vec<Vec<Unit>> = each.iter().map(|all| all[0].clone()).collect();
        let mut found = vec![first.clone()];
        for (place, all) in each.iter().enumerate() {
            for other in &all[1..] {
                let mut one = first.clone();
                one[place] = other.clone();
                found.push(one);
            }
        }
        found.into_iter().map(|each| Reading { units: each.concat(), each }).collect()
    };
    match language {
        Language::Cantonese => {
            syllables(known.iter().map(|[own, ..]| cantonese(own).map(|units| vec![units])).collect())
        }
        Language::Korean => syllables(known.iter().map(|[_, own, ..]| korean(own)).collect()),
        Language::Japanese => japanese(&known),
    }
}

/// The units of a syllable of Jyutping without its tone.
fn cantonese(syllable: &str) -> Option<Vec<Unit>> {
    let lines = &TABLES.cantonese;
    if let Some(whole) = lines.get(syllable) {
        return Some(vec![*whole]);
    }
    let mut units = Vec::with_capacity(3);
    let first = (1..=2).rev().find_map(|many| {
        let first = syllable.get(..many)?;
        Some((many, *lines.get(format!("{first}-").as_str())?))
    });
    let rest = &syllable[first.map_or(0, |(many, _)| many)..];
    units.extend(first.map(|(_, unit)| unit));
    let last = ["ng", "m", "n", "p", "t", "k"].into_iter().find(|last| rest.ends_with(last)).unwrap_or("");
    units.push(*lines.get(&rest[..rest.len() - last.len()])?);
    if !last.is_empty() {
        units.push(*lines.get(format!("-{last}").as_str())?);
    }
    Some(units)
}

/// The units of syllables of Hangul, each one reading.
fn korean(syllables: &str) -> Option<Vec<Vec<Unit>>> {
    use unicode_normalization::UnicodeNormalization as _;
    let all: Vec<Vec<Unit>> = syllables
        .chars()
        .filter_map(|syllable| {
            // A family name of which custom writes an `l` or `r` has a line of its own.
            let text: String = std::iter::once(syllable).nfd().collect();
            if let Some(whole) = TABLES.korean.get(text.as_str()) {
                return Some(vec![*whole]);
            }
            let letters = text
                .char_indices()
                .map(|(at, letter)| TABLES.korean.get(&text[at..at + letter.len_utf8()]).copied());
            letters.collect()
        })
        .collect();
    (!all.is_empty()).then_some(all)
}

/// A reading of a character in a Japanese name: whether it is that of the Chinese word, how likely it is among its kind
/// (0 first), and what it is.
type Likely = (bool, usize, String);

/// What a character may be read as in a Japanese name: as a Japanese word, without the ending that a name leaves out, or
/// as the Chinese one.
fn of_character([_, _, on, own]: &[&'static str; 4]) -> Vec<Likely> {
    let list = |text: &'static str| text.split(',').filter(|reading| !reading.is_empty());
    let as_name = |reading: &str| -> Vec<String> {
        let vowel = |at: usize| reading.as_bytes().get(at).is_some_and(|letter| b"aiueo".contains(letter));
        let length = reading.len();
        let whole = reading.to_owned();
        match reading.as_bytes() {
            // An adjective: `takai`.
            [.., b'i'] if length > 3 && vowel(length - 2) => vec![reading[..length - 1].to_owned()],
            // What may be a verb, as `wataru` and `musubu`, or a noun, as `matsu`.
            [.., b'r', b'u'] if length > 3 => vec![whole, reading[..length - 2].to_owned()],
            [.., b'u'] if length > 3 && !vowel(length - 2) => {
                vec![whole, format!("{}i", &reading[..length - 1])]
            }
            _ => vec![whole],
        }
    };
    let own = list(own).take(3).enumerate().flat_map(|(rank, reading)| {
        as_name(reading).into_iter().enumerate().map(move |(more, name)| (false, rank + more, name))
    });
    let on = list(on).take(2).enumerate().map(|(rank, reading)| (true, rank, reading.to_owned()));
    let mut found: Vec<Likely> = Vec::with_capacity(6);
    for one in own.take(4).chain(on) {
        if !found.iter().any(|known| known.2 == one.2) {
            found.push(one);
        }
    }
    found
}

fn japanese(characters: &[&[&'static str; 4]]) -> Vec<Reading> {
    let each: Vec<Vec<Likely>> = characters.iter().map(|own| of_character(own)).collect();
    if each.iter().any(Vec::is_empty) {
        return Vec::new();
    }
    // All ways to read them together, the likeliest first: most names are read in one way throughout.
    let mut all: Vec<(usize, Vec<&Likely>)> = vec![(0, Vec::new())];
    for own in &each {
        all = all
            .iter()
            .flat_map(|(rank, so_far)| {
                own.iter().map(move |reading| {
                    let mixed = so_far.last().is_some_and(|before| before.0 != reading.0);
                    let rank = rank + reading.1 + usize::from(mixed);
                    (rank, so_far.iter().copied().chain([reading]).collect())
                })
            })
            .collect();
    }
    all.sort_by_key(|(rank, _)| *rank);
    all.truncate(MOST);
    let units = all.into_iter().filter_map(|(_, word)| {
        let mut units = Vec::new();
        for (place, (.., reading)) in word.iter().enumerate() {
            romaji(reading, place > 0, &mut units)?;
        }
        units.truncate(MOST_UNITS);
        Some(Reading { units, each: Vec::new() })
    });
    units.collect()
}

/// The units of romaji. A consonant within a word may be voiced.
fn romaji(text: &str, within: bool, units: &mut Vec<Unit>) -> Option<()> {
    let lines = &TABLES.japanese;
    let mut at = 0;
    while at < text.len() {
        let own = |many: usize| text.get(at..at + many);
        let voiced = |many: usize| Some((many, *lines.get(format!("-{}", own(many)?).as_str())?));
        let plain = |many: usize| Some((many, *lines.get(own(many)?)?));
        let found = (within && at == 0)
            .then(|| (1..=2).rev().find_map(voiced))
            .flatten()
            .or_else(|| (1..=2).rev().find_map(plain));
        let (many, unit) = found?;
        units.push(unit);
        at += many;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::READS;
    use crate::letters::like;

    fn best(word: &str, language: Language, latin: &str) -> f32 {
        let all = readings(word, language);
        all.iter().map(|reading| like(&reading.units, latin, 0.0)).fold(0.0, f32::max)
    }

    #[test]
    fn each_language_reads_han_in_its_way() {
        for (word, language, latin) in [
            ("陳", Language::Cantonese, "chan"),
            ("梁", Language::Cantonese, "leung"),
            ("徐", Language::Cantonese, "tsui"),
            ("吳", Language::Cantonese, "ng"),
            ("志明", Language::Cantonese, "chiming"),
            ("崔", Language::Korean, "choi"),
            ("朴", Language::Korean, "pak"),
            ("李", Language::Korean, "lee"),
            ("李", Language::Korean, "ri"),
            ("永南", Language::Korean, "yongnam"),
            ("石川", Language::Japanese, "ishikawa"),
            ("高田", Language::Japanese, "takada"),
            ("加藤", Language::Japanese, "kato"),
            ("洋子", Language::Japanese, "yoko"),
        ] {
            let found = best(word, language, latin);
            assert!(found >= READS, "{word} {language:?} {latin}: {found}");
        }
        for (word, language, latin) in [
            ("陳", Language::Cantonese, "chung"),
            ("陳", Language::Japanese, "chan"),
            ("石川", Language::Japanese, "ishida"),
            ("永南", Language::Korean, "yongchol"),
        ] {
            let found = best(word, language, latin);
            assert!(found < READS, "{word} {language:?} {latin}: {found}");
        }
    }

    #[test]
    fn every_reading_of_the_table_has_its_letters() {
        let (mut cantonese_left, mut korean_left, mut japanese_left) = (0, 0, 0);
        for [own, hangul, on, kun] in CHARACTERS.values() {
            cantonese_left += usize::from(!own.is_empty() && cantonese(own).is_none());
            korean_left += usize::from(
                !hangul.is_empty() && korean(hangul).map_or(0, |all| all.len()) != hangul.chars().count(),
            );
            for reading in on.split(',').chain(kun.split(',')).filter(|reading| !reading.is_empty()) {
                japanese_left += usize::from(romaji(reading, false, &mut Vec::new()).is_none());
            }
        }
        assert_eq!((CHARACTERS.len(), cantonese_left, korean_left, japanese_left), (11_960, 0, 0, 0));
    }

    #[test]
    fn no_word_is_read_in_very_many_ways() {
        for word in ["陳", "小中上", "生日下", "東京都庁", "", "abc", "김"] {
            for language in LANGUAGES {
                assert!(readings(word, language).len() <= MOST, "{word}");
            }
        }
    }
}
