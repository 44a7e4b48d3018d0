//! Where one test works: an emulator, a proxy before it, a checkout, and the tool.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use tempfile::TempDir;

use crate::checkout::Checkout;
use crate::emulator::Emulator;
use fault_proxy::Proxy;

/// The account of the emulator.
pub const ACCOUNT: &str = "111122223333";
/// The Region.
pub const REGION: &str = "us-west-2";
/// The bucket of the environment `dev`, as the tool names it.
pub const BUCKET: &str = "shop-dev-deploy-111122223333-us-west-2";

/// What has been built, and where; `cargo xtask test` says so.
#[derive(Clone, Debug)]
pub struct Places {
    /// The Python that has MiniStack.
    pub python: PathBuf,
    /// The repository.
    pub repository: PathBuf,
    /// The programs, without symbols.
    pub programs: PathBuf,
}

impl Places {
    /// From the environment.
    pub fn read() -> Result<Self> {
        let place = |name: &str| {
            let place = std::env::var_os(name);
            place.map(PathBuf::from).with_context(|| {
                format!("{name} is not set: `cargo xtask test --only deploying` sets it")
            })
        };
        Ok(Self {
            python: place("DRS_ORCHESTRATION_PYTHON")?,
            repository: place("DRS_ORCHESTRATION_REPOSITORY")?,
            programs: place("DRS_ORCHESTRATION_PROGRAMS")?,
        })
    }
}

/// One test's world.
#[derive(Debug)]
pub struct TestEnvironment {
    /// What stands between the tool and the emulator.
    pub proxy: Proxy,
    /// The sources.
    pub checkout: Checkout,
    /// A folder of its own.
    pub folder: TempDir,
    places: Places,
    emulator: Emulator,
}

/// How one run of the tool ended.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Ended {
    /// Its exit code.
    pub code: Option<i32>,
    /// What it said on both streams.
    pub text: String,
    /// How long it took.
    pub took: Duration,
}

impl TestEnvironment {
    /// Starts everything on two ports from `port` on.
    pub fn start(port: u16) -> Result<Self> {
        let places = Places::read()?;
        let folder = TempDir::new().context("a folder for the test")?;
        let emulator = Emulator::start(&places, port, &folder.path().join("emulator"))?;
        let proxy = Proxy::start(port + 1, port)?;
        let checkout = Checkout::make(&folder.path().join("checkout"), &places)?;
        Ok(Self {
            proxy,
            checkout,
            folder,
            places,
            emulator,
        })
    }

    /// The tool with the checkout, and with arguments that begin with the command.
    pub fn tool(&self, arguments: &[&str]) -> Command {
        let mut command = self.bare_tool(&self.checkout.programs.join("drs-deploy"), arguments);
        command.arg("--checkout").arg(&self.checkout.root);
        command
            .arg("--target-directory")
            .arg(self.folder.path().join("target"));
        command.arg("--programs").arg(&self.checkout.programs);
        command.arg("--console").arg(&self.checkout.console);
        command
    }

    /// A tool that knows of no checkout.
    pub fn bare_tool(&self, program: &Path, arguments: &[&str]) -> Command {
        tool_at(&self.proxy.address(), program, arguments)
    }

    /// Runs the tool with the checkout to its end.
    pub fn run(&self, arguments: &[&str]) -> Result<Ended> {
        run(&mut self.tool(arguments))
    }

    /// Runs it and wants it to succeed.
    pub fn succeed(&self, arguments: &[&str]) -> Result<Ended> {
        let ended = self.run(arguments)?;
        if ended.code != Some(0) {
            bail!("{arguments:?} ended with {:?}:\n{}", ended.code, ended.text);
        }
        Ok(ended)
    }

    /// Starts the tool, waits until the proxy holds a request of it, and kills it there.
    pub fn kill_where_it_is_held(&self, arguments: &[&str]) -> Result<()> {
        let mut child = self
            .tool(arguments)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let began = Instant::now();
        while !self.proxy.holds() {
            if let Some(status) = child.try_wait()? {
                bail!("{arguments:?} ended ({status}) before anything was held");
            }
            if began.elapsed() > Duration::from_mins(3) {
                kill(&mut child)?;
                bail!("nothing was held");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        kill(&mut child)?;
        self.proxy.let_go();
        Ok(())
    }

    /// The emulator's own address, beside the proxy.
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// What has been built, and where.
    pub fn places(&self) -> &Places {
        &self.places
    }
}

/// A tool that finds AWS at this address. What it is told by variables, flags may tell otherwise.
pub fn tool_at(address: &str, program: &Path, arguments: &[&str]) -> Command {
    let mut command = tool_of("shop", program, arguments);
    command
        .args(["--endpoint-url", address])
        .env("DRS_ORCHESTRATION_ENVIRONMENT", "dev")
        .env("DRS_ORCHESTRATION_REGION", REGION)
        .env("AWS_ACCESS_KEY_ID", ACCOUNT);
    command
}

/// A tool that knows its project, a secret that is none, and nothing else of this machine.
pub fn tool_of(project: &str, program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env_clear()
        .env("DRS_ORCHESTRATION_PROJECT", project)
        .env("AWS_SECRET_ACCESS_KEY", "none")
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .stdin(Stdio::null());
    command
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Result<Ended> {
    let began = Instant::now();
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().context("the tool cannot be started")?;
    let text = [stdout, stderr]
        .map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
        .concat();
    Ok(Ended {
        code: status.code(),
        text,
        took: began.elapsed(),
    })
}

fn kill(child: &mut Child) -> Result<()> {
    child.kill().context("the tool cannot be killed")?;
    child.wait().map(drop).context("the tool's end")
}
