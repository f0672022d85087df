//! Stacks: which resources are drawn as one, by which rule, and how their members stand.
//!
//! In: resources that stand in one place. Out: sets of like ones with a title and a rule in words.
//! Which lines end at a stack is left to the lines.

use std::collections::{BTreeMap, HashSet};

use isobar_graph::Index;

use crate::block::{Block, Spec};
use crate::blueprint::{Detail, FOOTPRINT, PlateKind};
use crate::geometry::Rect;
use crate::hint::slots;
use crate::metrics::{Metrics, Pads, text_width};
use crate::plan::{Plan, stem};
use crate::subnet::grid;
use crate::vpc::roomy;

/// From so many like resources on, they become a stack of small members, whatever their lines.
const STACK_FROM: usize = 13;
/// In a summary.
const SUMMARY_FROM: usize = 3;
/// From so many on, resources whose lines all say the same are framed at full size.
const ALIKE_FROM: usize = 3;
/// From so many on, unconnected services of one type are shown small.
const TYPE_FROM: usize = 25;
/// Between the parts of a name.
const SEPARATORS: [char; 4] = ['-', '_', '.', ' '];
/// The size of members, and of those of very many.
const SMALL: (f64, usize, f64) = (0.5, 150, 0.35);
/// The distance of small members in footprints.
const SPREAD: f64 = 1.5;

/// Between a stack of small members and the next one: a line fits through.
pub(crate) const LANE: f64 = 0.3;
/// How far the frame of full-sized members keeps from the edge of its columns.
const APART: f64 = 0.15;

/// Resources drawn as one.
#[derive(Debug, Clone)]
pub(crate) struct Stack {
    /// What they are called together, without the count.
    pub name: String,
    /// Why they stand together.
    pub rule: String,
    pub members: Vec<Index>,
    /// How large members are drawn; 1.0 where they are framed only.
    pub scale: f64,
}

impl Stack {
    /// `web × 148`.
    pub(crate) fn title(&self) -> String {
        format!("{} \u{d7} {}", self.name, self.members.len())
    }

    /// The plate of this stack; `key` tells the place.
    pub(crate) fn spec(&self, plan: &Plan<'_, '_>, key: &str) -> Spec {
        let first = self.members.first().map(|&at| plan.get(at).id.as_str()).unwrap_or_default();
        Spec {
            kind: PlateKind::Stack,
            resource: None,
            title: self.title(),
            rule: Some(self.rule.clone()),
            key: format!("{key}/stack/{}/{first}", self.name),
        }
    }

    /// How many small members stand side by side where there is room for `wide`; as many as make a
    /// pleasing block, and no more than fit.
    fn columns(&self, wide: f64) -> usize {
        let count = roomy(self.members.len()).max(1);
        let ideal = (count as f64 * 2.0).sqrt().ceil() as usize;
        let fit = ((wide / self.cell()) as usize).max(1);
        count.div_ceil(count.div_ceil(ideal.min(fit).max(1)))
    }

    fn cell(&self) -> f64 {
        FOOTPRINT * self.scale * SPREAD
    }

    /// The size of the stack's plate where its place has so many columns of a pitch.
    pub(crate) fn size(&self, metrics: &Metrics, columns: usize, pitch: f64) -> (f64, f64) {
        let pads = metrics.pads(PlateKind::Stack);
        if self.scale >= 1.0 {
            // A frame takes no floor from its neighbours in the row.
            let columns = columns.clamp(1, self.members.len().max(1));
            let h = metrics.rows(self.members.len().div_ceil(columns));
            return (pitch * columns as f64, h + pads.top + pads.bottom);
        }
        let across = self.columns(pitch * columns as f64 - 2.0 * pads.side - LANE);
        let rows = roomy(self.members.len()).div_ceil(across);
        let w = (self.cell() * across as f64).max(self.title_width());
        let h = self.cell() * rows as f64 + self.lift();
        (w + 2.0 * pads.side, h + pads.top + pads.bottom)
    }

    /// A small solid hides the floor behind it too.
    fn lift(&self) -> f64 {
        0.4 * self.scale
    }

    fn title_width(&self) -> f64 {
        (text_width(&self.title()) * 0.85 + 0.3).min(4.2)
    }

    /// The members on their plate.
    pub(crate) fn block(&self, plan: &Plan<'_, '_>, key: &str, columns: usize, pitch: f64) -> Block {
        let pads = plan.metrics.pads(PlateKind::Stack);
        let spec = self.spec(plan, key);
        if self.scale >= 1.0 {
            let columns = columns.clamp(1, self.members.len().max(1));
            let pads = Pads { side: 0.0, ..pads };
            let mut block = grid(plan, &self.members, columns, pitch).framed(spec, pads);
            // Two frames side by side do not touch.
            for plate in &mut block.plates {
                plate.rect = Rect::new(APART, plate.rect.y, plate.rect.w - 2.0 * APART, plate.rect.h);
            }
            return block;
        }
        let (w, h) = self.size(&plan.metrics, columns, pitch);
        let across = self.columns(pitch * columns as f64 - 2.0 * pads.side - LANE);
        let cell = self.cell();
        let mut inner = Block { w: w - 2.0 * pads.side, h: h - pads.top - pads.bottom, ..Block::default() };
        let members = scattered(plan, &self.members);
        let slots = slots(plan, &members, across, (cell, cell));
        for (&at, n) in members.iter().zip(slots) {
            let (column, row) = ((n % across) as f64 + 0.5, (n / across) as f64 + 0.5);
            inner.stand(at, cell * column, self.lift() + cell * row, cell);
            if let Some(node) = inner.nodes.last_mut() {
                node.scale = self.scale;
            }
        }
        inner.framed(spec, pads)
    }
}

/// Small members in an order that hardly changes when one comes or goes: they bear no names, so
/// none is missed.
pub(crate) fn scattered(plan: &Plan<'_, '_>, members: &[Index]) -> Vec<Index> {
    let lots: Vec<u64> = members.iter().map(|&at| number(plan.get(at).id.as_str())).collect();
    lottery(&lots, 0..members.len()).into_iter().map(|n| members[n]).collect()
}

/// Whose each place is. It goes to the one of those left who draws the least number for it; who takes
/// over a place leaves another, and so on, about the logarithm of their count times.
pub(crate) fn lottery(lots: &[u64], places: impl IntoIterator<Item = usize>) -> Vec<usize> {
    // Each draw costs time: of very many, those of like numbers draw among themselves.
    const DRAWN: usize = 128;
    let count = lots.len().next_power_of_two().max(DRAWN) / DRAWN;
    let mut hands: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (n, lot) in lots.iter().enumerate() {
        hands[((lot >> 32) % count as u64) as usize].push(n);
    }
    let winner = |place: usize| {
        let turn = (0..count).map(|k| (place + k) % count).find(|&k| !hands[k].is_empty())?;
        let hand = &mut hands[turn];
        let draw = |n: usize| mixed(lots[n] ^ (place as u64 + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
        let least = (0..hand.len()).min_by_key(|&k| (draw(hand[k]), lots[hand[k]], hand[k]))?;
        Some(hand.swap_remove(least))
    };
    places.into_iter().map_while(winner).collect()
}

/// A number that looks drawn by lot, and is always the same for a name.
pub(crate) fn number(name: &str) -> u64 {
    name.bytes().fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The bits of a number, well mixed.
fn mixed(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

/// Members whose name no longer says so stay in the stack they were in, if it is still there.
fn kept<'g>(plan: &Plan<'_, 'g>, members: &[Index], like: &mut Like<'g>) -> Like<'g> {
    let mut kept = Like::new();
    let Some(hint) = plan.hint else { return kept };
    // The key by which most of an earlier stack's members are known now.
    let mut by_stack: BTreeMap<uuid::Uuid, BTreeMap<Key<'g>, usize>> = BTreeMap::new();
    let keys: BTreeMap<Index, Key<'g>> =
        like.iter().flat_map(|(key, alike)| alike.iter().map(|&at| (at, *key))).collect();
    for (&at, &key) in &keys {
        if let Some(stack) = hint.stack(&plan.get(at).id) {
            *by_stack.entry(stack).or_default().entry(key).or_default() += 1;
        }
    }
    for &at in members {
        let Some(stack) = hint.stack(&plan.get(at).id) else { continue };
        let most = by_stack.get(&stack).and_then(|keys| keys.iter().max_by_key(|k| k.1));
        let (Some((&to, _)), Some(&key)) = (most, keys.get(&at)) else { continue };
        if to != key && to.1 == key.1 {
            if let Some(alike) = like.get_mut(&key) {
                alike.retain(|&other| other != at);
            }
            kept.entry(to).or_default().push(at);
        }
    }
    kept
}

/// Where many are named `web-1`, `web-2`, the one or two named `web-12-old` or `web-new` stand with
/// them, as the rule says.
fn join_odd<'g>(plan: &Plan<'_, 'g>, like: &mut Like<'g>, from: usize) {
    let many: Vec<Key<'g>> = like.iter().filter(|l| l.1.len() + 1 >= from).map(|l| *l.0).collect();
    for key in many {
        let joins = |other: &Key<'_>, count: usize| {
            let rest = other.2.strip_prefix(key.2.trim_end_matches(SEPARATORS));
            let named = rest.is_some_and(|rest| rest.starts_with(SEPARATORS));
            count < ALIKE_FROM && key.2 != other.2 && (key.0, key.1) == (other.0, other.1) && named
        };
        let odd: Vec<Key<'g>> = like.iter().filter(|l| joins(l.0, l.1.len())).map(|l| *l.0).collect();
        let more: Vec<Index> = odd.iter().filter_map(|odd| like.remove(odd)).flatten().collect();
        if let Some(members) = like.get_mut(&key) {
            members.extend(more);
            plan.sort(members);
        }
    }
}

/// What was a stack stays one, and what was none becomes one later.
fn from_with_hint(plan: &Plan<'_, '_>, from: usize, alike: &[Index]) -> usize {
    const STAYS: usize = 3;
    let Some(hint) = plan.hint.filter(|_| from == STACK_FROM) else { return from };
    let small = alike.iter().filter(|&&at| hint.was_small(&plan.get(at).id)).count();
    let known = alike.iter().filter(|&&at| plan.stood(at).is_some()).count();
    match (small * 2 > alike.len(), known * 2 > alike.len()) {
        (true, _) => from - STAYS,
        (false, true) => from + STAYS,
        (false, false) => from,
    }
}

/// What makes resources alike: their fleet, or their type and the stem of their names.
type Key<'g> = (Option<&'g str>, &'g str, &'g str);
type Like<'g> = BTreeMap<Key<'g>, Vec<Index>>;

fn small(count: usize) -> f64 {
    if count < SMALL.1 { SMALL.0 } else { SMALL.2 }
}

/// The stacks among resources that stand in one place.
pub(crate) fn stacks(plan: &Plan<'_, '_>, members: &[Index]) -> Vec<Stack> {
    let from = match plan.detail {
        Detail::Auto => STACK_FROM,
        Detail::Summary => SUMMARY_FROM,
        Detail::All => usize::MAX,
    };
    let mut like = Like::new();
    for &at in members {
        let resource = plan.get(at);
        let fleet = fleet(plan, at);
        let stem = if fleet.is_some() { "" } else { stem(&resource.name) };
        like.entry((fleet, resource.component.as_ref(), stem)).or_default().push(at);
    }
    join_odd(plan, &mut like, from);
    let mut stacks: Vec<Stack> = Vec::new();
    let kept = kept(plan, members, &mut like);
    for ((fleet, component, stem), mut alike) in like {
        if let Some(more) = kept.get(&(fleet, component, stem)) {
            alike.extend(more);
        }
        let (name, rule) = match fleet {
            Some(fleet) => (fleet.to_owned(), format!("members of {fleet}")),
            None => (stem.to_owned(), format!("{component} named {stem}\u{2026}")),
        };
        let stack = |rule: String, members: Vec<Index>, scale: f64| Stack {
            name: name.clone(),
            rule,
            members,
            scale,
        };
        if alike.len() >= from_with_hint(plan, from, &alike) {
            let scale = small(alike.len());
            stacks.push(stack(rule, alike, scale));
        } else if fleet.is_some() && alike.len() >= ALIKE_FROM || alike.len() >= STACK_FROM {
            stacks.push(stack(rule, alike, 1.0));
        } else {
            // Of fewer, those whose lines all say the same: an Auto Scaling group's instances.
            let mut by_lines: BTreeMap<Vec<(Index, bool)>, Vec<Index>> = BTreeMap::new();
            for at in alike {
                let mut lines = plan.near(at).to_vec();
                lines.sort();
                lines.dedup();
                by_lines.entry(lines).or_default().push(at);
            }
            let was = |at: &Index| plan.hint.is_some_and(|hint| hint.stack(&plan.get(*at).id).is_some());
            by_lines.retain(|lines, alike| {
                let from = if alike.iter().all(was) { ALIKE_FROM - 1 } else { ALIKE_FROM };
                !lines.is_empty() && alike.len() >= from
            });
            let rule = format!("{rule} with the same lines");
            stacks.extend(by_lines.into_values().map(|alike| stack(rule.clone(), alike, 1.0)));
        }
    }
    if plan.detail == Detail::Summary {
        by_type(plan, members, &mut stacks);
    }
    stacks
}

/// What no pattern joins is joined by its type.
fn by_type(plan: &Plan<'_, '_>, members: &[Index], stacks: &mut Vec<Stack>) {
    let stacked: HashSet<Index> = stacks.iter().flat_map(|s| &s.members).copied().collect();
    let mut like: BTreeMap<&str, Vec<Index>> = BTreeMap::new();
    for &at in members.iter().filter(|at| !stacked.contains(at)) {
        like.entry(plan.get(at).component.as_ref()).or_default().push(at);
    }
    for (component, members) in like.into_iter().filter(|l| l.1.len() >= SUMMARY_FROM) {
        let rule = format!("all other {component}");
        stacks.push(Stack { name: component.to_owned(), rule, scale: small(members.len()), members });
    }
}

/// Unconnected services of one type, if they are many.
pub(crate) fn of_type(plan: &Plan<'_, '_>, name: &str, members: &[Index]) -> Option<Stack> {
    let from = match plan.detail {
        Detail::Auto => TYPE_FROM,
        Detail::Summary => SUMMARY_FROM,
        Detail::All => usize::MAX,
    };
    (members.len() >= from).then(|| Stack {
        name: name.to_owned(),
        rule: format!("all {name} without lines"),
        members: members.to_vec(),
        scale: small(members.len()),
    })
}

/// The Auto Scaling group or node group that a resource says it is a member of.
fn fleet<'g>(plan: &Plan<'_, 'g>, at: Index) -> Option<&'g str> {
    const TAGS: [&str; 2] = ["aws:autoscaling:groupName", "eks:nodegroup-name"];
    let tags = &plan.get(at).tags;
    TAGS.iter().find_map(|tag| tags.get(tag))
}
