//! A field of a PATCH that can be set, be taken away with `null`, or be left as it is.

use std::borrow::Cow;

use poem_openapi::{
    registry::{MetaSchema, MetaSchemaRef, Registry},
    types::{ParseError, ParseFromJSON, ParseResult, ToJSON, Type},
};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::api::strict;

/// What is said of the field. The framework's own `MaybeUndefined` would do, but for its schema,
/// which does not say that `null` is taken.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Settable<T> {
    /// Nothing: it stays as it is.
    #[default]
    Absent,
    /// `null`: it goes.
    Null,
    Value(T),
}

impl<T> Settable<T> {
    /// In the words of the engine: `None` stays, `Some(None)` goes.
    pub fn into_change(self) -> Option<Option<T>> {
        match self {
            Settable::Absent => None,
            Settable::Null => Some(None),
            Settable::Value(value) => Some(Some(value)),
        }
    }
}

/// For a field with `#[serde(default)]`, which stands for its absence.
impl<'de, T: Deserialize<'de>> Deserialize<'de> for Settable<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Option::<T>::deserialize(from)?.map_or(Settable::Null, Settable::Value))
    }
}

impl<T: Type> Type for Settable<T> {
    const IS_REQUIRED: bool = false;
    type RawValueType = T::RawValueType;
    type RawElementValueType = T::RawElementValueType;

    fn name() -> Cow<'static, str> {
        format!("settable_{}", T::name()).into()
    }

    // Written out where it is an object: beside a reference OpenAPI 3.0 has no way to allow null.
    fn schema_ref() -> MetaSchemaRef {
        let schema = match T::schema_ref() {
            MetaSchemaRef::Inline(schema) => *schema,
            MetaSchemaRef::Reference(name) => {
                let mut registry = Registry::new();
                T::register(&mut registry);
                registry.schemas.remove(&name).unwrap_or(MetaSchema::ANY)
            }
        };
        MetaSchemaRef::Inline(Box::new(MetaSchema { nullable: true, title: None, ..schema }))
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }

    fn as_raw_value(&self) -> Option<&Self::RawValueType> {
        match self {
            Settable::Value(value) => value.as_raw_value(),
            Settable::Absent | Settable::Null => None,
        }
    }

    fn raw_element_iter<'a>(
        &'a self,
    ) -> Box<dyn Iterator<Item = &'a Self::RawElementValueType> + 'a> {
        match self {
            Settable::Value(value) => value.raw_element_iter(),
            Settable::Absent | Settable::Null => Box::new(std::iter::empty()),
        }
    }

    fn is_none(&self) -> bool {
        matches!(self, Settable::Absent)
    }
}

impl<T: ToJSON> ToJSON for Settable<T> {
    fn to_json(&self) -> Option<Value> {
        match self {
            Settable::Absent => None,
            Settable::Null => Some(Value::Null),
            Settable::Value(value) => value.to_json(),
        }
    }
}

impl<T: ParseFromJSON> ParseFromJSON for Settable<T> {
    fn parse_from_json(value: Option<Value>) -> ParseResult<Self> {
        Ok(match value {
            None => Settable::Absent,
            Some(Value::Null) => Settable::Null,
            Some(value) => {
                Settable::Value(T::parse_from_json(Some(value)).map_err(ParseError::propagate)?)
            }
        })
    }
}

/// For a field that is one object, or `null`.
pub fn object<'de, D: Deserializer<'de>, T: Deserialize<'de>>(
    from: D,
) -> Result<Settable<T>, D::Error> {
    Ok(strict::optional_object(from)?.map_or(Settable::Null, Settable::Value))
}
