//! The page of an opportunity.

use askama::Template;
use axum::extract::Path;
use entente_register::document::Document;
use entente_register::ledger::SubjectKind;
use entente_register::opportunity::{Advice, Credit, Offer, Opportunity, Outcome, Recipient};
use entente_store::reader::OpportunityView;
use jiff::civil::Date;

use super::list::deadline_word;
use crate::error::Answer;
use crate::web::act::{Offers, Stands};
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// An item of what is asked or offered.
#[derive(Debug, Clone)]
pub(crate) struct ItemCells {
    pub(crate) description: String,
    pub(crate) category: String,
    pub(crate) quantity: String,
    /// Empty of what is only asked.
    pub(crate) unit_price: String,
    pub(crate) amount: String,
    pub(crate) due_on: String,
}

/// A version of the offer.
#[derive(Debug, Clone)]
pub(crate) struct OfferCells {
    pub(crate) version: u32,
    pub(crate) submitted_on: String,
    pub(crate) valid_until: String,
    /// It binds no more on the day as of which is read.
    pub(crate) lapsed: bool,
    pub(crate) amount: String,
    pub(crate) currency: String,
    pub(crate) terms: String,
    pub(crate) credit: String,
    pub(crate) items: Vec<ItemCells>,
    pub(crate) paper: Option<Paper>,
    /// The contract came of this version.
    pub(crate) won: bool,
}

/// An estimate.
#[derive(Debug, Clone)]
pub(crate) struct EstimateCells {
    pub(crate) on: String,
    pub(crate) probability: String,
    pub(crate) signature_on: String,
    pub(crate) reason: String,
}

/// An advance opinion.
#[derive(Debug, Clone)]
pub(crate) struct AdviceCells {
    pub(crate) asked_of: String,
    pub(crate) asked_on: String,
    pub(crate) given_on: String,
    pub(crate) verdict: String,
    pub(crate) conditions: String,
    pub(crate) paper: Option<Paper>,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct OpportunityPageView {
    pub(crate) number: String,
    /// The number that those who ask use; empty if none is known.
    pub(crate) reference: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) kind: String,
    pub(crate) partner: String,
    pub(crate) partner_name: String,
    pub(crate) partner_href: String,
    pub(crate) recipient: String,
    pub(crate) exporter: String,
    pub(crate) competitors: String,
    pub(crate) received_on: String,
    pub(crate) deadline: String,
    /// How far the deadline is, while it is to be answered.
    pub(crate) deadline_word: String,
    pub(crate) late: bool,
    pub(crate) answered_on: String,
    pub(crate) days: String,
    pub(crate) value: String,
    pub(crate) probability: String,
    /// How it ended, in words.
    pub(crate) outcome: String,
    /// Number and page of the contract that came of it.
    pub(crate) contract: Option<(String, String)>,
    pub(crate) paper: Option<Paper>,
    pub(crate) items: Vec<ItemCells>,
    pub(crate) estimates: Vec<EstimateCells>,
    pub(crate) advice: Vec<AdviceCells>,
    pub(crate) offers: Vec<OfferCells>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "opportunity/page.html")]
pub(crate) struct OpportunityPage {
    pub(crate) frame: Frame,
    pub(crate) view: OpportunityPageView,
    pub(crate) offers: Offers,
}

/// `GET /opportunities/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.opportunity(&number).await?;
    let frame = visit
        .frame(Part::Opportunities, format!("Opportunity {number}"), &reader)
        .marked(Some(&found.opportunity.label));
    crate::web::page(&OpportunityPage {
        frame,
        view: view(&found, reader.as_of(), &visit.way()),
        offers: Offers::of(&visit, &reader, Stands::Opportunity(Box::new(found))),
    })
}

/// Writes it for people.
pub(crate) fn view(found: &OpportunityView, as_of: Date, way: &Way) -> OpportunityPageView {
    let this = &found.opportunity;
    let named = |party: &String| match found.parties.get(party) {
        Some(name) => format!("{name} ({party})"),
        None => party.clone(),
    };
    let paper = |document: &Document| Paper::of(document, SubjectKind::Opportunity, &this.number, way);
    let day = |on: Option<Date>| on.map(show::day).unwrap_or_default();
    let days = this.answered_on.map(|on| i64::from(on.since(this.received_on).map_or(0, |s| s.get_days())));
    let won = match &this.outcome {
        Some(Outcome::Won { offer, .. }) => Some(*offer),
        _ => None,
    };
    OpportunityPageView {
        number: this.number.clone(),
        reference: this.reference.clone().unwrap_or_default(),
        title: this.title.clone(),
        state: show::capital(this.state),
        state_word: this.state,
        kind: show::capital(this.kind.name()),
        partner: this.partner.clone(),
        partner_name: found.partner_name.clone(),
        partner_href: way.with("/opportunities", &[("partner", &this.partner)]),
        recipient: match &this.recipient {
            Recipient::Party(party) => named(party),
            Recipient::Words(words) => words.clone(),
        },
        exporter: named(&this.exporter),
        competitors: this.competitors.join(", "),
        received_on: show::day(this.received_on),
        deadline: day(this.deadline),
        deadline_word: match this.deadline.filter(|_| this.state == "open") {
            Some(deadline) => deadline_word(deadline, as_of),
            None => String::new(),
        },
        late: this.state == "open" && this.deadline.is_some_and(|deadline| deadline < as_of),
        answered_on: day(this.answered_on),
        days: days.map(|days| show::counted(days, "day", "days")).unwrap_or_default(),
        value: this
            .value()
            .map(|value| format!("{} {}", show::exact(value.minor, value.currency), value.currency))
            .unwrap_or_default(),
        probability: this.estimate().map(|one| format!("{} %", one.probability)).unwrap_or_default(),
        outcome: outcome(this),
        contract: this.contract().map(|number| (number.to_owned(), way.to(&format!("/contracts/{number}")))),
        paper: this.document.as_ref().map(paper),
        items: this
            .items
            .iter()
            .map(|item| ItemCells {
                description: item.description.clone(),
                category: item.category.clone(),
                quantity: format!("{} {}", item.quantity, item.unit.counted(item.quantity)),
                unit_price: String::new(),
                amount: String::new(),
                due_on: String::new(),
            })
            .collect(),
        estimates: this
            .estimates
            .iter()
            .rev()
            .map(|one| EstimateCells {
                on: show::day(one.on),
                probability: format!("{} %", one.probability),
                signature_on: one.signature_on.map(show::day).unwrap_or_default(),
                reason: one.reason.clone(),
            })
            .collect(),
        advice: this.advice.iter().map(|one| advice(one, paper)).collect(),
        offers: this
            .offers
            .iter()
            .rev()
            .map(|one| {
                let lapsed = this.is_open() && one.made.valid_until < as_of;
                OfferCells { lapsed, won: won == Some(one.made.version), ..offer(one, paper) }
            })
            .collect(),
        history: acts(&found.history, SubjectKind::Opportunity, &this.number, way),
    }
}

fn outcome(this: &Opportunity) -> String {
    let on = this.ended_on.map(show::day).unwrap_or_default();
    match &this.outcome {
        None => String::new(),
        Some(Outcome::Won { offer, .. }) => format!("{on}, by version {offer} of the offer"),
        Some(Outcome::Lost { cause, competitor, remark }) => {
            let mut text = format!("{on}: {}", cause.name());
            if let Some(competitor) = competitor {
                text.push_str(&format!(", to {competitor}"));
            }
            if let Some(remark) = remark {
                text.push_str(&format!(". {remark}"));
            }
            text
        }
        Some(Outcome::Ended { reason }) => format!("{on}: {reason}"),
    }
}

fn advice(one: &Advice, paper: impl Fn(&Document) -> Paper) -> AdviceCells {
    AdviceCells {
        asked_of: one.asked_of.clone(),
        asked_on: show::day(one.asked_on),
        given_on: one.given_on.map(show::day).unwrap_or_default(),
        verdict: one.verdict.map(|verdict| show::capital(verdict.name())).unwrap_or_default(),
        conditions: one.conditions.clone().unwrap_or_default(),
        paper: one.document.as_ref().map(paper),
    }
}

fn offer(one: &Offer, paper: impl Fn(&Document) -> Paper) -> OfferCells {
    let made = &one.made;
    let currency = made.amount.currency;
    OfferCells {
        version: made.version,
        submitted_on: show::day(one.submitted_on),
        valid_until: show::day(made.valid_until),
        lapsed: false,
        amount: show::exact(made.amount.minor, currency),
        currency: currency.code().to_owned(),
        terms: made.terms.clone().unwrap_or_default(),
        credit: made.credit.as_ref().map(credit).unwrap_or_default(),
        items: made
            .items
            .iter()
            .map(|item| ItemCells {
                description: item.description.clone(),
                category: item.category.clone(),
                quantity: format!("{} {}", item.quantity, item.unit.counted(item.quantity)),
                unit_price: show::exact(item.unit_price.minor, currency),
                // The rule has priced the item before.
                amount: item.amount().map(|minor| show::exact(minor, currency)).unwrap_or_default(),
                due_on: show::day(item.due_on),
            })
            .collect(),
        paper: Some(paper(&made.document)),
        won: false,
    }
}

fn credit(credit: &Credit) -> String {
    let mut text = format!(
        "{} % on credit over {}",
        credit.share,
        show::counted(i64::from(credit.years), "year", "years")
    );
    if let Some(down) = credit.down_payment {
        text.push_str(&format!(", {down} % paid down"));
    }
    match credit.interest {
        Some(interest) => text.push_str(&format!(", {interest} % a year")),
        None => text.push_str(", without interest"),
    }
    text
}
