//! What is asked for: of which licences, how much, to whom.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::Serialize;

use super::{Binding, ReexportItem, ReexportRequested, Sums, sums};
use crate::contract::serial::folded;
use crate::document::{Document, text};
use crate::label::Label;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};
use crate::money::Quantity;
use crate::party::check_may_mark;
use crate::transfer::content::{
    Content, MOST_LINES, Request, StatedPurpose, TransferKind, TransferLine, TransferParty, TransferRole,
};
use crate::transfer::licence::Licence;

/// Serial numbers at most.
const MOST_SERIALS: usize = 10_000;

/// A new request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewReexport {
    /// The day on which it came.
    pub on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What it is about.
    pub title: String,
    /// Number of the party that asks: an authority of the state that received the goods.
    pub authority: String,
    /// What is passed on.
    pub items: Vec<ReexportItem>,
    /// Serial numbers, where they are known.
    pub serials: Vec<String>,
    /// Number of the party that is to use the goods.
    pub end_user: String,
    /// Others on the way, by role.
    pub parties: Vec<TransferParty>,
    /// The state that the goods go to.
    pub destination: String,
    /// What for.
    pub purpose: StatedPurpose,
    /// The same in words.
    pub end_use: String,
    /// The request.
    pub document: Document,
}

/// What was delivered of a line, and what of it is taken by consents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Delivered {
    /// How much went and stands.
    pub written_off: Quantity,
    /// How much of it counts as received: what the end user confirmed, where it is to; else all that went.
    pub received: Quantity,
    /// How much other consents take.
    pub taken: Quantity,
}

impl Delivered {
    /// Of a line of a licence, without what consents take of it.
    pub fn of(licence: &Licence, line: u32) -> Delivered {
        let sum = |quantities: &mut dyn Iterator<Item = Quantity>| {
            Quantity(quantities.fold(0, |sum, quantity| sum.saturating_add(quantity.0)))
        };
        let written = licence.written_off.iter().filter(|(_, (_, written))| written.line == line);
        let written_off = sum(&mut written.clone().map(|(_, (_, written))| written.quantity));
        let confirmed =
            written.flat_map(|(reference, _)| licence.verified.get(reference).into_iter().flatten());
        let received = match licence.issued.verified_within() {
            Some(_) => sum(&mut confirmed.map(|verified| verified.quantity)),
            None => written_off,
        };
        Delivered { written_off, received, taken: Quantity::ZERO }
    }
}

/// What was delivered, by licence and line.
pub type DeliveredLines = BTreeMap<(String, u32), Delivered>;

/// What a new request is judged by.
#[derive(Debug, Clone, Default)]
pub struct RequestFacts {
    /// The markings of the parties that it names and that the actor may see, by number.
    pub parties: BTreeMap<String, Label>,
    /// Its licences that the actor may see, by number, each with the lines of its application in their order.
    pub licences: BTreeMap<String, (Licence, Vec<TransferLine>)>,
    /// What binds, by licence.
    pub bindings: Vec<Binding>,
    /// What was delivered.
    pub delivered: DeliveredLines,
}

/// Registers a request.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn request(
    number: &str,
    facts: &RequestFacts,
    context: &Context,
    new: NewReexport,
) -> Fallible<Vec<NewEvent>> {
    context.not_in_future("on", new.on)?;
    check_may_mark(context, &new.label)?;
    if new.items.is_empty() || new.items.len() > MOST_LINES {
        return Err(Refusal::new(
            "reexport.items",
            format!("The request is about {} items.", new.items.len()),
        )
        .field("items")
        .missing(format!("1 to {MOST_LINES} lines of licences")));
    }
    let origin = origin(facts, &new)?;
    let lines = lines(facts, &new)?;
    check_serials(&new.serials)?;
    let holders: BTreeSet<String> = facts
        .licences
        .values()
        .flat_map(|(licence, _)| licence.issued.end_users())
        .map(str::to_owned)
        .collect();
    if new.destination == origin && holders.contains(&new.end_user) {
        return Err(Refusal::new("reexport.same", format!("{} uses the goods already.", new.end_user))
            .field("end_user")
            .missing("another end user, or another state"));
    }
    let user = TransferParty { role: TransferRole::EndUser, party: new.end_user.clone() };
    let content = Content {
        request: Request::Licence,
        advance_opinion: None,
        kind: TransferKind::Export,
        title: new.title,
        applicant: new.authority,
        origin: Some(origin),
        destination: new.destination,
        route: Vec::new(),
        parties: std::iter::once(user).chain(new.parties).collect(),
        lines,
        purpose: new.purpose,
        end_use: new.end_use,
        exception: None,
        contract: None,
        return_by: None,
        documents: Vec::new(),
    };
    content.check(context)?;
    check_named(facts, &content, &new.label)?;
    new.document.check(context)?;
    check_left(&new.items, &facts.delivered, |delivered| delivered.written_off, "went under it")?;
    let requested = ReexportRequested {
        items: new.items,
        serials: new.serials.iter().map(|serial| serial.trim().to_owned()).collect(),
        bindings: facts.bindings.clone(),
        holders: holders.into_iter().collect(),
        content,
        document: new.document,
    };
    Ok(vec![NewEvent {
        subject: SubjectKind::Reexport.subject(number),
        occurred_on: new.on,
        label: new.label,
        fact: Fact::ReexportRequested(requested),
        reason: None,
    }])
}

/// The state that received the goods: that of all licences.
fn origin(facts: &RequestFacts, new: &NewReexport) -> Fallible<String> {
    let mut states = BTreeSet::new();
    for (place, item) in new.items.iter().enumerate() {
        let field = format!("items[{place}].licence");
        let Some((licence, _)) = facts.licences.get(&item.licence) else {
            return Err(Refusal::not_found("licence", &item.licence).field(field));
        };
        if !new.label.dominates(&licence.label) {
            return Err(marked_higher(&field, &item.licence, &licence.label, &new.label));
        }
        states.insert(licence.issued.destination.clone());
    }
    let mut each = states.iter();
    match (each.next(), each.next()) {
        (Some(state), None) => Ok(state.clone()),
        _ => {
            let states: Vec<String> = states.into_iter().collect();
            Err(Refusal::new(
                "reexport.origin",
                format!("The goods went to several states: {}.", states.join(", ")),
            )
            .field("items")
            .missing("a request for each state that received goods"))
        }
    }
}

/// The lines as checks are asked of them: as they were applied for, in the quantity that is passed on.
fn lines(facts: &RequestFacts, new: &NewReexport) -> Fallible<Vec<TransferLine>> {
    let mut lines = Vec::with_capacity(new.items.len());
    for (place, item) in new.items.iter().enumerate() {
        let found = facts.licences.get(&item.licence).and_then(|(licence, applied)| {
            let granted = licence.issued.lines.iter().find(|line| line.number == item.line)?;
            let applied = applied.get(usize::try_from(item.line).ok()?.checked_sub(1)?)?;
            Some((granted, applied))
        });
        let Some((granted, applied)) = found else {
            return Err(Refusal::new(
                "licence.line",
                format!("Licence {} has no line {}.", item.licence, item.line),
            )
            .field(format!("items[{place}].line"))
            .missing("the number of a line of the licence"));
        };
        let field = format!("items[{place}].quantity");
        granted.unit.check_whole(&field, item.quantity.positive(&field)?)?;
        lines.push(TransferLine { quantity: item.quantity, contract_line: None, ..applied.clone() });
    }
    let currency = lines.first().map(|line| line.unit_price.currency);
    if lines.iter().any(|line| Some(line.unit_price.currency) != currency) {
        return Err(Refusal::new("reexport.currency", "The licences are in several currencies.")
            .field("items")
            .missing("a request for each currency"));
    }
    Ok(lines)
}

fn check_serials(serials: &[String]) -> Fallible<()> {
    let mut named = BTreeSet::new();
    for serial in serials {
        text("reexport.serial", "serials", serial, 60)?;
        if !named.insert(folded(serial)) {
            return Err(Refusal::new("reexport.serial", format!("Serial number {serial} is named twice."))
                .field("serials")
                .missing("each serial number once"));
        }
    }
    if serials.len() > MOST_SERIALS {
        return Err(Refusal::new("reexport.serial", format!("{} serial numbers are named.", serials.len()))
            .field("serials")
            .missing(format!("at most {MOST_SERIALS}")));
    }
    Ok(())
}

/// Whether all parties are there, and may be known to everyone who reads of the request.
fn check_named(facts: &RequestFacts, content: &Content, label: &Label) -> Fallible<()> {
    for party in content.named() {
        let field = match party {
            _ if party == content.applicant => "authority",
            _ if content.end_users().contains(party) => "end_user",
            _ => "parties",
        };
        match facts.parties.get(party) {
            None => return Err(Refusal::not_found("party", party).field(field)),
            Some(of) if !label.dominates(of) => return Err(marked_higher(field, party, of, label)),
            Some(_) => {}
        }
    }
    Ok(())
}

fn marked_higher(field: &str, what: &str, of: &Label, label: &Label) -> Refusal {
    Refusal::new("reexport.marking", format!("{what} is marked {of}, the request {label}."))
        .field(field)
        .missing("what every reader of the request may know of, or a higher marking")
}

/// Whether no more is passed on than there is of each line and no other consent takes.
pub(super) fn check_left(
    items: &[ReexportItem],
    delivered: &DeliveredLines,
    counted: impl Fn(&Delivered) -> Quantity,
    what: &str,
) -> Fallible<()> {
    let wanted: Sums = sums(items);
    for ((licence, line), quantity) in &wanted {
        let key = (licence.clone(), *line);
        let of_line = delivered.get(&key).copied().unwrap_or_default();
        let (there, taken) = (counted(&of_line), of_line.taken);
        let left = Quantity(there.0.saturating_sub(taken.0).max(0));
        if *quantity > left {
            let place = items.iter().position(|item| item.licence == *licence && item.line == *line);
            let over = Quantity(quantity.0.saturating_sub(left.0));
            let consented = match taken {
                Quantity::ZERO => String::new(),
                taken => format!(", and {taken} of it are consented to already"),
            };
            return Err(Refusal::new(
                "reexport.over_delivered",
                format!(
                    "Of line {line} of licence {licence} {there} {what}{consented}: {quantity} would be {over} too many."
                ),
            )
            .field(format!("items[{}].quantity", place.unwrap_or(0)))
            .missing(format!("at most {left}")));
        }
    }
    Ok(())
}
