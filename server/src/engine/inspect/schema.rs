//! A JSON Schema, made ready for use.
//!
//! The schemas come from outside, and so do the inputs. So nothing is fetched, whatever a schema
//! refers to; patterns run on an engine that is linear in the text, which is why it has no look-around
//! and no back-references; and how much work a schema makes of an input is bounded before it is
//! begun ([`super::weight`]).

use jsonschema::{PatternOptions, Validator, draft202012};
use serde_json::Value;

use super::{
    weight::{self, MAX_LEVELS},
    words,
};
use crate::domain::{FieldError, RawJson};

/// How many errors one input, or one schema, is told.
pub const MAX_ERRORS: usize = 20;
/// The most work one input may make: bytes of it, times what a value is looked at by. A few seconds.
const MAX_WORK: u64 = 2_000_000_000;
/// Above this only the first error is told: all of them are found before any is told, and there can
/// be as many as there are values.
const MAX_TOLD_WHOLE: u64 = 1_000_000;
/// The longest that a compiled pattern may become, and the cache of its matching, in bytes.
const MAX_PATTERN_BYTES: usize = 256 * 1024;

pub struct Schema {
    validator: Validator,
    /// By how much any one value of an input is looked at, at most.
    effort: u64,
}

impl Schema {
    /// Reads a schema (2020-12).
    ///
    /// # Errors
    /// What is wrong with it, each under the place it stands at: `input_schema/properties/size`.
    pub fn read(text: &RawJson) -> Result<Self, Vec<FieldError>> {
        let one = |message: String| vec![FieldError::new(FIELD, message)];
        let schema: Value = serde_json::from_str(text.get())
            .map_err(|error| one(format!("is no JSON that can be read: {error}")))?;
        if !schema.is_object() {
            return Err(one("must be an object: a JSON Schema (2020-12)".to_owned()));
        }
        let errors = weight::foreign(&schema);
        if !errors.is_empty() {
            return Err(errors);
        }
        let meta = draft202012::meta::validator();
        let errors = told(meta.iter_errors(&schema).flat_map(|error| words::errors(FIELD, &error)));
        if !errors.is_empty() {
            return Err(errors);
        }
        let effort = weight::effort(&schema).map_err(|error| vec![error])?;
        let patterns =
            PatternOptions::regex().size_limit(MAX_PATTERN_BYTES).dfa_size_limit(MAX_PATTERN_BYTES);
        let validator = draft202012::options()
            .offline()
            .with_pattern_options(patterns)
            .should_validate_formats(true)
            // Compiling whatever pattern an input holds has no bound of its own.
            .with_format("regex", |_: &str| true)
            .build(&schema)
            .map_err(|error| words::unreadable(FIELD, &error))?;
        Ok(Schema { validator, effort })
    }

    /// How much work an input makes, in the measure of [`MAX_WORK`].
    pub fn work(&self, input: Option<&RawJson>) -> u64 {
        input.map_or(0, |input| self.effort.saturating_mul(input.get().len() as u64))
    }

    /// What is wrong with an input, each under the place it stands at: `input/size`. An absent one
    /// passes where `null` does.
    pub fn find_errors(&self, input: Option<&RawJson>) -> Vec<FieldError> {
        let one = |message: &str| vec![FieldError::new("input", message)];
        let Some(text) = input else {
            let passes = self.validator.is_valid(&Value::Null);
            return if passes { Vec::new() } else { one("is required") };
        };
        let work = self.work(input);
        if work > MAX_WORK {
            return one("is too large to be checked by its kind's schema");
        }
        let Ok(input) = serde_json::from_str::<Value>(text.get()) else {
            return one("is no JSON that can be checked by its kind's schema");
        };
        if levels(&input) > MAX_LEVELS {
            return one(&format!(
                "must not nest more than {MAX_LEVELS} deep: its kind has a schema"
            ));
        }
        if self.validator.is_valid(&input) {
            return Vec::new();
        }
        let errors = if work <= MAX_TOLD_WHOLE {
            let errors = self.validator.iter_errors(&input);
            told(errors.flat_map(|error| words::errors("input", &error)))
        } else {
            let first = self.validator.validate(&input).err();
            told(first.iter().flat_map(|error| words::errors("input", error)))
        };
        if errors.is_empty() { one("is not as its kind's schema says") } else { errors }
    }
}

/// What stands before the place of an error in a schema.
const FIELD: &str = "input_schema";

/// The first of them, each once.
fn told(errors: impl Iterator<Item = FieldError>) -> Vec<FieldError> {
    let mut told: Vec<FieldError> = Vec::new();
    for error in errors {
        if told.len() == MAX_ERRORS {
            break;
        }
        if !told.contains(&error) {
            told.push(error);
        }
    }
    told
}

/// How deep a value nests. What was parsed is never deeper than the parser goes.
fn levels(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Value::Object(fields) => 1 + fields.values().map(levels).max().unwrap_or(0),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn raw(value: &Value) -> RawJson {
        RawJson::of(value).expect("JSON")
    }

    fn schema(value: Value) -> Schema {
        Schema::read(&raw(&value)).unwrap_or_else(|errors| panic!("{value}: {errors:?}"))
    }

    fn refused(value: Value) -> Vec<(String, String)> {
        let errors = Schema::read(&raw(&value)).err().unwrap_or_else(|| panic!("{value} is taken"));
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    fn wrong(schema: &Schema, input: Value) -> Vec<(String, String)> {
        let errors = schema.find_errors(Some(&raw(&input)));
        errors.into_iter().map(|error| (error.field, error.message)).collect()
    }

    fn pairs(errors: &[(String, String)]) -> Vec<(&str, &str)> {
        errors.iter().map(|(field, message)| (field.as_str(), message.as_str())).collect()
    }

    #[test]
    fn every_error_is_told_with_its_place() {
        let schema = schema(json!({
            "type": "object",
            "properties": {
                "album": true,
                "size": {"type": "integer", "minimum": 1, "maximum": 9},
                "names": {"type": "array", "items": {"type": "string", "maxLength": 3}},
                "at": {"type": "string", "format": "date-time"},
                "shape": {"enum": ["round", "square"]},
                "a/b~c": {"type": ["string", "null"]},
                "code": {"type": "string", "pattern": "^[A-Z]+$"},
            },
            "required": ["album"],
            "additionalProperties": false,
        }));
        let input = json!({
            "size": 0, "names": ["abc", "abcd", 5], "at": "soon", "shape": "flat", "a/b~c": 1,
            "code": "x", "extra": true,
        });
        let mut found = wrong(&schema, input);
        found.sort();
        assert_eq!(
            pairs(&found),
            [
                ("input/album", "is required"),
                ("input/at", "must be of the format date-time"),
                ("input/a~1b~0c", "must be a string or null, and is a number"),
                ("input/code", "must match the pattern ^[A-Z]+$"),
                ("input/extra", "is not a field here"),
                ("input/names/1", "must have at most 3 characters"),
                ("input/names/2", "must be a string, and is a number"),
                ("input/shape", "must be one of \"round\", \"square\""),
                ("input/size", "must be at least 1"),
            ]
        );
        assert!(wrong(&schema, json!({"album": 1, "size": 9.0})).is_empty());
    }

    #[test]
    fn an_absent_input_passes_where_null_does() {
        let open = schema(json!({}));
        assert!(open.find_errors(None).is_empty());
        let closed = schema(json!({"type": "object"}));
        assert_eq!(closed.find_errors(None), [FieldError::new("input", "is required")]);
        let null = wrong(&closed, json!(null));
        assert_eq!(pairs(&null), [("input", "must be an object, and is null")]);
    }

    #[test]
    fn no_more_than_twenty_errors_are_told_and_none_twice() {
        let schema = schema(json!({"items": {"allOf": [{"type": "string"}, {"type": "string"}]}}));
        let found = wrong(&schema, json!(vec![1; 50]));
        assert_eq!(found.len(), MAX_ERRORS);
        assert_eq!(found[19].0, "input/19");
        let found = wrong(&schema, json!(vec![1; 300_000]));
        assert_eq!(found.len(), 1, "of a large one only the first is looked for");
    }

    #[test]
    fn what_is_no_schema_is_refused_with_its_place() {
        for (value, field) in [
            (json!(true), "input_schema"),
            (json!({"type": "strin"}), "input_schema/type"),
            (json!({"properties": {"a": {"minimum": "1"}}}), "input_schema/properties/a/minimum"),
            (json!({"properties": {"a": {"pattern": "("}}}), "input_schema/properties/a/pattern"),
            (json!({"pattern": "(?=x)"}), "input_schema/pattern"),
            (json!({"pattern": "(a)\\1"}), "input_schema/pattern"),
            (json!({"pattern": "(a{1000}){1000}"}), "input_schema/pattern"),
            (json!({"$ref": "#/$defs/nowhere"}), "input_schema"),
            (json!({"$schema": "http://json-schema.org/draft-07/schema#"}), "input_schema/$schema"),
        ] {
            let found = refused(value.clone());
            assert_eq!(found[0].0, field, "{value}: {found:?}");
        }
        let several = refused(json!({"required": "a", "minLength": -1}));
        assert_eq!(several.len(), 2, "{several:?}");
    }

    #[test]
    fn what_lies_elsewhere_is_never_fetched() {
        for reference in [
            "https://example.com/schema.json",
            "file:///etc/passwd",
            "other.json",
            "https://json-schema.org/draft/2020-12/schema",
            "#anchor",
        ] {
            let found = refused(json!({"properties": {"a": {"$ref": reference}}}));
            assert_eq!(found[0].0, "input_schema/properties/a/$ref", "{reference}");
        }
        // Where the walk takes a name for data, the reference still leads nowhere.
        refused(json!({"properties": {"default": {"$ref": "https://example.com/"}}}));
        for key in ["$id", "$dynamicRef", "$anchor", "$dynamicAnchor"] {
            let mut part = serde_json::Map::new();
            part.insert(key.to_owned(), json!("https://example.com/x"));
            refused(json!({"properties": {"a": part}}));
        }
        schema(
            json!({"$id": "https://example.com/order", "$ref": "#/$defs/a", "$defs": {"a": {}}}),
        );
        schema(json!({"enum": [{"$ref": "https://example.com/"}]}));
        // A reference can make a schema of data.
        refused(json!({"$ref": "#/const/a", "const": {"a": {"$id": "https://example.com/x"}}}));
    }

    #[test]
    fn a_schema_that_doubles_its_work_with_each_step_is_refused() {
        let mut defs = serde_json::Map::new();
        for step in 0..40 {
            let next = json!({"$ref": format!("#/$defs/s{}", step + 1)});
            defs.insert(format!("s{step}"), json!({"allOf": [next, next]}));
        }
        defs.insert("s40".to_owned(), json!({"type": "string"}));
        let found = refused(json!({"$ref": "#/$defs/s0", "$defs": defs}));
        assert!(found[0].1.contains("more often"), "{found:?}");
        for keyword in ["dependentSchemas", "dependencies"] {
            let next = json!({"$ref": "#/$defs/s0"});
            let both = json!({"a": next, "b": next});
            let mut whole = json!({"$defs": defs});
            whole[keyword] = both;
            refused(whole);
        }
        let own = json!({"$ref": "#"});
        refused(json!({"properties": {"a": {"anyOf": [own, own]}}}));
        refused(json!({"allOf": [{"$ref": "#"}]}));
    }

    #[test]
    fn a_schema_may_refer_to_itself_and_inputs_nest_only_so_deep() {
        let tree = schema(json!({
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "left": {"$ref": "#"},
                "right": {"anyOf": [{"type": "null"}, {"$ref": "#"}]},
                "children": {"type": "array", "items": {"$ref": "#"}},
            },
        }));
        let nested = |levels: usize| {
            (0..levels).fold(json!({"name": 1}), |inside, _| json!({"right": inside}))
        };
        assert_eq!(wrong(&tree, nested(MAX_LEVELS - 1)).len(), 1);
        let found = wrong(&tree, nested(MAX_LEVELS));
        assert!(found[0].1.contains("nest"), "{found:?}");
    }

    #[test]
    fn a_schema_nested_as_deep_as_bodies_may_be_is_no_crash() {
        let deep = (0..55)
            .fold(json!({"type": "string"}), |inside, _| json!({"properties": {"a": inside}}));
        let schema = schema(deep);
        let input = (0..55).fold(json!(1), |inside, _| json!({"a": inside}));
        assert_eq!(wrong(&schema, input).len(), 1);
    }

    #[test]
    fn a_pattern_that_backtracks_elsewhere_takes_no_longer_here() {
        let schema = schema(json!({"type": "string", "pattern": "^(a+)+$"}));
        let text = format!("{}!", "a".repeat(100_000));
        assert_eq!(wrong(&schema, json!(text)).len(), 1);
    }
}
