//! Attempts that failed and are made again: told, so that a person knows what is being waited for.

use std::fmt;
use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;

/// A call that is sent once more.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Retried {
    /// Service and operation.
    pub operation: String,
    /// Which attempt this is; the first that is told is the second.
    pub attempt: u32,
}

/// Tells of each attempt but the first.
#[derive(Clone)]
pub struct Watch(Arc<dyn Fn(Retried) + Send + Sync>);

impl Watch {
    /// Tells this function.
    pub fn new(told: Arc<dyn Fn(Retried) + Send + Sync>) -> Self {
        Self(told)
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Watch")
    }
}

impl Intercept for Watch {
    fn name(&self) -> &'static str {
        "watch"
    }

    fn read_before_attempt(
        &self,
        _context: &BeforeTransmitInterceptorContextRef<'_>,
        _components: &RuntimeComponents,
        configuration: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let attempt = configuration
            .load::<RequestAttempts>()
            .map_or(1, RequestAttempts::attempts);
        if attempt > 1 {
            let metadata = configuration.load::<Metadata>();
            let operation = metadata.map_or_else(String::new, |metadata| {
                format!("{}:{}", metadata.service(), metadata.name())
            });
            (self.0)(Retried { operation, attempt });
        }
        Ok(())
    }
}
