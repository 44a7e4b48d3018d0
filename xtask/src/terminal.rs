//! What a person reads in the terminal. Answers go to standard output, everything else to standard error.

use std::io::Write;

/// One line of progress.
pub fn line(text: &str) {
    write_line(&mut std::io::stdout().lock(), text);
}

/// One line about something that went wrong.
pub fn problem(text: &str) {
    write_line(&mut std::io::stderr().lock(), text);
}

/// A terminal that has gone away is no reason to stop the work.
fn write_line(stream: &mut impl Write, text: &str) {
    let _ = writeln!(stream, "{text}");
    let _ = stream.flush();
}
