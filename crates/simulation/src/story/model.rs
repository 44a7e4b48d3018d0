//! What a story is made of.

use domain::Kind;
use domain::protection_group::GroupDraft;
use domain::recovery_plan::draft::PlanDraft;
use drs_simulator::scenario::{OperatingSystemFamily, Profile};

use super::fault::Fault;
use crate::store::{Reasons, TableFaults};

/// The account of all stories.
pub const ACCOUNT: &str = "111122223333";
/// The Regions of all stories.
pub const REGIONS: [&str; 2] = ["us-west-2", "us-east-1"];

/// One story.
#[derive(Debug, Clone)]
pub struct Story {
    /// The seed that it was made from.
    pub seed: u64,
    /// How the world is.
    pub world: WorldSettings,
    /// The servers.
    pub fleet: Vec<StoryServer>,
    /// The plans, which share Regions and quotas, and no server.
    pub plans: Vec<StoryPlan>,
    /// What goes wrong at DRS.
    pub faults: Vec<Fault>,
    /// What others do, each with the second in which they do it.
    pub happenings: Vec<(u32, Happening)>,
    /// What people do: the second, the plan, the deed.
    pub deeds: Vec<(u32, usize, Deed)>,
    /// What befalls processes and tables.
    pub trouble: Trouble,
}

/// How a world is.
#[derive(Debug, Clone, Copy)]
pub struct WorldSettings {
    /// What DRS is known to do, or what its model says.
    pub profile: Profile,
    /// Items of a page at most.
    pub page_size: usize,
    /// How long a job may be hidden, in milliseconds.
    pub visible_after_ms: u32,
    /// How late the status of a server may be, in milliseconds.
    pub status_lag_ms: u32,
    /// Jobs at a time.
    pub concurrent_jobs: u32,
    /// Servers in jobs at a time.
    pub servers_in_jobs: u32,
    /// Servers that one job takes. Service Quotas does not say it: the product takes the usual
    /// number for it.
    pub servers_per_job: u32,
    /// How long launches take, as a percentage of what they usually take.
    pub pace: u32,
}

/// One server.
#[derive(Debug, Clone)]
pub struct StoryServer {
    /// Its id.
    pub id: String,
    /// Its Region.
    pub region: &'static str,
    /// Whether it runs Windows, which takes longer.
    pub os: OperatingSystemFamily,
}

/// One plan.
#[derive(Debug, Clone)]
pub struct StoryPlan {
    /// One group for each wave and Region.
    pub groups: Vec<GroupDraft>,
    /// The plan; its groups are named by their position.
    pub draft: PlanDraft,
    /// Drill or recovery.
    pub kind: Kind,
    /// Whether its operator acknowledged that nothing could be verified.
    pub blind: bool,
}

/// What people do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Deed {
    /// Somebody starts it.
    Start,
    /// Somebody starts a recovery of it, before which its drills give way, or which continues
    /// the recovery that ended last.
    Recover,
    /// Somebody pauses it.
    Pause,
    /// Somebody resumes one open hold, the oldest.
    Resume,
    /// Somebody resumes every open hold, each by itself.
    ResumeAll,
    /// Somebody cancels.
    Cancel,
    /// Somebody cancels and gives up on what is in flight.
    CancelAndGiveUp,
    /// Somebody retries what failed in a wave.
    Retry(usize),
    /// Somebody retries a server of a wave by its name, where it has failed or is unknown.
    RetryNamed(usize),
    /// Somebody skips a wave.
    Skip(usize),
    /// Somebody resolves a launch that is in no doubt.
    ResolveNothing,
    /// Somebody asks for clean-up.
    CleanUp,
}

/// What others do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Happening {
    /// Somebody else's drill launches a server (F5).
    ForeignJob(String),
    /// A server has an instance of a real recovery that nobody here launched.
    ForeignRecovery(String),
    /// A server has an instance of a drill that nobody here launched.
    ForeignDrill(String),
    /// Replication of a server stalls (F17).
    Stalls(String),
    /// A server is disconnected (F17).
    Disconnects(String),
    /// A server replicates again.
    Recovers(String),
    /// Somebody terminates the instance of a server by hand (F23).
    Terminated(String),
    /// DRS does not answer in a Region for so many minutes (F29).
    Outage(&'static str, u32),
}

impl Happening {
    /// Its number in the catalogue, where it has one, and what it is.
    pub const fn label(&self) -> &'static str {
        match self {
            Self::ForeignJob(_) => "F5 a foreign job",
            Self::ForeignRecovery(_) => "F5 a foreign recovery instance",
            Self::ForeignDrill(_) => "F5 a foreign drill instance",
            Self::Stalls(_) => "F17 replication stalls",
            Self::Disconnects(_) => "F17 disconnected",
            Self::Recovers(_) => "replicates again",
            Self::Terminated(_) => "F23 ended by hand",
            Self::Outage(..) => "F29 the Region is out",
        }
    }
}

/// What befalls processes and tables.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trouble {
    /// Share of wakes and machine starts that are lost.
    pub loss: f64,
    /// Share of invocations that die.
    pub death: f64,
    /// Share of invocations that stand still for a while.
    pub stall: f64,
    /// Share of invocations whose machine gives up on them while they still run.
    pub impatience: f64,
    /// Share of launches whose invocation dies as soon as DRS has answered (F30).
    pub launch_death: f64,
    /// Share of launches whose invocation stands still as soon as DRS has answered.
    pub launch_stall: f64,
    /// Share of looks at DRS whose answer is late, or comes too late.
    pub slow_looks: f64,
    /// How far clocks may be wrong, in milliseconds, either way.
    pub skew_ms: i64,
    /// How the tables fail.
    pub tables: TableFaults,
    /// Listings of recovery instances that come back empty.
    pub empty_listings: u32,
    /// Listings of jobs with values that nobody knows, and without members (F26).
    pub malformed_listings: u32,
}

impl Trouble {
    /// No trouble at all.
    pub const NONE: Self = Self {
        loss: 0.0,
        death: 0.0,
        stall: 0.0,
        impatience: 0.0,
        launch_death: 0.0,
        launch_stall: 0.0,
        slow_looks: 0.0,
        skew_ms: 0,
        tables: TableFaults {
            unavailable: 0,
            lost_answers: 0,
            index_lag: 0,
            reasons: Reasons::Kept,
        },
        empty_listings: 0,
        malformed_listings: 0,
    };
}
