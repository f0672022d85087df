//! What a map is asked to hold.

/// CloudMapper's `prepare` options, in its defaults.
#[derive(Debug, Clone)]
pub(crate) struct MapOptions {
    /// Regions; all when empty.
    pub regions: Vec<String>,
    /// VPC ids; all when empty.
    pub vpc_ids: Vec<String>,
    /// VPC names; all when empty.
    pub vpc_names: Vec<String>,
    /// Alternatives, each a set of tags that must all agree.
    pub tags: Vec<Vec<(String, String)>>,
    /// Links between leaves.
    pub internal_edges: bool,
    /// Show read replicas.
    pub read_replicas: bool,
    /// Show availability zones.
    pub azs: bool,
    /// One leaf for all instances with the same value of this tag.
    pub collapse_by_tag: Option<String>,
    /// One leaf for all instances of an Auto Scaling group.
    pub collapse_asgs: bool,
    /// Answer as CloudMapper 2.10: filters by substring, IPv4 only.
    pub strict_compat: bool,
}

impl Default for MapOptions {
    fn default() -> Self {
        Self {
            regions: Vec::new(),
            vpc_ids: Vec::new(),
            vpc_names: Vec::new(),
            tags: Vec::new(),
            internal_edges: true,
            read_replicas: true,
            azs: true,
            collapse_by_tag: None,
            collapse_asgs: true,
            strict_compat: false,
        }
    }
}

impl MapOptions {
    /// Whether a text is among those asked for: equal, or containing one where the old answer is
    /// wanted.
    pub(crate) fn chosen(&self, wanted: &[String], text: &str) -> bool {
        wanted.is_empty()
            || wanted.iter().any(|w| if self.strict_compat { text.contains(w.as_str()) } else { w == text })
    }

    /// Whether tags satisfy one of the alternatives.
    pub(crate) fn tagged(&self, tags: &[(String, String)]) -> bool {
        self.tags.is_empty() || self.tags.iter().any(|all| all.iter().all(|wanted| tags.contains(wanted)))
    }
}
