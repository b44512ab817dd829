//! Objects that reads give out. Amounts and quantities are decimal strings, dates
//! ISO 8601, instants RFC 3339 in UTC. Keys are added, never renamed.

use entente_register::access::WrittenClearance;
use entente_register::brief::{Known, Provenance};
use entente_register::document::Document;
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Decimal, Money};
use entente_register::partner::{Certainty, Group};
use entente_store::reader::{
    AccountRow, ContractRow, ContractView, DeliveryRow, DeliveryView, EventRow, FigureValue, HistoryRow,
    LineRow, LineView, OpenedFigure, PartyRow, PlanRow, PlanView, ReadLogRow, SourceRow,
};
use jiff::civil::Date;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::claim_object::ClaimObject;
use super::proposal::{MakerObject, StabilityObject};
use crate::formats::figure::{api_link, pinned_subject, words};

/// The view that links within a representation with a tag carry: none, or the tag would change with the words
/// in which the same view is asked for.
pub(super) const TAGGED: &str = "";

pub(super) fn decimal(minor: i64, currency: Currency) -> String {
    Money::new(minor, currency).decimal()
}

/// The paper behind a fact.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DocumentObject {
    /// What it is, for people.
    title: String,
    /// The date that it bears.
    #[schema(format = Date)]
    dated: String,
    /// SHA-256 of its bytes, hexadecimal; null where the paper is held outside the register.
    content: Option<String>,
    /// Where its bytes are.
    link: Option<String>,
}

impl DocumentObject {
    /// `query` is the view in which it is shown, which its link carries on.
    pub(super) fn of(document: &Document, subject: &str, query: &str) -> DocumentObject {
        DocumentObject {
            title: document.title.clone(),
            dated: document.dated.to_string(),
            content: document.content.clone(),
            link: document.content.as_ref().map(|c| format!("/api/v1/documents/{subject}/{c}{query}")),
        }
    }
}

/// The value of a figure: an amount, a number, or a count, which may have an amount beside it. All are null
/// where it is unknown, and `reason` says why.
#[derive(Debug, Default, Serialize, ToSchema)]
pub(crate) struct ValueObject {
    /// An amount in the conventions' currency; beside a count, what the things that are counted still owe.
    amount: Option<String>,
    /// A percentage or a ratio.
    #[schema(value_type = Option<f64>)]
    number: Option<Decimal>,
    /// A number of things.
    count: Option<i64>,
    /// `%`, or the name of the things that are counted.
    unit: Option<&'static str>,
    /// Why it is unknown.
    reason: Option<String>,
}

impl ValueObject {
    fn of(value: &FigureValue, currency: Currency) -> ValueObject {
        let reason = |text: &str| Some(text.to_owned());
        match value {
            FigureValue::Money(Known::Value(minor)) => {
                ValueObject { amount: Some(decimal(*minor, currency)), ..ValueObject::default() }
            }
            FigureValue::Number(Known::Value(number), unit) => ValueObject {
                number: Some(*number),
                unit: Some(*unit).filter(|u| !u.is_empty()),
                ..ValueObject::default()
            },
            FigureValue::Money(Known::Unknown(why)) | FigureValue::Number(Known::Unknown(why), _) => {
                ValueObject { reason: reason(why), ..ValueObject::default() }
            }
            FigureValue::Count(count, unit, value) => ValueObject {
                count: Some(*count),
                unit: Some(*unit),
                amount: value.map(|minor| decimal(minor, currency)),
                ..ValueObject::default()
            },
        }
    }
}

/// A figure that another is worked out from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OperandObject {
    /// Its name.
    name: String,
    /// Its name for people.
    title: String,
    /// Its value.
    value: ValueObject,
    /// Where it opens.
    link: String,
}

/// A row behind a figure or in a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceObject {
    /// Number of the delivery, line, contract, receipt, instalment or opportunity.
    number: String,
    /// `delivery`, `line`, `contract`, `receipt`, `instalment` or `opportunity`.
    kind: &'static str,
    /// Where it opens.
    link: String,
    /// Number of the contract; empty of an opportunity.
    contract: String,
    /// Code of the partner.
    partner: String,
    /// The date that makes it count.
    #[schema(format = Date)]
    date: Option<String>,
    /// What it is, for people.
    title: String,
    /// Its part of the figure.
    amount: String,
    /// A word on it.
    note: String,
    /// The plan version that it is an item of.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan: Option<String>,
    /// The paper behind it: of the plan version where it is an item of one, else of the subject.
    document: Option<DocumentObject>,
}

impl SourceObject {
    fn of(row: &SourceRow, currency: Currency, query: &str) -> SourceObject {
        let place = match row.kind {
            "delivery" => "deliveries",
            "line" => "lines",
            "opportunity" => "opportunities",
            _ => "contracts",
        };
        let subject = match row.plan {
            Some(plan) => SubjectKind::Plan.subject(plan.key()).to_string(),
            None => format!("{}:{}", row.kind, row.number),
        };
        // Payments are read with their contract.
        let link = match row.kind {
            "receipt" | "instalment" => format!("/api/v1/contracts/{}/payments{query}", row.contract),
            _ => format!("/api/v1/{place}/{}{query}", row.number),
        };
        SourceObject {
            number: row.number.clone(),
            kind: row.kind,
            link,
            contract: row.contract.clone(),
            partner: row.partner.clone(),
            date: row.date.map(|d| d.to_string()),
            title: row.title.clone(),
            amount: decimal(row.amount, currency),
            note: row.note.clone(),
            plan: row.plan.map(|plan| plan.to_string()),
            document: row.document.as_ref().map(|d| DocumentObject::of(d, &subject, query)),
        }
    }
}

/// A figure with all that it opens to.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Figure")]
pub(crate) struct FigureObject {
    /// Its name.
    name: String,
    /// Its name for people.
    title: String,
    /// Acts dated after this day do not count.
    #[schema(format = Date)]
    as_of: String,
    /// What was recorded after this instant is not known.
    #[schema(format = DateTime)]
    known_at: String,
    /// Which act makes a delivery count.
    counting: &'static str,
    /// The plan version used.
    plan: Option<String>,
    /// The currency of all amounts.
    currency: &'static str,
    /// Of which contracts.
    scope: String,
    /// The join of the markings of all that the brief was gathered from; null where there was nothing.
    marking: Option<String>,
    /// What is not known, where the cut-off lies past the horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    caution: Option<String>,
    /// Its value.
    value: ValueObject,
    /// What rows it sums or counts, or by what rule it is worked out.
    provenance: String,
    /// The figures that it is worked out from.
    operands: Vec<OperandObject>,
    /// The rows that it opens to.
    sources: Vec<SourceObject>,
    /// Rows in all.
    sources_total: i64,
    /// Sum of the amounts of all rows, not of this page only.
    sources_sum: String,
    /// Rows passed over.
    offset: i64,
    /// Rows asked for.
    limit: i64,
}

impl FigureObject {
    pub(crate) fn of(figure: OpenedFigure) -> FigureObject {
        let conventions = &figure.conventions;
        let currency = conventions.currency;
        let query = pinned_subject(conventions).query();
        FigureObject {
            name: figure.name.to_string(),
            title: figure.name.title(),
            as_of: conventions.as_of.to_string(),
            known_at: conventions.known_at.to_string(),
            counting: conventions.counting.word(),
            plan: figure.plan.value().map(ToString::to_string),
            currency: currency.code(),
            scope: conventions.scope.clone(),
            marking: figure.marking.as_ref().map(ToString::to_string),
            caution: conventions.caution(),
            value: ValueObject::of(&figure.value, currency),
            provenance: match &figure.provenance {
                Provenance::Rows(sources) => words(sources),
                Provenance::Formula { words, .. } => words.clone(),
            },
            operands: figure
                .operands
                .iter()
                .map(|(name, value)| OperandObject {
                    name: name.to_string(),
                    title: name.title(),
                    value: ValueObject::of(value, currency),
                    link: api_link(conventions, name),
                })
                .collect(),
            sources: figure.sources.rows.iter().map(|row| SourceObject::of(row, currency, &query)).collect(),
            sources_total: figure.sources.total,
            sources_sum: decimal(figure.sources_sum, currency),
            offset: figure.sources.page.offset,
            limit: figure.sources.page.limit,
        }
    }
}

/// A contract in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ContractRowObject {
    /// Number in the register.
    number: String,
    /// The parties' own number.
    reference: String,
    /// What it is about.
    title: String,
    /// Code of the partner.
    partner: String,
    /// Name of the partner.
    partner_name: String,
    /// State at the cut-off.
    state: String,
    /// Day of signature.
    #[schema(format = Date)]
    signed_on: Option<String>,
    /// Marking.
    label: String,
    /// Currency of all amounts.
    currency: &'static str,
    /// Value of its lines.
    amount: String,
    /// By which rule `delivered` and `overdue_lines` count.
    counting: &'static str,
    /// Delivered of it.
    delivered: String,
    /// How many lines.
    lines: i64,
    /// Lines past their date and not delivered in full.
    overdue_lines: i64,
}

impl ContractRowObject {
    pub(crate) fn of(row: &ContractRow) -> ContractRowObject {
        ContractRowObject {
            number: row.number.clone(),
            reference: row.reference.clone(),
            title: row.title.clone(),
            partner: row.partner.clone(),
            partner_name: row.partner_name.clone(),
            state: row.state.clone(),
            signed_on: row.signed_on.map(|d| d.to_string()),
            label: row.label.to_string(),
            currency: row.amount.currency.code(),
            amount: row.amount.decimal(),
            counting: row.counting.word(),
            delivered: decimal(row.delivered, row.amount.currency),
            lines: row.lines,
            overdue_lines: row.overdue_lines,
        }
    }
}

/// A party in a contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartyInRoleObject {
    /// For example `end_user`.
    role: String,
    /// Number of the party.
    party: String,
    /// Name; null where the party is not open to the caller.
    name: Option<String>,
    /// State of establishment.
    state: Option<String>,
}

impl PartyInRoleObject {
    fn of(row: PartyRow) -> PartyInRoleObject {
        PartyInRoleObject { role: row.role, party: row.party, name: row.name, state: row.state }
    }
}

/// A line of a contract.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LineRowObject {
    /// Number.
    number: String,
    /// What is sold.
    description: String,
    /// How much.
    quantity: String,
    /// UN/CEFACT Recommendation 20 code.
    unit: &'static str,
    /// Currency of all amounts.
    currency: &'static str,
    /// Price of one unit.
    unit_price: String,
    /// Price of all.
    amount: String,
    /// Control-list entry.
    category: String,
    /// Contractual date.
    #[schema(format = Date)]
    due_on: String,
    /// Quantity handed over so far.
    handed_over: String,
    /// Quantity accepted so far.
    accepted: String,
    /// Value of what is accepted.
    accepted_amount: String,
    /// By which rule the next two count.
    counting: &'static str,
    /// Value of what is delivered.
    delivered_amount: String,
    /// When it was delivered in full.
    #[schema(format = Date)]
    completed_on: Option<String>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl LineRowObject {
    fn of(row: &LineRow) -> LineRowObject {
        LineRowObject {
            number: row.number.clone(),
            description: row.description.clone(),
            quantity: row.quantity.to_string(),
            unit: row.unit.code(),
            currency: row.amount.currency.code(),
            unit_price: row.unit_price.decimal(),
            amount: row.amount.decimal(),
            category: row.category.clone(),
            due_on: row.due_on.to_string(),
            handed_over: row.handed_over.to_string(),
            accepted: row.accepted.to_string(),
            accepted_amount: decimal(row.accepted_amount, row.amount.currency),
            counting: row.counting.word(),
            delivered_amount: decimal(row.delivered_amount, row.amount.currency),
            completed_on: row.completed_on.map(|d| d.to_string()),
            version: row.version,
        }
    }
}

/// An event in a subject's history.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct HistoryObject {
    /// What happened, in words.
    what: String,
    /// When it was true.
    #[schema(format = Date)]
    occurred_on: String,
    /// When the register knew it.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// Account that recorded it.
    actor: String,
    /// Why.
    reason: Option<String>,
    /// The paper behind it.
    document: Option<DocumentObject>,
    /// Place in the ledger, for those who may read it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sequence: Option<i64>,
    /// Hash of the event, for those who may read the ledger.
    #[serde(skip_serializing_if = "Option::is_none")]
    hash: Option<String>,
}

impl HistoryObject {
    pub(in crate::api) fn all(rows: Vec<HistoryRow>, subject: &str) -> Vec<HistoryObject> {
        rows.into_iter()
            .map(|row| HistoryObject {
                what: row.what,
                occurred_on: row.occurred_on.to_string(),
                recorded_at: row.recorded_at.to_string(),
                actor: row.actor,
                reason: row.reason,
                document: row.document.map(|d| DocumentObject::of(&d, subject, TAGGED)),
                sequence: row.entry.as_ref().map(|e| e.sequence),
                hash: row.entry.map(|e| e.hash),
            })
            .collect()
    }
}

/// What has happened to something that is shown with others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SubjectHistoryObject {
    /// To what, `KIND:NUMBER`.
    subject: String,
    /// What.
    event: HistoryObject,
}

impl SubjectHistoryObject {
    pub(in crate::api) fn all(rows: Vec<(String, HistoryRow)>) -> Vec<SubjectHistoryObject> {
        rows.into_iter()
            .flat_map(|(subject, row)| {
                let events = HistoryObject::all(vec![row], &subject);
                events.into_iter().map(move |event| SubjectHistoryObject { subject: subject.clone(), event })
            })
            .collect()
    }
}

/// A contract.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Contract")]
pub(crate) struct ContractObject {
    #[serde(flatten)]
    row: ContractRowObject,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
    /// Its parties.
    parties: Vec<PartyInRoleObject>,
    /// Its lines.
    line_rows: Vec<LineRowObject>,
    /// Its claims.
    claims: Vec<ClaimObject>,
    /// What happened, the latest last.
    history: Vec<HistoryObject>,
}

impl ContractObject {
    pub(crate) fn of(view: ContractView) -> ContractObject {
        let subject = format!("contract:{}", view.row.number);
        ContractObject {
            row: ContractRowObject::of(&view.row),
            version: view.version,
            parties: view.parties.into_iter().map(PartyInRoleObject::of).collect(),
            line_rows: view.lines.iter().map(LineRowObject::of).collect(),
            claims: ClaimObject::all(&view.claims, &view.row.number),
            history: HistoryObject::all(view.history, &subject),
        }
    }
}

/// A delivery in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DeliveryRowObject {
    /// Number.
    number: String,
    /// State at the cut-off.
    state: String,
    /// How much.
    quantity: String,
    /// Currency of the amount.
    currency: &'static str,
    /// Its value at contract price.
    amount: String,
    /// Day of hand-over to the carrier.
    #[schema(format = Date)]
    handed_over_on: String,
    /// Day of acceptance, when title passed.
    #[schema(format = Date)]
    accepted_on: Option<String>,
}

impl DeliveryRowObject {
    fn of(row: &DeliveryRow) -> DeliveryRowObject {
        DeliveryRowObject {
            number: row.number.clone(),
            state: row.state.clone(),
            quantity: row.quantity.to_string(),
            currency: row.amount.currency.code(),
            amount: row.amount.decimal(),
            handed_over_on: row.handed_over_on.to_string(),
            accepted_on: row.accepted_on.map(|d| d.to_string()),
        }
    }
}

/// A line with its deliveries.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Line")]
pub(crate) struct LineObject {
    #[serde(flatten)]
    row: LineRowObject,
    /// Its contract.
    contract: ContractRowObject,
    /// A page of its deliveries.
    deliveries: Vec<DeliveryRowObject>,
    /// Deliveries in all.
    deliveries_total: i64,
    /// What happened, the latest last.
    history: Vec<HistoryObject>,
}

impl LineObject {
    pub(crate) fn of(view: LineView) -> LineObject {
        let subject = format!("line:{}", view.line.number);
        LineObject {
            row: LineRowObject::of(&view.line),
            contract: ContractRowObject::of(&view.contract),
            deliveries: view.deliveries.rows.iter().map(DeliveryRowObject::of).collect(),
            deliveries_total: view.deliveries.total,
            history: HistoryObject::all(view.history, &subject),
        }
    }
}

/// A delivery with its acts.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Delivery")]
pub(crate) struct DeliveryObject {
    #[serde(flatten)]
    row: DeliveryRowObject,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
    /// Its line.
    line: LineRowObject,
    /// Its contract.
    contract: ContractRowObject,
    /// Serial numbers of its items.
    serials: Vec<String>,
    /// The last day of its warranty, where one is agreed and it is accepted.
    #[schema(format = Date)]
    warranty_ends_on: Option<String>,
    /// Claims on it.
    claims: Vec<ClaimObject>,
    /// Its acts, each with its document.
    history: Vec<HistoryObject>,
}

impl DeliveryObject {
    pub(crate) fn of(view: DeliveryView) -> DeliveryObject {
        let subject = format!("delivery:{}", view.delivery.number);
        DeliveryObject {
            row: DeliveryRowObject::of(&view.delivery),
            version: view.version,
            line: LineRowObject::of(&view.line),
            contract: ContractRowObject::of(&view.contract),
            serials: view.serials,
            warranty_ends_on: view.warranty_ends_on.map(|day| day.to_string()),
            claims: ClaimObject::all(&view.claims, &view.contract.number),
            history: HistoryObject::all(view.history, &subject),
        }
    }
}

/// A plan version in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanRowObject {
    /// `YEAR:VERSION`.
    plan: String,
    /// Calendar year.
    year: i16,
    /// Version, from 1.
    number: u32,
    /// `draft`, `proposed`, `frozen` or `discarded`.
    state: String,
    /// When it was approved.
    #[schema(format = Date)]
    approved_on: Option<String>,
    /// Currency of the amount.
    currency: &'static str,
    /// Sum of its items.
    amount: String,
    /// How many items.
    items_total: i64,
    /// Marking of the items that are open to the caller.
    label: String,
}

impl PlanRowObject {
    pub(crate) fn of(row: &PlanRow) -> PlanRowObject {
        PlanRowObject {
            plan: row.version.to_string(),
            year: row.version.year,
            number: row.version.version,
            state: row.state.clone(),
            approved_on: row.approved_on.map(|d| d.to_string()),
            currency: row.amount.currency.code(),
            amount: row.amount.decimal(),
            items_total: row.items,
            label: row.label.to_string(),
        }
    }
}

/// A plan version with its items.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Plan")]
pub(crate) struct PlanObject {
    #[serde(flatten)]
    row: PlanRowObject,
    /// Version of the subject, for `Expected-Version`; another thing than the version of the plan.
    version: u32,
    /// A page of its items.
    items: Vec<SourceObject>,
    /// When it was proposed to the manufacturers; null of one that was not, or that was returned to the draft.
    #[schema(format = Date)]
    proposed_on: Option<String>,
    /// Who makes what stands in it, and what each answered to the proposal.
    manufacturers: Vec<MakerObject>,
    /// Plan stability from each approved version of the year to the next, in this version's currency.
    stability: Vec<StabilityObject>,
    /// The same from the year's first approved version to the one in force; null where there are fewer than two.
    stability_of_year: Option<StabilityObject>,
    /// What happened, the latest last.
    history: Vec<HistoryObject>,
}

impl PlanObject {
    pub(crate) fn of(view: PlanView) -> PlanObject {
        let subject = format!("plan:{}", view.row.version.key());
        let currency = view.row.amount.currency;
        PlanObject {
            row: PlanRowObject::of(&view.row),
            version: view.version,
            items: view.items.rows.iter().map(|row| SourceObject::of(row, currency, TAGGED)).collect(),
            proposed_on: view.proposed_on.map(|d| d.to_string()),
            manufacturers: view
                .makers
                .into_iter()
                .map(|maker| MakerObject::of(maker, currency, &subject))
                .collect(),
            stability: view.course.steps.iter().map(|step| StabilityObject::of(step, currency)).collect(),
            stability_of_year: view.course.whole.as_ref().map(|step| StabilityObject::of(step, currency)),
            history: HistoryObject::all(view.history, &subject),
        }
    }
}

/// A partner state.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PartnerObject {
    /// ISO 3166-1 alpha-3.
    pub(crate) code: String,
    /// Name for people.
    pub(crate) name: String,
}

/// A group of states.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupObject {
    /// Its code.
    code: String,
    /// Name for people.
    name: String,
    /// Members on the cut-off's day.
    members: Vec<String>,
    /// Every change of membership.
    changes: Vec<MembershipObject>,
}

/// A change of membership.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembershipObject {
    /// The state, ISO 3166-1 alpha-3.
    state: String,
    /// First day of the change.
    #[schema(format = Date)]
    on: String,
    /// Whether it is a member from that day; a suspended one is.
    member: bool,
    /// `member`, `suspended`, `observer`, `partner`, `invited` or `outside`.
    membership: &'static str,
    /// Where it is said, where a source is named.
    source: Option<String>,
    /// `high`, `medium` or `low`: how far the source carries it.
    certainty: Option<&'static str>,
    /// What is to be known beside.
    note: Option<String>,
}

impl GroupObject {
    pub(crate) fn of((code, name, group): (String, String, Group), as_of: Date) -> GroupObject {
        GroupObject {
            code,
            name,
            members: group.members_on(as_of).into_iter().map(str::to_owned).collect(),
            changes: group
                .members
                .iter()
                .flat_map(|(state, changes)| {
                    changes.iter().map(|change| MembershipObject {
                        state: state.clone(),
                        on: change.on.to_string(),
                        member: change.membership.is_member(),
                        membership: change.membership.word(),
                        source: change.ground.as_ref().map(|ground| ground.source.clone()),
                        certainty: change.certainty().map(Certainty::word),
                        note: change.ground.as_ref().and_then(|ground| ground.note.clone()),
                    })
                })
                .collect(),
        }
    }
}

/// What a person may see.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ClearanceObject {
    /// Level and compartments.
    label: String,
    /// Admitted to every compartment.
    all_compartments: bool,
    /// Foreign state served.
    foreign_state: Option<String>,
}

impl ClearanceObject {
    pub(crate) fn of(clearance: &entente_register::label::Clearance) -> ClearanceObject {
        let written = WrittenClearance::from(clearance);
        ClearanceObject {
            label: written.label.to_string(),
            all_compartments: written.all_compartments,
            foreign_state: written.foreign_state,
        }
    }
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountObject {
    /// Sign-in name.
    account: String,
    /// The person's name.
    name: String,
    /// Roles held today.
    roles: Vec<&'static str>,
    /// What the person may see.
    clearance: ClearanceObject,
    /// The party that the person acts for.
    party: Option<String>,
    /// Whether it is closed.
    disabled: bool,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl AccountObject {
    pub(crate) fn of(row: &AccountRow) -> AccountObject {
        AccountObject {
            account: row.actor.account.clone(),
            name: row.actor.name.clone(),
            roles: row.actor.roles.iter().map(|r| r.word()).collect(),
            clearance: ClearanceObject::of(&row.actor.clearance),
            party: row.actor.party.clone(),
            disabled: row.disabled,
            version: row.version,
        }
    }
}

/// An event of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EventObject {
    /// Place in the ledger.
    sequence: i64,
    /// When it was recorded.
    #[schema(format = DateTime)]
    recorded_at: String,
    /// Who acted.
    actor: String,
    /// About what, `KIND:NUMBER`.
    subject: String,
    /// Version of the subject.
    version: u32,
    /// Kind, for example `contract.signed.v1`.
    kind: String,
    /// When it was true.
    #[schema(format = Date)]
    occurred_on: String,
    /// Marking.
    label: String,
    /// What happened; null where it is erased or above the caller's clearance.
    #[schema(value_type = Option<Object>)]
    payload: Option<Value>,
    /// Hash, hexadecimal.
    hash: String,
}

impl EventObject {
    pub(crate) fn of(row: EventRow) -> EventObject {
        EventObject {
            sequence: row.sequence,
            recorded_at: row.recorded_at.to_string(),
            actor: row.actor,
            subject: row.subject,
            version: row.version,
            kind: row.kind,
            occurred_on: row.occurred_on.to_string(),
            label: row.label.to_string(),
            payload: row.payload.as_deref().and_then(super::read::payload),
            hash: row.hash,
        }
    }
}

/// A read of marked material.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReadObject {
    /// Place in the log.
    sequence: i64,
    /// When.
    #[schema(format = DateTime)]
    read_at: String,
    /// Who.
    account: String,
    /// What, `KIND:NUMBER`.
    what: String,
    /// Its marking.
    label: String,
    /// From where.
    source: String,
    /// Hash of the entry, hexadecimal.
    hash: String,
}

impl ReadObject {
    pub(crate) fn of(row: ReadLogRow) -> ReadObject {
        ReadObject {
            sequence: row.sequence,
            read_at: row.read_at.to_string(),
            account: row.account,
            what: row.what,
            label: row.label.to_string(),
            source: row.source,
            hash: row.hash,
        }
    }
}
