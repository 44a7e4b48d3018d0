//! The custom resource behind `Custom::Console`: publishes one console archive, with the
//! configuration that its properties carry, to the bucket of a stack, and empties that
//! bucket when the stack goes away. The rules are pure or speak to ports; `aws` fills the ports.

pub mod answer;
pub mod archive;
pub mod aws;
pub mod custom_resource;
pub mod event;
pub mod ports;
pub mod publication;
pub mod supervise;
