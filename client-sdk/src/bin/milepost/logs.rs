//! `logs`: the last lines or all, and with `--follow` those that come, without a gap or a repetition.

use futures_util::{StreamExt, TryStreamExt};
use milepost_client::{
    Error, Milepost,
    stream::{Event, EventStream},
    types::LogLine,
};

use crate::{
    args::Logs,
    outcome::{Outcome, SUCCEEDED, print},
};

pub async fn run(milepost: Milepost, arguments: Logs) -> Outcome {
    let tail = arguments.tail;
    let show = |lines: &[LogLine]| {
        for line in lines {
            if arguments.timestamps {
                let at = line.at.format("%Y-%m-%dT%H:%M:%S%.3fZ");
                print(format_args!("{at} {:5} {}", line.level.to_string(), line.text));
            } else {
                print(&line.text);
            }
        }
    };
    if arguments.all {
        if arguments.follow {
            return follow(milepost.watch_task(&arguments.id).from_start(), show).await;
        }
        let mut lines = std::pin::pin!(milepost.log_lines(&arguments.id));
        while let Some(line) = lines.try_next().await? {
            show(&[line]);
        }
        return Ok(SUCCEEDED);
    }
    if !arguments.follow {
        show(&milepost.logs(&arguments.id, tail).await?);
        return Ok(SUCCEEDED);
    }
    // The tail has no cursor of its own. So a cursor is taken before it, what came since that cursor
    // is read after it, and where the two overlap the lines are shown once.
    let before = milepost.get(&arguments.id).await?.cursor;
    let last = if tail == 0 { Vec::new() } else { milepost.logs(&arguments.id, tail).await? };
    show(&last);
    let (since, cursor) = lines_since(&milepost, &arguments.id, before).await?;
    show(&since[if tail == 0 { 0 } else { overlap(&last, &since) }..]);
    follow(milepost.watch_task(&arguments.id).after(cursor), show).await
}

/// Shows the lines that a stream brings, until the task is done.
async fn follow(mut events: EventStream, show: impl Fn(&[LogLine])) -> Outcome {
    while let Some(event) = events.next().await {
        if let Event::TaskLog { lines, .. } = event? {
            show(&lines);
        }
    }
    Ok(SUCCEEDED)
}

/// Every line after a cursor, and the cursor behind them.
async fn lines_since(
    milepost: &Milepost,
    id: &str,
    mut cursor: String,
) -> Result<(Vec<LogLine>, String), Error> {
    let mut found = Vec::new();
    loop {
        let request = milepost.api().list_task_events().id(id).after(&cursor).limit(1000u64);
        let page = request.send().await?.into_inner();
        let at_end = page.items.is_empty() && page.cursor == cursor;
        cursor = page.cursor;
        for event in page.items {
            if let Event::TaskLog { lines, .. } = event {
                found.extend(lines);
            }
        }
        if at_end {
            return Ok((found, cursor));
        }
    }
}

/// How many lines at the start of `since` are the end of `last`.
fn overlap(last: &[LogLine], since: &[LogLine]) -> usize {
    (0..=last.len().min(since.len()))
        .rev()
        .find(|&length| last[last.len() - length..] == since[..length])
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use milepost_client::worker::LogLevel;

    use super::*;

    fn lines(texts: &str) -> Vec<LogLine> {
        let at = chrono::DateTime::UNIX_EPOCH;
        let line = |text: char| LogLine { at, level: LogLevel::Info, text: text.to_string() };
        texts.chars().map(line).collect()
    }

    #[test]
    fn lines_that_are_in_both_readings_are_counted_once() {
        for (last, since, expected) in
            [("abc", "", 0), ("abc", "bcd", 2), ("abc", "abcd", 3), ("abc", "def", 0), ("", "a", 0)]
        {
            assert_eq!(overlap(&lines(last), &lines(since)), expected, "{last} {since}");
        }
    }
}
