//! Real pages of one site and one of its text versions, with what a reader counts on them. The counts were written down
//! from the pages before there was a parser; none of the pages is a part of the project.

#![allow(clippy::unwrap_used)]

use std::path::PathBuf;

use entente_record::{Bodies, Kind, Record, parse};

/// The test data, or why it is skipped.
fn data(file: &str) -> Option<Vec<u8>> {
    let folder = std::env::var("ENTENTE_TEST_DATA").map_or_else(
        |_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let bytes = std::fs::read(folder.join("meetings").join(file)).ok();
    if bytes.is_none() {
        #[allow(clippy::print_stderr)]
        {
            eprintln!("skipped: meetings/{file} is not in the test data (ENTENTE_TEST_DATA)");
        }
    }
    bytes
}

/// What is counted on a page.
struct Counted {
    id: Option<&'static str>,
    when: (&'static str, &'static str),
    place: &'static str,
    /// Paragraphs, notes (dividing lines), speeches, quotes, elisions, headings.
    blocks: [usize; 6],
    labels: &'static [&'static str],
    photos: u32,
    topics: &'static [&'static str],
    geography: &'static [&'static str],
    persons: usize,
    unnamed: u32,
    sections: usize,
    see_also: usize,
    mentions: usize,
    body: Option<&'static str>,
}

const COMMISSION: &str = "Commission for Military Technical Cooperation with Foreign States";
const PRESIDENT: &str = "President of Russia Vladimir Putin";

/// Reads a page and compares it with what was counted.
fn counted(file: &str, expected: &Counted) -> Option<Record> {
    let record = parse(&data(file)?, &Bodies::standard()).unwrap();
    let of = |kind: Kind| record.blocks.iter().filter(|b| b.kind == kind).count();
    let kinds = [Kind::Paragraph, Kind::Note, Kind::Speech, Kind::Quote, Kind::Elision, Kind::Heading];
    assert_eq!(
        kinds.map(of),
        expected.blocks,
        "{file}: paragraphs, notes, speeches, quotes, elisions, headings"
    );
    assert_eq!(record.id.as_deref(), expected.id, "{file}");
    assert_eq!(record.date.unwrap().to_string(), expected.when.0, "{file}");
    assert_eq!(record.time.unwrap().strftime("%H:%M").to_string(), expected.when.1, "{file}");
    assert_eq!(record.place.as_deref(), Some(expected.place), "{file}");
    assert_eq!(record.speakers, expected.labels, "{file}");
    assert_eq!(record.photos, Some(expected.photos), "{file}");
    assert_eq!(record.topics, expected.topics, "{file}");
    assert_eq!(record.geography, expected.geography, "{file}");
    assert_eq!(
        (record.persons.len(), record.persons_unnamed),
        (expected.persons, expected.unnamed),
        "{file}"
    );
    assert_eq!(record.sections.len(), expected.sections, "{file}: {:?}", record.sections);
    assert_eq!(record.see_also.len(), expected.see_also, "{file}");
    assert_eq!(record.mentions.len(), expected.mentions, "{file}");
    assert_eq!(record.body.as_deref(), expected.body, "{file}");
    assert_eq!(record.language.as_deref(), Some("en"), "{file}");
    // On all of them the event’s day and hour are printed as those of publication too.
    assert_eq!((record.publication_date, record.publication_time), (record.date, record.time), "{file}");
    let link = expected.id.map(|id| format!("en.kremlin.ru/d/{id}"));
    assert_eq!(record.direct_link, link, "{file}");
    // No text is a card’s, a template’s or empty; a speech has a label and nothing else has one.
    for block in &record.blocks {
        assert!(
            !block.text.contains("See also") && !block.text.contains("{{") && !block.text.is_empty(),
            "{file}"
        );
        assert_eq!(block.label.is_some(), block.kind == Kind::Speech, "{file}: {block:?}");
        assert!(!block.text.contains(['\u{a0}', '\n']), "{file}: {block:?}");
    }
    // A record of a session that was held goes on behind closed doors: its elision is the last block.
    if expected.blocks[4] > 0 {
        assert_eq!(record.blocks.last().unwrap().kind, Kind::Elision, "{file}");
    }
    Some(record)
}

/// How many speeches begin, and how many go on.
fn begun(record: &Record) -> (usize, usize) {
    let speeches = || record.blocks.iter().filter(|b| b.kind == Kind::Speech);
    (speeches().filter(|b| !b.continues).count(), speeches().filter(|b| b.continues).count())
}

#[test]
fn an_old_short_page_is_read_as_far_as_it_goes() {
    let expected = Counted {
        id: Some("34263"),
        when: ("2005-10-17", "20:00"),
        place: "The Kremlin, Moscow",
        blocks: [1, 0, 0, 0, 0, 0],
        labels: &[],
        photos: 1,
        topics: &[],
        geography: &[],
        persons: 0,
        unnamed: 0,
        sections: 1,
        see_also: 1,
        mentions: 0,
        body: Some(COMMISSION),
    };
    let Some(record) = counted("34263.html", &expected) else { return };
    assert_eq!(
        record.body_as_printed.as_deref(),
        Some("Commission on Military-Technical Cooperation with Foreign States")
    );
    assert_eq!(record.lead, None);
    let missing: Vec<&str> = record.missing.iter().map(|m| m.split_once(':').unwrap().0).collect();
    assert_eq!(missing, ["lead", "speakers", "topics", "geography", "persons"]);
    assert_eq!(record.see_also[0].date.unwrap().to_string(), "2005-10-17");
    assert!(record.see_also[0].link.as_deref().unwrap().ends_with("/transcripts/23220"));
    assert_eq!(record.updated_date.unwrap().to_string(), "2015-03-20");
}

#[test]
fn a_page_with_a_quote_and_the_colon_beside_the_label() {
    let expected = Counted {
        id: Some("17793"),
        when: ("2013-04-03", "13:30"),
        place: "Novo-Ogaryovo, Moscow Region",
        blocks: [0, 1, 20, 1, 1, 0],
        labels: &[PRESIDENT],
        photos: 2,
        topics: &["Economy and finance", "Foreign policy"],
        geography: &[],
        persons: 0,
        unnamed: 0,
        sections: 4,
        see_also: 0,
        mentions: 0,
        body: Some(COMMISSION),
    };
    let Some(record) = counted("17793.html", &expected) else { return };
    assert_eq!(begun(&record), (1, 19));
    assert_eq!(
        record.body_as_printed.as_deref(),
        Some("Commission for Military Technology Cooperation with Foreign Countries")
    );
    let quote = record.blocks.iter().find(|b| b.kind == Kind::Quote).unwrap();
    assert!(quote.text.starts_with("The ") && quote.text.ends_with("market."), "no marks: {}", quote.text);
    assert_eq!(record.blocks[1].text, "Good afternoon, colleagues,");
}

#[test]
fn a_page_whose_transcript_follows_two_paragraphs() {
    let expected = Counted {
        id: Some("54089"),
        when: ("2017-03-22", "17:30"),
        place: "The Kremlin, Moscow",
        blocks: [2, 1, 12, 0, 1, 0],
        labels: &[PRESIDENT],
        photos: 2,
        topics: &["Armed Forces", "National security"],
        geography: &[],
        persons: 0,
        unnamed: 0,
        sections: 4,
        see_also: 0,
        mentions: 0,
        body: Some(COMMISSION),
    };
    let Some(record) = counted("54089.html", &expected) else { return };
    assert_eq!(begun(&record), (1, 11));
    assert_eq!(record.blocks[3].text, "Colleagues,");
    assert_eq!(record.sections[3], "Commission for Military Technology Cooperation with Foreign States");
}

#[test]
fn a_page_with_two_quotes_that_are_copies_of_what_was_said() {
    let expected = Counted {
        id: Some("56981"),
        when: ("2018-03-05", "18:30"),
        place: "The Kremlin, Moscow",
        blocks: [0, 0, 9, 2, 1, 0],
        labels: &[PRESIDENT],
        photos: 2,
        topics: &["Armed Forces", "Foreign policy"],
        geography: &[],
        persons: 0,
        unnamed: 0,
        sections: 4,
        see_also: 0,
        mentions: 0,
        body: Some(COMMISSION),
    };
    let Some(record) = counted("56981.html", &expected) else { return };
    assert_eq!(begun(&record), (1, 8));
    assert!(verbatim(&record).iter().all(|found| *found));
}

#[test]
fn a_page_with_two_speakers_a_remark_and_a_photograph_within() {
    const GUEST: &str =
        "Vice Chairman of the Communist Party of China Central Military Commission Zhang Youxia";
    let expected = Counted {
        id: Some("56327"),
        when: ("2017-12-07", "15:15"),
        place: "Novo-Ogaryovo, Moscow Region",
        blocks: [1, 1, 10, 0, 1, 0],
        labels: &[PRESIDENT, GUEST],
        photos: 5,
        topics: &["Armed Forces", "Foreign policy"],
        geography: &["People's Republic of China"],
        persons: 0,
        unnamed: 0,
        sections: 2,
        see_also: 0,
        mentions: 3,
        body: None,
    };
    let Some(record) = counted("56327.html", &expected) else { return };
    assert_eq!(begun(&record), (2, 8));
    let by = |label: &str| record.blocks.iter().filter(|b| b.label.as_deref() == Some(label)).count();
    assert_eq!((by(PRESIDENT), by(GUEST)), (4, 6));
    let remarks: Vec<_> = record.blocks.iter().filter_map(|b| b.remark.as_deref()).collect();
    assert_eq!(remarks, ["(retranslated)"]);
    // The card that opens over a person’s name is no part of the sentence.
    assert_eq!(record.mentions[2].printed, "Xi Jinping");
    assert!(record.blocks.iter().any(|b| b.text.ends_with("wishes from Xi Jinping.")));
    assert!(record.blocks.iter().any(|b| b.text.contains("17th and 18th meetings")));
    assert!(record.photographs.iter().all(|p| p.caption.is_some()));
    assert_eq!(record.photographs.len(), 5);
}

#[test]
fn a_page_with_a_card_within_the_speech() {
    let expected = Counted {
        id: Some("60812"),
        when: ("2019-06-24", "14:20"),
        place: "The Kremlin, Moscow",
        blocks: [1, 1, 12, 0, 1, 0],
        labels: &[PRESIDENT],
        photos: 7,
        topics: &["Armed Forces", "Foreign policy"],
        geography: &[],
        persons: 0,
        unnamed: 0,
        sections: 4,
        see_also: 1,
        mentions: 9,
        body: Some(COMMISSION),
    };
    let Some(record) = counted("60812.html", &expected) else { return };
    assert_eq!(begun(&record), (1, 11));
    assert_eq!(record.mentions[0].name.as_deref(), Some("Vaino Anton"));
    assert_eq!(
        record.mentions[0].post.as_deref(),
        Some("Chief of Staff of the Presidential Executive Office")
    );
    assert_eq!(record.see_also[0].date, None);
}

#[test]
fn the_text_version_of_a_page() {
    let expected = Counted {
        id: None,
        when: ("2012-10-17", "17:30"),
        place: "Novo-Ogaryovo, Moscow Region",
        blocks: [1, 1, 23, 2, 1, 0],
        labels: &[PRESIDENT],
        photos: 5,
        topics: &["Armed Forces", "National security"],
        geography: &[],
        persons: 4,
        unnamed: 5,
        sections: 4,
        see_also: 0,
        mentions: 0,
        body: Some(COMMISSION),
    };
    let Some(record) = counted("2012-10-17-text-version.txt", &expected) else { return };
    assert_eq!(begun(&record), (1, 22));
    assert!(
        record.title.as_deref().unwrap().starts_with("Meeting of the Commission for Military Technology")
    );
    assert!(record.lead.as_deref().unwrap().starts_with("Vladimir Putin held a meeting"));
    assert_eq!(record.persons, ["Chemezov Sergei", "Fradkov Mikhail", "Ivanov Sergei", "Lavrov Sergei"]);
    assert!(record.blocks[0].text.contains("the BRICS Group countries"), "one paragraph over two lines");
    assert_eq!(record.photographs.len(), 1);
    assert!(record.missing.iter().any(|m| m == "persons: 5 more, who are not named"));
    assert_eq!(verbatim(&record), [true, true]);
}

/// Of each quote, whether it is a run of words of a speech, but for the case of its first letter.
fn verbatim(record: &Record) -> Vec<bool> {
    let quotes = record.blocks.iter().filter(|b| b.kind == Kind::Quote);
    quotes
        .map(|quote| {
            let rest: String =
                quote.text.chars().skip(1).collect::<String>().trim_end_matches('.').to_owned();
            record.blocks.iter().any(|b| b.kind == Kind::Speech && b.text.contains(&rest))
        })
        .collect()
}
