//! Conformance of the simulator.
