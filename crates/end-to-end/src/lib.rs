//! What the acceptance tests and the measurements use to talk to a running local stack: the
//! product's REST API, the emulator of AWS and the simulator of DRS, all over plain HTTP.
//!
//! Nothing here shares code with the product. Whoever tests knows only what `docs` promise.

pub mod api;
pub mod cognito;
pub mod emulator;
pub mod execution;
pub mod fault_matrix;
pub mod fleet;
pub mod history;
pub mod http;
pub mod machines;
pub mod plan;
pub mod processes;
pub mod runtime_interface;
pub mod simulator;
pub mod stack;
pub mod statistics;
pub mod wait;

pub use api::{Answer, Api};
pub use execution::{Execution, View};
pub use fleet::{Fleet, Pool};
pub use history::History;
pub use machines::Machines;
pub use plan::{GroupDraft, Scene, Wave};
pub use simulator::Simulator;
pub use stack::{Role, Stack};
