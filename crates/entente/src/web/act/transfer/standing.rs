//! How an application or a licence stands, as its forms say above their fields.

use entente_register::ledger::SubjectKind;
use entente_register::transfer::application::Proposal;
use entente_store::reader::{ApplicationView, LicenceView};
use jiff::civil::Date;

use super::super::standing::{Standing, papers};
use crate::web::line::counted;
use crate::web::show;
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
        facts.push(("Proposed", proposed(proposal)));
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
fn proposed(proposal: &Proposal) -> String {
    let mut said = what(proposal).to_owned();
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
