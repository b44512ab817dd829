//! The targets of the fuzzer over seeds that are changed by a fixed generator: no reader panics, whatever it reads.

#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

// Public there for the fuzzer.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Changed seeds of each target; `ENTENTE_FUZZ_ROUNDS` sets another number.
const ROUNDS: u32 = 300;

const SEEDS: [&str; 4] = [
    include_str!("../fuzz/seeds/page.html"),
    include_str!("../fuzz/seeds/version.txt"),
    "<w:document xmlns:w=\"w\"><w:body><w:p><w:pPr><w:pStyle w:val=\"Heading1\"/></w:pPr><w:r><w:t>One</w:t></w:r></w:p><w:p>\
     <w:r><w:rPr><w:b/></w:rPr><w:t>Chair:</w:t></w:r><w:r><w:t> We &amp; you.</w:t><w:br/></w:r><w:del><w:r><w:delText>No\
     </w:delText></w:r></w:del></w:p></w:body></w:document>",
    "PK\u{3}\u{4}",
];

/// What breaks readers: ends and beginnings, references, colons, brackets, letters of several bytes.
const PIECES: [&str; 30] = [
    "<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
    "&b;",
    "&#x0;",
    "&#xD800;",
    "<![CDATA[",
    "-->",
    "<!--",
    "</",
    "<b>",
    "</b>",
    "<p>",
    "</p>",
    "<br>",
    "<table>",
    "<td>",
    "<template>",
    "<blockquote>",
    "</div>",
    "<div class=e-content>",
    "<article class=h-entry>",
    ":",
    "<…>",
    "&lt;",
    "”",
    "“",
    "* * *",
    "\u{2028}",
    "1 of 4",
    "17.10.2012",
    "\u{10FFFF}\u{AD}",
];

/// A small generator (xorshift), so that each run is the same.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

fn changed(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(6) {
        let at = chance.below(bytes.len() + 1);
        match chance.below(4) {
            0 => bytes.truncate(at.max(bytes.len() / 2)),
            1 if at < bytes.len() => bytes[at] = u8::try_from(chance.below(256)).unwrap(),
            2 => {
                let end = (at + chance.below(40)).min(bytes.len());
                let copy = bytes[at..end].to_vec();
                let to = chance.below(bytes.len() + 1);
                bytes.splice(to..to, copy);
            }
            _ => {
                let piece = PIECES[chance.below(PIECES.len())];
                bytes.splice(at..at, piece.bytes());
            }
        }
    }
    bytes
}

/// A document with a main part, which changed bytes are put into: a ZIP file that is changed itself is seldom one.
fn document(part: &[u8]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    zip.start_file("word/document.xml", zip::write::SimpleFileOptions::default()).unwrap();
    zip.write_all(part).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn no_reader_panics_over_changed_seeds() {
    let rounds = std::env::var("ENTENTE_FUZZ_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    for (_, target) in targets::TARGETS {
        for seed in SEEDS {
            for _ in 0..rounds {
                let bytes = changed(seed.as_bytes(), &mut chance);
                target(&bytes);
                if seed.starts_with("<w:") {
                    targets::docx(&document(&bytes));
                }
            }
        }
    }
    for seed in SEEDS {
        for (_, target) in targets::TARGETS {
            target(seed.as_bytes());
        }
    }
}
