//! The facts on a kind as a table: what a change of each attribute does, what it is when it is not given, whether it is read.

use lowtide_model::{Attribute, Description, Need, Removed, Transition};

use super::{facts, in_order};

/// Returns the attributes of a kind as a Markdown table. What is in a block is listed where it differs from its block.
pub fn facts_markdown(description: &Description) -> String {
    let mut out = "| attribute | a change | refused | not given | read back |\n|---|---|---|---|---|\n".to_owned();
    gather(description.inputs, "", description.transitions, &mut out);
    out
}

fn gather(rows: &'static [Attribute], within: &str, transitions: &[Transition], out: &mut String) {
    for row in in_order(rows) {
        let path = format!("{within}{}", row.name);
        let refused: Vec<_> = transitions.iter().filter(|one| one.attribute == path).map(|one| one.refuses).collect();
        let says = [change(row), refused.join("; "), absent(row), read_back(row)];
        let plain = row.replaces || row.unread || row.computed() || matches!(row.need, Need::Default(_)) || row.fresh.is_some();
        if within.is_empty() || plain {
            out.push_str(&format!("| `{path}` | {} |\n", says.join(" | ")));
        }
        gather(row.shape.block().unwrap_or_default(), &format!("{path}."), transitions, out);
    }
}

fn change(row: &Attribute) -> String {
    if let Some((from, to)) = row.one_way {
        return format!("in place; a new one from `{from}` to `{to}`");
    }
    match row.removed {
        _ if row.replaces || row.identity || row.parent => "a new one",
        _ if row.option => "nothing: it says how an operation is done",
        Removed::Replaces => "in place; a new one when it is taken away",
        Removed::Clear | Removed::Keep => "in place",
    }
    .to_owned()
}

fn absent(row: &Attribute) -> String {
    match (row.need, row.fresh) {
        (Need::Required, _) => "must be given".to_owned(),
        (Need::Default(default), _) => format!("`{}`, ours", facts::literal(default)),
        (Need::Optional, Some(fresh)) => format!("`{}`, ours, at creation only", facts::fresh_words(fresh)),
        (Need::Optional, None) if row.computed() => "AWS decides".to_owned(),
        (Need::Optional, None) => "left alone".to_owned(),
    }
}

fn read_back(row: &Attribute) -> String {
    match (row.unread, row.option, row.owned_elsewhere) {
        (true, ..) => "never: AWS does not show it".to_owned(),
        (_, true, _) => "never: AWS is not told of it".to_owned(),
        (_, _, Some(owner)) => format!("when it is given; else `{owner}` owns it"),
        (false, false, None) => "yes".to_owned(),
    }
}
