mod admission;
mod property;
mod shortage;
mod tally;
