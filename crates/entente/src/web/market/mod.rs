//! The market: exporters by volume, how their shares moved, the editions of statistics, and deals.

pub(in crate::web) mod deals;
#[cfg(test)]
pub(in crate::web) mod sample;

use askama::Template;
use entente_register::ledger::SubjectKind;
use entente_register::market::{EditionInForce, Measure, Period, Series};
use entente_register::money::{Decimal, group};
use entente_store::reader::{CourseQuestion, CourseView, RankQuestion, RankView, StatisticRow};

use crate::api::market::object::{StatisticEditionObject, VOLUME, measure_word, number};
use crate::api::market::read::{measure, names, window, year};
use crate::chart::{self, Bar, Line, Lines, MOST_LINES, Svg};
use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::frame::{Choice, Frame, Part};
use crate::web::history::Paper;
use crate::web::show;
use crate::web::spreadsheet::{Table, optional, text, yes};
use crate::web::visit::Visit;
use crate::web::way::Way;

/// An exporter in the table of ranks.
#[derive(Debug, Clone)]
pub(crate) struct RankCells {
    pub(crate) rank: String,
    pub(crate) exporter: String,
    /// Its deals in the trade register.
    pub(crate) href: String,
    pub(crate) value: String,
    pub(crate) share: String,
    pub(crate) bar: Svg,
    /// `in 3 of 5 years`; empty where in all.
    pub(crate) years: String,
}

/// The table of ranks.
#[derive(Debug, Clone)]
pub(crate) struct RankTable {
    /// `2008 to 2012`.
    pub(crate) period: String,
    pub(crate) is_average: bool,
    pub(crate) rows: Vec<RankCells>,
    pub(crate) world: String,
    /// Why nothing can be said; empty where something can.
    pub(crate) unknown: String,
}

/// A year of the table of shares.
#[derive(Debug, Clone)]
pub(crate) struct CourseRow {
    pub(crate) year: String,
    /// `1st, 30.7 %`, one for each exporter; empty where there is none.
    pub(crate) cells: Vec<String>,
}

/// How exporters stood over time.
#[derive(Debug, Clone)]
pub(crate) struct CourseTable {
    pub(crate) title: String,
    /// The years of the window, in words.
    pub(crate) by: String,
    pub(crate) names: Vec<String>,
    pub(crate) rows: Vec<CourseRow>,
    pub(crate) charts: Vec<Svg>,
    pub(crate) unknown: String,
}

/// An edition of a statistic.
#[derive(Debug, Clone)]
pub(crate) struct EditionCells {
    pub(crate) name: String,
    pub(crate) publisher: String,
    pub(crate) years: String,
    pub(crate) rows: String,
    pub(crate) generated: String,
    pub(crate) imported: String,
    pub(crate) by: String,
    pub(crate) hash: String,
    pub(crate) paper: Paper,
    pub(crate) in_force: bool,
}

/// The fields of the form.
#[derive(Debug, Clone, Default)]
pub(crate) struct MarketForm {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) measures: Vec<Choice>,
    pub(crate) window: String,
    pub(crate) exporters: String,
    pub(crate) hidden: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "market/market.html")]
pub(crate) struct MarketPage {
    pub(crate) frame: Frame,
    pub(crate) form: MarketForm,
    pub(crate) basis: &'static str,
    pub(crate) note: &'static str,
    /// How the edition is cited; empty where none was known.
    pub(crate) citation: String,
    pub(crate) terms: &'static str,
    pub(crate) ranks: RankTable,
    pub(crate) courses: CourseTable,
    pub(crate) editions: Vec<EditionCells>,
    pub(crate) deals: String,
    pub(crate) groups: String,
}

/// What is asked of the page: the ranks of a period, and the courses up to its end.
fn questions(visit: &Visit) -> Answer<(RankQuestion, CourseQuestion)> {
    let asked_year = |name: &str| visit.parameter(name).map(|text| year(name, text)).transpose();
    let edition = visit.parameter("edition").map(str::to_owned);
    let ranks = RankQuestion {
        from: asked_year("from")?,
        to: asked_year("to")?,
        measure: visit.parameter("measure").map(measure).transpose()?.unwrap_or_default(),
        edition: edition.clone(),
    };
    let courses = CourseQuestion {
        exporters: visit.parameter("exporters").map(names).unwrap_or_default(),
        from: None,
        to: ranks.to,
        window: visit.parameter("window").map(window).transpose()?,
        edition,
    };
    Ok((ranks, courses))
}

/// `GET /market`
pub(in crate::web) async fn get(visit: Visit) -> Answer {
    let (ranks, courses) = questions(&visit)?;
    let reader = visit.reader().await?;
    let ranks = reader.market_rank(&ranks).await?;
    let courses = reader.market_courses(&courses).await?;
    let editions = reader.statistics().await?;
    let way = visit.way();
    let given = |name: &str| visit.parameter(name).unwrap_or_default().to_owned();
    let asked = |field: &str, known: Option<i16>| match visit.parameter(field) {
        Some(text) => text.to_owned(),
        None => known.map(|year| year.to_string()).unwrap_or_default(),
    };
    let form = MarketForm {
        from: asked("from", ranks.period.map(|period| period.from)),
        to: asked("to", ranks.period.map(|period| period.to)),
        measures: measures(ranks.measure),
        window: courses.window.to_string(),
        exporters: given("exporters"),
        hidden: visit.hidden(),
    };
    crate::web::page(&MarketPage {
        frame: visit.frame(Part::Market, "Market", &reader),
        form,
        basis: Series::TivExports.basis(),
        note: VOLUME,
        citation: ranks.edition.as_ref().map(EditionInForce::citation).unwrap_or_default(),
        terms: Series::TivExports.terms(),
        ranks: rank_table(&ranks, &way),
        courses: course_table(&courses),
        editions: editions.iter().map(|row| edition_cells(row, &way)).collect(),
        deals: way.to("/market/deals"),
        groups: way.to("/groups"),
    })
}

fn measures(chosen: Measure) -> Vec<Choice> {
    [(Measure::Total, "Sum of the period"), (Measure::Average, "A year on average")]
        .into_iter()
        .map(|(measure, name)| Choice {
            value: measure_word(measure).to_owned(),
            name: name.to_owned(),
            chosen: measure == chosen,
        })
        .collect()
}

/// `2012`, or `2008 to 2012`.
pub(crate) fn years(period: Option<Period>) -> String {
    match period {
        None => "no period".to_owned(),
        Some(Period { from, to }) if from == to => from.to_string(),
        Some(Period { from, to }) => format!("{from} to {to}"),
    }
}

fn percent(share: Option<Decimal>) -> String {
    share.map(show::percent).unwrap_or_default()
}

/// Writes the ranks for people.
pub(crate) fn rank_table(view: &RankView, way: &Way) -> RankTable {
    let rows = view.ranking.as_ref().map(|ranking| ranking.rows.as_slice()).unwrap_or_default();
    let tenths = |share: Option<Decimal>| share.map_or(0, |share| share.scaled);
    let most = rows.iter().map(|row| tenths(row.share)).max().unwrap_or(0);
    let all = view.period.map_or(0, Period::years);
    RankTable {
        period: years(view.period),
        is_average: view.measure == Measure::Average,
        rows: rows
            .iter()
            .map(|row| RankCells {
                rank: row.rank.to_string(),
                exporter: row.exporter.clone(),
                href: way.with("/market/deals", &[("supplier", &row.exporter)]),
                value: group(&row.value.to_string()),
                share: percent(row.share),
                bar: chart::bar(&Bar { value: tenths(row.share), mark: None, track: false, most }),
                years: if row.years == all {
                    String::new()
                } else {
                    format!("in {} of {all} years", row.years)
                },
            })
            .collect(),
        world: view.ranking.as_ref().map(|one| group(&one.world.to_string())).unwrap_or_default(),
        unknown: view.unknown.clone().unwrap_or_default(),
    }
}

/// Writes the courses for people, with the chart of their shares.
pub(crate) fn course_table(view: &CourseView) -> CourseTable {
    let by = match view.window {
        1 => "year by year".to_owned(),
        window => format!("a year on average of the {window} that end with it"),
    };
    let title = format!("Share of the world’s volume, {}", years(view.period));
    let drawn: Vec<Line> = view
        .courses
        .iter()
        .take(MOST_LINES)
        .map(|course| Line {
            name: course.exporter.clone(),
            points: course
                .points
                .iter()
                .map(|(year, point)| (*year, point.as_ref().and_then(|one| Some(one.share?.scaled))))
                .collect(),
        })
        .collect();
    let desc = format!(
        "Per cent of the world, each year {by}. The table beside it has the same figures and the ranks."
    );
    let period = view.period.map(|period| (period.from..=period.to).collect::<Vec<_>>()).unwrap_or_default();
    CourseTable {
        charts: chart::lines(&Lines { id: "courses", title: &title, desc: &desc, lines: &drawn }),
        names: view.courses.iter().map(|course| course.exporter.clone()).collect(),
        rows: period
            .iter()
            .rev()
            .filter(|_| !view.courses.is_empty())
            .map(|year| CourseRow {
                year: year.to_string(),
                cells: view
                    .courses
                    .iter()
                    .map(|course| {
                        let point = course.points.iter().find(|(own, _)| own == year);
                        let point = point.and_then(|(_, point)| point.as_ref());
                        point.map(|one| format!("{}. {}", one.rank, percent(one.share))).unwrap_or_default()
                    })
                    .collect(),
            })
            .collect(),
        title,
        by,
        unknown: view.unknown.clone().unwrap_or_default(),
    }
}

/// Writes an edition for people.
pub(crate) fn edition_cells(row: &StatisticRow, way: &Way) -> EditionCells {
    let EditionInForce { series, imported, imported_on, imported_by } = &row.edition;
    EditionCells {
        name: series.name().to_owned(),
        publisher: series.publisher().to_owned(),
        years: format!("{} to {}", imported.first_year, imported.last_year),
        rows: show::count(i64::from(imported.rows)),
        generated: imported.generated_on.map(show::day).unwrap_or_default(),
        imported: show::day(*imported_on),
        by: imported_by.clone(),
        hash: row.edition.content().chars().take(12).collect(),
        paper: Paper::of(&imported.document, SubjectKind::Statistic, series.word(), way),
        in_force: row.in_force,
    }
}

/// `GET /market.csv` and `.xlsx`: exporters by rank.
pub(in crate::web) async fn export(visit: Visit, kind: Kind) -> Answer {
    let (question, _) = questions(&visit)?;
    let reader = visit.reader().await?;
    let view = reader.market_rank(&question).await?;
    let rows = view.ranking.as_ref().map(|ranking| ranking.rows.as_slice()).unwrap_or_default();
    let bound =
        |of: fn(Period) -> i16| view.period.map_or(Out::Empty, |period| Out::Whole(i64::from(of(period))));
    let hash = view.edition.as_ref().map(|edition| edition.content().to_owned());
    let rows = rows.iter().map(|row| {
        vec![
            Out::Whole(i64::from(row.rank)),
            text(&row.exporter),
            Out::Amount(row.value.to_string()),
            row.share.map_or(Out::Empty, |share| Out::Amount(share.to_string())),
            Out::Whole(i64::from(row.years)),
            bound(|period| period.from),
            bound(|period| period.to),
            text(measure_word(view.measure)),
            optional(hash.clone()),
        ]
    });
    let columns = &[
        "rank",
        "exporter",
        "tiv_millions",
        "share_pct",
        "years_with_figure",
        "from",
        "to",
        "measure",
        "edition",
    ];
    Table { name: "exporters-by-volume", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// `GET /market/courses.csv` and `.xlsx`: exporters over time.
pub(in crate::web) async fn export_courses(visit: Visit, kind: Kind) -> Answer {
    let (_, question) = questions(&visit)?;
    let reader = visit.reader().await?;
    let view = reader.market_courses(&question).await?;
    let rows = view.courses.iter().flat_map(|course| {
        course.points.iter().map(|(year, point)| {
            let share = point.as_ref().and_then(|point| point.share);
            vec![
                Out::Whole(i64::from(*year)),
                text(&course.exporter),
                point.as_ref().map_or(Out::Empty, |point| Out::Whole(i64::from(point.rank))),
                point.as_ref().map_or(Out::Empty, |point| Out::Amount(number(point.value).to_string())),
                share.map_or(Out::Empty, |share| Out::Amount(share.to_string())),
                Out::Whole(i64::from(view.window)),
            ]
        })
    });
    let columns = &["year", "exporter", "rank", "tiv_millions", "share_pct", "window"];
    Table { name: "exporters-over-time", columns, rows: rows.collect() }.answer(kind, reader.as_of()).await
}

/// `GET /market/editions.csv` and `.xlsx`: editions of statistics.
pub(in crate::web) async fn export_editions(visit: Visit, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let rows = reader.statistics().await?;
    let rows = rows.iter().map(|row| {
        let imported = &row.edition.imported;
        vec![
            text(row.edition.series.word()),
            yes(row.in_force),
            imported.generated_on.map_or(Out::Empty, Out::Date),
            Out::Date(row.edition.imported_on),
            Out::Whole(i64::from(imported.first_year)),
            Out::Whole(i64::from(imported.last_year)),
            Out::Whole(i64::from(imported.rows)),
            text(row.edition.content()),
            text(row.edition.series.publisher()),
            text(&imported.source),
        ]
    });
    Table { name: "statistics", columns: &StatisticEditionObject::COLUMNS, rows: rows.collect() }
        .answer(kind, reader.as_of())
        .await
}
