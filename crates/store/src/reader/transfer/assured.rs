//! What a reader gives out of certificates, specimens and inspections.

use std::collections::BTreeMap;

use entente_register::transfer::certificate::Certificate;
use entente_register::transfer::check::CheckOutcome;
use entente_register::transfer::inspection::Inspection;
use entente_register::transfer::specimen::Specimens;

use crate::reader::HistoryRow;

/// Which certificates are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CertificateFilter {
    /// State of the machine; `asked` for those of which an answer is awaited.
    pub state: Option<String>,
    /// Number of the party that issued it.
    pub issuer: Option<String>,
    /// Number of the end user.
    pub end_user: Option<String>,
    /// Number of the application that it serves.
    pub application: Option<String>,
    /// Words of the issuer’s number, or of the register’s.
    pub words: Option<String>,
}

/// A certificate in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateRow {
    /// As it is seen: an exporter sees nothing of what is asked about it.
    pub certificate: Certificate,
    /// Name of the issuer.
    pub issuer_name: String,
    /// Name of the end user.
    pub end_user_name: String,
    /// Name of the exporter.
    pub exporter_name: String,
}

/// Another certificate that shares what no two may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharedCertificate {
    /// The other one.
    pub certificate: Certificate,
    /// Whether it was registered before.
    pub earlier: bool,
    /// In what both differ.
    pub differs: Vec<&'static str>,
}

/// A certificate by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateView {
    /// As it is seen: an exporter sees nothing of what is asked about it.
    pub certificate: Certificate,
    /// What stands against it on the reader’s day; none where the reader is not told.
    pub against: Option<Vec<(CheckOutcome, String)>>,
    /// Others under its number, or of its paper, of those open to the actor.
    pub shared: Vec<SharedCertificate>,
    /// Who may sign for its issuer; none where nothing is on file, or the reader is not told.
    pub specimens: Option<Specimens>,
    /// Names of the parties, by number.
    pub parties: BTreeMap<String, String>,
    /// The name of the destination, where it is a partner; otherwise its code.
    pub destination_name: String,
    /// What has happened to it, the latest last, as far as it is seen.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// Which inspections are listed; what is absent narrows nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InspectionFilter {
    /// State of the machine.
    pub state: Option<String>,
    /// Number of the licence.
    pub licence: Option<String>,
    /// Number of the end user.
    pub end_user: Option<String>,
}

/// An inspection in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionRow {
    /// As it stands.
    pub inspection: Inspection,
    /// Name of the end user.
    pub end_user_name: String,
}

/// An inspection by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InspectionView {
    /// As it stands.
    pub inspection: Inspection,
    /// Serial numbers of what went under the licence: as the visit recorded them, or as they are known now.
    pub expected: Vec<String>,
    /// Licences that it stopped and that are stopped still, of those open to the actor.
    pub stopped: Vec<String>,
    /// Names of the parties, by number.
    pub parties: BTreeMap<String, String>,
    /// What has happened to it, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}

/// An authority with its specimens in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecimensRow {
    /// As they stand.
    pub specimens: Specimens,
    /// Name of the authority.
    pub authority_name: String,
}

/// The specimens of an authority.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpecimensView {
    /// As they stand.
    pub specimens: Specimens,
    /// Names of the parties, by number.
    pub parties: BTreeMap<String, String>,
    /// What has happened to them, the latest last.
    pub history: Vec<HistoryRow>,
    /// Version of the subject.
    pub version: u32,
}
