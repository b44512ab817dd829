//! Acts of re-exports: asked for on the page of a licence, examined, decided by two people, and what was passed on.

mod read;

pub(in crate::web::act) use read::of_reexport;

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::reexport::ReexportCommand;

use read::{
    about, another, asking, checks, consented, consented_lines, delivered, end_users, items, may, proposal,
    reexport, request, view,
};

use super::super::Act;
use super::super::field::Field;
use super::deciding::{STANDINGS, standing};
use super::{CRITERIA, RECORDS, kind_of, only, some};

const OF: Option<SubjectKind> = Some(SubjectKind::Reexport);

const PURPOSES: &[(&str, &str)] = &[
    ("defence", "Defence of the state"),
    ("mandated_operation", "Operation under a mandate of the United Nations"),
    ("police", "Police"),
    ("civil", "Civil use"),
    ("other", "Other"),
];

const ROLES: &[(&str, &str)] = &[
    ("ultimate_end_user", "Ultimate end user"),
    ("consignee", "Consignee"),
    ("broker", "Broker"),
    ("carrier", "Carrier"),
    ("bank", "Bank"),
];

const DECISIONS: &[(&str, &str)] = &[("consent", "Consent"), ("refuse", "Refuse")];

const PASSED: &[Field] = &[Field::decimal("quantity", "Quantity that is passed on").optional()];

const PARTIES: &[Field] = &[Field::choice("role", "Role", ROLES), Field::party("party", "Party", 60)];

const CONDITIONS: &[Field] = &[Field::long("text", "Condition")];

const SECOND: &str = "Another person proposed it. Everything is asked again as it is known now; what has changed since refuses the signature.";

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ReexportRequest,
        of: Some(SubjectKind::Licence),
        word: "request-reexport",
        name: "Register a request to re-export",
        lede: "The state that received goods under this licence asks to pass them on. A request about several licences is handed in through the API.",
        makes_new: true,
        possible: |at| some(&delivered(at), "Nothing went under it.", "a licence under which goods went"),
        fields: &[
            Field::on("Asked on"),
            Field::text("label", "Marking", 200)
                .starting(|at| at.label.as_ref().map(ToString::to_string).unwrap_or_default()),
            Field::text("title", "What it is about", 200),
            Field::party("authority", "Who asks", 60)
                .hint("An authority of the state that received the goods."),
            Field::each("items", "Line", delivered, PASSED),
            Field::whole("serials", "Serial numbers", 400_000)
                .optional()
                .hint("One to a line, or with commas between them."),
            Field::party("end_user", "New end user", 60),
            Field::rows("parties", "Other party", PARTIES),
            Field::text("destination", "State that the goods go to", 3).hint("By three letters."),
            Field::choice("purpose", "Stated purpose", PURPOSES),
            Field::long("end_use", "What for, in words"),
            Field::paper("The request"),
        ],
        read: |at, filled| Ok(Command::AskReexport(request(at, filled)?)),
    },
    Act {
        kind: CommandKind::ReexportCountersign,
        of: OF,
        word: "countersign",
        name: "Countersign the decision",
        lede: SECOND,
        makes_new: false,
        possible: |at| {
            may(at, "consent")?;
            another(at)
        },
        fields: &[Field::on("Signed on")],
        read: |at, filled| Ok(about(at, ReexportCommand::Countersign { on: filled.on()? })),
    },
    Act {
        kind: CommandKind::ReexportReturn,
        of: OF,
        word: "return",
        name: "Return the proposal",
        lede: "It is not signed, and is proposed again.",
        makes_new: false,
        possible: |at| {
            may(at, "return")?;
            another(at)
        },
        fields: &[Field::on("Returned on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, ReexportCommand::Return { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::ReexportPropose,
        of: OF,
        word: "propose",
        name: "Propose a decision",
        lede: "It waits for the signature of another person.",
        makes_new: false,
        possible: |at| may(at, "propose"),
        fields: &[
            Field::on("Proposed on"),
            Field::choice("decision", "Decision", DECISIONS),
            Field::day("valid_from", "Valid from").optional().starting(|at| at.today.to_string()),
            Field::day("valid_until", "Valid until").optional().hint("Of a consent; five years at most."),
            Field::rows("conditions", "Condition", CONDITIONS),
            Field::text("criteria", "Criteria of a refusal", 200).optional().hint(CRITERIA),
            Field::prose("reason", "Reason of the decision", 4000),
        ],
        read: |at, filled| {
            let proposal = proposal(filled)?;
            Ok(about(at, ReexportCommand::Propose { on: filled.on()?, proposal }))
        },
    },
    Act {
        kind: CommandKind::ReexportExamine,
        of: OF,
        word: "establish",
        name: "Establish an end user",
        lede: "Who it is, by the paper that shows it. What is not established is held.",
        makes_new: false,
        possible: |at| may(at, "establish"),
        fields: &[
            Field::on("Established on"),
            Field::from("party", "End user", end_users).starting(|at| only(&end_users(at))),
            Field::choice("standing", "It is", STANDINGS),
            Field::text("state", "State", 3)
                .optional()
                .hint("Of the authority, or of the government that authorised it.")
                .starting(|at| {
                    view(at)
                        .map(|view| view.reexport.requested.content.destination.clone())
                        .unwrap_or_default()
                }),
            Field::text("mission", "Operation", 60).optional().hint("By its name: MONUSCO."),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let command = ReexportCommand::Establish {
                on: filled.on()?,
                party: filled.text("party"),
                standing: standing(filled)?,
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ReexportExamine,
        of: OF,
        word: "rights",
        name: "Consider rights of third parties",
        lede: "Patents, secrecy, and what a licence to produce allows: consent is proposed once they were considered.",
        makes_new: false,
        possible: |at| may(at, "consider_rights"),
        fields: &[
            Field::on("Considered on"),
            Field::prose("finding", "What was found", 4000),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let command = ReexportCommand::ConsiderRights {
                on: filled.on()?,
                finding: filled.text("finding"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ReexportExamine,
        of: OF,
        word: "ground",
        name: "Record the ground",
        lede: "No certificate promised to ask before the goods are passed on: consent is proposed once it is on record on what ground it is asked for.",
        makes_new: false,
        possible: |at| {
            may(at, "ground")?;
            match reexport(at).is_none_or(|this| this.unbound().is_empty()) {
                false => Ok(()),
                true => Err(Refusal::new("reexport.bound", "The certificates of all licences bind.")
                    .missing("a licence without a certificate that binds")),
            }
        },
        fields: &[
            Field::on("Recorded on"),
            Field::long("ground", "Ground")
                .hint("A clause of a contract, an agreement, the law of the recipient."),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let command = ReexportCommand::Ground {
                on: filled.on()?,
                ground: filled.text("ground"),
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ReexportExamine,
        of: OF,
        word: "record",
        name: "Record what a check asks for",
        lede: "An approval, a notification, a consideration or a consultation, by which the check passes.",
        makes_new: false,
        possible: |at| {
            may(at, "record")?;
            some(&asking(at), "No check asks for a record.", "a check that something is to be recorded for")
        },
        fields: &[
            Field::on("Recorded on"),
            Field::from("check", "Check", asking).starting(|at| only(&asking(at))),
            Field::choice("kind", "What is recorded", RECORDS)
                .optional()
                .hint("What the check asks for, where none is chosen."),
            Field::text("reference", "Filed under", 100).hint("The number of the approval or of the letter."),
            Field::prose("reason", "Why it may be passed on", 4000)
                .optional()
                .hint("Where another state refused the same and was consulted."),
            Field::paper("The paper"),
        ],
        read: |at, filled| {
            let check = filled.text("check");
            let kind = kind_of(filled, checks(at), &check)?;
            let command = ReexportCommand::Record {
                on: filled.on()?,
                check,
                kind,
                reference: filled.text("reference"),
                document: filled.paper()?,
                reason: filled.given("reason"),
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ReexportReport,
        of: OF,
        word: "report",
        name: "Record what was passed on",
        lede: "As the recipient reports it: no more than was consented to, within its days.",
        makes_new: false,
        possible: |at| may(at, "report"),
        fields: &[
            Field::on("Passed on on"),
            Field::each("items", "Line", consented, PASSED),
            Field::paper("The report"),
        ],
        read: |at, filled| {
            let items = items(filled, consented_lines(at))?;
            let command = ReexportCommand::Report { on: filled.on()?, items, document: filled.paper()? };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ReexportClose,
        of: OF,
        word: "close",
        name: "Close the consent",
        lede: "Nothing more is passed on under it; what was not is left to be consented to again.",
        makes_new: false,
        possible: |at| may(at, "close"),
        fields: &[Field::on("Closed on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, ReexportCommand::Close { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::ReexportWithdraw,
        of: OF,
        word: "withdraw",
        name: "Record that it is withdrawn",
        lede: "The recipient asks no more.",
        makes_new: false,
        possible: |at| may(at, "withdraw"),
        fields: &[Field::on("Withdrawn on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, ReexportCommand::Withdraw { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::ReexportRevoke,
        of: OF,
        word: "revoke",
        name: "Revoke the consent",
        lede: "It cannot be taken back.",
        makes_new: false,
        possible: |at| may(at, "revoke"),
        fields: &[Field::on("Revoked on"), Field::reason()],
        read: |at, filled| {
            let reason = filled.text("reason");
            Ok(about(at, ReexportCommand::Revoke { on: filled.on()?, reason }))
        },
    },
];
