//! Text with parts in it.

use lowtide_model::{Content, Planned, Type};

use super::{Evaluator, Fault, Frame, each::within};
use crate::expression::{
    size::of_text,
    syntax::{At, Part},
};

/// Text as far as it is known.
#[derive(Default)]
struct Written {
    text: String,
    /// Whether something unknown came: the text up to there is the known prefix.
    unknown: bool,
    sensitive: bool,
}

impl Evaluator<'_> {
    pub(super) fn text<'v>(&'v self, parts: &'v [Part], at: At, frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let mut written = Written::default();
        self.write(parts, at, frame, &mut written)?;
        let Written { text, unknown, sensitive } = written;
        self.spend(of_text(&text), at)?;
        let value = if unknown { Planned::unknown_text(text) } else { Planned::text(text) };
        Ok(value.marked(sensitive))
    }

    fn write(&self, parts: &[Part], at: At, frame: Option<&Frame<'_>>, written: &mut Written) -> Result<(), Fault> {
        for part in parts {
            match part {
                Part::Literal(text) => written.add(text),
                Part::Value(expression) => {
                    let value = self.evaluate(expression, frame)?;
                    self.write_value(&value, expression.at, written)?;
                }
                Part::If(condition, yes, no) => {
                    let holds = self.evaluate(condition, frame)?;
                    if holds.is_null() {
                        return Err(self.fault(condition.at, "Unexpected null", "The condition is null; true or false is wanted."));
                    }
                    let holds = self.converted(holds, &Type::Bool, condition.at)?;
                    written.sensitive |= holds.sensitive;
                    match holds.as_bool() {
                        Some(true) => self.write(yes, at, frame, written)?,
                        Some(false) => self.write(no, at, frame, written)?,
                        // Which of the two comes is unknown, and so a mistake in one may not matter.
                        None => {
                            written.unknown = true;
                            let _ = self.write(yes, at, frame, written);
                            let _ = self.write(no, at, frame, written);
                        }
                    }
                }
                Part::For(each, body) => {
                    let collection = self.evaluate(&each.collection, frame)?;
                    written.sensitive |= collection.sensitive;
                    match self.items(&collection, each.collection.at)? {
                        Some(items) => {
                            for (key, value) in &items {
                                within(each, key, value, frame, |frame| self.write(body, at, frame, written))?;
                            }
                        }
                        None => {
                            written.unknown = true;
                            written.sensitive |= collection.holds_sensitive();
                            let unknown = Planned::unknown(Type::Any).marked(written.sensitive);
                            let _ = within(each, &unknown, &unknown, frame, |frame| self.write(body, at, frame, written));
                        }
                    }
                }
            }
            self.spend(1, at)?;
            self.bounded(written.text.len(), at)?;
        }
        Ok(())
    }

    fn write_value(&self, value: &Planned, at: At, written: &mut Written) -> Result<(), Fault> {
        written.sensitive |= value.sensitive;
        match &value.content {
            Content::String(text) => written.add(text),
            Content::Number(number) => written.add(&number.to_string()),
            Content::Bool(value) => written.add(&value.to_string()),
            Content::Unknown(unknown) => {
                if !matches!(unknown.ty, Type::Any | Type::Bool | Type::Number | Type::String) {
                    return Err(self.no_text(&unknown.ty, at));
                }
                written.add(unknown.prefix.as_deref().unwrap_or_default());
                written.unknown = true;
            }
            Content::Null => {
                let detail =
                    "The value is null, which can't stand in a text. Give another value for this case, with coalesce or a conditional.";
                return Err(self.fault(at, "Unexpected null", detail));
            }
            Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => {
                self.spend(super::weight(value), at)?;
                return Err(self.no_text(&value.ty(), at));
            }
        }
        Ok(())
    }

    fn no_text(&self, ty: &Type, at: At) -> Fault {
        let sort = match ty {
            Type::List(_) | Type::Tuple(_) => "a list",
            Type::Set(_) => "a set",
            Type::Map(_) => "a map",
            Type::Any | Type::Bool | Type::Number | Type::String | Type::Object(_) => "an object",
        };
        let mut wrong = self.fault(at, "Wrong type", format!("A text can hold strings, numbers and truth values, and this is {sort}."));
        wrong.hints.push("jsonencode(…) makes text of any value, join(\", \", …) of a list".to_owned());
        wrong
    }
}

impl Written {
    fn add(&mut self, text: &str) {
        if !self.unknown {
            self.text.push_str(text);
        }
    }
}
