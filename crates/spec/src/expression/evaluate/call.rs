//! Function calls: arguments, their conversion, marks, and `try` and `can`.

use std::borrow::Cow;

use lowtide_model::{Content, Planned, Type};

use super::{Answer, Evaluator, Fault, Frame, capital, weight};
use crate::expression::{
    functions::{Arguments, Body, Complaint, Wanted},
    syntax::{At, Call, Expression},
};

impl Evaluator<'_> {
    pub(super) fn call<'v>(&'v self, call: &'v Call, at: At, frame: Option<&'v Frame<'v>>) -> Answer<'v> {
        match call.function.body {
            Body::Can => return self.can(call, frame).map(Cow::Owned),
            Body::Try => return self.first_that_works(call, frame),
            Body::Known(_) | Body::Marked(_) | Body::Glance(_) | Body::File(_) | Body::TemplateFile => {}
        }
        let Some(mut arguments) = self.arguments(call, frame)? else {
            return Ok(Cow::Owned(Planned::unknown(call.function.returns.ty()).marked(self.progress.touched_sensitive.get())));
        };
        self.spend(price(call.function.body, &arguments), at)?;
        arguments.allow(self.steps_left());
        let unknown = || Planned::unknown(call.function.returns.ty()).marked(arguments.sensitive());
        let all_known = || arguments.all().all(Planned::is_wholly_known);
        let outcome = match call.function.body {
            Body::Marked(body) | Body::Glance(body) => body(&arguments),
            Body::Known(_) | Body::File(_) if !all_known() => Ok(unknown()),
            Body::Known(body) => body(&arguments).map(|value| value.marked(arguments.sensitive())),
            Body::File(body) => match body(self.scope.files(), &arguments) {
                Err(_) if self.scope.files().are_done_without() => Ok(unknown()),
                outcome => outcome.map(|value| value.marked(arguments.sensitive())),
            },
            Body::TemplateFile => Ok(self.template_file(call, &arguments, at)?),
            Body::Can | Body::Try => return Err(self.fault(at, "Invalid function call", "This can't be called here.")),
        };
        self.spend(arguments.spent(), at)?;
        let result = outcome.map_err(|complaint| self.complaint(call, &complaint, arguments.sensitive(), at))?;
        self.spend(weight(&result), at)?;
        if let Content::String(text) = &result.content {
            self.bounded(text.len(), at)?;
        }
        Ok(Cow::Owned(result))
    }

    /// Evaluates and converts the arguments; `None` when it is unknown how many there are.
    fn arguments<'v>(&'v self, call: &'v Call, frame: Option<&'v Frame<'v>>) -> Result<Option<Arguments<'v>>, Fault> {
        let mut arguments = Vec::with_capacity(call.arguments.len());
        for argument in &call.arguments {
            arguments.push(self.evaluate(argument, frame)?);
        }
        if call.expand
            && let (Some(last), Some(expression)) = (arguments.pop(), call.arguments.last())
        {
            self.spend(weight(&last), expression.at)?;
            let sensitive = arguments.iter().any(|argument| argument.holds_sensitive()) || last.holds_sensitive();
            match &last.content {
                Content::List(elements) => {
                    arguments.extend(elements.iter().map(|element| Cow::Owned(element.clone().marked(last.sensitive))));
                }
                Content::Set(elements) if last.is_wholly_known() => {
                    arguments.extend(elements.iter().map(|element| Cow::Owned(element.clone().marked(last.sensitive))));
                }
                Content::Unknown(_) | Content::Set(_) => {
                    self.touch(sensitive);
                    return Ok(None);
                }
                Content::Null | Content::Bool(_) | Content::Number(_) | Content::String(_) | Content::Map(_) | Content::Object(_) => {
                    return Err(self.fault(expression.at, "Wrong type", "Before `...` stands a list whose elements become the arguments."));
                }
            }
            self.spend(arguments.len() as u64, expression.at)?;
        }
        if let Some(wrong) = call.function.arity(arguments.len()) {
            return Err(self.fault(call.name, "Wrong number of arguments", wrong));
        }
        let converted = arguments.into_iter().enumerate().map(|(number, argument)| self.argument(call, number, argument));
        Ok(Some(Arguments::new(converted.collect::<Result<_, _>>()?, &self.progress.patterns)))
    }

    /// Converts one argument to the type of its parameter.
    fn argument<'v>(&self, call: &Call, number: usize, argument: Cow<'v, Planned>) -> Answer<'v> {
        let Some(parameter) = call.function.parameter(number) else { return Ok(argument) };
        if argument.is_null() {
            if parameter.null {
                return Ok(argument);
            }
            let complaint = Complaint { argument: Some(number), words: "it is null, and a value is wanted".into() };
            return Err(self.complaint(call, &complaint, false, call.name));
        }
        if fits(parameter.wanted, &argument) {
            return Ok(argument);
        }
        let argument = self.kept(argument, call.name)?;
        let sensitive = argument.holds_sensitive();
        // The order of a set is that of its values, all of them.
        let ordered = matches!(parameter.wanted, Wanted::List | Wanted::Texts | Wanted::Numbers | Wanted::Bools);
        if ordered && matches!(argument.content, Content::Set(_)) && !argument.is_wholly_known() {
            return Ok(Cow::Owned(Planned::unknown(parameter.wanted.ty()).marked(sensitive)));
        }
        let listed = argument.as_elements().is_some();
        match parameter.wanted.ty().convert(argument) {
            Ok(converted) => Ok(Cow::Owned(converted)),
            Err(mismatch) => {
                let words = if sensitive { format!("{} is wanted", mismatch.wanted) } else { mismatch.to_string() };
                let mut wrong = self.complaint(call, &Complaint { argument: Some(number), words: words.into() }, false, call.name);
                if listed && call.function.variadic == Some(*parameter) && !call.expand {
                    wrong.hints.push("`...` after a list makes an argument of each element".to_owned());
                }
                Err(wrong)
            }
        }
    }

    /// Says why a function refuses its arguments, at the argument where it is one.
    fn complaint(&self, call: &Call, complaint: &Complaint, sensitive: bool, at: At) -> Fault {
        let place = |number: usize| call.arguments.get(number).or(call.arguments.last()).map_or(at, |argument| argument.at);
        let words = match (&complaint.words, sensitive) {
            (Cow::Owned(_), true) => "it does not fit, and why can't be shown, because a value is sensitive",
            (words, _) => &**words,
        };
        let name = call.function.name;
        match complaint.argument {
            Some(number) => {
                let parameter = call.function.parameter(number).map_or("argument", |parameter| parameter.name);
                let detail = format!("`{parameter}` of {name}: {words}.");
                self.fault(place(number), "Invalid function argument", detail)
            }
            None => self.fault(at, "Invalid function call", format!("{}: {words}.", capital(name).to_lowercase())),
        }
    }

    /// Evaluates something that may fail. Says also whether a failure may tell something of a sensitive value.
    fn attempt<'v>(&'v self, expression: &'v Expression, frame: Option<&'v Frame<'v>>) -> (Answer<'v>, bool) {
        let progress = self.progress;
        let before = progress.touched_sensitive.replace(false);
        progress.attempts.set(progress.attempts.get() + 1);
        let answer = self.evaluate(expression, frame);
        progress.attempts.set(progress.attempts.get() - 1);
        let touched = progress.touched_sensitive.replace(before);
        self.touch(touched);
        (answer, touched)
    }

    /// `can`: whether an expression works; unknown as long as anything in its value is.
    fn can<'v>(&'v self, call: &'v Call, frame: Option<&'v Frame<'v>>) -> Result<Planned, Fault> {
        let Some(expression) = call.arguments.first() else { return Ok(Content::Bool(false).into()) };
        let (answer, touched) = self.attempt(expression, frame);
        self.spend(1, expression.at)?;
        if let Ok(value) = &answer {
            self.look_through(value, expression.at)?;
        }
        Ok(match answer {
            Ok(value) if value.is_wholly_known() => Planned::from(Content::Bool(true)).marked(touched || value.holds_sensitive()),
            Ok(value) => Planned::unknown(Type::Bool).marked(touched || value.holds_sensitive()),
            Err(_) => Planned::from(Content::Bool(false)).marked(touched),
        })
    }

    /// `try`: the first argument that works. While something in that is unknown it may yet fail, so all is unknown.
    fn first_that_works<'v>(&'v self, call: &'v Call, frame: Option<&'v Frame<'v>>) -> Answer<'v> {
        let mut sensitive = false;
        let mut reasons = Vec::new();
        for (number, expression) in call.arguments.iter().enumerate() {
            let (answer, touched) = self.attempt(expression, frame);
            self.spend(1, expression.at)?;
            match answer {
                Ok(value) => {
                    self.look_through(&value, expression.at)?;
                    let settled = value.is_wholly_known() || number + 1 == call.arguments.len();
                    return Ok(match (settled, sensitive) {
                        (true, false) => value,
                        (true, true) => Cow::Owned(self.kept(value, expression.at)?.marked(true)),
                        (false, _) => {
                            let rest = call.arguments.get(number + 1..).unwrap_or_default();
                            let later = rest.iter().any(|expression| self.attempt(expression, frame).1);
                            let mark = sensitive || touched || value.holds_sensitive() || later;
                            Cow::Owned(Planned::unknown(Type::Any).marked(mark))
                        }
                    });
                }
                Err(fault) => {
                    sensitive |= touched;
                    reasons.push(fault.detail);
                }
            }
        }
        let detail = format!("None of the expressions works. {}", reasons.join(" "));
        Err(self.fault(call.name, "Invalid function call", detail))
    }
}

/// Returns how many steps it takes to look at the arguments of a function as closely as it does.
fn price(body: Body, arguments: &Arguments<'_>) -> u64 {
    let surface = |argument: &Planned| match argument.content {
        Content::List(_) | Content::Map(_) | Content::Object(_) => 1,
        Content::Set(_) | Content::Null | Content::Unknown(_) | Content::Bool(_) | Content::Number(_) | Content::String(_) => {
            weight(argument)
        }
    };
    let glances = matches!(body, Body::Glance(_)) && !arguments.all().any(Planned::is_unknown);
    if glances { arguments.all().map(surface).sum() } else { arguments.all().map(weight).sum() }
}

/// Returns whether a value needs no conversion, which is by far the commonest case.
fn fits(wanted: Wanted, value: &Planned) -> bool {
    let all = |fits: fn(&Content) -> bool| matches!(&value.content, Content::List(elements) if elements.iter().all(|element| fits(&element.content)));
    // An unknown keeps its more exact type.
    if let Content::Unknown(unknown) = &value.content {
        return match wanted {
            Wanted::List => matches!(unknown.ty, Type::List(_)),
            Wanted::Set => matches!(unknown.ty, Type::Set(_)),
            Wanted::Map => matches!(unknown.ty, Type::Map(_) | Type::Object(_)),
            Wanted::Any => true,
            Wanted::Bool | Wanted::Number | Wanted::Text | Wanted::Texts | Wanted::Numbers | Wanted::Bools => false,
        };
    }
    match wanted {
        Wanted::Any => true,
        Wanted::Bool => matches!(value.content, Content::Bool(_)),
        Wanted::Number => matches!(value.content, Content::Number(_)),
        Wanted::Text => matches!(value.content, Content::String(_)),
        Wanted::List => matches!(value.content, Content::List(_)),
        Wanted::Texts => all(|content| matches!(content, Content::String(_))),
        Wanted::Numbers => all(|content| matches!(content, Content::Number(_))),
        Wanted::Bools => all(|content| matches!(content, Content::Bool(_))),
        Wanted::Set => matches!(value.content, Content::Set(_)),
        Wanted::Map => matches!(value.content, Content::Map(_) | Content::Object(_)),
    }
}
