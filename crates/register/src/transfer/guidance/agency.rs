//! Agencies: how an authority is consulted: by which calendar it works, within how many working days it answers, and
//! whether a second person of it confirms what one says.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::{Date, Weekday};
use serde::{Deserialize, Serialize};

use crate::document::text;
use crate::ledger::{Context, Fallible, Refusal, check_year};

/// The longest time to answer, in working days.
const MOST_DAYS: u32 = 250;

/// The days on which an authority works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calendar {
    /// Days of the week on which it does not: 1 for Monday to 7 for Sunday (ISO 8601).
    pub weekend: BTreeSet<i8>,
    /// Up to when holidays are on file: beyond it nothing can be told.
    pub covers_until: Date,
    /// Other days on which it does not, each with its name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub holidays: BTreeMap<Date, String>,
}

impl Calendar {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn check(&self) -> Fallible<()> {
        let is_day = |day: &i8| (1..=7).contains(day);
        if self.weekend.len() > 4 || !self.weekend.iter().all(is_day) {
            return Err(Refusal::new("guidance.weekend", "The days without work are no days of a week.")
                .field("calendar.weekend")
                .missing("up to four days, from 1 for Monday to 7 for Sunday"));
        }
        check_year("calendar.covers_until", self.covers_until)?;
        if self.holidays.len() > 1000 {
            return Err(Refusal::new(
                "guidance.holidays",
                format!("There are {} holidays.", self.holidays.len()),
            )
            .field("calendar.holidays")
            .missing("at most 1000"));
        }
        self.holidays.iter().try_for_each(|(day, name)| {
            check_year("calendar.holidays", *day)?;
            text("guidance.holiday", "calendar.holidays", name, 200)
        })
    }

    /// Whether it works on a day.
    pub fn works_on(&self, day: Date) -> bool {
        let weekday = Weekday::to_monday_one_offset(day.weekday());
        !self.weekend.contains(&weekday) && !self.holidays.contains_key(&day)
    }

    /// The last of so many working days after a day.
    ///
    /// # Errors
    /// `guidance.calendar` where the calendar does not reach so far.
    pub fn after(&self, day: Date, working_days: u32) -> Fallible<Date> {
        let mut at = day;
        let mut left = working_days;
        while left > 0 {
            at = at.tomorrow().unwrap_or(Date::MAX);
            if at > self.covers_until {
                return Err(Refusal::new(
                    "guidance.calendar",
                    format!("The calendar is on file up to {}.", self.covers_until),
                )
                .missing("a later edition of the calendar, or a day by which to answer"));
            }
            if self.works_on(at) {
                left -= 1;
            }
        }
        Ok(at)
    }
}

/// An authority that is consulted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Agency {
    /// Number of its party.
    pub party: String,
    /// Within how many working days it answers.
    pub answer_days: u32,
    /// Whether a second person of it confirms what one says, before it counts.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirms: bool,
    /// The days on which it works.
    pub calendar: Calendar,
}

impl Agency {
    /// Whether it is whole.
    ///
    /// # Errors
    /// A refusal that names the field.
    pub fn check(&self, _context: &Context) -> Fallible<()> {
        text("guidance.party", "party", &self.party, 40)?;
        if !(1..=MOST_DAYS).contains(&self.answer_days) {
            return Err(Refusal::new(
                "guidance.answer_days",
                format!("Nobody answers within {} working days.", self.answer_days),
            )
            .field("answer_days")
            .missing(format!("1 to {MOST_DAYS} working days")));
        }
        self.calendar.check()
    }

    /// By when it is to answer what is asked on a day.
    ///
    /// # Errors
    /// `guidance.calendar` where the calendar does not reach so far.
    pub fn due_on(&self, asked_on: Date) -> Fallible<Date> {
        let named = |refusal: Refusal| {
            let message = format!("{}: {}", self.party, refusal.message);
            Refusal { message, ..refusal }.field("due_on")
        };
        self.calendar.after(asked_on, self.answer_days).map_err(named)
    }
}
