//! Sample data for the tests of the pages: a form with every kind of field, refused.

use entente_register::ledger::{Refusal, SubjectKind};
use entente_register::transfer::ledger::Sight;
use entente_store::reader::ContractPayments;

use super::filled::Filled;
use super::form::{ActPage, ActView, groups, slip};
use super::standing::Standing;
use super::{Offer, Offers, Stands, all};
use crate::web::frame::Frame;
use crate::web::sample::{self, HOSTILE};
use crate::web::way::Way;
use crate::web::{customs, embargo, opportunity, payment, screening, transfer};

/// What a page offers.
pub(crate) fn offers(way: &Way) -> Offers {
    Offers {
        acts: vec![Offer { name: "Accept", href: way.to("/deliveries/O-2012-0015.2.7/acts/accept") }],
        today: Some(way.to("/deliveries/O-2012-0015.2.7")),
        parts: vec![(
            HOSTILE.to_owned(),
            vec![Offer { name: "Annul", href: way.to("/instalments/O-2012-0015.P1/acts/annul") }],
        )],
    }
}

fn money(number: fn(&ContractPayments) -> String, kind: SubjectKind) -> Stands {
    let view = payment::sample::contract();
    let subject = kind.subject(number(&view));
    Stands::Payments(Box::new(view), subject)
}

/// Every form, as it is first shown and as it is refused with hostile words in every field.
pub(crate) fn pages(frame: &Frame, way: &Way) -> Vec<ActPage> {
    let today = sample::day("2012-09-30");
    let mut pages = Vec::new();
    for act in all() {
        let stands = match act.of {
            None => Stands::New(vec![("BRA".to_owned(), HOSTILE.to_owned())]),
            Some(SubjectKind::Contract) => Stands::Contract(Box::new(sample::contract())),
            Some(SubjectKind::Line) => Stands::Line(Box::new(sample::line())),
            Some(SubjectKind::Opportunity) => {
                Stands::Opportunity(Box::new(opportunity::sample::opportunity()))
            }
            Some(SubjectKind::Schedule) => money(|view| view.contract.clone(), SubjectKind::Schedule),
            Some(SubjectKind::Instalment) => {
                money(|view| view.instalments[0].number.clone(), SubjectKind::Instalment)
            }
            Some(SubjectKind::Receipt) => money(|view| view.receipts[0].number.clone(), SubjectKind::Receipt),
            Some(SubjectKind::Penalty) => {
                money(|view| view.penalties[0].number.clone(), SubjectKind::Penalty)
            }
            Some(SubjectKind::List) => Stands::List(Box::new(screening::sample::list())),
            Some(SubjectKind::Case) => {
                Stands::Case(Box::new(screening::sample::case("clearance_proposed")), "chair".to_owned())
            }
            Some(SubjectKind::Embargo) => {
                Stands::RuleFile(Box::new(embargo::sample::file()), "chair".to_owned())
            }
            Some(SubjectKind::Policy) => {
                Stands::Policy(Box::new(embargo::sample::policy()), "chair".to_owned())
            }
            Some(SubjectKind::Application) => {
                Stands::Application(Box::new(transfer::sample::application(Sight::Whole)), "chair".to_owned())
            }
            Some(SubjectKind::Licence) => {
                Stands::Licence(Box::new(transfer::sample::licence()), "chair".to_owned())
            }
            Some(SubjectKind::Certificate) => {
                Stands::Certificate(Box::new(transfer::sample_assured::certificate()))
            }
            Some(SubjectKind::Specimens) => {
                Stands::Specimens(Box::new(transfer::sample_assured::specimens()), "chair".to_owned())
            }
            Some(SubjectKind::Guidance) => {
                Stands::Guidance(Box::new(transfer::sample_guidance::standing()), "chair".to_owned())
            }
            Some(SubjectKind::Inspection) => {
                Stands::Inspection(Box::new(transfer::sample_assured::inspection(true)))
            }
            Some(SubjectKind::Exchange) => Stands::Customs(Box::new(customs::sample::overview())),
            Some(SubjectKind::Discrepancy) => Stands::Discrepancy(Box::new(customs::sample::open())),
            Some(SubjectKind::Reexport) => {
                Stands::Reexport(Box::new(transfer::sample_reexport::proposed()), "chair".to_owned())
            }
            _ => Stands::Delivery(Box::new(sample::delivery())),
        };
        let at = Standing::of(stands, today);
        let mut filled = Filled::default();
        for field in act.fields {
            filled.add(field.name, HOSTILE);
        }
        for name in ["document.title", "document.dated", "document.content", "document.name"] {
            filled.add(name, HOSTILE);
        }
        let field = act.fields.first().map_or("act", |field| field.name);
        let refusal = Refusal::new("sample", HOSTILE).field(field).missing(HOSTILE);
        let slip = slip(act, &refusal);
        for (filled, slip) in [(None, None), (Some(&filled), Some(slip))] {
            pages.push(ActPage {
                frame: frame.clone(),
                view: ActView {
                    name: act.name,
                    lede: act.lede,
                    facts: at.facts.clone(),
                    action: way.to("/acts/sample"),
                    csrf: "00".to_owned(),
                    seen: at.version,
                    once: "00".to_owned(),
                    groups: groups(act, &at, filled, slip.as_ref(), 2),
                    parties: vec![("O-P0001".to_owned(), HOSTILE.to_owned())],
                    was: vec![("was.title".to_owned(), HOSTILE.to_owned())],
                    more: true,
                    back: way.to("/contracts"),
                    back_name: HOSTILE.to_owned(),
                },
                slip,
            });
        }
    }
    pages
}
