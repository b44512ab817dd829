//! Which entries are compared with a query.
//!
//! A name that tells so much reaches nothing if only the most frequent words of a query meet it: so these are looked
//! for in short names alone, or not at all, and the rarest in all. A name that any of them meets is weighed word by
//! word, and what the frequent words are to its own is asked only then.

use std::cell::RefCell;

use rustc_hash::FxHashMap as HashMap;

use super::acronyms::{letters_of, weight};
use super::bound::{Needed, SLACK, Sum, add, most, reaches, told};
use super::vocabulary::Which;
use super::{ALL, Candidate, Index, JOINED_WORDS, Known, Named, SHORT, hash};
use crate::compare::{JOINED, PAIRED, cut_like, tells};
use crate::entity::{Ready, ReadyName};
use crate::letters::{Unit, is_foreign_han};
use crate::name::{Kind, MOST_JOINED, Part, Role};
use crate::spelling::Spelling;
use crate::text::{MOST_WORDS, Vowels};

/// Names that were touched by a query; room that each query of a thread uses again.
#[derive(Default)]
struct Touched {
    query: u32,
    by: Vec<u32>,
    names: Vec<u32>,
}

thread_local! {
    static TOUCHED: RefCell<Touched> = RefCell::default();
}

impl Touched {
    fn begin(&mut self, names: usize) {
        if self.by.len() < names {
            self.by.resize(names, 0);
        }
        self.query = self.query.wrapping_add(1);
        if self.query == 0 {
            self.by.fill(0);
            self.query = 1;
        }
        self.names.clear();
    }

    fn touch(&mut self, name: u32) {
        let by = &mut self.by[name as usize];
        if *by != self.query {
            *by = self.query;
            self.names.push(name);
        }
    }
}

/// A word of a query that is looked for, and what words of the list are to it.
struct Row<'q> {
    part: &'q Part,
    /// What is known so far, and whether that is all there is, of words in Latin letters and of other scripts.
    likes: HashMap<u32, f32>,
    all: bool,
    all_units: bool,
    /// How many names have a word that it may be paired with, as far as is known.
    frequency: u32,
}

/// Words of a query, as one, that met a name: the first, how many, and what their likeness tells at most.
type Joined = (usize, usize, f32);

impl Index {
    /// Entries of which enough words may meet for a score of `threshold`.
    pub(super) fn candidates(&self, query: &Ready, threshold: f32) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        let mut others: Vec<u32> = Vec::new();
        TOUCHED.with_borrow_mut(|touched| {
            for (place, own) in query.names.iter().enumerate() {
                touched.begin(self.names.len());
                let place = u8::try_from(place).unwrap_or(ALL);
                Search::new(self, own, query, threshold).run(place, touched, &mut found);
                if own.name.kind != Kind::Person {
                    self.by_letters(&own.name.parts, threshold - raised(query), &mut others);
                }
            }
        });
        for identifier in &query.identifiers {
            others.extend(self.by_identifier.get(identifier.as_str()).into_iter().flatten());
        }
        found.extend(others.into_iter().map(Candidate::of));
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Entries of whose words the query has the first letters, or that are the first letters of the query's.
    fn by_letters(&self, parts: &[Part], needed: f32, found: &mut Vec<u32>) {
        self.acronyms.of(parts, needed, found);
        let weight = weight(parts);
        letters_of(parts, &self.vocabulary, |word| {
            for name in self.names_with(word, u32::MAX) {
                let named = self.names[name as usize];
                // What else the entry has is missing in the query.
                let more = (f32::from(named.told) / 100.0 - 1.0).max(0.0);
                if !named.person && 0.9 * weight >= needed * (weight + 0.28 * more) - SLACK {
                    found.push(named.entry);
                }
            }
        });
    }

    /// How alike a word of a query, or several as one, is to several words of a name as one that have the same
    /// consonants.
    fn cut_like(&self, own: &Spelling, name: u32) -> Option<f32> {
        let named = self.names[name as usize];
        if named.initials > 0 {
            return Some(1.0);
        }
        if let Some(ready) =
            self.ready.get(named.entry as usize).and_then(|ready| ready.names.get(usize::from(named.place)))
        {
            let runs = ready.name.runs().iter().filter(|run| run.parts.len() > 1);
            return runs.filter_map(|run| as_one(own, &run.spelling)).max_by(f32::total_cmp);
        }
        let words = self.words_of(name).iter().filter(|(_, weight)| *weight != JOINED_WORDS);
        let words: Vec<&Spelling> = words.map(|(word, _)| self.vocabulary.word(*word)).collect();
        let mut best: Option<f32> = None;
        for from in 0..words.len() {
            for until in from + 2..=words.len().min(from + MOST_JOINED) {
                let run = &words[from..until];
                let foreign = run.iter().all(|word| !word.units.is_empty());
                let latin: String = run.iter().map(|word| word.latin.as_str()).collect();
                let units: Vec<Unit> = run.iter().flat_map(|word| word.units.iter().copied()).collect();
                let vowels = run.iter().map(|word| word.vowels()).max().unwrap_or(Vowels::Written);
                let spelling = Spelling::foreign(&latin, vowels, if foreign { &units } else { &[] });
                let like = as_one(own, &spelling);
                best = match (best, like) {
                    (Some(best), Some(like)) => Some(best.max(like)),
                    (best, like) => best.or(like),
                };
            }
        }
        best
    }
}

/// How alike words are as one, of which several stand on a side: in one script by their consonants, in two letter by
/// letter.
fn as_one(own: &Spelling, other: &Spelling) -> Option<f32> {
    if own.units.is_empty() == other.units.is_empty() {
        return cut_like(own, other);
    }
    Some(own.like(other)).filter(|like| *like >= JOINED)
}

/// By how much what else is known of a query may raise a score.
fn raised(query: &Ready) -> f32 {
    crate::score::raises(!query.births.is_empty(), !query.countries.is_empty())
}

/// Looking for the entries of one name.
struct Search<'i> {
    index: &'i Index,
    own: &'i ReadyName,
    known: Known,
    persons: bool,
    threshold: f32,
    /// What must be reached where all that is known agrees.
    least: Needed,
    rows: Vec<Row<'i>>,
    initials: usize,
    particles: usize,
    told: f32,
    joined: HashMap<u32, Vec<Joined>>,
}

impl<'i> Search<'i> {
    fn new(index: &'i Index, own: &'i ReadyName, query: &Ready, threshold: f32) -> Search<'i> {
        let parts = &own.name.parts;
        let persons = own.name.kind == Kind::Person;
        let known = Known::of(query);
        let count = |role: Role| parts.iter().filter(|part| part.role == role).count();
        // A name of one word has nothing beside it.
        let alone = parts.len() == 1;
        let is_looked_for = |part: &&Part| alone || looked_for(part);
        let rows = parts.iter().filter(is_looked_for).map(|part| {
            let same = index.vocabulary.written(&part.spelling.latin, Which::All);
            let frequency = same.map(|word| index.frequency(word)).sum();
            Row { part, likes: HashMap::default(), all: false, all_units: false, frequency }
        });
        Search {
            index,
            own,
            known,
            persons,
            threshold,
            least: Needed::new(threshold - raised(query), persons),
            rows: rows.collect(),
            initials: if alone { 0 } else { count(Role::Initial) },
            particles: if alone { 0 } else { count(Role::Particle) },
            told: parts.iter().map(told).sum(),
            joined: HashMap::default(),
        }
    }

    fn run(mut self, own: u8, touched: &mut Touched, found: &mut Vec<Candidate>) {
        self.touch_runs(touched);
        self.touch_words(touched);
        for name in &touched.names {
            let named = self.index.names[*name as usize];
            if named.person == self.persons && self.may_reach(*name, named) {
                found.push(Candidate { entry: named.entry, own, other: named.place });
            }
        }
    }

    /// The places of the rows, the most frequent first, and in how many names each is looked for.
    fn order(&self) -> Vec<(usize, u32)> {
        let mut order: Vec<usize> = (0..self.rows.len()).collect();
        order.sort_by_key(|row| std::cmp::Reverse(self.rows[*row].frequency));
        let names = (1..=order.len()).map(|many| {
            let longest = self.longest(order[..many].iter().copied(), 1.0);
            // Names that may be met otherwise stand first, and are always looked at.
            self.index.names_until((longest.max(0.0) * 100.0).min(f32::from(u16::MAX)) as u16)
        });
        order.iter().copied().zip(names).collect()
    }

    fn longest(&self, rows: impl Iterator<Item = usize>, tells: f32) -> f32 {
        let words = rows.map(|row| (self.rows[row].part.weight, told(self.rows[row].part)));
        self.least.longest(self.told, words, tells, self.initials, self.particles)
    }

    /// How alike one word of the query must be to a word of a name, or all of them together reach nothing.
    fn least_alike(&self) -> f32 {
        let reach = |like: f32| self.longest(0..self.rows.len(), tells(like)) >= 0.0;
        let grades = (0..=30_u8).map(|grade| PAIRED + f32::from(grade) / 100.0);
        grades.take_while(|like| !reach(*like)).last().unwrap_or(PAIRED)
    }

    fn touch_words(&mut self, touched: &mut Touched) {
        if self.index.vocabulary.len() <= self.index.effort.words {
            self.touch_words_of_few(touched);
        } else {
            self.touch_words_of_many(touched);
        }
    }

    /// Of few words all are found that may be paired with any of the query; then in the names that are fewest: those
    /// that have a word as much alike as one must be, or those that have a rare one.
    fn touch_words_of_few(&mut self, touched: &mut Touched) {
        let like = self.least_alike();
        for row in 0..self.rows.len() {
            let latin = self.rows[row].part.spelling.vowels() == Vowels::Written;
            let number = matches!(self.rows[row].part.role, Role::Number(_));
            if latin && !number && like > PAIRED {
                // Words in Latin letters are quickly compared one by one, those of other scripts all at once.
                let (index, own) = (self.index, &mut self.rows[row]);
                let alike = index.vocabulary.alike_by_kind(&own.part.spelling, like, PAIRED, Which::All);
                own.likes = alike.into_iter().map(|(word, like)| (word, tells(like))).collect();
                own.all_units = true;
            } else {
                self.expand(row, Which::All, PAIRED);
            }
        }
        let least = tells(like);
        let names = self.names_of_all();
        let order = self.order();
        let many = |row: usize, least: f32, names: u32| -> usize {
            let own = &self.rows[row];
            own.likes
                .iter()
                .filter(|(_, tells)| **tells >= least)
                .map(|(word, _)| self.index.names_with(*word, names).count())
                .sum()
        };
        let all = self.rows.iter().all(|row| row.all);
        let alike: usize = (0..self.rows.len()).map(|row| many(row, least, names)).sum();
        let rare: usize = order.iter().map(|(row, names)| many(*row, 0.0, *names)).sum();
        if alike <= rare || !all {
            (0..self.rows.len()).for_each(|row| self.touch_row(row, least, names, touched));
        } else {
            order.into_iter().for_each(|(row, names)| self.touch_row(row, 0.0, names, touched));
        }
    }

    /// The names that are not too long for all words of the query.
    fn names_of_all(&self) -> u32 {
        let longest = self.longest(0..self.rows.len(), 1.0);
        self.index.names_until((longest.max(0.0) * 100.0).min(f32::from(u16::MAX)) as u16)
    }

    fn touch_words_of_many(&mut self, touched: &mut Touched) {
        let frequency: u32 = self.rows.iter().map(|row| row.frequency).sum();
        if frequency <= self.index.effort.names {
            // Where no word is frequent, all are looked for, but only what is so much alike as one of them must be.
            let least = self.least_alike();
            let names = self.names_of_all();
            for row in 0..self.rows.len() {
                self.expand(row, Which::All, least);
                self.touch_row(row, tells(least), names, touched);
            }
            return;
        }
        let short = self.index.names_until(SHORT);
        // Words are looked for in all names from the rarest on; one that turns out to be frequent may change places.
        let order = loop {
            let order = self.order();
            let next = order.iter().rev().find(|(row, names)| *names > short && !self.rows[*row].all);
            let Some((row, _)) = next else { break order };
            self.expand(*row, Which::All, PAIRED);
        };
        for (row, names) in order {
            if names == 0 {
                continue;
            }
            if !self.rows[row].all {
                self.expand(row, Which::Short, PAIRED);
            }
            self.touch_row(row, 0.0, names, touched);
        }
    }

    /// Touches the names that have a word which a row's may be paired with if that tells so much, of the first so many.
    fn touch_row(&self, row: usize, least: f32, names: u32, touched: &mut Touched) {
        let own = &self.rows[row];
        for (word, _) in own.likes.iter().filter(|(_, tells)| **tells > 0.0 && **tells >= least) {
            self.index.names_with(*word, names).for_each(|name| touched.touch(name));
        }
        if let Role::Number(value) = own.part.role {
            let same = self.index.numbers.get(&value).into_iter().flatten();
            same.take_while(|name| **name < names).for_each(|name| touched.touch(*name));
        }
    }

    /// Finds the words that a row's may be paired with from a likeness on.
    fn expand(&mut self, row: usize, which: Which, least: f32) {
        let (index, own) = (self.index, &mut self.rows[row]);
        let part = own.part;
        own.all = which == Which::All && least <= PAIRED;
        own.all_units = own.all;
        own.likes = match part.role {
            // One word may be a number in one name and a name in the other.
            Role::Number(_) => {
                index.vocabulary.written(&part.spelling.latin, which).map(|word| (word, 1.0)).collect()
            }
            _ => {
                let alike = index.vocabulary.alike(&part.spelling, least, which);
                alike.into_iter().map(|(word, like)| (word, tells(like))).collect()
            }
        };
        if own.all {
            own.frequency = own.likes.keys().map(|word| index.frequency(*word)).sum();
        }
    }

    /// Words as one on either side.
    fn touch_runs(&mut self, touched: &mut Touched) {
        let (index, own) = (self.index, self.own);
        for run in own.name.runs() {
            let spelling = &run.spelling;
            let mut note = |name: u32, tells: f32| {
                touched.touch(name);
                self.joined.entry(name).or_default().push((run.parts.start, run.parts.len(), tells));
            };
            let mut words: Vec<(u32, f32)> = Vec::new();
            if !spelling.units.is_empty() && (run.parts.len() > 1 || is_foreign_han(&spelling.units)) {
                let least = if is_foreign_han(&spelling.units) { PAIRED } else { JOINED };
                words = index.vocabulary.alike(spelling, least, Which::All);
            }
            // Words as one on this side, and one word or several on the other.
            if run.parts.len() > 1 {
                let same = index.vocabulary.skeleton(&spelling.skeleton);
                words.extend(
                    same.filter_map(|word| Some((word, as_one(spelling, index.vocabulary.word(word))?))),
                );
                if spelling.vowels() == Vowels::Written {
                    words.extend(index.vocabulary.foreign_near(spelling).into_iter().map(|word| (word, 1.0)));
                }
            }
            for (word, like) in words {
                index.names_with(word, u32::MAX).for_each(|name| note(name, tells(like)));
            }
            let key = hash(&spelling.skeleton);
            let start = index.runs.partition_point(|(own, _)| *own < key);
            for (_, name) in index.runs[start..].iter().take_while(|(own, _)| *own == key) {
                if index.names[*name as usize].person == self.persons
                    && let Some(like) = index.cut_like(spelling, *name)
                {
                    note(*name, tells(like));
                }
            }
        }
    }

    /// Whether so much of a name may meet that its score reaches what is asked.
    fn may_reach(&mut self, name: u32, named: Named) -> bool {
        if !self.may_reach_at(name, named, self.least) {
            return false;
        }
        // Most have another birth, or another country.
        let raised = self.index.known[named.entry as usize].raises(&self.known);
        let needed = Needed::new(self.threshold - raised, self.persons);
        self.may_reach_at(name, named, needed)
    }

    fn may_reach_at(&mut self, name: u32, named: Named, needed: Needed) -> bool {
        let words = self.index.words_of(name);
        let entry = f32::from(named.told) / 100.0;
        let joined = self.joined.get(&name);
        let against = needed.against(self.told, entry);
        let mut sum = against;
        let own = &self.own.name.parts;
        // Each word of the entry meets one of the query, unless it is met as one with others.
        let mut by_entry = [[0.0; 2]; MOST_WORDS];
        let mut others = [0.0; 2];
        let each = joined.is_none() && named.initials == 0 && words.len() <= MOST_WORDS;
        for row in &mut self.rows {
            let weight = row.part.weight;
            let tells_alone = told(row.part);
            let mut best = [0.0; 2];
            if let Role::Number(_) = row.part.role {
                let pair = needed.pair(1.0, weight, 0.0, 0.0);
                (best, others) = (most(best, pair), add(others, pair));
            }
            if named.initials > 0 {
                best = most(best, needed.pair(1.0, 1.0, tells_alone, 0.0));
            }
            for (place, (word, other)) in words.iter().enumerate() {
                let tells = match row.likes.get(word) {
                    Some(tells) => *tells,
                    None if row.all || row.all_units && !self.index.vocabulary.is_latin(*word) => continue,
                    None => {
                        let like = match row.part.role {
                            Role::Number(_)
                                if self.index.vocabulary.word(*word).latin == row.part.spelling.latin =>
                            {
                                1.0
                            }
                            Role::Number(_) => 0.0,
                            _ => self.index.vocabulary.like(&row.part.spelling, *word),
                        };
                        let tells = tells(like);
                        row.likes.insert(*word, tells);
                        tells
                    }
                };
                if tells <= 0.0 {
                    continue;
                }
                let (other, told) = if *other == JOINED_WORDS {
                    (1.0, entry)
                } else {
                    let weight = f32::from(other & !Named::SILENT) / 100.0;
                    (weight, if other & Named::SILENT == 0 { weight } else { 0.0 })
                };
                let pair = needed.pair(tells, weight.max(other), tells_alone, told);
                best = most(best, pair);
                if each {
                    by_entry[place] = most(by_entry[place], pair);
                }
            }
            for (first, many, tells) in joined.into_iter().flatten() {
                let run = &own[*first..*first + *many];
                if run.iter().any(|part| std::ptr::eq(part, row.part)) {
                    // What the words of a run add together each of them has its share of.
                    let shares = run.iter().filter(|part| looked_for(part)).count();
                    best = most(best, of_run(needed, run, *tells, entry).map(|sum| sum / shares as f32));
                }
            }
            sum = add(sum, best);
        }
        for (first, many, tells) in joined.into_iter().flatten() {
            let run = &own[*first..*first + *many];
            if !run.iter().any(looked_for) {
                sum = add(sum, most([0.0; 2], of_run(needed, run, *tells, entry)));
            }
        }
        let mut beside = [0.0; 2];
        for _ in 0..self.initials {
            beside = add(beside, needed.initial(0.0, 1.0));
        }
        for _ in 0..self.particles {
            beside = add(beside, needed.particle());
        }
        let by_entry = || by_entry.into_iter().fold(add(against, others), add);
        reaches(add(sum, beside)) && (!each || reaches(add(by_entry(), beside)))
    }
}

/// Whether a word of a name of several is looked for.
fn looked_for(part: &Part) -> bool {
    !matches!(part.role, Role::Initial | Role::Particle)
}

/// What words of a query add that meet a name as one.
fn of_run(needed: Needed, run: &[Part], tells: f32, entry: f32) -> Sum {
    let weight = run.iter().map(|part| part.weight).sum::<f32>().max(1.0);
    needed.pair(tells, weight, run.iter().map(told).sum(), entry)
}
