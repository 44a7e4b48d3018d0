//! The running stack: where everything is, and its users.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::api::Api;
use crate::cognito::Cognito;
use crate::emulator::Emulator;
use crate::http::Http;
use crate::processes;
use crate::simulator::Simulator;
use crate::wait::{Look, until};

/// Names the status file of the stack; the file lies in the stack's state folder.
pub const VARIABLE: &str = "DRS_ORCHESTRATION_STACK";

/// The functions of the product.
pub const FUNCTIONS: [&str; 5] = [
    "api-handler",
    "orchestration",
    "execution-finder",
    "execution-poller",
    "frontend-builder",
];

/// The name of a deployed function; the local stack is the environment `dev`.
pub fn function_name(function: &str) -> String {
    format!("drs-orchestration-dev-{function}")
}

/// A running stack.
#[derive(Clone, Debug)]
pub struct Stack {
    /// Where everything is.
    pub places: Places,
    /// The folder with logs and the emulator's state.
    pub state_folder: PathBuf,
    http: Http,
}

/// What `status --json` says.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// Whether everything answers.
    pub ready: bool,
    /// Ends in `/api`.
    pub api_url: String,
    /// The console.
    pub console_url: String,
    /// The emulator of AWS.
    pub aws_endpoint_url: String,
    /// The simulator of DRS.
    pub simulator_url: String,
    /// The supervisor.
    pub process_id: u32,
    /// The Region of the stack.
    pub region: String,
    /// The deploying account.
    pub account_id: String,
    /// The user pool.
    pub user_pool_id: String,
    /// The console's client.
    pub user_pool_client_id: String,
    /// Who can sign in.
    pub users: Vec<User>,
}

/// Somebody who can sign in.
#[derive(Clone, Debug, Deserialize)]
pub struct User {
    /// The name.
    pub username: String,
    /// The password.
    pub password: String,
    /// The groups.
    pub roles: Vec<String>,
}

/// The roles of the user pool.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Role {
    /// Reads.
    Viewer,
    /// Runs drills.
    DrillOperator,
    /// Runs recoveries.
    RecoveryManager,
    /// Has all roles.
    Administrator,
}

impl Role {
    /// The group's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::DrillOperator => "drill-operator",
            Self::RecoveryManager => "recovery-manager",
            Self::Administrator => "administrator",
        }
    }
}

fn read_places(file: &Path) -> Result<Places> {
    let place = || file.display().to_string();
    let text = std::fs::read_to_string(file).with_context(place)?;
    serde_json::from_str(&text).with_context(place)
}

impl Stack {
    /// The stack that the environment names.
    #[expect(
        clippy::disallowed_methods,
        reason = "the only setting that tests have"
    )]
    pub fn of_environment() -> Result<Self> {
        let file = std::env::var(VARIABLE)
            .with_context(|| format!("{VARIABLE} names the status file of a running stack"))?;
        Self::read(Path::new(&file))
    }

    /// The stack of this status file.
    pub fn read(file: &Path) -> Result<Self> {
        let places = read_places(file)?;
        ensure!(
            places.ready,
            "{} says that the stack is not ready",
            file.display()
        );
        let state_folder = file.parent().context("the status file has no folder")?;
        Ok(Self {
            places,
            state_folder: state_folder.to_path_buf(),
            http: Http::default(),
        })
    }

    /// Ends the emulator and starts it again with its state; says how long it was away. The
    /// supervisor does it, and is not ready meanwhile.
    pub async fn restart_emulator(&self) -> Result<Duration> {
        let began = Instant::now();
        processes::restart_emulator(self.places.process_id)?;
        let file = self.status_file();
        let is_ready = || anyhow::Ok(read_places(&file)?.ready);
        let limit = Duration::from_mins(2);
        until("the supervisor is at it", limit, async || {
            Ok(Look::of((!is_ready()?).then_some(()), "still ready"))
        })
        .await?;
        until("the emulator is back", limit, async || {
            Ok(Look::of(is_ready()?.then_some(()), "not ready"))
        })
        .await?;
        Ok(began.elapsed())
    }

    fn status_file(&self) -> PathBuf {
        self.state_folder.join("status.json")
    }

    /// The API with the token of a user of this role.
    pub async fn api(&self, role: Role) -> Result<Api> {
        let user = self.user(role)?;
        let tokens = self
            .cognito()
            .sign_in(
                &self.places.user_pool_client_id,
                &user.username,
                &user.password,
            )
            .await?;
        Ok(self.api_with(Some(&tokens.id)))
    }

    /// The API with a token of one's own, or none.
    pub fn api_with(&self, token: Option<&str>) -> Api {
        Api::new(self.http.clone(), &self.places.api_url, token)
    }

    /// The user that the stack made for this role.
    pub fn user(&self, role: Role) -> Result<&User> {
        self.places
            .users
            .iter()
            .find(|user| user.username.starts_with(role.name()))
            .with_context(|| format!("the stack has no user for {}", role.name()))
    }

    /// The simulator's control interface.
    pub fn simulator(&self) -> Simulator {
        Simulator::new(self.http.clone(), &self.places.simulator_url)
    }

    /// The emulator's services.
    pub fn emulator(&self) -> Emulator {
        let places = &self.places;
        Emulator::new(
            self.http.clone(),
            &places.aws_endpoint_url,
            &places.account_id,
            &places.region,
        )
    }

    /// The emulator's Cognito.
    pub fn cognito(&self) -> Cognito {
        Cognito::new(self.emulator())
    }
}
