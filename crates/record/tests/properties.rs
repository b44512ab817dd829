//! What holds of any page: nothing panics, the order of the text is kept, and no card is a part of it.

#![allow(clippy::unwrap_used)]

use entente_record::{Bodies, Form, Kind, parse};
use proptest::prelude::*;

/// What stands in a body: its markup, and the words that it adds to the text.
#[derive(Debug, Clone)]
struct Part(String, Vec<String>);

fn words() -> impl Strategy<Value = String> {
    "[a-z]{1,8}( [a-z]{1,8}){0,5}\\."
}

fn label() -> impl Strategy<Value = String> {
    "[A-Z][a-z]{1,7} [A-Z][a-z]{1,7}"
}

fn part() -> impl Strategy<Value = Part> {
    let one = |html: String, text: String| Part(html, vec![text]);
    prop_oneof![
        words().prop_map(move |w| one(format!("<p>{w}</p>"), w)),
        words().prop_map(move |w| one(format!("<div><p>  {w}\n</p></div>"), w)),
        (label(), words()).prop_map(move |(l, w)| one(format!("<p><b>{l}:</b> {w}</p>"), w)),
        (label(), words()).prop_map(move |(l, w)| one(format!("<p><strong>{l}</strong>: {w}</p>"), w)),
        words().prop_map(move |w| one(format!("<blockquote><p>{w}</p></blockquote>"), w)),
        words().prop_map(move |w| one(format!("<h3>{w}</h3>"), w)),
        words().prop_map(move |w| one(format!("<ul><li>{w}</li></ul>"), w)),
        Just(Part("<p>&lt;…&gt;</p>".to_owned(), vec!["<…>".to_owned()])),
        (words(), words()).prop_map(|(a, b)| Part(format!("<p>{a} &lt;...&gt; {b}</p>"), vec![a, "<…>".to_owned(), b])),
        words().prop_map(|w| Part(
            format!("<div class='read__cut masha-ignore'><h3>See also</h3><a class=cut__item href=/x>CARD {w}</a></div>"),
            vec![]
        )),
        words().prop_map(|w| Part(format!("<template><p>CARD {w}</p></template><p hidden>CARD</p>"), vec![])),
        words().prop_map(|w| Part(format!("<div class=media><span>CARD {w}</span></div>"), vec![])),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        for form in [Form::Html, Form::Text, Form::Docx] {
            let _ = form.read(&bytes, &Bodies::standard());
        }
    }

    #[test]
    fn any_page_is_read_or_refused(inner in "(<[a-z/!?]{1,6}[ a-z=\"']{0,6}>|&lt;|…|:|[a-z]{0,4}|<b>|</b>|<p>|<table>|<td>|<br>| ){0,60}") {
        let page = format!("<article class=h-entry><div class=e-content>{inner}</div></article>");
        let _ = parse(page.as_bytes(), &Bodies::standard());
        let _ = Form::Text.read(inner.as_bytes(), &Bodies::standard());
    }

    #[test]
    fn the_order_of_the_text_is_kept_and_no_card_is_in_it(parts in prop::collection::vec(part(), 0..24)) {
        let body: String = parts.iter().map(|p| p.0.as_str()).collect();
        let page = format!("<article class=h-entry><h1 class=p-name>T</h1><div class=e-content>{body}</div></article>");
        let record = parse(page.as_bytes(), &Bodies::standard()).unwrap();
        let expected: Vec<&String> = parts.iter().flat_map(|p| &p.1).collect();
        let found: Vec<&String> = record.blocks.iter().map(|b| &b.text).filter(|text| !text.is_empty()).collect();
        prop_assert_eq!(found, expected);
        prop_assert!(record.blocks.iter().all(|b| !b.text.contains("CARD") && !b.text.contains("See also")));
        prop_assert_eq!(record.see_also.len(), parts.iter().filter(|p| p.0.contains("cut__item")).count());
        // A speech that goes on does so under the label that was printed last.
        let mut label = None;
        for block in record.blocks.iter().filter(|b| b.kind == Kind::Speech) {
            prop_assert!(block.label.is_some());
            prop_assert!(!block.continues || block.label == label);
            label.clone_from(&block.label);
        }
    }
}
