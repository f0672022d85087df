//! The scorer finds what is wrong, and only that.

use super::*;

/// A region with a VPC, two subnets in two zones, two leaves in each, one free leaf beside.
fn picture() -> Picture {
    let item = |id: &str, parent: Option<usize>, rect: (f64, f64, f64, f64), sort: Sort| Item {
        id: id.to_owned(),
        parent,
        rect: Rect::new(rect.0, rect.1, rect.2, rect.3),
        label: Vec::new(),
        sort,
        on_border: false,
        tier: None,
    };
    let mut items = vec![
        item("vpc", None, (100.0, 0.0, 400.0, 400.0), Sort::Vpc),
        item("az-a", Some(0), (110.0, 10.0, 380.0, 180.0), Sort::Frame),
        item("az-b", Some(0), (110.0, 200.0, 380.0, 180.0), Sort::Frame),
        item("app-a", Some(1), (120.0, 20.0, 300.0, 150.0), Sort::Holder),
        item("app-b", Some(2), (120.0, 210.0, 300.0, 150.0), Sort::Holder),
        item("web-1", Some(3), (140.0, 40.0, 64.0, 64.0), Sort::Leaf),
        item("web-2", Some(3), (300.0, 40.0, 64.0, 64.0), Sort::Leaf),
        item("db-1", Some(4), (140.0, 230.0, 64.0, 64.0), Sort::Leaf),
        item("db-2", Some(4), (300.0, 230.0, 64.0, 64.0), Sort::Leaf),
        item("internet", None, (0.0, 100.0, 64.0, 64.0), Sort::Leaf),
    ];
    (items[3].tier, items[4].tier) = (Some(2), Some(2));
    items[9].tier = Some(0);
    for item in items.iter_mut().filter(|item| item.sort == Sort::Leaf) {
        item.label = vec![Rect::new(item.rect.x - 10.0, item.rect.bottom() + 4.0, 84.0, 16.0)];
    }
    let mut picture = Picture { items, grain: 2.0, ..Picture::default() };
    picture.measure_bounds();
    picture
}

fn with_lines(lines: &[(usize, usize, &[[f64; 2]])]) -> Picture {
    let mut picture = picture();
    let line = |l: &(usize, usize, &[[f64; 2]])| Line { from: l.0, to: l.1, points: l.2.to_vec() };
    picture.lines = lines.iter().map(line).collect();
    picture
}

/// The zeros that are none, by name.
fn check(picture: &Picture, expected: &[(&str, usize)]) -> Score {
    let score = score(picture);
    let found: Vec<(&str, usize)> = score.zeros().into_iter().filter(|zero| zero.1 > 0).collect();
    assert_eq!(found, expected, "{:#?}", score.faults);
    score
}

#[test]
fn a_tidy_picture_has_no_fault() {
    let score = check(&with_lines(&[(9, 3, &[[64.0, 132.0], [120.0, 132.0]])]), &[]);
    assert_eq!((score.tiers, score.flow, score.orthogonal), (1.0, 1.0, 1.0));
    assert_eq!((score.lines, score.bends, score.crossings), (1, 0, 0));
    assert!((score.density - 5.0 * 64.0 * 64.0 / (510.0 * 400.0)).abs() < 0.01, "{}", score.density);
}

#[test]
fn standing_wrong_is_found() {
    type Change = fn(&mut Picture);
    let cases: &[(Change, &[(&str, usize)])] = &[
        (|p| p.items[6].rect.x = 190.0, &[("overlaps", 1)]),
        (|p| p.items[6].rect.x = 400.0, &[("outside", 1)]),
        (|p| p.items[9].rect.x = 435.0, &[("covered", 2)]),
        (|p| p.items[4].rect.y = 160.0, &[("overlaps", 1), ("outside", 1)]),
        (|p| p.items[5].label[0].w = 300.0, &[("label_overlaps", 1)]),
        (|p| p.items[5].rect.x = 101.0, &[("outside", 1)]),
    ];
    for (n, (change, expected)) in cases.iter().enumerate() {
        let mut picture = picture();
        change(&mut picture);
        println!("case {n}");
        check(&picture, expected);
    }
}

#[test]
fn lines_where_they_should_not_be_are_found() {
    // Through an icon; through its label; through a foreign subnet; beside its end; on a border only.
    check(
        &with_lines(&[(9, 6, &[[64.0, 120.0], [120.0, 120.0], [120.0, 70.0], [300.0, 70.0]])]),
        &[("through_icons", 1)],
    );
    check(&with_lines(&[(9, 6, &[[64.0, 115.0], [332.0, 115.0], [332.0, 104.0]])]), &[("through_labels", 2)]);
    check(
        &with_lines(&[(9, 7, &[[64.0, 140.0], [172.0, 140.0], [172.0, 230.0]])]),
        &[("through_holders", 1)],
    );
    check(&with_lines(&[(9, 3, &[[64.0, 132.0], [110.0, 132.0]])]), &[("ends_off", 1)]);
    check(&with_lines(&[(9, 3, &[[60.0, 132.0], [120.0, 132.0]])]), &[("ends_off", 1)]);
    let mut inside = with_lines(&[(9, 3, &[[60.0, 132.0], [120.0, 132.0]])]);
    inside.ends_inside = true;
    check(&inside, &[]);
}

#[test]
fn crossings_are_counted_once_each() {
    let lines: &[(usize, usize, &[[f64; 2]])] = &[
        (5, 6, &[[204.0, 60.0], [300.0, 60.0]]),
        (5, 6, &[[204.0, 80.0], [300.0, 80.0]]),
        (3, 4, &[[250.0, 20.0], [250.0, 210.0]]),
        (3, 4, &[[260.0, 20.0], [290.0, 210.0]]),
    ];
    let found = score(&with_lines(lines));
    assert_eq!((found.crossings, found.crossing_places), (4, 4));
    // A touch with an end is none.
    let touch = score(&with_lines(&[lines[0], (3, 4, &[[250.0, 60.0], [250.0, 210.0]])]));
    assert_eq!(touch.crossings, 0);
    // Two lines on one trunk are crossed in one place; as unrelated lines they hide one another.
    let trunk = score(&with_lines(&[lines[2], lines[2], (5, 6, lines[0].2), (7, 8, lines[0].2)]));
    assert_eq!((trunk.crossings, trunk.crossing_places, trunk.shared), (4, 1, 1));
}

#[test]
fn moves_are_told_from_shifts() {
    let before = picture();
    let mut after = picture();
    after.items.iter_mut().for_each(|item| item.rect.x += 50.0);
    assert_eq!(stability(&before, &after), Stability { moved: 0.0, order: 1.0 });
    after.items[5].rect.x += 300.0;
    let moved = stability(&before, &after);
    assert!((moved.moved - 0.2).abs() < 1e-9 && moved.order < 1.0, "{moved:?}");
}
