//! Opportunities: what may become a contract, from the request to the decision.
//!
//! An opportunity is received as a request or a tender, or begun on one's own initiative. It is answered by
//! numbered versions of an offer, or declined; its probability is estimated again and again, and every
//! estimate stays. It ends won, lost, declined or withdrawn. A won offer becomes a contract without being
//! typed anew: the same command opens the contract and adds its lines.
//!
//! What it shows of itself (days to answer, win rate, expected order intake) is worked out in [`analysis`].

pub mod analysis;
mod decide;
mod facts;
mod offer;
#[cfg(test)]
mod tests;

pub use decide::{
    ContractFromOffer, NewOpportunity, OpportunityCommand, OpportunityFacts, ToContract, decide,
};
pub use facts::{
    AdviceAsked, AdviceGiven, DeadlineExtended, OpportunityEstimated, OpportunityLost, OpportunityMoved,
    OpportunityRegistered, OpportunityWon,
};
pub use offer::{AskedItem, Credit, NewOffer, Offer, OfferItem, OfferMade, product_group};

use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize};

use crate::document::Document;
use crate::label::Label;
use crate::ledger::{Fact, Machine, StateWord, Subject, Transition};
use crate::money::Money;
use crate::payment::schedule::words;

/// The lifecycle of an opportunity.
pub const MACHINE: Machine = Machine {
    subject: "opportunity",
    initial: "open",
    rows: &[
        Transition::row("open", "extend", "open", "a later deadline than the one that stands"),
        Transition::row("open", "estimate", "open", "a whole per cent; a reason"),
        Transition::row("open", "ask_advice", "open", "no other advance opinion awaited"),
        Transition::row("open", "give_advice", "open", "an advance opinion awaited; the paper"),
        Transition::row("open", "offer", "offered", "no negative advance opinion stands; the paper"),
        Transition::row("open", "decline", "declined", "a reason"),
        Transition::row("open", "lose", "lost", "a cause"),
        Transition::row("open", "withdraw", "withdrawn", "a reason"),
        Transition::row("offered", "extend", "offered", "a later deadline than the one that stands"),
        Transition::row("offered", "estimate", "offered", "a whole per cent; a reason"),
        Transition::row("offered", "ask_advice", "offered", "no other advance opinion awaited"),
        Transition::row("offered", "give_advice", "offered", "an advance opinion awaited; the paper"),
        Transition::row("offered", "offer", "offered", "no negative advance opinion stands; the paper"),
        Transition::row(
            "offered",
            "win",
            "won",
            "a version of the offer; a contract of the same partner, or all that a new one needs",
        ),
        Transition::row("offered", "lose", "lost", "a cause"),
        Transition::row("offered", "withdraw", "withdrawn", "a reason"),
    ],
};

/// How an opportunity came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpportunityKind {
    /// The partner asks.
    Request,
    /// The partner invites several to offer.
    Tender,
    /// Nobody has asked; it is offered.
    OwnInitiative,
}

words! { OpportunityKind, "a kind of opportunity", "opportunity.kind",
    Request = "request", "request";
    Tender = "tender", "tender";
    OwnInitiative = "own_initiative", "own initiative";
}

/// Why an opportunity was lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LossCause {
    /// The price.
    Price,
    /// Terms of payment or credit.
    Terms,
    /// The time of delivery.
    DeliveryTime,
    /// What the goods can do.
    Performance,
    /// A decision above the trade.
    Political,
    /// A competitor's relation to the recipient.
    CompetitorRelation,
    /// The recipient gave the purchase up.
    CancelledByRecipient,
    /// The recipient came to no decision.
    NoDecision,
}

words! { LossCause, "a cause of a loss", "opportunity.cause",
    Price = "price", "price";
    Terms = "terms", "terms";
    DeliveryTime = "delivery_time", "delivery time";
    Performance = "performance", "performance";
    Political = "political", "political";
    CompetitorRelation = "competitor_relation", "competitor’s relation";
    CancelledByRecipient = "cancelled_by_recipient", "cancelled by the recipient";
    NoDecision = "no_decision", "no decision";
}

/// What an advance opinion says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Nothing stands against an offer.
    Positive,
    /// An offer may be made on conditions.
    Conditional,
    /// No offer may be made.
    Negative,
}

words! { Verdict, "an advance opinion", "opportunity.verdict",
    Positive = "positive", "positive";
    Conditional = "conditional", "conditional";
    Negative = "negative", "negative";
}

/// Who is to receive the goods: a party of the register, or words where there is none yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Recipient {
    /// Number of the party.
    Party(String),
    /// Who, in words.
    Words(String),
}

/// An estimate of the probability that a contract is signed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// The day of the estimate.
    pub on: Date,
    /// Whole per cent, 0 to 100.
    pub probability: u8,
    /// When the contract is expected to be signed, if that is said.
    pub signature_on: Option<Date>,
    /// Why.
    pub reason: String,
}

/// An advance opinion: asked, and perhaps given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// Of whom.
    pub asked_of: String,
    /// When.
    pub asked_on: Date,
    /// When it was given.
    pub given_on: Option<Date>,
    /// What it says.
    pub verdict: Option<Verdict>,
    /// The conditions, in words.
    pub conditions: Option<String>,
    /// The paper.
    pub document: Option<Document>,
}

/// How an opportunity ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Won by a version of the offer, and the contract.
    Won {
        /// Version of the offer.
        offer: u32,
        /// Number of the contract.
        contract: String,
    },
    /// Lost.
    Lost {
        /// Why.
        cause: LossCause,
        /// To whom, where that is known.
        competitor: Option<String>,
        /// More about it, in words.
        remark: Option<String>,
    },
    /// Declined or withdrawn.
    Ended {
        /// Why.
        reason: String,
    },
}

/// The state of an opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opportunity {
    /// Number, `O-Q2012-0001`.
    pub number: String,
    /// The number that those who ask use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// How it came about.
    pub kind: OpportunityKind,
    /// Who is to receive the goods.
    pub recipient: Recipient,
    /// Number of the party that offers.
    pub exporter: String,
    /// What is asked.
    pub items: Vec<AskedItem>,
    /// Who else offers, as far as it is known.
    pub competitors: Vec<String>,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    #[serde(deserialize_with = "state_of")]
    pub state: StateWord,
    /// The day on which it was received, or begun on one's own initiative.
    pub received_on: Date,
    /// By when it is to be answered.
    pub deadline: Option<Date>,
    /// Estimates in their order.
    pub estimates: Vec<Estimate>,
    /// Advance opinions in their order.
    pub advice: Vec<Advice>,
    /// Versions of the offer, from 1.
    pub offers: Vec<Offer>,
    /// The day of the first offer, or of the refusal to make one.
    pub answered_on: Option<Date>,
    /// The day on which it was won, lost, declined or withdrawn.
    pub ended_on: Option<Date>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// The paper with which it came.
    pub document: Option<Document>,
    /// The day of its last change.
    pub last_on: Date,
}

fn state_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<&'static str, D::Error> {
    MACHINE.read_state(deserializer)
}

impl Opportunity {
    /// Folds one fact.
    pub fn apply(
        state: &mut Option<Opportunity>,
        subject: &Subject,
        on: Date,
        label: &Label,
        fact: &Fact,
        reason: Option<&str>,
    ) {
        if let Fact::OpportunityRegistered(new) = fact {
            *state = Some(Opportunity {
                number: subject.key.clone(),
                reference: new.reference.clone(),
                title: new.title.clone(),
                partner: new.partner.clone(),
                kind: new.kind,
                recipient: new.recipient.clone(),
                exporter: new.exporter.clone(),
                items: new.items.clone(),
                competitors: new.competitors.clone(),
                label: label.clone(),
                state: MACHINE.initial,
                received_on: on,
                deadline: new.deadline,
                estimates: Vec::new(),
                advice: Vec::new(),
                offers: Vec::new(),
                answered_on: None,
                ended_on: None,
                outcome: None,
                document: new.document.clone(),
                last_on: on,
            });
            return;
        }
        let Some(this) = state else { return };
        let why = || reason.unwrap_or_default().to_owned();
        match fact {
            Fact::OpportunityDeadlineExtended(extended) => this.deadline = Some(extended.deadline),
            Fact::OpportunityEstimated(estimate) => this.estimates.push(Estimate {
                on,
                probability: estimate.probability,
                signature_on: estimate.signature_on,
                reason: why(),
            }),
            Fact::OpportunityAdviceAsked(asked) => this.advice.push(Advice {
                asked_of: asked.asked_of.clone(),
                asked_on: on,
                given_on: None,
                verdict: None,
                conditions: None,
                document: None,
            }),
            Fact::OpportunityAdviceGiven(given) => {
                if let Some(last) = this.advice.last_mut() {
                    last.given_on = Some(on);
                    last.verdict = Some(given.verdict);
                    last.conditions.clone_from(&given.conditions);
                    last.document = Some(given.document.clone());
                }
            }
            Fact::OpportunityOffered(made) => {
                this.offers.push(Offer { submitted_on: on, made: made.clone() });
                this.answered_on.get_or_insert(on);
                this.state = "offered";
            }
            Fact::OpportunityWon(won) => {
                this.end("won", on, Outcome::Won { offer: won.offer, contract: won.contract.clone() });
            }
            Fact::OpportunityLost(lost) => {
                let (cause, competitor) = (lost.cause, lost.competitor.clone());
                this.end("lost", on, Outcome::Lost { cause, competitor, remark: reason.map(str::to_owned) });
            }
            Fact::OpportunityDeclined(_) => {
                this.answered_on.get_or_insert(on);
                this.end("declined", on, Outcome::Ended { reason: why() });
            }
            Fact::OpportunityWithdrawn(_) => this.end("withdrawn", on, Outcome::Ended { reason: why() }),
            _ => return,
        }
        this.last_on = on;
    }

    fn end(&mut self, state: &'static str, on: Date, outcome: Outcome) {
        self.state = state;
        self.ended_on = Some(on);
        self.outcome = Some(outcome);
    }

    /// Whether it has not ended.
    pub fn is_open(&self) -> bool {
        matches!(self.state, "open" | "offered")
    }

    /// The last version of the offer, with its number.
    pub fn last_offer(&self) -> Option<&Offer> {
        self.offers.last()
    }

    /// What the last version of the offer sums to.
    pub fn value(&self) -> Option<Money> {
        self.last_offer().map(|offer| offer.made.amount)
    }

    /// The last estimate.
    pub fn estimate(&self) -> Option<&Estimate> {
        self.estimates.last()
    }

    /// The contract that came of it.
    pub fn contract(&self) -> Option<&str> {
        match &self.outcome {
            Some(Outcome::Won { contract, .. }) => Some(contract),
            _ => None,
        }
    }

    /// The product groups of what is asked and of what was offered last, each once, in their order.
    pub fn product_groups(&self) -> Vec<&str> {
        let asked = self.items.iter().map(|item| item.category.as_str());
        let offered = self.last_offer().into_iter().flat_map(|offer| &offer.made.items);
        let mut groups: Vec<&str> =
            asked.chain(offered.map(|item| item.category.as_str())).map(product_group).collect();
        groups.sort_unstable();
        groups.dedup();
        groups
    }
}
