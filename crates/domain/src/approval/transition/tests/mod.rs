mod answering;
mod execution;
mod notices;
mod property;
mod relaying;
mod shortfall;
mod table;
mod timing;
