//! An answer as pages of JSON: a list each, and a cursor to the next.

use std::collections::VecDeque;
use std::sync::Arc;

use export_core::error::PortError;
use serde_json::{Map, Value};

use crate::client::{Ask, Client};
use crate::raw::{Place, Raw};
use crate::records::{Count, Names, Opened, Step, open};

/// An answer as pages.
pub(crate) struct Pages {
    client: Client,
    ask: Ask,
    names: Names,
    page: Option<Vec<u8>>,
    steps: VecDeque<Step>,
    cursor: Option<String>,
    /// What the last page tells of the number of all records.
    told: Option<u64>,
    first: bool,
}

impl Pages {
    /// The pages that begin with `page`.
    pub(crate) const fn new(client: Client, ask: Ask, names: Names, page: Vec<u8>) -> Self {
        let steps = VecDeque::new();
        Self { client, ask, names, page: Some(page), steps, cursor: None, told: None, first: true }
    }

    pub(crate) async fn next(&mut self, count: &mut Count) -> Result<Step, PortError> {
        loop {
            if let Some(step) = self.steps.pop_front() {
                count.records += u64::from(matches!(step, Step::Record(_)));
                return Ok(step);
            }
            let page = match self.page.take() {
                Some(page) => page,
                None => match self.cursor.clone() {
                    Some(cursor) => self.fetch(&cursor, count).await?,
                    // The last page has told; nothing is asked behind it.
                    None => return count.end(self.told.unwrap_or_default()),
                },
            };
            count.bytes(&page);
            self.told = self.read(&page, count)?;
        }
    }

    /// The page at `cursor`. A page is read whole before anything of it is given on, so it may be asked for again.
    async fn fetch(&mut self, cursor: &str, count: &mut Count) -> Result<Vec<u8>, PortError> {
        let mut ask = self.ask.clone();
        ask.query.push(("cursor", cursor.to_owned()));
        count.call.url = self.client.url(&ask).as_str().into();
        let call = count.call.clone();
        match self.client.get(&ask, &call, |response| open(response, &call)).await? {
            Some(Opened::Page(page)) => Ok(page),
            Some(Opened::Lines(_)) => Err(count.corrupt("the first page was JSON, and this one is not", "")),
            None => Err(count.call.cut("the service no longer has the next page")),
        }
    }

    /// Takes a page apart; what it tells of the number of all records, which the last one must.
    fn read(&mut self, page: &[u8], count: &Count) -> Result<Option<u64>, PortError> {
        let page: Map<String, Value> =
            serde_json::from_slice(page).map_err(|error| count.corrupt(&error.to_string(), ""))?;
        let url = Arc::clone(&count.call.url);
        let raw = |value: &Value, place| Raw {
            operation: count.call.operation,
            json: value.to_string().into_bytes(),
            place,
        };
        if let Some(head) = self.names.head.filter(|_| std::mem::take(&mut self.first)) {
            let value = page.get(head).ok_or_else(|| count.corrupt("is missing", &format!("#/{head}")))?;
            self.steps.push_back(Step::Head(raw(value, Place::Member(Arc::clone(&url), head))));
        }
        let many = self.names.many;
        let Some(Value::Array(list)) = page.get(many) else {
            return Err(count.corrupt("must be a list", &format!("#/{many}")));
        };
        for (index, value) in list.iter().enumerate() {
            let raw = raw(value, Place::Item(Arc::clone(&url), many, index));
            if raw.json.len() > count.call.limits.max_record_bytes {
                return Err(count.too_long(&format!("#/{many}/{index}")));
            }
            self.steps.push_back(Step::Record(raw));
        }
        let next = match page.get("next") {
            None | Some(Value::Null) => None,
            Some(Value::String(next)) if self.cursor.as_ref() != Some(next) => Some(next.clone()),
            Some(_) => {
                return Err(count.corrupt("must be a cursor, and another one than this page's", "#/next"));
            }
        };
        self.cursor = next;
        if self.cursor.is_some() {
            return Ok(None);
        }
        match page.get("count").and_then(Value::as_u64) {
            Some(told) => Ok(Some(told)),
            None => Err(count.corrupt("the last page must tell the number of all records", "#/count")),
        }
    }
}
