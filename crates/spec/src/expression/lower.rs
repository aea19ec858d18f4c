//! The parser's tree → ours: names become references, function names become functions, and every mistake that shows
//! without evaluating is collected.

use std::{ops::Range, sync::Arc};

use hcl_edit::{
    Decorated, Ident, Span as _,
    expr::{self, BinaryOperator, ObjectKey, UnaryOperator},
};
use lowtide_diagnostic::{Diagnostic, Diagnostics};
use lowtide_model::{Content, Planned};

use super::{
    Reference,
    functions::{self, Missing},
    limits::NESTING_LIMIT,
    parse::Parsed,
    syntax::{At, Binary, Call, Each, Expression, For, Kind, Origin, Unary},
};

/// What is gathered while a tree is lowered.
pub(super) struct Lowering<'t> {
    pub(super) text: &'t str,
    pub(super) origin: &'t Origin,
    /// The names that may stand alone, innermost last.
    pub(super) bound: Vec<Arc<str>>,
    /// Whether only bound names may stand: a template file sees nothing else.
    pub(super) closed: bool,
    depth: usize,
    pub(super) references: Vec<Reference>,
    pub(super) found: Diagnostics,
}

impl<'t> Lowering<'t> {
    pub(super) fn new(text: &'t str, origin: &'t Origin, bound: Option<&[Arc<str>]>) -> Self {
        Self {
            text,
            origin,
            bound: bound.unwrap_or_default().to_vec(),
            closed: bound.is_some(),
            depth: 0,
            references: Vec::new(),
            found: Diagnostics::default(),
        }
    }

    pub(super) fn finish(mut self, lowered: Option<Expression>) -> Result<Parsed, Diagnostics> {
        self.references.shrink_to_fit();
        match lowered {
            Some(expression) if self.found.is_empty() => Ok(Parsed { expression, references: self.references }),
            Some(_) | None => Err(self.found.sorted()),
        }
    }

    pub(super) fn complain(&mut self, at: At, wrong: Diagnostic) {
        self.found.push(wrong.at(self.origin.place(at)));
    }

    /// Lowers an expression; `None` when something in it is wrong, which has been collected then.
    pub(super) fn expression(&mut self, from: &expr::Expression) -> Option<Expression> {
        let at = at(from.span());
        let kind = self.deeper(at, |within| within.kind(from, at));
        // A parenthesis hands its inside through, with the place of the inside.
        match from {
            expr::Expression::Parenthesis(inner) => Some(Expression { kind: kind?, at: self::at(inner.inner().span()) }),
            _ => Some(Expression { kind: kind?, at }),
        }
    }

    /// Does something one level further in, unless that is too deep.
    pub(super) fn deeper<T>(&mut self, at: At, inner: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        if self.depth >= NESTING_LIMIT {
            let detail = format!("Expressions nest more than {NESTING_LIMIT} deep here. Give the inner parts names in [locals].");
            self.complain(at, Diagnostic::error("Expression too deep", detail));
            return None;
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn kind(&mut self, from: &expr::Expression, at: At) -> Option<Kind> {
        let literal = |content: Content| Some(Kind::Literal(content.into()));
        match from {
            expr::Expression::Null(_) => literal(Content::Null),
            expr::Expression::Bool(value) => literal(Content::Bool(*value.value())),
            expr::Expression::Number(_) => self.number(at),
            expr::Expression::String(text) => literal(Content::String(text.value().clone())),
            expr::Expression::Array(all) => {
                let all: Vec<_> = all.iter().map(|one| self.expression(one)).collect();
                all.into_iter().collect::<Option<_>>().map(Kind::List)
            }
            expr::Expression::Object(members) => self.object(members),
            expr::Expression::StringTemplate(parts) => self.quoted(parts),
            expr::Expression::HeredocTemplate(heredoc) => self.template(&heredoc.template).map(|lowered| lowered.kind),
            expr::Expression::Parenthesis(inner) => self.expression(inner.inner()).map(|lowered| lowered.kind),
            expr::Expression::Variable(_) | expr::Expression::Traversal(_) => self.traversal(from),
            expr::Expression::Conditional(parts) => {
                let all = [&parts.cond_expr, &parts.true_expr, &parts.false_expr].map(|part| self.expression(part));
                let [Some(condition), Some(yes), Some(no)] = all else { return None };
                Some(Kind::Conditional(Box::new([condition, yes, no])))
            }
            expr::Expression::FuncCall(call) => self.call(call),
            expr::Expression::UnaryOp(operation) => {
                let operator = match operation.operator.value() {
                    UnaryOperator::Neg => Unary::Negate,
                    UnaryOperator::Not => Unary::Not,
                };
                Some(Kind::Unary(operator, Box::new(self.expression(&operation.expr)?)))
            }
            expr::Expression::BinaryOp(operation) => {
                let operands = [&operation.lhs_expr, &operation.rhs_expr].map(|operand| self.expression(operand));
                let [Some(left), Some(right)] = operands else { return None };
                Some(Kind::Binary(binary(*operation.operator.value()), Box::new([left, right])))
            }
            expr::Expression::ForExpr(each) => self.for_expression(each),
        }
    }

    fn number(&mut self, at: At) -> Option<Kind> {
        let digits: String = self.slice(at).chars().filter(|letter| !letter.is_whitespace()).collect();
        if let Ok(number) = digits.parse() {
            return Some(Kind::Literal(Content::Number(number).into()));
        }
        self.complain(at, Diagnostic::error("Invalid number", "This number has more digits than Lowtide keeps exactly, which are 28."));
        None
    }

    fn slice(&self, at: At) -> &'t str {
        self.text.get(at.start as usize..at.end as usize).unwrap_or_default()
    }

    fn object(&mut self, members: &expr::Object) -> Option<Kind> {
        let all: Vec<_> = members.iter().map(|(key, value)| Some((self.key(key)?, self.expression(value.expr())?))).collect();
        all.into_iter().collect::<Option<_>>().map(Kind::Object)
    }

    /// Lowers a key: a bare name is itself, anything in parentheses is computed.
    fn key(&mut self, key: &ObjectKey) -> Option<Expression> {
        let literal = |text: &str, at: At| Some(Expression { kind: Kind::Literal(Planned::text(text)), at });
        match key {
            ObjectKey::Ident(name) => literal(name.value(), at(name.span())),
            ObjectKey::Expression(expr::Expression::Null(null)) => literal("null", at(null.span())),
            ObjectKey::Expression(traversal @ expr::Expression::Traversal(_)) => {
                let at = at(traversal.span());
                let detail = format!(
                    "`{0}` as a key can be meant as text or as a reference. Write ({0}) for the reference, \"{0}\" for the text.",
                    self.slice(at)
                );
                self.complain(at, Diagnostic::error("Ambiguous object key", detail));
                None
            }
            ObjectKey::Expression(computed) => self.expression(computed),
        }
    }

    fn call(&mut self, from: &expr::FuncCall) -> Option<Kind> {
        let name_at = at(from.name.name.span());
        let arguments: Vec<_> = from.args.iter().map(|argument| self.expression(argument)).collect();
        let name = from.name.name.value().as_str();
        let namespace: Vec<_> = from.name.namespace.iter().map(|part| part.value().as_str()).collect();
        let function = match functions::find(name) {
            Ok(function) if namespace.is_empty() || namespace == ["core"] => function,
            Ok(_) => {
                let detail = format!("Lowtide has no functions of providers, so nothing stands before `::`. Write {name}(…) instead.");
                self.complain(name_at, Diagnostic::error("Unknown function", detail));
                return None;
            }
            Err(missing) => {
                self.complain(name_at, unknown_function(name, missing));
                return None;
            }
        };
        let expand = from.args.expand_final();
        let arguments = arguments.into_iter().collect::<Option<Vec<_>>>()?;
        if !expand && let Some(wrong) = function.arity(arguments.len()) {
            self.complain(name_at, Diagnostic::error("Wrong number of arguments", wrong));
            return None;
        }
        Some(Kind::Call(Box::new(Call { function, name: name_at, arguments, expand })))
    }

    fn for_expression(&mut self, from: &expr::ForExpr) -> Option<Kind> {
        let collection = self.expression(&from.intro.collection_expr);
        let (key_name, value_name) = (from.intro.key_var.as_ref().map(name), name(&from.intro.value_var));
        let outer = self.bound.len();
        self.bound.extend(key_name.clone());
        self.bound.push(value_name.clone());
        let key = from.key_expr.as_ref().map(|key| self.expression(key));
        let value = self.expression(&from.value_expr);
        let condition = from.cond.as_ref().map(|condition| self.expression(&condition.expr));
        self.bound.truncate(outer);
        Some(Kind::For(Box::new(For {
            each: Each { key: key_name, value: value_name, collection: collection? },
            key: all_right(key)?,
            value: value?,
            condition: all_right(condition)?,
            grouping: from.grouping,
        })))
    }
}

fn unknown_function(name: &str, missing: Missing) -> Diagnostic {
    match missing {
        Missing::Never(why) => Diagnostic::error("Function not available", format!("Lowtide has no function {name}: {why}")),
        Missing::Unknown(Some(meant)) => {
            Diagnostic::error("Unknown function", format!("There is no function {name}.")).hint(format!("did you mean {meant}?"))
        }
        Missing::Unknown(None) => Diagnostic::error("Unknown function", format!("There is no function {name}.")),
    }
}

fn binary(operator: BinaryOperator) -> Binary {
    match operator {
        BinaryOperator::Eq => Binary::Equal,
        BinaryOperator::NotEq => Binary::Unequal,
        BinaryOperator::LessEq => Binary::LessOrEqual,
        BinaryOperator::GreaterEq => Binary::GreaterOrEqual,
        BinaryOperator::Less => Binary::Less,
        BinaryOperator::Greater => Binary::Greater,
        BinaryOperator::Plus => Binary::Add,
        BinaryOperator::Minus => Binary::Subtract,
        BinaryOperator::Mul => Binary::Multiply,
        BinaryOperator::Div => Binary::Divide,
        BinaryOperator::Mod => Binary::Remainder,
        BinaryOperator::And => Binary::And,
        BinaryOperator::Or => Binary::Or,
    }
}

/// Turns "there is one and it is wrong" into nothing at all.
#[expect(clippy::option_option, reason = "absent, wrong and right are three things here")]
fn all_right<T>(part: Option<Option<T>>) -> Option<Option<T>> {
    match part {
        Some(Some(right)) => Some(Some(right)),
        Some(None) => None,
        None => Some(None),
    }
}

pub(super) fn name(ident: &Decorated<Ident>) -> Arc<str> {
    ident.value().as_str().into()
}

pub(super) fn at(span: Option<Range<usize>>) -> At {
    let offset = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    span.map_or(At { start: 0, end: 0 }, |span| At { start: offset(span.start), end: offset(span.end) })
}
