//! Enumerations that are written as one word each, in data as in answers.

/// An enumeration, its words, and what reads them. The same word stands in rule files, in JSON and on the command line.
macro_rules! worded {
    (
        $(#[$about:meta])*
        $name:ident, $code:literal, $asked:literal {
            $($(#[$of:meta])* $variant:ident = $word:literal,)*
        }
    ) => {
        $(#[$about])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$of])* #[serde(rename = $word)] $variant,)*
        }

        impl $name {
            /// All, in their order.
            pub const ALL: &'static [$name] = &[$($name::$variant,)*];

            /// The words, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($word,)*];

            /// The word in data.
            pub fn word(self) -> &'static str {
                match self { $($name::$variant => $word,)* }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::ledger::Refusal;

            fn from_str(word: &str) -> Result<$name, $crate::ledger::Refusal> {
                $name::ALL.iter().copied().find(|one| one.word() == word).ok_or_else(|| {
                    $crate::ledger::Refusal::new($code, format!("{word:?} is no {}.", $asked))
                        .field($asked)
                        .missing(format!("one of {}", $name::WORDS.join(", ")))
                })
            }
        }
    };
}

pub(super) use worded;
