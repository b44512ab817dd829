//! What was filled in, read into the register's types, so that each slip is a refusal that names its field.

use std::str::FromStr;

use entente_register::document::Document;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::money::{Currency, Money, Quantity, Unit};
use jiff::civil::Date;

/// The fields of a form as they were sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filled {
    pairs: Vec<(String, String)>,
}

/// What stands before a field’s name where a form says what it started with.
const WAS: &str = "was.";

/// The name under which a form says what a field started with.
pub(super) fn was(name: &str) -> String {
    format!("{WAS}{name}")
}

/// The field of whose value, or of whose start, a name is.
pub(super) fn field_of(name: &str) -> &str {
    name.strip_prefix(WAS).unwrap_or(name)
}

/// A value as forms send it: with the line breaks that texts of the register have, and without blanks around it.
fn sent(value: &str) -> String {
    value.replace("\r\n", "\n").trim().to_owned()
}

impl Filled {
    /// Adds a field, as [`sent`] has it.
    pub(super) fn add(&mut self, name: &str, value: &str) {
        self.pairs.push((name.to_owned(), sent(value)));
    }

    /// Puts a value in the place of what was sent.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        self.pairs.retain(|(own, _)| own != name);
        self.add(name, value);
    }

    /// The value of a field; empty where it was not filled in.
    pub(super) fn get(&self, name: &str) -> &str {
        self.pairs.iter().find(|(own, _)| own == name).map_or("", |(_, value)| value.as_str())
    }

    /// What a field started with, if the form says so, and another has changed it since to what it is now.
    pub(super) fn was_before(&self, name: &str, now: &str) -> Option<&str> {
        let was = was(name);
        let was = self.pairs.iter().find(|(own, _)| *own == was).map(|(_, value)| value.as_str());
        was.filter(|was| *was != sent(now))
    }

    /// The fields of which the form says what they started with.
    pub(super) fn began(&self) -> impl Iterator<Item = &str> {
        self.pairs.iter().filter_map(|(name, _)| name.strip_prefix(WAS))
    }

    /// All fields, in the order in which they were sent.
    pub(super) fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The values of a field that is sent more than once.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.pairs().filter(move |(own, _)| *own == name).map(|(_, value)| value)
    }

    /// The value of a field that was filled in.
    pub(super) fn given(&self, name: &str) -> Option<String> {
        Some(self.get(name).to_owned()).filter(|value| !value.is_empty())
    }

    pub(super) fn text(&self, name: &str) -> String {
        self.get(name).to_owned()
    }

    /// A field that is read as another type, by whose own words it is refused.
    pub(super) fn read<T: FromStr<Err = Refusal>>(&self, name: &str) -> Fallible<T> {
        self.get(name).parse().map_err(|refusal| Refusal { field: Some(name.to_owned()), ..refusal })
    }

    /// As [`Filled::read`], of a field that need not be filled in.
    pub(super) fn read_given<T: FromStr<Err = Refusal>>(&self, name: &str) -> Fallible<Option<T>> {
        self.given(name).map(|_| self.read(name)).transpose()
    }

    pub(super) fn on(&self) -> Fallible<Date> {
        self.day("on")
    }

    pub(super) fn day(&self, name: &str) -> Fallible<Date> {
        parse_date(name, self.get(name))
    }

    pub(super) fn day_given(&self, name: &str) -> Fallible<Option<Date>> {
        self.given(name).map(|_| self.day(name)).transpose()
    }

    pub(super) fn quantity(&self, name: &str) -> Fallible<Quantity> {
        Quantity::parse(name, self.get(name))
    }

    pub(super) fn unit(&self, name: &str) -> Fallible<Unit> {
        Unit::parse(name, self.get(name))
    }

    pub(super) fn money(&self, name: &str, currency: Currency) -> Fallible<Money> {
        Money::parse(name, self.get(name), currency)
    }

    /// A whole number.
    pub(super) fn whole<T: FromStr>(&self, name: &str) -> Fallible<T> {
        self.get(name).parse().map_err(|_| {
            Refusal::new(
                "number.malformed",
                format!("{:?} is no whole number that is taken here.", self.get(name)),
            )
            .field(name)
            .missing("a whole number")
        })
    }

    /// The paper behind the act, where anything of it was filled in.
    ///
    /// # Errors
    /// `document.title` or `date.malformed`, naming the field.
    pub(super) fn paper_given(&self) -> Fallible<Option<Document>> {
        let named = ["document.title", "document.dated", "document.content"];
        if named.iter().all(|name| self.get(name).is_empty()) {
            return Ok(None);
        }
        self.paper().map(Some)
    }

    /// The paper behind the act.
    ///
    /// # Errors
    /// As [`Filled::paper_given`].
    pub(super) fn paper(&self) -> Fallible<Document> {
        if self.get("document.title").is_empty() {
            return Err(Refusal::new("document.title", "The paper behind the act is not named.")
                .field("document.title")
                .missing("what the document is, such as “Acceptance certificate 14/2012”"));
        }
        Ok(Document {
            title: self.text("document.title"),
            dated: self.day("document.dated")?,
            content: self.given("document.content"),
        })
    }

    /// The places of the rows of a field in which anything was filled in.
    pub(super) fn rows(&self, name: &str) -> Vec<usize> {
        let filled = |at: &usize| {
            let beginning = format!("{name}[{at}].");
            self.pairs.iter().any(|(own, value)| own.starts_with(&beginning) && !value.is_empty())
        };
        (0..MOST_ROWS).filter(filled).collect()
    }
}

/// Rows of a field at most.
pub(super) const MOST_ROWS: usize = 40;

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(pairs: &[(&str, &str)]) -> Filled {
        let mut filled = Filled::default();
        for (name, value) in pairs {
            filled.add(name, value);
        }
        filled
    }

    #[test]
    fn a_paper_is_there_whole_or_not_at_all() {
        assert_eq!(filled(&[("document.title", " ")]).paper_given(), Ok(None));
        let field = |pairs: &[(&str, &str)]| filled(pairs).paper_given().unwrap_err().field.unwrap();
        assert_eq!(field(&[("document.dated", "2012-05-02")]), "document.title");
        assert_eq!(field(&[("document.title", "Waybill 7")]), "document.dated");
        let whole = filled(&[("document.title", "Waybill 7"), ("document.dated", "2012-05-02")]);
        assert_eq!(whole.paper_given().unwrap().unwrap().title, "Waybill 7");
    }

    #[test]
    fn rows_are_those_in_which_something_stands() {
        let filled = filled(&[("items[0].what", ""), ("items[2].what", "Boats"), ("items[2].how", "")]);
        assert_eq!(filled.rows("items"), [2]);
    }
}
