//! Checks of single fields, collected so that one answer names everything that is wrong.

use std::fmt::Display;

pub use super::name::{check_labels as labels, check_name as name, check_word as word};
use super::{FieldError, Refusal, TaskId};

/// What was found wrong so far.
#[derive(Debug, Default)]
pub struct Errors(Vec<FieldError>);

impl Errors {
    pub fn take(&mut self, result: Result<(), FieldError>) {
        self.keep(result);
    }

    /// The value, or its default after taking note of the error.
    pub fn keep<T: Default>(&mut self, result: Result<T, FieldError>) -> T {
        result.unwrap_or_else(|error| {
            self.0.push(error);
            T::default()
        })
    }

    /// What was found wrong with a part, under the part's name.
    pub fn take_under(&mut self, part: &str, errors: Errors) {
        self.0.extend(errors.0.into_iter().map(|error| FieldError {
            field: format!("{part}.{}", error.field),
            message: error.message,
        }));
    }

    pub fn take_all(&mut self, errors: impl IntoIterator<Item = FieldError>) {
        self.0.extend(errors);
    }

    /// `value`, if nothing was wrong.
    pub fn none_or<T>(self, value: T) -> Result<T, Refusal> {
        if self.0.is_empty() { Ok(value) } else { Err(Refusal::Invalid(self.0)) }
    }
}

/// For what no other check here covers.
pub fn error(field: &str, message: impl Into<String>) -> Result<(), FieldError> {
    Err(FieldError::new(field, message))
}

pub fn range<T: PartialOrd + Display>(
    field: &str,
    value: T,
    min: T,
    max: T,
) -> Result<(), FieldError> {
    if value < min || value > max {
        return Err(FieldError::new(field, format!("must be from {min} to {max}")));
    }
    Ok(())
}

/// A text of at most `max` characters.
pub fn at_most(field: &str, text: Option<&str>, max: usize) -> Result<(), FieldError> {
    match text {
        Some(text) if text.chars().count() > max => {
            error(field, format!("must have at most {max} characters"))
        }
        _ => Ok(()),
    }
}

/// A list of names, at most `max` of them.
pub fn names(field: &str, list: &[String], max: usize) -> Result<(), FieldError> {
    if list.len() > max {
        return Err(FieldError::new(field, format!("must have at most {max} entries")));
    }
    list.iter().enumerate().try_for_each(|(at, one)| name(&format!("{field}[{at}]"), one))
}

pub fn id(field: &str, text: &str) -> Result<TaskId, FieldError> {
    TaskId::parse(text).ok_or_else(|| {
        let message =
            "must be an id: 1 to 128 of A-Z a-z 0-9 . _ ~ -, beginning with a letter or digit";
        FieldError::new(field, message)
    })
}

pub fn optional_id(field: &str, text: Option<&str>) -> Result<Option<TaskId>, FieldError> {
    text.map(|text| id(field, text)).transpose()
}
