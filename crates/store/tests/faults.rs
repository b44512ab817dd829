//! What breaks around the store: each is a clear fault, nothing is lost or half done, and work goes on after it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::time::{Duration, Instant};

use entente_store::{Error, Fault, FaultKind, Outcome, VerifyOptions, silent};
use entente_testing::Cluster;
use sqlx::Connection as _;
use support::*;

fn fault<T: std::fmt::Debug>(outcome: Outcome<T>) -> Fault {
    match outcome {
        Err(Error::Fault(fault)) => fault,
        other => panic!("a fault was expected, not {other:?}"),
    }
}

async fn sound(register: &Register) -> i64 {
    let deep = VerifyOptions { deep: true, ..Default::default() };
    let found = register.store.verify(&deep, silent()).await.unwrap();
    assert_eq!(found.first_bad, None);
    found.events
}

#[test]
fn a_second_process_that_writes_is_waited_for_and_then_told() {
    entente_testing::block_on(async {
        let database = entente_testing::sqlite();
        let register = Register::founded(&database).await;
        let events = sound(&register).await;
        let path = database.folder().join("entente.db");
        let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
        let mut other = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        sqlx::raw_sql("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();

        let began = Instant::now();
        let told = fault(register.run(open("OFFICIAL")).await);
        assert_eq!(told.kind, FaultKind::Unavailable, "{told}");
        assert!(began.elapsed() > Duration::from_secs(2), "it was not waited for");
        assert!(began.elapsed() < Duration::from_secs(20), "it was waited for too long");
        // Readers, and opening the register, do not wait.
        let began = Instant::now();
        let beside = Register::open(database.url()).await;
        assert_eq!(sound(&beside).await, events);
        assert!(began.elapsed() < Duration::from_secs(3));

        // A short write of another process is only waited for.
        let (done, _) = tokio::join!(register.run(open("OFFICIAL")), async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            sqlx::raw_sql("ROLLBACK").execute(&mut other).await.unwrap();
        });
        assert_eq!(done.unwrap().sequence, events + 1);
        // And two stores on one file take turns.
        beside.run(open("OFFICIAL")).await.unwrap();
        register.run(open("OFFICIAL")).await.unwrap();
        assert_eq!(sound(&register).await, events + 3);
    });
}

#[test]
fn postgres_may_go_away_and_come_back() {
    let mut cluster = match Cluster::start() {
        Ok(cluster) => cluster,
        Err(reason) => {
            assert!(entente_testing::postgres().is_none(), "{reason}");
            return;
        }
    };
    entente_testing::block_on(async {
        let register = Register::open(&cluster.url()).await;
        register.found().await;
        let events = sound(&register).await;

        // It goes away in the middle of a batch.
        let mut batch = register.store.batch().await.unwrap();
        let lost = batch.execute(&register.operator, open("OFFICIAL")).await.unwrap();
        cluster.stop();
        let told = fault(batch.execute(&register.operator, open("SECRET")).await);
        assert_eq!(told.kind, FaultKind::Unavailable, "{told}");
        assert!(batch.commit().await.is_err());
        // While it is away, each request says so.
        for _ in 0..2 {
            let told = fault(register.run(open("OFFICIAL")).await);
            assert_eq!(told.kind, FaultKind::Unavailable, "{told}");
        }
        let told = fault(register.store.ping().await);
        assert_eq!(told.kind, FaultKind::Unavailable, "{told}");

        // It comes back during a request, which then succeeds.
        let (done, resumed) = tokio::join!(register.run(open("OFFICIAL")), async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            tokio::task::block_in_place(|| cluster.resume())
        });
        resumed.unwrap();
        let done = done.unwrap();
        assert_eq!(
            (done.sequence, done.subject),
            (events + 1, lost.subject),
            "the lost batch has left something"
        );
        assert_eq!(sound(&register).await, events + 1);

        // It restarts between two requests: the next one may fail or not, the one after works.
        cluster.stop();
        cluster.resume().unwrap();
        if let Err(Error::Fault(told)) = register.run(open("OFFICIAL")).await {
            assert_eq!(told.kind, FaultKind::Unavailable, "{told}");
        }
        register.run(open("OFFICIAL")).await.unwrap();
        sound(&register).await;
    });
}
