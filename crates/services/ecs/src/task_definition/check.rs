//! What AWS would refuse in a task definition, said while planning. What is not known yet counts as fitting.

use std::collections::BTreeSet;

use lowtide_model::{Complaint, Content, Json, Planned, PlannedObject};

use super::{containers, member_names};

/// The attribute that most of this is about.
pub const ATTRIBUTE: &str = "container_definitions";

/// A size that Fargate tasks may have.
struct Size {
    /// CPU units, of which 1,024 are one processor.
    cpu: i64,
    /// Least and most memory in MiB.
    least: i64,
    most: i64,
    /// What the memory grows by, in MiB; each time to the double of it where this is none.
    step: Option<i64>,
}

/// The sizes of Fargate tasks.
///
/// Source: Amazon ECS Developer Guide, "Task definition parameters", "Task size".
const FARGATE: [Size; 7] = [
    Size { cpu: 256, least: 512, most: 2_048, step: None },
    Size { cpu: 512, least: 1_024, most: 4_096, step: Some(1_024) },
    Size { cpu: 1_024, least: 2_048, most: 8_192, step: Some(1_024) },
    Size { cpu: 2_048, least: 4_096, most: 16_384, step: Some(1_024) },
    Size { cpu: 4_096, least: 8_192, most: 30_720, step: Some(1_024) },
    Size { cpu: 8_192, least: 16_384, most: 61_440, step: Some(4_096) },
    Size { cpu: 16_384, least: 32_768, most: 122_880, step: Some(8_192) },
];

impl Size {
    fn takes(&self, memory: i64) -> bool {
        let fits = |step| (memory - self.least) % step == 0;
        (self.least..=self.most).contains(&memory)
            && self.step.map_or_else(|| memory % self.least == 0 && (memory / self.least).count_ones() == 1, fits)
    }

    /// Returns what it takes, in words.
    fn memory(&self) -> String {
        match self.step {
            Some(step) => format!("{} to {} MiB in steps of {step}", self.least, self.most),
            None => format!("{}, {} or {} MiB", self.least, 2 * self.least, self.most),
        }
    }
}

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
        complaints.extend(member_names::check(&called, container));
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
    match FARGATE.iter().find(|size| size.cpu == cpu) {
        None => {
            let sizes: Vec<_> = FARGATE.iter().map(|size| size.cpu.to_string()).collect();
            complaints.push(Complaint::about("cpu", format!("Fargate has no tasks of {cpu} CPU units; it has {}.", sizes.join(", "))));
        }
        Some(size) if !size.takes(memory) => {
            let detail = format!("Fargate has no tasks of {cpu} CPU units with {memory} MiB of memory.");
            complaints.push(Complaint::about("memory", detail).hint(format!("with that CPU, {}", size.memory())));
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

#[cfg(test)]
mod tests {
    use lowtide_model::{Object, Type, Value};

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
            ["Fargate has no tasks of 256 CPU units with 4096 MiB of memory. [with that CPU, 512, 1024 or 2048 MiB]"]
        );
        assert_eq!((size("256", "1536").len(), size("256", "2 GB").len(), size("512", "3072").len()), (1, 0, 0));
        assert_eq!(size("300", "512").len(), 1);
    }

    #[test]
    fn what_is_mounted_must_be_there() {
        let containers = r#"[{"name": "a", "image": "b", "mountPoints": [{"sourceVolume": "data"}]}]"#;
        assert_eq!(said(of_volumes, &format!(r#"{{"container_definitions": {containers}}}"#)).len(), 1);
        assert_eq!(said(of_volumes, &format!(r#"{{"container_definitions": {containers}, "volume": [{{"name": "data"}}]}}"#)).len(), 0);
    }
}
