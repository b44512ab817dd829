//! Where the columns of a table stand in a file, and reading the fields of a row.

use jiff::civil::Date;

use super::cell::{self, Cell};
use super::table::{Column, Table};
use crate::ledger::{Fallible, Refusal};
use crate::money::Currency;

/// What is wrong at a place of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The row, as a spreadsheet counts them.
    pub row: u64,
    /// The column by its name, and by its letter; none where the row as a whole is at fault.
    pub column: Option<(String, String)>,
    /// The place in a JSON document, as a pointer (RFC 6901); there no row or column tells a person anything.
    pub pointer: Option<String>,
    /// What stands there.
    pub value: String,
    /// What is wrong with it.
    pub reason: String,
    /// What to do about it.
    pub remedy: String,
}

/// Where the columns of a table stand.
#[derive(Debug, Clone)]
pub struct Layout {
    table: Table,
    /// Per column of the table, in its order: the place in the file.
    places: Vec<Option<usize>>,
}

/// A place as the letter of a spreadsheet's column: `A`, `Z`, `AA`.
pub fn letter(place: usize) -> String {
    let mut letters = Vec::new();
    let mut left = place;
    loop {
        letters.push(b'A' + u8::try_from(left % 26).unwrap_or(0));
        match (left / 26).checked_sub(1) {
            Some(next) => left = next,
            None => break,
        }
    }
    letters.iter().rev().map(|letter| char::from(*letter)).collect()
}

impl Layout {
    /// Finds the columns by the cells of the first row, in any order.
    ///
    /// # Errors
    /// All that is wrong with the row: a column that is not known, stands twice, or is missing.
    pub fn of(table: Table, row: u64, header: &[Cell]) -> Result<Layout, Vec<Problem>> {
        let columns = table.columns();
        let mut places = vec![None; columns.len()];
        let mut problems = Vec::new();
        for (place, cell) in header.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            let name = cell.to_string().trim().to_lowercase().replace([' ', '-'], "_");
            let mut problem = |reason: String, remedy: &str| {
                problems.push(Problem {
                    row,
                    column: Some((name.clone(), letter(place))),
                    pointer: None,
                    value: cell.to_string(),
                    reason,
                    remedy: remedy.to_owned(),
                });
            };
            match columns.iter().position(|column| column.name == name) {
                None => problem(
                    format!("There is no column {name} in the table {}.", table.word()),
                    &format!("remove it, or name it as the template does: {}", names(columns)),
                ),
                Some(at) if places[at].is_some() => {
                    problem(format!("The column {name} stands twice."), "keep one of the two");
                }
                Some(at) => places[at] = Some(place),
            }
        }
        for (column, _) in columns.iter().zip(&places).filter(|(c, p)| c.is_required && p.is_none()) {
            problems.push(Problem {
                row,
                column: Some((column.name.to_owned(), String::new())),
                pointer: None,
                value: String::new(),
                reason: format!("The column {} is missing.", column.name),
                remedy: format!("add it: {}, for example {}", column.what, column.example),
            });
        }
        if problems.is_empty() { Ok(Layout { table, places }) } else { Err(problems) }
    }

    /// Which table it is.
    pub fn table(&self) -> Table {
        self.table
    }

    /// The columns that the file has, in the order of the table, each with its place in the file.
    pub fn columns(&self) -> impl Iterator<Item = (&'static Column, usize)> {
        self.table.columns().iter().zip(&self.places).filter_map(|(column, place)| Some((column, (*place)?)))
    }

    /// What a cell of a row tells, as text; none if it is empty, or is no text.
    pub fn told(&self, cells: &[Cell], name: &str) -> Option<String> {
        let at = self.table.columns().iter().position(|column| column.name == name)?;
        let cell = cells.get(self.places[at]?).filter(|cell| !cell.is_empty())?;
        cell::text(name, cell).ok()
    }

    /// The fields of a row.
    pub fn fields<'r>(&'r self, row: u64, cells: &'r [Cell]) -> Fields<'r> {
        Fields { layout: self, row, cells, problems: Vec::new() }
    }

    /// A refusal of the register as a problem of a row: at the column that bears the field's name, where
    /// the table has one.
    pub fn problem(&self, row: u64, cells: &[Cell], column: &str, refusal: &Refusal) -> Problem {
        let at = self.table.columns().iter().position(|c| c.name == column);
        let place = at.and_then(|at| self.places[at]);
        Problem {
            row,
            column: at.map(|_| (column.to_owned(), place.map(letter).unwrap_or_default())),
            pointer: None,
            value: place.and_then(|place| cells.get(place)).map(Cell::to_string).unwrap_or_default(),
            reason: refusal.message.clone(),
            remedy: refusal.missing.clone().unwrap_or_else(|| "correct the row".to_owned()),
        }
    }
}

fn names(columns: &[Column]) -> String {
    columns.iter().map(|column| column.name).collect::<Vec<_>>().join(", ")
}

/// Reads the fields of one row and gathers what is wrong with them.
#[derive(Debug)]
pub struct Fields<'r> {
    layout: &'r Layout,
    row: u64,
    cells: &'r [Cell],
    problems: Vec<Problem>,
}

impl Fields<'_> {
    /// The row's number.
    pub fn row(&self) -> u64 {
        self.row
    }

    /// What is wrong, if anything is.
    ///
    /// # Errors
    /// All of it.
    pub fn finish<T>(self, value: Option<T>) -> Result<T, Vec<Problem>> {
        match value {
            Some(value) if self.problems.is_empty() => Ok(value),
            _ => Err(self.problems),
        }
    }

    fn cell(&self, name: &str) -> Option<&Cell> {
        let at = self.layout.table.columns().iter().position(|column| column.name == name)?;
        self.cells.get(self.layout.places[at]?).filter(|cell| !cell.is_empty())
    }

    /// Whether nothing stands in a column.
    pub fn is_empty(&self, name: &str) -> bool {
        self.cell(name).is_none()
    }

    /// Notes a refusal at a column.
    pub fn refuse(&mut self, name: &str, refusal: &Refusal) {
        let problem = self.layout.problem(self.row, self.cells, name, refusal);
        self.problems.push(problem);
    }

    /// Notes that a value is missing that another one asks for.
    pub fn demand(&mut self, name: &str, because: &str) {
        let remedy = self.what(name);
        self.refuse(
            name,
            &Refusal::new("field.missing", format!("The {} is empty, {because}.", words(name)))
                .missing(remedy),
        );
    }

    fn what(&self, name: &str) -> String {
        let column = self.layout.table.columns().iter().find(|column| column.name == name);
        match column {
            Some(column) if column.example.is_empty() => column.what.to_owned(),
            Some(column) => format!("{}, for example {}", column.what, column.example),
            None => "a value".to_owned(),
        }
    }

    fn read<T>(&mut self, name: &str, read: impl FnOnce(&str, &Cell) -> Fallible<T>) -> Option<T> {
        match self.cell(name) {
            None => None,
            Some(cell) => match read(name, cell) {
                Ok(value) => Some(value),
                Err(refusal) => {
                    self.refuse(name, &refusal);
                    None
                }
            },
        }
    }

    fn needed<T>(&mut self, name: &str, read: impl FnOnce(&str, &Cell) -> Fallible<T>) -> Option<T> {
        if self.cell(name).is_none() {
            self.demand(name, "and every row needs one");
            return None;
        }
        self.read(name, read)
    }

    /// A value that may be absent, read by a rule.
    pub fn optional<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Fallible<T>) -> Option<T> {
        self.read(name, |name, cell| read(name, &cell::text(name, cell)?))
    }

    /// A value that every row has, read by a rule.
    pub fn value<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Fallible<T>) -> Option<T> {
        self.needed(name, |name, cell| read(name, &cell::text(name, cell)?))
    }

    /// A text that every row has.
    pub fn text(&mut self, name: &str) -> Option<String> {
        self.needed(name, cell::text)
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, name: &str) -> Option<String> {
        self.read(name, cell::text)
    }

    /// Texts with a semicolon between them.
    pub fn texts(&mut self, name: &str) -> Vec<String> {
        let text = self.optional_text(name).unwrap_or_default();
        text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// A date that every row has.
    pub fn date(&mut self, name: &str) -> Option<Date> {
        self.needed(name, cell::date)
    }

    /// A date that may be absent.
    pub fn optional_date(&mut self, name: &str) -> Option<Date> {
        self.read(name, cell::date)
    }

    /// A word of a list that every row has: a kind, a cause, a side.
    pub fn word<T: std::str::FromStr<Err = Refusal>>(&mut self, name: &str) -> Option<T> {
        self.value(name, |name, text| text.parse::<T>().map_err(|refusal| refusal.field(name)))
    }

    /// A word of a list that may be absent.
    pub fn optional_word<T: std::str::FromStr<Err = Refusal>>(&mut self, name: &str) -> Option<T> {
        self.optional(name, |name, text| text.parse::<T>().map_err(|refusal| refusal.field(name)))
    }

    /// A number that every row has, as decimal text, read by a rule.
    pub fn number<T>(&mut self, name: &str, read: impl FnOnce(&str, &str) -> Fallible<T>) -> Option<T> {
        self.needed(name, |name, cell| read(name, &cell::number(name, cell)?))
    }

    /// A number that may be absent.
    pub fn optional_number<T>(
        &mut self,
        name: &str,
        read: impl FnOnce(&str, &str) -> Fallible<T>,
    ) -> Option<T> {
        self.read(name, |name, cell| read(name, &cell::number(name, cell)?))
    }

    /// A whole number that every row has.
    pub fn whole<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.needed(name, cell::whole)
    }

    /// A whole number that may be absent.
    pub fn optional_whole<T: std::str::FromStr>(&mut self, name: &str) -> Option<T> {
        self.read(name, cell::whole)
    }

    /// A currency that every row has.
    pub fn currency(&mut self, name: &str) -> Option<Currency> {
        self.value(name, |name, text| text.parse::<Currency>().map_err(|refusal| refusal.field(name)))
    }
}

/// A column's name as words.
fn words(name: &str) -> String {
    name.replace('_', " ")
}

/// Reads a row by the names of its columns.
#[cfg(test)]
pub(super) fn read_row<T>(
    table: Table,
    said: &[(&str, &str)],
    read: impl FnOnce(Fields<'_>) -> Result<T, Vec<Problem>>,
) -> Result<T, Vec<Problem>> {
    let header: Vec<Cell> = said.iter().map(|(name, _)| Cell::text(*name)).collect();
    let cells: Vec<Cell> = said.iter().map(|(_, text)| Cell::text(*text)).collect();
    let layout = Layout::of(table, 1, &header)?;
    read(layout.fields(2, &cells))
}

/// The names of the columns at fault.
#[cfg(test)]
pub(super) fn columns_at_fault<T: std::fmt::Debug>(read: Result<T, Vec<Problem>>) -> Vec<String> {
    let problems = read.expect_err("a fault");
    problems.into_iter().map(|problem| problem.column.expect("a column").0).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(names: &[&str]) -> Vec<Cell> {
        names.iter().map(|name| Cell::text(*name)).collect()
    }

    #[test]
    fn columns_are_found_in_any_order_and_case() {
        let layout = Layout::of(Table::Partners, 1, &header(&["Name", "", "CODE"])).unwrap();
        let cells = [Cell::text("Brazil"), Cell::Empty, Cell::text("BRA")];
        let mut fields = layout.fields(2, &cells);
        assert_eq!((fields.text("code"), fields.text("name")), (Some("BRA".into()), Some("Brazil".into())));
        assert!(fields.finish(Some(())).is_ok());
    }

    #[test]
    fn all_that_is_wrong_with_the_first_row_is_said() {
        let problems = Layout::of(Table::Partners, 1, &header(&["Code", "code", "colour"])).unwrap_err();
        let said: Vec<_> = problems.iter().map(|p| (p.column.clone().unwrap(), p.reason.as_str())).collect();
        assert_eq!(
            said,
            [
                (("code".into(), "B".into()), "The column code stands twice."),
                (("colour".into(), "C".into()), "There is no column colour in the table partners."),
                (("name".into(), String::new()), "The column name is missing."),
            ]
        );
    }

    #[test]
    fn letters_count_as_spreadsheets_do() {
        let letters: Vec<_> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(letter).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn a_missing_value_names_its_column_and_an_example() {
        let layout = Layout::of(Table::Partners, 1, &header(&["code", "name"])).unwrap();
        let cells = [Cell::text("BRA")];
        let mut fields = layout.fields(7, &cells);
        let name = fields.text("name");
        let problems = fields.finish(name).unwrap_err();
        assert_eq!((problems[0].row, problems[0].column.clone().unwrap().1.as_str()), (7, "B"));
        assert!(problems[0].remedy.contains("Brazil"), "{}", problems[0].remedy);
    }
}
