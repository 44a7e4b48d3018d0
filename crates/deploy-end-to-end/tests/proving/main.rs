//! An environment is proved on the emulator and the simulator of DRS, from nothing to nothing.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot prepare its world has failed"
)]

use std::fs;
use std::path::{Path, PathBuf};

use deploy_end_to_end::simulator::DrsSimulator;
use deploy_end_to_end::test_environment::{ACCOUNT, Ended, REGION, TestEnvironment};
use end_to_end::simulator::Request;
use fault_proxy::{Fault, Schedule};
use serde_json::Value;

const SERVER: &str = "s-00000000000000001";
const ISOLATION: &str = "The drill subnet has no route.";

/// An emulator, a simulator, and a folder for the record.
struct Scene {
    environment: TestEnvironment,
    simulator: DrsSimulator,
    folder: PathBuf,
}

impl Scene {
    fn start(port: u16) -> Self {
        let environment = TestEnvironment::start(port).unwrap();
        let folder = environment.folder.path().to_path_buf();
        let simulator = DrsSimulator::start(port + 2, port, &folder).unwrap();
        Self {
            environment,
            simulator,
            folder: folder.join("proof"),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&[&str]) -> T) -> T {
        let folder = self.folder.display().to_string();
        let endpoint = format!("DrsEndpointUrl={}", self.simulator.address());
        work(&[
            "prove",
            "--yes",
            "--confirm-account",
            ACCOUNT,
            "--region",
            REGION,
            "--server",
            SERVER,
            "--drill-isolation",
            ISOLATION,
            "--drs-region",
            "us-east-1,eu-west-1",
            "--folder",
            &folder,
            "--parameter",
            &endpoint,
            "--parameter",
            "DrsEventSource=drs.simulator",
            "--parameter",
            "VisibilityWindowSeconds=20",
        ])
    }

    fn prove(&self) -> Ended {
        self.with(|arguments| self.environment.run(arguments))
            .unwrap()
    }

    fn is_killed(&self) {
        let killed = self.with(|arguments| self.environment.kill_where_it_is_held(arguments));
        killed.unwrap();
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder.join(name)).unwrap()
    }

    fn report(&self) -> Value {
        serde_json::from_str(&self.read("report.json")).unwrap()
    }

    fn verdict(&self, step: &str) -> String {
        let report = self.report();
        let steps = report["steps"].as_array().unwrap();
        let row = steps.iter().find(|row| row["step"] == step).unwrap();
        row["verdict"].as_str().unwrap().to_owned()
    }

    fn requests(&self, operation: &str) -> Vec<Request> {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let journal = runtime.block_on(self.simulator.control().journal());
        let mut found = journal.unwrap();
        found.retain(|request| request.operation == operation && request.committed);
        found
    }
}

fn all_is_proved_and_gone(scene: &Scene, ended: &Ended) {
    let report = scene.read("report.md");
    assert_eq!(ended.code, Some(0), "{}\n{report}", ended.text);
    assert_eq!(scene.report()["allProved"], true, "{report}");
    let launches = scene.requests("StartRecovery");
    assert_eq!(launches.len(), 1, "{launches:?}");
    assert_eq!(launches[0].request["isDrill"], true);
    assert_eq!(
        launches[0].servers().into_iter().collect::<Vec<_>>(),
        [SERVER]
    );
    assert_eq!(scene.requests("TerminateRecoveryInstances").len(), 1);
    let left = scene.environment.run(&["status", "--json"]).unwrap();
    assert!(left.text.contains("is not there"), "{}", left.text);
}

/// A password of this tool begins so, and a token is a header of JSON in Base64.
fn nothing_secret_in(text: &str) {
    for beginning in ["aA1!", "eyJ"] {
        assert!(!text.contains(beginning), "{text}");
    }
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path()).collect()
}

#[test]
fn an_environment_is_proved_from_nothing_to_nothing_and_the_report_says_what_shows_it() {
    let scene = Scene::start(31_800);
    let ended = scene.prove();
    all_is_proved_and_gone(&scene, &ended);
    nothing_secret_in(&ended.text);
    for file in files(&scene.folder) {
        nothing_secret_in(&fs::read_to_string(file).unwrap());
    }
    let report = scene.read("report.md");
    for sentence in [
        "is LAUNCHED as i-",
        "eu-west-1: DRS is not initialised there",
        "Console (Custom::Console) in shop-dev-FrontendStack",
        "UPDATE_ROLLBACK_COMPLETE, with the parameters and outputs that it had",
        "is gone, with its tables and its user pool",
    ] {
        assert!(report.contains(sentence), "{sentence}: {report}");
    }
    let seen = scene.read("observations.yaml");
    for line in [
        "page_size: 2",
        "  drills_say_start_drill: true",
        "  empty_terminate_jobs: true",
        "  newest_log_first: ",
        "  launch_end_event: ",
        "  cleanup_events: ",
    ] {
        assert!(seen.contains(line), "{line}: {seen}");
    }
    assert!(!seen.contains("could not be looked at"), "{seen}");
    // Proved once: a further run has nothing to do, and touches nothing.
    scene.environment.proxy.writes();
    assert_eq!(scene.prove().code, Some(0));
    assert_eq!(scene.environment.proxy.writes(), Vec::<String>::new());
}

#[test]
fn a_proof_that_is_killed_three_times_goes_on_each_time_and_drs_got_one_launch() {
    let scene = Scene::start(31_810);
    let proxy = &scene.environment.proxy;
    proxy.hold("ExecuteChangeSet", 0);
    scene.is_killed();
    assert_eq!(scene.verdict("DEPLOYMENT"), "NOT_PROVED");
    // The drill starts, and nobody hears of it.
    proxy.spoil(Schedule {
        every: 1,
        named: "POST /api/executions".to_owned(),
        faults: vec![Fault::LoseAnswer],
    });
    proxy.hold("GET /api/executions", 1);
    scene.is_killed();
    assert_eq!(scene.verdict("DEPLOYMENT"), "PROVED");
    assert_eq!(scene.verdict("DRILL"), "NOT_PROVED");
    proxy.spoil(Schedule::default());
    proxy.hold("terminate-instances", 0);
    scene.is_killed();
    assert_eq!(scene.verdict("DRILL"), "PROVED");
    let ended = scene.prove();
    all_is_proved_and_gone(&scene, &ended);
}

#[test]
fn a_stack_that_somebody_else_made_is_not_touched() {
    let scene = Scene::start(31_820);
    scene.environment.succeed(&["deploy"]).unwrap();
    scene.environment.proxy.writes();
    let refused = scene.prove();
    assert_eq!(refused.code, Some(1), "{}", refused.text);
    assert!(
        refused.text.contains("nothing is touched"),
        "{}",
        refused.text
    );
    assert_eq!(scene.environment.proxy.writes(), Vec::<String>::new());
    assert!(!scene.folder.exists());
}
