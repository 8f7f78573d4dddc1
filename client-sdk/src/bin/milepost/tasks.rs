//! `get`, `cancel`, `retry`, `delete`.

use std::future::Future;

use milepost_client::{Error, Milepost};

use crate::{
    args::{Ids, Shown},
    outcome::{FAILED, Outcome, SUCCEEDED, note, print, print_json},
};

pub async fn get(milepost: Milepost, id: &str, shown: Shown) -> Outcome {
    let revision = milepost.get_revision(id).await?;
    if shown.etag {
        print(revision.etag);
    } else {
        print_json(&revision.task)?;
    }
    Ok(SUCCEEDED)
}

pub async fn cancel(milepost: Milepost, Ids { ids, condition }: Ids) -> Outcome {
    let tag = condition.of(&ids)?;
    each(ids, |id| {
        let (milepost, tag) = (milepost.clone(), tag.clone());
        async move {
            let task = match tag {
                Some(tag) => milepost.cancel_if_match(&id, &tag).await?,
                None => milepost.cancel(&id).await?,
            };
            let word = if task.done { "cancelled" } else { "will be cancelled by its worker" };
            Ok(format!("{id} {word}"))
        }
    })
    .await
}

pub async fn retry(milepost: Milepost, Ids { ids, condition }: Ids) -> Outcome {
    let tag = condition.of(&ids)?;
    each(ids, |id| {
        let (milepost, tag) = (milepost.clone(), tag.clone());
        async move {
            let task = match tag {
                Some(tag) => milepost.retry_if_match(&id, &tag).await?,
                None => milepost.retry(&id).await?,
            };
            Ok(format!("{id} {}", task.state))
        }
    })
    .await
}

pub async fn delete(milepost: Milepost, Ids { ids, condition }: Ids) -> Outcome {
    let tag = condition.of(&ids)?;
    each(ids, |id| {
        let (milepost, tag) = (milepost.clone(), tag.clone());
        async move {
            match tag {
                Some(tag) => milepost.delete_if_match(&id, &tag).await?,
                None => milepost.delete(&id).await?,
            }
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
