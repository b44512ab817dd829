//! Things of which a file tells act by act: found again by the first act, and then told on from where the register
//! was left. A file may leave acts out that the register was told of.

use jiff::civil::Date;

/// A thing that rows of the file were met of.
#[derive(Debug, Clone, Default)]
pub(super) struct Told {
    /// Its number in the register; none if it cannot be used.
    pub(super) number: Option<String>,
    /// What the register was told of it before this import and the file has not said yet: the word of each act, its day,
    /// and whether it was the last one.
    acts: Vec<(String, Date, bool)>,
}

/// How an act of the file stands to what the register was told.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// The register was not told of it.
    New,
    /// It was; and whether nothing was told after it.
    Known { is_last: bool },
}

impl Told {
    /// A thing that is new, or that cannot be used.
    pub(super) fn new(number: Option<String>) -> Told {
        Told { number, ..Told::default() }
    }

    /// A thing that the register holds, with the acts that it was told of.
    pub(super) fn held(number: String, acts: Vec<(String, Date)>) -> Told {
        let last = acts.len();
        let acts = (1..).zip(acts).map(|(place, (word, on))| (word, on, place == last)).collect();
        Told { number: Some(number), acts }
    }

    /// Finds an act by its word and its day, each once.
    pub(super) fn next(&mut self, word: &str, on: Date) -> Standing {
        match self.acts.iter().position(|(held, day, _)| held == word && *day == on) {
            Some(place) => Standing::Known { is_last: self.acts.remove(place).2 },
            None => Standing::New,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn what_the_register_was_told_is_found_once_and_what_follows_is_new() {
        let day = |day| date(2012, 1, day);
        let acts =
            vec![("proposed".to_owned(), day(1)), ("moved".to_owned(), day(2)), ("moved".to_owned(), day(2))];
        let mut told = Told::held("C1".into(), acts);
        assert_eq!(told.next("proposed", day(1)), Standing::Known { is_last: false });
        assert_eq!(told.next("moved", day(2)), Standing::Known { is_last: false });
        assert_eq!(told.next("moved", day(2)), Standing::Known { is_last: true });
        assert_eq!(told.next("moved", day(2)), Standing::New);
        assert_eq!(told.next("closed", day(1)), Standing::New);
        assert_eq!(Told::new(None).next("proposed", day(1)), Standing::New);
    }
}
