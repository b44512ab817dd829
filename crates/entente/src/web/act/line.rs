//! Acts of a line: goods handed over against it, and its amendment.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::contract::delivery::DeliveryCommand;
use entente_register::contract::line::{LineChange, LineCommand};
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::Quantity;

use super::Act;
use super::field::Field;
use super::standing::Standing;

/// On what a new price stands.
const BASES: &[(&str, &str)] = &[
    ("formula", "Price formula of the contract"),
    ("currency_clause", "Currency clause"),
    ("change_of_scope", "Change of scope"),
    ("negotiated", "Negotiated"),
];

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::DeliveryHandOver,
        of: Some(SubjectKind::Line),
        word: "hand-over",
        name: "Hand over a delivery",
        lede: "Goods that passed to the carrier: a new delivery of this line.",
        makes_new: true,
        possible: owes,
        fields: &[
            Field::on("Handed over on"),
            Field::decimal("quantity", "Quantity")
                .starting(|at| rest(at).to_string())
                .hint("What the line still owes, or a part of it."),
            Field::text("reference", "Number that others give it", 60)
                .optional()
                .hint("A waybill’s, for example. No two deliveries of a contract have the same."),
            Field::paper("Bill of lading or waybill"),
        ],
        read: |at, filled| {
            let command = DeliveryCommand::HandOver {
                line: at.key(),
                reference: filled.given("reference"),
                quantity: filled.quantity("quantity")?,
                on: filled.on()?,
                document: filled.paper()?,
            };
            Ok(Command::Delivery { number: None, command })
        },
    },
    Act {
        kind: CommandKind::LineAmend,
        of: Some(SubjectKind::Line),
        word: "amend",
        name: "Amend the line",
        lede: "What is left as it is stays; what was delivered before keeps its price.",
        makes_new: false,
        possible: changeable,
        fields: &[
            Field::on("Amended on"),
            Field::decimal("quantity", "New quantity").optional(),
            Field::decimal("unit_price", "New price of one unit")
                .optional()
                .hint("In the contract’s currency."),
            Field::choice("basis", "On what a new price stands", BASES).optional(),
            Field::day("due_on", "New contractual date").optional(),
            Field::reason(),
            Field::paper("Signed amendment"),
        ],
        read: |at, filled| {
            let currency = at.line().map(|view| view.line.unit_price.currency);
            let currency = currency.ok_or_else(|| Refusal::not_found("line", &at.key()))?;
            let change = LineChange {
                quantity: filled.given("quantity").map(|_| filled.quantity("quantity")).transpose()?,
                unit_price: filled
                    .given("unit_price")
                    .map(|_| filled.money("unit_price", currency))
                    .transpose()?,
                due_on: filled.day_given("due_on")?,
                basis: filled.read_given("basis")?,
            };
            let command = LineCommand::Amend {
                on: filled.on()?,
                change,
                document: filled.paper()?,
                reason: filled.text("reason"),
            };
            Ok(Command::Line { number: at.key(), command })
        },
    },
];

/// What is not handed over yet.
fn rest(at: &Standing) -> Quantity {
    at.line().map_or(Quantity(0), |view| Quantity(view.line.quantity.0 - view.line.handed_over.0))
}

fn owes(at: &Standing) -> Fallible<()> {
    let Some(view) = at.line() else { return Ok(()) };
    if view.contract.state != "in_force" {
        let state = view.contract.state.replace('_', " ");
        return Err(Refusal::new("state", format!("Contract {} is {state}.", view.contract.number))
            .missing("a contract in force"));
    }
    if rest(at).0 > 0 {
        return Ok(());
    }
    Err(Refusal::new("delivery.beyond_line", format!("All of line {} is handed over.", view.line.number))
        .missing("a line that still owes something, or one that is amended first"))
}

fn changeable(at: &Standing) -> Fallible<()> {
    at.line().map_or(Ok(()), |view| super::contract::changeable(&view.contract.number, &view.contract.state))
}
