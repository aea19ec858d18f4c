//! What a service is made of.

use std::collections::BTreeMap;

use lowtide_model::{Arn, Model, Set};

use crate::tags::Tags;

/// An ECS service: keeps so many tasks of a task definition running, and connects them to load balancers.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Service {
    /// The service's name: up to 255 letters, digits, hyphens and underscores.
    #[attr(replaces, identity, range = 1..=255)]
    pub name: String,
    /// The cluster that it runs in, by ARN or name; without one, the cluster called `default`.
    #[attr(replaces, identity, parent, computed, refers = "aws_ecs_cluster.id")]
    pub cluster: Option<String>,
    /// What runs: the ARN of a task definition, `family:revision`, or a family, which means its newest revision.
    #[attr(refers = "aws_ecs_task_definition.arn")]
    pub task_definition: Option<String>,
    /// Alarms that fail a deployment.
    pub alarms: Option<Alarms>,
    /// Whether ECS moves tasks so that the Availability Zones stay even: `ENABLED` or `DISABLED`.
    #[attr(default = "DISABLED", one_of = ["ENABLED", "DISABLED"])]
    pub availability_zone_rebalancing: String,
    /// Which capacity the tasks run on, instead of a `launch_type`. A change starts a new deployment.
    pub capacity_provider_strategy: Option<Set<CapacityProvider>>,
    /// What ends a deployment whose tasks keep failing.
    pub deployment_circuit_breaker: Option<CircuitBreaker>,
    /// Who deploys: ECS itself, CodeDeploy, or a program of yours.
    #[attr(computed, replaces)]
    pub deployment_controller: Option<DeploymentController>,
    /// How many tasks may run during a deployment, in percent of `desired_count`. AWS says 200, and 100 for a daemon.
    #[attr(computed, range = 0..=1000)]
    pub deployment_maximum_percent: Option<i32>,
    /// How many tasks must stay healthy during a deployment, in percent of `desired_count`. AWS says 100, and 0 for a daemon.
    #[attr(computed, range = 0..=1000)]
    pub deployment_minimum_healthy_percent: Option<i32>,
    /// How many tasks run. Without it a new service starts with none, and whoever scales it later is left alone. Where an
    /// `aws_appautoscaling_target` of the stack scales it, this is what it begins with: any number between its bounds is left alone.
    #[attr(computed, range = 0..=10000)]
    pub desired_count: Option<i32>,
    /// Whether ECS tags the tasks with the names of cluster and service.
    #[attr(default = false)]
    pub enable_ecs_managed_tags: bool,
    /// Whether ECS Exec may run commands in the containers.
    #[attr(default = false)]
    pub enable_execute_command: bool,
    /// Whether the service is deleted without scaling it down first.
    #[attr(option, default = false)]
    pub force_delete: bool,
    /// Whether every update starts a new deployment, even where nothing in the tasks changes.
    #[attr(option, default = false)]
    pub force_new_deployment: bool,
    /// How many seconds after its start a task is not stopped for failing health checks of a load balancer.
    #[attr(default = 0, range = 0..=2147483647)]
    pub health_check_grace_period_seconds: i32,
    /// The role that registers tasks with a load balancer, where tasks have no network of their own; else ECS's own role.
    #[attr(computed, replaces, refers = "aws_iam_role.arn")]
    pub iam_role: Option<String>,
    /// What the tasks run on. AWS says `EC2`, unless the cluster has capacity providers by default.
    #[attr(computed, replaces, one_of = ["EC2", "FARGATE", "EXTERNAL"])]
    pub launch_type: Option<String>,
    /// Where load balancers send requests to.
    pub load_balancer: Option<Set<LoadBalancer>>,
    /// The network of tasks whose network mode is `awsvpc`.
    pub network_configuration: Option<NetworkConfiguration>,
    /// How tasks are spread over container instances, the first rule first.
    #[attr(range = 0..=5)]
    pub ordered_placement_strategy: Option<Vec<PlacementStrategy>>,
    /// Which container instances tasks may be placed on.
    #[attr(range = 0..=10)]
    pub placement_constraints: Option<Set<PlacementConstraint>>,
    /// The version of the Fargate platform, or `LATEST`.
    #[attr(computed)]
    pub platform_version: Option<String>,
    /// Whose tags the tasks get.
    #[attr(default = "NONE", one_of = ["SERVICE", "TASK_DEFINITION", "NONE"])]
    pub propagate_tags: String,
    /// `REPLICA` runs as many tasks as desired, `DAEMON` one on each container instance.
    #[attr(default = "REPLICA", replaces, one_of = ["REPLICA", "DAEMON"])]
    pub scheduling_strategy: String,
    /// The Cloud Map service that tasks are registered with.
    pub service_registries: Option<ServiceRegistry>,
    /// Any values; when one changes, a new deployment starts.
    #[attr(unread)]
    pub triggers: Option<BTreeMap<String, String>>,
    /// Whether what depends on the service, and the run itself, waits until the deployment is complete.
    #[attr(option, default = false)]
    pub wait_for_steady_state: bool,
    /// Tags by key.
    #[attr(open)]
    pub tags: Tags,
}

/// Alarms that fail a deployment.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct Alarms {
    /// The names of CloudWatch alarms.
    pub alarm_names: Set<String>,
    /// Whether they are watched.
    pub enable: bool,
    /// Whether a failed deployment goes back to the last one that was complete.
    pub rollback: bool,
}

/// What ends a deployment whose tasks keep failing.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CircuitBreaker {
    /// Whether it is on.
    pub enable: bool,
    /// Whether a failed deployment goes back to the last one that was complete.
    pub rollback: bool,
}

/// Capacity that tasks run on.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct CapacityProvider {
    /// How many tasks at least run on it; one provider may have this.
    #[attr(range = 0..=100000)]
    pub base: Option<i32>,
    /// The provider: `FARGATE`, `FARGATE_SPOT`, or one of yours.
    #[attr(key)]
    pub capacity_provider: String,
    /// Its share of the tasks beyond the base.
    #[attr(range = 0..=1000)]
    pub weight: Option<i32>,
}

/// Who deploys.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct DeploymentController {
    /// `ECS` rolls, `CODE_DEPLOY` goes from blue to green, `EXTERNAL` is a program of yours.
    #[attr(default = "ECS", one_of = ["ECS", "CODE_DEPLOY", "EXTERNAL"])]
    pub r#type: String,
}

/// Where a load balancer sends requests to.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct LoadBalancer {
    /// The container.
    pub container_name: String,
    /// The container's port.
    #[attr(range = 0..=65536)]
    pub container_port: i32,
    /// The name of a Classic Load Balancer, instead of a target group.
    pub elb_name: Option<String>,
    /// The target group; a listener must send requests to it before the service can be made.
    #[attr(refers = "aws_lb_target_group.arn")]
    pub target_group_arn: Option<Arn>,
}

/// The network of tasks.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct NetworkConfiguration {
    /// Whether tasks get public addresses, on Fargate only.
    #[attr(default = false)]
    pub assign_public_ip: bool,
    /// The security groups of the tasks; without any, the VPC's default one.
    #[attr(refers = "aws_security_group.id")]
    pub security_groups: Option<Set<String>>,
    /// The subnets that tasks are placed in, all of one VPC.
    #[attr(refers = "aws_subnet.id", range = 1..=16)]
    pub subnets: Set<String>,
}

/// How tasks are spread over container instances.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PlacementStrategy {
    /// What to spread over (`instanceId`, `attribute:ecs.availability-zone`) or fill up (`cpu`, `memory`).
    pub field: Option<String>,
    /// The sort of rule.
    #[attr(one_of = ["binpack", "random", "spread"])]
    pub r#type: String,
}

/// Which container instances tasks may be placed on.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct PlacementConstraint {
    /// An expression of the cluster query language, for `memberOf`.
    pub expression: Option<String>,
    /// The sort of constraint.
    #[attr(one_of = ["distinctInstance", "memberOf"])]
    pub r#type: String,
}

/// The Cloud Map service that tasks are registered with.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ServiceRegistry {
    /// The container that the record points to.
    pub container_name: Option<String>,
    /// The container's port.
    #[attr(range = 0..=65536)]
    pub container_port: Option<i32>,
    /// The port in an SRV record.
    #[attr(range = 0..=65536)]
    pub port: Option<i32>,
    /// The Cloud Map service.
    pub registry_arn: Arn,
}

/// What AWS decides about a service.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct ServiceOutputs {
    /// The service's ARN.
    pub id: String,
}
