//! `entente market`: the rank of exporters by volume, how it moved, and deals.

use clap::{Args, Subcommand, ValueEnum};
use entente_register::market::{EditionInForce, Measure, Period, Series};
use entente_register::money::group;
use entente_store::reader::{CourseQuestion, DealFilter, RankQuestion};

use super::transfer::View;
use super::transfer::list::every;
use super::{Context, Done};
use crate::api::market::object::{
    CoursesObject, DealObject, DealsObject, RankObject, StatisticEditionObject, VOLUME,
};

const EXAMPLES: &str = "\
Examples:
  entente market rank --from 2008 --to 2012
  entente market rank --year 2012 --format csv
  entente market rank --five-year 2012 --format json     A year on average of the five that end in 2012
  entente market rank --from 2008 --to 2012 --known-at 2013-01-01T00:00:00Z
  entente market trend --exporter \"United States\" --exporter Russia --from 2000 --to 2012
  entente market deals --supplier Russia --recipient India --from 2008 --to 2012 --format csv
  entente market editions

Ranks are by SIPRI's trend-indicator values (TIV): the volume of military capability that was transferred, not its
price. Figures are exact; a share is of the world's total in the same edition, rounded once, half away from zero.
Exporters with the same figure have the same rank; one without any figure in the period has none. What is not known
is said to be unknown, and is never nought. Single years say little: arms go in few and large deliveries.";

/// What `market` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Rank exporters of a year, of five years on average, or of a period
    Rank(Rank),
    /// Follow exporters over time: their rank, volume and share by the window of years that ends with each year
    Trend(Trend),
    /// List deals of the trade register
    Deals(Deals),
    /// List the editions of statistics that the register knows
    Editions {
        #[command(flatten)]
        view: View,
        /// How the list is written
        #[arg(long, value_enum, default_value = "text")]
        format: Format,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// For a spreadsheet
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum MeasureOption {
    /// The sum of the period
    Total,
    /// A year of it on average
    Average,
}

#[derive(Debug, Args)]
struct Rank {
    /// First year [default: four before the last]
    #[arg(long, value_name = "YEAR")]
    from: Option<i16>,
    /// Last year [default: the last one that the edition holds and that is over]
    #[arg(long, value_name = "YEAR")]
    to: Option<i16>,
    /// This year alone
    #[arg(long, value_name = "YEAR", conflicts_with_all = ["from", "to", "five_year", "measure"])]
    year: Option<i16>,
    /// The five years that end with this one, a year of them on average
    #[arg(long, value_name = "YEAR", conflicts_with_all = ["from", "to", "measure"])]
    five_year: Option<i16>,
    /// What of the period is compared
    #[arg(long, value_enum, default_value = "total")]
    measure: MeasureOption,
    /// An edition by the beginning of its hash [default: the one in force]
    #[arg(long, value_name = "HASH")]
    edition: Option<String>,
    #[command(flatten)]
    view: View,
    /// How the ranks are written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct Trend {
    /// An exporter as its publisher names it; may be given more than once [default: the first five of the last window]
    #[arg(long, value_name = "NAME")]
    exporter: Vec<String>,
    /// First year [default: ten before the last]
    #[arg(long, value_name = "YEAR")]
    from: Option<i16>,
    /// Last year [default: the last one that the edition holds and that is over]
    #[arg(long, value_name = "YEAR")]
    to: Option<i16>,
    /// Years of the window that ends with each year
    #[arg(long, value_name = "YEARS", default_value_t = 5)]
    window: i16,
    /// An edition by the beginning of its hash [default: the one in force]
    #[arg(long, value_name = "HASH")]
    edition: Option<String>,
    #[command(flatten)]
    view: View,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Args)]
struct Deals {
    /// Only by this supplier, as its publisher names it
    #[arg(long, value_name = "NAME")]
    supplier: Option<String>,
    /// Only to this recipient
    #[arg(long, value_name = "NAME")]
    recipient: Option<String>,
    /// Only deals of which something is said in this year or later
    #[arg(long, value_name = "YEAR")]
    from: Option<i16>,
    /// Only deals of which something is said in this year or before
    #[arg(long, value_name = "YEAR")]
    to: Option<i16>,
    #[command(flatten)]
    view: View,
    /// How the list is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// Runs `market`.
pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::Rank(arguments) => rank(context, arguments).await,
        Verb::Trend(arguments) => trend(context, arguments).await,
        Verb::Deals(arguments) => deals(context, arguments).await,
        Verb::Editions { view, format } => editions(context, &view, format).await,
    }
}

impl Rank {
    fn question(&self) -> RankQuestion {
        let (from, to, measure) = match (self.year, self.five_year) {
            (Some(year), _) => (Some(year), Some(year), Measure::Total),
            (None, Some(last)) => (Some(last.saturating_sub(4)), Some(last), Measure::Average),
            (None, None) => {
                let measure = match self.measure {
                    MeasureOption::Total => Measure::Total,
                    MeasureOption::Average => Measure::Average,
                };
                (self.from, self.to, measure)
            }
        };
        RankQuestion { from, to, measure, edition: self.edition.clone() }
    }
}

/// A period in words: `2012`, or `2008 to 2012`.
fn years(period: Option<Period>) -> String {
    match period {
        None => "a period that is not known".to_owned(),
        Some(Period { from, to }) if from == to => from.to_string(),
        Some(Period { from, to }) => format!("{from} to {to}"),
    }
}

/// Where figures come from, in lines under them.
fn sources(context: &mut Context, edition: Option<&EditionInForce>) -> Done {
    if let Some(edition) = edition {
        context.out.line(&format!("Basis: {}.", edition.series.basis()))?;
        context.out.line(&format!("Edition: {}.", edition.citation()))?;
        context.out.line(&format!("Terms: {}.", edition.series.terms()))?;
    }
    Ok(())
}

async fn rank(context: &mut Context, arguments: Rank) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let found = reader.market_rank(&arguments.question()).await;
    store.close().await;
    let view = found?;
    let object = RankObject::of(&view);
    match arguments.format {
        Format::Json => context.out.json(&object),
        Format::Csv => {
            if let Some(unknown) = &object.unknown {
                context.out.note(&format!("Unknown: {unknown}"));
            }
            let columns = [
                "rank",
                "exporter",
                "value",
                "share_pct",
                "years_with_figure",
                "from",
                "to",
                "measure",
                "edition",
            ];
            let year = |year: Option<i16>| year.map(|year| year.to_string()).unwrap_or_default();
            let rows = object.rows.iter().map(|row| {
                vec![
                    row.rank.to_string(),
                    row.exporter.clone(),
                    row.value.to_string(),
                    row.share_pct.map(|share| share.to_string()).unwrap_or_default(),
                    row.years_with_figure.to_string(),
                    year(object.from),
                    year(object.to),
                    object.measure.to_owned(),
                    object.edition_hash.clone().unwrap_or_default(),
                ]
            });
            context.out.csv(&columns, rows)
        }
        Format::Text => {
            let measure = match view.measure {
                Measure::Total => "",
                Measure::Average => ", a year on average",
            };
            context.out.line(&format!("Exporters by volume, {}{measure}", years(view.period)))?;
            if let Some(unknown) = &view.unknown {
                context.out.line(&format!("Unknown: {unknown}"))?;
            }
            if let Some(ranking) = &view.ranking {
                context.out.line("")?;
                for row in &ranking.rows {
                    let share = row.share.map_or_else(|| "unknown".to_owned(), |share| format!("{share} %"));
                    context.out.line(&format!(
                        "{:>4}  {:<28} {:>10}  {share:>7}",
                        row.rank,
                        row.exporter,
                        group(&row.value.to_string())
                    ))?;
                }
                let world = group(&ranking.world.to_string());
                context
                    .out
                    .line(&format!("{:>4}  {:<28} {world:>10}  100.0 %", "", "World, as published"))?;
                context.out.line("")?;
            }
            sources(context, view.edition.as_ref())?;
            context.out.line(VOLUME)
        }
    }
}

async fn trend(context: &mut Context, arguments: Trend) -> Done {
    let question = CourseQuestion {
        exporters: arguments.exporter,
        from: arguments.from,
        to: arguments.to,
        window: Some(arguments.window),
        edition: arguments.edition,
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = reader.market_courses(&question).await;
    store.close().await;
    let view = found?;
    let object = CoursesObject::of(&view);
    match arguments.format {
        Format::Json => context.out.json(&object),
        Format::Csv => {
            if let Some(unknown) = &object.unknown {
                context.out.note(&format!("Unknown: {unknown}"));
            }
            let window = object.window;
            let rows = object.exporters.iter().flat_map(|one| {
                one.points.iter().map(move |point| {
                    vec![
                        point.year.to_string(),
                        one.exporter.clone(),
                        point.rank.map(|rank| rank.to_string()).unwrap_or_default(),
                        point.value.as_ref().map(|value| value.to_string()).unwrap_or_default(),
                        point.share_pct.map(|share| share.to_string()).unwrap_or_default(),
                        window.to_string(),
                    ]
                })
            });
            context.out.csv(&["year", "exporter", "rank", "value", "share_pct", "window"], rows)
        }
        Format::Text => {
            let by = match view.window {
                1 => "year by year".to_owned(),
                window => format!("a year on average of the {window} that end with each"),
            };
            context.out.line(&format!("Exporters over time, {}, {by}", years(view.period)))?;
            if let Some(unknown) = &view.unknown {
                context.out.line(&format!("Unknown: {unknown}"))?;
            }
            for course in &view.courses {
                context.out.line(&format!("\n{}", course.exporter))?;
                for (year, point) in &course.points {
                    context.out.line(&match point {
                        None => format!("  {year}     –"),
                        Some(point) => {
                            let share = point.share.map(|share| format!("{share} %")).unwrap_or_default();
                            let value = group(&point.value.to_string());
                            format!("  {year}  {:>4}  {value:>10}  {share:>7}", point.rank)
                        }
                    })?;
                }
            }
            context.out.line("")?;
            sources(context, view.edition.as_ref())?;
            context.out.line(VOLUME)
        }
    }
}

async fn deals(context: &mut Context, arguments: Deals) -> Done {
    let filter = DealFilter {
        supplier: arguments.supplier,
        recipient: arguments.recipient,
        from: arguments.from,
        to: arguments.to,
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let first = reader.market_deals(&filter, entente_store::reader::Page::first(1)).await?;
    let found = every(async |page| Ok(reader.market_deals(&filter, page).await?.deals)).await?;
    store.close().await;
    let total = i64::try_from(found.len()).unwrap_or(i64::MAX);
    let rows: Vec<DealObject> = found.into_iter().map(DealObject::of).collect();
    match arguments.format {
        Format::Json => context.out.json(&DealsObject {
            basis: Series::TradeRegister.basis(),
            edition: first.edition.as_ref().map(EditionInForce::citation),
            rows,
            total,
            offset: 0,
            limit: total,
        }),
        Format::Csv => context.out.csv(&DealObject::COLUMNS, rows.into_iter().map(DealObject::cells)),
        Format::Text => {
            match (&first.edition, rows.is_empty()) {
                (None, _) => context.out.line("Unknown: the register knew no edition of trade_register; `entente import market FILE` brings one in.")?,
                (Some(_), true) => context.out.line("No deal answers to this.")?,
                _ => {}
            }
            for row in rows {
                if let [
                    recipient,
                    supplier,
                    ordered,
                    number,
                    designation,
                    description,
                    delivered,
                    years,
                    ..,
                ] = row.cells().as_slice()
                {
                    let or = |text: &String| if text.is_empty() { "..".to_owned() } else { text.clone() };
                    context.out.line(&format!(
                        "{supplier} → {recipient}, ordered {}: {} × {designation}, {description}; delivered {} in {}",
                        or(ordered),
                        or(number),
                        or(delivered),
                        or(years)
                    ))?;
                }
            }
            sources(context, first.edition.as_ref())
        }
    }
}

async fn editions(context: &mut Context, view: &View, format: Format) -> Done {
    let (store, reader) = view.reader(context).await?;
    let found = reader.statistics().await;
    store.close().await;
    let found = found?;
    let objects: Vec<StatisticEditionObject> = found.iter().map(StatisticEditionObject::of).collect();
    match format {
        Format::Json => context.out.json(&objects),
        Format::Csv => context
            .out
            .csv(&StatisticEditionObject::COLUMNS, objects.iter().map(StatisticEditionObject::cells)),
        Format::Text if found.is_empty() => {
            context.out.line("The register knows no edition of any statistic.")
        }
        Format::Text => found.iter().try_for_each(|row| {
            let (edition, is) = (&row.edition, if row.in_force { "in force" } else { "earlier" });
            context.out.line(&format!(
                "{:<20}  {is:<8}  {} to {}, {} rows\n    {}",
                edition.series.word(),
                edition.imported.first_year,
                edition.imported.last_year,
                edition.imported.rows,
                edition.citation()
            ))
        }),
    }
}
