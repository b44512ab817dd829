//! What holds for any bytes: a reader gives a record or a fault with its place, panics on nothing, and gives no more text
//! than it was given. Run by the fuzzer, and over changed seeds by the tests of `entente-record`.

use entente_record::{Bodies, Form, Kind};

/// A target: its name, and what it does with bytes.
pub type Target = (&'static str, fn(&[u8]));

/// All targets.
pub const TARGETS: [Target; 3] = [("html", html), ("text", text), ("docx", docx)];

/// A page.
pub fn html(bytes: &[u8]) {
    read(Form::Html, bytes);
}

/// A text.
pub fn text(bytes: &[u8]) {
    read(Form::Text, bytes);
}

/// A document.
pub fn docx(bytes: &[u8]) {
    read(Form::Docx, bytes);
}

fn read(form: Form, bytes: &[u8]) {
    match form.read(bytes, &Bodies::standard()) {
        Ok(record) => {
            let mut label = None;
            let mut said = 0;
            for block in &record.blocks {
                assert_eq!(block.label.is_some(), block.kind == Kind::Speech, "{block:?}");
                assert!(block.kind != Kind::Elision || block.text == "<…>");
                if block.kind == Kind::Speech {
                    assert!(!block.continues || block.label == label, "{block:?}");
                    label.clone_from(&block.label);
                    assert!(record.speakers.iter().any(|s| Some(s) == block.label.as_ref()));
                }
                said += if block.kind == Kind::Elision { 0 } else { block.text.len() };
            }
            // A reference of two letters may stand for a character of four bytes, and a document is packed.
            assert!(form == Form::Docx || said <= bytes.len().saturating_mul(4));
        }
        Err(fault) => assert!(fault.line > 0 && fault.column > 0 && !fault.reason.is_empty()),
    }
}
