//! The deploy tool: what lies between its command line and the core of deploying.

pub mod checkout;
pub mod clean;
pub mod clock;
pub mod command_outcome;
pub mod commands;
pub mod deploy;
pub mod deployment_context;
pub mod destroy;
pub mod locked;
pub mod prove;
pub mod restore;
pub mod settings_file;
pub mod status;
pub mod terminal;
pub mod verify;
