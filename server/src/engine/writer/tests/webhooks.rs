use super::*;
use crate::{
    domain::{
        Filter,
        name::RESERVED,
        webhook::{DELIVERY_KIND, Delivery, Webhook, WebhookChange, WebhookEvent, WebhookSpec},
    },
    store::ListQuery,
};

fn spec() -> WebhookSpec {
    WebhookSpec {
        url: "https://example.com/".to_owned(),
        events: WebhookEvent::ALL.to_vec(),
        queue: None,
        kind: None,
        labels: Default::default(),
        description: None,
        enabled: true,
    }
}

fn try_create(rig: &mut Rig, spec: WebhookSpec) -> Result<Webhook, Refusal> {
    match rig.run(Command::CreateWebhook { spec: Box::new(spec), secret: None, key: None })? {
        Reply::Webhook(webhook) => Ok(*webhook),
        other => panic!("{other:?}"),
    }
}

fn create(rig: &mut Rig, spec: WebhookSpec) -> TaskId {
    try_create(rig, spec).expect("a webhook").id
}

/// The server's own tasks of a kind, oldest first.
fn own(rig: &Rig, kind: &str) -> Vec<TaskView> {
    let (queues, kinds) = (vec![RESERVED.to_owned()], vec![kind.to_owned()]);
    let filter = Filter { queues, kinds, ..Filter::default() };
    let query = ListQuery { filter, limit: 200, ..ListQuery::default() };
    let mut items = rig.reads.list(&query).expect("read").items;
    items.reverse();
    items
}

fn deliveries(rig: &Rig) -> Vec<TaskView> {
    own(rig, DELIVERY_KIND)
}

fn input(rig: &Rig, task: &TaskView) -> Delivery {
    let input = rig.task(&task.id).input.expect("an input");
    serde_json::from_str(input.get()).expect("a delivery")
}

fn lease_deliveries(rig: &mut Rig, max_tasks: u64) -> Vec<Leased> {
    let kinds = vec![DELIVERY_KIND.to_owned()];
    let wish = Acquire { embedded: true, kinds, ..wish(RESERVED, max_tasks) };
    match rig.run(Command::Acquire(wish)).expect("leases") {
        Reply::Leases(leases) => leases,
        other => panic!("{other:?}"),
    }
}

fn finish(rig: &mut Rig, task: NewTask) -> TaskId {
    let id = rig.submit(task);
    let lease = rig.lease(1).remove(0);
    rig.complete(&lease);
    id
}

#[test]
fn each_end_of_a_task_makes_one_delivery_for_each_webhook() {
    let mut rig = Rig::new();
    let (one, two) = (create(&mut rig, spec()), create(&mut rig, spec()));
    let done = finish(&mut rig, NewTask::of("k"));
    let cancelled = rig.submit(NewTask::of("k"));
    rig.run(Command::Cancel { id: cancelled.clone(), key: None }).expect("cancelled");
    let id = rig.submit(NewTask { max_attempts: Some(2), ..NewTask::of("k") });
    for _ in 0..2 {
        let lease = rig.lease(1).remove(0);
        rig.end(&lease, failure());
        rig.pass(10_000);
    }
    let told: Vec<_> = deliveries(&rig)
        .iter()
        .map(|task| input(&rig, task))
        .map(|delivery| (delivery.webhook_id, delivery.task_id, delivery.event))
        .collect();
    let expected: Vec<_> = [
        (done, WebhookEvent::Succeeded),
        (cancelled, WebhookEvent::Cancelled),
        (id, WebhookEvent::Failed),
    ]
    .into_iter()
    .flat_map(|(id, event)| {
        let event = crate::domain::webhook::DeliveryType::Task(event);
        [&one, &two].map(|webhook| (webhook.clone(), Some(id.clone()), event))
    })
    .collect();
    assert_eq!(told, expected, "a failed attempt that is retried is no end");
}

#[test]
fn the_delivery_names_the_event_it_tells_of_and_is_kept_a_week() {
    let mut rig = Rig::new();
    create(&mut rig, spec());
    let id = finish(&mut rig, NewTask::of("k"));
    let task = deliveries(&rig).remove(0);
    let delivery = input(&rig, &task);
    assert_eq!(delivery.cursor, Some(rig.task(&id).cursor));
    assert_eq!(task.labels.get("webhook").map(String::as_str), Some(delivery.webhook_id.as_str()));
    assert_eq!((task.max_attempts, task.retention_seconds), (30, Some(7 * 24 * 3600)));
}

#[test]
fn a_webhook_is_told_only_what_it_wants() {
    let mut rig = Rig::new();
    let label = || [("a".to_owned(), "b".to_owned())].into();
    create(&mut rig, WebhookSpec { events: vec![WebhookEvent::Failed], ..spec() });
    create(&mut rig, WebhookSpec { queue: Some("other".to_owned()), ..spec() });
    create(&mut rig, WebhookSpec { kind: Some("other".to_owned()), ..spec() });
    create(&mut rig, WebhookSpec { labels: label(), ..spec() });
    create(&mut rig, WebhookSpec { enabled: false, ..spec() });
    finish(&mut rig, NewTask::of("k"));
    assert_eq!(deliveries(&rig).len(), 0);
    finish(&mut rig, NewTask { labels: label(), ..NewTask::of("other") });
    assert_eq!(deliveries(&rig).len(), 2);
}

#[test]
fn deliveries_and_other_tasks_of_the_server_tell_nobody() {
    let mut rig = Rig::new();
    create(&mut rig, spec());
    finish(&mut rig, NewTask::of("k"));
    let lease = lease_deliveries(&mut rig, 1).remove(0);
    rig.complete(&lease);
    assert_eq!(deliveries(&rig).len(), 1);
}

#[test]
fn children_that_are_cancelled_with_their_parent_are_told_too() {
    let mut rig = Rig::new();
    create(&mut rig, spec());
    let parent = rig.submit(NewTask::of("k"));
    for _ in 0..3 {
        rig.submit(NewTask { parent_id: Some(parent.clone()), ..NewTask::of("k") });
    }
    rig.run(Command::Cancel { id: parent, key: None }).expect("cancelled");
    rig.pass(400);
    assert_eq!(deliveries(&rig).len(), 4);
}

#[test]
fn webhooks_are_known_after_a_restart() {
    let mut rig = Rig::new();
    let id = create(&mut rig, spec());
    let mut rig = rig.restart_after(1000);
    finish(&mut rig, NewTask::of("k"));
    assert_eq!(input(&rig, &deliveries(&rig)[0]).webhook_id, id);
    rig.run(Command::DeleteWebhook { id }).expect("deleted");
    let mut rig = rig.restart_after(1000);
    finish(&mut rig, NewTask::of("k"));
    assert_eq!(deliveries(&rig).len(), 1);
}

#[test]
fn at_most_four_deliveries_to_one_webhook_run_at_once() {
    let mut rig = Rig::new();
    let slow = create(&mut rig, WebhookSpec { kind: Some("slow".to_owned()), ..spec() });
    for _ in 0..6 {
        finish(&mut rig, NewTask::of("slow"));
    }
    create(&mut rig, WebhookSpec { kind: Some("quick".to_owned()), ..spec() });
    finish(&mut rig, NewTask::of("quick"));
    let leases = lease_deliveries(&mut rig, 100);
    let to = |lease: &&Leased| lease.task.labels.get("webhook").cloned();
    let to_slow = leases.iter().filter(|lease| to(lease).as_deref() == Some(slow.as_str()));
    assert_eq!((leases.len(), to_slow.count()), (5, 4));
    rig.complete(&leases[0]);
    assert_eq!(lease_deliveries(&mut rig, 100).len(), 1);
}

#[test]
fn what_waits_for_a_webhook_that_is_disabled_or_deleted_is_called_back_by_a_run() {
    let mut rig = Rig::new();
    let id = create(&mut rig, spec());
    let change = WebhookChange { enabled: Some(false), ..WebhookChange::default() };
    let off = || Command::ChangeWebhook { id: id.clone(), change: Box::new(change.clone()) };
    rig.run(off()).expect("off");
    rig.run(off()).expect("off still");
    assert_eq!(own(&rig, "milepost.bulk.cancel").len(), 1, "once");
    rig.run(Command::DeleteWebhook { id: id.clone() }).expect("deleted");
    let run = own(&rig, "milepost.bulk.cancel").remove(1);
    let input = rig.task(&run.id).input.expect("an order");
    assert!(input.get().contains(id.as_str()), "{input:?}");
}

#[test]
fn a_receivers_word_disables_with_a_reason_until_it_is_enabled_again() {
    let mut rig = Rig::new();
    let id = create(&mut rig, spec());
    let disable = Command::DisableWebhook { id: id.clone(), reason: "gone".to_owned() };
    rig.run(disable).expect("disabled");
    let webhook = rig.reads.webhook(&id).expect("read").expect("there");
    assert_eq!((webhook.spec.enabled, webhook.disabled_reason.as_deref()), (false, Some("gone")));
    let change = WebhookChange { enabled: Some(true), ..WebhookChange::default() };
    rig.run(Command::ChangeWebhook { id: id.clone(), change: Box::new(change) }).expect("on");
    let webhook = rig.reads.webhook(&id).expect("read").expect("there");
    assert_eq!((webhook.spec.enabled, webhook.disabled_reason), (true, None));
}

#[test]
fn an_old_secret_signs_for_a_day_beside_the_new_one() {
    let mut rig = Rig::new();
    let webhook = try_create(&mut rig, spec()).expect("a webhook");
    let (id, secret, key) = (webhook.id.clone(), None, None);
    rig.run(Command::RotateWebhookSecret { id, secret, key }).expect("rotated");
    let rotated = rig.reads.webhook(&webhook.id).expect("read").expect("there");
    assert_ne!(rotated.secret, webhook.secret);
    let now = rig.clock.now().wall;
    let signing: Vec<_> = rotated.secrets(now.plus_seconds(24 * 3600 - 1)).collect();
    assert_eq!(signing, [&rotated.secret, &webhook.secret]);
    assert_eq!(rotated.secrets(now.plus_seconds(24 * 3600)).count(), 1);
}

#[test]
fn there_are_at_most_a_hundred_webhooks() {
    let mut rig = Rig::new();
    for _ in 0..Webhook::MAX {
        create(&mut rig, spec());
    }
    let refused = try_create(&mut rig, spec());
    assert_eq!(refused.map(|webhook| webhook.id), Err(Refusal::TooManyWebhooks(100)));
}
