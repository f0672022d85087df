//! What can be wrong with what a drawing is asked for. Painting itself cannot fail.

/// A parameter that was not understood, or a face that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not a scale.
    #[error("scale must be a number from 0.05 to 10, not \"{text}\"")]
    Scale {
        /// What was given.
        text: String,
    },
    /// Not a canvas side.
    #[error("width and height must be whole numbers from 1 to 16384, not \"{text}\"")]
    PixelSize {
        /// What was given.
        text: String,
    },
    /// Bytes that are no font.
    #[error("{name} is not a TrueType or OpenType font")]
    Font {
        /// Which file.
        name: String,
    },
}
