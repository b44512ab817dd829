//! How alike a word of another script is to one in Latin letters.
//!
//! A letter may be written in several ways ([`tables`] has them with their sources), and which one was chosen nobody
//! knows: so the word is not brought to Latin letters and then compared, but laid beside the other one, each letter
//! by that of its writings which fits, at the least cost altogether. What no writing explains costs as much as a
//! slip.

mod tables;

use std::sync::LazyLock;

use pinyin::ToPinyin as _;
use rustc_hash::FxHashMap as HashMap;
use unicode_normalization::UnicodeNormalization as _;

use crate::spelling::LONGEST_WORD;

/// A letter of another script, or letters that sound together: its place in the tables.
pub type Unit = u16;

/// Units of a word at most.
const MOST_UNITS: usize = 48;

/// Costs are in hundredths of a slip.
pub(crate) type Cost = u16;

/// No way.
const NEVER: Cost = 10_000;

/// What a writing costs by its grade.
const GRADES: [Cost; 3] = [0, 14, 34];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Script {
    Cyrillic,
    Greek,
    Arabic,
    Hebrew,
    Hangul,
    Devanagari,
    Han,
    /// Names of other languages in Han.
    ForeignHan,
}

/// Up to four letters as one number, the last one lowest, and how many they are.
#[derive(Debug, Clone, Copy)]
struct Writing {
    letters: u32,
    mask: u32,
    length: usize,
}

/// Letters of a writing at most.
const WRITING: usize = 4;

impl Writing {
    fn new(text: &str) -> Writing {
        let letters = text.bytes().fold(0, |letters: u32, letter| letters << 8 | u32::from(letter));
        let mask = if text.len() >= WRITING { u32::MAX } else { (1 << (8 * text.len())) - 1 };
        Writing { letters, mask, length: text.len() }
    }
}

#[derive(Debug)]
struct Rule {
    /// Writings and their costs.
    writings: Vec<(Writing, Cost)>,
    /// Letters of the first writing.
    length: usize,
    /// The letters of each writing, a bit each.
    sets: Vec<u32>,
    /// The letters of all writings together.
    known: u32,
    /// The cost of leaving it unwritten.
    silent: Cost,
    /// Whether it is a vowel, as far as that can be said.
    vowel: bool,
    script: Script,
}

struct Tables {
    rules: Vec<Rule>,
    /// By the script's own letters.
    by_letters: HashMap<&'static str, Unit>,
    /// The most letters of a line.
    longest: usize,
    /// Where the lines of Han begin, and those of names of other languages in Han.
    han: Option<Unit>,
    foreign_han: Option<Unit>,
}

static TABLES: LazyLock<Tables> = LazyLock::new(|| {
    let mut tables = Tables {
        rules: Vec::new(),
        by_letters: HashMap::default(),
        longest: 1,
        han: None,
        foreign_han: None,
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
    ] {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            let (letters, writings) = line.split_once(' ').unwrap_or((line, ""));
            let rule = rule(script, writings);
            let place = Unit::try_from(tables.rules.len()).unwrap_or(Unit::MAX);
            tables.longest = tables.longest.max(letters.chars().count());
            tables.rules.push(rule);
            // The two tables of Han have the same lines: the second stands behind the first.
            match script {
                Script::Han if tables.han.is_none() => tables.han = Some(place),
                Script::ForeignHan if tables.foreign_han.is_none() => tables.foreign_han = Some(place),
                _ => {}
            }
            if script != Script::ForeignHan {
                tables.by_letters.insert(letters, place);
            }
        }
    }
    tables
});

fn rule(script: Script, text: &str) -> Rule {
    let mut writings: Vec<(Writing, Cost)> = Vec::new();
    let mut first = None;
    let mut sets = Vec::new();
    let mut silent = None;
    for (grade, some) in text.split('|').enumerate() {
        let cost = GRADES[grade.min(GRADES.len() - 1)];
        for writing in some.split_whitespace() {
            if writing == "-" {
                silent = Some(cost);
            } else if writing.is_ascii() && writing.len() <= WRITING {
                first = first.or(Some(writing));
                writings.push((Writing::new(writing), cost));
                sets.push(crate::spelling::letters(writing));
            }
        }
    }
    let vowel =
        first.is_none_or(|first| first != "w" && first.bytes().all(|letter| b"aeiouyw".contains(&letter)));
    let silent = silent.unwrap_or(match script {
        // A syllable has its vowel.
        Script::Hangul | Script::Han if vowel => 150,
        _ if vowel => 45,
        _ => 100,
    });
    sets.sort_unstable();
    sets.dedup();
    let all = sets.clone();
    let known = all.iter().fold(0, |known, set| known | set);
    // A set that has all letters of another one is met whenever that is.
    sets.retain(|set| !all.iter().any(|other| other != set && other & set == *other));
    Rule { length: first.map_or(0, str::len), sets, known, writings, silent, vowel, script }
}

/// The letters of a word as the tables have them; nothing where they do not have all.
pub(crate) fn units(word: &[char]) -> Vec<Unit> {
    let tables = &*TABLES;
    let mut found = Vec::with_capacity(word.len());
    // Marks that stand upon a letter of Arabic or Hebrew say a short vowel: they fall away.
    let lower: String = word.iter().flat_map(|c| c.to_lowercase()).collect();
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
    while place < composed.len() && found.len() < MOST_UNITS {
        if let Some(pinyin) = composed[place].to_pinyin() {
            if !syllable(pinyin.plain(), &mut found) {
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

/// The units of Han as those of a name of another language that Han writes by its sound; nothing for other units.
pub(crate) fn as_foreign_han(units: &[Unit]) -> Vec<Unit> {
    let tables = &*TABLES;
    let (Some(from), Some(to)) = (tables.han, tables.foreign_han) else { return Vec::new() };
    let all = units.iter().all(|unit| (from..to).contains(unit));
    if all { units.iter().map(|unit| unit - from + to).collect() } else { Vec::new() }
}

/// Whether units are those of a name of another language in Han.
pub(crate) fn is_foreign_han(units: &[Unit]) -> bool {
    units.first().is_some_and(|unit| TABLES.foreign_han.is_some_and(|from| *unit >= from))
}

/// Takes a syllable of pinyin apart: its first consonant, its vowels, its last consonant.
fn syllable(plain: &str, found: &mut Vec<Unit>) -> bool {
    let tables = &*TABLES;
    let mut add = |letters: &str| match tables.by_letters.get(letters) {
        Some(unit) => {
            found.push(*unit);
            true
        }
        None => false,
    };
    if plain == "er" {
        return add("er");
    }
    let first = plain.bytes().take_while(|b| !b"aeiouv".contains(b)).count().min(2);
    let (first, last) = plain.split_at(if plain.is_char_boundary(first) { first } else { 0 });
    let (vowels, coda) = match last.strip_suffix("ng") {
        Some(vowels) => (vowels, "-ng"),
        None => last.strip_suffix('n').map_or((last, ""), |vowels| (vowels, "-n")),
    };
    (first.is_empty() || add(&format!("{first}-")))
        && vowels
            .char_indices()
            .all(|(at, vowel)| add(if vowel == 'ü' { "v" } else { &vowels[at..at + vowel.len_utf8()] }))
        && (coda.is_empty() || add(coda))
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// A word of another script laid beside one in Latin letters: the least cost to bring so many units to so many
/// letters.
pub(crate) struct Alignment {
    cells: Vec<[Cost; LONGEST_WORD + 1]>,
    units: Vec<Unit>,
    letters: Vec<u8>,
}

impl Alignment {
    /// Nothing beside nothing.
    pub(crate) fn new() -> Alignment {
        let mut cells = vec![[NEVER; LONGEST_WORD + 1]; MOST_UNITS + 1];
        cells[0][0] = 0;
        Alignment { cells, units: Vec::with_capacity(MOST_UNITS), letters: Vec::with_capacity(LONGEST_WORD) }
    }

    /// Lays two words beside each other; gives up, and says so, once they cost more than `most`.
    pub(crate) fn lay(&mut self, units: &[Unit], letters: &[u8], most: Cost) -> bool {
        self.units.clear();
        self.letters.clear();
        self.letters.extend_from_slice(&letters[..letters.len().min(LONGEST_WORD)]);
        self.fill(0);
        for unit in units.iter().take(MOST_UNITS) {
            self.units.push(*unit);
            self.fill(self.units.len());
            let row = &self.cells[self.units.len()][..=self.letters.len()];
            if row.iter().all(|cost| *cost > most) {
                return false;
            }
        }
        true
    }

    fn fill(&mut self, i: usize) {
        for j in 0..=self.letters.len() {
            if i + j > 0 {
                self.cells[i][j] = self.cell(i, j);
            }
        }
    }

    fn cell(&self, i: usize, j: usize) -> Cost {
        let mut best = NEVER;
        let script =
            self.units.first().map_or(Script::Cyrillic, |unit| TABLES.rules[usize::from(*unit)].script);
        if j > 0 {
            best = self.cells[i][j - 1].saturating_add(unexplained(script, &self.letters[..j]));
        }
        if i > 0 {
            let rule = &TABLES.rules[usize::from(self.units[i - 1])];
            let row = &self.cells[i - 1];
            best = best.min(row[j] + rule.silent);
            if j > 0 {
                let letter = self.letters[j - 1];
                let change = match (rule.vowel, is_vowel(letter)) {
                    (true, true)
                        if matches!(script, Script::ForeignHan | Script::Arabic | Script::Hebrew) =>
                    {
                        30
                    }
                    (true, true) if script == Script::Han => 105,
                    (true, true) => 60,
                    (false, false) => 105,
                    _ => 140,
                };
                best = best.min(row[j - 1] + change);
                let window = self.letters[j.saturating_sub(WRITING)..j]
                    .iter()
                    .fold(0, |window: u32, letter| window << 8 | u32::from(*letter));
                for (writing, cost) in &rule.writings {
                    if (window ^ writing.letters) & writing.mask == 0 && writing.length <= j {
                        best = best.min(row[j - writing.length] + cost);
                    }
                }
            }
        }
        best
    }

    /// The cost of the whole. Endings that French writes and does not speak cost little where a script writes what
    /// it hears.
    pub(crate) fn whole(&self) -> Cost {
        let (i, j) = (self.units.len(), self.letters.len());
        let row = &self.cells[i];
        let mut cost = row[j];
        let silent = |letter: u8| matches!(letter, b't' | b's' | b'x' | b'd' | b'z' | b'r' | b'p' | b'l');
        if j > 4 && silent(self.letters[j - 1]) && silent(self.letters[j - 2]) {
            cost = cost.min(row[j - 2] + 50);
        }
        if j > 3 && silent(self.letters[j - 1]) {
            cost = cost.min(row[j - 1] + 30);
        }
        cost
    }

    /// How alike, by the cost; 0 to 1.
    pub(crate) fn like(&self) -> f32 {
        let cost = self.whole();
        likeness(cost, &self.units, &self.letters)
    }
}

/// What a Latin letter costs that no unit explains.
fn unexplained(script: Script, letters: &[u8]) -> Cost {
    let (letter, before) = match letters {
        [.., before, letter] => (*letter, Some(*before)),
        [letter] => (*letter, None),
        [] => return 0,
    };
    if before == Some(letter) {
        return 6;
    }
    let hidden = matches!(script, Script::Arabic | Script::Hebrew | Script::Devanagari);
    match letter {
        _ if is_vowel(letter) && hidden && before.is_some() => 6,
        _ if is_vowel(letter) && script == Script::ForeignHan => 22,
        b'e' if before.is_some() => 30,
        _ if is_vowel(letter) => 55,
        b'h' => 32,
        b'r' | b'l' | b'w' if script == Script::ForeignHan && before.is_some_and(is_vowel) => 34,
        _ => 100,
    }
}

/// What a cost is worth for two words of so many letters; a word of few sounds is never much like another, because
/// many words have few.
fn likeness(cost: Cost, units: &[Unit], letters: &[u8]) -> f32 {
    let (mut consonants, mut vowels, mut length) = (0.0_f32, 0.0_f32, letters.len());
    for unit in units {
        let rule = &TABLES.rules[usize::from(*unit)];
        if rule.silent == 0 && rule.script != Script::ForeignHan {
            continue;
        }
        *if rule.vowel { &mut vowels } else { &mut consonants } += 1.0;
        length += rule.length;
    }
    let own = length - letters.len();
    if !lengths_meet(own, letters.len()) {
        return 0.0;
    }
    let script = units.first().map_or(Script::Cyrillic, |unit| TABLES.rules[usize::from(*unit)].script);
    let told = consonants + vowels * if script == Script::ForeignHan { 0.25 } else { 0.5 };
    let most = match script {
        // A family name of one vowel is a whole name there.
        Script::Hangul => 0.97,
        _ if told < 1.0 => 0.5,
        Script::Cyrillic | Script::Greek | Script::Devanagari | Script::Han => 0.97,
        _ if told < 1.5 => 0.6,
        _ if told < 2.0 => 0.76,
        _ if told < 2.5 => 0.84,
        _ if told < 3.5 => 0.9,
        _ => 0.95,
    };
    let slips = f32::from(cost) / 100.0;
    (most - SLOPE / together(own, letters.len()) * slips * slips.sqrt()).max(0.0)
}

/// The most letters that one of two words may have of which the other has so many.
fn most_length(letters: usize) -> usize {
    letters * 3 / 2 + 4
}

/// The letters of both words by which a cost is weighed: twice those of the shorter one.
fn together(one: usize, other: usize) -> f32 {
    (2 * one.min(other) + 1) as f32
}

/// How many letters the first writings of units have.
pub(crate) fn length(units: &[Unit]) -> usize {
    units.iter().map(|unit| TABLES.rules[usize::from(*unit)].length).sum()
}

/// The cost at which no two words of so many letters together are more alike than `like`.
fn reach(together: f32, like: f32) -> Cost {
    (100.0 * ((0.97 - like).max(0.0) * together / SLOPE).powf(2.0 / 3.0)).ceil() as Cost
}

fn lengths_meet(one: usize, other: usize) -> bool {
    one <= most_length(other) && other <= most_length(one)
}

/// The cost that two words may have of which one has so many letters, by the letters of the other.
fn reaches(letters: usize, like: f32) -> Vec<Cost> {
    (0..=most_length(letters)).map(|other| reach(together(letters, other), like)).collect()
}

impl Rule {
    /// What it costs at least beside a word that has only these letters.
    fn least(&self, letters: u32) -> Cost {
        if self.sets.iter().any(|set| set & letters == *set) {
            return 0;
        }
        self.silent.min(if self.vowel { 30 } else { 105 })
    }
}

/// For a quick no: what a word of another script costs at least beside words with only some letters.
pub(crate) struct Least {
    rules: Vec<&'static Rule>,
    /// Letters that no writing of these units has, and whose presence costs a whole slip each.
    strange: u32,
    length: usize,
    reaches: Vec<Cost>,
}

impl Least {
    /// Of a word's units.
    pub(crate) fn new(units: &[Unit], like: f32) -> Least {
        let rules: Vec<&Rule> = units.iter().map(|unit| &TABLES.rules[usize::from(*unit)]).collect();
        let known = rules.iter().fold(0, |known, rule| known | rule.known);
        let length = length(units);
        Least { strange: STRANGE & !known, rules, length, reaches: reaches(length, like) }
    }

    /// Whether a word of so many letters, which has only these, may be meant.
    pub(crate) fn may_be(&self, letters: u32, length: usize) -> bool {
        let Some(most) = self.reaches.get(length).filter(|_| lengths_meet(self.length, length)) else {
            return false;
        };
        let mut cost = 100 * (letters & self.strange).count_ones() as Cost;
        for rule in &self.rules {
            if cost > *most {
                return false;
            }
            cost += rule.least(letters);
        }
        cost <= *most
    }
}

/// Letters that are never silent.
const STRANGE: u32 = {
    let mut bits = 0;
    let letters = *b"bfgkmqv";
    let mut place = 0;
    while place < letters.len() {
        bits |= 1 << (letters[place] - b'a');
        place += 1;
    }
    bits
};

/// For a quick no: what each unit costs at least beside a word in Latin letters.
pub(crate) struct LeastOf {
    costs: Vec<Cost>,
    /// Letters of the word that cost a whole slip each where no unit has them.
    strange: u32,
    length: usize,
    reaches: Vec<Cost>,
}

impl LeastOf {
    /// Of a word in Latin letters.
    pub(crate) fn new(latin: &str, like: f32) -> LeastOf {
        let letters = crate::spelling::letters(latin);
        let costs = TABLES.rules.iter().map(|rule| rule.least(letters)).collect();
        LeastOf {
            costs,
            strange: letters & STRANGE,
            length: latin.len(),
            reaches: reaches(latin.len(), like),
        }
    }

    /// Whether a word of these units may be meant.
    pub(crate) fn may_be(&self, units: &[Unit]) -> bool {
        let (mut cost, mut known, mut length) = (0, 0, 0);
        for unit in units {
            let rule = &TABLES.rules[usize::from(*unit)];
            cost += self.costs[usize::from(*unit)];
            known |= rule.known;
            length += rule.length;
        }
        cost += 100 * (self.strange & !known).count_ones() as Cost;
        lengths_meet(self.length, length) && self.reaches.get(length).is_some_and(|most| cost <= *most)
    }
}

/// What a slip costs, by the letters of both words.
const SLOPE: f32 = 2.72;

/// A likeness below this is none.
const LEAST: f32 = 0.59;

/// How alike a word of another script is to one in Latin letters.
pub(crate) fn like(units: &[Unit], latin: &str) -> f32 {
    thread_local! {
        static ALIGNMENT: std::cell::RefCell<Alignment> = std::cell::RefCell::new(Alignment::new());
    }
    let own = length(units);
    if !lengths_meet(own, latin.len()) {
        return 0.0;
    }
    let most = reach(together(own, latin.len()), LEAST);
    ALIGNMENT.with_borrow_mut(|alignment| {
        if alignment.lay(units, latin.as_bytes(), most) { alignment.like() } else { 0.0 }
    })
}
