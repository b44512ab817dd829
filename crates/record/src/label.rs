//! Labels: who speaks, as it stands before a colon.

use crate::limits::{LONGEST_LABEL, LONGEST_REMARK};
use crate::text::{BREAK, Letter, string};

/// A label with where its speech begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Opening {
    /// Who speaks, as printed, without the colon.
    pub(crate) label: String,
    /// What stands between the label and the colon, in its brackets.
    pub(crate) remark: Option<String>,
    /// Where the speech begins, in letters.
    pub(crate) rest: usize,
    /// Whether all of the paragraph is set in bold, so that bold alone does not show a label.
    pub(crate) all_bold: bool,
}

impl Opening {
    /// Whether it is a label, and not a heading with a colon: all of a paragraph in bold is one if its label was printed
    /// before or is a role, and, where nothing follows the colon, if it reads like a name or a post.
    pub(crate) fn is_sure(&self, letters: &[Letter], known: impl Fn(&str) -> bool) -> bool {
        let alone = self.rest >= letters.len();
        !self.all_bold
            || known(&self.label)
            || is_role(&self.label)
            || alone && (is_announced(&self.label) || is_shouted(&self.label))
    }
}

/// Words that stand for a speaker without being a name.
const ROLES: [&str; 34] = [
    "Chair",
    "Chairman",
    "Chairwoman",
    "Chairperson",
    "President",
    "Minister",
    "Secretary",
    "Moderator",
    "Interpreter",
    "Rapporteur",
    "Expert",
    "Member",
    "Delegate",
    "Question",
    "Answer",
    "Reply",
    "Remark",
    "Response",
    "Voice",
    "Председатель",
    "Президент",
    "Министр",
    "Секретарь",
    "Ведущий",
    "Переводчик",
    "Докладчик",
    "Эксперт",
    "Вопрос",
    "Ответ",
    "Реплика",
    "Q",
    "A",
    "В",
    "О",
];

/// Words of small letters that stand within posts.
const BETWEEN: [&str; 30] = [
    "of", "the", "for", "and", "on", "in", "to", "at", "with", "a", "an", "by", "from", "under", "as", "de",
    "da", "di", "von", "van", "al", "bin", "и", "по", "с", "в", "на", "при", "от", "к",
];

/// Words with which somebody is addressed, not announced.
const ADDRESSING: [&str; 5] = ["Dear", "Уважаемый", "Уважаемая", "Уважаемые", "Dears"];

/// The label in bold with which a paragraph begins: `<b>Label:</b> text`, `<b>Label</b>: text`,
/// `<b>Label</b> <i>(remark)</i>: text`.
pub(crate) fn bold(letters: &[Letter]) -> Option<Opening> {
    let bold = letters.iter().position(|l| !l.bold && l.c != ' ' && l.c != BREAK).unwrap_or(letters.len());
    if !letters.first()?.bold {
        return None;
    }
    let all_bold = bold == letters.len();
    if let Some(colon) = colon(&letters[..bold], letters) {
        let label = label_of(&letters[..colon])?;
        return Some(Opening { label, remark: None, rest: colon + 1, all_bold });
    }
    let (remark, at) = remark(letters, bold);
    if !matches!(letters.get(at)?.c, ':' | '：') {
        return None;
    }
    Some(Opening { label: label_of(&letters[..bold])?, remark, rest: at + 1, all_bold })
}

/// The label with which a paragraph begins that is set like all the rest. `known` says of a label whether it was
/// printed before; `loose` whether a name is taken for a label that was not.
pub(crate) fn plain(letters: &[Letter], loose: bool, known: impl Fn(&str) -> bool) -> Option<Opening> {
    let colon = colon(letters.get(..LONGEST_LABEL).unwrap_or(letters), letters)?;
    let before = &letters[..colon];
    let (name, remark) = match before.iter().position(|l| l.c == '(').filter(|at| *at > 0) {
        Some(at) if before.last().is_some_and(|l| l.c == ')') && colon - at <= LONGEST_REMARK => {
            (&before[..at], Some(string(&before[at..])))
        }
        Some(_) => return None,
        None => (before, None),
    };
    let label = label_of(name)?;
    (known(&label) || is_shouted(&label) || loose && is_announced(&label)).then(|| Opening {
        label,
        remark,
        rest: colon + 1,
        all_bold: false,
    })
}

/// Whether a label is of a role, which needs no name to be one.
fn is_role(label: &str) -> bool {
    ROLES.iter().any(|role| *role == label || role.to_uppercase() == label)
}

/// Where a colon ends a label: white space follows it, or text set otherwise.
fn colon(within: &[Letter], letters: &[Letter]) -> Option<usize> {
    let at = within.iter().position(|l| matches!(l.c, ':' | '：'))?;
    letters
        .get(at + 1)
        .is_none_or(|next| next.c == ' ' || next.c == BREAK || !next.bold && letters[at].bold)
        .then_some(at)
}

/// The remark in brackets that stands from `at` on, and where it ends.
fn remark(letters: &[Letter], at: usize) -> (Option<String>, usize) {
    let space = |at: usize| at + letters[at..].iter().take_while(|l| l.c == ' ').count();
    if letters.get(at).is_none_or(|l| l.c != '(') {
        return (None, at);
    }
    let Some(length) = letters[at..].iter().take(LONGEST_REMARK).position(|l| l.c == ')') else {
        return (None, at);
    };
    let end = at + length + 1;
    (Some(string(&letters[at..end])), space(end))
}

fn label_of(letters: &[Letter]) -> Option<String> {
    let label = string(letters).replace(BREAK, " ").trim().to_owned();
    let sound = letters.len() <= LONGEST_LABEL
        && label.chars().any(char::is_alphabetic)
        && !label.contains(['?', '!', '…', '<', '>', ';']);
    sound.then_some(label)
}

/// Whether a label is of capitals alone, as old pages set them; one word must be a role or an initial with a name.
fn is_shouted(label: &str) -> bool {
    let capitals = label.chars().filter(|c| c.is_alphabetic()).all(char::is_uppercase);
    capitals
        && (label.split(' ').count() > 1 && label.chars().count() > 4
            || is_role(label)
            || is_initialled(label))
}

/// Whether a label is a post, a name, or both: capitals at the beginning and at the end, and no word of small letters
/// that does not stand within posts.
fn is_announced(label: &str) -> bool {
    if is_role(label) || is_initialled(label) {
        return true;
    }
    let words: Vec<&str> = label.split(' ').collect();
    let capital = |word: &str| {
        word.chars().find(|c| c.is_alphanumeric()).is_some_and(|c| c.is_uppercase() || c.is_numeric())
    };
    let first = label.chars().next().is_some_and(char::is_uppercase);
    let stopped = words.iter().any(|word| {
        let word = word.trim_end_matches(',');
        word.ends_with('.') && word.chars().filter(|c| c.is_alphabetic()).count() > 3
    });
    words.len() > 1
        && first
        && !stopped
        && !ADDRESSING.contains(&words[0])
        && words.last().is_some_and(|word| capital(word))
        && words.iter().all(|word| capital(word) || BETWEEN.contains(word))
}

/// Whether a word is an initial with a name: `V.Example`, `В.Пример`.
fn is_initialled(label: &str) -> bool {
    let Some((initial, name)) = label.split_once('.') else { return false };
    let capital = |text: &str| text.trim_start().chars().next().is_some_and(char::is_uppercase);
    initial.chars().count() == 1 && capital(initial) && capital(name) && label.split(' ').count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters(text: &str, bold: usize) -> Vec<Letter> {
        text.chars().enumerate().map(|(at, c)| Letter { c, bold: at < bold, italic: false }).collect()
    }

    #[test]
    fn labels_in_bold_are_read_with_the_colon_inside_and_outside() {
        let read = |text: &str, bold_letters: usize| {
            bold(&letters(text, bold_letters))
                .map(|o| (o.label, o.remark, text.chars().skip(o.rest).collect::<String>()))
        };
        let found = |label: &str, remark: Option<&str>, rest: &str| {
            Some((label.to_owned(), remark.map(str::to_owned), rest.to_owned()))
        };
        assert_eq!(read("Chair: Begin.", 6), found("Chair", None, " Begin."));
        assert_eq!(read("Chair:Begin.", 6), found("Chair", None, "Begin."));
        assert_eq!(read("Chair: Begin.", 5), found("Chair", None, " Begin."));
        assert_eq!(
            read("Guest (retranslated): Thanks.", 5),
            found("Guest", Some("(retranslated)"), " Thanks.")
        );
        assert_eq!(read("At 10:30 all of it is bold", 26), None);
        assert_eq!(read("Important words, and a colon: there", 15), None);
        assert_eq!(read("* * *", 5), None);
    }

    #[test]
    fn names_and_posts_are_labels_without_bold_and_sentences_are_not() {
        let read = |text: &str, loose| plain(&letters(text, 0), loose, |_| false).map(|o| o.label);
        for label in [
            "Head of the Office for Examples Ann Example",
            "Chair",
            "V.Example",
            "Question",
            "Ann Example, Secretary of the Board",
        ] {
            assert_eq!(read(&format!("{label}: Yes."), true).as_deref(), Some(label));
        }
        for text in [
            "There are clear advantages here: one",
            "Dear Mr President: we",
            "I mean this. Ann Example: yes",
            "At 10:30 we",
            "What? Ann: no",
        ] {
            assert_eq!(read(text, true), None, "{text}");
        }
        assert_eq!(read("ANN EXAMPLE: Yes.", false).as_deref(), Some("ANN EXAMPLE"));
        assert_eq!(read("Ann Example: Yes.", false), None);
        assert_eq!(read("ПРИМЕР (по-английски): Да.", true), None);
        assert_eq!(read("А.ПРИМЕР (по-английски): Да.", false).as_deref(), Some("А.ПРИМЕР"));
    }
}
