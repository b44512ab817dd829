//! The file of a partner: where we stand with whom.

use askama::Template;
use axum::extract::Path;
use entente_register::access::{Reading, may_read};
use entente_store::reader::{DueFilter, OpportunityFilter, Page, PartnerFile};

use super::SumsView;
use crate::chart::{Bar, Svg, bar};
use crate::error::Answer;
use crate::web::calendar::DueCells;
use crate::web::frame::{Frame, Part};
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// Deliveries of a year.
#[derive(Debug, Clone)]
pub(crate) struct YearCells {
    pub(crate) year: i16,
    pub(crate) amount: String,
    pub(crate) deliveries: String,
    pub(crate) bar: Svg,
    /// The reader's own year, up to the reader's day.
    pub(crate) to_date: bool,
}

/// An opportunity that has not ended.
#[derive(Debug, Clone)]
pub(crate) struct LeadCells {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) value: String,
    pub(crate) probability: String,
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct FileView {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) groups: String,
    pub(crate) sums: SumsView,
    /// None for those who see their own business alone.
    pub(crate) years: Option<Vec<YearCells>>,
    pub(crate) due: Vec<DueCells>,
    /// Lines that are owed beyond those that the page shows.
    pub(crate) due_beyond: String,
    /// None for those who may not read opportunities.
    pub(crate) leads: Option<Vec<LeadCells>>,
    pub(crate) leads_beyond: String,
    /// Ways on: name and address.
    pub(crate) ways: Vec<(&'static str, String)>,
}

#[derive(Template)]
#[template(path = "partner/file.html")]
pub(crate) struct FilePage {
    pub(crate) frame: Frame,
    pub(crate) view: FileView,
}

/// Lines and opportunities that the page shows at most; the lists show all.
pub(super) const SHOWN: i64 = 12;

/// Opportunities with a partner that have not ended.
pub(super) fn running(code: &str) -> OpportunityFilter {
    OpportunityFilter {
        state: Some("running".to_owned()),
        partner: Some(code.to_owned()),
        ..OpportunityFilter::default()
    }
}

/// `GET /partners/{code}`
pub(in crate::web) async fn get(visit: Visit, Path(code): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let options = visit.view.options();
    let file = reader.partner_file(&code, &options).await?;
    let own = DueFilter { partner: Some(code.clone()), open: true, ..DueFilter::default() };
    let due = reader.calendar(&own, Page::first(SHOWN)).await?;
    let leads = if may_read(visit.actor(), Reading::Opportunities).is_some() {
        Some(reader.opportunities(&running(&code), Page::first(SHOWN)).await?)
    } else {
        None
    };
    let way = visit.way();
    let labels = due.rows.iter().map(|row| &row.label);
    let labels = labels.chain(leads.iter().flat_map(|found| found.rows.iter().map(|row| &row.label)));
    let frame = visit
        .frame(Part::Partners, format!("Partner {}", file.name), &reader)
        .marked_by(file.marking.iter().chain(labels));
    let beyond = |total: i64, shown: usize| match total - shown as i64 {
        0 => String::new(),
        more => show::count(more),
    };
    let view = FileView {
        due: due.rows.iter().map(|row| DueCells::of(row, &way)).collect(),
        due_beyond: beyond(due.total, due.rows.len()),
        leads_beyond: leads.as_ref().map(|found| beyond(found.total, found.rows.len())).unwrap_or_default(),
        leads: leads.map(|found| {
            found
                .rows
                .iter()
                .map(|row| LeadCells {
                    number: row.number.clone(),
                    href: way.to(&format!("/opportunities/{}", row.number)),
                    title: row.title.clone(),
                    state: show::capital(&row.state),
                    value: row
                        .value
                        .map(|value| {
                            format!("{} {}", show::exact(value.minor, value.currency), value.currency)
                        })
                        .unwrap_or_default(),
                    probability: row.probability.map(|one| format!("{one} %")).unwrap_or_default(),
                })
                .collect()
        }),
        ..view(&file, reader.as_of().year(), options.counting.name(), &way)
    };
    crate::web::page(&FilePage { frame, view })
}

/// Writes the file for people, without the lists beside it.
pub(crate) fn view(file: &PartnerFile, this_year: i16, counted: &str, way: &Way) -> FileView {
    let partner = [("partner", file.code.as_str())];
    let most = file.years.iter().flatten().map(|year| year.amount).max().unwrap_or(0);
    FileView {
        code: file.code.clone(),
        name: file.name.clone(),
        groups: file.groups.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>().join(", "),
        sums: SumsView::of(
            &file.sums,
            file.currency,
            counted,
            &format!("/partners/{}", file.code),
            way,
            |state| way.with("/contracts", &[("partner", &file.code), ("state", state)]),
        ),
        years: file.years.as_ref().map(|years| {
            years
                .iter()
                .rev()
                .map(|year| YearCells {
                    year: year.year,
                    amount: show::exact(year.amount, file.currency),
                    deliveries: show::count(year.deliveries),
                    bar: bar(&Bar { value: year.amount, mark: None, track: false, most }),
                    to_date: year.year == this_year,
                })
                .collect()
        }),
        due: Vec::new(),
        due_beyond: String::new(),
        leads: None,
        leads_beyond: String::new(),
        ways: vec![
            ("Contracts", way.with("/contracts", &partner)),
            ("Calendar", way.with("/calendar", &partner)),
            ("Timeline", way.with("/timeline", &partner)),
        ],
    }
}
