//! From the rules a group has to the rules it should have.

use aws_sdk_ec2::{Client, types::IpPermission};
use lowtide_model::Set;
use lowtide_resource::{Class, Fault, absent_is_none};

use super::{
    Rule,
    permissions::{Grant, Home, grants, permissions},
};
use crate::describe::filter;

/// How many rules a group may have in one direction unless its account was granted more.
const QUOTA: usize = 60;

/// Which way traffic goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// It comes in.
    Ingress,
    /// It leaves.
    Egress,
}

/// The rules of one group.
pub struct Rules<'a> {
    pub client: &'a Client,
    pub home: Home<'a>,
}

impl Rules<'_> {
    /// Brings the rules of one direction from what they are to what they should be.
    ///
    /// New ones come before old ones go, so that traffic both allow is never cut; unless there is no room for both.
    pub async fn bring(&self, direction: Direction, now: Option<&Set<Rule>>, to: Option<&Set<Rule>>) -> Result<(), Fault> {
        let Change { authorize, describe, revoke, fits } = Change::between(now, to, &self.home);
        if !fits {
            self.revoke(direction, &revoke).await?;
        }
        self.authorize(direction, &authorize).await?;
        self.describe(direction, &describe).await?;
        if fits {
            self.revoke(direction, &revoke).await?;
        }
        Ok(())
    }

    /// A request that holds one rule that is there already is refused as a whole: then each goes alone.
    async fn authorize(&self, direction: Direction, grants: &[Grant]) -> Result<(), Fault> {
        if grants.is_empty() {
            return Ok(());
        }
        match self.authorize_all(direction, grants).await {
            Err(fault) if fault.class == Class::AlreadyExists => {}
            other => return other,
        }
        for one in grants {
            match self.authorize_all(direction, std::slice::from_ref(one)).await {
                Err(fault) if fault.class != Class::AlreadyExists => return Err(fault),
                Ok(()) | Err(_) => {}
            }
        }
        Ok(())
    }

    async fn authorize_all(&self, direction: Direction, grants: &[Grant]) -> Result<(), Fault> {
        let all = Some(permissions(grants, &self.home));
        match direction {
            Direction::Ingress => {
                self.client.authorize_security_group_ingress().group_id(self.home.group).set_ip_permissions(all).send().await?;
            }
            Direction::Egress => {
                self.client.authorize_security_group_egress().group_id(self.home.group).set_ip_permissions(all).send().await?;
            }
        }
        Ok(())
    }

    async fn describe(&self, direction: Direction, grants: &[Grant]) -> Result<(), Fault> {
        let Some(all) = self.permissions(grants) else { return Ok(()) };
        match direction {
            Direction::Ingress => {
                let update = self.client.update_security_group_rule_descriptions_ingress();
                update.group_id(self.home.group).set_ip_permissions(Some(all)).send().await?;
            }
            Direction::Egress => {
                let update = self.client.update_security_group_rule_descriptions_egress();
                update.group_id(self.home.group).set_ip_permissions(Some(all)).send().await?;
            }
        }
        Ok(())
    }

    /// A rule that is gone already is no matter.
    async fn revoke(&self, direction: Direction, grants: &[Grant]) -> Result<(), Fault> {
        let Some(all) = self.permissions(grants) else { return Ok(()) };
        match direction {
            Direction::Ingress => {
                let revoke = self.client.revoke_security_group_ingress().group_id(self.home.group).set_ip_permissions(Some(all));
                absent_is_none(revoke.send().await)?;
            }
            Direction::Egress => {
                let revoke = self.client.revoke_security_group_egress().group_id(self.home.group).set_ip_permissions(Some(all));
                absent_is_none(revoke.send().await)?;
            }
        }
        Ok(())
    }

    fn permissions(&self, grants: &[Grant]) -> Option<Vec<IpPermission>> {
        (!grants.is_empty()).then(|| permissions(grants, &self.home))
    }
}

/// What must happen to the rules of one direction.
struct Change {
    /// What is allowed anew.
    authorize: Vec<Grant>,
    /// What only gets another description.
    describe: Vec<Grant>,
    /// What is no longer allowed.
    revoke: Vec<Grant>,
    /// Whether new and old rules have room beside each other.
    fits: bool,
}

impl Change {
    fn between(now: Option<&Set<Rule>>, to: Option<&Set<Rule>>, home: &Home<'_>) -> Self {
        let (now, to) = (grants(now, home), grants(to, home));
        let lacks = |all: &[Grant], one: &Grant| !all.iter().any(|other| other.allows_as(one));
        let authorize: Vec<_> = to.iter().filter(|one| lacks(&now, one)).cloned().collect();
        Self {
            describe: to.iter().filter(|one| !lacks(&now, one) && !now.contains(one)).cloned().collect(),
            revoke: now.iter().filter(|one| lacks(&to, one)).cloned().collect(),
            fits: now.len() + authorize.len() <= QUOTA,
            authorize,
        }
    }
}

/// Revokes every rule a group has now. One that went in between is no matter.
pub async fn revoke_all(client: &Client, group: &str) -> Result<(), Fault> {
    let pages = client.describe_security_group_rules().filters(filter("group-id", [group])).into_paginator().items().send();
    let rules: Vec<_> = pages.collect::<Result<_, _>>().await?;
    for direction in [Direction::Ingress, Direction::Egress] {
        let these = rules.iter().filter(|rule| rule.is_egress == Some(direction == Direction::Egress));
        let ids: Vec<_> = these.filter_map(|rule| rule.security_group_rule_id.clone()).collect();
        if !ids.is_empty() {
            absent_is_none(direction.revoke(client, group, ids).await)?;
        }
    }
    Ok(())
}

impl Direction {
    /// Revokes rules of a group by their ids.
    pub async fn revoke(self, client: &Client, group: &str, ids: Vec<String>) -> Result<(), Fault> {
        match self {
            Self::Ingress => {
                client.revoke_security_group_ingress().group_id(group).set_security_group_rule_ids(Some(ids)).send().await?;
            }
            Self::Egress => {
                client.revoke_security_group_egress().group_id(group).set_security_group_rule_ids(Some(ids)).send().await?;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use lowtide_model::Cidr;

    use super::*;

    fn tcp(port: i64, from: &[&str], description: Option<&str>) -> Rule {
        Rule {
            cidr_blocks: Some(from.iter().copied().map(Cidr::from).collect()),
            description: description.map(str::to_owned),
            from_port: port,
            ipv6_cidr_blocks: None,
            prefix_list_ids: None,
            protocol: "tcp".to_owned(),
            security_groups: None,
            self_: None,
            to_port: port,
        }
    }

    const HOME: Home<'_> = Home { group: "sg-1", account: "123456789012" };

    #[test]
    fn only_what_differs_is_authorized_described_or_revoked() {
        let now = Set(vec![tcp(80, &["10.0.0.0/8", "10.1.0.0/16"], None), tcp(443, &["0.0.0.0/0"], None)]);
        let to = Set(vec![tcp(80, &["10.1.0.9/16"], None), tcp(443, &["0.0.0.0/0"], Some("web")), tcp(22, &["10.0.0.0/8"], None)]);
        let change = Change::between(Some(&now), Some(&to), &HOME);
        assert_eq!(change.authorize, grants(Some(&Set(vec![tcp(22, &["10.0.0.0/8"], None)])), &HOME));
        assert_eq!(change.describe, grants(Some(&Set(vec![tcp(443, &["0.0.0.0/0"], Some("web"))])), &HOME));
        assert_eq!(change.revoke, grants(Some(&Set(vec![tcp(80, &["10.0.0.0/8"], None)])), &HOME));
        assert!(change.fits);
    }

    #[test]
    fn old_rules_go_first_where_there_is_no_room_for_both() {
        let many = |second: u8| Set((0..40u8).map(|port| tcp(port.into(), &[&format!("10.{second}.0.0/16")], None)).collect());
        assert!(!Change::between(Some(&many(1)), Some(&many(2)), &HOME).fits);
    }
}
