//! The test support itself: fresh databases, and a server that ends with its process.

use std::process::Command;
use std::time::{Duration, Instant};

use entente_testing::TestDatabase;

entente_testing::on_both! {
    async fn a_database_is_fresh(database: TestDatabase) {
        database.tamper("CREATE TABLE only_here (id BIGINT)").await;
        assert_eq!(database.tamper("INSERT INTO only_here VALUES (1)").await, 1);
    }

    async fn another_is_fresh_too(database: TestDatabase) {
        database.tamper("CREATE TABLE only_here (id BIGINT)").await;
    }
}

/// Not a test by itself: what `a_killed_test_leaves_no_server` kills.
#[test]
#[ignore = "started by another test"]
fn holds_a_cluster() {
    let cluster = entente_testing::Cluster::start().unwrap();
    let folder = cluster.url().split("host=").nth(1).unwrap().to_owned();
    std::fs::write(std::env::var("ENTENTE_TEST_FOLDER").unwrap(), folder).unwrap();
    std::thread::sleep(Duration::from_secs(60));
}

#[test]
fn a_killed_test_leaves_no_server() {
    if entente_testing::postgres().is_none() {
        return;
    }
    let told = tempfile::NamedTempFile::new().unwrap();
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "holds_a_cluster"])
        .env("ENTENTE_TEST_FOLDER", told.path())
        .spawn()
        .unwrap();
    let deadline = Instant::now() + Duration::from_secs(40);
    let folder = loop {
        let folder = std::fs::read_to_string(told.path()).unwrap();
        if !folder.is_empty() {
            break folder;
        }
        assert!(Instant::now() < deadline, "no server came up");
        std::thread::sleep(Duration::from_millis(50));
    };
    assert!(std::path::Path::new(&folder).join("data").exists());
    child.kill().unwrap();
    child.wait().unwrap();
    while std::path::Path::new(&folder).exists() {
        assert!(Instant::now() < deadline, "the server's folder is still there");
        std::thread::sleep(Duration::from_millis(50));
    }
}
