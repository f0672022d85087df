//! Points and rectangles on the floor, in floor units.

/// A point on the floor: x runs with the traffic, y across it.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Point {
    /// With the traffic, internet to data.
    pub x: f64,
    /// Across it, down the page in 2d.
    pub y: f64,
}

impl Point {
    /// A point.
    pub const fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// An axis-parallel rectangle on the floor.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Rect {
    /// The smaller x.
    pub x: f64,
    /// The smaller y.
    pub y: f64,
    /// Extent in x.
    pub w: f64,
    /// Extent in y.
    pub h: f64,
}

impl Rect {
    /// From its corner and extent.
    pub const fn new(x: f64, y: f64, w: f64, h: f64) -> Self {
        Self { x, y, w, h }
    }
    /// The square of half-width `half` around a point.
    pub fn around(center: Point, half: f64) -> Self {
        Self::new(center.x - half, center.y - half, 2.0 * half, 2.0 * half)
    }
    /// From one point to another.
    pub fn spanning(a: Point, b: Point) -> Self {
        Self::new(a.x.min(b.x), a.y.min(b.y), (a.x - b.x).abs(), (a.y - b.y).abs())
    }
    /// The larger x.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }
    /// The larger y.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }
    /// The middle.
    pub fn center(&self) -> Point {
        Point::new(self.x + self.w / 2.0, self.y + self.h / 2.0)
    }
    /// Whether two rectangles share more than a border; `slack` forgives rounding.
    pub fn overlaps(&self, other: &Self, slack: f64) -> bool {
        self.x + slack < other.right()
            && other.x + slack < self.right()
            && self.y + slack < other.bottom()
            && other.y + slack < self.bottom()
    }
    /// Whether `inner` lies within this one, borders included.
    pub fn contains(&self, inner: &Self, slack: f64) -> bool {
        inner.x >= self.x - slack
            && inner.y >= self.y - slack
            && inner.right() <= self.right() + slack
            && inner.bottom() <= self.bottom() + slack
    }
    /// The smallest rectangle around both.
    pub fn union(&self, other: &Self) -> Self {
        let (x, y) = (self.x.min(other.x), self.y.min(other.y));
        Self::new(x, y, self.right().max(other.right()) - x, self.bottom().max(other.bottom()) - y)
    }
}
