//! What a schema may refer to, and how much work it makes.
//!
//! Without references, a value of an input is looked at by each part of a schema at most once. With
//! them, a schema of a few hundred bytes can double the work at each of a hundred steps. So the steps
//! are counted when the schema is put: how many parts look at the values on one way from the root of
//! an input to a leaf, at most. Only references within the schema, by JSON Pointer, are taken, because
//! only these can be followed here just as the validator follows them.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::domain::FieldError;

/// How deep an input with a schema may nest.
pub const MAX_LEVELS: usize = 64;
/// How many parts of a schema may look at the values on one way down.
const MAX_EFFORT: u64 = 5000;
/// How far one part may lead to the next, so that nobody's stack ends.
const MAX_HEIGHT: usize = 400;
/// The dialect there is.
const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";
/// Keywords whose values are no schemas: what looks like a reference in there is none.
const DATA: [&str; 4] = ["const", "default", "enum", "examples"];

/// What a schema says that leads elsewhere.
pub fn foreign(schema: &Value) -> Vec<FieldError> {
    let mut errors = Vec::new();
    find_foreign(schema, "input_schema", Within::Root, &mut errors);
    errors.truncate(super::schema::MAX_ERRORS);
    errors
}

/// Where a part of a schema stands.
#[derive(Clone, Copy, PartialEq)]
enum Within {
    Root,
    Schema,
    Data,
}

fn find_foreign(part: &Value, place: &str, within: Within, errors: &mut Vec<FieldError>) {
    let inner = |key: &str| format!("{place}/{}", super::words::escaped(key));
    let below = if within == Within::Data { Within::Data } else { Within::Schema };
    match part {
        Value::Array(parts) => {
            for (at, part) in parts.iter().enumerate() {
                find_foreign(part, &inner(&at.to_string()), below, errors);
            }
        }
        Value::Object(keywords) => {
            for (key, value) in keywords {
                let below = if DATA.contains(&key.as_str()) { Within::Data } else { below };
                match value.as_str().and_then(|text| refusal(key, text, within)) {
                    Some(message) => errors.push(FieldError::new(inner(key), message)),
                    None => find_foreign(value, &inner(key), below, errors),
                }
            }
        }
        _ => {}
    }
}

/// What is wrong with a keyword that names another place. Names that would change what a reference
/// means are refused in data too: a reference may lead there, and then it is a schema.
fn refusal(key: &str, text: &str, within: Within) -> Option<String> {
    let data = within == Within::Data;
    match key {
        "$ref" | "$schema" if data => None,
        "$ref" if text != "#" && !text.starts_with("#/") => Some(
            "must lead into this schema, e.g. #/$defs/name: nothing is fetched from elsewhere"
                .to_owned(),
        ),
        "$schema" if text.trim_end_matches('#') != DIALECT => {
            Some(format!("must be {DIALECT}, or be left out"))
        }
        "$id" if within != Within::Root => Some("is only taken at the schema's root".to_owned()),
        "$anchor" | "$dynamicAnchor" | "$dynamicRef" | "$recursiveRef" => {
            Some("is not taken here; use $ref with a JSON Pointer, e.g. #/$defs/name".to_owned())
        }
        _ => None,
    }
}

/// How many parts of the schema look at the values on one way down an input, at most.
///
/// # Errors
/// More than are allowed.
pub fn effort(schema: &Value) -> Result<u64, FieldError> {
    let refused = |message: String| FieldError::new("input_schema", message);
    let mut scale = Scale { root: schema, known: HashMap::new() };
    let weight = scale.weigh(schema, MAX_LEVELS, 0);
    match weight {
        Some(weight) if weight.height > MAX_HEIGHT => Err(refused(far())),
        None => Err(refused(far())),
        Some(weight) if weight.effort > MAX_EFFORT => Err(refused(format!(
            "would look at one value more often than is good: {} times or more, and {MAX_EFFORT} \
             are allowed. Look for parts that refer to the same part several times, or to themselves",
            weight.effort.min(1_000_000_000)
        ))),
        Some(weight) => Ok(weight.effort),
    }
}

fn far() -> String {
    format!("leads from part to part more than {MAX_HEIGHT} times, or round in a circle")
}

#[derive(Clone, Copy, Default)]
struct Weight {
    effort: u64,
    /// How many parts lead to one another.
    height: usize,
}

impl Weight {
    /// Both look at the same value.
    fn and(self, other: Weight) -> Weight {
        Weight {
            effort: self.effort.saturating_add(other.effort),
            height: self.height.max(other.height),
        }
    }

    /// One of the two does.
    fn or(self, other: Weight) -> Weight {
        Weight { effort: self.effort.max(other.effort), height: self.height.max(other.height) }
    }
}

struct Scale<'a> {
    root: &'a Value,
    /// What parts weigh, by where they lie in memory and how many levels are below.
    known: HashMap<(usize, usize), Weight>,
}

impl<'a> Scale<'a> {
    /// `None` when the parts lead too far.
    fn weigh(&mut self, part: &'a Value, levels: usize, far: usize) -> Option<Weight> {
        let Value::Object(keywords) = part else { return Some(Weight { effort: 1, height: 1 }) };
        let place = (std::ptr::from_ref(part) as usize, levels);
        if let Some(weight) = self.known.get(&place) {
            return Some(*weight);
        }
        if far > MAX_HEIGHT {
            return None;
        }
        let far = far + 1;
        let mut here = self.weigh_here(keywords, levels, far)?;
        if keywords.keys().any(|key| key.starts_with("unevaluated")) {
            // To know what was evaluated, the others are asked again.
            here.effort = here.effort.saturating_mul(3);
        }
        let below = match levels {
            0 => Weight::default(),
            levels => self.weigh_below(keywords, levels - 1, far)?,
        };
        let listed = |key: &str| match keywords.get(key) {
            Some(Value::Array(list)) => list.len(),
            Some(Value::Object(map)) => map.len(),
            _ => 0,
        };
        // A look at a list costs a fraction of a look by a part.
        let lists = listed("enum") + listed("required") + listed("properties");
        let own = Weight { effort: 1 + lists as u64 / 8, height: 0 };
        let mut weight = own.and(here).and(below);
        weight.height += 1;
        self.known.insert(place, weight);
        Some(weight)
    }

    /// Parts that look at the same value.
    fn weigh_here(
        &mut self,
        keywords: &'a Map<String, Value>,
        levels: usize,
        far: usize,
    ) -> Option<Weight> {
        let mut all = Weight::default();
        for (key, value) in keywords {
            let weight = match (key.as_str(), value) {
                ("$ref", Value::String(reference)) => match self.follow(reference) {
                    Some(part) => self.weigh(part, levels, far)?,
                    None => continue,
                },
                ("not" | "if" | "then" | "else", part) => self.weigh(part, levels, far)?,
                ("allOf" | "anyOf" | "oneOf", Value::Array(parts)) => {
                    self.sum(parts.iter(), levels, far)?
                }
                // The validator still knows the old name too.
                ("dependentSchemas" | "dependencies", Value::Object(parts)) => {
                    self.sum(parts.values(), levels, far)?
                }
                _ => continue,
            };
            all = all.and(weight);
        }
        Some(all)
    }

    /// Parts that look at a value one level down. Of those for different names, or places, only one
    /// looks at a value.
    fn weigh_below(
        &mut self,
        keywords: &'a Map<String, Value>,
        levels: usize,
        far: usize,
    ) -> Option<Weight> {
        let mut all = Weight::default();
        for (key, value) in keywords {
            let weight = match (key.as_str(), value) {
                ("properties", Value::Object(parts)) => self.max(parts.values(), levels, far)?,
                ("prefixItems", Value::Array(parts)) => self.max(parts.iter(), levels, far)?,
                ("patternProperties", Value::Object(parts)) => {
                    self.sum(parts.values(), levels, far)?
                }
                ("propertyNames", part) => self.weigh(part, 0, far)?,
                (
                    "additionalProperties"
                    | "unevaluatedProperties"
                    | "items"
                    | "additionalItems"
                    | "contains"
                    | "unevaluatedItems",
                    part,
                ) => self.weigh(part, levels, far)?,
                _ => continue,
            };
            all = all.and(weight);
        }
        Some(all)
    }

    fn sum(
        &mut self,
        parts: impl Iterator<Item = &'a Value>,
        levels: usize,
        far: usize,
    ) -> Option<Weight> {
        let mut all = Weight::default();
        for part in parts {
            all = all.and(self.weigh(part, levels, far)?);
        }
        Some(all)
    }

    fn max(
        &mut self,
        parts: impl Iterator<Item = &'a Value>,
        levels: usize,
        far: usize,
    ) -> Option<Weight> {
        let mut most = Weight::default();
        for part in parts {
            most = most.or(self.weigh(part, levels, far)?);
        }
        Some(most)
    }

    /// The part a reference leads to. One that leads nowhere is for the validator to refuse.
    fn follow(&self, reference: &str) -> Option<&'a Value> {
        let pointer = reference.strip_prefix('#')?;
        let pointer = percent_encoding::percent_decode_str(pointer).decode_utf8().ok()?;
        self.root.pointer(&pointer)
    }
}
