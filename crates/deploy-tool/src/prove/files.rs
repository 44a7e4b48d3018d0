//! The files of a run: the record, the report for people and for programs, and the observations.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::record::{Identity, Record, replace};
use super::{observation, report};

/// The record, and where it is kept.
#[derive(Clone, Debug)]
pub struct Files {
    /// What has been done.
    pub record: Record,
    folder: PathBuf,
}

impl Files {
    /// The files in this folder, or a new one whose names end in `run`.
    pub fn open(folder: &Path, identity: Identity, run: String) -> Result<Self> {
        let folder = std::path::absolute(folder).context("the folder of the record")?;
        let read = Record::read(&folder.join("record.json"), &identity)?;
        Ok(Self {
            record: read.unwrap_or_else(|| Record::new(identity, run)),
            folder,
        })
    }

    /// Writes everything down: after this the process may end at any moment.
    pub fn keep(&self) -> Result<()> {
        self.record.write(&self.place())?;
        replace(&self.report(), &report::markdown(&self.record))?;
        let json = serde_json::to_string_pretty(&report::json(&self.record));
        replace(
            &self.folder.join("report.json"),
            &json.context("the report")?,
        )?;
        let seen = observation::yaml(&self.record.observations);
        replace(&self.folder.join("observations.yaml"), &seen)
    }

    /// The record's file.
    pub fn place(&self) -> PathBuf {
        self.folder.join("record.json")
    }

    /// The report's file.
    pub fn report(&self) -> PathBuf {
        self.folder.join("report.md")
    }
}
