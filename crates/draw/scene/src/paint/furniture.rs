//! Legend and title block: what is in use, and what is shown of whom, since when, with a notice
//! when the scan behind it was partial.

use std::collections::BTreeSet;

use isobar_graph::{Family, Flow};
use isobar_layout::{OverlayKind, PlateKind, Rect};

use super::{Brush, polygon, shape, solid_line, words};
use crate::color::Color;
use crate::font::Weight;
use crate::geom::Xy;
use crate::scene::{Anchor, Item, Outline, PlatePart, Stroke};
use crate::text::clean;

/// A card in the making: measures are pixels at natural size from its upper left corner.
struct Card<'a, 'b> {
    brush: &'a Brush<'b>,
    at: Xy,
    scale: f64,
    items: Vec<Item>,
}

impl Card<'_, '_> {
    fn rect(&self, x: f64, y: f64, w: f64, h: f64) -> Rect {
        let s = self.scale;
        Rect::new(self.at.0 + x * s, self.at.1 + y * s, w * s, h * s)
    }
    fn point(&self, x: f64, y: f64) -> Xy {
        (self.at.0 + x * self.scale, self.at.1 + y * self.scale)
    }
    fn panel(&mut self, size: Xy) {
        let outline = Outline::Rect(self.rect(0.0, 0.0, size.0, size.1), 10.0 * self.scale);
        let (fill, line) = (self.brush.palette.card, self.brush.palette.card_line);
        self.items.push(shape(outline, Some(fill), Some(solid_line(line, self.scale))));
    }
    fn rule(&mut self, from: Xy, to: Xy) {
        let points = vec![self.point(from.0, from.1), self.point(to.0, to.1)];
        let line = solid_line(self.brush.palette.card_line, self.scale);
        self.items.push(shape(Outline::Line(points), None, Some(line)));
    }
    #[allow(clippy::too_many_arguments)]
    fn text(
        &mut self,
        at: Xy,
        text: &str,
        size: f64,
        weight: Weight,
        color: Color,
        anchor: Anchor,
        room: f64,
    ) {
        let text = self.brush.fitted(text, size, weight, room);
        let at = self.point(at.0, at.1);
        self.items.push(Item::Text(words(at, text, size * self.scale, weight, color, anchor)));
    }
}

const REGULAR: Weight = Weight::Regular;
const BOLD: Weight = Weight::SemiBold;
const START: Anchor = Anchor::Start;

/// What is shown, of whom.
pub(super) struct TitleBlock {
    /// The headline.
    pub(super) title: String,
    /// Pairs of heading and value, two to a row.
    pairs: Vec<(&'static str, String)>,
    /// Full rows: what was left out on request.
    rows: Vec<(&'static str, String)>,
    /// Lines of the notice of a partial scan.
    pub(super) notice: Vec<String>,
}

const WIDTH: f64 = 372.0;
const HEAD: f64 = 46.0;
const ROW: f64 = 41.0;
const WIDE_ROW: f64 = 26.0;
/// Gaps spelled out in the notice; the others are counted.
const SPELLED: usize = 3;

impl TitleBlock {
    pub(super) fn new(brush: &Brush<'_>) -> Self {
        let facts = &brush.blueprint.facts;
        let or = |text: &str, other: &str| {
            let text = clean(text);
            if text.is_empty() { other.to_owned() } else { text }
        };
        let things = if facts.total == 1 { "resource" } else { "resources" };
        // A recording that knows no times, such as CloudMapper's, says 1970.
        let scanned = facts.scanned.filter(|time| time.as_millis() > 0);
        let scanned = scanned.map_or_else(|| "unknown".to_owned(), |time| time.minute());
        let pairs = vec![
            ("Account", or(&facts.account, "unknown")),
            ("Region", or(&facts.region, "unknown")),
            ("Scanned (UTC)", scanned),
            ("Shown", format!("{} of {} {things}", grouped(facts.shown), grouped(facts.total))),
        ];
        let mut rows = Vec::new();
        if let Some(filter) = facts.filter.as_deref().map(clean).filter(|filter| !filter.is_empty()) {
            rows.push(("Filter", filter));
        }
        if !facts.excluded.is_empty() {
            let list: Vec<String> = facts.excluded.iter().map(|word| clean(word)).collect();
            rows.push(("Excluded", list.join(", ")));
        }
        let mut notice = Vec::new();
        if !facts.gaps.is_empty() {
            let count = facts.gap_count.max(facts.gaps.len());
            let gaps = if count == 1 { "1 gap".to_owned() } else { format!("{} gaps", grouped(count)) };
            notice.push(format!("Partial: the scan has {gaps}"));
            notice.extend(facts.gaps.iter().take(SPELLED).map(|gap| clean(gap)));
            if count > SPELLED {
                notice.push(format!("and {} more", grouped(count - SPELLED)));
            }
        }
        Self { title: or(&facts.title, "Untitled"), pairs, rows, notice }
    }

    /// Headings and values, as text formats list them.
    pub(super) fn facts(&self) -> Vec<(String, String)> {
        let all = self.pairs.iter().chain(&self.rows).map(|(k, v)| ((*k).to_owned(), v.clone()));
        std::iter::once((String::new(), self.title.clone())).chain(all).collect()
    }

    fn notice_height(&self) -> f64 {
        if self.notice.is_empty() { 0.0 } else { 22.0 + 17.0 * self.notice.len() as f64 }
    }

    /// At natural size.
    pub(super) fn size(&self) -> Xy {
        (WIDTH, HEAD + 2.0 * ROW + WIDE_ROW * self.rows.len() as f64 + self.notice_height())
    }

    pub(super) fn items(&self, brush: &Brush<'_>, at: Xy, scale: f64) -> Vec<Item> {
        let mut card = Card { brush, at, scale, items: Vec::new() };
        let (ink, muted) = (brush.palette.ink, brush.palette.muted);
        let size = self.size();
        card.panel(size);
        card.text((16.0, 29.0), &self.title, 17.0, BOLD, ink, START, WIDTH - 100.0);
        card.text((WIDTH - 16.0, 29.0), "isobar", 14.0, BOLD, muted, Anchor::End, 80.0);
        card.rule((0.0, HEAD), (WIDTH, HEAD));
        card.rule((WIDTH / 2.0, HEAD), (WIDTH / 2.0, HEAD + 2.0 * ROW));
        for (at, (heading, value)) in self.pairs.iter().enumerate() {
            let x = 16.0 + WIDTH / 2.0 * (at % 2) as f64;
            let y = HEAD + ROW * (at / 2) as f64;
            if at == 2 {
                card.rule((0.0, y), (WIDTH, y));
            }
            card.text((x, y + 16.0), heading, 10.5, REGULAR, muted, START, 150.0);
            card.text((x, y + 32.0), value, 13.0, BOLD, ink, START, WIDTH / 2.0 - 28.0);
        }
        let mut y = HEAD + 2.0 * ROW;
        for (heading, value) in &self.rows {
            card.rule((0.0, y), (WIDTH, y));
            card.text((16.0, y + 17.5), heading, 10.5, REGULAR, muted, START, 60.0);
            card.text((76.0, y + 17.5), value, 12.0, BOLD, ink, START, WIDTH - 92.0);
            y += WIDE_ROW;
        }
        if !self.notice.is_empty() {
            self.draw_notice(&mut card, y);
        }
        card.items
    }

    /// An amber strip along the card's foot: a triangle with a mark, what is missing beside it.
    fn draw_notice(&self, card: &mut Card<'_, '_>, y: f64) {
        let palette = &card.brush.palette;
        let (warning, ground, ink) = (palette.warning, palette.warning_card, palette.ink);
        let strip = Outline::Rect(
            card.rect(6.0, y + 2.0, WIDTH - 12.0, self.notice_height() - 8.0),
            6.0 * card.scale,
        );
        let edge = solid_line(warning, card.scale);
        card.items.push(shape(strip, Some(ground), Some(edge)));
        let triangle = [(24.0, y + 9.0), (31.5, y + 22.5), (16.5, y + 22.5)];
        let triangle = triangle.into_iter().map(|(x, y)| card.point(x, y)).collect();
        let line = Stroke { round: true, ..solid_line(warning, 1.6 * card.scale) };
        card.items.push(polygon(triangle, None, Some(line)));
        let bar = vec![card.point(24.0, y + 14.0), card.point(24.0, y + 17.5)];
        card.items.push(shape(Outline::Line(bar), None, Some(line)));
        let dot = Outline::Ellipse(card.point(24.0, y + 20.2), (0.9 * card.scale, 0.9 * card.scale));
        card.items.push(shape(dot, Some(warning), None));
        for (row, text) in self.notice.iter().enumerate() {
            let (size, weight, color) = if row == 0 { (13.0, BOLD, warning) } else { (11.0, REGULAR, ink) };
            let y = y + 21.0 + 17.0 * row as f64;
            card.text((40.0, y), text, size, weight, color, START, WIDTH - 60.0);
        }
    }
}

/// What a drawing of nothing says, and why there is nothing.
pub(super) fn empty(brush: &Brush<'_>, plates: &[PlatePart]) -> Vec<Item> {
    let facts = &brush.blueprint.facts;
    let (words_of, why) = if facts.total > 0 {
        ("Nothing to show", "The filter and the excluded types leave nothing.")
    } else if !facts.gaps.is_empty() {
        ("Nothing could be read", "The scan was not allowed to read what would stand here.")
    } else {
        ("Nothing here yet", "The scan found no resources that a diagram shows.")
    };
    let around = plates.iter().map(|plate| plate.bounds).reduce(|a, b| a.union(&b));
    let middle = around.unwrap_or(EMPTY).center();
    let (ink, muted) = (brush.palette.ink, brush.palette.muted);
    let line = |text: &str, y: f64, size, weight, color| {
        Item::Text(words((middle.x, middle.y + y), text, size, weight, color, Anchor::Middle))
    };
    vec![line(words_of, -4.0, 20.0, BOLD, ink), line(why, 18.0, 13.0, REGULAR, muted)]
}

/// What a drawing of nothing covers.
pub(super) const EMPTY: Rect = Rect { x: 0.0, y: 0.0, w: 360.0, h: 120.0 };

/// The notice of a picture too small for words: an amber triangle with a mark, of a side's length.
pub(super) fn partial_mark(brush: &Brush<'_>, at: Xy, side: f64) -> Vec<Item> {
    let palette = &brush.palette;
    let point = |x: f64, y: f64| (at.0 + x * side, at.1 + y * side);
    let line = Stroke { round: true, ..solid_line(palette.warning, 0.12 * side) };
    let triangle = vec![point(0.5, 0.06), point(0.96, 0.92), point(0.04, 0.92)];
    let dot = Outline::Ellipse(point(0.5, 0.78), (0.07 * side, 0.07 * side));
    vec![
        polygon(triangle, Some(palette.warning_card), Some(line)),
        shape(Outline::Line(vec![point(0.5, 0.36), point(0.5, 0.6)]), None, Some(line)),
        shape(dot, Some(palette.warning), None),
    ]
}

/// `12345` as `12,345`.
fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// What is in use, and nothing else.
pub(super) struct Legend {
    families: Vec<Family>,
    flows: Vec<Flow>,
    tiers: Vec<(PlateKind, &'static str)>,
    outlines: Vec<OverlayKind>,
}

const LINE: f64 = 21.0;

/// The containers that a legend explains.
pub const NAMED_PLATES: [(PlateKind, &str); 5] = [
    (PlateKind::Zone, "availability zone"),
    (PlateKind::PublicSubnet, "public subnet"),
    (PlateKind::PrivateSubnet, "private subnet"),
    (PlateKind::IsolatedSubnet, "isolated subnet"),
    (PlateKind::Stack, "many alike"),
];

/// What a legend calls a line.
pub fn flow_name(flow: Flow) -> &'static str {
    match flow {
        Flow::Request => "request",
        Flow::Data => "data access",
        Flow::Event => "event, async",
        Flow::Egress => "egress",
        Flow::Trust => "trust, encryption",
    }
}

impl Legend {
    pub(super) fn new(brush: &Brush<'_>) -> Self {
        let families: BTreeSet<Family> = brush.blueprint.nodes.iter().map(|node| node.family).collect();
        let flows: BTreeSet<Flow> = brush.blueprint.edges.iter().map(|edge| edge.flow).collect();
        let kinds: BTreeSet<PlateKind> = brush.blueprint.plates.iter().map(|plate| plate.kind).collect();
        let outlines: BTreeSet<OverlayKind> = brush.blueprint.outlines.iter().map(|one| one.kind).collect();
        Self {
            families: families.into_iter().filter(|&family| family != Family::Neutral).collect(),
            flows: flows.into_iter().collect(),
            tiers: NAMED_PLATES.into_iter().filter(|(kind, _)| kinds.contains(kind)).collect(),
            outlines: outlines.into_iter().collect(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.families.is_empty() && self.right_rows() == 0
    }

    fn right_rows(&self) -> usize {
        self.flows.len() + self.tiers.len() + self.outlines.len()
    }

    /// At natural size.
    pub(super) fn size(&self) -> Xy {
        let rows = self.families.len().max(self.right_rows()) as f64;
        let gap = if self.flows.is_empty() || self.tiers.is_empty() { 0.0 } else { 6.0 };
        let width = match (self.families.is_empty(), self.right_rows()) {
            (false, 0) => 150.0,
            (true, _) => 190.0,
            (false, _) => 312.0,
        };
        let width = width + if self.outlines.is_empty() { 0.0 } else { 14.0 };
        (width, rows * LINE + 22.0 + gap)
    }

    pub(super) fn items(&self, brush: &Brush<'_>, at: Xy, scale: f64) -> Vec<Item> {
        let mut card = Card { brush, at, scale, items: Vec::new() };
        card.panel(self.size());
        let ink = brush.palette.ink;
        for (row, &family) in self.families.iter().enumerate() {
            let y = 22.0 + LINE * row as f64;
            let swatch = Outline::Rect(card.rect(16.0, y - 7.0, 14.0, 14.0), 4.0 * scale);
            card.items.push(shape(swatch, Some(brush.palette.family(family)), None));
            card.text((40.0, y + 4.5), family.as_str(), 12.5, REGULAR, ink, START, 100.0);
        }
        let x = if self.families.is_empty() { 16.0 } else { 142.0 };
        let mut y = 22.0;
        for &flow in &self.flows {
            let color = super::edges::color(brush, flow);
            let (dash, round) = super::edges::dash(flow, scale);
            let points = vec![card.point(x, y), card.point(x + 33.0, y)];
            let line = Stroke { color, width: 2.2 * scale, opacity: 1.0, dash, round };
            card.items.push(shape(Outline::Line(points), None, Some(line)));
            let head = [(x + 42.0, y), (x + 32.0, y - 4.5), (x + 34.5, y), (x + 32.0, y + 4.5)];
            let head = head.into_iter().map(|(x, y)| card.point(x, y)).collect();
            card.items.push(polygon(head, Some(color), None));
            card.text((x + 54.0, y + 4.5), flow_name(flow), 12.5, REGULAR, ink, START, 120.0);
            y += LINE;
        }
        if !self.flows.is_empty() && !self.tiers.is_empty() {
            y += 6.0;
        }
        for &(kind, name) in &self.tiers {
            let tint = brush.palette.plate(kind);
            let swatch = Outline::Rect(card.rect(x + 12.0, y - 7.0, 30.0, 14.0), 4.0 * scale);
            let dash = tint.dash.map(|_| "4 3");
            let line = Stroke { dash, ..solid_line(tint.line, 1.2 * scale) };
            card.items.push(shape(swatch, tint.fill, Some(line)));
            card.text((x + 54.0, y + 4.5), name, 12.5, REGULAR, ink, START, 120.0);
            y += LINE;
        }
        for &kind in &self.outlines {
            let swatch = Outline::Rect(card.rect(x + 12.0, y - 7.0, 30.0, 14.0), 4.0 * scale);
            card.items.push(shape(swatch, None, Some(super::outlines::stroke(brush, kind, scale))));
            card.text((x + 54.0, y + 4.5), kind.name(), 12.5, REGULAR, ink, START, 120.0);
            y += LINE;
        }
        card.items
    }
}
