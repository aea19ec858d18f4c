//! Kinds that are not there.

use lowtide_diagnostic::Diagnostic;

use super::Check;
use crate::configuration::{Declaration, did_you_mean};

/// Names of Terraform's AWS provider, to tell "not yet" from "never heard of it".
const TERRAFORM: &str = include_str!("terraform-kinds.txt");

impl Check<'_> {
    pub(super) fn kinds(&mut self) {
        for declaration in self.configuration.declarations() {
            if self.schema.of(&declaration.declared).is_none() {
                let wrong = self.unknown_kind(declaration);
                self.found.push(wrong);
            }
        }
    }

    fn unknown_kind(&self, declaration: &Declaration) -> Diagnostic {
        let kind = &*declaration.declared.kind;
        let name = &*declaration.declared.name;
        let place = declaration.place.clone();
        let data = declaration.declared.data;
        let (word, other) = if data { ("data source", "resource") } else { ("resource kind", "data") };
        if if data { self.schema.kind(kind) } else { self.schema.data(kind) }.is_some() {
            let what = if data { "a resource kind, not a data source" } else { "a data source, which is read and not created" };
            let detail = format!("`{kind}` is {what}.");
            return Diagnostic::error("Unknown kind", detail).at(place).hint(format!("write [{other}.{kind}.{name}]"));
        }
        let line = if data { format!("data.{kind}") } else { kind.to_owned() };
        if TERRAFORM.lines().any(|known| known == line) {
            let detail = format!("The {word} `{kind}` of Terraform's AWS provider is not supported by this version of Lowtide.");
            return Diagnostic::error("Kind not supported yet", detail)
                .at(place)
                .hint("remove it, or keep it in Terraform for now and pass what is needed of it as a variable");
        }
        let wrong = Diagnostic::error("Unknown kind", format!("There is no {word} `{kind}`.")).at(place);
        let names: Vec<_> =
            if data { self.schema.data_sources().map(|one| one.kind).collect() } else { self.schema.kinds().map(|one| one.kind).collect() };
        did_you_mean(wrong, kind, names, || {
            let later = if kind.starts_with("aws_") { "; others of Terraform's AWS provider come in later versions" } else { "" };
            format!("`lowtide explain` lists the kinds there are{later}")
        })
    }
}
