//! What moto holds at this moment, read out of its backends.
//!
//! moto's own `/moto-api/data.json` is of no use for this: it lists every object ever made, deleted or not.

use anyhow::{Context, ensure};
use serde::Deserialize;

use super::Simulator;
use crate::wire;

/// Which thing it is.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identity {
    /// moto's name of the service: `ec2`, `elbv2`, `iam`.
    pub service: String,
    /// Region, or the partition (`aws`) for what is global.
    pub region: String,
    /// Account number.
    pub account: String,
    /// moto's own class: `VPC`, `FakeLoadBalancer`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Id, ARN or name.
    pub id: String,
}

/// One thing that exists in moto.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Held {
    /// Which it is.
    #[serde(flatten)]
    pub identity: Identity,
    /// Status, where it has one: `available`, `deleted`, `INACTIVE`.
    pub state: String,
}

impl Simulator {
    /// Lists what exists in every account and region that has been used.
    ///
    /// # Errors
    ///
    /// When moto does not answer, or not as `launcher.py` does.
    pub async fn inventory(&self) -> anyhow::Result<Vec<Held>> {
        let answer = wire::get(self.authority(), "/moto-api/lowtide/inventory").await;
        let answer = answer.with_context(|| self.where_the_log_is())?;
        ensure!(answer.status().is_success(), "moto has no inventory ({}). {}", answer.status(), self.where_the_log_is());
        serde_json::from_slice(answer.body()).context("Reading the inventory of moto")
    }
}
