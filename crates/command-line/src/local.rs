//! The command line of `cargo xtask local`.
//!
//! Two programs read it: `xtask`, so that a mistake is told before anything is built, and the local
//! stack's own program, which xtask hands it over to with the places that it prepared.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

/// Parameters of the master template that follow from where it is deployed; so do those that end
/// in `Key` from what is.
const FIXED_PARAMETERS: [&str; 3] = ["ProjectName", "Environment", "DeploymentBucket"];

/// The whole product on this machine. Without a command: start, and stay until Ctrl-C.
#[derive(Args, Clone, Debug)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// How to start, when there is no command.
    #[command(flatten)]
    pub start: StartOptions,
    /// What has been prepared, and where.
    #[command(flatten)]
    pub prepared: Prepared,
}

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Start everything and deploy.
    Up {
        /// Return when it is ready, and leave it running.
        #[arg(long)]
        detach: bool,
        /// How to start.
        #[command(flatten)]
        start: StartOptions,
    },
    /// Say whether it is ready, and where.
    Status {
        /// As JSON.
        #[arg(long)]
        json: bool,
    },
    /// Print an ID token, and nothing else.
    Token {
        /// Whose: a user's name, or a role.
        #[arg(long, value_name = "NAME", default_value = "administrator@example.com")]
        user: String,
    },
    /// Print the logs: the end of every component's, or all of one.
    Logs {
        /// `supervisor`, `emulator`, `simulator`, or a function such as `orchestration`.
        name: Option<String>,
    },
    /// Stop the emulator of AWS and start it again with its state; the simulator goes on.
    RestartEmulator,
    /// Stop everything; the state stays.
    Down,
    /// Stop everything and forget the state.
    Reset,
    /// What runs in the background of `up --detach`.
    #[command(hide = true)]
    Supervise {
        /// How to start.
        #[command(flatten)]
        start: StartOptions,
    },
    /// Ends the process groups that it is told of when its supervisor is gone.
    #[command(hide = true)]
    Watch,
}

/// How to start.
#[derive(Args, Clone, Debug)]
pub struct StartOptions {
    /// Servers and faults of the simulated DRS; a demonstration fleet when left out.
    #[arg(long, value_name = "FILE", value_parser = readable_file)]
    pub scenario: Option<PathBuf>,
    /// How much faster than the clock on the wall DRS works; as the scenario says when left out.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub time_scale: Option<u32>,
    /// First of three ports on 127.0.0.1.
    #[arg(
        long,
        value_name = "N",
        default_value_t = 28_600,
        value_parser = clap::value_parser!(u16).range(1024..=65_500)
    )]
    pub port_base: u16,
    /// Sets a parameter of the master template.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
}

impl Options {
    /// How to start, where the command starts something.
    pub fn starts(&self) -> Option<&StartOptions> {
        match &self.command {
            None => Some(&self.start),
            Some(Command::Up { start, .. } | Command::Supervise { start }) => Some(start),
            Some(
                Command::Status { .. }
                | Command::Token { .. }
                | Command::Logs { .. }
                | Command::RestartEmulator
                | Command::Down
                | Command::Reset
                | Command::Watch,
            ) => None,
        }
    }
}

impl StartOptions {
    /// Refuses parameters that the master template lacks, which CloudFormation would refuse late,
    /// and those that follow from what is deployed, which would be overwritten.
    pub fn check_parameters(&self, repository: &Path) -> Result<(), String> {
        if self.parameters.is_empty() {
            return Ok(());
        }
        let file = repository.join("cfn/master-template.yaml");
        let template = std::fs::read_to_string(&file)
            .map_err(|error| format!("{} cannot be read: {error}", file.display()))?;
        let choosable = choosable_parameters(&template);
        let is_unknown = |name: &&str| !choosable.contains(name);
        let mut names = self.parameters.iter().map(|(name, _)| name.as_str());
        match names.find(is_unknown) {
            None => Ok(()),
            Some(unknown) => Err(format!(
                "`{unknown}` is no parameter that can be chosen; there are {}",
                choosable.join(", ")
            )),
        }
    }
}

/// The parameters of a template that are somebody's choice, in its order.
fn choosable_parameters(template: &str) -> Vec<&str> {
    let lines = template.lines();
    let section = lines.skip_while(|line| *line != "Parameters:").skip(1);
    section
        .take_while(|line| line.is_empty() || line.starts_with([' ', '#']))
        .filter_map(|line| line.strip_prefix("  ")?.split_once(':'))
        .map(|(name, _)| name)
        .filter(|name| name.chars().all(|letter| letter.is_ascii_alphanumeric()))
        .filter(|name| !FIXED_PARAMETERS.contains(name) && !name.ends_with("Key"))
        .collect()
}

/// What has been prepared, and where.
#[derive(Args, Clone, Debug)]
pub struct Prepared {
    /// Where state, logs and archives are kept; below cargo's target folder when left out.
    #[arg(long, global = true, value_name = "FOLDER")]
    pub state_dir: Option<PathBuf>,
    /// The repository's root.
    #[arg(long, global = true, default_value = ".", hide = true)]
    pub repository: PathBuf,
    /// The Python that has MiniStack.
    #[arg(
        long,
        global = true,
        default_value = "target/local-tools/python/bin/python",
        hide = true
    )]
    pub python: PathBuf,
    /// Where cargo put the programs.
    #[arg(long, global = true, default_value = "target/debug", hide = true)]
    pub programs: PathBuf,
    /// The built console.
    #[arg(long, global = true, default_value = "frontend/dist", hide = true)]
    pub console: PathBuf,
}

impl Prepared {
    /// The state folder, where nobody chose one.
    pub fn state_folder(&self) -> PathBuf {
        self.state_dir
            .clone()
            .unwrap_or_else(|| PathBuf::from("target/local"))
    }
}

fn readable_file(text: &str) -> Result<PathBuf, String> {
    let file = PathBuf::from(text);
    match std::fs::metadata(&file) {
        Ok(metadata) if metadata.is_file() => Ok(file),
        Ok(_) => Err("that is no file".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn parameter(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as NAME=VALUE")?;
    let is_a_name = !name.is_empty() && name.chars().all(|letter| letter.is_ascii_alphanumeric());
    if !is_a_name {
        return Err(format!("`{name}` is no name of a parameter"));
    }
    Ok((name.to_owned(), value.to_owned()))
}
