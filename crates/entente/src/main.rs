//! The program `entente`.

use std::process::ExitCode;

/// Rows are made on one thread and dropped on another, which the system's allocator pays for dearly:
/// a third of the time of a long import.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    entente::cli::run()
}
