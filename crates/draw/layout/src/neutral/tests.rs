//! What is refused, and with which words; what is never left out.

use super::*;

fn node(id: &str, parent: &str) -> Node {
    let parent = (!parent.is_empty()).then(|| parent.to_owned());
    Node { id: id.to_owned(), parent, ..Node::default() }
}

fn link(id: &str, from: &str, to: &str) -> Link {
    Link { id: id.to_owned(), from: from.to_owned(), to: to.to_owned(), kind: None }
}

fn graph(nodes: &[(&str, &str)], edges: &[(&str, &str, &str)]) -> Neutral {
    Neutral {
        nodes: nodes.iter().map(|n| node(n.0, n.1)).collect(),
        edges: edges.iter().map(|e| link(e.0, e.1, e.2)).collect(),
    }
}

#[test]
fn what_is_wrong_is_said_with_its_name() {
    let cases: &[(Neutral, &str)] = &[
        (graph(&[("a", ""), ("a", "")], &[]), "two nodes have the id \"a\""),
        (graph(&[("a", "b")], &[]), "node \"a\" stands in \"b\", which is no node"),
        (graph(&[("a", "a")], &[]), "node \"a\" stands in itself, by way of its parents"),
        (
            graph(&[("z", "c"), ("c", "b"), ("b", "c")], &[]),
            "node \"b\" stands in itself, by way of its parents",
        ),
        (graph(&[("a", "")], &[("e", "a", "b")]), "edge \"e\" leads to \"b\", which is no node"),
        (graph(&[("a", "")], &[("e", "b", "a")]), "edge \"e\" leads from \"b\", which is no node"),
        (graph(&[("a", ""), ("b", "")], &[("e", "a", "b"), ("e", "b", "a")]), "two edges have the id \"e\""),
    ];
    for (graph, words) in cases {
        for lines in [Lines::Gathered, Lines::Each] {
            assert_eq!(place_neutral(graph, lines).expect_err(words).to_string(), *words);
        }
    }
}

#[test]
fn sides_depth_and_number_have_limits() {
    for side in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        let mut bad = graph(&[("a", "")], &[]);
        bad.nodes[0].w = Some(side);
        let words = place_neutral(&bad, Lines::Each).expect_err("a bad side").to_string();
        assert!(words.starts_with("node \"a\" has a side of"), "{words}");
    }
    let chain = |n: usize| Neutral {
        nodes: (0..n)
            .map(|k| node(&format!("n{k}"), &k.checked_sub(1).map(|p| format!("n{p}")).unwrap_or_default()))
            .collect(),
        edges: Vec::new(),
    };
    assert!(place_neutral(&chain(DEEPEST), Lines::Each).is_ok());
    let words = place_neutral(&chain(100_000), Lines::Each).expect_err("too deep").to_string();
    assert_eq!(words, format!("node \"n{}\" stands in more than {DEEPEST} others", DEEPEST + 1));
    let many = Neutral { nodes: vec![Node::default(); MOST_NODES + 1], edges: Vec::new() };
    let words = place_neutral(&many, Lines::Each).expect_err("too many").to_string();
    assert_eq!(words, "250001 nodes are too many; isobar places up to 250000");
}

#[test]
fn nothing_is_a_graph_too() {
    assert_eq!(place_neutral(&Neutral::default(), Lines::Gathered), Ok(Placed::default()));
}

#[test]
fn what_containment_shows_is_omitted_and_said() {
    let graph = graph(&[("v", ""), ("a", "v")], &[("1", "a", "a"), ("2", "v", "a"), ("3", "a", "v")]);
    let placed = place_neutral(&graph, Lines::Each).expect("a graph");
    let omitted: Vec<&str> = placed.omitted.iter().map(|o| o.id.as_str()).collect();
    assert_eq!((omitted, placed.edges.len()), (vec!["1", "2", "3"], 0));
}

#[test]
fn a_line_of_its_own_for_each_even_of_twins() {
    let graph = graph(&[("a", ""), ("b", "")], &[("1", "a", "b"), ("2", "a", "b"), ("3", "b", "a")]);
    let members = |lines| -> Vec<Vec<String>> {
        place_neutral(&graph, lines).expect("a graph").edges.into_iter().map(|e| e.members).collect()
    };
    assert_eq!(members(Lines::Each), [["1"], ["2"], ["3"]]);
    assert_eq!(members(Lines::Gathered), [vec!["1", "2"], vec!["3"]]);
}
