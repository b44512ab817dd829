//! What is asked, and the versions of an offer.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::contract::line::check_category;
use crate::document::{Document, text};
use crate::ledger::{Context, Fallible, Refusal, check_year};
use crate::money::{Currency, Money, Quantity, Unit, check_amount, price_of};
use crate::payment::Percent;

/// Items of a request or of an offer at most.
pub(super) const MOST_ITEMS: usize = 200;

/// Years of credit at most.
const MOST_YEARS: u8 = 50;

/// One item of what is asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedItem {
    /// What.
    pub description: String,
    /// Control-list entry, as lines of contracts have it.
    pub category: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
}

/// One item of an offer: what a line of the contract will be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferItem {
    /// What.
    pub description: String,
    /// Control-list entry.
    pub category: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Price of one unit.
    pub unit_price: Money,
    /// By when it would be delivered in full.
    pub due_on: Date,
}

/// Credit that is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Credit {
    /// The share of the price that is on credit.
    pub share: Percent,
    /// The share that is paid down.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub down_payment: Option<Percent>,
    /// Over how many years it is repaid.
    pub years: u8,
    /// Interest a year; none for a credit without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interest: Option<Percent>,
}

/// A new version of the offer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `OfferMade`.
pub struct NewOffer {
    /// The day on which it was submitted.
    pub on: Date,
    pub currency: Currency,
    pub items: Vec<OfferItem>,
    pub valid_until: Date,
    pub terms: Option<String>,
    pub credit: Option<Credit>,
    pub document: Document,
}

/// `opportunity.offered.v1`: the event's date is the day on which it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferMade {
    /// The version, from 1.
    pub version: u32,
    /// What is offered.
    pub items: Vec<OfferItem>,
    /// What the items sum to.
    pub amount: Money,
    /// The last day on which it binds.
    pub valid_until: Date,
    /// Terms of payment and credit, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<String>,
    /// Credit, in numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub credit: Option<Credit>,
    /// The offer itself.
    pub document: Document,
}

/// A version of the offer with the day on which it was submitted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// When.
    pub submitted_on: Date,
    /// What.
    pub made: OfferMade,
}

impl OfferItem {
    /// The price of the item.
    ///
    /// # Errors
    /// Where it is beyond what the register holds.
    pub fn amount(&self) -> Fallible<i64> {
        price_of(self.quantity, self.unit_price.minor)
    }
}

/// The product group of a control-list entry: what stands before the point, `ML10` of `ML10.a`.
pub fn product_group(category: &str) -> &str {
    category.split_once('.').map_or(category, |(group, _)| group)
}

pub(super) fn check_count(items: usize) -> Fallible<()> {
    if (1..=MOST_ITEMS).contains(&items) {
        return Ok(());
    }
    Err(Refusal::new("opportunity.items", format!("There are {items} items."))
        .field("items")
        .missing(format!("1 to {MOST_ITEMS} items")))
}

pub(super) fn check_asked(items: &[AskedItem]) -> Fallible<()> {
    check_count(items.len())?;
    for item in items {
        text("opportunity.description", "description", &item.description, 200)?;
        check_category(&item.category)?;
        item.unit.check_whole("quantity", item.quantity.positive("quantity")?)?;
    }
    Ok(())
}

/// Checks a version of an offer, and sums it.
pub(super) fn make(context: &Context, version: u32, new: NewOffer) -> Fallible<OfferMade> {
    check_count(new.items.len())?;
    let mut sum = 0_i64;
    for item in &new.items {
        text("opportunity.description", "description", &item.description, 200)?;
        check_category(&item.category)?;
        check_year("due_on", item.due_on)?;
        item.unit.check_whole("quantity", item.quantity.positive("quantity")?)?;
        if item.unit_price.currency != new.currency || item.unit_price.minor <= 0 {
            return Err(Refusal::new(
                "opportunity.price",
                format!("The price {} is not above zero in {}.", item.unit_price, new.currency),
            )
            .field("unit_price")
            .missing(format!("a price above zero in {}", new.currency)));
        }
        sum = sum.saturating_add(item.amount()?);
    }
    check_amount("items", sum)?;
    check_year("valid_until", new.valid_until)?;
    if new.valid_until < new.on {
        return Err(Refusal::new(
            "opportunity.validity",
            format!("The offer of {} would bind until {} only.", new.on, new.valid_until),
        )
        .field("valid_until")
        .missing(format!("a date from {}", new.on)));
    }
    if let Some(terms) = &new.terms {
        text("opportunity.terms", "terms", terms, 1000)?;
    }
    if let Some(credit) = &new.credit {
        check_credit(credit)?;
    }
    new.document.check(context)?;
    Ok(OfferMade {
        version,
        items: new.items,
        amount: Money::new(sum, new.currency),
        valid_until: new.valid_until,
        terms: new.terms,
        credit: new.credit,
        document: new.document,
    })
}

fn check_credit(credit: &Credit) -> Fallible<()> {
    let down = credit.down_payment.map_or(0, Percent::scaled);
    if credit.share.scaled() + down > Percent::WHOLE {
        return Err(Refusal::new(
            "opportunity.credit",
            "What is paid down and what is on credit are more than the price.",
        )
        .field("credit")
        .missing("shares that are together at most 100 %"));
    }
    if !(1..=MOST_YEARS).contains(&credit.years) {
        return Err(Refusal::new("opportunity.credit_years", format!("{} years of credit.", credit.years))
            .field("years")
            .missing(format!("1 to {MOST_YEARS} years")));
    }
    Ok(())
}
