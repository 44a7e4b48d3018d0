//! The deployed functions, as far as a deployment compares them.

use super::{Cloud, failed};
use crate::error::Failure;

impl Cloud {
    /// SHA-256 of the archive that the function runs, as the service writes it (Base64).
    pub(crate) async fn code_sha256(&self, function: &str) -> Result<String, Failure> {
        let configuration = self
            .lambda
            .get_function_configuration()
            .function_name(function)
            .send();
        let configuration = configuration
            .await
            .map_err(failed("lambda:GetFunctionConfiguration"))?;
        Ok(configuration.code_sha256.unwrap_or_default())
    }
}
