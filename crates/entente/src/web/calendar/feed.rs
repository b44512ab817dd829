//! What is still owed, as iCalendar (RFC 5545).

use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::IntoResponse as _;
use entente_store::reader::DueFilter;

use crate::error::Answer;
use crate::formats::calendar::calendar;
use crate::web::spreadsheet::whole;
use crate::web::visit::Visit;

/// `GET /calendar.ics`: every line that still owes something, each on its day.
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let partner = visit.parameter("partner").map(str::to_owned);
    let filter = DueFilter { partner, open: true, ..DueFilter::default() };
    let lines = whole(|_| Ok(()), |page| reader.calendar(&filter, page)).await?;
    let text = calendar(&lines, reader.as_of(), reader.known_at());
    let head = [
        (CONTENT_TYPE, "text/calendar; charset=utf-8"),
        (CONTENT_DISPOSITION, "attachment; filename=\"deliveries.ics\""),
    ];
    Ok((head, text).into_response())
}
