//! What something would meet at each of a number of places on a line, told in one pass: whatever is
//! met, is met over a stretch of it.

/// Places in order, with what has been met at each so far.
pub(crate) struct Sweep {
    places: Vec<f64>,
    /// What is met at a place only.
    here: Vec<f64>,
    /// What more is met from a place on.
    from_here: Vec<f64>,
}

impl Sweep {
    /// Places, which are in order.
    pub(crate) fn new(places: Vec<f64>) -> Self {
        Self { here: vec![0.0; places.len()], from_here: vec![0.0; places.len() + 1], places }
    }

    /// Something met at every place between two, these not included.
    pub(crate) fn between(&mut self, low: f64, high: f64, weight: f64) {
        let first = self.places.partition_point(|&at| at <= low);
        let end = self.places.partition_point(|&at| at < high);
        if first < end {
            self.from_here[first] += weight;
            self.from_here[end] -= weight;
        }
    }

    /// Something met at every place nearer than that, the more the nearer: by the distance.
    pub(crate) fn beside(&mut self, at: f64, reach: f64, weight: impl Fn(f64) -> f64) {
        let first = self.places.partition_point(|&place| place <= at - reach);
        let near = self.places[first..].iter().zip(&mut self.here[first..]);
        for (place, here) in near.take_while(|n| *n.0 < at + reach) {
            *here += weight((place - at).abs());
        }
    }

    /// Something that weighs by how far each place is from it.
    pub(crate) fn apart_from(&mut self, at: f64, weight: f64) {
        for (place, here) in self.places.iter().zip(&mut self.here) {
            *here += weight * (place - at).abs();
        }
    }

    /// Each place with what is met there.
    pub(crate) fn costs(&self) -> impl Iterator<Item = (f64, f64)> {
        let mut sum = 0.0;
        self.places.iter().zip(self.here.iter().zip(&self.from_here)).map(move |(&at, (here, more))| {
            sum += more;
            (at, here + sum)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_place_meets_what_reaches_it() {
        let mut sweep = Sweep::new(vec![0.0, 1.0, 2.0, 3.0]);
        sweep.between(0.0, 2.0, 5.0);
        sweep.between(f64::MIN, 1.0, 7.0);
        sweep.between(1.2, 1.8, 100.0);
        sweep.beside(2.0, 1.0, |gap| 20.0 - gap);
        sweep.apart_from(3.0, 0.5);
        let costs: Vec<(f64, f64)> = sweep.costs().collect();
        assert_eq!(costs, [(0.0, 8.5), (1.0, 6.0), (2.0, 20.5), (3.0, 0.0)]);
    }
}
