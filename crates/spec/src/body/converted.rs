//! What an expression made, by the shape of its attribute.

use std::collections::BTreeMap;

use lowtide_diagnostic::Place;
use lowtide_model::{Attribute, Content, Planned, Shape, Type, Unknown};

use super::{Evaluation, given::collected, trail::Part};

impl Evaluation<'_> {
    /// Returns a value as its attribute takes it; `None` when it is null, or wrong and reported.
    pub(super) fn converted(&mut self, shape: &'static Shape, value: Planned, place: &Place) -> Option<Planned> {
        let (around, sensitive) = (self.hidden, value.sensitive);
        self.hidden |= sensitive;
        let converted = self.content(shape, value, place);
        self.hidden = around;
        converted.map(|value| value.marked(sensitive))
    }

    fn content(&mut self, shape: &'static Shape, value: Planned, place: &Place) -> Option<Planned> {
        match (shape, value.content) {
            (_, Content::Null) => None,
            (_, Content::Unknown(unknown)) => self.unknown(shape, *unknown, place),
            (Shape::Any, content) => Some(content.into()),
            (Shape::Policy | Shape::Json | Shape::FilledJson, content) => self.json(shape, content, place),
            (Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr, content) => {
                self.scalar(shape, content, place)
            }
            (Shape::Block(rows), Content::Map(all) | Content::Object(all)) => Some(self.object(rows, all, place)),
            (Shape::Block(rows), Content::List(mut all)) if all.len() <= 1 => match all.pop()?.content {
                Content::Map(all) | Content::Object(all) => Some(self.object(rows, all, place)),
                Content::Unknown(_) => Some(Planned::unknown(shape.written())),
                content @ (Content::Null
                | Content::Bool(_)
                | Content::Number(_)
                | Content::String(_)
                | Content::List(_)
                | Content::Set(_)) => {
                    self.unfit(shape, sort(&content), place);
                    None
                }
            },
            (Shape::List(of) | Shape::Set(of), Content::List(all) | Content::Set(all)) => {
                Some(collected(shape, self.converted_elements(of, all, place)))
            }
            (Shape::List(of @ Shape::Block(_)) | Shape::Set(of @ Shape::Block(_)), content @ (Content::Map(_) | Content::Object(_))) => {
                Some(collected(shape, self.converted_elements(of, vec![content.into()], place)))
            }
            (Shape::Map(of), Content::Map(all) | Content::Object(all)) => {
                let mut members = BTreeMap::new();
                for (name, value) in all {
                    self.trail.push(Part::Key(name.clone()));
                    let value = self.converted(of, value, place);
                    self.trail.pop();
                    members.extend(value.map(|value| (name, value)));
                }
                Some(Content::Map(members).into())
            }
            (Shape::List(_) | Shape::Set(_) | Shape::Map(_) | Shape::Block(_), content) => {
                self.unfit(shape, sort(&content), place);
                None
            }
        }
    }

    fn converted_elements(&mut self, of: &'static Shape, all: Vec<Planned>, place: &Place) -> Vec<Planned> {
        let mut elements = Vec::with_capacity(all.len());
        for (at, one) in all.into_iter().enumerate() {
            self.trail.push(Part::Index(at));
            let before = self.found.len();
            match self.converted(of, one, place) {
                Some(value) => elements.push(value),
                None if self.found.len() > before => {}
                None => self.null_element(place),
            }
            self.trail.pop();
        }
        elements
    }

    /// Returns a block that an expression made.
    fn object(&mut self, rows: &'static [Attribute], all: BTreeMap<String, Planned>, place: &Place) -> Planned {
        let mut object = BTreeMap::new();
        // Defaults are filled in, and expressions see the rest as null.
        if !self.weigh(rows.len() as u64, place) {
            return Content::Object(object).into();
        }
        for (name, value) in all {
            let Some(row) = rows.iter().find(|row| row.name == name) else {
                if !value.is_null() {
                    self.stranger_in_block(&name, rows, place);
                }
                continue;
            };
            self.trail.push(Part::Attribute(row.name));
            let before = self.found.len();
            let value = self.converted(&row.shape, value, place);
            let value = self.sealed(row, value, before, place);
            self.trail.pop();
            object.extend(value.map(|value| (name, value)));
        }
        let what = format!("block `{}`", self.trail);
        self.complete(rows, &mut object, |_| false, &what, place);
        Content::Object(object).into()
    }

    /// Returns an unknown value with the type it must turn out to have.
    fn unknown(&mut self, shape: &'static Shape, unknown: Unknown, place: &Place) -> Option<Planned> {
        if shape.is_json() {
            let ty = if unknown.ty == Type::Any { Type::String } else { unknown.ty };
            return Some(Unknown { ty, ..unknown }.into());
        }
        if matches!(shape, Shape::Block(_)) && may_hold_blocks(&unknown.ty) {
            return Some(Planned::unknown(shape.written()));
        }
        let ty = unknown.ty.clone();
        match shape.written().convert(unknown.into()) {
            Ok(value) => Some(value),
            Err(_) => {
                self.unfit(shape, &format!("{}, known after apply", ty.article()), place);
                None
            }
        }
    }
}

/// Returns whether a collection of this type may turn out to be one of objects, of which a single block takes one.
fn may_hold_blocks(ty: &Type) -> bool {
    let element = if let Type::List(of) | Type::Set(of) = ty { &**of } else { return false };
    matches!(element, Type::Any | Type::Map(_) | Type::Object(_))
}

/// Returns what a value is, with an article.
pub(super) fn sort(content: &Content) -> &'static str {
    match content {
        Content::Null => "null",
        Content::Unknown(_) => "known after apply",
        Content::Bool(_) => "a bool",
        Content::Number(_) => "a number",
        Content::String(_) => "a string",
        Content::List(_) => "a list",
        Content::Set(_) => "a set",
        Content::Map(_) => "a map",
        Content::Object(_) => "an object",
    }
}
