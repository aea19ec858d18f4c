//! Operators and conditionals.

use std::borrow::Cow;

use lowtide_model::{Content, Number, OutOfRange, Planned, Type};

use super::{Answer, Evaluator, Fault, Frame};
use crate::expression::syntax::{At, Binary, Expression, Kind, Unary};

impl Evaluator<'_> {
    pub(super) fn unary<'v>(&'v self, operator: Unary, operand: &'v Expression, frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let ty = match operator {
            Unary::Not => Type::Bool,
            Unary::Negate => Type::Number,
        };
        let value = self.operand(operand, &ty, frame)?;
        let content = match (operator, value.content) {
            (Unary::Not, Content::Bool(value)) => Content::Bool(!value),
            (Unary::Negate, Content::Number(value)) => Content::Number(value.negate()),
            _ => Planned::unknown(ty).content,
        };
        Ok(Planned { content, sensitive: value.sensitive })
    }

    pub(super) fn binary<'v>(
        &'v self,
        operator: Binary,
        [left, right]: &'v [Expression; 2],
        at: At,
        frame: Option<&'v Frame<'v>>,
    ) -> Result<Planned, Fault> {
        match operator {
            Binary::And | Binary::Or => self.logic(operator == Binary::Or, left, right, frame),
            Binary::Equal | Binary::Unequal => {
                let (left, right) = (self.evaluate(left, frame)?, self.evaluate(right, frame)?);
                self.look_through(&left, at)?;
                self.look_through(&right, at)?;
                self.spend(super::weight(&left).min(super::weight(&right)), at)?;
                let content = match same(&left, &right) {
                    Some(same) => Content::Bool(same == (operator == Binary::Equal)),
                    None => Planned::unknown(Type::Bool).content,
                };
                Ok(Planned { content, sensitive: left.holds_sensitive() || right.holds_sensitive() })
            }
            Binary::Less | Binary::LessOrEqual | Binary::Greater | Binary::GreaterOrEqual => {
                self.numbers(left, right, Type::Bool, frame, |left, right| {
                    Ok(Content::Bool(match operator {
                        Binary::Less => left < right,
                        Binary::LessOrEqual => left <= right,
                        Binary::Greater => left > right,
                        _ => left >= right,
                    }))
                })
            }
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => {
                self.numbers(left, right, Type::Number, frame, |left, right| {
                    let result = match operator {
                        Binary::Add => left.add(right),
                        Binary::Subtract => left.subtract(right),
                        Binary::Multiply => left.multiply(right),
                        Binary::Divide => left.divide(right),
                        _ => left.remainder(right),
                    };
                    result.map(Content::Number).map_err(|wrong| match wrong {
                        OutOfRange::TooLarge => {
                            self.fault(at, "Number out of range", "The result has more digits than Lowtide keeps exactly, which are 28.")
                        }
                        OutOfRange::DividedByZero => {
                            let mut wrong = self.fault(at, "Division by zero", "The right side is zero, so this has no result.");
                            wrong.hints.push("a conditional can take another value then: d == 0 ? 0 : n / d".to_owned());
                            wrong
                        }
                    })
                })
            }
        }
    }

    /// Evaluates an operand that must have a type and may not be null.
    fn operand<'v>(&'v self, operand: &'v Expression, ty: &Type, frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let value = self.evaluate(operand, frame)?;
        if value.is_null() {
            let detail = format!("The value is null; {} is wanted. Test for null first, or use coalesce.", ty.article());
            return Err(self.fault(operand.at, "Unexpected null", detail));
        }
        self.converted(value, ty, operand.at)
    }

    fn numbers<'v>(
        &'v self,
        left: &'v Expression,
        right: &'v Expression,
        result: Type,
        frame: Option<&'v Frame<'v>>,
        operation: impl Fn(Number, Number) -> Result<Content, Fault>,
    ) -> Result<Planned, Fault> {
        let left = self.operand(left, &Type::Number, frame)?;
        let right = self.operand(right, &Type::Number, frame)?;
        let content = match (left.content, right.content) {
            (Content::Number(left), Content::Number(right)) => operation(left, right)?,
            _ => Planned::unknown(result).content,
        };
        Ok(Planned { content, sensitive: left.sensitive || right.sensitive })
    }

    /// `&&` and `||`: `absorbing` is the operand that decides alone.
    fn logic<'v>(
        &'v self,
        absorbing: bool,
        left: &'v Expression,
        right: &'v Expression,
        frame: Option<&'v Frame<'v>>,
    ) -> Result<Planned, Fault> {
        let left = self.operand(left, &Type::Bool, frame)?;
        if left.as_bool() == Some(absorbing) {
            return Ok(left);
        }
        let right = self.operand(right, &Type::Bool, frame);
        let unknown = Planned::unknown(Type::Bool);
        Ok(match (left.as_bool(), right) {
            (Some(_), right) => right?.marked(left.sensitive),
            // The right side may prove not to be needed, and a mistake in it not to matter.
            (None, Err(_)) => unknown.marked(left.sensitive),
            (None, Ok(right)) if right.as_bool() == Some(absorbing) => right.marked(left.sensitive),
            (None, Ok(right)) => unknown.marked(left.sensitive || right.sensitive),
        })
    }

    /// A conditional evaluates only what it takes; while the condition is unknown, both, and a mistake in one alone does not matter.
    pub(super) fn conditional<'v>(&'v self, [condition, yes, no]: &'v [Expression; 3], frame: Option<&'v Frame<'v>>) -> Answer<'v> {
        let at = condition.at;
        let condition = self.operand(condition, &Type::Bool, frame)?;
        let text = becomes_text(yes, no);
        if let Some(condition_holds) = condition.as_bool() {
            let taken = if condition_holds { yes } else { no };
            let value = self.evaluate(taken, frame)?;
            let value = if text { Cow::Owned(self.converted(value, &Type::String, taken.at)?) } else { value };
            return Ok(if condition.sensitive { Cow::Owned(self.kept(value, taken.at)?.marked(true)) } else { value });
        }
        let (yes, no) = match (self.evaluate(yes, frame), self.evaluate(no, frame)) {
            (Ok(yes), Ok(no)) => (yes, no),
            (Ok(only), Err(_)) | (Err(_), Ok(only)) => {
                self.look_through(&only, at)?;
                return Ok(Cow::Owned(Planned::unknown(Type::Any).marked(condition.sensitive || only.holds_sensitive())));
            }
            (Err(fault), Err(_)) => return Err(fault),
        };
        self.spend(super::weight(&yes) + super::weight(&no), at)?;
        let sensitive = condition.sensitive || yes.holds_sensitive() || no.holds_sensitive();
        let ty = if text { Type::String } else { unified([&*yes, &*no].into_iter()) };
        Ok(Cow::Owned(Planned::unknown(ty).marked(sensitive)))
    }
}

/// Returns whether a conditional yields text because one of its sides is text and the other a number or truth value.
fn becomes_text(yes: &Expression, no: &Expression) -> bool {
    match (scalar(yes), scalar(no)) {
        (Some(Type::String), Some(other)) | (Some(other), Some(Type::String)) => other != Type::String,
        (Some(_) | None, _) => false,
    }
}

/// Returns the type of an expression where it can be told without evaluating and is a plain one.
fn scalar(expression: &Expression) -> Option<Type> {
    match &expression.kind {
        Kind::Text(_) => Some(Type::String),
        Kind::Literal(value) => Some(value.ty()).filter(|ty| *ty != Type::Any),
        Kind::Unary(Unary::Not, _) => Some(Type::Bool),
        Kind::Unary(Unary::Negate, _) => Some(Type::Number),
        Kind::Binary(operator, _) => Some(match operator {
            Binary::Add | Binary::Subtract | Binary::Multiply | Binary::Divide | Binary::Remainder => Type::Number,
            Binary::And
            | Binary::Or
            | Binary::Equal
            | Binary::Unequal
            | Binary::Less
            | Binary::LessOrEqual
            | Binary::Greater
            | Binary::GreaterOrEqual => Type::Bool,
        }),
        Kind::Call(call) => Some(call.function.returns.ty()).filter(|ty| matches!(ty, Type::Bool | Type::Number | Type::String)),
        Kind::List(_) | Kind::Object(_) | Kind::Reference(_) | Kind::Bound(_) | Kind::Walk(..) | Kind::Conditional(_) | Kind::For(_) => {
            None
        }
    }
}

/// Returns the type that any of these values has; null has every type, and so have the elements of an empty collection.
pub(in crate::expression) fn unified<'p>(values: impl Iterator<Item = &'p Planned> + Clone) -> Type {
    let values = values.filter(|value| !value.is_null());
    let elements = || values.clone().flat_map(Planned::children);
    let mut all = values.clone();
    let Some(first) = all.next() else { return Type::Any };
    if values.clone().all(|value| matches!(value.content, Content::List(_))) {
        return Type::List(Box::new(unified_dyn(&mut elements())));
    }
    if values.clone().all(|value| matches!(value.content, Content::Map(_))) {
        return Type::Map(Box::new(unified_dyn(&mut elements())));
    }
    let ty = first.ty();
    if all.all(|value| value.ty() == ty) { ty } else { Type::Any }
}

/// Ends the recursion of iterator types.
fn unified_dyn(values: &mut dyn Iterator<Item = &Planned>) -> Type {
    let values: Vec<_> = values.collect();
    unified(values.iter().copied())
}

/// Returns whether two values are equal, or `None` where what is unknown decides.
pub(in crate::expression) fn same(left: &Planned, right: &Planned) -> Option<bool> {
    match (&left.content, &right.content) {
        (Content::Unknown(unknown), other) | (other, Content::Unknown(unknown)) => {
            let prefix = unknown.prefix.as_deref()?;
            match other {
                Content::String(text) if text.starts_with(prefix) => None,
                Content::Unknown(other) => {
                    let other = other.prefix.as_deref()?;
                    if other.starts_with(prefix) || prefix.starts_with(other) { None } else { Some(false) }
                }
                _ => Some(false),
            }
        }
        (Content::Null, Content::Null) => Some(true),
        (Content::Bool(left), Content::Bool(right)) => Some(left == right),
        (Content::Number(left), Content::Number(right)) => Some(left == right),
        (Content::String(left), Content::String(right)) => Some(left == right),
        (Content::List(left), Content::List(right)) if left.len() == right.len() => all_same(left.iter().zip(right)),
        (Content::Set(lefts), Content::Set(rights)) => {
            let known = left.is_wholly_known() && right.is_wholly_known();
            if known { if lefts.len() == rights.len() { all_same(lefts.iter().zip(rights)) } else { Some(false) } } else { None }
        }
        (Content::Map(left) | Content::Object(left), Content::Map(right) | Content::Object(right)) => {
            if left.keys().eq(right.keys()) {
                all_same(left.values().zip(right.values()))
            } else {
                Some(false)
            }
        }
        _ => Some(false),
    }
}

fn all_same<'p>(pairs: impl Iterator<Item = (&'p Planned, &'p Planned)>) -> Option<bool> {
    let mut verdict = Some(true);
    for (left, right) in pairs {
        match same(left, right) {
            Some(false) => return Some(false),
            Some(true) => {}
            None => verdict = None,
        }
    }
    verdict
}
