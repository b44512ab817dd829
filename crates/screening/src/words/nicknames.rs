//! Short and pet names.

use std::sync::LazyLock;

use rustc_hash::FxHashMap as HashMap;

/// For each name those that it may stand for, or that may stand for it; and whether it is a short one.
static BY_NAME: LazyLock<HashMap<&str, (Vec<&str>, bool)>> = LazyLock::new(|| {
    let mut by_name: HashMap<&str, (Vec<&str>, bool)> = HashMap::default();
    for (short, long) in NICKNAMES {
        let own = by_name.entry(short).or_default();
        own.0.push(long);
        own.1 = true;
        by_name.entry(long).or_default().0.push(short);
    }
    by_name
});

/// The names that a name may stand for, and those that may stand for it.
pub(crate) fn names_of(latin: &str) -> &'static [&'static str] {
    BY_NAME.get(latin).map_or(&[], |(names, _)| names)
}

/// Whether a name is short for another.
pub(crate) fn is_short(latin: &str) -> bool {
    BY_NAME.get(latin).is_some_and(|(_, short)| *short)
}

/// Short and pet names with the name that they stand for. What stands for several has several lines.
pub const NICKNAMES: &[(&str, &str)] = &[
    ("al", "albert"),
    ("al", "alan"),
    ("alex", "alexander"),
    ("alex", "alexandra"),
    ("sasha", "aleksandr"),
    ("sasha", "alexander"),
    ("sasha", "aleksandra"),
    ("shura", "aleksandr"),
    ("lyosha", "aleksei"),
    ("alyosha", "aleksei"),
    ("andy", "andrew"),
    ("drew", "andrew"),
    ("tony", "anthony"),
    ("toni", "antonio"),
    ("barry", "barack"),
    ("bart", "bartholomew"),
    ("ben", "benjamin"),
    ("benny", "benjamin"),
    ("bibi", "benjamin"),
    ("bernie", "bernard"),
    ("bert", "albert"),
    ("beth", "elizabeth"),
    ("betty", "elizabeth"),
    ("bill", "william"),
    ("billy", "william"),
    ("will", "william"),
    ("bob", "robert"),
    ("bobby", "robert"),
    ("rob", "robert"),
    ("borya", "boris"),
    ("cathy", "catherine"),
    ("kate", "katherine"),
    ("katya", "ekaterina"),
    ("charlie", "charles"),
    ("chuck", "charles"),
    ("chris", "christopher"),
    ("chris", "christian"),
    ("dan", "daniel"),
    ("danny", "daniel"),
    ("dave", "david"),
    ("dick", "richard"),
    ("rick", "richard"),
    ("rich", "richard"),
    ("dima", "dmitry"),
    ("dima", "dmitrii"),
    ("mitya", "dmitry"),
    ("ed", "edward"),
    ("eddie", "edward"),
    ("ted", "edward"),
    ("ted", "theodore"),
    ("fedya", "fedor"),
    ("frank", "francis"),
    ("fred", "frederick"),
    ("fritz", "friedrich"),
    ("gene", "eugene"),
    ("zhenya", "evgenii"),
    ("zhenya", "yevgeny"),
    ("gosha", "georgii"),
    ("greg", "gregory"),
    ("grisha", "grigorii"),
    ("hank", "henry"),
    ("harry", "henry"),
    ("hans", "johannes"),
    ("heinz", "heinrich"),
    ("jack", "john"),
    ("johnny", "john"),
    ("jake", "jacob"),
    ("jim", "james"),
    ("jimmy", "james"),
    ("joe", "joseph"),
    ("pepe", "jose"),
    ("paco", "francisco"),
    ("pancho", "francisco"),
    ("jon", "jonathan"),
    ("ken", "kenneth"),
    ("kolya", "nikolai"),
    ("kostya", "konstantin"),
    ("larry", "lawrence"),
    ("len", "leonard"),
    ("lyova", "lev"),
    ("liz", "elizabeth"),
    ("maggie", "margaret"),
    ("peggy", "margaret"),
    ("masha", "maria"),
    ("matt", "matthew"),
    ("max", "maximilian"),
    ("max", "maxim"),
    ("mike", "michael"),
    ("mick", "michael"),
    ("misha", "mikhail"),
    ("nate", "nathaniel"),
    ("nick", "nicholas"),
    ("pat", "patrick"),
    ("pat", "patricia"),
    ("pete", "peter"),
    ("petya", "petr"),
    ("phil", "philip"),
    ("ray", "raymond"),
    ("ron", "ronald"),
    ("sam", "samuel"),
    ("sandy", "alexander"),
    ("serezha", "sergei"),
    ("seryozha", "sergei"),
    ("slava", "vyacheslav"),
    ("stan", "stanislav"),
    ("steve", "stephen"),
    ("steve", "steven"),
    ("sue", "susan"),
    ("tanya", "tatyana"),
    ("tim", "timothy"),
    ("tom", "thomas"),
    ("vanya", "ivan"),
    ("vasya", "vasilii"),
    ("vic", "victor"),
    ("vitya", "viktor"),
    ("volodya", "vladimir"),
    ("vova", "vladimir"),
    ("yura", "yurii"),
    ("zack", "zachary"),
    ("mo", "mohammed"),
    ("moe", "mohammed"),
    ("natasha", "natalya"),
    ("lena", "elena"),
    ("olya", "olga"),
];

/// Endings of patronymics.
pub fn is_patronymic(word: &str) -> bool {
    word.len() > 6
        && [
            "ovich", "evich", "ovych", "evych", "yevich", "ovna", "evna", "ivna", "yevna", "ovic", "ivich",
            "oglu", "ogly",
        ]
        .iter()
        .any(|ending| word.ends_with(ending))
}
