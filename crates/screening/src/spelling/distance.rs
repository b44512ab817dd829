//! The distance between two words: an edit distance whose steps cost what they tell, and the same beside all words
//! of a trie at once.

use std::cell::RefCell;
use std::sync::LazyLock;

use super::{LONGEST_WORD, is_vowel};

/// A likeness below this is none, of words with other and with the same consonants.
const LEAST: [f32; 2] = [0.59, 0.38];

/// How alike two spellings are by the distance between them; below three fifths nothing.
pub fn spelled(one: &str, other: &str) -> f32 {
    spelled_from(one, other, false)
}

/// The same; words with the same consonants may be less alike.
pub(super) fn spelled_from(one: &str, other: &str, same: bool) -> f32 {
    let (a, b) = (one.as_bytes(), other.as_bytes());
    let (a, b) = (&a[..a.len().min(LONGEST_WORD)], &b[..b.len().min(LONGEST_WORD)]);
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if short == 0 || long - short > 1 + long / 4 {
        return 0.0;
    }
    let slope = SLOPES[a.len() + b.len()];
    let most = slope.most[usize::from(same)];
    let cost = distance(a, b, most);
    if cost >= most {
        return 0.0;
    }
    let cost = f32::from(cost) / 100.0;
    1.0 - slope.slope * cost * cost.sqrt()
}

/// What a distance is worth for two words of so many letters together.
#[derive(Clone, Copy)]
struct Slope {
    slope: f32,
    /// The distance, in hundredths, at which [`LEAST`] is reached.
    most: [u16; 2],
}

/// By the letters of both words together.
static SLOPES: LazyLock<[Slope; 2 * LONGEST_WORD + 1]> = LazyLock::new(|| {
    std::array::from_fn(|letters| {
        let slope = 2.72 / letters.max(1) as f32;
        let most = LEAST.map(|least| (100.0 * ((1.0 - least) / slope).powf(2.0 / 3.0)) as u16);
        Slope { slope, most }
    })
});

/// More than any distance that matters.
const NEVER: u16 = 20_000;

/// A row of the distance: one beginning of a word against all beginnings of the other.
type Row = [u16; LONGEST_WORD + 1];

fn first_row(b: &[u8], steps: &mut Row, row: &mut Row) {
    row[0] = 0;
    for j in 0..b.len() {
        steps[j + 1] = step(b, j);
        row[j + 1] = row[j] + steps[j + 1];
    }
}

/// The row of `i` letters of `a`; gives its least.
fn row(now: &mut Row, before: &Row, earlier: &Row, i: usize, a: &[u8], b: &[u8], steps: &Row) -> u16 {
    let own = step(a, i - 1);
    let exchanges = &EXCHANGES[place(a[i - 1])];
    now[0] = before[0] + own;
    let mut least = now[0];
    for j in 1..=b.len() {
        let mut change = exchanges[place(b[j - 1])];
        if i == 1 && j == 1 && change == OTHER {
            change = FIRST;
        }
        let mut cost = (before[j - 1] + change).min(before[j] + own).min(now[j - 1] + steps[j]);
        if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && a[i - 1] != a[i - 2] {
            let vowel = is_vowel(a[i - 1]) || is_vowel(a[i - 2]);
            cost = cost.min(earlier[j - 2] + if vowel { EXCHANGE } else { OTHER_EXCHANGE });
        }
        now[j] = cost;
        least = least.min(cost);
    }
    least
}

/// The weighted edit distance with neighbours that change places, in hundredths; `most` or more is given up.
pub(crate) fn distance(a: &[u8], b: &[u8], most: u16) -> u16 {
    let mut rows = [[0_u16; LONGEST_WORD + 1]; 3];
    let mut steps = [0_u16; LONGEST_WORD + 1];
    first_row(b, &mut steps, &mut rows[0]);
    for i in 1..=a.len() {
        let [first, second, third] = &mut rows;
        let (now, before, earlier) = match i % 3 {
            0 => (first, &*third, &*second),
            1 => (second, &*first, &*third),
            _ => (third, &*second, &*first),
        };
        // Neighbours that change places reach one row back.
        if row(now, before, earlier, i, a, b, &steps) > most + OTHER_EXCHANGE {
            return most;
        }
    }
    rows[a.len() % 3][b.len()]
}

/// What it costs that a letter is there on one side alone. A doubled letter is one more of the letter before it.
fn step(word: &[u8], place: usize) -> u16 {
    let letter = word[place];
    if place > 0 && word[place - 1] == letter {
        return DOUBLED;
    }
    match letter {
        b'h' if place > 0 => BREATH,
        _ if place == 0 => FRONT,
        _ if is_vowel(letter) => VOWEL,
        _ => CONSONANT,
    }
}

/// What a letter costs that is there on one side alone.
const DOUBLED: u16 = 40;
const BREATH: u16 = 50;
const VOWEL: u16 = 90;
const CONSONANT: u16 = 100;

/// The same at the front of a word.
const FRONT: u16 = 150;

/// The vowels, a bit each.
pub(crate) const VOWELS: u32 = {
    let mut letters = 0;
    let mut of = 0;
    while of < 26 {
        if is_vowel(letter(of)) {
            letters |= 1 << of;
        }
        of += 1;
    }
    letters
};

/// What it may cost that a letter stands for another one, where that is less than for any other.
const GRADES: [u16; 5] = [0, 30, 60, 75, 90];

/// The letters that stand for a letter at no more than a grade, a bit each.
static STANDING: [[u32; GRADES.len()]; 27] = {
    let mut all = [[0; GRADES.len()]; 27];
    let mut of = 0;
    while of < 27 {
        let mut grade = 0;
        while grade < GRADES.len() {
            let mut by = 0;
            while by < 26 {
                if exchange(letter(of), letter(by)) <= GRADES[grade] {
                    all[of][grade] |= 1 << by;
                }
                by += 1;
            }
            grade += 1;
        }
        of += 1;
    }
    all
};

/// That two neighbours change places of which one is a vowel, and two consonants.
const EXCHANGE: u16 = 80;
const OTHER_EXCHANGE: u16 = 100;

/// That a letter stands for any other.
const OTHER: u16 = 105;

/// The same at the front of a word.
const FIRST: u16 = 130;

/// What it costs that a letter stands for another, by both; digits are one row.
static EXCHANGES: [[u16; 27]; 27] = {
    let mut all = [[0; 27]; 27];
    let mut a = 0;
    while a < 27 {
        let mut b = 0;
        while b < 27 {
            all[a][b] = exchange(letter(a), letter(b));
            b += 1;
        }
        a += 1;
    }
    all
};

/// The place of a letter among the letters; digits have one.
pub(crate) const fn place(letter: u8) -> usize {
    if letter.is_ascii_lowercase() { (letter - b'a') as usize } else { 26 }
}

const fn letter(place: usize) -> u8 {
    if place < 26 { b'a' + place as u8 } else { b'0' }
}

const fn exchange(a: u8, b: u8) -> u16 {
    // One digit is never near another, and the same digit costs nothing only where whole words are the same.
    if !a.is_ascii_lowercase() || !b.is_ascii_lowercase() {
        return 200;
    }
    if a == b {
        return 0;
    }
    match if a < b { (a, b) } else { (b, a) } {
        (b'i', b'y') | (b'k', b'q') => 30,
        (b'c', b'k') | (b's', b'z') | (b'i', b'j') | (b'j', b'y') | (b'o', b'u') => 60,
        (b'e', b'i')
        | (b'a', b'e')
        | (b'c', b's')
        | (b'g', b'k')
        | (b'd', b't')
        | (b'b', b'p')
        | (b'b', b'v')
        | (b'f', b'v')
        | (b'g', b'j')
        | (b'u', b'w') => 75,
        _ if is_vowel(a) && is_vowel(b) => 90,
        _ => OTHER,
    }
}

/// A word beside which others are laid, letter by letter, as they stand in a trie: of words that begin alike the
/// beginning is laid once.
pub(crate) struct Beside {
    word: [u8; LONGEST_WORD],
    length: usize,
    /// What the letters of the other word that is laid are so far.
    other: [u8; LONGEST_WORD],
    steps: Row,
    room: Room,
    /// The least of each row.
    least: [u16; LONGEST_WORD + 1],
    /// The distance below which the words are near, by the letters of the other one; none of other lengths.
    most: [u16; LONGEST_WORD + 1],
    bound: u16,
    longest: usize,
}

/// Room that is used again: to clear it takes longer than to lay some words.
#[derive(Default)]
struct Room {
    /// What it costs that a letter stands for each of the word's.
    changes: Vec<[u16; LONGEST_WORD]>,
    /// A row for each letter of the other word; those of letters that were taken count.
    rows: Vec<Row>,
}

thread_local! {
    static ROOM: RefCell<Room> = RefCell::default();
}

impl Drop for Beside {
    fn drop(&mut self) {
        ROOM.set(std::mem::take(&mut self.room));
    }
}

impl Beside {
    /// Words that [`spelled`] calls near from a likeness on.
    pub(crate) fn spelled(word: &str, least: f32) -> Beside {
        let length = word.len().min(LONGEST_WORD);
        // Of the distance at which the least likeness of all is reached.
        let share = ((1.0 - least).max(0.0) / (1.0 - LEAST[0])).powf(2.0 / 3.0).min(1.0);
        Beside::new(word, |other| {
            let (short, long) = (length.min(other), length.max(other));
            let meets = short > 0 && long - short <= 1 + long / 4;
            // A step more, because distances are whole hundredths.
            let most = SLOPES[length + other].most[0];
            if meets { ((f32::from(most + 1) * share).ceil() as u16 + 1).min(most) } else { 0 }
        })
    }

    /// Words whose distance is below `most`.
    pub(crate) fn within(word: &str, most: u16) -> Beside {
        Beside::new(word, |_| most)
    }

    fn new(text: &str, most: impl Fn(usize) -> u16) -> Beside {
        let text = &text.as_bytes()[..text.len().min(LONGEST_WORD)];
        let mut word = [0; LONGEST_WORD];
        word[..text.len()].copy_from_slice(text);
        let mut room = ROOM.take();
        room.changes.resize(EXCHANGES.len(), [0; LONGEST_WORD]);
        room.rows.resize(LONGEST_WORD + 1, [0; LONGEST_WORD + 1]);
        for (row, exchanges) in room.changes.iter_mut().zip(&EXCHANGES) {
            for (change, letter) in row.iter_mut().zip(text) {
                *change = exchanges[place(*letter)];
            }
        }
        let mut steps = [0; LONGEST_WORD + 1];
        first_row(text, &mut steps, &mut room.rows[0]);
        let most: [u16; LONGEST_WORD + 1] = std::array::from_fn(most);
        Beside {
            word,
            length: text.len(),
            other: [0; LONGEST_WORD],
            steps,
            room,
            least: [0; LONGEST_WORD + 1],
            bound: most.iter().copied().max().unwrap_or(0),
            longest: most.iter().rposition(|most| *most > 0).unwrap_or(0),
            most,
        }
    }

    /// Takes a letter of the other word, which then has so many; says whether words that go on so may be near.
    pub(crate) fn enter(&mut self, many: usize, letter: u8) -> bool {
        if many > self.longest {
            return false;
        }
        self.other[many - 1] = letter;
        let own = step(&self.other, many - 1);
        let length = self.length;
        let changes = &self.room.changes[place(letter)][..length];
        let (done, rest) = self.room.rows.split_at_mut(many);
        let (now, before) = (&mut rest[0], &done[many - 1]);
        *now = [NEVER; LONGEST_WORD + 1];
        // What cannot be so near that it matters is not looked at.
        let lives = |cost: &u16| *cost < self.bound;
        let first = before[..=length].iter().position(lives).unwrap_or(length);
        let end = before[..=length].iter().rposition(lives).map_or(0, |last| last + 1);
        let mut left = before[first] + own;
        now[first] = left;
        let mut least = left;
        for j in first..length {
            if j >= end && left >= self.bound {
                break;
            }
            let mut change = changes[j];
            if j == 0 && many == 1 && change == OTHER {
                change = FIRST;
            }
            left = (before[j] + change).min(before[j + 1] + own).min(left + self.steps[j + 1]);
            now[j + 1] = left;
            least = least.min(left);
        }
        if many > 1 && self.other[many - 2] != letter {
            let (earlier, former) = (&done[many - 2], self.other[many - 2]);
            let cost = if is_vowel(letter) || is_vowel(former) { EXCHANGE } else { OTHER_EXCHANGE };
            for j in 1..length {
                if self.word[j - 1] == letter && self.word[j] == former {
                    // What changed places may be better, and what follows it in the row with it.
                    let mut here = earlier[j - 1].saturating_add(cost);
                    let mut place = j + 1;
                    while place <= length && here < now[place] {
                        now[place] = here;
                        least = least.min(here);
                        place += 1;
                        if place <= length {
                            here += self.steps[place];
                        }
                    }
                }
            }
        }
        self.least[many] = least;
        // Neighbours that change places reach one row back.
        least < self.bound || self.least[many - 1] + EXCHANGE < self.bound
    }

    /// The letters that may follow the so many that were taken, a bit each, and whether digits may.
    pub(crate) fn follows(&self, many: usize) -> (u32, bool) {
        const ALL: (u32, bool) = (u32::MAX, true);
        let row = &self.room.rows[many][..=self.length];
        let least = row.iter().copied().min().unwrap_or(0);
        let mut letters = self.exchanged(many);
        // Only neighbours that changed places go on where nothing is left.
        let Some(left) = self.bound.checked_sub(least).filter(|left| *left > 0) else {
            return (letters, false);
        };
        // A letter that the other word alone has.
        if many == 0 {
            if left > FRONT {
                return ALL;
            }
        } else {
            if left > CONSONANT {
                return ALL;
            }
            letters |= if left > VOWEL { VOWELS } else { 0 };
            letters |= if left > BREATH { 1 << place(b'h') } else { 0 };
            letters |= if left > DOUBLED { 1 << place(self.other[many - 1]) } else { 0 };
        }
        // A letter that stands for one of the word's.
        for (cost, own) in row.iter().zip(&self.word[..self.length]) {
            if *cost < self.bound {
                let left = self.bound - cost;
                if left > OTHER {
                    return ALL;
                }
                let grade = GRADES.iter().take_while(|grade| left > **grade).count();
                letters |= STANDING[place(*own)][grade.saturating_sub(1)];
            }
        }
        (letters, false)
    }

    /// Letters with which neighbours change places: the former of them, and the latter.
    fn exchanged(&self, many: usize) -> u32 {
        let mut letters = 0;
        for j in 1..self.length {
            if self.room.rows[many][j - 1] + EXCHANGE < self.bound {
                letters |= 1 << place(self.word[j]);
            }
            if let Some(before) = many.checked_sub(1)
                && self.word[j] == self.other[before]
                && self.room.rows[before][j - 1] + EXCHANGE < self.bound
            {
                letters |= 1 << place(self.word[j - 1]);
            }
        }
        letters
    }

    /// Whether the word that was laid, of so many letters, is near.
    pub(crate) fn is_near(&self, many: usize) -> bool {
        self.room.rows[many][self.length] < self.most[many]
    }
}
