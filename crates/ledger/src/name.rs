//! Names of projects, environments and stacks as names of folders, each its own on every file system.

/// Returns the folder name of a name.
///
/// Lower-case letters, digits, `-`, `_` and inner dots stand for themselves; anything else is `%` and two hexadecimal
/// digits for each byte. Upper-case letters too: some file systems do not tell them from lower-case ones.
pub(crate) fn encode(name: &str) -> String {
    if name.is_empty() {
        return "%".to_owned();
    }
    let mut folder = String::new();
    for (at, byte) in name.bytes().enumerate() {
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'_') || (byte == b'.' && at > 0) {
            folder.push(char::from(byte));
        } else {
            folder.push_str(&format!("%{byte:02x}"));
        }
    }
    folder
}

/// Returns the name that a folder stands for; `None` for folders that [`encode`] never names.
pub(crate) fn decode(folder: &str) -> Option<String> {
    if folder == "%" {
        return Some(String::new());
    }
    let mut bytes = Vec::new();
    let mut rest = folder.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        if *first == b'%' {
            let (digits, after) = after.split_at_checked(2)?;
            bytes.extend(crate::digester::unhex(std::str::from_utf8(digits).ok()?)?);
            rest = after;
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).ok().filter(|name| encode(name) == folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_back_and_never_leave_their_folder() {
        for (name, folder) in [
            ("durable-code", "durable-code"),
            ("pr-1.2", "pr-1.2"),
            ("Dev", "%44ev"),
            ("..", "%2e."),
            (".", "%2e"),
            ("a/b", "a%2fb"),
            ("", "%"),
            ("é\0", "%c3%a9%00"),
            ("50%", "50%25"),
        ] {
            assert_eq!(encode(name), folder);
            assert_eq!(decode(folder).as_deref(), Some(name));
        }
    }

    #[test]
    fn other_folders_are_nobodys() {
        for folder in [".git", "Dev", "%2", "%zz", "%61", "a b", "%ff"] {
            assert_eq!(decode(folder), None, "{folder}");
        }
    }
}
