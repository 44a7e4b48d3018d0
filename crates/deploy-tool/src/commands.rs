//! The commands by their names.

use anyhow::{Context, Result};
use command_line::deploy::Command;

use crate::command_outcome::CommandOutcome;
use crate::{clean, deploy, destroy, prove, restore, status, verify};

/// Runs one command to its end.
pub fn run(command: Command) -> Result<CommandOutcome> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("the asynchronous runtime")?;
    runtime.block_on(async {
        match command {
            Command::Sync(options) => Box::pin(deploy::sync(&options)).await,
            Command::Deploy(options) => Box::pin(deploy::deploy(&options)).await,
            Command::Verify(options) => verify::run(&options).await,
            Command::CleanOrphans(options) => clean::run(&options).await,
            Command::Destroy(options) => destroy::run(&options).await,
            Command::RestoreSources(options) => restore::run(&options).await,
            Command::Status(options) => status::run(&options).await,
            Command::Prove(options) => Box::pin(prove::run(&options)).await,
        }
    })
}
