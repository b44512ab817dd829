//! Whether so much of a name may meet that it is compared.

use super::bound::{Needed, SLACK, Sum, add, most, reaches, told};
use super::search::{Search, looked_for};
use super::touch::{ANY, MOST_MET, Met};
use super::{JOINED_WORDS, Named};
use crate::compare::tells;
use crate::name::{Part, Role};
use crate::text::MOST_WORDS;

/// What a name scores at most.
pub(super) const MOST: f32 = 1.0 + SLACK;

/// The names that words of a query may reach which met them, by these words; found out when they are asked for.
pub(super) struct Reached([Option<u32>; 1 << MOST_MET]);

impl Default for Reached {
    fn default() -> Reached {
        Reached([None; 1 << MOST_MET])
    }
}

impl Search<'_> {
    /// Whether the words by which a name was touched may be enough.
    ///
    /// Every pair that the scorer makes of a word of the query and a word of such a name, which has no first letters and
    /// no word of another script ([`ANY`] or an order of nothing stand for these), is one by which it was touched,
    /// unless it tells less than the words that were looked for, or the name stands beyond those in which the word was
    /// looked for. Those that touched it are taken as met in full, as are those of the second kind, and those of the
    /// first with the most that they may tell: so what [`Needed::longest`] says of them is said of all that may meet.
    pub(super) fn may_be_met(&mut self, name: u32, mut met: Met) -> bool {
        for (row, own) in self.rows.iter().enumerate().take(MOST_MET) {
            if name >= own.until {
                met |= 1 << row;
            }
        }
        if met & ANY != 0 || self.rows.len() > MOST_MET {
            return true;
        }
        let until = match self.reached.0[met as usize] {
            Some(until) => until,
            None => {
                let words = self.rows.iter().enumerate().map(|(row, own)| {
                    let tells = if met & (1 << row) == 0 { own.missed } else { 1.0 };
                    (own.part.weight, told(own.part), tells)
                });
                let longest = self.least.longest(self.told, words, self.initials, self.particles);
                let until = self.names_of(longest);
                self.reached.0[met as usize] = Some(until);
                until
            }
        };
        name < until
    }

    /// Whether so much of a name may meet that its score reaches what is asked.
    pub(super) fn may_reach(&mut self, name: u32, named: Named) -> bool {
        let needed = self.index.known.named_at_least(named.entry, &self.known, self.threshold);
        needed <= MOST && self.may_reach_at(name, named, Needed::new(needed, self.persons))
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
                    None if row.all => continue,
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

/// What words of a query add that meet a name as one.
fn of_run(needed: Needed, run: &[Part], tells: f32, entry: f32) -> Sum {
    let weight = run.iter().map(|part| part.weight).sum::<f32>();
    // What tells less than is needed weighs as little as it can.
    let weight = if needed.is_more_than(tells) { weight.min(1.0) } else { weight.max(1.0) };
    needed.pair(tells, weight, run.iter().map(told).sum(), entry)
}
