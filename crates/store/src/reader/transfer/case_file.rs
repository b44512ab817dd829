//! The full file of an application: all that the register holds of it, in one reading.

use std::collections::BTreeSet;

use entente_register::access::{Extent, Reading};
use entente_register::ledger::{Fact, Refusal, Subject, SubjectKind};

use super::{ApplicationView, CertificateView, InspectionView, JudgedAgain, LicenceView};
use crate::error::Outcome;
use crate::execute::is_possible;
use crate::reader::{DocumentContent, EventRow, Reader};

/// Bytes of papers at most.
const MOST_BYTES: usize = 256 * 1024 * 1024;

/// A paper of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CasePaper {
    /// What it belongs to.
    pub subject: Subject,
    /// Its hash, title and bytes.
    pub content: String,
    /// The paper.
    pub paper: DocumentContent,
}

/// All that the register holds of an application, of what is open to the actor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseFile {
    /// The application.
    pub application: ApplicationView,
    /// The licence that came of it.
    pub licence: Option<LicenceView>,
    /// Certificates that serve it or have served it.
    pub certificates: Vec<CertificateView>,
    /// Inspections of what went.
    pub inspections: Vec<InspectionView>,
    /// The decision, judged again; none where nothing was granted.
    pub judged: Option<JudgedAgain>,
    /// The events behind all of it with their hashes, for whoever reads the ledger.
    pub events: Option<Vec<EventRow>>,
    /// The papers that the register holds.
    pub papers: Vec<CasePaper>,
    /// Papers that are held outside it, by their titles.
    pub elsewhere: Vec<String>,
}

impl Reader {
    /// The full file of an application.
    ///
    /// # Errors
    /// `access.read` if the actor may not read all of applications; `not_found` where it is not open to the actor; `file.size`
    /// where its papers are more than one file holds.
    pub async fn case_file(&self, number: &str) -> Outcome<CaseFile> {
        if self.check(Reading::Applications)? != Extent::All {
            return Err(Refusal::new("access.read", "The full file holds what was thought inside.")
                .missing("a role that reads the applications of everybody")
                .into());
        }
        if !is_possible(number) {
            return Err(Refusal::not_found("application", number).into());
        }
        let application = self.application(number).await?;
        let granted = application.application.decisions.iter().find_map(|decision| decision.licence.clone());
        let mut subjects = vec![SubjectKind::Application.subject(number)];
        let mut licence = None;
        let mut inspections = Vec::new();
        if let Some(granted) = granted
            && self.check(Reading::Licences).is_ok()
        {
            licence = Some(self.licence(&granted).await?);
            subjects.push(SubjectKind::Licence.subject(&granted));
            for row in self.inspections_of(&granted).await? {
                let number = row.inspection.number;
                inspections.push(self.inspection(&number).await?);
                subjects.push(SubjectKind::Inspection.subject(number));
            }
        }
        let mut certificates = Vec::new();
        for row in self.certificates_of(number).await? {
            let number = row.certificate.number;
            certificates.push(self.certificate(&number).await?);
            subjects.push(SubjectKind::Certificate.subject(number));
        }
        let judged = match &licence {
            Some(_) => Some(self.judge_again(number).await?),
            None => None,
        };
        let events = match self.check(Reading::Ledger) {
            Ok(_) => Some(self.events_about(&subjects).await?),
            Err(_) => None,
        };
        let (papers, elsewhere) = self.papers_of(&subjects).await?;
        Ok(CaseFile { application, licence, certificates, inspections, judged, events, papers, elsewhere })
    }

    async fn papers_of(&self, subjects: &[Subject]) -> Outcome<(Vec<CasePaper>, Vec<String>)> {
        let mut named: Vec<(Subject, String)> = Vec::new();
        let mut elsewhere = BTreeSet::new();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        for subject in subjects {
            let mut seen = BTreeSet::new();
            for event in self.events_of(&mut connection, subject).await? {
                for document in event.fact.as_ref().map(Fact::documents).unwrap_or_default() {
                    match &document.content {
                        Some(content) if seen.insert(content.clone()) => {
                            named.push((subject.clone(), content.clone()));
                        }
                        Some(_) => {}
                        None => drop(elsewhere.insert(format!("{} of {}", document.title, document.dated))),
                    }
                }
            }
        }
        drop(transaction);
        let mut papers = Vec::new();
        let mut bytes = 0_usize;
        for (subject, content) in named {
            let paper = self.document(&subject, &content).await?;
            bytes = bytes.saturating_add(paper.bytes.len());
            if bytes > MOST_BYTES {
                return Err(Refusal::new("file.size", "The papers are more than one file holds.")
                    .missing("the papers one by one, from the pages of what they belong to")
                    .into());
            }
            papers.push(CasePaper { subject, content, paper });
        }
        Ok((papers, elsewhere.into_iter().collect()))
    }
}
