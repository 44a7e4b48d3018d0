//! The end-to-end test: a local stack of its own, with its own ports and state, and claims tried on it.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::run::{is_there, run_with};
use crate::stack_options::TestOptions;
use crate::{build, console, judges, python, workspace};

/// Names the stack's status file to the tests.
pub const VARIABLE: &str = "DRS_ORCHESTRATION_STACK";
/// The crate of the claims about a running stack.
pub const CRATE: &str = "end-to-end";
/// Where the claims and the measurements run.
pub const FIXTURE: StackFixture = StackFixture {
    folder: "end-to-end",
    scenario: "crates/end-to-end/scenario.yaml",
    parameters: &[],
};
/// Claims tried at once: each mostly waits for the stack, and has servers of its own.
const SIDE_BY_SIDE: &str = "8";
const PACE: Duration = Duration::from_millis(100);

/// Starts the stack, runs the tests on it, and takes it down, also when they failed.
/// The programs and the console have been built.
pub fn run(root: &Path, options: TestOptions) -> Result<()> {
    on_stack(root, options, FIXTURE, |status| {
        tests(root, status)?;
        judges::recorded(root, status)
    })
}

/// Starts a stack, does something with its status file, and takes it down whatever came of it.
pub fn on_stack(
    root: &Path,
    options: TestOptions,
    fixture: StackFixture,
    work: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let programs = build::folder(root)?;
    on_stack_of(root, options, fixture, root, &programs, work)
}

/// The same with the templates of another repository, and with its functions.
pub fn on_stack_of(
    root: &Path,
    options: TestOptions,
    fixture: StackFixture,
    repository: &Path,
    programs: &Path,
    work: impl FnOnce(&Path) -> Result<()>,
) -> Result<()> {
    let mut stack = Stack::start(root, options, fixture, repository, programs)?;
    let outcome = stack.ready().and_then(|()| work(&stack.status_file()));
    let ended = stack.end();
    outcome.and(ended)
}

/// Builds all that a program of this crate's needs, a stack among it; answers the program.
pub fn program(root: &Path, name: &str) -> Result<String> {
    let folder = build::programs(root)?;
    console::build(root)?;
    build::measurements(root)?;
    Ok(folder.join(name).display().to_string())
}

/// Runs a program on the stack of this status file.
pub fn run_program(root: &Path, program: &str, arguments: &[&str], status: &Path) -> Result<()> {
    let status = status.display().to_string();
    run_with(root, program, arguments, &[(VARIABLE, status.as_str())])
}

fn tests(root: &Path, status: &Path) -> Result<()> {
    let status = status.display().to_string();
    let variables = [(VARIABLE, status.as_str())];
    if is_there("cargo", &["nextest", "--version"]) {
        let arguments = ["nextest", "run", "--workspace", "--all-features"];
        let these = ["--filterset", "package(end-to-end) and kind(test)"];
        let side_by_side = ["--test-threads", SIDE_BY_SIDE];
        return run_with(
            root,
            "cargo",
            &[&arguments[..], &these, &side_by_side].concat(),
            &variables,
        );
    }
    let arguments = ["test", "--package", "end-to-end", "--all-features"];
    run_with(root, "cargo", &arguments, &variables)
}

/// What a stack is for: each purpose has a state folder, so that two can run at once.
#[derive(Clone, Copy, Debug)]
pub struct StackFixture {
    /// Its folder below cargo's.
    pub folder: &'static str,
    /// Its servers, from the root.
    pub scenario: &'static str,
    /// Parameters of its master template, as `NAME=VALUE`.
    pub parameters: &'static [&'static str],
}

/// A stack in this process group, so that Ctrl-C reaches it as well.
struct Stack {
    process: Child,
    program: PathBuf,
    state: PathBuf,
}

impl Stack {
    /// Starts it; [`ready`](Self::ready) waits for it.
    fn start(
        root: &Path,
        options: TestOptions,
        fixture: StackFixture,
        repository: &Path,
        programs: &Path,
    ) -> Result<Self> {
        let program = build::folder(root)?.join(build::LOCAL_STACK);
        let state = workspace::target_directory(root)?.join(fixture.folder);
        forget(&program, &state)?;
        let mut command = Command::new(&program);
        command
            .arg("up")
            .arg("--state-dir")
            .arg(&state)
            .args(["--port-base", &options.port_base.to_string()])
            .arg("--repository")
            .arg(repository)
            .arg("--python")
            .arg(python::environment(root)?.join("bin/python"))
            .arg("--programs")
            .arg(programs)
            .arg("--console")
            .arg(root.join("frontend/dist"))
            .arg("--scenario")
            .arg(root.join(fixture.scenario));
        for parameter in fixture.parameters {
            command.args(["--parameter", parameter]);
        }
        let process = command
            .stdin(Stdio::null())
            .spawn()
            .context("the local stack")?;
        Ok(Self {
            process,
            program,
            state,
        })
    }

    /// Where it says what is where.
    fn status_file(&self) -> PathBuf {
        self.state.join("status.json")
    }

    /// Waits until everything answers.
    fn ready(&mut self) -> Result<()> {
        loop {
            if let Some(status) = self.process.try_wait().context("the local stack's state")? {
                bail!("the local stack did not start ({status})");
            }
            let written = std::fs::read_to_string(self.state.join("status.json"));
            let status: serde_json::Value = written
                .ok()
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default();
            if status["ready"] == true {
                return Ok(());
            }
            std::thread::sleep(PACE);
        }
    }

    /// State and logs stay for whoever wants to know why a test failed; the next run forgets them.
    fn end(mut self) -> Result<()> {
        let state = self.state.display().to_string();
        let program = self.program.display().to_string();
        let told = run_with(
            Path::new("."),
            &program,
            &["down", "--state-dir", &state],
            &[],
        );
        self.process
            .wait()
            .context("the local stack does not end")?;
        told
    }
}

/// Stops and forgets what an interrupted run left.
fn forget(program: &Path, state: &Path) -> Result<()> {
    let place = state.display().to_string();
    run_with(
        Path::new("."),
        &program.display().to_string(),
        &["reset", "--state-dir", &place],
        &[],
    )
}
