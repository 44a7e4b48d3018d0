//! `docs/laws.md` is true: each law has functions and tests that exist, and each code that a comment
//! cites is defined there once.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result};
use regex_lite::Regex;

use super::fault::Fault;
use crate::workspace;

/// The document, from the root.
const DOCUMENT: &str = "docs/laws.md";
/// How many laws there are.
const LAWS: usize = 11;
/// The name of a service of AWS, which looks like a code.
const NO_CODES: [&str; 1] = ["S3"];

/// The sources of the crates, by their paths from the root.
#[derive(Clone, Debug, Default)]
pub struct Sources(pub BTreeMap<String, String>);

impl Sources {
    /// Reads every Rust file below `crates`.
    pub fn read(root: &Path) -> Result<Self> {
        let mut sources = BTreeMap::new();
        for file in workspace::files(&root.join("crates"))? {
            let place = file.strip_prefix(root).unwrap_or(&file);
            let place = place.display().to_string();
            if file.extension().is_some_and(|extension| extension == "rs") {
                let text = std::fs::read_to_string(&file)
                    .with_context(|| format!("{place} cannot be read"))?;
                sources.insert(place, text);
            }
        }
        Ok(Self(sources))
    }

    /// Whether `crate::module::function` is a function in the file of that module.
    fn has_function(&self, path: &str) -> bool {
        let words: Vec<&str> = path.split("::").collect();
        let [package, modules @ .., function] = words.as_slice() else {
            return false;
        };
        let package = package.replace('_', "-");
        let file = format!("crates/{package}/src/{}.rs", modules.join("/"));
        let text = self.0.get(&file);
        text.is_some_and(|text| defines(text, function))
    }

    /// Whether a file named as the module, in the sources or tests of the crate, has this test.
    fn has_test(&self, package: &str, test: &str) -> bool {
        let Some((module, name)) = test.rsplit_once("::") else {
            return false;
        };
        let folder = format!("crates/{package}/");
        let file = format!("/{}.rs", module.replace("::", "/"));
        let mut files = self.0.iter();
        files.any(|(place, text)| {
            place.starts_with(&folder) && place.ends_with(&file) && defines(text, name)
        })
    }
}

fn defines(text: &str, function: &str) -> bool {
    [format!("fn {function}("), format!("fn {function}<")]
        .iter()
        .any(|form| text.contains(form.as_str()))
}

/// Everything that is not true of the document, read from the tree.
pub fn faults_of_tree(root: &Path) -> Result<Vec<Fault>> {
    let document = std::fs::read_to_string(root.join(DOCUMENT)).context(DOCUMENT)?;
    faults(&document, &Sources::read(root)?)
}

/// Everything that is not true of this document.
pub fn faults(document: &str, sources: &Sources) -> Result<Vec<Fault>> {
    let mut faults = Vec::new();
    for number in 1..=LAWS {
        match law(document, number) {
            Some(text) => faults.extend(faults_of_law(number, text, sources)?),
            None => faults.push(fault(DOCUMENT, format!("law {number} is not in it"))),
        }
    }
    let defined = defined(document)?;
    for (code, times) in defined.iter().filter(|(_, times)| **times > 1) {
        faults.push(fault(DOCUMENT, format!("{code} is defined {times} times")));
    }
    let cited = Regex::new(r"\b[EFPS][0-9]{1,2}\b")?;
    for (place, text) in &sources.0 {
        for (line, number) in text.lines().zip(1..) {
            let comment = line.split_once("//").map_or("", |(_, comment)| comment);
            let codes = cited.find_iter(comment).map(|found| found.as_str());
            for code in codes.filter(|code| !NO_CODES.contains(code)) {
                if !defined.contains_key(code) {
                    let message = format!("{code} is not defined in {DOCUMENT}");
                    faults.push(fault(&format!("{place}:{number}"), message));
                }
            }
        }
    }
    Ok(faults)
}

/// The text of a law, its heading included.
fn law(document: &str, number: usize) -> Option<&str> {
    let begin = document.find(&format!("\n### {number}. "))? + 1;
    let rest = &document[begin..];
    let end = rest[1..].find("\n##").map_or(rest.len(), |end| end + 1);
    Some(&rest[..end])
}

fn faults_of_law(number: usize, text: &str, sources: &Sources) -> Result<Vec<Fault>> {
    let quoted = Regex::new("`([^`]+)`")?;
    let named = |begin: &str| {
        let lines = text.lines().filter(|line| line.starts_with(begin));
        let names = lines.flat_map(|line| quoted.captures_iter(line));
        let names = names.filter_map(|found| found.get(1).map(|name| name.as_str().to_owned()));
        names.collect::<Vec<String>>()
    };
    let about = |message: String| fault(DOCUMENT, format!("law {number} {message}"));
    let (functions, tests) = (named("Enforced by "), named("Proved by "));
    let mut faults = Vec::new();
    if functions.is_empty() {
        faults.push(about("names no function that enforces it".to_owned()));
    }
    if tests.is_empty() {
        faults.push(about("names no test that proves it".to_owned()));
    }
    let missing = functions.iter().filter(|path| !sources.has_function(path));
    faults.extend(missing.map(|path| about(format!("names {path}, which is no function"))));
    let is_missing = |test: &&String| {
        let parts = test.split_once(": ");
        !parts.is_some_and(|(package, test)| sources.has_test(package, test))
    };
    let missing = tests.iter().filter(is_missing);
    faults.extend(missing.map(|test| about(format!("names `{test}`, which is no test"))));
    Ok(faults)
}

/// How often each code is defined: by a row of a table that begins with it.
fn defined(document: &str) -> Result<BTreeMap<String, usize>> {
    let row = Regex::new(r"(?m)^\| ([EFPS][0-9]{1,2}) \| ")?;
    let mut defined: BTreeMap<String, usize> = BTreeMap::new();
    for found in row.captures_iter(document) {
        if let Some(code) = found.get(1) {
            *defined.entry(code.as_str().to_owned()).or_default() += 1;
        }
    }
    Ok(defined)
}

fn fault(place: &str, message: String) -> Fault {
    Fault {
        place: place.to_owned(),
        message,
    }
}
