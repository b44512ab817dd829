//! The parameters of a request: each read strictly, an unknown one refused.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use entente_register::ledger::parse_date;
use jiff::civil::Date;

use super::failure::{cannot, shape};
use crate::app::App;
use crate::error::Failure;
use crate::limit::short;
use crate::parameters::query_pairs;

/// Values of one parameter at most.
const MOST_VALUES: usize = 500;

/// The parameters as they came, and whether the caller would rather have no answer than one that clears nobody.
#[derive(Debug, Clone)]
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
    /// `Prefer: handling=strict`.
    pub(super) strict: bool,
}

impl FromRequestParts<Arc<App>> for Parameters {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Parameters, Failure> {
        let strict = parts
            .headers
            .get_all("prefer")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split([',', ';']))
            .any(|preference| {
                let plain: String = preference.chars().filter(|c| !c.is_whitespace() && *c != '"').collect();
                plain.eq_ignore_ascii_case("handling=strict")
            });
        Ok(Parameters { pairs: query_pairs(parts)?, strict })
    }
}

fn clipped(text: &str) -> String {
    text.chars().take(60).collect()
}

/// Results of a list where nobody says how many, and at most.
const LIMIT: (usize, usize) = (10, 500);

/// The last place from which the results of a list begin: with the most that follow, ten thousand.
const LAST_OFFSET: usize = 9_499;

impl Parameters {
    /// Of a list: how many results, and from which place.
    pub(super) fn page(&self) -> Result<(usize, usize), Failure> {
        Ok((self.whole("limit", LIMIT.0, 0, LIMIT.1)?, self.whole("offset", 0, 0, LAST_OFFSET)?))
    }

    /// Refuses parameters that are not known here.
    pub(super) fn only(&self, names: &[&str]) -> Result<(), Failure> {
        for (name, value) in &self.pairs {
            if !names.contains(&name.as_str()) {
                let name = clipped(name);
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                return Err(cannot(
                    &format!("query/{name}"),
                    format!("There is no parameter {name:?} here."),
                    format!("only parameters among these: {known}"),
                ));
            }
            // What is looked for may be long; every other value is a name or a number.
            if name != "q" {
                short(name, value)?;
            }
        }
        Ok(())
    }

    /// A parameter that stands once.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>, Failure> {
        let mut values = self.pairs.iter().filter(|(own, _)| own == name).map(|(_, value)| value.as_str());
        let value = values.next().filter(|value| !value.trim().is_empty());
        match values.next() {
            Some(_) => Err(shape(
                &format!("query/{name}"),
                format!("The parameter {name} stands twice."),
                "the parameter once",
            )),
            None => Ok(value),
        }
    }

    /// A parameter that may stand several times.
    pub(super) fn several(&self, name: &str) -> Result<Vec<String>, Failure> {
        let values: Vec<String> = self
            .pairs
            .iter()
            .filter(|(own, value)| own == name && !value.trim().is_empty())
            .map(|(_, value)| value.trim().to_owned())
            .collect();
        if values.len() > MOST_VALUES {
            return Err(shape(
                &format!("query/{name}"),
                format!("The parameter {name} stands {} times.", values.len()),
                format!("at most {MOST_VALUES} values"),
            ));
        }
        Ok(values)
    }

    /// A whole number from 0, or from 1.
    pub(super) fn whole(
        &self,
        name: &str,
        default: usize,
        least: usize,
        most: usize,
    ) -> Result<usize, Failure> {
        let Some(text) = self.one(name)? else { return Ok(default) };
        let digits = text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
        let number = text.parse::<usize>().ok().filter(|n| digits && (least..=most).contains(n));
        number.ok_or_else(|| {
            shape(
                &format!("query/{name}"),
                format!("{name} cannot be {:?}.", clipped(text)),
                format!("a whole number from {least} to {most}"),
            )
        })
    }

    /// A score.
    pub(super) fn score(&self, name: &str, least: f32) -> Result<Option<f32>, Failure> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        let score = text.trim().parse::<f32>().ok().filter(|score| (least..=1.0).contains(score));
        let refuse = || {
            shape(
                &format!("query/{name}"),
                format!("{name} cannot be {:?}.", clipped(text)),
                format!("a number from {least} to 1"),
            )
        };
        score.map(Some).ok_or_else(refuse)
    }

    /// Yes or no, in the words that the format takes.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, Failure> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Ok(Some(true)),
            "false" | "0" | "no" | "off" | "f" | "n" => Ok(Some(false)),
            _ => Err(shape(
                &format!("query/{name}"),
                format!("{name} cannot be {:?}.", clipped(text)),
                "true or false",
            )),
        }
    }

    /// A day, after which the format allows a time: what is known of editions is known by the day.
    pub(super) fn day(&self, name: &str) -> Result<Option<Date>, Failure> {
        let Some(text) = self.one(name)? else { return Ok(None) };
        let (day, time) = text.split_once('T').map_or((text, None), |(day, time)| (day, Some(time)));
        let timed = time.is_none_or(|time| {
            let parts: Vec<&str> = time.split(':').collect();
            let most = [23, 59, 59];
            parts.len() <= 3
                && parts.iter().zip(most).all(|(part, most)| {
                    part.len() == 2
                        && part.bytes().all(|b| b.is_ascii_digit())
                        && part.parse::<u8>().is_ok_and(|n| n <= most)
                })
        });
        match parse_date(name, day) {
            Ok(day) if timed => Ok(Some(day)),
            _ => Err(shape(
                &format!("query/{name}"),
                format!("{name} cannot be {:?}.", clipped(text)),
                "a day, YYYY-MM-DD, or a day and a time, YYYY-MM-DDTHH:MM:SS",
            )),
        }
    }
}
