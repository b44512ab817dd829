//! Registering an opportunity, and the versions of its offer.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal, parse_date};
use entente_register::money::{Currency, Money, Quantity, Unit};
use entente_register::opportunity::{
    AskedItem, Credit, NewOffer, NewOpportunity, OfferItem, OpportunityCommand, Recipient,
};
use entente_register::payment::Percent;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::api::body::{Paper, at, on, paper};
use crate::api::change::{Change, Headers, NewHeaders, ReceiptObject};
use crate::api::json::Json;
use crate::app::App;
use crate::error::Answer;

/// One item of what is asked.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct AskedItemBody {
    /// What.
    description: String,
    /// Control-list entry.
    #[schema(examples("ML9.a"))]
    category: String,
    /// How much, a decimal string.
    quantity: String,
    /// UN/ECE code of the unit: `C62` for pieces.
    #[serde(default = "pieces")]
    unit: String,
}

fn pieces() -> String {
    "C62".to_owned()
}

/// Who is to receive the goods: a party of the register, or words.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecipientBody {
    /// Number of the party.
    #[serde(default)]
    party: Option<String>,
    /// Who, in words, where there is no party yet.
    #[serde(default)]
    words: Option<String>,
}

impl RecipientBody {
    fn read(self) -> Fallible<Recipient> {
        match (self.party, self.words) {
            (Some(party), None) => Ok(Recipient::Party(party)),
            (None, Some(words)) => Ok(Recipient::Words(words)),
            _ => Err(Refusal::new("opportunity.recipient", "The recipient is a party or is named in words.")
                .field("recipient")
                .missing("either the number of a party or words")),
        }
    }
}

/// A new opportunity.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RegisterOpportunity {
    /// The day on which it was received, or begun on one's own initiative.
    #[schema(format = Date)]
    on: String,
    /// The number that those who ask use, of the tender or the request.
    #[serde(default)]
    reference: Option<String>,
    /// What it is about.
    title: String,
    /// The partner state, ISO 3166-1 alpha-3.
    partner: String,
    /// `request`, `tender` or `own_initiative`.
    kind: String,
    /// Who is to receive the goods.
    recipient: RecipientBody,
    /// Number of the party that offers.
    exporter: String,
    /// What is asked.
    items: Vec<AskedItemBody>,
    /// Who else offers, as far as it is known.
    #[serde(default)]
    competitors: Vec<String>,
    /// By when it is to be answered; may be absent of an own initiative.
    #[serde(default)]
    #[schema(format = Date)]
    deadline: Option<String>,
    /// Marking.
    #[schema(examples("OFFICIAL"))]
    label: String,
    /// The request or the invitation.
    #[serde(default)]
    document: Option<Paper>,
}

/// Registers an opportunity under the next number of its marking.
#[utoipa::path(post, path = "/opportunities", tag = "opportunities", params(NewHeaders), request_body = RegisterOpportunity, responses((status = 201, description = "Registered", body = ReceiptObject)))]
pub(crate) async fn register_opportunity(
    State(app): State<Arc<App>>,
    change: Change,
    Json(body): Json<RegisterOpportunity>,
) -> Answer {
    let items = body.items.into_iter().enumerate().map(|(place, item)| {
        let field = |name: &str| format!("items[{place}].{name}");
        Ok(AskedItem {
            description: item.description,
            category: item.category,
            quantity: Quantity::parse(&field("quantity"), &item.quantity)?,
            unit: Unit::parse(&field("unit"), &item.unit)?,
        })
    });
    let new = NewOpportunity {
        on: on(&body.on)?,
        reference: body.reference,
        title: body.title,
        partner: body.partner,
        kind: at("kind", body.kind.parse())?,
        recipient: body.recipient.read()?,
        exporter: body.exporter,
        items: items.collect::<Fallible<_>>()?,
        competitors: body.competitors,
        deadline: body.deadline.map(|day| parse_date("deadline", &day)).transpose()?,
        label: at("label", body.label.parse())?,
        document: paper(body.document)?,
    };
    let command = OpportunityCommand::Register(Box::new(new));
    change.carry_out(&app, Command::Opportunity { number: None, command }).await
}

/// One item of an offer: what a line of the contract will be.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OfferItemBody {
    /// What.
    description: String,
    /// Control-list entry.
    category: String,
    /// How much, a decimal string.
    quantity: String,
    /// UN/ECE code of the unit.
    #[serde(default = "pieces")]
    unit: String,
    /// Price of one unit, a decimal string in the offer's currency.
    unit_price: String,
    /// By when it would be delivered in full.
    #[schema(format = Date)]
    due_on: String,
}

/// Credit that is offered; shares are per cents, decimal strings.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreditBody {
    /// The share of the price that is on credit.
    share: String,
    /// The share that is paid down.
    #[serde(default)]
    down_payment: Option<String>,
    /// Over how many years it is repaid.
    years: u8,
    /// Interest a year.
    #[serde(default)]
    interest: Option<String>,
}

impl CreditBody {
    fn read(&self) -> Fallible<Credit> {
        let share = |field: &str, text: &Option<String>| {
            text.as_deref().map(|text| Percent::parse(field, text)).transpose()
        };
        Ok(Credit {
            share: Percent::parse("credit.share", &self.share)?,
            down_payment: share("credit.down_payment", &self.down_payment)?,
            years: self.years,
            interest: share("credit.interest", &self.interest)?,
        })
    }
}

/// A version of the offer.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SubmitOffer {
    /// The day on which it was submitted.
    #[schema(format = Date)]
    on: String,
    /// ISO 4217 code of all prices.
    currency: String,
    /// What is offered.
    items: Vec<OfferItemBody>,
    /// The last day on which it binds.
    #[schema(format = Date)]
    valid_until: String,
    /// Terms of payment and credit, in words.
    #[serde(default)]
    terms: Option<String>,
    /// Credit, in numbers.
    #[serde(default)]
    credit: Option<CreditBody>,
    /// The offer itself.
    document: Paper,
}

/// Submits the next version of the offer.
#[utoipa::path(post, path = "/opportunities/{number}/offers", tag = "opportunities", params(("number" = String, Path, description = "Number of the opportunity"), Headers), request_body = SubmitOffer, responses((status = 200, description = "Submitted", body = ReceiptObject)))]
pub(crate) async fn submit_offer(
    State(app): State<Arc<App>>,
    Path(number): Path<String>,
    change: Change,
    Json(body): Json<SubmitOffer>,
) -> Answer {
    let currency: Currency = at("currency", body.currency.parse())?;
    let items = body.items.into_iter().enumerate().map(|(place, item)| {
        let field = |name: &str| format!("items[{place}].{name}");
        Ok(OfferItem {
            description: item.description,
            category: item.category,
            quantity: Quantity::parse(&field("quantity"), &item.quantity)?,
            unit: Unit::parse(&field("unit"), &item.unit)?,
            unit_price: Money::parse(&field("unit_price"), &item.unit_price, currency)?,
            due_on: parse_date(&field("due_on"), &item.due_on)?,
        })
    });
    let new = NewOffer {
        on: on(&body.on)?,
        currency,
        items: items.collect::<Fallible<_>>()?,
        valid_until: parse_date("valid_until", &body.valid_until)?,
        terms: body.terms,
        credit: body.credit.as_ref().map(CreditBody::read).transpose()?,
        document: body.document.read()?,
    };
    let command = OpportunityCommand::Offer(Box::new(new));
    change.carry_out(&app, Command::Opportunity { number: Some(number), command }).await
}
