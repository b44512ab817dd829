//! Views that a person saves: their own, by name, and no page of another site.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod support;

use entente_testing::{TestDatabase, on_both};
use support::*;

on_both! {
async fn a_view_is_saved_found_replaced_and_forgotten(database: TestDatabase) {
    let register = Register::founded(&database).await;
    let store = &register.store;
    store.save_view("chair", " India ", "/contracts?partner=IND").await.unwrap();
    store.save_view("chair", "Overdue", "/contracts?overdue=yes&sort=amount").await.unwrap();
    store.save_view("operator", "India", "/calendar?partner=IND").await.unwrap();
    store.save_view("chair", "India", "/contracts?partner=IND&state=signed").await.unwrap();
    let of = async |account: &str| -> Vec<(String, String)> {
        store.saved_views(account).await.unwrap().into_iter().map(|one| (one.name, one.path)).collect()
    };
    let own = of("chair").await;
    assert_eq!(own.len(), 2);
    assert_eq!(own[0], ("India".to_owned(), "/contracts?partner=IND&state=signed".to_owned()));
    for path in ["", "contracts", "//evil.example", "/\\evil.example", "https://evil.example/", "/a b", "/\n"] {
        assert_eq!(code(store.save_view("chair", "x", path).await), "saved_view.path", "{path:?}");
    }
    assert_eq!(code(store.save_view("chair", " ", "/").await), "saved_view.name");
    store.forget_view("chair", "India").await.unwrap();
    assert_eq!(code(store.forget_view("chair", "India").await), "not_found");
    assert_eq!((of("chair").await.len(), of("operator").await.len()), (1, 1));
    for n in 0..49 {
        store.save_view("chair", &format!("View {n}"), "/").await.unwrap();
    }
    assert_eq!(code(store.save_view("chair", "One more", "/").await), "saved_view.too_many");
    store.save_view("chair", "View 7", "/plans").await.unwrap();
    register.store.close().await;
}
}
