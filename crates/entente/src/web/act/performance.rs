//! Slippages, milestones and corrective plans of a contract.
//!
//! Each stands on the page of its contract, so that its acts do too: which one is meant is chosen in the form.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::contract::line::contract_of;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::performance::{
    CorrectiveCommand, DelayReason, MilestoneCommand, NewAction, NewMilestone, SlippageCommand,
};

use super::Act;
use super::claim::YES;
use super::field::{Choices, Field};
use super::filled::Filled;
use super::standing::Standing;

const CAUSES: &[(&str, &str)] = &[
    ("design", "Design"),
    ("production", "Production"),
    ("supply", "Supply of parts"),
    ("quality", "Test not passed"),
    ("licence", "Licence outstanding"),
    ("transport", "Transport"),
    ("payment", "Payment outstanding"),
    ("buyer_input", "Input of the buyer"),
    ("acceptance", "Acceptance outstanding"),
    ("restriction", "Restriction"),
    ("force_majeure", "Force majeure"),
    ("other", "Other"),
];

const SIDES: &[(&str, &str)] = &[("seller", "Seller"), ("buyer", "Buyer"), ("neither", "Neither side")];

const ENDS: &[(&str, &str)] = &[
    ("delivered", "Delivered, late"),
    ("made_good", "Made good: it is expected by its day again"),
    ("date_amended", "The parties agreed on another day"),
    ("fell_away", "The contract was terminated"),
];

const KINDS: &[(&str, &str)] = &[
    ("entry_into_force", "Entry into force"),
    ("advance_received", "Advance received"),
    ("factory_acceptance", "Factory acceptance test"),
    ("first_article", "First article"),
    ("training_completed", "Training completed"),
    ("end_of_warranty", "End of warranty"),
    ("other", "Other"),
];

pub(super) const CAUSE: Field = Field::choice("cause", "Cause", CAUSES);
pub(super) const SIDE: Field = Field::choice("side", "On whose side it lies", SIDES);
const LINE: Field = Field::from("line", "Line", lines);
const MILESTONE: Field = Field::from("milestone", "Milestone", milestones);
const PLAN: Field = Field::from("plan", "Corrective plan", plans);

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::SlippageReport,
        of: Some(SubjectKind::Contract),
        word: "report-slippage",
        name: "Report a slippage",
        lede: "A line that is expected later than agreed. What is agreed stays, and so does every figure.",
        makes_new: true,
        possible: is_open,
        fields: &[
            Field::on("Reported on"),
            LINE,
            Field::day("expected_on", "Expected on"),
            CAUSE,
            SIDE,
            Field::long("description", "In words"),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let command = SlippageCommand::Report {
                on: filled.on()?,
                line: filled.text("line"),
                expected_on: filled.day("expected_on")?,
                delay: DelayReason::read(&filled.text("cause"), &filled.text("side"))?,
                description: filled.text("description"),
                document: filled.paper_given()?,
            };
            Ok(Command::Slippage { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::SlippageEnd,
        of: Some(SubjectKind::Contract),
        word: "end-slippage",
        name: "End a slippage",
        lede: "",
        makes_new: true,
        possible: |at| one_of(at, slippages, "slippage"),
        fields: &[
            Field::from("slippage", "Slippage", slippages),
            Field::on("Ended on"),
            Field::choice("end", "How", ENDS),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let command = SlippageCommand::End {
                on: filled.on()?,
                end: filled.read("end")?,
                document: filled.paper_given()?,
            };
            Ok(Command::Slippage { number: chosen(at, filled, "slippage")?, command })
        },
    },
    Act {
        kind: CommandKind::MilestonePlan,
        of: Some(SubjectKind::Contract),
        word: "plan-milestone",
        name: "Plan a milestone",
        lede: "What is to be reached by a day beside the deliveries.",
        makes_new: true,
        possible: |at| match at.state.as_str() {
            "negotiating" => Ok(()),
            _ => is_open(at),
        },
        fields: &[
            Field::on("Agreed on"),
            Field::choice("kind", "Kind", KINDS),
            Field::text("name", "Name", 120).optional().hint("The name of its kind, if it is left out."),
            Field::day("planned_on", "To be reached by"),
            LINE.optional(),
            Field::paper("Paper that says so").optional(),
        ],
        read: |at, filled| {
            let command = MilestoneCommand::Plan(Box::new(NewMilestone {
                on: filled.on()?,
                kind: filled.read("kind")?,
                name: filled.given("name"),
                planned_on: filled.day("planned_on")?,
                line: filled.given("line"),
                instalment: None,
                document: filled.paper_given()?,
            }));
            Ok(Command::Milestone { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::MilestoneForecast,
        of: Some(SubjectKind::Contract),
        word: "expect-milestone",
        name: "Expect a milestone on another day",
        lede: "What is agreed stays.",
        makes_new: true,
        possible: |at| one_of(at, milestones, "milestone that is planned"),
        fields: &[
            MILESTONE,
            Field::on("As of"),
            Field::day("expected_on", "Expected on"),
            CAUSE.optional().hint("Where it is expected later than agreed."),
            SIDE.optional(),
            Field::reason(),
        ],
        read: |at, filled| {
            let command = MilestoneCommand::Forecast {
                on: filled.on()?,
                expected_on: filled.day("expected_on")?,
                delay: delay_given(filled)?,
                reason: filled.text("reason"),
            };
            Ok(Command::Milestone { number: chosen(at, filled, "milestone")?, command })
        },
    },
    Act {
        kind: CommandKind::MilestoneReach,
        of: Some(SubjectKind::Contract),
        word: "reach-milestone",
        name: "Record a milestone as reached",
        lede: "An instalment that waits for it gets its day.",
        makes_new: true,
        possible: |at| one_of(at, milestones, "milestone that is planned"),
        fields: &[MILESTONE, Field::on("Reached on"), Field::paper("Paper that shows it")],
        read: |at, filled| {
            let command = MilestoneCommand::Reach { on: filled.on()?, document: filled.paper()? };
            Ok(Command::Milestone { number: chosen(at, filled, "milestone")?, command })
        },
    },
    Act {
        kind: CommandKind::CorrectivePropose,
        of: Some(SubjectKind::Contract),
        word: "propose-corrective-plan",
        name: "Propose a corrective plan",
        lede: "What is done about what goes wrong. Another person approves it.",
        makes_new: true,
        possible: is_open,
        fields: &[
            Field::on("Proposed on"),
            Field::from("about", "About", slippages)
                .optional()
                .hint("The contract as a whole, if it is left out."),
            Field::long("goal", "What is to be reached"),
            Field::rows(
                "actions",
                "Action",
                &[
                    Field::text("what", "What is done", 500),
                    Field::text("responsible", "Who answers for it", 200),
                    Field::day("due_on", "By when"),
                ],
            ),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let about = filled.given("about").map(|number| SubjectKind::Slippage.subject(number).to_string());
            let action = |place: usize| {
                Ok(NewAction {
                    what: filled.text(&format!("actions[{place}].what")),
                    responsible: filled.text(&format!("actions[{place}].responsible")),
                    due_on: filled.day(&format!("actions[{place}].due_on"))?,
                })
            };
            let command = CorrectiveCommand::Propose {
                on: filled.on()?,
                about,
                claim: None,
                goal: filled.text("goal"),
                actions: filled.rows("actions").into_iter().map(action).collect::<Fallible<_>>()?,
                document: filled.paper_given()?,
            };
            Ok(Command::Corrective { number: at.key(), command })
        },
    },
    Act {
        kind: CommandKind::CorrectiveApprove,
        of: Some(SubjectKind::Contract),
        word: "approve-corrective-plan",
        name: "Approve a corrective plan",
        lede: "By another person than the one who proposed it.",
        makes_new: true,
        possible: |at| one_of(at, plans, "corrective plan"),
        fields: &[PLAN, Field::on("Approved on"), Field::paper("Paper behind it").optional()],
        read: |at, filled| {
            let command = CorrectiveCommand::Approve { on: filled.on()?, document: filled.paper_given()? };
            Ok(Command::Corrective { number: chosen(at, filled, "plan")?, command })
        },
    },
    Act {
        kind: CommandKind::CorrectiveAct,
        of: Some(SubjectKind::Contract),
        word: "finish-action",
        name: "Record an action as done",
        lede: "An action of a corrective plan.",
        makes_new: true,
        possible: |at| one_of(at, plans, "corrective plan"),
        fields: &[
            PLAN,
            Field::decimal("action", "Number of the action"),
            Field::on("Done on"),
            Field::long("result", "What shows it"),
            Field::paper("Paper that shows it").optional(),
        ],
        read: |at, filled| {
            let command = CorrectiveCommand::FinishAction {
                on: filled.on()?,
                action: filled.whole("action")?,
                result: filled.text("result"),
                document: filled.paper_given()?,
            };
            Ok(Command::Corrective { number: chosen(at, filled, "plan")?, command })
        },
    },
    Act {
        kind: CommandKind::CorrectiveClose,
        of: Some(SubjectKind::Contract),
        word: "close-corrective-plan",
        name: "Close a corrective plan",
        lede: "Once each of its actions is done or dropped.",
        makes_new: true,
        possible: |at| one_of(at, plans, "corrective plan"),
        fields: &[
            PLAN,
            Field::on("Closed on"),
            Field::choice("effective", "Whether it helped", YES),
            Field::long("outcome", "How that is known"),
            Field::paper("Paper behind it").optional(),
        ],
        read: |at, filled| {
            let command = CorrectiveCommand::Close {
                on: filled.on()?,
                effective: filled.get("effective") == "yes",
                outcome: filled.text("outcome"),
                document: filled.paper_given()?,
            };
            Ok(Command::Corrective { number: chosen(at, filled, "plan")?, command })
        },
    },
];

/// Whether goods are still owed under the contract.
pub(super) fn is_open(at: &Standing) -> Fallible<()> {
    if matches!(at.state.as_str(), "signed" | "in_force" | "suspended") {
        return Ok(());
    }
    Err(Refusal::new("state", format!("Contract {} is {}.", at.key(), at.state.replace('_', " ")))
        .missing("a contract that is signed, in force or suspended"))
}

/// Whether there is one to choose; where it is not read yet, the form says so itself.
pub(super) fn one_of(at: &Standing, choices: fn(&Standing) -> Choices, what: &str) -> Fallible<()> {
    if at.performance.is_some() && choices(at).is_empty() {
        return Err(Refusal::new("state", format!("Contract {} has no {what}.", at.key()))
            .missing(format!("a {what} that is open")));
    }
    Ok(())
}

/// The number that was chosen, of this contract.
pub(super) fn chosen(at: &Standing, filled: &Filled, field: &str) -> Fallible<String> {
    let number = filled.text(field);
    if contract_of(&number) == at.key() && number != at.key() {
        return Ok(number);
    }
    Err(Refusal::not_found(field, &number).field(field))
}

pub(super) fn lines(at: &Standing) -> Choices {
    let lines = at.contract().map(|view| view.lines.as_slice()).unwrap_or_default();
    lines.iter().map(|line| (line.number.clone(), format!("{}: {}", line.number, line.description))).collect()
}

fn slippages(at: &Standing) -> Choices {
    let Some(performance) = &at.performance else { return Vec::new() };
    let open = performance.slippages.iter().map(|one| &one.state).filter(|one| one.state == "open");
    open.map(|one| (one.number.clone(), format!("{}, line {}", one.number, one.line))).collect()
}

pub(super) fn milestones(at: &Standing) -> Choices {
    let Some(performance) = &at.performance else { return Vec::new() };
    let planned = performance.milestones.iter().map(|one| &one.state).filter(|one| one.state == "planned");
    planned.map(|one| (one.number.clone(), one.name.clone())).collect()
}

fn plans(at: &Standing) -> Choices {
    let Some(performance) = &at.performance else { return Vec::new() };
    let open = performance.corrective_plans.iter().map(|one| &one.state).filter(|one| one.is_open());
    open.map(|one| (one.number.clone(), format!("{}: {}", one.number, one.goal))).collect()
}

/// Why, and on whose side, where that is said.
fn delay_given(filled: &Filled) -> Fallible<Option<DelayReason>> {
    DelayReason::read_given(filled.given("cause").as_deref(), filled.given("side").as_deref())
}
