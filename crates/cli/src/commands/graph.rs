//! `lowtide graph`

use std::collections::BTreeMap;

use clap::{Args, ValueEnum};
use lowtide_engine::Loaded;
use lowtide_graph::Node as Declared;
use lowtide_plan::Imagined;
use lowtide_report::{
    graph::{Edge, Fate, Node},
    graph_dot, graph_mermaid,
};

use crate::{
    arguments::EnvironmentArgument,
    exit::Exit,
    shell::{Ended, Shell},
    workspace::Workspace,
};

/// Draw what needs what.
///
/// An arrow leads from a resource to what it refers to, and from a stack to what it requires. A dashed one leads to what a resource
/// stands on though it does not name it, such as the internet gateway of its network.
#[derive(Debug, Args)]
pub struct Graph {
    /// The stacks to draw; all when none is named.
    #[arg(value_name = "STACK")]
    stacks: Vec<String>,

    #[command(flatten)]
    chosen: EnvironmentArgument,

    /// The language of the drawing.
    #[arg(long, value_enum, default_value_t = Format::Dot)]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    /// Graphviz: lowtide graph | dot -Tsvg > graph.svg
    Dot,
    /// Mermaid, which many forges draw in Markdown.
    Mermaid,
}

impl Graph {
    pub fn run(self, shell: &Shell) -> Ended {
        let mut workspace = Workspace::open(shell, &self.chosen)?;
        let loaded = workspace.load(&self.stacks)?;
        let (nodes, edges) = drawn(&loaded, &workspace.engine.imagine(&loaded));
        let text = match self.format {
            Format::Dot => graph_dot(&nodes, &edges),
            Format::Mermaid => graph_mermaid(&nodes, &edges),
        };
        shell.console.data(&text)?;
        Ok(Exit::Done)
    }
}

/// Returns the resources and data sources of all stacks, and, where stacks require each other, the stacks themselves.
fn drawn(loaded: &[Loaded], imagined: &[Imagined]) -> (Vec<Node>, Vec<Edge>) {
    let (mut nodes, mut edges) = (Vec::new(), Vec::new());
    for (one, imagined) in loaded.iter().zip(imagined) {
        let stack = &one.key.stack;
        let mut numbers = BTreeMap::new();
        for declared in one.graph.in_order() {
            let Declared::Declared(address) = declared else { continue };
            numbers.insert(address, nodes.len());
            let id = format!("{stack}/{address}");
            nodes.push(Node { id, label: address.to_string(), group: Some(stack.clone()), fate: Fate::default() });
            let needed = one.graph.declarations_behind(declared);
            edges.extend(needed.into_iter().filter_map(|needed| Some(Edge::said(numbers[address], *numbers.get(needed)?))));
        }
        let unsaid = imagined.unsaid.iter().filter_map(|(from, to)| Some((*numbers.get(from)?, *numbers.get(to)?)));
        let unsaid: Vec<_> = unsaid.filter(|(from, to)| !edges.contains(&Edge::said(*from, *to))).collect();
        edges.extend(unsaid.into_iter().map(|(from, to)| Edge::unsaid(from, to)));
    }
    let requires = |one: &Loaded| one.configuration.stack.requires.iter().map(|(name, _)| name.to_string()).collect::<Vec<_>>();
    let mut stacks: BTreeMap<String, usize> = BTreeMap::new();
    let mut number = |name: &str, nodes: &mut Vec<Node>| {
        *stacks.entry(name.to_owned()).or_insert_with(|| {
            nodes.push(Node { id: name.to_owned(), label: format!("stack {name}"), group: None, fate: Fate::default() });
            nodes.len() - 1
        })
    };
    for one in loaded {
        for required in requires(one) {
            let (from, to) = (number(&one.key.stack, &mut nodes), number(&required, &mut nodes));
            edges.push(Edge::said(from, to));
        }
    }
    (nodes, edges)
}
