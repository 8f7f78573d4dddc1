//! Tables for people, and the words in their cells.

use chrono::{DateTime, TimeDelta, Utc};

use crate::outcome::print;

/// Prints columns as wide as their widest cell; the last one is not padded.
pub fn print_table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>) {
    for line in table(head, rows) {
        print(line);
    }
}

fn table<const N: usize>(head: [&str; N], rows: Vec<[String; N]>) -> Vec<String> {
    let mut widths = head.map(|cell| cell.chars().count());
    for row in &rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}"));
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(head.to_vec())];
    lines.extend(rows.iter().map(|row| line(row.iter().map(String::as_str).collect())));
    lines
}

/// The two largest units are enough: `3h12m`.
pub fn age(age: TimeDelta) -> String {
    let seconds = age.num_seconds().max(0);
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{}s", seconds / 60, seconds % 60),
        3600..86400 => format!("{}h{}m", seconds / 3600, seconds % 3600 / 60),
        _ => format!("{}d{}h", seconds / 86400, seconds % 86400 / 3600),
    }
}

/// A time of the calendar, to the second.
pub fn time(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// What stands in a cell that has nothing to say.
pub fn or_dash(cell: Option<String>) -> String {
    cell.filter(|cell| !cell.is_empty()).unwrap_or_else(|| "-".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_lines_up_and_has_no_trailing_blanks() {
        let rows = vec![["länger".to_owned(), "x".to_owned()], ["a".to_owned(), String::new()]];
        assert_eq!(table(["ID", "K"], rows), ["ID      K", "länger  x", "a"]);
    }

    #[test]
    fn an_age_has_two_units() {
        let age_of = |seconds| age(TimeDelta::seconds(seconds));
        let ages = [-5, 59, 61, 7_260, 200_000].map(age_of);
        assert_eq!(ages, ["0s", "59s", "1m1s", "2h1m", "2d7h"]);
    }
}
