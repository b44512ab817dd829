//! The nodes of a graph, each read once it is known that it hangs together with what was asked of.

use std::collections::{BTreeMap, BTreeSet};

use entente_register::access::{Extent, Reading};
use entente_register::contract::delivery::Counting;
use entente_register::contract::line::{contract_of, line_of};
use entente_register::money::{Quantity, Unit};
use entente_register::transfer::application::Application;
use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::licence::Licence;
use entente_register::transfer::link::{
    ApplicationNode, CertificateNode, DeliveryNode, InspectionNode, LicenceNode, Node,
};
use jiff::civil::Date;

use super::cover::Of;
use super::gather::{DOING, Gathered, chunks};
use crate::database::Connection;
use crate::error::{Fault, Outcome};
use crate::reader::Reader;
use crate::reader::sql;
use crate::view::NO_END;

/// The day on which something is said to have happened, for an act of a delivery.
struct ActOf {
    line: String,
    act: String,
    on: Date,
    quantity: Quantity,
}

impl Reader {
    /// The licences that are open to the actor, as all of them is known, with the days of their states.
    pub(super) async fn add_licences(
        &self,
        connection: &mut Connection<'_>,
        extent: Extent,
        gathered: &mut Gathered,
    ) -> Outcome<Vec<LicenceNode>> {
        let mut found = Vec::new();
        for chunk in chunks(&gathered.licences) {
            let mut parameters = self.parameters();
            let seen = self.open_licences(extent, &mut parameters);
            let list = parameters.list(chunk.iter().cloned());
            let end = parameters.add(NO_END);
            // As it stands on the day it is open; all that is known of it has its own days.
            let sql = format!(
                "SELECT n.content FROM transfer t JOIN transfer n ON n.number = t.number AND n.kind = 'licence' AND {} AND n.valid_to = {end} WHERE t.number IN {list} AND {seen} ORDER BY t.number",
                sql::known("n")
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                found.push(row.json::<Licence>(DOING, 0)?);
            }
        }
        gathered.licences = found.iter().map(|licence| licence.number.clone()).collect();
        let mut nodes = Vec::new();
        for licence in found {
            gathered.mark(&licence.label);
            let application = self.application_whole(connection, &licence.issued.application).await?;
            let mut parameters = self.parameters();
            let number = parameters.add(licence.number.clone());
            let sql = format!(
                "SELECT t.valid_from, t.state FROM transfer t WHERE t.number = {number} AND t.kind = 'licence' AND {} AND t.valid_from <= $2 ORDER BY t.valid_from",
                sql::known("t")
            );
            let mut states = Vec::new();
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                states.push((row.date(0)?, row.text(1)?));
            }
            states.dedup_by(|next, before| next.1 == before.1);
            let application = application.as_ref().map(ApplicationNode::of);
            let node = LicenceNode::of(&licence, application.as_ref(), states);
            gathered.applications.insert(licence.issued.application);
            nodes.push(node.clone());
            gathered.nodes.push(Node::Licence(node));
        }
        Ok(nodes)
    }

    /// An application, whoever reads: what of it is shown is for the caller to choose.
    async fn application_whole(
        &self,
        connection: &mut Connection<'_>,
        number: &str,
    ) -> Result<Option<Application>, Fault> {
        let mut parameters = self.parameters();
        let number = parameters.add(number.to_owned());
        let sql = format!(
            "SELECT t.content FROM transfer t WHERE t.kind = 'application' AND t.number = {number} AND {}",
            sql::stands("t")
        );
        let row = connection.fetch_optional(DOING, &sql, parameters.values()).await?;
        row.map(|row| row.json(DOING, 0)).transpose()
    }

    /// The applications of the licences, and those for the lines, as they are seen.
    pub(super) async fn add_applications(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
    ) -> Outcome<()> {
        if self.check(Reading::Applications).is_err() {
            return Ok(());
        }
        let mut numbers = gathered.applications.clone();
        let mut parameters = self.parameters();
        let contracts = parameters.list(gathered.contracts.keys().cloned());
        let sql = format!(
            "SELECT t.number FROM transfer t WHERE t.kind = 'application' AND t.contract IN {contracts} AND {} ORDER BY t.number",
            sql::stands("t")
        );
        for row in connection.fetch(DOING, &sql, parameters.values()).await? {
            numbers.insert(row.text(0)?);
        }
        let party = self.actor.party.clone();
        for number in numbers {
            let Some((application, sight)) = self.find_application(connection, &number).await? else {
                continue;
            };
            let seen = Sight::seen(sight, application, party.as_deref());
            let lines = &seen.content.lines;
            let is_linked = gathered.applications.contains(&number)
                || lines.iter().any(|line| {
                    line.contract_line.as_ref().is_some_and(|line| gathered.lines.contains_key(line))
                });
            // What was given up asks for nothing any more.
            if is_linked && !matches!(seen.state, "discarded" | "withdrawn") {
                gathered.mark(&seen.label);
                gathered.nodes.push(Node::Application(ApplicationNode::of(&seen)));
            }
        }
        Ok(())
    }

    /// The certificates that serve the applications.
    pub(super) async fn add_certificates(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
    ) -> Outcome<()> {
        let Ok(extent) = self.check(Reading::Certificates) else { return Ok(()) };
        let mut applications = gathered.applications.clone();
        applications.extend(gathered.nodes.iter().filter_map(|node| match node {
            Node::Application(application) => Some(application.number.clone()),
            _ => None,
        }));
        for chunk in chunks(&applications) {
            let mut parameters = self.parameters();
            let condition = self.open_certificates(extent, &mut parameters);
            let list = parameters.list(chunk.iter().cloned());
            let end = parameters.add(NO_END);
            let sql = format!(
                "SELECT n.content FROM assurance a JOIN assurance n ON n.number = a.number AND n.kind = 'certificate' AND {} AND n.valid_to = {end} WHERE {condition} AND n.application IN {list} ORDER BY a.number",
                sql::known("n")
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                let certificate: Certificate = row.json(DOING, 0)?;
                let certificate = match extent {
                    Extent::All => certificate,
                    Extent::Own => {
                        // Its exporter is told that it was taken back, and when; and nothing of what was asked.
                        let last_on = certificate.last_on;
                        let seen = certificate.seen_by_exporter();
                        if seen.state == "revoked" { Certificate { last_on, ..seen } } else { seen }
                    }
                };
                gathered.mark(&certificate.label);
                gathered.nodes.extend(CertificateNode::of(&certificate).map(Node::Certificate));
            }
        }
        Ok(())
    }

    /// The inspections of what went under the licences.
    pub(super) async fn add_inspections(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
    ) -> Outcome<()> {
        if self.check(Reading::Inspections).is_err() {
            return Ok(());
        }
        for chunk in chunks(&gathered.licences.clone()) {
            let mut parameters = self.parameters();
            let condition = self.open_assurances("inspection");
            let list = parameters.list(chunk.iter().cloned());
            let end = parameters.add(NO_END);
            let sql = format!(
                "SELECT n.content FROM assurance a JOIN assurance n ON n.number = a.number AND n.kind = 'inspection' AND {} AND n.valid_to = {end} WHERE {condition} AND a.licence IN {list} ORDER BY a.number",
                sql::known("n")
            );
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                let inspection: Inspection = row.json(DOING, 0)?;
                gathered.mark(&inspection.label);
                gathered.nodes.extend(InspectionNode::of(&inspection).map(Node::Inspection));
            }
        }
        Ok(())
    }

    /// The deliveries that the write-offs name, and those of the lines, of contracts that are open to the actor.
    pub(super) async fn add_deliveries(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
        licences: &[LicenceNode],
    ) -> Outcome<()> {
        let named: BTreeSet<String> = licences
            .iter()
            .flat_map(|licence| &licence.shipped)
            .filter_map(|one| one.delivery.clone())
            .filter(|delivery| gathered.contracts.contains_key(contract_of(delivery)))
            .collect();
        let mut acts: BTreeMap<String, Vec<ActOf>> = BTreeMap::new();
        // A contract of many lines is shown without its shipments: only what write-offs name is read of it.
        let of_lines: BTreeSet<String> = match gathered.lines.len() {
            1 => gathered.lines.keys().cloned().collect(),
            _ => BTreeSet::new(),
        };
        for (column, chunk) in chunks(&named)
            .into_iter()
            .map(|chunk| ("delivery", chunk))
            .chain(chunks(&of_lines).into_iter().map(|chunk| ("line", chunk)))
        {
            let mut parameters = self.parameters();
            let list = parameters.list(chunk.iter().cloned());
            // Deliveries are numbered within their line, by which their acts are found.
            let of_lines = match column {
                "delivery" => {
                    let lines: BTreeSet<String> =
                        chunk.iter().map(|number| line_of(number).to_owned()).collect();
                    format!("a.line IN {} AND ", parameters.list(lines))
                }
                _ => String::new(),
            };
            let counting = Counting::HandedOver.word();
            let sql = format!(
                "SELECT a.delivery, a.line, a.act, a.act_date, a.quantity FROM delivery_act a WHERE {of_lines}a.{column} IN {list} AND a.counting = '{counting}' AND a.act_date <= $2 AND a.known_from <= $1 {} ORDER BY a.known_from",
                self.labels.filter("a.label")
            );
            let mut found: BTreeMap<String, Vec<ActOf>> = BTreeMap::new();
            for row in connection.fetch(DOING, &sql, parameters.values()).await? {
                let act = ActOf {
                    line: row.text(1)?,
                    act: row.text(2)?,
                    on: row.date(3)?,
                    quantity: Quantity(row.int(4)?),
                };
                found.entry(row.text(0)?).or_default().push(act);
            }
            acts.extend(found);
        }
        for (number, acts) in acts {
            let Some(unit) = self.unit_of_line(connection, gathered, &acts).await? else { continue };
            gathered.nodes.extend(delivery_of(&number, unit, &acts).map(Node::Delivery));
        }
        Ok(())
    }

    /// The unit of the line of a delivery.
    async fn unit_of_line(
        &self,
        connection: &mut Connection<'_>,
        gathered: &mut Gathered,
        acts: &[ActOf],
    ) -> Outcome<Option<Unit>> {
        let Some(line) = acts.first().map(|act| act.line.clone()) else { return Ok(None) };
        self.add_line(connection, gathered, &line).await?;
        Ok(gathered.lines.get(&line).map(|line| line.unit))
    }

    /// Of the contracts, those by which goods come in.
    pub(super) async fn incoming(
        &self,
        connection: &mut Connection<'_>,
        gathered: &Gathered,
    ) -> Outcome<BTreeSet<String>> {
        let mut parameters = self.parameters();
        let incoming = self.contracts_of(Extent::All, Of::Incoming, &mut parameters);
        let contracts = parameters.list(gathered.contracts.keys().cloned());
        let sql = format!(
            "SELECT DISTINCT i.contract FROM ({incoming}) i WHERE i.contract IN {contracts} ORDER BY i.contract"
        );
        let rows = connection.fetch(DOING, &sql, parameters.values()).await?;
        Ok(rows.iter().map(|row| row.text(0)).collect::<Result<_, _>>()?)
    }
}

/// A delivery by its acts; none of one that was recorded in error.
fn delivery_of(number: &str, unit: Unit, acts: &[ActOf]) -> Option<DeliveryNode> {
    let mut node: Option<DeliveryNode> = None;
    for act in acts {
        match act.act.as_str() {
            "handed_over" => {
                node = Some(DeliveryNode {
                    number: number.to_owned(),
                    line: act.line.clone(),
                    quantity: act.quantity,
                    unit,
                    handed_over_on: act.on,
                    returned_on: None,
                });
            }
            "returned" => {
                if let Some(node) = &mut node {
                    node.returned_on = Some(act.on);
                }
            }
            _ => node = None,
        }
    }
    node
}
