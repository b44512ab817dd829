//! How an application, a licence, a certificate or an inspection stands, as its forms say above their fields.

use entente_register::ledger::SubjectKind;
use entente_register::transfer::application::Proposal;
use entente_register::transfer::content::Request;
use entente_store::reader::{
    ApplicationView, CertificateView, GuidanceView, InspectionView, LicenceView, SpecimensView,
};
use jiff::civil::Date;

use super::super::standing::{Standing, papers};
use crate::web::line::counted;
use crate::web::show;
use crate::web::transfer::certificates::authenticity;
use crate::web::transfer::decision::what;
use crate::web::transfer::licences::word_name;
use crate::web::transfer::state_name;

/// An application: what is applied for, by whom and for whom, and what is proposed.
pub(in crate::web::act) fn of_application(view: &ApplicationView, new: Standing) -> Standing {
    let this = &view.application;
    let applicant = &this.content.applicant;
    let mut facts = vec![
        ("Application", this.content.title.clone()),
        ("State", state_name(this.state)),
        ("Applicant", view.parties.get(applicant).unwrap_or(applicant).clone()),
        ("Destination", view.destination_name.clone()),
    ];
    if let Some((by, proposal)) = &this.proposal {
        facts.push(("Proposed", proposed(this.content.request, proposal)));
        facts.push(("Proposed by", format!("{by}: {}", proposal.reason)));
    }
    Standing {
        subject: Some(SubjectKind::Application.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}

/// What is signed: `Granted in part: lines 1, 2; valid 1 May 2012 to 30 April 2013`.
fn proposed(request: Request, proposal: &Proposal) -> String {
    let mut said = what(request, proposal).to_owned();
    if proposal.grants() && proposal.granted().len() < proposal.lines.len() {
        let granted: Vec<String> = proposal.granted().iter().map(ToString::to_string).collect();
        said.push_str(&format!(": lines {}", granted.join(", ")));
    }
    if let (Some(from), Some(until)) = (proposal.valid_from, proposal.valid_until) {
        said.push_str(&format!("; valid {} to {}", show::day(from), show::day(until)));
    }
    said
}

/// A licence: what is left of it.
pub(in crate::web::act) fn of_licence(view: &LicenceView, today: Date, new: Standing) -> Standing {
    let this = &view.licence;
    let (from, until) = (this.issued.valid_from, this.issued.valid_until);
    let left = this.issued.lines.iter().filter_map(|line| {
        let left = this.left(line.number)?;
        let value = show::exact(left.value, this.issued.currency);
        let quantity = counted(left.quantity, line.unit);
        Some(format!("line {}: {quantity}, {value} {}", line.number, this.issued.currency))
    });
    Standing {
        subject: Some(SubjectKind::Licence.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts: vec![
            ("State", word_name(this.word_on(today))),
            ("Valid", format!("{} to {}", show::day(from), show::day(until))),
            ("Destination", view.destination_name.clone()),
            ("Left", left.collect::<Vec<_>>().join("; ")),
        ],
        papers: papers(&view.history),
        ..new
    }
}

/// A certificate: whose it is, and what it serves.
pub(in crate::web::act) fn of_certificate(view: &CertificateView, new: Standing) -> Standing {
    let this = &view.certificate;
    let said = &this.content;
    let name = |party: &String| view.parties.get(party).unwrap_or(party).clone();
    let mut facts = vec![
        ("Number", said.register_number.clone()),
        ("Issuer", name(&said.issuer)),
        ("End user", name(&said.end_user)),
        ("State", show::capital(this.state)),
        ("Authentic", authenticity(this)),
    ];
    facts.extend(this.application.iter().map(|number| ("Serves", number.clone())));
    Standing {
        subject: Some(SubjectKind::Certificate.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}

/// The specimens of an authority.
pub(in crate::web::act) fn of_specimens(view: &SpecimensView, new: Standing) -> Standing {
    let this = &view.specimens;
    let waiting: Vec<String> = this
        .waiting()
        .map(|one| format!("{}, {}, filed by {}", one.filed.signatory, one.filed.position, one.filed_by))
        .collect();
    let mut facts = vec![("Authority", view.parties.get(&this.authority).unwrap_or(&this.authority).clone())];
    if !waiting.is_empty() {
        facts.push(("Waits", waiting.join("; ")));
    }
    Standing {
        subject: Some(SubjectKind::Specimens.subject(&this.authority)),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}

/// A file of what transfers are weighed by.
pub(in crate::web::act) fn of_guidance(view: &GuidanceView, new: Standing) -> Standing {
    let this = &view.file;
    let mut facts = vec![("Kind", show::capital(this.kind.name()))];
    facts.extend(this.shown().map(|edition| ("It says", edition.content.title())));
    facts.extend(this.in_force().map(|edition| ("In force", format!("edition {}", edition.words()))));
    facts.extend(this.waiting().map(|edition| {
        ("Waits", format!("edition {}, proposed by {}", edition.number, edition.proposed_by))
    }));
    Standing {
        subject: Some(SubjectKind::Guidance.subject(&this.number)),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}

/// An inspection: where, of what, and how many serial numbers are to be seen.
pub(in crate::web::act) fn of_inspection(view: &InspectionView, new: Standing) -> Standing {
    let this = &view.inspection;
    let end_user = view.parties.get(&this.planned.end_user).unwrap_or(&this.planned.end_user);
    let mut facts = vec![
        ("End user", end_user.clone()),
        ("Licence", this.planned.licence.clone()),
        ("State", show::capital(this.state)),
        ("Visit planned for", show::day(this.planned.visit_on)),
    ];
    facts.push(match &this.visit {
        Some(visit) => ("Found", visit.visited.words()),
        None => ("Serial numbers to be seen", view.expected.len().to_string()),
    });
    Standing {
        subject: Some(SubjectKind::Inspection.subject(&this.number)),
        state: this.state.to_owned(),
        version: view.version,
        label: Some(this.label.clone()),
        facts,
        papers: papers(&view.history),
        ..new
    }
}
