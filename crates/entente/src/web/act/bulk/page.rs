//! The pages of an act on many: its form, its preview, and how those it was carried out on stand then.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use entente_register::access::may_command;
use entente_register::ledger::{Refusal, SubjectKind};
use entente_store::reader::Reader;
use sha2::{Digest as _, Sha256};

use super::super::Act;
use super::super::filled::Filled;
use super::super::form::{groups, slip};
use super::super::page::{is_form, part, present};
use super::super::send::{Sent, receive};
use super::super::standing::Standing;
use super::super::today;
use super::send::{Chosen, Outcome, decide};
use super::view::{BulkDonePage, BulkPage, BulkView, ChosenCells, sums};
use super::{MOST, Together};
use crate::error::Answer;
use crate::web::history;
use crate::web::visit::Visit;

/// Word of the subjects’ pages, and the act’s word.
type Place = (String, String);

struct Meant {
    together: &'static Together,
    act: &'static Act,
}

impl Meant {
    fn of((word, act): &Place) -> Result<Meant, Refusal> {
        let together = Together::of(word).ok_or_else(|| Refusal::not_found("act", act))?;
        let act = together.act(act).ok_or_else(|| Refusal::not_found("act", act))?;
        Ok(Meant { together, act })
    }

    fn path(&self) -> String {
        format!("/acts/{}/{}", self.together.name, self.act.word)
    }

    /// The numbers that are chosen, each once, in the order in which they came.
    fn numbers<'a>(&self, chosen: impl Iterator<Item = &'a str>) -> Result<Vec<String>, Refusal> {
        let mut seen = BTreeSet::new();
        let numbers: Vec<String> =
            chosen.map(str::trim).filter(|number| seen.insert(*number)).map(str::to_owned).collect();
        let name = self.together.name;
        if numbers.is_empty() {
            return Err(Refusal::new("bulk.none", format!("No {name} are chosen."))
                .field("chosen")
                .missing("at least one row of the list, ticked"));
        }
        if numbers.len() > MOST {
            let many = numbers.len();
            return Err(Refusal::new("bulk.too_many", format!("{many} {name} are chosen."))
                .field("chosen")
                .missing(format!("{MOST} at most")));
        }
        Ok(numbers)
    }

    /// How they stand now.
    async fn standing(&self, reader: &Reader, numbers: &[String]) -> Answer<Vec<Standing>> {
        let mut all = Vec::with_capacity(numbers.len());
        for number in numbers {
            all.push(Standing::read(reader, &self.together.kind.subject(number)).await?);
        }
        Ok(all)
    }
}

/// `GET /acts/{subjects}/{act}?chosen=NUMBER&chosen=NUMBER`
pub(in crate::web) async fn get(visit: Visit, Path(place): Path<Place>) -> Answer {
    let meant = Meant::of(&place)?;
    may_command(visit.actor(), meant.act.kind)?;
    let numbers = meant.numbers(visit.parameters("chosen"))?;
    let standing = meant.standing(&present(&visit).await?, &numbers).await?;
    let once = hex::encode(visit.app.entropy.bytes::<16>());
    let outcomes: Vec<Outcome> = standing.iter().map(meant.act.possible).collect();
    let stage = Stage { outcomes: &outcomes, previewed: None, is_first: true };
    crate::web::page(&drawn(&visit, &meant, &standing, None, &once, stage))
}

/// `POST /acts/{subjects}/{act}`
pub(in crate::web) async fn post(
    visit: Visit,
    Path(place): Path<Place>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    let meant = Meant::of(&place)?;
    may_command(visit.actor(), meant.act.kind)?;
    let sent = receive(&visit.app, &visit.signed, meant.act, is_form(form)?).await?;
    let numbers = meant.numbers(sent.filled.all("chosen"))?;
    let reader = present(&visit).await?;
    let standing = meant.standing(&reader, &numbers).await?;
    let chosen: Vec<Chosen<'_>> = standing
        .iter()
        .zip(&numbers)
        .map(|(at, number)| {
            let seen = sent.filled.get(&format!("seen[{number}]")).parse().unwrap_or(at.version);
            Chosen { number, at, seen }
        })
        .collect();
    let digest = digest(&sent.filled, &chosen);
    let confirmed = sent.filled.get("previewed") == digest;
    let for_good = (confirmed && sent.filled.get("step") == "confirm").then_some(sent.once.as_str());
    let outcomes = match &sent.fault {
        // The file was not taken: the act is the same for all, and so is what is wrong with it.
        Some(failure) => match failure.refusal() {
            Some(refusal) => vec![Err(refusal.clone()); chosen.len()],
            None => return Err(failure.clone()),
        },
        None => {
            let what = (meant.act, &sent.filled);
            decide(&visit.app.store, visit.actor(), what, &chosen, for_good).await?
        }
    };
    let clean = outcomes.iter().all(Result::is_ok);
    if for_good.is_some() && clean {
        let pairs: Vec<(&str, &str)> = numbers.iter().map(|number| ("chosen", number.as_str())).collect();
        let to = today(&visit).with(&format!("{}/done", meant.path()), &pairs);
        return Err(crate::error::Failure::Elsewhere(to));
    }
    let stage = Stage { outcomes: &outcomes, previewed: clean.then_some(digest), is_first: false };
    let page = drawn(&visit, &meant, &standing, Some(&sent), &sent.once, stage);
    match outcomes.into_iter().find_map(Result::err) {
        None => crate::web::page(&page),
        Some(refusal) => crate::web::refused_page(&page, &refusal.into()),
    }
}

/// `GET /acts/{subjects}/{act}/done?chosen=NUMBER`: how they stand now.
pub(in crate::web) async fn done(visit: Visit, Path(place): Path<Place>) -> Answer {
    let meant = Meant::of(&place)?;
    let numbers = meant.numbers(visit.parameters("chosen"))?;
    let standing = meant.standing(&present(&visit).await?, &numbers).await?;
    let name = meant.together.name;
    let title = format!("{}: {} {name}", meant.act.name, standing.len());
    let rows: Vec<ChosenCells> =
        (standing.iter()).map(|at| ChosenCells::of(at, meant.together.kind, None, &today(&visit))).collect();
    crate::web::page(&BulkDonePage {
        frame: visit
            .frame_now(part(meant.together.kind), title.clone())
            .marked_by(standing.iter().filter_map(|at| at.label.as_ref())),
        title,
        rows,
        sums: sums(&standing),
        back: back(&visit, &meant, &standing),
    })
}

/// What a page shows of a decision.
struct Stage<'a> {
    outcomes: &'a [Outcome],
    /// What is confirmed next, once everything is found right.
    previewed: Option<String>,
    /// Whether nothing was filled in yet.
    is_first: bool,
}

fn drawn(
    visit: &Visit,
    meant: &Meant,
    standing: &[Standing],
    sent: Option<&Sent>,
    once: &str,
    stage: Stage<'_>,
) -> BulkPage {
    let (act, name) = (meant.act, meant.together.name);
    let way = today(visit);
    let filled = sent.map(|sent| &sent.filled);
    // A refusal that every one of them meets, and that names a field, is about what was filled in.
    let common = stage.outcomes.iter().find_map(|outcome| outcome.as_ref().err()).filter(|first| {
        let same = |refusal: &Refusal| (refusal.code, &refusal.field) == (first.code, &first.field);
        !stage.is_first
            && first.field.is_some()
            && stage.outcomes.iter().all(|outcome| outcome.as_ref().err().is_some_and(same))
    });
    let slip = common.map(|refusal| slip(act, refusal));
    // What fields start with is asked of the first: they are filled in once for all.
    let groups = standing.first().map(|at| groups(act, at, filled, slip.as_ref(), 0)).unwrap_or_default();
    let next = act.word.replace('-', "_");
    let rows: Vec<ChosenCells> = standing
        .iter()
        .zip(stage.outcomes)
        .map(|(at, outcome)| {
            let becomes = outcome.clone().map(|()| {
                meant.together.machine.next(&at.state, &next).map(str::to_owned).unwrap_or_default()
            });
            ChosenCells::of(at, meant.together.kind, Some(becomes), &way)
        })
        .collect();
    let refused = stage.outcomes.iter().filter(|outcome| outcome.is_err()).count();
    let title = format!("{}: {} {name}", act.name, rows.len());
    let title = if refused > 0 && !stage.is_first { format!("Error: {title}") } else { title };
    let view = BulkView {
        name: act.name,
        of: name,
        lede: act.lede,
        action: visit.way().to(&meant.path()),
        csrf: visit.signed.form_token(),
        once: once.to_owned(),
        groups,
        sums: sums(standing),
        rows,
        refused,
        is_first: stage.is_first,
        previewed: stage.previewed,
        back: back(visit, meant, standing),
    };
    BulkPage {
        frame: visit
            .frame_now(part(meant.together.kind), title)
            .marked_by(standing.iter().filter_map(|at| at.label.as_ref())),
        view,
        slip,
    }
}

/// What was previewed, so that nothing else is confirmed: the subjects in the versions that were seen, and all fields.
fn digest(filled: &Filled, chosen: &[Chosen<'_>]) -> String {
    let mut hash = Sha256::new();
    let mut add = |text: &str| {
        hash.update(u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes());
        hash.update(text);
    };
    for one in chosen {
        add(one.number);
        add(&one.seen.to_string());
    }
    for (name, value) in filled.pairs() {
        if !matches!(name, "chosen" | "previewed" | "step") && !name.starts_with("seen[") {
            add(name);
            add(value);
        }
    }
    hex::encode(hash.finalize())
}

/// The list that they are of: deliveries have that of their line.
fn back(visit: &Visit, meant: &Meant, standing: &[Standing]) -> (String, String) {
    let way = today(visit);
    let line = standing.first().and_then(Standing::of_line);
    match line {
        Some(line) => (way.to(&history::path(SubjectKind::Line, &line)), format!("Line {line}")),
        None => {
            let name = meant.together.name;
            (way.to(&format!("/{name}")), crate::web::show::capital(name))
        }
    }
}
