//! Which names start a reference, and what to say of those that look like one and are none.
//!
//! To add a root, add a [`Root`] variant and its line to `resolve`.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, nearest};
use lowtide_model::Declared;

use super::Root;

/// The summary of everything raised here.
const SUMMARY: &str = "Invalid reference";

/// Returns the root that a dotted name starts with, and how many of its names belong to it.
///
/// # Errors
/// Returns what is wrong with it, without a place.
pub(super) fn resolve(names: &[Arc<str>]) -> Result<(Root, usize), Diagnostic> {
    let Some(first) = names.first() else { return Err(wrong("A name is missing.")) };
    let second = names.get(1);
    match (&**first, second) {
        ("var", Some(name)) => Ok((Root::Variable(name.clone()), 2)),
        ("var", None) => Err(wrong("`var` alone is no value: write var.NAME for the variable that is declared as [variable.NAME].")),
        ("local", Some(name)) => Ok((Root::Local(name.clone()), 2)),
        ("local", None) => Err(wrong("`local` alone is no value: write local.NAME for a value of the [locals] table.")),
        ("locals", Some(name)) => Err(wrong(format!("A value of the [locals] table is read in the singular: write local.{name} instead."))),
        ("variable" | "variables" | "vars", Some(name)) => Err(wrong(format!("A variable is read with `var`: write var.{name} instead."))),
        ("each", Some(name)) if **name == *"key" => Ok((Root::EachKey, 2)),
        ("each", Some(name)) if **name == *"value" => Ok((Root::EachValue, 2)),
        ("each", _) => Err(wrong("`each` has two attributes: each.key and each.value.")),
        ("count", Some(name)) if **name == *"index" => Ok((Root::CountIndex, 2)),
        ("count", _) => Err(wrong("`count` has one attribute: count.index.")),
        ("self", _) => Ok((Root::Itself, 1)),
        ("lowtide", name) => run(name.map(|name| &**name)),
        ("path", Some(name)) if **name == *"root" => Ok((Root::PathRoot, 2)),
        ("path", _) => Err(wrong("Lowtide knows one folder, that of the project: write path.root instead.")),
        ("terraform", Some(name)) if **name == *"workspace" => {
            Err(wrong("Lowtide has environments instead of workspaces: write lowtide.environment instead."))
        }
        ("terraform", _) => {
            Err(wrong("`terraform` means nothing to Lowtide: write lowtide.project, lowtide.stack or lowtide.environment instead."))
        }
        ("module", _) => {
            Err(wrong("Modules come in a later version: declare the resources in this stack, or read another stack's outputs.")
                .hint("stack.STACK.OUTPUT reads an output of another stack"))
        }
        ("stack", Some(stack)) => match names.get(2) {
            Some(output) => Ok((Root::Stack(stack.clone(), output.clone()), 3)),
            None => Err(wrong(format!("The outputs of a stack are read one by one: write stack.{stack}.OUTPUT instead."))),
        },
        ("stack", None) => Err(wrong("`stack` alone is no value: write stack.STACK.OUTPUT for an output of another stack.")),
        ("data", Some(kind)) => match names.get(2) {
            Some(name) => Ok((Root::Declared(declared(true, kind, name)), 3)),
            None => Err(wrong(format!("The name is missing: write data.{kind}.NAME for what is declared as [data.{kind}.NAME]."))),
        },
        ("data", None) => Err(wrong("`data` alone is no value: write data.KIND.NAME for what is declared as [data.KIND.NAME].")),
        ("resource", Some(kind)) => {
            let name = names.get(2).map_or("NAME", |name| name);
            Err(wrong(format!("A resource is referred to by kind and name, without `resource`: write {kind}.{name} instead.")))
        }
        (_, Some(name)) => Ok((Root::Declared(declared(false, first, name)), 2)),
        (word, None) => Err(bare(word)),
    }
}

fn declared(data: bool, kind: &Arc<str>, name: &Arc<str>) -> Declared {
    Declared { module: Vec::new(), data, kind: kind.clone(), name: name.clone() }
}

fn run(name: Option<&str>) -> Result<(Root, usize), Diagnostic> {
    const NAMES: [&str; 3] = ["project", "stack", "environment"];
    match name {
        Some(name) if NAMES.contains(&name) => Ok((Root::Run(name.into()), 2)),
        Some(name) => {
            let wrong = wrong("`lowtide` has three attributes: lowtide.project, lowtide.stack and lowtide.environment.");
            Err(match nearest(name, NAMES) {
                Some(meant) => wrong.hint(format!("did you mean lowtide.{meant}?")),
                None => wrong,
            })
        }
        None => Err(wrong("`lowtide` alone is no value: write lowtide.project, lowtide.stack or lowtide.environment.")),
    }
}

fn bare(word: &str) -> Diagnostic {
    const ROOTS: [&str; 10] = ["var", "local", "each", "count", "self", "lowtide", "path", "stack", "data", "null"];
    let wrong = wrong(format!(
        "`{word}` alone is no value: a reference has at least two names, such as var.{word}, local.{word} or aws_vpc.{word}, and text stands in double quotes."
    ));
    match nearest(word, ROOTS) {
        Some(meant) if word.len() > 2 => wrong.hint(format!("did you mean {meant}?")),
        Some(_) | None => wrong,
    }
}

fn wrong(detail: impl Into<String>) -> Diagnostic {
    Diagnostic::error(SUMMARY, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolved(text: &str) -> Result<(Root, usize), String> {
        let names: Vec<Arc<str>> = text.split('.').map(Into::into).collect();
        resolve(&names).map_err(|wrong| wrong.detail)
    }

    #[test]
    fn each_root_takes_its_names() {
        for (text, root, taken) in [
            ("var.a.b", Root::Variable("a".into()), 2),
            ("local.a", Root::Local("a".into()), 2),
            ("aws_vpc.main.id", Root::Declared(Declared::resource("aws_vpc", "main")), 2),
            ("foo.bar.baz", Root::Declared(Declared::resource("foo", "bar")), 2),
            ("data.aws_region.here.name", Root::Declared(Declared::data("aws_region", "here")), 3),
            ("stack.base.vpc_id", Root::Stack("base".into(), "vpc_id".into()), 3),
            ("each.key", Root::EachKey, 2),
            ("each.value.a", Root::EachValue, 2),
            ("count.index", Root::CountIndex, 2),
            ("self.id", Root::Itself, 1),
            ("lowtide.stack", Root::Run("stack".into()), 2),
            ("path.root", Root::PathRoot, 2),
        ] {
            assert_eq!(resolved(text), Ok((root, taken)), "{text}");
        }
    }

    #[test]
    fn what_terraform_has_and_lowtide_has_not_says_what_to_write() {
        for (text, words) in [
            ("terraform.workspace", "lowtide.environment"),
            ("path.module", "path.root"),
            ("module.net.id", "later version"),
            ("resource.aws_vpc.main", "aws_vpc.main"),
            ("stack.base", "stack.base.OUTPUT"),
            ("foo", "double quotes"),
            ("locals.a", "local.a"),
            ("vars.a", "var.a"),
        ] {
            let said = resolved(text).expect_err("no reference");
            assert!(said.contains(words), "{text}: {said}");
        }
    }
}
