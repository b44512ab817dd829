//! Editions of statistics: each is one event, its bytes stand apart under their hash, and its rows are a view.
//!
//! A statistic is known from the day on which it was imported: whoever reads as known before reads the edition before,
//! or that nothing is known.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::file::{Form, StatisticFile};
use super::series::Series;
use crate::document::{Document, text};
use crate::label::{Label, Level};
use crate::ledger::{Context, Fact, Fallible, NewEvent, Refusal, Subject, SubjectKind};

/// `statistic.imported.v1`: from this event on the edition is in force. The event's reason says why it was imported in
/// spite of what spoke against it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatisticImported {
    /// The bytes, by their hash; dated as its publisher dated it, or on the day of import.
    pub document: Document,
    /// How the file is written.
    pub form: Form,
    /// The day that its publisher wrote into it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub generated_on: Option<Date>,
    /// The first year of which it says something.
    pub first_year: i16,
    /// The last.
    pub last_year: i16,
    /// How many figures or deals it holds.
    pub rows: u32,
    /// From where it came: the name of a file, or what was said of it.
    pub source: String,
}

/// An edition that was read whole, to come into force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NewEdition {
    /// The hash of its bytes, which the register holds.
    pub content: String,
    /// How the file is written.
    pub form: Form,
    /// The day that its publisher wrote into it.
    pub generated_on: Option<Date>,
    /// The first year of which it says something.
    pub first_year: i16,
    /// The last.
    pub last_year: i16,
    /// How many figures or deals it holds.
    pub rows: u32,
    /// From where it came.
    pub source: String,
    /// Why it is to come into force though it is older, or much smaller, than the one in force.
    pub despite: Option<String>,
}

impl NewEdition {
    /// Of a file that was read, whose bytes have this hash.
    ///
    /// # Errors
    /// `statistic.empty` if it says nothing of any year.
    pub fn of(
        file: &StatisticFile,
        content: String,
        source: String,
        despite: Option<String>,
    ) -> Fallible<NewEdition> {
        let (first_year, last_year) = file.rows.span().ok_or_else(|| {
            Refusal::new("statistic.empty", "The file says nothing of any year.")
                .field("file")
                .missing("a file with figures; what was in force stays so")
        })?;
        Ok(NewEdition {
            content,
            form: file.form,
            generated_on: file.generated_on,
            first_year,
            last_year,
            rows: u32::try_from(file.rows.len()).unwrap_or(u32::MAX),
            source,
            despite,
        })
    }
}

/// A change of a statistic.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum StatisticCommand {
    /// Brings an edition into force.
    Import(NewEdition),
}

/// An edition in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EditionInForce {
    /// Which statistic.
    pub series: Series,
    /// What was imported.
    pub imported: StatisticImported,
    /// On which day.
    pub imported_on: Date,
    /// By whom.
    pub imported_by: String,
}

impl EditionInForce {
    /// The hash of its bytes.
    pub fn content(&self) -> &str {
        self.imported.document.content.as_deref().unwrap_or_default()
    }

    /// How it is cited: its publisher, the day that it bears, and the beginning of its hash.
    pub fn citation(&self) -> String {
        let short: String = self.content().chars().take(12).collect();
        let dated = match self.imported.generated_on {
            Some(on) => format!("generated {on}"),
            None => "without a day of its own".to_owned(),
        };
        format!("{}, {dated}, imported {}, edition {short}", self.series.publisher(), self.imported_on)
    }
}

/// The state of a statistic: the edition in force, once there is one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistic {
    /// The edition in force.
    pub edition: EditionInForce,
}

impl Statistic {
    /// Folds one fact.
    pub fn apply(state: &mut Option<Statistic>, subject: &Subject, on: Date, actor: &str, fact: &Fact) {
        let (Fact::StatisticImported(imported), Ok(series)) = (fact, subject.key.parse()) else { return };
        *state = Some(Statistic {
            edition: EditionInForce {
                series,
                imported: imported.clone(),
                imported_on: on,
                imported_by: actor.to_owned(),
            },
        });
    }
}

/// The marking of statistics: they are published.
pub fn marking() -> Label {
    Label::of(Level::Public)
}

/// Decides a change of a statistic.
///
/// # Errors
/// `statistic.same_edition` where nothing is new; `statistic.older` and `statistic.shrunk` where no reason is given;
/// `statistic.order` if the clock went back. What was in force stays so.
pub fn decide(
    state: Option<&Statistic>,
    series: Series,
    context: &Context,
    command: StatisticCommand,
) -> Fallible<Vec<NewEvent>> {
    let StatisticCommand::Import(new) = command;
    text("statistic.source", "source", &new.source, 500)?;
    if let Some(despite) = &new.despite {
        text("statistic.despite", "despite", despite, 1000)?;
    }
    if let Some(on) = new.generated_on {
        context.not_in_future("file", on)?;
    }
    if let Some(held) = state.map(|statistic| &statistic.edition) {
        if held.content() == new.content {
            return Err(Refusal::new(
                "statistic.same_edition",
                format!("This is the edition of {} that is in force.", series.word()),
            )
            .field("file")
            .missing("another edition; nothing was changed"));
        }
        let last = ("Statistic", series.word(), held.imported_on);
        crate::performance::in_order(context, "statistic.order", last, context.today)?;
        if new.despite.is_none() {
            compare(series, held, &new)?;
        }
    }
    let dated = new.generated_on.unwrap_or(context.today);
    let document =
        Document { title: format!("{}, {dated}", series.name()), dated, content: Some(new.content) };
    document.check(context)?;
    let imported = StatisticImported {
        document,
        form: new.form,
        generated_on: new.generated_on,
        first_year: new.first_year,
        last_year: new.last_year,
        rows: new.rows,
        source: new.source,
    };
    Ok(vec![NewEvent {
        subject: SubjectKind::Statistic.subject(series.word()),
        occurred_on: context.today,
        label: marking(),
        fact: Fact::StatisticImported(imported),
        reason: new.despite,
    }])
}

/// Refuses an edition that is older, or much smaller, than the one in force.
fn compare(series: Series, held: &EditionInForce, new: &NewEdition) -> Fallible<()> {
    let refused = |code, why: String| {
        Err(Refusal::new(code, why).field("file").missing(
            "a later and whole edition, or the reason for importing this one nevertheless (`--despite`); what was in force stays so",
        ))
    };
    if let (Some(generated), Some(before)) = (new.generated_on, held.imported.generated_on)
        && generated < before
    {
        let why =
            format!("This edition of {} is of {generated}; the one in force is of {before}.", series.word());
        return refused("statistic.older", why);
    }
    if u64::from(new.rows) * 5 < u64::from(held.imported.rows) * 4 {
        let why = format!(
            "This edition of {} holds {} rows, more than 20 % fewer than the {} of the one in force.",
            series.word(),
            new.rows,
            held.imported.rows
        );
        return refused("statistic.shrunk", why);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::access::Actor;
    use crate::label::Clearance;

    fn context(today: Date) -> Context {
        let now = format!("{today}T12:00:00Z").parse().unwrap();
        Context { actor: Actor::operator(Clearance::full()), now, today }
    }

    fn edition(content: char, generated_on: Option<Date>, rows: u32) -> NewEdition {
        NewEdition {
            content: content.to_string().repeat(64),
            form: Form::SipriExports,
            generated_on,
            first_year: 1950,
            last_year: 2011,
            rows,
            source: "exports.csv".into(),
            despite: None,
        }
    }

    fn after(state: Option<&Statistic>, on: Date, new: NewEdition) -> Fallible<Statistic> {
        let events = decide(state, Series::TivExports, &context(on), StatisticCommand::Import(new))?;
        assert_eq!(events.len(), 1);
        let mut state = state.cloned();
        for event in &events {
            assert_eq!(event.label, marking());
            Statistic::apply(&mut state, &event.subject, event.occurred_on, "operator", &event.fact);
        }
        Ok(state.unwrap())
    }

    #[test]
    fn an_edition_comes_into_force_once() {
        let day = date(2012, 3, 19);
        let first = after(None, day, edition('a', Some(day), 100)).unwrap();
        assert_eq!(first.edition.imported.document.title, "Volume of arms exports, 2012-03-19");
        assert!(
            first
                .edition
                .citation()
                .contains("generated 2012-03-19, imported 2012-03-19, edition aaaaaaaaaaaa")
        );
        let again = after(Some(&first), date(2012, 4, 1), edition('a', Some(day), 100)).unwrap_err();
        assert_eq!(again.code, "statistic.same_edition");
        let second =
            after(Some(&first), date(2013, 3, 18), edition('b', Some(date(2013, 3, 18)), 110)).unwrap();
        assert_eq!(second.edition.imported_on, date(2013, 3, 18));
    }

    #[test]
    fn what_is_older_or_smaller_needs_a_reason() {
        let day = date(2013, 3, 18);
        let held = after(None, day, edition('b', Some(day), 100)).unwrap();
        let older = edition('a', Some(date(2012, 3, 19)), 100);
        assert_eq!(after(Some(&held), day, older.clone()).unwrap_err().code, "statistic.older");
        let smaller = edition('c', Some(day), 79);
        assert_eq!(after(Some(&held), day, smaller.clone()).unwrap_err().code, "statistic.shrunk");
        assert!(after(Some(&held), day, NewEdition { rows: 80, ..smaller.clone() }).is_ok());
        for new in [older, smaller] {
            let despite = Some("The table that the report cites".to_owned());
            let new = NewEdition { despite: despite.clone(), ..new };
            let events =
                decide(Some(&held), Series::TivExports, &context(day), StatisticCommand::Import(new))
                    .unwrap();
            assert_eq!(events[0].reason, despite);
        }
        let undated = edition('d', None, 100);
        assert_eq!(after(Some(&held), date(2013, 3, 17), undated).unwrap_err().code, "statistic.order");
        let to_come = edition('e', Some(date(2014, 1, 1)), 100);
        assert_eq!(after(Some(&held), day, to_come).unwrap_err().code, "date.in_future");
    }
}
