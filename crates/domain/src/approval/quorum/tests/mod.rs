mod admission;
mod property;
mod reach;
mod tally;
