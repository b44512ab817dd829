//! `entente record`: the record of a session, read out of what was published of it. No register is read.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use entente_record::{Bodies, Kind, Record, limits, parse};
use entente_register::ledger::Refusal;

use super::{Context, Done};
use crate::screener::edition::read_within;

const EXAMPLES: &str = "\
Examples:
  entente record parse 60812.html
  entente record parse 60812.html --format json
  entente record parse text-version.txt --format json
  entente record parse minutes.docx

The form is told by the bytes: a page in microformats2 (an article of class h-entry with a body e-content), the text
version that a site offers of one or a transcript with labels before colons, or a document of Word.

A speech is a block for each of its paragraphs: each bears the label as printed at the opening, and all but the first
`continues`. Where something was left out, <…> in every spelling, an elision stands. Cards that point elsewhere are in
`see_also` and never in the text. `photos` is a count; `missing` says in words what the page does not give.";

/// What `record` takes.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Read a page, its text version or a document, and print what was said by whom
    Parse(Parse),
}

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
struct Parse {
    /// The page (HTML), text or document (DOCX), of 8 MiB at most; the pages and texts in UTF-8
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// How the record is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

/// How a record is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
}

/// Runs `record`.
pub(super) fn run(context: &mut Context, arguments: Arguments) -> Done {
    context.no_account("record")?;
    let Verb::Parse(Parse { file, format }) = arguments.verb;
    let name = file.display();
    let bytes = read_within(&file, limits::LARGEST as u64, || {
        Refusal::new("record.too_large", format!("{name} has more than {} MiB.", limits::LARGEST >> 20))
            .field("file")
            .missing("the page of one record, as it was published")
    })?;
    let record = parse(&bytes, &Bodies::standard()).map_err(|fault| {
        Refusal::new("record.unreadable", format!("{name}, {fault}.")).field("file").missing(
            "a page with an article, a text with a day or labels, or a document of Word; nothing was read",
        )
    })?;
    match format {
        Format::Json => context.out.json(&record),
        Format::Text => context.out.print(&text(&record)),
    }
}

/// A record for a terminal: what stands at its head, what was said, what stands beneath.
fn text(record: &Record) -> String {
    let mut text = String::new();
    let mut line = |line: &str| {
        text.push_str(line);
        text.push('\n');
    };
    line(record.title.as_deref().unwrap_or("(without a title)"));
    if let Some(lead) = &record.lead {
        line(lead);
    }
    line("");
    let when = match (record.date, record.time) {
        (Some(date), Some(time)) => {
            Some(format!("{}, {}", date.strftime("%A %Y-%m-%d"), time.strftime("%H:%M")))
        }
        (date, _) => date.map(|date| date.strftime("%A %Y-%m-%d").to_string()),
    };
    let published = match (record.publication_date, record.publication_time) {
        (Some(date), Some(time)) => Some(format!("{date}, {}", time.strftime("%H:%M"))),
        (date, _) => date.map(|date| date.to_string()),
    };
    let head = [("When", when), ("Where", record.place.clone()), ("Body", record.body.clone())];
    for (name, value) in head {
        if let Some(value) = value {
            line(&format!("{name:<12}{value}"));
        }
    }
    line("");
    for block in &record.blocks {
        line(&match (block.kind, &block.label) {
            (Kind::Speech, Some(label)) if !block.continues => {
                let remark = block.remark.as_ref().map_or_else(String::new, |remark| format!(" {remark}"));
                format!("{label}{remark}: {}", block.text)
            }
            (Kind::Quote, _) => format!("  ”{}“", block.text.replace('\n', "\n  ")),
            (Kind::Heading, _) => format!("## {}", block.text),
            _ => block.text.clone(),
        });
        line("");
    }
    let photos = record.photos.map(|photos| photos.to_string());
    let listed = |names: &[String]| Some(names.join("; ")).filter(|names| !names.is_empty());
    let also: Vec<String> = record.see_also.iter().map(|page| page.title.clone()).collect();
    let foot = [
        ("Speakers", listed(&record.speakers)),
        ("Photographs", photos),
        ("Topics", listed(&record.topics)),
        ("Geography", listed(&record.geography)),
        ("Persons", listed(&record.persons)),
        ("Sections", listed(&record.sections)),
        ("Published", published),
        ("Direct link", record.direct_link.clone()),
        ("See also", listed(&also)),
    ];
    for (name, value) in foot {
        if let Some(value) = value {
            line(&format!("{name:<12}{value}"));
        }
    }
    for missing in &record.missing {
        line(&format!("{:<12}{missing}", "Missing"));
    }
    text
}
