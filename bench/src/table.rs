//! Figures in a table, each beside what it should be.

/// One figure.
pub struct Figure {
    /// Of what.
    pub work: String,
    /// What it counts.
    pub what: &'static str,
    /// How much.
    pub amount: f64,
    /// How much at most; `None` where it is only noted.
    pub target: Option<f64>,
    /// Of what size one is.
    pub unit: &'static str,
}

impl Figure {
    /// Returns a row of a table.
    fn row(&self) -> [String; 5] {
        let target = self.target.map_or_else(|| "–".to_owned(), |most| format!("≤ {} {}", short(most), self.unit));
        let verdict = match self.target {
            None => "noted",
            Some(most) if self.amount <= most => "met",
            Some(_) => "missed",
        };
        [self.work.clone(), self.what.to_owned(), format!("{} {}", short(self.amount), self.unit), target, verdict.to_owned()]
    }
}

/// Returns figures as a table.
pub fn figures(all: &[Figure]) -> String {
    let head = ["work", "figure", "measured", "target", ""].map(str::to_owned);
    rows(head.into_iter(), all.iter().map(|figure| figure.row().into_iter()))
}

/// Returns rows beneath a head, in Markdown.
pub fn rows(head: impl Iterator<Item = String>, body: impl Iterator<Item = impl Iterator<Item = String>>) -> String {
    let head: Vec<_> = head.collect();
    let body: Vec<Vec<_>> = body.map(Iterator::collect).collect();
    let width = |column: usize| body.iter().chain([&head]).filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<_> = (0..head.len()).map(|column| width(column).unwrap_or(0)).collect();
    let line = |cells: &[String]| {
        let padded: Vec<_> = cells.iter().zip(&widths).map(|(cell, &width)| format!("{cell:<width$}")).collect();
        format!("| {} |\n", padded.join(" | "))
    };
    let rule: Vec<_> = widths.iter().map(|&width| "-".repeat(width)).collect();
    [head, rule].iter().chain(&body).map(|row| line(row)).collect()
}

/// Returns a number with as many places as it needs.
pub fn short(amount: f64) -> String {
    let places = if amount.fract() == 0.0 || amount >= 100.0 {
        0
    } else if amount >= 10.0 {
        1
    } else if amount >= 1.0 {
        2
    } else {
        3
    };
    format!("{amount:.places$}")
}
