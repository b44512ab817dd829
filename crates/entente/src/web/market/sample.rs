//! The pages of the market and of groups with sample data: whole, and with nothing known.

use entente_register::document::Document;
use entente_register::market::file::{Figure, Form, Rows, Whose, read_market};
use entente_register::market::{
    EditionInForce, Exact, Measure, Period, Series, StatisticImported, courses, rank,
};
use entente_register::partner::share::{membership_day, share_of};
use entente_register::partner::{Certainty, Change, Ground, Group, Membership};
use entente_store::reader::{
    CourseView, GroupOrigin, GroupView, RankView, ShareCourse, ShareView, StatisticRow,
};
use jiff::civil::date;

use super::deals::{DealCells, DealForm, DealsPage};
use super::{MarketForm, MarketPage, course_table, edition_cells, measures, rank_table};
use crate::api::market::group_object::WORLD_BASIS;
use crate::api::market::object::VOLUME;
use crate::web::frame::Frame;
use crate::web::group::{GroupForm, GroupPage, GroupsPage, group_cells, share_table, share_years, states};
use crate::web::sample::HOSTILE;
use crate::web::visit::Pages;
use crate::web::way::Way;

fn figure(whose: Whose, name: &str, year: i16, value: i64) -> Figure {
    let code = if whose == Whose::Country { "BRA" } else { "" };
    Figure { whose, code: code.to_owned(), name: name.to_owned(), year, value: Exact::whole(value) }
}

fn figures() -> Vec<Figure> {
    [2011, 2012]
        .into_iter()
        .flat_map(|year| {
            [
                figure(Whose::Exporter, HOSTILE, year, 300),
                figure(Whose::Exporter, "Northland", year, 200),
                figure(Whose::World, "World", year, 600),
                figure(Whose::Country, HOSTILE, year, 150),
            ]
        })
        .chain([figure(Whose::Exporter, "Once", 2011, 1)])
        .collect()
}

fn edition(series: Series) -> EditionInForce {
    EditionInForce {
        series,
        imported: StatisticImported {
            document: Document {
                title: HOSTILE.to_owned(),
                dated: date(2012, 3, 19),
                content: Some("ab".repeat(32)),
            },
            form: Form::SipriExports,
            generated_on: Some(date(2012, 3, 19)),
            first_year: 1950,
            last_year: 2011,
            rows: 2_400,
            source: HOSTILE.to_owned(),
        },
        imported_on: date(2012, 3, 20),
        imported_by: HOSTILE.to_owned(),
    }
}

fn group() -> GroupView {
    let mut group = Group { registered: true, ..Group::default() };
    group.note("BRA", Change::plain(date(2009, 6, 16), Membership::Member));
    let ground =
        Ground { source: HOSTILE.to_owned(), certainty: Certainty::Low, note: Some(HOSTILE.to_owned()) };
    group.note(
        "IND",
        Change { on: date(2010, 1, 1), membership: Membership::Suspended, ground: Some(ground) },
    );
    group.note("VNM", Change::plain(date(2010, 1, 1), Membership::Observer));
    let origin = GroupOrigin::Program { covers_to: date(2011, 12, 31), note: HOSTILE.to_owned() };
    GroupView { code: "BRICS".to_owned(), name: HOSTILE.to_owned(), group, origin }
}

/// Pages by name, rendered by the caller.
pub(in crate::web) struct Samples {
    pub(in crate::web) markets: Vec<MarketPage>,
    pub(in crate::web) deals: Vec<DealsPage>,
    pub(in crate::web) groups: GroupsPage,
    pub(in crate::web) group: Vec<GroupPage>,
}

/// All of them.
pub(in crate::web) fn pages(frame: &Frame, way: &Way, pages: &Pages) -> Samples {
    let figures = figures();
    let period = Period::of(2011, 2012).unwrap();
    let whole = RankView {
        edition: Some(edition(Series::TivExports)),
        period: Some(period),
        measure: Measure::Average,
        ranking: Some(rank(&figures, period, Measure::Average).unwrap()),
        unknown: None,
    };
    let nothing = RankView {
        edition: None,
        period: None,
        measure: Measure::Total,
        ranking: None,
        unknown: Some(HOSTILE.to_owned()),
    };
    let course = CourseView {
        edition: Some(edition(Series::TivExports)),
        period: Some(period),
        window: 1,
        courses: courses(&figures, &[HOSTILE.to_owned(), "Once".to_owned()], period, 1),
        unknown: None,
    };
    let no_course = CourseView {
        edition: None,
        period: None,
        window: 5,
        courses: Vec::new(),
        unknown: Some(HOSTILE.to_owned()),
    };
    let market = |ranks: &RankView, courses: &CourseView, editions: &[StatisticRow]| MarketPage {
        frame: frame.clone(),
        form: MarketForm {
            from: HOSTILE.to_owned(),
            to: HOSTILE.to_owned(),
            measures: measures(ranks.measure),
            window: "5".to_owned(),
            exporters: HOSTILE.to_owned(),
            hidden: vec![("as_of".to_owned(), HOSTILE.to_owned())],
        },
        basis: Series::TivExports.basis(),
        note: VOLUME,
        citation: ranks.edition.as_ref().map(EditionInForce::citation).unwrap_or_default(),
        terms: Series::TivExports.terms(),
        ranks: rank_table(ranks, way),
        courses: course_table(courses),
        editions: editions.iter().map(|row| edition_cells(row, way)).collect(),
        deals: way.to("/market/deals"),
        groups: way.to("/groups"),
    };
    let editions = [StatisticRow { edition: edition(Series::Population), sequence: 7, in_force: true }];
    let deals = |citation: String, rows| DealsPage {
        frame: frame.clone(),
        filter: DealForm {
            supplier: HOSTILE.to_owned(),
            clear: Some(way.to("/market/deals")),
            ..DealForm::default()
        },
        basis: Series::TradeRegister.basis(),
        terms: Series::TradeRegister.terms(),
        citation,
        rows,
        pages: pages.clone(),
        tables: vec![("CSV", way.to("/market/deals.csv"))],
    };
    let register = format!(
        "Recipient,Supplier,Year of order, ,Number ordered, ,Weapon designation,Weapon description,Number delivered, ,Year(s) of delivery,status,Comments,SIPRI TIV per unit,SIPRI TIV for total order,SIPRI TIV of delivered weapons\nA,B,2005,?,,,\"{0}\",tank,,,,New,\"{0}\",,,\n",
        HOSTILE.replace('"', "\"\"")
    );
    let Rows::Deals(read) = read_market(register.as_bytes()).unwrap().rows else { panic!("deals") };
    let group = group();
    let shares = [Some((2012, &figures[..])), Some((1999, &figures[..])), None].map(|of| {
        let share = of.map(|(year, figures)| share_of(&group.group, membership_day(year), year, figures));
        let unknown = share.as_ref().and_then(|share| share.unknown.clone());
        (
            ShareView {
                group: group.clone(),
                indicator: Series::Population,
                edition: share.is_some().then(|| edition(Series::Population)),
                unknown: unknown.or_else(|| share.is_none().then(|| HOSTILE.to_owned())),
                share: share.clone(),
            },
            ShareCourse {
                group: group.clone(),
                indicator: Series::Population,
                edition: None,
                shares: share.into_iter().collect(),
                unknown: Some(HOSTILE.to_owned()),
            },
        )
    });
    Samples {
        markets: vec![market(&whole, &course, &editions), market(&nothing, &no_course, &[])],
        deals: vec![
            deals(HOSTILE.to_owned(), read.into_iter().map(DealCells::of).collect()),
            deals(HOSTILE.to_owned(), Vec::new()),
            deals(String::new(), Vec::new()),
        ],
        groups: GroupsPage { frame: frame.clone(), rows: vec![group_cells(&group, date(2012, 9, 30), way)] },
        group: shares
            .iter()
            .map(|(share, course)| GroupPage {
                frame: frame.clone(),
                code: group.code.clone(),
                name: group.name.clone(),
                on: HOSTILE.to_owned(),
                origin: HOSTILE.to_owned(),
                note: HOSTILE.to_owned(),
                count: "2".to_owned(),
                states: if share.share.is_some() { states(&group, date(2012, 9, 30)) } else { Vec::new() },
                form: GroupForm {
                    action: "/groups/BRICS".to_owned(),
                    year: HOSTILE.to_owned(),
                    members_on: HOSTILE.to_owned(),
                    ..GroupForm::default()
                },
                indicator: Series::Population.name(),
                basis: Series::Population.basis(),
                world_basis: WORLD_BASIS,
                terms: Series::Population.terms(),
                citation: share.edition.as_ref().map(EditionInForce::citation).unwrap_or_default(),
                share: share_table(share),
                years: share_years(course),
            })
            .collect(),
    }
}
