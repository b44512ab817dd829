//! Editions of lists as they come in: read whole or refused with the place, before anything is written.

use std::path::Path;

use entente_register::access::Actor;
use entente_register::command::Command;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::screening::{EditionInForce, EditionRefused, ListCommand, NewEdition, check_name};
use entente_screening::entity::Entity;
use entente_screening::lists::{Edition, Form, ListFault};
use entente_store::{Error, Fault, LARGEST_LIST, Outcome, Receipt, Store};
use jiff::civil::Date;

/// An edition that is to be loaded.
pub struct Incoming {
    /// Name of the list.
    pub list: String,
    /// The bytes of its file.
    pub bytes: Vec<u8>,
    /// From where they came.
    pub source: String,
    /// The day on which it was the publisher's latest, where somebody says so: of a file, a person; of what was
    /// fetched, the program.
    pub current_on: Option<Date>,
    /// Why it is to be loaded though it is much smaller, or older, than the one in force.
    pub despite: Option<String>,
    /// The hash of the edition that was in force when this one was looked at, empty where none was; none to not ask.
    pub seen: Option<String>,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The hash of the bytes.
    pub content: String,
    /// How many entries it has.
    pub entries: usize,
    /// The date that the publisher gave it.
    pub dated: Option<Date>,
    /// What was recorded; none where the edition was in force already and nothing new is known of it.
    pub receipt: Option<Receipt>,
}

/// The word of a form.
pub fn word(form: Form) -> &'static str {
    match form {
        Form::Un => "un",
        Form::OfacXml => "ofac_xml",
        Form::OfacAdvanced => "ofac_advanced",
        Form::OfacCsv => "ofac_csv",
        Form::Eu => "eu",
        Form::UkXml => "uk_xml",
        Form::UkCsv => "uk_csv",
        Form::FollowTheMoney => "follow_the_money",
        Form::FollowTheMoneyDelta => "follow_the_money_delta",
        Form::Csv => "csv",
        Form::Zip => "zip",
    }
}

fn media_type(form: Form) -> &'static str {
    match form {
        Form::Un | Form::OfacXml | Form::OfacAdvanced | Form::Eu | Form::UkXml => "application/xml",
        Form::OfacCsv | Form::UkCsv | Form::Csv => "text/csv",
        Form::FollowTheMoney | Form::FollowTheMoneyDelta => "text/plain",
        Form::Zip => "application/zip",
    }
}

/// Reads a list whole.
///
/// # Errors
/// `list.unreadable` with line and column, or `list.too_large`.
pub fn read(source: &str, bytes: &[u8]) -> Fallible<Edition> {
    if bytes.len() > LARGEST_LIST {
        return Err(too_large(source));
    }
    Form::of(bytes).read(bytes).map_err(|fault| unreadable(source, &fault))
}

/// Reads a file that is no larger than a list may be.
///
/// # Errors
/// `file.unreadable` or `list.too_large`.
pub fn read_file(file: &Path) -> Fallible<Vec<u8>> {
    read_within(file, LARGEST_LIST as u64, || too_large(&file.display().to_string()))
}

/// Reads a file of so many bytes at most.
///
/// # Errors
/// `file.unreadable`, or what is said of a file that is larger.
pub(crate) fn read_within(file: &Path, most: u64, too_large: impl FnOnce() -> Refusal) -> Fallible<Vec<u8>> {
    let unread = |e| unread(file, &e);
    if std::fs::metadata(file).map_err(unread)?.len() > most {
        return Err(too_large());
    }
    std::fs::read(file).map_err(unread)
}

/// Why a file was not read.
pub(crate) fn unread(file: &Path, error: &std::io::Error) -> Refusal {
    Refusal::new("file.unreadable", format!("{} cannot be read: {error}.", file.display()))
        .field("file")
        .missing("a file that can be read")
}

fn too_large(source: &str) -> Refusal {
    Refusal::new("list.too_large", format!("{source} has more than {} MiB.", LARGEST_LIST >> 20))
        .field("file")
        .missing("a smaller file")
}

fn unreadable(source: &str, fault: &ListFault) -> Refusal {
    Refusal::new("list.unreadable", format!("{source}, {fault}."))
        .field("file")
        .missing("a file that is whole; nothing of this one is used, and what was in force stays so")
}

/// The day of a publisher's date: the first that is written in it as a whole, year first, or as OFAC writes it.
pub fn day_of(dated: &str) -> Option<Date> {
    let dated = dated.trim();
    if let Some(day) = dated.get(..10).and_then(|day| day.parse().ok()) {
        return Some(day);
    }
    let mut parts = dated.split('/').map(|part| part.parse::<i16>().ok());
    let (month, day, year) = (parts.next()??, parts.next()??, parts.next()??);
    Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
}

/// An edition that was read and whose bytes are kept; it is not in force.
pub struct Prepared {
    /// Name of the list.
    pub list: String,
    /// Its entries.
    pub entries: Vec<Entity>,
    /// What is asked for.
    pub new: NewEdition,
}

/// Reads an edition and keeps its bytes.
///
/// # Errors
/// A refusal where it is unreadable, or where the actor may load no list.
pub async fn prepare(store: &Store, actor: &Actor, incoming: Incoming) -> Outcome<Prepared> {
    let Incoming { list, bytes, source, current_on, despite, seen } = incoming;
    check_name(&list)?;
    let reading = tokio::task::spawn_blocking({
        let source = source.clone();
        move || read(&source, &bytes).map(|edition| (Form::of(&bytes), edition, bytes))
    });
    let (form, edition, bytes) =
        reading.await.map_err(|e| Fault::internal("reading an edition of a list", e))??;
    let dated = edition.dated.as_deref().and_then(day_of);
    // A list of one's own is what it is on the day on which it is loaded.
    let own = (form == Form::Csv).then(|| store.today());
    let new = NewEdition {
        content: store.keep_list(actor, media_type(form), bytes).await?,
        form: word(form).to_owned(),
        dated,
        current_on: current_on.or(dated).or(own),
        entries: u32::try_from(edition.entries.len()).unwrap_or(u32::MAX),
        source,
        despite,
        seen,
    };
    Ok(Prepared { list, entries: edition.entries, new })
}

/// Reads an edition, keeps its bytes and brings it into force.
///
/// # Errors
/// A refusal where it is unreadable, empty, much smaller or older than the one in force, which stays so; or where the
/// actor may load no list.
pub async fn load(store: &Store, actor: &Actor, incoming: Incoming) -> Outcome<Loaded> {
    let Prepared { list, new, .. } = prepare(store, actor, incoming).await?;
    record(store, actor, &list, new).await
}

/// Does the same with what the publisher of a list gives as its latest edition. Where that is much smaller than the edition
/// in force, something is wrong there or here, and nobody can tell which: the refusal is recorded, so that the list clears
/// nobody until another edition comes into force.
///
/// # Errors
/// As [`load`].
pub async fn load_latest(store: &Store, actor: &Actor, incoming: Incoming) -> Outcome<Loaded> {
    let Prepared { list, new, .. } = prepare(store, actor, incoming).await?;
    let (entries, source) = (new.entries, new.source.clone());
    let refusal = match record(store, actor, &list, new).await {
        Err(Error::Refusal(refusal)) if matches!(refusal.code, "list.shrunk" | "list.empty") => refusal,
        done => return done,
    };
    let rows = store.reader(actor, None, None).await?.lists().await?;
    let in_force = rows.iter().find(|row| row.list.name == list).and_then(|row| row.list.edition.as_ref());
    if let Some(edition) = in_force {
        let refused = EditionRefused { content: edition.content().to_owned(), entries, source };
        let command = ListCommand::Refuse { refused, reason: refusal.message.clone() };
        match store.execute(actor, Command::List { name: list, command }).await {
            Ok(_) => {}
            Err(Error::Refusal(known))
                if matches!(known.code, "list.same_refusal" | "list.other_edition") => {}
            Err(error) => return Err(error),
        }
    }
    Err(refusal.into())
}

/// Says of the edition in force that it was still the publisher's latest on a day, as `source` has it.
///
/// # Errors
/// A refusal where the actor may load no list.
pub async fn confirm(
    store: &Store,
    actor: &Actor,
    list: &str,
    edition: &EditionInForce,
    (source, current_on): (&str, Option<Date>),
) -> Outcome<Loaded> {
    let new = NewEdition {
        content: edition.content().to_owned(),
        form: edition.loaded.form.clone(),
        dated: edition.loaded.dated,
        current_on,
        entries: edition.loaded.entries,
        source: source.to_owned(),
        despite: None,
        // Another edition may have come into force while the publisher was asked.
        seen: Some(edition.content().to_owned()),
    };
    record(store, actor, list, new).await
}

async fn record(store: &Store, actor: &Actor, list: &str, new: NewEdition) -> Outcome<Loaded> {
    let (content, dated) = (new.content.clone(), new.dated);
    let entries = usize::try_from(new.entries).unwrap_or(usize::MAX);
    let command = Command::List { name: list.to_owned(), command: ListCommand::Load(new) };
    let receipt = match store.execute(actor, command).await {
        Err(Error::Refusal(refusal)) if refusal.code == "list.same_edition" => None,
        done => Some(done?),
    };
    Ok(Loaded { content, entries, dated, receipt })
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn publishers_write_their_dates_in_their_own_ways() {
        assert_eq!(day_of("2024-09-26T00:00:07.514Z"), Some(date(2024, 9, 26)));
        assert_eq!(day_of("09/26/2024"), Some(date(2024, 9, 26)));
        for none in ["", "yesterday", "26.9.2024", "13/26/2024", "2024-9-26"] {
            assert_eq!(day_of(none), None, "{none}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_refused_with_its_place() {
        let refused = read("un.xml", b"<CONSOLIDATED_LIST>\n<INDIVIDUALS>\xff").unwrap_err();
        assert_eq!(refused.code, "list.unreadable");
        assert!(refused.message.contains("line 2"), "{}", refused.message);
    }
}
