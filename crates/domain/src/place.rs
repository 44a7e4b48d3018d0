//! Where something is: an account and a Region. It travels with the thing; there is no default.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::ids::{AccountId, Region};

/// An account and a Region. DRS keeps servers, jobs and quotas apart by it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// The account.
    pub account: AccountId,
    /// The Region.
    pub region: Region,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "account {}, Region {}",
            self.account, self.region
        )
    }
}
