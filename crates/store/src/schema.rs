//! Making the schema, and telling an older or newer one.

use entente_register::ledger::{GENESIS, Refusal};

use crate::database::{Connection, Database, Kind};
use crate::error::{Fault, Outcome};

/// The schema's version that this program writes and reads.
pub(crate) const VERSION: i64 = 1;

const SCHEMA: &str = include_str!("schema.sql");

/// The tables that are rebuilt from the events, each with its primary key.
pub(crate) const VIEWS: &[(&str, &str)] = &[
    ("label", "id"),
    ("account", "account, known_from"),
    ("partner", "code"),
    ("partner_group", "code"),
    ("group_change", "code, state, known_from"),
    ("number_series", "series"),
    ("party", "number"),
    ("contract", "number, known_from, valid_from"),
    ("contract_party", "contract, known_from, position"),
    ("claim", "contract, claim"),
    ("line", "number, known_from, valid_from"),
    ("line_sum", "line"),
    ("line_completion", "line, counting, known_from, completed_on"),
    ("line_course", "counting, currency, known_to, due_on, line, known_from, from_on"),
    ("delivery_act", "known_from, counting"),
    ("delivery_day", "counting, currency, act_date, partner, label, recorded_day"),
    ("delivery_month", "counting, currency, act_month, partner, label, recorded_month"),
    ("plan", "year, version, known_from"),
    ("plan_item", "year, version, position"),
];

/// Makes the schema in an empty database; refuses one that is newer than this program.
pub(crate) async fn prepare(database: &Database) -> Outcome<()> {
    // A register that is as it should be is opened without waiting for a long write of another process.
    if find_version(&mut database.read().await?.connection()).await? == Some(VERSION) {
        return Ok(());
    }
    let mut transaction = database.write().await?;
    let mut connection = transaction.connection();
    match find_version(&mut connection).await? {
        None => {
            create(&mut connection).await?;
            transaction.commit().await?;
        }
        Some(VERSION) => transaction.rollback().await,
        Some(newer) if newer > VERSION => {
            transaction.rollback().await;
            return Err(Refusal::new(
                "database.newer",
                format!(
                    "The database has schema version {newer}; this program knows versions up to {VERSION}."
                ),
            )
            .missing("a newer version of Entente")
            .into());
        }
        Some(older) => {
            transaction.rollback().await;
            // Version 1 is the first; an older one was never written by a release.
            return Err(Fault::damaged("reading the schema's version", format!("version {older}")).into());
        }
    }
    Ok(())
}

async fn find_version(connection: &mut Connection<'_>) -> Outcome<Option<i64>> {
    let sql = match connection.kind() {
        Kind::Sqlite => {
            "SELECT CAST(count(*) AS BIGINT) FROM sqlite_master WHERE type = 'table' AND name = 'setting'"
        }
        Kind::Postgres => {
            "SELECT CAST(count(*) AS BIGINT) FROM information_schema.tables WHERE table_schema = current_schema() AND table_name = 'setting'"
        }
    };
    if connection.fetch_one("looking for the schema", sql, &[]).await?.int(0)? == 0 {
        return Ok(None);
    }
    let row = connection
        .fetch_optional(
            "reading the schema's version",
            "SELECT value FROM setting WHERE name = 'schema_version'",
            &[],
        )
        .await?;
    let text = row.map(|row| row.text(0)).transpose()?.unwrap_or_default();
    text.parse()
        .map(Some)
        .map_err(|_| Fault::damaged("reading the schema's version", format!("{text:?} is no version")).into())
}

/// Makes the tables in an empty database.
pub(crate) async fn create(connection: &mut Connection<'_>) -> Result<(), Fault> {
    let (bytes, text, key) = match connection.kind() {
        Kind::Sqlite => ("BLOB", "TEXT", "INTEGER"),
        Kind::Postgres => ("BYTEA", "TEXT COLLATE \"C\"", "BIGINT"),
    };
    let mut sql = SCHEMA.replace("{bytes}", bytes).replace("{text}", text).replace("{key}", key);
    if connection.kind() == Kind::Sqlite {
        // Rows of these are found by their whole key; without a second tree they are half the size.
        for table in
            ["delivery_act", "delivery_day", "delivery_month", "line_completion", "line_course", "line_sum"]
        {
            let start = sql.find(&format!("CREATE TABLE {table} (")).unwrap_or(0);
            if let Some(end) = sql[start..].find("\n);") {
                sql.replace_range(start + end..start + end + 3, "\n) WITHOUT ROWID;");
            }
        }
    }
    connection.script("making the schema", &sql).await?;
    connection
        .execute(
            "making the schema",
            "INSERT INTO setting (name, value) VALUES ('schema_version', $1)",
            &[VERSION.to_string().into()],
        )
        .await?;
    connection
        .execute(
            "making the schema",
            "INSERT INTO ledger_head (one, sequence, hash, recorded_at) VALUES (1, 0, $1, '')",
            &[GENESIS.as_slice().into()],
        )
        .await?;
    Ok(())
}
