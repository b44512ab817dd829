//! What may be done about a rule file, and by whom.

use std::collections::{BTreeMap, BTreeSet};

use sha2::{Digest as _, Sha256};

use super::edition::{
    About, Edition, EditionAct, EditionCommand, EditionJudged, EditionKind, EditionProposed, MACHINE,
    NewRuleFile, RuleFile,
};
use crate::document::text;
use crate::embargo::assemble::{contents, read};
use crate::embargo::fault::{FileFault, Text};
use crate::embargo::rule::RuleSet;
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, SubjectKind};
use crate::screening::marking;

/// Largest text of an edition, in bytes. The longest of the United Nations has a tenth of it.
pub const LARGEST_TEXT: usize = 256 * 1024;

/// Faults that a refusal names at most; the others are counted.
const MOST_FAULTS: usize = 10;

/// What the register holds beside the file that is decided about.
#[derive(Debug, Clone, Default)]
pub struct EditionFacts {
    /// The other rule files, by their identifiers.
    pub others: BTreeMap<String, RuleFile>,
}

/// What a text is about: one body, or one regime with its rules.
///
/// # Errors
/// `embargo.file` with the place of each fault; `embargo.one_subject` where it is about more than one thing, or none.
pub fn about(file: &str, text: &str) -> Fallible<About> {
    let found = contents(&Text { name: file, text }).map_err(|fault| refused(vec![fault]))?;
    let rules = found.rules;
    match (&found.bodies[..], &found.regimes[..]) {
        ([body], []) if rules.is_empty() => {
            Ok(About { kind: EditionKind::Body, id: body.clone(), body: body.clone(), rules })
        }
        ([], [(regime, body)]) => {
            Ok(About { kind: EditionKind::Regime, id: regime.clone(), body: body.clone(), rules })
        }
        (bodies, regimes) => Err(Refusal::new(
            "embargo.one_subject",
            format!(
                "{file} has {} [[body]], {} [[regime]] and {} [[rule]]: an edition is about one thing, which two people confirm.",
                bodies.len(),
                regimes.len(),
                rules.len()
            ),
        )
        .field("file")
        .missing("one [[body]] alone, or one [[regime]] with its rules")),
    }
}

/// The rules of the files in force, as one set. Of a text that this program does not read nothing is left out: where one
/// has a fault, there are no rules.
///
/// # Errors
/// The faults, by file, line and column.
pub fn in_force<'f>(files: impl IntoIterator<Item = &'f RuleFile>) -> Result<RuleSet, Vec<FileFault>> {
    let texts: Vec<Text<'_>> =
        files.into_iter().filter_map(|file| file.in_force.as_ref()).map(Edition::as_text).collect();
    if texts.is_empty() { Ok(RuleSet::default()) } else { read(&texts) }
}

/// Whether somebody may take a step of [`MACHINE`] now: by the state of the edition, and by who proposed it.
///
/// # Errors
/// A refusal that names the missing condition.
pub fn check_step(file: &RuleFile, account: &str, step: &'static str) -> Fallible<()> {
    MACHINE.next(file.latest.state, step)?;
    two_people(
        "embargo.two_people",
        &format!("the edition of {}", file.id),
        &file.latest.proposal,
        account,
        step,
    )
}

/// Refuses the second person’s word from the first, and the first’s from another.
pub(super) fn two_people(
    code: &'static str,
    what: &str,
    proposal: &EditionAct,
    account: &str,
    step: &str,
) -> Fallible<()> {
    let own = proposal.by == account;
    if own && step != "withdraw" {
        return Err(Refusal::new(code, format!("You proposed {what} yourself."))
            .missing("another person: two people confirm a change of what binds"));
    }
    if !own && step == "withdraw" {
        return Err(Refusal::new(code, format!("{} proposed {what}, and withdraws it.", proposal.by))
            .missing("the one who proposed it; another person confirms or rejects"));
    }
    Ok(())
}

/// Decides a change of a rule file.
///
/// # Errors
/// A refusal that names the missing condition, of a text with file, line and column; what was in force stays so.
pub fn decide(
    state: Option<&RuleFile>,
    id: &str,
    facts: &EditionFacts,
    context: &Context,
    command: EditionCommand,
) -> Fallible<Vec<NewEvent>> {
    if let Some(file) = state {
        let last = ("Rule file", id, file.last_on);
        crate::performance::in_order(context, "embargo.order", last, context.today)?;
    }
    if let EditionCommand::Propose(new) = command {
        let (proposed, reason) = propose(state, id, facts, new)?;
        return event(id, context, Fact::EmbargoProposed(proposed), Some(reason));
    }
    let file = state.ok_or_else(|| Refusal::not_found("embargo", id))?;
    let account = &context.actor.account;
    let judged = EditionJudged { content: file.latest.proposed.content.clone() };
    match command {
        // Answered above.
        EditionCommand::Propose(_) => Ok(Vec::new()),
        EditionCommand::Confirm { content, reason } => {
            check_step(file, account, "confirm")?;
            if let Some(reason) = &reason {
                text("embargo.reason", "reason", reason, 1000)?;
            }
            if content.is_some_and(|seen| seen != judged.content) {
                return Err(Refusal::new(
                    "embargo.other_edition",
                    format!("Another edition of {id} waits than the one that was looked at."),
                )
                .field("content")
                .missing("a look at the edition that waits, and its hash"));
            }
            check_confirmed(file, facts)?;
            event(id, context, Fact::EmbargoConfirmed(judged), reason)
        }
        EditionCommand::Reject { reason } => {
            check_step(file, account, "reject")?;
            text("embargo.reason", "reason", &reason, 1000)?;
            event(id, context, Fact::EmbargoRejected(judged), Some(reason))
        }
        EditionCommand::Withdraw { reason } => {
            check_step(file, account, "withdraw")?;
            text("embargo.reason", "reason", &reason, 1000)?;
            event(id, context, Fact::EmbargoWithdrawn(judged), Some(reason))
        }
    }
}

/// What is proposed, once it is read and found to fit what the register holds.
fn propose(
    state: Option<&RuleFile>,
    id: &str,
    facts: &EditionFacts,
    new: NewRuleFile,
) -> Fallible<(EditionProposed, String)> {
    text("embargo.reason", "reason", &new.reason, 1000)?;
    text("embargo.file_name", "file", &new.file, 200)?;
    if new.text.len() > LARGEST_TEXT {
        return Err(Refusal::new("embargo.too_large", format!("{} has {} bytes.", new.file, new.text.len()))
            .field("file")
            .missing(format!("at most {LARGEST_TEXT} bytes")));
    }
    let about = about(&new.file, &new.text)?;
    if about.id != id {
        return Err(Refusal::new(
            "embargo.identifier",
            format!("{} is about {:?}, not about {id:?}.", new.file, about.id),
        )
        .field("id")
        .missing(format!("a text about {id}")));
    }
    if let Some(file) = state {
        if file.waiting().is_some() {
            return Err(Refusal::new("embargo.waits", format!("An edition of {id} waits already."))
                .missing("the confirmation, rejection or withdrawal of that edition"));
        }
        if (file.kind, &file.body) != (about.kind, &about.body) {
            return Err(Refusal::new(
                "embargo.identifier",
                format!("{id:?} is a {} of {} already.", file.kind.word(), file.body),
            )
            .field("id")
            .missing("an identifier of its own, for example with the body before it"));
        }
    }
    let content = hash_of(&new.text);
    if state.and_then(|file| file.in_force.as_ref()).is_some_and(|held| held.proposed.content == content) {
        return Err(Refusal::new("embargo.same_edition", format!("This is the edition of {id} in force."))
            .field("file")
            .missing("another text; nothing was changed"));
    }
    let own = Text { name: &new.file, text: &new.text };
    match about.kind {
        EditionKind::Body => {
            let read = read(&[own]).map_err(refused)?;
            if read.bodies.values().any(|body| body.regimes.is_empty()) {
                return Err(Refusal::new(
                    "embargo.no_regimes",
                    format!(
                        "{} does not name the regimes of {id}: it could not be told that one is missing.",
                        new.file
                    ),
                )
                .field("regimes")
                .missing("regimes = [...], with the identifiers of all of them"));
            }
        }
        EditionKind::Regime => {
            let body = facts.others.get(&about.body).filter(|file| file.kind == EditionKind::Body);
            let Some(body) = body.and_then(RuleFile::standing) else {
                return Err(Refusal::new(
                    "embargo.no_body",
                    format!(
                        "{} names the body {:?}, of which the register has no file.",
                        new.file, about.body
                    ),
                )
                .field("body")
                .missing(format!("a file with the [[body]] {}, proposed before its regimes", about.body)));
            };
            read(&[body.as_text(), own]).map(drop).map_err(refused)?;
            check_identifiers(id, &about.rules, facts)?;
        }
    }
    let proposed = EditionProposed {
        kind: about.kind,
        body: about.body,
        file: new.file,
        text: new.text,
        content,
        rules: about.rules,
    };
    Ok((proposed, new.reason))
}

/// Refuses rules whose identifiers another regime has: an answer names a rule by it.
fn check_identifiers(id: &str, rules: &BTreeSet<String>, facts: &EditionFacts) -> Fallible<()> {
    for other in facts.others.values().filter(|other| other.id != id) {
        let held = other.in_force.iter().chain(other.waiting());
        if let Some(rule) =
            held.flat_map(|edition| &edition.proposed.rules).find(|rule| rules.contains(*rule))
        {
            return Err(Refusal::new(
                "embargo.identifier",
                format!("{rule:?} is a rule of the regime {} already.", other.id),
            )
            .field("id")
            .missing("an identifier of its own, for example with the regime before it"));
        }
    }
    Ok(())
}

/// Refuses an edition that does not fit what is in force beside it: of a regime, its body; of a body, its regimes.
fn check_confirmed(file: &RuleFile, facts: &EditionFacts) -> Fallible<()> {
    let own = file.latest.as_text();
    let mut texts = Vec::new();
    match file.kind {
        EditionKind::Regime => {
            let body = facts.others.get(&file.body).and_then(|body| body.in_force.as_ref());
            let Some(body) = body else {
                return Err(Refusal::new(
                    "embargo.no_body",
                    format!("No edition of {} is in force, whose measures {} are.", file.body, file.id),
                )
                .missing(format!("the confirmation of {}, before its regimes", file.body)));
            };
            check_identifiers(&file.id, &file.latest.proposed.rules, facts)?;
            texts.push(body.as_text());
            texts.push(own);
        }
        EditionKind::Body => {
            texts.push(own);
            let regimes = facts
                .others
                .values()
                .filter(|other| other.kind == EditionKind::Regime && other.body == file.id);
            texts.extend(regimes.filter_map(|other| other.in_force.as_ref()).map(Edition::as_text));
        }
    }
    read(&texts).map(drop).map_err(refused)
}

/// Faults as one refusal: each with its place, the first ones whole.
fn refused(faults: Vec<FileFault>) -> Refusal {
    let more = faults.len().saturating_sub(MOST_FAULTS);
    let mut messages: Vec<String> = faults.iter().take(MOST_FAULTS).map(ToString::to_string).collect();
    if more > 0 {
        messages.push(format!("and {more} more"));
    }
    let Some(first) = faults.into_iter().next() else {
        return Refusal::new("embargo.file", "The file is at fault.").missing("a file without fault");
    };
    Refusal { message: messages.join("\n"), ..Refusal::from(first) }
}

/// SHA-256 of a text, hexadecimal.
fn hash_of(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

fn event(id: &str, context: &Context, fact: Fact, reason: Option<String>) -> Fallible<Vec<NewEvent>> {
    let subject = SubjectKind::Embargo.subject(id);
    Ok(vec![NewEvent { subject, occurred_on: context.today, label: marking(), fact, reason }])
}
