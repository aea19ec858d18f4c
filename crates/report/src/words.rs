//! Counts and times in human words.

use std::time::Duration;

/// Returns a count with its noun: `1 error`, `2 errors`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Returns a moment in UTC, given in seconds since 1970: `2026-11-27 20:05:00 UTC`.
pub fn moment(seconds: u64) -> String {
    let moment = i64::try_from(seconds).ok().and_then(|seconds| lowtide_tide::Timestamp::from_second(seconds).ok());
    moment.map_or_else(|| "a time beyond all clocks".to_owned(), |moment| moment.strftime("%F %H:%M:%S UTC").to_string())
}

/// Returns words as a list in a sentence: `a, b and c`.
pub fn list(words: &[String]) -> String {
    joined(words, "and")
}

/// Returns words as a list in a sentence, with this word before the last.
pub fn joined(words: &[String], before_last: &str) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} {before_last} {last}", most.join(", ")),
    }
}

/// Returns a time in words: `0.4 s`, `14 s`, `3 min 05 s`, `1 h 02 min`.
pub fn duration(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..=9 => {
            let tenths = (time.as_millis() + 50) / 100;
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        10..=59 => format!("{seconds} s"),
        60..=3599 => format!("{} min {:02} s", seconds / 60, seconds % 60),
        _ => format!("{} h {:02} min", seconds / 3600, seconds % 3600 / 60),
    }
}

/// Returns a time in words that do not dance on the screen: whole seconds, `3 s`, and as [`duration`] from there on.
pub fn calm_duration(time: Duration) -> String {
    if time.as_secs() < 10 { format!("{} s", time.as_secs()) } else { duration(time) }
}

/// Returns text broken into lines of at most `width` characters, at spaces; line breaks in it stay.
pub fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    for paragraph in text.lines() {
        let mut current = String::new();
        for word in paragraph.split(' ') {
            if !current.trim().is_empty() && current.chars().count() + 1 + word.chars().count() > width {
                lines.push(std::mem::take(&mut current));
            } else if !current.is_empty() || word.is_empty() {
                current.push(' ');
            }
            current.push_str(word);
        }
        lines.push(current);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_well() {
        let shown: Vec<_> = [40, 1_240, 14_400, 185_000, 3_720_000].map(|ms| duration(Duration::from_millis(ms))).to_vec();
        assert_eq!(shown, ["0.0 s", "1.2 s", "14 s", "3 min 05 s", "1 h 02 min"]);
    }

    #[test]
    fn words_join_and_wrap() {
        assert_eq!(list(&["a".into(), "b".into(), "c".into()]), "a, b and c");
        assert_eq!(wrapped("one two three\nfour", 8), ["one two", "three", "four"]);
    }
}
