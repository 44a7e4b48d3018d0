//! Doubles for tests. No program that is deployed is built of them.
//!
//! There is one double of DRS for each level. The domain's tests have a model of what an execution
//! sees (`crates/domain/tests/it/fake_drs.rs`); the functions' tests have [`fakes::FakeDrs`], which
//! answers the engine's ports; everything above speaks to `drs-simulator`, which answers as DRS
//! documents itself. The tables in memory ([`memory`]) keep every promise of the stores' ports, proved
//! by the same suite as the tables in DynamoDB (`crates/aws/tests/it/suite`).

pub mod fakes;
pub mod memory;
