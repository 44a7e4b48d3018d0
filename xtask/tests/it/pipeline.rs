//! What the pipeline's file promises, beyond what GitLab's schema knows.

use std::collections::BTreeMap;
use std::fs;

use clap::{Parser, ValueEnum};
use serde_yaml_ng::{Mapping, Value};
use tempfile::TempDir;
use xtask::options::Options;
use xtask::{check, pipeline, programs, test, workspace};

const STAGES: [&str; 6] = [
    "validate",
    "lint",
    "build",
    "test",
    "deploy-infra",
    "deploy-frontend",
];
/// Keys beside the jobs.
const GLOBAL: [&str; 4] = ["stages", "workflow", "variables", "default"];

pub(crate) fn text() -> String {
    fs::read_to_string(workspace::root().join(pipeline::FILE)).unwrap()
}

/// The jobs by their names, each with all that it extends.
pub(crate) fn jobs() -> BTreeMap<String, Mapping> {
    let parsed: Mapping = serde_yaml_ng::from_str(&text()).unwrap();
    let names = parsed.keys().filter_map(Value::as_str);
    names
        .filter(|name| !name.starts_with('.') && !GLOBAL.contains(name))
        .map(|name| (name.to_owned(), extended(&parsed, name)))
        .collect()
}

/// As GitLab extends: mappings are merged, everything else is replaced, and the last one wins.
fn extended(parsed: &Mapping, name: &str) -> Mapping {
    let job = parsed.get(name).and_then(Value::as_mapping).unwrap();
    let mut whole = Mapping::new();
    for base in texts(job.get("extends")) {
        merge(&mut whole, &extended(parsed, &base));
    }
    merge(&mut whole, job);
    whole
}

fn merge(whole: &mut Mapping, more: &Mapping) {
    for (key, value) in more {
        if let (Some(Value::Mapping(old)), Value::Mapping(new)) = (whole.get_mut(key), value) {
            merge(old, new);
        } else {
            whole.insert(key.clone(), value.clone());
        }
    }
}

/// One text or several.
fn texts(value: Option<&Value>) -> Vec<String> {
    match value {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Sequence(several)) => several
            .iter()
            .map(|item| item.as_str().unwrap().to_owned())
            .collect(),
        None => Vec::new(),
        Some(other) => panic!("no text: {other:?}"),
    }
}

/// A member of a member of a job.
fn at<'a>(job: &'a Mapping, path: &[&str]) -> Option<&'a Value> {
    let (first, rest) = path.split_first().unwrap();
    rest.iter()
        .try_fold(job.get(*first)?, |value, name| value.get(*name))
}

fn word<'a>(job: &'a Mapping, path: &[&str]) -> Option<&'a str> {
    at(job, path).and_then(Value::as_str)
}

/// The faults of the file after one change of its text.
fn faults_with(old: &str, new: &str) -> Vec<String> {
    let text = text();
    assert!(text.contains(old), "the file has no `{old}`");
    let folder = TempDir::new().unwrap();
    let file = folder.path().join("pipeline.yml");
    fs::write(&file, text.replacen(old, new, 1)).unwrap();
    pipeline::faults(&workspace::root(), &file).unwrap()
}

#[test]
fn gitlabs_schema_takes_the_file_and_refuses_a_misspelling_anywhere() {
    let root = workspace::root();
    let faults = pipeline::faults(&root, &root.join(pipeline::FILE)).unwrap();
    assert_eq!(faults, Vec::<String>::new());
    let misspelt = [
        ("resource_group:", "resource_groop:"),
        ("  stage: validate", "  stagee: validate"),
        ("  id_tokens:", "  id_token:"),
        ("AWS_ID_TOKEN: { aud:", "AWS_ID_TOKEN: { audience:"),
        ("reports: { junit:", "reports: { junitt:"),
        ("      when: manual", "      when: by_hand"),
    ];
    for (right, wrong) in misspelt {
        assert_ne!(faults_with(right, wrong), Vec::<String>::new(), "{wrong}");
    }
}

#[test]
fn the_stages_are_all_used_in_their_order() {
    let parsed: Mapping = serde_yaml_ng::from_str(&text()).unwrap();
    assert_eq!(texts(parsed.get("stages")), STAGES);
    for stage in STAGES {
        let has_one = jobs()
            .values()
            .any(|job| word(job, &["stage"]) == Some(stage));
        assert!(has_one, "{stage} has no job");
    }
}

#[test]
fn each_job_is_one_line_that_a_laptop_can_run_too() {
    let console = fs::read_to_string(workspace::root().join("frontend/package.json")).unwrap();
    let console: serde_json::Value = serde_json::from_str(&console).unwrap();
    for (name, job) in jobs() {
        let line = word(&job, &["script"]).unwrap_or_else(|| panic!("{name}: not one line"));
        // Where the output goes to is the shell's business.
        let line = line.split(" > ").next().unwrap();
        let words: Vec<&str> = line.split(' ').collect();
        let is_plain = !line.contains(['\n', ';', '&', '|', '`']);
        assert!(is_plain, "{name}: {line}");
        match &words[..] {
            ["cargo", "xtask", rest @ ..] => {
                for rest in each_of_the_matrix(&job, rest) {
                    let words = ["cargo xtask".to_owned()].into_iter().chain(rest);
                    if let Err(error) = Options::try_parse_from(words) {
                        panic!("{name}: {line}: {error}");
                    }
                }
            }
            ["npm", "--prefix", "frontend", "run", script, ..]
            | ["npm", "--prefix", "frontend", script, ..] => {
                assert!(console["scripts"][script].is_string(), "{name}: {line}");
            }
            _ => panic!("{name}: neither `cargo xtask` nor `npm`: {line}"),
        }
    }
}

/// The words of a line with each value that the job's matrix has for its variables.
fn each_of_the_matrix(job: &Mapping, words: &[&str]) -> Vec<Vec<String>> {
    let filled = |function: &str| {
        let words = words.iter();
        words
            .map(|word| word.replace("$FUNCTION", function))
            .map(|word| word.replace("$ARCHITECTURE", &architecture()))
            .collect()
    };
    let functions = functions(job);
    if functions.is_empty() {
        return vec![filled("")];
    }
    functions.iter().map(|function| filled(function)).collect()
}

/// What the pipeline builds for, unless a project's variable chooses.
fn architecture() -> String {
    let parsed: Mapping = serde_yaml_ng::from_str(&text()).unwrap();
    word(&parsed, &["variables", "ARCHITECTURE"])
        .unwrap()
        .to_owned()
}

fn functions(job: &Mapping) -> Vec<String> {
    let matrix = at(job, &["parallel", "matrix"]).and_then(Value::as_sequence);
    let rows = matrix.into_iter().flatten();
    rows.flat_map(|row| texts(row.get("FUNCTION"))).collect()
}

/// The parts that the jobs name for one command.
fn parts(command: &str) -> Vec<String> {
    let lines = jobs().into_values();
    lines
        .filter_map(|job| {
            let line = word(&job, &["script"])?.to_owned();
            let words: Vec<&str> = line.split(' ').collect();
            match &words[..] {
                ["cargo", "xtask", named, "--only", parts, ..] if *named == command => {
                    Some(parts.split(',').map(str::to_owned).collect::<Vec<_>>())
                }
                _ => None,
            }
        })
        .flatten()
        .collect()
}

/// Parts of the console are jobs of npm's, and templates need no second look.
fn missing<Part: ValueEnum>(command: &str, elsewhere: &[&str]) -> Vec<String> {
    let named = parts(command);
    let all = Part::value_variants().iter();
    all.map(|part| part.to_possible_value().unwrap().get_name().to_owned())
        .filter(|part| !named.contains(part) && !elsewhere.contains(&part.as_str()))
        .collect()
}

#[test]
fn every_part_of_check_and_test_has_a_job() {
    let none = Vec::<String>::new();
    assert_eq!(missing::<check::Part>("check", &["console"]), none);
    assert_eq!(
        missing::<test::Part>("test", &["console", "templates"]),
        none
    );
    for job in [
        "validate:console",
        "lint:console",
        "build:console",
        "test:console",
    ] {
        let line = word(&jobs()[job], &["script"]).unwrap().to_owned();
        assert!(line.starts_with("npm --prefix frontend "), "{job}: {line}");
    }
}

#[test]
fn the_programs_are_built_side_by_side() {
    assert_eq!(functions(&jobs()["build:function"]), programs::PROGRAMS);
}

#[test]
fn images_are_amazons_copies_and_pinned_to_one_version() {
    let toolchain = fs::read_to_string(workspace::root().join("rust-toolchain.toml")).unwrap();
    let channel = toolchain
        .lines()
        .find_map(|line| line.strip_prefix("channel = "))
        .unwrap()
        .trim_matches('"');
    let rust = format!("public.ecr.aws/docker/library/rust:{channel}-");
    for (name, job) in jobs() {
        let image = word(&job, &["image"]).unwrap_or_else(|| panic!("{name}: no image"));
        let (place, tag) = image.rsplit_once(':').unwrap();
        assert!(place.starts_with("public.ecr.aws/"), "{name}: {image}");
        let version = tag.split('-').next().unwrap();
        let is_exact = version
            .split('.')
            .filter(|part| part.parse::<u32>().is_ok());
        assert_eq!(is_exact.count(), 3, "{name}: {image} is not exact");
        let is_rust = place.ends_with("/rust");
        assert!(!is_rust || image.starts_with(&rust), "{name}: {image}");
    }
}

#[test]
fn no_job_may_fail_unseen() {
    for (name, job) in jobs() {
        // What could not be checked is shown as a warning; what was found is a failure there too.
        let unknown = at(&job, &["allow_failure", "exit_codes"]);
        let is_unknown = unknown == Some(&Value::Sequence(vec![2.into()]));
        let of_advisories = name == "validate:advisories";
        assert_eq!(is_unknown, of_advisories, "{name}");
        assert_eq!(job.contains_key("allow_failure"), of_advisories, "{name}");
        let rules = job.get("rules").and_then(Value::as_sequence);
        for rule in rules.into_iter().flatten() {
            let may_fail = rule.get("allow_failure").and_then(Value::as_bool);
            assert_ne!(may_fail, Some(true), "{name}");
        }
    }
}

/// Names of the deployments with the environment of each.
fn deployments() -> BTreeMap<String, (String, Mapping)> {
    let is_deployment = |(name, job): (String, Mapping)| {
        let (_, environment) = name.strip_prefix("deploy-")?.split_once(':')?;
        let environment = environment.to_owned();
        Some((name, (environment, job)))
    };
    jobs().into_iter().filter_map(is_deployment).collect()
}

#[test]
fn an_environment_is_deployed_by_one_pipeline_at_a_time() {
    assert_eq!(deployments().len(), 6);
    for (name, (environment, job)) in deployments() {
        assert_eq!(
            word(&job, &["resource_group"]),
            Some(&*environment),
            "{name}"
        );
        let named = word(&job, &["environment", "name"]);
        assert_eq!(named, Some(&*environment), "{name}");
        let interruptible = job.get("interruptible").and_then(Value::as_bool);
        assert_eq!(interruptible, Some(false), "{name}");
    }
}

#[test]
fn the_environment_of_a_job_is_the_one_that_its_line_deploys() {
    for (name, (environment, job)) in deployments() {
        let deployed = if environment == "production" {
            "prod"
        } else {
            &environment
        };
        let line = word(&job, &["script"]).unwrap();
        let named = format!("cargo xtask deploy --environment {deployed} ");
        assert!(line.starts_with(&named), "{name}: {line}");
        let is_frontend = name.starts_with("deploy-frontend:");
        assert_eq!(line.contains(" --frontend-only"), is_frontend, "{name}");
    }
}

#[test]
fn production_waits_for_a_person_and_nothing_else_does() {
    for (name, job) in jobs() {
        let rules = job.get("rules").and_then(Value::as_sequence);
        let manual = rules
            .into_iter()
            .flatten()
            .any(|rule| rule.get("when").and_then(Value::as_str) == Some("manual"));
        assert_eq!(manual, name == "deploy-infra:production", "{name}");
    }
    let needs = texts(jobs()["deploy-frontend:production"].get("needs"));
    assert!(needs.contains(&"deploy-infra:production".to_owned()));
}

#[test]
fn who_talks_to_aws_shows_a_token_and_holds_no_key() {
    for (name, job) in jobs() {
        let talks = name.starts_with("deploy-") || name.starts_with("plan:");
        let audience = word(&job, &["id_tokens", "AWS_ID_TOKEN", "aud"]);
        assert_eq!(audience.is_some(), talks, "{name}");
        let prepares = texts(job.get("before_script")).join("\n");
        assert_eq!(prepares.contains("identity"), talks, "{name}");
    }
    assert!(!text().contains("AWS_SECRET_ACCESS_KEY"));
}

#[test]
fn a_merge_request_plans_and_deploys_nothing() {
    let plan = &jobs()["plan:test"];
    let line = word(plan, &["script"]).unwrap();
    assert!(
        line.contains(" --dry-run --json > target/plan.json"),
        "{line}"
    );
    assert_eq!(
        texts(at(plan, &["artifacts", "paths"])),
        ["target/plan.json"]
    );
    let role = word(plan, &["variables", "AWS_ROLE_ARN"]);
    assert_eq!(role, Some("$DRS_ORCHESTRATION_PLAN_ROLE_ARN"));
    for (name, (_, job)) in deployments() {
        let rules = job.get("rules").and_then(Value::as_sequence).unwrap();
        for rule in rules {
            let condition = rule.get("if").and_then(Value::as_str).unwrap();
            // The variable is there in pipelines of branches only.
            assert!(
                condition.starts_with("$CI_COMMIT_BRANCH "),
                "{name}: {condition}"
            );
        }
    }
}

#[test]
fn what_a_plan_needs_is_built_for_every_plan() {
    let jobs = jobs();
    let changes = |name: &str| {
        let rules = jobs[name].get("rules").and_then(Value::as_sequence);
        let rules = rules.into_iter().flatten();
        let found: Vec<String> = rules.flat_map(|rule| texts(rule.get("changes"))).collect();
        found
    };
    for need in texts(jobs["plan:test"].get("needs")) {
        assert_eq!(changes(&need), changes("plan:test"), "{need}");
    }
}

#[test]
fn tests_and_lints_leave_a_report_that_gitlab_shows() {
    let jobs = jobs();
    for name in ["test:rust", "test:console", "test:end-to-end"] {
        let report = word(&jobs[name], &["artifacts", "reports", "junit"]);
        assert!(report.is_some(), "{name}");
    }
    for name in ["lint:rust", "lint:console"] {
        let report = word(&jobs[name], &["artifacts", "reports", "codequality"]);
        assert!(report.is_some(), "{name}");
        let when = word(&jobs[name], &["artifacts", "when"]);
        assert_eq!(
            when,
            Some("always"),
            "{name}: a failure is what the report is for"
        );
    }
    let nextest = fs::read_to_string(workspace::root().join(".config/nextest.toml")).unwrap();
    assert!(nextest.contains("[profile.junit.junit]\npath = \"junit.xml\""));
}
