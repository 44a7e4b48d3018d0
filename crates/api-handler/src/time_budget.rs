//! How long a request may take. The gateway waits 29 seconds for the function, and then answers
//! itself; whoever has not answered by then has lost both the answer and the reason why there is
//! none.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

/// When a request is answered at the latest, counted from its arrival at the function.
const ANSWER_MAX: SignedDuration = SignedDuration::from_secs(25);
/// What the function keeps of its own time to write its answer.
const ANSWERING: SignedDuration = SignedDuration::from_secs(1);
/// What is kept of the time of an answer to do what the looks at DRS allow: the locks of 4,000
/// servers are taken 90 at a time.
const DOING: SignedDuration = SignedDuration::from_secs(7);

/// The time of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeBudget {
    answer_by: Timestamp,
}

impl TimeBudget {
    /// The time of a request that has arrived now, in a function that ends at `deadline`.
    pub(crate) fn of(now: Timestamp, deadline: Option<Timestamp>) -> Self {
        let own = now + ANSWER_MAX;
        let answer_by = deadline.map_or(own, |deadline| own.min(deadline - ANSWERING));
        Self { answer_by }
    }

    /// How long an answer may still take.
    pub(crate) fn left(self, now: Timestamp) -> Duration {
        Duration::try_from(self.answer_by.duration_since(now)).unwrap_or(Duration::ZERO)
    }

    /// When no look at DRS is waited for any more.
    pub(crate) fn looks_until(self) -> Timestamp {
        self.answer_by - DOING
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_comes_before_the_gateway_and_before_the_end_of_the_function() {
        let now = Timestamp::UNIX_EPOCH;
        let seconds = SignedDuration::from_secs;
        let left = |deadline| TimeBudget::of(now, deadline).left(now).as_secs();
        assert_eq!(left(None), 25);
        assert_eq!(left(Some(now + seconds(29))), 25);
        assert_eq!(left(Some(now + seconds(10))), 9);
        assert_eq!(left(Some(now - seconds(10))), 0);
        let looks = TimeBudget::of(now, None).looks_until();
        assert_eq!(looks, now + seconds(18));
    }
}
