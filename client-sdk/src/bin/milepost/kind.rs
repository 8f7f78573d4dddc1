//! `kind`: what inputs must be, and what tasks get that do not say.

use std::pin::pin;

use futures_util::TryStreamExt;
use milepost_client::{
    Milepost,
    types::{Kind, KindDefinition, TaskDefaults},
};

use crate::{
    args::{Condition, KindCommand, KindPut},
    ask::{ask, if_match, show},
    input,
    outcome::{Outcome, SUCCEEDED, print, print_json},
    table::{or_dash, print_table, time},
    tasks::each,
};

pub async fn run(milepost: Milepost, command: KindCommand) -> Outcome {
    match command {
        KindCommand::List { json } => list(milepost, json).await,
        KindCommand::Get { name, shown } => {
            show(milepost.api().get_kind().name(name).send(), shown).await
        }
        KindCommand::Put(put) => set(milepost, *put).await,
        KindCommand::Delete { names, condition } => delete(milepost, names, condition).await,
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
    let mut putting = milepost.api().put_kind().name(put.name).body(definition);
    if let Some(tag) = put.if_none_match {
        putting = putting.if_none_match(tag);
    }
    let kind = ask(if_match!(putting, put.condition.if_match).send()).await?;
    if put.json {
        print_json(&kind)?;
    } else {
        print(format_args!("{} set", kind.name));
    }
    Ok(SUCCEEDED)
}

async fn delete(milepost: Milepost, names: Vec<String>, condition: Condition) -> Outcome {
    let tag = condition.of(&names)?;
    each(names, |name| {
        let (milepost, tag) = (milepost.clone(), tag.clone());
        async move {
            ask(if_match!(milepost.api().delete_kind().name(&name), tag).send()).await?;
            Ok(format!("{name} deleted"))
        }
    })
    .await
}
