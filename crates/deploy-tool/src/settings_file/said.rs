//! What somebody has said, with the place where, and whether it can be meant.

use anyhow::{Result, bail};

/// One setting.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Said {
    /// What was said.
    pub text: String,
    /// Where it was said.
    pub place: String,
}

/// The first of the places that says something. Whoever says nothing in one of them would mean the
/// next one without knowing it.
pub(super) fn first(name: &str, places: [(&Option<String>, String); 3]) -> Result<Option<Said>> {
    for (text, place) in places {
        let Some(text) = text else {
            continue;
        };
        if text.trim().is_empty() {
            bail!("{place} names an empty {name}: say which one, or leave it out");
        }
        return Ok(Some(Said {
            text: text.clone(),
            place,
        }));
    }
    Ok(None)
}

/// Refuses what cannot be the beginning of names.
pub(super) fn check_project(said: &Said) -> Result<()> {
    let Said { text, place } = said;
    let is_in_alphabet =
        |letter: char| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '-';
    let fits = (3..=22).contains(&text.len())
        && text.chars().all(is_in_alphabet)
        && text.starts_with(|letter: char| letter.is_ascii_lowercase())
        && !text.ends_with('-');
    if fits {
        return Ok(());
    }
    bail!(
        "`{text}`, from {place}, is no project: it takes 3 to 22 lower-case letters, digits and \
         hyphens, beginning with a letter"
    )
}

/// Refuses what has not the form of a Region: `us-west-2`, `us-gov-east-1`.
pub fn check_region(said: &Said) -> Result<()> {
    let Said { text, place } = said;
    let parts: Vec<&str> = text.split('-').collect();
    let is_word = |part: &&str| part.len() >= 2 && part.chars().all(|at| at.is_ascii_lowercase());
    let is_number =
        |part: &str| (1..=2).contains(&part.len()) && part.chars().all(|at| at.is_ascii_digit());
    let fits = match parts.split_last() {
        Some((number, words)) => words.len() >= 2 && words.iter().all(is_word) && is_number(number),
        None => false,
    };
    if fits {
        return Ok(());
    }
    bail!("`{text}`, from {place}, is no Region: one is written like us-west-2")
}
