//! What the title block says of a view.

use std::collections::BTreeSet;

use isobar_graph::{ContainerKind, Graph, Note, View};

use crate::blueprint::{Facts, Options};

/// A title block has no room for more.
const GAPS: usize = 40;

/// Gathers the facts.
pub(crate) fn facts(view: &View<'_>, options: &Options) -> Facts {
    let graph = view.graph;
    let mut regions: BTreeSet<&str> = BTreeSet::new();
    let mut accounts: BTreeSet<String> = BTreeSet::new();
    for &at in &view.shown {
        let resource = graph.get(at);
        if let Some(account) = &resource.account {
            accounts.insert(digits(account.as_str()));
        }
        if !resource.region.is_global() && resource.container != Some(ContainerKind::Account) {
            regions.insert(resource.region.as_str());
        }
    }
    let (gaps, gap_count) = gaps(graph);
    Facts {
        title: options
            .title
            .clone()
            .or_else(|| graph.account_name.clone())
            .unwrap_or_else(|| if accounts.len() > 1 { "AWS accounts" } else { "AWS account" }.to_owned()),
        account: match (&graph.aws_account, accounts.len()) {
            (_, 2..) => format!("{} accounts", accounts.len()),
            (Some(account), _) => digits(account.as_str()),
            (None, _) => accounts.into_iter().next().unwrap_or_default(),
        },
        region: match regions.len() {
            0 => "global".to_owned(),
            1..=2 => regions.into_iter().collect::<Vec<_>>().join(", "),
            n => format!("{n} regions"),
        },
        scanned: graph.scanned,
        shown: view.count,
        total: view.total,
        filter: view.filter.clone(),
        excluded: view.excluded.clone(),
        gaps,
        gap_count,
    }
}

/// `123456789012` as `1234 5678 9012`.
fn digits(account: &str) -> String {
    let chars: Vec<char> = account.chars().collect();
    chars.chunks(4).map(|four| four.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

fn gaps(graph: &Graph) -> (Vec<String>, usize) {
    let sentences: BTreeSet<String> = graph.gaps.iter().map(sentence).collect();
    let count = sentences.len();
    let more = count.saturating_sub(GAPS);
    let mut gaps: Vec<String> = sentences.into_iter().take(GAPS).collect();
    if more > 0 {
        gaps.push(format!("{more} more gaps."));
    }
    (gaps, count)
}

/// One line that reads well alone and is short.
fn sentence(note: &Note) -> String {
    let text: String = note.text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= 140 {
        return text;
    }
    let cut: String = text.chars().take(137).collect();
    format!("{}\u{2026}", cut.trim_end())
}
