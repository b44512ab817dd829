//! Time and randomness, injected, so that a demonstration is deterministic and a test can wait a year.

use std::sync::Mutex;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;
use rand::{Rng as _, SeedableRng as _, TryRng as _};
use rand_chacha::ChaCha20Rng;

/// Says what time it is.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the machine's clock")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that stands until it is set.
#[derive(Debug)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `at`, to the microsecond.
    pub fn at(at: Timestamp) -> ManualClock {
        ManualClock(AtomicI64::new(at.as_microsecond()))
    }

    /// Sets it.
    pub fn set(&self, at: Timestamp) {
        self.0.store(at.as_microsecond(), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap_or(Timestamp::UNIX_EPOCH)
    }
}

/// A source of random bytes, seeded by the machine or, for a demonstration, by a number.
#[derive(Debug)]
pub struct Entropy(Mutex<ChaCha20Rng>);

impl Entropy {
    /// Seeded by the operating system.
    ///
    /// # Errors
    /// A fault if the operating system gives no randomness.
    pub fn system() -> Result<Entropy, crate::Fault> {
        let mut seed = [0; 32];
        rand::rngs::SysRng
            .try_fill_bytes(&mut seed)
            .map_err(|e| crate::Fault::internal("asking the operating system for randomness", e))?;
        Ok(Entropy(Mutex::new(ChaCha20Rng::from_seed(seed))))
    }

    /// The same bytes for the same number, always.
    pub fn seeded(seed: u64) -> Entropy {
        Entropy(Mutex::new(ChaCha20Rng::seed_from_u64(seed)))
    }

    /// `N` random bytes.
    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        // A poisoned lock means that another thread panicked between two draws; the generator is sound.
        self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner).fill_bytes(&mut bytes);
        bytes
    }
}
