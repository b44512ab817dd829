//! Bringing a list up to date: from its publisher, from an address that the operator has set, from a mirror, or from a
//! file. What is done with the bytes is what loading a file does.

use std::path::{Path, PathBuf};

use entente_register::access::Actor;
use entente_register::ledger::{Fallible, Refusal};
use entente_register::screening::{EditionInForce, check_name};
use entente_screening::lists::Form;
use entente_store::{Fault, Outcome, Store};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::edition::{Incoming, Loaded, confirm, load, load_latest, read_file, word};
use super::fetch::{Fetched, Limits, Validators, fetch};
use super::official::{OFFICIAL, official};

/// From where a list comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// From its publisher, or from the address that was set: what is there is the latest edition.
    Standing(String),
    /// From a mirror, which may be behind.
    Mirror(String),
    /// From a file.
    File(PathBuf),
}

/// What is to be brought up to date.
#[derive(Debug, Clone)]
pub struct Update {
    /// Name of the list.
    pub list: String,
    /// An address or a file beside the standing one.
    pub from: Option<String>,
    /// The day on which it was the publisher's latest, where somebody says so.
    pub current_on: Option<Date>,
    /// Why it is to be loaded though it is much smaller, older, or of another form than the one in force.
    pub despite: Option<String>,
    /// How much is fetched, and how long it may take.
    pub limits: Limits,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Updated {
    /// Another edition is in force.
    InForce(Loaded),
    /// The edition in force is still the publisher's latest, which is recorded.
    Confirmed(Loaded),
    /// The edition in force is the same, and nothing new is known of it.
    Unchanged(Loaded),
}

/// What is known of the last time that a list was fetched. It is no fact of the register: it spares the publisher an
/// answer, and where it is lost the list is fetched once more.
#[derive(Debug, Serialize, Deserialize)]
struct LastFetched {
    address: String,
    /// The edition that came; what is said of another is worth nothing.
    content: String,
    validators: Validators,
}

fn setting(list: &str) -> String {
    format!("list_fetched:{list}")
}

/// From where a list is fetched: the address that was set, else its publisher's; none where nobody has said.
pub fn standing(list: &str, set: Option<&str>, form: Option<&str>) -> Option<String> {
    let own = || official(list, form).map(|official| official.address);
    set.or_else(own).map(str::to_owned)
}

fn source(update: &Update, set: Option<&str>, form: Option<&str>) -> Fallible<Source> {
    match &update.from {
        Some(from) if from.contains("://") => Ok(Source::Mirror(from.clone())),
        Some(from) => Ok(Source::File(PathBuf::from(from))),
        None => standing(&update.list, set, form).map(Source::Standing).ok_or_else(|| {
            let names: Vec<&str> = OFFICIAL.iter().map(|official| official.name).collect();
            Refusal::new("list.no_source", format!("It is not known from where {} is fetched.", update.list))
                .field("list")
                .missing(format!(
                    "an address: `entente lists source --list {} --address ADDRESS --reason TEXT`, or once --from ADDRESS or FILE; known by themselves are {}",
                    update.list,
                    names.join(", ")
                ))
        }),
    }
}

/// Brings a list up to date.
///
/// # Errors
/// A refusal where it cannot be had, is not what it should be, or the actor may load no list; what was in force stays so,
/// and clears nobody where its publisher’s latest edition is much smaller.
pub async fn update(store: &Store, actor: &Actor, update: Update) -> Outcome<Updated> {
    check_name(&update.list)?;
    let rows = store.reader(actor, None, None).await?.lists().await?;
    let list = rows.into_iter().map(|row| row.list).find(|list| list.name == update.list);
    let in_force = list.as_ref().and_then(|list| list.edition.clone());
    let form = in_force.as_ref().map(|edition| edition.loaded.form.clone());
    let set = list.as_ref().and_then(|list| list.source.as_deref());
    let source = source(&update, set, form.as_deref())?;
    let expected = form.or_else(|| official(&update.list, None).map(|official| official.form.to_owned()));
    let before = in_force.as_ref().map(|edition| edition.content().to_owned());
    let (bytes, from, current_on, fetched) = match &source {
        Source::File(file) => {
            let file = file.clone();
            let name = name_of(&file);
            let reading = tokio::task::spawn_blocking(move || read_file(&file));
            let bytes = reading.await.map_err(|e| Fault::internal("reading a list", e))??;
            (bytes, name, update.current_on, None)
        }
        Source::Standing(address) | Source::Mirror(address) => {
            let is_standing = matches!(source, Source::Standing(_));
            let current_on = update.current_on.or(is_standing.then(|| store.today()));
            let known = known(store, &update.list, address, before.as_deref()).await?;
            let (asked, limits) = (address.clone(), update.limits);
            let fetching = tokio::task::spawn_blocking(move || fetch(&asked, &known, &limits));
            match fetching.await.map_err(|e| Fault::internal("fetching a list", e))?? {
                Fetched::Same => {
                    let Some(edition) = in_force else {
                        return Err(Fault::internal("fetching a list", "nothing newer than nothing").into());
                    };
                    return still(store, actor, &update.list, edition, (address, current_on)).await;
                }
                Fetched::New(bytes, validators) => {
                    (bytes, address.clone(), current_on, Some((address.clone(), validators)))
                }
            }
        }
    };
    if update.despite.is_none() {
        check_form(&from, &bytes, expected.as_deref())?;
    }
    let list = update.list.clone();
    let incoming =
        Incoming { list: update.list, bytes, source: from, current_on, despite: update.despite, seen: None };
    let loaded = match &source {
        Source::Standing(_) => load_latest(store, actor, incoming).await?,
        // A mirror may be behind, and a file may be any: what is refused of them says nothing of the edition in force.
        Source::Mirror(_) | Source::File(_) => load(store, actor, incoming).await?,
    };
    if let Some((address, validators)) = fetched {
        let last = LastFetched { address, content: loaded.content.clone(), validators };
        let text =
            serde_json::to_string(&last).map_err(|e| Fault::internal("keeping what was fetched", e))?;
        store.set_setting(&setting(&list), &text).await?;
    }
    let same = before.as_deref() == Some(loaded.content.as_str());
    Ok(match (&loaded.receipt, same) {
        (None, _) => Updated::Unchanged(loaded),
        (Some(_), true) => Updated::Confirmed(loaded),
        (Some(_), false) => Updated::InForce(loaded),
    })
}

/// The edition in force is what the address has.
async fn still(
    store: &Store,
    actor: &Actor,
    list: &str,
    edition: EditionInForce,
    (address, current_on): (&str, Option<Date>),
) -> Outcome<Updated> {
    let loaded = confirm(store, actor, list, &edition, (address, current_on)).await?;
    Ok(if loaded.receipt.is_some() { Updated::Confirmed(loaded) } else { Updated::Unchanged(loaded) })
}

/// What a server is told, so that it sends nothing that is in force already.
async fn known(store: &Store, list: &str, address: &str, in_force: Option<&str>) -> Outcome<Validators> {
    let Some(text) = store.setting(&setting(list)).await? else { return Ok(Validators::default()) };
    let last = serde_json::from_str::<LastFetched>(&text).ok();
    let last = last.filter(|last| last.address == address && Some(last.content.as_str()) == in_force);
    Ok(last.map(|last| last.validators).unwrap_or_default())
}

/// Refuses what is of another form than the list: a page that says that something went wrong is no list of nobody.
fn check_form(from: &str, bytes: &[u8], expected: Option<&str>) -> Fallible<()> {
    let form = word(Form::of(bytes));
    match expected {
        Some(expected) if expected != form => Err(Refusal::new(
            "list.other_form",
            format!("{from} gives {form} where the list is {expected}."),
        )
        .field("file")
        .missing("the list in its own form, or the reason for loading another (--despite); what was in force stays so")),
        _ => Ok(()),
    }
}

fn name_of(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}
