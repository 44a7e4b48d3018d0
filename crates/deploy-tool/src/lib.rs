//! The deploy tool: what lies between its command line and the core of deploying.

pub mod checkout;
pub mod clean;
pub mod clock;
pub mod commands;
pub mod deploy;
pub mod destroy;
pub mod end;
pub mod ground;
pub mod locked;
pub mod prove;
pub mod restore;
pub mod say;
pub mod settings_file;
pub mod status;
pub mod verify;
