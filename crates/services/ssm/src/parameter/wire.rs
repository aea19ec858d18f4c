//! What AWS says of parameters, put together from three calls.

use std::collections::BTreeMap;

use aws_sdk_ssm::types::{Parameter as Valued, ParameterMetadata, ParameterStringFilter};
use futures::future::{try_join, try_join_all};
use lowtide_model::{Object, Value};
use lowtide_resource::{Ask, Asked, Class, Context, Fault, Observed, Seen};

use super::{Parameter, ParameterOutputs};
use crate::{Ssm, tags};

/// What was said of each parameter, by name.
type Answers<T> = BTreeMap<String, T>;

pub(super) async fn read(cx: &Context<'_, Ssm>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Parameter>)>, Fault> {
    let names = asked.ids();
    let (mut values, mut about) = try_join(values(cx, &names), metadata(cx, &names)).await?;
    let named = |(name, value): (&String, &Result<Valued, Fault>)| Some((name.clone(), value.as_ref().ok()?.arn.clone()?));
    let mut tags = tags::of(cx, &values.iter().filter_map(named).collect::<Vec<_>>(), asked).await?;
    let mut seen = |ask: &Ask| match values.remove(&ask.id) {
        None => Seen::Gone,
        Some(Err(fault)) => Seen::Unseen(fault),
        Some(Ok(value)) => Seen::Here(Box::new(observed(value, about.remove(&ask.id), tags.remove(&ask.id), &ask.last))),
    };
    Ok(asked.these.iter().map(|ask| (ask.id.clone(), seen(ask))).collect())
}

/// Returns values, ten to a call. A parameter that can't be read has its own fault, one that does not exist no entry.
async fn values(cx: &Context<'_, Ssm>, names: &[String]) -> Result<Answers<Result<Valued, Fault>>, Fault> {
    let some = try_join_all(names.chunks(10).map(|names| ten_values(cx, names))).await?;
    Ok(some.into_iter().flatten().collect())
}

async fn ten_values(cx: &Context<'_, Ssm>, names: &[String]) -> Result<Vec<(String, Result<Valued, Fault>)>, Fault> {
    let (mut open, mut all) = (vec![names], Vec::new());
    while let Some(names) = open.pop() {
        match cx.client.get_parameters().set_names(Some(names.to_vec())).with_decryption(true).send().await.map_err(Fault::from) {
            Ok(found) => {
                let named = found.parameters.unwrap_or_default().into_iter().filter_map(|value| Some((value.name.clone()?, Ok(value))));
                all.extend(named);
            }
            Err(fault) if !spoilt_by_one(fault.class) => return Err(fault),
            Err(fault) => match names {
                [] => {}
                [only] => all.push((only.clone(), Err(fault))),
                several => {
                    let (first, second) = several.split_at(several.len() / 2);
                    open.extend([first, second]);
                }
            },
        }
    }
    Ok(all)
}

/// Returns whether a fault may be about a single parameter: a key that is gone, disabled or not ours.
fn spoilt_by_one(class: Class) -> bool {
    match class {
        Class::Denied | Class::Invalid | Class::NotFound | Class::Other => true,
        Class::AlreadyExists
        | Class::InUse
        | Class::NotYet
        | Class::Busy
        | Class::Throttled
        | Class::Unauthenticated
        | Class::Limit
        | Class::Unreachable
        | Class::Ambiguous => false,
    }
}

async fn metadata(cx: &Context<'_, Ssm>, names: &[String]) -> Result<Answers<ParameterMetadata>, Fault> {
    let filter = ParameterStringFilter::builder().key("Name").option("Equals").set_values(Some(names.to_vec())).build();
    let filter = filter.map_err(|error| Fault::ours(&error.to_string()))?;
    let pages = cx.client.describe_parameters().parameter_filters(filter).max_results(50).into_paginator().send();
    let found = pages.collect::<Result<Vec<_>, _>>().await?;
    Ok(found.into_iter().flat_map(|page| page.parameters.unwrap_or_default()).filter_map(|one| Some((one.name.clone()?, one))).collect())
}

/// What only `DescribeParameters` tells, and it may be late.
const METADATA: [&str; 4] = ["allowed_pattern", "description", "key_id", "tier"];

fn observed(value: Valued, about: Option<ParameterMetadata>, tags: Option<BTreeMap<String, String>>, last: &Object) -> Observed<Parameter> {
    let name = value.name.unwrap_or_default();
    let kind = value.r#type.map_or_else(|| "String".to_owned(), |kind| kind.as_str().to_owned());
    let text = |text: Option<String>| text.filter(|text| !text.is_empty());
    // Who asked for the value in clear gets it in clear, and only so; nobody else does.
    let clear = kind != "SecureString" && last.get("insecure_value").is_some();
    let told = about.is_some();
    let about = about.unwrap_or_else(|| ParameterMetadata::builder().build());
    let inputs = Parameter {
        name: name.clone(),
        insecure_value: value.value.clone().filter(|_| clear),
        value: value.value.filter(|_| !clear),
        description: text(about.description),
        allowed_pattern: text(about.allowed_pattern),
        data_type: value.data_type,
        key_id: about.key_id.filter(|_| kind == "SecureString"),
        tier: about.tier.map(|tier| tier.as_str().to_owned()),
        overwrite: last.get("overwrite").and_then(Value::as_bool).unwrap_or_default(),
        tags: tags.filter(|tags| !tags.is_empty()),
        r#type: kind,
    };
    let outputs = ParameterOutputs { arn: value.arn.unwrap_or_default().into(), id: name.clone(), version: value.version };
    let seen = Observed::stable(name, inputs, outputs);
    let seen = seen.without(if clear { &["value"] } else { &["insecure_value"] });
    if told { seen } else { seen.without(&METADATA) }
}

#[cfg(test)]
mod tests {
    use aws_sdk_ssm::types::{ParameterTier, ParameterType};

    use super::*;

    fn plain() -> Valued {
        Valued::builder().name("/a").r#type(ParameterType::String).value("v").version(3).build()
    }

    #[test]
    fn a_value_shows_in_clear_only_to_who_asked_for_it_so() {
        let hidden = observed(plain(), None, None, &Object::default());
        assert_eq!(hidden.inputs.insecure_value, None);
        assert_eq!(hidden.unseen, ["insecure_value", "allowed_pattern", "description", "key_id", "tier"]);
        let last = [("insecure_value".to_owned(), Value::from("u"))].into_iter().collect();
        let clear = observed(plain(), None, None, &last).inputs;
        assert_eq!((clear.insecure_value.as_deref(), clear.value), (Some("v"), None));
    }

    #[test]
    fn the_tier_is_the_one_that_aws_chose() {
        let about = || Some(ParameterMetadata::builder().tier(ParameterTier::Advanced).description("").build());
        let last = [("tier".to_owned(), Value::from("Intelligent-Tiering"))].into_iter().collect();
        let seen = observed(plain(), about(), None, &last);
        assert_eq!((seen.inputs.tier.as_deref(), seen.inputs.description), (Some("Advanced"), None));
    }
}
