//! What the placement knows before it measures anything: who is in what, who is linked to whom,
//! and how far along the traffic each resource lies.

use std::cell::RefCell;
use std::collections::BTreeMap;

use isobar_graph::{ContainerKind, Family, Flow, Index, Resource, View};

use isobar_model::ResourceId;

use crate::blueprint::{Detail, Lines, Options};
use crate::geometry::Point;
use crate::hint::Hint;
use crate::metrics::{LABEL_GAP, Metrics, text_width};

/// The view, sorted out.
pub(crate) struct Plan<'v, 'g> {
    pub view: &'v View<'g>,
    pub metrics: Metrics,
    pub detail: Detail,
    /// Whether this is one of our own pictures: the neutral dump is compared with other engines' and
    /// keeps its distances and its arrangement.
    pub own: bool,
    pub hint: Option<&'v Hint>,
    tape: RefCell<Tape>,
    /// Which links become lines.
    pub lines: Lines,
    /// Room for names where it is given instead of measured.
    label_widths: &'v BTreeMap<ResourceId, f64>,
    /// Shown members of each container, by position in the graph; roots excluded.
    children: Vec<Vec<Index>>,
    /// Shown resources without a shown container.
    pub roots: Vec<Index>,
    /// How many steps of traffic lead to a resource.
    rank: Vec<u32>,
    /// Neighbours over request, data and event lines: (other, whether the line leads there).
    near: Vec<Vec<(Index, bool)>>,
    /// How many trust lines touch a resource.
    trust: Vec<u32>,
}

impl<'v, 'g> Plan<'v, 'g> {
    pub(crate) fn new(
        view: &'v View<'g>,
        options: &'v Options,
        hint: Option<&'v Hint>,
        metrics: Metrics,
        tape: Tape,
    ) -> Self {
        let count = view.graph.resources().len();
        let mut shown = vec![false; count];
        for at in &view.shown {
            shown[at.at()] = true;
        }
        let mut plan = Self {
            view,
            metrics,
            detail: options.detail,
            own: options.metrics.is_none(),
            lines: options.lines,
            hint,
            label_widths: &options.label_widths,
            tape: RefCell::new(tape),
            children: vec![Vec::new(); count],
            roots: Vec::new(),
            rank: vec![0; count],
            near: vec![Vec::new(); count],
            trust: vec![0; count],
        };
        for &at in &view.shown {
            match nearest_shown(view, &shown, at) {
                Some(container) => plan.children[container.at()].push(at),
                None => plan.roots.push(at),
            }
        }
        for link in &view.links {
            if link.flow == Flow::Trust {
                plan.trust[link.from.at()] += 1;
                plan.trust[link.to.at()] += 1;
            } else if link.flow != Flow::Egress {
                plan.near[link.from.at()].push((link.to, true));
                plan.near[link.to.at()].push((link.from, false));
            }
        }
        plan.rank = ranks(&plan.near, &view.shown);
        plan
    }

    pub(crate) fn get(&self, at: Index) -> &'g Resource {
        self.view.graph.get(at)
    }
    pub(crate) fn children(&self, of: Index) -> &[Index] {
        &self.children[of.at()]
    }
    /// Containers of a kind directly in another.
    pub(crate) fn containers(&self, of: Index, kind: ContainerKind) -> Vec<Index> {
        self.children(of).iter().copied().filter(|&at| self.get(at).container == Some(kind)).collect()
    }
    /// Resources directly in a container, by what they are for, then type, then name: nothing outside
    /// of the container has a say.
    pub(crate) fn leaves(&self, of: Index) -> Vec<Index> {
        let mut leaves: Vec<Index> =
            self.children(of).iter().copied().filter(|&at| self.get(at).container.is_none()).collect();
        self.sort(&mut leaves);
        leaves
    }
    /// As they stood in an earlier picture, new ones last.
    pub(crate) fn sort(&self, leaves: &mut [Index]) {
        leaves.sort_by(|&a, &b| {
            let (x, y) = (self.get(a), self.get(b));
            (self.step(a), &x.component)
                .cmp(&(self.step(b), &y.component))
                .then_with(|| natural(&x.name, &y.name))
                .then_with(|| x.id.cmp(&y.id))
        });
        leaves.sort_by(|&a, &b| self.earlier(a, b));
    }
    /// About how far along the traffic resources of a family lie.
    pub(crate) fn step(&self, at: Index) -> u8 {
        match self.get(at).family {
            Family::Edge => 0,
            Family::Network => 1,
            Family::Compute => 2,
            Family::Integration | Family::Neutral => 3,
            Family::Database | Family::Storage => 4,
            Family::Security => 5,
        }
    }
    /// In the order of traffic, then type, then name, whatever an earlier picture says.
    pub(crate) fn sort_anew(&self, leaves: &mut [Index]) {
        leaves.sort_by(|&a, &b| {
            let (x, y) = (self.get(a), self.get(b));
            (self.rank(a), &x.component)
                .cmp(&(self.rank(b), &y.component))
                .then_with(|| natural(&x.name, &y.name))
                .then_with(|| x.id.cmp(&y.id))
        });
    }
    /// Where a resource stood in an earlier picture.
    pub(crate) fn stood(&self, at: Index) -> Option<Point> {
        self.hint?.place(&self.get(at).id)
    }
    /// Row by row as they stood; new ones after all others.
    pub(crate) fn earlier(&self, a: Index, b: Index) -> std::cmp::Ordering {
        let key = |at: Index| self.stood(at).map(|p| (p.y, p.x));
        match (key(a), key(b)) {
            (Some(a), Some(b)) => a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
    pub(crate) fn rank(&self, at: Index) -> u32 {
        self.rank[at.at()]
    }
    pub(crate) fn near(&self, at: Index) -> &[(Index, bool)] {
        &self.near[at.at()]
    }
    pub(crate) fn trust(&self, at: Index) -> u32 {
        self.trust[at.at()]
    }
    /// A choice of the plan: how many columns, in which order, at which width. Made once, with the
    /// distances of the leading projection, and kept for the other, so that both show one
    /// arrangement.
    pub(crate) fn choose(&self, choice: impl FnOnce() -> Vec<f64>) -> Vec<f64> {
        if let Some(made) = self.tape.borrow_mut().replay() {
            return made;
        }
        let made = choice();
        self.tape.borrow_mut().made.push(made.clone());
        made
    }
    /// Whether this is the projection for which the choices are made.
    pub(crate) fn leads(&self) -> bool {
        self.tape.borrow().next.is_none()
    }
    /// What was chosen, to place the same again.
    pub(crate) fn into_tape(self) -> Tape {
        Tape { made: self.tape.into_inner().made, next: Some(0) }
    }
    /// The distance columns need for a resource's name, of up to about eighteen letters.
    pub(crate) fn pitch(&self, at: Index) -> f64 {
        let resource = self.get(at);
        let width = self.label_widths.get(&resource.id).copied();
        let width = width.unwrap_or_else(|| text_width(&resource.name));
        (width + LABEL_GAP).clamp(self.metrics.pitch_x, self.metrics.pitch_x_max)
    }
    pub(crate) fn service(&self, at: Index) -> &'g str {
        self.get(at).kind.split(':').next().unwrap_or_default()
    }
}

/// The choices of a plan in the order in which they were made.
#[derive(Debug, Default)]
pub(crate) struct Tape {
    made: Vec<Vec<f64>>,
    /// The next choice to give again; none while choosing.
    next: Option<usize>,
}

impl Tape {
    fn replay(&mut self) -> Option<Vec<f64>> {
        let at = self.next?;
        self.next = Some(at + 1);
        Some(self.made.get(at).cloned().unwrap_or_default())
    }
}

/// Resources whose names differ by a number only stand in the order of the number.
pub(crate) fn natural(a: &str, b: &str) -> std::cmp::Ordering {
    let split = |text: &str| {
        let stem = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = text[stem.len()..].parse::<u64>().unwrap_or(0);
        (stem.to_owned(), number, text.to_owned())
    };
    split(a).cmp(&split(b))
}

/// A name without the number, zone letter or generated tail that tells like resources apart.
pub(crate) fn stem(name: &str) -> &str {
    let mut text = name;
    while let Some(cut) = text.rfind(['-', '_', '.', ' ']) {
        let tail = &text[cut + 1..];
        let generated =
            tail.chars().all(|c| c.is_ascii_hexdigit()) && tail.chars().any(|c| c.is_ascii_digit());
        let zone = tail.len() == 1 || tail.len() == 2 && tail.as_bytes()[0].is_ascii_digit();
        if cut == 0 || !(tail.is_empty() || generated || zone) {
            break;
        }
        text = &text[..cut];
    }
    let bare = text.trim_end_matches(|c: char| c.is_ascii_digit());
    if bare.is_empty() { text } else { bare }
}

fn nearest_shown(view: &View<'_>, shown: &[bool], of: Index) -> Option<Index> {
    let mut at = view.graph.get(of).parent;
    for _ in 0..16 {
        let container = at?;
        let resource = view.graph.get(container);
        if shown[container.at()] && resource.container.is_some() {
            return Some(container);
        }
        at = resource.parent;
    }
    None
}

/// Length of the longest path of traffic to each resource; lines that close a cycle do not count.
pub(crate) fn ranks(near: &[Vec<(Index, bool)>], among: &[Index]) -> Vec<u32> {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        New,
        Open,
        Done,
    }
    let mut mark = vec![Mark::New; near.len()];
    let mut finished: Vec<Index> = Vec::with_capacity(among.len());
    let mut back: std::collections::HashSet<(Index, Index)> = std::collections::HashSet::new();
    for &start in among {
        if mark[start.at()] != Mark::New {
            continue;
        }
        mark[start.at()] = Mark::Open;
        let mut path = vec![(start, 0usize)];
        while let Some((at, next)) = path.last_mut() {
            let at = *at;
            match near[at.at()].get(*next) {
                Some(&(to, ahead)) => {
                    *next += 1;
                    if !ahead {
                        continue;
                    }
                    match mark[to.at()] {
                        Mark::New => {
                            mark[to.at()] = Mark::Open;
                            path.push((to, 0));
                        }
                        Mark::Open => {
                            back.insert((at, to));
                        }
                        Mark::Done => {}
                    }
                }
                None => {
                    mark[at.at()] = Mark::Done;
                    finished.push(at);
                    path.pop();
                }
            }
        }
    }
    let mut rank = vec![0u32; near.len()];
    for &at in finished.iter().rev() {
        for &(to, ahead) in &near[at.at()] {
            if ahead && !back.contains(&(at, to)) {
                rank[to.at()] = rank[to.at()].max(rank[at.at()] + 1);
            }
        }
    }
    rank
}
