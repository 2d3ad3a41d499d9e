//! The calls about templates.

use std::time::Duration;

use export_core::catalogue::Format;
use export_core::digest::Digest;
use export_core::time::Timestamp;
use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::answer::{read, send, unreachable};
use crate::{Client, ClientError};

/// How long a call may take; a template is tried in a process of its own.
const CALL: Duration = Duration::from_secs(90);

/// A template as the server tells it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TemplateInfo {
    /// `custom-{tenant}...` for the tenant's own.
    pub name: String,
    /// Whether it comes with the program, and can only be read.
    pub built_in: bool,
    /// The format that it is for.
    pub format: Format,
    /// From 1; absent for a built-in one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<u32>,
    /// Of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256: Option<Digest>,
    /// What it is for.
    pub description: String,
    /// When this version was stored.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Who stored it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_by: Option<String>,
    /// Absent in lists.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// One page of templates: the built-in ones lead the first.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TemplatePage {
    /// The templates.
    pub templates: Vec<TemplateInfo>,
    /// Where the next page starts; absent on the last one.
    pub next_cursor: Option<String>,
}

impl Client {
    /// One page of the templates that this tenant can name.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn templates(&self, cursor: Option<&str>) -> Result<TemplatePage, ClientError> {
        let mut url = self.url(&["templates"]);
        if let Some(cursor) = cursor {
            url.query_pairs_mut().append_pair("cursor", cursor);
        }
        read(send(self.request(Method::GET, url).timeout(CALL)).await?).await
    }

    /// One template with its text; an older version if one is named.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn template(&self, name: &str, version: Option<u32>) -> Result<TemplateInfo, ClientError> {
        let mut url = self.url(&["templates", name]);
        if let Some(version) = version {
            url.query_pairs_mut().append_pair("version", &version.to_string());
        }
        read(send(self.request(Method::GET, url).timeout(CALL)).await?).await
    }

    /// Stores a template, or a new version of it; whether it was new.
    ///
    /// # Errors
    /// [`ClientError`]; a mistake in the text is refused with its line and column.
    pub async fn put_template(
        &self,
        name: &str,
        text: &str,
        description: Option<&str>,
    ) -> Result<(TemplateInfo, bool), ClientError> {
        let url = self.url(&["templates", name]);
        let put = self.request(Method::PUT, url).timeout(CALL).json(&body(text, description));
        let response = send(put).await?;
        let is_new = response.status() == StatusCode::CREATED;
        Ok((read(response).await?, is_new))
    }

    /// Removes a template with all its versions.
    ///
    /// # Errors
    /// [`ClientError`].
    pub async fn delete_template(&self, name: &str) -> Result<(), ClientError> {
        let url = self.url(&["templates", name]);
        send(self.request(Method::DELETE, url).timeout(CALL)).await.map(drop)
    }

    /// The page, as HTML, that a template makes of an invented report: of `text` if it is given, else of what is stored.
    ///
    /// # Errors
    /// [`ClientError`]; a mistake in the text is refused with its line and column.
    pub async fn preview_template(&self, name: &str, text: Option<&str>) -> Result<String, ClientError> {
        let url = self.url(&["templates", name, "preview"]);
        let post = self.request(Method::POST, url).timeout(CALL);
        let post = text.into_iter().fold(post, |post, text| post.json(&body(text, None)));
        send(post).await?.text().await.map_err(unreachable)
    }
}

fn body(text: &str, description: Option<&str>) -> Value {
    let mut body = Map::from_iter([("text".to_owned(), json!(text))]);
    body.extend(description.map(|description| ("description".to_owned(), json!(description))));
    Value::Object(body)
}
