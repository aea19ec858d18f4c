//! `terraform_data`: a value that lives in the state and nowhere else.
//!
//! There is nothing to ask: it is always there, and is what was last asked for. Its id is that of the operation that made
//! it. In expressions `output` is `input` as it will be after apply.

use lowtide_model::{Create, Model, Scope, Value};
use lowtide_resource::{Asked, Changed, Context, Fault, Going, Made, Observed, Operation, Resource, Seen};

use crate::Builtin;

/// A value that lives in the state: it carries data along, and gives other resources something to follow.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TerraformData {
    /// Any value; `output` is the same once it is applied.
    pub input: Value,
    /// Any value; when it changes, the resource is replaced, and with it what is told to follow.
    #[attr(replaces)]
    pub triggers_replace: Value,
}

/// What follows from it.
#[derive(Clone, Debug, Model, PartialEq)]
pub struct TerraformDataOutputs {
    /// Its id.
    pub id: String,
    /// The value of `input`.
    #[attr(predict = "{input}", renewed_by = ["input"])]
    pub output: Value,
}

impl Resource for TerraformData {
    type Outputs = TerraformDataOutputs;
    type Service = Builtin;
    const KIND: &'static str = "terraform_data";
    const CREATE: Create = Create::NoCall;
    const SCOPE: Scope = Scope::Nowhere;
    const IMPORT: &'static str = "ID";
    const BATCH: usize = 10_000;

    async fn create(_cx: &Context<'_, Builtin>, _wish: &Self, op: &Operation) -> Result<Made, Fault> {
        Made::id(Some(op.id.as_str()), "an id")
    }

    async fn read(_cx: &Context<'_, Builtin>, asked: &Asked<'_>) -> Result<Vec<(String, Seen<Self>)>, Fault> {
        let seen = asked.these.iter().map(|ask| {
            let inputs = Self::from_object(&ask.last)?;
            let outputs = TerraformDataOutputs { id: ask.id.clone(), output: inputs.input.clone() };
            Ok((ask.id.clone(), Seen::Here(Box::new(Observed::stable(&ask.id, inputs, outputs)))))
        });
        seen.collect()
    }

    async fn update(_cx: &Context<'_, Builtin>, _now: &Observed<Self>, _to: &Self, _changed: &Changed) -> Result<Option<String>, Fault> {
        Ok(None)
    }

    async fn delete(_cx: &Context<'_, Builtin>, _last: &Observed<Self>, _how: &Self) -> Result<Going, Fault> {
        Ok(Going::Gone)
    }
}
