//! Faults that hit everybody: functions that are killed, an AWS that stands still, events that
//! are dropped. A few drills run meanwhile, and each must end as if nothing had been.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde_json::json;

use super::run::attempts_with_two_jobs;
use crate::emulator::RuleState;
use crate::execution::View;
use crate::{Execution, Fleet, Role, Scene, Stack, Wave, processes};

/// Drills of two waves of two servers that run side by side.
const DRILLS: usize = 4;
const SERVERS: u64 = 4;
const PATIENCE: Duration = Duration::from_mins(8);
const PACE: Duration = Duration::from_secs(3);
/// How long functions are killed, and how often.
const KILLING: Duration = Duration::from_mins(1);
const BETWEEN_KILLS: Duration = Duration::from_millis(1_500);
/// How often the emulator stands still, for how long, and how long it may work in between.
const FREEZES: u32 = 3;
const FROZEN: Duration = Duration::from_secs(12);
const THAWED: Duration = Duration::from_secs(8);
/// The functions that have processes while executions run.
pub(super) const FUNCTIONS: [&str; 4] = [
    "-orchestration",
    "-api-handler",
    "-execution-finder",
    "-execution-poller",
];

/// One storm, and what became of the drills in it.
#[derive(Clone, Debug)]
pub struct Storm {
    /// What went wrong.
    pub what: &'static str,
    /// How it was made, with counts.
    pub made: String,
    /// How many drills ended in each status.
    pub ended: BTreeMap<String, usize>,
    /// What is not as it should be.
    pub differences: Vec<String>,
    /// How long it took.
    pub seconds: u64,
}

/// Every function's processes are killed at random while drills run.
pub async fn kills(stack: &Stack) -> Result<Storm> {
    let (began, drills) = (Instant::now(), start(stack).await?);
    let mut killed: BTreeMap<&str, usize> = BTreeMap::new();
    while began.elapsed() < KILLING {
        let function = fastrand::choice(FUNCTIONS).context("no function")?;
        let found = processes::of_function(function, &stack.places.aws_endpoint_url)?;
        if let Some(process) = fastrand::choice(found) {
            // It may have ended by itself just now.
            if processes::kill(process).is_ok() {
                *killed.entry(function).or_default() += 1;
            }
        }
        tokio::time::sleep(BETWEEN_KILLS).await;
    }
    ensure!(!killed.is_empty(), "no process was found to kill");
    let counts: Vec<String> = killed
        .iter()
        .map(|(function, count)| format!("{} {count}×", function.trim_start_matches('-')))
        .collect();
    let made = format!("SIGKILL at random for a minute: {}", counts.join(", "));
    judge(stack, "functions are killed", made, &drills, began).await
}

/// The emulator stops in its tracks: `DynamoDB`, Step Functions, Lambda and `EventBridge` do not
/// answer, and what was asked is answered late.
pub async fn freezes(stack: &Stack) -> Result<Storm> {
    let (began, drills) = (Instant::now(), start(stack).await?);
    let port = stack.places.aws_endpoint_url.rsplit(':').next();
    let emulator = processes::of_emulator(port.context("a port")?)?;
    for _ in 0..FREEZES {
        tokio::time::sleep(THAWED).await;
        processes::pause(emulator)?;
        tokio::time::sleep(FROZEN).await;
        processes::go_on(emulator)?;
    }
    let made = format!(
        "SIGSTOP to the emulator, {FREEZES} times for {} s",
        FROZEN.as_secs()
    );
    let what = "DynamoDB, Step Functions, Lambda and EventBridge stand still";
    judge(stack, what, made, &drills, began).await
}

/// The emulator ends in mid-drill and begins again with its state: the state machines that were
/// under way are gone, and the simulator's jobs go on.
pub async fn restart(stack: &Stack) -> Result<Storm> {
    let (began, drills) = (Instant::now(), start(stack).await?);
    tokio::time::sleep(THAWED).await;
    let away = stack.restart_emulator().await?;
    let made = format!(
        "the emulator is stopped and started with its state, {} s in all; its state machines do \
         not survive that",
        away.as_secs()
    );
    let what = "DynamoDB, Step Functions, Lambda and EventBridge end and begin again";
    judge(stack, what, made, &drills, began).await
}

/// No event of DRS arrives.
pub async fn silence(stack: &Stack) -> Result<Storm> {
    let began = Instant::now();
    let emulator = stack.emulator();
    let rules = emulator.switch_rules("drs", RuleState::Disabled).await?;
    let storm = async {
        ensure!(!rules.is_empty(), "no rule brings DRS events");
        let drills = start(stack).await?;
        let made = format!("{} EventBridge rules disabled", rules.len());
        judge(stack, "EventBridge drops DRS events", made, &drills, began).await
    };
    let storm = storm.await;
    emulator.switch_rules("drs", RuleState::Enabled).await?;
    storm
}

pub(super) async fn start(stack: &Stack) -> Result<Vec<(Scene, Execution)>> {
    let api = stack.api(Role::DrillOperator).await?;
    let mut drills = Vec::new();
    for _ in 0..DRILLS {
        let fleet = Fleet::take(stack, SERVERS).await?;
        let waves = [
            Wave::new("a", &fleet.part(0, 2)),
            Wave::new("b", &fleet.part(2, 4)),
        ];
        let scene = Scene::make(&api, &waves).await?;
        let wish = json!({ "recoveryPlanId": scene.plan, "kind": "DRILL" });
        let execution = api.started(&wish).await?;
        drills.push((scene, execution));
    }
    Ok(drills)
}

pub(super) async fn judge(
    stack: &Stack,
    what: &'static str,
    made: String,
    drills: &[(Scene, Execution)],
    began: Instant,
) -> Result<Storm> {
    let mut storm = Storm {
        what,
        made,
        ended: BTreeMap::new(),
        differences: Vec::new(),
        seconds: 0,
    };
    for (scene, execution) in drills {
        let view = ended(execution).await?;
        *storm.ended.entry(view.status.clone()).or_default() += 1;
        if view.status != "COMPLETED" || view.servers().any(|one| one.status != "LAUNCHED") {
            let text = format!("{} {}", execution.id, view.summary());
            storm.differences.push(text);
        }
        let simulator = stack.simulator();
        let launches = simulator.launches(&scene.servers).await?;
        storm.differences.extend(attempts_with_two_jobs(&launches));
        for server in &scene.servers {
            let naming = launches.iter().filter(|one| one.servers().contains(server));
            let times = naming.count();
            if times != 1 {
                let text = format!("{server} was launched {times} times in {}", execution.id);
                storm.differences.push(text);
            }
        }
        let violations = simulator.violations(&scene.servers).await?;
        let violations = violations.iter().map(ToString::to_string);
        storm.differences.extend(violations);
    }
    storm.seconds = began.elapsed().as_secs();
    Ok(storm)
}

/// Waits for the end. What is asked just after a storm may fail; only its end counts.
async fn ended(execution: &Execution) -> Result<View> {
    let began = Instant::now();
    loop {
        let view = execution.view().await;
        match view {
            Ok(view) if view.has_ended() => return Ok(view),
            Ok(view) => ensure!(
                began.elapsed() < PATIENCE,
                "not within {PATIENCE:?}: {} {}",
                execution.id,
                view.summary()
            ),
            Err(error) if began.elapsed() > PATIENCE => return Err(error),
            Err(_) => {}
        }
        tokio::time::sleep(PACE).await;
    }
}
