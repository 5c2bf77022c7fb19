//! Limits: amounts, the other side, hours, rates and budgets.

mod amount;
mod budget;
mod counterparty;
mod hours;
mod rate;

pub(super) use self::amount::amount;
pub(super) use self::budget::budget;
pub(super) use self::counterparty::counterparty;
pub(super) use self::hours::hours;
pub(super) use self::rate::rate;
