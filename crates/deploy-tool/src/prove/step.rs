//! The steps of proving an environment, in their order: what each does, costs, takes and needs.

use serde::{Deserialize, Serialize};

use super::description::{self, Description};

/// One step.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Step {
    /// What the caller may do, as IAM judges it.
    Rights,
    /// The stacks, from nothing.
    Deployment,
    /// A user of the pool, signed in as the console does it.
    SignIn,
    /// The API, with and without a token.
    Api,
    /// The finder and the poller.
    Watchers,
    /// DRS, read by the product in each Region.
    DrsReading,
    /// A group of the one server.
    Group,
    /// A plan of one wave.
    Plan,
    /// All that the start of the drill will look at.
    DryRun,
    /// A drill of the one server.
    Drill,
    /// The end of the drill's instance.
    CleanUp,
    /// A deployment that fails and is rolled back.
    FailedDeployment,
    /// Plan, group and user are removed.
    Removal,
    /// The environment is removed.
    Destruction,
}

/// What must have come of an earlier step.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Need {
    /// It is proved.
    Proved(Step),
    /// It was begun: there may be something to clean up.
    Begun(Step),
}

/// What a person types to let a step begin.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Word {
    /// `yes`.
    Yes,
    /// The id of the server.
    Server,
    /// The name of the environment.
    Environment,
}

impl Step {
    /// Every step, in the order in which they come.
    pub const ALL: [Self; 14] = [
        Self::Rights,
        Self::Deployment,
        Self::SignIn,
        Self::Api,
        Self::Watchers,
        Self::DrsReading,
        Self::Group,
        Self::Plan,
        Self::DryRun,
        Self::Drill,
        Self::CleanUp,
        Self::FailedDeployment,
        Self::Removal,
        Self::Destruction,
    ];

    /// What it needs. Whoever cleans up needs only that there may be something.
    pub fn needs(self) -> &'static [Need] {
        match self {
            // A refused simulation is shown before the deployment is asked for; it is a forecast.
            Self::Rights | Self::Deployment => &[],
            Self::SignIn | Self::Watchers | Self::FailedDeployment => {
                &[Need::Proved(Self::Deployment)]
            }
            Self::Api => &[Need::Proved(Self::SignIn)],
            Self::DrsReading => &[Need::Proved(Self::Api)],
            Self::Group => &[Need::Proved(Self::DrsReading)],
            Self::Plan => &[Need::Proved(Self::Group)],
            Self::DryRun => &[Need::Proved(Self::Plan)],
            Self::Drill => &[Need::Proved(Self::DryRun)],
            Self::CleanUp => &[Need::Begun(Self::Drill)],
            Self::Removal => &[Need::Begun(Self::SignIn)],
            Self::Destruction => &[Need::Begun(Self::Deployment)],
        }
    }

    /// What lets it begin.
    pub fn word(self) -> Word {
        match self {
            Self::Drill => Word::Server,
            Self::Destruction => Word::Environment,
            Self::Rights
            | Self::Deployment
            | Self::SignIn
            | Self::Api
            | Self::Watchers
            | Self::DrsReading
            | Self::Group
            | Self::Plan
            | Self::DryRun
            | Self::CleanUp
            | Self::FailedDeployment
            | Self::Removal => Word::Yes,
        }
    }

    /// A few words.
    pub fn title(self) -> &'static str {
        self.description().title
    }

    /// What a person is told before.
    pub fn description(self) -> Description {
        match self {
            Self::Rights => description::RIGHTS,
            Self::Deployment => description::DEPLOYMENT,
            Self::SignIn => description::SIGN_IN,
            Self::Api => description::API,
            Self::Watchers => description::WATCHERS,
            Self::DrsReading => description::DRS_READING,
            Self::Group => description::GROUP,
            Self::Plan => description::PLAN,
            Self::DryRun => description::DRY_RUN,
            Self::Drill => description::DRILL,
            Self::CleanUp => description::CLEAN_UP,
            Self::FailedDeployment => description::FAILED_DEPLOYMENT,
            Self::Removal => description::REMOVAL,
            Self::Destruction => description::DESTRUCTION,
        }
    }
}
