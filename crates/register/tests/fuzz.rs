//! The targets of the fuzzer over seeds that are changed by a fixed generator: no reader of what customs send panics, and none
//! takes a part of a file.

#![allow(clippy::unwrap_used)]

// Public there for the fuzzer.
#[allow(unreachable_pub)]
#[path = "../fuzz/src/lib.rs"]
mod targets;

use entente_register::customs::format::{MOST_BYTES, read_licence_reply, read_usage_data};

/// Changed seeds of each target; `ENTENTE_FUZZ_ROUNDS` sets another number.
const ROUNDS: u32 = 400;

const SEEDS: [&str; 3] = [
    include_str!("../fuzz/seeds/usage.csv"),
    include_str!("../fuzz/seeds/reply.csv"),
    "one\ttwo\n=cmd|' /C calc'!A0\t\"\"\"\t,\n\u{202e}three\t\u{0}\n",
];

/// What breaks readers of records: commas, quotation marks, ends of lines, numbers at their ends, marks of the byte order.
const PIECES: [&str; 28] = [
    ",",
    "\"",
    "\"\"",
    "\n",
    "\r",
    "\r\n",
    ",,,,,,,,,,,,",
    "\"\n\"",
    "\u{feff}",
    "\u{0}",
    "\u{2028}",
    "end,3,",
    "file,1,usage_data,1,2026-06-15T09:00:00Z,0\n",
    "usage,",
    "licence,",
    "accepted",
    "rejected",
    "-1",
    "0",
    "00",
    "4294967296",
    "18446744073709551616",
    "99999999999999999999.999",
    "0.0005",
    "1e9",
    "2026-02-30",
    "9999-12-31",
    "XXX",
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

#[test]
fn no_reader_panics_over_changed_seeds() {
    let rounds = std::env::var("ENTENTE_FUZZ_ROUNDS").map_or(ROUNDS, |rounds| rounds.parse().unwrap());
    let mut chance = Chance(0x2545_F491_4F6C_DD1D);
    for (_, target) in targets::TARGETS {
        for seed in SEEDS {
            target(seed.as_bytes());
            for _ in 0..rounds {
                target(&changed(seed.as_bytes(), &mut chance));
            }
        }
    }
}

#[test]
fn the_seeds_are_whole_files() {
    assert_eq!(read_usage_data(SEEDS[0]).unwrap().rows.len(), 3);
    assert_eq!(read_licence_reply(SEEDS[1]).unwrap().rows.len(), 3);
}

#[test]
fn a_file_that_is_too_large_is_refused_before_it_is_read() {
    let large = "x".repeat(MOST_BYTES + 1);
    assert_eq!(read_usage_data(&large).unwrap_err().code, "customs.too_large");
    assert_eq!(read_licence_reply(&large).unwrap_err().code, "customs.too_large");
}
