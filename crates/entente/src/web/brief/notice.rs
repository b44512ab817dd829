//! What of transfers wants attention: the counts on the brief, and the rows behind each.

use entente_register::transfer::notice::{Notice, NoticeKind};
use entente_store::reader::NoticeCount;

use crate::formats::table::Out;
use crate::web::show;
use crate::web::spreadsheet::{day, optional, text};
use crate::web::way::Way;

/// How much of a kind wants attention.
#[derive(Debug, Clone)]
pub(crate) struct NoticeSum {
    /// `Licences suspended`
    pub(crate) title: String,
    pub(crate) count: i64,
    /// To the rows behind it; empty on paper.
    pub(crate) href: String,
}

/// One thing that wants attention.
#[derive(Debug, Clone)]
pub(crate) struct NoticeRow {
    pub(crate) number: String,
    pub(crate) href: String,
    pub(crate) state: String,
    pub(crate) title: String,
    /// Empty where there is none.
    pub(crate) due: String,
    pub(crate) why: String,
}

/// What of one kind wants attention.
#[derive(Debug, Clone)]
pub(crate) struct NoticeSection {
    /// The word in the address.
    pub(crate) word: &'static str,
    pub(crate) title: String,
    pub(crate) total: i64,
    pub(crate) rows: Vec<NoticeRow>,
    /// To all of them, where not all are shown.
    pub(crate) all: Option<String>,
    /// How many are not shown.
    pub(crate) further: i64,
}

pub(crate) fn title(kind: NoticeKind) -> String {
    show::capital(kind.name())
}

/// The counts, those with none left out.
pub(crate) fn sums(counts: &[NoticeCount], way: &Way) -> Vec<NoticeSum> {
    let some = counts.iter().filter(|count| count.count > 0);
    some.map(|count| NoticeSum {
        title: title(count.kind),
        count: count.count,
        href: way.with("/alerts", &[("kind", count.kind.word())]),
    })
    .collect()
}

/// The rows of a kind, of so many in all; `whole` where no link to the others is wanted.
pub(super) fn section(
    kind: NoticeKind,
    (notices, total): (&[Notice], i64),
    is_whole: bool,
    way: &Way,
) -> NoticeSection {
    let further = total.saturating_sub(i64::try_from(notices.len()).unwrap_or(i64::MAX)).max(0);
    NoticeSection {
        word: kind.word(),
        title: title(kind),
        total,
        rows: notices.iter().map(|notice| row(notice, way)).collect(),
        all: (!is_whole && further > 0).then(|| way.with("/alerts", &[("kind", kind.word())])),
        further: if is_whole { 0 } else { further },
    }
}

fn row(notice: &Notice, way: &Way) -> NoticeRow {
    NoticeRow {
        number: notice.number.clone(),
        href: way.to(&path(notice)),
        state: notice.state.clone().unwrap_or_default(),
        title: notice.title.clone(),
        due: notice.due_on.map(show::day).unwrap_or_default(),
        why: notice.why.clone(),
    }
}

/// The page of what a notice is about.
fn path(notice: &Notice) -> String {
    let under = match notice.kind {
        NoticeKind::ListHeld if notice.number == "lists" => return "/lists".to_owned(),
        NoticeKind::AnnualReportDue => return "/annual-reports".to_owned(),
        NoticeKind::ListHeld => "lists",
        NoticeKind::TermToConfirm => "embargo",
        NoticeKind::IncidentOpen => "inspections",
        NoticeKind::CertificateInDoubt => "certificates",
        NoticeKind::OpinionOverdue => "applications",
        NoticeKind::DiscrepancyOpen => "discrepancies",
        NoticeKind::ReviewOverdue => "guidance",
        NoticeKind::LicenceSuspended | NoticeKind::VerificationOverdue | NoticeKind::LicenceExpiring => {
            "licences"
        }
    };
    format!("/{under}/{}", notice.number)
}

/// A row of it.
pub(super) fn cells(notice: Notice) -> Vec<Out> {
    vec![
        text(notice.kind.word()),
        text(notice.number),
        optional(notice.state),
        text(notice.title),
        day(notice.due_on),
        text(notice.why),
    ]
}
