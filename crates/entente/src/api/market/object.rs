//! What is given of the market.

use entente_register::market::file::{Deal, Stated};
use entente_register::market::{EditionInForce, Exact, Measure, Series, WorldBasis};
use entente_register::money::Decimal;
use entente_store::reader::{CourseView, RankView, StatisticRow};
use serde::Serialize;
use utoipa::ToSchema;

/// What is to be known of every figure of volume.
pub(crate) const VOLUME: &str = "TIV is volume, not price: it compares the military capability of what was transferred, and says nothing of what was paid. States that no longer exist stand under their own name.";

/// An edition of a statistic.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StatisticEditionObject {
    /// Which statistic.
    series: &'static str,
    /// Its name for people.
    name: &'static str,
    /// Who publishes it.
    publisher: &'static str,
    /// What its figures count.
    basis: &'static str,
    /// The publisher’s terms.
    terms: &'static str,
    /// SHA-256 of its bytes.
    edition: String,
    /// How it is cited.
    citation: String,
    /// How the file is written.
    form: &'static str,
    /// The day that its publisher wrote into it.
    #[schema(format = Date)]
    generated_on: Option<String>,
    /// The day of its import: it is known from then on.
    #[schema(format = Date)]
    imported_on: String,
    /// Who imported it.
    imported_by: String,
    /// From where it came.
    source: String,
    /// The first year of which it says something.
    first_year: i16,
    /// The last.
    last_year: i16,
    /// How many figures or deals it holds.
    rows: u32,
    /// Whether it is the one in force.
    in_force: bool,
}

impl StatisticEditionObject {
    pub(crate) fn of(row: &StatisticRow) -> StatisticEditionObject {
        let EditionInForce { series, imported, imported_on, imported_by } = &row.edition;
        StatisticEditionObject {
            series: series.word(),
            name: series.name(),
            publisher: series.publisher(),
            basis: series.basis(),
            terms: series.terms(),
            edition: row.edition.content().to_owned(),
            citation: row.edition.citation(),
            form: imported.form.word(),
            generated_on: imported.generated_on.map(|on| on.to_string()),
            imported_on: imported_on.to_string(),
            imported_by: imported_by.clone(),
            source: imported.source.clone(),
            first_year: imported.first_year,
            last_year: imported.last_year,
            rows: imported.rows,
            in_force: row.in_force,
        }
    }

    /// Names of the columns of a table of these.
    pub(crate) const COLUMNS: [&'static str; 10] = [
        "series",
        "in_force",
        "generated_on",
        "imported_on",
        "first_year",
        "last_year",
        "rows",
        "edition",
        "publisher",
        "source",
    ];

    /// Its cells.
    pub(crate) fn cells(&self) -> Vec<String> {
        vec![
            self.series.to_owned(),
            if self.in_force { "yes" } else { "no" }.to_owned(),
            self.generated_on.clone().unwrap_or_default(),
            self.imported_on.clone(),
            self.first_year.to_string(),
            self.last_year.to_string(),
            self.rows.to_string(),
            self.edition.clone(),
            self.publisher.to_owned(),
            self.source.clone(),
        ]
    }
}

/// A figure as a JSON number; a decimal through the shortest text that reads back the same.
pub(crate) fn number(value: Exact) -> serde_json::Number {
    match value.as_whole() {
        Some(whole) => whole.into(),
        // A decimal of these always reads as a number; nought is never shown for it.
        None => value.to_string().parse().unwrap_or_else(|_| 0.into()),
    }
}

/// An exporter with its rank.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RankedObject {
    /// The same for the same figure.
    pub(crate) rank: u32,
    /// As its publisher names it.
    pub(crate) exporter: String,
    /// TIV in millions: of the period, or of a year on average.
    #[schema(value_type = f64)]
    pub(crate) value: serde_json::Number,
    /// Per cent of the world, rounded once, half away from zero.
    #[schema(value_type = Option<f64>)]
    pub(crate) share_pct: Option<Decimal>,
    /// In how many years of the period it has a figure.
    pub(crate) years_with_figure: u32,
}

/// Exporters by rank.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct RankObject {
    /// What the figures count.
    pub(crate) basis: &'static str,
    /// How the edition is cited; null where none was known.
    pub(crate) edition: Option<String>,
    /// The first year.
    pub(crate) from: Option<i16>,
    /// The last year.
    pub(crate) to: Option<i16>,
    /// By rank, and by name within it.
    pub(crate) rows: Vec<RankedObject>,
    /// `total` of the period, or `average` of its years.
    pub(crate) measure: &'static str,
    /// The figure of the whole world, by the same measure.
    #[schema(value_type = Option<f64>)]
    pub(crate) world: Option<serde_json::Number>,
    /// Of what the shares are: `published`, the total that the same edition publishes.
    pub(crate) world_basis: Option<&'static str>,
    /// SHA-256 of the edition’s bytes.
    pub(crate) edition_hash: Option<String>,
    /// Who publishes it.
    pub(crate) publisher: &'static str,
    /// The day that its publisher wrote into it.
    #[schema(format = Date)]
    pub(crate) generated_on: Option<String>,
    /// What is to be known of every figure.
    pub(crate) note: &'static str,
    /// Why nothing can be said; null where something can.
    pub(crate) unknown: Option<String>,
}

/// The word of a measure.
pub(crate) fn measure_word(measure: Measure) -> &'static str {
    match measure {
        Measure::Total => "total",
        Measure::Average => "average",
    }
}

impl RankObject {
    pub(crate) fn of(view: &RankView) -> RankObject {
        let ranking = view.ranking.as_ref();
        let rows = ranking.map(|ranking| ranking.rows.as_slice()).unwrap_or_default();
        RankObject {
            basis: Series::TivExports.basis(),
            edition: view.edition.as_ref().map(EditionInForce::citation),
            from: view.period.map(|period| period.from),
            to: view.period.map(|period| period.to),
            rows: rows
                .iter()
                .map(|row| RankedObject {
                    rank: row.rank,
                    exporter: row.exporter.clone(),
                    value: number(row.value),
                    share_pct: row.share,
                    years_with_figure: row.years,
                })
                .collect(),
            measure: measure_word(view.measure),
            world: ranking.map(|ranking| number(ranking.world)),
            world_basis: ranking.map(|ranking| match ranking.world_basis {
                WorldBasis::Published => "published",
            }),
            edition_hash: view.edition.as_ref().map(|edition| edition.content().to_owned()),
            publisher: Series::TivExports.publisher(),
            generated_on: view.edition.as_ref().and_then(|one| Some(one.imported.generated_on?.to_string())),
            note: VOLUME,
            unknown: view.unknown.clone(),
        }
    }
}

/// How an exporter stood by the window that ends with a year.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoursePointObject {
    /// The last year of the window.
    pub(crate) year: i16,
    /// Null where it has no rank, or nothing is known.
    pub(crate) rank: Option<u32>,
    /// TIV in millions, of a year on average.
    #[schema(value_type = Option<f64>)]
    pub(crate) value: Option<serde_json::Number>,
    /// Per cent of the world.
    #[schema(value_type = Option<f64>)]
    pub(crate) share_pct: Option<Decimal>,
}

/// An exporter over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct ExporterCourseObject {
    /// As its publisher names it.
    pub(crate) exporter: String,
    /// A point a year.
    pub(crate) points: Vec<CoursePointObject>,
}

/// Exporters over time.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct CoursesObject {
    /// What the figures count.
    pub(crate) basis: &'static str,
    /// How the edition is cited; null where none was known.
    pub(crate) edition: Option<String>,
    /// The first year.
    pub(crate) from: Option<i16>,
    /// The last year.
    pub(crate) to: Option<i16>,
    /// Years of the window that ends with each year.
    pub(crate) window: i16,
    /// One for each exporter.
    pub(crate) exporters: Vec<ExporterCourseObject>,
    /// What is to be known of every figure.
    pub(crate) note: &'static str,
    /// Why nothing can be said.
    pub(crate) unknown: Option<String>,
}

impl CoursesObject {
    pub(crate) fn of(view: &CourseView) -> CoursesObject {
        CoursesObject {
            basis: Series::TivExports.basis(),
            edition: view.edition.as_ref().map(EditionInForce::citation),
            from: view.period.map(|period| period.from),
            to: view.period.map(|period| period.to),
            window: view.window,
            exporters: view
                .courses
                .iter()
                .map(|course| ExporterCourseObject {
                    exporter: course.exporter.clone(),
                    points: course
                        .points
                        .iter()
                        .map(|(year, point)| CoursePointObject {
                            year: *year,
                            rank: point.as_ref().map(|point| point.rank),
                            value: point.as_ref().map(|point| number(point.value)),
                            share_pct: point.as_ref().and_then(|point| point.share),
                        })
                        .collect(),
                })
                .collect(),
            note: VOLUME,
            unknown: view.unknown.clone(),
        }
    }
}

/// A value of the trade register with its certainty.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct StatedObject {
    /// As it was published.
    value: u32,
    /// Whether its publisher calls it uncertain.
    uncertain: bool,
}

impl StatedObject {
    fn of<T: Copy + TryInto<u32>>(stated: &Stated<T>) -> Option<StatedObject> {
        Some(StatedObject { value: stated.value.try_into().ok()?, uncertain: stated.uncertain })
    }
}

/// A deal of the trade register. What is null is not known.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(crate) struct DealObject {
    /// Who received.
    recipient: String,
    /// Who supplied.
    supplier: String,
    /// Year of the order or licence.
    ordered: Option<StatedObject>,
    /// How many were ordered.
    number_ordered: Option<StatedObject>,
    /// Designation of the weapon.
    designation: String,
    /// Whether the designation is uncertain.
    designation_uncertain: bool,
    /// What kind of weapon it is.
    description: String,
    /// How many were delivered.
    number_delivered: Option<StatedObject>,
    /// Years of delivery.
    delivered: Vec<StatedObject>,
    /// New, second hand, or as it is published.
    status: String,
    /// Comments of the publisher.
    comments: String,
    /// TIV of one unit, millions, as it was published.
    tiv_unit: Option<String>,
    /// TIV of the order, millions.
    tiv_order: Option<String>,
    /// TIV of what was delivered, millions.
    tiv_delivered: Option<String>,
}

impl DealObject {
    pub(crate) fn of(deal: Deal) -> DealObject {
        let text = |value: Option<Exact>| value.map(|value| value.to_string());
        DealObject {
            ordered: deal.ordered.as_ref().and_then(StatedObject::of),
            number_ordered: deal.number_ordered.as_ref().and_then(StatedObject::of),
            number_delivered: deal.number_delivered.as_ref().and_then(StatedObject::of),
            delivered: deal.delivered.iter().filter_map(StatedObject::of).collect(),
            tiv_unit: text(deal.tiv_unit),
            tiv_order: text(deal.tiv_order),
            tiv_delivered: text(deal.tiv_delivered),
            recipient: deal.recipient,
            supplier: deal.supplier,
            designation: deal.designation,
            designation_uncertain: deal.designation_uncertain,
            description: deal.description,
            status: deal.status,
            comments: deal.comments,
        }
    }

    /// Names of the columns of a table of these.
    pub(crate) const COLUMNS: [&'static str; 13] = [
        "recipient",
        "supplier",
        "ordered",
        "number_ordered",
        "designation",
        "description",
        "number_delivered",
        "delivered",
        "status",
        "comments",
        "tiv_unit",
        "tiv_order",
        "tiv_delivered",
    ];

    /// Its cells; what is uncertain stands in brackets, as its publisher prints it.
    pub(crate) fn cells(self) -> Vec<String> {
        let stated = |stated: &StatedObject| match stated.uncertain {
            true => format!("({})", stated.value),
            false => stated.value.to_string(),
        };
        let one = |value: &Option<StatedObject>| value.as_ref().map(stated).unwrap_or_default();
        let designation = match self.designation_uncertain {
            true => format!("({})", self.designation),
            false => self.designation,
        };
        vec![
            self.recipient,
            self.supplier,
            one(&self.ordered),
            one(&self.number_ordered),
            designation,
            self.description,
            one(&self.number_delivered),
            self.delivered.iter().map(stated).collect::<Vec<_>>().join("; "),
            self.status,
            self.comments,
            self.tiv_unit.unwrap_or_default(),
            self.tiv_order.unwrap_or_default(),
            self.tiv_delivered.unwrap_or_default(),
        ]
    }
}

/// A page of deals.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct DealsObject {
    /// What the figures count.
    pub(crate) basis: &'static str,
    /// How the edition is cited; null where none was known.
    pub(crate) edition: Option<String>,
    /// The deals, in the order of the file.
    pub(crate) rows: Vec<DealObject>,
    /// Deals in all.
    pub(crate) total: i64,
    /// Deals passed over.
    pub(crate) offset: i64,
    /// Deals asked for.
    pub(crate) limit: i64,
}
