//! What an agent writes never passes for what the gateway says.

mod deceiving;
mod framing;
mod secrets;
