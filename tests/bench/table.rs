//! The one table of a run. Its ratios are computed when it is printed, because what they are held
//! against is measured in the same run.

use std::time::Duration;

use crate::{chart::Figure, spread::Times};

/// Whose figure a row is held against beside the disk's and the HTTP stack's.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Peer {
    /// BullMQ's submits, at whatever number in flight it did best.
    Submit,
    /// BullMQ's processing.
    Processing,
    /// nchan's deliveries to so many watchers.
    Fanout(usize),
}

/// What is known of one measurement.
#[derive(Default)]
pub struct Row {
    name: String,
    per_second: Option<f64>,
    times: Option<Times>,
    cost: Option<Duration>,
    peer: Option<Peer>,
    is_peer: bool,
    note: String,
}

impl Row {
    pub fn new(name: impl Into<String>) -> Row {
        Row { name: name.into(), ..Row::default() }
    }

    pub fn per_second(mut self, per_second: f64) -> Row {
        self.per_second = Some(per_second);
        self
    }

    pub fn times(mut self, times: impl Into<Times>) -> Row {
        self.times = Some(times.into());
        self
    }

    /// Processor time of the server for one of them: what a busy machine distorts less than rates.
    pub fn cost(mut self, cost: Duration) -> Row {
        self.cost = Some(cost);
        self
    }

    pub fn note(mut self, note: impl Into<String>) -> Row {
        self.note = note.into();
        self
    }

    /// Holds it against a peer's best figure.
    pub fn against(mut self, peer: Peer) -> Row {
        self.peer = Some(peer);
        self
    }

    /// It is the peer's own figure.
    pub fn of_peer(mut self, peer: Peer) -> Row {
        self.is_peer = true;
        self.against(peer)
    }
}

#[derive(Clone, Copy)]
pub enum Form {
    Plain,
    Markdown,
}

pub struct Table {
    pub fdatasync: f64,
    pub hello: f64,
    rows: Vec<Row>,
    figures: Vec<Figure>,
}

const HEAD: [&str; 11] = [
    "",
    "a second",
    "p50 ms",
    "p99 ms",
    "mean ms",
    "p99/mean",
    "server CPU µs",
    "× fdatasync",
    "× hello",
    "× peer",
    "",
];

impl Table {
    pub fn new(fdatasync: f64, hello: f64) -> Table {
        Table { fdatasync, hello, rows: Vec::new(), figures: Vec::new() }
    }

    /// Takes a row, and shows on stderr that something happens.
    pub fn push(&mut self, row: Row) {
        let cells: Vec<String> = self.cells(&row).into_iter().take(4).collect();
        eprintln!("  {}", cells.join("  "));
        self.rows.push(row);
    }

    /// Takes a figure for the chart.
    pub fn plot(&mut self, figure: Figure) {
        self.figures.push(figure);
    }

    pub fn figures(&self) -> &[Figure] {
        &self.figures
    }

    pub fn print(&self, form: Form) {
        let mut lines = vec![HEAD.map(str::to_owned)];
        lines.extend(self.rows.iter().map(|row| self.cells(row)));
        let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
        let widths: Vec<usize> = (0..HEAD.len()).map(|column| width(column).unwrap_or(0)).collect();
        let (edge, joint) = match form {
            Form::Plain => ("", "  "),
            Form::Markdown => ("|", " | "),
        };
        for (at, line) in lines.iter().enumerate() {
            let cells = line.iter().zip(&widths).enumerate().map(|(column, (cell, &width))| {
                // Names and notes are text; what stands between is figures.
                if column == 0 || column == HEAD.len() - 1 {
                    format!("{cell:<width$}")
                } else {
                    format!("{cell:>width$}")
                }
            });
            let cells = cells.collect::<Vec<_>>().join(joint);
            match form {
                Form::Plain => println!("{}", cells.trim_end()),
                Form::Markdown => println!("{edge} {cells} {edge}"),
            }
            if at == 0 && matches!(form, Form::Markdown) {
                let figures = "|---:".repeat(HEAD.len() - 2);
                println!("|---{figures}|---|");
            }
        }
    }

    fn cells(&self, row: &Row) -> [String; HEAD.len()] {
        let milliseconds = |time: Duration| format!("{:.2}", time.as_secs_f64() * 1000.0);
        let mean = row.times.map(|times| times.mean.as_secs_f64());
        let tail = row.times.map(|times| times.p99.as_secs_f64());
        let ratio = |other: f64| row.per_second.map(|own| format!("{:.2}", own / other));
        let beside = row.peer.filter(|_| !row.is_peer).and_then(|peer| self.best_of(peer));
        [
            Some(row.name.clone()),
            row.per_second.map(|rate| format!("{rate:.0}")),
            row.times.map(|times| milliseconds(times.p50)),
            row.times.map(|times| milliseconds(times.p99)),
            row.times.map(|times| milliseconds(times.mean)),
            tail.zip(mean)
                .filter(|(_, mean)| *mean > 0.0)
                .map(|(p99, mean)| format!("{:.1}", p99 / mean)),
            row.cost.map(micros),
            ratio(self.fdatasync),
            ratio(self.hello),
            beside.and_then(ratio),
            Some(row.note.clone()),
        ]
        .map(Option::unwrap_or_default)
    }

    fn best_of(&self, peer: Peer) -> Option<f64> {
        let own = self.rows.iter().filter(|row| row.is_peer && row.peer == Some(peer));
        own.filter_map(|row| row.per_second).reduce(f64::max)
    }
}

/// A delivery costs less than a microsecond, a request many.
fn micros(cost: Duration) -> String {
    match cost.as_secs_f64() * 1e6 {
        micros if micros < 10.0 => format!("{micros:.2}"),
        micros => format!("{micros:.0}"),
    }
}
