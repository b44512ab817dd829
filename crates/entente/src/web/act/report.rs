//! Reports of exporters and manufacturers: filed on a contract, answered by an officer.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, SubjectKind};
use entente_register::performance::DelayReason;
use entente_register::report::{MACHINE, ReportCommand, Reported};

use super::Act;
use super::claim::listed;
use super::field::Field;
use super::filled::Filled;
use super::performance::{CAUSE, SIDE, is_open, lines, milestones};
use super::standing::Standing;

const DAY: Field = Field::on("Reported on");
const HAPPENED: Field = Field::day("happened_on", "It happened on");
const LINE: Field = Field::from("line", "Line", lines);
const DELIVERY: Field =
    Field::text("delivery", "Delivery", 60).hint("Its number, as the page of the line has it.");
const NOTE: Field = Field::long("note", "Note for the officer").optional();
const PAPER: Field = Field::paper("Evidence")
    .optional()
    .hint("Without evidence a report is not accepted; it may be handed in later by the officer.");

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ReportFile,
        of: Some(SubjectKind::Contract),
        word: "report-hand-over",
        name: "Report goods as handed over",
        lede: "It becomes a fact once a contract officer has accepted it.",
        makes_new: true,
        possible: is_open,
        fields: &[
            DAY,
            LINE,
            Field::day("happened_on", "Handed over on"),
            Field::decimal("quantity", "Quantity"),
            Field::text("reference", "Number that others give it", 60).optional(),
            NOTE,
            PAPER,
        ],
        read: |at, filled| {
            let reported = Reported::HandedOver {
                on: filled.day("happened_on")?,
                line: filled.text("line"),
                quantity: filled.quantity("quantity")?,
                reference: filled.given("reference"),
            };
            file(at, filled, reported)
        },
    },
    Act {
        kind: CommandKind::ReportFile,
        of: Some(SubjectKind::Contract),
        word: "report-acceptance",
        name: "Report a delivery as accepted",
        lede: "It becomes a fact once a contract officer has accepted it.",
        makes_new: true,
        possible: is_open,
        fields: &[DAY, DELIVERY, Field::day("happened_on", "Accepted on"), NOTE, PAPER],
        read: |at, filled| {
            let delivery = filled.text("delivery");
            file(at, filled, Reported::Accepted { on: filled.day("happened_on")?, delivery })
        },
    },
    Act {
        kind: CommandKind::ReportFile,
        of: Some(SubjectKind::Contract),
        word: "report-serials",
        name: "Report serial numbers",
        lede: "All serial numbers of a delivery.",
        makes_new: true,
        possible: is_open,
        fields: &[
            DAY,
            DELIVERY,
            Field::day("happened_on", "Listed on"),
            Field::long("serials", "Serial numbers").hint("One to a line."),
            NOTE,
            PAPER,
        ],
        read: |at, filled| {
            let reported = Reported::Serials {
                on: filled.day("happened_on")?,
                delivery: filled.text("delivery"),
                serials: listed(filled.get("serials")),
            };
            file(at, filled, reported)
        },
    },
    Act {
        kind: CommandKind::ReportFile,
        of: Some(SubjectKind::Contract),
        word: "report-delay",
        name: "Report that a line slips",
        lede: "A line that is expected later than agreed.",
        makes_new: true,
        possible: is_open,
        fields: &[
            DAY,
            LINE,
            Field::day("expected_on", "Expected on"),
            CAUSE,
            SIDE,
            Field::long("description", "In words"),
            NOTE,
            PAPER,
        ],
        read: |at, filled| {
            let reported = Reported::Slips {
                on: filled.on()?,
                line: filled.text("line"),
                expected_on: filled.day("expected_on")?,
                delay: DelayReason { cause: filled.read("cause")?, side: filled.read("side")? },
                description: filled.text("description"),
            };
            file(at, filled, reported)
        },
    },
    Act {
        kind: CommandKind::ReportFile,
        of: Some(SubjectKind::Contract),
        word: "report-milestone",
        name: "Report a milestone as reached",
        lede: "It becomes a fact once a contract officer has accepted it.",
        makes_new: true,
        possible: is_open,
        fields: &[DAY, Field::from("milestone", "Milestone", milestones), HAPPENED, NOTE, PAPER],
        read: |at, filled| {
            let milestone = filled.text("milestone");
            file(at, filled, Reported::Reached { on: filled.day("happened_on")?, milestone })
        },
    },
    Act {
        kind: CommandKind::ReportAccept,
        of: Some(SubjectKind::Report),
        word: "accept",
        name: "Accept",
        lede: "The act that is reported is recorded with its evidence, as you record it; or neither is.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "accept").map(drop),
        fields: &[
            Field::on("Accepted on"),
            Field::paper("Evidence").optional().hint("That of the report, if it is left out."),
        ],
        read: |at, filled| {
            Ok(about(at, ReportCommand::Accept { on: filled.on()?, document: filled.paper_given()? }))
        },
    },
    Act {
        kind: CommandKind::ReportReturn,
        of: Some(SubjectKind::Report),
        word: "return",
        name: "Return",
        lede: "Who filed it reads the reason.",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "return").map(drop),
        fields: &[Field::on("Returned on"), Field::reason()],
        read: |at, filled| {
            Ok(about(at, ReportCommand::Return { on: filled.on()?, reason: filled.text("reason") }))
        },
    },
    Act {
        kind: CommandKind::ReportWithdraw,
        of: Some(SubjectKind::Report),
        word: "withdraw",
        name: "Withdraw",
        lede: "",
        makes_new: false,
        possible: |at| MACHINE.next(&at.state, "withdraw").map(drop),
        fields: &[Field::on("Withdrawn on"), Field::reason()],
        read: |at, filled| {
            Ok(about(at, ReportCommand::Withdraw { on: filled.on()?, reason: filled.text("reason") }))
        },
    },
];

fn file(at: &Standing, filled: &Filled, reported: Reported) -> Fallible<Command> {
    let command = ReportCommand::File {
        on: filled.on()?,
        reported,
        note: filled.given("note"),
        document: filled.paper_given()?,
    };
    Ok(Command::Report { number: at.key(), command })
}

fn about(at: &Standing, command: ReportCommand) -> Command {
    Command::Report { number: at.key(), command }
}
