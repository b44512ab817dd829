//! Objects that reads of the exchange with customs give out.

use entente_register::customs::discrepancy::Discrepancy;
use entente_register::customs::run::{CustomsRun, RowJudged, RowOutcome, RunContent};
use entente_register::ledger::SubjectKind;
use entente_store::reader::{CustomsView, DiscrepancyView, RunRow, RunView};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::object::{DocumentObject, HistoryObject, TAGGED};

/// How the exchange with customs stands.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Customs")]
pub(crate) struct CustomsObject {
    /// The highest marking of what customs are told; absent where the caller is not told.
    marking: Option<String>,
    /// Number of the last run of licence data, 0 for none.
    last_out: i64,
    /// Number of the last run of usage data, 0 for none.
    last_in: i64,
    /// Number of the run of usage data that is awaited.
    awaited_in: i64,
    /// Runs of licence data that customs have not answered.
    unanswered: i64,
    /// Discrepancies that are open.
    open_discrepancies: i64,
    /// Version of the exchange, for `Expected-Version`.
    version: u32,
}

impl CustomsObject {
    pub(crate) fn of(view: &CustomsView) -> CustomsObject {
        CustomsObject {
            marking: view.exchange.as_ref().map(|exchange| exchange.marking.to_string()),
            last_out: view.last_out,
            last_in: view.last_in,
            awaited_in: view.last_in.saturating_add(1),
            unanswered: view.unanswered,
            open_discrepancies: view.open,
            version: view.version,
        }
    }
}

/// A run in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CustomsRunRowObject {
    /// `OUT-7`.
    pub(crate) key: String,
    /// `out` or `in`.
    pub(crate) direction: String,
    /// Its number.
    pub(crate) run: i64,
    /// The day on which it left or came.
    #[schema(format = Date)]
    pub(crate) on: String,
    /// Account that sent or brought it; empty where the caller is not told.
    pub(crate) by: String,
    /// `sent` or `answered` of a run out, `judged` of a run in.
    pub(crate) state: String,
    /// Licences, or rows, that it holds.
    pub(crate) holds: i64,
    /// How many of them were accepted; absent where customs have not answered.
    pub(crate) accepted: Option<i64>,
    /// How many were rejected.
    pub(crate) rejected: Option<i64>,
    /// Marking.
    pub(crate) label: String,
}

impl CustomsRunRowObject {
    pub(crate) fn of(row: &RunRow) -> CustomsRunRowObject {
        CustomsRunRowObject {
            key: row.key.clone(),
            direction: row.direction.clone(),
            run: row.run,
            on: row.on.to_string(),
            by: row.by.clone(),
            state: row.state.clone(),
            holds: row.holds,
            accepted: row.taken.map(|(accepted, _)| accepted),
            rejected: row.taken.map(|(_, rejected)| rejected),
            label: row.label.to_string(),
        }
    }

    fn of_run(run: &CustomsRun) -> CustomsRunRowObject {
        let count = |many: usize| i64::try_from(many).unwrap_or(i64::MAX);
        CustomsRunRowObject {
            key: run.key.clone(),
            direction: run.direction().word().to_owned(),
            run: run.run().into(),
            on: run.on.to_string(),
            by: run.by.clone(),
            state: run.state.to_owned(),
            holds: count(run.holds()),
            accepted: run.taken().map(|(accepted, _)| count(accepted)),
            rejected: run.taken().map(|(_, rejected)| count(rejected)),
            label: run.label.to_string(),
        }
    }
}

/// A row of usage data, and what became of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UsageRowObject {
    /// The line of the file on which it stands.
    pub(crate) row: u32,
    pub(crate) licence: String,
    pub(crate) line: u32,
    /// The declaration with its item.
    pub(crate) reference: String,
    #[schema(format = Date)]
    pub(crate) on: String,
    pub(crate) quantity: String,
    /// UN/CEFACT Recommendation 20 code.
    pub(crate) unit: &'static str,
    pub(crate) value: String,
    pub(crate) currency: &'static str,
    pub(crate) delivery: Option<String>,
    /// `accepted`, `on_record` where it was written off before, or `rejected`.
    pub(crate) result: &'static str,
    /// Of a row that was rejected: the code of the refusal.
    pub(crate) code: Option<String>,
    /// Its words.
    pub(crate) text: Option<String>,
    /// Number of the discrepancy that it opened.
    pub(crate) discrepancy: Option<String>,
}

impl UsageRowObject {
    pub(crate) fn of(row: &RowJudged) -> UsageRowObject {
        let (result, refused) = match &row.outcome {
            RowOutcome::Accepted => ("accepted", None),
            RowOutcome::OnRecord => ("on_record", None),
            RowOutcome::Refused { code, words, discrepancy } => {
                ("rejected", Some((code.clone(), words.clone(), discrepancy.clone())))
            }
        };
        let (code, text, discrepancy) = match refused {
            Some((code, text, discrepancy)) => (Some(code), Some(text), Some(discrepancy)),
            None => (None, None, None),
        };
        UsageRowObject {
            row: row.row,
            licence: row.licence.clone(),
            line: row.line,
            reference: row.reference.clone(),
            on: row.on.to_string(),
            quantity: row.quantity.to_string(),
            unit: row.unit.code(),
            value: row.value.decimal(),
            currency: row.value.currency.code(),
            delivery: row.delivery.clone(),
            result,
            code,
            text,
            discrepancy,
        }
    }
}

/// A licence that customs did not take.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct RejectedObject {
    licence: String,
    /// Their code.
    code: String,
    /// Their words.
    text: String,
    /// Number of the discrepancy that it opened.
    discrepancy: String,
}

/// A licence that was withheld for its marking.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct WithheldObject {
    licence: String,
    /// Marking.
    label: String,
}

/// A run.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "CustomsRun")]
pub(crate) struct CustomsRunObject {
    #[serde(flatten)]
    row: CustomsRunRowObject,
    /// When the file was made, as it says.
    made_at: String,
    /// The file.
    file: DocumentObject,
    /// The reply to it.
    reply: Option<DocumentObject>,
    /// Licences of a run out.
    licences: Vec<String>,
    /// Of those, what customs did not take.
    rejected_licences: Vec<RejectedObject>,
    /// Licences that a run out did not tell of for their marking, of those open to the caller; absent where the caller is not
    /// told.
    withheld: Option<Vec<WithheldObject>>,
    /// Rows of a run in.
    rows: Vec<UsageRowObject>,
    /// What has happened to it, the latest last.
    history: Vec<HistoryObject>,
    /// Version of the subject.
    version: u32,
}

impl CustomsRunObject {
    pub(crate) fn of(view: RunView) -> CustomsRunObject {
        let subject = SubjectKind::CustomsRun.subject(&view.run.key).to_string();
        let withheld = view.withheld.map(|all| {
            let one = |one: entente_store::reader::Withheld| WithheldObject {
                licence: one.licence,
                label: one.label.to_string(),
            };
            all.into_iter().map(one).collect()
        });
        CustomsRunObject {
            withheld,
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
            ..CustomsRunObject::tried(&view.run)
        }
    }

    /// Of a run of which nothing is kept: it has no history.
    pub(crate) fn tried(run: &CustomsRun) -> CustomsRunObject {
        let subject = SubjectKind::CustomsRun.subject(&run.key).to_string();
        let paper = |document| DocumentObject::of(document, &subject, TAGGED);
        let (mut licences, mut rejected_licences, mut rows) = (Vec::new(), Vec::new(), Vec::new());
        let made_at = match &run.content {
            RunContent::Out(exported, answer) => {
                licences.clone_from(&exported.licences);
                let rejected = answer.iter().flat_map(|(_, answer)| &answer.rejected);
                rejected_licences.extend(rejected.map(|one| RejectedObject {
                    licence: one.licence.clone(),
                    code: one.code.clone(),
                    text: one.words.clone(),
                    discrepancy: one.discrepancy.clone(),
                }));
                exported.made_at.clone()
            }
            RunContent::In(received) => {
                rows.extend(received.rows.iter().map(UsageRowObject::of));
                received.made_at.clone()
            }
        };
        CustomsRunObject {
            row: CustomsRunRowObject::of_run(run),
            made_at,
            file: paper(run.file()),
            reply: run.reply().map(paper),
            licences,
            rejected_licences,
            withheld: None,
            rows,
            history: Vec::new(),
            version: 0,
        }
    }
}

/// What would become of a file.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TriedObject {
    /// Whether it was brought in before.
    pub(crate) repeated: bool,
    /// The run as it would be.
    pub(crate) run: CustomsRunObject,
}

/// A discrepancy in a list.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiscrepancyRowObject {
    pub(crate) number: String,
    /// `open` or `closed`.
    pub(crate) state: &'static str,
    /// `usage`: a row of usage data was refused; `reply`: customs did not take a licence.
    pub(crate) origin: &'static str,
    /// Number of the run.
    pub(crate) run: u32,
    /// The line of the file on which it stands.
    pub(crate) row: u32,
    /// Number of the licence, as customs wrote it.
    pub(crate) licence: String,
    /// Code of the refusal.
    pub(crate) code: String,
    /// Its words.
    pub(crate) text: String,
    /// Line of the licence, of a shipment.
    pub(crate) line: Option<u32>,
    /// The declaration with its item.
    pub(crate) reference: Option<String>,
    /// The day on which the goods went.
    #[schema(format = Date)]
    pub(crate) shipped_on: Option<String>,
    pub(crate) quantity: Option<String>,
    pub(crate) unit: Option<&'static str>,
    pub(crate) value: Option<String>,
    pub(crate) currency: Option<&'static str>,
    #[schema(format = Date)]
    pub(crate) opened_on: String,
    #[schema(format = Date)]
    pub(crate) closed_on: Option<String>,
    /// Marking.
    pub(crate) label: String,
}

/// The columns of a table of discrepancies.
pub(crate) const DISCREPANCY_COLUMNS: [&str; 18] = [
    "number",
    "state",
    "origin",
    "run",
    "row",
    "licence",
    "line",
    "reference",
    "shipped_on",
    "quantity",
    "unit",
    "value",
    "currency",
    "code",
    "text",
    "opened_on",
    "closed_on",
    "label",
];

impl DiscrepancyRowObject {
    pub(crate) fn of(this: &Discrepancy) -> DiscrepancyRowObject {
        let opened = &this.opened;
        let shipment = opened.shipment.as_ref();
        DiscrepancyRowObject {
            number: this.number.clone(),
            state: this.state,
            origin: opened.origin.word(),
            run: opened.run,
            row: opened.row,
            licence: opened.licence.clone(),
            code: opened.code.clone(),
            text: opened.words.clone(),
            line: shipment.map(|shipment| shipment.line),
            reference: shipment.map(|shipment| shipment.reference.clone()),
            shipped_on: shipment.map(|shipment| shipment.on.to_string()),
            quantity: shipment.map(|shipment| shipment.quantity.to_string()),
            unit: shipment.map(|shipment| shipment.unit.code()),
            value: shipment.map(|shipment| shipment.value.decimal()),
            currency: shipment.map(|shipment| shipment.value.currency.code()),
            opened_on: this.opened_on.to_string(),
            closed_on: this.closing.as_ref().map(|closing| closing.on.to_string()),
            label: this.label.to_string(),
        }
    }
}

/// How a discrepancy was closed.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DiscrepancyClosingObject {
    #[schema(format = Date)]
    on: String,
    /// Account that closed it.
    by: String,
    reason: String,
    document: DocumentObject,
    /// Number of the licence of the write-off that was recorded afterwards.
    licence: Option<String>,
    /// Reference of that write-off.
    reference: Option<String>,
}

/// A discrepancy.
#[derive(Debug, Serialize, ToSchema)]
#[schema(title = "Discrepancy")]
pub(crate) struct DiscrepancyObject {
    #[serde(flatten)]
    row: DiscrepancyRowObject,
    /// How it was closed; absent where the caller is not told.
    closed: Option<DiscrepancyClosingObject>,
    /// What has happened to it, the latest last, as far as it is seen.
    history: Vec<HistoryObject>,
    /// Version of the subject, for `Expected-Version`.
    version: u32,
}

impl DiscrepancyObject {
    pub(crate) fn of(view: DiscrepancyView) -> DiscrepancyObject {
        let this = &view.discrepancy;
        let subject = SubjectKind::Discrepancy.subject(&this.number).to_string();
        let closed = this.closing.as_ref().map(|closing| DiscrepancyClosingObject {
            on: closing.on.to_string(),
            by: closing.by.clone(),
            reason: closing.reason.clone(),
            document: DocumentObject::of(&closing.closed.document, &subject, TAGGED),
            licence: closing.closed.settlement.as_ref().map(|one| one.licence.clone()),
            reference: closing.closed.settlement.as_ref().map(|one| one.reference.clone()),
        });
        DiscrepancyObject {
            row: DiscrepancyRowObject::of(this),
            closed,
            history: HistoryObject::all(view.history, &subject),
            version: view.version,
        }
    }
}
