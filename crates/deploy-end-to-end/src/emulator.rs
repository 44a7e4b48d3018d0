//! The emulator of AWS, as a program of this test.

use std::fs::File;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::test_environment::{ACCOUNT, Places, REGION};

/// A running emulator; it ends with this value.
#[derive(Debug)]
pub struct Emulator {
    child: Child,
    port: u16,
}

impl Emulator {
    /// Starts it and waits until it answers.
    pub fn start(places: &Places, port: u16, state: &Path) -> Result<Self> {
        std::fs::create_dir_all(state).context("the emulator's folder")?;
        let log = File::create(state.with_extension("log")).context("the emulator's log")?;
        let child = Command::new(&places.python)
            .arg(places.repository.join("xtask/emulator/launcher.py"))
            .args([
                "--port",
                &port.to_string(),
                "--account-id",
                ACCOUNT,
                "--region",
                REGION,
            ])
            .arg("--state-directory")
            .arg(state)
            .arg("--stop-with-parent")
            .stdin(Stdio::null())
            .stdout(log.try_clone().context("the emulator's log")?)
            .stderr(log)
            .spawn()
            .context("the emulator cannot be started")?;
        let mut emulator = Self { child, port };
        let began = Instant::now();
        while emulator.ask("GET", "/_ministack/ready", &[], "").is_err() {
            if let Some(status) = emulator.child.try_wait()? {
                bail!("the emulator ended ({status})");
            }
            if began.elapsed() > Duration::from_mins(1) {
                bail!("the emulator does not answer");
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(emulator)
    }

    /// One request past the proxy; answers the body, an error for anything but success.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<String> {
        let answer = self.exchange(method, path, headers, body)?;
        Ok(String::from_utf8_lossy(&answer).into_owned())
    }

    /// An object, past the proxy.
    pub fn download(&self, path: &str) -> Result<Vec<u8>> {
        self.exchange("GET", path, &[], "")
    }

    fn exchange(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Result<Vec<u8>> {
        exchange(self.port, method, path, headers, body)
    }

    /// Calls a function and waits for its answer.
    pub fn invoke(&self, region: &str, function: &str) -> Result<String> {
        let authorization = authorization(region, "lambda");
        let path = format!("/2015-03-31/functions/{function}/invocations");
        let headers = [("Authorization", authorization.as_str())];
        self.ask("POST", &path, &headers, "{}")
    }

    /// One call of DynamoDB, signed by nobody: the emulator asks for the account alone.
    pub fn dynamodb(&self, operation: &str, body: &str) -> Result<String> {
        self.call("dynamodb", &format!("DynamoDB_20120810.{operation}"), body)
    }

    /// One call of Cognito.
    pub fn cognito(&self, operation: &str, body: &str) -> Result<String> {
        let target = format!("AWSCognitoIdentityProviderService.{operation}");
        self.call("cognito-idp", &target, body)
    }

    /// One call of a service that speaks JSON; answers what it says, parsed.
    pub fn json(&self, service: &str, target: &str, body: &Value) -> Result<Value> {
        let said = self.call(service, target, &body.to_string())?;
        serde_json::from_str(&said).with_context(|| format!("{target} answered {said}"))
    }

    /// One call of a service that takes forms; answers its XML.
    pub fn form(&self, service: &str, members: &[(&str, &str)]) -> Result<String> {
        let authorization = authorization(REGION, service);
        let headers = [
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/x-www-form-urlencoded"),
        ];
        let body = form_urlencoded::Serializer::new(String::new())
            .extend_pairs(members)
            .finish();
        self.ask("POST", "/", &headers, &body)
    }

    fn call(&self, service: &str, target: &str, body: &str) -> Result<String> {
        let authorization = authorization(REGION, service);
        let headers = [
            ("X-Amz-Target", target),
            ("Authorization", authorization.as_str()),
            ("Content-Type", "application/x-amz-json-1.0"),
        ];
        self.ask("POST", "/", &headers, body)
    }
}

/// One request to a port of this machine; answers the body, an error for anything but success.
pub(crate) fn exchange(
    port: u16,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).context("no connection")?;
    let length = body.len().to_string();
    let own = [
        ("Host", "127.0.0.1"),
        ("Connection", "close"),
        ("Content-Length", &length),
    ];
    let lines = own.iter().chain(headers);
    let lines: Vec<String> = lines
        .map(|(name, value)| format!("{name}: {value}\r\n"))
        .collect();
    let request = format!("{method} {path} HTTP/1.1\r\n{}\r\n{body}", lines.concat());
    stream
        .write_all(request.as_bytes())
        .context("the request")?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).context("the answer")?;
    let end = answer
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .context("no whole answer")?;
    let body = answer.split_off(end + 4);
    let head = String::from_utf8_lossy(&answer).into_owned();
    if !head.starts_with("HTTP/1.1 2") {
        bail!(
            "{method} {path}: {head}\n{}",
            String::from_utf8_lossy(&body)
        );
    }
    Ok(body)
}

fn authorization(region: &str, service: &str) -> String {
    let scope = format!("{ACCOUNT}/20260101/{region}/{service}/aws4_request");
    format!("AWS4-HMAC-SHA256 Credential={scope}, SignedHeaders=host, Signature=00")
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // A program that has gone already is what is wanted.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
