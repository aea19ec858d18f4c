//! Somebody else with access to the account, who changes things by hand. Speaks to moto itself: nobody counts these calls.

use anyhow::{Context, ensure};
use lowtide_testkit::{World, wire};
use serde_json::json;

/// Three changes that nobody wrote into a spec.
pub struct Outsider<'a> {
    world: &'a World,
}

impl<'a> Outsider<'a> {
    /// Returns somebody with access to this world.
    pub fn new(world: &'a World) -> Self {
        Self { world }
    }

    /// Keeps the events of a log group for another number of days.
    pub async fn keep_logs(&self, group: &str, days: i64) -> anyhow::Result<()> {
        let body = json!({ "logGroupName": group, "retentionInDays": days });
        let answer = wire::json(self.world.simulator().authority(), "logs", self.world.region(), "Logs_20140328.PutRetentionPolicy", &body);
        let answer = answer.await?;
        ensure!(answer.status().is_success(), "moto answered {} to PutRetentionPolicy", answer.status());
        Ok(())
    }

    /// Gives a thing of EC2 another name.
    pub async fn rename(&self, id: &str, name: &str) -> anyhow::Result<()> {
        self.ec2(&[("Action", "CreateTags"), ("ResourceId.1", id), ("Tag.1.Key", "Name"), ("Tag.1.Value", name)]).await.map(drop)
    }

    /// Takes a rule out of a security group.
    pub async fn revoke(&self, group: &str, rule: &str) -> anyhow::Result<()> {
        let fields = [("Action", "RevokeSecurityGroupIngress"), ("GroupId", group), ("SecurityGroupRuleId.1", rule)];
        self.ec2(&fields).await.map(drop)
    }

    async fn ec2(&self, fields: &[(&str, &str)]) -> anyhow::Result<String> {
        let all: Vec<_> = [("Version", "2016-11-15")].iter().chain(fields).copied().collect();
        let answer = wire::query(self.world.simulator().authority(), "ec2", self.world.region(), &all).await?;
        let action = fields.first().map(|(_, action)| *action).context("a call has an action")?;
        ensure!(answer.status().is_success(), "moto answered {} to {action}", answer.status());
        Ok(String::from_utf8_lossy(answer.body()).into_owned())
    }
}
