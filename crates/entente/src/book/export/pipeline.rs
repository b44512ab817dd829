//! Giving out what may become a contract: opportunities, and all that was done about them.

use std::collections::{BTreeMap, HashMap};

use entente_register::book::cell::Cell;
use entente_register::book::table::Table;
use entente_register::document::Document;
use entente_register::ledger::Fact;
use entente_register::opportunity::{
    AdviceGiven, DeadlineExtended, OfferMade, OpportunityEstimated, OpportunityLost, OpportunityRegistered,
    OpportunityWon, Recipient,
};
use entente_register::payment::Percent;
use jiff::civil::Date;

use super::money::Names;
use super::{Entered, day, number, optional, text, title};

/// What the events of opportunities fold into.
#[derive(Default)]
pub(super) struct Pipeline(BTreeMap<String, Opportunity>);

struct Opportunity {
    made: Made,
    label: String,
    registered: OpportunityRegistered,
    deadlines: Vec<(Made, DeadlineExtended)>,
    estimates: Vec<(Made, OpportunityEstimated)>,
    opinions: Vec<Opinion>,
    offers: Vec<(Made, OfferMade)>,
    ended: Option<(Made, End)>,
}

/// An advance opinion that was asked for.
struct Opinion {
    made: Made,
    asked_of: String,
    given: Option<(Made, AdviceGiven)>,
}

/// When something was done and entered, and why.
struct Made {
    on: Date,
    entry: i64,
    reason: String,
}

enum End {
    Won(OpportunityWon),
    Lost(OpportunityLost),
    Declined(Option<Document>),
    Withdrawn(Option<Document>),
}

impl Pipeline {
    /// Folds an event of an opportunity.
    pub(super) fn apply(&mut self, key: &str, event: &Entered<'_>, fact: Fact) {
        let made = Made { on: event.on, entry: event.entry, reason: event.reason.to_owned() };
        if let Fact::OpportunityRegistered(registered) = fact {
            let opportunity = Opportunity {
                made,
                label: event.label.to_owned(),
                registered,
                deadlines: Vec::new(),
                estimates: Vec::new(),
                opinions: Vec::new(),
                offers: Vec::new(),
                ended: None,
            };
            self.0.insert(key.to_owned(), opportunity);
            return;
        }
        let Some(this) = self.0.get_mut(key) else { return };
        match fact {
            Fact::OpportunityDeadlineExtended(extended) => this.deadlines.push((made, extended)),
            Fact::OpportunityEstimated(estimate) => this.estimates.push((made, estimate)),
            Fact::OpportunityAdviceAsked(asked) => {
                this.opinions.push(Opinion { made, asked_of: asked.asked_of, given: None })
            }
            Fact::OpportunityAdviceGiven(given) => {
                if let Some(opinion) = this.opinions.last_mut() {
                    opinion.given = Some((made, given));
                }
            }
            Fact::OpportunityOffered(offer) => this.offers.push((made, offer)),
            Fact::OpportunityWon(won) => this.ended = Some((made, End::Won(won))),
            Fact::OpportunityLost(lost) => this.ended = Some((made, End::Lost(lost))),
            Fact::OpportunityDeclined(moved) => this.ended = Some((made, End::Declined(moved.document))),
            Fact::OpportunityWithdrawn(moved) => this.ended = Some((made, End::Withdrawn(moved.document))),
            _ => {}
        }
    }

    /// Rows of all tables of opportunities, in the order of their entry.
    pub(super) fn rows(&self, names: &Names<'_>) -> Vec<(Table, Vec<Cell>)> {
        let mut bearers: HashMap<&str, u32> = HashMap::new();
        for reference in self.0.values().filter_map(|one| one.registered.reference.as_deref()) {
            *bearers.entry(reference).or_default() += 1;
        }
        let mut all: Vec<_> = self.0.iter().collect();
        all.sort_by_key(|(_, opportunity)| opportunity.made.entry);
        let mut rows = Vec::new();
        for (number, opportunity) in all {
            // A reference that several bear tells none of them: each is named by its own number then.
            let reference = opportunity.registered.reference.as_deref();
            let own = reference.filter(|reference| bearers.get(reference) == Some(&1));
            opportunity.rows(&text(own.unwrap_or(number)), names, &mut rows);
        }
        rows
    }
}

impl Opportunity {
    fn rows(&self, own: &Cell, names: &Names<'_>, rows: &mut Vec<(Table, Vec<Cell>)>) {
        rows.push((Table::Opportunities, self.row(own, names)));
        for item in &self.registered.items {
            let cells = [
                own.clone(),
                text(&item.description),
                text(&item.category),
                number(item.quantity),
                text(item.unit.code()),
            ];
            rows.push((Table::Requests, cells.to_vec()));
        }
        for (made, extended) in &self.deadlines {
            let cells = [
                own.clone(),
                Cell::Date(made.on),
                Cell::Date(extended.deadline),
                title(extended.document.as_ref()),
                text(&made.reason),
                number(made.entry),
            ];
            rows.push((Table::Deadlines, cells.to_vec()));
        }
        for (made, estimate) in &self.estimates {
            let cells = [
                own.clone(),
                Cell::Date(made.on),
                number(estimate.probability),
                day(estimate.signature_on),
                text(&made.reason),
                number(made.entry),
            ];
            rows.push((Table::Estimates, cells.to_vec()));
        }
        for Opinion { made, asked_of, given } in &self.opinions {
            let answer = given.as_ref().map(|(_, answer)| answer);
            let cells = [
                own.clone(),
                Cell::Date(made.on),
                text(asked_of),
                day(given.as_ref().map(|(made, _)| made.on)),
                optional(answer.map(|answer| answer.verdict.word())),
                optional(answer.and_then(|answer| answer.conditions.as_deref())),
                title(answer.map(|answer| &answer.document)),
                number(made.entry),
                given.as_ref().map_or(Cell::Empty, |(made, _)| number(made.entry)),
            ];
            rows.push((Table::Opinions, cells.to_vec()));
        }
        for (made, offer) in &self.offers {
            offered(own, made, offer, rows);
        }
    }

    fn row(&self, own: &Cell, names: &Names<'_>) -> Vec<Cell> {
        let registered = &self.registered;
        let party = |number: &String| optional(names.parties.get(number).map(String::as_str));
        let (recipient, words) = match &registered.recipient {
            Recipient::Party(number) => (party(number), Cell::Empty),
            Recipient::Words(words) => (Cell::Empty, text(words)),
        };
        let ended = self.ended.as_ref();
        let end = ended.map(|(_, end)| end);
        let (won, lost) = match end {
            Some(End::Won(won)) => (Some(won), None),
            Some(End::Lost(lost)) => (None, Some(lost)),
            _ => (None, None),
        };
        vec![
            own.clone(),
            text(&registered.title),
            text(&registered.partner),
            text(registered.kind.word()),
            recipient,
            words,
            party(&registered.exporter),
            text(registered.competitors.join("; ")),
            Cell::Date(self.made.on),
            day(registered.deadline),
            title(registered.document.as_ref()),
            text(&self.label),
            optional(end.map(End::word)),
            day(ended.map(|(made, _)| made.on)),
            won.map_or(Cell::Empty, |won| (names.contract)(&won.contract)),
            won.map_or(Cell::Empty, |won| number(won.offer)),
            optional(lost.map(|lost| lost.cause.word())),
            optional(lost.and_then(|lost| lost.competitor.as_deref())),
            text(ended.map(|(made, _)| made.reason.as_str()).unwrap_or_default()),
            title(end.and_then(End::document)),
            number(self.made.entry),
            ended.map_or(Cell::Empty, |(made, _)| number(made.entry)),
        ]
    }
}

/// A row for each item of a version of an offer.
fn offered(own: &Cell, made: &Made, offer: &OfferMade, rows: &mut Vec<(Table, Vec<Cell>)>) {
    let credit = offer.credit.as_ref();
    let percent = |percent: Option<Percent>| percent.map_or(Cell::Empty, number);
    for item in &offer.items {
        let cells = [
            own.clone(),
            number(offer.version),
            Cell::Date(made.on),
            Cell::Date(offer.valid_until),
            text(offer.amount.currency.code()),
            text(&item.description),
            text(&item.category),
            number(item.quantity),
            text(item.unit.code()),
            number(item.unit_price.decimal()),
            Cell::Date(item.due_on),
            optional(offer.terms.as_deref()),
            percent(credit.map(|credit| credit.share)),
            percent(credit.and_then(|credit| credit.down_payment)),
            credit.map_or(Cell::Empty, |credit| number(credit.years)),
            percent(credit.and_then(|credit| credit.interest)),
            title(Some(&offer.document)),
            number(made.entry),
        ];
        rows.push((Table::Offers, cells.to_vec()));
    }
}

impl End {
    fn word(&self) -> &'static str {
        match self {
            End::Won(_) => "won",
            End::Lost(_) => "lost",
            End::Declined(_) => "declined",
            End::Withdrawn(_) => "withdrawn",
        }
    }

    fn document(&self) -> Option<&Document> {
        match self {
            End::Won(won) => won.document.as_ref(),
            End::Lost(lost) => lost.document.as_ref(),
            End::Declined(document) | End::Withdrawn(document) => document.as_ref(),
        }
    }
}
