//! What of transfers wants attention: how much of each kind, and the rows behind each count.
//!
//! A count is of what is open to the actor, as the lists behind it are, and a kind that the actor does not read in full has
//! neither. Counts come from indexes over what stands still, so that a page may ask for all of them.

use entente_register::access::{Extent, Reading};
use entente_register::customs::discrepancy::Discrepancy;
use entente_register::label::Label;
use entente_register::ledger::Refusal;
use entente_register::screening::{Held, marking};
use entente_register::transfer::certificate::{Authenticity, AuthenticityStanding, Certificate};
use entente_register::transfer::licence::Licence;
use entente_register::transfer::notice::{EXPIRES_WITHIN, Notice, NoticeKind, far, report_due};
use jiff::civil::Date;

use super::queue::Queue;
use crate::database::{Connection, Row};
use crate::error::{Fault, Outcome};
use crate::reader::sql::Parameters;
use crate::reader::{Listing, Page, Reader};
use crate::transfer::rules_at;

const DOING: &str = "reading what wants attention";

/// The order in which licences stand in their index.
const LICENCE_STATE: &str = "CASE t.state WHEN 'suspended' THEN 0 WHEN 'issued' THEN 1 ELSE 2 END";

/// Something is left under the licence.
const LEFT: &str = "EXISTS (SELECT 1 FROM licence_line y WHERE y.licence = t.number AND y.known_from <= $1 AND y.quantity > (SELECT coalesce(sum(w.quantity), 0) FROM write_off w WHERE w.licence = y.licence AND w.line = y.line AND w.known_from <= $1 AND w.known_to > $1 AND w.shipped_on <= $2))";

/// How much of a kind wants attention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoticeCount {
    /// What about.
    pub kind: NoticeKind,
    /// How many, of what is open to the actor.
    pub count: i64,
}

/// Where the notices of a kind come from.
enum Source<'q> {
    /// Applications and licences.
    Transfers(Queue<'q>, &'static str),
    /// Rows of another table: what is read of them, `FROM … WHERE …`, and the order.
    Rows(&'static str, String, &'static str),
    /// Few enough to be worked out.
    All(Vec<Notice>, Option<Label>),
}

impl Reader {
    /// How much of each kind wants attention, in the order of the kinds: of those that the actor reads in full.
    ///
    /// # Errors
    /// A fault if the database does not answer.
    pub async fn notice_counts(&self) -> Outcome<Vec<NoticeCount>> {
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut counts = Vec::new();
        for kind in NoticeKind::ALL.iter().copied().filter(|kind| self.reads_notices(*kind)) {
            let mut parameters = self.parameters();
            let count = match self.source(&mut connection, kind, &mut parameters).await? {
                Source::Transfers(queue, _) => queue.total(&mut connection, DOING, &parameters).await?,
                Source::Rows(_, from, _) => {
                    let sql = format!("SELECT CAST(count(*) AS BIGINT) {from}");
                    connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?
                }
                Source::All(all, _) => i64::try_from(all.len()).unwrap_or(i64::MAX),
            };
            counts.push(NoticeCount { kind, count });
        }
        Ok(counts)
    }

    /// What of a kind wants attention, the longest overdue first.
    ///
    /// # Errors
    /// `access.read` if the actor does not read in full what it is about.
    pub async fn notices(&self, kind: NoticeKind, page: Page) -> Outcome<Listing<Notice>> {
        self.check(reading(kind))?;
        if !self.reads_notices(kind) {
            return Err(Refusal::new("access.read", format!("You do not read of all {}.", kind.name()))
                .missing("a right to read all of them")
                .into());
        }
        let page = page.bounded();
        let mut transaction = self.store.database.read().await?;
        let mut connection = transaction.connection();
        let mut parameters = self.parameters();
        let (rows, total) = match self.source(&mut connection, kind, &mut parameters).await? {
            Source::Transfers(queue, select) => {
                let found = queue.page(&mut connection, DOING, (select, ""), parameters, page).await?;
                (found.rows, found.total)
            }
            Source::Rows(select, from, order) => {
                let sql = format!("SELECT CAST(count(*) AS BIGINT) {from}");
                let total = connection.fetch_one(DOING, &sql, parameters.values()).await?.int(0)?;
                let (limit, offset) = (parameters.add(page.limit), parameters.add(page.offset));
                let sql = format!("SELECT {select} {from} ORDER BY {order} LIMIT {limit} OFFSET {offset}");
                (connection.fetch(DOING, &sql, parameters.values()).await?, total)
            }
            Source::All(all, label) => {
                let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
                let place = |number: i64| usize::try_from(number).unwrap_or(usize::MAX);
                let rows = all.into_iter().skip(place(page.offset)).take(place(page.limit)).collect();
                drop(transaction);
                if total > 0 {
                    self.log(format!("notices {}", kind.word()), label.as_ref()).await?;
                }
                return Ok(Listing { rows, total, page });
            }
        };
        let label = self.labels.join(rows.iter().map(|row| row.int(5)).collect::<Result<Vec<_>, _>>()?)?;
        let rows = rows.iter().map(|row| self.notice(kind, row)).collect::<Result<_, Fault>>()?;
        drop(transaction);
        self.log(format!("notices {}", kind.word()), label.as_ref()).await?;
        Ok(Listing { rows, total, page })
    }

    /// Whether the actor reads in full what a kind is about.
    fn reads_notices(&self, kind: NoticeKind) -> bool {
        matches!(self.check(reading(kind)), Ok(Extent::All))
    }

    async fn source(
        &self,
        connection: &mut Connection<'_>,
        kind: NoticeKind,
        parameters: &mut Parameters<'_>,
    ) -> Outcome<Source<'static>> {
        const BY_DAY: &[(&str, &str)] = &[("t.due_on", ""), ("t.number", "")];
        const BY_END: &[(&str, &str)] = &[("t.valid_until", ""), ("t.number", "")];
        const DUE: &str = "t.number, t.title, t.destination, t.due_on, t.content, t.label";
        const ENDS: &str = "t.number, t.title, t.destination, t.valid_until, t.content, t.label";
        let transfers = |condition, order, select| Source::Transfers(Queue { condition, order }, select);
        Ok(match kind {
            NoticeKind::ListHeld => {
                let lists = self.select_lists(connection, None).await?;
                let mut held: Vec<(String, Held)> = Vec::new();
                if lists.is_empty() {
                    held.push(("lists".to_owned(), Held::no_list()));
                }
                held.extend(lists.into_iter().filter_map(|row| Some((row.list.name, row.held?))));
                let notice = |(name, held): (String, Held)| Notice {
                    kind,
                    title: format!("List {name}"),
                    number: name,
                    state: None,
                    due_on: None,
                    why: held.reason,
                };
                Source::All(held.into_iter().map(notice).collect(), Some(marking()))
            }
            NoticeKind::TermToConfirm if !self.actor.clearance.admits(&marking()) => {
                Source::All(Vec::new(), None)
            }
            NoticeKind::TermToConfirm => {
                let rules = rules_at(connection, &self.store.rules, self.horizon.sequence).await?;
                let over = self.open_terms(&rules.set, 0).into_iter().filter(|term| term.over);
                let notice = |term: entente_register::embargo::OpenTerm| {
                    let states = rules.set.regimes.get(&term.regime).map(|regime| &regime.states);
                    Notice {
                        kind,
                        number: term.regime,
                        title: format!("{}: {}", term.regime_name, term.citation),
                        state: states.and_then(|states| states.iter().next()).cloned(),
                        due_on: Some(term.last_day),
                        why: format!(
                            "The term ended {}; what came after is not on file, and the rule applies as on that day",
                            far(term.last_day, self.as_of)
                        ),
                    }
                };
                Source::All(over.map(notice).collect(), Some(marking()))
            }
            NoticeKind::AnnualReportDue => {
                let due = report_due(self.as_of).map(|(year, due_on)| Notice {
                    kind,
                    number: year.to_string(),
                    title: format!("Report of the transfers of {year}"),
                    state: None,
                    due_on: Some(due_on),
                    why: format!("due {}", far(due_on, self.as_of)),
                });
                Source::All(due.into_iter().collect(), None)
            }
            NoticeKind::IncidentOpen => Source::Rows(
                "a.number, a.title, NULL, NULL, coalesce(u.name, a.end_user), a.label",
                format!(
                    "FROM assurance a LEFT JOIN party u ON u.number = a.end_user AND u.known_from <= $1 WHERE {} AND a.state = 'incident'",
                    self.open_assurances("inspection")
                ),
                "a.registered, a.number",
            ),
            NoticeKind::CertificateInDoubt => Source::Rows(
                "a.number, a.title, NULL, NULL, a.content, a.label",
                format!("FROM assurance a WHERE {} AND a.doubted = 1", self.open_assurances("certificate")),
                "a.registered, a.number",
            ),
            NoticeKind::DiscrepancyOpen => Source::Rows(
                "c.number, c.licence, NULL, NULL, c.content, c.label",
                format!("FROM customs c WHERE {} AND c.state = 'open'", self.open_rows("discrepancy")),
                "c.registered, c.number",
            ),
            NoticeKind::ReviewOverdue => Source::Rows(
                "g.number, g.title, g.territory, g.due_on, '', g.label",
                format!(
                    "FROM guidance g WHERE {} AND g.kind = 'standing_assessment' AND g.due_on < $2",
                    self.open_guidance()
                ),
                "g.due_on, g.number",
            ),
            NoticeKind::LicenceSuspended => {
                let condition =
                    format!("{} AND {LICENCE_STATE} = 0", self.seen_licences(Extent::All, parameters));
                transfers(condition, BY_END, ENDS)
            }
            NoticeKind::LicenceExpiring => {
                let days = jiff::Span::new().days(EXPIRES_WITHIN);
                let until = parameters.add(self.as_of.checked_add(days).unwrap_or(Date::MAX).to_string());
                let licences = self.seen_licences(Extent::All, parameters);
                let condition = format!(
                    "{licences} AND {LICENCE_STATE} = 1 AND t.valid_until >= $2 AND t.valid_until <= {until} AND {LEFT}"
                );
                transfers(condition, BY_END, ENDS)
            }
            NoticeKind::VerificationOverdue => {
                let condition = format!("{} AND t.due_on < $2", self.seen_licences(Extent::All, parameters));
                transfers(condition, BY_DAY, DUE)
            }
            NoticeKind::OpinionOverdue => {
                let applications = self.seen_applications(Extent::All, parameters);
                let condition = format!("{applications} AND t.due_on < $2 AND t.state = 'open'");
                transfers(condition, BY_DAY, DUE)
            }
        })
    }

    fn notice(&self, kind: NoticeKind, row: &Row) -> Result<Notice, Fault> {
        let day = |column: usize| -> Result<Option<Date>, Fault> { row.optional_date(column) };
        let mut notice = Notice {
            kind,
            number: row.text(0)?,
            title: row.optional_text(1)?.unwrap_or_default(),
            state: row.optional_text(2)?,
            due_on: day(3)?,
            why: String::new(),
        };
        let how_far = notice.due_on.map(|on| far(on, self.as_of)).unwrap_or_default();
        notice.why = match kind {
            NoticeKind::IncidentOpen => format!("An incident at {}, which nobody has closed", row.text(4)?),
            NoticeKind::CertificateInDoubt => {
                let certificate: Certificate = row.json(DOING, 4)?;
                notice.state = Some(certificate.content.destination.clone());
                doubt(&certificate, self.as_of)
            }
            NoticeKind::DiscrepancyOpen => {
                let discrepancy: Discrepancy = row.json(DOING, 4)?;
                notice.due_on = None;
                format!("{} (opened {})", discrepancy.opened.words, far(discrepancy.opened_on, self.as_of))
            }
            NoticeKind::ReviewOverdue => format!("was to be reviewed {how_far}"),
            NoticeKind::LicenceSuspended => suspended(&row.json(DOING, 4)?),
            NoticeKind::LicenceExpiring => format!("ends {how_far}, and goods are left"),
            NoticeKind::VerificationOverdue => format!("was to be verified {how_far}"),
            NoticeKind::OpinionOverdue => format!("an opinion was due {how_far}"),
            // Worked out, and not read from rows.
            NoticeKind::ListHeld | NoticeKind::TermToConfirm | NoticeKind::AnnualReportDue => String::new(),
        };
        Ok(notice)
    }
}

/// What must be read in full for the notices of a kind.
fn reading(kind: NoticeKind) -> Reading {
    match kind {
        NoticeKind::ListHeld | NoticeKind::TermToConfirm => Reading::Screening,
        NoticeKind::IncidentOpen => Reading::Inspections,
        NoticeKind::CertificateInDoubt => Reading::Certificates,
        NoticeKind::OpinionOverdue => Reading::Applications,
        NoticeKind::DiscrepancyOpen => Reading::Customs,
        NoticeKind::ReviewOverdue => Reading::Guidance,
        NoticeKind::LicenceSuspended
        | NoticeKind::VerificationOverdue
        | NoticeKind::LicenceExpiring
        | NoticeKind::AnnualReportDue => Reading::Licences,
    }
}

/// Why a certificate is in doubt.
fn doubt(certificate: &Certificate, today: Date) -> String {
    match certificate.authenticity() {
        AuthenticityStanding::Asked(on) => {
            format!("its issuer was asked {} and has not answered", far(on, today))
        }
        AuthenticityStanding::Answered(Authenticity::NotAuthentic, _) => {
            "its issuer says that it is not authentic".to_owned()
        }
        AuthenticityStanding::Answered(..) | AuthenticityStanding::NotAsked => {
            "its issuer cannot tell whether it is authentic".to_owned()
        }
    }
}

/// By what a licence is suspended.
fn suspended(licence: &Licence) -> String {
    let mut by = Vec::new();
    if !licence.stops.is_empty() {
        by.push("an incident at its end user");
    }
    if !licence.reopenings.is_empty() {
        by.push("a standing assessment of its destination that is worse");
    }
    if by.is_empty() {
        by.push("an officer");
    }
    format!("suspended by {}", by.join(", and by "))
}
