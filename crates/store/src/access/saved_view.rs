//! Views of pages that a person has given a name, so that a list is found again as it was narrowed and sorted.
//!
//! What is saved is the path and no more: what it shows is read anew each time, with the rights of that day.

use entente_register::document::text;
use entente_register::ledger::{Refusal, instant_text};

use crate::error::{Fault, Outcome};
use crate::store::Store;

/// Views that one account may save.
const MOST_VIEWS: i64 = 50;

/// The longest path, in bytes.
const LONGEST: usize = 2_000;

/// A view that was saved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// What the person calls it.
    pub name: String,
    /// The path of the page with what narrows and sorts it.
    pub path: String,
}

impl Store {
    /// Saves a view under a name; one that had the name before falls away.
    ///
    /// # Errors
    /// `saved_view.name`, `saved_view.path` or `saved_view.too_many`.
    pub async fn save_view(&self, account: &str, name: &str, path: &str) -> Outcome<()> {
        let name = name.trim();
        text("saved_view.name", "name", name, 80)?;
        check_path(path)?;
        let mut transaction = self.database.write().await?;
        let mut connection = transaction.connection();
        let others = connection
            .fetch_one(
                "counting saved views",
                "SELECT CAST(count(*) AS BIGINT) FROM saved_view WHERE account = $1 AND name <> $2",
                &[account.into(), name.into()],
            )
            .await?
            .int(0)?;
        if others >= MOST_VIEWS {
            return Err(Refusal::new(
                "saved_view.too_many",
                format!("The account has {MOST_VIEWS} saved views already."),
            )
            .field("name")
            .missing("a view less: forget one that is not used")
            .into());
        }
        connection
            .execute(
                "saving a view",
                "INSERT INTO saved_view (account, name, path, saved_at) VALUES ($1, $2, $3, $4) ON CONFLICT (account, name) DO UPDATE SET path = excluded.path, saved_at = excluded.saved_at",
                &[account.into(), name.into(), path.into(), instant_text(self.now()).into()],
            )
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    /// The views that an account has saved, by name.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn saved_views(&self, account: &str) -> Outcome<Vec<SavedView>> {
        let mut transaction = self.database.read().await?;
        let rows = transaction
            .connection()
            .fetch(
                "listing saved views",
                "SELECT name, path FROM saved_view WHERE account = $1 ORDER BY name",
                &[account.into()],
            )
            .await?;
        let read = |row: &crate::database::Row| Ok(SavedView { name: row.text(0)?, path: row.text(1)? });
        Ok(rows.iter().map(read).collect::<Result<_, Fault>>()?)
    }

    /// Forgets a view.
    ///
    /// # Errors
    /// `not_found` if the account has saved none of the name.
    pub async fn forget_view(&self, account: &str, name: &str) -> Outcome<()> {
        // No stored text holds a zero byte, and PostgreSQL takes none.
        let name = name.replace('\0', "");
        let mut transaction = self.database.write().await?;
        let forgotten = transaction
            .connection()
            .execute(
                "forgetting a view",
                "DELETE FROM saved_view WHERE account = $1 AND name = $2",
                &[account.into(), name.as_str().into()],
            )
            .await?;
        if forgotten == 0 {
            return Err(Refusal::not_found("saved view", &name).field("name").into());
        }
        transaction.commit().await?;
        Ok(())
    }
}

/// A path of this site and no other: it is followed later without another look.
fn check_path(path: &str) -> Result<(), Refusal> {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.starts_with("/\\");
    let plain = path.len() <= LONGEST && path.bytes().all(|b| b.is_ascii_graphic());
    if own && plain {
        return Ok(());
    }
    Err(Refusal::new("saved_view.path", "This is no page of the register.")
        .field("path")
        .missing(format!("a path that begins with one slash, of at most {LONGEST} characters")))
}
