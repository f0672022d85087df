//! What another renderer makes of our SVG: the measure for our own pixels. Not shipped.

use std::sync::Arc;

use isobar_scene::{Fonts, Scene};
use resvg::tiny_skia::Pixmap;
use resvg::usvg::{FontResolver, Options, Transform, Tree, fontdb};

/// The pixels of a scene's SVG.
pub(crate) fn pixels(scene: &Scene, fonts: &Fonts) -> Pixmap {
    let mut database = fontdb::Database::new();
    for face in fonts.faces() {
        database.load_font_source(fontdb::Source::Binary(Arc::new(face.bytes.clone())));
    }
    database.set_sans_serif_family("Inter");
    let options = Options {
        font_family: "Inter".to_owned(),
        fontdb: Arc::new(database),
        font_resolver: FontResolver {
            select_font: FontResolver::default_font_selector(),
            select_fallback: Box::new(fallback),
        },
        ..Options::default()
    };
    let tree = Tree::from_str(&crate::svg::write(scene), &options).expect("our SVG is understood");
    let mut pixmap = Pixmap::new(scene.canvas.0, scene.canvas.1).expect("a small picture");
    let scale = Transform::from_scale(
        scene.canvas.0 as f32 / tree.size().width(),
        scene.canvas.1 as f32 / tree.size().height(),
    );
    resvg::render(&tree, scale, &mut pixmap.as_mut());
    pixmap
}

/// Another face for a character the first one lacks: the nearest weight, then the order given.
fn fallback(c: char, tried: &[fontdb::ID], database: &mut Arc<fontdb::Database>) -> Option<fontdb::ID> {
    let wanted = tried.first().and_then(|&id| database.face(id)).map_or(400, |face| face.weight.0);
    let has = |id| {
        let covers = |bytes: &[u8], index| {
            ttf_parser::Face::parse(bytes, index).is_ok_and(|face| face.glyph_index(c).is_some())
        };
        database.with_face_data(id, covers) == Some(true)
    };
    let faces = database.faces().filter(|face| !tried.contains(&face.id) && has(face.id));
    faces.min_by_key(|face| face.weight.0.abs_diff(wanted)).map(|face| face.id)
}
