//! The figures that a reader looks for first, as one picture: SVG with text as text, no script, and
//! colours for light and dark.

use std::fmt::Write;

pub const MILEPOST: &str = "Milepost";
pub const NCHAN: &str = "nchan";
pub const BULLMQ: &str = "BullMQ";

/// What a group of bars is about.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Panel {
    Deliveries,
    Delay,
    Cost,
    Memory,
    Latency,
    Submit,
}

impl Panel {
    const ALL: [Panel; 6] = [
        Panel::Deliveries,
        Panel::Delay,
        Panel::Cost,
        Panel::Memory,
        Panel::Latency,
        Panel::Submit,
    ];

    /// Its heading, and what stands below it.
    fn words(self) -> (&'static str, &'static str) {
        match self {
            Panel::Deliveries => {
                ("Deliveries a second", "one hot task, by watchers; longer is better")
            }
            Panel::Delay => ("Delivery delay, p99 ms", "the same runs; shorter is better"),
            Panel::Cost => ("Server CPU per delivery, µs", "the same runs; shorter is better"),
            Panel::Memory => ("Memory per watcher, KiB", "RssAnon; shorter is better"),
            Panel::Latency => {
                ("Report to watcher, ms", "100 tasks, 10 reports a second each; shorter is better")
            }
            Panel::Submit => ("Submits a second", "by submits in flight; longer is better"),
        }
    }

    /// Where the longest bar is thousands of times the shortest, lengths stand for powers of ten.
    fn is_logarithmic(self) -> bool {
        matches!(self, Panel::Deliveries | Panel::Delay | Panel::Cost)
    }
}

/// One bar.
pub struct Figure {
    pub panel: Panel,
    pub series: &'static str,
    pub at: String,
    pub value: f64,
}

const WIDTH: usize = 440;
const MARGIN: usize = 20;
const HEADING: usize = 52;
const BAR: usize = 15;
const GROUP_GAP: usize = 9;
/// For what a group of bars is called, and for a bar's value behind it.
const LABEL: usize = 84;
const VALUE: usize = 64;
const LEGEND: usize = 22;

const STYLE: &str = "\
:root{--ground:#ffffff;--ink:#1f2328;--faint:#59636e;--line:#d1d9e0;--own:#0b6bcb;--other:#b4690e}\
@media(prefers-color-scheme:dark){:root{--ground:#0d1117;--ink:#f0f6fc;--faint:#9198a1;\
--line:#3d444d;--own:#58a6ff;--other:#e3a04a}}\
text{font:12px system-ui,sans-serif;fill:var(--ink)}.title{font-weight:600;font-size:15px}\
.faint{fill:var(--faint)}.value{font-variant-numeric:tabular-nums}.end{text-anchor:end}\
.ground{fill:var(--ground)}.line{stroke:var(--line)}.own{fill:var(--own)}.other{fill:var(--other)}";

/// The picture; panels without figures are left out.
pub fn svg(figures: &[Figure], caption: &str) -> String {
    let mut body = String::new();
    let mut bottoms = [MARGIN; 2];
    for panel in Panel::ALL {
        let own: Vec<&Figure> = figures.iter().filter(|figure| figure.panel == panel).collect();
        if own.is_empty() {
            continue;
        }
        // The shorter of the two columns takes it.
        let column = usize::from(bottoms[1] < bottoms[0]);
        let left = MARGIN + column * (WIDTH + 2 * MARGIN);
        bottoms[column] += draw(&mut body, panel, &own, left, bottoms[column]) + MARGIN;
    }
    let height = bottoms[0].max(bottoms[1]) + 2 * MARGIN;
    let width = 2 * WIDTH + 4 * MARGIN;
    let (at, caption) = (height - MARGIN, escaped(caption));
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         width=\"{width}\" height=\"{height}\" role=\"img\" aria-label=\"{caption}\">\n\
         <style>{STYLE}</style>\n<rect class=\"ground\" width=\"{width}\" height=\"{height}\" \
         rx=\"6\"/>\n{body}<text class=\"faint\" x=\"{MARGIN}\" y=\"{at}\">{caption}</text>\n</svg>\n"
    )
}

/// Draws a panel and returns its height.
fn draw(body: &mut String, panel: Panel, figures: &[&Figure], left: usize, top: usize) -> usize {
    let (title, below) = panel.words();
    let scale = match panel.is_logarithmic() {
        true => ", logarithmic",
        false => "",
    };
    text(body, "title", left, top + 16, title);
    text(body, "faint", left, top + 34, &format!("{below}{scale}"));
    let mut series: Vec<&str> = Vec::new();
    let mut groups: Vec<&str> = Vec::new();
    for figure in figures {
        if !series.contains(&figure.series) {
            series.push(figure.series);
        }
        if !groups.contains(&figure.at.as_str()) {
            groups.push(&figure.at);
        }
    }
    let mut y = top + HEADING;
    let length = lengths(panel, figures);
    let axis = y;
    for group in groups {
        let bars: Vec<_> = figures.iter().filter(|figure| figure.at == group).collect();
        let middle = y + bars.len() * BAR / 2 + 4;
        text(body, "faint end", left + LABEL - 8, middle, &grouped(group));
        for bar in bars {
            let class = class(&series, bar.series);
            let (x, width) = (left + LABEL, length(bar.value));
            let (height, end) = (BAR - 2, x + width.ceil() as usize + 6);
            let _ = writeln!(
                body,
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width:.1}\" \
                 height=\"{height}\" rx=\"2\"/>"
            );
            text(body, "value", end, y + 11, &shown(bar.value));
            y += BAR;
        }
        y += GROUP_GAP;
    }
    let x = left + LABEL;
    let _ = writeln!(
        body,
        "<line class=\"line\" x1=\"{x}\" y1=\"{axis}\" x2=\"{x}\" y2=\"{}\"/>",
        y - GROUP_GAP
    );
    legend(body, &series, left + LABEL, y);
    y + LEGEND - top
}

/// How long a bar of a value is: to the longest from zero, or from the power of ten below the least.
fn lengths(panel: Panel, figures: &[&Figure]) -> impl Fn(f64) -> f64 {
    let values = || figures.iter().map(|figure| figure.value).filter(|value| *value > 0.0);
    let most = values().fold(f64::MIN_POSITIVE, f64::max);
    let least = values().fold(most, f64::min);
    let from = least.log10().ceil() - 1.0;
    let room = (WIDTH - LABEL - VALUE) as f64;
    let logarithmic = panel.is_logarithmic();
    move |value| {
        let share = match logarithmic {
            true => (value.log10() - from) / (most.log10() - from),
            false => value / most,
        };
        if share.is_finite() { (share * room).clamp(0.5, room) } else { 0.5 }
    }
}

fn legend(body: &mut String, series: &[&str], left: usize, top: usize) {
    let mut x = left;
    for name in series {
        let class = class(series, name);
        let _ = writeln!(
            body,
            "<rect class=\"{class}\" x=\"{x}\" y=\"{}\" width=\"10\" height=\"10\" rx=\"2\"/>",
            top + 4
        );
        text(body, "faint", x + 15, top + 13, name);
        x += 36 + name.len() * 7;
    }
}

/// Milepost has one colour in all panels; without it, the first of two.
fn class(series: &[&str], name: &str) -> &'static str {
    let own = if series.contains(&MILEPOST) { MILEPOST } else { series[0] };
    if name == own { "own" } else { "other" }
}

fn text(body: &mut String, class: &str, x: usize, y: usize, words: &str) {
    let words = escaped(words);
    let _ = writeln!(body, "<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{words}</text>");
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

/// Three digits are as many as these figures are good for.
fn shown(value: f64) -> String {
    match value {
        value if value >= 1e6 => format!("{:.2} M", value / 1e6),
        value if value >= 1e4 => format!("{:.0} k", value / 1e3),
        value if value >= 1e3 => format!("{:.1} k", value / 1e3),
        value if value >= 100.0 => format!("{value:.0}"),
        value if value >= 10.0 => format!("{value:.1}"),
        value => format!("{value:.2}"),
    }
}

/// 5000 as 5,000; what is not a number stays.
fn grouped(label: &str) -> String {
    let (digits, rest) = match label.split_once(' ') {
        Some((digits, rest)) => (digits, format!(" {rest}")),
        None => (label, String::new()),
    };
    if digits.len() < 4 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return label.to_owned();
    }
    let (high, low) = digits.split_at(digits.len() - 3);
    format!("{high},{low}{rest}")
}
