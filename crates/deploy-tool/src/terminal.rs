//! What a person reads in the terminal, and what a program reads instead.

use std::io::Write;

use command_line::deploy::Answering;

/// One line of an answer.
pub fn line(text: &str) {
    write_line(&mut std::io::stdout().lock(), text);
}

/// One line that is no part of the answer.
pub fn problem(text: &str) {
    write_line(&mut std::io::stderr().lock(), text);
}

/// In which form a command answers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum OutputFormat {
    /// For a person: everything is text on standard output.
    Text,
    /// For a program: one JSON document on standard output, the text on standard error.
    Json,
}

impl OutputFormat {
    /// What the options of a command name.
    pub fn of(answering: Answering) -> Self {
        if answering.json {
            Self::Json
        } else {
            Self::Text
        }
    }

    /// Text that tells how it goes.
    pub fn tell(self, text: &str) {
        match self {
            Self::Text => line(text.trim_end()),
            Self::Json => problem(text.trim_end()),
        }
    }

    /// What a program is answered with where a person has been told all along.
    pub fn answer_a_program(self, value: &serde_json::Value) {
        match self {
            Self::Text => {}
            Self::Json => line(&value.to_string()),
        }
    }

    /// The answer.
    pub fn answer(self, text: &str, value: &serde_json::Value) {
        match self {
            Self::Text => line(text.trim_end()),
            Self::Json => line(&value.to_string()),
        }
    }
}

/// Asks a person, and answers what is typed.
pub fn ask(question: &str) -> std::io::Result<String> {
    problem(question);
    let mut answer = String::new();
    std::io::stdin().read_line(&mut answer)?;
    Ok(answer.trim().to_owned())
}

/// A terminal that has gone away is no reason to stop the work.
fn write_line(stream: &mut impl Write, text: &str) {
    let _ = writeln!(stream, "{text}");
    let _ = stream.flush();
}
