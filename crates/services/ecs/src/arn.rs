//! The ARNs of this service: how they are made of names and taken apart again.
//!
//! Users may name a cluster, a service's cluster or a task definition by name or by ARN; AWS answers with ARNs.

use lowtide_model::Place;

/// What an unset cluster means.
pub const DEFAULT_CLUSTER: &str = "default";

/// Returns the ARN of something of this service: `cluster/main`.
pub fn arn(place: &Place, rest: &str) -> String {
    format!("arn:{}:ecs:{}:{}:{rest}", place.partition, place.region, place.account)
}

/// Returns the last part of a name or ARN: the name of a cluster, `family:revision` of a task definition.
pub fn name(name_or_arn: &str) -> &str {
    name_or_arn.rsplit('/').next().unwrap_or(name_or_arn)
}

/// Returns cluster and name from the ARN of a service.
pub fn cluster_and_service(arn: &str) -> Option<(&str, &str)> {
    arn.split_once(":service/")?.1.split_once('/')
}

/// Returns family and revision from `family:revision` or the ARN of a task definition; a family alone has no revision.
pub fn family_and_revision(name_or_arn: &str) -> (&str, Option<i64>) {
    let last = name(name_or_arn);
    match last.split_once(':') {
        Some((family, revision)) => (family, revision.parse().ok()),
        None => (last, None),
    }
}

/// Returns whether two words mean one task definition: a family alone means whichever revision is there.
pub fn same_task_definition(asked: &str, seen: &str) -> bool {
    let (asked, seen) = (family_and_revision(asked), family_and_revision(seen));
    asked.0 == seen.0 && (asked.1.is_none() || asked.1 == seen.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WEB_7: &str = "arn:aws:ecs:us-west-2:123456789012:task-definition/web:7";

    #[test]
    fn a_task_definition_has_several_names() {
        assert!(same_task_definition("web:7", WEB_7));
        assert!(same_task_definition("web", WEB_7));
        assert!(same_task_definition(WEB_7, WEB_7));
        assert!(!same_task_definition("web:6", WEB_7));
        assert!(!same_task_definition("api:7", WEB_7));
    }

    #[test]
    fn the_arn_of_a_service_names_its_cluster() {
        assert_eq!(cluster_and_service("arn:aws:ecs:us-west-2:123456789012:service/main/web"), Some(("main", "web")));
        assert_eq!(cluster_and_service("arn:aws:ecs:us-west-2:123456789012:service/web"), None);
    }
}
