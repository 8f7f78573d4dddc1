//! Kinds: what is said of them, and how they are shown.

use poem_openapi::{Object, types::Example};
use serde::{Deserialize, Serialize};

use super::{links, queue_settings::TaskDefaults};
use crate::{
    api::strict,
    domain::{self, KindSpec, RawJson, Timestamp},
};

/// All that is said of a kind. What is left out returns to its default; `null` is the same as leaving
/// a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct KindDefinition {
    /// What tasks of this kind do, for people: at most 4096 characters.
    #[oai(validator(max_length = 4096))]
    pub description: Option<String>,
    /// What the input of its tasks must be: a JSON Schema (2020-12), an object of at most 65536 bytes.
    /// `$ref` may only lead into the schema itself (`#/$defs/name`); patterns have no look-around and
    /// no back-references; `format` is checked. Without it, any input is taken.
    pub input_schema: Option<RawJson>,
    /// What its tasks get where their submission does not say. What is not said here either, the
    /// `defaults` of their queue say.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub defaults: Option<TaskDefaults>,
}

/// A kind that something was said of.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Kind {
    /// Its name: 1 to 128 characters, no control characters.
    pub name: String,
    /// What tasks of this kind do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What the input of its tasks must be, as the text it came as: a JSON Schema (2020-12). Absent in
    /// lists, and where any input is taken.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub input_schema: Option<RawJson>,
    /// Whether it has an `input_schema`, here or in getKind.
    pub checks_input: bool,
    /// What its tasks get where their submission does not say.
    pub defaults: TaskDefaults,
    /// When something was first said of it.
    pub created_at: Timestamp,
    /// When anything else was last said of it.
    pub updated_at: Timestamp,
    /// Where to go from here.
    pub links: KindLinks,
}

/// Paths relative to the server's root.
#[derive(Debug, Object, Serialize)]
pub struct KindLinks {
    /// The kind itself.
    #[serde(rename = "self")]
    #[oai(rename = "self")]
    pub itself: String,
    /// Its tasks.
    pub tasks: String,
}

/// A page of kinds, by name.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct KindList {
    /// The kinds, without their schemas.
    pub items: Vec<Kind>,
    /// Give this as `page` to get the next one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
}

impl Example for KindDefinition {
    fn example() -> Self {
        let schema = r#"{"type":"object","properties":{"album":{"type":"string"},"size":{"type":"integer","minimum":16,"default":256}},"required":["album"]}"#;
        KindDefinition {
            description: Some("Makes small pictures of an album's large ones.".to_owned()),
            input_schema: RawJson::parse(schema.to_owned()).ok(),
            defaults: Some(TaskDefaults::example()),
        }
    }
}

impl KindDefinition {
    /// What it says; what is wrong with it, the engine says.
    pub fn into_spec(self) -> KindSpec {
        KindSpec {
            description: self.description,
            input_schema: self.input_schema,
            defaults: self.defaults.map(TaskDefaults::into_domain).unwrap_or_default(),
        }
    }
}

impl Kind {
    /// As lists have it: a page of schemas would be long.
    pub fn listed(kind: domain::Kind) -> Self {
        Kind { input_schema: None, ..Kind::from(kind) }
    }
}

impl From<domain::Kind> for Kind {
    fn from(kind: domain::Kind) -> Self {
        let KindSpec { description, input_schema, defaults } = kind.spec;
        Kind {
            links: KindLinks {
                itself: format!("/api/v1/kinds/{}", links::segment(&kind.name)),
                tasks: format!("/api/v1/tasks?kind={}", links::value(&kind.name)),
            },
            name: kind.name,
            description,
            checks_input: input_schema.is_some(),
            input_schema,
            defaults: defaults.into(),
            created_at: kind.created_at,
            updated_at: kind.updated_at,
        }
    }
}
