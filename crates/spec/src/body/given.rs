//! What was written in TOML, by the shape of its attribute.

use std::collections::BTreeMap;

use lowtide_diagnostic::Place;
use lowtide_model::{Attribute, Content, Planned, Shape};

use super::{Evaluation, trail::Part};
use crate::written::{Form, Table, Written};

impl Evaluation<'_> {
    /// Returns the value of an attribute; `None` when it is null, or wrong and reported.
    pub(super) fn given(&mut self, shape: &'static Shape, written: &Written) -> Option<Planned> {
        if matches!(written.form, Form::Bool(_) | Form::Number(_)) && !self.weigh(1, &written.place) {
            return Some(Planned::unknown(shape.written()));
        }
        match (shape, &written.form) {
            (_, Form::Unreadable) => Some(Planned::unknown(shape.written())),
            (Shape::Policy | Shape::Json | Shape::FilledJson, _) => self.given_json(shape, written),
            (Shape::Any, _) => Some(written.value(self.scope, &mut self.found)).filter(|value| !value.is_null()),
            (_, Form::Text(text)) => match text.template.evaluate(self.scope) {
                Ok(value) => self.converted(shape, value, &written.place),
                Err(wrong) => {
                    self.found.push(wrong);
                    Some(Planned::unknown(shape.written()))
                }
            },
            (Shape::Block(rows), Form::Table(table)) => Some(Planned::object(self.block(rows, table))),
            (Shape::Block(rows), Form::Array(all)) => self.one_block(shape, rows, all, &written.place),
            (Shape::List(of) | Shape::Set(of), Form::Array(all)) => Some(collected(shape, self.elements(of, all))),
            (Shape::List(of @ Shape::Block(_)) | Shape::Set(of @ Shape::Block(_)), Form::Table(_)) => {
                Some(collected(shape, self.elements(of, std::slice::from_ref(written))))
            }
            (Shape::Map(of), Form::Table(table)) => Some(self.map(of, table)),
            (Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr, Form::Bool(value)) => {
                self.converted(shape, Content::Bool(*value).into(), &written.place)
            }
            (Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr, Form::Number(value)) => {
                self.converted(shape, Content::Number(*value).into(), &written.place)
            }
            (
                Shape::Bool
                | Shape::Int
                | Shape::Number
                | Shape::String
                | Shape::Arn
                | Shape::Cidr
                | Shape::List(_)
                | Shape::Set(_)
                | Shape::Map(_)
                | Shape::Block(_),
                Form::Bool(_) | Form::Number(_) | Form::Array(_) | Form::Table(_),
            ) => {
                self.unfit(shape, written.sort(), &written.place);
                None
            }
        }
    }

    fn one_block(&mut self, shape: &Shape, rows: &'static [Attribute], all: &[Written], place: &Place) -> Option<Planned> {
        match all {
            [] => None,
            [Written { form: Form::Table(table), .. }] => Some(Planned::object(self.block(rows, table))),
            [_] => {
                self.unfit(shape, "an array of something else", place);
                None
            }
            [_, second, ..] => {
                let detail = format!("The block `{}` may stand only once, and is given {} times.", self.trail, all.len());
                self.wrong_with_hint("Too many blocks", detail, &second.place, "keep one of them");
                None
            }
        }
    }

    fn elements(&mut self, of: &'static Shape, all: &[Written]) -> Vec<Planned> {
        let mut elements = Vec::with_capacity(all.len());
        for (at, one) in all.iter().enumerate() {
            self.trail.push(Part::Index(at));
            let before = self.found.len();
            match self.given(of, one) {
                Some(value) => elements.push(value),
                None if self.found.len() > before => {}
                None => self.null_element(&one.place),
            }
            self.trail.pop();
        }
        elements
    }

    pub(super) fn null_element(&mut self, place: &Place) {
        let detail = format!("`{}` is null, and an element of a collection must have a value.", self.trail);
        self.wrong_with_hint("Null element", detail, place, "leave it out, or filter: [for one in … : one if one != null]");
    }

    fn map(&mut self, of: &'static Shape, table: &Table) -> Planned {
        let mut members = BTreeMap::new();
        for entry in &table.entries {
            self.trail.push(Part::Key(entry.name.to_string()));
            let value = self.given(of, &entry.value);
            self.trail.pop();
            members.extend(value.map(|value| (entry.name.to_string(), value)));
        }
        Content::Map(members).into()
    }

    /// Reports that a value can't be what the attribute takes.
    pub(super) fn unfit(&mut self, shape: &Shape, found: &str, place: &Place) {
        let (wanted, hint) = wanted(shape, found);
        let detail = format!("`{}` must be {wanted}; this is {found}.", self.trail);
        match hint {
            Some(hint) => self.wrong_with_hint("Wrong type", detail, place, hint),
            None => self.wrong("Wrong type", detail, place),
        }
    }
}

/// Returns elements as the collection that a shape wants.
pub(super) fn collected(shape: &Shape, elements: Vec<Planned>) -> Planned {
    if matches!(shape, Shape::Set(_)) { Planned::set(elements) } else { Planned::list(elements) }
}

/// Returns what a shape takes, in words, and what to do about something else.
fn wanted(shape: &Shape, found: &str) -> (String, Option<String>) {
    let many = found == "an array" || found == "a list" || found == "a set";
    match shape {
        Shape::Block(_) => ("a block".to_owned(), Some("write it as a table of its own, or in braces: { … }".to_owned())),
        Shape::List(Shape::Block(_)) | Shape::Set(Shape::Block(_)) => {
            ("a block, or several".to_owned(), Some("write each as a table in double brackets: [[…]]".to_owned()))
        }
        Shape::List(_) | Shape::Set(_) => {
            let hint = (!matches!(found, "a table" | "an object" | "a map")).then(|| "write it in brackets: [ … ]".to_owned());
            (shape.written().article(), hint)
        }
        Shape::Map(_) => (shape.written().article(), Some("write it in braces: { KEY = … }".to_owned())),
        Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr => {
            let hint = many.then(|| "it takes one value: remove the brackets".to_owned());
            (shape.written().article(), hint)
        }
        Shape::Any | Shape::Policy | Shape::Json | Shape::FilledJson => {
            ("JSON: a table, an array, or a string that holds JSON".to_owned(), None)
        }
    }
}
