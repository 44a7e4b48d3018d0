//! One case: its plan, its faults, its execution, and what is seen of it.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};

use super::{Act, Case, Expected, Scope};
use crate::emulator::text;
use crate::execution::View;
use crate::fleet::{POOL, Pool};
use crate::simulator::Request;
use crate::wait::{Look, until_at_pace};
use crate::{Api, Execution, Fleet, Role, Scene, Stack, Wave, processes};

/// Absence takes two and a half minutes to prove on a local stack, and the machine is shared.
const PATIENCE: Duration = Duration::from_mins(8);
const PACE: Duration = Duration::from_secs(2);
const QUICK: Duration = Duration::from_millis(200);

/// What was seen, in the words of what was expected.
#[derive(Clone, Debug, Default)]
pub struct Seen {
    /// The status; with a clean-up, that of the clean-up after a slash.
    pub status: String,
    /// The statuses of the servers.
    pub servers: Vec<String>,
    /// How often each was launched.
    pub launches: Vec<usize>,
    /// Everything that was shown, each sentence once.
    pub shown: BTreeSet<String>,
    /// What should never happen, by the simulator's own record.
    pub violations: Vec<String>,
    /// The execution.
    pub execution: String,
    /// How long it took.
    pub seconds: u64,
}

/// A case with its servers.
struct Site<'a> {
    stack: &'a Stack,
    case: &'a Case,
    fleet: Fleet,
    scene: Scene,
    api: Api,
    shown: BTreeSet<String>,
}

/// Runs a case; `pool` is its own where it is about a Region.
pub async fn run(stack: &Stack, case: &Case, pool: &Pool) -> Result<Seen> {
    let began = Instant::now();
    let pool = match case.scope {
        Scope::Servers => &POOL,
        Scope::Region => pool,
    };
    let role = match case.kind {
        "RECOVERY" => Role::RecoveryManager,
        _ => Role::DrillOperator,
    };
    let api = stack.api(role).await?;
    let fleet = Fleet::take_of(stack, pool, 4).await?;
    let mut first = Wave::new("a", &fleet.part(0, 2));
    for (member, value) in case.first_wave.as_object().into_iter().flatten() {
        first = first.with(member, value.clone());
    }
    let waves = [first, Wave::new("b", &fleet.part(2, 4))];
    let maker = stack.api(Role::DrillOperator).await?;
    let scene = Scene::make_in(&maker, fleet.region, &waves).await?;
    let mut site = Site {
        stack,
        case,
        fleet,
        scene,
        api,
        shown: BTreeSet::new(),
    };
    let mut seen = site.play().await?;
    seen.seconds = began.elapsed().as_secs();
    Ok(seen)
}

impl Seen {
    /// What differs from what was expected; nothing where all is as it should be.
    pub fn differences(&self, expected: &Expected) -> Vec<String> {
        let mut found = Vec::new();
        if self.status != expected.status {
            found.push(format!("{} instead of {}", self.status, expected.status));
        }
        let servers = self.servers.iter().zip(expected.servers);
        for ((seen, wanted), name) in servers.zip(["a1", "a2", "b1", "b2"]) {
            if !wanted.is_empty() && seen != wanted {
                found.push(format!("{name} {seen} instead of {wanted}"));
            }
        }
        if self.launches != expected.launches {
            let launches = &self.launches;
            found.push(format!(
                "launched {launches:?} times instead of {:?}",
                expected.launches
            ));
        }
        if !self.has_shown(expected.shows) {
            found.push(format!("never shown: {}", expected.shows));
        }
        found.extend(self.violations.iter().cloned());
        found
    }

    fn has_shown(&self, texts: &str) -> bool {
        texts
            .split('|')
            .any(|text| text.is_empty() || self.shown.iter().any(|line| line.contains(text)))
    }
}

impl Site<'_> {
    async fn play(&mut self) -> Result<Seen> {
        let simulator = self.stack.simulator();
        for (server, change) in &self.case.servers {
            simulator
                .change_server(&self.filled(server), change)
                .await?;
        }
        let late = matches!(
            self.case.act,
            Act::Meanwhile | Act::Outage(_) | Act::CleanUp
        );
        let mut rules = if late {
            Vec::new()
        } else {
            self.add_rules().await?
        };
        let wish = match self.case.kind {
            "RECOVERY" => self.scene.recovery(),
            _ => self.scene.drill(),
        };
        if let Act::Refused(code) = self.case.act {
            let answer = self.api.start(&wish).await?;
            self.shown.insert(answer.text.clone());
            answer.problem(409, code)?;
            self.remove_rules(&rules).await?;
            return self.judge("refused".to_owned(), Vec::new(), "").await;
        }
        let execution = self.api.started(&wish).await?;
        self.meddle(&execution, &mut rules).await?;
        let view = self.watched(&execution, View::has_ended).await?;
        let mut status = view.status.clone();
        if matches!(
            self.case.act,
            Act::CleanUp | Act::EndInstance | Act::CleanUpWith(_)
        ) {
            status = format!("{status}/{}", self.clean_up(&execution, &mut rules).await?);
        }
        for event in execution.events().await? {
            let (code, detail) = (text(&event, "code"), text(&event, "detail"));
            self.shown.insert(format!("{code}: {detail}"));
        }
        self.remove_rules(&rules).await?;
        let view = execution.view().await?;
        self.note(&view);
        self.judge(status, self.statuses(&view)?, &execution.id)
            .await
    }

    /// What is done while it runs.
    async fn meddle(&mut self, execution: &Execution, rules: &mut Vec<String>) -> Result<()> {
        match self.case.act {
            Act::Watch
            | Act::Refused(_)
            | Act::CleanUp
            | Act::EndInstance
            | Act::CleanUpWith(_) => Ok(()),
            Act::Meanwhile => self.first_job_then_rules(execution, rules).await,
            Act::Outage(seconds) => {
                self.first_job_then_rules(execution, rules).await?;
                let over = Instant::now() + Duration::from_secs(seconds);
                while Instant::now() < over {
                    let view = execution.view().await?;
                    self.note(&view);
                    ensure!(!view.has_ended(), "ended by an outage: {}", view.summary());
                    tokio::time::sleep(PACE).await;
                }
                self.remove_rules(rules).await?;
                rules.clear();
                Ok(())
            }
            Act::Retry => {
                self.failed(execution).await?;
                let body = json!({ "waveKey": "a", "reason": "Again." });
                execution.accept("retry", &body).await.map(|_| ())
            }
            Act::GoOnWithout => {
                self.failed(execution).await?;
                let body = json!({ "comment": "One will do." });
                execution.accept("resume", &body).await.map(|_| ())
            }
            Act::Kill => {
                let servers = self.fleet.part(0, 2);
                until_at_pace("the launch takes effect", PATIENCE, QUICK, || async {
                    let launches = self.stack.simulator().launches(&servers).await?;
                    Ok(Look::of(launches.first().map(|_| ()), "no launch"))
                })
                .await?;
                let emulator = &self.stack.places.aws_endpoint_url;
                let found = processes::of_function("-orchestration", emulator)?;
                ensure!(!found.is_empty(), "no process to kill");
                found.into_iter().try_for_each(processes::kill)
            }
        }
    }

    async fn first_job_then_rules(
        &mut self,
        execution: &Execution,
        rules: &mut Vec<String>,
    ) -> Result<()> {
        self.watched(execution, |view| !view.jobs().is_empty())
            .await?;
        rules.extend(self.add_rules().await?);
        Ok(())
    }

    async fn failed(&mut self, execution: &Execution) -> Result<()> {
        let held = |view: &View| view.has_ended() || !view.holds_of("FAILURE").is_empty();
        let view = self.watched(execution, held).await?;
        ensure!(!view.has_ended(), "nobody was asked: {}", view.summary());
        Ok(())
    }

    async fn clean_up(&mut self, execution: &Execution, rules: &mut Vec<String>) -> Result<String> {
        let view = execution.view().await?;
        match self.case.act {
            Act::EndInstance => {
                let server = self.fleet.servers.first().context("no server")?;
                let instances = view.instances();
                let instance = instances.get(server).context("no instance")?;
                self.stack.simulator().end_instance(instance).await?;
            }
            Act::CleanUp => rules.extend(self.add_rules().await?),
            Act::Watch
            | Act::Refused(_)
            | Act::Meanwhile
            | Act::Outage(_)
            | Act::Retry
            | Act::GoOnWithout
            | Act::CleanUpWith(_)
            | Act::Kill => {}
        }
        let body = json!({ "confirm": self.scene.name });
        execution.accept("terminate-instances", &body).await?;
        let over =
            |view: &View| !["NOT_STARTED", "RUNNING"].contains(&view.clean_up.status.as_str());
        let view = self.watched(execution, over).await?;
        let state = self.stack.simulator().state().await?;
        let left = state.instances(&self.fleet.servers);
        let expected = match self.case.act {
            Act::CleanUpWith(count) => count,
            Act::Watch
            | Act::Refused(_)
            | Act::Meanwhile
            | Act::Outage(_)
            | Act::Retry
            | Act::GoOnWithout
            | Act::CleanUp
            | Act::EndInstance
            | Act::Kill => 0,
        };
        ensure!(left.len() == expected, "DRS has records: {left:?}");
        Ok(view.clean_up.status)
    }

    /// Looks until it holds, and remembers all that is shown meanwhile.
    async fn watched(
        &mut self,
        execution: &Execution,
        holds: impl Fn(&View) -> bool,
    ) -> Result<View> {
        let began = Instant::now();
        loop {
            let view = execution.view().await?;
            self.note(&view);
            if holds(&view) {
                return Ok(view);
            }
            if began.elapsed() > PATIENCE {
                bail!(
                    "not within {PATIENCE:?}: {} {}",
                    execution.id,
                    view.summary()
                );
            }
            tokio::time::sleep(PACE).await;
        }
    }

    fn note(&mut self, view: &View) {
        self.shown.insert(view.observation.clone());
        self.shown.extend(view.status_reason.clone());
        for waiting in &view.waiting_for {
            self.shown
                .insert(format!("{}: {}", waiting.kind, waiting.detail));
        }
        for server in view.servers() {
            self.shown.extend(server.error.clone());
            self.shown
                .extend(server.warnings.iter().map(Value::to_string));
        }
        let instances = view.clean_up.instances.iter();
        self.shown.extend(instances.map(Value::to_string));
        self.shown.extend(view.clean_up.reason.clone());
    }

    fn statuses(&self, view: &View) -> Result<Vec<String>> {
        let servers = self.fleet.servers.iter();
        servers
            .map(|server| Ok(view.server(server)?.status.clone()))
            .collect()
    }

    async fn judge(&self, status: String, servers: Vec<String>, id: &str) -> Result<Seen> {
        let simulator = self.stack.simulator();
        let launches = simulator.launches(&self.fleet.servers).await?;
        let times = self.fleet.servers.iter().map(|server| {
            let naming = launches
                .iter()
                .filter(|launch| launch.servers().contains(server));
            naming.count()
        });
        let found = simulator.violations(&self.fleet.servers).await?;
        let mut violations: Vec<String> = found.iter().map(Value::to_string).collect();
        violations.extend(attempts_with_two_jobs(&launches));
        Ok(Seen {
            status,
            servers,
            launches: times.collect(),
            shown: self.shown.iter().map(|line| self.named(line)).collect(),
            violations,
            execution: id.to_owned(),
            seconds: 0,
        })
    }

    async fn add_rules(&self) -> Result<Vec<String>> {
        let mut added = Vec::new();
        for rule in &self.case.rules {
            let rule = serde_json::from_str(&self.filled(&rule.to_string()));
            let rule: Value = rule.context("a rule")?;
            added.push(self.stack.simulator().add_fault(&rule).await?);
        }
        Ok(added)
    }

    async fn remove_rules(&self, rules: &[String]) -> Result<()> {
        for rule in rules {
            self.stack.simulator().remove_fault(rule).await?;
        }
        Ok(())
    }

    fn filled(&self, text: &str) -> String {
        let names = ["{a1}", "{a2}", "{b1}", "{b2}"];
        let servers = names.iter().zip(&self.fleet.servers);
        servers.fold(
            text.replace("{region}", self.fleet.region),
            |text, (name, server)| text.replace(name, server),
        )
    }

    /// The same the other way round, so that what is expected can name servers.
    fn named(&self, text: &str) -> String {
        let names = ["{a1}", "{a2}", "{b1}", "{b2}"];
        let servers = names.iter().zip(&self.fleet.servers);
        servers.fold(text.to_owned(), |text, (name, server)| {
            text.replace(server.as_str(), name)
        })
    }
}

/// Attempts of which DRS accepted more than one job.
pub(super) fn attempts_with_two_jobs(launches: &[Request]) -> Vec<String> {
    let mut tags = BTreeSet::new();
    launches
        .iter()
        .filter(|launch| !tags.insert(launch.request["tags"].to_string()))
        .map(|launch| format!("a second job of one attempt: {}", launch.request["tags"]))
        .collect()
}
