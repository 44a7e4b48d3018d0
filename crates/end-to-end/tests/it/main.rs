//! What the product must show on a running stack, one claim a test. Tests run side by side: each
//! has source servers of its own and adds only faults that are about them.

mod bad_input;
mod branches;
mod cancelling;
mod claims;
mod continuing;
mod discovery;
mod drill;
mod foreign_jobs;
mod groups;
mod guards;
mod isolation;
mod large_wave;
mod leftovers;
mod limits;
mod logs;
mod looking_back;
mod names;
mod once;
mod pausing;
mod plan_faults;
mod policies;
mod preempting;
mod quotas;
mod races;
mod recoverability;
mod recovery;
mod repair;
mod retry;
mod roles;
mod silent_region;
mod skip;
mod time_limit;
mod tokens;
mod undecided;
mod unwatched;
