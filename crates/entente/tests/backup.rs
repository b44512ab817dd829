//! Backup and restore by the command line, with the built program.

#![allow(clippy::unwrap_used)] // A test's helpers are tests too.

use std::process::{Command, Output};

use entente_testing::TestDatabase;

fn entente(database: &TestDatabase, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_entente"))
        .args(["--database", database.url()])
        .args(arguments)
        .env_remove("ENTENTE_DATABASE")
        .env_remove("ENTENTE_CONFIG")
        .output()
        .unwrap()
}

#[track_caller]
fn done(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

entente_testing::on_both! {
    async fn a_register_moves_to_another_database(database: TestDatabase) {
        let old = entente_testing::sqlite();
        let add = ["user", "add", "a.petrova", "--name", "Anna Petrova", "--role", "chair", "--clearance", "SECRET"];
        done(&entente(&old, &add));
        let file = old.folder().join("moved.backup");
        let file = file.to_str().unwrap();
        let said = done(&entente(&old, &["backup", file]));
        assert!(said.starts_with("Saved 2 events and "), "{said}");
        assert_eq!(entente(&old, &["backup", file]).status.code(), Some(2));
        done(&entente(&old, &["backup", "--overwrite", file]));

        let said = done(&entente(&database, &["restore", file]));
        assert!(said.starts_with("Restored 2 events and "), "{said}");
        let list = ["user", "list", "--format", "json"];
        assert_eq!(done(&entente(&database, &list)), done(&entente(&old, &list)));
        let again = entente(&database, &["restore", file]);
        assert_eq!(again.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&again.stderr).contains("restore.not_empty"));
    }
}
