//! What can go wrong when a scene becomes a file.

/// A format that could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// More pixels than a picture may have.
    #[error(
        "a picture of {width} x {height} pixels is too large; at most {limit} million pixels can be drawn"
    )]
    TooManyPixels {
        /// Asked for.
        width: u32,
        /// Asked for.
        height: u32,
        /// Million pixels allowed.
        limit: u32,
    },
    /// A longer side than the format can tell.
    #[error(
        "a picture of {width} x {height} pixels does not fit the format, whose sides have at most {limit}"
    )]
    TooLong {
        /// Asked for.
        width: u32,
        /// Asked for.
        height: u32,
        /// Pixels allowed a side.
        limit: u32,
    },
    /// Not a paper size.
    #[error(
        "paperSize must be one of Letter, Legal, Tabloid, Ledger, A0, A1, A2, A3, A4, A5, not \"{text}\""
    )]
    PaperSize {
        /// What was given.
        text: String,
    },
    /// An encoder failed; a fault of ours.
    #[error("the drawing could not be encoded as {format}: {reason}")]
    Encode {
        /// The format being written.
        format: &'static str,
        /// Why.
        reason: String,
    },
}
