//! A package as rows: release packages, record packages and single releases; the releases of a process merged
//! in the order of their dates.

use std::collections::{BTreeMap, HashMap};
use std::io::Read as _;
use std::path::Path;

use entente_register::book::table::Table;
use entente_register::ledger::Refusal;
use jiff::Timestamp;

use super::PLAIN;
use super::made::{Made, Making, Package, Sort};
use super::merge::{Clash, merge};
use super::node::{self, Limits, Node, Value};
use super::process::{Process, process};

/// Members of a package that say nothing of contracts.
const OF_THE_PACKAGE: [&str; 8] = [
    "uri",
    "version",
    "extensions",
    "publishedDate",
    "publisher",
    "license",
    "publicationPolicy",
    "packages",
];

/// How a package is read.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// How much is read at most.
    pub limits: Limits,
    /// Control-list entry of items for which the package gives none: other publishers know other lists.
    pub category: Option<String>,
}

/// Reads the package in a file.
///
/// # Errors
/// A refusal if the file cannot be read; as [`read`].
pub fn open(path: &Path, reading: Reading) -> Result<Package, Refusal> {
    let cannot = |error: std::io::Error| {
        Refusal::new("ocds.unreadable", format!("{} cannot be read: {error}.", path.display()))
            .field("file")
            .missing("a JSON file that can be read")
    };
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(cannot)?;
    // One more than is allowed, so that more than that is found without reading it all.
    file.take(reading.limits.file.saturating_add(1)).read_to_end(&mut bytes).map_err(cannot)?;
    read(&bytes, reading)
}

/// Reads a package.
///
/// # Errors
/// A refusal if it is no JSON, beyond the limits, or no package of OCDS 1. What is wrong within it stands in
/// what is given.
pub fn read(bytes: &[u8], reading: Reading) -> Result<Package, Refusal> {
    let (root, places) = node::read(bytes, reading.limits)?;
    let mut making = Making::new(places, reading.category);
    let shapes = "a release package (releases), a record package (records) or a release (ocid) of OCDS 1.1";
    if !matches!(root.value, Value::Object(_)) {
        return Err(Refusal::new("ocds.shape", "The file is no object.").field("file").missing(shapes));
    }
    if let Some(version) = root.get("version")
        && !version.word().is_some_and(|version| version.starts_with("1."))
    {
        let said = version.word().unwrap_or("…");
        return Err(Refusal::new("ocds.version", format!("The package says that it is of OCDS {said}."))
            .field("file")
            .missing("a package of OCDS 1.1"));
    }
    let mut processes = Processes::default();
    if root.get("releases").is_some() {
        for release in making.objects(Table::Contracts, &root, "releases") {
            processes.add(&mut making, release.clone());
        }
    } else if root.get("records").is_some() {
        for record in making.objects(Table::Contracts, &root, "records") {
            processes.record(&mut making, record);
        }
    } else if root.get("ocid").is_some() {
        processes.add(&mut making, root.clone());
    } else {
        return Err(Refusal::new("ocds.shape", "The file is JSON, but no package of contracts.")
            .field("file")
            .missing(shapes));
    }
    if root.get("ocid").is_none() {
        making.take_members(&root, &OF_THE_PACKAGE);
        if let Some(list) = root.get("releases").or_else(|| root.get("records")) {
            making.take(list);
        }
        whole_book(&mut making, &root);
        making.leave_rest(&root, &|_| "The register has no place for it.".to_owned());
    }
    processes.read(&mut making);
    Ok(making.finish())
}

/// Contracting processes in the order in which they first stand in the file.
#[derive(Default)]
struct Processes {
    releases: Vec<(String, Vec<Node>)>,
    places: HashMap<String, usize>,
}

impl Processes {
    fn add(&mut self, making: &mut Making, release: Node) {
        let Some(Value::Text(ocid)) = release.get("ocid").map(|ocid| &ocid.value) else {
            making.problem(
                Table::Contracts,
                &release,
                "The release has no ocid.".to_owned(),
                "the identifier of its contracting process, as text",
            );
            return;
        };
        let ocid = ocid.clone();
        match self.places.get(&ocid) {
            Some(place) => self.releases[*place].1.push(release),
            None => {
                self.places.insert(ocid.clone(), self.releases.len());
                self.releases.push((ocid, vec![release]));
            }
        }
    }

    fn record(&mut self, making: &mut Making, record: &Node) {
        // What is compiled says it all; the releases and the versions say how it came about.
        if let Some(compiled) = record.get("compiledRelease") {
            self.add(making, compiled.clone());
            return;
        }
        let mut found = false;
        for release in making.objects(Table::Contracts, record, "releases") {
            if release.get("ocid").is_some() {
                self.add(making, release.clone());
                found = true;
            }
        }
        if !found {
            making.problem(
                Table::Contracts,
                record,
                "The record holds no release, or links to releases alone.".to_owned(),
                "a compiledRelease, or the releases themselves",
            );
        }
    }

    fn read(self, making: &mut Making) {
        for (ocid, releases) in self.releases {
            let mut dated = Vec::with_capacity(releases.len());
            let is_alone = releases.len() == 1;
            for release in releases {
                let date = release.get("date").and_then(Node::word).and_then(|text| text.parse().ok());
                let date: Option<Timestamp> = date;
                if date.is_none() && !is_alone {
                    let node = release.get("date").unwrap_or(&release);
                    making.problem(
                        Table::Contracts,
                        node,
                        format!("{ocid} has several releases, and this one has no date."),
                        "an instant such as 2012-09-30T12:00:00Z, because releases build on each other in the order of their dates",
                    );
                }
                dated.push((date, release));
            }
            dated.sort_by_key(|(date, _)| *date);
            compile(making, ocid, dated.into_iter().map(|(_, release)| release).collect());
        }
    }
}

/// Merges the releases of a process, oldest first, and makes rows of what they say together.
fn compile(making: &mut Making, ocid: String, releases: Vec<Node>) {
    let Some(first) = releases.first() else { return };
    let mut told = Process::new(ocid, first);
    let mut compiled = Node { place: first.place, value: Value::Object(BTreeMap::new()) };
    let is_alone = releases.len() == 1;
    for release in releases {
        told.now(&release);
        let empty = Node { place: release.place, value: Value::Null };
        let before = if is_alone { empty } else { compiled.clone() };
        if let Err(Clash(place)) = merge(&mut compiled, release) {
            let node = Node { place, value: Value::Null };
            making.problem(
                Table::Contracts,
                &node,
                "An earlier release of the process says something of another sort here.".to_owned(),
                "the same sort of value as before: an object, a list of objects, or a value",
            );
            return;
        }
        told.follow(making, &before, &compiled);
    }
    process(making, told, &compiled);
}

/// What is said of the whole book: our own extension.
fn whole_book(making: &mut Making, root: &Node) {
    let Some(book) = root.get("book") else { return };
    for partner in making.objects(Table::Partners, book, "partners") {
        let mut row = Made::new(Table::Partners, partner);
        let code = making.text(partner, "id");
        making.first_partner(&code.0);
        row.set("code", code);
        row.set("name", making.text(partner, "name"));
        making.add(row);
    }
    for group in making.objects(Table::Groups, book, "groups") {
        let members = making.objects(Table::Groups, group, "members");
        let mut base = Made::new(Table::Groups, group);
        base.set("code", making.text(group, "id"));
        base.set("name", making.text(group, "name"));
        if members.is_empty() {
            making.add(base.clone());
        }
        for member in members {
            let mut row = base.clone();
            making.take_members(member, &["id"]);
            row.set("state", making.text(member, "state"));
            row.set("admitted_on", making.day(member, "period/startDate"));
            row.set("left_on", making.day(member, "period/endDate"));
            making.add(row);
        }
    }
    for party in making.objects(Table::Parties, book, "parties") {
        super::process::party(making, party, &[]);
    }
    for plan in making.objects(Table::Plan, book, "plans") {
        let mut base = Made::new(Table::Plan, plan);
        making.take_members(plan, &["id"]);
        base.set("year", making.number(plan, "year"));
        base.set("version", making.number(plan, "version"));
        base.set("currency", making.text(plan, "currency"));
        base.set("approved_on", making.day(plan, "approval/date"));
        base.set("approved_document", making.text(plan, "approval/title"));
        let items = making.objects(Table::Plan, plan, "items");
        if items.is_empty() {
            making.add(base.clone());
        }
        let currency = plan.get("currency").and_then(Node::word).unwrap_or_default();
        for item in items {
            let mut row = base.clone();
            making.take_members(item, &["id"]);
            row.set("contract", making.text(item, "contractID"));
            row.set("line", making.text(item, "itemID"));
            row.set("planned_on", making.day(item, "date"));
            let value = making.find(item, "value");
            row.set("amount", making.money(Table::Plan, value, currency));
            making.add(row);
        }
    }
    for table in PLAIN {
        for object in making.objects(table, book, table.word()) {
            let mut row = Made::new(table, object);
            making.take_members(object, &["id"]);
            for column in table.columns() {
                let sort = match object.get(column.name).map(|found| &found.value) {
                    Some(Value::Number(_)) => Sort::Number,
                    Some(Value::Text(text)) if text.ends_with("T00:00:00Z") => Sort::Day,
                    _ => Sort::Text,
                };
                row.set(column.name, making.read(object, column.name, sort));
            }
            making.add(row);
        }
    }
}
