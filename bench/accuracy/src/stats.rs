//! Shares with their intervals, and the division of rows into those that may be looked at and those that may not.

use serde::Serialize;

/// How many of how many.
#[derive(Debug, Clone, Copy, Default, Serialize)]
pub(crate) struct Share {
    /// How many.
    pub(crate) hits: usize,
    /// Of how many.
    pub(crate) all: usize,
}

impl Share {
    /// Counts one more.
    pub(crate) fn count(&mut self, hit: bool) {
        self.all += 1;
        self.hits += usize::from(hit);
    }

    /// The share, and the 95 % interval of Wilson (1927) about it.
    pub(crate) fn interval(self) -> (f64, f64, f64) {
        if self.all == 0 {
            return (0.0, 0.0, 1.0);
        }
        let (n, z) = (self.all as f64, 1.959_964);
        let share = self.hits as f64 / n;
        let middle = share + z * z / (2.0 * n);
        let half = z * ((share * (1.0 - share) + z * z / (4.0 * n)) / n).sqrt();
        let whole = 1.0 + z * z / n;
        (share, (middle - half) / whole, (middle + half) / whole)
    }

    /// `92/94 = 97.9 % (92.6–99.4)`.
    pub(crate) fn shown(self) -> String {
        let (share, low, high) = self.interval();
        format!(
            "{}/{} = {:.1} % ({:.1}–{:.1})",
            self.hits,
            self.all,
            share * 100.0,
            low * 100.0,
            high * 100.0
        )
    }
}

/// Which half a row belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Half {
    /// May be looked at while the rules are made.
    Train,
    /// May not.
    Test,
}

/// FNV-1a of 64 bits: a hash that is the same on every machine and in every version.
pub(crate) fn hash(text: &str) -> u64 {
    text.bytes()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The half of a row, by the hash of its text.
pub(crate) fn half(row: &str) -> Half {
    // The low bit of FNV-1a is the parity of the bytes: a higher one is taken.
    if hash(row) >> 17 & 1 == 0 { Half::Train } else { Half::Test }
}
