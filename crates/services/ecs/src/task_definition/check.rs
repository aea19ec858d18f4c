//! What AWS would refuse in a task definition, said while planning. What is not known yet counts as fitting.

use std::collections::BTreeSet;

use lowtide_model::{Complaint, Content, Json, Planned, PlannedObject, Type, Unknown, Value};

use super::containers;

const ATTRIBUTE: &str = "container_definitions";

/// The sizes of Fargate tasks: CPU units, least and most memory in MiB, and its step.
///
/// Source: Amazon ECS Developer Guide, "Task definition parameters", "Task size".
const FARGATE: [(i64, i64, i64, i64); 7] = [
    (256, 512, 2_048, 512),
    (512, 1_024, 4_096, 1_024),
    (1_024, 2_048, 8_192, 1_024),
    (2_048, 4_096, 16_384, 1_024),
    (4_096, 8_192, 30_720, 1_024),
    (8_192, 16_384, 61_440, 4_096),
    (16_384, 32_768, 122_880, 8_192),
];

/// Returns CPU in units or memory in MiB: `512`, `.5 vCPU` and `0.5 GB` are the same number.
pub fn units(text: &str) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    match text.strip_suffix("vcpu").or_else(|| text.strip_suffix("gb")) {
        Some(whole) => whole.trim().parse::<f64>().ok().map(|whole| (whole * 1_024.0) as i64),
        None => text.parse().ok(),
    }
}

/// Checks the containers: names, images, one that is essential, and member names that the API knows.
pub fn of_containers(wish: &PlannedObject) -> Vec<Complaint> {
    let Some(containers) = listed(wish) else { return Vec::new() };
    let mut complaints = Vec::new();
    let mut names = BTreeSet::new();
    for (at, container) in containers.iter().enumerate() {
        let Some(members) = container.as_members() else {
            if !container.is_unknown() {
                complaints.push(Complaint::about(ATTRIBUTE, format!("Element {at} is no container: a container has named members.")));
            }
            continue;
        };
        let name = members.get("name").and_then(Planned::as_str);
        let called = name.map_or_else(|| format!("Container {at}"), |name| format!("Container `{name}`"));
        for needed in ["name", "image"] {
            if members.get(needed).is_none_or(Planned::is_null) {
                complaints.push(Complaint::about(ATTRIBUTE, format!("{called} has no `{needed}`; each container needs one.")));
            }
        }
        if let Some(name) = name.filter(|name| !names.insert((*name).to_owned())) {
            complaints.push(Complaint::about(ATTRIBUTE, format!("Two containers are called `{name}`; names must differ.")));
        }
        if !has(wish, "memory") && !["memory", "memoryReservation"].iter().any(|name| members.contains_key(*name)) {
            let detail = format!("{called} has neither `memory` nor `memoryReservation`, and the task has no `memory`.");
            complaints.push(Complaint::about(ATTRIBUTE, detail).hint("set `memory` of the task or of the container"));
        }
        complaints.extend(misnamed(&called, container));
        complaints.extend(ports(wish, &called, members.get("portMappings")));
    }
    let essential = |one: &Planned| {
        let members = one.as_members();
        one.is_unknown() || members.is_some_and(|all| all.get("essential").is_none_or(|value| value.as_bool() != Some(false)))
    };
    if !containers.iter().any(essential) {
        let detail = "No container is essential; when an essential container stops, the task stops, so one must be.";
        complaints.push(Complaint::about(ATTRIBUTE, detail).hint("leave out `essential = false` of the main container"));
    }
    complaints
}

/// Checks what Fargate asks of a task: its network, and a size it has.
pub fn of_fargate(wish: &PlannedObject) -> Vec<Complaint> {
    let compatible = wish.get("requires_compatibilities").and_then(Planned::as_elements).unwrap_or_default();
    if !compatible.iter().any(|one| one.as_str() == Some("FARGATE")) {
        return Vec::new();
    }
    let mut complaints = Vec::new();
    if !wish.get("network_mode").is_some_and(|mode| mode.is_unknown() || mode.as_str() == Some("awsvpc")) {
        let complaint = Complaint::about("network_mode", "Tasks on Fargate have network interfaces of their own.");
        complaints.push(complaint.hint("set `network_mode = \"awsvpc\"`"));
    }
    for needed in ["cpu", "memory"] {
        if !has(wish, needed) {
            complaints.push(Complaint::about(needed, format!("Tasks on Fargate need `{needed}`.")));
        }
    }
    let (Some(cpu), Some(memory)) = (wish.text("cpu").and_then(units), wish.text("memory").and_then(units)) else { return complaints };
    match FARGATE.iter().find(|(size, ..)| *size == cpu) {
        None => {
            let sizes: Vec<_> = FARGATE.iter().map(|(size, ..)| size.to_string()).collect();
            complaints.push(Complaint::about("cpu", format!("Fargate has no tasks of {cpu} CPU units; it has {}.", sizes.join(", "))));
        }
        Some((_, least, most, step)) if !(*least..=*most).contains(&memory) || (memory - least) % step != 0 => {
            let detail = format!("Fargate has no tasks of {cpu} CPU units with {memory} MiB of memory.");
            complaints.push(Complaint::about("memory", detail).hint(format!("with that CPU, {least} to {most} MiB in steps of {step}")));
        }
        Some(_) => {}
    }
    complaints
}

/// Checks that what containers mount is there.
pub fn of_volumes(wish: &PlannedObject) -> Vec<Complaint> {
    let volumes = wish.get("volume");
    let (Some(containers), false) = (listed(wish), volumes.is_some_and(|volumes| !volumes.is_wholly_known())) else { return Vec::new() };
    let name = |volume: &Planned| volume.as_members()?.get("name")?.as_str().map(str::to_owned);
    let there: BTreeSet<_> = volumes.and_then(Planned::as_elements).unwrap_or_default().iter().filter_map(name).collect();
    let mounts = containers.iter().filter_map(|container| container.as_members()?.get("mountPoints")?.as_elements()).flatten();
    let sources = mounts.filter_map(|mount| mount.as_members()?.get("sourceVolume")?.as_str());
    let lost = sources.filter(|source| !there.contains(*source));
    lost.map(|source| Complaint::about("volume", format!("A container mounts `{source}`, but there is no volume of that name."))).collect()
}

fn has(wish: &PlannedObject, attribute: &str) -> bool {
    wish.get(attribute).is_some()
}

/// Returns the containers as far as they are known.
fn listed(wish: &PlannedObject) -> Option<Vec<Planned>> {
    let definitions = wish.get(ATTRIBUTE)?;
    match &definitions.content {
        Content::String(text) => Some(containers::listed(&Json(text.as_str().into()))?.into_iter().map(Into::into).collect()),
        _ => definitions.as_elements().map(<[Planned]>::to_vec),
    }
}

/// In `awsvpc` and `host` networks a port is the same inside and outside.
fn ports(wish: &PlannedObject, called: &str, mappings: Option<&Planned>) -> Vec<Complaint> {
    if !matches!(wish.text("network_mode"), Some("awsvpc" | "host")) {
        return Vec::new();
    }
    let mappings = mappings.and_then(Planned::as_elements).unwrap_or_default().iter().filter_map(Planned::as_members);
    let port = |mapping: &std::collections::BTreeMap<String, Planned>, name: &str| mapping.get(name).and_then(Planned::as_i64);
    let differing = mappings.filter_map(|mapping| Some((port(mapping, "containerPort")?, port(mapping, "hostPort")?)));
    differing
        .filter(|(inside, outside)| inside != outside)
        .map(|(inside, outside)| {
            let detail = format!("{called} maps port {inside} to {outside}; in this network mode both must be the same.");
            Complaint::about(ATTRIBUTE, detail).hint("leave out `hostPort`")
        })
        .collect()
}

/// Finds members that the API has no name for, by sending the container there and back without the network.
fn misnamed(called: &str, planned: &Planned) -> Vec<Complaint> {
    let container = filled_in(planned);
    let back = match containers::parse(&container).map(|read| containers::write(&read)) {
        Ok(Some(back)) => back,
        Ok(None) => return Vec::new(),
        // What is missing or of another type may be so only because it is not known yet.
        Err(_) if !planned.is_wholly_known() => return Vec::new(),
        Err(why) => return vec![Complaint::about(ATTRIBUTE, format!("{called} is not as the Amazon ECS API has it: {why}"))],
    };
    let mut lost = Vec::new();
    missing(&container, &back, "", &mut lost);
    let complaint = |path: String| {
        let complaint = Complaint::about(ATTRIBUTE, format!("{called} has `{path}`, which the Amazon ECS API has no name for."));
        let right = api_name(&path);
        if right == path { complaint } else { complaint.hint(format!("write `{right}`")) }
    };
    lost.into_iter().map(complaint).collect()
}

fn missing(wish: &Value, back: &Value, path: &str, lost: &mut Vec<String>) {
    match (wish, back) {
        (Value::Map(wish) | Value::Object(wish), Value::Map(back) | Value::Object(back)) => {
            for (name, value) in wish {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match back.get(name) {
                    Some(back) => missing(value, back, &path, lost),
                    None if value.is_empty() || *value == Value::Bool(false) || value.as_i64() == Some(0) => {}
                    None => lost.push(path),
                }
            }
        }
        (Value::List(wish), Value::List(back)) if wish.len() == back.len() => {
            for (at, (wish, back)) in wish.iter().zip(back).enumerate() {
                missing(wish, back, &format!("{path}[{at}]"), lost);
            }
        }
        _ => {}
    }
}

/// `port_mappings[0].ContainerPort` becomes `portMappings[0].containerPort`.
fn api_name(path: &str) -> String {
    let member = |name: &str| {
        let mut words = name.split('_').filter(|word| !word.is_empty());
        let first = words.next().unwrap_or_default();
        let capital = |word: &str, upper: bool| {
            let mut letters = word.chars();
            let first = letters.next().map(|one| if upper { one.to_ascii_uppercase() } else { one.to_ascii_lowercase() });
            first.into_iter().chain(letters).collect::<String>()
        };
        capital(first, false) + &words.map(|word| capital(word, true)).collect::<String>()
    };
    path.split('.').map(member).collect::<Vec<_>>().join(".")
}

/// Returns a known value of the same form: what stands for an unknown text or number fits wherever one does.
fn filled_in(value: &Planned) -> Value {
    let stand_in = |unknown: &Unknown| match unknown.ty {
        Type::Bool => true.into(),
        Type::Number => 1.into(),
        Type::String => "unknown".into(),
        Type::Any | Type::List(_) | Type::Set(_) | Type::Map(_) | Type::Tuple(_) | Type::Object(_) => Value::Null,
    };
    match &value.content {
        Content::List(all) | Content::Set(all) => Value::List(all.iter().map(filled_in).filter(|one| !one.is_null()).collect()),
        Content::Map(all) | Content::Object(all) => {
            Value::Object(all.iter().map(|(name, value)| (name.clone(), filled_in(value))).collect())
        }
        Content::Unknown(unknown) => stand_in(unknown),
        Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) => value.known().unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use lowtide_model::Object;

    use super::*;

    fn wish(json: &str) -> PlannedObject {
        match Value::from_json(&serde_json::from_str(json).expect("JSON")) {
            Some(Value::Object(members)) => Object(members).into(),
            other => panic!("{other:?} is no object"),
        }
    }

    fn said(check: fn(&PlannedObject) -> Vec<Complaint>, json: &str) -> Vec<String> {
        check(&wish(json)).into_iter().map(|one| one.detail + &one.hint.map(|hint| format!(" [{hint}]")).unwrap_or_default()).collect()
    }

    #[test]
    fn containers_need_name_image_and_one_that_is_essential() {
        let said = said(of_containers, r#"{"memory": "512", "container_definitions": [{"name": "a", "essential": false}]}"#);
        assert_eq!(
            said,
            [
                "Container `a` has no `image`; each container needs one.",
                "No container is essential; when an essential container stops, the task stops, so one must be. \
                 [leave out `essential = false` of the main container]",
            ]
        );
    }

    #[test]
    fn member_names_are_those_of_the_api() {
        let said = said(
            of_containers,
            r#"{"memory": "512", "container_definitions": [{"name": "a", "image": "b", "port_mappings": [{"containerPort": 80}],
                "linuxParameters": {"init_process_enabled": true}, "portMappings": [{"Port": 1}]}]}"#,
        );
        assert_eq!(
            said,
            [
                "Container `a` has `linuxParameters.init_process_enabled`, which the Amazon ECS API has no name for. [write `linuxParameters.initProcessEnabled`]",
                "Container `a` has `portMappings[0].Port`, which the Amazon ECS API has no name for. [write `portMappings[0].port`]",
                "Container `a` has `port_mappings`, which the Amazon ECS API has no name for. [write `portMappings`]",
            ]
        );
    }

    #[test]
    fn what_is_unknown_fits() {
        let mut wish = wish(r#"{"memory": "512", "requires_compatibilities": ["FARGATE"]}"#);
        for unknown in ["container_definitions", "cpu", "network_mode", "volume"] {
            wish.set(unknown, Planned::unknown(Type::String));
        }
        assert_eq!((of_containers(&wish), of_fargate(&wish), of_volumes(&wish)), (vec![], vec![], vec![]));
        let mut image = Planned::object([("name".to_owned(), Planned::text("a")), ("image".to_owned(), Planned::unknown(Type::String))]);
        let secret = Planned::object([("name".to_owned(), Planned::text("S")), ("valueFrom".to_owned(), Planned::unknown(Type::String))]);
        if let Content::Object(members) = &mut image.content {
            members.insert("secrets".to_owned(), Planned::list([secret]));
            members.insert("logConfiguration".to_owned(), Planned::unknown(Type::Any));
        }
        wish.set("container_definitions", Planned::list([image]));
        assert_eq!(of_containers(&wish), []);
    }

    #[test]
    fn fargate_has_only_some_sizes() {
        let size = |cpu: &str, memory: &str| {
            said(
                of_fargate,
                &format!(r#"{{"requires_compatibilities": ["FARGATE"], "network_mode": "awsvpc", "cpu": "{cpu}", "memory": "{memory}"}}"#),
            )
        };
        assert_eq!(size("256", "512"), Vec::<String>::new());
        assert_eq!(size(".5 vCPU", "1 GB"), Vec::<String>::new());
        assert_eq!(
            size("256", "4096"),
            ["Fargate has no tasks of 256 CPU units with 4096 MiB of memory. [with that CPU, 512 to 2048 MiB in steps of 512]"]
        );
        assert_eq!(size("300", "512").len(), 1);
    }

    #[test]
    fn what_is_mounted_must_be_there() {
        let containers = r#"[{"name": "a", "image": "b", "mountPoints": [{"sourceVolume": "data"}]}]"#;
        assert_eq!(said(of_volumes, &format!(r#"{{"container_definitions": {containers}}}"#)).len(), 1);
        assert_eq!(said(of_volumes, &format!(r#"{{"container_definitions": {containers}, "volume": [{{"name": "data"}}]}}"#)).len(), 0);
    }
}
