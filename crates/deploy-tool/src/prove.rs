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
use deploy_options::ProveOptions;
use deployment::cloud::Cloud;
use deployment::proving::random;
use deployment::region;
use deployment::rules::Environment;

use crate::end::End;
use crate::ground::Ground;
use crate::say::{Audience, ask};
use crate::{clock, settings_file};
pub use files::Files;
use prover::Prover;
use record::{Chosen, Identity, Record};
use run::{Answer, Person, Stopped, walk};
use step::{Step, Word};

/// Goes through the steps until the end, a "no", or nothing that can still be tried. Ends with two
/// where something is not proved.
pub async fn run(options: &ProveOptions) -> Result<End> {
    let audience = Audience::Person;
    let resolved = settings_file::resolve(&options.place)?;
    region::check_home(&resolved.region)?;
    ensure!(
        resolved.environment != Environment::Prod,
        "proving makes an environment, lets a deployment of it fail, and destroys it: production is \
         no place for that"
    );
    let ground = Ground::of(&options.place, resolved, audience).await?;
    check_account(options, &ground.account)?;
    let mut files = open(options, &ground)?;
    choose(options, &ground, &mut files.record)?;
    refuse_what_is_not_ours(&ground, &files.record).await?;
    files.keep()?;
    audience.tell(&format!(
        "proving {}; the record is {}",
        files.record.identity,
        files.place().display()
    ));
    let mut person = Asking {
        yes: options.yes,
        environment: ground.settings.environment.clone(),
    };
    let mut hands = Prover::new(&ground, options);
    let stopped = walk(&mut files, &mut hands, &mut person, clock::now).await?;
    audience.tell(&report::markdown(&files.record));
    audience.tell(&format!("the report is {}", files.report().display()));
    match stopped {
        Stopped::Declined(step) => audience.tell(&format!(
            "stopped before \"{}\"; the same command goes on there",
            step.title()
        )),
        Stopped::AtTheEnd => {}
    }
    Ok(if report::all_proved(&files.record) {
        End::Fine
    } else {
        End::Two
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

fn open(options: &ProveOptions, ground: &Ground) -> Result<Files> {
    let settings = &ground.settings;
    let identity = Identity {
        project: settings.project.clone(),
        environment: settings.environment.clone(),
        account: ground.account.clone(),
        region: settings.region.clone(),
    };
    let default = || PathBuf::from(format!("prove-{}", settings.environment));
    let folder = options.folder.clone().unwrap_or_else(default);
    let run = hex::encode(random::<4>()?);
    Files::open(&folder, identity, run)
}

fn choose(options: &ProveOptions, ground: &Ground, record: &mut Record) -> Result<()> {
    match (&options.server, &options.drill_isolation) {
        (Some(server), Some(isolation)) => record.choose(Chosen {
            server: server.clone(),
            region: server_region(options, ground),
            isolation: isolation.as_str().to_owned(),
        }),
        (None, None) => Ok(()),
        (Some(_), None) | (None, Some(_)) => bail!(
            "a drill starts a real server: name it with --server, and say with --drill-isolation \
             what keeps it from reaching production"
        ),
    }
}

fn server_region(options: &ProveOptions, ground: &Ground) -> String {
    let home = || ground.settings.region.clone();
    options.server_region.clone().unwrap_or_else(home)
}

/// A stack that stands and is not in the record was made by somebody else.
async fn refuse_what_is_not_ours(ground: &Ground, record: &Record) -> Result<()> {
    let stack = ground.settings.stack();
    if record.made.stack.is_none() && ground.cloud.stack(&stack).await?.is_some() {
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
        Audience::Person.tell(&format!(
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
