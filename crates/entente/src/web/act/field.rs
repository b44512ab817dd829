//! The fields of a form, as an act describes them.

use super::standing::Standing;

/// What a field starts with.
type Value = fn(&Standing) -> String;

/// A value to choose, and its name.
pub(super) type Choices = Vec<(String, String)>;

/// What is filled in, and how.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    /// A day.
    Day,
    /// A few words on one line, of that many characters at most.
    Text(usize),
    /// Number of a party; of several, with commas between them.
    Party(usize),
    /// Words over several lines.
    Long,
    /// A whole text, of that many bytes at most.
    Whole(usize),
    /// An amount, a quantity or a share.
    Decimal,
    /// One of a few words.
    Choice(&'static [(&'static str, &'static str)]),
    /// One of what the subject has.
    From(fn(&Standing) -> Choices),
    /// The paper behind the act: sent with the form, one that the register holds, or held elsewhere.
    Paper,
    /// Several of the same, each with these fields.
    Rows(&'static [Field]),
    /// One for each of what the subject has, each with these fields: what tells it from the others in the names of its
    /// fields, such as `[0]` or `.diversion`, and its heading.
    Each(fn(&Standing) -> Choices, &'static [Field]),
    /// Words over several lines, of that many characters at most.
    Prose(usize),
}

impl Kind {
    /// The fields of each of several.
    pub(super) fn parts(self) -> &'static [Field] {
        match self {
            Kind::Rows(fields) | Kind::Each(_, fields) => fields,
            _ => &[],
        }
    }
}

/// A field.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field {
    /// Its name, which is the one that a refusal names.
    pub(super) name: &'static str,
    /// What stands above it.
    pub(super) label: &'static str,
    /// What stands below it; may be empty.
    pub(super) hint: &'static str,
    /// How it is filled in.
    pub(super) kind: Kind,
    /// Whether it must be.
    pub(super) required: bool,
    /// What it starts with.
    pub(super) value: Option<Value>,
    /// What the fields of its rows start with, by their names.
    pub(super) filled: Option<fn(&Standing) -> Choices>,
}

impl Field {
    const fn new(name: &'static str, label: &'static str, kind: Kind) -> Field {
        Field { name, label, hint: "", kind, required: true, value: None, filled: None }
    }

    /// The day of the act, which starts as today.
    pub(super) const fn on(label: &'static str) -> Field {
        Field::new("on", label, Kind::Day).starting(|standing| standing.today.to_string())
    }

    pub(super) const fn day(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Kind::Day)
    }

    pub(super) const fn text(name: &'static str, label: &'static str, most: usize) -> Field {
        Field::new(name, label, Kind::Text(most))
    }

    /// A party, by its number, with those of the register to choose from.
    pub(super) const fn party(name: &'static str, label: &'static str, most: usize) -> Field {
        Field::new(name, label, Kind::Party(most))
    }

    pub(super) const fn long(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Kind::Long)
    }

    /// A text as long as a file.
    pub(super) const fn whole(name: &'static str, label: &'static str, most: usize) -> Field {
        Field::new(name, label, Kind::Whole(most))
    }

    /// Why it is done.
    pub(super) const fn reason() -> Field {
        Field::long("reason", "Reason")
    }

    pub(super) const fn decimal(name: &'static str, label: &'static str) -> Field {
        Field::new(name, label, Kind::Decimal)
    }

    pub(super) const fn choice(
        name: &'static str,
        label: &'static str,
        words: &'static [(&'static str, &'static str)],
    ) -> Field {
        Field::new(name, label, Kind::Choice(words))
    }

    pub(super) const fn from(
        name: &'static str,
        label: &'static str,
        choices: fn(&Standing) -> Choices,
    ) -> Field {
        Field::new(name, label, Kind::From(choices))
    }

    /// The paper behind the act.
    pub(super) const fn paper(label: &'static str) -> Field {
        Field::new("document", label, Kind::Paper)
    }

    /// Several of the same; `label` is what one of them is called.
    pub(super) const fn rows(name: &'static str, label: &'static str, fields: &'static [Field]) -> Field {
        Field::new(name, label, Kind::Rows(fields))
    }

    /// One for each of what the subject has.
    pub(super) const fn each(
        name: &'static str,
        label: &'static str,
        each: fn(&Standing) -> Choices,
        fields: &'static [Field],
    ) -> Field {
        Field::new(name, label, Kind::Each(each, fields))
    }

    /// Words of that many characters at most.
    pub(super) const fn prose(name: &'static str, label: &'static str, most: usize) -> Field {
        Field::new(name, label, Kind::Prose(most))
    }

    /// What the fields of its rows start with.
    pub(super) const fn filled(self, filled: fn(&Standing) -> Choices) -> Field {
        Field { filled: Some(filled), ..self }
    }

    pub(super) const fn hint(self, hint: &'static str) -> Field {
        Field { hint, ..self }
    }

    pub(super) const fn optional(self) -> Field {
        Field { required: false, ..self }
    }

    pub(super) const fn starting(self, value: Value) -> Field {
        Field { value: Some(value), ..self }
    }
}
