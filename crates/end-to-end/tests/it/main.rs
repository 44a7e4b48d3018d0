//! What the product must show on a running stack, one claim a test. Tests run side by side: each
//! has source servers of its own and adds only faults that are about them.

mod bad_input;
mod branches;
mod cancelling;
mod claims;
mod continuing;
mod discovery;
mod drill;
mod ended_by_hand;
mod foreign_jobs;
mod groups;
mod guards;
mod isolation;
mod large_wave;
mod leftovers;
mod logs;
mod looking_back;
mod once;
mod pausing;
mod plan_faults;
mod policies;
mod preempting;
mod protected_instance;
mod quotas;
mod races;
mod recoverability;
mod recovery;
mod repair;
mod retry;
mod roles;
mod skip;
mod time_limit;
mod tokens;
mod undecided;
mod unregistered_instance;
mod unwatched;
