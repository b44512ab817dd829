//! What is given of groups of states.

use entente_register::market::EditionInForce;
use entente_register::money::Decimal;
use entente_register::partner::share::{GroupShare, MemberFigure};
use entente_register::partner::{Certainty, Change};
use entente_store::reader::{GroupOrigin, GroupView, ShareCourse, ShareView};
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

/// Of what every share of a group is.
pub(crate) const WORLD_BASIS: &str = "The publisher’s own figure of the world (WLD) in the same edition; regions and income groups are never counted as countries.";

/// Where a group’s membership comes from, and how far it reaches.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct OriginObject {
    /// `register`: facts of the register; `program`: data that came with the program, where the register has no such group.
    pub(crate) origin: &'static str,
    /// The last day that the data of the program cover.
    #[schema(format = Date)]
    pub(crate) covers_to: Option<String>,
    /// What is to be known of the data.
    pub(crate) note: Option<String>,
}

impl OriginObject {
    pub(crate) fn of(origin: &GroupOrigin) -> OriginObject {
        let (covers_to, note) = match origin {
            GroupOrigin::Register => (None, None),
            GroupOrigin::Program { covers_to, note } => (Some(covers_to.to_string()), Some(note.clone())),
        };
        OriginObject { origin: origin.word(), covers_to, note }
    }
}

/// Where membership comes from and what it does not know, in words.
pub(crate) fn origin_words(group: &GroupView, on: Date) -> String {
    match &group.origin {
        GroupOrigin::Register => format!("Membership: facts of the register, as of {on}."),
        GroupOrigin::Program { covers_to, .. } => {
            let beyond = match group.origin.is_beyond(on) {
                true => format!(" {on} lies after it: later changes are not known."),
                false => String::new(),
            };
            format!(
                "Membership: data of the program, as of {on}; the register holds no group {}. The data cover {covers_to} and before.{beyond}",
                group.code
            )
        }
    }
}

/// A state of a group on a day.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GroupStateObject {
    /// ISO 3166-1 alpha-3.
    pub(crate) state: String,
    /// `member`, `suspended`, `observer`, `partner`, `invited` or `outside`.
    pub(crate) membership: &'static str,
    /// Since when.
    #[schema(format = Date)]
    pub(crate) since: String,
    /// Where it is said, where a source is named.
    pub(crate) source: Option<String>,
    /// How far the source carries it.
    pub(crate) certainty: Option<&'static str>,
    /// What is to be known beside.
    pub(crate) note: Option<String>,
}

impl GroupStateObject {
    pub(crate) fn of(state: &str, change: &Change) -> GroupStateObject {
        let ground = change.ground.as_ref();
        GroupStateObject {
            state: state.to_owned(),
            membership: change.membership.word(),
            since: change.on.to_string(),
            source: ground.map(|ground| ground.source.clone()),
            certainty: change.certainty().map(Certainty::word),
            note: ground.and_then(|ground| ground.note.clone()),
        }
    }
}

/// A group on a day.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GroupDetailObject {
    /// Its code.
    pub(crate) code: String,
    /// Its name.
    pub(crate) name: String,
    /// Where its membership comes from.
    #[serde(flatten)]
    pub(crate) origin: OriginObject,
    /// The day as of which membership is read.
    #[schema(format = Date)]
    pub(crate) on: String,
    /// Members on the day, those that are suspended among them.
    pub(crate) members: Vec<String>,
    /// How each state stands on the day that stands in some way to the group.
    pub(crate) states: Vec<GroupStateObject>,
    /// Every change, by state and day.
    pub(crate) changes: Vec<GroupStateObject>,
}

impl GroupDetailObject {
    pub(crate) fn of(view: &GroupView, on: Date) -> GroupDetailObject {
        let standing = view.group.members.keys().filter_map(|state| {
            let change = view.group.change(state, on)?;
            Some(GroupStateObject::of(state, change))
        });
        let changes =
            view.group.members.iter().flat_map(|(state, changes)| {
                changes.iter().map(|change| GroupStateObject::of(state, change))
            });
        GroupDetailObject {
            code: view.code.clone(),
            name: view.name.clone(),
            origin: OriginObject::of(&view.origin),
            on: on.to_string(),
            members: view.group.members_on(on).into_iter().map(str::to_owned).collect(),
            states: standing.collect(),
            changes: changes.collect(),
        }
    }
}

/// A member with its figure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct MemberFigureObject {
    /// ISO 3166-1 alpha-3.
    pub(crate) state: String,
    /// As the publisher of the figure names it.
    pub(crate) name: String,
    /// `member` or `suspended`.
    pub(crate) membership: &'static str,
    /// Since when.
    #[schema(format = Date)]
    pub(crate) since: String,
    /// How far the source of its membership carries.
    pub(crate) certainty: Option<&'static str>,
    /// Its figure as it was published, a decimal; null where the edition has none.
    pub(crate) value: Option<String>,
    /// Per cent of the world.
    #[schema(value_type = Option<f64>)]
    pub(crate) share_pct: Option<Decimal>,
}

impl MemberFigureObject {
    fn of(member: &MemberFigure) -> MemberFigureObject {
        MemberFigureObject {
            state: member.state.clone(),
            name: member.name.clone(),
            membership: member.membership.word(),
            since: member.since.to_string(),
            certainty: member.certainty.map(Certainty::word),
            value: member.value.map(|value| value.to_string()),
            share_pct: member.share,
        }
    }
}

/// How many members have a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
pub(crate) struct CoverageObject {
    /// Members with a figure.
    pub(crate) with_figure: usize,
    /// Members in all.
    pub(crate) members: usize,
}

/// The share of a group.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GroupShareObject {
    /// Per cent of the world, rounded once, half away from zero; null where it cannot be known.
    #[schema(value_type = Option<f64>)]
    pub(crate) share_pct: Option<Decimal>,
    /// The members, by code.
    pub(crate) members: Vec<String>,
    /// How many of them have a figure: where not all do, the share is the least that it can be.
    pub(crate) coverage: CoverageObject,
    /// What the figures count.
    pub(crate) basis: &'static str,
    /// Of which year they are.
    pub(crate) year: Option<i16>,
    /// Code of the group.
    pub(crate) group: String,
    /// Its name.
    pub(crate) group_name: String,
    /// Which indicator.
    pub(crate) indicator: &'static str,
    /// The day on which membership is read.
    #[schema(format = Date)]
    pub(crate) members_on: Option<String>,
    /// Where membership comes from.
    #[serde(flatten)]
    pub(crate) origin: OriginObject,
    /// Whether every member has a figure.
    pub(crate) complete: bool,
    /// What the members’ figures sum to, exact.
    pub(crate) sum: Option<String>,
    /// The figure of the world, exact.
    pub(crate) world: Option<String>,
    /// What the figure of the world is.
    pub(crate) world_basis: &'static str,
    /// How the edition is cited; null where none was known.
    pub(crate) edition: Option<String>,
    /// SHA-256 of the edition’s bytes.
    pub(crate) edition_hash: Option<String>,
    /// The members one by one.
    pub(crate) member_figures: Vec<MemberFigureObject>,
    /// Why the share cannot be known; null where it is.
    pub(crate) unknown: Option<String>,
}

impl GroupShareObject {
    pub(crate) fn of(view: &ShareView) -> GroupShareObject {
        let share = view.share.as_ref();
        let members = share.map(|share| share.members.as_slice()).unwrap_or_default();
        GroupShareObject {
            share_pct: share.and_then(|share| share.share),
            members: members.iter().map(|member| member.state.clone()).collect(),
            coverage: CoverageObject {
                with_figure: share.map_or(0, |share| share.with_figure),
                members: members.len(),
            },
            basis: view.indicator.basis(),
            year: share.map(|share| share.year),
            group: view.group.code.clone(),
            group_name: view.group.name.clone(),
            indicator: view.indicator.word(),
            members_on: share.map(|share| share.members_on.to_string()),
            origin: OriginObject::of(&view.group.origin),
            complete: share.is_some_and(GroupShare::is_complete),
            sum: share.and_then(|share| Some(share.sum?.to_string())),
            world: share.and_then(|share| Some(share.world?.to_string())),
            world_basis: WORLD_BASIS,
            edition: view.edition.as_ref().map(EditionInForce::citation),
            edition_hash: view.edition.as_ref().map(|edition| edition.content().to_owned()),
            member_figures: members.iter().map(MemberFigureObject::of).collect(),
            unknown: view.unknown.clone(),
        }
    }
}

/// The share of a group in one year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ShareYearObject {
    /// The year.
    pub(crate) year: i16,
    /// Per cent of the world; null where it cannot be known.
    #[schema(value_type = Option<f64>)]
    pub(crate) share_pct: Option<Decimal>,
    /// The day on which membership is read.
    #[schema(format = Date)]
    pub(crate) members_on: String,
    /// How many members have a figure.
    pub(crate) coverage: CoverageObject,
}

/// The shares of a group over the years.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct GroupSharesObject {
    /// Code of the group.
    pub(crate) group: String,
    /// Which indicator.
    pub(crate) indicator: &'static str,
    /// What the figures count.
    pub(crate) basis: &'static str,
    /// Where membership comes from.
    #[serde(flatten)]
    pub(crate) origin: OriginObject,
    /// What the figure of the world is.
    pub(crate) world_basis: &'static str,
    /// How the edition is cited; null where none was known.
    pub(crate) edition: Option<String>,
    /// A share a year, each by the membership of its day.
    pub(crate) rows: Vec<ShareYearObject>,
    /// Why nothing can be said.
    pub(crate) unknown: Option<String>,
}

impl GroupSharesObject {
    pub(crate) fn of(course: &ShareCourse) -> GroupSharesObject {
        GroupSharesObject {
            group: course.group.code.clone(),
            indicator: course.indicator.word(),
            basis: course.indicator.basis(),
            origin: OriginObject::of(&course.group.origin),
            world_basis: WORLD_BASIS,
            edition: course.edition.as_ref().map(EditionInForce::citation),
            rows: course
                .shares
                .iter()
                .map(|share| ShareYearObject {
                    year: share.year,
                    share_pct: share.share,
                    members_on: share.members_on.to_string(),
                    coverage: CoverageObject { with_figure: share.with_figure, members: share.members.len() },
                })
                .collect(),
            unknown: course.unknown.clone(),
        }
    }
}
