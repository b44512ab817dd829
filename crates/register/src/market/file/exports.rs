//! SIPRI's table of exports: a row a supplier, a column a year, the whole world in the last row.

use std::collections::BTreeSet;

use jiff::civil::Date;

use super::cells::{Found, Sheet, find_line, shown, year};
use super::{Figure, Form, Rows, StatisticFile, Whose, refused};
use crate::ledger::Fallible;
use crate::market::exact::Exact;
use crate::market::series::Series;

/// How the row of the whole world is named.
const WORLD: [&str; 3] = ["Total world export", "Total", "World"];

/// Months as SIPRI writes them.
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// Where the table begins.
pub(super) fn find(text: &str) -> Option<Found> {
    find_line(text, |line| {
        let first = line.split(',').next().unwrap_or_default().trim_matches('"').trim();
        first.eq_ignore_ascii_case("exports by") || first.eq_ignore_ascii_case("imports by")
    })
}

/// The day on which SIPRI made the file: `Data generated: 13 Oct 2024 12:33:53 PM`.
pub(super) fn generated_on(preamble: &str) -> Option<Date> {
    let line =
        preamble.lines().find_map(|line| line.trim_matches('"').trim().strip_prefix("Data generated:"))?;
    let mut words = line.split_whitespace();
    let day: i8 = words.next()?.parse().ok()?;
    let month = words.next()?;
    let month = MONTHS.iter().position(|name| month.starts_with(name))?;
    let year: i16 = words.next()?.parse().ok()?;
    Date::new(year, i8::try_from(month + 1).ok()?, day).ok()
}

pub(super) fn read(text: &str, from: Found) -> Fallible<StatisticFile> {
    let preamble = text.get(..from.offset).unwrap_or_default();
    if !preamble.to_ascii_lowercase().contains("millions of sipri trend-indicator values") {
        return Err(refused("statistic.unit", "The file does not say in which unit its figures are.").missing(
            "the lines above the table as SIPRI writes them: `Figures are in millions of SIPRI trend-indicator values (TIVs).`",
        ));
    }
    let sheet = Sheet::read(text, from)?;
    if sheet.header.get(0).eq_ignore_ascii_case("imports by") {
        return Err(refused(
            "statistic.imports",
            "This is the table of imports; ranks of exporters need that of exports.",
        )
        .missing("SIPRI’s table of exports, which begins with `Exports by,`"));
    }
    let years = years(&sheet)?;
    let mut names = BTreeSet::new();
    let mut figures = Vec::new();
    let mut has_world = false;
    for row in &sheet.rows {
        let name = sheet.text(row, 0)?;
        if !names.insert(name.to_owned()) {
            return Err(sheet.slip(row, 0, format!("{} stands twice.", shown(name)), "each supplier once"));
        }
        if row.len() <= years.len() {
            let why = format!("the row ends after {} cells.", row.len());
            return Err(sheet.slip(row, row.len(), why, format!("a cell for each of {} years", years.len())));
        }
        if has_world {
            return Err(sheet.slip(
                row,
                0,
                "a row follows that of the whole world.",
                "the world in the last row",
            ));
        }
        let whose = if WORLD.contains(&name) { Whose::World } else { Whose::Exporter };
        has_world = whose == Whose::World;
        for (position, year) in years.iter().enumerate() {
            let written = row.get(position + 1);
            // Nothing means that no delivery has been identified, a nought that there were some below half a million.
            if written.is_empty() {
                continue;
            }
            let value = Exact::parse(written).filter(|value| *value >= Exact::ZERO).ok_or_else(|| {
                sheet.slip(
                    row,
                    position + 1,
                    format!("{} is no figure.", shown(written)),
                    "digits, or nothing",
                )
            })?;
            let (code, name) = (String::new(), name.to_owned());
            figures.push(Figure { whose, code, name, year: *year, value });
        }
    }
    if !figures.iter().any(|figure| figure.whose == Whose::Exporter) {
        return Err(refused("statistic.empty", "The table holds no figure of any supplier.")
            .missing("a table with figures; what was in force stays so"));
    }
    if !has_world {
        return Err(refused(
            "statistic.no_world",
            "The table has no row of the whole world, so that it may be cut off.",
        )
        .missing("a last row `Total world export`, as SIPRI writes it"));
    }
    Ok(StatisticFile {
        series: Series::TivExports,
        form: Form::SipriExports,
        generated_on: generated_on(preamble),
        rows: Rows::Figures(figures),
    })
}

/// The years of the columns after the first; sums and percentages follow them.
fn years(sheet: &Sheet) -> Fallible<Vec<i16>> {
    let mut years: Vec<i16> = Vec::new();
    for (column, cell) in sheet.header.cells().enumerate().skip(1) {
        let Some(found) = year(cell) else { break };
        if years.last().is_some_and(|before| *before + 1 != found) {
            let why = format!("the year {found} does not follow the one before it.");
            return Err(sheet.slip(&sheet.header, column, why, "a column for each year, in order"));
        }
        years.push(found);
    }
    if years.is_empty() {
        return Err(sheet.slip(&sheet.header, 1, "there is no column of a year.", "a column for each year"));
    }
    Ok(years)
}
