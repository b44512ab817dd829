//! `entente transfer guidance`: what transfers are weighed by, as files; and its part of `list` and `show`.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use entente_register::command::Command;
use entente_register::document::Document;
use entente_register::label::Label;
use entente_register::ledger::{Refusal, parse_date};
use entente_register::transfer::guidance::control_list::ControlList;
use entente_register::transfer::guidance::{GuidanceCommand, GuidanceContent, NewGuidance};
use entente_store::reader::{GuidanceFilter, GuidanceView};

use super::list::{Arguments as ListArguments, Format as ListFormat, every};
use super::show::{Arguments as ShowArguments, Format as ShowFormat, Sheet};
use crate::api::guidance::object::{GuidanceObject, GuidanceRowObject};
use crate::api::guidance::read::guidance_state;
use crate::cli::{Context, Done, Halt};

/// The longest text, in bytes.
const MOST: u64 = 4 * 1024 * 1024;

const EXAMPLES: &str = "\
Examples:
  entente transfer guidance check routing.toml      Read a file, and run the tests that stand in it
  entente --as l.officer transfer guidance propose brazil.toml --title \"Report 3/2026\" --dated 2026-03-01
  entente --as c.signer transfer guidance confirm O-SA-BRA --edition 1
  entente transfer guidance control-list list.csv --name NATIONAL --title \"Control list\" --publisher Ministry \\
      --applies-from 2026-03-01 > national.toml
  entente transfer list --guidance --state due      What is to be reviewed
  entente transfer show O-SA-BRA --format toml      An edition as the file that it would be

The shape of each kind of file stands in docs/guidance.md.";

/// What `guidance` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Read files and say what is wrong with them; nothing is changed
    Check(Check),
    /// Propose an edition; a denial or an indicator counts at once, any other once another person confirms it
    Propose(Propose),
    /// Confirm an edition that another person proposed
    Confirm(Confirm),
    /// Write a control list that is published as a table, CSV, as the file that can be proposed
    ControlList(WriteControlList),
}

#[derive(Debug, Args)]
struct WriteControlList {
    /// The table: entry, title and text, or columns of these names
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Its name in the register: capital letters, digits and hyphens
    #[arg(long, value_name = "NAME")]
    name: String,
    /// What it is called
    #[arg(long, value_name = "TITLE")]
    title: String,
    /// Who publishes it
    #[arg(long, value_name = "PUBLISHER")]
    publisher: String,
    /// The first day on which this edition applies
    #[arg(long, value_name = "DATE")]
    applies_from: String,
}

#[derive(Debug, Args)]
struct Check {
    /// Files, TOML
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
struct Propose {
    /// The file, TOML
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// Another edition of this file, of a denial or a quota; of others what it is about says so
    #[arg(long, value_name = "NUMBER")]
    of: Option<String>,
    /// Title of the paper that it rests on
    #[arg(long, value_name = "TITLE")]
    title: String,
    /// The date that the paper bears
    #[arg(long, value_name = "DATE")]
    dated: String,
    /// The day of the edition [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    /// Marking of a new file
    #[arg(long, value_name = "MARKING", default_value = "OFFICIAL")]
    label: String,
}

#[derive(Debug, Args)]
struct Confirm {
    /// Number of the file
    #[arg(value_name = "NUMBER")]
    number: String,
    /// The edition that was read
    #[arg(long, value_name = "EDITION")]
    edition: u32,
    /// The day [default: today]
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

pub(super) async fn run(context: &mut Context, arguments: Arguments) -> Done {
    match arguments.verb {
        Verb::Check(arguments) => check(context, &arguments),
        Verb::Propose(arguments) => propose(context, &arguments).await,
        Verb::Confirm(arguments) => confirm(context, arguments).await,
        Verb::ControlList(arguments) => write_control_list(context, arguments),
    }
}

/// A refusal that names the file.
fn of_file(path: &Path, refusal: Refusal) -> Refusal {
    let message = format!("{}: {}", path.display(), refusal.message);
    Refusal { message, ..refusal }
}

/// The content of a file, named in what is wrong with it.
fn read(path: &Path) -> Result<GuidanceContent, Halt> {
    let text = text_of(path)?;
    Ok(GuidanceContent::parse(&text).map_err(|refusal| of_file(path, refusal))?)
}

/// A file as a text.
fn text_of(path: &Path) -> Result<String, Halt> {
    let named = |refusal: Refusal| of_file(path, refusal);
    let unreadable = |error: std::io::Error| {
        named(
            Refusal::new("guidance.file", error.to_string()).field("file").missing("a file that can be read"),
        )
    };
    let mut text = String::new();
    let file = std::fs::File::open(path).map_err(unreadable)?;
    let read = file.take(MOST + 1).read_to_string(&mut text).map_err(unreadable)?;
    if u64::try_from(read).unwrap_or(u64::MAX) > MOST {
        return Err(named(
            Refusal::new("guidance.file", format!("It is longer than {MOST} bytes."))
                .field("file")
                .missing(format!("a file of at most {MOST} bytes")),
        )
        .into());
    }
    Ok(text)
}

fn write_control_list(context: &mut Context, arguments: WriteControlList) -> Done {
    let table = crate::formats::control_list::read(&text_of(&arguments.file)?)
        .map_err(|refusal| of_file(&arguments.file, refusal))?;
    let list = ControlList {
        name: arguments.name,
        title: arguments.title,
        publisher: arguments.publisher,
        applies_from: parse_date("applies_from", &arguments.applies_from)?,
        entries: table.entries,
    };
    if !table.others.is_empty() {
        context.out.note(&format!(
            "Left out, as they are of neither the Munitions List nor a dual-use list: {}",
            table.others.join(", ")
        ));
    }
    context.out.print(&GuidanceContent::ControlList(list).text())
}

fn check(context: &mut Context, arguments: &Check) -> Done {
    for path in &arguments.files {
        let content = read(path)?;
        let tests = match &content {
            GuidanceContent::Routing(routing) => {
                routing.check().map_err(|refusal| of_file(path, refusal))?;
                format!(", {} rules, {} tests pass", routing.rules.len(), routing.tests.len())
            }
            _ => String::new(),
        };
        context.out.line(&format!("{}: {}{tests}.", path.display(), content.title()))?;
    }
    Ok(())
}

async fn propose(context: &mut Context, arguments: &Propose) -> Done {
    let content = read(&arguments.file)?;
    let label: Label = arguments.label.parse()?;
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let reader = store.reader(&actor, None, None).await?;
    let on = match &arguments.on {
        Some(day) => parse_date("on", day)?,
        None => reader.as_of(),
    };
    let dated = parse_date("dated", &arguments.dated)?;
    let document = Document { title: arguments.title.clone(), dated, content: None };
    // What it is about gives its number; where such a file stands, this is another edition of it.
    let number = match (&arguments.of, content.number(&label)) {
        (Some(number), _) => Some(number.clone()),
        (None, Some(number)) if reader.guidance(&number).await.is_ok() => Some(number),
        (None, _) => None,
    };
    let is_by_two = content.kind().is_by_two();
    let content = Box::new(content);
    let command = match number {
        Some(number) => {
            Command::Guidance { number, command: GuidanceCommand::Propose { on, content, document } }
        }
        None => Command::Guide(NewGuidance { on, label, content, document }),
    };
    let receipt = store.execute(&actor, command).await?;
    store.close().await;
    let number = receipt.subject.key;
    if is_by_two {
        context.out.line(&format!("{number}: proposed."))?;
        context.out.note(&format!(
            "Nothing of it counts until another person confirms it: entente --as NAME transfer guidance confirm {number} --edition N"
        ));
        return Ok(());
    }
    context.out.line(&format!("{number}: filed, and counts from now on."))
}

async fn confirm(context: &mut Context, arguments: Confirm) -> Done {
    let store = context.open_existing().await?;
    let actor = context.actor(&store).await?;
    let on = match &arguments.on {
        Some(day) => parse_date("on", day)?,
        None => store.reader(&actor, None, None).await?.as_of(),
    };
    let command = GuidanceCommand::Confirm { on, edition: arguments.edition };
    store.execute(&actor, Command::Guidance { number: arguments.number.clone(), command }).await?;
    store.close().await;
    context.out.line(&format!("{}: edition {} is in force.", arguments.number, arguments.edition))
}

pub(super) async fn list(context: &mut Context, arguments: &ListArguments) -> Done {
    let filter = GuidanceFilter {
        state: arguments.state.as_deref().map(guidance_state).transpose()?,
        words: arguments.text.clone(),
        ..GuidanceFilter::default()
    };
    let (store, reader) = arguments.view.reader(context).await?;
    let found = every(async |page| reader.guidance_files(&filter, page).await).await?;
    let rows: Vec<_> = found.iter().map(GuidanceRowObject::of).collect();
    store.close().await;
    let cells = |row: GuidanceRowObject| {
        vec![
            row.number,
            row.kind.to_owned(),
            row.title,
            row.territory.unwrap_or_default(),
            row.state.to_owned(),
            row.edition.map(|edition| edition.to_string()).unwrap_or_default(),
            row.due_on.unwrap_or_default(),
            row.label,
        ]
    };
    match arguments.format {
        ListFormat::Json => context.out.json(&rows),
        ListFormat::Csv => context.out.csv(
            &["number", "kind", "title", "territory", "state", "edition", "due_on", "label"],
            rows.into_iter().map(cells),
        ),
        ListFormat::Text if rows.is_empty() => context.out.line("No guidance answers to this."),
        ListFormat::Text => rows.iter().try_for_each(|row| {
            let due = row.due_on.as_ref().map(|day| format!(", its day is {day}")).unwrap_or_default();
            context.out.line(&format!("{}  {:<9}  {}{due}", row.number, row.state, row.title))
        }),
    }
}

pub(super) async fn show(context: &mut Context, arguments: &ShowArguments) -> Done {
    let (store, reader) = arguments.view.reader(context).await?;
    let view = reader.guidance(&arguments.number).await?;
    store.close().await;
    match arguments.format {
        ShowFormat::Json => context.out.json(&GuidanceObject::of(view)),
        ShowFormat::Toml => {
            let text = view.file.shown().map(|edition| edition.content.text()).unwrap_or_default();
            context.out.print(&text)
        }
        ShowFormat::Text => context.out.print(&sheet(&view)),
    }
}

fn sheet(view: &GuidanceView) -> String {
    let this = &view.file;
    let mut sheet = Sheet::default();
    sheet.line(format!("{}  {}  {}", this.number, this.kind.name(), this.label));
    if let Some(edition) = this.shown() {
        sheet.line(edition.content.title());
    }
    let editions = this.editions.iter().map(|edition| {
        let confirmed = match &edition.confirmed {
            Some((on, by)) => format!(", confirmed by {by} on {on}"),
            None => String::new(),
        };
        format!(
            "{}  {:<9}  proposed by {} on {}{confirmed}; {}",
            edition.number, edition.state, edition.proposed_by, edition.proposed_on, edition.document.title
        )
    });
    sheet.part("Editions", editions);
    let says = this.shown().map(|edition| edition.content.text()).unwrap_or_default();
    sheet.part("It says", says.lines().map(str::to_owned));
    sheet.history(&view.history);
    sheet.0
}

/// Whether a number is one of guidance: by what it is about, or by the letter of its series.
pub(super) fn is_number(number: &str) -> bool {
    let series = number.rsplit('-').nth(1).and_then(|series| series.chars().next());
    let about = ["-SA-", "-IN-", "-AG-", "-CL-", "-RG-"].iter().any(|about| number.contains(about));
    about || number.ends_with("-ROUTING") || matches!(series, Some('N' | 'K'))
}
