//! The contract itself: parties, lifecycle, amendments.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::claim::{self, Claim, ClaimAnswered, ClaimSettlement, NewClaim};
use super::closure::{ClosureFacts, check_closure, check_completion};
use super::delivery::Delivery;
use super::terms::ContractTerms;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, Machine, NewEvent, Refusal, Subject, SubjectKind, Transition};
use crate::money::Currency;
use crate::party::check_may_mark;

const CLOSING: &str = "no open claim, penalty, milestone, slippage, corrective plan or offset obligation; every instalment paid or withdrawn; the warranty over";

/// The lifecycle of a contract.
pub const MACHINE: Machine = Machine {
    subject: "contract",
    initial: "negotiating",
    rows: &[
        Transition::row(
            "negotiating",
            "sign",
            "signed",
            "at least one line; an exporter and an end user; the signed document",
        ),
        Transition::row("negotiating", "terminate", "terminated", "a reason"),
        Transition::row("signed", "enter_into_force", "in_force", "a date not before the signature"),
        Transition::row("signed", "terminate", "terminated", "a reason"),
        Transition::row("in_force", "suspend", "suspended", "a reason"),
        Transition::row(
            "in_force",
            "complete",
            "completed",
            "every line accepted in full; every item that is known by it with its serial number; no open claim",
        ),
        Transition::row("in_force", "terminate", "terminated", "a reason"),
        Transition::row("suspended", "resume", "in_force", "a date not before the suspension"),
        Transition::row("suspended", "terminate", "terminated", "a reason"),
        Transition::row("completed", "close", "closed", CLOSING),
        Transition::row("terminated", "close", "closed", CLOSING),
    ],
};

/// As what a party stands in a contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartyRole {
    /// Who sells.
    Exporter,
    /// Who will use the goods.
    EndUser,
    /// Who receives them.
    Consignee,
    /// Who made the deal between the others.
    Broker,
    /// Who carries.
    Carrier,
    /// Who makes the goods.
    Manufacturer,
    /// Who pays or guarantees.
    Bank,
}

impl PartyRole {
    /// All roles, in the order in which a contract names them.
    pub const ALL: [PartyRole; 7] = [
        PartyRole::Exporter,
        PartyRole::EndUser,
        PartyRole::Consignee,
        PartyRole::Broker,
        PartyRole::Carrier,
        PartyRole::Manufacturer,
        PartyRole::Bank,
    ];

    /// The word in data.
    pub fn word(self) -> &'static str {
        match self {
            PartyRole::Exporter => "exporter",
            PartyRole::EndUser => "end_user",
            PartyRole::Consignee => "consignee",
            PartyRole::Broker => "broker",
            PartyRole::Carrier => "carrier",
            PartyRole::Manufacturer => "manufacturer",
            PartyRole::Bank => "bank",
        }
    }
}

/// A party in its role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractParty {
    /// Number of the party.
    pub party: String,
    /// Its role.
    pub role: PartyRole,
}

/// Opens a contract under negotiation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewContract {
    /// The number that the parties use between themselves.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// The partner state, ISO 3166-1 alpha-3.
    pub partner: String,
    /// Parties by role.
    pub parties: Vec<ContractParty>,
    /// The currency of all its prices.
    pub currency: Currency,
    /// Marking.
    pub label: Label,
    /// When negotiation began.
    pub on: Date,
}

/// `contract.opened.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractOpened {
    /// The parties' own number.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// The partner state.
    pub partner: String,
    /// Parties by role.
    pub parties: Vec<ContractParty>,
    /// The currency of all its prices.
    pub currency: Currency,
}

/// `contract.signed.v1`, `.entered_into_force.v1`, `.suspended.v1`, `.resumed.v1`,
/// `.completed.v1`, `.terminated.v1`, `.closed.v1`: the event's date is the day of the change.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractMoved {
    /// The paper behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Document>,
}

/// What an amendment changes; what is absent stays.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amendment {
    /// New title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// New list of parties, whole.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parties: Option<Vec<ContractParty>>,
    /// The signed amendment.
    pub document: Document,
}

/// `contract.amended.v1`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContractAmended {
    /// The change.
    pub amendment: Amendment,
}

/// A change of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)] // Fields: `on` is the day of the change, `document` the paper behind it.
pub enum ContractCommand {
    Open(NewContract),
    Amend { on: Date, amendment: Amendment, reason: String },
    Sign { on: Date, document: Document },
    EnterIntoForce { on: Date, document: Option<Document> },
    Suspend { on: Date, reason: String },
    Resume { on: Date, document: Option<Document> },
    Complete { on: Date, document: Option<Document> },
    Terminate { on: Date, reason: String, document: Option<Document> },
    AgreeTerms { on: Date, terms: ContractTerms, reason: String },
    OpenClaim(Box<NewClaim>),
    AnswerClaim { on: Date, answer: ClaimAnswered },
    SettleClaim(Box<ClaimSettlement>),
    Close { on: Date, document: Option<Document> },
}

/// What the rules need to know of the rest of the register.
#[derive(Debug, Clone, Default)]
pub struct ContractFacts {
    /// Whether the partner named is registered.
    pub partner_exists: bool,
    /// The label of each party named that the register holds and the actor may see.
    pub parties: BTreeMap<String, Label>,
    /// How many lines the contract has.
    pub lines: usize,
    /// What stands in the way of its completion or closing.
    pub closure: ClosureFacts,
    /// The delivery named, if it is there.
    pub delivery: Option<Delivery>,
    /// Lines named that are there, and whether they are counted in pieces.
    pub named_lines: Vec<(String, bool)>,
}

/// The state of a contract.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contract {
    /// Number in the register.
    pub number: String,
    /// The partner state.
    pub partner: String,
    /// Parties by role.
    pub parties: Vec<ContractParty>,
    /// What it is about.
    pub title: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// Marking.
    pub label: Label,
    /// State of [`MACHINE`].
    pub state: &'static str,
    /// When it entered into force.
    pub in_force_on: Option<Date>,
    /// The day of its last change.
    pub last_on: Date,
    /// Its suspensions: from when, and from when it was in force again.
    pub suspensions: Vec<(Date, Option<Date>)>,
    /// Claims, numbered from 1 in order.
    pub claims: Vec<Claim>,
    /// Windows of claims, warranties and serial numbers, as agreed last.
    pub terms: ContractTerms,
}

impl Contract {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Contract>, subject: &Subject, on: Date, label: &Label, fact: &Fact) {
        if let Fact::ContractOpened(opened) = fact {
            *state = Some(Contract {
                number: subject.key.clone(),
                partner: opened.partner.clone(),
                parties: opened.parties.clone(),
                title: opened.title.clone(),
                currency: opened.currency,
                label: label.clone(),
                state: MACHINE.initial,
                in_force_on: None,
                last_on: on,
                suspensions: Vec::new(),
                claims: Vec::new(),
                terms: ContractTerms::default(),
            });
            return;
        }
        let Some(contract) = state else { return };
        match fact {
            Fact::ContractAmended(a) => {
                if let Some(title) = &a.amendment.title {
                    contract.title.clone_from(title);
                }
                if let Some(parties) = &a.amendment.parties {
                    contract.parties.clone_from(parties);
                }
                contract.last_on = on;
            }
            Fact::ContractTermsAgreed(terms) => {
                contract.terms = terms.clone();
                contract.last_on = on;
            }
            Fact::ClaimOpened(_)
            | Fact::ClaimRaised(_)
            | Fact::ClaimAnswered(_)
            | Fact::ClaimSettled(_)
            | Fact::ClaimEnded(_) => Claim::apply(&mut contract.claims, on, fact),
            _ => {
                if let Some(to) = state_after(fact) {
                    contract.state = to;
                    contract.last_on = on;
                    match fact {
                        Fact::ContractEnteredIntoForce(_) => contract.in_force_on = Some(on),
                        Fact::ContractSuspended(_) => contract.suspensions.push((on, None)),
                        Fact::ContractResumed(_) => {
                            if let Some((_, resumed_on)) = contract.suspensions.last_mut() {
                                *resumed_on = Some(on);
                            }
                        }
                        _ => {}
                    }
                }
            }
        }
    }

    /// Whether it has ended: nothing is agreed under it any more.
    pub fn has_ended(&self) -> bool {
        has_ended(self.state)
    }

    /// Whether goods are still owed under it.
    pub fn is_open(&self) -> bool {
        matches!(self.state, "signed" | "in_force" | "suspended")
    }
}

/// Whether a contract in a state has ended.
pub fn has_ended(state: &str) -> bool {
    matches!(state, "completed" | "terminated" | "closed")
}

/// The state into which a fact takes a contract, if it moves one.
pub fn state_after(fact: &Fact) -> Option<&'static str> {
    Some(match fact {
        Fact::ContractOpened(_) => "negotiating",
        Fact::ContractSigned(_) => "signed",
        Fact::ContractEnteredIntoForce(_) | Fact::ContractResumed(_) => "in_force",
        Fact::ContractSuspended(_) => "suspended",
        Fact::ContractCompleted(_) => "completed",
        Fact::ContractTerminated(_) => "terminated",
        Fact::ContractClosed(_) => "closed",
        _ => return None,
    })
}

/// Decides a change of a contract. `number` is its number, or the next free one for a new contract.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn decide(
    state: Option<&Contract>,
    number: &str,
    facts: &ContractFacts,
    context: &Context,
    command: ContractCommand,
) -> Fallible<Vec<NewEvent>> {
    let subject = SubjectKind::Contract.subject(number);
    let event = |on: Date, label: &Label, fact, reason: Option<String>| {
        Ok(vec![NewEvent { subject: subject.clone(), occurred_on: on, label: label.clone(), fact, reason }])
    };
    let contract = match (command, state) {
        (ContractCommand::Open(new), _) => {
            context.not_in_future("on", new.on)?;
            let fact = open(facts, context, &new)?;
            return event(new.on, &new.label, fact, None);
        }
        (_, None) => return Err(Refusal::not_found("contract", number)),
        (command, Some(contract)) => (command, contract),
    };
    let (command, contract) = contract;
    let label = &contract.label;
    let moved = |step: &str,
                 on: Date,
                 document: Option<Document>,
                 reason: Option<String>,
                 fact: fn(ContractMoved) -> Fact| {
        MACHINE.next(contract.state, step)?;
        in_order(context, contract, on)?;
        if let Some(document) = &document {
            document.check(context)?;
        }
        if let Some(reason) = &reason {
            text("contract.reason", "reason", reason, 1000)?;
        }
        event(on, label, fact(ContractMoved { document }), reason)
    };
    match command {
        ContractCommand::Open(_) => unreachable_open(),
        ContractCommand::Sign { on, document } => {
            if facts.lines == 0 {
                return Err(Refusal::new("contract.no_line", format!("Contract {number} has no line."))
                    .missing("at least one line before signature"));
            }
            moved("sign", on, Some(document), None, Fact::ContractSigned)
        }
        ContractCommand::EnterIntoForce { on, document } => {
            moved("enter_into_force", on, document, None, Fact::ContractEnteredIntoForce)
        }
        ContractCommand::Suspend { on, reason } => {
            moved("suspend", on, None, Some(reason), Fact::ContractSuspended)
        }
        ContractCommand::Resume { on, document } => {
            moved("resume", on, document, None, Fact::ContractResumed)
        }
        ContractCommand::Complete { on, document } => {
            MACHINE.next(contract.state, "complete")?;
            check_completion(contract, &facts.closure, on)?;
            moved("complete", on, document, None, Fact::ContractCompleted)
        }
        ContractCommand::Terminate { on, reason, document } => {
            moved("terminate", on, document, Some(reason), Fact::ContractTerminated)
        }
        ContractCommand::Amend { on, amendment, reason } => {
            still_changeable(contract)?;
            in_order(context, contract, on)?;
            text("contract.reason", "reason", &reason, 1000)?;
            amendment.document.check(context)?;
            if amendment.title.is_none() && amendment.parties.is_none() {
                return Err(Refusal::new("contract.nothing_amended", "The amendment changes nothing.")
                    .missing("a new title or new parties"));
            }
            if let Some(title) = &amendment.title {
                text("contract.title", "title", title, 200)?;
            }
            if let Some(parties) = &amendment.parties {
                check_parties(facts, parties, label)?;
            }
            event(on, label, Fact::ContractAmended(ContractAmended { amendment }), Some(reason))
        }
        ContractCommand::AgreeTerms { on, terms, reason } => {
            still_changeable(contract)?;
            in_order(context, contract, on)?;
            text("contract.reason", "reason", &reason, 1000)?;
            terms.check(number, &facts.named_lines, contract.state != "negotiating", context)?;
            if (&terms.claim_windows, &terms.warranties, &terms.serialised)
                == (&contract.terms.claim_windows, &contract.terms.warranties, &contract.terms.serialised)
            {
                return Err(Refusal::new("contract.nothing_amended", "These terms are agreed already.")
                    .missing("other windows, warranties or serial numbers"));
            }
            event(on, label, Fact::ContractTermsAgreed(terms), Some(reason))
        }
        ContractCommand::OpenClaim(new) => {
            not_closed(contract)?;
            event(new.on, label, claim::raise(contract, facts.delivery.as_ref(), context, *new)?, None)
        }
        ContractCommand::AnswerClaim { on, answer } => {
            event(on, label, claim::answer(contract, context, on, answer)?, None)
        }
        ContractCommand::SettleClaim(given) => {
            event(given.on, label, claim::end(contract, facts.delivery.as_ref(), context, *given)?, None)
        }
        ContractCommand::Close { on, document } => {
            MACHINE.next(contract.state, "close")?;
            check_closure(contract, &facts.closure, on)?;
            moved("close", on, document, None, Fact::ContractClosed)
        }
    }
}

/// `Open` has returned before; kept as a refusal so that no input can reach a panic.
fn unreachable_open() -> Fallible<Vec<NewEvent>> {
    Err(Refusal::new("contract.opened", "The contract is open already.").missing("a new contract"))
}

fn open(facts: &ContractFacts, context: &Context, new: &NewContract) -> Fallible<Fact> {
    text("contract.reference", "reference", &new.reference, 80)?;
    text("contract.title", "title", &new.title, 200)?;
    check_may_mark(context, &new.label)?;
    if !facts.partner_exists {
        return Err(Refusal::not_found("partner", &new.partner).field("partner"));
    }
    check_parties(facts, &new.parties, &new.label)?;
    Ok(Fact::ContractOpened(ContractOpened {
        reference: new.reference.clone(),
        title: new.title.clone(),
        partner: new.partner.clone(),
        parties: new.parties.clone(),
        currency: new.currency,
    }))
}

fn check_parties(facts: &ContractFacts, parties: &[ContractParty], label: &Label) -> Fallible<()> {
    for named in parties {
        let Some(of_party) = facts.parties.get(&named.party) else {
            return Err(Refusal::not_found("party", &named.party).field("parties"));
        };
        // Whoever reads the contract reads whom it names.
        if !label.dominates(of_party) {
            return Err(Refusal::new(
                "contract.party_marking",
                format!("Party {} is marked {of_party}, the contract {label}.", named.party),
            )
            .field("parties")
            .missing("parties that every reader of the contract may know of"));
        }
    }
    for (role, words) in [(PartyRole::Exporter, "an exporter"), (PartyRole::EndUser, "an end user")] {
        if !parties.iter().any(|p| p.role == role) {
            return Err(Refusal::new(
                "contract.parties",
                format!("The contract names no {}.", role.word().replace('_', " ")),
            )
            .field("parties")
            .missing(words));
        }
    }
    Ok(())
}

fn in_order(context: &Context, contract: &Contract, on: Date) -> Fallible<()> {
    context.not_in_future("on", on)?;
    if on >= contract.last_on {
        return Ok(());
    }
    Err(Refusal::new(
        "contract.order",
        format!("Contract {} changed last on {}; {on} is before it.", contract.number, contract.last_on),
    )
    .field("on")
    .missing(format!("a date from {}", contract.last_on)))
}

fn still_changeable(contract: &Contract) -> Fallible<()> {
    if contract.has_ended() {
        return Err(Refusal::new("state", format!("Contract {} is {}.", contract.number, contract.state))
            .missing("a contract that is not completed, terminated or closed"));
    }
    Ok(())
}

/// What was delivered may be claimed about after the contract is completed or terminated: its warranty runs on.
fn not_closed(contract: &Contract) -> Fallible<()> {
    if contract.state == "closed" {
        return Err(Refusal::new("state", format!("Contract {} is closed.", contract.number))
            .missing("a contract that is not closed"));
    }
    Ok(())
}
