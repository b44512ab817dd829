//! `entente embargo validate`: whether files of rules are sound.

use std::path::PathBuf;

use clap::Args;
use entente_register::embargo::{Certainty, FileFault, RuleSet};
use serde::Serialize;

use super::{Format, read_files};
use crate::cli::{Context, Done, Halt};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Files that belong together: one of them names the body whose rules they are
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// How it is written
    #[arg(long, value_enum, default_value = "text")]
    format: Format,
}

#[derive(Debug, Serialize)]
struct Answer {
    ok: bool,
    bodies: usize,
    regimes: usize,
    rules: usize,
    /// Rules that hold until someone confirms them.
    uncertain: usize,
    faults: Vec<FileFault>,
}

impl Answer {
    fn of(read: Result<RuleSet, Vec<FileFault>>) -> Answer {
        let (rules, faults) = match read {
            Ok(rules) => (rules, Vec::new()),
            Err(faults) => (RuleSet::default(), faults),
        };
        Answer {
            ok: faults.is_empty(),
            bodies: rules.bodies.len(),
            regimes: rules.regimes.len(),
            rules: rules.rules.len(),
            uncertain: rules.rules.iter().filter(|rule| rule.certainty != Certainty::High).count(),
            faults,
        }
    }
}

pub(super) fn run(context: &mut Context, arguments: &Arguments) -> Done {
    let answer = Answer::of(read_files(&arguments.files)?);
    match arguments.format {
        Format::Json => context.out.json(&answer)?,
        Format::Text => context.out.print(&text(&answer))?,
    }
    if answer.ok { Ok(()) } else { Err(Halt::Faulty) }
}

fn text(answer: &Answer) -> String {
    if answer.ok {
        return format!(
            "Sound: bodies {}, regimes {}, rules {}, of which {} hold until someone confirms them.\n",
            answer.bodies, answer.regimes, answer.rules, answer.uncertain
        );
    }
    let mut text = String::new();
    for fault in &answer.faults {
        text.push_str(&format!("{fault}\n  missing  {}\n", fault.missing));
    }
    text.push_str(&format!(
        "Not sound: faults {}. Nothing of these files can be used.\n",
        answer.faults.len()
    ));
    text
}
