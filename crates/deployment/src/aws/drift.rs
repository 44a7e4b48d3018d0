//! CloudFormation's own drift detection, which works in its own time.

use aws_sdk_cloudformation::types::{StackDriftDetectionStatus, StackResourceDriftStatus};

use super::{AwsCloud, failed};
use crate::cloud::{Detection, Drifted};
use crate::error::Failure;

impl AwsCloud {
    pub(super) async fn detect_drift(&self, stack: &str) -> Result<String, Failure> {
        let detection = self.cloudformation.detect_stack_drift();
        let detection = detection.stack_name(stack).send().await;
        let detection = detection.map_err(failed("cloudformation:DetectStackDrift"))?;
        Ok(detection.stack_drift_detection_id.unwrap_or_default())
    }

    pub(super) async fn detected_drift(
        &self,
        stack: &str,
        detection: &str,
    ) -> Result<Detection, Failure> {
        let status = self.cloudformation.describe_stack_drift_detection_status();
        let status = status.stack_drift_detection_id(detection).send().await;
        let status = status.map_err(failed("cloudformation:DescribeStackDriftDetectionStatus"))?;
        match status.detection_status {
            Some(StackDriftDetectionStatus::DetectionInProgress) => Ok(Detection::Pending),
            Some(StackDriftDetectionStatus::DetectionComplete) => {
                self.drifted(stack).await.map(Detection::Done)
            }
            Some(_) | None => Ok(Detection::Incomplete {
                found: self.drifted(stack).await?,
                reason: status
                    .detection_status_reason
                    .unwrap_or_else(|| "the service gives no reason".to_owned()),
            }),
        }
    }

    async fn drifted(&self, stack: &str) -> Result<Vec<Drifted>, Failure> {
        let drifts = self.cloudformation.describe_stack_resource_drifts();
        let drifts = drifts
            .stack_name(stack)
            .stack_resource_drift_status_filters(StackResourceDriftStatus::Modified)
            .stack_resource_drift_status_filters(StackResourceDriftStatus::Deleted);
        let mut pages = drifts.into_paginator().send();
        let mut found = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(failed("cloudformation:DescribeStackResourceDrifts"))?;
            let drifts = page.stack_resource_drifts.unwrap_or_default().into_iter();
            found.extend(drifts.map(|drift| {
                Drifted {
                    how: drift
                        .stack_resource_drift_status
                        .map(|status| status.as_str().to_owned())
                        .unwrap_or_default(),
                    resource: drift.logical_resource_id.unwrap_or_default(),
                }
            }));
        }
        Ok(found)
    }
}
