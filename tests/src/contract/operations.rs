//! The operations of a document, and the table that shows them at a glance.
//!
//! The table is checked in so that a new, renamed or moved operation is one line in a review.

use serde_json::Value;

/// One operation of a document.
pub struct Operation<'a> {
    /// In capitals.
    pub method: String,
    pub path: &'a str,
    /// The operation id; empty if the document forgot it.
    pub id: &'a str,
    /// Its first tag; empty if the document forgot it.
    pub tag: &'a str,
    /// All that the document says of it.
    pub value: &'a Value,
}

/// All operations, in the order of the document.
pub fn operations(spec: &Value) -> Vec<Operation<'_>> {
    let mut all = Vec::new();
    for (path, item) in spec["paths"].as_object().into_iter().flatten() {
        for (method, value) in item.as_object().into_iter().flatten() {
            all.push(Operation {
                method: method.to_uppercase(),
                path,
                id: value["operationId"].as_str().unwrap_or_default(),
                tag: value["tags"][0].as_str().unwrap_or_default(),
                value,
            });
        }
    }
    all
}

/// `createTask` as Rust writes it: `create_task`.
pub fn snake_case(id: &str) -> String {
    let mut name = String::new();
    for letter in id.chars() {
        if letter.is_ascii_uppercase() && !name.is_empty() {
            name.push('_');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}

/// `api-spec/operations.txt`: method, path, id and tag of every operation, in columns.
pub fn table(spec: &Value) -> String {
    let operations = operations(spec);
    let width = |column: fn(&Operation<'_>) -> usize| operations.iter().map(column).max();
    let path = width(|operation| operation.path.len()).unwrap_or(0);
    let id = width(|operation| operation.id.len()).unwrap_or(0);
    let mut text = format!("# Every operation of the contract, written by `{}`.\n", super::FIX);
    for operation in &operations {
        text += &format!(
            "{:6}  {:path$}  {:id$}  {}\n",
            operation.method, operation.path, operation.id, operation.tag
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_table_has_one_aligned_line_an_operation() {
        let spec = json!({"paths": {
            "/tasks": {"post": {"operationId": "createTask", "tags": ["Tasks"]}},
            "/t/{id}": {"get": {"operationId": "getTask", "tags": ["Tasks"]}},
        }});
        let expected = "POST    /tasks   createTask  Tasks\nGET     /t/{id}  getTask     Tasks\n";
        assert_eq!(table(&spec).split_once('\n').map(|(_, lines)| lines), Some(expected));
    }

    #[test]
    fn an_operation_id_is_snake_case_in_rust() {
        assert_eq!(snake_case("listTaskEvents"), "list_task_events");
    }
}
