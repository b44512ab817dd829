//! Items as rows of lines: the terms of each through time, by our extension, or else by the releases that
//! changed it.

use std::collections::HashMap;

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;

use super::CONTROL_LIST;
use super::made::{At, Made, Making};
use super::node::Node;
use super::process::Process;

/// Rows of lines by contract and item, as releases changed them.
#[derive(Default)]
pub(super) struct Terms(HashMap<(String, String), Vec<Made>>);

/// Who makes what an item delivers.
type Maker<'m> = &'m dyn Fn(&mut Making, &Node) -> Option<(Cell, At)>;

fn key(contract: &Node, item: &Node) -> (String, String) {
    let word = |node: &Node| node.get("id").and_then(Node::word).unwrap_or_default().to_owned();
    (word(contract), word(item))
}

fn by_id<'n>(list: &'n Node, name: &str, id: Option<&str>) -> Option<&'n Node> {
    let elements = list.get(name).map(Node::elements).unwrap_or_default();
    elements.iter().find(|element| id.is_some() && element.get("id").and_then(Node::word) == id)
}

/// Takes note of the items whose terms a release has changed: before signature they are other terms, after it
/// an amendment.
pub(super) fn follow(making: &mut Making, told: &mut Process, before: &Node, after: &Node) {
    for contract in after.get("contracts").map(Node::elements).unwrap_or_default() {
        let known = by_id(before, "contracts", contract.get("id").and_then(Node::word));
        let was_signed = known.is_some_and(|known| known.get("dateSigned").is_some());
        let currency = making.find(contract, "value/currency").0.and_then(Node::word).unwrap_or_default();
        for item in contract.get("items").map(Node::elements).unwrap_or_default() {
            if item.get("terms").is_some() || item.get("id").is_none() {
                continue;
            }
            let mut row = now(making, contract, item, currency);
            let terms = told.terms.0.entry(key(contract, item)).or_default();
            let same = |last: &Made| {
                ["quantity", "unit_price", "due_on"].iter().all(|c| last.cell(c) == row.cell(c))
            };
            match terms.last_mut() {
                Some(last) if same(last) => {}
                Some(last) if !was_signed => *last = row,
                None if !was_signed => terms.push(row),
                _ => {
                    amended(making, &told.release, known, contract, &mut row);
                    terms.push(row);
                }
            }
        }
    }
}

/// An item as it is now.
fn now(making: &mut Making, contract: &Node, item: &Node, currency: &str) -> Made {
    let mut row = Made::new(Table::Lines, item);
    row.set("line", making.text(item, "id"));
    let description = match making.text(item, "description") {
        (Cell::Empty, _) => making.text(item, "classification/description"),
        said => said,
    };
    row.set("description", description);
    row.set("quantity", making.number(item, "quantity"));
    row.set("unit", unit(making, item));
    let value = making.find(item, "unit/value");
    row.set("unit_price", making.money(Table::Lines, value, currency));
    row.set("category", category(making, item));
    row.set("due_on", making.day(contract, "period/endDate"));
    row
}

/// The unit, by its code where the list is that of the United Nations, or else by its name.
fn unit(making: &mut Making, item: &Node) -> (Cell, At) {
    let scheme = making.text(item, "unit/scheme").0.to_string();
    if (scheme.is_empty() || scheme == "UNCEFACT") && making.find(item, "unit/id").0.is_some() {
        if let Some(unit) = item.get("unit") {
            making.take_members(unit, &["name"]);
        }
        return making.text(item, "unit/id");
    }
    making.text(item, "unit/name")
}

/// The entry of the control list. An item that is classified by other lists alone has the entry that whoever
/// brings it in says; without one it stays what it is, and is refused.
fn category(making: &mut Making, item: &Node) -> (Cell, At) {
    let scheme = making.text(item, "classification/scheme").0.to_string();
    let (code, at) = making.text(item, "classification/id");
    if !code.is_empty() && (scheme.is_empty() || scheme == CONTROL_LIST) {
        return (code, at);
    }
    for other in item.get("additionalClassifications").map(Node::elements).unwrap_or_default() {
        if other.get("scheme").and_then(Node::word) == Some(CONTROL_LIST) {
            making.take_members(other, &["scheme"]);
            return making.text(other, "id");
        }
    }
    match &making.category {
        Some(category) => (Cell::text(category.as_str()), at),
        None if code.is_empty() => (code, at),
        None => (Cell::Text(format!("{scheme} {code}")), at),
    }
}

/// By what a contract was amended: what a release says of it, or the release itself.
fn amended(
    making: &mut Making,
    (release, day): &(String, (Cell, At)),
    before: Option<&Node>,
    contract: &Node,
    row: &mut Made,
) {
    let is_new = |amendment: &&Node| {
        let id = amendment.get("id").and_then(Node::word);
        before.is_none_or(|before| by_id(before, "amendments", id).is_none())
    };
    let amendments = contract.get("amendments").map(Node::elements).unwrap_or_default();
    let amendment = amendments.iter().rev().find(is_new);
    let published = format!("OCDS release {release}");
    let at = day.1;
    let (mut agreed, mut document, mut reason) =
        (day.clone(), (Cell::text(published.as_str()), at), (Cell::text(published), at));
    if let Some(amendment) = amendment {
        making.take_members(amendment, &["id", "releaseID", "amendsReleaseID"]);
        for (of, said) in [
            (&mut agreed, making.day(amendment, "date")),
            (&mut document, making.text(amendment, "description")),
            (&mut reason, making.text(amendment, "rationale")),
        ] {
            if !said.0.is_empty() {
                *of = said;
            }
        }
    }
    row.set("agreed_on", agreed);
    row.set("document", document);
    row.set("reason", reason);
}

/// Makes the rows of all lines of a contract.
pub(super) fn lines(
    making: &mut Making,
    told: &Process,
    contract: &Node,
    reference: &(Cell, At),
    currency: &str,
    row: &Made,
    maker: Maker<'_>,
) {
    for item in making.objects(Table::Lines, contract, "items") {
        let made_by = maker(making, item);
        let mut rows = match item.get("terms") {
            Some(_) => by_extension(making, contract, item, currency),
            None => match told.terms.0.get(&key(contract, item)) {
                Some(rows) => rows.clone(),
                None => vec![now(making, contract, item, currency)],
            },
        };
        for made in &mut rows {
            made.set("contract", reference.clone());
            if let Some(maker) = &made_by {
                made.set("manufacturer", maker.clone());
            }
            if made.cell("agreed_on").is_empty() && item.get("terms").is_none() {
                // Agreed from the beginning.
                made.set("agreed_on", (row.cell("opened_on").clone(), At::under(contract, "dateSigned")));
            }
        }
        rows.into_iter().for_each(|row| making.add(row));
    }
}

/// The terms of an item through time, each with its amendment.
fn by_extension(making: &mut Making, contract: &Node, item: &Node, currency: &str) -> Vec<Made> {
    let base = now(making, contract, item, currency);
    let mut rows = Vec::new();
    for term in making.objects(Table::Lines, item, "terms") {
        let mut row = base.at(term);
        making.take_members(term, &["id"]);
        row.set("quantity", making.number(term, "quantity"));
        let price = making.find(term, "unitPrice");
        row.set("unit_price", making.money(Table::Lines, price, currency));
        row.set("due_on", making.day(term, "dueDate"));
        row.set("agreed_on", making.day(term, "date"));
        row.set("entry", making.number(term, "entry"));
        let (amendment, at) = making.text(term, "amendmentID");
        if !amendment.is_empty() {
            match by_id(contract, "amendments", Some(&amendment.to_string())) {
                Some(amendment) => {
                    making.take_members(amendment, &["id", "date"]);
                    row.set("document", making.text(amendment, "description"));
                    row.set("reason", making.text(amendment, "rationale"));
                }
                None => row.set("document", (Cell::Empty, at)),
            }
        }
        rows.push(row);
    }
    // An item is what its last terms say; a file in which they differ was changed in one place of two.
    if let Some(last) = rows.last() {
        for (column, name, node) in [
            ("quantity", "quantity", item.get("quantity")),
            ("unit_price", "unit price", making.find(item, "unit/value/amount").0),
        ] {
            let (said, agreed) = (base.cell(column), last.cell(column));
            if let Some(node) = node.filter(|_| said != agreed) {
                let reason = format!("The item’s {name} is {said}, and that of its last terms {agreed}.");
                making.problem(Table::Lines, node, reason, "the same in both, or further terms");
            }
        }
    }
    rows
}
