//! The words of a list, once each, and those of them that a word may be paired with.
//!
//! Words stand in tries by each of their writings: Latin letters, sounds, consonants, and the letters of their own
//! script. A word is laid beside a whole trie at once, with the scorer's own costs, and what is left is asked of the
//! scorer: so what is found is exactly what it would pair.

use rustc_hash::FxHashMap as HashMap;

use super::latins::Latins;
use super::remembered::Remembered;
use super::trie::{Lay, Trie};
use super::units::Units;
use crate::compare::{JOINED, PAIRED};
use crate::letters::{self, Unit, UnitsBeside, is_foreign_han};
use crate::spelling::{BONES, Beside, LONGEST_WORD, SOUNDS, Spelling};
use crate::text::Vowels;
use crate::words::nicknames::names_of;

/// One of the writings of a word.
type Writing = fn(&Spelling) -> &str;

/// The letters of a writing as far as they are compared.
fn key(writing: &str) -> &[u8] {
    &writing.as_bytes()[..writing.len().min(LONGEST_WORD)]
}

/// Words by one of their writings.
#[derive(Debug)]
struct By {
    trie: Trie,
    writing: Writing,
}

impl By {
    fn new(writing: Writing, all: &[Spelling], words: &[u32]) -> By {
        let trie = Trie::new(words.to_vec(), |word| key(writing(&all[word as usize])));
        By { trie, writing }
    }

    fn of(&self, all: &[Spelling], writing: &str) -> &[u32] {
        self.trie.of(key(writing), |word| key((self.writing)(&all[word as usize])))
    }

    fn near(&self, all: &[Spelling], beside: &mut impl Lay, found: &mut Vec<u32>) {
        self.trie.near(beside, |word| key((self.writing)(&all[word as usize])), found);
    }
}

/// Words of one kind by their writings in Latin letters.
#[derive(Debug)]
struct Writings {
    latin: By,
    sound: By,
    skeleton: By,
    loose: By,
}

impl Writings {
    fn new(all: &[Spelling], words: &[u32]) -> Writings {
        Writings {
            latin: By::new(|word| &word.latin, all, words),
            sound: By::new(|word| &word.sound, all, words),
            skeleton: By::new(|word| &word.skeleton, all, words),
            loose: By::new(|word| &word.loose, all, words),
        }
    }

    /// Words that may be near in Latin letters: by letters, by sound, by the same consonants.
    fn near(&self, all: &[Spelling], own: &Spelling, least: f32, found: &mut Vec<u32>) {
        if self.latin.trie.is_empty() {
            return;
        }
        found.extend_from_slice(self.latin.of(all, &own.latin));
        found.extend_from_slice(self.sound.of(all, &own.sound));
        self.latin.near(all, &mut Beside::spelled(&own.latin, least), found);
        self.sound.near(all, &mut Beside::spelled(&own.sound, least / SOUNDS), found);
        // Of words with the same consonants less must be the same otherwise.
        if own.skeleton.len() > 2 {
            found.extend_from_slice(self.skeleton.of(all, &own.skeleton));
        }
        // One `s` more or less at the end.
        let mut longer = own.sound.clone();
        longer.push('s');
        for other in [Some(longer.as_str()), own.sound.strip_suffix('s')].into_iter().flatten() {
            found.extend_from_slice(self.sound.of(all, other));
        }
    }

    /// Words that may be near by their consonants alone, where one of two writes no vowels, or syllables.
    fn near_bones(&self, all: &[Spelling], own: &Spelling, found: &mut Vec<u32>) {
        for (by, bones) in [(&self.skeleton, &own.skeleton), (&self.loose, &own.loose)] {
            if !by.trie.is_empty() {
                found.extend_from_slice(by.of(all, bones));
                by.near(all, &mut Beside::within(bones, BONES + 1), found);
            }
        }
    }
}

/// Words of a list, all or some, by what they are found by.
#[derive(Debug)]
pub(super) struct Tries {
    /// Words in Latin letters, and the same in their order, where they are few.
    latin: Writings,
    latins: Latins,
    /// Words of scripts without a table.
    plain: Writings,
    /// Words of scripts that the tables of letters have, and the same by these.
    lettered: Writings,
    units: Units,
    /// The same of several words as one.
    joined: Writings,
    joined_units: Units,
}

impl Default for Tries {
    fn default() -> Tries {
        Tries::new(&[], &[], std::iter::empty())
    }
}

impl Tries {
    fn new(all: &[Spelling], is_joined: &[bool], words: impl Iterator<Item = u32>) -> Tries {
        let (mut latin, mut plain) = (Vec::new(), Vec::new());
        let (mut lettered, mut joined) = (Vec::new(), Vec::new());
        for word in words {
            let spelling = &all[word as usize];
            match (spelling.vowels(), spelling.units.is_empty()) {
                (Vowels::Written, _) => latin.push(word),
                (_, true) => plain.push(word),
                (_, false) if is_joined[word as usize] => joined.push(word),
                (_, false) => lettered.push(word),
            }
        }
        Tries {
            latin: Writings::new(all, &latin),
            latins: Latins::new(&latin, |word| key(&all[word as usize].latin)),
            plain: Writings::new(all, &plain),
            lettered: Writings::new(all, &lettered),
            units: Units::new(lettered, |word| &all[word as usize].units),
            joined: Writings::new(all, &joined),
            joined_units: Units::new(joined, |word| &all[word as usize].units),
        }
    }
}

/// The words of a list.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Spelling>,
    /// Words by all they are written with, while they are added.
    places: HashMap<Box<str>, u32>,
    /// Whether a word is only several words as one.
    is_joined: Vec<bool>,
    all: Tries,
    /// The words of short names alone.
    short: Tries,
    remembered: Remembered<(u32, Which, u32)>,
}

/// Which words of a list are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Which {
    /// All.
    All,
    /// Those of short names.
    Short,
}

impl Vocabulary {
    /// The place of a word, a new one if it is not there.
    pub(super) fn add(&mut self, spelling: &Spelling, joined: bool) -> u32 {
        // One word may be written in several scripts, and in one script in several ways: these are several.
        let mut key = String::with_capacity(spelling.latin.len() + 1);
        key.push(char::from(b'0' + spelling.vowels() as u8));
        key.push_str(&spelling.latin);
        key.extend(spelling.units.iter().filter_map(|unit| char::from_u32(0xf_0000 + u32::from(*unit))));
        if let Some(place) = self.places.get(key.as_str()) {
            self.is_joined[*place as usize] &= joined;
            return *place;
        }
        let place = u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.places.insert(key.into(), place);
        self.words.push(spelling.clone());
        self.is_joined.push(joined);
        place
    }

    /// How many words it has.
    pub(super) fn len(&self) -> usize {
        self.words.len()
    }

    /// Puts the words in order, once all are there; `is_short` says which are of short names.
    pub(super) fn finish(&mut self, is_short: impl Fn(u32) -> bool) {
        self.places = HashMap::default();
        self.words.shrink_to_fit();
        let all = 0..u32::try_from(self.words.len()).unwrap_or(u32::MAX);
        self.all = Tries::new(&self.words, &self.is_joined, all.clone());
        self.short = Tries::new(&self.words, &self.is_joined, all.filter(|word| is_short(*word)));
    }

    /// A word.
    pub(super) fn word(&self, place: u32) -> &Spelling {
        &self.words[place as usize]
    }

    fn tries(&self, which: Which) -> &Tries {
        match which {
            Which::All => &self.all,
            Which::Short => &self.short,
        }
    }

    /// The words whose Latin letters are these.
    pub(super) fn written(&self, latin: &str, which: Which) -> impl Iterator<Item = u32> {
        let tries = self.tries(which);
        let all = [&tries.latin, &tries.plain, &tries.lettered, &tries.joined];
        all.map(|words| words.latin.of(&self.words, latin)).into_iter().flatten().copied()
    }

    /// The words whose Latin letters begin so.
    pub(super) fn beginning(&self, latin: &str) -> impl Iterator<Item = (u32, &str)> {
        let all = [&self.all.latin, &self.all.plain, &self.all.lettered];
        let of = move |word: u32| self.word(word).latin.as_str();
        let found = all.map(|words| words.latin.trie.beginning(latin.as_bytes(), |word| key(of(word))));
        found.into_iter().flatten().map(move |word| (word, of(word)))
    }

    /// Whether a word is one in Latin letters, or of a script without a table.
    pub(super) fn is_latin(&self, place: u32) -> bool {
        self.word(place).units.is_empty()
    }

    /// How alike the scorer calls a word and one of the list, if it may pair them.
    pub(super) fn like(&self, own: &Spelling, place: u32) -> f32 {
        self.paired(own, place, own.like_from(self.word(place), PAIRED))
    }

    /// The same, where it is known how alike their spellings are.
    fn paired(&self, own: &Spelling, place: u32, like: f32) -> f32 {
        let other = self.word(place);
        if like < 0.92
            && !is_foreign_han(&own.units)
            && names_of(&own.latin).iter().any(|name| *name == other.latin)
        {
            return 0.92;
        }
        if like >= if self.is_joined[place as usize] { JOINED } else { PAIRED } { like } else { 0.0 }
    }

    /// The words that the scorer may pair with a word from a likeness on, each with how alike it is.
    ///
    /// Of a word that is one of the list, which most of a query's are, this is found out once and remembered.
    pub(super) fn alike(&self, own: &Spelling, least: f32, which: Which) -> Vec<(u32, f32)> {
        let same = |word: &u32| self.word(*word) == own;
        let Some(word) = self.written(&own.latin, which).find(same) else {
            return self.find_alike(own, least, which);
        };
        self.remembered.or_find((word, which, least.to_bits()), || self.find_alike(own, least, which))
    }

    fn find_alike(&self, own: &Spelling, least: f32, which: Which) -> Vec<(u32, f32)> {
        let (tries, all) = (self.tries(which), self.words.as_slice());
        let mut found = Vec::new();
        // Words of other scripts of which it is known already how alike they are.
        let mut known: Vec<(u32, f32)> = Vec::new();
        match (own.vowels(), own.units.is_empty()) {
            (Vowels::Written, _) => {
                tries.latin.near(all, own, least, &mut found);
                tries.plain.near(all, own, least, &mut found);
                tries.plain.near_bones(all, own, &mut found);
                found.extend(tries.lettered.latin.of(all, &own.latin));
                found.extend(tries.joined.latin.of(all, &own.latin));
                tries.units.near(&own.latin, least, &mut known);
                tries.joined_units.near(&own.latin, least.max(JOINED), &mut known);
            }
            (_, true) => {
                for words in [&tries.latin, &tries.plain, &tries.lettered] {
                    words.near(all, own, least, &mut found);
                    words.near_bones(all, own, &mut found);
                }
            }
            (_, false) => {
                for words in [&tries.plain, &tries.lettered] {
                    words.near(all, own, least, &mut found);
                    words.near_bones(all, own, &mut found);
                }
                found.extend(tries.latin.latin.of(all, &own.latin));
                let beside = &mut UnitsBeside::new(&own.units, least);
                if tries.latins.is_empty() {
                    tries.latin.latin.near(all, beside, &mut found);
                } else {
                    tries.latins.near(beside, &mut found);
                }
            }
        }
        if own.vowels() != Vowels::Written {
            tries.joined.near(all, own, least.max(JOINED), &mut found);
            tries.joined.near_bones(all, own, &mut found);
        }
        if !is_foreign_han(&own.units) {
            for name in names_of(&own.latin) {
                found.extend(self.written(name, which));
            }
        }
        found.sort_unstable();
        found.dedup();
        let mut alike: Vec<(u32, f32)> = found.iter().map(|place| (*place, self.like(own, *place))).collect();
        known.retain(|(place, _)| found.binary_search(place).is_err());
        alike.extend(known.into_iter().map(|(place, like)| {
            let same = own.same(self.word(place));
            (place, self.paired(own, place, if same { 1.0 } else { like }))
        }));
        alike.retain(|(_, like)| *like >= least);
        alike.sort_unstable_by_key(|(place, _)| *place);
        alike
    }

    /// The words in Latin letters that units may be written as from a likeness on, each with how alike it is.
    pub(super) fn written_as(&self, units: &[Unit], least: f32) -> Vec<(u32, f32)> {
        let (tries, all) = (&self.all, self.words.as_slice());
        let mut found = Vec::new();
        // So little may be otherwise that most words fall by their first letters: a trie is quicker for few words too.
        tries.latin.latin.near(all, &mut UnitsBeside::new(units, least), &mut found);
        let like = |place: u32| (place, letters::like(units, &all[place as usize].latin, least));
        found.into_iter().map(like).filter(|(_, like)| *like >= least).collect()
    }

    /// Words by the consonants they have.
    pub(super) fn skeleton(&self, skeleton: &str) -> impl Iterator<Item = u32> {
        let all = [&self.all.latin, &self.all.plain, &self.all.lettered, &self.all.joined];
        all.map(|words| words.skeleton.of(&self.words, skeleton)).into_iter().flatten().copied()
    }

    /// Words of other scripts that may be words in Latin letters that were written as one.
    pub(super) fn foreign_near(&self, own: &Spelling) -> Vec<u32> {
        let mut found = Vec::new();
        self.all.units.near(&own.latin, JOINED, &mut found);
        let near = |(place, like): &(u32, f32)| *like >= JOINED || own.same(self.word(*place));
        found.into_iter().filter(near).map(|(place, _)| place).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::words;

    /// Words of many scripts, some near each other.
    const NAMES: &str = "mohammad muhamed mohamad mehmet ahmed ali aly karim kareem petrov petrova petroff ivan iwan \
        johannes juan wei li lee kim alexander aleksandr sasha gamal jamal ghamal yousef youssef yusuf schmidt shmidt \
        smith schmitt smit lukashenko lukashnko berzins berzin zhang chang khaled khalid haled tsai cai obama baraku kind kin \
        brand breit card barratt chambers martinez renault dupont dupond \
        Петров Иван Щербаков Александр Юсеф Кин Дюпон Рено بارون باري 曲利 贝拉 卡内皮 محمد علي خالد یوسف صالح 习近平 弗拉基米尔·普京 亚历山大 김정은 이명박 राहुल शर्मा दाविद दוד \
        דוד כהן Γιώργος Παπανδρέου Գրիգոր Սարգսյան გიორგი ბერიძე バラク オバマ ทักษิณ ชินวัตร রহমান জিয়াউর";

    #[test]
    fn words_of_all_scripts_are_found_as_one_by_one() {
        let all: Vec<Spelling> = words(&NAMES.replace('·', " "))
            .into_iter()
            .chain(words(NAMES.split_once("Петров").map_or("", |(_, rest)| rest)))
            .map(|word| Spelling::foreign(&word.latin, word.vowels, &word.units))
            .collect();
        let mut vocabulary = Vocabulary::default();
        for word in &all {
            vocabulary.add(word, false);
        }
        vocabulary.finish(|_| true);
        let places = 0..u32::try_from(vocabulary.len()).unwrap_or(u32::MAX);
        for own in &all {
            let by_force: Vec<(u32, f32)> = places
                .clone()
                .map(|place| (place, vocabulary.like(own, place)))
                .filter(|(_, like)| *like >= PAIRED)
                .collect();
            for which in [Which::All, Which::Short] {
                assert_eq!(vocabulary.alike(own, PAIRED, which), by_force, "{}", own.latin);
            }
        }
    }
}
