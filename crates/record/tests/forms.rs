//! What pages, texts and documents say is read, on small ones made up for it.

#![allow(clippy::unwrap_used)]

use std::io::{Cursor, Write as _};

use entente_record::{Bodies, Form, Kind, Record, RecordFault, parse};

fn read(text: &str) -> Record {
    parse(text.as_bytes(), &Bodies::standard()).unwrap()
}

fn refused(bytes: &[u8]) -> RecordFault {
    parse(bytes, &Bodies::standard()).unwrap_err()
}

/// A page with a body.
fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>Window</title></head><body>\
         <article class='hentry h-entry' id=event-77><h1 class='p-name'>Meeting</h1>\
         <div class='entry-content e-content' itemprop=articleBody>{body}</div></article></body></html>"
    )
}

/// Blocks as short lines: the kind’s first letter, the label (with `+` where a speech goes on), the text.
fn outline(record: &Record) -> Vec<String> {
    record
        .blocks
        .iter()
        .map(|b| {
            let kind = &b.kind.as_str()[..1];
            let label = b
                .label
                .as_deref()
                .map_or(String::new(), |l| format!("{l}{}", if b.continues { "+" } else { "" }));
            format!("{kind}|{label}|{}", b.text)
        })
        .collect()
}

#[test]
fn a_body_with_many_speakers_and_elisions_in_the_middle() {
    let record = read(&page(
        "<p>Those present were many.</p><p>* * *</p>\
         <p><b>Chair of the Board for Examples Ann Example: </b>Good\nafternoon.</p><p>We&nbsp;begin.</p>\
         <p> &lt;…&gt;</p><p>The first item, then.</p>\
         <p><strong>Secretary Bo Sample</strong>: Two remain. &lt;...&gt; One is late.</p>\
         <p><i>(A film is shown.)</i></p><p>It was short.</p>\
         <p><b>Ann Example</b> <i>(in English)</i>: Thanks.</p>\
         <blockquote>”We begin.“</blockquote><p>Next.</p>\
         <h3>Second item</h3><p>It is long.</p>\
         <p><b>Bo Sample:</b></p><p>Yes.</p><p><b>Ann Example:</b> &lt;…&gt;</p>\
         <p>* * *</p><p>Then they went home.</p>",
    ));
    let chair = "Chair of the Board for Examples Ann Example";
    assert_eq!(
        outline(&record),
        [
            "p||Those present were many.",
            "n||* * *",
            &format!("s|{chair}|Good afternoon."),
            &format!("s|{chair}+|We begin."),
            "e||<…>",
            &format!("s|{chair}+|The first item, then."),
            "s|Secretary Bo Sample|Two remain.",
            "e||<…>",
            "s|Secretary Bo Sample+|One is late.",
            "n||(A film is shown.)",
            "s|Secretary Bo Sample+|It was short.",
            "s|Ann Example|Thanks.",
            "q||We begin.",
            "s|Ann Example+|Next.",
            "h||Second item",
            "s|Ann Example+|It is long.",
            "s|Bo Sample|Yes.",
            "s|Ann Example|",
            "e||<…>",
            "n||* * *",
            "p||Then they went home.",
        ]
    );
    assert_eq!(record.speakers, [chair, "Secretary Bo Sample", "Ann Example", "Bo Sample"]);
    assert_eq!(record.blocks[11].remark.as_deref(), Some("(in English)"));
    let people: Vec<_> = record.people.iter().map(|p| (p.name.as_str(), p.labels.len())).collect();
    assert_eq!(people, [("Ann Example", 2), ("Bo Sample", 2)]);
}

#[test]
fn a_label_whose_words_are_left_out_is_kept_once() {
    let record = read(&page(
        "<p><b>Ann Example:</b> &lt;…&gt; Then yes.</p><p><b>Bo Sample:</b></p><p>&lt;…&gt;</p><p><b>Ann Example:</b> No.</p>",
    ));
    let expected = ["e||<…>", "s|Ann Example|Then yes.", "s|Bo Sample|", "e||<…>", "s|Ann Example|No."];
    assert_eq!(outline(&record), expected);
}

#[test]
fn an_elision_is_one_in_every_spelling() {
    for spelling in [
        "&lt;…&gt;",
        "&lt;...&gt;",
        "<…>",
        "<...>",
        "< … >",
        "&lt;&nbsp;…&nbsp;&gt;",
        "&lt;. . .&gt;",
        "&amp;lt;…&amp;gt;",
        "‹…›",
        "&lt;&lt;…&gt;&gt;",
        "<b>&lt;…&gt;</b>",
        "<i>&lt;...&gt;</i>",
        "&lt;<b>…</b>&gt;",
        "&#60;&hellip;&#62;",
        "〈…〉",
        "&lt;……&gt;",
    ] {
        let alone = read(&page(&format!("<p><b>A Voice:</b> Before.</p><p>{spelling}</p><p>After.</p>")));
        assert_eq!(outline(&alone), ["s|A Voice|Before.", "e||<…>", "s|A Voice+|After."], "{spelling}");
        let within = read(&page(&format!("<p>Before. {spelling} After.</p>")));
        assert_eq!(outline(&within), ["p||Before.", "e||<…>", "p||After."], "{spelling}");
    }
    assert_eq!(outline(&read(&page("<p>[...]</p>"))), ["e||<…>"]);
    for text in ["a &lt; b … c &gt; d", "…", "He said so…", "He left out […] here.", "&lt;.&gt;", "&lt;&gt;"]
    {
        let record = read(&page(&format!("<p>{text}</p>")));
        assert!(record.blocks.iter().all(|b| b.kind == Kind::Paragraph), "{text}");
    }
}

#[test]
fn what_stands_beside_the_text_is_no_part_of_it() {
    let record = read(&page(
        "<div class='slider masha-ignore'><div class=slide data-cycle-desc=First><img id=photo-1 src=/1 alt=First></div>\
         <p>{{slideNum}} of {{slideCount}}</p></div><p>{{title}} is filled in</p><template><p>Template</p></template>\
         <script>var a = '<p>Script</p>';</script><p hidden>Hidden</p><p style='display: none'>Hidden</p><noscript><p>None</p></noscript>\
         <p><b>A Voice:</b> One.</p>\
         <div class=read__cut role=complementary><h3>See also</h3><a class=cut__item href=/9>Another meeting</a>\
         <div class=cut__date>October 17, 2005</div><a class=cut__item href=/8>A third</a></div>\
         <div class=media><figure class=media__pic><img src=/1 alt=Again></figure><span>Again</span></div>\
         <div class=media><figure class=media__pic><img src=/2 alt=Second></figure></div>\
         <p>Two, with <a class=person_tag href=/p>Bo Sample<span class='read__tooltip hidden'><span class=tooltip_title>Sample Bo</span>\
         <span class=tooltip_description_dark>Secretary</span></span></a>.</p>\
         <div class=read__bottommeta><div class=read__tags>\
         <div class=read__tagscol><h3>Geography</h3><ul><li><a rel=tag href=/catalog/countries/XX/events>Exampleland</a></ul></div>\
         <div class=read__tagscol><h3>Persons</h3><ul><li><a rel=tag href=/catalog/persons/1/events>Sample Bo</a></ul>\
         <a class=toggle>3 more</a></div></div>\
         <div class=read__status><p>Published in section: <a href=/events/councils/by-council/5>Council for Examples</a></p>\
         <p>Publication date: <time datetime=2005-10-18>October 18, 2005, 09:30</time></p>\
         <p>Direct link: <a class=print_link href=http://example.org/d/77>example.org/d/77</a></p></div></div>",
    ));
    assert_eq!(outline(&record), ["s|A Voice|One.", "s|A Voice+|Two, with Bo Sample."]);
    assert_eq!(record.see_also.len(), 2);
    assert_eq!(record.see_also[0].date.unwrap().to_string(), "2005-10-17");
    assert_eq!(
        (record.see_also[1].title.as_str(), record.see_also[1].link.as_deref()),
        ("A third", Some("/8"))
    );
    let captions: Vec<_> = record.photographs.iter().map(|p| p.caption.as_deref().unwrap()).collect();
    assert_eq!((record.photos, captions), (Some(2), vec!["First", "Second"]));
    assert_eq!(
        (record.geography, record.persons),
        (vec!["Exampleland".to_owned()], vec!["Sample Bo".to_owned()])
    );
    assert_eq!(record.persons_unnamed, 3);
    assert_eq!(record.body.as_deref(), Some("Council for Examples"));
    assert_eq!(record.publication_date.unwrap().to_string(), "2005-10-18");
    assert_eq!((record.id.as_deref(), record.direct_link.as_deref()), (Some("77"), Some("example.org/d/77")));
    assert_eq!(record.mentions[0].post.as_deref(), Some("Secretary"));
}

#[test]
fn persons_that_are_folded_away_are_named() {
    let record = read(&page(
        "<p>Text.</p><div class=read__tagscol><h3>Persons</h3><ul><li><a rel=tag href=/catalog/persons/1/>One</a></ul>\
         <span>2 more</span><ul class=hidden-list><li><a rel=tag href=/catalog/persons/2/>Two</a>\
         <li><a rel=tag href=/catalog/persons/3/>Three</a></ul></div>",
    ));
    assert_eq!((record.persons.len(), record.persons_unnamed), (3, 0));
}

#[test]
fn old_pages_without_bold_and_with_breaks_are_read() {
    let capitals = read(&page(
        "<p>ANN EXAMPLE: Good day.</p><p>Go on: there is time.</p><p>QUESTION: Why?</p><p>ANN EXAMPLE: So.</p>",
    ));
    assert_eq!(
        outline(&capitals),
        [
            "s|ANN EXAMPLE|Good day.",
            "s|ANN EXAMPLE+|Go on: there is time.",
            "s|QUESTION|Why?",
            "s|ANN EXAMPLE|So."
        ]
    );
    let breaks = read(&page(
        "<b>Ann Example:</b> One,<br>two.<br><br>Three.<br><b>Bo Sample:</b> Four.<br>&lt;…&gt;<br>Five.<br>Ann Example: Six.",
    ));
    assert_eq!(
        outline(&breaks),
        [
            "s|Ann Example|One, two.",
            "s|Ann Example+|Three.",
            "s|Bo Sample|Four.",
            "e||<…>",
            "s|Bo Sample+|Five.",
            "s|Ann Example|Six."
        ]
    );
    // Bold as a whole is a heading, unless a known label begins it.
    let bold = read(&page(
        "<p><b>Agenda: two items</b></p><p><b>What was said:</b></p><p><b>Ann Example:</b> Yes.</p><p><b>Ann Example: No.</b></p><p><b>End</b></p>",
    ));
    assert_eq!(
        outline(&bold),
        ["h||Agenda: two items", "h||What was said:", "s|Ann Example|Yes.", "s|Ann Example|No.", "h||End"]
    );
}

#[test]
fn a_page_in_russian_is_read() {
    let record = read(
        "<html lang=ru><body><article class=h-entry id=event-5><h1 class=p-name>Заседание Комиссии по вопросам \
         военно-технического сотрудничества с иностранными государствами</h1><div class=p-summary></div>\
         <time class=read__published datetime=2012-10-17>17 октября 2012 года</time><div class=read__time>9:05</div>\
         <div class=e-content><p><b>А.Пример:</b> Начнём.</p><p>&lt;…&gt;</p></div>\
         <div class=read__tagscol><h3>Темы</h3><a rel=tag href=/x>Примеры</a></div></article>",
    );
    assert_eq!(
        record.body.as_deref(),
        Some("Commission for Military Technical Cooperation with Foreign States")
    );
    assert_eq!((record.language.as_deref(), record.topics.len()), (Some("ru"), 1));
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!((&json["date"], &json["time"]), (&"2012-10-17".into(), &"09:05".into()));
    assert_eq!(json["lead"], serde_json::Value::Null);
}

#[test]
fn the_json_has_the_members_that_programs_rely_on_first_and_in_order() {
    let json = serde_json::to_string(&read(&page("<p><b>A Voice:</b> One.</p>"))).unwrap();
    let mut from = 0;
    for member in [
        "id",
        "title",
        "lead",
        "date",
        "time",
        "place",
        "body",
        "blocks",
        "kind",
        "label",
        "text",
        "speakers",
        "photos",
        "topics",
        "geography",
        "persons",
        "sections",
        "publication_date",
        "direct_link",
        "see_also",
        "missing",
    ] {
        let at = json[from..].find(&format!("\"{member}\":"));
        from += at.unwrap_or_else(|| panic!("{member} after {}", &json[..from]));
    }
}

#[test]
fn a_transcript_in_plain_text_is_read() {
    let record = read(
        "Session on examples\n\nOctober 17, 2012, 17:30\nTown Hall\n\nChair: We begin: all are here.\nThere is one thing: time.\n\n\
         Secretary of the Board Bo Sample (by telephone): Yes. <...>\n* * *\nAll left.\n",
    );
    assert_eq!(record.title.as_deref(), Some("Session on examples"));
    assert_eq!(record.place.as_deref(), Some("Town Hall"));
    assert_eq!(
        outline(&record),
        [
            "s|Chair|We begin: all are here.",
            "s|Chair+|There is one thing: time.",
            "s|Secretary of the Board Bo Sample|Yes.",
            "e||<…>",
            "n||* * *",
            "p||All left.",
        ]
    );
    // Lines of one width with empty lines between paragraphs; no day.
    let set = read("Chair: We begin\nwith the first\nitem.\n\nIt is\nlong.\n\nSecretary: Yes.\n");
    assert_eq!(
        outline(&set),
        ["s|Chair|We begin with the first item.", "s|Chair+|It is long.", "s|Secretary|Yes."]
    );
    assert_eq!(set.title, None);
}

#[test]
fn a_text_version_keeps_quotes_and_pages_to_see_also_apart() {
    let record = read(
        "News\nMeeting of the Council for Examples\nThey met.\n17 October 2012\n17:30\n2 of 3\nThe table.\n\
         Ann Example: We have time. And “time” is dear.\n”We\nhave.“\n“We have time.”\n“Not said before.”\nSee also\nEarlier meeting\n\
         October 1, 2012\n<…>\nGeography\nExampleland\nTopics\nTime\nTables\n2 more\nPublication status\n\
         Published in section: News\nPublication date: October 18, 2012, 10:00\nDirect link: example.org/d/12\nText version\n",
    );
    assert_eq!(
        outline(&record),
        [
            "s|Ann Example|We have time. And “time” is dear.",
            "q||We\nhave.",
            "q||We have time.",
            "s|Ann Example+|“Not said before.”",
            "e||<…>"
        ]
    );
    assert_eq!((record.photos, record.photographs[0].number), (Some(3), 2));
    assert_eq!((record.lead.as_deref(), record.place.as_deref()), (Some("They met."), None));
    assert_eq!((record.topics.len(), record.geography.len(), record.sections.len()), (2, 1, 1));
    assert_eq!((record.id.as_deref(), record.body.as_deref()), (Some("12"), Some("Council for Examples")));
    assert_eq!(record.see_also[0].title, "Earlier meeting");
    assert!(record.missing.contains(&"topics: 2 more, which are not named".to_owned()));
}

/// A document with a main part.
fn document(xml: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    zip.start_file("[Content_Types].xml", options).unwrap();
    zip.start_file("word/document.xml", options).unwrap();
    zip.write_all(xml.as_bytes()).unwrap();
    zip.finish().unwrap().into_inner()
}

#[test]
fn a_document_of_word_is_read_without_what_was_deleted_or_hidden() {
    let run = |bold: bool, text: &str| {
        let set = if bold { "<w:rPr><w:b/></w:rPr>" } else { "<w:rPr><w:b w:val=\"0\"/></w:rPr>" };
        format!("<w:r>{set}<w:t xml:space=\"preserve\">{text}</w:t></w:r>")
    };
    let paragraph = |runs: &str| format!("<w:p>{runs}</w:p>");
    let bytes = document(&format!(
        "<?xml version=\"1.0\"?><w:document xmlns:w=\"w\"><w:body>\
         <w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr>{}</w:p>{}{}{}{}{}<w:p><w:pPr><w:pStyle w:val=\"Heading2\"/></w:pPr>{}</w:p>\
         <w:sectPr/></w:body></w:document>",
        run(true, "Session"),
        paragraph(&run(false, "17.10.2012")),
        paragraph(
            &(run(true, "Chair:")
                + &run(false, " We &amp; you begin.")
                + "<w:del><w:r><w:delText>Secret</w:delText></w:r></w:del>")
        ),
        paragraph(
            "<w:r><w:rPr><w:vanish/></w:rPr><w:t>Hidden</w:t></w:r><w:r><w:t>Go on</w:t><w:br/><w:br/><w:t>now.</w:t></w:r>"
        ),
        paragraph(
            "<w:r><w:drawing><w:txbxContent><w:p><w:r><w:t>Drawn</w:t></w:r></w:p></w:txbxContent></w:drawing></w:r>"
        ),
        paragraph(&run(false, "&lt;…&#62;")),
        run(false, "Next"),
    ));
    assert_eq!(Form::of(&bytes), Form::Docx);
    let record = parse(&bytes, &Bodies::standard()).unwrap();
    assert_eq!(
        (record.title.as_deref(), record.date.unwrap().to_string().as_str()),
        (Some("Session"), "2012-10-17")
    );
    assert_eq!(
        outline(&record),
        ["s|Chair|We & you begin.", "s|Chair+|Go on", "s|Chair+|now.", "e||<…>", "h||Next"]
    );
    assert!(record.missing.iter().any(|m| m.starts_with("blocks: 3 stretches")), "{:?}", record.missing);

    for (xml, reason) in [
        ("<!DOCTYPE w [<!ENTITY a 'b'>]><w:document/>", "document type"),
        ("<w:document><w:p><w:r><w:t>&a;</w:t></w:r></w:p></w:document>", "entity"),
        ("<w:document><w:p>", "ends before"),
        ("<w:document></w:p></w:document>", "well-formed"),
        ("<other/>", "w:document"),
    ] {
        assert!(refused(&document(xml)).reason.contains(reason), "{xml}: {}", refused(&document(xml)));
    }
    assert!(refused(b"PK\x03\x04").reason.contains("ZIP"));
    let bomb = format!("<w:document>{}</w:document>", " ".repeat(33 << 20));
    assert!(refused(&document(&bomb)).reason.contains("unpacks to more than 32 MiB"));
}

#[test]
fn what_is_no_record_is_refused_with_its_place() {
    let fault = refused("<!doctype html>\n<html>\n  <body><p>Hello</p></body></html>".as_bytes());
    assert_eq!((fault.line, fault.column), (3, 3));
    assert!(fault.reason.contains("h-entry"), "{fault}");
    let entry = "<div class=h-entry><h2 class=p-name>One</h2></div>";
    assert!(refused(format!("<html>{}", entry.repeat(3)).as_bytes()).reason.contains("list of 3 records"));
    let two = page("<p>a</p>") + &page("<p>b</p>");
    assert!(refused(two.as_bytes()).reason.contains("several articles"));
    assert!(refused(b"").reason.contains("no record"));
    assert!(refused(b"a,b\n1,2\n").reason.contains("no record"));
    let fault = refused(b"<html>\n<p>caf\xe9</p>");
    assert_eq!((fault.line, fault.column), (2, 7));
    assert!(fault.reason.contains("UTF-8"));
    assert!(refused(b"\x89PNG\r\n\x1a\n").reason.contains("UTF-8"));
    assert!(refused(b"text with \0").reason.contains("zero byte"));
    assert!(refused(&vec![b' '; (8 << 20) + 1]).reason.contains("8 MiB"));
}

/// Pages made to be slow or to exhaust the stack end soon, refused with their place.
#[test]
fn pages_made_to_be_slow_are_refused() {
    let attributes: String = (0..30_000).map(|n| format!(" a{n}")).collect();
    let formats: String = (0..200_000).map(|n| format!("<p><b a={n}></p>")).collect();
    for (body, reason) in [
        ("<div>".repeat(100_000), "deep"),
        ("<span>".repeat(100_000), "deep"),
        (formats, "deep"),
        ("<br>".repeat(400_000), "more than 250000"),
        (format!("<!--{}-->", "x".repeat(200_000)), "a tag or comment"),
        (format!("<a{attributes}>").repeat(3), "a tag or comment"),
    ] {
        let fault = refused(page(&body).as_bytes());
        assert!(fault.reason.contains(reason), "{fault}");
    }
    // As deep as it may be is read.
    assert_eq!(read(&page(&("<div>".repeat(490) + "<p>Deep.</p>"))).blocks.len(), 1);
}
