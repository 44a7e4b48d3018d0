//! The whole router in process: over tables in memory and a DRS that behaves.

mod access;
mod bad_input;
mod client_tokens;
mod commands;
mod continuing;
mod contract;
mod contract_requests;
mod drs;
mod executions;
mod failures;
mod groups;
mod identity;
mod lists;
mod openapi;
mod paging;
mod phases;
mod plans;
mod sizes;
mod statistics;
mod support;
mod time;
