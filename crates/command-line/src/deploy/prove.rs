//! The command line of `prove`.

use std::path::PathBuf;

use clap::Args;

use crate::deploy::{Place, Reason};

/// `prove`
#[derive(Args, Clone, Debug)]
pub struct ProveOptions {
    /// Where.
    #[command(flatten)]
    pub place: Place,
    /// The source server that the drill launches, as DRS names it (`s-` and 17 hexadecimal digits).
    /// It is chosen once: a later run goes on with the same one.
    #[arg(long, value_name = "ID", value_parser = source_server, required_if_eq("yes", "true"))]
    pub server: Option<String>,
    /// The Region that the server recovers into; the Region of the stacks when left out.
    #[arg(long, value_name = "REGION")]
    pub server_region: Option<String>,
    /// Further Regions in which DRS is read, several times or with commas.
    #[arg(long = "drs-region", value_name = "REGION", value_delimiter = ',')]
    pub drs_regions: Vec<String>,
    /// What keeps the drill's instance from reaching production; it is written into the group.
    #[arg(long, value_name = "STATEMENT", required_if_eq("yes", "true"))]
    pub drill_isolation: Option<Reason>,
    /// The account that is meant, in twelve digits; another one is refused.
    #[arg(long, value_name = "ACCOUNT", value_parser = account, required_if_eq("yes", "true"))]
    pub confirm_account: Option<String>,
    /// Does not ask before each step. For programs: account, Region, server and isolation must be
    /// said on the command line.
    #[arg(long, requires_all = ["confirm_account", "region", "server", "drill_isolation"])]
    pub yes: bool,
    /// Folder of the record, the report and the observations; `prove-ENVIRONMENT` when left out.
    #[arg(long, value_name = "FOLDER")]
    pub folder: Option<PathBuf>,
    /// Deploys what the bucket holds, without a checkout.
    #[arg(long)]
    pub from_bucket: bool,
}

fn source_server(text: &str) -> Result<String, String> {
    let digits = text.strip_prefix("s-").unwrap_or_default();
    let is_one = digits.len() == 17
        && digits
            .chars()
            .all(|one| matches!(one, '0'..='9' | 'a'..='f'));
    if is_one {
        Ok(text.to_owned())
    } else {
        Err("a source server is named s- and 17 hexadecimal digits".to_owned())
    }
}

fn account(text: &str) -> Result<String, String> {
    if text.len() == 12 && text.chars().all(|one| one.is_ascii_digit()) {
        Ok(text.to_owned())
    } else {
        Err("an account has twelve digits".to_owned())
    }
}
