//! Acts of re-exports: asked for on the page of a licence, examined, decided by two people, and what was passed on.

use entente_register::access::CommandKind;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, SubjectKind};
use entente_register::money::Quantity;
use entente_register::transfer::check::{Check, is_settled};
use entente_register::transfer::content::{StatedPurpose, TransferParty};
use entente_register::transfer::reexport::{
    MACHINE, NewReexport, Reexport, ReexportCommand, ReexportItem, ReexportProposal,
};
use entente_store::reader::ReexportView;

use super::super::Act;
use super::super::field::{Choices, Field};
use super::super::filled::Filled;
use super::super::standing::{Standing, Stands, papers};
use super::deciding::{RECORDS, STANDINGS, standing};
use super::{CRITERIA, criteria, only, some};
use crate::web::line::counted;
use crate::web::show;

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
        lede: "An approval, a notification or a consideration, by which the check passes.",
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
            Field::paper("The paper"),
        ],
        read: |at, filled| {
            let check = filled.text("check");
            let needed = checks(at).iter().find(|one| one.key() == check).and_then(|one| one.needs);
            let kind = match (filled.read_given("kind")?, needed) {
                (Some(kind), _) => kind,
                (None, Some(needed)) => needed,
                (None, None) => filled.read("kind")?,
            };
            let command = ReexportCommand::Record {
                on: filled.on()?,
                check,
                kind,
                reference: filled.text("reference"),
                document: filled.paper()?,
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

fn view(at: &Standing) -> Option<&ReexportView> {
    if let Stands::Reexport(view, _) = &at.stands { Some(view) } else { None }
}

fn reexport(at: &Standing) -> Option<&Reexport> {
    view(at).map(|view| &view.reexport)
}

fn about(at: &Standing, command: ReexportCommand) -> Command {
    Command::Reexport { number: at.key(), command }
}

fn may(at: &Standing, step: &str) -> Fallible<()> {
    MACHINE.next(&at.state, step).map(drop)
}

/// Whether another person than whoever looks proposed the decision.
fn another(at: &Standing) -> Fallible<()> {
    match &at.stands {
        Stands::Reexport(view, account) => view.reexport.check_another(account),
        _ => Ok(()),
    }
}

fn checks(at: &Standing) -> &[Check] {
    view(at).map(|view| view.checks.as_slice()).unwrap_or_default()
}

/// Checks that ask for a record, those that have none first.
fn asking(at: &Standing) -> Choices {
    let Some(this) = reexport(at) else { return Vec::new() };
    let mut asking: Vec<&Check> = checks(at).iter().filter(|check| check.needs.is_some()).collect();
    asking.sort_by_key(|check| is_settled(check, &this.on_record));
    let words = |check: &Check| {
        let needs = check.needs.map(|needs| needs.name()).unwrap_or_default();
        let done = if is_settled(check, &this.on_record) { "; recorded" } else { "" };
        format!("{}: {}: {needs}{done}", show::capital(check.kind.name()), check.words())
    };
    asking.into_iter().map(|check| (check.key(), words(check))).collect()
}

/// End users of the request, those that are not established first.
fn end_users(at: &Standing) -> Choices {
    let Some(view) = view(at) else { return Vec::new() };
    let this = &view.reexport;
    let mut users: Vec<&str> = this.requested.content.end_users().into_iter().collect();
    users.sort_by_key(|party| this.end_users.contains_key(*party));
    let named = |party: &str| match view.parties.get(party) {
        Some(name) => format!("{name} ({party})"),
        None => party.to_owned(),
    };
    users.into_iter().map(|party| (party.to_owned(), named(party))).collect()
}

/// A line of a licence, and what it is in words.
type OfLine = (String, u32, String);

/// Lines of a licence of which something went.
fn delivered_lines(at: &Standing) -> Vec<OfLine> {
    let Stands::Licence(view, _) = &at.stands else { return Vec::new() };
    let this = &view.licence;
    let went = |line: u32| this.written_off.values().any(|(_, written)| written.line == line);
    let lines = this.issued.lines.iter().filter(|line| went(line.number));
    lines
        .map(|line| {
            let left = this.left(line.number).map_or(line.quantity, |left| left.quantity);
            let gone = counted(Quantity(line.quantity.0.saturating_sub(left.0)), line.unit);
            let words = format!("Line {}: {}, {gone} went", line.number, line.description);
            (this.number.clone(), line.number, words)
        })
        .collect()
}

/// Lines of a consent, with what is left of each.
fn consented_lines(at: &Standing) -> Vec<OfLine> {
    let Some(this) = reexport(at) else { return Vec::new() };
    let reported = this.reported();
    let sums = entente_register::transfer::reexport::sums(&this.requested.items);
    sums.into_iter()
        .map(|((licence, line), quantity)| {
            let gone = reported.get(&(licence.clone(), line)).copied().unwrap_or_default();
            let left = Quantity(quantity.0.saturating_sub(gone.0));
            let words = format!("Licence {licence}, line {line}: {left} of {quantity} left");
            (licence, line, words)
        })
        .collect()
}

/// The key of each in the names of fields, and what it is.
fn keyed(lines: Vec<OfLine>) -> Choices {
    lines.into_iter().enumerate().map(|(place, (.., words))| (format!("[{place}]"), words)).collect()
}

fn delivered(at: &Standing) -> Choices {
    keyed(delivered_lines(at))
}

fn consented(at: &Standing) -> Choices {
    keyed(consented_lines(at))
}

/// The lines of which a quantity was filled in.
fn items(filled: &Filled, lines: Vec<OfLine>) -> Fallible<Vec<ReexportItem>> {
    let mut items = Vec::new();
    for (place, (licence, line, _)) in lines.into_iter().enumerate() {
        let field = format!("items[{place}].quantity");
        if filled.given(&field).is_some() {
            items.push(ReexportItem { licence, line, quantity: filled.quantity(&field)? });
        }
    }
    if items.is_empty() {
        return Err(Refusal::new("reexport.items", "No quantity was filled in.")
            .field("items[0].quantity")
            .missing("how much of a line is passed on"));
    }
    Ok(items)
}

fn request(at: &Standing, filled: &Filled) -> Fallible<NewReexport> {
    let serials =
        filled.get("serials").split([',', ';', '\n']).map(str::trim).filter(|serial| !serial.is_empty());
    let parties = filled.rows("parties").into_iter().map(|place| {
        let field = |name: &str| format!("parties[{place}].{name}");
        Ok(TransferParty { role: filled.read(&field("role"))?, party: filled.text(&field("party")) })
    });
    Ok(NewReexport {
        on: filled.on()?,
        label: filled.read("label")?,
        title: filled.text("title"),
        authority: filled.text("authority"),
        items: items(filled, delivered_lines(at))?,
        serials: serials.map(str::to_owned).collect(),
        end_user: filled.text("end_user"),
        parties: parties.collect::<Fallible<_>>()?,
        destination: filled.text("destination").to_uppercase(),
        purpose: filled.read::<StatedPurpose>("purpose")?,
        end_use: filled.text("end_use"),
        document: filled.paper()?,
    })
}

fn proposal(filled: &Filled) -> Fallible<ReexportProposal> {
    let consents = match filled.get("decision") {
        "consent" => true,
        "refuse" => false,
        _ => {
            return Err(Refusal::new("reexport.decision", "What is decided was not said.")
                .field("decision")
                .missing("consent or refuse"));
        }
    };
    let conditions =
        filled.rows("conditions").into_iter().map(|place| filled.text(&format!("conditions[{place}].text")));
    let conditions: Vec<String> = conditions.collect();
    let (mut valid_from, valid_until) = (filled.day_given("valid_from")?, filled.day_given("valid_until")?);
    // The form starts with a first day of validity; a refusal has none.
    if !consents && valid_until.is_none() && conditions.is_empty() {
        valid_from = None;
    }
    let criteria = criteria(filled, "criteria")?;
    Ok(ReexportProposal {
        consents,
        valid_from,
        valid_until,
        conditions,
        criteria,
        reason: filled.text("reason"),
    })
}

/// A re-export: what is asked for, and what is proposed.
pub(in crate::web::act) fn of_reexport(view: &ReexportView, new: Standing) -> Standing {
    let this = &view.reexport;
    let content = &this.requested.content;
    let name = |party: &str| view.parties.get(party).cloned().unwrap_or_else(|| party.to_owned());
    let user = content.end_users().into_iter().next().unwrap_or_default();
    let mut facts = vec![
        ("Re-export", content.title.clone()),
        ("State", show::capital(this.state)),
        ("From", view.origin_name.clone()),
        ("To", format!("{}, {}", name(user), view.destination_name)),
    ];
    if let Some((by, proposal)) = &this.proposal {
        let what = if proposal.consents { "Consent" } else { "Refusal" };
        facts.push(("Proposed", what.to_owned()));
        facts.push(("Proposed by", format!("{by}: {}", proposal.reason)));
    }
    Standing {
        subject: Some(SubjectKind::Reexport.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}
