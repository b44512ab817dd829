//! Acts of a delivery.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::contract::delivery::{DeliveryCommand, MACHINE};
use entente_register::ledger::SubjectKind;

use super::Act;
use super::field::Field;
use super::standing::Standing;

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::DeliveryAccept,
        of: Some(SubjectKind::Delivery),
        word: "accept",
        name: "Accept",
        lede: "The recipient has accepted the goods: title passes on this day, and by it the delivery counts.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "accept").map(drop),
        fields: &[Field::on("Accepted on"), Field::paper("Acceptance certificate")],
        read: |at, filled| {
            Ok(about(at, DeliveryCommand::Accept { on: filled.on()?, document: filled.paper()? }))
        },
    },
    Act {
        kind: CommandKind::DeliveryReturn,
        of: Some(SubjectKind::Delivery),
        word: "return",
        name: "Return",
        lede: "The recipient did not accept the goods: their quantity is owed again.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "return").map(drop),
        fields: &[Field::on("Returned on"), Field::reason(), Field::paper("Paper that says so").optional()],
        read: |at, filled| {
            Ok(about(
                at,
                DeliveryCommand::Return {
                    on: filled.on()?,
                    reason: filled.text("reason"),
                    document: filled.paper_given()?,
                },
            ))
        },
    },
    Act {
        kind: CommandKind::DeliveryRecordSerials,
        of: Some(SubjectKind::Delivery),
        word: "record-serials",
        name: "Record serial numbers",
        lede: "All of them, in place of those recorded before.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "record_serials").map(drop),
        fields: &[
            Field::on("Recorded on"),
            Field::long("serials", "Serial numbers").hint("One to a line, as they stand on the items."),
            Field::long("reason", "Reason").optional().hint("Where others were recorded before."),
            Field::paper("Packing list or protocol").optional(),
        ],
        read: |at, filled| {
            let command = DeliveryCommand::RecordSerials {
                on: filled.on()?,
                serials: super::claim::listed(filled.get("serials")),
                document: filled.paper_given()?,
                reason: filled.given("reason"),
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::DeliveryAnnul,
        of: Some(SubjectKind::Delivery),
        word: "annul",
        name: "Annul",
        lede: "For what was recorded in error: its acts cease to count. What was known before stays readable as known then, and an annulment cannot be taken back.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "annul").map(drop),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about(at, DeliveryCommand::Annul { reason: filled.text("reason") })),
    },
];

fn about(at: &Standing, command: DeliveryCommand) -> Command {
    Command::Delivery { number: Some(at.key()), command }
}
