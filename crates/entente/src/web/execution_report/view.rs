//! The report as both its forms show it: sections of figures and tables, in one order, with one set of values.
//!
//! It is written from the brief and from nothing else: no figure is worked out here.

use entente_register::brief::Brief;

use super::section::sections;
use crate::chart::{Bar, Course, Svg};
use crate::web::brief::{self, Block, Convention, Shown};
use crate::web::show;
use crate::web::way::Way;

/// The whole of it.
#[derive(Debug, Clone)]
pub(crate) struct ReportView {
    /// `Execution of the plan of 2012`.
    pub(crate) title: String,
    /// The cut-off, with its day of the week.
    pub(crate) day: String,
    /// The instant of knowledge.
    pub(crate) known_at: String,
    pub(crate) currency: String,
    pub(crate) scope: String,
    pub(crate) marking: Option<String>,
    pub(crate) caution: Option<String>,
    /// Why there is no plan, once for all the tables that would show it.
    pub(crate) plan_reason: Option<String>,
    /// Currencies of other contracts, each with a report of its own: code and link.
    pub(crate) other_currencies: Vec<(String, String)>,
    pub(crate) conventions: Vec<Convention>,
    pub(crate) lead: Vec<Shown>,
    pub(crate) sections: Vec<Section>,
}

/// A section, numbered in the order in which it stands.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// What links within the report point to.
    pub(crate) id: &'static str,
    pub(crate) title: String,
    /// Whether it begins on a sheet of its own.
    pub(crate) apart: bool,
    pub(crate) pieces: Vec<Piece>,
}

/// What a section is made of.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    /// A heading within it.
    Heading(String),
    /// A paragraph.
    Words(String),
    /// Figures that belong together, beside other such.
    Blocks(Vec<Block>),
    /// A table.
    Table(Table),
    /// Numbered notes to the table before them.
    Notes(Vec<String>),
    /// Words with what they mean.
    Terms(Vec<(String, String)>),
    /// The chart of the year.
    Chart(Box<Chart>),
}

/// The chart of the year, for a screen and for paper.
#[derive(Debug, Clone)]
pub(crate) struct Chart {
    pub(crate) unit: String,
    pub(crate) note: String,
    pub(crate) drawings: [Svg; 2],
    pub(crate) course: Course,
}

/// A table.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    /// Unique in the report.
    pub(crate) id: &'static str,
    pub(crate) caption: String,
    pub(crate) columns: Vec<Column>,
    pub(crate) rows: Vec<Vec<Cell>>,
}

/// What stands in a column, and so how wide it is and to which side it is set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Words, which take what the others leave, in this proportion.
    Text(u8),
    /// Numbers and days, set to the right, never broken.
    Number,
    /// Numbers of contracts and lines, never broken.
    Code,
    /// Paths, broken where they must be, in this proportion.
    Path(u8),
    /// A bar.
    Bar,
}

/// A column.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    pub(crate) head: String,
    pub(crate) kind: Kind,
}

impl Column {
    pub(crate) fn new(head: impl Into<String>, kind: Kind) -> Column {
        Column { head: head.into(), kind }
    }

    /// The class of its cells on a page.
    pub(crate) fn class(&self) -> &'static str {
        match self.kind {
            Kind::Text(_) => "text",
            Kind::Number => "num",
            Kind::Code => "code",
            Kind::Path(_) => "path",
            Kind::Bar => "bar-cell",
        }
    }
}

/// A cell.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    pub(crate) text: String,
    /// Where it opens; empty on paper.
    pub(crate) href: String,
    /// A second, quieter line.
    pub(crate) sub: String,
    /// Whether the text says that there is no value.
    pub(crate) is_unknown: bool,
    /// The note that says why.
    pub(crate) note: Option<usize>,
    pub(crate) bar: Option<Bar>,
}

impl Cell {
    /// Words.
    pub(crate) fn of(text: impl Into<String>) -> Cell {
        Cell { text: text.into(), ..Cell::default() }
    }

    /// Words that open.
    pub(crate) fn opens(text: impl Into<String>, href: String) -> Cell {
        Cell { text: text.into(), href, ..Cell::default() }
    }

    /// A value that may be unknown; why stands elsewhere.
    pub(crate) fn known(value: &show::Cell, href: String) -> Cell {
        match value.reason {
            None => Cell::opens(value.text.clone(), href),
            Some(_) => Cell { href, ..Cell::unknown() },
        }
    }

    /// That there is no value.
    pub(crate) fn unknown() -> Cell {
        Cell { text: "not known".to_owned(), is_unknown: true, ..Cell::default() }
    }

    /// A bar; the cells beside it say the same.
    pub(crate) fn bar(bar: Bar) -> Cell {
        Cell { bar: Some(bar), ..Cell::default() }
    }

    /// With a second line.
    #[must_use]
    pub(crate) fn with(self, sub: impl Into<String>) -> Cell {
        Cell { sub: sub.into(), ..self }
    }

    /// The bar as a page draws it.
    pub(crate) fn drawing(&self) -> Svg {
        self.bar.as_ref().map(crate::chart::bar).unwrap_or_default()
    }
}

/// Writes the report of a brief.
pub(crate) fn view(brief: &Brief, way: &Way) -> ReportView {
    let page = brief::view(brief, way);
    let other_currencies = page
        .other_currencies
        .iter()
        .map(|(code, _)| (code.clone(), way.in_currency("/execution-report", code)))
        .collect();
    ReportView {
        title: title(brief),
        day: page.day.clone(),
        known_at: page.known_at.clone(),
        currency: page.currency.clone(),
        scope: page.scope.clone(),
        marking: page.marking.clone(),
        caution: page.caution.clone(),
        plan_reason: page.plan_reason.clone(),
        other_currencies,
        conventions: page.conventions.clone(),
        lead: page.lead.clone(),
        sections: sections(brief, page, way),
    }
}

/// Its title.
pub(crate) fn title(brief: &Brief) -> String {
    format!("Execution of the plan of {}", brief.conventions.as_of.year())
}
