//! `[variable.NAME]` and `[locals]`.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostics, Place};
use lowtide_model::Type;

use super::{Condition, Fields};
use crate::{
    type_expression,
    written::{Entry, Form, Written},
};

/// A value that is given from outside.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub place: Place,
    /// Its type; any, when none is declared.
    pub ty: Type,
    /// The value it has when none is given.
    pub default: Option<Written>,
    /// What it is for.
    pub description: Option<Arc<str>>,
    /// Whether it must never be shown.
    pub sensitive: bool,
    /// Whether it may be null.
    pub nullable: bool,
    /// What must be true of it.
    pub validations: Vec<Condition>,
}

/// A named expression.
#[derive(Clone, Debug, PartialEq)]
pub struct Local {
    /// Its name.
    pub name: Arc<str>,
    /// Where the name stands.
    pub place: Place,
    /// Its value.
    pub value: Written,
}

impl Variable {
    pub(crate) fn read(entry: Entry, found: &mut Diagnostics) -> Option<Self> {
        let Entry { name, place, value } = entry;
        let mut fields = Fields::of(format!("variable `{name}`"), value, found)?;
        let ty = fields.value("type").map_or(Type::Any, |written| read_type(&written, found));
        let default = fields.value("default");
        let description = fields.text("description", found).map(|(text, _)| text);
        let sensitive = fields.flag("sensitive", found).unwrap_or(false);
        let nullable = fields.flag("nullable", found).unwrap_or(true);
        let validations = Condition::read_all(&format!("validation of variable `{name}`"), fields.value("validation"), found);
        fields.finish(found);
        Some(Self { name, place, ty, default, description, sensitive, nullable, validations })
    }
}

fn read_type(written: &Written, found: &mut Diagnostics) -> Type {
    let Some((text, place)) = super::fields::plain_text("`type` of a variable", written, found) else { return Type::Any };
    let exact = matches!(&written.form, Form::Text(text) if text.exact);
    type_expression::parse(&text, &place, exact).unwrap_or_else(|wrong| {
        found.push(wrong);
        Type::Any
    })
}
