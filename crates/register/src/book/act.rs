//! Tables whose rows are acts: the column `act` says which, and the other columns are of some acts alone.

use super::layout::Fields;
use crate::ledger::Refusal;

/// The word of the column `act`: one of the table, with nothing in a column that is of other acts alone.
pub(super) fn act_word(
    fields: &mut Fields<'_>,
    code: &'static str,
    acts: &[(&'static str, &[&str])],
) -> Option<&'static str> {
    let (word, own) = fields.value("act", |name, text| {
        acts.iter().find(|(word, _)| *word == text.trim()).copied().ok_or_else(|| {
            let words: Vec<&str> = acts.iter().map(|(word, _)| *word).collect();
            Refusal::new(code, format!("“{text}” is no act of this table."))
                .field(name)
                .missing(format!("one of {}", words.join(", ")))
        })
    })?;
    let mut refused = Vec::new();
    for name in acts.iter().flat_map(|(_, names)| *names) {
        if own.contains(name) || fields.is_empty(name) || refused.contains(name) {
            continue;
        }
        let refusal = Refusal::new(code, format!("That it was {word} says nothing of {name}."))
            .missing("nothing in this column, or another act");
        fields.refuse(name, &refusal);
        refused.push(name);
    }
    Some(word)
}
