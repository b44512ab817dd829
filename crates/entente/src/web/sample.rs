//! Sample data for the tests of the pages: every kind of value once, known and unknown.

use entente_register::access::{Actor, Role};
use entente_register::brief::{
    Alert, AlertKind, BackTest, Breakdown, Brief, Contracts, Conventions, Deliveries, EarlierYear,
    FigureName, Forecast, Known, MEASURED_BY_OWN, Method, Month, OrderBook, PartnerPipeline,
    PartnerRemaining, Payments, Pipeline, PipelineDeadline, PreviousYear, Provenance, Remaining, Sources,
    Span,
};
use entente_register::contract::delivery::Counting;
use entente_register::contract::plan::{PlanAnswer, PlanPlace, PlanVersion};
use entente_register::contract::stability::{Months, course};
use entente_register::contract::{Claim, ClaimAnswered, ClaimEnded, ClaimKind, ClaimRaised, Settlement};
use entente_register::document::Document;
use entente_register::label::Label;
use entente_register::money::{Currency, Decimal, Money, Quantity, Unit};
use entente_store::reader::{
    AccountRow, BookSums, ContractRow, ContractView, DeliveryRow, DeliveryView, DocumentContent, EventRow,
    FigureValue, HistoryRow, LedgerEntry, LineRow, LineView, Listing, MakerAnswer, MakerRow, OpenedFigure,
    Page, PartyFile, PartyRow, PlanRow, PlanView, ReadLogRow, SourceRow, StateSum,
};
use entente_store::{ApiKeyRow, Origin, SessionRow};
use jiff::Timestamp;
use jiff::civil::Date;

/// What a template must escape.
pub(super) const HOSTILE: &str = "<script>alert('x')</script> & \"quoted\"";

pub(super) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(super) fn instant(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn label() -> Label {
    "CONFIDENTIAL//AVIATION".parse().unwrap()
}

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::USD)
}

fn pct(scaled: i64) -> Known<Decimal> {
    Known::Value(Decimal { scaled, digits: 1 })
}

fn ratio(scaled: i64) -> Known<Decimal> {
    Known::Value(Decimal { scaled, digits: 2 })
}

fn few<T>() -> Known<T> {
    Known::Unknown("fewer than three earlier years can be tested".to_owned())
}

pub(super) fn conventions() -> Conventions {
    Conventions {
        as_of: day("2012-09-30"),
        known_at: instant("2012-10-01T00:00:00Z"),
        counting: Counting::TitlePassed,
        plan: None,
        currency: Currency::USD,
        scope: "all contracts".to_owned(),
        other_currencies: vec!["EUR".parse().unwrap()],
    }
}

/// A brief with everything known.
pub(super) fn brief() -> Brief {
    let months = (1..=12_i8)
        .map(|month| Month {
            month,
            delivered: (month <= 9).then_some(118_888_888_888),
            planned: Known::Value(113_000_000_000),
            previous: 110_000_000_000,
            delivered_sum: (month <= 9).then(|| 118_888_888_888 * i64::from(month)),
            planned_sum: Known::Value(113_000_000_000 * i64::from(month)),
        })
        .collect();
    let partner = |code: &str, name: &str, delivered: i64, planned: i64| Breakdown {
        code: code.to_owned(),
        name: name.to_owned(),
        delivered,
        planned: Known::Value(planned),
        execution_pct: pct(delivered * 1000 / planned),
        previous_same_date: delivered / 2,
        members: Vec::new(),
    };
    Brief {
        conventions: conventions(),
        marking: Some(label()),
        plan: Known::Value(PlanVersion { year: 2012, version: 3 }),
        deliveries: Deliveries {
            delivered: 1_070_000_000_000,
            count: 812,
            plan_year: Known::Value(1_356_000_000_000),
            plan_to_date: Known::Value(1_017_000_000_000),
            execution_pct: pct(789),
            spi: ratio(105),
            on_time_pct: pct(843),
            on_time_year_pct: pct(801),
            overdue_lines: 46,
            overdue_value: 41_200_000_000,
        },
        contracts: Contracts { in_force: 143, as_planned: 104, behind: 39 },
        previous_year: PreviousYear {
            delivered: 1_320_000_000_000,
            delivered_same_date: 960_000_000_000,
            delivered_change_pct: pct(115),
            plan_change_pct: pct(27),
        },
        order_book: OrderBook {
            backlog: 3_910_000_000_000,
            years_of_cover: ratio(273),
            signed: 1_200_000_000_000,
            signed_count: 61,
            book_to_bill: ratio(112),
        },
        forecasts: vec![
            Forecast {
                method: Method::RunRate,
                mid: Known::Value(1_429_270_072_993),
                interval: Known::Value((1_350_000_000_000, 1_510_000_000_000)),
                interval_note: Some("The interval is from 3 earlier years.".to_owned()),
                change_on_previous_year_pct: pct(83),
                backtest_error_pct: pct(41),
                backtests: vec![BackTest {
                    year: 2011,
                    forecast: 1_284_000_000_000,
                    actual: 1_320_000_000_000,
                }],
            },
            Forecast {
                method: Method::Seasonal,
                mid: Known::Value(1_471_000_000_000),
                interval: few(),
                interval_note: None,
                change_on_previous_year_pct: pct(114),
                backtest_error_pct: few(),
                backtests: vec![],
            },
            Forecast {
                method: Method::Plan,
                mid: Known::Value(1_356_000_000_000),
                interval: few(),
                interval_note: None,
                change_on_previous_year_pct: pct(27),
                backtest_error_pct: few(),
                backtests: vec![],
            },
            Forecast {
                method: Method::BottomUp,
                mid: Known::Value(1_502_000_000_000),
                interval: few(),
                interval_note: None,
                change_on_previous_year_pct: pct(138),
                backtest_error_pct: few(),
                backtests: vec![],
            },
        ],
        earlier_years: vec![EarlierYear {
            year: 2011,
            delivered: 1_320_000_000_000,
            delivered_same_date: 960_000_000_000,
            plan: few(),
            outstanding: 400_000_000_000,
            lines_due: 40,
            lines_slipped: 6,
            slip_pct: pct(150),
        }],
        remaining: Remaining {
            value: 450_000_000_000,
            lines_due: 40,
            lines_slipped: 6,
            slip_pct: pct(150),
            by_partner: vec![PartnerRemaining {
                partner: "IND".to_owned(),
                value: 450_000_000_000,
                lines_due: 20,
                lines_slipped: 3,
                slip_pct: pct(150),
                measured_by: MEASURED_BY_OWN,
                expected: Some(382_500_000_000),
            }],
        },
        by_partner: vec![
            partner("IND", "India", 310_000_000_000, 370_000_000_000),
            partner("BRA", HOSTILE, 12_000_000_000, 40_000_000_000),
        ],
        by_group: vec![Breakdown {
            members: vec!["BRA".to_owned(), "CHN".to_owned(), "IND".to_owned()],
            ..partner("BRICS", "BRICS", 520_000_000_000, 640_000_000_000)
        }],
        months,
        alerts: vec![
            Alert {
                kind: AlertKind::Overdue,
                contract: "O-2012-0015".to_owned(),
                line: Some("O-2012-0015.2".to_owned()),
                instalment: None,
                partner: "BRA".to_owned(),
                title: HOSTILE.to_owned(),
                due_on: Some(day("2012-06-30")),
                value: 1_250_000_000,
                reason: "overdue since 30 June 2012".to_owned(),
            },
            Alert {
                kind: AlertKind::AtRisk,
                contract: "O-2012-0016".to_owned(),
                line: None,
                instalment: None,
                partner: "IND".to_owned(),
                title: "Transport aircraft".to_owned(),
                due_on: None,
                value: 5,
                reason: "one open claim".to_owned(),
            },
        ],
        payments: Payments::default(),
        pipeline: pipeline(),
    }
}

/// Opportunities of a brief.
fn pipeline() -> Pipeline {
    Pipeline {
        registered: 9,
        open: 3,
        due_soon: 1,
        overdue: 1,
        won: 1,
        lost: 2,
        win_pct: Known::Value(Decimal { scaled: 333, digits: 1 }),
        won_value: 400,
        decided_value: 1_200,
        win_value_pct: few(),
        expected_intake: 125_000_000,
        by_partner: vec![PartnerPipeline {
            code: "BRA".to_owned(),
            name: HOSTILE.to_owned(),
            open: 3,
            due_soon: 1,
            offered_value: 250_000_000,
        }],
        deadlines: vec![PipelineDeadline {
            number: "O-Q2012-0001".to_owned(),
            title: HOSTILE.to_owned(),
            partner: "BRA".to_owned(),
            deadline: day("2012-10-10"),
        }],
    }
}

/// A brief of a year without plan and without history.
pub(super) fn unknown_brief() -> Brief {
    let reason = "no plan of 2012 was approved by 30 September 2012".to_owned();
    let mut brief = brief();
    brief.plan = Known::Unknown(reason.clone());
    brief.deliveries.plan_year = Known::Unknown(reason.clone());
    brief.deliveries.plan_to_date = Known::Unknown(reason.clone());
    brief.deliveries.execution_pct = Known::Unknown(reason.clone());
    brief.deliveries.spi = Known::Unknown(reason.clone());
    brief.deliveries.on_time_pct = Known::Unknown("no line was due".to_owned());
    brief.previous_year.plan_change_pct = Known::Unknown(reason.clone());
    brief.order_book.years_of_cover = Known::Unknown("nothing was delivered".to_owned());
    for forecast in &mut brief.forecasts {
        forecast.mid = Known::Unknown(reason.clone());
        forecast.interval = few();
        forecast.change_on_previous_year_pct = Known::Unknown(reason.clone());
        forecast.backtest_error_pct = few();
    }
    for month in &mut brief.months {
        month.planned = Known::Unknown(reason.clone());
    }
    for row in brief.by_partner.iter_mut().chain(&mut brief.by_group) {
        row.planned = Known::Unknown(reason.clone());
        row.execution_pct = Known::Unknown(reason.clone());
    }
    brief.alerts.clear();
    brief
}

pub(super) fn contract_row() -> ContractRow {
    ContractRow {
        number: "O-2012-0015".to_owned(),
        reference: "P/1131415".to_owned(),
        title: HOSTILE.to_owned(),
        partner: "BRA".to_owned(),
        partner_name: "Brazil".to_owned(),
        state: "in_force".to_owned(),
        signed_on: Some(day("2012-02-14")),
        label: label(),
        amount: usd(12_000_000_000),
        lines: 4,
        counting: Counting::TitlePassed,
        delivered: 3_000_000_000,
        overdue_lines: 1,
    }
}

pub(super) fn line_row() -> LineRow {
    LineRow {
        number: "O-2012-0015.2".to_owned(),
        description: HOSTILE.to_owned(),
        quantity: Quantity::whole(12),
        unit: Unit::Piece,
        unit_price: usd(250_000_000),
        amount: usd(3_000_000_000),
        category: "ML10".to_owned(),
        due_on: day("2012-06-30"),
        handed_over: Quantity::whole(8),
        accepted: Quantity::whole(6),
        accepted_amount: 1_500_000_000,
        counting: Counting::TitlePassed,
        delivered_amount: 1_500_000_000,
        completed_on: None,
        version: 7,
    }
}

/// The file of a party, without lines of its own.
pub(super) fn party_file() -> PartyFile {
    PartyFile {
        number: "O-P0003".to_owned(),
        name: HOSTILE.to_owned(),
        kind: "company".to_owned(),
        state: "BRA".to_owned(),
        roles: vec![("end_user".to_owned(), 2)],
        currency: Currency::USD,
        sums: BookSums {
            states: vec![StateSum { state: "in_force".to_owned(), contracts: 2, amount: 12_000_000_000 }],
            open_lines: 3,
            overdue_lines: 1,
            owed: 450_000_000,
            other_currencies: vec!["EUR".parse().unwrap()],
        },
        marking: Some(label()),
    }
}

fn delivery_row() -> DeliveryRow {
    DeliveryRow {
        number: "O-2012-0015.2.7".to_owned(),
        state: "accepted".to_owned(),
        quantity: Quantity::whole(2),
        amount: usd(500_000_000),
        handed_over_on: day("2012-05-03"),
        accepted_on: Some(day("2012-05-20")),
    }
}

pub(super) fn paper() -> Document {
    Document {
        title: format!("Acceptance certificate 14/2012 {HOSTILE}"),
        dated: day("2012-05-20"),
        content: Some("ab".repeat(32)),
    }
}

pub(crate) fn history() -> Vec<HistoryRow> {
    vec![
        HistoryRow {
            what: "handed over to the carrier".to_owned(),
            occurred_on: day("2012-05-03"),
            recorded_at: instant("2012-05-04T08:15:00Z"),
            actor: "m.costa".to_owned(),
            reason: Some(HOSTILE.to_owned()),
            document: Some(paper()),
            entry: Some(LedgerEntry { sequence: 17, hash: "cd".repeat(32) }),
        },
        HistoryRow {
            what: "accepted".to_owned(),
            occurred_on: day("2012-05-20"),
            recorded_at: instant("2012-05-21T08:15:00Z"),
            actor: "m.costa".to_owned(),
            reason: None,
            document: Some(Document { content: None, ..paper() }),
            entry: None,
        },
    ]
}

pub(super) fn listing<T>(rows: Vec<T>) -> Listing<T> {
    Listing { total: 3, rows, page: Page::first(50) }
}

pub(super) fn contract() -> ContractView {
    ContractView {
        row: contract_row(),
        version: 5,
        parties: vec![
            PartyRow {
                role: "end_user".to_owned(),
                party: "O-P0001".to_owned(),
                name: Some(HOSTILE.to_owned()),
                state: Some("BRA".to_owned()),
            },
            PartyRow { role: "bank".to_owned(), party: "S-P0001".to_owned(), name: None, state: None },
        ],
        lines: vec![
            line_row(),
            LineRow { completed_on: Some(day("2012-06-01")), accepted: Quantity::whole(12), ..line_row() },
        ],
        claims: claims(),
        history: history(),
    }
}

/// An open claim, and one that was answered and settled.
pub(super) fn claims() -> Vec<Claim> {
    let raised = |claim, kind| ClaimRaised {
        claim,
        kind,
        description: HOSTILE.to_owned(),
        warranty: claim == 1,
        delivery: Some("O-2012-0015.1.1".to_owned()),
        quantity: Some(Quantity::whole(2)),
        amount: Some(Money::new(120_000, Currency::USD)),
        window_ends_on: Some(day("2012-06-30")),
        document: Some(paper()),
    };
    let open = Claim {
        raised: raised(1, ClaimKind::WrongItem),
        opened_on: day("2012-07-01"),
        answered: None,
        settled_on: None,
        settled: None,
    };
    let answer =
        ClaimAnswered { claim: 2, accepted: true, answer: HOSTILE.to_owned(), document: Some(paper()) };
    let ended = ClaimEnded {
        claim: 2,
        settlement: Some(Settlement::Credited),
        outcome: HOSTILE.to_owned(),
        amount: Some(Money::new(100_000, Currency::USD)),
        delivery: None,
        document: Some(paper()),
    };
    let settled = Claim {
        raised: raised(2, ClaimKind::Damage),
        answered: Some((day("2012-07-10"), answer)),
        settled_on: Some(day("2012-08-01")),
        settled: Some(ended),
        ..open.clone()
    };
    vec![open, settled]
}

pub(super) fn line() -> LineView {
    LineView {
        line: line_row(),
        contract: contract_row(),
        deliveries: listing(vec![
            delivery_row(),
            DeliveryRow { accepted_on: None, state: "handed_over".to_owned(), ..delivery_row() },
        ]),
        history: history(),
    }
}

pub(super) fn delivery() -> DeliveryView {
    DeliveryView {
        delivery: delivery_row(),
        line: line_row(),
        contract: contract_row(),
        serials: vec!["PB-0001".to_owned(), HOSTILE.to_owned()],
        warranty_ends_on: Some(day("2014-06-01")),
        claims: claims(),
        history: history(),
        version: 2,
    }
}

pub(super) fn document() -> DocumentContent {
    DocumentContent {
        document: paper(),
        media_type: "text/plain; charset=utf-8".to_owned(),
        bytes: format!("ACCEPTANCE CERTIFICATE\n{HOSTILE}\n").into_bytes(),
        label: label(),
    }
}

pub(super) fn source() -> SourceRow {
    SourceRow {
        number: "O-2012-0015.2.7".to_owned(),
        kind: "delivery",
        contract: "O-2012-0015".to_owned(),
        partner: "BRA".to_owned(),
        date: Some(day("2012-05-20")),
        title: HOSTILE.to_owned(),
        amount: 500_000_000,
        note: "taken_back".to_owned(),
        plan: Some(PlanVersion { year: 2012, version: 3 }),
        document: Some(paper()),
    }
}

pub(super) fn figure() -> OpenedFigure {
    OpenedFigure {
        name: FigureName::Delivered,
        conventions: conventions(),
        marking: Some(label()),
        plan: Known::Value(PlanVersion { year: 2012, version: 3 }),
        value: FigureValue::Money(Known::Value(500_000_000)),
        provenance: Provenance::Rows(Sources::Acts { span: Span::YearToDate, partners: None }),
        operands: vec![],
        sources: listing(vec![source()]),
        sources_sum: 500_000_000,
    }
}

pub(super) fn formula() -> OpenedFigure {
    OpenedFigure {
        name: FigureName::ExecutionPct,
        value: FigureValue::Number(few(), "%"),
        provenance: Provenance::Formula {
            words: "delivered ÷ plan of the year, in per cent".to_owned(),
            operands: vec![FigureName::Delivered, FigureName::PlanYear],
        },
        operands: vec![
            (FigureName::Delivered, FigureValue::Money(Known::Value(500_000_000))),
            (FigureName::PlanYear, FigureValue::Money(few())),
            (FigureName::Overdue, FigureValue::Count(46, "lines", Some(41_200_000_000))),
        ],
        sources: listing(vec![]),
        ..figure()
    }
}

pub(super) fn plan_row(version: u32, state: &str) -> PlanRow {
    PlanRow {
        version: PlanVersion { year: 2012, version },
        state: state.to_owned(),
        approved_on: (state == "frozen").then(|| day("2012-02-01")),
        amount: usd(1_356_000_000_000),
        items: 300,
        label: label(),
    }
}

pub(super) fn plan() -> PlanView {
    PlanView {
        row: plan_row(3, "frozen"),
        others: vec![PlanVersion { year: 2012, version: 4 }],
        version: 4,
        items: listing(vec![source()]),
        proposed_on: Some(day("2012-01-20")),
        makers: vec![
            MakerRow { number: None, name: None, items: 1, amount: 100, answer: None },
            MakerRow {
                number: Some("O-P0002".to_owned()),
                name: Some(HOSTILE.to_owned()),
                items: 200,
                amount: 900_000_000_000,
                answer: Some(MakerAnswer {
                    answer: PlanAnswer::Objected,
                    on: day("2012-01-25"),
                    items: vec![PlanPlace {
                        line: "O-2012-0015.1".to_owned(),
                        planned_on: day("2012-06-30"),
                    }],
                    document: Some(document().document),
                    reason: Some(HOSTILE.to_owned()),
                }),
            },
            MakerRow {
                number: Some("O-P0003".to_owned()),
                name: None,
                items: 99,
                amount: 456_000_000_000,
                answer: None,
            },
        ],
        course: course(&[
            (PlanVersion { year: 2012, version: 1 }, Months::from([(("O-2012-0015.1".to_owned(), 3), 100)])),
            (PlanVersion { year: 2012, version: 3 }, Months::from([(("O-2012-0015.1".to_owned(), 3), 70)])),
        ]),
        history: history(),
    }
}

pub(super) fn actor() -> Actor {
    Actor {
        account: "a.auditor".to_owned(),
        name: HOSTILE.to_owned(),
        roles: vec![Role::Auditor, Role::Administrator],
        clearance: entente_register::label::Clearance {
            foreign_state: Some("BRA".to_owned()),
            compartments: ["AVIATION".to_owned()].into(),
            ..entente_register::label::Clearance::of(entente_register::label::Level::Secret)
        },
        party: Some("O-P0001".to_owned()),
    }
}

pub(super) fn account() -> AccountRow {
    AccountRow { actor: actor(), disabled: true, version: 3 }
}

pub(super) fn event() -> EventRow {
    EventRow {
        sequence: 17,
        recorded_at: instant("2012-05-21T08:15:00Z"),
        actor: "m.costa".to_owned(),
        subject: "delivery:O-2012-0015.2.7".to_owned(),
        version: 2,
        kind: "delivery.accepted.v1".to_owned(),
        occurred_on: day("2012-05-20"),
        label: label(),
        payload: Some(format!("{{\"x\":\"{HOSTILE}\"}}")),
        hash: "cd".repeat(32),
    }
}

pub(super) fn read() -> ReadLogRow {
    ReadLogRow {
        sequence: 3,
        read_at: instant("2012-10-01T08:15:00Z"),
        account: "chair".to_owned(),
        what: "contract:C-2012-0001".to_owned(),
        label: label(),
        source: "192.0.2.1".to_owned(),
        hash: "ef".repeat(32),
    }
}

pub(super) fn session(current: bool) -> SessionRow {
    SessionRow {
        id: "0123456789abcdef".to_owned(),
        opened_at: instant("2012-10-01T08:15:00Z"),
        seen_at: instant("2012-10-01T09:15:00Z"),
        origin: Origin { address: "192.0.2.1".to_owned(), agent: HOSTILE.to_owned() },
        current,
    }
}

pub(super) fn api_key() -> ApiKeyRow {
    ApiKeyRow {
        id: "0123456789abcdef".to_owned(),
        name: HOSTILE.to_owned(),
        opened_at: instant("2012-10-01T08:15:00Z"),
        expires_at: instant("2012-12-31T08:15:00Z"),
    }
}
