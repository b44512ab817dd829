//! Formats in which the program writes and reads, one a file.
