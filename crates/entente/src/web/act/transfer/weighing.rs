//! Acts by which a transfer is weighed: opinions of agencies, line by line, and the assessment by every criterion.

use std::collections::BTreeMap;

use entente_register::access::CommandKind;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::application::{ApplicationCommand, Assessment, Weighed};
use entente_register::transfer::opinion::{Criterion, Opinion, Stance};

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::Standing;
use super::{CRITERIA, OF, about, application, criteria, lines, may, named, only, some, view};
use crate::web::show;

const STANCES: &[(&str, &str)] =
    &[("approve", "Approve"), ("proviso", "Approve on a condition"), ("refuse", "Refuse")];

const ALIKE: &[(&str, &str)] = &[("approve", "Approve")];

const RISKS: &[(&str, &str)] = &[
    ("none", "None found"),
    ("low", "Low"),
    ("medium", "Medium: to be lessened"),
    ("high", "High"),
    ("overriding", "Overriding: nothing is granted"),
];

const SAID: &[Field] = &[
    Field::choice("stance", "Stance", STANCES).optional(),
    Field::text("criteria", "Criteria", 200).optional().hint(CRITERIA),
    Field::long("condition", "Condition").optional(),
    Field::long("reason", "Reason of the refusal").optional(),
];

const WEIGHED: &[Field] = &[
    Field::choice("risk", "Risk that is left", RISKS),
    Field::prose("evidence", "By what evidence", 4000),
    Field::prose("mitigation", "What lessens it", 2000).optional(),
];

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ApplicationAskOpinion,
        of: OF,
        word: "ask-opinion",
        name: "Ask an agency",
        lede: "The agency sees the application from then on. Nothing is decided before it has answered.",
        makes_new: false,
        possible: |at| may(at, "ask_opinion"),
        fields: &[
            Field::on("Asked on"),
            Field::party("agency", "Agency", 60).hint("Number of its party."),
            Field::day("due_on", "To be answered by")
                .optional()
                .hint("By its own calendar, where no day is said."),
        ],
        read: |at, filled| {
            let command = ApplicationCommand::AskOpinion {
                on: filled.on()?,
                agency: filled.text("agency"),
                due_on: filled.day_given("due_on")?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ApplicationAskOpinion,
        of: OF,
        word: "route",
        name: "Ask whom the rules name",
        lede: "Every agency that the routing rules name and that was not asked, each by its own calendar.",
        makes_new: false,
        possible: |at| may(at, "ask_opinion"),
        fields: &[Field::on("Asked on")],
        read: |at, filled| Ok(about(at, ApplicationCommand::Route { on: filled.on()? })),
    },
    Act {
        kind: CommandKind::ApplicationConfirmOpinion,
        of: OF,
        word: "confirm-opinion",
        name: "Confirm an opinion",
        lede: "You stand behind what another person of your agency said. It counts from then on.",
        makes_new: false,
        possible: |at| {
            may(at, "confirm_opinion")?;
            some(
                &unconfirmed(at),
                "No opinion waits for a second person.",
                "an opinion that is to be confirmed",
            )
        },
        fields: &[
            Field::on("Confirmed on"),
            Field::from("agency", "Agency", unconfirmed).starting(|at| only(&unconfirmed(at))),
        ],
        read: |at, filled| {
            let agency = filled.text("agency");
            Ok(about(at, ApplicationCommand::ConfirmOpinion { on: filled.on()?, agency }))
        },
    },
    Act {
        kind: CommandKind::ApplicationGiveOpinion,
        of: OF,
        word: "give-opinion",
        name: "Give an opinion",
        lede: "On every line. The applicant is never told of it.",
        makes_new: false,
        possible: |at| {
            may(at, "give_opinion")?;
            some(&agencies(at), "No agency was asked.", "an agency that was asked")
        },
        fields: &[
            Field::on("Given on"),
            Field::from("agency", "Agency", agencies).starting(|at| only(&agencies(at))),
            Field::choice("others", "Lines of which nothing is said below", ALIKE).optional(),
            Field::each("lines", "Line", lines, SAID),
            Field::paper("The paper by which it was given")
                .optional()
                .hint("An officer who records the opinion of an agency names it."),
        ],
        read: |at, filled| {
            let lines = (0..lines(at).len()).map(|place| stance(filled, place));
            let opinion = Opinion {
                agency: filled.text("agency"),
                lines: lines.collect::<Fallible<_>>()?,
                document: filled.paper_given()?,
            };
            Ok(about(at, ApplicationCommand::GiveOpinion { on: filled.on()?, opinion }))
        },
    },
    Act {
        kind: CommandKind::ApplicationAssess,
        of: OF,
        word: "assess",
        name: "Assess",
        lede: "Every criterion is weighed by itself, each with its evidence. The applicant is never told of it.",
        makes_new: false,
        possible: |at| may(at, "assess"),
        fields: &[
            Field::on("Assessed on"),
            Field::each("weighed", "Criterion", criteria_of, WEIGHED).filled(weighed),
            Field::prose("conclusion", "What follows", 4000).starting(|at| {
                assessment(at).map(|assessment| assessment.conclusion.clone()).unwrap_or_default()
            }),
        ],
        read: |at, filled| {
            let mut weighed = BTreeMap::new();
            for criterion in Criterion::ALL {
                let field = |name: &str| format!("weighed.{}.{name}", criterion.word());
                let one = Weighed {
                    risk: filled.read(&field("risk"))?,
                    evidence: filled.text(&field("evidence")),
                    mitigation: filled.given(&field("mitigation")),
                };
                weighed.insert(*criterion, one);
            }
            let assessment = Assessment { weighed, conclusion: filled.text("conclusion") };
            Ok(about(at, ApplicationCommand::Assess { on: filled.on()?, assessment }))
        },
    },
];

/// Agencies whose opinion waits for a second person.
fn unconfirmed(at: &Standing) -> Choices {
    let Some((view, _)) = view(at) else { return Vec::new() };
    let waits = view.application.consulted.iter().filter(|(_, consulted)| consulted.waits.is_some());
    waits.map(|(agency, _)| (agency.clone(), named(view, agency))).collect()
}

/// Agencies that were asked, those whose opinion is awaited first.
fn agencies(at: &Standing) -> Choices {
    let Some((view, _)) = view(at) else { return Vec::new() };
    let mut asked: Vec<_> = view.application.consulted.iter().collect();
    asked.sort_by_key(|(agency, consulted)| (consulted.opinion.is_some(), *agency));
    let words = |agency: &str, given: bool| match given {
        true => format!("{}, who has answered", named(view, agency)),
        false => named(view, agency),
    };
    asked.into_iter().map(|(agency, of)| (agency.clone(), words(agency, of.opinion.is_some()))).collect()
}

fn stance(filled: &Filled, place: usize) -> Fallible<Stance> {
    let field = |name: &str| format!("lines[{place}].{name}");
    let given = |name: &str| filled.given(&field(name));
    let stance = match filled.get(&field("stance")) {
        "" => filled.get("others"),
        stance => stance,
    };
    // What is typed beside another stance would be lost.
    let idle: &[&str] = match stance {
        "proviso" => &["criteria", "reason"],
        "refuse" => &["condition"],
        _ => &["criteria", "condition", "reason"],
    };
    if !stance.is_empty()
        && let Some(idle) = idle.iter().find(|name| given(name).is_some())
    {
        let message = format!("The stance on line {} has no {}.", place + 1, show::word(idle));
        return Err(Refusal::new("transfer.stance", message)
            .field(field("stance"))
            .missing("the stance that it belongs to, or the field left empty"));
    }
    match stance {
        "approve" => Ok(Stance::Approve),
        "proviso" => Ok(Stance::Proviso { condition: filled.text(&field("condition")) }),
        "refuse" => Ok(Stance::Refuse {
            criteria: criteria(filled, &field("criteria"))?,
            reason: filled.text(&field("reason")),
        }),
        _ => Err(Refusal::new("transfer.stance", format!("Nothing is said of line {}.", place + 1))
            .field(field("stance"))
            .missing("a stance on every line")),
    }
}

fn assessment(at: &Standing) -> Option<&Assessment> {
    application(at)?.assessment.as_ref().map(|(_, assessment)| assessment)
}

/// The criteria: the key of each in the names of fields, and its name.
fn criteria_of(_: &Standing) -> Choices {
    Criterion::ALL.iter().map(|one| (format!(".{}", one.word()), show::capital(one.name()))).collect()
}

/// What was weighed before, which is changed and not written again.
fn weighed(at: &Standing) -> Choices {
    let Some(assessment) = assessment(at) else { return Vec::new() };
    let parts = |(criterion, one): (&Criterion, &Weighed)| {
        let field = |name: &str| format!("weighed.{}.{name}", criterion.word());
        [
            (field("risk"), one.risk.word().to_owned()),
            (field("evidence"), one.evidence.clone()),
            (field("mitigation"), one.mitigation.clone().unwrap_or_default()),
        ]
    };
    assessment.weighed.iter().flat_map(parts).collect()
}
