//! Acts of embargo rules: editions of rule files, and the policy of whose measures bind.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::embargo::{
    EditionCommand, LARGEST_TEXT, NewRuleFile, PolicyCommand, PolicyProposed, PolicyState, about,
    check_policy_step, check_step,
};
use entente_register::ledger::{Fallible, Refusal, SubjectKind};

use super::field::Field;
use super::filled::Filled;
use super::standing::Standing;
use super::{Act, Stands};
use crate::web::embargo::words;

const FILE: Option<SubjectKind> = Some(SubjectKind::Embargo);
const POLICY: Option<SubjectKind> = Some(SubjectKind::Policy);

const TEXT: Field = Field::whole("text", "The whole file", LARGEST_TEXT)
    .hint("TOML: one [[body]] alone, or one [[regime]] with its [[rule]] tables. A fault is named with its line and column.");

const CLAIMS: &[(&str, &str)] =
    &[("no", "Are shown, and do not bind"), ("yes", "Bind as if nobody disputed them")];

const SCOPE: &[(&str, &str)] =
    &[("yes", "Are held for the national order"), ("no", "Are not held on account of the measure")];

const SECOND: &str =
    "You are the second person. It comes into force at once, and what was in force before is replaced.";

pub(super) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::EmbargoPropose,
        of: None,
        word: "propose-rules",
        name: "Propose a rule file",
        lede: "A body, or a regime with its rules. It binds once another person confirms it.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: &[
            Field::text("file", "Name of the file", 200).hint("For people and for faults: libya.toml."),
            TEXT,
            Field::reason().hint("The resolution, and who compared the file with it."),
        ],
        read: |_, filled| {
            let (file, text) = (filled.text("file"), whole(filled));
            let id = about(&file, &text)?.id;
            Ok(propose(id, file, text, filled))
        },
    },
    Act {
        kind: CommandKind::EmbargoPropose,
        of: FILE,
        word: "propose",
        name: "Propose the next edition",
        lede: "What changed, or what became of a term, is said in the text. It binds once another person confirms it; until then what is in force stays so.",
        makes_new: false,
        possible: |at| match &at.stands {
            Stands::RuleFile(view, _) if view.file.waiting().is_some() => {
                Err(Refusal::new("embargo.waits", "An edition waits already.")
                    .missing("the confirmation, rejection or withdrawal of that edition"))
            }
            _ => Ok(()),
        },
        fields: &[
            TEXT.starting(|at| match &at.stands {
                Stands::RuleFile(view, _) => {
                    view.file.in_force.as_ref().unwrap_or(&view.file.latest).proposed.text.clone()
                }
                _ => String::new(),
            }),
            Field::reason()
                .hint("The resolution that renewed, ended or replaced a measure, or what was set right."),
        ],
        read: |at, filled| {
            let Stands::RuleFile(view, _) = &at.stands else { return Err(stray(at)) };
            let file = view.file.latest.proposed.file.clone();
            Ok(propose(at.key(), file, whole(filled), filled))
        },
    },
    Act {
        kind: CommandKind::EmbargoReview,
        of: FILE,
        word: "confirm",
        name: "Confirm the edition",
        lede: SECOND,
        makes_new: false,
        possible: |at| may(at, "confirm"),
        fields: &[Field::long("reason", "What there is to say beside the proposal").optional()],
        read: |at, filled| {
            let Stands::RuleFile(view, _) = &at.stands else { return Err(stray(at)) };
            let content = Some(view.file.latest.proposed.content.clone());
            Ok(about_file(at, EditionCommand::Confirm { content, reason: filled.given("reason") }))
        },
    },
    Act {
        kind: CommandKind::EmbargoReview,
        of: FILE,
        word: "reject",
        name: "Reject the edition",
        lede: "What was in force stays so.",
        makes_new: false,
        possible: |at| may(at, "reject"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about_file(at, EditionCommand::Reject { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::EmbargoWithdraw,
        of: FILE,
        word: "withdraw",
        name: "Withdraw the edition",
        lede: "You proposed it. What was in force stays so.",
        makes_new: false,
        possible: |at| may(at, "withdraw"),
        fields: &[Field::reason()],
        read: |at, filled| Ok(about_file(at, EditionCommand::Withdraw { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::PolicyPropose,
        of: POLICY,
        word: "propose",
        name: "Propose a policy",
        lede: "Whose measures bind; those of every other body are shown. It holds once another person confirms it.",
        makes_new: false,
        possible: |at| match &at.stands {
            Stands::Policy(view, _) if view.state.as_ref().is_some_and(|state| state.waiting().is_some()) => {
                Err(Refusal::new("policy.waits", "A change of the policy waits already.")
                    .missing("the confirmation, rejection or withdrawal of that change"))
            }
            _ => Ok(()),
        },
        fields: &[
            Field::text("binding", "Bodies whose measures bind", 500)
                .starting(|at| held(at).binding.into_iter().collect::<Vec<_>>().join(", "))
                .hint("With commas between. UNSC is always among them."),
            Field::choice("claims_bind", "Measures that some states only claim to be in force", CLAIMS)
                .starting(|at| yes_or_no(held(at).claims_bind)),
            Field::choice("hold_beyond_scope", "Arms that a measure leaves out by its items", SCOPE)
                .starting(|at| yes_or_no(held(at).hold_beyond_scope)),
            Field::reason().hint("The decision by which it is so."),
        ],
        read: |_, filled| {
            let policy = PolicyProposed {
                binding: words(filled.get("binding")).into_iter().collect(),
                claims_bind: filled.get("claims_bind") == "yes",
                hold_beyond_scope: filled.get("hold_beyond_scope") == "yes",
            };
            Ok(Command::Policy(PolicyCommand::Propose { policy, reason: filled.text("reason") }))
        },
    },
    Act {
        kind: CommandKind::PolicyReview,
        of: POLICY,
        word: "confirm",
        name: "Confirm the policy",
        lede: SECOND,
        makes_new: false,
        possible: |at| may(at, "confirm"),
        fields: &[Field::long("reason", "What there is to say beside the proposal").optional()],
        read: |_, filled| Ok(Command::Policy(PolicyCommand::Confirm { reason: filled.given("reason") })),
    },
    Act {
        kind: CommandKind::PolicyReview,
        of: POLICY,
        word: "reject",
        name: "Reject the policy",
        lede: "What was in force stays so.",
        makes_new: false,
        possible: |at| may(at, "reject"),
        fields: &[Field::reason()],
        read: |_, filled| Ok(Command::Policy(PolicyCommand::Reject { reason: filled.text("reason") })),
    },
    Act {
        kind: CommandKind::PolicyWithdraw,
        of: POLICY,
        word: "withdraw",
        name: "Withdraw the policy",
        lede: "You proposed it. What was in force stays so.",
        makes_new: false,
        possible: |at| may(at, "withdraw"),
        fields: &[Field::reason()],
        read: |_, filled| Ok(Command::Policy(PolicyCommand::Withdraw { reason: filled.text("reason") })),
    },
];

/// Whether whoever looks may take a step about what waits.
fn may(at: &Standing, step: &'static str) -> Fallible<()> {
    match &at.stands {
        Stands::RuleFile(view, account) => check_step(&view.file, account, step),
        Stands::Policy(view, account) => match &view.state {
            Some(state) => check_policy_step(state, account, step),
            None => Err(Refusal::new("policy.state", "No change of the policy waits.")
                .missing("a change that another person proposed")),
        },
        _ => Ok(()),
    }
}

/// The text as a file ends.
fn whole(filled: &Filled) -> String {
    format!("{}\n", filled.get("text"))
}

fn propose(id: String, file: String, text: String, filled: &Filled) -> Command {
    let new = NewRuleFile { file, text, reason: filled.text("reason") };
    Command::Embargo { id, command: EditionCommand::Propose(new) }
}

fn about_file(at: &Standing, command: EditionCommand) -> Command {
    Command::Embargo { id: at.key(), command }
}

fn stray(at: &Standing) -> Refusal {
    Refusal::not_found("embargo", &at.key())
}

/// The policy that is in force, or the default.
fn held(at: &Standing) -> PolicyProposed {
    let Stands::Policy(view, _) = &at.stands else { return PolicyProposed::default() };
    let in_force = |state: &PolicyState| state.in_force.as_ref().map(|change| change.policy.clone());
    view.state.as_ref().and_then(in_force).unwrap_or_default()
}

fn yes_or_no(value: bool) -> String {
    if value { "yes" } else { "no" }.to_owned()
}
