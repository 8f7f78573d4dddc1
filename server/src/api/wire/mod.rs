//! What requests and answers look like in the contract.
//!
//! Answers are rendered by serde from the domain's own types; what stands here declares the same
//! shapes to OpenAPI, with the prose a reader of the contract sees. Tests hold the two equal, field
//! by field. Requests are parsed by serde from the very structs the contract shows.

pub mod attempt;
pub mod batch;
pub mod bulk;
pub mod event;
pub mod kind;
pub mod lease;
mod links;
pub mod queue;
pub mod queue_settings;
pub mod report;
mod scalars;
pub mod schedule;
pub mod scheduled_task;
pub mod settable;
pub mod stage;
pub mod submit;
pub mod task;
#[cfg(test)]
mod tests;
pub mod watch;
pub mod webhook;
pub mod worker;

/// Gives a domain type the schema of a type declared here. Its JSON stays the one serde writes.
macro_rules! declared_as {
    ($domain:ty, $declared:ty) => {
        impl poem_openapi::types::Type for $domain {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> std::borrow::Cow<'static, str> {
                <$declared as poem_openapi::types::Type>::name()
            }

            fn schema_ref() -> poem_openapi::registry::MetaSchemaRef {
                <$declared as poem_openapi::types::Type>::schema_ref()
            }

            fn register(registry: &mut poem_openapi::registry::Registry) {
                <$declared as poem_openapi::types::Type>::register(registry);
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }

        impl poem_openapi::types::ToJSON for $domain {
            fn to_json(&self) -> Option<serde_json::Value> {
                serde_json::to_value(self).ok()
            }
        }

        impl poem_openapi::types::ParseFromJSON for $domain {
            fn parse_from_json(
                value: Option<serde_json::Value>,
            ) -> poem_openapi::types::ParseResult<Self> {
                let value = value.ok_or_else(poem_openapi::types::ParseError::expected_input)?;
                serde_json::from_value(value).map_err(poem_openapi::types::ParseError::custom)
            }
        }
    };
}
pub(crate) use declared_as;
