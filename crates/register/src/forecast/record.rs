//! The record of each method: how far it was off, to which side, and how often its interval held.
//!
//! A published forecast is scored once its year is over, against what was delivered in the year by the same
//! counting rule, in the same currency, of the same contracts. The error is the mean absolute percentage error,
//! the mean of |said − came| ÷ came; the bias is the mean of (said − came) ÷ came, above zero where the method
//! says too much; coverage is the share of the 80 % intervals that held what came (Hyndman and Athanasopoulos,
//! *Forecasting: Principles and Practice*, third edition, sections 5.8 and 5.9). Years weigh by their published
//! forecasts. Methods are compared only by forecasts in which all of them said something.

use std::collections::{BTreeMap, BTreeSet};

use super::PublishedForecast;
use crate::brief::interval::{ONE, mean};
use crate::brief::{Known, Method};
use crate::money::{Decimal, Share, divide_rounded};

/// Years over which methods must have been scored before one is to be trusted above the others.
pub const YEARS_TO_TRUST: usize = 3;

/// A published forecast with what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// The forecast.
    pub forecast: PublishedForecast,
    /// Delivered in its year, in minor units of its currency; unknown while the year goes on, or where the
    /// reader sees other contracts than the publisher did.
    pub came: Known<i64>,
}

/// What a method said and what came, in per cent of what came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Score {
    /// (said − came) ÷ came.
    pub error_pct: Decimal,
    /// Whether the interval held what came; none where there was no interval.
    pub held: Option<bool>,
}

/// The record of one method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodRecord {
    /// The method.
    pub method: Method,
    /// Published forecasts in which it said something and whose outcome is known.
    pub scored: i64,
    /// Of how many years.
    pub years: i64,
    /// Mean absolute percentage error.
    pub error_pct: Known<Decimal>,
    /// Mean percentage error: above zero where it says too much.
    pub bias_pct: Known<Decimal>,
    /// Of the scored, those with an interval.
    pub intervals: i64,
    /// Of these, those whose interval held what came.
    pub held: i64,
    /// Held ÷ intervals; 80 % is what was promised.
    pub coverage_pct: Known<Decimal>,
    /// Mean absolute percentage error in the forecasts by which methods are compared.
    pub compared_error_pct: Known<Decimal>,
}

/// The record of all methods, and which to trust.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// One a method, in the order of [`Method::ALL`].
    pub methods: Vec<MethodRecord>,
    /// Forecasts by which methods are compared: those in which every method that was ever scored said something.
    pub compared: i64,
    /// Of how many years these are.
    pub compared_years: i64,
    /// The methods with the least error in them: one, or several with the same.
    pub trusted: Known<Vec<Method>>,
}

/// (said − came) ÷ came in billionths; none where nothing came, because nothing can be a share of it.
fn ratio(said: i64, came: i64) -> Option<i128> {
    (came > 0).then(|| divide_rounded((i128::from(said) - i128::from(came)) * ONE, i128::from(came)))
}

/// What a method said in one forecast, scored.
pub fn score(outcome: &Outcome, method: Method) -> Option<Score> {
    let (ratio, held) = measure(outcome, method)?;
    Some(Score { error_pct: *mean(&[ratio], "").value()?, held })
}

fn measure(outcome: &Outcome, method: Method) -> Option<(i128, Option<bool>)> {
    let came = *outcome.came.value()?;
    let said = outcome.forecast.said.methods.iter().find(|said| said.method == method)?;
    let ratio = ratio(said.amount?.minor, came)?;
    let held = said.low.zip(said.high).map(|(low, high)| (low.minor..=high.minor).contains(&came));
    Some((ratio, held))
}

/// The record of all methods over outcomes of one currency and counting rule.
pub fn record(outcomes: &[Outcome]) -> Record {
    let scored: BTreeMap<Method, Vec<(i16, i128, Option<bool>)>> = Method::ALL
        .into_iter()
        .map(|method| {
            let scores = outcomes.iter().filter_map(|outcome| {
                measure(outcome, method).map(|(ratio, held)| (outcome.forecast.year(), ratio, held))
            });
            (method, scores.collect())
        })
        .collect();
    let candidates: Vec<Method> = Method::ALL
        .into_iter()
        .filter(|method| scored.get(method).is_some_and(|all| !all.is_empty()))
        .collect();
    let compared: Vec<&Outcome> = outcomes
        .iter()
        .filter(|outcome| {
            !candidates.is_empty() && candidates.iter().all(|method| measure(outcome, *method).is_some())
        })
        .collect();
    let compared_years: BTreeSet<i16> = compared.iter().map(|outcome| outcome.forecast.year()).collect();
    let methods: Vec<MethodRecord> = scored
        .iter()
        .map(|(method, scores)| {
            let ratios: Vec<i128> = scores.iter().map(|(_, ratio, _)| *ratio).collect();
            let sizes: Vec<i128> = ratios.iter().map(|ratio| ratio.abs()).collect();
            let years: BTreeSet<i16> = scores.iter().map(|(year, ..)| *year).collect();
            let held: Vec<bool> = scores.iter().filter_map(|(_, _, held)| *held).collect();
            let (intervals, kept) = (held.len() as i64, held.iter().filter(|held| **held).count() as i64);
            let none = "no published forecast of it is scored yet";
            let in_compared: Vec<i128> = compared
                .iter()
                .filter_map(|outcome| measure(outcome, *method).map(|(ratio, _)| ratio.abs()))
                .collect();
            MethodRecord {
                method: *method,
                scored: ratios.len() as i64,
                years: years.len() as i64,
                error_pct: mean(&sizes, none),
                bias_pct: mean(&ratios, none),
                intervals,
                held: kept,
                coverage_pct: Share::of(kept, intervals).map_or_else(
                    || Known::Unknown("no scored forecast of it had an interval".to_owned()),
                    |share| Known::Value(share.percent()),
                ),
                compared_error_pct: if candidates.contains(method) {
                    mean(&in_compared, "in no forecast did every method say something")
                } else {
                    Known::Unknown(none.to_owned())
                },
            }
        })
        .collect();
    let trusted = trusted(&candidates, &methods, compared_years.len());
    Record { methods, compared: compared.len() as i64, compared_years: compared_years.len() as i64, trusted }
}

/// The methods with the least error, once they have been compared over enough years.
fn trusted(candidates: &[Method], methods: &[MethodRecord], years: usize) -> Known<Vec<Method>> {
    if candidates.len() < 2 {
        return Known::Unknown(
            "fewer than two methods are scored, so there is nothing to compare".to_owned(),
        );
    }
    if years < YEARS_TO_TRUST {
        return Known::Unknown(format!(
            "the methods can be compared over {} so far; one is trusted above the others after {YEARS_TO_TRUST}",
            match years {
                0 => "no year".to_owned(),
                1 => "one year".to_owned(),
                years => format!("{years} years"),
            }
        ));
    }
    let error = |record: &MethodRecord| record.compared_error_pct.value().map(|error| error.scaled);
    let least = methods.iter().filter_map(error).min();
    Known::Value(methods.iter().filter(|record| error(record) == least).map(|record| record.method).collect())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;
    use crate::contract::delivery::Counting;
    use crate::forecast::{ForecastPublished, Said};
    use crate::label::{Label, Level};
    use crate::money::{Currency, Money};

    /// What the run-rate and the plan said (amount, and half the width of the interval), and what came.
    fn outcome(
        year: i16,
        run_rate: Option<(i64, i64)>,
        plan: Option<(i64, i64)>,
        came: Option<i64>,
    ) -> Outcome {
        let money = |minor| Money::new(minor, Currency::USD);
        let said = |method, of: Option<(i64, i64)>| Said {
            method,
            amount: of.map(|(amount, _)| money(amount)),
            low: of.filter(|(_, width)| *width > 0).map(|(amount, width)| money(amount - width)),
            high: of.filter(|(_, width)| *width > 0).map(|(amount, width)| money(amount + width)),
            reason: None,
        };
        Outcome {
            forecast: PublishedForecast {
                number: format!("O-F{year}-0001"),
                published_on: date(year, 7, 1),
                label: Label::of(Level::Official),
                said: ForecastPublished {
                    as_of: date(year, 7, 1),
                    known_at: jiff::Timestamp::UNIX_EPOCH,
                    counting: Counting::TitlePassed,
                    scope: "all contracts".into(),
                    plan: None,
                    delivered: money(0),
                    methods: vec![said(Method::RunRate, run_rate), said(Method::Plan, plan)],
                },
            },
            came: came.map_or_else(|| Known::Unknown("the year goes on".into()), Known::Value),
        }
    }

    fn of(record: &Record, method: Method) -> &MethodRecord {
        record.methods.iter().find(|one| one.method == method).unwrap()
    }

    #[test]
    fn worked_by_hand() {
        let outcomes = [
            outcome(2009, Some((90, 20)), Some((110, 5)), Some(100)),
            outcome(2010, Some((240, 20)), Some((200, 10)), Some(200)),
            outcome(2011, Some((100, 0)), Some((130, 20)), Some(100)),
            outcome(2012, Some((500, 20)), Some((700, 10)), None),
        ];
        let record = record(&outcomes);
        let run_rate = of(&record, Method::RunRate);
        // −10 %, +20 %, 0 %: on average 10 % off, and 3.3 % too much; two intervals, of which one held.
        assert_eq!(run_rate.error_pct.value().unwrap().to_string(), "10.0");
        assert_eq!(run_rate.bias_pct.value().unwrap().to_string(), "3.3");
        assert_eq!((run_rate.scored, run_rate.years, run_rate.intervals, run_rate.held), (3, 3, 2, 1));
        assert_eq!(run_rate.coverage_pct.value().unwrap().to_string(), "50.0");
        // +10 %, 0 %, +30 %.
        assert_eq!(of(&record, Method::Plan).error_pct.value().unwrap().to_string(), "13.3");
        assert_eq!(record.trusted, Known::Value(vec![Method::RunRate]));
        assert!(of(&record, Method::Seasonal).error_pct.reason().is_some());
    }

    #[test]
    fn methods_are_compared_by_the_same_forecasts_alone() {
        let outcomes = [
            // The run-rate was spared the hard year; in the years that both forecast, the plan is nearer.
            outcome(2008, None, Some((300, 0)), Some(100)),
            outcome(2009, Some((90, 0)), Some((100, 0)), Some(100)),
            outcome(2010, Some((90, 0)), Some((100, 0)), Some(100)),
            outcome(2011, Some((90, 0)), Some((100, 0)), Some(100)),
        ];
        let record = record(&outcomes);
        assert_eq!(of(&record, Method::Plan).error_pct.value().unwrap().to_string(), "50.0");
        assert_eq!(of(&record, Method::RunRate).error_pct.value().unwrap().to_string(), "10.0");
        assert_eq!((record.compared, record.compared_years), (3, 3));
        assert_eq!(record.trusted, Known::Value(vec![Method::Plan]));
    }

    #[test]
    fn nothing_is_trusted_too_soon() {
        let two = [
            outcome(2010, Some((90, 0)), Some((100, 0)), Some(100)),
            outcome(2011, Some((90, 0)), Some((100, 0)), Some(100)),
        ];
        assert!(record(&two).trusted.reason().unwrap().contains("2 years"));
        assert!(record(&[]).trusted.reason().is_some());
        // Of a year in which nothing came no share can be told.
        assert_eq!(of(&record(&[outcome(2010, Some((1, 0)), None, Some(0))]), Method::RunRate).scored, 0);
    }

    proptest! {
        #[test]
        fn the_bias_is_never_beyond_the_error(
            years in prop::collection::vec((1_i64..1_000_000, 0_i64..1_000_000, 0_i64..1_000_000, 0_i64..1_000), 0..12),
        ) {
            let outcomes: Vec<Outcome> = years
                .iter()
                .zip(2000_i16..)
                .map(|((came, run_rate, plan, width), year)| {
                    outcome(year, Some((*run_rate, *width)), Some((*plan, *width)), Some(*came))
                })
                .collect();
            let record = record(&outcomes);
            for one in &record.methods {
                prop_assert!(one.held <= one.intervals && one.intervals <= one.scored);
                if let (Known::Value(error), Known::Value(bias)) = (&one.error_pct, &one.bias_pct) {
                    prop_assert!(bias.scaled.abs() <= error.scaled);
                }
            }
            // Every method says something in every year: what is compared is all, and no error is below the trusted one's.
            prop_assert_eq!(record.compared, years.len() as i64);
            if let Known::Value(trusted) = &record.trusted {
                let least = of(&record, trusted[0]).error_pct.value().unwrap().scaled;
                let errors = record.methods.iter().filter_map(|one| one.error_pct.value());
                prop_assert!(errors.map(|error| error.scaled).all(|error| error >= least));
            }
        }
    }
}
