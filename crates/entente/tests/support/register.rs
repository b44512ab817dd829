//! A register of a test’s own, into which books are brought and out of which they are given.

#![allow(dead_code, reason = "each of the tests uses a part of it")]

use std::sync::Arc;

use entente::book::{Incoming, Options, Report, Rows, export, import};
use entente::formats::table::RawRow;
use entente_register::access::{Actor, Role};
use entente_register::book::table::Table;
use entente_register::brief::Brief;
use entente_register::command::Command;
use entente_register::contract::delivery::Counting;
use entente_register::label::Clearance;
use entente_store::reader::BriefOptions;
use entente_store::{DatabaseUrl, Entropy, ManualClock, Store, StoreOptions};
use jiff::civil::{Date, date};

pub(crate) struct Register {
    pub(crate) store: Store,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) actor: Actor,
}

impl Register {
    /// An empty register on a day after all that the demonstration tells of.
    pub(crate) async fn empty(folder: &tempfile::TempDir, name: &str) -> Register {
        let url: DatabaseUrl = format!("sqlite:{}", folder.path().join(name).display()).parse().unwrap();
        let clock = Arc::new(ManualClock::at("2014-02-01T09:00:00Z".parse().unwrap()));
        let options = StoreOptions { clock: clock.clone(), entropy: Arc::new(Entropy::seeded(7)) };
        let store = Store::open(&url, options).await.unwrap();
        Register { store, clock, actor: Actor::operator(Clearance::full()) }
    }

    pub(crate) async fn founded(folder: &tempfile::TempDir, name: &str) -> Register {
        let register = Register::empty(folder, name).await;
        let found = Command::Found { purpose: "register".into() };
        register.store.execute(&register.actor, found).await.unwrap();
        register
    }

    pub(crate) async fn demonstration(folder: &tempfile::TempDir) -> Register {
        let register = Register::empty(folder, "demonstration.db").await;
        entente::demo::make(register.store.url(), &mut |_, _| {}).await.unwrap();
        register
    }

    pub(crate) async fn brief(&self, as_of: Date, counting: Counting) -> Brief {
        let reader = self.store.reader(&self.actor, Some(as_of), None).await.unwrap();
        reader.brief(&BriefOptions { counting, ..BriefOptions::default() }).await.unwrap()
    }

    pub(crate) async fn book(&self) -> Rows {
        let reader = self.store.reader(&self.actor, None, None).await.unwrap();
        export(&reader, &|_| {}).await.unwrap()
    }

    pub(crate) async fn import(&self, rows: &Rows, options: Options) -> Report {
        import(&self.store, &self.actor, incoming(rows), options, &|_| {}).await.unwrap()
    }

    pub(crate) async fn import_files(&self, tables: Vec<Incoming<'static>>, options: Options) -> Report {
        import(&self.store, &self.actor, tables, options, &|_| {}).await.unwrap()
    }

    /// Asserts that the figures are those of another register: every one, on days through the years.
    pub(crate) async fn agrees_with(&self, other: &Register) {
        for (as_of, counting) in [
            (date(2010, 6, 30), Counting::TitlePassed),
            (date(2011, 12, 31), Counting::TitlePassed),
            (date(2012, 3, 31), Counting::TitlePassed),
            (date(2012, 9, 30), Counting::TitlePassed),
            (date(2012, 12, 31), Counting::TitlePassed),
            (date(2012, 12, 31), Counting::HandedOver),
            (date(2013, 6, 30), Counting::HandedOver),
            (date(2013, 12, 31), Counting::TitlePassed),
            (date(2014, 1, 31), Counting::TitlePassed),
        ] {
            let (a, b) = (other.brief(as_of, counting).await, self.brief(as_of, counting).await);
            assert_eq!(a.plan, b.plan, "{as_of}");
            assert_eq!(a.deliveries, b.deliveries, "{as_of}");
            assert_eq!(a.contracts, b.contracts, "{as_of}");
            assert_eq!(a.previous_year, b.previous_year, "{as_of}");
            assert_eq!(a.order_book, b.order_book, "{as_of}");
            assert_eq!(a.forecasts, b.forecasts, "{as_of}");
            assert_eq!(a.earlier_years, b.earlier_years, "{as_of}");
            assert_eq!(a.remaining, b.remaining, "{as_of}");
            assert_eq!(a.by_partner, b.by_partner, "{as_of}");
            assert_eq!(a.by_group, b.by_group, "{as_of}");
            assert_eq!(a.months, b.months, "{as_of}");
            assert_eq!(a.alerts, b.alerts, "{as_of}");
            assert_eq!(a.payments, b.payments, "{as_of}");
            assert_eq!(a.pipeline, b.pipeline, "{as_of}");
        }
        let (ours, theirs) = (other.beside().await, self.beside().await);
        assert!(!ours.is_empty());
        assert_eq!(ours, theirs);
    }

    /// What stands beside prices and days, in no order: that of entry is of each ledger alone.
    async fn beside(&self) -> Vec<String> {
        let rows = self.book().await;
        let mut all = Vec::new();
        for table in [
            Table::Claims,
            Table::Terms,
            Table::Serials,
            Table::Milestones,
            Table::Corrective,
            Table::Offsets,
            Table::Credits,
        ] {
            let columns = table.columns();
            for row in rows[&table].iter().skip(1) {
                let told = row.iter().zip(columns).filter(|(_, column)| !column.name.ends_with("entry"));
                let told: Vec<_> = told.map(|(cell, _)| cell.to_string()).collect();
                all.push(format!("{}: {told:?}", table.word()));
            }
        }
        all.sort();
        all
    }

    pub(crate) async fn head(&self) -> i64 {
        let reader = self.store.reader(&self.actor, None, None).await.unwrap();
        reader.events(entente_store::reader::Page::first(1)).await.unwrap().total
    }
}

/// Plans, and what is credited, are approved by others than whoever brings them in.
pub(crate) fn kept() -> Options {
    let of = |name: &str, role| Actor {
        account: name.to_lowercase(),
        name: name.into(),
        roles: vec![role],
        clearance: Clearance::full(),
        party: None,
    };
    Options {
        approvers: vec![of("Chair", Role::Chair), of("Secretary", Role::Secretary)],
        ..Options::default()
    }
}

pub(crate) fn trial() -> Options {
    Options { is_trial: true, ..kept() }
}

pub(crate) fn incoming(rows: &Rows) -> Vec<Incoming<'static>> {
    rows.iter()
        .map(|(table, rows)| {
            let rows: Vec<_> = rows
                .iter()
                .enumerate()
                .map(|(place, cells)| Ok(RawRow { place: place as u64 + 1, cells: cells.clone() }))
                .collect();
            Incoming { table: *table, rows: Box::new(rows.into_iter()) }
        })
        .collect()
}
