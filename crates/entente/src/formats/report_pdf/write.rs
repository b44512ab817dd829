//! From sheets to the bytes of a PDF: inks, the head and the foot of each sheet, the structure, the outline.

use std::num::NonZeroU16;

use entente_store::Fault;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use krilla::Document;
use krilla::SerializeSettings;
use krilla::color::rgb;
use krilla::configure::{Accessibility, Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::geom::{Path, PathBuilder, Point};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::{Fill, LineCap, LineJoin, Stroke, StrokeDash};
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, Node, SpanTag, TableHeaderScope, Tag,
    TagGroup, TagKind, TagTree,
};

use super::face::{Faces, Style};
use super::sheet::{HEIGHT, Ink, LEFT, Mark, Part, PartId, RIGHT, Role, Sheets, Type, WIDTH};

/// What stands at the head and the foot of every sheet, and what the file says of itself.
pub(super) struct Frame {
    pub(super) title: String,
    /// Cut-off and instant of knowledge, short.
    pub(super) of: String,
    pub(super) marking: Option<String>,
    pub(super) demonstration: bool,
    /// The file is as old as what it says.
    pub(super) made: Timestamp,
}

const EDGE: Type = Type::new(Style::Sans, 7.6, 10.0, Ink::Soft);
const MARKING: Type = Type::new(Style::SansBold, 9.0, 11.0, Ink::Alarm);
/// The base line of the head.
const HEAD: f32 = 40.0;
/// The base line of the foot.
const FOOT: f32 = HEIGHT - 34.0;

/// Writes them.
///
/// # Errors
/// A fault if they make no sound document.
pub(super) fn write(sheets: Sheets<'_>, frame: &Frame) -> Result<Vec<u8>, Fault> {
    let faces = sheets.faces;
    // To be kept for as long as the papers of a session are, and to be read by those who hear it.
    let configuration = ConfigurationBuilder::new()
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| Fault::internal("setting the report", format!("{e:?}")))?;
    let mut document =
        Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    document.set_metadata(metadata(frame));
    let mut said: Vec<Vec<Identifier>> = sheets.parts.iter().map(|_| Vec::new()).collect();
    let all = sheets.sheets.len();
    for (index, sheet) in sheets.sheets.iter().enumerate() {
        let settings = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| Fault::internal("setting the report", "a sheet without a size"))?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        let mut rest = sheet.as_slice();
        while let Some((part, _)) = rest.first() {
            // What belongs together is said in one breath.
            let end = rest.iter().position(|(other, _)| other != part).unwrap_or(rest.len());
            let (own, further) = rest.split_at(end);
            let id = surface.start_tagged(match part {
                None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)),
                Some(id) if is_picture(&sheets.parts, *id) => ContentTag::Other,
                Some(_) => ContentTag::Span(SpanTag::empty()),
            });
            for (_, mark) in own {
                paint(&mut surface, faces, mark);
            }
            surface.end_tagged();
            if let Some(ids) = part.and_then(|part| said.get_mut(part)) {
                ids.push(id);
            }
            rest = further;
        }
        edges(&mut surface, faces, frame, index + 1, all);
        surface.finish();
        page.finish();
    }
    document.set_outline(outline(&sheets.places));
    let mut tree = TagTree::new().with_lang(Some("en".to_owned()));
    for root in &sheets.roots {
        if let Some(group) = group(&sheets.parts, &mut said, *root) {
            tree.push(group);
        }
    }
    document.set_tag_tree(tree);
    document.finish().map_err(|e| Fault::internal("setting the report", format!("{e:?}")))
}

fn is_picture(parts: &[Part], id: PartId) -> bool {
    parts.get(id).is_some_and(|part| matches!(part.role, Role::Figure(_)))
}

fn metadata(frame: &Frame) -> Metadata {
    let at = TimeZone::UTC.to_datetime(frame.made);
    let small = |value: i8| u8::try_from(value).unwrap_or(0);
    let made = DateTime::new(u16::try_from(at.year()).unwrap_or(0))
        .month(small(at.month()))
        .day(small(at.day()))
        .hour(small(at.hour()))
        .minute(small(at.minute()))
        .second(small(at.second()))
        .utc_offset_hour(0)
        .utc_offset_minute(0);
    Metadata::new()
        .title(format!("{}, {}", frame.title, frame.of))
        .language("en".to_owned())
        .creator("Entente".to_owned())
        .producer("Entente".to_owned())
        .creation_date(made)
}

fn outline(places: &[(String, usize, f32)]) -> Outline {
    let mut outline = Outline::new();
    for (title, sheet, y) in places {
        let to = XyzDestination::new(*sheet, Point::from_xy(LEFT, (y - 8.0).max(0.0)));
        outline.push_child(OutlineNode::new(title.clone(), to));
    }
    outline
}

/// A part with all that is within it; nothing for one in which nothing stands.
fn group(parts: &[Part], said: &mut [Vec<Identifier>], id: PartId) -> Option<TagGroup> {
    let part = parts.get(id)?;
    let mut children: Vec<Node> =
        said.get_mut(id).map(std::mem::take).unwrap_or_default().into_iter().map(Node::from).collect();
    for inner in &part.parts {
        children.extend(group(parts, said, *inner).map(Node::from));
    }
    // A cell without a word is a cell all the same: its row has as many as the others.
    let is_cell = matches!(part.role, Role::Cell | Role::RowHead | Role::ColumnHead);
    (is_cell || !children.is_empty()).then(|| TagGroup::with_children(tag(&part.role), children))
}

fn tag(role: &Role) -> TagKind {
    let level = |level: u16| NonZeroU16::new(level).unwrap_or(NonZeroU16::MIN);
    match role {
        Role::Title(title) => Tag::Hn(level(1), Some(title.clone())).into(),
        Role::Heading(title) => Tag::Hn(level(2), Some(title.clone())).into(),
        Role::Subheading(title) => Tag::Hn(level(3), Some(title.clone())).into(),
        Role::Paragraph => Tag::P.into(),
        Role::Caption => Tag::Caption.into(),
        Role::Contents => Tag::TOC.into(),
        Role::ContentsItem => Tag::TOCI.into(),
        Role::List => Tag::L(ListNumbering::Decimal).into(),
        Role::Item => Tag::LI.into(),
        Role::Table => Tag::Table.into(),
        Role::Head => Tag::THead.into(),
        Role::Body => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::ColumnHead => Tag::TH(TableHeaderScope::Column).into(),
        Role::RowHead => Tag::TH(TableHeaderScope::Row).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure(words) => Tag::Figure(Some(words.clone())).into(),
    }
}

/// The marking at both ends of the sheet, what the report is, and which sheet of how many it is.
fn edges(surface: &mut Surface<'_>, faces: &Faces, frame: &Frame, number: usize, all: usize) {
    let middle = |text: &str| (WIDTH - faces.width(MARKING.style, MARKING.size, text)) / 2.0;
    let set = |surface: &mut Surface<'_>, x: f32, y: f32, type_: Type, text: &str| {
        paint(
            surface,
            faces,
            &Mark::Words {
                at: (x, y),
                style: type_.style,
                size: type_.size,
                ink: type_.ink,
                text: text.to_owned(),
            },
        );
    };
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Header)));
    set(surface, LEFT, HEAD, EDGE, "Entente");
    if let Some(marking) = &frame.marking {
        set(surface, middle(marking), HEAD, MARKING, marking);
    }
    if frame.demonstration {
        let text = "Demonstration: every contract is invented";
        set(surface, RIGHT - faces.width(EDGE.style, EDGE.size, text), HEAD, EDGE, text);
    }
    surface.end_tagged();
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Footer)));
    set(surface, LEFT, FOOT, EDGE, &frame.of);
    if let Some(marking) = &frame.marking {
        set(surface, middle(marking), FOOT, MARKING, marking);
    }
    let place = format!("{number} of {all}");
    set(surface, RIGHT - faces.width(EDGE.style, EDGE.size, &place), FOOT, EDGE, &place);
    surface.end_tagged();
}

fn colour(ink: Ink) -> rgb::Color {
    match ink {
        Ink::Black => rgb::Color::new(0, 0, 0),
        Ink::Soft => rgb::Color::new(0x4a, 0x48, 0x44),
        Ink::Alarm => rgb::Color::new(0x8c, 0x23, 0x18),
        Ink::Accent => rgb::Color::new(0x1d, 0x45, 0x68),
        Ink::AccentSoft => rgb::Color::new(0xd5, 0xe0, 0xe9),
        Ink::Hairline => rgb::Color::new(0xbb, 0xbb, 0xbb),
    }
}

fn paint(surface: &mut Surface<'_>, faces: &Faces, mark: &Mark) {
    let fill = |ink| Some(Fill { paint: colour(ink).into(), opacity: NormalizedF32::ONE, ..Fill::default() });
    match mark {
        Mark::Words { at, style, size, ink, text } => {
            surface.set_stroke(None);
            surface.set_fill(fill(*ink));
            let plain = faces.plain(*style, text);
            let glyphs = faces.glyphs(*style, &plain);
            surface.draw_glyphs(
                Point::from_xy(at.0, at.1),
                &glyphs,
                faces.font(*style),
                &plain,
                *size,
                false,
            );
        }
        Mark::Stroke { points, width, ink, dash } => {
            let Some(path) = path(points, false) else { return };
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: colour(*ink).into(),
                width: *width,
                line_cap: LineCap::Butt,
                line_join: LineJoin::Round,
                dash: (!dash.is_empty()).then(|| StrokeDash { array: dash.clone(), offset: 0.0 }),
                ..Stroke::default()
            }));
            surface.draw_path(&path);
        }
        Mark::Area { points, ink } => {
            let Some(path) = path(points, true) else { return };
            surface.set_stroke(None);
            surface.set_fill(fill(*ink));
            surface.draw_path(&path);
        }
        Mark::Dot { centre, radius, ink } => {
            let Some(path) = circle(*centre, *radius) else { return };
            surface.set_stroke(None);
            surface.set_fill(fill(*ink));
            surface.draw_path(&path);
        }
    }
}

fn path(points: &[(f32, f32)], closed: bool) -> Option<Path> {
    let mut builder = PathBuilder::new();
    let (first, others) = points.split_first()?;
    builder.move_to(first.0, first.1);
    for point in others {
        builder.line_to(point.0, point.1);
    }
    if closed {
        builder.close();
    }
    builder.finish()
}

/// Four curves that no eye tells from a circle.
fn circle((x, y): (f32, f32), radius: f32) -> Option<Path> {
    let bend = radius * 0.552_285;
    let mut builder = PathBuilder::new();
    builder.move_to(x + radius, y);
    builder.cubic_to(x + radius, y + bend, x + bend, y + radius, x, y + radius);
    builder.cubic_to(x - bend, y + radius, x - radius, y + bend, x - radius, y);
    builder.cubic_to(x - radius, y - bend, x - bend, y - radius, x, y - radius);
    builder.cubic_to(x + bend, y - radius, x + radius, y - bend, x + radius, y);
    builder.close();
    builder.finish()
}
