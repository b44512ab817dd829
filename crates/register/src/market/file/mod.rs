//! Files of statistics as their publishers write them, read whole or refused with the line and column.
//!
//! A reader gives exactly what stands in a file: a cell without a figure is no row, and a nought is a nought.

mod cells;
mod exports;
mod register;
mod world_bank;

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::exact::Exact;
use super::series::Series;
use crate::ledger::{Fallible, Refusal};

pub use register::{Deal, Stated};

/// Largest file: 20 MiB. The trade register of 30,000 deals has 5.
pub const MOST_BYTES: usize = 20 << 20;

/// Rows at most.
pub const MOST_ROWS: usize = 400_000;

/// How a file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// SIPRI: exports by supplier and year, after lines of explanation.
    SipriExports,
    /// SIPRI: the trade register, after lines of explanation.
    SipriRegister,
    /// `Country Name,Country Code,Year,Value`.
    WorldBankLong,
    /// The World Bank's own download: a column a year, after its name and day.
    WorldBankWide,
}

impl Form {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Form::SipriExports => "sipri_exports",
            Form::SipriRegister => "sipri_register",
            Form::WorldBankLong => "world_bank_long",
            Form::WorldBankWide => "world_bank_wide",
        }
    }
}

/// Of whom a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// A supplier of arms, by the name that its publisher gives it.
    Exporter,
    /// A country, by its code of ISO 3166-1.
    Country,
    /// The whole world.
    World,
    /// A region, an income group, or a territory without a code: never counted as a country.
    Aggregate,
}

impl Whose {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            Whose::Exporter => "exporter",
            Whose::Country => "country",
            Whose::World => "world",
            Whose::Aggregate => "aggregate",
        }
    }

    /// Of its word.
    pub fn of(word: &str) -> Option<Whose> {
        [Whose::Exporter, Whose::Country, Whose::World, Whose::Aggregate]
            .into_iter()
            .find(|whose| whose.word() == word)
    }
}

/// One figure of one year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// Of whom.
    pub whose: Whose,
    /// ISO 3166-1 alpha-3, or the publisher's code; empty where it gives none.
    pub code: String,
    /// As the publisher names it.
    pub name: String,
    /// Of which year.
    pub year: i16,
    /// As it was published.
    pub value: Exact,
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rows {
    /// Figures by year.
    Figures(Vec<Figure>),
    /// Deals.
    Deals(Vec<Deal>),
}

impl Rows {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Rows::Figures(figures) => figures.len(),
            Rows::Deals(deals) => deals.len(),
        }
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first and the last year of which they say something.
    pub fn span(&self) -> Option<(i16, i16)> {
        let years: Box<dyn Iterator<Item = i16> + '_> = match self {
            Rows::Figures(figures) => Box::new(figures.iter().map(|figure| figure.year)),
            Rows::Deals(deals) => Box::new(deals.iter().flat_map(Deal::years)),
        };
        years.fold(None, |span, year| match span {
            None => Some((year, year)),
            Some((first, last)) => Some((year.min(first), year.max(last))),
        })
    }
}

/// A file that was read whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatisticFile {
    /// Which statistic it is of.
    pub series: Series,
    /// How it is written.
    pub form: Form,
    /// The day that its publisher wrote into it.
    pub generated_on: Option<Date>,
    /// What it holds.
    pub rows: Rows,
}

/// What somebody says of a file of indicators that does not name its own.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Said {
    /// Which indicator it is.
    pub indicator: Option<Series>,
}

/// Reads a file of the market: the table of exports, or the trade register.
///
/// # Errors
/// `statistic.malformed`, naming line and column; `statistic.form` for what is neither; `statistic.too_large`.
pub fn read_market(bytes: &[u8]) -> Fallible<StatisticFile> {
    check_size(bytes)?;
    let text = cells::latin(bytes);
    if let Some(found) = exports::find(&text) {
        return exports::read(&text, found);
    }
    if let Some(found) = register::find(&text) {
        return register::read(&text, found);
    }
    Err(refused("statistic.form", "This is neither SIPRI’s table of exports nor its trade register.").missing(
        "the CSV as sipri.org gives it: with a line that begins with `Exports by,`, or with `Recipient,Supplier,`",
    ))
}

/// Reads a file of indicators of the World Bank, in its own form or a row a country and year.
///
/// # Errors
/// As [`read_market`]; `statistic.indicator_unsaid` where neither the file nor anyone says which indicator it is, and
/// `statistic.other_indicator` where they contradict each other.
pub fn read_indicators(bytes: &[u8], said: Said) -> Fallible<StatisticFile> {
    check_size(bytes)?;
    let text = cells::unicode(bytes)?;
    if let Some(found) = world_bank::find_wide(text) {
        return world_bank::read_wide(text, found, said);
    }
    if world_bank::is_long(text) {
        return world_bank::read_long(text, said);
    }
    Err(refused("statistic.form", "This is no file of indicators that is known here.").missing(
        "a CSV with the columns `Country Name,Country Code,Year,Value`, or the World Bank’s own download of one indicator",
    ))
}

/// Reads the bytes of an edition that was imported, by what its event says of it.
///
/// # Errors
/// As [`read_market`] and [`read_indicators`].
pub fn read_edition(bytes: &[u8], series: Series) -> Fallible<StatisticFile> {
    let file = match series {
        Series::TivExports | Series::TradeRegister => read_market(bytes)?,
        _ => read_indicators(bytes, Said { indicator: Some(series) })?,
    };
    if file.series == series {
        return Ok(file);
    }
    Err(refused("statistic.other_series", format!("The file is of {}.", file.series.word()))
        .missing(format!("a file of {}", series.word())))
}

fn check_size(bytes: &[u8]) -> Fallible<()> {
    if bytes.len() <= MOST_BYTES {
        return Ok(());
    }
    Err(refused("statistic.too_large", format!("The file has {} bytes.", bytes.len()))
        .missing(format!("at most {MOST_BYTES} bytes")))
}

/// A refusal of the file as a whole.
fn refused(code: &'static str, why: impl Into<String>) -> Refusal {
    Refusal::new(code, why).field("file")
}
