//! Words that were cut otherwise: several as one beside a word, or beside others as one.

use super::{ALL, Index, JOINED_WORDS};
use crate::compare::{JOINED, cut_like};
use crate::letters::Unit;
use crate::name::MOST_JOINED;
use crate::spelling::{Bones, Spelling};
use crate::text::Vowels;

impl Index {
    /// How alike a word of a query, or several as one, is to several words of a name as one that have the same
    /// consonants.
    pub(super) fn cut_like(&self, own: &Spelling, name: u32) -> Option<f32> {
        let named = self.names[name as usize];
        if named.initials > 0 {
            return Some(1.0);
        }
        // The last place stands for all names from there on.
        let ready = self.ready.get(named.entry as usize).filter(|_| named.place != ALL);
        if let Some(ready) = ready.and_then(|ready| ready.names.get(usize::from(named.place))) {
            let runs = ready.name.runs().iter().filter(|run| run.parts.len() > 1);
            return runs.filter_map(|run| as_one(own, &run.spelling)).max_by(f32::total_cmp);
        }
        let words = self.words_of(name).iter().filter(|(_, weight)| *weight != JOINED_WORDS);
        let words: Vec<&Spelling> = words.map(|(word, _)| self.vocabulary.word(*word)).collect();
        let mut best: Option<f32> = None;
        let (mut latin, mut bones) = (String::new(), Bones::default());
        for from in 0..words.len() {
            for until in from + 2..=words.len().min(from + MOST_JOINED) {
                let run = &words[from..until];
                let foreign = run.iter().all(|word| !word.units.is_empty());
                latin.clear();
                run.iter().for_each(|word| latin.push_str(&word.latin));
                // In one script most runs are others by their consonants.
                if foreign != own.units.is_empty() && bones.of(&latin) != own.skeleton {
                    continue;
                }
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
pub(super) fn as_one(own: &Spelling, other: &Spelling) -> Option<f32> {
    if own.units.is_empty() == other.units.is_empty() {
        return cut_like(own, other);
    }
    Some(own.like_from(other, JOINED)).filter(|like| *like >= JOINED)
}
