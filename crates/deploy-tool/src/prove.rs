//! `prove`: shows on a real account, step by step, that an environment works; each step is said and
//! asked before, and a record lets the next run go on where this one stopped.

mod api;
pub mod description;
mod drill;
mod drs_questions;
mod environment;
mod files;
pub mod observation;
pub mod order;
mod people;
mod product;
mod prover;
pub mod record;
pub mod report;
mod rights;
pub mod run;
pub mod step;

use std::path::PathBuf;

use anyhow::{Result, bail, ensure};
use command_line::deploy::ProveOptions;
use deployment::cloud::Stacks;
use deployment::proving::random;
use deployment::region;
use deployment::rules::Environment;

use crate::command_outcome::CommandOutcome;
use crate::deployment_context::DeploymentContext;
use crate::terminal::{OutputFormat, ask};
use crate::{clock, settings_file};
pub use files::Files;
use prover::Prover;
use record::{Chosen, Identity, Record};
use run::{Answer, Person, Stopped, walk};
use step::{Step, Word};

/// Goes through the steps until the end, a "no", or nothing that can still be tried. Ends with two
/// where something is not proved.
pub async fn run(options: &ProveOptions) -> Result<CommandOutcome> {
    let output = OutputFormat::Text;
    let resolved = settings_file::resolve(&options.place)?;
    region::check_home(&resolved.region)?;
    ensure!(
        resolved.environment != Environment::Prod,
        "proving makes an environment, lets a deployment of it fail, and destroys it: production is \
         no place for that"
    );
    let context = DeploymentContext::of(&options.place, resolved, output).await?;
    check_account(options, &context.account)?;
    let mut files = open(options, &context)?;
    choose(options, &context, &mut files.record)?;
    refuse_what_is_not_ours(&context, &files.record).await?;
    files.keep()?;
    output.tell(&format!(
        "proving {}; the record is {}",
        files.record.identity,
        files.place().display()
    ));
    let mut person = Asking {
        yes: options.yes,
        environment: context.settings.environment.clone(),
    };
    let mut runner = Prover::new(&context, options);
    let stopped = walk(&mut files, &mut runner, &mut person, clock::now).await?;
    output.tell(&report::markdown(&files.record));
    output.tell(&format!("the report is {}", files.report().display()));
    match stopped {
        Stopped::Declined(step) => output.tell(&format!(
            "stopped before \"{}\"; the same command goes on there",
            step.title()
        )),
        Stopped::AtTheEnd => {}
    }
    Ok(if report::all_proved(&files.record) {
        CommandOutcome::Succeeded
    } else {
        CommandOutcome::DifferencesFound
    })
}

fn check_account(options: &ProveOptions, account: &str) -> Result<()> {
    match &options.confirm_account {
        Some(meant) if meant != account => {
            bail!("the credentials belong to the account {account}, and {meant} is meant")
        }
        Some(_) | None => Ok(()),
    }
}

fn open(options: &ProveOptions, context: &DeploymentContext) -> Result<Files> {
    let settings = &context.settings;
    let identity = Identity {
        project: settings.project.clone(),
        environment: settings.environment.clone(),
        account: context.account.clone(),
        region: settings.region.clone(),
    };
    let default = || PathBuf::from(format!("prove-{}", settings.environment));
    let folder = options.folder.clone().unwrap_or_else(default);
    let run = hex::encode(random::<4>()?);
    Files::open(&folder, identity, run)
}

fn choose(options: &ProveOptions, context: &DeploymentContext, record: &mut Record) -> Result<()> {
    match (&options.server, &options.drill_isolation) {
        (Some(server), Some(isolation)) => record.choose(Chosen {
            server: server.clone(),
            region: server_region(options, context),
            isolation: isolation.as_str().to_owned(),
        }),
        (None, None) => Ok(()),
        (Some(_), None) | (None, Some(_)) => bail!(
            "a drill starts a real server: name it with --server, and say with --drill-isolation \
             what keeps it from reaching production"
        ),
    }
}

fn server_region(options: &ProveOptions, context: &DeploymentContext) -> String {
    let home = || context.settings.region.clone();
    options.server_region.clone().unwrap_or_else(home)
}

/// A stack that stands and is not in the record was made by somebody else.
async fn refuse_what_is_not_ours(context: &DeploymentContext, record: &Record) -> Result<()> {
    let stack = context.settings.stack();
    if record.made.stack.is_none() && context.cloud.stack(&stack).await?.is_some() {
        bail!(
            "the stack {stack} is there, and the record says nothing of having made it: proving ends \
             with its destruction, so nothing is touched; choose another --project or --environment"
        );
    }
    Ok(())
}

/// A person at the terminal, or a program that has said yes to everything.
struct Asking {
    yes: bool,
    environment: String,
}

impl Person for Asking {
    fn agrees(&mut self, step: Step, record: &Record) -> Result<Answer> {
        let told = step.description();
        let number = Step::ALL.iter().take_while(|one| **one != step).count() + 1;
        let of = Step::ALL.len();
        OutputFormat::Text.tell(&format!(
            "\nstep {number} of {of}: {}\n  does   {}\n  costs  {}\n  takes  {}",
            told.title, told.does, told.costs, told.takes
        ));
        if self.yes {
            return Ok(Answer::Yes);
        }
        let word = match step.word() {
            Word::Yes => "yes".to_owned(),
            Word::Environment => self.environment.clone(),
            Word::Server => {
                let chosen = record.chosen.as_ref();
                chosen.map_or_else(|| "yes".to_owned(), |chosen| chosen.server.clone())
            }
        };
        let said = ask(&format!(
            "type {word} to let it begin, anything else to stop"
        ))?;
        Ok(if said == word {
            Answer::Yes
        } else {
            Answer::No
        })
    }
}
