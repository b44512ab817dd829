//! A contract with its items, its deliveries and its claims.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::money::{Currency, Money, Quantity, Unit, price_of};

use super::out::{Out, Written};
use super::{CONTROL_LIST, Row, rows_of};
use crate::book::export::{About, Gathered};

/// A contract with all that hangs on it.
pub(super) struct Deal<'g> {
    pub(super) about: &'g About,
    pub(super) row: Row<'g>,
    /// The lines in the order of their numbers, each with its terms through time.
    pub(super) lines: Vec<Vec<Row<'g>>>,
    deliveries: Vec<Row<'g>>,
    claims: Vec<Row<'g>>,
}

/// The order in which lines and deliveries were entered, counted from one: an order of the book alone, which
/// says nothing of the ledger's own.
#[derive(Debug, Default)]
pub(super) struct Entries(HashMap<String, usize>);

impl Entries {
    /// The order of a book.
    pub(super) fn of(gathered: &Gathered) -> Entries {
        let columns = Table::ALL.into_iter().flat_map(|table| {
            let entries = table.columns().iter().filter(|column| column.name.ends_with("entry"));
            entries.map(move |column| (table, column.name))
        });
        let texts = columns
            .flat_map(|(table, column)| rows_of(&gathered.rows, table).map(move |row| row.text(column)));
        let sorted: BTreeSet<u64> = texts.filter_map(|text| text.parse().ok()).collect();
        Entries(sorted.into_iter().enumerate().map(|(place, entry)| (entry.to_string(), place + 1)).collect())
    }

    pub(super) fn place(&self, entry: &Cell) -> String {
        self.0.get(&entry.to_string()).map(usize::to_string).unwrap_or_default()
    }
}

/// The contracts of a book in the order of their rows.
pub(super) fn deals(gathered: &Gathered) -> Vec<Deal<'_>> {
    let mut deals: Vec<_> = gathered
        .contracts
        .iter()
        .zip(rows_of(&gathered.rows, Table::Contracts))
        .map(|(about, row)| Deal {
            about,
            row,
            lines: Vec::new(),
            deliveries: Vec::new(),
            claims: Vec::new(),
        })
        .collect();
    let places: HashMap<String, usize> =
        deals.iter().enumerate().map(|(place, deal)| (deal.row.text("reference"), place)).collect();
    let place = |row: &Row<'_>| places.get(&row.text("contract")).copied();
    let mut lines: HashMap<(usize, String), usize> = HashMap::new();
    for row in rows_of(&gathered.rows, Table::Lines) {
        let Some(place) = place(&row) else { continue };
        let of_deal = &mut deals[place].lines;
        match lines.get(&(place, row.text("line"))) {
            Some(line) => of_deal[*line].push(row),
            None => {
                lines.insert((place, row.text("line")), of_deal.len());
                of_deal.push(vec![row]);
            }
        }
    }
    for row in rows_of(&gathered.rows, Table::Deliveries) {
        if let Some(place) = place(&row) {
            deals[place].deliveries.push(row);
        }
    }
    for row in rows_of(&gathered.rows, Table::Claims) {
        if let Some(place) = place(&row) {
            deals[place].claims.push(row);
        }
    }
    deals
}

/// What is withheld: its identifier, the field in which it would stand, the field's name, and why.
pub(super) type Withheld = (String, &'static str, &'static str, &'static str);

const CLOSED: &str =
    "Its marking does not allow it to be given to the reader for whom this package was made.";
const NO_PLANS: &str =
    "Yearly delivery plans are not published: each is of all contracts of its year, whatever their marking.";
const NO_PAYMENTS: &str = "Payment schedules, receipts and rates are not published.";
const NO_COURSE: &str = "What came in the way of a contract, and was lifted or made good, is not published.";
const NO_TERMS: &str = "What a contract says of claims, warranties and serial numbers is not published.";
const NO_SERIALS: &str = "Serial numbers are not published.";
const NO_PERFORMANCE: &str = "Milestones, corrective plans and offsets of contracts are not published.";
const NO_ENTRY: &str = "The order in which facts were entered is for auditors alone.";

impl<'g> Deal<'g> {
    fn has(&self, column: &str) -> bool {
        !self.row.cell(column).is_empty()
    }

    /// The stages that the release tells of.
    pub(super) fn tags(&self) -> Vec<&'static str> {
        let mut tags = vec!["award", "contract"];
        if self.lines.iter().flatten().any(|row| !row.cell("reason").is_empty()) {
            tags.push("contractAmendment");
        }
        if !self.deliveries.is_empty() {
            tags.push("implementation");
        }
        if self.has("completed_on") || self.has("terminated_on") {
            tags.push("contractTermination");
        }
        tags
    }

    pub(super) fn award_status(&self) -> &'static str {
        match (self.has("signed_on"), self.has("terminated_on")) {
            (false, true) => "cancelled",
            (false, false) => "pending",
            (true, _) => "active",
        }
    }

    /// By the standard's words: a contract is active from entry into force until it is completed or terminated.
    fn status(&self) -> &'static str {
        if self.has("completed_on") || (self.has("terminated_on") && self.has("signed_on")) {
            "terminated"
        } else if self.has("terminated_on") {
            "cancelled"
        } else if self.has("in_force_on") {
            "active"
        } else {
            "pending"
        }
    }

    /// What is closed to the reader. It rests on what the reader may see, never on what is hidden whole.
    pub(super) fn withheld(&self, is_public: bool) -> Vec<Withheld> {
        let mut withheld = Vec::new();
        for column in &self.about.closed_roles {
            let (field, name) = match *column {
                "exporter" => ("awards/suppliers", "Suppliers"),
                "end_user" => ("buyer", "Buyer"),
                _ => ("parties", "Parties"),
            };
            withheld.push((format!("parties-{column}"), field, name, CLOSED));
        }
        for line in &self.about.closed_manufacturers {
            let id = format!("manufacturer-{line}");
            withheld.push((id, "contracts/items/manufacturer", "Manufacturer of an item", CLOSED));
        }
        if is_public {
            withheld.push(("plans".to_owned(), "book/plans", "Yearly delivery plans", NO_PLANS));
            withheld.push(("payments".to_owned(), "book/receipts", "Payments", NO_PAYMENTS));
            withheld.push(("suspensions".to_owned(), "book/suspensions", "Earlier suspensions", NO_COURSE));
            withheld.push(("slippages".to_owned(), "book/slippages", "Slippages", NO_COURSE));
            withheld.push(("terms".to_owned(), "book/terms", "Terms of claims and warranties", NO_TERMS));
            withheld.push(("serials".to_owned(), "book/serials", "Serial numbers", NO_SERIALS));
            for (field, name) in [
                ("book/milestones", "Milestones"),
                ("book/corrective", "Corrective plans"),
                ("book/offsets", "Offset obligations"),
                ("book/credits", "Transactions under offset obligations"),
            ] {
                let id = field.trim_start_matches("book/").to_owned();
                withheld.push((id, field, name, NO_PERFORMANCE));
            }
            withheld.push((
                "entry".to_owned(),
                "contracts/items/terms/entry",
                "Place in the order of entry",
                NO_ENTRY,
            ));
        }
        withheld
    }

    /// The value at the terms of now, in minor units; none beyond what the register can count.
    fn value(&self, currency: Currency) -> Option<Money> {
        let mut minor: i64 = 0;
        for line in self.lines.iter().filter_map(|terms| terms.last()) {
            let quantity = Quantity::parse("quantity", &line.text("quantity")).ok()?;
            let price = Money::parse("unit_price", &line.text("unit_price"), currency).ok()?;
            minor = minor.checked_add(price_of(quantity, price.minor).ok()?)?;
        }
        Some(Money::new(minor, currency))
    }

    /// The latest day on which a line is due.
    fn due(&self) -> Cell {
        let days = self.lines.iter().filter_map(|terms| match terms.last()?.cell("due_on") {
            Cell::Date(date) => Some(*date),
            _ => None,
        });
        days.max().map_or(Cell::Empty, Cell::Date)
    }

    /// The papers of the contract: the column of the day and of the title, with the standard's sort of document.
    fn papers(&self) -> impl Iterator<Item = (&'static str, &'g Cell, &'g Cell)> {
        let row = self.row;
        [
            ("contractSigned", "signed_on", "signed_document"),
            ("entryIntoForce", "in_force_on", "in_force_document"),
            ("completionCertificate", "completed_on", "completed_document"),
            ("cancellationDetails", "terminated_on", "terminated_document"),
            ("closing", "closed_on", "closed_document"),
        ]
        .into_iter()
        .map(move |(sort, day, title)| (sort, row.cell(day), row.cell(title)))
        .filter(|(_, _, title)| !title.is_empty())
    }
}

/// Writes a contract. `maker` writes who makes what a line delivers, by name.
pub(super) fn contract<W: Write>(
    out: &mut Out<W>,
    deal: &Deal<'_>,
    entries: &Entries,
    maker: &dyn Fn(&mut Out<W>, &str) -> Written,
) -> Written {
    let row = deal.row;
    let reference = row.text("reference");
    let currency = row.text("currency");
    out.text("id", &reference)?;
    out.text("awardID", &reference)?;
    out.text("title", row.text("title"))?;
    out.text("status", deal.status())?;
    let (begins, ends) = (row.cell("in_force_on"), deal.due());
    if !begins.is_empty() || !ends.is_empty() {
        out.member("period", |out| {
            out.day("startDate", begins)?;
            out.day("endDate", &ends)
        })?;
    }
    let total = currency.parse::<Currency>().ok().and_then(|currency| deal.value(currency));
    out.member("value", |out| {
        out.number("amount", total.map(Money::decimal).unwrap_or_default())?;
        out.text("currency", &currency)
    })?;
    out.day("dateSigned", row.cell("signed_on"))?;
    out.list("items", &deal.lines, |out, terms| item(out, terms, &currency, entries, maker))?;
    out.list("documents", deal.papers(), |out, (sort, on, title)| document(out, sort, on, title))?;
    amendments(out, deal)?;
    if !deal.deliveries.is_empty() {
        let due: HashMap<String, &Cell> = deal
            .lines
            .iter()
            .filter_map(|terms| terms.last())
            .map(|now| (now.text("line"), now.cell("due_on")))
            .collect();
        out.member("implementation", |out| {
            out.list("milestones", &deal.deliveries, |out, row| {
                let line = row.text("line");
                out.text("id", row.text("delivery"))?;
                out.text("type", "delivery")?;
                out.day("dueDate", due.get(&line).copied().unwrap_or(&Cell::Empty))?;
                delivery(out, *row, entries)
            })
        })?;
    }
    // From here on our extension.
    out.text("partner", row.text("partner"))?;
    out.text("marking", row.text("marking"))?;
    out.day("dateOpened", row.cell("opened_on"))?;
    for (member, day, reason) in [
        ("suspension", "suspended_on", "suspended_reason"),
        ("completion", "completed_on", ""),
        ("termination", "terminated_on", "terminated_reason"),
        ("closing", "closed_on", ""),
    ] {
        if deal.has(day) {
            out.member(member, |out| {
                out.day("date", row.cell(day))?;
                out.text("rationale", row.text(reason))
            })?;
        }
    }
    out.list("claims", &deal.claims, |out, row| claim(out, *row, &currency, entries))
}

/// A claim, with the seller's answer and how it was settled.
fn claim<W: Write>(out: &mut Out<W>, row: Row<'_>, currency: &str, entries: &Entries) -> Written {
    let is_said = |column: &str| !row.cell(column).is_empty();
    let money = |out: &mut Out<W>, column: &str| match is_said(column) {
        true => out.money("value", &row.text(column), currency),
        false => Ok(()),
    };
    out.text("id", row.text("claim"))?;
    out.text("type", row.text("kind"))?;
    out.text("description", row.text("description"))?;
    out.day("date", row.cell("opened_on"))?;
    out.text("underWarranty", row.text("warranty"))?;
    out.text("deliveryID", row.text("delivery"))?;
    out.number("quantity", row.text("quantity"))?;
    money(out, "amount")?;
    out.text("document", row.text("document"))?;
    out.number("entry", entries.place(row.cell("entry")))?;
    if is_said("answered_on") {
        out.member("answer", |out| {
            out.day("date", row.cell("answered_on"))?;
            out.text("accepted", row.text("accepted"))?;
            out.text("description", row.text("answer"))?;
            out.text("document", row.text("answer_document"))?;
            out.number("entry", entries.place(row.cell("answered_entry")))
        })?;
    }
    if !is_said("settled_on") {
        return Ok(());
    }
    out.member("settlement", |out| {
        out.day("date", row.cell("settled_on"))?;
        out.text("type", row.text("settlement"))?;
        out.text("description", row.text("outcome"))?;
        money(out, "credited")?;
        out.text("deliveryID", row.text("replacement"))?;
        out.text("document", row.text("settled_document"))?;
        out.number("entry", entries.place(row.cell("settled_entry")))
    })
}

fn document(out: &mut Out<impl Write>, sort: &str, on: &Cell, title: &Cell) -> Written {
    out.text("id", sort)?;
    out.text("documentType", sort)?;
    out.text("title", title.to_string())?;
    out.day("datePublished", on)
}

/// A line: what it is now by the standard, and its terms through time by our extension.
fn item<W: Write>(
    out: &mut Out<W>,
    terms: &[Row<'_>],
    currency: &str,
    entries: &Entries,
    maker: &dyn Fn(&mut Out<W>, &str) -> Written,
) -> Written {
    let Some(now) = terms.last().copied() else { return Ok(()) };
    let code = now.text("unit");
    out.text("id", now.text("line"))?;
    out.text("description", now.text("description"))?;
    out.member("classification", |out| {
        out.text("scheme", CONTROL_LIST)?;
        out.text("id", now.text("category"))
    })?;
    out.number("quantity", now.text("quantity"))?;
    out.member("unit", |out| {
        out.text("scheme", "UNCEFACT")?;
        out.text("id", &code)?;
        out.text("name", Unit::parse("unit", &code).map(Unit::name).unwrap_or_default())?;
        out.money("value", &now.text("unit_price"), currency)
    })?;
    maker(out, &now.text("manufacturer"))?;
    let mut amendment = 0;
    out.list("terms", terms.iter().enumerate(), |out, (place, row)| {
        out.text("id", (place + 1).to_string())?;
        out.day("date", row.cell("agreed_on"))?;
        out.number("quantity", row.text("quantity"))?;
        out.money("unitPrice", &row.text("unit_price"), currency)?;
        out.day("dueDate", row.cell("due_on"))?;
        if !row.cell("document").is_empty() {
            amendment += 1;
            out.text("amendmentID", amendment_id(&row.text("line"), amendment))?;
        }
        out.number("entry", entries.place(row.cell("entry")))
    })
}

fn amendment_id(line: &str, number: usize) -> String {
    format!("{line}/{number}")
}

/// What was agreed of the lines after signature, each with its paper.
fn amendments(out: &mut Out<impl Write>, deal: &Deal<'_>) -> Written {
    let mut all = Vec::new();
    for terms in &deal.lines {
        let papers = terms.iter().filter(|row| !row.cell("document").is_empty());
        all.extend(papers.enumerate().map(|(place, row)| (place + 1, *row)));
    }
    out.list("amendments", all, |out, (number, row)| {
        out.text("id", amendment_id(&row.text("line"), number))?;
        out.day("date", row.cell("agreed_on"))?;
        out.text("description", row.text("document"))?;
        out.text("rationale", row.text("reason"))
    })
}

/// A delivery, as a milestone of implementation.
fn delivery(out: &mut Out<impl Write>, row: Row<'_>, entries: &Entries) -> Written {
    let (accepted, returned) = (row.cell("accepted_on"), row.cell("returned_on"));
    out.day("dateMet", accepted)?;
    // The date of the last act.
    let last = [accepted, returned].into_iter().find(|on| !on.is_empty());
    out.day("dateModified", last.unwrap_or(row.cell("handed_over_on")))?;
    out.text(
        "status",
        match (accepted.is_empty(), returned.is_empty()) {
            (false, _) => "met",
            (true, false) => "notMet",
            (true, true) => "partiallyMet",
        },
    )?;
    let papers = [
        ("waybill", row.cell("handed_over_on"), row.cell("handed_over_document")),
        ("acceptanceCertificate", accepted, row.cell("accepted_document")),
    ];
    let papers = papers.into_iter().filter(|(_, _, title)| !title.is_empty());
    out.list("documents", papers, |out, (sort, on, title)| document(out, sort, on, title))?;
    out.member("delivery", |out| {
        out.text("itemID", row.text("line"))?;
        out.number("quantity", row.text("quantity"))?;
        out.day("dateHandedOver", row.cell("handed_over_on"))?;
        out.number("entry", entries.place(row.cell("entry")))?;
        out.number("acceptedEntry", entries.place(row.cell("accepted_entry")))?;
        if returned.is_empty() {
            return Ok(());
        }
        out.member("return", |out| {
            out.day("date", returned)?;
            out.text("rationale", row.text("returned_reason"))?;
            out.number("entry", entries.place(row.cell("returned_entry")))
        })
    })
}
