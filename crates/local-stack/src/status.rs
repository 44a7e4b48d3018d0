//! What `status --json` prints: whether the stack is ready, and where everything is.

use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

use crate::layout::Layout;
use crate::users::User;

/// The state of a local stack. The addresses are there once it has been ready.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Status {
    /// Whether everything is deployed and answers.
    pub ready: bool,
    /// The supervisor, while it lives.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub process_id: Option<u32>,
    /// Where it is, once it has been ready.
    #[serde(flatten)]
    pub places: Option<Places>,
}

/// Where everything is.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Places {
    /// The REST API; ends in `/api`.
    pub api_url: String,
    /// The console.
    pub console_url: String,
    /// The AWS emulator.
    pub aws_endpoint_url: String,
    /// The DRS simulator.
    pub simulator_url: String,
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

impl Status {
    /// What the supervisor that lives wrote last; not ready when none lives, or none yet wrote.
    pub fn read(layout: &Layout) -> Result<Self> {
        match layout.supervisor()? {
            None => Ok(Self::default()),
            Some(supervisor) => Self::of(layout, supervisor.process_id),
        }
    }

    /// What this process wrote. A file that another one left, being killed, says nothing.
    pub fn of(layout: &Layout, process_id: Option<u32>) -> Result<Self> {
        let file = layout.status();
        let written: Self = match std::fs::read_to_string(&file) {
            Ok(text) => serde_json::from_str(&text)
                .with_context(|| format!("{} is damaged", file.display()))?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Self::default(),
            Err(error) => return Err(error).with_context(|| file.display().to_string()),
        };
        if process_id.is_some() && written.process_id == process_id {
            return Ok(written);
        }
        Ok(Self {
            process_id,
            ..Self::default()
        })
    }

    /// Writes it, so that a reader sees the old or the new one and nothing between.
    pub fn write(&self, layout: &Layout) -> Result<()> {
        replace(&layout.status(), &format!("{}\n", self.as_json()?))
    }

    /// As JSON.
    pub fn as_json(&self) -> Result<String> {
        serde_json::to_string_pretty(self).context("the status as JSON")
    }
}

/// Replaces a file as a whole.
pub fn replace(file: &Path, content: &str) -> Result<()> {
    let beside = file.with_extension("new");
    std::fs::write(&beside, content).with_context(|| beside.display().to_string())?;
    std::fs::rename(&beside, file).with_context(|| file.display().to_string())
}
