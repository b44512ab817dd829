//! Making the schema, and telling an older or newer one.

use entente_register::ledger::{GENESIS, Refusal};

use crate::database::{Connection, Database, DatabaseUrl, Kind};
use crate::error::{Fault, Outcome};
use crate::ledger::{Progress, rebuild};

/// The version of the tables that are kept (the last of [`FACTS`]) that this program writes and reads.
pub(crate) const VERSION: i64 = 3;

/// The version of the views (`views.sql`). An older one is dropped and rebuilt from the events when a
/// register is opened, so a change of a view needs a new number here and nothing else.
const VIEWS_VERSION: i64 = 15;

/// The tables that are kept, by version: each script makes of the version before it the next, the first
/// of nothing. They only add, and one that was released is never changed.
pub(crate) const FACTS: &[&str] =
    &[include_str!("facts.sql"), include_str!("facts_2.sql"), include_str!("facts_3.sql")];

const VIEWS_SQL: &str = include_str!("views.sql");

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
    ("contract_party", "contract, known_from, valid_from, position"),
    ("claim", "contract, claim"),
    ("line", "number, known_from, valid_from"),
    ("line_sum", "line"),
    ("line_completion", "line, counting, known_from, completed_on"),
    ("line_course", "counting, currency, known_to, due_on, line, known_from, from_on"),
    ("delivery_act", "known_from, counting"),
    ("document_use", "content, subject"),
    ("delivery_day", "counting, currency, act_date, partner, label, recorded_day"),
    ("delivery_month", "counting, currency, act_month, partner, label, recorded_month"),
    ("plan", "year, version, known_from"),
    ("plan_item", "year, version, position"),
    ("plan_act", "year, version, position"),
    ("plan_month", "year, version, planned_month, partner, label"),
    ("external_reference", "reference, scope, subject"),
    ("schedule_state", "contract, known_from"),
    ("instalment", "number, known_from, valid_from"),
    ("receipt", "number"),
    ("allocation", "receipt, known_from, instalment"),
    ("penalty", "number, known_from, valid_from"),
    ("exchange_rate", "number, known_from"),
    ("opportunity", "number, known_from, valid_from"),
    ("forecast", "number"),
    ("search_text", "id"),
    ("search_word", "kind, word, text"),
    ("performance", "number, known_from, valid_from"),
    ("serial_number", "delivery, known_from, position"),
    ("screening", "number, known_from, valid_from"),
    ("list_edition", "list, known_from"),
    ("embargo", "number, known_from, valid_from"),
    ("transfer", "number, known_from, valid_from"),
    ("transfer_agency", "number, agency"),
    ("licence_end_user", "number, end_user"),
    ("assurance", "number, known_from, valid_from"),
    ("guidance", "number, known_from, valid_from"),
    ("control_entry", "list, edition, family, entry_key"),
    ("precedent", "application, known_from, category, end_user"),
    ("licence_line", "licence, line"),
    ("write_off", "licence, reference, known_from"),
    ("chain_break", "cell, known_from, position"),
    ("customs", "number, known_from, valid_from"),
    ("reexport_link", "number, about"),
    ("statistic_edition", "series, known_from"),
    ("statistic_figure", "series, edition, year, position"),
    ("market_deal", "edition, position"),
];

/// Views of earlier versions that are none any more, to be dropped.
const FORMER_VIEWS: &[&str] = &[];

/// Views whose rows are found by their whole key: on SQLite, without a second tree they are half the size.
const KEYED: &[&str] = &[
    "chain_break",
    "control_entry",
    "delivery_act",
    "delivery_day",
    "delivery_month",
    "document_use",
    "external_reference",
    "line_completion",
    "line_course",
    "line_sum",
    "plan_month",
    "search_word",
    "statistic_figure",
];

/// Versions of a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Versions {
    facts: i64,
    views: i64,
}

/// Makes the schema in an empty database, rebuilds the views where they are of an earlier version, and
/// refuses a database that is newer than this program. Rebuilding tells `progress` how far it is.
pub(crate) async fn prepare(database: &Database, progress: &Progress) -> Outcome<()> {
    let current = Versions { facts: VERSION, views: VIEWS_VERSION };
    // A register that is as it should be is opened without waiting for a long write of another process.
    if find_versions(&mut database.read().await?.connection()).await? == Some(current) {
        return Ok(());
    }
    let mut transaction = database.write().await?;
    let mut connection = transaction.connection();
    let found = find_versions(&mut connection).await?;
    let done = match found {
        None => create(&mut connection).await.map_err(Into::into),
        Some(found) if found == current => Ok(()),
        Some(found) if found.facts > VERSION || found.views > VIEWS_VERSION => Err(Refusal::new(
            "database.newer",
            format!(
                "The database has schema version {}.{}; this program knows versions up to {VERSION}.{VIEWS_VERSION}.",
                found.facts, found.views
            ),
        )
        .missing("a newer version of Entente")
        .into()),
        Some(found) => upgrade(&mut connection, found, progress).await,
    };
    match done {
        Ok(()) => Ok(transaction.commit().await?),
        Err(error) => {
            transaction.rollback().await;
            Err(error)
        }
    }
}

/// Whether the database holds a register, of whatever version.
pub(crate) async fn is_there(database: &Database) -> Outcome<bool> {
    Ok(find_versions(&mut database.read().await?.connection()).await?.is_some())
}

/// There is no register at this address.
pub(crate) fn no_register(url: &DatabaseUrl) -> Refusal {
    Refusal::new("database.no_register", format!("There is no register at {url}."))
        .field("database")
        .missing("the address of a register; `entente migrate` makes a new one")
}

async fn find_versions(connection: &mut Connection<'_>) -> Outcome<Option<Versions>> {
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
    let rows = connection
        .fetch(
            "reading the schema's version",
            "SELECT name, value FROM setting WHERE name IN ('schema_version', 'views_version') ORDER BY name",
            &[],
        )
        .await?;
    // A database of before the views had a number of their own has those of version 1.
    let mut versions = Versions { facts: 0, views: 1 };
    for row in rows {
        let text = row.text_ref(1)?;
        let version = text
            .parse()
            .map_err(|_| Fault::damaged("reading the schema's version", format!("{text:?} is no version")))?;
        match row.text_ref(0)? {
            "views_version" => versions.views = version,
            _ => versions.facts = version,
        }
    }
    Ok(Some(versions))
}

/// Brings an earlier version up to this program's.
async fn upgrade(connection: &mut Connection<'_>, found: Versions, progress: &Progress) -> Outcome<()> {
    let doing = "upgrading the schema";
    let done = usize::try_from(found.facts).ok().filter(|done| *done > 0);
    let done = done.ok_or_else(|| Fault::damaged(doing, format!("version {}", found.facts)))?;
    for sql in FACTS.iter().skip(done) {
        connection.script(doing, &script(sql, connection.kind())).await?;
    }
    connection
        .execute(
            doing,
            "UPDATE setting SET value = $1 WHERE name = 'schema_version'",
            &[VERSION.to_string().into()],
        )
        .await?;
    if found.views < VIEWS_VERSION {
        replace_views(connection, progress).await?;
    }
    Ok(())
}

/// Drops the views of an earlier version and builds today's from the events.
async fn replace_views(connection: &mut Connection<'_>, progress: &Progress) -> Outcome<()> {
    let doing = "replacing the views";
    for view in VIEWS.iter().map(|(view, _)| view).chain(FORMER_VIEWS) {
        connection.script(doing, &format!("DROP TABLE IF EXISTS {view}")).await?;
    }
    connection.script(doing, &script(VIEWS_SQL, connection.kind())).await?;
    rebuild(connection, progress).await?;
    connection
        .execute(
            doing,
            "INSERT INTO setting (name, value) VALUES ('views_version', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            &[VIEWS_VERSION.to_string().into()],
        )
        .await?;
    Ok(())
}

/// A script of the schema as a database takes it.
fn script(sql: &str, kind: Kind) -> String {
    let (bytes, text, key) = match kind {
        Kind::Sqlite => ("BLOB", "TEXT", "INTEGER"),
        Kind::Postgres => ("BYTEA", "TEXT COLLATE \"C\"", "BIGINT"),
    };
    let mut sql = sql.replace("{bytes}", bytes).replace("{text}", text).replace("{key}", key);
    if kind == Kind::Sqlite {
        for table in KEYED {
            let Some(start) = sql.find(&format!("CREATE TABLE {table} (")) else { continue };
            if let Some(end) = sql[start..].find("\n);") {
                sql.replace_range(start + end..start + end + 3, "\n) WITHOUT ROWID;");
            }
        }
    }
    sql
}

/// Makes the tables in an empty database.
pub(crate) async fn create(connection: &mut Connection<'_>) -> Result<(), Fault> {
    let doing = "making the schema";
    for sql in FACTS.iter().chain([&VIEWS_SQL]) {
        connection.script(doing, &script(sql, connection.kind())).await?;
    }
    connection
        .execute(
            doing,
            "INSERT INTO setting (name, value) VALUES ('schema_version', $1), ('views_version', $2)",
            &[VERSION.to_string().into(), VIEWS_VERSION.to_string().into()],
        )
        .await?;
    connection
        .execute(
            doing,
            "INSERT INTO ledger_head (one, sequence, hash, recorded_at) VALUES (1, 0, $1, '')",
            &[GENESIS.as_slice().into()],
        )
        .await?;
    Ok(())
}
