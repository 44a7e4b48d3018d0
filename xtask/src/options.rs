//! The command line of `cargo xtask`.

use clap::{Args, Parser, Subcommand};

use crate::check::CheckOptions;
use crate::contract::ContractOptions;
use crate::pipeline::PipelineOptions;
use crate::programs::{BuildOptions, Manner};
use crate::stack_options::TestOptions;
use crate::test::Selection;

/// Everything that can be done in this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version)]
pub struct Options {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Formatting, lints, tidy, templates and the console's checks; fast.
    Check(CheckOptions),
    /// The rules that no compiler knows: crate graph, lengths, module documentation.
    Tidy,
    /// Every test, installing what it needs.
    Test(Selection),
    /// The programs as they are deployed, in target/programs.
    Build(BuildOptions),
    /// The GitLab pipeline on this machine, job by job; takes as long as all its parts.
    Pipeline(PipelineOptions),
    /// Measure something, and print a table.
    #[command(subcommand)]
    Bench(Bench),
    /// Every fault that DRS can have, on a stack of its own; writes docs/fault-matrix.md.
    FaultMatrix(FaultMatrixOptions),
    /// What the API's document allows and forbids, asked of a stack of its own.
    Contract(ContractOptions),
    /// Seeds of the simulation: the orchestration against a world that goes wrong.
    Simulate(SimulateOptions),
    /// Bugs planted into a copy of the sources: a test and the seeds must find each.
    Planted(PlantedOptions),
    /// Deploying: `sync`, `deploy`, `verify`, `clean-orphans`, `destroy`, `restore-sources`, `status`.
    #[command(flatten)]
    Deploying(Box<command_line::deploy::Command>),
    /// The whole product on this machine; without a command: start, and stay until Ctrl-C.
    Local(Box<command_line::local::Options>),
}

/// What can be measured.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Bench {
    /// The release build of the functions: start, size, and the API's peak of memory.
    ColdStart(ReleaseOptions),
    /// The peak of memory of the release build while jobs of a hundred servers fail at length.
    Memory(ReleaseOptions),
    /// From the last server of a wave that is up to the next wave's launch.
    HandOvers(TestOptions),
    /// What open consoles ask, beside what the firewall lets one address ask.
    Consoles(ConsoleOptions),
    /// How long deploying takes, with 50 ms added to every answer of an emulator.
    Deploying,
}

/// How functions are measured as they are deployed.
#[derive(Args, Clone, Copy, Debug)]
pub struct ReleaseOptions {
    /// The stack.
    #[command(flatten)]
    pub stack: TestOptions,
    /// How the functions are built.
    #[command(flatten)]
    pub manner: Manner,
}

/// Which consoles `cargo xtask bench consoles` opens.
#[derive(Args, Clone, Copy, Debug)]
pub struct ConsoleOptions {
    /// The stack.
    #[command(flatten)]
    pub stack: TestOptions,
    /// How many are open at once.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..))]
    pub consoles: u32,
    /// For how long they are counted.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    pub minutes: u32,
    /// DRS jobs that are under way in the execution that they show; DRS runs 20 at once.
    #[arg(long, default_value_t = 20, value_parser = clap::value_parser!(u32).range(1..=20))]
    pub jobs: u32,
    /// Requests with forged headers that somebody else sends meanwhile.
    #[arg(long, default_value_t = 0, default_missing_value = "10000", num_args = 0..=1)]
    pub stranger: u32,
}

/// How `cargo xtask fault-matrix` runs.
#[derive(Args, Clone, Debug)]
pub struct FaultMatrixOptions {
    /// The stack.
    #[command(flatten)]
    pub stack: TestOptions,
    /// Only these faults, such as F2 or F14a, or `storms`; then the page is only printed.
    pub faults: Vec<String>,
}

/// Which seeds `cargo xtask simulate` plays.
#[derive(Args, Clone, Copy, Debug)]
pub struct SimulateOptions {
    /// How many seeds.
    #[arg(long)]
    pub seeds: Option<u64>,
    /// One seed only.
    #[arg(long, conflicts_with = "seeds")]
    pub seed: Option<u64>,
    /// The first of many.
    #[arg(long)]
    pub from: Option<u64>,
    /// No further seed begins after so many seconds.
    #[arg(long)]
    pub seconds: Option<u64>,
    /// How often each fault must have met somebody.
    #[arg(long)]
    pub covers: Option<u64>,
    /// Every state and event that can meet must have met.
    #[arg(long)]
    pub every_pair: bool,
    /// All that happens in the run of one seed.
    #[arg(long, requires = "seed")]
    pub trace: bool,
}

/// Which bugs `cargo xtask planted` plants.
#[derive(Args, Clone, Debug)]
pub struct PlantedOptions {
    /// Their names; all, where none is named.
    pub names: Vec<String>,
    /// How many seeds may pass until a law is broken.
    #[arg(long, default_value_t = 20_000)]
    pub seeds: u64,
}
