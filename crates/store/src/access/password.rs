//! Which passwords are accepted, after NIST SP 800-63B: long, and not one that is
//! tried first. No rule of composition, because such rules make passwords that are
//! harder to keep in mind and no harder to guess.

use std::collections::HashSet;
use std::sync::LazyLock;

use entente_register::ledger::{Fallible, Refusal};
use unicode_normalization::UnicodeNormalization as _;

use crate::clock::Entropy;

/// Fewest characters of a password that a person chooses.
///
/// The password is the only factor of a sign-in here, so the eight characters that
/// SP 800-63B (revision 3) allows at least are too few: against a stolen table of
/// hashes a random word or two fall in days. Twelve hold four short words, and are
/// what a person still types without a note under the keyboard; behind them stand
/// argon2id, the list of common passwords, and the back-off of failures.
pub const MIN_LENGTH: usize = 12;

/// Most characters: far beyond any passphrase, and a bound on the work.
pub(crate) const MAX_LENGTH: usize = 256;

/// Characters that must remain unforeseeable once the well-known part is taken away.
const MIN_REST: usize = 8;

/// Characters that must not follow from the one before them (repeated, next in the alphabet, beside it on the keyboard).
const MIN_UNFORESEEN: usize = 6;

static COMMON: LazyLock<HashSet<&'static str>> =
    LazyLock::new(|| include_str!("common_passwords.txt").lines().filter(|l| !l.starts_with('#')).collect());

/// What an attacker knows of the person, and tries.
#[derive(Debug, Clone, Copy)]
pub(crate) struct About<'a> {
    /// Sign-in name.
    pub(crate) account: &'a str,
    /// The person's name.
    pub(crate) name: &'a str,
}

/// The form in which a password is hashed: Unicode NFC, so that the same
/// characters typed on another keyboard or system are the same password.
pub(crate) fn normalise(password: &str) -> String {
    password.nfc().collect()
}

/// Refuses a password that is too short, too long, or among those that are tried first.
///
/// # Errors
/// `password.short`, `password.long`, `password.control`, `password.repeated`,
/// `password.sequence`, `password.personal` or `password.common`, naming the field `password`.
pub(crate) fn check(password: &str, about: About<'_>) -> Fallible<()> {
    let no = |code, message: String, missing: &str| {
        Err(Refusal::new(code, message).field("password").missing(missing))
    };
    let password = normalise(password);
    let length = password.chars().count();
    if length < MIN_LENGTH {
        return no(
            "password.short",
            format!("The password has {length} characters."),
            "at least 12 characters; several unrelated words are a good password",
        );
    }
    if length > MAX_LENGTH {
        return no(
            "password.long",
            format!("The password has {length} characters."),
            "at most 256 characters",
        );
    }
    if password.chars().any(char::is_control) {
        return no(
            "password.control",
            "The password holds control characters.".to_owned(),
            "characters that can be seen, or spaces",
        );
    }
    let folded = password.to_lowercase();
    let characters: Vec<char> = folded.chars().collect();
    if is_repetition(&characters) {
        return no(
            "password.repeated",
            "The password repeats the same few characters.".to_owned(),
            "a password that is not one piece repeated",
        );
    }
    if unforeseen(&characters) < MIN_UNFORESEEN {
        return no(
            "password.sequence",
            "The password follows the alphabet, the digits or the keyboard.".to_owned(),
            "a password whose characters do not follow from each other",
        );
    }
    if is_common(&folded) {
        return no(
            "password.common",
            "The password is one of those that are tried first, or such a one with something added."
                .to_owned(),
            "a password that is in no list of common ones",
        );
    }
    if is_personal(&folded, about) {
        return no(
            "password.personal",
            "The password is little more than your name or the name of this application.".to_owned(),
            "a password that does not lean on these names",
        );
    }
    Ok(())
}

/// Whether the text is one piece repeated, or has fewer than five different characters.
fn is_repetition(characters: &[char]) -> bool {
    let different: HashSet<char> = characters.iter().copied().collect();
    let length = characters.len();
    different.len() < 5
        || (1..=length / 2).any(|piece| characters[piece..].iter().zip(characters).all(|(a, b)| a == b))
}

/// How many characters do not follow from the one before them.
fn unforeseen(characters: &[char]) -> usize {
    const ROWS: [&str; 5] =
        ["1234567890-=", "qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./", "йцукенгшщзхъфывапролджэячсмитьбю"];
    let beside = |a: char, b: char| {
        ROWS.iter().any(|row| {
            let place = |c| row.chars().position(|x| x == c);
            matches!((place(a), place(b)), (Some(a), Some(b)) if a.abs_diff(b) == 1)
        })
    };
    let follows =
        |a: char, b: char| (a as u32).abs_diff(b as u32) <= 1 || (a == '9' && b == '0') || beside(a, b);
    1 + characters.windows(2).filter(|pair| !follows(pair[0], pair[1])).count()
}

/// Whether the text is in the list: as it stands, with the usual substitutions of
/// letters undone, or with digits and signs put before or after.
fn is_common(folded: &str) -> bool {
    let plain: String = folded.chars().map(unsubstitute).collect();
    [folded, plain.as_str()].into_iter().any(|text| {
        let core = text.trim_matches(|c: char| !c.is_alphabetic());
        let added = text.chars().count() - core.chars().count();
        COMMON.contains(text) || (added < MIN_REST && COMMON.contains(core))
    })
}

/// `p@ssw0rd` is `password`.
fn unsubstitute(c: char) -> char {
    match c {
        '@' | '4' => 'a',
        '3' => 'e',
        '1' | '!' => 'i',
        '0' => 'o',
        '$' | '5' => 's',
        '7' => 't',
        other => other,
    }
}

/// Whether little is left once the words that belong to the person and to this application are taken away.
fn is_personal(folded: &str, about: About<'_>) -> bool {
    let (account, name) = (about.account.to_lowercase(), normalise(about.name).to_lowercase());
    let mut words: Vec<&str> = vec!["entente", "ententes", "entent", "антанта", "register", "commission"];
    words.extend([account.as_str(), name.as_str()]);
    words.extend(account.split(['.', '-']).chain(name.split_whitespace()));
    // Longer words first, so that a part does not spoil the whole; two letters are nobody's name.
    words.retain(|word| word.chars().count() >= 3);
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let plain: String = folded.chars().map(unsubstitute).collect();
    [folded.to_owned(), plain].into_iter().any(|text| {
        let rest = words.iter().fold(text.clone(), |rest, word| rest.replace(word, ""));
        rest != text && rest.chars().count() < MIN_REST
    })
}

/// A one-time password: 20 characters of 31 (99 bits) in four groups, without
/// characters that are taken for one another on paper or over the telephone.
pub(crate) fn one_time(entropy: &Entropy) -> String {
    const ALPHABET: &[u8; 31] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let mut text = String::with_capacity(23);
    let mut drawn = 0;
    while drawn < 20 {
        let [byte] = entropy.bytes::<1>();
        // 248 is the largest multiple of 31 in a byte; what lies above would favour the first letters.
        if byte < 248 {
            if drawn > 0 && drawn % 5 == 0 {
                text.push('-');
            }
            text.push(char::from(ALPHABET[usize::from(byte) % ALPHABET.len()]));
            drawn += 1;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn code(password: &str) -> &'static str {
        let about = About { account: "a.petrova", name: "Anna Petrova" };
        check(password, about).map_or_else(|refusal| refusal.code, |()| "accepted")
    }

    #[test]
    fn what_is_refused_and_why() {
        for (password, expected) in [
            ("", "password.short"),
            ("elevenchars", "password.short"),
            ("ключи-ключ", "password.short"),
            ("tab\tand more of it", "password.control"),
            ("aaaaaaaaaaaaaaaa", "password.repeated"),
            ("abababababababab", "password.repeated"),
            ("mountmountmount", "password.repeated"),
            ("mountmountmountmo", "password.repeated"),
            ("123456789012", "password.sequence"),
            ("98765432109876", "password.sequence"),
            ("abcdefghijklmn", "password.sequence"),
            ("qwertyuiop[]as", "password.sequence"),
            ("aaaabbbbccccdddd", "password.repeated"),
            ("aaabbbcccdddeeefff", "password.sequence"),
            ("йцукенгшщзхъ", "password.sequence"),
            ("correcthorsebatterystaple", "password.common"),
            ("CorrectHorseBatteryStaple", "password.common"),
            ("Password2024!", "password.common"),
            ("P@ssw0rd2024", "password.common"),
            ("!!welcome1234", "password.common"),
            ("administrator", "password.common"),
            ("Entente-2024!", "password.personal"),
            ("3nt3nt3-2024!", "password.personal"),
            ("annapetrova1", "password.personal"),
            ("Petrova-Anna-7", "password.personal"),
            ("a.petrova.2024", "password.personal"),
        ] {
            assert_eq!(code(password), expected, "{password:?}");
        }
        assert_eq!(code(&"long words and ".repeat(18)), "password.long");
    }

    #[test]
    fn what_is_accepted() {
        for password in [
            "tulip river cabinet",
            "petrova and forty-two lamps",
            "дорога к северному мысу",
            "  spaces kept  ",
            "雪が降る夜の電車は静かに走っていく",
            "kd93-fjq2-mm1z",
            "qwerty is no password here",
        ] {
            assert_eq!(code(password), "accepted", "{password:?}");
        }
    }

    #[test]
    fn the_same_characters_are_the_same_password() {
        assert_eq!(normalise("re\u{301}sume\u{301}"), normalise("r\u{e9}sum\u{e9}"));
    }

    #[test]
    fn the_list_is_in_order_and_in_lower_case() {
        let list: Vec<&str> =
            include_str!("common_passwords.txt").lines().filter(|l| !l.starts_with('#')).collect();
        assert!(list.len() > 1_000);
        for pair in list.windows(2) {
            assert!(pair[0].as_bytes() < pair[1].as_bytes(), "{pair:?}");
        }
        for word in list {
            assert_eq!(word, word.to_lowercase());
        }
    }

    #[test]
    fn one_time_passwords_are_readable_and_acceptable() {
        let entropy = Entropy::seeded(7);
        let mut seen = HashSet::new();
        for _ in 0..500 {
            let password = one_time(&entropy);
            assert_eq!(password.len(), 23);
            assert!(password.split('-').all(|group| group.len() == 5));
            assert!(!password.contains(['0', 'o', '1', 'l', 'i']));
            assert_eq!(code(&password), "accepted");
            assert!(seen.insert(password));
        }
        assert_eq!(one_time(&Entropy::seeded(1)), one_time(&Entropy::seeded(1)));
    }

    proptest! {
        #[test]
        fn any_text_is_judged(password in ".{0,300}", account in "[a-z.-]{0,12}", name in ".{0,20}") {
            let verdict = check(&password, About { account: &account, name: &name });
            let length = normalise(&password).chars().count();
            if !(MIN_LENGTH..=MAX_LENGTH).contains(&length) {
                prop_assert!(verdict.is_err());
            }
        }
    }
}
