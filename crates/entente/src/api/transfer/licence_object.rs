//! Objects that reads of licences give out.

use entente_register::document::Document;
use entente_register::ledger::SubjectKind;
use entente_register::money::{Currency, Money, Quantity};
use entente_register::transfer::licence::{Left, Licence, LicenceLine};
use entente_store::reader::{LicenceRow, LicenceView};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::judged_object::CheckObject;
use super::object::TransferPartyObject;
use crate::api::object::{DocumentObject, HistoryObject, TAGGED};

/// A licence in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicenceRowObject {
    pub(crate) number: String,
    /// Number of the application that it came of.
    pub(crate) application: String,
    /// `export`, `import`, `transit`, `brokering`, `temporary`, `technology` or `service`.
    pub(crate) kind: &'static str,
    /// What its first line is.
    pub(crate) title: String,
    /// Number of the party that may use it.
    pub(crate) holder: String,
    pub(crate) holder_name: String,
    /// ISO 3166-1 alpha-3.
    pub(crate) destination: String,
    /// Its name, where it is a partner; otherwise its code.
    pub(crate) destination_name: String,
    /// `issued`, `suspended`, `revoked` or `closed`.
    pub(crate) state: &'static str,
    /// The same by the reader’s day: of one that is issued also `not_yet_valid`, `expired` or `exhausted`.
    pub(crate) standing: &'static str,
    #[schema(format = Date)]
    pub(crate) issued_on: String,
    /// The first day of its validity.
    #[schema(format = Date)]
    pub(crate) valid_from: String,
    /// The last one.
    #[schema(format = Date)]
    pub(crate) valid_until: String,
    /// ISO 4217 code of all values.
    pub(crate) currency: &'static str,
    /// What was granted.
    pub(crate) value: String,
    /// What of it is left.
    pub(crate) value_left: String,
    /// By when the next delivery is to be verified; null where none is.
    #[schema(format = Date)]
    pub(crate) verification_due_on: Option<String>,
    /// How many lines.
    lines_total: usize,
    /// Marking.
    pub(crate) label: String,
}

impl LicenceRowObject {
    pub(crate) fn of(row: &LicenceRow, as_of: Date) -> LicenceRowObject {
        let (holder, destination) = (row.holder_name.clone(), row.destination_name.clone());
        LicenceRowObject::named(&row.licence, (holder, destination), as_of)
    }

    fn named(licence: &Licence, names: (String, String), as_of: Date) -> LicenceRowObject {
        let issued = &licence.issued;
        let money = |minor| Money::new(minor, issued.currency).decimal();
        // Sums of an application are checked to be within what the register holds.
        let granted = issued.lines.iter().fold(0_i64, |sum, line| sum.saturating_add(line.value.minor));
        let left = issued.lines.iter().filter_map(|line| licence.left(line.number));
        let left = left.fold(0_i64, |sum, left| sum.saturating_add(left.value));
        LicenceRowObject {
            number: licence.number.clone(),
            application: issued.application.clone(),
            kind: issued.kind.word(),
            title: issued.lines.first().map(|line| line.description.clone()).unwrap_or_default(),
            holder: issued.holder.clone(),
            holder_name: names.0,
            destination: issued.destination.clone(),
            destination_name: names.1,
            state: licence.state,
            standing: licence.word_on(as_of),
            issued_on: licence.issued_on.to_string(),
            valid_from: issued.valid_from.to_string(),
            valid_until: issued.valid_until.to_string(),
            currency: issued.currency.code(),
            value: money(granted),
            value_left: money(left),
            verification_due_on: licence.verification_due_on().map(|day| day.to_string()),
            lines_total: issued.lines.len(),
            label: licence.label.to_string(),
        }
    }
}

/// A line of a licence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicenceLineObject {
    /// That of the line of the application.
    number: u32,
    description: String,
    /// Control-list entry.
    category: String,
    /// UN/ECE code.
    unit: &'static str,
    /// How much was granted.
    granted: String,
    /// How much was written off.
    written_off: String,
    /// How much is left.
    left: String,
    /// What was granted is worth.
    value_granted: String,
    /// What was written off is worth.
    value_written_off: String,
    /// What is left is worth.
    value_left: String,
    /// Number of the line of a contract that it fulfils.
    contract_line: Option<String>,
}

impl LicenceLineObject {
    fn of(line: &LicenceLine, left: Left, currency: Currency, fulfils: Option<String>) -> LicenceLineObject {
        let money = |minor| Money::new(minor, currency).decimal();
        LicenceLineObject {
            number: line.number,
            description: line.description.clone(),
            category: line.category.clone(),
            unit: line.unit.code(),
            granted: line.quantity.to_string(),
            written_off: Quantity(line.quantity.0.saturating_sub(left.quantity.0)).to_string(),
            left: left.quantity.to_string(),
            value_granted: money(line.value.minor),
            value_written_off: money(line.value.minor.saturating_sub(left.value)),
            value_left: money(left.value),
            contract_line: fulfils,
        }
    }
}

/// A condition of a licence.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct LicenceConditionObject {
    /// From 1.
    number: u32,
    /// What is to be done.
    text: String,
    /// By when; null for one that comes before the first shipment.
    #[schema(format = Date)]
    due_on: Option<String>,
    /// When it was met.
    #[schema(format = Date)]
    met_on: Option<String>,
}

/// A shipment that was written off.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WriteOffObject {
    /// The number of the customs declaration with its item.
    reference: String,
    #[schema(format = Date)]
    on: String,
    /// Number of the line.
    line: u32,
    quantity: String,
    value: String,
    /// Number of the delivery that it belongs to.
    delivery: Option<String>,
    document: DocumentObject,
}

/// The verification of a shipment.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct VerificationObject {
    /// Reference of the write-off.
    reference: String,
    /// Number of the line.
    line: u32,
    /// Number of the delivery.
    delivery: Option<String>,
    #[schema(format = Date)]
    shipped_on: String,
    /// How much went.
    quantity: String,
    /// How much of it is confirmed.
    verified: String,
    /// By when all of it is to be.
    #[schema(format = Date)]
    due_on: String,
    /// `overdue`, `remind`, `awaited` or `verified`, by the reader’s day.
    standing: &'static str,
    /// The papers by which it was confirmed.
    documents: Vec<DocumentObject>,
}

/// An incident by which a licence is stopped.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct StopObject {
    #[schema(format = Date)]
    on: String,
    /// Number of the inspection; left out where the caller is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    inspection: Option<String>,
    /// Number of the end user.
    end_user: String,
}

/// A standing assessment by which a licence is re-opened.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReopeningObject {
    #[schema(format = Date)]
    on: String,
    /// State or group of states that is worse than it was.
    territory: String,
    /// Number of the standing assessment; null where the caller is not told.
    assessment: Option<String>,
    /// Its edition.
    edition: Option<u32>,
    /// By which criteria it is worse.
    criteria: Vec<&'static str>,
}

/// A licence.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Licence")]
pub(crate) struct LicenceObject {
    #[serde(flatten)]
    row: LicenceRowObject,
    parties: Vec<TransferPartyObject>,
    lines: Vec<LicenceLineObject>,
    conditions: Vec<LicenceConditionObject>,
    /// Write-offs that stand, by their day.
    write_offs: Vec<WriteOffObject>,
    /// References of write-offs that were taken back.
    taken_back: Vec<String>,
    /// The verifications of shipments that stand, the nearest day first.
    verifications: Vec<VerificationObject>,
    /// Incidents by which it is stopped, while it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    stops: Vec<StopObject>,
    /// Standing assessments by which it is re-opened, while it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    reopenings: Vec<ReopeningObject>,
    /// Account that suspended it, while it is suspended; left out where the caller is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    suspended_by: Option<String>,
    /// What the gate before a shipment would find on the reader’s day; left out where the caller is not told.
    #[serde(skip_serializing_if = "Option::is_none")]
    checks: Option<Vec<CheckObject>>,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl LicenceObject {
    pub(crate) fn of(view: LicenceView, as_of: Date) -> LicenceObject {
        let LicenceView { licence, contract_lines, parties: names, .. } = view;
        let subject = SubjectKind::Licence.subject(&licence.number).to_string();
        let currency = licence.issued.currency;
        let holder = names.get(&licence.issued.holder).unwrap_or(&licence.issued.holder).clone();
        let paper = |paper: &Document| DocumentObject::of(paper, &subject, TAGGED);
        let lines = licence.issued.lines.iter().filter_map(|line| {
            let left = licence.left(line.number)?;
            let fulfils = contract_lines.get(&line.number).cloned();
            Some(LicenceLineObject::of(line, left, currency, fulfils))
        });
        let conditions = licence.issued.conditions.iter().map(|condition| LicenceConditionObject {
            number: condition.number,
            text: condition.text.clone(),
            due_on: condition.due_on.map(|day| day.to_string()),
            met_on: licence.met.get(&condition.number).map(|day| day.to_string()),
        });
        let mut written: Vec<_> = licence.written_off.values().collect();
        written.sort_by(|a, b| (a.0, &a.1.reference).cmp(&(b.0, &b.1.reference)));
        let write_offs = written.into_iter().map(|(on, one)| WriteOffObject {
            reference: one.reference.clone(),
            on: on.to_string(),
            line: one.line,
            quantity: one.quantity.to_string(),
            value: one.value.decimal(),
            delivery: one.delivery.clone(),
            document: paper(&one.document),
        });
        let verifications = licence.verifications().into_iter().map(|one| VerificationObject {
            line: one.line,
            delivery: one.delivery.clone(),
            shipped_on: one.shipped_on.to_string(),
            quantity: one.quantity.to_string(),
            verified: one.verified.to_string(),
            due_on: one.due_on.to_string(),
            standing: one.standing_on(as_of).word(),
            documents: licence
                .verified
                .get(&one.reference)
                .into_iter()
                .flatten()
                .map(|verified| paper(&verified.document))
                .collect(),
            reference: one.reference,
        });
        let stops = licence.stops.iter().map(|stop| StopObject {
            on: stop.on.to_string(),
            inspection: stop.inspection.clone(),
            end_user: stop.end_user.clone(),
        });
        let reopenings = licence.reopenings.iter().map(|reopening| ReopeningObject {
            on: reopening.on.to_string(),
            territory: reopening.territory.clone(),
            assessment: reopening.assessment.as_ref().map(|(number, _)| number.clone()),
            edition: reopening.assessment.as_ref().map(|(_, edition)| *edition),
            criteria: reopening.criteria.iter().map(|criterion| criterion.word()).collect(),
        });
        LicenceObject {
            verifications: verifications.collect(),
            stops: stops.collect(),
            reopenings: reopenings.collect(),
            parties: TransferPartyObject::all(&licence.issued.parties, &names),
            lines: lines.collect(),
            conditions: conditions.collect(),
            write_offs: write_offs.collect(),
            taken_back: licence.corrected.iter().cloned().collect(),
            suspended_by: licence.suspended_by.clone(),
            checks: view.checks.map(|checks| CheckObject::all(&checks, None)),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
            row: LicenceRowObject::named(&licence, (holder, view.destination_name), as_of),
        }
    }
}
