//! The least that can be said of a placed diagram: boxes in boxes, and lines.

/// An axis-parallel rectangle; y runs down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// The left edge.
    pub x: f64,
    /// The upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Rect {
    /// From its corner and extent.
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }
    /// Around two points.
    pub fn spanning(a: [f64; 2], b: [f64; 2]) -> Self {
        Self::new(a[0].min(b[0]), a[1].min(b[1]), (a[0] - b[0]).abs(), (a[1] - b[1]).abs())
    }
    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }
    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }
    /// The middle.
    pub fn center(&self) -> [f64; 2] {
        [self.x + self.w / 2.0, self.y + self.h / 2.0]
    }
    /// The smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self::new(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }
    pub(super) fn overlaps(&self, other: &Self, slack: f64) -> bool {
        self.x + slack < other.right()
            && other.x + slack < self.right()
            && self.y + slack < other.bottom()
            && other.y + slack < self.bottom()
    }
    pub(super) fn contains(&self, inner: &Self, slack: f64) -> bool {
        inner.x >= self.x - slack
            && inner.y >= self.y - slack
            && inner.right() <= self.right() + slack
            && inner.bottom() <= self.bottom() + slack
    }
    /// Whether a straight piece of line enters it further than `slack`.
    pub(super) fn crossed(&self, a: [f64; 2], b: [f64; 2], slack: f64) -> bool {
        // Liang and Barsky: the part of the piece that lies within each pair of edges.
        let low = [self.x + slack, self.y + slack];
        let high = [self.right() - slack, self.bottom() - slack];
        if low[0] >= high[0] || low[1] >= high[1] {
            return false;
        }
        let (mut from, mut to) = (0.0f64, 1.0f64);
        for axis in 0..2 {
            let d = b[axis] - a[axis];
            if d == 0.0 {
                if a[axis] <= low[axis] || a[axis] >= high[axis] {
                    return false;
                }
                continue;
            }
            let (t, u) = ((low[axis] - a[axis]) / d, (high[axis] - a[axis]) / d);
            from = from.max(t.min(u));
            to = to.min(t.max(u));
        }
        from < to
    }
}

/// What a box is to the scorer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// An icon: it holds nothing.
    Leaf,
    /// An innermost container, which foreign lines go around: a subnet, a stack, a group.
    Holder,
    /// A VPC.
    Vpc,
    /// Any other container.
    Frame,
}

/// A box.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// What it is called, the same in every picture of the same graph.
    pub id: String,
    /// The box around it, by position.
    pub parent: Option<usize>,
    /// Where it lies.
    pub rect: Rect,
    /// Where its name is written; in pieces where it does not lie flat.
    pub label: Vec<Rect>,
    /// What it is.
    pub sort: Sort,
    /// It may stand across the border of what holds it.
    pub on_border: bool,
    /// How far it is from the internet: 0 outside, 1 public, 2 application, 3 data.
    pub tier: Option<u8>,
}

/// A line between two boxes.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The box where it begins.
    pub from: usize,
    /// The box where it ends.
    pub to: usize,
    /// Its corners, ends included.
    pub points: Vec<[f64; 2]>,
}

/// A placed diagram.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picture {
    /// Boxes.
    pub items: Vec<Item>,
    /// Lines.
    pub lines: Vec<Line>,
    /// Around everything.
    pub bounds: Rect,
    /// How long the thirtieth part of a usual icon is; tolerances are told in it.
    pub grain: f64,
    /// Lines may begin and end inside an icon, not only on its border.
    pub ends_inside: bool,
}

impl Picture {
    /// Whether `outer` is the box itself or around it.
    pub fn is_in(&self, item: usize, outer: usize) -> bool {
        std::iter::successors(Some(item), |&at| self.items[at].parent).any(|at| at == outer)
    }

    /// Gives each container its sort: the names of VPCs are told by `is_vpc`, and a container whose
    /// members are all leaves is a holder.
    pub fn sort_containers(&mut self, is_vpc: impl Fn(&str) -> bool) {
        let mut holds_container = vec![false; self.items.len()];
        let mut holds = vec![false; self.items.len()];
        for item in &self.items {
            if let Some(parent) = item.parent {
                holds[parent] = true;
            }
        }
        for (at, item) in self.items.iter().enumerate() {
            if let Some(parent) = item.parent {
                holds_container[parent] |= holds[at] || item.sort != Sort::Leaf;
            }
        }
        for (at, item) in self.items.iter_mut().enumerate() {
            item.sort = match () {
                () if is_vpc(&item.id) && (holds[at] || item.sort != Sort::Leaf) => Sort::Vpc,
                () if holds_container[at] => Sort::Frame,
                () if holds[at] || item.sort != Sort::Leaf => Sort::Holder,
                () => Sort::Leaf,
            };
        }
    }

    /// The bounds of all boxes, labels and lines.
    pub fn measure_bounds(&mut self) {
        let boxes =
            self.items.iter().flat_map(|item| std::iter::once(&item.rect).chain(&item.label)).copied();
        let corners =
            self.lines.iter().flat_map(|line| &line.points).map(|p| Rect::new(p[0], p[1], 0.0, 0.0));
        self.bounds = boxes.chain(corners).reduce(|a, b| a.union(&b)).unwrap_or_default();
    }
}
