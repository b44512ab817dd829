//! How alike two words are as spellings of one name.
//!
//! The measure is an edit distance whose steps cost what they tell: a doubled letter, an `h` or `y` for `i` is how
//! names are written differently; two letters that changed places are a slip of the hand; another consonant is
//! another name. What a distance is worth depends on the length of the words, and the second slip weighs more than
//! the first.

mod distance;

use std::sync::LazyLock;

pub use distance::spelled;
use distance::spelled_from;
pub(crate) use distance::{Beside, VOWELS, distance, place};

use crate::letters::{self, Unit};
use crate::text::Vowels;

/// Letters of a word beyond which nothing is compared.
pub const LONGEST_WORD: usize = 40;

/// What sounds are written as, and the plain writing of each, the longest first.
const PAIRS: [(&str, &str); 41] = [
    ("tsch", "ch"),
    ("shch", "sh"),
    ("sch", "sh"),
    ("tch", "ch"),
    ("dzh", "j"),
    ("dsch", "j"),
    ("dj", "j"),
    ("kh", "h"),
    ("gh", "g"),
    ("ph", "f"),
    ("th", "t"),
    ("dh", "d"),
    ("zh", "j"),
    ("ck", "k"),
    ("cz", "ch"),
    ("sz", "sh"),
    ("ou", "u"),
    ("ao", "o"),
    ("oo", "u"),
    ("ee", "i"),
    ("ie", "i"),
    ("ei", "i"),
    ("ey", "i"),
    ("ej", "i"),
    ("iy", "i"),
    ("yi", "i"),
    ("ij", "i"),
    ("aa", "a"),
    ("ae", "e"),
    ("oe", "o"),
    ("ue", "u"),
    ("ks", "x"),
    ("ts", "s"),
    ("tz", "s"),
    ("ay", "e"),
    ("aj", "e"),
    ("ai", "e"),
    ("hs", "sh"),
    ("aw", "au"),
    ("uw", "u"),
    ("qu", "k"),
];

/// The letters that follow each letter in one of [`PAIRS`], a bit each: most words have none of them.
static FOLLOWS: LazyLock<[u32; 27]> = LazyLock::new(|| {
    let mut follows = [0; 27];
    for (from, _) in PAIRS {
        if let [first, second, ..] = from.as_bytes() {
            follows[place(*first)] |= letter_bit(*second);
        }
    }
    follows
});

/// How a word sounds, in a plain writing that the usual ways to romanise it share.
pub fn sound(latin: &str) -> String {
    let mut out = String::with_capacity(latin.len());
    sound_into(latin, &mut out);
    out
}

fn sound_into(latin: &str, out: &mut String) {
    let bytes = latin.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &latin[at..];
        let next = bytes.get(at + 1).copied();
        let may_be_pair = next.is_some_and(|next| FOLLOWS[place(bytes[at])] & letter_bit(next) != 0);
        if may_be_pair && let Some((from, to)) = PAIRS.iter().find(|(from, _)| rest.starts_with(from)) {
            push(out, to);
            at += from.len();
            continue;
        }
        let letter = match bytes[at] {
            b'c' if matches!(next, Some(b'e' | b'i' | b'y')) => "s",
            b'c' if next == Some(b'h') => {
                at += 1;
                "ch"
            }
            // As pinyin writes it.
            b'x' if at == 0 && matches!(next, Some(b'i' | b'u')) => "sh",
            b'q' if at == 0 && next == Some(b'i') => "ch",
            b'c' | b'q' => "k",
            b'w' => "v",
            b'y' => "i",
            b'z' => "s",
            _ => &rest[..1],
        };
        push(out, letter);
        at += 1;
    }
}

/// Adds letters, a doubled one once.
fn push(out: &mut String, letters: &str) {
    for letter in letters.chars() {
        if !out.ends_with(letter) {
            out.push(letter);
        }
    }
}

/// What is left of a sound without its vowels, and without the half-vowels that scripts of consonants write in
/// their place.
pub fn skeleton(sound: &str) -> String {
    let mut out = String::with_capacity(sound.len());
    skeleton_into(sound, &mut out);
    out
}

fn skeleton_into(sound: &str, out: &mut String) {
    for letter in sound.bytes() {
        let kept = match letter {
            b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => continue,
            b'v' | b'w' => continue,
            b'p' => 'b',
            b'x' => 'k',
            other => char::from(other),
        };
        if !out.ends_with(kept) {
            out.push(kept);
        }
    }
}

/// Room in which consonants are found out, again and again.
#[derive(Default)]
pub(crate) struct Bones {
    sound: String,
    skeleton: String,
}

impl Bones {
    /// The consonants of Latin letters, as a [`Spelling`] of these has them.
    pub(crate) fn of(&mut self, latin: &str) -> &str {
        let end = latin.char_indices().nth(LONGEST_WORD).map_or(latin.len(), |(end, _)| end);
        self.sound.clear();
        self.skeleton.clear();
        sound_into(&latin[..end], &mut self.sound);
        skeleton_into(&self.sound, &mut self.skeleton);
        &self.skeleton
    }
}

/// Consonants that syllables do not tell apart are one.
fn loose(skeleton: &str) -> String {
    let mut out = String::with_capacity(skeleton.len());
    for letter in skeleton.bytes() {
        let kept = match letter {
            b'r' => 'l',
            b'd' => 't',
            b'g' | b'q' => 'k',
            b'h' => continue,
            b'j' | b'c' | b's' => 's',
            b'f' => 'b',
            b'm' => 'n',
            other => char::from(other),
        };
        if !out.ends_with(kept) {
            out.push(kept);
        }
    }
    out
}

const fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// A word made ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spelling {
    /// In Latin letters.
    pub latin: String,
    /// How it sounds.
    pub sound: String,
    /// Its consonants.
    pub skeleton: String,
    /// Its letters in another script; none of a Latin word.
    pub units: Box<[Unit]>,
    /// Its consonants as syllables of Han and Kana tell them apart.
    pub(crate) loose: String,
    /// For a quick no.
    pub(crate) sketch: Sketch,
    /// Numbers of the letters, the consonants and the sound: words with other numbers are other words.
    marks: (u32, u32, u32),
}

/// A text as a number.
pub(crate) fn mark(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, letter| (hash ^ u32::from(letter)).wrapping_mul(0x0100_0193))
}

/// What of a word tells quickly that another is not like it: which letters its writings have, a bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sketch {
    letters: u32,
    sounds: u32,
    bones: u32,
    loose: u32,
    length: u8,
    vowels: Vowels,
}

/// The bit of a letter; digits have one.
pub(crate) fn letter_bit(letter: u8) -> u32 {
    if letter.is_ascii_lowercase() { 1 << (letter - b'a') } else { 1 << 26 }
}

/// The letters of a text, a bit each.
pub(crate) fn letters(text: &str) -> u32 {
    text.bytes().fold(0, |bits, letter| bits | letter_bit(letter))
}

impl Sketch {
    /// Whether the letters, and the sounds, of two words are so much the same that their spellings may be near.
    fn near(self, other: Sketch) -> (bool, bool) {
        let (short, long) = (self.length.min(other.length), self.length.max(other.length));
        let most = match short {
            0..=4 => 3,
            5..=7 => 4,
            8..=11 => 5,
            _ => 6,
        };
        let apart = |a: u32, b: u32| (a ^ b).count_ones() <= most;
        (apart(self.letters, other.letters) && long - short <= 1 + long / 4, apart(self.sounds, other.sounds))
    }

    /// Whether two words may be alike at all: [`Spelling::like`] gives nothing to those that may not.
    pub(crate) fn may_meet(self, other: Sketch) -> bool {
        let apart = |a: u32, b: u32| (a ^ b).count_ones();
        let (by_letters, by_sounds) = self.near(other);
        if by_letters || by_sounds {
            return true;
        }
        let bones = self.vowels != other.vowels;
        bones && (apart(self.bones, other.bones) <= 2 || apart(self.loose, other.loose) <= 2)
    }
}

impl Spelling {
    /// Makes a word of Latin letters ready.
    pub fn new(latin: &str, vowels: Vowels) -> Spelling {
        Spelling::foreign(latin, vowels, &[])
    }

    /// Makes a word ready that was written in another script.
    pub fn foreign(latin: &str, vowels: Vowels, units: &[Unit]) -> Spelling {
        let latin: String = latin.chars().take(LONGEST_WORD).collect();
        let sound = sound(&latin);
        let skeleton = skeleton(&sound);
        let loose = loose(&skeleton);
        let sketch = Sketch {
            letters: letters(&latin),
            sounds: letters(&sound),
            bones: letters(&skeleton),
            loose: letters(&loose),
            length: u8::try_from(latin.len()).unwrap_or(u8::MAX),
            vowels,
        };
        let marks = (mark(&latin), mark(&skeleton), mark(&sound));
        Spelling { latin, sound, skeleton, units: units.into(), loose, sketch, marks }
    }

    /// Whether two words have the same Latin letters.
    pub(crate) fn same(&self, other: &Spelling) -> bool {
        self.marks.0 == other.marks.0 && self.latin == other.latin
    }

    /// Whether two words have the same consonants.
    pub(crate) fn same_bones(&self, other: &Spelling) -> bool {
        self.marks.1 == other.marks.1 && self.skeleton == other.skeleton
    }

    /// How its script writes vowels.
    pub fn vowels(&self) -> Vowels {
        self.sketch.vowels
    }

    /// How alike two words are, from 0 to 1.
    pub fn like(&self, other: &Spelling) -> f32 {
        self.like_from(other, 0.0)
    }

    /// The same, where nobody asks for a likeness below `least`: it may be any lower one then.
    pub(crate) fn like_from(&self, other: &Spelling, least: f32) -> f32 {
        if self.same(other) {
            return 1.0;
        }
        match (self.units.is_empty(), other.units.is_empty()) {
            (false, true) if other.vowels() == Vowels::Written => {
                letters::like(&self.units, &other.latin, least)
            }
            (true, false) if self.vowels() == Vowels::Written => {
                letters::like(&other.units, &self.latin, least)
            }
            _ => self.romanised_like(other),
        }
    }

    /// How alike two words are in Latin letters.
    fn romanised_like(&self, other: &Spelling) -> f32 {
        if !self.sketch.may_meet(other.sketch) {
            return 0.0;
        }
        if self.same(other) {
            return 1.0;
        }
        if self.marks.2 == other.marks.2
            && self.sound == other.sound
            && self.sound.len() > if self.vowels() == other.vowels() { 1 } else { 2 }
        {
            return 0.96;
        }
        // As the languages of the Baltic put a name in the nominative.
        let ending = |long: &str, short: &str| short.len() > 4 && long.strip_suffix('s') == Some(short);
        if ending(&self.sound, &other.sound) || ending(&other.sound, &self.sound) {
            return 0.86;
        }
        if self.vowels() != other.vowels() {
            let by_bones = bones(self, other);
            if by_bones > 0.0 {
                return by_bones.max(0.97 * spelled(&self.sound, &other.sound));
            }
        }
        let (by_letters, by_sounds) = self.sketch.near(other.sketch);
        let same = self.skeleton.len() > 2 && self.same_bones(other);
        let latin = if by_letters { spelled_from(&self.latin, &other.latin, same) } else { 0.0 };
        let changed = self.latin != self.sound || other.latin != other.sound;
        let sounds = if by_sounds && (changed || !by_letters) {
            spelled_from(&self.sound, &other.sound, same)
        } else {
            0.0
        };
        let spelled = latin.max(SOUNDS * sounds);
        // The same consonants and as many vowels: romanised otherwise, most likely.
        if spelled > 0.4 && same {
            let vowels =
                |spelling: &Spelling| spelling.sound.bytes().filter(|letter| is_vowel(*letter)).count();
            if vowels(self) == vowels(other) {
                return spelled + 0.35 * (1.0 - spelled);
            }
        }
        spelled
    }
}

/// What the likeness of two sounds is worth.
pub(crate) const SOUNDS: f32 = 0.96;

/// The greatest distance of the consonants of two words of which one is written without its vowels.
pub(crate) const BONES: u16 = 105;

/// How alike two words are of which one is written without its vowels.
fn bones(one: &Spelling, other: &Spelling) -> f32 {
    let syllables = one.vowels() == Vowels::Syllables || other.vowels() == Vowels::Syllables;
    let hidden = one.vowels() == Vowels::Hidden || other.vowels() == Vowels::Hidden;
    let (a, b) = if syllables { (&one.loose, &other.loose) } else { (&one.skeleton, &other.skeleton) };
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.is_empty() || b.is_empty() {
        return 0.0;
    }
    let most = a.len().max(b.len());
    if a == b {
        return match (most, syllables) {
            (1, false) if hidden => 0.55,
            (1, false) => 0.5 * vowels_meet(one, other),
            (2, false) if hidden => 0.8,
            (2, false) => 0.6 + 0.15 * vowels_meet(one, other),
            (3, false) => 0.88,
            (_, false) => 0.92,
            // Two consonants are a syllable, and every name has some.
            (1 | 2, true) => 0.45 * vowels_meet(one, other),
            (3, true) => 0.72,
            (_, true) => 0.9,
        };
    }
    if syllables && most < 5 {
        return 0.0;
    }
    if most < 4 {
        return 0.0;
    }
    let cost = distance(&a[..a.len().min(LONGEST_WORD)], &b[..b.len().min(LONGEST_WORD)], 200);
    if cost > BONES {
        return 0.0;
    }
    0.9 - 0.75 * f32::from(cost) / 100.0 / most as f32
}

/// Whether the vowels of two sounds are nearly the same, in their order: 0 or a little more than 1.
fn vowels_meet(one: &Spelling, other: &Spelling) -> f32 {
    let of = |spelling: &Spelling| -> Vec<u8> { spelling.sound.bytes().filter(|l| is_vowel(*l)).collect() };
    let (a, b) = (of(one), of(other));
    let same = a.iter().zip(&b).filter(|(x, y)| x == y).count();
    if a.len().abs_diff(b.len()) <= 1 && same + 1 >= a.len().max(b.len()) && same > 1 { 1.45 } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(a: &str, b: &str) -> f32 {
        Spelling::new(a, Vowels::Written).like(&Spelling::new(b, Vowels::Written))
    }

    #[test]
    fn spellings_of_one_name_are_near_and_other_names_are_not() {
        for (a, b) in [
            ("mohammad", "muhamed"),
            ("sergey", "sergei"),
            ("sergej", "sergey"),
            ("lukashenko", "lukashnko"),
            ("faiz", "afiz"),
            ("friedrich", "fridrich"),
            ("aleksandr", "alexander"),
            ("yusuf", "youssef"),
        ] {
            assert!(like(a, b) > 0.7, "{a} {b} {}", like(a, b));
        }
        for (a, b) in [
            ("scholz", "schulze"),
            ("lavrov", "navros"),
            ("chol", "chun"),
            ("merkel", "merkur"),
            ("lind", "lindemann"),
            ("rost", "troost"),
            ("octavian", "olaf"),
            ("sik", "guk"),
            ("ali", "al"),
        ] {
            assert!(like(a, b) < 0.65, "{a} {b} {}", like(a, b));
        }
        let arabic = Spelling::new("mhmd", Vowels::Hidden);
        assert!(arabic.like(&Spelling::new("mohammed", Vowels::Written)) > 0.85);
    }

    #[test]
    fn it_is_the_same_both_ways_and_of_itself_whole() {
        let all = [
            "mohammad",
            "muhamed",
            "li",
            "",
            "x",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "9918779",
        ];
        for a in all {
            assert_eq!(like(a, a), 1.0);
            for b in all {
                assert!((like(a, b) - like(b, a)).abs() < 1e-6, "{a} {b}");
            }
        }
    }
}
