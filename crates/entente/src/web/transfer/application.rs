//! The page of an application: everything that whoever decides needs, on one screen.

use askama::Template;
use axum::extract::Path;
use entente_register::document::Document;
use entente_register::ledger::SubjectKind;
use entente_register::money::Currency;
use entente_register::transfer::application::{Application, Question};
use entente_register::transfer::check::{EndUserStanding, Established};
use entente_register::transfer::content::Request;
use entente_register::transfer::guidance::GuidanceContent;
use entente_register::transfer::ledger::Sight;
use entente_register::transfer::red_flag::red_flags;
use entente_store::reader::{ApplicationView, CertificateRow, LinkFocus, OpinedView};
use jiff::civil::Date;

use super::check::ChecksView;
use super::decision::{DecisionView, ProposalView};
use super::guidance::BesideView;
use super::link::{LinkSection, apart};
use super::opinion::{AssessmentView, OpinionsView};
use super::precedents::PrecedentsView;
use super::{Links, Named, state_name};
use crate::error::Answer;
use crate::web::act::{Offers, Stands};
use crate::web::embargo::check::class_name;
use crate::web::frame::{Frame, Part};
use crate::web::history::{Act, Paper, acts};
use crate::web::line::counted;
use crate::web::show;
use crate::web::visit::Visit;
use crate::web::way::Way;

/// A party in its role.
#[derive(Debug, Clone)]
pub(crate) struct PartyCells {
    pub(crate) role: String,
    pub(crate) party: Named,
    /// Who an end user is, as it was established; empty where nobody has, or it is not told.
    pub(crate) established: String,
    pub(crate) paper: Option<Paper>,
    /// Whether it is an end user, who is to be established.
    pub(crate) uses: bool,
}

/// A line of what is applied for.
#[derive(Debug, Clone)]
pub(crate) struct LineCells {
    pub(crate) number: usize,
    pub(crate) description: String,
    pub(crate) category: String,
    pub(crate) class: String,
    /// What else is said of it: a part, non-lethal.
    pub(crate) marks: String,
    pub(crate) quantity: String,
    pub(crate) unit_price: String,
    pub(crate) value: String,
    pub(crate) contract_line: Option<Named>,
}

/// A question with its answer.
#[derive(Debug, Clone)]
pub(crate) struct QuestionCells {
    pub(crate) asked_on: String,
    pub(crate) text: String,
    /// Day and words; none while it is open.
    pub(crate) answer: Option<(String, String)>,
}

/// A certificate that serves the application.
#[derive(Debug, Clone)]
pub(crate) struct CertificateLink {
    pub(crate) certificate: Named,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    pub(crate) words: String,
}

impl CertificateLink {
    pub(in crate::web) fn of(row: &CertificateRow, links: &Links) -> CertificateLink {
        let this = &row.certificate;
        let said = &this.content;
        CertificateLink {
            certificate: Named::number(&this.number, links.certificate(&this.number)),
            state: show::capital(this.state),
            state_word: this.state,
            words: format!(
                "number {} of {}, {}, for {}",
                said.register_number,
                row.issuer_name,
                show::day(said.issued_on),
                row.end_user_name
            ),
        }
    }
}

/// Everything on the page.
#[derive(Debug, Clone)]
pub(crate) struct ApplicationPageView {
    pub(crate) number: String,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) state_word: &'static str,
    /// How often it was changed since it was submitted; empty where never.
    pub(crate) revision: String,
    /// What it waits for, in the order in which it is done.
    pub(crate) waits: Vec<String>,
    /// What is sought, where it is no licence.
    pub(crate) request: String,
    /// The advance opinion that it rests on: its number, and what it says in words.
    pub(crate) opined: Option<(Named, String)>,
    pub(crate) kind: String,
    pub(crate) applicant: Named,
    pub(crate) destination: String,
    pub(crate) destination_code: String,
    pub(crate) origin: String,
    pub(crate) route: String,
    pub(crate) purpose: String,
    pub(crate) end_use: String,
    pub(crate) exception: String,
    pub(crate) contract: Option<Named>,
    pub(crate) return_by: String,
    pub(crate) submitted_on: String,
    pub(crate) days: String,
    /// Since when a question stops the clock; empty while it runs.
    pub(crate) stopped: String,
    pub(crate) licence: Option<Named>,
    /// Whether who end users are is told.
    pub(crate) establishes: bool,
    pub(crate) parties: Vec<PartyCells>,
    pub(crate) lines: Vec<LineCells>,
    pub(crate) currency: String,
    pub(crate) sum: String,
    pub(crate) checks: Option<ChecksView>,
    pub(crate) questions: Vec<QuestionCells>,
    pub(crate) opinions: Option<OpinionsView>,
    /// Whether it is to be weighed, and was not.
    pub(crate) unweighed: bool,
    pub(crate) assessment: Option<AssessmentView>,
    pub(crate) proposal: Option<ProposalView>,
    pub(crate) decisions: Vec<DecisionView>,
    pub(crate) papers: Vec<Paper>,
    /// Whether all of it is seen.
    pub(crate) whole: bool,
    /// What stands beside the assessment, for whoever assesses.
    pub(crate) beside: BesideView,
    /// What was decided before of goods like these, for whoever sees all of it.
    pub(crate) precedents: PrecedentsView,
    /// Certificates that serve it, of those open to the reader.
    pub(crate) certificates: Vec<CertificateLink>,
    pub(crate) history: Vec<Act>,
}

#[derive(Template)]
#[template(path = "transfer/application.html")]
pub(crate) struct ApplicationPage {
    pub(crate) frame: Frame,
    pub(crate) view: ApplicationPageView,
    pub(crate) offers: Offers,
    /// The chain that it stands in.
    pub(crate) link: Option<LinkSection>,
}

/// `GET /applications/{number}`
pub(in crate::web) async fn get(visit: Visit, Path(number): Path<String>) -> Answer {
    let reader = visit.reader().await?;
    let found = reader.application(&number).await?;
    let focus = LinkFocus::Application(number.clone());
    let (link, label) = apart(LinkSection::of(&visit, &reader, focus).await?, &found.application.label);
    let frame = visit.frame(Part::Transfers, format!("Application {number}"), &reader).marked(Some(&label));
    let way = visit.way();
    let links = Links::of(visit.actor(), &way);
    let account = visit.actor().account.clone();
    let mut view = view(&found, reader.as_of(), &account, &links, &way);
    if found.sight == Sight::Whole {
        let beside = reader.beside_assessment(&found).await?;
        let standing = beside.standing.iter().filter_map(|(_, edition)| match &edition.content {
            GuidanceContent::StandingAssessment(of) => Some(of),
            _ => None,
        });
        let flags = red_flags(&found.application, &found.parties, standing);
        view.beside = BesideView::of(&beside, flags, reader.as_of(), &way);
        view.precedents = PrecedentsView::of(&reader.precedents(&found).await?, &links);
    }
    let certificates = reader.certificates_of(&number).await?;
    view.certificates = certificates.iter().map(|row| CertificateLink::of(row, &links)).collect();
    crate::web::page(&ApplicationPage {
        link,
        frame,
        view,
        offers: Offers::of(&visit, &reader, Stands::Application(Box::new(found), account)),
    })
}

/// Writes it for people.
pub(crate) fn view(
    found: &ApplicationView,
    as_of: Date,
    account: &str,
    links: &Links,
    way: &Way,
) -> ApplicationPageView {
    let this = &found.application;
    let content = &this.content;
    let names = &found.parties;
    let paper = |document: &Document| Paper::of(document, SubjectKind::Application, &this.number, way);
    let day = |on: Option<Date>| on.map(show::day).unwrap_or_default();
    let is_whole = found.sight == Sight::Whole;
    let is_judged = is_whole && matches!(this.state, "open" | "proposed");
    let checks = found.checks.as_ref().map(|checks| ChecksView::of(checks, &this.on_record, names, links));
    let named = |party: &str| names.get(party).cloned().unwrap_or_else(|| party.to_owned());
    let open = this.open_questions().map(|question| question.asked_on).min();
    let (lines, sum) = lines(this, links);
    ApplicationPageView {
        number: this.number.clone(),
        title: content.title.clone(),
        state: match (this.state, content.request) {
            ("affirmed", Request::AdvanceOpinion) => "Favourable opinion given".to_owned(),
            ("affirmed", Request::ZeroNotice) => "No licence is needed".to_owned(),
            (state, _) => state_name(state),
        },
        request: match content.request {
            Request::Licence => String::new(),
            request => show::capital(request.name()),
        },
        opined: found.opined.as_ref().map(|opined| opined_words(opined, as_of, links)),
        state_word: this.state,
        revision: match this.revision {
            0 => String::new(),
            times => format!("changed {} since", show::counted(i64::from(times), "time", "times")),
        },
        waits: waits(found, checks.as_ref(), account, named),
        kind: show::capital(content.kind.name()),
        applicant: Named::party(&content.applicant, names, links),
        destination: found.destination_name.clone(),
        destination_code: content.destination.clone(),
        origin: content.origin.clone().unwrap_or_default(),
        route: content.route.join(" → "),
        purpose: show::capital(content.purpose.name()),
        end_use: content.end_use.clone(),
        exception: content.exception.map(|one| show::capital(one.word())).unwrap_or_default(),
        contract: content.contract.as_ref().map(|number| Named::number(number, links.contract(number))),
        return_by: day(content.return_by),
        submitted_on: day(this.submitted_on),
        days: show::counted(i64::from(this.days_used(ended_on(this).unwrap_or(as_of))), "day", "days"),
        stopped: if matches!(this.state, "open" | "proposed") { day(open) } else { String::new() },
        licence: licence(this, links),
        establishes: found.sight != Sight::Applicant,
        parties: parties(found, links, &paper),
        lines,
        currency: content.currency().map(|one| one.code().to_owned()).unwrap_or_default(),
        sum,
        checks,
        questions: this.questions.iter().map(question).collect(),
        opinions: (!this.consulted.is_empty() || is_judged)
            .then(|| OpinionsView::of(this, as_of, named, paper)),
        unweighed: is_judged && this.assessment.is_none(),
        assessment: this.assessment.as_ref().map(AssessmentView::of),
        proposal: ProposalView::of(this, found.sight, account),
        decisions: DecisionView::all(this, found.sight, names, links),
        papers: content.documents.iter().map(paper).collect(),
        whole: is_whole,
        beside: BesideView::default(),
        precedents: PrecedentsView::default(),
        certificates: Vec::new(),
        history: acts(&found.history, SubjectKind::Application, &this.number, way),
    }
}

/// An advance opinion, and how far it carries an application.
fn opined_words(opined: &OpinedView, as_of: Date, links: &Links) -> (Named, String) {
    let binds = if opined.until < as_of { "bound until" } else { "binds until" };
    let beyond = match opined.beyond.is_empty() {
        true => "the application keeps within it".to_owned(),
        false => format!("the application goes beyond it in {}", opined.beyond.join(", ")),
    };
    let words = format!("of {}, {binds} {}; {beyond}", show::day(opined.on), show::day(opined.until));
    (Named::number(&opined.number, links.application(&opined.number)), words)
}

/// The day on which an application came to its end, up to which its days are counted.
fn ended_on(this: &Application) -> Option<Date> {
    (!matches!(this.state, "draft" | "open" | "proposed")).then_some(this.last_on)
}

fn licence(this: &Application, links: &Links) -> Option<Named> {
    let number = this.decisions.last()?.licence.as_ref()?;
    Some(Named::number(number, links.licence(number)))
}

/// What an application waits for. Of whoever applies only what that is asked.
fn waits(
    found: &ApplicationView,
    checks: Option<&ChecksView>,
    account: &str,
    named: impl Fn(&str) -> String,
) -> Vec<String> {
    let this = &found.application;
    let mut waits = Vec::new();
    match this.state {
        "draft" => waits.push("It is a draft: nothing is examined before it is submitted.".to_owned()),
        "open" | "proposed" => {}
        _ => return waits,
    }
    for question in this.open_questions() {
        waits.push(format!("An answer to question {} of {}", question.number, show::day(question.asked_on)));
    }
    if found.sight == Sight::Applicant || this.state == "draft" {
        return waits;
    }
    for (agency, consulted) in this.consulted.iter().filter(|(_, consulted)| consulted.is_awaited()) {
        let (name, due_on) = (named(agency), show::day(consulted.due_on));
        waits.push(match consulted.opinion {
            None => format!("The opinion of {name}, due {due_on}"),
            Some(_) => format!("A second person of {name} to confirm its opinion, due {due_on}"),
        });
    }
    if found.sight != Sight::Whole {
        return waits;
    }
    if this.consulted.is_empty() {
        waits.push("An agency to be asked for its opinion".to_owned());
    }
    if let Some(against) = checks.map(|checks| checks.against).filter(|against| *against > 0) {
        let count = i64::try_from(against).unwrap_or(i64::MAX);
        let checks = show::counted(count, "check that stands", "checks that stand");
        waits.push(format!("What settles {checks} against it"));
    }
    if this.assessment.is_none() {
        waits.push("The assessment".to_owned());
    }
    match &this.proposal {
        Some((by, _)) if by == account => waits.push("The signature of another person than you".to_owned()),
        Some(_) => waits.push("The second signature".to_owned()),
        None if waits.is_empty() => waits.push("A proposal of the decision".to_owned()),
        None => {}
    }
    waits
}

fn parties(found: &ApplicationView, links: &Links, paper: &impl Fn(&Document) -> Paper) -> Vec<PartyCells> {
    let this = &found.application;
    let cells = this.content.parties.iter().map(|one| {
        let uses = one.role.uses();
        let established = this.end_users.get(&one.party).filter(|_| uses);
        PartyCells {
            role: show::capital(one.role.name()),
            party: Named::party(&one.party, &found.parties, links),
            established: established.map(standing).unwrap_or_default(),
            paper: established.map(|of| paper(&of.document)),
            uses,
        }
    });
    cells.collect()
}

/// Who an end user is, in words.
pub(super) fn standing(established: &Established) -> String {
    match &established.standing {
        EndUserStanding::Authority { state } => format!("Authority of {state}"),
        EndUserStanding::Authorised { state } => format!("Authorised by {state}"),
        EndUserStanding::Mission { name } => format!("{name}, under a mandate of the United Nations"),
        EndUserStanding::NonState => "Serves no government, and none has authorised it".to_owned(),
    }
}

fn lines(this: &Application, links: &Links) -> (Vec<LineCells>, String) {
    let mut sum = 0_i64;
    let cells = this.content.lines.iter().enumerate().map(|(place, line)| {
        let currency = line.unit_price.currency;
        let value = line.value().ok();
        sum = sum.saturating_add(value.unwrap_or_default());
        let part = line.part.then_some("a part of it");
        let lethal = line.non_lethal.map(|is| if is { "non-lethal" } else { "lethal" });
        LineCells {
            number: place + 1,
            description: line.description.clone(),
            category: line.category.clone(),
            class: class_name(line.class),
            marks: part.into_iter().chain(lethal).collect::<Vec<_>>().join(", "),
            quantity: counted(line.quantity, line.unit),
            unit_price: show::exact(line.unit_price.minor, currency),
            value: value.map(|minor| show::exact(minor, currency)).unwrap_or_default(),
            contract_line: line
                .contract_line
                .as_ref()
                .map(|number| Named::number(number, links.contract_line(number))),
        }
    });
    let cells = cells.collect();
    let sum = this.content.currency().map(|currency: Currency| show::exact(sum, currency));
    (cells, sum.unwrap_or_default())
}

fn question(one: &Question) -> QuestionCells {
    QuestionCells {
        asked_on: show::day(one.asked_on),
        text: one.text.clone(),
        answer: one.answered.as_ref().map(|(on, text)| (show::day(*on), text.clone())),
    }
}
