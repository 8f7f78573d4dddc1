//! Submits a task for the example worker and watches it: `cargo run --example submit_and_watch`.

use futures_util::StreamExt;
use milepost_client::{
    Error, Milepost,
    stream::{Event, Fold},
    types::TaskSubmission,
};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("MILEPOST_URL").unwrap_or("http://127.0.0.1:8080".to_owned());
    let milepost = Milepost::new(&url)?;
    let task = milepost.submit(TaskSubmission::builder().kind("greet").input(json!("Ada"))).await?;

    let mut events = milepost.watch_task(&task.id);
    let mut fold = Fold::new();
    while let Some(event) = events.next().await {
        let event = event?;
        fold.apply(&event);
        match &event {
            Event::TaskProgress { progress, .. } => {
                println!("{:3.0} %", progress.percent.unwrap_or_default());
            }
            Event::TaskLog { lines, .. } => lines.iter().for_each(|line| println!("{}", line.text)),
            Event::Unknown(event) => println!("something newer than this program: {event}"),
            _ => {}
        }
    }
    if let Some(task) = fold.get(&task.id) {
        println!("{}: {:?}", task.state, task.output);
    }
    Ok(())
}
