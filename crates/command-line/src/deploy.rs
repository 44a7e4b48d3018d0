//! The command line of `cargo xtask sync`, `deploy`, `verify`, `clean-orphans`, `destroy`,
//! `restore-sources`, `status` and `prove`.
//!
//! Two programs read it: `xtask`, so that a mistake is told before anything is built, and
//! `drs-deploy`, which xtask hands it over to and which runs without either from the bucket.

mod prove;
mod reason;

use std::path::PathBuf;

use clap::{Args, Subcommand};
use program_build::{Architecture, Compiler};

pub use prove::ProveOptions;
pub use reason::Reason;

/// The commands.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Make the deployment bucket hold this release, and the replica that the stack remembers; only
    /// what differs is built and transferred.
    Sync(SyncOptions),
    /// Build, sync, create or update the stacks, and verify.
    Deploy(Box<DeployOptions>),
    /// Compare working tree, bucket, stacks and running code; ends with 2 when they differ.
    Verify(VerifyOptions),
    /// List what the bucket holds that no rule names, ask, and delete it.
    CleanOrphans(CleanOptions),
    /// Delete the stacks of an environment; what holds data stays unless it is purged.
    Destroy(DestroyOptions),
    /// List the sources that the bucket holds, as a tree, or write them into an empty folder that
    /// builds the same release.
    RestoreSources(RestoreOptions),
    /// Stacks, versions, commit and outputs of an environment.
    Status(StatusOptions),
    /// Prove an environment on a real account, step by step, each said and asked before; writes a
    /// report, and goes on where it stopped.
    Prove(Box<ProveOptions>),
}

/// Where: each by flag, by environment variable, or by deploy.toml, in that order.
#[derive(Args, Clone, Debug)]
pub struct Place {
    /// Beginning of every resource name.
    #[arg(long, value_name = "NAME", env = "DRS_ORCHESTRATION_PROJECT")]
    pub project: Option<String>,
    /// dev, test, qa, uat or prod.
    #[arg(long, value_name = "NAME", env = "DRS_ORCHESTRATION_ENVIRONMENT",
        value_parser = ["dev", "test", "qa", "uat", "prod"])]
    pub environment: Option<String>,
    /// Region of the stacks and of the bucket.
    #[arg(long, value_name = "REGION", env = "DRS_ORCHESTRATION_REGION")]
    pub region: Option<String>,
    /// A Region that AWS has opened since this program was built, and of which somebody has seen
    /// that it offers what the product is built on.
    #[arg(
        long = "new-region",
        value_name = "REGION",
        env = "DRS_ORCHESTRATION_NEW_REGIONS",
        value_delimiter = ','
    )]
    pub new_regions: Vec<String>,
    /// The deployment bucket; named after project, environment, account and Region when left out.
    #[arg(long, value_name = "NAME", env = "DRS_ORCHESTRATION_BUCKET")]
    pub bucket: Option<String>,
    /// Profile of the shared AWS configuration.
    #[arg(long, value_name = "NAME", env = "DRS_ORCHESTRATION_PROFILE")]
    pub profile: Option<String>,
    /// Address of an emulator of AWS.
    #[arg(long, value_name = "URL", env = "AWS_ENDPOINT_URL")]
    pub endpoint_url: Option<String>,
    /// Settings; deploy.toml of the checkout or of this folder when left out.
    #[arg(long, value_name = "FILE", env = "DRS_ORCHESTRATION_SETTINGS")]
    pub settings: Option<PathBuf>,
    /// Sets a parameter of the master template.
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = parameter)]
    pub parameters: Vec<(String, String)>,
    /// What this machine has prepared.
    #[command(flatten)]
    pub prepared: Prepared,
    /// What a runner says of its job.
    #[command(flatten)]
    pub job: Job,
}

/// What has been prepared, and where.
#[derive(Args, Clone, Debug)]
pub struct Prepared {
    /// The checkout; xtask names it.
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub checkout: Option<PathBuf>,
    /// Where cargo builds; xtask names it.
    #[arg(long, value_name = "FOLDER", hide = true)]
    pub target_directory: Option<PathBuf>,
    /// Takes programs that are built already, instead of building them.
    #[arg(long, value_name = "FOLDER", hide_short_help = true)]
    pub programs: Option<PathBuf>,
    /// Takes a console that is built already, instead of building it.
    #[arg(long, value_name = "FOLDER", hide_short_help = true)]
    pub console: Option<PathBuf>,
    /// What the functions are built for.
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub architecture: Architecture,
    /// What builds the functions: cargo-lambda, which is brought along, or the cargo of this machine,
    /// whose C library must not be newer than the runtime's.
    #[arg(long, value_name = "NAME", value_enum, default_value_t)]
    pub compiler: Compiler,
}

/// What a GitLab runner says of its job.
#[derive(Args, Clone, Debug, Default)]
pub struct Job {
    /// Whether this is a job.
    #[arg(long, hide = true, env = "CI", hide_env = true)]
    pub ci: Option<String>,
    /// Whether its branch is protected.
    #[arg(long, hide = true, env = "CI_COMMIT_REF_PROTECTED", hide_env = true)]
    pub ref_protected: Option<String>,
    /// Tier of its environment.
    #[arg(long, hide = true, env = "CI_ENVIRONMENT_TIER", hide_env = true)]
    pub environment_tier: Option<String>,
}

/// How a command answers.
#[derive(Args, Clone, Copy, Debug)]
pub struct Answering {
    /// As JSON on standard output; progress goes to standard error.
    #[arg(long)]
    pub json: bool,
}

/// How it is shown, and whether it is done.
#[derive(Args, Clone, Copy, Debug)]
pub struct Showing {
    /// Show what would be done, and do nothing: no build, no write.
    #[arg(long)]
    pub dry_run: bool,
    /// How it answers.
    #[command(flatten)]
    pub answering: Answering,
    /// Ends with 0 when there is nothing to do, 1 on an error, 2 when there are changes.
    #[arg(long)]
    pub detailed_exitcode: bool,
}

/// `sync`
#[derive(Args, Clone, Debug)]
pub struct SyncOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it is shown.
    #[command(flatten)]
    pub showing: Showing,
}

/// `deploy`
#[derive(Args, Clone, Debug)]
pub struct DeployOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it is shown.
    #[command(flatten)]
    pub showing: Showing,
    /// What is deployed.
    #[command(flatten)]
    pub part: Part,
    /// What may happen.
    #[command(flatten)]
    pub allowing: Allowing,
    /// Keeps a replica of the bucket, and an export of groups and plans, in another Region from now
    /// on; `none` ends that. The stack remembers it, so only a whole deployment takes it.
    #[arg(long, value_name = "REGION", conflicts_with_all = ["code_only", "frontend_only"])]
    pub replica_region: Option<String>,
}

/// What is deployed, where not everything.
#[derive(Args, Clone, Debug)]
pub struct Part {
    /// Only the code of functions: of these, or of all that differ.
    #[arg(long, value_name = "FUNCTION", num_args = 0.., conflicts_with = "frontend_only",
        value_parser = ["api-handler", "orchestration", "execution-finder", "execution-poller", "frontend-builder"])]
    pub code_only: Option<Vec<String>>,
    /// Only the console.
    #[arg(long)]
    pub frontend_only: bool,
    /// From what the bucket holds, without a checkout.
    #[arg(long)]
    pub from_bucket: bool,
}

/// What may happen although a rule forbids it.
#[derive(Args, Clone, Debug, Default)]
pub struct Allowing {
    /// Resources that hold data may be replaced or removed, by a whole deployment.
    #[arg(long, conflicts_with_all = ["code_only", "frontend_only"])]
    pub allow_replacement: bool,
    /// A new stack takes over the tables that an earlier one left.
    #[arg(long, conflicts_with_all = ["code_only", "frontend_only"])]
    pub adopt_tables: bool,
    /// Deploys while executions are under way; the reason is recorded.
    #[arg(long, value_name = "REASON")]
    pub during_execution: Option<Reason>,
    /// Changes production without the pipeline; the reason is recorded.
    #[arg(long, value_name = "REASON")]
    pub break_glass: Option<Reason>,
}

/// `verify`
#[derive(Args, Clone, Debug)]
pub struct VerifyOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it answers.
    #[command(flatten)]
    pub answering: Answering,
    /// Without the working tree.
    #[arg(long)]
    pub from_bucket: bool,
    /// Asks CloudFormation too whether its resources have been changed.
    #[arg(long)]
    pub drift_detection: bool,
}

/// `clean-orphans`
#[derive(Args, Clone, Debug)]
pub struct CleanOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it is shown.
    #[command(flatten)]
    pub showing: Showing,
    /// Does not ask.
    #[arg(long)]
    pub yes: bool,
    /// Changes production without the pipeline; the reason is recorded.
    #[arg(long, value_name = "REASON")]
    pub break_glass: Option<Reason>,
}

/// `destroy`
#[derive(Args, Clone, Debug)]
pub struct DestroyOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it is shown.
    #[command(flatten)]
    pub showing: Showing,
    /// The environment's name, instead of being asked for it.
    #[arg(long, value_name = "ENVIRONMENT")]
    pub confirm: Option<String>,
    /// Deletes what the stacks retain too, each named before: tables, users, the trail's bucket, and
    /// the deployment bucket.
    #[arg(long)]
    pub purge: bool,
    /// Although executions are under way or instances are left, each named before: they stay, and
    /// nobody watches them.
    #[arg(long)]
    pub abandon_instances: bool,
    /// Changes production without the pipeline; the reason is recorded, and goes with the bucket when
    /// that is purged.
    #[arg(long, value_name = "REASON")]
    pub break_glass: Option<Reason>,
}

/// `restore-sources`
#[derive(Args, Clone, Debug)]
pub struct RestoreOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it answers.
    #[command(flatten)]
    pub answering: Answering,
    /// An empty folder, or one that is not there yet. Left out, every path is listed with its key.
    #[arg(value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
}

/// `status`
#[derive(Args, Clone, Debug)]
pub struct StatusOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// How it answers.
    #[command(flatten)]
    pub answering: Answering,
}

impl Command {
    /// Where the command is meant.
    pub fn place(&self) -> &Place {
        match self {
            Self::Sync(options) => &options.place,
            Self::Deploy(options) => &options.place,
            Self::Verify(options) => &options.place,
            Self::CleanOrphans(options) => &options.place,
            Self::Destroy(options) => &options.place,
            Self::RestoreSources(options) => &options.place,
            Self::Status(options) => &options.place,
            Self::Prove(options) => &options.place,
        }
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
