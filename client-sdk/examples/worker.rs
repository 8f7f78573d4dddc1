//! A worker: `cargo run --example worker`, then `milepost submit greet --input '"Ada"' --watch`.

use std::time::Duration;

use milepost_client::{
    Error, Milepost,
    worker::{Failure, Job, Progress, Worker},
};

#[tokio::main]
async fn main() -> Result<(), Error> {
    let url = std::env::var("MILEPOST_URL").unwrap_or("http://127.0.0.1:8080".to_owned());
    let worker = Worker::new(Milepost::new(&url)?, "example-worker").concurrency(4);
    worker
        .register("greet", |job: Job<String>| async move {
            job.stages([("wave", 3.0), ("bow", 1.0)]);
            for stage in ["wave", "bow"] {
                job.stage(stage);
                for step in 1..=10 {
                    job.check()?;
                    job.progress(Progress::count(f64::from(step), 10.0).unit("times"));
                    tokio::time::sleep(Duration::from_millis(200)).await;
                }
            }
            Ok::<_, Failure>(format!("hello {}", job.input))
        })
        .run()
        .await
}
