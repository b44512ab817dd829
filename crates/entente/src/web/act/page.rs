//! The form of an act: shown, sent, refused in place, or carried out.

use axum::extract::Path;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::http::StatusCode;
use entente_register::access::{CommandKind, Reading, may_command, may_read};
use entente_register::label::{Label, Level};
use entente_register::ledger::{Refusal, Subject, SubjectKind};
use entente_store::Request;
use entente_store::reader::Reader;

use super::field::Kind;
use super::filled::{Filled, was};
use super::form::{ActPage, ActView, Slip, groups, slip, started};
use super::send::{Sent, receive};
use super::standing::Standing;
use super::{Act, named, today};
use crate::error::{Answer, Failure};
use crate::web::frame::Part;
use crate::web::history;
use crate::web::show;
use crate::web::visit::Visit;

/// Word of the subject's pages, its number, and the act's word.
type Place = (String, String, String);

/// Parties that a form suggests at most: a longer list is searched on its own page.
const SUGGESTED: i64 = 500;

/// Rows that stand empty after those that are filled in.
const BLANK_ROWS: usize = 2;

/// An act and the subject that it is of.
struct Meant {
    act: &'static Act,
    subject: Option<Subject>,
    /// Path of the form.
    path: String,
}

impl Meant {
    fn of((word, number, act): Place) -> Result<Meant, Refusal> {
        let subject = history::subject(&word, &number).ok_or_else(|| Refusal::not_found("act", &act))?;
        let path = format!("{}/acts/{act}", history::paper_path(subject.kind, &subject.key));
        let act = named(Some(subject.kind), &act).ok_or_else(|| Refusal::not_found("act", &act))?;
        Ok(Meant { act, subject: Some(subject), path })
    }

    fn new(word: &str) -> Result<Meant, Refusal> {
        let act = named(None, word).ok_or_else(|| Refusal::not_found("act", word))?;
        Ok(Meant { act, subject: None, path: format!("/acts/{word}") })
    }

    /// How the subject stands, in the present.
    async fn standing(&self, reader: &Reader) -> Answer<Standing> {
        Ok(match &self.subject {
            Some(subject) => Standing::read(reader, subject).await?,
            None => Standing::read_new(reader).await?,
        })
    }

    /// The same, with the parties that the form suggests where it is drawn: marked no higher than its page says.
    async fn drawn(&self, reader: &Reader) -> Answer<Standing> {
        let mut standing = self.standing(reader).await?;
        self.suggest(reader, &mut standing).await?;
        Ok(standing)
    }

    async fn suggest(&self, reader: &Reader, standing: &mut Standing) -> Answer<()> {
        if self.act.names_party() && may_read(reader.actor(), Reading::Contracts).is_some() {
            let most = standing.label.clone().unwrap_or_else(|| Label::of(Level::Official));
            standing.parties = reader.suggested_parties(&most, SUGGESTED).await?;
        }
        Ok(())
    }
}

/// `GET /{subjects}/{number}/acts/{act}`
pub(in crate::web) async fn get(visit: Visit, Path(place): Path<Place>) -> Answer {
    show_form(&visit, &Meant::of(place)?).await
}

/// `GET /acts/{act}`
pub(in crate::web) async fn get_new(visit: Visit, Path(word): Path<String>) -> Answer {
    show_form(&visit, &Meant::new(&word)?).await
}

/// `POST /{subjects}/{number}/acts/{act}`
pub(in crate::web) async fn post(
    visit: Visit,
    Path(place): Path<Place>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    carry_out(&visit, &Meant::of(place)?, form).await
}

/// `POST /acts/{act}`
pub(in crate::web) async fn post_new(
    visit: Visit,
    Path(word): Path<String>,
    form: Result<Multipart, MultipartRejection>,
) -> Answer {
    carry_out(&visit, &Meant::new(&word)?, form).await
}

async fn show_form(visit: &Visit, meant: &Meant) -> Answer {
    may_command(visit.actor(), meant.act.kind)?;
    let reader = present(visit).await?;
    let at = meant.drawn(&reader).await?;
    (meant.act.possible)(&at)?;
    let once = hex::encode(visit.app.entropy.bytes::<16>());
    let page = form_page(visit, meant, &at, (None, None), &once, BLANK_ROWS);
    crate::web::page(&page)
}

async fn carry_out(visit: &Visit, meant: &Meant, form: Result<Multipart, MultipartRejection>) -> Answer {
    may_command(visit.actor(), meant.act.kind)?;
    let form = is_form(form)?;
    let reader = present(visit).await?;
    let mut at = meant.standing(&reader).await?;
    let sent = receive(&visit.app, &visit.signed, meant.act, form).await?;
    if sent.more {
        meant.suggest(&reader, &mut at).await?;
        let page = form_page(visit, meant, &at, (Some(&sent.filled), None), &sent.once, 2 * BLANK_ROWS);
        return crate::web::page(&page);
    }
    let failure = match done(visit, meant, &at, &sent).await {
        Ok(subject) => {
            let place = history::path(subject.kind, &subject.key);
            return Err(Failure::Elsewhere(today(visit).to(&place)));
        }
        Err(failure) => failure,
    };
    let Some(refusal) = failure.refusal() else { return Err(failure) };
    if refusal.is_not_found() && refusal.field.is_none() || refusal.code.starts_with("access.") {
        return Err(failure);
    }
    // Shown is how it stands now: who reads what has changed meanwhile, and sends it again, has seen that. What the
    // sender left as it was is no wish to have it so again.
    let at = meant.drawn(&present(visit).await?).await?;
    let mut filled = sent.filled.clone();
    if refusal.seen.is_some() {
        keep_up(meant.act, &at, &mut filled);
    }
    let mut slip = slip(meant.act, refusal);
    let mut once = sent.once.clone();
    if refusal.code == "idempotency.reused" {
        once = hex::encode(visit.app.entropy.bytes::<16>());
        slip.message = "This form was sent before, and was carried out as it was then.".to_owned();
        slip.missing =
            "a look at how it stands now; sent again, the form is carried out once more".to_owned();
    }
    let page = form_page(visit, meant, &at, (Some(&filled), Some(slip)), &once, BLANK_ROWS);
    crate::web::refused_page(&page, &failure)
}

/// Brings fields that the sender left as they were up to how they stand now, where another has changed them.
fn keep_up(act: &Act, at: &Standing, filled: &mut Filled) {
    let started = started(act, at);
    let before: Vec<String> = filled.began().map(str::to_owned).collect();
    for name in before {
        let now = started.iter().find(|(own, _)| *own == name).map_or("", |(_, value)| value.as_str());
        if filled.was_before(&name, now).is_some_and(|was| was == filled.get(&name)) {
            filled.set(&name, now);
        }
    }
}

async fn done(visit: &Visit, meant: &Meant, at: &Standing, sent: &Sent) -> Answer<Subject> {
    if let Some(failure) = &sent.fault {
        return Err(failure.clone());
    }
    let expected_version = match (meant.act.makes_new, sent.seen) {
        (true, _) => None,
        (false, Some(seen)) => Some(seen),
        (false, None) => {
            return Err(Refusal::new("form.malformed", "The form does not say which version was seen.")
                .missing("the form as the page sends it")
                .into());
        }
    };
    let command = (meant.act.read)(at, &sent.filled)?;
    let key = Some(&sent.once).filter(|once| !once.is_empty()).map(|once| format!("form-{once}"));
    let request = Request { command, expected_version, idempotency_key: key };
    Ok(visit.app.store.execute(visit.actor(), request).await?.subject)
}

/// The body as the form that it must be.
pub(super) fn is_form(form: Result<Multipart, MultipartRejection>) -> Answer<Multipart> {
    form.map_err(|_| {
        Failure::with_status(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::new("body.media_type", "The body is not a form of this page.")
                .missing("multipart/form-data, as the page sends it"),
        )
    })
}

/// The part of the application that the acts of a subject belong to.
pub(super) fn part(kind: SubjectKind) -> Part {
    match kind {
        SubjectKind::Opportunity => Part::Opportunities,
        SubjectKind::Schedule | SubjectKind::Instalment | SubjectKind::Receipt | SubjectKind::Penalty => {
            Part::Payments
        }
        SubjectKind::Application
        | SubjectKind::Licence
        | SubjectKind::Certificate
        | SubjectKind::Specimens
        | SubjectKind::Inspection
        | SubjectKind::Guidance
        | SubjectKind::Exchange
        | SubjectKind::CustomsRun
        | SubjectKind::Discrepancy
        | SubjectKind::Reexport => Part::Transfers,
        SubjectKind::List | SubjectKind::Case | SubjectKind::Embargo | SubjectKind::Policy => Part::Screening,
        _ => Part::Contracts,
    }
}

/// The part and the list that something new belongs to.
fn home(kind: CommandKind) -> (Part, &'static str, &'static str) {
    match kind {
        CommandKind::OpportunityRegister => (Part::Opportunities, "/opportunities", "Opportunities"),
        CommandKind::ApplicationDraft => (Part::Transfers, "/applications", "Applications"),
        CommandKind::CertificateRegister => (Part::Transfers, "/certificates", "End-user certificates"),
        CommandKind::GuidancePropose => (Part::Transfers, "/guidance", "Guidance"),
        CommandKind::SpecimenPropose => (Part::Transfers, "/specimens", "Specimen signatures"),
        CommandKind::PartyRegister => (Part::Partners, "/parties", "Parties"),
        CommandKind::PartnerRegister | CommandKind::GroupChange => (Part::Partners, "/partners", "Partners"),
        CommandKind::EmbargoPropose => (Part::Screening, "/embargo", "Embargoes"),
        CommandKind::RateRecord => (Part::Payments, "/rates", "Exchange rates"),
        _ => (Part::Contracts, "/contracts", "Contracts"),
    }
}

/// What the person may see now, whatever view the form was reached from.
pub(in crate::web) async fn present(visit: &Visit) -> Answer<Reader> {
    let reader = visit.app.store.reader(visit.actor(), None, None).await?;
    Ok(reader.from_source(&visit.signed.source))
}

fn form_page(
    visit: &Visit,
    meant: &Meant,
    at: &Standing,
    (filled, slip): (Option<&Filled>, Option<Slip>),
    once: &str,
    more_rows: usize,
) -> ActPage {
    let act = meant.act;
    let (home, home_path, home_name) = home(act.kind);
    let way = today(visit);
    let (back, back_name) = match &meant.subject {
        Some(subject) => (
            way.to(&history::path(subject.kind, &subject.key)),
            format!("{} {}", show::capital(subject.kind.word()), subject.key),
        ),
        None => (way.to(home_path), home_name.to_owned()),
    };
    let part = match &meant.subject {
        Some(subject) => part(subject.kind),
        None => home,
    };
    let title = match (&meant.subject, &slip) {
        (Some(_), Some(_)) => format!("Error: {}: {back_name}", act.name),
        (Some(_), None) => format!("{}: {back_name}", act.name),
        (None, Some(_)) => format!("Error: {}", act.name),
        (None, None) => act.name.to_owned(),
    };
    let view = ActView {
        name: act.name,
        lede: act.lede,
        facts: at.facts.clone(),
        action: visit.way().to(&meant.path),
        csrf: visit.signed.form_token(),
        seen: at.version,
        once: once.to_owned(),
        groups: groups(act, at, filled, slip.as_ref(), more_rows),
        parties: at.parties.clone(),
        was: started(act, at).into_iter().map(|(name, value)| (was(&name), value)).collect(),
        more: act.fields.iter().any(|field| matches!(field.kind, Kind::Rows(_))),
        back,
        back_name,
    };
    ActPage { frame: visit.frame_now(part, title).marked(at.label.as_ref()), view, slip }
}
