//! Making a backup while others work.

use std::fs::{File, OpenOptions};
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use entente_register::access::{Actor, Role};
use entente_register::ledger::{Refusal, instant_text};
use tokio::sync::mpsc;

use super::file::{Header, HeaderTable, Writer, encode_row};
use super::table::{TABLES, Table};
use super::{Backup, BackupProgress, BackupStep, io_fault};
use crate::database::{Connection, Value};
use crate::error::{Error, Fault, Outcome};
use crate::ledger::Head;
use crate::schema::VERSION;
use crate::store::Store;

const DOING: &str = "writing the backup";

impl Store {
    /// Saves one consistent state of the register in a file, while others read and write.
    ///
    /// The file appears under its name only once it is whole and on the disk; it can be
    /// read by its owner alone, because it holds what the register holds. `progress` is
    /// told now and then how many rows are done.
    ///
    /// # Errors
    /// `access.role` if the actor is not the operator; `backup.exists` if there is such a file already and `overwrite` is not asked; a fault if it
    /// cannot be written or the database does not answer. Nothing is left of the file then.
    pub async fn backup(
        &self,
        actor: &Actor,
        file: &Path,
        overwrite: bool,
        progress: &BackupProgress,
    ) -> Outcome<Backup> {
        if !actor.roles.contains(&Role::Operator) {
            // The file holds everything, of every marking, and the hashes of passwords.
            let operator = Role::Operator.name();
            return Err(Refusal::new("access.role", format!("{} may not save the register.", actor.name))
                .missing(format!("the role {operator}"))
                .into());
        }
        if !overwrite && file.exists() && !file.is_dir() {
            return Err(exists(file).into());
        }
        let partial = Partial::create(file, &hex::encode(self.entropy.bytes::<6>()))?;
        let mut transaction = self.database.read().await?;
        let mut connection = transaction.connection();
        // The first reading fixes the state of the whole transaction.
        let head = Head::read(&mut connection).await?;
        let mut tables = Vec::new();
        for table in TABLES {
            let sql =
                format!("SELECT CAST(count(*) AS BIGINT) FROM {} WHERE {}", table.name, table.condition());
            let rows = connection.fetch_one("counting what is saved", &sql, &[]).await?.int(0)?;
            tables.push(HeaderTable::of(table, VERSION, rows.unsigned_abs()));
        }
        let sql = "SELECT CAST(coalesce(sum(size), 0) AS BIGINT) FROM document_content";
        let document_bytes = connection.fetch_one("counting what is saved", sql, &[]).await?.int(0)?;
        let header = Header {
            schema: VERSION,
            events: head.sequence,
            head: hex::encode(head.hash),
            made_at: instant_text(self.now()),
            document_bytes: document_bytes.unsigned_abs(),
            tables,
        };

        // Compressing takes a processor: it has a thread of its own, and rows wait for it.
        let (sender, receiver) = mpsc::channel::<Vec<u8>>(4);
        let handle = partial.file.try_clone().map_err(|e| io_fault(DOING, &e))?;
        let for_writer = header.clone();
        let writer = tokio::task::spawn_blocking(move || write(handle, &for_writer, receiver));

        let total = header.rows();
        let mut done = 0;
        let sent = async {
            for (place, table) in TABLES.iter().enumerate() {
                let mut after = None;
                loop {
                    let page = fetch_page(&mut connection, table, after.as_ref()).await?;
                    let mut bytes = Vec::new();
                    for values in &page {
                        encode_row(&mut bytes, place, values).map_err(|e| io_fault(DOING, &e))?;
                    }
                    if !bytes.is_empty() && sender.send(bytes).await.is_err() {
                        // The writer has given up; its own error says why.
                        return Ok(());
                    }
                    done += page.len() as u64;
                    progress(BackupStep::Saving, done, total);
                    if page.len() < table.page {
                        break;
                    }
                    after = page.last().map(|values| values[..table.key].to_vec());
                }
            }
            Ok::<(), Fault>(())
        }
        .await;
        drop(sender);
        let written = writer.await.map_err(|e| Fault::internal(DOING, e))?;
        sent?;
        let bytes = written?;
        partial.put_in_place(file, overwrite)?;
        Ok(Backup { events: header.events, head: header.head, rows: total, bytes, made_at: header.made_at })
    }
}

/// The rows of a table that follow a key, as many as a page holds.
async fn fetch_page(
    connection: &mut Connection<'_>,
    table: &Table,
    after: Option<&Vec<Value<'static>>>,
) -> Result<Vec<Vec<Value<'static>>>, Fault> {
    let mut sql = format!("SELECT {} FROM {} WHERE {}", table.column_list(), table.name, table.condition());
    let names = |marks: bool| {
        let name = |place: usize| match marks {
            true => format!("${}", place + 1),
            false => table.columns[place].0.to_owned(),
        };
        (0..table.key).map(name).collect::<Vec<_>>().join(", ")
    };
    let values: Vec<Value<'_>> = after.cloned().unwrap_or_default();
    if after.is_some() {
        sql.push_str(&format!(" AND ({}) > ({})", names(false), names(true)));
    }
    sql.push_str(&format!(" ORDER BY {} LIMIT {}", names(false), table.page));
    let rows = connection.fetch("reading what is saved", &sql, &values).await?;
    rows.iter().map(|row| table.read(row)).collect()
}

fn write(file: File, header: &Header, mut chunks: mpsc::Receiver<Vec<u8>>) -> Result<u64, Fault> {
    let work = || {
        let mut writer = Writer::begin(BufWriter::with_capacity(1 << 20, file), header)?;
        while let Some(chunk) = chunks.blocking_recv() {
            writer.write(&chunk)?;
        }
        let (buffered, bytes) = writer.finish()?;
        let file = buffered.into_inner().map_err(std::io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok(bytes)
    };
    work().map_err(|e: std::io::Error| io_fault(DOING, &e))
}

fn exists(file: &Path) -> Refusal {
    Refusal::new("backup.exists", format!("There is a file {} already.", file.display()))
        .field("file")
        .missing("another name, or the wish to overwrite it")
}

/// A file under a passing name; dropped before it is put in place, it goes away.
struct Partial {
    file: File,
    path: Option<PathBuf>,
}

impl Partial {
    fn create(file: &Path, suffix: &str) -> Outcome<Partial> {
        let no_name = || {
            Refusal::new("backup.file", "The backup has no file name.")
                .field("file")
                .missing("the name of a file, not of a folder")
        };
        let name = file.file_name().filter(|_| !file.is_dir()).ok_or_else(no_name)?;
        let mut partial = name.to_owned();
        partial.push(format!(".{suffix}.partial"));
        let path = file.with_file_name(partial);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        match options.open(&path) {
            Ok(file) => Ok(Partial { file, path: Some(path) }),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Err(Refusal::new("backup.folder", "There is no such folder for the backup.")
                    .field("file")
                    .missing("a folder that exists")
                    .into())
            }
            Err(error) => Err(io_fault("creating the backup", &error).into()),
        }
    }

    fn put_in_place(mut self, file: &Path, overwrite: bool) -> Outcome<()> {
        let fault = |e: std::io::Error| Error::from(io_fault("putting the backup in its place", &e));
        let Some(path) = self.path.clone() else { return Ok(()) };
        if overwrite {
            std::fs::rename(&path, file).map_err(fault)?;
            self.path = None;
        } else {
            // A second name, because a renaming would silently replace a file that came meanwhile.
            match std::fs::hard_link(&path, file) {
                Ok(()) => {}
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => return Err(exists(file).into()),
                // Not every file system has second names.
                Err(_) if !file.exists() => {
                    std::fs::rename(&path, file).map_err(fault)?;
                    self.path = None;
                }
                Err(e) => return Err(fault(e)),
            }
        }
        drop(self);
        #[cfg(unix)]
        {
            // The name is on the disk once its folder is.
            let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault)?;
        }
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if let Some(path) = &self.path {
            // Nothing more can be done about a file that cannot be removed.
            let _ = std::fs::remove_file(path);
        }
    }
}
