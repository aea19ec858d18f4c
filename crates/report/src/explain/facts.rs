//! The facts on an attribute, in words.

use lowtide_model::{Attribute, Description, Fresh, Literal, Need, Removed, Scope, Shape, Source};

use crate::words;

/// Returns what values a shape takes.
pub fn shape(shape: &Shape) -> String {
    match shape {
        Shape::Any => "any value".to_owned(),
        Shape::Bool => "bool".to_owned(),
        Shape::Int | Shape::Number => "number".to_owned(),
        Shape::String => "string".to_owned(),
        Shape::Arn => "ARN".to_owned(),
        Shape::Cidr => "CIDR block".to_owned(),
        Shape::Policy => "IAM policy, structure or JSON text".to_owned(),
        Shape::Json | Shape::FilledJson => "JSON, structure or text".to_owned(),
        Shape::Block(_) => "block".to_owned(),
        Shape::List(of) if of.block().is_some() => "blocks, in order".to_owned(),
        Shape::Set(of) if of.block().is_some() => "blocks".to_owned(),
        Shape::List(of) => format!("list of {}", plural(of)),
        Shape::Set(of) => format!("set of {}", plural(of)),
        Shape::Map(of) => format!("map of {}", plural(of)),
    }
}

fn plural(of: &Shape) -> String {
    match of {
        Shape::Any => "any values".to_owned(),
        Shape::Policy => "IAM policies".to_owned(),
        Shape::Json | Shape::FilledJson => "JSON documents".to_owned(),
        Shape::Bool | Shape::Int | Shape::Number | Shape::String | Shape::Arn | Shape::Cidr | Shape::Block(_) => format!("{}s", shape(of)),
        Shape::List(of) => format!("lists of {}", plural(of)),
        Shape::Set(of) => format!("sets of {}", plural(of)),
        Shape::Map(of) => format!("maps of {}", plural(of)),
    }
}

/// Returns the type and whether it must be given: `string, required`.
pub fn kind_of(row: &Attribute, output: bool) -> String {
    let need = if row.need == Need::Required && !output { ", required" } else { "" };
    format!("{}{need}", shape(&row.shape))
}

/// Returns the facts about an argument as sentences.
pub fn about_input(row: &Attribute) -> Vec<String> {
    let mut all = Vec::new();
    let mut say = |so: bool, words: &dyn Fn() -> String| {
        if so {
            all.push(words());
        }
    };
    if let Need::Default(default) = row.need {
        say(true, &|| format!("Default: `{}`.", literal(default)));
    }
    say(!row.one_of.is_empty(), &|| format!("One of {}.", ticked(row.one_of, "or")));
    if let Some(range) = row.range {
        say(true, &|| ranged(range, &row.shape));
    }
    if let Some((kind, attribute)) = row.refers.and_then(|refers| refers.split_once('.')) {
        say(true, &|| format!("Usually `${{{kind}.NAME.{attribute}}}`."));
    }
    if let Some(upgrades) = row.upgraded_by {
        say(true, &|| format!("Its start is enough: `1` stands for any 1.x. With `{upgrades}`, a newer last number is as asked for."));
    }
    if let Some(limit) = row.grows_to {
        say(true, &|| format!("What grew up to `{limit}` is as asked for."));
    }
    if let Some(word) = row.chooses {
        say(true, &|| format!("With `{word}` AWS chooses, and what it chose is as asked for."));
    }
    if let Some(file) = row.file {
        say(true, &|| {
            format!(
                "The file may have {} MiB. Its hash goes into `{}`; state and plan hold nothing else of it.",
                file.limit >> 20,
                file.hash
            )
        });
    }
    say(row.computed(), &|| "AWS decides it when it is not given.".to_owned());
    if let Some(fresh) = row.fresh {
        say(true, &|| format!("When it is not given, it is set to `{}` at creation.", fresh_words(fresh)));
    }
    say(row.replaces || row.identity || row.parent, &|| "A change replaces the resource.".to_owned());
    if let Some((from, to)) = row.one_way {
        say(true, &|| format!("A change from `{from}` to `{to}` replaces the resource."));
    }
    say(row.removed == Removed::Replaces && !row.replaces, &|| "Taking it away replaces the resource.".to_owned());
    say(row.option, &|| "It only says how an operation is done, and is never compared with AWS.".to_owned());
    say(row.secret, &|| "Sensitive: never shown, and kept only as a digest.".to_owned());
    say(row.unread, &|| "AWS never returns it, so a change made elsewhere goes unseen.".to_owned());
    say(row.open, &|| "Others may add entries; only those given are owned.".to_owned());
    if let Some(owner) = row.owned_elsewhere {
        say(true, &|| format!("Leave it out where `{owner}` is used."));
    }
    all
}

/// Returns the facts about an output as sentences.
pub fn about_output(row: &Attribute) -> Vec<String> {
    let mut all = Vec::new();
    if row.predict.is_some() {
        all.push("Known before apply where its parts are.".to_owned());
    }
    if !row.renewed_by.is_empty() {
        all.push(format!("Renewed when {} changes.", ticked(row.renewed_by, "or")));
    }
    if row.secret {
        all.push("Sensitive: never shown.".to_owned());
    }
    all
}

/// Returns what a kind is: `A resource of ec2, in one region.`
pub fn about_kind(description: &Description) -> String {
    let what = match description.source {
        Source::Managed => "Resource",
        Source::Data => "Data source",
        Source::Pure => return "Data source that follows from its arguments; AWS is not asked.".to_owned(),
    };
    let scope = match description.scope {
        Scope::Regional => "in one region".to_owned(),
        Scope::Nowhere => "in the state alone".to_owned(),
        Scope::Global(region) => format!("in the whole account (calls go to {region})"),
    };
    let service = if description.service.is_empty() { String::new() } else { format!(" of {}", description.service) };
    format!("{what}{service}, {scope}.")
}

/// Returns a literal as a spec writes it.
pub fn literal(literal: Literal) -> String {
    match literal {
        Literal::Bool(value) => value.to_string(),
        Literal::Int(value) => value.to_string(),
        Literal::Str(text) => format!("\"{text}\""),
    }
}

/// Returns what is set at creation, as a spec writes it.
pub fn fresh_words(fresh: Fresh) -> String {
    match fresh {
        Fresh::Empty => "[]".to_owned(),
        Fresh::Value(value) => literal(value),
    }
}

fn ticked(all: &[&str], last: &str) -> String {
    words::joined(&all.iter().map(|one| format!("`{one}`")).collect::<Vec<_>>(), last)
}

/// Returns a range as a sentence; an open end is left out.
fn ranged((low, high): (i64, i64), shape: &Shape) -> String {
    let unit = match shape {
        Shape::String | Shape::Arn | Shape::Cidr | Shape::Policy | Shape::Json | Shape::FilledJson => " characters",
        Shape::List(_) | Shape::Set(_) | Shape::Map(_) => " elements",
        Shape::Any | Shape::Bool | Shape::Int | Shape::Number | Shape::Block(_) => "",
    };
    match (low, high) {
        (i64::MIN, high) => format!("At most {high}{unit}."),
        (low, i64::MAX) => format!("At least {low}{unit}."),
        (low, high) => format!("From {low} to {high}{unit}."),
    }
}
