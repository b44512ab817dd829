//! The tables of the brief for spreadsheets.

use entente_register::brief::{Breakdown, Brief, Known};
use entente_register::money::Currency;

use crate::error::Answer;
use crate::formats::table::{Kind, Out};
use crate::web::spreadsheet::{Table, known, minor, optional, text};
use crate::web::visit::Visit;

/// A table of the brief.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::web) enum Of {
    /// Forecasts to the end of the year, one a method.
    Forecasts,
    /// Deliveries and plan by month.
    Months,
    /// By partner.
    Partners,
    /// By group.
    Groups,
    /// Open opportunities by partner.
    Pipeline,
    /// Opportunities to be answered within thirty days.
    Deadlines,
}

/// `GET /brief/months.csv` and the like, by the conventions of the view.
pub(in crate::web) async fn export(visit: Visit, of: Of, kind: Kind) -> Answer {
    let reader = visit.reader().await?;
    let brief = reader.brief(&visit.view.options()).await?;
    let table = match of {
        Of::Forecasts => forecasts(&brief),
        Of::Months => months(&brief),
        Of::Partners => breakdown("by-partner", &brief.by_partner, brief.conventions.currency),
        Of::Groups => breakdown("by-group", &brief.by_group, brief.conventions.currency),
        Of::Pipeline => pipeline(&brief),
        Of::Deadlines => deadlines(&brief),
    };
    table.answer(kind, reader.as_of()).await
}

fn known_minor(value: &Known<i64>, currency: Currency) -> Out {
    value.value().map_or(Out::Empty, |value| minor(*value, currency))
}

fn forecasts(brief: &Brief) -> Table {
    let currency = brief.conventions.currency;
    let rows = brief.forecasts.iter().map(|one| {
        let interval = one.interval.value();
        vec![
            text(one.method.word()),
            known_minor(&one.mid, currency),
            interval.map_or(Out::Empty, |(low, _)| minor(*low, currency)),
            interval.map_or(Out::Empty, |(_, high)| minor(*high, currency)),
            text(currency.code()),
            known(&one.change_on_previous_year_pct),
            known(&one.backtest_error_pct),
            optional(one.mid.reason().or(one.interval.reason())),
        ]
    });
    let columns =
        &["method", "amount", "low", "high", "currency", "change_pct", "backtest_error_pct", "not_known"];
    Table { name: "forecasts", columns, rows: rows.collect() }
}

fn months(brief: &Brief) -> Table {
    let currency = brief.conventions.currency;
    let rows = brief.months.iter().map(|month| {
        vec![
            Out::Whole(i64::from(brief.conventions.as_of.year())),
            Out::Whole(i64::from(month.month)),
            month.delivered.map_or(Out::Empty, |delivered| minor(delivered, currency)),
            known_minor(&month.planned, currency),
            minor(month.previous, currency),
            month.delivered_sum.map_or(Out::Empty, |sum| minor(sum, currency)),
            known_minor(&month.planned_sum, currency),
            text(currency.code()),
        ]
    });
    let columns = &[
        "year",
        "month",
        "delivered",
        "planned",
        "delivered_year_before",
        "delivered_to_its_end",
        "planned_to_its_end",
        "currency",
    ];
    Table { name: "months", columns, rows: rows.collect() }
}

fn breakdown(name: &'static str, rows: &[Breakdown], currency: Currency) -> Table {
    let rows = rows.iter().map(|row| {
        vec![
            text(&row.code),
            text(&row.name),
            text(row.members.join(", ")),
            minor(row.delivered, currency),
            known_minor(&row.planned, currency),
            known(&row.execution_pct),
            minor(row.previous_same_date, currency),
            text(currency.code()),
        ]
    });
    let columns = &[
        "code",
        "name",
        "members",
        "delivered",
        "planned",
        "execution_pct",
        "delivered_year_before_same_date",
        "currency",
    ];
    Table { name, columns, rows: rows.collect() }
}

fn pipeline(brief: &Brief) -> Table {
    let currency = brief.conventions.currency;
    let rows = brief.pipeline.by_partner.iter().map(|row| {
        vec![
            text(&row.code),
            text(&row.name),
            Out::Whole(row.open),
            Out::Whole(row.due_soon),
            minor(row.offered_value, currency),
            text(currency.code()),
        ]
    });
    let columns = &["partner", "partner_name", "open", "deadline_within_30_days", "offered", "currency"];
    Table { name: "pipeline", columns, rows: rows.collect() }
}

fn deadlines(brief: &Brief) -> Table {
    let rows =
        brief.pipeline.deadlines.iter().map(|row| {
            vec![text(&row.number), text(&row.partner), text(&row.title), Out::Date(row.deadline)]
        });
    Table {
        name: "deadlines",
        columns: &["opportunity", "partner", "title", "deadline"],
        rows: rows.collect(),
    }
}
