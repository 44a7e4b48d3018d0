//! What the engine needs of the world, as traits. `aws` implements them over the SDK, the
//! memory store and the simulation in process.

pub mod drs;
pub mod ec2;
pub mod execution_list;
pub mod execution_store;
pub mod group_store;
pub mod machines;
pub mod notifier;
pub mod page;
pub mod plan_store;
pub mod replica;
pub mod statistics_store;

use std::fmt::Debug;
use std::sync::Arc;

use async_trait::async_trait;
use jiff::{SignedDuration, Timestamp};

pub use drs::{Drs, DrsError, DrsErrorClass};
pub use ec2::Ec2;
pub use execution_store::ExecutionStore;
pub use group_store::GroupStore;
pub use machines::{MachineError, Machines, Pollers};
pub use notifier::Notifier;
pub use page::{Listing, PageRequest};
pub use plan_store::PlanStore;
pub use replica::Replica;
pub use statistics_store::StatisticsStore;

/// The time.
#[async_trait]
pub trait Clock: Send + Sync + Debug {
    /// Now.
    fn now(&self) -> Timestamp;

    /// Returns once `duration` has passed by this clock.
    async fn sleep(&self, duration: SignedDuration);
}

/// Fresh identifiers.
pub trait Ids: Send + Sync + Debug {
    /// A new lower-case UUID.
    fn uuid(&self) -> String;
}

/// All stores: three tables behind four traits.
pub trait Store: GroupStore + PlanStore + ExecutionStore + StatisticsStore {}

impl<T: GroupStore + PlanStore + ExecutionStore + StatisticsStore> Store for T {}

/// Everything the engine is handed.
#[derive(Debug, Clone)]
pub struct Ports {
    /// The tables.
    pub store: Arc<dyn Store>,
    /// DRS.
    pub drs: Arc<dyn Drs>,
    /// EC2.
    pub ec2: Arc<dyn Ec2>,
    /// The state machines that keep time.
    pub machines: Arc<dyn Machines>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Fresh identifiers.
    pub ids: Arc<dyn Ids>,
}

/// Why a store could not do something.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// Somebody else has written since it was read. Read again.
    #[error("somebody else has written since")]
    Stale,
    /// Somebody else has written the ledger since it was read. Look again.
    #[error("somebody else has written the ledger since")]
    StaleLedger,
    /// It may work in a moment: throttled, unreachable, a transaction in the way for too long.
    #[error("the table could not be reached: {0}")]
    Unavailable(String),
    /// This product may not.
    #[error("access to the table is denied: {0}")]
    Denied(String),
    /// It is more than the table takes. It will be at the next try as well.
    #[error("it is too large for the table: {0}")]
    TooLarge(String),
    /// An item is not what it must be: a bug, or somebody else's hand.
    #[error("an item cannot be read: {0}")]
    Corrupt(String),
}
