//! Indicators of the World Bank: a row a country and year, or its own download with a column a year.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::cells::{Found, Row, Sheet, find_line, shown, year};
use super::{Figure, Form, Rows, Said, StatisticFile, Whose, refused};
use crate::ledger::{Fallible, Refusal};
use crate::market::exact::Exact;
use crate::market::series::Series;

/// The code of the whole world.
const WORLD: &str = "WLD";

/// Whether the file begins with the columns of the plain form.
pub(super) fn is_long(text: &str) -> bool {
    let header = text.lines().next().unwrap_or_default();
    let cells: Vec<String> =
        header.split(',').map(|cell| cell.trim().trim_matches('"').to_ascii_lowercase()).collect();
    ["country name", "country code", "year", "value"].iter().all(|name| cells.iter().any(|cell| cell == name))
}

/// Where the table of the World Bank's own download begins.
pub(super) fn find_wide(text: &str) -> Option<Found> {
    find_line(text, |line| {
        let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
        ["Country Name", "Country Code", "Indicator Name", "Indicator Code"]
            .iter()
            .all(|name| cells.next().is_some_and(|cell| cell.eq_ignore_ascii_case(name)))
    })
}

/// Of whom a code is.
fn whose(code: &str) -> Whose {
    if code == WORLD {
        Whose::World
    } else if rust_iso3166::from_alpha3(code).is_some() {
        Whose::Country
    } else {
        Whose::Aggregate
    }
}

fn code<'r>(sheet: &Sheet, row: &'r Row, column: usize) -> Fallible<&'r str> {
    let code = sheet.text(row, column)?;
    if code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()) {
        return Ok(code);
    }
    Err(sheet.slip(
        row,
        column,
        format!("{} is no code.", shown(code)),
        "three capital letters, for example BRA",
    ))
}

fn value(sheet: &Sheet, row: &Row, column: usize) -> Fallible<Option<Exact>> {
    let written = row.get(column);
    if matches!(written, "" | "..") {
        return Ok(None);
    }
    // What is summed here cannot be below nothing.
    let value = Exact::parse(written).filter(|value| *value >= Exact::ZERO);
    value.map(Some).ok_or_else(|| {
        let missing = "a number with a point before its decimals, or nothing";
        sheet.slip(row, column, format!("{} is no figure.", shown(written)), missing)
    })
}

/// Reads the plain form.
pub(super) fn read_long(text: &str, said: Said) -> Fallible<StatisticFile> {
    let sheet = Sheet::read(text, Found { offset: 0, lines: 0 })?;
    let (named, coded) = (sheet.column("Country Name")?, sheet.column("Country Code")?);
    let (dated, valued) = (sheet.column("Year")?, sheet.column("Value")?);
    let mut seen = BTreeSet::new();
    let mut figures = Vec::with_capacity(sheet.rows.len());
    for row in &sheet.rows {
        if row.len() != sheet.header.len() {
            let why = format!("the row has {} cells.", row.len());
            let place = row.len().min(sheet.header.len());
            return Err(sheet.slip(row, place, why, format!("{} cells", sheet.header.len())));
        }
        let name = sheet.text(row, named)?.to_owned();
        let code = code(&sheet, row, coded)?;
        let written = row.get(dated);
        let year = year(written).ok_or_else(|| {
            sheet.slip(row, dated, format!("{} is not a year.", shown(written)), "a year, for example 2012")
        })?;
        if !seen.insert((code.to_owned(), year)) {
            let why = format!("{code} has two rows of {year}.");
            return Err(sheet.slip(row, dated, why, "each country and year once"));
        }
        if let Some(value) = value(&sheet, row, valued)? {
            figures.push(Figure { whose: whose(code), code: code.to_owned(), name, year, value });
        }
    }
    let series = told(&figures, said)?;
    finish(figures, series, Form::WorldBankLong, None)
}

/// Reads the World Bank's own form.
pub(super) fn read_wide(text: &str, from: Found, said: Said) -> Fallible<StatisticFile> {
    let preamble = text.get(..from.offset).unwrap_or_default();
    let sheet = Sheet::read(text, from)?;
    let mut years = Vec::new();
    for (column, cell) in sheet.header.cells().enumerate().skip(4) {
        match year(cell) {
            Some(found) if years.last().is_some_and(|(_, before)| *before >= found) => {
                let why = format!("the year {found} stands after a later one.");
                return Err(sheet.slip(&sheet.header, column, why, "years in order"));
            }
            Some(found) => years.push((column, found)),
            // Each line of this form ends with a comma.
            None if cell.is_empty() && column + 1 == sheet.header.len() => {}
            None => {
                let why = format!("{} is not a year.", shown(cell));
                return Err(sheet.slip(&sheet.header, column, why, "a column for each year"));
            }
        }
    }
    let mut indicator: Option<String> = None;
    let mut codes = BTreeSet::new();
    let mut figures = Vec::new();
    for row in &sheet.rows {
        let last = years.last().map_or(3, |(column, _)| *column);
        if row.len() <= last {
            let why = format!("the row ends after {} cells.", row.len());
            return Err(sheet.slip(row, row.len(), why, format!("{} cells", last + 1)));
        }
        let name = sheet.text(row, 0)?.to_owned();
        let code = code(&sheet, row, 1)?;
        if !codes.insert(code.to_owned()) {
            return Err(sheet.slip(row, 1, format!("{code} stands twice."), "each country once"));
        }
        let of = sheet.text(row, 3)?;
        if indicator.get_or_insert_with(|| of.to_owned()) != of {
            let why = format!("{} is another indicator than that of the rows before.", shown(of));
            return Err(sheet.slip(row, 3, why, "a file of one indicator"));
        }
        for (column, year) in &years {
            if let Some(value) = value(&sheet, row, *column)? {
                figures.push(Figure {
                    whose: whose(code),
                    code: code.to_owned(),
                    name: name.clone(),
                    year: *year,
                    value,
                });
            }
        }
    }
    let series = Series::indicator(indicator.as_deref().unwrap_or_default())
        .map_err(|refusal| Refusal { field: Some("file".to_owned()), ..refusal })?;
    if said.indicator.is_some_and(|said| said != series) {
        return Err(contradicted(series));
    }
    finish(figures, series, Form::WorldBankWide, updated_on(preamble))
}

/// The day of the publisher's last change: `"Last Updated Date","2024-06-28",`.
fn updated_on(preamble: &str) -> Option<Date> {
    preamble.lines().find_map(|line| {
        let mut cells = line.split(',').map(|cell| cell.trim().trim_matches('"'));
        (cells.next() == Some("Last Updated Date")).then(|| cells.next()?.parse().ok())?
    })
}

fn contradicted(series: Series) -> Refusal {
    refused("statistic.other_indicator", format!("The figures of the file are those of {}.", series.word()))
        .field("indicator")
        .missing(format!("`--indicator {}`, or another file", series.word()))
}

/// Which indicator the figures are of: by what is said, and by figures that tell one from the other.
fn told(figures: &[Figure], said: Said) -> Fallible<Series> {
    let known: BTreeMap<(&str, i16), Exact> =
        figures.iter().map(|figure| ((figure.code.as_str(), figure.year), figure.value)).collect();
    let told =
        Series::indicators().find(|series| series.is_told_by(|code, year| known.get(&(code, year)).copied()));
    match (said.indicator, told) {
        (Some(said), Some(told)) if said != told => Err(contradicted(told)),
        (Some(said), _) => Ok(said),
        (None, Some(told)) => Ok(told),
        (None, None) => {
            let words: Vec<&str> = Series::indicators().map(Series::word).collect();
            Err(refused(
                "statistic.indicator_unsaid",
                "The file does not name its indicator, and its figures of 2000 are neither the population nor the gross domestic product of the world.",
            )
            .field("indicator")
            .missing(format!("which indicator it is: `--indicator` with one of {}", words.join(", "))))
        }
    }
}

fn finish(
    figures: Vec<Figure>,
    series: Series,
    form: Form,
    generated_on: Option<Date>,
) -> Fallible<StatisticFile> {
    if figures.is_empty() {
        return Err(refused("statistic.empty", "The file holds no figure.")
            .missing("a file with figures; what was in force stays so"));
    }
    Ok(StatisticFile { series, form, generated_on, rows: Rows::Figures(figures) })
}
