//! `aws_lambda_function`: code that runs when it is called.
//!
//! The name is the key and the physical id. Settings and code are changed by calls of their own, and Lambda takes the next
//! only when it is done with the one before. `attributes` says what there is, `request` and `observation` turn it into
//! requests and answers into it, `checks` says what Lambda would refuse.

mod attributes;
mod checks;
mod observation;
mod request;

use lowtide_model::{Check, Create, Place};
use lowtide_resource::{
    Ask, Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Patience, Resource, Seen, absent_is_none, tag_change,
};

pub use self::attributes::{DeadLetter, Environment, Function, FunctionOutputs, Image, Logging, Storage, Tracing, Vpc};
use crate::Lambda;

/// What is code, and not a setting.
const CODE: [&str; 6] = ["architectures", "image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash"];

/// What has calls of its own that Lambda takes at any time, or none: where a file lies that has the same content.
const APART: [&str; 3] = ["filename", "reserved_concurrent_executions", "tags"];

impl Resource for Function {
    type Outputs = FunctionOutputs;
    type Service = Lambda;
    const KIND: &'static str = "aws_lambda_function";
    const CREATE: Create = Create::Key;
    const IMPORT: &'static str = "FUNCTION_NAME";
    const PATIENCE: Patience = Patience { delete: 10, ..Patience::DEFAULT };
    const CHECKS: &'static [Check] = &[checks::code, checks::image];
    const LEFT_OUT: &'static [(&'static str, &'static str)] = &[
        ("code_signing_config_arn", "code signing is not supported yet"),
        ("signing_job_arn", "goes with code signing"),
        ("signing_profile_version_arn", "goes with code signing"),
        ("file_system_config", "file systems are not supported yet"),
        ("snap_start", "goes with versions, which are not kinds yet"),
        ("last_modified", "changes with everything, and tells nothing that the rest does not"),
        ("qualified_arn", "goes with versions, which are not kinds yet"),
        ("qualified_invoke_arn", "goes with versions, which are not kinds yet"),
        ("replace_security_groups_on_destroy", "deprecated by AWS: network interfaces are shared and go by themselves"),
        ("vpc_config.vpc_id", "follows from the subnets: `aws_subnet.vpc_id` tells it"),
        ("replacement_security_group_ids", "goes with replace_security_groups_on_destroy"),
    ];

    fn identity(wish: &Self, _place: &Place) -> Option<String> {
        Some(wish.function_name.clone())
    }

    async fn create(cx: &Context<'_, Lambda>, wish: &Self, _op: &Operation) -> Result<Made, Fault> {
        request::create(cx, wish).await?;
        Made::id(Some(&wish.function_name), "the name of the function")
    }

    async fn read(cx: &Context<'_, Lambda>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        // `GetFunction` tells settings, code, tags and reserve of one function to a call; lists tell settings only.
        let one = |ask: Ask| async move { absent_is_none(cx.client.get_function().function_name(&ask.id).send().await) };
        Ok(asked.each(one).await.seen(|ask, said| Ok(observation::observed(cx.place, said, &ask.last))))
    }

    async fn update(cx: &Context<'_, Lambda>, now: &Observed<Self>, to: &Self, changed: &Changed) -> Result<Option<String>, Fault> {
        if changed.has("reserved_concurrent_executions") {
            reserve(cx, &now.id, to.reserved_concurrent_executions).await?;
        }
        if changed.has("tags") {
            let change = tag_change(now.inputs.tags.as_ref(), to.tags.as_ref());
            if !change.unset.is_empty() {
                cx.client.untag_resource().resource(&*now.outputs.arn).set_tag_keys(Some(change.unset)).send().await?;
            }
            if !change.set.is_empty() {
                cx.client.tag_resource().resource(&*now.outputs.arn).set_tags(Some(change.set.into_iter().collect())).send().await?;
            }
        }
        // While it is busy with one of code and settings Lambda refuses the other: code goes first, and the engine comes back for
        // the settings when it reads that the code is there.
        if changed.any(&CODE) {
            request::send_code(cx, &now.id, to).await?;
        } else if changed.0.iter().any(|name| !APART.contains(&name.as_str())) {
            request::configure(cx, &now.id, to).await?;
        }
        Ok(None)
    }

    async fn delete(cx: &Context<'_, Lambda>, last: &Observed<Self>, how: &Self) -> Result<Going, Fault> {
        if how.skip_destroy {
            return Ok(Going::Left(format!("function {} stays in AWS because of `skip_destroy`", last.id)));
        }
        cx.client.delete_function().function_name(&last.id).send().await?;
        Ok(Going::Gone)
    }
}

async fn reserve(cx: &Context<'_, Lambda>, name: &str, count: i64) -> Result<(), Fault> {
    if count < 0 {
        absent_is_none(cx.client.delete_function_concurrency().function_name(name).send().await)?;
        return Ok(());
    }
    cx.client.put_function_concurrency().function_name(name).reserved_concurrent_executions(request::small(count)?).send().await?;
    Ok(())
}
