//! The acts of a contract, its deliveries and its claims as rows.

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;

use super::made::{At, Made, Making};
use super::node::Node;
use super::process::{Process, is_ours};

/// The title of the document of a sort.
fn paper(making: &mut Making, node: &Node, sort: &str) -> Option<(Cell, At)> {
    let documents = node.get("documents").map(Node::elements).unwrap_or_default();
    let document = documents.iter().find(|d| d.get("documentType").and_then(Node::word) == Some(sort))?;
    making.take_members(document, &["id", "documentType", "datePublished"]);
    Some(making.text(document, "title"))
}

/// The dated acts of a contract, with their papers.
pub(super) fn acts(making: &mut Making, told: &Process, node: &Node, award: Option<&Node>, row: &mut Made) {
    let opened = opened(making, told, node, award);
    row.set("opened_on", opened);
    let signed = making.day(node, "dateSigned");
    let is_signed = !signed.0.is_empty();
    row.set("signed_on", signed.clone());
    if let Some(paper) = paper(making, node, "contractSigned") {
        row.set("signed_document", paper);
    } else if is_signed && !is_ours(node) {
        // The signed contract is the paper, and its number is what tells it from others.
        let number = row.cell("reference").to_string();
        row.set("signed_document", (Cell::Text(format!("Contract {number}")), At::under(node, "documents")));
    }
    if let Some(paper) = paper(making, node, "entryIntoForce") {
        row.set("in_force_document", paper);
    }
    if is_ours(node) {
        row.set("in_force_on", making.day(node, "period/startDate"));
        for (member, day, reason) in [
            ("suspension", "suspended_on", "suspended_reason"),
            ("completion", "completed_on", ""),
            ("termination", "terminated_on", "terminated_reason"),
            ("closing", "closed_on", ""),
        ] {
            if let Some(act) = node.get(member) {
                row.set(day, making.day(act, "date"));
                if !reason.is_empty() {
                    row.set(reason, making.text(act, "rationale"));
                }
            }
        }
        for (sort, column) in [
            ("completionCertificate", "completed_document"),
            ("cancellationDetails", "terminated_document"),
            ("closing", "closed_document"),
        ] {
            if let Some(paper) = paper(making, node, sort) {
                row.set(column, paper);
            }
        }
        return;
    }
    // Elsewhere a contract says that it is active, and when it begins: not before it was signed.
    let status = node.get("status").and_then(Node::word).unwrap_or_default();
    if is_signed && matches!(status, "active" | "terminated") {
        let (begins, at) = making.find(node, "period/startDate");
        let begins = begins.map_or(Cell::Empty, |begins| super::made::cell(begins, super::made::Sort::Day));
        let in_force = match (&begins, &signed.0) {
            (Cell::Date(begins), Cell::Date(signed)) if begins < signed => None,
            (Cell::Empty, _) => None,
            _ => Some((begins, at)),
        };
        if in_force.is_some() {
            making.take_members_of(node, "period", &["startDate"]);
        }
        row.set("in_force_on", in_force.unwrap_or(signed));
    }
    if status == "active" || status == "pending" {
        making.take_members(node, &["status"]);
    }
}

/// When negotiation began: as our extension says, or else not after the award, the signature, or the first
/// that was published of it.
fn opened(making: &mut Making, told: &Process, node: &Node, award: Option<&Node>) -> (Cell, At) {
    let said = making.day(node, "dateOpened");
    if !said.0.is_empty() || is_ours(node) {
        return said;
    }
    let signed = making.day(node, "dateSigned");
    if let Some(award) = award {
        let (date, _) = making.find(award, "date");
        let date = date.map_or(Cell::Empty, |date| super::made::cell(date, super::made::Sort::Day));
        let is_before = match (&date, &signed.0) {
            (Cell::Date(award), Cell::Date(signed)) => award <= signed,
            (Cell::Date(_), _) => true,
            _ => false,
        };
        if is_before {
            return making.day(award, "date");
        }
    }
    match (signed, &told.first) {
        ((Cell::Empty, _), Some(first)) => first.clone(),
        (signed, _) => signed,
    }
}

/// Makes the rows of the deliveries of a contract: milestones with our extension. Any other milestone says
/// neither what was delivered nor when it was handed over.
pub(super) fn deliveries(making: &mut Making, contract: &Node, reference: &(Cell, At)) {
    let Some(implementation) = contract.get("implementation") else { return };
    for milestone in making.objects(Table::Deliveries, implementation, "milestones") {
        let Some(delivery) = milestone.get("delivery") else {
            let why = "Without the extension a milestone does not say what was delivered, and when it was handed over.";
            making.leave(milestone, why);
            continue;
        };
        let mut row = Made::new(Table::Deliveries, milestone);
        making.take_members(milestone, &["type", "status", "dueDate", "dateModified"]);
        row.set("contract", reference.clone());
        row.set("line", making.text(delivery, "itemID"));
        row.set("delivery", making.text(milestone, "id"));
        row.set("quantity", making.number(delivery, "quantity"));
        row.set("handed_over_on", making.day(delivery, "dateHandedOver"));
        row.set("accepted_on", making.day(milestone, "dateMet"));
        for (sort, column) in
            [("waybill", "handed_over_document"), ("acceptanceCertificate", "accepted_document")]
        {
            let paper = paper(making, milestone, sort);
            row.set(column, paper.unwrap_or((Cell::Empty, At::under(milestone, "documents"))));
        }
        row.set("entry", making.number(delivery, "entry"));
        row.set("accepted_entry", making.number(delivery, "acceptedEntry"));
        if let Some(returned) = delivery.get("return") {
            row.set("returned_on", making.day(returned, "date"));
            row.set("returned_reason", making.text(returned, "rationale"));
            row.set("returned_entry", making.number(returned, "entry"));
        }
        making.add(row);
    }
}

/// Makes the rows of the claims against a contract.
pub(super) fn claims(making: &mut Making, contract: &Node, reference: &(Cell, At), currency: &str) {
    for claim in making.objects(Table::Claims, contract, "claims") {
        let mut row = Made::new(Table::Claims, claim);
        row.set("contract", reference.clone());
        row.set("claim", making.text(claim, "id"));
        row.set("kind", making.text(claim, "type"));
        row.set("description", making.text(claim, "description"));
        row.set("opened_on", making.day(claim, "date"));
        row.set("warranty", making.text(claim, "underWarranty"));
        row.set("delivery", making.text(claim, "deliveryID"));
        row.set("quantity", making.number(claim, "quantity"));
        let amount = making.find(claim, "value");
        row.set("amount", making.money(Table::Claims, amount, currency));
        row.set("document", making.text(claim, "document"));
        row.set("entry", making.number(claim, "entry"));
        if let Some(answer) = claim.get("answer") {
            row.set("answered_on", making.day(answer, "date"));
            row.set("accepted", making.text(answer, "accepted"));
            row.set("answer", making.text(answer, "description"));
            row.set("answer_document", making.text(answer, "document"));
            row.set("answered_entry", making.number(answer, "entry"));
        }
        if let Some(settlement) = claim.get("settlement") {
            row.set("settled_on", making.day(settlement, "date"));
            row.set("settlement", making.text(settlement, "type"));
            row.set("outcome", making.text(settlement, "description"));
            let credited = making.find(settlement, "value");
            row.set("credited", making.money(Table::Claims, credited, currency));
            row.set("replacement", making.text(settlement, "deliveryID"));
            row.set("settled_document", making.text(settlement, "document"));
            row.set("settled_entry", making.number(settlement, "entry"));
        }
        making.add(row);
    }
}
