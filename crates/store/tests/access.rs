//! Signing in, sessions, lock-out and API keys, on both databases.

#![allow(clippy::unwrap_used)] // A test's helpers are tests too.

use std::sync::Arc;

use entente_register::access::{AccountCommand, Actor, NewAccount, Role};
use entente_register::command::Command;
use entente_register::label::{Clearance, Level};
use entente_register::partner::PartnerCommand;
use entente_store::{
    Clock, DatabaseUrl, Entropy, Error, ManualClock, Origin, Request, SESSION_IDLE, SESSION_LONGEST, Session,
    Store, StoreOptions,
};
use entente_testing::TestDatabase;
use jiff::SignedDuration;

const GOOD: &str = "tulip river cabinet";

struct Register {
    database: TestDatabase,
    store: Store,
    clock: Arc<ManualClock>,
}

fn code<T: std::fmt::Debug>(outcome: Result<T, Error>) -> String {
    match outcome {
        Err(Error::Refusal(refusal)) => refusal.code.to_owned(),
        other => format!("{other:?}"),
    }
}

fn from(address: &str) -> Origin {
    Origin { address: address.to_owned(), agent: "a browser".to_owned() }
}

impl Register {
    async fn open(database: TestDatabase) -> Register {
        let url: DatabaseUrl = database.url().parse().unwrap();
        let clock = Arc::new(ManualClock::at("2026-03-02T09:00:00Z".parse().unwrap()));
        let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(1)) };
        let store = Store::open(&url, options).await.unwrap();
        let register = Register { database, store, clock };
        register.execute(Command::Found { purpose: "register".into() }).await;
        register.open_account("anna").await;
        register
    }

    async fn execute(&self, command: Command) {
        self.store.execute(&Actor::operator(Clearance::full()), command).await.unwrap();
        self.wait(SignedDuration::from_micros(10));
    }

    async fn open_account(&self, account: &str) {
        let new = NewAccount {
            account: account.into(),
            name: "Anna Petrova".into(),
            roles: vec![Role::Member, Role::Secretary],
            clearance: Clearance::of(Level::Secret),
            party: None,
        };
        self.change(account, AccountCommand::Open(new)).await;
    }

    async fn change(&self, account: &str, command: AccountCommand) {
        self.execute(Command::Account { account: account.into(), command }).await;
    }

    fn wait(&self, by: SignedDuration) {
        self.clock.set(self.clock.now() + by);
    }

    /// A session of an account with a password that a person chose.
    async fn with_password(&self) -> (String, Session) {
        let one_time = self.store.give_one_time_password("anna").await.unwrap();
        let (token, _) = self.store.sign_in("anna", &one_time, &from("10.0.0.1")).await.unwrap();
        self.store.change_password(&token, &one_time, GOOD).await.unwrap()
    }

    async fn fail(&self, address: &str) -> String {
        code(self.store.sign_in("anna", "a wrong password", &from(address)).await)
    }
}

entente_testing::on_both! {
    async fn from_one_time_password_to_sign_out(database: TestDatabase) {
        let register = Register::open(database).await;
        let store = &register.store;
        // Opening an account gives no way in.
        assert!(store.must_change_password("anna").await.unwrap());
        assert_eq!(code(store.sign_in("anna", "", &from("10.0.0.1")).await), "access.sign_in");
        assert_eq!(code(store.give_one_time_password("nobody").await), "not_found");

        let one_time = store.give_one_time_password("anna").await.unwrap();
        let (first, session) = store.sign_in(" Anna ", &one_time, &from("10.0.0.1")).await.unwrap();
        assert!(session.must_change);
        assert_eq!(session.actor.roles, [Role::Member, Role::Secretary]);
        assert_eq!(session.actor.name, "Anna Petrova");

        for (old, new, expected) in [
            (one_time.as_str(), "short", "password.short"),
            (one_time.as_str(), "anna-petrova-1", "password.personal"),
            (one_time.as_str(), one_time.as_str(), "password.same"),
            ("not the old one", GOOD, "access.sign_in"),
        ] {
            assert_eq!(code(store.change_password(&first, old, new).await), expected);
        }
        let (second, session) = store.change_password(&first, &one_time, GOOD).await.unwrap();
        assert!(!session.must_change);
        assert!(!store.must_change_password("anna").await.unwrap());
        assert_ne!(first, second);
        assert_eq!(store.session(&first).await.unwrap(), None);
        assert_eq!(store.session(&second).await.unwrap(), Some(session.clone()));
        assert!(session.csrf_matches(&session.csrf));
        assert!(!session.csrf_matches("") && !session.csrf_matches(&second));

        assert_eq!(code(store.sign_in("anna", &one_time, &from("10.0.0.1")).await), "access.sign_in");
        store.sign_out(&second).await.unwrap();
        assert_eq!(store.session(&second).await.unwrap(), None);
        assert_eq!(code(store.change_password(&second, GOOD, "another good one 7").await), "access.session");
    }

    async fn a_reset_is_kept_whole_or_not_at_all(database: TestDatabase) {
        let register = Register::open(database).await;
        let (token, _) = register.with_password().await;
        let store = &register.store;
        let operator = Actor::operator(Clearance::full());
        let reset = || Request {
            command: Command::Account { account: "anna".into(), command: AccountCommand::ResetPassword },
            expected_version: None,
            idempotency_key: Some("reset-1".into()),
        };
        // The password cannot be kept: nothing is recorded either, and the session goes on.
        register.database.tamper("ALTER TABLE credential RENAME TO kept_credential").await;
        let failed = store.execute_giving_password(&operator, reset()).await;
        assert!(matches!(failed, Err(Error::Fault(_))), "{failed:?}");
        register.database.tamper("ALTER TABLE kept_credential RENAME TO credential").await;
        assert!(store.session(&token).await.unwrap().is_some());
        // So the same request is carried out when it comes again, and answered once with its password.
        let (receipt, password) = store.execute_giving_password(&operator, reset()).await.unwrap();
        assert!(!receipt.repeated && receipt.version == 2);
        assert_eq!(store.session(&token).await.unwrap(), None);
        assert_eq!(code(store.sign_in("anna", GOOD, &from("10.0.0.1")).await), "access.sign_in");
        let (again, none) = store.execute_giving_password(&operator, reset()).await.unwrap();
        assert!(again.repeated && none.is_none());
        store.sign_in("anna", &password.unwrap(), &from("10.0.0.1")).await.unwrap();
        // Only those who see to accounts, and only where a password is given.
        let anna = store.actor("anna").await.unwrap();
        assert_eq!(code(store.execute_giving_password(&anna, reset()).await), "access.role");
        let disable = Command::Account { account: "anna".into(), command: AccountCommand::Disable };
        assert!(matches!(store.execute_giving_password(&operator, disable).await, Err(Error::Fault(_))));
    }

    async fn a_name_that_none_can_have_is_answered_as_any_other(database: TestDatabase) {
        let register = Register::open(database).await;
        let store = &register.store;
        for name in ["a\0b", "", "\n", &"x".repeat(5_000)] {
            assert_eq!(code(store.sign_in(name, GOOD, &from("10.0.0.1")).await), "access.sign_in", "{name:?}");
            assert_eq!(code(store.actor(name).await), "not_found");
            assert_eq!(code(store.give_one_time_password(name).await), "not_found");
        }
    }

    async fn rights_are_asked_once_more_behind_the_lock(database: TestDatabase) {
        let register = Register::open(database).await;
        let store = &register.store;
        let command = || Command::Partner(PartnerCommand::Register { code: "BRA".into(), name: "Brazil".into() });
        // Who the person was when the request came; a page holds it while it waits for the ledger.
        let anna = store.actor("anna").await.unwrap();
        register.change("anna", AccountCommand::Withdraw(Role::Secretary)).await;
        assert_eq!(code(store.execute(&anna, command()).await), "access.role");
        register.change("anna", AccountCommand::Grant(Role::Secretary)).await;
        register.change("anna", AccountCommand::Disable).await;
        assert_eq!(code(store.execute(&anna, command()).await), "access.disabled");
        let mut batch = store.batch().await.unwrap();
        assert_eq!(code(batch.execute(&anna, command()).await), "access.disabled");
        drop(batch);
        register.change("anna", AccountCommand::Enable).await;
        store.execute(&anna, command()).await.unwrap();
    }

    async fn a_session_ends_by_itself(database: TestDatabase) {
        let register = Register::open(database).await;
        let (token, opened) = register.with_password().await;
        let store = &register.store;
        assert_eq!(opened.expires_at, opened.opened_at + SESSION_IDLE);

        // Used now and then, it stays open until its longest term; then it ends whatever the use.
        let mut last = opened.opened_at;
        while register.clock.now() + SignedDuration::from_mins(29) < opened.opened_at + SESSION_LONGEST {
            register.wait(SignedDuration::from_mins(29));
            let session = store.session(&token).await.unwrap().unwrap();
            last = register.clock.now();
            assert_eq!(session.expires_at, (last + SESSION_IDLE).min(opened.opened_at + SESSION_LONGEST));
        }
        register.clock.set(opened.opened_at + SESSION_LONGEST);
        assert!(register.clock.now().duration_since(last) < SESSION_IDLE);
        assert_eq!(store.session(&token).await.unwrap(), None);

        let (token, _) = store.sign_in("anna", GOOD, &from("10.0.0.1")).await.unwrap();
        register.wait(SESSION_IDLE);
        assert_eq!(store.session(&token).await.unwrap(), None);
        assert_eq!(store.sessions("anna", &token).await.unwrap(), []);
    }

    async fn the_use_of_a_session_is_written_once_a_minute(database: TestDatabase) {
        let register = Register::open(database).await;
        let (token, _) = register.with_password().await;
        let store = &register.store;
        let at_first = store.sessions("anna", &token).await.unwrap()[0].seen_at;
        register.wait(SignedDuration::from_secs(59));
        store.session(&token).await.unwrap().unwrap();
        assert_eq!(store.sessions("anna", &token).await.unwrap()[0].seen_at, at_first);
        register.wait(SignedDuration::from_secs(1));
        store.session(&token).await.unwrap().unwrap();
        assert_eq!(store.sessions("anna", &token).await.unwrap()[0].seen_at, register.clock.now());
    }

    async fn a_person_sees_and_ends_the_own_sessions(database: TestDatabase) {
        let register = Register::open(database).await;
        register.open_account("boris").await;
        let (here, _) = register.with_password().await;
        let store = &register.store;
        register.wait(SignedDuration::from_secs(5));
        let agent = format!("{}\u{7}{}", "b".repeat(150), "c".repeat(100));
        let origin = Origin { address: "10.0.0.2".into(), agent };
        let (there, _) = store.sign_in("anna", GOOD, &origin).await.unwrap();

        let rows = store.sessions("anna", &here).await.unwrap();
        assert_eq!(rows.iter().map(|row| row.current).collect::<Vec<_>>(), [false, true]);
        assert_eq!(rows[0].origin.agent, format!("{}{}", "b".repeat(150), "c".repeat(50)));
        assert_eq!(rows[0].origin.address, "10.0.0.2");
        assert_eq!(code(store.end_session("boris", &rows[0].id).await), "not_found");
        store.end_session("anna", &rows[0].id).await.unwrap();
        assert_eq!(code(store.end_session("anna", &rows[0].id).await), "not_found");
        assert_eq!(store.session(&there).await.unwrap(), None);
        assert!(store.session(&here).await.unwrap().is_some());

        // A new one-time password ends them all.
        store.give_one_time_password("anna").await.unwrap();
        assert_eq!(store.session(&here).await.unwrap(), None);
    }

    async fn a_disabled_account_has_nothing_open_and_gets_nothing_back(database: TestDatabase) {
        let register = Register::open(database).await;
        let (token, _) = register.with_password().await;
        let store = &register.store;
        let key = store.open_api_key("anna", "reports", 30).await.unwrap();
        assert_eq!(store.actor("anna").await.unwrap().account, "anna");
        assert_eq!(store.api_key_actor(&key).await.unwrap().unwrap().account, "anna");

        register.change("anna", AccountCommand::Disable).await;
        assert_eq!(store.session(&token).await.unwrap(), None);
        assert_eq!(store.sessions("anna", &token).await.unwrap(), []);
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        assert_eq!(code(store.actor("anna").await), "not_found");
        assert_eq!(code(store.sign_in("anna", GOOD, &from("10.0.0.1")).await), "access.sign_in");
        assert_eq!(code(store.open_api_key("anna", "more", 30).await), "not_found");

        register.change("anna", AccountCommand::Enable).await;
        assert_eq!(store.session(&token).await.unwrap(), None);
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        assert_eq!(store.api_keys("anna").await.unwrap(), []);
        store.sign_in("anna", GOOD, &from("10.0.0.1")).await.unwrap();
    }

    async fn failures_make_wait_and_never_for_good(database: TestDatabase) {
        let register = Register::open(database).await;
        let one_time = register.store.give_one_time_password("anna").await.unwrap();
        for _ in 0..6 {
            assert_eq!(register.fail("10.9.9.9").await, "access.sign_in");
        }
        // The right password waits too, and waiting is not counted as failing.
        for _ in 0..3 {
            let refused = register.store.sign_in("anna", &one_time, &from("10.0.0.1")).await;
            assert_eq!(code(refused), "access.locked");
        }
        register.wait(SignedDuration::from_secs(14));
        assert_eq!(register.fail("10.9.9.9").await, "access.locked");
        register.wait(SignedDuration::from_secs(1));
        assert_eq!(register.fail("10.9.9.9").await, "access.sign_in");
        register.wait(SignedDuration::from_secs(29));
        assert_eq!(register.fail("10.9.9.9").await, "access.locked");

        // However long somebody tries, the longest wait is a quarter of an hour.
        for _ in 0..6 {
            register.wait(SignedDuration::from_mins(15));
            assert_eq!(register.fail("10.9.9.9").await, "access.sign_in");
        }
        register.wait(SignedDuration::from_mins(15));
        register.store.sign_in("anna", &one_time, &from("10.0.0.1")).await.unwrap();
        // A success forgets the account's failures.
        for _ in 0..5 {
            assert_eq!(register.fail("10.0.0.7").await, "access.sign_in");
        }
        register.store.sign_in("anna", &one_time, &from("10.0.0.8")).await.unwrap();
    }

    async fn a_stranger_cannot_lock_a_person_out_of_the_own_desk(database: TestDatabase) {
        let register = Register::open(database).await;
        register.with_password().await;
        for _ in 0..6 {
            assert_eq!(register.fail("203.0.113.5").await, "access.sign_in");
        }
        assert_eq!(register.fail("203.0.113.6").await, "access.locked");
        register.store.sign_in("anna", GOOD, &from("10.0.0.1")).await.unwrap();

        // The address is known for thirty days.
        register.wait(SignedDuration::from_hours(24 * 30));
        for _ in 0..6 {
            register.fail("203.0.113.5").await;
        }
        let refused = register.store.sign_in("anna", GOOD, &from("10.0.0.1")).await;
        assert_eq!(code(refused), "access.locked");
        // The administrator's way out.
        let one_time = register.store.give_one_time_password("anna").await.unwrap();
        register.store.sign_in("anna", &one_time, &from("10.0.0.1")).await.unwrap();
    }

    async fn one_address_that_tries_many_waits_and_nobody_else(database: TestDatabase) {
        let register = Register::open(database).await;
        register.with_password().await;
        for number in 0..21 {
            let tried = register.store.sign_in(&format!("name-{number}"), "x", &from("2001:db8::1")).await;
            assert_eq!(code(tried), "access.sign_in", "{number}");
        }
        let neighbour = register.store.sign_in("anna", GOOD, &from("2001:db8::2")).await;
        assert_eq!(code(neighbour), "access.locked");
        register.store.sign_in("anna", GOOD, &from("2001:db9::1")).await.unwrap();
    }

    async fn a_lock_does_not_tell_which_accounts_there_are(database: TestDatabase) {
        let register = Register::open(database).await;
        register.store.give_one_time_password("anna").await.unwrap();
        let mut answers = Vec::new();
        for account in ["anna", "nobody"] {
            let mut seen = Vec::new();
            for number in 0..8 {
                let address = from(&format!("10.1.1.{number}"));
                seen.push(code(register.store.sign_in(account, "wrong", &address).await));
            }
            answers.push(seen);
        }
        assert_eq!(answers[0], answers[1]);
        assert_eq!(answers[0][7], "access.locked");
    }

    async fn attempts_at_once_are_all_counted(database: TestDatabase) {
        let register = Register::open(database).await;
        let one_time = register.store.give_one_time_password("anna").await.unwrap();
        let attempts: Vec<_> = (0..12)
            .map(|number| {
                let store = register.store.clone();
                let origin = from(&format!("10.2.2.{number}"));
                tokio::spawn(async move { code(store.sign_in("anna", "wrong", &origin).await) })
            })
            .collect();
        let mut answered = 0;
        for attempt in attempts {
            answered += usize::from(attempt.await.unwrap() == "access.sign_in");
        }
        assert!((6..=7).contains(&answered), "{answered} attempts were answered before the lock");
        let right = register.store.sign_in("anna", &one_time, &from("10.0.0.1")).await;
        assert_eq!(code(right), "access.locked");
    }

    async fn keys_end_with_the_password(database: TestDatabase) {
        let register = Register::open(database).await;
        let (token, _) = register.with_password().await;
        let store = &register.store;
        let key = store.open_api_key("anna", "reports", 30).await.unwrap();
        store.change_password(&token, GOOD, "seven slow barges turn").await.unwrap();
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        assert_eq!(store.api_keys("anna").await.unwrap(), []);

        let key = store.open_api_key("anna", "reports", 30).await.unwrap();
        let given = store.give_one_time_password("anna").await.unwrap();
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        // One that is opened meanwhile serves nobody before the password is the person's own.
        let key = store.open_api_key("anna", "reports", 30).await.unwrap();
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        let (token, _) = store.sign_in("anna", &given, &from("10.0.0.1")).await.unwrap();
        store.change_password(&token, &given, GOOD).await.unwrap();
        let key = store.open_api_key("anna", "reports", 30).await.unwrap();
        assert!(store.api_key_actor(&key).await.unwrap().is_some());
    }

    async fn whoever_sees_to_accounts_sees_and_closes_keys(database: TestDatabase) {
        let register = Register::open(database).await;
        register.with_password().await;
        let store = &register.store;
        let operator = Actor::operator(Clearance::full());
        let key = store.open_api_key("anna", "reports", 30).await.unwrap();
        let anna = store.actor("anna").await.unwrap();
        assert_eq!(code(store.api_keys_of(&anna, "anna").await), "access.role");
        assert_eq!(code(store.api_keys_of(&operator, "nobody").await), "not_found");
        let id = store.api_keys_of(&operator, "anna").await.unwrap()[0].id.clone();
        assert_eq!(code(store.close_api_key_of(&anna, "anna", &id).await), "access.role");
        store.close_api_key_of(&operator, "anna", &id).await.unwrap();
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
    }

    async fn api_keys_have_a_term_and_a_name(database: TestDatabase) {
        let register = Register::open(database).await;
        register.open_account("boris").await;
        let store = &register.store;
        assert_eq!(code(store.open_api_key("anna", " ", 30).await), "api_key.name");
        assert_eq!(code(store.open_api_key("anna", "reports", 0).await), "api_key.days");
        assert_eq!(code(store.open_api_key("anna", "reports", 366).await), "api_key.days");
        assert_eq!(code(store.open_api_key("nobody", "reports", 1).await), "not_found");

        let key = store.open_api_key("anna", "reports", 1).await.unwrap();
        assert!(key.starts_with("entente_") && key.len() == 72);
        let rows = store.api_keys("anna").await.unwrap();
        assert_eq!(rows.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["reports"]);
        for wrong in ["", "entente_", &key[..71], &key[8..], &key.replace("entente_", "entente-")] {
            assert_eq!(store.api_key_actor(wrong).await.unwrap(), None);
        }
        register.wait(SignedDuration::from_hours(24) - SignedDuration::from_micros(1));
        assert!(store.api_key_actor(&key).await.unwrap().is_some());
        register.wait(SignedDuration::from_micros(1));
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        assert_eq!(store.api_keys("anna").await.unwrap(), []);

        let key = store.open_api_key("anna", "again", 365).await.unwrap();
        let id = store.api_keys("anna").await.unwrap()[0].id.clone();
        assert_eq!(code(store.close_api_key("boris", &id).await), "not_found");
        store.close_api_key("anna", &id).await.unwrap();
        assert_eq!(store.api_key_actor(&key).await.unwrap(), None);
        for number in 0..20 {
            store.open_api_key("anna", &format!("key {number}"), 365).await.unwrap();
        }
        assert_eq!(code(store.open_api_key("anna", "one more", 365).await), "api_key.too_many");
    }

    async fn secrets_are_not_kept_in_the_clear(database: TestDatabase) {
        let register = Register::open(database).await;
        let (token, _) = register.with_password().await;
        let key = register.store.open_api_key("anna", "reports", 30).await.unwrap();
        // People type their password where the name belongs.
        let mistyped = register.store.sign_in(GOOD, "x", &from("10.0.0.1")).await;
        assert_eq!(code(mistyped), "access.sign_in");
        for (table, column) in [
            ("credential", "password_hash"),
            ("session", "csrf"),
            ("sign_in_failure", "who"),
            ("api_key", "name"),
        ] {
            for secret in [GOOD, &token, &key] {
                let sql = format!("UPDATE {table} SET {column} = {column} WHERE {column} LIKE '%{secret}%'");
                assert_eq!(register.database.tamper(&sql).await, 0, "{table}");
            }
        }
    }
}
