//! Lock files name versions and checksums, never the host that they were fetched from here.

use super::fault::Fault;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Every fault of one lock or requirements file; other files have none.
pub fn faults(place: &str, content: &str) -> Vec<Fault> {
    let name = place.rsplit('/').next().unwrap_or(place);
    let at_fault = match name {
        "Cargo.lock" => other_source,
        "package-lock.json" | "npm-shrinkwrap.json" => resolved_address,
        "requirements.txt" => named_index,
        _ => return Vec::new(),
    };
    content
        .lines()
        .enumerate()
        .filter(|(_, line)| at_fault(line.trim()))
        .map(|(index, _)| Fault {
            place: format!("{place}:{}", index + 1),
            message: "names a host: only crates.io, PyPI and npm by their names".to_owned(),
        })
        .collect()
}

fn other_source(line: &str) -> bool {
    line.strip_prefix("source = ")
        .is_some_and(|source| source.trim_matches('"') != CRATES_IO)
}

fn resolved_address(line: &str) -> bool {
    line.starts_with("\"resolved\"") && line.contains("://")
}

fn named_index(line: &str) -> bool {
    line.starts_with('-') || line.contains("://")
}
