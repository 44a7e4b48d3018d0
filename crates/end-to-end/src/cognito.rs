//! Signing in, users and pools of one's own, and tokens that are wrong in known ways.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::rand::SystemRandom;
use ring::signature::{RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use crate::emulator::{Emulator, text};

/// Good for this machine alone.
pub const PASSWORD: &str = "Only-for-this-test-1";

/// Cognito, as the emulator has it.
#[derive(Clone, Debug)]
pub struct Cognito {
    emulator: Emulator,
}

/// What a sign-in gives.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// The ID token.
    pub id: String,
    /// The access token.
    pub access: String,
}

impl Cognito {
    /// The Cognito of this emulator.
    pub fn new(emulator: Emulator) -> Self {
        Self { emulator }
    }

    /// Signs in.
    pub async fn sign_in(&self, client: &str, name: &str, password: &str) -> Result<Tokens> {
        let request = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": client,
            "AuthParameters": { "USERNAME": name, "PASSWORD": password },
        });
        let answer = self.call("InitiateAuth", &request).await?;
        let result = answer
            .get("AuthenticationResult")
            .with_context(|| format!("{name} is asked for more than a password"))?;
        Ok(Tokens {
            id: text(result, "IdToken"),
            access: text(result, "AccessToken"),
        })
    }

    /// Makes a user with these groups, of which each must be there.
    pub async fn make_user(&self, pool: &str, name: &str, groups: &[&str]) -> Result<()> {
        let user = json!({
            "UserPoolId": pool,
            "Username": name,
            "MessageAction": "SUPPRESS",
            "UserAttributes": [
                { "Name": "email", "Value": name }, { "Name": "email_verified", "Value": "true" },
            ],
        });
        self.call("AdminCreateUser", &user).await?;
        let password = json!({
            "UserPoolId": pool, "Username": name, "Password": PASSWORD, "Permanent": true,
        });
        self.call("AdminSetUserPassword", &password).await?;
        for group in groups {
            let membership = json!({ "UserPoolId": pool, "Username": name, "GroupName": group });
            self.call("AdminAddUserToGroup", &membership).await?;
        }
        Ok(())
    }

    /// Makes a pool of one's own with a client and the group `administrator`.
    pub async fn make_pool(&self, name: &str) -> Result<(String, String)> {
        let pool = self
            .call("CreateUserPool", &json!({ "PoolName": name }))
            .await?;
        let pool = text(&pool["UserPool"], "Id");
        let client = json!({
            "UserPoolId": pool,
            "ClientName": name,
            "ExplicitAuthFlows": ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
        });
        let client = self.call("CreateUserPoolClient", &client).await?;
        let group = json!({ "UserPoolId": pool, "GroupName": "administrator" });
        self.call("CreateGroup", &group).await?;
        Ok((pool, text(&client["UserPoolClient"], "ClientId")))
    }

    async fn call(&self, operation: &str, request: &Value) -> Result<Value> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        self.emulator.call("cognito-idp", &target, request).await
    }
}

/// The claims of a token.
pub fn claims(token: &str) -> Result<Value> {
    let part = token.split('.').nth(1).context("a token has three parts")?;
    let bytes = URL_SAFE_NO_PAD
        .decode(part.trim_end_matches('='))
        .context("the claims")?;
    serde_json::from_slice(&bytes).context("the claims")
}

/// The same token with other claims and the old signature.
pub fn tampered(token: &str, change: impl FnOnce(&mut Value)) -> Result<String> {
    let (header, signature) = ends(token)?;
    let mut claims = claims(token)?;
    change(&mut claims);
    Ok(format!("{header}.{}.{signature}", encode(&claims)))
}

/// The same token with other claims, signed with the pool's own key, which the emulator keeps in
/// its state folder.
pub fn signed_anew(
    token: &str,
    pool: &str,
    state_folder: &Path,
    change: impl FnOnce(&mut Value),
) -> Result<String> {
    let file = state_folder
        .join("emulator/services/cognito-pool-keys")
        .join(format!("{pool}-id.pem"));
    let pem = std::fs::read_to_string(&file).with_context(|| file.display().to_string())?;
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let key = STANDARD.decode(body).context("the pool's key")?;
    let key = RsaKeyPair::from_pkcs8(&key)
        .ok()
        .context("the pool's key is refused")?;
    let (header, _) = ends(token)?;
    let mut claims = claims(token)?;
    change(&mut claims);
    let message = format!("{header}.{}", encode(&claims));
    let mut signature = vec![0; key.public().modulus_len()];
    let made = key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        message.as_bytes(),
        &mut signature,
    );
    ensure!(made.is_ok(), "the token could not be signed");
    Ok(format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature)))
}

fn ends(token: &str) -> Result<(&str, &str)> {
    let (header, _) = token.split_once('.').context("a token has three parts")?;
    let (_, signature) = token.rsplit_once('.').context("a token has three parts")?;
    Ok((header, signature))
}

fn encode(claims: &Value) -> String {
    URL_SAFE_NO_PAD.encode(claims.to_string())
}
