//! What is declared is what is written and read: field by field, full and bare.

mod answers;
mod bounds;
mod collections;
mod requests;

use std::collections::BTreeSet;

use poem_openapi::{
    registry::{MetaSchema, Registry},
    types::{ParseFromJSON, ToJSON, Type},
};
use serde::Serialize;
use serde_json::Value;

/// The schema of a type, resolved.
fn schema<T: Type>() -> MetaSchema {
    let mut registry = Registry::new();
    T::register(&mut registry);
    registry.schemas.remove(T::name().as_ref()).expect("an object of its own")
}

fn properties<T: Type>() -> BTreeSet<String> {
    schema::<T>().properties.into_iter().map(|(name, _)| name.to_owned()).collect()
}

fn required<T: Type>() -> BTreeSet<String> {
    schema::<T>().required.into_iter().map(str::to_owned).collect()
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("an object").keys().cloned().collect()
}

/// What serde writes, the declared type reads and writes the same.
fn written_as_declared<D: ParseFromJSON + ToJSON>(value: &impl Serialize) -> Value {
    let written = serde_json::to_value(value).expect("serde writes it");
    let read = D::parse_from_json(Some(written.clone()))
        .unwrap_or_else(|error| panic!("{}: {written}", error.message()));
    assert_eq!(read.to_json().as_ref(), Some(&written), "{}", D::name());
    written
}

/// `full` has every field the contract shows, and `bare` those it says are always there.
fn shaped_as_declared<D: ParseFromJSON + ToJSON>(full: &impl Serialize, bare: &impl Serialize) {
    assert_eq!(keys(&written_as_declared::<D>(full)), properties::<D>(), "{} in full", D::name());
    assert_eq!(keys(&written_as_declared::<D>(bare)), required::<D>(), "{} bare", D::name());
}
