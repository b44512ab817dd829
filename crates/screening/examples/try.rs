//! Scores pairs: schema, name, name by lines of tabs.
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use entente_screening::{
    compare::compare,
    name::{Kind, Name},
};
use std::io::BufRead as _;
fn name(text: &str, kind: Kind) -> Name {
    if let Some(rest) = text.strip_prefix("@@") {
        let p: Vec<&str> = rest.split('|').collect();
        return Name::of_person(p[0], p[1], p[2]);
    }
    Name::new(text, kind)
}
fn main() {
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let f: Vec<&str> = line.split('\t').collect();
        let kind = Kind::of_schema(f[0]);
        let kind = if kind == Kind::Either
            && (entente_screening::name::is_of_organisation(f[1])
                || entente_screening::name::is_of_organisation(f[2]))
        {
            Kind::Organisation
        } else {
            kind
        };
        let kinds: &[Kind] = if kind == Kind::Either { &[Kind::Person, Kind::Organisation] } else { &[kind] };
        let best = kinds
            .iter()
            .map(|k| compare(&name(f[1], *k), &name(f[2], *k)))
            .max_by(|a, b| a.score.total_cmp(&b.score))
            .unwrap();
        println!(
            "{:.3}\t{:?}\t{}",
            best.score,
            best.notes,
            best.pairs
                .iter()
                .map(|p| format!("{:?}-{:?}:{:.2}{:?}", p.query, p.entry, p.like, p.why))
                .collect::<Vec<_>>()
                .join(" ")
        );
    }
}
