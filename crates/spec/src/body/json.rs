//! Attributes that hold JSON: TOML structure, or text that is parsed to structure once it is known.

use lowtide_diagnostic::Place;
use lowtide_model::{Content, Planned, Shape, Value};

use super::{Evaluation, converted::sort};
use crate::{
    expression::weight,
    written::{Form, Written},
};

impl Evaluation<'_> {
    /// Returns JSON as written: structure is evaluated freely, text is parsed.
    pub(super) fn given_json(&mut self, shape: &'static Shape, written: &Written) -> Option<Planned> {
        match &written.form {
            Form::Table(_) | Form::Array(_) => {
                let value = written.value(self.scope, &mut self.found);
                self.converted(shape, value, &written.place)
            }
            Form::Text(text) => match text.template.evaluate(self.scope) {
                Ok(value) => self.converted(shape, value, &written.place),
                Err(wrong) => {
                    self.found.push(wrong);
                    Some(Planned::unknown(shape.written()))
                }
            },
            Form::Bool(_) | Form::Number(_) | Form::Unreadable => {
                self.unfit(shape, written.sort(), &written.place);
                None
            }
        }
    }

    /// Returns JSON as structure.
    pub(super) fn json(&mut self, shape: &Shape, content: Content, place: &Place) -> Option<Planned> {
        let structure = match content {
            Content::String(text) => match parse(&text) {
                Ok(value) => {
                    let structure = Planned::from(value);
                    if !self.weigh(weight(&structure), place) {
                        return None;
                    }
                    structure
                }
                Err(why) => {
                    let detail = if self.hidden {
                        format!("`{}` takes JSON, and this sensitive text is none.", self.trail)
                    } else {
                        format!("`{}` takes JSON, and this text is none: {why}.", self.trail)
                    };
                    self.wrong_with_hint(
                        "Invalid JSON",
                        detail,
                        place,
                        "write it as TOML structure, which needs neither quotes nor jsonencode",
                    );
                    return None;
                }
            },
            content => content.into(),
        };
        let fits = match (&structure.content, shape) {
            (Content::Map(_) | Content::Object(_), _) => true,
            (Content::List(_) | Content::Set(_), _) => !matches!(shape, Shape::Policy),
            (Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_), _) => false,
        };
        if !fits {
            let wanted = if matches!(shape, Shape::Policy) { "a policy document: an object with Statement" } else { "an object or a list" };
            let detail = format!("`{}` must be {wanted}; this is {}.", self.trail, sort(&structure.content));
            self.wrong("Wrong type", detail, place);
        }
        fits.then_some(structure)
    }
}

fn parse(text: &str) -> Result<Value, String> {
    let json: serde_json::Value = serde_json::from_str(text).map_err(|wrong| wrong.to_string())?;
    Value::from_json(&json).ok_or_else(|| "a number in it has more than 28 digits".to_owned())
}
