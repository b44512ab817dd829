//! Published forecasts: what each method said on a day, kept for ever, and scored once the year is over.
//!
//! The command names the day and the conventions alone. What is said is worked out of the register when the
//! forecast is recorded, so that nobody can publish what the register did not say. Nothing changes a published
//! forecast: there is no other command, and no later event of it.

pub mod record;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use crate::brief::{Brief, Conventions, Known, Method};
use crate::contract::delivery::Counting;
use crate::contract::plan::PlanVersion;
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, Subject, SubjectKind};
use crate::money::{Currency, Money};

/// How many days after the day of which it speaks a forecast may still be published: what a day’s acts come
/// to is recorded in the weeks after it, and whoever waits longer knows more than the day did.
pub const DAYS_TO_PUBLISH: i32 = 31;

/// A change of published forecasts: there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum ForecastCommand {
    /// Publishes what every method says of the year.
    Publish(ForecastOf),
}

/// Of what a forecast is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ForecastOf {
    /// The day of which it speaks: what was delivered by then is known, the rest of the year is forecast.
    pub as_of: Date,
    /// Which act makes a delivery count.
    pub counting: Counting,
    /// The currency of the contracts.
    pub currency: Currency,
}

/// `forecast.published.v1`: the event's date is the day of publication.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastPublished {
    /// The day of which it speaks.
    pub as_of: Date,
    /// The last instant of which the register knew something.
    pub known_at: Timestamp,
    /// Which act makes a delivery count.
    pub counting: Counting,
    /// Of which contracts, by the publisher's clearance: `all contracts`.
    pub scope: String,
    /// The plan version that was used; none where no plan was approved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub plan: Option<PlanVersion>,
    /// Delivered in the year by the day.
    pub delivered: Money,
    /// What each method said, in the order of [`Method::ALL`].
    pub methods: Vec<Said>,
}

/// What one method said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Said {
    /// The method.
    pub method: Method,
    /// What it expects of the whole year; none where it could say nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// The low bound of its 80 % interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<Money>,
    /// The high bound of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub high: Option<Money>,
    /// Why there is no amount, or no interval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A published forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedForecast {
    /// Its number.
    pub number: String,
    /// When it was published.
    pub published_on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What was said.
    pub said: ForecastPublished,
}

impl PublishedForecast {
    /// Folds an event of the subject.
    pub fn apply(
        state: &mut Option<PublishedForecast>,
        subject: &Subject,
        on: Date,
        label: &Label,
        fact: &Fact,
    ) {
        if let Fact::ForecastPublished(said) = fact {
            *state = Some(PublishedForecast {
                number: subject.key.clone(),
                published_on: on,
                label: label.clone(),
                said: said.clone(),
            });
        }
    }

    /// The year that it forecasts.
    pub fn year(&self) -> i16 {
        self.said.as_of.year()
    }
}

/// Refuses a day of which nothing may be published today: one that is to come, and one long ago, because
/// whoever publishes then has seen what came of it.
///
/// # Errors
/// `date.in_future`, `forecast.hindsight`; they name `as_of`.
pub fn check_day(context: &Context, as_of: Date) -> Fallible<()> {
    context.not_in_future("as_of", as_of)?;
    let earliest = context.today.checked_sub(DAYS_TO_PUBLISH.days()).unwrap_or(Date::MIN);
    let earliest = earliest.max(date(context.today.year(), 1, 1));
    if as_of >= earliest {
        return Ok(());
    }
    Err(Refusal::new(
        "forecast.hindsight",
        format!("A forecast as of {as_of} would be hindsight: today is {}.", context.today),
    )
    .field("as_of")
    .missing(format!("a day from {earliest} to {}, in the year that is forecast", context.today)))
}

/// Decides the publication of a forecast. `brief` is the register's own, at the day and by the conventions
/// that are asked for; `same` is the number of a forecast of the same day and conventions that is there.
///
/// # Errors
/// Those of [`check_day`]; `forecast.published` where the same was published before; `forecast.nothing`
/// where no method says anything.
pub fn decide(
    number: &str,
    brief: &Brief,
    same: Option<&str>,
    context: &Context,
    command: ForecastCommand,
) -> Fallible<Vec<NewEvent>> {
    let ForecastCommand::Publish(of) = command;
    check_day(context, of.as_of)?;
    if let Some(same) = same {
        return Err(Refusal::new(
            "forecast.published",
            format!("The forecast as of {} by these conventions is published: {same}.", of.as_of),
        )
        .field("as_of")
        .missing("another day; what is published stays as it is"));
    }
    let methods: Vec<Said> = brief.forecasts.iter().map(|one| said(one, of.currency)).collect();
    if methods.iter().all(|one| one.amount.is_none()) {
        let why: Vec<&str> = methods.iter().filter_map(|one| one.reason.as_deref()).collect();
        return Err(Refusal::new("forecast.nothing", "No method says anything of this year yet.")
            .field("as_of")
            .missing(format!("something that a method can forecast from: {}", why.join("; "))));
    }
    let Conventions { as_of, known_at, counting, scope, .. } = brief.conventions.clone();
    let published = ForecastPublished {
        as_of,
        known_at,
        counting,
        scope,
        plan: brief.plan.value().copied(),
        delivered: Money::new(brief.deliveries.delivered, of.currency),
        methods,
    };
    Ok(vec![NewEvent {
        subject: SubjectKind::Forecast.subject(number),
        occurred_on: context.today,
        label: marking(brief),
        fact: Fact::ForecastPublished(published),
        reason: None,
    }])
}

/// The marking that a forecast bears: that of all it was worked out from. Where there is no contract that would
/// bear one, a forecast is for official use.
pub fn marking(brief: &Brief) -> Label {
    brief.marking.clone().unwrap_or_else(|| Label::of(Level::Official))
}

fn said(one: &crate::brief::Forecast, currency: Currency) -> Said {
    let money = |minor: i64| Money::new(minor, currency);
    let interval = one.interval.value();
    Said {
        method: one.method,
        amount: one.mid.value().copied().map(money),
        low: interval.map(|(low, _)| money(*low)),
        high: interval.map(|(_, high)| money(*high)),
        reason: match (&one.mid, &one.interval) {
            (Known::Unknown(why), _) | (_, Known::Unknown(why)) => Some(why.clone()),
            _ => None,
        },
    }
}
