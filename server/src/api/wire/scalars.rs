//! Single values: how ids, times, cursors and free JSON stand in the contract.

use std::borrow::Cow;

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde_json::Value;

use crate::domain::{Cursor, LeaseToken, RawJson, TaskId, Timestamp};

/// A domain type whose JSON is one value, with the schema given.
macro_rules! scalar {
    ($type:ty, $name:literal, $schema:expr) => {
        impl Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $name.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                MetaSchemaRef::Inline(Box::new($schema))
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl ToJSON for $type {
            fn to_json(&self) -> Option<Value> {
                serde_json::to_value(self).ok()
            }
        }

        impl ParseFromJSON for $type {
            // An absent value is an error here, even for types that take null: "any JSON" is not
            // "no JSON".
            fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
                let value = value.ok_or_else(ParseError::expected_input)?;
                serde_json::from_value(value).map_err(ParseError::custom)
            }
        }
    };
}

scalar!(RawJson, "any", MetaSchema::ANY);
scalar!(
    Timestamp,
    "string_date-time",
    MetaSchema {
        example: Some("2026-01-31T09:30:00.000Z".into()),
        ..MetaSchema::new_with_format("string", "date-time")
    }
);
scalar!(
    TaskId,
    "string_task-id",
    MetaSchema {
        example: Some("0196f3c2-8a51-7d3e-9c00-5b1f6f1d2a43".into()),
        ..MetaSchema::new("string")
    }
);
scalar!(
    Cursor,
    "string_cursor",
    MetaSchema { example: Some("5f0c31aa.1042".into()), ..MetaSchema::new("string") }
);
scalar!(
    LeaseToken,
    "string_lease-token",
    MetaSchema {
        example: Some("lease_0a7e4b1c9d2f4e6fa1b2c3d4e5f60718".into()),
        ..MetaSchema::new("string")
    }
);
