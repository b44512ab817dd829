use proptest::prelude::*;

use super::*;
use crate::score::THRESHOLD;

/// Words of which names are made by chance: near each other, short and long, in several scripts and in several ways to
/// cut them.
const WORDS: [&str; 56] = [
    "Mohammad",
    "Muhamed",
    "Moahmmad",
    "Mehmet",
    "Ahmed",
    "Ali",
    "Aly",
    "Alia",
    "Karim",
    "Kareem",
    "Petrov",
    "Petrova",
    "Petroff",
    "Pe",
    "Trov",
    "Ivan",
    "Iwan",
    "Faiz",
    "Afiz",
    "bin",
    "al",
    "de",
    "J.",
    "A.",
    "Li",
    "Lee",
    "Wei",
    "Bill",
    "William",
    "Alexander",
    "Sasha",
    "Abdulrahman",
    "Abdul",
    "Rahman",
    "Abd",
    "Abdulrahmann",
    "Trading",
    "Company",
    "LLC",
    "GmbH",
    "International",
    "44",
    "Third",
    "Three",
    "KTC",
    "Karim Trading Company",
    "Moscow",
    "Петров",
    "Иван",
    "محمد",
    "علي",
    "عبد",
    "习近平",
    "弗拉基米尔·普京",
    "김정은",
    "გიორგი",
];

fn entities() -> impl Strategy<Value = Entity> {
    let names = prop::collection::vec(prop::sample::select(&WORDS[..]), 1..6);
    let schemas = prop::sample::select(&["Person", "Person", "Company", "LegalEntity", "Vessel"][..]);
    (names, schemas, any::<u8>()).prop_map(|(names, schema, known)| {
        let mut entity = Entity::new("x", schema);
        entity.add("name", &names.join(" "));
        if known % 2 == 0 {
            entity.add("birthDate", &format!("19{:02}", known % 100));
        }
        if known % 8 == 0 {
            entity.add("birthDate", "1999-03-04");
        }
        if known % 5 == 0 {
            entity.add("gender", if known % 10 == 0 { "male" } else { "female" });
        }
        if known % 3 == 0 {
            entity.add("country", if known % 2 == 0 { "ru" } else { "ir" });
        }
        entity
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// However much is looked for, what the index finds is what comparing with all finds.
    #[test]
    fn no_way_to_look_loses_anything(
        list in prop::collection::vec(entities(), 1..80),
        queries in prop::collection::vec(entities(), 1..12),
    ) {
        let mut index = Index::new(list);
        for query in &queries {
            let ready = Ready::new(query);
            for threshold in [THRESHOLD, 0.5, 0.9] {
            let all = index.find_by_force(&ready, threshold);
            for effort in [
                Effort::default(),
                Effort { names: 0, ..Effort::default() },
                Effort { words: 0, names: u32::MAX, touched: 0 },
                Effort { words: 0, names: 0, touched: usize::MAX },
                Effort { words: 0, names: 0, touched: 0 },
            ] {
                index.effort = effort;
                prop_assert_eq!(index.find(&ready, threshold), all.clone(), "{:?} {:?}", effort, query.properties);
            }
            }
        }
    }
}
