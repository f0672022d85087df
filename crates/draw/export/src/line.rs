//! A line of text in, placed glyphs out: faces chosen character by character, directions resolved,
//! each run shaped. Measuring before a scene is finished is the scene's; here words are final.

use std::cell::OnceCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use isobar_scene::path::Segment;
use isobar_scene::{Fonts, Weight};
use rustybuzz::{Direction, Script, ShapePlan, UnicodeBuffer};
use unicode_bidi::{BidiInfo, Level};

/// A line of glyphs; lengths are in ems.
#[derive(Debug, Default)]
pub(crate) struct Line {
    /// Runs of one face, from left to right.
    pub(crate) runs: Vec<Run>,
    /// From the first glyph's origin to the end of the last one.
    pub(crate) width: f32,
}

/// Glyphs of one face.
#[derive(Debug)]
pub(crate) struct Run {
    /// Position in [`Fonts::faces`].
    pub(crate) face: usize,
    /// Where the run begins.
    pub(crate) x: f32,
    /// The bytes of the text it shows.
    pub(crate) text: Range<usize>,
    /// Whether it is read from right to left.
    pub(crate) backwards: bool,
    /// Its glyphs, from left to right.
    pub(crate) glyphs: Vec<Glyph>,
}

/// One glyph; lengths are in ems, heights grow upwards.
#[derive(Debug, Clone)]
pub(crate) struct Glyph {
    /// Its number in the face; 0 is the box of a character without glyph.
    pub(crate) id: u16,
    /// How far the next glyph's origin is.
    pub(crate) advance: f32,
    /// Where it is drawn beside its origin.
    pub(crate) offset: (f32, f32),
    /// The bytes it stands for, within the run's text.
    pub(crate) cluster: Range<usize>,
}

/// What sets lines; it remembers what it has set.
pub(crate) struct Typesetter<'a> {
    fonts: &'a Fonts,
    faces: Vec<OnceCell<Option<rustybuzz::Face<'a>>>>,
    plans: HashMap<(usize, bool, Script), ShapePlan>,
    choices: HashMap<(char, Weight), usize>,
    lines: HashMap<(Weight, String), Rc<Line>>,
    /// A buffer that one run after another is shaped in.
    buffer: Option<UnicodeBuffer>,
}

impl<'a> Typesetter<'a> {
    pub(crate) fn new(fonts: &'a Fonts) -> Self {
        Self {
            fonts,
            faces: fonts.faces().iter().map(|_| OnceCell::new()).collect(),
            plans: HashMap::new(),
            choices: HashMap::new(),
            lines: HashMap::new(),
            buffer: None,
        }
    }

    /// The glyphs of a text.
    pub(crate) fn line(&mut self, text: &str, weight: Weight) -> Rc<Line> {
        let key = (weight, text.to_owned());
        if let Some(line) = self.lines.get(&key) {
            return line.clone();
        }
        let line = Rc::new(self.set(text, weight));
        self.lines.insert(key, line.clone());
        line
    }

    /// The outline of a glyph in ems, y pointing down; none where it shows nothing.
    pub(crate) fn outline(&self, face: usize, glyph: u16) -> Option<Vec<Segment>> {
        let face = self.face(face)?;
        let mut pen = Pen {
            scale: 1.0 / f64::from(face.units_per_em()),
            here: (0.0, 0.0),
            start: (0.0, 0.0),
            out: Vec::new(),
        };
        face.outline_glyph(ttf_parser::GlyphId(glyph), &mut pen)?;
        (!pen.out.is_empty()).then_some(pen.out)
    }

    fn face(&self, at: usize) -> Option<&rustybuzz::Face<'a>> {
        let fonts: &'a Fonts = self.fonts;
        let load = || rustybuzz::Face::from_slice(&fonts.faces()[at].bytes, 0);
        self.faces.get(at)?.get_or_init(load).as_ref()
    }

    /// The face for a character: the weight's own if it has it, else the nearest in weight, then the
    /// first given. The weight's own too where none has it: its box says that something is there.
    fn choose(&mut self, c: char, weight: Weight) -> usize {
        // Letters of a syllable are composed by the shaper, in a face that has syllables.
        let c = if ('\u{1100}'..='\u{11FF}').contains(&c) { '가' } else { c };
        if let Some(&face) = self.choices.get(&(c, weight)) {
            return face;
        }
        let own = usize::from(weight == Weight::SemiBold);
        let has = |at: usize| self.face(at).is_some_and(|face| face.glyph_index(c).is_some());
        let off = |at: usize| {
            self.face(at).map_or(u16::MAX, |face| face.weight().to_number().abs_diff(weight.number()))
        };
        let face = if has(own) {
            own
        } else {
            (0..self.faces.len()).filter(|&at| has(at)).min_by_key(|&at| (off(at), at)).unwrap_or(own)
        };
        self.choices.insert((c, weight), face);
        face
    }

    fn set(&mut self, text: &str, weight: Weight) -> Line {
        let mut line = Line::default();
        for (range, backwards) in directions(text) {
            let mut pieces = self.pieces(text, range, weight);
            if backwards {
                pieces.reverse();
            }
            for (range, face) in pieces {
                let glyphs = self.shape(&text[range.clone()], face, backwards);
                let x = line.width;
                line.width += glyphs.iter().map(|glyph| glyph.advance).sum::<f32>();
                line.runs.push(Run { face, x, text: range, backwards, glyphs });
            }
        }
        line
    }

    /// A stretch of text by the faces it needs.
    fn pieces(&mut self, text: &str, range: Range<usize>, weight: Weight) -> Vec<(Range<usize>, usize)> {
        let mut out: Vec<(Range<usize>, usize)> = Vec::new();
        for (at, c) in text[range.clone()].char_indices() {
            let (from, to) = (range.start + at, range.start + at + c.len_utf8());
            let before = out.last().map(|(_, face)| *face);
            // Marks, joiners and blanks stay with the letter before them.
            let face = match before {
                Some(face) if attaches(c) => face,
                Some(face) if c == ' ' && self.face(face).is_some_and(|f| f.glyph_index(' ').is_some()) => {
                    face
                }
                _ => self.choose(c, weight),
            };
            match out.last_mut() {
                Some((last, same)) if *same == face => last.end = to,
                _ => out.push((from..to, face)),
            }
        }
        out
    }

    fn shape(&mut self, text: &str, at: usize, backwards: bool) -> Vec<Glyph> {
        let mut buffer = self.buffer.take().unwrap_or_default();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        buffer.set_direction(if backwards { Direction::RightToLeft } else { Direction::LeftToRight });
        let key = (at, backwards, buffer.script());
        if !self.plans.contains_key(&key) {
            let Some(face) = self.face(at) else { return Vec::new() };
            let plan = ShapePlan::new(face, buffer.direction(), Some(buffer.script()), None, &[]);
            self.plans.insert(key, plan);
        }
        let (Some(face), Some(plan)) = (self.face(at), self.plans.get(&key)) else { return Vec::new() };
        let em = 1.0 / face.units_per_em() as f32;
        let shaped = rustybuzz::shape_with_plan(face, plan, buffer);
        let mut starts: Vec<usize> = shaped.glyph_infos().iter().map(|info| info.cluster as usize).collect();
        starts.sort_unstable();
        starts.dedup();
        let end_of = |start: usize| {
            starts.get(starts.partition_point(|&other| other <= start)).copied().unwrap_or(text.len())
        };
        let glyphs = shaped
            .glyph_infos()
            .iter()
            .zip(shaped.glyph_positions())
            .map(|(info, position)| Glyph {
                id: u16::try_from(info.glyph_id).unwrap_or(0),
                advance: position.x_advance as f32 * em,
                offset: (position.x_offset as f32 * em, position.y_offset as f32 * em),
                cluster: info.cluster as usize..end_of(info.cluster as usize),
            })
            .collect();
        self.buffer = Some(shaped.clear());
        glyphs
    }
}

/// Stretches of one direction, in the order they are seen, and whether they run backwards. Lines
/// begin on the left whatever their first letter is, as SVG's do.
fn directions(text: &str) -> Vec<(Range<usize>, bool)> {
    if text.chars().all(|c| u32::from(c) < 0x590) {
        return vec![(0..text.len(), false)];
    }
    let info = BidiInfo::new(text, Some(Level::ltr()));
    let mut out = Vec::new();
    for paragraph in &info.paragraphs {
        let (levels, runs) = info.visual_runs(paragraph, paragraph.range.clone());
        out.extend(runs.into_iter().map(|run| {
            let backwards = levels[run.start].is_rtl();
            (run, backwards)
        }));
    }
    out
}

/// Whether a character is drawn with the one before it.
fn attaches(c: char) -> bool {
    matches!(u32::from(c),
        0x300..=0x36F | 0x483..=0x489 | 0x591..=0x5BD | 0x610..=0x61A | 0x64B..=0x65F | 0x670 |
        0x1AB0..=0x1AFF | 0x1DC0..=0x1DFF | 0x200C | 0x200D | 0x20D0..=0x20FF | 0xFE00..=0xFE0F |
        0xFE20..=0xFE2F)
}

/// Turns a face's outline upside down into segments of ems.
struct Pen {
    scale: f64,
    here: (f64, f64),
    start: (f64, f64),
    out: Vec<Segment>,
}

impl Pen {
    fn at(&self, x: f32, y: f32) -> (f64, f64) {
        (f64::from(x) * self.scale, -f64::from(y) * self.scale)
    }
}

impl ttf_parser::OutlineBuilder for Pen {
    fn move_to(&mut self, x: f32, y: f32) {
        self.here = self.at(x, y);
        self.start = self.here;
        self.out.push(Segment::Move(self.here));
    }
    fn line_to(&mut self, x: f32, y: f32) {
        self.here = self.at(x, y);
        self.out.push(Segment::Line(self.here));
    }
    fn quad_to(&mut self, x1: f32, y1: f32, x: f32, y: f32) {
        let (from, control, end) = (self.here, self.at(x1, y1), self.at(x, y));
        let third =
            |a: (f64, f64)| (a.0 + (control.0 - a.0) * 2.0 / 3.0, a.1 + (control.1 - a.1) * 2.0 / 3.0);
        self.out.push(Segment::Cubic(third(from), third(end), end));
        self.here = end;
    }
    fn curve_to(&mut self, x1: f32, y1: f32, x2: f32, y2: f32, x: f32, y: f32) {
        self.here = self.at(x, y);
        self.out.push(Segment::Cubic(self.at(x1, y1), self.at(x2, y2), self.here));
    }
    fn close(&mut self) {
        self.here = self.start;
        self.out.push(Segment::Close(self.start));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a text is set in, run by run from left to right: the face's number and the run's text.
    fn check(text: &str, expected: &[(usize, &str)]) {
        let fonts = Fonts::embedded();
        let line = Typesetter::new(&fonts).line(text, Weight::Regular);
        let runs: Vec<(usize, &str)> =
            line.runs.iter().map(|run| (run.face, &text[run.text.clone()])).collect();
        assert_eq!(runs, expected, "{text}");
        for run in &line.runs {
            let length = run.text.len();
            assert!(run.glyphs.iter().all(|g| g.cluster.start < g.cluster.end && g.cluster.end <= length));
        }
    }

    #[test]
    fn faces_and_directions() {
        check("web-1", &[(0, "web-1")]);
        check("서울 web", &[(2, "서울 "), (0, "web")]);
        check("api مرحبا بك 7", &[(0, "api "), (0, "7"), (4, "مرحبا بك ")]);
        check("日本", &[(0, "日本")]);
        check("e\u{301}a", &[(0, "e\u{301}a")]);
        check("", &[]);
    }

    #[test]
    fn letters_are_joined_kerned_and_composed() {
        let fonts = Fonts::embedded();
        let mut setter = Typesetter::new(&fonts);
        let ids = |line: &Line| -> Vec<u16> {
            line.runs.iter().flat_map(|run| run.glyphs.iter().map(|glyph| glyph.id)).collect()
        };
        let pair = setter.line("AV", Weight::Regular).width;
        let apart = setter.line("A", Weight::Regular).width + setter.line("V", Weight::Regular).width;
        assert!(pair < apart - 0.01, "{pair} {apart}");
        let (decomposed, composed) = (setter.line("한", Weight::Regular), setter.line("한", Weight::Regular));
        assert_eq!(ids(&decomposed), ids(&composed));
        assert!(ids(&composed)[0] != 0);
        let joined = setter.line("بب", Weight::Regular);
        assert_ne!(ids(&joined)[0], ids(&joined)[1]);
        assert_eq!(ids(&setter.line("漢", Weight::Regular)), [0]);
        let upright = ids(&setter.line("H", Weight::Regular))[0];
        let outline = setter.outline(0, upright);
        assert!(outline.is_some_and(|outline| outline.len() > 10));
    }
}
