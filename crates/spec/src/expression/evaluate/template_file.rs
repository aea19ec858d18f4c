//! `templatefile`: a file of the project, filled in with the names its call gives it.

use std::sync::Arc;

use lowtide_diagnostic::{Diagnostic, Place};
use lowtide_model::{Content, Planned, Type, plain};

use super::{Evaluator, Fault, Frame, Names};
use crate::expression::{
    functions::Arguments,
    limits::STEPS_PER_FILE,
    parse,
    syntax::{At, Call, Origin},
};

impl Evaluator<'_> {
    pub(super) fn template_file(&self, call: &Call, arguments: &Arguments<'_>, at: At) -> Result<Planned, Fault> {
        let argument = |number: usize| call.arguments.get(number).map_or(at, |argument| argument.at);
        let refuse = |number, detail: String| Err(self.fault(argument(number), "Invalid function argument", detail));
        let (Ok(path), Ok(variables)) = (arguments.any(0), arguments.any(1)) else {
            return Err(self.fault(at, "Invalid function call", "templatefile takes a path and variables."));
        };
        let sensitive = path.sensitive || variables.sensitive;
        let Some(path) = path.as_str() else {
            return Ok(Planned::unknown(Type::String).marked(sensitive || variables.holds_sensitive()));
        };
        if let Some(file) = self.file {
            return refuse(0, format!("The template file {file} itself is filled in by templatefile, which does not nest."));
        }
        let read = self.scope.files().read(path);
        let text = match read.map(String::from_utf8) {
            Ok(Ok(text)) => text,
            Ok(Err(_)) => return refuse(0, "The file is not UTF-8 text.".to_owned()),
            Err(_) if self.scope.files().are_done_without() => {
                return Ok(Planned::unknown(Type::String).marked(sensitive || variables.holds_sensitive()));
            }
            Err(why) => {
                return refuse(
                    0,
                    if arguments.any(0).is_ok_and(|path| path.sensitive) { "The file can't be read.".to_owned() } else { why },
                );
            }
        };
        // Reading it as a template takes far longer than copying it.
        self.spend(STEPS_PER_FILE + (text.len() / 8) as u64, at)?;
        let members = match &variables.content {
            Content::Map(members) | Content::Object(members) => members,
            _ => return Ok(Planned::unknown(Type::String).marked(sensitive)),
        };
        if let Some(odd) = members.keys().find(|name| !plain(name)) {
            let detail = if variables.sensitive {
                "A name of the variables is no name.".to_owned()
            } else {
                format!("{odd:?} is no name a template can use.")
            };
            return refuse(1, detail);
        }
        let names: Vec<Arc<str>> = members.keys().map(|name| name.as_str().into()).collect();
        let origin = Origin { place: Place::new(0, 0..text.len()), exact: true };
        let inside = |found: Diagnostic| self.inside_file(found, path, &text, at);
        let parsed = parse::template(&text, &origin, Some(&names)).map_err(|found| {
            let first = found.into_iter().next().unwrap_or_else(|| Diagnostic::error("Invalid syntax", "The template can't be read."));
            inside(first)
        })?;
        let evaluator = Evaluator { scope: self.scope, origin: &origin, progress: self.progress, file: Some(path) };
        let frame = Frame { names: Names::All(members), outer: None };
        let value = evaluator.evaluate(&parsed.expression, Some(&frame)).map_err(|fault| inside(*fault))?.into_owned();
        let value = Type::String
            .convert(value)
            .map_err(|_| self.fault(at, "Wrong type", format!("What the template file {path} yields is no text.")))?;
        Ok(value.marked(sensitive))
    }

    /// Moves a diagnostic from a place in a template file to the call, and says the line in words.
    fn inside_file(&self, found: Diagnostic, path: &str, text: &str, at: At) -> Fault {
        let line = found.place.as_ref().map_or(1, |place| 1 + text.get(..place.start).unwrap_or_default().matches('\n').count());
        let mut fault = self.fault(at, &found.summary, format!("In {path}, line {line}: {}", found.detail));
        fault.hints = found.hints;
        fault
    }
}
