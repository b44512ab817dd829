//! `<…>`: where something was left out.

/// How an elision reads in a [`Block`](crate::Block), whatever its spelling.
pub const ELISION: &str = "<…>";

/// A stretch of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Words, without white space around.
    Text(&'a str),
    /// Something left out.
    Elision,
}

/// What may open an elision, with what closes it; longer ones first.
const BRACKETS: [(&str, &str); 8] = [
    ("&lt;", "&gt;"),
    ("<<", ">>"),
    ("<", ">"),
    ("‹", "›"),
    ("〈", "〉"),
    ("⟨", "⟩"),
    ("＜", "＞"),
    ("≺", "≻"),
];

/// A text divided at its elisions: `<…>`, `<...>`, `< . . . >`, `‹…›`, `&lt;…&gt;` (escaped once too often), and the like.
///
/// ```
/// use entente_record::elision::{Piece, pieces};
/// assert_eq!(pieces("Open. <...> Open again."), [Piece::Text("Open."), Piece::Elision, Piece::Text("Open again.")]);
/// assert_eq!(pieces("a < b … c > d").len(), 1);
/// ```
pub fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    while at < text.len() {
        if let Some(length) = elision(&text[at..]) {
            push(&mut found, &text[from..at]);
            found.push(Piece::Elision);
            at += length;
            from = at;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
    }
    push(&mut found, &text[from..]);
    found
}

/// Whether a text is an elision and nothing else. What stands alone may be set in other brackets too, `[…]` or `(…)`,
/// which within a sentence leave out what somebody quotes.
pub fn is_elision(text: &str) -> bool {
    let text = text.trim();
    elision(text) == Some(text.len())
        || matches!(text, "«…»" | "«...»" | "[…]" | "[...]" | "[. . .]" | "(…)" | "(...)" | "(. . .)")
}

fn push<'a>(found: &mut Vec<Piece<'a>>, text: &'a str) {
    let text = text.trim();
    if !text.is_empty() {
        found.push(Piece::Text(text));
    }
}

/// The bytes of the elision with which a text begins.
fn elision(text: &str) -> Option<usize> {
    BRACKETS.iter().find_map(|(open, close)| {
        let inside = text.strip_prefix(open)?;
        let after = inside
            .trim_start_matches(|c: char| matches!(c, '…' | '.' | '⋯' | '‥' | '․') || c.is_whitespace());
        let dots = &inside[..inside.len() - after.len()];
        let weight: usize = dots
            .chars()
            .map(|c| usize::from(c == '.' || c == '․') + 2 * usize::from("…⋯‥".contains(c)))
            .sum();
        let rest = after.strip_prefix(close)?;
        (weight >= 2).then(|| text.len() - rest.len())
    })
}
