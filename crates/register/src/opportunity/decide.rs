//! The rule of an opportunity.

use jiff::civil::Date;
use serde::Serialize;

use super::offer::{check_asked, make};
use super::{
    AdviceAsked, AdviceGiven, AskedItem, DeadlineExtended, LossCause, MACHINE, NewOffer, Offer, Opportunity,
    OpportunityEstimated, OpportunityKind, OpportunityLost, OpportunityMoved, OpportunityRegistered,
    OpportunityWon, Recipient, Verdict,
};
use crate::contract::line::{self, LineCommand, LineFacts, LineSums, NewLine};
use crate::contract::{
    self, Contract, ContractCommand, ContractFacts, ContractParty, NewContract, PartyRole,
};
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind, check_year};
use crate::party::check_may_mark;

/// Competitors named at most.
const MOST_COMPETITORS: usize = 50;

/// A new opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: as those of `OpportunityRegistered`.
pub struct NewOpportunity {
    /// The day on which it was received, or begun.
    pub on: Date,
    pub reference: Option<String>,
    pub title: String,
    pub partner: String,
    pub kind: OpportunityKind,
    pub recipient: Recipient,
    pub exporter: String,
    pub items: Vec<AskedItem>,
    pub competitors: Vec<String>,
    pub deadline: Option<Date>,
    /// Marking.
    pub label: Label,
    pub document: Option<Document>,
}

/// What a contract needs beyond what the offer says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ContractFromOffer {
    /// The number that the parties use between themselves.
    pub reference: String,
    /// What it is about; none for the title of the opportunity.
    pub title: Option<String>,
    /// Number of the end user; none where the recipient is a party.
    pub end_user: Option<String>,
}

/// The contract of a won opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ToContract {
    /// One that the register holds.
    Existing(String),
    /// A new one, opened from the offer with all its lines.
    New(ContractFromOffer),
}

/// A change of an opportunity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum OpportunityCommand {
    Register(Box<NewOpportunity>),
    Extend {
        on: Date,
        deadline: Date,
        document: Option<Document>,
        reason: Option<String>,
    },
    Estimate {
        on: Date,
        probability: u8,
        signature_on: Option<Date>,
        reason: String,
    },
    AskAdvice {
        on: Date,
        asked_of: String,
    },
    GiveAdvice {
        on: Date,
        verdict: Verdict,
        conditions: Option<String>,
        document: Document,
    },
    Offer(Box<NewOffer>),
    Win {
        on: Date,
        offer: Option<u32>,
        contract: ToContract,
        document: Option<Document>,
    },
    Lose {
        on: Date,
        cause: LossCause,
        competitor: Option<String>,
        remark: Option<String>,
        document: Option<Document>,
    },
    Decline {
        on: Date,
        reason: String,
        document: Option<Document>,
    },
    Withdraw {
        on: Date,
        reason: String,
        document: Option<Document>,
    },
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct OpportunityFacts {
    /// Whether the partner is registered, and the label of each party named that the register holds and the
    /// actor may see.
    pub contract: ContractFacts,
    /// The contract named, if the register holds it and the actor may see it.
    pub existing: Option<Contract>,
    /// The number of a new contract.
    pub contract_number: String,
}

/// Decides a change of an opportunity. `number` is its number, or the next one for a new opportunity.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Opportunity>,
    number: &str,
    facts: &OpportunityFacts,
    context: &Context,
    command: OpportunityCommand,
) -> Fallible<Vec<NewEvent>> {
    let event = |on, label: &Label, fact, reason| NewEvent {
        subject: SubjectKind::Opportunity.subject(number),
        occurred_on: on,
        label: label.clone(),
        fact,
        reason,
    };
    let (command, this) = match (command, state) {
        (OpportunityCommand::Register(new), _) => {
            let (on, label) = (new.on, new.label.clone());
            let fact = register(facts, context, *new)?;
            return Ok(vec![event(on, &label, Fact::OpportunityRegistered(fact), None)]);
        }
        (_, None) => return Err(Refusal::not_found("opportunity", number)),
        (command, Some(this)) => (command, this),
    };
    let label = &this.label;
    let step = |step: &str, on: Date, document: Option<&Document>| {
        MACHINE.next(this.state, step)?;
        in_order(context, this, on)?;
        document.map_or(Ok(()), |document| document.check(context))
    };
    let one = |on, fact, reason| Ok(vec![event(on, label, fact, reason)]);
    match command {
        OpportunityCommand::Register(_) => {
            Err(Refusal::new("opportunity.registered", "The opportunity is registered already.")
                .missing("a new opportunity"))
        }
        OpportunityCommand::Extend { on, deadline, document, reason } => {
            step("extend", on, document.as_ref())?;
            check_year("deadline", deadline)?;
            check_optional("reason", reason.as_deref())?;
            let earliest = this.deadline.unwrap_or(on).max(on);
            if deadline <= earliest {
                return Err(Refusal::new(
                    "opportunity.deadline",
                    format!("{deadline} is not after {earliest}."),
                )
                .field("deadline")
                .missing(format!("a date after {earliest}")));
            }
            one(on, Fact::OpportunityDeadlineExtended(DeadlineExtended { deadline, document }), reason)
        }
        OpportunityCommand::Estimate { on, probability, signature_on, reason } => {
            step("estimate", on, None)?;
            text("opportunity.reason", "reason", &reason, 1000)?;
            if probability > 100 {
                return Err(Refusal::new(
                    "opportunity.probability",
                    format!("{probability} % is above 100 %."),
                )
                .field("probability")
                .missing("a whole per cent from 0 to 100"));
            }
            if let Some(signature_on) = signature_on {
                check_year("signature_on", signature_on)?;
                if signature_on < on {
                    return Err(Refusal::new(
                        "opportunity.signature",
                        format!("{signature_on} is before the estimate of {on}."),
                    )
                    .field("signature_on")
                    .missing(format!("a date from {on}")));
                }
            }
            one(
                on,
                Fact::OpportunityEstimated(OpportunityEstimated { probability, signature_on }),
                Some(reason),
            )
        }
        OpportunityCommand::AskAdvice { on, asked_of } => {
            step("ask_advice", on, None)?;
            text("opportunity.asked_of", "asked_of", &asked_of, 200)?;
            if let Some(open) = this.advice.last().filter(|advice| advice.given_on.is_none()) {
                return Err(Refusal::new(
                    "opportunity.advice_awaited",
                    format!("The opinion asked of {} on {} is awaited.", open.asked_of, open.asked_on),
                )
                .missing("an answer to the opinion that was asked last"));
            }
            one(on, Fact::OpportunityAdviceAsked(AdviceAsked { asked_of }), None)
        }
        OpportunityCommand::GiveAdvice { on, verdict, conditions, document } => {
            step("give_advice", on, Some(&document))?;
            check_optional("conditions", conditions.as_deref())?;
            if this.advice.last().is_none_or(|advice| advice.given_on.is_some()) {
                return Err(Refusal::new("opportunity.no_advice", "No advance opinion is awaited.")
                    .missing("an advance opinion that was asked for"));
            }
            if (verdict == Verdict::Conditional) != conditions.is_some() {
                return Err(Refusal::new(
                    "opportunity.conditions",
                    "Conditions go with a conditional opinion, and with no other.",
                )
                .field("conditions")
                .missing("the conditions of a conditional opinion"));
            }
            one(on, Fact::OpportunityAdviceGiven(AdviceGiven { verdict, conditions, document }), None)
        }
        OpportunityCommand::Offer(new) => {
            let on = new.on;
            step("offer", on, None)?;
            let last = this.advice.iter().rev().find(|advice| advice.verdict.is_some());
            if let Some(advice) = last.filter(|advice| advice.verdict == Some(Verdict::Negative)) {
                return Err(Refusal::new(
                    "opportunity.advice_negative",
                    format!("The advance opinion of {} is negative.", advice.asked_of),
                )
                .missing("a later advance opinion that is positive or conditional"));
            }
            let version = u32::try_from(this.offers.len()).unwrap_or(u32::MAX).saturating_add(1);
            one(on, Fact::OpportunityOffered(make(context, version, *new)?), None)
        }
        OpportunityCommand::Win { on, offer, contract, document } => {
            step("win", on, document.as_ref())?;
            let offer = match offer {
                None => this.offers.last(),
                Some(version) => this.offers.iter().find(|offer| offer.made.version == version),
            };
            let offer = offer.ok_or_else(|| Refusal::not_found("offer", number).field("offer"))?;
            let (contract, mut events) = match contract {
                ToContract::Existing(contract) => (existing(this, facts, contract)?, Vec::new()),
                ToContract::New(new) => {
                    (facts.contract_number.clone(), open_contract(this, offer, facts, context, on, new)?)
                }
            };
            let won = OpportunityWon { offer: offer.made.version, contract, document };
            // Last, because the last event of a request bears its key: asked again, the answer is of the opportunity.
            events.push(event(on, label, Fact::OpportunityWon(won), None));
            Ok(events)
        }
        OpportunityCommand::Lose { on, cause, competitor, remark, document } => {
            step("lose", on, document.as_ref())?;
            check_optional("remark", remark.as_deref())?;
            if let Some(competitor) = &competitor {
                text("opportunity.competitor", "competitor", competitor, 200)?;
            }
            one(on, Fact::OpportunityLost(OpportunityLost { cause, competitor, document }), remark)
        }
        OpportunityCommand::Decline { on, reason, document } => {
            step("decline", on, document.as_ref())?;
            text("opportunity.reason", "reason", &reason, 1000)?;
            one(on, Fact::OpportunityDeclined(OpportunityMoved { document }), Some(reason))
        }
        OpportunityCommand::Withdraw { on, reason, document } => {
            step("withdraw", on, document.as_ref())?;
            text("opportunity.reason", "reason", &reason, 1000)?;
            one(on, Fact::OpportunityWithdrawn(OpportunityMoved { document }), Some(reason))
        }
    }
}

fn check_optional(field: &'static str, words: Option<&str>) -> Fallible<()> {
    words.map_or(Ok(()), |words| text("opportunity.words", field, words, 1000))
}

fn in_order(context: &Context, this: &Opportunity, on: Date) -> Fallible<()> {
    context.not_in_future("on", on)?;
    if on >= this.last_on {
        return Ok(());
    }
    Err(Refusal::new(
        "opportunity.order",
        format!("Opportunity {} changed last on {}; {on} is before it.", this.number, this.last_on),
    )
    .field("on")
    .missing(format!("a date from {}", this.last_on)))
}

fn register(
    facts: &OpportunityFacts,
    context: &Context,
    new: NewOpportunity,
) -> Fallible<OpportunityRegistered> {
    context.not_in_future("on", new.on)?;
    if let Some(reference) = &new.reference {
        text("opportunity.reference", "reference", reference, 80)?;
    }
    text("opportunity.title", "title", &new.title, 200)?;
    check_may_mark(context, &new.label)?;
    if !facts.contract.partner_exists {
        return Err(Refusal::not_found("partner", &new.partner).field("partner"));
    }
    check_party(facts, "exporter", &new.exporter, &new.label)?;
    match &new.recipient {
        Recipient::Party(party) => check_party(facts, "recipient", party, &new.label)?,
        Recipient::Words(words) => text("opportunity.recipient", "recipient", words, 200)?,
    }
    check_asked(&new.items)?;
    if new.competitors.len() > MOST_COMPETITORS {
        return Err(Refusal::new("opportunity.competitors", "There are too many competitors.")
            .field("competitors")
            .missing(format!("at most {MOST_COMPETITORS}")));
    }
    for competitor in &new.competitors {
        text("opportunity.competitor", "competitors", competitor, 200)?;
    }
    if let Some(deadline) = new.deadline {
        check_year("deadline", deadline)?;
        if deadline < new.on {
            return Err(Refusal::new(
                "opportunity.deadline",
                format!("The deadline {deadline} is before {}.", new.on),
            )
            .field("deadline")
            .missing(format!("a date from {}", new.on)));
        }
    } else if new.kind != OpportunityKind::OwnInitiative {
        return Err(Refusal::new(
            "opportunity.no_deadline",
            format!("A {} has a day by which it is to be answered.", new.kind.name()),
        )
        .field("deadline")
        .missing("the deadline"));
    }
    if let Some(document) = &new.document {
        document.check(context)?;
    }
    Ok(OpportunityRegistered {
        reference: new.reference,
        title: new.title,
        partner: new.partner,
        kind: new.kind,
        recipient: new.recipient,
        exporter: new.exporter,
        items: new.items,
        competitors: new.competitors,
        deadline: new.deadline,
        document: new.document,
    })
}

/// Whoever reads of the opportunity reads whom it names.
fn check_party(facts: &OpportunityFacts, field: &str, party: &str, label: &Label) -> Fallible<()> {
    let Some(of_party) = facts.contract.parties.get(party) else {
        return Err(Refusal::not_found("party", party).field(field));
    };
    if label.dominates(of_party) {
        return Ok(());
    }
    Err(Refusal::new(
        "opportunity.party_marking",
        format!("Party {party} is marked {of_party}, the opportunity {label}."),
    )
    .field(field)
    .missing("a party that every reader of the opportunity may know of"))
}

fn existing(this: &Opportunity, facts: &OpportunityFacts, number: String) -> Fallible<String> {
    let Some(contract) = &facts.existing else {
        return Err(Refusal::not_found("contract", &number).field("contract"));
    };
    if contract.partner != this.partner {
        return Err(Refusal::new(
            "opportunity.contract",
            format!("Contract {number} is with {}, the opportunity with {}.", contract.partner, this.partner),
        )
        .field("contract")
        .missing("a contract with the same partner"));
    }
    if !this.label.dominates(&contract.label) {
        return Err(Refusal::new(
            "opportunity.contract_marking",
            format!("Contract {number} is marked {}, the opportunity {}.", contract.label, this.label),
        )
        .field("contract")
        .missing("a contract that every reader of the opportunity may know of"));
    }
    Ok(number)
}

/// Opens a contract with a line for each item of the offer. What the rules of contracts and lines ask of a
/// contract that is typed in, they ask of this one.
fn open_contract(
    this: &Opportunity,
    offer: &Offer,
    facts: &OpportunityFacts,
    context: &Context,
    on: Date,
    new: ContractFromOffer,
) -> Fallible<Vec<NewEvent>> {
    let end_user = match (&this.recipient, new.end_user) {
        (_, Some(end_user)) => end_user,
        (Recipient::Party(party), None) => party.clone(),
        (Recipient::Words(words), None) => {
            return Err(Refusal::new(
                "opportunity.end_user",
                format!("The recipient is named in words only: {words}."),
            )
            .field("end_user")
            .missing("the number of the party that will use the goods"));
        }
    };
    let number = facts.contract_number.as_str();
    let parties = vec![
        ContractParty { party: this.exporter.clone(), role: PartyRole::Exporter },
        ContractParty { party: end_user, role: PartyRole::EndUser },
    ];
    let open = ContractCommand::Open(NewContract {
        reference: new.reference,
        title: new.title.unwrap_or_else(|| this.title.clone()),
        partner: this.partner.clone(),
        parties,
        currency: offer.made.amount.currency,
        label: this.label.clone(),
        on,
    });
    let mut events = contract::decide(None, number, &facts.contract, context, open)?;
    let mut opened = None;
    for event in &events {
        Contract::apply(&mut opened, &event.subject, event.occurred_on, &event.label, &event.fact);
    }
    let Some(opened) = opened else {
        return Err(Refusal::not_found("contract", number));
    };
    for (position, item) in (1_u32..).zip(&offer.made.items) {
        let add = LineCommand::Add(NewLine {
            reference: None,
            description: item.description.clone(),
            quantity: item.quantity,
            unit: item.unit,
            unit_price: item.unit_price,
            category: item.category.clone(),
            manufacturer: None,
            due_on: item.due_on,
            on,
            document: None,
        });
        let (sums, of_line) = (LineSums::default(), LineFacts::default());
        events.extend(line::decide(
            None,
            &sums,
            &opened,
            &format!("{number}.{position}"),
            &of_line,
            context,
            add,
        )?);
    }
    Ok(events)
}
