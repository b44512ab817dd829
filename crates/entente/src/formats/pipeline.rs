//! Figures of opportunities for programs: a block of the brief.

use entente_register::brief::Pipeline;
use entente_register::money::{Currency, Decimal, Money};
use serde::Serialize;
use utoipa::ToSchema;

/// Open opportunities, deadlines, the win rate of the year to date, and what may be expected. Numbers are of all
/// opportunities; amounts are of those that were offered in the brief's currency.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PipelineFigures {
    /// Not ended.
    pub open: i64,
    /// Of these, to be answered within thirty days.
    pub due_soon: i64,
    /// Of these, unanswered past their deadline.
    pub overdue: i64,
    /// Won in the year to date.
    pub won: i64,
    /// Lost in the year to date.
    pub lost: i64,
    /// Won ÷ (won + lost), in per cent; null where nothing was decided.
    #[schema(value_type = Option<f64>)]
    pub win_pct: Option<Decimal>,
    /// What was offered last of those won.
    pub won_value: String,
    /// What was offered last of those won or lost.
    pub decided_value: String,
    /// The one ÷ the other, in per cent; null where nothing was decided.
    #[schema(value_type = Option<f64>)]
    pub win_value_pct: Option<Decimal>,
    /// Of what is offered and not decided: value × probability.
    pub expected_intake: String,
    /// By partner, those with the most open first.
    pub by_partner: Vec<PartnerPipelineFigures>,
    /// Those to be answered within thirty days, the nearest first.
    pub deadlines: Vec<DeadlineFigures>,
}

/// Open opportunities with one partner.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartnerPipelineFigures {
    /// Code.
    pub partner: String,
    /// Name.
    pub name: String,
    /// Not ended.
    pub open: i64,
    /// Of these, to be answered within thirty days.
    pub due_soon: i64,
    /// What was offered last and is not decided.
    pub offered_value: String,
}

/// An opportunity that is to be answered soon.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct DeadlineFigures {
    /// Number.
    pub opportunity: String,
    /// What it is about.
    pub title: String,
    /// Code of the partner.
    pub partner: String,
    /// By when.
    #[schema(format = Date)]
    pub deadline: String,
}

impl PipelineFigures {
    /// In words of numbers.
    pub fn of(figures: &Pipeline, currency: Currency) -> PipelineFigures {
        let amount = |minor: i64| Money::new(minor, currency).decimal();
        PipelineFigures {
            open: figures.open,
            due_soon: figures.due_soon,
            overdue: figures.overdue,
            won: figures.won,
            lost: figures.lost,
            win_pct: figures.win_pct.value().copied(),
            won_value: amount(figures.won_value),
            decided_value: amount(figures.decided_value),
            win_value_pct: figures.win_value_pct.value().copied(),
            expected_intake: amount(figures.expected_intake),
            by_partner: figures
                .by_partner
                .iter()
                .map(|row| PartnerPipelineFigures {
                    partner: row.code.clone(),
                    name: row.name.clone(),
                    open: row.open,
                    due_soon: row.due_soon,
                    offered_value: amount(row.offered_value),
                })
                .collect(),
            deadlines: figures
                .deadlines
                .iter()
                .map(|one| DeadlineFigures {
                    opportunity: one.number.clone(),
                    title: one.title.clone(),
                    partner: one.partner.clone(),
                    deadline: one.deadline.to_string(),
                })
                .collect(),
        }
    }
}
