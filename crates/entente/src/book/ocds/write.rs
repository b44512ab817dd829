//! The release package: what is said of the whole book, and a release for each contract.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::io::Write;

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::ledger::Refusal;
use entente_store::{Fault, FaultKind, Outcome};
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use super::contract::{self, Deal, Entries};
use super::out::{Out, Written};
use super::{ITEM_MANUFACTURER, PLAIN, ROLES, Row, WITHHELD_INFORMATION, rows_of};
use crate::book::export::Gathered;

/// How a package is written.
#[derive(Debug, Clone)]
pub struct Options {
    /// Who publishes it.
    pub publisher: String,
    /// Prefix of the identifiers of contracting processes: one of the standard's registry, `ocds-` and six
    /// signs, or any other that tells this register from others.
    pub prefix: String,
    /// Address of our extension's `extension.json`.
    pub extension: String,
    /// When the package was made: the horizon of what is in it.
    pub published: Timestamp,
    /// Whether it is made for everyone: then it says what is closed, and nothing of the order of entry.
    pub is_public: bool,
}

/// What stands once in a package, and where the releases find it.
struct Book<'g> {
    gathered: &'g Gathered,
    options: &'g Options,
    entries: Entries,
    /// Names of states, as far as they are open to the reader.
    states: HashMap<String, String>,
    /// Parties in the order of the register, with their numbers.
    parties: Vec<(&'g str, Row<'g>)>,
    /// Place in `parties` by name.
    named: HashMap<String, usize>,
}

/// Writes a book as a release package.
///
/// # Errors
/// A refusal if there is no contract: a package of nothing is not valid. A fault if it cannot be written.
pub fn write(gathered: &Gathered, options: &Options, to: impl Write) -> Outcome<()> {
    let deals = contract::deals(gathered);
    if deals.is_empty() {
        let (message, missing) = match options.is_public {
            true => ("Nothing of the book is public.", "a contract that is marked PUBLIC"),
            false => ("The book that is open to you has no contract.", "a contract"),
        };
        return Err(Refusal::new("ocds.empty", message).field("scope").missing(missing).into());
    }
    let parties: Vec<_> =
        gathered.parties.iter().map(String::as_str).zip(rows_of(&gathered.rows, Table::Parties)).collect();
    let mut named = HashMap::new();
    for (place, (_, row)) in parties.iter().enumerate() {
        named.entry(row.text("name")).or_insert(place);
    }
    let states =
        rows_of(&gathered.rows, Table::Partners).map(|row| (row.text("code"), row.text("name"))).collect();
    // Sequences of the ledger are for auditors: a book says their order, and to the public not even that.
    let entries = if options.is_public { Entries::default() } else { Entries::of(gathered) };
    let book = Book { gathered, options, entries, states, parties, named };
    book.package(&deals, to).map_err(|error| {
        let kind = match error.kind() {
            std::io::ErrorKind::StorageFull => FaultKind::DiskFull,
            _ => FaultKind::Internal,
        };
        Fault { kind, doing: "writing the package".to_owned(), cause: error.to_string() }.into()
    })
}

impl Book<'_> {
    fn package(&self, deals: &[Deal<'_>], to: impl Write) -> Written {
        let mut out = Out::new(to);
        out.object(|out| {
            out.text("uri", self.uri())?;
            out.text("version", "1.1")?;
            out.texts("extensions", &[&self.options.extension, WITHHELD_INFORMATION])?;
            out.text("publishedDate", instant(self.options.published))?;
            out.member("publisher", |out| out.text("name", &self.options.publisher))?;
            self.whole_book(out, deals)?;
            out.list("releases", deals, |out, deal| self.release(out, deal))
        })?;
        out.finish()
    }

    /// A name that the same book has again and another one has not.
    fn uri(&self) -> String {
        let mut digest = Sha256::new();
        let own = [&self.options.publisher, &self.options.prefix, &self.options.extension];
        for text in own.into_iter().map(String::as_str).chain([instant(self.options.published).as_str()]) {
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        for cell in self.gathered.rows.values().flatten().flatten() {
            let text = cell.to_string();
            digest.update((text.len() as u64).to_be_bytes());
            digest.update(text);
        }
        let digest = digest.finalize();
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&digest[..16]);
        format!("urn:uuid:{}", uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }

    /// What is of no single contract: our extension of the package.
    fn whole_book(&self, out: &mut Out<impl Write>, deals: &[Deal<'_>]) -> Written {
        let rows = &self.gathered.rows;
        // What is published is of the contracts that are published.
        let of_deals: BTreeSet<String> = deals.iter().map(|deal| deal.row.text("partner")).collect();
        let is_public = self.options.is_public;
        let partners =
            rows_of(rows, Table::Partners).filter(|row| !is_public || of_deals.contains(&row.text("code")));
        out.member("book", |out| {
            out.list("partners", partners, |out, row| {
                out.text("id", row.text("code"))?;
                out.text("name", row.text("name"))
            })?;
            if is_public {
                return Ok(());
            }
            let mut groups: Vec<(String, String, Vec<Row<'_>>)> = Vec::new();
            for row in rows_of(rows, Table::Groups) {
                let code = row.text("code");
                match groups.iter_mut().find(|group| group.0 == code) {
                    Some(group) => group.2.push(row),
                    None => groups.push((code, row.text("name"), vec![row])),
                }
            }
            out.list("groups", groups, |out, (code, name, members)| {
                out.text("id", code)?;
                out.text("name", name)?;
                let members = members.into_iter().filter(|row| !row.cell("state").is_empty());
                out.list("members", members.enumerate(), |out, (place, row)| {
                    out.text("id", (place + 1).to_string())?;
                    out.text("state", row.text("state"))?;
                    out.member("period", |out| {
                        out.day("startDate", row.cell("admitted_on"))?;
                        out.day("endDate", row.cell("left_on"))
                    })
                })
            })?;
            // All of them, in the order of the register: those that several contracts name, and those that none does.
            let all = 0..self.parties.len();
            out.list("parties", all, |out, place| self.party(out, place, &BTreeSet::new()))?;
            self.plans(out)?;
            PLAIN.into_iter().try_for_each(|table| self.plain(out, table))
        })
    }

    fn plain(&self, out: &mut Out<impl Write>, table: Table) -> Written {
        out.list(table.word(), rows_of(&self.gathered.rows, table).enumerate(), |out, (place, row)| {
            out.text("id", (place + 1).to_string())?;
            table.columns().iter().try_for_each(|column| match row.cell(column.name) {
                entry if column.name.ends_with("entry") => out.number(column.name, self.entries.place(entry)),
                Cell::Number(decimal) => out.number(column.name, decimal),
                day @ Cell::Date(_) => out.day(column.name, day),
                other => out.text(column.name, other.to_string()),
            })
        })
    }

    fn plans(&self, out: &mut Out<impl Write>) -> Written {
        // By year and version, each with the place of its first row, so that the order is kept.
        let mut plans: Vec<(String, Vec<Row<'_>>)> = Vec::new();
        for row in rows_of(&self.gathered.rows, Table::Plan) {
            let key = format!("{}-{}", row.text("year"), row.text("version"));
            match plans.last_mut() {
                Some(plan) if plan.0 == key => plan.1.push(row),
                _ => plans.push((key, vec![row])),
            }
        }
        out.list("plans", plans, |out, (key, rows)| {
            let Some(first) = rows.first().copied() else { return Ok(()) };
            let currency = first.text("currency");
            out.text("id", key)?;
            out.number("year", first.text("year"))?;
            out.number("version", first.text("version"))?;
            out.text("currency", &currency)?;
            if !first.cell("approved_on").is_empty() {
                out.member("approval", |out| {
                    out.day("date", first.cell("approved_on"))?;
                    out.text("title", first.text("approved_document"))
                })?;
            }
            let items = rows.iter().filter(|row| !row.cell("contract").is_empty());
            out.list("items", items.enumerate(), |out, (place, row)| {
                out.text("id", (place + 1).to_string())?;
                out.text("contractID", row.text("contract"))?;
                out.text("itemID", row.text("line"))?;
                out.day("date", row.cell("planned_on"))?;
                out.money("value", &row.text("amount"), &currency)
            })
        })
    }

    fn release(&self, out: &mut Out<impl Write>, deal: &Deal<'_>) -> Written {
        let date = instant(deal.about.recorded_at);
        let ocid = format!("{}-{}", self.options.prefix, deal.about.number);
        let roles = self.parties_of(deal);
        let references = |column: &str| {
            let names = deal.row.names(column).into_iter();
            names.filter_map(|name| self.named.get(&name).copied()).collect::<Vec<_>>()
        };
        out.text("ocid", &ocid)?;
        out.text("id", format!("{}-{}", deal.about.number, date))?;
        out.text("date", &date)?;
        out.texts("tag", &deal.tags())?;
        out.text("initiationType", "tender")?;
        out.text("language", "en")?;
        out.list("parties", &roles, |out, (place, roles)| self.party(out, *place, roles))?;
        if let Some(buyer) = references("end_user").first() {
            out.member("buyer", |out| self.reference(out, *buyer))?;
        }
        let reference = deal.row.text("reference");
        out.list("awards", [()], |out, ()| {
            out.text("id", &reference)?;
            out.text("status", deal.award_status())?;
            out.list("suppliers", references("exporter"), |out, place| self.reference(out, place))
        })?;
        out.list("contracts", [()], |out, ()| {
            let maker = |out: &mut Out<_>, name: &str| match self.named.get(name) {
                Some(place) => out.member("manufacturer", |out| self.reference(out, *place)),
                None => Ok(()),
            };
            contract::contract(out, deal, &self.entries, &maker)
        })?;
        out.list(
            "withheldInformation",
            deal.withheld(self.options.is_public),
            |out, (id, field, name, why)| {
                out.text("id", id)?;
                out.text("field", field)?;
                out.text("name", name)?;
                out.text("rationale", why)
            },
        )
    }

    /// The parties that a contract and its lines name, with their roles.
    fn parties_of(&self, deal: &Deal<'_>) -> BTreeMap<usize, BTreeSet<&'static str>> {
        let mut roles: BTreeMap<usize, BTreeSet<&'static str>> = BTreeMap::new();
        let mut add = |name: &str, role| {
            if let Some(place) = self.named.get(name) {
                roles.entry(*place).or_default().insert(role);
            }
        };
        for (column, role) in ROLES {
            for name in deal.row.names(column) {
                add(&name, role);
            }
        }
        for line in deal.lines.iter().flatten() {
            add(&line.text("manufacturer"), ITEM_MANUFACTURER);
        }
        roles
    }

    fn party(&self, out: &mut Out<impl Write>, place: usize, roles: &BTreeSet<&'static str>) -> Written {
        let (number, row) = &self.parties[place];
        let state = row.text("state");
        out.text("id", number)?;
        out.text("name", row.text("name"))?;
        let country = match self.states.get(&state) {
            Some(name) => name.clone(),
            None => rust_iso3166::from_alpha3(&state).map_or(state.clone(), |known| known.name.to_owned()),
        };
        out.member("address", |out| out.text("countryName", country))?;
        out.texts("roles", &roles.iter().collect::<Vec<_>>())?;
        out.member("details", |out| {
            out.text("kind", row.text("kind"))?;
            out.text("state", state)?;
            out.text("marking", row.text("marking"))
        })
    }

    fn reference(&self, out: &mut Out<impl Write>, place: usize) -> Written {
        let (number, row) = &self.parties[place];
        out.text("id", number)?;
        out.text("name", row.text("name"))
    }
}

/// An instant to the second, as the standard writes it.
fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}
