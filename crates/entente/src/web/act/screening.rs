//! Acts of a case, and the policy of a list.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, SubjectKind};
use entente_register::screening::{CaseCommand, ListCommand, ListPolicy, check_step};

use super::field::Field;
use super::filled::Filled;
use super::standing::Standing;
use super::{Act, Stands};

/// What a list asks for.
const STANDINGS: &[(&str, &str)] = &[
    ("binding", "Binding: two people clear a hit, or nobody deals with the party"),
    ("advisory", "Advisory: one person acknowledges a hit with a reason"),
];

const CASE: Option<SubjectKind> = Some(SubjectKind::Case);

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::CasePropose,
        of: CASE,
        word: "propose",
        name: "Propose to clear",
        lede: "The party is another than the listed one. A second person clears the hit, or refuses.",
        makes_new: false,
        possible: |at| may(at, "propose"),
        fields: &[Field::reason().hint("What tells the two apart: a date of birth, a place, a paper.")],
        read: |at, filled| Ok(about(at, CaseCommand::Propose { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::CaseReview,
        of: CASE,
        word: "clear",
        name: "Clear",
        lede: "You are the second person: the party is another than the listed one. The clearance lapses when either says something else.",
        makes_new: false,
        possible: |at| may(at, "clear"),
        fields: &[Field::long("reason", "What there is to say beside the proposal").optional()],
        read: |at, filled| Ok(about(at, CaseCommand::Clear { reason: filled.given("reason") })),
    },
    Act {
        kind: CommandKind::CaseReview,
        of: CASE,
        word: "refuse",
        name: "Refuse the clearance",
        lede: "The case is open again.",
        makes_new: false,
        possible: |at| may(at, "refuse"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about(at, CaseCommand::Refuse { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::CaseAcknowledge,
        of: CASE,
        word: "acknowledge",
        name: "Acknowledge",
        lede: "The list is advisory: the hit was seen, and this is why it stands in nobody’s way.",
        makes_new: false,
        possible: |at| may(at, "acknowledge"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about(at, CaseCommand::Acknowledge { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::CaseEscalate,
        of: CASE,
        word: "escalate",
        name: "Escalate",
        lede: "It is for somebody else to decide, and stays open until then.",
        makes_new: false,
        possible: |at| may(at, "escalate"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about(at, CaseCommand::Escalate { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::CaseConfirm,
        of: CASE,
        word: "confirm",
        name: "Confirm the match",
        lede: "This is the listed party: nobody deals with it. Only another person can reopen the case.",
        makes_new: false,
        possible: |at| may(at, "confirm"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about(at, CaseCommand::Confirm { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::CaseReopen,
        of: CASE,
        word: "reopen",
        name: "Reopen",
        lede: "What was decided does not hold any more.",
        makes_new: false,
        possible: |at| may(at, "reopen"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about(at, CaseCommand::Reopen { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::ListSetPolicy,
        of: Some(SubjectKind::List),
        word: "policy",
        name: "Set the policy",
        lede: "What a hit on the list asks for, and how old an edition may be before it clears nobody.",
        makes_new: false,
        possible: |_| Ok(()),
        fields: &[
            Field::choice("standing", "What a hit asks for", STANDINGS)
                .starting(|at| policy(at).standing.word().to_owned()),
            Field::text("max_age", "Days for which an edition may be relied on", 4)
                .starting(|at| policy(at).max_age_days.to_string())
                .hint("From the last day on which it was known to be the publisher’s latest."),
            Field::reason(),
        ],
        read: set_policy,
    },
    Act {
        kind: CommandKind::ListSetPolicy,
        of: Some(SubjectKind::List),
        word: "address",
        name: "Set the address",
        lede: "From where “entente lists update” fetches the list.",
        makes_new: false,
        possible: |_| Ok(()),
        fields: &[
            Field::text("address", "Address", 2000)
                .optional()
                .hint("https://…; the publisher’s own, where it is left empty and that one is known.")
                .starting(address),
            Field::reason(),
        ],
        read: |at, filled| {
            let command =
                ListCommand::SetSource { address: filled.given("address"), reason: filled.text("reason") };
            Ok(Command::List { name: at.key(), command })
        },
    },
];

/// Whether whoever looks may take a step about the case.
fn may(at: &Standing, step: &'static str) -> Fallible<()> {
    let Stands::Case(view, account) = &at.stands else { return Ok(()) };
    check_step(&view.row.case, view.row.standing, account, step)
}

fn about(at: &Standing, command: CaseCommand) -> Command {
    Command::Case { number: at.key(), command }
}

fn policy(at: &Standing) -> ListPolicy {
    if let Stands::List(view) = &at.stands { view.row.list.policy } else { ListPolicy::default() }
}

fn address(at: &Standing) -> String {
    if let Stands::List(view) = &at.stands {
        view.row.list.source.clone().unwrap_or_default()
    } else {
        String::new()
    }
}

fn set_policy(at: &Standing, filled: &Filled) -> Fallible<Command> {
    let policy = ListPolicy { standing: filled.read("standing")?, max_age_days: filled.whole("max_age")? };
    let command = ListCommand::SetPolicy { policy, reason: filled.text("reason") };
    Ok(Command::List { name: at.key(), command })
}
