//! Rows made of a package, each cell with the place that it comes from.

use std::collections::{BTreeMap, HashMap, HashSet};

use entente_register::book::cell::Cell;
use entente_register::book::layout::Problem;
use entente_register::book::table::Table;

use super::node::{Node, Place, Places, Value, plain};
use crate::book::import::Incoming;
use crate::formats::table::RawRow;

/// Where a cell comes from: a value, or where it would stand if it were there.
#[derive(Debug, Clone, Copy)]
pub(super) struct At {
    place: Place,
    rest: &'static str,
}

impl At {
    /// At a value.
    pub(super) fn of(node: &Node) -> At {
        At { place: node.place, rest: "" }
    }

    /// Where a member of an object would stand, by the names on the way: `unit/value/amount`.
    pub(super) fn under(node: &Node, rest: &'static str) -> At {
        At { place: node.place, rest }
    }
}

/// What a value is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    Text,
    Number,
    Day,
}

/// A row that is being made.
#[derive(Debug, Clone)]
pub(super) struct Made {
    table: Table,
    at: At,
    cells: Vec<Cell>,
    places: Vec<Option<At>>,
}

impl Made {
    pub(super) fn new(table: Table, node: &Node) -> Made {
        let columns = table.columns().len();
        Made { table, at: At::of(node), cells: vec![Cell::Empty; columns], places: vec![None; columns] }
    }

    /// The same row at another place.
    pub(super) fn at(&self, node: &Node) -> Made {
        Made { at: At::of(node), ..self.clone() }
    }

    pub(super) fn set(&mut self, column: &str, (cell, at): (Cell, At)) {
        if let Some(place) = self.table.columns().iter().position(|known| known.name == column) {
            self.cells[place] = cell;
            self.places[place] = Some(at);
        }
    }

    pub(super) fn cell(&self, column: &str) -> &Cell {
        const EMPTY: &Cell = &Cell::Empty;
        let place = self.table.columns().iter().position(|known| known.name == column);
        place.and_then(|place| self.cells.get(place)).unwrap_or(EMPTY)
    }

    /// Adds a name to a column that names parties.
    pub(super) fn name(&mut self, column: &str, name: &str, at: At) {
        let cell = match self.cell(column).to_string() {
            held if held.is_empty() => Cell::text(name),
            held => Cell::Text(format!("{held}; {name}")),
        };
        self.set(column, (cell, at));
    }
}

/// What a package says that the register has no place for.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Aside {
    /// The first place, as a JSON pointer.
    pub pointer: String,
    /// How often it stands there: the elements of a list count each.
    pub count: u64,
    /// Why it is left aside.
    pub reason: String,
}

/// All that is made of a package.
#[derive(Debug)]
pub(super) struct Making {
    places: Places,
    /// Control-list entry of items for which the package gives none.
    pub(super) category: Option<String>,
    /// By place: whether the value was read.
    taken: Vec<bool>,
    rows: BTreeMap<Table, Vec<Made>>,
    pub(super) problems: Vec<(Table, Problem)>,
    aside: BTreeMap<String, Aside>,
    known_parties: HashSet<(String, String)>,
    known_partners: HashSet<String>,
}

impl Making {
    pub(super) fn new(places: Places, category: Option<String>) -> Making {
        let taken = vec![false; places.len()];
        Making {
            places,
            category,
            taken,
            rows: BTreeMap::new(),
            problems: Vec::new(),
            aside: BTreeMap::new(),
            known_parties: HashSet::new(),
            known_partners: HashSet::new(),
        }
    }

    pub(super) fn add(&mut self, row: Made) {
        self.rows.entry(row.table).or_default().push(row);
    }

    /// Whether a party of this name and state is the first one.
    pub(super) fn first_party(&mut self, name: &Cell, state: &Cell) -> bool {
        self.known_parties.insert((name.to_string(), state.to_string()))
    }

    /// Notes a partner state that the book names. Says whether it is the first time.
    pub(super) fn first_partner(&mut self, code: &Cell) -> bool {
        self.known_partners.insert(code.to_string())
    }

    /// Makes the row of a partner state that a contract names and the book does not.
    pub(super) fn partner(&mut self, code: &Cell, contract: &Node) {
        if let Some(known) = rust_iso3166::from_alpha3(&code.to_string())
            && self.first_partner(code)
        {
            let at = At::of(contract);
            let mut row = Made::new(Table::Partners, contract);
            row.set("code", (code.clone(), at));
            row.set("name", (Cell::text(known.name), at));
            self.add(row);
        }
    }

    /// Notes that a value is read.
    pub(super) fn take(&mut self, node: &Node) {
        if let Some(taken) = self.taken.get_mut(node.place as usize) {
            *taken = true;
        }
    }

    /// Notes that members of an object are read, or say what follows from others.
    pub(super) fn take_members(&mut self, node: &Node, names: &[&str]) {
        for name in names {
            if let Some(member) = node.get(name) {
                self.take(member);
            }
        }
    }

    /// The same of an object that is a member.
    pub(super) fn take_members_of(&mut self, node: &Node, of: &str, names: &[&str]) {
        if let Some(member) = node.get(of) {
            self.take_members(member, names);
        }
    }

    /// The amount of a value in a currency that is given; another currency is a problem.
    pub(super) fn money(&mut self, table: Table, value: (Option<&Node>, At), currency: &str) -> (Cell, At) {
        let (Some(value), at) = value else { return (Cell::Empty, value.1) };
        let said = self.text(value, "currency").0.to_string();
        if !said.is_empty() && !currency.is_empty() && said != currency {
            let node = value.get("currency").unwrap_or(value);
            let reason =
                format!("The amount is in {said}, and the prices of the contract or plan are in {currency}.");
            self.problem(table, node, reason, "one currency for all prices of a contract, and of a plan");
            return (Cell::Empty, at);
        }
        self.number(value, "amount")
    }

    /// A value by the names on the way to it.
    pub(super) fn find<'n>(&self, node: &'n Node, path: &'static str) -> (Option<&'n Node>, At) {
        let mut at = node;
        let mut rest = path;
        loop {
            let (name, next) = rest.split_once('/').unwrap_or((rest, ""));
            match at.get(name) {
                Some(member) if next.is_empty() => return (Some(member), At::of(member)),
                Some(member) => (at, rest) = (member, next),
                None => return (None, At::under(at, rest)),
            }
        }
    }

    /// A value as a cell, with where it stands.
    pub(super) fn read(&mut self, node: &Node, path: &'static str, sort: Sort) -> (Cell, At) {
        let (found, at) = self.find(node, path);
        match found {
            None => (Cell::Empty, at),
            Some(found) => {
                self.take(found);
                (cell(found, sort), at)
            }
        }
    }

    pub(super) fn text(&mut self, node: &Node, path: &'static str) -> (Cell, At) {
        self.read(node, path, Sort::Text)
    }

    pub(super) fn number(&mut self, node: &Node, path: &'static str) -> (Cell, At) {
        self.read(node, path, Sort::Number)
    }

    pub(super) fn day(&mut self, node: &Node, path: &'static str) -> (Cell, At) {
        self.read(node, path, Sort::Day)
    }

    /// The objects of a list; what is no list, or no object in it, is a problem.
    pub(super) fn objects<'n>(&mut self, table: Table, node: &'n Node, name: &str) -> Vec<&'n Node> {
        let Some(list) = node.get(name) else { return Vec::new() };
        let Value::List(elements) = &list.value else {
            self.take(list);
            self.problem(table, list, "This is no list.".to_owned(), "a list of objects, in brackets");
            return Vec::new();
        };
        let (objects, others): (Vec<_>, Vec<_>) =
            elements.iter().partition(|element| matches!(element.value, Value::Object(_)));
        for other in others {
            self.take(other);
            self.problem(table, other, "This is no object.".to_owned(), "an object, in braces");
        }
        objects
    }

    /// Notes what is wrong at a place.
    pub(super) fn problem(&mut self, table: Table, node: &Node, reason: String, remedy: &str) {
        let problem = Problem {
            row: 0,
            column: None,
            pointer: Some(self.places.pointer(node.place)),
            value: cell(node, Sort::Text).to_string(),
            reason,
            remedy: remedy.to_owned(),
        };
        self.problems.push((table, problem));
    }

    /// Notes that a value is left aside. What was left aside at the same place of another process counts there.
    pub(super) fn leave(&mut self, node: &Node, reason: &str) {
        self.take(node);
        let path = self.places.path(node.place);
        let pointer = self.places.pointer(node.place);
        let count = node.elements().len().max(1) as u64;
        let aside = self.aside.entry(path).or_insert(Aside { pointer, count: 0, reason: reason.to_owned() });
        aside.count += count;
    }

    /// Leaves aside all of a value that was not read: the largest parts of which nothing was.
    pub(super) fn leave_rest(&mut self, node: &Node, why: &dyn Fn(&str) -> String) {
        if self.is_untouched(node) {
            let why = why(&self.places.path(node.place));
            self.leave(node, &why);
            return;
        }
        if self.is_taken(node) {
            return;
        }
        match &node.value {
            Value::Object(members) => members.values().for_each(|member| self.leave_rest(member, why)),
            Value::List(elements) => elements.iter().for_each(|element| self.leave_rest(element, why)),
            _ => {}
        }
    }

    fn is_taken(&self, node: &Node) -> bool {
        self.taken.get(node.place as usize).copied().unwrap_or(true)
    }

    /// Whether a value says something, and nothing of it was read.
    fn is_untouched(&self, node: &Node) -> bool {
        if self.is_taken(node) {
            return false;
        }
        match &node.value {
            Value::Null => false,
            Value::Object(members) => {
                !members.is_empty()
                    && members.values().all(|m| m.value == Value::Null || self.is_untouched(m))
            }
            Value::List(elements) => !elements.is_empty() && elements.iter().all(|e| self.is_untouched(e)),
            _ => true,
        }
    }

    /// What was made, to be imported.
    pub(super) fn finish(self) -> Package {
        let mut tables = Vec::new();
        let mut places = HashMap::new();
        for (table, rows) in self.rows {
            let header = table.columns().iter().map(|column| Cell::text(column.name)).collect();
            let mut raw = vec![Ok(RawRow { place: 0, cells: header })];
            let mut from = Vec::with_capacity(rows.len());
            for (place, row) in rows.into_iter().enumerate() {
                raw.push(Ok(RawRow { place: place as u64 + 1, cells: row.cells }));
                from.push((row.at, row.places));
            }
            tables.push(Incoming { table, rows: Box::new(raw.into_iter()) });
            places.insert(table, from);
        }
        let origins = Origins { document: self.places, places };
        Package { tables, origins, problems: self.problems, aside: self.aside.into_values().collect() }
    }
}

/// A value as a cell: what is not of the sort that is asked for stays what it is, and is refused by whoever
/// reads the cell.
pub(super) fn cell(node: &Node, sort: Sort) -> Cell {
    match (&node.value, sort) {
        (Value::Null, _) => Cell::Empty,
        (Value::Number(written), Sort::Text) => Cell::text(written.as_str()),
        (Value::Number(written), Sort::Number) => match plain(written) {
            Some(decimal) => Cell::Number(decimal),
            None => Cell::Other(written.clone()),
        },
        (Value::Text(text), Sort::Text) => Cell::text(text.as_str()),
        (Value::Text(text), Sort::Day) => match civil_day(text) {
            Some(date) => Cell::Date(date),
            None => Cell::text(text.as_str()),
        },
        // A number in quotation marks is a text by the schema, whatever it looks like.
        (Value::Text(text), Sort::Number) => Cell::Other(format!("\"{text}\"")),
        (Value::Number(text), Sort::Day) => Cell::Other(text.clone()),
        (Value::Bool(value), _) => Cell::Other(value.to_string()),
        (Value::List(_), _) => Cell::Other("[…]".to_owned()),
        (Value::Object(_), _) => Cell::Other("{…}".to_owned()),
    }
}

/// The day of an instant, at the place whose offset it is written with; or a day alone.
pub(super) fn civil_day(text: &str) -> Option<jiff::civil::Date> {
    let text = text.trim();
    if text.len() == 10 {
        return text.parse().ok();
    }
    // An instant that is none is no day either.
    text.parse::<jiff::Timestamp>().ok()?;
    text.get(..10)?.parse().ok()
}

/// Where a row comes from, and each of its cells.
type RowPlace = (At, Vec<Option<At>>);

/// Where the cells of rows come from.
#[derive(Debug)]
pub struct Origins {
    document: Places,
    places: HashMap<Table, Vec<RowPlace>>,
}

impl Origins {
    /// Gives a problem of a row its place in the document.
    pub fn place(&self, table: Table, problem: &mut Problem) {
        if problem.pointer.is_some() {
            return;
        }
        let index = usize::try_from(problem.row).unwrap_or(0).checked_sub(1);
        let Some((row, cells)) = index.and_then(|index| self.places.get(&table)?.get(index)) else { return };
        let column = problem.column.as_ref().map(|(name, _)| name.as_str());
        let place = table.columns().iter().position(|known| Some(known.name) == column);
        let at = place.and_then(|place| cells.get(place).copied().flatten()).unwrap_or(*row);
        let mut pointer = self.document.pointer(at.place);
        if !at.rest.is_empty() {
            pointer.push('/');
            pointer.push_str(at.rest);
        }
        problem.pointer = Some(pointer);
    }
}

/// A package as rows to import.
pub struct Package {
    /// The tables.
    pub tables: Vec<Incoming<'static>>,
    /// Where their rows come from.
    pub origins: Origins,
    /// What is wrong with the package beside its rows.
    pub problems: Vec<(Table, Problem)>,
    /// What the register has no place for.
    pub aside: Vec<Aside>,
}
