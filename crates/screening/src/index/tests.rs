use proptest::prelude::*;

use super::*;
use crate::score::THRESHOLD;

/// Words of which names are made by chance: near each other, short and long, in several scripts and in several ways to
/// cut them.
const WORDS: [&str; 76] = [
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
    "الرحمن",
    "دار",
    "الحكمة",
    "الحكيم",
    "للتجارة",
    "Darulhikma",
    "Abdulhakim",
    "Абдул",
    "Рахман",
    "Karimov",
    // Han that other languages than Mandarin read in their way.
    "劉德華",
    "劉",
    "Lau",
    "Tak-wah",
    "田中",
    "Tanaka",
    "Tanaka Yoko",
    "洋子",
    "朴永南",
    "Pak Yong Nam",
];

fn entities() -> impl Strategy<Value = Entity> {
    let names = prop::collection::vec(prop::sample::select(&WORDS[..]), 1..8);
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
            for threshold in [THRESHOLD, 0.3, 0.6, 0.9, 1.0] {
                let all = index.find_by_force(&ready, threshold);
                for effort in [
                    Effort::default(),
                    Effort { names: 0, ..Effort::default() },
                    Effort { words: 0, names: u32::MAX, touched: 0 },
                    Effort { words: 0, names: 0, touched: usize::MAX },
                    Effort { words: 0, names: 0, touched: 0 },
                ] {
                    index.effort = effort;
                    let found = index.find(&ready, threshold);
                    prop_assert_eq!(found, all.clone(), "{:?} {:?}", effort, query.properties);
                }
            }
        }
    }
}

fn found(entry: &str, query: &str, schema: &str) {
    let named = |name: &str| {
        let mut entity = Entity::new("x", schema);
        entity.add("name", name);
        entity
    };
    // Others, so that words are rare and frequent.
    let mut list = vec![named(entry)];
    list.extend(WORDS.iter().flat_map(|word| [named(word), named(&format!("{word} Karimov"))]));
    let mut index = Index::new(list);
    let ready = Ready::new(&named(query));
    let all = index.find_by_force(&ready, THRESHOLD);
    assert!(all.iter().any(|hit| hit.entry == 0), "the scorer finds {entry:?} by {query:?}");
    for effort in [Effort::default(), Effort { words: 0, names: 0, touched: 0 }] {
        index.effort = effort;
        assert_eq!(index.find(&ready, THRESHOLD), all, "{entry:?} by {query:?}, {effort:?}");
    }
}

#[test]
fn words_of_another_script_are_found_by_one_that_joins_them() {
    found("دار الحكمة للتجارة", "Darulhikma", "Company");
    found("عبد الحكيم محمد علي حسن عبد الكريم", "Abdulhakim Abdulkarim", "Person");
    found("عبد الرحمن Karimov", "Abdulrahman Foo Karimov", "Person");
}

#[test]
fn han_is_found_as_other_languages_read_it() {
    found("Andy Lau Tak-wah", "劉德華", "Person");
    found("LAU, Tak Wah", "劉德華", "Person");
    found("Tanaka Yoko", "田中 洋子", "Person");
    found("PAK YONG NAM", "朴永南", "Person");
    found("Tanaka", "田中", "Person");
}

#[test]
fn an_entry_of_very_many_names_is_found_by_its_last() {
    let mut entity = Entity::new("x", "Person");
    (0..300).for_each(|nth| entity.add("name", &format!("Sergei Number{nth} Ivanov")));
    entity.add("alias", "Abdul Rahman Xyz");
    let index = Index::new(vec![entity]);
    let mut query = Entity::new("q", "Person");
    query.add("name", "Abdulrahman Xyz");
    let ready = Ready::new(&query);
    assert_eq!(index.find(&ready, THRESHOLD), index.find_by_force(&ready, THRESHOLD));
    assert_eq!(index.find(&ready, THRESHOLD).len(), 1);
}

#[test]
fn a_name_of_very_many_first_letters_is_compared() {
    let mut entity = Entity::new("x", "Person");
    entity.add("name", "BC DF GH JK LM NP QR SV VW XZ BD CF GJ HK LN MP Ivan Petrov");
    let mut query = Entity::new("q", "Person");
    query.add("name", "Ivan Petrov");
    for (one, other) in [(&query, &entity), (&entity, &query)] {
        let index_of = Index::new(vec![other.clone()]);
        let ready = Ready::new(one);
        assert_eq!(index_of.find(&ready, 0.3), index_of.find_by_force(&ready, 0.3));
    }
}
