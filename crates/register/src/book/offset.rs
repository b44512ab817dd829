//! Rows of the tables of offset obligations: what was agreed, and the transactions with their credit.

use jiff::civil::Date;

use super::act::act_word;
use super::claim::decimal;
use super::layout::Fields;
use super::row::{Read, paper};
use crate::document::Document;
use crate::payment::Percent;
use crate::performance::{Multiplier, OffsetKind, OffsetPhase, Thousandths};

/// A row of `offsets`. Money is decimal text: its currency is the contract’s.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OffsetRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the obligation in the contract.
    pub offset: String,
    /// From when it is so.
    pub on: Date,
    /// What it is called.
    pub title: String,
    /// The credit that is owed.
    pub required: String,
    /// The share of the contract’s value that this is.
    pub percent: Option<Thousandths>,
    /// What a shortfall costs.
    pub penalty: Option<Percent>,
    /// A kind that counts, and how.
    pub multiplier: Option<Multiplier>,
    /// What is owed by a day.
    pub phase: Option<OffsetPhase>,
    /// The agreement.
    pub document: Document,
    /// Why it was amended.
    pub reason: Option<String>,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

/// A row of `credits`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreditRow {
    /// Reference of the contract.
    pub contract: String,
    /// Number of the obligation in the contract.
    pub offset: String,
    /// The day of the act.
    pub on: Date,
    /// The act.
    pub act: CreditAct,
    /// Place in the order of entry.
    pub entry: Option<i64>,
}

/// What was done under an offset obligation. Money is decimal text: its currency is the contract’s.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)] // Fields: as those of the facts; `number` is that of the planned transaction or of the claim.
pub enum CreditAct {
    Planned { number: u32, dealt: Dealt },
    Dropped { number: u32, reason: String },
    Claimed { number: u32, dealt: Dealt, plan: Option<u32>, document: Document },
    Accepted { number: u32, credit: Option<String>, document: Document },
    Rejected { number: u32, reason: String, document: Option<Document> },
    Discharged { document: Document },
    Released { reason: String, document: Document },
}

/// A transaction that is planned or claimed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dealt {
    /// Its kind.
    pub kind: OffsetKind,
    /// What is done, and for whom.
    pub description: String,
    /// Its value.
    pub value: String,
    /// When it was done, or is expected.
    pub performed_on: Date,
}

impl CreditAct {
    /// The word of the column `act`.
    pub fn word(&self) -> &'static str {
        match self {
            CreditAct::Planned { .. } => "planned",
            CreditAct::Dropped { .. } => "dropped",
            CreditAct::Claimed { .. } => "claimed",
            CreditAct::Accepted { .. } => "accepted",
            CreditAct::Rejected { .. } => "rejected",
            CreditAct::Discharged { .. } => "discharged",
            CreditAct::Released { .. } => "released",
        }
    }
}

/// Acts, and the columns that are of each alone.
const ACTS: [(&str, &[&str]); 7] = [
    ("planned", &["number", "kind", "description", "value", "performed_on"]),
    ("dropped", &["number"]),
    ("claimed", &["number", "kind", "description", "value", "performed_on", "plan"]),
    ("accepted", &["number", "credit"]),
    ("rejected", &["number"]),
    ("discharged", &[]),
    ("released", &[]),
];

impl OffsetRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<OffsetRow> {
        let (contract, offset) = (fields.text("contract"), fields.text("offset"));
        let on = fields.date("agreed_on");
        let title = fields.text("title");
        let required = fields.number("required", |_, text| Ok(text.to_owned()));
        let percent = fields.optional_number("percent", Thousandths::parse);
        let penalty = fields.optional_number("penalty", Percent::parse);
        for (name, other) in [("kind", "factor"), ("factor", "kind"), ("by", "share"), ("share", "by")] {
            if fields.is_empty(name) && !fields.is_empty(other) {
                fields.demand(name, &format!("but {other} is given"));
            }
        }
        if fields.is_empty("kind")
            && fields.is_empty("by")
            && fields.is_empty("factor")
            && fields.is_empty("share")
        {
            fields.demand(
                "kind",
                "and a row says a kind that counts, a day by which something is owed, or both",
            );
        }
        let multiplier = fields
            .optional_word("kind")
            .zip(fields.optional_number("factor", Thousandths::parse))
            .map(|(kind, factor)| Multiplier { kind, factor });
        let phase = fields
            .optional_date("by")
            .zip(fields.optional_number("share", Percent::parse))
            .map(|(by, share)| OffsetPhase { by, share });
        let paper_title = fields.text("document");
        let reason = fields.optional_text("reason");
        let entry = fields.optional_whole("entry");
        let row = (|| {
            let on = on?;
            Some(OffsetRow {
                contract: contract?,
                offset: offset?,
                on,
                title: title?,
                required: required?,
                percent,
                penalty,
                multiplier,
                phase,
                document: paper(paper_title?, on),
                reason,
                entry,
            })
        })();
        fields.finish(row)
    }
}

impl CreditRow {
    /// Reads a row.
    ///
    /// # Errors
    /// All that is wrong with it.
    pub fn read(mut fields: Fields<'_>) -> Read<CreditRow> {
        let (contract, offset) = (fields.text("contract"), fields.text("offset"));
        let on = fields.date("act_on");
        let word = act_word(&mut fields, "offset.act", &ACTS);
        let act = word.and_then(|word| act(&mut fields, word, on));
        let entry = fields.optional_whole("entry");
        let row = (|| Some(CreditRow { contract: contract?, offset: offset?, on: on?, act: act?, entry }))();
        fields.finish(row)
    }
}

fn act(fields: &mut Fields<'_>, word: &str, on: Option<Date>) -> Option<CreditAct> {
    let number = match word {
        "discharged" | "released" => None,
        _ => fields.whole("number"),
    };
    let title = fields.optional_text("document");
    if fields.is_empty("document") && !matches!(word, "planned" | "dropped" | "rejected") {
        fields.demand("document", &format!("and what was {word} has a paper"));
    }
    let document = title.zip(on).map(|(title, on)| paper(title, on));
    let reason = fields.optional_text("reason");
    if fields.is_empty("reason") && matches!(word, "dropped" | "rejected" | "released") {
        fields.demand("reason", &format!("and it is said why it was {word}"));
    }
    match word {
        "planned" => Some(CreditAct::Planned { dealt: dealt(fields)?, number: number? }),
        "dropped" => Some(CreditAct::Dropped { number: number?, reason: reason? }),
        "claimed" => {
            let (dealt, plan) = (dealt(fields), fields.optional_whole("plan"));
            Some(CreditAct::Claimed { number: number?, dealt: dealt?, plan, document: document? })
        }
        "accepted" => {
            let credit = decimal(fields, "credit");
            Some(CreditAct::Accepted { number: number?, credit, document: document? })
        }
        "rejected" => Some(CreditAct::Rejected { number: number?, reason: reason?, document }),
        "discharged" => Some(CreditAct::Discharged { document: document? }),
        _ => Some(CreditAct::Released { reason: reason?, document: document? }),
    }
}

fn dealt(fields: &mut Fields<'_>) -> Option<Dealt> {
    let (kind, description) = (fields.word("kind"), fields.text("description"));
    let value = fields.number("value", |_, text| Ok(text.to_owned()));
    let performed_on = fields.date("performed_on");
    Some(Dealt { kind: kind?, description: description?, value: value?, performed_on: performed_on? })
}

#[cfg(test)]
mod tests {
    use super::super::layout::{Problem, columns_at_fault, read_row};
    use super::super::table::Table;
    use super::*;

    fn read<T>(
        table: Table,
        said: &[(&str, &str)],
        read: impl Fn(Fields<'_>) -> Read<T>,
    ) -> Result<T, Vec<Problem>> {
        let on = if table == Table::Offsets { "agreed_on" } else { "act_on" };
        let base = [("contract", "P/1"), ("offset", "O1"), (on, "2012-02-01")];
        read_row(table, &[&base[..], said].concat(), read)
    }

    #[test]
    fn a_row_says_how_a_kind_counts_what_is_owed_by_when_or_both() {
        let of = |term: &[(&'static str, &'static str)]| {
            let base = [("title", "Offset"), ("required", "3,000"), ("document", "Agreement 4")];
            read(Table::Offsets, &[&base[..], term].concat(), OffsetRow::read)
        };
        let row = of(&[("kind", "training"), ("factor", "2.5")]).unwrap();
        assert_eq!(row.required, "3000");
        assert!(row.multiplier.is_some() && row.phase.is_none());
        let both = [("kind", "training"), ("factor", "2"), ("by", "2013-01-01"), ("share", "100")];
        assert!(of(&both).unwrap().phase.is_some());
        assert_eq!(columns_at_fault(of(&[("kind", "training"), ("share", "100")])), ["factor", "by"]);
        assert_eq!(columns_at_fault(of(&[])), ["kind"]);
    }

    #[test]
    fn each_act_asks_for_what_it_needs_and_for_nothing_else() {
        let of = |said: &[(&str, &str)]| read(Table::Credits, said, CreditRow::read);
        let claimed = [
            ("act", "claimed"),
            ("number", "1"),
            ("kind", "training"),
            ("description", "Ten engineers"),
            ("value", "100"),
            ("performed_on", "2012-01-20"),
            ("document", "Certificate"),
        ];
        assert_eq!(of(&claimed).unwrap().act.word(), "claimed");
        for (said, at) in [
            (vec![("act", "lost")], vec!["act"]),
            (vec![("act", "accepted"), ("number", "1"), ("kind", "training")], vec!["kind", "document"]),
            (vec![("act", "dropped"), ("number", "1")], vec!["reason"]),
            (vec![("act", "released")], vec!["document", "reason"]),
            (vec![("act", "planned"), ("number", "1")], vec!["kind", "description", "value", "performed_on"]),
        ] {
            assert_eq!(columns_at_fault(of(&said)), at, "{said:?}");
        }
    }
}
