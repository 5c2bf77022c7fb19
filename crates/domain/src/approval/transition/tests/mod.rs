mod answering;
mod execution;
mod property;
mod table;
mod timing;
