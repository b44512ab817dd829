//! Rows of the tables, read as what they mean.

use jiff::civil::Date;

use super::layout::{Fields, Problem};
use crate::contract::PartyRole;
use crate::contract::line::NewLine;
use crate::contract::plan::PlanVersion;
use crate::document::Document;
use crate::label::{Label, Level};
use crate::ledger::Refusal;
use crate::money::{Currency, Money, Quantity, Unit};
use crate::party::PartyKind;

/// What reading a row gives: its meaning, or all that is wrong with it.
pub type Read<T> = Result<T, Vec<Problem>>;

/// A row of `partners`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartnerRow {
    /// ISO 3166-1 alpha-3.
    pub code: String,
    /// The state's name.
    pub name: String,
}

/// A row of `groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupRow {
    /// Code of the group.
    pub code: String,
    /// Its name.
    pub name: String,
    /// A member: the state, when it joined, and when it left.
    pub member: Option<(String, Date, Option<Date>)>,
}

/// A row of `parties`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PartyRow {
    /// Full name.
    pub name: String,
    /// What sort of party.
    pub kind: PartyKind,
    /// State of establishment.
    pub state: String,
    /// Marking; none if the row says none, and then that of a new party is OFFICIAL.
    pub label: Option<Label>,
}

/// A dated act with the paper or the reason behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Act<T> {
    /// The day.
    pub on: Date,
    /// Paper or reason.
    pub by: T,
}

/// A row of `contracts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContractRow {
    /// The parties' own number.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// The partner state.
    pub partner: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// Marking.
    pub label: Label,
    /// When negotiation began.
    pub opened_on: Date,
    /// Names of parties by role, with the column of each.
    pub parties: Vec<(PartyRole, &'static str, String)>,
    /// Signature.
    pub signed: Option<Act<Document>>,
    /// Entry into force.
    pub in_force: Option<Act<Option<Document>>>,
    /// Suspension.
    pub suspended: Option<Act<String>>,
    /// Completion.
    pub completed: Option<Act<Option<Document>>>,
    /// Termination.
    pub terminated: Option<Act<(String, Option<Document>)>>,
    /// Closing.
    pub closed: Option<Act<Option<Document>>>,
}

/// A row of `lines`: the line as it is from a day on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the line in the contract.
    pub line: String,
    /// What is delivered.
    pub description: String,
    /// How much.
    pub quantity: Quantity,
    /// In which unit.
    pub unit: Unit,
    /// Price of one unit as decimal text: its currency is the contract's.
    pub unit_price: String,
    /// Control-list entry.
    pub category: String,
    /// Name of the party that makes it.
    pub manufacturer: Option<String>,
    /// Contractual date.
    pub due_on: Date,
    /// From when it is so.
    pub agreed_on: Date,
    /// The amendment.
    pub document: Option<Document>,
    /// Why it was amended.
    pub reason: Option<String>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

/// A row of `plan`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRow {
    /// Year and version.
    pub version: PlanVersion,
    /// Currency of its amounts.
    pub currency: Currency,
    /// Approval.
    pub approved: Option<Act<Document>>,
    /// The item: reference of the contract, number of the line, day, amount.
    pub item: Option<PlanRowItem>,
}

/// An item of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlanRowItem {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the line.
    pub line: String,
    /// The day.
    pub planned_on: Date,
    /// Value planned.
    pub amount: Money,
}

/// A row of `deliveries`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveryRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the line.
    pub line: String,
    /// Number of the delivery.
    pub delivery: String,
    /// How much.
    pub quantity: Quantity,
    /// Hand-over.
    pub handed_over: Act<Document>,
    /// Acceptance.
    pub accepted: Option<Act<Document>>,
    /// Return.
    pub returned: Option<Act<String>>,
    /// Place in the order of entry, of the hand-over.
    pub entry: Option<i64>,
    /// The same of the acceptance.
    pub accepted_entry: Option<i64>,
    /// The same of the return.
    pub returned_entry: Option<i64>,
}

/// The columns that name parties.
pub const ROLES: [(PartyRole, &str); 7] = [
    (PartyRole::Exporter, "exporter"),
    (PartyRole::EndUser, "end_user"),
    (PartyRole::Consignee, "consignee"),
    (PartyRole::Broker, "broker"),
    (PartyRole::Carrier, "carrier"),
    (PartyRole::Manufacturer, "manufacturer"),
    (PartyRole::Bank, "bank"),
];

pub(super) fn paper(title: String, dated: Date) -> Document {
    Document { title, dated, content: None }
}

pub(super) fn label(fields: &mut Fields<'_>) -> Label {
    fields
        .optional("marking", |name, text| text.parse::<Label>().map_err(|refusal| refusal.field(name)))
        .unwrap_or_else(|| Label::of(Level::Official))
}

/// A day and the text beside it, which is needed once there is a day; a text without a day is refused.
pub(super) fn dated(fields: &mut Fields<'_>, day: &str, beside: &str) -> Option<Act<String>> {
    let on = fields.optional_date(day);
    let text = fields.optional_text(beside);
    match (on, text) {
        (Some(on), Some(by)) => Some(Act { on, by }),
        (Some(_), None) if fields.is_empty(beside) => {
            fields.demand(beside, &format!("but {day} is given"));
            None
        }
        (None, Some(_)) if fields.is_empty(day) => {
            fields.demand(day, &format!("but {beside} is given"));
            None
        }
        // Nothing is given, or what is given is at fault and was named.
        _ => None,
    }
}

/// The same where the text may be absent.
pub(super) fn dated_maybe(fields: &mut Fields<'_>, day: &str, beside: &str) -> Option<Act<Option<String>>> {
    let on = fields.optional_date(day);
    let by = fields.optional_text(beside);
    if fields.is_empty(day) && by.is_some() {
        fields.demand(day, &format!("but {beside} is given"));
    }
    on.map(|on| Act { on, by })
}

fn papers(act: Act<Option<String>>) -> Act<Option<Document>> {
    Act { on: act.on, by: act.by.map(|title| paper(title, act.on)) }
}

impl PartnerRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<PartnerRow> {
        let (code, name) = (fields.text("code"), fields.text("name"));
        fields.finish(code.zip(name).map(|(code, name)| PartnerRow { code, name }))
    }
}

impl GroupRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<GroupRow> {
        let (code, name) = (fields.text("code"), fields.text("name"));
        let state = fields.optional_text("state");
        let admitted_on = fields.optional_date("admitted_on");
        let left_on = fields.optional_date("left_on");
        match (&state, admitted_on) {
            (Some(_), None) => fields.demand("admitted_on", "but a state is given"),
            (None, Some(_)) => fields.demand("state", "but admitted_on is given"),
            _ => {}
        }
        let member = state.zip(admitted_on).map(|(state, on)| (state, on, left_on));
        fields.finish(code.zip(name).map(|(code, name)| GroupRow { code, name, member }))
    }
}

impl PartyRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<PartyRow> {
        let name = fields.text("name");
        let kind = fields.value("kind", |field, text| {
            PartyKind::ALL.into_iter().find(|kind| kind.word() == text).ok_or_else(|| {
                Refusal::new("party.kind", format!("{text:?} is not a kind of party."))
                    .field(field)
                    .missing("state_authority, company or person")
            })
        });
        let state = fields.text("state");
        let label = fields.optional_word("marking");
        let row = (|| Some(PartyRow { name: name?, kind: kind?, state: state?, label }))();
        fields.finish(row)
    }
}

impl ContractRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<ContractRow> {
        let reference = fields.text("reference");
        let title = fields.text("title");
        let partner = fields.text("partner");
        let currency = fields.currency("currency");
        let label = label(&mut fields);
        let opened_on = fields.date("opened_on");
        let mut parties = Vec::new();
        for (role, column) in ROLES {
            let names = fields.texts(column);
            if names.is_empty() && matches!(role, PartyRole::Exporter | PartyRole::EndUser) {
                fields.demand(column, "and every contract names one");
            }
            parties.extend(names.into_iter().map(|name| (role, column, name)));
        }
        let signed = dated(&mut fields, "signed_on", "signed_document")
            .map(|act| Act { on: act.on, by: paper(act.by, act.on) });
        let in_force = dated_maybe(&mut fields, "in_force_on", "in_force_document").map(papers);
        let suspended = dated(&mut fields, "suspended_on", "suspended_reason");
        let completed = dated_maybe(&mut fields, "completed_on", "completed_document").map(papers);
        let terminated = dated(&mut fields, "terminated_on", "terminated_reason");
        let paper_of_end = fields.optional_text("terminated_document");
        let terminated = terminated
            .map(|act| Act { on: act.on, by: (act.by, paper_of_end.map(|title| paper(title, act.on))) });
        let closed = dated_maybe(&mut fields, "closed_on", "closed_document").map(papers);
        if closed.is_some() && completed.is_none() && terminated.is_none() {
            let refusal =
                Refusal::new("contract.state", "A contract is closed once it is completed or terminated.")
                    .missing("its completion or termination, or no day of closing");
            fields.refuse("closed_on", &refusal);
        }
        if in_force.is_some() && fields.is_empty("signed_on") {
            fields.demand("signed_on", "but in_force_on is given");
        }
        if (suspended.is_some() || completed.is_some()) && fields.is_empty("in_force_on") {
            fields.demand("in_force_on", "but a later act is given");
        }
        if completed.is_some() && (terminated.is_some() || suspended.is_some()) {
            let refusal =
                Refusal::new("contract.state", "A completed contract is neither suspended nor terminated.")
                    .missing("one of the dates alone");
            fields.refuse("completed_on", &refusal);
        }
        let row = (|| {
            Some(ContractRow {
                reference: reference?,
                title: title?,
                partner: partner?,
                currency: currency?,
                label,
                opened_on: opened_on?,
                parties,
                signed,
                in_force,
                suspended,
                completed,
                terminated,
                closed,
            })
        })();
        fields.finish(row)
    }
}

impl LineRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<LineRow> {
        let (contract, line) = (fields.text("contract"), fields.text("line"));
        let description = fields.text("description");
        let quantity = fields.number("quantity", Quantity::parse);
        let unit = fields.value("unit", Unit::parse);
        let unit_price = fields.number("unit_price", |_, text| Ok(text.to_owned()));
        let category = fields.text("category");
        let manufacturer = fields.optional_text("manufacturer");
        let due_on = fields.date("due_on");
        let agreed_on = fields.date("agreed_on");
        let title = fields.optional_text("document");
        let reason = fields.optional_text("reason");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            Some(LineRow {
                contract: contract?,
                line: line?,
                description: description?,
                quantity: quantity?,
                unit: unit?,
                unit_price: unit_price?,
                category: category?,
                manufacturer,
                due_on: due_on?,
                agreed_on: agreed_on?,
                document: title.map(|title| paper(title, agreed_on.unwrap_or_default())),
                reason,
                entry,
            })
        })();
        fields.finish(row)
    }

    /// The line as one that is added, in the currency of its contract.
    ///
    /// # Errors
    /// A refusal of the price.
    pub fn to_new(&self, currency: Currency, manufacturer: Option<String>) -> Result<NewLine, Refusal> {
        Ok(NewLine {
            reference: Some(self.line.clone()),
            description: self.description.clone(),
            quantity: self.quantity,
            unit: self.unit,
            unit_price: Money::parse("unit_price", &self.unit_price, currency)?,
            category: self.category.clone(),
            manufacturer,
            due_on: self.due_on,
            on: self.agreed_on,
            document: self.document.clone(),
        })
    }
}

impl PlanRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<PlanRow> {
        let year = fields.whole("year");
        let number = fields.whole("version");
        let currency = fields.currency("currency");
        let approved = dated(&mut fields, "approved_on", "approved_document")
            .map(|act| Act { on: act.on, by: paper(act.by, act.on) });
        let contract = fields.optional_text("contract");
        let line = fields.optional_text("line");
        let planned_on = fields.optional_date("planned_on");
        let amount = currency.and_then(|currency| {
            fields.optional_number("amount", |field, text| Money::parse(field, text, currency))
        });
        let mut item = None;
        if contract.is_some() || line.is_some() || planned_on.is_some() || amount.is_some() {
            for (name, is_there) in [
                ("contract", contract.is_some()),
                ("line", line.is_some()),
                ("planned_on", planned_on.is_some()),
                ("amount", amount.is_some() || currency.is_none()),
            ] {
                if !is_there && fields.is_empty(name) {
                    fields.demand(name, "and an item needs contract, line, planned_on and amount");
                }
            }
            item = (|| {
                Some(PlanRowItem {
                    contract: contract?,
                    line: line?,
                    planned_on: planned_on?,
                    amount: amount?,
                })
            })();
        }
        let row = (|| {
            let version = PlanVersion { year: year?, version: number? };
            Some(PlanRow { version, currency: currency?, approved, item })
        })();
        fields.finish(row)
    }
}

impl DeliveryRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<DeliveryRow> {
        let (contract, line) = (fields.text("contract"), fields.text("line"));
        let delivery = fields.text("delivery");
        let quantity = fields.number("quantity", Quantity::parse);
        let handed_over_on = fields.date("handed_over_on");
        let waybill = fields.text("handed_over_document");
        let accepted = dated(&mut fields, "accepted_on", "accepted_document")
            .map(|act| Act { on: act.on, by: paper(act.by, act.on) });
        let returned = dated(&mut fields, "returned_on", "returned_reason");
        if accepted.is_some() && returned.is_some() {
            let refusal = Refusal::new("delivery.state", "What was accepted cannot be returned.")
                .missing("either accepted_on or returned_on");
            fields.refuse("returned_on", &refusal);
        }
        let entry = fields.optional_whole("entry");
        let accepted_entry = fields.optional_whole("accepted_entry");
        let returned_entry = fields.optional_whole("returned_entry");
        let row = (|| {
            let on = handed_over_on?;
            Some(DeliveryRow {
                contract: contract?,
                line: line?,
                delivery: delivery?,
                quantity: quantity?,
                handed_over: Act { on, by: paper(waybill?, on) },
                accepted,
                returned,
                entry,
                accepted_entry,
                returned_entry,
            })
        })();
        fields.finish(row)
    }
}
