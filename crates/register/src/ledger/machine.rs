//! State machines as data: one table per subject, from which the rules, the
//! documentation and the property tests all read.

use std::fmt::Write as _;

use serde::{Deserialize as _, Deserializer};

use super::refusal::{Fallible, Refusal};

/// One row: in `from`, `step` leads to `to` if `condition` holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Transition {
    /// State before.
    pub from: &'static str,
    /// The command.
    pub step: &'static str,
    /// State after.
    pub to: &'static str,
    /// What the rule checks beside the state, in words.
    pub condition: &'static str,
}

impl Transition {
    /// A row of a table: the parts in their order.
    pub const fn row(
        from: &'static str,
        step: &'static str,
        to: &'static str,
        condition: &'static str,
    ) -> Transition {
        Transition { from, step, to, condition }
    }
}

/// A word of a table. A name of its own, so that reading it back asks for no text that lives for ever.
pub type StateWord = &'static str;

/// A state machine.
#[derive(Debug, Clone, Copy)]
pub struct Machine {
    /// What it governs, for messages: `contract`.
    pub subject: &'static str,
    /// The state of a new subject.
    pub initial: &'static str,
    /// All rows.
    pub rows: &'static [Transition],
}

impl Machine {
    /// The state after `step` in `from`.
    ///
    /// # Errors
    /// `SUBJECT.state`, naming from which states the step is possible.
    pub fn next(&self, from: &str, step: &str) -> Fallible<&'static str> {
        if let Some(row) = self.rows.iter().find(|r| r.from == from && r.step == step) {
            return Ok(row.to);
        }
        let possible: Vec<&str> = self.rows.iter().filter(|r| r.step == step).map(|r| r.from).collect();
        Err(Refusal::new(
            "state",
            format!("The {} is {}: it cannot be taken to “{}”.", self.subject, spaced(from), spaced(step)),
        )
        .missing(format!("a {} that is {}", self.subject, join_or(&possible))))
    }

    /// The steps that are open from a state, in table order.
    pub fn steps(&self, from: &str) -> impl Iterator<Item = &'static Transition> {
        self.rows.iter().filter(move |r| r.from == from)
    }

    /// All states, the initial one first, then in order of appearance.
    pub fn states(&self) -> Vec<&'static str> {
        let mut states = vec![self.initial];
        for row in self.rows {
            for state in [row.from, row.to] {
                if !states.contains(&state) {
                    states.push(state);
                }
            }
        }
        states
    }

    /// Reads a state's word back, as one of the table's own.
    ///
    /// # Errors
    /// If it is no state of the table.
    pub fn read_state<'de, D: Deserializer<'de>>(&self, deserializer: D) -> Result<StateWord, D::Error> {
        let word = String::deserialize(deserializer)?;
        self.states()
            .into_iter()
            .find(|state| *state == word)
            .ok_or_else(|| serde::de::Error::custom(format!("{word:?} is no state of a {}", self.subject)))
    }

    /// Whether nothing leaves the state.
    pub fn is_terminal(&self, state: &str) -> bool {
        self.steps(state).next().is_none()
    }
}

fn spaced(word: &str) -> String {
    word.replace('_', " ")
}

fn join_or(states: &[&str]) -> String {
    let mut text = String::new();
    for (position, state) in states.iter().enumerate() {
        if position > 0 {
            text.push_str(if position + 1 == states.len() { " or " } else { ", " });
        }
        text.push_str(&spaced(state));
    }
    text
}

/// The machine as a Mermaid state diagram, for the documentation.
pub fn mermaid(machine: &Machine) -> String {
    let mut text = String::from("stateDiagram-v2\n");
    // Writing to a String cannot fail.
    let _ = writeln!(text, "    [*] --> {}", machine.initial);
    for row in machine.rows {
        let _ = writeln!(text, "    {} --> {}: {}", row.from, row.to, row.step);
    }
    for state in machine.states() {
        if machine.is_terminal(state) {
            let _ = writeln!(text, "    {state} --> [*]");
        }
    }
    text
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use std::collections::BTreeSet;

    /// What must hold of every machine.
    pub(crate) fn check(machine: &Machine) {
        let mut reached = BTreeSet::from([machine.initial]);
        loop {
            let next: BTreeSet<_> =
                machine.rows.iter().filter(|r| reached.contains(r.from)).map(|r| r.to).collect();
            let before = reached.len();
            reached.extend(next);
            if reached.len() == before {
                break;
            }
        }
        let all: BTreeSet<_> = machine.states().into_iter().collect();
        assert_eq!(reached, all, "{}: a state cannot be reached", machine.subject);
        assert!(all.iter().any(|s| machine.is_terminal(s)), "{}: nothing ends", machine.subject);
        let mut pairs = BTreeSet::new();
        for row in machine.rows {
            assert!(
                pairs.insert((row.from, row.step)),
                "{}: {} from {} twice",
                machine.subject,
                row.step,
                row.from
            );
            assert!(!row.condition.is_empty(), "{}: {} names no condition", machine.subject, row.step);
        }
        for state in all {
            for step in machine.rows.iter().map(|r| r.step).collect::<BTreeSet<_>>() {
                if let Err(refusal) = machine.next(state, step) {
                    assert!(refusal.missing.is_some_and(|m| m.len() > 10));
                }
            }
        }
    }
}
