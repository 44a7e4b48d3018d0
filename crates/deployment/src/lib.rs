//! The core of deploying this product, for a customer's account and for one machine alike.
//!
//! A [`release::Release`] is what shall run, an [`observation::Observation`] is what does;
//! [`plan::plan`] compares the two and answers a [`plan::Plan`], a value, before anything is
//! touched. [`apply::apply`] carries it out and [`verify::verify`] compares once more.
//!
//! Files import what stands on a floor below them, never upward: values (settings, release, manifest,
//! owner, errors), the port ([`cloud`]), observation, plan, apply and verify. [`aws`] stands beside
//! them and fills the port.

pub mod apply;
pub mod archive;
pub mod aws;
pub mod cloud;
pub mod cloud_formation;
pub mod console;
pub mod content;
pub mod deployed_templates;
pub mod destruction;
pub mod drift;
pub mod error;
pub mod failure;
pub mod guard;
pub mod instances;
pub mod lock;
pub mod managed_keys;
pub mod manifest;
pub mod observation;
pub mod owner;
pub mod ownership;
pub mod plan;
pub mod progress;
pub mod proving;
pub mod region;
pub mod release;
pub mod replica;
pub mod restoration;
pub mod retained;
pub mod rollback_dependencies;
pub mod rules;
pub mod running_code;
pub mod settings;
pub mod srp;
pub mod talk;
pub mod template;
pub mod verify;

pub use domain::counted::counted;
