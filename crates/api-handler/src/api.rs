//! What every request needs.

use std::sync::Arc;

use engine::ports::Clock;
use engine::{Engine, EngineError};
use jiff::Timestamp;
use tokio::sync::OnceCell;

/// The use cases, the time, and what is fetched once.
#[derive(Debug, Clone)]
pub struct Api {
    engine: Engine,
    clock: Arc<dyn Clock>,
    cursor_key: Arc<OnceCell<String>>,
}

impl Api {
    /// An API over these use cases.
    pub fn new(engine: Engine, clock: Arc<dyn Clock>) -> Self {
        Self {
            engine,
            clock,
            cursor_key: Arc::default(),
        }
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// The key that cursors are authenticated with, the same for every instance.
    pub(crate) async fn cursor_key(&self) -> Result<&str, EngineError> {
        let key = self
            .cursor_key
            .get_or_try_init(|| self.engine.secret("cursor-key"))
            .await?;
        Ok(key)
    }
}
