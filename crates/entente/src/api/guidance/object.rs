//! Objects that reads of guidance give out.

use entente_register::ledger::SubjectKind;
use entente_register::transfer::guidance::{Edition, Guidance, GuidanceContent};
use entente_store::reader::{GuidanceRow, GuidanceView};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, HistoryObject, TAGGED};

/// A file in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GuidanceRowObject {
    pub(crate) number: String,
    /// `standing_assessment`, `denial`, `quota`, `indicator`, `agency`, `routing`, `control_list` or `recognition`.
    pub(crate) kind: &'static str,
    /// What it says, in a line.
    pub(crate) title: String,
    /// State or group of states that it is about.
    pub(crate) territory: Option<String>,
    /// `waiting` while an edition waits for a second person, `in_force` or `ended`.
    pub(crate) state: &'static str,
    /// The edition in force.
    pub(crate) edition: Option<u32>,
    /// The day by which it is reviewed, or up to which it counts.
    #[schema(format = Date)]
    pub(crate) due_on: Option<String>,
    /// Marking.
    pub(crate) label: String,
}

impl GuidanceRowObject {
    pub(crate) fn of(row: &GuidanceRow) -> GuidanceRowObject {
        GuidanceRowObject::named(&row.file)
    }

    fn named(this: &Guidance) -> GuidanceRowObject {
        let shown = this.shown().map(|edition| &edition.content);
        let counts = this.in_force();
        GuidanceRowObject {
            number: this.number.clone(),
            kind: this.kind.word(),
            title: shown.map(GuidanceContent::title).unwrap_or_default(),
            territory: shown.and_then(GuidanceContent::territory).map(str::to_owned),
            state: this.standing(),
            edition: counts.map(|edition| edition.number),
            due_on: counts.and_then(|edition| edition.content.due_on()).map(|on| on.to_string()),
            label: this.label.to_string(),
        }
    }
}

/// An edition.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EditionObject {
    number: u32,
    /// `proposed`, `in_force`, `replaced`, `rejected`, `withdrawn` or `ended`.
    state: &'static str,
    /// What it says, with its kind in `guidance`; the shape of each kind stands in the guide to guidance.
    #[schema(value_type = Object)]
    content: Value,
    document: DocumentObject,
    /// Account that proposed it.
    proposed_by: String,
    #[schema(format = Date)]
    proposed_on: String,
    /// Account that confirmed it.
    confirmed_by: Option<String>,
    #[schema(format = Date)]
    confirmed_on: Option<String>,
    /// Its last day, where it was ended.
    #[schema(format = Date)]
    until: Option<String>,
}

/// A file of what transfers are weighed by.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Guidance")]
pub(crate) struct GuidanceObject {
    #[serde(flatten)]
    row: GuidanceRowObject,
    /// The editions, the first one first.
    editions: Vec<EditionObject>,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl GuidanceObject {
    pub(crate) fn of(view: GuidanceView) -> GuidanceObject {
        let subject = SubjectKind::Guidance.subject(&view.file.number).to_string();
        let edition = |edition: &Edition| EditionObject {
            number: edition.number,
            state: edition.state,
            content: serde_json::to_value(&edition.content).unwrap_or_default(),
            document: DocumentObject::of(&edition.document, &subject, TAGGED),
            proposed_by: edition.proposed_by.clone(),
            proposed_on: edition.proposed_on.to_string(),
            confirmed_by: edition.confirmed.as_ref().map(|(_, by)| by.clone()),
            confirmed_on: edition.confirmed.as_ref().map(|(on, _)| on.to_string()),
            until: edition.ended.map(|on| on.to_string()),
        };
        GuidanceObject {
            row: GuidanceRowObject::named(&view.file),
            editions: view.file.editions.iter().map(edition).collect(),
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
        }
    }
}
