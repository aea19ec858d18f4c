//! Container definitions: JSON on our side, structs on the SDK's, which knows both ways by its own schemas.

use aws_sdk_ecs::types::ContainerDefinition;
use aws_smithy_json::codec::JsonCodec;
use aws_smithy_schema::{codec::Codec, serde::ShapeSerializer};
use lowtide_model::{Json, Value};
use lowtide_resource::Fault;

/// Returns container definitions as structure, however they were given; `None` when they are no list.
pub fn listed(definitions: &Json) -> Option<Vec<Value>> {
    let read = |text: &str| Some(Json::parse(text)?.0);
    let value = definitions.0.as_str().map_or_else(|| Some(definitions.0.clone()), read)?;
    Some(value.elements()?.into_iter().cloned().collect())
}

/// Returns container definitions as the SDK sends them.
pub fn sent(definitions: &Json) -> Result<Vec<ContainerDefinition>, Fault> {
    let listed = listed(definitions).ok_or_else(|| Fault::ours("`container_definitions` is no list of containers"))?;
    let read = |value: &Value| parse(value).map_err(|why| Fault::ours(&format!("`container_definitions` can't be read: {why}")));
    listed.iter().map(read).collect()
}

/// Returns what AWS answered as attributes hold it.
pub fn seen(all: &[ContainerDefinition]) -> Result<Json, Fault> {
    let write = |one| write(one).ok_or_else(|| Fault::silent("container definitions that can be read"));
    all.iter().map(write).collect::<Result<_, _>>().map(|all| Json(Value::List(all)))
}

/// Reads one container. What the API has no name for is passed over.
pub fn parse(value: &Value) -> Result<ContainerDefinition, String> {
    let text = value.to_json_text();
    let mut reader = JsonCodec::default().create_deserializer(text.as_bytes());
    ContainerDefinition::deserialize(&mut reader).map_err(|why| why.to_string())
}

/// Writes one container with the names of the API.
pub fn write(container: &ContainerDefinition) -> Option<Value> {
    let mut writer = JsonCodec::default().create_serializer();
    writer.write_struct(ContainerDefinition::SCHEMA, container).ok()?;
    Json::parse(&String::from_utf8(writer.finish()).ok()?).map(|json| json.0)
}

#[cfg(test)]
mod tests {
    use lowtide_model::{Shape, equality};

    use super::*;

    const WEB: &str = r#"[{
        "name": "web", "image": "nginx", "essential": true, "cpu": 128, "memory": 256, "command": ["a", "b"],
        "portMappings": [{"containerPort": 80, "hostPort": 80, "protocol": "tcp", "name": "http", "appProtocol": "http"}],
        "environment": [{"name": "A", "value": "1"}], "secrets": [{"name": "B", "valueFrom": "arn:x"}],
        "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g", "awslogs-region": "r"}},
        "healthCheck": {"command": ["CMD", "true"], "interval": 30}, "dependsOn": [{"containerName": "x", "condition": "HEALTHY"}],
        "linuxParameters": {"initProcessEnabled": true, "capabilities": {"add": ["SYS_PTRACE"]}},
        "ulimits": [{"name": "nofile", "softLimit": 1, "hardLimit": 2}], "dockerLabels": {"a": "b"},
        "mountPoints": [{"sourceVolume": "v", "containerPath": "/v", "readOnly": false}], "readonlyRootFilesystem": true,
        "firelensConfiguration": {"type": "fluentbit"}, "restartPolicy": {"enabled": true, "restartAttemptPeriod": 60}
    }]"#;

    #[test]
    fn every_member_survives_the_way_there_and_back() {
        let wish = Json::parse(WEB).expect("JSON");
        let back = seen(&sent(&wish).expect("containers")).expect("JSON");
        assert_eq!(equality::satisfied(&Shape::FilledJson, &wish.0.into(), &back.0), equality::Verdict::Same, "{}", back.text());
    }

    #[test]
    fn text_and_structure_are_the_same() {
        let (text, structure) = (Json(WEB.into()), Json::parse(WEB).expect("JSON"));
        assert_eq!(sent(&text).expect("containers"), sent(&structure).expect("containers"));
    }

    #[test]
    fn a_member_of_another_type_is_said() {
        assert!(sent(&Json::parse(r#"[{"name": "web", "cpu": "lots"}]"#).expect("JSON")).is_err());
    }
}
