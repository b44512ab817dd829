//! What guidance says, by its kind.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::agency::Agency;
use super::control_list::ControlList;
use super::denial::Denial;
use super::indicator::Indicator;
use super::quota::Quota;
use super::recognition::Recognition;
use super::routing::Routing;
use super::standing::StandingAssessment;
use crate::label::Label;
use crate::ledger::{Fallible, Refusal};
use crate::payment::schedule::words;

/// What a file of guidance is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GuidanceKind {
    /// The risk of a state or region by itself, whatever is to go there.
    StandingAssessment,
    /// A transfer that another state has refused.
    Denial,
    /// How much may be granted to a state within a time.
    Quota,
    /// Figures about states by those who publish them.
    Indicator,
    /// An authority that is consulted, with its calendar.
    Agency,
    /// Who is consulted about what.
    Routing,
    /// Which goods are controlled.
    ControlList,
    /// Whether a government of a state is recognised.
    Recognition,
}

words! { GuidanceKind, "a kind of guidance", "guidance.kind",
    StandingAssessment = "standing_assessment", "standing assessment";
    Denial = "denial", "denial";
    Quota = "quota", "quota";
    Indicator = "indicator", "indicator";
    Agency = "agency", "agency";
    Routing = "routing", "routing rules";
    ControlList = "control_list", "control list";
    Recognition = "recognition", "recognition";
}

impl GuidanceKind {
    /// The letter of its number series; none where what it is about gives its number.
    pub fn series(self) -> Option<char> {
        match self {
            GuidanceKind::Denial => Some('N'),
            GuidanceKind::Quota => Some('K'),
            _ => None,
        }
    }

    /// Whether two people stand behind an edition: a denial and figures only warn, and warn at once.
    pub fn is_by_two(self) -> bool {
        !matches!(self, GuidanceKind::Denial | GuidanceKind::Indicator)
    }
}

/// What an edition says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "guidance")]
pub enum GuidanceContent {
    /// The risk of a state or region.
    StandingAssessment(StandingAssessment),
    /// A transfer that another state has refused.
    Denial(Denial),
    /// How much may be granted.
    Quota(Quota),
    /// Figures about states.
    Indicator(Indicator),
    /// An authority that is consulted.
    Agency(Agency),
    /// Who is consulted about what.
    Routing(Routing),
    /// Which goods are controlled.
    ControlList(ControlList),
    /// Whether a government of a state is recognised.
    Recognition(Recognition),
}

impl GuidanceContent {
    /// Reads it as it is written in a file: TOML with `guidance = "KIND"`.
    ///
    /// # Errors
    /// `guidance.file`, with line and column.
    pub fn parse(text: &str) -> Fallible<GuidanceContent> {
        toml::from_str(text).map_err(|error| {
            let at = error.span().map(|span| {
                let before = text.get(..span.start).unwrap_or(text);
                let line = before.matches('\n').count() + 1;
                let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
                format!("line {line}, column {column}: ")
            });
            let message = format!("{}{}", at.unwrap_or_default(), error.message());
            Refusal::new("guidance.file", message)
                .field("text")
                .missing("a text as docs/guidance.md describes it")
        })
    }

    /// The same as a file is written.
    pub fn text(&self) -> String {
        toml::to_string_pretty(self).unwrap_or_default()
    }

    /// What it is.
    pub fn kind(&self) -> GuidanceKind {
        match self {
            GuidanceContent::StandingAssessment(_) => GuidanceKind::StandingAssessment,
            GuidanceContent::Denial(_) => GuidanceKind::Denial,
            GuidanceContent::Quota(_) => GuidanceKind::Quota,
            GuidanceContent::Indicator(_) => GuidanceKind::Indicator,
            GuidanceContent::Agency(_) => GuidanceKind::Agency,
            GuidanceContent::Routing(_) => GuidanceKind::Routing,
            GuidanceContent::ControlList(_) => GuidanceKind::ControlList,
            GuidanceContent::Recognition(_) => GuidanceKind::Recognition,
        }
    }

    /// The number of its file, where what it is about gives it; none for one of a series. Each marking has its own, so that
    /// none tells of what is marked otherwise.
    pub fn number(&self, label: &Label) -> Option<String> {
        let key = match self {
            GuidanceContent::StandingAssessment(standing) => format!("SA-{}", standing.territory),
            GuidanceContent::Indicator(indicator) => format!("IN-{}", indicator.name),
            GuidanceContent::Agency(agency) => format!("AG-{}", agency.party),
            GuidanceContent::Routing(_) => "ROUTING".to_owned(),
            GuidanceContent::ControlList(list) => format!("CL-{}", list.name),
            GuidanceContent::Recognition(of) => format!("RG-{}", of.state),
            GuidanceContent::Denial(_) | GuidanceContent::Quota(_) => return None,
        };
        Some(format!("{}-{key}", label.series()))
    }

    /// What it is about, in a line.
    pub fn title(&self) -> String {
        match self {
            GuidanceContent::StandingAssessment(standing) => {
                format!("Standing assessment of {}", standing.territory)
            }
            GuidanceContent::Denial(denial) => denial.title(),
            GuidanceContent::Quota(quota) => quota.title(),
            GuidanceContent::Indicator(indicator) => indicator.title.clone(),
            GuidanceContent::Agency(agency) => format!("Consultation of {}", agency.party),
            GuidanceContent::Routing(_) => "Who is consulted about what".to_owned(),
            GuidanceContent::ControlList(list) => list.title.clone(),
            GuidanceContent::Recognition(of) => format!("Recognition of the government of {}", of.state),
        }
    }

    /// The state or region that it is about, where there is one.
    pub fn territory(&self) -> Option<&str> {
        match self {
            GuidanceContent::StandingAssessment(standing) => Some(&standing.territory),
            GuidanceContent::Denial(denial) => Some(&denial.destination),
            GuidanceContent::Quota(quota) => Some(&quota.destination),
            GuidanceContent::Recognition(of) => Some(&of.state),
            GuidanceContent::Indicator(_)
            | GuidanceContent::Agency(_)
            | GuidanceContent::Routing(_)
            | GuidanceContent::ControlList(_) => None,
        }
    }

    /// The party that it is about, where it is one of the register.
    pub fn party(&self) -> Option<&str> {
        match self {
            GuidanceContent::Denial(denial) => denial.party.as_deref(),
            GuidanceContent::Agency(agency) => Some(&agency.party),
            _ => None,
        }
    }

    /// The day by which something is to be done about it: reviewed, renewed or set anew.
    pub fn due_on(&self) -> Option<Date> {
        match self {
            GuidanceContent::StandingAssessment(standing) => Some(standing.review_by),
            GuidanceContent::Denial(denial) => Some(denial.until()),
            GuidanceContent::Quota(quota) => Some(quota.until),
            GuidanceContent::Agency(agency) => Some(agency.calendar.covers_until),
            GuidanceContent::Indicator(_)
            | GuidanceContent::Routing(_)
            | GuidanceContent::ControlList(_)
            | GuidanceContent::Recognition(_) => None,
        }
    }

    /// Whether its own days admit a day: a standing assessment that is overdue counts still, and is said to be overdue.
    pub fn covers(&self, day: Date) -> bool {
        match self {
            GuidanceContent::Denial(denial) => denial.covers(day),
            GuidanceContent::Quota(quota) => quota.from <= day && day <= quota.until,
            _ => true,
        }
    }
}
