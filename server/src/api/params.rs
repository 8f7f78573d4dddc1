//! Parameters of path, query and headers, and what they say when they are wrong.

use std::borrow::Cow;

use poem::{Request, RequestBody};
use poem_openapi::{
    ApiExtractor, ApiExtractorType, Enum, ExtractParamOptions,
    registry::{MetaParamIn, MetaSchema, MetaSchemaRef, Registry},
    types::{ParseError, ParseFromParameter, ParseResult, ToJSON, Type},
};
use serde::Deserialize;
use serde_json::Value;

use super::{problem::Problem, wire::task::TaskState};
use crate::domain::{ScheduleId, State, TaskId, Timestamp, webhook::WebhookId};

macro_rules! parameter_type {
    ([$($generics:tt)*] $type:ty, $name:expr, $schema:expr, register $register:expr) => {
        impl<$($generics)*> Type for $type {
            const IS_REQUIRED: bool = true;
            type RawValueType = Self;
            type RawElementValueType = Self;

            fn name() -> Cow<'static, str> {
                $name.into()
            }

            fn schema_ref() -> MetaSchemaRef {
                $schema
            }

            fn register(registry: &mut Registry) {
                let register: fn(&mut Registry) = $register;
                register(registry);
            }

            fn as_raw_value(&self) -> Option<&Self> {
                Some(self)
            }

            fn raw_element_iter<'a>(&'a self) -> Box<dyn Iterator<Item = &'a Self> + 'a> {
                Box::new(std::iter::once(self))
            }
        }
    };
}

fn inline(schema: MetaSchema) -> MetaSchemaRef {
    MetaSchemaRef::Inline(Box::new(schema))
}

/// What stands in a path where a task's id belongs. Text that is no id is text that names no task.
#[derive(Clone, Debug)]
pub struct IdText(String);

parameter_type!([] IdText, "string_task-id", TaskId::schema_ref(), register |_| {});

impl ParseFromParameter for IdText {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        Ok(IdText(value.to_owned()))
    }

    // poem leaves a parameter out whose bytes are not UTF-8.
    fn parse_from_parameters<I: IntoIterator<Item = A>, A: AsRef<str>>(
        values: I,
    ) -> ParseResult<Self> {
        let first = values.into_iter().next();
        Ok(IdText(first.map(|text| text.as_ref().to_owned()).unwrap_or_default()))
    }
}

impl IdText {
    /// The id, or that there is no such task.
    pub fn id(&self) -> Result<TaskId, Problem> {
        TaskId::parse(&self.0).ok_or_else(|| Problem::task_not_found(&self.0))
    }

    /// The id, or that there is no such schedule.
    pub fn schedule_id(&self) -> Result<ScheduleId, Problem> {
        ScheduleId::parse(&self.0).ok_or_else(|| Problem::schedule_not_found(&self.0))
    }

    /// The id, or that there is no such webhook.
    pub fn webhook_id(&self) -> Result<WebhookId, Problem> {
        WebhookId::parse(&self.0).ok_or_else(|| Problem::webhook_not_found(&self.0))
    }

    /// The text itself, where any text will do.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<String> for IdText {
    fn from(text: String) -> Self {
        IdText(text)
    }
}

/// Text in a path that is a name of something, whatever stands in it.
macro_rules! name_parameter {
    ($(#[$docs:meta])* $type:ident, $name:literal, $example:literal) => {
        $(#[$docs])*
        #[derive(Clone, Debug)]
        pub struct $type(pub String);

        parameter_type!(
            [] $type,
            $name,
            inline(MetaSchema {
                example: Some($example.into()),
                min_length: Some(1),
                max_length: Some(128),
                ..MetaSchema::new("string")
            }),
            register |_| {}
        );

        impl ParseFromParameter for $type {
            fn parse_from_parameter(value: &str) -> ParseResult<Self> {
                Ok($type(value.to_owned()))
            }

            // poem leaves a parameter out whose bytes are not UTF-8.
            fn parse_from_parameters<I: IntoIterator<Item = A>, A: AsRef<str>>(
                values: I,
            ) -> ParseResult<Self> {
                let first = values.into_iter().next();
                Ok($type(first.map(|text| text.as_ref().to_owned()).unwrap_or_default()))
            }
        }
    };
}

name_parameter!(
    /// What stands in a path where a queue's name belongs.
    NameText, "string_queue-name", "default"
);
name_parameter!(
    /// What stands in a path where a kind's name belongs.
    KindText, "string_kind-name", "thumbnails"
);

/// A whole number within limits.
#[derive(Clone, Copy, Debug)]
pub struct Bounded<const MIN: u64, const MAX: u64>(pub u64);

parameter_type!(
    [const MIN: u64, const MAX: u64] Bounded<MIN, MAX>,
    format!("integer_{MIN}_{MAX}"),
    inline(MetaSchema {
        minimum: Some(MIN as f64),
        maximum: Some(MAX as f64),
        ..MetaSchema::new_with_format("integer", "uint64")
    }),
    register |_| {}
);

impl<const MIN: u64, const MAX: u64> ParseFromParameter for Bounded<MIN, MAX> {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        match value.parse() {
            Ok(number) if (MIN..=MAX).contains(&number) => Ok(Bounded(number)),
            _ => Err(ParseError::custom(format!("must be a whole number from {MIN} to {MAX}"))),
        }
    }
}

impl<const MIN: u64, const MAX: u64> ToJSON for Bounded<MIN, MAX> {
    fn to_json(&self) -> Option<Value> {
        Some(self.0.into())
    }
}

/// A state to filter by.
#[derive(Clone, Copy, Debug)]
pub struct StateParam(pub State);

parameter_type!(
    [] StateParam,
    "TaskState",
    TaskState::schema_ref(),
    register TaskState::register
);

impl ParseFromParameter for StateParam {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        State::parse(value).map(StateParam).ok_or_else(|| {
            let known: Vec<&str> = State::ALL.iter().map(|state| state.as_str()).collect();
            ParseError::custom(format!("must be one of {}", known.join(", ")))
        })
    }
}

impl ParseFromParameter for Timestamp {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        // A "+" of an offset that was not escaped arrives as a blank.
        Timestamp::parse(&value.replace(' ', "+")).ok_or_else(|| {
            ParseError::custom("must be an RFC 3339 time, e.g. 2026-01-31T09:30:00Z")
        })
    }
}

/// Where a stream without a cursor begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum StreamFrom {
    /// With every event that is kept, in place of a snapshot.
    Start,
}

/// [`StreamFrom`], with words of our own when it is something else.
#[derive(Clone, Copy, Debug)]
pub struct FromStart;

parameter_type!(
    [] FromStart,
    "StreamFrom",
    StreamFrom::schema_ref(),
    register StreamFrom::register
);

impl ParseFromParameter for FromStart {
    fn parse_from_parameter(value: &str) -> ParseResult<Self> {
        match value {
            "start" => Ok(FromStart),
            _ => Err(ParseError::custom("must be \"start\", or be left out")),
        }
    }
}

/// A header as text; several of one name are one list (RFC 9110 §5.3). Bytes that are no ASCII text
/// are given as `\u{fffd}`, so that whoever reads the text can refuse it.
#[derive(Clone, Debug, Default)]
pub struct HeaderText(pub Option<String>);

impl HeaderText {
    pub fn as_deref(&self) -> Option<&str> {
        self.0.as_deref()
    }
}

impl<'a> ApiExtractor<'a> for HeaderText {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::Parameter];
    const PARAM_IS_REQUIRED: bool = false;
    type ParamType = String;
    type ParamRawType = String;

    fn param_in() -> Option<MetaParamIn> {
        Some(MetaParamIn::Header)
    }

    fn param_schema_ref() -> Option<MetaSchemaRef> {
        Some(String::schema_ref())
    }

    async fn from_request(
        request: &'a Request,
        _body: &mut RequestBody,
        options: ExtractParamOptions<String>,
    ) -> poem::Result<Self> {
        let values: Vec<Cow<'_, str>> = request
            .headers()
            .get_all(options.name)
            .iter()
            .map(|value| String::from_utf8_lossy(value.as_bytes()))
            .collect();
        Ok(HeaderText((!values.is_empty()).then(|| values.join(", "))))
    }
}
