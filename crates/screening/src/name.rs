//! A name taken apart: which words carry it, which only stand around it.

use std::sync::OnceLock;

use crate::letters::{self, Language, Unit};
use crate::spelling::Spelling;
use crate::text::{MOST_WORDS, Vowels, Word, words};
use crate::words::forms::{Family, form_at};
use crate::words::{nicknames, persons, terms};

/// What bears a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// A person.
    Person,
    /// A company, an authority, any organisation.
    Organisation,
    /// A vessel or an aircraft.
    Craft,
    /// A person or an organisation.
    Either,
}

impl Kind {
    /// By the name of a schema of FollowTheMoney; whatever is none of the four is compared as an organisation.
    pub fn of_schema(schema: &str) -> Kind {
        match schema {
            "Person" => Kind::Person,
            "LegalEntity" | "Thing" => Kind::Either,
            "Vessel" | "Airplane" | "Vehicle" => Kind::Craft,
            _ => Kind::Organisation,
        }
    }

    /// Whether a name of one may be compared with a name of the other at all.
    pub fn meets(self, other: Kind) -> bool {
        self == other
            || self == Kind::Either && other != Kind::Craft
            || other == Kind::Either && self != Kind::Craft
    }
}

/// What a word does in a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It is the name.
    Name,
    /// It is of the name, and many others bear it.
    Common,
    /// It joins: bin, von, of.
    Particle,
    /// It is the first letter of a name.
    Initial,
    /// It says a place.
    Place,
    /// It says a number.
    Number(u32),
}

/// Which part of a person's name a word was given as, where that is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Not known.
    Unknown,
    /// Given names.
    Given,
    /// Middle names and patronymics.
    Middle,
    /// Family names.
    Family,
}

/// A word of a name, ready to be compared.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// As it was written.
    pub written: String,
    /// As it is compared.
    pub spelling: Spelling,
    /// What it does.
    pub role: Role,
    /// Which part of a person's name it is.
    pub place: Place,
    /// How much it counts.
    pub weight: f32,
    /// Whether it is a short name, or one of a neighbouring language, which may stand for another.
    pub short: bool,
}

/// A name, ready to be compared.
#[derive(Debug, Clone)]
pub struct Name {
    /// As it was written.
    pub text: String,
    /// What bears it.
    pub kind: Kind,
    /// The words that carry it, in their order.
    pub parts: Vec<Part>,
    /// Legal forms that stood in it.
    pub forms: Vec<Family>,
    /// The letters of words of Han that may write a foreign name by its sound, a list for each word, if any does.
    by_sound: Vec<Vec<Unit>>,
    /// Words next to each other, as one, once they were asked for: most names are told apart without them.
    runs: OnceLock<Vec<Run>>,
    /// How words of Han may be read in other languages than Mandarin, once they were asked for: of queries alone.
    readings: OnceLock<Box<[Reading]>>,
}

/// Words of a name of Han as a language reads them.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Reading {
    /// The language.
    pub(crate) language: Language,
    /// Places of the words.
    pub(crate) parts: std::ops::Range<usize>,
    /// All as one word, and each character as a word.
    pub(crate) read: letters::Reading,
}

/// Words of a name that stand next to each other, as they are if they are written as one.
#[derive(Debug, Clone, PartialEq)]
pub struct Run {
    /// Places of the words; one alone is a run too.
    pub parts: std::ops::Range<usize>,
    /// The words as one.
    pub spelling: Spelling,
}

/// Words of a run at most.
pub(crate) const MOST_JOINED: usize = 4;

fn runs(parts: &[Part], by_sound: &[Vec<Unit>]) -> Vec<Run> {
    let mut runs = Vec::new();
    // Han that may write a foreign name by its sound: each word of it, or the whole where it was cut.
    if by_sound.iter().any(|units| !units.is_empty()) {
        let whole = by_sound.iter().filter(|units| !units.is_empty()).count() < parts.len();
        for (place, units) in
            by_sound.iter().enumerate().filter(|(place, units)| *place < parts.len() && units.len() > 2)
        {
            let run = if whole { 0..parts.len() } else { place..place + 1 };
            let latin: String = parts[run.clone()].iter().map(|part| part.spelling.latin.as_str()).collect();
            runs.push(Run { parts: run, spelling: Spelling::foreign(&latin, Vowels::Syllables, units) });
        }
    }
    for from in 0..parts.len() {
        let mut joined = String::new();
        let mut vowels = Vowels::Written;
        let mut units = Vec::new();
        let mut foreign = true;
        for until in from + 1..=parts.len().min(from + MOST_JOINED) {
            let part = &parts[until - 1];
            if matches!(part.role, Role::Number(_)) {
                break;
            }
            joined.push_str(&part.spelling.latin);
            vowels = vowels.max(part.spelling.vowels());
            foreign &= !part.spelling.units.is_empty();
            units.extend_from_slice(&part.spelling.units);
            if joined.len() >= 4 || until == from + 1 && joined.len() > 1 {
                runs.push(Run {
                    parts: from..until,
                    spelling: Spelling::foreign(&joined, vowels, if foreign { &units } else { &[] }),
                });
            }
        }
    }
    runs
}

fn readings(parts: &[Part], text: &str) -> Vec<Reading> {
    let is_han =
        |part: &&Part| part.spelling.vowels() == Vowels::Syllables && !matches!(part.role, Role::Number(_));
    let mut found = Vec::new();
    if !parts.iter().any(|part| is_han(&part)) {
        return found;
    }
    let mut add = |parts: std::ops::Range<usize>, word: &str, languages: &[Language]| {
        for language in languages.iter().copied() {
            let all = letters::readings(word, language).into_iter();
            found.extend(all.map(|read| Reading { language, parts: parts.clone(), read }));
        }
    };
    // Three characters in one piece are cut as a Chinese or Korean name, which no Japanese one is.
    let one_piece = parts.len() == 2 && text.trim().chars().count() == 3;
    let languages =
        if one_piece { &[Language::Cantonese, Language::Korean][..] } else { &letters::LANGUAGES };
    for (place, part) in parts.iter().enumerate().filter(|(_, part)| is_han(part)) {
        add(place..place + 1, &part.written, languages);
    }
    // A Japanese family name of two characters alone looks like a Chinese family name and a given name.
    if let [one, other] = parts
        && [one, other].iter().all(|part| is_han(part) && part.written.chars().nth(1).is_none())
    {
        add(0..2, &format!("{}{}", one.written, other.written), &[Language::Japanese]);
    }
    found
}

// The runs and readings follow from the rest.
impl PartialEq for Name {
    fn eq(&self, other: &Name) -> bool {
        self.text == other.text
            && self.kind == other.kind
            && self.parts == other.parts
            && self.forms == other.forms
            && self.by_sound == other.by_sound
    }
}

impl Name {
    /// Takes a name apart. A name of [`Kind::Either`] is taken as that of an organisation.
    pub fn new(text: &str, kind: Kind) -> Name {
        let bare = if kind == Kind::Person { persons::without_han_titles(text) } else { text };
        let all = words(bare).into_iter().map(|word| (word, Place::Unknown)).collect();
        Name::of_words(text, kind, all)
    }

    /// A person's name that is known by its parts.
    pub fn of_person(given: &str, middle: &str, family: &str) -> Name {
        let mut all = Vec::new();
        for (text, place) in [(given, Place::Given), (middle, Place::Middle), (family, Place::Family)] {
            all.extend(words(text).into_iter().map(|word| (word, place)));
        }
        let text: Vec<&str> = [given, middle, family].into_iter().filter(|part| !part.is_empty()).collect();
        Name::of_words(&text.join(" "), Kind::Person, all)
    }

    fn of_words(text: &str, kind: Kind, all: Vec<(Word, Place)>) -> Name {
        let mut by_sound: Vec<Vec<Unit>> = Vec::new();
        if all.iter().any(|(word, _)| !word.by_sound.is_empty()) {
            by_sound.extend(all.iter().map(|(word, _)| word.by_sound.clone()));
        }
        let (parts, forms) = match kind {
            Kind::Person => (person(all), Vec::new()),
            _ => organisation(all, kind),
        };
        Name {
            text: text.to_owned(),
            kind,
            parts,
            forms,
            by_sound,
            runs: OnceLock::new(),
            readings: OnceLock::new(),
        }
    }

    /// Words next to each other, as one.
    pub fn runs(&self) -> &[Run] {
        self.runs.get_or_init(|| runs(&self.parts, &self.by_sound))
    }

    /// How its words of Han may be read in other languages than Mandarin.
    pub(crate) fn readings(&self) -> &[Reading] {
        self.readings.get_or_init(|| readings(&self.parts, &self.text).into())
    }

    /// Whether it has Han that may write a foreign name by its sound.
    pub(crate) fn may_be_by_sound(&self) -> bool {
        !self.by_sound.is_empty()
    }

    /// Whether nothing is left that could be compared.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| matches!(part.role, Role::Particle | Role::Initial))
    }
}

fn part(word: Word, place: Place, role: Role, weight: f32) -> Part {
    let short = nicknames::is_short(&word.latin);
    Part {
        spelling: Spelling::foreign(&word.latin, word.vowels, &word.units),
        written: word.written,
        role,
        place,
        weight,
        short,
    }
}

/// The parts of a person's name. Titles go, unless nothing else is left; legal forms that slipped in go too.
fn person(all: Vec<(Word, Place)>) -> Vec<Part> {
    // A syllable of Han or Kana is none of these words, whatever it is romanised as.
    let may_be = |word: &Word| word.vowels != Vowels::Syllables;
    let is_title = |word: &Word| may_be(word) && persons::IS_TITLE.has(&word.latin);
    let kept = all.iter().filter(|(word, _)| !is_title(word) && word.latin.len() > 1).count();
    let many = all.len() > 2;
    let last = all.len().saturating_sub(1);
    let mut parts: Vec<Part> = Vec::with_capacity(all.len());
    for (position, (mut word, place)) in all.into_iter().enumerate() {
        if kept > 0 && is_title(&word) {
            continue;
        }
        // A company's form at the end of a person's name is a slip of whoever typed it.
        let slipped = position == last
            && position > 1
            && matches!(word.latin.as_str(), "sa" | "llc" | "ltd" | "inc" | "gmbh");
        if slipped {
            continue;
        }
        word.latin = plain_letters(&word.latin);
        let latin = word.latin.as_str();
        if parts.last().is_some_and(|before| before.spelling.latin == latin && latin.len() > 2) {
            continue;
        }
        let initials = latin.len() <= 2
            && word.vowels == Vowels::Written
            && (latin.len() == 1
                || word.pointed
                || !latin.bytes().any(|b| b"aeiouy".contains(&b))
                    && word.written.chars().all(char::is_uppercase));
        if initials && !(latin.len() == 2 && many && persons::IS_PARTICLE.has(latin)) {
            for letter in word.written.chars().filter(|c| c.is_alphanumeric()) {
                let own = Word {
                    written: letter.to_string(),
                    latin: latin_of(letter),
                    vowels: word.vowels,
                    units: Vec::new(),
                    by_sound: Vec::new(),
                    pointed: true,
                };
                if !own.latin.is_empty() {
                    parts.push(part(own, place, Role::Initial, 0.6));
                }
            }
            continue;
        }
        let particle = may_be(&word) && persons::IS_PARTICLE.has(latin) && kept > 1;
        let (role, weight) = if particle {
            (Role::Particle, 0.2)
        } else if kept > 1 && may_be(&word) && persons::IS_STYLE.has(latin) {
            (Role::Common, 0.35)
        } else if persons::IS_COMMON.has(latin) {
            (Role::Common, 0.9)
        } else {
            (Role::Name, 1.0)
        };
        parts.push(part(word, place, role, weight));
    }
    // The same name said twice, at either end, is said once.
    if parts.len() > 2 && parts[0].spelling.latin == parts[parts.len() - 1].spelling.latin {
        parts.pop();
    }
    // First letters that were written as one are several parts, and what is met is noted in as many bits as words.
    parts.truncate(MOST_WORDS);
    parts
}

/// Whether a name has words that only organisations have: a legal form, or a word of what they do.
pub fn is_of_organisation(text: &str) -> bool {
    let all = words(text);
    let latin: Vec<&str> = all.iter().map(|word| word.latin.as_str()).collect();
    let small = |word: &str| word.len() < 4;
    (0..latin.len()).any(|place| {
        let form = form_at(&latin[place..])
            .is_some_and(|(length, _)| length > 1 || !small(latin[place]) || place + 1 == latin.len());
        form || (!small(latin[place]) && terms::IS_COMMON.has(latin[place]))
    })
}

/// A letter in Latin.
fn latin_of(letter: char) -> String {
    words(&letter.to_string())
        .into_iter()
        .next()
        .map(|word| word.latin.chars().take(1).collect())
        .unwrap_or_default()
}

/// Digits that stand for letters within a word of letters are read as these.
fn plain_letters(latin: &str) -> String {
    let digits = latin.bytes().filter(u8::is_ascii_digit).count();
    if digits == 0 || digits * 2 > latin.len() {
        return latin.to_owned();
    }
    latin
        .chars()
        .map(|c| match c {
            '0' => 'o',
            '1' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            '8' => 'b',
            '9' => 'g',
            other => other,
        })
        .collect()
}

/// The parts of an organisation's or a craft's name, and the forms that stood in it.
fn organisation(all: Vec<(Word, Place)>, kind: Kind) -> (Vec<Part>, Vec<Family>) {
    let all = joined_letters(all);
    let latin: Vec<&str> = all.iter().map(|(word, _)| word.latin.as_str()).collect();
    let mut forms = Vec::new();
    let mut is_form = vec![false; latin.len()];
    if kind != Kind::Craft {
        let mut place = 0;
        while place < latin.len() {
            match form_at(&latin[place..]) {
                // A form stands at either end of a name, or beside another one.
                Some((length, family))
                    if length > 1
                        || place == 0
                        || place + length == latin.len()
                        || latin[place].len() > 1 =>
                {
                    forms.push(family);
                    is_form[place..place + length].fill(true);
                    place += length;
                }
                _ => place += 1,
            }
        }
    }
    // What is nothing but a form is its own name.
    if is_form.iter().all(|form| *form) {
        is_form.fill(false);
        forms.clear();
    }
    let mut parts: Vec<Part> = Vec::new();
    for (position, (mut word, place)) in all.iter().cloned().enumerate() {
        if is_form[position] {
            continue;
        }
        if kind == Kind::Craft
            && position == 0
            && all.len() > 1
            && terms::VESSELS.contains(&word.latin.as_str())
        {
            continue;
        }
        if let Some(same) = terms::same(&word.latin) {
            word.latin = same.to_owned();
        }
        let value = terms::number(&word.latin).filter(|_| all.len() > 1);
        if let Some(value) = value {
            // Forty four is one number.
            if let Some(Part { role: Role::Number(tens), .. }) = parts.last_mut()
                && terms::is_tens(*tens)
                && value < 10
            {
                *tens += value;
                continue;
            }
            parts.push(part(word, place, Role::Number(value), 0.6));
            continue;
        }
        let (role, weight) = match word.latin.as_str() {
            "the" | "of" | "for" | "and" | "in" | "on" | "de" | "du" | "des" | "la" | "le" | "der"
            | "die" | "das" | "und" | "et" | "y" | "al" | "el" | "i" | "e" | "s" => (Role::Particle, 0.1),
            latin if terms::IS_PLACE.has(latin) => (Role::Place, 0.4),
            latin if terms::IS_COMMON.has(latin) => (Role::Common, 0.5),
            _ => (Role::Name, 1.0),
        };
        parts.push(part(word, place, role, weight));
    }
    (parts, forms)
}

/// Single letters that follow each other are one word: `A.B.C.` is `abc`.
fn joined_letters(all: Vec<(Word, Place)>) -> Vec<(Word, Place)> {
    let mut out: Vec<(Word, Place)> = Vec::with_capacity(all.len());
    let mut letters = false;
    for (word, place) in all {
        let single = word.latin.len() == 1 && word.latin.bytes().all(|b| b.is_ascii_alphabetic());
        match out.last_mut() {
            Some((before, _)) if single && letters => {
                before.latin.push_str(&word.latin);
                before.written.push_str(&word.written);
            }
            _ => out.push((word, place)),
        }
        letters = single;
    }
    out
}
