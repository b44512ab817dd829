//! The one place where the command line writes.

use std::io::{IsTerminal as _, Write as _};
use std::sync::{Arc, Mutex, PoisonError};

use entente_register::ledger::Refusal;
use entente_store::Fault;
use serde::Serialize;

use super::{Done, Halt};
use crate::formats::table::harmless;

/// Standard output for results and standard error for talk, or a buffer for tests.
#[derive(Clone)]
pub struct Out(Target);

#[derive(Clone)]
enum Target {
    Process,
    Buffer(Arc<Mutex<Vec<u8>>>),
}

impl Out {
    /// The process's own.
    pub fn of_process() -> Out {
        Out(Target::Process)
    }

    /// One that keeps what is printed, and gives what it holds.
    pub fn buffer() -> (Out, Arc<Mutex<Vec<u8>>>) {
        let kept = Arc::new(Mutex::new(Vec::new()));
        (Out(Target::Buffer(kept.clone())), kept)
    }

    /// Prints a result, as it is.
    ///
    /// # Errors
    /// [`Halt::Closed`] if the reader has closed the pipe; a fault if it cannot be written otherwise.
    pub fn print(&mut self, text: &str) -> Done {
        self.bytes(text.as_bytes())
    }

    /// Prints a line of a result.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub fn line(&mut self, text: &str) -> Done {
        self.print(&format!("{text}\n"))
    }

    /// Prints bytes of a result.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub fn bytes(&mut self, bytes: &[u8]) -> Done {
        match &self.0 {
            Target::Buffer(kept) => {
                kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
                Ok(())
            }
            Target::Process => {
                let mut output = std::io::stdout().lock();
                output.write_all(bytes).and_then(|()| output.flush()).map_err(|e| match e.kind() {
                    std::io::ErrorKind::BrokenPipe => Halt::Closed,
                    std::io::ErrorKind::StorageFull => Halt::Broke(Fault {
                        kind: entente_store::FaultKind::DiskFull,
                        doing: "writing the result".to_owned(),
                        cause: e.to_string(),
                    }),
                    _ => Halt::Broke(Fault::internal("writing the result", e)),
                })
            }
        }
    }

    /// Prints a result as JSON.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub fn json<T: Serialize>(&mut self, object: &T) -> Done {
        let text =
            serde_json::to_string_pretty(object).map_err(|e| Fault::internal("writing an answer", e))?;
        self.line(&text)
    }

    /// Prints rows of a result as CSV, formulas made harmless.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub fn csv(&mut self, header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> Done {
        let fault = |e: csv::Error| Fault::internal("writing a row", e);
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(header).map_err(fault)?;
        for row in rows {
            writer.write_record(row.iter().map(|cell| harmless(cell))).map_err(fault)?;
        }
        let bytes = writer.into_inner().map_err(|e| Fault::internal("writing a row", e.to_string()))?;
        self.bytes(&bytes)
    }

    /// Says something beside the result. Whether anybody hears it changes nothing.
    pub fn note(&mut self, text: &str) {
        if matches!(self.0, Target::Process) {
            let _ = writeln!(std::io::stderr().lock(), "{text}");
        }
    }

    /// Says what was refused, and what is missing.
    pub fn refused(&mut self, refusal: &Refusal) {
        self.note(&refused(refusal));
    }

    /// Whether a person looks at standard output.
    pub fn is_terminal(&self) -> bool {
        matches!(self.0, Target::Process) && std::io::stdout().is_terminal()
    }
}

/// Whether a person looks at standard error: only then is progress drawn.
pub fn errors_are_terminal() -> bool {
    std::io::stderr().is_terminal()
}

/// A refusal in words: what is wrong, where, what is missing.
fn refused(refusal: &Refusal) -> String {
    let mut text = format!("Refused: {}", refusal.message);
    if let Some(field) = &refusal.field {
        text.push_str(&format!("\n  field    {field}"));
    }
    if let Some(missing) = &refusal.missing {
        text.push_str(&format!("\n  missing  {missing}"));
    }
    text.push_str(&format!("\n  code     {}", refusal.code));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_field_and_condition() {
        let refusal =
            Refusal::new("date.malformed", "\"x\" is not a date.").field("as_of").missing("YYYY-MM-DD");
        insta::assert_snapshot!(refused(&refusal), @r#"
        Refused: "x" is not a date.
          field    as_of
          missing  YYYY-MM-DD
          code     date.malformed
        "#);
    }
}
