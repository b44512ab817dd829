//! A rule file as it is written: TOML, one table a body, a regime, a rule.
//!
//! Every value that is checked later knows its place, so that a fault names line and column. A date without a time is a
//! civil day at the seat of the body, and is read the strict way: a measure holds from the first instant of the day on
//! which it begins, and through the last of the day on which it ends.

use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::exception::{Condition, Opening};
use super::rule::{Activity, AfterTerm, Certainty, Direction, Effect, LeftOut};
use super::scope::ItemScope;
use super::target::Target;

/// A whole file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFile {
    #[serde(default)]
    pub(super) body: Vec<RawBody>,
    #[serde(default)]
    pub(super) regime: Vec<RawRegime>,
    #[serde(default)]
    pub(super) rule: Vec<RawRule>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawBody {
    pub(super) id: Spanned<String>,
    pub(super) name: Spanned<String>,
    /// Where its days are counted.
    pub(super) zone: Spanned<String>,
    pub(super) covers_from: Spanned<Datetime>,
    pub(super) covers_to: Spanned<Datetime>,
    /// The regimes that together are all its measures.
    #[serde(default)]
    pub(super) regimes: Vec<Spanned<String>>,
    pub(super) source: Spanned<String>,
    pub(super) verified_on: Spanned<Datetime>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRegime {
    pub(super) id: Spanned<String>,
    pub(super) body: Spanned<String>,
    pub(super) name: Spanned<String>,
    #[serde(default)]
    pub(super) states: Vec<Spanned<String>>,
    pub(super) covers_from: Option<Spanned<Datetime>>,
    pub(super) covers_to: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) id: Spanned<String>,
    pub(super) regime: Spanned<String>,
    pub(super) resolution: Spanned<String>,
    pub(super) paragraph: Option<Spanned<String>>,
    pub(super) effect: Effect,
    pub(super) target: Spanned<Target>,
    pub(super) direction: Spanned<Direction>,
    pub(super) items: Spanned<ItemScope>,
    pub(super) left_out: Option<LeftOut>,
    pub(super) activities: Spanned<BTreeSet<Activity>>,
    #[serde(default)]
    pub(super) activities_unconfirmed: BTreeSet<Activity>,
    #[serde(default)]
    pub(super) exception: Vec<RawException>,
    pub(super) otherwise: Option<String>,
    pub(super) valid_from: Spanned<Datetime>,
    pub(super) known_from: Option<Spanned<Datetime>>,
    pub(super) ends: Option<RawEnding>,
    pub(super) term: Option<RawTerm>,
    #[serde(default)]
    pub(super) disputed_by: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) claimed_by: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) note: String,
    pub(super) source: Spanned<String>,
    pub(super) certainty: Certainty,
    pub(super) verified_on: Spanned<Datetime>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawEnding {
    pub(super) at: Spanned<Datetime>,
    pub(super) known_from: Option<Spanned<Datetime>>,
    pub(super) resolution: Spanned<String>,
    pub(super) paragraph: Option<Spanned<String>>,
    pub(super) certainty: Option<Certainty>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawTerm {
    pub(super) last_day: Spanned<Datetime>,
    pub(super) after: AfterTerm,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawException {
    pub(super) kind: Spanned<Opening>,
    pub(super) by: Option<Spanned<String>>,
    pub(super) days: Option<Spanned<u16>>,
    #[serde(default)]
    pub(super) working_days: bool,
    pub(super) resolution: Option<Spanned<String>>,
    pub(super) paragraph: Option<Spanned<String>>,
    pub(super) valid_from: Option<Spanned<Datetime>>,
    pub(super) valid_to: Option<Spanned<Datetime>>,
    pub(super) known_from: Option<Spanned<Datetime>>,
    #[serde(default)]
    pub(super) when: Condition,
    pub(super) words: Spanned<String>,
    pub(super) certainty: Option<Certainty>,
}

/// Which instant of a day is meant where only the day is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Edge {
    /// Its first.
    Start,
    /// The first after it.
    End,
}

/// The instant of a date, or of a date with time and offset; none of anything else.
pub(super) fn instant(datum: &Datetime, zone: &TimeZone, edge: Edge) -> Option<Timestamp> {
    match (datum.date, datum.time, datum.offset) {
        (Some(_), Some(_), Some(_)) => datum.to_string().parse().ok(),
        (Some(_), None, None) => {
            let day = date(datum)?;
            let day = if edge == Edge::End { day.tomorrow().ok()? } else { day };
            Some(day.to_zoned_datetime(zone.clone()).ok()?.timestamp())
        }
        _ => None,
    }
}

/// A date without a time; none of anything else.
pub(super) fn date(datum: &Datetime) -> Option<Date> {
    if datum.time.is_some() || datum.offset.is_some() {
        return None;
    }
    let date = datum.date?;
    Date::new(i16::try_from(date.year).ok()?, i8::try_from(date.month).ok()?, i8::try_from(date.day).ok()?)
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, edge: Edge) -> Option<String> {
        let zone = TimeZone::get("America/New_York").unwrap();
        instant(&text.parse().unwrap(), &zone, edge).map(|at| at.to_string())
    }

    #[test]
    fn a_day_is_read_the_strict_way_at_the_seat_of_the_body() {
        assert_eq!(read("2010-06-09", Edge::Start).unwrap(), "2010-06-09T04:00:00Z");
        assert_eq!(read("2016-01-16", Edge::End).unwrap(), "2016-01-17T05:00:00Z");
        for edge in [Edge::Start, Edge::End] {
            assert_eq!(read("2025-09-27T20:00:00-04:00", edge).unwrap(), "2025-09-28T00:00:00Z");
        }
    }

    #[test]
    fn an_hour_without_an_offset_is_no_instant() {
        assert_eq!(read("2025-09-27T20:00:00", Edge::Start), None);
        assert_eq!(read("20:00:00", Edge::Start), None);
    }
}
