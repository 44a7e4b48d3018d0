//! What can go wrong between a client and AWS.

use std::time::Duration;

/// One way to treat a request.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Fault {
    /// The service asks to be called less often.
    Throttle,
    /// The service has an error of its own.
    ServerError,
    /// The connection ends without an answer, and nothing was done.
    Drop,
    /// It was done, and the connection ends without an answer.
    LoseAnswer,
    /// The answer takes this long.
    Slow(Duration),
}

/// Faults in turn, for some of the requests.
#[derive(Clone, Debug, Default)]
pub struct Schedule {
    /// Every so many requests.
    pub every: usize,
    /// Of those only the ones whose names contain this; all of them where it is empty.
    pub named: String,
    /// These, one after the other.
    pub faults: Vec<Fault>,
}

impl Schedule {
    /// What happens to the request of this number and name.
    pub fn of(&self, number: usize, name: &str) -> Option<Fault> {
        let is_meant = name.contains(self.named.as_str());
        if self.faults.is_empty()
            || self.every == 0
            || !number.is_multiple_of(self.every)
            || !is_meant
        {
            return None;
        }
        self.faults
            .get((number / self.every) % self.faults.len())
            .copied()
    }
}
