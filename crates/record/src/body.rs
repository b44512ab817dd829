//! Bodies by their names: the same one is printed with and without an article, with “technical” or “technology”,
//! “states” or “countries”, in other languages and under earlier names.

/// Bodies with the names under which they are printed.
#[derive(Debug, Clone)]
pub struct Bodies(Vec<Known>);

#[derive(Debug, Clone)]
struct Known {
    name: String,
    aliases: Vec<Vec<String>>,
}

/// Nouns with which names of bodies begin.
const NOUNS: [&str; 12] = [
    "commission",
    "council",
    "committee",
    "board",
    "presidium",
    "комиссия",
    "комиссии",
    "совет",
    "совета",
    "комитет",
    "комитета",
    "президиума",
];

/// Words of a title within which a body is looked for.
const LONGEST_TITLE: usize = 60;

/// Words of a name that is known at most.
const LONGEST_NAME: usize = 20;

/// Words that follow the noun in a name that says what the body is for.
const PURPOSES: [&str; 5] = ["for", "on", "of", "по", "при"];

/// Words that say the same in names, with the one by which they are compared.
const SAME: [(&str, &str); 9] = [
    ("on", "for"),
    ("technology", "technical"),
    ("technological", "technical"),
    ("countries", "states"),
    ("nations", "states"),
    ("state", "states"),
    ("комиссии", "комиссия"),
    ("совета", "совет"),
    ("комитета", "комитет"),
];

/// The commission of this program with its names on public pages.
const STANDARD: &str = include_str!("../data/bodies.txt");

impl Bodies {
    /// The bodies that are a part of the program (`data/bodies.txt`).
    pub fn standard() -> Bodies {
        let mut bodies = Bodies(Vec::new());
        for line in STANDARD.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'))
        {
            let mut names = line.split('|').map(str::trim);
            if let Some(name) = names.next() {
                bodies.add(name, names);
            }
        }
        bodies
    }

    /// Adds a body by its own name, with others under which it is printed.
    pub fn add<'a>(&mut self, name: &'a str, aliases: impl IntoIterator<Item = &'a str>) {
        let aliases =
            std::iter::once(name).chain(aliases).map(folded).filter(|words| !words.is_empty()).collect();
        self.0.push(Known { name: name.to_owned(), aliases });
    }

    /// The own name of a body that is printed thus, if it is known.
    ///
    /// ```
    /// let bodies = entente_record::Bodies::standard();
    /// let name = "Commission for Military Technical Cooperation with Foreign States";
    /// assert_eq!(bodies.find("the Commission on Military-Technology Cooperation with Foreign Countries"), Some(name));
    /// assert_eq!(bodies.find("Commission for Examples"), None);
    /// ```
    pub fn find(&self, printed: &str) -> Option<&str> {
        let words = folded(printed);
        self.0.iter().find(|known| known.aliases.contains(&words)).map(|known| known.name.as_str())
    }

    /// The body that a title names: its own name if it is known, and the name as printed.
    pub(crate) fn in_title(&self, title: &str) -> Option<(Option<&str>, String)> {
        let words: Vec<&str> = title.split_whitespace().take(LONGEST_TITLE).collect();
        let mut starts = (0..words.len()).filter(|at| NOUNS.contains(&plain(words[*at]).as_str()));
        // The longest that is known, whatever stands after it.
        for start in (0..words.len()).filter(|at| plain(words[*at]) != "the") {
            for end in (start + 1..=words.len().min(start + LONGEST_NAME)).rev() {
                let printed = words[start..end].join(" ");
                if let Some(name) = self.find(&printed) {
                    return Some((Some(name), trimmed(&printed)));
                }
            }
        }
        // One that is not known: “… of the Council for …” or “… with the Commission on …”, to the end.
        let start = starts.find(|at| {
            let after = words.get(at + 1).is_some_and(|word| PURPOSES.contains(&plain(word).as_str()));
            let before = words[..*at].iter().rev().map(|word| plain(word)).find(|word| word != "the");
            let opens = before
                .is_none_or(|word| matches!(word.as_str(), "of" | "with" | "at" | "заседание" | "совещание"));
            after && opens
        })?;
        Some((None, trimmed(&words[start..].join(" "))))
    }

    /// The body among names of sections: one that is known, or one that is named like a body.
    pub(crate) fn in_sections<'a>(
        &self,
        sections: impl Iterator<Item = &'a str> + Clone,
    ) -> Option<(Option<&str>, String)> {
        let known =
            sections.clone().find_map(|section| Some((Some(self.find(section)?), section.to_owned())));
        known.or_else(|| {
            sections.into_iter().find_map(|section| {
                let mut words = section.split_whitespace().map(plain);
                let named = words.next().is_some_and(|word| NOUNS.contains(&word.as_str()))
                    && words.next().is_some_and(|word| PURPOSES.contains(&word.as_str()));
                named.then(|| (None, section.to_owned()))
            })
        })
    }
}

/// The words of a name by which it is compared.
fn folded(name: &str) -> Vec<String> {
    name.split(|c: char| !c.is_alphanumeric())
        .map(plain)
        .filter(|word| !word.is_empty() && word != "the")
        .map(|word| SAME.iter().find(|(other, _)| *other == word).map_or(word, |(_, one)| (*one).to_owned()))
        .collect()
}

fn plain(word: &str) -> String {
    word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase()
}

fn trimmed(printed: &str) -> String {
    printed.trim_end_matches([',', '.', ';', ':']).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: &str = "Commission for Military Technical Cooperation with Foreign States";

    #[test]
    fn a_body_is_found_in_titles_that_vary() {
        let bodies = Bodies::standard();
        for (title, printed) in [
            ("Meeting of Commission for Military Technical Cooperation with Foreign States", NAME),
            (
                "The Military-Technical Cooperation Commission met",
                "Military-Technical Cooperation Commission",
            ),
            (
                "Somebody held a meeting with the Commission on Military-Technical Cooperation with Foreign States today",
                "Commission on Military-Technical Cooperation with Foreign States",
            ),
            (
                "Заседание Комиссии по вопросам военно-технического сотрудничества России с иностранными государствами",
                "Комиссии по вопросам военно-технического сотрудничества России с иностранными государствами",
            ),
        ] {
            assert_eq!(bodies.in_title(title), Some((Some(NAME), printed.to_owned())), "{title}");
        }
        assert_eq!(
            bodies.in_title("Meeting of the Council for Examples and Tests"),
            Some((None, "Council for Examples and Tests".to_owned()))
        );
        for title in
            ["Meeting with Vice Chairman of Another Party’s Central Commission Ann Example", "Talks", ""]
        {
            assert_eq!(bodies.in_title(title), None, "{title}");
        }
    }

    #[test]
    fn a_body_is_found_among_sections() {
        let bodies = Bodies::standard();
        let sections = [
            "News",
            "Commissions and Councils",
            "Commission for Military Technology Cooperation with Foreign States",
        ];
        assert_eq!(bodies.in_sections(sections.into_iter()), Some((Some(NAME), sections[2].to_owned())));
        assert_eq!(
            bodies.in_sections(["News", "Council for Examples"].into_iter()),
            Some((None, "Council for Examples".to_owned()))
        );
        assert_eq!(bodies.in_sections(["News", "Commissions and Councils"].into_iter()), None);
    }
}
