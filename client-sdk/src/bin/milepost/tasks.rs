//! `get`, `cancel`, `retry`, `delete`.

use std::future::Future;

use milepost_client::{Error, Milepost};

use crate::outcome::{FAILED, Outcome, SUCCEEDED, note, print, print_json};

pub async fn get(milepost: Milepost, id: &str) -> Outcome {
    print_json(&milepost.get(id).await?)?;
    Ok(SUCCEEDED)
}

pub async fn cancel(milepost: Milepost, ids: Vec<String>) -> Outcome {
    each(ids, |id| {
        let milepost = milepost.clone();
        async move {
            let task = milepost.cancel(&id).await?;
            let word = if task.done { "cancelled" } else { "will be cancelled by its worker" };
            Ok(format!("{id} {word}"))
        }
    })
    .await
}

pub async fn retry(milepost: Milepost, ids: Vec<String>) -> Outcome {
    each(ids, |id| {
        let milepost = milepost.clone();
        async move { Ok(format!("{id} {}", milepost.retry(&id).await?.state)) }
    })
    .await
}

pub async fn delete(milepost: Milepost, ids: Vec<String>) -> Outcome {
    each(ids, |id| {
        let milepost = milepost.clone();
        async move {
            milepost.delete(&id).await?;
            Ok(format!("{id} deleted"))
        }
    })
    .await
}

/// One after the other; a refusal of one does not spare the rest.
pub async fn each<F>(ids: Vec<String>, act: impl Fn(String) -> F) -> Outcome
where
    F: Future<Output = Result<String, Error>>,
{
    let mut code = SUCCEEDED;
    for id in ids {
        match act(id.clone()).await {
            Ok(line) => print(line),
            Err(error) if error.is_retryable() => return Err(error.into()),
            Err(error) => {
                note(format!("{id}: {error}"));
                code = FAILED;
            }
        }
    }
    Ok(code)
}
