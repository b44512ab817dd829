//! The graph of one thing, gathered out of what is open to the actor.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Extent, Reading};
use entente_register::contract::line::contract_of;
use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::transfer::application::Application;
use entente_register::transfer::link::{Graph, LineNode, Node, RowKind};

use super::{BreakFilter, LinkFocus, LinkView, Told};
use crate::database::Connection;
use crate::error::Outcome;
use crate::execute::is_possible;
use crate::reader::access::join;
use crate::reader::sql::{self, LISTED};
use crate::reader::{ContractRow, LineRow, Page, Reader};

pub(super) const DOING: &str = "gathering the link";

/// Breaks that are given beside it; the list has the others.
const MOST_BREAKS: i64 = 50;

/// What is gathered so far.
#[derive(Default)]
pub(super) struct Gathered {
    pub(super) contracts: BTreeMap<String, ContractRow>,
    pub(super) lines: BTreeMap<String, LineRow>,
    pub(super) licences: BTreeSet<String>,
    pub(super) applications: BTreeSet<String>,
    pub(super) nodes: Vec<Node>,
    pub(super) label: Option<Label>,
}

impl Gathered {
    pub(super) fn mark(&mut self, label: &Label) {
        self.label = join(self.label.take(), label);
    }
}

impl Reader {
    /// The link of one thing: all that hangs together with it, and what is broken of it.
    ///
    /// # Errors
    /// `access.read` if the actor may not read contracts and licences; `not_found`, also where it is not open to the actor.
    pub async fn link(&self, focus: &LinkFocus) -> Outcome<LinkView> {
        let extent = self.check_chain()?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut gathered = self.start(&mut connection, focus).await?;
        self.follow(&mut connection, extent, &mut gathered).await?;
        let of = match (focus, gathered.licences.first()) {
            (LinkFocus::Application(_) | LinkFocus::Certificate(_), None) => focus.clone(),
            (LinkFocus::Application(_) | LinkFocus::Certificate(_), Some(first)) => LinkFocus::Licence(
                self.own_licence(&mut connection, focus).await?.unwrap_or_else(|| first.clone()),
            ),
            (LinkFocus::Inspection(number), _) => {
                match self.find_inspection(&mut connection, number).await? {
                    Some(inspection) => LinkFocus::Licence(inspection.planned.licence),
                    None => focus.clone(),
                }
            }
            (focus, _) => focus.clone(),
        };
        // What lines owe is worked out for a contract, and not for all of them.
        let contract = of.contract().map(str::to_owned);
        let filter = BreakFilter { told: Told::Both, contract, ..BreakFilter::default() };
        let page = Page::first(MOST_BREAKS);
        let (breaks, _) = self.find_breaks(&mut connection, (&filter, Some(&of)), page).await?;
        for row in &breaks.rows {
            gathered.mark(&row.label);
        }
        drop(transaction);
        let graph = Graph::of(gathered.nodes);
        let mut rows = graph.rows(self.as_of);
        match focus {
            LinkFocus::Contract(_) => {
                rows.retain(|row| !matches!(row.kind, RowKind::WriteOff | RowKind::Delivery));
            }
            LinkFocus::Delivery(number) => rows.retain(|row| match row.kind {
                RowKind::WriteOff | RowKind::Delivery => row.delivery.as_ref() == Some(number),
                _ => true,
            }),
            LinkFocus::Licence(number) => {
                rows.retain(|row| row.kind != RowKind::WriteOff || row.number == *number);
                rows.retain(|row| row.kind != RowKind::Delivery);
            }
            LinkFocus::Application(_) | LinkFocus::Certificate(_) | LinkFocus::Inspection(_) => {
                rows.retain(|row| row.kind != RowKind::Delivery);
            }
            LinkFocus::Line(_) => {}
        }
        let view =
            LinkView { rows, breaks, partial: self.sees_part_of_chain(), label: gathered.label, graph };
        self.log(format!("link of {}:{}", focus.word(), focus.number()), view.label.as_ref()).await?;
        Ok(view)
    }

    /// The licence of an application, or of the one that a certificate serves.
    async fn own_licence(
        &self,
        connection: &mut Connection<'_>,
        focus: &LinkFocus,
    ) -> Outcome<Option<String>> {
        let application = match focus {
            LinkFocus::Application(number) => Some(number.clone()),
            LinkFocus::Certificate(number) => {
                let extent = self.check(Reading::Certificates)?;
                let found = self.find_certificate(connection, extent, number).await?;
                found.and_then(|(certificate, _)| certificate.application)
            }
            _ => None,
        };
        let Some(application) = application else { return Ok(None) };
        let mut parameters = self.parameters();
        let application = parameters.add(application);
        let sql = format!(
            "SELECT t.number FROM transfer t WHERE t.kind = 'licence' AND t.application = {application} AND {} ORDER BY t.number",
            sql::stands("t")
        );
        let row = connection.fetch(DOING, &sql, parameters.values()).await?.into_iter().next();
        Ok(row.map(|row| row.text(0)).transpose()?)
    }

    /// What is asked of, with the lines, licences and applications from which all else follows.
    async fn start(&self, connection: &mut Connection<'_>, focus: &LinkFocus) -> Outcome<Gathered> {
        let mut gathered = Gathered::default();
        let number = focus.number();
        let absent = || Refusal::not_found(focus.word(), number);
        if !is_possible(number) {
            return Err(absent().into());
        }
        match focus {
            LinkFocus::Contract(_) => {
                let contract = self.seen_contract(connection, number).await?.ok_or_else(absent)?;
                for line in self.lines_of(connection, number).await? {
                    gathered.lines.insert(line.number.clone(), line);
                }
                gathered.contracts.insert(number.to_owned(), contract);
            }
            LinkFocus::Line(_) => {
                self.add_line(connection, &mut gathered, number).await?.ok_or_else(absent)?
            }
            LinkFocus::Delivery(_) => {
                let (delivery, _) = self.find_delivery(connection, number).await?.ok_or_else(absent)?;
                self.add_line(connection, &mut gathered, &delivery.line).await?.ok_or_else(absent)?;
            }
            LinkFocus::Application(_) => {
                let (application, _) = self.find_application(connection, number).await?.ok_or_else(absent)?;
                self.add_lines_of(connection, &mut gathered, &application).await?;
                gathered.applications.insert(application.number);
            }
            LinkFocus::Licence(_) => {
                self.find_licence(connection, number).await?.ok_or_else(absent)?;
                gathered.licences.insert(number.to_owned());
            }
            LinkFocus::Certificate(_) => {
                let extent = self.check(Reading::Certificates)?;
                let found = self.find_certificate(connection, extent, number).await?;
                let (certificate, _) = found.ok_or_else(absent)?;
                gathered.mark(&certificate.label);
                if let Some(application) = certificate.application {
                    gathered.applications.insert(application);
                }
            }
            LinkFocus::Inspection(_) => {
                let inspection = self.find_inspection(connection, number).await?.ok_or_else(absent)?;
                gathered.mark(&inspection.label);
                gathered.licences.insert(inspection.planned.licence);
            }
        }
        Ok(gathered)
    }

    async fn seen_contract(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Outcome<Option<ContractRow>> {
        let extent = self.check(Reading::Contracts)?;
        Ok(self.find_contract(connection, extent, number).await?)
    }

    /// Adds a line of a contract, if it is open to the actor.
    pub(super) async fn add_line(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
        number: &str,
    ) -> Outcome<Option<()>> {
        if gathered.lines.contains_key(number) {
            return Ok(Some(()));
        }
        let extent = self.check(Reading::Contracts)?;
        let Some((contract, line)) = self.find_line(connection, extent, number).await? else {
            return Ok(None);
        };
        gathered.contracts.insert(contract.number.clone(), contract);
        gathered.lines.insert(number.to_owned(), line);
        Ok(Some(()))
    }

    async fn add_lines_of(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
        application: &Application,
    ) -> Outcome<()> {
        for line in application.content.lines.iter().filter_map(|line| line.contract_line.as_deref()) {
            self.add_line(connection, gathered, line).await?;
        }
        Ok(())
    }

    /// All that hangs together with what was found first.
    async fn follow(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        gathered: &mut Gathered,
    ) -> Outcome<()> {
        self.find_lines_of_licences(connection, gathered).await?;
        self.find_licences_of(connection, gathered).await?;
        let licences = self.add_licences(connection, extent, gathered).await?;
        self.add_applications(connection, gathered).await?;
        self.add_certificates(connection, gathered).await?;
        self.add_inspections(connection, gathered).await?;
        self.add_deliveries(connection, gathered, &licences).await?;
        let incoming = self.incoming(connection, gathered).await?;
        let lines = std::mem::take(&mut gathered.lines);
        for line in lines.into_values() {
            let contract = contract_of(&line.number).to_owned();
            let Some(of) = gathered.contracts.get(&contract) else { continue };
            let (owing, label) = (sql::is_owing(&of.state), of.label.clone());
            gathered.mark(&label);
            gathered.nodes.push(Node::Line(LineNode {
                incoming: incoming.contains(&contract),
                number: line.number,
                contract,
                description: line.description,
                category: line.category,
                quantity: line.quantity,
                unit: line.unit,
                delivered: line.handed_over,
                due_on: line.due_on,
                owing,
            }));
        }
        Ok(())
    }

    /// The lines of contracts that licences asked for are for.
    async fn find_lines_of_licences(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
    ) -> Outcome<()> {
        if gathered.licences.is_empty() && gathered.applications.is_empty() {
            return Ok(());
        }
        let mut parameters = self.parameters();
        let licences = parameters.list(gathered.licences.iter().cloned());
        let applications = parameters.list(gathered.applications.iter().cloned());
        let sql = format!(
            "SELECT DISTINCT ll.contract_line FROM licence_line ll JOIN transfer t ON t.number = ll.licence AND t.kind = 'licence' AND {} WHERE (ll.licence IN {licences} OR t.application IN {applications}) AND ll.contract_line IS NOT NULL ORDER BY ll.contract_line",
            sql::stands("t")
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            let line = row.text(0)?;
            self.add_line(connection, gathered, &line).await?;
        }
        Ok(())
    }

    /// The licences for the lines and of the applications that were found, and those for their contracts that name no line.
    async fn find_licences_of(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
    ) -> Outcome<()> {
        let (lines, contracts) = (gathered.lines.keys().cloned(), gathered.contracts.keys().cloned());
        let of_line = ("ll.contract_line IN", lines.collect::<BTreeSet<String>>());
        let of_contract = ("ll.contract_line IS NULL AND ll.contract IN", contracts.collect());
        let of_application = ("t.application IN", gathered.applications.clone());
        for (asked, numbers) in [of_line, of_contract, of_application] {
            for chunk in chunks(&numbers) {
                let mut parameters = self.parameters();
                let list = parameters.list(chunk);
                let sql = format!(
                    "SELECT DISTINCT ll.licence FROM licence_line ll JOIN transfer t ON t.number = ll.licence AND t.kind = 'licence' AND {} WHERE {asked} {list} ORDER BY ll.licence",
                    sql::stands("t")
                );
                for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                    gathered.licences.insert(row.text(0)?);
                }
            }
        }
        Ok(())
    }
}

/// A set in parts that fit one list of a query.
pub(super) fn chunks(all: &BTreeSet<String>) -> Vec<Vec<String>> {
    let all: Vec<String> = all.iter().cloned().collect();
    all.chunks(LISTED / 2).map(<[String]>::to_vec).collect()
}
