//! Groups of states: who is a member when, and which part of the world they are.
//!
//! A group of the register stands over the one of the same code that came with the program; where the register has none,
//! the one of the program is read, and the answer says so.

use entente_register::access::Reading;
use entente_register::ledger::Refusal;
use entente_register::market::{EditionInForce, Period, Series};
use entente_register::partner::Group;
use entente_register::partner::share::{GroupShare, membership_day, share_of};
use entente_register::partner::shipped;
use jiff::civil::Date;

use super::Reader;
use super::statistic::{check_year, last_over};
use crate::database::Connection;
use crate::error::Outcome;
use crate::execute::is_possible;

/// Years of a course where none are asked for.
const USUAL: i16 = 20;

/// Where a group's membership comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupOrigin {
    /// The register’s own facts.
    Register,
    /// The data that came with the program; nothing after the day was looked at.
    Program {
        /// The last day that the data cover.
        covers_to: Date,
        /// What is to be known of the data.
        note: String,
    },
}

impl GroupOrigin {
    /// The word in data.
    pub fn word(&self) -> &'static str {
        match self {
            GroupOrigin::Register => "register",
            GroupOrigin::Program { .. } => "program",
        }
    }

    /// Whether nothing was looked at on a day, since it lies after what the data cover.
    pub fn is_beyond(&self, on: Date) -> bool {
        matches!(self, GroupOrigin::Program { covers_to, .. } if on > *covers_to)
    }
}

/// A group with its dated membership.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupView {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// How states stand to it, by day.
    pub group: Group,
    /// Where that comes from.
    pub origin: GroupOrigin,
}

/// Of which group, indicator and year a share is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareQuestion {
    /// Code of the group.
    pub group: String,
    /// Of what.
    pub indicator: Series,
    /// Of which year; if absent the last one that is held and over on the reader’s day.
    pub year: Option<i16>,
    /// On which day membership is read; if absent the last day of the year of the figures.
    pub members_on: Option<Date>,
    /// An edition by the beginning of its hash; the one in force if absent.
    pub edition: Option<String>,
}

/// The share of a group, or why nothing can be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareView {
    /// The group.
    pub group: GroupView,
    /// Of what.
    pub indicator: Series,
    /// The edition; none where none was known at the horizon.
    pub edition: Option<EditionInForce>,
    /// The share; none where there is no edition.
    pub share: Option<GroupShare>,
    /// Why it cannot be known.
    pub unknown: Option<String>,
}

/// The shares of a group over the years.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShareCourse {
    /// The group.
    pub group: GroupView,
    /// Of what.
    pub indicator: Series,
    /// The edition; none where none was known at the horizon.
    pub edition: Option<EditionInForce>,
    /// A share for each year of which the edition has a figure of the world.
    pub shares: Vec<GroupShare>,
    /// Why there is none.
    pub unknown: Option<String>,
}

impl Reader {
    /// A group by its code.
    ///
    /// # Errors
    /// `not_found` where neither the register nor the program has one.
    pub async fn group(&self, code: &str) -> Outcome<GroupView> {
        let mut transaction = self.store.database.read().await?;
        self.find_group(&mut transaction.connection(), code).await
    }

    /// Every group: of the register, and those of the program that it does not have, by code.
    ///
    /// # Errors
    /// `access.read` if the actor may not read partners.
    pub async fn every_group(&self) -> Outcome<Vec<GroupView>> {
        self.check(Reading::Partners)?;
        let mut transaction = self.store.database.read().await?;
        let own = self.select_groups(&mut transaction.connection()).await?;
        let mut groups: Vec<GroupView> = own
            .into_iter()
            .map(|(code, name, group)| GroupView { code, name, group, origin: GroupOrigin::Register })
            .collect();
        for code in shipped::codes() {
            if !groups.iter().any(|group| group.code == code) {
                groups.extend(shipped::find(&code)?.map(of_program));
            }
        }
        groups.sort_by(|left, right| left.code.cmp(&right.code));
        Ok(groups)
    }

    async fn find_group(&self, connection: &mut Connection<'_>, code: &str) -> Outcome<GroupView> {
        self.check(Reading::Partners)?;
        let absent = || {
            let known: Vec<String> = shipped::codes().collect();
            Refusal::not_found("group", &code.chars().take(40).collect::<String>())
                .field("group")
                .missing(format!("a group of the register, or one of the program: {}", known.join(", ")))
        };
        if !is_possible(code) {
            return Err(absent().into());
        }
        let code = code.to_ascii_uppercase();
        let own = self.select_groups(connection).await?;
        if let Some((code, name, group)) = own.into_iter().find(|(own, ..)| *own == code) {
            return Ok(GroupView { code, name, group, origin: GroupOrigin::Register });
        }
        Ok(shipped::find(&code)?.map(of_program).ok_or_else(absent)?)
    }

    /// Which part of the world a group is, by an indicator of a year.
    ///
    /// # Errors
    /// As [`Reader::group`]; `year.out_of_range` for what is no year; `not_found` for an edition that is none.
    pub async fn group_share(&self, question: &ShareQuestion) -> Outcome<ShareView> {
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let group = self.find_group(&mut connection, &question.group).await?;
        let indicator = question.indicator;
        let asked = question.year.map(|year| check_year("year", year)).transpose()?;
        let found = self.find_statistic(&mut connection, indicator, question.edition.as_deref()).await?;
        let Some(row) = found else {
            let unknown = Some(self.no_edition(indicator));
            return Ok(ShareView { group, indicator, edition: None, share: None, unknown });
        };
        let year = match asked {
            Some(year) => Some(year),
            None => last_over(&self.world_years(&mut connection, &row).await?, self.as_of),
        };
        let Some(year) = year else {
            let unknown = Some("The edition holds no figure of the world.".to_owned());
            return Ok(ShareView { group, indicator, edition: Some(row.edition), share: None, unknown });
        };
        let codes: Vec<&str> = group.group.members.keys().map(String::as_str).collect();
        let period = Period { from: year, to: year };
        let figures = self.figures(&mut connection, &row, period, Some(&codes)).await?;
        let on = question.members_on.unwrap_or_else(|| membership_day(year));
        let share = share_of(&group.group, on, year, &figures);
        let unknown = share.unknown.clone();
        Ok(ShareView { group, indicator, edition: Some(row.edition), share: Some(share), unknown })
    }

    /// The share of a group in each year of a period, each by the membership of its own last day unless a day is named.
    ///
    /// # Errors
    /// As [`Reader::group_share`].
    pub async fn group_shares(
        &self,
        question: &ShareQuestion,
        from: Option<i16>,
        to: Option<i16>,
    ) -> Outcome<ShareCourse> {
        let from = from.map(|year| check_year("from", year)).transpose()?;
        let to = to.map(|year| check_year("to", year)).transpose()?;
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let group = self.find_group(&mut connection, &question.group).await?;
        let indicator = question.indicator;
        let found = self.find_statistic(&mut connection, indicator, question.edition.as_deref()).await?;
        let Some(row) = found else {
            let unknown = Some(self.no_edition(indicator));
            return Ok(ShareCourse { group, indicator, edition: None, shares: Vec::new(), unknown });
        };
        let years = self.world_years(&mut connection, &row).await?;
        let last = to.or_else(|| last_over(&years, self.as_of)).unwrap_or(self.as_of.year());
        let period = Period::of(from.unwrap_or(last.saturating_sub(USUAL - 1)), last)?;
        let codes: Vec<&str> = group.group.members.keys().map(String::as_str).collect();
        let figures = self.figures(&mut connection, &row, period, Some(&codes)).await?;
        let shares: Vec<GroupShare> = years
            .iter()
            .filter(|year| period.holds(**year))
            .map(|year| {
                let on = question.members_on.unwrap_or_else(|| membership_day(*year));
                share_of(&group.group, on, *year, &figures)
            })
            .collect();
        let unknown = shares.is_empty().then(|| {
            format!("The edition holds no figure of the world from {} to {}.", period.from, period.to)
        });
        Ok(ShareCourse { group, indicator, edition: Some(row.edition), shares, unknown })
    }
}

fn of_program(shipped: shipped::ShippedGroup) -> GroupView {
    GroupView {
        group: shipped.group(),
        origin: GroupOrigin::Program { covers_to: shipped.covers_to, note: shipped.note.clone() },
        code: shipped.code,
        name: shipped.name,
    }
}
