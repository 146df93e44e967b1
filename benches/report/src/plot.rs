//! A picture of a group: bars on a logarithmic scale, one panel a table, Go at 1.

use std::fmt::Write;

use crate::markdown::ratio;
use crate::records::{BASELINE, Case, Group, Table};
use crate::targets::Targets;

/// The room for bars, and for the number behind the longest.
const BARS: f64 = 410.0;
const NUMBERS: f64 = 40.0;
/// About how wide a letter is, in the names of cases.
const LETTER: f64 = 5.6;
/// At most how wide a digit of a number is, and what is left free before the number.
const DIGIT: f64 = 5.2;
const FREE: f64 = 3.0;
const BAR: f64 = 9.0;
const GAP: f64 = 8.0;
const TITLE: f64 = 46.0;

const COLOURS: [&str; 7] = ["#c2410c", "#f59e0b", "#2563eb", "#0891b2", "#7c3aed", "#64748b", "#15803d"];

pub fn draw(group: &Group, targets: &Targets) -> String {
    let tables: Vec<&Table> = group.tables.iter().filter(|table| !table.is_memory()).collect();
    let mut impls: Vec<&str> = Vec::new();
    for name in tables.iter().flat_map(|table| table.impls()) {
        if name != BASELINE && !impls.contains(&name) {
            impls.push(name);
        }
    }
    let speeds = tables
        .iter()
        .flat_map(|table| &table.cases)
        .flat_map(|case| case.impls.iter().filter_map(|this| case.speed(&this.name)));
    let names = tables.iter().flat_map(|table| &table.cases).map(|case| case.name.chars().count()).max();
    let scale = Scale::over(speeds, 18.0 + LETTER * names.unwrap_or(0) as f64);

    // Panels go in two columns, each to the one that is shorter.
    let (mut body, mut heights) = (String::new(), [TITLE, TITLE]);
    for table in tables {
        let column = usize::from(heights[1] < heights[0]);
        let (x, y) = (column as f64 * scale.column(), heights[column]);
        heights[column] += panel(&mut body, x, y, table, targets, &impls, &scale);
    }
    let (width, height) = (2.0 * scale.column() + 20.0, heights[0].max(heights[1]) + 10.0);

    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height:.0}\" \
         viewBox=\"0 0 {width} {height:.0}\" font-family=\"sans-serif\" font-size=\"11\">\n\
         <rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>\n"
    );
    let mut x = 10.0;
    for (name, colour) in impls.iter().zip(COLOURS.iter().cycle()) {
        let _ = writeln!(svg, "<rect x=\"{x}\" y=\"10\" width=\"12\" height=\"12\" fill=\"{colour}\"/>");
        text(&mut svg, x + 17.0, 20.0, "start", "#111827", name);
        x += 40.0 + 7.0 * name.len() as f64;
    }
    text(&mut svg, x, 20.0, "start", "#111827", "times as fast as Go (the line at 1); black marks are targets");
    svg + &body + "</svg>\n"
}

/// The powers of ten that hold all values, and where a value is between them, right of the names.
struct Scale {
    low: i32,
    high: i32,
    names: f64,
}

impl Scale {
    fn over(values: impl Iterator<Item = f64>, names: f64) -> Self {
        let (mut low, mut high) = (0, 1);
        for value in values.filter(|value| *value > 0.0) {
            low = low.min(value.log10().floor() as i32);
            high = high.max(value.log10().ceil() as i32);
        }
        Self { low, high, names }
    }

    fn x(&self, value: f64) -> f64 {
        let share = (value.log10() - f64::from(self.low)) / f64::from(self.high - self.low);
        self.names + share.clamp(0.0, 1.0) * BARS
    }

    /// How wide a panel is.
    fn column(&self) -> f64 {
        self.names + BARS + NUMBERS
    }
}

fn panel(svg: &mut String, x: f64, top: f64, table: &Table, targets: &Targets, impls: &[&str], scale: &Scale) -> f64 {
    text(
        svg,
        x + 10.0,
        top,
        "start",
        "#111827",
        &format!("<tspan font-weight=\"bold\" font-size=\"13\">{}</tspan>", escape(&table.name)),
    );
    let mut bars = String::new();
    let mut y = top + 22.0;
    let first = y;
    for case in &table.cases {
        let rows = impls.iter().filter(|name| case.speed(name).is_some()).count();
        let middle = y + rows as f64 * BAR / 2.0 + 4.0;
        text(&mut bars, x + scale.names - 8.0, middle, "end", "#111827", &escape(&case.name));
        for (name, colour) in impls.iter().zip(COLOURS.iter().cycle()) {
            let Some(speed) = case.speed(name) else { continue };
            let mark = target(targets, table, case, name).map(|target| x + scale.x(target));
            bar(&mut bars, x, y, speed, scale, colour);
            number(&mut bars, x + scale.x(speed.max(1.0)), y, speed, mark);
            if let Some(at) = mark {
                let _ = writeln!(
                    bars,
                    "<rect x=\"{:.1}\" y=\"{:.1}\" width=\"2\" height=\"{:.1}\" fill=\"#000000\"/>",
                    at - 1.0,
                    y - 1.0,
                    BAR + 1.0
                );
            }
            y += BAR;
        }
        y += GAP;
    }
    for power in scale.low..=scale.high {
        for step in [1.0, 2.0, 5.0] {
            let value = step * 10_f64.powi(power);
            if power == scale.high && step > 1.0 {
                continue;
            }
            let at = x + scale.x(value);
            let colour = if value == 1.0 { "#111827" } else { "#e5e7eb" };
            let _ = writeln!(
                svg,
                "<line x1=\"{at:.1}\" y1=\"{:.1}\" x2=\"{at:.1}\" y2=\"{y:.1}\" stroke=\"{colour}\"/>",
                first - 4.0
            );
            text(svg, at, first - 7.0, "middle", "#6b7280", &format!("{value}"));
        }
    }
    svg.push_str(&bars);
    y - top + 24.0
}

/// A bar from 1 to the speed.
fn bar(svg: &mut String, x: f64, y: f64, speed: f64, scale: &Scale, colour: &str) {
    let (from, to) = (scale.x(speed.min(1.0)), scale.x(speed.max(1.0)));
    let (left, width, height) = (x + from, (to - from).max(1.0), BAR - 1.0);
    let _ = writeln!(
        svg,
        "<rect x=\"{left:.1}\" y=\"{y:.1}\" width=\"{width:.1}\" height=\"{height:.1}\" fill=\"{colour}\"/>"
    );
}

/// The speed behind its bar, or behind the mark of the target if that would stand in the number.
fn number(svg: &mut String, end: f64, y: f64, speed: f64, mark: Option<f64>) {
    let number = ratio(speed);
    let over = end + FREE + DIGIT * number.len() as f64;
    let end = mark.filter(|mark| (end..over).contains(mark)).unwrap_or(end);
    let small = format!("<tspan font-size=\"8\">{number}</tspan>");
    text(svg, end + FREE, y + BAR - 2.0, "start", "#374151", &small);
}

fn target(targets: &Targets, table: &Table, case: &Case, implementation: &str) -> Option<f64> {
    targets.of(table, case).find(|target| target.implementation == implementation)?.at_least
}

fn text(svg: &mut String, x: f64, y: f64, anchor: &str, colour: &str, content: &str) {
    let _ =
        writeln!(svg, "<text x=\"{x:.1}\" y=\"{y:.1}\" text-anchor=\"{anchor}\" fill=\"{colour}\">{content}</text>");
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}
