//! Number series: each marking has its own, so that no gap tells of what is marked otherwise.

use std::collections::{BTreeSet, HashMap};

use entente_register::label::Label;

use super::buffer::Buffer;
use crate::database::Connection;
use crate::error::Fault;

/// The series of contracts of a marking and year: `O-2012`.
pub(crate) fn contract_series(label: &Label, year: i16) -> String {
    format!("{}-{year}", label.series())
}

/// The series of parties of a marking: `O-P`.
pub(crate) fn party_series(label: &Label) -> String {
    format!("{}-P", label.series())
}

/// The series of a contract's lines: the contract's number.
pub(crate) fn line_series(contract: &str) -> String {
    contract.to_owned()
}

/// The series of opportunities of a marking and year: `O-Q2012`.
pub(crate) fn opportunity_series(label: &Label, year: i16) -> String {
    format!("{}-Q{year}", label.series())
}

/// The series of published forecasts of a marking and year: `O-F2012`.
pub(crate) fn forecast_series(label: &Label, year: i16) -> String {
    format!("{}-F{year}", label.series())
}

/// The series of applications of a marking and year: `O-T2012`.
pub(crate) fn application_series(label: &Label, year: i16) -> String {
    format!("{}-T{year}", label.series())
}

/// The series of licences of a marking and year: `O-L2012`.
pub(crate) fn licence_series(label: &Label, year: i16) -> String {
    format!("{}-L{year}", label.series())
}

/// The series of end-user certificates of a marking and year: `O-E2012`.
pub(crate) fn certificate_series(label: &Label, year: i16) -> String {
    format!("{}-E{year}", label.series())
}

/// The series of inspections of a marking and year: `O-I2012`.
pub(crate) fn inspection_series(label: &Label, year: i16) -> String {
    format!("{}-I{year}", label.series())
}

/// The series of denials (`N`, for notified) and quotas (`K`) of a marking and year: `O-N2012`.
pub(crate) fn guidance_series(label: &Label, letter: char, year: i16) -> String {
    format!("{}-{letter}{year}", label.series())
}

/// The series of discrepancies with customs, of a marking and year: `O-D2012`.
pub(crate) fn discrepancy_series(label: &Label, year: i16) -> String {
    format!("{}-D{year}", label.series())
}

/// The series of re-exports of a marking and year: `O-X2012`.
pub(crate) fn reexport_series(label: &Label, year: i16) -> String {
    format!("{}-X{year}", label.series())
}

/// The series of a year's plan versions: `plan-2012`.
pub(crate) fn plan_series(year: i16) -> String {
    format!("plan-{year}")
}

/// The series of a contract's instalments (`I`), receipts (`R`), penalties (`P`) or milestones (`M`) of a marking: the contract's
/// number and the letter, `O-2012-0001.I`; with the letters of the marking where it is another than the contract's.
pub(crate) fn payment_series(contract: &str, of_contract: &Label, label: &Label, letter: char) -> String {
    let own = if label == of_contract { String::new() } else { label.series() };
    format!("{contract}.{letter}{own}")
}

/// The series of the cases of a party, `O-P0003.H`.
pub(crate) fn case_series(party: &str) -> String {
    format!("{party}.H")
}

/// The table `number_series`.
pub(super) struct Series {
    last: HashMap<String, i64>,
    changed: BTreeSet<String>,
    rows: Buffer,
}

impl Default for Series {
    fn default() -> Series {
        Series {
            last: HashMap::new(),
            changed: BTreeSet::new(),
            rows: Buffer::inserting(
                "writing number series",
                "INSERT INTO number_series (series, last)",
                "ON CONFLICT (series) DO UPDATE SET last = excluded.last WHERE number_series.last < excluded.last",
            ),
        }
    }
}

impl Series {
    /// The last number given, 0 for none.
    pub(super) async fn last(&mut self, connection: &mut Connection<'_>, series: &str) -> Result<i64, Fault> {
        if let Some(last) = self.last.get(series) {
            return Ok(*last);
        }
        let rows = connection
            .fetch_before(
                "reading a number series",
                "SELECT last FROM number_series WHERE series = $1",
                &[series.into()],
            )
            .await?;
        let last = rows.first().map(|row| row.int(0)).transpose()?.unwrap_or(0);
        self.last.insert(series.to_owned(), last);
        Ok(last)
    }

    /// `O-2012-0015`
    pub(super) fn note_contract(&mut self, number: &str) -> Result<i64, Fault> {
        self.note(number.rsplit_once('-'), number)
    }

    /// `O-P0001`, in the series `O-P`
    pub(super) fn note_party(&mut self, number: &str) -> Result<i64, Fault> {
        let start = number.rfind('P').map(|at| at + 1);
        self.note(start.and_then(|start| number.split_at_checked(start)), number)
    }

    /// `O-2012-0015.2`
    pub(super) fn note_line(&mut self, number: &str) -> Result<i64, Fault> {
        self.note(number.rsplit_once('.'), number)
    }

    /// `O-2012-0015.I3`
    pub(super) fn note_payment(&mut self, number: &str) -> Result<i64, Fault> {
        let series = number.trim_end_matches(|c: char| c.is_ascii_digit());
        self.note(number.split_at_checked(series.len()), number)
    }

    /// A version of a year's plan.
    pub(super) fn note_plan(&mut self, year: i16, version: u32) {
        self.raise(plan_series(year), i64::from(version));
    }

    fn note(&mut self, parts: Option<(&str, &str)>, number: &str) -> Result<i64, Fault> {
        let (series, last) = parts
            .and_then(|(series, last)| Some((series, last.parse::<i64>().ok()?)))
            .ok_or_else(|| Fault::damaged("updating the views", format!("{number} is not of a series")))?;
        self.raise(series.to_owned(), last);
        Ok(last)
    }

    fn raise(&mut self, series: String, last: i64) {
        let known = self.last.entry(series.clone()).or_insert(0);
        *known = last.max(*known);
        self.changed.insert(series);
    }

    /// Writes what is gathered.
    pub(super) async fn flush(&mut self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        for series in std::mem::take(&mut self.changed) {
            let last = self.last.get(&series).copied().unwrap_or(0);
            self.rows.insert(vec![series.into(), last.into()]);
        }
        self.rows.flush(connection).await
    }
}
