//! A sample chain with its breaks, for the test that renders every template.

use entente_register::money::{Quantity, Unit};
use entente_register::transfer::link::{
    Break, BreakKind, DeliveryNode, Graph, LicenceNode, LicensedLine, LineNode, Node, Shipped, USUAL_AHEAD,
    Untold,
};
use entente_store::reader::{BreakRow, LinkFocus, LinkView, Listing, Page};

use super::link::{LinkSection, section};
use super::sample::links;
use crate::web::sample::{HOSTILE, day, label};
use crate::web::way::Way;

/// A line of which part was written off and verified, and part went without.
fn graph() -> Graph {
    let unit = Unit::Piece;
    let delivery = |number: &str| DeliveryNode {
        number: number.to_owned(),
        line: "O-2012-0015.2".to_owned(),
        quantity: Quantity::whole(10),
        unit,
        handed_over_on: day("2012-05-14"),
        returned_on: None,
    };
    Graph::of([
        Node::Line(LineNode {
            number: "O-2012-0015.2".to_owned(),
            contract: "O-2012-0015".to_owned(),
            description: HOSTILE.to_owned(),
            category: "ML9.a".to_owned(),
            quantity: Quantity::whole(24),
            unit,
            delivered: Quantity::whole(20),
            due_on: day("2012-12-31"),
            owing: true,
            incoming: false,
        }),
        Node::Delivery(delivery("O-2012-0015.2.1")),
        Node::Delivery(delivery("O-2012-0015.2.2")),
        Node::Licence(LicenceNode {
            number: "C-L2012-0001".to_owned(),
            application: "C-T2012-0001".to_owned(),
            contract: Some("O-2012-0015".to_owned()),
            issued_on: day("2012-05-01"),
            valid_until: day("2013-04-30"),
            states: vec![(day("2012-05-01"), "issued".to_owned())],
            lines: vec![LicensedLine {
                number: 1,
                description: HOSTILE.to_owned(),
                category: "ML9.a".to_owned(),
                quantity: Quantity::whole(24),
                unit,
                contract_line: Some("O-2012-0015.2".to_owned()),
            }],
            shipped: vec![Shipped {
                reference: HOSTILE.to_owned(),
                line: 1,
                on: day("2012-05-14"),
                quantity: Quantity::whole(10),
                unit,
                delivery: Some("O-2012-0015.2.1".to_owned()),
                due_on: Some(day("2012-08-12")),
                verified: vec![(day("2012-07-01"), Quantity::whole(8))],
            }],
        }),
    ])
}

/// Its breaks, and one of which it cannot be told.
pub(in crate::web) fn breaks() -> Vec<BreakRow> {
    let of_graph = graph().breaks(day("2012-09-30"), USUAL_AHEAD);
    let untold = Break {
        untold: Some(Untold::Units),
        contract_line: Some("O-2012-0015.2".to_owned()),
        ..Break::of(BreakKind::LicensedLess, day("2012-12-31"))
    };
    let row = |broken: Break| BreakRow {
        since: (broken.kind != BreakKind::LicensedLess).then(|| day("2012-08-13")),
        contract: Some("O-2012-0015".to_owned()),
        partner: "BRA".to_owned(),
        partner_name: HOSTILE.to_owned(),
        holder: Some("O-P0001".to_owned()),
        label: label(),
        broken,
    };
    of_graph.into_iter().chain([untold]).map(row).collect()
}

/// The section of a page.
pub(in crate::web) fn link(way: &Way) -> Option<LinkSection> {
    let as_of = day("2012-09-30");
    let rows = breaks();
    let total = i64::try_from(rows.len()).unwrap_or(0) + 3;
    let graph = graph();
    let view = LinkView {
        rows: graph.rows(as_of),
        breaks: Listing { rows, total, page: Page::first(50) },
        partial: true,
        label: Some(label()),
        graph,
    };
    let focus = LinkFocus::Line("O-2012-0015.2".to_owned());
    Some(section(&view, &focus, as_of, &links(way), way))
}
