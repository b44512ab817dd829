//! Acts of specimen signatures: filed by one person, confirmed or rejected by another, ended.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::transfer::specimen::{NewSpecimen, SpecimenCommand, Specimens};

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::standing::{Standing, Stands};
use super::{only, some};

const OF: Option<SubjectKind> = Some(SubjectKind::Specimens);

const LEDE: &str = "As the authority sent it. It counts once another person has confirmed it.";

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::SpecimenReview,
        of: OF,
        word: "confirm",
        name: "Confirm a specimen",
        lede: "From then on certificates with this signature are signed by who may sign.",
        makes_new: false,
        possible: waits_for_another,
        fields: &[
            Field::from("specimen", "Specimen", by_others).starting(|at| only(&by_others(at))),
            Field::on("Confirmed on"),
        ],
        read: |at, filled| {
            let specimen = filled.whole("specimen")?;
            Ok(about(at, SpecimenCommand::Confirm { on: filled.on()?, specimen }))
        },
    },
    Act {
        kind: CommandKind::SpecimenReview,
        of: OF,
        word: "reject",
        name: "Reject a specimen",
        lede: "It does not count.",
        makes_new: false,
        possible: waits_for_another,
        fields: &[
            Field::from("specimen", "Specimen", by_others).starting(|at| only(&by_others(at))),
            Field::on("Rejected on"),
            Field::reason(),
        ],
        read: |at, filled| {
            let specimen = filled.whole("specimen")?;
            let reason = filled.text("reason");
            Ok(about(at, SpecimenCommand::Reject { on: filled.on()?, specimen, reason }))
        },
    },
    Act {
        kind: CommandKind::SpecimenPropose,
        of: OF,
        word: "file",
        name: "File a specimen",
        lede: LEDE,
        makes_new: false,
        possible: |_| Ok(()),
        fields: &[
            Field::on("Filed on"),
            Field::text("signatory", "Who signs", 200),
            Field::text("position", "As", 200),
            Field::day("valid_from", "From"),
            Field::day("valid_until", "Until").optional(),
            Field::paper("The paper with the signature"),
        ],
        read: |at, filled| filed(at.key(), filled),
    },
    Act {
        kind: CommandKind::SpecimenPropose,
        of: None,
        word: "file-specimen",
        name: "File a specimen signature",
        lede: LEDE,
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::party("authority", "Authority", 60).hint("Number of the party that issues certificates."),
            Field::on("Filed on"),
            Field::text("signatory", "Who signs", 200),
            Field::text("position", "As", 200),
            Field::day("valid_from", "From"),
            Field::day("valid_until", "Until").optional(),
            Field::paper("The paper with the signature"),
        ],
        read: |_, filled| filed(filled.text("authority"), filled),
    },
    Act {
        kind: CommandKind::SpecimenEnd,
        of: OF,
        word: "end",
        name: "End a specimen",
        lede: "The last day on which the signature counts: what was signed later is signed by nobody who may.",
        makes_new: false,
        possible: |at| some(&confirmed(at), "No specimen is confirmed.", "a specimen that is confirmed"),
        fields: &[
            Field::from("specimen", "Specimen", confirmed).starting(|at| only(&confirmed(at))),
            Field::on("Recorded on"),
            Field::day("until", "Its last day"),
            Field::reason(),
            Field::paper("The paper"),
        ],
        read: |at, filled| {
            let command = SpecimenCommand::End {
                on: filled.on()?,
                specimen: filled.whole("specimen")?,
                until: filled.day("until")?,
                reason: filled.text("reason"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
];

fn specimens(at: &Standing) -> Option<(&Specimens, &str)> {
    if let Stands::Specimens(view, account) = &at.stands { Some((&view.specimens, account)) } else { None }
}

fn about(at: &Standing, command: SpecimenCommand) -> Command {
    Command::Specimens { authority: at.key(), command }
}

fn filed(authority: String, filled: &super::super::filled::Filled) -> Fallible<Command> {
    let specimen = NewSpecimen {
        signatory: filled.text("signatory"),
        position: filled.text("position"),
        valid_from: filled.day("valid_from")?,
        valid_until: filled.day_given("valid_until")?,
        document: filled.paper()?,
    };
    let command = SpecimenCommand::Propose { on: filled.on()?, specimen };
    Ok(Command::Specimens { authority, command })
}

fn in_state(at: &Standing, state: &str, but_of: Option<&str>) -> Choices {
    let all = specimens(at).map(|(this, _)| this.specimens.as_slice()).unwrap_or_default();
    all.iter()
        .filter(|one| one.state == state && but_of != Some(one.filed_by.as_str()))
        .map(|one| {
            let words = format!("{}. {}, {}", one.number, one.filed.signatory, one.filed.position);
            (one.number.to_string(), words)
        })
        .collect()
}

/// Those that wait and that another person filed.
fn by_others(at: &Standing) -> Choices {
    in_state(at, "proposed", specimens(at).map(|(_, account)| account))
}

fn confirmed(at: &Standing) -> Choices {
    in_state(at, "confirmed", None)
}

fn waits_for_another(at: &Standing) -> Fallible<()> {
    if !by_others(at).is_empty() {
        return Ok(());
    }
    Err(match in_state(at, "proposed", None).is_empty() {
        true => Refusal::new("specimen.state", "No specimen waits.").missing("a specimen that waits"),
        false => Refusal::new("transfer.two_people", "You filed the specimen yourself.")
            .missing("another person: two people decide who may sign"),
    })
}
