//! The faces of the report: how wide words are, how lines are broken, and which glyphs stand for them.
//!
//! PT Sans and PT Serif by ParaType, shipped unmodified with their licence beside them; they hold Latin and the
//! Cyrillic of all languages of their country. A letter that they do not hold is written as `?`.

use entente_store::Fault;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::raw::TableProvider as _;
use skrifa::raw::tables::kern::SubtableKind;
use skrifa::{FontRef, MetadataProvider as _};

/// Which face.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Sans,
    SansBold,
    Serif,
    SerifBold,
}

/// The files, in the order of [`Style`].
const FILES: [&[u8]; 4] = [
    include_bytes!("../../../assets/fonts/PTS55F.ttf"),
    include_bytes!("../../../assets/fonts/PTS75F.ttf"),
    include_bytes!("../../../assets/fonts/PTF55F.ttf"),
    include_bytes!("../../../assets/fonts/PTF75F.ttf"),
];

/// Units in the height of a line of type, in all four.
const UNITS: f32 = 1000.0;

/// What stands for a letter that a face does not hold.
const OTHER: char = '?';

struct Face {
    font: Font,
    read: FontRef<'static>,
    metrics: GlyphMetrics<'static>,
}

/// All four.
pub(super) struct Faces([Face; 4]);

impl Faces {
    /// Reads them.
    ///
    /// # Errors
    /// A fault if a file of ours is no face.
    pub(super) fn read() -> Result<Faces, Fault> {
        let face = |file: &'static [u8]| {
            let read = FontRef::new(file).map_err(|e| Fault::internal("reading a face", e))?;
            let font = Font::new(file.into(), 0)
                .ok_or_else(|| Fault::internal("reading a face", "it cannot be embedded"))?;
            let metrics = read.glyph_metrics(Size::unscaled(), LocationRef::default());
            Ok::<Face, Fault>(Face { font, read, metrics })
        };
        let [a, b, c, d] = FILES;
        Ok(Faces([face(a)?, face(b)?, face(c)?, face(d)?]))
    }

    fn face(&self, style: Style) -> &Face {
        &self.0[style as usize]
    }

    /// The face as the document embeds it.
    pub(super) fn font(&self, style: Style) -> Font {
        self.face(style).font.clone()
    }

    /// How wide a text is.
    pub(super) fn width(&self, style: Style, size: f32, text: &str) -> f32 {
        self.glyphs(style, &self.plain(style, text)).iter().map(|glyph| glyph.x_advance * size).sum()
    }

    /// A text as the face can write it: every space that does not break as the one that the face holds, and
    /// every letter that it does not hold as `?`.
    pub(super) fn plain(&self, style: Style, text: &str) -> String {
        let letters = self.face(style).read.charmap();
        text.chars()
            .map(|c| match c {
                '\u{202f}' | '\u{2009}' | '\u{2007}' => '\u{a0}',
                c if c.is_control() => ' ',
                c if letters.map(c).is_none_or(|glyph| glyph.to_u32() == 0) => OTHER,
                c => c,
            })
            .collect()
    }

    /// The glyphs of a plain text, kerned.
    pub(super) fn glyphs(&self, style: Style, plain: &str) -> Vec<KrillaGlyph> {
        let face = self.face(style);
        let letters = face.read.charmap();
        let kerning = |left, right| {
            let table = face.read.kern().ok()?;
            table.subtables().flatten().find_map(|part| match part.kind().ok()? {
                SubtableKind::Format0(pairs) if part.is_horizontal() => pairs.kerning(left, right),
                _ => None,
            })
        };
        let mut glyphs: Vec<KrillaGlyph> = Vec::with_capacity(plain.len());
        let mut before = None;
        for (at, letter) in plain.char_indices() {
            let id = letters.map(letter).unwrap_or_default();
            if let (Some(left), Some(last)) = (before, glyphs.last_mut())
                && let Some(units) = kerning(left, id)
            {
                #[allow(clippy::cast_precision_loss)] // Two or three digits.
                let units = units as f32;
                last.x_advance += units / UNITS;
            }
            // Between a number and its unit the space is narrow.
            let narrow = if letter == '\u{a0}' { 0.7 } else { 1.0 };
            let advance = face.metrics.advance_width(id).unwrap_or(0.0) / UNITS * narrow;
            let range = at..at + letter.len_utf8();
            glyphs.push(KrillaGlyph::new(GlyphId::new(id.to_u32()), advance, 0.0, 0.0, 0.0, range, None));
            before = Some(id);
        }
        glyphs
    }

    /// A text in lines no wider than this; a word that is wider is broken behind a sign, or where it must be.
    pub(super) fn lines(&self, style: Style, size: f32, text: &str, width: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        for word in text.split(' ').filter(|word| !word.is_empty()) {
            for (index, part) in self.parts(style, size, word, width).into_iter().enumerate() {
                let line = lines.last().map_or("", String::as_str);
                let joined = match (line.is_empty(), index) {
                    (true, _) => part.to_owned(),
                    (false, 0) => format!("{line} {part}"),
                    (false, _) => format!("{line}{part}"),
                };
                let fits = self.width(style, size, &joined) <= width;
                match lines.last_mut() {
                    Some(last) if fits || last.is_empty() => *last = joined,
                    _ => lines.push(part.to_owned()),
                }
            }
        }
        lines
    }

    /// A word whole if it fits; or else the parts between which it may be broken.
    fn parts<'t>(&self, style: Style, size: f32, word: &'t str, width: f32) -> Vec<&'t str> {
        if self.width(style, size, word) <= width {
            return vec![word];
        }
        let mut parts = Vec::new();
        for part in word.split_inclusive(['/', '.', '_', '&', '=', '?', '-', ',', ';', ':']) {
            if self.width(style, size, part) <= width {
                parts.push(part);
                continue;
            }
            let mut from = 0;
            for (at, letter) in part.char_indices() {
                let to = at + letter.len_utf8();
                if at > from && self.width(style, size, &part[from..to]) > width {
                    parts.push(&part[from..at]);
                    from = at;
                }
            }
            parts.push(&part[from..]);
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn latin_and_cyrillic_are_held_and_others_are_marked() {
        let faces = Faces::read().unwrap();
        let text = "Execution ÷ план 2012 года, ғәңқ, 78.9\u{202f}% − “quoted” – ‹…›";
        for style in [Style::Sans, Style::SansBold, Style::Serif, Style::SerifBold] {
            let plain = faces.plain(style, text);
            assert_eq!(plain, text.replace('\u{202f}', "\u{a0}"), "{style:?}");
            assert_eq!(faces.plain(style, "汉\n字"), "? ?");
            assert!(faces.glyphs(style, &plain).iter().all(|glyph| glyph.glyph_id.to_u32() != 0));
        }
    }

    #[test]
    fn digits_are_of_one_width_and_pairs_are_kerned() {
        let faces = Faces::read().unwrap();
        let width = |text| faces.width(Style::Sans, 10.0, text);
        assert!((width("1111") - width("8888")).abs() < 0.001);
        assert!(width("AV") < width("A") + width("V"));
    }

    #[test]
    fn no_line_is_wider_than_its_place_and_no_letter_is_lost() {
        let faces = Faces::read().unwrap();
        let text =
            "/figures/previous_year.delivered_same_date and a word thatisfartoolongforanylineofthiswidth";
        for width in [20.0, 40.0, 90.0, 400.0] {
            let lines = faces.lines(Style::Sans, 8.0, text, width);
            assert!(lines.iter().all(|line| faces.width(Style::Sans, 8.0, line) <= width), "{lines:?}");
            assert_eq!(lines.concat().replace(' ', ""), text.replace(' ', ""));
        }
        assert_eq!(faces.lines(Style::Sans, 8.0, "", 50.0), [""]);
    }
}
