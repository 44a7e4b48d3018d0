//! The stack's part of a plan, for every state in which a stack can be found.

use std::collections::BTreeMap;

use super::step::{Difference, Step};
use crate::error::Failure;
use crate::observation::{Observation, Stack, StackPhase};
use crate::release::{Object, Release};
use crate::running_code::{Runs, Served};
use crate::settings::{Settings, in_capitals};
use crate::template::creation::CreationTemplates;

/// What becomes of tables that an earlier stack left.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum TablesLeft {
    /// They are named, and nothing is done.
    Refuse,
    /// The new stack takes them over.
    Adopt,
}

/// The steps from the stack as it stands to the release.
pub(super) fn steps(
    release: &Release,
    settings: &Settings,
    observation: &Observation,
    tables_left: TablesLeft,
) -> Result<Vec<Step>, Failure> {
    let Some(stack) = &observation.stack else {
        return creation(settings, observation, tables_left);
    };
    let status = stack.status.clone();
    match stack.phase() {
        StackPhase::Stands => {
            let differences = differences(release, settings, stack);
            let update = (!differences.is_empty()).then_some(Step::UpdateStack { differences });
            let repairs = repairs(release, settings, stack, &observation.runs);
            Ok(update.into_iter().chain(repairs).collect())
        }
        StackPhase::NeverCreated => creation(settings, observation, tables_left),
        // What the deletion leaves is seen only after it: the plan is made anew then.
        StackPhase::MustBeDeleted => {
            let creation = creation(settings, observation, tables_left)?;
            let deletion = Step::DeleteStack { status };
            Ok([deletion].into_iter().chain(creation).collect())
        }
        StackPhase::RollbackFailed => {
            let update = Step::UpdateStack {
                differences: vec![Difference::AfterRollback],
            };
            let back = put_back(release, observation);
            Ok(back.chain([Step::ContinueRollback, update]).collect())
        }
        StackPhase::Busy => Ok(vec![Step::Await { status }]),
        StackPhase::Unknown => Err(Failure::UnknownStatus {
            stack: settings.stack(),
            status,
        }),
    }
}

/// What runs otherwise although the stack names the release: the service sees nothing to change there.
fn repairs(release: &Release, settings: &Settings, stack: &Stack, runs: &Runs) -> Vec<Step> {
    let is_named =
        |artifact: &&Object| stack.parameters.get(&parameter(artifact)) == Some(&artifact.key);
    let functions = release.functions.iter().filter(is_named);
    let drifted = functions.filter(|artifact| {
        let code = runs.functions.get(&artifact.name);
        code.is_some_and(|code| *code != artifact.sha256)
    });
    let code = drifted.map(|artifact| Step::UpdateCode {
        function: settings.function(&artifact.name),
        key: artifact.key.clone(),
    });
    let console = Some(&release.console).filter(is_named);
    let console = console.filter(|_| runs.console == Served::Otherwise);
    let console = console.map(|console| Step::PublishConsole {
        key: console.key.clone(),
    });
    code.chain(console).collect()
}

/// What the stacks go back to and the bucket no longer has; what is the release's own is uploaded.
fn put_back<'a>(
    release: &'a Release,
    observation: &'a Observation,
) -> impl Iterator<Item = Step> + 'a {
    let is_there = |key: &str| {
        let present = observation.bucket.as_ref();
        present.is_some_and(|keys| keys.contains_key(key))
            || release.objects().any(|object| object.key == key)
    };
    let needed = observation.protected.needs.keys.iter();
    needed
        .filter(move |key| !is_there(key))
        .map(|key| Step::PutBack { key: key.clone() })
}

/// A stack that is made of other texts than the release's is brought to those as soon as it stands.
fn creation(
    settings: &Settings,
    observation: &Observation,
    tables_left: TablesLeft,
) -> Result<Vec<Step>, Failure> {
    let tables = observation.left_tables.clone();
    let templates = CreationTemplates::of(settings, &tables);
    let end = templates.differs().then_some(Step::EndCreation);
    let create = match (tables.is_empty(), tables_left) {
        (true, _) => Step::CreateStack,
        (false, TablesLeft::Adopt) => Step::AdoptTables { tables },
        (false, TablesLeft::Refuse) => {
            return Err(Failure::TablesLeft {
                tables: tables.join(", "),
            });
        }
    };
    Ok([create].into_iter().chain(end).collect())
}

/// Makes the stack name these artifacts, which run already although it names others; nothing where it
/// does name them, and where it does not stand: the next whole deployment names them then.
pub fn naming<'a>(stack: &Stack, artifacts: impl Iterator<Item = &'a Object>) -> Option<Step> {
    if stack.phase() != StackPhase::Stands {
        return None;
    }
    let named = artifacts.map(|artifact| (parameter(artifact), artifact.key.clone()));
    let parameters: BTreeMap<String, String> = named
        .filter(|(name, key)| stack.parameters.get(name) != Some(key))
        .collect();
    (!parameters.is_empty()).then_some(Step::NameInStack { parameters })
}

/// The parameter that names an artifact.
fn parameter(artifact: &Object) -> String {
    format!("{}ArtifactKey", in_capitals(&artifact.name))
}

fn differences(release: &Release, settings: &Settings, stack: &Stack) -> Vec<Difference> {
    let template =
        (release.master().sha256 != stack.template_sha256).then_some(Difference::Template);
    let parameters = settings
        .parameters(release)
        .into_iter()
        .filter_map(|(name, to)| {
            let from = stack.parameters.get(&name).cloned();
            (from.as_ref() != Some(&to)).then_some(Difference::Parameter { name, from, to })
        });
    template.into_iter().chain(parameters).collect()
}
