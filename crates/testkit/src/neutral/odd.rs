//! Graphs that no cloud has: any box in any other, empty containers, links from everything to
//! everything. What draws them must not lie either.

use super::{Edge, Neutral, Node};
use crate::dice::Dice;

const KINDS: &[&str] = &["region", "vpc", "az", "subnet", "resource", "external", "resource", "rack"];
const LINKS: &[&str] = &["request", "data", "event", "trust", "egress", "gossip"];

/// About `size` boxes in no sensible order.
pub fn odd(seed: u64, size: usize) -> Neutral {
    let mut dice = Dice(seed ^ 0x6f64_6421);
    let mut graph = Neutral::default();
    for n in 0..size {
        // A box in an earlier one, or in none; depth stays what one could look at.
        let parent = (n > 0 && !dice.one_in(6)).then(|| dice.below(n)).filter(|&p| depth(&graph, p) < 9);
        let kind = static_word(KINDS, &mut dice);
        let size = match dice.below(4) {
            0 => None,
            1 => Some((64.0, 64.0)),
            2 => Some((1.0 + dice.below(300) as f64, 1.0 + dice.below(120) as f64)),
            _ => Some((10.0 + dice.below(90) as f64 / 4.0, 40.0)),
        };
        let label = match dice.below(12) {
            0 => "a very long name that nobody would give and somebody did ".repeat(1 + dice.below(40)),
            1 => String::new(),
            2 => "\u{c0ac}\u{c6a9}\u{c790} <b>&\"\u{202e}\u{1f980}".to_owned(),
            _ => format!("n {n}"),
        };
        let parent = parent.map(|p| graph.nodes[p].id.clone());
        graph.nodes.push(Node { id: format!("n{n}"), parent, size, label, kind });
    }
    for n in 0..size + dice.below(size.max(1)) {
        let (from, to) = (dice.below(size), dice.below(size));
        let (from, to) = (graph.nodes[from].id.clone(), graph.nodes[to].id.clone());
        let kind = static_word(LINKS, &mut dice);
        graph.edges.push(Edge { id: format!("e{n}"), from, to, kind });
    }
    graph
}

fn depth(graph: &Neutral, at: usize) -> usize {
    let up = |at: &usize| {
        let parent = graph.nodes[*at].parent.as_ref()?;
        graph.nodes.iter().position(|node| node.id == *parent)
    };
    std::iter::successors(Some(at), up).count()
}

fn static_word(words: &'static [&'static str], dice: &mut Dice) -> &'static str {
    words[dice.below(words.len())]
}
