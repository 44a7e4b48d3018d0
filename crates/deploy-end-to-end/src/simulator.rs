//! The simulator of DRS, as a program of this test.

use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use end_to_end::Simulator;
use end_to_end::http::Http;

use crate::emulator::exchange;

/// One small server, and a second Region. Time passes 600 times as fast as at AWS.
const SCENARIO: &str = r#"
version: 1
seed: 12
clock: { mode: scaled, scale: 600 }
page_size: 2
accounts:
  - id: "111122223333"
    regions: { us-west-2: {}, us-east-1: {}, eu-west-1: { initialized: false } }
servers:
  - template: { os: linux, disk_gib: 50, lag: PT1S }
    region: us-west-2
    expand: { count: 4, hostname: "web-{n:02}", id: "s-{n:017x}" }
"#;

/// A running simulator; it ends with this value.
#[derive(Debug)]
pub struct DrsSimulator {
    child: Child,
    address: String,
}

impl DrsSimulator {
    /// Starts it on a port, with its events sent to the emulator's.
    pub fn start(port: u16, emulator: u16, folder: &Path) -> Result<Self> {
        let program = std::env::var_os("DRS_ORCHESTRATION_SIMULATOR").context(
            "DRS_ORCHESTRATION_SIMULATOR is not set: `cargo xtask test --only deploying` sets it",
        )?;
        let scenario = folder.join("scenario.yaml");
        std::fs::write(&scenario, SCENARIO).context("the scenario")?;
        let log = File::create(folder.join("simulator.log")).context("the simulator's log")?;
        let child = Command::new(program)
            .arg("--scenario")
            .arg(&scenario)
            .args(["--port", &port.to_string()])
            .args(["--events-endpoint", &format!("http://127.0.0.1:{emulator}")])
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("the simulator's log")?)
            .stderr(log)
            .spawn()
            .context("the simulator cannot be started")?;
        let mut simulator = Self {
            child,
            address: format!("http://127.0.0.1:{port}"),
        };
        let began = Instant::now();
        while exchange(port, "GET", "/_sim/health", &[], "").is_err() {
            if let Some(status) = simulator.child.try_wait()? {
                bail!("the simulator ended ({status})");
            }
            if began.elapsed() > Duration::from_mins(1) {
                bail!("the simulator does not answer");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        Ok(simulator)
    }

    /// Its address.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What it was asked, and what it has.
    pub fn control(&self) -> Simulator {
        Simulator::new(Http::default(), &self.address)
    }
}

impl Drop for DrsSimulator {
    fn drop(&mut self) {
        // A program that has gone already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
