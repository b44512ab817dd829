//! Accounts by the command line, with the built program.

#![allow(clippy::unwrap_used)] // A test's helpers are tests too.

mod support;

use std::process::Output;

use entente_store::{DatabaseUrl, Origin, Store, StoreOptions};
use entente_testing::TestDatabase;
use support::{done, entente};

#[track_caller]
fn refused(output: &Output, code: &str) {
    let talk = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{talk}");
    assert!(output.stdout.is_empty());
    assert!(talk.contains(&format!("code     {code}")), "{talk}");
}

entente_testing::on_both! {
    async fn an_account_from_its_opening_to_its_end(database: TestDatabase) {
        let add = ["user", "add", "a.petrova", "--name", "Anna Petrova", "--role", "administrator", "--clearance", "SECRET"];
        let first = done(&entente(&database, &add));
        // The password stands alone on standard output.
        let first = first.strip_suffix('\n').unwrap();
        assert_eq!((first.len(), first.lines().count()), (23, 1));
        refused(&entente(&database, &add), "account.exists");
        let bad = ["user", "add", "x.y", "--name", "X", "--role", "emperor", "--clearance", "SECRET"];
        refused(&entente(&database, &bad), "role.unknown");

        let url: DatabaseUrl = database.url().parse().unwrap();
        let store = Store::open(&url, StoreOptions::system().unwrap()).await.unwrap();
        let (token, session) = store.sign_in("a.petrova", first, &Origin::default()).await.unwrap();
        assert!(session.must_change);

        assert_eq!(done(&entente(&database, &["user", "role", "grant", "a.petrova", "secretary"])), "");
        assert_eq!(store.session(&token).await.unwrap().unwrap().actor.roles.len(), 2);
        done(&entente(&database, &["user", "role", "withdraw", "a.petrova", "secretary"]));
        refused(&entente(&database, &["user", "role", "withdraw", "a.petrova", "secretary"]), "account.lacks_role");
        done(&entente(&database, &["user", "clearance", "a.petrova", "SECRET//NAVY"]));
        let seen = store.session(&token).await.unwrap().unwrap().actor.clearance;
        assert!(seen.compartments.contains("NAVY"));
        refused(&entente(&database, &["user", "clearance", "a.petrova", "SECRET//REL BRA"]), "clearance.release");

        store.open_api_key("a.petrova", "nightly", 30).await.unwrap();
        let listed = done(&entente(&database, &["user", "keys", "a.petrova"]));
        let line = listed.lines().nth(1).unwrap();
        assert!(line.contains("nightly"), "{listed}");
        let id = line.split_whitespace().next().unwrap();
        refused(&entente(&database, &["user", "keys", "a.petrova", "--close", "00"]), "not_found");
        done(&entente(&database, &["user", "keys", "a.petrova", "--close", id]));
        assert_eq!(done(&entente(&database, &["user", "keys", "a.petrova"])).lines().count(), 1);

        let second = done(&entente(&database, &["user", "reset", "a.petrova"]));
        assert_eq!(store.session(&token).await.unwrap(), None);
        assert!(store.sign_in("a.petrova", first, &Origin::default()).await.is_err());
        let (token, _) = store.sign_in("a.petrova", second.trim_end(), &Origin::default()).await.unwrap();

        // Acting as the account: nobody changes the own one, and an administrator opens others.
        refused(&entente(&database, &["--as", "a.petrova", "user", "disable", "a.petrova"]), "account.own");
        let other = ["--as", "a.petrova", "user", "add", "b.orlov", "--name", "B", "--role", "member", "--clearance", "OFFICIAL"];
        done(&entente(&database, &other));
        refused(&entente(&database, &["--as", "b.orlov", "user", "reset", "a.petrova"]), "access.role");

        // A backup holds everything, of every marking: an administrator has no reading right by rank.
        let file = database.folder().join("register.backup");
        refused(&entente(&database, &["--as", "a.petrova", "backup", file.to_str().unwrap()]), "access.role");
        assert!(!file.exists());

        done(&entente(&database, &["user", "disable", "a.petrova"]));
        assert_eq!(store.session(&token).await.unwrap(), None);
        refused(&entente(&database, &["--as", "a.petrova", "user", "disable", "b.orlov"]), "not_found");
        done(&entente(&database, &["user", "enable", "a.petrova"]));
        assert_eq!(store.session(&token).await.unwrap(), None);
        refused(&entente(&database, &["user", "reset", "nobody"]), "not_found");
        store.close().await;
    }
}
