//! A list that is invented and follows from numbers alone: persons and companies under names of syllables, of which
//! some are frequent and most are rare, as names are.

use entente_screening::entity::Entity;

/// Numbers that look like chance (SplitMix64), the same on every machine.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// The next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `many`.
    pub(crate) fn below(&mut self, many: u64) -> u64 {
        self.next() % many.max(1)
    }

    /// A number below `many`, small ones far more often: the rank of a name by how frequent it is.
    fn rank(&mut self, many: u64) -> u64 {
        let share = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((many as f64).powf(share) - 1.0) as u64 % many.max(1)
    }
}

const STARTS: [&str; 32] = [
    "b", "ch", "d", "f", "g", "h", "j", "k", "l", "m", "n", "p", "r", "s", "sh", "t", "v", "y", "z", "br",
    "dr", "gr", "kr", "st", "tr", "kh", "al", "ar", "el", "is", "ol", "ur",
];
const MIDDLES: [&str; 14] = ["a", "e", "i", "o", "u", "a", "e", "i", "ai", "au", "ei", "ou", "ia", "y"];
const ENDS: [&str; 18] =
    ["", "", "", "", "n", "r", "l", "s", "m", "d", "k", "t", "v", "sh", "nd", "rt", "st", "ng"];

/// The word of a rank.
fn word(family: u64, rank: u64) -> String {
    let mut chance = Chance(family << 40 | rank);
    let mut word = String::new();
    for _ in 0..2 + chance.below(2) {
        for sounds in [&STARTS[..], &MIDDLES, &ENDS] {
            word.push_str(sounds[chance.below(sounds.len() as u64) as usize]);
        }
    }
    word
}

/// An entity by its number.
pub(crate) fn entity(number: u64) -> Entity {
    let mut chance = Chance(0xe47e_0000_0000 ^ number);
    let company = chance.below(10) < 3;
    let mut entity = Entity::new(format!("g{number}"), if company { "Company" } else { "Person" });
    let name = if company {
        const WHAT: [&str; 8] =
            ["Trading", "Shipping", "Industries", "Group", "Energy", "Logistics", "Bank", "Systems"];
        const FORM: [&str; 6] = ["LLC", "Ltd", "JSC", "GmbH", "Inc", "S.A."];
        format!(
            "{} {} {} {}",
            word(3, chance.rank(300_000)),
            word(3, chance.rank(50_000)),
            WHAT[chance.below(8) as usize],
            FORM[chance.below(6) as usize]
        )
    } else {
        let mut name = word(1, chance.rank(20_000));
        if chance.below(2) == 0 {
            name = format!("{name} {}", word(1, chance.rank(20_000)));
        }
        format!("{name} {}", word(2, chance.rank(400_000)))
    };
    entity.add("name", &name);
    entity.caption = name;
    if !company {
        entity.add(
            "birthDate",
            &format!("{}-{:02}-{:02}", 1930 + chance.below(75), 1 + chance.below(12), 1 + chance.below(28)),
        );
    }
    entity.add("country", ["ru", "ir", "kp", "sy", "cn", "af", "us", "de"][chance.below(8) as usize]);
    entity
}

/// A query: every second one an entity of the list with a slip in its name, the others strangers.
pub(crate) fn query(number: u64, list: u64) -> Entity {
    let mut chance = Chance(0x9e_0000_0000 ^ number);
    if number % 2 == 1 {
        return entity(1 << 40 | number);
    }
    let mut own = entity(chance.below(list));
    let mut letters: Vec<char> = own.caption.chars().collect();
    let place = 1 + chance.below(letters.len() as u64 - 2) as usize;
    if letters[place].is_alphabetic() && letters[place + 1].is_alphabetic() {
        letters.swap(place, place + 1);
    }
    let name: String = letters.into_iter().collect();
    own.properties.insert("name".to_owned(), vec![name]);
    own
}
