//! Acts of whoever applies: an application is drafted, changed, submitted, answered for, withdrawn, appealed for.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, SubjectKind};
use entente_register::transfer::application::ApplicationCommand;
use entente_register::transfer::ledger::NewApplication;

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::Standing;
use super::content::{
    ADVANCE_OPINION, APPLICANT, BY_LINE, BY_ROLE, CONTRACT, CURRENCY, DESTINATION, END_USE, EXCEPTION, KIND,
    ORIGIN, PURPOSE, REQUEST, RETURN_BY, ROUTE, TITLE, fits, read,
};
use super::{OF, about, application, may, only, some};

const DRAFT: &str = "A draft is seen and changed until it is submitted, and may lack what is not known yet. Each line is checked against embargo rules by its class.";

const DRAFTED: &[Field] = &[
    Field::on("Drafted on"),
    REQUEST,
    KIND,
    TITLE,
    APPLICANT,
    DESTINATION,
    ORIGIN,
    ROUTE,
    CONTRACT,
    ADVANCE_OPINION,
    BY_ROLE,
    CURRENCY,
    BY_LINE,
    PURPOSE,
    END_USE,
    EXCEPTION,
    RETURN_BY,
    Field::text("label", "Marking", 120).starting(|at| match &at.label {
        Some(label) => label.to_string(),
        None => "OFFICIAL".to_owned(),
    }),
    Field::paper("A paper that comes with it")
        .optional()
        .hint("Further papers are added by changing the draft."),
];

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ApplicationDraft,
        of: None,
        word: "draft-application",
        name: "Draft an application",
        lede: DRAFT,
        makes_new: true,
        possible: |_| Ok(()),
        fields: DRAFTED,
        read: |_, filled| draft(filled),
    },
    Act {
        kind: CommandKind::ApplicationDraft,
        of: Some(SubjectKind::Contract),
        word: "apply",
        name: "Apply for a transfer",
        lede: "An application for what the contract is about: lines and parties stand as the contract has them. Take out what is not applied for by emptying its fields.",
        makes_new: true,
        possible: |_| Ok(()),
        fields: DRAFTED,
        read: |_, filled| draft(filled),
    },
    Act {
        kind: CommandKind::ApplicationDraft,
        of: OF,
        word: "copy",
        name: "Draft another like it",
        lede: "A new draft that begins as this application stands. Its papers do not go with it, and nothing that was said of this one.",
        makes_new: true,
        possible: fits,
        fields: DRAFTED,
        read: |_, filled| draft(filled),
    },
    Act {
        kind: CommandKind::ApplicationSubmit,
        of: OF,
        word: "submit",
        name: "Submit",
        lede: "It is then checked and decided on. A change afterwards takes back what was said of it.",
        makes_new: false,
        possible: |at| may(at, "submit"),
        fields: &[Field::on("Submitted on")],
        read: |at, filled| Ok(about(at, ApplicationCommand::Submit { on: filled.on()? })),
    },
    Act {
        kind: CommandKind::ApplicationAnswer,
        of: OF,
        word: "answer",
        name: "Answer a question",
        lede: "The clock of the application runs again once no question is open.",
        makes_new: false,
        possible: |at| {
            may(at, "answer")?;
            some(&questions(at), "No question waits for an answer.", "a question that is open")
        },
        fields: &[
            Field::from("question", "Question", questions).starting(|at| only(&questions(at))),
            Field::on("Answered on"),
            Field::prose("text", "Answer", 4000),
            Field::paper("A paper that comes with it").optional(),
        ],
        read: |at, filled| {
            let command = ApplicationCommand::Answer {
                on: filled.on()?,
                question: filled.whole("question")?,
                text: filled.text("text"),
                documents: filled.paper_given()?.into_iter().collect(),
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ApplicationRevise,
        of: OF,
        word: "revise",
        name: "Change the application",
        lede: "Once it is submitted, a change takes back the opinions, the assessment, what was recorded of its checks, and a proposal that waits.",
        makes_new: false,
        possible: |at| {
            may(at, "revise")?;
            fits(at)
        },
        fields: &[
            Field::on("Changed on"),
            Field::reason(),
            REQUEST,
            KIND,
            TITLE,
            APPLICANT,
            DESTINATION,
            ORIGIN,
            ROUTE,
            CONTRACT,
            ADVANCE_OPINION,
            BY_ROLE,
            CURRENCY,
            BY_LINE,
            PURPOSE,
            END_USE,
            EXCEPTION,
            RETURN_BY,
            Field::paper("A further paper").optional().hint("Those that it has already stay."),
        ],
        read: |at, filled| {
            let papers = application(at).map(|this| this.content.documents.clone()).unwrap_or_default();
            let command = ApplicationCommand::Revise {
                on: filled.on()?,
                content: Box::new(read(filled, &papers)?),
                reason: filled.text("reason"),
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ApplicationDiscard,
        of: OF,
        word: "discard",
        name: "Discard the draft",
        lede: "It is not taken up again.",
        makes_new: false,
        possible: |at| may(at, "discard"),
        fields: &[Field::on("Discarded on")],
        read: |at, filled| Ok(about(at, ApplicationCommand::Discard { on: filled.on()? })),
    },
    Act {
        kind: CommandKind::ApplicationWithdraw,
        of: OF,
        word: "withdraw",
        name: "Withdraw the application",
        lede: "It is not taken up again.",
        makes_new: false,
        possible: |at| may(at, "withdraw"),
        fields: &[Field::on("Withdrawn on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, ApplicationCommand::Withdraw { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::ApplicationAppeal,
        of: OF,
        word: "appeal",
        name: "Appeal against the refusal",
        lede: "It is judged anew: agencies give their opinion again, and it is weighed again.",
        makes_new: false,
        possible: |at| may(at, "appeal"),
        fields: &[Field::on("Appealed on"), Field::reason(), Field::paper("The appeal").optional()],
        read: |at, filled| {
            let command = ApplicationCommand::Appeal {
                on: filled.on()?,
                reason: filled.text("reason"),
                document: filled.paper_given()?,
            };
            Ok(about(at, command))
        },
    },
];

fn draft(filled: &Filled) -> Fallible<Command> {
    Ok(Command::Draft(NewApplication {
        on: filled.on()?,
        label: filled.read("label")?,
        content: Box::new(read(filled, &[])?),
    }))
}

/// Questions that wait for an answer.
fn questions(at: &Standing) -> Choices {
    let Some(this) = application(at) else { return Vec::new() };
    this.open_questions()
        .map(|one| (one.number.to_string(), format!("{}. {}", one.number, one.text)))
        .collect()
}
