//! The people of a local stack: one user a role, and the administrator in all of them.

use anyhow::{Context, Result, bail};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::http::Http;

/// Good for this machine alone: the emulator listens on 127.0.0.1 and holds nothing of worth.
const PASSWORD: &str = "Only-on-this-machine-1";

const ROLES: [&str; 4] = [
    "viewer",
    "drill-operator",
    "recovery-manager",
    "administrator",
];

/// Somebody who can sign in.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize)]
pub struct User {
    /// Also the mail address.
    pub username: String,
    /// Permanent.
    pub password: String,
    /// Groups of the user pool.
    pub roles: Vec<String>,
}

/// The administrator: the stack's own first user.
pub const ADMINISTRATOR: &str = "administrator@example.com";

/// All users, in the order of their rights.
pub fn everybody() -> Vec<User> {
    ROLES
        .iter()
        .map(|role| {
            let roles = if *role == "administrator" {
                ROLES.to_vec()
            } else {
                vec![*role]
            };
            User {
                username: format!("{role}@example.com"),
                password: PASSWORD.to_owned(),
                roles: roles.into_iter().map(str::to_owned).collect(),
            }
        })
        .collect()
}

/// Cognito, as the emulator has it.
#[derive(Clone, Debug)]
pub struct Cognito<'a> {
    /// How to reach it.
    pub http: &'a Http,
    /// The emulator.
    pub endpoint: &'a str,
    /// The user pool.
    pub user_pool_id: &'a str,
    /// The console's client.
    pub user_pool_client_id: &'a str,
}

impl Cognito<'_> {
    /// Makes sure that the user is there, with password and roles.
    pub async fn provide(&self, user: &User) -> Result<()> {
        let pool = self.user_pool_id;
        let name = &user.username;
        let creation = json!({
            "UserPoolId": pool,
            "Username": name,
            "MessageAction": "SUPPRESS",
            "UserAttributes": [
                { "Name": "email", "Value": name },
                { "Name": "email_verified", "Value": "true" },
            ],
        });
        match self.call("AdminCreateUser", &creation).await? {
            Ok(_) => {}
            Err(refusal) if refusal.contains("UsernameExistsException") => {}
            Err(refusal) => bail!("the user {name} cannot be made: {refusal}"),
        }
        let password = json!({
            "UserPoolId": pool, "Username": name, "Password": user.password, "Permanent": true,
        });
        self.insist("AdminSetUserPassword", &password).await?;
        for role in &user.roles {
            let membership = json!({ "UserPoolId": pool, "Username": name, "GroupName": role });
            self.insist("AdminAddUserToGroup", &membership).await?;
        }
        Ok(())
    }

    /// Signs in; answers the ID token.
    pub async fn id_token(&self, user: &User) -> Result<String> {
        let sign_in = json!({
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": self.user_pool_client_id,
            "AuthParameters": { "USERNAME": user.username, "PASSWORD": user.password },
        });
        let answer = self.insist("InitiateAuth", &sign_in).await?;
        let token = answer
            .pointer("/AuthenticationResult/IdToken")
            .and_then(Value::as_str);
        token
            .map(str::to_owned)
            .context("Cognito answered without an ID token")
    }

    async fn insist(&self, operation: &str, request: &Value) -> Result<Value> {
        match self.call(operation, request).await? {
            Ok(answer) => Ok(answer),
            Err(refusal) => bail!("Cognito refuses {operation}: {refusal}"),
        }
    }

    /// The inner error is what Cognito says when it refuses.
    async fn call(&self, operation: &str, request: &Value) -> Result<Result<Value, String>> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        let headers = [
            ("content-type", "application/x-amz-json-1.1"),
            ("x-amz-target", target.as_str()),
        ];
        let (status, body) = self
            .http
            .post_json(self.endpoint, &headers, request)
            .await
            .with_context(|| format!("Cognito cannot be reached for {operation}"))?;
        if !status.is_success() {
            return Ok(Err(String::from_utf8_lossy(&body).into_owned()));
        }
        if body.is_empty() {
            return Ok(Ok(Value::Null));
        }
        let answer = serde_json::from_slice(&body);
        Ok(Ok(answer.with_context(|| {
            format!("the answer to {operation} is no JSON")
        })?))
    }
}
