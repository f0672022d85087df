//! What is left of a name that finds no room: what tells it from the others.
//!
//! In: the names of a picture, and what stands around each. Out: shorter forms of one. What a plate
//! around it says already goes first (`shop-prod-nat-a` in `shop-prod` is `…nat-a`), or what all of its
//! kind begin with; else letters of the middle go, at a place that leaves what no other name would come
//! to. Where a form may lie is left to those who ask.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use isobar_layout::Blueprint;

use super::plates::without_range;
use crate::font::{Fonts, Weight};
use crate::text::{self, Cut, SEPARATORS, clean};

const WEIGHT: Weight = Weight::SemiBold;
/// More names than this of one beginning are not looked through: one of them will be alike.
const LOOKED: usize = 24;
/// So many names of a kind, or what they begin with may be by chance.
const KIND: usize = 3;
/// A part of a name of fewer letters tells nothing alone.
const TELLING: usize = 3;

/// The names of a picture. Each list is made when first a name is cut: often none is.
pub(super) struct Names<'a> {
    blueprint: &'a Blueprint,
    /// All names, each once, in order.
    all: OnceCell<Vec<String>>,
    /// What all names of a kind begin with, where they do.
    kinds: OnceCell<BTreeMap<&'a str, String>>,
    /// What the plates are called.
    titles: OnceCell<Vec<String>>,
}

impl<'a> Names<'a> {
    pub(super) fn of(blueprint: &'a Blueprint) -> Self {
        Self { blueprint, all: OnceCell::new(), kinds: OnceCell::new(), titles: OnceCell::new() }
    }

    /// A resource's name without what says nothing new; none where that is nothing.
    pub(super) fn told(&self, at: usize, name: &str) -> Option<String> {
        let node = self.blueprint.nodes.get(at)?;
        let kinds = self.kinds.get_or_init(|| kinds(self.blueprint));
        let plates = &self.blueprint.plates;
        let titles = self
            .titles
            .get_or_init(|| plates.iter().map(|plate| clean(without_range(&plate.title))).collect());
        let mut told = kinds.get(&*node.component).map_or(0, |begin| said(name, begin));
        let mut plate = node.plate;
        // Parents stand earlier in the list, so this ends.
        while let Some((at, there)) = plate.and_then(|at| Some((at, plates.get(at)?))) {
            told = told.max(said(name, &titles[at]));
            plate = there.parent.filter(|&parent| parent < at);
        }
        (told > 0).then(|| format!("…{}", &name[told..]))
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
            [first, _] if is_cut(first) => {
                let halves = text::halves(fonts, name, size, WEIGHT, room);
                halves.unwrap_or_else(|| vec![self.fit(fonts, name, size, room)])
            }
            _ => lines,
        }
    }

    /// A cut moved a little so that no other name would come to the same, and rather so that what
    /// follows it is a whole part of the name.
    fn telling(&self, name: &str, cut: Cut<'_>, fits: impl Fn(&str) -> bool) -> String {
        let mut best: Option<(usize, Cut<'_>)> = None;
        for by in [0_isize, 1, -1, 2, -2, 3, -3, 4, -4] {
            let far = by.unsigned_abs();
            let least = best.map_or(usize::MAX, |(least, _)| least);
            if far >= least {
                break;
            }
            let Some(moved) = cut.moved(by) else { continue };
            let cost = far + if far < 3 && moved.is_between_parts() { 0 } else { 3 };
            let (head, tail) = moved.ends();
            if cost < least && (by == 0 || fits(&moved.text())) && !self.ambiguous(name, head, tail) {
                best = Some((cost, moved));
            }
        }
        best.map_or(cut, |(_, moved)| moved).text()
    }

    /// Whether another name has these ends too.
    fn ambiguous(&self, name: &str, head: &str, tail: &str) -> bool {
        let all = self.all.get_or_init(|| {
            let mut all: Vec<String> = self.blueprint.nodes.iter().map(|node| clean(&node.name)).collect();
            all.sort_unstable();
            all.dedup();
            all
        });
        let from = all.partition_point(|other| other.as_str() < head);
        let alike = all[from..].iter().take_while(|other| other.starts_with(head));
        for (count, other) in alike.enumerate() {
            let long = other.len() > head.len() + tail.len();
            if count == LOOKED || (long && other != name && other.ends_with(tail)) {
                return true;
            }
        }
        false
    }
}

/// What all names of a kind begin with, up to a separator.
fn kinds(blueprint: &Blueprint) -> BTreeMap<&str, String> {
    let mut all: Vec<(&str, &str)> =
        blueprint.nodes.iter().map(|node| (&*node.component, &*node.name)).collect();
    all.sort_unstable();
    all.dedup();
    // All begin as the first and the last of them both do.
    all.chunk_by(|a, b| a.0 == b.0)
        .filter_map(|names| {
            let ((kind, first), (_, last)) = (*names.first()?, *names.last()?);
            let alike = first.char_indices().zip(last.chars()).find(|((_, a), b)| a != b);
            let alike = &first[..alike.map_or(0, |((at, _), _)| at)];
            let end = alike.rfind(SEPARATORS).filter(|_| names.len() >= KIND)?;
            Some((kind, clean(&first[..end])))
        })
        .collect()
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
    use isobar_graph::Family;
    use isobar_layout::{PlateKind, Projection};

    use super::*;
    use crate::paint::tests::orders;

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
        let names = |all: &[&str]| {
            let mut estate = orders::Estate::new(Projection::Flat);
            for name in all {
                estate.node("ec2", Family::Compute, None, (0.0, 0.0), name, "");
            }
            estate.blueprint
        };
        for (all, name, count, expected) in [
            (&["catalogue-api"][..], "catalogue-api", 9, "cata…-api"),
            (&["cataclysm-api", "catalogue-api"], "catalogue-api", 9, "catal…api"),
            (&["cataclysm-api", "catalogue-api"], "cataclysm-api", 9, "catac…api"),
            (&["ottersea-backups", "ottersea-clickstream"], "ottersea-backups", 11, "ott…backups"),
            (&["aaaaaaaaaaaaaaaa"], "aaaaaaaaaaaaaaaa", 7, "aaa…aaa"),
        ] {
            assert_eq!(Names::of(&names(all)).cut(name, count), expected);
        }
    }

    #[test]
    fn what_is_said_around_a_name_goes_first() {
        let mut estate = orders::Estate::new(Projection::Flat);
        let area = (0.0, 0.0, 30.0, 30.0);
        let vpc = estate.plate(PlateKind::Vpc, None, area, "shop-prod 10.20.0.0/16");
        let inner = estate.plate(PlateKind::PublicSubnet, Some(vpc), area, "public-a");
        let buckets = ["acme-logs", "acme-media", "acme-backups"].map(|name| ("s3", name, None));
        let all = [("natgateway", "shop-prod-nat-a", Some(inner)), ("ec2", "other", Some(vpc))];
        for (kind, name, plate) in all.into_iter().chain(buckets) {
            estate.node(kind, Family::Compute, plate, (1.0, 1.0), name, "");
        }
        let names = Names::of(&estate.blueprint);
        let told: Vec<_> =
            estate.blueprint.nodes.iter().enumerate().map(|(at, node)| names.told(at, &node.name)).collect();
        let told: Vec<Option<&str>> = told.iter().map(Option::as_deref).collect();
        assert_eq!(told, [Some("…nat-a"), None, Some("…logs"), Some("…media"), Some("…backups")]);
    }
}
