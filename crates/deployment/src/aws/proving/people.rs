//! A user of the pool for a while, and its sign-in.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cognitoidentityprovider::error::ProvideErrorMetadata;
use aws_sdk_cognitoidentityprovider::types::{
    AttributeType, AuthFlowType, ChallengeNameType, MessageActionType,
};
use jiff::Timestamp;

use super::super::{AwsCloud, failed};
use crate::error::Failure;
use crate::proving::{Pool, Secret, random};
use crate::srp::{Challenge, Claim, Exchange, SECRET_BYTES};

const THERE_ALREADY: &str = "UsernameExistsException";
const NOT_FOUND: [&str; 2] = ["UserNotFoundException", "ResourceNotFoundException"];

impl AwsCloud {
    pub(super) async fn provide(
        &self,
        pool: &str,
        name: &str,
        password: &Secret,
        groups: &[&str],
    ) -> Result<(), Failure> {
        let creation = self.cognito.admin_create_user().user_pool_id(pool);
        let creation = creation
            .username(name)
            .message_action(MessageActionType::Suppress)
            .user_attributes(attribute("email", name)?)
            .user_attributes(attribute("email_verified", "true")?);
        match creation.send().await {
            Ok(_) => {}
            Err(error) if error.code() == Some(THERE_ALREADY) => {}
            Err(error) => return Err(failed("cognito-idp:AdminCreateUser")(error)),
        }
        let setting = self.cognito.admin_set_user_password().user_pool_id(pool);
        let setting = setting.username(name).permanent(true);
        let setting = setting.password(password.reveal()).send().await;
        setting.map_err(failed("cognito-idp:AdminSetUserPassword"))?;
        for group in groups {
            let joining = self.cognito.admin_add_user_to_group().user_pool_id(pool);
            let joining = joining.username(name).group_name(*group).send().await;
            joining.map_err(failed("cognito-idp:AdminAddUserToGroup"))?;
        }
        Ok(())
    }

    pub(super) async fn delete_user(&self, pool: &str, name: &str) -> Result<(), Failure> {
        let deletion = self.cognito.admin_delete_user().user_pool_id(pool);
        match deletion.username(name).send().await {
            Ok(_) => Ok(()),
            Err(error) if error.code().is_some_and(|code| NOT_FOUND.contains(&code)) => Ok(()),
            Err(error) => Err(failed("cognito-idp:AdminDeleteUser")(error)),
        }
    }

    pub(super) async fn prove_password(
        &self,
        pool: &Pool,
        name: &str,
        password: &Secret,
    ) -> Result<Secret, Failure> {
        let exchange = Exchange::begin(random::<SECRET_BYTES>()?);
        let beginning = self
            .cognito
            .initiate_auth()
            .client_id(&pool.client)
            .auth_flow(AuthFlowType::UserSrpAuth)
            .auth_parameters("USERNAME", name)
            .auth_parameters("SRP_A", exchange.public());
        let asked = beginning.send().await;
        let asked = asked.map_err(failed("cognito-idp:InitiateAuth"))?;
        if asked.challenge_name != Some(ChallengeNameType::PasswordVerifier) {
            return Err(unexpected(
                "the pool does not ask for a proof of the password",
            ));
        }
        let parameters = asked.challenge_parameters.unwrap_or_default();
        let of = |member: &str| {
            parameters
                .get(member)
                .map(String::as_str)
                .unwrap_or_default()
        };
        let timestamp = timestamp();
        let challenge = Challenge {
            salt: of("SALT"),
            public: of("SRP_B"),
            block: of("SECRET_BLOCK"),
            user: of("USER_ID_FOR_SRP"),
        };
        let claim = Claim {
            pool: &pool.id,
            password: password.reveal(),
            timestamp: &timestamp,
        };
        let signature = exchange.signature(challenge, claim);
        let signature = signature.ok_or_else(|| unexpected("the challenge is none of SRP"))?;
        let responses = HashMap::from([
            ("USERNAME".to_owned(), challenge.user.to_owned()),
            (
                "PASSWORD_CLAIM_SECRET_BLOCK".to_owned(),
                challenge.block.to_owned(),
            ),
            ("PASSWORD_CLAIM_SIGNATURE".to_owned(), signature),
            ("TIMESTAMP".to_owned(), timestamp.clone()),
        ]);
        let answer = self
            .cognito
            .respond_to_auth_challenge()
            .client_id(&pool.client)
            .challenge_name(ChallengeNameType::PasswordVerifier)
            .set_session(asked.session)
            .set_challenge_responses(Some(responses));
        let answer = answer.send().await;
        let answer = answer.map_err(failed("cognito-idp:RespondToAuthChallenge"))?;
        if let Some(further) = answer.challenge_name {
            let what = format!(
                "the pool asks for more than the password ({})",
                further.as_str()
            );
            return Err(unexpected(&what));
        }
        let token = answer
            .authentication_result
            .and_then(|result| result.id_token);
        let token = token.ok_or_else(|| unexpected("the pool gave no ID token"))?;
        Ok(Secret::new(token))
    }
}

fn attribute(name: &str, value: &str) -> Result<AttributeType, Failure> {
    let attribute = AttributeType::builder().name(name).value(value).build();
    attribute.map_err(|error| unexpected(&error.to_string()))
}

/// The time of the machine, as the service wants it written.
fn timestamp() -> String {
    #[expect(
        clippy::disallowed_methods,
        reason = "the service compares it with its own clock, so it is the machine's"
    )]
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let seconds = i64::try_from(since.as_secs()).unwrap_or_default();
    let now = Timestamp::from_second(seconds).unwrap_or_default();
    now.strftime("%a %b %-d %H:%M:%S UTC %Y").to_string()
}

fn unexpected(what: &str) -> Failure {
    Failure::Call {
        operation: "signing in",
        reason: what.to_owned(),
    }
}
