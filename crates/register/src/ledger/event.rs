//! An event, and what a rule is given to decide one.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;

use super::chain::{Digest, Salt};
use super::fact::Fact;
use super::refusal::{Fallible, Refusal};
use crate::access::Actor;
use crate::label::Label;

/// What an event is about: a kind and a key, written `contract:O-2012-0015`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subject {
    /// The kind of subject.
    pub kind: SubjectKind,
    /// The human number or code, unique within the kind.
    pub key: String,
}

/// The kinds of subject that the ledger holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SubjectKind {
    /// The register itself: founding, keys, erasures.
    Ledger,
    /// A person's account: roles, clearance, open or closed.
    Account,
    /// A partner state.
    Partner,
    /// A group of states with dated membership.
    Group,
    /// A party to contracts.
    Party,
    /// A contract.
    Contract,
    /// One line of a contract.
    Line,
    /// One version of a year's delivery plan.
    Plan,
    /// One shipment against a line.
    Delivery,
    /// The payment schedule of a contract, by the contract's number.
    Schedule,
    /// What is to be paid under a contract, and when.
    Instalment,
    /// Money that has come in.
    Receipt,
    /// A penalty for delay.
    Penalty,
    /// An exchange rate of a day, or one that a contract fixes.
    Rate,
    /// What may become a contract.
    Opportunity,
    /// A published forecast.
    Forecast,
    /// What is to be reached under a contract by a day.
    Milestone,
    /// A line that is expected later than agreed.
    Slippage,
    /// What is done about what goes wrong.
    Corrective,
    /// What is owed to the buyer's economy.
    Offset,
    /// What an exporter or a manufacturer says happened.
    Report,
    /// A list of those under measures, by its name.
    List,
    /// A party that may be an entry of a list.
    Case,
    /// A file of rules on what may be transferred to whom: of a regime or a body, by its identifier.
    Embargo,
    /// What a commission has decided by which rules it goes: whose measures bind.
    Policy,
    /// What is applied for: one transfer with its lines.
    Application,
    /// What was granted, and what is drawn down of it.
    Licence,
    /// What the state that receives goods declares and undertakes.
    Certificate,
    /// Who may sign certificates for an authority, by the number of its party.
    Specimens,
    /// What was seen of goods after they went.
    Inspection,
    /// What transfers are weighed by: an assessment, a denial, a quota, figures, an agency, or routing rules.
    Guidance,
    /// Up to which marking customs are told.
    Exchange,
    /// One file that went to customs or came from them.
    CustomsRun,
    /// What customs say and the register does not take, or the other way round.
    Discrepancy,
    /// A request to pass on what was delivered.
    Reexport,
    /// A statistic that others publish, by its word: its editions.
    Statistic,
}

impl SubjectKind {
    /// All kinds, in the order of the documentation.
    pub const ALL: [SubjectKind; 36] = [
        SubjectKind::Ledger,
        SubjectKind::Account,
        SubjectKind::Partner,
        SubjectKind::Group,
        SubjectKind::Party,
        SubjectKind::Contract,
        SubjectKind::Line,
        SubjectKind::Plan,
        SubjectKind::Delivery,
        SubjectKind::Schedule,
        SubjectKind::Instalment,
        SubjectKind::Receipt,
        SubjectKind::Penalty,
        SubjectKind::Rate,
        SubjectKind::Opportunity,
        SubjectKind::Forecast,
        SubjectKind::Milestone,
        SubjectKind::Slippage,
        SubjectKind::Corrective,
        SubjectKind::Offset,
        SubjectKind::Report,
        SubjectKind::List,
        SubjectKind::Case,
        SubjectKind::Embargo,
        SubjectKind::Policy,
        SubjectKind::Application,
        SubjectKind::Licence,
        SubjectKind::Certificate,
        SubjectKind::Specimens,
        SubjectKind::Inspection,
        SubjectKind::Guidance,
        SubjectKind::Exchange,
        SubjectKind::CustomsRun,
        SubjectKind::Discrepancy,
        SubjectKind::Reexport,
        SubjectKind::Statistic,
    ];

    /// The word used in the ledger, in URLs and in messages.
    pub fn word(self) -> &'static str {
        match self {
            SubjectKind::Ledger => "ledger",
            SubjectKind::Account => "account",
            SubjectKind::Partner => "partner",
            SubjectKind::Group => "group",
            SubjectKind::Party => "party",
            SubjectKind::Contract => "contract",
            SubjectKind::Line => "line",
            SubjectKind::Plan => "plan",
            SubjectKind::Delivery => "delivery",
            SubjectKind::Schedule => "schedule",
            SubjectKind::Instalment => "instalment",
            SubjectKind::Receipt => "receipt",
            SubjectKind::Penalty => "penalty",
            SubjectKind::Rate => "rate",
            SubjectKind::Opportunity => "opportunity",
            SubjectKind::Forecast => "forecast",
            SubjectKind::Milestone => "milestone",
            SubjectKind::Slippage => "slippage",
            SubjectKind::Corrective => "corrective",
            SubjectKind::Offset => "offset",
            SubjectKind::Report => "report",
            SubjectKind::List => "list",
            SubjectKind::Case => "case",
            SubjectKind::Embargo => "embargo",
            SubjectKind::Policy => "policy",
            SubjectKind::Application => "application",
            SubjectKind::Licence => "licence",
            SubjectKind::Certificate => "certificate",
            SubjectKind::Specimens => "specimens",
            SubjectKind::Inspection => "inspection",
            SubjectKind::Guidance => "guidance",
            SubjectKind::Exchange => "exchange",
            SubjectKind::CustomsRun => "customs_run",
            SubjectKind::Discrepancy => "discrepancy",
            SubjectKind::Reexport => "reexport",
            SubjectKind::Statistic => "statistic",
        }
    }

    /// A subject of this kind.
    pub fn subject(self, key: impl Into<String>) -> Subject {
        Subject { kind: self, key: key.into() }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.kind.word(), self.key)
    }
}

impl FromStr for Subject {
    type Err = Refusal;
    fn from_str(text: &str) -> Result<Subject, Refusal> {
        text.split_once(':')
            .and_then(|(word, key)| {
                let kind = SubjectKind::ALL.into_iter().find(|k| k.word() == word)?;
                (!key.is_empty()).then(|| kind.subject(key))
            })
            .ok_or_else(|| Refusal::new("subject.malformed", format!("{text:?} names no subject.")))
    }
}

/// What a rule decided; the store adds order, time and hashes.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// What it is about.
    pub subject: Subject,
    /// When it was true in the world.
    pub occurred_on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What happened.
    pub fact: Fact,
    /// Why, where the command asks for a reason.
    pub reason: Option<String>,
}

/// A recorded event, as the store holds it.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Place in the ledger, from 1, without holes.
    pub sequence: i64,
    /// When the register knew it (UTC, microseconds).
    pub recorded_at: Timestamp,
    /// Key of the account that acted.
    pub actor: String,
    /// What it is about.
    pub subject: Subject,
    /// The subject's version that this event made, from 1.
    pub version: u32,
    /// When it was true in the world.
    pub occurred_on: Date,
    /// Who may know of it.
    pub label: Label,
    /// What happened; none once erased.
    pub fact: Option<Fact>,
    /// Why.
    pub reason: Option<String>,
    /// Groups the events of one command.
    pub command: String,
    /// The caller's key, by which a repeated request is answered once.
    pub idempotency_key: Option<String>,
    /// Salt of the payload; none once erased.
    pub salt: Option<Salt>,
    /// Digest of the payload.
    pub payload_digest: Digest,
    /// Hash of this event.
    pub hash: Digest,
}

/// The hashed fields of an event, as stored text, in the order of the table.
#[derive(Debug, Clone, Copy)]
#[allow(missing_docs)] // The fields are those of `Event`.
pub struct EventHeader<'a> {
    pub sequence: i64,
    pub recorded_at: &'a str,
    pub actor: &'a str,
    pub subject: &'a str,
    pub version: u32,
    pub kind: &'a str,
    pub occurred_on: &'a str,
    pub label: &'a str,
    pub reason: Option<&'a str>,
    pub command: &'a str,
    pub idempotency_key: Option<&'a str>,
}

/// Who decides, and when: given to every rule.
#[derive(Debug, Clone)]
pub struct Context {
    /// Who acts.
    pub actor: Actor,
    /// The injected clock's reading.
    pub now: Timestamp,
    /// The civil day on which the register works, at its seat.
    pub today: Date,
}

impl Context {
    /// Refuses a date that lies after the register's own day: a fact has happened. One outside the years
    /// that the register knows is refused as well.
    ///
    /// # Errors
    /// `date.in_future` or `date.out_of_range`, naming the field.
    pub fn not_in_future(&self, field: &str, date: Date) -> Fallible<()> {
        check_year(field, date)?;
        if date <= self.today {
            return Ok(());
        }
        Err(Refusal::new(
            "date.in_future",
            format!("{date} is after today, {}: only what has happened is recorded.", self.today),
        )
        .field(field)
        .missing(format!("a date up to {}", self.today)))
    }
}

/// The years in which something of the register can happen. Bounded, so that a slip of the keyboard makes
/// no list of two thousand years, and so that every date has the ten characters by which dates are sorted.
pub const YEARS: std::ops::RangeInclusive<i16> = 1900..=2999;

/// Refuses a date outside [`YEARS`].
///
/// # Errors
/// `date.out_of_range`, naming the field.
pub fn check_year(field: &str, date: Date) -> Fallible<()> {
    if YEARS.contains(&date.year()) {
        return Ok(());
    }
    let (first, last) = (YEARS.start(), YEARS.end());
    Err(Refusal::new("date.out_of_range", format!("{date} is not in a year from {first} to {last}."))
        .field(field)
        .missing(format!("a date from {first}-01-01 to {last}-12-31")))
}

/// An instant as the ledger writes it: UTC, microseconds, fixed width, so that text order is time order.
pub fn instant_text(at: Timestamp) -> String {
    let micros = at.as_microsecond();
    let seconds = micros.div_euclid(1_000_000);
    let fraction = micros.rem_euclid(1_000_000);
    let whole = Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH);
    format!("{}.{fraction:06}Z", whole.strftime("%Y-%m-%dT%H:%M:%S"))
}

/// Reads an instant with its zone, RFC 3339.
///
/// # Errors
/// `instant.malformed`, naming the field.
pub fn parse_instant(field: &str, text: &str) -> Fallible<Timestamp> {
    text.trim().parse().map_err(|_| {
        Refusal::new("instant.malformed", format!("{text:?} is not an instant."))
            .field(field)
            .missing("a date, a time and a zone, for example 2012-10-01T00:00:00Z")
    })
}

/// Reads a civil date, ISO 8601 `YYYY-MM-DD`, and only that.
///
/// # Errors
/// `date.malformed` or `date.does_not_exist`, naming the field.
pub fn parse_date(field: &str, text: &str) -> Fallible<Date> {
    let text = text.trim();
    let bytes = text.as_bytes();
    let shaped = bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| match i {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        });
    if !shaped {
        let message = match text {
            "" => "No date is given.".to_owned(),
            text => format!("{text:?} is not a date."),
        };
        return Err(Refusal::new("date.malformed", message)
            .field(field)
            .missing("a date written YYYY-MM-DD, for example 2012-09-30"));
    }
    text.parse().map_err(|_| {
        Refusal::new("date.does_not_exist", format!("{text} is not in the calendar."))
            .field(field)
            .missing("a date that exists")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_fixed_width_and_read_back() {
        for text in
            ["2012-10-01T00:00:00.000000Z", "2012-10-01T00:00:00.000001Z", "1969-12-31T23:59:59.999999Z"]
        {
            let at = parse_instant("at", text).unwrap();
            assert_eq!(instant_text(at), text);
        }
    }

    #[test]
    fn dates_are_strict() {
        assert!(parse_date("on", "2012-02-29").is_ok());
        assert_eq!(parse_date("on", "2013-02-29").unwrap_err().code, "date.does_not_exist");
        for text in ["2013-2-9", "20130209", "2013-02-09T00:00", "+2013-02-9", "", "２０１３-02-09"] {
            assert_eq!(parse_date("on", text).unwrap_err().code, "date.malformed", "{text}");
        }
    }

    #[test]
    fn dates_outside_the_years_of_a_register_are_refused() {
        for good in ["1900-01-01", "2012-02-29", "2999-12-31"] {
            assert!(check_year("on", good.parse().unwrap()).is_ok(), "{good}");
        }
        for bad in ["1899-12-31", "0001-01-01", "3000-01-01", "9999-12-31", "-000001-01-01"] {
            let refused = check_year("on", bad.parse().unwrap()).unwrap_err();
            assert_eq!((refused.code, refused.field.as_deref()), ("date.out_of_range", Some("on")), "{bad}");
        }
        let context = Context {
            actor: Actor::public(),
            now: "2012-09-30T12:00:00Z".parse().unwrap(),
            today: "2012-09-30".parse().unwrap(),
        };
        let code = |day: &str| context.not_in_future("on", day.parse().unwrap()).unwrap_err().code;
        assert_eq!((code("0212-09-30"), code("2012-10-01")), ("date.out_of_range", "date.in_future"));
    }

    #[test]
    fn subjects_read_back() {
        let subject = SubjectKind::Line.subject("O-2012-0015.2");
        assert_eq!(subject.to_string().parse::<Subject>().unwrap(), subject);
        assert!("nothing".parse::<Subject>().is_err());
        assert!("line:".parse::<Subject>().is_err());
        assert!("other:1".parse::<Subject>().is_err());
    }
}
