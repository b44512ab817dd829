//! The targets of the fuzzer over seeds that are changed by a fixed generator: no reader panics, whatever it reads.

#![allow(clippy::unwrap_used)]

// Public there for the fuzzer.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

/// Changed seeds of each target; `ENTENTE_FUZZ_ROUNDS` sets another number.
const ROUNDS: u32 = 400;

const SEEDS: [&[u8]; 15] = [
    include_bytes!("../fuzz/seeds/un.xml"),
    include_bytes!("../fuzz/seeds/sdn.xml"),
    include_bytes!("../fuzz/seeds/sdn_advanced.xml"),
    include_bytes!("../fuzz/seeds/sdn.csv"),
    include_bytes!("../fuzz/seeds/alt.csv"),
    include_bytes!("../fuzz/seeds/add.csv"),
    include_bytes!("../fuzz/seeds/eu.xml"),
    include_bytes!("../fuzz/seeds/uk.xml"),
    include_bytes!("../fuzz/seeds/uk.csv"),
    include_bytes!("../fuzz/seeds/ofsi.csv"),
    include_bytes!("../fuzz/seeds/entities.json"),
    include_bytes!("../fuzz/seeds/entities.delta.json"),
    include_bytes!("../fuzz/seeds/own.csv"),
    include_bytes!("../fuzz/seeds/names.txt"),
    b"PK\x03\x04",
];

/// What breaks readers: ends and beginnings, references, letters that are none, numbers that are too large.
const PIECES: [&[u8]; 22] = [
    b"<!DOCTYPE a [<!ENTITY b SYSTEM \"file:///etc/passwd\">]>",
    b"&b;",
    b"&#x0;",
    b"&#xD800;",
    b"<![CDATA[",
    b"-->",
    b"</",
    b"<a",
    b"\"",
    b"'",
    b",",
    b";",
    b"\n",
    b"\r",
    b"\0",
    b"\xff",
    b"\xef\xbb\xbf",
    "\u{202e}\u{200b}🙂".as_bytes(),
    b"99999999999999999999999",
    b"(1)(2)(3)",
    b"{\"id\":\"",
    b"[[[[[[",
];

/// A generator whose numbers are the same on every machine (xorshift).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % (end.max(1) as u64)).unwrap()
    }

    fn changed(&mut self, own: usize) -> Vec<u8> {
        // Mostly the seed of the target itself; sometimes another's.
        let seed = if self.below(4) == 0 { self.below(SEEDS.len()) } else { own };
        let mut bytes = SEEDS[seed].to_vec();
        for _ in 0..=self.below(6) {
            let at = self.below(bytes.len() + 1);
            let to = (at + self.below(64)).min(bytes.len());
            match self.below(7) {
                0 => bytes.truncate(at),
                1 => drop(bytes.drain(at..to)),
                2 => {
                    let again: Vec<u8> = bytes[at..to].repeat(1 + self.below(20));
                    bytes.splice(at..at, again);
                }
                3 => {
                    let other = SEEDS[self.below(SEEDS.len())];
                    let from = self.below(other.len());
                    bytes.splice(at.., other[from..].iter().copied());
                }
                4 if at < bytes.len() => bytes[at] = u8::try_from(self.below(256)).unwrap(),
                _ => drop(bytes.splice(at..at, PIECES[self.below(PIECES.len())].iter().copied())),
            }
        }
        bytes
    }
}

#[test]
fn no_reader_breaks_on_changed_seeds() {
    let rounds =
        std::env::var("ENTENTE_FUZZ_ROUNDS").ok().and_then(|text| text.parse().ok()).unwrap_or(ROUNDS);
    for (place, (name, target)) in targets::TARGETS.iter().enumerate() {
        let seeds: &[usize] = match *name {
            "un" => &[0],
            "ofac_xml" => &[1],
            "ofac_advanced" => &[2],
            "ofac_csv" => &[3, 4, 5],
            "eu" => &[6],
            "uk_xml" => &[7],
            "uk_csv" => &[8, 9],
            "follow_the_money" | "delta_of_editions" => &[10, 11],
            "own" => &[12],
            "names" => &[13],
            _ => &[14, 12],
        };
        seeds.iter().for_each(|seed| target(SEEDS[*seed]));
        let mut numbers = Numbers(0x9e37_79b9_7f4a_7c15 ^ (place as u64 + 1));
        for round in 0..rounds {
            let own = seeds[round as usize % seeds.len()];
            let bytes = numbers.changed(own);
            let broken = std::panic::catch_unwind(|| target(&bytes)).is_err();
            assert!(!broken, "{name}, round {round}: {:?}", String::from_utf8_lossy(&bytes));
        }
    }
}
