//! Hashing: argon2id for passwords, SHA-256 for tokens that are random already.

use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher as _, PasswordVerifier as _};
use argon2::{Algorithm, Argon2, Params, Version};
use sha2::{Digest as _, Sha256};
use tokio::sync::Semaphore;

use super::password::normalise;
use crate::clock::Entropy;
use crate::error::{Fault, FaultKind};

/// 19 MiB, two passes, one lane: the parameters that OWASP recommends for argon2id.
const MEMORY_KIB: u32 = 19_456;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How many passwords are hashed at once, in the whole process: each takes a
/// processor for some tens of milliseconds, and 19 MiB.
static AT_ONCE: Semaphore = Semaphore::const_new(2);

/// How long a sign-in waits for its turn.
const PATIENCE: Duration = Duration::from_secs(10);

/// A hash of nothing that anybody knows, by the same parameters: verified where
/// there is no account, so that the answer takes as long.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5IGhhcyB0aGlz$aG9wZWxlc3MgaG9wZWxlc3MgaG9wZWxlc3MgaG9wZSE";

fn argon2() -> Result<Argon2<'static>, Fault> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None)
        .map_err(|e| Fault::internal("setting up the hashing of passwords", e))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// The hash of a password, with its parameters and a fresh salt.
pub(super) async fn hash_password(password: &str, entropy: &Entropy) -> Result<String, Fault> {
    let (password, salt) = (normalise(password), entropy.bytes::<16>());
    in_turn(move || {
        let hash: PasswordHash = argon2()?
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map_err(|e| Fault::internal("hashing a password", e))?;
        Ok(hash.to_string())
    })
    .await
}

/// Whether the password is the one that was hashed. Without a hash the same work is done for nothing.
pub(super) async fn verify_password(password: &str, hash: Option<String>) -> Result<bool, Fault> {
    // Whoever sends a megabyte does not know the password; its first characters cost the same work.
    let password: String =
        normalise(&password.chars().take(super::password::MAX_LENGTH + 1).collect::<String>());
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.to_owned());
        let hash = PasswordHash::new(&hash).map_err(|e| Fault::damaged("reading a password's hash", e))?;
        match argon2()?.verify_password(password.as_bytes(), &hash) {
            Ok(()) => Ok(known),
            Err(Error::PasswordInvalid) => Ok(false),
            Err(e) => Err(Fault::damaged("verifying a password", e)),
        }
    })
    .await
}

async fn in_turn<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
) -> Result<T, Fault> {
    let doing = "waiting to hash a password";
    let turn = tokio::time::timeout(PATIENCE, AT_ONCE.acquire())
        .await
        .map_err(|e| Fault { kind: FaultKind::Unavailable, ..Fault::internal(doing, e) })?
        .map_err(|e| Fault::internal(doing, e))?;
    tokio::task::spawn_blocking(move || {
        let result = work();
        // Held by the work, not by the request: a request that is given up does not free the processor.
        drop(turn);
        result
    })
    .await
    .map_err(|e| Fault::internal("hashing a password", e))?
}

/// What is stored of a token, whose 256 random bits need no slow hash.
pub(super) fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A token of 256 random bits, hexadecimal.
pub(super) fn new_token(entropy: &Entropy) -> String {
    hex::encode(entropy.bytes::<32>())
}

/// Whether the text can be such a token at all.
pub(super) fn is_token(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

/// The name by which a person ends a session or key without knowing its token:
/// the first 16 hexadecimal digits of the stored hash.
pub(super) fn short_id(hash: &[u8]) -> String {
    hex::encode(hash.get(..8).unwrap_or(hash))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_in_any_form_of_its_characters() {
        let entropy = Entropy::seeded(1);
        let hash = hash_password("r\u{e9}sum\u{e9} of a river", &entropy).await.unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert_ne!(hash, hash_password("r\u{e9}sum\u{e9} of a river", &entropy).await.unwrap());
        assert!(verify_password("re\u{301}sume\u{301} of a river", Some(hash.clone())).await.unwrap());
        assert!(!verify_password("resume of a river", Some(hash.clone())).await.unwrap());
        assert!(!verify_password(&"x".repeat(1_000_000), Some(hash)).await.unwrap());
        assert!(!verify_password("anything", None).await.unwrap());
        assert!(verify_password("anything", Some("no hash".to_owned())).await.is_err());
    }

    #[test]
    fn nobody_has_the_parameters_of_everybody() {
        let hash = PasswordHash::new(NOBODY).unwrap();
        assert_eq!(hash.params.to_string(), "m=19456,t=2,p=1");
        assert_eq!(hash.hash.unwrap().len(), 32);
        assert_eq!(hash.salt.unwrap().as_ref().len(), 15);
    }
}
