//! Sample opportunities, for the test that renders every template.

use std::collections::BTreeMap;

use entente_register::document::Document;
use entente_register::ledger::{Fact, SubjectKind};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::opportunity::analysis::{Considered, analyse};
use entente_register::opportunity::{
    AdviceAsked, AdviceGiven, AskedItem, Credit, LossCause, OfferItem, OfferMade, Opportunity,
    OpportunityEstimated, OpportunityKind, OpportunityLost, OpportunityRegistered, Recipient, Verdict,
};
use entente_register::payment::Percent;
use entente_store::reader::{OpportunityRow, OpportunityView};

use super::analysis::{AnalysisView, view as analysis_view};
use crate::web::sample::{HOSTILE, day, label};
use crate::web::way::Way;

fn paper() -> Document {
    Document { title: HOSTILE.to_owned(), dated: day("2012-05-14"), content: Some("ab".repeat(32)) }
}

pub(crate) fn row(state: &str) -> OpportunityRow {
    OpportunityRow {
        number: "O-Q2012-0001".to_owned(),
        title: HOSTILE.to_owned(),
        partner: "BRA".to_owned(),
        partner_name: HOSTILE.to_owned(),
        kind: OpportunityKind::Tender,
        state: state.to_owned(),
        received_on: day("2012-03-01"),
        deadline: Some(day("2012-06-30")),
        answered_on: (state != "open").then(|| day("2012-05-14")),
        ended_on: (state == "lost").then(|| day("2012-08-01")),
        value: (state != "open").then(|| Money::new(400_000_000, Currency::USD)),
        probability: Some(40),
        signature_on: None,
        contract: None,
        label: label(),
    }
}

/// An opportunity with everything in it, folded as a register folds it.
pub(crate) fn opportunity() -> OpportunityView {
    let subject = SubjectKind::Opportunity.subject("O-Q2012-0001");
    let share = |text| Percent::parse("share", text).unwrap();
    let facts = [
        Fact::OpportunityRegistered(OpportunityRegistered {
            reference: Some(HOSTILE.to_owned()),
            title: HOSTILE.to_owned(),
            partner: "BRA".to_owned(),
            kind: OpportunityKind::Tender,
            recipient: Recipient::Words(HOSTILE.to_owned()),
            exporter: "O-P0001".to_owned(),
            items: vec![AskedItem {
                description: HOSTILE.to_owned(),
                category: "ML9.a".to_owned(),
                quantity: Quantity::whole(4),
                unit: Unit::Piece,
            }],
            competitors: vec![HOSTILE.to_owned()],
            deadline: Some(day("2012-06-30")),
            document: Some(paper()),
        }),
        Fact::OpportunityEstimated(OpportunityEstimated {
            probability: 40,
            signature_on: Some(day("2013-03-31")),
        }),
        Fact::OpportunityAdviceAsked(AdviceAsked { asked_of: HOSTILE.to_owned() }),
        Fact::OpportunityAdviceGiven(AdviceGiven {
            verdict: Verdict::Conditional,
            conditions: Some(HOSTILE.to_owned()),
            document: paper(),
        }),
        Fact::OpportunityOffered(OfferMade {
            version: 1,
            items: vec![OfferItem {
                description: HOSTILE.to_owned(),
                category: "ML9.a".to_owned(),
                quantity: Quantity::whole(4),
                unit: Unit::Piece,
                unit_price: Money::new(100_000_000, Currency::USD),
                due_on: day("2014-12-31"),
            }],
            amount: Money::new(400_000_000, Currency::USD),
            valid_until: day("2012-12-31"),
            terms: Some(HOSTILE.to_owned()),
            credit: Some(Credit {
                share: share("85"),
                down_payment: Some(share("15")),
                years: 10,
                interest: None,
            }),
            document: paper(),
        }),
        Fact::OpportunityLost(OpportunityLost {
            cause: LossCause::Price,
            competitor: Some(HOSTILE.to_owned()),
            document: None,
        }),
    ];
    let mut state = None;
    for fact in facts {
        Opportunity::apply(&mut state, &subject, day("2012-05-14"), &label(), &fact, Some(HOSTILE));
    }
    OpportunityView {
        opportunity: state.unwrap(),
        partner_name: HOSTILE.to_owned(),
        parties: BTreeMap::from([("O-P0001".to_owned(), HOSTILE.to_owned())]),
        version: 6,
        history: crate::web::sample::contract().history,
    }
}

/// An analysis of two opportunities that are open and of one that is lost.
pub(crate) fn analysis(way: &Way) -> AnalysisView {
    let one = |state: &str, year: i16| Considered {
        number: "O-Q2012-0001".to_owned(),
        title: HOSTILE.to_owned(),
        partner: "BRA".to_owned(),
        kind: OpportunityKind::Request,
        state: state.to_owned(),
        received_on: day("2012-03-01"),
        deadline: None,
        answered_on: Some(day("2012-05-14")),
        ended_on: (state == "lost").then(|| day("2012-08-01")),
        value: Some(Money::new(100_000, Currency::USD)),
        probability: Some(33),
        signature_on: Some(jiff::civil::date(year, 6, 1)),
        cause: (state == "lost").then_some(LossCause::Price),
        groups: vec![("ML9".to_owned(), 100_000)],
    };
    let all = [one("offered", 2012), one("offered", 2013), one("lost", 2013)];
    let analysis = analyse(&all, (day("2012-01-01"), day("2012-09-30")));
    analysis_view(&analysis, &[("BRA".to_owned(), HOSTILE.to_owned())], Vec::new(), way)
}
