//! Acts of licensing officers and of those who sign beside them: questions, end users, records, and the decision.

use entente_register::access::CommandKind;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::application::{ApplicationCommand, Condition, LineDecision, Proposal};
use entente_register::transfer::check::{Check, EndUserStanding};
use entente_register::transfer::opinion::{Combined, combine};

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::Standing;
use super::{
    CRITERIA, OF, RECORDS, about, application, asking_of, criteria, kind_of, lines, may, named, only, some,
    typed, view,
};

pub(super) const STANDINGS: &[(&str, &str)] = &[
    ("authority", "An authority of a recognised government"),
    ("authorised", "Authorised by such a government"),
    ("mission", "An operation under a mandate of the United Nations"),
    ("non_state", "Serves no government, and none has authorised it"),
];

const DECISIONS: &[(&str, &str)] = &[("grant", "Grant"), ("refuse", "Refuse")];

const RULES: &[(&str, &str)] =
    &[("strictest", "What one agency refuses is refused"), ("chair", "The chair decides, and signs")];

const DECIDED: &[Field] = &[
    Field::choice("decision", "Decision", DECISIONS),
    Field::text("criteria", "Criteria", 200).optional().hint(CRITERIA),
    Field::long("reason", "Reason of the refusal").optional(),
];

const CONDITIONS: &[Field] = &[
    Field::long("text", "What is to be done"),
    Field::day("due_on", "By").hint("Before the first shipment, where no day is said."),
];

const SECOND: &str = "Another person proposed it. Everything is asked again as it is known now; what has changed since refuses the signature.";

pub(in crate::web::act) const ACTS: &[Act] = &[
    Act {
        kind: CommandKind::ApplicationCountersign,
        of: OF,
        word: "countersign",
        name: "Countersign the decision",
        lede: SECOND,
        makes_new: false,
        possible: |at| {
            may(at, "countersign")?;
            another(at)
        },
        fields: &[Field::on("Signed on")],
        read: |at, filled| Ok(about(at, ApplicationCommand::Countersign { on: filled.on()? })),
    },
    Act {
        kind: CommandKind::ApplicationReturn,
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
            Ok(about(at, ApplicationCommand::Return { on: filled.on()?, reason }))
        },
    },
    Act {
        kind: CommandKind::ApplicationPropose,
        of: OF,
        word: "propose",
        name: "Propose a decision",
        lede: "It waits for the signature of another person. Lines that an agency refuses start as refused, and what agencies ask for starts as a condition.",
        makes_new: false,
        possible: |at| may(at, "propose"),
        fields: &[
            Field::on("Proposed on"),
            Field::each("lines", "Line", lines, DECIDED).filled(decisions),
            Field::day("valid_from", "Valid from").optional().starting(|at| at.today.to_string()),
            Field::day("valid_until", "Valid until")
                .optional()
                .hint("Of what is granted; five years at most."),
            Field::rows("conditions", "Condition", CONDITIONS).filled(conditions),
            Field::text("verification_days", "Deliveries are verified within", 4)
                .optional()
                .hint("Days after a shipment; 90 where none are given."),
            Field::choice("rule", "Where agencies disagree", RULES).starting(|_| "strictest".to_owned()),
            Field::prose("reason", "Reason of the decision", 4000),
        ],
        read: |at, filled| {
            let on = filled.on()?;
            Ok(about(at, ApplicationCommand::Propose { on, proposal: proposal(at, filled)? }))
        },
    },
    Act {
        kind: CommandKind::ApplicationAsk,
        of: OF,
        word: "ask",
        name: "Ask the applicant",
        lede: "The clock stops until it is answered.",
        makes_new: false,
        possible: |at| may(at, "ask"),
        fields: &[Field::on("Asked on"), Field::prose("text", "Question", 2000)],
        read: |at, filled| {
            let text = filled.text("text");
            Ok(about(at, ApplicationCommand::Ask { on: filled.on()?, text }))
        },
    },
    Act {
        kind: CommandKind::ApplicationEstablish,
        of: OF,
        word: "establish",
        name: "Establish an end user",
        lede: "Who it is, by the paper that shows it. What is not established is held.",
        makes_new: false,
        possible: |at| {
            may(at, "establish")?;
            some(&end_users(at), "The application names no end user.", "an end user")
        },
        fields: &[
            Field::on("Established on"),
            Field::from("party", "End user", end_users).starting(|at| only(&end_users(at))),
            Field::choice("standing", "It is", STANDINGS),
            Field::text("state", "State", 3)
                .optional()
                .hint("Of the authority, or of the government that authorised it.")
                .starting(|at| {
                    application(at).map(|this| this.content.destination.clone()).unwrap_or_default()
                }),
            Field::text("mission", "Operation", 60).optional().hint("By its name: MONUSCO."),
            Field::paper("The paper that shows it"),
        ],
        read: |at, filled| {
            let command = ApplicationCommand::Establish {
                on: filled.on()?,
                party: filled.text("party"),
                standing: standing(filled)?,
                document: filled.paper()?,
            };
            Ok(about(at, command))
        },
    },
    Act {
        kind: CommandKind::ApplicationRecord,
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
            Field::prose("reason", "Why the transfer goes on", 4000)
                .optional()
                .hint("Where another state refused the same and was consulted."),
            Field::paper("The paper"),
        ],
        read: |at, filled| {
            let check = filled.text("check");
            let kind = kind_of(filled, checks(at), &check)?;
            let command = ApplicationCommand::Record {
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
];

/// Whether another person than whoever looks proposed the decision.
fn another(at: &Standing) -> Fallible<()> {
    view(at).map_or(Ok(()), |(view, account)| view.application.check_another(account))
}

fn checks(at: &Standing) -> &[Check] {
    view(at).and_then(|(view, _)| view.checks.as_deref()).unwrap_or_default()
}

/// Checks that ask for a record, those that have none first.
fn asking(at: &Standing) -> Choices {
    application(at).map(|this| asking_of(checks(at), &this.on_record)).unwrap_or_default()
}

/// End users of the application, those that are not established first.
fn end_users(at: &Standing) -> Choices {
    let Some((view, _)) = view(at) else { return Vec::new() };
    let this = &view.application;
    let mut users: Vec<&str> = this.content.end_users().into_iter().collect();
    users.sort_by_key(|party| this.end_users.contains_key(*party));
    users.into_iter().map(|party| (party.to_owned(), named(view, party))).collect()
}

pub(super) fn standing(filled: &Filled) -> Fallible<EndUserStanding> {
    let state = || {
        let state = filled.text("state").to_uppercase();
        match state.is_empty() {
            false => Ok(state),
            true => Err(Refusal::new("transfer.state", "Of which state it is was not said.")
                .field("state")
                .missing("the state, by three letters")),
        }
    };
    match filled.get("standing") {
        "authority" => Ok(EndUserStanding::Authority { state: state()? }),
        "authorised" => Ok(EndUserStanding::Authorised { state: state()? }),
        "mission" => match filled.given("mission") {
            Some(name) => Ok(EndUserStanding::Mission { name }),
            None => Err(Refusal::new("transfer.mission", "Which operation it is was not said.")
                .field("mission")
                .missing("the name of the operation")),
        },
        "non_state" => Ok(EndUserStanding::NonState),
        _ => Err(Refusal::new("transfer.standing", "Who the end user is was not said.")
            .field("standing")
            .missing("one of those to choose from")),
    }
}

/// What the agencies say of the line of a place together.
fn together(at: &Standing, place: usize) -> Combined<'_> {
    application(at).map(|this| combine(this.opinions(), place)).unwrap_or_default()
}

/// What a proposal starts with: what was proposed before; else what follows of what agencies say.
fn decisions(at: &Standing) -> Choices {
    let mut started = Vec::new();
    for place in 0..lines(at).len() {
        let combined = together(at, place);
        let (decision, reason) = match combined.refuse.as_slice() {
            [] => ("grant", String::new()),
            _ => ("refuse", reasons(at, place)),
        };
        let field = |name: &str| format!("lines[{place}].{name}");
        started.push((field("decision"), decision.to_owned()));
        started.push((field("criteria"), typed(&combined.criteria)));
        started.push((field("reason"), reason));
    }
    started
}

/// Why agencies refuse a line.
fn reasons(at: &Standing, place: usize) -> String {
    use entente_register::transfer::opinion::Stance;
    let Some(this) = application(at) else { return String::new() };
    let reasons = this.opinions().filter_map(|opinion| match opinion.lines.get(place) {
        Some(Stance::Refuse { reason, .. }) => Some(reason.as_str()),
        _ => None,
    });
    reasons.collect::<Vec<_>>().join(" ").chars().take(1000).collect()
}

/// What agencies ask for, each once.
fn conditions(at: &Standing) -> Choices {
    let mut texts: Vec<String> = Vec::new();
    for place in 0..lines(at).len() {
        for (_, condition) in together(at, place).conditions {
            if !texts.iter().any(|text| text == condition) {
                texts.push(condition.to_owned());
            }
        }
    }
    let field = |(place, text)| (format!("conditions[{place}].text"), text);
    texts.into_iter().enumerate().map(field).collect()
}

fn proposal(at: &Standing, filled: &Filled) -> Fallible<Proposal> {
    let lines = (0..lines(at).len()).map(|place| {
        let field = |name: &str| format!("lines[{place}].{name}");
        match filled.get(&field("decision")) {
            "grant" => Ok(LineDecision::Grant),
            "refuse" => Ok(LineDecision::Refuse {
                criteria: criteria(filled, &field("criteria"))?,
                reason: filled.text(&field("reason")),
            }),
            _ => Err(Refusal::new("transfer.decision", format!("Line {} is not decided on.", place + 1))
                .field(field("decision"))
                .missing("grant or refuse")),
        }
    });
    let lines = lines.collect::<Fallible<Vec<_>>>()?;
    let conditions = filled.rows("conditions").into_iter().map(|place| {
        let field = |name: &str| format!("conditions[{place}].{name}");
        Ok(Condition { text: filled.text(&field("text")), due_on: filled.day_given(&field("due_on"))? })
    });
    let conditions = conditions.collect::<Fallible<Vec<_>>>()?;
    let (mut valid_from, valid_until) = (filled.day_given("valid_from")?, filled.day_given("valid_until")?);
    // The form starts with a first day of validity; what is refused as a whole has none.
    if !lines.contains(&LineDecision::Grant) && valid_until.is_none() && conditions.is_empty() {
        valid_from = None;
    }
    let (rule, reason) = (filled.read("rule")?, filled.text("reason"));
    let verification_days =
        filled.given("verification_days").map(|_| filled.whole("verification_days")).transpose()?;
    Ok(Proposal { lines, valid_from, valid_until, conditions, verification_days, rule, reason })
}
