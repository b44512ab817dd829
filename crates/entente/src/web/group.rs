//! Groups of states: the list, and the page of one with its members and its shares of the world.

use askama::Template;
use axum::extract::Path;
use entente_register::ledger::parse_date;
use entente_register::market::{EditionInForce, Series};
use entente_register::money::{Decimal, group};
use entente_register::partner::Membership;
use entente_store::reader::{GroupView, ShareCourse, ShareQuestion, ShareView};
use jiff::civil::Date;

use crate::api::market::group_object::{GroupStateObject, OriginObject, WORLD_BASIS, origin_words};
use crate::api::market::read::year;
use crate::chart::{self, Line, Lines, Svg};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::show;
use crate::web::spreadsheet::{Table, optional, text, yes};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A group in the list.
#[derive(Debug, Clone)]
pub(crate) struct GroupCells {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) members: String,
    pub(crate) states: String,
    pub(crate) origin: &'static str,
}

#[derive(Template)]
#[template(path = "group/list.html")]
pub(crate) struct GroupsPage {
    pub(crate) frame: Frame,
    pub(crate) rows: Vec<GroupCells>,
}

/// Writes a group of a list for people.
pub(crate) fn group_cells(view: &GroupView, on: Date, way: &Way) -> GroupCells {
    let members = view.group.members_on(on);
    GroupCells {
        code: view.code.clone(),
        name: view.name.clone(),
        href: way.to(&format!("/groups/{}", view.code)),
        members: members.len().to_string(),
        states: members.join(", "),
        origin: origin_name(view),
    }
}

fn origin_name(view: &GroupView) -> &'static str {
    match view.origin.word() {
        "register" => "the register",
        _ => "the program",
    }
}

/// `GET /groups`
pub(in crate::web) async fn list(visit: Visit) -> Answer {
    let reader = visit.reader().await?;
    let groups = reader.every_group().await?;
    let way = visit.way();
    let rows = groups.iter().map(|view| group_cells(view, reader.as_of(), &way)).collect();
    crate::web::page(&GroupsPage { frame: visit.frame(Part::Partners, "Groups of states", &reader), rows })
}

/// `GET /groups.csv` and `.xlsx`: groups with their members on the day.
pub(in crate::web) async fn export_list(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.every_group().await?;
    let rows = rows.iter().map(|view| {
        let members = view.group.members_on(reader.as_of());
        let count = i64::try_from(members.len()).unwrap_or(i64::MAX);
        vec![
            text(&view.code),
            text(&view.name),
            text(view.origin.word()),
            Out::Whole(count),
            text(members.join(" ")),
        ]
    });
    let columns = &["code", "name", "origin", "members", "states"];
    Table { name: "groups-of-states", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// A state of the group on the day.
#[derive(Debug, Clone)]
pub(crate) struct StateCells {
    pub(crate) state: String,
    pub(crate) membership: String,
    pub(crate) since: String,
    pub(crate) certainty: String,
    pub(crate) source: String,
    pub(crate) note: String,
}

/// A member with its figure.
#[derive(Debug, Clone)]
pub(crate) struct MemberCells {
    pub(crate) state: String,
    pub(crate) name: String,
    pub(crate) suspended: bool,
    /// Empty where it is not known.
    pub(crate) value: String,
    pub(crate) share: String,
}

/// The share of one year.
#[derive(Debug, Clone)]
pub(crate) struct ShareTable {
    pub(crate) year: String,
    pub(crate) members_on: String,
    /// Empty where it cannot be known.
    pub(crate) share: String,
    pub(crate) at_least: bool,
    pub(crate) coverage: String,
    pub(crate) rows: Vec<MemberCells>,
    pub(crate) sum: String,
    pub(crate) world: String,
    pub(crate) unknown: String,
    /// Where the membership comes from.
    pub(crate) origin: String,
}

/// A year of the course.
#[derive(Debug, Clone)]
pub(crate) struct YearCells {
    pub(crate) year: String,
    pub(crate) share: String,
    pub(crate) members: String,
    pub(crate) coverage: String,
}

/// The shares over the years.
#[derive(Debug, Clone)]
pub(crate) struct ShareYears {
    pub(crate) rows: Vec<YearCells>,
    pub(crate) charts: Vec<Svg>,
    pub(crate) unknown: String,
}

/// The fields of the form.
#[derive(Debug, Clone, Default)]
pub(crate) struct GroupForm {
    pub(crate) action: String,
    pub(crate) indicators: Vec<Choice>,
    pub(crate) year: String,
    pub(crate) members_on: String,
    pub(crate) hidden: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "group/group.html")]
pub(crate) struct GroupPage {
    pub(crate) frame: Frame,
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) on: String,
    pub(crate) origin: String,
    pub(crate) note: String,
    pub(crate) count: String,
    pub(crate) states: Vec<StateCells>,
    pub(crate) form: GroupForm,
    pub(crate) indicator: &'static str,
    pub(crate) basis: &'static str,
    pub(crate) world_basis: &'static str,
    pub(crate) terms: &'static str,
    /// Empty where none was known.
    pub(crate) citation: String,
    pub(crate) share: ShareTable,
    pub(crate) years: ShareYears,
}

fn question(visit: &Visit, code: &str) -> Answer<ShareQuestion> {
    let day = visit.parameter("members_on").map(|day| parse_date("members_on", day)).transpose()?;
    Ok(ShareQuestion {
        group: code.to_owned(),
        indicator: visit.parameter("indicator").map_or(Ok(Series::Population), Series::indicator)?,
        year: visit.parameter("year").map(|text| year("year", text)).transpose()?,
        members_on: day,
        edition: visit.parameter("edition").map(str::to_owned),
    })
}

/// `GET /groups/{code}`
pub(in crate::web) async fn get(visit: Visit, code: Path<String>) -> Answer {
    let question = question(&visit, &code)?;
    let reader = visit.reader().await?;
    let share = reader.group_share(&question).await?;
    let course = reader.group_shares(&question, None, question.year).await?;
    let (on, group, indicator) = (reader.as_of(), &share.group, question.indicator);
    let choice = |series: Series| Choice {
        value: series.word().to_owned(),
        name: series.name().to_owned(),
        chosen: series == indicator,
    };
    let known_year = share.share.as_ref().map(|share| share.year.to_string());
    crate::web::page(&GroupPage {
        frame: visit.frame(Part::Partners, format!("{}: {}", group.code, group.name), &reader),
        code: group.code.clone(),
        name: group.name.clone(),
        on: show::day(on),
        origin: origin_words(group, on),
        note: OriginObject::of(&group.origin).note.unwrap_or_default(),
        count: group.group.members_on(on).len().to_string(),
        states: states(group, on),
        form: GroupForm {
            action: format!("/groups/{}", group.code),
            indicators: Series::indicators().map(choice).collect(),
            year: visit.parameter("year").map(str::to_owned).or(known_year).unwrap_or_default(),
            members_on: visit.parameter("members_on").unwrap_or_default().to_owned(),
            hidden: visit.hidden(),
        },
        indicator: indicator.name(),
        basis: indicator.basis(),
        world_basis: WORLD_BASIS,
        terms: indicator.terms(),
        citation: share.edition.as_ref().map(EditionInForce::citation).unwrap_or_default(),
        share: share_table(&share),
        years: share_years(&course),
    })
}

/// The states that stand in some way to a group on a day: members first.
pub(crate) fn states(view: &GroupView, on: Date) -> Vec<StateCells> {
    let mut found: Vec<(Membership, &str, GroupStateObject)> = view
        .group
        .members
        .keys()
        .filter_map(|state| {
            let change = view.group.change(state, on)?;
            Some((change.membership, state.as_str(), GroupStateObject::of(state, change)))
        })
        .collect();
    found.sort_by_key(|(membership, state, _)| {
        let place = Membership::ALL.iter().position(|own| own == membership);
        (!membership.is_member(), place, *state)
    });
    found
        .into_iter()
        .map(|(membership, state, object)| StateCells {
            state: state.to_owned(),
            membership: show::capital(membership.word()),
            since: object.since.parse().map(show::day).unwrap_or(object.since),
            certainty: object.certainty.unwrap_or_default().to_owned(),
            source: object.source.unwrap_or_default(),
            note: object.note.unwrap_or_default(),
        })
        .collect()
}

fn percent(share: Option<Decimal>) -> String {
    share.map(show::percent).unwrap_or_default()
}

/// Writes the share of a year for people.
pub(crate) fn share_table(view: &ShareView) -> ShareTable {
    let unknown = view.unknown.clone().unwrap_or_default();
    let Some(share) = &view.share else {
        return ShareTable {
            year: String::new(),
            members_on: String::new(),
            share: String::new(),
            at_least: false,
            coverage: String::new(),
            rows: Vec::new(),
            sum: String::new(),
            world: String::new(),
            unknown,
            origin: String::new(),
        };
    };
    let whole = |value: Option<entente_register::market::Exact>| {
        value.map(|value| group(&value.rounded(0).to_string())).unwrap_or_default()
    };
    ShareTable {
        year: share.year.to_string(),
        members_on: show::day(share.members_on),
        share: percent(share.share),
        at_least: !share.is_complete(),
        coverage: format!("{} of {}", share.with_figure, share.members.len()),
        rows: share
            .members
            .iter()
            .map(|member| MemberCells {
                state: member.state.clone(),
                name: member.name.clone(),
                suspended: member.membership == Membership::Suspended,
                value: whole(member.value),
                share: percent(member.share),
            })
            .collect(),
        sum: whole(share.sum),
        world: whole(share.world),
        unknown,
        origin: origin_words(&view.group, share.members_on),
    }
}

/// Writes the shares over the years for people, the last first, with their chart.
pub(crate) fn share_years(course: &ShareCourse) -> ShareYears {
    let line = Line {
        name: course.group.code.clone(),
        points: course.shares.iter().map(|share| (share.year, share.share.map(|one| one.scaled))).collect(),
    };
    let title = format!("{}: share of the world, {}", course.group.code, course.indicator.name());
    let desc = "Per cent of the world, each year by the membership that the table beside it names.";
    ShareYears {
        charts: chart::lines(&Lines { id: "shares", title: &title, desc, lines: &[line] }),
        rows: course
            .shares
            .iter()
            .rev()
            .map(|share| YearCells {
                year: share.year.to_string(),
                share: match share.is_complete() {
                    true => percent(share.share),
                    false => {
                        share.share.map(|one| format!("at least {}", show::percent(one))).unwrap_or_default()
                    }
                },
                members: show::day(share.members_on),
                coverage: format!("{} of {}", share.with_figure, share.members.len()),
            })
            .collect(),
        unknown: course.unknown.clone().unwrap_or_default(),
    }
}

/// A table of a group’s page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum OfGroup {
    /// Every change of membership.
    States,
    /// The members with their figures of a year.
    Members,
    /// The shares over the years.
    Shares,
}

/// `GET /groups/{code}/states.csv` and the like.
pub(in crate::web) async fn export(visit: Visit, code: Path<String>, of: OfGroup, kind: Kind) -> Answer {
    let question = question(&visit, &code)?;
    let reader = visit.reader().await?;
    let amount = |value: Option<String>| value.map_or(Out::Empty, Out::Amount);
    let table = match of {
        OfGroup::States => {
            let view = reader.group(&code).await?;
            let on = reader.as_of();
            let mut rows = Vec::new();
            for (state, changes) in &view.group.members {
                for change in changes {
                    let object = GroupStateObject::of(state, change);
                    rows.push(vec![
                        text(&view.code),
                        text(state),
                        Out::Date(change.on),
                        text(object.membership),
                        yes(view.group.has(state, on)),
                        optional(object.certainty),
                        optional(object.source),
                        optional(object.note),
                        text(view.origin.word()),
                    ]);
                }
            }
            let columns = &[
                "group",
                "state",
                "on",
                "membership",
                "member_on_the_day",
                "certainty",
                "source",
                "note",
                "origin",
            ];
            Table { name: "membership", columns, rows }
        }
        OfGroup::Members => {
            let view = reader.group_share(&question).await?;
            let share = view.share.as_ref();
            let rows = share.map(|share| share.members.as_slice()).unwrap_or_default().iter().map(|member| {
                vec![
                    text(&view.group.code),
                    text(view.indicator.word()),
                    share.map_or(Out::Empty, |share| Out::Whole(i64::from(share.year))),
                    share.map_or(Out::Empty, |share| Out::Date(share.members_on)),
                    text(&member.state),
                    text(&member.name),
                    text(member.membership.word()),
                    amount(member.value.map(|value| value.to_string())),
                    amount(member.share.map(|share| share.to_string())),
                ]
            });
            let columns = &[
                "group",
                "indicator",
                "year",
                "members_on",
                "state",
                "name",
                "membership",
                "value",
                "share_pct",
            ];
            Table { name: "share-of-members", columns, rows: rows.collect() }
        }
        OfGroup::Shares => {
            let course = reader.group_shares(&question, None, question.year).await?;
            let rows = course.shares.iter().map(|share| {
                let count = |count: usize| Out::Whole(i64::try_from(count).unwrap_or(i64::MAX));
                vec![
                    text(&course.group.code),
                    text(course.indicator.word()),
                    Out::Whole(i64::from(share.year)),
                    amount(share.share.map(|share| share.to_string())),
                    Out::Date(share.members_on),
                    count(share.with_figure),
                    count(share.members.len()),
                ]
            });
            let columns =
                &["group", "indicator", "year", "share_pct", "members_on", "members_with_figure", "members"];
            Table { name: "shares", columns, rows: rows.collect() }
        }
    };
    table.answer(kind, reader.as_of()).await
}
