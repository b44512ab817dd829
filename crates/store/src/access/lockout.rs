//! Lock-out: failures make the next attempt wait, longer each time, and never for good.
//!
//! Failures are counted by account and by network address, apart from each other:
//! by account against many addresses that try one person, by address against one
//! that tries many. They are counted for names that are no account too, so that a
//! lock does not tell which accounts there are. An attempt while a lock holds is
//! refused unread and not counted.
//!
//! Nobody can lock the chair out: the longest wait is [`LONGEST`]; the account's
//! lock does not hold at an address from which the person signed in within
//! [`ADDRESS_KNOWN`], where only the address's own lock does; and a new one-time
//! password takes the account's lock away.

use std::net::{IpAddr, Ipv6Addr};

use entente_register::ledger::{Refusal, instant_text, parse_instant};
use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::sweep;
use crate::database::Connection;
use crate::error::{Fault, Outcome};

/// Failures of an account that cost no waiting: people mistype.
const FREE_OF_ACCOUNT: i64 = 5;

/// Failures from an address that cost no waiting: a whole office may share one.
const FREE_OF_ADDRESS: i64 = 20;

/// The wait after the first failure that costs one; it doubles with each further.
const FIRST: SignedDuration = SignedDuration::from_secs(15);

/// The longest wait.
pub(super) const LONGEST: SignedDuration = SignedDuration::from_mins(15);

/// After this long without a failure, they are forgotten.
const FORGOTTEN: SignedDuration = SignedDuration::from_hours(24);

/// For how long an address is known as a person's after a sign-in.
const ADDRESS_KNOWN: SignedDuration = SignedDuration::from_hours(24 * 30);

/// How long to wait after the last of so many failures in a row.
pub(super) fn delay(failures: i64, free: i64) -> SignedDuration {
    match failures.saturating_sub(free) {
        ..=0 => SignedDuration::ZERO,
        // Beyond a few doublings it is the longest wait anyway.
        excess @ 1..=7 => FIRST.saturating_mul(1 << (excess - 1)).min(LONGEST),
        _ => LONGEST,
    }
}

/// Who tries to sign in, as failures are counted.
#[derive(Debug)]
pub(super) struct Attempt {
    /// Of the account's name. A hash, because what people type there by mistake is their password.
    account: String,
    /// Of the network address; none where there is none.
    address: Option<String>,
}

impl Attempt {
    /// An attempt on an account from an address.
    pub(super) fn new(account: &str, address: &str) -> Attempt {
        Attempt {
            account: format!("account:{}", digest(account)),
            address: network(address).map(|n| format!("address:{n}")),
        }
    }

    /// Refuses the attempt while a lock holds.
    pub(super) async fn check(&self, connection: &mut Connection<'_>, now: Timestamp) -> Outcome<()> {
        let mut until = None;
        if !self.comes_from_known_address(connection, now).await? {
            until = until.max(locked_until(connection, &self.account, FREE_OF_ACCOUNT, now).await?);
        }
        if let Some(address) = &self.address {
            until = until.max(locked_until(connection, address, FREE_OF_ADDRESS, now).await?);
        }
        match until {
            None => Ok(()),
            Some(until) => Err(locked(until, now).into()),
        }
    }

    /// Counts a failure.
    pub(super) async fn fail(&self, connection: &mut Connection<'_>, now: Timestamp) -> Result<(), Fault> {
        let forgotten = instant_text(now.saturating_sub(FORGOTTEN).unwrap_or(Timestamp::MIN));
        sweep(connection, "sign_in_failure", "who", "failed_at <= $1", &[forgotten.into()]).await?;
        for who in [Some(&self.account), self.address.as_ref()].into_iter().flatten() {
            connection
                .execute(
                    "counting a failure",
                    "INSERT INTO sign_in_failure (who, failures, failed_at) VALUES ($1, 1, $2) ON CONFLICT (who) DO UPDATE SET failures = sign_in_failure.failures + 1, failed_at = excluded.failed_at",
                    &[who.into(), instant_text(now).into()],
                )
                .await?;
        }
        Ok(())
    }

    /// Forgets the account's failures after a sign-in, and knows the address from now on.
    /// The address's own failures stay: one good sign-in does not excuse attempts on others.
    pub(super) async fn succeed(&self, connection: &mut Connection<'_>, now: Timestamp) -> Result<(), Fault> {
        forgive(connection, &self.account).await?;
        let Some(address) = &self.address else { return Ok(()) };
        let unknown = instant_text(now.saturating_sub(ADDRESS_KNOWN).unwrap_or(Timestamp::MIN));
        sweep(connection, "sign_in_address", "who, address", "signed_in_at <= $1", &[unknown.into()]).await?;
        connection
            .execute(
                "knowing an address",
                "INSERT INTO sign_in_address (who, address, signed_in_at) VALUES ($1, $2, $3) ON CONFLICT (who, address) DO UPDATE SET signed_in_at = excluded.signed_in_at",
                &[(&self.account).into(), address.into(), instant_text(now).into()],
            )
            .await?;
        Ok(())
    }

    /// Forgets the account's failures, from wherever they came.
    pub(super) async fn forgive(&self, connection: &mut Connection<'_>) -> Result<(), Fault> {
        forgive(connection, &self.account).await
    }

    async fn comes_from_known_address(
        &self,
        connection: &mut Connection<'_>,
        now: Timestamp,
    ) -> Result<bool, Fault> {
        let Some(address) = &self.address else { return Ok(false) };
        let since = instant_text(now.saturating_sub(ADDRESS_KNOWN).unwrap_or(Timestamp::MIN));
        let row = connection
            .fetch_optional(
                "looking for a known address",
                "SELECT who FROM sign_in_address WHERE who = $1 AND address = $2 AND signed_in_at > $3",
                &[(&self.account).into(), address.into(), since.into()],
            )
            .await?;
        Ok(row.is_some())
    }
}

async fn forgive(connection: &mut Connection<'_>, who: &str) -> Result<(), Fault> {
    connection
        .execute("forgetting failures", "DELETE FROM sign_in_failure WHERE who = $1", &[who.into()])
        .await?;
    Ok(())
}

async fn locked_until(
    connection: &mut Connection<'_>,
    who: &str,
    free: i64,
    now: Timestamp,
) -> Result<Option<Timestamp>, Fault> {
    let row = connection
        .fetch_optional(
            "reading failures",
            "SELECT failures, failed_at FROM sign_in_failure WHERE who = $1",
            &[who.into()],
        )
        .await?;
    let Some(row) = row else { return Ok(None) };
    let failed_at = parse_instant("failed_at", row.text_ref(1)?)
        .map_err(|e| Fault::damaged("reading failures", e.message))?;
    if now.duration_since(failed_at) >= FORGOTTEN {
        return Ok(None);
    }
    let until = failed_at.saturating_add(delay(row.int(0)?, free)).unwrap_or(Timestamp::MAX);
    Ok((until > now).then_some(until))
}

fn locked(until: Timestamp, now: Timestamp) -> Refusal {
    let seconds = until.duration_since(now).as_secs() + 1;
    let wait = match seconds {
        ..=90 => format!("{seconds} seconds"),
        _ => format!("{} minutes", (seconds + 59) / 60),
    };
    Refusal::new(
        "access.locked",
        format!(
            "Too many attempts to sign in have failed. Try again in {wait}, after {} UTC.",
            until.strftime("%H:%M:%S")
        ),
    )
    .missing(format!("an attempt after {}", instant_text(until)))
}

fn digest(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// The address as failures are counted by it: an IPv4 address, the /64 of an IPv6
/// one, because a subscriber has that many; none for what is no address.
fn network(address: &str) -> Option<IpAddr> {
    Some(match address.trim().parse::<IpAddr>().ok()?.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 => v4,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_wait_doubles_up_to_the_longest() {
        let seconds: Vec<i64> = (0..14).map(|n| delay(n, FREE_OF_ACCOUNT).as_secs()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 0, 0, 15, 30, 60, 120, 240, 480, 900, 900]);
    }

    proptest! {
        #[test]
        fn no_count_locks_for_good(failures in any::<i64>(), free in 0i64..100) {
            let wait = delay(failures, free);
            prop_assert!(wait >= SignedDuration::ZERO && wait <= LONGEST);
            prop_assert!(delay(failures.saturating_add(1), free) >= wait);
        }
    }

    #[test]
    fn neighbours_in_a_network_are_one() {
        assert_eq!(network("2001:db8:1:2:3::4"), network("2001:db8:1:2::9"));
        assert_ne!(network("2001:db8:1:2::9"), network("2001:db8:1:3::9"));
        assert_eq!(network("::ffff:10.0.0.1"), network("10.0.0.1"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
        assert_eq!(network("command line"), None);
    }
}
