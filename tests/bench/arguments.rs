//! The command line.

use std::{path::PathBuf, time::Duration};

use crate::table::Form;

const USAGE: &str = "\
usage: bench [--seconds N] [--rows N] [--only NAME]… [--markdown] [--chart FILE]
  --seconds N   the length of each measurement, 1 to 600 (default 5)
  --rows N      finished tasks behind, at the most (default 100000)
  --only NAME   one group, repeatable: submit, life, family, lease, start, retention,
                overload, bullmq, fanout, idle, storm, latency, appends
  --markdown    print the table as Markdown
  --chart FILE  also draw the chart, as SVG";

/// What can be measured alone; the disk and the HTTP stack are always measured, for the ratios.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Bullmq,
    Submit,
    Life,
    Family,
    Lease,
    Start,
    Retention,
    Overload,
    Fanout,
    Idle,
    Storm,
    Latency,
    Appends,
}

impl Group {
    const ALL: [(&str, Group); 13] = [
        ("bullmq", Group::Bullmq),
        ("submit", Group::Submit),
        ("life", Group::Life),
        ("family", Group::Family),
        ("lease", Group::Lease),
        ("start", Group::Start),
        ("retention", Group::Retention),
        ("overload", Group::Overload),
        ("fanout", Group::Fanout),
        ("idle", Group::Idle),
        ("storm", Group::Storm),
        ("latency", Group::Latency),
        ("appends", Group::Appends),
    ];
}

pub struct Arguments {
    /// Of each measurement.
    pub length: Duration,
    pub rows: u64,
    pub form: Form,
    /// Where the chart goes, if it is wanted.
    pub chart: Option<PathBuf>,
    only: Vec<Group>,
}

impl Arguments {
    /// What the command line says; ends the process when it says nothing sensible.
    pub fn read() -> Arguments {
        match Arguments::parse(std::env::args().skip(1)) {
            Ok(arguments) => arguments,
            Err(message) => {
                eprintln!("{message}\n{USAGE}");
                std::process::exit(2);
            }
        }
    }

    fn parse(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments {
            length: Duration::from_secs(5),
            rows: 100_000,
            form: Form::Plain,
            chart: None,
            only: Vec::new(),
        };
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} takes a value"));
            match word.as_str() {
                "--seconds" => arguments.length = Duration::from_secs(number(&value()?, 600)?),
                "--rows" => arguments.rows = number(&value()?, 100_000_000)?,
                "--only" => {
                    let name = value()?;
                    let group = Group::ALL.iter().find(|(known, _)| *known == name);
                    let (_, group) = group.ok_or(format!("there is no group {name}"))?;
                    arguments.only.push(*group);
                }
                "--chart" => arguments.chart = Some(value()?.into()),
                "--markdown" => arguments.form = Form::Markdown,
                _ => return Err(format!("{word} is not known")),
            }
        }
        Ok(arguments)
    }

    pub fn wants(&self, group: Group) -> bool {
        self.only.is_empty() || self.only.contains(&group)
    }
}

fn number(text: &str, most: u64) -> Result<u64, String> {
    let number = text.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or(format!("{text} is no number from 1 to {most}"))
}
