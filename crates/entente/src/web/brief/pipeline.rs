//! The pipeline before a contract, as a section of the brief.

use entente_register::brief::{Brief, FigureName};

use super::view::Shown;
use crate::web::show::{self, Cell};
use crate::web::way::Way;

/// Open opportunities with one partner.
#[derive(Debug, Clone)]
pub(crate) struct PartnerPipelineRow {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) open: String,
    pub(crate) due_soon: String,
    pub(crate) offered: String,
}

/// An opportunity that is to be answered soon.
#[derive(Debug, Clone)]
pub(crate) struct DeadlineRow {
    pub(crate) number: String,
    /// Empty on paper.
    pub(crate) href: String,
    pub(crate) title: String,
    pub(crate) partner: String,
    pub(crate) deadline: String,
    pub(crate) left: String,
}

/// The section.
#[derive(Debug, Clone)]
pub(crate) struct PipelineSection {
    pub(crate) figures: Vec<Shown>,
    pub(crate) partners: Vec<PartnerPipelineRow>,
    pub(crate) deadlines: Vec<DeadlineRow>,
    /// Deadlines that do not stand here, and where all of them do.
    pub(crate) further: usize,
    pub(crate) all: String,
}

/// Deadlines on the page itself.
const MOST: usize = 10;

/// Writes it for people; nothing of a register that keeps no opportunities.
pub(crate) fn pipeline(brief: &Brief, way: &Way) -> Option<PipelineSection> {
    let pipeline = &brief.pipeline;
    if pipeline.registered == 0 {
        return None;
    }
    let as_of = brief.conventions.as_of;
    let currency = brief.conventions.currency;
    let open = |name: &FigureName| way.to(&format!("/figures/{name}"));
    let shown = |label: &str, name: FigureName, value: Cell, unit: &str, note: String| Shown {
        label: label.to_owned(),
        href: open(&name),
        value,
        unit: unit.to_owned(),
        exact: String::new(),
        note,
    };
    let (expected, unit) = show::headline(pipeline.expected_intake, currency);
    Some(PipelineSection {
        figures: vec![
            shown("Open", FigureName::PipelineOpen, Cell::of(show::count(pipeline.open)), "", String::new()),
            shown(
                "Deadlines within thirty days",
                FigureName::PipelineDueSoon,
                Cell::of(show::count(pipeline.due_soon)),
                "",
                String::new(),
            ),
            shown(
                "Unanswered past their deadline",
                FigureName::PipelineOverdue,
                Cell::of(show::count(pipeline.overdue)),
                "",
                String::new(),
            ),
            shown(
                "Win rate this year",
                FigureName::PipelineWinPct,
                Cell::known(&pipeline.win_pct, show::percent),
                "",
                format!("{} won, {} lost", show::count(pipeline.won), show::count(pipeline.lost)),
            ),
            shown(
                "Win rate by value",
                FigureName::PipelineWinValuePct,
                Cell::known(&pipeline.win_value_pct, show::percent),
                "",
                String::new(),
            ),
            shown(
                "Expected order intake",
                FigureName::PipelineExpected,
                Cell::of(expected),
                &unit,
                "last offers × probability".to_owned(),
            ),
        ],
        partners: pipeline
            .by_partner
            .iter()
            .map(|row| PartnerPipelineRow {
                code: row.code.clone(),
                name: row.name.clone(),
                href: open(&FigureName::PartnerOpportunities(row.code.clone())),
                open: show::count(row.open),
                due_soon: show::count(row.due_soon),
                offered: show::exact(row.offered_value, currency),
            })
            .collect(),
        deadlines: pipeline
            .deadlines
            .iter()
            .take(MOST)
            .map(|one| DeadlineRow {
                number: one.number.clone(),
                href: way.to(&format!("/opportunities/{}", one.number)),
                title: one.title.clone(),
                partner: one.partner.clone(),
                deadline: show::day(one.deadline),
                left: crate::web::opportunity::list::deadline_word(one.deadline, as_of),
            })
            .collect(),
        further: pipeline.deadlines.len().saturating_sub(MOST),
        all: open(&FigureName::PipelineDueSoon),
    })
}
