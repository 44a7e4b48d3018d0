//! The adapters against real engines and servers on this machine.
