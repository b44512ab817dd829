//! Two names beside each other: which word met which, and how alike the names are.
//!
//! Words are paired, each once, the most alike first: word with word, a word with the words that it was cut into,
//! an initial with a name, a short name with the one it stands for, letters with the words that they are the first
//! of. What is left on one side alone is an omission and weighs little; what is left on both sides is a
//! contradiction and weighs more than a match. Two persons of whom each has a first name that the other lacks are
//! relatives at most; a word that is no name by itself (Abdul), or that many bear, does not carry a name.
//!
//! Han of the query is read in Mandarin, and then in each other language that has readings of it: the one by which the
//! names are most alike counts.

mod judge;

use crate::letters::{self, LANGUAGES, Language, is_foreign_han};
use crate::name::{Kind, Name, Part, Place, Role};
use crate::spelling::Spelling;
use crate::text::Vowels;
use crate::words::nicknames::names_of;

/// Why two words were paired.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// They are written alike.
    Same,
    /// They are spellings of one name.
    Spelling,
    /// One is in a script without vowels, or of syllables.
    Transliteration,
    /// One was cut otherwise.
    Cut,
    /// One is the first letter of the other.
    Initial,
    /// One is short for the other.
    Nickname,
    /// Letters for the words that they are the first of.
    Acronym,
    /// The same number.
    Number,
}

/// Words of the query that met words of the entry.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// Places of the query's words.
    pub query: std::ops::Range<usize>,
    /// Places of the entry's words.
    pub entry: std::ops::Range<usize>,
    /// How alike, from 0 to 1.
    pub like: f32,
    /// Why.
    pub why: Why,
    /// How much it counts.
    pub weight: f32,
}

/// What else told for or against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Note {
    /// Each has words that the other contradicts.
    Contradiction,
    /// The query says more than the entry.
    QuerySaysMore,
    /// The entry says more than the query.
    EntrySaysMore,
    /// The legal forms are of different kinds.
    FormsDiffer,
    /// The numbers differ.
    NumbersDiffer,
    /// Only words met that many names have.
    OnlyCommon,
    /// One word alone met, of names that have more.
    Thin,
    /// Each side has a first name of its own, and the two are no spellings of one.
    GivenDiffer,
    /// Given and family names changed places.
    PlacesDiffer,
}

/// How alike two names are.
#[derive(Debug, Clone, PartialEq)]
pub struct Likeness {
    /// From 0 to 1.
    pub score: f32,
    /// Which words met.
    pub pairs: Vec<Pair>,
    /// What else told.
    pub notes: Vec<Note>,
}

impl Likeness {
    fn none() -> Likeness {
        Likeness { score: 0.0, pairs: Vec::new(), notes: Vec::new() }
    }
}

/// Words are paired from this likeness on.
pub(crate) const PAIRED: f32 = 0.6;

/// Words that were cut otherwise in another script, from this likeness on.
pub(crate) const JOINED: f32 = 0.92;

/// Words of Han as another language than Mandarin reads them, from this likeness on.
pub(crate) const READS: f32 = 0.93;

/// Words that were cut otherwise, from this likeness on.
const CUT: f32 = 0.72;

/// Words that may be paired: how alike, of how many words, which, and why.
type Found = (f32, usize, std::ops::Range<usize>, std::ops::Range<usize>, Why);

/// Compares two names of the same kind.
pub fn compare(query: &Name, entry: &Name) -> Likeness {
    if query.parts.is_empty() || entry.parts.is_empty() {
        return Likeness::none();
    }
    let persons = query.kind == Kind::Person && entry.kind == Kind::Person;
    let in_language = |language: Option<Language>| {
        let mut table = Table::new(query, entry, persons, language);
        table.pair_same();
        table.pair_alike();
        if !persons {
            table.pair_acronyms();
        }
        table.judge()
    };
    let mut best = in_language(None);
    // Han may be read in several languages, a name in one. A list gives the Latin form of such a name beside it: so only
    // that of the query is read so.
    for language in LANGUAGES {
        if query.readings().iter().any(|reading| reading.language == language) {
            let other = in_language(Some(language));
            if other.score > best.score {
                best = other;
            }
        }
    }
    best
}

struct Table<'n> {
    query: &'n Name,
    entry: &'n Name,
    persons: bool,
    /// The language in which Han of the query is read, if it is not Mandarin.
    language: Option<Language>,
    /// Words that are paired, a bit each.
    query_met: u32,
    entry_met: u32,
    pairs: Vec<Pair>,
}

impl<'n> Table<'n> {
    fn new(query: &'n Name, entry: &'n Name, persons: bool, language: Option<Language>) -> Table<'n> {
        Table {
            query,
            entry,
            persons,
            language,
            query_met: 0,
            entry_met: 0,
            pairs: Vec::with_capacity(query.parts.len()),
        }
    }

    fn add(&mut self, query: std::ops::Range<usize>, entry: std::ops::Range<usize>, like: f32, why: Why) {
        self.query_met |= bits(&query);
        self.entry_met |= bits(&entry);
        let weight = |parts: &[Part]| parts.iter().map(|part| part.weight).sum::<f32>();
        let (own, others) =
            (weight(&self.query.parts[query.clone()]), weight(&self.entry.parts[entry.clone()]));
        // A word that was cut counts as one.
        let weight = match (query.len(), entry.len()) {
            (1, 1) if why != Why::Initial => own.max(others),
            (1, 1) => 0.7,
            (1, _) => own.max(1.0),
            (_, 1) => others.max(1.0),
            _ => own.min(others),
        };
        self.pairs.push(Pair { query, entry, like, why, weight });
    }

    /// Words written alike, in their order. A name may have one word twice: those come first that stand at the same
    /// place, so that what is left over is the one that stands elsewhere.
    fn pair_same(&mut self) {
        let same = |own: &Part, other: &Part| match (own.role, other.role) {
            (Role::Number(a), Role::Number(b)) => a == b,
            _ => own.spelling.same(&other.spelling),
        };
        let (query, entry) = (&self.query.parts, &self.entry.parts);
        if query.len() == entry.len() {
            for (i, (own, other)) in query.iter().zip(entry).enumerate() {
                if same(own, other) {
                    self.add_same(i, i);
                }
            }
        }
        for (i, own) in query.iter().enumerate() {
            let met = self.entry_met;
            if self.query_met & (1 << i) != 0 {
                continue;
            }
            let mut left = entry.iter().enumerate().filter(|(j, _)| met & (1 << j) == 0);
            if let Some((j, _)) = left.find(|(_, other)| same(own, other)) {
                self.add_same(i, j);
            }
        }
    }

    fn add_same(&mut self, i: usize, j: usize) {
        let (own, other) = (&self.query.parts[i], &self.entry.parts[j]);
        let why = if matches!(own.role, Role::Number(_)) { Why::Number } else { Why::Same };
        let like = if own.role == Role::Initial { 0.9 } else { places(own, other) };
        self.add(i..i + 1, j..j + 1, like, why);
    }

    /// Words that are alike, the most alike first.
    fn pair_alike(&mut self) {
        let mut found: Vec<Found> = Vec::new();
        let (n, m) = (self.query.parts.len(), self.entry.parts.len());
        let left = |met: u32, count: usize| (0..count).filter(move |place| met & (1 << place) == 0);
        for i in left(self.query_met, n) {
            for j in left(self.entry_met, m) {
                let (own, other) = (&self.query.parts[i], &self.entry.parts[j]);
                if let Some((like, why)) = self.like(own, other) {
                    found.push((like * places(own, other), 1, i..i + 1, j..j + 1, why));
                }
            }
        }
        // Words were cut otherwise where one side has one left and the other several; Han that writes a foreign name by
        // its sound may stand for one.
        let left = |met: u32, count: usize| count - met.count_ones() as usize;
        let (own, others) = (left(self.query_met, n), left(self.entry_met, m));
        let several = own.max(others) > 1 || self.query.may_be_by_sound() || self.entry.may_be_by_sound();
        if own > 0 && others > 0 && several {
            self.join(&mut found);
        }
        if let Some(language) = self.language {
            self.read(language, &mut found);
        }
        found.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then(b.1.cmp(&a.1))
                .then(a.2.start.cmp(&b.2.start))
                .then(a.3.start.cmp(&b.3.start))
        });
        for (like, _, query, entry, why) in found {
            if self.query_met & bits(&query) == 0 && self.entry_met & bits(&entry) == 0 {
                self.add(query, entry, like, why);
            }
        }
    }

    /// How alike two words are, if they are at all.
    fn like(&self, own: &Part, other: &Part) -> Option<(f32, Why)> {
        match (own.role, other.role) {
            (Role::Number(_), _) | (_, Role::Number(_)) => return None,
            (Role::Initial, Role::Initial) => return None,
            (Role::Initial, _) | (_, Role::Initial) => {
                let (initial, name) = if own.role == Role::Initial { (own, other) } else { (other, own) };
                let script = initial.spelling.vowels() == name.spelling.vowels();
                if !self.persons || !script || name.role == Role::Particle || name.spelling.latin.len() < 2 {
                    return None;
                }
                return (name.spelling.latin.starts_with(&initial.spelling.latin))
                    .then_some((0.9, Why::Initial));
            }
            _ => {}
        }
        let (a, b) = (&own.spelling, &other.spelling);
        if self.persons && (own.short || other.short) && is_nickname(&a.latin, &b.latin) {
            return Some((0.92, Why::Nickname));
        }
        let short = a.latin.len().min(b.latin.len());
        let particles = (own.role == Role::Particle, other.role == Role::Particle);
        if particles.0 != particles.1 {
            return None;
        }
        if particles.0 {
            // All ways to say "son of" or "the" are one word.
            return (bears(&a.latin) == bears(&b.latin)).then_some((0.9, Why::Spelling));
        }
        let written = a.vowels() == b.vowels() && a.vowels() <= Vowels::Foreign;
        let latin = a.units.is_empty() && b.units.is_empty();
        if (short < 2 && latin) || (!self.persons && short < 4 && written) {
            return None;
        }
        let like = a.like_from(b, PAIRED);
        let why = if written { Why::Spelling } else { Why::Transliteration };
        (like >= PAIRED).then_some((like, why))
    }

    /// Words that were cut otherwise on one side: the same letters, or the same consonants and nearly the same
    /// letters.
    fn join(&self, found: &mut Vec<Found>) {
        for own in self.query.runs().iter().filter(|run| self.query_met & bits(&run.parts) == 0) {
            for other in self.entry.runs() {
                let (a, b) = (&own.spelling, &other.spelling);
                // Most words are others: only those with the same consonants, or of other scripts, may be joined.
                if a.units.is_empty() && b.units.is_empty() && !a.same_bones(b) {
                    continue;
                }
                let (one, many) = (own.parts.len(), other.parts.len());
                let by_sound = is_foreign_han(&a.units) || is_foreign_han(&b.units);
                if by_sound && self.entry_met & bits(&other.parts) == 0 {
                    // One word for one word: what is longer was not written by its sound as one.
                    let words = if is_foreign_han(&a.units) { many } else { one };
                    if words == 1 && a.units.is_empty() != b.units.is_empty() {
                        let like = a.like_from(b, PAIRED);
                        if like >= PAIRED {
                            let (query, entry) = (own.parts.clone(), other.parts.clone());
                            found.push((like, one.max(many), query, entry, Why::Transliteration));
                        }
                    }
                    continue;
                }
                if (one == 1 && many == 1) || one.min(many) > 2 || self.entry_met & bits(&other.parts) != 0 {
                    continue;
                }
                if a.units.is_empty() != b.units.is_empty() {
                    // Letter by letter costs most: it comes last.
                    if one.min(many) == 1 {
                        let like = a.like_from(b, JOINED);
                        if like >= JOINED {
                            let (query, entry) = (own.parts.clone(), other.parts.clone());
                            found.push((like, one.max(many), query, entry, Why::Cut));
                        }
                    }
                    continue;
                }
                if let Some(like) = cut_like(a, b) {
                    found.push((like, one.max(many), own.parts.clone(), other.parts.clone(), Why::Cut));
                }
            }
        }
    }

    /// Words of Han as a language reads them: as one word, or each character as one.
    fn read(&self, language: Language, found: &mut Vec<Found>) {
        let own = self.query.readings().iter().filter(|own| own.language == language);
        let is_word = |part: &Part| {
            part.spelling.vowels() == Vowels::Written
                && part.spelling.units.is_empty()
                && !matches!(part.role, Role::Number(_) | Role::Initial)
        };
        let like = |units: &[letters::Unit], part: &Part| letters::like(units, &part.spelling.latin, READS);
        for own in own.filter(|own| self.query_met & bits(&own.parts) == 0) {
            for many in [1, own.read.each.len()] {
                if many == 0 || many > 1 && many < own.parts.len() {
                    continue;
                }
                for (from, words) in self.entry.parts.windows(many).enumerate() {
                    let entry = from..from + many;
                    if self.entry_met & bits(&entry) != 0 || !words.iter().all(is_word) {
                        continue;
                    }
                    let least = match words {
                        [word] => like(&own.read.units, word),
                        words => {
                            let each = own.read.each.iter().zip(words);
                            each.map(|(units, word)| like(units, word)).fold(1.0, f32::min)
                        }
                    };
                    if least >= READS {
                        let length = many.max(own.parts.len());
                        found.push((least, length, own.parts.clone(), entry, Why::Transliteration));
                    }
                }
            }
        }
    }

    /// Letters for the words that they are the first of.
    fn pair_acronyms(&mut self) {
        for of_query in [true, false] {
            let (letters, full) = if of_query { (self.query, self.entry) } else { (self.entry, self.query) };
            let (own, others) =
                if of_query { (self.query_met, self.entry_met) } else { (self.entry_met, self.query_met) };
            for (i, part) in letters.parts.iter().enumerate() {
                let latin = &part.spelling.latin;
                if own & (1 << i) != 0 || !(3..=8).contains(&latin.len()) || part.role != Role::Name {
                    continue;
                }
                let written: Vec<&str> = full.parts.iter().map(|p| p.spelling.latin.as_str()).collect();
                if others != 0 || written.len() < 2 || !is_acronym(latin.as_bytes(), &written, 0) {
                    continue;
                }
                let (one, many) = (i..i + 1, 0..full.parts.len());
                let like = acronym_like(latin.len(), written.len());
                if of_query {
                    self.add(one, many, like, Why::Acronym);
                } else {
                    self.add(many, one, like, Why::Acronym);
                }
                break;
            }
        }
    }
}

/// How alike words are as one to others as one, of which the one side was cut otherwise, if they are at all.
pub(crate) fn cut_like(a: &Spelling, b: &Spelling) -> Option<f32> {
    if !a.same_bones(b) {
        return None;
    }
    let like = if a.same(b) {
        0.98
    } else if a.sound == b.sound {
        0.94
    } else if a.skeleton.len() > 2 && a.vowels().max(b.vowels()) <= Vowels::Foreign {
        a.like(b) * 0.95
    } else {
        return None;
    };
    (like >= CUT).then_some(like)
}

/// How alike letters are to so many words that they are the first of.
pub(crate) fn acronym_like(letters: usize, words: usize) -> f32 {
    if letters <= words { 0.9 } else { 0.82 }
}

/// What a likeness tells: a word that is only somewhat alike is a doubt more than a half.
pub(crate) fn tells(like: f32) -> f32 {
    if like < 0.8 { (like - (0.8 - like) * 1.2).max(0.0) } else { like }
}

fn bits(run: &std::ops::Range<usize>) -> u32 {
    ((1 << run.len()) - 1) << run.start
}

/// What it costs that a word is known to be another part of the name.
fn places(own: &Part, other: &Part) -> f32 {
    match (own.place, other.place) {
        (Place::Given, Place::Family) | (Place::Family, Place::Given) => 0.3,
        _ => 1.0,
    }
}

fn is_nickname(a: &str, b: &str) -> bool {
    names_of(a).contains(&b)
}

/// The word for which a particle stands.
fn bears(particle: &str) -> &str {
    match particle {
        "bin" | "ibn" | "ben" | "bn" | "ould" | "wald" | "walad" | "bani" => "bin",
        "al" | "el" | "ul" | "ur" | "ad" | "ar" | "as" | "at" | "az" | "an" | "ash" | "ed" | "the" => "al",
        "abu" | "abou" => "abu",
        "bint" | "binti" => "bint",
        "oglu" | "ogly" | "uulu" => "oglu",
        "de" | "da" | "do" | "di" | "du" | "del" | "dos" | "das" | "des" | "della" => "de",
        "von" | "van" => "von",
        other => other,
    }
}

/// Whether letters are the beginnings of words, in their order: each word gives one to three, and small words may
/// be passed over.
pub(crate) fn is_acronym(letters: &[u8], words: &[&str], depth: usize) -> bool {
    if letters.is_empty() {
        return words.iter().all(|word| word.len() <= 3) || depth >= 3;
    }
    let Some((first, rest)) = words.split_first() else { return false };
    let given = first.as_bytes();
    for many in 1..=3.min(letters.len()).min(given.len()) {
        if given[..many] == letters[..many] && is_acronym(&letters[many..], rest, depth + 1) {
            return true;
        }
    }
    (first.len() <= 3 || depth >= 3) && is_acronym(letters, rest, depth)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn score(kind: Kind, a: &str, b: &str) -> f32 {
        compare(&Name::new(a, kind), &Name::new(b, kind)).score
    }

    #[test]
    fn persons_are_told_from_each_other() {
        for (a, b) in [
            ("MANSUR, Abdul Latif", "Abdul Lateef Mansoor"),
            ("Dr. Ivan I. Petrov", "Ivan Ivanovich Petrov"),
            ("Иван Петров", "Ivan Petrov"),
            ("Bill Stone", "William Stone"),
            ("MariaStone", "Maria Stone"),
            ("Usama bin Laden", "Osama ben Ladin"),
            // Another place of origin at the end, or an own name that one side leaves out, is no contradiction.
            ("Omar Sabir Yunus Hadi al-Basri", "Omar Sabir Yunus Hadi al-Mosuli"),
            ("Sabir Yunus Hadi al-Basri", "Omar Sabir Yunus Hadi al-Basri"),
            // A query may say less than the list.
            ("Abdul Sattar", "Abdul Sattar Zadran"),
            ("Ali Mohammed", "Ali Mohammed Zadran"),
        ] {
            assert!(score(Kind::Person, a, b) >= 0.7, "{a} / {b}: {}", score(Kind::Person, a, b));
        }
        for (a, b) in [
            ("Ivan Stone", "Maria Stone"),
            ("Ivan A. Stone", "Ivan B. Stone"),
            ("Mohammad Ali", "Mohammad Karimi Rahimi"),
            ("I. P.", "Ivan Petrov"),
            // Brothers, and brothers of whom one has the grandfather's name; the own name may stand last.
            ("Yasir Sabir Yunus Hadi al-Basri", "Omar Sabir Yunus Hadi al-Basri"),
            ("Yunus Sabir Yunus Hadi al-Basri", "Omar Sabir Yunus Hadi al-Basri"),
            ("Sabir Yunus Hadi al-Basri, Yasir", "Omar Sabir Yunus Hadi al-Basri"),
            // Abdul is no name by itself.
            ("Abdul Sattar Karwan Zadran", "Abdul Sattar"),
            ("Karwan Zadran Abdul Sattar", "Haji Abdul Sattar"),
            // Names that many bear, and one that nothing meets.
            ("Mohamed Ali Zadran", "Ali Mohammed"),
        ] {
            assert!(score(Kind::Person, a, b) < 0.7, "{a} / {b}: {}", score(Kind::Person, a, b));
        }
    }

    #[test]
    fn organisations_are_told_from_each_other() {
        for (a, b) in [
            ("OOO Example", "Example Limited Liability Company"),
            ("Example Int'l", "Example International Ltd."),
            ("KOMID", "Korea Mining Development Trading Corporation"),
            ("Brigade Forty-Four", "Brigade 44"),
        ] {
            assert!(score(Kind::Organisation, a, b) >= 0.7, "{a} / {b}: {}", score(Kind::Organisation, a, b));
        }
        for (a, b) in [
            ("Example AG", "Example GmbH"),
            ("General Trading Company", "Example General Trading Company"),
            ("Brigade 43", "Brigade 44"),
        ] {
            assert!(score(Kind::Organisation, a, b) < 0.7, "{a} / {b}: {}", score(Kind::Organisation, a, b));
        }
    }
}
