//! Which of our crates may depend on which, and what some of them must never depend on.
//!
//! The table is the architecture: a crate without a row is a fault, and so is an edge that is not
//! written here. A new edge is a decision, to be made in this file.

use std::path::Path;

use anyhow::{Context, Result};
use cargo_metadata::{DependencyKind, MetadataCommand};

use super::fault::Fault;

/// What one crate may depend on.
struct Row {
    name: &'static str,
    /// Crates of ours that it is built of.
    ours: &'static [&'static str],
    /// Crates of ours that only its tests use, besides those.
    in_tests: &'static [&'static str],
    /// Names of foreign crates, or their beginnings, that it never has.
    never: &'static [&'static str],
}

/// A crate that talks to AWS does so through the ports of `aws`, or of `aws-ec2`, whose SDK takes
/// minutes to compile; the other two do not run the product.
const NAMES_THE_SDK: [&str; 4] = ["aws", "aws-ec2", "deployment", "frontend-builder"];

const NOT_PURE: &[&str] = &[
    "async-", "aws-", "axum", "fastrand", "futures", "hyper", "lambda_", "log", "rand", "reqwest",
    "tokio", "tower", "tracing", "ureq",
];
const NOT_AN_EDGE: &[&str] = &["aws-", "axum", "hyper", "lambda_", "reqwest", "ureq"];
const NO_SDK: &[&str] = &["aws-"];

const FUNCTION: &[&str] = &["lambda-support", "aws", "engine", "domain"];
const FUNCTION_TESTS: &[&str] = &["drs-simulator", "simulation", "test-support"];

const TABLE: &[Row] = &[
    Row {
        name: "domain",
        ours: &[],
        in_tests: &[],
        never: NOT_PURE,
    },
    Row {
        name: "engine",
        ours: &["domain"],
        in_tests: &[],
        never: NOT_AN_EDGE,
    },
    Row {
        name: "aws",
        ours: &["engine", "domain"],
        in_tests: &["drs-simulator", "test-support"],
        never: &[],
    },
    Row {
        name: "aws-ec2",
        ours: &["aws", "engine", "domain"],
        in_tests: &["drs-simulator"],
        never: &[],
    },
    Row {
        name: "drs-simulator",
        ours: &[],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "simulation",
        ours: &["domain", "engine", "drs-simulator", "test-support"],
        in_tests: &[],
        never: NOT_AN_EDGE,
    },
    Row {
        name: "test-support",
        ours: &["engine", "domain"],
        in_tests: &[],
        never: NOT_AN_EDGE,
    },
    Row {
        name: "lambda-support",
        ours: &["aws", "engine", "domain"],
        in_tests: &[],
        never: &[],
    },
    Row {
        name: "api-handler",
        ours: FUNCTION,
        in_tests: FUNCTION_TESTS,
        never: &[],
    },
    Row {
        name: "orchestration",
        ours: &["lambda-support", "aws-ec2", "aws", "engine", "domain"],
        in_tests: FUNCTION_TESTS,
        never: &[],
    },
    Row {
        name: "execution-finder",
        ours: FUNCTION,
        in_tests: FUNCTION_TESTS,
        never: &[],
    },
    Row {
        name: "execution-poller",
        ours: FUNCTION,
        in_tests: FUNCTION_TESTS,
        never: &[],
    },
    Row {
        name: "frontend-builder",
        ours: &["lambda-support"],
        in_tests: &[],
        never: &[],
    },
    Row {
        name: "deployment",
        // The console is published by the custom resource's own code, whoever asks for it; and what
        // executions have left is read by the product's own reader.
        ours: &["frontend-builder", "aws", "engine", "domain"],
        in_tests: &[],
        never: &[],
    },
    Row {
        name: "local-stack",
        ours: &["command-line", "deployment"],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "deploy-tool",
        ours: &[
            "bills-of-materials",
            "command-line",
            "deployment",
            "program-build",
        ],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "bills-of-materials",
        ours: &[],
        in_tests: &[],
        never: &["aws-", "tokio", "hyper", "reqwest"],
    },
    Row {
        name: "command-line",
        ours: &["program-build"],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "program-build",
        ours: &[],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "fault-proxy",
        ours: &[],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "end-to-end",
        ours: &["fault-proxy"],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "deploy-end-to-end",
        // An execution is watched by the same eyes whichever release drives it.
        ours: &["end-to-end", "fault-proxy"],
        in_tests: &[],
        never: NO_SDK,
    },
    Row {
        name: "xtask",
        ours: &["command-line", "program-build"],
        in_tests: &[],
        never: &["aws-", "tokio", "hyper", "reqwest"],
    },
];

/// One of our crates with what its manifest names.
#[derive(Clone, Debug)]
pub struct Crate {
    /// Its name.
    pub name: String,
    /// What it names, also for builds and tests.
    pub dependencies: Vec<Edge>,
}

/// One dependency that a manifest names.
#[derive(Clone, Debug)]
pub struct Edge {
    /// The crate that is named.
    pub to: String,
    /// Whether it lies in this workspace.
    pub whose: Whose,
    /// When it is needed.
    pub when: When,
}

/// Who wrote a crate.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Whose {
    /// It lies in this workspace.
    Ours,
    /// It comes from a registry.
    Theirs,
}

/// When a dependency is needed.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum When {
    /// In what is shipped, or to build it.
    Always,
    /// In tests, examples and benches.
    InTests,
}

/// The crates of the workspace at `root`, as cargo reads their manifests.
pub fn read(root: &Path) -> Result<Vec<Crate>> {
    let metadata = MetadataCommand::new()
        .current_dir(root)
        .no_deps()
        .exec()
        .context("cargo cannot read the workspace")?;
    let edge = |dependency: &cargo_metadata::Dependency| Edge {
        to: dependency.name.clone(),
        whose: if dependency.path.is_some() {
            Whose::Ours
        } else {
            Whose::Theirs
        },
        when: if dependency.kind == DependencyKind::Development {
            When::InTests
        } else {
            When::Always
        },
    };
    Ok(metadata
        .packages
        .iter()
        .map(|package| Crate {
            name: package.name.to_string(),
            dependencies: package.dependencies.iter().map(edge).collect(),
        })
        .collect())
}

/// Every edge that the table does not allow.
pub fn faults(crates: &[Crate]) -> Vec<Fault> {
    crates.iter().flat_map(faults_of_crate).collect()
}

fn faults_of_crate(package: &Crate) -> Vec<Fault> {
    let fault = |message: String| Fault {
        place: package.name.clone(),
        message,
    };
    let Some(row) = TABLE.iter().find(|row| row.name == package.name) else {
        let message = "has no row in the table of xtask/src/tidy/crate_graph.rs: add one";
        return vec![fault(message.to_owned())];
    };
    package
        .dependencies
        .iter()
        .filter_map(|edge| reason_against(row, edge))
        .map(fault)
        .collect()
}

fn reason_against(row: &Row, edge: &Edge) -> Option<String> {
    let to = edge.to.as_str();
    match edge.whose {
        Whose::Ours => {
            let allowed = row.ours.contains(&to)
                || (edge.when == When::InTests && (row.in_tests.contains(&to) || to == row.name));
            (!allowed).then(|| format!("must not depend on {to}: the table has no such edge"))
        }
        Whose::Theirs if edge.when == When::InTests => None,
        Whose::Theirs if to.starts_with("aws-sdk-") && !NAMES_THE_SDK.contains(&row.name) => {
            Some(format!(
                "must not depend on {to}: only {} may",
                NAMES_THE_SDK.join(", ")
            ))
        }
        Whose::Theirs => row
            .never
            .iter()
            .any(|beginning| to == *beginning || (is_open(beginning) && to.starts_with(beginning)))
            .then(|| format!("must not depend on {to}: it is to stay free of such crates")),
    }
}

/// A beginning that ends in a separator, or is a family's name, stands for all that begin with it.
fn is_open(beginning: &str) -> bool {
    beginning.ends_with(['-', '_'])
        || ["futures", "tokio", "tower", "tracing", "rand", "hyper"].contains(&beginning)
}
