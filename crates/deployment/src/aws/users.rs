//! The user pool, which outlives its stack.

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{DeletionProtectionType, UserPoolType};

use super::{AwsCloud, failed};
use crate::error::Failure;

/// What the service says of a pool that is not there.
const NOT_FOUND: &str = "ResourceNotFoundException";

impl AwsCloud {
    pub(super) async fn pool_name(&self, pool: &str) -> Result<Option<String>, Failure> {
        let found = self.pool(pool).await?;
        Ok(found.map(|found| found.name.unwrap_or_default()))
    }

    pub(super) async fn remove_pool(&self, pool: &str) -> Result<(), Failure> {
        let Some(described) = self.pool(pool).await? else {
            return Ok(());
        };
        if described.deletion_protection == Some(DeletionProtectionType::Active) {
            // It resets what it does not name, which does not matter to a pool that goes.
            let update = self.cognito.update_user_pool().user_pool_id(pool);
            let update = update.deletion_protection(DeletionProtectionType::Inactive);
            let update = update.send().await;
            update.map_err(failed("cognito-idp:UpdateUserPool"))?;
        }
        let deletion = self.cognito.delete_user_pool().user_pool_id(pool);
        match deletion.send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code() == Some(NOT_FOUND) => Ok(()),
            Err(error) => Err(failed("cognito-idp:DeleteUserPool")(error)),
        }
    }

    async fn pool(&self, pool: &str) -> Result<Option<UserPoolType>, Failure> {
        let look = self.cognito.describe_user_pool().user_pool_id(pool);
        match look.send().await {
            Ok(found) => Ok(found.user_pool),
            Err(error) if error.code() == Some(NOT_FOUND) => Ok(None),
            Err(error) => Err(failed("cognito-idp:DescribeUserPool")(error)),
        }
    }
}
