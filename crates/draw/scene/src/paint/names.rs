//! What is left of a name that finds no room: what tells it from the others.
//!
//! In: the names of a picture, and what stands around each. Out: shorter forms of one. What a plate
//! around it says already goes first (`shop-prod-nat-a` in `shop-prod` is `…nat-a`), or what all of its
//! kind begin with; else letters of the middle go, at a place that leaves what no other name would come
//! to. Where a form may lie is left to those who ask.

use std::collections::BTreeMap;

use super::Brush;
use super::plates::without_range;
use crate::font::{Fonts, Weight};
use crate::scene::NodePart;
use crate::text::{self, Cut, SEPARATORS, clean};

const WEIGHT: Weight = Weight::SemiBold;
/// More names than this of one beginning are not looked through: one of them will be alike.
const LOOKED: usize = 64;
/// So many names of a kind, or what they begin with may be by chance.
const KIND: usize = 3;
/// A part of a name of fewer letters tells nothing alone.
const TELLING: usize = 3;

/// The names of a picture.
pub(super) struct Names {
    /// All of them, each once, in order.
    all: Vec<String>,
    /// So many bytes of each resource's name say nothing new, a separator included.
    told: Vec<usize>,
}

impl Names {
    /// Of these resources; empty where none will be named.
    pub(super) fn of<'a>(brush: &Brush<'_>, parts: &'a [NodePart]) -> Self {
        let mut all: Vec<String> = parts.iter().map(|part| part.name.clone()).collect();
        all.sort_unstable();
        all.dedup();
        let titles: Vec<String> =
            (brush.blueprint.plates.iter()).map(|plate| clean(without_range(&plate.title))).collect();
        let mut kinds: Vec<(&str, &str)> = parts.iter().map(|part| (&*part.component, &*part.name)).collect();
        kinds.sort_unstable();
        kinds.dedup();
        // All of a kind's names begin as the first and the last of them both do.
        let begin = |names: &[(&'a str, &'a str)]| {
            let ((kind, first), (_, last)) = (*names.first()?, *names.last()?);
            let alike = first.char_indices().zip(last.chars()).find(|((_, a), b)| a != b);
            let alike = &first[..alike.map_or(0, |((at, _), _)| at)];
            let end = alike.rfind(SEPARATORS).filter(|_| names.len() >= KIND)?;
            Some((kind, &first[..end]))
        };
        let kinds: BTreeMap<&str, &str> = kinds.chunk_by(|a, b| a.0 == b.0).filter_map(begin).collect();
        let told = |part: &NodePart| {
            let kind = kinds.get(&*part.component);
            let (mut plate, mut most) = (part.plate, kind.map_or(0, |begin| said(&part.name, begin)));
            // Parents stand earlier in the list, so this ends.
            while let Some((at, there)) = plate.and_then(|at| Some((at, brush.blueprint.plates.get(at)?))) {
                most = most.max(said(&part.name, &titles[at]));
                plate = there.parent.filter(|&parent| parent < at);
            }
            most
        };
        Self { told: parts.iter().map(told).collect(), all }
    }

    /// A resource's name without what says nothing new; none where that is nothing.
    pub(super) fn told(&self, at: usize, name: &str) -> Option<String> {
        let rest = self.told.get(at).filter(|&&told| told > 0).and_then(|&told| name.get(told..))?;
        Some(format!("…{rest}"))
    }

    /// A name on one line of that width.
    pub(super) fn fit(&self, fonts: &Fonts, name: &str, size: f64, room: f64) -> String {
        match Cut::to_width(fonts, name, size, WEIGHT, room) {
            None => name.to_owned(),
            Some(cut) => self.telling(name, cut, |text| fonts.width(text, size, WEIGHT) <= room),
        }
    }

    /// A name of so many characters.
    pub(super) fn cut(&self, name: &str, count: usize) -> String {
        match Cut::to_count(name, count) {
            None => name.to_owned(),
            Some(cut) => self.telling(name, cut, |_| true),
        }
    }

    /// A name on at most two lines of that width, with at most one ellipsis.
    pub(super) fn wrap(&self, fonts: &Fonts, name: &str, size: f64, room: f64) -> Vec<String> {
        let lines = text::wrap(fonts, name, size, WEIGHT, room);
        let is_cut = |line: &String| line.contains('…');
        match &lines[..] {
            [line] if is_cut(line) => vec![self.fit(fonts, name, size, room)],
            [first, second] if is_cut(first) => {
                let halves = text::halves(fonts, name, size, WEIGHT, room);
                halves.unwrap_or_else(|| vec![self.fit(fonts, name, size, room)])
            }
            _ => lines,
        }
    }

    /// A cut moved a little so that no other name would come to the same, and rather so that what
    /// follows it is a whole part of the name.
    fn telling(&self, name: &str, cut: Cut<'_>, fits: impl Fn(&str) -> bool) -> String {
        let plain = cut.text();
        let mut best: Option<(usize, String)> = None;
        for by in [0_isize, 1, -1, 2, -2, 3, -3, 4, -4] {
            let Some(moved) = cut.moved(by) else { continue };
            let ((head, tail), text) = (moved.ends(), moved.text());
            if (by != 0 && !fits(&text)) || self.ambiguous(name, &head, &tail) {
                continue;
            }
            let far = by.unsigned_abs();
            let cost = far + if far < 3 && moved.is_between_parts() { 0 } else { 3 };
            if best.as_ref().is_none_or(|(least, _)| cost < *least) {
                best = Some((cost, text));
            }
        }
        best.map_or(plain, |(_, text)| text)
    }

    /// Whether another name has these ends too.
    fn ambiguous(&self, name: &str, head: &str, tail: &str) -> bool {
        let from = self.all.partition_point(|other| other.as_str() < head);
        let alike = self.all[from..].iter().take_while(|other| other.starts_with(head));
        for (count, other) in alike.enumerate() {
            let long = other.len() > head.len() + tail.len();
            if count == LOOKED || (long && other != name && other.ends_with(tail)) {
                return true;
            }
        }
        false
    }
}

/// How much of a name a title says: all of the title, and a separator. A number left of it, or an id,
/// would tell nothing.
fn said(name: &str, title: &str) -> usize {
    let Some(rest) = name.strip_prefix(title).filter(|_| title.len() >= TELLING) else { return 0 };
    let left = rest.trim_start_matches(SEPARATORS);
    let letters = left.chars().filter(|c| c.is_alphabetic()).count();
    let telling = letters >= TELLING && !left.chars().all(|c| c.is_ascii_hexdigit());
    if telling && left.len() < rest.len() { name.len() - left.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_says_what_its_names_begin_with() {
        for (name, title, expected) in [
            ("shop-prod-nat-a", "shop-prod", "nat-a"),
            ("shop-prod-igw", "shop-prod", "igw"),
            ("shop-prod-1", "shop-prod", "shop-prod-1"),
            ("shop-production", "shop-prod", "shop-production"),
            ("shop", "shop", "shop"),
            ("a-b-cde", "a", "a-b-cde"),
            ("igw-0b0c5cc20003ffff", "igw", "igw-0b0c5cc20003ffff"),
            ("가나다-결제창", "가나다", "결제창"),
        ] {
            assert_eq!(&name[said(name, title)..], expected, "{name} in {title}");
        }
    }

    #[test]
    fn a_cut_name_is_told_from_others() {
        let names = |all: &[&str]| Names {
            all: all.iter().map(|name| (*name).to_owned()).collect(),
            told: Vec::new(),
        };
        for (all, name, count, expected) in [
            (&["catalogue-api"][..], "catalogue-api", 9, "cata…-api"),
            (&["cataclysm-api", "catalogue-api"], "catalogue-api", 9, "catal…api"),
            (&["cataclysm-api", "catalogue-api"], "cataclysm-api", 9, "catac…api"),
            (&["ottersea-backups", "ottersea-clickstream"], "ottersea-backups", 11, "ott…backups"),
            (&["aaaaaaaaaaaaaaaa"], "aaaaaaaaaaaaaaaa", 7, "aaa…aaa"),
        ] {
            assert_eq!(names(all).cut(name, count), expected);
        }
    }
}
