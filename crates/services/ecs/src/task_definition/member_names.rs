//! The names of the members of a container, checked against those that the Amazon ECS API has.

use lowtide_model::{Complaint, Content, Planned, Type, Unknown, Value};

use super::{check::ATTRIBUTE, containers};

/// Finds members that the API has no name for, by sending the container there and back without the network.
pub fn check(called: &str, planned: &Planned) -> Vec<Complaint> {
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
    use super::*;

    #[test]
    fn member_names_are_those_of_the_api() {
        let container = r#"{"name": "a", "image": "b", "port_mappings": [{"containerPort": 80}], "portMappings": [{"Port": 1}],
            "linuxParameters": {"init_process_enabled": true}}"#;
        let container = Value::from_json(&serde_json::from_str(container).expect("JSON")).expect("small numbers");
        let said = check("Container `a`", &container.into()).into_iter().map(|one| (one.detail, one.hint));
        let wrong = |path: &str, right: &str| {
            let detail = format!("Container `a` has `{path}`, which the Amazon ECS API has no name for.");
            (detail, Some(format!("write `{right}`")))
        };
        let expected = [
            wrong("linuxParameters.init_process_enabled", "linuxParameters.initProcessEnabled"),
            wrong("portMappings[0].Port", "portMappings[0].port"),
            wrong("port_mappings", "portMappings"),
        ];
        assert_eq!(said.collect::<Vec<_>>(), expected);
    }
}
