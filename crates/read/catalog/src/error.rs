//! What can be wrong with a service file.

/// A service file that does not say what it should.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is no TOML of the right form; the source names line and field.
    #[error("services/{file}: not a service file")]
    Form {
        /// The file's name.
        file: String,
        /// Line, column and field.
        #[source]
        source: Box<toml::de::Error>,
    },
    /// One field cannot be.
    #[error("services/{file}: {place}: {reason}")]
    Field {
        /// The file's name.
        file: String,
        /// Which call, resource or relation, and which field of it.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
}
