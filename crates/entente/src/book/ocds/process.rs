//! A contracting process as rows: parties, contracts, items, deliveries, claims.

use std::collections::HashMap;

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;

use super::acts;
use super::made::{At, Made, Making, Sort, cell};
use super::node::Node;
use super::terms::{self, Terms};
use super::{ITEM_MANUFACTURER, ROLES};

/// What is known of a process beside what its releases say together.
pub(super) struct Process {
    pub(super) ocid: String,
    /// Identifier and day of the release that is being merged.
    pub(super) release: (String, (Cell, At)),
    /// The day of the first release.
    pub(super) first: Option<(Cell, At)>,
    /// Terms of lines through time, of a publisher who does not use our extension.
    pub(super) terms: Terms,
}

impl Process {
    pub(super) fn new(ocid: String, first: &Node) -> Process {
        let nowhere = (Cell::Empty, At::under(first, "date"));
        Process { ocid, release: (String::new(), nowhere), first: None, terms: Terms::default() }
    }

    /// Which release comes now.
    pub(super) fn now(&mut self, release: &Node) {
        let id = release.get("id").and_then(Node::word).unwrap_or_default().to_owned();
        let day = match release.get("date") {
            Some(date) => (cell(date, Sort::Day), At::of(date)),
            None => (Cell::Empty, At::under(release, "date")),
        };
        self.first.get_or_insert_with(|| day.clone());
        self.release = (id, day);
    }

    /// Takes note of what a release has changed.
    pub(super) fn follow(&mut self, making: &mut Making, before: &Node, after: &Node) {
        terms::follow(making, self, before, after);
    }

    /// The reference of a contract: its own in a package with our extension; with the process before it in
    /// any other, where a contract's identifier tells it from those of its process alone.
    pub(super) fn reference(&self, contract: &Node) -> String {
        let id = contract.get("id").and_then(Node::word).unwrap_or_default();
        if is_ours(contract) || id.is_empty() || id.starts_with(self.ocid.as_str()) {
            id.to_owned()
        } else {
            format!("{}/{id}", self.ocid)
        }
    }
}

/// Whether a contract is written with our extension.
pub(super) fn is_ours(contract: &Node) -> bool {
    ["marking", "dateOpened", "partner"].iter().any(|name| contract.get(name).is_some())
}

/// Makes the rows of a process.
pub(super) fn process(making: &mut Making, told: Process, release: &Node) {
    making.take_members(release, &["ocid", "initiationType", "language", "links"]);
    let parties = Parties::read(making, release);
    let awards = making.objects(Table::Contracts, release, "awards");
    for node in making.objects(Table::Contracts, release, "contracts") {
        contract(making, &told, release, &parties, &awards, node);
    }
    making.leave_rest(release, &|path| why(path).to_owned());
}

/// Why something is left aside, by where it stands.
fn why(path: &str) -> &'static str {
    let path = ["releases/", "records/compiledRelease/", "records/releases/"]
        .iter()
        .find_map(|shell| path.strip_prefix(shell))
        .unwrap_or(path);
    match path.split('/').next().unwrap_or_default() {
        "withheldInformation" => "The publisher says that it is withheld.",
        "planning" | "tender" => "The register holds contracts, not how they were awarded.",
        "awards" => "Of an award the register holds who supplies.",
        "contracts" if path.starts_with("contracts/implementation") => {
            "Payments come in by the extension; transactions and papers of implementation do not."
        }
        "contracts" if path == "contracts/status" || path.starts_with("contracts/completion") => {
            "A contract is completed or terminated by an act with its day, which the standard has no field for."
        }
        "contracts" if path.starts_with("contracts/value") => {
            "The value of a contract is the sum of its lines."
        }
        "contracts" if path.starts_with("contracts/amendments") => "No line was changed by it.",
        _ => "The register has no place for it.",
    }
}

/// The parties of a process.
struct Parties<'n> {
    by_id: HashMap<&'n str, &'n Node>,
    all: Vec<&'n Node>,
}

impl<'n> Parties<'n> {
    fn read(making: &mut Making, release: &'n Node) -> Parties<'n> {
        let all = making.objects(Table::Parties, release, "parties");
        let mut by_id = HashMap::new();
        for node in &all {
            party(making, node, &[]);
            if let Some(id) = node.get("id").and_then(Node::word) {
                by_id.insert(id, *node);
            }
        }
        Parties { by_id, all }
    }

    /// The party that a reference means: the one with its identifier, or else what the reference itself says,
    /// which packages of OCDS 1.0 do.
    fn meant(&self, making: &mut Making, reference: &'n Node, role: &str) -> &'n Node {
        let id = reference.get("id").and_then(Node::word);
        match id.and_then(|id| self.by_id.get(id)) {
            Some(party) => {
                making.take_members(reference, &["id", "name"]);
                party
            }
            None => {
                party(making, reference, &[role]);
                reference
            }
        }
    }

    fn in_role(&self, role: &str) -> Vec<&'n Node> {
        let bears = |node: &&&Node| {
            node.get("roles").is_some_and(|roles| roles.elements().iter().any(|r| r.word() == Some(role)))
        };
        self.all.iter().filter(bears).copied().collect()
    }
}

/// Makes the row of a party, unless there is one of its name and state.
pub(super) fn party(making: &mut Making, node: &Node, roles: &[&str]) {
    let mut row = Made::new(Table::Parties, node);
    let mut roles: Vec<&str> = roles.to_vec();
    for role in node.get("roles").map(Node::elements).unwrap_or_default() {
        making.take(role);
        roles.extend(role.word());
    }
    making.take_members(node, &["id"]);
    let (name, at) = making.text(node, "name");
    if name.to_string().contains(';') {
        if let Some(name) = node.get("name") {
            making.problem(
                Table::Parties,
                name,
                "A name with a semicolon would be read as two names.".to_owned(),
                "a name without a semicolon",
            );
        }
        return;
    }
    row.set("name", (name, at));
    row.set(
        "kind",
        match making.text(node, "details/kind") {
            (Cell::Empty, at) => {
                let is_authority =
                    ["buyer", "procuringEntity", "funder"].iter().any(|role| roles.contains(role));
                (Cell::text(if is_authority { "state_authority" } else { "company" }), at)
            }
            said => said,
        },
    );
    row.set("state", state(making, node));
    row.set("marking", making.text(node, "details/marking"));
    if making.first_party(row.cell("name"), row.cell("state")) {
        making.add(row);
    }
}

/// The state of a party: as our extension says it, or else by the country of its address, as code or name.
pub(super) fn state(making: &mut Making, node: &Node) -> (Cell, At) {
    let (said, at) = making.text(node, "details/state");
    if !said.is_empty() {
        making.take_members_of(node, "address", &["countryName", "country"]);
        return (said, at);
    }
    for path in ["address/country", "address/countryName"] {
        if let (Some(found), at) = making.find(node, path)
            && let Some(word) = found.word()
        {
            making.take_members_of(node, "address", &["countryName", "country"]);
            return match country(word) {
                Some(code) => (Cell::text(code), at),
                None => (Cell::text(word), at),
            };
        }
    }
    // A register of organisations of a country begins with the country's code: `GB-COH`.
    if let (Some(scheme), at) = making.find(node, "identifier/scheme")
        && let Some((code, _)) = scheme.word().and_then(|scheme| scheme.split_once('-'))
        && let Some(known) = rust_iso3166::from_alpha2(code)
    {
        making.take(scheme);
        return (Cell::text(known.alpha3), at);
    }
    (Cell::Empty, At::under(node, "address/countryName"))
}

/// The ISO 3166-1 alpha-3 code of a country by any of its codes, or by its English short name.
fn country(word: &str) -> Option<&'static str> {
    let word = word.trim();
    let by_code = rust_iso3166::from_alpha2(&word.to_ascii_uppercase())
        .or_else(|| rust_iso3166::from_alpha3(&word.to_ascii_uppercase()));
    by_code.map(|known| known.alpha3).or_else(|| {
        // Without what stands in brackets: “Netherlands (Kingdom of the)”.
        let short = |name: &str| name.split(" (").next().unwrap_or_default().to_lowercase();
        let mut named = rust_iso3166::ALL.iter().filter(|known| {
            known.name.eq_ignore_ascii_case(word) || short(known.name) == word.to_lowercase()
        });
        // “Korea” would be two.
        named.next().filter(|_| named.next().is_none()).map(|known| known.alpha3)
    })
}

fn contract(
    making: &mut Making,
    told: &Process,
    release: &Node,
    parties: &Parties<'_>,
    awards: &[&Node],
    node: &Node,
) {
    let is_ours = is_ours(node);
    let reference = told.reference(node);
    let mut row = Made::new(Table::Contracts, node);
    making.take_members(node, &["awardID", "id"]);
    let (_, at) = making.find(node, "id");
    let contract = (Cell::text(reference.as_str()), at);
    row.set("reference", contract.clone());
    let award_id = node.get("awardID").and_then(Node::word);
    let of_contract = |award: &&&Node| award_id.is_some() && award.get("id").and_then(Node::word) == award_id;
    let award = awards.iter().find(of_contract).copied();
    row.set("title", title(making, node, award));
    row.set("marking", making.text(node, "marking"));
    let buyer = name_parties(making, parties, release, award, &mut row);
    let partner = match (making.text(node, "partner"), buyer) {
        ((Cell::Empty, _), Some(buyer)) => state(making, buyer),
        (said, _) => said,
    };
    making.partner(&partner.0, node);
    row.set("partner", partner);
    let currency = currency(making, node);
    let code = currency.0.to_string();
    row.set("currency", currency);
    acts::acts(making, told, node, award, &mut row);
    making.add(row.clone());
    if is_ours {
        // What follows from the rest.
        making.take_members_of(node, "value", &["amount"]);
        making.take_members_of(node, "period", &["endDate"]);
        making.take_members(node, &["status"]);
    }
    if let Some(award) = award {
        making.take_members(award, &["id"]);
        if is_ours {
            making.take_members(award, &["status"]);
        }
    }
    terms::lines(making, told, node, &contract, &code, &row, &|making, item| {
        let maker = item.get("manufacturer")?;
        let meant = parties.meant(making, maker, ITEM_MANUFACTURER);
        Some(making.text(meant, "name"))
    });
    acts::deliveries(making, node, &contract);
    acts::claims(making, node, &contract, &code);
}

/// What a contract is about: its title, or what it or its award says in its place.
fn title(making: &mut Making, node: &Node, award: Option<&Node>) -> (Cell, At) {
    let said = making.text(node, "title");
    if !said.0.is_empty() {
        return said;
    }
    let others = [(Some(node), "description"), (award, "title"), (award, "description")];
    for (node, path) in others {
        if let Some(node) = node
            && making.find(node, path).0.is_some()
        {
            return making.text(node, path);
        }
    }
    said
}

/// The currency of a contract: that of its value, or else of its first price.
fn currency(making: &mut Making, node: &Node) -> (Cell, At) {
    let said = making.text(node, "value/currency");
    if !said.0.is_empty() {
        return said;
    }
    for item in node.get("items").map(Node::elements).unwrap_or_default() {
        if making.find(item, "unit/value/currency").0.is_some() {
            return making.text(item, "unit/value/currency");
        }
    }
    said
}

/// Names the parties of a contract in their columns. Gives the first end user.
fn name_parties<'n>(
    making: &mut Making,
    parties: &Parties<'n>,
    release: &'n Node,
    award: Option<&'n Node>,
    row: &mut Made,
) -> Option<&'n Node> {
    let mut buyers = Vec::new();
    if let Some(buyer) = release.get("buyer") {
        buyers.push(parties.meant(making, buyer, "buyer"));
    }
    buyers.extend(parties.in_role("buyer"));
    if buyers.is_empty() {
        buyers = parties.in_role("procuringEntity");
    }
    let mut suppliers = Vec::new();
    if let Some(award) = award {
        for supplier in making.objects(Table::Contracts, award, "suppliers") {
            suppliers.push(parties.meant(making, supplier, "supplier"));
        }
    }
    if suppliers.is_empty() {
        suppliers = parties.in_role("supplier");
    }
    let first = buyers.first().copied();
    // Where the party would stand, if there is none.
    row.set("end_user", (Cell::Empty, At::under(release, "buyer")));
    row.set("exporter", (Cell::Empty, At::under(award.unwrap_or(release), "suppliers")));
    for (column, role) in ROLES {
        let named = match column {
            "end_user" => std::mem::take(&mut buyers),
            "exporter" => std::mem::take(&mut suppliers),
            _ => parties.in_role(role),
        };
        let mut seen = Vec::new();
        for node in named {
            let (name, at) = making.text(node, "name");
            if !name.is_empty() && !seen.contains(&name) {
                row.name(column, &name.to_string(), at);
                seen.push(name);
            }
        }
    }
    first
}
