//! Graphs as dot and mermaid, each stack in a box of its own.

use std::collections::BTreeMap;

/// What a plan does to a node; it gives the node its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fate {
    /// Nothing, or no plan was made.
    #[default]
    Stays,
    /// It is created or taken on.
    Created,
    /// It is changed in place.
    Updated,
    /// It is replaced.
    Replaced,
    /// It is destroyed.
    Destroyed,
    /// It is read.
    Read,
}

/// A node.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// What tells it apart: an address.
    pub id: String,
    /// What stands in it.
    pub label: String,
    /// The box it stands in: a stack; none for nodes outside all boxes.
    pub group: Option<String>,
    /// What happens to it.
    pub fate: Fate,
}

/// An arrow from one node to another, by their numbers: the one needs the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// What needs.
    pub from: usize,
    /// What is needed.
    pub to: usize,
    /// Whether the spec says so. What it does not say follows from what the two are.
    pub said: bool,
}

impl Edge {
    /// Returns an edge that the spec says.
    pub fn said(from: usize, to: usize) -> Self {
        Self { from, to, said: true }
    }

    /// Returns an edge that nobody writes.
    pub fn unsaid(from: usize, to: usize) -> Self {
        Self { from, to, said: false }
    }
}

impl Fate {
    /// Returns the colours of its border and its inside.
    fn colours(self) -> Option<(&'static str, &'static str, &'static str)> {
        match self {
            Self::Stays => None,
            Self::Created => Some(("created", "#1a7f37", "#dafbe1")),
            Self::Updated => Some(("updated", "#9a6700", "#fff8c5")),
            Self::Replaced => Some(("replaced", "#8250df", "#fbefff")),
            Self::Destroyed => Some(("destroyed", "#cf222e", "#ffebe9")),
            Self::Read => Some(("read", "#0969da", "#ddf4ff")),
        }
    }
}

/// Returns a graph in Graphviz's language. What nobody writes is dashed.
pub fn graph_dot(nodes: &[Node], edges: &[Edge]) -> String {
    let mut out = String::from(
        "digraph lowtide {\n  rankdir = \"LR\"\n  node [shape = \"box\", style = \"rounded,filled\", fillcolor = \"white\", fontname = \"sans-serif\"]\n",
    );
    for (number, (group, members)) in grouped(nodes).into_iter().enumerate() {
        let indent = if group.is_some() { "    " } else { "  " };
        if let Some(group) = group {
            out.push_str(&format!("  subgraph cluster_{number} {{\n    label = {}\n    color = \"#8c959f\"\n", dot_text(group)));
        }
        for node in members.iter().filter_map(|at| nodes.get(*at)) {
            let colours = node.fate.colours().map(|(_, border, inside)| format!(", color = \"{border}\", fillcolor = \"{inside}\""));
            let colours = colours.unwrap_or_default();
            out.push_str(&format!("{indent}{} [label = {}{colours}]\n", dot_text(&node.id), dot_text(&node.label)));
        }
        if group.is_some() {
            out.push_str("  }\n");
        }
    }
    for edge in ends(nodes, edges) {
        let style = if edge.said { "" } else { " [style = \"dashed\"]" };
        out.push_str(&format!("  {} -> {}{style}\n", dot_text(&nodes[edge.from].id), dot_text(&nodes[edge.to].id)));
    }
    out + "}\n"
}

/// Returns a graph in mermaid's language. What nobody writes is dashed.
pub fn graph_mermaid(nodes: &[Node], edges: &[Edge]) -> String {
    let mut out = String::from("flowchart LR\n");
    for (number, (group, members)) in grouped(nodes).into_iter().enumerate() {
        let indent = if group.is_some() { "    " } else { "  " };
        if let Some(group) = group {
            out.push_str(&format!("  subgraph g{number}[{}]\n", mermaid_text(group)));
        }
        for at in &members {
            let class = nodes[*at].fate.colours().map(|(class, ..)| format!(":::{class}")).unwrap_or_default();
            out.push_str(&format!("{indent}n{at}[{}]{class}\n", mermaid_text(&nodes[*at].label)));
        }
        if group.is_some() {
            out.push_str("  end\n");
        }
    }
    for Edge { from, to, said } in ends(nodes, edges) {
        let arrow = if said { "-->" } else { "-.->" };
        out.push_str(&format!("  n{from} {arrow} n{to}\n"));
    }
    let mut classes: Vec<_> = nodes.iter().filter_map(|node| node.fate.colours()).collect();
    classes.sort_unstable();
    classes.dedup();
    for (class, border, inside) in classes {
        out.push_str(&format!("  classDef {class} stroke:{border},fill:{inside},color:#1f2328\n"));
    }
    out
}

/// Returns the nodes' numbers by group, those without one first.
fn grouped(nodes: &[Node]) -> BTreeMap<Option<&str>, Vec<usize>> {
    let mut groups: BTreeMap<Option<&str>, Vec<usize>> = BTreeMap::new();
    for (at, node) in nodes.iter().enumerate() {
        groups.entry(node.group.as_deref()).or_default().push(at);
    }
    groups
}

/// Returns the edges between nodes that are there.
fn ends(nodes: &[Node], edges: &[Edge]) -> impl Iterator<Item = Edge> {
    edges.iter().copied().filter(|edge| edge.from < nodes.len() && edge.to < nodes.len())
}

fn dot_text(text: &str) -> String {
    let escaped = text.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    format!("\"{}\"", crate::clean::line(&escaped))
}

fn mermaid_text(text: &str) -> String {
    let escaped = text.replace('&', "&amp;").replace('#', "#35;").replace('"', "#quot;").replace('<', "&lt;").replace('>', "&gt;");
    format!("\"{}\"", crate::clean::line(&escaped.replace('\n', "<br>")))
}
