//! Commands of opportunities.

use entente_register::command::Command;
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money, Quantity};
use entente_register::opportunity::{
    AskedItem, Credit, LossCause, NewOffer, NewOpportunity, OfferItem, OpportunityCommand, OpportunityKind,
    Recipient, ToContract, Verdict,
};
use entente_register::payment::Percent;
use jiff::civil::Date;

use super::{Clerk, next};
use crate::demo::calendar::{add, workday_from};
use crate::demo::opportunity::Move;
use crate::demo::partner::PARTNERS;

/// Offers from this price on, in cents, are made with credit.
const WITH_CREDIT: i64 = 30_000_000_000;

impl Clerk<'_> {
    pub(super) fn register_opportunity(&mut self, l: usize, on: Date) {
        let lead = &self.leads[l];
        let series = format!("{}-Q{}", lead.label.series(), on.year());
        let number = format!("{series}-{:04}", next(&mut self.series, &series));
        self.opportunities.insert(l, number.clone());
        let about = self.about_opportunity(l);
        let (sort, closing) = match lead.kind {
            OpportunityKind::Tender => ("Invitation to tender", "Offers are invited by the deadline."),
            _ => ("Request for an offer", "An offer is asked for by the deadline."),
        };
        let document =
            (lead.kind != OpportunityKind::OwnInitiative).then(|| self.paper(sort, on, &about, closing));
        let lead = &self.leads[l];
        let new = NewOpportunity {
            on,
            reference: None,
            title: format!("Demonstration: {}", lead.subject),
            partner: PARTNERS[lead.partner].code.to_owned(),
            kind: lead.kind,
            recipient: Recipient::Party(self.parties[lead.end_user].clone()),
            exporter: self.parties[lead.exporter].clone(),
            items: lead
                .wanted
                .iter()
                .map(|item| AskedItem {
                    description: item.description.to_owned(),
                    category: item.category.to_owned(),
                    quantity: Quantity::whole(item.quantity),
                    unit: item.unit,
                })
                .collect(),
            competitors: match lead.kind {
                OpportunityKind::Tender => vec!["Invented Aerospace and Shipyards".to_owned()],
                _ => Vec::new(),
            },
            deadline: lead.deadline,
            label: lead.label.clone(),
            document,
        };
        let command = OpportunityCommand::Register(Box::new(new));
        let subject = SubjectKind::Opportunity.subject(number);
        self.by_officer(subject, Command::Opportunity { number: None, command });
    }

    pub(super) fn move_opportunity(&mut self, l: usize, n: usize) {
        let (on, what) = self.leads[l].moves[n];
        let about = self.about_opportunity(l);
        let command = match what {
            Move::Estimate(probability, signature_on) => OpportunityCommand::Estimate {
                on,
                probability,
                signature_on: Some(signature_on.max(on)),
                reason: "Talks with the recipient".to_owned(),
            },
            Move::AskAdvice => OpportunityCommand::AskAdvice { on, asked_of: "Foreign ministry".to_owned() },
            Move::GiveAdvice(verdict) => OpportunityCommand::GiveAdvice {
                on,
                verdict,
                conditions: (verdict == Verdict::Conditional)
                    .then(|| "The goods are not passed on to others.".to_owned()),
                document: self.paper("Advance opinion", on, &about, "The opinion is given before an offer."),
            },
            Move::Offer(percent) => OpportunityCommand::Offer(Box::new(self.offer(l, on, percent))),
            Move::Extend(deadline) => OpportunityCommand::Extend {
                on,
                deadline,
                document: None,
                reason: Some("The recipient has asked for more time".to_owned()),
            },
            Move::Win => OpportunityCommand::Win {
                on,
                offer: None,
                contract: ToContract::Existing(
                    self.leads[l].deal.and_then(|d| self.contracts.get(&d).cloned()).unwrap_or_default(),
                ),
                document: None,
            },
            Move::Lose(cause) => OpportunityCommand::Lose {
                on,
                cause,
                competitor: match cause {
                    LossCause::Price | LossCause::Performance | LossCause::CompetitorRelation => {
                        Some("Invented Aerospace and Shipyards".to_owned())
                    }
                    _ => None,
                },
                remark: None,
                document: None,
            },
            Move::Decline => OpportunityCommand::Decline {
                on,
                reason: "The makers have no capacity in the years asked for".to_owned(),
                document: None,
            },
            Move::Withdraw => OpportunityCommand::Withdraw {
                on,
                reason: "The offer has lapsed and is not renewed".to_owned(),
                document: None,
            },
        };
        let number = self.opportunities.get(&l).cloned().unwrap_or_default();
        let subject = SubjectKind::Opportunity.subject(number.clone());
        self.by_officer(subject, Command::Opportunity { number: Some(number), command });
    }

    fn offer(&mut self, l: usize, on: Date, percent: i64) -> NewOffer {
        let about = self.about_opportunity(l);
        let document = self.paper("Offer", on, &about, "The offer binds until the day that it names.");
        let lead = &self.leads[l];
        let currency = lead.deal.map_or(Currency::USD, |d| self.deals[d].currency);
        let items: Vec<OfferItem> = lead
            .wanted
            .iter()
            .map(|item| OfferItem {
                description: item.description.to_owned(),
                category: item.category.to_owned(),
                quantity: Quantity::whole(item.quantity),
                unit: item.unit,
                unit_price: Money::new((item.unit_price * percent / 100 / 100).max(1) * 100, currency),
                due_on: item.due,
            })
            .collect();
        let sum: i64 = lead
            .wanted
            .iter()
            .map(|item| item.quantity.saturating_mul(item.unit_price))
            .fold(0, i64::saturating_add);
        let share = |text| Percent::parse("share", text).ok();
        let credit = (sum >= WITH_CREDIT).then_some(()).and_then(|()| {
            Some(Credit { share: share("70")?, down_payment: share("15"), years: 8, interest: share("4.5") })
        });
        NewOffer {
            on,
            currency,
            items,
            valid_until: workday_from(add(on, 270)),
            terms: Some("Paid against acceptance certificates".to_owned()),
            credit,
            document,
        }
    }

    /// What a paper says of its opportunity.
    fn about_opportunity(&self, l: usize) -> Vec<(&'static str, String)> {
        let lead = &self.leads[l];
        vec![
            ("Opportunity", self.opportunities.get(&l).cloned().unwrap_or_default()),
            ("Subject", lead.subject.clone()),
            ("Partner", PARTNERS[lead.partner].name.to_owned()),
        ]
    }
}
