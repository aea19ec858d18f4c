//! Addresses: the names we give to declarations and their instances.

use std::{fmt, str::FromStr, sync::Arc};

use crate::plain;

/// What tells the instances of one declaration apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Key {
    /// By number, where `count` made them.
    Index(u64),
    /// By name, where `for_each` made them.
    Name(Arc<str>),
}

/// One declaration of a spec: `aws_vpc.main`, `data.aws_region.here`, `module.net.aws_vpc.main`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Declared {
    /// The modules it lies in, outermost first, each with its instance; empty in the root.
    pub module: Vec<(Arc<str>, Option<Key>)>,
    /// Whether it reads rather than owns.
    pub data: bool,
    /// Its kind.
    pub kind: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
}

/// One instance of a declaration: `aws_subnet.public["a"]`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    /// The declaration.
    pub declared: Declared,
    /// Which instance; none where neither `count` nor `for_each` is used.
    pub key: Option<Key>,
}

impl Declared {
    /// Returns a resource declaration in the root.
    pub fn resource(kind: &str, name: &str) -> Self {
        Self { module: Vec::new(), data: false, kind: kind.into(), name: name.into() }
    }

    /// Returns a data declaration in the root.
    pub fn data(kind: &str, name: &str) -> Self {
        Self { data: true, ..Self::resource(kind, name) }
    }

    /// Returns an instance of it.
    pub fn instance(&self, key: Option<Key>) -> Address {
        Address { declared: self.clone(), key }
    }
}

impl Address {
    /// Returns the kind it is of.
    pub fn kind(&self) -> &str {
        &self.declared.kind
    }
}

impl fmt::Display for Key {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index(index) => write!(out, "[{index}]"),
            Self::Name(name) => {
                let escaped = name.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                write!(out, "[\"{escaped}\"]")
            }
        }
    }
}

impl fmt::Display for Declared {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, key) in &self.module {
            write!(out, "module.{name}")?;
            key.iter().try_for_each(|key| key.fmt(out))?;
            out.write_str(".")?;
        }
        write!(out, "{}{}.{}", if self.data { "data." } else { "" }, self.kind, self.name)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.declared.fmt(out)?;
        self.key.iter().try_for_each(|key| key.fmt(out))
    }
}

/// A text that is no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoAddress(pub String);

impl fmt::Display for NoAddress {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "`{}` is no address: it should look like aws_vpc.main, aws_subnet.public[\"a\"] or data.aws_region.here", self.0)
    }
}

impl std::error::Error for NoAddress {}

impl FromStr for Address {
    type Err = NoAddress;

    fn from_str(text: &str) -> Result<Self, NoAddress> {
        let wrong = || NoAddress(text.to_owned());
        let mut rest = text;
        let mut module = Vec::new();
        while let Some(after) = rest.strip_prefix("module.") {
            let (name, key, after) = segment(after).ok_or_else(wrong)?;
            module.push((name.into(), key));
            rest = after.strip_prefix('.').ok_or_else(wrong)?;
        }
        let (data, after) = rest.strip_prefix("data.").map_or((false, rest), |after| (true, after));
        let (kind, name) = after.split_once('.').ok_or_else(wrong)?;
        let (name, key, end) = segment(name).ok_or_else(wrong)?;
        if !end.is_empty() || !plain(kind) || !plain(name) {
            return Err(wrong());
        }
        Ok(Self { declared: Declared { module, data, kind: kind.into(), name: name.into() }, key })
    }
}

/// Splits `name["key"]…` into name, key and the rest.
fn segment(text: &str) -> Option<(&str, Option<Key>, &str)> {
    let end = text.find(['.', '[']).unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let Some(inside) = rest.strip_prefix('[') else { return Some((name, None, rest)) };
    if let Some(quoted) = inside.strip_prefix('"') {
        let mut key = String::new();
        let mut letters = quoted.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => return Some((name, Some(Key::Name(key.into())), quoted[at + 1..].strip_prefix(']')?)),
                '\\' => key.push(match letters.next()?.1 {
                    'n' => '\n',
                    other => other,
                }),
                other => key.push(other),
            }
        }
        return None;
    }
    let (digits, after) = inside.split_once(']')?;
    Some((name, Some(Key::Index(digits.parse().ok()?)), after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_read_as_they_print() {
        for text in [
            "aws_vpc.main",
            "aws_subnet.public[\"a.b\\\"c\"]",
            "aws_eip.nat[2]",
            "data.aws_region.here",
            "module.net[\"x\"].module.in.aws_vpc.main[0]",
        ] {
            assert_eq!(text.parse::<Address>().map(|address| address.to_string()), Ok(text.to_owned()));
        }
    }

    #[test]
    fn what_is_no_address_is_said_so() {
        for text in ["", "aws_vpc", "aws_vpc.", "aws_vpc.main[", "aws_vpc.main[\"a]", "aws_vpc.main[x]", "a b.c", "module.x"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
