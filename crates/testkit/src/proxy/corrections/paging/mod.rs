//! Lists in pages of a few.
//!
//! moto answers most lists whole, and the others in pages that no test fills, so that nobody who reads but the first page is
//! found out. Here lists come in pages of [`Rules::page_size`](crate::Rules), which AWS may choose to be smaller than asked for:
//! the list is taken whole from moto for each page, and the token says where the page begins. `table` says which lists.

mod table;

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use self::table::{LISTS, List};
use super::mend;
use crate::proxy::exchange::Exchange;
use crate::proxy::xml::Element;

/// One page of a list.
pub(super) struct Page {
    list: &'static List,
    begins: usize,
    size: usize,
    /// The request for the whole.
    pub(super) whole: Request<Bytes>,
}

/// How our tokens begin.
const OURS: &str = "from-";

/// Which page a request asks for, if it asks for a list that has some.
pub(super) fn asked(exchange: &Exchange<'_>, size: usize) -> anyhow::Result<Option<Page>> {
    let call = exchange.call;
    let is_it = |list: &&List| size > 0 && list.service == call.service && list.operation == call.operation;
    let Some(list) = LISTS.iter().find(is_it).filter(|list| !list.names_what_it_asks_for(exchange)) else { return Ok(None) };
    let (whole, token) = without(exchange, list)?;
    let begins = match token.as_deref().map(|token| token.strip_prefix(OURS)) {
        None => 0,
        Some(Some(place)) => place.parse()?,
        // A token of moto's own.
        Some(None) => return Ok(None),
    };
    Ok(Some(Page { list, begins, size, whole }))
}

/// The request without what is about pages, and its token.
fn without(exchange: &Exchange<'_>, list: &List) -> anyhow::Result<(Request<Bytes>, Option<String>)> {
    let (body, token) = match exchange.json() {
        Value::Object(mut fields) => {
            fields.remove(list.size);
            let token = fields.remove(list.token).and_then(|token| token.as_str().map(str::to_owned));
            (Value::Object(fields).to_string(), token.filter(|token| !token.is_empty()))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => {
            let (about, rest): (Vec<_>, Vec<_>) =
                exchange.form().into_iter().partition(|(name, _)| name == list.token || name == list.size);
            let token = about.into_iter().find(|(name, _)| name == list.token).map(|(_, token)| token);
            (form_urlencoded::Serializer::new(String::new()).extend_pairs(rest).finish(), token)
        }
    };
    Ok((exchange.request_with(Bytes::from(body)), token))
}

impl Page {
    /// The page out of the whole.
    pub(super) fn cut(&self, reply: Response<Bytes>) -> anyhow::Result<Response<Bytes>> {
        match reply.body().trim_ascii_start().first() {
            Some(b'<') => mend::xml(reply, |root| self.cut_xml(root)),
            Some(b'{') => mend::json(reply, |body| self.cut_json(body)),
            _ => Ok(reply),
        }
    }

    fn cut_xml(&self, element: &mut Element) {
        let has_own = element.child(self.list.next).is_some_and(|next| !next.text.is_empty());
        let Some(list) = element.children.iter_mut().find(|child| child.name == self.list.list) else {
            return element.children.iter_mut().for_each(|child| self.cut_xml(child));
        };
        // Where moto has more there is no whole to cut from.
        if has_own {
            return;
        }
        let next = self.take(&mut list.children);
        if let Some(next) = &next {
            element.set(self.list.next, next);
        }
        if element.child("IsTruncated").is_some() {
            element.set("IsTruncated", if next.is_some() { "true" } else { "false" });
        }
    }

    fn cut_json(&self, body: &mut Value) {
        let has_own = body[self.list.next].as_str().is_some_and(|next| !next.is_empty());
        let Some(list) = body[self.list.list].as_array_mut().filter(|_| !has_own) else { return };
        if let Some(next) = self.take(list) {
            body[self.list.next] = json!(next);
        }
    }

    /// Leaves the page in a list, and returns the token of the next one.
    fn take<T>(&self, list: &mut Vec<T>) -> Option<String> {
        let ends = self.begins.saturating_add(self.size);
        let next = (list.len() > ends).then(|| format!("{OURS}{ends}"));
        list.truncate(ends);
        list.drain(..self.begins.min(list.len()));
        next
    }
}
