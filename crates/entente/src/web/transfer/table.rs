//! What stands on the pages of applications and licences, for spreadsheets: what a page does not show, its tables have not.

use axum::extract::Path;
use entente_register::transfer::application::{Application, LineDecision, Proposal};
use entente_register::transfer::check::{Check, OnRecord};
use entente_register::transfer::licence::Licence;
use entente_store::reader::{ApplicationView, LicenceView};
use jiff::civil::Date;

use super::application::standing;
use super::check::{ChecksView, outcome, sorted};
use super::decision::what;
use super::licence::line_numbers;
use super::opinion::stance;
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::spreadsheet::{Table, amount, day, minor, optional, text, yes};
use crate::web::visit::Visit;

/// A table of an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfApplication {
    /// What is transferred.
    Lines,
    /// Parties by role.
    Parties,
    /// The checks as they are.
    Checks,
    /// What agencies say of each line.
    Opinions,
    /// The worksheet.
    Assessment,
    /// What is proposed and was decided, line by line.
    Decisions,
    /// The checks on which decisions rest.
    Grounds,
}

/// `GET /applications/{number}/lines.csv` and the like.
pub(in crate::web) async fn of_application(
    visit: Visit,
    number: Path<String>,
    of: OfApplication,
    kind: Kind,
) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.application(&number).await?;
    let this = &found.application;
    let table = match of {
        OfApplication::Lines => lines(this),
        OfApplication::Parties => parties(&found),
        OfApplication::Checks => {
            checks("checks", &this.number, found.checks.as_deref().unwrap_or_default(), &this.on_record)
        }
        OfApplication::Opinions => opinions(this),
        OfApplication::Assessment => assessment(this),
        OfApplication::Decisions => decisions(this),
        OfApplication::Grounds => {
            let all: Vec<Check> =
                this.decisions.iter().flat_map(|decision| decision.checks.iter().cloned()).collect();
            checks("grounds", &this.number, &all, &this.on_record)
        }
    };
    table.answer(kind, reader.as_of()).await
}

fn lines(this: &Application) -> Table {
    let rows = this.content.lines.iter().zip(1..).map(|(line, number)| {
        vec![
            text(&this.number),
            Out::Whole(number),
            text(&line.description),
            text(&line.category),
            text(line.class.word()),
            yes(line.part),
            line.non_lethal.map_or(Out::Empty, yes),
            Out::Amount(line.quantity.to_string()),
            text(line.unit.code()),
            amount(line.unit_price),
            line.value().map_or(Out::Empty, |value| minor(value, line.unit_price.currency)),
            text(line.unit_price.currency.code()),
            optional(line.contract_line.as_deref()),
        ]
    });
    Table {
        name: "lines",
        columns: &[
            "application",
            "line",
            "description",
            "category",
            "class",
            "part",
            "non_lethal",
            "quantity",
            "unit",
            "unit_price",
            "value",
            "currency",
            "contract_line",
        ],
        rows: rows.collect(),
    }
}

fn parties(found: &ApplicationView) -> Table {
    let this = &found.application;
    let rows = this.content.parties.iter().map(|one| {
        vec![
            text(&this.number),
            text(one.role.word()),
            text(&one.party),
            optional(found.parties.get(&one.party).map(String::as_str)),
            optional(this.end_users.get(&one.party).map(standing)),
        ]
    });
    Table {
        name: "parties",
        columns: &["application", "role", "party", "name", "established_as"],
        rows: rows.collect(),
    }
}

pub(super) fn checks(name: &'static str, of: &str, checks: &[Check], on_record: &OnRecord) -> Table {
    let rows = sorted(checks, on_record).into_iter().map(|check| {
        vec![
            text(of),
            text(outcome(check, on_record)),
            text(check.kind.word()),
            check.line.map_or(Out::Empty, |line| Out::Whole(i64::from(line))),
            text(&check.about),
            text(&check.why),
            text(&check.source),
            text(&check.edition),
            optional(check.needs.map(|needs| needs.word())),
            optional(on_record.get(&check.key()).map(|held| held.word())),
        ]
    });
    Table {
        name,
        columns: &[
            "of",
            "outcome",
            "check",
            "line",
            "about",
            "why",
            "source",
            "edition",
            "needs",
            "on_record",
        ],
        rows: rows.collect(),
    }
}

fn opinions(this: &Application) -> Table {
    let mut rows = Vec::new();
    for (agency, consulted) in &this.consulted {
        for (place, line) in this.content.lines.iter().enumerate() {
            let said = consulted.opinion.as_ref().and_then(|opinion| opinion.lines.get(place));
            let said = stance(said);
            rows.push(vec![
                text(&this.number),
                text(agency),
                Out::Date(consulted.asked_on),
                Out::Date(consulted.due_on),
                Out::Whole(i64::try_from(place + 1).unwrap_or(i64::MAX)),
                text(&line.description),
                text(said.shape),
                text(said.criteria),
                text(said.words),
            ]);
        }
    }
    Table {
        name: "opinions",
        columns: &[
            "application",
            "agency",
            "asked_on",
            "due_on",
            "line",
            "description",
            "stance",
            "criteria",
            "condition_or_reason",
        ],
        rows,
    }
}

fn assessment(this: &Application) -> Table {
    let rows = this.assessment.iter().flat_map(|(by, assessment)| {
        assessment.weighed.iter().map(move |(criterion, one)| {
            vec![
                text(&this.number),
                text(criterion.word()),
                text(one.risk.word()),
                text(&one.evidence),
                optional(one.mitigation.as_deref()),
                text(by),
            ]
        })
    });
    Table {
        name: "assessment",
        columns: &["application", "criterion", "risk", "evidence", "mitigation", "assessed_by"],
        rows: rows.collect(),
    }
}

fn decisions(this: &Application) -> Table {
    let mut rows = Vec::new();
    let mut put = |on: Out, state: &str, proposal: &Proposal| {
        for (place, line) in proposal.lines.iter().enumerate() {
            let (decision, criteria, reason) = match line {
                LineDecision::Grant => ("grant", Out::Empty, Out::Empty),
                LineDecision::Refuse { criteria, reason } => {
                    let words: Vec<&str> = criteria.iter().map(|one| one.word()).collect();
                    ("refuse", text(words.join(", ")), text(reason))
                }
            };
            let description = this.content.lines.get(place).map(|line| line.description.as_str());
            rows.push(vec![
                text(&this.number),
                on.clone(),
                text(state),
                text(what(this.content.request, proposal)),
                Out::Whole(i64::try_from(place + 1).unwrap_or(i64::MAX)),
                optional(description),
                text(decision),
                criteria,
                reason,
                day(proposal.valid_from),
                day(proposal.valid_until),
                text(&proposal.reason),
            ]);
        }
    };
    for decision in &this.decisions {
        put(Out::Date(decision.on), "signed", &decision.proposal);
    }
    if let Some((_, proposal)) = &this.proposal {
        put(Out::Empty, "proposed", proposal);
    }
    Table {
        name: "decisions",
        columns: &[
            "application",
            "on",
            "state",
            "outcome",
            "line",
            "description",
            "decision",
            "criteria",
            "reason_of_line",
            "valid_from",
            "valid_until",
            "reason",
        ],
        rows,
    }
}

/// A table of a licence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfLicence {
    /// What was granted and what is left.
    Lines,
    /// What is to be done.
    Conditions,
    /// Deliveries to be verified.
    Verifications,
    /// Shipments that were written off.
    WriteOffs,
    /// What the gate before a shipment would find.
    Checks,
}

/// `GET /licences/{number}/lines.csv` and the like.
pub(in crate::web) async fn of_licence(
    visit: Visit,
    number: Path<String>,
    of: OfLicence,
    kind: Kind,
) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.licence(&number).await?;
    let this = &found.licence;
    let table = match of {
        OfLicence::Lines => licence_lines(&found),
        OfLicence::Conditions => conditions(this),
        OfLicence::Verifications => verifications(this, reader.as_of()),
        OfLicence::WriteOffs => write_offs(this),
        OfLicence::Checks => {
            let of_lines = found.checks.as_deref().unwrap_or_default();
            let of_lines = ChecksView::within(of_lines, &line_numbers(this));
            checks("checks", &this.number, &of_lines, &found.on_record)
        }
    };
    table.answer(kind, reader.as_of()).await
}

fn licence_lines(found: &LicenceView) -> Table {
    let this = &found.licence;
    let currency = this.issued.currency;
    let rows = this.issued.lines.iter().map(|line| {
        let left = this.left(line.number);
        vec![
            text(&this.number),
            Out::Whole(i64::from(line.number)),
            text(&line.description),
            text(&line.category),
            Out::Amount(line.quantity.to_string()),
            left.map_or(Out::Empty, |left| Out::Amount(left.quantity.to_string())),
            text(line.unit.code()),
            amount(line.value),
            left.map_or(Out::Empty, |left| minor(left.value, currency)),
            text(currency.code()),
            optional(found.contract_lines.get(&line.number).map(String::as_str)),
        ]
    });
    Table {
        name: "lines",
        columns: &[
            "licence",
            "line",
            "description",
            "category",
            "granted_quantity",
            "left_quantity",
            "unit",
            "granted_value",
            "left_value",
            "currency",
            "contract_line",
        ],
        rows: rows.collect(),
    }
}

fn conditions(this: &Licence) -> Table {
    let rows = this.issued.conditions.iter().map(|condition| {
        vec![
            text(&this.number),
            Out::Whole(i64::from(condition.number)),
            text(&condition.text),
            day(condition.due_on),
            day(this.met.get(&condition.number).copied()),
        ]
    });
    Table {
        name: "conditions",
        columns: &["licence", "condition", "text", "due_on", "met_on"],
        rows: rows.collect(),
    }
}

fn verifications(this: &Licence, as_of: Date) -> Table {
    let rows = this.verifications().into_iter().map(|one| {
        vec![
            text(&this.number),
            text(&one.reference),
            Out::Whole(i64::from(one.line)),
            optional(one.delivery.as_deref()),
            Out::Date(one.shipped_on),
            Out::Amount(one.quantity.to_string()),
            Out::Amount(one.verified.to_string()),
            Out::Date(one.due_on),
            text(one.standing_on(as_of).word()),
        ]
    });
    Table {
        name: "verifications",
        columns: &[
            "licence",
            "reference",
            "line",
            "delivery",
            "shipped_on",
            "quantity",
            "verified",
            "due_on",
            "standing",
        ],
        rows: rows.collect(),
    }
}

fn write_offs(this: &Licence) -> Table {
    let rows = this.written_off.values().map(|(on, one)| {
        vec![
            text(&this.number),
            text(&one.reference),
            Out::Date(*on),
            Out::Whole(i64::from(one.line)),
            Out::Amount(one.quantity.to_string()),
            amount(one.value),
            text(one.value.currency.code()),
            optional(one.delivery.as_deref()),
            text(&one.document.title),
            Out::Date(one.document.dated),
        ]
    });
    Table {
        name: "write-offs",
        columns: &[
            "licence",
            "reference",
            "on",
            "line",
            "quantity",
            "value",
            "currency",
            "delivery",
            "document",
            "document_dated",
        ],
        rows: rows.collect(),
    }
}

/// `GET /contracts/{number}/transfers.csv` and `.xlsx`
pub(in crate::web) async fn of_contract(visit: Visit, number: Path<String>, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    // The contract is to be open to the reader, not the transfers alone.
    reader.contract(&number).await?;
    let rows = reader.transfers_of(&number).await?;
    let rows = rows.iter().map(|link| {
        vec![
            text(&*number),
            text(&link.application),
            text(&link.title),
            text(&link.state),
            optional(link.licence.as_deref()),
        ]
    });
    let table = Table {
        name: "transfers",
        columns: &["contract", "application", "title", "state", "licence"],
        rows: rows.collect(),
    };
    table.answer(kind, reader.as_of()).await
}
