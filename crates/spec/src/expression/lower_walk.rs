//! Dotted names, indexes and splats of the parser → references and walks of ours.

use std::sync::Arc;

use hcl_edit::{
    Decorated, Span as _,
    expr::{self, TraversalOperator},
};
use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Content, Key, Planned};

use super::{
    Reference,
    lower::{Lowering, at, name},
    reference,
    syntax::{At, Expression, Kind, Step, StepKind},
};

impl Lowering<'_> {
    /// Lowers a reference, or steps into any other expression.
    pub(super) fn traversal(&mut self, from: &expr::Expression) -> Option<Kind> {
        let (base, operators) = match from {
            expr::Expression::Traversal(traversal) => (&traversal.expr, traversal.operators.as_slice()),
            _ => (from, [].as_slice()),
        };
        let expr::Expression::Variable(first) = base else {
            let base = self.expression(base);
            let steps = self.steps(operators)?;
            return Some(Kind::Walk(Box::new(base?), steps));
        };
        let attributes = operators.iter().map_while(|operator| match operator.value() {
            TraversalOperator::GetAttr(attribute) => Some((name(attribute), at(operator.span()))),
            _ => None,
        });
        let names: Vec<_> = std::iter::once((name(first), at(first.span()))).chain(attributes.take(2)).collect();
        let (base, taken) = self.root(&names)?;
        let steps = self.steps(operators.get(taken - 1..).unwrap_or_default())?;
        Some(self.reference(base, steps).kind)
    }

    /// Lowers a plain dotted reference that starts at an offset.
    pub(super) fn names(&mut self, parts: &[&str], offset: usize) -> Expression {
        let mut start = u32::try_from(offset).unwrap_or(u32::MAX);
        let mut names = Vec::with_capacity(parts.len());
        for (number, part) in parts.iter().enumerate() {
            // All but the first cover their dot.
            let end = start + u32::try_from(part.len()).unwrap_or(0) + u32::from(number > 0);
            names.push((Arc::<str>::from(*part), At { start, end }));
            start = end;
        }
        let whole = At { start: names.first().map_or(0, |(_, at)| at.start), end: start };
        let Some((base, taken)) = self.root(&names) else { return Expression { kind: Kind::Literal(Planned::NULL), at: whole } };
        let steps = names.drain(taken..).map(|(name, at)| Step { kind: StepKind::Attribute(name), at }).collect();
        self.reference(base, steps)
    }

    /// Returns what a dotted name starts from, and how many of its names belong to that.
    fn root(&mut self, names: &[(Arc<str>, At)]) -> Option<(Expression, usize)> {
        let ((first, start), (_, end)) = (names.first()?, names.last()?);
        if self.bound.contains(first) {
            return Some((Expression { kind: Kind::Bound(first.clone()), at: *start }, 1));
        }
        if self.closed {
            let known: Vec<_> = self.bound.iter().map(|name| format!("`{name}`")).collect();
            let known = if known.is_empty() { "It gives none.".to_owned() } else { format!("It gives {}.", known.join(", ")) };
            let detail = format!("A template file sees only what its call gives it, and `{first}` is not among that. {known}");
            self.complain(*start, Diagnostic::error("Invalid reference", detail));
            return None;
        }
        let plain: Vec<_> = names.iter().map(|(name, _)| name.clone()).collect();
        match reference::resolve(&plain) {
            Ok((root, taken)) => {
                let last = names.get(taken - 1).map_or(*start, |(_, at)| *at);
                Some((Expression { kind: Kind::Reference(root), at: start.to(last) }, taken))
            }
            Err(wrong) => {
                self.complain(start.to(*end), wrong);
                None
            }
        }
    }

    /// Puts steps after a base, and notes what it refers to.
    fn reference(&mut self, base: Expression, steps: Vec<Step>) -> Expression {
        if let Kind::Reference(root) = &base.kind {
            let (key, attribute, end) = first_attribute(&steps);
            let place = self.origin.place(base.at.to(end.unwrap_or(base.at)));
            self.references.push(Reference { root: root.clone(), attribute, key, place });
        }
        let at = base.at.to(steps.last().map_or(base.at, |step| step.at));
        if steps.is_empty() { base } else { Expression { kind: Kind::Walk(Box::new(base), steps), at } }
    }

    fn steps(&mut self, operators: &[Decorated<TraversalOperator>]) -> Option<Vec<Step>> {
        let mut steps = Vec::with_capacity(operators.len());
        let mut rest = operators;
        while let Some((operator, after)) = rest.split_first() {
            rest = after;
            let at = at(operator.span());
            let kind = match operator.value() {
                TraversalOperator::GetAttr(attribute) => StepKind::Attribute(name(attribute)),
                TraversalOperator::Index(index) => StepKind::Index(self.expression(index)?),
                TraversalOperator::LegacyIndex(index) => {
                    let number = Content::Number(index.value().to_string().parse().unwrap_or_default());
                    StepKind::Index(Expression { kind: Kind::Literal(number.into()), at })
                }
                TraversalOperator::FullSplat(_) => {
                    rest = &[];
                    StepKind::Splat(self.deeper(at, |within| within.steps(after))?)
                }
                // The old form takes attributes only; an index after it is one into the result.
                TraversalOperator::AttrSplat(_) => {
                    let attribute = |operator: &&Decorated<TraversalOperator>| matches!(operator.value(), TraversalOperator::GetAttr(_));
                    let (each, beyond) = after.split_at(after.iter().take_while(attribute).count());
                    rest = beyond;
                    StepKind::Splat(self.steps(each)?)
                }
            };
            steps.push(Step { kind, at });
        }
        Some(steps)
    }
}

/// Returns the constant key and the first attribute that steps take, and where the attribute stands.
fn first_attribute(steps: &[Step]) -> (Option<Key>, Option<Arc<str>>, Option<At>) {
    let Some((first, rest)) = steps.split_first() else { return (None, None, None) };
    let attribute = |steps: &[Step]| match steps.first() {
        Some(Step { kind: StepKind::Attribute(name), at }) => (Some(name.clone()), Some(*at)),
        Some(Step { kind: StepKind::Index(_) | StepKind::Splat(_), .. }) | None => (None, None),
    };
    match &first.kind {
        StepKind::Attribute(name) => (None, Some(name.clone()), Some(first.at)),
        StepKind::Splat(each) => {
            let (attribute, at) = attribute(each);
            (None, attribute, at.or(Some(first.at)))
        }
        StepKind::Index(index) => {
            let key = match &index.kind {
                Kind::Literal(Planned { content: Content::Number(number), .. }) => {
                    number.as_i64().and_then(|index| u64::try_from(index).ok()).map(Key::Index)
                }
                Kind::Literal(Planned { content: Content::String(name), .. }) => Some(Key::Name(name.as_str().into())),
                _ => None,
            };
            let (attribute, at) = attribute(rest);
            (key, attribute, at.or(Some(first.at)))
        }
    }
}
