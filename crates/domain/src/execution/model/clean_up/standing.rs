//! How an instance stands in one look.

/// How an instance stands in one look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::execution) enum Standing<'a> {
    /// The look says nothing of it.
    NoNews,
    /// DRS lists it alive, as launched by this drill.
    Alive,
    /// DRS keeps its record and says that EC2 has ended it, or is about to.
    Recorded,
    /// It is alive, and DRS does not say that this drill launched it.
    NotOurs,
    /// DRS does not list it, and EC2 runs it.
    Unlisted,
    /// DRS does not list it, and EC2 is shutting it down.
    Ending,
    /// Neither DRS nor EC2 has it.
    Absent,
    /// DRS does not list it, and EC2 could not be asked, for this reason.
    Unproved(&'a str),
}
