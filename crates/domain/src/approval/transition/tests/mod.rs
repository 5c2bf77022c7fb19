mod answering;
mod execution;
mod notices;
mod property;
mod relaying;
mod table;
mod timing;
