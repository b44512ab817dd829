//! Acts of inspections: planned on the page of a licence, then visited, cancelled, and an incident closed.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::document::Document;
use entente_register::ledger::{Fallible, SubjectKind};
use entente_register::transfer::inspection::{
    Accounted, InspectionCommand, MACHINE, NewInspection, NewVisit,
};

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::{Standing, Stands};
use super::{only, some};

const OF: Option<SubjectKind> = Some(SubjectKind::Inspection);

const OUTCOMES: &[(&str, &str)] = &[
    ("favourable", "Favourable: all is there, and used as was undertaken"),
    ("unfavourable", "Unfavourable: something is missing, or used otherwise"),
    ("unable", "Unable: it could not be seen, through nobody’s fault there"),
    ("access_refused", "Access refused by the end user"),
];

const ACCOUNTED: &[Field] = &[
    Field::text("serial", "Serial number", 60),
    Field::text("how", "What became of it", 500),
    Field::text("paper", "The paper that shows it", 200),
    Field::day("dated", "Dated"),
];

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::InspectionPlan,
        of: Some(SubjectKind::Licence),
        word: "plan-inspection",
        name: "Plan an inspection",
        lede: "Of what went under the licence, where it is used: the certificate of its end user allows it.",
        makes_new: true,
        possible: |at| some(&end_users(at), "Nothing went under it.", "a licence under which goods went"),
        fields: &[
            Field::on("Planned on"),
            Field::from("end_user", "End user", end_users).starting(|at| only(&end_users(at))),
            Field::day("visit_on", "Day of the visit"),
            Field::long("reason", "Why this one was chosen"),
        ],
        read: |at, filled| {
            Ok(Command::Inspect(NewInspection {
                on: filled.on()?,
                licence: at.key(),
                end_user: filled.text("end_user"),
                visit_on: filled.day("visit_on")?,
                reason: filled.text("reason"),
            }))
        },
    },
    Act {
        kind: CommandKind::InspectionVisit,
        of: OF,
        word: "visit",
        name: "Record the visit",
        lede: "What is neither seen nor accounted for is an incident: every open licence of the end user stops with it, until the incident is closed and another person lifts each suspension.",
        makes_new: false,
        possible: |at| may(at, "visit"),
        fields: &[
            Field::on("Visited on"),
            Field::choice("outcome", "Outcome", OUTCOMES),
            Field::whole("serials", "Serial numbers that were seen", 400_000)
                .optional()
                .hint("One to a line, or with commas between them."),
            Field::rows("accounted", "Accounted for", ACCOUNTED),
            Field::prose("findings", "What was found", 4000),
            Field::paper("The report"),
        ],
        read: |at, filled| Ok(about(at, InspectionCommand::Visit(visit(filled)?))),
    },
    Act {
        kind: CommandKind::InspectionCancel,
        of: OF,
        word: "cancel",
        name: "Cancel",
        lede: "",
        makes_new: false,
        possible: |at| may(at, "cancel"),
        fields: &[Field::on("Cancelled on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, InspectionCommand::Cancel { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::InspectionClose,
        of: OF,
        word: "close",
        name: "Close the incident",
        lede: "Licences that it stopped go on once another person than you reinstates each.",
        makes_new: false,
        possible: |at| may(at, "close"),
        fields: &[
            Field::on("Closed on"),
            Field::long("reason", "How it was dealt with"),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let command = InspectionCommand::Close {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
];

fn about(at: &Standing, command: InspectionCommand) -> Command {
    Command::Inspection { number: at.key(), command }
}

fn may(at: &Standing, step: &str) -> Fallible<()> {
    MACHINE.next(&at.state, step).map(drop)
}

/// End users of a licence under which something went.
fn end_users(at: &Standing) -> Choices {
    let Stands::Licence(view, _) = &at.stands else { return Vec::new() };
    if view.licence.written_off.is_empty() {
        return Vec::new();
    }
    let named = |party: &str| match view.parties.get(party) {
        Some(name) => format!("{name} ({party})"),
        None => party.to_owned(),
    };
    view.licence.issued.end_users().into_iter().map(|party| (party.to_owned(), named(party))).collect()
}

fn visit(filled: &Filled) -> Fallible<NewVisit> {
    let seen =
        filled.get("serials").split([',', ';', '\n']).map(str::trim).filter(|serial| !serial.is_empty());
    let accounted = filled.rows("accounted").into_iter().map(|place| {
        let field = |name: &str| format!("accounted[{place}].{name}");
        Ok(Accounted {
            serial: filled.text(&field("serial")),
            how: filled.text(&field("how")),
            document: Document {
                title: filled.text(&field("paper")),
                dated: filled.day(&field("dated"))?,
                content: None,
            },
        })
    });
    Ok(NewVisit {
        on: filled.on()?,
        outcome: filled.read("outcome")?,
        seen: seen.map(str::to_owned).collect(),
        accounted: accounted.collect::<Fallible<_>>()?,
        findings: filled.text("findings"),
        document: filled.paper()?,
    })
}
