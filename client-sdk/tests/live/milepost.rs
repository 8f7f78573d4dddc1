//! Running the command `milepost` against a server.

use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::server::Server;

impl Server {
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_milepost"));
        command
            .args(arguments)
            .env("MILEPOST_URL", &self.url)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    pub fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments).spawn().expect("milepost starts")
    }

    /// Runs to the end, without holding up the test's own tasks.
    pub async fn run(&self, arguments: &[&str]) -> Output {
        output(self.spawn(arguments)).await
    }

    /// What it prints, once it has succeeded.
    #[track_caller]
    pub fn prints(&self, arguments: &[&str]) -> impl Future<Output = String> + use<> {
        let caller = std::panic::Location::caller();
        let child = self.spawn(arguments);
        let words = format!("{arguments:?} at {caller}");
        async move {
            let done = output(child).await;
            assert!(done.status.success(), "{words}: {}", text(&done.stderr));
            text(&done.stdout)
        }
    }

    /// The same as JSON.
    #[track_caller]
    pub fn prints_json(&self, arguments: &[&str]) -> impl Future<Output = Value> + use<> {
        let printing = self.prints(arguments);
        async { serde_json::from_str(&printing.await).expect("it prints JSON") }
    }

    /// Asserts that it ends with a code and one sentence on standard error that has all the words.
    #[track_caller]
    pub fn refuses(
        &self,
        arguments: &[&str],
        code: i32,
        words: &[&str],
    ) -> impl Future<Output = ()> + use<> {
        let caller = std::panic::Location::caller();
        let child = self.spawn(arguments);
        let all = format!("{arguments:?} at {caller}");
        let words: Vec<String> = words.iter().map(|&word| word.to_owned()).collect();
        async move {
            let done = output(child).await;
            let said = text(&done.stderr);
            assert_eq!(done.status.code(), Some(code), "{all}: {said}");
            assert!(!said.contains("panicked"), "{all}: {said}");
            for word in words {
                assert!(said.contains(&word), "{word} is not said by {all}: {said}");
            }
        }
    }
}

pub async fn output(child: Child) -> Output {
    let waiting = tokio::task::spawn_blocking(move || child.wait_with_output());
    waiting.await.expect("no panic").expect("it ends")
}

pub fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
