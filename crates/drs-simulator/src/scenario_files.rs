//! The scenario that ships inside the library.

/// The text of `scenarios/demo.yaml`.
pub const DEMO_SCENARIO: &str = include_str!("../scenarios/demo.yaml");
