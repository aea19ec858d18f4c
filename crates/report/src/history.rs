//! The history of a state, as text and JSON.

use lowtide_state::{History, Kept, Piece};
use serde_json::{Value as Json, json};

use crate::{
    clean,
    style::{BOLD, DESTROYED, MUTED, paint},
    words,
};

/// The version of the JSON.
const FORMAT: &str = "1.0";
/// So many digits tell states apart for people, and runs.
const DIGITS: usize = 12;

/// Returns a history, a line each, newest first.
pub fn history_text(history: &History) -> String {
    let rows: Vec<Option<[String; 7]>> = history.pieces.iter().map(row).collect();
    let heads = ["serial", "when", "who", "command", "run", "resources", "hash"].map(str::to_owned);
    let mut widths = heads.each_ref().map(|head| head.len());
    for row in rows.iter().flatten() {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |row: &[String; 7]| {
        let [serial, when, who, doing, run, resources, hash] = row;
        let [s, w, o, d, n, r, _] = widths;
        format!("{serial:>s$}  {when:<w$}  {who:<o$}  {doing:<d$}  {run:<n$}  {resources:>r$}  {hash}\n")
    };
    let mut out = paint(BOLD, line(&heads).trim_end()) + "\n";
    let mark = paint(DESTROYED, format!("{:>width$}", "!", width = widths[0]));
    for (piece, row) in history.pieces.iter().zip(&rows) {
        match (piece, row) {
            (_, Some(row)) => out.push_str(&line(row)),
            (Piece::Unreadable { name, why }, None) => {
                out.push_str(&format!("{mark}  {}: {}\n", clean::line(name), clean::line(why)));
            }
            (Piece::Missing { before }, None) => {
                out.push_str(&format!("{mark}  what serial {before} follows is not there\n"));
            }
            (Piece::Kept(_), None) => {}
        }
    }
    if history.more {
        out.push_str(&format!("{}\n", paint(MUTED, "older ones are kept as well")));
    }
    out
}

fn row(piece: &Piece) -> Option<[String; 7]> {
    let Piece::Kept(kept) = piece else { return None };
    let author = kept.author.as_ref();
    let told = |text: Option<&String>| text.map_or_else(|| "?".to_owned(), |text| clean::line(text));
    Some([
        kept.serial.to_string(),
        told(author.map(|author| &author.since)).replace('T', " ").replace('Z', " UTC"),
        told(author.map(|author| &author.who)),
        told(author.map(|author| &author.doing)),
        author.and_then(|author| author.run.as_deref()).map_or_else(|| "?".to_owned(), shortened),
        kept.resources.to_string(),
        shortened(&kept.hash),
    ])
}

/// Returns as much of a hash, or of the id of a run, as people need.
pub fn shortened(digits: &str) -> String {
    clean::line(digits).chars().take(DIGITS).collect()
}

/// Returns one line about what was verified.
pub fn history_verdict(history: &History) -> String {
    let whole = words::count(history.kept().count(), "snapshot");
    let strays = match history.strays.len() {
        0 => String::new(),
        _ => format!(" Written by runs that were shut out, and no part of it: {}.", history.strays.join(", ")),
    };
    let back = history.kept().last().map(|oldest| format!(", back to serial {}", oldest.serial)).unwrap_or_default();
    clean::line(&format!("{whole} verified{back}: each is what was written, and follows the one before it.{strays}"))
}

/// Returns a history as a document with a version.
pub fn history_json(stack: &str, history: &History) -> Json {
    let unreadable = |piece: &Piece| match piece {
        Piece::Unreadable { name, why } => Some(json!({ "name": name, "why": why })),
        Piece::Kept(_) | Piece::Missing { .. } => None,
    };
    let missing = |piece: &Piece| match piece {
        Piece::Missing { before } => Some(json!({ "before": before })),
        Piece::Kept(_) | Piece::Unreadable { .. } => None,
    };
    json!({
        "format_version": FORMAT,
        "stack": stack,
        "snapshots": history.kept().map(kept_json).collect::<Vec<_>>(),
        "unreadable": history.pieces.iter().filter_map(unreadable).collect::<Vec<_>>(),
        "missing": history.pieces.iter().filter_map(missing).collect::<Vec<_>>(),
        "strays": history.strays,
        "whole": history.is_whole(),
        "more": history.more,
    })
}

fn kept_json(kept: &Kept) -> Json {
    json!({
        "serial": kept.serial,
        "hash": kept.hash,
        "since": kept.author.as_ref().map(|author| &author.since),
        "who": kept.author.as_ref().map(|author| &author.who),
        "command": kept.author.as_ref().map(|author| &author.doing),
        "run": kept.author.as_ref().and_then(|author| author.run.as_ref()),
        "plan": kept.author.as_ref().and_then(|author| author.plan.as_ref()),
        "tool": kept.tool,
        "resources": kept.resources,
        "in_doubt": kept.in_doubt,
        "name": kept.name,
    })
}
