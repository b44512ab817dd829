//! What other states may be told of what was refused: the page, and the notification as it is sent.

use askama::Template;
use axum::extract::Path;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_register::label::{Clearance, Label, Level};
use entente_register::transfer::notification::{DenialNotification, DeniedLine};
use entente_store::Fault;

use super::annual::AUDIENCES;
use crate::api::transfer::annual::audience_of;
use crate::error::Answer;
use crate::formats::denial::{COLUMNS, DenialNotificationObject, cells, text};
use crate::formats::table::Kind;
use crate::web::frame::{Choice, Frame, Part};
use crate::web::line::counted;
use crate::web::show;
use crate::web::spreadsheet::{Table, ways};
use crate::web::visit::Visit;

/// A line that was refused.
#[derive(Debug, Clone)]
pub(crate) struct DeniedCells {
    pub(crate) number: u32,
    pub(crate) goods: String,
    pub(crate) category: String,
    pub(crate) quantity: String,
    pub(crate) criteria: Vec<String>,
}

#[derive(Template)]
#[template(path = "transfer/denial.html")]
pub(crate) struct DenialPage {
    pub(crate) frame: Frame,
    pub(crate) number: String,
    pub(crate) application_href: String,
    /// Where the form is sent: an address without parameters.
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
    pub(crate) audiences: Vec<Choice>,
    pub(crate) audience: String,
    /// What is told, or why nothing may be to this audience.
    pub(crate) told: Result<DenialCells, String>,
    pub(crate) tables: Vec<(&'static str, String)>,
}

/// What is told.
#[derive(Debug, Clone)]
pub(crate) struct DenialCells {
    pub(crate) denied_on: String,
    pub(crate) kind: String,
    pub(crate) destination: String,
    pub(crate) end_users: Vec<String>,
    pub(crate) lines: Vec<DeniedCells>,
}

impl DenialCells {
    fn of(told: &DenialNotification) -> DenialCells {
        let line = |line: &DeniedLine| DeniedCells {
            number: line.number,
            goods: line.goods.clone(),
            category: line.category.clone(),
            quantity: counted(line.quantity, line.unit),
            criteria: line.criteria.iter().map(|criterion| show::capital(criterion.name())).collect(),
        };
        DenialCells {
            denied_on: show::day(told.denied_on),
            kind: show::capital(told.kind.name()),
            destination: told.destination.clone(),
            end_users: told.end_users.iter().map(|class| show::capital(class.name())).collect(),
            lines: told.lines.iter().map(line).collect(),
        }
    }
}

/// The notification that the address asks for, and up to which marking it is told.
async fn asked(visit: &Visit, number: &str) -> Answer<(DenialNotification, Level)> {
    let audience = audience_of(visit.parameter("audience"))?;
    let reader = visit.reader().await?;
    Ok((reader.denial_notification(number, &Clearance::of(audience)).await?, audience))
}

/// `GET /applications/{number}/denial?audience=…`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let audience = audience_of(visit.parameter("audience"))?;
    let reader = visit.reader().await?;
    let told = match reader.denial_notification(&number, &Clearance::of(audience)).await {
        Ok(told) => Ok(DenialCells::of(&told)),
        // The page stays, so that another audience can be chosen.
        Err(entente_store::Error::Refusal(refusal)) if refusal.code == "denial.marking" => {
            Err(refusal.message)
        }
        Err(error) => return Err(error.into()),
    };
    let way = visit.way();
    let named = Label::of(audience).to_string();
    let tables = match &told {
        Ok(_) => {
            let at = |ending: &str| {
                way.with(&format!("/applications/{number}/denial.{ending}"), &[("audience", named.as_str())])
            };
            let mut tables = ways(at);
            tables.extend([("Text", at("txt")), ("JSON", at("json"))]);
            tables
        }
        Err(_) => Vec::new(),
    };
    let choice = |level: &Level| {
        let name = Label::of(*level).to_string();
        Choice { value: name.clone(), name, chosen: *level == audience }
    };
    crate::web::page(&DenialPage {
        frame: visit.frame(Part::Transfers, format!("Notification of the denial of {number}"), &reader),
        application_href: way.to(&format!("/applications/{number}")),
        action: format!("/applications/{number}/denial"),
        number,
        hidden: visit.hidden(),
        audiences: AUDIENCES.iter().map(choice).collect(),
        audience: named,
        told,
        tables,
    })
}

/// `GET /applications/{number}/denial.csv` and `.xlsx`
pub(in crate::web) async fn export(visit: Visit, Path(number): Path<String>, kind: Kind) -> Answer {
    let (told, _) = asked(&visit, &number).await?;
    let on = visit.reader().await?.as_of();
    Table { name: "denial", columns: &COLUMNS, rows: cells(&told) }.answer(kind, on).await
}

/// `GET /applications/{number}/denial.txt`
pub(in crate::web) async fn as_text(visit: Visit, Path(number): Path<String>) -> Answer {
    let (told, audience) = asked(&visit, &number).await?;
    Ok(sent(&number, "txt", "text/plain; charset=utf-8", text(&told, audience)))
}

/// `GET /applications/{number}/denial.json`
pub(in crate::web) async fn as_json(visit: Visit, Path(number): Path<String>) -> Answer {
    let (told, audience) = asked(&visit, &number).await?;
    let text = serde_json::to_string_pretty(&DenialNotificationObject::of(&told, audience))
        .map_err(|error| Fault::internal("writing the notification of a denial", error.to_string()))?;
    Ok(sent(&number, "json", "application/json", text))
}

fn sent(number: &str, ending: &str, media_type: &'static str, body: String) -> axum::response::Response {
    let headers = [
        (CONTENT_TYPE, media_type.to_owned()),
        (CONTENT_DISPOSITION, format!("attachment; filename=\"{number}-denial.{ending}\"")),
    ];
    (headers, body).into_response()
}
