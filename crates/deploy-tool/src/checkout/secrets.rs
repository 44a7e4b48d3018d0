//! Secrets in the files of a checkout. All of them go into the bucket, those that git does not track
//! yet as well, so what surely is a secret stops the run before anything goes there.
//!
//! Only forms that nothing else has are looked for here, in each run and without a network. What
//! merely looks like a secret is found by `cargo xtask check --only supply`.

use std::path::Path;

use anyhow::{Context, Result};
use regex_lite::Regex;

/// A secret, by where it stands: its text is in no message.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Secret {
    /// The file, from the root of the checkout.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
    /// What kind of secret it is.
    pub kind: &'static str,
}

/// One form of secrets.
struct Form {
    kind: &'static str,
    /// What each of them holds, in lower case: most files are passed over by it alone.
    mark: &'static str,
    pattern: &'static str,
}

/// The forms, as those who issue them document them.
const FORMS: [Form; 5] = [
    Form {
        kind: "a private key",
        mark: "private key",
        pattern: "-----BEGIN [A-Z0-9 ]*PRIVATE KEY( BLOCK)?-----",
    },
    Form {
        kind: "a secret access key of AWS",
        mark: "secret",
        pattern: "(?i)secret_?access_?key[\"']?\\s*[:=]\\s*[\"']?[a-z0-9/+]{40}([^a-z0-9/+=]|$)",
    },
    Form {
        kind: "a session token of AWS",
        mark: "session",
        pattern: "(?i)session_?token[\"']?\\s*[:=]\\s*[\"']?[a-z0-9/+]{100}",
    },
    Form {
        kind: "a token of GitLab",
        mark: "gl",
        pattern: "\\bgl(pat|dt|rt|cbt|ptt|ft|soat|agent|oas)-[A-Za-z0-9_-]{20}",
    },
    Form {
        kind: "a token of GitHub",
        mark: "g",
        pattern: "\\b(gh[pousr]_[A-Za-z0-9]{36}|github_pat_[A-Za-z0-9_]{60})",
    },
];

/// Every secret in these files, in their order.
pub(super) fn find<'a>(
    root: &Path,
    files: impl Iterator<Item = &'a String>,
) -> Result<Vec<Secret>> {
    let forms = FORMS.map(|form| Regex::new(form.pattern).map(|pattern| (form, pattern)));
    let forms = forms.into_iter().collect::<Result<Vec<_>, _>>()?;
    let mut found = Vec::new();
    for file in files {
        let place = root.join(file);
        let bytes = std::fs::read(&place).with_context(|| place.display().to_string())?;
        let text = String::from_utf8_lossy(&bytes);
        for (line, number) in text.lines().zip(1..) {
            let lower = line.to_ascii_lowercase();
            let of_line = forms
                .iter()
                .filter(|(form, pattern)| lower.contains(form.mark) && pattern.is_match(line));
            found.extend(of_line.map(|(form, _)| Secret {
                file: file.clone(),
                line: number,
                kind: form.kind,
            }));
        }
    }
    Ok(found)
}
