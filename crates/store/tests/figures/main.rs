//! Every figure of every brief of registers made by chance: equal to what the plainest reading
//! of the events gives, and equal to the cent to the sum of the rows that it opens to.

#![allow(clippy::unwrap_used)]

mod oracle;
mod plain;
mod random;
#[path = "../support/mod.rs"]
mod support;

use std::cell::RefCell;
use std::collections::BTreeMap;

use entente_register::access::Role;
use entente_register::brief::{Brief, FigureName, Known, Provenance, Sources, compute};
use entente_register::contract::delivery::Counting;
use entente_register::label::{Clearance, Level};
use entente_register::money::Share;
use entente_store::reader::{BriefOptions, EventRow, FigureValue, OpenedFigure, Page, Reader, SourceRow};
use entente_store::{VerifyOptions, silent};
use entente_testing::TestDatabase;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use plain::{Plain, Reckoner};
use random::Chance;
use support::{Register, actor, instant};

/// How much is asked of each register.
#[derive(Debug, Clone, Copy)]
struct Extent {
    /// Briefs.
    briefs: usize,
    /// Whether figures are opened to their rows, and the views compared with the events; otherwise every figure
    /// is reckoned by hand.
    opened: bool,
}

fn clearances() -> Vec<Clearance> {
    let navy = Clearance { compartments: ["NAVY".to_owned()].into(), ..Clearance::of(Level::Secret) };
    let brazil = Clearance { foreign_state: Some("BRA".into()), ..navy.clone() };
    vec![
        Clearance::full(),
        Clearance::of(Level::Official),
        Clearance::of(Level::Confidential),
        navy,
        brazil,
        Clearance::of(Level::Public),
    ]
}

async fn all_events(register: &Register) -> Vec<EventRow> {
    let reader = register.store.reader(&register.operator, None, None).await.unwrap();
    let mut events = Vec::new();
    loop {
        let page = Page { offset: events.len() as i64, limit: 500 };
        let some = reader.events(page).await.unwrap();
        events.extend(some.rows);
        if events.len() as i64 == some.total {
            events.reverse();
            return events;
        }
    }
}

/// The figures of a brief that are opened: every one of those that stand alone, and of the long families, a
/// row for each month, earlier year and partner, a quarter, another one for every brief.
fn some(brief: &Brief, question: usize) -> Vec<FigureName> {
    let all = FigureName::all(brief).into_iter().enumerate();
    let family = |name: &FigureName| {
        let name = name.to_string();
        ["months.", "earlier_years.", "remaining.", "forecasts."].iter().any(|f| name.starts_with(f))
    };
    all.filter(|(place, name)| !family(name) || (place + question).is_multiple_of(4))
        .map(|(_, name)| name)
        .collect()
}

/// All rows behind a figure, by small pages.
async fn rows(reader: &Reader, options: &BriefOptions, name: &FigureName) -> (OpenedFigure, Vec<SourceRow>) {
    let limit = 60;
    let first = reader.figure(options, name, Page::first(limit)).await.unwrap();
    let mut rows = first.sources.rows.clone();
    while (rows.len() as i64) < first.sources.total {
        let page = Page { offset: rows.len() as i64, limit };
        let next = reader.figure(options, name, page).await.unwrap();
        assert_eq!((next.sources.total, next.sources_sum), (first.sources.total, first.sources_sum));
        assert!(!next.sources.rows.is_empty(), "{name}: a page is missing");
        rows.extend(next.sources.rows);
    }
    (first, rows)
}

/// The sum of the sources equals the figure to the cent.
async fn check_sources(reader: &Reader, options: &BriefOptions, name: &FigureName) {
    let (figure, rows) = rows(reader, options, name).await;
    if let Provenance::Formula { operands, .. } = &figure.provenance {
        assert!(!operands.is_empty() && rows.is_empty());
        assert_eq!(
            figure.operands.iter().map(|(name, _)| name).collect::<Vec<_>>(),
            operands.iter().collect::<Vec<_>>()
        );
        return;
    }
    if let Provenance::Rows(Sources::PlanItems { .. }) = &figure.provenance {
        // A plan that counts is approved, by a decision.
        assert!(rows.iter().all(|row| row.plan.is_some() && row.document.is_some()), "{name}");
    }
    let total = rows.len() as i64;
    let sum: i64 = rows.iter().map(|row| row.amount).sum();
    assert_eq!((figure.sources.total, figure.sources_sum), (total, sum), "{name}");
    match figure.value {
        FigureValue::Money(Known::Value(value)) => assert_eq!(sum, value, "{name}"),
        FigureValue::Money(Known::Unknown(_)) => assert_eq!(total, 0, "{name}"),
        FigureValue::Count(count, _, value) => {
            assert_eq!(total, count, "{name}");
            assert!(value.is_none_or(|value| value == sum), "{name}");
        }
        FigureValue::Number(share, _) => {
            let marked = rows.iter().filter(|row| matches!(row.note.as_str(), "on time" | "slipped"));
            let share_of_rows = Share::of(marked.count() as i64, total).map(Share::percent);
            assert_eq!(share.value().copied(), share_of_rows, "{name}");
        }
    }
}

/// The lines of two briefs that are not the same, each with its heading: a whole brief is thousands of lines.
fn difference(said: &Brief, reckoned: &Brief) -> String {
    let (said, reckoned) = (format!("{said:#?}"), format!("{reckoned:#?}"));
    let lines: Vec<String> = said
        .lines()
        .zip(reckoned.lines())
        .enumerate()
        .filter(|(_, (said, reckoned))| said != reckoned)
        .map(|(at, (said, reckoned))| format!("{at}: {} | {}", said.trim(), reckoned.trim()))
        .take(20)
        .collect();
    lines.join("\n")
}

async fn try_register(database: &TestDatabase, numbers: Vec<u32>, extent: Extent) -> Kinds {
    let (register, mut questions) = (Register::empty(database).await, numbers.clone());
    random::fill(&register, &mut Chance::new(numbers)).await;
    let events = all_events(&register).await;
    let last = events.last().unwrap().recorded_at;
    let mut kinds = Kinds::new();
    for event in &events {
        *kinds.entry(event.kind.clone()).or_default() += 1;
    }
    // What was asked for has been used up: the same numbers the other way round ask the questions.
    questions.reverse();
    let mut chance = Chance::new(questions);
    for question in 0..extent.briefs {
        let as_of = chance.day();
        let known_at: Option<Timestamp> = (chance.below(3) > 0).then(|| {
            let hours = chance.below(1_500 * 24) as i64;
            instant("2009-03-01T08:30:00Z").checked_add(SignedDuration::from_hours(hours)).unwrap()
        });
        let counting = Counting::ALL[chance.below(2)];
        let clearance = clearances()[chance.below(6)].clone();
        let currency = if chance.below(5) == 0 { "EUR" } else { "USD" }.parse().unwrap();
        let options = BriefOptions { counting, plan: None, currency };
        let actor = actor("chair", Role::Chair, clearance.clone());
        let reader = register.store.reader(&actor, Some(as_of), known_at).await.unwrap();

        let brief = reader.brief(&options).await.unwrap();
        let known = oracle::Register::known(&events, known_at.unwrap_or(last), &clearance);
        let mut facts = known.facts(as_of, reader.known_at(), &options, clearance.scope());
        if !clearance.admits(&entente_register::label::Label::of(Level::Official)) {
            // That a plan exists is official.
            facts.plans.clear();
            facts.plan_missing = Some(format!(
                "no plan for {} in {currency} was approved by {as_of} and is known",
                as_of.year()
            ));
        }
        // The marking is of what was gathered, not worked out.
        let brief = Brief { marking: None, ..brief };
        assert!(
            brief == compute(&facts),
            "as of {as_of}, known at {known_at:?}, {counting}, {clearance:?}; said and reckoned:\n{}",
            difference(&brief, &compute(&facts))
        );
        if extent.opened {
            for name in some(&brief, question) {
                check_sources(&reader, &options, &name).await;
            }
            continue;
        }
        let reckoner = Reckoner::of(&facts);
        for name in FigureName::all(&brief) {
            let Some(plain) = reckoner.value(&name) else { continue };
            let said = reader.figure(&options, &name, Page::first(1)).await.unwrap().value;
            assert_eq!(Plain::said(&said), plain, "{name} as of {as_of}, known at {known_at:?}");
        }
    }
    if !extent.opened {
        register.store.close().await;
        return kinds;
    }
    assert_eq!(register.store.verify_read_log().await.unwrap(), None);
    // The views are those that the events alone give.
    let options = VerifyOptions { deep: true, ..VerifyOptions::default() };
    let verified = register.store.verify(&options, silent()).await.unwrap();
    assert!(verified.ok(), "{verified:?}");
    register.store.close().await;
    kinds
}

/// A register that fails is made smaller so many times at most: each time is a register more.
const SHRINK: u32 = 40;

/// How many events of each kind the registers of a test had.
type Kinds = BTreeMap<String, usize>;

fn try_registers(
    registers: u32,
    sizes: std::ops::Range<usize>,
    extent: Extent,
    make: impl Fn() -> TestDatabase,
) -> Kinds {
    let config =
        Config { cases: registers, max_shrink_iters: SHRINK, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new(config);
    let numbers = proptest::collection::vec(any::<u32>(), sizes);
    let all = RefCell::new(Kinds::new());
    runner
        .run(&numbers, |numbers| {
            let database = make();
            let tried = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                entente_testing::block_on(try_register(&database, numbers, extent))
            }));
            let kinds = tried.map_err(|panic| {
                let text = panic.downcast_ref::<String>().cloned().unwrap_or_else(|| "panicked".to_owned());
                TestCaseError::fail(text)
            })?;
            for (kind, count) in kinds {
                *all.borrow_mut().entry(kind).or_default() += count;
            }
            Ok(())
        })
        .unwrap();
    all.into_inner()
}

/// All that can be asked, of large registers.
const OPENED: Extent = Extent { briefs: 8, opened: true };

#[test]
fn the_sum_of_the_sources_is_the_figure_on_sqlite() {
    try_registers(8, 600..1_600, OPENED, entente_testing::sqlite);
}

/// Fifty registers, or as many as `ENTENTE_TEST_REGISTERS` says: the build machine tries five hundred.
#[test]
fn every_figure_is_what_is_reckoned_by_hand_from_the_events() {
    let registers = std::env::var("ENTENTE_TEST_REGISTERS").map_or(50, |number| number.parse().unwrap());
    let extent = Extent { briefs: 2, opened: false };
    let kinds = try_registers(registers, 60..700, extent, entente_testing::sqlite);
    // A rule that came later may refuse what the registers are made of, and then nothing is compared with nothing.
    let count = |kind: &str| kinds.get(kind).copied().unwrap_or(0);
    for kind in [
        "claim.opened.v2",
        "claim.settled.v2",
        "contract.entered_into_force.v1",
        "contract.resumed.v1",
        "contract.suspended.v1",
        "contract.terminated.v1",
        "delivery.accepted.v1",
        "delivery.annulled.v1",
        "delivery.returned.v1",
        "group.member_left.v1",
        "line.amended.v1",
        "plan.approved.v1",
    ] {
        assert!(count(kind) > 0, "no register had {kind}: {kinds:?}");
    }
    assert!(count("delivery.handed_over.v1") >= registers as usize, "few deliveries: {kinds:?}");
}

#[test]
fn the_sum_of_the_sources_is_the_figure_on_postgres() {
    if entente_testing::postgres().is_some() {
        try_registers(2, 600..1_600, OPENED, || entente_testing::postgres().unwrap());
    }
}
