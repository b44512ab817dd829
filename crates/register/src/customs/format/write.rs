//! Writing what goes to customs.

use sha2::{Digest as _, Sha256};

use super::{Action, FileKind, VERSION};
use crate::customs::run::{RowJudged, RowOutcome};
use crate::customs::told;
use crate::transfer::licence::Licence;

/// A file of records: the first with what it is, the last with how many stand between and the hash of all before it.
pub fn sealed(kind: FileKind, run: u32, made_at: &str, records: &[Vec<String>]) -> String {
    let mut text = String::new();
    let count = records.len().to_string();
    write(&mut text, ["file", VERSION, kind.word(), &run.to_string(), made_at, &count]);
    for record in records {
        write(&mut text, record.iter().map(String::as_str));
    }
    let hash = hex::encode(Sha256::digest(text.as_bytes()));
    write(&mut text, ["end", &count, &hash]);
    text
}

fn write<'c>(text: &mut String, cells: impl IntoIterator<Item = &'c str>) {
    for (place, cell) in cells.into_iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        // A line of the file is a record: what would break one is a blank.
        let cell: String = cell.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        if cell.contains([',', '"']) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(&cell);
        }
    }
    text.push('\n');
}

/// Licences as customs are told of them, each with its action and the name of its holder.
pub fn licence_data(run: u32, made_at: &str, licences: &[(Licence, Action, String)]) -> String {
    let mut records = Vec::new();
    for (licence, action, holder_name) in licences {
        let issued = &licence.issued;
        records.push(vec![
            "licence".to_owned(),
            licence.number.clone(),
            action.word().to_owned(),
            issued.kind.word().to_owned(),
            issued.holder.clone(),
            holder_name.clone(),
            issued.destination.clone(),
            issued.valid_from.to_string(),
            issued.valid_until.to_string(),
            issued.currency.code().to_owned(),
            issued.lines.len().to_string(),
        ]);
        for line in &issued.lines {
            let left = licence.left(line.number);
            let value = |minor| crate::money::Money::new(minor, issued.currency).decimal();
            records.push(vec![
                "line".to_owned(),
                licence.number.clone(),
                line.number.to_string(),
                line.category.clone(),
                line.description.clone(),
                line.unit.code().to_owned(),
                line.quantity.to_string(),
                left.map(|left| left.quantity.to_string()).unwrap_or_default(),
                value(line.value.minor),
                left.map(|left| value(left.value)).unwrap_or_default(),
            ]);
        }
    }
    sealed(FileKind::LicenceData, run, made_at, &records)
}

/// What became of each row of a run of usage data.
pub fn usage_reply(run: u32, made_at: &str, rows: &[RowJudged]) -> String {
    let record = |one: &RowJudged| {
        let (declaration, item) = one.reference.rsplit_once('/').unwrap_or((&one.reference, ""));
        let (result, code, words) = match &one.outcome {
            RowOutcome::Accepted => ("accepted", "", ""),
            RowOutcome::OnRecord => ("accepted", "on_record", "It was written off before."),
            RowOutcome::Refused { code, words, .. } => {
                let (code, words) = told(code, words);
                ("rejected", code, words)
            }
        };
        let (row, line) = (one.row.to_string(), one.line.to_string());
        ["usage", &row, &one.licence, &line, declaration, item, result, code, words]
            .map(str::to_owned)
            .to_vec()
    };
    let records: Vec<Vec<String>> = rows.iter().map(record).collect();
    sealed(FileKind::UsageReply, run, made_at, &records)
}
