mod answering;
mod execution;
mod notices;
mod property;
mod table;
mod timing;
