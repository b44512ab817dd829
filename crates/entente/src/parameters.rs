//! The parameters of a view: as of when, as known when, by which conventions.
//!
//! The URL holds the whole view, so that a link shows the same to its next reader.

use std::sync::Arc;

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use entente_register::access::Actor;
use entente_register::contract::delivery::Counting;
use entente_register::contract::plan::PlanVersion;
use entente_register::ledger::{Fallible, Refusal, parse_date, parse_instant};
use entente_register::money::Currency;
use entente_register::transfer::link::MOST_AHEAD;
use entente_store::Outcome;
use entente_store::reader::{BriefOptions, Page, Reader};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::app::{App, Defaults};
use crate::error::Failure;
use crate::limit::short;
use crate::session::percent;

/// The names of the parameters of a view, in the order in which links write them.
pub const NAMES: [&str; 5] = ["as_of", "known_at", "counting", "plan", "currency"];

/// A view as it is asked for; what is absent follows the register's defaults.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ViewParameters {
    /// The day as of which is read; none for today.
    pub as_of: Option<Date>,
    /// What was recorded after this is not seen; none for now.
    pub known_at: Option<Timestamp>,
    /// Which act makes a delivery count.
    pub counting: Option<Counting>,
    /// The plan version; none for the latest approved by the cut-off.
    pub plan: Option<PlanVersion>,
    /// The currency.
    pub currency: Option<Currency>,
}

impl ViewParameters {
    /// Reads the parameters of a view among others.
    ///
    /// # Errors
    /// A refusal that names the parameter.
    pub fn parse(pairs: &[(String, String)]) -> Fallible<ViewParameters> {
        let mut view = ViewParameters::default();
        for (name, value) in pairs.iter().filter(|(name, _)| NAMES.contains(&name.as_str())) {
            if pairs.iter().filter(|(other, _)| other == name).count() > 1 {
                return Err(Refusal::new(
                    "parameter.repeated",
                    format!("The parameter {name} stands twice."),
                )
                .field(name)
                .missing("each parameter once"));
            }
            short(name, value)?;
            // An empty field of a form is a field that was not filled in.
            if value.trim().is_empty() {
                continue;
            }
            match name.as_str() {
                "as_of" => view.as_of = Some(parse_date("as_of", value)?),
                "known_at" => view.known_at = Some(parse_known_at(value)?),
                "counting" => view.counting = Some(value.parse()?),
                "plan" => view.plan = Some(value.parse()?),
                _ => view.currency = Some(value.parse()?),
            }
        }
        Ok(view)
    }

    /// With the register's defaults in the place of what is absent.
    ///
    /// A demonstration's horizon belongs to its day: where another day is named, all
    /// that is known now is read.
    #[must_use]
    pub fn or(mut self, defaults: &Defaults) -> ViewParameters {
        if self.as_of.is_none() {
            self.as_of = defaults.as_of;
            self.known_at = self.known_at.or(defaults.known_at);
        }
        self
    }

    /// The choices of a brief.
    pub fn options(&self) -> BriefOptions {
        let default = BriefOptions::default();
        BriefOptions {
            counting: self.counting.unwrap_or(default.counting),
            plan: self.plan,
            currency: self.currency.unwrap_or(default.currency),
        }
    }

    /// The reader of this view, for someone who asks from somewhere.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn reader(&self, app: &App, actor: &Actor, source: &str) -> Outcome<Reader> {
        let view = self.or(&app.defaults);
        let reader = app.store.reader(actor, view.as_of, view.known_at).await?;
        Ok(reader.from_source(source).counting_by(view.options().counting))
    }

    /// As a query string, what was named only, in one order: `?as_of=2012-09-30`, or nothing.
    pub fn query(&self) -> String {
        let mut text = String::new();
        for (name, value) in self.pairs() {
            text.push(if text.is_empty() { '?' } else { '&' });
            text.push_str(name);
            text.push('=');
            text.push_str(&percent(&value));
        }
        text
    }

    /// What was named, as names and values.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let values = [
            self.as_of.map(|v| v.to_string()),
            self.known_at.map(|v| v.to_string()),
            self.counting.map(|v| v.to_string()),
            self.plan.map(|v| v.to_string()),
            self.currency.map(|v| v.to_string()),
        ];
        NAMES.into_iter().zip(values).filter_map(|(name, value)| Some((name, value?))).collect()
    }
}

/// An instant with its zone; a day alone is its end, since what was recorded on it was known by then.
/// Days ahead that a reader looks, where they are given.
///
/// # Errors
/// `breaks.ahead`, naming how many there may be.
pub fn days_ahead(text: Option<&str>) -> Fallible<Option<u32>> {
    let Some(text) = text else { return Ok(None) };
    let days = text.parse().ok().filter(|days| *days <= MOST_AHEAD);
    days.map(Some).ok_or_else(|| {
        Refusal::new("breaks.ahead", format!("{text:?} is no number of days ahead."))
            .field("ahead")
            .missing(format!("a whole number from 0 to {MOST_AHEAD}"))
    })
}

fn parse_known_at(text: &str) -> Fallible<Timestamp> {
    let text = text.trim();
    if text.len() == 10 {
        let day = parse_date("known_at", text)?;
        return parse_instant("known_at", &format!("{day}T23:59:59.999999Z"));
    }
    // The field of a form gives minutes and no zone; the register's seat keeps UTC.
    if text.len() == 16 && text.as_bytes().get(10) == Some(&b'T') {
        return parse_instant("known_at", &format!("{text}:00Z"));
    }
    parse_instant("known_at", text)
}

/// The pairs of a query string.
///
/// # Errors
/// `parameter.malformed`.
pub fn query_pairs(parts: &Parts) -> Result<Vec<(String, String)>, Failure> {
    Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map(|Query(pairs)| pairs).map_err(|_| {
        Failure::with_status(
            StatusCode::BAD_REQUEST,
            Refusal::new("parameter.malformed", "The parameters cannot be read.")
                .missing("parameters written NAME=VALUE and joined by &"),
        )
    })
}

impl FromRequestParts<Arc<App>> for ViewParameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<ViewParameters, Failure> {
        Ok(ViewParameters::parse(&query_pairs(parts)?)?)
    }
}

/// Which part of a list: `offset` and `limit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageParameters(pub Page);

/// Rows of a page if nobody says, and at most.
const ROWS: (i64, i64) = (50, 500);

impl PageParameters {
    /// Reads them among others.
    ///
    /// # Errors
    /// `parameter.malformed`, naming the parameter.
    pub fn parse(pairs: &[(String, String)]) -> Fallible<PageParameters> {
        let number = |name: &'static str, default: i64, least: i64, most: i64| {
            let Some((_, text)) = pairs.iter().find(|(n, v)| n == name && !v.trim().is_empty()) else {
                return Ok(default);
            };
            let digits = !text.is_empty() && text.len() <= 12 && text.bytes().all(|b| b.is_ascii_digit());
            text.parse::<i64>().ok().filter(|n| digits && (least..=most).contains(n)).ok_or_else(|| {
                Refusal::new("parameter.malformed", format!("{name} cannot be {:?}.", clipped(text)))
                    .field(name)
                    .missing(format!("a whole number from {least} to {most}"))
            })
        };
        Ok(PageParameters(Page {
            offset: number("offset", 0, 0, 1_000_000_000)?,
            limit: number("limit", ROWS.0, 1, ROWS.1)?,
        }))
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(40).collect()
}

impl FromRequestParts<Arc<App>> for PageParameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<PageParameters, Failure> {
        Ok(PageParameters::parse(&query_pairs(parts)?)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
        list.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect()
    }

    #[test]
    fn a_view_reads_back_from_its_link() {
        let given = pairs(&[
            ("plan", "2012:3"),
            ("as_of", "2012-09-30"),
            ("known_at", "2012-10-01T00:00:00Z"),
            ("counting", "handed_over"),
            ("currency", "EUR"),
            ("offset", "10"),
        ]);
        let view = ViewParameters::parse(&given).unwrap();
        let link = view.query();
        assert_eq!(
            link,
            "?as_of=2012-09-30&known_at=2012-10-01T00%3A00%3A00Z&counting=handed_over&plan=2012%3A3&currency=EUR"
        );
        let back: Vec<(String, String)> =
            form_urlencoded::parse(&link.as_bytes()[1..]).into_owned().collect();
        assert_eq!(ViewParameters::parse(&back).unwrap(), view);
        assert_eq!(ViewParameters::default().query(), "");
    }

    #[test]
    fn bad_parameters_are_named() {
        for (name, value, code) in [
            ("as_of", "2013-02-29", "date.does_not_exist"),
            ("as_of", "yesterday", "date.malformed"),
            ("known_at", "2012-10-01T00:00:00", "instant.malformed"),
            ("counting", "shipped", "counting.unknown"),
            ("plan", "2012", "plan.malformed"),
            ("currency", "XXZ", "currency.unknown"),
        ] {
            let refusal = ViewParameters::parse(&pairs(&[(name, value)])).unwrap_err();
            assert_eq!((refusal.code, refusal.field.as_deref()), (code, Some(name)), "{value}");
        }
        let twice = pairs(&[("as_of", "2012-09-30"), ("as_of", "2012-09-30")]);
        assert_eq!(ViewParameters::parse(&twice).unwrap_err().code, "parameter.repeated");
        for bad in ["-1", "501", "0", "ten", "1e2"] {
            assert!(PageParameters::parse(&pairs(&[("limit", bad)])).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_day_as_the_horizon_is_its_end() {
        let view = ViewParameters::parse(&pairs(&[("known_at", "2012-10-01")])).unwrap();
        assert_eq!(view.known_at.unwrap().to_string(), "2012-10-01T23:59:59.999999Z");
        let view = ViewParameters::parse(&pairs(&[("known_at", "2012-10-01T08:30")])).unwrap();
        assert_eq!(view.known_at.unwrap().to_string(), "2012-10-01T08:30:00Z");
    }
}
