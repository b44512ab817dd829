//! Pieces of SQL that every query of a reader shares.

use entente_register::contract::delivery::Counting;
use entente_register::ledger::SubjectKind;

use crate::database::Value;
use crate::execute::is_possible;

/// Values in one list of a query at most: both databases bound their parameters.
pub(super) const LISTED: usize = 2_000;

/// Parameters of a query: `$1` is the horizon, `$2` the day as of which is read, and others follow.
pub(super) struct Parameters<'v>(Vec<Value<'v>>);

impl<'v> Parameters<'v> {
    /// With `$1` and `$2`.
    pub(super) fn new(horizon: i64, as_of: String) -> Parameters<'v> {
        Parameters(vec![horizon.into(), as_of.into()])
    }

    /// With none: of a query that has neither horizon nor day.
    pub(super) fn none() -> Parameters<'v> {
        Parameters(Vec::new())
    }

    /// Adds a value and gives the text that stands for it.
    pub(super) fn add(&mut self, value: impl Into<Value<'v>>) -> String {
        self.0.push(value.into());
        format!("${}", self.0.len())
    }

    /// Adds texts and gives the list that stands for them, for `IN`. An empty list is in nothing.
    pub(super) fn list(&mut self, values: impl IntoIterator<Item = impl Into<Value<'v>>>) -> String {
        let names: Vec<String> = values.into_iter().map(|value| self.add(value)).collect();
        if names.is_empty() { "(NULL)".to_owned() } else { format!("({})", names.join(", ")) }
    }

    /// Narrows a condition to rows of which some column bears each word of a text, anywhere in it. Both databases fold
    /// ASCII letters alike, and no others; a text with a zero byte is in nothing.
    pub(super) fn narrow_to_words(&mut self, text: &str, columns: &[&str], condition: &mut String) {
        if text.contains('\0') {
            // No stored text holds one, and PostgreSQL takes none.
            condition.push_str(" AND 1 = 0");
            return;
        }
        for word in text.split_whitespace() {
            let mut pattern = String::from("%");
            for c in word.to_ascii_lowercase().chars() {
                if matches!(c, '%' | '_' | '\\') {
                    pattern.push('\\');
                }
                pattern.push(c);
            }
            pattern.push('%');
            let pattern = self.add(pattern);
            let bears: Vec<String> =
                columns.iter().map(|column| format!("lower({column}) LIKE {pattern} ESCAPE '\\'")).collect();
            condition.push_str(&format!(" AND ({})", bears.join(" OR ")));
        }
    }

    /// Narrows a condition to rows whose columns have the values that are asked for; what is absent narrows nothing.
    pub(super) fn narrow<'a>(
        &mut self,
        condition: &mut String,
        asked: impl IntoIterator<Item = (&'static str, &'a Option<String>)>,
    ) {
        for (column, wanted) in asked {
            // What no register can hold is in no list, and PostgreSQL takes no zero byte.
            if let Some(wanted) = wanted {
                let wanted = self.add(Some(wanted.clone()).filter(|wanted| is_possible(wanted)));
                condition.push_str(&format!(" AND {column} = {wanted}"));
            }
        }
    }

    /// All values.
    pub(super) fn values(&self) -> &[Value<'v>] {
        &self.0
    }
}

/// The row is known at the horizon.
pub(crate) fn known(alias: &str) -> String {
    format!("{alias}.known_from <= $1 AND {alias}.known_to > $1")
}

/// The row is known at the horizon, and so as of the reader's day.
pub(crate) fn stands(alias: &str) -> String {
    stands_on(alias, "$2")
}

/// The row is known at the horizon, and so as of a day.
pub(super) fn stands_on(alias: &str, day: &str) -> String {
    format!("{} AND {alias}.valid_from <= {day} AND {alias}.valid_to > {day}", known(alias))
}

/// The line is delivered in full on a day, by a counting rule.
pub(super) fn complete(line: &str, counting: &str, day: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM line_completion d WHERE d.line = {line} AND d.counting = {counting} AND {} AND d.completed_on <= {day} AND d.reopened_on > {day})",
        known("d")
    )
}

/// The version of a subject at the horizon, by its number.
pub(super) fn version(kind: SubjectKind, number: &str) -> String {
    format!(
        "CAST((SELECT max(e.version) FROM event e WHERE e.subject = '{}:' || {number} AND e.sequence <= $1) AS BIGINT)",
        kind.word()
    )
}

/// The contract is one under which goods are still owed.
pub(super) fn owing(alias: &str) -> String {
    format!("{alias}.state IN ('signed', 'in_force', 'suspended')")
}

/// The same of a state that was read.
pub(super) fn is_owing(state: &str) -> bool {
    matches!(state, "signed" | "in_force" | "suspended")
}

/// The row of a line's course is of a day, and its contract was signed by then.
pub(super) fn under_contract(day: &str) -> String {
    format!("x.from_on <= {day} AND x.to_on > {day} AND x.signed_on <= {day}")
}

/// As a row of a line's course says, the line was delivered in full on a day.
pub(super) fn full(day: &str) -> String {
    format!("(x.full_on <= {day} AND x.reopened_on > {day})")
}

/// Deliveries of a line that count by a rule, up to a day, known at the horizon: the sum of a column,
/// `quantity` or `amount`. `rule` stands for the rule's word.
///
/// Where the acts were recorded in the order of their days, as nearly always, the last of them bears the
/// sum; else they are added up.
pub(super) fn delivered(column: &str, line: &str, counting: Counting, rule: &str, day: &str) -> String {
    let acts = format!(
        "FROM delivery_act a WHERE a.line = {line} AND a.counting = {rule} AND a.act_date <= {day} AND a.known_from <= $1"
    );
    let in_order = match counting {
        Counting::HandedOver => "handed_over_in_order",
        Counting::TitlePassed => "accepted_in_order",
    };
    format!(
        "CAST(coalesce(CASE WHEN (SELECT s.{in_order} FROM line_sum s WHERE s.line = {line}) = 1 THEN (SELECT a.total_{column} {acts} ORDER BY a.act_date DESC, a.known_from DESC LIMIT 1) ELSE (SELECT sum(a.{column}) {acts}) END, 0) AS BIGINT)"
    )
}

/// The two stretches of the courses of lines that stood at the horizon: what stands still, and what has ceased since.
pub(super) const STRETCHES: [&str; 2] = [
    "x.known_to = 9223372036854775807 AND x.known_from <= $1",
    "x.known_to > $1 AND x.known_to < 9223372036854775807 AND x.known_from <= $1",
];
