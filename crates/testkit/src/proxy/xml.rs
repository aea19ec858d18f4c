//! Just enough XML to read and mend what moto answers: elements, attributes and text; no entities of its own, no
//! mixed content.

use anyhow::{Context, bail};

use super::error_reply::escape;

/// An element with either children or text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name, as written.
    pub(super) name: String,
    /// Everything between the name and the `>`, as written.
    attributes: String,
    /// The elements inside.
    pub(super) children: Vec<Element>,
    /// The text inside, without entities.
    pub(super) text: String,
}

impl Element {
    /// An element that holds a text.
    pub(super) fn with_text(name: &str, text: &str) -> Self {
        Self { name: name.to_owned(), text: text.to_owned(), ..Self::default() }
    }

    /// An element that holds others.
    pub(super) fn with_children(name: &str, children: Vec<Element>) -> Self {
        Self { name: name.to_owned(), children, ..Self::default() }
    }

    /// Reads a document.
    pub(super) fn parse(document: &str) -> anyhow::Result<Self> {
        let mut rest = document.trim();
        if rest.starts_with("<?") {
            rest = rest.split_once("?>").context("An XML declaration that does not end")?.1;
        }
        Ok(parse_element(rest.trim_start())?.0)
    }

    /// Writes the document.
    pub(super) fn document(&self) -> String {
        let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        out.push_str(&format!("<{}{}>", self.name, self.attributes));
        out.push_str(&escape(&self.text));
        for child in &self.children {
            child.write(out);
        }
        out.push_str(&format!("</{}>", self.name));
    }

    /// The first child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text at the end of a path of names; empty when there is none.
    pub(super) fn text_at(&self, path: &[&str]) -> &str {
        path.iter().try_fold(self, |element, name| element.child(name)).map_or("", |element| &element.text)
    }

    /// Sets the text of a child, making it if need be.
    pub(super) fn set(&mut self, name: &str, text: &str) {
        match self.children.iter_mut().find(|child| child.name == name) {
            Some(child) => *child = Self::with_text(name, text),
            None => self.children.push(Self::with_text(name, text)),
        }
    }

    /// Takes away every child of this name.
    pub(super) fn remove(&mut self, name: &str) {
        self.children.retain(|child| child.name != name);
    }

    /// Does something to each member of every list of this name, wherever it is.
    pub(super) fn for_each_in(&mut self, list: &str, change: &mut dyn FnMut(&mut Element)) {
        for child in &mut self.children {
            if child.name == list {
                child.children.iter_mut().for_each(&mut *change);
            }
            child.for_each_in(list, change);
        }
    }

    /// The members of every list of this name, wherever it is.
    pub(super) fn members(&self, list: &str) -> Vec<&Element> {
        let mut found = Vec::new();
        for child in &self.children {
            if child.name == list {
                found.extend(&child.children);
            }
            found.extend(child.members(list));
        }
        found
    }
}

/// One element at the start of the text, and what follows it.
fn parse_element(text: &str) -> anyhow::Result<(Element, &str)> {
    let inside = text.strip_prefix('<').context("XML where an element should begin")?;
    let (tag, mut rest) = inside.split_once('>').context("An XML tag that does not end")?;
    let is_empty = tag.ends_with('/');
    let tag = tag.trim_end_matches('/');
    let end_of_name = tag.find(char::is_whitespace).unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(end_of_name);
    let mut element = Element { name: name.to_owned(), attributes: attributes.to_owned(), ..Element::default() };
    if is_empty {
        return Ok((element, rest));
    }
    loop {
        let next = rest.find('<').with_context(|| format!("<{name}> does not end"))?;
        let text = &rest[..next];
        rest = &rest[next..];
        if let Some(after) = rest.strip_prefix("</") {
            let (closing, after) = after.split_once('>').context("An XML tag that does not end")?;
            if closing.trim() != name {
                bail!("<{name}> is closed by </{closing}>");
            }
            if element.children.is_empty() {
                element.text = unescape(text);
            }
            return Ok((element, after));
        }
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.split_once("-->").context("An XML comment that does not end")?.1;
            continue;
        }
        let (child, after) = parse_element(rest)?;
        element.children.push(child);
        rest = after;
    }
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#34;", "\"")
        .replace("&apos;", "'")
        .replace("&#39;", "'")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_survives_reading_and_writing() {
        let document = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<A xmlns=\"x\"><b>1 &lt; 2 &amp;amp;</b><c></c></A>";
        assert_eq!(Element::parse(document).unwrap().document(), document);
    }

    #[test]
    fn members_are_found_at_any_depth() {
        let answer = Element::parse("<R>\n <s>\n <item> <id>a</id></item><item><id>b</id></item></s><t/></R>").unwrap();
        let ids: Vec<&str> = answer.members("s").iter().map(|item| item.text_at(&["id"])).collect();
        assert_eq!(ids, ["a", "b"]);
    }
}
