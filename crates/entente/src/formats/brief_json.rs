//! The brief for programs. The keys and their meaning are a contract: keys are
//! added, never renamed.
//!
//! Amounts are strings with the currency's decimals, percentages numbers rounded
//! to one decimal, ratios to two. What is unknown is null, and `unknown` says why,
//! by the name of the figure.

use std::collections::BTreeMap;

use entente_register::brief::{Breakdown, Brief, FigureName, Forecast, Known, Month, Provenance, provenance};
use entente_register::money::{Decimal, Money};
use serde::Serialize;
use utoipa::ToSchema;

use super::brief_basis::{EarlierYearObject, RemainingObject};
use super::figure::{api_link, pinned_subject, words};
use super::payment::PaymentsFigures;
use super::pipeline::PipelineFigures;

/// The brief.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[schema(title = "Brief")]
pub struct BriefDocument {
    /// Acts dated after this day do not count.
    #[schema(format = Date, examples("2012-09-30"))]
    pub as_of: String,
    /// What was recorded after this instant is not known.
    #[schema(format = DateTime, examples("2012-10-01T00:00:00Z"))]
    pub known_at: String,
    /// Whether the register is a demonstration, with invented contracts.
    pub demonstration: bool,
    /// The join of the markings of all that it was gathered from; null where there was nothing.
    #[schema(examples("SECRET//AVIATION"))]
    pub marking: Option<String>,
    /// What every figure is a figure of.
    pub conventions: ConventionsObject,
    /// Deliveries of the year to date.
    pub deliveries: DeliveriesObject,
    /// Contracts by how they are carried out.
    pub contracts: ContractsObject,
    /// Comparison with the year before.
    pub previous_year: PreviousYearObject,
    /// What is still owed, and what is new.
    pub order_book: OrderBookObject,
    /// Forecasts to the end of the year, one a method.
    pub forecasts: Vec<ForecastObject>,
    /// The earlier years that the forecasts and their back-tests use.
    pub earlier_years: Vec<EarlierYearObject>,
    /// What lines due by the year's end still owe, and how often such lines slipped over a year's end.
    pub remaining: RemainingObject,
    /// By partner, the largest delivered first.
    pub by_partner: Vec<PartnerFigures>,
    /// By group of states, membership as of the brief's date.
    pub by_group: Vec<GroupFigures>,
    /// Month by month of the brief's year.
    pub months: Vec<MonthObject>,
    /// What needs attention.
    pub alerts: Vec<AlertObject>,
    /// What came in, and what is owed for what was delivered.
    pub payments: PaymentsFigures,
    /// Opportunities before a contract.
    pub pipeline: PipelineFigures,
    /// Why a figure is null, by its name.
    pub unknown: BTreeMap<String, String>,
    /// How each figure opens, by its name: its path in this object.
    pub figures: BTreeMap<String, FigureOpening>,
}

/// Conventions of the figures.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ConventionsObject {
    /// `title_passed` or `handed_over`.
    pub counting: String,
    /// The plan version used, `YEAR:VERSION`.
    #[schema(examples("2012:3"))]
    pub plan: Option<String>,
    /// ISO 4217 code.
    pub currency: String,
    /// The last day whose acts count.
    #[schema(format = Date)]
    pub cut_off: String,
    /// At which prices the figures are.
    pub basis: &'static str,
    /// Of which contracts, by the reader's clearance alone.
    pub scope: String,
    /// Currencies of other contracts open to the reader; each has a brief of its own.
    pub other_currencies: Vec<String>,
    /// What is not known, where the cut-off lies past the horizon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub caution: Option<String>,
}

/// Deliveries of the year to date.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[allow(missing_docs)] // Named as the fields of `Deliveries` in the register.
pub struct DeliveriesObject {
    pub plan_year: Option<String>,
    pub plan_to_date: Option<String>,
    pub delivered: String,
    pub count: i64,
    #[schema(value_type = Option<f64>)]
    pub execution_pct: Option<Decimal>,
    #[schema(value_type = Option<f64>)]
    pub spi: Option<Decimal>,
    #[schema(value_type = Option<f64>)]
    pub on_time_pct: Option<Decimal>,
    #[schema(value_type = Option<f64>)]
    pub on_time_year_pct: Option<Decimal>,
    pub overdue: OverdueObject,
}

/// Lines due and not delivered in full.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct OverdueObject {
    /// How many.
    pub lines: i64,
    /// What they still owe.
    pub value: String,
}

/// Contracts by how they are carried out.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ContractsObject {
    /// In force.
    pub in_force: i64,
    /// Of these, without an overdue line and without an open claim.
    pub as_planned: i64,
    /// Of these, all others.
    pub behind: i64,
}

/// Comparison with the year before.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[allow(missing_docs)] // Named as the fields of `PreviousYear` in the register.
pub struct PreviousYearObject {
    pub delivered: String,
    pub delivered_same_date: String,
    #[schema(value_type = Option<f64>)]
    pub delivered_change_pct: Option<Decimal>,
    #[schema(value_type = Option<f64>)]
    pub plan_change_pct: Option<Decimal>,
}

/// What is still owed, and what is new.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
#[allow(missing_docs)] // Named as the fields of `OrderBook` in the register.
pub struct OrderBookObject {
    pub backlog: String,
    #[schema(value_type = Option<f64>)]
    pub years_of_cover: Option<Decimal>,
    pub signed: String,
    pub signed_count: i64,
    #[schema(value_type = Option<f64>)]
    pub book_to_bill: Option<Decimal>,
}

/// A forecast of the deliveries of the whole year.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct ForecastObject {
    /// `run_rate`, `seasonal`, `plan` or `bottom_up`.
    pub method: &'static str,
    /// Low bound of the 80 % interval.
    pub low: Option<String>,
    /// The forecast.
    pub mid: Option<String>,
    /// High bound of the 80 % interval.
    pub high: Option<String>,
    /// Against the total of the year before, in per cent.
    #[schema(value_type = Option<f64>)]
    pub change_on_previous_year_pct: Option<Decimal>,
    /// Mean absolute error on earlier years, in per cent.
    #[schema(value_type = Option<f64>)]
    pub backtest_error_pct: Option<Decimal>,
    /// Why there is no forecast.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Why there is no interval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_reason: Option<String>,
    /// From how many years the interval is, and why a bound is where it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interval_note: Option<String>,
    /// Why there is no comparison with the year before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change_reason: Option<String>,
    /// Why the error is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest_reason: Option<String>,
    /// What the method would have said in earlier years.
    pub backtests: Vec<BackTestObject>,
}

/// What a method would have said in an earlier year on the same date, and what came.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct BackTestObject {
    /// The year.
    pub year: i16,
    /// What the method says.
    pub forecast: String,
    /// What came.
    pub actual: String,
}

/// Deliveries of one partner.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct PartnerFigures {
    /// ISO 3166-1 alpha-3.
    pub partner: String,
    /// Name for people.
    pub name: String,
    /// Delivered in the year to date.
    pub delivered: String,
    /// Planned for the year.
    pub planned: Option<String>,
    /// Delivered ÷ planned.
    #[schema(value_type = Option<f64>)]
    pub execution_pct: Option<Decimal>,
    /// Delivered in the year before to the same date.
    pub previous_same_date: String,
}

/// Deliveries of the members of one group.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct GroupFigures {
    /// Its code.
    pub group: String,
    /// Name for people.
    pub name: String,
    /// Delivered in the year to date.
    pub delivered: String,
    /// Planned for the year.
    pub planned: Option<String>,
    /// Delivered ÷ planned.
    #[schema(value_type = Option<f64>)]
    pub execution_pct: Option<Decimal>,
    /// Delivered in the year before to the same date.
    pub previous_same_date: String,
    /// Members on the brief's date, ISO 3166-1 alpha-3.
    pub members: Vec<String>,
}

/// One month of the brief's year.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct MonthObject {
    /// 1 to 12.
    pub month: i8,
    /// Delivered in it; null for months after the cut-off, or after the last that is known.
    pub delivered: Option<String>,
    /// Why that is null for a month up to the cut-off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Planned in it.
    pub planned: Option<String>,
    /// Delivered in the same month of the year before.
    pub previous: String,
    /// Delivered from January to its end; null where `delivered` is.
    pub delivered_sum: Option<String>,
    /// Planned from January to its end.
    pub planned_sum: Option<String>,
}

/// Something that needs attention.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct AlertObject {
    /// `overdue`, `due_soon`, `at_risk` or `instalment_overdue`.
    pub kind: &'static str,
    /// Number of the contract.
    pub contract: String,
    /// Number of the line, where it is about one.
    pub line: Option<String>,
    /// Number of the instalment, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instalment: Option<String>,
    /// Code of the partner.
    pub partner: String,
    /// What it is, for people.
    pub title: String,
    /// The contractual date, where it is about a line or an instalment.
    #[schema(format = Date)]
    pub due_on: Option<String>,
    /// The value still owed.
    pub value: String,
    /// Why, in words.
    pub reason: String,
    /// Where it opens in the JSON API.
    pub link: String,
}

/// How a figure opens.
#[derive(Debug, Clone, PartialEq, Serialize, ToSchema)]
pub struct FigureOpening {
    /// Its name for people.
    pub title: String,
    /// Where it opens, down to lines and documents.
    pub link: String,
    /// What rows it sums or counts, or by what rule it is worked out.
    pub provenance: String,
    /// The figures that it is worked out from, where it is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub operands: Vec<String>,
}

/// The brief as an object for programs; `demonstration` says that its contracts are invented.
pub fn document(brief: &Brief, demonstration: bool) -> BriefDocument {
    Writer { brief, demonstration, unknown: BTreeMap::new() }.document()
}

/// The brief as text of JSON, indented, with a line end.
///
/// # Errors
/// None in practice: an object of texts and numbers always serialises.
pub fn text(brief: &Brief, demonstration: bool) -> Result<String, serde_json::Error> {
    serde_json::to_string_pretty(&document(brief, demonstration)).map(|text| text + "\n")
}

pub(super) struct Writer<'a> {
    brief: &'a Brief,
    demonstration: bool,
    unknown: BTreeMap<String, String>,
}

impl Writer<'_> {
    fn document(mut self) -> BriefDocument {
        let brief = self.brief;
        let conventions = &brief.conventions;
        let deliveries = self.deliveries();
        let previous_year = self.previous_year();
        let order_book = self.order_book();
        let by_partner = brief.by_partner.iter().map(|row| self.partner(row)).collect();
        let by_group = brief.by_group.iter().map(|row| self.group(row)).collect();
        let forecasts = brief.forecasts.iter().map(|f| self.forecast(f)).collect();
        BriefDocument {
            as_of: conventions.as_of.to_string(),
            known_at: conventions.known_at.to_string(),
            demonstration: self.demonstration,
            marking: brief.marking.as_ref().map(ToString::to_string),
            conventions: ConventionsObject {
                counting: conventions.counting.word().to_owned(),
                plan: brief.plan.value().map(ToString::to_string),
                currency: conventions.currency.code().to_owned(),
                cut_off: conventions.as_of.to_string(),
                basis: "contract price",
                scope: conventions.scope.clone(),
                other_currencies: conventions.other_currencies.iter().map(|c| c.code().to_owned()).collect(),
                caution: conventions.caution(),
            },
            deliveries,
            contracts: ContractsObject {
                in_force: brief.contracts.in_force,
                as_planned: brief.contracts.as_planned,
                behind: brief.contracts.behind,
            },
            previous_year,
            order_book,
            forecasts,
            by_partner,
            by_group,
            months: brief.months.iter().map(|month| self.month(month)).collect(),
            earlier_years: brief
                .earlier_years
                .iter()
                .map(|year| EarlierYearObject::of(year, &mut self))
                .collect(),
            remaining: RemainingObject::of(&brief.remaining, &mut self),
            alerts: self.alerts(),
            payments: PaymentsFigures::of(&brief.payments, conventions.currency),
            pipeline: self.pipeline(),
            figures: self.figures(),
            unknown: self.unknown,
        }
    }

    fn pipeline(&mut self) -> PipelineFigures {
        let pipeline = &self.brief.pipeline;
        // Of a register that keeps no opportunities there is no reason to give.
        if pipeline.registered > 0 {
            self.known(&FigureName::PipelineWinPct, &pipeline.win_pct);
            self.known(&FigureName::PipelineWinValuePct, &pipeline.win_value_pct);
        }
        PipelineFigures::of(pipeline, self.brief.conventions.currency)
    }

    pub(super) fn amount(&self, minor: i64) -> String {
        Money::new(minor, self.brief.conventions.currency).decimal()
    }

    /// The value; a reason is kept under the figure's name.
    pub(super) fn known<T: Clone>(&mut self, name: &FigureName, known: &Known<T>) -> Option<T> {
        if let Some(reason) = known.reason() {
            self.unknown.insert(name.to_string(), reason.to_owned());
        }
        known.value().cloned()
    }

    pub(super) fn money(&mut self, name: &FigureName, known: &Known<i64>) -> Option<String> {
        self.known(name, known).map(|minor| self.amount(minor))
    }

    fn deliveries(&mut self) -> DeliveriesObject {
        let d = &self.brief.deliveries;
        DeliveriesObject {
            plan_year: self.money(&FigureName::PlanYear, &d.plan_year),
            plan_to_date: self.money(&FigureName::PlanToDate, &d.plan_to_date),
            delivered: self.amount(d.delivered),
            count: d.count,
            execution_pct: self.known(&FigureName::ExecutionPct, &d.execution_pct),
            spi: self.known(&FigureName::Spi, &d.spi),
            on_time_pct: self.known(&FigureName::OnTimePct, &d.on_time_pct),
            on_time_year_pct: self.known(&FigureName::OnTimeYearPct, &d.on_time_year_pct),
            overdue: OverdueObject { lines: d.overdue_lines, value: self.amount(d.overdue_value) },
        }
    }

    fn previous_year(&mut self) -> PreviousYearObject {
        let p = &self.brief.previous_year;
        PreviousYearObject {
            delivered: self.amount(p.delivered),
            delivered_same_date: self.amount(p.delivered_same_date),
            delivered_change_pct: self.known(&FigureName::PreviousChangePct, &p.delivered_change_pct),
            plan_change_pct: self.known(&FigureName::PlanChangePct, &p.plan_change_pct),
        }
    }

    fn order_book(&mut self) -> OrderBookObject {
        let o = &self.brief.order_book;
        OrderBookObject {
            backlog: self.amount(o.backlog),
            years_of_cover: self.known(&FigureName::YearsOfCover, &o.years_of_cover),
            signed: self.amount(o.signed),
            signed_count: o.signed_count,
            book_to_bill: self.known(&FigureName::BookToBill, &o.book_to_bill),
        }
    }

    fn forecast(&mut self, forecast: &Forecast) -> ForecastObject {
        let reason = |known: Option<&str>| known.map(str::to_owned);
        let interval = forecast.interval.value();
        let mid = self.money(&FigureName::Forecast(forecast.method), &forecast.mid);
        ForecastObject {
            method: forecast.method.word(),
            low: interval.map(|i| self.amount(i.0)),
            mid,
            high: interval.map(|i| self.amount(i.1)),
            change_on_previous_year_pct: forecast.change_on_previous_year_pct.value().copied(),
            backtest_error_pct: forecast.backtest_error_pct.value().copied(),
            reason: reason(forecast.mid.reason()),
            interval_reason: reason(forecast.interval.reason()),
            interval_note: forecast.interval_note.clone(),
            change_reason: reason(forecast.change_on_previous_year_pct.reason()),
            backtest_reason: reason(forecast.backtest_error_pct.reason()),
            backtests: forecast
                .backtests
                .iter()
                .map(|t| BackTestObject {
                    year: t.year,
                    forecast: self.amount(t.forecast),
                    actual: self.amount(t.actual),
                })
                .collect(),
        }
    }

    fn month(&mut self, month: &Month) -> MonthObject {
        let conventions = &self.brief.conventions;
        MonthObject {
            month: month.month,
            delivered: month.delivered.map(|d| self.amount(d)),
            reason: conventions
                .known_until()
                .filter(|_| month.delivered.is_none() && month.month <= conventions.as_of.month())
                .map(|day| format!("what came after {day} is not known")),
            planned: self.money(&FigureName::MonthPlanned(month.month), &month.planned),
            previous: self.amount(month.previous),
            delivered_sum: month.delivered_sum.map(|d| self.amount(d)),
            planned_sum: self.money(&FigureName::MonthPlannedSum(month.month), &month.planned_sum),
        }
    }

    fn partner(&mut self, row: &Breakdown) -> PartnerFigures {
        PartnerFigures {
            partner: row.code.clone(),
            name: row.name.clone(),
            delivered: self.amount(row.delivered),
            planned: self.money(&FigureName::PartnerPlanned(row.code.clone()), &row.planned),
            execution_pct: self.known(&FigureName::PartnerExecution(row.code.clone()), &row.execution_pct),
            previous_same_date: self.amount(row.previous_same_date),
        }
    }

    fn group(&mut self, row: &Breakdown) -> GroupFigures {
        GroupFigures {
            group: row.code.clone(),
            name: row.name.clone(),
            delivered: self.amount(row.delivered),
            planned: self.money(&FigureName::GroupPlanned(row.code.clone()), &row.planned),
            execution_pct: self.known(&FigureName::GroupExecution(row.code.clone()), &row.execution_pct),
            previous_same_date: self.amount(row.previous_same_date),
            members: row.members.clone(),
        }
    }

    fn alerts(&self) -> Vec<AlertObject> {
        let query = pinned_subject(&self.brief.conventions).query();
        let link = |alert: &entente_register::brief::Alert| match (&alert.line, &alert.instalment) {
            (Some(line), _) => format!("/api/v1/lines/{line}{query}"),
            (None, Some(_)) => format!("/api/v1/contracts/{}/payments{query}", alert.contract),
            (None, None) => format!("/api/v1/contracts/{}{query}", alert.contract),
        };
        self.brief
            .alerts
            .iter()
            .map(|alert| AlertObject {
                kind: alert.kind.word(),
                contract: alert.contract.clone(),
                line: alert.line.clone(),
                instalment: alert.instalment.clone(),
                partner: alert.partner.clone(),
                title: alert.title.clone(),
                due_on: alert.due_on.map(|d| d.to_string()),
                value: self.amount(alert.value),
                reason: alert.reason.clone(),
                link: link(alert),
            })
            .collect()
    }

    fn figures(&self) -> BTreeMap<String, FigureOpening> {
        FigureName::all(self.brief)
            .into_iter()
            .map(|name| {
                let (provenance, operands) = match provenance(&name, self.brief) {
                    Provenance::Rows(sources) => (words(&sources), Vec::new()),
                    Provenance::Formula { words, operands } => {
                        (words, operands.iter().map(ToString::to_string).collect())
                    }
                };
                let link = api_link(&self.brief.conventions, &name);
                (name.to_string(), FigureOpening { title: name.title(), link, provenance, operands })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::sample;

    #[test]
    fn the_brief_for_programs() {
        insta::assert_snapshot!(text(&sample::brief(), true).unwrap());
    }

    #[test]
    fn what_is_unknown_is_null_with_its_reason() {
        insta::assert_snapshot!(text(&sample::nothing(), false).unwrap());
    }

    #[test]
    fn what_came_after_the_horizon_is_null_with_its_reason() {
        let document = serde_json::to_value(document(&sample::past_the_horizon(), false)).unwrap();
        let caution = document["conventions"]["caution"].as_str().unwrap();
        assert!(caution.contains("after 2012-10-01 is not known"), "{caution}");
        let december = &document["months"][11];
        assert!(december["delivered"].is_null(), "{december}");
        assert_eq!(december["reason"], "what came after 2012-10-01 is not known");
    }

    #[test]
    fn every_figure_in_the_object_opens() {
        let document = serde_json::to_value(document(&sample::brief(), true)).unwrap();
        for path in document["unknown"].as_object().unwrap().keys() {
            assert!(document["figures"][path].is_object(), "{path}");
        }
        for (place, family) in
            [("months", "month"), ("earlier_years", "year"), ("by_partner", "partner"), ("by_group", "group")]
        {
            for row in document[place].as_array().unwrap() {
                let key = row[family].as_str().map_or_else(|| row[family].to_string(), str::to_owned);
                for (field, value) in row.as_object().unwrap() {
                    let own = [family, "name", "members", "reason", "lines_due", "lines_slipped"];
                    if !own.contains(&field.as_str()) && !value.is_null() {
                        let name = format!("{place}.{key}.{field}");
                        assert!(document["figures"][&name].is_object(), "{name}");
                    }
                }
            }
        }
        // Every figure opens to rows, at most through one formula, whose figures are figures of the brief.
        let figures = document["figures"].as_object().unwrap();
        for (name, figure) in figures {
            for operand in figure["operands"].as_array().into_iter().flatten() {
                let opened = &figures[operand.as_str().unwrap()];
                assert!(opened["operands"].is_null(), "{name}: {operand}");
            }
        }
        for section in ["deliveries", "contracts", "previous_year", "order_book"] {
            for key in document[section].as_object().unwrap().keys() {
                let name = format!("{section}.{key}");
                // Counts beside a figure open with it.
                if !matches!(key.as_str(), "count" | "signed_count") {
                    assert!(document["figures"][&name].is_object(), "{name}");
                }
            }
        }
    }
}
