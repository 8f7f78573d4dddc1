//! Submitting any number of tasks, and walking lists of any length.

use futures_util::TryStreamExt;
use milepost_client::types::{
    QueueDefinition, ScheduleSubmission, ScheduledTask, TaskReport, TaskSubmission,
};
use serde_json::json;

use crate::server::Server;

fn task(kind: &str, number: usize) -> TaskSubmission {
    TaskSubmission::builder().kind(kind).input(json!(number)).try_into().unwrap()
}

#[tokio::test]
async fn tasks_come_back_in_their_order_and_once_whatever_is_sent_again() {
    let server = Server::start();
    let milepost = server.client();
    let tasks = || (0..2100).map(|number| task("k", number));
    let made = milepost.submit_all("a", tasks()).await.unwrap();
    let again = milepost.submit_all("a", tasks()).await.unwrap();
    assert_eq!(made.len(), 2100);
    let ids = |tasks: &[milepost_client::types::Task]| {
        tasks.iter().map(|task| task.id.clone()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&made), ids(&again));
    let last = milepost.get(&made[2050].id).await.unwrap();
    assert_eq!(last.input, Some(json!(2050)));
    let listed: Vec<_> = milepost.tasks(Default::default()).try_collect().await.unwrap();
    assert_eq!(listed.len(), 2100);
    assert_eq!(milepost.submit_all::<TaskSubmission>("none", []).await.unwrap(), []);
}

#[tokio::test]
async fn a_wrong_task_is_named_by_its_place_among_all() {
    let server = Server::start();
    let milepost = server.client();
    let kind = |number| if number == 1003 { "" } else { "k" };
    let mut batches = milepost.batches("a", (0..1500).map(|number| task(kind(number), number)));
    assert_eq!(batches.submit_next().await.unwrap().map(|tasks| tasks.len()), Some(1000));
    let error = batches.submit_next().await.unwrap_err();
    assert_eq!(error.problem().unwrap().errors[0].field, "tasks[1003].kind");
    assert_eq!(error.to_string().matches("tasks[1003].kind").count(), 1, "{error}");
}

#[tokio::test]
async fn a_log_longer_than_a_page_is_read_to_its_end() {
    let server = Server::start();
    let milepost = server.client();
    let id = milepost.submit(task("k", 1)).await.unwrap().id;
    let wish = serde_json::from_value(json!({"worker": "w", "wait_seconds": 10}));
    let token = milepost.acquire(wish.unwrap()).await.unwrap().remove(0).token;
    for start in [0, 900, 1800] {
        let logs: Vec<_> = (start..start + 900).map(|n| json!({"text": n.to_string()})).collect();
        let report: TaskReport =
            serde_json::from_value(json!({"lease": token, "logs": logs})).unwrap();
        milepost.api().report_task().id(&id).body(report).send().await.unwrap();
    }
    let lines: Vec<_> = milepost.log_lines(&id).try_collect().await.unwrap();
    assert!(lines.into_iter().map(|line| line.text).eq((0..2700).map(|n| n.to_string())));
}

#[tokio::test]
async fn queues_and_schedules_are_walked_across_pages() {
    let server = Server::start();
    let milepost = server.client();
    for number in 0..205 {
        let name = format!("q{number:03}");
        let queue = milepost.api().put_queue().name(&name).body(QueueDefinition::builder());
        queue.send().await.unwrap();
        let task: ScheduledTask = serde_json::from_value(json!({"kind": "k"})).unwrap();
        let schedule =
            ScheduleSubmission::builder().id(name).cron("0 3 * * *".to_owned()).task(task);
        milepost.api().create_schedule().body(schedule).send().await.unwrap();
    }
    let queues: Vec<_> = milepost.queues().try_collect().await.unwrap();
    let schedules: Vec<_> = milepost.schedules().try_collect().await.unwrap();
    assert_eq!((queues.len(), schedules.len()), (205, 205));
    assert_eq!((queues[204].name.as_str(), schedules[204].id.as_str()), ("q204", "q204"));
    // Nobody asked for work but the server's own tutorial.
    let workers: Vec<_> = milepost.workers().try_collect().await.unwrap();
    assert!(workers.iter().all(|worker| worker.running == 0));
}
