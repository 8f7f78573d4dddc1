//! `kind`: what inputs must be, and what tasks get that do not say.

use std::pin::pin;

use futures_util::TryStreamExt;
use milepost_client::{
    Milepost,
    types::{Kind, KindDefinition, TaskDefaults},
};

use crate::{
    args::{KindCommand, KindPut},
    ask::ask,
    input,
    outcome::{Outcome, SUCCEEDED, print, print_json},
    table::{or_dash, print_table, time},
    tasks::each,
};

pub async fn run(milepost: Milepost, command: KindCommand) -> Outcome {
    match command {
        KindCommand::List { json } => list(milepost, json).await,
        KindCommand::Get { name } => {
            print_json(&ask(milepost.api().get_kind().name(name).send()).await?)?;
            Ok(SUCCEEDED)
        }
        KindCommand::Put(put) => set(milepost, *put).await,
        KindCommand::Delete { names } => delete(milepost, names).await,
    }
}

async fn list(milepost: Milepost, json: bool) -> Outcome {
    let kinds: Vec<Kind> = pin!(milepost.kinds()).try_collect().await?;
    if json {
        print_json(&kinds)?;
    } else {
        let head = ["NAME", "INPUT", "CHANGED", "DESCRIPTION"];
        print_table(head, kinds.iter().map(row).collect());
    }
    Ok(SUCCEEDED)
}

fn row(kind: &Kind) -> [String; 4] {
    let first_line = |text: &String| text.lines().next().unwrap_or_default().to_owned();
    [
        kind.name.clone(),
        if kind.checks_input { "schema" } else { "any" }.to_owned(),
        time(kind.updated_at),
        or_dash(kind.description.as_ref().map(first_line)),
    ]
}

async fn set(milepost: Milepost, put: KindPut) -> Outcome {
    let definition = KindDefinition {
        description: put.description,
        input_schema: put.schema.as_deref().map(input::one).transpose()?,
        defaults: Some(TaskDefaults {
            max_attempts: put.attempts,
            timeout_seconds: put.timeout,
            backoff_base_seconds: put.backoff,
            backoff_max_seconds: put.backoff_max,
            stalled_after_seconds: put.stalled_after,
            retention_seconds: put.retention,
        }),
    };
    let kind = ask(milepost.api().put_kind().name(put.name).body(definition).send()).await?;
    if put.json {
        print_json(&kind)?;
    } else {
        print(format_args!("{} set", kind.name));
    }
    Ok(SUCCEEDED)
}

async fn delete(milepost: Milepost, names: Vec<String>) -> Outcome {
    each(names, |name| {
        let milepost = milepost.clone();
        async move {
            ask(milepost.api().delete_kind().name(&name).send()).await?;
            Ok(format!("{name} deleted"))
        }
    })
    .await
}
