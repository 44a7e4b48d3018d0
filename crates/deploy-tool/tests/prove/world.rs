//! A product that launches a server for each execution, keeps client tokens, and can end at any
//! moment; and somebody who says yes, or no.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use anyhow::{Result, bail};
use deploy_tool::prove::Files;
use deploy_tool::prove::record::{Identity, Record, Wish};
use deploy_tool::prove::run::{Answer, Person, StepRunner, Stopped, walk};
use deploy_tool::prove::step::Step;
use jiff::Timestamp;
use tempfile::TempDir;

/// Where in a step the process ends.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Moment {
    /// Before anything is asked for.
    Before,
    /// After the wish is written down and before it is asked for.
    Wished,
    /// After it was done, and before anybody heard of it.
    Done,
}

impl Moment {
    pub(crate) const ALL: [Self; 3] = [Self::Before, Self::Wished, Self::Done];
}

#[derive(Debug, Default)]
struct State {
    launches: BTreeMap<String, String>,
    performed: Vec<Step>,
    broken: Option<Step>,
    declined: Option<Step>,
    killed: Option<(Step, Moment)>,
}

/// The world of one test.
#[derive(Debug)]
pub(crate) struct World {
    folder: TempDir,
    state: RefCell<State>,
}

/// The process is gone: nothing of it writes any longer.
#[derive(Debug)]
struct Gone;

pub(crate) fn identity() -> Identity {
    Identity {
        project: "shop".to_owned(),
        environment: "dev".to_owned(),
        account: "111122223333".to_owned(),
        region: "us-west-2".to_owned(),
    }
}

impl World {
    pub(crate) fn new() -> Self {
        Self {
            folder: TempDir::new().unwrap(),
            state: RefCell::default(),
        }
    }

    pub(crate) fn folder(&self) -> PathBuf {
        self.folder.path().to_path_buf()
    }

    pub(crate) fn break_step(&self, step: Step) {
        self.state.borrow_mut().broken = Some(step);
    }

    pub(crate) fn mend(&self) {
        self.state.borrow_mut().broken = None;
    }

    pub(crate) fn decline(&self, step: Option<Step>) {
        self.state.borrow_mut().declined = step;
    }

    pub(crate) fn kill(&self, step: Step, moment: Moment) {
        self.state.borrow_mut().killed = Some((step, moment));
    }

    pub(crate) fn performed(&self) -> Vec<Step> {
        self.state.borrow().performed.clone()
    }

    pub(crate) fn launches(&self) -> usize {
        self.state.borrow().launches.len()
    }

    pub(crate) fn record(&self) -> Record {
        let file = self.folder.path().join("record.json");
        Record::read(&file, &identity()).unwrap().unwrap()
    }

    pub(crate) fn run(&self) -> Stopped {
        self.try_run().unwrap()
    }

    /// One process: it reads the files anew. A killed one never comes back from its step.
    pub(crate) fn try_run(&self) -> Result<Stopped> {
        let mut files = open(self.folder.path())?;
        let mut runner = self;
        let mut person = self;
        let walking = walk(&mut files, &mut runner, &mut person, || {
            Timestamp::UNIX_EPOCH
        });
        let mut walking = pin!(walking);
        match walking
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(stopped) => stopped,
            Poll::Pending => bail!("killed"),
        }
    }

    /// Ends the process here, if it is to end here.
    async fn maybe_killed(&self, step: Step, moment: Moment) {
        let is_now = self.state.borrow().killed == Some((step, moment));
        if is_now {
            self.state.borrow_mut().killed = None;
            std::future::pending::<Gone>().await;
        }
    }
}

fn open(folder: &Path) -> Result<Files> {
    Files::open(folder, identity(), "0badcafe".to_owned())
}

impl Person for &World {
    fn agrees(&mut self, step: Step, _: &Record) -> Result<Answer> {
        let declined = self.state.borrow().declined;
        Ok(if declined == Some(step) {
            Answer::No
        } else {
            Answer::Yes
        })
    }
}

impl StepRunner for &World {
    async fn perform(&mut self, step: Step, files: &mut Files) -> Result<Vec<String>> {
        self.maybe_killed(step, Moment::Before).await;
        if step == Step::Drill && files.record.made.execution.is_none() {
            files.record.made.execution = Some(Wish {
                token: format!("token-{}", self.performed().len()),
                at: String::new(),
                id: None,
            });
            files.keep()?;
        }
        self.maybe_killed(step, Moment::Wished).await;
        self.state.borrow_mut().performed.push(step);
        if let (Step::Drill, Some(wish)) = (step, &mut files.record.made.execution) {
            // The same token is the same start.
            let mut state = self.state.borrow_mut();
            let id = state.launches.entry(wish.token.clone());
            wish.id = Some(id.or_insert_with(|| "execution".to_owned()).clone());
        }
        self.maybe_killed(step, Moment::Done).await;
        let broken = self.state.borrow().broken;
        if broken == Some(step) {
            bail!("it is broken");
        }
        Ok(vec!["it behaves".to_owned()])
    }
}
