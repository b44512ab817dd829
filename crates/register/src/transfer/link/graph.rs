//! The whole: nodes, edges with their quantities, the rows in which it is read, and all breaks of a day.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;

use super::delivery::{at_delivery, at_write_off};
use super::licence::{Cover, at_inspection, at_licence};
use super::node::{
    ApplicationNode, CertificateNode, DeliveryNode, InspectionNode, LicenceNode, LicensedLine, LineNode,
    Node, Shipped,
};
use super::{Break, Untold};
use crate::money::{Quantity, Unit};

/// What is linked, by number. It is the same whatever the order in which it was gathered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Graph {
    /// Lines of contracts.
    pub lines: BTreeMap<String, LineNode>,
    /// Deliveries.
    pub deliveries: BTreeMap<String, DeliveryNode>,
    /// Applications.
    pub applications: BTreeMap<String, ApplicationNode>,
    /// Licences.
    pub licences: BTreeMap<String, LicenceNode>,
    /// Certificates.
    pub certificates: BTreeMap<String, CertificateNode>,
    /// Inspections.
    pub inspections: BTreeMap<String, InspectionNode>,
}

/// What an edge joins.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // Each is named by its numbers.
pub enum NodeName {
    Line(String),
    Delivery(String),
    ApplicationLine { application: String, line: u32 },
    LicenceLine { licence: String, line: u32 },
    WriteOff { licence: String, reference: String },
    Verification { licence: String, reference: String },
    Certificate(String),
    Inspection(String),
}

/// One link.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// From what.
    pub from: NodeName,
    /// To what.
    pub to: NodeName,
    /// How much of the one is of the other, where it is counted.
    pub quantity: Option<Quantity>,
}

/// As what a row stands in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)] // Each is named by its word.
pub enum RowKind {
    Line,
    Application,
    Licence,
    Certificate,
    WriteOff,
    Delivery,
    Inspection,
}

impl RowKind {
    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            RowKind::Line => "contract_line",
            RowKind::Application => "application",
            RowKind::Licence => "licence",
            RowKind::Certificate => "certificate",
            RowKind::WriteOff => "write_off",
            RowKind::Delivery => "delivery",
            RowKind::Inspection => "inspection",
        }
    }

    /// The words for people.
    pub fn name(self) -> &'static str {
        match self {
            RowKind::Line => "line of contract",
            RowKind::Application => "application",
            RowKind::Licence => "licence",
            RowKind::Certificate => "certificate",
            RowKind::WriteOff => "write-off",
            RowKind::Delivery => "delivery",
            RowKind::Inspection => "inspection",
        }
    }
}

/// How much there is of each step of the chain; none where the step does not apply.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sums {
    /// Ordered under the contract.
    pub contracted: Option<Quantity>,
    /// Applied for.
    pub applied: Option<Quantity>,
    /// Granted.
    pub licensed: Option<Quantity>,
    /// Written off.
    pub written_off: Option<Quantity>,
    /// Handed over.
    pub delivered: Option<Quantity>,
    /// Confirmed by the end user.
    pub verified: Option<Quantity>,
    /// Seen, of how many that were to be.
    pub inspected: Option<(u32, u32)>,
}

/// One row of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// How deep it stands: under the next row above that is less deep.
    pub level: u8,
    /// As what.
    pub kind: RowKind,
    /// Number of what it opens into.
    pub number: String,
    /// Its line, or the reference of a write-off; empty where there is none.
    pub part: String,
    /// What it is.
    pub title: String,
    /// In which unit its quantities are.
    pub unit: Option<Unit>,
    /// How much.
    pub sums: Sums,
    /// Its day: of a shipment, a hand-over, a visit; the last day of a licence or a certificate.
    pub on: Option<Date>,
    /// By when it is to be verified.
    pub due_on: Option<Date>,
    /// The delivery that a write-off names.
    pub delivery: Option<String>,
}

fn sum(quantities: impl Iterator<Item = Quantity>) -> Quantity {
    Quantity(quantities.fold(0, |sum, one| sum.saturating_add(one.0)))
}

impl Graph {
    /// The graph of all nodes.
    pub fn of(nodes: impl IntoIterator<Item = Node>) -> Graph {
        let mut graph = Graph::default();
        for node in nodes {
            match node {
                Node::Line(one) => drop(graph.lines.insert(one.number.clone(), one)),
                Node::Delivery(one) => drop(graph.deliveries.insert(one.number.clone(), one)),
                Node::Application(one) => drop(graph.applications.insert(one.number.clone(), one)),
                Node::Licence(mut one) => {
                    one.lines.sort_by_key(|line| line.number);
                    one.states.sort();
                    one.shipped.sort_by(|a, b| (a.on, &a.reference).cmp(&(b.on, &b.reference)));
                    drop(graph.licences.insert(one.number.clone(), one));
                }
                Node::Certificate(one) => drop(graph.certificates.insert(one.number.clone(), one)),
                Node::Inspection(one) => drop(graph.inspections.insert(one.number.clone(), one)),
            }
        }
        graph
    }

    /// Whether there is nothing in it.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty() && self.applications.is_empty() && self.licences.is_empty()
    }

    /// Licences issued by a day, each with a line of it that is for a line of a contract.
    fn licensed<'g>(
        &'g self,
        contract_line: &'g str,
        day: Date,
    ) -> impl Iterator<Item = (&'g LicenceNode, &'g LicensedLine)> {
        let issued = self.licences.values().filter(move |licence| licence.issued_on <= day);
        issued.flat_map(move |licence| {
            let own =
                licence.lines.iter().filter(move |line| line.contract_line.as_deref() == Some(contract_line));
            own.map(move |line| (licence, line))
        })
    }

    /// The write-offs that name a delivery.
    fn naming<'g>(&'g self, delivery: &'g str) -> impl Iterator<Item = &'g Shipped> {
        let all = self.licences.values().flat_map(|licence| &licence.shipped);
        all.filter(move |one| one.delivery.as_deref() == Some(delivery))
    }

    fn certificates_of<'g>(&'g self, application: &'g str) -> impl Iterator<Item = &'g CertificateNode> {
        self.certificates.values().filter(move |one| one.application.as_deref() == Some(application))
    }

    /// All links of a day.
    pub fn edges(&self, day: Date) -> Vec<Edge> {
        let mut edges = Vec::new();
        let mut link = |from: NodeName, to: NodeName, quantity: Option<Quantity>| {
            edges.push(Edge { from, to, quantity });
        };
        for one in self.deliveries.values().filter(|one| one.stands_on(day)) {
            let (from, to) = (NodeName::Line(one.line.clone()), NodeName::Delivery(one.number.clone()));
            link(from, to, Some(one.quantity));
        }
        for application in self.applications.values() {
            let of = |line: u32| NodeName::ApplicationLine { application: application.number.clone(), line };
            for line in &application.lines {
                if let Some(contract_line) = &line.contract_line {
                    link(NodeName::Line(contract_line.clone()), of(line.number), Some(line.quantity));
                }
                for certificate in self.certificates_of(&application.number) {
                    link(NodeName::Certificate(certificate.number.clone()), of(line.number), None);
                }
            }
        }
        for licence in self.licences.values().filter(|licence| licence.issued_on <= day) {
            let of = |line: u32| NodeName::LicenceLine { licence: licence.number.clone(), line };
            for line in &licence.lines {
                let application = licence.application.clone();
                let from = NodeName::ApplicationLine { application, line: line.number };
                link(from, of(line.number), Some(line.quantity));
            }
            for one in licence.shipped.iter().filter(|one| one.on <= day) {
                let (number, reference) = (licence.number.clone(), one.reference.clone());
                let written = NodeName::WriteOff { licence: number.clone(), reference: reference.clone() };
                link(of(one.line), written.clone(), Some(one.quantity));
                if let Some(delivery) = &one.delivery {
                    link(written.clone(), NodeName::Delivery(delivery.clone()), Some(one.quantity));
                }
                let verified = one.verified_by(day);
                if verified > Quantity::ZERO {
                    let to = NodeName::Verification { licence: number, reference };
                    link(written, to, Some(verified));
                }
            }
        }
        for inspection in self.inspections.values() {
            for line in self.licences.get(&inspection.licence).into_iter().flat_map(|licence| &licence.lines)
            {
                let from = NodeName::LicenceLine { licence: inspection.licence.clone(), line: line.number };
                let seen = inspection.visited_on.filter(|on| *on <= day);
                let seen = seen.map(|_| Quantity::whole(i64::from(inspection.seen)));
                link(from, NodeName::Inspection(inspection.number.clone()), seen);
            }
        }
        edges.sort();
        edges
    }

    /// What a line still owes on a day, and what licences leave for it.
    pub fn cover(&self, line: &LineNode, day: Date) -> Cover {
        let owed = if line.owing { line.quantity.0.saturating_sub(line.delivered.0).max(0) } else { 0 };
        let in_use =
            |licence: &LicenceNode| licence.state_on(day) == Some("issued") && day <= licence.valid_until;
        let used: Vec<(&LicenceNode, &LicensedLine)> =
            self.licensed(&line.number, day).filter(|(licence, _)| in_use(licence)).collect();
        let own = used.iter().filter(|(_, of)| of.unit == line.unit);
        Cover {
            line: line.number.clone(),
            owed: Quantity(owed),
            unit: line.unit,
            due_on: line.due_on,
            left: sum(own.map(|(licence, of)| licence.left_on(of, day))),
            licensed: self.licensed(&line.number, day).next().is_some(),
            in_other_unit: used.iter().any(|(_, of)| of.unit != line.unit),
            unnamed: self.unnamed(&line.contract, day, in_use),
            incoming: line.incoming,
        }
    }

    /// Whether a licence for a contract, of those asked for, does not say for which of its lines it is.
    fn unnamed(&self, contract: &str, day: Date, asked: impl Fn(&LicenceNode) -> bool) -> bool {
        self.licences.values().any(|licence| {
            licence.contract.as_deref() == Some(contract)
                && licence.issued_on <= day
                && asked(licence)
                && licence.lines.iter().any(|line| line.contract_line.is_none())
        })
    }

    /// All breaks of a day, looking some days ahead.
    pub fn breaks(&self, day: Date, ahead: u32) -> Vec<Break> {
        let mut found = Vec::new();
        for delivery in self.deliveries.values() {
            found.extend(at_delivery(delivery, self.naming(&delivery.number), day));
        }
        for licence in self.licences.values().filter(|licence| licence.issued_on <= day) {
            for shipped in &licence.shipped {
                let delivery = shipped.delivery.as_ref().and_then(|number| self.deliveries.get(number));
                found.extend(at_write_off(licence, shipped, delivery, day));
            }
            if let Some(application) = self.applications.get(&licence.application) {
                let certificates: Vec<&CertificateNode> =
                    self.certificates_of(&licence.application).collect();
                found.extend(at_licence(licence, application, &certificates, day));
            }
        }
        for inspection in self.inspections.values() {
            found.extend(at_inspection(inspection, self.licences.get(&inspection.licence), day));
        }
        let mut found: Vec<Break> = found.into_iter().map(|of| self.told(of, day)).collect();
        found.extend(self.lines.values().filter_map(|line| self.cover(line, day).broken_on(day, ahead)));
        found.sort();
        found
    }

    /// A break, or that it cannot be told, by what is known of its contract.
    fn told(&self, of: Break, day: Date) -> Break {
        let line = of.contract_line.as_ref().and_then(|number| self.lines.get(number));
        let Some(line) = line else { return of };
        of.told(line.incoming, self.unnamed(&line.contract, day, |_| true))
    }

    /// What was seen of what went under licences, by a day.
    fn inspected<'g>(&'g self, licences: impl Iterator<Item = &'g str>, day: Date) -> Option<(u32, u32)> {
        let licences: BTreeSet<&str> = licences.collect();
        let visited = self.inspections.values().filter(|one| {
            licences.contains(one.licence.as_str()) && one.visited_on.is_some_and(|on| on <= day)
        });
        visited.fold(None, |so_far: Option<(u32, u32)>, one| {
            let (seen, expected) = so_far.unwrap_or_default();
            Some((seen.saturating_add(one.seen), expected.saturating_add(one.expected)))
        })
    }

    /// The chain of a day as it is read: each line of a contract with what follows from it, and then what is for no line.
    pub fn rows(&self, day: Date) -> Vec<Row> {
        let mut rows = Vec::new();
        for line in self.lines.values() {
            let licensed: Vec<_> = self.licensed(&line.number, day).collect();
            let own = || licensed.iter().filter(|(_, of)| of.unit == line.unit);
            let shipped = || {
                own().flat_map(|(licence, of)| {
                    licence.shipped.iter().filter(|one| one.line == of.number && one.on <= day)
                })
            };
            rows.push(Row {
                level: 0,
                kind: RowKind::Line,
                number: line.number.clone(),
                part: String::new(),
                title: line.description.clone(),
                unit: Some(line.unit),
                sums: Sums {
                    contracted: Some(line.quantity),
                    applied: None,
                    licensed: Some(sum(own().map(|(_, of)| of.quantity))),
                    written_off: Some(sum(shipped().map(|one| one.quantity))),
                    delivered: Some(line.delivered),
                    verified: Some(sum(shipped().map(|one| one.verified_by(day)))),
                    inspected: self
                        .inspected(licensed.iter().map(|(licence, _)| licence.number.as_str()), day),
                },
                on: Some(line.due_on),
                due_on: None,
                delivery: None,
            });
            self.for_line(Some(&line.number), 1, day, &mut rows);
            for delivery in self.deliveries.values() {
                let is_bare = self.naming(&delivery.number).all(|one| one.on > day);
                if delivery.line == line.number && delivery.handed_over_on <= day && is_bare {
                    rows.push(delivery_row(delivery, 1, day));
                }
            }
        }
        self.for_line(None, 0, day, &mut rows);
        rows
    }

    /// Applications and licences for a line, or for none that is in the graph.
    fn for_line(&self, line: Option<&String>, level: u8, day: Date, rows: &mut Vec<Row>) {
        let is_for = |of: Option<&String>| match line {
            Some(line) => of == Some(line),
            None => of.is_none_or(|of| !self.lines.contains_key(of)),
        };
        for application in self.applications.values() {
            for of in application.lines.iter().filter(|of| is_for(of.contract_line.as_ref())) {
                rows.push(Row {
                    level,
                    kind: RowKind::Application,
                    number: application.number.clone(),
                    part: of.number.to_string(),
                    title: of.description.clone(),
                    unit: Some(of.unit),
                    sums: Sums { applied: Some(of.quantity), ..Sums::default() },
                    on: None,
                    due_on: None,
                    delivery: None,
                });
                for certificate in self.certificates_of(&application.number) {
                    rows.push(certificate_row(certificate, level + 1));
                }
                let licences = self.licences.values().filter(|one| one.application == application.number);
                for licence in licences.filter(|one| one.issued_on <= day) {
                    for line in licence.lines.iter().filter(|line| line.number == of.number) {
                        self.licence_rows(licence, line, level + 1, day, rows);
                    }
                }
            }
        }
        let alone = self.licences.values().filter(|one| !self.applications.contains_key(&one.application));
        for licence in alone.filter(|one| one.issued_on <= day) {
            for of in licence.lines.iter().filter(|of| is_for(of.contract_line.as_ref())) {
                self.licence_rows(licence, of, level, day, rows);
                for certificate in self.certificates_of(&licence.application) {
                    rows.push(certificate_row(certificate, level + 1));
                }
            }
        }
    }

    fn licence_rows(
        &self,
        licence: &LicenceNode,
        of: &LicensedLine,
        level: u8,
        day: Date,
        rows: &mut Vec<Row>,
    ) {
        let shipped = || licence.shipped.iter().filter(|one| one.line == of.number && one.on <= day);
        rows.push(Row {
            level,
            kind: RowKind::Licence,
            number: licence.number.clone(),
            part: of.number.to_string(),
            title: of.description.clone(),
            unit: Some(of.unit),
            sums: Sums {
                licensed: Some(of.quantity),
                written_off: Some(sum(shipped().map(|one| one.quantity))),
                verified: Some(sum(shipped().map(|one| one.verified_by(day)))),
                ..Sums::default()
            },
            on: Some(licence.valid_until),
            due_on: None,
            delivery: None,
        });
        for one in shipped() {
            let delivery = one.delivery.as_ref().and_then(|number| self.deliveries.get(number));
            let standing = delivery.filter(|delivery| delivery.stands_on(day));
            rows.push(Row {
                level: level + 1,
                kind: RowKind::WriteOff,
                number: licence.number.clone(),
                part: one.reference.clone(),
                title: String::new(),
                unit: Some(one.unit),
                sums: Sums {
                    written_off: Some(one.quantity),
                    delivered: standing.map(|delivery| delivery.quantity),
                    verified: one.due_on.map(|_| one.verified_by(day)),
                    ..Sums::default()
                },
                on: Some(one.on),
                due_on: one.due_on,
                delivery: one.delivery.clone(),
            });
        }
        for inspection in self.inspections.values().filter(|one| one.licence == licence.number) {
            let visited_on = inspection.visited_on.filter(|on| *on <= day);
            rows.push(Row {
                level: level + 1,
                kind: RowKind::Inspection,
                number: inspection.number.clone(),
                part: String::new(),
                title: String::new(),
                unit: None,
                sums: Sums {
                    inspected: visited_on.map(|_| (inspection.seen, inspection.expected)),
                    ..Sums::default()
                },
                on: visited_on,
                due_on: None,
                delivery: None,
            });
        }
    }
}

impl Break {
    /// Itself, or that it cannot be told: its contract is one by which goods come in, or a licence for the contract does not
    /// say for which of its lines it is.
    #[must_use]
    pub fn told(self, incoming: bool, unnamed: bool) -> Break {
        if !self.kind.wants_licence() || self.untold.is_some() {
            return self;
        }
        let untold = match (incoming, unnamed) {
            (true, _) => Some(Untold::Incoming),
            (false, true) => Some(Untold::LineNotNamed),
            (false, false) => None,
        };
        Break { untold, ..self }
    }
}

fn delivery_row(delivery: &DeliveryNode, level: u8, day: Date) -> Row {
    Row {
        level,
        kind: RowKind::Delivery,
        number: delivery.number.clone(),
        part: String::new(),
        title: if delivery.stands_on(day) { String::new() } else { "returned".to_owned() },
        unit: Some(delivery.unit),
        sums: Sums { delivered: delivery.stands_on(day).then_some(delivery.quantity), ..Sums::default() },
        on: Some(delivery.handed_over_on),
        due_on: None,
        delivery: Some(delivery.number.clone()),
    }
}

fn certificate_row(certificate: &CertificateNode, level: u8) -> Row {
    Row {
        level,
        kind: RowKind::Certificate,
        number: certificate.number.clone(),
        part: String::new(),
        title: String::new(),
        unit: None,
        sums: Sums::default(),
        on: certificate.expires_on,
        due_on: None,
        delivery: None,
    }
}
