//! Annual reports of transfers for programs, also of the command line.

use std::sync::Arc;

use axum::extract::{Path, State};
use entente_register::label::{Clearance, Label, Level};
use entente_register::ledger::{Fallible, Refusal};
use entente_register::transfer::annual::{AnnualReport, Beside, Direction, ReportKind, Row, Source};
use serde::Serialize;
use utoipa::ToSchema;

use crate::api::json::{Asked, View};
use crate::app::App;
use crate::error::Answer;
use crate::session::Caller;

/// An annual report. What is withheld from its audience is counted, and nothing else is said of it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnualReportObject {
    /// `arms-trade-treaty`, `register-of-arms` or `common-position`.
    pub(crate) report: &'static str,
    pub(crate) year: i16,
    /// The last day that is in it.
    #[schema(format = Date)]
    pub(crate) until: String,
    /// Whether the year was over on that day.
    pub(crate) whole_year: bool,
    /// By when it is to be sent.
    #[schema(format = Date)]
    pub(crate) due_on: String,
    /// Up to which marking is told.
    pub(crate) audience: String,
    /// Whether there are markings that the caller may not see: then it is a part of the report, and is not to be sent.
    pub(crate) partial: bool,
    /// Lines that nobody has classified: while there are any, the report is not true.
    pub(crate) unplaced: usize,
    pub(crate) exports: TableObject,
    pub(crate) imports: TableObject,
    /// What is in no table, with the reason.
    pub(crate) beside: Vec<BesideObject>,
    /// How much more that is in no table is withheld.
    pub(crate) beside_withheld: usize,
}

/// A table of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TableObject {
    /// Whether there is nothing to report, also nothing that is withheld.
    pub(crate) nil: bool,
    /// Rows that are withheld.
    pub(crate) withheld: usize,
    pub(crate) rows: Vec<AnnualRowObject>,
}

/// A row of a report.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AnnualRowObject {
    /// `I` to `VIII`, or an entry of the control list.
    pub(crate) category: String,
    /// The final importing state, or the exporting one.
    pub(crate) state: String,
    /// States on the way.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) via: Vec<String>,
    /// `authorised`, `actual` or `refused`.
    pub(crate) basis: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) quantity: Option<String>,
    /// UN/CEFACT Recommendation 20.
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) unit: &'static str,
    pub(crate) values: Vec<AmountObject>,
    /// How many licences, or applications that were refused.
    pub(crate) licences: usize,
    /// Of these licences, those that were revoked since.
    pub(crate) revoked: usize,
    pub(crate) descriptions: Vec<String>,
    /// By which criteria it was refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) criteria: Vec<&'static str>,
    /// Where it comes from.
    pub(crate) sources: Vec<SourceObject>,
}

/// An amount in its currency.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AmountObject {
    pub(crate) amount: String,
    pub(crate) currency: &'static str,
}

/// Where a row comes from.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct SourceObject {
    /// Number of the licence, or of the application that was refused.
    pub(crate) number: String,
    pub(crate) line: u32,
    /// Reference of the write-off, of what is actual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) reference: Option<String>,
}

/// Something that is in no table.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct BesideObject {
    /// `unclassified`, `other_transfer`, `part`, `ammunition`, `other_arms` or `no_arms`.
    pub(crate) why: &'static str,
    pub(crate) description: String,
    pub(crate) source: SourceObject,
}

impl SourceObject {
    fn of(source: &Source) -> SourceObject {
        SourceObject { number: source.number.clone(), line: source.line, reference: source.reference.clone() }
    }
}

impl AnnualRowObject {
    pub(crate) fn of(row: &Row) -> AnnualRowObject {
        let amount = |money: &entente_register::money::Money| AmountObject {
            amount: money.decimal(),
            currency: money.currency.code(),
        };
        AnnualRowObject {
            category: row.key.category.word().to_owned(),
            state: row.key.state.clone(),
            via: row.key.via.clone(),
            basis: row.key.basis.word(),
            quantity: row.quantity.map(|quantity| quantity.to_string()),
            unit: row.key.unit,
            values: row.values.iter().map(amount).collect(),
            licences: row.licences,
            revoked: row.revoked,
            descriptions: row.descriptions.iter().cloned().collect(),
            criteria: row.criteria.iter().map(|criterion| criterion.word()).collect(),
            sources: row.sources.iter().map(SourceObject::of).collect(),
        }
    }
}

impl AnnualReportObject {
    pub(crate) fn of(report: &AnnualReport, audience: Level) -> AnnualReportObject {
        let table = |direction| TableObject {
            nil: report.is_nil(direction),
            withheld: report.withheld(direction),
            rows: report.told(direction).map(AnnualRowObject::of).collect(),
        };
        let beside = |one: &Beside| BesideObject {
            why: one.why.word(),
            description: one.description.clone(),
            source: SourceObject::of(&one.source),
        };
        AnnualReportObject {
            report: report.kind.word(),
            year: report.year,
            until: report.until.to_string(),
            whole_year: report.is_whole(),
            due_on: report.due_on.to_string(),
            audience: Label::of(audience).to_string(),
            partial: report.is_partial,
            unplaced: report.unplaced(),
            exports: table(Direction::Export),
            imports: table(Direction::Import),
            beside: report.beside.iter().filter(|one| !one.withheld).map(beside).collect(),
            beside_withheld: report.beside.iter().filter(|one| one.withheld).count(),
        }
    }
}

/// Up to which marking a report tells: a level; that of the public where none is named.
///
/// # Errors
/// A refusal of what is no level by itself.
pub(crate) fn audience_of(named: Option<&str>) -> Fallible<Level> {
    let Some(named) = named else { return Ok(Level::Public) };
    let refused = || {
        Refusal::new("transfer.audience", format!("{named:?} is no level of marking."))
            .field("audience")
            .missing("a level by itself, for example PUBLIC or OFFICIAL")
    };
    let label: Label = named.parse().map_err(|_| refused())?;
    let level = label.level;
    if label == Label::of(level) { Ok(level) } else { Err(refused()) }
}

/// An annual report of transfers: by the Arms Trade Treaty, for the Register of Conventional Arms, or in the tables of the
/// Common Position. Authorised and actual are kept apart, and each row names where it comes from. The same day and instant
/// give the same report for ever.
#[utoipa::path(get, path = "/annual-reports/{report}/{year}", tag = "transfers", params(("report" = String, Path, description = "`arms-trade-treaty`, `register-of-arms` or `common-position`"), ("year" = i16, Path, description = "The year"), View, ("audience" = Option<String>, Query, description = "Up to which marking is told; PUBLIC where none is named")), responses((status = 200, description = "The report", body = AnnualReportObject)))]
pub(crate) async fn read_annual_report(
    State(app): State<Arc<App>>,
    Path((report, year)): Path<(String, i16)>,
    caller: Caller,
    asked: Asked,
) -> Answer {
    asked.only(&["audience"])?;
    let kind: ReportKind = report.parse().map_err(|refusal: Refusal| refusal.field("report"))?;
    let audience = audience_of(asked.other("audience")?)?;
    let reader = caller.reader(&app, &asked.view).await?;
    let found = reader.annual_report(kind, year, &Clearance::of(audience)).await?;
    asked.answer(&AnnualReportObject::of(&found, audience))
}
