//! Published forecasts: what is said is the register's own, nothing changes it, and the record scores it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_register::access::{Actor, Role};
use entente_register::brief::{Known, Method};
use entente_register::command::Command;
use entente_register::contract::delivery::Counting;
use entente_register::forecast::{ForecastCommand, ForecastOf};
use entente_register::label::{Clearance, Level};
use entente_register::money::Currency;
use entente_store::reader::{BriefOptions, Page};
use entente_store::{VerifyOptions, silent};
use entente_testing::{TestDatabase, on_both};
use jiff::civil::{Date, date};
use support::*;

fn publish(as_of: Date) -> Command {
    Command::Forecast(ForecastCommand::Publish(ForecastOf {
        as_of,
        counting: Counting::TitlePassed,
        currency: Currency::USD,
    }))
}

/// Two contracts, one of which is secret, with a delivery each in the year.
async fn with_deliveries(register: &Register) {
    for marking in ["OFFICIAL", "SECRET"] {
        let contract = register.contract(marking).await;
        let handed = register.hand_over(&format!("{contract}.1"), 2, date(2012, 4, 2)).await.unwrap();
        register.accept(&handed.subject.key, date(2012, 4, 20)).await.unwrap();
    }
}

on_both! {
async fn what_is_published_is_what_the_brief_said_and_is_scored(database: TestDatabase) {
    let register = Register::founded(&database).await;
    with_deliveries(&register).await;
    let today = register.store.today();
    let receipt = register.run(publish(today)).await.unwrap();
    let number = receipt.subject.key.clone();
    let reader = register.store.reader(&register.operator, None, None).await.unwrap();
    let view = reader.forecast(&number).await.unwrap();
    let said = &view.outcome.forecast.said;
    // At its horizon the brief says the same, for ever.
    let then =
        register.store.reader(&register.operator, Some(said.as_of), Some(said.known_at)).await.unwrap();
    let brief = then.brief(&BriefOptions::default()).await.unwrap();
    assert_eq!(said.delivered.minor, brief.deliveries.delivered);
    assert!(said.delivered.minor > 0);
    for (one, forecast) in said.methods.iter().zip(&brief.forecasts) {
        assert_eq!(one.method, forecast.method);
        assert_eq!(one.amount.map(|money| money.minor), forecast.mid.value().copied());
    }
    assert!(matches!(view.outcome.came, Known::Unknown(_)), "the year goes on");
    assert_eq!(Some(&view.outcome.forecast.label), brief.marking.as_ref());

    // The same once more is refused, and names the first.
    let again = refusal(register.run(publish(today)).await);
    assert_eq!(again.code, "forecast.published");
    assert!(again.message.contains(&number), "{again:?}");

    // More comes in the year; a year later it is over.
    let contract = register.contract("OFFICIAL").await;
    let handed = register.hand_over(&format!("{contract}.1"), 2, today).await.unwrap();
    register.accept(&handed.subject.key, today).await.unwrap();
    register.clock.set(instant("2014-02-01T09:00:00Z"));
    register.contract("OFFICIAL").await;
    let reader = register.store.reader(&register.operator, None, None).await.unwrap();
    let record = reader.forecast_record(&BriefOptions::default()).await.unwrap();
    let came = *record.outcomes[0].came.value().unwrap();
    let year = said.as_of.year();
    let whole = register.store.reader(&register.operator, Some(date(year, 12, 31)), None).await.unwrap();
    assert_eq!(came, whole.brief(&BriefOptions::default()).await.unwrap().deliveries.delivered);
    let run_rate = record.record.methods.iter().find(|one| one.method == Method::RunRate).unwrap();
    assert_eq!((run_rate.scored, run_rate.years), (1, 1));
    assert!(record.record.trusted.reason().is_some());
    // What was published is as it was.
    assert_eq!(reader.forecast(&number).await.unwrap().outcome.forecast, view.outcome.forecast);
    assert_eq!(reader.forecasts(Page::first(10)).await.unwrap().total, 1);

    let verified = register.store.verify(&VerifyOptions { deep: true, ..VerifyOptions::default() }, silent()).await.unwrap();
    assert!(verified.ok(), "{verified:?}");
    register.store.close().await;
}

async fn hindsight_and_foresight_are_refused(database: TestDatabase) {
    let register = Register::founded(&database).await;
    with_deliveries(&register).await;
    let before = register.store.reader(&register.operator, None, None).await.unwrap().known_at();
    let today = register.store.today();
    for (day, expected) in [
        (today.tomorrow().unwrap(), "date.in_future"),
        (date(today.year() - 1, 12, 31), "forecast.hindsight"),
        (today.checked_sub(jiff::Span::new().days(32)).unwrap(), "forecast.hindsight"),
    ] {
        let refused = refusal(register.run(publish(day)).await);
        assert_eq!((refused.code, refused.field.as_deref()), (expected, Some("as_of")), "{day}");
    }
    let after = register.store.reader(&register.operator, None, None).await.unwrap().known_at();
    assert_eq!(before, after, "a refusal writes nothing");
    register.store.close().await;
}

async fn whoever_sees_less_publishes_of_less_and_scores_that_alone(database: TestDatabase) {
    let register = Register::founded(&database).await;
    with_deliveries(&register).await;
    let today = register.store.today();
    let all = register.run(publish(today)).await.unwrap().subject.key;
    let officer = actor("officer", Role::ContractOfficer, Clearance::of(Level::Official));
    let own = register.store.execute(&officer, publish(today)).await.unwrap().subject.key;
    let reader = register.store.reader(&officer, None, None).await.unwrap();
    // A forecast of what may not be seen is as good as none.
    assert_eq!(code(reader.forecast(&all).await), "not_found");
    let seen = reader.forecasts(Page::first(10)).await.unwrap();
    assert_eq!((seen.total, seen.rows[0].number.as_str()), (1, own.as_str()));
    let whole = register.store.reader(&register.operator, None, None).await.unwrap();
    let (of_all, of_own) = (whole.forecast(&all).await.unwrap(), whole.forecast(&own).await.unwrap());
    let delivered = |view: &entente_store::reader::ForecastView| view.outcome.forecast.said.delivered.minor;
    assert_eq!(delivered(&of_all), 2 * delivered(&of_own));

    register.clock.set(instant("2014-02-01T09:00:00Z"));
    register.contract("OFFICIAL").await;
    let whole = register.store.reader(&register.operator, None, None).await.unwrap();
    let record = whole.forecast_record(&BriefOptions::default()).await.unwrap();
    let came = |number: &str| {
        record.outcomes.iter().find(|one| one.forecast.number == number).unwrap().came.value().copied()
    };
    assert!(came(&all).is_some() && came(&own).is_none());

    // Nobody without the brief reads or publishes one.
    let exporter =
        Actor { party: Some("P-P0001".into()), ..actor("exporter", Role::Exporter, Clearance::full()) };
    let reader = register.store.reader(&exporter, None, None).await.unwrap();
    assert_eq!(code(reader.forecasts(Page::first(1)).await), "access.read");
    assert_eq!(code(register.store.execute(&exporter, publish(today)).await), "access.role");
    register.store.close().await;
}

async fn a_batch_publishes_from_what_it_has_done_itself(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let mut batch = register.store.batch().await.unwrap();
    let before = code(batch.execute(&register.operator, publish(register.store.today())).await);
    assert_eq!(before, "forecast.nothing");
    batch.give_up().await;
    with_deliveries(&register).await;
    let mut batch = register.store.batch().await.unwrap();
    batch.execute(&register.operator, open("SECRET")).await.unwrap();
    let published = batch.execute(&register.operator, publish(register.store.today())).await.unwrap();
    batch.commit().await.unwrap();
    let reader = register.store.reader(&register.operator, None, None).await.unwrap();
    let said = reader.forecast(&published.subject.key).await.unwrap().outcome.forecast.said;
    // The contract that was opened just before is what the register knew last.
    assert!(said.known_at <= reader.known_at());
    let events = reader.events(Page::first(2)).await.unwrap();
    assert_eq!(events.rows[1].recorded_at, said.known_at);
    register.store.close().await;
}
}
