//! Reading requests: a member with a fault gives nothing, notes the fault, and the rest is read.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use domain::name::shows_something;
use domain::protection_group::DESCRIPTION_LENGTH_MAX;
use domain::{Fault, FaultCode};

/// Longest reason or comment, in characters.
pub(crate) const REASON_LENGTH_MAX: usize = DESCRIPTION_LENGTH_MAX;

/// What a reason that may be left out looks like, as a regular expression (ECMA-262 with
/// Unicode): no control characters, but for line breaks and tabs.
pub(crate) const COMMENT_PATTERN: &str =
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$";

/// What a reason that must be given looks like: the same, with something to see in it.
pub(crate) const REASON_PATTERN: &str = concat!(
    r"^[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*",
    r"(?![\u115f\u1160\u2800\u3164\uffa0])[\p{L}\p{N}\p{P}\p{S}]",
    r"[^\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]*$"
);

/// A text that may be left out, parsed.
pub(crate) fn optional<T: FromStr<Err: Display>>(
    path: &str,
    text: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    text?
        .parse::<T>()
        .map_err(|error| {
            faults.push(Fault::new(
                path,
                FaultCode::InvalidFormat,
                error.to_string(),
            ));
        })
        .ok()
}

/// A text that must be given, parsed.
pub(crate) fn required<T: FromStr<Err: Display>>(
    path: &str,
    text: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<T> {
    let text = text.filter(|text| !text.is_empty());
    if text.is_none() {
        note_missing(path, faults);
    }
    optional(path, text, faults)
}

/// A list of different texts, parsed.
pub(crate) fn list<T: FromStr<Err: Display>>(
    path: &str,
    texts: &[String],
    faults: &mut Vec<Fault>,
) -> Vec<T> {
    let mut seen = BTreeSet::new();
    texts
        .iter()
        .enumerate()
        .filter_map(|(index, text)| {
            let path = format!("{path}[{index}]");
            let parsed = required(&path, Some(text), faults)?;
            if !seen.insert(text) {
                let message = format!("{text} stands in this list already");
                faults.push(Fault::new(path, FaultCode::Duplicate, message));
            }
            Some(parsed)
        })
        .collect()
}

/// A member of any kind that must be given.
pub(crate) fn present<T>(path: &str, value: Option<T>, faults: &mut Vec<Fault>) -> Option<T> {
    if value.is_none() {
        note_missing(path, faults);
    }
    value
}

/// A reason or comment that may be left out; one of which nobody sees anything counts as left out.
pub(crate) fn optional_reason(
    path: &str,
    text: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let text = text.map(str::trim)?;
    let faults_before = faults.len();
    if text.chars().any(is_control) {
        let message = "no control characters, but for line breaks and tabs";
        faults.push(Fault::new(path, FaultCode::InvalidFormat, message));
    }
    if text.chars().count() > REASON_LENGTH_MAX {
        let message = format!("at most {REASON_LENGTH_MAX} characters");
        faults.push(Fault::new(path, FaultCode::TooLong, message));
    }
    let is_told = faults.len() > faults_before;
    (is_told || shows_something(text)).then(|| text.to_owned())
}

fn is_control(letter: char) -> bool {
    letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')
}

/// A reason that must be given.
pub(crate) fn required_reason(
    path: &str,
    text: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    let reason = optional_reason(path, text, faults);
    present(path, reason, faults)
}

/// A reason that, where it is given at all, has content.
pub(crate) fn reason_if_given(
    path: &str,
    text: Option<&str>,
    faults: &mut Vec<Fault>,
) -> Option<String> {
    required_reason(path, Some(text?), faults)
}

fn note_missing(path: &str, faults: &mut Vec<Fault>) {
    faults.push(Fault::new(
        path,
        FaultCode::Required,
        "this member is required",
    ));
}
