//! Fresh databases.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, OnceLock};

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, Row as _};

use crate::Cluster;

/// A fresh, empty database. It is removed when this value is dropped.
#[derive(Debug)]
pub struct TestDatabase {
    url: String,
    folder: tempfile::TempDir,
    schema: Option<(String, String)>,
}

impl TestDatabase {
    /// Its address, as `--database` takes it.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// An empty folder that is removed with it; a SQLite file lies there as `entente.db`.
    pub fn folder(&self) -> PathBuf {
        self.folder.path().to_owned()
    }

    /// Whether it is PostgreSQL.
    pub fn is_postgres(&self) -> bool {
        self.schema.is_some()
    }

    /// Runs a statement past the store, as someone who tampers would.
    pub async fn tamper(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.schema {
            Some(_) => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                let done = sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                done.rows_affected()
            }
            None => {
                let path = self.folder.path().join("entente.db");
                let options =
                    sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                let done = sqlx::raw_sql(sql).execute(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                done.rows_affected()
            }
        }
    }
}

/// The rows of a query whose columns are all text.
macro_rules! texts {
    ($rows:expr) => {
        $rows
            .iter()
            .map(|row| {
                (0..row.len())
                    .map(|column| row.get::<Option<String>, _>(column).unwrap_or_default())
                    .collect()
            })
            .collect()
    };
}

impl TestDatabase {
    /// The rows of a query past the store; its columns are all text.
    pub async fn query(&self, sql: &str) -> Vec<Vec<String>> {
        let sql = AssertSqlSafe(sql.to_owned());
        match &self.schema {
            Some(_) => {
                let mut connection = PgConnection::connect(&self.url).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                texts!(rows)
            }
            None => {
                let path = self.folder.path().join("entente.db");
                let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
                let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut connection).await.unwrap();
                connection.close().await.unwrap();
                texts!(rows)
            }
        }
    }
}

impl Drop for TestDatabase {
    fn drop(&mut self) {
        if let Some((base, schema)) = self.schema.take() {
            // On a thread of its own: a runtime cannot be started within one. A test that left a
            // transaction open must not hang here; the private cluster goes away anyway.
            let dropped = std::thread::spawn(move || {
                crate::block_on(async {
                    let mut connection = PgConnection::connect(&base).await?;
                    let sql = format!("SET lock_timeout = '2s'; DROP SCHEMA \"{schema}\" CASCADE");
                    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await?;
                    connection.close().await
                })
            });
            let _ = dropped.join();
        }
    }
}

/// A fresh SQLite file.
pub fn sqlite() -> TestDatabase {
    let folder = tempfile::Builder::new().prefix("entente-test-").tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("entente.db").display());
    TestDatabase { url, folder, schema: None }
}

/// A fresh PostgreSQL schema; none, with the reason printed, where there is no PostgreSQL.
pub fn postgres() -> Option<TestDatabase> {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let base = match server() {
        Ok(base) => base,
        Err(reason) => {
            let wanted = std::env::var("ENTENTE_TEST_POSTGRES").unwrap_or_default();
            assert!(wanted.is_empty(), "PostgreSQL is required and cannot be had: {reason}");
            eprintln!("skipped on PostgreSQL: {reason}");
            return None;
        }
    };
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let schema = format!("entente_test_{}_{number}", std::process::id());
    let created = schema.clone();
    let address = base.clone();
    std::thread::spawn(move || {
        crate::block_on(async {
            let mut connection = PgConnection::connect(&address).await.unwrap();
            let sql = format!("CREATE SCHEMA \"{created}\"");
            sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
            connection.close().await.unwrap();
        });
    })
    .join()
    .unwrap();
    let join = if base.contains('?') { '&' } else { '?' };
    let url = format!("{base}{join}options[search_path]={schema}");
    let folder = tempfile::Builder::new().prefix("entente-test-").tempdir().unwrap();
    Some(TestDatabase { url, folder, schema: Some((base, schema)) })
}

/// The address of the server: the one that is given, or the private one of this process.
fn server() -> Result<String, String> {
    static PRIVATE: OnceLock<Result<Mutex<Cluster>, String>> = OnceLock::new();
    match std::env::var("ENTENTE_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() && url != "required" => Ok(url),
        _ => match PRIVATE.get_or_init(|| Cluster::start().map(Mutex::new)) {
            Ok(cluster) => Ok(cluster.lock().unwrap_or_else(std::sync::PoisonError::into_inner).url()),
            Err(reason) => Err(reason.clone()),
        },
    }
}
