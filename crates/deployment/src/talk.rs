//! Sentences of a length that a person reads: numbers with their nouns, lists and texts that end.
//! What a program is answered with has everything.

use domain::counted::counted;

/// Most names that one sentence lists.
const LISTED_MAX: usize = 12;
/// Most letters of what a service says that one sentence repeats.
const REPEATED_MAX: usize = 800;

/// The first names with commas between them, and how many others there are.
pub fn listed<S: AsRef<str>>(names: &[S]) -> String {
    listed_by(names, ", ")
}

/// The same with something else between them, where the names have commas themselves.
pub fn listed_by<S: AsRef<str>>(names: &[S], separator: &str) -> String {
    let shown = if names.len() > LISTED_MAX + 1 {
        LISTED_MAX
    } else {
        names.len()
    };
    let first: Vec<&str> = names.iter().take(shown).map(AsRef::as_ref).collect();
    let first = first.join(separator);
    match names.len() - shown {
        0 => first,
        others => format!("{first} and {}", counted(others, "other", "others")),
    }
}

/// The beginning of what a service says, and how much follows.
pub fn repeated(text: &str) -> String {
    let letters = text.chars().count();
    if letters <= REPEATED_MAX {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(REPEATED_MAX).collect();
    let rest = counted(letters - REPEATED_MAX, "more letter", "more letters");
    format!("{}… ({rest})", beginning.trim_end())
}
