//! A rule: its document and its check.

use std::sync::OnceLock;

use crate::document::{self, Document};
use crate::{AccountView, Findings};

/// A check and the document that explains and tests it.
pub struct Rule {
    text: &'static str,
    check: fn(&AccountView<'_>, &mut Findings),
    document: OnceLock<Document>,
}

impl Rule {
    /// A rule from the Markdown beside it and its check.
    pub const fn new(text: &'static str, check: fn(&AccountView<'_>, &mut Findings)) -> Self {
        Self { text, check, document: OnceLock::new() }
    }

    /// The document.
    ///
    /// # Panics
    /// When the Markdown is malformed, which this crate's tests rule out.
    pub fn document(&self) -> &Document {
        self.document.get_or_init(|| document::read(self.text).expect("tests read every rule's document"))
    }

    /// The finding's id.
    pub fn id(&self) -> &str {
        &self.document().id
    }

    /// Runs the check on one region of an account.
    pub fn check(&self, account: &AccountView<'_>, findings: &mut Findings) {
        (self.check)(account, findings);
    }
}
