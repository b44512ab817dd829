//! Backup and restore by the command line, with the built program.

#![allow(clippy::unwrap_used)] // A test's helpers are tests too.

mod support;

use entente_testing::TestDatabase;
use support::{done, entente};

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
