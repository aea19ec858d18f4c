//! What a schedule says of tasks of ECS: as attributes, as requests have them, and as answers do.

use std::collections::{BTreeMap, HashMap};

use aws_sdk_scheduler::types::{
    AssignPublicIp, AwsVpcConfiguration, CapacityProviderStrategyItem, EcsParameters, LaunchType, NetworkConfiguration,
    PlacementConstraint, PlacementConstraintType, PlacementStrategy, PlacementStrategyType, PropagateTags,
};
use lowtide_model::{Model, Set};
use lowtide_resource::Fault;

use super::wire::{invalid, small};

/// For a task of ECS.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Ecs {
    /// The ARN of the task definition.
    #[attr(refers = "aws_ecs_task_definition.arn")]
    pub task_definition_arn: String,
    /// How many tasks.
    #[attr(default = 1, range = 1..=10)]
    pub task_count: i64,
    /// Where they run: `EC2`, `FARGATE` or `EXTERNAL`.
    #[attr(one_of = ["EC2", "FARGATE", "EXTERNAL"])]
    pub launch_type: Option<String>,
    /// Which capacity they run on, instead of a `launch_type`.
    #[attr(range = 0..=6)]
    pub capacity_provider_strategy: Option<Set<Capacity>>,
    /// The version of Fargate.
    pub platform_version: Option<String>,
    /// The group of the tasks.
    pub group: Option<String>,
    /// Whether tags of ECS itself are set.
    #[attr(default = false)]
    pub enable_ecs_managed_tags: bool,
    /// Whether commands can be run in them.
    #[attr(default = false)]
    pub enable_execute_command: bool,
    /// Whose tags they get: `TASK_DEFINITION`.
    #[attr(one_of = ["TASK_DEFINITION"])]
    pub propagate_tags: Option<String>,
    /// A word of yours by which the tasks are found.
    #[attr(range = 0..=1024)]
    pub reference_id: Option<String>,
    /// Tags of the tasks, by key.
    pub tags: Option<BTreeMap<String, String>>,
    /// The network they are in.
    pub network_configuration: Option<Network>,
    /// Which container instances they may be placed on.
    #[attr(range = 0..=10)]
    pub placement_constraints: Option<Set<Constraint>>,
    /// How they are spread over container instances.
    #[attr(range = 0..=5)]
    pub placement_strategy: Option<Set<Strategy>>,
}

/// Capacity that tasks run on.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Capacity {
    /// The provider: `FARGATE`, `FARGATE_SPOT`, or one of yours.
    #[attr(key)]
    pub capacity_provider: String,
    /// How many tasks at least run on it; one provider may have this.
    #[attr(default = 0, range = 0..=100000)]
    pub base: i64,
    /// Its share of the tasks beyond the base.
    #[attr(default = 0, range = 0..=1000)]
    pub weight: i64,
}

/// The network of tasks.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Network {
    /// The ids of the subnets.
    #[attr(refers = "aws_subnet.id")]
    pub subnets: Set<String>,
    /// The ids of the security groups.
    #[attr(refers = "aws_security_group.id")]
    pub security_groups: Option<Set<String>>,
    /// Whether they get public addresses.
    #[attr(default = false)]
    pub assign_public_ip: bool,
}

/// Which container instances tasks may be placed on.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Constraint {
    /// An expression of the cluster query language, for `memberOf`.
    pub expression: Option<String>,
    /// The sort of constraint.
    #[attr(one_of = ["distinctInstance", "memberOf"])]
    pub r#type: String,
}

/// How tasks are spread over container instances.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Strategy {
    /// What to spread over (`instanceId`, `attribute:ecs.availability-zone`) or fill up (`cpu`, `memory`).
    pub field: Option<String>,
    /// The sort of rule.
    #[attr(one_of = ["binpack", "random", "spread"])]
    pub r#type: String,
}

/// Returns what is sent.
pub fn request(wish: &Ecs) -> Result<EcsParameters, Fault> {
    EcsParameters::builder()
        .task_definition_arn(&wish.task_definition_arn)
        .task_count(small(wish.task_count)?)
        .set_launch_type(wish.launch_type.as_deref().map(LaunchType::from))
        .set_capacity_provider_strategy(wish.capacity_provider_strategy.as_ref().map(capacity).transpose()?)
        .set_platform_version(wish.platform_version.clone())
        .set_group(wish.group.clone())
        .enable_ecs_managed_tags(wish.enable_ecs_managed_tags)
        .enable_execute_command(wish.enable_execute_command)
        .set_propagate_tags(wish.propagate_tags.as_deref().map(PropagateTags::from))
        .set_reference_id(wish.reference_id.clone())
        .set_tags(wish.tags.as_ref().map(|tags| tags.iter().map(tag).collect()))
        .set_network_configuration(wish.network_configuration.as_ref().map(network).transpose()?)
        .set_placement_constraints(wish.placement_constraints.as_ref().map(|all| all.0.iter().map(constraint).collect()))
        .set_placement_strategy(wish.placement_strategy.as_ref().map(|all| all.0.iter().map(strategy).collect()))
        .build()
        .map_err(invalid)
}

fn capacity(all: &Set<Capacity>) -> Result<Vec<CapacityProviderStrategyItem>, Fault> {
    let item = |one: &Capacity| {
        let item = CapacityProviderStrategyItem::builder().capacity_provider(&one.capacity_provider);
        item.base(small(one.base)?).weight(small(one.weight)?).build().map_err(invalid)
    };
    all.0.iter().map(item).collect()
}

/// A tag is a map with two entries (EventBridge Scheduler API Reference, EcsParameters, Tags).
fn tag((key, value): (&String, &String)) -> HashMap<String, String> {
    HashMap::from([("key".to_owned(), key.clone()), ("value".to_owned(), value.clone())])
}

fn network(wish: &Network) -> Result<NetworkConfiguration, Fault> {
    let public = if wish.assign_public_ip { AssignPublicIp::Enabled } else { AssignPublicIp::Disabled };
    let groups = wish.security_groups.as_ref().map(|all| all.0.clone());
    let inside = AwsVpcConfiguration::builder().set_subnets(Some(wish.subnets.0.clone())).set_security_groups(groups);
    let inside = inside.assign_public_ip(public).build().map_err(invalid)?;
    Ok(NetworkConfiguration::builder().awsvpc_configuration(inside).build())
}

fn constraint(wish: &Constraint) -> PlacementConstraint {
    PlacementConstraint::builder()
        .r#type(PlacementConstraintType::from(wish.r#type.as_str()))
        .set_expression(wish.expression.clone())
        .build()
}

fn strategy(wish: &Strategy) -> PlacementStrategy {
    PlacementStrategy::builder().r#type(PlacementStrategyType::from(wish.r#type.as_str())).set_field(wish.field.clone()).build()
}

/// Returns what was seen.
pub fn observed(seen: EcsParameters) -> Ecs {
    let network = |one: AwsVpcConfiguration| Network {
        subnets: Set(one.subnets),
        security_groups: several(one.security_groups),
        assign_public_ip: one.assign_public_ip == Some(AssignPublicIp::Enabled),
    };
    let capacity = |one: CapacityProviderStrategyItem| Capacity {
        capacity_provider: one.capacity_provider,
        base: one.base.into(),
        weight: one.weight.into(),
    };
    let constraint = |one: PlacementConstraint| Some(Constraint { expression: one.expression, r#type: one.r#type?.as_str().to_owned() });
    let strategy = |one: PlacementStrategy| Some(Strategy { field: one.field, r#type: one.r#type?.as_str().to_owned() });
    let tag = |mut one: HashMap<String, String>| Some((one.remove("key")?, one.remove("value")?));
    let tags: BTreeMap<_, _> = seen.tags.into_iter().flatten().filter_map(tag).collect();
    Ecs {
        task_definition_arn: seen.task_definition_arn,
        task_count: seen.task_count.map_or(1, i64::from),
        launch_type: seen.launch_type.map(|word| word.as_str().to_owned()),
        capacity_provider_strategy: several(seen.capacity_provider_strategy.map(|all| all.into_iter().map(capacity).collect())),
        platform_version: seen.platform_version,
        group: seen.group,
        enable_ecs_managed_tags: seen.enable_ecs_managed_tags.unwrap_or_default(),
        enable_execute_command: seen.enable_execute_command.unwrap_or_default(),
        propagate_tags: seen.propagate_tags.map(|word| word.as_str().to_owned()),
        reference_id: seen.reference_id,
        tags: (!tags.is_empty()).then_some(tags),
        network_configuration: seen.network_configuration.and_then(|one| one.awsvpc_configuration).map(network),
        placement_constraints: several(seen.placement_constraints.map(|all| all.into_iter().filter_map(constraint).collect())),
        placement_strategy: several(seen.placement_strategy.map(|all| all.into_iter().filter_map(strategy).collect())),
    }
}

fn several<T>(all: Option<Vec<T>>) -> Option<Set<T>> {
    all.filter(|all| !all.is_empty()).map(Set)
}
