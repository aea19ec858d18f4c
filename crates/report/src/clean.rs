//! Text from AWS and from users, made safe for a terminal: nothing in it can move the cursor, colour, hide or reorder.

/// Returns whether a character could steer a terminal or hide what stands beside it.
fn steers(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// Returns text on one line, without what could steer a terminal.
pub fn line(text: &str) -> String {
    text.chars().map(|letter| if matches!(letter, '\n' | '\t') { ' ' } else { letter }).filter(|letter| !steers(*letter)).collect()
}

/// Returns text with its line breaks, without what could steer a terminal.
pub fn paragraphs(text: &str) -> String {
    text.replace('\t', "  ").chars().filter(|letter| *letter == '\n' || !steers(*letter)).collect()
}

/// Returns text for a terminal, with its line breaks and colours, and without what else could steer it: the last thing that happens to all that
/// is printed there.
pub fn colours_only(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(|letter| steers(letter) && !matches!(letter, '\n' | '\t')) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let kept = colour(from);
        out.push_str(&from[..kept]);
        let passed = if kept > 0 { kept } else { from.chars().next().map_or(0, char::len_utf8) };
        rest = &from[passed..];
    }
    out + rest
}

/// Returns how long the sequence is that a text begins with and that sets colours; 0 where it begins with none.
fn colour(text: &str) -> usize {
    let Some(parameters) = text.strip_prefix("\u{1b}[") else { return 0 };
    let length = parameters.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if parameters[length..].starts_with('m') { "\u{1b}[".len() + length + 1 } else { 0 }
}

/// Returns text in quotes, with what could steer a terminal written out: `"a\u{1b}b"`.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            other if steers(other) => out.extend(other.escape_unicode()),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}

/// Returns a name as it stands before a colon: in quotes only where it needs them.
pub fn name(text: &str) -> String {
    let plain = |letter: char| letter.is_alphanumeric() || "_-.:/@+".contains(letter);
    if !text.is_empty() && text.chars().all(plain) { text.to_owned() } else { quoted(text) }
}

/// Returns text of at most `room` characters, what is too much taken out of the middle.
pub fn shortened(text: &str, room: usize) -> String {
    let length = text.chars().count();
    if length <= room.max(8) {
        return text.to_owned();
    }
    let tail = room / 3;
    let head = room - tail - 1;
    let (start, end): (String, String) = (text.chars().take(head).collect(), text.chars().skip(length - tail).collect());
    format!("{start}…{end}")
}

/// Returns two texts shortened, if one is longer than `room`, so that both fit on one line and their difference stays in sight.
pub fn shortened_pair(one: &str, other: &str, room: usize) -> (String, String) {
    let (a, b): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    if a.len() <= room && b.len() <= room {
        return (one.to_owned(), other.to_owned());
    }
    let same_start = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    let rest = a.len().min(b.len()) - same_start;
    let same_end = a.iter().rev().zip(b.iter().rev()).take(rest).take_while(|(x, y)| x == y).count();
    let each = (room / 2).saturating_sub(4).max(24);
    let cut = |whole: &[char]| {
        let core: String = whole[same_start..whole.len() - same_end].iter().collect();
        let before: String = whole[..same_start].iter().collect();
        let after: String = whole[whole.len() - same_end..].iter().collect();
        let core = shortened(&core, each / 2);
        let left = each.saturating_sub(core.chars().count());
        let end = shortened(&after, (left / 3).max(8));
        format!("{}{core}{end}", shortened(&before, left.saturating_sub(end.chars().count()).max(8)))
    };
    (cut(&a), cut(&b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_the_terminal() {
        let nasty = "a\u{1b}[31mb\u{202e}c\u{9b}d\re";
        assert_eq!(line(nasty), "a[31mbcde");
        assert_eq!(quoted(nasty), "\"a\\u{1b}[31mb\\u{202e}c\\u{9b}d\\re\"");
        assert_eq!(colours_only(nasty), "a\u{1b}[31mbcde");
        assert_eq!(colours_only("a\tb\n\u{1b}[1;32mc\u{1b}[0m é"), "a\tb\n\u{1b}[1;32mc\u{1b}[0m é");
        // It moves, erases, writes to the clipboard, names the window, is cut short.
        for (text, kept) in [
            ("x\u{1b}[1Ay", "x[1Ay"),
            ("x\u{1b}[2Ky", "x[2Ky"),
            ("\u{1b}]52;c;aGk=\u{7}", "]52;c;aGk="),
            ("\u{1b}]0;t\u{1b}\\", "]0;t\\"),
            ("\u{1b}[3", "[3"),
            ("\u{1b}", ""),
        ] {
            assert_eq!(colours_only(text), kept);
        }
        assert_eq!(name("Name"), "Name");
        assert_eq!(name("a b"), "\"a b\"");
    }

    #[test]
    fn a_difference_in_the_middle_stays_in_sight() {
        let (long, also) = (format!("{}X{}", "a".repeat(90), "b".repeat(90)), format!("{}Y{}", "a".repeat(90), "b".repeat(90)));
        let (one, other) = shortened_pair(&long, &also, 40);
        assert!(one.contains('X') && other.contains('Y') && one.chars().count() <= 26, "{one} {other}");
        assert_eq!(shortened("abcdefghijklmnopqrstuvwxyz", 10), "abcdef…xyz");
    }
}
