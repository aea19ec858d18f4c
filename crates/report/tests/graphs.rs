//! Graphs.

use insta::assert_snapshot;
use lowtide_report::{
    graph::{Edge, Fate, Node},
    graph_dot, graph_mermaid,
};

fn graph() -> (Vec<Node>, Vec<Edge>) {
    let node =
        |id: &str, group: Option<&str>, fate| Node { id: id.to_owned(), label: id.to_owned(), group: group.map(str::to_owned), fate };
    let nodes = vec![
        node("aws_vpc.main", Some("base"), Fate::Stays),
        node("aws_subnet.public[\"a\"]", Some("base"), Fate::Created),
        node("aws_lb.main", Some("run<time>"), Fate::Replaced),
        node("data.aws_region.here", None, Fate::Read),
    ];
    (nodes, vec![Edge::said(1, 0), Edge::said(2, 1), Edge::unsaid(2, 0), Edge::said(2, 9)])
}

#[test]
fn dot_boxes_stacks_and_escapes() {
    let (nodes, edges) = graph();
    assert_snapshot!(graph_dot(&nodes, &edges));
}

#[test]
fn mermaid_boxes_stacks_and_escapes() {
    let (nodes, edges) = graph();
    assert_snapshot!(graph_mermaid(&nodes, &edges));
}
