//! JSON as it is written: a member without a value is left out, and a number is the decimal text that it is.

use std::io::{self, Write};

use entente_register::book::cell::Cell;
use struson::writer::{JsonNumberError, JsonStreamWriter, JsonWriter, WriterSettings};

/// Writes the members of objects and the elements of lists.
pub(super) struct Out<W: Write> {
    writer: JsonStreamWriter<W>,
}

/// What writing gives.
pub(super) type Written = io::Result<()>;

impl<W: Write> Out<W> {
    pub(super) fn new(to: W) -> Out<W> {
        let settings = WriterSettings { pretty_print: true, ..WriterSettings::default() };
        Out { writer: JsonStreamWriter::new_custom(to, settings) }
    }

    /// Ends the document, with a line's end.
    pub(super) fn finish(self) -> Written {
        let mut to = self.writer.finish_document()?;
        to.write_all(b"\n")?;
        to.flush()
    }

    /// An object: the whole document, or an element of a list.
    pub(super) fn object(&mut self, members: impl FnOnce(&mut Self) -> Written) -> Written {
        self.writer.begin_object()?;
        members(self)?;
        self.writer.end_object()
    }

    /// A member that is an object.
    pub(super) fn member(&mut self, name: &str, members: impl FnOnce(&mut Self) -> Written) -> Written {
        self.writer.name(name)?;
        self.object(members)
    }

    /// A member that is a list of objects; left out if it has no elements.
    pub(super) fn list<T>(
        &mut self,
        name: &str,
        elements: impl IntoIterator<Item = T>,
        mut each: impl FnMut(&mut Self, T) -> Written,
    ) -> Written {
        let mut elements = elements.into_iter().peekable();
        if elements.peek().is_none() {
            return Ok(());
        }
        self.writer.name(name)?;
        self.writer.begin_array()?;
        for element in elements {
            self.object(|out| each(out, element))?;
        }
        self.writer.end_array()
    }

    /// A member that is a list of texts; left out if it has none.
    pub(super) fn texts<T: AsRef<str>>(&mut self, name: &str, texts: &[T]) -> Written {
        if texts.is_empty() {
            return Ok(());
        }
        self.writer.name(name)?;
        self.writer.begin_array()?;
        for text in texts {
            self.writer.string_value(text.as_ref())?;
        }
        self.writer.end_array()
    }

    /// A member that is a text; left out if it is empty.
    pub(super) fn text(&mut self, name: &str, text: impl AsRef<str>) -> Written {
        let text = text.as_ref();
        if text.is_empty() {
            return Ok(());
        }
        self.writer.name(name)?;
        self.writer.string_value(text)
    }

    /// A member that is a number, by its decimal text; left out if it is empty.
    pub(super) fn number(&mut self, name: &str, decimal: impl AsRef<str>) -> Written {
        let decimal = decimal.as_ref();
        if decimal.is_empty() {
            return Ok(());
        }
        self.writer.name(name)?;
        self.writer.number_value_from_string(decimal).map_err(|error| match error {
            JsonNumberError::IoError(error) => error,
            JsonNumberError::InvalidNumber(what) => io::Error::new(io::ErrorKind::InvalidData, what),
        })
    }

    /// A member that is a civil day: the standard knows instants alone, so it is written as the day's beginning.
    pub(super) fn day(&mut self, name: &str, day: &Cell) -> Written {
        match day {
            Cell::Date(date) => self.text(name, format!("{date}T00:00:00Z")),
            _ => Ok(()),
        }
    }

    /// A member that is an amount of money; left out if there is none.
    pub(super) fn money(&mut self, name: &str, decimal: &str, currency: &str) -> Written {
        if decimal.is_empty() {
            return Ok(());
        }
        self.member(name, |out| {
            out.number("amount", decimal)?;
            out.text("currency", currency)
        })
    }
}
