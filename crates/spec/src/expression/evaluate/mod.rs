//! Evaluation of the syntax tree over values that may be unknown or sensitive.
//!
//! What is read from the scope is borrowed for as long as it is only walked through; a value is copied when it becomes part of
//! another. An operation over an unknown is unknown; where a sensitive value flows in, what comes out is sensitive.

mod call;
mod each;
mod operator;
mod template_file;
mod text;
mod walk;

pub(super) use operator::{same, unified};

use std::{borrow::Cow, cell::Cell, collections::BTreeMap};

use lowtide_diagnostic::Diagnostic;
use lowtide_model::{Content, Mismatch, Planned, Type};

use super::{
    Scope,
    functions::Patterns,
    limits::{LOOKS_PER_STEP, STEP_LIMIT, TEXT_LIMIT},
    size::{of_text, weight},
    syntax::{At, Expression, Kind, Origin},
};

/// What went wrong; boxed, because it is rare and large.
type Fault = Box<Diagnostic>;
/// What an expression yields.
type Answer<'v> = Result<Cow<'v, Planned>, Fault>;

/// One evaluation.
#[derive(Clone, Copy)]
pub(super) struct Evaluator<'e> {
    scope: &'e dyn Scope,
    origin: &'e Origin,
    progress: &'e Progress,
    /// The template file that is being filled in, if any.
    file: Option<&'e str>,
}

/// What an evaluation keeps count of.
#[derive(Default)]
struct Progress {
    /// How many steps it has taken.
    steps: Cell<u64>,
    /// How many `try` and `can` it is in.
    attempts: Cell<usize>,
    /// Whether a sensitive value was read since the innermost of these began.
    touched_sensitive: Cell<bool>,
    /// The patterns it has compiled.
    patterns: Patterns,
}

/// Names bound by a `for` or a template call, inside those bound further out.
#[derive(Clone, Copy)]
struct Frame<'f> {
    names: Names<'f>,
    outer: Option<&'f Frame<'f>>,
}

/// What a frame binds.
#[derive(Clone, Copy)]
enum Names<'f> {
    One(&'f str, &'f Planned),
    All(&'f BTreeMap<String, Planned>),
}

impl<'f> Frame<'f> {
    /// Returns what a name stands for here or further out.
    fn value(&'f self, name: &str) -> Option<&'f Planned> {
        let mut here = Some(self);
        while let Some(frame) = here {
            let found = match frame.names {
                Names::One(bound, value) => (bound == name).then_some(value),
                Names::All(all) => all.get(name),
            };
            if found.is_some() {
                return found;
            }
            here = frame.outer;
        }
        None
    }
}

impl<'e> Evaluator<'e> {
    /// Evaluates an expression in a scope.
    pub(super) fn run(expression: &Expression, origin: &Origin, scope: &dyn Scope) -> Result<Planned, Diagnostic> {
        let progress = Progress::default();
        let evaluator = Evaluator { scope, origin, progress: &progress, file: None };
        let answer = evaluator.evaluate(expression, None);
        scope.budget().spend(progress.steps.get(), &origin.place)?;
        let value = answer.map_err(|fault| *fault)?;
        scope.budget().keep(&value, &origin.place)?;
        Ok(value.into_owned())
    }

    fn evaluate<'v>(&'v self, expression: &'v Expression, frame: Option<&'v Frame<'v>>) -> Answer<'v> {
        self.spend(1, expression.at)?;
        match &expression.kind {
            Kind::Literal(value) => Ok(Cow::Borrowed(value)),
            Kind::Text(parts) => self.text(parts, expression.at, frame).map(Cow::Owned),
            Kind::List(all) => {
                let all = all.iter().map(|one| self.owned(one, frame)).collect::<Result<Vec<_>, _>>()?;
                Ok(Cow::Owned(Planned::list(all)))
            }
            Kind::Object(members) => self.object(members, frame).map(Cow::Owned),
            Kind::Reference(root) => {
                let value = self.scope.value(root).ok_or_else(|| self.nothing_there(expression.at))?;
                self.watch(value, expression.at)?;
                Ok(Cow::Borrowed(value))
            }
            Kind::Bound(name) => {
                let value = frame.and_then(|frame| frame.value(name)).ok_or_else(|| self.nothing_there(expression.at))?;
                self.watch(value, expression.at)?;
                Ok(Cow::Borrowed(value))
            }
            Kind::Walk(base, steps) => {
                let base = self.evaluate_base(base, frame)?;
                let leaf = self.walk(base, steps, expression.at, frame)?;
                self.touch(leaf.sensitive);
                Ok(leaf)
            }
            Kind::Unary(operator, operand) => self.unary(*operator, operand, frame).map(Cow::Owned),
            Kind::Binary(operator, operands) => self.binary(*operator, operands, expression.at, frame).map(Cow::Owned),
            Kind::Conditional(parts) => self.conditional(parts, frame),
            Kind::For(each) => self.for_expression(each, frame).map(Cow::Owned),
            Kind::Call(call) => self.call(call, expression.at, frame),
        }
    }

    /// Evaluates what a walk starts from. A whole root is not searched for sensitive parts there: the walk's leaf is.
    fn evaluate_base<'v>(&'v self, base: &'v Expression, frame: Option<&'v Frame<'v>>) -> Answer<'v> {
        match &base.kind {
            Kind::Reference(root) => self.scope.value(root).map(Cow::Borrowed).ok_or_else(|| self.nothing_there(base.at)),
            _ => self.evaluate(base, frame),
        }
    }

    /// Evaluates an expression whose value becomes part of another.
    fn owned<'v>(&'v self, expression: &'v Expression, frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let value = self.evaluate(expression, frame)?;
        self.kept(value, expression.at)
    }

    /// Copies what is borrowed.
    fn kept(&self, value: Cow<'_, Planned>, at: At) -> Result<Planned, Fault> {
        if let Cow::Borrowed(value) = value {
            self.spend(weight(value), at)?;
        }
        Ok(value.into_owned())
    }

    fn object<'v>(&'v self, members: &'v [(Expression, Expression)], frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let mut object = BTreeMap::new();
        let (mut unknown, mut sensitive) = (false, false);
        for (key_expression, value) in members {
            let key = self.evaluate(key_expression, frame)?;
            let value = self.owned(value, frame)?;
            sensitive |= key.sensitive;
            match self.key(&key, key_expression.at)? {
                Some(name) => drop(object.insert(name, value)),
                None => {
                    unknown = true;
                    sensitive |= value.holds_sensitive();
                }
            }
        }
        if unknown {
            sensitive |= object.values().any(Planned::holds_sensitive);
            return Ok(Planned::unknown(Type::Map(Box::new(Type::Any))).marked(sensitive));
        }
        Ok(Planned::object(object).marked(sensitive))
    }

    /// Returns a key of an object as text, or `None` when it is unknown.
    fn key(&self, key: &Planned, at: At) -> Result<Option<String>, Fault> {
        match &key.content {
            Content::String(text) => {
                self.spend(of_text(text), at)?;
                Ok(Some(text.clone()))
            }
            Content::Null => Err(self.fault(at, "Invalid object key", "The key is null, and a key must be text.")),
            Content::Unknown(_) => self.converted(Cow::Borrowed(key), &Type::String, at).map(|_| None),
            Content::Bool(_) | Content::Number(_) | Content::List(_) | Content::Set(_) | Content::Map(_) | Content::Object(_) => {
                Ok(self.converted(Cow::Borrowed(key), &Type::String, at)?.as_str().map(str::to_owned))
            }
        }
    }

    /// Converts an operand; what is sensitive is not shown when it does not fit.
    fn converted(&self, value: Cow<'_, Planned>, ty: &Type, at: At) -> Result<Planned, Fault> {
        let value = self.kept(value, at)?;
        let sensitive = value.holds_sensitive();
        ty.convert(value).map_err(|mismatch| self.mismatch(&mismatch, sensitive, at))
    }

    fn mismatch(&self, mismatch: &Mismatch, sensitive: bool, at: At) -> Fault {
        let words = if sensitive {
            format!("{} is wanted, this is a sensitive value of another type", mismatch.wanted)
        } else {
            mismatch.to_string()
        };
        self.fault(at, "Wrong type", format!("{}.", capital(&words)))
    }

    fn nothing_there(&self, at: At) -> Fault {
        self.fault(
            at,
            "Invalid reference",
            "This refers to something that has no value here. Remove the reference or declare what it names.",
        )
    }

    fn fault(&self, at: At, summary: &str, detail: impl Into<String>) -> Fault {
        Box::new(Diagnostic::error(summary, detail).at(self.origin.place(at)))
    }

    /// Notes work done.
    fn spend(&self, steps: u64, at: At) -> Result<(), Fault> {
        let spent = self.progress.steps.get().saturating_add(steps);
        self.progress.steps.set(spent);
        if spent <= STEP_LIMIT {
            return Ok(());
        }
        let detail = format!("It takes more than {STEP_LIMIT} steps. Make the collections it goes through smaller.");
        Err(self.fault(at, "Expression too costly", detail))
    }

    /// Refuses text that is too long.
    fn bounded(&self, length: usize, at: At) -> Result<(), Fault> {
        if length <= TEXT_LIMIT {
            return Ok(());
        }
        Err(self.fault(at, "Text too long", format!("The result has more than {TEXT_LIMIT} bytes, which is as much as a string may have.")))
    }

    /// Notes inside `try` and `can` whether a value that is read holds something sensitive.
    fn watch(&self, value: &Planned, at: At) -> Result<(), Fault> {
        if self.progress.attempts.get() > 0 {
            self.look_through(value, at)?;
            self.touch(value.holds_sensitive());
        }
        Ok(())
    }

    /// Notes that all of a value is looked at, which takes less than copying it.
    fn look_through(&self, value: &Planned, at: At) -> Result<(), Fault> {
        self.spend(weight(value) / LOOKS_PER_STEP, at)
    }

    /// Returns how many steps may still be taken.
    fn steps_left(&self) -> u64 {
        STEP_LIMIT.saturating_sub(self.progress.steps.get())
    }

    fn touch(&self, sensitive: bool) {
        if sensitive {
            self.progress.touched_sensitive.set(true);
        }
    }
}

/// Returns words with a capital first letter.
fn capital(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
