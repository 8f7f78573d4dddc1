//! What is wrong, in the words of the other checks: the field, and what it must be.

use jsonschema::{
    ValidationError,
    error::{TypeKind, ValidationErrorKind as Wrong},
};
use serde_json::Value;

use crate::domain::FieldError;

/// The longest list of values, or pattern, that a message repeats, in characters.
const MAX_SHOWN: usize = 200;

/// An error as errors of fields under `field`: several where several fields are missing or too many.
pub fn errors(field: &str, error: &ValidationError<'_>) -> Vec<FieldError> {
    let place = format!("{field}{}", error.instance_path().as_str());
    let inner =
        |name: &str, message: &str| FieldError::new(format!("{place}/{}", escaped(name)), message);
    match error.kind() {
        Wrong::Required { property: Value::String(name) } => vec![inner(name, "is required")],
        Wrong::AdditionalProperties { unexpected }
        | Wrong::UnevaluatedProperties { unexpected } => {
            unexpected.iter().map(|name| inner(name, "is not a field here")).collect()
        }
        _ => vec![FieldError::new(place, message(error))],
    }
}

/// Why a schema that is one cannot be used: what it refers to, or one of its patterns.
pub fn unreadable(field: &str, error: &ValidationError<'_>) -> Vec<FieldError> {
    match error.kind() {
        Wrong::Referencing(_) => {
            let message = format!("refers to what is not in it: {}", shown(&error.to_string()));
            vec![FieldError::new(field, message)]
        }
        Wrong::Format { format } if format == "regex" => {
            let place = format!("{field}{}", error.schema_path().as_str());
            let message = "is no regular expression that is taken here: it must be linear in the \
                           text, without look-around and back-references, and not too large";
            vec![FieldError::new(place, message)]
        }
        _ => {
            let place = format!("{field}{}", error.instance_path().as_str());
            vec![FieldError::new(place, message(error))]
        }
    }
}

/// A name as a step of a JSON Pointer (RFC 6901 §3).
pub fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn message(error: &ValidationError<'_>) -> String {
    match error.kind() {
        Wrong::Type { kind } => {
            format!("must be {}, and is {}", types(kind), type_of(error.instance()))
        }
        Wrong::Enum { options } => match options.as_array() {
            Some(options) => {
                let options: Vec<String> = options.iter().map(Value::to_string).collect();
                format!("must be one of {}", shown(&options.join(", ")))
            }
            None => "must be one of the values listed".to_owned(),
        },
        Wrong::Constant { expected_value } => {
            format!("must be {}", shown(&expected_value.to_string()))
        }
        Wrong::Minimum { limit } => format!("must be at least {limit}"),
        Wrong::Maximum { limit } => format!("must be at most {limit}"),
        Wrong::ExclusiveMinimum { limit } => format!("must be more than {limit}"),
        Wrong::ExclusiveMaximum { limit } => format!("must be less than {limit}"),
        Wrong::MultipleOf { multiple_of } => format!("must be a multiple of {multiple_of}"),
        Wrong::MinLength { limit } => {
            format!("must have at least {}", several(*limit, "character"))
        }
        Wrong::MaxLength { limit } => format!("must have at most {}", several(*limit, "character")),
        Wrong::MinItems { limit } => format!("must have at least {}", entries(*limit)),
        Wrong::MaxItems { limit } => format!("must have at most {}", entries(*limit)),
        Wrong::AdditionalItems { limit } => format!("must have at most {}", entries(*limit as u64)),
        Wrong::MinProperties { limit } => {
            format!("must have at least {}", several(*limit, "field"))
        }
        Wrong::MaxProperties { limit } => format!("must have at most {}", several(*limit, "field")),
        Wrong::UniqueItems => "must not have an entry twice".to_owned(),
        Wrong::Contains => "has not the entries that it must contain".to_owned(),
        Wrong::UnevaluatedItems { .. } => "has more entries than it may have".to_owned(),
        Wrong::Pattern { pattern } => format!("must match the pattern {}", shown(pattern)),
        Wrong::Format { format } => format!("must be of the format {}", shown(format)),
        Wrong::PropertyNames { error } => {
            format!("has a field whose name is not allowed: it {}", message(error))
        }
        Wrong::FalseSchema => "must not be there".to_owned(),
        Wrong::AnyOf { .. } | Wrong::OneOfNotValid { .. } => {
            "is none of the things that it may be".to_owned()
        }
        Wrong::OneOfMultipleValid { .. } => {
            "is more than one of the things of which it must be exactly one".to_owned()
        }
        Wrong::Not { .. } => "is what it must not be".to_owned(),
        _ => shown(&error.masked().to_string()),
    }
}

fn several(count: u64, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

fn entries(count: u64) -> String {
    if count == 1 { "1 entry".to_owned() } else { format!("{count} entries") }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => with_article(one.as_str()).to_owned(),
        TypeKind::Multiple(several) => {
            let mut names: Vec<&str> =
                several.iter().map(|one| with_article(one.as_str())).collect();
            // "a string or null": what it is when it is there goes first.
            names.sort_by_key(|name| *name == "null");
            names.join(" or ")
        }
    }
}

fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn with_article(name: &str) -> &'static str {
    match name {
        "null" => "null",
        "boolean" => "a boolean",
        "integer" => "a whole number",
        "number" => "a number",
        "string" => "a string",
        "array" => "an array",
        _ => "an object",
    }
}

/// The beginning of a text that somebody else wrote.
fn shown(text: &str) -> String {
    if text.chars().count() <= MAX_SHOWN {
        return text.to_owned();
    }
    let mut beginning: String = text.chars().take(MAX_SHOWN).collect();
    beginning.push('…');
    beginning
}
