//! Server-sent events: hints that something changed; what it is now has to be fetched.

use super::Lines;
use crate::client::LAST_EVENT_ID;
use crate::{Client, ClientError};

/// One event.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Event {
    /// Its id, to resume after it.
    pub id: Option<String>,
    /// What happened.
    pub kind: String,
    /// The details, as JSON.
    pub data: String,
}

/// Events as they happen.
#[derive(Debug)]
pub struct Events {
    lines: Lines,
}

impl Client {
    /// Listens to the organization, from the event after `last_id` or from now on.
    pub async fn events(&self, last_id: Option<&str>) -> Result<Events, ClientError> {
        let mut request = self.stream(&["events"])?.header("accept", "text/event-stream");
        if let Some(id) = last_id {
            request = request.header(LAST_EVENT_ID, id);
        }
        Ok(Events { lines: Lines::of(self.open(request).await?) })
    }
}

impl Events {
    /// The next event; `None` when the server closed the stream.
    pub async fn next(&mut self) -> Result<Option<Event>, ClientError> {
        let mut event = Event::default();
        while let Some(line) = self.lines.next().await? {
            let line = line.strip_suffix('\r').unwrap_or(&line);
            if line.is_empty() && event != Event::default() {
                return Ok(Some(event));
            }
            event.take(line);
        }
        Ok(None)
    }
}

impl Event {
    /// Takes one line of the stream; comments and unknown fields are left out.
    fn take(&mut self, line: &str) {
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "id" => self.id = Some(value.to_owned()),
            "event" => value.clone_into(&mut self.kind),
            "data" if self.data.is_empty() => value.clone_into(&mut self.data),
            "data" => {
                self.data.push('\n');
                self.data.push_str(value);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_is_read_from_its_lines() {
        let mut event = Event::default();
        for line in
            [": comment", "id: 7", "event: approval.created", "data: {\"a\":", "data:1}", "odd"]
        {
            event.take(line);
        }
        let data = "{\"a\":\n1}".to_owned();
        assert_eq!(
            event,
            Event { id: Some("7".to_owned()), kind: "approval.created".to_owned(), data }
        );
    }
}
