//! Death of a process at a chosen moment: before or after any call to the world.
//!
//! Nothing in the engine truly waits in process, so a future that is not ready has met its
//! end: whoever polls it once and drops it has killed the process there.

use std::sync::{Arc, Mutex, PoisonError};

/// Shared by all ports of one process.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interruption {
    countdown: Arc<Mutex<Option<u32>>>,
}

impl Interruption {
    /// The process dies at the `calls`th moment from now.
    pub(crate) fn arm(&self, calls: u32) {
        *self
            .countdown
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(calls);
    }

    /// The process lives.
    pub(crate) fn disarm(&self) {
        *self
            .countdown
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// A moment at which the process may die; then this never returns.
    pub(crate) async fn moment(&self) {
        let dies = {
            let mut countdown = self
                .countdown
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            match countdown.as_mut() {
                None => false,
                Some(0) => true,
                Some(left) => {
                    *left -= 1;
                    false
                }
            }
        };
        if dies {
            std::future::pending::<()>().await;
        }
    }
}
