//! What of transfers wants somebody’s attention, by kind: what the ledger already knows and nobody has acted on.

use jiff::civil::{Date, date};
use serde::{Deserialize, Serialize};

use crate::payment::schedule::words;

/// Days ahead within which a licence that still has goods to go is said to expire.
pub const EXPIRES_WITHIN: i32 = 30;

/// Days ahead within which the annual report is said to be due.
pub const REPORT_WITHIN: i32 = 90;

/// What a notice is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A list may not be relied on, and clears nobody.
    ListHeld,
    /// The term of an embargo rule is over and what came after is not on file.
    TermToConfirm,
    /// An inspection found something at an end user that nobody has closed.
    IncidentOpen,
    /// A licence is suspended.
    LicenceSuspended,
    /// The issuer of a certificate was asked about it and has not called it authentic, and it may serve or serves.
    CertificateInDoubt,
    /// The day by which the end user was to confirm a delivery is over.
    VerificationOverdue,
    /// An agency has not answered by its day.
    OpinionOverdue,
    /// Customs and the register do not agree on a row.
    DiscrepancyOpen,
    /// The day by which a standing assessment was to be reviewed is over.
    ReviewOverdue,
    /// A licence ends soon, and goods are left under it.
    LicenceExpiring,
    /// The report of the year before is due soon.
    AnnualReportDue,
}

words! { NoticeKind, "a kind of notice", "notice.kind",
    ListHeld = "list_held", "lists that clear nobody";
    TermToConfirm = "term_to_confirm", "terms of embargo rules to be confirmed";
    IncidentOpen = "incident_open", "open incidents at end users";
    LicenceSuspended = "licence_suspended", "licences suspended";
    CertificateInDoubt = "certificate_in_doubt", "end-user certificates in doubt";
    VerificationOverdue = "verification_overdue", "delivery verifications overdue";
    OpinionOverdue = "opinion_overdue", "applications with an opinion overdue";
    DiscrepancyOpen = "discrepancy_open", "open discrepancies with customs";
    ReviewOverdue = "review_overdue", "standing assessments to be reviewed";
    LicenceExpiring = "licence_expiring", "licences about to expire with goods left";
    AnnualReportDue = "annual_report_due", "annual reports due";
}

/// One thing that wants attention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Notice {
    /// What about.
    pub kind: NoticeKind,
    /// Number of what it is about: a licence, an application, a certificate, an inspection, a discrepancy, a standing
    /// assessment; the name of a list, the identifier of a regime, the year of a report.
    pub number: String,
    /// What that is.
    pub title: String,
    /// The state that it concerns, ISO 3166-1 alpha-3, where there is one.
    pub state: Option<String>,
    /// The day that is over or comes, where there is one.
    pub due_on: Option<Date>,
    /// Why, in words.
    pub why: String,
}

/// How far a day is from another, for people: `in 3 days`, `today`, `9 days ago`.
pub fn far(on: Date, from: Date) -> String {
    match (on - from).get_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "1 day ago".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", days.unsigned_abs()),
    }
}

/// The year of which the annual report is due on a day or within [`REPORT_WITHIN`] days of it, with the day: 31 May of the
/// year after. Whether it was sent the register does not know, so that once the day is over nothing is said of it.
pub fn report_due(on: Date) -> Option<(i16, Date)> {
    let due = date(on.year(), 5, 31);
    let days = (due - on).get_days();
    (0..=REPORT_WITHIN).contains(&days).then(|| (on.year() - 1, due))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    #[test]
    fn days_are_counted_in_words() {
        let today = date(2026, 6, 15);
        for (on, words) in [
            (date(2026, 6, 15), "today"),
            (date(2026, 6, 16), "tomorrow"),
            (date(2026, 6, 14), "1 day ago"),
            (date(2026, 7, 1), "in 16 days"),
            (date(2026, 5, 31), "15 days ago"),
        ] {
            assert_eq!(far(on, today), words);
        }
    }

    #[test]
    fn the_report_of_a_year_is_due_in_the_spring_after_it() {
        assert_eq!(report_due(date(2026, 3, 1)), None);
        assert_eq!(report_due(date(2026, 3, 2)), Some((2025, date(2026, 5, 31))));
        assert_eq!(report_due(date(2026, 5, 31)), Some((2025, date(2026, 5, 31))));
        assert_eq!(report_due(date(2026, 6, 1)), None);
    }

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in NoticeKind::ALL {
            assert_eq!(kind.word().parse::<NoticeKind>().unwrap(), *kind);
        }
        assert_eq!("perhaps".parse::<NoticeKind>().unwrap_err().code, "notice.kind");
    }
}
