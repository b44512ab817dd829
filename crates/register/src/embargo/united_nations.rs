//! The measures of the United Nations that are a part of the program.

use super::assemble::read;
use super::fault::{FileFault, Text};
use super::rule::RuleSet;

macro_rules! files {
    ($($name:literal,)*) => {
        &[$(Text { name: $name, text: include_str!(concat!("../../data/embargo/", $name)) },)*]
    };
}

/// The files, as they are reviewed. What they rest on, and how far, `data/embargo/README.md` says.
pub const UNITED_NATIONS: &[Text<'static>] = files![
    "body.toml",
    "al_qaida.toml",
    "central_african_republic.toml",
    "cote_divoire.toml",
    "democratic_peoples_republic_of_korea.toml",
    "democratic_republic_of_the_congo.toml",
    "eritrea.toml",
    "haiti.toml",
    "iran.toml",
    "iraq.toml",
    "lebanon.toml",
    "liberia.toml",
    "libya.toml",
    "somalia.toml",
    "south_sudan.toml",
    "sudan.toml",
    "taliban.toml",
    "yemen.toml",
];

/// The rules of the United Nations that are a part of the program.
///
/// # Errors
/// As [`read`]; a test shows that the files of this version have no fault.
pub fn united_nations() -> Result<RuleSet, Vec<FileFault>> {
    read(UNITED_NATIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read_and_every_one_of_them_is_named() {
        let rules = united_nations().unwrap();
        assert_eq!(rules.regimes.len(), UNITED_NATIONS.len() - 1);
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/data/embargo");
        let mut there: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".toml"))
            .collect();
        there.sort();
        let mut named: Vec<&str> = UNITED_NATIONS.iter().map(|text| text.name).collect();
        named.sort_unstable();
        assert_eq!(named, there);
    }
}
