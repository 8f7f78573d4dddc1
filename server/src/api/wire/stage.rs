//! The parts of a task's work.

use poem_openapi::Object;
use serde::{Deserialize, Serialize};

use super::declared_as;
use crate::domain::Stage;

declared_as!(Stage, DeclaredStage);

fn default_weight() -> Option<f64> {
    Some(1.0)
}

/// A part of the work, and how much of the whole it is.
#[derive(Debug, Object)]
#[oai(rename = "Stage")]
pub struct DeclaredStage {
    /// Its name; a report names it as its `stage`.
    pub name: String,
    /// How much of the whole it is, relative to the other stages.
    pub weight: f64,
}

/// A part of the work, and how much of the whole it is.
#[derive(Clone, Debug, Object, Deserialize, Serialize)]
#[oai(skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct StageDefinition {
    /// Its name, for reports to name as their `stage`: 1 to 128 characters, no control characters,
    /// and no other stage's.
    #[oai(validator(min_length = 1, max_length = 128))]
    pub name: String,
    /// How much of the whole it is, relative to the other stages: more than 0, at most 1000000.
    #[oai(
        default = "default_weight",
        validator(minimum(value = "0", exclusive), maximum(value = "1000000"))
    )]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<f64>,
}

/// The stages they define; what is wrong with them, the engine says.
pub fn into_stages(stages: Vec<StageDefinition>) -> Vec<Stage> {
    let into_stage = |stage: StageDefinition| Stage {
        name: stage.name,
        weight: stage.weight.or(default_weight()).unwrap_or_default(),
    };
    stages.into_iter().map(into_stage).collect()
}

impl From<&Stage> for StageDefinition {
    fn from(stage: &Stage) -> Self {
        StageDefinition { name: stage.name.clone(), weight: Some(stage.weight) }
    }
}
