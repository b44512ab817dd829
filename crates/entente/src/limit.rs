//! How often one address may try to sign in, and how much one account may ask.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use entente_register::ledger::{Fallible, Refusal};
use jiff::Timestamp;

/// Windows remembered at most; beyond it the oldest windows are forgotten first.
const REMEMBERED: usize = 10_000;

/// Counts by key in windows of one minute.
#[derive(Debug)]
pub(crate) struct Windows<K> {
    most: u32,
    windows: Mutex<BTreeMap<K, Window>>,
}

/// Counts attempts by address.
///
/// The lock-out of an account (in the store) is against guessing one person's
/// password; this is against trying many names from one place.
#[derive(Debug)]
pub(crate) struct Attempts(Windows<IpAddr>);

#[derive(Debug, Clone, Copy)]
struct Window {
    began: i64,
    counted: u32,
}

impl<K: Ord + Clone> Windows<K> {
    /// At most `most` a minute.
    pub(crate) fn new(most: u32) -> Windows<K> {
        Windows { most, windows: Mutex::new(BTreeMap::new()) }
    }

    /// Counts so many.
    ///
    /// # Errors
    /// The seconds to wait.
    pub(crate) fn count(&self, key: &K, many: u32, now: Timestamp) -> Result<(), u32> {
        let now = now.as_second();
        let mut windows = self.windows.lock().unwrap_or_else(PoisonError::into_inner);
        if windows.len() >= REMEMBERED {
            windows.retain(|_, w| now - w.began < 60);
        }
        if windows.len() >= REMEMBERED {
            // A flood from many sides: forgetting is better than growing without end.
            windows.clear();
        }
        let window = windows.entry(key.clone()).or_insert(Window { began: now, counted: 0 });
        if now - window.began >= 60 || now < window.began {
            *window = Window { began: now, counted: 0 };
        }
        window.counted = window.counted.saturating_add(many);
        if window.counted <= self.most {
            return Ok(());
        }
        Err(u32::try_from(60 - (now - window.began)).unwrap_or(60))
    }
}

impl Attempts {
    /// At most `most` attempts a minute.
    pub(crate) fn new(most: u32) -> Attempts {
        Attempts(Windows::new(most))
    }

    /// Counts an attempt.
    ///
    /// # Errors
    /// `access.too_many`, with the seconds to wait.
    pub(crate) fn count(&self, address: IpAddr, now: Timestamp) -> Result<(), (Refusal, u32)> {
        self.0.count(&network(address), 1, now).map_err(|wait| {
            let refusal =
                Refusal::new("access.too_many", "Too many attempts to sign in came from this address.")
                    .missing(format!("a pause of {wait} seconds"));
            (refusal, wait)
        })
    }
}

/// One IPv4 address, or the network of 64 bits that one IPv6 customer holds.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => IpAddr::V4(v4),
        IpAddr::V6(v6) => {
            let mut octets = v6.octets();
            octets[8..].fill(0);
            IpAddr::V6(octets.into())
        }
    }
}

/// Refuses a text beyond the length that any name or word of the register has.
///
/// # Errors
/// `parameter.too_long`, naming the field.
pub(crate) fn short(field: &str, text: &str) -> Fallible<()> {
    within(field, text, 400)
}

/// Refuses a text of more bytes than a field takes.
///
/// # Errors
/// `parameter.too_long`, naming the field.
pub(crate) fn within(field: &str, text: &str, most: usize) -> Fallible<()> {
    if text.len() <= most {
        return Ok(());
    }
    Err(Refusal::new("parameter.too_long", format!("The parameter {field} has {} bytes.", text.len()))
        .field(field)
        .missing(format!("at most {most} bytes")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_are_counted_by_address_and_forgiven_after_a_minute() {
        let attempts = Attempts::new(2);
        let at = |second| Timestamp::from_second(second).unwrap();
        let one: IpAddr = "192.0.2.1".parse().unwrap();
        let same_network: IpAddr = "2001:db8::1".parse().unwrap();
        let neighbour: IpAddr = "2001:db8::2".parse().unwrap();
        assert!(attempts.count(one, at(0)).is_ok());
        assert!(attempts.count(one, at(1)).is_ok());
        let (refusal, wait) = attempts.count(one, at(20)).unwrap_err();
        assert_eq!((refusal.code, wait), ("access.too_many", 40));
        assert!(attempts.count(same_network, at(20)).is_ok());
        assert!(attempts.count(neighbour, at(20)).is_ok());
        assert!(attempts.count(neighbour, at(20)).is_err());
        assert!(attempts.count(one, at(60)).is_ok());
    }
}
