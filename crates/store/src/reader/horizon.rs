//! The horizon: the last event that a reader knows of.

use jiff::Timestamp;

use entente_register::ledger::instant_text;

use crate::database::Connection;
use crate::error::Fault;
use crate::ledger::Head;

/// Where a reader's knowledge ends.
#[derive(Debug, Clone)]
pub(super) struct Horizon {
    /// The last event known; 0 for none.
    pub(super) sequence: i64,
    /// The hash of the last event that there was when the horizon was pinned: it names the whole ledger.
    pub(super) head: [u8; 32],
    /// The month in which it was recorded, `YYYY-MM`.
    month: String,
    /// The last event recorded before that month.
    before_month: i64,
    /// The last event recorded in it, when the horizon was pinned.
    end_of_month: i64,
    /// Whether more may still be recorded in it.
    month_goes_on: bool,
}

/// How sums by months of recording become sums at a horizon: all months up to one
/// cut, and then the acts on the way from the cut to the horizon, added or taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// Only what was recorded on days or in months before this.
    pub(super) before: String,
    /// Acts with a greater sequence than this …
    pub(super) after: i64,
    /// … and up to this one, recorded before …
    pub(super) up_to: i64,
    /// … this day …
    pub(super) until: String,
    /// … are added (1) or taken away (−1).
    pub(super) sign: i64,
}

impl Horizon {
    /// The horizon of an instant, or of now: with the instant that finds the same horizon for ever.
    ///
    /// That instant is never later than the last event that is committed. A writer takes its time before
    /// it commits, so what is asked for at a later instant may still be recorded for it; but whatever is
    /// recorded from here on bears a later time than the last event does.
    pub(super) async fn find(
        connection: &mut Connection<'_>,
        known_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<(Horizon, Timestamp), Fault> {
        let doing = "finding the horizon";
        let head = Head::read(connection).await?;
        let (sequence, recorded_at, known_at) = match (head.recorded_at, known_at) {
            // Of an empty ledger nothing is known at any time.
            (None, known_at) => (0, String::new(), known_at.unwrap_or(now)),
            (Some(last), known_at) if known_at.is_none_or(|at| at >= last) => {
                (head.sequence, instant_text(last), last)
            }
            (Some(last), known_at) => {
                let known_at = known_at.unwrap_or(last);
                let sql = "SELECT sequence, recorded_at FROM event WHERE recorded_at <= $1 ORDER BY recorded_at DESC, sequence DESC LIMIT 1";
                match connection.fetch_optional(doing, sql, &[instant_text(known_at).into()]).await? {
                    Some(row) => (row.int(0)?, row.text(1)?, known_at),
                    None => (0, String::new(), known_at),
                }
            }
        };
        // An instant's text begins with its month, and no character of it stands above `~`.
        let month: String = recorded_at.chars().take(7).collect();
        let end = format!("{month}~");
        let last = |parameter: &str| {
            format!(
                "CAST(coalesce((SELECT sequence FROM event WHERE recorded_at < {parameter} ORDER BY recorded_at DESC, sequence DESC LIMIT 1), 0) AS BIGINT)"
            )
        };
        let sql = format!("SELECT {}, {}, sequence FROM ledger_head WHERE one = 1", last("$1"), last("$2"));
        let row = connection.fetch_one(doing, &sql, &[(&month).into(), end.into()]).await?;
        let (before_month, end_of_month) = (row.int(0)?, row.int(1)?);
        let month_goes_on = end_of_month == row.int(2)?;
        Ok((
            Horizon { sequence, head: head.hash, month, before_month, end_of_month, month_goes_on },
            known_at,
        ))
    }

    /// The cut that leaves fewer acts between itself and the horizon.
    pub(super) fn cut(&self) -> Cut {
        let until = format!("{}~", self.month);
        if self.sequence - self.before_month <= self.end_of_month - self.sequence {
            let (after, up_to) = (self.before_month, self.sequence);
            Cut { before: self.month.clone(), after, up_to, until, sign: 1 }
        } else {
            // Sums of a month that goes on hold also what was recorded since the horizon was pinned.
            let up_to = if self.month_goes_on { i64::MAX } else { self.end_of_month };
            Cut { before: until.clone(), after: self.sequence, up_to, until, sign: -1 }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cut_leaves_the_fewer_acts() {
        let horizon = |sequence, month_goes_on| Horizon {
            sequence,
            head: [0; 32],
            month: "2012-10".into(),
            before_month: 100,
            end_of_month: 200,
            month_goes_on,
        };
        let early = horizon(120, false).cut();
        assert_eq!((early.after, early.up_to, early.sign), (100, 120, 1));
        assert!("2012-10-01" > early.before.as_str() && "2012-09-30" < early.before.as_str());
        let late = horizon(190, false).cut();
        assert_eq!((late.after, late.up_to, late.sign), (190, 200, -1));
        // The end of a month: everything in it counts, and nothing is taken away.
        let end = horizon(200, false).cut();
        assert_eq!((end.after, end.up_to), (200, 200));
        assert!("2012-10-31" < end.before.as_str() && "2012-11" > end.before.as_str());
        // What is recorded after the horizon was pinned is taken away as well.
        assert_eq!(horizon(200, true).cut().up_to, i64::MAX);
    }
}
