//! A second look at names that found no place, once all others stand: what of them fits into the room
//! that is left.
//!
//! In: the resources without a label or with a cut one, what is taken, and the sizes a name may have.
//! Out: labels, as many as can be. A whole name comes before a cut one and a large one before a small
//! one; each is tried below, a little aside, right and left, and rather on no line and no container's
//! side. A name is cut to no fewer letters than tell it.

use isobar_layout::Rect;

use super::Brush;
use super::labels::{self, NAME};
use super::names::Names;
use super::taken::Taken;
use crate::font::Weight;
use crate::geom::Xy;
use crate::scene::{Anchor, LabelPart, NodePart};
use crate::text;

/// A cut name shows as many characters, its ellipsis included.
const CUT: [usize; 3] = [11, 9, 7];
/// From a solid to the name beside it.
const GAP: f64 = 8.0;

/// Gives labels to those of `left` that have room for one.
pub(super) fn place(
    brush: &Brush<'_>,
    left: &[usize],
    parts: &mut [NodePart],
    names: &Names<'_>,
    taken: &mut Taken,
    sizes: [f64; 2],
) {
    // All first below their solids in their own room, so that no whole name takes the only room of two
    // others; then wherever there is room, and last all of those that were cut.
    for (own, whole) in [(true, false), (false, false), (false, true)] {
        for &at in left {
            let part = &parts[at];
            if part.label.as_ref().map_or(whole, |label| !whole || !is_cut(label)) {
                continue;
            }
            let look = Look { brush, names, at, own, cut: part.label.as_ref().map(|label| label.bounds) };
            let found = sizes.iter().find_map(|&scale| find(&look, part, taken, scale));
            if let Some(label) = found {
                taken.take_for(label.bounds, at);
                parts[at].label = Some(label);
            }
        }
    }
}

/// Whether there are letters of a name, and nothing else, that are left out.
pub(super) fn is_cut(label: &LabelPart) -> bool {
    label.names == label.lines.len() && label.lines.iter().any(|line| line.contains('…'))
}

/// What is looked for, and for whom.
struct Look<'a, 'b, 'c> {
    brush: &'a Brush<'b>,
    names: &'a Names<'c>,
    at: usize,
    /// Only in its own room below.
    own: bool,
    /// Where it is named already, but not in full: only all of its name, and at no worse a place.
    cut: Option<Rect>,
}

/// The best label of a size that covers nothing.
fn find(look: &Look<'_, '_, '_>, part: &NodePart, taken: &Taken, scale: f64) -> Option<LabelPart> {
    let &Look { brush, names, at, own, cut: known } = look;
    let node = &brush.blueprint.nodes[at];
    let (size, weight) = (NAME * scale, Weight::SemiBold);
    let room = (node.label_width * brush.camera.unit).max(44.0);
    let mut whole = vec![vec![part.name.clone()], text::wrap(brush.fonts, &part.name, size, weight, room)];
    whole.push(text::wrap(brush.fonts, &part.name, size, weight, 1.5 * room));
    whole.retain(|lines| !lines.iter().any(|line| line.is_empty() || line.contains('…')));
    whole.dedup();
    // One that is much wider than its place would seem to be a neighbour's.
    let most = if own { 1.1 * room } else { 2.0 * room };
    let fits = |lines: &Vec<String>| lines.iter().all(|line| brush.width(line, size, weight) <= most);
    whole.retain(fits);
    let mut told: Vec<Vec<String>> = names.told(at, &part.name).into_iter().map(|told| vec![told]).collect();
    let cuts = CUT.iter().map(|&count| vec![names.cut(&part.name, count)]);
    let mut cut: Vec<Vec<String>> = cuts.filter(|cut| cut[0] != part.name).collect();
    for texts in [&mut told, &mut cut] {
        texts.retain(|lines| fits(lines) && known.is_none());
    }
    // In isometric, names are upright and sides askew: there they cross often.
    let sides = !brush.camera.isometric();
    let worse = |bounds: &Rect| {
        known.is_some_and(|known| {
            sides && taken.off_borders(&known) && !taken.off_borders(bounds)
                || taken.off_lines(&known) && !taken.off_lines(bounds)
        })
    };
    let free = |place: &Place| {
        // A space keeps names apart, and one beside a solid is nearer to it than to others.
        let apart = |by: f64| Rect { x: place.bounds.x - by, w: place.bounds.w + 2.0 * by, ..place.bounds };
        let below = place.anchor == Anchor::Middle;
        let near = if below { 1.0 } else { 0.75 * GAP };
        (below || !own)
            && taken.free_for(&apart(near), at)
            && taken.off_words(&apart(0.25 * size), at)
            && (below || !taken.under_another(&place.bounds, at))
            && !worse(&place.bounds)
    };
    for texts in [&whole, &told, &cut] {
        let places = || texts.iter().flat_map(|lines| places(brush, part, lines, scale));
        let clear = |place: &Place| taken.off_lines(&place.bounds) && free(place);
        let within = places().find(|place| taken.off_borders(&place.bounds) && clear(place));
        let found = within
            .or_else(|| places().find(clear))
            .or_else(|| places().find(|place| place.anchor == Anchor::Middle && free(place)));
        if let Some(Place { lines, bounds, .. }) = found {
            return Some(LabelPart { names: lines.len(), lines: lines.to_vec(), bounds, scale });
        }
    }
    None
}

/// Where lines might lie.
struct Place<'a> {
    lines: &'a [String],
    bounds: Rect,
    /// In the middle below the solid, at its right or at its left.
    anchor: Anchor,
}

/// The places around a solid, the best first.
fn places<'a>(
    brush: &Brush<'_>,
    part: &NodePart,
    lines: &'a [String],
    scale: f64,
) -> impl Iterator<Item = Place<'a>> + use<'a> {
    let set = |at: Xy, anchor: Anchor| {
        let beside = anchor != Anchor::Middle;
        let bounds = labels::bounds(brush, at, anchor, lines, lines.len(), beside, scale);
        Place { lines, bounds, anchor }
    };
    let below = labels::below(brush, part, scale);
    let solid = part.bounds;
    let middle = set(below, Anchor::Middle);
    // As far aside as still lies under the solid.
    let step = ((middle.bounds.w - solid.w) / 2.0).max(0.36 * middle.bounds.w);
    let (right, left) = (solid.right() + GAP, solid.x - GAP);
    // A solid's middle, then its foot.
    let heights = [solid.center().y, solid.bottom() - 0.5 * NAME * scale];
    let sides = heights.map(|y| [set((right, y), Anchor::Start), set((left, y), Anchor::End)]);
    let shifted = [-step, step].map(|by| set((below.0 + by, below.1), Anchor::Middle));
    std::iter::once(middle).chain(shifted).chain(sides.into_iter().flatten())
}

#[cfg(test)]
mod tests {
    use isobar_layout::{Options, Projection};
    use isobar_testkit::estate;

    use super::*;
    use crate::paint;
    use crate::style::{PixelSize, Style};

    #[test]
    fn most_names_find_a_place_in_small_pictures() {
        let graph = estate::generate(3, 200);
        // Canvas, and how many of 200 are named at least; a single look finds 114, 182 and 200.
        for (projection, (w, h), least) in [
            (Projection::Isometric, (1600, 1000), 135),
            (Projection::Isometric, (2400, 1500), 190),
            (Projection::Flat, (1600, 1000), 195),
        ] {
            let options = Options { projection, ..Options::default() };
            let blueprint = isobar_layout::place(&estate::view(&graph), &options);
            let (width, height) = (PixelSize::new(w).ok(), PixelSize::new(h).ok());
            let scene = paint(&blueprint, &Style { width, height, ..Style::default() });
            let named: Vec<(&NodePart, &LabelPart)> =
                scene.nodes.iter().filter_map(|part| Some((part, part.label.as_ref()?))).collect();
            assert!(named.len() >= least, "{w} {projection:?}: {} names", named.len());
            for (at, (part, label)) in named.iter().enumerate() {
                let what = format!("{w} {projection:?}: {:?}", label.lines);
                assert!(label.scale * NAME * scene.zoom() > 7.9, "{what} is too small");
                let letters: usize = label.lines.iter().map(|line| line.chars().count()).sum();
                assert!(letters >= 6.min(part.name.chars().count()), "{what} says little");
                assert!(scene.page.contains(&label.bounds, 0.0), "{what} is off the page");
                for card in [scene.legend, scene.title_block].into_iter().flatten() {
                    assert!(!card.overlaps(&label.bounds, 0.5), "{what} is under a card");
                }
                for (other, there) in &named[at + 1..] {
                    assert!(!label.bounds.overlaps(&there.bounds, 0.5), "{what} on {:?}", there.lines);
                    assert!(!label.bounds.overlaps(&other.bounds, 0.5), "{what} on {}", other.name);
                    assert!(!there.bounds.overlaps(&part.bounds, 0.5), "{:?} on {}", there.lines, part.name);
                }
            }
        }
    }
}
