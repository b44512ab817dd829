//! What is typed into the box: which words it asks for, and where a text bears them.

use super::fold::{Part, groups, joined, parts};
use crate::ledger::{Fallible, Refusal};

/// Characters of a search at most.
pub const MOST_CHARACTERS: usize = 200;

/// Words of a search at most.
pub const MOST_WORDS: usize = 8;

/// A word that is sought.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sought {
    /// Folded.
    pub word: String,
    /// Whether a word that only begins so is found too.
    pub begins: bool,
}

impl Sought {
    /// Whether a word is what is sought.
    pub fn fits(&self, word: &str) -> bool {
        if self.begins { word.starts_with(&self.word) } else { word == self.word }
    }

    /// The end of the range in which the words begin so: no word of it sorts as high.
    pub fn end(&self) -> String {
        format!("{}\u{10ffff}", self.word)
    }
}

/// A stretch of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// The stretch.
    pub text: String,
    /// Whether it is what was sought.
    pub found: bool,
}

/// A search: at least one word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Query {
    typed: String,
    words: Vec<Sought>,
    number: String,
}

impl Query {
    /// Reads what was typed.
    ///
    /// The last word may be the beginning of one, if it has two letters; so may a number with separators, wherever
    /// it stands.
    ///
    /// # Errors
    /// `search.no_words`, `search.too_long` or `search.too_many_words`, with what can be searched for.
    pub fn parse(text: &str) -> Fallible<Query> {
        let typed = text.trim();
        let length = typed.chars().count();
        if length > MOST_CHARACTERS {
            return Err(Refusal::new("search.too_long", format!("The search has {length} characters."))
                .field("q")
                .missing(format!("at most {MOST_CHARACTERS} characters")));
        }
        let parts = parts(typed);
        let wholes: Vec<(String, bool)> =
            groups(&parts).map(|group| (joined(group), group.len() > 1)).collect();
        let number = wholes.iter().map(|whole| whole.0.as_str()).collect::<Vec<_>>().join(" ");
        let last = wholes.len().saturating_sub(1);
        let mut words: Vec<Sought> = Vec::new();
        for (place, (word, is_tied)) in wholes.into_iter().enumerate() {
            let begins = is_tied || (place == last && word.chars().nth(1).is_some());
            match words.iter_mut().find(|one| one.word == word) {
                // The same word twice asks for no more, and the beginning of one for less.
                Some(one) => one.begins &= begins,
                None => words.push(Sought { word, begins }),
            }
        }
        if words.is_empty() {
            let said =
                if typed.is_empty() { "Nothing was typed." } else { "There is no word in what was typed." };
            return Err(Refusal::new("search.no_words", said)
                .field("q")
                .missing("a word, a number, or the beginning of one"));
        }
        if words.len() > MOST_WORDS {
            return Err(Refusal::new(
                "search.too_many_words",
                format!("The search has {} words.", words.len()),
            )
            .field("q")
            .missing(format!("at most {MOST_WORDS} words")));
        }
        Ok(Query { typed: typed.to_owned(), words, number })
    }

    /// As it was typed, without the space around it.
    pub fn typed(&self) -> &str {
        &self.typed
    }

    /// What is sought.
    pub fn words(&self) -> &[Sought] {
        &self.words
    }

    /// The whole, folded, as a number would be; [`number`] gives the same of the number itself.
    pub fn number(&self) -> &str {
        &self.number
    }

    /// A text as stretches that are sought and others; joined they are the text.
    pub fn mark(&self, text: &str) -> Vec<Piece> {
        let parts = parts(text);
        let mut pieces: Vec<Piece> = Vec::new();
        let mut add = |stretch: &str, found: bool| {
            if !stretch.is_empty() {
                pieces.push(Piece { text: stretch.to_owned(), found });
            }
        };
        let mut done = 0;
        for group in groups(&parts) {
            let mut from = 0;
            while from < group.len() {
                match self.found_at(&group[from..]) {
                    0 => from += 1,
                    many => {
                        let (start, end) = (group[from].span.start, group[from + many - 1].span.end);
                        add(&text[done..start], false);
                        add(&text[start..end], true);
                        done = end;
                        from += many;
                    }
                }
            }
        }
        add(&text[done..], false);
        pieces
    }

    /// How many of the parts, from the first on, a word that is sought takes.
    fn found_at(&self, parts: &[Part]) -> usize {
        let tail = joined(parts);
        let whole = |one: &&Sought| one.fits(&tail);
        let covered = self.words.iter().filter(whole).map(|one| {
            let letters = one.word.chars().count();
            let until = |many: &usize| joined(&parts[..*many]).chars().count() >= letters;
            (1..=parts.len()).find(until).unwrap_or(parts.len())
        });
        let alone = usize::from(self.words.iter().any(|one| one.fits(&parts[0].word)));
        covered.max().unwrap_or(0).max(alone)
    }
}

/// A number as [`Query::number`] folds what was typed.
pub fn number(text: &str) -> String {
    let parts = parts(text);
    let whole: Vec<String> = groups(&parts).map(joined).collect();
    whole.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::search::words;

    fn sought(text: &str) -> Vec<(String, bool)> {
        Query::parse(text).unwrap().words.into_iter().map(|one| (one.word, one.begins)).collect()
    }

    fn word(text: &str, begins: bool) -> (String, bool) {
        (text.to_owned(), begins)
    }

    fn marked(query: &str, text: &str) -> String {
        let pieces = Query::parse(query).unwrap().mark(text);
        pieces.iter().map(|p| if p.found { format!("[{}]", p.text) } else { p.text.clone() }).collect()
    }

    #[test]
    fn the_last_word_and_every_number_may_be_begun() {
        assert_eq!(sought(" Patrol BOA "), [word("patrol", false), word("boa", true)]);
        assert_eq!(sought("K-2012 boats"), [word("k-2012", true), word("boats", true)]);
        assert_eq!(sought("boats o"), [word("boats", false), word("o", false)]);
        // Said twice: the whole word is what is sought.
        assert_eq!(sought("boats Boats"), [word("boats", false)]);
        assert_eq!(Query::parse("k–2012/17").unwrap().number(), number("К-2012/17").replace('к', "k"));
    }

    #[test]
    fn what_cannot_be_sought_is_refused_with_words() {
        for (text, code) in [
            ("", "search.no_words"),
            (" -- … \0", "search.no_words"),
            ("a b c d e f g h i", "search.too_many_words"),
        ] {
            let refusal = Query::parse(text).unwrap_err();
            assert_eq!((refusal.code, refusal.field.as_deref()), (code, Some("q")), "{text:?}");
            assert!(refusal.missing.is_some());
        }
        assert_eq!(Query::parse(&"x".repeat(201)).unwrap_err().code, "search.too_long");
        assert!(Query::parse(&"x".repeat(200)).is_ok());
    }

    #[test]
    fn what_was_found_is_marked() {
        assert_eq!(marked("boat", "Patrol boats, two boats"), "Patrol [boats], two [boats]");
        assert_eq!(marked("electro", "Radio-Électronique"), "Radio-[Électronique]");
        assert_eq!(marked("2012/17", "K-2012/17 of K-2012/170"), "K-[2012/17] of K-[2012/170]");
        assert_eq!(marked("k-2012", "K-2012/17"), "[K-2012]/17");
        assert_eq!(marked("17 boats", "K-2012/17: boats"), "K-2012/[17]: [boats]");
        assert_eq!(marked("17", "<b>18</b>"), "<b>18</b>");
    }

    proptest! {
        #[test]
        fn a_text_is_found_by_each_of_its_words_and_marked_there(text in any::<String>()) {
            for word in words(&text) {
                // A word cut at its most letters is the beginning of another.
                let query = Query::parse(&word).unwrap();
                let found = words(&text);
                for one in query.words() {
                    prop_assert!(found.iter().any(|word| one.fits(word)), "{one:?} {found:?}");
                }
                let pieces = query.mark(&text);
                prop_assert!(pieces.iter().any(|piece| piece.found), "{word:?} {pieces:?}");
            }
        }

        #[test]
        fn pieces_joined_are_the_text(query in "[a-zA-Z0-9а-я ./-]{1,20}", text in any::<String>()) {
            if let Ok(query) = Query::parse(&query) {
                let joined: String = query.mark(&text).into_iter().map(|piece| piece.text).collect();
                prop_assert_eq!(joined, text);
            }
        }

        #[test]
        fn any_input_is_read_or_refused(text in any::<String>()) {
            if let Ok(query) = Query::parse(&text) {
                prop_assert!(!query.words().is_empty());
                prop_assert!(query.words().iter().all(|one| one.word.as_str() < one.end().as_str()));
            }
        }
    }
}
