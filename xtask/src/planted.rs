//! `cargo xtask planted`: bugs that are planted into a copy of the sources, one at a time, and
//! must be found by a test and by the seeds. No switch of any of them is in the sources.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::options::PlantedOptions;
use crate::run::heard;
use crate::simulate::PROFILE;
use crate::{terminal, workspace};

/// The table of bugs.
const TABLE: &str = "crates/simulation/planted.yaml";
/// Where the results are written once all bugs were planted.
const RESULTS: &str = "docs/planted-bugs.md";
/// What of the repository the copy needs.
const SOURCES: [&str; 4] = ["crates", "xtask", "Cargo.toml", "Cargo.lock"];

/// One bug.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bug {
    /// What people call it.
    pub name: String,
    /// The file that it is planted in.
    pub file: String,
    /// What stands there, exactly once.
    pub find: String,
    /// What stands there instead.
    pub replace: String,
    /// The law that the seeds see broken, first of all.
    pub law: String,
    /// The test that finds it.
    pub test: NamedTest,
}

/// A test by its name.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NamedTest {
    /// The package, whose tests are one binary named `it`.
    pub package: String,
    /// The test's whole name.
    pub name: String,
}

/// What became of one bug.
struct Outcome {
    bug: Bug,
    test_failed: bool,
    seeds: Option<(String, String)>,
}

/// Plants the bugs that are named, or all, and prints who found them.
pub fn run(options: &PlantedOptions) -> Result<()> {
    let root = workspace::root();
    let bugs: Vec<Bug> = table(&root)?
        .into_iter()
        .filter(|bug| options.names.is_empty() || options.names.contains(&bug.name))
        .collect();
    if bugs.is_empty() {
        bail!("no bug of {TABLE} has such a name");
    }
    let copy = workspace::target_directory(&root)?.join("planted");
    let mut outcomes = Vec::new();
    for bug in bugs {
        let outcome = plant(&root, &copy, bug, options.seeds)?;
        terminal::line(&line(&outcome));
        outcomes.push(outcome);
    }
    let missed = outcomes
        .iter()
        .filter(|outcome| !outcome.test_failed || outcome.seeds.is_none())
        .count();
    write_results(&root, &outcomes, options.seeds)?;
    if missed > 0 {
        bail!("{missed} of {} bugs were not found by both", outcomes.len());
    }
    Ok(())
}

/// The bugs, in the order of the table.
pub fn table(root: &Path) -> Result<Vec<Bug>> {
    let path = root.join(TABLE);
    let text = fs::read_to_string(&path).with_context(|| format!("{TABLE} cannot be read"))?;
    serde_yaml_ng::from_str(&text).with_context(|| format!("{TABLE} is no table of bugs"))
}

/// What is wrong with a table: what a bug is to replace must stand once, and its test must exist.
pub fn faults(root: &Path, bugs: &[Bug]) -> Vec<String> {
    let mut faults = Vec::new();
    for bug in bugs {
        let text = fs::read_to_string(root.join(&bug.file)).unwrap_or_default();
        let times = text.matches(&bug.find).count();
        if times != 1 {
            faults.push(format!(
                "{}: `find` stands {times} times in {}",
                bug.name, bug.file
            ));
        }
        let (module, name) = bug
            .test
            .name
            .rsplit_once("::")
            .unwrap_or(("", &bug.test.name));
        let file = format!("crates/{}/tests/it/{module}.rs", bug.test.package);
        let text = fs::read_to_string(root.join(&file)).unwrap_or_default();
        if !text.contains(&format!("fn {name}(")) {
            faults.push(format!("{}: there is no test {name} in {file}", bug.name));
        }
    }
    faults
}

fn plant(root: &Path, copy: &Path, bug: Bug, seeds: u64) -> Result<Outcome> {
    let sources = copy.join("sources");
    refresh(root, &sources)?;
    let path = sources.join(&bug.file);
    let source = fs::read_to_string(&path).with_context(|| format!("{} is not there", bug.file))?;
    if source.matches(&bug.find).count() != 1 {
        bail!(
            "{}: `find` does not stand exactly once in {}",
            bug.name,
            bug.file
        );
    }
    fs::write(&path, source.replacen(&bug.find, &bug.replace, 1))?;
    let target = copy.join("target");
    let target_text = target.display().to_string();
    let test = |extra: &[&str]| {
        let mut arguments = vec!["test", "--quiet", "--package", &bug.test.package];
        arguments.extend(["--test", "it", "--target-dir", &target_text]);
        arguments.extend(extra);
        heard(&sources, "cargo", &arguments)
    };
    let (built, said) = test(&["--no-run"])?;
    if !built {
        bail!("{}: the copy does not compile: {said}", bug.name);
    }
    let (passed, _) = test(&["--", "--exact", &bug.test.name])?;
    let arguments = [
        "build",
        "--quiet",
        "--package",
        "simulation",
        "--profile",
        PROFILE,
    ];
    // What a bug touches is built anew for each: it is the building that takes the time.
    let quick: Vec<String> = ["domain", "engine", "simulation"]
        .iter()
        .map(|package| format!("profile.{PROFILE}.package.{package}.opt-level=0"))
        .collect();
    let mut with_target = [&arguments[..], &["--target-dir", &target_text]].concat();
    with_target.extend(quick.iter().flat_map(|one| ["--config", one]));
    let (built, said) = heard(&sources, "cargo", &with_target)?;
    if !built {
        bail!("{}: the copy does not compile: {said}", bug.name);
    }
    let program = target.join(PROFILE).join("simulation");
    let seeds = seeds.to_string();
    let played = ["--seeds", &seeds, "--brief"];
    let (_, said) = heard(&sources, &program.display().to_string(), &played)?;
    Ok(Outcome {
        bug,
        test_failed: !passed,
        seeds: broken(&said),
    })
}

/// The law and the number of stories in `BROKEN law 1 | seed 17 | after 21 stories`.
fn broken(said: &str) -> Option<(String, String)> {
    let line = said.lines().find_map(|line| line.strip_prefix("BROKEN "))?;
    let mut parts = line.split(" | ");
    let law = parts.next()?.to_owned();
    let stories = parts
        .nth(1)?
        .strip_prefix("after ")?
        .strip_suffix(" stories")?;
    Some((law, stories.to_owned()))
}

/// Makes the copy like the sources; a file that is the same keeps its time, so that cargo builds
/// only what a bug touches.
fn refresh(root: &Path, copy: &Path) -> Result<()> {
    for source in SOURCES {
        let from = root.join(source);
        let files = if from.is_dir() {
            workspace::files(&from)?
        } else {
            vec![from]
        };
        for file in files {
            let relative = file.strip_prefix(root)?;
            let to: PathBuf = copy.join(relative);
            let wanted = fs::read(&file)?;
            if fs::read(&to).is_ok_and(|found| found == wanted) {
                continue;
            }
            if let Some(folder) = to.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&to, wanted)?;
        }
    }
    Ok(())
}

fn line(outcome: &Outcome) -> String {
    let test = if outcome.test_failed {
        "failed"
    } else {
        "PASSED"
    };
    let (law, seeds) = outcome
        .seeds
        .clone()
        .unwrap_or_else(|| ("NOT FOUND".to_owned(), "-".to_owned()));
    let name = &outcome.bug.name;
    format!("{name}: test {test}; stories until the first law was broken: {seeds} ({law})")
}

/// The rows of the bugs that were planted replace their earlier rows; the page is written once
/// every bug of the table has a row.
fn write_results(root: &Path, outcomes: &[Outcome], seeds: u64) -> Result<()> {
    let path = root.join(RESULTS);
    let earlier = fs::read_to_string(&path).unwrap_or_default();
    let mut page = format!(
        "# Planted bugs\n\nWritten by `cargo xtask planted`. Each bug of `{TABLE}` is planted into \
         a copy of the sources; the named test must fail, and the seeds from 0 on must break a law \
         within {seeds} stories.\n\n\
         | Bug | Test that finds it | Test failed | Stories until a law was broken | Law |\n\
         |---|---|---|---|---|\n"
    );
    for bug in table(root)? {
        let fresh = outcomes.iter().find(|outcome| outcome.bug.name == bug.name);
        let begins = format!("| {} | ", bug.name);
        let old = earlier.lines().find(|line| line.starts_with(&begins));
        let Some(row) = fresh.map(row).or_else(|| old.map(str::to_owned)) else {
            return Ok(());
        };
        let _ = writeln!(page, "{row}");
    }
    fs::write(&path, page).with_context(|| format!("{RESULTS} cannot be written"))?;
    terminal::line(&format!("{RESULTS} is written"));
    Ok(())
}

fn row(outcome: &Outcome) -> String {
    let test = &outcome.bug.test;
    let failed = if outcome.test_failed { "yes" } else { "NO" };
    let (law, stories) = outcome
        .seeds
        .clone()
        .unwrap_or_else(|| ("NOT FOUND".to_owned(), "-".to_owned()));
    format!(
        "| {} | `{}: {}` | {failed} | {stories} | {law} |",
        outcome.bug.name, test.package, test.name
    )
}
