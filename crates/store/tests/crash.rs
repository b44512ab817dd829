//! A process that is killed at any moment of an import leaves a sound ledger and views that follow from it.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use std::process::{Command, Stdio};
use std::time::Duration;

use entente_store::{VerifyOptions, silent};
use entente_testing::TestDatabase;
use support::Register;
use support::history::History;

/// Not a test by itself: imports without end, until it is killed.
#[test]
#[ignore = "started and killed by the tests of this file"]
fn importer() {
    let url = std::env::var("ENTENTE_CRASH_URL").unwrap();
    let seed = std::env::var("ENTENTE_CRASH_SEED").unwrap().parse().unwrap();
    entente_testing::block_on(async {
        let register = Register::open(&url).await;
        let mut history = History::seeded(seed);
        loop {
            history.run(&register, 40).await;
        }
    });
}

/// Kills the importer so often, and looks at what it leaves each time.
async fn kill(database: fn() -> Option<TestDatabase>, times: u64) {
    let draw = History::seeded(3);
    let mut recorded = 0;
    let mut done = 0;
    while done < times {
        // A fresh register now and then, so that looking at all of it stays quick.
        let Some(database) = database() else { return };
        let register = Register::founded(&database).await;
        let mut before = 0;
        for round in 0..20.min(times - done) {
            let mut child = Command::new(std::env::current_exe().unwrap())
                .args(["--ignored", "--exact", "importer"])
                .env("ENTENTE_CRASH_URL", database.url())
                .env("ENTENTE_CRASH_SEED", (done + round).to_string())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
                .unwrap();
            let wait = u64::try_from(20 + draw.below(150)).unwrap();
            tokio::time::sleep(Duration::from_millis(wait)).await;
            child.kill().unwrap();
            child.wait().unwrap();
            let deep = VerifyOptions { deep: true, ..Default::default() };
            let found = register.store.verify(&deep, silent()).await.unwrap();
            assert_eq!(found.first_bad, None, "after kill {}", done + round);
            recorded += u64::from(found.events > before);
            before = found.events;
        }
        done += 20;
        register.store.close().await;
    }
    // Some are killed before they began; most must have been at work.
    assert!(recorded > times / 3, "only {recorded} of {times} had recorded anything");
}

#[test]
fn killed_two_hundred_times_on_sqlite() {
    entente_testing::block_on(kill(|| Some(entente_testing::sqlite()), 200));
}

#[test]
fn killed_forty_times_on_postgres() {
    entente_testing::block_on(kill(entente_testing::postgres, 40));
}
