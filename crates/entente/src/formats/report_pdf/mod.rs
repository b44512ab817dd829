//! The year's report as PDF: real text in embedded faces, set on A4, to be kept and to be heard as well as seen.
//!
//! It is set from what the page of the report shows, so both say the same: [`flow`] lays the
//! sections on sheets, [`table`] breaks tables over them, [`write`] makes bytes of the sheets.
//! The same brief gives the same bytes: the file is dated by the instant of its knowledge. It
//! keeps to PDF/A-2a (to be kept) and PDF/UA-1 (to be read aloud), and is not made where it would not.

mod chart;
mod face;
mod flow;
mod sheet;
mod table;
mod write;

use entente_register::brief::Brief;
use entente_store::Fault;
use jiff::tz::TimeZone;

use crate::web::execution_report::on_paper;

/// Sets it. `demonstration` says whether its contracts are invented.
///
/// # Errors
/// A fault if it makes no sound document.
pub fn bytes(brief: &Brief, demonstration: bool) -> Result<Vec<u8>, Fault> {
    let report = on_paper(brief);
    let conventions = &brief.conventions;
    let known = TimeZone::UTC.to_datetime(conventions.known_at);
    let frame = write::Frame {
        title: report.title.clone(),
        of: format!("as of {}, as known on {} UTC", conventions.as_of, known.strftime("%Y-%m-%d %H:%M:%S")),
        marking: report.marking.clone(),
        demonstration,
        made: conventions.known_at,
    };
    let faces = face::Faces::read()?;
    let mut sheets = sheet::Sheets::new(&faces);
    flow::set(&mut sheets, &report, demonstration);
    write::write(sheets, &frame)
}

#[cfg(test)]
mod tests {
    use entente_register::brief::Alert;

    use super::*;
    use crate::formats::sample;

    #[test]
    fn the_same_brief_gives_the_same_bytes() {
        let first = bytes(&sample::brief(), true).unwrap();
        assert!(first.starts_with(b"%PDF-1.7") && first.ends_with(b"%%EOF"));
        assert!(first == bytes(&sample::brief(), true).unwrap());
        assert!(first != bytes(&sample::brief(), false).unwrap(), "a demonstration says so");
    }

    #[test]
    fn every_brief_makes_a_sound_document() {
        // That it keeps to PDF/A-2a and PDF/UA-1 is looked at where it is made.
        bytes(&sample::nothing(), false).unwrap();
        bytes(&sample::past_the_horizon(), false).unwrap();
        let mut brief = sample::brief();
        brief.marking = "SECRET//AVIATION".parse().ok();
        assert!(brief.marking.is_some());
        // Whatever people wrote: other scripts, no space in a long word, no word at all, signs that nobody sees.
        let alert = brief.alerts[0].clone();
        for title in ["战斗机 و", &"Ы".repeat(3000), "", "a\u{0}b\u{200f}\u{301}c\u{1F600}", "Катера «Гриф»"]
        {
            brief.alerts.push(Alert { title: title.to_owned(), ..alert.clone() });
        }
        brief.alerts[0].value = 900_000_000_000_000_000;
        brief.months[0].planned_sum = entente_register::brief::Known::Value(i64::MIN);
        bytes(&brief, true).unwrap();
    }

    #[test]
    fn every_section_is_in_the_contents_with_its_sheet() {
        let (brief, faces) = (sample::brief(), face::Faces::read().unwrap());
        let report = on_paper(&brief);
        let mut sheets = sheet::Sheets::new(&faces);
        flow::set(&mut sheets, &report, true);
        assert_eq!(sheets.places.len(), report.sections.len());
        for (section, (title, sheet, _)) in report.sections.iter().zip(&sheets.places) {
            assert!(title.ends_with(&section.title) && *sheet < sheets.sheets.len(), "{title}");
        }
        let all = sheets.sheets.iter().flatten();
        for (_, mark) in all {
            let sheet::Mark::Words { at, style, size, text, .. } = mark else { continue };
            let right = at.0 + faces.width(*style, *size, text);
            assert!(at.0 >= sheet::LEFT - 0.5 && right <= sheet::RIGHT + 0.5, "{text}: {at:?} to {right}");
        }
    }
}
