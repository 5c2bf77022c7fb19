//! A `WHERE` put together from fixed fragments; values only ever come in through placeholders.

use rusqlite::types::Value;

/// Conditions that must all hold, and the values of their placeholders in order.
pub(crate) struct Filter {
    sql: String,
    values: Vec<Value>,
}

impl Filter {
    /// The first condition.
    pub(crate) fn new(condition: &'static str, value: impl Into<Value>) -> Self {
        Self { sql: condition.to_owned(), values: vec![value.into()] }
    }

    /// One more condition, with one placeholder.
    pub(crate) fn and(&mut self, condition: &'static str, value: impl Into<Value>) {
        self.and_plain(condition);
        self.value(value);
    }

    /// One more condition, if there is a value for it.
    pub(crate) fn and_if<V: Into<Value>>(&mut self, condition: &'static str, value: Option<V>) {
        if let Some(value) = value {
            self.and(condition, value);
        }
    }

    /// One more condition; its placeholders, if any, are given with [`Self::value`].
    pub(crate) fn and_plain(&mut self, condition: &'static str) {
        self.sql.push_str(" AND ");
        self.sql.push_str(condition);
    }

    /// The value of the next placeholder.
    pub(crate) fn value(&mut self, value: impl Into<Value>) {
        self.values.push(value.into());
    }

    /// The conditions.
    pub(crate) fn sql(&self) -> &str {
        &self.sql
    }

    /// The values, in the order of their placeholders.
    pub(crate) fn values(&self) -> &[Value] {
        &self.values
    }
}
