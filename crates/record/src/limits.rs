//! How much is read before it is refused: what no record comes near to, and what a machine reads in a moment.

/// Bytes of a page, text or document.
pub const LARGEST: usize = 8 << 20;

/// Elements and stretches of text of a page.
pub const MOST_NODES: usize = 250_000;

/// How deep the elements of a page may be; browsers stop there too.
pub const DEEPEST: u32 = 512;

/// Bytes of one tag or comment of a page.
pub const LONGEST_TAG: usize = 128 << 10;

/// Steps among open elements and attributes that the reading of a page may take: well-formed pages take a few for each
/// tag, and pages made to be slow a number that grows with its square.
pub const MOST_STEPS: u64 = 100_000_000;

/// Bytes of `word/document.xml`, unpacked.
pub const LARGEST_PART: u64 = 32 << 20;

/// Parts of a document.
pub const MOST_PARTS: usize = 10_000;

/// Characters of a speaker's label. Posts of several lines stay below it.
pub const LONGEST_LABEL: usize = 300;

/// Characters of what stands between a label and its colon, for example `(retranslated)`.
pub const LONGEST_REMARK: usize = 100;

/// Labels of speakers of a record.
pub const MOST_SPEAKERS: usize = 5_000;
