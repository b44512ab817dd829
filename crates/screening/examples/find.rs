//! Screens a table against a list: recall of the index against brute force, and times.
#![allow(clippy::print_stdout, clippy::unwrap_used)]
use entente_screening::{entity::Ready, index::Index, lists::Form};
use std::time::Instant;
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let bytes = std::fs::read(&args[1]).unwrap();
    let t = Instant::now();
    let form = Form::of(&bytes);
    let edition = form.read(&bytes);
    let edition = match edition {
        Ok(e) => e,
        Err(e) => {
            println!("{form:?} {e}");
            return;
        }
    };
    println!("{form:?} {:?} {} entries read in {:?}", edition.dated, edition.entries.len(), t.elapsed());
    let t = Instant::now();
    let index = Index::new(edition.entries);
    println!("index in {:?}", t.elapsed());
    if args.len() < 3 {
        return;
    }
    let queries = Form::Csv.read(&std::fs::read(&args[2]).unwrap()).unwrap().entries;
    let ready: Vec<Ready> = queries.iter().map(Ready::new).collect();
    let mut times = Vec::new();
    let mut hits = Vec::new();
    for q in &ready {
        let t = Instant::now();
        hits.push(index.find(q, 0.7));
        times.push(t.elapsed());
    }
    times.sort();
    println!(
        "p50 {:?} p99 {:?} mean {:?}",
        times[times.len() / 2],
        times[times.len() * 99 / 100],
        times.iter().sum::<std::time::Duration>() / times.len() as u32
    );
    let found: usize = hits.iter().map(Vec::len).sum();
    println!(
        "{} queries, {} with a hit, {} hits",
        ready.len(),
        hits.iter().filter(|h| !h.is_empty()).count(),
        found
    );
    if args.len() > 3 {
        let t = Instant::now();
        let mut lost = 0;
        let mut all = 0;
        for (i, q) in ready.iter().enumerate() {
            let force = index.find_by_force(q, 0.7);
            all += force.len();
            for h in &force {
                if !hits[i].iter().any(|x| x.entry == h.entry) {
                    lost += 1;
                    if lost < 12 {
                        println!(
                            "lost {:?} {} {:.2}",
                            queries[i].caption,
                            index.entity(h.entry).unwrap().caption,
                            h.score.score
                        );
                    }
                }
            }
        }
        println!(
            "by force {} hits, lost {}, {:?} per comparison",
            all,
            lost,
            t.elapsed() / (ready.len() * index.len()) as u32
        );
    }
    if args.len() > 4 {
        for (i, h) in hits.iter().enumerate().filter(|(_, h)| !h.is_empty()) {
            println!(
                "{} => {:?}",
                queries[i].caption,
                h.iter()
                    .map(|h| (&h.score.reasons[0].candidate, h.score.score, &h.score.reasons[0].detail))
                    .collect::<Vec<_>>()
            );
        }
    }
}
