mod admission;
mod property;
mod tally;
