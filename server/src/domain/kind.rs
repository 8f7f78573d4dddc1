//! What is known of a kind of task: what its input must be, and what its tasks begin with.

use serde::{Deserialize, Serialize};

use super::{
    FieldError, RawJson, Revision, Timestamp,
    checks::{self, Errors},
    name::is_reserved,
    queue::TaskDefaults,
};

/// What its owner says of a kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KindSpec {
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// A JSON Schema (2020-12), as the text it came as.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input_schema: Option<RawJson>,
    /// What its tasks get where they do not say; what is not set here, their queue says.
    #[serde(default)]
    pub defaults: TaskDefaults,
}

/// A kind somebody has said something of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kind {
    pub name: String,
    pub spec: KindSpec,
    /// Another with every change, and never one that the name had before: random, so that a kind
    /// which was deleted and put again is told apart too.
    pub revision: Revision,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

/// How an input was found by the schema its kind had when it was looked at. Looking takes as long as
/// the input is large, so it is done before the one writer sees the task; whether the schema is still
/// the same is then only a look at a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inspected {
    /// Of the kind whose schema it was.
    pub revision: Revision,
    /// What is wrong with the input, under `input`.
    pub errors: Vec<FieldError>,
}

impl KindSpec {
    /// The longest schema, in bytes: 64 KiB.
    pub const MAX_SCHEMA_BYTES: usize = 64 * 1024;
    /// The longest description, in characters.
    pub const MAX_DESCRIPTION: usize = 4096;

    /// What is wrong with it, but for the schema's own rules.
    pub fn check(&self, errors: &mut Errors) {
        let description = self.description.as_deref();
        errors.take(checks::at_most("description", description, Self::MAX_DESCRIPTION));
        self.defaults.check(errors);
        if self.size() > Self::MAX_SCHEMA_BYTES {
            let message = format!("must have at most {} bytes", Self::MAX_SCHEMA_BYTES);
            errors.take(checks::error("input_schema", message));
        }
    }

    /// How many bytes its schema has.
    pub fn size(&self) -> usize {
        self.input_schema.as_ref().map_or(0, |schema| schema.get().len())
    }
}

/// Whether nothing can be said of a kind: it is the server's own.
pub fn is_the_servers(name: &str) -> bool {
    is_reserved(name) || name == "quickstart" || name.starts_with("quickstart.")
}
