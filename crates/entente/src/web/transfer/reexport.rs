//! The page of a re-export: what is asked for, what binds, what stands against it, and what was decided and passed on.

use std::collections::BTreeMap;

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::transfer::reexport::{ReexportItem, ReexportProposal, sums};
use entente_store::reader::ReexportView;

use super::check::ChecksView;
use super::opinion::criteria;
use super::table::checks;
use super::{Links, Named};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::show;
use crate::web::spreadsheet::{Table, text};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A line of what is passed on.
#[derive(Debug, Clone)]
pub(crate) struct ReexportLineCells {
    pub(crate) licence: Named,
    pub(crate) line: u32,
    pub(crate) requested: String,
    pub(crate) reported: String,
    /// How much went, was received, and is taken by other consents; empty where the licence is not open to the reader.
    pub(crate) written_off: String,
    pub(crate) received: String,
    pub(crate) taken: String,
}

/// What binds.
#[derive(Debug, Clone)]
pub(crate) struct BindingCells {
    pub(crate) licence: Named,
    pub(crate) certificate: Option<Named>,
    pub(crate) undertaken: bool,
}

/// What an officer recorded, with its paper.
#[derive(Debug, Clone)]
pub(crate) struct RecordCells {
    pub(crate) on: String,
    pub(crate) by: String,
    pub(crate) text: String,
    pub(crate) paper: Option<Paper>,
}

/// What is proposed or was decided.
#[derive(Debug, Clone)]
pub(crate) struct ConsentCells {
    /// `Consent` or `Refusal`.
    pub(crate) what: &'static str,
    pub(crate) proposed_by: String,
    /// Who signed, and when; empty of a proposal that waits.
    pub(crate) signed: String,
    pub(crate) validity: String,
    pub(crate) conditions: Vec<String>,
    pub(crate) criteria: String,
    pub(crate) reason: String,
}

impl ConsentCells {
    fn of(by: &str, proposal: &ReexportProposal, signed: String) -> ConsentCells {
        ConsentCells {
            what: if proposal.consents { "Consent" } else { "Refusal" },
            proposed_by: by.to_owned(),
            signed,
            validity: match (proposal.valid_from, proposal.valid_until) {
                (Some(from), Some(until)) => format!("{} to {}", show::day(from), show::day(until)),
                _ => String::new(),
            },
            conditions: proposal.conditions.clone(),
            criteria: criteria(&proposal.criteria),
            reason: proposal.reason.clone(),
        }
    }
}

/// What the recipient passed on.
#[derive(Debug, Clone)]
pub(crate) struct PassedCells {
    pub(crate) on: String,
    pub(crate) items: String,
    pub(crate) paper: Option<Paper>,
}

/// Everything on the page of a re-export.
#[derive(Debug, Clone)]
pub(crate) struct ReexportPageView {
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) authority: Named,
    pub(crate) origin: String,
    pub(crate) end_user: Named,
    pub(crate) destination: String,
    pub(crate) others: Vec<(String, Named)>,
    pub(crate) purpose: &'static str,
    pub(crate) end_use: String,
    pub(crate) requested_on: String,
    pub(crate) request: Option<Paper>,
    pub(crate) holders: Vec<Named>,
    pub(crate) serials: String,
    pub(crate) lines: Vec<ReexportLineCells>,
    pub(crate) bindings: Vec<BindingCells>,
    /// Licences of which nothing promises that consent is asked for, and no ground is on record.
    pub(crate) unbound: String,
    pub(crate) ground: Option<RecordCells>,
    pub(crate) rights: Option<RecordCells>,
    /// Whether a decision waits.
    pub(crate) runs: bool,
    pub(crate) checks: Option<ChecksView>,
    pub(crate) proposal: Option<ConsentCells>,
    /// Whether whoever looks proposed it, and does not sign it.
    pub(crate) own: bool,
    pub(crate) decision: Option<ConsentCells>,
    pub(crate) passed: Vec<PassedCells>,
    pub(crate) ended: String,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/reexport.html")]
pub(crate) struct ReexportPage {
    pub(crate) frame: Frame,
    pub(crate) view: ReexportPageView,
    pub(crate) offers: Offers,
}

/// `GET /reexports/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.reexport(&number).await?;
    let frame = visit
        .frame(Part::Transfers, format!("Re-export {number}"), &reader)
        .marked(Some(&found.reexport.label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let account = visit.actor().account.clone();
    crate::web::page(&ReexportPage {
        frame,
        view: view(&found, &account, &links, &way),
        offers: Offers::of(&visit, &reader, Stands::Reexport(Box::new(found), account)),
    })
}

/// Items in words: `2 of line 1 of O-L2026-0001`.
fn words(items: &[ReexportItem]) -> String {
    let word = |item: &ReexportItem| format!("{} of line {} of {}", item.quantity, item.line, item.licence);
    items.iter().map(word).collect::<Vec<_>>().join("; ")
}

/// Writes it for people.
pub(crate) fn view(found: &ReexportView, account: &str, links: &Links, way: &Way) -> ReexportPageView {
    let this = &found.reexport;
    let requested = &this.requested;
    let content = &requested.content;
    let paper = |document| Some(Paper::of(document, SubjectKind::Reexport, &this.number, way));
    let party = |number: &str| Named::party(number, &found.parties, links);
    let users = content.end_users();
    let user = users.iter().next().copied().unwrap_or_default();
    let record = |on: &jiff::civil::Date, by: &String, text: &String, document| RecordCells {
        on: show::day(*on),
        by: by.clone(),
        text: text.clone(),
        paper: paper(document),
    };
    let runs = matches!(this.state, "requested" | "proposed");
    ReexportPageView {
        number: this.number.clone(),
        title: content.title.clone(),
        state: show::capital(this.state),
        state_word: this.state,
        authority: party(&content.applicant),
        origin: found.origin_name.clone(),
        end_user: party(user),
        destination: found.destination_name.clone(),
        others: content
            .parties
            .iter()
            .filter(|one| one.party != user)
            .map(|one| (show::capital(one.role.name()), party(&one.party)))
            .collect(),
        purpose: content.purpose.name(),
        end_use: content.end_use.clone(),
        requested_on: show::day(this.requested_on),
        request: paper(&requested.document),
        holders: requested.holders.iter().map(|holder| party(holder)).collect(),
        serials: requested.serials.join(", "),
        lines: line_cells(found, links),
        bindings: requested
            .bindings
            .iter()
            .map(|binding| BindingCells {
                licence: Named::number(&binding.licence, links.licence(&binding.licence)),
                certificate: binding.certificate.as_ref().map(|of| Named::number(of, links.certificate(of))),
                undertaken: binding.undertaken,
            })
            .collect(),
        unbound: if this.ground.is_none() { this.unbound().join(", ") } else { String::new() },
        ground: this.ground.as_ref().map(|(on, by, of)| record(on, by, &of.ground, &of.document)),
        rights: this.rights.as_ref().map(|(on, by, of)| record(on, by, &of.finding, &of.document)),
        runs,
        checks: (!found.checks.is_empty())
            .then(|| ChecksView::of(&found.checks, &this.on_record, &found.parties, links)),
        proposal: this.proposal.as_ref().map(|(by, proposal)| ConsentCells::of(by, proposal, String::new())),
        own: this.proposal.as_ref().is_some_and(|(by, _)| by == account),
        decision: this.decision.as_ref().map(|of| {
            let signed = format!("{}, by {}", show::day(of.on), of.countersigned_by);
            ConsentCells::of(&of.proposed_by, &of.proposal, signed)
        }),
        passed: this
            .reports
            .iter()
            .map(|(on, report)| PassedCells {
                on: show::day(*on),
                items: words(&report.items),
                paper: paper(&report.document),
            })
            .collect(),
        ended: this
            .ended
            .as_ref()
            .map(|(on, reason)| format!("{}: {reason}", show::day(*on)))
            .unwrap_or_default(),
        history: acts(&found.history, SubjectKind::Reexport, &this.number, way),
    }
}

fn line_cells(found: &ReexportView, links: &Links) -> Vec<ReexportLineCells> {
    let (requested, reported) = (sums(&found.reexport.requested.items), found.reexport.reported());
    let cells = found.lines.iter().map(|line| {
        let key = (line.licence.clone(), line.line);
        let of = |sums: &BTreeMap<(String, u32), entente_register::money::Quantity>| {
            sums.get(&key).copied().unwrap_or_default().to_string()
        };
        let delivered = line.delivered.as_ref();
        let said = |quantity: Option<entente_register::money::Quantity>| {
            quantity.map(|quantity| quantity.to_string()).unwrap_or_default()
        };
        ReexportLineCells {
            licence: Named::number(&line.licence, links.licence(&line.licence)),
            line: line.line,
            requested: of(&requested),
            reported: of(&reported),
            written_off: said(delivered.map(|delivered| delivered.written_off)),
            received: said(delivered.map(|delivered| delivered.received)),
            taken: said(delivered.map(|delivered| delivered.taken)),
        }
    });
    cells.collect()
}

/// A table of the page.
#[derive(Debug, Clone, Copy)]
pub(in crate::web) enum OfReexport {
    Lines,
    Checks,
    Reports,
}

/// `GET /reexports/{number}/lines.csv` and the other tables of the page.
pub(in crate::web) async fn of_one(
    visit: Visit,
    Path(number): Path<String>,
    of: OfReexport,
    kind: Kind,
) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.reexport(&number).await?;
    let this = &found.reexport;
    let amount = |quantity: entente_register::money::Quantity| Out::Amount(quantity.to_string());
    let table = match of {
        OfReexport::Lines => {
            let (requested, reported) = (sums(&this.requested.items), this.reported());
            let rows = found.lines.iter().map(|line| {
                let key = (line.licence.clone(), line.line);
                let delivered = line.delivered.as_ref();
                vec![
                    text(&this.number),
                    text(&line.licence),
                    Out::Whole(line.line.into()),
                    amount(requested.get(&key).copied().unwrap_or_default()),
                    amount(reported.get(&key).copied().unwrap_or_default()),
                    delivered.map_or(Out::Empty, |of| amount(of.written_off)),
                    delivered.map_or(Out::Empty, |of| amount(of.received)),
                    delivered.map_or(Out::Empty, |of| amount(of.taken)),
                ]
            });
            Table {
                name: "re-export-lines",
                columns: &[
                    "reexport",
                    "licence",
                    "line",
                    "requested",
                    "reported",
                    "written_off",
                    "received",
                    "taken",
                ],
                rows: rows.collect(),
            }
        }
        OfReexport::Checks => checks("re-export-checks", &this.number, &found.checks, &this.on_record),
        OfReexport::Reports => {
            let rows = this.reports.iter().flat_map(|(on, report)| {
                report.items.iter().map(|item| {
                    vec![
                        text(&this.number),
                        Out::Date(*on),
                        text(&item.licence),
                        Out::Whole(item.line.into()),
                        amount(item.quantity),
                        text(&report.document.title),
                    ]
                })
            });
            Table {
                name: "re-export-reports",
                columns: &["reexport", "on", "licence", "line", "quantity", "document"],
                rows: rows.collect(),
            }
        }
    };
    table.answer(kind, reader.as_of()).await
}
