//! References that stand as plain strings: `depends_on = ["aws_vpc.main"]`.

use lowtide_diagnostic::{Diagnostic, Diagnostics};

use crate::{
    expression::{Reference, Root, Template},
    written::{Form, Written},
};

/// Reads an array of plain references to resources and data sources.
pub(crate) fn list(name: &str, written: Option<Written>, found: &mut Diagnostics) -> Vec<Reference> {
    let Some(written) = written else { return Vec::new() };
    let Form::Array(all) = &written.form else {
        if written.form != Form::Unreadable {
            let detail = format!("`{name}` must be an array of references, this is {}.", written.sort());
            found.push(Diagnostic::error("Wrong type", detail).at(written.place).hint(format!("write {name} = [\"aws_vpc.main\"]")));
        }
        return Vec::new();
    };
    all.iter().flat_map(|one| single(name, one, found)).collect()
}

/// Reads one; the references beside the first are those of its index, such as `each.key`.
fn single(name: &str, written: &Written, found: &mut Diagnostics) -> Vec<Reference> {
    let Form::Text(text) = &written.form else {
        if written.form != Form::Unreadable {
            let detail = format!("An element of `{name}` must be a string that holds a reference, this is {}.", written.sort());
            found.push(Diagnostic::error("Wrong type", detail).at(written.place.clone()));
        }
        return Vec::new();
    };
    let Some(literal) = text.template.literal() else {
        let detail = format!("`{name}` holds references as plain strings: it says what comes first, not a value.");
        let wrong = Diagnostic::error("Expression not allowed here", detail).at(written.place.clone());
        found.push(wrong.hint("write \"aws_vpc.main\", without ${ and }"));
        return Vec::new();
    };
    let references = Template::parse_expression(literal, &text.inside, text.exact).map(|parsed| parsed.references());
    if let Ok(references) = references
        && let [first, rest @ ..] = &references[..]
        && matches!(first.root, Root::Declared(_))
        && rest.iter().all(|one| matches!(one.root, Root::EachKey | Root::EachValue | Root::CountIndex))
    {
        return references;
    }
    let detail = format!("`{literal}` is no reference to a resource or data source of this stack.");
    let wrong = Diagnostic::error("Invalid reference", detail).at(written.place.clone());
    found.push(wrong.hint("it should look like aws_vpc.main, aws_subnet.public[\"a\"] or data.aws_region.here"));
    Vec::new()
}
