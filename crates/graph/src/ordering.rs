//! Things in an order in which each comes after what it needs.

use petgraph::{
    Direction,
    algo::{tarjan_scc, toposort},
    graph::{DiGraph, NodeIndex},
    visit::Bfs,
};

/// Things by number, and which needs which.
#[derive(Clone, Debug, Default)]
pub struct Ordering {
    graph: DiGraph<(), ()>,
}

impl Ordering {
    /// Returns an ordering of this many things that need nothing yet.
    pub fn of(count: usize) -> Self {
        let mut graph = DiGraph::with_capacity(count, count);
        (0..count).for_each(|_| {
            graph.add_node(());
        });
        Self { graph }
    }

    /// Says that one thing needs another.
    pub fn needs(&mut self, one: usize, other: usize) {
        self.graph.update_edge(NodeIndex::new(other), NodeIndex::new(one), ());
    }

    /// Returns all things, each after what it needs.
    ///
    /// # Errors
    /// Returns a shortest cycle, each needing the next and the last the first.
    pub fn sorted(&self) -> Result<Vec<usize>, Vec<usize>> {
        toposort(&self.graph, None).map(|order| order.into_iter().map(NodeIndex::index).collect()).map_err(|_| self.cycle())
    }

    /// Returns what a thing needs itself.
    pub fn needed_by(&self, one: usize) -> impl Iterator<Item = usize> + '_ {
        self.graph.neighbors_directed(NodeIndex::new(one), Direction::Incoming).map(NodeIndex::index)
    }

    /// Returns what needs a thing itself.
    pub fn dependants(&self, one: usize) -> impl Iterator<Item = usize> + '_ {
        self.graph.neighbors(NodeIndex::new(one)).map(NodeIndex::index)
    }

    /// Returns everything that a thing needs, directly or not, itself included.
    pub fn closure(&self, from: impl IntoIterator<Item = usize>) -> Vec<bool> {
        let mut reached = vec![false; self.graph.node_count()];
        let mut open: Vec<_> = from.into_iter().collect();
        while let Some(one) = open.pop() {
            if !std::mem::replace(&mut reached[one], true) {
                open.extend(self.needed_by(one));
            }
        }
        reached
    }

    fn cycle(&self) -> Vec<usize> {
        let looped = tarjan_scc(&self.graph).into_iter().find(|part| part.len() > 1 || self.graph.contains_edge(part[0], part[0]));
        let Some(part) = looped else { return Vec::new() };
        let start = part.iter().min().copied().unwrap_or(part[0]);
        // Breadth first along "needs" until the way leads back: no cycle through `start` is shorter.
        let reversed = petgraph::visit::Reversed(&self.graph);
        let mut came_from = vec![None; self.graph.node_count()];
        let mut walk = Bfs::new(reversed, start);
        while let Some(node) = walk.next(reversed) {
            for needed in self.graph.neighbors_directed(node, Direction::Incoming) {
                if needed == start {
                    let mut path = vec![node.index()];
                    let mut at = node;
                    while let Some(previous) = came_from[at.index()] {
                        path.push(NodeIndex::index(previous));
                        at = previous;
                    }
                    path.reverse();
                    return path;
                }
                if came_from[needed.index()].is_none() {
                    came_from[needed.index()] = Some(node);
                }
            }
        }
        vec![start.index()]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn each_comes_after_what_it_needs_or_there_is_a_cycle(edges in prop::collection::vec((0usize..12, 0usize..12), 0..30)) {
            let mut ordering = Ordering::of(12);
            for (one, other) in &edges {
                ordering.needs(*one, *other);
            }
            match ordering.sorted() {
                Ok(order) => {
                    let at = |thing: usize| order.iter().position(|one| *one == thing);
                    prop_assert!(edges.iter().all(|(one, other)| at(*other) < at(*one)));
                }
                Err(cycle) => {
                    prop_assert!(!cycle.is_empty());
                    for (at, one) in cycle.iter().enumerate() {
                        let next = cycle[(at + 1) % cycle.len()];
                        prop_assert!(edges.contains(&(*one, next)), "{cycle:?}");
                    }
                }
            }
        }
    }
}
