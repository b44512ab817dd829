//! The page of a licence: what was granted, what of it went, and what is left.

use std::collections::BTreeSet;

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::SubjectKind;
use entente_register::money::Quantity;
use entente_register::transfer::licence::{Licence, LicenceLine, VerificationStanding};
use entente_store::reader::{InspectionRow, LicenceView, LinkFocus};
use jiff::civil::Date;

use super::check::ChecksView;
use super::licences::word_name;
use super::link::{LinkSection, apart};
use super::reexports::ReexportLink;
use super::{Links, Named};
use crate::error::Answer;
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::line::counted;
use crate::web::opportunity::list::deadline_word;
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A line with what went of it.
#[derive(Debug, Clone)]
pub(crate) struct LineCells {
    pub(crate) number: u32,
    pub(crate) description: String,
    pub(crate) category: String,
    pub(crate) granted: String,
    pub(crate) written: String,
    pub(crate) left: String,
    pub(crate) granted_value: String,
    pub(crate) written_value: String,
    pub(crate) left_value: String,
    pub(crate) spent: bool,
    pub(crate) contract_line: Option<Named>,
}

/// A condition.
#[derive(Debug, Clone)]
pub(crate) struct ConditionCells {
    pub(crate) number: u32,
    pub(crate) text: String,
    pub(crate) due: String,
    pub(crate) met_on: String,
    /// It should be met by now, and is not: nothing goes.
    pub(crate) wanting: bool,
}

/// A shipment that was written off.
#[derive(Debug, Clone)]
pub(crate) struct WriteOffCells {
    pub(crate) reference: String,
    pub(crate) on: String,
    pub(crate) line: u32,
    pub(crate) quantity: String,
    pub(crate) value: String,
    pub(crate) delivery: Option<Named>,
    pub(crate) paper: Option<Paper>,
}

/// A delivery that is to be verified, or was.
#[derive(Debug, Clone)]
pub(crate) struct VerificationCells {
    pub(crate) reference: String,
    pub(crate) shipped_on: String,
    pub(crate) quantity: String,
    pub(crate) verified: String,
    pub(crate) due_on: String,
    pub(crate) standing: String,
    /// The shape that stands for it.
    pub(crate) shape: &'static str,
    pub(crate) papers: Vec<Paper>,
}

/// An inspection of what went.
#[derive(Debug, Clone)]
pub(crate) struct InspectionLink {
    pub(crate) inspection: Named,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) words: String,
}

impl InspectionLink {
    pub(in crate::web) fn of(row: &InspectionRow, links: &Links) -> InspectionLink {
        let this = &row.inspection;
        let words = match &this.visit {
            Some(visit) => format!("visited {}: {}", show::day(visit.on), visit.visited.words()),
            None => format!("visit planned for {}", show::day(this.planned.visit_on)),
        };
        InspectionLink {
            inspection: Named::number(&this.number, links.inspection(&this.number)),
            state: show::capital(this.state),
            state_word: this.state,
            words: format!("{}, {words}", row.end_user_name),
        }
    }
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct LicencePageView {
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) word: String,
    pub(crate) word_class: &'static str,
    pub(crate) suspended_by: String,
    pub(crate) kind: String,
    pub(crate) application: Named,
    pub(crate) holder: Named,
    pub(crate) destination: String,
    pub(crate) destination_code: String,
    pub(crate) issued_on: String,
    pub(crate) valid_from: String,
    pub(crate) valid_until: String,
    pub(crate) until_word: String,
    pub(crate) over: bool,
    pub(crate) currency: String,
    pub(crate) parties: Vec<(String, Named)>,
    pub(crate) lines: Vec<LineCells>,
    pub(crate) conditions: Vec<ConditionCells>,
    pub(crate) written: Vec<WriteOffCells>,
    /// References of write-offs that were taken back.
    pub(crate) corrected: String,
    /// Why it is stopped, while an inspection stops it.
    pub(crate) stops: Vec<(String, Option<Named>, Named)>,
    /// Why it is re-opened, while a standing assessment re-opens it.
    pub(crate) reopenings: Vec<String>,
    pub(crate) verifications: Vec<VerificationCells>,
    /// Inspections of what went, of those open to the reader.
    pub(crate) inspections: Vec<InspectionLink>,
    /// Re-exports of what went, of those open to the reader.
    pub(crate) reexports: Vec<ReexportLink>,
    pub(crate) checks: Option<ChecksView>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/licence.html")]
pub(crate) struct LicencePage {
    pub(crate) frame: Frame,
    pub(crate) view: LicencePageView,
    pub(crate) offers: Offers,
    /// The chain that it stands in.
    pub(crate) link: Option<LinkSection>,
}

/// `GET /licences/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.licence(&number).await?;
    let focus = LinkFocus::Licence(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &found.licence.label);
    let frame = visit.frame(Part::Transfers, format!("Licence {number}"), &reader).marked(Some(&label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let account = visit.actor().account.clone();
    let mut view = view(&found, reader.as_of(), &links, &way);
    let inspections = reader.inspections_of(&number).await?;
    view.inspections = inspections.iter().map(|row| InspectionLink::of(row, &links)).collect();
    let reexports = reader.reexports_of(&number).await?;
    view.reexports = reexports.iter().map(|row| ReexportLink::of(row, &links)).collect();
    crate::web::page(&LicencePage {
        link,
        frame,
        view,
        offers: Offers::of(&visit, &reader, Stands::Licence(Box::new(found), account)),
    })
}

/// The numbers of its lines.
pub(super) fn line_numbers(this: &Licence) -> BTreeSet<u32> {
    this.issued.lines.iter().map(|line| line.number).collect()
}

/// Writes it for people.
pub(crate) fn view(found: &LicenceView, as_of: Date, links: &Links, way: &Way) -> LicencePageView {
    let this = &found.licence;
    let issued = &this.issued;
    let word = this.word_on(as_of);
    let wanting: BTreeSet<u32> = this.unmet(as_of).map(|condition| condition.number).collect();
    let runs = matches!(word, "issued" | "suspended");
    LicencePageView {
        number: this.number.clone(),
        title: issued.lines.first().map(|line| line.description.clone()).unwrap_or_default(),
        word: word_name(word),
        word_class: word,
        // Whoever is not told of the gate is not told who stopped it.
        suspended_by: this.suspended_by.clone().filter(|_| found.checks.is_some()).unwrap_or_default(),
        kind: show::capital(issued.kind.name()),
        application: Named::number(&issued.application, links.application(&issued.application)),
        holder: Named::party(&issued.holder, &found.parties, links),
        destination: found.destination_name.clone(),
        destination_code: issued.destination.clone(),
        issued_on: show::day(this.issued_on),
        valid_from: show::day(issued.valid_from),
        valid_until: show::day(issued.valid_until),
        until_word: if runs { deadline_word(issued.valid_until, as_of) } else { String::new() },
        over: issued.valid_until < as_of,
        currency: issued.currency.code().to_owned(),
        parties: issued
            .parties
            .iter()
            .map(|one| (show::capital(one.role.name()), Named::party(&one.party, &found.parties, links)))
            .collect(),
        lines: issued.lines.iter().map(|line| line_cells(found, line, links)).collect(),
        conditions: issued
            .conditions
            .iter()
            .map(|condition| ConditionCells {
                number: condition.number,
                text: condition.text.clone(),
                due: match condition.due_on {
                    Some(day) => format!("by {}", show::day(day)),
                    None => "before the first shipment".to_owned(),
                },
                met_on: this.met.get(&condition.number).map(|day| show::day(*day)).unwrap_or_default(),
                wanting: wanting.contains(&condition.number),
            })
            .collect(),
        written: written(this, links, way),
        corrected: this.corrected.iter().cloned().collect::<Vec<_>>().join(", "),
        reopenings: this.reopenings.iter().map(|reopening| reopening.words()).collect(),
        stops: this
            .stops
            .iter()
            .map(|stop| {
                let inspection = stop.inspection.as_ref();
                (
                    show::day(stop.on),
                    inspection.map(|number| Named::number(number, links.inspection(number))),
                    Named::party(&stop.end_user, &found.parties, links),
                )
            })
            .collect(),
        verifications: verifications(this, as_of, way),
        inspections: Vec::new(),
        reexports: Vec::new(),
        checks: found.checks.as_ref().map(|checks| {
            let checks = ChecksView::within(checks, &line_numbers(this));
            ChecksView::of(&checks, &found.on_record, &found.parties, links)
        }),
        history: acts(&found.history, SubjectKind::Licence, &this.number, way),
    }
}

fn line_cells(found: &LicenceView, line: &LicenceLine, links: &Links) -> LineCells {
    let this = &found.licence;
    let currency = this.issued.currency;
    let (left, left_value) = match this.left(line.number) {
        Some(left) => (left.quantity, left.value),
        None => (line.quantity, line.value.minor),
    };
    let written = Quantity(line.quantity.0.saturating_sub(left.0));
    LineCells {
        number: line.number,
        description: line.description.clone(),
        category: line.category.clone(),
        granted: counted(line.quantity, line.unit),
        written: counted(written, line.unit),
        left: counted(left, line.unit),
        granted_value: show::exact(line.value.minor, currency),
        written_value: show::exact(line.value.minor.saturating_sub(left_value), currency),
        left_value: show::exact(left_value, currency),
        spent: left == Quantity::ZERO,
        contract_line: found
            .contract_lines
            .get(&line.number)
            .map(|number| Named::number(number, links.contract_line(number))),
    }
}

/// Deliveries to be verified, the nearest day first.
fn verifications(this: &Licence, as_of: Date, way: &Way) -> Vec<VerificationCells> {
    let cells = this.verifications().into_iter().map(|one| {
        let standing = one.standing_on(as_of);
        let is_open = standing != VerificationStanding::Verified;
        let word = if is_open { format!(", {}", deadline_word(one.due_on, as_of)) } else { String::new() };
        VerificationCells {
            shipped_on: show::day(one.shipped_on),
            quantity: counted(one.quantity, one.unit),
            verified: counted(one.verified, one.unit),
            due_on: show::day(one.due_on),
            standing: format!("{}{word}", show::capital(standing.name())),
            shape: match standing {
                VerificationStanding::Overdue => "blocked",
                VerificationStanding::Remind => "hold",
                VerificationStanding::Awaited => "awaited",
                VerificationStanding::Verified => "pass",
            },
            papers: this
                .verified
                .get(&one.reference)
                .into_iter()
                .flatten()
                .map(|verified| Paper::of(&verified.document, SubjectKind::Licence, &this.number, way))
                .collect(),
            reference: one.reference,
        }
    });
    cells.collect()
}

/// Write-offs that stand, in the order of their days.
fn written(this: &Licence, links: &Links, way: &Way) -> Vec<WriteOffCells> {
    let mut written: Vec<_> = this.written_off.values().collect();
    written.sort_by(|(on, one), (other_on, other)| (on, &one.reference).cmp(&(other_on, &other.reference)));
    let unit = |line: u32| this.issued.lines.iter().find(|own| own.number == line).map(|own| own.unit);
    let cells = written.into_iter().map(|(on, one)| WriteOffCells {
        reference: one.reference.clone(),
        on: show::day(*on),
        line: one.line,
        quantity: match unit(one.line) {
            Some(unit) => counted(one.quantity, unit),
            None => one.quantity.to_string(),
        },
        value: show::exact(one.value.minor, one.value.currency),
        delivery: one.delivery.as_ref().map(|number| Named::number(number, links.delivery(number))),
        paper: Some(Paper::of(&one.document, SubjectKind::Licence, &this.number, way)),
    });
    cells.collect()
}
