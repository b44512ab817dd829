//! Lists that are published as several files, side by side or packed into one.

use std::io::{Cursor, Read as _};

use super::limits::LARGEST;
use super::ofac::table::{self, Part};
use super::{Edition, Form, ListFault};

/// Files of an archive at most: a set has five.
const MOST_FILES: usize = 32;

/// Reads a list of one or several files, each with its name: one file by its form; the CSV set of OFAC (`sdn.csv`,
/// `alt.csv`, `add.csv` and, if there is one, `sdn_comments.csv`; or `cons_prim.csv`, `cons_alt.csv`, `cons_add.csv`),
/// joined by the numbers of entries; or one ZIP archive with such files. Folders before names are passed over.
///
/// # Errors
/// [`ListFault`], which names the file where there are several; then nothing of the list is to be used. A set without
/// its names or its addresses is refused: aliases that are not there clear somebody.
pub fn read_set(files: &[(&str, &[u8])]) -> Result<Edition, ListFault> {
    let whole = |reason: &str| ListFault { line: 1, column: 1, reason: reason.to_owned() };
    let edition = match files {
        [] => return Err(whole("no file is given")),
        [(_, bytes)] if bytes.starts_with(b"PK\x03\x04") => return unpacked(bytes),
        [(_, bytes)] => return Form::of(bytes).read(bytes),
        files => joined(files)?,
    };
    if edition.entries.is_empty() {
        return Err(whole("the list holds no entry"));
    }
    Ok(edition)
}

fn joined(files: &[(&str, &[u8])]) -> Result<Edition, ListFault> {
    let base = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or_default().to_lowercase();
    let find = |names: &[&str]| files.iter().find(|file| names.contains(&base(file.0).as_str()));
    let needed = |names: &[&str]| {
        find(names).ok_or_else(|| {
            let reason = format!("the set is without {}: all of its files are needed", names.join(" or "));
            ListFault { line: 1, column: 1, reason }
        })
    };
    let (first, names) = (needed(&["sdn.csv", "cons_prim.csv"])?, needed(&["alt.csv", "cons_alt.csv"])?);
    let addresses = needed(&["add.csv", "cons_add.csv"])?;
    let of = |name: &str, fault: ListFault| {
        let reason = format!("{}: {}", base(name), fault.reason);
        ListFault { reason, ..fault }
    };
    let mut edition = table::read(first.1).map_err(|fault| of(first.0, fault))?;
    let comments = find(&["sdn_comments.csv", "cons_comments.csv"]);
    let parts = [(Some(names), Part::Names), (Some(addresses), Part::Addresses), (comments, Part::Comments)];
    for (file, part) in parts {
        let Some((name, bytes)) = file else { continue };
        table::join(&mut edition, part, bytes).map_err(|fault| of(name, fault))?;
    }
    Ok(edition)
}

/// Reads the files of an archive, none of which may unpack to more than a list may have.
fn unpacked(bytes: &[u8]) -> Result<Edition, ListFault> {
    let damaged = |reason: String| ListFault { line: 1, column: 1, reason };
    let unreadable = |error: zip::result::ZipError| damaged(format!("no readable archive: {error}"));
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(unreadable)?;
    if archive.len() > MOST_FILES {
        return Err(damaged(format!("an archive of more than {MOST_FILES} files")));
    }
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    // Text packs to a tenth or so; what unpacks to a hundred times is made to fill a memory.
    let most = LARGEST.min((bytes.len() as u64).saturating_mul(100).max(1 << 20));
    let mut left = most;
    for place in 0..archive.len() {
        let mut file = archive.by_index(place).map_err(unreadable)?;
        if file.is_dir() {
            continue;
        }
        let name = file.name().map_err(unreadable)?.into_owned();
        let mut unpacked = Vec::new();
        let read = file.by_ref().take(left.saturating_add(1)).read_to_end(&mut unpacked);
        read.map_err(|error| damaged(format!("{name} cannot be unpacked: {error}")))?;
        let size = unpacked.len() as u64;
        left = left.checked_sub(size).ok_or_else(|| {
            damaged(format!("{name} unpacks to more than a hundred times its archive or than 4 GiB"))
        })?;
        if unpacked.starts_with(b"PK\x03\x04") {
            return Err(damaged(format!("{name} is an archive within the archive")));
        }
        files.push((name, unpacked));
    }
    let files: Vec<(&str, &[u8])> = files.iter().map(|file| (file.0.as_str(), file.1.as_slice())).collect();
    read_set(&files)
}
