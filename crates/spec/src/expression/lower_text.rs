//! Templates of the parser → parts of ours, with white space trimmed where `~` says so.

use hcl_edit::template::{Directive, Element, ForDirective, IfDirective, Strip, Template};

use super::{
    lower::{Lowering, name},
    syntax::{At, Each, Expression, Kind, Part},
    trim::{self, Lines},
};
use lowtide_model::Planned;

impl Lowering<'_> {
    /// Lowers the string of a spec: one interpolation alone is its expression.
    pub(super) fn template(&mut self, from: &Template) -> Option<Expression> {
        let kind = self.text(from, Lines::Kept)?;
        Some(match kind {
            Whole::Expression(expression) => expression,
            Whole::Kind(kind) => {
                let end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
                Expression { kind, at: At { start: 0, end } }
            }
        })
    }

    /// Lowers a string in quotes inside an expression.
    pub(super) fn quoted(&mut self, from: &Template) -> Option<Kind> {
        Some(match self.text(from, Lines::None)? {
            Whole::Expression(expression) => expression.kind,
            Whole::Kind(kind) => kind,
        })
    }

    fn text(&mut self, from: &Template, lines: Lines) -> Option<Whole> {
        if let Some(Element::Interpolation(only)) = from.as_single_element() {
            return self.expression(&only.expr).map(Whole::Expression);
        }
        let mut parts = self.parts(from, lines, (false, false))?;
        Some(Whole::Kind(match parts.as_mut_slice() {
            [] => Kind::Literal(Planned::text("")),
            [Part::Literal(text)] => Kind::Literal(Planned::text(std::mem::take(text))),
            _ => Kind::Text(parts),
        }))
    }

    /// Lowers elements; `trimmed` says whether what stands before and after them trims their ends.
    fn parts(&mut self, from: &Template, lines: Lines, trimmed: (bool, bool)) -> Option<Vec<Part>> {
        let elements: Vec<&Element> = from.iter().collect();
        let mut parts = Vec::with_capacity(elements.len());
        let mut wrong = false;
        for (number, element) in elements.iter().enumerate() {
            let part = match element {
                Element::Literal(text) => {
                    let before = number.checked_sub(1).and_then(|at| elements.get(at)).map_or(trimmed.0, |before| ends(before).1);
                    let after = elements.get(number + 1).map_or(trimmed.1, |after| ends(after).0);
                    let mut text = text.value().as_str();
                    if before {
                        text = trim::after(text, lines);
                    }
                    if after {
                        text = trim::before(text, lines);
                    }
                    if text.is_empty() {
                        continue;
                    }
                    Some(Part::Literal(text.to_owned()))
                }
                Element::Interpolation(inner) => self.expression(&inner.expr).map(Part::Value),
                Element::Directive(directive) => match &**directive {
                    Directive::If(from) => self.if_directive(from, lines),
                    Directive::For(from) => self.for_directive(from, lines),
                },
            };
            wrong |= part.is_none();
            parts.extend(part);
        }
        (!wrong).then_some(parts)
    }

    fn if_directive(&mut self, from: &IfDirective, lines: Lines) -> Option<Part> {
        let condition = self.expression(&from.if_expr.cond_expr);
        let end = from.endif_expr.strip.strip_start();
        let middle = from.else_expr.as_ref().map_or(end, |no| no.strip.strip_start());
        let yes = self.parts(&from.if_expr.template, lines, (from.if_expr.strip.strip_end(), middle));
        let no = match &from.else_expr {
            Some(no) => self.parts(&no.template, lines, (no.strip.strip_end(), end)),
            None => Some(Vec::new()),
        };
        Some(Part::If(condition?, yes?, no?))
    }

    fn for_directive(&mut self, from: &ForDirective, lines: Lines) -> Option<Part> {
        let head = &from.for_expr;
        let collection = self.expression(&head.collection_expr);
        let (key, value) = (head.key_var.as_ref().map(name), name(&head.value_var));
        let outer = self.bound.len();
        self.bound.extend(key.clone());
        self.bound.push(value.clone());
        let body = self.parts(&head.template, lines, (head.strip.strip_end(), from.endfor_expr.strip.strip_start()));
        self.bound.truncate(outer);
        Some(Part::For(Each { key, value, collection: collection? }, body?))
    }
}

/// A whole text: one expression alone, or anything else.
enum Whole {
    Expression(Expression),
    Kind(Kind),
}

/// Returns whether an element trims the text before and after it.
fn ends(element: &Element) -> (bool, bool) {
    let both = |first: Strip, last: Strip| (first.strip_start(), last.strip_end());
    match element {
        Element::Literal(_) => (false, false),
        Element::Interpolation(inner) => both(inner.strip, inner.strip),
        Element::Directive(directive) => match &**directive {
            Directive::If(from) => both(from.if_expr.strip, from.endif_expr.strip),
            Directive::For(from) => both(from.for_expr.strip, from.endfor_expr.strip),
        },
    }
}
